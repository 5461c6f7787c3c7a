"""Everything the kiosk says: one queue in front of the speaker process.

Control flow, in order:
    1. `say`, `play_recording` and `play_earcon` make a job: sentences, one sound, one earcon. Jobs wait in a queue.
    2. The first job is current. Its part that sounds and the one after are with the speaker; the rest waits here, so
       that a new rate is heard from the sentence that sounds now.
    3. The speaker reports what can be heard; it becomes SpeechStarted, WordSpoken (places on the screen), SpeechEnded.
       Every number that `say` or `play_recording` gave out gets exactly one SpeechEnded.
    4. `stop` empties queue and speaker at once; whatever the speaker still reports of that is ignored.
    5. When the speaker dies, its successor says the current part again, once; a part that kills it twice is given up.
    6. A loud bell is in no queue: it goes to the speaker at once, sounds over whatever does, and nothing but its own
       end ends it. Where the speaker is just being replaced, the next one rings.
    7. Without engine or device SpeechLost is posted and every job ends at once; a new speaker is tried from time to
       time, and SpeechFound tells when one can speak.

Methods may be called from any thread and never wait; all else happens on the supervisor's thread. Nothing heavy is
imported here.
"""

import itertools
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from petition.errors import FaultCode
from petition.events import SpeechEnded, SpeechFound, SpeechLost, SpeechStarted, WordSpoken
from petition.ports import Post
from petition.utterance import Utterance
from voice import wire
from voice.reading import Sentence, sentences
from voice.supervisor import Died, Supervisor, python_module

AHEAD = 1
"""Parts that are with the speaker beside the one that sounds: it needs the next to go on without a gap."""
DEATHS_WITHOUT_A_WORD = 2
"""A speaker that died this often before it was ready won't speak at all."""
DICTATION_RATE = 0.8
"""Of the chosen rate, for a sentence with a number that somebody may want to write down."""
LOOK_AGAIN_SECONDS = (5.0, 10.0, 30.0)


class Priority(Enum):
    """When an utterance has its turn."""

    NORMAL = "normal"
    """After all that waits."""
    NEXT = "next"
    """After what sounds now, before all that waits."""
    NOW = "now"
    """Instead of what sounds and waits; only a short sound still ends first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earcon:
    name: str
    loud: bool = False


_Part = Sentence | bytes | _Earcon


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Job:
    id: int
    """What its events say; 0 for earcons, which have none."""
    parts: tuple[_Part, ...]
    language: str = ""
    afterwards: Callable[[], None] | None = None


def voice_arguments(voices: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the speaker process is told of chosen voices on its command line."""
    return tuple(part for language, name in voices.items() for part in ("--voice", f"{language}={name}"))


