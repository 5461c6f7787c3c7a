"""The kiosk's audit log: who did what to the queue, each line chained to the one before.

The head goes to the platform with the kiosk's health, so that a line can't be changed or taken out later unnoticed.
Lines hold ids and stable names only.
"""

from datetime import datetime
from enum import StrEnum

from offline_queue import protocol, sealing
from offline_queue.database import Database
from offline_queue.outbox import stamp


class Event(StrEnum):
    """What is written down."""

    BLOCK_CLOSED = "block-closed"
    BLOCK_OPENED = "block-opened"
    BLOCKS_LEASED = "blocks-leased"
    CATALOGUE_ACCEPTED = "catalogue-accepted"
    DATABASE_SET_ASIDE = "database-set-aside"
    DELIVERED = "delivered"
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
