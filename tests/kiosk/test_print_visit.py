"""Residents print on the real screen: a slip comes out, or it is said why not, and the number with it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from gateway.serve import Served
from kiosk.configuration import Printer
from petition.events import ChoicePressed, ReceiptPrinted
from petition.ports import PrintOutcome
from petition.receipt import Receipt, in_fours
from petition.script.phrases import PHRASES
from tests.kiosk.visitor import Visitor, enrolled_at, visiting
from tests.printing.receipt_printer import Dots, ReceiptPrinter, in_the_network

PRINT = ChoicePressed(choice_id="print")
NOT_PRINTED, PRINTED, UNKNOWN = PrintOutcome.NOT_PRINTED, PrintOutcome.PRINTED, PrintOutcome.UNKNOWN


@pytest.fixture
def paper() -> ReceiptPrinter:
    return ReceiptPrinter()


@pytest.fixture
def visitor(tmp_path: Path, served: Served, paper: ReceiptPrinter) -> Iterator[Visitor]:
    """Somebody before a kiosk at which residents print."""
    state = enrolled_at(served, tmp_path / "state")
    with in_the_network(paper) as address:
        printer = Printer(kind="escpos", address=address, residents=True)
        with visiting(state, printer=printer) as visitor:
            visitor.settle()
            yield visitor
    assert paper.strange == []


def code_on(slip: Dots) -> str:
    """What the code on a slip says."""
    (code,) = zxingcpp.read_barcodes(np.ascontiguousarray((1 - slip) * 255))
    return code.text


def printing(visitor: Visitor) -> PrintOutcome:
    """Press 「打一张回执」 or 「再打一次」, and wait for what becomes of it."""
    before = len(visitor.all(ReceiptPrinted))
    visitor.press("print")
    return visitor.wait_for(ReceiptPrinted, times=before + 1).outcome


def says_number_on(visitor: Visitor, step: str, receipt: Receipt) -> bool:
    """Whether this is what is told, and the number with it, for who will have no paper."""
    _, said = visitor.told()
    return visitor.state.step == step and in_fours(receipt.number) in said


def test_what_keeps_it_from_printing_is_told_with_the_number_and_mended_it_prints_once(
    visitor: Visitor, paper: ReceiptPrinter
) -> None:
    visitor.write()
    receipt = visitor.send()
    paper.paper = "out"
    assert printing(visitor) is NOT_PRINTED
    assert says_number_on(visitor, "printer_no_paper", receipt)
    paper.paper, paper.cover_open = "full", True
    assert printing(visitor) is NOT_PRINTED
    assert says_number_on(visitor, "printer_cover_open", receipt)
    paper.cover_open, paper.silent = False, True
    assert printing(visitor) is NOT_PRINTED
    assert says_number_on(visitor, "printer_silent", receipt)
    assert paper.slips == []
    paper.silent = False
    assert printing(visitor) is PRINTED
    assert visitor.told()[1] == PHRASES["printed"]
    assert visitor.state.step in {"receipt", "receipt_offline"}
    assert PRINT not in visitor.answers()
    assert [code_on(slip) for slip in paper.slips] == [receipt.url]


def test_paper_that_ends_within_a_slip_is_told_and_the_next_one_is_whole(
    visitor: Visitor, paper: ReceiptPrinter
) -> None:
    visitor.write()
    receipt = visitor.send()
    paper.breaks_after, paper.then = 2, "paper-out"
    assert printing(visitor) is UNKNOWN
    assert says_number_on(visitor, "printer_no_paper", receipt)
    paper.paper = "full"
    assert printing(visitor) is PRINTED
    half, whole = paper.slips
    assert half.shape[0] < whole.shape[0]
    assert code_on(whole) == receipt.url
