"""One application for all screen tests, drawing without a display."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from kiosk.audit.matrix import GLASSES
from petition.pad import Meaning
from ui.look import Glass
from ui.window import KioskWindow

HARMLESS = ("This plugin does not support",)
"""What the offscreen platform says of itself."""
MORNING = datetime(2026, 11, 22, 9, 41, tzinfo=timezone(timedelta(hours=8)))
LANDSCAPE, PORTRAIT, SMALL = GLASSES["landscape"], GLASSES["portrait"], GLASSES["small"]


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture(autouse=True)
def _qt_has_nothing_to_complain_about() -> Iterator[None]:
    """Fails a test during which Qt printed a warning."""
    complaints: list[str] = []

    def listen(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not message.startswith(HARMLESS):
            complaints.append(message)

    before = qInstallMessageHandler(listen)
    yield
    qInstallMessageHandler(before)
    assert complaints == []


@pytest.fixture(scope="session")
def application() -> QApplication:
    gc.collect()
    gc.freeze()  # what was imported stays: looking through it again after every window takes longer than most tests
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication([])


@pytest.fixture
def posted() -> list[object]:
    """Everything the window posted."""
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_window(application: QApplication, posted: list[object], clock: Clock) -> Iterator[Callable[..., KioskWindow]]:
    """Makes windows and closes them afterwards."""
    made: list[KioskWindow] = []

    def make(
        glass: Glass = LANDSCAPE, *, reduced_motion: bool = True, pad: Mapping[int, Meaning] | None = None
    ) -> KioskWindow:
        window = KioskWindow(
            posted.append, glass, now=lambda: MORNING, clock=clock, reduced_motion=reduced_motion, pad=pad or {}
        )
        made.append(window)
        window.show()
        application.processEvents()
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    application.processEvents()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs that would do it
    gc.collect()


@pytest.fixture
def window(new_window: Callable[..., KioskWindow]) -> KioskWindow:
    return new_window()
