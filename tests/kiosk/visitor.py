"""Visits to the real kiosk in this process, by hand and voice: the application, its rooms and its children, all real."""

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from gateway import admin
from gateway.serve import Served
from kiosk.app import App
from kiosk.configuration import Bell, Configuration, Pictures, Platform, Printer, Screen, Voice
from kiosk.rooms import SlowRooms
from kiosk.tour.guide import Guide, opened
from offline_queue.enrolment import enrol
from offline_queue.store import Store, open_store
from petition.events import LineChanged, MicrophoneLost, SpeechLost
from petition.receipt import Receipt
from petition.state import State
from petition.steps import WELCOME, Command
from tests.virtual_sound import NO_DEVICE
from ui.page import Page

T = TypeVar("T")
HARMLESS = (
    "This plugin does not support",
    'AtSpiAdaptor::applicationInterface does not implement "GetApplicationBusAddress"',
    "Could not find accessible on path",
)
"""What the offscreen platform says of itself; and what AT-SPI asks for that Qt has not, or no longer has."""
LETTERS = "diantihuaile"
MUTE = Voice(microphone=NO_DEVICE, speaker=NO_DEVICE)
NO_MODEL = "none-installed"
"""What speaks here is no speech: words made out of it would be chance. Visits by voice are tried by themselves."""
HEARD = Voice(model=NO_MODEL)
"""What the virtual sound card plays and hears."""


APART_SECONDS = 0.4
"""Longer than the guard against double strikes: so much time passes for the window from one press to the next."""


class Hand(Guide):
    """A guide that presses as soon as there is something to press; the window's clock goes ahead meanwhile."""

    def __init__(self, app: App) -> None:
        super().__init__(app, Path())
        self._ahead_seconds = 0.0
        app.window._clock = lambda: time.monotonic() + self._ahead_seconds

    def _press(self, act: object, name: str) -> None:
        self.wait(lambda: self._named(lambda c: c.act == act) is not None, f"button-{name}")
        self._ahead_seconds += APART_SECONDS
        control = self._named(lambda c: c.act == act)
        assert control is not None
        self._click(control)


