"""What tests need to hear and be heard: a virtual loudspeaker and microphone, and events to wait for.

Tests that use `virtual_sound` share one machine's ears: mark them `pytest.mark.xdist_group("sound")`.
"""

import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pytest

from petition.errors import Fault
from petition.model import Attachment, AttachmentKind
from petition.ports import RecordingSink
from voice.virtual_sound import MICROPHONE_RATE, SPEAKER_RATE, VirtualSound

WAIT_SECONDS = 60.0
"""Long enough for a machine with better things to do; a test that passes never waits for it."""

NO_DEVICE = "a device that nobody has"
"""As good as a machine without sound, on every machine."""

T = TypeVar("T")


@pytest.fixture
def virtual_sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualSound]:
    """A loudspeaker and a microphone that every child process of the test finds."""
    with VirtualSound() as sound:
        for name, value in sound.environment.items():
            monkeypatch.setenv(name, value)
        yield sound


class Posted:
    """Takes events like the kiosk's `post`, and lets a test wait for one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: list[object] = []

    def __call__(self, event: object) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def all(self, kind: type[T]) -> list[T]:
        """What came of a kind, in order."""
        with self._changed:
            return [event for event in self._events if isinstance(event, kind)]

    def wait(self, kind: type[T], fits: Callable[[T], bool] = lambda _: True, *, times: int = 1) -> T:
        """Return the `times`-th event of a kind that fits, once it is there."""

        def found() -> list[T]:
            return [event for event in self._events if isinstance(event, kind) and fits(event)]

        with self._changed:
            assert self._changed.wait_for(lambda: len(found()) >= times, WAIT_SECONDS), f"no {kind.__name__}"
            return found()[times - 1]


class MemorySink:
    """A RecordingSink that keeps pages in memory, and fails when it is told to."""

    def __init__(self, id: str, fault: Fault | None = None) -> None:
        self.id = id
        self.sound = b""
        self.fault = fault
        self.closed = False

    def write(self, page: bytes) -> None:
        if self.fault is not None:
            raise self.fault
        assert not self.closed
        self.sound += page

    def close(self, seconds: float) -> Attachment:
        assert not self.closed
        self.closed = True
        return Attachment(id=self.id, kind=AttachmentKind.RECORDING, media_type="audio/ogg", seconds=seconds)


class Sinks:
    """Opens a MemorySink for each part of a recording and keeps them by id."""

    def __init__(self) -> None:
        self.opened: dict[str, MemorySink] = {}
        self.fault: Fault | None = None

    def __call__(self, id: str) -> RecordingSink:
        assert id not in self.opened
        self.opened[id] = MemorySink(id, self.fault)
        return self.opened[id]


def samples(sound: bytes) -> npt.NDArray[np.int16]:
    """Return sound as samples, without half a sample at its end."""
    return np.frombuffer(sound[: len(sound) // 2 * 2], dtype=np.int16)


def loud_seconds(sound: bytes, rate: int = SPEAKER_RATE) -> float:
    """Return how much of a sound is not silence."""
    heard = samples(sound)
    frame = rate // 100
    peaks = np.abs(heard[: len(heard) // frame * frame].reshape(-1, frame).astype(np.int32)).max(axis=1, initial=0)
    return float((peaks > 150).sum()) / 100


def ends_in_silence(seconds: float) -> Callable[[bytes], bool]:
    """Return a test for the end of a loudspeaker's sound, to wait for."""
    tail = int(seconds * SPEAKER_RATE) * 2
    return lambda sound: len(sound) > tail and not any(sound[-tail:])


def tone_seconds(sound: npt.NDArray[np.int16], hertz: float, rate: int = SPEAKER_RATE) -> float:
    """Return for how long a tone is in there, to a hundredth of a second."""
    frame = rate // 100
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame).astype(np.float64)
    turn = np.exp(-2j * np.pi * hertz * np.arange(frame) / rate)
    return float((np.abs(frames @ turn) / frame > 200).sum()) / 100


def noise(seconds: float, seed: int = 1, rate: int = MICROPHONE_RATE) -> npt.NDArray[np.int16]:
    """Return noise in the band of the voice: every stretch of it is unlike any other, and Opus keeps its shape."""
    count = int(seconds * rate)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / rate)
    wave = np.fft.irfft(spectrum * ((hertz > 150) & (hertz < 1200)), count)
    return np.asarray(wave / np.abs(wave).max() * 12000, dtype=np.int16)


def speechlike(seconds: float, seed: int = 1, rate: int = MICROPHONE_RATE) -> npt.NDArray[np.int16]:
    """Return a hoarse voice in syllables, five a second, with the dips between them that tell speech from a fan.

    Its pitch wanders, so that every stretch of it is unlike any other.
    """
    time = np.arange(int(seconds * rate)) / rate
    knots = 130.0 + 25.0 * np.random.default_rng(seed + 100).uniform(-1, 1, int(seconds * 4) + 2)
    turns = np.cumsum(np.interp(time, np.arange(len(knots)) / 4, knots)) / rate
    buzz = sum(np.sin(2 * np.pi * harmonic * turns) for harmonic in range(1, 10))
    wave = 0.5 * noise(seconds, seed, rate) + 1200.0 * np.asarray(buzz)
    return np.asarray(wave * np.maximum(0.02, np.sin(2 * np.pi * 2.5 * time) ** 2), dtype=np.int16)
