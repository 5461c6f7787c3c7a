"""Doors between rooms: what one room needs of another, as Protocols of one to three methods.

The real thing and its fake pass the same contract tests. Nothing here is imported for its behaviour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from petition.model import Attachment

if TYPE_CHECKING:  # the processes that hear and speak come by here, and need no script
    from petition.slip import PaperReceipt

Post = Callable[[object], None]
"""The one door back to the main thread: takes an event, returns at once, may be called from any thread."""


class RecordingSink(Protocol):
    """Where encoded sound goes while it is being recorded."""

    def write(self, page: bytes) -> None:
        """Append one page of sound; it survives a power cut once this returns."""

    def close(self, seconds: float) -> Attachment:
        """End the recording and return what the draft may refer to."""


class Method(StrEnum):
    """A way of writing Chinese with keys."""

    PINYIN = "pinyin"
    """By sound: a–z and '."""
    STROKES = "strokes"
    """By hand: h 横 一, s 竖 丨, p 撇 丿, n 点 丶, z 折 乛, in the order they are written."""
    ZHUYIN = "zhuyin"
    """By sound, as taught in Taiwan: the 37 signs ㄅ to ㄩ, and ˊ ˇ ˋ ˙ for the tones. The space key is the first tone while
    the last syllable has none."""
    CANGJIE = "cangjie"
    """By shape: a 日, b 月, c 金 … y 卜, up to five for a character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What is being typed and is not text yet, with the words it may become."""

    preedit: str = ""
    """The letters so far, cut into syllables ("lou dao deng", "ㄌㄡˊ ㄉㄠˋ ㄉㄥ"), the strokes ("一丨丿丶") or the shapes
    ("木中中女"); empty when nothing is being composed."""
    candidates: tuple[str, ...] = ()
    """The words of the shown page, best first."""
    committed: str = ""
    """Text to insert now, before the preedit."""
    page: int = 0
    """The shown page, from 0."""
    last_page: bool = True


class TypingEngine(Protocol):
    """Turns keys into text: sounds, strokes or shapes into Hanzi, or letters into letters. One thread uses it.

    What is composed is the engine's; what is committed is the caller's. So `backspace` while nothing is composed is the
    caller's to do in its own text, and the engine answers with an empty composition.
    """

    @property
    def methods(self) -> tuple[Method, ...]:
        """The ways of writing there are, the one in use first. Without dictionaries pinyin is letters as they are."""

    def use(self, method: Method) -> Composition:
        """Write in this way from now on, if there is it; what was being composed becomes text first."""

    def press(self, key: str) -> Composition:
        """Take one key: `backspace`, `space`, `enter`, `escape`, or one character. Never raises.

        What composes stands with each `Method`. A stroke or shape that no character goes on with is not taken.
        """

    def choose(self, index: int) -> Composition:
        """Take a candidate of the shown page, from 0; an index that is not shown changes nothing."""

    def page(self, step: int) -> Composition:
        """Show another page of candidates, `step` pages on (1) or back (-1), as far as there are pages."""

    def clear(self) -> Composition:
        """Forget everything typed so far, and which way of writing was in use: the end of a visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A picture as it is shown: rows of red, green, blue, a byte each, without gaps."""

    width_px: int
    height_px: int
    rgb: bytes
    """width × height × 3 bytes."""


class Viewfinder(Protocol):
    """What there is to see while pictures are taken; asked from the main thread, never waits."""

    def live(self) -> Frame | None:
        """What the camera sees now, mirrored for nobody, at most 960 × 720; None while it sees nothing."""

    def picture(self, id_: str) -> Frame | None:
        """A picture that was taken in this visit or is on the stick, by its id, at most 960 × 720.

        None while it is not ready: whoever shows it asks again a little later.
        """


class PrinterState(StrEnum):
    """How a printer is, as far as it says."""

    READY = "ready"
    PAPER_LOW = "paper-low"
    """It prints, and its paper will end soon."""
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    OFFLINE = "offline"
    """It does not answer, or was switched off or stopped by somebody."""
    UNKNOWN = "unknown"
    """Something is the matter, or nobody knows: somebody has to look at it."""


class PrintOutcome(StrEnum):
    """What became of a slip."""

    PRINTED = "printed"
    NOT_PRINTED = "not-printed"
    """Nothing reached the printer, and nothing will come out by itself."""
    UNKNOWN = "unknown"
    """Part of it or all of it may have come out: only eyes can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterChanged:
    """The printer is otherwise than it was."""

    state: PrinterState


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintEnded:
    """A slip is done with; nothing of it is tried again."""

    job: str
    """The name it was handed over with."""
    outcome: PrintOutcome
    state: PrinterState
    """How the printer was at the end: why it did not print."""


class Printer(Protocol):
    """Prints slips, one after the other, on a thread of its own.

    It posts PrinterChanged as its state changes, and PrintEnded once for every slip. It never prints one twice.
    """

    def print_slip(self, slip: "PaperReceipt", job: str) -> None:
        """Take a slip and return at once; `job` is the caller's own name for it."""

    def look(self) -> None:
        """Find out how the printer is, and post it as PrinterChanged; returns at once."""

    def close(self) -> None:
        """End the thread; a slip that is being printed is withdrawn as far as it can be."""
