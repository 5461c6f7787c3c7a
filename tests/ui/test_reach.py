"""What can be pressed stands in the lower half, or at the left, for who asks for it; what is read makes room.

That everything fits there, `test_every_step.py` shows.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.audit.matrix import FULL, GLASSES
from kiosk.folders import cache_directory
from kiosk.typing_engine import open_engine
from petition.events import CommandGiven, DigitsEdited
from petition.screen import Fact, Screen
from petition.script.book import STEPS
from petition.steps import Command, Input, Layout
from tests.kiosk.typing_support import tables_of_this_run
from tests.ui.conftest import LANDSCAPE, PORTRAIT, SMALL, Clock
from tests.ui.screens import LONG_NOTICE, rating, shown, with_answers
from tests.ui.sparing import a_tenth_of
from tests.ui.test_any_screen import screens
from tests.ui.test_keyboard import Desk
from ui.arrange import visible_boxes
from ui.audit import faults, highest_control
from ui.layouts.choices import Turned
from ui.layouts.digits import NumberPad
from ui.layouts.stage import LEFT, LOW
from ui.layouts.type_text import TypeText
from ui.layouts.welcome import Welcome
from ui.look import Glass
from ui.page import Page
from ui.widgets.control import Control
from ui.widgets.foot import Foot
from ui.widgets.pictures import Sheet
from ui.window import KioskWindow

WAYS = (
    ("landscape", "larger", "zh_Hans"),
    ("landscape", "largest", "en"),
    ("portrait", "normal", "en"),
    ("portrait", "largest", "zh_Hans"),
    ("small", "larger", "zh_Hant"),
)
MIDDLE = 0.5
NEARLY = 0.46
"""Five rows of keys, each as high as a finger needs, are a little more than half of a 21-inch glass that lies."""


def at(reach: str, made: Screen) -> Screen:
    return replace(made, reach=reach)


def page(window: KioskWindow) -> Page:
    assert window.page is not None
    return window.page


def box(window: KioskWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(page(window), QPoint()), widget.size())


def places(window: KioskWindow) -> dict[str, QRect]:
    """Return where everything to press stands, by its name."""
    return {c.text() or c.accessibleName(): box(window, c) for c in page(window).controls()}


def sheet(window: KioskWindow) -> QRect:
    """Return where the sheet of words stands."""
    return next(found for _, found in visible_boxes(page(window), Sheet))


# -- low ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("glass", "size", "language", "help_shown"),
    [
        pytest.param(*shown_so, help_shown, marks=() if help_shown is (turn % 2 == 1) else pytest.mark.slow)
        for turn, shown_so in enumerate(WAYS)
        for help_shown in (False, True)
    ],
)
def test_everything_to_press_stands_in_the_lower_half(
    new_window: Callable[..., KioskWindow], glass: str, size: str, language: str, help_shown: bool
) -> None:
    window = new_window(GLASSES[glass])
    for step, made in STEPS.items():
        window.show_screen(at(LOW, shown(step, language=language, size=size, help_shown=help_shown)))
        least = NEARLY if glass == "small" and made.takes is Input.TEXT else MIDDLE
        assert highest_control(window) >= least, step


@pytest.mark.slow
def test_nothing_to_press_ever_stands_higher_than_it_would_else(new_window: Callable[..., KioskWindow]) -> None:
    for name, glass in GLASSES.items():
        window = new_window(glass)
        for size, language in sorted({(way.size, way.language) for way in FULL}):
            for step in STEPS:
                made = shown(step, language=language, size=size)
                window.show_screen(made)
                usual = highest_control(window)
                window.show_screen(at(LOW, made))
                assert highest_control(window) >= min(usual, MIDDLE), (name, size, language, step)


@pytest.mark.parametrize("glass", [LANDSCAPE, PORTRAIT])
def test_nothing_read_from_is_smaller_for_it(new_window: Callable[..., KioskWindow], glass: Glass) -> None:
    window = new_window(glass)
    for step in ("contact_phone", "type_text", "review", "receipt", "progress_result"):
        window.show_screen(at(LOW, shown(step, size="largest")))
        body = page(window).look.em()
        for control in page(window).controls():
            assert all(lines.font.pixelSize() >= body for lines in control.all_lines()), (step, control.text())


@pytest.mark.parametrize(
    ("glass", "size", "step", "count"),
    a_tenth_of(
        (("landscape", "larger"), ("portrait", "largest")),
        ("silent", "review", "call_staff", "kind"),
        (1, 2, 3, 5, 7, 9),
        every=7,
    ),
)
def test_any_number_of_answers_stands_there(
    new_window: Callable[..., KioskWindow], glass: str, size: str, step: str, count: int
) -> None:
    window = new_window(GLASSES[glass])
    window.show_screen(at(LOW, with_answers(shown(step, size=size), count)))
    assert faults(window) == []
    assert highest_control(window) >= MIDDLE


@pytest.mark.parametrize("glass", GLASSES)
def test_faces_stand_there(new_window: Callable[..., KioskWindow], glass: str) -> None:
    window = new_window(GLASSES[glass])
    window.show_screen(at(LOW, rating()))
    assert faults(window) == []
    assert highest_control(window) >= MIDDLE


@pytest.mark.parametrize("step", ["privacy_more", "review"])
@pytest.mark.parametrize("glass", [LANDSCAPE, PORTRAIT])
def test_a_long_text_has_pages_and_the_keys_that_turn_them_stand_there(
    new_window: Callable[..., KioskWindow], glass: Glass, step: str
) -> None:
    window = new_window(glass)
    made, long = shown(step, size="largest"), LONG_NOTICE * 2
    window.show_screen(at(LOW, replace(made, text=long) if made.text else replace(made, body=long)))
    turning = [control for control in page(window).controls() if isinstance(control.act, Turned)]
    assert len(turning) == 2
    assert faults(window) == []
    assert highest_control(window) >= MIDDLE
    before = window.grab().toImage()
    turning[1].click()
    assert window.grab().toImage() != before


def test_facts_that_do_not_fit_have_pages_and_their_keys_stand_there(window: KioskWindow) -> None:
    crowd = tuple(Fact(name=f"第{n}件", value="和平里三号楼二单元的楼道灯坏了，请物业派人来修。" * 2) for n in range(5))
    window.show_screen(at(LOW, replace(shown("progress_result", size="largest"), facts=crowd)))
    assert faults(window) == []
    assert highest_control(window) >= MIDDLE
    turning = [control for control in page(window).controls() if isinstance(control.act, Turned)]
    before = window.grab().toImage()
    turning[1].click()
    assert window.grab().toImage() != before


def test_the_caption_stands_over_the_words_of_a_lying_glass_and_by_the_footer_of_an_upright_one(
    new_window: Callable[..., KioskWindow],
) -> None:
    for glass, at_the_top in ((LANDSCAPE, True), (PORTRAIT, False), (SMALL, True)):
        window = new_window(glass)
        window.show_screen(at(LOW, shown("review")))
        assert (page(window).caption.sentence.y() < page(window).title.y()) is at_the_top
        window.show_screen(shown("review"))
        assert page(window).caption.sentence.y() > page(window).title.y()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=screens, reach=st.sampled_from([LOW, LEFT, "anywhere"]))
def test_any_screen_can_be_shown_there(window: KioskWindow, made: Screen, reach: str) -> None:
    window.show_screen(at(reach, made))
    assert {f.label for f in made.footer} <= {c.text() for c in page(window).controls()}
    assert not window.grab().isNull()


@pytest.mark.parametrize("reach", [LOW, LEFT])
@pytest.mark.parametrize("layout", list(Layout))
def test_a_layout_without_any_answer_is_shown_there_too(window: KioskWindow, layout: Layout, reach: str) -> None:
    crowd = (Fact(name="", value="字\n" * 30),) * 3
    bare = replace(shown("review", size="largest"), layout=layout, buttons=(), text="", facts=crowd)
    window.show_screen(at(reach, replace(bare, title="字" * 60, body="字\n" * 30)))
    assert page(window).findChildren(Control)


def test_the_audit_tells_how_high_one_must_reach(window: KioskWindow) -> None:
    window.show_screen(shown("review"))
    first = page(window).controls()[0]
    first.move(first.x(), 108)
    assert highest_control(window) == pytest.approx(108 / LANDSCAPE.height_px)


# -- left --------------------------------------------------------------------------------------------------------------


def test_answers_stand_left_of_the_words(window: KioskWindow) -> None:
    for reach, answers_first in (("usual", False), (LEFT, True)):
        window.show_screen(at(reach, shown("proxy_consent")))
        names = [button.label for button in shown("proxy_consent").buttons]
        assert all((places(window)[name].right() < sheet(window).left()) is answers_first for name in names)


def test_on_the_keyboards_screen_answers_stand_left_of_what_is_written(window: KioskWindow) -> None:
    window.show_screen(at(LEFT, shown("type_text")))
    layout = page(window).layout_shown
    assert isinstance(layout, TypeText)
    assert all(box(window, answer).right() < sheet(window).left() for answer in layout.choices.answers)


def test_the_number_pad_stands_left_of_the_number(window: KioskWindow) -> None:
    window.show_screen(at(LEFT, shown("contact_phone")))
    layout = page(window).layout_shown
    assert isinstance(layout, NumberPad)
    assert all(box(window, key).right() < sheet(window).left() for key in layout.keys)
    assert places(window)["1"].left() < places(window)["3"].left()  # as on every other pad


def test_the_small_answers_of_the_welcome_come_to_the_left(window: KioskWindow) -> None:
    window.show_screen(at(LEFT, shown("welcome")))
    layout = page(window).layout_shown
    assert isinstance(layout, Welcome)
    tile = box(window, layout.hero.answers[0])
    assert all(box(window, answer).right() < tile.left() for answer in layout.others.answers)


@pytest.mark.parametrize("glass", [LANDSCAPE, PORTRAIT])
def test_calling_somebody_is_the_leftmost_of_the_footer(new_window: Callable[..., KioskWindow], glass: Glass) -> None:
    window = new_window(glass)
    window.show_screen(at(LEFT, shown("kind")))
    feet = [control for control in page(window).controls() if isinstance(control, Foot)]
    assert feet[0].act == CommandGiven(command=Command.CALL_STAFF)
    assert [foot.x() for foot in feet] == sorted(foot.x() for foot in feet)  # keys come to them as they stand


@pytest.mark.parametrize("step", ["settings", "kind", "review"])
def test_answers_keep_the_order_of_their_numbers(window: KioskWindow, step: str) -> None:
    window.show_screen(at(LEFT, shown(step)))
    found = places(window)
    stand = [(found[button.label].y(), found[button.label].x()) for button in shown(step).buttons]
    assert stand == sorted(stand)


# -- changing ----------------------------------------------------------------------------------------------------------


def test_it_changes_at_once_and_keeps_what_was_keyed_and_where_the_focus_is(
    window: KioskWindow, posted: list[object]
) -> None:
    made = replace(shown("contact_phone"), digits="138")
    window.show_screen(made)
    QTest.keyClick(window, Qt.Key.Key_Tab)
    focused = window.focusWidget()
    assert isinstance(focused, Control)
    window.show_screen(at(LOW, made))
    assert highest_control(window) >= MIDDLE
    again = window.focusWidget()
    assert isinstance(again, Control)
    assert again is not focused
    assert again.act == focused.act
    QTest.keyClicks(window, "5")
    assert posted[-1] == DigitsEdited(digits="1385")


def test_it_keeps_what_is_being_written(application: QApplication, clock: Clock) -> None:
    assert application is not None
    tables_of_this_run()
    desk = Desk({"zh_Hans": open_engine(cache=cache_directory())}, clock)
    desk.begin(text="灯坏了")
    desk.tap("笔画", "横", "撇")
    for reach in (LOW, LEFT, "usual"):
        desk.show(at(reach, desk.screen))
        assert desk.sheet == "灯坏了一丿"
    desk.tap("竖")
    assert desk.sheet == "灯坏了一丿丨"
    desk.close()
