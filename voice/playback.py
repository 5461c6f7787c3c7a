"""One output stream, open for good: what is added sounds in order, and marks are told when they can be heard.

A bell that calls people sounds over everything else, at once and at full volume, paused or not: `ring`. `stop` leaves
it alone.

A stream takes 0.3 to 1.3 s to start on PulseAudio, so it is started once and plays silence between sounds.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import sounddevice

from voice.wire import Message

LATENCY_SECONDS = 0.05
"""Less makes PulseAudio stutter."""
FADE_SECONDS = 0.005
UNDER_A_BELL = 0.25
"""Of its volume is left to what else sounds while a bell rings."""
STEADY_WAIT_SECONDS = 4.0

Samples = npt.NDArray[np.int16]
NOTHING: Samples = np.zeros(0, dtype=np.int16)
Mark = tuple[int, Message]
"""A sample of the sound, and what to report when it is heard."""


class _Lane:
    """Sounds that follow one another."""

    def __init__(self) -> None:
        self.sounds: deque[tuple[Samples, deque[Mark]]] = deque()
        self.place = 0
        """Of the first: how much of it has been played."""
        self.due: deque[tuple[int, Message]] = deque()
        """What is to be reported once so many samples have been heard."""

    def add(self, samples: Samples, marks: Sequence[Mark]) -> None:
        """Play samples after what is already here; a mark beyond the last sample counts as that."""
        self.sounds.append((samples, deque((min(at, len(samples)), message) for at, message in marks)))

    def fill(self, out: Samples, volume: float, heard_at: int) -> None:
        """Add what sounds next to what is in `out`, whose first sample is heard as the device's `heard_at`-th."""
        filled = 0
        while self.sounds and filled < len(out):
            samples, marks = self.sounds[0]
            piece = samples[self.place : self.place + len(out) - filled]
            part = out[filled : filled + len(piece)]
            part[:] = np.clip(part + piece * volume, -32768, 32767)
            end = self.place + len(piece)
            while marks and marks[0][0] <= end:
                at, message = marks.popleft()
                self.due.append((heard_at + filled + max(0, at - self.place), message))
            filled += len(piece)
            self.place = end
            if end >= len(samples):
                self.sounds.popleft()
                self.place = 0


class Player:
    """Plays int16 mono samples. Raises sounddevice.PortAudioError or ValueError when there is nothing to play on."""

    def __init__(self, rate: int, device: str | None, report: Callable[[Message], None]) -> None:
        self._rate = rate
        self._lock = threading.Lock()
        self._usual = _Lane()
        self._bell = _Lane()
        self._paused = False
        self._volume = 1.0
        self._played = 0
        self._latency = 0
        """In samples; known once the stream runs, and asked for before."""
        self._heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._stream = sounddevice.OutputStream(
            samplerate=rate,
            channels=1,
            dtype="int16",
            device=device,
            latency=LATENCY_SECONDS,
            callback=self._fill,
        )
        self._stream.start()
        self._latency = int(self._stream.latency * rate)
        self._await_steady_clock()
        threading.Thread(target=self._tell, args=(report,), name="heard", daemon=True).start()

    @property
    def played(self) -> int:
        """How many samples, silence included, the device has asked for; it grows as long as there is a device."""
        return self._played

    def add(self, samples: Samples | None, marks: Sequence[Mark]) -> None:
        """Play samples (None for none) after what is already here; a mark beyond the last sample counts as that."""
        with self._lock:
            self._usual.add(NOTHING if samples is None else samples, marks)

    def ring(self, samples: Samples, marks: Sequence[Mark]) -> None:
        """Play samples at once and as loud as they are, over whatever else sounds; bells follow one another."""
        with self._lock:
            self._bell.add(samples, marks)

    def stop(self) -> None:
        """Fall silent (after 5 ms, so that it does not click) and forget all sounds and marks but a bell's."""
        with self._lock:
            usual = self._usual
            tail = usual.sounds[0][0][usual.place :][: int(FADE_SECONDS * self._rate)] if usual.sounds else None
            self._usual = _Lane()
            if tail is not None and not self._paused:
                self._usual.add((tail * np.linspace(1.0, 0.0, len(tail))).astype(np.int16), ())
            self._paused = False

    def pause(self) -> None:
        """Fall silent and keep the place."""
        with self._lock:
            self._paused = True

    def resume(self) -> None:
        """Go on after a pause."""
        with self._lock:
            self._paused = False

    def set_volume(self, volume: float) -> None:
        """Scale everything from here on by 0 to 1."""
        with self._lock:
            self._volume = min(1.0, max(0.0, volume))

    def _fill(self, out: Samples, frames: int, _when: Any, _status: Any) -> None:  # noqa: ANN401 - PortAudio structs
        out[:] = 0
        with self._lock:
            heard_at = self._played + self._latency
            if not self._paused:
                self._usual.fill(out[:, 0], self._volume * (UNDER_A_BELL if self._bell.sounds else 1.0), heard_at)
            self._bell.fill(out[:, 0], 1.0, heard_at)
            self._played += frames
            for lane in (self._usual, self._bell):
                while lane.due and lane.due[0][0] <= self._played:
                    self._heard.put(lane.due.popleft()[1])

    def _tell(self, report: Callable[[Message], None]) -> None:
        while True:
            report(self._heard.get())

    def _await_steady_clock(self) -> None:
        """Wait until the device asks for a second of sound a second: what is played before is dropped or bursts."""
        end = time.monotonic() + STEADY_WAIT_SECONDS
        while time.monotonic() < end:
            before, began = self._played, time.monotonic()
            time.sleep(0.2)
            asked = (self._played - before) / self._rate / (time.monotonic() - began)
            if 0.6 < asked < 1.6:
                return
