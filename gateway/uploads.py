"""Sealed attachments arriving by tus 1.0: created once, continued at the byte where the line broke, checked at the end.

How far an upload is, is the length of its file: whatever a cut connection had brought is kept. That bytes beyond the
last fsync may be wrong after a power cut does no harm: the digest of the envelope is compared before anything counts.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from gateway.database import Attachment, Petition, Resend, UploadHolder
from gateway.keys import sync_directory
from gateway.kiosks import KnownKiosk
from gateway.platform import Platform
from gateway.refusal import Refusal, bad_request, not_found, too_large
from offline_queue import sealing
from offline_queue.protocol import HEADER_UPLOAD_OFFSET, ErrorCode
from petition.errors import Fault

WRITE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One upload: where its bytes lie and how many there are of how many."""

    file_id: str
    path: Path
    petition_id: str
    length: int
    sha256: str
    offset: int
    complete: bool


@dataclass(slots=True, kw_only=True)
class Lease:
    """Who may write to an upload: the last request that came. One whose line broke may hang around, and must not."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    holder: object = None


Leases = dict[str, Lease]


def create_upload(platform: Platform, kiosk: KnownKiosk, *, length: int, metadata: str) -> Upload:
    """Return the upload of an attachment that its petition announced; the same pair of ids has always the same one.

    From now on it is this kiosk's, too: a stranger's address of an upload is no upload.

    Raises Refusal when the petition has not come yet (404) or announced other bytes (409).
    """
    values = read_metadata(metadata)
    announced = select(Attachment).where(
        Attachment.petition_id == values.get("petition", ""), Attachment.attachment_id == values.get("attachment", "")
    )
    with platform.database.reading() as rows:
        attachment = rows.scalars(announced).first()
        if attachment is None:
            raise not_found("no petition here announced this attachment; send the envelope first")
        if (attachment.length, attachment.sha256) != (length, values.get("sha256", attachment.sha256)):
            raise Refusal(
                status=409, code=ErrorCode.DIGEST_DIFFERS, detail="the petition announced other bytes for this id"
            )
        held = rows.get(UploadHolder, (attachment.file_id, kiosk.id)) is not None
        upload = _upload(platform, attachment)
    if not held:
        with platform.database.writing() as rows:
            rows.merge(UploadHolder(file_id=upload.file_id, kiosk_id=kiosk.id))
    return upload


def find_upload(platform: Platform, kiosk: KnownKiosk, file_id: str) -> Upload:
    """Return an upload by the last part of its address, to a kiosk that asked for it; raises Refusal(404)."""
    with platform.database.reading() as rows:
        attachment = rows.get(Attachment, file_id)
        if attachment is None or rows.get(UploadHolder, (file_id, kiosk.id)) is None:
            raise not_found("no such upload")
        return _upload(platform, attachment)


async def append(
    platform: Platform, kiosk: KnownKiosk, leases: Leases, file_id: str, *, offset: int, pieces: AsyncIterator[bytes]
) -> int:
    """Append what one PATCH brings; return the new offset. Before a broken line is kept, of a refused PATCH nothing.

    Raises Refusal(OFFSET_DIFFERS) when the sender thinks the upload is elsewhere, and Refusal(DIGEST_DIFFERS) when the
    last byte is there and they are not the bytes of the envelope: then the upload begins again.
    """
    await asyncio.to_thread(find_upload, platform, kiosk, file_id)  # a stranger takes no lease
    me = object()
    lease = leases.setdefault(file_id, Lease())
    lease.holder = me
    try:
        async with lease.lock:
            upload = await asyncio.to_thread(find_upload, platform, kiosk, file_id)
        if offset != upload.offset:
            raise Refusal(
                status=409,
                code=ErrorCode.OFFSET_DIFFERS,
                detail=f"the next byte here is {upload.offset}",
                headers={HEADER_UPLOAD_OFFSET: str(upload.offset)},
            )
        if upload.complete:
            return upload.length
        offset = await _write(platform, lease, me, upload, pieces)
        if offset == upload.length:
            async with lease.lock:
                await asyncio.to_thread(_finish, platform, upload)
        return offset
    finally:
        if lease.holder is me:
            leases.pop(file_id, None)


async def _write(platform: Platform, lease: Lease, me: object, upload: Upload, pieces: AsyncIterator[bytes]) -> int:
    offset = upload.offset
    taken = 0
    descriptor = await asyncio.to_thread(os.open, upload.path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        async for piece in _gathered(pieces):
            taken += len(piece)
            if taken > platform.settings.patch_bytes_max:
                raise too_large(platform.settings.patch_bytes_max)
            if offset + len(piece) > upload.length:
                raise bad_request("more bytes than the upload has")
            async with lease.lock:
                _require(lease, me)
                await asyncio.to_thread(_write_at, descriptor, piece, offset)
            offset += len(piece)
    except Refusal:
        async with lease.lock:
            if lease.holder is me:
                await asyncio.to_thread(os.ftruncate, descriptor, upload.offset)
        raise
    finally:
        await asyncio.to_thread(_sync_and_close, descriptor)
    return offset


def _require(lease: Lease, me: object) -> None:
    if lease.holder is not me:
        raise Refusal(status=409, code=ErrorCode.OFFSET_DIFFERS, detail="another request went on with this upload")


async def _gathered(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield pieces of a sensible size; what was gathered when the line broke is yielded before the error goes on."""
    gathered = bytearray()
    try:
        async for piece in pieces:
            gathered += piece
            if len(gathered) >= WRITE_BYTES:
                yield bytes(gathered)
                gathered.clear()
    except Exception:
        if gathered:
            yield bytes(gathered)
        raise
    if gathered:
        yield bytes(gathered)


