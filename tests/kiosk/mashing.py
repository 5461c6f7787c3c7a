"""Hands that press whatever there is: keys, answers, places on the glass, in no order at all."""

from pathlib import Path
from random import Random

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.kiosk.visitor import Visitor
from ui.widgets.foot import Foot

LEFT = Qt.MouseButton.LeftButton
KEYS = (
    *(Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up),
    *(Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_F1),
    *(Qt.Key.Key_F4, Qt.Key.Key_F11, Qt.Key.Key_VolumeUp, Qt.Key.Key_VolumeDown, Qt.Key.Key_Backspace),
    *(Qt.Key.Key_Delete, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Insert, Qt.Key.Key_Menu),
    *(Qt.Key.Key_Back, Qt.Key.Key_Select, Qt.Key.Key_CapsLock, Qt.Key.Key_Shift),
)
LETTERS = "0123456789*#abcdefghijklmnopqrstuvwxyz-=,.;'"
MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
APART_SECONDS = 0.4
"""Longer than the guard against double strikes, which would take most of it."""
PAGE_BYTES = 4096
MOST_GROWTH_BYTES = 64 * 1024 * 1024
"""In a thousand presses, after a thousand that have filled every cache of fonts and words."""


def mash(visitor: Visitor, chance: Random, presses: int) -> None:
    """Press so many times, with a clock that lets every press count."""
    window = visitor.app.window
    clock = Hurried()
    window._clock = clock
    for _ in range(presses):
        clock.seconds += APART_SECONDS
        _press(window, visitor, chance)
        QApplication.processEvents()
    clock.seconds += APART_SECONDS


class Hurried:
    """A clock that goes on with every press."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def _press(window: QWidget, visitor: Visitor, chance: Random) -> None:
    controls = visitor.page.controls()
    answers = [control for control in controls if not isinstance(control, Foot)]
    match chance.choices(("key", "letter", "chord", "answer", "place", "twice"), (12, 18, 3, 57, 7, 3))[0]:
        case "key":
            QTest.keyClick(window, chance.choice(KEYS))
        case "letter":
            QTest.keyClicks(window, chance.choice(LETTERS))
        case "chord":
            QTest.keyClick(window, chance.choice(KEYS), chance.choice(MODIFIERS))
        case "answer":
            QTest.mouseClick(chance.choice(answers if answers and chance.random() < 0.85 else controls), LEFT)
        case "place":
            place = QPoint(chance.randrange(window.width()), chance.randrange(window.height()))
            there = window.childAt(place) or window
            QTest.mouseClick(there, LEFT, pos=there.mapFrom(window, place))
        case _:
            QTest.mouseDClick(chance.choice(controls), LEFT)


def resident_bytes() -> int:
    """Return how much memory this process holds."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE_BYTES
