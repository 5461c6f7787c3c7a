"""Keys and a sliding finger come to every control before it is pressed; what they come to is posted, to be said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.folders import cache_directory
from kiosk.typing_engine import open_engine
from petition.events import (
    ChoicePressed,
    CommandGiven,
    ControlReached,
    DigitsEdited,
    HeadphonesPlugged,
    KeyReached,
    KeyTried,
    ScreenTouched,
    TextEdited,
)
from petition.pad import Movement, pad_keys
from petition.ports import TypingEngine
from petition.screen import Screen
from petition.script.book import STEPS
from petition.steps import Command, Input
from tests.kiosk.typing_support import tables_of_this_run
from tests.ui.conftest import LANDSCAPE, MORNING, Clock
from tests.ui.screens import shown
from ui.widgets.control import Control
from ui.window import XKB_OFFSET, KioskWindow

A_WHILE = 1.0
NEXT, PREVIOUS, PRESS, PLUGGED = 108, 103, 28, 200
PAD = pad_keys({str(NEXT): "next", str(PREVIOUS): "previous", str(PRESS): "press", str(PLUGGED): "headphones_in"})
BESIDE = QPoint(4, 4)
"""Paper."""


@dataclass(slots=True)
class Hand:
    """A window, and a finger and keys to use it with; the finger is a real touch, as Qt gets it from the glass."""

    clock: Clock
    engines: dict[str, TypingEngine]
    double_strike_seconds: float = 0.3
    same_key_seconds: float = 0
    posted: list[object] = field(default_factory=list)
    window: KioskWindow = field(init=False)
    screen: Screen | None = None
    device: QPointingDevice = field(init=False)

    def __post_init__(self) -> None:
        self.window = KioskWindow(
            self.post,
            LANDSCAPE,
            engines=self.engines,
            now=lambda: MORNING,
            clock=self.clock,
            double_strike_seconds=self.double_strike_seconds,
            same_key_seconds=self.same_key_seconds,
            reduced_motion=True,
            pad=PAD,
        )
        self.window.show()
        QApplication.processEvents()
        self.device = QTest.createTouchDevice()

    def post(self, event: object) -> None:
        self.posted.append(event)
        if isinstance(event, TextEdited) and self.screen is not None:  # as the session does
            self.show(replace(self.screen, text=event.text))

    def show(self, screen: Screen) -> None:
        self.screen = screen
        self.window.show_screen(screen)
        QApplication.processEvents()

    def begin(self, step: str, *, language: str = "zh_Hans") -> None:
        self.show(replace(shown(step, language=language), text="", digits=""))

    @property
    def text(self) -> str:
        assert self.screen is not None
        return self.screen.text

    def controls(self) -> list[Control]:
        assert self.window.page is not None
        return self.window.page.controls()

    def control(self, name: str) -> Control:
        return next(c for c in self.controls() if name in (c.text(), c.accessibleName()))

    def place(self, name: str) -> QPoint:
        control = self.control(name)
        return control.mapTo(self.window, control.rect().center())

    def press(self, at: str | QPoint) -> None:
        self._touch("press", at)

    def slide(self, *ways: str | QPoint) -> None:
        for way in ways:
            self._touch("move", way)

    def lift(self, at: str | QPoint) -> None:
        self._touch("release", at)
        self.clock.pass_by(A_WHILE)

    def tap(self, *names: str) -> None:
        for name in names:
            self.press(name)
            self.lift(name)

    def _touch(self, how: str, at: str | QPoint) -> None:
        place = self.place(at) if isinstance(at, str) else at
        getattr(QTest.touchEvent(self.window.windowHandle(), self.device), how)(0, place).commit()
        QApplication.processEvents()

    def rest(self) -> None:
        """Stay where the finger is until it has rested."""
        assert self.window._finger._rest.isActive()
        self.window._finger._rest.stop()
        self.window._finger._rest.timeout.emit()

    def pad(self, scan_code: int, *, repeated: bool = False, key: Qt.Key = Qt.Key.Key_F20) -> None:
        target = QApplication.focusWidget() or self.window
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            code, nothing = scan_code + XKB_OFFSET, Qt.KeyboardModifier.NoModifier
            QApplication.sendEvent(target, QKeyEvent(kind, key, nothing, code, 0, 0, "", repeated))

    def walk_to(self, name: str) -> None:
        for _ in self.controls():
            self.pad(NEXT)
            focused = QApplication.focusWidget()
            if isinstance(focused, Control) and focused.accessibleName() == name:
                return
        raise AssertionError(name)

    def key(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            target: QWidget = QApplication.focusWidget() or self.window
            if isinstance(key, str):
                QTest.keyClicks(target, key)
            else:
                QTest.keyClick(target, key)
            self.clock.pass_by(A_WHILE)

    def named(self) -> list[str]:
        return [event.name for event in self.posted if isinstance(event, KeyReached)]

    def reached(self) -> list[object]:
        return [event.act for event in self.posted if isinstance(event, ControlReached)]

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs that would do it


@pytest.fixture(scope="module")
def engine() -> TypingEngine:
    tables_of_this_run()
    return open_engine(cache=cache_directory())


@pytest.fixture
def new_hand(application: QApplication, clock: Clock, engine: TypingEngine) -> Iterator[Callable[..., Hand]]:
    made: list[Hand] = []

    def make(*, letters: bool = False, double_strike_seconds: float = 0.3, same_key_seconds: float = 0) -> Hand:
        engines: dict[str, TypingEngine] = {} if letters else {"zh_Hans": engine}
        made.append(Hand(clock, engines, double_strike_seconds, same_key_seconds))
        return made[-1]

    yield make
    for hand in made:
        hand.close()
    engine.clear()


@pytest.fixture
def hand(new_hand: Callable[..., Hand]) -> Hand:
    """A hand in front of a keyboard whose letters are text at once."""
    hand = new_hand(letters=True)
    hand.begin("type_text", language="en")
    return hand


@pytest.fixture
def writer(new_hand: Callable[..., Hand]) -> Hand:
    """A hand in front of the keyboard that writes Chinese."""
    hand = new_hand()
    hand.begin("type_text")
    return hand


# -- a sliding finger --------------------------------------------------------------------------------------------------


def test_a_tap_types_and_says_nothing(hand: Hand) -> None:
    hand.tap("n", "o", "Space", "1")
    assert hand.text == "no 1"
    assert {type(event) for event in hand.posted} == {TextEdited}


def test_a_finger_that_slides_hears_each_key_and_types_the_one_it_lifts_from(hand: Hand) -> None:
    hand.press("q")
    hand.slide("w", "e", "r")
    assert hand.posted == [KeyReached(name=name) for name in "wer"]
    hand.lift("r")
    assert hand.text == "r"


def test_what_writes_no_character_is_named_too(hand: Hand) -> None:
    hand.press("m")
    hand.slide("Delete", "New line", "'")
    assert hand.named() == ["Delete", "New line", "apostrophe"]


def test_a_finger_that_lifts_beside_the_keys_types_nothing(hand: Hand) -> None:
    hand.press("q")
    hand.slide("w", BESIDE)
    hand.lift(BESIDE)
    hand.press("q")
    hand.lift(BESIDE)
    assert hand.text == ""
    assert hand.named() == ["w"]


def test_a_finger_that_lifts_between_two_keys_types_nothing(hand: Hand) -> None:
    left, right = hand.control("q"), hand.control("w")
    gap = QPoint((left.geometry().right() + right.geometry().left()) // 2 + 1, left.geometry().center().y())
    hand.press("q")
    keyboard = left.parentWidget()
    assert keyboard is not None
    hand.lift(keyboard.mapTo(hand.window, gap))
    assert hand.posted == []


def test_a_finger_that_comes_back_types_what_it_met_first(hand: Hand) -> None:
    hand.press("q")
    hand.slide("w", "q")
    hand.lift("q")
    assert (hand.named(), hand.text) == (["w", "q"], "q")


def test_a_finger_that_slips_off_a_key_and_back_types_it_without_a_word(hand: Hand) -> None:
    hand.press("q")
    hand.slide(BESIDE, "q")
    hand.lift("q")
    assert (hand.named(), hand.text) == ([], "q")


def test_a_finger_may_come_down_beside_the_keys_and_slide_onto_them(hand: Hand) -> None:
    hand.press(BESIDE)
    assert hand.posted == [ScreenTouched()]
    hand.slide("g")
    hand.lift("g")
    assert (hand.named(), hand.text) == (["g"], "g")


def test_a_finger_that_rests_on_a_key_hears_it_and_types_it_once(hand: Hand) -> None:
    hand.press("n")
    hand.rest()
    assert hand.posted == [KeyReached(name="n")]
    assert not hand.window._finger._rest.isActive(), "nothing repeats"
    hand.lift("n")
    assert hand.text == "n"


def test_a_finger_that_rests_on_an_answer_is_not_talked_to(hand: Hand) -> None:
    hand.begin("kind")
    first = hand.controls()[0]
    hand.press(first.accessibleName())
    assert not hand.window._finger._rest.isActive()
    hand.lift(first.accessibleName())
    assert hand.posted == [first.act]


def test_what_is_under_the_finger_is_seen(hand: Hand) -> None:
    ring = hand.window._ring
    assert ring is not None
    hand.press("q")
    assert hand.control("q").isDown()
    assert ring.isHidden(), "a tap needs none"
    hand.slide("w")
    assert (hand.control("q").isDown(), hand.control("w").isDown()) == (False, True)
    key = hand.control("w")
    assert ring.isVisible()
    assert ring.geometry().contains(QPoint(key.mapTo(hand.window, key.rect().center())))
    hand.slide(BESIDE)
    assert ring.isHidden()
    hand.slide("w")
    hand.lift("w")
    assert ring.isHidden()
    assert not any(control.isDown() for control in hand.controls())


def test_the_number_pad_is_looked_around_on_likewise(hand: Hand) -> None:
    hand.begin("contact_phone")
    hand.press("1")
    hand.slide("2", "退格", "0", "清空", "3")
    hand.lift("3")
    assert hand.named() == ["2", "退格", "0", "清空", "3"]
    assert hand.posted[-1] == DigitsEdited(digits="3")
    hand.tap("4")
    assert hand.posted[-1] == DigitsEdited(digits="34")


def test_words_to_choose_from_are_named_and_chosen_by_lifting(writer: Hand) -> None:
    writer.tap("n", "i")
    writer.posted.clear()
    second = next(control for control in writer.controls() if control.number == "2")
    writer.press("g")
    writer.slide(second.accessibleName())
    assert writer.named() == [f"第 2 个，{second.text()}"]
    word = second.text()
    writer.lift(second.accessibleName())
    assert writer.text == word


def test_a_word_is_not_chosen_twice_by_a_finger_that_bounces(writer: Hand) -> None:
    writer.tap("n", "i", "h", "a", "o")
    place = writer.place("你好")
    for _ in range(2):
        writer._touch("press", place)
        writer._touch("release", place)
        writer.clock.pass_by(0.2)
    assert writer.text == "你好"


def test_a_key_that_is_slid_to_and_bounces_is_typed_once(hand: Hand) -> None:
    hand.press("q")
    hand.slide("n")
    hand._touch("release", "n")
    hand._touch("press", "n")
    hand._touch("release", "n")
    assert hand.text == "n"


def test_a_second_finger_is_nobodys(hand: Hand) -> None:
    hand.press("q")
    QTest.touchEvent(hand.window.windowHandle(), hand.device).stationary(0).press(1, hand.place("p")).commit()
    QTest.touchEvent(hand.window.windowHandle(), hand.device).stationary(0).release(1, hand.place("p")).commit()
    hand.lift("q")
    assert hand.text == "q"


# -- a finger that slides over answers ---------------------------------------------------------------------------------


def test_answers_and_commands_that_a_finger_slides_over_are_named_and_none_is_chosen(hand: Hand) -> None:
    hand.begin("kind")
    first, *others = hand.controls()
    hand.press(first.accessibleName())
    hand.slide(*(other.accessibleName() for other in others))
    hand.lift(others[-1].accessibleName())
    assert hand.reached() == [other.act for other in others]
    assert len(hand.posted) == len(others)


def test_who_has_looked_at_other_answers_chooses_none_by_coming_back(hand: Hand) -> None:
    hand.begin("kind")
    first, second = (control.accessibleName() for control in hand.controls()[:2])
    hand.press(first)
    hand.slide(second, first)
    hand.lift(first)
    assert hand.reached() == [control.act for control in reversed(hand.controls()[:2])]
    assert not [event for event in hand.posted if isinstance(event, ChoicePressed)]
    hand.posted.clear()
    hand.tap(first)
    assert hand.posted == [hand.controls()[0].act]


def test_a_hand_that_trembles_off_an_answer_and_back_has_chosen_it(hand: Hand) -> None:
    hand.begin("kind")
    first = hand.controls()[0].accessibleName()
    hand.press(first)
    hand.slide(BESIDE, first)
    hand.lift(first)
    assert hand.posted == [hand.controls()[0].act]


def test_a_finger_that_slides_from_a_key_onto_an_answer_hears_it_and_does_nothing(hand: Hand) -> None:
    answer = next(control for control in hand.controls() if control.act == ChoicePressed(choice_id="done"))
    hand.press("q")
    hand.slide(answer.accessibleName())
    hand.lift(answer.accessibleName())
    assert hand.posted == [ControlReached(act=ChoicePressed(choice_id="done"))]


def test_what_came_under_a_finger_meanwhile_is_not_pressed(hand: Hand) -> None:
    place = hand.place("g")
    hand.press("g")
    hand.slide("f", "g")
    hand.begin("place_text", language="en")
    hand.posted.clear()
    hand.slide("h")
    hand.lift(place)
    assert hand.posted == []


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [name for name in STEPS if STEPS[name].takes is not Input.KEYS])
@pytest.mark.parametrize("code", [NEXT, PREVIOUS])
def test_whatever_keys_come_to_is_posted_to_be_said(writer: Hand, step: str, code: int) -> None:
    writer.begin(step)
    writer.posted.clear()
    for control in writer.controls():
        writer.pad(code)
        focused = QApplication.focusWidget()
        assert isinstance(focused, Control)
        named: object = KeyReached(name=focused.accessibleName())
        if isinstance(focused.act, ChoicePressed | CommandGiven):
            named = ControlReached(act=focused.act)
        assert writer.posted.pop() == named
        assert writer.posted == []
        assert focused.accessibleName().strip(), control


def test_words_to_choose_from_are_come_to_by_keys(writer: Hand) -> None:
    writer.tap("n", "i")
    writer.posted.clear()
    names = [control.accessibleName() for control in writer.controls() if control.accessibleName().startswith("第")]
    for _ in writer.controls():
        writer.pad(NEXT)
    assert set(names) <= set(writer.named())
    assert len(names) > 1


def test_a_new_page_and_a_wipe_come_to_nothing_by_themselves(writer: Hand) -> None:
    writer.begin("kind")
    writer.pad(NEXT)
    writer.posted.clear()
    for step in ("review", "contact_phone", "type_text"):
        writer.begin(step)
        assert QApplication.focusWidget() is writer.controls()[0]
    writer.window.wipe()
    assert writer.posted == []


def test_a_pad_presses_nothing_on_a_new_page_before_it_was_named(writer: Hand) -> None:
    writer.begin("kind")
    writer.pad(NEXT)
    writer.begin("review")
    writer.posted.clear()
    writer.clock.pass_by(A_WHILE)
    writer.pad(PRESS)
    first = writer.controls()[0].act
    assert writer.reached() == [first]
    assert len(writer.posted) == 1
    writer.pad(PRESS)
    assert writer.posted[1:] == [first]


def test_a_page_that_only_looks_otherwise_keeps_what_was_named(writer: Hand) -> None:
    writer.begin("settings_text")
    writer.walk_to(writer.controls()[2].accessibleName())
    assert writer.screen is not None
    writer.show(replace(writer.screen, size="largest"))
    writer.posted.clear()
    writer.pad(PRESS)
    assert writer.posted == [writer.controls()[2].act]


def test_up_and_down_name_the_key_of_the_next_row(hand: Hand) -> None:
    hand.control("g").setFocus(Qt.FocusReason.TabFocusReason)
    hand.key(Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert hand.named() == ["v", "g", "t"]


def test_a_key_held_down_moves_once(hand: Hand) -> None:
    hand.begin("kind")
    hand.pad(NEXT)
    at = QApplication.focusWidget()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Space):
        for _ in range(5):
            hand.pad(1, repeated=True, key=key)
    hand.pad(NEXT, repeated=True)
    assert QApplication.focusWidget() is at
    assert len(hand.posted) == 1


def test_a_pad_whose_keys_send_tab_means_what_the_pad_means(hand: Hand) -> None:
    hand.begin("kind")
    hand.pad(NEXT, key=Qt.Key.Key_Tab)
    hand.pad(NEXT, key=Qt.Key.Key_Backtab)
    assert hand.reached() == [control.act for control in hand.controls()[:2]]


# -- what becomes of letters -------------------------------------------------------------------------------------------


def test_who_looks_around_hears_what_the_letters_may_become(writer: Hand) -> None:
    writer.walk_to("n")
    writer.posted.clear()
    writer.pad(PRESS)
    first = next(control for control in writer.controls() if control.number == "1")
    assert writer.posted == [KeyReached(name=f"第 1 个，{first.text()}")]
    writer.posted.clear()
    writer.tap("i")
    assert writer.named() == ["第 1 个，你"]


def test_who_only_taps_hears_nothing_of_it(writer: Hand) -> None:
    writer.tap("n", "i", "更多", "笔画", "横", "符号")
    assert writer.named() == []


def test_other_words_are_told_of(writer: Hand) -> None:
    writer.tap("s", "h", "i")
    writer.walk_to("更多词")
    writer.posted.clear()
    writer.pad(PRESS)
    first = next(control for control in writer.controls() if control.number == "1")
    assert writer.posted == [KeyReached(name=f"第 1 个，{first.text()}")]


def test_a_stroke_that_is_not_taken_is_said_to_who_looks_around(writer: Hand) -> None:
    writer.tap("笔画")
    writer.walk_to("横")
    for _ in range(40):
        writer.pad(PRESS)
        writer.clock.pass_by(A_WHILE)
    assert writer.named()[-1] == "没有字是这样写的，这一笔没算。"


def test_another_page_of_keys_is_told_of_by_what_was_pressed(hand: Hand) -> None:
    hand.walk_to("Capital letter")
    hand.posted.clear()
    hand.pad(PRESS)
    assert hand.posted == [KeyReached(name="Capital letter")]


def test_a_pad_presses_nothing_that_has_come_in_the_place_of_what_was_said(writer: Hand) -> None:
    writer.tap("n", "i")
    writer.walk_to("第 1 个，你")
    writer.pad(PRESS)
    assert writer.text == "你"
    writer.clock.pass_by(A_WHILE)
    writer.posted.clear()
    writer.pad(PRESS)
    assert writer.posted == [KeyReached(name="1")]
    writer.pad(PRESS)
    assert writer.text == "你1"


def test_the_next_visitor_who_taps_hears_nothing_of_letters(writer: Hand) -> None:
    writer.walk_to("n")
    writer.window.wipe()
    writer.begin("type_text")
    writer.posted.clear()
    writer.tap("n")
    assert writer.posted == [ScreenTouched()]


# -- keys that are tried -----------------------------------------------------------------------------------------------


@pytest.fixture
def trying(hand: Hand) -> Hand:
    hand.begin("settings_keys")
    return hand


@pytest.mark.parametrize(
    ("key", "meaning"),
    [
        (Qt.Key.Key_Tab, Movement.NEXT),
        (Qt.Key.Key_Down, Movement.NEXT),
        (Qt.Key.Key_Right, Movement.NEXT),
        (Qt.Key.Key_Backtab, Movement.PREVIOUS),
        (Qt.Key.Key_Up, Movement.PREVIOUS),
        (Qt.Key.Key_Left, Movement.PREVIOUS),
        (Qt.Key.Key_Return, Movement.PRESS),
        (Qt.Key.Key_Enter, Movement.PRESS),
        (Qt.Key.Key_Space, Movement.PRESS),
        (Qt.Key.Key_Escape, Command.BACK),
        (Qt.Key.Key_F1, Command.HELP),
        (Qt.Key.Key_VolumeUp, Command.LOUDER),
        ("0", 0),
        ("1", 1),
        ("9", 9),
        ("a", None),
        ("#", None),
        (Qt.Key.Key_F7, None),
    ],
)
@pytest.mark.parametrize("focused", [False, True])
def test_keys_are_told_and_do_nothing_where_they_are_tried(
    trying: Hand, key: Qt.Key | str, meaning: object, *, focused: bool
) -> None:
    if focused:  # assistive technology may put it there
        trying.controls()[0].setFocus(Qt.FocusReason.OtherFocusReason)
    at = QApplication.focusWidget()
    trying.key(key)
    assert [(type(event), event.meaning) for event in trying.posted] == [(KeyTried, meaning)]  # type: ignore[attr-defined]  # that's what it is
    assert QApplication.focusWidget() is at


def test_keys_of_a_pad_are_told_by_what_the_pad_means(trying: Hand) -> None:
    for code in (NEXT, PREVIOUS, PRESS, 77):
        trying.pad(code)
    told = [(event.key, event.meaning) for event in trying.posted if isinstance(event, KeyTried)]
    assert [meaning for _, meaning in told] == [Movement.NEXT, Movement.PREVIOUS, Movement.PRESS, None]
    assert len({key for key, _ in told}) == 4


def test_a_jack_is_no_key_to_try(trying: Hand) -> None:
    trying.pad(PLUGGED)
    assert trying.posted == [HeadphonesPlugged()]


def test_one_key_is_always_the_same_and_two_are_two(trying: Hand) -> None:
    trying.key("a", "a", "b")
    keys = [event.key for event in trying.posted if isinstance(event, KeyTried)]
    assert keys[0] == keys[1] != keys[2]


def test_a_key_that_bounces_or_is_held_is_tried_once(trying: Hand) -> None:
    for pause in (0.2, 0.2, 0.2):
        trying.pad(NEXT)
        trying.clock.pass_by(pause)
    trying.pad(NEXT, repeated=True)
    assert len(trying.posted) == 2


def test_the_key_that_led_there_is_not_tried_by_bouncing(hand: Hand) -> None:
    hand.begin("settings_reach")
    keys = next(control for control in hand.controls() if control.act == ChoicePressed(choice_id="keys"))
    hand.walk_to(keys.accessibleName())
    hand.posted.clear()
    hand.pad(PRESS)
    hand.begin("settings_keys")
    hand.pad(PRESS)
    assert hand.posted == [keys.act]


def test_touch_works_where_keys_are_tried(trying: Hand) -> None:
    acts = [control.act for control in trying.controls()]
    for control in trying.controls():
        trying.tap(control.accessibleName())
    assert trying.posted == acts


def test_who_leaves_by_keys_finds_the_focus_again(trying: Hand) -> None:
    trying.pad(NEXT)
    assert QApplication.focusWidget() is trying.window
    trying.begin("settings_reach")
    assert QApplication.focusWidget() is trying.controls()[0]


# -- how long an unsteady hand has -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "presses"), [(0.0, 2), (0.3, 1), (0.5, 1)])
def test_how_soon_a_second_press_is_not_meant_is_the_operators(
    new_hand: Callable[..., Hand], seconds: float, presses: int
) -> None:
    hand = new_hand(letters=True, double_strike_seconds=seconds)
    hand.begin("review")
    for _ in range(2):
        hand.controls()[0].click()
        hand.clock.pass_by(0.25)
    assert len(hand.posted) == presses


@pytest.mark.parametrize(("seconds", "typed"), [(0.0, "4444"), (0.3, "44"), (0.5, "44")])
def test_how_soon_the_same_digit_or_letter_is_not_meant_is_too(
    new_hand: Callable[..., Hand], seconds: float, typed: str
) -> None:
    hand = new_hand(letters=True, same_key_seconds=seconds)
    for step, language in (("contact_phone", "zh_Hans"), ("type_text", "en")):
        hand.begin(step, language=language)
        for pause in (0.2, 1.0):
            hand._touch("press", "4")
            hand._touch("release", "4")
            hand.clock.pass_by(pause)
        for pause in (0.2, 1.0):
            QTest.keyClicks(QApplication.focusWidget() or hand.window, "4")
            hand.clock.pass_by(pause)
        written = [event.digits for event in hand.posted if isinstance(event, DigitsEdited)]
        assert (hand.text if step == "type_text" else written[-1]) == typed


def test_keys_that_move_on_are_taken_once_where_the_operator_wants_it(new_hand: Callable[..., Hand]) -> None:
    hand = new_hand(letters=True, same_key_seconds=0.5)
    hand.begin("kind")
    for _ in range(2):
        hand.pad(NEXT)
        QTest.keyClick(QApplication.focusWidget() or hand.window, Qt.Key.Key_Tab)
        QTest.keyClick(QApplication.focusWidget() or hand.window, Qt.Key.Key_Tab)
    assert hand.reached() == [control.act for control in hand.controls()[:4]]
