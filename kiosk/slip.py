"""The receipt on paper: this kiosk's words for it, and as a PDF on the paper that is asked for."""

from datetime import datetime
from pathlib import Path

from assets.words import load_translations
from petition.derive import Context
from petition.errors import Fault, FaultCode
from petition.model import Catalogue
from petition.receipt import Receipt
from petition.slip import PaperReceipt, paper_receipt
from ui.receipt_page import Paper, write_pdf


def slip_of(
    receipt: Receipt,
    catalogue: Catalogue,
    *,
    hotline: str,
    arrived: bool,
    now: datetime,
    again: int = 0,
    large: bool = False,
) -> PaperReceipt:
    """Return what a receipt says on paper, in its own language.

    `arrived` is whether the platform has the petition; `now` is local time; `again` is how many times it was printed;
    `large` is whether it is set in large print.
    """
    context = Context(translate=load_translations(receipt.language), now=now)
    return paper_receipt(receipt, catalogue, context, hotline=hotline, arrived=arrived, again=again, large=large)


def write_slip(
    path: Path,
    receipt: Receipt | tuple[Receipt, ...],
    catalogue: Catalogue,
    *,
    hotline: str,
    arrived: bool,
    now: datetime,
    paper: Paper = Paper.A4,
    large: bool = False,
) -> None:
    """Write a receipt as PDF, in its own language; needs a QGuiApplication. Raises Fault(BAD_INPUT) for a bad path.

    Of a receipt with several slips each is a page.

    `arrived` is whether the platform has the petition; `now` is local time; `large` is whether it is in large print.
    """
    slips = tuple(
        slip_of(each, catalogue, hotline=hotline, arrived=arrived, now=now, large=large)
        for each in (receipt if isinstance(receipt, tuple) else (receipt,))
    )
    try:
        write_pdf(slips, path, paper)
    except OSError:
        raise Fault(FaultCode.BAD_INPUT, f"{path} can't be written: choose another file.") from None
