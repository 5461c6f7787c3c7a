"""Who may file for several people at this kiosk, and how they show that it is them: by a badge, or by number and PIN.

The list is the platform's: it comes with the catalogue, signed, and is read from the one that is kept here, so that it
holds without a line, too. Somebody who was taken off it is let in until the kiosk has heard of that, and never after
their entry's last day.

1. A badge holds 130 random bits. It is looked up by its SHA-256; nobody guesses one, so none is counted, and a door
   that wrong PINs have shut is not shut to it.
2. A code is somebody's number and their PIN in one row of digits. Only the hash of that number is compared with it, and
   for a number that is nobody's, one that fits nothing: both take as long.
3. Wrong codes are counted before they are compared, at two doors (offline_queue/tries.py): one for everybody, and one
   for each number. Who knows a code of their own sets the first back to nothing by it, but not another number's.
4. That somebody's last day is over is told to their badge and to their right code only.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from offline_queue import tries
from offline_queue.database import Database
from offline_queue.protocol import PersonEntry
from offline_queue.tries import Ran, Shut
from petition.badge import badge_sha256, read_badge

DOOR = "sign-in"
NUMBER_DIGITS = 4
_NUMBER = re.compile(rf"[0-9]{{{NUMBER_DIGITS}}}")
_FITS_NOTHING = "$argon2id$v=19$m=65536,t=3,p=4$4kw3gf8ngTvC3562tab/Lw$n/S0Rz7+0gbFOOr2kVqeBz104hsL0ENlV+4dKLmVW2g"
"""With a random number where a hash would be, and with the gateway's parameters, so that it takes as long."""
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The platform's list, and the day on which it is read."""

    entries: tuple[PersonEntry, ...] = ()
    now: datetime
    """This clock's time, but never before the list was made."""

    def of_badge(self, badge: str) -> PersonEntry | None:
        """Return whose badge this is."""
        read = read_badge(badge)
        digest = badge_sha256(read) if read is not None else ""
        found = [entry for entry in self.entries if hmac.compare_digest(entry.badge_sha256, digest)]
        return found[0] if found else None

    def of_id(self, id_: str) -> PersonEntry | None:
        """Return whose number this is."""
        return next((entry for entry in self.entries if entry.id == id_), None)

    def expired(self, person: PersonEntry) -> bool:
        """Tell whether their last day is over."""
        return self.now > person.not_after


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTrial:
    """A code may be tried; the try is counted already."""

    id: str
    """Whose number it begins with, "" for nobody's."""
    verifier: str = field(repr=False)
    """What the code is to be compared with."""
    tries_left: int
    """After this one, should it be wrong."""
    locked_minutes: int
    """So long none is looked at, should it be wrong; 0 while tries are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """It was somebody's badge or code."""

    person: PersonEntry
    expired: bool
    """Whether it is theirs no longer: then they must not be let in."""


def fits(code: str, trial: SignInTrial) -> bool:
    """Tell whether a code is the one that is tried; slow on purpose, and as slow for nobody's number."""
    try:
        return _hasher.verify(trial.verifier, code)
    except (VerifyMismatchError, InvalidHashError):  # what else there is, no memory say, is for the caller
        return False


def begin_try(database: Database, at: Ran, people: People, code: str) -> SignInTrial | Shut:
    """Count a code as wrong, inside the caller's transaction, and return what it is to be compared with."""
    number = code[:NUMBER_DIGITS]
    counted = tries.count(database, at, *_doors(number))
    if isinstance(counted, Shut):
        return counted
    person = people.of_id(number)
    verifier = person.pin_verifier if person is not None else ""
    return SignInTrial(
        id=number if verifier else "",
        verifier=verifier or _FITS_NOTHING,
        tries_left=counted.tries_left,
        locked_minutes=counted.locked_minutes,
    )


def end_try(database: Database, people: People, trial: SignInTrial) -> Known | None:
    """Return whose code it was, inside the caller's transaction; None where it is nobody's by now."""
    person = people.of_id(trial.id)
    if person is None or person.pin_verifier != trial.verifier:
        return None
    tries.forget(database, *_doors(person.id))
    return Known(person=person, expired=people.expired(person))


def forget_tries(database: Database, numbers: Iterable[str]) -> None:
    """Count from nothing again, for everybody and for each of these numbers, inside the caller's transaction."""
    tries.forget(database, DOOR, *(f"{DOOR} {number}" for number in numbers))


def _doors(number: str) -> tuple[str, ...]:
    return (DOOR, f"{DOOR} {number}") if _NUMBER.fullmatch(number) else (DOOR,)
