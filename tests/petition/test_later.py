"""What is said later, with a slip in hand: more about it, that it is late, that it is not wanted, and why it was rated so."""

from dataclasses import replace
from datetime import date

import pytest

from petition import effects as do
from petition import events as ev
from petition.derive import Context, screen, utterance
from petition.errors import FaultCode
from petition.model import Authority, CallStanding, Later, LaterKind, Stage, StageState, TextSource
from petition.offer import offered
from petition.receipt import Role, receipt_number, receipt_tag
from petition.saying import Saying, Told
from petition.state import Busy, Recorder, State
from petition.steps import WELCOME, Command
from tests.petition.world import KEY, NOON, REPLY, World

NUMBER = receipt_number("10230", 7)
TAG = receipt_tag(KEY, NUMBER, Role.OWN)
OTHER = receipt_number("10230", 8)
OTHER_TAG = receipt_tag(KEY, OTHER, Role.OWN)
MORE = "昨天又坏了一次。"
CONTEXT = Context(translate=lambda _, source: source, now=NOON)
HOME = ev.CommandGiven(command=Command.HOME)
BACK = ev.CommandGiven(command=Command.BACK)


@pytest.fixture
def world() -> World:
    """Somebody who has shown their slip and sees how far it is."""
    world = World(reply="")
    show_slip(world)
    return world


def show_slip(world: World, number: str = NUMBER, tag: str = TAG) -> State:
    return world.happen(ev.ReceiptScanned(number=number, tag=tag))


def type_more(world: World, words: str = MORE) -> State:
    world.press("say", "more", "type")
    world.happen(ev.TextEdited(text=words))
    return world.press("done")


def kept_of(world: World) -> list[do.KeepLater]:
    return [effect for effect in world.done if isinstance(effect, do.KeepLater)]


def ids(world: World) -> list[str]:
    return [choice.id for choice in offered(world.state)]


# -- more about it -----------------------------------------------------------------------------------------------------


def test_what_was_agreed_to_for_somebody_is_not_forgotten_over_what_is_added_to_something_else() -> None:
    world = World(reply="")
    world.press("proxy", "parent", "cannot", "agree")
    show_slip(world)
    world.press("say", "more")
    for choice in ("start", "type"):
        world.press(choice)
    behalf = world.state.draft.on_behalf
    assert (world.state.step, behalf and behalf.authority) == ("draft_first", Authority.PRESSED)
    world.press("draft")
    assert world.state.step == "describe"


def test_no_picture_gets_the_id_of_one_that_was_thrown_away_before_more_was_said(world: World) -> None:
    world.state = replace(world.state, pictures_made=2)
    world.press("say", "more", "start")
    assert (world.state.step, world.state.pictures_made) == ("recording", 2)


def test_more_is_spoken_and_goes_with_the_slip_it_belongs_to_and_never_as_a_petition(world: World) -> None:
    petition_id = world.state.draft.petition_id
    world.press("say", "more", "start", "done")
    assert world.state.step == "review_recording"
    sound = world.state.draft.recordings
    assert len(sound) == 1
    assert world.press("send").step == "supplement_done"
    expected = Later(kind=LaterKind.SUPPLEMENT, number=NUMBER, tag=TAG, recordings=sound)
    assert kept_of(world) == [do.KeepLater(later=expected, petition_id=petition_id)]
    assert world.filed == []


def test_spoken_words_that_were_made_out_go_with_the_sound(world: World) -> None:
    world.happen(ev.HearingFound())
    world.press("say", "more", "start", "done", "send")
    assert world.later[-1].words == world.spoken
    assert len(world.later[-1].recordings) == 1


def test_more_is_typed_and_sent_in_the_same_way(world: World) -> None:
    assert type_more(world).step == "review"
    assert world.press("send").step == "supplement_done"
    assert world.later == [Later(kind=LaterKind.SUPPLEMENT, number=NUMBER, tag=TAG, words=MORE)]
    assert world.filed == []


def test_what_comes_next_begins_with_nothing_and_is_a_petition_of_its_own(world: World) -> None:
    before = world.state.draft.petition_id
    type_more(world)
    world.press("send")
    assert world.state.draft.empty
    assert world.state.draft.regarding is None
    assert world.state.draft.petition_id != before
    world.happen(HOME)
    world.press("type")
    world.happen(ev.TextEdited(text="路灯坏了"))
    world.press("done", "send")
    assert [draft.text for draft in world.filed] == ["路灯坏了"]
    assert len(world.later) == 1


