"""Where a camera looks, that it does is on the screen: by picture and words, whatever else has to step back."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtGui import QAccessible

from kiosk.audit.matrix import GLASSES, PAIRWISE, Way
from petition.model import Language
from petition.scan import CAMERA_STEPS
from petition.screen import Screen
from petition.script.book import STEPS
from tests.ui.screens import shown
from tests.ui.test_curtain import covered
from tests.ui.test_window import page
from ui.audit import faults
from ui.look import sizes, themes
from ui.widgets.camera import Camera
from ui.window import KioskWindow

SIGNS = {"zh_Hans": "摄像头开着", "zh_Hant": "攝影機開著", "en": "Camera is on"}
AT_LENGTH = {
    "zh_Hans": "摄像头开着，只看回执上的码",
    "zh_Hant": "攝影機開著，只看回執上的碼",
    "en": "The camera is on, and looks for your slip",
}
LEAST_POINTS = 18 - 0.2
POINTS_PER_MM = 72 / 25.4


def looked_at(made: Screen, words: dict[str, str] = SIGNS) -> Screen:
    return replace(made, camera=words[made.language])


def seen(window: KioskWindow) -> Camera:
    """Return the sign that is on top, if it can be seen whole."""
    sheet = window.curtain or page(window)
    assert sheet.camera.lens.isVisibleTo(sheet)
    return sheet.camera


def unseen(window: KioskWindow) -> bool:
    return not any(widget.isVisibleTo(page(window)) for widget in page(window).camera.widgets)


@pytest.mark.slow
@pytest.mark.parametrize("way", sorted(PAIRWISE), ids="-".join)
def test_it_stands_on_every_step_and_fits(new_window: Callable[..., KioskWindow], way: Way) -> None:
    window = new_window(GLASSES[way.glass])
    for step, help_shown in product(STEPS, (False, True)):
        made = shown(step, language=way.language, size=way.size, theme=way.theme, help_shown=help_shown)
        window.show_screen(looked_at(replace(made, reach=way.reach)))
        assert faults(window) == [], step
        assert seen(window).words.isVisible()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("glass", GLASSES)
def test_however_long_its_words_are_they_fit_where_a_camera_looks(
    new_window: Callable[..., KioskWindow], glass: str, language: str
) -> None:
    window = new_window(GLASSES[glass])
    for size, step, reach, help_shown in product(sizes(), sorted(CAMERA_STEPS), ("usual", "low"), (False, True)):
        made = replace(shown(step, language=language, size=size, help_shown=help_shown), reach=reach)
        window.show_screen(looked_at(made, AT_LENGTH))
        assert faults(window) == [], (step, size, reach)
        assert seen(window).words.isVisible()


@pytest.mark.parametrize("size", sizes())
def test_its_words_are_as_large_as_any_other(window: KioskWindow, size: str) -> None:
    window.show_screen(looked_at(shown("progress_number", size=size)))
    words, look = seen(window).words, page(window).look
    assert words.type().pixelSize() >= look.em()
    assert words.type().pixelSize() / look.glass.px_per_mm * POINTS_PER_MM >= LEAST_POINTS


def test_it_comes_and_goes_without_a_new_page(window: KioskWindow) -> None:
    bare = shown("foreign_qr")
    window.show_screen(bare)
    before, picture = page(window), window.grab().toImage()
    assert unseen(window)
    window.show_screen(looked_at(bare))
    assert seen(window).words.isVisible()
    window.show_screen(bare)
    assert unseen(window)
    assert page(window) is before
    assert window.grab().toImage() == picture


@pytest.mark.parametrize("theme", themes())
def test_the_picture_is_there_in_every_theme(window: KioskWindow, theme: str) -> None:
    window.show_screen(looked_at(shown("progress_number", theme=theme)))
    drawn = seen(window).lens.grab().toImage()
    tones = {drawn.pixelColor(x, y).name() for x in range(drawn.width()) for y in range(drawn.height())}
    look = page(window).look
    assert {look.colour(role).name() for role in ("badge", "on_badge")} <= tones


def test_a_screen_reader_is_told_once(window: KioskWindow) -> None:
    window.show_screen(looked_at(shown("progress_number")))
    told = [QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) for widget in seen(window).widgets]
    assert told == ["", SIGNS["zh_Hans"]]


def test_where_only_the_picture_has_room_it_says_what_the_words_say(new_window: Callable[..., KioskWindow]) -> None:
    window = new_window(GLASSES["portrait"])
    window.show_screen(looked_at(replace(shown("welcome", size="largest", language="en"), reach="low"), AT_LENGTH))
    assert not seen(window).words.isVisible()
    assert seen(window).lens.accessibleName() == AT_LENGTH["en"]
    assert faults(window) == []
    window.show_screen(looked_at(shown("progress_number", language="en"), AT_LENGTH))
    assert seen(window).lens.accessibleName() == ""


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("glass", GLASSES)
def test_the_curtain_does_not_cover_it(new_window: Callable[..., KioskWindow], glass: str, language: str) -> None:
    window = new_window(GLASSES[glass])
    for size, words in product(sizes(), (SIGNS, AT_LENGTH)):
        window.show_screen(looked_at(covered("progress_number", language=language, size=size), words))
        assert faults(window) == []
        assert seen(window).words.text() == words[language]
        assert seen(window).words.isVisible()
    window.show_screen(replace(covered("progress_number", language=language), camera=""))
    assert window.curtain is not None
    assert not window.curtain.camera.lens.isVisible()
