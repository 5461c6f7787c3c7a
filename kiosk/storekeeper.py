"""One thread that holds the store, so that the screen never waits for a disk.

Everything asked of it is done in the order in which it was asked. A draft that is replaced before its turn is not
written. Answers come back as events through `post`, except for `open_recording` and `read_recording`, whose callers are
threads of their own that cannot go on without the answer.

Sound may still be on its way when the petition it belongs to is filed or wiped. That order decides: what comes after is
taken and not kept.

A full disk passes: the kiosk opens on it and says so to whoever files, until there is room. Nor can anything be wiped
on it; that is done as soon as it can be, and before anything else is kept.
"""

import queue
import threading
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from kiosk.journal import record, record_error
from offline_queue.mending import Mended
from petition import events as ev
from petition.errors import Fault, FaultCode
from petition.journal import Entry
from petition.model import Attachment, AttachmentKind, Authority, Draft, Later
from petition.ports import Post, RecordingSink
from petition.receipt import Receipt, Role

T = TypeVar("T")
WAIT_SECONDS = 10.0
"""Longer than any disk that still works takes."""
TRY_AGAIN_SECONDS = 30.0
"""What could not be wiped is tried again when nothing else was asked for so long."""
PAST_PETITIONS = 8
"""How many petitions' ids are remembered so that no sound is kept for them any more; one would do."""


class Store(Protocol):
    """What is needed of `offline_queue.store.Store`."""

    def keep(self, draft: Draft) -> None: ...
    def drop(self) -> None: ...
    def file(self, draft: Draft) -> Receipt: ...
    def receipt(self, number: str, role: Role = Role.OWN) -> Receipt: ...
    def say_later(self, later: Later, event_id: str = "") -> str: ...
    def new_recording(self, petition_id: str, recording_id: str) -> RecordingSink: ...
    def read_recording(self, recording_id: str) -> bytes: ...
    def add(self, petition_id: str, added: Attachment, source: bytes) -> None: ...
    def remove(self, *attachment_ids: str) -> None: ...
    def check(self) -> Mended: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """A RecordingSink for sound of a visit that is over: it is not kept."""

    recording_id: str

    def write(self, page: bytes) -> None:
        """Let it go."""

    def close(self, seconds: float) -> Attachment:
        """Return what a visit that is over asks nobody for."""
        return Attachment(id=self.recording_id, kind=AttachmentKind.RECORDING, media_type="audio/ogg", seconds=seconds)


class _NoRoom:
    """Stands in for a store that can't be opened on a full disk: whatever is asked of it ends in that fault."""

    def keep(self, _draft: Draft) -> None:
        raise _disk_full()

    def drop(self) -> None:
        raise _disk_full()

    def file(self, _draft: Draft) -> Receipt:
        raise _disk_full()

    def receipt(self, _number: str, _role: Role = Role.OWN) -> Receipt:
        raise _disk_full()

    def say_later(self, _later: Later, event_id: str = "") -> str:  # noqa: ARG002 (as Store has it)
        raise _disk_full()

    def new_recording(self, _petition_id: str, _recording_id: str) -> RecordingSink:
        raise _disk_full()

    def read_recording(self, _recording_id: str) -> bytes:
        raise _disk_full()

    def add(self, _petition_id: str, _added: Attachment, _source: bytes) -> None:
        raise _disk_full()

    def remove(self, *_attachment_ids: str) -> None:
        raise _disk_full()

    def check(self) -> Mended:
        raise _disk_full()

    def close(self) -> None:
        pass


def _disk_full() -> Fault:
    return Fault(FaultCode.DISK_FULL, "the disk is full: free some space")


class _Kept:
    """A draft that waits to be written; the newest takes the place of the one before."""

    def __init__(self, draft: Draft) -> None:
        self.draft: Draft | None = draft


