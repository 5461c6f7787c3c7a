"""A real kiosk, and somebody in front of it who has one means only; carries out journeys as it is told to.

    python -m tests.means.kiosk_child MEANS DIRECTORY URL [--sound]

A line of JSON on standard input names a journey, the receipts that may be asked for on it, and how many seconds it may
take; the answer, a line too, has a note of the visit after every move, and which keys and touches reached the window, or
says what failed. Where something is to happen elsewhere first, a line says what, and a line comes back when it has.
"""

import json
import math
import os
import select
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk import configuration as cf
from kiosk.app import App
from kiosk.folders import cache_directory
from kiosk.tour.guide import WAIT_SECONDS as GUIDE_SECONDS
from kiosk.tour.guide import Guide, opened
from kiosk.tour.resident import Resident
from kiosk.tour.spoken import VARIANTS
from kiosk.typing.tables import build_tables
from offline_queue.protocol import PetitionContent
from petition.errors import Bug
from petition.events import LevelHeard, MicrophoneLost, SpeechLost, TimerElapsed, VisitBroken, WordSpoken
from petition.model import AttachmentKind, CallStanding, Draft
from petition.ports import PrinterState
from petition.steps import WELCOME
from tests.kiosk.picture_support import CAMERA
from tests.kiosk.visitor import NO_MODEL, qt_content
from tests.means.journeys import JOURNEYS, Ask, Choose, Elsewhere, Enter, Linger, Move, Sign, Speak, Write
from tests.means.means import (
    PAD,
    SWITCHES,
    WAIT_SECONDS,
    Eyes,
    Keyboard,
    Means,
    Mouth,
    Pad,
    Pressing,
    Touching,
    Voice,
    reading,
)
from tests.means.xtest import Fingers
from tests.printing.receipt_printer import ReceiptPrinter, in_the_network
from tests.virtual_sound import NO_DEVICE
from voice.virtual_sound import VirtualSound

MOST_EVENTS, MOST_LINES, MOST_LETTERS = 30, 20, 120
"""So much of what happened and was said last is told of somebody who got stuck."""
CEASELESS = (LevelHeard, WordSpoken)
"""They would push out everything else."""
RATE = 2.0
"""Speech is as fast as it can be."""


class CalmHand:
    """A clock by which every press comes a second after the one before: no guard against trembling takes it."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def __call__(self) -> float:
        self._seconds += 1.0
        return self._seconds


class Patience:
    """How long somebody waits: not long for one thing, and no longer for all of them than the journey may take."""

    def __init__(self) -> None:
        self._end = math.inf

    def begin(self, seconds: float) -> None:
        """A journey begins, which may take so long."""
        self._end = time.monotonic() + seconds

    def lasting(self, condition: Callable[[], bool]) -> Callable[[], bool]:
        """Return a condition that raises Bug when the journey takes too long."""

        def asked() -> bool:
            if time.monotonic() > self._end:
                raise Bug("the-journey-takes-too-long")
            return condition()

        return asked

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Let the application run until something holds; raises Bug when it does not come."""
        end, lasting = time.monotonic() + WAIT_SECONDS, self.lasting(condition)
        while not lasting():
            if time.monotonic() > end:
                raise Bug(f"waited-for-{what}")
            QTest.qWait(1)


class PatientGuide(Guide):
    """A guide whose patience has an end."""

    def __init__(self, app: App, patience: Patience) -> None:
        super().__init__(app, Path())
        self._patience = patience

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = GUIDE_SECONDS) -> None:
        super().wait(self._patience.lasting(condition), what, seconds)


