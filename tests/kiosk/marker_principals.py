"""A volunteer at the real kiosk who files for one person after the other, with what `test_ten_principals.py` sends.

Begun by `marker_child`: everything that is pressed and typed comes over its socket, and what can be seen, heard and
chosen goes back over it. The platform is the test's.
"""

import json
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.app import App
from kiosk.configuration import Configuration, Keys, Pictures, Platform, Screen, Voice
from kiosk.journal import journal
from kiosk.rooms import SlowRooms
from kiosk.tour.guide import Guide
from offline_queue.enrolment import enrol
from offline_queue.store import open_store
from petition import events as ev
from petition.offer import ENTRY
from petition.receipt import Role
from petition.steps import WELCOME
from petition.utterance import Utterance
from tests.kiosk.marker_child import TURN_MILLISECONDS, Visitor, seen
from tests.kiosk.scanner_support import Keyboard
from tests.kiosk.visitor import NO_MODEL

CLOCK = re.compile(r"[0-9]{1,2}[:：点][0-9]{2}|[上下]午|中午|凌晨|晚上|早上")
"""What tells the time on every page."""
ALIKE = 14
"""A colour that was kept as JPEG may differ by so much in each of its parts."""
SEEN_PIXELS = 400
"""So many pixels of a colour are a picture; letters have fewer of any other than their own."""
CROSS = "X"


@dataclass(slots=True)
class Hand(Guide):
    """A hand before a kiosk that takes every press for one that is meant: it need not wait between them."""

    def _press(self, act: object, name: str) -> None:
        self.wait(lambda: self._named(lambda control: control.act == act) is not None, f"button-{name}")
        control = self._named(lambda control: control.act == act)
        if control is not None:
            self._click(control)


