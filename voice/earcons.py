"""The kiosk's own short sounds, made when the speaker starts: no files, nothing to license.

All lie between 350 and 1,100 Hz, where old ears still hear well, and swell softly so that nobody is startled.
"""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

LOUDNESS = 0.35
LOUD = 0.95
"""Of a bell that people in the next room are to hear."""
SWELL_SECONDS = 0.02
REST_SECONDS = 0.15
"""After an earcon, in which it fades from the room: a recording that begins then does not contain it, and nobody who
waits for a beep speaks sooner."""


class Earcon(StrEnum):
    """What a sound stands for."""

    BEGIN = "begin"
    """Speak now."""
    DONE = "done"
    """Taken."""
    ERROR = "error"
    """That did not work."""
    ATTENTION = "attention"
    """Look here: the kiosk is about to do something by itself."""
    BELL = "bell"
    """A person is being called."""


NOTES: dict[Earcon, tuple[tuple[float, float], ...]] = {
    Earcon.BEGIN: ((880.0, 0.25),),
    Earcon.DONE: ((523.3, 0.12), (659.3, 0.12), (784.0, 0.24)),
    Earcon.ERROR: ((440.0, 0.18), (370.0, 0.30)),
    Earcon.ATTENTION: ((988.0, 0.18), (784.0, 0.18), (0.0, 0.12), (988.0, 0.18), (784.0, 0.30)),
    Earcon.BELL: ((659.3, 0.35), (523.3, 0.70)),
}
"""(hertz, seconds) one after the other; 0 hertz is a rest."""


def samples(earcon: Earcon, rate: int, *, loud: bool = False) -> npt.NDArray[np.int16]:
    """Return an earcon as samples at `rate` hertz; `loud` makes use of all that a loudspeaker has."""
    notes = (*NOTES[earcon], (0.0, REST_SECONDS))
    return np.concatenate([_note(hertz, seconds, rate, LOUD if loud else LOUDNESS) for hertz, seconds in notes])


def _note(hertz: float, seconds: float, rate: int, loudness: float) -> npt.NDArray[np.int16]:
    time = np.arange(int(seconds * rate)) / rate
    # A little of the octave makes a note warm; the fall makes it a struck one, not a siren.
    wave = np.sin(2 * np.pi * hertz * time) + 0.25 * np.sin(4 * np.pi * hertz * time)
    swell = np.minimum(1.0, np.minimum(time, time[::-1]) / SWELL_SECONDS)
    return np.asarray(wave / 1.25 * swell * np.exp(-2.0 * time) * loudness * 32767, dtype=np.int16)
