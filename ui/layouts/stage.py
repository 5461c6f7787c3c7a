"""What a layout builds on, and how much it may show: the rooms a page tries, from generous to tight."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from petition.ports import TypingEngine
from petition.screen import Screen
from ui.arrange import Part
from ui.look import Look
from ui.widgets.control import Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is shown when there is so much room. Nothing shrinks below body size; things step back instead.

    What steps back is still spoken and described.
    """

    header: bool = True
    """Seal, name, where one is, clock."""
    notes: bool = True
    """Second lines of answers."""
    body: bool = True
    """The line under the title."""
    title: str = "title"
    """Type role of the title."""
    whole: bool = True
    """Whether everything must stand on one page; else words and answers are paged."""
    icons: bool = True
    """Pictures of answers; their words stay."""
    gap: str = "m"
    caption_lines: int = 2


ROOMS = (
    Room(),
    Room(header=False),
    Room(header=False, notes=False),
    Room(header=False, notes=False, caption_lines=1),
    Room(header=False, notes=False, caption_lines=1, title="live", gap="key"),
    Room(header=False, notes=False, caption_lines=1, title="label", gap="key"),
    Room(header=False, notes=False, caption_lines=1, title="label", gap="key", whole=False),
    Room(header=False, notes=False, caption_lines=1, title="label", gap="key", whole=False, body=False),
    Room(header=False, notes=False, caption_lines=1, title="label", gap="key", whole=False, body=False, icons=False),
)


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
    engine: TypingEngine | None = None

    def wire(self, control: Control) -> None:
        """Let a control's press reach the window."""
        control.fired.connect(self.fired)


class Layout(Protocol):
    """What stands between heading and counter."""

    @property
    def body_in_heading(self) -> bool:
        """Whether the page shows the screen's body under the title; else the layout shows it."""

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the parts for a room; the page checks whether they fit."""

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
class TakesKeys(Protocol):
    """A layout that takes keys of a real keyboard before the window does."""

    def take_key(self, event: QKeyEvent) -> bool:
        """Return whether the key was used."""
