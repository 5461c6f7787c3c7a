"""Who read or did what: a chain of entries, each holding the hash of the one before."""

import hashlib
import json
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import desc, select
from sqlalchemy.orm import Session

from gateway.database import AuditEntry


class Deed(StrEnum):
    """Everything that is written down."""

    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    LOCKED_OUT = "locked-out"
    OPENED = "opened"
    HEARD = "heard"
    """Fetched a sound."""
    SAW = "saw"
    """Fetched a picture."""
    SAW_NAMES = "saw-names"
    """Asked to see names, telephone numbers and an ID number in clear."""
    CHANGED_STEP = "changed-step"
    CLOSED_REVIEW = "closed-review"
    ANSWERED_CALL = "answered-call"
    ADDED_PERSON = "added-person"
    RENEWED_PERSON = "renewed-person"
    REMOVED_PERSON = "removed-person"
    ENROLLED_KIOSK = "enrolled-kiosk"
    MADE_ENROLMENT_CODE = "made-enrolment-code"


def record(
    rows: Session, *, account: str, deed: Deed, now: datetime, petition_id: str | None = None, detail: str = ""
) -> None:
    """Append one entry; `detail` is an id or a stage, never anything a resident said."""
    last = rows.scalars(select(AuditEntry).order_by(desc(AuditEntry.id)).limit(1)).first()
    entry = AuditEntry(
        at=now,
        account=account,
        deed=deed.value,
        petition_id=petition_id,
        detail=detail,
        previous_hash="" if last is None else last.hash,
        hash="",
    )
    entry.hash = _hash_of(entry)
    rows.add(entry)
    rows.flush()


def record_once(
    rows: Session, *, account: str, deed: Deed, now: datetime, petition_id: str, detail: str, within: timedelta
) -> None:
    """Append an entry unless the same was written a moment ago: a browser fetches one sound in many pieces."""
    same = select(AuditEntry.id).where(
        AuditEntry.account == account,
        AuditEntry.deed == deed.value,
        AuditEntry.petition_id == petition_id,
        AuditEntry.detail == detail,
        AuditEntry.at > now - within,
    )
    if rows.scalars(same.limit(1)).first() is None:
        record(rows, account=account, deed=deed, now=now, petition_id=petition_id, detail=detail)


def first_broken(rows: Session) -> int | None:
    """Return the id of the first entry that does not fit the one before it, or None for an unbroken chain."""
    previous = ""
    for entry in rows.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.previous_hash != previous or entry.hash != _hash_of(entry):
            return entry.id
        previous = entry.hash
    return None


def _hash_of(entry: AuditEntry) -> str:
    fields = [
        entry.at.isoformat(timespec="microseconds"),
        entry.account,
        entry.deed,
        entry.petition_id,
        entry.detail,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
