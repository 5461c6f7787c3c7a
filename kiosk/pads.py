"""Pads that the kiosk knows by name: which of their keys sends what, and what it is for.

They are files in assets/pads: a pad more is a file more. A file lists keys: `cap` what is on it, `usage` what it sends
over USB as its maker tells it (HID usage table, page 7), `scan` the same as Linux has it, `does` what it is for.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from petition.pad import Jack, Meaning, pad_keys

_PLACE = files("assets") / "pads"
_ENDING = ".toml"


def pad_names() -> tuple[str, ...]:
    """Return the names of all pads that are known, in order."""
    return tuple(sorted(file.name.removesuffix(_ENDING) for file in _PLACE.iterdir() if file.name.endswith(_ENDING)))


def pad_of(device: str, pad: Mapping[str, str]) -> dict[int, Meaning]:
    """Return what each scan code means: what the named pad's keys are for, if one is named, and what `pad` has instead.

    Raises ValueError, with the names there are, for a pad that is not known, and for what is not right in `pad`.
    """
    known = _keys(device) if device else {}
    return pad_keys({**known, **pad})


def has_jack(device: str, pad: Mapping[str, str]) -> bool:
    """Tell whether one of the keys tells that headphones were plugged in. Raises as above."""
    return Jack.PLUGGED in pad_of(device, pad).values()


def _keys(device: str) -> dict[str, str]:
    if device not in pad_names():
        raise ValueError(f"must be one of {', '.join(pad_names())}; for another pad write its keys into pad")
    content = tomllib.loads((_PLACE / f"{device}{_ENDING}").read_text("utf-8"))
    return {str(key["scan"]): key["does"] for key in content["key"]}
