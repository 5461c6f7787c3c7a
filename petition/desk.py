"""How the staff desk goes: it lies over a visit, is opened by a PIN, and leaves the visit as it was."""

from petition import effects as do
from petition import events as ev
from petition.offer import PAGES
from petition.ports import PrinterState, PrintOutcome
from petition.receipt import is_receipt_number
from petition.state import Busy
from petition.steps import STAY, Source
from petition.turn import Turn

DESK = "desk"
DESK_SECONDS = 120
"""So long after nothing was pressed the desk closes."""
PIN_DIGITS = 4
"""At least so many."""
FAILED = {
    PrinterState.PAPER_OUT: "print_paper_out",
    PrinterState.COVER_OPEN: "print_cover_open",
    PrinterState.OFFLINE: "print_silent",
}
"""What staff are told when a slip did not come out."""


def try_pin(turn: Turn) -> None:
    """Have a PIN looked at; nothing of it stays here."""
    pin = turn.state.pin_digits
    if len(pin) >= PIN_DIGITS:
        turn.to(busy=Busy.OPENING, pin_digits="")
        turn.do(do.OpenDesk(pin=pin))


def try_badge(turn: Turn, badge: str) -> None:
    """Have a staff badge looked at; nothing of it stays here."""
    turn.to(busy=Busy.OPENING, pin_digits="")
    turn.do(do.OpenDesk(badge=badge))


def told(turn: Turn, event: ev.DeskTold) -> str:
    """Show what the desk tells; return where that is."""
    opened = turn.state.busy is Busy.OPENING and turn.state.step == "staff_pin"
    if opened:
        turn.to(busy=None, desk=event.desk, picked=(), desk_digits="")
        return "staff_home"
    if turn.state.desk is not None:
        gone = event.desk.interrupted is None and turn.state.step in {"staff_interrupted", "staff_discard"}
        kept = {one.number for one in event.desk.receipts}
        turn.to(desk=event.desk, picked=tuple(n for n in turn.state.picked if n in kept))
        return "staff_home" if gone else STAY
    return STAY


def refused(turn: Turn, event: ev.DeskRefused) -> str:
    """Tell why the desk stays closed; return where."""
    if turn.state.busy is not Busy.OPENING or turn.state.step != "staff_pin":
        return STAY
    turn.to(busy=None, pin_tries_left=event.tries_left, locked_minutes=event.locked_minutes)
    if event.fault is not None:
        return "staff_fault"
    if event.unset:
        return "staff_unset"
    return "staff_locked" if event.locked_minutes else "staff_wrong"


def close(turn: Turn, *, uncover: bool = True) -> None:
    """Forget what the desk showed, and have nothing left between it and the visit, so that RETURN leads there."""
    turn.to(desk=None, pin_digits="", desk_digits="", picked=(), desk_page=0, locked_minutes=0, pin_tries_left=0)
    if uncover:
        turn.to(covered=turn.state.covered[:1])
    turn.to(busy=None if turn.state.busy is Busy.OPENING else turn.state.busy)
    turn.do(do.CancelTimer(name=DESK), do.CloseDesk())


def pick(turn: Turn, number: str) -> None:
    """Choose a receipt to be printed, or not to be."""
    picked = turn.state.picked
    turn.to(picked=tuple(n for n in picked if n != number) if number in picked else (*picked, number))


def find(turn: Turn, number: str) -> str:
    """Choose the receipt of a number and show the page it is on; return where."""
    turn.to(desk_digits="")
    kept = [one.number for one in turn.state.desk.receipts] if turn.state.desk else []
    if not is_receipt_number(number) or number not in kept:
        return "staff_no_receipt"
    if number not in turn.state.picked:
        pick(turn, number)
    turn.to(desk_page=kept.index(number) // PAGES[Source.RECEIPTS])
    return "staff_receipts"


def print_picked(turn: Turn) -> str:
    """Have the chosen slips printed; return the phrase that says so."""
    if turn.state.printer is None:
        return "print_none"
    numbers = tuple(n for n in turn.state.picked if n not in turn.state.printing)
    turn.to(picked=(), printing=turn.state.printing | set(numbers))
    if numbers:
        turn.do(do.PrintReceipts(numbers=numbers))
    return "printing"


def printed_phrase(event: ev.ReceiptPrinted) -> str:
    """Return what is said of a slip at the desk."""
    match event.outcome:
        case PrintOutcome.PRINTED:
            return "printed"
        case PrintOutcome.UNKNOWN:
            return "print_unknown"
        case PrintOutcome.NOT_PRINTED:
            return FAILED.get(event.state, "print_silent")
