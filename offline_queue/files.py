"""Files that are there, whole, once a function returns: written aside, fsynced, renamed, their folder fsynced."""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from petition.errors import Fault, FaultCode

PART = ".part"
"""Suffix of what is not finished, or not yet promised to anybody."""

LOCK = "lock"
LOCK_SECONDS = 30.0
"""A program that is frozen while it has the lock must not freeze the kiosk for longer."""
LOCK_LOOK_SECONDS = 0.005

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ROOM_BYTES = 64 * 1024
"""With less than this a database can't be opened: its index alone takes 32 KiB."""


@contextmanager
def storage_faults(what: str = "the state directory") -> Iterator[None]:
    """Turn what a disk can do to us into Fault(DISK_FULL or STATE_DIRECTORY_UNUSABLE)."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full() from error
        name = errno.errorcode.get(error.errno or 0, "unknown")
        raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, f"{what} can't be used ({name})") from error


def disk_full() -> Fault:
    """Return the fault of a disk without room."""
    return Fault(FaultCode.DISK_FULL, "the disk is full: free some space; what is waiting to be sent is safe")


def is_full(directory: Path) -> bool:
    """Tell whether a folder's disk has no room left; raises Fault(STATE_DIRECTORY_UNUSABLE)."""
    with storage_faults():
        disk = os.statvfs(directory)
    return disk.f_bavail * disk.f_frsize < _NO_ROOM_BYTES


def private_folder(path: Path) -> Path:
    """Make a folder only its owner may look into, and return it; raises Fault(STATE_DIRECTORY_UNUSABLE)."""
    with storage_faults():
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            fsync_folder(path.parent)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    return path


@contextmanager
def locked(directory: Path, *, wait: bool = True, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Keep other programs from making or setting aside the same state meanwhile.

    Waits so long for whoever has the lock, then raises Fault(STATE_DIRECTORY_UNUSABLE); without `wait` it raises
    BlockingIOError at once.
    """
    with storage_faults():
        descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = time.monotonic() + seconds
        while not _took(descriptor):
            if not wait:
                raise BlockingIOError
            if time.monotonic() >= end:
                raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "another program is at work there: try again")
            time.sleep(LOCK_LOOK_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _took(descriptor: int) -> bool:
    with storage_faults():
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def create(path: Path) -> int:
    """Return the descriptor of a new file of mode 0600, open for reading and writing; it must not exist yet."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: one write may take less than it was given."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def fsync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_part(path: Path, data: bytes) -> Path:
    """Write `path` + ".part" durably, name included, and return its path; nothing is left when it fails."""
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)
    descriptor = create(part)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
        fsync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    return part


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file as one step: after a power cut it holds the old bytes or the new ones, after return the new."""
    part = write_part(path, data)
    try:
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


def rename_durably(source: Path, target: Path) -> None:
    """Fsync a finished file, give it its final name, and make the name durable."""
    descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    source.rename(target)
    fsync_folder(target.parent)
