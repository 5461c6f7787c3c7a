"""What stands behind the staff desk: who may open it, what it tells, and sending everything once more.

How a PIN is looked at, and why on three threads:
1. `open` is asked on the main thread and returns at once.
2. The store's thread counts the try as wrong before anything else, and hands out the hashes, or refuses.
3. A thread of its own compares them, which takes a while for each PIN there is.
4. The store's thread writes down who it was, or that it was nobody, and posts what the desk tells, or the refusal.

The badge of somebody of the staff is only looked up, on the store's thread (offline_queue/people.py).

Everything that is asked posts one event, whatever the disk does: DeskTold or DeskRefused. Nothing that a resident said
is in either: the desk is made of numbers, times, categories and states. What a power cut broke off comes in an event of
its own, DraftResumed, for the visit and not for the desk.
"""

import secrets
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from kiosk.asking import Otherwise, Work, ask, tell_nobody
from kiosk.configuration import Configuration, Scanner
from kiosk.journal import record, record_error
from kiosk.printing.count import slips_printed
from kiosk.storekeeper import Storekeeper
from offline_queue.desk_pins import Trial, Unset, holder_of
from offline_queue.files import storage_faults
from offline_queue.outbox import Item, State
from offline_queue.store import Store
from offline_queue.tries import Shut
from petition import events as ev
from petition.errors import Fault, FaultCode
from petition.journal import Entry
from petition.model import Condition, Desk, KeptReceipt, Part, Waiting, WaitingFor
from petition.ports import Post, PrinterState

RECEIPTS_MAX = 200
WAITING_MAX = 50
DISK_POOR_BYTES = 2**30
DISK_DOWN_BYTES = 100 * 2**20

