"""Which words a recogniser is told to expect: every phrase, cut into words that its model knows.

A model knows words, not phrases: 查进度 may be 查 and 进度 to it. What it does not know it drops silently, so a phrase
that can't be cut is left out here, and its name is given back.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

UNKNOWN = "[unk]"
"""What a recogniser answers for everything it was not told to expect. Without it, it must choose one of the phrases."""
DIGIT_ROWS = 100
"""A recogniser counts what it is told to expect: told once, digits are too easily taken for nothing it knows. With the
demonstration voice and groups of two to four digits in voices it never heard: once 102 of 120 exactly, a hundred times
106, three hundred times 107."""
DIGITS = dict(zip("零一二三四五六七八九幺两", "012345678912", strict=True))
"""What a spoken digit stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What a recogniser is told to expect."""

    phrases: tuple[tuple[str, ...], ...]
    """Each cut into words of the model."""
    unheard: tuple[str, ...]
    """Those the model has not all the words for."""
    digits_in_a_row: tuple[str, ...] = ()
    """Every digit before and after every other: only what follows something here is likely to follow it there."""

    @property
    def json(self) -> str:
        """As Kaldi takes it; "" where there is nothing to expect, for an empty list ends its process."""
        if not self.phrases:
            return ""
        rows = (self.digits_in_a_row,) * DIGIT_ROWS if self.digits_in_a_row else ()
        return json.dumps([*map(" ".join, (*self.phrases, *rows)), UNKNOWN], ensure_ascii=False)


def grammar(phrases: Iterable[str], *, digits: bool, knows: Callable[[str], bool]) -> Grammar:
    """Return what to expect: phrases, and single digits where they are asked for."""
    wanted = dict.fromkeys((*phrases, *(DIGITS if digits else ())))
    cut = {phrase: split_phrase(phrase, knows) for phrase in wanted}
    spoken = [digit for digit in DIGITS if digits and knows(digit)]
    pairs = [each for place, one in enumerate(spoken) for other in spoken[place:] for each in (one, other)]
    return Grammar(
        phrases=tuple(words for words in cut.values() if words),
        unheard=tuple(phrase for phrase, words in cut.items() if not words),
        digits_in_a_row=(*pairs, *spoken[:1]),
    )


def split_phrase(phrase: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """Cut a phrase into as few words as `knows` knows, the longer ones first; () where it can't be cut."""
    best: list[tuple[str, ...] | None] = [None] * len(phrase) + [()]
    for start in reversed(range(len(phrase))):
        for end in range(len(phrase), start, -1):
            rest = best[end]
            if rest is None or not knows(phrase[start:end]):
                continue
            if (now := best[start]) is None or len(rest) + 1 < len(now):
                best[start] = (phrase[start:end], *rest)
    return best[0] or ()
