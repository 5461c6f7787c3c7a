"""Numbers in free text, as a person reads them aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.utterance import Span, Utterance
from voice.numbers import with_numbers_said


def said(text: str, language: str = "zh_Hans") -> str:
    return with_numbers_said(Utterance(text=text, language=language)).spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("编号 1023 0001 2392。", "编号 幺零二三，零零零幺，二三九二。"),
        ("编号102300012392。", "编号幺零二三，零零零幺，二三九二。"),
        ("身份证110104193505060017", "身份证幺幺零幺零四，幺九三五零五零六，零零幺七"),
        ("身份证11010419350506001X，", "身份证幺幺零幺零四，幺九三五零五零六，零零幺叉，"),
        ("电话13812345678", "电话幺三八，幺二三四，五六七八"),
        ("电话 138-1234-5678", "电话 幺三八，幺二三四，五六七八"),
        ("打 0571-87654321", "打 零五七幺，八七六五，四三二幺"),
        ("打 010-1234567", "打 零幺零，幺二三，四五六七"),
        ("打 0571-12345", "打 零五七幺，幺二三四五"),
        ("打12345或者110", "打幺二三四五或者幺幺零"),
        ("2026年11月22日来", "二零二六年十一月二十二日来"),
        ("2026-1-2 来", "二零二六年一月二号 来"),
        ("11 月 12 日", "十一月十二日"),
        ("2024年修的，3月坏了", "二零二四年修的，三月坏了"),
        ("14:05 停水", "十四点零五分 停水"),
        ("下午 2:30", "下午 两点三十分"),
        ("10:00", "十点"),
        ("3.5 公里，50%，0.5%", "三点五 公里，百分之五十，百分之零点五"),
        ("2次，2 个，2楼，12号", "两次，两 个，二楼，十二号"),
        ("10000元，10500 块，12345678元", "一万元，一万零五百 块，一千二百三十四万五千六百七十八元"),
        ("100015元", "十万零一十五元"),
        ("3栋2单元101室", "三栋二单元幺零幺室"),
        ("120 米", "一百二十 米"),
        ("007", "零零七"),
        ("1.2.3 版", "一.二.三 版"),
        ("123456789", "幺二三四，五六七八，九"),
    ],
)
def test_a_number_is_read_as_a_person_reads_it(written: str, spoken: str) -> None:
    assert said(written) == spoken


def test_where_traditional_or_cantonese_is_read_one_is_not_yao() -> None:
    assert said("電話13812345678，2次", "zh_Hant") == "電話一三八，一二三四，五六七八，兩次"
    assert said("電話13812345678", "yue") == "電話一三八，一二三四，五六七八"


def test_in_english_long_numbers_are_spelled_and_short_ones_left_to_the_voice() -> None:
    assert said("Number 1023 0001 2392, 12 days, 3.5 km", "en") == "Number 1 0 2 3, 0 0 0 1, 2 3 9 2, 12 days, 3.5 km"
    assert said("Call 12345.", "en") == "Call 1 2 3 4 5."


def test_what_has_a_spoken_form_keeps_it() -> None:
    span = Span(start=3, length=4, spoken="幺零二三")
    utterance = with_numbers_said(Utterance(text="编号 1023，2 次，1023", spans=(span,)))
    assert utterance.spans[0] is span
    assert utterance.spoken == "编号 幺零二三，两 次，幺零二三"


@given(
    st.text(alphabet="0123456789 .:-/%Xx年月日号元次，电话", max_size=40),
    st.sampled_from(["zh_Hans", "zh_Hant", "yue", "en"]),
)
def test_whatever_the_text_each_number_stays_at_its_place(text: str, language: str) -> None:
    utterance = with_numbers_said(Utterance(text=text, language=language))
    assert utterance.text == text
    at = 0
    for span in utterance.spans:
        assert at <= span.start < span.start + span.length <= len(text)
        at = span.start + span.length
    if language != "en":
        assert not any(character.isdigit() for character in utterance.spoken)
