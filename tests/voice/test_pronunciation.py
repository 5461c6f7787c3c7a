"""How texts are read, before any sound is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.pronunciation import MANDARIN, VOICES, overrides, segments

texts = st.text(alphabet="您好请说一不了重听还行银〇龘，。！？：「」—… PINusb'é12\n😀", max_size=60)


def pinyin(text: str) -> str:
    return " ".join(segment.text for segment in segments(text, "cmn") if segment.voice == MANDARIN)


@pytest.mark.parametrize("word", sorted(overrides()))
def test_our_own_words_are_read_as_written_down_even_inside_a_sentence(word: str) -> None:
    read = " ".join(overrides()[word])
    assert pinyin(word) == read
    assert pinyin(f"好，{word}。") == f"hao3, {read}."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("重听一下。", "chong2 ting1 yi2 xia4."),
        ("这个地方便宜得很。", "zhe4 ge5 di4 fang1 pian2 yi5 de5 hen3."),
        ("不去不来", "bu2 qu4 bu4 lai2"),
        ("一块一天一百二十一", "yi2 kuai4 yi4 tian1 yi4 bai3 er4 shi2 yi1"),
        ("第一，十一月一日", "di4 yi1, shi2 yi1 yue4 yi1 ri4"),
        ("银行还行", "yin2 hang2 hai2 xing2"),
        ("12 号", "yi1 er4 hao4"),
    ],
)
def test_polyphones_and_changing_tones_follow_their_neighbours(text: str, read: str) -> None:
    assert pinyin(text) == read


@given(texts, st.sampled_from(sorted(VOICES)))
def test_whatever_the_text_every_word_has_its_place_in_it_and_in_what_is_read(text: str, language: str) -> None:
    for segment in segments(text, language):
        assert segment.words
        for word in segment.words:
            assert 0 <= word.at < len(segment.text)
            assert 0 <= word.start < word.start + word.length <= len(text)
        assert list(segment.words) == sorted(segment.words, key=lambda word: word.at)
        assert [word.start for word in segment.words] == sorted(word.start for word in segment.words)


@given(texts)
def test_the_pinyin_voice_is_never_given_anything_but_pinyin_and_pauses(text: str) -> None:
    for segment in segments(text, "cmn"):
        if segment.voice == MANDARIN:
            assert not set(segment.text) - set("abcdefghijklmnopqrstuvwxyzüê12345 ,.!?;:")


def test_latin_words_go_to_the_english_voice_and_hanzi_in_english_to_the_mandarin_one() -> None:
    assert [(s.voice, s.text.strip()) for s in segments("请输入PIN码", "zh_Hans")] == [
        ("cmn-latn-pinyin", "qing3 shu1 ru4"),
        ("en", "PIN"),
        ("cmn-latn-pinyin", "ma3"),
    ]
    assert [s.voice for s in segments("Press 提交 now", "en")] == ["en", "cmn-latn-pinyin", "en"]


def test_a_language_without_a_voice_is_refused() -> None:
    with pytest.raises(KeyError):
        segments("bonjour", "fr")
