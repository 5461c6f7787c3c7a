"""The rules of a visit, as sentences."""

from dataclasses import replace

import pytest

from offline_queue.protocol import MAX_ATTACHMENTS
from petition import effects as do
from petition import events as ev
from petition.errors import FaultCode
from petition.machine import begin
from petition.model import Language, TextSource
from petition.offer import MOST_PICTURES, MOST_RECORDINGS, ROADS, offered
from petition.receipt import receipt_number
from petition.script.book import STEPS
from petition.state import Busy, Hush, Recorder, Rules
from petition.steps import RETURN, STAY, Command
from tests.petition.world import World

NUMBER = receipt_number("10230", 1)


def test_a_spoken_petition_takes_three_answers_and_the_words() -> None:
    world = World()
    world.press("report", "start")
    assert world.state.step == "recording"
    assert world.state.recorder is Recorder.ON
    world.press("done")
    assert world.state.step == "review_recording"
    world.press("send")
    assert world.state.step == "receipt"
    assert [len(d.recordings) for d in world.filed] == [1]


def test_a_typed_petition_is_filed_as_it_was_typed() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done", "send")
    assert world.state.step == "receipt"
    assert world.filed[0].text == "楼道灯不亮"
    assert world.filed[0].text_source is TextSource.TYPED
    assert world.filed[0].place.text == "和平里社区"


def test_with_the_line_down_the_receipt_says_so() -> None:
    world = World()
    world.happen(ev.LineChanged(up=False))
    world.press("report", "start", "done", "send")
    assert world.state.step == "receipt_offline"


def test_when_the_line_goes_down_what_lies_over_the_receipt_leads_back_to_the_true_promise() -> None:
    world = World()
    world.press("report", "start", "done", "send")
    world.happen(ev.CommandGiven(command=Command.SETTINGS), ev.LineChanged(up=False))
    assert world.state.step == "settings"
    assert world.press("done").step == "receipt_offline"


def test_nothing_is_recorded_before_the_notice_is_answered() -> None:
    world = World()
    world.press("report")
    assert not [e for e in world.done if isinstance(e, do.StartRecording)]


def test_the_draft_is_kept_before_the_first_sound_belongs_to_it() -> None:
    world = World(answering=False)
    world.press("report", "start")
    kinds = [type(effect) for effect in world.done]
    assert kinds.index(do.KeepDraft) < kinds.index(do.StartRecording)
    assert world.kept is not None
    assert world.kept.petition_id == world.state.draft.petition_id


def test_somebody_who_says_nothing_is_offered_another_way() -> None:
    world = World(voiced=False)
    world.press("report", "start")
    world.elapse("unheard")
    assert world.state.step == "silent"
    assert world.state.draft.empty


def test_a_pause_is_asked_about_while_recording_goes_on_and_then_ends_it() -> None:
    world = World()
    world.press("report", "start")
    world.happen(ev.SilenceHeard(seconds=3.2))
    assert world.state.recorder is Recorder.ON
    assert world.state.saying.name == "finished_speaking"
    world.happen(ev.SpeechHeard())
    assert "pause" not in world.timers
    world.happen(ev.SilenceHeard(seconds=3.2))
    world.elapse("pause")
    assert world.state.step == "review_recording"


def test_a_long_recording_goes_on_in_another_part_for_somebody_who_is_there() -> None:
    world = World(state=replace(World().state, rules=Rules(part_seconds=2)))
    world.press("report", "start")
    world.elapse("second")
    world.happen(ev.ScreenTouched())
    world.elapse("second")
    assert world.state.step == "recording"
    assert world.state.recorder is Recorder.ON
    world.press("done")
    assert len(world.state.draft.recordings) == 2


