"""How things are read aloud."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.utterance import (
    Said,
    Span,
    Utterance,
    count_in_hanzi,
    date_said,
    duration_said,
    fill,
    hotline_said,
    joined,
    phone_tail_said,
    query_code_said,
    receipt_number_said,
    sentences,
    time_said,
)


def test_a_receipt_number_is_told_digit_by_digit_in_fours() -> None:
    said = receipt_number_said("102300012392", "zh_Hans")
    assert said == Said(written="1023 0001 2392", spoken="幺零二三，零零零幺，二三九二")


def test_codes_tails_and_service_numbers_are_told_digit_by_digit() -> None:
    assert query_code_said("407915", "zh_Hans").spoken == "四零七，九幺五"
    assert phone_tail_said("+8613812345678", "zh_Hans").spoken == "五六七八"
    assert hotline_said("12345", "zh_Hans").spoken == "幺二三四五"
    assert hotline_said("12345", "en").spoken == "1 2 3 4 5"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (205, "二百零五"),
        (1010, "一千零一十"),
        (9999, "九千九百九十九"),
        (12345, "12345"),
    ],
)
def test_numbers_are_counted_as_people_count(number: int, told: str) -> None:
    assert count_in_hanzi(number) == told


@pytest.mark.parametrize(
    ("seconds", "spoken"), [(0.2, "一秒"), (40, "四十秒"), (80, "一分二十秒"), (120, "两分钟"), (125, "两分五秒")]
)
def test_lengths_of_sound(seconds: float, spoken: str) -> None:
    assert duration_said(seconds, "zh_Hans").spoken == spoken


def test_dates_leave_out_this_year() -> None:
    today = date(2026, 11, 22)
    assert date_said(date(2026, 3, 6), today, "zh_Hans") == Said(written="3 月 6 日", spoken="三月六号")
    assert date_said(date(2024, 12, 31), today, "zh_Hans").spoken == "二零二四年十二月三十一号"
    assert date_said(date(2024, 12, 31), today, "en").written == "December 31, 2024"


@pytest.mark.parametrize(
    ("hour", "minute", "spoken"),
    [
        (0, 0, "夜里十二点"),
        (6, 30, "早上六点三十分"),
        (9, 5, "上午九点零五分"),
        (12, 0, "中午十二点"),
        (14, 5, "下午两点零五分"),
        (23, 59, "夜里十一点五十九分"),
    ],
)
def test_times_of_day(hour: int, minute: int, spoken: str) -> None:
    assert time_said(datetime(2026, 3, 6, hour, minute), "zh_Hans").spoken == spoken  # noqa: DTZ001 (local time is asked for)


def test_what_sounds_different_keeps_its_place_in_what_is_shown() -> None:
    words = fill("号码是：{number}。好了。", {"number": Said(written="1023", spoken="幺零二三")}, "zh_Hans")
    assert words.text == "号码是：1023。好了。"
    assert words.spans == (Span(start=4, length=4, spoken="幺零二三"),)
    assert words.spoken == "号码是：幺零二三。好了。"


def test_a_hole_without_a_value_is_a_bug_not_an_empty_place() -> None:
    with pytest.raises(KeyError):
        fill("{nothing}", {}, "zh_Hans")


@given(st.lists(st.text(alphabet="甲乙12。 ", max_size=6), max_size=5), st.sampled_from(["", " "]))
def test_joining_loses_no_span(texts: list[str], gap: str) -> None:
    parts = tuple(
        Utterance(text=t, spans=(Span(start=0, length=len(t), spoken=f"<{n}>"),) if t else ())
        for n, t in enumerate(texts)
    )
    whole = joined(parts, gap)
    assert [whole.text[s.start : s.start + s.length] for s in whole.spans] == [t for t in texts if t]


@given(st.text(alphabet="甲乙丙。！？\n ", max_size=30))
def test_sentences_are_stretches_of_the_text(text: str) -> None:
    for start, sentence in sentences(Utterance(text=text)):
        assert text[start : start + len(sentence)] == sentence
