"""A hall to listen in: synthesized residents, and what sounds around them; everything the same on every run.

Sound is float64 at RATE with an effective value of 1 where it sounds, unless it says otherwise. What a ratio in decibel
is: the resident's effective value while they speak over that of the noise, both over the whole spectrum.
`python -m tests.voice.hall` prints the table that stands in voice/endpointing.py.
"""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pyttsx3.drivers import _espeak

from voice.endpointing import Endpointer, SilentFor, SpeechBegan
from voice.pronunciation import segments
from voice.synthesis import Synthesizer

ROOT = Path(__file__).parents[2]
RATE = 16_000
Sound = npt.NDArray[np.float64]

LEAD_SECONDS = 4.0
TAIL_SECONDS = 6.0
LEVEL = 1500.0
"""A resident's effective value."""
HISS = 3.0
"""A microphone's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How somebody speaks."""

    variant: str = ""
    """espeak-ng's."""
    rate: float = 1.0
    pitch: int = 50


RESIDENTS: tuple[tuple[str, Voice], ...] = (
    ("我要反映问题。", Voice()),
    ("楼上漏水好几个月了，物业一直不来修，我都打了三次电话。", Voice(variant="+f3", rate=0.8)),
    ("提交，不留电话。", Voice(variant="+m4", rate=1.2)),
    ("查进度。", Voice(variant="+f1")),
    ("路灯坏了，晚上出门看不见，老人容易摔倒，请你们派人来看一看。", Voice(variant="+m6", rate=0.7)),
    ("帮助。", Voice(variant="+f5", rate=0.9)),
)
OTHERS: tuple[tuple[str, Voice], ...] = (
    ("我昨天去医院排了一上午的队，结果医生说要下个星期再来。", Voice(rate=0.8)),
    ("The meeting has been moved to the second floor, please follow the signs.", Voice(variant="+f2", rate=0.9)),
    ("小区门口那个卖菜的，今天白菜只要一块五，你去看看吧。", Voice(variant="+m3")),
    ("My grandson starts school in September and he is very excited about it.", Voice(variant="+f4", rate=1.1)),
    ("他们说电梯下个月才修，我们住六楼的怎么办呢。", Voice(variant="+m7", rate=1.2)),
    ("你把身份证带了没有，没有身份证办不了的。", Voice(variant="+m1", rate=0.8)),
    ("I told him to wait outside but he never listens to anybody.", Voice(variant="+f5", rate=0.9)),
    ("明天天气预报说要下雨，记得把被子收进来。", Voice(variant="+m5")),
)


SHOUT = ("不要", Voice(variant="+f2", rate=1.3, pitch=90))
WHISPER = (RESIDENTS[1][0], Voice(variant="+whisper"))
EVERYTHING = (
    *RESIDENTS,
    *((text, voice) for text, _ in OTHERS for _, voice in OTHERS),
    SHOUT,
    WHISPER,
)


@cache
def _all_spoken() -> dict[tuple[str, Voice], Sound]:
    """Have a new process speak everything: espeak-ng never says a thing twice alike, but all in a row it does."""
    program = "import sys; from tests.voice.hall import speak_all; sys.stdout.buffer.write(speak_all())"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    with np.load(io.BytesIO(done.stdout)) as sounds:
        return {each: sounds[f"arr_{place}"] for place, each in enumerate(EVERYTHING)}


def speak_all() -> bytes:
    """Synthesize everything, in order, as a NumPy archive."""
    archive = io.BytesIO()
    synthesizer = Synthesizer()
    np.savez(archive, *(_synthesized(synthesizer, *each) for each in EVERYTHING))
    return archive.getvalue()


def spoken(text: str, voice: Voice) -> Sound:
    """Return a sentence from its first to its last sound."""
    return _all_spoken()[text, voice]


def _synthesized(synthesizer: Synthesizer, text: str, voice: Voice) -> Sound:
    engine, pieces = synthesizer._engine, []
    for segment in segments(text, "en" if text.isascii() else "cmn"):
        engine.setProperty("voice", segment.voice + voice.variant)
        engine.setProperty("rate", 160 * voice.rate)
        _espeak.SetParameter(_espeak.PITCH, voice.pitch, 0)
        engine.say(segment.text)
        engine.runAndWait()
        pieces.append(np.frombuffer(synthesizer._samples, dtype=np.int16).astype(np.float64))
    sound = _resampled(np.concatenate(pieces), synthesizer.rate)
    audible = np.flatnonzero(np.abs(sound) > 80)
    sound = sound[audible[0] : audible[-1] + 1]
    return sound / _effective_while_sounding(sound)


