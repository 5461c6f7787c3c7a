"""Beginning and end of speech, from samples alone."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_sound import noise, speechlike
from tests.voice.hall import (
    HISS,
    LEVEL,
    NOISES,
    RATE,
    RESIDENTS,
    beginnings,
    cough,
    hiss,
    judged,
    key_click,
    placed,
    scene,
    shout,
    spoken,
    told,
    whisper,
)
from voice.endpointing import FRAME_SECONDS, Endpointer, SilentFor, SpeechBegan

Samples = npt.NDArray[np.int16]


def room(seconds: float, strength: float, seed: int = 2) -> Samples:
    return np.asarray(np.random.default_rng(seed).normal(0, strength, int(seconds * RATE)), dtype=np.int16)


def speech(seconds: float) -> Samples:
    return np.asarray(speechlike(seconds) * 0.3, dtype=np.int16)


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


@pytest.mark.parametrize("dead_seconds", [0.0, 0.1, 0.5, 1.0])
def test_somebody_who_speaks_from_the_first_moment_of_a_microphone_is_heard(dead_seconds: float) -> None:
    heard = told(np.concatenate([quiet(dead_seconds), speech(2), room(3, 10)]))
    assert beginnings(heard)[0] < dead_seconds + 1.0
    at, last = heard[-1]
    assert isinstance(last, SilentFor)
    assert abs(at - last.seconds - dead_seconds - 2.0) < 0.4


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


def test_a_fan_that_is_switched_on_is_not_speech_and_whoever_spoke_has_ended() -> None:
    heard = told(np.concatenate([room(4, 10), speech(2), room(12, 400)]))
    assert len(beginnings(heard)) == 1
    at, last = heard[-1]
    assert isinstance(last, SilentFor)
    assert abs(at - last.seconds - 6.0) < 1.0


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


@pytest.mark.parametrize("resident", range(len(RESIDENTS)))
@pytest.mark.parametrize(
    ("noise", "ratio"),
    [("", 50), *((noise, ratio) for noise in ("hiss", "fan", "street", "babble") for ratio in (20, 10))],
)
def test_a_resident_is_heard_in_a_noisy_hall_and_their_end_too(noise: str, ratio: float, resident: int) -> None:
    seen = judged(scene(resident, noise, ratio, seed=resident))
    assert seen.began_after is not None
    assert seen.began_after < 0.7
    assert seen.ended
    assert seen.ended_off is not None
    assert abs(seen.ended_off) < 0.6


@pytest.mark.parametrize("noise", ["hiss", "fan", "street"])
def test_even_where_the_hall_is_almost_as_loud_a_resident_is_heard_to_the_end(noise: str) -> None:
    for resident in range(len(RESIDENTS)):
        seen = judged(scene(resident, noise, 5, seed=resident))
        assert seen.began_after is not None
        assert seen.ended


def test_in_a_babble_that_is_almost_as_loud_most_residents_are_heard_and_come_to_an_end() -> None:
    seen = [judged(scene(resident, "babble", 5, seed=resident)) for resident in range(len(RESIDENTS))]
    assert sum(each.began_after is not None for each in seen) >= len(RESIDENTS) - 2
    assert sum(each.ended for each in seen) >= len(RESIDENTS) - 2


@pytest.mark.parametrize("resident", range(len(RESIDENTS)))
def test_a_television_across_the_room_keeps_no_recording_open(resident: int) -> None:
    seen = judged(scene(resident, "television", 20, seed=resident))
    assert seen.began_after is not None
    assert seen.ended


@pytest.mark.parametrize("noise", ["hiss", "fan", "street", "babble"])
@pytest.mark.parametrize("seed", range(3))
def test_a_hall_in_which_nobody_speaks_to_the_kiosk_says_nothing(noise: str, seed: int) -> None:
    assert told(placed(NOISES[noise](20, seed) * 300)) == []


def test_coughs_are_not_speech() -> None:
    assert told(placed(hiss(20, 5) * HISS, *((2 + 2.1 * i, cough(i) * 2500) for i in range(8)))) == []


def test_keys_are_not_speech() -> None:
    assert told(placed(hiss(20, 5) * HISS, *((2 + 0.25 * i, key_click(i) * 5000) for i in range(60)))) == []


def test_a_childs_shout_is_over_when_it_is_and_a_quieter_resident_is_still_heard() -> None:
    resident = spoken(*RESIDENTS[1]) * LEVEL
    heard = told(placed(hiss(25, 1) * HISS, (5.0, shout() * 4 * LEVEL), (7.0, resident)))
    first, second = beginnings(heard)
    assert 5.0 <= first < 5.5
    assert 7.0 <= second < 7.5
    at, last = heard[-1]
    assert isinstance(last, SilentFor)
    assert abs(at - last.seconds - 7.0 - len(resident) / RATE) < 0.5


def test_whoever_whispers_is_heard_by_their_syllables() -> None:
    whispered = whisper()
    heard = told(placed(hiss(20, 1) * 20, (3.0, whispered * 700)))
    assert len(beginnings(heard)) == 1
    at, last = heard[-1]
    assert isinstance(last, SilentFor)
    assert abs(at - last.seconds - 3.0 - len(whispered) / RATE) < 0.5


def test_what_is_heard_depends_on_the_samples_alone() -> None:
    at = scene(0, "babble", 10, seed=1)
    assert told(at.samples) == told(at.samples)


@given(st.lists(st.integers(-32768, 32767), min_size=480, max_size=480), st.booleans())
def test_whatever_the_samples_it_stands(frame: list[int], ignore: bool) -> None:
    endpointer = Endpointer(RATE)
    assert endpointer.frame_samples == RATE * FRAME_SECONDS
    for _ in range(20):
        endpointer.feed(np.array(frame, dtype=np.int16), ignore=ignore)