def test_before_a_part_ends_the_kiosk_says_that_a_touch_is_wanted_and_a_touch_takes_the_question_back() -> None:
    world = World(state=replace(World().state, rules=Rules(part_seconds=40, warning_seconds=30)))
    world.press("report", "start")
    for _ in range(10):
        world.elapse("second")
    assert world.state.saying.name == "still_speaking"
    assert world.state.recorder is Recorder.ON
    world.happen(ev.ScreenTouched())
    assert world.state.saying.name == ""
    for _ in range(30):
        world.elapse("second")
    assert (world.state.step, world.state.recording_seconds, len(world.state.draft.recordings)) == ("recording", 0, 1)


def test_a_television_that_talks_on_does_not_keep_the_microphone_open() -> None:
    world = World(state=replace(World().state, rules=Rules(part_seconds=60)))
    world.press("report", "start")
    world.happen(ev.ScreenTouched())
    for _ in range(2 * 60):
        assert world.state.step == "recording"
        world.happen(ev.SpeechHeard())
        world.elapse("second")
    assert world.state.recorder is Recorder.OFF
    assert world.state.step == "review_recording"
    assert len(world.state.draft.recordings) == 2
    assert "idle" in world.timers


def test_starting_over_keeps_the_old_words_until_there_are_new_ones() -> None:
    world = World()
    world.press("report", "start", "done")
    first = world.state.draft.recordings
    world.voiced = False
    world.press("again")
    world.elapse("unheard")
    assert world.state.draft.recordings == first
    world.voiced = True
    world.press("again", "done")
    assert len(world.state.draft.recordings) == 1
    assert world.state.draft.recordings != first


def test_going_on_speaking_adds_to_what_is_there() -> None:
    world = World()
    world.press("report", "start", "done", "more", "done")
    assert len(world.state.draft.recordings) == 2


def test_a_petition_has_no_more_parts_than_the_platform_takes_and_is_sent() -> None:
    world = World()
    world.press("report", "start", "done")
    for _ in range(MOST_RECORDINGS):
        world.press("more", "done")
    assert world.state.step == "review_recording"
    assert len(world.state.draft.recordings) == MOST_RECORDINGS <= MAX_ATTACHMENTS - MOST_PICTURES - 2
    assert "more" not in [choice.id for choice in offered(world.state)]
    world.press("send")
    assert len(world.filed[0].recordings) == MOST_RECORDINGS


def test_so_does_one_who_speaks_on_and_on() -> None:
    world = World()
    world.state = replace(world.state, rules=Rules(part_seconds=40))
    world.press("report", "start")
    for _ in range(MOST_RECORDINGS * 40 + 100):
        world.happen(ev.ScreenTouched())
        world.elapse("second")
    assert world.state.step == "review_recording"
    assert len(world.state.draft.recordings) == MOST_RECORDINGS


def test_what_was_said_again_leaves_nothing_of_what_it_took_the_place_of() -> None:
    world = World()
    world.press("report", "start", "done")
    (first,) = world.state.draft.recordings
    world.press("again", "done")
    (second,) = world.state.draft.recordings
    assert world.sealed == {second.id} != {first.id}


def test_calling_staff_while_recording_keeps_what_was_said() -> None:
    world = World()
    world.press("report", "start")
    world.happen(ev.CommandGiven(command=Command.CALL_STAFF))
    assert world.state.step == "call_staff"
    assert len(world.state.draft.recordings) == 1
    world.press("resume")
    assert world.state.step == "recording"
    assert world.state.recorder is Recorder.ON


def test_sending_waits_for_a_recording_that_is_being_closed() -> None:
    world = World()
    world.press("report", "start", "done", "more")
    world.answering = False
    world.happen(ev.CommandGiven(command=Command.BACK))
    assert world.state.recorder is Recorder.CLOSING
    world.happen(ev.ChoicePressed(choice_id="start"))
    world.state = replace(world.state, step="review_recording")
    world.press("send")
    assert not world.filed
    world.answering = True
    world.catch_up()
    assert [len(d.recordings) for d in world.filed] == [2]


