"""The receipt as a PDF: this kiosk's words for it, on the paper that is asked for."""

from datetime import datetime
from pathlib import Path

from assets.words import load_translations
from petition.derive import Context
from petition.errors import Fault, FaultCode
from petition.model import Catalogue
from petition.receipt import Receipt
from petition.slip import paper_receipt
from ui.receipt_page import Paper, write_pdf


def write_slip(
    path: Path,
    receipt: Receipt,
    catalogue: Catalogue,
    *,
    hotline: str,
    arrived: bool,
    now: datetime,
    paper: Paper = Paper.A4,
) -> None:
    """Write a receipt as PDF, in its own language; needs a QGuiApplication. Raises Fault(BAD_INPUT) for a bad path.

    `arrived` is whether the platform has the petition; `now` is local time.
    """
    context = Context(translate=load_translations(receipt.language), now=now)
    shown = paper_receipt(receipt, catalogue, context, hotline=hotline, arrived=arrived)
    try:
        write_pdf(shown, path, paper)
    except OSError:
        raise Fault(FaultCode.BAD_INPUT, f"{path} can't be written: choose another file.") from None
