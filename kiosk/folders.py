"""Where this platform wants configuration, data and cache of an application; found without loading anything."""

import os
from pathlib import Path

FOLDER = "petition-kiosk"
FILE = "kiosk.toml"


def default_files() -> tuple[Path, ...]:
    """Return where a configuration is looked for when none is named, the first that exists counts."""
    return (_base("XDG_CONFIG_HOME", ".config") / FOLDER / FILE, Path("/etc") / FOLDER / FILE)


def default_state_directory() -> Path:
    """Return where this platform keeps an application's data."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / FOLDER
    return _base("XDG_DATA_HOME", ".local/share") / FOLDER


def cache_directory() -> Path:
    """Return where tables that can be built anew are kept; nothing personal is."""
    if os.name == "nt":
        return default_state_directory() / "cache"
    return _base("XDG_CACHE_HOME", ".cache") / FOLDER


def _base(variable: str, usual: str) -> Path:
    """Return one of the desktop's base folders; a path in it that isn't whole doesn't count, says its standard."""
    found = Path(os.environ.get(variable, ""))
    return found if found.is_absolute() else Path.home() / usual
