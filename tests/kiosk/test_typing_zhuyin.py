"""Zhuyin becomes the sentence that was meant, with its tones or without them, and is shown in its own signs."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.folders import cache_directory
from kiosk.typing.bopomofo import DICTIONARIES, SCHEMA, SCHEMA_ID, SIGNS, TONES
from kiosk.typing.rime import LETTERS_MAX
from kiosk.typing.tables import SCHEMAS, SHARED_DATA, SIMPLIFIED, build_tables, has_zhuyin
from kiosk.typing.zhuyin import ZhuyinEngine
from kiosk.typing_engine import find_missing, open_engine
from petition.ports import Composition, Method
from tests.kiosk.typing_support import LIGHT, tables_of_this_run


@pytest.fixture(scope="module")
def engine() -> ZhuyinEngine:
    return ZhuyinEngine(tables=tables_of_this_run())


def typed(engine: ZhuyinEngine, signs: str) -> Composition:
    """Press these signs from nothing; a space is the space key."""
    engine.clear()
    return [engine.press("space" if sign == " " else sign) for sign in signs][-1]


SENTENCES = {
    "ㄌㄡˊㄉㄠˋㄉㄥㄅㄨˋㄌㄧㄤˋ": "樓道燈不亮",
    "ㄑㄧㄥˇㄐㄧㄣˇㄎㄨㄞˋㄒㄧㄡ": "請儘快修",
    "ㄨㄛˇㄧㄠˋㄈㄢˇㄧㄥˋㄌㄡˊㄉㄠˋㄉㄥㄅㄨˋㄌㄧㄤˋ": "我要反映樓道燈不亮",
    "ㄨㄛˇㄇㄣ˙ㄌㄡˊㄉㄜ˙ㄉㄧㄢˋㄊㄧㄏㄨㄞˋㄌㄜ˙ㄏㄠˇㄐㄧˇㄊㄧㄢㄇㄟˊㄖㄣˊㄒㄧㄡ": "我們樓的電梯壞了好幾天沒人修",
    "ㄌㄜˋㄙㄜˋㄇㄟˊㄖㄣˊㄉㄠˋㄨㄟˋㄉㄠˋㄏㄣˇㄉㄚˋ": "垃圾沒人倒味道很大",
    "ㄌㄚㄐㄧㄇㄟˊㄖㄣˊㄉㄠˋㄨㄟˋㄉㄠˋㄏㄣˇㄉㄚˋ": "垃圾沒人倒味道很大",
    "ㄨㄢˇㄕㄤˋㄕㄨㄟˋㄅㄨˋㄓㄠˊ": "晚上睡不著",
    "ㄌㄡˊㄒㄧㄚˋㄉㄜ˙ㄍㄨㄤˇㄔㄤˇㄨˇㄊㄞˋㄔㄠˇ": "樓下的廣場舞太吵",
    "ㄨㄛˇㄉㄜ˙ㄊㄨㄟˇㄐㄧㄠˇㄅㄨˋㄈㄤㄅㄧㄢˋ": "我的腿腳不方便",
    "ㄌㄨㄉㄥㄅㄨㄌㄧㄤ": "路燈不亮",
    "ㄌㄡㄉㄠㄉㄥㄅㄨㄌㄧㄤ": "樓道燈不亮",
    "ㄌㄉㄉ": "樓道燈",
}
"""With tones, the first mostly left out; without any; and by initials alone."""


@pytest.mark.parametrize("signs", SENTENCES)
def test_a_sentence_is_among_the_first_candidates(signs: str, engine: ZhuyinEngine) -> None:
    assert SENTENCES[signs] in typed(engine, signs).candidates


def test_what_is_composed_is_shown_in_signs_cut_into_syllables(engine: ZhuyinEngine) -> None:
    assert typed(engine, "ㄌㄡˊㄉㄠˋㄉㄥ").preedit == "ㄌㄡˊ ㄉㄠˋ ㄉㄥ"
    shown = engine.choose(engine.page(0).candidates.index("樓道"))
    assert (shown.preedit, shown.committed) == ("樓道ㄉㄥ", "")
    assert engine.press("space").preedit == "樓道ㄉㄥˉ"
    assert engine.press("space") == Composition(committed="樓道燈")


def test_a_syllable_without_a_tone_may_have_any_and_one_with_its_tone_has_that(engine: ZhuyinEngine) -> None:
    assert {"燈", "等", "鄧"} <= set(typed(engine, "ㄉㄥ").candidates)
    assert typed(engine, "ㄉㄥˇ").candidates[0] == "等"
    assert not {"燈", "鄧"} & set(typed(engine, "ㄉㄥˇ").candidates)


def test_what_is_written_in_full_is_never_read_as_a_row_of_initials(engine: ZhuyinEngine) -> None:
    assert typed(engine, "ㄌㄡˊㄉㄠˋㄉㄥㄅㄨˋㄌㄧㄤˋ").candidates[:4] == ("樓道燈不亮", "樓道燈", "樓道", "樓")


def test_the_space_key_is_the_first_tone_once_and_then_takes_what_is_first(engine: ZhuyinEngine) -> None:
    toned = typed(engine, "ㄕㄨ ")
    assert (toned.preedit, toned.committed) == ("ㄕㄨˉ", "")
    assert not {"屬", "數", "術"} & set(toned.candidates)
    assert engine.press("space") == Composition(committed=toned.candidates[0])


def test_the_space_key_takes_the_word_where_a_tone_is_there_or_the_words_were_turned(engine: ZhuyinEngine) -> None:
    first = typed(engine, "ㄕˋ").candidates[0]
    assert engine.press("space") == Composition(committed=first)
    typed(engine, "ㄕ")
    second_page = engine.page(1)
    assert engine.press("space").committed == second_page.candidates[0]


def test_no_first_tone_is_put_where_it_would_cut_a_syllable_in_two(engine: ZhuyinEngine) -> None:
    # Nothing is read ㄖㄜˉ; ㄖ and ㄜˉ are.
    before = typed(engine, "ㄖㄜ")
    assert engine.press("space") == Composition(committed=before.candidates[0])


def test_enter_and_marks_take_what_is_first_as_it_is_shown(engine: ZhuyinEngine) -> None:
    first = typed(engine, "ㄌㄡㄉㄠ").candidates[0]
    assert engine.press("enter") == Composition(committed=first)
    typed(engine, "ㄌㄡㄉㄠ")
    assert engine.press("，") == Composition(committed=f"{first}，")
    assert engine.press("enter") == Composition(committed="\n")


@settings(max_examples=200, deadline=None)
@given(signs=st.text(SIGNS, min_size=1, max_size=LETTERS_MAX))
def test_signs_are_shown_and_taken_as_signs_whatever_they_spell(engine: ZhuyinEngine, signs: str) -> None:
    shown = typed(engine, signs)
    assert shown.preedit.replace(" ", "") == signs
    for length in range(len(signs) - 1, -1, -1):
        assert engine.press("backspace").preedit.replace(" ", "") == signs[:length]
    typed(engine, signs)
    text = ""
    for _ in range(2 * len(signs)):
        text += engine.press("space").committed
        if not engine.page(0).preedit:
            break
    assert engine.page(0) == Composition()
    assert text
    assert text.isascii() is False
    assert not any(character.isascii() for character in text)


def test_a_sentence_without_end_loses_nothing(engine: ZhuyinEngine) -> None:
    signs = "ㄨㄛˇㄇㄣ˙ㄌㄡˊㄉㄜ˙ㄉㄥㄅㄨˋㄌㄧㄤˋㄌㄜ˙"
    engine.clear()
    text, shown = "", Composition()
    for sign in signs * 5:
        shown = engine.press(sign)
        text += shown.committed
        assert len(shown.preedit.replace(" ", "")) <= LETTERS_MAX
    text += engine.press("space").committed
    assert text == "我們樓的燈不亮了" * 5


def test_what_was_chosen_before_changes_no_order(engine: ZhuyinEngine) -> None:
    """Nothing learned from one resident is offered to the next."""
    before = typed(engine, "ㄕˋㄉㄠˋ")
    for _ in range(50):
        typed(engine, "ㄕˋㄉㄠˋ")
        engine.choose(len(before.candidates) - 1)
    assert typed(engine, "ㄕˋㄉㄠˋ") == before


def test_every_sign_begins_something(engine: ZhuyinEngine) -> None:
    assert [sign for sign in SIGNS if sign not in TONES and not typed(engine, sign).candidates] == []


# -- what is installed -------------------------------------------------------------------------------------------------


def without(folder: Path, *absent: str) -> Path:
    """A folder of the distribution's dictionaries without these."""
    shared = folder / "shared"
    shared.mkdir()
    for file in SHARED_DATA.iterdir():
        if file.name not in absent:
            (shared / file.name).symlink_to(file)
    return shared


