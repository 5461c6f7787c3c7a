"""How a person is called: nobody is said to come before somebody said so, and what is being done stays as it is."""

from dataclasses import replace

import pytest

from petition import effects as do
from petition import events as ev
from petition.derive import Context, screen
from petition.model import CallStanding, Draft
from petition.offer import offered
from petition.receipt import Role, receipt_number, receipt_tag
from petition.script.book import STEPS
from petition.state import Busy, Recorder, Rules
from petition.steps import RETURN, WELCOME, Act, Command, Input, Journey
from tests.petition.world import KEY, NOON, World

CALL = ev.CommandGiven(command=Command.CALL_STAFF)
CONTEXT = Context(translate=lambda _, source: source, now=NOON)
NUMBER = receipt_number("10230", 7)
TAG = receipt_tag(KEY, NUMBER, Role.OWN)
WORDS = "楼道的灯坏了"
CALLING = {id_ for id_, step in STEPS.items() if step.journey is Journey.CALL_STAFF}
ELSEWHERE = sorted(set(STEPS) - CALLING - {"recording"})
"""Steps on which somebody may be when they want a person; how a recording is left is told below."""


@pytest.fixture
def world() -> World:
    return World()


def standing_at(step: str) -> World:
    """Somebody who has written something and stands at a step."""
    world = World()
    draft = Draft(petition_id=world.state.draft.petition_id, text=WORDS)
    covered = (WELCOME,) if STEPS[step].overlay else ()
    world.state = replace(world.state, step=step, covered=covered, draft=draft)
    return world


def calls(world: World) -> list[do.CallStaff]:
    return [effect for effect in world.done if isinstance(effect, do.CallStaff)]


def ended(world: World) -> list[int]:
    return [effect.call for effect in world.done if isinstance(effect, do.EndCall)]


def bells(world: World) -> int:
    return world.done.count(do.PlayEarcon(name="bell"))


def news(world: World, standing: CallStanding, *, call: int = 0, by: str = "") -> str:
    """Let there be news of a call, of the last one unless another is named; return where it is told."""
    number = call or world.state.calls_made
    return world.happen(ev.CallChanged(call=number, standing=standing, by=by)).step


def shown(world: World) -> str:
    drawn = screen(world.state, CONTEXT)
    return drawn.title + drawn.body


def look_up(world: World) -> None:
    world.happen(ev.ReceiptScanned(number=NUMBER, tag=TAG))


# -- calling -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ELSEWHERE)
def test_from_every_step_a_person_is_called_and_what_was_given_stays(step: str) -> None:
    world = standing_at(step)
    assert world.happen(CALL).step == "call_staff"
    assert len(calls(world)) == 1
    assert calls(world)[0].reason is None
    assert world.state.draft.text == WORDS
    assert world.press("resume").step == (WELCOME if step == "idle_warning" else step)  # whoever calls is still there


@pytest.mark.parametrize("step", [s for s in ELSEWHERE if STEPS[s].takes is not Input.DIGITS])
def test_key_0_calls_a_person_wherever_it_is_no_digit(step: str) -> None:
    world = standing_at(step)
    assert world.happen(ev.NumberPressed(number=0)).step == "call_staff"
    assert len(calls(world)) == 1


@pytest.mark.parametrize("step", [s for s in ELSEWHERE if any(c.act is Act.RING for c in STEPS[s].choices)])
def test_every_answer_that_asks_for_a_person_calls_one(step: str) -> None:
    world = standing_at(step)
    for choice in [c for c in offered(world.state) if c.act is Act.RING]:
        world = standing_at(step)
        assert world.press(choice.id).step == "call_staff"
        assert len(calls(world)) == 1


def test_a_recording_is_kept_by_who_calls_and_goes_on_afterwards(world: World) -> None:
    world.press("report", "start")
    world.happen(ev.NumberPressed(number=0))
    assert world.state.step == "call_staff"
    assert len(world.state.draft.recordings) == 1
    assert world.press("resume").step == "recording"
    assert world.state.recorder is Recorder.ON
    world.press("done", "send")
    assert len(world.filed[0].recordings) == 2


def test_who_calls_again_and_again_calls_one_person_and_hears_the_bell_each_time(world: World) -> None:
    world.happen(CALL, CALL, CALL)
    world.press("ring")
    assert world.state.step == "call_staff"
    assert len(calls(world)) == 1
    assert bells(world) == 4


