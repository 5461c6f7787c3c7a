"""Attachments on their way to the disk: sealed while they are written, under a key the store keeps until filing."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from offline_queue import files
from offline_queue.sealing import AttachmentWriter
from petition.errors import Fault
from petition.model import Attachment, AttachmentKind

RECORDING_MEDIA_TYPE = "audio/ogg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What an envelope and its content tell of a finished attachment."""

    length: int
    """Of the sealed bytes."""
    sha256: str
    """Of the sealed bytes."""
    plain_sha256: str


class SealedFile:
    """An attachment being written: `.part` until it is finished; its key is handed out before any plaintext comes."""

    def __init__(
        self,
        path: Path,
        *,
        platform_key: bytes,
        petition_id: str,
        attachment_id: str,
        key_made: Callable[[bytes], None],
    ) -> None:
        self._path = path
        self._part = path.with_name(path.name + files.PART)
        with files.storage_faults():
            self._file = os.fdopen(files.create(self._part), "wb")
        try:
            with files.storage_faults():
                self._writer = AttachmentWriter(
                    self._file, platform_key=platform_key, petition_id=petition_id, attachment_id=attachment_id
                )
            key_made(self._writer.key)
        except BaseException:
            self.discard()
            raise

    def write(self, data: bytes) -> None:
        """Append sealed data; it is durable after `make_durable`."""
        with files.storage_faults():
            self._writer.write(data)

    def make_durable(self) -> None:
        """Let everything written so far survive a power cut."""
        with files.storage_faults():
            self._file.flush()
            os.fdatasync(self._file.fileno())

    def finish(self) -> Measured:
        """Write the end, make everything durable under its final name, and return what it came to."""
        with files.storage_faults():
            self._writer.finish()
            self.make_durable()
            self._file.close()
            self._part.rename(self._path)
            files.fsync_folder(self._path.parent)
        writer = self._writer
        return Measured(length=writer.length, sha256=writer.sealed_sha256, plain_sha256=writer.plain_sha256)

    def give_up(self) -> None:
        """Close the file as it is; what was durable stays readable."""
        with suppress(OSError):
            self._file.close()

    def discard(self) -> None:
        """Close the file and remove it."""
        self.give_up()
        self._part.unlink(missing_ok=True)


class SealedRecording:
    """The store's RecordingSink; may be used from any one thread, because it never opens the database.

    After a failed write it takes no more sound: what is on the disk before it stays whole and can be filed.
    """

    def __init__(self, file: SealedFile, recording_id: str, finished: Callable[[str, Measured], None]) -> None:
        """Go on with a file whose name is durable; `finished` learns what it came to, on the thread that closes."""
        self._file = file
        self._id = recording_id
        self._finished = finished
        self._refused: Fault | None = None

    def write(self, page: bytes) -> None:
        """Append one page of sound; it survives a power cut once this returns. Raises Fault(DISK_FULL)."""
        if self._refused is not None:
            raise self._refused
        try:
            self._file.write(page)
            self._file.make_durable()
        except Fault as fault:
            self._refused = fault
            raise

    def close(self, seconds: float) -> Attachment:
        """End the recording and return what the draft may refer to; a torn end is mended when it is filed."""
        try:
            if self._refused is not None:
                raise self._refused
            self._finished(self._id, self._file.finish())
        except Fault:
            self._file.give_up()
        return Attachment(id=self._id, kind=AttachmentKind.RECORDING, media_type=RECORDING_MEDIA_TYPE, seconds=seconds)


def write_file(file: SealedFile, pieces: Iterable[bytes]) -> Measured:
    """Seal a whole attachment at once and return what it came to; nothing is left of it when that fails."""
    try:
        for piece in pieces:
            file.write(piece)
        return file.finish()
    except BaseException:
        file.discard()
        raise
