"""What recognised words amount to: a phrase that is listened for, exactly; digits; something near a phrase; nothing.

Only what is exact is acted on. The recogniser may put words of its grammar into any order, and where it hears none of
them it says `[unk]`; so a phrase with anything before or after it is no phrase. What comes near is asked back.

How near that must be was measured with the demonstration voice: 720 commands in voices that never taught, a quarter
each in a quiet room, 20 and 10 dB above many voices, 10 dB above a fan; and 320 stretches of 22 minutes of talk.

    farthest   asked back rightly   wrongly   of talk
      0.25             47              4         6
      0.34             71              5         9
      0.40             89              9        11
      0.50            104             12        18

Synthesized voices only. Beyond one syllable in three, every fourth question more would be about what nobody said.
"""

import re
from dataclasses import dataclass
from functools import cache

from petition.ears import Ears
from voice import pronunciation
from voice.grammar import DIGITS, UNKNOWN

MOST_REPEATS = 3
"""Who is not heard at once says it again, and again: 查进度，查进度."""
FARTHEST = 0.34
"""Of a phrase's syllables may be wrong for it to be near: one in three."""
FEWEST_SYLLABLES = 2
"""Every syllable is near to some other: a phrase of one is never asked back."""
SENDS = "提交"
"""What is in phrases that send something: nobody is asked whether they said them, they have to say them."""

EXTRA_UNKNOWN_COST = 0.4
"""A cough before the phrase."""
UNKNOWN_COST = 0.7
"""A syllable that could not be made out."""
ALIKE_COST = 0.3
HALF_ALIKE_COST = 0.6

INITIALS = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcswy]")
ALIKE_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l", "h": "f"}
"""What many people and every recogniser confuse; the value stands for both."""
ALIKE_FINALS = {"ang": "an", "eng": "en", "ing": "in", "iang": "ian", "uang": "uan", "ong": "eng", "u:": "u"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """One of the phrases, and nothing else."""

    phrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """Digits, and nothing else, where they are listened for."""

    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Not a phrase, but one of them is this much nearer than any."""

    phrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Nothing that is listened for."""


def match(words: str, ears: Ears) -> Exact | Digits | Near | Nothing:
    """Tell what recognised words, with spaces between them, amount to."""
    return exactly(words, ears) or _nearest(words.split(), ears.phrases)


def exactly(words: str, ears: Ears) -> Exact | Digits | None:
    """Tell what recognised words are, None where they are nothing that is listened for, however near it they come."""
    heard = words.split()
    if UNKNOWN in heard:
        return None
    said = "".join(heard)
    if said in ears.phrases:
        return Exact(phrase=said)
    if ears.digits and heard and all(word in DIGITS for word in heard):
        return Digits(digits="".join(DIGITS[word] for word in heard))
    for times in range(2, MOST_REPEATS + 1):
        once = said[: len(said) // times]
        if once in ears.phrases and once * times == said:
            return Exact(phrase=once)
    return None


def _nearest(heard: list[str], phrases: tuple[str, ...]) -> Near | Nothing:
    sounds = _sounds(heard)
    if not any(sound != UNKNOWN for sound in sounds):
        return Nothing()
    distances = [(distance(sounds, _known_syllables(phrase)), phrase) for phrase in phrases]
    near = [pair for pair in distances if pair[0] <= FARTHEST]
    if not near:
        return Nothing()
    return asked_back(min(near, key=lambda pair: pair[0])[1])


def asked_back(phrase: str) -> Near | Nothing:
    """Return what a phrase amounts to that somebody may have said."""
    return Nothing() if SENDS in phrase else Near(phrase=phrase)


def _sounds(heard: list[str]) -> tuple[str, ...]:
    return tuple(sound for word in heard for sound in ((UNKNOWN,) if word == UNKNOWN else syllables(word)))


def syllables(text: str) -> tuple[str, ...]:
    """Return how a Mandarin text is said, syllable by syllable, without tones."""
    return tuple(
        syllable
        for piece in pronunciation.segments(text, "cmn")
        if piece.voice == pronunciation.MANDARIN
        for syllable in re.findall(r"[a-z:]+", piece.text)
    )


_known_syllables = cache(syllables)
"""Of the script's phrases; what somebody said is remembered nowhere."""


def distance(heard: tuple[str, ...], phrase: tuple[str, ...]) -> float:
    """Return how far what was heard is from a phrase, both in syllables: 0 the same, 1 nothing in common."""
    if len(phrase) < FEWEST_SYLLABLES:
        return 1.0
    costs = [float(place) for place in range(len(phrase) + 1)]
    for sound in heard:
        extra = EXTRA_UNKNOWN_COST if sound == UNKNOWN else 1.0
        before, costs = costs, [costs[0] + extra]
        for place, syllable in enumerate(phrase):
            costs.append(min(before[place] + _cost(sound, syllable), before[place + 1] + extra, costs[place] + 1.0))
    return min(1.0, costs[-1] / max(len(heard), len(phrase)))


def _cost(sound: str, syllable: str) -> float:
    if sound == syllable:
        return 0.0
    if sound == UNKNOWN:
        return UNKNOWN_COST
    (initial, final), (other_initial, other_final) = _halves(sound), _halves(syllable)
    alike = initial == other_initial, final == other_final
    return ALIKE_COST if all(alike) else HALF_ALIKE_COST if any(alike) else 1.0


@cache
def _halves(syllable: str) -> tuple[str, str]:
    """Return initial and final, those that are confused as one."""
    found = INITIALS.match(syllable)
    initial = found[0] if found else ""
    final = syllable[len(initial) :]
    return ALIKE_INITIALS.get(initial, initial), ALIKE_FINALS.get(final, final)
