"""The ways in which a screen can be shown: every size, theme, language and glass."""

from itertools import product
from typing import NamedTuple

from petition.model import Language
from ui.look import Glass, sizes, themes

GLASSES = {
    "landscape": Glass(),
    "portrait": Glass(width_px=1080, height_px=1920),
    "small": Glass(width_px=1366, height_px=768, diagonal_inch=21.5),
}
LANGUAGES = tuple(language.value for language in Language)


class Way(NamedTuple):
    """One way of showing screens."""

    size: str
    theme: str
    language: str
    glass: str


FULL: frozenset[Way] = frozenset(Way(*way) for way in product(sizes(), themes(), LANGUAGES, GLASSES))
PAIRWISE: frozenset[Way] = frozenset(
    Way(size, theme, LANGUAGES[(i + j) % len(LANGUAGES)], tuple(GLASSES)[(i + 2 * j) % len(GLASSES)])
    for (i, size), (j, theme) in product(enumerate(sizes()), enumerate(themes()))
)
"""Sixteen ways in which any two choices meet."""
