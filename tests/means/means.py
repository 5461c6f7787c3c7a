"""The six means: how a resident carries out what a journey asks for, and nothing else than that.

All of them look at the screen, or hear it, to find what they want. What they do goes another way than through our code:
fingers are events of the X server, the voice goes into a virtual microphone, assistive technology is another process.
"""

import json
import select
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.tour.guide import Guide
from kiosk.tour.resident import Resident
from petition import derive
from petition.errors import Bug
from petition.events import ChoicePressed, CommandGiven, ControlReached, RecordingStarted, SpeechHeard
from petition.offer import offered
from petition.pad import Movement
from petition.script.phrases import COMMANDS
from petition.steps import Command, Input
from tests.means.xtest import OFFSET, Fingers
from tests.virtual_sound import speechlike
from ui.widgets.control import Control
from ui.widgets.foot import Foot
from ui.widgets.signature import Signature
from ui.window import KioskWindow
from voice.virtual_sound import VirtualSound

SYSTEM_PYTHON = "/usr/bin/python3"
SPACE_KEY = "空格"
SPOKEN_SECONDS = 1.5
WAIT_SECONDS = 30.0
PACE_MILLISECONDS = 70
"""From one key to the next: what types faster is a scanner."""
ROUNDS = 2
"""Who goes on from one thing to the next has met everything after one round."""
PAD: Mapping[int, Movement | Command] = {
    183: Movement.PREVIOUS,
    184: Movement.NEXT,
    185: Movement.PRESS,
    186: Command.BACK,
    187: Command.HELP,
}
"""F13 to F17: keys that mean nothing to the window but what the pad says."""
SWITCHES: Mapping[int, Movement | Command] = {190: Movement.NEXT, 191: Movement.PRESS}
COMMAND_KEYS = {Command.BACK: "\x1b", Command.HELP: "F1", Command.HOME: "Home"}

Wanted = ChoicePressed | CommandGiven | str
"""What is to be pressed: an answer, a command, or a key by its name."""
Wait = Callable[[Callable[[], bool], str], None]


class Means(Protocol):
    """One way to use the kiosk; `done` tells whether an act has come to what it should."""

    writes: bool
    """Whether words can be written with it."""

    def choose(self, choice_id: str, done: Callable[[], bool]) -> None:
        """Take an answer."""

    def ask(self, command: Command, done: Callable[[], bool]) -> None:
        """Ask for what can be asked for everywhere."""

    def write(self, letters: str) -> None:
        """Type letters and take the first words that they may become."""

    def enter(self, digits: str, written: Callable[[], str], done: Callable[[], bool]) -> None:
        """Give a number; `written` tells which digits are there."""

    def speak(self, done: Callable[[], bool], words: str) -> None:
        """Say something into the recording that has been asked for, and that it was all."""

    def sign(self) -> None:
        """Write one's name with a finger."""


