"""Cuts what the microphone hears into stretches of speech: no device, no clock, no recogniser.

A stretch begins a second before the endpointer is sure that somebody speaks, and ends with the pause after it. The
kiosk's own voice is in no stretch. What is said over it is not, either: a command is heard from its beginning or not at
all, for the end of 「我不要提交」 is one. Dictation takes what it can get.
"""

from collections import deque
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voice.endpointing import FRAME_SECONDS, WINDOW_FRAMES, Endpointer, SilentFor, SpeechBegan

Samples = npt.NDArray[np.int16]

PREROLL_SECONDS = 0.9
"""Who begins softly has spoken as long before it is certain. With half of it, one command in fifty lost its head."""
END_SECONDS = 0.5
"""A pause this long ends a stretch."""
LONGEST_COMMAND_SECONDS = 10.0
"""Who speaks this long without a pause says no command: that is a television."""
MIDDLE_FRAMES = 12
"""Speech that is certain so soon after the kiosk fell silent has begun before."""
SURE_SECONDS = 0.2
"""About how long somebody has spoken when it is certain."""


class Taker(Protocol):
    """Where stretches go."""

    def begin(self, sound: tuple[Samples, ...], after_seconds: float) -> None:
        """Begin a stretch with what sounded just before; nobody had spoken for so long."""

    def feed(self, sound: Samples) -> None:
        """Go on with it."""

    def end(self, seconds: float, *, whole: bool) -> None:
        """End it; this is how long it took to say. Not `whole`: the kiosk itself spoke into it."""

    def drop(self) -> None:
        """Forget it: it is nothing to be heard."""


class Cutter:
    """Fed with every frame in order, hands stretches of speech to `taker`."""

    def __init__(self, rate: int, taker: Taker) -> None:
        self._taker = taker
        self._endpointer = Endpointer(rate, END_SECONDS)
        self._before: deque[Samples] = deque(maxlen=WINDOW_FRAMES + round(PREROLL_SECONDS / FRAME_SECONDS))
        self._dictating = False
        self._speaking = False
        """Whether the endpointer thinks so."""
        self._open = False
        """Whether the taker has begun a stretch."""
        self._clear_frames = 0
        """Since the kiosk fell silent."""
        self._open_frames = 0
        self._quiet_frames = 0
        """Since somebody spoke."""

    @property
    def open(self) -> bool:
        """Whether a stretch has begun that has not ended."""
        return self._open

    def dictate(self, sound: tuple[Samples, ...], *, spoken: bool) -> None:
        """Take speech of any kind and length from here on; `sound` is what belongs to it already."""
        self.drop()
        self._dictating = True
        self._before.extend(sound)
        self._quiet_frames = 0
        self._endpointer.begin(spoken=spoken)

    def command(self) -> None:
        """End dictation: take commands from here on."""
        self._end()
        self.drop()
        self._dictating = False

    def drop(self) -> None:
        """Forget what is being said: a command has to begin anew."""
        if self._open:
            self._taker.drop()
        self._open = False
        self._before.clear()

    def feed(self, frame: Samples, *, ignore: bool, wanted: bool = True) -> SpeechBegan | SilentFor | None:
        """Take the next frame and tell what the endpointer makes of it. `ignore`: the kiosk speaks itself."""
        heard = self._endpointer.feed(frame, ignore=ignore)
        self._speaking = isinstance(heard, SpeechBegan) or (self._speaking and not isinstance(heard, SilentFor))
        if ignore or not wanted:
            if self._dictating:
                self._end(whole=not self._speaking)
            self.drop()
            self._clear_frames = 0
            self._quiet_frames += 1
        else:
            self._clear_frames += 1
            self._go_on(frame, heard)
        return heard

    def _go_on(self, frame: Samples, heard: SpeechBegan | SilentFor | None) -> None:
        if self._open:
            self._taker.feed(frame)
            self._open_frames += 1
            if isinstance(heard, SilentFor):
                self._end()
            elif not self._dictating and self._open_frames * FRAME_SECONDS > LONGEST_COMMAND_SECONDS:
                self.drop()
            return
        self._before.append(frame)
        self._quiet_frames += 1
        if self._dictating:
            begins = self._speaking
        else:
            begins = isinstance(heard, SpeechBegan) and self._clear_frames > MIDDLE_FRAMES
        if begins:
            self._taker.begin(tuple(self._before), max(0.0, self._quiet_frames * FRAME_SECONDS - SURE_SECONDS))
            self._before.clear()
            self._open, self._open_frames = True, 0

    def _end(self, *, whole: bool = True) -> None:
        if not self._open:
            return
        silent = 0.0 if self._speaking else END_SECONDS
        self._taker.end(max(0.0, SURE_SECONDS + self._open_frames * FRAME_SECONDS - silent), whole=whole)
        self._open = False
        self._quiet_frames = round(silent / FRAME_SECONDS)