@pytest.mark.parametrize("how", ["start", "type"])
def test_who_began_to_say_more_and_said_nothing_files_what_they_say_next_as_a_petition(how: str) -> None:
    world = World(voiced=False)
    show_slip(world)
    world.press("say", "more", how)
    world.happen(HOME)
    assert world.state.draft.regarding is None
    world.voiced = True
    world.press("type")
    world.happen(ev.TextEdited(text="路灯坏了"))
    world.press("done", "send")
    assert [draft.text for draft in world.filed] == ["路灯坏了"]
    assert world.later == []


def test_so_does_who_looked_up_another_slip_meanwhile(world: World) -> None:
    world.press("say", "more", "type")
    world.happen(BACK, ev.ReceiptScanned(number=OTHER, tag=OTHER_TAG))
    assert world.state.draft.regarding is None
    type_more(world)
    world.press("send")
    assert [later.number for later in world.later] == [OTHER]


def test_nothing_that_belongs_to_a_petition_of_its_own_is_asked_of_what_is_said_later(world: World) -> None:
    type_more(world)
    assert "details" not in ids(world)


def test_a_petition_that_was_begun_comes_first(world: World) -> None:
    world.happen(HOME)
    world.press("type")
    world.happen(ev.TextEdited(text="路灯坏了"), HOME)
    show_slip(world)
    assert world.press("say", "more", "start").step == "draft_first"
    assert not [e for e in world.done if isinstance(e, do.StartRecording)]
    assert world.state.draft.regarding is None
    assert world.press("look").step == "progress_result"
    assert world.press("say", "more", "type", "draft").step == "review"
    assert world.state.draft.text == "路灯坏了"
    world.press("send")
    assert [draft.text for draft in world.filed] == ["路灯坏了"]
    assert world.later == []


def test_a_petition_that_is_still_being_put_away_comes_first_too() -> None:
    world = World(reply="")
    world.press("report", "start")
    world.answering = False
    world.happen(HOME)
    world.answering = True
    show_slip(world)
    assert world.press("say", "more", "start").step == "draft_first"
    assert world.state.draft.regarding is None
    world.catch_up()
    assert len(world.state.draft.recordings) == 1
    world.press("draft", "send")
    assert [len(draft.recordings) for draft in world.filed] == [1]
    assert world.later == []


def test_who_goes_home_comes_back_to_what_was_said_and_to_what_it_belongs(world: World) -> None:
    type_more(world)
    world.happen(HOME)
    assert world.state.step == WELCOME
    assert world.state.tag == ""  # how far it is, is shown to nobody who comes by
    assert world.press("resume").step == "review"
    world.press("send")
    assert world.later == [Later(kind=LaterKind.SUPPLEMENT, number=NUMBER, tag=TAG, words=MORE)]
    assert world.filed == []


def test_a_recording_that_is_left_by_going_home_still_belongs_to_the_slip(world: World) -> None:
    world.press("say", "more", "start")
    world.happen(HOME)
    world.press("resume", "send")
    assert [later.number for later in world.later] == [NUMBER]
    assert len(world.later[0].recordings) == 1
    assert world.filed == []


def test_so_does_one_whose_sound_is_closed_late() -> None:
    world = World()
    show_slip(world)
    world.press("say", "more", "start")
    world.answering = False
    world.happen(HOME)
    assert world.state.recorder is Recorder.CLOSING
    assert world.state.draft.regarding is not None
    world.answering = True
    world.catch_up()
    world.press("resume", "send")
    assert [later.number for later in world.later] == [NUMBER]


def test_what_is_being_stored_is_waited_for_wherever_somebody_goes_meanwhile() -> None:
    world = World()
    show_slip(world)
    type_more(world)
    world.answering = False
    world.press("more")
    world.happen(BACK)
    world.press("type", "done", "send")
    assert world.state.submitting
    world.happen(HOME, ev.CommandGiven(command=Command.CALL_STAFF))
    ended = [event for event in world.pending if isinstance(event, ev.RecordingEnded)]
    world.pending = []
    world.happen(*ended)
    world.press("resume")
    assert world.state.busy is Busy.FILING
    world.answering = True
    assert world.catch_up().busy is None
    assert [later.words for later in world.later] == [MORE]


def test_a_petition_that_is_on_its_way_is_added_to_and_taken_back_too() -> None:
    world = World(on_its_way=True)
    assert show_slip(world).step == "progress_on_its_way"
    type_more(world)
    assert world.press("send").step == "supplement_done"
    show_slip(world)
    world.press("say")
    assert world.happen(BACK).step == "progress_on_its_way"
    world.press("say", "withdraw", "withdraw", "withdraw")
    assert [later.kind for later in world.later] == [LaterKind.SUPPLEMENT, LaterKind.WITHDRAW]


