"""Speech to learn from: what is said, in which voice, in what room and noise, and which phone stands where.

Everything follows from the seed. Speech is made in short-lived processes, each its own part of the whole.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from tools.demo_voice import sound
from tools.demo_voice.features import mfcc
from tools.demo_voice.sound import RATE, Samples
from tools.demo_voice.speech import FOREIGN, SILENCE, TRAINED, Espeak, Manner, Phone
from tools.demo_voice.vocabulary import Vocabulary, pinyin, readings, vocabulary

SPEECH = "SPN"
"""The phone of everything that is sound but none of the phones: other tongues, music, coughs."""

A_PART = 500
KINDS = {"phrase": 0.43, "sentence": 0.21, "words": 0.08, "digits": 0.06, "other": 0.11, "foreign": 0.04, "noise": 0.07}
"""What is learnt from, and how much of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Something heard: its features, and where in it (in samples) which phone (by number) begins."""

    features: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int32]
    phones: npt.NDArray[np.int16]


def lexicon(words: Vocabulary) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the phones of every word, in each way it is read."""
    espeak = Espeak()
    found = {}
    for word, ways in readings(words).items():
        said = (tuple(phone.name for phone in espeak.say(way, Manner())[1] if phone.name != SILENCE) for way in ways)
        found[word] = tuple(dict.fromkeys(said))
    return found


def phone_names(lexicon: dict[str, tuple[tuple[str, ...], ...]]) -> tuple[str, ...]:
    """Return all phones; SIL and SPN are the first two."""
    return (SILENCE, SPEECH, *sorted({name for ways in lexicon.values() for way in ways for name in way}))


def utterances(names: tuple[str, ...], *, count: int, seed: int, processes: int) -> Iterator[Utterance]:
    """Make so many utterances, in the same order for the same seed."""
    parts = range(-(-count // A_PART))
    with ProcessPoolExecutor(processes, get_context("spawn"), max_tasks_per_child=1) as pool:
        for part in pool.map(partial(_part, names, seed), parts):
            yield from part


def random_manner(rng: np.random.Generator, variants: Sequence[str] = TRAINED) -> Manner:
    """Return a voice, a pace and a pitch as people differ in them."""
    return Manner(
        variant=str(rng.choice(variants)),
        words_per_minute=int(rng.integers(100, 231)),
        pitch=int(rng.integers(15, 91)),
        range=int(rng.integers(20, 91)),
        stretch=float(rng.uniform(0.84, 1.18)) if rng.random() < 0.6 else 1.0,
    )


def _part(names: tuple[str, ...], seed: int, part: int) -> list[Utterance]:
    rng, espeak, words = np.random.default_rng([seed, part]), Espeak(), vocabulary()
    crowd = [_talker(rng, espeak, words) for _ in range(12)]
    number = {name: place for place, name in enumerate(names)}
    found = []
    for kind in rng.choice(list(KINDS), A_PART, p=list(KINDS.values())):
        samples, phones = _noise(rng, crowd) if kind == "noise" else _speech(str(kind), rng, espeak, words)
        if len(samples) < RATE // 8:
            continue
        samples = _somewhere(samples, rng, crowd) if kind != "noise" else samples
        # As one unknown phone gives way to the next, only the first of them is a beginning.
        numbers = [number.get(phone.name, number[SPEECH]) for phone in phones]
        first = [
            place == 0 or numbers[place] > 1 or numbers[place] != numbers[place - 1] for place in range(len(numbers))
        ]
        found.append(
            Utterance(
                features=mfcc(np.clip(np.round(samples), -32768, 32767)),
                starts=np.array([phone.start for phone, kept in zip(phones, first, strict=True) if kept], np.int32),
                phones=np.array([each for each, kept in zip(numbers, first, strict=True) if kept], np.int16),
            )
        )
    return found


def _talker(rng: np.random.Generator, espeak: Espeak, words: Vocabulary) -> Samples:
    """Return one of those who talk in the background, with pauses."""
    manner, said = random_manner(rng), list[Samples]()
    for text in rng.choice(words.other, 3):
        said += [espeak.say(pinyin(str(text)), manner)[0], np.zeros(int(rng.uniform(0.1, 0.8) * RATE))]
    return np.concatenate(said)


def _speech(
    kind: str, rng: np.random.Generator, espeak: Espeak, words: Vocabulary
) -> tuple[Samples, tuple[Phone, ...]]:
    manner = random_manner(rng)
    if kind == "foreign":
        tongue = Manner(variant=manner.variant, voice=str(rng.choice(FOREIGN)), pitch=manner.pitch)
        samples, phones = espeak.say(str(rng.choice(words.foreign)), tongue)
        phones = tuple(Phone(start=p.start, name=p.name if p.name == SILENCE else SPEECH) for p in phones)
    else:
        samples, phones = espeak.say(pinyin(_text(kind, rng, words)), manner)
    before, after = int(rng.uniform(0.02, 1.0) * RATE), int(rng.uniform(0.05, 1.0) * RATE)
    return (
        np.concatenate((np.zeros(before), samples, np.zeros(after))),
        (Phone(start=0, name=SILENCE), *(Phone(start=p.start + before, name=p.name) for p in phones)),
    )


def _text(kind: str, rng: np.random.Generator, words: Vocabulary) -> str:
    match kind:
        case "phrase":
            return str(rng.choice(words.phrases))
        case "sentence":
            return words.sentence(rng)
        case "words":
            return "".join(rng.choice(words.words, int(rng.integers(1, 6))))
        case "digits":
            return words.digits(rng)
        case _:
            # Mostly pieces of talk: what a pause cuts out of it is what sounds like a command.
            text = str(rng.choice(words.other))
            start = int(rng.integers(0, len(text) - 2))
            return text[start : start + int(rng.integers(2, 14))]


def _somewhere(samples: Samples, rng: np.random.Generator, crowd: list[Samples]) -> Samples:
    if rng.random() < 0.35:
        samples = sound.in_room(samples, rng)
    if rng.random() < 0.3:
        samples = sound.tilted(samples, rng.uniform(-0.5, 0.5))
    samples = sound.peak_at(samples, rng.uniform(-32, 0))
    if rng.random() < 0.6:
        samples = sound.mixed(samples, sound.hiss(len(samples), rng), rng.uniform(6, 45))
    if rng.random() < 0.35:
        samples = sound.mixed(samples, sound.fan(len(samples), rng), rng.uniform(0, 25))
    if rng.random() < 0.5:
        samples = sound.mixed(samples, sound.babble(crowd, len(samples), rng), rng.uniform(2, 28))
    return samples + rng.standard_normal(len(samples))


def _noise(rng: np.random.Generator, crowd: list[Samples]) -> tuple[Samples, tuple[Phone, ...]]:
    count = int(RATE * rng.uniform(1, 4))
    kinds: list[tuple[Callable[[int, np.random.Generator], Samples], str]] = [
        (sound.hiss, SILENCE),
        (sound.fan, SILENCE),
        (sound.music, SPEECH),
        (sound.knocks, SPEECH),
        # Many voices are a room: what is said in front of them is what counts.
        (partial(sound.babble, crowd), SILENCE),
    ]
    make, name = kinds[int(rng.integers(len(kinds)))]
    samples = make(count, rng) * 10 ** rng.uniform(0.0, 3.6)
    return samples + rng.standard_normal(count), (Phone(start=0, name=name),)
