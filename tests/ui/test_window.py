"""What is touched and keyed is posted, once; what is shown changes in place; what was shown can be forgotten."""

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from petition.events import (
    ChoicePressed,
    CommandGiven,
    ControlReached,
    DigitsEdited,
    NumberPressed,
    ScreenTouched,
    TextEdited,
)
from petition.pad import pad_keys
from petition.screen import CaptionState, Screen
from petition.script.book import STEPS
from petition.steps import Command, Input
from tests.ui.conftest import Clock
from tests.ui.screens import shown
from ui.audit import faults
from ui.page import Page
from ui.widgets.answer import Answer
from ui.widgets.control import Control
from ui.widgets.text import Text
from ui.window import KioskWindow

LONG_ENOUGH = 1.0
MOVED_THROUGH = [name for name in STEPS if STEPS[name].takes is not Input.KEYS]
"""Steps where keys do what they are for."""


def page(window: KioskWindow) -> Page:
    assert window.page is not None
    return window.page


def control(window: KioskWindow, name: str) -> Control:
    return next(c for c in page(window).controls() if name in (c.text(), c.accessibleName()))


def touch(window: KioskWindow, name: str) -> None:
    QTest.mouseClick(control(window, name), Qt.MouseButton.LeftButton)


def texts(window: KioskWindow) -> list[str]:
    return [t.text() for t in page(window).findChildren(Text) if t.isVisibleTo(page(window)) and t.text()]


# -- pressing ----------------------------------------------------------------------------------------------------------


