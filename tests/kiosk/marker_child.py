"""Visits the real kiosk with words it is given, and holds still wherever it is told to be looked into.

    python -m tests.kiosk.marker_child DESCRIPTOR DIRECTORY {deaf,hearing,plain,principals}

What is to be typed comes over the socket DESCRIPTOR, one JSON object a line, and what the window, the clipboard and the
accessibility tree still tell goes back over it: never through arguments, the environment or a file. Standard output and
error are the application's own. A kiosk that is `hearing` makes words of what is said; a `deaf` one has no recogniser.
`plain` is hearing and has sealing switched off: a copy of all that is stored is kept as it is. At one for `principals`
a volunteer files for one person after the other (marker_principals.py).
"""

import json
import select
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kiosk.app import App
from kiosk.configuration import Configuration, Platform, Screen, Voice
from kiosk.demo import DemoPlatform, enrol_demo
from kiosk.folders import cache_directory
from kiosk.hardening import harden
from kiosk.journal import journal
from kiosk.rooms import SlowRooms
from kiosk.storekeeper import Storekeeper
from kiosk.tour.guide import Guide
from kiosk.typing.tables import build_tables
from offline_queue.mending import Mended
from offline_queue.outbox import Depth
from offline_queue.store import Store, open_store
from petition import events as ev
from petition.errors import Bug
from petition.model import Attachment, Draft, Later
from petition.ports import RecordingSink
from petition.receipt import Receipt, Role
from petition.state import Recorder
from petition.steps import WELCOME, Command
from tests.kiosk.visitor import NO_MODEL

SPACE_KEY = "空格"
TURN_MILLISECONDS = 20
MOST_BYTES = 1 << 16
KEY_MILLISECONDS = 130
"""Longer than the keyboard takes the same key for a finger that bounced."""


