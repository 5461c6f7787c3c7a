"""How a resident gets a slip of paper, and what is told when none comes out."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from petition import effects as do
from petition import events as ev
from petition.derive import Context, screen, utterance
from petition.model import Danger
from petition.offer import offered
from petition.ports import PrinterChanged, PrinterState, PrintOutcome
from petition.state import Rules
from petition.steps import WELCOME, Command
from tests.petition.world import NOON, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)
FAILURES = [
    (PrintOutcome.NOT_PRINTED, PrinterState.PAPER_OUT, "printer_no_paper"),
    (PrintOutcome.NOT_PRINTED, PrinterState.COVER_OPEN, "printer_cover_open"),
    (PrintOutcome.NOT_PRINTED, PrinterState.OFFLINE, "printer_silent"),
    (PrintOutcome.NOT_PRINTED, PrinterState.READY, "printer_silent"),
    (PrintOutcome.UNKNOWN, PrinterState.UNKNOWN, "printer_unknown"),
    (PrintOutcome.UNKNOWN, PrinterState.PAPER_OUT, "printer_no_paper"),
]


def with_receipt(*, may: bool = True, printer: PrinterState | None = PrinterState.READY) -> World:
    """Somebody who has just sent their petition."""
    world = World()
    world.state = replace(world.state, rules=Rules(residents_print=may), printer=printer)
    world.press("type")
    world.happen(ev.TextEdited(text="楼道的灯坏了"))
    world.press("done", "send")
    assert world.state.step == "receipt"
    return world


@pytest.fixture
def world() -> World:
    return with_receipt()


def number(world: World) -> str:
    assert world.state.receipt is not None
    return world.state.receipt.number


def ids(world: World) -> list[str]:
    return [choice.id for choice in offered(world.state)]


def orders(world: World) -> list[Sequence[str]]:
    return [effect.numbers for effect in world.done if isinstance(effect, do.PrintReceipts)]


def come_out(world: World, outcome: PrintOutcome, state: PrinterState) -> str:
    """Let the printer be done with what was ordered first; return where that is told."""
    return world.happen(ev.ReceiptPrinted(number=orders(world)[0][0], outcome=outcome, state=state)).step


@pytest.mark.parametrize(("may", "printer"), [(False, PrinterState.READY), (True, None), (False, None)])
def test_where_residents_may_not_print_or_no_printer_is_known_nothing_is_offered(
    *, may: bool, printer: PrinterState | None
) -> None:
    world = with_receipt(may=may, printer=printer)
    assert "print" not in ids(world)
    world.press("print")
    assert orders(world) == []


def test_a_slip_is_printed_once_and_told_when_it_is_there(world: World) -> None:
    world.answering = False
    world.press("print")
    assert world.state.saying.name == "printing"
    assert "print" not in ids(world)
    world.catch_up()
    assert world.state.step == "receipt"
    assert world.state.saying.name == "printed"
    assert orders(world) == [(number(world),)]
    assert "print" not in ids(world)


def test_whoever_presses_again_and_again_gets_one(world: World) -> None:
    world.answering = False
    world.press("print", "print", "print")
    world.happen(ev.NumberPressed(number=4), ev.NumberPressed(number=4))
    world.catch_up()
    world.press("print")
    assert len(orders(world)) == 1


@pytest.mark.parametrize(("outcome", "state", "step"), FAILURES)
def test_when_no_slip_comes_out_it_is_told_why_and_the_number_is_said(
    world: World, outcome: PrintOutcome, state: PrinterState, step: str
) -> None:
    world.print_outcome, world.printer = outcome, state
    assert world.press("print").step == step
    said = utterance(world.state, world.state.saying, CONTEXT).text
    spaced = " ".join((number(world)[:4], number(world)[4:8], number(world)[8:]))
    assert spaced in said or number(world) in said.replace(" ", "")
    assert "收好了" in screen(world.state, CONTEXT).body
    assert world.press("ok").step == "receipt"
    assert world.state.receipt is not None


@pytest.mark.parametrize(("outcome", "state", "step"), FAILURES)
def test_it_is_tried_again_as_soon_as_somebody_asks_for_it(
    world: World, outcome: PrintOutcome, state: PrinterState, step: str
) -> None:
    world.print_outcome, world.printer = outcome, state
    assert world.press("print").step == step
    world.print_outcome, world.printer = PrintOutcome.PRINTED, PrinterState.READY
    assert world.press("print").step == "receipt"
    assert world.state.saying.name == "printed"
    assert len(orders(world)) == 2


def test_who_asks_for_help_with_the_printer_calls_a_person_and_keeps_the_receipt(world: World) -> None:
    world.print_outcome, world.printer = PrintOutcome.NOT_PRINTED, PrinterState.PAPER_OUT
    world.press("print", "person")
    assert world.state.step == "call_staff"
    assert [type(e) for e in world.done].count(do.CallStaff) == 1
    assert world.press("resume").step == "printer_no_paper"
    assert world.press("ok").step == "receipt"


def test_paper_that_is_put_in_meanwhile_is_told_as_printed(world: World) -> None:
    world.answering = False
    world.press("print")
    assert world.happen(PrinterChanged(state=PrinterState.PAPER_OUT)).step == "printer_no_paper"
    assert "print" not in ids(world)
    assert come_out(world, PrintOutcome.PRINTED, PrinterState.READY) == "receipt"
    assert world.state.saying.name == "printed"


def test_what_was_told_already_is_not_told_twice(world: World) -> None:
    world.answering = False
    world.press("print")
    world.happen(PrinterChanged(state=PrinterState.PAPER_OUT))
    told = [type(e) for e in world.done].count(do.Say)
    assert come_out(world, PrintOutcome.NOT_PRINTED, PrinterState.PAPER_OUT) == "printer_no_paper"
    assert [type(e) for e in world.done].count(do.Say) == told
    assert "print" in ids(world)


def test_who_has_their_code_read_meanwhile_is_told_that_nothing_came_out(world: World) -> None:
    world.answering = False
    world.press("print", "code")
    assert come_out(world, PrintOutcome.NOT_PRINTED, PrinterState.PAPER_OUT) == "printer_no_paper"
    assert world.press("ok").step == "receipt_code"
    assert world.press("not").step == "receipt"


@pytest.mark.parametrize("asked", ["receipt_leave", "danger_fire"])
def test_what_must_not_be_interrupted_is_not(world: World, asked: str) -> None:
    world.answering = False
    world.press("print")
    command = Command.HOME if asked == "receipt_leave" else Command.FIRE
    assert world.happen(ev.CommandGiven(command=command)).step == asked
    assert come_out(world, PrintOutcome.NOT_PRINTED, PrinterState.OFFLINE) == asked
    assert world.state.saying.name not in {"printed", "printing"}


@pytest.mark.parametrize(("outcome", "state", "_step"), [*FAILURES, (PrintOutcome.PRINTED, PrinterState.READY, "")])
def test_what_is_printed_for_somebody_who_has_gone_is_told_to_nobody(
    world: World, outcome: PrintOutcome, state: PrinterState, _step: str
) -> None:
    world.answering = False
    world.press("print", "finish")
    assert world.state.step == "session_ended"
    world.press("again")
    before = world.state
    come_out(world, outcome, state)
    assert world.state == before
    world.pending.clear()
    world.answering = True
    world.press("type")
    world.happen(ev.TextEdited(text="另一位的话"))
    world.press("done", "send")
    shown = screen(world.state, CONTEXT)
    come_out(world, outcome, state)
    assert screen(world.state, CONTEXT) == shown
    assert "print" in ids(world)


def test_the_slip_of_the_petition_before_says_nothing_about_the_one_that_is_shown(world: World) -> None:
    world.answering = False
    world.press("print")
    first = number(world)
    world.pending.clear()
    world.answering = True
    world.press("another", "type")
    world.happen(ev.TextEdited(text="门口的树倒了"))
    world.press("done", "send")
    assert world.state.step == "receipt"
    assert number(world) != first
    assert "print" in ids(world)
    assert come_out(world, PrintOutcome.NOT_PRINTED, PrinterState.OFFLINE) == "receipt"
    world.press("print")
    assert orders(world) == [(first,), (number(world),)]


def test_who_goes_home_and_comes_to_another_receipt_may_print_that_one(world: World) -> None:
    world.press("print")
    world.happen(ev.CommandGiven(command=Command.HOME), ev.CommandGiven(command=Command.HOME))
    assert world.state.step == WELCOME
    assert world.state.printed == frozenset()


def test_a_printer_that_goes_while_the_receipt_is_shown_is_no_longer_offered(world: World) -> None:
    assert "print" in ids(world)
    world.happen(PrinterChanged(state=PrinterState.OFFLINE))
    assert "print" in ids(world)  # it is told why when it is tried
    world.print_outcome, world.printer = PrintOutcome.NOT_PRINTED, PrinterState.OFFLINE
    assert world.press("print").step == "printer_silent"


def test_danger_that_comes_up_while_it_prints_leaves_the_receipt_where_it_was(world: World) -> None:
    world.answering = False
    world.press("print")
    world.happen(ev.CommandGiven(command=Command.MEDICAL))
    assert world.state.call is not None
    assert world.state.call.reason is Danger.MEDICAL
    come_out(world, PrintOutcome.PRINTED, PrinterState.READY)
    assert world.press("safe").step == "receipt"
    assert "print" not in ids(world)
