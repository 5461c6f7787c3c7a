"""Every step in every size, theme and language, on every glass, wherever controls stand: nothing clipped or overlapping."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from kiosk.audit.matrix import FULL, GLASSES, PAIRWISE, Way
from petition.script.book import STEPS
from tests.ui.screens import shown
from ui.audit import faults
from ui.window import KioskWindow


def ways(those: frozenset[Way]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("way", sorted(those), ids="-".join)


def misfits(window: KioskWindow, way: Way) -> list[str]:
    """Whatever is wrong with any step's screen, help hidden and shown."""
    found = []
    for step, help_shown in product(STEPS, (False, True)):
        made = shown(step, language=way.language, size=way.size, theme=way.theme, help_shown=help_shown)
        window.show_screen(replace(made, reach=way.reach))
        found += [f"{step}: {fault}" for fault in faults(window)]
    return found


def test_any_two_choices_meet_in_the_short_list() -> None:
    for first, second in product(range(5), range(5)):
        everywhere = {(way[first], way[second]) for way in FULL}
        assert {(way[first], way[second]) for way in PAIRWISE} == everywhere


@ways(PAIRWISE)
def test_every_step_fits(new_window: Callable[..., KioskWindow], way: Way) -> None:
    assert misfits(new_window(GLASSES[way.glass]), way) == []


@pytest.mark.slow
@ways(FULL - PAIRWISE)
def test_every_step_fits_in_every_other_way(new_window: Callable[..., KioskWindow], way: Way) -> None:
    assert misfits(new_window(GLASSES[way.glass]), way) == []
