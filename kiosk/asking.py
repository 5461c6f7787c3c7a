"""Asking the store on behalf of a room: whatever the disk does, one answer is posted.

The question runs on the store's thread. A database that turns out to be damaged is mended and asked once more; what
cannot be answered then becomes the answer that the room gives for that fault.
"""

from collections.abc import Callable

from kiosk.journal import record, record_error
from kiosk.storekeeper import Store as AnyStore
from kiosk.storekeeper import Storekeeper
from offline_queue.store import Store
from petition import events as ev
from petition.errors import Fault, FaultCode
from petition.journal import Entry
from petition.ports import Post

Work = Callable[[Store], ev.Event | None]
"""Something done with the store, and what is to be told of it."""
Otherwise = Callable[[FaultCode], ev.Event | None]
"""What is told when the disk did not let it be done."""


def ask(storekeeper: Storekeeper, post: Post, work: Work, otherwise: Otherwise) -> None:
    """Have something done with the store and post what comes of it, else what `otherwise` makes of the fault."""
    storekeeper.ask(lambda store: _answer(store, post, work, otherwise))


def tell_nobody(_code: FaultCode) -> None:
    """Post nothing: that it could not be done is in the journal."""


def _answer(store: AnyStore, post: Post, work: Work, otherwise: Otherwise) -> None:
    try:
        answer = _despite_damage(store, work)
    except Fault as fault:
        record(Entry.STORE_FAULT, code=fault.code)
        answer = otherwise(fault.code)
    except Exception as error:  # noqa: BLE001 - who waits for an answer gets one, and the store goes on
        record_error(error)
        answer = otherwise(FaultCode.STATE_DIRECTORY_UNUSABLE)
    if answer is not None:
        post(answer)


def _despite_damage(store: AnyStore, work: Work) -> ev.Event | None:
    """Do something with the store; when the database turns out to be damaged, have it mended and do it once more."""
    if not isinstance(store, Store):  # it could not be opened for want of room
        raise Fault(FaultCode.DISK_FULL, "the disk is full: free some space")
    try:
        return work(store)
    except Fault as fault:
        if fault.code is not FaultCode.DATABASE_DAMAGED:
            raise
    mended = store.check()
    record(Entry.DATABASE_SET_ASIDE if mended.set_aside else Entry.STORE_CHECKED)
    return work(store)