class Standing:
    """Somebody in front of a kiosk, who has one means."""

    def __init__(self, app: App, eyes: Eyes, means: Means, printer: ReceiptPrinter, patience: Patience) -> None:
        self._app, self._eyes, self._means, self._printer, self._patience = app, eyes, means, printer, patience

    def travel(self, name: str, receipts: dict[str, str], seconds: float) -> dict[str, Any]:
        """Make a journey from a welcome screen that nobody has touched; return what is there after every move."""
        self._patience.begin(seconds)
        self._app.post(VisitBroken())
        self._app.post(TimerElapsed(name="idle"))  # how whoever was here wanted to see and hear is forgotten, too
        state = self._app.session.state
        self._patience.wait(lambda: self._app.session.state is not state, WELCOME)
        self._eyes.keys.clear()
        self._eyes.touches = 0
        self._printer.slips.clear()
        notes: list[dict[str, object]] = []
        journey = next(journey for journey in JOURNEYS if journey.id == name)
        try:
            for move in journey.moves(writes=self._means.writes):
                self._carry_out(move, receipts)
                notes.append(self.note())
        except Exception:  # noqa: BLE001 (whatever went wrong is told to the test)
            return {"failed": f"{traceback.format_exc()}\n{self._last()}", "notes": [*notes, self.note()]}
        return {"notes": notes, "keys": sorted(set(self._eyes.keys)), "touches": self._eyes.touches}

    def _last(self) -> str:
        """Tell what happened and was said last."""
        happened = [str(event) for event in self._eyes.events if not isinstance(event, CEASELESS)][-MOST_EVENTS:]
        lines = self._means.resident.lines[-MOST_LINES:] if isinstance(self._means, Voice) else []
        return "\n".join(told[:MOST_LETTERS] for told in (*happened, *(f"{line.who}：{line.said}" for line in lines)))

    def _carry_out(self, move: Move, receipts: dict[str, str]) -> None:
        def done() -> bool:
            told = self.note()
            return (not move.to or told["step"] in move.to) and all(told[name] == value for name, value in move.shows)

        match move.act:
            case Choose(choice_id=choice_id):
                if not (move.to and move.shows and done()):  # a whole number that was said leads on by itself
                    self._means.choose(choice_id, done)
            case Ask(command=command):
                self._means.ask(command, done)
            case Write(letters=letters):
                self._means.write(letters)
            case Enter(field=field, digits=digits):
                self._means.enter(digits.format(**receipts), lambda: str(self.note()[field]), done)
            case Speak(words=words):
                self._means.speak(done, words)
            case Sign():
                self._means.sign()
            case Linger():
                self._app.post(TimerElapsed(name="idle"))
            case Elsewhere():
                answer({"elsewhere": move.act.value})
                next_line()
                if self._app.rooms is not None:
                    self._app.rooms.line.hurry()  # else it is noticed when the line is used next
        self._patience.wait(done, f"{move}")

    def note(self) -> dict[str, object]:
        """Return what the visit has come to."""
        state = self._app.session.state
        return {
            **given(state.draft),
            "step": state.step,
            "principal_digits": state.principal_digits,
            "principal_text": state.principal_text,
            "name_text": state.name_text,
            "id_digits": state.id_digits,
            "strokes": len(state.strokes),
            "agent_code": state.agent_code,
            "signed_in": state.agent is not None,
            "phone_digits": state.phone_digits,
            "number_digits": state.number_digits,
            "code_digits": state.code_digits,
            "size": state.preferences.size,
            "theme": state.preferences.theme,
            "language": state.preferences.language,
            "rate": state.preferences.rate,
            "number": state.receipt.number if state.receipt else "",
            "pin_digits": state.pin_digits,
            "desk_digits": state.desk_digits,
            "called": state.call is not None,
            "rings": state.call is not None and state.call.standing is CallStanding.RINGING,
            "bell": state.bell,
            "line": state.line_up,
            "slips": len(self._printer.slips),
            "stage": [s.stage for s in state.progress.steps if s.state == "now"][-1] if state.progress else "",
        }


def given(draft: Draft | PetitionContent) -> dict[str, object]:
    """Return what a petition has, here or where it arrived."""
    behalf, kinds = draft.on_behalf, [attached.kind for attached in draft.attachments]
    return {
        "text": draft.text,
        "recordings": kinds.count(AttachmentKind.RECORDING),
        "pictures": kinds.count(AttachmentKind.PICTURE),
        "phone": draft.phone,
        "name": draft.name,
        "id_number": draft.id_number,
        "relation": behalf.relation if behalf else "",
        "authority": behalf.authority if behalf else "",
        "evidence": len(behalf.evidence) if behalf else 0,
        "principal": behalf.principal if behalf else "",
        "principal_phone": behalf.principal_phone if behalf else "",
        "agent": behalf.agent_id if behalf else "",
    }


