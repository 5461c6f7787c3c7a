"""Phrases, cut into words that a model knows."""

import json
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from voice.grammar import DIGIT_ROWS, DIGITS, UNKNOWN, grammar, split_phrase

WORDS = frozenset({"查", "进度", "进", "度", "我要", "我", "要反映", "反映", "问题", "反映问题", *DIGITS})
letters = st.text(alphabet="查进度我要", max_size=8)


def test_a_phrase_is_cut_into_as_few_words_as_there_can_be_the_longer_ones_first() -> None:
    assert split_phrase("查进度", WORDS.__contains__) == ("查", "进度")
    assert split_phrase("我要反映问题", WORDS.__contains__) == ("我要", "反映问题")


def test_a_word_that_leads_nowhere_is_not_taken() -> None:
    assert split_phrase("我要反映", {"我", "我要反", "要反映"}.__contains__) == ("我", "要反映")


@given(letters, st.frozensets(letters.filter(bool)))
def test_the_words_of_a_phrase_are_the_phrase_and_all_are_known(phrase: str, words: frozenset[str]) -> None:
    split = split_phrase(phrase, words.__contains__)
    assert "".join(split) in ("", phrase)
    assert words.issuperset(split)


def test_a_phrase_with_a_word_the_model_lacks_is_left_out_and_named() -> None:
    expected = grammar(("查进度", "叫工作人员"), digits=False, knows=WORDS.__contains__)
    assert expected.phrases == (("查", "进度"),)
    assert expected.unheard == ("叫工作人员",)
    assert json.loads(expected.json) == ["查 进度", UNKNOWN]


def test_digits_are_expected_one_by_one_and_in_rows_that_weigh_more_than_anything_else() -> None:
    expected = grammar(("一", "查进度"), digits=True, knows=WORDS.__contains__)
    row = " ".join(expected.digits_in_a_row)
    singles = (digit for digit in DIGITS if digit != "一")
    assert json.loads(expected.json) == ["一", "查 进度", *singles, *[row] * DIGIT_ROWS, UNKNOWN]


def test_an_empty_list_which_would_end_the_process_is_never_given() -> None:
    assert grammar(("叫工作人员",), digits=False, knows=WORDS.__contains__).json == ""


def test_any_digit_may_follow_any_other() -> None:
    expected = grammar(("查进度",), digits=True, knows=set("零一二两查进度").__contains__)

    row = json.loads(expected.json)[-2].split()
    assert set(pairwise(row)) >= set(product("零一二两", repeat=2))
    assert not grammar(("查进度",), digits=False, knows=set("一二查进度").__contains__).digits_in_a_row
