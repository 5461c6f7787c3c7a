"""Drafts and their attachments before filing: kept encrypted for a day against a power cut, gone with the visit."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from offline_queue import audit, files, folder, sealing
from offline_queue.database import Database, Row
from offline_queue.outbox import from_stamp, stamp
from offline_queue.recording import Measured
from petition.errors import Fault, FaultCode
from petition.model import Attachment, AttachmentKind, Draft

KEPT = timedelta(hours=24)

_DRAFT = TypeAdapter(Draft)
_OGG_HEADER_BYTES = 27
_OPUS_RATE = 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAttachment:
    """A sealed attachment that the kiosk can still open."""

    id: str
    petition_id: str
    kind: AttachmentKind
    media_type: str
    key: bytes = field(repr=False)
    """The file's own key; deleted when the petition is filed."""


def keep(database: Database, run: str, now: datetime, draft: Draft) -> None:
    """Replace the kept copy of a draft; a draft that another run left becomes this run's."""
    with database.writing():
        database.run(
            "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?)",
            draft.petition_id,
            run,
            stamp(now),
            _DRAFT.dump_json(draft).decode(),
        )
        database.run(
            "UPDATE draft_attachments SET run = ? WHERE petition_id = ? AND run <> ?", run, draft.petition_id, run
        )


def add_attachment(database: Database, run: str, now: datetime, attachment: DraftAttachment) -> None:
    """Remember an attachment's key, before its first byte is written."""
    with database.writing():
        database.run(
            "INSERT INTO draft_attachments VALUES (?, ?, ?, ?, ?, ?, ?)",
            attachment.id,
            attachment.petition_id,
            run,
            stamp(now),
            attachment.kind.value,
            attachment.media_type,
            attachment.key,
        )


def attachments(database: Database, petition_id: str) -> tuple[DraftAttachment, ...]:
    """Return a draft's attachments in the order they were made."""
    rows = database.all(
        "SELECT id, petition_id, kind, media_type, kiosk_wrap FROM draft_attachments"
        " WHERE petition_id = ? ORDER BY made_at, id",
        petition_id,
    )
    return tuple(
        DraftAttachment(id=attachment_id, petition_id=owner, kind=AttachmentKind(kind), media_type=media_type, key=key)
        for attachment_id, owner, kind, media_type, key in rows
    )


def attachment(database: Database, attachment_id: str) -> DraftAttachment:
    """Return one attachment; raises Fault(SEALED_BYTES_DAMAGED) when the kiosk can't open it (any more)."""
    owner = database.one("SELECT petition_id FROM draft_attachments WHERE id = ?", attachment_id)
    found = attachments(database, owner[0]) if owner else ()
    for candidate in found:
        if candidate.id == attachment_id:
            return candidate
    raise sealing.damaged()


def read(outbox: Path, attachment: DraftAttachment) -> bytes:
    """Return an attachment's plain bytes; of one that is still being written, what is there."""
    path = folder.attachment_path(outbox, attachment.petition_id, attachment.id)
    complete = path.exists()
    try:
        with (path if complete else _part(path)).open("rb") as file:
            return b"".join(sealing.read_attachment(file, attachment.key, must_be_complete=complete))
    except FileNotFoundError:
        raise sealing.damaged() from None


def finish(outbox: Path, attachment: DraftAttachment) -> Measured:
    """Close an attachment that was interrupted, check every byte of it, and return what it came to.

    Raises Fault(SEALED_BYTES_DAMAGED, DISK_FULL or STATE_DIRECTORY_UNUSABLE).
    """
    path = folder.attachment_path(outbox, attachment.petition_id, attachment.id)
    with files.storage_faults():
        if not path.exists():
            part = _part(path)
            if not part.exists():
                raise sealing.damaged()
            with part.open("r+b") as file:
                sealing.close_interrupted_attachment(file, attachment.key)
            files.rename_durably(part, path)
        length, sha256 = folder.digest_of_file(path)
        plain = read(outbox, attachment)
    return Measured(length=length, sha256=sha256, plain_sha256=hashlib.sha256(plain).hexdigest())


def _part(path: Path) -> Path:
    return path.with_name(path.name + files.PART)