class Helper(Visitor):
    """A volunteer; what the kiosk says is kept until it has been told."""

    def __init__(self, wire: Any, app: App) -> None:  # noqa: ANN401 (as the visitor has it)
        super().__init__(wire, app, hears=False)
        self._guide = Hand(app, Path())
        self._hand: Hand = self._guide
        self._said: list[str] = []
        self._colours: list[tuple[int, int, int]] = []

    def say(self, rooms: SlowRooms, utterance: Utterance) -> int:
        """Say something, as the rooms do, and note what."""
        self._said.append(utterance.text)
        return rooms.connected().say(utterance)

    def look(self, at: str, **told: object) -> dict[str, Any]:
        """Let everything come to rest, and tell what is there."""
        QTest.qWait(5 * TURN_MILLISECONDS)
        window = self._app.window
        said, self._said = self._said, []
        return self.ask(
            at,
            step=self._hand.state.step,
            seen=[text for text in seen(window) if text],
            said=said,
            colours=colours_seen(window, self._colours),
            **told,
        )

    def page(self) -> list[str]:
        """Return all that the window holds once the page before has gone, but the time, and whether it speaks yet."""
        QTest.qWait(2 * TURN_MILLISECONDS)
        page = self._app.window.page
        speaks = page.caption.word.text() if page is not None else ""
        return sorted({CLOCK.sub("", text) for text in seen(self._app.window) if text} - {speaks})

    # --- signing in ---------------------------------------------------------------------------------------------------

    def sign_in(self, badge: str) -> None:
        """Hold the badge under the scanner."""
        Keyboard(self._app.window, milliseconds=self._scanned()).scan(badge)
        self.reach("agent_ready")

    def _scanned(self) -> int:
        self._scans = getattr(self, "_scans", 0) + 1
        return 1_000_000 * self._scans

    # --- what is filed for one person ---------------------------------------------------------------------------------

    def file_for(self, given: dict[str, Any]) -> None:
        """File for whoever has sat down."""
        hand = self._hand
        self._colours = [tuple(colour) for colour in given["colours"]]
        hand.press("begin")
        self.reach("proxy_consent")
        self.let_agree(spoken=given["spoken"])
        fresh = [self.page()]
        hand.press("type")
        self.reach("type_text")
        self.write_down(given["letters"], given["hanzi"], "text")
        hand.press("done")
        self.reach("review")
        hand.press("phone")
        self.reach("contact_phone")
        fresh.append(self.page())
        hand.key(given["own_phone"])
        hand.press("done")
        self.reach("contact_confirm")
        hand.press("hold")
        self.reach("review")
        hand.press("details")
        self.reach("details")
        fresh.append(self.page())
        hand.press("category")
        self.reach("category")
        entries = self.entries()
        chosen = entries[given["choose"] % len(entries)]
        hand.press(f"{ENTRY}{chosen}")
        self.reach("details")
        hand.press("who")
        self.reach("who")
        fresh.append(self.page())
        self.name(given, fresh)
        hand.press("done")
        self.reach("review")
        if given["picture"]:
            self.add_picture(given["picture"])
        hand.press("aloud")
        state = hand.state
        behalf = state.draft.on_behalf
        self.look(
            "reviewed",
            text=state.draft.text,
            name=behalf.principal if behalf else "",
            entries=entries,
            chosen=chosen,
            fresh=fresh,
        )
        self.send_and_go()

    def let_agree(self, *, spoken: bool) -> None:
        """Have the person agree in their own voice, or with a finger."""
        if spoken:
            self.record_agreement()
        else:
            self._hand.press("cannot")
            self.reach("proxy_sign")
            self._hand.press("agree")
        self.reach("describe")

    def record_agreement(self) -> None:
        """Have them say it, and press 「我同意」."""
        heard: list[object] = []
        self._app.watchers.append(heard.append)
        self._hand.press("speak")
        self._hand.wait(lambda: any(isinstance(event, ev.RecordingStarted) for event in heard), "recording")
        self.ask("recording")
        self._hand.wait(lambda: any(isinstance(event, ev.SpeechHeard) for event in heard), "speech")
        self._hand.press("agree")
        self._app.watchers.remove(heard.append)

    def name(self, given: dict[str, Any], fresh: list[list[str]]) -> None:
        """Leave the person's name, telephone number, and the number of their card."""
        hand = self._hand
        hand.press("principal")
        self.reach("proxy_name")
        fresh.append(self.page())
        self.write_down(given["name"], given["name_hanzi"], "principal_text")
        hand.press("done")
        self.reach("proxy_phone")
        fresh.append(self.page())
        hand.key(given["phone"])
        hand.press("done")
        self.reach("who")
        hand.press("id")
        self.reach("id_consent")
        hand.press("yes")
        self.reach("id_number")
        fresh.append(self.page())
        hand.key(given["id_number"].removesuffix(CROSS))
        if given["id_number"].endswith(CROSS):
            hand.press("x")
        hand.press("done")
        self.reach("who")

    def add_picture(self, source: str) -> None:
        """Take a picture, or one from the stick, and look at it."""
        hand = self._hand
        hand.press("details")
        self.reach("details")
        hand.press("picture")
        self.reach("picture_consent")
        hand.press("yes")
        self.reach("picture_source")
        hand.press(source)
        if source == "camera":
            self.reach("picture_camera")
            hand.press("shutter")
        else:
            self.reach("picture_usb")
            hand.wait(lambda: bool(hand.state.files), "files")
            hand.press(f"{ENTRY}{hand.state.files[0].id}")
        self.reach("picture_check")
        hand.wait(lambda: bool(colours_seen(self._app.window, self._colours)), "picture")
        self.look("picture")
        hand.press("use")
        self.reach("review")

    def send_and_go(self) -> None:
        """Send it, look at the receipt, and make room for the next."""
        hand = self._hand
        hand.press("send")
        self.reach("receipt", "receipt_offline")
        receipt = hand.state.receipt
        self.look(
            "filed", number=receipt.number if receipt else "", agents=bool(receipt and receipt.role is Role.AGENT)
        )
        hand.press("finish")
        self.reach("agent_ready", "agent_signed_out")
        self.look("between")

    def write_down(self, letters: str, hanzi: int, field: str) -> None:
        """Type so many hanzi on a keyboard of one's own, as they are spelled."""
        hand = self._hand
        self.type_on_keyboard(letters)
        state = (lambda: hand.state.draft.text) if field == "text" else (lambda: getattr(hand.state, field))
        hand.wait(lambda: len(state()) == hanzi, "hanzi")

    def entries(self) -> list[str]:
        """Return the categories as they stand on the screen, in their order."""
        page = self._app.window.page
        acts = [control.act for control in page.controls()] if page is not None else []
        ids = [act.choice_id for act in acts if isinstance(act, ev.ChoicePressed)]
        return [id_.removeprefix(ENTRY) for id_ in ids if id_.startswith(ENTRY)]

    # --- going away ---------------------------------------------------------------------------------------------------

    def be_gone(self, badge: str, given: dict[str, Any]) -> None:
        """Sign in again, begin for somebody, and be gone: the kiosk asks who is there, and nobody answers."""
        hand = self._hand
        self.sign_in(badge)
        hand.press("begin")
        self.reach("proxy_consent")
        self.let_agree(spoken=False)
        hand.press("type")
        self.reach("type_text")
        self.write_down(given["letters"], given["hanzi"], "text")
        self.look("half-way", text=hand.state.draft.text)
        self._app.post(ev.TimerElapsed(name="idle"))
        self.reach("idle_warning")
        while hand.state.step == "idle_warning":
            self._app.post(ev.TimerElapsed(name="second"))
            QTest.qWait(TURN_MILLISECONDS)
        self.reach("session_timed_out")
        self.look("timed-out")
        hand.press("again")
        self.reach(WELCOME)
        hand.press("proxy")
        self.reach("proxy_relation")
        self.look("afterwards", signed_in=hand.state.agent is not None)


