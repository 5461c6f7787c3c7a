"""The parts of the demonstration voice's workshop that can be wrong without a sound."""

import numpy as np
import pytest

from tools.demo_voice import sound
from tools.demo_voice.features import mfcc
from tools.demo_voice.network import EDGE_FRAMES, OFFSETS, STRIDE, affine_layers, learn, new_network
from tools.demo_voice.sound import RATE
from tools.demo_voice.training import labels
from tools.demo_voice.utterances import Utterance
from tools.demo_voice.vocabulary import readings, syllables, vocabulary


def test_every_gradient_is_the_difference_it_makes() -> None:
    rng = np.random.default_rng(0)
    network = new_network(5, 7, 6, rng)
    # In single precision a difference is mostly rounding.
    network.weights = {name: weight.astype(np.float64) for name, weight in network.weights.items()}
    batch = rng.standard_normal((3, 2 * EDGE_FRAMES + 4 * STRIDE - 2, 5))
    answers = rng.integers(-1, 6, (3, 4))
    _, _, gradients = learn(network, batch, answers)  # type: ignore[arg-type]

    for name, weight in network.weights.items():
        place = tuple(int(rng.integers(size)) for size in weight.shape)
        kept, losses = weight[place], []
        for step in (1e-5, -1e-5):
            weight[place] = kept + step
            losses.append(learn(network, batch, answers)[0])  # type: ignore[arg-type]
        weight[place] = kept
        assert gradients[name][place] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-6), name


def test_what_kaldi_is_given_says_the_same_without_normalising() -> None:
    rng = np.random.default_rng(1)
    network = new_network(4, 6, 5, rng)
    network.means = [rng.random(6, np.float32) for _ in network.means]
    network.variances = [1 + rng.random(6, np.float32) for _ in network.variances]
    mean, deviation = rng.random(4, np.float32), 1 + rng.random(4, np.float32)
    frames = rng.standard_normal((60, 4)).astype(np.float32)

    layers = affine_layers(network, mean, deviation)
    ours, theirs = (frames - mean) / deviation, frames
    for layer, offsets in enumerate(OFFSETS):
        reach, size = max(offsets), len(ours)
        ours = np.concatenate([ours[reach + o : size - reach + o] for o in offsets], axis=1)
        theirs = np.concatenate([theirs[reach + o : size - reach + o] for o in offsets], axis=1)
        ours = ours @ network.weights[f"w{layer}"] + network.weights[f"b{layer}"]
        theirs = theirs @ layers[layer][0].T + layers[layer][1]
        if layer < len(network.means):
            ours, theirs = np.maximum(ours, 0), np.maximum(theirs, 0)
            ours = (ours - network.means[layer]) / np.sqrt(network.variances[layer] + 1e-5)
            ours = ours * network.weights[f"scale{layer}"] + network.weights[f"shift{layer}"]

    assert len(ours) == 60 - 2 * EDGE_FRAMES
    assert np.allclose(ours, theirs, atol=1e-3)


def test_a_phone_is_learnt_from_where_it_begins() -> None:
    heard = Utterance(
        features=np.zeros((30, 40), np.float32),
        starts=np.array([0, 1600, 3200], np.int32),
        phones=np.array([0, 5, 7], np.int16),
    )

    assert labels(heard, 0).tolist() == [0, 1, 1, 10, 11, 11, 11, 14, 15, 15]


def test_another_rate_keeps_the_tone() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050)

    other = sound.resampled(tone, 22_050, RATE)

    assert len(other) == RATE
    assert np.allclose(other[500:-500], np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)[500:-500], atol=0.06)


def test_a_noise_is_as_far_below_a_sound_as_it_is_asked_to_be() -> None:
    rng = np.random.default_rng(2)
    tone = 1000 * np.sin(np.arange(RATE) / 10)

    noise = sound.mixed(tone, sound.fan(RATE // 2, rng), 10.0) - tone

    assert 20 * np.log10(sound.loudness(tone) / sound.loudness(noise)) == pytest.approx(10.0, abs=0.1)


def test_a_second_of_sound_has_98_frames_of_features() -> None:
    assert mfcc(np.zeros(RATE)).shape == (98, 40)
    assert mfcc(np.zeros(399)).shape == (0, 40)


def test_every_word_has_a_reading_and_no_word_is_in_no_text() -> None:
    words = vocabulary()

    assert all(readings(words).values())
    assert not [phrase for phrase in words.phrases if "".join(words.split(phrase)) != phrase]


def test_what_is_read_otherwise_in_a_word_is_read_so_here() -> None:
    assert syllables("重听") == (("chong2",), ("ting1",))


def test_the_same_seed_makes_the_same_sentences() -> None:
    words = vocabulary()

    assert words.sentence(np.random.default_rng(7)) == words.sentence(np.random.default_rng(7))
    assert 3 <= len(words.digits(np.random.default_rng(8))) <= 11
