"""How well a model hears: commands in voices that never taught, talk that is no command, sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from petition.script.book import STEPS
from tools.demo_voice import sound
from tools.demo_voice.sound import RATE, Samples
from tools.demo_voice.speech import HELD_OUT, Espeak, Manner
from tools.demo_voice.vocabulary import Vocabulary, phrases_of, pinyin
from voice.recogniser import Recogniser, Stretch

PIECE_SAMPLES = 1600
PACES = (120, 145, 165, 190, 215)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Shares of utterances heard exactly, and how many pieces of talk were taken for a command."""

    commands: float
    noisy_commands: float
    """With many voices or a fan 10 dB below."""
    sentences: float
    """In free dictation, with the right words and no others."""
    false_accepts: int
    talk_minutes: float


def heard_by(stretch: Stretch, samples: npt.NDArray[np.int16]) -> str:
    """Return what a recogniser hears, words with blanks between."""
    for start in range(0, len(samples), PIECE_SAMPLES):
        stretch.feed(samples[start : start + PIECE_SAMPLES])
    return stretch.finish()


def held_out_manner(rng: np.random.Generator) -> Manner:
    """Return a voice that never taught."""
    return Manner(
        variant=str(rng.choice(HELD_OUT)), words_per_minute=int(rng.choice(PACES)), pitch=int(rng.integers(20, 81))
    )


def said(espeak: Espeak, text: str, manner: Manner) -> Samples:
    """Return a Mandarin text as somebody says it, with a little silence before and after."""
    samples, _ = espeak.say(pinyin(text), manner)
    return np.concatenate((np.zeros(RATE * 3 // 10), samples, np.zeros(RATE * 4 // 10)))


def sixteen_bit(samples: Samples) -> npt.NDArray[np.int16]:
    """Return the samples as a sound card would give them."""
    return np.clip(np.round(samples), -32768, 32767).astype(np.int16)


def step_commands(rng: np.random.Generator, count: int) -> Iterator[tuple[str, str]]:
    """Return (step, phrase) pairs from every step in turn: seven of ten are the step's own, three work everywhere."""
    steps = [step for step in STEPS if STEPS[step].choices]
    for place in range(count):
        step = steps[place % len(steps)]
        own = [phrase for choice in STEPS[step].choices for phrase in choice.phrases]
        yield step, str(rng.choice(own if rng.random() < 0.7 else phrases_of(step)))


def score(folder: Path, words: Vocabulary, *, seed: int, commands: int = 300, talk: int = 200) -> Score:
    """Score a model directory. Numbers say something about synthesized voices only."""
    recogniser, espeak, rng = Recogniser(folder, RATE), Espeak(), np.random.default_rng(seed)
    grammars = {step: recogniser.grammar(phrases_of(step), digits=False) for step in STEPS}
    crowd = [said(espeak, text, held_out_manner(rng)) for text in words.unheard[:10]]

    def command(samples: Samples, step: str) -> str:
        return heard_by(recogniser.expecting(grammars[step]), sixteen_bit(samples)).replace(" ", "")

    clean = noisy = dictated = accepted = 0
    for step, phrase in step_commands(rng, commands):
        samples = said(espeak, phrase, held_out_manner(rng))
        under = sound.babble(crowd, len(samples), rng) if rng.random() < 0.5 else sound.fan(len(samples), rng)
        clean += command(samples, step) == phrase
        noisy += command(sound.mixed(samples, under, 10.0), step) == phrase
    sentences = [words.sentence(rng) for _ in range(commands // 3)]
    for sentence in sentences:
        samples = said(espeak, sentence, held_out_manner(rng))
        heard = heard_by(recogniser.dictation(), sixteen_bit(samples))
        dictated += tuple(heard.split()) == words.split(sentence)
    seconds = 0.0
    for place in range(talk):
        text = words.unheard[place % len(words.unheard)]
        samples = said(espeak, text[: int(rng.integers(2, len(text) + 1))], held_out_manner(rng))
        seconds += len(samples) / RATE
        step = str(rng.choice(list(STEPS)))
        accepted += command(samples, step) in phrases_of(step)
    return Score(
        commands=clean / commands,
        noisy_commands=noisy / commands,
        sentences=dictated / len(sentences),
        false_accepts=accepted,
        talk_minutes=seconds / 60,
    )
