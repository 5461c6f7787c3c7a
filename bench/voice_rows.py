"""Request → first audible sample, stop → silence: the kiosk's voice beside a bare PortAudio stream with a ready buffer.

Both play on the same virtual loudspeaker, in turns; what counts is when its monitor hears them. The kiosk's voice goes
all its way: queue, pipe, pinyin, synthesis, playback in another process.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.row import Row
from petition.events import SpeechEnded, SpeechLost
from petition.utterance import Utterance
from voice.speech import Speech
from voice.virtual_sound import Monitor, VirtualSound

TURNS = 15
PROMPT = Utterance(text="请在滴声后说说是什么事，说完停一停就行。")
RATE = 22_050
LATENCY_SECONDS = 0.05
SOUNDING_SECONDS = 0.5
QUIET_SECONDS = 0.4
AUDIBLE = 150
LONGEST_SECONDS = 10.0


class Bare:
    """The floor: one open stream, one ready buffer, one flag."""

    def __init__(self) -> None:
        import sounddevice  # noqa: PLC0415 - it looks for devices once, when it is loaded

        self._tone = (12_000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.int16)
        self._on = False
        self._place = 0
        self._stream = sounddevice.OutputStream(
            samplerate=RATE, channels=1, dtype="int16", latency=LATENCY_SECONDS, callback=self._fill
        )
        self._stream.start()

    def begin(self) -> None:
        """Sound."""
        self._on = True

    def stop(self) -> None:
        """Be silent."""
        self._on = False

    def close(self) -> None:
        """Let go of the device."""
        self._stream.abort()
        self._stream.close()

    def _fill(self, out: npt.NDArray[np.int16], frames: int, _when: Any, _status: Any) -> None:  # noqa: ANN401 - PortAudio structs
        places = (self._place + np.arange(frames)) % len(self._tone)
        out[:, 0] = self._tone[places] if self._on else 0
        self._place += frames


def _loud(monitor: Monitor, since: float) -> list[float]:
    """Return when audible pieces came, from a moment on."""
    pieces = [(came, piece) for came, piece in monitor.pieces[-4000:] if came >= since]
    return [
        came
        for came, piece in pieces
        if np.abs(np.frombuffer(piece[: len(piece) // 2 * 2], np.int16).astype(np.int32)).max(initial=0) > AUDIBLE
    ]


def _turn(monitor: Monitor, begin: Callable[[], object], stop: Callable[[], object]) -> tuple[float, float]:
    """Return milliseconds from begin to the first audible piece, and from stop to the last."""
    asked = time.monotonic()
    begin()
    while not (heard := _loud(monitor, asked)):
        if time.monotonic() - asked > LONGEST_SECONDS:
            raise RuntimeError("nothing sounded")
        time.sleep(0.002)
    time.sleep(SOUNDING_SECONDS)
    stopped = time.monotonic()
    stop()
    time.sleep(QUIET_SECONDS)
    last = max(_loud(monitor, stopped), default=stopped)
    time.sleep(QUIET_SECONDS)
    return (heard[0] - asked) * 1000, (last - stopped) * 1000


def rows() -> list[Row]:
    """Return row 2 of the design's section 8."""
    before = dict(os.environ)
    with VirtualSound() as sound:
        os.environ.update(sound.environment)
        ours, floor = _measure(sound)
    os.environ.clear()
    os.environ.update(before)
    floor_name = "a bare PortAudio stream with a ready buffer"
    return [
        Row(
            name="request → first audible sample of the prompt",
            ours=[begin for begin, _ in ours],
            floor=[begin for begin, _ in floor],
            floor_name=floor_name,
            extra_bar=150,
        ),
        Row(
            name="stop → silence",
            ours=[end for _, end in ours],
            floor=[end for _, end in floor],
            floor_name=floor_name,
            extra_bar=50,
        ),
    ]


def _measure(sound: VirtualSound) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    spoke = threading.Event()
    speech = Speech(lambda event: spoke.set() if isinstance(event, SpeechEnded | SpeechLost) else None)
    speech.launch()
    speech.say(Utterance(text="好"))
    if not spoke.wait(LONGEST_SECONDS):
        raise RuntimeError("the voice did not come up")
    bare = Bare()
    time.sleep(2.0)  # a new stream is not steady at once
    ours, floor = [], []
    with sound.hearing() as monitor:
        for _ in range(TURNS):
            floor.append(_turn(monitor, bare.begin, bare.stop))
            ours.append(_turn(monitor, lambda: speech.say(PROMPT), speech.stop))
    bare.close()
    speech.shut_down()
    return ours, floor
