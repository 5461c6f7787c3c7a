"""Whether what is said now is the matter that was told a moment ago, without keeping a word of it.

A text is remembered as numbers: a keyed hash of every two characters in a row that not everybody says, and of every foreign word. The key
is drawn for a visit and forgotten with it, so the numbers tell nothing to whoever finds them, and fit nothing that is said
in another visit. While the key is there, they are as private as the text: two characters can be guessed.

It is for asking, never for deciding: the same lamp of two houses looks like one matter, and one matter told in wholly
other words like two.
"""

import re
from hashlib import blake2b
from itertools import pairwise

from petition.simplified import simplified
from petition.suggesting import COMMON

ALIKE = 0.36
"""So much of the shorter text must stand in the other one, too."""
ALIKE_SHORT = 0.6
"""As above, where the shorter one says little."""
SHORT = 5
"""So many numbers are few."""
FEWEST = 3
"""From so many numbers on a text can be compared at all."""

_CHARACTERS = re.compile(r"[\u3400-\u9fff\d]")
_WORDS = re.compile(r"[^\W\d_\u3400-\u9fff]{4,}")
"""Foreign words; short ones are in every sentence."""
_FILLERS = re.compile("[嗯啊呀哎唉哦噢呃嘛呢吧]|那个|这个|就是说|我跟你说|怎么说呢")


def fingerprint(text: str, salt: bytes) -> frozenset[int]:
    """Return numbers of 64 bits that stand for a text; equal only under the same salt, of 1 to 64 bytes."""
    plain = simplified(text.lower())
    characters = _CHARACTERS.findall(_FILLERS.sub("", "".join(plain.split())))
    pieces = {one + other for one, other in pairwise(characters) if one not in COMMON or other not in COMMON}
    pieces.update(_WORDS.findall(plain))
    return frozenset(int.from_bytes(blake2b(piece.encode(), digest_size=8, key=salt).digest()) for piece in pieces)


def near(one: frozenset[int], other: frozenset[int]) -> bool:
    """Return whether two texts, made into numbers under the same salt, are likely to tell the same matter."""
    fewer = min(len(one), len(other))
    enough = ALIKE_SHORT if fewer <= SHORT else ALIKE
    return fewer >= FEWEST and len(one & other) >= enough * fewer
