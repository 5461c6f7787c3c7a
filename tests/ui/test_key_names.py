"""Every key of every page of the keyboard can be said, in every language, and sounds like no other key of its page."""

from itertools import product

import pytest

from petition.ports import Method
from petition.utterance import Utterance
from ui.keyboard_plan import Does, KeyboardPage, rows_of
from ui.keyboard_words import candidate_name
from ui.words import word
from voice.pronunciation import segments
from voice.reading import sentences
from voice.synthesis import Synthesizer

HEARD_IN = {"zh_Hans": ("cmn", "yue"), "zh_Hant": ("cmn", "yue"), "en": ("en",)}
"""The spoken languages of each written one."""
LOUD = 500
"""Of 32767: above the hiss of what is all but silent."""
LEAST_SECONDS = 0.08
WAYS = [(language, spoken) for language, heard in HEARD_IN.items() for spoken in heard]


def pages(language: str) -> list[KeyboardPage]:
    """Every page that anybody of a language can turn to."""
    made = []
    for method, symbols, capitals, choosing in product((*Method, None), *((False, True),) * 3):
        latest = method or Method.PINYIN
        made.append(
            KeyboardPage(
                language=language, method=method, latest=latest, symbols=symbols, capitals=capitals, choosing=choosing
            )
        )
    return made


def names(page: KeyboardPage) -> list[str]:
    """What its keys are called; marks that stand on two keys have one name."""
    caps = [cap for row in rows_of(page) for cap in row if cap.does is not Does.TELL]
    return list(dict.fromkeys(cap.name for cap in caps))


def heard(name: str, spoken: str) -> str:
    """What the voices are given, as it sounds."""
    found = [s for each in sentences(Utterance(text=name, language=spoken)) for s in segments(each.text, spoken)]
    return " ".join(f"{segment.voice} {segment.text.lower()}" for segment in found)


@pytest.mark.parametrize(("language", "spoken"), WAYS)
def test_no_two_keys_of_a_page_sound_alike(language: str, spoken: str) -> None:
    for page in pages(language):
        by_sound: dict[str, list[str]] = {}
        for name in names(page):
            by_sound.setdefault(heard(name, spoken), []).append(name)
        assert [told for told in by_sound.values() if len(told) > 1] == [], page


@pytest.mark.parametrize(("language", "spoken"), WAYS)
def test_every_key_can_be_heard(language: str, spoken: str) -> None:
    synthesizer = Synthesizer()
    others = [word(language, "delete"), word(language, "clear"), candidate_name(language, 3, "楼道")]
    for name in {*others, *(name for page in pages(language) for name in names(page))}:
        parts = [synthesizer.speak(each.text, spoken, 1.0) for each in sentences(Utterance(text=name, language=spoken))]
        seconds = sum(int((abs(part.samples.astype(int)) > LOUD).sum()) for part in parts) / synthesizer.rate
        assert seconds > LEAST_SECONDS, (name, seconds)


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("退格", "tui4 ge2"),
        ("换行", "huan4 hang2"),
        ("換行", "huan4 hang2"),
        ("倉頡", "cang1 jie2"),
        ("間隔號", "jian4 ge2 hao4"),
        ("省略号", "sheng3 lve4 hao4"),
        ("佛", "fo2"),
        ("樂", "le4"),
        ("欸", "ei1"),
        ("卜", "bu3"),
    ],
)
def test_names_are_read_as_they_are_meant(name: str, pinyin: str) -> None:
    assert heard(name, "cmn") == f"cmn-latn-pinyin {pinyin}"
