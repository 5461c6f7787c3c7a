"""What a petition may be about, by its words: how often that is right, and that it says nothing where nothing fits."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from petition.model import Catalogue, Named
from petition.simplified import simplified
from petition.suggesting import EXPLAINED, MOST, explanation, suggestions

ROOT = Path(__file__).resolve().parents[2]
HELD_OUT = tomllib.loads((Path(__file__).parent / "data" / "held_out_petitions.toml").read_text("utf-8"))
FITS: Mapping[str, Sequence[str]] = HELD_OUT["fits"]
NOTHING: Sequence[str] = HELD_OUT["nothing"]
CATALOGUE = Catalogue(
    categories=tuple(
        Named(id=entry["id"], names=tuple(entry["names"].items()), examples=tuple(entry["examples"]))
        for entry in json.loads((ROOT / "gateway" / "demo_catalogue.json").read_text("utf-8"))["categories"]
    )
)
AMONG_THREE, FIRST, OF_EACH, OF_NOTHING = 0.85, 0.75, 0.7, 0.25
"""The floors: together among three and first, each category among three; at most so often of what fits nothing."""


def among(fits: Mapping[str, Sequence[str]], catalogue: Catalogue, most: int = MOST) -> dict[str, float]:
    """Return, by category, the share of its petitions for which it is among the first few suggestions."""
    return {
        category: sum(category in suggestions(text, catalogue)[:most] for text in texts) / len(texts)
        for category, texts in fits.items()
    }


def average(shares: Mapping[str, float]) -> float:
    return sum(shares.values()) / len(shares)


def turned(catalogue: Catalogue) -> Catalogue:
    """Return a catalogue in which each category has the examples of the next one."""
    categories = catalogue.categories
    following = (*categories[1:], categories[0])
    return replace(
        catalogue,
        categories=tuple(
            replace(one, examples=other.examples) for one, other in zip(categories, following, strict=True)
        ),
    )


# -- how often it is right ---------------------------------------------------------------------------------------------


def test_the_held_out_petitions_are_enough_and_none_of_them_is_an_example() -> None:
    examples = {example for category in CATALOGUE.categories for example in category.examples}

    assert set(FITS) == {category.id for category in CATALOGUE.categories}
    assert min(map(len, FITS.values())) >= 20
    assert len(NOTHING) >= 30
    assert not examples & {text for texts in FITS.values() for text in texts}
    assert max(len(category.examples) for category in CATALOGUE.categories) <= 24


def test_what_a_petition_is_about_is_nearly_always_among_the_suggestions() -> None:
    found = among(FITS, CATALOGUE)

    assert average(found) >= AMONG_THREE
    assert average(among(FITS, CATALOGUE, most=1)) >= FIRST
    assert {category: share for category, share in found.items() if share < OF_EACH} == {}


def test_where_nothing_fits_there_is_mostly_no_suggestion() -> None:
    assert sum(bool(suggestions(text, CATALOGUE)) for text in NOTHING) <= OF_NOTHING * len(NOTHING)


def test_with_the_petitions_or_the_examples_in_the_wrong_places_the_floor_is_missed() -> None:
    elsewhere = dict(zip(FITS, [*FITS.values()][1:] + [*FITS.values()][:1], strict=True))

    assert average(among(elsewhere, CATALOGUE)) < AMONG_THREE / 2
    assert average(among(FITS, turned(CATALOGUE))) < AMONG_THREE / 2


# -- what it is made of ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("楼道灯坏了，物业不管", "housing_management"),
        ("樓道燈壞了，物業不管", "housing_management"),
        ("楼道 灯 坏 了 物业 不 管", "housing_management"),
        ("医保卡刷不了", "medical_insurance"),
        ("我的養老金這個月沒發", "pension"),
        ("The lift is broken and the property manager does nothing", "housing_management"),
        ("The radiator is cold", "heating"),
        ("Where can I apply for welfare? We are poor", "welfare"),
    ],
)
def test_it_reads_simplified_traditional_and_english(text: str, first: str) -> None:
    assert suggestions(text, CATALOGUE)[0] == first


@pytest.mark.parametrize(
    "text", ["", "  \n", "。。。！", "我", "嗯", "123 456", "\ud800\x00", "好的好的", "xyzzy", "a" * 20_000]
)
def test_too_little_is_no_reason_to_guess(text: str) -> None:
    assert suggestions(text, CATALOGUE) == ()


@pytest.mark.parametrize("catalogue", [Catalogue(), replace(CATALOGUE, categories=CATALOGUE.categories[:1])])
def test_a_small_catalogue_is_no_trouble(catalogue: Catalogue) -> None:
    assert suggestions("物业收了钱不干活，电梯也坏了", catalogue) == tuple(each.id for each in catalogue.categories)


def test_there_are_three_at_most_each_once_and_always_the_same_ones() -> None:
    long = "，".join(text for texts in FITS.values() for text in texts)
    found = suggestions(long, CATALOGUE)

    assert len(set(found)) == len(found) <= MOST
    assert suggestions(long, CATALOGUE) == found


def test_a_catalogue_with_other_words_is_learnt_anew() -> None:
    other = Catalogue(
        categories=(
            Named(id="boats", names=(("zh_Hans", "船"),), examples=("渡船停了", "码头没有灯")),
            Named(id="goats", names=(("zh_Hans", "羊"),), examples=("山羊吃了庄稼", "goat in the garden")),
        )
    )

    assert suggestions("山羊又来吃庄稼了", other) == ("goats",)
    assert suggestions("There is a goat in my garden!", other) == ("goats",)
    assert suggestions("渡船三天没来", other)[0] == "boats"


def test_a_suggestion_is_explained_by_pieces_of_the_text_that_others_have_not() -> None:
    text = "那個，電梯又壞了，物業也不來人"
    why = explanation(text, CATALOGUE, "housing_management")

    assert {"电梯", "物业"} <= set(why)
    assert len(why) <= EXPLAINED
    assert all(piece in simplified(text) for piece in why)
    assert explanation(text, CATALOGUE, "heating") != why
    assert explanation(text, CATALOGUE, "no such category") == ()
    assert explanation("你好", CATALOGUE, "pension") == ()


def test_every_suggestion_has_an_explanation() -> None:
    for text in (*NOTHING, *(text for texts in FITS.values() for text in texts)):
        assert all(explanation(text, CATALOGUE, category) for category in suggestions(text, CATALOGUE))


# -- Traditional characters --------------------------------------------------------------------------------------------


def test_traditional_characters_become_simplified_ones_one_for_one() -> None:
    assert simplified("樓道燈壞了，醫保卡刷不了，著火了") == "楼道灯坏了，医保卡刷不了，着火了"
    assert simplified("楼道灯 lamp 123 😀") == "楼道灯 lamp 123 😀"
    assert len(simplified("臺灣髒亂" * 9)) == 36
