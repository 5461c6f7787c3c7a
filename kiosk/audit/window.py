"""What can be measured on the window itself: double strikes and held keys (row 9), what a wipe leaves (row 11)."""

import gc
from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from kiosk.audit.ledger import Fault, Found, Measured
from petition.events import ControlReached, ScreenTouched
from petition.screen import Screen
from ui.look import Glass
from ui.window import KioskWindow

SOONER, LATER = 0.1, 0.5
"""Seconds between two presses: the first an unsteady hand's, the second meant."""
HELD = 20


def strikes(screen: Screen, glass: Glass) -> Iterator[Found]:
    """Press a control twice, soon and later, and hold a key; yield how often each was taken."""
    posted: list[object] = []
    seconds = [100.0]
    window = KioskWindow(posted.append, glass, clock=lambda: seconds[0], reduced_motion=True)
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
