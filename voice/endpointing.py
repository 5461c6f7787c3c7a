"""When somebody begins to speak and how long they have been silent since: no device, no clock, only samples.

What tells a resident in front of the kiosk from the hall around them, frame by frame:
    1. *Above the hall.* Eight bands of the voice are each compared with what the hall sounds like there. That follows
       slowly upward (hardly at all while somebody speaks) and quickly downward, so a fan becomes the floor and a
       sentence does not. How much the hall goes up and down by itself is learned too: a babble needs more to be topped
       than an air conditioner.
    2. *A voice.* To begin, some frames must be periodic, as vowels are: coughs, keys, chairs and fans are not. Whoever
       only whispers is known by two seconds of syllables instead.
    3. *This voice.* How loud the speaker is becomes known within their first syllables. What stays well below that for
       a second (a television, the next counter, the babble) is not their speech, however much it is speech: so a
       recording ends in a noisy hall too. Loud once is forgotten by half a decibel a second.

Measured with synthesized residents only, so it says nothing about real ones: `python -m tests.voice.hall`, 18 scenes a
line. How many were heard; in how many speech had begun before; seconds from the true beginning to SpeechBegan (median,
10th to 90th percentile); how often half a second of silence was told in the middle (3 of each are long commas); seconds
from the true end to the moment silence is counted from; how many were told three seconds of silence within six.

                    heard early  began after               cut  end off by             ended
    a quiet room      18   0   0.19 ( 0.14 to  0.32)   3   0.04 (-0.10 to  0.06)  18
    hiss 5 dB         18   0   0.23 ( 0.20 to  0.33)   6   0.00 (-0.12 to  0.05)  18
    hiss 10 dB        18   0   0.20 ( 0.17 to  0.33)   3   0.03 (-0.12 to  0.06)  18
    hiss 20 dB        18   0   0.19 ( 0.17 to  0.30)   3   0.05 (-0.12 to  0.06)  18
    fan 5 dB          18   0   0.23 ( 0.20 to  0.35)   9  -0.04 (-0.12 to  0.05)  18
    fan 10 dB         18   0   0.20 ( 0.20 to  0.33)   5  -0.03 (-0.12 to  0.05)  18
    fan 20 dB         18   0   0.19 ( 0.17 to  0.30)   3   0.04 (-0.12 to  0.06)  18
    street 5 dB       18   0   0.20 ( 0.17 to  0.29)   3  -0.01 (-0.12 to  0.05)  18
    street 10 dB      18   0   0.20 ( 0.17 to  0.30)   1   0.01 (-0.12 to  0.06)  18
    street 20 dB      18   0   0.19 ( 0.17 to  0.30)   6   0.04 (-0.10 to  0.06)  18
    babble 5 dB       18   1   0.29 ( 0.20 to  0.51)   5   0.05 (-0.11 to  0.29)  15
    babble 10 dB      18   1   0.23 ( 0.20 to  0.32)   1   0.05 (-0.09 to  0.21)  16
    babble 20 dB      18   1   0.20 ( 0.17 to  0.29)   0   0.03 (-0.12 to  0.06)  18
    television 10 dB  18  18   0.00 ( 0.00 to  0.05)   5   3.94 ( 1.28 to  5.42)   7
    television 15 dB  18  18   0.00 ( 0.00 to  0.05)   4   0.20 ( 0.03 to  2.01)  17
    television 20 dB  18  18   0.00 ( 0.00 to  0.04)   4   0.11 ( 0.01 to  0.25)  18

What it can't: a television that runs by itself begins speech (it is speech), and one that is less than 15 dB below the
resident keeps most recordings open; so does, now and then, a babble that is nearly as loud as they are. A fit of coughs
may pass for a whisper. It takes 0.2 % of a core at 16 kHz.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FRAME_SECONDS = 0.03
QUIETEST_FLOOR_DECIBEL = -70.0
"""Of a band; full scale is 0. However quiet the room is, what stays near this is not speech."""
LOUDEST_FLOOR_DECIBEL = -30.0
"""Of a band. Above this it is speech even where nothing quieter was ever heard."""
DEAD = 2
DEAD_FRAMES = 20
"""A device that starts gives a few frames without a sound; only where there are more is nothing the floor."""

BAND_EDGES_HERTZ = (150, 300, 500, 800, 1200, 1800, 2600, 3600, 5000)
VOWELS_HERTZ = (120.0, 1600.0)
PITCH_HERTZ = (55.0, 450.0)
DEEP_HERTZ = 80.0
"""Below this a window holds so few periods that noise looks periodic, too: a voice has to be more so."""

SMOOTHING = 0.4
SLOW_SMOOTHING = 0.12
"""For speech that hardly tops the hall: a third of a second together stands out where a syllable does not."""
RELEASE_DECIBEL = 3.0
"""Smoothing may hold a frame this far above itself, so that a click is as short as it is."""

WARM_UP_FRAMES = 16
"""What comes first tells what the room sounds like; nothing begins in so short a time."""
STEADY_DECIBEL = 11.0
"""What goes up and down by more in the meantime is somebody who speaks already: then its dips are the room. Of halls
without one the most was 9, of speech in a quiet room the least 11."""
FLOOR_UP = 0.03
FLOOR_DOWN = 0.06
MOST_UP_DECIBEL = 0.06
"""A frame. While nobody speaks …"""
MOST_UP_VOICED_DECIBEL = 0.045
"""… when it sounds like a voice …"""
MOST_UP_SPEAKING_DECIBEL = 0.01
"""… and while somebody speaks or has just spoken."""
CALM_FRAMES = 100
"""This long after the last speech the room is known to be only the room."""
SPREAD_LEARNING = 0.004

SPEAKER_UP = 0.25
SPEAKER_DOWN_DECIBEL = 0.015
VOICED = 0.5
VOICED_TO_GO_ON = 0.4
WINDOW_FRAMES = 10
VOICED_TO_BEGIN = 5
"""Loud and voiced frames of the window."""
WHISPER_FRAMES = 66
WHISPER_SYLLABLES = 7
FAINT_FRAMES = 30
"""Whoever speaks comes near their own loudness once in this time."""
HOLD_FRAMES = 10
"""What is counted to the end of speech after the last near one, once it shows that the rest was somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechBegan:
    """Somebody speaks, for the first time or after SilentFor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentFor:
    """Nobody has spoken for so long, after somebody did."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What a frame looks like beside the room and the one who speaks."""

    to_begin: bool = False
    """Loud enough for a beginning, …"""
    to_go_on: bool = False
    """… for going on, …"""
    near: bool = False
    """… and near the loudness of the one who speaks."""
    periodicity: float = 0.0
    """0 to 1."""
    top: bool = False
    syllable: bool = False
    """A rise, as at the beginning of each syllable."""


