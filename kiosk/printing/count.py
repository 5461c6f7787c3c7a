"""How many times a slip was printed: what is printed again says so, and the how manieth again it is.

    state/printed.json    {"102300012392 own": {"count": 2, "at": "2026-03-02", "open": true}}

It is counted before anything is sent, so that no power cut makes two slips that look like the only one; what surely was
not printed is taken back. A slip is open until it is known that it came out whole, or not at all: half of it may still
stand in the printer. Numbers and days only: the sealed files beside it show as much.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from offline_queue.files import locked, storage_faults, write_durably
from petition.receipt import Role

FILE = "printed.json"
KEPT = timedelta(days=60)
"""A slip can be made again for a month: its count is needed no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printed:
    count: int
    on: date
    open: bool = False


def count_print(directory: Path, number: str, role: Role, today: date) -> int:
    """Count one more print of a slip; return how many there were before.

    Raises Fault(STATE_DIRECTORY_UNUSABLE or DISK_FULL): then it is not printed.
    """
    with _counts(directory, today) as counts:
        before = counts.get(_name(number, role), _Printed(count=0, on=today)).count
        counts[_name(number, role)] = _Printed(count=before + 1, on=today, open=True)
    return before


def take_back(directory: Path, number: str, role: Role, today: date) -> None:
    """Count one less: it was surely not printed. Raises Fault as count_print."""
    with _counts(directory, today) as counts:
        if (found := counts.get(_name(number, role))) is not None:
            counts[_name(number, role)] = _Printed(count=max(0, found.count - 1), on=today)


def close_all(directory: Path, today: date) -> None:
    """A slip came out whole, and nothing stands in the printer any more. Raises Fault as count_print."""
    with _counts(directory, today) as counts:
        for name, found in counts.items():
            counts[name] = replace(found, open=False)


def any_open(directory: Path) -> bool:
    """Tell whether something may stand half printed, or be on its way: the last print was not seen to its end."""
    return any(found.open for found in _read(directory / FILE).values())


def slips_printed(directory: Path) -> dict[str, int]:
    """Return how many slips were printed of each number, for as long as that is remembered."""
    printed: dict[str, int] = {}
    for name, found in _read(directory / FILE).items():
        number, _, _ = name.partition(" ")
        printed[number] = printed.get(number, 0) + found.count
    return printed


def _name(number: str, role: Role) -> str:
    return f"{number} {role.value}"


@contextmanager
def _counts(directory: Path, today: date) -> Iterator[dict[str, _Printed]]:
    """Hand over the counts to be changed; written when the block ends."""
    path = directory / FILE
    with locked(directory), storage_faults():
        counts = _read(path)
        yield counts
        kept = {name: found for name, found in counts.items() if found.count and today - found.on < KEPT}
        written = {name: _written(found) for name, found in kept.items()}
        write_durably(path, json.dumps(written, indent=0).encode("ascii"))


def _written(found: _Printed) -> dict[str, int | str | bool]:
    open_still: dict[str, int | str | bool] = {"open": True} if found.open else {}
    return {"count": found.count, "at": found.on.isoformat(), **open_still}


def _read(path: Path) -> dict[str, _Printed]:
    """Return what was counted; a damaged file counts nothing, rather than keep anybody from printing."""
    try:
        found = json.loads(path.read_bytes())
        return {
            str(name): _Printed(
                count=int(entry["count"]), on=date.fromisoformat(entry["at"]), open=entry.get("open") is True
            )
            for name, entry in found.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
