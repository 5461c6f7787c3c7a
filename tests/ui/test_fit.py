"""Every screen fits, at every size, in every language, on every glass: nothing clipped, covered, too small or too close."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from assets.words import load_translations
from petition.derive import Context, screen
from petition.model import Language
from petition.script.book import STEPS
from tests import samples as script
from tests.ui.conftest import GLASSES
from tests.ui.samples import SAMPLES, sample
from ui.audit import faults
from ui.look import sizes, themes
from ui.window import KioskWindow

LANGUAGES = tuple(language.value for language in Language)


def _faults(window: KioskWindow, name: str) -> list[str]:
    return [f"{name}: {fault}" for fault in faults(window)]


def _script_faults(window: KioskWindow, size: str, theme: str, language: str, *, with_help: bool = False) -> list[str]:
    context = Context(translate=load_translations(language), now=script.NOON)
    found = []
    for step in STEPS:
        state = script.sample(step, Language(language), size, theme)
        window.show_screen(screen(replace(state, help_shown=with_help), context))
        found += _faults(window, step)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_every_step_of_the_script_fits(
    new_window: Callable[..., KioskWindow], glass: str, size: str, language: str
) -> None:
    theme = themes()[(sizes().index(size) + LANGUAGES.index(language)) % len(themes())]
    assert _script_faults(new_window(GLASSES[glass]), size, theme, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("glass", "size"), [("landscape", "larger"), ("portrait", "largest"), ("small", "largest")])
def test_every_step_fits_with_its_help_shown(
    new_window: Callable[..., KioskWindow], glass: str, size: str, language: str
) -> None:
    assert _script_faults(new_window(GLASSES[glass]), size, "light", language, with_help=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_every_step_fits_in_every_theme(
    new_window: Callable[..., KioskWindow], glass: str, size: str, language: str, theme: str
) -> None:
    assert _script_faults(new_window(GLASSES[glass]), size, theme, language) == []
    assert _script_faults(new_window(GLASSES[glass]), size, theme, language, with_help=True) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_the_hard_cases_fit(new_window: Callable[..., KioskWindow], glass: str, size: str, language: str) -> None:
    window, found = new_window(GLASSES[glass]), []
    for name in SAMPLES:
        window.show_screen(sample(name, language=language, size=size))
        found += _faults(window, name)
    assert found == []


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("name", ["silent", "review", "call", "kind", "describe"])
@pytest.mark.parametrize(("glass", "size"), [("landscape", "larger"), ("portrait", "largest"), ("small", "largest")])
def test_any_number_of_answers_fits(
    new_window: Callable[..., KioskWindow], glass: str, size: str, name: str, count: int
) -> None:
    window, shown = new_window(GLASSES[glass]), sample(name, size=size)
    more = [replace(shown.buttons[i % len(shown.buttons)], id=f"b{i}", number=str(i + 1), primary=not i) for i in range(count)]
    window.show_screen(replace(shown, buttons=tuple(more)))
    assert _faults(window, name) == []


@pytest.mark.parametrize("name", ["privacy", "review", "call", "idle"])
@pytest.mark.parametrize("glass", GLASSES)
def test_however_long_the_words_are_they_fit_page_by_page_or_on_the_sheet(
    new_window: Callable[..., KioskWindow], application: QApplication, glass: str, name: str
) -> None:
    window, shown = new_window(GLASSES[glass]), sample(name)
    text = "晚上上楼看不见台阶，前天我邻居老李差点儿摔着。" * (40 if name in {"privacy", "review"} else 4)
    window.show_screen(replace(shown, text=text) if shown.text else replace(shown, body=text))
    application.processEvents()
    assert _faults(window, name) == []
