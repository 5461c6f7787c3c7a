"""Teaching the network: which phone is heard in each 30 ms, learnt from where espeak-ng said each begins."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.demo_voice.features import CEPSTRA
from tools.demo_voice.network import EDGE_FRAMES, STRIDE, Adam, Floats, affine_layers, learn, new_network
from tools.demo_voice.utterances import Utterance

CHUNK = 64
"""Answers learnt from one piece of an utterance: 1.9 s."""
BATCH = 64
PEAK_RATE = 3e-3
WARM_UP = 0.15
REPORT_STEPS = 100
SHORTEST_FRAMES = 30
MIDDLE_OF_FRAME_MS = 12.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What was learnt: affine layers, and how often each answer was right to give."""

    layers: list[tuple[Floats, Floats]]
    priors: npt.NDArray[np.float64]
    accuracy: float
    """The share of 30-ms pieces recognised at the end, among what was learnt from."""


def train(heard: Sequence[Utterance], phones: int, *, width: int, epochs: float, seed: int) -> Trained:
    """Learn from utterances; a phone has two answers, one for its first 30 ms and one for the rest."""
    rng = np.random.default_rng(seed)
    heard = [each for each in heard if len(each.features) >= SHORTEST_FRAMES]
    some = np.concatenate([each.features for each in heard[:1500]])
    mean, deviation = some.mean(axis=0), some.std(axis=0)
    padded = [_padded((each.features - mean) / deviation) for each in heard]
    frames = np.array([len(each.features) for each in heard], np.float64)
    chunks = np.maximum(1, np.round(frames / (CHUNK * STRIDE))).sum()
    steps = int(epochs * chunks / BATCH)
    network = new_network(CEPSTRA, width, 2 * phones, rng)
    adam, seen = Adam(network), np.ones(2 * phones)
    began, losses, accuracies = time.monotonic(), [0.0], [0.0]
    print(f"{len(heard)} utterances, {frames.sum() / 360_000:.1f} hours, {phones} phones, {steps} steps", flush=True)
    for step in range(steps):
        batch = np.empty((BATCH, 2 * EDGE_FRAMES + CHUNK * STRIDE - 2, CEPSTRA), np.float32)
        answers = np.full((BATCH, CHUNK), -1, np.int64)
        for row, chosen in enumerate(rng.choice(len(heard), BATCH, p=frames / frames.sum())):
            first = int(rng.integers(0, STRIDE))
            right = labels(heard[chosen], first)
            start = int(rng.integers(0, max(1, len(right) - CHUNK + 1)))
            at = first + start * STRIDE
            batch[row] = padded[chosen][at : at + batch.shape[1]]
            piece = right[start : start + CHUNK]
            answers[row, : len(piece)] = piece
        seen += np.bincount(answers[answers >= 0], minlength=2 * phones)
        loss, accuracy, gradients = learn(network, batch, answers)
        adam.step(gradients, _rate(step / steps))
        losses.append(loss)
        accuracies.append(accuracy)
        if step % REPORT_STEPS == REPORT_STEPS - 1:
            spent = time.monotonic() - began
            figures = f"loss {np.mean(losses[-REPORT_STEPS:]):.3f}, right {np.mean(accuracies[-REPORT_STEPS:]):.3f}"
            print(f"step {step + 1} of {steps}: {figures}, {spent:.0f} s", flush=True)
    return Trained(
        layers=affine_layers(network, mean, deviation),
        priors=seen / seen.sum(),
        accuracy=float(np.mean(accuracies[-REPORT_STEPS:])),
    )


def labels(heard: Utterance, first: int) -> npt.NDArray[np.int64]:
    """Return the right answer for the frames first, first + 3, …: 2 × phone where it begins, 2 × phone + 1 after."""
    count = (len(heard.features) - first + STRIDE - 1) // STRIDE
    answers = np.zeros(count, np.int64)
    places: list[list[int]] = []
    for start, phone in zip(heard.starts.tolist(), heard.phones.tolist(), strict=True):
        if places and phone == 0 == places[-1][1]:
            continue
        place = max(0, math.ceil((start / 16 - MIDDLE_OF_FRAME_MS - 10 * first) / (10 * STRIDE)))
        # Every phone has a beginning of its own, however short it is.
        places.append([max(place, places[-1][0] + 1) if places else place, phone])
    ends = [place for place, _ in places[1:]] + [count]
    for (place, phone), end in zip(places, ends, strict=True):
        if place < count:
            answers[place] = 2 * phone
            answers[place + 1 : end] = 2 * phone + 1
    return answers


def _padded(features: Floats) -> Floats:
    before = np.repeat(features[:1], EDGE_FRAMES, axis=0)
    after = np.repeat(features[-1:], EDGE_FRAMES + (CHUNK + 2) * STRIDE, axis=0)
    return np.concatenate((before, features, after)).astype(np.float32)


def _rate(done: float) -> float:
    """Return the learning rate: up along a cosine, then down along another."""
    if done < WARM_UP:
        return PEAK_RATE * (0.04 + 0.96 * 0.5 * (1 - math.cos(math.pi * done / WARM_UP)))
    return PEAK_RATE * 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP))) + 1e-6
