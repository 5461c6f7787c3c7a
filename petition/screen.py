"""What a screen shows, as data: derived from the state, rendered by the one view, audited by tests.

Nothing here is laid out or coloured; `ui/` decides where a layout puts its parts. Every text is in the visit's language.
"""

from dataclasses import dataclass
from enum import StrEnum

from petition.model import StageState
from petition.steps import Command, Input, Layout, Privacy


class CaptionState(StrEnum):
    """What the kiosk is doing, told at the left of the caption by icon and word."""

    SPEAKING = "speaking"
    WAITING = "waiting"
    RECORDING = "recording"
    PLAYING = "playing"
    WORKING = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The counter's first line: state word, then the sentence that is or was said."""

    state: CaptionState
    word: str
    """正在说, 请您选, 正在录 …"""
    text: str
    left_out: int = 0
    """So many characters of what is said stand on the sheet, and only as … here: from `Screen.spoken_from` on."""
    listening: bool = False
    """Whether the microphone is open; an ear shows it, always."""
    ear: str = ""
    """The same in words, for who can't see the ear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An answer on the paper."""

    id: str
    label: str
    note: str = ""
    icon: str = ""
    number: str = ""
    """The digit that presses it, or * and # where digits are the input."""
    primary: bool = False
    chosen: bool | None = None
    """For options: whether this one is in force; None for plain actions."""
    picture: str = ""
    """PICTURES: which one it is, for `ports.Viewfinder.picture`; "" for an answer in words."""
    face: float | None = None
    """-1 … 1: how the face looks that stands for this answer, where levels are chosen from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """One of the five buttons that are always there."""

    command: Command
    label: str
    icon: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of name and value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stage of the timeline."""

    name: str
    word: str
    on: str
    state: StageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """The receipt as it is shown."""

    number: str
    """In fours."""
    code: str
    """In threes."""
    url: str
    labels: tuple[tuple[str, str], ...]
    """Captions by role: number, code, scan, seal."""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Curtain:
    """What stands on a screen that shows nothing else."""

    text: str
    label: str
    """Of the button that opens it: `Command.SHOW_SCREEN`."""
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everything the view needs to draw one step."""

    step: str
    language: str
    size: str
    theme: str
    reach: str
    """usual, low or left: where what can be pressed stands."""
    layout: Layout
    takes: Input
    privacy: Privacy
    where: str
    """What somebody came for, for the header; "" on the welcome screen."""
    title: str
    body: str
    help: str
    """Shown under the title only after it was asked for; else ""."""
    caption: Caption
    buttons: tuple[Button, ...]
    footer: tuple[Footer, ...]
    icon: str = ""
    text: str = ""
    """SHEET: the petition's words; TYPE: the text so far; RECORD: the words made out so far."""
    unsure: int = 0
    """RECORD: how many of the last characters may still change."""
    digits: str = ""
    groups: tuple[int, ...] = ()
    """DIGITS: how the number is grouped."""
    masked: bool = False
    """DIGITS: whether only how many there are is shown, as dots."""
    recording_seconds: float = 0.0
    hint: str = ""
    """RECORD: how loud it is, in words."""
    facts: tuple[Fact, ...] = ()
    stops: tuple[Stop, ...] = ()
    slip: Slip | None = None
    seconds_left: int = 0
    seconds_total: int = 0
    service_name: str = ""
    """The desk's own name for the header: 社区诉求服务台."""
    alarm: bool = False
    """Whether the edge of the screen flashes, so that it is seen from afar that somebody is called here."""
    camera: str = ""
    """Where a camera looks: that it does, in words, beside its picture in the header; "" where none does."""
    picture: str = ""
    """PICTURE: which one is shown, for `ports.Viewfinder.picture`."""
    strokes: tuple[tuple[tuple[int, int], ...], ...] = ()
    """SIGN: what was drawn so far, as `events.Signed` brought it."""
    agent: str = ""
    """Who is signed in, in words, on a strip that is always there as long as they are; "" for nobody."""
    curtain: Curtain | None = None
    """Drawn over everything, where somebody only listens."""
    spoken_from: int = -1
    """Where the sheet's text begins in what is said, so that its words are marked there; -1 when it is not said."""