def test_the_answer_to_a_question_does_not_come_between_who_calls_and_the_call() -> None:
    world = World(answering=False)
    look_up(world)
    assert world.state.busy is Busy.ASKING
    world.happen(CALL)
    assert world.catch_up().step == "call_staff"
    assert world.press("resume").step == WELCOME
    world.answering = True
    look_up(world)
    assert world.state.step == "progress_result"


# -- how far it is -----------------------------------------------------------------------------------------------------


def test_nobody_is_said_to_come_before_somebody_answered() -> None:
    world = World(answering=False)
    world.happen(CALL)
    for _ in range(2):
        assert world.state.step == "call_staff"
        assert "还没有人答应" in shown(world)
        assert "马上过来" not in shown(world)
        news(world, CallStanding.RINGING)
    assert news(world, CallStanding.ANSWERED, by="王师傅") == "call_answered"
    assert shown(world).startswith("王师傅答应了")


def test_who_answered_without_a_name_is_somebody(world: World) -> None:
    world.happen(CALL)
    news(world, CallStanding.ANSWERED)
    assert shown(world).startswith("有人答应了")


def test_where_staff_cannot_be_reached_it_rings_here_and_says_so(world: World) -> None:
    world.happen(CALL)
    assert news(world, CallStanding.UNREACHABLE) == "call_local_bell"
    assert "线路断了" in shown(world)
    assert screen(world.state, CONTEXT).alarm
    assert do.SoundBell(on=True) in world.done


def test_what_is_not_answered_for_a_minute_is_said_so_once_and_the_bell_here_is_offered(world: World) -> None:
    world.happen(CALL)
    assert world.timers["unanswered"] == 60
    world.press("resume")
    assert world.elapse("unanswered").step == "call_no_answer"
    assert "叫了一分钟了" in shown(world)
    assert world.press("resume").step == WELCOME
    assert news(world, CallStanding.RINGING) == WELCOME
    world.happen(CALL)
    assert world.press("bell").step == "call_local_bell"
    assert "线路断了" not in shown(world)


def test_an_answer_stops_the_minute(world: World) -> None:
    world.happen(CALL)
    news(world, CallStanding.ANSWERED, by="王师傅")
    assert "unanswered" not in world.timers
    assert world.happen(ev.TimerElapsed(name="unanswered")).step == "call_answered"


def test_the_minute_begins_anew_when_the_line_is_back(world: World) -> None:
    world.happen(CALL)
    news(world, CallStanding.UNREACHABLE)
    world.elapse("unanswered")
    assert news(world, CallStanding.RINGING) == "call_staff"
    assert world.elapse("unanswered").step == "call_no_answer"


def test_after_an_answer_nothing_else_is_told_of_that_call(world: World) -> None:
    world.happen(CALL)
    news(world, CallStanding.ANSWERED, by="王师傅")
    assert news(world, CallStanding.UNREACHABLE) == "call_answered"
    assert not world.state.bell


def test_who_said_to_come_and_does_not_is_called_again(world: World) -> None:
    world.happen(CALL)
    news(world, CallStanding.ANSWERED, by="王师傅")
    assert world.press("again").step == "call_staff"
    assert ended(world) == [1]
    assert [call.call for call in calls(world)] == [1, 2]
    assert "还没有人答应" in shown(world)
    assert news(world, CallStanding.ANSWERED, call=1, by="王师傅") == "call_staff"
    assert news(world, CallStanding.ANSWERED, by="李师傅") == "call_answered"
    assert shown(world).startswith("李师傅")


def test_who_sees_them_coming_goes_on_where_they_were(world: World) -> None:
    world.press("type")
    world.happen(ev.TextEdited(text=WORDS), CALL)
    news(world, CallStanding.ANSWERED, by="王师傅")
    assert world.press("here").step == "type_text"
    assert ended(world) == [1]
    assert world.state.draft.text == WORDS


@pytest.mark.parametrize("standing", list(CallStanding))
def test_news_of_an_earlier_call_changes_nothing(world: World, standing: CallStanding) -> None:
    world.happen(CALL)
    world.press("cancel", "resume")
    before = world.state
    assert news(world, standing, call=1) == WELCOME
    assert world.state == before
    world.happen(CALL)
    before = world.state
    news(world, standing, call=1)
    assert world.state == before


