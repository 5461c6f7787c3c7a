"""Text is set as a careful printer would set it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFont

from tests.ui.conftest import LANDSCAPE
from ui.lines import LONGEST_LINE_EM, NEVER_FIRST, Lines, stretches
from ui.look import Look

TEXT = (
    "我住三号楼二单元，楼道里的灯坏了快两个星期了。晚上上楼看不见台阶，前天我邻居老李差点儿摔着。请你们派人来修一修。"
)
pytestmark = pytest.mark.usefixtures("application")


def _font(language: str = "zh_Hans") -> QFont:
    return Look.for_glass(LANDSCAPE, language=language).font()


@pytest.mark.parametrize("width", range(150, 1600, 50))
def test_no_line_begins_with_a_mark(width: int) -> None:
    assert not [t for t in Lines(TEXT, _font(), width).strings()[1:] if t[0] in NEVER_FIRST]


def test_two_lines_of_a_title_are_about_as_long_as_each_other() -> None:
    first, second = Lines("正在办理您反映的事情预计本周内会有答复", _font(), 600).strings()
    assert abs(len(first) - len(second)) <= 2


def test_a_line_ends_at_a_mark_where_one_stands_near_its_end() -> None:
    assert (
        Lines("没有动静，就回到首页。没交的会清掉，不让别人看到。", _font(), 700).strings()[0]
        == "没有动静，就回到首页。"
    )


def test_two_lines_part_between_sentences_rather_than_at_a_comma() -> None:
    text = "交过的都在，丢不了。新的事，请工作人员帮您记，或者打 12345。"
    first, second = Lines(text, _font(), 1000).strings()
    assert (first, second.startswith("新的事，")) == ("交过的都在，丢不了。", True)


def test_two_lines_part_at_a_comma_rather_than_in_mid_phrase() -> None:
    text, narrow = "请收好，别把查询码给别人。", 12 * _font().pixelSize()
    assert Lines(text, _font(), narrow).strings() == ["请收好，", "别把查询码给别人。"]
    assert Lines("好，" + text[4:], _font(), narrow * 3 // 4).strings()[0] != "好，", "a line of next to nothing"


def test_every_paragraph_is_evened_by_itself() -> None:
    text = "纸上的姓名和签字，只给办事的人看。\n办完再留两年，到期就删。"
    lines = Lines(text, _font(), 16 * _font().pixelSize())
    assert [line.strip("\u2028") for line in lines.strings()] == [
        "纸上的姓名和签字，",
        "只给办事的人看。",
        "办完再留两年，到期就删。",
    ]
    assert "".join(lines.strings()) == lines.text


def test_one_character_left_over_is_seen_in_any_paragraph() -> None:
    for text in ("一二三四五六七八九十。", "一二三四五六七八九十。\n一二三。", "一二三。\n一二三四五六七八九十。"):
        faults = Lines(text, _font(), 9.5 * _font().pixelSize(), even=False).faults()
        assert [fault.partition(":")[0] for fault in faults] == ["one character left over"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="一二三四五六七八，。！？「」 12\n", min_size=2, max_size=60), st.integers(200, 1500))
def test_evened_lines_are_as_many_and_no_wider(text: str, width: int) -> None:
    evened, plain = Lines(text, _font(), width), Lines(text, _font(), width, even=False)
    assert evened.count <= plain.count
    assert evened.width <= width + 1


def test_words_still_coming_in_do_not_move_to_another_line() -> None:
    font, width = _font(), 500
    before: list[str] = []
    for length in range(1, len(TEXT)):
        now = Lines(TEXT[:length], font, width, even=False, phrases=False).strings()
        assert now[: len(before) - 1] == before[: len(before) - 1] or len(now) == 1
        before = now


def test_a_number_stays_with_what_it_counts() -> None:
    for width in range(120, 900, 20):
        for line in Lines("预计 11 月 12 日前答复，请按 1023 0001 2392 来查。", _font(), width).strings()[:-1]:
            assert not line.rstrip("\u00a0")[-1:].isdigit() or len(line) < 4


def test_the_place_of_a_word_does_not_change_by_setting_it() -> None:
    text = "预计 11 月 12 日前答复"
    assert len(Lines(text, _font(), 200).text) == len(text)


def test_a_marked_word_that_runs_over_two_lines_has_two_boxes() -> None:
    lines = Lines(TEXT, _font(), 300, even=False, phrases=False)
    first_line = len(lines.strings()[0])
    assert [number for number, _ in lines.boxes(first_line - 1, 2)] == [0, 1]


def test_a_line_is_never_longer_than_forty_characters() -> None:
    assert max(len(line) for line in Lines("字" * 200, _font(), 10_000).strings()) <= LONGEST_LINE_EM


def test_english_quotes_are_not_as_wide_as_hanzi() -> None:
    text = "“Finished”"
    assert Lines(text, _font("en"), 10_000).width < Lines(text, _font("zh_Hans"), 10_000).width


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="字号，。！ abc.,:12「」“”\n", min_size=0, max_size=120), st.integers(200, 900), st.integers(1, 2)
)
def test_stretches_of_any_text_leave_nothing_out_and_fit(text: str, width: int, most_lines: int) -> None:
    font = _font()
    told = stretches(text, font, width, most_lines)
    kept = "".join(piece for _, piece in told)
    assert [c for c in kept if not c.isspace()] == [c for c in text if not c.isspace()]
    for start, piece in told:
        assert text[start : start + len(piece)] == piece


def test_a_long_caption_is_cut_between_sentences() -> None:
    told = [piece for _, piece in stretches("一二三四五六七八九十。" * 6, _font(), 800, 1)]
    assert all(piece.endswith("。") for piece in told)


def test_an_english_caption_is_cut_between_sentences_too() -> None:
    text = "It is sent, thank you. The number is 1023 0001 2392. Somebody will look at it within a day."
    told = [piece.strip() for _, piece in stretches(text, _font("en"), 700, 1)]
    assert told == ["It is sent, thank you.", "The number is 1023 0001 2392.", "Somebody will look at it within a day."]