def _write_at(descriptor: int, piece: bytes, offset: int) -> None:
    view = memoryview(piece)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written


def _sync_and_close(descriptor: int) -> None:
    try:
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def _finish(platform: Platform, upload: Upload) -> None:
    with upload.path.open("rb") as file:
        right = hashlib.file_digest(file, "sha256").hexdigest() == upload.sha256
    if not right:
        os.truncate(upload.path, 0)
        raise Refusal(
            status=409,
            code=ErrorCode.DIGEST_DIFFERS,
            detail="these are not the bytes the envelope announced; the upload begins again",
            headers={HEADER_UPLOAD_OFFSET: "0"},
        )
    sync_directory(upload.path.parent)
    now = platform.clock()
    with platform.database.writing() as rows:
        attachment = rows.get(Attachment, upload.file_id)
        petition = rows.get(Petition, upload.petition_id)
        if attachment is None or petition is None:
            raise not_found("no such upload")
        attachment.complete_at = now
        rows.flush()
        missing = select(func.count()).where(Attachment.petition_id == petition.id, Attachment.complete_at.is_(None))
        if rows.scalars(missing).one() == 0:
            mark_complete(petition, now)
            lost = rows.get(Resend, petition.id)
            if lost is not None:
                rows.delete(lost)


def mark_complete(petition: Petition, now: datetime) -> None:
    """Note that everything the petition announced is here."""
    petition.complete_at = now


def read_metadata(header: str) -> dict[str, str]:
    """Return tus's Upload-Metadata, `name base64, name base64`; raises Refusal(400)."""
    values: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, encoded = pair.partition(" ")
        try:
            values[name] = sealing.from_base64(encoded.strip()).decode("ascii") if encoded else ""
        except (Fault, UnicodeDecodeError):
            raise bad_request("Upload-Metadata is not name and base64, by comma") from None
    return values


def file_path(platform: Platform, file_id: str) -> Path:
    """Return where an upload's sealed bytes lie."""
    return platform.settings.files_path / file_id


def _upload(platform: Platform, attachment: Attachment) -> Upload:
    path = file_path(platform, attachment.file_id)
    complete = attachment.complete_at is not None
    try:
        there = path.stat().st_size
    except FileNotFoundError:
        there = 0
    return Upload(
        file_id=attachment.file_id,
        path=path,
        petition_id=attachment.petition_id,
        length=attachment.length,
        sha256=attachment.sha256,
        offset=attachment.length if complete else there,
        complete=complete,
    )