def _resampled(sound: Sound, rate: int) -> Sound:
    count = int(len(sound) * RATE / rate)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound)[: count // 2 + 1], count) * count / len(sound))


def effective(sound: Sound) -> float:
    """Return a sound's effective value."""
    return float(np.sqrt((sound**2).mean()))


def _effective_while_sounding(sound: Sound) -> float:
    power = (sound[: len(sound) // 480 * 480].reshape(-1, 480) ** 2).mean(axis=1)
    return float(np.sqrt(power[power > power.max() * 1e-3].mean()))


def _shaped(count: int, seed: int, power: Callable[[Sound], Sound]) -> Sound:
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    sound = np.fft.irfft(spectrum * power(np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20.0)), count)
    return sound / effective(sound)


def _in_a_room(sound: Sound, seed: int, seconds: float) -> Sound:
    """Add the echoes of a room in which a sound takes so long to fall by 60 dB."""
    count = int(seconds * RATE)
    answer = np.random.default_rng(seed).standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    size = 1 << (len(sound) + count).bit_length()
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)[: len(sound)])


# --- what goes on -----------------------------------------------------------------------------------------------------


def hiss(seconds: float, seed: int) -> Sound:
    """Return the noise of a cheap microphone: all frequencies alike."""
    return np.random.default_rng(seed).standard_normal(int(seconds * RATE))


def fan(seconds: float, seed: int) -> Sound:
    """Return a fan: a low roar that swells a little, and the hum of its blades."""
    sound = _shaped(int(seconds * RATE), seed, lambda hertz: hertz**-0.7)
    time = np.arange(len(sound)) / RATE
    hum = np.sum([np.sin(2 * np.pi * 97.0 * tone * time + tone) / tone for tone in range(1, 8)], axis=0)
    return np.asarray(sound * (1 + 0.1 * np.sin(2 * np.pi * 1.3 * time)) + 0.5 * hum / effective(hum))


def street(seconds: float, seed: int) -> Sound:
    """Return traffic: a low roar that comes and goes by 8 dB."""
    sound = _shaped(int(seconds * RATE), seed, lambda hertz: hertz**-1.0)
    knots = np.random.default_rng(seed).uniform(-4, 4, int(seconds) + 2)
    sound = sound * 10 ** (np.interp(np.arange(len(sound)) / RATE, np.arange(len(knots)), knots) / 20)
    return sound / effective(sound)


def _talk(seconds: float, seed: int, who: int) -> Sound:
    chance = np.random.default_rng(seed)
    count = int(seconds * RATE)
    pieces: list[Sound] = []
    turn = who
    while sum(map(len, pieces)) < count + RATE:
        text, _ = OTHERS[turn % len(OTHERS)]
        pieces += [spoken(text, OTHERS[who % len(OTHERS)][1]), np.zeros(int(chance.uniform(0.2, 1.0) * RATE))]
        turn += 1 + who
    sound = np.concatenate(pieces)
    start = int(chance.integers(0, max(1, len(sound) - count)))
    return sound[start : start + count]


def babble(seconds: float, seed: int) -> Sound:
    """Return eight people who talk in a room that echoes."""
    loud = np.random.default_rng(seed).uniform(-4, 4, len(OTHERS))
    sound = np.sum(
        [_talk(seconds, seed * 100 + who, who) * 10 ** (loud[who] / 20) for who in range(len(OTHERS))], axis=0
    )
    sound = _in_a_room(sound, seed, 0.8)
    return sound / effective(sound)


