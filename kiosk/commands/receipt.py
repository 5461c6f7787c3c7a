"""`kiosk receipt`: makes a petition's slip again, as PDF or on paper, for as long as this kiosk remembers it."""

import argparse
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.commands.line import DONE, receipt_number, show
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration, state_directory
from petition.errors import Fault, FaultCode
from petition.model import Catalogue
from petition.receipt import Receipt, Role

PAPERS = ("A4", "80mm", "58mm")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a slip is made of."""

    receipt: Receipt
    catalogue: Catalogue
    arrived: bool


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add this command to the line."""
    receipt = commands.add_parser(
        "receipt", parents=[anywhere], help="make a petition's slip again, as PDF or on paper"
    )
    receipt.add_argument("number", metavar="NUMBER", help="12 digits")
    where = receipt.add_mutually_exclusive_group(required=True)
    where.add_argument("--pdf", type=Path, metavar="F", help="write it there")
    where.add_argument("--print", action="store_true", help="print it, on the printer of the configuration")
    receipt.add_argument(
        "--paper", metavar="P", help=f"{', '.join(PAPERS)}; without it A4 for a PDF, else what the configuration says"
    )
    receipt.add_argument("--agent", action="store_true", help="the slip of the one who filed for somebody else")
    receipt.set_defaults(run=make_slip)


def make_slip(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Render a slip without a display, and write or print it."""
    if asked.paper not in (None, *PAPERS):
        raise Fault(FaultCode.BAD_INPUT, f"--paper is one of {', '.join(PAPERS)}")
    number, role = receipt_number(asked.number), Role.AGENT if asked.agent else Role.OWN
    if asked.print:
        _print(number, role, asked.paper, configuration)
    else:
        _write(number, role, asked.paper or PAPERS[0], asked.pdf, configuration)
    return DONE


def _find(number: str, role: Role, configuration: Configuration) -> _Found:
    from offline_queue.outbox import WAITING
    from offline_queue.store import Store

    def find(store: Store) -> _Found:
        receipt = store.receipt(number, role)
        waits = any(item.state in WAITING and item.type == "petition" for item in store.items_of(number))
        return _Found(receipt=receipt, catalogue=store.catalogue(), arrived=not waits)

    return with_store(configuration, find)


def _write(number: str, role: Role, paper: str, path: Path, configuration: Configuration) -> None:
    if not path.parent.is_dir():
        raise Fault(FaultCode.BAD_INPUT, "--pdf names a folder that is not there")
    found = _find(number, role, configuration)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from kiosk.slip import write_slip
    from ui.receipt_page import Paper

    application = QGuiApplication.instance() or QGuiApplication(["kiosk"])
    write_slip(
        path,
        found.receipt,
        found.catalogue,
        hotline=configuration.platform.hotline,
        arrived=found.arrived,
        now=datetime.now().astimezone(),
        paper=Paper(paper),
    )
    del application


def _print(number: str, role: Role, paper: str | None, configuration: Configuration) -> None:
    """Print a slip, wait for what becomes of it, and say it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from kiosk.journal import journal, record
    from kiosk.printing.choose import device_of
    from kiosk.printing.count import count_print, take_back
    from kiosk.printing.reprint import print_and_wait
    from kiosk.printing.words import NOT_CONFIGURED, again, sentence
    from kiosk.slip import slip_of
    from petition.journal import Entry
    from petition.ports import PrintOutcome
    from ui.receipt_page import Paper

    device = device_of(configuration.printer, Paper(paper) if paper else None)
    if device is None:
        raise Fault(FaultCode.BAD_CONFIGURATION, " ".join(NOT_CONFIGURED))
    found = _find(number, role, configuration)
    state, now = state_directory(configuration), datetime.now().astimezone()
    application = QGuiApplication.instance() or QGuiApplication(["kiosk"])
    before = count_print(state, number, role, now.date())
    slip = slip_of(
        found.receipt,
        found.catalogue,
        hotline=configuration.platform.hotline,
        arrived=found.arrived,
        now=now,
        again=before,
    )
    with journal(state):
        ended = print_and_wait(device, slip)
        record(Entry.RECEIPT_PRINTED, number=number, count=before + 1, code=ended.outcome)
    del application
    chinese, english = sentence(ended.outcome, ended.state)
    match ended.outcome:
        case PrintOutcome.PRINTED:
            mark_chinese, mark_english = again(before)
            show(f"{chinese}{mark_chinese} {english}{mark_english}")
        case PrintOutcome.NOT_PRINTED:
            take_back(state, number, role, now.date())
            raise Fault(FaultCode.NOT_PRINTED, f"{chinese} {english}")
        case PrintOutcome.UNKNOWN:
            raise Fault(FaultCode.PRINTED_OR_NOT, f"{chinese} {english}")
