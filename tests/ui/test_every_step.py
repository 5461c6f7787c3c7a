"""Every step of the script, in every size, theme and language, on every glass: nothing clipped, nothing overlaps."""

from collections.abc import Callable
from itertools import product

import pytest

from kiosk.audit.matrix import FULL, GLASSES, PAIRWISE, Way
from petition.script.book import STEPS
from tests.ui.screens import shown
from ui.audit import faults
from ui.window import KioskWindow


def ways(those: frozenset[Way]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("size", "theme", "language", "glass"), sorted(those))


def misfits(window: KioskWindow, size: str, theme: str, language: str) -> list[str]:
    """Whatever is wrong with any step's screen, help hidden and shown."""
    found = []
    for step, help_shown in product(STEPS, (False, True)):
        window.show_screen(shown(step, language=language, size=size, theme=theme, help_shown=help_shown))
        found += [f"{step}: {fault}" for fault in faults(window)]
    return found


def test_any_two_choices_meet_in_the_short_list() -> None:
    for first, second in product(range(4), range(4)):
        everywhere = {(way[first], way[second]) for way in FULL}
        assert {(way[first], way[second]) for way in PAIRWISE} == everywhere


@ways(PAIRWISE)
def test_every_step_fits(
    new_window: Callable[..., KioskWindow], size: str, theme: str, language: str, glass: str
) -> None:
    assert misfits(new_window(GLASSES[glass]), size, theme, language) == []


@pytest.mark.slow
@ways(FULL - PAIRWISE)
def test_every_step_fits_in_every_other_way(
    new_window: Callable[..., KioskWindow], size: str, theme: str, language: str, glass: str
) -> None:
    assert misfits(new_window(GLASSES[glass]), size, theme, language) == []
