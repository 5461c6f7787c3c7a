"""Drives the real application as a hand and a voice would: presses what is on the screen, waits for what should come.

It knows the window by what stands on it. Nothing is posted past it, nothing is taken for granted after a fixed time:
every wait is for a condition, and one that does not come ends the tour with the step it happened on.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.configuration import Configuration
from kiosk.typing_engine import LateEngine
from petition import derive
from petition.errors import Bug
from petition.events import ChoicePressed, CommandGiven
from petition.state import State
from petition.steps import Command
from ui.widgets.control import Control

WAIT_SECONDS, LONG_SECONDS = 30.0, 180.0
TURN_MILLISECONDS = 20
SETTLE_MILLISECONDS = 350
"""Longer than the cross-fade and the guard against double strikes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One picture of the visit."""

    picture: str
    step: str
    title: str
    said: str
    """What the kiosk says on it."""
    done: str
    """What the visitor did to get here."""


@dataclass(slots=True)
class Guide:
    """Hand, eye and notebook of the tour."""

    app: App
    out: Path
    moments: list[Moment] = field(default_factory=list)

    @property
    def state(self) -> State:
        """The visit as it is."""
        return self.app.session.state

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> None:
        """Let the application run until something holds; raises Bug when it does not come."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise Bug(f"tour-waited-for-{what}-on-{self.state.step}")
            QTest.qWait(TURN_MILLISECONDS)

    def wait_for_step(self, *steps: str) -> None:
        """Wait until one of these steps is shown."""
        self.wait(lambda: self.state.step in steps, steps[0])
        QTest.qWait(SETTLE_MILLISECONDS)

    def press(self, choice_id: str) -> None:
        """Press an answer of the step that is shown."""
        self._press(ChoicePressed(choice_id=choice_id), choice_id)

    def command(self, command: Command) -> None:
        """Press one of the buttons that are always there."""
        self._press(CommandGiven(command=command), command.value)

    def key(self, text: str) -> None:
        """Press keys of the number pad or keyboard on the screen, one for each character."""
        for character in text:
            control = self._named(lambda c, wanted=character: c.text() == wanted or c.act == wanted)  # type: ignore[misc]
            if control is None:
                raise Bug(f"tour-found-no-key-on-{self.state.step}")
            self._click(control)

    def wait_for_dictionaries(self) -> None:
        """Wait until Chinese can be typed: on a new machine the dictionaries are built while the first visit begins."""
        for engine in self.app.engines.values():
            if isinstance(engine, LateEngine):
                self.wait(lambda late=engine: late.wait(0), "dictionaries", LONG_SECONDS)  # type: ignore[misc]

    def press_labelled(self, label: str) -> None:
        """Press the control whose words are these: a candidate of the keyboard."""
        self.wait(lambda: self._named(lambda c: c.text() == label) is not None, "label")
        control = self._named(lambda c: c.text() == label)
        if control is not None:
            self._click(control)

    def picture(self, done: str) -> None:
        """Take a picture of what is shown, with what is said on it."""
        QTest.qWait(SETTLE_MILLISECONDS)
        name = f"{len(self.moments) + 1:02d}-{self.state.step}.png"
        self.app.window.grab().save(str(self.out / name))
        context = self.app.session.context()
        shown = derive.screen(self.state, context)
        said = derive.utterance(self.state, self.state.saying, context)
        self.moments.append(Moment(picture=name, step=shown.step, title=shown.title, said=said.text, done=done))

    def _press(self, act: object, name: str) -> None:
        self.wait(lambda: self._named(lambda c: c.act == act) is not None, f"button-{name}")
        QTest.qWait(SETTLE_MILLISECONDS)
        control = self._named(lambda c: c.act == act)  # now: meanwhile the page may have been built anew
        if control is not None:
            self._click(control)

    def _named(self, fits: Callable[[Control], bool]) -> Control | None:
        shown = (c for c in self.app.window.findChildren(Control) if c.isVisible() and c.isEnabled())
        return next((c for c in shown if fits(c)), None)

    def _click(self, control: Control) -> None:
        QTest.mouseClick(control, Qt.MouseButton.LeftButton)
        QApplication.processEvents()


@contextmanager
def opened(configuration: Configuration, directory: Path, *watchers: Callable[[object], None]) -> Iterator[App]:
    """Open the kiosk of a state directory in a window, and close it so that the process can go on without it.

    Without motion, for tests and measurements. `watchers` are told everything that happens in it.
    """
    application = QApplication.instance() or QApplication([])
    app = App(configuration, directory=directory, reduced_motion=True)
    app.watchers += watchers
    try:
        app.open(full_screen=False)
        app.launch()
        yield app
    finally:
        app.shut_down()
        app.window.deleteLater()
        application.processEvents()
        gc.unfreeze()  # a kiosk keeps what it opened with for good; a process that outlives it must not


def take_away_pictures(out: Path) -> None:
    """Take away what an earlier tour has left, so that every picture there is of this one."""
    for picture in out.glob("[0-9][0-9]-*.png"):
        picture.unlink()
