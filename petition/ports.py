"""Doors between rooms: what one room needs of another, as Protocols of one to three methods.

The real thing and its fake pass the same contract tests. Nothing here is imported for its behaviour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from petition.model import Attachment

Post = Callable[[object], None]
"""The one door back to the main thread: takes an event, returns at once, may be called from any thread."""


class RecordingSink(Protocol):
    """Where encoded sound goes while it is being recorded."""

    def write(self, page: bytes) -> None:
        """Append one page of sound; it survives a power cut once this returns."""

    def close(self, seconds: float) -> Attachment:
        """End the recording and return what the draft may refer to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What is being typed and is not text yet, with the words it may become."""

    preedit: str = ""
    """The letters so far, cut into syllables ("lou dao deng"); empty when nothing is being composed."""
    candidates: tuple[str, ...] = ()
    """The words of the shown page, best first."""
    committed: str = ""
    """Text to insert now, before the preedit."""
    page: int = 0
    """The shown page, from 0."""
    last_page: bool = True


class TypingEngine(Protocol):
    """Turns keys into text: pinyin into Hanzi, or letters into letters. One thread uses it.

    What is composed is the engine's; what is committed is the caller's. So `backspace` while nothing is composed is the
    caller's to do in its own text, and the engine answers with an empty composition.
    """

    def press(self, key: str) -> Composition:
        """Take one key: `backspace`, `space`, `enter`, `escape`, or one character (a–z and ' compose). Never raises."""

    def choose(self, index: int) -> Composition:
        """Take a candidate of the shown page, from 0; an index that is not shown changes nothing."""

    def page(self, step: int) -> Composition:
        """Show another page of candidates, `step` pages on (1) or back (-1), as far as there are pages."""

    def clear(self) -> Composition:
        """Forget everything typed so far: the end of a visit."""
