"""Speech, cut out of what the microphone hears."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from voice.endpointing import FRAME_SECONDS
from voice.stretches import LONGEST_COMMAND_SECONDS, Cutter

RATE = 16_000
FRAME = int(RATE * FRAME_SECONDS)

Samples = npt.NDArray[np.int16]


@dataclass
class Taken:
    """Takes stretches and keeps them."""

    deeds: list[str] = field(default_factory=list)
    sounds: list[Samples] = field(default_factory=list)
    after: list[float] = field(default_factory=list)
    lasted: list[float] = field(default_factory=list)

    def begin(self, sound: tuple[Samples, ...], after_seconds: float) -> None:
        self.deeds.append("begin")
        self.after.append(after_seconds)
        self.sounds.append(np.concatenate(sound))

    def feed(self, sound: Samples) -> None:
        self.sounds[-1] = np.concatenate((self.sounds[-1], sound))

    def end(self, seconds: float, *, whole: bool) -> None:
        self.deeds.append("end" if whole else "end in the middle")
        self.lasted.append(seconds)

    def drop(self) -> None:
        self.deeds.append("drop")


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
def cutter(taken: Taken) -> Cutter:
    return Cutter(RATE, taken)


def room(seconds: float) -> Samples:
    """A quiet room, not a dead one."""
    return np.asarray(np.random.default_rng(3).standard_normal(int(seconds * RATE)) * 8, dtype=np.int16)


def said(seconds: float = 1.0) -> Samples:
    """A buzz in five syllables a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * 140 * harmonic * time) / harmonic for harmonic in range(1, 20))
    syllables = np.maximum(0.02, np.sin(2 * np.pi * 2.5 * time) ** 2)
    return np.asarray(buzz * syllables * 4000 + room(seconds), dtype=np.int16)


def play(cutter: Cutter, *sounds: Samples, ignore: bool = False, wanted: bool = True) -> None:
    sound = np.concatenate(sounds)
    for start in range(0, len(sound) // FRAME * FRAME, FRAME):
        cutter.feed(sound[start : start + FRAME], ignore=ignore, wanted=wanted)


def test_a_stretch_has_the_moment_before_it_and_the_pause_after_it(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(2.0), said(), room(1.0))
    assert taken.deeds == ["begin", "end"]
    assert 0.5 < len(taken.sounds[0]) / RATE - 1.0 - 0.5 < 1.4
    assert taken.lasted == [pytest.approx(1.0, abs=0.2)]
    assert taken.after == [pytest.approx(2.0, abs=0.2)]


def test_each_stretch_says_how_long_nobody_had_spoken_before(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(1.0), said(), room(0.8), said(), room(3.0), said(), room(1.0))
    assert taken.deeds == ["begin", "end"] * 3
    assert taken.after[1:] == [pytest.approx(0.8, abs=0.25), pytest.approx(3.0, abs=0.25)]


def test_no_sound_is_in_two_stretches(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(1.0), said(), room(0.6), said(), room(1.0))
    assert taken.deeds == ["begin", "end"] * 2
    assert sum(map(len, taken.sounds)) <= 4.2 * RATE


def test_what_is_said_over_the_kiosks_own_voice_is_no_command_nor_is_its_end(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(1.0))
    play(cutter, said(1.0), ignore=True)
    play(cutter, said(1.0), room(1.0))
    assert "end" not in taken.deeds
    play(cutter, said(), room(1.0))
    assert taken.deeds[-2:] == ["begin", "end"]


def test_a_command_is_forgotten_when_the_kiosk_begins_to_speak(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(1.0), said(0.6))
    play(cutter, room(0.3), ignore=True)
    play(cutter, room(1.0))
    assert taken.deeds == ["begin", "drop"]


def test_the_kiosks_own_voice_is_in_no_stretch(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(1.0))
    play(cutter, said(), ignore=True)
    play(cutter, room(0.5), said(), room(1.0))
    assert taken.deeds == ["begin", "end"]
    assert len(taken.sounds[0]) <= 2.3 * RATE


def test_speech_that_nobody_listened_for_when_it_began_is_no_command(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(1.0), said(0.5), wanted=False)
    play(cutter, said(0.5), room(1.0))
    assert taken.deeds == []


def test_a_television_is_no_command_and_a_pause_makes_a_new_beginning(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(1.0), said(LONGEST_COMMAND_SECONDS + 3.0))
    assert taken.deeds == ["begin", "drop"]
    play(cutter, room(1.0), said(), room(1.0))
    assert taken.deeds[2:] == ["begin", "end"]


def test_dictation_may_be_as_long_as_it_likes(cutter: Cutter, taken: Taken) -> None:
    cutter.dictate((), spoken=False)
    play(cutter, room(1.0), said(LONGEST_COMMAND_SECONDS + 3.0), room(1.0))
    assert taken.deeds == ["begin", "end"]


def test_when_the_kiosk_asks_something_during_dictation_what_was_said_before_and_after_is_kept(
    cutter: Cutter, taken: Taken
) -> None:
    cutter.dictate((), spoken=False)
    play(cutter, room(1.0), said(0.6))
    play(cutter, said(0.4), ignore=True)
    play(cutter, said(0.6), room(1.0))
    assert taken.deeds == ["begin", "end in the middle", "begin", "end"]


def test_what_a_dictation_begins_with_belongs_to_it_and_what_was_before_does_not(cutter: Cutter, taken: Taken) -> None:
    play(cutter, room(1.0))
    cutter.dictate((np.full(FRAME, 7, dtype=np.int16),), spoken=False)
    play(cutter, said(0.5))
    assert len(taken.sounds[0]) <= 0.6 * RATE
    assert set(taken.sounds[0][:FRAME]) == {7}


def test_what_is_being_said_when_a_dictation_ends_is_its_last_stretch(cutter: Cutter, taken: Taken) -> None:
    cutter.dictate((), spoken=False)
    play(cutter, room(1.0), said(0.6))
    cutter.command()
    assert taken.deeds == ["begin", "end"]
