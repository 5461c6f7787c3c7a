"""A recognition model out of a zip archive: looked through before anything is written, unpacked aside, then kept.

An archive is somebody else's: names that leave the folder, links, doubles and sizes that don't fit are refused.
"""

import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from offline_queue.files import PART, create, fsync_folder, private_folder, storage_faults, write_all
from petition.errors import Fault, FaultCode
from voice.models import NAME, looks_like_model

MOST_BYTES = 8 * 2**30
"""Unpacked; the largest public models have half of it."""
MOST_FILES = 10_000
SPARE_BYTES = 200 * 2**20
"""What must stay free for residents' petitions."""

_PIECE_BYTES = 2**20
_UNSAFE = re.compile(r"[\\:\0]")

Progress = Callable[[int, int], None]
"""Told how many bytes are done, and of how many; 0 where nobody knows."""


def unpack(archive: Path, directory: Path, *, name: str, progress: Progress = lambda *_: None) -> Path:
    """Unpack the one model in a zip archive into `directory`, hidden as `.NAME.part`, and return that folder.

    The archive names the model; `name` is for one that doesn't. `keep` makes it an installed one, `discard` undoes it.
    Raises Fault(BAD_INPUT) for what is no zip, no model or not to be trusted, Fault(DISK_FULL) before anything is
    written where there is no room; nothing is left then.
    """
    with storage_faults("the folder of models"):
        try:
            with zipfile.ZipFile(archive) as zipped:
                root, entries = _examine(zipped)
                called = root.name or name
                if not NAME.fullmatch(called):
                    raise _bad("its model has a name that can't be used: letters, digits, dots and dashes can")
                require_room(directory, sum(entry.file_size for entry in entries.values()))
                return _write(zipped, entries, private_folder(directory) / f".{called}{PART}", progress)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
            raise _bad("it is no whole zip archive") from None


def keep(unpacked: Path) -> Path:
    """Make an unpacked model an installed one, in place of one of the same name; return where it is."""
    name = unpacked.name.removeprefix(".").removesuffix(PART)
    place, earlier = unpacked.with_name(name), unpacked.with_name(f".{name}.old")
    with storage_faults("the folder of models"):
        discard(earlier)
        if place.exists():
            place.rename(earlier)
        os.utime(unpacked)  # the one installed last is listened with
        unpacked.rename(place)
        fsync_folder(place.parent)
        discard(earlier)
    return place


def discard(unpacked: Path) -> None:
    """Take away what was unpacked, as far as it is there."""
    shutil.rmtree(unpacked, ignore_errors=True)


def require_room(directory: Path, more_bytes: int) -> None:
    """Raise Fault(DISK_FULL) unless the disk has room for so much and what residents need."""
    there = next(folder for folder in (directory, *directory.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < more_bytes + SPARE_BYTES:
        needed, left = (more_bytes + SPARE_BYTES) // 2**20, free // 2**20
        raise Fault(FaultCode.DISK_FULL, f"{needed} MB must be free for this model, {left} MB are: free some space")


def _examine(zipped: zipfile.ZipFile) -> tuple[PurePosixPath, dict[PurePosixPath, zipfile.ZipInfo]]:
    """Return the folder in the archive that is the model, and its files by their place in it."""
    entries: dict[PurePosixPath, zipfile.ZipInfo] = {}
    if len(zipped.infolist()) > MOST_FILES:
        raise _bad("it has too many files for a model")
    for entry in zipped.infolist():
        place = PurePosixPath(entry.filename)
        if _UNSAFE.search(entry.filename) or place.is_absolute() or ".." in place.parts:
            raise _bad("a name in it leads out of its folder")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise _bad("there is a link or device in it")
        if entry.flag_bits & 1:
            raise _bad("it is locked with a password")
        if entry.is_dir():
            continue
        if place in entries:
            raise _bad("a name in it stands there twice")
        entries[place] = entry
    if sum(entry.file_size for entry in entries.values()) > MOST_BYTES:
        raise _bad("unpacked, it is too large for a model")
    roots = [place.parent.parent for place in entries if place.parts[-2:] == ("am", "final.mdl")]
    if len(roots) != 1:
        raise _bad("there is no Vosk model in it (am/final.mdl)" if not roots else "there is more than one model in it")
    root = roots[0]
    return root, {place.relative_to(root): entry for place, entry in entries.items() if place.is_relative_to(root)}


def _write(
    zipped: zipfile.ZipFile, entries: dict[PurePosixPath, zipfile.ZipInfo], folder: Path, progress: Progress
) -> Path:
    discard(folder)  # of an installation that was cut off
    try:
        folder.mkdir(mode=0o700)
        _write_files(zipped, entries, folder, progress)
        _require_model(folder)
    except BaseException:
        discard(folder)
        raise
    return folder


def _write_files(
    zipped: zipfile.ZipFile, entries: dict[PurePosixPath, zipfile.ZipInfo], folder: Path, progress: Progress
) -> None:
    whole, done = sum(entry.file_size for entry in entries.values()), 0
    for place, entry in entries.items():
        target = folder / place
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = create(target)
        try:
            with zipped.open(entry) as packed:
                while piece := packed.read(_PIECE_BYTES):
                    write_all(descriptor, piece)
                    done += len(piece)
                    progress(done, whole)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    for inner in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        fsync_folder(inner)


def _require_model(folder: Path) -> None:
    if not looks_like_model(folder):
        raise _bad("it is no Vosk model: conf/mfcc.conf or its graph is missing")


def _bad(what: str) -> Fault:
    return Fault(FaultCode.BAD_INPUT, f"this archive can't be used: {what}")
