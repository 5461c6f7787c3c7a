"""What the resident says, from the listener process into sealed storage, and the words that can be made out in it.

Control flow, in order:
    1. `prepare` opens the microphone: it takes a second, so it is asked for before anybody speaks. Open ears (`listen`)
       open it, too.
    2. `start` begins to record as soon as the microphone is open and, if asked to, `cue` tells that the beep is over.
       Pages of Ogg/Opus come every 0.2 s and are written to the sink before anything else happens.
    3. `stop` ends with what was said until then. Every `start` gets exactly one RecordingEnded.
    4. When the listener dies, what it sent is closed as a part, and its successor goes on with the next part.
    5. While it records, WordsHeard tells the words so far, the last time with all of them settled, before the
       recording ends. While it does not, what is said is matched against the phrases of the ears (`voice.listening`).
    6. When the microphone goes away or pages can't be kept, MicrophoneLost is posted and the recording ends with what
       there is. A new listener is tried from time to time; MicrophoneFound tells when recording is possible again.

Without a recogniser all this goes on without words. One that ends its process again and again is done without for a
while; that costs a recording no more than the moment until the next process is there.

When people are asked something or a recording ends is not decided here: SpeechHeard and SilenceHeard only tell.
Methods may be called from any thread and never wait; all else, the sinks too, happens on the supervisor's thread.
"""

import math
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from petition.ears import Ears
from petition.errors import Fault, FaultCode
from petition.events import (
    LevelHeard,
    MicrophoneFound,
    MicrophoneLost,
    RecordingEnded,
    RecordingStarted,
    SilenceHeard,
    SpeechHeard,
    WordsHeard,
)
from petition.model import Attachment
from petition.ports import Post, RecordingSink
from voice import wire
from voice.dictation import Dictation
from voice.listening import Listening
from voice.supervisor import Died, Supervisor, python_module

MOST_DEATHS = 3
"""Of listeners over one part of a recording: then there is no going on."""
LOOK_AGAIN_SECONDS = (3.0, 10.0, 30.0)
DEAF_SECONDS = 30.0
"""So long a recogniser that ends its process is done without."""
NOTHING_SECONDS = 0.3
NOTHING_LEVEL = 0.003
"""-50 dBFS. A recording is only "nothing was said" when no speech was found in it and it is short or dead quiet."""


@dataclass(slots=True, kw_only=True)
class _Recording:
    id: str
    preroll_seconds: float
    awaits_cue: bool
    wire_id: int = 0
    sink: RecordingSink | None = None
    seconds: float = 0.0
    """Of the part that is being written."""
    attachments: list[Attachment] = field(default_factory=list)
    parts: int = 0
    spoken: bool = False
    loudest: float = 0.0
    total_seconds: float = 0.0
    stopping: bool = False
    deaths: int = 0
    words: Dictation = field(default_factory=Dictation)