@pytest.mark.parametrize("standing", list(CallStanding))
def test_news_of_a_call_of_the_visit_before_is_nobodys(world: World, standing: CallStanding) -> None:
    world.happen(CALL)
    world.press("resume", "progress")
    for name in ("idle", *["second"] * world.state.rules.warning_seconds):
        world.elapse(name)
    world.press("again")
    before = world.state
    news(world, standing, call=1, by="王师傅")
    assert world.state == before
    world.happen(CALL)
    assert calls(world)[-1].call == 2
    assert news(world, standing, call=1, by="王师傅") == "call_staff"
    assert "王师傅" not in shown(world)


# -- when it is told ---------------------------------------------------------------------------------------------------


def test_news_waits_for_the_end_of_a_recording(world: World) -> None:
    world.happen(CALL)
    world.press("resume", "report", "start")
    assert news(world, CallStanding.ANSWERED, by="王师傅") == "recording"
    assert world.state.recorder is Recorder.ON
    assert world.press("done").step == "call_answered"
    assert world.press("resume").step == "review_recording"


def test_a_bell_is_silent_while_somebody_records_but_what_else_rings_goes_on(world: World) -> None:
    world.happen(CALL)
    world.press("resume", "report", "start")
    news(world, CallStanding.UNREACHABLE)
    before, rung = bells(world), world.done.count(do.SoundBell(on=True))
    world.elapse("bell")
    assert bells(world) == before
    assert world.done.count(do.SoundBell(on=True)) == rung + 1
    world.press("done")
    world.elapse("bell")
    assert bells(world) == before + 1


def test_news_waits_until_what_is_on_its_way_is_filed() -> None:
    world = World()
    world.happen(CALL)
    world.press("resume", "type")
    world.happen(ev.TextEdited(text=WORDS))
    world.answering = False
    world.press("done", "send")
    assert world.state.busy is Busy.FILING
    news(world, CallStanding.ANSWERED, by="王师傅")
    assert world.state.step == "review"
    assert world.state.busy is Busy.FILING
    assert world.catch_up().step == "call_answered"
    assert world.press("resume").step == "receipt"


@pytest.mark.parametrize("asked", ["confirm_leave", "receipt_leave", "idle_warning", "did_you_mean"])
def test_news_never_takes_the_place_of_what_is_asked_once_more(asked: str) -> None:
    world = World()
    world.happen(ev.HearingFound(), CALL)
    world.press("resume", "type")
    world.happen(ev.TextEdited(text=WORDS))
    world.press("done")
    match asked:
        case "receipt_leave":
            world.press("send")
            world.happen(ev.CommandGiven(command=Command.HOME))
        case "confirm_leave":
            world.happen(ev.CommandGiven(command=Command.FINISH))
        case "did_you_mean":
            world.happen(ev.SpeechEnded(utterance_id=1, completed=True), ev.PhraseMissed(near="返回"))
        case _:
            world.elapse("idle")
    assert world.state.step == asked
    assert news(world, CallStanding.ANSWERED, by="王师傅") == asked
    world.press(next(c.id for c in offered(world.state) if c.to == RETURN or asked == "receipt_leave"))
    if world.state.step == "type_text":  # nor under somebody's writing hands
        world.press("done")
    assert world.state.step == "call_answered"


def test_news_waits_for_staff_to_leave_the_desk(world: World) -> None:
    world.happen(CALL)
    world.press("resume")
    world.happen(ev.CommandGiven(command=Command.SETTINGS))
    world.press("desk")
    assert news(world, CallStanding.ANSWERED, by="王师傅") == "staff_pin"
    assert world.press("leave").step == "call_answered"
    assert world.press("resume").step == WELCOME


def test_news_that_went_out_of_date_before_it_was_told_is_not_told(world: World) -> None:
    world.happen(CALL)
    world.press("resume", "report", "start")
    news(world, CallStanding.UNREACHABLE)
    news(world, CallStanding.RINGING)
    news(world, CallStanding.ANSWERED, by="王师傅")
    assert world.press("done").step == "call_answered"
    assert not world.state.bell


