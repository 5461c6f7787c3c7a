"""What can be measured on the window itself: lifting (row 4), striking (9), looking around (10), a wipe (11)."""

import gc
import string
from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from kiosk.audit.ledger import Fault, Found, Measured
from kiosk.configuration import Keys
from petition.events import (
    ChoicePressed,
    CommandGiven,
    ControlReached,
    DigitsEdited,
    KeyReached,
    ScreenTouched,
    TextEdited,
)
from petition.screen import Screen
from ui.keyboard_plan import Does
from ui.look import Glass
from ui.widgets.keyboard_key import KeyboardKey
from ui.window import KioskWindow

LONGEST_STRIKE = Keys(double_strike_seconds=0.5).double_strike_seconds
"""Seconds: as late as a second press must be passed over where a hand needs it; the configuration can ask for it."""
SOONER, LATER = 0.45, 0.55
"""Seconds between two presses: the first an unsteady hand's, the second meant."""
HELD = 20


def strikes(screen: Screen, glass: Glass) -> Iterator[Found]:
    """Press a control twice, soon and later, and hold a key; yield how often each was taken."""
    posted: list[object] = []
    seconds = [100.0]
    window = KioskWindow(
        posted.append, glass, clock=lambda: seconds[0], reduced_motion=True, double_strike_seconds=LONGEST_STRIKE
    )
    window.show_screen(screen)
    controls = window.page.controls() if window.page is not None else []
    for name, pause, presses in (("sooner", SOONER, 1), ("later", LATER, 2)):
        del posted[:]
        seconds[0] += 10
        controls[0].click()
        seconds[0] += pause
        controls[0].click()
        label = f"presses taken of two, {pause} s apart"
        if len(posted) != presses:
            yield Fault(row=9, what=f"{label}: {len(posted)} instead of {presses} ({name})")
        at_most = presses == 1
        yield Measured(row=9, name=label, value=len(posted), limit=presses, at_most=at_most)
    del posted[:]
    for _ in range(HELD):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", autorep=True, count=1
        )
        QApplication.sendEvent(window, event)
    taken = [event for event in posted if not isinstance(event, ControlReached | ScreenTouched)]
    yield Measured(row=9, name=f"repeats of a held key taken, of {HELD}", value=len(taken), limit=0, at_most=True)
    discard(window)


def lifted(screen: Screen, glass: Glass) -> Iterator[Found]:
    """Press each control and lift beside it, then upon it; yield what acted too early, or though it was taken back."""
    posted: list[object] = []
    early = taken_back = 0
    for at in range(len(screen.buttons) + len(screen.footer)):
        window = KioskWindow(posted.append, glass, reduced_motion=True)
        window.show()
        window.show_screen(screen)
        controls = window.page.controls() if window.page is not None else []
        for control in [one for one in controls if isinstance(one.act, ChoicePressed | CommandGiven)][at : at + 1]:
            middle, beside = QPointF(control.rect().center()), QPointF(-50.0, -50.0)
            for ends in (beside, middle):
                del posted[:]
                _touch(control, QEvent.Type.MouseButtonPress, middle)
                early += control.act in posted
                _touch(control, QEvent.Type.MouseMove, ends)
                _touch(control, QEvent.Type.MouseButtonRelease, ends)
                taken_back += ends is beside and control.act in posted
                if ends is middle and control.act not in posted:
                    yield Fault(row=4, what=f"a touch does nothing on {control.text()}")
        discard(window)
    early_name = "presses that acted before the finger was lifted"
    yield Measured(row=4, name=early_name, value=early, limit=0, at_most=True)
    yield Measured(row=4, name="presses that were taken back and acted", value=taken_back, limit=0, at_most=True)


def _touch(widget: QWidget, kind: QEvent.Type, where: QPointF) -> None:
    """Do as the platform does for a finger: press, move, or lift at a point of a widget."""
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    everywhere = QPointF(widget.mapToGlobal(where.toPoint()))
    event = QMouseEvent(kind, where, everywhere, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def explored(screen: Screen, glass: Glass) -> Iterator[Found]:
    """Slide a finger over every key, and lift on the last; yield keys that said nothing, and what was typed when."""
    posted: list[object] = []
    window = KioskWindow(posted.append, glass, reduced_motion=True)
    window.show()
    window.show_screen(replace(screen, text="", digits=""))
    controls = window.page.controls() if window.page is not None else []
    keys = [one for one in controls if not isinstance(one.act, ChoicePressed | CommandGiven)]
    places = [QPointF(key.mapTo(window, key.rect().center())) for key in keys]
    _touch(window, QEvent.Type.MouseButtonPress, places[-1])
    for place in places:
        _touch(window, QEvent.Type.MouseMove, place)
    heard = {event.name for event in posted if isinstance(event, KeyReached)}
    silent = [key.accessibleName() for key in keys if key.accessibleName() not in heard]
    name = "keys that say nothing to a sliding finger"
    yield Measured(row=10, name=name, value=len(silent), limit=0, at_most=True, of=" ".join(silent))
    early = sum(isinstance(event, TextEdited | DigitsEdited) for event in posted)
    yield Measured(row=10, name="keys typed by a finger that only slid", value=early, limit=0, at_most=True)
    _touch(window, QEvent.Type.MouseMove, places[0])
    _touch(window, QEvent.Type.MouseButtonRelease, places[0])
    if isinstance(keys[0], KeyboardKey):  # digits that were looked for are typed with a tap
        typed = sum(isinstance(event, TextEdited) for event in posted) - early
        yield Measured(row=10, name="keys typed by lifting the finger from one", value=typed, limit=1)
    discard(window)


def by_one_finger(screen: Screen, glass: Glass) -> Iterator[Found]:
    """Press each key of the keyboard alone, then Shift before each; yield what only two at once would write."""
    posted: list[object] = []
    seconds = [100.0]
    window = KioskWindow(posted.append, glass, clock=lambda: seconds[0], reduced_motion=True)
    written: set[str] = set()
    letters = string.ascii_letters + string.digits
    for capitals in (False, True):
        window.wipe()
        window.show_screen(replace(screen, text=""))
        keys = [key for key in window.findChildren(KeyboardKey) if key.cap.does is Does.WRITE]
        for key in keys:
            shift = next(one for one in window.findChildren(KeyboardKey) if one.cap.does is Does.SHIFT)
            for pressed in (shift, key) if capitals else (key,):
                seconds[0] += 1
                pressed.click()
            written |= {event.text[-1:] for event in posted if isinstance(event, TextEdited)}
    missing = [letter for letter in letters if letter not in written]
    yield Measured(
        row=9,
        name="letters and digits that need two keys at once",
        value=len(missing),
        limit=0,
        at_most=True,
        of="".join(missing),
    )
    discard(window)


def wiped(window: KioskWindow) -> Iterator[Found]:
    """Wipe a window that shows something; yield what of it is still there."""
    board = QGuiApplication.clipboard()
    board.setText("left here", QClipboard.Mode.Clipboard)
    window.wipe()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    texts = [label.text() for label in window.findChildren(QLabel)]
    texts += [button.text() for button in window.findChildren(QAbstractButton)]
    texts += [window.windowTitle(), board.text(QClipboard.Mode.Clipboard)]
    left = [text for text in texts if text]
    yield Measured(row=11, name="texts the window holds after a wipe", value=len(left), limit=0, at_most=True)


def discard(window: KioskWindow) -> None:
    """Close a window and let go of it: no loop runs that would do it."""
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
