"""What the listener process does: opens the microphone, tells how loud it is and whether somebody speaks, records.

Commands and sound are taken in the order they came, on one thread; words are made of them on another
(`voice.understanding`). Sound that is neither recorded nor speech is kept for a good second and then gone.
"""

import os
import queue
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from petition.errors import FaultCode
from voice.endpointing import FRAME_SECONDS, SilentFor, SpeechBegan
from voice.microphone import RATE, Block, Microphone, Samples, missing
from voice.opus import Encoder
from voice.stretches import MIDDLE_FRAMES, Cutter
from voice.understanding import Understanding
from voice.wire import (
    Closed,
    CloseMicrophone,
    Ended,
    Failed,
    IgnoreSpeech,
    Level,
    Listen,
    Message,
    Opened,
    OpenMicrophone,
    Page,
    Ping,
    Pong,
    Ready,
    Silent,
    Spoke,
    Started,
    StartRecording,
    StopRecording,
)

LONGEST_PREROLL_SECONDS = 0.5
LATE_SECONDS = 0.1
"""What was said until now comes this much later."""
LEVEL_SECONDS = 1 / 15
OPEN_SECONDS = 10.0
STALLED_SECONDS = 2.0
"""A device that gives nothing this long has gone."""
AFTER_OWN_VOICE_SECONDS = 0.3
"""A room goes on sounding for a moment."""


@dataclass(slots=True, kw_only=True)
class Recording:
    """What is being encoded; the only thing here that changes by itself."""

    id: int
    encoder: Encoder
    begins_at: float
    ends_at: float = float("inf")


class Nobody:
    """Takes speech and makes nothing of it."""

    def begin(self, sound: tuple[Samples, ...], after_seconds: float) -> None:
        """Forget it."""

    def feed(self, sound: Samples) -> None:
        """Forget it."""

    def end(self, seconds: float, *, whole: bool) -> None:
        """Forget it."""

    def drop(self) -> None:
        """There is nothing to forget."""


