"""Opening this kiosk's state for one command, and saying so when it had to be mended."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kiosk.commands.line import tell
from kiosk.configuration import Configuration, state_directory
from petition.errors import Fault, FaultCode

if TYPE_CHECKING:
    from offline_queue.store import Store

T = TypeVar("T")


def with_store(configuration: Configuration, work: "Callable[[Store], T]") -> T:
    """Do something with the open store; a damaged database is set aside first, and that is told.

    `work` may be run twice: when it meets damage, the queue is rebuilt from its folder and work begins again.
    """
    from offline_queue.database import SET_ASIDE
    from offline_queue.store import open_store

    directory = state_directory(configuration)
    before = _count(directory / SET_ASIDE)
    with open_store(directory) as store:
        if _count(directory / SET_ASIDE) > before:
            _tell_set_aside(store)
        try:
            return work(store)
        except Fault as fault:
            if fault.code is not FaultCode.DATABASE_DAMAGED:
                raise
        if store.check().set_aside:
            _tell_set_aside(store)
        return work(store)


def _tell_set_aside(store: "Store") -> None:
    depth = store.depth()
    tell(
        "the database was damaged: it was put into the folder `damaged`, and the queue rebuilt from its files; "
        f"{depth.waiting + depth.parked} waiting to be sent, nothing filed is lost [database-damaged]"
    )


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
