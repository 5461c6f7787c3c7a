"""Fixtures of the printing tests: a CUPS of their own, an ESC/POS printer, and what a slip says."""

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tests.printing.cups_queue import CUPSD, PrivateCups, private_cups
from tests.printing.receipt_printer import ReceiptPrinter, in_the_network


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateCups]:
    """A CUPS of this test's own, which `kiosk.printing.ipp` talks to."""
    if not CUPSD.exists():
        pytest.skip("there is no CUPS here: install cups-daemon")
    with private_cups() as cups:
        monkeypatch.setenv("CUPS_SERVER", cups.server)
        yield cups


@pytest.fixture(scope="session", autouse=True)
def application() -> QApplication:
    """Fonts and pictures, without a display."""
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication([])


@pytest.fixture
def receipt_printer() -> ReceiptPrinter:
    return ReceiptPrinter()


@pytest.fixture
def address(receipt_printer: ReceiptPrinter) -> Iterator[str]:
    """Where the receipt printer is in the network."""
    with in_the_network(receipt_printer) as address:
        yield address
    assert receipt_printer.strange == []
