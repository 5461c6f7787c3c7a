"""Sound to Ogg/Opus and back, and what is left of it when the writer dies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_sound import noise
from voice.likeness import correlation
from voice.opus import Encoder, decode

RATE = 16_000


def pages(seconds: float) -> list[bytes]:
    encoder, sound = Encoder(RATE), noise(seconds)
    made = [encoder.encode(sound[at : at + 480]) for at in range(0, len(sound), 480)]
    assert encoder.seconds == pytest.approx(seconds)
    return [page for page in [*made, encoder.finish()] if page]


def test_what_was_encoded_is_what_was_said() -> None:
    heard = np.concatenate(list(decode(b"".join(pages(3)), RATE)))
    assert len(heard) == 3 * RATE
    assert correlation(noise(3), heard) > 0.9
    assert correlation(noise(3, seed=9), heard) < 0.2


def test_pages_come_several_a_second_and_each_begins_as_one() -> None:
    made = pages(3)
    assert len(made) > 10
    assert all(page.startswith(b"OggS") for page in made)


def test_a_recording_that_was_cut_off_plays_as_far_as_its_pages_go() -> None:
    heard = np.concatenate(list(decode(b"".join(pages(3)[:-2]), RATE)))
    assert len(heard) > 2.3 * RATE
    assert correlation(noise(3)[: len(heard)], heard) > 0.9


@given(st.binary(max_size=400))
def test_what_is_no_sound_is_refused(sound: bytes) -> None:
    with pytest.raises(ValueError, match="not a sound"):
        list(decode(sound, RATE))
