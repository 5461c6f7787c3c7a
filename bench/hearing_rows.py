"""What the recogniser makes of speech, by the product's own way: endpointing, grammar of a step, recogniser, matching.

`report` counts: commands in voices that never taught the demonstration voice, clean and in noise, and what becomes of
talk and noise that are no commands. `rows` times the same way beside a bare recogniser fed with the same sound. All is
fed from memory, as fast as it is taken. Synthetic voices only; says nothing about residents.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import vosk

from bench.row import Row
from petition.ears import Ears
from petition.script.book import STEPS
from petition.steps import WELCOME
from tools.demo_voice import sound
from tools.demo_voice.scoring import heard_by, held_out_manner, said, sixteen_bit, step_commands
from tools.demo_voice.sound import RATE, Samples
from tools.demo_voice.speech import Espeak, Manner
from tools.demo_voice.vocabulary import phrases_of, pinyin, vocabulary
from voice.grammar import Grammar
from voice.matching import Digits, Exact, Near, match
from voice.recogniser import Recogniser, Stretch
from voice.stretches import Cutter
from voice.talk import Talk

DEMO = Path(__file__).resolve().parent.parent / "assets" / "voice" / "demo"
SAYING = "Synthetic voices only; says nothing about residents."

COMMANDS = 320
RATIOS_DECIBEL = (20, 10, 5)
ROOM_DECIBEL = 45
"""So far the quiet hiss of a room is below a voice that is called clean."""
AROUND_SECONDS = 1.0
"""Of the room alone, before and after a command."""
FRAME_SAMPLES = 480
SEED = 23
PIECE_SECONDS = 30
PAUSE_SECONDS = 0.65
"""Half of the pauses in talk are shorter."""
TOLD = "a petition told to someone else"
TALK = ("one voice that talks", "one voice, many behind it", "television: voice over music", TOLD)
"""What counts for the bar: noise alone is never a command, and would only flatter."""
TIMED = 40

EXACT_BAR = 0.90
ACCEPTS_BAR_PER_HOUR = 12.0
"""One in five minutes of talk."""


@dataclass(slots=True)
class Room:
    """Somebody stands before the kiosk on some step; what is heard is matched as the kiosk does it."""

    recogniser: Recogniser
    grammar: Grammar = field(init=False)
    ears: Ears = field(init=False)
    stretch: Stretch | None = None
    talk: Talk = field(default_factory=Talk)
    after_seconds: float = 0.0
    outcomes: list[object] = field(default_factory=list)
    end_ms: list[float] = field(default_factory=list)

    def stand(self, step: str) -> None:
        """Listen for the phrases of a step from now on."""
        phrases = phrases_of(step)
        self.ears = Ears(open=True, phrases=phrases)
        self.grammar = self.recogniser.grammar(phrases, digits=False)
        self.talk = Talk()

    def hear(self, samples: npt.NDArray[np.int16]) -> list[object]:
        """Return what all that was said in a piece of sound amounts to."""
        self.outcomes = []
        cutter = Cutter(RATE, self)
        for start in range(0, len(samples) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            cutter.feed(samples[start : start + FRAME_SAMPLES], ignore=False)
        return self.outcomes

    def begin(self, sound: tuple[npt.NDArray[np.int16], ...], after_seconds: float) -> None:
        """Begin a stretch."""
        self.after_seconds = after_seconds
        self.stretch = self.recogniser.expecting(self.grammar)
        for piece in sound:
            self.stretch.feed(piece)

    def feed(self, sound: npt.NDArray[np.int16]) -> None:
        """Go on with it."""
        if self.stretch:
            self.stretch.feed(sound)

    def end(self, seconds: float, *, whole: bool) -> None:  # noqa: ARG002 - Taker
        """End it, and match what it was."""
        if self.stretch:
            began = time.perf_counter()
            found = match(self.stretch.finish(seconds), self.ears)
            weighed = self.talk.weigh(found, seconds=seconds, after_seconds=self.after_seconds)
            if weighed is not None:
                self.outcomes.append(weighed)
            self.end_ms.append((time.perf_counter() - began) * 1000)
        self.stretch = None

    def drop(self) -> None:
        """Forget it."""
        self.stretch = None


# --- what is said -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Somebody says a phrase of a step."""

    step: str
    phrase: str
    samples: Samples


def commands(espeak: Espeak, rng: np.random.Generator, count: int) -> list[Command]:
    """Return commands of every step, in voices that never taught, with room before and after."""
    around = np.zeros(int(AROUND_SECONDS * RATE))
    return [
        Command(
            step=step,
            phrase=phrase,
            samples=np.concatenate((around, said(espeak, phrase, held_out_manner(rng)), around)),
        )
        for step, phrase in step_commands(rng, count)
    ]


