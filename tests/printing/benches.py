"""Both kinds of printers on the bench, each with what is done to it: the same tests run with either."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from kiosk.printing.cups import CupsPrinter
from kiosk.printing.device import Device, Ended, Told
from kiosk.printing.escpos import EscposPrinter
from petition.model import Language
from petition.ports import PrinterState, PrintOutcome
from petition.slip import PaperReceipt
from tests.printing.cups_queue import NOBODY_THERE, QUEUE, PrivateCups
from tests.printing.receipt_printer import ReceiptPrinter
from tests.printing.slips import shows_dots, shows_words
from ui.receipt_page import Paper

Break = Callable[[PrinterState], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A printer on the bench: it can be spoilt, and what comes out is counted."""

    device: Device
    unreachable: Device
    make_it: Break
    """Have it be like this."""
    papers: Callable[[], int]
    """How many slips came out."""
    shows: Callable[[PaperReceipt], bool]
    """Whether what came out last is this slip, whole."""
    stopped_in_its_tracks: PrintOutcome
    """What is known of a slip when the printer is not well before it begins: a queue has taken it by then."""


class Impatient:
    """A printer that is given up as soon as it says that it is not well: the minute a queue waits is over at once."""

    def __init__(self, device: Device, times: int = 1000) -> None:
        self._device, self._times = device, times

    def state(self) -> PrinterState:
        return self._device.state()

    def print_slip(self, slip: PaperReceipt, told: Told, leaving: threading.Event) -> Ended:
        if self._times == 0:
            return self._device.print_slip(slip, told, leaving)
        self._times -= 1
        over = threading.Event()

        def tell(state: PrinterState) -> None:
            told(state)
            if state not in (PrinterState.READY, PrinterState.PAPER_LOW):
                over.set()

        return self._device.print_slip(slip, tell, over)

    def withdraw_leftovers(self) -> None:
        self._device.withdraw_leftovers()


KINDS = ("cups", "escpos")


def mostly_on(often: str) -> pytest.MarkDecorator:
    """Have a test run with one kind of printer in every run, and with the other in the long one."""
    kinds = [pytest.param(kind, marks=() if kind == often else pytest.mark.slow) for kind in KINDS]
    return pytest.mark.parametrize("bench", kinds, indirect=True)


def in_turns(name: str, often: Mapping[PrinterState, str] | Mapping[Language, str]) -> pytest.MarkDecorator:
    """Have a test run for each value with the kind of printer that stands there, and with the other in the long run."""
    pairs = [
        pytest.param(kind, value, marks=() if kind == chosen else pytest.mark.slow)
        for value, chosen in often.items()
        for kind in KINDS
    ]
    return pytest.mark.parametrize(("bench", name), pairs, indirect=["bench"])


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "cups":
        cups: PrivateCups = request.getfixturevalue("cups")
        reasons = {
            PrinterState.READY: "",
            PrinterState.PAPER_LOW: "media-low-report",
            PrinterState.PAPER_OUT: "media-empty-error",
            PrinterState.COVER_OPEN: "cover-open",
            PrinterState.OFFLINE: "offline-report",
            PrinterState.UNKNOWN: "fuser-over-temp-error",
        }
        return Bench(
            device=CupsPrinter(QUEUE, Paper.A4),
            unreachable=CupsPrinter(NOBODY_THERE, Paper.A4, patience_seconds=0.5),
            make_it=lambda state: cups.make_it(reasons[state]),
            papers=lambda: len(cups.printed()),
            shows=lambda slip: shows_words(cups.printed()[-1], slip),
            stopped_in_its_tracks=PrintOutcome.UNKNOWN,
        )
    printer: ReceiptPrinter = request.getfixturevalue("receipt_printer")

    def make_it(state: PrinterState) -> None:
        printer.paper = {PrinterState.PAPER_LOW: "low", PrinterState.PAPER_OUT: "out"}.get(state, "full")
        printer.cover_open = state is PrinterState.COVER_OPEN
        printer.silent = state is PrinterState.OFFLINE
        printer.broken = state is PrinterState.UNKNOWN

    return Bench(
        device=EscposPrinter(request.getfixturevalue("address"), Paper.ROLL_80, stalled_seconds=0),
        unreachable=EscposPrinter("127.0.0.1:9", Paper.ROLL_80),
        make_it=make_it,
        papers=lambda: len(printer.slips) + bool(printer.rows),
        shows=lambda slip: shows_dots(printer.slips[-1], slip, Paper.ROLL_80),
        stopped_in_its_tracks=PrintOutcome.NOT_PRINTED,
    )