PRINTERS = {
    PrinterState.READY: Condition.WELL,
    PrinterState.PAPER_LOW: Condition.POOR,
    PrinterState.PAPER_OUT: Condition.PAPER_OUT,
    PrinterState.COVER_OPEN: Condition.COVER_OPEN,
    PrinterState.OFFLINE: Condition.DOWN,
    PrinterState.UNKNOWN: Condition.POOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What others know of the machine; what None stands for is not told."""

    microphone: bool | None = None
    hearing: bool | None = None
    """Whether words are made out of sound."""
    demonstration: bool = False
    """Whether it is the demonstration voice that makes them."""
    speech: bool | None = None
    printer: PrinterState | None = None
    """As it was last found; None before, and where none is configured."""


class SendingLine(Protocol):
    """What is needed of `kiosk.line.Line`."""

    @property
    def up(self) -> bool | None:
        """Whether the platform was reached when it was last tried, None before."""

    def hurry(self) -> None:
        """Try the platform now."""


class DeskRoom:
    """Opens the staff desk and tells what it shows; every method returns at once.

    `leave` ends it: what is asked after that is refused, until it has been opened again.
    """

    def __init__(
        self,
        storekeeper: Storekeeper,
        line: SendingLine,
        post: Post,
        configuration: Configuration,
        directory: Path,
        *,
        parts: Callable[[], Parts],
    ) -> None:
        """`directory` is the state directory; `parts` is asked on the store's thread."""
        self._storekeeper, self._line, self._post = storekeeper, line, post
        self._configuration, self._directory = configuration, directory
        self._parts = parts
        self._visit = 0
        """Counts who has left; the main thread's."""
        self._inside: tuple[int, str] = (-1, "")
        """The visit that the desk was opened in, and the id of whose PIN or badge it was; the store's thread's."""

    def open(self, pin: str = "", badge: str = "") -> None:
        """Look whether this is a staff PIN, or a badge of somebody of the staff; DeskTold or DeskRefused follows.

        One is given. Badges are not counted, and are looked at however many PINs were wrong: nobody guesses one.
        """
        if badge:
            self._ask(partial(self._open_by_badge, visit=self._visit, badge=badge), _refused)
        else:
            self._ask(partial(self._begin, visit=self._visit, pin=pin), _refused)

    def look(self) -> None:
        """Find out anew what the desk shows; DeskTold follows."""
        visit = self._visit
        self._ask(partial(self._tell, visit=visit), partial(self._tell_without_store, visit=visit))

    def send_again(self) -> None:
        """Try everything that waits once more, what was put aside as well; DeskTold follows."""
        visit = self._visit
        self._ask(partial(self._send_again, visit=visit), partial(self._tell_without_store, visit=visit))

    def resume(self) -> None:
        """Read what a power cut or a crash broke off; DraftResumed follows, unless nobody is inside any more."""
        self._ask(partial(self._resume, visit=self._visit), lambda code: ev.DraftResumed(fault=code))

    def discard(self) -> None:
        """Wipe what a power cut or a crash broke off; DeskTold follows."""
        visit = self._visit
        self._ask(partial(self._discard, visit=visit), partial(self._tell_without_store, visit=visit))

    def note_print(self, number: str) -> None:
        """Write down that a receipt is to be printed again here, and by whom; nothing follows."""
        self._ask(partial(self._note_print, visit=self._visit, number=number), tell_nobody)

    def leave(self) -> None:
        """Shut the desk: nothing is told any more, and a PIN that is still being looked at opens nothing."""
        self._visit += 1

    # --- on the store's thread ---------------------------------------------------------------------------------------

    def _ask(self, work: Work, otherwise: Otherwise) -> None:
        ask(self._storekeeper, self._post, work, otherwise)

    def _begin(self, store: Store, *, visit: int, pin: str) -> ev.Event | None:
        match store.begin_desk_try():
            case Shut(locked_minutes=minutes):
                return ev.DeskRefused(locked_minutes=minutes)
            case Unset():
                return ev.DeskRefused(unset=True)
            case Trial() as trial:
                threading.Thread(target=self._compare, args=(trial, visit, pin), name="desk pin", daemon=True).start()
        return None

    def _open_by_badge(self, store: Store, *, visit: int, badge: str) -> ev.Event | None:
        person_id = store.open_desk_by_badge(badge)
        if visit != self._visit:
            return None
        if not person_id:
            standing = store.desk_standing()
            return ev.DeskRefused(tries_left=standing.tries_left, locked_minutes=standing.locked_minutes)
        self._inside = (visit, person_id)
        return self._tell(store, visit=visit)

    def _end(self, store: Store, *, trial: Trial, visit: int, desk_id: str) -> ev.Event | None:
        opened = store.end_desk_try(desk_id)
        if visit != self._visit:
            return None
        if not opened:
            return ev.DeskRefused(tries_left=trial.tries_left, locked_minutes=trial.locked_minutes)
        self._inside = (visit, desk_id)
        return self._tell(store, visit=visit)

    def _who(self, visit: int) -> str:
        """Return the id of whoever opened the desk in this visit, "" when nobody did."""
        inside, desk_id = self._inside
        return desk_id if inside == visit else ""

    def _tell(self, store: Store, *, visit: int) -> ev.Event | None:
        return self._unless_left(
            visit,
            lambda parts, up: desk(store, self._directory, self._configuration, parts=parts, line_up=up),
        )

    def _tell_without_store(self, _code: FaultCode, *, visit: int) -> ev.Event | None:
        return self._unless_left(
            visit,
            lambda parts, up: desk_without_store(self._directory, self._configuration, parts=parts, line_up=up),
        )

    def _unless_left(self, visit: int, tell: Callable[[Parts, bool | None], Desk]) -> ev.Event | None:
        if visit != self._visit:
            return None
        if not self._who(visit):
            return ev.DeskRefused()
        return ev.DeskTold(desk=tell(self._parts(), self._line.up))

    def _send_again(self, store: Store, *, visit: int) -> ev.Event | None:
        if not (desk_id := self._who(visit)):
            return self._tell(store, visit=visit)
        try:
            store.retry(desk_id=desk_id)
        except Fault as fault:
            if fault.code is not FaultCode.DISK_FULL:
                raise
            record(Entry.STORE_FAULT, code=fault.code)  # what is not parked can go all the same, and makes room
        self._line.hurry()
        return self._tell(store, visit=visit)

    def _resume(self, store: Store, *, visit: int) -> ev.Event | None:
        if not (desk_id := self._who(visit)):
            return self._tell(store, visit=visit)
        draft = store.kept_draft()
        if draft is not None:
            store.note_resumed(desk_id)
        return ev.DraftResumed(draft=draft, counted_from=secrets.randbelow(2**40))

    def _discard(self, store: Store, *, visit: int) -> ev.Event | None:
        if desk_id := self._who(visit):
            store.discard_interrupted(desk_id)
        return self._tell(store, visit=visit)

    def _note_print(self, store: Store, *, visit: int, number: str) -> None:
        if desk_id := self._who(visit):
            store.note_desk_print(desk_id, number)

    # --- on a thread of its own --------------------------------------------------------------------------------------

    def _compare(self, trial: Trial, visit: int, pin: str) -> None:
        try:
            desk_id = holder_of(pin, trial.hashes)
        except Exception as error:  # noqa: BLE001 - no memory for Argon2, say: a try like any wrong one
            record_error(error)
            desk_id = ""
        self._ask(partial(self._end, trial=trial, visit=visit, desk_id=desk_id), _refused)


def _refused(code: FaultCode) -> ev.Event:
    return ev.DeskRefused(fault=code)


# --- what it tells ----------------------------------------------------------------------------------------------------


def desk(store: Store, directory: Path, configuration: Configuration, *, parts: Parts, line_up: bool | None) -> Desk:
    """Return what the staff desk tells; `line_up` is None while nobody knows.

    Raises Fault for what disk and damage can do.
    """
    with storage_faults():
        printed = slips_printed(directory)
    depth = store.depth()
    kept = {
        Part.CLOCK: Condition.WELL if store.clock().trusted else Condition.POOR,
        Part.KEY: Condition.POOR if store.key_kept_by.startswith("file") else Condition.WELL,
    }
    return Desk(
        receipts=tuple(
            KeptReceipt(
                number=item.number, made_at=item.made_at, category=item.category, printed=printed.get(item.number, 0)
            )
            for item in store.own_petitions(RECEIPTS_MAX)
        ),
        waiting=tuple(_waiting(item, line_up=line_up) for item in store.longest_waiting(WAITING_MAX)),
        waits=depth.waiting + depth.parked,
        parts=_in_order(_machine(directory, configuration, parts, line_up=line_up) | kept),
        interrupted=store.interrupted_at(),
    )


def desk_without_store(directory: Path, configuration: Configuration, *, parts: Parts, line_up: bool | None) -> Desk:
    """Return what can be told when the store can't be read: how the machine is, and that the disk is what is wrong."""
    machine = _machine(directory, configuration, parts, line_up=line_up)
    return Desk(parts=_in_order(machine | {Part.DISK: Condition.DOWN}))


def _in_order(found: dict[Part, Condition]) -> tuple[tuple[Part, Condition], ...]:
    return tuple((part, found[part]) for part in Part if part in found)


def _waiting(item: Item, *, line_up: bool | None) -> Waiting:
    parked = item.state is State.PARKED
    why = WaitingFor.PERSON if parked else WaitingFor.LINE if line_up is False else WaitingFor.TURN
    return Waiting(number=item.number, since=item.made_at, why=why, parked=parked)


def _machine(
    directory: Path, configuration: Configuration, parts: Parts, *, line_up: bool | None
) -> dict[Part, Condition]:
    """Return how everything is that the store need not be asked about."""
    found = {
        Part.LINE: {True: Condition.WELL, False: Condition.DOWN, None: Condition.POOR}[line_up],
        Part.PRINTER: _printer(parts.printer, configured=bool(configuration.printer.kind)),
        Part.SCANNER: scanner(configuration.scanner),
        Part.DISK: disk(directory),
    }
    if parts.microphone is not None:
        found[Part.MICROPHONE] = Condition.WELL if parts.microphone else Condition.DOWN
    if parts.hearing is not None:
        hears = Condition.POOR if parts.demonstration else Condition.WELL
        found[Part.HEARING] = hears if parts.hearing else Condition.DOWN
    if parts.speech is not None:
        found[Part.SPEECH] = Condition.WELL if parts.speech else Condition.DOWN
    return found


def _printer(state: PrinterState | None, *, configured: bool) -> Condition:
    if not configured:
        return Condition.ABSENT
    return PRINTERS[state or PrinterState.UNKNOWN]


def scanner(configured: Scanner) -> Condition:
    """Tell whether every scanner with a device of its own is plugged in; one that types looks like any keyboard."""
    devices = [device for device in (configured.device, configured.camera) if device]
    if not devices:
        return Condition.ABSENT
    return Condition.WELL if all(Path(device).exists() for device in devices) else Condition.DOWN


def disk(directory: Path) -> Condition:
    """Tell whether there is room where the state lies; one that can't be asked is as good as full."""
    try:
        free = shutil.disk_usage(directory).free
    except OSError:
        return Condition.DOWN
    if free < DISK_DOWN_BYTES:
        return Condition.DOWN
    return Condition.POOR if free < DISK_POOR_BYTES else Condition.WELL
