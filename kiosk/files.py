"""Opening files that somebody names, without waiting for what is none."""

import os
import stat
from pathlib import Path
from typing import BinaryIO


class NoFileError(OSError):
    """A pipe, a device or the like stands where a file should: reading it might never end."""


def open_file(path: Path) -> tuple[BinaryIO, int]:
    """Return a file, open to be read, and its length in bytes; raises OSError, NoFileError for pipes and devices."""
    file = open(path, "rb", opener=_at_once)  # noqa: SIM115 - the caller closes it; Path.open has no opener
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        file.close()
        raise NoFileError(0, "it is a pipe or a device, not a file")
    return file, found.st_size


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe nobody writes to would be waited for