def _talk(espeak: Espeak, rng: np.random.Generator, seconds: float) -> Samples:
    """Return one voice that talks of other things, with pauses."""
    manner, pieces, length = held_out_manner(rng), list[Samples](), 0
    texts = vocabulary().unheard
    while length < seconds * RATE:
        text = texts[int(rng.integers(len(texts)))]
        cut = int(rng.integers(3, len(text) + 1))
        for piece in (text[:cut], text[cut:]):
            if piece:
                pieces.append(_told(espeak, piece, manner, rng))
                length += len(pieces[-1])
    return np.concatenate(pieces)[: int(seconds * RATE)]


def _petitions(espeak: Espeak, rng: np.random.Generator, seconds: float) -> Samples:
    """Return somebody who tells their petition to someone else, in words that the model knows."""
    manner, pieces, length = held_out_manner(rng), list[Samples](), 0
    while length < seconds * RATE:
        pieces.append(_told(espeak, vocabulary().sentence(rng), manner, rng))
        length += len(pieces[-1])
    return np.concatenate(pieces)[: int(seconds * RATE)]


def _told(espeak: Espeak, text: str, manner: Manner, rng: np.random.Generator) -> Samples:
    """Return a piece of what somebody tells, with a pause after it as people make them: one in ten above 1.4 s."""
    samples, _ = espeak.say(pinyin(text), manner)
    pause_seconds = min(4.0, PAUSE_SECONDS * float(rng.lognormal(sigma=0.6)))
    return np.concatenate((samples, np.zeros(int(pause_seconds * RATE))))


def other_sounds(espeak: Espeak, rng: np.random.Generator) -> Iterator[tuple[str, Samples]]:
    """Yield 22 minutes of what is no command, in pieces of half a minute, each with its kind."""
    count = PIECE_SECONDS * RATE
    crowd = [_talk(espeak, rng, 8) for _ in range(8)]
    kinds: tuple[tuple[str, int, Callable[[], Samples]], ...] = (
        ("one voice that talks", 16, lambda: _talk(espeak, rng, PIECE_SECONDS)),
        (
            "one voice, many behind it",
            8,
            lambda: _with(_talk(espeak, rng, PIECE_SECONDS), sound.babble(crowd, count, rng)),
        ),
        ("television: voice over music", 6, lambda: _with(_talk(espeak, rng, PIECE_SECONDS), sound.music(count, rng))),
        (TOLD, 4, lambda: _petitions(espeak, rng, PIECE_SECONDS)),
        ("many voices", 4, lambda: sound.babble(crowd, count, rng) * 3000),
        ("fan, coughs, knocks, music", 6, lambda: _noises(rng, count)),
    )
    for kind, times, make in kinds:
        for _ in range(times):
            yield kind, make()


def _with(samples: Samples, noise: Samples) -> Samples:
    return sound.mixed(samples, noise, 10.0)


