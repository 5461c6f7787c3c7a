"""What is listened for: derived from the script, told apart by ear, and meaning exactly what a finger would do."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petition import events as ev
from petition.derive import Context, screen, utterance
from petition.ears import Ears, ears, listening, meaning, phrases_of
from petition.errors import FaultCode
from petition.machine import advance
from petition.model import Catalogue, Named
from petition.offer import ENTRY, offered
from petition.saying import Saying
from petition.script.book import STEPS
from petition.script.phrases import CLEAR, COMMANDS, ERASE, NUMBERS
from petition.state import Hush, Preferences, Rules, State
from petition.steps import ENDED, WELCOME, Act, Choice, Command, Field, Input, Journey, Source
from tests.petition.by_ear import sound_alike
from tests.petition.test_mashing import MOVES, make, walk
from tests.petition.world import NOON, World
from tests.samples import sample

SEQUENCES = 60
CONTEXT = Context(translate=lambda _, source: source, now=NOON)
DEMO = Path(__file__).resolve().parents[2] / "gateway" / "demo_catalogue.json"
SAME = {
    Act.FINISH: ev.CommandGiven(command=Command.FINISH),
    Act.RING: ev.CommandGiven(command=Command.CALL_STAFF),
    Act.LOUDER: ev.CommandGiven(command=Command.LOUDER),
    Act.QUIETER: ev.CommandGiven(command=Command.QUIETER),
    Act.FASTER: ev.CommandGiven(command=Command.FASTER),
    Act.SLOWER: ev.CommandGiven(command=Command.SLOWER),
}
"""Answers that do what a command does: phrases of both may be alike."""


def asked_first(state: State, choice: Choice) -> bool:
    """Whether ending is asked about by voice, and by touch is not: a word may be meant for somebody else.

    So it is where a receipt's number would go from sight, whatever lies over it, and where something is not sent yet.
    """
    unsent = not state.draft.empty and state.step != "confirm_leave"
    shown = {"receipt", "receipt_offline"} & {state.step, *state.covered} and state.step != "receipt_leave"
    return choice.act is Act.FINISH and (bool(shown) or unsent)


def hearing(state: State) -> State:
    """The same moment of a visit at a kiosk that understands words, when everything has been said."""
    return replace(state, hearing=True, microphone=True, begun=True, heard_out=True, speaking=False)


def demo_catalogue() -> Catalogue:
    """What the demo platform tells its kiosks."""
    told = json.loads(DEMO.read_text("utf-8"))

    def named(kind: str) -> tuple[Named, ...]:
        return tuple(Named(id=e["id"], names=tuple(e["names"].items())) for e in told[kind])

    return Catalogue(
        categories=named("categories"),
        places=named("places") if "places" in told else (),
        rating_levels=named("rating_levels"),
    )


def moments() -> Iterator[State]:
    """Every step in the middle of a visit, every page of its catalogue, with everything there that may be offered."""
    catalogue = demo_catalogue()
    for id_, step in STEPS.items():
        state = hearing(replace(sample(id_), catalogue=catalogue, reply_sentence=1))
        entries = {
            Source.CATEGORIES: catalogue.categories,
            Source.PLACES: catalogue.places,
            Source.LEVELS: catalogue.rating_levels,
            Source.RECEIPTS: (),
            Source.PICTURES: (),
            None: (),
        }[step.source]
        for page in range(max(1, -(-len(entries) // 6))):
            yield replace(state, page=page)


MOMENTS = tuple(moments())
OPEN = tuple(state for state in MOMENTS if listening(state))
IDS = [f"{state.step}-{state.page}" for state in OPEN]


def does(state: State, phrase: str) -> object:
    """Return what a phrase leads to, with commands and answers that do the same made equal."""
    found = meaning(state, phrase)
    match found:
        case ev.NumberPressed(number=number):
            choice = offered(state)[number - 1]
        case ev.ChoicePressed(choice_id=choice_id):
            choice = next(c for c in offered(state) if c.id == choice_id)
        case _:
            return found
    if choice.to == "settings_language":
        return ev.CommandGiven(command=Command.LANGUAGE)
    return SAME.get(choice.act, ev.ChoicePressed(choice_id=choice.id)) if choice.act else choice.id


@pytest.mark.parametrize("state", OPEN, ids=IDS)
def test_everything_listened_for_comes_from_the_script_the_catalogue_or_the_pad(state: State) -> None:
    known = {phrase for choice in offered(state) for phrase in phrases_of(choice)}
    known |= {phrase for words in COMMANDS for phrase in words.phrases}
    known |= {phrase for said in NUMBERS for phrase in said} | {*ERASE, *CLEAR}
    assert set(ears(state).phrases) <= known
    assert all(re.fullmatch("[\u4e00-\u9fff]+", phrase) for phrase in ears(state).phrases)
    assert len(set(ears(state).phrases)) == len(ears(state).phrases)


@pytest.mark.parametrize("state", OPEN, ids=IDS)
def test_no_two_things_that_can_be_said_at_one_moment_sound_alike(state: State) -> None:
    pairs = combinations(ears(state).phrases, 2)
    assert [(a, b) for a, b in pairs if does(state, a) != does(state, b) and sound_alike(a, b)] == []


@pytest.mark.parametrize("state", OPEN, ids=IDS)
def test_whatever_can_be_pressed_can_be_said(state: State) -> None:
    said = {found.choice_id for p in ears(state).phrases if isinstance(found := meaning(state, p), ev.ChoicePressed)}
    kept_back = {c.id for c in offered(state) if asked_first(state, c) or STEPS[state.step].journey is Journey.STAFF}
    assert {c.id for c in offered(state)} - said == kept_back  # nobody prints for others by calling out
    commands = {found.command for p in ears(state).phrases if isinstance(found := meaning(state, p), ev.CommandGiven)}
    if STEPS[state.step].takes is Input.SPEECH:
        assert commands == {Command.CALL_STAFF}  # what is dictated must not be taken for a command
    else:
        given_by_answers = {SAME[c.act].command for c in offered(state) if c.act in SAME}
        assert set(Command) - commands - given_by_answers == set()


@pytest.mark.parametrize("state", OPEN, ids=IDS)
def test_a_phrase_does_exactly_what_pressing_does(state: State) -> None:
    for phrase in ears(state).phrases:
        pressed = meaning(state, phrase)
        assert pressed is not None
        assert advance(state, ev.PhraseHeard(phrase=phrase)) == advance(state, pressed)


@pytest.mark.parametrize("state", OPEN, ids=IDS)
def test_a_number_that_can_be_said_is_the_one_that_stands_beside_the_answer(state: State) -> None:
    buttons = screen(state, CONTEXT).buttons
    for number, said in enumerate(NUMBERS, 1):
        for phrase in said:
            if (found := meaning(state, phrase)) is not None:
                asked = asked_first(state, offered(state)[number - 1])
                assert found == (SAME[Act.FINISH] if asked else ev.NumberPressed(number=number))
                assert buttons[number - 1].number == str(number)


def test_what_sends_is_heard_only_after_the_reading_and_only_by_its_own_words() -> None:
    for state in OPEN:
        for choice in offered(state):
            if choice.act is Act.SUBMIT:
                reading = replace(state, heard_out=False)
                assert not set(phrases_of(choice)) & set(ears(reading).phrases)
                assert set(phrases_of(choice)) <= set(ears(state).phrases)
                assert "一号" not in ears(state).phrases


def test_where_nothing_is_said_aloud_the_eye_reads_and_sending_can_be_said_at_once() -> None:
    for change in ({"preferences": Preferences(hush=Hush.SILENT)}, {"speech": False}):
        world = World()
        world.state = replace(world.state, hearing=True, **change)
        world.press("report", "start", "done")
        assert world.state.step == "review_heard"
        assert "对提交" in ears(world.state).phrases


def test_without_a_recogniser_or_a_microphone_nobody_is_listened_to() -> None:
    for state in MOMENTS:
        assert ears(replace(state, hearing=False)) == Ears()
        assert ears(replace(state, microphone=False)) == Ears()


def test_the_welcome_screen_listens_only_to_who_has_begun_or_where_the_operator_wants_it() -> None:
    state = hearing(sample(WELCOME))
    assert listening(state)
    assert not listening(replace(state, begun=False))
    assert listening(replace(state, begun=False, rules=Rules(listen_when_idle=True)))


def test_where_a_visit_has_ended_nobody_is_listened_to() -> None:
    closed = {state.step for state in MOMENTS if not listening(state)}
    assert closed == {ENDED, "session_timed_out", "agent_signed_out"}


def test_digits_can_be_said_exactly_where_they_can_be_keyed() -> None:
    assert {s.step for s in OPEN if ears(s).digits} == {
        id_
        for id_, s in STEPS.items()
        if s.takes is Input.DIGITS and s.journey is not Journey.STAFF and s.writes is not Field.AGENT_CODE
    }


def test_names_of_the_catalogue_are_said_in_mandarin_whatever_the_screen_shows() -> None:
    def said(name: str, label: str = "Building 3") -> tuple[str, ...]:
        return phrases_of(Choice(id="entry-1", label=label, say=name, to="details"))

    assert said("和平里3号楼") == ("和平里三号楼",)
    assert said("水、电、气") == ("水电气",)
    assert said("12号院") == ("十二号院",)
    assert said("A座") == ()  # by its number or by touch


def test_the_screen_tells_the_ear_and_the_words_tell_to_say_only_while_somebody_listens() -> None:
    for state in MOMENTS:
        deaf, open_ = replace(state, hearing=False), listening(state)
        assert screen(state, CONTEXT).caption.listening is (open_ or state.step == "recording")
        assert "就说：" not in utterance(deaf, Saying(), CONTEXT).text
        if "{choose}：" in STEPS[state.step].spoken and open_:
            assert "就说：" in utterance(state, Saying(), CONTEXT).text


def test_what_a_screen_tells_to_say_is_listened_for() -> None:
    for state in OPEN:
        told = re.findall("就说：([^。]+)。", utterance(state, Saying(), CONTEXT).text)
        for words in told:
            assert words.replace("，", "") in ears(state).phrases, (state.step, words)


@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.one_of(MOVES, st.integers(0, 2**32).map(walk)))
def test_wherever_a_visit_goes_its_phrases_do_what_pressing_does_and_nothing_else_does_anything(
    moves: list[tuple[str, object]],
) -> None:
    world = World()
    world.happen(ev.HearingFound())
    for count, move in enumerate(moves):
        make(world, move)
        state = world.state
        for phrase in ears(state).phrases[count % 9 :: 9]:
            pressed = meaning(state, phrase)
            assert pressed is not None
            assert advance(state, ev.PhraseHeard(phrase=phrase)) == advance(state, pressed)
        assert advance(state, ev.PhraseHeard(phrase="今天天气好")) == (state, ())
        deaf, _ = advance(state, ev.HearingLost(code=FaultCode.RECOGNISER_MISSING))
        assert ears(deaf) == Ears()
        assert screen(deaf, CONTEXT).step == screen(state, CONTEXT).step


@pytest.mark.parametrize("name", ["叫工作人员", "返回", "结束", "帮助", "楼道灯"])
def test_no_entry_of_the_catalogue_takes_a_word_from_the_script(name: str) -> None:
    entry = Named(id="a", names=(("zh_Hans", name),))
    step = next(id_ for id_, step in STEPS.items() if step.source is Source.CATEGORIES)
    without = hearing(replace(sample(step), catalogue=Catalogue(categories=())))
    with_it = replace(without, catalogue=Catalogue(categories=(entry,)))
    expected = meaning(without, name)
    assert meaning(with_it, name) == (expected or ev.ChoicePressed(choice_id=f"{ENTRY}a"))