def test_zhuyin_is_built_with_everything_else_and_does_not_remember(engine: ZhuyinEngine) -> None:
    assert not engine.remembers()
    assert SCHEMAS[SCHEMA_ID] == SCHEMA
    assert open_engine(cache=cache_directory(), traditional=True).methods[0] is Method.ZHUYIN


@pytest.mark.parametrize("absent", DICTIONARIES)
def test_without_a_dictionary_of_zhuyin_nothing_else_is_lost(absent: str, tmp_path: Path) -> None:
    shared = without(tmp_path, absent)
    tables = build_tables(cache=tmp_path / "cache", shared=shared, schemas={**LIGHT, SCHEMA_ID: SCHEMA})
    assert not has_zhuyin(tables)
    assert (tables / f"{SIMPLIFIED}.schema.yaml").is_file()


def test_a_damaged_dictionary_of_zhuyin_costs_zhuyin_and_nothing_else(tmp_path: Path) -> None:
    shared = without(tmp_path, *DICTIONARIES)
    (shared / DICTIONARIES[0]).write_text("---\nname: [\n", encoding="utf-8")
    (shared / DICTIONARIES[1]).write_text("pinyin_to_zhuyin: [\n", encoding="utf-8")
    tables = build_tables(cache=tmp_path / "cache", shared=shared, schemas={**LIGHT, SCHEMA_ID: SCHEMA})
    assert (tables / f"{SIMPLIFIED}.prism.bin").is_file()


def test_nothing_is_missing_here() -> None:
    tables_of_this_run()
    assert find_missing(cache=cache_directory()) == ()
