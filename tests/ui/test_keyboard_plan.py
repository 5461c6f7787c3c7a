"""Every page of the keyboard has its keys in the same places, and every key has a name in every language."""

from itertools import product

import pytest

from petition.model import Language
from ui.keyboard_plan import CHINESE_MARKS, LETTERS, UNITS, Cap, Does, KeyboardPage, rows_of
from ui.keyboard_words import CANDIDATE, KEYS, MARKS

LANGUAGES = tuple(language.value for language in Language)
PAGES = [
    KeyboardPage(language=language, pinyin=pinyin, symbols=symbols, capitals=capitals)
    for language, pinyin, symbols, capitals in product(LANGUAGES, (True, False), (True, False), (True, False))
    if not (capitals and (pinyin or symbols))
]


def caps(page: KeyboardPage) -> list[Cap]:
    return [cap for row in rows_of(page) for cap in row]


def shape(page: KeyboardPage) -> list[list[float]]:
    return [[cap.units for cap in row] for row in rows_of(page)]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_moves_when_a_page_is_turned(page: KeyboardPage) -> None:
    assert shape(page) == shape(PAGES[0])
    assert all(sum(row) <= UNITS for row in shape(page))


@pytest.mark.parametrize("page", PAGES)
def test_what_every_page_has_is_always_in_the_same_place(page: KeyboardPage) -> None:
    places = {cap.does: place for place, cap in enumerate(caps(page))}
    first = {cap.does: place for place, cap in enumerate(caps(PAGES[0]))}
    for does in (Does.DELETE, Does.SPACE, Does.NEWLINE):
        assert places[does] == first[does]
    switches = {Does.PINYIN, Does.ENGLISH}, {Does.SYMBOLS, Does.LETTERS}
    assert all(len({places[does] for does in switch if does in places}) == 1 for switch in switches)


@pytest.mark.parametrize("page", PAGES)
def test_every_key_says_what_it_is_and_no_two_say_the_same(page: KeyboardPage) -> None:
    assert all(cap.name and (cap.label or cap.icon) for cap in caps(page))
    names = [cap.name for cap in caps(page)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("page", PAGES)
def test_no_sign_is_left_without_a_name(page: KeyboardPage) -> None:
    signs = [cap for cap in caps(page) if cap.does is Does.WRITE and not cap.label.isalnum()]
    assert all(cap.name == MARKS[cap.label][page.language] for cap in signs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_chinese_has_its_letters_and_marks_on_one_page(language: str) -> None:
    written = {cap.character for cap in caps(KeyboardPage(language=language, pinyin=True))}
    assert {*"".join(LETTERS), *CHINESE_MARKS, *"0123456789"} <= written


@pytest.mark.parametrize("language", LANGUAGES)
def test_english_has_capitals_and_a_shift_that_shows_it(language: str) -> None:
    page = caps(KeyboardPage(language=language, pinyin=False, capitals=True))
    assert {*"".join(LETTERS).upper()} <= {cap.character for cap in page}
    assert [cap.chosen for cap in page if cap.does is Does.SHIFT] == [True]


@pytest.mark.parametrize("pinyin", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_own_signs_can_be_written_on_the_screen(language: str, pinyin: bool) -> None:
    written = {cap.character for cap in caps(KeyboardPage(language=language, pinyin=pinyin, symbols=True))}
    assert {"#", "*"} <= written


def test_every_word_is_there_in_every_language() -> None:
    assert all(set(words) == set(LANGUAGES) for words in KEYS.values())
    assert all(set(words) == set(LANGUAGES) for words in MARKS.values())


def test_each_script_is_written_in_its_own_characters() -> None:
    told = {
        language: [
            *(part for words in KEYS.values() for part in words[language]),
            *(words[language] for words in MARKS.values()),
            CANDIDATE[language],
        ]
        for language in LANGUAGES
    }
    "".join(told["zh_Hans"]).encode("gb2312")
    "".join(told["zh_Hant"]).encode("big5")
    assert [words for words in told["en"] if not words.isascii()] == ["中文"]
