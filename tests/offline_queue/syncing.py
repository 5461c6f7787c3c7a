"""The thread that syncs, at work while a block runs, and what it has reported so far."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from offline_queue.client import PlatformClient
from offline_queue.store import Store, open_store
from offline_queue.sync import Doors, Pacing, SyncReport, SyncWorker

NO_SPREAD = Pacing(spread_seconds=0.0, base_seconds=0.0, cap_seconds=0.0, poll_seconds=600.0)
WAIT_SECONDS = 60.0


class Syncing:
    """A thread that syncs. `wait` gets what it has reported so far."""

    def __init__(self, opened: Callable[[], Store], pacing: Pacing, note: Callable[[], None]) -> None:
        self.reports: list[SyncReport] = []
        self._changed = threading.Condition()
        self._note = note
        doors = Doors(
            open_store=opened,
            open_client=lambda known: PlatformClient(known.url, token=known.token),
            report=self._take,
        )
        self.worker = SyncWorker(doors, pacing=pacing)

    def _take(self, report: SyncReport) -> None:
        with self._changed:
            self.reports.append(report)
            self._changed.notify_all()
        self._note()

    def wait(self, there: Callable[[list[SyncReport]], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: there(self.reports), WAIT_SECONDS)

    def wait_until_sent(self, *ids: str) -> None:
        """Wait until these have been delivered."""
        self.wait(lambda reports: {id_ for report in reports for id_ in report.delivered} >= set(ids))


@contextmanager
def syncing(
    state: Path,
    *,
    opened: Callable[[], Store] | None = None,
    pacing: Pacing = NO_SPREAD,
    note: Callable[[], None] = lambda: None,
) -> Iterator[Syncing]:
    """Sync a state directory; `opened` opens it in another way, `note` is told after each pass."""
    at_work = Syncing(opened or (lambda: open_store(state)), pacing, note)
    at_work.worker.start()
    try:
        yield at_work
    finally:
        assert at_work.worker.stop(30)
