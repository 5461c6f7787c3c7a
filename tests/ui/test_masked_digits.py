"""A number that nobody may read along is shown as dots: how many there are, and never which."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kiosk.audit.matrix import GLASSES
from petition.events import DigitsEdited
from petition.screen import Screen
from tests.ui.conftest import Clock
from tests.ui.screens import shown
from tests.ui.test_window import page
from ui.audit import faults
from ui.layouts.digits import NumberPad
from ui.look import sizes, themes
from ui.widgets.digits import Digits
from ui.window import KioskWindow

GROUPS = ((), (3, 3), (4, 4))
LONG_ENOUGH = 1.0


def masked(
    digits: str, groups: tuple[int, ...] = (), *, size: str = "larger", theme: str = "light", language: str = "zh_Hans"
) -> Screen:
    """Return a screen on which a PIN is keyed."""
    made = shown("progress_number", size=size, theme=theme, language=language)
    return replace(made, digits=digits, groups=groups, masked=True)


def places(window: KioskWindow) -> Digits:
    layout = page(window).layout_shown
    assert isinstance(layout, NumberPad)
    return layout.digits


def picture(window: KioskWindow, made: Screen) -> QImage:
    window.show_screen(made)
    return places(window).grab().toImage()


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("theme", themes())
def test_other_digits_look_the_same_and_another_one_does_not(
    window: KioskWindow, theme: str, groups: tuple[int, ...]
) -> None:
    told = picture(window, masked("4826", groups, theme=theme))
    assert picture(window, masked("1197", groups, theme=theme)) == told
    assert picture(window, masked("482", groups, theme=theme)) != told
    assert picture(window, replace(masked("4826", groups, theme=theme), masked=False)) != told


def test_it_is_masked_and_bared_without_a_new_page(window: KioskWindow) -> None:
    bare = picture(window, replace(masked("4826"), masked=False))
    before = page(window)
    covered = picture(window, masked("4826"))
    assert picture(window, replace(masked("4826"), masked=False)) == bare != covered
    assert page(window) is before


def test_where_it_is_unknown_how_many_there_will_be_the_line_does_not_move(window: KioskWindow) -> None:
    for count in range(9):
        window.show_screen(masked("4" * count))
        assert places(window).groups == (8,)
    window.show_screen(masked("4" * 12))
    assert places(window).groups == (12,)


def test_the_line_along_which_dots_go_has_no_seams(window: KioskWindow) -> None:
    line = picture(window, masked("44444444"))
    y = line.height() - 2
    ink = [line.pixelColor(x, y) for x in range(line.width())]
    drawn = [x for x, colour in enumerate(ink) if colour == page(window).look.colour("badge")]
    assert drawn == list(range(drawn[0], drawn[-1] + 1))
    assert len(drawn) > line.width() / 2


def test_what_is_pressed_and_typed_is_posted_and_stays_masked(
    window: KioskWindow, posted: list[object], clock: Clock
) -> None:
    window.show_screen(masked("48"))
    told = places(window).grab().toImage()
    QTest.keyClicks(window, "2")
    clock.pass_by(LONG_ENOUGH)
    next(c for c in page(window).controls() if c.text() == "6").click()
    assert posted == [DigitsEdited(digits="482"), DigitsEdited(digits="4826")]
    keyed = places(window).grab().toImage()
    assert keyed != told
    assert picture(window, masked("1197")) == keyed


def test_nothing_around_it_tells_which(window: KioskWindow) -> None:
    window.show_screen(masked(""))
    QTest.keyClicks(window, "48")
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    QTest.keyClicks(window, "826")
    window.show_screen(masked("4826"))
    assert places(window).digits == "4826"
    met = [window.windowTitle(), QGuiApplication.clipboard().text()]
    for widget in window.findChildren(QWidget):
        found = QAccessible.queryAccessibleInterface(widget)
        met += [found.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description)]
        met += [found.text(kind) for kind in (QAccessible.Text.Value, QAccessible.Text.Help)]
    assert "已按 4 位" in met
    assert [text for text in met if "4826" in text.replace(" ", "")] == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "en"])
@pytest.mark.parametrize("glass", GLASSES)
def test_it_fits(new_window: Callable[..., KioskWindow], glass: str, language: str) -> None:
    window = new_window(GLASSES[glass])
    for size in sizes():
        for groups in GROUPS:
            window.show_screen(masked("48260", groups, size=size, language=language))
            assert faults(window) == []