def test_what_could_not_be_stored_is_still_there_and_is_sent_again(world: World) -> None:
    world.press("say", "more", "start", "done")
    before = world.state.draft
    world.later_fault = FaultCode.DISK_FULL
    assert world.press("send").step == "not_stored"
    assert world.state.draft == before
    world.later_fault = None
    assert world.press("retry", "send").step == "supplement_done"
    assert len(world.later) == 1
    assert world.later[0].recordings == before.recordings


def test_nothing_is_begun_beside_what_is_on_its_way() -> None:
    world = World()
    show_slip(world)
    type_more(world)
    world.answering = False
    world.press("send", "send")
    assert world.state.busy is Busy.FILING
    assert len(kept_of(world)) == 1
    world.happen(HOME, ev.TextEdited(text="别的"))
    assert world.catch_up().step == "supplement_done"
    assert len(world.later) == 1


def test_an_answer_for_somebody_who_has_gone_is_passed_over() -> None:
    world = World()
    show_slip(world)
    type_more(world)
    world.answering = False
    world.press("send")
    for name in ("idle", *["second"] * world.state.rules.warning_seconds):
        world.elapse(name)
    late = [event for event in world.pending if isinstance(event, ev.LaterKept)]
    assert len(late) == 1
    world.press("again")
    before = world.state
    assert world.happen(*late) == before


def test_what_is_said_later_is_recorded_in_parts_of_two_minutes_and_ends_where_nobody_touches(world: World) -> None:
    world.press("say", "more", "start")
    for second in range(119):
        assert world.state.step == "recording", second
        world.happen(ev.ScreenTouched(), ev.SpeechHeard())
        world.elapse("second")
    world.elapse("second")
    assert (world.state.step, world.state.recorder) == ("recording", Recorder.ON)
    assert len(world.state.draft.recordings) == 1
    for _ in range(90):
        world.elapse("second")
    assert world.state.saying.name == "still_speaking"  # in time: a touch is wanted
    for _ in range(30):
        world.elapse("second")
    assert world.state.step == "review_recording"
    assert world.state.recorder is Recorder.OFF
    assert len(world.state.draft.recordings) == 2


def test_an_urge_takes_nothing_of_what_is_not_sent_yet(world: World) -> None:
    world = World(overdue=True, reply="")
    world.happen(ev.ReceiptScanned(number=NUMBER, tag=TAG))
    world.press("say", "more", "type")
    world.happen(ev.TextEdited(text="还有三楼的灯"), ev.CommandGiven(command=Command.HOME))
    world.happen(ev.ReceiptScanned(number=NUMBER, tag=TAG))
    world.later_fault = FaultCode.DISK_FULL
    assert world.press("say", "urge").step == "later_not_kept"
    world.later_fault = None
    assert world.press("retry").step == "urge_done"
    assert [one.kind for one in world.later] == [LaterKind.URGE]
    assert world.state.draft.text == "还有三楼的灯"


def test_recordings_of_one_visit_have_ids_of_their_own() -> None:
    world = World(voiced=False)
    world.press("report", "start", "done")
    world.happen(ev.CommandGiven(command=Command.HOME), ev.ReceiptScanned(number=NUMBER, tag=TAG))
    world.press("say", "more", "start")
    started = [effect.recording_id for effect in world.done if isinstance(effect, do.StartRecording)]
    assert len(started) == len(set(started)) == 2


def test_more_begins_with_an_overlay_away_and_back_where_it_was(world: World) -> None:
    world.press("say", "more", "start")
    world.happen(ev.CommandGiven(command=Command.CALL_STAFF))
    world.happen(ev.CallChanged(call=1, standing=CallStanding.ANSWERED, by="王师傅"))
    assert world.press("here").step == "recording"
    world.press("done", "send")
    assert len(world.later[-1].recordings) == 2


# -- whose slip it is not ----------------------------------------------------------------------------------------------


def test_where_the_slip_is_not_ones_own_nothing_is_said_about_it() -> None:
    world = World(elsewhere=True, overdue=True)
    world.press("progress")
    world.happen(ev.DigitsEdited(digits=NUMBER), ev.DigitsEdited(digits="123456"))
    assert world.state.step == "progress_result"
    assert "say" not in ids(world)
    assert world.press("say").step == "progress_result"
    for choice in ("more", "urge", "withdraw"):
        world.press(choice)
    assert kept_of(world) == []


