"""With the curtain drawn nobody can read along, and whoever goes by ear goes on as before."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.audit.matrix import GLASSES
from petition.events import ChoicePressed, CommandGiven, ControlReached, NumberPressed, ScreenTouched, TextEdited
from petition.model import Language
from petition.pad import Movement
from petition.screen import Curtain, Screen
from petition.script.book import STEPS
from petition.steps import Command
from tests.ui.conftest import Clock
from tests.ui.screens import shown
from ui.audit import faults, highest_control
from ui.look import sizes, themes
from ui.page import Page
from ui.widgets.answer import Answer
from ui.widgets.control import Control
from ui.window import KioskWindow

DRAWN = {
    "zh_Hans": Curtain(text="屏幕遮住了，我念给您听。", label="打开屏幕", icon="eye"),
    "zh_Hant": Curtain(text="螢幕遮住了，我唸給您聽。", label="打開螢幕", icon="eye"),
    "en": Curtain(text="The screen is covered. I will read to you.", label="Show the screen", icon="eye"),
}
OPENED = CommandGiven(command=Command.SHOW_SCREEN)
LONG_ENOUGH = 1.0
F13 = 183
"""A key of a pad, as Linux numbers keys."""


def covered(step: str, *, language: str = "zh_Hans", size: str = "larger", theme: str = "light") -> Screen:
    """Return a step beneath the curtain; its caption says the same on every step."""
    made, said = shown(step, language=language, size=size, theme=theme), shown("review", language=language).caption
    return replace(made, curtain=DRAWN[language], caption=said)


def page(window: KioskWindow) -> Page:
    assert window.page is not None
    return window.page


def opener(window: KioskWindow) -> Answer:
    assert window.curtain is not None
    return window.curtain.button


def seen(window: KioskWindow) -> QImage:
    return window.grab().toImage()


def touch(window: KioskWindow, place: QPoint) -> None:
    """Touch the glass where it is touched, whatever stands there."""
    handle = window.windowHandle()
    assert handle is not None
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def middle(window: KioskWindow, control: Control) -> QPoint:
    return control.mapTo(window, control.rect().center())


# -- what can be seen --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", themes())
def test_every_step_looks_the_same(window: KioskWindow, theme: str) -> None:
    window.show_screen(covered("review", theme=theme))
    curtain = seen(window)
    window.show_screen(replace(covered("review", theme=theme), curtain=None))
    assert seen(window) != curtain
    for step in set(STEPS) - {"idle_warning"}:
        # That somebody is called, or that a camera looks, is seen from afar all the same, and tells nothing of the visit.
        window.show_screen(replace(covered(step, theme=theme), alarm=False, camera=""))
        assert seen(window) == curtain, step


def test_what_is_said_marked_and_heard_is_not_seen(window: KioskWindow) -> None:
    window.show_screen(covered("review"))
    curtain = seen(window)
    made = covered("recording")
    window.show_screen(replace(made, text="我住三号楼", caption=replace(made.caption, text="我住三号楼")))
    window.mark_word(0, 3)
    window.show_level(0.9)
    assert seen(window) == curtain


def test_the_focus_on_the_page_is_not_seen_and_that_on_the_button_is(window: KioskWindow) -> None:
    window.show_screen(covered("review"))
    curtain = seen(window)
    QTest.keyClick(window, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is page(window).controls()[0]
    assert seen(window) == curtain
    QTest.keyClick(window, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is opener(window)
    assert seen(window) != curtain


def test_no_page_fades_into_view_or_out_of_it(new_window: Callable[..., KioskWindow]) -> None:
    window = new_window(reduced_motion=False)
    window.show_screen(covered("review"))
    curtain = seen(window)
    window.show_screen(replace(covered("kind"), curtain=None))
    bare = seen(window)
    window.show_screen(covered("review"))
    assert seen(window) == curtain
    window.show_screen(replace(covered("kind"), curtain=None))
    assert seen(window) == bare  # nothing of the page that was covered


def test_a_page_that_was_fading_away_is_gone_at_once(new_window: Callable[..., KioskWindow]) -> None:
    window = new_window(reduced_motion=False)
    window.show_screen(replace(covered("review"), curtain=None))
    window.show_screen(replace(covered("kind"), curtain=None))
    window.show_screen(covered("kind"))
    fading = seen(window)
    window.show_screen(covered("review"))
    assert seen(window) == fading


def test_the_ear_and_what_is_being_done_show_and_what_is_said_does_not(window: KioskWindow) -> None:
    made = covered("review")
    window.show_screen(made)
    closed = seen(window)
    window.show_screen(replace(made, caption=replace(made.caption, listening=True)))
    assert seen(window) != closed
    window.show_screen(replace(made, caption=shown("recording").caption))
    assert window.curtain is not None
    assert window.curtain.word.text() == shown("recording").caption.word
    assert window.curtain.ear.text() == shown("recording").caption.ear


def test_the_idle_warning_counts_on_the_curtain(window: KioskWindow) -> None:
    made = covered("idle_warning")
    window.show_screen(made)
    before = seen(window)
    assert window.curtain is not None
    assert window.curtain.title.text() == made.title
    window.show_screen(replace(made, seconds_left=made.seconds_left - 1))
    assert seen(window) != before
    window.show_screen(covered("review"))
    assert not window.curtain.seconds.isVisible()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("glass", GLASSES)
def test_it_fits_and_its_button_is_low(new_window: Callable[..., KioskWindow], glass: str, language: str) -> None:
    window = new_window(GLASSES[glass])
    for size in sizes():
        for step in ("review", "recording", "idle_warning"):
            window.show_screen(covered(step, language=language, size=size))
            assert faults(window) == [], (step, size)
            assert highest_control(window) >= 0.5


def test_what_is_wrong_with_a_curtain_is_found(window: KioskWindow) -> None:
    window.show_screen(covered("review"))
    opener(window).resize(10, 10)
    assert any(DRAWN["zh_Hans"].label in fault for fault in faults(window))


# -- what can be done --------------------------------------------------------------------------------------------------


def test_touching_the_button_opens(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(covered("review"))
    touch(window, middle(window, opener(window)))
    assert posted == [OPENED]


def test_touching_where_something_stands_beneath_only_says_that_somebody_is_there(
    window: KioskWindow, posted: list[object], clock: Clock
) -> None:
    window.show_screen(covered("kind"))
    face = opener(window).geometry()
    beneath = [middle(window, control) for control in page(window).controls()]
    beside = [place for place in beneath if not face.contains(place)]
    assert beside
    for place in beside:
        clock.pass_by(LONG_ENOUGH)
        touch(window, place)
    assert posted == [ScreenTouched()] * len(beside)


def test_keys_press_what_is_beneath(window: KioskWindow, posted: list[object], clock: Clock) -> None:
    window.show_screen(covered("kind"))
    first = ChoicePressed(choice_id=shown("kind").buttons[0].id)
    QTest.keyClick(window, Qt.Key.Key_Tab)
    QTest.keyClick(window, Qt.Key.Key_Return)
    clock.pass_by(LONG_ENOUGH)
    QTest.keyClicks(window, "2")
    clock.pass_by(LONG_ENOUGH)
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert posted == [ControlReached(act=first), first, NumberPressed(number=2), CommandGiven(command=Command.HELP)]


def test_keys_come_to_everything_beneath_and_last_to_the_button(
    window: KioskWindow, posted: list[object], clock: Clock
) -> None:
    window.show_screen(covered("review"))
    controls = page(window).controls()
    for _ in range(len(controls) + 1):
        QTest.keyClick(window, Qt.Key.Key_Tab)
    acts = [event.act for event in posted if isinstance(event, ControlReached)]
    assert acts == [*(control.act for control in controls), OPENED]
    clock.pass_by(LONG_ENOUGH)
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert posted[-1] == OPENED
    QTest.keyClick(window, Qt.Key.Key_Tab)
    assert posted[-1] == posted[0]


def test_what_is_typed_beneath_is_posted_and_stays(window: KioskWindow, posted: list[object]) -> None:
    made = replace(shown("type_text", language="en"), text="")
    window.show_screen(made)
    before = page(window)
    window.show_screen(replace(made, curtain=DRAWN["en"]))
    QTest.keyClicks(window, "ok")
    assert posted[-1] == TextEdited(text="ok")
    window.show_screen(replace(made, text="ok"))
    assert window.curtain is None
    assert page(window) is before


def test_a_screen_reader_still_meets_the_whole_page_and_the_button(window: KioskWindow) -> None:
    made = covered("review")
    window.show_screen(made)
    told = {}
    for control in (*page(window).controls(), opener(window)):
        met = QAccessible.queryAccessibleInterface(control)
        told[met.text(QAccessible.Text.Name)] = met.state()
    assert set(told) == {b.label for b in made.buttons} | {f.label for f in made.footer} | {DRAWN["zh_Hans"].label}
    assert not any(state.invisible or state.disabled for state in told.values())


# -- drawing and opening -----------------------------------------------------------------------------------------------


def test_who_opened_it_by_keys_goes_on_at_the_first_answer(window: KioskWindow) -> None:
    window.show_screen(covered("review"))
    QTest.keyClick(window, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is opener(window)
    window.show_screen(replace(covered("review"), curtain=None))
    assert QApplication.focusWidget() is page(window).controls()[0]


def test_whose_keys_are_on_the_button_stays_there_from_step_to_step(window: KioskWindow) -> None:
    window.show_screen(covered("review"))
    QTest.keyClick(window, Qt.Key.Key_Up)
    window.show_screen(covered("kind", size="largest"))
    assert QApplication.focusWidget() is opener(window)


def test_it_is_redrawn_in_another_size_and_on_another_glass(window: KioskWindow) -> None:
    window.show_screen(covered("review"))
    first = seen(window)
    window.show_screen(covered("review", size="largest"))
    assert seen(window) != first
    window.resize(1280, 1024)
    assert window.curtain is not None
    assert window.curtain.size() == page(window).size()
    assert faults(window) == []


def test_nothing_of_it_is_left_after_a_visit(window: KioskWindow) -> None:
    window.show_screen(covered("review"))
    window.wipe()
    assert window.curtain is None
    window.show_screen(shown("welcome"))
    bare = seen(window)
    window.show_screen(replace(shown("welcome"), curtain=DRAWN["zh_Hans"]))
    assert seen(window) != bare


def test_a_pad_works_beneath(new_window: Callable[..., KioskWindow], posted: list[object]) -> None:
    window = new_window(pad={F13: Movement.NEXT})
    window.show_screen(covered("kind"))
    QApplication.sendEvent(
        window, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_F20, Qt.KeyboardModifier.NoModifier, F13 + 8, 0, 0)
    )
    assert posted == [ControlReached(act=ChoicePressed(choice_id=shown("kind").buttons[0].id))]
