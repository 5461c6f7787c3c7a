"""Recognised words: a phrase or nothing, and never more than what was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.ears import Ears
from petition.script.book import STEPS
from petition.script.phrases import COMMANDS, NUMBERS
from voice.grammar import DIGITS, UNKNOWN
from voice.matching import Digits, Exact, Near, Nothing, distance, match, syllables

EVERYWHERE = (*(phrase for words in COMMANDS for phrase in words.phrases), *(each for two in NUMBERS for each in two))
GRAMMARS = {
    name: tuple(dict.fromkeys((*(phrase for choice in step.choices for phrase in choice.phrases), *EVERYWHERE)))
    for name, step in STEPS.items()
}
CHARACTERS = sorted({character for phrases in GRAMMARS.values() for phrase in phrases for character in phrase})

EARS = Ears(open=True, phrases=("查进度", "我要反映问题", "返回", "对", "不对", "提交不留电话", "停一停"))
DIGIT_EARS = Ears(open=True, phrases=("返回", "一号"), digits=True)

words = st.lists(st.sampled_from([*CHARACTERS, *EARS.phrases, *DIGITS, UNKNOWN]), max_size=6).map(" ".join)


@pytest.mark.parametrize("step", GRAMMARS)
@pytest.mark.parametrize("spaced", [False, True])
def test_every_phrase_of_every_step_is_itself_however_it_is_cut_into_words(step: str, spaced: bool) -> None:
    ears = Ears(open=True, phrases=GRAMMARS[step])
    for phrase in ears.phrases:
        assert match(" ".join(phrase) if spaced else phrase, ears) == Exact(phrase=phrase)


@given(words)
def test_what_is_no_phrase_is_never_exact(said: str) -> None:
    match match(said, EARS):
        case Exact(phrase=phrase):
            plain = said.replace(" ", "")
            assert phrase in EARS.phrases
            assert plain in {phrase, phrase * 2, phrase * 3}
        case Near(phrase=phrase):
            assert phrase in EARS.phrases


@given(words, st.sampled_from(EARS.phrases))
def test_a_phrase_with_anything_before_or_after_it_is_not_exact(said: str, phrase: str) -> None:
    for longer in (f"{UNKNOWN} {phrase}", f"{phrase} {UNKNOWN}", f"大家 {phrase}", f"{phrase} 大家"):
        assert not isinstance(match(longer, EARS), Exact)


@given(words)
def test_a_phrase_that_sends_something_is_never_asked_back(said: str) -> None:
    assert match(said, EARS) != Near(phrase="提交不留电话")


@pytest.mark.parametrize("said", ["提 教 不留 电话", "提交 [unk] 电话", "[unk] 提交 不留 电话", "提交 留 电话"])
def test_what_is_nearest_to_such_a_phrase_is_nothing(said: str) -> None:
    assert match(said, EARS) == Nothing()


@pytest.mark.parametrize("said", ["", " ", "[unk]", "[unk] [unk] [unk]", "[unk] 对", "对 [unk]"])
def test_noise_is_nothing(said: str) -> None:
    assert match(said, EARS) == Nothing()


@pytest.mark.parametrize("said", ["今天 天气 很 好", "返回 说 呼叫", "我 对 问题", "[unk] 问题 [unk] 对"])
def test_talk_is_nothing(said: str) -> None:
    assert match(said, EARS) == Nothing()


@pytest.mark.parametrize("said", ["查 进度 查 进度", "返回 返回 返回"])
def test_what_is_said_again_counts_once(said: str) -> None:
    assert match(said, EARS) == Exact(phrase=said.replace(" ", "")[: 3 if said[0] == "查" else 2])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("[unk] 查 进度", "查进度"),
        ("查 金 度", "查进度"),
        ("茶 精 度", "查进度"),
        ("我要 反映 [unk]", "我要反映问题"),
        ("要 反映 问题", "我要反映问题"),
        ("饭 回", "返回"),
        ("停 一 挺", "停一停"),
    ],
)
def test_what_comes_near_to_a_phrase_is_to_be_asked_back(said: str, meant: str) -> None:
    assert match(said, EARS) == Near(phrase=meant)


@given(st.lists(st.sampled_from(sorted(DIGITS)), min_size=1, max_size=20))
def test_digits_are_digits_where_they_are_listened_for(said: list[str]) -> None:
    assert match(" ".join(said), DIGIT_EARS) == Digits(digits="".join(DIGITS[each] for each in said))
    assert not isinstance(match(" ".join(said), EARS), Digits)


@pytest.mark.parametrize("said", ["一 二 返回", "返回 一", "一 [unk] 二", "一 号 二"])
def test_digits_mixed_with_anything_else_are_none(said: str) -> None:
    assert not isinstance(match(said, DIGIT_EARS), Digits)


def test_a_phrase_that_begins_like_a_digit_is_a_phrase() -> None:
    assert match("一 号", DIGIT_EARS) == Exact(phrase="一号")


def test_polyphones_sound_as_our_own_words_are_read() -> None:
    assert syllables("重听") == ("chong", "ting")


@given(st.text(alphabet=CHARACTERS, max_size=6), st.text(alphabet=CHARACTERS, max_size=6))
def test_distance_is_between_0_and_1_and_0_for_what_sounds_the_same(one: str, other: str) -> None:
    assert 0.0 <= distance(syllables(one), syllables(other)) <= 1.0
    if len(syllables(one)) > 1:
        assert distance(syllables(one), syllables(one)) == 0.0
