"""How many wrong tries in a row there were at a door of the kiosk, and how long it stays shut after them.

1. A try is counted before anything is compared, so that pulling the plug wins nobody a guess. The right one sets the
   count back to nothing.
2. Five wrong ones in a row shut a door for a minute; each further one for twice as long as the one before, up to an
   hour. While it is shut nothing is looked at, and nothing is counted.
3. Those are minutes that this machine has run. The kernel counts them (CLOCK_BOOTTIME), so no clock that is set, on or
   back, changes them; after a restart of the machine they are counted anew from there, so that none is won by one.

A door is a name: what is tried at one leaves the others as they are.
"""

import math
import time
from dataclasses import dataclass
from pathlib import Path

from offline_queue.database import Database

FREE_TRIES = 5
MINUTES_MAX = 60
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How long this machine has run since it was started."""

    boot: str
    """Which start that was, "" where the kernel does not tell."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """Too many were wrong: none is looked at now."""

    locked_minutes: int
    """Rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """It may be tried; the try is counted already."""

    tries_left: int
    """After this one, should it be wrong."""
    locked_minutes: int
    """So long the door is shut, should it be wrong; 0 while tries are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands at a door at which nothing is tried now."""

    tries_left: int
    locked_minutes: int
    """Rounded up; 0 when the next one is looked at."""


def ran() -> Ran:
    """Return how long this machine has run, asleep or awake."""
    try:
        boot = BOOT_ID.read_text("ascii").strip()
    except (OSError, ValueError):
        boot = ""
    return Ran(boot=boot, seconds=time.clock_gettime(time.CLOCK_BOOTTIME))


def count(database: Database, at: Ran, *doors: str) -> Counted | Shut:
    """Count a try at each of these doors as wrong, inside the caller's transaction; none of them may be shut.

    What the strictest of them says is returned.
    """
    most, left = _wrong_and_seconds_left(database, at, doors)
    if left > 0:
        return Shut(locked_minutes=math.ceil(left / 60))
    for door in doors:
        database.run(
            "INSERT INTO tries VALUES (?, 1, ?, ?) ON CONFLICT (door) DO UPDATE"
            " SET wrong = wrong + 1, boot = excluded.boot, ran_seconds = excluded.ran_seconds",
            door,
            at.boot,
            at.seconds,
        )
    wrong = most + 1
    return Counted(tries_left=max(0, FREE_TRIES - wrong), locked_minutes=_minutes(wrong))


def standing(database: Database, at: Ran, *doors: str) -> Standing:
    """Return what the strictest of these doors says, and count nothing."""
    most, left = _wrong_and_seconds_left(database, at, doors)
    if left > 0:
        return Standing(tries_left=0, locked_minutes=math.ceil(left / 60))
    return Standing(tries_left=max(1, FREE_TRIES - most), locked_minutes=0)


def forget(database: Database, *doors: str) -> None:
    """Count from nothing again at these doors, inside the caller's transaction."""
    for door in doors:
        database.run("DELETE FROM tries WHERE door = ?", door)


def _wrong_and_seconds_left(database: Database, at: Ran, doors: tuple[str, ...]) -> tuple[int, float]:
    most, left = 0, 0.0
    for door in doors:
        row = database.one("SELECT wrong, boot, ran_seconds FROM tries WHERE door = ?", door)
        if row is not None:
            most = max(most, row[0])
            left = max(left, _seconds_left(row[0], Ran(boot=row[1], seconds=row[2]), at))
    return most, left


def _minutes(wrong: int) -> int:
    """Return how long so many wrong ones in a row shut a door."""
    if wrong < FREE_TRIES:
        return 0
    return int(min(2 ** min(wrong - FREE_TRIES, 10), MINUTES_MAX))


def _seconds_left(wrong: int, since: Ran, at: Ran) -> float:
    same_start = since.boot == at.boot and since.seconds <= at.seconds
    passed = at.seconds - since.seconds if same_start else at.seconds
    return _minutes(wrong) * 60 - passed
