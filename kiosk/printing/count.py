"""How many times a slip was printed: what is printed again says so, and the how manieth again it is.

    state/printed.json    {"102300012392 own": {"count": 2, "at": "2026-03-02"}}

It is counted before anything is sent, so that no power cut makes two slips that look like the only one; what surely was
not printed is taken back. Numbers and days only: the sealed files beside it show as much.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


def count_print(directory: Path, number: str, role: Role, today: date) -> int:
    """Count one more print of a slip; return how many there were before.

    Raises Fault(STATE_DIRECTORY_UNUSABLE or DISK_FULL): then it is not printed.
    """
    with _counts(directory, today) as counts:
        before = counts.get(_name(number, role), _Printed(count=0, on=today)).count
        counts[_name(number, role)] = _Printed(count=before + 1, on=today)
    return before


def take_back(directory: Path, number: str, role: Role, today: date) -> None:
    """Count one less: it was surely not printed. Raises Fault as count_print."""
    with _counts(directory, today) as counts:
        if (found := counts.get(_name(number, role))) is not None:
            counts[_name(number, role)] = _Printed(count=max(0, found.count - 1), on=today)


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
        written = {name: {"count": found.count, "at": found.on.isoformat()} for name, found in kept.items()}
        write_durably(path, json.dumps(written, indent=0).encode("ascii"))


def _read(path: Path) -> dict[str, _Printed]:
    """Return what was counted; a damaged file counts nothing, rather than keep anybody from printing."""
    try:
        found = json.loads(path.read_bytes())
        return {
            str(name): _Printed(count=int(entry["count"]), on=date.fromisoformat(entry["at"]))
            for name, entry in found.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