@dataclass(slots=True)
class Visitor:
    """Somebody in front of a kiosk, and what happened in it since it opened."""

    app: App
    guide: Guide
    events: list[object]

    @property
    def state(self) -> State:
        return self.guide.state

    @property
    def rooms(self) -> SlowRooms:
        assert self.app.rooms is not None
        return self.app.rooms

    @property
    def page(self) -> Page:
        assert self.app.window.page is not None
        return self.app.window.page

    @property
    def receipt(self) -> Receipt:
        assert self.state.receipt is not None
        return self.state.receipt

    def all(self, kind: type[T]) -> list[T]:
        """What happened of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        self.guide.wait(condition, what)

    def wait_for(self, kind: type[T], *, times: int = 1) -> T:
        """Wait until something has happened so many times since the kiosk opened."""
        self.wait(lambda: len(self.all(kind)) >= times, kind.__name__)
        return self.all(kind)[times - 1]

    def wait_for_line(self, *, up: bool) -> None:
        def told() -> bool:
            changes = self.all(LineChanged)
            return bool(changes) and changes[-1].up is up

        self.wait(told, "line")

    def settle(self) -> None:
        """Wait until a kiosk without sound knows that it has none: from then on nothing comes between."""
        self.wait_for(MicrophoneLost)
        self.wait_for(SpeechLost)

    def wait_for_store(self) -> None:
        """Wait until the store has done everything that it was asked."""
        self.ask_store(lambda _: None)

    def ask_store(self, question: Callable[[Store], T]) -> T:
        """Ask the kiosk's own store something, on its thread."""
        answers: list[T] = []
        self.rooms.storekeeper.ask(lambda store: answers.append(question(store)))  # type: ignore[arg-type]  # the real one
        self.wait(lambda: bool(answers), "store")
        return answers[0]

    def command(self, command: Command) -> None:
        self.guide.command(command)

    def press(self, choice_id: str, *steps: str) -> None:
        """Press an answer; the steps are where it may lead, none when it does not lead away."""
        self.guide.press(choice_id)
        if steps:
            self.wait_for_step(*steps)

    def wait_for_step(self, *steps: str) -> None:
        """Wait until one of these is shown; the next press counts, however soon."""
        self.wait(lambda: self.state.step in steps, steps[0])

    def told(self) -> tuple[str, str]:
        """The counter's first line: what the kiosk is doing, and what it says."""
        return self.page.caption.word.text(), self.page.caption.sentence.text()

    def title(self) -> str:
        """What the screen says first; the window is called so, too."""
        return self.app.window.windowTitle()

    def shown(self) -> str:
        """Every word that the window holds: on its labels and buttons, for a screen reader, and as its title."""
        texts = [self.title(), *self.told(), self.page.caption.sentence.accessibleName()]
        for widget in self.app.window.findChildren(QWidget):
            texts += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
            if isinstance(widget, QLabel | QAbstractButton):
                texts.append(widget.text())
        return "\n".join(text for text in texts if text)

    def answers(self) -> set[object]:
        """What can be pressed now."""
        return {control.act for control in self.page.controls()}

    def write(self, letters: str = LETTERS) -> str:
        """Go from where it says 打字写 to the review with something typed, and return the words."""
        self.press("type", "type_text")
        self.key(letters)
        self.press("done", "review")
        return self.state.draft.text

    def key(self, letters: str) -> None:
        """Type on a keyboard of one's own."""
        QTest.keyClicks(self.app.window, letters)
        QApplication.processEvents()

    def send(self, *steps: str) -> Receipt:
        """Press 提交 and return the receipt, on one of these steps."""
        self.press("send", *(steps or ("receipt", "receipt_offline")))
        return self.receipt

    def go(self) -> None:
        """Say that it is done, and leave the kiosk to the next."""
        self.press("finish", "session_ended")
        self.press("again", WELCOME)


def enrolled_at(served: Served, directory: Path, *, kiosk: str = "1 号机") -> Path:
    """Enrol a kiosk of this name; return its state directory."""
    with open_store(directory) as store:
        code = admin.make_enrolment_code(served.platform, kiosk_name=kiosk, place="xingfu")
        enrol(store, served.url, code, software="test")
    return directory


@contextmanager
def qt_content() -> Iterator[None]:
    """Fail when Qt complained, or when something was raised where Qt called it."""
    complaints: list[str] = []

    def listen(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} and not message.startswith(HARMLESS):
            complaints.append(message)

    def note(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        complaints.append("".join(traceback.format_exception(error)))

    handler, hook = qInstallMessageHandler(listen), sys.excepthook
    sys.excepthook = note
    try:
        yield
    finally:
        sys.excepthook = hook
        qInstallMessageHandler(handler)
    assert not complaints, "\n".join(complaints)  # also told where pytest does not rewrite assertions


@contextmanager
def visiting(
    directory: Path,
    *,
    url: str = "",
    voice: Voice = MUTE,
    printer: Printer | None = None,
    bell: Bell | None = None,
    pictures: Pictures | None = None,
) -> Iterator[Visitor]:
    """Open the kiosk of an enrolled state directory, and close it at the end. `url` is another way to its platform.

    Fails when Qt was not content.
    """
    configuration = Configuration(
        screen=Screen(width_px=1366, height_px=768, diagonal_inch=21.5),
        platform=Platform(url=url, spread_seconds=0),
        voice=voice,
        printer=printer or Printer(),
        bell=bell or Bell(),
        pictures=pictures or Pictures(stick=[]),
    )
    events: list[object] = []
    with qt_content(), opened(configuration, directory, events.append) as app:
        yield Visitor(app, Hand(app), events)
