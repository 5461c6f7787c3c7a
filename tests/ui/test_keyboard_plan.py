"""Every page of the keyboard has its keys in the same places, and every key has a name in every language."""

from dataclasses import replace
from itertools import product

import pytest

from petition.keystrokes import Press, stroke_of
from petition.marks import MARKS
from petition.model import Language
from petition.ports import Method
from ui.keyboard_plan import (
    CANGJIE_KEYS,
    CHINESE_MARKS,
    LETTERS,
    METHOD_KEYS,
    UNITS,
    ZHUYIN_KEYS,
    Cap,
    Does,
    KeyboardPage,
    longest_rows,
    rows_of,
)
from ui.keyboard_words import (
    CANDIDATE,
    HOW_TO_WRITE,
    KEYS,
    NOT_WRITTEN,
    SHAPES_OF_WAYS,
    SOUNDS,
    STROKES,
    WHICH_WAY,
    shape_name,
)

LANGUAGES = tuple(language.value for language in Language)
TWO, ALL = (Method.PINYIN, Method.STROKES), tuple(Method)
METHODS = {"zh_Hans": TWO, "zh_Hant": ALL, "en": TWO}
"""What a screen of each language writes with where everything is installed."""
PAGES = [
    KeyboardPage(
        language=language,
        method=method,
        methods=METHODS[language],
        latest=method or METHODS[language][-1],
        symbols=symbols,
        capitals=capitals,
        choosing=choosing,
    )
    for language in LANGUAGES
    for method in (*METHODS[language], None)
    for symbols, capitals, choosing in product((True, False), repeat=3)
    if not (capitals and (method or symbols or choosing))
    and not (symbols and choosing)
    and not (choosing and METHODS[language] == TWO)
]
ZHUYIN_PAGES = [page for page in PAGES if page.method is Method.ZHUYIN and not (page.symbols or page.choosing)]
LETTERS_PAGES = [page for page in PAGES if not page.tells and page not in ZHUYIN_PAGES]
Place = tuple[int, float, float]
"""Row, left edge and width, in units."""


def caps(page: KeyboardPage) -> list[Cap]:
    return [cap for row in rows_of(page) for cap in row if cap.does is not Does.TELL]


def shape(page: KeyboardPage) -> list[list[float]]:
    return [[cap.units for cap in row] for row in rows_of(page)]


def places(page: KeyboardPage) -> dict[Does, Place]:
    found: dict[Does, Place] = {}
    for number, row in enumerate(rows_of(page)):
        left = (UNITS - sum(cap.units for cap in row)) / 2
        for cap in row:
            found[cap.does] = (number, round(left, 6), cap.units)
            left += cap.units
    return found


@pytest.mark.parametrize("page", LETTERS_PAGES)
def test_nothing_moves_when_a_page_is_turned(page: KeyboardPage) -> None:
    assert shape(page) == shape(LETTERS_PAGES[0])
    assert all(sum(row) <= UNITS for row in shape(page))


@pytest.mark.parametrize("page", [page for page in PAGES if page.strokes])
def test_strokes_stand_where_letters_stood_and_nothing_else_moves(page: KeyboardPage) -> None:
    digits, strokes, none, corner, last = rows_of(page)
    _, _, _, letters_corner, letters_last = rows_of(replace(page, method=Method.PINYIN))
    assert [cap.character for cap in strokes] == ["h", "s", "p", "n", "z"]
    assert {(cap.units, cap.rows) for cap in strokes} == {(2.0, 2)}
    assert (len(digits), none) == (10, ())
    assert (corner[0], corner[-1]) == (letters_corner[0], letters_corner[-1])
    assert sum(cap.units for cap in corner) == UNITS
    moved = [(one, other) for one, other in zip(last, letters_last, strict=True) if one != other]
    changed = [] if page.methods == ALL else [(Does.PINYIN, Does.STROKES)]
    assert [(one.does, other.does) for one, other in moved] == changed