class Eyes(QObject):
    """Sees what stands on the glass, and what of the outer world reaches the window."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self.keys: list[int] = []
        """Scan codes of the keys that were pressed."""
        self.releases = 0
        """How many of them came up again. Who presses the next one sooner than that holds one down, as X11 tells it."""
        self.touches = 0
        self.events: list[object] = []
        """What happened in the kiosk."""
        app.watchers.append(self.events.append)

    @property
    def window(self) -> KioskWindow:
        return self._app.window

    def find(self, wanted: Wanted) -> Control | None:
        """Return what is wanted, where it stands now."""
        controls = self.window.page.controls() if self.window.page is not None else []
        return next((c for c in controls if wanted in (c.act, c.accessibleName())), None)

    def at_focus(self, wanted: Wanted) -> bool:
        """Whether the focus, which is seen and said, is at what is wanted."""
        found = self.find(wanted)
        return found is not None and found is QApplication.focusWidget() and self.window._by_keys

    @property
    def frame(self) -> Signature | None:
        """Return the frame to sign in."""
        return self.window.page.findChild(Signature) if self.window.page is not None else None

    @property
    def anything_down(self) -> bool:
        """Whether something is being pressed."""
        return self.window.page is not None and any(control.isDown() for control in self.window.page.controls())

    @property
    def held_back(self) -> bool:
        """Whether the window still waits to see that a person typed the last key, and no scanner."""
        keys = self.window._scanner_keys
        return keys is not None and keys._wedge.holding

    def name(self, wanted: Wanted) -> str:
        """Return what is written on it, as the script has it."""
        session = self._app.session
        shown = derive.screen(session.state, session.context())
        match wanted:
            case ChoicePressed(choice_id=choice_id):
                return next((button.label for button in shown.buttons if button.id == choice_id), "")
            case CommandGiven(command=command):
                return next((foot.label for foot in shown.footer if foot.command is command), "")
            case str():
                return wanted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's own)
        if isinstance(watched, QWindow) and event.spontaneous():
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                self.keys.append(event.nativeScanCode() - OFFSET)
            elif event.type() == QEvent.Type.KeyRelease:
                self.releases += 1
            elif event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin):
                self.touches += 1
        return False


@dataclass(slots=True)
class Mouth:
    """Speaks into the recording that was asked for. Anybody can; it is what a recording is."""

    eyes: Eyes
    wait: Wait
    sound: VirtualSound | None
    _recordings: int = 0

    def speak(self) -> None:
        """Speak once the beep has been heard, and wait until a voice was heard."""
        if self.sound is None:
            raise Bug("nobody-hears")
        self._recordings += 1
        self.wait(lambda: self._heard(RecordingStarted) >= self._recordings, "recording")
        before, sound = self._heard(SpeechHeard), speechlike(SPOKEN_SECONDS).tobytes()
        speaking = threading.Thread(target=self.sound.speak, args=(sound,), daemon=True)
        speaking.start()
        self.wait(lambda: self._heard(SpeechHeard) > before and not speaking.is_alive(), "a voice")

    def _heard(self, kind: type[object]) -> int:
        return sum(isinstance(event, kind) for event in self.eyes.events)


@dataclass(slots=True)
class Pressing:
    """A means that presses what stands on the glass, one thing after the other, letters and digits too."""

    press: Callable[[Wanted], None]
    mouth: Mouth
    draw: Callable[[], None] | None = None
    """Draws a line in the frame to sign in, for who can."""
    writes: bool = True

    def choose(self, choice_id: str, done: Callable[[], bool]) -> None:
        self.press(ChoicePressed(choice_id=choice_id))

    def ask(self, command: Command, done: Callable[[], bool]) -> None:
        self.press(CommandGiven(command=command))

    def write(self, letters: str) -> None:
        for letter in (*letters, SPACE_KEY):
            self.press(letter)

    def enter(self, digits: str, written: Callable[[], str], done: Callable[[], bool]) -> None:
        for digit in digits:
            self.press(digit)

    def speak(self, done: Callable[[], bool], words: str) -> None:
        self.mouth.speak()
        self.choose("done", done)

    def sign(self) -> None:
        if self.draw is None:
            raise Bug("who only presses does not sign")
        self.draw()


@dataclass(slots=True)
class Touching:
    """A finger on the glass."""

    eyes: Eyes
    fingers: Fingers
    wait: Wait

    def press(self, wanted: Wanted) -> None:
        """Touch what is wanted in its middle."""
        self.wait(lambda: self.eyes.find(wanted) is not None, f"{wanted}")
        control, before = self.eyes.find(wanted), self.eyes.touches
        assert control is not None
        place = control.mapToGlobal(control.rect().center())
        self.fingers.touch(place.x(), place.y())
        self.wait(lambda: self.eyes.touches > before, "touch")

    def draw(self) -> None:
        """Draw a line in the frame to sign in, from one corner towards the other."""
        self.wait(lambda: self.eyes.frame is not None, "frame")
        frame = self.eyes.frame
        assert frame is not None
        wide, high = frame.width(), frame.height()
        line = [frame.mapToGlobal(QPoint(wide * part // 10, high * part // 10)) for part in range(2, 9)]
        self.fingers.draw([(place.x(), place.y()) for place in line])


@dataclass(slots=True)
class Pad:
    """Keys beside the screen, few of them: it is gone on until what is wanted has the focus."""

    eyes: Eyes
    fingers: Fingers
    wait: Wait
    keys: Mapping[int, Movement | Command]

    def press(self, wanted: Wanted) -> None:
        """Go to what is wanted and press it; a key that means it is nearer."""
        if isinstance(wanted, CommandGiven) and wanted.command in self.keys.values():
            self._key(wanted.command)
            return
        self.wait(lambda: self.eyes.find(wanted) is not None, f"{wanted}")
        at_end = isinstance(self.eyes.find(wanted), Foot)
        way = Movement.PREVIOUS if at_end and Movement.PREVIOUS in self.keys.values() else Movement.NEXT
        for _ in range(ROUNDS * len(self.eyes.window.page.controls() if self.eyes.window.page is not None else ())):
            if self.eyes.at_focus(wanted):
                before = len(self.eyes.events)
                self._key(Movement.PRESS)
                if ControlReached(act=wanted) in self.eyes.events[before:]:  # type: ignore[arg-type]
                    self._key(Movement.PRESS)  # it stands where something else stood: the first press only said it
                return
            self._key(way)
        raise Bug(f"pad-never-came-to-{wanted}")

    def _key(self, meaning: Movement | Command) -> None:
        scan_code = next(code for code, means in self.keys.items() if means is meaning)
        before = self.eyes.releases
        self.fingers.press(scan_code)
        self.wait(lambda: self.eyes.releases > before and not self.eyes.held_back, "key")
        QApplication.sendPostedEvents()  # what it brought about is posted


@dataclass(slots=True)
class Keyboard:
    """An ordinary keyboard: letters and digits are typed, answers are pressed by the number beside them."""

    eyes: Eyes
    fingers: Fingers
    wait: Wait
    mouth: Mouth
    guide: Guide
    writes: bool = True

    def choose(self, choice_id: str, done: Callable[[], bool]) -> None:
        wanted = ChoicePressed(choice_id=choice_id)
        self.wait(lambda: self.eyes.find(wanted) is not None, choice_id)
        control = self.eyes.find(wanted)
        assert control is not None
        if control.number in tuple("123456789"):
            self._key(control.number)
        elif control.number in tuple("*#"):
            self._key("8" if control.number == "*" else "3", shift=True)
        else:
            self._walk(wanted)

    def ask(self, command: Command, done: Callable[[], bool]) -> None:
        screen = self.eyes.window._screen
        if command in COMMAND_KEYS:
            self._key(COMMAND_KEYS[command])
        elif command is Command.CALL_STAFF and screen is not None and screen.takes is Input.CHOICE:
            self._key("0")
        else:
            self._walk(CommandGiven(command=command))

    def write(self, letters: str) -> None:
        for letter in (*letters, " "):
            self._key(letter)

    def enter(self, digits: str, written: Callable[[], str], done: Callable[[], bool]) -> None:
        for digit in digits:
            self._key(digit)

    def speak(self, done: Callable[[], bool], words: str) -> None:
        self.mouth.speak()
        self.choose("done", done)

    def sign(self) -> None:
        raise Bug("keys do not sign")

    def _walk(self, wanted: Wanted) -> None:
        """Go to what is wanted with Tab, and press Enter there."""
        self.wait(lambda: self.eyes.find(wanted) is not None, f"{wanted}")
        for _ in range(ROUNDS * len(self.eyes.window.page.controls() if self.eyes.window.page is not None else ())):
            if self.eyes.at_focus(wanted):
                self._key("\r")
                return
            self._key("\t", shift=isinstance(self.eyes.find(wanted), Foot))
        raise Bug(f"keyboard-never-came-to-{wanted}")

    def _key(self, key: str, *, shift: bool = False) -> None:
        before = self.eyes.releases
        QTest.qWait(PACE_MILLISECONDS)
        self.fingers.type(key, shift=shift)
        self.wait(lambda: self.eyes.releases > before + shift and not self.eyes.held_back, "key")


@dataclass(slots=True)
class Reader:
    """Assistive technology: another process, which is told names and finds them in the tree that every program shows."""

    eyes: Eyes
    wait: Wait
    process: "subprocess.Popen[str]"

    def press(self, wanted: Wanted) -> None:
        """Press the button that is named as the script names what is wanted."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        name = self.eyes.name(wanted)
        self.process.stdin.write(json.dumps(name) + "\n")
        self.process.stdin.flush()
        while not select.select([self.process.stdout], [], [], 0)[0]:
            QTest.qWait(1)  # the window answers meanwhile
        answer = json.loads(self.process.stdout.readline())
        if not answer["pressed"]:
            raise Bug(f"not-found-{name}-among-{'-'.join(answer['there'])}")
        # A button that is pressed this way stays down for a moment; pressed again meanwhile it would be pressed once.
        self.wait(lambda: not self.eyes.anything_down, "button")


@contextmanager
def reading(eyes: Eyes, wait: Wait) -> Iterator[Reader]:
    """Start the process that presses over AT-SPI."""
    command = [SYSTEM_PYTHON, "-W", "ignore", str(Path(__file__).with_name("at_spi_hand.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Reader(eyes, wait, process)


@dataclass(slots=True)
class Voice:
    """A voice, and ears: nothing is touched."""

    resident: Resident
    writes: bool = False

    def choose(self, choice_id: str, done: Callable[[], bool]) -> None:
        choice = next(choice for choice in offered(self.resident.guide.state) if choice.id == choice_id)
        self.resident.insist(choice.phrases[0], done, choice_id)

    def ask(self, command: Command, done: Callable[[], bool]) -> None:
        words = next(words for words in COMMANDS if words.command is command)
        self.resident.insist(words.phrases[0], done, command)

    def write(self, letters: str) -> None:
        raise Bug("a voice does not write")

    def enter(self, digits: str, written: Callable[[], str], done: Callable[[], bool]) -> None:
        self.resident.tell_digits(digits, written, done)

    def speak(self, done: Callable[[], bool], words: str) -> None:
        self.resident.dictate(words)

    def sign(self) -> None:
        raise Bug("a voice does not sign")
