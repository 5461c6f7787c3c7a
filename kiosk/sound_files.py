"""Sound files that people bring: what they are and how long, looked at and never changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kiosk.files import NoFileError, open_file
from petition.errors import Fault, FaultCode

if TYPE_CHECKING:
    import av.container

LONGEST_BYTES = 60 * 2**20
"""What the store takes of one file."""
_HEAD_BYTES = 16
_MPEG_FRAME = 0xE0
_UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "names a file that is not there: look at its path",
    NotADirectoryError: "names a file that is not there: look at its path",
    IsADirectoryError: "names a folder: name the sound file in it",
    PermissionError: "names a file this user may not read: allow it, or copy the file",
    NoFileError: "names a pipe or a device: name a sound file",
}
_DAMAGED = "names a file that can't be read: copy it anew from where it came from"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFile:
    """A file with sound in it."""

    path: Path
    media_type: str
    seconds: float
    """As its own clock tells, 0 where it doesn't."""


def look_at(path: Path, *, option: str) -> SoundFile:
    """Return what a sound file is; raises Fault(BAD_INPUT) when it can't be read or holds no sound.

    `option` is what it was given with, for the complaint; the file's name may tell too much.
    """
    try:
        opened, length = open_file(path)
        with opened:
            if length > LONGEST_BYTES:
                raise Fault(FaultCode.BAD_INPUT, f"{option} is larger than {LONGEST_BYTES // 2**20} MiB: give less")
            file = _Beginning(opened, length)
            found = _format(file.read(_HEAD_BYTES))
            file.seek(0)
            if found is None:
                raise Fault(FaultCode.BAD_INPUT, f"{option} is no sound file: give WAV, Ogg, MP3, M4A, FLAC or AMR")
            media_type, format_name = found
            return SoundFile(path=path, media_type=media_type, seconds=_seconds(file, format_name, option))
    except OSError as error:
        raise Fault(FaultCode.BAD_INPUT, f"{option} {_UNREADABLE.get(type(error), _DAMAGED)}") from None


class _Beginning:
    """A file up to the length it had when it was opened: one that grows is not followed."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._length = length

    def read(self, size: int) -> bytes:
        return self._file.read(max(0, min(size, self._length - self._file.tell())))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _format(head: bytes) -> tuple[str, str] | None:
    """Return (media type, FFmpeg's name of the format) by a file's first bytes, None for anything else.

    FFmpeg is told the format: left to guess, it also takes play lists, and follows what they name.
    """
    match head:
        case _ if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
            return "audio/wav", "wav"
        case _ if head.startswith(b"OggS"):
            return "audio/ogg", "ogg"
        case _ if head.startswith(b"fLaC"):
            return "audio/flac", "flac"
        case _ if head.startswith(b"#!AMR"):
            return "audio/amr", "amr"
        case _ if head[4:8] == b"ftyp":
            return "audio/mp4", "mp4"
        case _ if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] >= bytes([_MPEG_FRAME])):
            return ("audio/aac", "aac") if head[1:2] in {b"\xf1", b"\xf9"} else ("audio/mpeg", "mp3")
    return None


def _seconds(file: _Beginning, format_name: str, option: str) -> float:
    import av

    try:
        with av.open(file, mode="r", format=format_name) as container:
            next(container.decode(audio=0))
            return _length(container)
    except (av.FFmpegError, StopIteration, IndexError, ValueError):
        raise Fault(FaultCode.BAD_INPUT, f"{option} holds no sound that can be played: record it again") from None


def _length(container: "av.container.InputContainer") -> float:
    import av

    stream = container.streams.audio[0]
    if stream.duration is not None and stream.time_base is not None:
        return max(0.0, float(stream.duration * stream.time_base))
    return max(0.0, container.duration / av.time_base) if container.duration is not None else 0.0
