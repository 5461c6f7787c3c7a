"""One resident's visit: events go in, the machine decides, effects are carried out, the screen follows.

How an event is handled, always on the main thread:
1. Words being spoken and levels also go straight to the screen: they change nothing there but a mark.
2. `advance` returns the new state and the effects; nothing else changes the state.
3. The effects are carried out in their order; none of them waits for anything.
4. When the state has changed, its screen is derived and shown.
5. What is listened for is derived, too; when it is something else than before, the ears are told, under a rising
   number: what was said to earlier ears reaches nobody.
6. Events that effects brought about at once are handled next, in their order.

A mistake of ours in any of it ends the visit: what was given is wiped, the welcome screen comes back, and the mistake
is raised for the journal.
"""

import functools
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from petition import derive
from petition import effects as do
from petition import events as ev
from petition.ears import Ears, ears
from petition.machine import advance, begin
from petition.screen import Screen
from petition.state import Rules
from petition.utterance import Translate, Utterance

if TYPE_CHECKING:  # the first screen is shown before these are loaded
    from kiosk.agents import AgentRoom
    from kiosk.bell import Bell
    from kiosk.calls import Calls
    from kiosk.cards.reader import CardReader
    from kiosk.desk import DeskRoom
    from kiosk.pictures.room import PictureRoom
    from kiosk.printing.room import PrintRoom
    from kiosk.storekeeper import Storekeeper
    from voice.recorder import Recorder
    from voice.speech import Speech


class Display(Protocol):
    """The window, as a visit needs it."""

    def show_screen(self, screen: Screen) -> None:
        """Show this screen."""

    def mark_word(self, start: int, length: int) -> None:
        """Mark the word that is being spoken; length 0 marks none."""

    def show_level(self, level: float) -> None:
        """Show how loud it is, 0 … 1."""

    def wipe(self) -> None:
        """Forget every text that was shown or typed."""


class Clockwork(Protocol):
    """Timers that post TimerElapsed."""

    def set(self, name: str, seconds: float) -> None:
        """Start a timer, or start it over."""

    def cancel(self, name: str) -> None:
        """Forget a timer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundsRead:
    """Recordings came back from the store, to be played. They never enter the state."""

    recording_ids: tuple[str, ...]
    """What was asked for: by now somebody else may stand there."""
    sounds: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The rooms that carry out what a visit asks for; none of their methods waits for anything."""

    speech: "Speech"
    recorder: "Recorder"
    storekeeper: "Storekeeper"
    calls: "Calls"
    bell: "Bell"
    printing: "PrintRoom"
    desk: "DeskRoom"
    pictures: "PictureRoom"
    agents: "AgentRoom"
    cards: "CardReader"
    say: Callable[[Utterance], int]
    """Says something instead of whatever is being said, and returns the number its events carry."""
    look_up: Callable[[do.LookUp], None]
    """Asks how far a petition is; the answer comes as an event."""
    fetch_sounds: Callable[[tuple[str, ...]], None]
    """Reads recordings of the draft; SoundsRead follows."""


