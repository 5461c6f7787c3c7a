"""Writing: with the keys of the screen and with those of a real keyboard, through the engine that residents get."""

import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from kiosk.audit.matrix import GLASSES
from kiosk.folders import cache_directory
from kiosk.typing.letters import LettersEngine
from kiosk.typing.rime import RimeEngine
from kiosk.typing_engine import LateEngine, open_engine
from petition.events import ChoicePressed, CommandGiven, ScreenTouched, TextEdited
from petition.ports import Composition, Method, TypingEngine
from petition.screen import Screen
from petition.steps import Command
from petition.writing import TEXT_LIMIT
from tests.kiosk.typing_support import tables_of_this_run
from tests.taps import SENTENCE, TRADITIONAL_SENTENCE, counts
from tests.ui.conftest import LANDSCAPE, MORNING, PORTRAIT, Clock
from tests.ui.screens import shown
from tests.ui.sparing import a_tenth_of
from ui.audit import faults
from ui.keyboard import Keyboard, without_last_character
from ui.keyboard_plan import Cap, Does
from ui.keyboard_words import SOUNDS
from ui.layouts.type_text import TypeText
from ui.lines import Lines
from ui.look import Glass, sizes
from ui.widgets.candidates import Candidate, groups, spread
from ui.widgets.control import Control
from ui.window import KioskWindow

LANGUAGES = ("zh_Hans", "zh_Hant", "en")
A_WHILE = 1.0


