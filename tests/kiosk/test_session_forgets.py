"""What one visit leaves for the next: nothing, whatever comes late and whatever breaks."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from kiosk.session import Rooms, Session, SoundsRead
from kiosk.storekeeper import Nowhere, Storekeeper
from offline_queue.mending import Mended
from petition import events as ev
from petition.errors import Fault, FaultCode
from petition.model import (
    Attachment,
    AttachmentKind,
    Authority,
    Draft,
    Later,
    LaterKind,
    OnBehalf,
    Relation,
    TextSource,
)
from petition.ports import RecordingSink
from petition.receipt import Receipt, Role, receipt_number
from petition.screen import Screen
from petition.state import Rules
from petition.steps import WELCOME, Command
from petition.utterance import Utterance
from tests.kiosk.events_box import WAIT_SECONDS, Box

WORDS = "王大爷的三号楼"
NOON = datetime(2026, 3, 6, 4, 0, tzinfo=UTC)


@dataclass(slots=True)
class Glass:
    """A display that remembers what it shows, and breaks when it is told to."""

    shown: Screen | None = None
    wiped: int = 0
    breaks: bool = False

    def show_screen(self, screen: Screen) -> None:
        if self.breaks:
            self.breaks = False
            raise ZeroDivisionError
        self.shown = screen

    def mark_word(self, start: int, length: int) -> None:
        pass

    def show_level(self, level: float) -> None:
        pass

    def wipe(self) -> None:
        self.shown = None
        self.wiped += 1


@dataclass(slots=True)
class Clock:
    """Timers that only a test lets run out."""

    running: dict[str, float] = field(default_factory=dict)

    def set(self, name: str, seconds: float) -> None:
        self.running[name] = seconds

    def cancel(self, name: str) -> None:
        self.running.pop(name, None)


@dataclass(slots=True)
class Asked:
    """A room, or all of them: writes down what it is asked, in order."""

    name: str = ""

    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., int]:
        def ask(*values: object, **named: object) -> int:
            self.calls.append((f"{self.name}.{name}", *values, *named.items()))
            return len(self.calls)

        return ask

    def named(self, *names: str) -> list[tuple[Any, ...]]:
        return [call for call in self.calls if call[0] in names]

    def rooms(self) -> Rooms:
        """Rooms that write down here what they are asked."""
        speech, recorder, store = (cast("Any", Asked(n, self.calls)) for n in ("speech", "recorder", "store"))
        calls, bell, printing, desk = (cast("Any", Asked(n, self.calls)) for n in ("calls", "bell", "printing", "desk"))
        pictures, agents, cards = (cast("Any", Asked(n, self.calls)) for n in ("pictures", "agents", "cards"))

        def say(utterance: Utterance) -> int:
            return int(speech.say(utterance))

        return Rooms(
            speech=speech,
            recorder=recorder,
            storekeeper=store,
            calls=calls,
            bell=bell,
            printing=printing,
            desk=desk,
            pictures=pictures,
            agents=agents,
            cards=cards,
            say=say,
            look_up=store.look_up,
            fetch_sounds=store.fetch_sounds,
        )


@dataclass(slots=True)
class Kiosk:
    """A session with its hands tied: nothing sounds, nothing is stored."""

    glass: Glass
    clock: Clock
    asked: Asked
    session: Session

    def press(self, *choice_ids: str) -> None:
        for choice_id in choice_ids:
            self.session.handle(ev.ChoicePressed(choice_id=choice_id))

    def command(self, command: Command) -> None:
        self.session.handle(ev.CommandGiven(command=command))

    def record(self) -> str:
        """Begin a recording and return its id."""
        self.press("report", "start")
        return self.session.state.recording_id

    def end_recording(self, recording_id: str) -> None:
        sound = Attachment(id=recording_id, kind=AttachmentKind.RECORDING, media_type="audio/ogg", seconds=2.0)
        self.session.handle(ev.RecordingEnded(recording_id=recording_id, attachments=(sound,)))


@pytest.fixture
def unconnected() -> Kiosk:
    glass, clock = Glass(), Clock()
    session = Session(Rules(), glass, clock, translations=lambda _: lambda _, source: source, now=lambda: NOON)
    session.open()
    return Kiosk(glass=glass, clock=clock, asked=Asked(), session=session)


@pytest.fixture
def kiosk(unconnected: Kiosk) -> Kiosk:
    unconnected.session.connect(unconnected.asked.rooms())
    return unconnected


def test_sound_that_was_read_for_a_visit_that_is_over_is_not_played(kiosk: Kiosk) -> None:
    mine = kiosk.record()
    kiosk.press("done")
    kiosk.end_recording(mine)
    kiosk.press("play")
    kiosk.command(Command.FINISH)
    kiosk.press("clear", "again")
    theirs = kiosk.record()
    kiosk.press("done")
    kiosk.end_recording(theirs)
    kiosk.press("play")
    assert kiosk.session.state.playing
    kiosk.session.handle(SoundsRead(recording_ids=(mine,), sounds=(b"mine",)))
    assert kiosk.asked.named("speech.play_recording") == []
    kiosk.session.handle(SoundsRead(recording_ids=(theirs,), sounds=(b"theirs",)))
    assert kiosk.asked.named("speech.play_recording") == [("speech.play_recording", b"theirs")]


def test_sound_that_is_asked_for_twice_is_played_once(kiosk: Kiosk) -> None:
    recording = kiosk.record()
    kiosk.press("done")
    kiosk.end_recording(recording)
    kiosk.press("play", "play")
    for _ in range(2):
        kiosk.session.handle(SoundsRead(recording_ids=(recording,), sounds=(b"sound",)))
    assert len(kiosk.asked.named("speech.play_recording")) == 1


def test_sound_is_played_although_the_kiosk_was_about_to_speak(kiosk: Kiosk) -> None:
    recording = kiosk.record()
    kiosk.press("done")
    kiosk.end_recording(recording)
    (*_, about_to_be_said) = (n for n, call in enumerate(kiosk.asked.calls, 1) if call[0] == "speech.say")
    kiosk.press("play")
    kiosk.session.handle(ev.SpeechEnded(utterance_id=about_to_be_said, completed=False))
    kiosk.session.handle(SoundsRead(recording_ids=(recording,), sounds=(b"sound",)))
    assert len(kiosk.asked.named("speech.play_recording")) == 1


def test_a_visit_that_ends_during_the_beep_stops_its_recording_and_closes_the_microphone_after_it_began(
    kiosk: Kiosk,
) -> None:
    kiosk.record()
    kiosk.command(Command.FINISH)
    done = [call[0] for call in kiosk.asked.named("recorder.start", "recorder.stop", "recorder.close", "recorder.cue")]
    assert done[0] == "recorder.start"
    assert "recorder.close" in done[1:]
    assert "recorder.cue" not in done  # it is called by the voice, and only when the beep was heard


def test_the_store_is_told_whose_sound_it_must_not_keep_any_more(kiosk: Kiosk) -> None:
    kiosk.record()
    petition_id = kiosk.session.state.draft.petition_id
    kiosk.command(Command.FINISH)
    assert kiosk.asked.named("store.forget_draft") == [("store.forget_draft", petition_id)]
    assert kiosk.session.attached_to == ""


def test_a_mistake_of_ours_wipes_the_visit_and_begins_again(kiosk: Kiosk) -> None:
    kiosk.press("type")
    kiosk.session.handle(ev.TextEdited(text=WORDS))
    petition_id = kiosk.session.state.draft.petition_id
    kiosk.glass.breaks = True
    with pytest.raises(ZeroDivisionError):
        kiosk.press("done")
    state = kiosk.session.state
    assert state.step == WELCOME
    assert state.draft == Draft(petition_id=state.draft.petition_id)
    assert state.draft.petition_id not in {"", petition_id}
    assert kiosk.glass.wiped
    assert kiosk.glass.shown is not None
    assert kiosk.glass.shown.step == WELCOME
    assert kiosk.asked.named("speech.stop", "store.forget_draft")


def test_a_visit_that_ends_before_the_rooms_are_there_is_wiped_at_once_and_leaves_them_nothing(
    unconnected: Kiosk,
) -> None:
    unconnected.press("type")
    unconnected.session.handle(ev.TextEdited(text=WORDS))
    unconnected.command(Command.FINISH)
    unconnected.press("clear")
    assert unconnected.glass.wiped
    unconnected.session.connect(unconnected.asked.rooms())
    assert unconnected.asked.named("store.keep") == []


@dataclass(slots=True)
class Shelf:
    """A store in memory that remembers which petitions' sounds and drafts it holds."""

    kept: list[Draft] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """The ids of what was said later."""
    full: bool = False
    """Whether there is no room left in which to wipe anything."""

    def keep(self, draft: Draft) -> None:
        self.kept = [draft]

    def drop(self) -> None:
        if self.full:
            raise Fault(FaultCode.DISK_FULL, "full")
        self.kept, self.sounds = [], []

    def file(self, draft: Draft) -> Receipt:
        self.kept = []
        number = receipt_number("10230", 1)
        return self.receipt(number)

    def receipt(self, number: str, role: Role = Role.OWN) -> Receipt:
        return Receipt(number=number, role=role, tag="", query_code="", url="", made_at=NOON)

    def say_later(self, later: Later, event_id: str = "") -> str:
        self.said.append(event_id)
        return event_id

    def new_recording(self, petition_id: str, recording_id: str) -> RecordingSink:
        self.sounds.append(petition_id)
        return Nowhere(recording_id=recording_id)

    def read_recording(self, recording_id: str) -> bytes:
        return b""

    def add(self, petition_id: str, added: Attachment, source: bytes) -> None:
        pass

    def remove(self, *attachment_ids: str) -> None:
        pass

    def check(self) -> Mended:
        return Mended()

    def close(self) -> None:
        pass


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def storekeeper(shelf: Shelf) -> Storekeeper:
    keeper = Storekeeper(lambda: shelf, Box().post, filed=lambda: None)
    keeper.launch()
    return keeper


