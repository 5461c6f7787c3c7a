"""The hard cases fit, at every size, in every language, on every glass; `test_every_step.py` has all the easy ones."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from kiosk.audit.matrix import GLASSES
from petition.model import Language
from petition.screen import Screen
from petition.script.book import STEPS
from tests.ui.conftest import SMALL
from tests.ui.screens import LONG_NOTICE, rating, shown, with_answers
from tests.ui.sparing import a_tenth_of
from ui.audit import faults
from ui.look import Glass, sizes, themes
from ui.widgets.text import Number
from ui.window import KioskWindow

ODD_GLASSES = (
    Glass(width_px=1280, height_px=1024, diagonal_inch=21),
    Glass(width_px=3840, height_px=2160, diagonal_inch=31.5),
    Glass(width_px=1920, height_px=1080, diagonal_inch=32),
    Glass(width_px=768, height_px=1366, diagonal_inch=21.5),
)
NARROWEST = [("landscape", "larger"), ("portrait", "largest"), ("small", "largest")]


def check(window: KioskWindow, made: Screen) -> list[str]:
    window.show_screen(made)
    return [f"{made.step}: {fault}" for fault in faults(window)]


@pytest.mark.parametrize(("glass", "size", "language"), a_tenth_of(NARROWEST, list(Language), every=3))
def test_every_step_fits_with_its_help_shown(
    new_window: Callable[..., KioskWindow], glass: str, size: str, language: str
) -> None:
    window = new_window(GLASSES[glass])
    screens = [shown(step, language=language, size=size, help_shown=True) for step in STEPS]
    assert [fault for made in screens for fault in check(window, made)] == []


@pytest.mark.parametrize(("glass", "size", "language"), a_tenth_of(NARROWEST, list(Language), every=3))
def test_what_time_it_is_stands_on_every_screen(
    new_window: Callable[..., KioskWindow], glass: str, size: str, language: str
) -> None:
    window = new_window(GLASSES[glass])
    for step in STEPS:
        window.show_screen(shown(step, language=language, size=size))
        assert window.page is not None
        assert window.page.clock.isVisibleTo(window.page), step


MOST_ANSWERS = {"describe": len(STEPS["describe"].choices)}
"""Where more words than anywhere stand beside a strip, for one who is signed in: no more answers than there can be."""


@pytest.mark.parametrize(
    ("glass", "size", "step", "count"),
    a_tenth_of(NARROWEST, ("silent", "review", "call_staff", "kind", "describe"), range(1, 10)),
)
def test_any_number_of_answers_fits(
    new_window: Callable[..., KioskWindow], glass: str, size: str, step: str, count: int
) -> None:
    count = min(count, MOST_ANSWERS.get(step, count))
    assert check(new_window(GLASSES[glass]), with_answers(shown(step, size=size), count)) == []


@pytest.mark.parametrize("step", ["privacy_more", "review", "recording"])
@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_however_long_the_words_on_a_sheet_are_they_fit(
    new_window: Callable[..., KioskWindow], glass: str, size: str, step: str
) -> None:
    made = shown(step, size=size)
    made = replace(made, body=LONG_NOTICE) if step == "privacy_more" else replace(made, text=LONG_NOTICE)
    assert check(new_window(GLASSES[glass]), made) == []


@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_faces_fit(new_window: Callable[..., KioskWindow], glass: str, size: str) -> None:
    assert check(new_window(GLASSES[glass]), rating(size=size)) == []


@pytest.mark.parametrize("size", [pytest.param("normal", marks=pytest.mark.slow), "larger"])
@pytest.mark.parametrize("glass", ODD_GLASSES, ids=lambda glass: f"{glass.width_px}x{glass.height_px}")
def test_other_glasses_fit_too(new_window: Callable[..., KioskWindow], glass: Glass, size: str) -> None:
    window = new_window(glass)
    assert [fault for step in STEPS for fault in check(window, shown(step, size=size))] == []


@pytest.mark.parametrize("step", ["receipt", "receipt_offline"])
@pytest.mark.parametrize("glass", GLASSES)
def test_the_query_code_is_as_large_as_the_number_at_every_size(
    new_window: Callable[..., KioskWindow], glass: str, step: str
) -> None:
    window = new_window(GLASSES[glass])
    for size, language in product(sizes(), Language):
        window.show_screen(shown(step, size=size, language=language))
        assert window.page is not None
        number, code = (found for found in window.page.findChildren(Number) if found.isVisibleTo(window.page))
        assert number.fitted_px == code.fitted_px >= number.look.em("title")
        apart = code.x() - number.x() - number.lines(number.width()).width
        assert code.y() > number.y() or apart > 0.75 * number.fitted_px  # thrice a space: else they look like one


@pytest.mark.parametrize("theme", themes())
def test_a_theme_changes_no_measure(new_window: Callable[..., KioskWindow], theme: str) -> None:
    assert check(new_window(SMALL), shown("receipt", size="largest", theme=theme)) == []


def test_the_audit_finds_what_is_wrong(window: KioskWindow) -> None:
    window.show_screen(shown("review"))
    page = window.page
    assert page is not None
    first, second, *_ = page.controls()
    second.setGeometry(first.geometry())
    page.title.resize(10, 10)
    found = faults(window)
    assert any("lies on" in fault for fault in found)
    assert any("clipped" in fault for fault in found)
    assert any("gap of" in fault for fault in found)