def test_a_recording_that_never_says_it_is_closed_keeps_nobody_waiting() -> None:
    world = World()
    world.press("report", "start")
    world.answering = False
    world.press("done")
    assert world.state.step == "recording"
    world.timers["closing"] = 0
    world.elapse("closing")
    assert world.state.step == "silent"


@pytest.mark.parametrize("busy", [False, True])
def test_a_recording_that_closes_late_joins_the_petition_that_it_was_said_for_if_it_is_not_on_its_way(
    busy: bool,
) -> None:
    world = World()
    world.press("report", "start", "done", "more")
    world.answering = False
    world.press("done")
    world.elapse("closing")
    assert (world.state.step, len(world.state.draft.recordings)) == ("review_recording", 1)
    if busy:
        world.press("send")
        assert world.state.busy is Busy.FILING
    world.answering = True
    world.catch_up()
    filed = world.filed[0] if busy else world.kept
    assert filed is not None
    assert len(filed.recordings) == (1 if busy else 2)
    assert not busy or not world.sealed


def test_a_recording_that_closes_late_joins_nothing_that_was_begun_anew() -> None:
    world = World(voiced=True)
    world.press("report", "start")
    world.answering = False
    world.press("done")
    world.elapse("closing")
    late = world._recorded()
    world.answering = True
    world.press("again", "done")
    assert len(world.state.draft.recordings) == 1
    world.press("send")
    world.happen(late)
    assert world.state.draft.empty


def test_a_recording_that_closes_after_the_visit_joins_no_other_petition() -> None:
    world = World()
    world.press("report", "start")
    world.answering = False
    world.happen(ev.CommandGiven(command=Command.FINISH))
    world.happen(ev.VisitBegan(petition_id="00000000-0000-0000-0000-0000000000ff"))
    late = world._recorded()
    world.happen(late)
    assert world.state.draft.empty


def test_the_draft_is_not_kept_again_behind_its_own_filing() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done")
    before = len(world.done)
    world.press("send")
    assert not [e for e in world.done[before:] if isinstance(e, do.KeepDraft)]
    assert world.kept is None


@pytest.mark.parametrize(
    ("code", "step"), [(FaultCode.DISK_FULL, "disk_full"), (FaultCode.OUT_OF_NUMBERS, "not_stored")]
)
def test_when_nothing_was_stored_the_words_are_still_there(code: FaultCode, step: str) -> None:
    world = World(filing_fault=code)
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done", "send")
    assert world.state.step == step
    world.filing_fault = None
    world.press("retry", "send")
    assert world.filed[0].text == "楼道灯不亮"


def test_pressing_send_twice_files_once() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done")
    world.answering = False
    world.press("send", "send")
    assert len([e for e in world.done if isinstance(e, do.FilePetition)]) == 1


def test_back_from_the_first_step_keeps_the_words_and_home_offers_them() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"), ev.CommandGiven(command=Command.BACK))
    assert world.state.step == "welcome"
    assert "resume" in [c.id for c in offered(world.state)]
    world.press("resume")
    assert world.state.step == "review"


def test_leaving_with_words_unsent_asks_and_a_yes_loses_nothing() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"), ev.CommandGiven(command=Command.FINISH))
    assert world.state.step == "confirm_leave"
    world.press("stay")
    assert world.state.step == "type_text"
    assert world.state.draft.text == "楼道灯不亮"
    world.happen(ev.CommandGiven(command=Command.FINISH))
    world.press("clear")
    assert world.state.step == "session_ended"
    assert world.state.draft.empty


def test_idle_warns_and_anything_at_all_is_an_answer() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    for _ in range(12):
        world.elapse("idle")
        assert world.state.step == "idle_warning"
        world.happen(ev.ScreenTouched())
        assert world.state.step == "type_text"
    assert world.state.draft.text == "楼道灯不亮"