class Storekeeper:
    """Does what the visit asks of the store. `launch` it once, `shut_down` at the end."""

    def __init__(
        self,
        open_store: Callable[[], Store],
        post: Post,
        *,
        filed: Callable[[], None],
        try_again_seconds: float = TRY_AGAIN_SECONDS,
    ) -> None:
        """`open_store` is called on the thread itself; `filed` is told after every petition, to wake the sync."""
        self._open_store = open_store
        self._post = post
        self._filed = filed
        self._try_again_seconds = try_again_seconds
        self._tasks: queue.SimpleQueue[Callable[[Store], None] | None] = queue.SimpleQueue()
        self._draft_lock = threading.Lock()
        self._kept: _Kept | None = None
        self._past: deque[str] = deque(maxlen=PAST_PETITIONS)
        """Petitions that were filed or wiped; the store's thread only."""
        self._to_wipe = False
        """Whether what earlier visits left could not be wiped yet; the store's thread only."""
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._opened: Future[None] = Future()

    def launch(self) -> None:
        """Open the store; raises Fault when it can't be opened, unless for want of room. A damaged one is mended."""
        self._thread.start()
        try:
            self._opened.result(WAIT_SECONDS)
        except TimeoutError as late:
            raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "The disk does not answer; check it.") from late

    def shut_down(self) -> None:
        """Finish what was asked, close the store, end the thread."""
        self._tasks.put(None)
        self._thread.join(WAIT_SECONDS)

    # --- asked by the session ----------------------------------------------------------------------------------------

    def keep(self, draft: Draft) -> None:
        """Keep an encrypted copy of the draft."""
        with self._draft_lock:
            if self._kept is not None:
                self._kept.draft = draft
                return
            kept = self._kept = _Kept(draft)
        self._tasks.put(lambda store: self._keep(store, kept))

    def forget_draft(self, petition_id: str = "") -> None:
        """Wipe the kept copy and every recording that was not filed; from here on no sound of that petition is kept."""
        self._let_go()
        self._tasks.put(lambda store: self._drop(store, petition_id))

    def file(self, draft: Draft) -> None:
        """Seal, store and commit; PetitionFiled or FilingFailed follows."""
        self._let_go()
        self._tasks.put(lambda store: self._file(store, draft))

    def keep_later(self, later: Later, petition_id: str) -> None:
        """Seal, store and commit; LaterKept or LaterFailed follows. `petition_id` is that of the draft it came from."""
        if petition_id:
            self._let_go()
        self._tasks.put(lambda store: self._keep_later(store, later, petition_id))

    def remove(self, attachment_ids: tuple[str, ...]) -> None:
        """Wipe attachments of the draft, keys and files."""
        self._tasks.put(lambda store: _despite_damage(store, lambda: store.remove(*attachment_ids)))

    def ask(self, question: Callable[[Store], None]) -> None:
        """Run something with the store on its thread."""
        self._tasks.put(question)

    def check(self) -> None:
        """Have every page read, rows and files made to agree, and drafts wiped whose day is over."""
        self._tasks.put(_check)

    # --- asked by other threads --------------------------------------------------------------------------------------

    def open_recording(self, petition_id: str, recording_id: str) -> RecordingSink:
        """Return a sink for a recording; raises Fault when there is no room for one."""
        return self._wait_for(lambda store: self._new_recording(store, petition_id, recording_id))

    def read_recording(self, recording_id: str) -> bytes:
        """Return the sound of a recording that is not filed yet; raises Fault when it can't be read."""
        return self._wait_for(lambda store: store.read_recording(recording_id))

    def keep_picture(
        self, petition_id: str, picture: Attachment, plain: bytes, wanted: Callable[[], bool] = lambda: True
    ) -> bool:
        """Seal a picture under its id; durable when this returns. Raises Fault when it can't be kept.

        Tells whether it was: not when its petition is filed or wiped, or is not wanted any more when its turn comes.
        """
        return self._wait_for(lambda store: self._keep_picture(store, petition_id, picture, plain, wanted))

    def _wait_for(self, question: Callable[[Store], T]) -> T:
        answer: Future[T] = Future()

        def run(store: Store) -> None:
            try:
                answer.set_result(question(store))
            except Fault as fault:
                answer.set_exception(fault)
            except Exception as error:  # noqa: BLE001 - who asked is a thread that has to go on
                record_error(error)
                answer.set_exception(Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "Look into the journal."))

        self._tasks.put(run)
        try:
            return answer.result(WAIT_SECONDS)
        except TimeoutError as late:
            raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "The disk does not answer; check it.") from late

    # --- the thread --------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            store = self._open()
        except Fault as fault:
            self._opened.set_exception(fault)
            return
        self._opened.set_result(None)
        while (task := self._next()) is not None:
            try:
                if isinstance(store, _NoRoom):
                    with suppress(Fault):
                        store = self._open_store()
                task(store)
            except Fault as fault:
                record(Entry.STORE_FAULT, code=fault.code)
            except Exception as error:  # noqa: BLE001 - the next petition must be stored all the same
                record_error(error)
            del task  # it may hold what somebody said, and the next may be long in coming
        store.close()

    def _open(self) -> Store:
        try:
            return self._open_store()
        except Fault as fault:
            if fault.code is not FaultCode.DISK_FULL:
                raise
            record(Entry.STORE_FAULT, code=fault.code)
            return _NoRoom()

    def _next(self) -> Callable[[Store], None] | None:
        """Return what is to be done next: what was asked, or meanwhile what could not be done before."""
        try:
            return self._tasks.get(timeout=self._try_again_seconds if self._to_wipe else None)
        except queue.Empty:
            return self._try_to_wipe

    def _try_to_wipe(self, store: Store) -> None:
        with suppress(Fault):  # that there is no room was written down when it was met first
            self._wipe(store)

    def _wipe(self, store: Store) -> None:
        """Wipe what earlier visits left, if that could not be done before."""
        if self._to_wipe:
            _despite_damage(store, store.drop)
            self._to_wipe = False

    def _let_go(self) -> None:
        """Have the draft that waits to be written not written any more."""
        with self._draft_lock:
            if self._kept is not None:
                self._kept.draft = None
            self._kept = None

    def _keep(self, store: Store, kept: _Kept) -> None:
        with self._draft_lock:
            if self._kept is kept:
                self._kept = None
            draft, kept.draft = kept.draft, None
        if draft is not None:
            self._wipe(store)
            _despite_damage(store, lambda: store.keep(draft))

    def _drop(self, store: Store, petition_id: str) -> None:
        self._past.append(petition_id)
        self._to_wipe = True
        self._wipe(store)

    def _new_recording(self, store: Store, petition_id: str, recording_id: str) -> RecordingSink:
        if not petition_id or petition_id in self._past:
            return Nowhere(recording_id=recording_id)
        self._wipe(store)
        return _despite_damage(store, lambda: store.new_recording(petition_id, recording_id))

    def _keep_picture(
        self, store: Store, petition_id: str, picture: Attachment, plain: bytes, wanted: Callable[[], bool]
    ) -> bool:
        if not petition_id or petition_id in self._past or not wanted():
            return False
        self._wipe(store)
        _despite_damage(store, lambda: store.add(petition_id, picture, plain))
        return True

    def _file(self, store: Store, draft: Draft) -> None:
        try:
            receipt = _despite_damage(store, lambda: store.file(draft))
        except Fault as fault:
            record(Entry.FILING_FAILED, code=fault.code)
            self._post(ev.FilingFailed(petition_id=draft.petition_id, code=fault.code))
            return
        except Exception:
            self._post(ev.FilingFailed(petition_id=draft.petition_id, code=FaultCode.STATE_DIRECTORY_UNUSABLE))
            raise
        self._past.append(draft.petition_id)
        record(Entry.PETITION_FILED, number=receipt.number)
        next_id = str(uuid.uuid4())
        self._post(
            ev.PetitionFiled(
                petition_id=draft.petition_id,
                receipt=_shown(store, draft, receipt),
                next_petition_id=next_id,
            )
        )
        self._filed()

    def _keep_later(self, store: Store, later: Later, petition_id: str) -> None:
        # What is tried again under the same id is the same: a commit may be on the disk and say that it is not.
        event_id = str(uuid.uuid5(uuid.UUID(petition_id), "later")) if petition_id else str(uuid.uuid4())
        try:
            _despite_damage(store, lambda: store.say_later(later, event_id))
        except Fault as fault:
            record(Entry.LATER_FAILED, code=fault.code)
            self._post(ev.LaterFailed(later=later, code=fault.code, petition_id=petition_id))
            return
        except Exception:
            code = FaultCode.STATE_DIRECTORY_UNUSABLE
            self._post(ev.LaterFailed(later=later, code=code, petition_id=petition_id))
            raise
        record(Entry.LATER_KEPT, type=later.kind)
        next_id = str(uuid.uuid4())
        self._post(ev.LaterKept(later=later, petition_id=petition_id, next_petition_id=next_id))
        self._filed()
        if petition_id:
            self._drop(store, petition_id)  # what can't be wiped now is tried again, and is sent all the same


def _shown(store: Store, draft: Draft, own: Receipt) -> Receipt:
    """Return the receipt for whoever stands there: who files for somebody absent sees their own slip alone.

    With the other one they could rate, withdraw and hear everything for the person; that one comes on paper.
    """
    absent = {Authority.PAPER, Authority.DECLARED}
    if draft.on_behalf is None or draft.on_behalf.authority not in absent or not own.for_another:
        return own
    with suppress(Fault):
        return _despite_damage(store, lambda: store.receipt(own.number, Role.AGENT))
    # Theirs can't be had now: then the number has to do, which staff print the slip of; the person's code is not told.
    return replace(own, role=Role.AGENT, tag="", query_code="", url="")


def _despite_damage(store: Store, work: Callable[[], T]) -> T:
    """Do something with the store; when the database turns out to be damaged, have it mended and do it once more."""
    try:
        return work()
    except Fault as fault:
        if fault.code is not FaultCode.DATABASE_DAMAGED:
            raise
    _check(store)
    return work()


def _check(store: Store) -> None:
    mended = store.check()
    record(Entry.DATABASE_SET_ASIDE if mended.set_aside else Entry.STORE_CHECKED)