@pytest.mark.parametrize("page", ZHUYIN_PAGES)
def test_zhuyin_has_every_sign_in_the_order_it_is_recited_and_moves_only_what_stands_among_them(
    page: KeyboardPage,
) -> None:
    digits, *signs, last = rows_of(page)
    written = "".join(cap.character for row in signs for cap in row)
    assert written == "".join(ZHUYIN_KEYS)
    assert set(written) == set(signs_of_a_real_keyboard())
    assert [len(row) for row in signs] == [14, 14, 14]
    assert all(abs(sum(cap.units for cap in row) - UNITS) < 1e-9 for row in signs)
    assert signs[-1][-1].does is Does.DELETE
    other_digits, _, _, _, other_last = rows_of(replace(page, method=Method.PINYIN))
    assert digits == other_digits
    assert [(cap.does, cap.units) for cap in last] == [(cap.does, cap.units) for cap in other_last]


def signs_of_a_real_keyboard() -> list[str]:
    """What the keys of a real keyboard write with Zhuyin that is a sign of it."""
    strokes = [stroke_of(chr(code), candidates=0, zhuyin=True) for code in range(33, 127)]
    return [one.key for one in strokes if isinstance(one, Press) and (one.key in SOUNDS or one.key in "ˊˇˋ˙")]


@pytest.mark.parametrize("page", PAGES)
def test_what_every_page_has_is_always_in_the_same_place(page: KeyboardPage) -> None:
    here, first = places(page), places(PAGES[0])
    for does in (Does.SPACE, Does.NEWLINE, *(() if page in ZHUYIN_PAGES else (Does.DELETE,))):
        assert here[does] == first[does]
    signs = {Does.SYMBOLS, Does.LETTERS} & set(here)
    assert {here[does] for does in signs} == {first[Does.LETTERS]}


@pytest.mark.parametrize("methods", [TWO, (Method.PINYIN,)])
@pytest.mark.parametrize("page", [page for page in PAGES if not page.choosing and page.method in (*TWO, None)])
def test_one_key_leads_to_each_other_way_of_writing_and_from_pinyin_the_same_leads_back(
    page: KeyboardPage, methods: tuple[Method, ...]
) -> None:
    if page.method and page.method not in methods:
        return
    page = replace(page, methods=methods)
    keys = {does: method for method, (does, _) in METHOD_KEYS.items() if method in methods} | {Does.ENGLISH: None}
    offered = keys.keys() & places(page).keys()
    assert {keys[does] for does in offered} == {*methods, None}.difference([page.method])
    for does in offered if page.method is Method.PINYIN else ():
        there = replace(page, method=keys[does], capitals=False)
        back = next(does for does, method in keys.items() if method is page.method)
        assert places(there)[back] == places(page)[does]


@pytest.mark.parametrize("page", [page for page in PAGES if page.methods == ALL and not page.choosing])
def test_where_there_are_many_ways_two_presses_lead_to_any_and_the_key_that_shows_them_hides_them(
    page: KeyboardPage,
) -> None:
    there = replace(page, choosing=True, symbols=False, capitals=False)
    assert places(there)[Does.WAYS] == places(page)[Does.WAYS]
    offered = {cap.does: cap for cap in caps(there) if cap.chosen is not None}
    assert set(offered) == {Does.ENGLISH, *(does for does, _ in METHOD_KEYS.values())}
    used = METHOD_KEYS[page.method][0] if page.method else Does.ENGLISH
    assert [does for does, cap in offered.items() if cap.chosen] == [used]
    large = [cap for does, cap in offered.items() if does is not Does.ENGLISH]
    assert {(cap.units, cap.rows, bool(cap.note)) for cap in large} == {(2.5, 2, True)}
    # From letters one press leads back to what was written before, at the place that leads to letters from there.
    back = METHOD_KEYS[page.latest][0] if page.latest else Does.PINYIN
    chinese, letters = replace(page, method=page.latest), replace(page, method=None)
    assert places(letters)[back] == places(chinese)[Does.ENGLISH]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_as_many_keys_as_any_page_shows(language: str) -> None:
    pages = [page for page in PAGES if page.language == language]
    made = [len(row) for row in longest_rows(pages[0])]
    shown = [[len([cap for cap in row if cap.does is not Does.TELL]) for row in rows_of(page)] for page in pages]
    assert made == [max(counts) for counts in zip(*shown, strict=True)]


