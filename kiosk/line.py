"""The line to the platform: one thread that asks how far a petition is, and the worker that sends the queue.

Both have their own store and their own connection, so a long upload keeps nobody waiting who asks.
"""

import queue
import threading
from pathlib import Path

from kiosk.configuration import Platform
from kiosk.connection import open_client, software
from kiosk.inquiry import Found, NotFound, inquire
from kiosk.journal import record, record_error
from offline_queue.client import PlatformClient
from offline_queue.identity import Identity
from offline_queue.store import Store, open_store
from offline_queue.sync import Doors, Pacing, SyncReport, SyncWorker
from petition import effects as do
from petition import events as ev
from petition.errors import Fault, FaultCode
from petition.journal import Entry
from petition.model import Catalogue
from petition.ports import Post

JOIN_SECONDS = 5.0


class Line:
    """Sends what waits and asks what is asked. `launch` it once, `shut_down` at the end."""

    def __init__(self, directory: Path, post: Post, platform: Platform) -> None:
        """`directory` is the state directory, `platform` what the configuration says of the other side."""
        self._directory = directory
        self._post = post
        self._platform = platform
        self._questions: queue.SimpleQueue[do.LookUp | None] = queue.SimpleQueue()
        self._asking = threading.Thread(target=self._answer_questions, name="inquiry", daemon=True)
        doors = Doors(open_store=self._open_store, open_client=self._client, report=self._told, software=software())
        self._worker = SyncWorker(doors, pacing=Pacing(spread_seconds=platform.spread_seconds))
        self._up: bool | None = None
        self._fault = ""
        self._catalogue = Catalogue()

    def launch(self) -> None:
        """Begin to send and to answer."""
        self._asking.start()
        self._worker.start()

    def shut_down(self) -> None:
        """Stop sending; what waits goes on waiting on the disk. A line that was never launched has nothing to stop."""
        self._questions.put(None)
        self._worker.stop()
        if self._asking.is_alive():
            self._asking.join(JOIN_SECONDS)

    @property
    def up(self) -> bool | None:
        """Whether the platform was reached when it was last tried, None before; any thread may ask."""
        return self._up

    def wake(self) -> None:
        """There is something to send: do not wait for the next time."""
        self._worker.wake()

    def hurry(self) -> None:
        """Try the platform now, whatever waits were planned."""
        self._worker.hurry()

    def ask(self, asked: do.LookUp) -> None:
        """Ask how far a petition is; ProgressFound or LookUpFailed follows."""
        self._questions.put(asked)

    # --- the worker's thread -----------------------------------------------------------------------------------------

    def _open_store(self) -> Store:
        store = open_store(self._directory)
        catalogue = store.catalogue()
        if catalogue != self._catalogue:
            self._catalogue = catalogue
            self._post(ev.CatalogueArrived(catalogue=catalogue))
        return store

    def _client(self, known: Identity) -> PlatformClient:
        return open_client(self._platform, known)

    def _told(self, report: SyncReport) -> None:
        if report.fault != self._fault:
            self._fault = report.fault
            if report.fault:
                record(Entry.FAULT_MET, code=report.fault)
        up = not report.unreachable
        if not report.fault and up is not self._up:
            self._up = up
            record(Entry.PLATFORM_REACHED if up else Entry.PLATFORM_LOST)
            self._post(ev.LineChanged(up=up))
        if report.catalogue == "new":
            self._worker.wake()  # the next pass opens the store with it

    # --- the asking thread -------------------------------------------------------------------------------------------

    def _answer_questions(self) -> None:
        while (asked := self._questions.get()) is not None:
            self._post(self._answer(asked))
            del asked  # nothing of it stays here while nobody asks

    def _answer(self, asked: do.LookUp) -> ev.Event:
        try:
            with open_store(self._directory) as store, self._client(store.enrolled()) as client:
                answer = inquire(store, client, asked.number, asked.tag or asked.code)
        except Fault as fault:
            record(Entry.FAULT_MET, code=fault.code)
            answer = NotFound(code=fault.code)
        except Exception as error:  # noqa: BLE001 - who asks is answered, and so is the next
            record_error(error)
            answer = NotFound(code=FaultCode.STATE_DIRECTORY_UNUSABLE)
        return _event(asked, answer)


def _event(asked: do.LookUp, answer: Found | NotFound) -> ev.Event:
    match answer:
        case Found(progress=progress, from_cache=from_cache, tag=tag, role=role):
            return ev.ProgressFound(asked=asked, progress=progress, from_cache=from_cache, tag=tag, role=role)
        case NotFound(code=code, tries_left=tries_left):
            return ev.LookUpFailed(asked=asked, code=code, tries_left=tries_left)
