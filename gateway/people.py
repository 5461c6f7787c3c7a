"""Who may file for several people at every kiosk, and who may open the staff desk there: numbers, badges, PINs.

Kiosks get the list with the catalogue: of a badge its SHA-256, of a PIN its Argon2id. Here, too, nothing else is kept:
a badge and a PIN are told once, when they are made. A number is never given to somebody else, since the kiosks' audit
logs name people by it.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import select

from gateway.audit import Deed, record
from gateway.database import ListedPerson
from gateway.platform import Platform
from gateway.staff import OPERATOR
from offline_queue import protocol
from offline_queue.protocol import PersonEntry, PersonRole
from petition.badge import badge_sha256, new_badge
from petition.errors import Fault, FaultCode
from petition.pins import new_pin

DAYS_USUAL, DAYS_MAX = 180, 3650
PETITIONS_USUAL = 20
NUMBERS = range(1000, 10_000)

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Somebody new; badge and PIN are told here and never again."""

    entry: PersonEntry
    badge: str = field(repr=False)
    pin: str = field(repr=False)
    """ "" where none was asked for."""


def add_person(
    platform: Platform,
    *,
    name: str,
    role: PersonRole,
    days: int = DAYS_USUAL,
    pin: bool = False,
    petitions: int = PETITIONS_USUAL,
) -> Added:
    """Put somebody on the list, to the end of the day in so many days; raises Fault(BAD_INPUT)."""
    not_after = _last_moment(platform, days)
    with platform.database.reading() as rows:
        numbers = set(rows.scalars(select(ListedPerson.id)))
        here = rows.scalars(select(ListedPerson).where(ListedPerson.removed_at.is_(None))).all()
    free = [number for number in map(str, NUMBERS) if number not in numbers]
    if len(here) >= protocol.MAX_PEOPLE or not free:
        raise Fault(FaultCode.BAD_INPUT, f"{len(here)} people are on the list: remove some who need not be")
    id_ = secrets.choice(free)
    badge, digits = new_badge(id_), new_pin() if pin else ""
    body = {
        "id": id_,
        "name": " ".join(name.split()),
        "role": role.value,
        "badge_sha256": badge_sha256(badge),
        "pin_verifier": _hasher.hash(id_ + digits) if digits else "",
        "not_after": not_after,
        "petitions": petitions,
    }
    entry = protocol.read(PersonEntry, body)
    if not entry.name.isprintable():
        raise Fault(FaultCode.BAD_INPUT, "a name has letters, and nothing that can't be seen")
    now = platform.clock()
    with platform.database.writing() as rows:
        rows.add(
            ListedPerson(
                id=entry.id,
                name=entry.name,
                role=entry.role.value,
                badge_sha256=entry.badge_sha256,
                pin_verifier=entry.pin_verifier,
                not_after=entry.not_after,
                petitions=entry.petitions,
                made_at=now,
                removed_at=None,
            )
        )
        record(rows, account=OPERATOR, deed=Deed.ADDED_PERSON, now=now, detail=id_)
    return Added(entry=entry, badge=badge, pin=digits)


def remove_person(platform: Platform, id_: str) -> None:
    """Take somebody off the list, and wipe badge and PIN; raises Fault(BAD_INPUT) for a number that isn't on it."""
    now = platform.clock()
    with platform.database.writing() as rows:
        person = rows.get(ListedPerson, id_)
        if person is None or person.removed_at is not None:
            raise _unknown()
        person.badge_sha256 = person.pin_verifier = ""
        person.removed_at = now
        record(rows, account=OPERATOR, deed=Deed.REMOVED_PERSON, now=now, detail=id_)


def renew_person(platform: Platform, id_: str, *, days: int = DAYS_USUAL) -> datetime:
    """Let somebody stay to the end of the day in so many days from now, and return that moment.

    Raises Fault(BAD_INPUT) for a number that isn't on the list.
    """
    now, not_after = platform.clock(), _last_moment(platform, days)
    with platform.database.writing() as rows:
        person = rows.get(ListedPerson, id_)
        if person is None or person.removed_at is not None:
            raise _unknown()
        person.not_after = not_after
        record(rows, account=OPERATOR, deed=Deed.RENEWED_PERSON, now=now, detail=id_)
    return not_after


def listed_people(platform: Platform) -> tuple[PersonEntry, ...]:
    """Return everybody on the list, those as well whose last day is over, by number."""
    with platform.database.reading() as rows:
        here = select(ListedPerson).where(ListedPerson.removed_at.is_(None)).order_by(ListedPerson.id)
        return tuple(
            PersonEntry(
                id=person.id,
                name=person.name,
                role=PersonRole(person.role),
                badge_sha256=person.badge_sha256,
                pin_verifier=person.pin_verifier,
                not_after=person.not_after,
                petitions=person.petitions,
            )
            for person in rows.scalars(here)
        )


def _last_moment(platform: Platform, days: int) -> datetime:
    """Return the last second of the day in so many days, as people here count days."""
    if not 0 <= days <= DAYS_MAX:
        raise Fault(FaultCode.BAD_INPUT, f"the days are from 0, for today only, to {DAYS_MAX}")
    day = platform.clock().astimezone(platform.time_zone).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), platform.time_zone)


def _unknown() -> Fault:
    return Fault(FaultCode.BAD_INPUT, "nobody on the list has that number: see people list")
