"""What every typing engine promises, by whatever engine, whatever is pressed."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.typing.bopomofo import SIGNS
from kiosk.typing.cangjie import CANGJIE
from kiosk.typing.codes import CodesEngine
from kiosk.typing.letters import LettersEngine
from kiosk.typing.rime import LETTERS_MAX, RimeEngine
from kiosk.typing.strokes import STROKES
from kiosk.typing.tables import SIMPLIFIED, TRADITIONAL, codes_table
from kiosk.typing.ways import Ways
from kiosk.typing.zhuyin import ZhuyinEngine
from kiosk.typing_engine import LateEngine
from petition.ports import Composition, Method, TypingEngine
from tests.kiosk.typing_support import tables_of_this_run, type_character

PAGE_SIZE = 6
EMPTY = Composition()
NAMED = ("backspace", "space", "enter", "escape")

Step = Callable[[TypingEngine, Composition], Composition]


def press(*keys: str) -> Step:
    """The keys in a row; what they commit together counts as committed."""

    def step(engine: TypingEngine, _shown: Composition) -> Composition:
        answers = [engine.press(key) for key in keys]
        return replace(answers[-1], committed="".join(answer.committed for answer in answers))

    return step


# A second apostrophe in a row is no letter.
letters = st.text("abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=70).filter(lambda text: "''" not in text)
steps = st.one_of(
    st.sampled_from("abcdefghijklmnopqrstuvwxyz'").map(press),
    st.sampled_from(("zhong", "lou", "shsh", "xi'an", "nv", "deng")).map(lambda keys: press(*keys)),
    st.sampled_from(NAMED).map(press),
    st.text(max_size=3).map(press),
    st.characters().map(press),
    st.integers(-2, PAGE_SIZE + 1).map(lambda index: lambda engine, _shown: engine.choose(index)),
    st.sampled_from((-(10**9), -1, 0, 1, 2, 10**9)).map(lambda step: lambda engine, _shown: engine.page(step)),
    st.characters().map(lambda key: lambda engine, shown: type_character(engine, shown, key)),
    st.just(lambda engine, _shown: engine.clear()),
    st.sampled_from(Method).map(lambda method: lambda engine, _shown: engine.use(method)),
    st.text("hspnz", min_size=1, max_size=12).map(lambda keys: press(*keys)),
    st.text(CANGJIE.keys, min_size=1, max_size=6).map(lambda keys: press(*keys)),
    st.text(SIGNS, min_size=1, max_size=60).map(lambda keys: press(*keys)),
    st.sampled_from(("ㄌㄡˊㄉㄠˋ", "ㄉㄥ", "ㄕㄕㄕ", "ㄅㄨˋ")).map(lambda keys: press(*keys, "space")),
)


@pytest.fixture(scope="module")
def engines() -> dict[str, TypingEngine]:
    tables: Path = tables_of_this_run()
    late = LateEngine(lambda: RimeEngine(tables=tables, page_size=PAGE_SIZE))
    assert late.wait(60)
    table, shapes = codes_table(tables, SIMPLIFIED, STROKES), codes_table(tables, TRADITIONAL, CANGJIE)
    assert table is not None
    assert shapes is not None
    strokes = CodesEngine(STROKES, table, page_size=PAGE_SIZE)
    cangjie = CodesEngine(CANGJIE, shapes, page_size=PAGE_SIZE)
    zhuyin = ZhuyinEngine(tables=tables, page_size=PAGE_SIZE)
    pinyin = RimeEngine(tables=tables, page_size=PAGE_SIZE)
    return {
        "strokes": strokes,
        "cangjie": cangjie,
        "zhuyin": zhuyin,
        "ways": Ways({Method.PINYIN: pinyin, Method.STROKES: strokes}),
        "four ways": Ways(
            {Method.ZHUYIN: zhuyin, Method.PINYIN: pinyin, Method.STROKES: strokes, Method.CANGJIE: cangjie}
        ),
        "letters": LettersEngine(),
        "simplified": RimeEngine(tables=tables, schema=SIMPLIFIED, page_size=PAGE_SIZE),
        "traditional": RimeEngine(tables=tables, schema=TRADITIONAL, page_size=PAGE_SIZE),
        "late": late,
    }


LETTERED = ("letters", "simplified", "traditional", "late")


@pytest.fixture(params=[*LETTERED, "strokes", "cangjie", "zhuyin", "ways", "four ways"], scope="module")
def engine(request: pytest.FixtureRequest, engines: dict[str, TypingEngine]) -> TypingEngine:
    return engines[request.param]


@pytest.fixture(params=[*LETTERED, "ways"], scope="module")
def lettered(request: pytest.FixtureRequest, engines: dict[str, TypingEngine]) -> TypingEngine:
    """An engine that begins with pinyin."""
    return engines[request.param]


@settings(max_examples=200, deadline=None)
@given(sequence=st.lists(steps, max_size=30))
def test_whatever_is_pressed_the_composition_is_consistent(engine: TypingEngine, sequence: list[Step]) -> None:
    shown = engine.clear()
    for step in sequence:
        shown = step(engine, shown)
        assert len(shown.candidates) <= PAGE_SIZE
        assert shown.preedit or not shown.candidates
        assert shown.preedit or (shown.page == 0 and shown.last_page)
        assert shown.page >= 0
        assert shown.page == 0 or shown.candidates
        assert all(shown.candidates)
        for text in (shown.preedit, shown.committed, *shown.candidates):
            text.encode()  # a lone surrogate could be neither drawn, stored nor sent
            assert "\0" not in text
    assert engine.clear() == EMPTY


@settings(max_examples=100, deadline=None)
@given(typed=letters)
def test_enter_gives_the_letters_as_they_were_typed(lettered: TypingEngine, typed: str) -> None:
    typed = typed[:LETTERS_MAX]
    lettered.clear()
    text = "".join(lettered.press(key).committed for key in (*typed, "enter"))
    assert text.removesuffix("\n") == typed


@settings(max_examples=100, deadline=None)
@given(typed=letters)
def test_backspaces_and_escape_lead_back_to_nothing(lettered: TypingEngine, typed: str) -> None:
    lettered.clear()
    for key in typed:
        lettered.press(key)
    shown = [lettered.press("backspace") for _ in typed]
    assert [step.committed for step in shown] == [""] * len(typed)
    for key in typed:
        lettered.press(key)
    assert lettered.press("escape") == EMPTY


def test_a_backspace_takes_one_letter(lettered: TypingEngine) -> None:
    lettered.clear()
    lengths = [len(lettered.press(key).preedit.replace(" ", "")) for key in ("n", "i", "h", *["backspace"] * 3)]
    if any(lengths):
        assert lengths == [1, 2, 3, 2, 1, 0]


def test_nothing_is_composed_after_clear(engine: TypingEngine) -> None:
    for key in "loudao":
        engine.press(key)
    assert engine.clear() == EMPTY
    assert engine.page(0) == EMPTY
    assert engine.press("enter") == Composition(committed="\n")


def test_a_visit_begins_with_the_first_way_of_writing(engine: TypingEngine) -> None:
    engine.clear()
    methods = engine.methods
    assert len(set(methods)) == len(methods)
    for method in methods:
        engine.use(method)
        assert engine.methods[0] is method
        assert set(engine.methods) == set(methods)
    engine.clear()
    assert engine.methods == methods


def test_a_way_of_writing_that_is_not_there_changes_nothing(engine: TypingEngine) -> None:
    engine.clear()
    for method in set(Method) - set(engine.methods):
        shown = [engine.press(key) for key in "hs"][-1]
        again = engine.use(method)
        assert (again.preedit, again.candidates, again.committed) == (shown.preedit, shown.candidates, "")
    engine.clear()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("space", " "),
        ("enter", "\n"),
        ("backspace", ""),
        ("escape", ""),
        ("，", "，"),
        ("7", "7"),
        ("A", "A"),
        ("'", "'"),
        ("", ""),
        ("\0", ""),
        ("\x1b", ""),
        ("\ud800", ""),
        ("f13", ""),
    ],
)
def test_a_key_that_composes_nothing_is_its_text_or_nothing(engine: TypingEngine, key: str, text: str) -> None:
    engine.clear()
    assert engine.press(key) == Composition(committed=text)


def test_a_candidate_that_is_not_shown_changes_nothing(engine: TypingEngine) -> None:
    engine.clear()
    shown = [engine.press(key) for key in "louti"][-1]
    for index in (-1, len(shown.candidates), PAGE_SIZE, 10**6):
        again = engine.choose(index)
        assert (again.preedit, again.candidates, again.committed) == (shown.preedit, shown.candidates, "")


def test_pages_end_at_both_ends(engine: TypingEngine) -> None:
    engine.clear()
    first = [engine.press(key) for key in "shi"][-1]
    assert engine.page(-1).page == 0
    last = engine.page(10**6)
    assert last.last_page
    assert engine.page(1).candidates == last.candidates
    assert engine.page(-(10**6)).candidates == first.candidates


def test_no_candidate_is_on_two_pages(engine: TypingEngine) -> None:
    engine.clear()
    shown = [engine.press(key) for key in "shi"][-1]
    pages = [shown]
    while not pages[-1].last_page:
        pages.append(engine.page(1))
    assert [page.page for page in pages] == list(range(len(pages)))
    words = [word for page in pages for word in page.candidates]
    assert len(set(words)) == len(words)
    assert all(len(page.candidates) == PAGE_SIZE for page, _next in pairwise(pages))
