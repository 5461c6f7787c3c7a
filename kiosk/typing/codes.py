"""Codes into Hanzi, one character at a time: by strokes, for those who never learned pinyin, and by Cangjie's shapes.

After every key the characters that begin like this are shown: first what is finished, then the others, the commonest
first. So a character of thirteen strokes is there after three or four.

Not by librime, which shows the characters with the fewest keys left first, common or not: see decision 12. The
dictionaries and the counts of words are the distribution's; nothing is ever written.
"""

import ctypes
import heapq
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.typing.letters import text_of
from petition.ports import Composition, Method

ESSAY: Final = "essay.txt"
PAGE_SIZE: Final = 48
"""As many are told of at once; the keyboard shows what fits."""
FOUND_MOST: Final = 480
"""Nobody turns more pages than this; a stroke alone begins thousands of characters."""

RARE: Final = 5000
"""A character that is met less often in all words is known to few: 帰, or 冖, which is a part of others."""

_OPENCC: Final = "libopencc.so.1.1"
"""librime1 brings it."""
_AFTER_ALL_CODES: Final = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """A way of writing characters by codes."""

    method: Method
    keys: str
    """What a code is made of, one letter a key."""
    drawn: str
    """What each of them is shown as."""
    dictionary: str
    """The distribution's file of characters and codes."""
    before_rare: int
    """So many common characters stand before a rare one that is finished, so that it is seen, but not in their way."""


class CodesEngine:
    """A TypingEngine on one of the tables that `write_table` made; it is read when it is first typed with."""

    def __init__(self, codes: Codes, table: Path, *, page_size: int = PAGE_SIZE) -> None:
        self.methods = (codes.method,)
        self._codes, self._drawn = codes, str.maketrans(codes.keys, codes.drawn)
        self._path, self._page_size = table, page_size
        self._table: _Table | None = None
        self._code = ""
        self._found: tuple[str, ...] = ()
        self._page = 0

    def use(self, method: Method) -> Composition:  # noqa: ARG002 there is no other
        return self._composition()

    def press(self, key: str) -> Composition:
        if len(key) == 1 and key in self._codes.keys:
            return self._go_to(self._code + key)
        if not self._code:
            return Composition(committed=text_of(key))
        match key:
            case "backspace":
                return self._go_to(self._code[:-1])
            case "escape":
                return self.clear()
            case "space" | "enter":
                return self.choose(0)
            case _ if text := text_of(key):
                self._page = 0
                return Composition(committed=self.choose(0).committed + text)
        return self._composition()

    def choose(self, index: int) -> Composition:
        shown = self._composition().candidates
        if not 0 <= index < len(shown):
            return self._composition()
        self.clear()
        return Composition(committed=shown[index])

    def page(self, step: int) -> Composition:
        last = max(0, (len(self._found) - 1) // self._page_size)
        self._page = min(max(0, self._page + step), last)
        return self._composition()

    def clear(self) -> Composition:
        self._code, self._found, self._page = "", (), 0
        return Composition()

    def _go_to(self, code: str) -> Composition:
        """Compose these keys, unless nothing is written so: then nothing changes."""
        if self._table is None:
            self._table = _Table(self._path, self._codes)
        if found := self._table.find(code) if code else ():
            self._code, self._found, self._page = code, found, 0
        elif not code:
            return self.clear()
        return self._composition()

    def _composition(self) -> Composition:
        first = self._page * self._page_size
        return Composition(
            preedit=self._code.translate(self._drawn),
            candidates=self._found[first : first + self._page_size],
            page=self._page,
            last_page=first + self._page_size >= len(self._found),
        )


class _Table:
    """Every code in order, with its character and how common that is."""

    def __init__(self, path: Path, writing: Codes) -> None:
        self._first_key, self._before_rare = min(writing.keys), writing.before_rare
        codes, self._characters, counts = path.read_text(encoding="utf-8").split("\n")[:3]
        self._codes = codes.split()
        self._counts = [int(count) for count in counts.split()]

    def find(self, code: str) -> tuple[str, ...]:
        """Return what is written so: the finished characters, then those that go on, the commonest first."""
        start = bisect_left(self._codes, code)
        end = bisect_left(self._codes, code + _AFTER_ALL_CODES)
        finished = bisect_left(self._codes, code + self._first_key, start, end)
        whole = sorted(range(start, finished), key=self._counts.__getitem__, reverse=True)
        before = self._before_rare
        common = sum(self._counts[row] >= RARE for row in whole)
        others = heapq.nlargest(FOUND_MOST, range(finished, end), key=self._counts.__getitem__)
        rows = (*whole[:common], *others[:before], *whole[common:], *others[before:])
        return tuple(dict.fromkeys(self._characters[row] for row in rows))


def write_table(writing: Codes, shared: Path, path: Path, *, conversion: str) -> None:
    """Write the table of a way of writing and a script, from the distribution's dictionary.

    `conversion` is OpenCC's towards that script. Raises OSError when dictionary, counts or OpenCC are not installed,
    ValueError when they are not what they were.
    """
    codes = _codes(shared / writing.dictionary, writing.keys)
    characters = sorted(codes)
    own_form = dict(zip(characters, _convert(characters, conversion), strict=True))
    counts: Counter[str] = Counter()
    for character, count in _counts(shared / ESSAY).items():
        counts[own_form.get(character, character)] += count
    rows = sorted(
        # Who writes the other script's form gets this one's, behind what is written so in this script.
        (code, own_form[character], counts[character] if own_form[character] == character else 0)
        for character in characters
        for code in codes[character]
    )
    lines = (
        " ".join(code for code, _, _ in rows),
        "".join(character for _, character, _ in rows),
        " ".join(str(count) for _, _, count in rows),
    )
    path.write_text("\n".join(lines), encoding="utf-8")


def _codes(dictionary: Path, keys: str) -> dict[str, set[str]]:
    """Return how each character is written; those that no font need have are left out."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for character, code, *_ in _columns(dictionary):
        if len(character) == 1 and "\u4e00" <= character <= "\u9fff" and code.strip(keys) == "":
            found[character].add(code)
    if not found:
        raise ValueError(dictionary.name)
    return found


def _counts(essay: Path) -> Counter[str]:
    """Return how often each character is met in the words of a list of words with counts."""
    found: Counter[str] = Counter()
    for word, count, *_ in _columns(essay):
        for character in word if count.isdigit() else "":
            found[character] += int(count)
    return found


def _columns(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if len(columns := line.rstrip("\n").split("\t")) > 1:
                yield columns


def _convert(characters: Iterable[str], conversion: str) -> list[str]:
    """Return characters as a script writes them, by OpenCC."""
    opencc = ctypes.CDLL(_OPENCC)
    opencc.opencc_open.restype = ctypes.c_void_p
    opencc.opencc_convert_utf8.restype = ctypes.c_void_p
    opencc.opencc_convert_utf8.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)
    opencc.opencc_convert_utf8_free.argtypes = (ctypes.c_void_p,)
    opencc.opencc_close.argtypes = (ctypes.c_void_p,)
    handle = opencc.opencc_open(conversion.encode())
    if handle in (None, ctypes.c_void_p(-1).value):
        raise OSError(conversion)
    text = "\n".join(characters).encode()
    converted = opencc.opencc_convert_utf8(handle, text, len(text))
    found = ctypes.string_at(converted).decode().split("\n")
    opencc.opencc_convert_utf8_free(converted)
    opencc.opencc_close(handle)
    return found
