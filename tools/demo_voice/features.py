"""What the recogniser sees of a sound: 40 mel-frequency cepstral coefficients every 10 ms, exactly as Kaldi has them.

The figures here and those that `model.py` writes into conf/mfcc.conf are the same; a frame is 25 ms, edges are snipped,
the window is Povey's, there is no energy and the lifter is 22.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from tools.demo_voice.sound import RATE, Samples

CEPSTRA = 40
MELS = 40
LOWEST_HERTZ = 20.0
HIGHEST_HERTZ = 7600.0
FRAME, SHIFT, TRANSFORM = 400, 160, 512
PREEMPHASIS = 0.97
LIFTER = 22


def mfcc(samples: Samples) -> npt.NDArray[np.float32]:
    """Return the coefficients, shape (frames, 40); none for a sound shorter than a frame."""
    count = 1 + (len(samples) - FRAME) // SHIFT
    if count < 1:
        return np.zeros((0, CEPSTRA), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::SHIFT]
    frames = frames - frames.mean(axis=1, keepdims=True)
    raised = frames.copy()
    raised[:, 1:] -= PREEMPHASIS * frames[:, :-1]
    raised[:, 0] -= PREEMPHASIS * frames[:, 0]
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))) ** 0.85
    power = np.abs(np.fft.rfft(raised * window, TRANSFORM)) ** 2
    energies = np.log(np.maximum(power @ _mels().T, np.finfo(np.float32).eps))
    return np.asarray(energies @ _cosines().T, np.float32)


@cache
def _mels() -> npt.NDArray[np.float64]:
    low, high = _mel(np.array(LOWEST_HERTZ)), _mel(np.array(HIGHEST_HERTZ))
    edges = low + (high - low) / (MELS + 1) * np.arange(MELS + 2)
    place = _mel(np.arange(TRANSFORM // 2) * RATE / TRANSFORM)
    rising = (place - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - place) / (edges[2:] - edges[1:-1])[:, None]
    bank = np.zeros((MELS, TRANSFORM // 2 + 1))
    bank[:, : TRANSFORM // 2] = np.clip(np.minimum(rising, falling), 0.0, None)
    return bank


def _mel(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1127.0 * np.log(1 + hertz / 700.0))


@cache
def _cosines() -> npt.NDArray[np.float64]:
    order = np.arange(CEPSTRA)[:, None]
    transform = np.sqrt(2.0 / MELS) * np.cos(np.pi / MELS * (np.arange(MELS) + 0.5) * order)
    transform[0] = np.sqrt(1.0 / MELS)
    return np.asarray(transform * (1 + 0.5 * LIFTER * np.sin(np.pi * order / LIFTER)))