def test_sound_that_comes_after_its_visit_was_wiped_is_not_kept(storekeeper: Storekeeper, shelf: Shelf) -> None:
    storekeeper.open_recording("first", "a")
    storekeeper.forget_draft("first")
    storekeeper.open_recording("first", "b")
    storekeeper.open_recording("", "c")
    storekeeper.open_recording("second", "d")
    storekeeper.shut_down()
    assert shelf.sounds == ["second"]


def test_sound_that_comes_after_its_petition_was_filed_is_not_kept(storekeeper: Storekeeper, shelf: Shelf) -> None:
    storekeeper.file(Draft(petition_id="first", text=WORDS, text_source=TextSource.TYPED))
    storekeeper.open_recording("first", "a")
    storekeeper.shut_down()
    assert shelf.sounds == []


class OwnSlipsOnly(Shelf):
    """A shelf whose disk fails just when the agent's slip is asked for."""

    def receipt(self, number: str, role: Role = Role.OWN) -> Receipt:
        if role is Role.AGENT:
            raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "it does not answer")
        return Receipt(number=number, role=role, tag="1", query_code="2", url="3", made_at=NOON, for_another=True)


def test_who_files_for_somebody_absent_is_never_told_the_persons_own_code_whatever_the_disk_does() -> None:
    box = Box()
    keeper = Storekeeper(OwnSlipsOnly, box.post, filed=lambda: None)
    keeper.launch()
    behalf = OnBehalf(relation=Relation.PARENT, authority=Authority.DECLARED)
    keeper.file(Draft(petition_id="first", text=WORDS, text_source=TextSource.TYPED, on_behalf=behalf))
    receipt = box.wait(ev.PetitionFiled).receipt
    keeper.shut_down()
    assert receipt.number == receipt_number("10230", 1)
    assert (receipt.role, receipt.tag, receipt.query_code, receipt.url) == (Role.AGENT, "", "", "")


