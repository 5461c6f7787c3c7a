"""What every printer does, whatever it is: the same tests for a CUPS queue and for a receipt printer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from kiosk.printing.device import Device, Ended, Told
from kiosk.printing.words import sentence
from kiosk.printing.worker import PrintingThread
from petition.ports import PrinterState, PrintOutcome
from petition.slip import PaperReceipt
from tests.printing.benches import Bench, bench
from tests.printing.slips import SLIP, Posted

__all__ = ["bench"]


@contextmanager
def printing(device: Device) -> Iterator[tuple[PrintingThread, Posted]]:
    posted = Posted()
    printer = PrintingThread(device, posted)
    try:
        yield printer, posted
    finally:
        printer.close()
        assert posted.once_each()


def test_a_slip_is_printed_once_and_that_is_told_once(bench: Bench) -> None:
    with printing(bench.device) as (printer, posted):
        printer.print_slip(SLIP, "first")
        ended = posted.until_ended()
    assert (ended.job, ended.outcome, ended.state) == ("first", PrintOutcome.PRINTED, PrinterState.READY)
    assert bench.papers() == 1
    assert posted.states == [PrinterState.READY]


def test_slips_are_printed_in_their_order(bench: Bench) -> None:
    with printing(bench.device) as (printer, posted):
        for job in ("first", "second"):
            printer.print_slip(replace(SLIP, again=job), job)
        assert [posted.until_ended().job, posted.until_ended().job] == ["first", "second"]
    assert bench.papers() == 2


def test_paper_that_will_end_soon_is_told_and_printed_on(bench: Bench) -> None:
    bench.make_it(PrinterState.PAPER_LOW)
    with printing(bench.device) as (printer, posted):
        printer.print_slip(SLIP, "low")
        assert posted.until_ended().outcome is PrintOutcome.PRINTED
        assert posted.states[-1] is PrinterState.PAPER_LOW
    assert bench.papers() == 1


@pytest.mark.parametrize(
    "state", [PrinterState.PAPER_OUT, PrinterState.COVER_OPEN, PrinterState.OFFLINE, PrinterState.UNKNOWN]
)
def test_what_keeps_it_from_printing_is_told_and_nothing_comes_out_when_it_is_mended(
    bench: Bench, state: PrinterState
) -> None:
    bench.make_it(state)
    with printing(bench.device) as (printer, posted):
        printer.print_slip(SLIP, "spoilt")
        posted.until(state)
    (ended,) = posted.ended
    assert ended.state is state
    assert ended.outcome is not PrintOutcome.PRINTED
    assert all(sentence(ended.outcome, ended.state))
    bench.make_it(PrinterState.READY)
    with printing(bench.device) as (printer, posted):
        printer.print_slip(SLIP, "again")
        assert posted.until_ended().outcome is PrintOutcome.PRINTED
    assert bench.papers() == 1, "only what was asked for again"


def test_a_printer_that_cannot_be_reached_is_given_up(bench: Bench) -> None:
    with printing(bench.unreachable) as (printer, posted):
        printer.print_slip(SLIP, "far")
        ended = posted.until_ended()
    assert (ended.state, ended.outcome is PrintOutcome.PRINTED) == (PrinterState.OFFLINE, False)


def test_who_looks_is_told_each_time_how_it_is(bench: Bench) -> None:
    with printing(bench.device) as (printer, posted):
        for _ in range(2):
            printer.look()
            posted.until(PrinterState.READY)


def test_who_leaves_withdraws_what_waits_and_every_slip_is_accounted_for(bench: Bench) -> None:
    bench.make_it(PrinterState.PAPER_OUT)
    posted = Posted()
    printer = PrintingThread(bench.device, posted)
    for job in ("first", "second", "third"):
        printer.print_slip(SLIP, job)
    printer.close()
    outcomes = {ended.job: ended.outcome for ended in (posted.until_ended() for _ in range(3))}
    assert outcomes.keys() == {"first", "second", "third"}
    assert PrintOutcome.PRINTED not in outcomes.values()
    assert outcomes["third"] is PrintOutcome.NOT_PRINTED
    bench.make_it(PrinterState.READY)
    assert bench.papers() == 0


class Broken:
    """A device with a mistake of ours in it."""

    def state(self) -> PrinterState:
        raise ZeroDivisionError

    def print_slip(self, slip: PaperReceipt, told: Told, leaving: threading.Event) -> Ended:
        raise ZeroDivisionError

    def withdraw_leftovers(self) -> None:
        raise ZeroDivisionError


def test_a_mistake_of_ours_ends_in_unknown_and_not_the_thread() -> None:
    with printing(Broken()) as (printer, posted):
        for job in ("first", "second"):
            printer.print_slip(SLIP, job)
            ended = posted.until_ended()
            assert (ended.job, ended.outcome, ended.state) == (job, PrintOutcome.UNKNOWN, PrinterState.UNKNOWN)
        printer.withdraw_leftovers()
        printer.look()
        posted.until(PrinterState.UNKNOWN)
