"""What a layout builds on, and how much it may show: the rooms a page tries, from generous to tight."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from petition.ports import Viewfinder
from petition.screen import Screen
from ui.arrange import Column, Part, column, sharing
from ui.keyboard import Typing
from ui.look import Look
from ui.widgets.control import Control

LOW, LEFT = "low", "left"
"""Values of `Screen.reach` that move things; any other leaves them where they usually stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is shown when there is so much room. Nothing shrinks below body size; things step back instead.

    What steps back is still spoken and described.
    """

    header: bool = True
    """Seal, name, where one is, clock on a line of their own. Else the last two stand beside the title, if they can."""
    notes: bool = True
    """Second lines of answers."""
    body: bool = True
    """The line under the title."""
    title: str = "title"
    """Type role of the title."""
    whole: bool = True
    """Whether everything must stand on one page; else words and answers are paged."""
    title_with_help: bool = True
    """Whether the title stays while the help is shown under it."""
    icons: bool = True
    """Pictures of answers; their words stay."""
    gap: str = "m"
    caption_lines: int = 2


_GENEROUS = Room()
_BARE = replace(_GENEROUS, header=False)
_BRIEF = replace(_BARE, notes=False)
_LOW = replace(_BRIEF, caption_lines=1)
_TIGHT = replace(_LOW, title="live", gap="key")
_TIGHTER = replace(_TIGHT, title="label")
_TERSE = replace(_TIGHTER, whole=False, body=False)
_WORDS_ONLY = replace(_TERSE, icons=False)
_WHOLE = (_GENEROUS, _BARE, _BRIEF, _LOW, _TIGHT, _TIGHTER)
_PAGED = tuple(replace(room, whole=False) for room in _WHOLE)
_LAST = (_TERSE, _WORDS_ONLY, replace(_WORDS_ONLY, title_with_help=False))
ROOMS = (*_WHOLE, *_PAGED, *_LAST)
"""From the most generous to the tightest. Words that are too long even for the tightest get pages in a generous one."""


def in_fewer_words(room: Room) -> tuple[Room, ...]:
    """Return a room, and the same without the second lines of answers: these step back before the header does.

    For answers with nothing but the title above them, which leave room there that they can't use.
    """
    return (room, replace(room, notes=False)) if room.notes else (room,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The page a layout puts its widgets on, and the ways back to it."""

    paper: QWidget
    look: Look
    screen: Screen
    fired: SignalInstance
    """Takes what a pressed control stands for, or an event."""
    rearrange: Callable[[], None]
    """Ask for the parts to be placed again."""
    typing: Typing
    viewfinder: Viewfinder
    """What pictures come from."""

    def wire(self, control: Control) -> None:
        """Let a control's press reach the window."""
        control.fired.connect(self.fired)

    @property
    def left(self) -> bool:
        """Whether what is pressed stands at the left, where it can."""
        return self.screen.reach == LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A layout in two: what is read stands above, what is pressed below."""

    words: Part
    hands: Part

    def stacked(self, gap: int) -> Column:
        """Return one above the other; the words take all room that is left."""
        return column(sharing(self.words, 1), sharing(self.hands, 0), gap=gap)


class Layout(Protocol):
    """What stands between heading and counter."""

    @property
    def body_in_heading(self) -> bool:
        """Whether the page shows the screen's body under the title; else the layout shows it."""

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the parts for a room; the page checks whether they fit."""

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:
        """Return the parts for a room, what is pressed apart from what is read.

        `height` is for both, of which what is pressed takes at most the `reach` lowest pixels, where that can be.
        """

    def renew(self, screen: Screen) -> bool:
        """Take a screen of the same structure; return whether parts must be placed again."""


@runtime_checkable
class MarksWords(Protocol):
    """A layout on whose sheet the word being said can be marked."""

    def mark(self, start: int, length: int) -> None:
        """Mark a stretch of the sheet's text."""


@runtime_checkable
class ShowsLevel(Protocol):
    """A layout that shows how loud it is."""

    def hear(self, level: float) -> None:
        """Show one more level, 0 … 1."""


@runtime_checkable
class ShowsPictures(Protocol):
    """A layout that shows pictures, and asks for them as long as somebody can see them."""

    def look_on(self, *, seen: bool) -> None:
        """Say whether anybody can."""


@runtime_checkable
class Forgets(Protocol):
    """A layout that shows what is not in any text: pictures, a signature."""

    def forget(self) -> None:
        """Let go of it for good: the page is thrown away."""


@runtime_checkable
class TakesKeys(Protocol):
    """A layout that takes keys of a real keyboard before the window does."""

    def take_key(self, event: QKeyEvent) -> bool:
        """Return whether the key was used."""


@runtime_checkable
class Settles(Protocol):
    """A layout with something half done that must be finished before anything else is."""

    def settle(self) -> None:
        """Finish it."""
