"""One resident's visit: events go in, the machine decides, effects are carried out, the screen follows.

How an event is handled, always on the main thread:
1. Words being spoken and levels also go straight to the screen: they change nothing there but a mark.
2. `advance` returns the new state and the effects; nothing else changes the state.
3. The effects are carried out in their order; none of them waits for anything.
4. When the state has changed, its screen is derived and shown.
5. Events that effects brought about at once are handled next, in their order.
"""

import functools
import threading
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from kiosk.storekeeper import Storekeeper
from petition import derive
from petition import effects as do
from petition import events as ev
from petition.errors import Fault
from petition.machine import advance, begin
from petition.ports import Post
from petition.saying import Saying
from petition.screen import Screen
from petition.state import Rules
from petition.utterance import Translate
from voice.recorder import Recorder
from voice.speech import Priority, Speech


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

    sounds: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The rooms that carry out what a visit asks for; none of their methods waits for anything."""

    display: Display
    clockwork: Clockwork
    speech: Speech
    recorder: Recorder
    storekeeper: Storekeeper
    look_up: Callable[[do.LookUp], None]
    """Asks how far a petition is; the answer comes as an event."""
    post: Post


class Session:
    """Carries visits through, one after the other; everything of it happens on the main thread."""

    def __init__(
        self,
        rules: Rules,
        rooms: Rooms,
        *,
        translations: Callable[[str], Translate],
        now: Callable[[], datetime],
    ) -> None:
        """`translations` gives a language's words; `now` is local time."""
        self._rooms = rooms
        self._translations = functools.cache(translations)
        self._now = now
        self._waiting: deque[ev.Event] = deque()
        self._handling = False
        self._shown: Screen | None = None
        self._utterance_id = 0
        """What is being said now; events of what was said before are not about this screen."""
        self.recorded_for = ""
        """The petition that sound belongs to; read by the thread that opens recordings."""
        self.state = begin(rules, str(uuid.uuid4()))

    def open(self) -> None:
        """Show the welcome screen of a kiosk that nobody stands at."""
        self._tune()
        self._show()

    def handle(self, event: object) -> None:
        """Handle one event and everything it brings about at once."""
        if isinstance(event, SoundsRead):
            self._play_sounds(event.sounds)
            return
        self._waiting.append(event)  # type: ignore[arg-type]
        if self._handling:
            return
        self._handling = True
        try:
            while self._waiting:
                self._handle(self._waiting.popleft())
        finally:
            self._handling = False

    def _handle(self, event: ev.Event) -> None:
        match event:
            case ev.LevelHeard(level=level):
                self._rooms.display.show_level(level)
            case ev.WordSpoken(utterance_id=utterance_id, start=start, length=length):
                if utterance_id == self._utterance_id:
                    self._rooms.display.mark_word(start, length)
                return
            case ev.SpeechStarted(utterance_id=utterance_id) | ev.SpeechEnded(utterance_id=utterance_id):
                if utterance_id != self._utterance_id:
                    return
                self._rooms.recorder.ignore_speech(ignore=isinstance(event, ev.SpeechStarted))
            case _:
                pass
        before = self.state
        self.state, effects = advance(before, event)
        for effect in effects:
            self._carry_out(effect)
        if self.state is not before:
            self._show()
        if isinstance(event, ev.SpeechEnded):
            self._rooms.display.mark_word(0, 0)

    # --- effects -----------------------------------------------------------------------------------------------------

    def _carry_out(self, effect: do.Effect) -> None:  # noqa: C901 (one flat table of all effects reads best)
        match effect:
            case do.Say(saying=saying):
                self._say(saying)
            case do.StopSpeech():
                self._utterance_id = 0
                self._rooms.speech.stop()
                self._rooms.recorder.ignore_speech(ignore=False)
                self._rooms.display.mark_word(0, 0)
            case do.TuneSpeech():
                self._tune()
            case do.PlayEarcon(name=name):
                if name != "begin":  # that one belongs to the recording it announces
                    self._rooms.speech.play_earcon(name)
            case do.PrepareMicrophone():
                self._rooms.recorder.prepare()
            case do.StartRecording(petition_id=petition_id, recording_id=recording_id):
                self.recorded_for = petition_id
                # The beep ends before the recording begins, so that it is not in it.
                self._rooms.speech.play_earcon("begin", functools.partial(self._rooms.recorder.start, recording_id))
            case do.StopRecording():
                self._rooms.recorder.stop()
            case do.CloseMicrophone():
                self._rooms.recorder.close()
            case do.PlayRecordings(recording_ids=recording_ids):
                self._play(recording_ids)
            case do.KeepDraft(draft=draft):
                self._rooms.storekeeper.keep(draft)
            case do.FilePetition(draft=draft):
                self._rooms.storekeeper.file(draft)
            case do.LookUp():
                self._rooms.look_up(effect)
            case do.SetTimer(name=name, seconds=seconds):
                self._rooms.clockwork.set(name, seconds)
            case do.CancelTimer(name=name):
                self._rooms.clockwork.cancel(name)
            case do.Wipe():
                self._wipe()

    def _say(self, saying: Saying) -> None:
        utterance = derive.utterance(self.state, saying, self.context())
        spoken = replace(utterance, language=self.state.preferences.spoken)
        self._utterance_id = self._rooms.speech.say(spoken, priority=Priority.NOW)

    def _tune(self) -> None:
        preferences = self.state.preferences
        self._rooms.speech.set_rate(preferences.rate)
        self._rooms.speech.set_volume(preferences.voice_volume)

    def _play(self, recording_ids: tuple[str, ...]) -> None:
        """Play recordings; reading and unsealing them is not for the main thread."""

        def fetch() -> None:
            try:
                sounds = [self._rooms.storekeeper.read_recording(id_) for id_ in recording_ids]
            except Fault:
                sounds = []
            self._rooms.post(SoundsRead(sounds=tuple(sounds)))

        self._rooms.speech.stop()
        threading.Thread(target=fetch, name="playback", daemon=True).start()

    def _play_sounds(self, sounds: tuple[bytes, ...]) -> None:
        if not self.state.playing:
            return  # somebody has gone on meanwhile
        for sound in sounds:
            self._utterance_id = self._rooms.speech.play_recording(sound)
        if not sounds:
            self.handle(ev.SpeechEnded(utterance_id=self._utterance_id, completed=False))

    def _wipe(self) -> None:
        self._rooms.speech.forget()
        self._utterance_id = 0
        self._rooms.display.wipe()
        self._rooms.storekeeper.forget_draft()
        self._shown = None
        self._waiting.append(ev.VisitBegan(petition_id=str(uuid.uuid4())))

    # --- the screen --------------------------------------------------------------------------------------------------

    def context(self) -> derive.Context:
        """Return what words are derived with, besides the state."""
        return derive.Context(translate=self._translations(self.state.preferences.language), now=self._now())

    def _show(self) -> None:
        screen = derive.screen(self.state, self.context())
        if screen != self._shown:
            self._shown = screen
            self._rooms.display.show_screen(screen)
