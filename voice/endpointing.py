"""When somebody begins to speak and how long they have been silent since: no device, no clock, only samples.

A frame is loud when the band of the voice is well above the quietest of the last seconds, so that a fan or a street is
the floor and not speech. Speech begins with several loud frames close together (a cough or a key is fewer), and silence
is counted from the last of them.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FRAME_SECONDS = 0.03
BAND_HERTZ = (200.0, 4000.0)
ABOVE_FLOOR_DECIBEL = 9.0
QUIETEST_SPEECH_DECIBEL = -58.0
"""Full scale is 0. Below this nothing counts, however quiet the room is."""
LOUDEST_FLOOR_DECIBEL = -25.0
"""Above this it is speech even where nothing quieter was ever heard."""
FLOOR_SECONDS = 3.0
DEAD_DECIBEL = -75.0
DEAD_FRAMES = 20
"""A device that starts gives a few frames of nothing; only where there are more is nothing the floor."""
WINDOW_FRAMES = 10
TO_BEGIN = 6
"""Loud frames of the window that make a beginning."""
TO_GO_ON = 3
"""Loud frames of the window that make it go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechBegan:
    """Somebody speaks, for the first time or after SilentFor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentFor:
    """Nobody has spoken for so long, after somebody did."""

    seconds: float


class Endpointer:
    """Fed with every frame in order, tells what it makes of each; `report_seconds` apart while silence goes on."""

    def __init__(self, rate: int, report_seconds: float = 0.5) -> None:
        self.frame_samples = int(rate * FRAME_SECONDS)
        """How many samples a frame has."""
        self._report_seconds = report_seconds
        bins = np.fft.rfftfreq(self.frame_samples, 1 / rate)
        self._band = (bins >= BAND_HERTZ[0]) & (bins <= BAND_HERTZ[1])
        self._window = np.hanning(self.frame_samples)
        self._scale = 32768.0 * float(np.sqrt((self._window**2).sum() * self.frame_samples / 2))
        self._levels: deque[float] = deque(maxlen=int(FLOOR_SECONDS / FRAME_SECONDS))
        self._dead_frames = 0
        self.begin()

    def begin(self, *, spoken: bool = False) -> None:
        """Begin anew, as if somebody had just spoken or nobody had; what the room sounds like stays known."""
        self._recent: deque[bool] = deque(maxlen=WINDOW_FRAMES)
        self._spoken = spoken
        self._speaking = False
        self._silent_frames = 0
        self._reported = 0.0

    def feed(self, frame: npt.NDArray[np.int16], *, ignore: bool = False) -> SpeechBegan | SilentFor | None:
        """Take the next frame. One that is to be ignored is neither loud nor quiet, but its time passes."""
        if ignore:
            self._recent.append(False)
        else:
            self._recent.append(self._loud(self._level(frame)))
        loud = sum(self._recent)
        if not ignore and self._recent[-1] and loud >= (TO_GO_ON if self._speaking else TO_BEGIN):
            began = not self._speaking
            self._spoken = self._speaking = True
            self._silent_frames, self._reported = 0, 0.0
            return SpeechBegan() if began else None
        if not self._spoken:
            return None
        self._silent_frames += 1
        seconds = self._silent_frames * FRAME_SECONDS
        if seconds < self._reported + self._report_seconds:
            return None
        self._speaking = False
        self._reported += self._report_seconds
        return SilentFor(seconds=self._reported)

    def _level(self, frame: npt.NDArray[np.int16]) -> float:
        spectrum = np.abs(np.fft.rfft(frame * self._window))[self._band]
        return 20.0 * float(np.log10(np.sqrt((spectrum**2).sum()) / self._scale + 1e-6))

    def _loud(self, level: float) -> bool:
        self._dead_frames = self._dead_frames + 1 if level < DEAD_DECIBEL else 0
        if not 0 < self._dead_frames < DEAD_FRAMES:
            self._levels.append(max(level, DEAD_DECIBEL))
        floor = min([LOUDEST_FLOOR_DECIBEL, *self._levels])
        return level > max(floor + ABOVE_FLOOR_DECIBEL, QUIETEST_SPEECH_DECIBEL)
