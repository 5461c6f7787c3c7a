"""The door to the main thread: events from anywhere come through it one after the other; and its timers."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimerEvent, Signal

from petition.events import TimerElapsed

MILLISECONDS = 1000


class Bridge(QObject):
    """Brings events to `handle` on the thread the bridge was made on, in the order they were posted.

    `post` may be called from any thread and returns at once.
    """

    _arrived = Signal(object)

    def __init__(self, handle: Callable[[object], None]) -> None:
        """Make a bridge on the main thread."""
        super().__init__()
        self._handle = handle
        self._open = True
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, event: object) -> None:
        """Hand over an event; it is handled when the main thread comes to it."""
        self._arrived.emit(event)

    def close(self) -> None:
        """Deliver nothing more: what is still on its way is dropped."""
        self._open = False

    def _deliver(self, event: object) -> None:
        if self._open:
            self._handle(event)


class Timers(QObject):
    """Named timers that post TimerElapsed(name) once; setting one again starts it over."""

    def __init__(self, post: Callable[[object], None]) -> None:
        """Make a set of timers on the main thread."""
        super().__init__()
        self._post = post
        self._running: dict[int, str] = {}

    def set(self, name: str, seconds: float) -> None:
        """Post TimerElapsed(name) after so many seconds."""
        self.cancel(name)
        self._running[self.startTimer(round(seconds * MILLISECONDS), Qt.TimerType.PreciseTimer)] = name

    def cancel(self, name: str) -> None:
        """Forget a timer; one that does not run is no error."""
        for number in [number for number, running in self._running.items() if running == name]:
            self.killTimer(number)
            del self._running[number]

    def cancel_all(self) -> None:
        """Forget every timer."""
        for name in set(self._running.values()):
            self.cancel(name)

    def timerEvent(self, event: QTimerEvent) -> None:
        number = event.timerId()
        name = self._running.pop(number, None)
        self.killTimer(number)
        if name is not None:
            self._post(TimerElapsed(name=name))
