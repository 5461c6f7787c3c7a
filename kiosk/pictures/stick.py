"""Pictures on a USB stick: which there are, and their bytes, without following anything that leads elsewhere.

A configured folder is looked through as it is, and so is every removable file system that is mounted below it; a disk
that is built in is not, whatever is mounted where. What is left out: links, pipes and devices, hidden files, what is
too deep or too much, and files that are too large to be decoded.
"""

import os
import stat
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from petition.errors import Fault, FaultCode
from petition.model import PictureFile

SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".webp", ".bmp", ".gif"})
FILE_BYTES = 30_000_000
FILES_SHOWN = 60
_DEPTH = 6
_ENTRIES = 20_000
"""So many names are looked at altogether; a stick with more shows those that come first."""
_PIECE_BYTES = 1 << 18
_MOUNTS = Path("/proc/self/mountinfo")
_DEVICES = Path("/sys/dev/block")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that may be a picture."""

    top: Path
    """Where looking began."""
    parts: tuple[str, ...]
    """The way from there."""
    device: int
    changed_ns: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is on a stick."""

    stick: bool = False
    files: tuple[Found, ...] = ()
    """The newest first."""


class Listing:
    """Names for what was seen, which tell nothing: the same file has the same name as long as it is looked at."""

    def __init__(self) -> None:
        self._names: dict[Found, str] = {}

    def named(self, seen: Seen) -> tuple[PictureFile, ...]:
        """Return what is offered, and forget what is there no more."""
        self._names = {found: self._names.get(found) or str(uuid.uuid4()) for found in seen.files}
        return tuple(PictureFile(id=name) for name in self._names.values())

    def found(self, name: str) -> Found | None:
        """Return the file of a name, None for one that is there no more."""
        return next((found for found, known in self._names.items() if known == name), None)


def look(roots: Sequence[str], mounts: Path = _MOUNTS, devices: Path = _DEVICES) -> Seen:
    """Return the pictures below some folders. What goes away meanwhile is left out."""
    found: list[Found] = []
    stick = False
    left = _ENTRIES
    for top, mounted in _tops(roots, mounts, devices):
        here, left = _walk(top, left)
        stick = stick or mounted or bool(here)
        found += here
    newest = sorted(found, key=lambda each: (-each.changed_ns, each.parts))
    return Seen(stick=stick, files=tuple(newest[:FILES_SHOWN]))


def pieces(found: Found) -> Iterator[bytes]:
    """Yield a file's bytes. OSError when it is not there any more, Fault(BAD_INPUT) when it is something else now."""
    descriptor = _open(found)
    with os.fdopen(descriptor, "rb") as file:
        now = os.fstat(descriptor)
        if not stat.S_ISREG(now.st_mode) or now.st_dev != found.device or now.st_size > FILE_BYTES:
            raise Fault(FaultCode.BAD_INPUT, "the file is something else than it was")
        left = FILE_BYTES
        while left > 0 and (piece := file.read(min(_PIECE_BYTES, left))):
            left -= len(piece)
            yield piece


def _open(found: Found) -> int:
    """Open a file step by step, so that no link on the way leads elsewhere."""
    at = os.open(found.top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for n, part in enumerate(found.parts, 1):
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        flags |= os.O_NONBLOCK if n == len(found.parts) else os.O_DIRECTORY
        try:
            below = os.open(part, flags, dir_fd=at)
        finally:
            os.close(at)
        at = below
    return at


def _walk(top: Path, left: int) -> tuple[list[Found], int]:
    """Return the pictures below a folder and how many more names may be looked at."""
    found: list[Found] = []
    try:
        device = top.stat().st_dev
    except OSError:
        return [], left
    waiting: list[tuple[str, ...]] = [()]
    for parts in waiting:  # it grows
        with suppress(OSError), os.scandir(top.joinpath(*parts)) as entries:
            for entry in entries:
                left -= 1
                if left < 0:
                    return found, 0
                if entry.name.startswith("."):
                    continue
                with suppress(OSError):
                    here = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(here.st_mode):
                        if here.st_dev == device and len(parts) < _DEPTH:
                            waiting.append((*parts, entry.name))
                    elif _may_be_picture(entry.name, here):
                        found.append(
                            Found(
                                top=top,
                                parts=(*parts, entry.name),
                                device=here.st_dev,
                                changed_ns=here.st_mtime_ns,
                                length=here.st_size,
                            )
                        )
    return found, left


def _may_be_picture(name: str, here: os.stat_result) -> bool:
    suffix = Path(name).suffix.lower()
    return suffix in SUFFIXES and stat.S_ISREG(here.st_mode) and 0 < here.st_size <= FILE_BYTES


def _tops(roots: Sequence[str], mounts: Path, devices: Path) -> Iterator[tuple[Path, bool]]:
    """Yield (folder, whether it is a removable file system) of everything that is to be looked through."""
    below = [Path(root) for root in roots]
    yield from ((root, False) for root in below if root.is_dir())
    with suppress(OSError):
        for line in mounts.read_text("utf-8", "surrogateescape").splitlines():
            fields = line.split(" ")
            if len(fields) < 10:
                continue
            where = Path(_unescaped(fields[4]))
            if any(root in where.parents for root in below) and _removable(fields, devices):
                yield where, True


def _removable(fields: list[str], devices: Path) -> bool:
    """Tell whether a mounted file system lies on something that can be pulled out: USB, or a card in a reader."""
    number = fields[2]
    if number.startswith("0:"):  # a file system in user space (NTFS, exFAT): the device stands in its source
        with suppress(OSError, ValueError):
            source = Path(_unescaped(fields[fields.index("-") + 2])).stat().st_rdev
            number = f"{os.major(source)}:{os.minor(source)}"
    try:
        device = (devices / number).resolve(strict=True)
    except OSError:
        return False
    if "/usb" in str(device):
        return True
    for folder in (device, device.parent):  # a partition's disk is the folder above
        with suppress(OSError):
            return (folder / "removable").read_text("ascii").strip() == "1"
    return False


def _unescaped(path: str) -> str:
    """Return a path as it is: the kernel writes blanks and line ends in it as octal numbers."""
    for sign in (" ", "\t", "\n", "\\"):
        path = path.replace(f"\\{ord(sign):03o}", sign)
    return path
