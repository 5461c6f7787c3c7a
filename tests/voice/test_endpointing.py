"""Beginning and end of speech, from samples alone."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_sound import noise, speechlike
from voice.endpointing import FRAME_SECONDS, Endpointer, SilentFor, SpeechBegan

RATE = 16_000
Samples = npt.NDArray[np.int16]


def room(seconds: float, strength: float, seed: int = 2) -> Samples:
    return np.asarray(np.random.default_rng(seed).normal(0, strength, int(seconds * RATE)), dtype=np.int16)


def speech(seconds: float) -> Samples:
    return np.asarray(speechlike(seconds) * 0.3, dtype=np.int16)


def told(samples: Samples, endpointer: Endpointer | None = None) -> list[tuple[float, SpeechBegan | SilentFor]]:
    endpointer = endpointer or Endpointer(RATE)
    size = endpointer.frame_samples
    heard = [(at, endpointer.feed(samples[at : at + size])) for at in range(0, len(samples) - size + 1, size)]
    return [(at / RATE, what) for at, what in heard if what is not None]


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), dtype=np.int16)


@pytest.mark.parametrize("strength", [0, 3, 30, 100, 300])
def test_speech_is_found_in_any_room_and_silence_counted_from_its_end(strength: float) -> None:
    said = np.concatenate([quiet(2), speech(3), quiet(4)])
    heard = told(said + room(9, strength))
    assert isinstance(heard[0][1], SpeechBegan)
    assert 2.0 <= heard[0][0] < 2.6
    at, last = heard[-1]
    assert isinstance(last, SilentFor)
    assert abs(at - last.seconds - 5.0) < 0.4
    assert sum(isinstance(what, SpeechBegan) for _, what in heard) == 1


def test_silence_is_told_every_half_second_while_it_goes_on() -> None:
    heard = [
        what.seconds for _, what in told(np.concatenate([quiet(1), speech(1), quiet(5)])) if isinstance(what, SilentFor)
    ]
    assert heard == [0.5 * i for i in range(1, len(heard) + 1)]
    assert len(heard) >= 9


@pytest.mark.parametrize("strength", [0, 30, 300, 1500])
def test_a_room_in_which_nobody_speaks_says_nothing(strength: float) -> None:
    assert told(room(20, strength)) == []


def test_a_click_is_not_speech() -> None:
    sound = room(10, 20)
    sound[5 * RATE : 5 * RATE + 800] += noise(0.05)
    assert told(sound) == []


def test_a_fan_that_is_switched_on_is_silence_again_after_some_seconds() -> None:
    heard = told(np.concatenate([room(4, 10), room(12, 400)]))
    at, last = heard[-1]
    assert isinstance(last, SilentFor)
    assert at - last.seconds < 4 + 6


def test_somebody_who_goes_on_is_heard_again() -> None:
    heard = told(np.concatenate([room(2, 10), speech(2), room(3, 10), speech(2), room(2, 10)]))
    assert sum(isinstance(what, SpeechBegan) for _, what in heard) == 2


def test_the_kiosks_own_voice_is_neither_speech_nor_its_end() -> None:
    endpointer = Endpointer(RATE)
    told(np.concatenate([room(2, 10), speech(2), room(3, 10)]), endpointer)
    own, size = speech(2), endpointer.frame_samples
    heard = [endpointer.feed(own[at : at + size], ignore=True) for at in range(0, len(own) - size, size)]
    seconds = [what.seconds for what in heard if isinstance(what, SilentFor)]
    assert not any(isinstance(what, SpeechBegan) for what in heard)
    assert seconds[0] > 2.5
    assert seconds[-1] >= 4.5


def test_a_later_part_counts_silence_from_its_beginning_when_somebody_had_spoken() -> None:
    endpointer = Endpointer(RATE)
    endpointer.begin(spoken=True)
    assert [what for _, what in told(quiet(1.2), endpointer)] == [SilentFor(seconds=0.5), SilentFor(seconds=1.0)]


@given(st.lists(st.integers(-32768, 32767), min_size=480, max_size=480), st.booleans())
def test_whatever_the_samples_it_stands(frame: list[int], ignore: bool) -> None:
    endpointer = Endpointer(RATE)
    assert endpointer.frame_samples == RATE * FRAME_SECONDS
    for _ in range(20):
        endpointer.feed(np.array(frame, dtype=np.int16), ignore=ignore)