class Speech:
    """The kiosk's voice. `launch` it once, `shut_down` at the end; what happens is told through `post`."""

    def __init__(
        self, post: Post, *, device: str = "", voices: Mapping[str, str] | None = None, command: Sequence[str] = ()
    ) -> None:
        """Make it ready to launch.

        `voices` names an espeak-ng voice for spoken languages (see `voice.voices`); the others have their usual one.
        """
        self._post = post
        self._ids = itertools.count(1)
        self._jobs: deque[_Job] = deque()
        self._current: _Job | None = None
        self._part = 0
        """Of the current job: the one that sounds."""
        self._sent: dict[int, int] = {}
        """Number on the wire → part of the current job."""
        self._rings: dict[int, _Job] = {}
        """Number on the wire → what is loud and has not been heard to its end."""
        self._to_ring: _Job | None = None
        """What is loud and waits for a speaker."""
        self._begun = False
        self._marked: tuple[int, int] | None = None
        self._deaths = 0
        """Of speakers, over the current part or since one was ready."""
        self._ready = False
        self._lost: FaultCode | None = None
        self._looks = 0
        self._plays = False
        """Whether what is lost is the engine alone: the device still plays recordings and earcons."""
        self._paused = False
        self._rate = 1.0
        self._volume = 1.0
        self._last_wire_id = 0
        arguments = (*(("--device", device) if device else ()), *voice_arguments(voices or {}))
        self._speaker = Supervisor(
            command or python_module("voice.speaker", *arguments),
            wire.FROM_SPEAKER,
            self._receive,
            spare="" if command else "--standby",
        )

    def launch(self) -> None:
        """Start the speaker process; what is said before it is ready waits for it."""
        self._speaker.start()

    def shut_down(self) -> None:
        """Fall silent and end the speaker process."""
        self.stop()
        self._speaker.close()

    # --- what it is asked ----------------------------------------------------------------------------------------

    def say(self, utterance: Utterance, *, priority: Priority = Priority.NORMAL) -> int:
        """Say something; return the number that its events carry."""
        job = _Job(id=next(self._ids), parts=sentences(utterance), language=utterance.language)
        self._speaker.call(lambda: self._add(job, priority))
        return job.id

    def play_recording(self, sound: bytes) -> int:
        """Play encoded sound after what waits; return the number that its events carry."""
        job = _Job(id=next(self._ids), parts=(sound,))
        self._speaker.call(lambda: self._add(job, Priority.NORMAL))
        return job.id

    def play_earcon(self, name: str, afterwards: Callable[[], None] | None = None, *, loud: bool = False) -> None:
        """Play "begin", "done", "error", "attention" or "bell" after what waits.

        `afterwards` is called once, from another thread, when the last of it has been heard or can't be (no device): so
        a recording can begin right after its beep and not contain it. `stop` forgets it. It must return at once.

        `loud` is for people in the next room: at once, over whatever sounds, as loud as the loudspeaker can, whatever
        volume was set; neither `stop` nor `pause` is for it. It goes where all sound goes: with headphones on it would
        hurt somebody's ears and call nobody, so ask for it without.
        """
        job = _Job(id=0, parts=(_Earcon(name=name, loud=loud),), afterwards=afterwards)
        self._speaker.call(lambda: self._ring(job) if loud else self._add_earcon(job))

    def stop(self) -> None:
        """Fall silent at once and forget all that waits; only a loud bell rings on."""
        self._speaker.call(lambda: self._drop(lambda _: True))

    def renew(self) -> None:
        """Have a new speaker process, if nothing sounds or waits: all that the old one's memory holds goes with it."""
        self._speaker.call(self._renew)

    def pause(self) -> None:
        """Fall silent and keep the place; `resume` goes on, `stop` ends it."""
        self._speaker.call(lambda: self._pause(paused=self._current is not None))

    def resume(self) -> None:
        """Go on after a pause."""
        self._speaker.call(lambda: self._pause(paused=False))

    def set_rate(self, rate: float) -> None:
        """Speak 0.5 to 2.0 times as fast as usual; the sentence that sounds begins again at the new rate."""
        self._speaker.call(lambda: self._change_rate(rate))

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0 to 1, of what sounds now too."""
        self._speaker.call(lambda: self._change_volume(volume))

    # --- the queue, on the supervisor's thread -------------------------------------------------------------------

    def _add(self, job: _Job, priority: Priority) -> None:
        if priority is Priority.NOW:
            self._drop(lambda each: each.id != 0)
        silent = self._lost is not None and not self._can_do(job)
        if silent or not job.parts:
            self._end(job, completed=not silent)
        elif priority is Priority.NEXT:
            self._jobs.appendleft(job)
        else:
            self._jobs.append(job)
        self._advance()

    def _add_earcon(self, job: _Job) -> None:
        if self._ready:
            self._jobs.append(job)
            self._advance()
        else:  # late it would be a riddle
            self._end(job, completed=False)

    def _ring(self, job: _Job) -> None:
        if self._ready:
            self._last_wire_id += 1
            self._rings[self._last_wire_id] = job
            self._speaker.send(self._command(self._last_wire_id, job.parts[0], ""))
            if self._lost is not None:
                self._speaker.replace(math.inf)  # not while something sounds
        elif self._lost is None and self._to_ring is None:
            self._to_ring = job
        else:
            self._end(job, completed=False)

    def _ring_at_last(self) -> None:
        job, self._to_ring = self._to_ring, None
        if job is not None:
            self._ring(job)

    def _renew(self) -> None:
        if self._ready and self._current is None and not self._jobs and not self._rings:
            self._speaker.replace(0.0)

    def _pause(self, *, paused: bool) -> None:
        self._paused = paused
        self._speaker.send(wire.Pause() if paused else wire.Resume())

    def _change_rate(self, rate: float) -> None:
        if rate == self._rate:
            return
        self._rate = rate
        if self._current is not None and self._current.language and self._sent:
            self._speaker.send(wire.Hush())
            self._sent.clear()
            self._marked = None
            self._advance()
            if self._paused:
                self._speaker.send(wire.Pause())

    def _change_volume(self, volume: float) -> None:
        self._volume = volume
        self._speaker.send(wire.SetVolume(volume=volume))

    def _drop(self, unwanted: Callable[[_Job], bool], *, go_on: bool = False) -> None:
        """Forget jobs; `go_on` when nobody asked for that, and what should come after a sound still should."""
        dropped = [job for job in self._jobs if unwanted(job)]
        self._jobs = deque(job for job in self._jobs if not unwanted(job))
        if self._current is not None and unwanted(self._current):
            dropped.insert(0, self._current)
            self._speaker.send(wire.Hush())
            self._current = None
            self._sent.clear()
            self._paused = False
            self._look_later()
        for job in dropped:
            self._end(job, completed=False, go_on=go_on)

    def _end(self, job: _Job, *, completed: bool, go_on: bool = True) -> None:
        if job.id:
            self._post(SpeechEnded(utterance_id=job.id, completed=completed))
        if go_on and job.afterwards is not None:
            job.afterwards()

    def _advance(self) -> None:
        """Give the speaker what it should have by now."""
        if not self._ready:
            return
        if self._current is None:
            if not self._jobs:
                return
            self._current = self._jobs.popleft()
            self._part, self._begun, self._deaths, self._marked = 0, False, 0, None
            if self._lost is not None:
                self._speaker.replace(math.inf)  # not while something sounds
        job = self._current
        for part in range(self._part, min(self._part + AHEAD + 1, len(job.parts))):
            if part not in self._sent.values():
                self._last_wire_id += 1
                self._sent[self._last_wire_id] = part
                self._speaker.send(self._command(self._last_wire_id, job.parts[part], job.language))

    def _command(self, id: int, part: _Part, language: str) -> wire.Message:
        match part:
            case Sentence():
                rate = self._rate * (DICTATION_RATE if part.dictates else 1.0)
                return wire.Say(id=id, text=part.text, language=language, rate=rate)
            case _Earcon():
                return wire.PlayEarcon(id=id, name=part.name, loud=part.loud)
            case _:
                return wire.PlayRecording(id=id, sound=part)

    # --- what the speaker reports --------------------------------------------------------------------------------

    def _receive(self, message: wire.Message | Died) -> None:
        match message:
            case wire.Ready(missing=()):
                self._ready_to_speak()
            case wire.Ready():
                self._look_again(message.missing)
            case Died():
                self._begin_again()
            case wire.Finished() | wire.Failed() if message.id in self._rings:
                self._end(self._rings.pop(message.id), completed=isinstance(message, wire.Finished))
                if self._current is None:
                    self._look_later()
            case wire.Started() if message.id in self._sent:
                self._start_part(self._sent[message.id])
            case wire.Word() if message.id in self._sent:
                self._mark(self._sent[message.id], message.start, message.length)
            case wire.Finished() if message.id in self._sent:
                self._finish_part(message.id, completed=message.completed)
            case wire.Failed() if message.id in self._sent:
                self._finish_job(completed=False)

    def _ready_to_speak(self) -> None:
        self._ready, self._looks = True, 0
        if self._current is None:
            self._deaths = 0
        if self._lost is not None:
            self._lost = None
            self._post(SpeechFound())
        self._speaker.send(wire.SetVolume(volume=self._volume))
        self._ring_at_last()
        self._advance()
        if self._paused:
            self._speaker.send(wire.Pause())

    def _look_again(self, missing: tuple[str, ...]) -> None:
        self._ready = self._plays = FaultCode.SPEAKER_MISSING.value not in missing
        self._deaths = 0
        self._lose(FaultCode.SPEECH_ENGINE_MISSING if self._ready else FaultCode.SPEAKER_MISSING)
        self._speaker.send(wire.SetVolume(volume=self._volume))
        self._look_later()
        self._looks += 1
        self._ring_at_last()
        self._advance()

    def _look_later(self) -> None:
        """Have a new speaker tried after a while, where this one lacks something."""
        if self._lost is not None:
            self._speaker.replace(LOOK_AGAIN_SECONDS[min(self._looks, len(LOOK_AGAIN_SECONDS) - 1)])

    def _can_do(self, job: _Job) -> bool:
        """Tell whether a job needs nothing that is lost."""
        return self._plays and not job.language

    def _lose(self, code: FaultCode) -> None:
        self._drop(lambda job: not self._can_do(job), go_on=True)
        if self._lost is not code:
            self._lost = code
            self._post(SpeechLost(code=code))

    def _begin_again(self) -> None:
        self._ready, self._marked = False, None
        self._sent.clear()
        self._deaths += 1
        self._drop(lambda job: job.id == 0, go_on=True)
        rings, self._rings = self._rings, {}
        for job in rings.values():
            self._end(job, completed=False)
        if self._deaths >= DEATHS_WITHOUT_A_WORD:
            if self._current is not None:
                self._finish_job(completed=False)
            else:
                self._plays = False
                self._lose(FaultCode.SPEECH_ENGINE_MISSING)
                self._ring_at_last()

    def _start_part(self, part: int) -> None:
        self._part = part
        if not self._begun and self._current is not None:
            self._begun = True
            if self._current.id:
                self._post(SpeechStarted(utterance_id=self._current.id))

    def _mark(self, part: int, start: int, length: int) -> None:
        job = self._current
        if job is None:
            return
        sentence = job.parts[part]
        if not isinstance(sentence, Sentence):
            return
        place = sentence.displayed(start, length)
        if place != self._marked:  # several words may be spoken for one on the screen
            self._marked = place
            self._post(WordSpoken(utterance_id=job.id, start=place[0], length=place[1]))

    def _finish_part(self, wire_id: int, *, completed: bool) -> None:
        part = self._sent.pop(wire_id)
        self._deaths = 0
        if self._current is not None and (not completed or part + 1 >= len(self._current.parts)):
            self._finish_job(completed=completed)
            return
        self._part = part + 1
        self._advance()

    def _finish_job(self, *, completed: bool) -> None:
        job, self._current = self._current, None
        if self._sent:
            self._speaker.send(wire.Hush())
            self._sent.clear()
        if job is not None:
            self._end(job, completed=completed)
        self._look_later()
        self._advance()
