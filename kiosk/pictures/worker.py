"""A thread that does one thing after the other, what is to be kept before what is only to be shown."""

import itertools
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum

from kiosk.journal import record_error

JOIN_SECONDS = 2.0

Job = Callable[[], None]


class Urgency(IntEnum):
    """What comes first."""

    KEEP = 0
    SHOW = 1
    END = 2


class Worker:
    """Does what it is asked for; methods may be called from any thread. `launch` it once, `shut_down` at the end."""

    def __init__(self, name: str) -> None:
        """`name` is the thread's."""
        self._jobs: queue.PriorityQueue[tuple[Urgency, int, Job]] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def launch(self) -> None:
        """Begin to work."""
        self._thread.start()

    def ask(self, job: Job, urgency: Urgency = Urgency.KEEP) -> None:
        """Have something done; returns at once."""
        self._jobs.put((urgency, next(self._numbers), job))

    def forget(self) -> None:
        """Have nothing done any more of what waits."""
        with suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()

    def shut_down(self) -> None:
        """Finish what waits and end the thread, which is not waited for long."""
        self.ask(lambda: None, Urgency.END)
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def _work(self) -> None:
        while True:
            urgency, _, job = self._jobs.get()
            if urgency is Urgency.END:
                return
            try:
                job()
            except Exception as error:  # noqa: BLE001 - the next picture must be kept all the same
                record_error(error)
            del job  # it may hold a picture, and the next may be long in coming
