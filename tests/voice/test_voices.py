"""Which voice speaks: the usual ones, others that an operator chose, and what can't be chosen."""

import numpy as np
import pytest

from voice.synthesis import Synthesizer
from voice.voices import USUAL, installed, refusal


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        *USUAL.items(),
        ("cmn", "cmn-latn-pinyin+f3"),
        ("cmn", "sit/cmn-Latn-pinyin"),
        ("yue", "yue+m7"),
        ("en", "en-us"),
        ("en", "gmw/en-GB-x-rp+f2"),
    ],
)
def test_a_voice_that_can_speak_the_language_may_be_chosen(language: str, voice: str) -> None:
    assert refusal(language, voice) == ""


@pytest.mark.parametrize(
    ("language", "voice", "why"),
    [
        ("cmn", "cmn-latn-pinyin+rob", "crash"),
        ("en", "en+rob", "crash"),
        ("cmn", "cmn", "cmn-latn-pinyin+f3"),
        ("yue", "yue-latn-jyutping", "yue+f3"),
        ("en", "fr", "English"),
        ("fr", "fr", "cmn, yue, en"),
        ("en", "en+", "variant"),
    ],
)
def test_one_that_reads_it_wrongly_or_crashes_is_refused_with_the_reason(language: str, voice: str, why: str) -> None:
    assert why in refusal(language, voice)


def test_a_voice_is_found_by_its_file_and_by_its_language() -> None:
    voices = {"en-gb": "gmw/en", "en": "gmw/en", "yue": "sit/yue"}
    variants = frozenset({"f3", "Mr serious"})
    assert installed("en-GB+f3", voices, variants) == "gmw/en+f3"
    assert installed("gmw/en", voices, variants) == "gmw/en"
    assert installed("yue+Mr serious", voices, variants) == "sit/yue+Mr serious"
    assert installed("yue+f9", voices, variants) is None
    assert installed("hak", voices, variants) is None


def likeness(text: str, language: str, one: Synthesizer, other: Synthesizer) -> float:
    """Return how like two voices are, 0 to 1, by their average spectra: espeak-ng's samples are never quite the same."""
    spectra = []
    for synthesizer in (one, other):
        samples = synthesizer.speak(text, language, 1.0).samples
        frames = samples[: len(samples) // 1024 * 1024].reshape(-1, 1024)
        spectra.append(np.abs(np.fft.rfft(frames * np.hanning(1024))).mean(axis=0))
    return float(spectra[0] @ spectra[1] / np.sqrt((spectra[0] @ spectra[0]) * (spectra[1] @ spectra[1])))


@pytest.mark.parametrize(
    ("language", "voice", "text"),
    [("cmn", "cmn-latn-pinyin+f3", "请说。"), ("yue", "yue+f3", "請講。"), ("en", "en-us+f2", "Please speak.")],
)
def test_a_chosen_voice_sounds_otherwise_than_the_usual_one(language: str, voice: str, text: str) -> None:
    usual, other = Synthesizer(), Synthesizer({language: voice})
    assert other.voices_missing == ()
    assert likeness(text, language, usual, usual) > 0.95
    assert likeness(text, language, usual, other) < 0.9


def test_one_that_is_not_installed_is_told_of_and_the_usual_voice_speaks() -> None:
    usual, other = Synthesizer(), Synthesizer({"cmn": "cmn-latn-pinyin+nobody", "en": "en-us"})
    assert other.voices_missing == ("cmn",)
    assert likeness("请说。", "cmn", usual, other) > 0.95
