"""Sound as numbers: another sampling rate, rooms, noises and music. Samples are float64 on the scale of int16."""

import numpy as np
import numpy.typing as npt

RATE = 16_000

Samples = npt.NDArray[np.float64]


def resampled(samples: Samples, from_hertz: float, to_hertz: float) -> Samples:
    """Return the same sound at another sampling rate, without what that rate can't hold."""
    length = max(1, round(len(samples) * to_hertz / from_hertz))
    size = 1 << (len(samples) + 64).bit_length()
    other = round(size * to_hertz / from_hertz)
    spectrum = np.fft.rfft(samples, size)
    kept = np.zeros(other // 2 + 1, np.complex128)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    return np.asarray(np.fft.irfft(kept, other)[:length] * (other / size))


def loudness(samples: Samples) -> float:
    """Return the root mean square, never quite 0."""
    return float(np.sqrt((samples**2).mean())) + 1e-9 if len(samples) else 1e-9


def mixed(sound: Samples, noise: Samples, ratio_decibel: float) -> Samples:
    """Return a sound with a noise so many decibels below it; the noise is repeated where it is shorter."""
    under = np.resize(noise, len(sound))
    return sound + under * (loudness(sound) / loudness(under) * 10 ** (-ratio_decibel / 20))


def peak_at(samples: Samples, decibel: float) -> Samples:
    """Return the sound with its loudest sample so far below full scale (0 or less)."""
    return samples * (30_000 * 10 ** (decibel / 20) / (float(np.abs(samples).max(initial=0.0)) + 1e-9))


def in_room(samples: Samples, rng: np.random.Generator) -> Samples:
    """Return the sound as it is in a small room."""
    size = int(RATE * rng.uniform(0.08, 0.3))
    decay = np.exp(-np.arange(size) / RATE * 6.9 / rng.uniform(0.15, 0.5))
    response = rng.standard_normal(size) * decay * rng.uniform(0.02, 0.12)
    response[0] = 1.0
    return _convolved(samples, response)[: len(samples)]


def tilted(samples: Samples, amount: float) -> Samples:
    """Return the sound as another microphone would hear it: more of the lows (0.5) or of the highs (-0.5)."""
    heard = samples.copy()
    heard[1:] += amount * samples[:-1]
    return heard


# --- noises: each of loudness about 1 ---------------------------------------------------------------------------------


def hiss(count: int, rng: np.random.Generator) -> Samples:
    """Return noise of one of many colours, from white to brown."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum /= (np.arange(len(spectrum)) + 1.0) ** rng.uniform(0.0, 1.2)
    return _levelled(np.fft.irfft(spectrum, count))


def fan(count: int, rng: np.random.Generator) -> Samples:
    """Return a fan: the rush of air below a kilohertz or two, and the hum of blades and mains."""
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    spectrum = np.fft.rfft(rng.standard_normal(count)) / (1.0 + (frequencies / rng.uniform(300, 1500)) ** 2)
    air = _levelled(np.fft.irfft(spectrum, count))
    time = np.arange(count) / RATE
    blades = rng.uniform(40, 180)
    hum = sum(np.sin(2 * np.pi * blades * n * time + rng.uniform(0, 6)) / n for n in range(1, 5))
    return _levelled(air + rng.uniform(0.1, 0.8) * np.asarray(hum) * (1 + 0.2 * np.sin(2 * np.pi * 0.7 * time)))


def music(count: int, rng: np.random.Generator) -> Samples:
    """Return a tune of plucked and held notes, two at a time."""
    tune = np.zeros(count)
    for _ in range(2):
        at = 0
        while at < count:
            length = min(count - at, int(RATE * rng.choice([0.15, 0.25, 0.4, 0.8])))
            pitch = 130.8 * 2 ** (int(rng.choice([0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24])) / 12)
            time = np.arange(length) / RATE
            fading = np.exp(-time * rng.uniform(0.5, 8)) * np.minimum(1.0, time * 100)
            tones = [np.sin(2 * np.pi * pitch * n * time) / n ** rng.uniform(0.7, 2) for n in range(1, 8)]
            tune[at : at + length] += fading * np.sum(tones, axis=0)
            at += length
    return _levelled(tune)


def knocks(count: int, rng: np.random.Generator) -> Samples:
    """Return coughs, taps and steps: short bursts of coloured noise, and near silence between."""
    bursts = 0.003 * rng.standard_normal(count)
    for _ in range(int(rng.integers(1, 2 + count // RATE * 2))):
        length = int(RATE * rng.uniform(0.01, 0.3))
        at = int(rng.integers(0, max(1, count - length)))
        burst = hiss(length, rng) * np.exp(-np.arange(length) / RATE * rng.uniform(8, 60))
        bursts[at : at + length] += burst[: count - at] * rng.uniform(0.3, 1.0)
    return _levelled(bursts)


def babble(voices: list[Samples], count: int, rng: np.random.Generator) -> Samples:
    """Return many talking at once: three to eight of the given voices, laid over each other. At least one is needed."""
    crowd = np.zeros(count)
    for _ in range(int(rng.integers(3, 9))):
        voice = voices[int(rng.integers(len(voices)))]
        crowd += np.roll(np.resize(voice / loudness(voice), count), int(rng.integers(count)))
    return _levelled(crowd)


def _levelled(samples: Samples) -> Samples:
    return samples / loudness(samples)


def _convolved(samples: Samples, response: Samples) -> Samples:
    size = 1 << (len(samples) + len(response)).bit_length()
    return np.asarray(np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size))
