"""The kiosk's short sounds."""

import itertools

import numpy as np
import pytest

from voice.earcons import Earcon, samples


@pytest.mark.parametrize("earcon", Earcon)
def test_every_earcon_is_short_begins_and_ends_softly_and_does_not_clip(earcon: Earcon) -> None:
    sound = samples(earcon, 22_050)
    assert 0.2 * 22_050 < len(sound) < 1.2 * 22_050
    assert abs(int(sound[0])) < 200
    assert abs(int(sound[-1])) < 200
    assert 3000 < np.abs(sound).max() < 30_000


def test_no_two_earcons_sound_alike() -> None:
    for one, other in itertools.combinations(Earcon, 2):
        a, b = samples(one, 22_050), samples(other, 22_050)
        assert len(a) != len(b) or not np.array_equal(a, b)


def test_a_loud_bell_makes_use_of_all_that_a_loudspeaker_has_and_does_not_clip() -> None:
    usual, loud = samples(Earcon.BELL, 22_050), samples(Earcon.BELL, 22_050, loud=True)
    assert len(loud) == len(usual)
    assert 2 * np.abs(usual.astype(np.int32)).max() < np.abs(loud.astype(np.int32)).max() < 32_767
