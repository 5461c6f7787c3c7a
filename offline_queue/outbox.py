"""The queue as values: what waits, how far it is, and what can happen to it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from offline_queue.protocol import Type


class State(StrEnum):
    """How far a filed thing is: sealed → uploading → delivered → purged, or parked until staff retry it."""

    SEALED = "sealed"
    """Waits for its envelope to be taken."""
    UPLOADING = "uploading"
    """The platform has the envelope; attachments or the final acknowledgement are missing."""
    DELIVERED = "delivered"
    """Acknowledged and complete; the ciphertext is kept for a week."""
    PURGED = "purged"
    """The ciphertext is gone; number, date and progress stay for a month."""
    PARKED = "parked"
    """Refused again and again; stays here, holds up nobody, and waits for staff."""


WAITING = (State.SEALED, State.UPLOADING, State.PARKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One filed petition or event."""

    id: str
    type: Type
    number: str
    made_at: datetime
    digest: str
    """Hex SHA-256 of the envelope's bytes."""
    state: State
    since: datetime
    reason: str = ""
    """Why it is not further: a stable short name, or ""."""
    attempts: int = 0
    """Failed tries since it got here."""
    refusals: int = 0
    urgent: bool = False
    own: bool = True
    """Filed at this kiosk, not brought by an import."""
    kind: str = ""
    category: str = ""
    language: str = "zh_Hans"
    roles: tuple[str, ...] = ("own",)
    clock_trusted: bool = True
    principal: str = ""
    """Masked."""
    agent: str = ""
    """Masked."""
    relation: str = ""
    """A `petition.model.Relation`, or ""."""
    until: datetime | None = None
    """When the agent's authority ends at the latest; None where there is none, or it is not known any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One attachment on its way."""

    petition_id: str
    id: str
    length: int
    sha256: str
    location: str = ""
    """Where the platform takes it, "" before it was asked."""
    offset: int = 0
    """Bytes the platform was last known to hold; the platform's word counts, this is for people's eyes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The platform holds the envelope and some of the attachments."""

    id: str
    at: datetime
    """The platform's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadMoved:
    """An attachment got a place at the platform, or further into it."""

    petition_id: str
    id: str
    location: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A valid, complete, signed acknowledgement of this id and digest is here."""

    id: str
    at: datetime
    """The platform's time."""
    number_reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed:
    """It didn't get through, for a reason that is nobody's refusal."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The platform refused it."""

    id: str
    reason: str
    park: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The platform doesn't have it (any more): it begins again."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLost:
    """The platform doesn't have an attachment that was sent: its upload begins again."""

    petition_id: str
    id: str


Change = Accepted | UploadMoved | Delivered | Delayed | Declined | Wanted | UploadLost


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much waits."""

    waiting: int = 0
    """Sealed and uploading."""
    parked: int = 0
    oldest: datetime | None = None


_STAMP_CHARACTERS = len("2027-03-08T04:00:00.000000Z")


def stamp(time: datetime) -> str:
    """Return a time as text that sorts: UTC, four digits of the year, microseconds, `Z`."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_stamp(text: str) -> datetime:
    """Return the time of a stamp; a year of fewer digits is read as well: a row must never be in the way of others."""
    return datetime.fromisoformat(text.zfill(_STAMP_CHARACTERS))


def utc_now() -> datetime:
    """Return this machine's time in UTC, to the millisecond the wire carries."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
