"""`kiosk receipt`: makes a petition's slip again, as PDF or on paper, for as long as this kiosk remembers it."""

import argparse
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands.line import DONE, receipt_number, show
from kiosk.commands.state import with_store
from kiosk.configuration import Configuration, state_directory
from petition.errors import Fault, FaultCode
from petition.receipt import Role

if TYPE_CHECKING:
    from kiosk.printing.kept import KeptSlip

PAPERS = ("A4", "80mm", "58mm")


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
    which = receipt.add_mutually_exclusive_group()
    which.add_argument("--own", action="store_true", help="of two slips only the one of the person it was filed for")
    which.add_argument("--agent", action="store_true", help="only the one of whoever filed it for them")
    receipt.add_argument("--large", action="store_true", help="in large print: 18 point and more")
    receipt.set_defaults(run=make_slip)


def make_slip(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Render a slip without a display, and write or print it."""
    if asked.paper not in (None, *PAPERS):
        raise Fault(FaultCode.BAD_INPUT, f"--paper is one of {', '.join(PAPERS)}")
    number, role = receipt_number(asked.number), Role.AGENT if asked.agent else Role.OWN if asked.own else None
    if asked.print:
        _print(number, role, asked, configuration)
    else:
        _write(number, role, asked, configuration)
    return DONE


def _find(number: str, role: Role | None, configuration: Configuration) -> "tuple[KeptSlip, ...]":
    """Return one slip of a receipt, or all there are."""
    from kiosk.printing.kept import kept_slip, kept_slips

    if role is None:
        return with_store(configuration, lambda store: kept_slips(store, number))
    return (with_store(configuration, lambda store: kept_slip(store, number, role)),)


def _write(number: str, role: Role | None, asked: argparse.Namespace, configuration: Configuration) -> None:
    if not asked.pdf.parent.is_dir():
        raise Fault(FaultCode.BAD_INPUT, "--pdf names a folder that is not there")
    found = _find(number, role, configuration)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from kiosk.slip import write_slip
    from ui.receipt_page import Paper

    application = QGuiApplication.instance() or QGuiApplication(["kiosk"])
    write_slip(
        asked.pdf,
        tuple(each.receipt for each in found),
        found[0].catalogue,
        hotline=configuration.platform.hotline,
        arrived=found[0].arrived,
        now=datetime.now().astimezone(),
        paper=Paper(asked.paper or PAPERS[0]),
        large=asked.large,
    )
    del application


def _print(number: str, role: Role | None, asked: argparse.Namespace, configuration: Configuration) -> None:
    """Print a receipt's slips, each after the one before came out, and say what became of each."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from kiosk.journal import journal
    from kiosk.printing.choose import device_of
    from kiosk.printing.count import any_open
    from kiosk.printing.counted import count_slip, settle
    from kiosk.printing.reprint import print_and_wait
    from kiosk.printing.words import NOT_CONFIGURED, again, sentence
    from petition.ports import PrintOutcome
    from ui.receipt_page import Paper

    device = device_of(configuration.printer, Paper(asked.paper) if asked.paper else None)
    if device is None:
        raise Fault(FaultCode.BAD_CONFIGURATION, " ".join(NOT_CONFIGURED))
    found = _find(number, role, configuration)
    state, large = state_directory(configuration), asked.large or configuration.printer.large_print
    application = QGuiApplication.instance() or QGuiApplication(["kiosk"])
    if any_open(state) and configuration.printer.kind == "escpos":  # in a queue it may be what a running kiosk prints
        device.withdraw_leftovers()
    for each in found:
        counted = count_slip(state, each, hotline=configuration.platform.hotline, large=large)
        with journal(state):
            ended = print_and_wait(device, counted.slip)
            settle(state, counted, ended.outcome)
        chinese, english = sentence(ended.outcome, ended.state)
        match ended.outcome:
            case PrintOutcome.PRINTED:
                mark_chinese, mark_english = again(counted.before)
                show(f"{chinese}{mark_chinese} {english}{mark_english}")
            case PrintOutcome.NOT_PRINTED:
                raise Fault(FaultCode.NOT_PRINTED, f"{chinese} {english}")
            case PrintOutcome.UNKNOWN:
                raise Fault(FaultCode.PRINTED_OR_NOT, f"{chinese} {english}")
    del application
