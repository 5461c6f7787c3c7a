"""Who may open the staff desk: PINs, and what is compared with one. How often one may be tried: offline_queue/tries.py.

A PIN is kept as Argon2id. Comparing one takes some 50 ms of a core and 64 MiB for a moment: not for a thread that
anybody waits for.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from offline_queue import tries
from offline_queue.database import Database
from offline_queue.outbox import from_stamp, stamp
from offline_queue.tries import Ran, Shut
from petition.errors import Fault, FaultCode

NAME_CHARACTERS_MAX = 40
PEOPLE_MAX = 20
"""Each more is one more that a guess may meet, and one more that every try is compared with."""
DOOR = "desk"

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody with a PIN."""

    id: str
    """What the audit log calls them."""
    name: str
    added_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A PIN may be tried; the try is counted already."""

    hashes: tuple[tuple[str, str], ...] = field(repr=False)
    """The id and the hash of everybody's."""
    tries_left: int
    """After this one, should it be wrong."""
    locked_minutes: int
    """So long the desk is shut, should it be wrong; 0 while tries are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unset:
    """Nobody has a PIN: nobody can open the desk."""


# --- PINs -------------------------------------------------------------------------------------------------------------


def hashed(pin: str) -> str:
    """Return what is kept of a PIN; slow on purpose."""
    return _hasher.hash(pin)


def holder_of(pin: str, hashes: Iterable[tuple[str, str]]) -> str:
    """Return the id of whoever has this PIN, "" when nobody has; slow on purpose, once for each hash."""
    for id_, kept in hashes:
        try:
            if _hasher.verify(kept, pin):
                return id_
        except (VerifyMismatchError, InvalidHashError):  # what else there is, no memory say, is for the caller
            continue
    return ""


def hashes(database: Database) -> tuple[tuple[str, str], ...]:
    """Return the id and the hash of everybody who has a PIN."""
    rows = database.all("SELECT id, hash FROM desk_pins WHERE removed_at = '' ORDER BY added_at")
    return tuple((id_, kept) for id_, kept in rows)


def add(database: Database, now: datetime, name: str, kept: str) -> str:
    """Give somebody a PIN, inside the caller's transaction, and return their id.

    Raises Fault(BAD_INPUT) for a name that has one, and when there are enough.
    """
    if database.one("SELECT 1 FROM desk_pins WHERE name = ? AND removed_at = ''", name):
        raise Fault(FaultCode.BAD_INPUT, "there is a PIN of that name: to change it, kiosk desk remove NAME first")
    if len(hashes(database)) >= PEOPLE_MAX:
        raise Fault(FaultCode.BAD_INPUT, f"{PEOPLE_MAX} people have a PIN: remove one that is not needed any more")
    id_ = str(uuid.uuid4())
    database.run("INSERT INTO desk_pins (id, name, added_at, hash) VALUES (?, ?, ?, ?)", id_, name, stamp(now), kept)
    return id_


def remove(database: Database, now: datetime, name: str) -> str:
    """Take somebody's PIN away, inside the caller's transaction; return their id, "" when nobody of that name has one.

    The name stays: the audit log tells what they did by their id.
    """
    rows = database.all(
        "UPDATE desk_pins SET hash = '', removed_at = ? WHERE name = ? AND removed_at = '' RETURNING id",
        stamp(now),
        name,
    )
    return str(rows[0][0]) if rows else ""


def holders(database: Database) -> tuple[Holder, ...]:
    """Return everybody who has a PIN or had one, in the order they were given theirs."""
    rows = database.all("SELECT id, name, added_at, removed_at FROM desk_pins ORDER BY added_at")
    return tuple(
        Holder(id=id_, name=name, added_at=from_stamp(added), removed_at=from_stamp(removed) if removed else None)
        for id_, name, added, removed in rows
    )


# --- tries ------------------------------------------------------------------------------------------------------------


def begin_try(database: Database, at: Ran) -> Trial | Shut | Unset:
    """Count a try as wrong, inside the caller's transaction, and return what its PIN is to be compared with."""
    kept = hashes(database)
    if not kept:
        return Unset()
    counted = tries.count(database, at, DOOR)
    if isinstance(counted, Shut):
        return counted
    return Trial(hashes=kept, tries_left=counted.tries_left, locked_minutes=counted.locked_minutes)


def forget_tries(database: Database) -> None:
    """Count from nothing again, inside the caller's transaction."""
    tries.forget(database, DOOR)
