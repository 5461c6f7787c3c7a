"""What the demonstration voice can hear: its words, the phrases of the script, the talk it is taught with.

Nothing here is written twice: the phrases are the script's, the readings are those of the kiosk's own voice
(`voice/pronunciation.py`), so that the ear expects what the mouth would say.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from petition.ears import ears
from petition.script.book import STEPS
from petition.script.phrases import CLEAR, COMMANDS, ERASE, NUMBERS
from petition.state import State
from voice import pronunciation
from voice.grammar import DIGITS, split_phrase

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE.parent.parent / "gateway" / "demo_catalogue.json"

MARKS = str.maketrans(dict.fromkeys("，。、！？；：「」“” ", " "))


# --- phrases ----------------------------------------------------------------------------------------------------------


def phrases_of(step: str) -> tuple[str, ...]:
    """Return what can be said on a step by its id: every choice it may offer, and what works besides."""
    own = [phrase for choice in STEPS[step].choices for phrase in choice.phrases]
    heard = ears(State(step=step, hearing=True, begun=True)).phrases
    return tuple(dict.fromkeys((*own, *heard)))


def script_phrases() -> tuple[str, ...]:
    """Return every phrase that the script ever listens for."""
    of_steps = (phrase for step in STEPS for phrase in phrases_of(step))
    of_commands = (phrase for words in COMMANDS for phrase in words.phrases)
    numbers = (phrase for spoken in NUMBERS for phrase in spoken)
    return tuple(dict.fromkeys((*of_steps, *of_commands, *numbers, *ERASE, *CLEAR)))


def digest(phrases: Iterable[str]) -> str:
    """Return the SHA-256 of a set of phrases, in hexadecimal; their order does not matter."""
    return hashlib.sha256("\n".join(sorted(set(phrases))).encode()).hexdigest()


@cache
def _catalogue() -> tuple[tuple[str, ...], tuple[str, ...]]:
    content = json.loads(CATALOGUE.read_text("utf-8"))
    entries = [entry for kind in ("places", "kinds", "categories", "rating_levels") for entry in content[kind]]
    names = [entry["names"]["zh_Hans"] for entry in entries]
    examples = [example for entry in entries for example in entry.get("examples", ())]
    return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(examples))


def catalogue_names() -> tuple[str, ...]:
    """Return the places, kinds, categories and levels of the demonstration catalogue: choices, too."""
    return _catalogue()[0]


# --- words ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of the demonstration voice and the texts they are for."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    """Those of the script, and the names of the demonstration catalogue."""
    sentences: tuple[str, ...]
    """Pieces of petitions: each is a whole sentence."""
    parts: tuple[tuple[str, ...], ...]
    """when, where, what, wish: a sentence is made of one or none of each."""
    other: tuple[str, ...]
    """Talk that is none of the kiosk's business."""
    unheard: tuple[str, ...]
    """More of it, never trained with."""
    foreign: tuple[str, ...]

    def split(self, text: str) -> tuple[str, ...]:
        """Cut a text into words of this vocabulary, as the kiosk's listener will; marks are dropped."""
        known = frozenset(self.words)
        pieces = text.translate(MARKS).split()
        return tuple(word for piece in pieces for word in split_phrase(piece, known.__contains__))

    def sentence(self, rng: np.random.Generator) -> str:
        """Return something that somebody could dictate."""
        if rng.random() < 0.45:
            return str(rng.choice(self.sentences))
        chances = (0.5, 0.75, 1.0, 0.5)
        chosen = [
            str(rng.choice(part)) for part, chance in zip(self.parts, chances, strict=True) if rng.random() < chance
        ]
        return "，".join(("".join(chosen[:-1]), chosen[-1])) if len(chosen) == len(self.parts) else "".join(chosen)

    def digits(self, rng: np.random.Generator) -> str:
        """Return 3 to 11 spoken digits."""
        return "".join(rng.choice(list(DIGITS), int(rng.integers(3, 12))))


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary for the script as it is now."""
    talk = tomllib.loads((HERE / "talk.toml").read_text("utf-8"))
    dictionary = frozenset((HERE / "words.txt").read_text("utf-8").split())
    phrases = tuple(dict.fromkeys((*script_phrases(), *catalogue_names())))
    sentences = (*talk["whole"], *_catalogue()[1])
    parts = tuple(tuple(talk[part]) for part in ("when", "where", "what", "wish"))
    words: dict[str, None] = dict.fromkeys(DIGITS)
    for text in (*phrases, *sentences, *(text for part in parts for text in part)):
        for piece in text.translate(MARKS).split():
            # What the dictionary does not have is heard one character at a time.
            words |= dict.fromkeys(split_phrase(piece, lambda word: len(word) == 1 or word in dictionary))
    return Vocabulary(
        words=tuple(sorted(words)),
        phrases=phrases,
        sentences=sentences,
        parts=parts,
        other=tuple(talk["other"]),
        unheard=tuple(talk["unheard"]),
        foreign=tuple(talk["foreign"]),
    )


# --- readings ---------------------------------------------------------------------------------------------------------


def pinyin(text: str) -> str:
    """Return how a Mandarin text is read, as espeak-ng's pinyin voice wants it."""
    return " ".join(
        piece.text for piece in pronunciation.segments(text, "cmn") if piece.voice == pronunciation.MANDARIN
    )


def syllables(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the syllables of each character of a text without marks; 儿 that only colours the one before has none."""
    found: list[tuple[str, ...]] = [()] * len(text)
    for piece in pronunciation.segments(text, "cmn"):
        ends = [word.at for word in piece.words[1:]] + [len(piece.text)]
        for word, end in zip(piece.words, ends, strict=True):
            read = [each.strip(",.!?;:") for each in piece.text[word.at : end].split()]
            places = [
                place
                for place in range(word.start, word.start + word.length)
                if len(read) == word.length or text[place] != "儿"
            ]
            for place, syllable in zip(places, read, strict=True):
                found[place] = (syllable,)
    return tuple(found)


def readings(words: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return the pinyin of every word, as it is read in the phrases and sentences; tones make no other reading."""
    found: dict[str, dict[str, str]] = {word: {} for word in words.words}

    def note(word: str, read: Sequence[tuple[str, ...]]) -> None:
        spelled = " ".join(syllable for each in read for syllable in each)
        if spelled:
            found[word].setdefault("".join(letter for letter in spelled if not letter.isdigit()), spelled)

    texts = (*words.phrases, *words.sentences, *(text for part in words.parts for text in part))
    for text in texts:
        for piece in text.translate(MARKS).split():
            read, at = syllables(piece), 0
            for word in words.split(piece):
                note(word, read[at : at + len(word)])
                at += len(word)
    for word, known in found.items():
        if not known:
            note(word, syllables(word))
    return {word: tuple(known.values()) for word, known in found.items()}
