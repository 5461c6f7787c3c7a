"""A receipt printer by ESC/POS: what is on its paper is the page, dot by dot, and it is asked before and after."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp

from kiosk.printing.device import Ended
from kiosk.printing.escpos import EscposPrinter, state_of
from petition.ports import PrinterState, PrintOutcome
from petition.slip import PaperReceipt
from tests.printing.receipt_printer import ReceiptPrinter, in_the_network, on_a_serial_line
from tests.printing.slips import SLIP, URL, page_dots
from ui.receipt_page import Paper

ROLLS = (Paper.ROLL_80, Paper.ROLL_58)


def printed_by(printer: EscposPrinter, slip: PaperReceipt = SLIP) -> tuple[Ended, list[PrinterState]]:
    states: list[PrinterState] = []
    return printer.print_slip(slip, states.append, threading.Event()), states


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("paper", ROLLS)
def test_what_is_on_paper_is_the_page_dot_by_dot(
    receipt_printer: ReceiptPrinter, address: str, paper: Paper, large: bool
) -> None:
    slip = replace(SLIP, large=large)
    page = page_dots(slip, paper)
    ended, _ = printed_by(EscposPrinter(address, paper), slip)
    assert ended == Ended(outcome=PrintOutcome.PRINTED, state=PrinterState.READY)
    (printed,) = receipt_printer.slips
    assert np.array_equal(printed, page)
    (code,) = zxingcpp.read_barcodes(np.ascontiguousarray((1 - printed) * np.uint8(255)))
    assert code.text == URL


def test_the_same_on_a_serial_line(receipt_printer: ReceiptPrinter) -> None:
    page = page_dots(SLIP, Paper.ROLL_58)
    with on_a_serial_line(receipt_printer) as path:
        ended, _ = printed_by(EscposPrinter(path, Paper.ROLL_58, baud=115_200))
    assert ended.outcome is PrintOutcome.PRINTED
    assert np.array_equal(receipt_printer.slips[0], page)
    assert receipt_printer.strange == []


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        ("line-cut", PrinterState.OFFLINE),
        ("silent", PrinterState.OFFLINE),
        ("paper-out", PrinterState.PAPER_OUT),
        ("cover-open", PrinterState.COVER_OPEN),
    ],
)
def test_what_happens_in_the_middle_leaves_it_unknown_and_nothing_is_sent_again(
    receipt_printer: ReceiptPrinter, address: str, happens: str, state: PrinterState
) -> None:
    receipt_printer.breaks_after, receipt_printer.then = 3, happens
    ended, _ = printed_by(EscposPrinter(address, Paper.ROLL_80, stalled_seconds=0))
    assert ended == Ended(outcome=PrintOutcome.UNKNOWN, state=state)
    assert (receipt_printer.parts, receipt_printer.slips) == (3, [])


def test_paper_that_ends_with_the_last_part_is_not_called_printed(
    receipt_printer: ReceiptPrinter, address: str
) -> None:
    parts = -(-page_dots(SLIP, Paper.ROLL_80).shape[0] // 128)
    receipt_printer.breaks_after, receipt_printer.then = parts, "paper-out"
    ended, _ = printed_by(EscposPrinter(address, Paper.ROLL_80))
    assert ended == Ended(outcome=PrintOutcome.UNKNOWN, state=PrinterState.PAPER_OUT)


@pytest.mark.parametrize("state", [PrinterState.PAPER_OUT, PrinterState.COVER_OPEN])
def test_nothing_is_sent_to_a_printer_that_is_not_well(
    receipt_printer: ReceiptPrinter, address: str, state: PrinterState
) -> None:
    receipt_printer.paper = "out" if state is PrinterState.PAPER_OUT else "full"
    receipt_printer.cover_open = state is PrinterState.COVER_OPEN
    ended, states = printed_by(EscposPrinter(address, Paper.ROLL_80))
    assert ended == Ended(outcome=PrintOutcome.NOT_PRINTED, state=state)
    assert (states, receipt_printer.parts) == ([state], 0)


def test_a_printer_that_cannot_tell_when_it_has_printed_has_when_it_stays_well(
    receipt_printer: ReceiptPrinter, address: str
) -> None:
    receipt_printer.knows_gs_r = False
    ended, _ = printed_by(EscposPrinter(address, Paper.ROLL_58, settling_seconds=0.1))
    assert ended == Ended(outcome=PrintOutcome.PRINTED, state=PrinterState.READY)
    assert len(receipt_printer.slips) == 1


def test_an_answer_that_comes_late_is_not_taken_for_another(receipt_printer: ReceiptPrinter, address: str) -> None:
    receipt_printer.paper = "low"
    receipt_printer.breaks_after, receipt_printer.then = 2, "busy"
    ended, states = printed_by(EscposPrinter(address, Paper.ROLL_58))
    assert ended == Ended(outcome=PrintOutcome.PRINTED, state=PrinterState.PAPER_LOW)
    assert set(states) == {PrinterState.PAPER_LOW}


@pytest.mark.parametrize("where", ["127.0.0.1:9", "no-such-host.invalid", "/dev/no-such-line", "usb:ffff:fffe"])
def test_a_printer_that_is_not_there_has_surely_printed_nothing(where: str) -> None:
    printer = EscposPrinter(where, Paper.ROLL_80)
    assert printer.state() is PrinterState.OFFLINE
    assert printed_by(printer)[0] == Ended(outcome=PrintOutcome.NOT_PRINTED, state=PrinterState.OFFLINE)


def test_a_printer_that_hears_and_says_nothing_is_sent_nothing() -> None:
    mute = ReceiptPrinter(silent=True)
    with in_the_network(mute) as address:
        ended, _ = printed_by(EscposPrinter(address, Paper.ROLL_80))
    assert ended == Ended(outcome=PrintOutcome.NOT_PRINTED, state=PrinterState.OFFLINE)
    assert mute.parts == 0


@pytest.mark.parametrize(
    ("printer", "cause", "paper", "state"),
    [
        (0x12, 0x12, 0x12, PrinterState.READY),
        (0x12, 0x12, 0x1E, PrinterState.PAPER_LOW),
        (0x1A, 0x32, 0x7E, PrinterState.PAPER_OUT),
        (0x1A, 0x36, 0x7E, PrinterState.COVER_OPEN),
        (0x1A, 0x52, 0x12, PrinterState.UNKNOWN),
        (0x1A, 0x12, 0x12, PrinterState.UNKNOWN),
    ],
)
def test_the_answers_of_a_printer_are_told_by_the_worst(
    printer: int, cause: int, paper: int, state: PrinterState
) -> None:
    assert state_of(printer, cause, paper) is state
