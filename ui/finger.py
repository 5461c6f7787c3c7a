"""One finger on the glass: what it presses as it lifts, and what it comes to as it slides.

A tap presses what it meets. A finger that slides on, or rests on a key, looks around: what it comes to is told, so that
a keyboard can be learnt by ear; and the key it is on when it lifts is typed. Only keys are: a finger that slides from
one answer to another may be a hand that trembles, and what it chose so might be a petition sent, or wiped. Answers that
were looked for so are chosen with a tap.

Touch arrives as the left mouse button: Qt makes it so of the first finger, and no other counts.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QWidget

from ui.widgets.control import Control

REST_MILLISECONDS = 600
"""A finger that stays on a key for so long hears its name. It types the key all the same, and once: nothing repeats."""


class Finger(QObject):
    """Follows one finger over the controls of a widget; places are in its pixels."""

    def __init__(
        self,
        glass: QWidget,
        reach: Callable[[Control | None], None],
        clock: Callable[[], float],
        same_key_seconds: float,
    ) -> None:
        """`reach` is told what a finger that looks around has come to; None where nothing is, or when it has lifted.

        The same key again within `same_key_seconds` of the monotonic `clock` is not typed.
        """
        super().__init__(glass)
        self._glass, self._reach, self._clock, self._same_key_seconds = glass, reach, clock, same_key_seconds
        self._last_typed: Control | None = None
        self._typed_at = float("-inf")
        self._pressed: Control | None = None
        """What it met first."""
        self._over: Control | None = None
        self._down = self._looking = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MILLISECONDS)
        self._rest.timeout.connect(self._rested)

    @property
    def looks_at(self) -> Control | None:
        """What a finger that looks around is on."""
        return self._over if self._looking else None

    def press(self, place: QPoint) -> bool:
        """Come down; return whether there is something to press."""
        self.let_go()
        self._down = True
        self._pressed = self._found(place)
        self._come_to(self._pressed)
        return self._pressed is not None

    def move(self, place: QPoint) -> None:
        """Slide on; without a press before, nothing."""
        found = self._found(place)
        if not self._down or found is self._over:
            return
        self._come_to(found)
        self._looking = self._looking or found not in (None, self._pressed)
        if self._looking:
            self._reach(found)

    def lift(self, place: QPoint) -> None:
        """Type the key that it is on, or choose the answer that it has never left for another control."""
        self.move(place)
        control, meant = self._over, self._over is self._pressed and not self._looking
        self.let_go()
        if control is None or self._bounced(control):
            return
        if control.typed_on_lift or meant:
            control.click()

    def let_go(self) -> None:
        """Forget the finger: what it was on may be gone."""
        looked = self._looking
        self._come_to(None)
        self._pressed, self._down, self._looking = None, False, False
        if looked:
            self._reach(None)

    def _bounced(self, control: Control) -> bool:
        if not control.typed_on_lift:
            return False  # the window knows better: there is what came in an answer's place
        now, last, at = self._clock(), self._last_typed, self._typed_at
        self._last_typed, self._typed_at = control, now
        return control is last and now - at < self._same_key_seconds

    def _come_to(self, control: Control | None) -> None:
        self._rest.stop()
        if self._over is not None:
            self._over.setDown(False)
        self._over = control
        if control is not None:
            control.setDown(True)
            if control.told_at_rest and not self._looking:
                self._rest.start()

    def _rested(self) -> None:
        self._looking = True
        self._reach(self._over)

    def _found(self, place: QPoint) -> Control | None:
        widget = self._glass.childAt(place)
        while widget is not None and not isinstance(widget, Control):
            widget = widget.parentWidget()
        return widget if widget is not None and widget.isEnabled() else None
