"""The kiosk's audit log: who did what to the queue, each line chained to the one before.

The head goes to the platform with the kiosk's health, so that a line can't be changed or taken out later unnoticed.
Lines hold ids and stable names only.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from offline_queue import protocol, sealing
from offline_queue.database import Database
from offline_queue.outbox import from_stamp, stamp


class Event(StrEnum):
    """What is written down."""

    AGENT_FILED = "agent-filed"
    AGENT_REFUSED = "agent-refused"
    AGENT_SIGNED_IN = "agent-signed-in"
    AGENT_SIGNED_OUT = "agent-signed-out"
    AGENT_UNLOCKED = "agent-unlocked"
    BLOCK_CLOSED = "block-closed"
    BLOCK_OPENED = "block-opened"
    BLOCKS_LEASED = "blocks-leased"
    CATALOGUE_ACCEPTED = "catalogue-accepted"
    DATABASE_SET_ASIDE = "database-set-aside"
    DELIVERED = "delivered"
    DESK_DISCARDED = "desk-discarded"
    DESK_OPENED = "desk-opened"
    DESK_PIN_ADDED = "desk-pin-added"
    DESK_PIN_REMOVED = "desk-pin-removed"
    DESK_PRINTED = "desk-printed"
    DESK_REFUSED = "desk-refused"
    DESK_RESUMED = "desk-resumed"
    DESK_SENT_AGAIN = "desk-sent-again"
    DESK_UNLOCKED = "desk-unlocked"
    DRAFT_EXPIRED = "draft-expired"
    ENROLLED = "enrolled"
    EVENT_FILED = "event-filed"
    EXPORTED = "exported"
    FILE_ADOPTED = "file-adopted"
    FILE_DISCARDED = "file-discarded"
    FILED = "filed"
    IMPORTED = "imported"
    KEYS_ACCEPTED = "keys-accepted"
    NUMBER_REUSED = "number-reused"
    PARKED = "parked"
    PURGED = "purged"
    RESEND_ASKED = "resend-asked"
    RETRIED = "retried"


DESK_EVENTS = tuple(event for event in Event if event.value.startswith("desk-"))
"""What happens at the staff desk; its subject is the id of whoever it was, and a receipt's number."""
AGENT_EVENTS = tuple(event for event in Event if event.value.startswith("agent-"))
"""What happens where people sign in to file for others; its subject is their number in the platform's list, and a
receipt's number, or how many they filed for. Of whom they filed for, nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log."""

    at: datetime
    event: Event
    subject: str


def _link(before: str, seq: int, at: str, event: str, subject: str) -> str:
    return protocol.digest_of(sealing.canonical_json([before, seq, at, event, subject]))


def record(database: Database, now: datetime, event: Event, subject: str = "") -> None:
    """Append a line inside the caller's transaction; `subject` is an id or a number, never words."""
    last = database.one("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    seq, before = (last[0] + 1, last[1]) if last else (1, "")
    at = stamp(now)
    database.run(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?)",
        seq,
        at,
        event.value,
        subject,
        _link(before, seq, at, event, subject),
    )


def entries(database: Database, events: Collection[Event], limit: int) -> tuple[Entry, ...]:
    """Return the last lines that are about one of these, the newest first."""
    rows = database.all(
        f"SELECT at, event, subject FROM audit WHERE event IN ({', '.join('?' * len(events))})"  # noqa: S608 - marks
        " ORDER BY seq DESC LIMIT ?",
        *(event.value for event in events),
        limit,
    )
    return tuple(Entry(at=from_stamp(at), event=Event(event), subject=subject) for at, event, subject in rows)


def head(database: Database) -> str:
    """Return the last line's hash, "" when nothing was ever written."""
    last = database.one("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1")
    return str(last[0]) if last else ""


def unbroken(database: Database) -> bool:
    """Tell whether every line still follows from the one before and none is missing."""
    before = ""
    for expected, (seq, at, event, subject, link) in enumerate(database.all("SELECT * FROM audit ORDER BY seq"), 1):
        if seq != expected or link != _link(before, seq, at, event, subject):
            return False
        before = link
    return True
