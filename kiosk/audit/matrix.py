"""The ways in which a screen can be shown: every size, theme, language, glass, and place of what can be pressed."""

from itertools import product
from typing import NamedTuple

from petition.model import Language
from petition.state import REACHES
from ui.look import Glass, sizes, themes

GLASSES = {
    "landscape": Glass(),
    "portrait": Glass(width_px=1080, height_px=1920),
    "small": Glass(width_px=1366, height_px=768, diagonal_inch=21.5),
}
LANGUAGES = tuple(language.value for language in Language)
USUAL, *MOVED = REACHES


class Way(NamedTuple):
    """One way of showing screens."""

    size: str
    theme: str
    language: str
    glass: str
    reach: str = USUAL
    """Where what can be pressed stands."""


_SQUARES = ((0, 1, 2, 3), (0, 2, 3, 1), (0, 3, 1, 2))
"""Row and column by each of these, exclusive or, make Latin squares of which no two ever repeat a pair of signs."""


def _mixed(row: int, column: int) -> Way:
    """Return the way of a place of four sizes × four themes; of the three others the first comes twice as often."""
    language, glass, reach = ((row ^ square[column]) % 3 for square in _SQUARES)
    return Way(sizes()[row], themes()[column], LANGUAGES[language], tuple(GLASSES)[glass], REACHES[reach])


PAIRWISE: frozenset[Way] = frozenset(_mixed(*place) for place in product(range(4), range(4)))
"""Sixteen ways in which any two choices meet."""

_SHOWN = frozenset(Way(*way) for way in product(sizes(), themes(), LANGUAGES, GLASSES))
_MOVED = frozenset(
    Way(size, themes()[(i + j + k) % len(themes())], language, glass, reach)
    for reach in MOVED
    for (i, size), (j, language), (k, glass) in product(enumerate(sizes()), enumerate(LANGUAGES), enumerate(GLASSES))
)
FULL: frozenset[Way] = _SHOWN | _MOVED | PAIRWISE
"""All with all where things stand as usual; where they stand elsewhere, colours, which move nothing, take turns."""