def test_nor_is_it_about_what_is_over_or_was_taken_back(world: World) -> None:
    world.press("say", "withdraw", "withdraw", "withdraw")
    assert world.state.step == "withdraw_done"
    world.happen(BACK)
    world.press("look")
    assert "say" not in ids(world)


@pytest.mark.parametrize("on_its_way", [False, True])
@pytest.mark.parametrize("from_cache", [False, True])
def test_what_was_withdrawn_is_said_to_be_so_and_promises_and_offers_nothing(
    *, on_its_way: bool, from_cache: bool
) -> None:
    world = World(overdue=True, withdrawn=date(2026, 3, 2), on_its_way=on_its_way, from_cache=from_cache)
    show_slip(world)
    if not on_its_way:
        assert world.state.step == ("progress_cached" if from_cache else "progress_result")
    said = utterance(world.state, Saying(told=Told.STEP), CONTEXT)
    shown = screen(world.state, CONTEXT)
    assert "这件撤回了" in said.text
    assert "三月二号撤回的" in said.spoken
    assert "想办，随时再反映" in shown.body
    for promised in ("会有人看", "给您答复", "晚了", "管这事的是", "李敏"):
        assert promised not in said.text
        assert not any(promised in fact.value for fact in shown.facts)
    assert not {"say", "rate"} & set(ids(world))
    assert ("reply" in ids(world)) is not on_its_way, "what was answered may still be read"
    for choice in ("say", "urge", "rate", "more"):
        world.press(choice)
    assert kept_of(world) == []


def test_of_what_was_withdrawn_the_stages_say_that_they_came_to_pass_or_never_will() -> None:
    world = World(withdrawn=date(2026, 3, 2))
    show_slip(world)
    stops = screen(world.state, CONTEXT).stops
    assert [stop.word for stop in stops] == ["好了", "好了", "好了", "不办了", "不办了"]
    told = world.state.progress
    assert told is not None
    handled = tuple(replace(step, state=StageState.NOW) for step in told.steps if step.stage is Stage.HANDLING)
    world.state = replace(world.state, progress=replace(told, steps=(*told.steps[:1], *handled)))
    stops = screen(world.state, CONTEXT).stops
    assert [(stop.word, bool(stop.on)) for stop in stops] == [("好了", True), *[("不办了", False)] * 4]


def test_who_comes_to_rate_what_was_withdrawn_is_told_so() -> None:
    for reply in ("", REPLY):
        world = World(withdrawn=date(2026, 3, 2), reply=reply)
        world.press("rate")
        world.happen(ev.DigitsEdited(digits=NUMBER), ev.DigitsEdited(digits="123456"))
        assert world.state.step == "progress_result"


# -- late, or not wanted -----------------------------------------------------------------------------------------------


def test_only_what_is_late_is_urged_and_only_once() -> None:
    world = World(reply="")
    show_slip(world)
    world.press("say")
    assert "urge" not in ids(world)
    assert world.press("urge").step == "progress_say"
    assert kept_of(world) == []
    world = World(reply="", overdue=True)
    show_slip(world)
    assert world.press("say", "urge").step == "urge_done"
    assert world.later == [Later(kind=LaterKind.URGE, number=NUMBER, tag=TAG)]
    assert world.press("look", "say").step == "progress_say"
    assert "urge" not in ids(world)
    world.press("urge")
    assert len(world.later) == 1


def test_urging_takes_nothing_from_a_petition_that_was_begun() -> None:
    world = World(reply="", overdue=True)
    world.press("type")
    world.happen(ev.TextEdited(text="路灯坏了"), HOME)
    show_slip(world)
    world.press("say", "urge")
    assert world.state.draft.text == "路灯坏了"
    assert kept_of(world)[0].petition_id == ""


def test_a_petition_is_taken_back_only_by_who_was_asked_twice(world: World) -> None:
    assert world.press("say", "withdraw").step == "withdraw_ask"
    assert kept_of(world) == []
    assert world.press("withdraw").step == "withdraw_sure"
    assert kept_of(world) == []
    assert world.press("withdraw").step == "withdraw_done"
    assert world.later == [Later(kind=LaterKind.WITHDRAW, number=NUMBER, tag=TAG)]


@pytest.mark.parametrize("presses", [("keep",), ("withdraw", "keep")])
def test_who_thinks_better_of_it_has_changed_nothing(world: World, presses: tuple[str, ...]) -> None:
    assert world.press("say", "withdraw", *presses).step == "progress_result"
    assert kept_of(world) == []
    assert "say" in ids(world)