class _Spread:
    """How a level goes up and down by itself: its mean and deviation, little moved by what stands out."""

    def __init__(self, deviation: float) -> None:
        self.mean = 0.5
        self._variance = deviation**2

    @property
    def deviation(self) -> float:
        """In decibel."""
        return float(self._variance**0.5)

    def learn(self, level: float, share: float) -> None:
        off = min(max(level - self.mean, -6.0), 2.0 * self.deviation)
        self.mean += share * off
        self._variance += share * (off * off - self._variance)


class _Room:
    """What the hall sounds like, and how loud the last speaker was in it."""

    def __init__(self, rate: int, frame_samples: int) -> None:
        self._size = 1 << (4 * frame_samples - 1).bit_length()
        self._window = np.hanning(2 * frame_samples)
        hertz = np.fft.rfftfreq(self._size, 1 / rate)
        self._edges = np.searchsorted(hertz, [edge for edge in BAND_EDGES_HERTZ if edge <= rate / 2])
        self._full_scale = 32768.0**2 * float((self._window**2).sum()) * self._size / 4
        self._vowels = (hertz > VOWELS_HERTZ[0]) & (hertz < VOWELS_HERTZ[1])
        own = np.fft.irfft(np.abs(np.fft.rfft(self._window, self._size)) ** 2)
        self._lags = slice(int(rate / PITCH_HERTZ[1]), int(rate / PITCH_HERTZ[0]))
        self._own = np.maximum(own[self._lags], own[int(rate / DEEP_HERTZ)]) / own[0]
        self._last = np.zeros(frame_samples)
        self._frames = 0
        self._followed = False
        self._first: list[npt.NDArray[np.float64]] = []
        self._floor = self._smooth = self._slow = np.zeros(0)
        self._noise = np.zeros(0)
        self._spread, self._slow_spread = _Spread(1.4), _Spread(1.0)
        self._speaker = 0.0
        """Decibel above the floor."""
        self._rises: deque[float] = deque(maxlen=6)

    def skip(self, frame: npt.NDArray[np.int16]) -> None:
        """Take a frame that says nothing about the room."""
        self._last = frame.astype(np.float64)

    def take(self, frame: npt.NDArray[np.int16], frames_since_speech: int) -> _Frame:
        """Compare a frame with the room, and learn from it."""
        power = self._power(frame)
        band = np.add.reduceat(power, self._edges)[:-1] / self._full_scale
        if len(self._first) < WARM_UP_FRAMES:
            if self._followed:  # the first has nothing before it
                self._warm_up(power, band)
            self._followed = True
            return _Frame()
        self._smooth = self._smooth + SMOOTHING * (band - self._smooth)
        self._slow = self._slow + SLOW_SMOOTHING * (band - self._slow)
        smooth = _decibel(self._smooth)
        level = min(self._above(smooth), self._above(_decibel(band)) + RELEASE_DECIBEL)
        slow_level = self._above(_decibel(self._slow))
        periodicity = self._periodicity(power)

        spread, slow_spread, speaker = self._spread, self._slow_spread, self._speaker
        begins = max(spread.mean + min(9.0, max(4.5, 2.5 * spread.deviation)), speaker - 10.0, speaker / 2)
        goes_on = max(spread.mean + min(9.0, max(3.0, 2.0 * spread.deviation)), speaker - 18.0, speaker * 0.4)
        begins_slowly = max(slow_spread.mean + max(3.0, 2.5 * slow_spread.deviation), speaker - 12.0, speaker / 2 - 2.0)
        syllable = bool(self._rises) and level > min(self._rises) + 6.0 and level > begins + 4.0
        if syllable:
            self._rises.clear()
        self._rises.append(level)
        seen = _Frame(
            to_begin=level > begins or (speaker < 16.0 and slow_level > begins_slowly),
            to_go_on=level > goes_on,
            near=level > max(speaker - 8.0, goes_on),
            periodicity=periodicity,
            top=level > begins,
            syllable=syllable,
        )
        self._follow(smooth, seen, frames_since_speech)
        if frames_since_speech >= CALM_FRAMES or not seen.to_go_on:
            self._frames += 1
            share = max(SPREAD_LEARNING, 1 / (self._frames + 35)) * (1.0 if frames_since_speech >= CALM_FRAMES else 0.3)
            spread.learn(level, share)
            slow_spread.learn(slow_level, share)
            self._noise = self._noise + 0.05 * (power - self._noise)
        if seen.to_go_on and periodicity > VOICED and level > speaker:
            self._speaker += SPEAKER_UP * (level - speaker)
        else:
            self._speaker = max(0.0, speaker - SPEAKER_DOWN_DECIBEL)
        return seen

    def _warm_up(self, power: npt.NDArray[np.float64], band: npt.NDArray[np.float64]) -> None:
        """Learn what the room sounds like."""
        self._smooth = self._slow = band
        quietest = all(band.sum() < other.sum() for other in self._first)
        self._first.append(band)
        if quietest:
            self._noise = power
        heard = _decibel(np.array(self._first))
        level = heard.mean(axis=1)
        steady = level.max() - level.min() < STEADY_DECIBEL
        self._floor = self._limited(heard.mean(axis=0) if steady else heard.min(axis=0))

    def _follow(self, smooth: npt.NDArray[np.float64], seen: _Frame, frames_since_speech: int) -> None:
        """Let the floor follow what is heard."""
        off = smooth - self._floor
        if frames_since_speech < CALM_FRAMES:
            most = MOST_UP_SPEAKING_DECIBEL
        else:
            most = MOST_UP_VOICED_DECIBEL if seen.to_begin and seen.periodicity > VOICED else MOST_UP_DECIBEL
        change = np.where(off > 0, np.minimum(off * FLOOR_UP, most), off * FLOOR_DOWN)
        self._floor = self._limited(self._floor + change)

    def _power(self, frame: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
        """Return the spectrum of this frame and the one before: one alone is too short for a low voice."""
        now = frame.astype(np.float64)
        spectrum = np.fft.rfft(np.concatenate((self._last, now)) * self._window, self._size)
        self._last = now
        return np.asarray(spectrum.real**2 + spectrum.imag**2)

    def _periodicity(self, power: npt.NDArray[np.float64]) -> float:
        """Return the height of the autocorrelation at the lags of a pitch, the room's own sound taken out."""
        own = np.where(self._vowels, np.maximum(power - self._noise, 0.0), 0.0)
        correlation = np.fft.irfft(own)
        # What is left of noise when noise is taken out looks like tones: so count some of what was taken out.
        all_of_it = float(correlation[0]) + 0.3 * (float(power[self._vowels].sum() - own.sum()) * 2 / self._size)
        return float((correlation[self._lags] / self._own).max()) / all_of_it if all_of_it > 0 else 0.0

    def _above(self, band: npt.NDArray[np.float64]) -> float:
        return 10.0 * float(np.log10((10.0 ** ((band - self._floor) / 10.0)).mean()))

    def _limited(self, floor: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.minimum(np.maximum(floor, QUIETEST_FLOOR_DECIBEL), LOUDEST_FLOOR_DECIBEL)


def _decibel(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return 10.0 * np.log10(power + 1e-8)


class Endpointer:
    """Fed with every frame in order, tells what it makes of each; `report_seconds` apart while silence goes on."""

    def __init__(self, rate: int, report_seconds: float = 0.5) -> None:
        self.frame_samples = int(rate * FRAME_SECONDS)
        """How many samples a frame has."""
        self._report_seconds = report_seconds
        self._room = _Room(rate, self.frame_samples)
        self._dead_frames = 0
        self.begin()

    def begin(self, *, spoken: bool = False) -> None:
        """Begin anew, as if somebody had just spoken or nobody had; what the room sounds like stays known."""
        self._voiced: deque[bool] = deque(maxlen=WINDOW_FRAMES)
        self._whisper: deque[tuple[bool, bool]] = deque(maxlen=WHISPER_FRAMES)
        self._spoken = spoken
        self._speaking = False
        self._since_speech = 0 if spoken else CALM_FRAMES
        self._since_near = 0
        self._silent_frames = 0
        self._reported = 0.0

    def feed(self, frame: npt.NDArray[np.int16], *, ignore: bool = False) -> SpeechBegan | SilentFor | None:
        """Take the next frame. One that is to be ignored is neither loud nor quiet, but its time passes."""
        self._since_speech += 1
        self._since_near += 1
        if ignore or self._dead(frame):
            self._room.skip(frame)
            self._voiced.append(False)
            heard = False
        else:
            heard = self._hears(self._room.take(frame, self._since_speech))
        if heard:
            began = not self._speaking
            self._spoken = self._speaking = True
            self._since_speech = self._silent_frames = 0
            self._reported = 0.0
            return SpeechBegan() if began else None
        if not self._spoken:
            return None
        self._silent_frames += 1
        seconds = self._silent_frames * FRAME_SECONDS
        if seconds < self._reported + self._report_seconds:
            return None
        self._speaking = False
        self._whisper.clear()
        self._reported += self._report_seconds
        return SilentFor(seconds=self._reported)

    def _dead(self, frame: npt.NDArray[np.int16]) -> bool:
        self._dead_frames = self._dead_frames + 1 if int(frame.max()) - int(frame.min()) < DEAD else 0
        return 0 < self._dead_frames < DEAD_FRAMES

    def _hears(self, seen: _Frame) -> bool:
        """Tell whether a frame begins speech, or is more of it."""
        self._whisper.append((seen.top, seen.syllable))
        if not self._speaking:
            self._voiced.append(seen.to_begin and seen.periodicity > VOICED)
            if seen.to_begin and (sum(self._voiced) >= VOICED_TO_BEGIN or self._whispered()):
                self._since_near = 0
                return True
            return False
        self._voiced.append(seen.to_go_on and seen.periodicity > VOICED_TO_GO_ON)
        if seen.near:
            self._since_near = 0
        if self._since_near == FAINT_FRAMES:
            self._silent_frames = max(self._silent_frames, FAINT_FRAMES - HOLD_FRAMES)
        return self._since_near < FAINT_FRAMES and seen.to_go_on and (any(self._voiced) or self._whispered())

    def _whispered(self) -> bool:
        return (
            sum(top for top, _ in self._whisper) >= WHISPER_FRAMES // 2
            and sum(syllable for _, syllable in self._whisper) >= WHISPER_SYLLABLES
        )