@dataclass(slots=True)
class Desk:
    """A window that shows a typing step, with what it posted, and a hand."""

    engines: dict[str, TypingEngine]
    clock: Clock
    glass: Glass = LANDSCAPE
    posted: list[object] = field(default_factory=list)
    taps: int = 0
    window: KioskWindow = field(init=False)
    screen: Screen = field(init=False)

    def __post_init__(self) -> None:
        self.window = KioskWindow(
            self.post,
            self.glass,
            engines=self.engines,
            now=lambda: MORNING,
            clock=self.clock,
            reduced_motion=True,
        )
        self.window.show()
        QApplication.processEvents()

    def post(self, event: object) -> None:
        self.posted.append(event)
        if isinstance(event, TextEdited):  # as the session does
            self.show(replace(self.screen, text=event.text))

    def show(self, screen: Screen) -> None:
        self.screen = screen
        self.window.show_screen(screen)

    def begin(
        self, step: str = "type_text", *, text: str = "", language: str = "zh_Hans", size: str = "larger"
    ) -> None:
        self.show(replace(shown(step, language=language, size=size), text=text))

    @property
    def layout(self) -> TypeText:
        assert self.window.page is not None
        assert isinstance(self.window.page.layout_shown, TypeText)
        return self.window.page.layout_shown

    @property
    def keyboard(self) -> Keyboard:
        return self.layout.keyboard

    @property
    def text(self) -> str:
        return self.screen.text

    @property
    def sheet(self) -> str:
        return self.layout.words.text()

    @property
    def words(self) -> list[str]:
        return [c.text() for c in self.keyboard.bar.controls() if isinstance(c, Candidate)]

    def control(self, name: str) -> Control:
        assert self.window.page is not None
        return next(c for c in self.window.page.controls() if name in (c.text(), c.accessibleName()))

    def tap(self, *names: str) -> None:
        for name in names:
            self._tap(self.control(name))

    def _tap(self, control: Control) -> None:
        QTest.mouseClick(control, Qt.MouseButton.LeftButton)
        self.taps += 1
        self.clock.pass_by(A_WHILE)

    def spell(self, letters: str) -> None:
        for letter in letters:
            self._tap(next(key for key in self.keyboard.keys if key.text() == letter))

    def press(self, does: Does) -> None:
        """Press the key that is for this, if it is shown."""
        for key in self.keyboard.keys:
            if isinstance(key.act, Cap) and key.act.does is does and not key.isHidden():
                self._tap(key)
                return

    def key(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            focused = QApplication.focusWidget() or self.window
            if isinstance(key, Qt.Key):
                QTest.keyClick(focused, key)
            else:
                for character in key:
                    QTest.keyClicks(QApplication.focusWidget() or self.window, character)
            self.clock.pass_by(A_WHILE)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs that would do it


@pytest.fixture(scope="module")
def engines() -> dict[str, TypingEngine]:
    tables_of_this_run()
    scripts = {"zh_Hans": False, "zh_Hant": True}
    return {language: open_engine(cache=cache_directory(), traditional=script) for language, script in scripts.items()}


@pytest.fixture
def new_desk(
    application: QApplication, clock: Clock, engines: dict[str, TypingEngine]
) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(glass: Glass = LANDSCAPE, typed_with: dict[str, TypingEngine] | None = None) -> Desk:
        desk = Desk(engines if typed_with is None else typed_with, clock, glass)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.close()
    for engine in engines.values():
        engine.clear()


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    desk = new_desk()
    desk.begin()
    return desk


# -- pinyin on the screen ----------------------------------------------------------------------------------------------


def test_a_sentence_is_written_with_one_tap_a_letter_and_one_a_phrase(desk: Desk) -> None:
    desk.spell("loudaodengbuliang")
    assert desk.sheet == "lou dao deng bu liang"
    desk.tap("，")
    desk.spell("qingjinkuaixiu")
    desk.tap("空格")
    assert desk.text == desk.sheet == SENTENCE
    assert desk.taps == len("loudaodengbuliang") + 1 + len("qingjinkuaixiu") + 1 == 33


def test_traditional_screens_write_traditional(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.tap("寫法", "拼音")
    desk.spell("loudaodengbuliang")
    desk.tap("空格")
    assert desk.text == "樓道燈不亮"


def test_letters_are_shown_with_a_dotted_line_until_they_are_text(desk: Desk) -> None:
    desk.begin(text="您好，")
    desk.spell("nihao")
    assert (desk.sheet, desk.layout.words.unsure, desk.text) == ("您好，ni hao", len("ni hao"), "您好，")
    desk.tap("你好")
    assert (desk.sheet, desk.layout.words.unsure, desk.text) == ("您好，你好", 0, "您好，你好")


def test_digits_give_way_to_words_while_letters_are_composed(desk: Desk) -> None:
    digits = [key.text() for key in desk.keyboard.keys if not key.isHidden()][:10]
    assert digits == list("1234567890")
    desk.spell("ni")
    assert desk.words[0] == "你"
    assert all(key.isHidden() for key in desk.keyboard.keys[:10])
    desk.tap("退格", "退格")
    assert desk.words == []
    desk.tap("3")
    assert desk.text == "3"


def test_letters_that_spell_nothing_can_be_taken_as_they_are(desk: Desk) -> None:
    desk.spell("uuu")
    assert desk.words == ["uuu"]
    desk.tap("uuu")
    assert (desk.text, desk.words) == ("uuu", [])


def test_delete_takes_back_a_letter_then_a_character(desk: Desk) -> None:
    desk.begin(text="楼道")
    desk.spell("ni")
    desk.tap("退格")
    assert desk.sheet == "楼道n"
    desk.tap("退格", "退格")
    assert desk.text == desk.sheet == "楼"
    desk.tap("退格", "退格")
    assert desk.text == ""


def test_a_new_line_follows_what_was_being_composed(desk: Desk) -> None:
    desk.spell("nihao")
    desk.tap("换行")
    assert desk.text == "你好\n"


def test_signs_have_a_page_of_their_own(desk: Desk) -> None:
    desk.tap("符号", "（", "#", "省略号", "）", "拼音")
    assert desk.text == "（#……）"
    desk.spell("ni")
    assert desk.sheet == "（#……）ni"


def test_a_sign_follows_what_was_being_composed(desk: Desk) -> None:
    desk.spell("nihao")
    desk.tap("符号", "省略号")
    assert desk.text == "你好……"


def test_english_is_one_key_away_and_back(desk: Desk) -> None:
    desk.spell("nihao")
    desk.tap("英文")
    assert desk.text == "你好"
    desk.tap("大写", "O", "k", ".", "拼音")
    assert desk.text == "你好Ok."
    desk.spell("ni")
    assert desk.words[0] == "你"


def test_english_screens_begin_with_letters_and_can_write_chinese(desk: Desk) -> None:
    desk.begin(language="en")
    desk.tap("Shift", "I")
    desk.tap("'", "m", "Space", "1")
    assert desk.text == "I'm 1"
    desk.tap("拼音")
    desk.spell("lou")
    desk.tap("楼")
    assert desk.text == "I'm 1楼"


def test_shift_is_for_one_letter_and_can_be_taken_back(desk: Desk) -> None:
    desk.begin(language="en")
    desk.tap("Shift")
    assert desk.control("Shift").isChecked()
    desk.tap("Shift", "a", "Shift", "B", "c")
    assert desk.text == "aBc"


# -- strokes -----------------------------------------------------------------------------------------------------------


def test_a_sentence_takes_about_as_many_taps_by_strokes_as_by_pinyin(
    application: QApplication, engines: dict[str, TypingEngine]
) -> None:
    """The numbers stand in decision 12; `python -m tests.taps` prints them."""
    found = list(counts(engines["zh_Hans"]))
    assert {text for *_, text in found} == {SENTENCE}
    assert {(method, glass): taps for method, glass, _, taps, _ in found} == {
        (Method.PINYIN, "landscape"): 33,
        (Method.PINYIN, "portrait"): 33,
        (Method.STROKES, "landscape"): 38,
        (Method.STROKES, "portrait"): 39,
    }


def test_strokes_are_shown_as_they_are_written_until_they_are_text(desk: Desk) -> None:
    desk.begin(text="您好，")
    desk.tap("笔画", "横", "撇", "竖")
    assert (desk.sheet, desk.layout.words.unsure, desk.text) == ("您好，一丿丨", 3, "您好，")
    desk.tap("点")
    assert desk.words[0] == "不"
    desk.tap("空格")
    assert (desk.sheet, desk.text, desk.words) == ("您好，不", "您好，不", [])
    desk.tap("竖", "退格", "退格")
    assert desk.text == "您好，"


@pytest.mark.parametrize(("way", "begun", "becomes"), [("拼音", "hpsn", "不"), ("英文", "hpsn", "不")])
def test_strokes_become_text_when_another_way_of_writing_is_chosen(
    desk: Desk, way: str, begun: str, becomes: str
) -> None:
    desk.tap("笔画")
    desk.key(begun)
    desk.tap(way)
    assert (desk.text, desk.sheet) == (becomes, becomes)


def test_pinyin_becomes_text_when_strokes_are_chosen_and_the_letters_are_gone(desk: Desk) -> None:
    desk.spell("loudaodeng")
    desk.tap("笔画")
    assert (desk.text, desk.sheet, desk.words) == ("楼道灯", "楼道灯", [])
    assert [key.text() for key in desk.keyboard.keys if not key.isHidden()][10:15] == list("一丨丿丶乛")
    assert all(not key.text().islower() for key in desk.keyboard.keys if not key.isHidden())
    desk.tap("拼音")
    desk.spell("ni")
    assert desk.words[0] == "你"


@pytest.mark.parametrize("way", ["写好了", "返回", "换行", "。", "符号"])
def test_strokes_become_text_before_anything_else_is_done(desk: Desk, way: str) -> None:
    desk.tap("笔画", "横", "撇", "竖", "点", way, *(["省略号"] if way == "符号" else []))
    assert desk.text.startswith("不")


def test_a_stroke_that_is_not_taken_is_told_of(desk: Desk) -> None:
    desk.tap("笔画")
    tip = desk.keyboard.tip
    assert tip.isVisibleTo(desk.window)
    usual = tip.text()
    desk.key("nppnznppnhszhnph")
    assert (desk.words, tip.text()) == (["灯"], usual)
    desk.tap("横")
    assert desk.words == ["灯"]
    assert "没算" in tip.text()
    desk.tap("退格", "横")
    assert tip.text() == usual
    desk.tap("拼音")
    assert not tip.isVisibleTo(desk.window)


@pytest.mark.parametrize("glass", GLASSES)
@pytest.mark.parametrize("size", sizes())
def test_strokes_are_large_and_their_words_as_large_as_body_text(
    new_desk: Callable[..., Desk], glass: str, size: str
) -> None:
    desk = new_desk(GLASSES[glass])
    desk.begin(size=size)
    desk.tap("笔画", "横")
    look = desk.keyboard.look
    for name in ("横", "竖", "撇", "点", "折"):
        key = desk.control(name)
        assert min(key.width(), key.height()) / look.glass.px_per_mm >= 2 * 16
    for place in desk.keyboard.bar.controls():
        assert all(lines.font.pixelSize() >= look.em("body") for lines in place.all_lines())


def test_a_screen_reader_finds_every_stroke_and_no_key_that_is_not_there(desk: Desk) -> None:
    desk.tap("笔画")
    told = _told(desk.window)
    assert desk.window.page is not None
    assert told == [control.accessibleName() for control in desk.window.page.controls()]
    at = told.index("横")
    assert told[at : at + 7] == ["横", "竖", "撇", "点", "折", "顿号", "退格"]
    assert {"拼音", "英文"} <= set(told)
    assert "q" not in told


def test_the_way_of_writing_stays_for_a_visit_and_the_next_begins_with_pinyin(desk: Desk) -> None:
    desk.tap("笔画")
    desk.begin("place_text")
    desk.tap("横", "撇")
    assert desk.sheet == "一丿"
    desk.begin("place_text", size="normal")  # the same letters, in another size
    assert desk.sheet == "一丿"
    desk.tap("竖")
    assert desk.sheet == "一丿丨"
    desk.begin("type_text", language="zh_Hant")
    desk.tap("橫")
    assert desk.sheet == "一"
    desk.window.wipe()
    desk.begin()
    desk.spell("ni")
    assert desk.words[0] == "你"


def test_the_page_of_signs_leads_back_to_strokes(desk: Desk) -> None:
    desk.tap("笔画", "符号", "（", "笔画", "横", "撇", "竖", "点", "空格")
    assert desk.text == "（不"


def test_a_text_that_comes_from_elsewhere_leaves_the_way_of_writing_as_it_is(desk: Desk) -> None:
    desk.tap("笔画", "横", "撇")
    desk.show(replace(desk.screen, text="说的话"))
    assert (desk.sheet, desk.words) == ("说的话", [])
    desk.tap("横", "撇", "竖", "点", "空格")
    assert desk.text == "说的话不"


def test_no_stroke_remains_after_a_wipe(desk: Desk) -> None:
    desk.tap("笔画", "横", "撇", "竖", "点")
    assert _holding("一丿丨丶") != []
    desk.window.wipe()
    desk.begin("kind")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    gc.collect()
    assert _holding("一丿丨丶") == []
    firsts = {"zh_Hans": Method.PINYIN, "zh_Hant": Method.ZHUYIN}
    for language, engine in desk.engines.items():
        assert (engine.page(0), engine.methods[0]) == (Composition(), firsts[language])


def test_strokes_are_written_on_a_real_keyboard_too(desk: Desk) -> None:
    desk.tap("笔画")
    desk.key("hpsn1", "3", "hpsn", Qt.Key.Key_Return, "hp", Qt.Key.Key_Escape)
    assert (desk.text, desk.sheet) == ("不3不", "不3不")


def test_up_and_down_pass_through_the_strokes(desk: Desk) -> None:
    desk.tap("笔画")
    desk.control("横").setFocus(Qt.FocusReason.TabFocusReason)
    met = []
    for _ in range(3):
        met.append(QApplication.focusWidget())
        desk.key(Qt.Key.Key_Down)
    assert [c.accessibleName() for c in met if isinstance(c, Control)] == ["横", "顿号", "符号"]
    desk.control("折").setFocus(Qt.FocusReason.TabFocusReason)
    desk.key(Qt.Key.Key_Up)
    assert QApplication.focusWidget() in (desk.control("9"), desk.control("0"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_dictionary_of_strokes_they_are_not_offered(new_desk: Callable[..., Desk], language: str) -> None:
    desk = new_desk(typed_with={"zh_Hans": RimeEngine(tables=tables_of_this_run())})
    desk.begin(language=language)
    assert desk.window.page is not None
    assert {"笔画", "筆畫", "寫法", "注音"}.isdisjoint(control.text() for control in desk.window.page.controls())
    assert faults(desk.window) == []


# -- Zhuyin and Cangjie, on Traditional screens ------------------------------------------------------------------------


def test_a_sentence_is_written_by_zhuyin(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.tap(*"ㄌㄡˊㄉㄠˋㄉㄥㄅㄨˋㄌㄧㄤˋ")
    assert desk.sheet == "ㄌㄡˊ ㄉㄠˋ ㄉㄥ ㄅㄨˋ ㄌㄧㄤˋ"
    desk.tap("，", *"ㄑㄧㄥˇㄐㄧㄣˇㄎㄨㄞˋㄒㄧㄡ")
    assert desk.words[0] == "請儘快修"
    desk.tap(desk.words[0])
    assert desk.text == desk.sheet == "樓道燈不亮，請儘快修"


def test_a_sentence_takes_about_as_many_taps_by_zhuyin_and_cangjie(
    application: QApplication, engines: dict[str, TypingEngine]
) -> None:
    """The numbers stand in decision 14; `python -m tests.taps` prints them."""
    found = list(counts(engines["zh_Hant"], traditional=True))
    assert {text for *_, text in found} == {TRADITIONAL_SENTENCE}
    assert {(method, glass): taps for method, glass, _, taps, _ in found} == {
        (Method.ZHUYIN, "landscape"): 32,
        (Method.ZHUYIN, "portrait"): 32,
        (Method.PINYIN, "landscape"): 35,
        (Method.PINYIN, "portrait"): 35,
        (Method.STROKES, "landscape"): 46,
        (Method.STROKES, "portrait"): 48,
        (Method.CANGJIE, "landscape"): 30,
        (Method.CANGJIE, "portrait"): 32,
    }
    engines["zh_Hant"].clear()


def test_the_space_key_is_the_first_tone_and_then_takes_the_word(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.tap(*"ㄉㄥ", "空格，一聲")
    assert (desk.sheet, desk.words[0], desk.text) == ("ㄉㄥˉ", "燈", "")
    desk.tap("空格，一聲")
    assert (desk.sheet, desk.text) == ("燈", "燈")
    desk.tap("空格，一聲")
    assert desk.text == "燈 "


def test_zhuyin_is_taken_as_it_is_shown_when_something_else_is_pressed(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.tap(*"ㄌㄡㄉㄠ")
    first = desk.words[0]
    desk.tap("英文")
    assert desk.text == first


def test_signs_that_are_no_syllable_are_text_as_they_are(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.tap("第二聲", "第三聲")
    assert (desk.sheet, desk.words) == ("ˊˇ", ["ˊˇ"])
    desk.tap("ˊˇ")
    assert desk.text == "ˊˇ"


def test_a_sentence_is_written_by_cangjie(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.tap("寫法", "倉頡")
    for code in ("木中中女", "卜廿竹山", "火弓人廿", "一火", "卜口月山"):
        desk.tap(*code)
        assert desk.sheet.endswith(code)
        desk.tap("空格")
    desk.tap("，", *"卜口手一月", "空格")
    assert desk.text == "樓道燈不亮，請"


def test_shapes_that_no_character_is_written_with_are_not_taken(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.tap("寫法", "倉頡", *"木中中女", "女")
    assert (desk.sheet, desk.words) == ("木中中女", ["樓"])
    desk.tap("退格")
    assert desk.sheet == "木中中"


def test_the_ways_of_writing_are_shown_until_one_is_chosen(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.tap(*"ㄉㄥ", "寫法")
    names = ("注音", "筆畫", "倉頡", "拼音", "英文")
    assert [desk.control(name).isChecked() for name in names] == [True, False, False, False, False]
    assert desk.keyboard.tip.isVisibleTo(desk.window)
    assert desk.sheet == "ㄉㄥ"  # nothing is lost by looking
    desk.tap("不換", "ㄅ")
    assert desk.sheet == "ㄉㄥ ㄅ"
    desk.tap("退格", "寫法", "筆畫", "橫")
    assert (desk.text, desk.sheet) == ("等", "等一")
    desk.tap("寫法", "英文", "o", "k")
    assert desk.text == "等一ok"
    desk.tap("筆畫", "豎")
    assert desk.sheet == "等一ok丨"


def test_another_language_begins_with_its_own_way_unless_one_was_chosen(desk: Desk) -> None:
    desk.spell("ni")
    desk.begin(language="zh_Hant")
    desk.tap("ㄋ")
    assert desk.sheet == "ㄋ"
    desk.begin(language="en")
    desk.begin(language="zh_Hant")
    desk.tap("ㄋ", "寫法", "倉頡")
    desk.begin("place_text", language="zh_Hant")
    desk.tap("日")
    assert desk.sheet == "日"


def test_who_writes_on_while_the_ways_are_shown_writes_as_before(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    for way, result in (("5", "5"), ("，", "5，"), ("換行", "5，\n")):
        desk.tap("寫法", way)
        assert desk.text == result
        assert desk.control("ㄅ").isVisibleTo(desk.window)
    desk.tap("寫法")
    desk.key("2")
    assert desk.sheet.endswith("\nㄉ")
    assert desk.control("ㄅ").isVisibleTo(desk.window)


def test_zhuyin_is_written_on_a_real_keyboard_where_digits_of_the_pad_choose(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    desk.key("x.62l42/", " ", " ", "<")
    assert desk.text == "樓道燈，"
    desk.key("g4")
    second = desk.words[1]
    QTest.keyClick(desk.window, Qt.Key.Key_2, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClick(desk.window, Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier)
    assert desk.text == f"樓道燈，{second}3"


def test_a_screen_reader_calls_signs_as_they_are_recited_and_shapes_by_themselves(desk: Desk) -> None:
    desk.begin(language="zh_Hant")
    told = _told(desk.window)
    at = told.index("玻")
    assert told[at : at + 14] == [SOUNDS[sign] for sign in "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒ"]
    assert {"第二聲", "輕聲", "換寫法", "空格，一聲"} <= set(told)
    desk.tap("寫法", "倉頡")
    told = _told(desk.window)
    at = told.index("手")
    assert told[at : at + 10] == list("手田水口廿卜山戈人心")
    assert "玻" not in told


@pytest.mark.parametrize("glass", GLASSES)
@pytest.mark.parametrize("size", sizes())
def test_every_sign_of_zhuyin_can_be_hit_and_read(new_desk: Callable[..., Desk], glass: str, size: str) -> None:
    desk = new_desk(GLASSES[glass])
    desk.begin(language="zh_Hant", size=size)
    look = desk.keyboard.look
    for sign in "ㄅㄒㄓㄥㄦ":
        key = desk.control(sign)
        assert key.width() / look.glass.px_per_mm >= 16
        assert key.height() / look.glass.px_per_mm >= 12.7
        assert all(lines.font.pixelSize() >= look.em("label") for lines in key.all_lines())


# -- more words than fit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("glass", [LANDSCAPE, PORTRAIT])
def test_more_shows_every_word_of_the_engine_and_back_returns(new_desk: Callable[..., Desk], glass: Glass) -> None:
    desk = new_desk(glass)
    desk.begin(size="largest")
    desk.spell("shi")
    seen, firsts = list(desk.words), [desk.words]
    for _ in range(6):
        desk.tap("更多")
        seen += desk.words
        firsts.append(desk.words)
    engine = desk.engines["zh_Hans"]
    assert tuple(seen) == _pages(engine, "shi")[: len(seen)]
    desk.begin("place_text", size="largest")
    desk.spell("shi")
    for _ in range(6):
        desk.tap("更多")
    for words in reversed(firsts[:-1]):
        desk.tap("前面")
        assert desk.words == words
    assert all(c.text() != "前面" for c in desk.keyboard.bar.controls())


def _pages(engine: TypingEngine, letters: str) -> tuple[str, ...]:
    engine.clear()
    for letter in letters:
        composition = engine.press(letter)
    found = list(composition.candidates)
    while not composition.last_page and len(found) < 60:
        composition = engine.page(1)
        found += composition.candidates
    engine.clear()
    return tuple(found)


def test_numbers_begin_with_one_on_every_part_of_a_page(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(PORTRAIT)
    desk.begin(size="largest")
    desk.spell("loudaodengbuliang")
    desk.tap("更多")
    bar = [c for c in desk.keyboard.bar.controls() if isinstance(c, Candidate)]
    assert [c.number for c in bar] == [str(n) for n in range(1, len(bar) + 1)]
    second = desk.words[1]
    assert bar[1].accessibleName() == f"第 2 个，{second}"
    desk.key("2")  # a part of the sentence: the rest is still being composed
    assert desk.sheet.startswith(second)


def test_the_longest_sentence_fits_the_narrowest_bar(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(PORTRAIT)
    desk.begin(size="largest")
    desk.spell("qingnimenkuaidianpairenlaixiuyixiulouxiadedeng")
    assert len(desk.words) == 1
    assert faults(desk.window) == []
    whole = desk.words[0]
    desk.tap("空格")
    assert desk.text == whole


def test_a_word_wider_than_its_place_is_shown_without_its_middle(desk: Desk) -> None:
    place = Candidate(desk.window, desk.keyboard.look, 0)
    place.become("请你们快点派人来修一修楼下的灯")
    place.stand(QRect(0, 0, place.natural_width() // 2, 100))
    assert "…" in place.all_lines()[0].text
    assert place.faults() == []
    assert place.accessibleName() == "第 1 个，请你们快点派人来修一修楼下的灯"


@given(
    naturals=st.lists(st.integers(1, 500), min_size=1, max_size=6), gap=st.integers(0, 20), room=st.integers(1, 2000)
)
def test_groups_hold_every_word_once_and_stay_within_the_room(naturals: list[int], gap: int, room: int) -> None:
    starts = groups(naturals, gap, room, room)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    for first, end in zip(starts, [*starts[1:], len(naturals)], strict=True):
        group = naturals[first:end]
        assert group
        edges = spread(group, room, gap)
        assert edges[-1] - gap <= room
        if len(group) > 1:
            assert all(b - a - gap >= natural for a, b, natural in zip(edges, edges[1:], group, strict=False))


# -- a real keyboard ---------------------------------------------------------------------------------------------------


def test_a_real_keyboard_writes_through_the_same_engine(desk: Desk) -> None:
    desk.key("loudaodengbuliang,")
    desk.key("qingjinkuaixiu ")
    assert desk.text == SENTENCE


def test_a_word_begun_on_one_keyboard_is_finished_on_the_other(desk: Desk) -> None:
    desk.key("loudao")
    desk.spell("deng")
    assert desk.sheet == "lou dao deng"
    desk.key("1")
    assert desk.text == "楼道灯"


def test_digits_choose_while_words_are_shown_and_are_text_otherwise(desk: Desk) -> None:
    desk.key("3haolou1")
    assert desk.text == "3号楼"
    desk.key("501")
    assert desk.text == "3号楼501"
    desk.key("ni9")  # there is no ninth: the first is taken, and the digit follows
    assert desk.text == "3号楼501你9"


def test_pages_are_turned_as_on_any_pinyin_keyboard(desk: Desk) -> None:
    desk.key("shi")
    first = desk.words
    desk.key("=")
    second = desk.words
    assert second != first
    desk.key("-")
    assert desk.words == first
    desk.key(Qt.Key.Key_PageDown)
    assert desk.words == second
    desk.key(Qt.Key.Key_PageUp, Qt.Key.Key_PageUp)
    assert desk.words == first


def test_enter_keeps_the_letters_and_escape_drops_them(desk: Desk) -> None:
    desk.key("wifi", Qt.Key.Key_Return)
    assert desk.text == "wifi"
    desk.key("ni", Qt.Key.Key_Escape)
    assert desk.sheet == "wifi"
    desk.key(Qt.Key.Key_Return, "a", Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    assert desk.text == "wifi"
    assert CommandGiven(command=Command.BACK) not in desk.posted
    desk.key(Qt.Key.Key_Escape)
    assert desk.posted[-1] == CommandGiven(command=Command.BACK)


def test_hash_and_star_press_the_answers_even_while_letters_are_composed(desk: Desk) -> None:
    desk.key("nihao", "#")
    assert desk.posted[-2:] == [TextEdited(text="你好"), ChoicePressed(choice_id="done")]
    desk.key("*")
    assert desk.posted[-1] == ChoicePressed(choice_id="speak")
    assert desk.text == "你好"


def test_combinations_with_control_are_nobodys_letters(desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert desk.sheet == ""


def test_real_keys_write_letters_on_an_english_screen(desk: Desk) -> None:
    desk.begin(language="en")
    desk.key("Hello, you.", Qt.Key.Key_Return, "3")
    assert desk.text == "Hello, you.\n3"


def test_who_writes_on_a_real_keyboard_presses_nothing_with_the_space_key(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Tab)
    assert isinstance(QApplication.focusWidget(), Control)
    desk.key("nihao", Qt.Key.Key_Space)
    assert desk.text == "你好"
    assert ChoicePressed(choice_id="done") not in desk.posted


# -- what is pressed besides -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["写好了", "返回", "声音和字", "叫工作人员"])
def test_letters_become_text_before_anything_else_is_done(desk: Desk, name: str) -> None:
    desk.spell("loudaodeng")
    desk.tap(name)
    assert desk.posted[-2] == TextEdited(text="楼道灯")
    assert not isinstance(desk.posted[-1], TextEdited)


def test_letters_that_are_no_text_yet_show_that_somebody_is_there(desk: Desk) -> None:
    desk.spell("n")
    assert desk.posted == [ScreenTouched()]


def test_nothing_is_posted_before_something_is_pressed(desk: Desk) -> None:
    desk.begin(language="en")
    assert desk.posted == []


def test_the_same_letters_go_on_after_something_came_between(desk: Desk) -> None:
    desk.spell("loudao")
    desk.show(shown("idle_warning"))
    desk.begin()
    assert desk.sheet == "lou dao"
    desk.spell("deng")
    desk.tap("楼道灯")
    assert desk.text == "楼道灯"


def test_letters_of_one_question_are_not_gone_on_with_on_another(desk: Desk) -> None:
    desk.spell("loudao")
    desk.begin("place_text")
    assert (desk.sheet, desk.words) == ("", [])


def test_a_text_that_comes_from_elsewhere_replaces_what_was_being_composed(desk: Desk) -> None:
    desk.spell("loudao")
    desk.show(replace(desk.screen, text="说的话"))
    assert (desk.sheet, desk.words) == ("说的话", [])
    desk.tap("。")
    assert desk.text == "说的话。"


def test_a_word_pressed_twice_by_an_unsteady_hand_is_chosen_once(desk: Desk) -> None:
    desk.spell("nihao")
    place = desk.control("你好")
    where = desk.keyboard.bar.mapTo(desk.window, place.geometry().center())
    for _ in range(2):
        under = desk.window.childAt(where)
        assert isinstance(under, QWidget)
        QTest.mouseClick(under, Qt.MouseButton.LeftButton)
        desk.clock.pass_by(0.2)
    assert desk.text == "你好"


def test_a_finger_that_bounces_writes_one_letter(desk: Desk) -> None:
    desk.begin(language="en")
    for wait in (0.05, 0.2, 0.2):
        QTest.mouseClick(desk.control("n"), Qt.MouseButton.LeftButton)
        desk.clock.pass_by(wait)
    assert desk.text == "nn"


# -- without a pinyin engine -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed_with", [{}, {"zh_Hans": LettersEngine()}])
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_without_librime_nobody_has_a_dead_keyboard(
    new_desk: Callable[..., Desk], typed_with: dict[str, TypingEngine], language: str
) -> None:
    desk = new_desk(typed_with=typed_with)
    desk.begin(language=language)
    desk.spell("ab1")
    desk.tap("退格" if language == "zh_Hans" else "Delete", "空格" if language == "zh_Hans" else "Space", "2")
    desk.key("c.3", Qt.Key.Key_Return, "d", Qt.Key.Key_Backspace)
    stop = "。" if language == "zh_Hans" else "."
    assert desk.text == f"ab 2c{stop}3\n"


def test_a_language_without_an_engine_of_its_own_borrows_one(
    new_desk: Callable[..., Desk], engines: dict[str, TypingEngine]
) -> None:
    desk = new_desk(typed_with={"zh_Hans": engines["zh_Hans"]})
    desk.begin(language="zh_Hant")
    desk.spell("lou")
    assert desk.words[0] == "楼"


def test_keys_that_were_shown_before_the_engine_was_there_write_what_stands_on_them(
    new_desk: Callable[..., Desk], engines: dict[str, TypingEngine]
) -> None:
    may_open = threading.Event()

    def opening() -> TypingEngine:
        may_open.wait()
        return engines["zh_Hant"]

    late = LateEngine(opening)
    desk = new_desk(typed_with={"zh_Hant": late})
    desk.begin(language="zh_Hant")
    desk.spell("a")
    assert desk.text == "a"
    may_open.set()
    assert late.wait(60)
    desk.spell("lou")
    assert (desk.sheet, desk.words[0]) == ("alou", "樓")
    desk.begin("place_text", language="zh_Hant")
    assert {"寫法", "英文"} <= {key.text() for key in desk.keyboard.keys}


# -- text --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", ""),
        ("a", ""),
        ("楼道", "楼"),
        ("姓𠮷", "姓"),
        ("cafe\u0301", "caf"),
        ("好👍🏽", "好"),
        ("家👨\u200d👩\u200d👧", "家"),
        ("一行\n", "一行"),
        ("葛\U000e0100", ""),
        ("\U000116d0", ""),
    ],
)
def test_delete_takes_what_is_drawn_as_one_character(text: str, left: str) -> None:
    assert without_last_character(text) == left


@given(text=st.text(max_size=12))
def test_delete_always_takes_something_from_the_end_and_nothing_else(text: str) -> None:
    left = without_last_character(text)
    assert text.startswith(left)
    assert len(left) < len(text) or not text


def test_text_ends_at_its_limit(desk: Desk) -> None:
    desk.begin(text="字" * (TEXT_LIMIT - 1))
    desk.spell("nihao")
    desk.tap("空格", "。")
    assert desk.text == "字" * (TEXT_LIMIT - 1) + "你"


def test_long_text_shows_its_end(desk: Desk) -> None:
    desk.begin(text="楼道的灯坏了，请派人来修。" * 60)
    desk.spell("nihao")
    words = desk.layout.words
    lines = words.lines(words.width())
    assert words.rows().stop == lines.count
    assert "".join(lines.strings()).endswith("ni hao")
    assert words.rows().start > 0


# -- for who does not see or does not touch ----------------------------------------------------------------------------


def _told(window: KioskWindow) -> list[str]:
    """What a screen reader finds that can be pressed, in its order."""

    def walk(one: QAccessible) -> Iterator[str]:
        for index in range(one.childCount()):  # type: ignore[attr-defined]  # an interface, as Qt calls it
            child = one.child(index)  # type: ignore[attr-defined]
            if child.state().invisible:
                continue
            if child.role() in (QAccessible.Role.Button, QAccessible.Role.CheckBox):
                yield child.text(QAccessible.Text.Name)
            yield from walk(child)

    return list(walk(QAccessible.queryAccessibleInterface(window)))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_finds_every_key_and_every_word_in_reading_order(desk: Desk, language: str) -> None:
    desk.begin(language=language)
    for letters in ("", "su3cl3" if language == "zh_Hant" else "nihao"):
        desk.key(letters)
        told = _told(desk.window)
        assert desk.window.page is not None
        assert told == [control.accessibleName() for control in desk.window.page.controls()]
        assert all(told)
    assert {"退格", "逗号", "第 1 个，你好"} <= set(told) or language != "zh_Hans"


def test_up_and_down_go_from_row_to_row_and_out_of_the_keyboard(desk: Desk) -> None:
    assert desk.window.page is not None
    desk.control("g").setFocus(Qt.FocusReason.TabFocusReason)
    met = []
    for _ in range(4):
        met.append(QApplication.focusWidget())
        desk.key(Qt.Key.Key_Down)
    assert [c.text() for c in met if isinstance(c, Control)][:3] == ["g", "v", "空格"]
    assert QApplication.focusWidget() not in desk.keyboard.keys
    desk.control("g").setFocus(Qt.FocusReason.TabFocusReason)
    desk.key(Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is desk.control("5")
    desk.key(Qt.Key.Key_Up)
    assert QApplication.focusWidget() is desk.control("改用说的")


def test_a_sentence_can_be_written_with_arrows_and_enter_alone(desk: Desk) -> None:
    for name in ("n", "i", "h", "a", "o"):
        _walk_to(desk, name)
        desk.key(Qt.Key.Key_Return)
    assert desk.sheet == "ni hao"
    _walk_to(desk, "你好")
    desk.key(Qt.Key.Key_Return)
    assert desk.text == "你好"
    assert QApplication.focusWidget() in desk.keyboard.keys[:10]
    ring = desk.window._ring
    assert ring is not None
    assert not ring.isHidden()


def _walk_to(desk: Desk, name: str) -> None:
    assert desk.window.page is not None
    for _ in desk.window.page.controls():
        focused = QApplication.focusWidget()
        if isinstance(focused, Control) and focused.text() == name:
            return
        desk.key(Qt.Key.Key_Right)
    raise AssertionError(name)


def test_the_focus_stays_above_the_letters_while_words_come_and_go(desk: Desk) -> None:
    desk.spell("shi")
    desk.control("更多").setFocus(Qt.FocusReason.TabFocusReason)
    desk.key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is desk.control("更多")
    fourth = desk.control(desk.words[3])
    fourth.setFocus(Qt.FocusReason.TabFocusReason)
    desk.key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is desk.control("1")


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("glass", "size", "language"), a_tenth_of(GLASSES, sizes(), LANGUAGES, every=7))
def test_every_page_of_the_keyboard_fits(new_desk: Callable[..., Desk], glass: str, size: str, language: str) -> None:
    desk = new_desk(GLASSES[glass])
    found: dict[tuple[object, ...], list[str]] = {}
    ways = (Does.PINYIN, Does.STROKES, *((Does.ZHUYIN, Does.CANGJIE) if language == "zh_Hant" else ()), Does.ENGLISH)
    for step, way in product(("type_text", "place_text"), ways):
        desk.begin(step, language=language, size=size, text="楼道的灯坏了。" * 20)
        for switch in (Does.WAYS, way, Does.SHIFT, Does.SYMBOLS):
            desk.press(switch)
            found[step, way, switch] = faults(desk.window)
    desk.begin(language=language, size=size)
    written = {
        Does.PINYIN: ("shi", "loudaodengbuliang", "women"),
        Does.STROKES: ("h", "hspn", "nzzzzz"),
        Does.ZHUYIN: ("g4", "x.62l42/1j4xu;4", "33"),
        Does.CANGJIE: ("a", "dllv", "nnnnn"),
    }
    for way in ways[:-1]:
        desk.press(Does.WAYS)
        desk.press(way)
        for letters in written[way]:
            desk.key(letters)
            found["composing", way, letters] = faults(desk.window)
            desk.key(Qt.Key.Key_PageDown)
            found["turned", way, letters] = faults(desk.window)
            desk.key(Qt.Key.Key_Escape)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(("glass", "size", "language"), a_tenth_of(GLASSES, sizes(), LANGUAGES, every=7))
def test_two_lines_of_text_are_seen_at_every_size(
    new_desk: Callable[..., Desk], glass: str, size: str, language: str
) -> None:
    desk = new_desk(GLASSES[glass])
    desk.begin(language=language, size=size, text="楼道的灯坏了，请派人来修。" * 20)
    assert desk.layout.words.rows_in(desk.layout.words.height()) >= 2


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_nothing_typed_remains_after_a_wipe(desk: Desk) -> None:
    desk.begin(text="MARKER 楼道")
    desk.spell("huaile")
    desk.tap("空格")
    desk.spell("weixiu")
    assert _holding("楼道坏了") != []
    assert _holding("维修") != []
    desk.window.wipe()
    desk.begin("kind")
    desk.posted.clear()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    gc.collect()
    for typed in ("MARKER", "楼道", "坏了", "维修", "wei xiu", "weixiu"):
        assert _holding(typed) == []
    for engine in desk.engines.values():
        assert engine.page(0) == Composition()
    assert QApplication.clipboard().text() == ""


def _holding(typed: str) -> list[object]:
    """Every widget that has these words, and every text set into lines."""
    found: list[object] = []
    for widget in QApplication.allWidgets():
        texts = [widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle(), widget.toolTip()]
        if isinstance(widget, QLabel | QAbstractButton):
            texts.append(widget.text())
        if any(typed in text for text in texts):
            found.append(widget)
    return found + [one for one in gc.get_objects() if type(one) is Lines and typed in one.text]


# -- whatever is pressed -----------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.integers(0, 45), max_size=40),
    keys=st.lists(st.sampled_from([*"aeiounghz1 .-='", Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Escape])),
)
def test_the_sheet_is_always_the_text_and_what_is_being_composed(
    desk: Desk, places: list[int], keys: list[Qt.Key | str]
) -> None:
    desk.window.wipe()
    desk.begin()
    for place in places:
        shown_keys = [*desk.keyboard.bar.controls(), *(key for key in desk.keyboard.keys if not key.isHidden())]
        shown_keys[place % len(shown_keys)].click()
        desk.clock.pass_by(A_WHILE)
        assert desk.sheet == desk.text + desk.engines["zh_Hans"].page(0).preedit
    desk.key(*keys)
    assert desk.sheet == desk.text + desk.engines["zh_Hans"].page(0).preedit
    assert bool(desk.words) == (desk.sheet != desk.text)