def colours_seen(window: QWidget, colours: list[tuple[int, int, int]]) -> list[int]:
    """Return the places of the colours that a picture in the window has."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : image.width() * 3].reshape(-1, 3).astype(np.int16)
    near = [(np.abs(pixels - colour).max(axis=1) <= ALIKE).sum() for colour in colours]
    return [place for place, count in enumerate(near) if count >= SEEN_PIXELS]


def told_first(wire: Any) -> dict[str, Any]:  # noqa: ANN401 (a socket)
    """Ask for what is needed before there is a kiosk."""
    wire.sendall(b'{"at": "enrol"}\n')
    line = b""
    while not line.endswith(b"\n"):
        line += wire.recv(1 << 16)
    given: dict[str, Any] = json.loads(line)
    return given


def help_people(wire: Any, state: Path) -> None:  # noqa: ANN401 (a socket)
    """Enrol a kiosk and file there for as many people as are sent."""
    first = told_first(wire)
    directory = state / "kiosk"
    with open_store(directory) as store:
        enrol(store, first["url"], first["code"])
    application = QApplication(sys.argv[:1])
    configuration = Configuration(
        screen=Screen(width_px=1920, height_px=1080, diagonal_inch=23.8),
        voice=Voice(rate=2.0, model=NO_MODEL),
        platform=Platform(spread_seconds=0),
        keys=Keys(double_strike_seconds=0),
        pictures=Pictures(camera=first["camera"], stick=[first["stick"]]),
    )
    with journal(directory, terminal=sys.stderr):
        app = App(configuration, directory=directory, reduced_motion=True)
        app.open(full_screen=True)
        app.launch()
        helper = Helper(wire, app)
        rooms = app.rooms
        assert rooms is not None
        app.session.connect(replace(rooms.connected(), say=lambda utterance: helper.say(rooms, utterance)))
        hand = helper._hand
        try:
            helper.begin()
            hand.wait(lambda: hand.state.lens, "camera")
            helper.sign_in(first["badge"])
            while given := helper.ask("next")["next"]:
                helper.file_for(given)
            helper.rest()
            helper.be_gone(first["badge"], helper.ask("last")["next"])
        finally:
            app.shut_down()
            application.processEvents()
        helper.ask("ended")
