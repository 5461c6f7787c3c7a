"""The room that prints receipts: numbers go in, and of each it is told what became of the slips asked for.

    print_receipts ─→ the store's thread: what the slips say, counted ─→ the printing thread ─→ ReceiptPrinted
         ↑ one number after the other; a slip that waits already, or is being printed, is not taken twice

A slip is counted and made when its turn comes, so what stands on it is true then, and a kiosk that is switched off has
counted none that it did not begin. Of two slips of one receipt the second is sent only when the first one came out.
"""

import threading
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from kiosk import storekeeper as keeper
from kiosk.configuration import Configuration
from kiosk.journal import record_error
from kiosk.printing.choose import device_of
from kiosk.printing.count import any_open
from kiosk.printing.counted import CountedSlip, count_slip, settle
from kiosk.printing.device import Device
from kiosk.printing.kept import KeptSlip, kept_slips
from kiosk.printing.worker import PrintingThread
from offline_queue.store import Store
from petition.errors import Fault, FaultCode
from petition.events import ReceiptPrinted
from petition.ports import Post, PrintEnded, PrinterChanged, PrinterState, PrintOutcome
from petition.receipt import Role


@dataclass(slots=True, kw_only=True)
class _Job:
    """A number whose turn it is."""

    number: str
    roles: frozenset[Role]
    """Whose slips are printed, as far as there are any."""
    left: deque[KeptSlip] = field(default_factory=deque)
    """Its slips that are not begun."""
    counted: CountedSlip | None = None
    """The one that is handed to the printer."""
    printed: int = 0


class PrintRoom:
    """Prints receipts. `launch` it once, after the store; `shut_down` before the store. Nothing waits for paper."""

    def __init__(
        self,
        configuration: Configuration,
        directory: Path,
        storekeeper: keeper.Storekeeper,
        post: Post,
        *,
        device: Device | None = None,
    ) -> None:
        """`directory` is the state directory; `device` is the printer, without it the one that is configured."""
        self._hotline, self._large = configuration.platform.hotline, configuration.printer.large_print
        self._directory, self._storekeeper, self._post = directory, storekeeper, post
        self._device = device or device_of(configuration.printer)
        self._printer: PrintingThread | None = None
        self._lock = threading.Lock()
        self._asked: deque[_Job] = deque()
        self._job: _Job | None = None
        self._closed = False
        self._state = PrinterState.OFFLINE if self._device is None else PrinterState.UNKNOWN
        """How the printer was told to be last."""

    def launch(self) -> None:
        """Begin to print, and look how the printer is: PrinterChanged follows, where there is one."""
        if self._device is not None:
            self._printer = PrintingThread(self._device, self._take)
            self._storekeeper.ask(self._withdraw_leftovers)
            self._printer.look()

    def print_receipts(self, numbers: tuple[str, ...], role: Role | None = None) -> None:
        """Print the slips of these receipts, all or one role's; ReceiptPrinted follows once for each number taken.

        A slip that is waiting already is not printed once more; a number all of whose slips are is not taken.
        """
        roles = frozenset({role} if role else Role)
        with self._lock:
            there = [(job.number, job.roles) for job in (*self._asked, *((self._job,) if self._job else ()))]
            left = {number: roles.difference(*(taken for n, taken in there if n == number)) for number in numbers}
            wanted = [_Job(number=number, roles=new) for number, new in left.items() if new]
            willing = self._printer is not None and not self._closed
            if willing:
                self._asked.extend(wanted)
        if not willing:
            for job in wanted:
                self._tell(job.number, PrintOutcome.NOT_PRINTED, self._state)
        self._next()

    def look(self) -> None:
        """Find out how the printer is; PrinterChanged follows, where there is one."""
        if self._printer is not None:
            self._printer.look()

    def shut_down(self) -> None:
        """Withdraw what is being printed, tell of the rest that it was not, and end the thread."""
        with self._lock:
            self._closed = True
        if self._printer is not None:
            self._printer.close()
        with self._lock:
            job, self._job = self._job, None
            asked = list(self._asked)
            self._asked.clear()
        if job is not None:
            begun = job.counted is not None or job.printed
            self._tell(job.number, PrintOutcome.UNKNOWN if begun else PrintOutcome.NOT_PRINTED, self._state)
        for waiting in asked:
            self._tell(waiting.number, PrintOutcome.NOT_PRINTED, self._state)

    # --- one number after the other, on whichever thread is done with the one before ---------------------------------

    def _next(self) -> None:
        with self._lock:
            if self._closed or self._job is not None or not self._asked:
                return
            job = self._job = self._asked.popleft()
        self._storekeeper.ask(partial(self._begin, job))

    def _end(self, job: _Job, outcome: PrintOutcome, state: PrinterState) -> None:
        with self._lock:
            if self._job is not job:
                return
            self._job = None
        self._tell(job.number, outcome, state)
        self._next()

    def _tell(self, number: str, outcome: PrintOutcome, state: PrinterState) -> None:
        self._post(ReceiptPrinted(number=number, outcome=outcome, state=state))

    # --- the store's thread ------------------------------------------------------------------------------------------

    def _begin(self, job: _Job, store: keeper.Store) -> None:
        try:
            job.left.extend(slip for slip in _slips(store, job.number) if slip.receipt.role in job.roles)
            self._print_one(job)
        except Fault as fault:
            record_error(fault)
            self._end(job, PrintOutcome.NOT_PRINTED, self._state)
        except Exception:
            self._end(job, PrintOutcome.NOT_PRINTED, self._state)
            raise

    def _withdraw_leftovers(self, _store: keeper.Store) -> None:
        if self._printer is not None and any_open(self._directory):
            self._printer.withdraw_leftovers()

    def _print_one(self, job: _Job) -> None:
        """Count the next slip and hand it to the printer; raises Fault."""
        if self._printer is None or self._closed:
            return  # who shuts down tells it
        counted = count_slip(self._directory, job.left[0], hotline=self._hotline, large=self._large)
        job.left.popleft()
        job.counted = counted
        self._printer.print_slip(counted.slip, f"{counted.number} {counted.role}")

    # --- the printing thread -----------------------------------------------------------------------------------------

    def _take(self, event: object) -> None:
        """Take what the printing thread posts."""
        match event:
            case PrinterChanged(state=state):
                self._state = state
                self._post(event)
            case PrintEnded():
                self._ended(event)

    def _ended(self, ended: PrintEnded) -> None:
        job = self._job
        if job is None or job.counted is None:  # it was told of already, when the kiosk left
            return
        counted, job.counted = job.counted, None
        printed = ended.outcome is PrintOutcome.PRINTED
        job.printed += printed
        try:
            settle(self._directory, counted, ended.outcome)
            if printed and job.left:
                self._print_one(job)
                return
        except Exception as error:  # noqa: BLE001 - this thread serves the next one, too
            record_error(error)
        # A receipt of two slips of which one came out is neither printed nor not: somebody has to look.
        half = job.printed > 0 and (bool(job.left) or not printed)
        self._end(job, PrintOutcome.UNKNOWN if half else ended.outcome, ended.state)


def _slips(store: keeper.Store, number: str) -> tuple[KeptSlip, ...]:
    """Return the slips of a receipt; a damaged database is mended first. Raises Fault."""
    if not isinstance(store, Store):
        raise Fault(FaultCode.DISK_FULL, "the store is not open: free some space")
    try:
        return kept_slips(store, number)
    except Fault as fault:
        if fault.code is not FaultCode.DATABASE_DAMAGED:
            raise
    store.check()
    return kept_slips(store, number)
