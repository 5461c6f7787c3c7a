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

TELLING = frozenset(
    Way(*way)
    for way in (
        ("largest", "low", "zh_Hans", "small", "low"),
        ("larger", "light", "en", "small", "left"),
        ("larger", "medium", "zh_Hans", "portrait", "usual"),
        ("large", "low", "en", "landscape", "usual"),
        ("normal", "dark", "zh_Hant", "small", "usual"),
    )
)
"""A few of the short list. All of it is measured in every run by the audit (`tests/kiosk/test_audit.py`, row 2)."""


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


def test_any_choice_is_among_the_telling_ways() -> None:
    assert TELLING < PAIRWISE
    for choice in range(5):
        assert {way[choice] for way in TELLING} == {way[choice] for way in FULL}


@ways(TELLING)
def test_every_step_fits(new_window: Callable[..., KioskWindow], way: Way) -> None:
    assert misfits(new_window(GLASSES[way.glass]), way) == []


@pytest.mark.slow
@ways(FULL - TELLING)
def test_every_step_fits_in_every_other_way(new_window: Callable[..., KioskWindow], way: Way) -> None:
    assert misfits(new_window(GLASSES[way.glass]), way) == []