class Session:
    """Carries visits through, one after the other; everything of it happens on the main thread."""

    def __init__(
        self,
        rules: Rules,
        display: Display,
        clockwork: Clockwork,
        *,
        translations: Callable[[str], Translate],
        now: Callable[[], datetime],
    ) -> None:
        """`translations` gives a language's words; `now` is local time."""
        self._display = display
        self._clockwork = clockwork
        self._rooms: Rooms | None = None
        self._put_aside: list[do.Effect] = []
        """Effects that wait for the rooms, in their order."""
        self._translations = functools.cache(translations)
        self._now = now
        self._waiting: deque[ev.Event] = deque()
        self._handling = False
        self._touched = False
        self._shown: Screen | None = None
        self._sounding: tuple[int, ...] = ()
        """What is being said or played now, part by part; events of what was said before are not about this screen."""
        self._ears: Ears | None = Ears()
        """What the recorder was last told to listen for; None when it must be told in any case."""
        self._listening_id = 0
        self._fetching: tuple[str, ...] = ()
        """Recordings that are to be played as soon as they have been read."""
        self.attached_to = ""
        """The petition that sound and pictures belong to; read by the thread that opens recordings."""
        self.state = begin(rules, str(uuid.uuid4()), now().date())

    def open(self) -> None:
        """Show the welcome screen of a kiosk that nobody stands at; `connect` follows."""
        self._show()

    def connect(self, rooms: Rooms) -> None:
        """Begin to carry out what is asked of other rooms, what was asked before first."""
        self._rooms = rooms
        self._tune(rooms)
        waiting, self._put_aside = self._put_aside, []
        for effect in waiting:
            self._carry_out(effect)
        self._listen()

    @property
    def untouched(self) -> bool:
        """Whether nobody has touched the kiosk since it was opened."""
        return not self._touched

    def handle(self, event: object) -> None:
        """Handle one event and everything it brings about at once."""
        if isinstance(event, SoundsRead):
            if self._rooms is not None:
                self._play_sounds(self._rooms, event)
            return
        self._waiting.append(event)  # type: ignore[arg-type]  # what is no event changes nothing
        if self._handling:
            return
        self._handling = True
        try:
            while self._waiting:
                self._handle(self._waiting.popleft())
        except Exception:
            self._give_up()
            raise
        finally:
            self._handling = False

    def _give_up(self) -> None:
        """Wipe a visit that a mistake of ours has broken, and begin again."""
        self._waiting.clear()
        self._handle(ev.VisitBroken())
        while self._waiting:
            self._handle(self._waiting.popleft())

    def _handle(self, event: ev.Event) -> None:
        match event:
            case ev.LevelHeard(level=level):
                self._display.show_level(level)
            case ev.WordSpoken(utterance_id=utterance_id, start=start, length=length):
                if utterance_id in self._sounding:
                    self._display.mark_word(start, length)
                return
            case ev.SpeechStarted(utterance_id=utterance_id) if utterance_id in self._sounding:
                self._ignore_speech(ignore=not self.state.headphones)
            case ev.SpeechEnded(utterance_id=utterance_id) if utterance_id in self._sounding[-1:]:
                self._ignore_speech(ignore=False)
            case ev.SpeechStarted() | ev.SpeechEnded():
                return
            case (
                ev.PhraseHeard(listening_id=id_) | ev.DigitsHeard(listening_id=id_) | ev.PhraseMissed(listening_id=id_)
            ) if id_ not in (0, self._listening_id):
                return
            case _:
                pass
        self._touched = self._touched or isinstance(event, ev.RESIDENT)
        before = self.state
        self.state, effects = advance(before, event)
        for effect in effects:
            self._carry_out(effect)
        if self.state is not before:
            self._show()
        self._listen()
        if isinstance(event, ev.SpeechEnded):
            self._display.mark_word(0, 0)

    # --- effects -----------------------------------------------------------------------------------------------------

    def _carry_out(self, effect: do.Effect) -> None:
        match effect:
            case do.SetTimer(name=name, seconds=seconds):
                self._clockwork.set(name, seconds)
            case do.CancelTimer(name=name):
                self._clockwork.cancel(name)
            case do.Wipe():
                self._wipe()
            case _ if self._rooms is None:
                self._put_aside.append(effect)
            case _:
                self._ask(self._rooms, effect)

    def _ask(self, rooms: Rooms, effect: do.Effect) -> None:  # noqa: C901, PLR0912 (one flat table of all effects reads best)
        match effect:
            case do.Say(saying=saying):
                utterance = derive.utterance(self.state, saying, self.context())
                self._sounding = (rooms.say(replace(utterance, language=self.state.preferences.spoken)),)
            case do.StopSpeech():
                self._sounding = ()
                self._fetching = ()
                rooms.speech.stop()
                rooms.recorder.ignore_speech(ignore=False)
                self._display.mark_word(0, 0)
            case do.TuneSpeech():
                self._tune(rooms)
            case do.RenewSpeech():
                rooms.speech.renew()
            case do.PlayEarcon(name=name):
                if name != "begin":  # that one belongs to the recording it announces
                    rooms.speech.play_earcon(name, loud=name == "bell" and not self.state.headphones)
            case do.PrepareMicrophone():
                rooms.recorder.prepare()
            case do.StartRecording(petition_id=petition_id, recording_id=recording_id):
                self.attached_to = petition_id
                # The beep ends before the recording begins, so that it is not in it.
                rooms.recorder.start(recording_id, on_cue=True)
                rooms.speech.play_earcon("begin", functools.partial(rooms.recorder.cue, recording_id))
            case do.StopRecording():
                rooms.recorder.stop()
            case do.CloseMicrophone():
                rooms.recorder.close()
                self._ears = None  # what it listens for is told it anew: closed ears are not left to guessing
            case do.PlayRecordings(recording_ids=recording_ids):
                self._fetching = recording_ids
                self._sounding = ()  # what was about to be said has nothing to tell any more
                rooms.speech.stop()
                rooms.fetch_sounds(recording_ids)
            case do.KeepDraft(draft=draft):
                rooms.storekeeper.keep(draft)
            case do.FilePetition(draft=draft):
                rooms.storekeeper.file(draft)
            case do.KeepLater(later=later, petition_id=petition_id):
                rooms.storekeeper.keep_later(later, petition_id)
            case do.CallStaff() | do.EndCall() | do.SoundBell():
                self._ask_for_people(rooms, effect)
            case do.PrintReceipts():
                self._print(rooms, effect)
            case do.OpenDesk() | do.CloseDesk() | do.AskDesk() | do.SendAgain() | do.ResumeDraft() | do.DiscardDraft():
                self._ask_desk(rooms, effect)
            case do.SignIn(badge=badge, code=code):
                rooms.agents.sign_in(badge, code)
            case do.SignOut(agent=agent, filed=filed):
                rooms.agents.sign_out(agent, filed)
            case do.AskForCard():
                rooms.cards.ask()
            case do.StopAskingForCard():
                rooms.cards.stop()
            case (
                do.OpenCamera()
                | do.CloseCamera()
                | do.TakePicture()
                | do.LookForPictures()
                | do.StopLooking()
                | do.TakeFile()
                | do.KeepSignature()
                | do.DropAttachments()
            ):
                self._ask_for_pictures(rooms.pictures, effect)
            case do.LookUp():
                rooms.look_up(effect)

    def _ask_for_people(self, rooms: Rooms, effect: do.CallStaff | do.EndCall | do.SoundBell) -> None:
        match effect:
            case do.CallStaff(call=call, reason=reason):
                rooms.calls.call(call, reason)
            case do.EndCall(call=call):
                rooms.calls.end(call)
            case do.SoundBell(on=on):
                rooms.bell.sound(on)

    def _ask_for_pictures(self, pictures: "PictureRoom", effect: do.Effect) -> None:
        match effect:
            case do.OpenCamera():
                pictures.open_camera()
            case do.CloseCamera():
                pictures.close_camera()
            case do.LookForPictures():
                pictures.look_for_pictures()
            case do.StopLooking():
                pictures.stop_looking()
            case do.TakePicture(petition_id=petition_id, picture_id=picture_id, kind=kind):
                self.attached_to = petition_id
                pictures.take(petition_id, picture_id, kind)
            case do.TakeFile(petition_id=petition_id, picture_id=picture_id, file_id=file_id, kind=kind):
                self.attached_to = petition_id
                pictures.take_file(petition_id, picture_id, file_id, kind)
            case do.KeepSignature(petition_id=petition_id, picture_id=picture_id, strokes=strokes):
                self.attached_to = petition_id
                pictures.keep_signature(petition_id, picture_id, strokes)
            case do.DropAttachments(petition_id=petition_id, attachment_ids=attachment_ids):
                pictures.drop(petition_id, attachment_ids)
            case _:
                pass

    def _ask_desk(self, rooms: Rooms, effect: do.Effect) -> None:
        match effect:
            case do.OpenDesk(pin=pin, badge=badge):
                rooms.printing.look()  # the others tell by themselves when they come and go
                rooms.desk.open(pin, badge)
            case do.CloseDesk():
                rooms.desk.leave()
            case do.AskDesk():
                rooms.printing.look()
                rooms.desk.look()
            case do.SendAgain():
                rooms.desk.send_again()
            case do.ResumeDraft():
                rooms.desk.resume()
            case do.DiscardDraft():
                rooms.desk.discard()
            case _:
                pass

    def _print(self, rooms: Rooms, effect: do.PrintReceipts) -> None:
        if self.state.desk is not None:  # whose PIN it was is written down
            for number in effect.numbers:
                rooms.desk.note_print(number)
        rooms.printing.print_receipts(effect.numbers, effect.role)

    def _ignore_speech(self, *, ignore: bool) -> None:
        if self._rooms is not None:
            self._rooms.recorder.ignore_speech(ignore=ignore)

    def _listen(self) -> None:
        wanted = ears(self.state)
        if self._rooms is not None and wanted != self._ears:
            self._ears = wanted
            self._listening_id += 1
            self._rooms.recorder.listen(wanted, self._listening_id)

    def _tune(self, rooms: Rooms) -> None:
        preferences = self.state.preferences
        rooms.speech.set_rate(preferences.rate)
        rooms.speech.set_volume(self.state.voice_volume)

    def _play_sounds(self, rooms: Rooms, read: SoundsRead) -> None:
        if not self.state.playing or read.recording_ids != self._fetching:
            return  # somebody has gone on meanwhile
        self._fetching = ()
        self._sounding = tuple(rooms.speech.play_recording(sound) for sound in read.sounds) or (0,)
        if not read.sounds:
            self.handle(ev.SpeechEnded(utterance_id=0, completed=False))

    def _wipe(self) -> None:
        self._put_aside.clear()
        self._fetching = ()
        self._sounding = ()
        self._display.wipe()
        self._shown = None
        if self._rooms is not None:
            self._rooms.agents.leave()
            self._rooms.pictures.forget()  # before the draft: what is sealed too late finds that it is not wanted
            self._rooms.storekeeper.forget_draft(self.attached_to)
        self.attached_to = ""
        self._waiting.append(ev.VisitBegan(petition_id=str(uuid.uuid4()), today=self._now().date()))

    # --- the screen --------------------------------------------------------------------------------------------------

    def context(self) -> derive.Context:
        """Return what words are derived with, besides the state."""
        return derive.Context(translate=self._translations(self.state.preferences.language), now=self._now())

    def _show(self) -> None:
        screen = derive.screen(self.state, self.context())
        if screen != self._shown:
            self._shown = screen
            self._display.show_screen(screen)