def test_a_draft_that_waits_to_be_written_when_its_visit_is_wiped_is_not_written_and_the_next_one_is(
    storekeeper: Storekeeper, shelf: Shelf
) -> None:
    first, second = (Draft(petition_id=name, text=WORDS) for name in ("first", "second"))
    held: list[Draft] = []
    storekeeper.ask(lambda _: None)
    storekeeper.keep(first)
    storekeeper.forget_draft("first")
    storekeeper.keep(second)
    storekeeper.ask(lambda _: held.extend(shelf.kept))
    storekeeper.shut_down()
    assert held == [second]


@dataclass(slots=True)
class FullShelf(Shelf):
    """A shelf on a full disk: nothing can be wiped or kept."""

    full: bool = True
    tries: int = 0

    def drop(self) -> None:
        self.tries += 1
        self._need_room()
        Shelf.drop(self)

    def keep(self, draft: Draft) -> None:
        self._need_room()
        Shelf.keep(self, draft)

    def _need_room(self) -> None:
        if self.full:
            raise Fault(FaultCode.DISK_FULL)


def test_what_a_full_disk_kept_from_being_wiped_is_wiped_before_the_next_visit_leaves_anything() -> None:
    first, second = (Draft(petition_id=name, text=WORDS) for name in ("first", "second"))
    shelf = FullShelf(kept=[first], sounds=["first"])
    keeper = Storekeeper(lambda: shelf, Box().post, filed=lambda: None)
    keeper.launch()
    keeper.forget_draft("first")
    keeper.keep(second)
    keeper.ask(lambda _: setattr(shelf, "full", False))
    keeper.open_recording("second", "a")
    keeper.keep(second)
    keeper.shut_down()
    assert (shelf.kept, shelf.sounds) == ([second], ["second"])


