"""The outbox folder: sealed petitions and events as files, readable as a queue without any key.

    <id>.petition                     an envelope, the exact bytes that are sent
    <id>.event                        an event, likewise
    <id>.<attachment id>.attachment   a sealed attachment of the petition <id>
    ….part                            not finished, or not yet promised to anybody

Nothing here opens anything sealed. Whatever a kiosk has filed and not delivered can be found, checked and copied from
this folder alone: by a rebuild after the database was lost, by an export to a USB stick, by a rescue on any machine.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from offline_queue import files, protocol, sealing
from offline_queue.protocol import AttachmentPart, Envelope, EventEnvelope, Signed, Type
from petition.errors import Fault, FaultCode

PETITION = ".petition"
EVENT = ".event"
ATTACHMENT = ".attachment"

_UUID = protocol.UUID.strip("^$")
_NAME = re.compile(rf"({_UUID})(\.petition|\.event|\.({_UUID})\.attachment)(\.part)?")
_COPY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a sealed file says of itself in clear, after its bytes were found whole."""

    id: str
    type: Type
    kiosk_id: str
    number: str
    made_at: datetime
    digest: str
    """Hex SHA-256 of the file."""
    length: int
    kind: str = ""
    category: str = ""
    urgent: bool = False
    roles: tuple[str, ...] = ()
    attachments: tuple[AttachmentPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """One file of a queue folder: what it is, or why it can't be used."""

    path: Path
    sealed: Sealed | None
    """None when the file is damaged."""
    missing: tuple[str, ...] = ()
    """Ids of attachments that are absent or damaged."""

    @property
    def whole(self) -> bool:
        """Whether everything the resident gave is here."""
        return self.sealed is not None and not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A file name of the folder, taken apart."""

    id: str
    attachment_id: str
    """"" for envelopes and events."""
    part: bool


def parse_name(name: str) -> Name | None:
    """Return a file name's parts, or None for what is not ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return Name(id=found[1], attachment_id=found[3] or "", part=found[4] is not None)


def sealed_path(folder: Path, id: str, type_: Type) -> Path:
    """Return where an envelope or event lies."""
    return folder / f"{id}{EVENT if type_ is Type.EVENT else PETITION}"


def attachment_path(folder: Path, petition_id: str, attachment_id: str) -> Path:
    """Return where a sealed attachment lies."""
    return folder / f"{petition_id}.{attachment_id}{ATTACHMENT}"


def sealed_bytes(folder: Path, id: str, type_: Type) -> bytes:
    """Return an envelope's or event's exact bytes, whether its last rename got through or not.

    Raises Fault(SEALED_BYTES_DAMAGED) when it isn't there.
    """
    path = sealed_path(folder, id, type_)
    for candidate in (path, path.with_name(path.name + files.PART)):
        try:
            return candidate.read_bytes()
        except FileNotFoundError:
            continue
    raise sealing.damaged()


def read_sealed(raw: bytes) -> Sealed:
    """Return what an envelope or event says in clear; its signature is for the platform to verify.

    Raises Fault(SEALED_BYTES_DAMAGED) when it isn't whole, and Fault(SUITE_UNKNOWN).
    """
    try:
        signed = protocol.read(Signed, raw)
        sealing.require_suite(signed.suite)
        envelope: Envelope | EventEnvelope
        match signed.type:
            case Type.PETITION:
                envelope = protocol.read(Envelope, signed.body)
            case Type.EVENT:
                envelope = protocol.read(EventEnvelope, signed.body)
            case _:
                raise sealing.damaged()
        inside = sealing.from_base64(envelope.sealed)
    except Fault as fault:
        if fault.code is FaultCode.BAD_INPUT:
            raise sealing.damaged() from None
        raise
    if hashlib.sha256(inside).hexdigest() != envelope.sealed_sha256:
        raise sealing.damaged()
    return describe(envelope, raw)


def describe(envelope: Envelope | EventEnvelope, raw: bytes) -> Sealed:
    """Return what an envelope or event says in clear, from the message itself and its exact bytes."""
    petition = envelope if isinstance(envelope, Envelope) else None
    return Sealed(
        id=envelope.id,
        type=Type.PETITION if petition else Type.EVENT,
        kiosk_id=envelope.kiosk_id,
        number=envelope.number,
        made_at=envelope.made_at,
        digest=protocol.digest_of(raw),
        length=len(raw),
        kind=str(envelope.kind),
        category=petition.category if petition else "",
        urgent=petition.urgent if petition else False,
        roles=tuple(role.value for role in petition.roles) if petition else (),
        attachments=petition.attachments if petition else (),
    )


def read_file(path: Path) -> Sealed | None:
    """Return what a file of the folder says of itself; None when it is damaged, another's, or can't be read at all."""
    name = parse_name(path.name)
    try:
        sealed = read_sealed(path.read_bytes())
    except (Fault, OSError):
        return None
    return sealed if name is not None and sealed.id == name.id else None


def digest_of_file(path: Path) -> tuple[int, str]:
    """Return (length, hex SHA-256) of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def rescue(folder: Path) -> list[Rescued]:
    """List a folder of sealed files, on any machine and without any key, oldest first, damaged ones last.

    Takes an outbox folder, a state directory, or an export. Raises Fault(BAD_INPUT) when there is no such folder.
    """
    inner = folder / "outbox"
    where = inner if inner.is_dir() else folder
    if not where.is_dir():
        raise Fault(FaultCode.BAD_INPUT, "there is no such folder")
    with files.storage_faults("the folder"):
        found = [_rescued(path) for path in sorted(_sealed_files(where))]
    return sorted(found, key=lambda r: (r.sealed is None, r.sealed.made_at.timestamp() if r.sealed else 0.0))


def _sealed_files(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        name = parse_name(entry.name)
        if name is None or name.attachment_id:
            continue
        if name.part and (folder / entry.name.removesuffix(files.PART)).exists():
            continue
        yield folder / entry.name


def _rescued(path: Path) -> Rescued:
    sealed = read_file(path)
    if sealed is None:
        return Rescued(path=path, sealed=None)
    missing = tuple(part.id for part in sealed.attachments if not _is_whole(path.parent, sealed.id, part))
    return Rescued(path=path, sealed=sealed, missing=missing)


def _is_whole(folder: Path, petition_id: str, part: AttachmentPart) -> bool:
    try:
        return digest_of_file(attachment_path(folder, petition_id, part.id)) == (part.length, part.sha256)
    except OSError:
        return False


def copy_durably(source: Path, target: Path) -> None:
    """Copy a file so that it is whole under its own name or not there at all; the target folder is not fsynced yet."""
    part = target.with_name(target.name + files.PART)
    part.unlink(missing_ok=True)
    descriptor = files.create(part)
    try:
        with source.open("rb") as file:
            while piece := file.read(_COPY_BYTES):
                files.write_all(descriptor, piece)
        os.fsync(descriptor)
        part.rename(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def copy_queue(source: Path, target: Path, *, only: frozenset[str] | None = None) -> int:
    """Copy sealed petitions and events with their attachments to another folder and return how many.

    `only` limits it to these ids. Damaged envelopes are copied as they are: somebody may still mend them. What the disk
    can't give back is passed over. What lies in the target already is left alone when it is the same. Raises
    Fault(BAD_INPUT, DISK_FULL or STATE_DIRECTORY_UNUSABLE).
    """
    count = 0
    with files.storage_faults("the folder"):
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for found in rescue(source):
            name = parse_name(found.path.name)
            if name is None or (only is not None and name.id not in only):
                continue
            parts = found.sealed.attachments if found.sealed else ()
            paths = [attachment_path(found.path.parent, name.id, part.id) for part in parts]
            for path in [*(p for p in paths if p.exists()), found.path]:
                goal = target / path.name.removesuffix(files.PART)
                try:
                    digest = digest_of_file(path)
                except OSError:
                    continue
                if not (goal.exists() and digest_of_file(goal) == digest):
                    copy_durably(path, goal)
                count += path is found.path
        files.fsync_folder(target)
    return count