def configured(means: str, url: str, printer: str, *, sound: bool) -> cf.Configuration:
    """Return the configuration of a kiosk for somebody with these means; it gets to its platform and printer there."""
    pad = {"pad": PAD, "switches": SWITCHES}.get(means, {})
    device = "" if sound else NO_DEVICE
    return cf.Configuration(
        screen=cf.Screen(width_px=1366, height_px=768, diagonal_inch=21.5),
        platform=cf.Platform(url=url, spread_seconds=0),
        voice=cf.Voice(
            microphone=device,
            speaker=device,
            rate=RATE,
            model="demo" if means == "voice" else NO_MODEL,
            listen_when_idle=means == "voice",
        ),
        printer=cf.Printer(kind="escpos", address=printer, residents=True),
        pictures=cf.Pictures(camera=CAMERA),
        keys=cf.Keys(pad={str(code): str(meaning) for code, meaning in pad.items()}),
    )


@contextmanager
def equipped(means: str, app: App, sound: VirtualSound | None, patience: Patience) -> Iterator[tuple[Eyes, Means]]:
    """Make somebody who has these means and no others."""
    eyes, guide, wait = Eyes(app), PatientGuide(app, patience), patience.wait
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(eyes)
    mouth = Mouth(eyes, wait, sound)
    with ExitStack() as stack:
        made: Means
        match means:
            case "touch":
                finger = Touching(eyes, stack.enter_context(Fingers()), wait)
                made = Pressing(finger.press, mouth, finger.draw)
            case "keyboard":
                made = Keyboard(eyes, stack.enter_context(Fingers()), wait, mouth, guide)
            case "pad" | "switches":
                keys = PAD if means == "pad" else SWITCHES
                made = Pressing(Pad(eyes, stack.enter_context(Fingers()), wait, keys).press, mouth)
            case "reader":
                made = Pressing(stack.enter_context(reading(eyes, wait)).press, mouth)
            case "voice" if sound is not None:
                made = Voice(Resident(guide, sound, VARIANTS[0]))
            case _:
                raise Bug(f"no-means-{means}")
        yield eyes, made
    application.removeEventFilter(eyes)


def main() -> None:
    means, directory, url, *rest = sys.argv[1:]
    printer = ReceiptPrinter()
    build_tables(cache=cache_directory())
    with qt_content(), ExitStack() as stack:
        sound = stack.enter_context(VirtualSound()) if rest == ["--sound"] else None
        if sound is not None:
            os.environ.update(sound.environment)
        application = QApplication.instance() or QApplication([])
        application.setApplicationName("petition-kiosk")
        address = stack.enter_context(in_the_network(printer))
        configuration = configured(means, url, address, sound=sound is not None)
        app = stack.enter_context(opened(configuration, Path(directory)))
        patience = Patience()
        wait = patience.wait
        eyes, person = stack.enter_context(equipped(means, app, sound, patience))
        app.window._clock = CalmHand()
        app.window.activateWindow()
        wait(lambda: bool(app.session.state.catalogue.categories), "catalogue")
        if sound is None:
            for lost in (MicrophoneLost, SpeechLost):
                wait(lambda kind=lost: any(isinstance(e, kind) for e in eyes.events), lost.__name__)  # type: ignore[misc]
        if means == "voice":
            wait(lambda: app.session.state.hearing, "hearing")
        wait(lambda: app.session.state.printer is PrinterState.READY, "printer")
        wait(lambda: app.session.state.lens, "camera")
        standing = Standing(app, eyes, person, printer, patience)
        answer({"ready": True})
        while (asked := next_line()) is not None:
            answer(standing.travel(asked["journey"], asked["receipts"], asked["seconds"]))


def answer(told: dict[str, Any]) -> None:
    """Write a line to whoever asked."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def next_line() -> dict[str, Any] | None:
    """Return the next line that is asked, None after the last; the application goes on meanwhile."""
    while not select.select([sys.stdin], [], [], 0)[0]:
        QTest.qWait(5)
    line = sys.stdin.readline()
    asked: dict[str, Any] | None = json.loads(line) if line else None
    return asked


if __name__ == "__main__":
    main()