def test_what_a_full_disk_kept_from_being_wiped_is_wiped_by_itself_once_there_is_room() -> None:
    wiped = threading.Event()

    class Watched(FullShelf):
        def drop(self) -> None:
            self.full = self.tries < 3
            FullShelf.drop(self)
            wiped.set()

    shelf = Watched(kept=[Draft(petition_id="first", text=WORDS)])
    keeper = Storekeeper(lambda: shelf, Box().post, filed=lambda: None, try_again_seconds=0)
    keeper.launch()
    keeper.forget_draft("first")
    assert wiped.wait(WAIT_SECONDS)
    keeper.shut_down()
    assert shelf.kept == []


def test_a_kiosk_that_opens_on_a_full_disk_says_so_to_whoever_files_and_stores_again_when_there_is_room(
    shelf: Shelf,
) -> None:
    disk = FullShelf()

    def open_shelf() -> Shelf:
        disk._need_room()
        return shelf

    box = Box()
    keeper = Storekeeper(open_shelf, box.post, filed=lambda: None)
    keeper.launch()
    keeper.check()
    keeper.file(Draft(petition_id="first", text=WORDS))
    assert box.wait(ev.FilingFailed).code is FaultCode.DISK_FULL
    with pytest.raises(Fault, match="disk-full"):
        keeper.open_recording("first", "a")
    disk.full = False
    keeper.file(Draft(petition_id="first", text=WORDS))
    assert box.wait(ev.PetitionFiled).petition_id == "first"
    keeper.shut_down()


def test_a_store_that_breaks_says_that_nothing_was_stored_and_serves_the_next(shelf: Shelf) -> None:
    class Broken(Shelf):
        def file(self, draft: Draft) -> Receipt:
            raise ZeroDivisionError

    box, broken = Box(), Broken()
    keeper = Storekeeper(lambda: broken, box.post, filed=lambda: None)
    keeper.launch()
    for petition_id in ("first", "second"):
        keeper.file(Draft(petition_id=petition_id, text=WORDS))
        assert box.wait(ev.FilingFailed).petition_id == petition_id
    keeper.shut_down()


def test_what_was_said_later_is_told_and_sent_even_when_its_draft_cannot_be_wiped_yet() -> None:
    box, woken = Box(), list[bool]()
    keeper = Storekeeper(lambda: Shelf(full=True), box.post, filed=lambda: woken.append(True))
    keeper.launch()
    draft = str(uuid.UUID(int=9))
    keeper.keep_later(Later(kind=LaterKind.SUPPLEMENT, number="1" * 12, tag="2" * 20, words=WORDS), draft)
    keeper.shut_down()
    assert [event.petition_id for event in box.events if isinstance(event, ev.LaterKept)] == [draft]
    assert woken == [True]