def test_touching_an_answer_posts_it(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(shown("review"))
    touch(window, "对，提交")
    assert posted == [ChoicePressed(choice_id="send")]


def test_touching_the_footer_gives_its_command(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(shown("review"))
    touch(window, "叫工作人员")
    assert posted == [CommandGiven(command=Command.CALL_STAFF)]


@pytest.mark.parametrize("name", STEPS)
def test_everything_that_can_be_pressed_is_posted(
    window: KioskWindow, posted: list[object], clock: Clock, name: str
) -> None:
    made = shown(name)
    window.show_screen(made)
    for one in page(window).controls():
        clock.pass_by(LONG_ENOUGH)
        one.click()
    pressed = {event.choice_id for event in posted if isinstance(event, ChoicePressed)}
    given = {event.command for event in posted if isinstance(event, CommandGiven)}
    assert pressed == {button.id for button in made.buttons}
    assert given == {footer.command for footer in made.footer}


def test_touching_nothing_says_that_somebody_is_there(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(shown("review"))
    QTest.mouseClick(page(window), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert posted == [ScreenTouched()]


def test_a_trembling_hand_presses_once(window: KioskWindow, posted: list[object], clock: Clock) -> None:
    window.show_screen(shown("review"))
    touch(window, "对，提交")
    clock.pass_by(0.2)
    touch(window, "对，提交")
    assert len(posted) == 1
    clock.pass_by(0.2)
    touch(window, "对，提交")
    assert len(posted) == 2


def test_a_second_tap_does_not_press_what_came_in_its_place(
    window: KioskWindow, posted: list[object], clock: Clock
) -> None:
    window.show_screen(shown("review"))
    touch(window, "对，提交")
    window.show_screen(shown("receipt"))
    clock.pass_by(0.2)
    touch(window, "办完了")
    assert posted == [ChoicePressed(choice_id="send")]


def test_two_different_answers_soon_after_each_other_are_both_meant(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(shown("settings_text"))
    touch(window, "大字")
    touch(window, "最大的字")
    assert posted == [ChoicePressed(choice_id="large"), ChoicePressed(choice_id="largest")]


# -- keys --------------------------------------------------------------------------------------------------------------


def test_digits_choose_by_place_and_nought_calls_staff(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(shown("kind"))
    QTest.keyClicks(window, "30")
    assert posted == [NumberPressed(number=3), CommandGiven(command=Command.CALL_STAFF)]


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Qt.Key.Key_Escape, Command.BACK),
        (Qt.Key.Key_Back, Command.BACK),
        (Qt.Key.Key_F1, Command.HELP),
        (Qt.Key.Key_Home, Command.HOME),
    ],
)
def test_keys_give_commands(window: KioskWindow, posted: list[object], key: Qt.Key, command: Command) -> None:
    window.show_screen(shown("kind"))
    QTest.keyClick(window, key)
    assert posted == [CommandGiven(command=command)]


def test_on_a_digit_step_keys_write_the_number(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(replace(shown("contact_phone"), digits="13800138"))
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    QTest.keyClicks(window, "95")
    assert posted == [
        DigitsEdited(digits="1380013"),
        DigitsEdited(digits="13800139"),
        DigitsEdited(digits="138001395"),
    ]


def test_star_and_hash_press_the_answers_that_carry_them(
    window: KioskWindow, posted: list[object], clock: Clock
) -> None:
    for name, first, second in (("contact_phone", "done", "skip"), ("type_text", "done", "speak")):
        posted.clear()
        window.show_screen(shown(name))
        clock.pass_by(LONG_ENOUGH)
        QTest.keyClicks(window, "#")
        QTest.keyClicks(window, "*")
        assert posted == [ChoicePressed(choice_id=first), ChoicePressed(choice_id=second)]


def test_the_number_pad_writes_deletes_and_clears(window: KioskWindow, posted: list[object], clock: Clock) -> None:
    window.show_screen(replace(shown("progress_code"), digits="12"))
    for key in ("3", "退格", "清空"):
        clock.pass_by(LONG_ENOUGH)
        touch(window, key)
    assert [event.digits for event in posted if isinstance(event, DigitsEdited)] == ["123", "12", ""]


def test_the_same_digit_twice_in_a_hurry_is_two_digits(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(replace(shown("progress_code"), digits=""))
    touch(window, "4")
    touch(window, "4")
    assert posted[-1] == DigitsEdited(digits="44")


def test_no_more_digits_than_the_number_has(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(replace(shown("progress_code"), digits="123456"))
    QTest.keyClicks(window, "7")
    assert posted[-1] == DigitsEdited(digits="123456")


def test_on_a_typing_step_digits_do_not_choose_answers(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(shown("type_text"))
    QTest.keyClicks(window, "1")
    assert not [event for event in posted if isinstance(event, NumberPressed)]


def test_what_is_typed_is_posted(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(replace(shown("type_text", language="en"), text=""))
    page(window).layout_shown.keyboard.edited.emit("hello")  # type: ignore[attr-defined]  # a typing page has one
    assert posted == [TextEdited(text="hello")]


# -- focus -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (name, key)
        for name in MOVED_THROUGH
        for key in (Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Right)
        if key is not Qt.Key.Key_Down or STEPS[name].takes is not Input.TEXT  # a keyboard has rows to go down
    ],
)
def test_one_key_goes_through_everything_and_comes_round_again(window: KioskWindow, name: str, key: Qt.Key) -> None:
    window.show_screen(shown(name))
    controls = page(window).controls()
    seen = []
    for _ in controls:
        QTest.keyClick(QApplication.focusWidget() or window, key)
        seen.append(QApplication.focusWidget())
    assert seen == controls
    QTest.keyClick(QApplication.focusWidget() or window, key)
    assert QApplication.focusWidget() is controls[0]


def test_backtab_and_up_go_the_other_way(window: KioskWindow) -> None:
    window.show_screen(shown("kind"))
    controls = page(window).controls()
    QTest.keyClick(window, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is controls[-1]
    QTest.keyClick(controls[-1], Qt.Key.Key_Up)
    assert QApplication.focusWidget() is controls[-2]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_press_what_has_the_focus(window: KioskWindow, posted: list[object], key: Qt.Key) -> None:
    window.show_screen(shown("review"))
    QTest.keyClick(window, Qt.Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget() or window, key)
    assert posted == [ControlReached(act=ChoicePressed(choice_id="send")), ChoicePressed(choice_id="send")]


def test_what_keys_come_to_is_posted_answers_and_commands_alike(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(shown("kind"))
    for _ in page(window).controls():
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
    acts = [event.act for event in posted if isinstance(event, ControlReached)]
    assert acts == [control.act for control in page(window).controls()]


def press_pad(window: KioskWindow, scan_code: int) -> None:
    """Press a key whose only meaning is where it lies: pads send what they like besides."""
    target = QApplication.focusWidget() or window
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        nothing = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(target, QKeyEvent(kind, Qt.Key.Key_F20, nothing, scan_code + 8, 0, 0))


NEXT, PREVIOUS, PRESS, HELP = 108, 103, 28, 35
PAD = pad_keys({str(NEXT): "next", str(PREVIOUS): "previous", str(PRESS): "press", str(HELP): "help"})


@pytest.mark.parametrize("step", [name for name in MOVED_THROUGH if STEPS[name].takes is not Input.TEXT])
def test_two_switches_reach_and_press_everything(new_window: Callable[..., KioskWindow], step: str) -> None:
    window = new_window(pad=PAD)
    window.show_screen(shown(step))
    pressed: list[object] = []
    for control in page(window).controls():
        control.fired.connect(pressed.append)
    acts = [control.act for control in page(window).controls()]
    for act in acts:
        press_pad(window, NEXT)
        press_pad(window, PRESS)
        assert pressed.pop() == act
    press_pad(window, PREVIOUS)
    press_pad(window, NEXT)
    press_pad(window, PRESS)
    assert pressed.pop() == acts[-1]


def test_two_switches_write(new_window: Callable[..., KioskWindow], posted: list[object]) -> None:
    window = new_window(pad=PAD)
    window.show_screen(replace(shown("type_text"), text=""))
    keys = [control.accessibleName() for control in page(window).controls()]
    for _ in range(keys.index("7") + 1):
        press_pad(window, NEXT)
    press_pad(window, PRESS)
    assert posted[-1] == TextEdited(text="7")


def test_nothing_is_pressed_by_a_pad_before_it_was_said_what_it_is(
    new_window: Callable[..., KioskWindow], posted: list[object]
) -> None:
    window = new_window(pad=PAD)
    window.show_screen(shown("kind"))
    press_pad(window, PRESS)
    assert [type(event) for event in posted] == [ControlReached]


def test_help_asked_for_twice_on_a_pad_calls_somebody(
    new_window: Callable[..., KioskWindow], posted: list[object], clock: Clock
) -> None:
    window = new_window(pad=PAD)
    window.show_screen(shown("kind"))
    press_pad(window, HELP)
    clock.pass_by(LONG_ENOUGH)
    window.show_screen(shown("kind", help_shown=True))
    press_pad(window, HELP)
    assert posted == [CommandGiven(command=Command.HELP), CommandGiven(command=Command.CALL_STAFF)]


def test_a_key_that_no_pad_has_means_what_it_always_means(window: KioskWindow, posted: list[object]) -> None:
    window.show_screen(shown("kind"))
    press_pad(window, NEXT)
    assert posted == [ScreenTouched()]


def test_the_ring_stands_around_what_has_the_focus_and_goes_away_on_touch(window: KioskWindow) -> None:
    window.show_screen(shown("review"))
    ring = window._ring
    assert ring is not None
    assert ring.isHidden()
    QTest.keyClick(window, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert not ring.isHidden()
    assert ring.geometry().contains(focused.geometry())
    QTest.mouseClick(page(window), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert ring.isHidden()


def test_who_uses_keys_finds_the_focus_on_the_new_page_too(window: KioskWindow) -> None:
    window.show_screen(shown("review"))
    QTest.keyClick(window, Qt.Key.Key_Tab)
    window.show_screen(shown("receipt"))
    assert QApplication.focusWidget() is page(window).controls()[0]


def test_a_new_size_leaves_the_focus_where_it_was(window: KioskWindow) -> None:
    window.show_screen(shown("settings_text"))
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
    window.show_screen(shown("settings_text", size="largest"))
    focused = QApplication.focusWidget()
    assert isinstance(focused, Control)
    assert focused.text() == "特大字"


# -- showing -----------------------------------------------------------------------------------------------------------


def test_words_digits_time_and_choices_change_without_a_new_page(window: KioskWindow) -> None:
    made = shown("settings_text")
    window.show_screen(made)
    before = page(window)
    chosen = tuple(replace(b, chosen=None if b.chosen is None else b.id == "normal") for b in made.buttons)
    window.show_screen(
        replace(made, buttons=chosen, caption=replace(made.caption, state=CaptionState.SPEAKING, text="变大了。"))
    )
    assert page(window) is before
    assert control(window, "平常字").isChecked()
    assert "变大了。" in texts(window)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("recording", {"recording_seconds": 61.0, "hint": "请大声一点"}),
        ("recording", {"text": "我住三号楼"}),
        ("contact_phone", {"digits": "021", "groups": (4, 4, 4)}),
        ("idle_warning", {"seconds_left": 12}),
        ("type_text", {"text": "换了一句"}),
    ],
)
def test_what_ticks_and_grows_changes_without_a_new_page(
    window: KioskWindow, name: str, changes: dict[str, object]
) -> None:
    made = shown(name)
    window.show_screen(made)
    before = page(window)
    window.show_screen(replace(made, **changes))  # type: ignore[arg-type]  # fields of Screen
    assert page(window) is before


@pytest.mark.parametrize("changes", [{"size": "largest"}, {"theme": "dark"}, {"language": "en"}, {"title": "别的"}])
def test_another_look_or_step_is_a_new_page(window: KioskWindow, changes: dict[str, str]) -> None:
    made = shown("settings_text")
    window.show_screen(made)
    before = page(window)
    window.show_screen(replace(made, **changes))  # type: ignore[arg-type]  # fields of Screen
    assert page(window) is not before


def test_elapsed_time_is_told_in_minutes_and_seconds(window: KioskWindow) -> None:
    window.show_screen(replace(shown("recording"), recording_seconds=83.9))
    assert "1:23" in texts(window)


def test_ten_minutes_need_more_room_than_nine(window: KioskWindow) -> None:
    made = replace(shown("recording"), recording_seconds=599)
    window.show_screen(made)
    window.show_screen(replace(made, recording_seconds=600))
    assert "10:00" in texts(window)
    assert faults(window) == []


def test_the_word_being_said_is_marked_in_the_caption_or_on_the_sheet(window: KioskWindow) -> None:
    window.show_screen(shown("welcome"))
    window.mark_word(2, 3)
    assert page(window).caption.sentence._at == (2, 3)
    window.show_screen(replace(shown("review"), spoken_from=6))
    reading = page(window).layout_shown.words.reading  # type: ignore[attr-defined]  # a sheet has words
    for place, on_sheet, length in ((11, (5, 2), 0), (2, (0, 0), 2), (900, (0, 0), 2)):
        window.mark_word(place, 2)
        assert reading._mark == on_sheet
        assert page(window).caption.sentence._at == (place, length)


def test_what_is_read_from_the_sheet_is_left_out_of_the_caption_and_its_marks_stay_true(window: KioskWindow) -> None:
    made = shown("review_heard")
    said = made.caption.text.replace("…", made.text)
    window.show_screen(made)
    sentence = page(window).caption.sentence
    for words in ("念给", "对，", "提交"):
        window.mark_word(said.rindex(words), 2)
        start, length = sentence._at
        assert sentence.text()[start : start + length] == words
    window.mark_word(said.index(made.text) + 7, 2)
    assert sentence._at[1] == 0


def test_a_long_caption_goes_on_to_the_sentence_being_said(window: KioskWindow) -> None:
    made = shown("welcome")
    text = "".join(f"这是第 {i} 句话，讲的是怎么用这台机器，慢慢听。" for i in range(9))
    window.show_screen(replace(made, caption=replace(made.caption, text=text)))
    sentence = page(window).caption.sentence
    assert sentence.stretch()[1].startswith("这是第 0 句")
    window.mark_word(text.index("第 7 句"), 2)
    assert "第 7 句" in sentence.stretch()[1]
    assert sentence.text() == text, "a screen reader gets all of it"


def test_the_sheet_turns_to_the_page_that_is_being_read(window: KioskWindow, application: QApplication) -> None:
    text = "晚上上楼看不见台阶，前天我邻居老李差点儿摔着。" * 30
    window.show_screen(replace(shown("review"), text=text, spoken_from=0))
    words = page(window).layout_shown.words  # type: ignore[attr-defined]  # a sheet has words
    application.processEvents()
    assert words.pager.pages > 1
    window.mark_word(len(text) - 5, 2)
    assert words.reading.page == words.pager.pages - 1


def test_pages_of_a_long_text_are_turned_by_two_keys(window: KioskWindow, posted: list[object], clock: Clock) -> None:
    window.show_screen(replace(shown("review"), text="晚上上楼看不见台阶。" * 60))
    words = page(window).layout_shown.words  # type: ignore[attr-defined]  # a sheet has words
    first = words.reading.rows()
    touch(window, "下一页")
    clock.pass_by(LONG_ENOUGH)
    assert words.reading.rows().start == first.stop
    touch(window, "上一页")
    assert words.reading.rows() == first
    assert posted == [], "turning a page of the view is nobody else's business"


def test_levels_are_kept_as_they_come(window: KioskWindow) -> None:
    window.show_screen(shown("recording"))
    for level in (0.2, 1.7, -3):
        window.show_level(level)
    assert list(page(window).layout_shown.level.levels) == [0.2, 1.0, 0.0]  # type: ignore[attr-defined]  # it records


def test_a_level_or_a_word_for_a_page_that_shows_none_is_no_mistake(window: KioskWindow) -> None:
    window.show_level(0.5)
    window.mark_word(0, 1)
    window.show_screen(shown("welcome"))
    window.show_level(0.5)


def test_the_page_follows_the_window_when_it_is_resized(window: KioskWindow, application: QApplication) -> None:
    window.show_screen(shown("welcome"))
    window.resize(1280, 720)
    application.processEvents()
    assert page(window).size().width() == 1280


def test_the_clock_speaks_the_language_of_the_screen(window: KioskWindow) -> None:
    window.show_screen(shown("welcome"))
    assert "上午 9:41" in texts(window)
    window.show_screen(shown("settings_text", language="en"))
    assert "9:41 am" in texts(window)


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_after_a_wipe_nothing_that_was_shown_is_left(new_window: Callable[..., KioskWindow]) -> None:
    window = new_window(reduced_motion=False)
    window.show_screen(shown("review"))
    QGuiApplication.clipboard().setText("三号楼")
    window.show_screen(shown("receipt"))
    fade = window._fade
    assert fade is not None
    window.wipe()
    assert window.page is None
    assert fade._picture is None
    assert QGuiApplication.clipboard().text() == ""
    assert window.windowTitle() == ""
    assert not window.findChildren(Text)


def test_a_thousand_pages_leave_none_behind(window: KioskWindow, application: QApplication) -> None:
    kept = []
    for i in range(40):
        for name in ("welcome", "type_text", "contact_phone", "review"):
            window.show_screen(shown(name, size="large" if i % 2 else "larger"))
            kept.append(weakref.ref(page(window)))
            application.processEvents()
            application.sendPostedEvents(None, 52)  # DeferredDelete
    gc.collect()
    alive = [ref for ref in kept if ref() is not None]
    assert len(alive) <= 2


def test_a_screen_is_shown_again_after_a_wipe(window: KioskWindow) -> None:
    made: Screen = shown("welcome")
    window.show_screen(made)
    window.wipe()
    window.show_screen(made)
    assert made.title in texts(window)


# -- what a choice looks like ------------------------------------------------------------------------------------------


def test_sizes_of_text_can_be_seen_before_they_are_chosen(window: KioskWindow) -> None:
    window.show_screen(shown("settings_text"))
    sizes_shown = [one.font_of(one.label_role, bold=True).pixelSize() for one in answers(window)[:4]]
    assert sizes_shown == sorted(set(sizes_shown))


def test_themes_can_be_seen_before_they_are_chosen(window: KioskWindow) -> None:
    window.show_screen(shown("settings_colour"))
    assert [one.look.theme for one in answers(window)[:4]] == ["light", "dark", "medium", "low"]


def answers(window: KioskWindow) -> list[Answer]:
    return [one for one in page(window).controls() if isinstance(one, Answer)]
