"""While somebody is called the edge of the glass flashes: seen from afar, harmless, and in nobody's way."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication

from kiosk.audit.matrix import GLASSES, PAIRWISE, Way
from petition.events import ChoicePressed, ControlReached, ScreenTouched
from petition.script.book import STEPS
from tests.ui.conftest import PORTRAIT, SMALL, Clock
from tests.ui.screens import shown
from tests.ui.test_curtain import covered, middle, opener, touch
from tests.ui.test_window import page
from ui.audit import contrast, faults
from ui.look import Glass, themes, tokens
from ui.widgets.alarm import PHASE_MILLISECONDS, Alarm
from ui.widgets.control import Control
from ui.widgets.focus_ring import FocusRing
from ui.window import KioskWindow

MOST_FLASHES_A_SECOND = 3
"""WCAG 2.3.1."""
LEAST_CONTRAST = 3.0
LONG_ENOUGH = 1.0
PATIENCE_MILLISECONDS = 60_000


def alarm(window: KioskWindow) -> Alarm:
    assert window.alarm is not None
    return window.alarm


def seen(window: KioskWindow) -> QImage:
    return window.grab().toImage()


def corners(image: QImage) -> list[QColor]:
    right, low = image.width() - 2, image.height() - 2
    return [image.pixelColor(*place) for place in product((1, right), (1, low))]


def millimetres(window: KioskWindow) -> float:
    return alarm(window).within.left() / page(window).look.glass.px_per_mm


# -- how it looks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", themes())
def test_lit_it_stands_out_from_the_paper_and_unlit_it_does_not(window: KioskWindow, theme: str) -> None:
    made = shown("call_staff", theme=theme)
    window.show_screen(made)
    paper = corners(seen(window))
    window.show_screen(replace(made, alarm=True))
    lit = corners(seen(window))
    assert all(contrast(a.name(), b.name()) >= LEAST_CONTRAST for a, b in zip(lit, paper, strict=True))
    alarm(window).turn()
    assert corners(seen(window)) == paper
    edge = alarm(window).within.left()
    line = seen(window).pixelColor(edge - 2, window.height() // 2)
    assert contrast(line.name(), tokens()["themes"][theme]["bg"]) >= LEAST_CONTRAST  # where it was
    alarm(window).turn()
    assert corners(seen(window)) == lit


@pytest.mark.parametrize(("glass", "least_mm"), [("landscape", 7.9), ("small", 7.9), ("portrait", 5.9)])
def test_it_is_wide_enough_for_a_hall(new_window: Callable[..., KioskWindow], glass: str, least_mm: float) -> None:
    window = new_window(GLASSES[glass])
    window.show_screen(replace(shown("call_staff"), alarm=True))
    assert millimetres(window) >= least_mm


def test_it_flashes_at_a_pace_that_harms_nobody(new_window: Callable[..., KioskWindow]) -> None:
    window = new_window(reduced_motion=False)
    window.show_screen(replace(shown("call_staff"), alarm=True))
    assert alarm(window).flashing
    assert 1000 / (2 * PHASE_MILLISECONDS) <= MOST_FLASHES_A_SECOND
    before = alarm(window)
    before.turn()
    window.show_screen(replace(shown("kind", theme="dark"), alarm=True))
    assert alarm(window) is before  # a new page begins no new flash
    assert not before.lit


def test_it_turns_by_itself(new_window: Callable[..., KioskWindow]) -> None:
    window = new_window(reduced_motion=False)
    window.show_screen(replace(shown("call_staff"), alarm=True))
    timer = alarm(window).findChild(QTimer)
    assert isinstance(timer, QTimer)
    turns = QSignalSpy(timer.timeout)
    for lit in (False, True):
        assert turns.wait(PATIENCE_MILLISECONDS)
        assert alarm(window).lit is lit


def test_for_who_wants_nothing_to_move_it_stands_still_and_lit(window: KioskWindow) -> None:
    window.show_screen(replace(shown("call_staff"), alarm=True))
    assert alarm(window).lit
    assert not alarm(window).flashing


def test_it_lies_above_the_curtain_and_above_a_page_that_fades(new_window: Callable[..., KioskWindow]) -> None:
    window = new_window(reduced_motion=False)
    window.show_screen(covered("review"))
    paper = corners(seen(window))
    window.show_screen(replace(covered("kind"), alarm=True))
    assert faults(window) == []
    lit = corners(seen(window))
    assert not set(map(QColor.name, lit)) & set(map(QColor.name, paper))
    window.show_screen(replace(shown("review"), alarm=True))
    window.show_screen(replace(shown("kind"), alarm=True))
    assert corners(seen(window)) == lit


# -- when nobody is called ---------------------------------------------------------------------------------------------


def test_without_it_nothing_of_it_is_there(new_window: Callable[..., KioskWindow], application: QApplication) -> None:
    window = new_window(reduced_motion=False)
    window.show_screen(shown("call_staff"))
    timers = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
    bare = seen(window)
    for forgotten in (False, True):
        window.show_screen(replace(shown("call_staff"), alarm=True))
        assert len([timer for timer in window.findChildren(QTimer) if timer.isActive()]) > len(timers)
        if forgotten:
            window.wipe()
        else:
            window.show_screen(shown("call_staff"))
        assert window.alarm is None
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert window.findChildren(Alarm) == []
    window.show_screen(shown("call_staff"))
    assert seen(window) == bare
    assert {id(t) for t in window.findChildren(QTimer) if t.isActive()} <= {*map(id, timers), id(window._collect)}


def test_it_comes_and_goes_without_a_new_page(window: KioskWindow) -> None:
    window.show_screen(shown("call_staff"))
    before = page(window)
    QTest.keyClick(window, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    window.show_screen(replace(shown("call_staff"), alarm=True))
    window.show_screen(shown("call_staff"))
    assert page(window) is before
    assert QApplication.focusWidget() is focused


# -- what it must not be in the way of ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("way", sorted(PAIRWISE), ids="-".join)
def test_nothing_lies_under_it_and_nothing_steps_back_for_it(new_window: Callable[..., KioskWindow], way: Way) -> None:
    window = new_window(GLASSES[way.glass])
    for step, help_shown in product(STEPS, (False, True)):
        made = shown(step, language=way.language, size=way.size, theme=way.theme, help_shown=help_shown)
        made = replace(made, reach=way.reach)
        window.show_screen(made)
        room = page(window).room
        window.show_screen(replace(made, alarm=True))
        assert faults(window) == [], step
        if not made.agent:  # who is signed in stands below the edge, whose height that takes
            assert page(window).room == room, (step, help_shown)


@pytest.mark.parametrize("glass", [SMALL, PORTRAIT], ids=["small", "portrait"])
@pytest.mark.parametrize(("size", "step"), [("larger", "call_staff"), ("largest", "progress_cached")])
def test_the_focus_ring_stays_clear_of_it(
    new_window: Callable[..., KioskWindow], glass: Glass, size: str, step: str
) -> None:
    window = new_window(glass)
    window.show_screen(replace(shown(step, size=size, language="en"), alarm=True))
    ring = page(window).findChild(FocusRing)
    assert isinstance(ring, FocusRing)
    for _ in page(window).controls():
        QTest.keyClick(window, Qt.Key.Key_Tab)
        assert alarm(window).within.contains(QRect(ring.mapTo(window, QPoint()), ring.size()))


def test_what_is_found_under_it_is_told(window: KioskWindow) -> None:
    window.show_screen(replace(shown("call_staff"), alarm=True))
    first: Control = page(window).controls()[0]
    first.move(1, first.y())
    assert any("under the alarm" in fault for fault in faults(window))


def test_a_touch_goes_through_it(window: KioskWindow, posted: list[object], clock: Clock) -> None:
    window.show_screen(replace(shown("call_staff"), alarm=True))
    first = page(window).controls()[0]
    touch(window, middle(window, first))
    clock.pass_by(LONG_ENOUGH)
    touch(window, QPoint(2, 2))
    assert posted == [first.act, ScreenTouched()]


def test_who_looks_around_with_a_finger_may_begin_on_it(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(replace(shown("kind"), alarm=True))
    handle, first = window.windowHandle(), page(window).controls()[0]
    assert handle is not None
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(handle, left, none, QPoint(2, 2))
    QTest.mouseMove(handle, middle(window, first))
    QTest.mouseRelease(handle, left, none, middle(window, first))
    assert posted == [ScreenTouched(), ControlReached(act=ChoicePressed(choice_id=shown("kind").buttons[0].id))]


def test_the_button_of_the_curtain_is_pressed_beneath_it(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(replace(covered("review"), alarm=True))
    touch(window, middle(window, opener(window)))
    assert posted == [opener(window).act]


def test_it_is_as_large_as_the_glass_becomes(window: KioskWindow) -> None:
    window.show_screen(replace(shown("call_staff"), alarm=True))
    window.resize(1280, 1024)
    assert alarm(window).size() == page(window).size()
    assert faults(window) == []
