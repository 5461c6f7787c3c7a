"""The real recogniser with the demonstration voice, fed from memory."""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from petition.errors import Fault, FaultCode
from voice.models import DEMONSTRATION
from voice.recogniser import Recogniser, Stretch
from voice.synthesis import Synthesizer

BLOCK_SAMPLES = 480

Samples = npt.NDArray[np.int16]


@cache
def synthesizer() -> Synthesizer:
    return Synthesizer()


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(DEMONSTRATION, synthesizer().rate)


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * synthesizer().rate), dtype=np.int16)


def fan(seconds: float) -> Samples:
    """Nothing that anybody says."""
    return np.asarray(np.random.default_rng(5).standard_normal(len(quiet(seconds))) * 300, dtype=np.int16)


def said(text: str) -> Samples:
    return synthesizer().speak(text, "cmn", 1.0).samples


def feed(stretch: Stretch, *sounds: Samples) -> Stretch:
    sound = np.concatenate(sounds)
    for start in range(0, len(sound), BLOCK_SAMPLES):
        stretch.feed(sound[start : start + BLOCK_SAMPLES])
    return stretch


def test_a_phrase_is_heard_as_its_words_and_what_is_none_as_unknown(recogniser: Recogniser) -> None:
    expected = recogniser.grammar(("返回", "首页", "叫工作人员"), digits=False)
    for phrase in ("返回", "首页", "叫工作人员"):
        heard = feed(recogniser.expecting(expected), quiet(0.5), said(phrase), quiet(0.5)).finish()
        assert heard.replace(" ", "") == phrase
    assert "[unk]" in feed(recogniser.expecting(expected), quiet(0.5), said("昨天晚上的足球比赛"), quiet(0.5)).finish()


def test_what_the_room_sounds_like_around_a_phrase_is_left_out(recogniser: Recogniser) -> None:
    phrase = said("返回")
    spoken_seconds = len(phrase) / synthesizer().rate
    stretch = recogniser.expecting(recogniser.grammar(("返回", "首页"), digits=False))
    assert feed(stretch, fan(1.5), phrase, fan(0.5)).finish(spoken_seconds) == "返回"
    stretch = recogniser.expecting(recogniser.grammar(("返回", "首页"), digits=False))
    assert feed(stretch, fan(2.0), fan(0.5)).finish(0.0) == ""


def test_dictation_longer_than_kaldi_bears_is_joined(recogniser: Recogniser) -> None:
    stretch = feed(recogniser.dictation(), *[said("我们小区路灯不亮")] * 14)
    meanwhile = stretch.words()
    assert stretch.finish().replace(" ", "").count("我们小区路灯不亮") == 14
    assert meanwhile.replace(" ", "").count("我们小区路灯不亮") >= 13


def test_a_phrase_of_which_the_model_lacks_a_word_is_named(recogniser: Recogniser) -> None:
    expected = recogniser.grammar(("返回", "饕餮"), digits=False)
    assert expected.unheard == ("饕餮",)


def test_a_folder_that_is_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(Fault) as fault:
        Recogniser(tmp_path, 16_000)
    assert fault.value.code is FaultCode.RECOGNISER_MISSING
