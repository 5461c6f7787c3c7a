"""What can be said on a step: nothing may be taken for something else, by ear or by losing a 不."""

import json
from itertools import combinations, product
from pathlib import Path

import pytest

from petition.script.book import STEPS
from petition.script.phrases import CLEAR, COMMANDS, ERASE, NUMBERS
from petition.steps import Act, Choice, Command, Input, Step
from tests.petition.by_ear import sound_alike, syllables, turned_round

SINGLE_SYLLABLES = {"对"}
SAFE_IF_TURNED_ROUND = {
    "confirm_leave": "「对」 stays: a 「不对」 heard as 「对」 costs one more sentence, not a petition",
    "receipt_leave": "「对」 looks at the number again",
    "picture_check": "「对」 adds a picture, which can be taken out again before anything is sent",
    "picture_remove": "「对」 changes nothing",
    "proxy_paper_check": "a paper that can't be read is photographed anew with 「返回」",
    "withdraw_ask": "「对」 changes nothing",
    "did_you_mean": "nothing that sends, ends or wipes is ever asked back; anything else can be undone with 「返回」",
}
"""Steps where losing one 不 leads to the other answer, and why nothing is lost by it."""
SAME_AS = {
    Act.FINISH: Command.FINISH,
    Act.RING: Command.CALL_STAFF,
    Act.LOUDER: Command.LOUDER,
    Act.QUIETER: Command.QUIETER,
    Act.FASTER: Command.FASTER,
    Act.SLOWER: Command.SLOWER,
}
"""Acts that do what a command does: a phrase may belong to both."""


def said_on(step: Step) -> list[tuple[str, str]]:
    """(what it does, phrase) for everything that can be said on a step."""
    said = [(_meaning(choice), phrase) for choice in step.choices for phrase in choice.phrases]
    said += [(words.command.value, phrase) for words in COMMANDS for phrase in words.phrases]
    if step.takes is Input.DIGITS:
        said += [("erase", phrase) for phrase in ERASE] + [("clear", phrase) for phrase in CLEAR]
    if step.takes in {Input.TEXT, Input.DIGITS}:
        return said  # there the digits are what is being written
    numbers = NUMBERS if step.source else NUMBERS[: len(step.choices)]
    return said + [(f"number {n}", phrase) for n, phrases in enumerate(numbers, start=1) for phrase in phrases]


def _meaning(choice: Choice) -> str:
    if choice.to == "settings_language":
        return Command.LANGUAGE
    return SAME_AS[choice.act].value if choice.act in SAME_AS else choice.id


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_no_two_things_that_can_be_said_sound_alike(step: Step) -> None:
    pairs = [(a, b) for a, b in combinations(said_on(step), 2) if a[0] != b[0]]
    assert [(a, b) for a, b in pairs if a[1] == b[1] or sound_alike(a[1], b[1])] == []


def test_the_catalogues_categories_sound_like_nothing_else_on_their_step() -> None:
    catalogue = json.loads((Path(__file__).resolve().parents[2] / "gateway" / "demo_catalogue.json").read_text("utf-8"))
    names = [category["names"]["zh_Hans"] for category in catalogue["categories"]]
    pairs = [*combinations(names, 2), *product(names, [phrase for _, phrase in said_on(STEPS["category"])])]
    assert [(a, b) for a, b in pairs if a == b or sound_alike(a, b)] == []


def test_no_lost_syllable_turns_an_answer_round_where_that_could_hurt() -> None:
    found = {
        step.id: (a, b)
        for step in STEPS.values()
        for (does, a), (other, b) in combinations(said_on(step), 2)
        if does != other and turned_round(a, b)
    }
    assert {id_: pair for id_, pair in found.items() if id_ not in SAFE_IF_TURNED_ROUND} == {}
    assert set(SAFE_IF_TURNED_ROUND) == set(found)


def test_a_bare_yes_neither_sends_nor_wipes_and_has_its_no() -> None:
    for step in STEPS.values():
        yes = [choice for choice in step.choices if "对" in choice.phrases]
        no = [choice for choice in step.choices if "不对" in choice.phrases]
        assert all(choice.act not in {Act.SUBMIT, Act.FINISH, Act.BEGIN_AGAIN, Act.DROP_PHONE} for choice in yes), (
            step.id
        )
        assert not yes or no, step.id


def test_everything_said_has_at_least_two_syllables() -> None:
    short = [(step.id, p) for step in STEPS.values() for _, p in said_on(step) if len(syllables(p)) < 2]
    assert [(id_, phrase) for id_, phrase in short if phrase not in SINGLE_SYLLABLES] == []


def test_every_choice_can_be_said_in_more_than_one_way_or_by_its_label() -> None:
    assert [(step.id, c.id) for step in STEPS.values() for c in step.choices if not c.phrases] == []


def test_the_ear_tells_numbers_apart_that_may_be_said_and_not_those_that_may_not() -> None:
    assert sound_alike("一号", "七号")
    assert sound_alike("六号", "九号")
    assert sound_alike("对提交", "对体交")
    assert not sound_alike("一号", "二号")
    assert not sound_alike("三号", "四号")
    assert turned_round("不对", "对")
    assert not turned_round("对提交", "对")