def _noises(rng: np.random.Generator, count: int) -> Samples:
    loud = [sound.knocks(count // 2, rng) * 2000, sound.music(count - count // 2, rng) * 1000]
    return np.concatenate(loud) + sound.fan(count, rng) * 200


# --- the counts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Tables to print, and whether every bar is kept."""

    text: str
    held: bool


def report(model: Path | None = None) -> Report:
    """Count what becomes of commands, and of what is none. FileNotFoundError and Fault: there is no model."""
    before = _resident_megabytes()
    room, rng = Room(Recogniser(model or DEMO, RATE)), np.random.default_rng(SEED)
    room.stand(WELCOME)
    heard_by(room.recogniser.expecting(room.grammar), np.zeros(RATE, np.int16))
    loaded = _resident_megabytes() - before
    espeak = Espeak()
    spoken = commands(espeak, rng, COMMANDS)
    crowd = [_talk(espeak, rng, 8) for _ in range(8)]
    conditions: list[tuple[str, Callable[[int], Samples], float]] = [
        ("clean", lambda n: sound.hiss(n, rng), ROOM_DECIBEL)
    ]
    conditions += [(f"many voices, {r} dB", lambda n: sound.babble(crowd, n, rng), r) for r in RATIOS_DECIBEL]
    conditions += [(f"fan, {r} dB", lambda n: sound.fan(n, rng), r) for r in RATIOS_DECIBEL]
    lines = [
        f"Hearing with `{(model or DEMO).name}`. {SAYING}",
        "",
        f"{len(spoken)} commands of all steps, in voices that never taught:",
        "",
        "| in | exactly | asked back, rightly | asked back, wrongly | not heard | taken for another |",
        "|---|---|---|---|---|---|",
    ]
    exact, before = 0.0, _resident_megabytes()
    for name, noise, ratio in conditions:
        counts = Counter(_outcome(room, each, noise, ratio) for each in spoken)
        shares = [counts[kind] / len(spoken) for kind in ("exact", "near", "wrongly near", "nothing", "wrong")]
        lines.append(f"| {name} | " + " | ".join(f"{share:.1%}" for share in shares) + " |")
        exact = shares[0] if name == "clean" else exact
    accepted, talked, table = _false_accepts(room, espeak, rng)
    per_hour = accepted / talked * 60
    held = exact >= EXACT_BAR and per_hour <= ACCEPTS_BAR_PER_HOUR
    grown, bars = _resident_megabytes() - before, f"≥ {EXACT_BAR:.0%} and ≤ {ACCEPTS_BAR_PER_HOUR:g}"
    memory = f"Memory of the model and a recogniser: {loaded:.1f} MB; {grown:.1f} MB more after all of this was heard."
    figures = f"Commands exactly, clean: {exact:.1%}; taken for a command: {per_hour:.1f} an hour of talk."
    lines += [*table, "", memory, "", f"{figures} Bars {bars}: {'held' if held else '**not held**'}.", "", SAYING]
    return Report(text="\n".join(lines), held=held)


def _outcome(room: Room, command: Command, noise: Callable[[int], Samples], ratio: float) -> str:
    room.stand(command.step)
    loud = sound.mixed(command.samples, noise(len(command.samples)), ratio + _pauses_decibel(command.samples))
    outcomes = room.hear(sixteen_bit(sound.peak_at(loud, -9.0)))
    phrases = [outcome.phrase for outcome in outcomes if isinstance(outcome, Exact)]
    if phrases:
        return "exact" if phrases == [command.phrase] else "wrong"
    near = [outcome.phrase for outcome in outcomes if isinstance(outcome, Near)]
    return "nothing" if not near else "near" if near[-1] == command.phrase else "wrongly near"


def _pauses_decibel(samples: Samples) -> float:
    """Return how much quieter the whole is than what is spoken in it: the ratio is to mean the speech."""
    spoken = samples[np.abs(samples) > np.abs(samples).max() / 50]
    return float(20 * np.log10(sound.loudness(samples) / sound.loudness(spoken)))


def _false_accepts(room: Room, espeak: Espeak, rng: np.random.Generator) -> tuple[int, float, list[str]]:
    minutes: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    steps = [step for step in STEPS if STEPS[step].choices]
    spent = 0.0
    for kind, samples in other_sounds(espeak, rng):
        room.stand(steps[int(rng.integers(len(steps)))])
        began = time.perf_counter()
        outcomes = room.hear(sixteen_bit(samples))
        spent += time.perf_counter() - began
        minutes[kind] += len(samples)
        accepted[kind] += sum(isinstance(outcome, Exact | Digits) for outcome in outcomes)
        asked[kind] += sum(isinstance(outcome, Near) for outcome in outcomes)
    total = minutes.total() / RATE / 60
    lines = ["", f"{total:.0f} minutes that are no command, heard in {spent:.0f} s:", ""]
    lines += ["| what | minutes | taken for a command | an hour | asked back |", "|---|---|---|---|---|"]
    for kind, count in minutes.items():
        long = count / RATE / 60
        lines.append(f"| {kind} | {long:.1f} | {accepted[kind]} | {accepted[kind] / long * 60:.1f} | {asked[kind]} |")
    talked = sum(minutes[kind] for kind in TALK) / RATE / 60
    return sum(accepted[kind] for kind in TALK), talked, lines


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


# --- the times --------------------------------------------------------------------------------------------------------


def rows(model: Path | None = None) -> list[Row]:
    """Return the recogniser's two rows of the design's section 8."""
    room, rng = Room(Recogniser(model or DEMO, RATE)), np.random.default_rng(SEED)
    bare = vosk.Model(str(model or DEMO))
    ours, floor, floor_ends = [], [], []
    for command in commands(Espeak(), rng, TIMED):
        samples = sixteen_bit(command.samples)
        seconds = len(samples) / RATE
        room.stand(command.step)
        began = time.perf_counter()
        room.hear(samples)
        ours.append((time.perf_counter() - began) * 1000 / seconds)
        whole, end = _bare(bare, room.grammar.json, samples)
        floor.append(whole * 1000 / seconds)
        floor_ends.append(end * 1000)
    floor_name = "a bare recogniser, the same sound"
    return [
        Row(name="hearing one second of sound", ours=ours, floor=floor, floor_name=floor_name, extra_bar=300),
        Row(
            name="end of a command (after its pause) → its phrase",
            ours=room.end_ms,
            floor=floor_ends,
            floor_name=floor_name,
            extra_bar=150,
        ),
    ]


def _bare(model: vosk.Model, phrases: str, samples: npt.NDArray[np.int16]) -> tuple[float, float]:
    """Return the seconds that the same sound takes without anything of ours, in all and at its end."""
    began = time.perf_counter()
    recogniser = vosk.KaldiRecognizer(model, RATE, phrases)
    for start in range(0, len(samples) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        recogniser.AcceptWaveform(samples[start : start + FRAME_SAMPLES].tobytes())
    ended = time.perf_counter()
    json.loads(recogniser.FinalResult())
    return time.perf_counter() - began, time.perf_counter() - ended