class PlainStore:
    """A store that keeps a copy of everything as it is: what the kiosk would be without sealing."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        folder.mkdir()

    def keep(self, draft: Draft) -> None:
        (self._folder / "draft.json").write_text(json.dumps(asdict(draft)), "ascii")
        self._store.keep(draft)

    def drop(self) -> None:
        self._store.drop()

    def file(self, draft: Draft) -> Receipt:
        (self._folder / "filed.txt").write_text(draft.text, "utf-8")
        return self._store.file(draft)

    def receipt(self, number: str, role: Role = Role.OWN) -> Receipt:
        return self._store.receipt(number, role)

    def say_later(self, later: Later, event_id: str = "") -> str:
        (self._folder / "rated.txt").write_text(later.words, "utf-8")
        return self._store.say_later(later, event_id)

    def new_recording(self, petition_id: str, recording_id: str) -> RecordingSink:
        return PlainSink(self._store.new_recording(petition_id, recording_id), self._folder / f"{recording_id}.ogg")

    def read_recording(self, recording_id: str) -> bytes:
        return self._store.read_recording(recording_id)

    def add(self, petition_id: str, added: Attachment, source: bytes) -> None:
        (self._folder / f"{added.id}.picture").write_bytes(source)
        self._store.add(petition_id, added, source)

    def remove(self, *attachment_ids: str) -> None:
        self._store.remove(*attachment_ids)

    def check(self) -> Mended:
        return self._store.check()

    def depth(self) -> Depth:
        return self._store.depth()

    def close(self) -> None:
        self._store.close()


class PlainSink:
    """A recording with a copy as it is."""

    def __init__(self, sink: RecordingSink, copy: Path) -> None:
        self._sink = sink
        self._copy = copy

    def write(self, page: bytes) -> None:
        with self._copy.open("ab") as file:
            file.write(page)
        self._sink.write(page)

    def close(self, seconds: float) -> Attachment:
        return self._sink.close(seconds)


class Visitor:
    """Uses the kiosk with the words it is sent."""

    def __init__(self, wire: socket.socket, app: App, *, hears: bool) -> None:
        """`hears`: whether this kiosk makes words of what is said."""
        self._wire = wire
        self._app = app
        self._hears = hears
        self._guide = Guide(app, Path())

    def ask(self, at: str, **told: object) -> dict[str, Any]:
        """Say where it is and what can be seen there, and wait for what to do next; the application goes on meanwhile."""
        self._wire.sendall(json.dumps({"at": at, **told}).encode() + b"\n")
        line = b""
        while not line.endswith(b"\n"):
            if select.select([self._wire], [], [], 0)[0]:
                line += self._wire.recv(MOST_BYTES)
            QTest.qWait(TURN_MILLISECONDS)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def hold(self, at: str) -> None:
        """Let everything come to rest, then be looked into."""
        QTest.qWait(TURN_MILLISECONDS)
        state = self._guide.state
        self.ask(at, seen=list(seen(self._app.window)), text=state.draft.text, live=state.live_text)

    def reach(self, *steps: str) -> None:
        """Wait until one of these steps is shown."""
        self._guide.wait(lambda: self._guide.state.step in steps, steps[0])

    # --- what a hand does ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Wait until the kiosk can do everything."""
        guide = self._guide
        guide.wait(lambda: bool(guide.state.catalogue.categories), "catalogue")
        guide.wait(lambda: guide.state.hearing == self._hears, "hearing")

    def record(self, choice_id: str) -> None:
        """Press what begins a recording, and have something said."""
        heard: list[object] = []
        self._app.watchers.append(heard.append)
        self._guide.press(choice_id)
        self._guide.wait(lambda: any(isinstance(event, ev.RecordingStarted) for event in heard), "recording")
        self.ask("recording")  # now it is spoken, and answered when it has been heard
        self._guide.wait(lambda: any(isinstance(event, ev.SpeechHeard) for event in heard), "speech")
        self._guide.wait(lambda: self._guide.state.live_settled > 0 or not self._hears, "words")
        self._app.watchers.remove(heard.append)

    def speak(self) -> None:
        """Come, and record something to its end."""
        guide = self._guide
        self.come_again()
        guide.press("report")
        self.reach("describe")
        guide.wait(lambda: guide.state.microphone, "microphone")
        self.record("start")
        guide.press("done")
        self.reach("review_heard" if self._hears else "review_recording")

    def write_instead(self, given: dict[str, Any]) -> None:
        """Go back from what was recorded, and type."""
        self._guide.command(Command.BACK)
        self.reach("describe")
        self.write(given)

    def write(self, given: dict[str, Any]) -> None:
        """Type a petition, on the screen's keys as far as there is something for them, then on a keyboard of one's own."""
        guide = self._guide
        guide.press("type")
        self.reach("type_text")
        if "on_screen" in given:
            self.type_letters(given["on_screen"])
        self.type_on_keyboard(given["on_keyboard"])
        guide.press("done")
        self.reach("review")

    def type_letters(self, letters: str) -> None:
        """Type on the screen's keys, and take the first whole sentence with the space key."""
        last = ""
        for letter in letters:
            if letter == last:
                QTest.qWait(KEY_MILLISECONDS)
            last = letter
            self._guide.key(letter)
        self._guide.press_labelled(SPACE_KEY)

    def type_on_keyboard(self, letters: str) -> None:
        """The same on a keyboard of one's own."""
        for letter in letters:
            QTest.keyClick(self._app.window, Qt.Key(ord(letter.upper())))
        QTest.keyClick(self._app.window, Qt.Key.Key_Space)

    def press_until_heard(self, choice_id: str) -> None:
        """Press what makes the kiosk speak, and listen to the end."""
        heard: list[object] = []
        self._app.watchers.append(heard.append)
        self._guide.press(choice_id)
        self._guide.wait(lambda: any(isinstance(event, ev.SpeechStarted) for event in heard), "voice")
        self._guide.wait(lambda: not (self._guide.state.speaking or self._guide.state.playing), "the end", 60)
        self._app.watchers.remove(heard.append)

    # --- whole visits -------------------------------------------------------------------------------------------------

    def file_a_petition(self, given: dict[str, Any]) -> None:
        """Say it, hear it, type it both ways, hear that, leave a number, send it, go."""
        guide = self._guide
        self.speak()
        self.press_until_heard("play")
        self.write_instead(given)
        self.press_until_heard("aloud")
        guide.press("phone")
        self.reach("contact_phone")
        guide.key(given["phone"])
        guide.press("done")
        self.reach("contact_confirm")
        guide.press("hold")
        self.reach("review")
        self.hold("reviewed")
        self.send()

    def file_what_is_heard(self) -> None:
        """Say it, hear what was made of it, send it, go."""
        guide = self._guide
        self.speak()
        guide.wait(lambda: guide.state.heard_out and not guide.state.speaking, "the end", 60)
        self.hold("reviewed")
        self.send()

    def send(self) -> None:
        """Send it, look at the receipt, and go."""
        guide = self._guide
        guide.press("send")
        self.reach("receipt", "receipt_offline")
        number = guide.state.receipt.number if guide.state.receipt else ""
        self.ask("filed", number=number)
        guide.press("finish")
        self.reach("session_ended")
        self.rest()
        self.hold("wiped")

    def rest(self) -> None:
        """Wait until the voice has said its goodbye, the page before has faded away, and all has been delivered."""
        guide = self._guide
        guide.wait(lambda: not guide.state.speaking and guide.state.recorder is Recorder.OFF, "silence")
        if self._app.rooms is None:
            raise Bug("not-launched")
        depths: list[int] = []
        while depths[-1:] != [0]:
            self._app.rooms.storekeeper.ask(lambda store: depths.append(waiting(store)))
            QTest.qWait(TURN_MILLISECONDS)

    def come_again(self) -> None:
        """Be back at the welcome screen, by hand or because time has passed."""
        guide = self._guide
        if guide.state.step != WELCOME:
            guide.press("again")
        self.reach(WELCOME)

    def go_away_half_way(self, given: dict[str, Any]) -> None:
        """Type half a petition, say some more, and leave it."""
        guide = self._guide
        self.come_again()
        self.write(given)
        self.record("more")
        self.hold("half-way")
        guide.command(Command.FINISH)
        self.reach("confirm_leave")
        guide.press("clear")
        self.reach("session_ended")
        self.rest()
        self.hold("cancelled")

    def be_interrupted(self, given: dict[str, Any]) -> None:
        """Type and say something, and have the power cut in the middle."""
        guide = self._guide
        self.come_again()
        self.write(given)
        guide.press("aloud")
        guide.wait(lambda: guide.state.speaking, "voice")
        self.record("more")
        self.hold("interrupted")
        raise Bug("nobody-interrupted")

    def be_brief(self, given: dict[str, Any]) -> None:
        """Say it, type it, send it."""
        self.speak()
        self.write_instead(given)
        self.hold("reviewed")
        self.send()