class Listener:
    """Carries out commands; everything it says goes to `report`. Without a model it makes out no words."""

    def __init__(self, report: Callable[[Message], None], device: str | None, model: Path | None = None) -> None:
        self._report = report
        self._device = device
        report(Ready(missing=(FaultCode.MICROPHONE_MISSING.value,) if missing(device) else ()))
        self._work: queue.SimpleQueue[tuple[float, Message] | Block] = queue.SimpleQueue()
        self._microphone: Microphone | None = None
        self._heard_at = 0.0
        self._opened = False
        self._closing = False
        self._kept: deque[Block] = deque()
        self._recording: Recording | None = None
        self._understanding = Understanding(report, model, RATE) if model else None
        self._cutter = Cutter(RATE, self._understanding or Nobody())
        self._listening = False
        self._ignore_until = 0.0
        self._through = False
        """Whether commands are heard over the kiosk's own voice."""
        self._loudest = 0
        self._level_samples = 0

    def take(self, command: Message) -> None:
        """Hand a command to the thread that does the work, with the moment it came."""
        self._work.put((time.monotonic(), command))

    def work(self) -> None:
        """Take commands and sound as they come, for good."""
        while True:
            try:
                next_thing = self._work.get(timeout=0.2)
            except queue.Empty:
                self._check_device()
                continue
            if isinstance(next_thing, tuple):
                self._obey(*next_thing)
            else:
                self._hear(next_thing)

    def _obey(self, now: float, command: Message) -> None:
        match command:
            case OpenMicrophone():
                self._open()
            case CloseMicrophone():
                self._close(now)
            case StartRecording():
                preroll = min(LONGEST_PREROLL_SECONDS, max(0.0, command.preroll_seconds))
                self._start(command.id, now - preroll, spoken=command.spoken)
            case StopRecording() if self._recording is not None:
                self._recording.ends_at = now + LATE_SECONDS
            case IgnoreSpeech():
                self._ignore_until = float("inf") if command.ignore else now + AFTER_OWN_VOICE_SECONDS
                self._through = command.through
            case Listen():
                self._listen(command)
            case Ping():
                if self._understanding is None or not self._understanding.hung:
                    self._report(Pong())

    def _listen(self, command: Listen) -> None:
        self._listening = bool(command.phrases or command.digits)
        if self._understanding is not None:
            self._understanding.listen(command)
        if self._recording is None:
            self._cutter.drop()

    # --- the device ----------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._closing = False
        if self._microphone is not None:
            if self._opened:
                self._report(Opened())
            return
        self._opened, self._heard_at = False, time.monotonic()
        try:
            self._microphone = Microphone(self._device, self._work)
        except Exception:  # noqa: BLE001 - whatever PortAudio says, there is nothing to hear with
            self._report(Failed(code=FaultCode.MICROPHONE_MISSING))

    def _close(self, now: float) -> None:
        """Close, or mark for closing once the sound until now has come."""
        if self._recording is not None:
            self._recording.ends_at = min(self._recording.ends_at, now + LATE_SECONDS)
            self._closing = True
            return
        self._closing = False
        if self._microphone is not None:
            self._microphone.close()
            self._microphone = None
        self._kept.clear()
        self._cutter.drop()
        self._report(Closed())

    def _check_device(self) -> None:
        """End what is being recorded and leave when the device gives nothing: only a new process sees a new device."""
        if self._microphone is None:
            return
        if time.monotonic() - self._heard_at > (STALLED_SECONDS if self._opened else OPEN_SECONDS):
            self._report(Failed(code=FaultCode.MICROPHONE_LOST if self._opened else FaultCode.MICROPHONE_MISSING))
            self._finish()
            if self._understanding is not None:
                self._understanding.wait()
            os._exit(1)

    # --- sound ---------------------------------------------------------------------------------------------------

    def _hear(self, block: Block) -> None:
        if self._microphone is None:  # it was on its way when the microphone was closed
            return
        self._heard_at = time.monotonic()
        if not self._opened:
            self._opened = True
            self._report(Opened())
        self._kept.append(block)
        while self._kept[-1].came_at - self._kept[0].came_at > LONGEST_PREROLL_SECONDS:
            self._kept.popleft()
        self._tell_level(block.samples)
        self._tell_speech(block)
        recording = self._recording
        if recording is not None and block.came_at > recording.begins_at:
            self._encode(recording, block)
            if block.came_at >= recording.ends_at:
                self._finish()

    def _tell_level(self, samples: Samples) -> None:
        self._loudest = max(self._loudest, int(samples.max()), -int(samples.min()))
        self._level_samples += len(samples)
        if self._level_samples >= LEVEL_SECONDS * RATE:
            self._report(Level(level=self._loudest / 32768.0))
            self._loudest = self._level_samples = 0

    def _tell_speech(self, block: Block) -> None:
        ignore = block.came_at < self._ignore_until
        if self._through and self._recording is None:
            ignore = False
            self._tell_overlap(block)
        heard = self._cutter.feed(block.samples, ignore=ignore, wanted=self._recording is not None or self._attends)
        if self._recording is None or block.came_at < self._recording.begins_at:
            return
        match heard:
            case SpeechBegan():
                self._report(Spoke())
            case SilentFor():
                self._report(Silent(seconds=heard.seconds))

    def _tell_overlap(self, block: Block) -> None:
        """Mark what is said over the kiosk's own voice, and what may have begun there; let none of it go further."""
        if block.came_at >= self._ignore_until + MIDDLE_FRAMES * FRAME_SECONDS:
            return
        if self._cutter.open and self._understanding is not None:
            self._understanding.overlap()
        elif block.came_at >= self._ignore_until:
            self._cutter.drop()

    @property
    def _attends(self) -> bool:
        return self._listening and self._understanding is not None and not self._understanding.late

    # --- recording -----------------------------------------------------------------------------------------------

    def _start(self, id: int, begins_at: float, *, spoken: bool) -> None:
        self._finish()
        if not self._opened:
            self._report(Failed(id=id, code=FaultCode.MICROPHONE_MISSING))
            return
        kept = [block for block in self._kept if block.came_at > begins_at]
        if self._understanding is not None:
            self._understanding.dictate(id)
        self._cutter.dictate(tuple(block.samples for block in kept), spoken=spoken)
        self._report(Started(id=id))
        self._recording = Recording(id=id, encoder=Encoder(RATE), begins_at=begins_at)
        for block in kept:
            self._encode(self._recording, block)

    def _encode(self, recording: Recording, block: Block) -> None:
        samples = block.samples if recording.encoder.seconds else block.since(recording.begins_at)
        if len(samples):
            self._send(recording, recording.encoder.encode(samples))

    def _finish(self) -> None:
        recording, self._recording = self._recording, None
        if recording is not None:
            self._cutter.command()
            self._send(recording, recording.encoder.finish())
            ended = Ended(id=recording.id, seconds=recording.encoder.seconds)
            if self._understanding is None:
                self._report(ended)
            else:
                self._understanding.finish(ended)
        if self._closing:
            self._close(time.monotonic())

    def _send(self, recording: Recording, pages: bytes) -> None:
        if pages:
            self._report(Page(id=recording.id, sound=pages, seconds=recording.encoder.seconds))
