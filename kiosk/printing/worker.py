"""The thread that prints: takes slips at once, prints one after the other, posts what becomes of them."""

import queue
import threading
from dataclasses import dataclass
from enum import Enum, auto

from kiosk.journal import record_error
from kiosk.printing.device import Device, Ended
from petition.ports import Post, PrintEnded, PrinterChanged, PrinterState, PrintOutcome
from petition.slip import PaperReceipt

CLOSING_SECONDS = 15.0
"""A job is withdrawn in less; who waits longer is kept from nothing but leaving."""


class _Other(Enum):
    """What is asked for besides slips."""

    LOOK = auto()
    WITHDRAW_LEFTOVERS = auto()
    NOTHING = auto()
    """Only wakes the thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slip:
    slip: PaperReceipt
    job: str


class PrintingThread:
    """The Printer of `petition/ports.py`, for any device."""

    def __init__(self, device: Device, post: Post) -> None:
        """Begin to wait for slips; what becomes of them is handed to `post`, on this thread."""
        self._device, self._post = device, post
        self._asked: queue.SimpleQueue[_Slip | _Other] = queue.SimpleQueue()
        self._leaving = threading.Event()
        self._last: PrinterState | None = None
        self._thread = threading.Thread(target=self._run, name="printing", daemon=True)
        self._thread.start()

    def print_slip(self, slip: PaperReceipt, job: str) -> None:
        """Take a slip and return at once."""
        self._asked.put(_Slip(slip=slip, job=job))

    def look(self) -> None:
        """Have the printer looked at, after the slips that wait."""
        self._asked.put(_Other.LOOK)

    def withdraw_leftovers(self) -> None:
        """Have nothing come out any more of what a kiosk sent that ended in the middle."""
        self._asked.put(_Other.WITHDRAW_LEFTOVERS)

    def close(self) -> None:
        """Withdraw what is being printed, tell of the rest that it was not, and end the thread."""
        self._leaving.set()
        self._asked.put(_Other.NOTHING)
        self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        while not self._leaving.is_set() or not self._asked.empty():
            match self._asked.get():
                case _Slip() as asked:
                    self._print(asked)
                case _Other.LOOK if not self._leaving.is_set():
                    self._last = None  # who asks is answered, changed or not
                    self._look()
                case _Other.WITHDRAW_LEFTOVERS if not self._leaving.is_set():
                    self._withdraw_leftovers()

    def _look(self) -> None:
        try:
            self._told(self._device.state())
        except Exception as error:  # noqa: BLE001 - this thread serves the next visit, too
            record_error(error)
            self._told(PrinterState.UNKNOWN)

    def _withdraw_leftovers(self) -> None:
        try:
            self._device.withdraw_leftovers()
        except Exception as error:  # noqa: BLE001 - as above
            record_error(error)

    def _print(self, asked: _Slip) -> None:
        if self._leaving.is_set():
            ended = Ended(outcome=PrintOutcome.NOT_PRINTED, state=self._last or PrinterState.UNKNOWN)
        else:
            try:
                ended = self._device.print_slip(asked.slip, self._told, self._leaving)
            except Exception as error:  # noqa: BLE001 - as above; whether it had begun nobody knows
                record_error(error)
                ended = Ended(outcome=PrintOutcome.UNKNOWN, state=PrinterState.UNKNOWN)
            self._told(ended.state)
        self._post(PrintEnded(job=asked.job, outcome=ended.outcome, state=ended.state))

    def _told(self, state: PrinterState) -> None:
        if state is not self._last:
            self._last = state
            self._post(PrinterChanged(state=state))
