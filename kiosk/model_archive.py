"""A recognition model out of a zip archive: looked through before anything is written, unpacked aside, then kept.

An archive is somebody else's: names that leave the folder, links, doubles and sizes that don't fit are refused.
"""

import errno
import os
import re
import shutil
import stat
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO

from offline_queue.files import PART, create, fsync_folder, locked, private_folder, storage_faults, write_all
from petition.errors import Fault, FaultCode
from voice.models import NAME, looks_like_model

MOST_BYTES = 8 * 2**30
"""Unpacked; the largest public models have half of it."""
MOST_FILES = 10_000
MOST_DEPTH = 16
"""Folders in folders; models have three."""
SPARE_BYTES = 200 * 2**20
"""What must stay free for residents' petitions."""

OLD = ".old"
"""Suffix of a model that another of its name takes the place of."""
ETAG = ".etag"
"""Suffix of what a server calls this very content of a file; without, a download can't be gone on with."""
DOWNLOAD_KEPT_SECONDS = 7 * 86_400
"""So long a download that broke off waits to be gone on with."""

_PIECE_BYTES = 2**20
_NAMES_UNUSABLE = {errno.EEXIST, errno.EISDIR, errno.EILSEQ, errno.ENAMETOOLONG, errno.ENOTDIR}
_DOWNLOAD = re.compile(r"\.[0-9a-f]{16}\.zip(\.part|\.etag)?")
_UNSAFE = re.compile(r"[\\:\0]")

Progress = Callable[[int, int], None]
"""Told how many bytes are done, and of how many; 0 where nobody knows."""


def unpack(archive: Path, directory: Path, *, name: str, progress: Progress = lambda *_: None) -> Path:
    """Unpack the one model in a zip archive into `directory`, hidden as `.NAME.part`, and return that folder.

    The archive names the model; `name` is for one that doesn't. `keep` makes it an installed one, `discard` undoes it.
    Raises Fault(BAD_INPUT) for what is no zip, no model or not to be trusted, Fault(DISK_FULL) before anything is
    written where there is no room; nothing is left then.
    """
    with _archive_faults():
        zipped = zipfile.ZipFile(archive)
    with zipped:
        root, entries = _examine(zipped)
        called = root.name or name
        if not NAME.fullmatch(called):
            raise _bad("its model has a name that can't be used: letters, digits, dots and dashes can")
        require_room(directory, sum(entry.file_size for entry in entries.values()))
        with storage_faults("the folder of models"):
            return _write(zipped, entries, private_folder(directory) / f".{called}{PART}", progress)


def keep(unpacked: Path) -> Path:
    """Make an unpacked model an installed one, in place of one of the same name; return where it is."""
    name = unpacked.name.removeprefix(".").removesuffix(PART)
    place, earlier = unpacked.with_name(name), unpacked.with_name(f".{name}{OLD}")
    with storage_faults("the folder of models"):
        os.utime(unpacked)  # the one installed last is listened with
        try:
            if os.path.lexists(place):
                discard(earlier)
                place.rename(earlier)
            unpacked.rename(place)
        except BaseException:
            _put_back(earlier)
            raise
        fsync_folder(place.parent)
        discard(earlier)
    return place


def discard(unpacked: Path) -> None:
    """Take away what was unpacked, as far as it is there."""
    if unpacked.is_dir() and not unpacked.is_symlink():
        shutil.rmtree(unpacked, ignore_errors=True)
    else:
        with suppress(OSError):
            unpacked.unlink(missing_ok=True)


def restore(directory: Path) -> None:
    """Put back each model whose replacement a power cut stopped half way; nothing while another program installs."""
    if not directory.is_dir():
        return
    with suppress(OSError, Fault), locked(directory, wait=False):
        for earlier in directory.glob(f".*{OLD}"):
            _put_back(earlier)


def sweep(directory: Path) -> None:
    """Take away what stopped installations left: unpacked, replaced, or fetched and not gone on with for a week.

    The folder must be locked: everything hidden in it is nobody's then.
    """
    with storage_faults("the folder of models"):
        for left in [path for path in directory.iterdir() if path.name.startswith(".")]:
            if left.name.endswith(OLD):
                _put_back(left)
            if not _DOWNLOAD.fullmatch(left.name) or left.suffix == ".zip" or _is_stale(left):
                discard(left)


def _is_stale(download: Path) -> bool:
    """Tell whether a download, or its tag, can't be gone on with or nobody does."""
    part, mark = download.with_suffix(PART), download.with_suffix(ETAG)
    if not part.is_file() or not mark.is_file() or not mark.stat().st_size:
        return True
    return time.time() - part.stat().st_mtime > DOWNLOAD_KEPT_SECONDS


def _put_back(earlier: Path) -> None:
    place = earlier.with_name(earlier.name.removeprefix(".").removesuffix(OLD))
    if os.path.lexists(earlier) and not os.path.lexists(place):
        earlier.rename(place)
        fsync_folder(place.parent)


def require_room(directory: Path, more_bytes: int) -> None:
    """Raise Fault(DISK_FULL) unless the disk has room for so much and what residents need."""
    there = next(folder for folder in (directory, *directory.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < more_bytes + SPARE_BYTES:
        needed, left = -(-(more_bytes + SPARE_BYTES) // 2**20), free // 2**20
        raise Fault(FaultCode.DISK_FULL, f"{needed} MB must be free for this model, {left} MB are: free some space")


@contextmanager
def _archive_faults() -> Iterator[None]:
    """Turn what reading a zip archive can raise into Fault(BAD_INPUT)."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise _bad("it is no whole zip archive") from None
    except OSError as error:
        raise _bad(f"it can't be read ({errno.errorcode.get(error.errno or 0, 'unknown')})") from None


def _examine(zipped: zipfile.ZipFile) -> tuple[PurePosixPath, dict[PurePosixPath, zipfile.ZipInfo]]:
    """Return the folder in the archive that is the model, and its files by their place in it."""
    entries: dict[PurePosixPath, zipfile.ZipInfo] = {}
    if len(zipped.infolist()) > MOST_FILES:
        raise _bad("it has too many files for a model")
    for entry in zipped.infolist():
        if not entry.filename:
            raise _bad("something in it has no name")
        place = PurePosixPath(entry.filename)
        if _UNSAFE.search(entry.filename) or place.is_absolute() or ".." in place.parts:
            raise _bad("a name in it leads out of its folder")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise _bad("there is a link or device in it")
        if len(place.parts) > MOST_DEPTH:
            raise _bad("its folders lie too deep")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _bad("it is packed in an unusual way: pack it with deflate")
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
        descriptor = _create(folder / place)
        try:
            with _archive_faults():
                packed = zipped.open(entry)
            with packed:
                while piece := _read(packed):
                    write_all(descriptor, piece)
                    done += len(piece)
                    progress(done, whole)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    for inner in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        fsync_folder(inner)


def _create(target: Path) -> int:
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create(target)
    except UnicodeEncodeError:
        raise _bad("this machine can't write a name in it") from None
    except OSError as error:
        if error.errno in _NAMES_UNUSABLE:
            raise _bad("names in it clash, or are too long") from None
        raise


def _read(packed: IO[bytes]) -> bytes:
    with _archive_faults():
        return packed.read(_PIECE_BYTES)


def _require_model(folder: Path) -> None:
    if not looks_like_model(folder):
        raise _bad("it is no Vosk model: conf/mfcc.conf or its graph is missing")


def _bad(what: str) -> Fault:
    return Fault(FaultCode.BAD_INPUT, f"this archive can't be used: {what}")
