"""A slip on its way to paper: counted before anything is sent, settled when it is known what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kiosk.journal import record
from kiosk.printing.count import close_all, count_print, take_back
from kiosk.printing.kept import KeptSlip
from kiosk.slip import slip_of
from petition.journal import Entry
from petition.ports import PrintOutcome
from petition.receipt import Role
from petition.slip import PaperReceipt


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSlip:
    """A slip, and how many times it was printed before."""

    number: str
    role: Role
    before: int
    on: date
    slip: PaperReceipt


def count_slip(directory: Path, kept: KeptSlip, *, hotline: str, large: bool) -> CountedSlip:
    """Count one more print of a slip and return it with its mark. Raises Fault as `count_print` does."""
    receipt, now = kept.receipt, datetime.now().astimezone()
    before = count_print(directory, receipt.number, receipt.role, now.date())
    slip = slip_of(receipt, kept.catalogue, hotline=hotline, arrived=kept.arrived, now=now, again=before, large=large)
    return CountedSlip(number=receipt.number, role=receipt.role, before=before, on=now.date(), slip=slip)


def settle(directory: Path, counted: CountedSlip, outcome: PrintOutcome) -> None:
    """Write down what became of it; what was surely not printed counts no more. Raises Fault as `take_back` does."""
    record(Entry.RECEIPT_PRINTED, number=counted.number, count=counted.before + 1, code=outcome)
    match outcome:
        case PrintOutcome.PRINTED:
            close_all(directory, counted.on)
        case PrintOutcome.NOT_PRINTED:
            take_back(directory, counted.number, counted.role, counted.on)