def test_nobody_there_means_everything_is_wiped() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.elapse("idle")
    for _ in range(40):
        world.elapse("second")
    assert world.state.step == "session_timed_out"
    assert world.state.draft.empty
    assert [e for e in world.done if isinstance(e, do.Wipe)]
    world.elapse("leave")
    assert world.state.step == "welcome"


def test_settings_keep_the_words_and_go_back_to_normal_after_the_visit() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"), ev.CommandGiven(command=Command.SETTINGS))
    world.press("text", "largest", "done", "language", "english", "done", "done")
    assert world.state.step == "type_text"
    assert world.state.preferences.size == "largest"
    assert world.state.preferences.language is Language.ENGLISH
    assert world.state.draft.text == "楼道灯不亮"
    world.happen(ev.CommandGiven(command=Command.FINISH))
    world.press("clear")
    world.elapse("leave")
    assert world.state.preferences == world.state.rules.preferences


def test_only_looking_means_not_a_word_aloud() -> None:
    world = World()
    world.press("report", "silent")
    assert world.state.preferences.hush is Hush.SILENT
    before = len(world.done)
    world.press("start", "done", "details", "kind", "help")
    assert not [e for e in world.done[before:] if isinstance(e, do.Say)]


def test_any_answer_silences_the_voice() -> None:
    world = World()
    world.happen(ev.SpeechStarted(utterance_id=1))
    before = len(world.done)
    world.press("type")
    assert isinstance(world.done[before], do.StopSpeech)


def test_a_phone_number_is_checked_and_may_be_left_as_it_is() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done", "phone")
    world.happen(ev.DigitsEdited(digits="138001380"))
    world.press("done")
    assert world.state.step == "contact_check"
    world.press("again")
    world.happen(ev.DigitsEdited(digits="13800138000"))
    world.press("done")
    assert world.state.step == "contact_confirm"
    world.press("send")
    assert world.filed[0].phone == "+8613800138000"


def test_a_phone_number_that_was_called_wrong_is_not_sent() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done", "phone")
    world.happen(ev.DigitsEdited(digits="13800138000"))
    world.press("done", "again")
    world.happen(ev.CommandGiven(command=Command.BACK))
    world.press("send")
    assert world.filed[0].phone == ""


def test_number_keys_press_what_stands_at_their_place() -> None:
    world = World()
    world.happen(ev.NumberPressed(number=2))
    assert world.state.step == "type_text"
    world.happen(ev.CommandGiven(command=Command.BACK), ev.NumberPressed(number=0))
    assert world.state.step == "call_staff"


def test_progress_is_found_by_number_and_code() -> None:
    world = World()
    world.press("progress")
    world.happen(ev.DigitsEdited(digits=NUMBER))
    assert world.state.step == "progress_code"
    world.happen(ev.DigitsEdited(digits="123456"))
    assert world.state.step == "progress_result"
    world.press("reply")
    assert world.state.step == "progress_reply"
    world.press("next", "next")
    assert "next" not in [c.id for c in offered(world.state)]


def test_a_mistyped_number_is_noticed_here() -> None:
    world = World()
    world.press("progress")
    wrong = str((int(NUMBER[0]) + 1) % 10) + NUMBER[1:]
    world.happen(ev.DigitsEdited(digits=wrong))
    assert world.state.step == "wrong_number"


@pytest.mark.parametrize(
    ("code", "step"),
    [
        (FaultCode.WRONG_CODE, "code_wrong"),
        (FaultCode.TOO_MANY_WRONG_CODES, "code_locked"),
        (FaultCode.PLATFORM_UNREACHABLE, "progress_unreachable"),
        (FaultCode.PLATFORM_NOT_OURS, "progress_unreachable"),
        (FaultCode.RECEIPT_OF_ANOTHER_KIOSK, "other_kiosk"),
        (FaultCode.RECEIPT_UNKNOWN, "wrong_number"),
    ],
)
def test_every_reason_why_nothing_can_be_told_has_its_step(code: FaultCode, step: str) -> None:
    world = World(asking_fault=code)
    world.happen(ev.ReceiptScanned(number=NUMBER, tag="0" * 20))
    assert world.state.step == step


