"""Whether what is said now is the matter that was told a moment ago, without keeping a word of it.

A text is remembered as numbers: of every few characters that follow each other, a keyed hash. The key is drawn for a visit
and forgotten with it, so the numbers tell nothing to whoever finds them, and fit nothing that was said in another visit.
"""

import re
from hashlib import blake2b

from petition.simplified import simplified

ALIKE = 0.25
"""The share of the shorter text that stands in the other one, too."""
FEWEST = 4
"""Texts of fewer pieces than this are never alike."""
_LONG = 2
"""Characters of a piece."""
_MARKS = re.compile(r"[\W_]+")
_FILLERS = re.compile("嗯|啊|呀|哎|唉|哦|噢|呃|额|嘛|呢|吧|哈|那个|这个|就是说|我跟你说|怎么说呢")


def fingerprint(text: str, salt: bytes) -> frozenset[int]:
    """Return numbers of 64 bits that stand for a text; equal only under the same salt, of up to 64 bytes."""
    plain = _FILLERS.sub("", _MARKS.sub("", simplified(text.lower())))
    pieces = {plain[start : start + _LONG] for start in range(len(plain) - _LONG + 1)}
    return frozenset(
        int.from_bytes(blake2b(piece.encode(errors="replace"), digest_size=8, key=salt).digest()) for piece in pieces
    )


def near(one: frozenset[int], other: frozenset[int]) -> bool:
    """Return whether two texts, made into numbers with the same salt, are likely to tell the same matter."""
    shorter = min(len(one), len(other))
    return shorter >= FEWEST and len(one & other) >= ALIKE * shorter
