"""Which version this is."""

import functools
import tomllib
from contextlib import suppress
from importlib import metadata
from pathlib import Path


@functools.cache
def version() -> str:
    """Return the version as installed, else as the checkout's pyproject.toml says, else 0."""
    with suppress(metadata.PackageNotFoundError):
        return metadata.version("petition-kiosk")
    with suppress(OSError, tomllib.TOMLDecodeError, KeyError):
        found = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))
        return str(found["project"]["version"])
    return "0"
