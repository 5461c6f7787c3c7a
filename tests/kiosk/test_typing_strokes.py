"""Strokes become the character that was meant, the commonest first; what no character begins with is not taken."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.folders import cache_directory
from kiosk.typing.codes import CodesEngine, write_table
from kiosk.typing.rime import RimeEngine
from kiosk.typing.strokes import STROKES
from kiosk.typing.tables import SHARED_DATA, SIMPLIFIED, TRADITIONAL, build_tables, codes_table
from kiosk.typing.ways import Ways
from kiosk.typing_engine import find_missing, open_engine
from petition.ports import Composition, Method
from tests.kiosk.typing_support import LIGHT, tables_of_this_run
from tests.taps import STROKES as WRITTEN

SEEN_AT_ONCE = 6
"""As many candidates fit on an upright screen at the largest size of text."""
ORDINARY = (
    "我住三号楼二单元楼道里的灯坏了快两个星期晚上看不见台阶前天邻居老李差点儿摔着请你们派人来修一电梯垃圾没倒味道"
    "很大物业费太贵漏水把家墙泡广场舞吵养金有到账护理补贴希望尽谢"
)


@pytest.fixture(scope="module")
def simplified() -> CodesEngine:
    return engine_of(SIMPLIFIED)


@pytest.fixture(scope="module")
def traditional() -> CodesEngine:
    return engine_of(TRADITIONAL)


def engine_of(schema: str) -> CodesEngine:
    table = codes_table(tables_of_this_run(), schema, STROKES)
    assert table is not None
    return CodesEngine(STROKES, table)


def typed(engine: CodesEngine, strokes: str) -> Composition:
    engine.clear()
    return [engine.press(stroke) for stroke in strokes][-1]


@pytest.mark.parametrize("character", WRITTEN)
def test_a_character_whose_strokes_are_all_written_is_the_first(character: str, simplified: CodesEngine) -> None:
    assert typed(simplified, WRITTEN[character]).candidates[0] == character
    assert simplified.press("space") == Composition(committed=character)


def test_traditional_characters_are_written_by_their_own_strokes(traditional: CodesEngine) -> None:
    assert typed(traditional, "nppnznppnhszhnph").candidates[0] == "燈"
    spoken = typed(traditional, "nhhhszh").candidates
    assert spoken[0] == "言"
    assert {"這", "說"} <= set(spoken[:SEEN_AT_ONCE])


def test_who_writes_the_other_scripts_form_gets_this_ones(simplified: CodesEngine) -> None:
    assert typed(simplified, "nppnznppnhszhnph").candidates == ("灯",)


def test_common_characters_come_before_rare_ones(simplified: CodesEngine) -> None:
    assert typed(simplified, "h").candidates[:4] == ("一", "不", "有", "大")
    begun = typed(simplified, "nz").candidates
    assert begun.index("说") < begun.index("帰") < 9  # the rare one is finished, so it is among the first all the same


def test_no_candidate_is_there_twice_and_none_is_of_another_script(
    simplified: CodesEngine, traditional: CodesEngine
) -> None:
    assert "樓" in typed(traditional, "hspn").candidates
    for engine, others in ((simplified, "樓燈請盡說這"), (traditional, "说这请")):
        for first in STROKES.keys:
            found = [*typed(engine, first).candidates]
            while not (shown := engine.page(1)).last_page:
                found += shown.candidates
            assert len(set(found)) == len(found)
            assert set(others).isdisjoint(found)


def test_strokes_are_drawn_as_they_are_written(simplified: CodesEngine) -> None:
    assert typed(simplified, "hspnz").preedit == "一丨丿丶乛"
    assert simplified.press("backspace").preedit == "一丨丿丶"


def test_a_stroke_that_nothing_is_written_with_is_not_taken(simplified: CodesEngine) -> None:
    before = typed(simplified, "nppnznppnhszhnph")
    assert simplified.press("h") == before
    assert simplified.press("space").committed == "灯"


def test_a_mark_takes_the_first_candidate_and_follows_it(simplified: CodesEngine) -> None:
    typed(simplified, "hpsn")
    assert simplified.press("，") == Composition(committed="不，")
    assert simplified.press("3") == Composition(committed="3")


def test_enter_takes_what_is_first_because_strokes_are_no_text(simplified: CodesEngine) -> None:
    typed(simplified, "hpsn")
    assert simplified.press("enter") == Composition(committed="不")


@settings(max_examples=200, deadline=None)
@given(strokes=st.text(STROKES.keys, min_size=1, max_size=60))
def test_whatever_is_written_something_can_be_chosen(simplified: CodesEngine, strokes: str) -> None:
    assert typed(simplified, strokes).candidates


def test_what_was_chosen_before_changes_no_order(simplified: CodesEngine) -> None:
    """Nothing learned from one resident is offered to the next."""
    before = typed(simplified, "nz")
    for _ in range(50):
        typed(simplified, "nz")
        simplified.choose(len(before.candidates) - 1)
    assert typed(simplified, "nz") == before


def test_another_way_of_writing_makes_text_of_what_was_begun() -> None:
    tables = tables_of_this_run()
    ways = Ways({Method.PINYIN: RimeEngine(tables=tables), Method.STROKES: engine_of(SIMPLIFIED)})
    for key in "loudaodeng":
        ways.press(key)
    assert ways.use(Method.STROKES) == Composition(committed="楼道灯")
    for key in "hpsn":
        ways.press(key)
    assert ways.use(Method.PINYIN) == Composition(committed="不")
    assert ways.use(Method.PINYIN) == Composition()


def test_ordinary_characters_are_seen_long_before_they_are_finished(simplified: CodesEngine) -> None:
    codes: dict[str, list[str]] = {}
    for line in (SHARED_DATA / "stroke.dict.yaml").read_text(encoding="utf-8").splitlines():
        character, _, code = line.partition("\t")
        codes.setdefault(character, []).append(code)
    needed = [min(seen_after(simplified, code, character) for code in codes[character]) for character in ORDINARY]
    assert max(needed) <= 8
    assert sum(needed) / len(needed) <= 3.5
    assert sum(len(codes[character][0]) for character in ORDINARY) / len(ORDINARY) > 2 * 3.5


def seen_after(engine: CodesEngine, code: str, character: str) -> int:
    engine.clear()
    for count, stroke in enumerate(code, start=1):
        if character in engine.press(stroke).candidates[:SEEN_AT_ONCE]:
            return count
    return len(code) + 1


# -- what is installed -------------------------------------------------------------------------------------------------


def without_strokes(folder: Path) -> Path:
    shared = folder / "shared"
    shared.mkdir()
    for name in ("essay.txt", "luna_pinyin.dict.yaml", "pinyin.yaml", "build"):
        (shared / name).symlink_to(SHARED_DATA / name)
    return shared


def test_an_engine_offers_every_way_of_its_script_where_all_is_installed() -> None:
    tables_of_this_run()
    simplified, traditional = (open_engine(cache=cache_directory(), traditional=script) for script in (False, True))
    assert simplified.methods == (Method.PINYIN, Method.STROKES)
    assert traditional.methods == (Method.ZHUYIN, Method.PINYIN, Method.STROKES, Method.CANGJIE)
    assert find_missing(cache=cache_directory()) == ()


def test_without_the_dictionary_of_strokes_there_is_pinyin_alone(tmp_path: Path) -> None:
    tables = build_tables(cache=tmp_path / "cache", shared=without_strokes(tmp_path), schemas=LIGHT)
    assert codes_table(tables, SIMPLIFIED, STROKES) is None
    assert (tables / f"{SIMPLIFIED}.schema.yaml").is_file()


def test_a_dictionary_of_strokes_installed_later_asks_for_new_tables(tmp_path: Path) -> None:
    shared = without_strokes(tmp_path)
    before = build_tables(cache=tmp_path / "cache", shared=shared, schemas=LIGHT)
    (shared / "stroke.dict.yaml").symlink_to(SHARED_DATA / "stroke.dict.yaml")
    after = build_tables(cache=tmp_path / "cache", shared=shared, schemas=LIGHT)
    assert before != after
    assert codes_table(after, SIMPLIFIED, STROKES) is not None


@pytest.mark.parametrize("content", ["", "---\nname: [\n", "樓\tabc\n"])
def test_a_damaged_dictionary_of_strokes_costs_strokes_and_nothing_else(tmp_path: Path, content: str) -> None:
    shared = without_strokes(tmp_path)
    (shared / "stroke.dict.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"stroke\.dict\.yaml"):
        write_table(STROKES, shared, tmp_path / "table", conversion="t2s.json")
    tables = build_tables(cache=tmp_path / "cache", shared=shared, schemas=LIGHT)
    assert codes_table(tables, SIMPLIFIED, STROKES) is None