def drop(database: Database, outbox: Path, where: str, *values: object) -> int:
    """Wipe drafts and attachments that a condition on `petition_id`, `run` fits: keys first, then files."""
    with database.writing():
        gone = database.all(f"DELETE FROM draft_attachments WHERE {where} RETURNING petition_id, id", *values)  # noqa: S608  our own words
        count = database.run(f"DELETE FROM drafts WHERE {where}", *values)  # noqa: S608  as above
    unlink(outbox, gone)
    return count + len(gone)


def drop_attachments(database: Database, outbox: Path, attachment_ids: Iterable[str]) -> None:
    """Wipe single attachments: keys first, then files."""
    gone: list[Row] = []
    with database.writing():
        for attachment_id in attachment_ids:
            gone += database.all("DELETE FROM draft_attachments WHERE id = ? RETURNING petition_id, id", attachment_id)
    unlink(outbox, gone)


def unlink(outbox: Path, gone: Iterable[Row]) -> None:
    """Remove the files of (petition id, attachment id) pairs, finished or not."""
    with files.storage_faults():
        for petition_id, attachment_id in gone:
            path = folder.attachment_path(outbox, petition_id, attachment_id)
            path.unlink(missing_ok=True)
            _part(path).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """What another run left behind in the last 24 hours."""

    petition_id: str
    kept_at: datetime
    written: str
    """The draft as JSON."""


def newest(database: Database, run: str, now: datetime) -> Interrupted | None:
    """Return what another run left behind last, None where there is nothing."""
    row = database.one(
        "SELECT petition_id, kept_at, draft FROM drafts WHERE run <> ? AND kept_at > ? ORDER BY kept_at DESC LIMIT 1",
        run,
        stamp(now - KEPT),
    )
    return Interrupted(petition_id=row[0], kept_at=from_stamp(row[1]), written=row[2]) if row else None


def interrupted(database: Database, outbox: Path, run: str, now: datetime) -> Draft | None:
    """Return the newest draft of the last 24 hours that another run left behind, with every recording it had begun.

    A picture or paper that was not made part of it yet stays out: nobody has said that it is to go along.
    """
    left = newest(database, run, now)
    if left is None:
        return None
    try:
        draft = _DRAFT.validate_json(left.written)
    except ValidationError:
        return None  # written by another version of this software; its day will be over
    there = attachments(database, draft.petition_id)
    known, kept = {attached.id for attached in draft.attachments}, {found.id for found in there}
    recovered = []
    for found in there:
        if found.id in known or found.kind is not AttachmentKind.RECORDING:
            continue
        try:
            finish(outbox, found)
            seconds = opus_seconds(read(outbox, found))
        except Fault as fault:
            if fault.code is FaultCode.SEALED_BYTES_DAMAGED:
                continue
            raise
        recovered.append(Attachment(id=found.id, kind=found.kind, media_type=found.media_type, seconds=seconds))
    # What was wiped just before the cut stands in the draft still, and could not be sent.
    left_over = tuple(attached for attached in draft.attachments if attached.id in kept)
    return replace(draft, attachments=left_over + tuple(recovered))


def expire(database: Database, outbox: Path, run: str, now: datetime) -> int:
    """Wipe what other runs left more than a day ago and return how much it was."""
    before = stamp(now - KEPT)
    with database.writing():
        gone = database.all(
            "DELETE FROM draft_attachments WHERE run <> ? AND made_at <= ?"
            " AND petition_id NOT IN (SELECT petition_id FROM drafts WHERE kept_at > ?) RETURNING petition_id, id",
            run,
            before,
            before,
        )
        drafts = database.all("DELETE FROM drafts WHERE run <> ? AND kept_at <= ? RETURNING petition_id", run, before)
        for (petition_id,) in drafts:
            audit.record(database, now, audit.Event.DRAFT_EXPIRED, petition_id)
    unlink(outbox, gone)
    return len(drafts) + len(gone)


def opus_seconds(ogg: bytes) -> float:
    """Return how long an Ogg/Opus recording is by its last page's granule position, 0.0 when it has none."""
    at = ogg.rfind(b"OggS")
    if at < 0 or len(ogg) < at + _OGG_HEADER_BYTES:
        return 0.0
    granule = int.from_bytes(ogg[at + 6 : at + 14], "little", signed=True)
    return max(0, granule) / _OPUS_RATE