def television(seconds: float, seed: int) -> Sound:
    """Return one voice from across the room, with music under it."""
    chance = np.random.default_rng(seed)
    sound = _in_a_room(_talk(seconds, seed, seed % len(OTHERS)), seed, 0.5)
    sound /= effective(sound)
    notes = np.repeat(chance.choice([262, 330, 392, 440, 523], len(sound) // (RATE // 2) + 1), RATE // 2)[: len(sound)]
    return sound + 0.15 * np.sin(2 * np.pi * np.cumsum(notes) / RATE)


NOISES: dict[str, Callable[[float, int], Sound]] = {
    "hiss": hiss,
    "fan": fan,
    "street": street,
    "babble": babble,
    "television": television,
}


def cough(seed: int) -> Sound:
    """Return a cough: a burst, its fall, and a small second one."""
    seconds = np.random.default_rng(seed).uniform(0.25, 0.4)
    sound = _shaped(int(seconds * RATE), seed, lambda hertz: 1 / (1 + ((hertz - 800) / 900) ** 2))
    at = np.arange(len(sound)) / len(sound)
    burst, fall = 2 * np.exp(-(((at - 0.08) / 0.06) ** 2)), np.exp(-4 * at) * (at > 0.08)
    return np.asarray(sound * (burst + fall + 0.3 * np.exp(-(((at - 0.8) / 0.1) ** 2))))


def key_click(seed: int) -> Sound:
    """Return the click of a key."""
    sound = _shaped(int(0.04 * RATE), seed, lambda hertz: hertz**0.3)
    return np.asarray(sound * np.exp(-np.arange(len(sound)) / (0.006 * RATE)))


def shout() -> Sound:
    """Return a child's "don't want to"."""
    return spoken(*SHOUT)


def whisper() -> Sound:
    """Return a whispered sentence."""
    return spoken(*WHISPER)


# --- put together -----------------------------------------------------------------------------------------------------


def placed(base: Sound, *sounds: tuple[float, Sound]) -> npt.NDArray[np.int16]:
    """Return a sound with others added at their seconds, as samples."""
    mixed = base.copy()
    for at, sound in sounds:
        start = int(at * RATE)
        mixed[start : start + len(sound)] += sound
    return np.clip(mixed, -32768, 32767).astype(np.int16)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """Somebody who speaks in a noise that was there before and goes on afterwards."""

    samples: npt.NDArray[np.int16]
    begins_at: float
    ends_at: float
    """True seconds."""


def scene(resident: int, noise: str, ratio_decibel: float, seed: int) -> Scene:
    """Return a resident in a noise; `noise` "" is a quiet room."""
    sound = spoken(*RESIDENTS[resident]) * LEVEL
    seconds = LEAD_SECONDS + TAIL_SECONDS + len(sound) / RATE
    base = hiss(seconds, seed) * HISS
    if noise:
        base += NOISES[noise](seconds, seed)[: len(base)] * LEVEL * 10 ** (-ratio_decibel / 20)
    return Scene(
        samples=placed(base, (LEAD_SECONDS, sound)),
        begins_at=LEAD_SECONDS,
        ends_at=LEAD_SECONDS + len(sound) / RATE,
    )


# --- how it is understood ---------------------------------------------------------------------------------------------

Told = list[tuple[float, SpeechBegan | SilentFor]]


def told(samples: npt.NDArray[np.int16], endpointer: Endpointer | None = None) -> Told:
    """Return what an endpointer says of samples, and at which second each."""
    endpointer = endpointer or Endpointer(RATE)
    size = endpointer.frame_samples
    heard = [(at + size, endpointer.feed(samples[at : at + size])) for at in range(0, len(samples) - size + 1, size)]
    return [(at / RATE, what) for at, what in heard if what is not None]


def beginnings(heard: Told) -> list[float]:
    """Return when speech began."""
    return [at for at, what in heard if isinstance(what, SpeechBegan)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How a scene was understood."""

    early: bool
    """Whether speech had begun before anybody in front of the kiosk spoke."""
    began_after: float | None
    """Seconds from the true beginning to SpeechBegan, 0 when it was early and went on."""
    cut: int
    """How often half a second of silence was told while they spoke; a comma may be that long."""
    ended_off: float | None
    """Seconds from the true end to the moment from which silence is counted at last."""
    ended: bool
    """Whether three seconds of silence were told within six."""


def judged(at: Scene) -> Judged:
    """Return how a scene was understood."""
    heard = told(at.samples)
    before = [what for second, what in heard if second < at.begins_at]
    going_on = bool(before) and isinstance(before[-1], SpeechBegan)
    began = [each - at.begins_at for each in beginnings(heard) if at.begins_at <= each < at.ends_at + 0.3]
    silences = [(second, what.seconds) for second, what in heard if isinstance(what, SilentFor)]
    last = heard[-1] if heard else None
    return Judged(
        early=any(isinstance(what, SpeechBegan) for what in before),
        began_after=0.0 if going_on else began[0] if began else None,
        cut=sum(at.begins_at + 0.3 < second < at.ends_at and seconds == 0.5 for second, seconds in silences),
        ended_off=last[0] - last[1].seconds - at.ends_at if last and isinstance(last[1], SilentFor) else None,
        ended=any(second > at.ends_at and seconds == 3.0 for second, seconds in silences),
    )


def _row(name: str, seen: list[Judged]) -> str:
    def spread(values: list[float]) -> str:
        low, middle, high = np.percentile(values, (10, 50, 90))
        return f"{middle:5.2f} ({low:5.2f} to {high:5.2f})"

    began = [each.began_after for each in seen if each.began_after is not None]
    off = [each.ended_off for each in seen if each.ended_off is not None]
    counts = (sum(each.early for each in seen), len(began), sum(each.cut for each in seen), sum(e.ended for e in seen))
    early, heard, cut, ended = counts
    return f"    {name:17} {heard:2}  {early:2}  {spread(began)}  {cut:2}  {spread(off)}  {ended:2}"


if __name__ == "__main__":
    for noise, ratios in (
        ("", (50,)),
        *((noise, (10, 15, 20) if noise == "television" else (5, 10, 20)) for noise in NOISES),
    ):
        for ratio in ratios:
            scenes = [scene(who, noise, ratio, seed * 7 + who) for who in range(len(RESIDENTS)) for seed in range(3)]
            name = f"{noise} {ratio} dB" if noise else "a quiet room"
            sys.stdout.write(_row(name, [judged(each) for each in scenes]) + "\n")