def test_the_same_answer_twice_does_not_take_it_back(world: World) -> None:
    """Whoever presses the same place twice by a trembling hand has kept their petition."""
    world.press("say", "withdraw")
    world.happen(ev.NumberPressed(number=1), ev.NumberPressed(number=1))
    assert kept_of(world) == []


def test_what_takes_a_petition_back_is_said_only_after_it_was_read_out(world: World) -> None:
    world.happen(ev.HearingFound())
    world.press("say", "withdraw", "withdraw")
    assert world.happen(ev.PhraseHeard(phrase="真的撤回")).step == "withdraw_sure"
    world.happen(ev.SpeechEnded(utterance_id=1, completed=True))
    assert world.happen(ev.PhraseHeard(phrase="真的撤回")).step == "withdraw_done"


def test_a_fault_is_said_so_and_the_same_is_tried_again() -> None:
    world = World(reply="", overdue=True, later_fault=FaultCode.DISK_FULL)
    show_slip(world)
    assert world.press("say", "urge").step == "later_not_kept"
    assert world.later == []
    world.later_fault = None
    assert world.press("retry").step == "urge_done"
    assert world.later == [Later(kind=LaterKind.URGE, number=NUMBER, tag=TAG)]


# -- why it was rated so -----------------------------------------------------------------------------------------------


def rate(world: World, level: str) -> State:
    world.reply = "灯已经换好了。"
    show_slip(world)
    return world.press("rate", f"entry-{level}", "yes")


def test_a_spoken_comment_carries_the_level_that_was_chosen(world: World) -> None:
    assert rate(world, "good").step == "rating_comment"
    world.press("speak", "done")
    sound = world.state.draft.recordings
    assert world.press("send").step == "rating_done"
    assert world.later[-1] == Later(kind=LaterKind.RATING, number=NUMBER, tag=TAG, level="good", recordings=sound)
    assert world.filed == []


def test_it_carries_the_second_look_that_was_asked_for_and_the_words_that_were_written(world: World) -> None:
    rate(world, "bad")
    world.press("yes")
    world.happen(ev.TextEdited(text="灯又坏了"))
    world.press("speak")
    assert world.state.draft.text == "灯又坏了"
    assert world.state.draft.text_source is TextSource.TYPED
    world.press("done")
    assert world.press("send").step == "review_done"
    last = world.later[-1]
    assert (last.level, last.review, last.words, len(last.recordings)) == ("bad", True, "灯又坏了", 1)


def test_a_petition_that_was_begun_comes_before_a_spoken_comment_and_the_rating_is_kept_without(world: World) -> None:
    world.happen(HOME)
    world.press("type")
    world.happen(ev.TextEdited(text="路灯坏了"), HOME)
    rate(world, "good")
    assert world.press("speak").step == "draft_first"
    assert [later.level for later in world.later] == ["good"]


def test_a_comment_that_could_not_be_stored_is_still_there(world: World) -> None:
    rate(world, "good")
    world.press("speak", "done")
    world.later_fault = FaultCode.DISK_FULL
    assert world.press("send").step == "not_stored"
    world.later_fault = None
    world.press("retry", "send")
    assert world.later[-1].level == "good"
    assert len(world.later[-1].recordings) == 1


def test_nothing_of_what_was_said_later_outlasts_the_visit(world: World) -> None:
    type_more(world)
    world.happen(ev.CommandGiven(command=Command.FINISH))
    world.press("clear")
    assert world.kept is None
    assert MORE not in repr(world.state)
    assert TAG not in repr(world.state)


def test_the_promise_names_no_day_that_was_not_given(world: World) -> None:
    world.happen(ev.LineChanged(up=False))
    type_more(world)
    world.press("send")
    assert "线路断了也不要紧" in screen(replace(world.state, help_shown=True), CONTEXT).help


def test_another_petition_does_not_become_part_of_what_is_not_sent_yet() -> None:
    world = World()
    world.happen(ev.ReceiptScanned(number=NUMBER, tag=TAG))
    world.press("say", "more", "type")
    world.happen(ev.TextEdited(text="还有一盏"), ev.CommandGiven(command=Command.HOME))
    assert world.press("report").step == "draft_first"
    assert world.press("home").step == WELCOME
    assert world.press("type").step == "draft_first"
    assert world.press("draft").step == "review"
    world.press("send")
    assert [one.words for one in world.later] == ["还有一盏"]
    assert world.filed == []
