"""Looks for a sentence and a sound wherever a program can leave them: every spelling of them, in every place.

A needle is one spelling of one stretch of what is looked for, long enough to stand nowhere by chance.
"""

import base64
import html
import os
import re
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pypinyin import Style, lazy_pinyin

from voice.pronunciation import segments

Samples = npt.NDArray[np.int16]

CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030")
URL_SAFE = bytes.maketrans(b"+/", b"-_")
WINDOW_SAMPLES = 48
WINDOWS = 6
LOUD = 1000
SLICE_BYTES = 48
PIECE_BYTES = 1 << 22
"""So much of a process's memory is read at once."""
LONGEST_BYTES = 1 << 10
"""No needle is longer."""
START_BYTES = 8
"""No needle is shorter; all those that begin alike are looked at together."""
SOME_PLACES = 1 << 18


@dataclass(frozen=True, slots=True)
class Needle:
    """One spelling of a stretch of what is looked for."""

    spelling: str
    raw: bytes


def needles_of_text(stretches: Iterable[str]) -> Iterator[Needle]:
    """Yield every spelling of each stretch of hanzi (three words and more)."""
    for stretch in stretches:
        for charset in CHARSETS:
            raw = stretch.encode(charset)
            yield Needle(charset, raw)
            yield from _in_base64(charset, raw)
        yield from needles_of_letters((_escaped(stretch),), "escapes")
        yield Needle("percent", urllib.parse.quote(stretch).encode())
        yield Needle("hex", stretch.encode().hex().encode())
        yield Needle("entities", html.escape(stretch).encode("ascii", "xmlcharrefreplace"))
        yield from needles_of_letters(_pinyin(stretch), "pinyin")


def needles_of_letters(stretches: Iterable[str], spelling: str) -> Iterator[Needle]:
    """Yield letters as they are typed: as bytes and as what Qt and X11 hold."""
    for letters in stretches:
        for charset in ("utf-8", "utf-16-le"):
            yield Needle(f"{spelling} in {charset}", letters.encode(charset))
        yield from _in_base64(spelling, letters.encode())


def needles_of_words(words: Sequence[str]) -> Iterator[Needle]:
    """Yield words as a recogniser gives them, with spaces between them."""
    spaced = " ".join(words)
    for charset in CHARSETS:
        yield Needle(f"words in {charset}", spaced.encode(charset))
        yield from _in_base64(f"words in {charset}", spaced.encode(charset))
    yield from needles_of_letters((" ".join(map(_escaped, words)),), "words as escapes")


def needles_of_word_numbers(numbers: Sequence[int]) -> Iterator[Needle]:
    """Yield words (four and more, or they stand anywhere) as a recogniser holds them: by their number in its lexicon."""
    yield Needle("word numbers", np.array(numbers, dtype="<i4").tobytes())


def needles_of_samples(samples: Samples, spelling: str = "samples") -> Iterator[Needle]:
    """Yield the loudest short windows of a sound, spread over it, as programs hold samples."""
    part = len(samples) // WINDOWS
    for start in range(0, part * WINDOWS, part):
        energy = np.convolve(np.abs(samples[start : start + part].astype(np.float64)), np.ones(WINDOW_SAMPLES), "valid")
        first = start + int(np.argmax(energy))
        window = samples[first : first + WINDOW_SAMPLES]
        if np.abs(window.astype(np.int32)).max() < LOUD:
            continue  # a rest between words is like any other
        yield Needle(f"{spelling} s16le", window.astype("<i2").tobytes())
        yield Needle(f"{spelling} s16be", window.astype(">i2").tobytes())
        yield Needle(
            f"{spelling} f32le", (window / np.float32(32768)).astype("<f4").tobytes()[2:]
        )  # not from its zeros
        yield Needle(f"{spelling} f32le as they are", window.astype("<f4").tobytes()[2:])
        yield from _in_base64(spelling, window.astype("<i2").tobytes())


def needles_of_bytes(encoded: bytes, spelling: str) -> Iterator[Needle]:
    """Yield slices of encoded sound."""
    part = len(encoded) // (WINDOWS + 1)
    for start in range(part, part * (WINDOWS + 1), part):
        slice_ = encoded[start : start + SLICE_BYTES]
        yield Needle(spelling, slice_)
        yield Needle(f"{spelling} in hex", slice_.hex().encode())
        yield from _in_base64(spelling, slice_)


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in text)


def _pinyin(text: str) -> set[str]:
    """Return how letters can spell it: plain, with tone numbers, with tone marks, apart or together."""
    spoken = "".join(segment.text for segment in segments(text, "cmn"))
    rows = [re.findall(r"[a-zü:]+[1-5]?", spoken)]
    rows += [lazy_pinyin(text, style=style) for style in (Style.NORMAL, Style.TONE, Style.TONE2, Style.TONE3)]
    rows.append(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True))
    return {glue.join(row) for row in rows for glue in ("", " ", "'")}


