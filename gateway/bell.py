"""The sounds of the staff page, made when they are first asked for: a chime for a call, an alarm for danger.

They differ in rhythm, not in loudness only: who hears badly tells them apart, and who hears well is not startled.
"""

import io
import math
import struct
import wave
from functools import cache

RATE = 16_000
CHIME = ((0.0, 784.0, 1.4), (0.5, 587.0, 1.8))
"""(start, hertz, seconds it rings on): two falling notes, as a shop's door has them."""
ALARM = tuple((0.16 * n + 0.5 * (n // 3), 988.0 if n % 3 else 1319.0, 0.3) for n in range(6))
"""Twice three quick notes."""
SOUNDS = {"chime.wav": (CHIME, 4.0), "alarm.wav": (ALARM, 2.4)}
OVERTONES = ((1.0, 0.6), (2.0, 0.25), (3.0, 0.1))


@cache
def sound(name: str) -> bytes:
    """Return a WAV (16 kHz, mono, 16 bits) that can be played round and round; raises KeyError for another name."""
    notes, seconds = SOUNDS[name]
    samples = [0.0] * int(seconds * RATE)
    for start, hertz, length in notes:
        first = int(start * RATE)
        for n in range(min(int(length * RATE), len(samples) - first)):
            t = n / RATE
            # Struck, not switched on: five milliseconds up, then dying away, and none of it left at the end.
            loud = min(1.0, t / 0.005) * math.exp(-4.0 * t / length) * (1 - t / length)
            wave_ = sum(share * math.sin(math.tau * hertz * times * t) for times, share in OVERTONES)
            samples[first + n] += 0.5 * loud * wave_
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", round(32_000 * max(-1.0, min(1.0, each)))) for each in samples))
    return out.getvalue()