def waiting(store: object) -> int:
    """Return how much has not been delivered yet."""
    if not isinstance(store, Store | PlainStore):
        raise Bug("another-store")
    return store.depth().waiting


def seen(window: QWidget) -> Iterator[str]:
    """Yield everything that can be read from outside: titles, widgets, both clipboards, the accessibility tree."""
    for top in QGuiApplication.topLevelWindows():
        yield top.title()
    for widget in QApplication.allWidgets():
        yield from (widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
        if isinstance(widget, QLabel):
            yield widget.text()
    clipboard = QGuiApplication.clipboard()
    for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
        yield clipboard.text(mode)
    yield from told(QAccessible.queryAccessibleInterface(window))


def told(node: QAccessibleInterface | None) -> Iterator[str]:
    """Yield all that assistive technology gets of a widget and what is in it."""
    if node is None or not node.isValid():
        return
    for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help):
        yield node.text(kind)
    text = node.textInterface()
    if text is not None:
        yield text.text(0, text.characterCount())
    for number in range(node.childCount()):
        yield from told(node.child(number))


def launch_without_sealing(app: App, state: Path) -> None:
    """Launch as `App.launch` does, with a store that keeps plain copies."""
    rooms = app.rooms = SlowRooms(app.configuration, app.directory, app.post, app.session)
    rooms.storekeeper = Storekeeper(
        lambda: PlainStore(open_store(app.directory), state / "plain"), app.post, filed=rooms.line.wake
    )
    rooms.launch()
    app.session.connect(rooms.connected())


def main() -> None:
    descriptor, directory, kind = sys.argv[1:]
    harden()
    state = Path(directory)
    build_tables(cache=cache_directory())
    if kind == "principals":
        from tests.kiosk.marker_principals import help_people  # noqa: PLC0415 (it is made of the visitor above)

        with socket.socket(fileno=int(descriptor)) as wire:
            help_people(wire, state)
        return
    application = QApplication(sys.argv[:1])
    platform = DemoPlatform(state / "platform")
    enrol_demo(state / "kiosk", platform.start())
    configuration = Configuration(
        screen=Screen(width_px=1920, height_px=1080, diagonal_inch=23.8),
        # fast, which saves a quarter of a minute
        voice=Voice(rate=2.0, model=NO_MODEL if kind == "deaf" else "demo"),
        platform=Platform(spread_seconds=0),
    )
    with socket.socket(fileno=int(descriptor)) as wire, journal(state / "kiosk", terminal=sys.stderr):
        app = App(configuration, directory=state / "kiosk")
        app.open(full_screen=True)
        if kind == "plain":
            launch_without_sealing(app, state)
        else:
            app.launch()
        visitor = Visitor(wire, app, hears=kind != "deaf")
        visitor.begin()
        given = visitor.ask("open")
        try:
            match kind:
                case "plain":
                    visitor.be_brief(given["first"])
                case "deaf":
                    visitor.file_a_petition(given["first"])
                case _:
                    visitor.file_what_is_heard()
                    visitor.go_away_half_way(given["first"])
                    visitor.be_interrupted(given["second"])
        finally:
            app.shut_down()
            platform.stop()
            application.processEvents()
        visitor.ask("ended")


if __name__ == "__main__":
    main()
