"""Cangjie's shapes become the character that was meant; a whole code comes first, however rare its character is."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.typing.cangjie import CANGJIE
from kiosk.typing.codes import CodesEngine
from kiosk.typing.tables import SHARED_DATA, SIMPLIFIED, TRADITIONAL, codes_table
from petition.ports import Composition
from tests.kiosk.typing_support import tables_of_this_run
from tests.taps import SHAPES

SEEN_AT_ONCE = 6
"""As many candidates fit on an upright screen at the largest size of text."""


@pytest.fixture(scope="module")
def engine() -> CodesEngine:
    table = codes_table(tables_of_this_run(), TRADITIONAL, CANGJIE)
    assert table is not None
    return CodesEngine(CANGJIE, table)


def typed(engine: CodesEngine, shapes: str) -> Composition:
    engine.clear()
    return [engine.press(CANGJIE.keys[CANGJIE.drawn.index(shape)]) for shape in shapes][-1]


@pytest.mark.parametrize("character", SHAPES)
def test_a_whole_code_is_the_first_and_is_shown_in_shapes(character: str, engine: CodesEngine) -> None:
    shown = typed(engine, SHAPES[character])
    assert (shown.preedit, shown.candidates[0]) == (SHAPES[character], character)
    assert engine.press("space") == Composition(committed=character)


@pytest.mark.parametrize(("shapes", "rare"), [("木中", "束"), ("竹", "竹"), ("十", "十"), ("一一一", "三")])
def test_what_is_finished_stands_before_what_is_commoner(shapes: str, rare: str, engine: CodesEngine) -> None:
    assert typed(engine, shapes).candidates[0] == rare


def test_common_characters_are_seen_before_their_codes_are_whole(engine: CodesEngine) -> None:
    assert "樓" in typed(engine, "木中").candidates[:SEEN_AT_ONCE]
    assert {"這", "過"} <= set(typed(engine, "卜").candidates[:SEEN_AT_ONCE])


def test_the_forms_are_those_of_traditional_screens(engine: CodesEngine) -> None:
    assert typed(engine, "戈大弓火").candidates[0] == "為"
    found: set[str] = set()
    for shape in CANGJIE.drawn:
        typed(engine, shape)
        while not (shown := engine.page(1)).last_page:
            found.update(shown.candidates)
    assert set("这说们请楼").isdisjoint(found)


def test_a_shape_that_nothing_goes_on_with_is_not_taken(engine: CodesEngine) -> None:
    before = typed(engine, "木中中女")
    assert engine.press("v") == before
    assert engine.press("z") == Composition(committed="樓z")  # no shape: a letter like any other


def test_what_was_chosen_before_changes_no_order(engine: CodesEngine) -> None:
    """Nothing learned from one resident is offered to the next."""
    before = typed(engine, "木")
    for _ in range(50):
        typed(engine, "木")
        engine.choose(len(before.candidates) - 1)
    assert typed(engine, "木") == before


def test_simplified_screens_have_no_table_of_it() -> None:
    assert codes_table(tables_of_this_run(), SIMPLIFIED, CANGJIE) is None


def test_ways_whose_dictionaries_are_missing_are_not_offered_and_are_named(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    for file in SHARED_DATA.iterdir():
        if file.name not in (CANGJIE.dictionary, "zhuyin.yaml"):
            (shared / file.name).symlink_to(file)
    # In a process of its own: this one has its librime already, with all of them.
    code = """
import sys
from pathlib import Path
from kiosk.typing_engine import PACKAGES_OF, find_fault, find_missing, open_engine
where = {"cache": Path(sys.argv[1], "cache"), "shared": Path(sys.argv[1], "shared")}
print(find_fault(**where), *(PACKAGES_OF[method] for method in find_missing(**where)))
print(*open_engine(**where, traditional=True).methods)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["None rime-data-bopomofo rime-data-cangjie5", "pinyin strokes"]
    assert done.stderr == ""
