"""`kiosk receipt`: makes a petition's slip again, for as long as this kiosk remembers it."""

import argparse
import os
from datetime import datetime
from pathlib import Path

from kiosk.commands.line import DONE, receipt_number
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration
from petition.errors import Fault, FaultCode
from petition.model import Catalogue
from petition.receipt import Receipt, Role

PAPERS = ("A4", "80mm", "58mm")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add this command to the line."""
    receipt = commands.add_parser("receipt", parents=[anywhere], help="make a petition's slip again, as PDF")
    receipt.add_argument("number", metavar="NUMBER", help="12 digits")
    receipt.add_argument("--pdf", type=Path, required=True, metavar="F", help="where to")
    receipt.add_argument("--paper", default=PAPERS[0], metavar="P", help=f"{', '.join(PAPERS)}; A4 without it")
    receipt.add_argument("--agent", action="store_true", help="the slip of the one who filed for somebody else")
    receipt.set_defaults(run=write_receipt)


def write_receipt(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Render a slip without a display."""
    from offline_queue.outbox import WAITING
    from offline_queue.store import Store

    number = receipt_number(asked.number)
    if asked.paper not in PAPERS:
        raise Fault(FaultCode.BAD_INPUT, f"--paper is one of {', '.join(PAPERS)}")
    if not asked.pdf.parent.is_dir():
        raise Fault(FaultCode.BAD_INPUT, "--pdf names a folder that is not there")

    def find(store: Store) -> tuple[Receipt, Catalogue, bool]:
        receipt = store.receipt(number, Role.AGENT if asked.agent else Role.OWN)
        waits = any(item.state in WAITING and item.type == "petition" for item in store.items_of(number))
        return receipt, store.catalogue(), not waits

    receipt, catalogue, arrived = with_store(configuration, find)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from kiosk.slip import write_slip
    from ui.receipt_page import Paper

    application = QGuiApplication.instance() or QGuiApplication(["kiosk"])
    write_slip(
        asked.pdf,
        receipt,
        catalogue,
        hotline=configuration.platform.hotline,
        arrived=arrived,
        now=datetime.now().astimezone(),
        paper=Paper(asked.paper),
    )
    del application
    return DONE