def test_an_answer_nobody_waits_for_any_more_changes_nothing() -> None:
    world = World(answering=False)
    world.happen(ev.ReceiptScanned(number=NUMBER, tag="0" * 20))
    assert world.state.busy is Busy.ASKING
    world.happen(ev.CommandGiven(command=Command.BACK))
    world.answering = True
    step = world.state.step
    world.catch_up()
    assert world.state.step == step


def test_a_slip_scanned_while_somebody_writes_does_not_throw_them_out() -> None:
    world = World()
    world.press("type")
    world.happen(ev.ReceiptScanned(number=NUMBER, tag="0" * 20))
    assert world.state.step == "type_text"


def test_without_a_microphone_speaking_leads_to_other_ways() -> None:
    world = World()
    world.happen(ev.MicrophoneLost(code=FaultCode.MICROPHONE_MISSING))
    assert world.state.step == "welcome"
    world.press("report", "start")
    assert world.state.step == "no_microphone"
    world.happen(ev.MicrophoneFound())
    world.press("retry")
    assert world.state.step == "recording"


def test_a_full_disk_that_takes_no_more_sound_is_not_called_a_broken_microphone() -> None:
    world = World()
    world.press("report", "start")
    world.happen(ev.MicrophoneLost(code=FaultCode.DISK_FULL))
    assert world.state.step == "disk_full"
    assert len(world.state.draft.recordings) == 1
    world.press("retry")
    assert world.state.step == "review_recording"
    world.press("more")
    assert world.state.step == "disk_full"
    world.happen(ev.MicrophoneFound())
    world.press("retry", "more", "done", "send")
    assert [len(draft.recordings) for draft in world.filed] == [2]


def test_a_kiosk_that_has_not_reached_the_platform_yet_promises_no_more_than_on_a_bad_line() -> None:
    world = World()
    world.state = replace(world.state, line_up=begin(Rules(), "").line_up)
    world.press("report", "start", "done", "send")
    assert world.state.step == "receipt_offline"


def test_losing_the_microphone_in_mid_sentence_keeps_what_was_said() -> None:
    world = World()
    world.press("report", "start")
    world.happen(ev.MicrophoneLost(code=FaultCode.MICROPHONE_LOST))
    assert world.state.step == "no_microphone"
    assert len(world.state.draft.recordings) == 1


def test_the_way_back_from_another_petition_leads_to_the_receipt_while_nothing_is_given_yet() -> None:
    world = World()
    world.press("report", "start", "done", "send", "another")
    assert world.happen(ev.CommandGiven(command=Command.BACK)).step == "receipt"
    world.press("another", "type")
    assert world.happen(ev.CommandGiven(command=Command.BACK)).step == "receipt"
    world.press("another", "type")
    world.happen(ev.TextEdited(text="楼道灯不亮"), ev.CommandGiven(command=Command.BACK))
    assert world.state.step == "welcome"
    assert world.state.draft.text == "楼道灯不亮"
    assert world.state.receipt is None


def test_every_step_leads_only_to_steps_there_are() -> None:
    special = {RETURN, STAY, "", *ROADS}
    for step in STEPS.values():
        for to in (step.back, step.leaving, *(c.to for c in step.choices)):
            assert to in special or to in STEPS, (step.id, to)


def test_once_somebody_has_said_send_it_nothing_pressed_meanwhile_begins_another_recording() -> None:
    world = World(answering=False)
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done", "more", "start")  # a recording runs
    world.happen(ev.CommandGiven(command=Command.BACK))  # and is being closed
    world.happen(ev.CommandGiven(command=Command.HOME))
    world.press("resume", "send")
    assert world.state.submitting
    world.press("more")
    assert world.state.step == "review"
    world.catch_up()
    world.catch_up()
    assert len(world.filed) == 1
