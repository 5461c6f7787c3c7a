"""Holds keys back until it is certain that a person typed them, and posts what a handheld scanner typed.

Keys are met where they come into the window, before anything on the page has them: a petition being written, an answer
that a digit would press. What is given on goes to whatever has the focus, as if it had come a moment later.
"""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from petition.scan import read_scan
from petition.wedge import Scanned, Typed, Wedge

MILLISECONDS = 1000
LATE_SECONDS = 0.01
TURN_MILLISECONDS = 5
NOTHING = "\0"
"""A key that types nothing."""
MODIFIERS = {
    *(Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta),
    *(Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock),
}
NAMED = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}
TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin})
COMMANDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class ScannerKeys(QObject):
    """What stands before a window's keys. `window` gets what was typed, `post` what was scanned."""

    def __init__(
        self,
        window: QWidget,
        wedge: Wedge[QKeyEvent],
        post: Callable[[object], None],
        clock: Callable[[], float],
        urgent: frozenset[int] = frozenset(),
    ) -> None:
        """`clock` is monotonic, in seconds; `urgent` are native scan codes that never wait."""
        super().__init__(window)
        self._window, self._wedge, self._post, self._clock = window, wedge, post, clock
        self._urgent = urgent
        self._due = 0.0
        self._waited_again = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)
        self._pause.timeout.connect(self._take_pause)

    def watch(self) -> None:
        """Stand before the keys of the window as it is shown now; to be called whenever it is shown."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def forget(self) -> None:
        """Drop what is held, and the rest of a code that is being scanned."""
        self._pause.stop()
        self._wedge.forget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt tells both)
        if event.type() in TOUCHES and self._wedge.holding:
            self._pause.stop()
            self._carry_out(self._wedge.pause())  # what was typed just before a touch is there when it counts
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.nativeScanCode() in self._urgent:
            return False
        if event.isAutoRepeat() and not self._wedge.holding:
            return False  # in a burst, it is a scanner's 00 within one millisecond: no finger holds a key so briefly
        key = _copy(event, QEvent.Type.KeyPress)
        certain = self._wedge.take(key, _character(event), self._seconds(event))
        passes = any(isinstance(outcome, Typed) and outcome.keys[0] is key for outcome in certain)
        self._carry_out(certain[:-1] if passes else certain)  # this one goes its own way
        if self._wedge.holding:
            patience = self._wedge.patience_seconds
            self._due = self._clock() + patience
            self._waited_again = False
            self._pause.start(round(patience * MILLISECONDS))
        else:
            self._pause.stop()
        return not passes

    def _seconds(self, event: QKeyEvent) -> float:
        """Return when a key went down: the system knows better than we, who may have been busy when it did."""
        return event.timestamp() / MILLISECONDS or self._clock()

    def _take_pause(self) -> None:
        if self._clock() - self._due > LATE_SECONDS and not self._waited_again:
            # We were busy: what was keyed meanwhile still waits to be taken.
            self._waited_again = True
            self._pause.start(TURN_MILLISECONDS)
            return
        self._carry_out(self._wedge.pause())

    def _carry_out(self, certain: Iterable[Typed[QKeyEvent] | Scanned]) -> None:
        for outcome in certain:
            match outcome:
                case Scanned(code=code):
                    self._post(read_scan(code))
                case Typed(keys=keys):
                    self._give_on(keys)

    def _give_on(self, keys: Iterable[QKeyEvent]) -> None:
        for key in keys:
            target = QApplication.focusWidget() or self._window
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, _copy(key, kind))


def _character(event: QKeyEvent) -> str:
    """Return what a key types, as the wedge wants it."""
    key = Qt.Key(event.key())
    if key in MODIFIERS:
        return ""
    if event.modifiers() & COMMANDING:
        return NOTHING
    return NAMED.get(key) or event.text() or NOTHING


def _copy(key: QKeyEvent, kind: QEvent.Type) -> QKeyEvent:
    made = QKeyEvent(
        kind,
        key.key(),
        key.modifiers(),
        key.nativeScanCode(),
        key.nativeVirtualKey(),
        key.nativeModifiers(),
        key.text(),
    )
    made.setTimestamp(key.timestamp())
    return made
