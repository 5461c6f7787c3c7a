"""Tells a handheld scanner in keyboard mode from a person who types, by how fast keys come. No clock, no window system.

What comes without a pause is a burst, and what a burst is shows when its pause comes:

    1. A key that may begin a code is held back: any character, and Shift. Other keys pass at once, as does everything
       that does not begin like the scanner's prefix, where it has one.
    2. While something is held, every key is held, in its order: codes contain line ends and stranger keys.
    3. After a pause the burst is a scan when it has eight characters or more and after them the scanner's suffix, or
       ends in the digits of a slip, is a badge or a card's number. Else it was typed, and every key of it is given on,
       in order.
    4. Once eight characters have come like that it is a machine that types: it may falter, so the pause is longer.

A person's keys lie 60 ms apart and more, so each is held alone, for PATIENCE_SECONDS. Two or three that roll under the
fingers faster than that are given on together. Nobody types eight characters and Enter at that speed.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from petition.events import BadgeScanned, CardRead, ReceiptScanned
from petition.scan import read_scan

PAUSE_SECONDS = 0.035
"""Keys further apart than this are not of one burst. Scanners leave 0 to 20 ms."""
PATIENCE_SECONDS = 0.045
"""So long after a key no other came, and the pause is certain: keys that are late on their way are waited for."""
MACHINE_PAUSE_SECONDS, MACHINE_PATIENCE_SECONDS = 0.15, 0.16
"""The same once no person can be typing: a busy computer or a weak radio may hold a scanner up."""
LEAST_CHARACTERS = 8
MOST_KEYS = 8192
"""More than fits into any code, with a Shift for some: what goes on longer is no scan, and memory has an end."""
PREFIX_CHARACTERS = 4
LINE_ENDS = {"\n": "\r"}

Key = TypeVar("Key")


class Suffix(StrEnum):
    """The key that a scanner ends a code with."""

    ENTER = "enter"
    TAB = "tab"
    EITHER = "either"
    NONE = "none"
    """It ends with the last character: then everything typed that fast is a scan."""


_ENDS = {
    Suffix.ENTER: frozenset("\r"),
    Suffix.TAB: frozenset("\t"),
    Suffix.EITHER: frozenset("\r\t"),
    Suffix.NONE: frozenset[str](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(Generic[Key]):
    """Somebody typed these keys: give them on, in this order."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A scanner typed this; it goes nowhere else."""

    code: str = field(repr=False)


class Wedge(Generic[Key]):
    """What stands between the keyboard and whoever wants its keys.

    `Key` is what the owner calls a key; it comes back as it was given. The owner has the clock: after each key that
    leaves something held it waits for `patience_seconds`, and calls `pause` when no other came.
    """

    def __init__(self, *, prefix: str = "", suffix: Suffix = Suffix.EITHER) -> None:
        """`prefix` is what the scanner types before each code: with one, no other typing is ever held back."""
        self._prefix, self._suffix = prefix, suffix
        self._keys: list[Key] = []
        self._characters: list[str] = []
        self._last = float("-inf")
        self._dropping_seconds = 0.0
        """While a burst is dropped, the pause that ends it; else 0."""

    @property
    def holding(self) -> bool:
        """Whether keys are held that `pause` will give back."""
        return bool(self._keys)

    @property
    def patience_seconds(self) -> float:
        """How long to wait for another key before it is a pause."""
        return PATIENCE_SECONDS if len(self._keys) < LEAST_CHARACTERS else MACHINE_PATIENCE_SECONDS

    def take(self, key: Key, character: str, seconds: float) -> tuple[Typed[Key] | Scanned, ...]:
        """Take a key that went down at a time, and return what has become certain by it, in order.

        `character` is what it types: "" for Shift and its like, a control character for a key that types nothing.
        `seconds` may count from anything.
        """
        gap, self._last = seconds - self._last, seconds
        if self._dropping_seconds and 0 <= gap <= self._dropping_seconds:
            return ()
        self._dropping_seconds = 0.0
        in_burst = 0 <= gap <= self._pause_seconds()
        certain = () if in_burst and len(self._keys) < MOST_KEYS else self.pause()
        if not self._keys and not self._may_begin(character):
            return (*certain, Typed(keys=(key,)))
        self._keys.append(key)
        self._characters.append(LINE_ENDS.get(character, character))
        return certain

    def pause(self) -> tuple[Typed[Key] | Scanned, ...]:
        """Return what the burst was that has ended."""
        keys, text = tuple(self._keys), "".join(self._characters)
        self._keys.clear()
        self._characters.clear()
        if not keys:
            return ()
        code = self._code_in(text)
        return (Typed(keys=keys),) if code is None else (Scanned(code=code.strip()),)

    def forget(self) -> None:
        """Drop what is held, and what is still to come of the same burst: whoever scans now is not the next visitor."""
        if self._keys:
            self._dropping_seconds = self._pause_seconds()
        self._keys.clear()
        self._characters.clear()

    def _may_begin(self, character: str) -> bool:
        if not character:
            return True
        return character.isprintable() and self._prefix[:1] in {"", character}

    def _pause_seconds(self) -> float:
        return PAUSE_SECONDS if len(self._keys) < LEAST_CHARACTERS else MACHINE_PAUSE_SECONDS

    def _code_in(self, text: str) -> str | None:
        """Return the code that was scanned, None when a person or another machine typed this."""
        if not text.startswith(self._prefix):
            return None
        text, characters = text.removeprefix(self._prefix), 0
        for place, character in enumerate(text):
            if characters >= LEAST_CHARACTERS and character in _ENDS[self._suffix]:
                return text[:place]
            characters += character.isprintable()
        enough = characters >= LEAST_CHARACTERS
        unmarked = self._suffix is Suffix.NONE or isinstance(read_scan(text), ReceiptScanned | BadgeScanned | CardRead)
        return text if enough and unmarked else None