def test_cangjie_has_its_shapes_where_their_letters_stand() -> None:
    page = KeyboardPage(language="zh_Hant", method=Method.CANGJIE)
    for shapes, letters in zip(rows_of(page), rows_of(replace(page, method=Method.PINYIN)), strict=True):
        for shape, letter in zip(shapes, letters, strict=True):
            if letter.character in CANGJIE_KEYS:
                assert (shape.character, shape.beside) == (letter.character, letter.label.upper())
                assert shape.label == CANGJIE_KEYS[letter.character]
                assert shape.name == shape_name(shape.label)
    assert "z" not in {cap.character for cap in caps(page)}


@pytest.mark.parametrize("page", PAGES)
def test_every_key_says_what_it_is_and_no_two_say_the_same(page: KeyboardPage) -> None:
    assert all(cap.name and (cap.label or cap.icon) for cap in caps(page))
    names = [cap.name for cap in caps(page)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("page", PAGES)
def test_no_sign_is_left_without_a_name(page: KeyboardPage) -> None:
    signs = [cap for cap in caps(page) if cap.does is Does.WRITE and not cap.note and not cap.label.isalnum()]
    assert all(cap.name == MARKS[cap.label][page.language] for cap in signs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_chinese_has_its_letters_and_marks_on_one_page(language: str) -> None:
    written = {cap.character for cap in caps(KeyboardPage(language=language, method=Method.PINYIN))}
    assert {*"".join(LETTERS), *CHINESE_MARKS, *"0123456789"} <= written


@pytest.mark.parametrize("language", LANGUAGES)
def test_english_has_capitals_and_a_shift_that_shows_it(language: str) -> None:
    page = caps(KeyboardPage(language=language, method=None, capitals=True))
    assert {*"".join(LETTERS).upper()} <= {cap.character for cap in page}
    assert [cap.chosen for cap in page if cap.does is Does.SHIFT] == [True]


@pytest.mark.parametrize("method", [*Method, None])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_own_signs_can_be_written_on_the_screen(language: str, method: Method | None) -> None:
    written = {cap.character for cap in caps(KeyboardPage(language=language, method=method, symbols=True))}
    assert {"#", "*"} <= written


def test_every_word_is_there_in_every_language() -> None:
    assert all(set(words) == set(LANGUAGES) for words in KEYS.values())
    assert all(set(words) == set(LANGUAGES) for words in MARKS.values())
    assert all(set(words) == set(LANGUAGES) for words in STROKES.values())
    assert all(set(words) == set(LANGUAGES) for words in (HOW_TO_WRITE, NOT_WRITTEN, WHICH_WAY))
    assert set(SHAPES_OF_WAYS) == {method.value for method in Method}


def test_each_script_is_written_in_its_own_characters() -> None:
    told = {
        language: [
            *(part for words in KEYS.values() for part in words[language]),
            *(words[language] for words in MARKS.values()),
            *(part for words in STROKES.values() for part in words[language]),
            *(CANDIDATE[language], HOW_TO_WRITE[language], NOT_WRITTEN[language], WHICH_WAY[language]),
        ]
        for language in LANGUAGES
    }
    "".join(told["zh_Hans"]).encode("gb2312")
    "".join([*told["zh_Hant"], *SOUNDS, *SOUNDS.values()]).encode("big5")
    assert [words for words in told["en"] if not words.isascii()] == ["拼音", "笔画", "注音", "倉頡"]
