"""Who sees nothing writes, leaves a number and tries keys at the real kiosk; everything on the way is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.configuration import Configuration, Keys, Platform, Screen
from kiosk.tour.guide import Guide, opened
from kiosk.typing_engine import LateEngine
from petition import derive
from petition.events import ChoicePressed, CommandGiven, HeadphonesPlugged, HeadphonesUnplugged
from petition.saying import Told
from petition.steps import Command
from petition.utterance import Utterance
from tests.kiosk.commands_support import CommandLine
from tests.kiosk.visitor import MUTE, Visitor, qt_content
from ui.widgets.control import Control
from ui.window import XKB_OFFSET

NEXT, PRESS = 108, 28
PATIENCE_SECONDS = 300
"""Where no other test has built the tables yet."""
SWITCHES = Keys(pad={str(NEXT): "next", str(PRESS): "press"}, double_strike_seconds=0)
"""Tests press faster than any hand."""


@pytest.fixture(autouse=True)
def _qt_is_content() -> Iterator[None]:
    with qt_content():
        yield


@dataclass(slots=True)
class Blind:
    """Somebody with two switches or a finger, and what was said to them, newest last."""

    visitor: Visitor
    heard: list[Utterance] = field(default_factory=list)
    device: QPointingDevice = field(default_factory=QTest.createTouchDevice)

    def listen(self) -> None:
        """Note what is said now, where it is something else than before."""
        QApplication.processEvents()
        session = self.visitor.app.session
        self.heard.append(derive.utterance(session.state, session.state.saying, session.context()))

    @property
    def now(self) -> str:
        """What is being said, as it sounds."""
        return self.heard[-1].spoken

    def switch(self, scan_code: int) -> None:
        target = QApplication.focusWidget() or self.visitor.app.window
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            nothing, code = Qt.KeyboardModifier.NoModifier, scan_code + XKB_OFFSET
            QApplication.sendEvent(target, QKeyEvent(kind, Qt.Key.Key_F20, nothing, code, 0, 0))
        self.listen()

    def walk_to(self, wanted: object) -> None:
        """Go on by one switch until the name of what is wanted is heard."""
        for _ in range(2 * len(self.visitor.page.controls())):
            self.switch(NEXT)
            focused = QApplication.focusWidget()
            assert isinstance(focused, Control)
            if isinstance(focused.act, ChoicePressed | CommandGiven):
                assert self.now
            else:
                assert self.now == focused.accessibleName()
            if wanted in (focused.act, focused.accessibleName()):
                return
        raise AssertionError(wanted)

    def press(self, wanted: object) -> None:
        self.walk_to(wanted)
        self.switch(PRESS)

    def touch(self, how: str, name: str) -> None:
        window = self.visitor.app.window
        key = next(c for c in self.visitor.page.controls() if name in (c.text(), c.accessibleName()))
        place = key.mapTo(window, key.rect().center())
        getattr(QTest.touchEvent(window.windowHandle(), self.device), how)(0, place).commit()
        self.listen()


@contextmanager
def standing_there(directory: Path) -> Iterator[Blind]:
    """Open a kiosk without sound that has its words ready, with somebody in front of it."""
    configuration = Configuration(
        screen=Screen(width_px=1366, height_px=768, diagonal_inch=21.5),
        platform=Platform(spread_seconds=0),
        voice=MUTE,
        keys=SWITCHES,
    )
    events: list[object] = []
    with opened(configuration, directory, events.append) as app:
        visitor = Visitor(app, Guide(app, Path()), events)
        visitor.settle()
        for engine in app.window._engines.values():
            if isinstance(engine, LateEngine):
                assert engine.wait(PATIENCE_SECONDS)
        yield Blind(visitor)


def test_a_petition_is_written_by_two_switches_and_all_of_it_is_heard(enrolled: CommandLine) -> None:
    with standing_there(enrolled.state) as blind:
        state = blind.visitor.guide
        blind.press(ChoicePressed(choice_id="type"))
        blind.visitor.wait_for_step("type_text")
        for letter in "deng":
            blind.press(letter)
            assert blind.now.startswith("第 1 个，"), "what the letters may become"
        blind.press("第 1 个，等")
        assert (blind.now, state.state.draft.text) == ("等", "等")
        blind.press("句号")
        assert (blind.heard[-1].text, blind.now, state.state.draft.text) == ("。", "句号", "等。")
        blind.press("退格")
        assert (blind.now, state.state.draft.text) == ("去掉了。", "等")
        blind.press(ChoicePressed(choice_id="done"))
        blind.visitor.wait_for_step("review")


def test_a_number_is_keyed_by_two_switches_and_only_counted_aloud(enrolled: CommandLine) -> None:
    with standing_there(enrolled.state) as blind:
        visitor = blind.visitor
        visitor.write()
        visitor.press("phone", "contact_phone")
        for digit, counted in zip("138", ("有一位了。", "有两位了。", "有三位了。"), strict=True):
            blind.press(digit)
            assert blind.now == counted
        assert visitor.state.phone_digits == "138"
        visitor.app.post(HeadphonesPlugged())
        blind.listen()
        assert blind.now.startswith("耳机插好了，只有您听得见。")
        blind.press("0")
        assert blind.now == "幺三八，零，四位。"
        visitor.app.post(HeadphonesUnplugged())
        blind.press("退格")
        assert blind.now == "有三位了。"


def test_a_finger_finds_its_keys_by_sliding_and_hears_what_it_wrote(enrolled: CommandLine) -> None:
    with standing_there(enrolled.state) as blind:
        visitor = blind.visitor
        visitor.press("type", "type_text")
        blind.touch("press", "a")
        blind.touch("release", "a")
        assert visitor.state.saying.told is not Told.KEY, "a plain tap is not talked to"
        blind.touch("press", "q")
        for name in ("w", "e", "r", "退格"):
            blind.touch("move", name)
            assert blind.now == name
        blind.touch("release", "退格")
        assert visitor.state.draft.text == ""
        blind.touch("press", "x")
        blind.touch("move", "7")
        blind.touch("release", "7")
        assert (visitor.state.draft.text, blind.heard[-1].text) == ("7", "7")


def test_keys_are_tried_and_the_same_one_three_times_leads_back(enrolled: CommandLine) -> None:
    with standing_there(enrolled.state) as blind:
        visitor = blind.visitor
        visitor.command(Command.SETTINGS)
        visitor.press("reach", "settings_reach")
        visitor.press("keys", "settings_keys")
        blind.switch(NEXT)
        assert blind.now == "这个键：去下一个。"
        blind.switch(PRESS)
        assert blind.now == "这个键：就选它。"
        for _ in range(3):
            assert visitor.state.step == "settings_keys"
            blind.switch(77)
        assert visitor.state.step == "settings_reach"
