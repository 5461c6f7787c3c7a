"""Who is signed in stands at the top of every screen as long as they are."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtGui import QAccessible

from kiosk.audit.matrix import GLASSES, PAIRWISE, Way
from petition.screen import Screen
from petition.script.book import STEPS
from tests.ui.screens import AGENT, camera, picture, pictures, shown, signing
from tests.ui.test_camera_sign import looked_at
from tests.ui.test_curtain import covered
from tests.ui.test_fit import NARROWEST
from tests.ui.test_window import page
from ui.audit import faults
from ui.look import themes
from ui.window import KioskWindow


def signed_in(made: Screen) -> Screen:
    return replace(made, agent=AGENT[made.language])


def strip(window: KioskWindow) -> str:
    """Return what the strip says, if it can be seen and nothing stands above it."""
    words = page(window).agent.words
    assert words.isVisibleTo(page(window))
    assert page(window).agent.badge.isVisibleTo(page(window))
    others = [text for text in page(window).findChildren(type(words)) if text.isVisibleTo(page(window))]
    assert all(words.geometry().bottom() < text.y() for text in others if text is not words)
    return words.text()


@pytest.mark.parametrize(("glass", "size"), NARROWEST)
def test_it_stands_on_every_step_and_everything_fits(
    new_window: Callable[..., KioskWindow], glass: str, size: str
) -> None:
    window = new_window(GLASSES[glass])
    for step in STEPS:
        window.show_screen(signed_in(looked_at(shown(step, size=size))))
        assert faults(window) == [], step
        assert strip(window) == AGENT["zh_Hans"]


@pytest.mark.slow
@pytest.mark.parametrize("way", sorted(PAIRWISE), ids="-".join)
def test_it_stands_there_in_any_way(new_window: Callable[..., KioskWindow], way: Way) -> None:
    window = new_window(GLASSES[way.glass])
    for step, help_shown in product(STEPS, (False, True)):
        made = shown(step, language=way.language, size=way.size, theme=way.theme, help_shown=help_shown)
        window.show_screen(signed_in(looked_at(replace(made, reach=way.reach))))
        assert faults(window) == [], step
        assert strip(window) == AGENT[way.language]


@pytest.mark.parametrize("glass", GLASSES)
def test_it_stands_clear_of_the_alarm(new_window: Callable[..., KioskWindow], glass: str) -> None:
    window = new_window(GLASSES[glass])
    for step, reach in product(("call_staff", "review", "type_text"), ("usual", "low")):
        window.show_screen(signed_in(replace(shown(step, size="largest"), alarm=True, reach=reach)))
        assert window.alarm is not None
        assert faults(window) == [], (step, reach)


def test_it_comes_and_goes_without_a_new_page(window: KioskWindow) -> None:
    for made in (shown("kind"), camera(), picture(), pictures(), signing()):
        window.show_screen(made)
        before, bare = page(window), window.grab().toImage()
        assert not before.agent.words.isVisibleTo(before)
        window.show_screen(signed_in(made))
        assert page(window) is before
        assert strip(window) == AGENT["zh_Hans"]
        window.show_screen(made)
        assert window.grab().toImage() == bare


@pytest.mark.parametrize("theme", themes())
def test_its_ground_is_another_than_the_papers(window: KioskWindow, theme: str) -> None:
    window.show_screen(signed_in(shown("kind", theme=theme)))
    drawn, look = window.grab().toImage(), page(window).look
    assert drawn.pixelColor(3, 3) == look.colour("chosen")
    assert look.colour("chosen") != look.colour("bg")


def test_it_is_the_first_thing_that_a_screen_reader_meets_on_the_page(window: KioskWindow) -> None:
    window.show_screen(signed_in(shown("kind")))
    told = QAccessible.queryAccessibleInterface(page(window))
    names = [told.child(n).text(QAccessible.Text.Name) for n in range(told.childCount())]
    assert next(filter(None, names)) == AGENT["zh_Hans"]


def test_long_names_take_a_second_line(new_window: Callable[..., KioskWindow]) -> None:
    window = new_window(GLASSES["portrait"])
    window.show_screen(replace(shown("kind", size="largest"), agent=AGENT["zh_Hans"] * 3))
    assert faults(window) == []


def test_the_curtain_shows_nothing_of_it(window: KioskWindow) -> None:
    window.show_screen(covered("review"))
    plain = window.grab().toImage()
    window.show_screen(signed_in(covered("review")))
    assert window.grab().toImage() == plain
