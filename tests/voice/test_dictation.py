"""Stretches of speech become one text."""

from hypothesis import given
from hypothesis import strategies as st

from voice.dictation import Dictation, joined

stretches = st.lists(st.tuples(st.sampled_from(["", "[unk]", "路灯 不亮", "没人 管"]), st.floats(0.0, 5.0)), max_size=6)


def test_a_short_pause_is_a_comma_a_long_one_ends_a_sentence_and_so_does_the_end() -> None:
    text = Dictation()
    for words, after in (("小区 路灯 不亮", 3.0), ("晚上 很 黑", 0.6), ("请 尽快 处理", 1.4)):
        text = text.going_on(words, after).settle()
    assert text.finished().text == "小区路灯不亮，晚上很黑。请尽快处理。"


def test_what_is_being_said_may_change_and_what_was_said_before_does_not() -> None:
    text = Dictation().going_on("路灯", 0.0).settle().going_on("不", 0.6)
    assert (text.text, text.settled) == ("路灯，不", "路灯")
    text = text.going_on("不亮 了", 0.6)
    assert (text.text, text.settled) == ("路灯，不亮了", "路灯")


def test_a_stretch_that_was_no_dictation_leaves_nothing_behind() -> None:
    text = Dictation().going_on("路灯 不亮", 0.0).settle().going_on("说 完了", 2.0).dropped()
    assert text.finished().text == "路灯不亮。"


def test_nothing_said_is_no_text() -> None:
    assert Dictation().going_on("[unk]", 0.0).settle().finished().text == ""


def test_words_are_written_without_spaces_but_for_those_between_letters() -> None:
    assert joined("我 家 wi fi 坏了 [unk]") == "我家wi fi坏了"


@given(stretches)
def test_what_is_settled_is_never_taken_back(said: list[tuple[str, float]]) -> None:
    text = Dictation()
    for words, after in said:
        for step in (text.going_on(words, after), text.going_on(words, after).settle()):
            assert step.settled.startswith(text.settled)
            assert step.text.startswith(step.settled)
        text = text.going_on(words, after).settle()
    assert text.finished().running == ""