def _in_base64(what: str, raw: bytes) -> Iterator[Needle]:
    """Yield what is the same of base64 wherever the bytes stand in it."""
    for before, dropped in ((0, 0), (1, 2), (2, 3)):
        whole = raw[: (len(raw) + before) // 3 * 3 - before]
        text = base64.b64encode(bytes(before) + whole)[dropped:]
        yield Needle(f"{what} in base64", text)
        if text != (other := text.translate(URL_SAFE)):
            yield Needle(f"{what} in base64", other)


# --- where it may be ------------------------------------------------------------------------------------------------


class Needles:
    """Many needles, looked for in one go: numpy picks the places where one may begin, which are few."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._by_start: dict[bytes, list[Needle]] = {}
        for needle in set(needles):
            self._by_start.setdefault(needle.raw[:START_BYTES], []).append(needle)
        starts = np.frombuffer(b"".join(self._by_start), dtype=np.uint8).reshape(-1, START_BYTES)
        self._may_begin = np.zeros(1 << 16, dtype=bool)
        self._may_begin[starts[:, :2].copy().view("<u2").ravel()] = True
        self._starts = np.unique(starts.copy().view("<u8"))

    def counted(self, raw: bytes) -> Counter[str]:
        """Return how often each spelling stands in some bytes."""
        counts: Counter[str] = Counter()
        for place in self._places(np.frombuffer(raw, dtype=np.uint8)):
            for needle in self._by_start[raw[place : place + START_BYTES]]:
                if raw.startswith(needle.raw, place):
                    counts[needle.spelling] += 1
        return counts

    def spellings(self, raw: bytes) -> set[str]:
        """Return the spellings that stand in some bytes."""
        return set(self.counted(raw))

    def _places(self, raw: npt.NDArray[np.uint8]) -> list[int]:
        if len(raw) < START_BYTES:
            return []
        last = len(raw) - START_BYTES
        pairs = raw[:-1].astype(np.uint16) | (raw[1:].astype(np.uint16) << 8)
        likely = np.flatnonzero(self._may_begin[pairs[: last + 1]])
        found: list[int] = []
        for some in np.array_split(likely, len(likely) // SOME_PLACES + 1):
            begins = raw[some[:, None] + np.arange(START_BYTES)].view("<u8").ravel()
            found += some[np.isin(begins, self._starts)].tolist()
        return found


def found_in_files(folders: Iterable[Path], needles: Needles, *, since: float = 0.0) -> dict[str, set[str]]:
    """Return the spellings by file, its name included, of files that were changed since a time.

    The folders of other tests' runs (pytest-of-…) are passed over unless they are asked for by name.
    """
    found: dict[str, set[str]] = {}
    for path in _changed_files(folders, since):
        spellings = needles.spellings(os.fsencode(path)) | needles.spellings(_read(path))
        if spellings:
            found[str(path)] = spellings
    return found


def _changed_files(folders: Iterable[Path], since: float) -> Iterator[Path]:
    waiting = [str(folder) for folder in folders]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue  # gone, or not ours to look into
        for entry in entries:
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith("pytest-of-"):
                        waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime >= since:
                    yield Path(entry.path)


def family(process_id: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    members = [process_id]
    for member in members:
        members += [child for child, parent in parents.items() if parent == member]
    return members


def called(process_ids: Iterable[int], name: str) -> list[int]:
    """Return the processes whose command line has a name in it."""
    return [id_ for id_ in process_ids if name in _read(Path("/proc", str(id_), "cmdline")).decode()]


def found_around(process_ids: Iterable[int], needles: Needles) -> dict[str, set[str]]:
    """Return the spellings in arguments, environments and files that are open but have no name any more."""
    found: dict[str, set[str]] = {}
    for process in (Path("/proc", str(id_)) for id_ in process_ids):
        for what in ("cmdline", "environ", "comm"):
            if spellings := needles.spellings(_read(process / what)):
                found[f"{what} of {process.name}"] = spellings
        try:
            nameless = [link for link in (process / "fd").iterdir() if _nameless(link)]
        except OSError:
            continue
        for link in nameless:
            if spellings := needles.spellings(_read(link)):
                found[f"nameless file of {process.name}"] = spellings
    return found


def _nameless(link: Path) -> bool:
    try:
        return str(link.readlink()).endswith(" (deleted)") and link.is_file()
    except OSError:
        return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def found_in_memory(process_id: int, needles: Needles) -> Counter[str]:
    """Return how often each spelling stands in what a process can write to, nothing when it has ended.

    Raises PermissionError where looking in is not allowed.
    """
    counts: Counter[str] = Counter()
    process = Path("/proc", str(process_id))
    with suppress(FileNotFoundError, ProcessLookupError), (process / "mem").open("rb", buffering=0) as memory:
        for start, end in _writable(process):
            for first in range(start, end, PIECE_BYTES):
                memory.seek(first)
                with suppress(OSError):  # a mapping of a device
                    counts += needles.counted(memory.read(min(PIECE_BYTES + LONGEST_BYTES, end - first)))
    return counts


def _writable(process: Path) -> list[tuple[int, int]]:
    rows = (process / "maps").read_text().splitlines()
    marked = [re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", row) for row in rows if "[v" not in row]
    return [(int(row[1], 16), int(row[2], 16)) for row in marked if row]
