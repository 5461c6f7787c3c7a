"""The ids of acknowledged petitions and events, in a file beside the database that is only ever added to.

It holds id and kiosk, nothing else, and is newer than any backup of the database that is restored under it.
"""

import re
from contextlib import suppress
from pathlib import Path

from gateway.platform import Platform

_LINE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([A-Za-z0-9._-]{1,64})")


def log_path(platform: Platform) -> Path:
    """Return where the ids stand."""
    return platform.settings.directory / "acknowledged.log"


def note_acknowledged(platform: Platform, filed_id: str, kiosk_id: str) -> None:
    """Add a petition or an event, just before it is committed: whoever is stopped between leaves an id too many.

    One too many is harmless, for a kiosk sends again only what it has. A full disk is the database's to complain of.
    """
    with suppress(OSError), log_path(platform).open("a", encoding="ascii") as log:
        log.write(f"{filed_id} {kiosk_id}\n")


def acknowledged(platform: Platform) -> dict[str, str]:
    """Return every petition and event that was ever taken in, and the kiosk that signed it; torn lines are left out."""
    path = log_path(platform)
    if not path.exists():
        return {}
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    return {found[1]: found[2] for line in lines if (found := _LINE.fullmatch(line))}