class Recorder:
    """The kiosk's ears. `launch` them once, `shut_down` at the end; what they hear is told through `post`."""

    def __init__(
        self,
        post: Post,
        open_sink: Callable[[str], RecordingSink],
        *,
        device: str = "",
        model: Path | None = None,
        barge_in: bool = False,
        command: Sequence[str] = (),
    ) -> None:
        self._post = post
        self._open_sink = open_sink
        self._wanted = False
        """Whether the microphone is to be open for recording."""
        self._ready = False
        self._opened = False
        self._lost: FaultCode | None = None
        self._looks = 0
        self._found_wanting = False
        """Whether this listener can't record any more, and another is to take its place."""
        self._deaths = 0
        """Of listeners since one was ready."""
        self._ignoring = False
        self._barge_in = barge_in
        self._last_wire_id = 0
        self._recording: _Recording | None = None
        arguments = ("--device", device) if device else ()
        self._deaf_command = tuple(command or python_module("voice.listener", *arguments))
        self._command = self._deaf_command if model is None else (*self._deaf_command, "--model", str(model))
        spare = "" if command else "--standby"
        self._listener = Supervisor(self._command, wire.FROM_LISTENER, self._receive, spare=spare)
        self._listening = Listening(post, self._listener.send)

    def launch(self) -> None:
        """Start the listener process; the microphone stays closed."""
        self._listener.start()

    def shut_down(self) -> None:
        """End a recording with what there is, and the listener process."""
        self._listener.call(self._end)
        self._listener.close()

    # --- what it is asked ----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Open the microphone, so that `start` loses no time."""
        self._listener.call(self._open)

    def start(self, recording_id: str, *, preroll_seconds: float = 0.0, on_cue: bool = False) -> None:
        """Record under this id, at once or when `cue` is called; a `stop` before that ends it with nothing.

        `preroll_seconds` (0 to 0.5) of what was just said belong to the recording. After a beep that must be 0, or the
        beep would be in it.
        """
        recording = _Recording(id=recording_id, preroll_seconds=preroll_seconds, awaits_cue=on_cue)
        self._listener.call(lambda: self._start(recording))

    def cue(self, recording_id: str) -> None:
        """Let the recording begin that was started `on_cue`: its beep has been heard."""
        self._listener.call(lambda: self._cue(recording_id))

    def stop(self) -> None:
        """End the recording; RecordingEnded follows once all of it is kept."""
        self._listener.call(self._stop)

    def close(self) -> None:
        """Close the microphone; a recording ends first."""
        self._listener.call(self._close)

    def listen(self, ears: Ears, id: int) -> None:
        """Listen for this from now on; what is told carries the id of the ears it was said to."""
        self._listener.call(lambda: self._listen(ears, id))

    def ignore_speech(self, *, ignore: bool) -> None:
        """Say whether the kiosk itself speaks now: its voice is recorded, but nobody's speech and nobody's silence.

        Only with `barge_in` is anything heard over it: that it be silent.
        """
        self._listener.call(lambda: self._ignore(ignore=ignore))

    # --- the same, on the supervisor's thread --------------------------------------------------------------------

    def _open(self) -> None:
        self._wanted = True
        self._ask_for_microphone()

    def _ask_for_microphone(self) -> None:
        if not self._ready:
            return
        if self._found_wanting:  # somebody asks for it: perhaps it has just been plugged in
            self._listener.replace(0.0)
        else:
            self._listener.send(wire.OpenMicrophone())

    def _listen(self, ears: Ears, id: int) -> None:
        was_open = self._listening.ears.open
        self._listening.listen(ears, id)
        if ears.open and not was_open:
            self._ask_for_microphone()
        elif was_open and not self._needed:
            self._let_go()

    @property
    def _needed(self) -> bool:
        return self._wanted or self._recording is not None or self._listening.ears.open

    def _let_go(self) -> None:
        self._opened = False
        self._listener.send(wire.CloseMicrophone())

    def _start(self, recording: _Recording) -> None:
        self._end()
        self._recording = recording
        self._hear_again_later()
        if self._lost is not None:
            self._post(MicrophoneLost(code=self._lost))
            self._end()
        self._open()
        self._begin()

    def _cue(self, recording_id: str) -> None:
        if self._recording is not None and self._recording.id == recording_id:
            self._recording.awaits_cue = False
            self._begin()

    def _stop(self) -> None:
        if self._recording is None:
            return
        self._recording.stopping = True
        if self._recording.wire_id:
            self._listener.send(wire.StopRecording())
        else:
            self._end()

    def _close(self) -> None:
        self._wanted = False
        self._stop()
        if not self._listening.ears.open:
            self._let_go()

    def _ignore(self, *, ignore: bool) -> None:
        self._ignoring = ignore
        self._listener.send(wire.IgnoreSpeech(ignore=ignore, through=self._barge_in))

    # --- what the listener reports -------------------------------------------------------------------------------

    def _receive(self, message: wire.Message | Died) -> None:
        match message:
            case wire.Ready(missing=()):
                self._found_wanting = False
                self._be_ready()
            case wire.Ready():
                self._take_note()
                self._lose(FaultCode.MICROPHONE_MISSING)
            case wire.Opened():
                self._be_open()
            case wire.Closed():
                self._opened = False
            case wire.Loaded():
                self._listening.find()
            case wire.HeardWords():
                self._listening.hear(message)
            case wire.Failed(code=FaultCode.RECOGNISER_MISSING):
                self._listening.lose()
            case wire.Failed(id=0):
                self._opened = False
                lost = message.code == FaultCode.MICROPHONE_LOST
                self._lose(FaultCode.MICROPHONE_LOST if lost else FaultCode.MICROPHONE_MISSING)
            case wire.Level():
                self._hear(message.level)
            case Died():
                self._begin_again()
            case _ if self._recording is not None:
                self._record(self._recording, message)

    def _take_note(self) -> None:
        self._ready, self._deaths = True, 0
        self._listening.be_ready()
        if self._listener.command == self._deaf_command:
            self._listening.lose()

    def _be_ready(self) -> None:
        self._take_note()
        self._hear_again_later()
        if self._ignoring:
            self._listener.send(wire.IgnoreSpeech(ignore=True, through=self._barge_in))
        if self._needed:
            self._listener.send(wire.OpenMicrophone())
        else:
            self._find()

    def _be_open(self) -> None:
        self._opened = True
        self._find()
        self._begin()

    def _find(self) -> None:
        self._looks = 0
        if self._lost is not None:
            self._lost = None
            self._post(MicrophoneFound())

    def _lose(self, code: FaultCode) -> None:
        if self._lost is not code:
            self._lost = code
            self._post(MicrophoneLost(code=code))
        if self._recording is not None and not self._recording.wire_id:
            self._end()
        self._found_wanting = True
        self._listener.replace(LOOK_AGAIN_SECONDS[min(self._looks, len(LOOK_AGAIN_SECONDS) - 1)])
        self._looks += 1

    def _hear(self, level: float) -> None:
        if self._recording is not None:
            self._recording.loudest = max(self._recording.loudest, level)
        if self._wanted or self._recording is not None:
            self._post(LevelHeard(level=level))

    # --- recording -----------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Begin to record what waits for it, once microphone and cue are there."""
        recording = self._recording
        if recording is None or recording.wire_id or recording.awaits_cue or not self._opened:
            return
        self._last_wire_id += 1
        recording.wire_id = self._last_wire_id
        preroll = recording.preroll_seconds if recording.parts == 0 else 0.5
        self._listener.send(wire.StartRecording(id=recording.wire_id, preroll_seconds=preroll, spoken=recording.spoken))

    def _record(self, recording: _Recording, message: wire.Message) -> None:
        match message:
            case wire.Started(id=recording.wire_id) if recording.parts == 0:
                self._post(RecordingStarted(recording_id=recording.id))
            case wire.Page(id=recording.wire_id):
                self._keep(recording, message)
            case wire.Ended(id=recording.wire_id):
                recording.seconds = message.seconds
                self._end()
            case wire.Failed(id=recording.wire_id):
                self._end()
            case wire.Transcript(id=recording.wire_id):
                self._take_words(recording, message)
            case wire.Spoke():
                recording.spoken = True
                self._post(SpeechHeard())
            case wire.Silent():
                self._post(SilenceHeard(seconds=message.seconds))

    def _keep(self, recording: _Recording, page: wire.Page) -> None:
        try:
            if recording.sink is None:
                part_id = recording.id if recording.parts == 0 else str(uuid.uuid4())
                recording.sink = self._open_sink(part_id)
                recording.parts += 1
            recording.sink.write(page.sound)
        except Fault as fault:
            self._fail_to_keep(fault.code)
        except OSError:
            self._fail_to_keep(FaultCode.DISK_FULL)
        else:
            recording.seconds = page.seconds
            recording.deaths = 0

    def _take_words(self, recording: _Recording, said: wire.Transcript) -> None:
        words = recording.words.going_on(said.words, said.after_seconds)
        if not said.settled:
            self._tell_words(recording, words)
            return
        self._listening.prove()
        # Once it is to stop, something else is shown that the same words may mean: they were said into the recording.
        phrase = self._listening.phrase(said.words) if said.whole and not recording.stopping else ""
        self._tell_words(recording, words.dropped() if phrase else words.settle())
        if phrase:
            self._listening.tell(phrase)

    def _tell_words(self, recording: _Recording, words: Dictation) -> None:
        if words != recording.words:
            recording.words = words
            self._post(WordsHeard(recording_id=recording.id, text=words.text, settled=len(words.settled)))

    def _fail_to_keep(self, code: FaultCode) -> None:
        self._listener.send(wire.StopRecording())
        self._lose(code)
        self._end()

    def _begin_again(self) -> None:
        """Close what the dead listener sent as a part; the next one goes on, unless it was to stop anyway."""
        self._ready = self._opened = False
        recording = self._recording
        self._deaths += 1
        if not self._found_wanting:  # it was not we who ended it
            self._listener.command = self._deaf_command if self._listening.die() else self._command
        if self._deaths >= MOST_DEATHS:
            self._lose(FaultCode.MICROPHONE_MISSING)
        if recording is None or not recording.wire_id:
            return
        self._close_part(recording)
        self._tell_words(recording, recording.words.settle())
        recording.wire_id = 0
        recording.deaths += 1
        if recording.stopping or self._lost is not None:
            self._end()
        elif recording.deaths >= MOST_DEATHS:
            self._lose(FaultCode.MICROPHONE_LOST)

    def _close_part(self, recording: _Recording) -> None:
        sink, recording.sink = recording.sink, None
        recording.total_seconds += recording.seconds
        if sink is not None:
            try:
                recording.attachments.append(sink.close(recording.seconds))
            except Fault as fault:
                self._lose(fault.code)
            except OSError:
                self._lose(FaultCode.DISK_FULL)
        recording.seconds = 0.0

    def _end(self) -> None:
        recording, self._recording = self._recording, None
        if recording is None:
            return
        self._close_part(recording)
        quiet = recording.total_seconds < NOTHING_SECONDS or recording.loudest < NOTHING_LEVEL
        nothing = quiet and not recording.spoken
        self._tell_words(recording, recording.words.finished())
        attachments = () if nothing else tuple(recording.attachments)
        self._post(RecordingEnded(recording_id=recording.id, attachments=attachments))
        self._hear_again_later()
        if self._opened and not self._needed:
            self._let_go()

    def _hear_again_later(self) -> None:
        """Look in a while, but never during a recording, whether a listener with its recogniser lives again."""
        deaf = self._listener.command == self._deaf_command != self._command
        if deaf and self._ready and not self._found_wanting:
            self._listener.replace(math.inf if self._recording else DEAF_SECONDS)