# -- the bell and the end ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["cancelled", "came", "answered", "line back", "finished"])
def test_the_bell_stops(world: World, by: str) -> None:
    world.happen(CALL)
    news(world, CallStanding.UNREACHABLE)
    assert world.elapse("bell").bell
    assert "bell" in world.timers
    match by:
        case "cancelled":
            world.press("cancel")
        case "came":
            world.press("here")
        case "answered":
            news(world, CallStanding.ANSWERED, by="王师傅")
        case "line back":
            news(world, CallStanding.RINGING)
        case _:
            world.happen(ev.CommandGiven(command=Command.FINISH))
    assert not world.state.bell
    assert "bell" not in world.timers
    assert not screen(world.state, CONTEXT).alarm
    assert [e for e in world.done if isinstance(e, do.SoundBell)][-1] == do.SoundBell(on=False)
    before = bells(world)
    world.happen(ev.TimerElapsed(name="bell"))
    assert bells(world) == before


def test_a_bell_that_was_asked_for_rings_until_somebody_answers(world: World) -> None:
    world.happen(CALL)
    world.elapse("unanswered")
    world.press("bell")
    news(world, CallStanding.RINGING)
    assert world.state.bell
    news(world, CallStanding.ANSWERED, by="王师傅")
    assert not world.state.bell


def test_who_goes_on_with_their_matter_hears_the_bell_less_often(world: World) -> None:
    world.happen(CALL)
    news(world, CallStanding.UNREACHABLE)
    here = world.timers["bell"]
    world.press("resume", "type")
    world.elapse("bell")
    assert world.timers["bell"] > here
    assert world.state.bell


def test_who_is_done_needs_nobody_any_more(world: World) -> None:
    world.happen(CALL)
    world.press("resume")
    world.happen(ev.CommandGiven(command=Command.FINISH))
    assert world.state.step == "session_ended"
    assert ended(world) == [1]
    assert world.state.call is None


def test_who_has_fallen_silent_may_need_somebody_the_more(world: World) -> None:
    world.state = replace(world.state, rules=Rules(warning_seconds=2))
    world.happen(CALL)
    assert world.timers["idle"] == 600  # who waits for a person is not soon asked whether they are there
    world.press("resume", "progress")
    for name in ("idle", "second", "second"):
        world.elapse(name)
    assert world.state.step == "session_timed_out"
    assert ended(world) == []
    assert world.state.call is None


def test_a_call_that_is_taken_back_is_over_and_can_be_made_again(world: World) -> None:
    world.happen(CALL)
    assert world.press("cancel").step == "call_cancelled"
    assert ended(world) == [1]
    assert "unanswered" not in world.timers
    assert world.happen(CALL).step == "call_staff"
    assert [call.call for call in calls(world)] == [1, 2]


def test_a_reply_that_is_read_goes_on_at_the_sentence_where_somebody_called(world: World) -> None:
    look_up(world)
    world.press("reply", "next", "next")
    assert world.state.reply_sentence == 2
    world.happen(CALL)
    assert world.press("resume").step == "progress_reply"
    assert world.state.reply_sentence == 2


def test_what_is_being_stored_keeps_nobody_from_calling_and_the_receipt_waits_beneath() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done")
    world.answering = False
    world.press("send")
    world.answering = True
    assert world.happen(ev.CommandGiven(command=Command.FIRE)).step == "danger_fire"
    assert world.state.busy is Busy.FILING
    world.catch_up()
    assert (world.state.step, world.state.covered) == ("danger_fire", ("receipt",))
    assert world.press("safe").step == "receipt"


def test_who_asked_for_silence_hears_no_bell_they_did_not_ask_for() -> None:
    world = World(call_standing=CallStanding.UNREACHABLE)
    world.press("report", "silent", "type")
    world.happen(ev.TextEdited(text="有人打我"))
    assert world.state.step == "danger_crime"
    assert [effect for effect in world.done if effect == do.PlayEarcon(name="bell")] == []
    assert not world.state.bell
    assert world.press("call").step == "call_no_answer"
    assert world.press("bell").step == "call_local_bell"


def test_what_lies_under_a_call_is_not_left_to_the_next_person() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done", "send")
    world.happen(ev.CommandGiven(command=Command.CALL_STAFF))
    assert world.elapse("idle").step == "idle_warning"
