"""When a visit is over, nothing of it is in the next one: not in the state, and not by an answer that comes late."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petition import effects as do
from petition import events as ev
from petition.ears import listening
from petition.machine import begin
from petition.model import Draft
from petition.receipt import receipt_number
from petition.script.book import STEPS
from petition.state import Busy, Preferences, Recorder, Rules, State
from petition.steps import Command, Journey
from tests.petition.test_mashing import MOVES, make, walk
from tests.petition.world import CATALOGUE, World, progress

SEQUENCES = 600
NUMBER = receipt_number("10230", 1)
CODE = "123456"
WORDS = "三号楼的王大爷"
TIMER_NAMES = ("shutter", "leave", "pause", "unheard", "closing", "attentive", "second", "desk", "unanswered", "idle")
"""In the order in which they run out."""
RECEIPT_STEPS = {"receipt", "receipt_offline"}


def go_away(world: World) -> None:
    """Nobody touches anything any more: every timer that is set runs out, until none is left."""
    for _ in range(400):
        names = [name for name in TIMER_NAMES if name in world.timers]
        if not names:
            return
        if world.state.recorder is Recorder.ON:
            world.happen(ev.SilenceHeard(seconds=9))
        world.elapse(names[0])
    raise AssertionError(world.timers)


def fresh(state: State) -> State:
    """A visit that nobody has begun, on the same machine."""
    clean = begin(state.rules, state.draft.petition_id)
    return replace(
        clean,
        catalogue=state.catalogue,
        line_up=state.line_up,
        microphone=state.microphone,
        room_for_sound=state.room_for_sound,
        speech=state.speech,
        hearing=state.hearing,
        demonstration=state.demonstration,
        headphones=state.headphones,
        calls_made=state.calls_made,
        printer=state.printer,
        lens=state.lens,
        today=state.today,
        heard_out=state.heard_out,
        saying=state.saying,
        speaking=state.speaking,
        help_shown=state.help_shown,
        page=state.page,
    )


@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.one_of(MOVES, st.integers(0, 2**32).map(walk)))
def test_whatever_somebody_did_once_they_are_gone_nothing_of_it_is_left_and_late_answers_change_nothing(
    moves: list[tuple[str, object]],
) -> None:
    world = World()
    world.state = replace(world.state, rules=Rules(warning_seconds=2))
    for move in moves:
        make(world, move)
    go_away(world)
    if STEPS[world.state.step].journey is Journey.CALL_STAFF:  # a call keeps the visit until somebody comes
        world.happen(ev.CommandGiven(command=Command.FINISH))
        world.press("clear", "finish")
        go_away(world)
    assert world.state == fresh(world.state)
    world.catch_up()
    assert world.state == fresh(world.state)


@pytest.fixture
def asked() -> World:
    """A visit that has looked up how far a petition is."""
    world = World()
    world.press("progress")
    world.happen(ev.DigitsEdited(digits=NUMBER), ev.DigitsEdited(digits=CODE))
    assert world.state.progress is not None
    return world


def test_who_goes_home_from_a_petitions_progress_leaves_neither_number_nor_code_nor_answer(asked: World) -> None:
    asked.happen(ev.CommandGiven(command=Command.HOME))
    assert asked.state == fresh(asked.state)
    asked.press("progress")
    assert not asked.state.number_digits


def test_a_number_that_was_only_keyed_stays_for_who_went_home_by_mistake_and_goes_when_nobody_is_there() -> None:
    world = World()
    world.press("progress")
    world.happen(ev.DigitsEdited(digits=NUMBER[:7]), ev.CommandGiven(command=Command.HOME))
    world.press("progress")
    assert world.state.number_digits == NUMBER[:7]
    world.happen(ev.CommandGiven(command=Command.HOME))
    world.elapse("idle")
    assert world.state == fresh(world.state)


def test_who_goes_home_from_the_receipt_leaves_none() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text=WORDS))
    world.press("done", "send")
    assert world.state.step in RECEIPT_STEPS
    for _ in range(2):
        world.happen(ev.CommandGiven(command=Command.HOME))
    assert world.state == fresh(world.state)


def test_a_telephone_number_does_not_outlive_the_words_it_was_left_with() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text=WORDS))
    world.press("done", "phone")
    world.happen(ev.DigitsEdited(digits="13800138000"))
    world.press("done", "hold", "change")
    world.happen(ev.TextEdited(text=""), ev.CommandGiven(command=Command.HOME))
    assert world.state.draft.phone
    world.elapse("idle")
    assert world.state == fresh(world.state)
    assert world.kept is None


def test_words_that_were_taken_back_are_not_kept_for_a_power_cut() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text=WORDS), ev.TextEdited(text=""))
    assert world.kept is not None
    assert world.kept.text == ""


def test_a_receipt_that_comes_after_its_visit_was_given_up_is_shown_to_nobody() -> None:
    world = World(answering=False)
    world.press("type")
    world.happen(ev.TextEdited(text=WORDS))
    world.press("done", "send")
    assert world.state.busy is Busy.FILING
    for name in ("idle", *["second"] * world.state.rules.warning_seconds):
        world.elapse(name)
    assert world.state.step == "session_timed_out"
    late = [event for event in world.pending if isinstance(event, ev.PetitionFiled)]
    assert world.happen(*late).receipt is None
    world.press("again", "type")
    world.happen(ev.TextEdited(text="另一位的话"))
    world.press("done", "send")
    assert world.happen(*late).receipt is None
    assert world.state.busy is Busy.FILING


def test_the_answer_to_one_question_is_not_shown_to_who_asked_another() -> None:
    theirs = do.LookUp(number=NUMBER, code=CODE)
    world = World(answering=False)
    world.press("progress")
    world.happen(ev.DigitsEdited(digits=NUMBER), ev.DigitsEdited(digits="000000"))
    assert world.state.busy is Busy.ASKING
    assert world.happen(ev.ProgressFound(asked=theirs, progress=progress(NUMBER))).progress is None


def test_sound_that_is_closed_after_its_visit_is_in_no_draft() -> None:
    world = World(answering=False)
    world.press("report", "start")
    world.happen(ev.SpeechHeard(), ev.CommandGiven(command=Command.FINISH))
    assert world.state.recorder.value == "off"
    world.catch_up()
    assert world.state.draft == Draft(petition_id=world.state.draft.petition_id)


def test_no_timer_of_a_recording_runs_on_into_the_next_visit() -> None:
    world = World()
    world.press("report", "start")
    world.happen(ev.SilenceHeard(seconds=5), ev.CommandGiven(command=Command.FINISH))
    assert set(world.timers) <= {"leave"}


def test_words_made_out_of_sound_go_with_the_visit_even_while_they_come_in() -> None:
    world = World(answering=False)
    world.happen(ev.HearingFound())
    world.press("report", "start")
    world.happen(ev.SpeechHeard(), ev.WordsHeard(recording_id=world.state.recording_id, text=WORDS, settled=2))
    assert world.state.live_text == WORDS
    world.happen(ev.CommandGiven(command=Command.FINISH))
    assert WORDS not in repr(world.state)
    late = ev.WordsHeard(recording_id=world.recording_id(), text=WORDS, settled=len(WORDS))
    world.happen(late)
    world.catch_up()
    assert WORDS not in repr(world.state)


def test_ears_that_a_visit_opened_are_closed_when_it_is_over() -> None:
    world = World()
    world.happen(ev.HearingFound())
    assert not listening(world.state)
    world.happen(ev.ScreenTouched())
    assert listening(world.state)
    world.elapse("idle")
    assert not listening(world.state)
    world.press("progress")
    assert listening(world.state)
    world.happen(ev.CommandGiven(command=Command.FINISH))
    assert world.state.step == "session_ended"
    assert not listening(world.state)


@pytest.mark.parametrize("by", ["pressing", "waiting"])
def test_whoever_comes_next_however_soon_is_spoken_to_by_a_voice_that_knows_nothing(by: str) -> None:
    world = World()
    world.press("progress")
    world.happen(ev.CommandGiven(command=Command.FINISH))
    world.done.clear()
    if by == "pressing":
        world.press("again")
        assert do.Say in map(type, world.done[world.done.index(do.RenewSpeech()) :])
    else:
        world.elapse("leave")
    assert world.done.count(do.RenewSpeech()) == 1


def test_who_changed_only_how_it_looks_leaves_that_behind_too() -> None:
    world = World()
    world.state = replace(world.state, catalogue=CATALOGUE)
    world.happen(ev.CommandGiven(command=Command.TEXT_LARGER))
    world.elapse("idle")
    assert world.state.preferences == Preferences()
