"""A visit by voice: what is said, what is not understood, digits said aloud, and words made out of sound."""

from dataclasses import replace

import pytest

from petition import effects as do
from petition import events as ev
from petition.derive import Context, screen, utterance
from petition.ears import ears, listening
from petition.errors import FaultCode
from petition.model import Attachment, AttachmentKind, TextSource
from petition.receipt import receipt_number
from petition.saying import Saying
from petition.state import Hush, Recorder
from petition.steps import Command
from tests.petition.world import NOON, SPOKEN, World

NUMBER = receipt_number("10230", 1)
PHONE = "13800138000"
CONTEXT = Context(translate=lambda _, source: source, now=NOON)


@pytest.fixture
def world() -> World:
    """A kiosk that understands words, and somebody who has begun."""
    made = World()
    made.happen(ev.HearingFound(), ev.ScreenTouched())
    return made


def say(world: World, *phrases: str) -> None:
    """Say phrases, each once the kiosk has said all it has to say."""
    for phrase in phrases:
        world.happen(ev.SpeechEnded(utterance_id=1, completed=True))
        assert phrase in ears(world.state).phrases, (world.state.step, phrase)
        world.happen(ev.PhraseHeard(phrase=phrase))


def miss(world: World, near: str = "") -> None:
    """Say something that is not understood while the kiosk speaks, or after it has spoken."""
    if not world.state.heard_out:
        world.happen(ev.SpeechStarted(utterance_id=1))
    world.happen(ev.PhraseMissed(near=near))


def said(world: World) -> list[Saying]:
    return [effect.saying for effect in world.done if isinstance(effect, do.Say)]


def words(world: World) -> str:
    return utterance(world.state, world.state.saying, CONTEXT).text


# -- a petition --------------------------------------------------------------------------------------------------------


def test_a_petition_takes_four_phrases_and_the_words_and_they_are_read_back_before_they_are_sent(world: World) -> None:
    say(world, "我要反映问题", "开始说", "说完了")
    assert world.state.step == "review_heard"
    assert SPOKEN in words(world)
    say(world, "对提交")
    assert world.state.step == "receipt"
    assert world.filed[0].text == SPOKEN
    assert world.filed[0].text_source is TextSource.CONFIRMED
    assert len(world.filed[0].recordings) == 1


def test_words_that_were_sent_before_they_were_read_out_stay_marked_as_the_machines(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了")
    world.happen(ev.SpeechStarted(utterance_id=1))
    world.press("send")
    assert world.filed[0].text_source is TextSource.RECOGNISED


def test_words_that_were_read_back_and_then_went_on_are_read_back_again(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "接着说", "说完了")
    assert not world.state.read_back
    assert world.state.draft.text == SPOKEN + SPOKEN
    assert len(world.state.draft.recordings) == 2


def test_who_reads_instead_of_hearing_has_looked_over_what_stands_there(world: World) -> None:
    say(world, "反映问题", "只看不念", "开始说", "说完了", "对提交")
    assert world.filed[0].text_source is TextSource.CONFIRMED


def test_who_types_into_words_a_machine_made_has_written_them_and_who_changes_nothing_has_not(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "改一改", "打字改")
    world.happen(ev.TextEdited(text=SPOKEN))
    world.press("done")
    assert world.state.step == "review_heard"
    say(world, "改一改", "打字改")
    world.happen(ev.TextEdited(text="楼道灯坏了"))
    world.press("done")
    assert world.state.step == "review"
    assert world.state.draft.text_source is TextSource.TYPED


def test_the_recording_of_words_that_are_read_back_can_be_heard_too_and_then_they_are_sent(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了")
    assert words(world).endswith("想听录音，就说：放一遍。")
    say(world, "听听录音")
    sounds = tuple(sound.id for sound in world.state.draft.recordings)
    assert do.PlayRecordings(recording_ids=sounds) in world.done
    assert world.state.playing
    say(world, "对提交")
    assert world.filed[0].text_source is TextSource.CONFIRMED


def test_hearing_the_recording_instead_of_the_reading_does_not_confirm_the_machines_words(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了")
    world.happen(ev.SpeechStarted(utterance_id=1))
    world.press("play")
    world.happen(ev.SpeechStarted(utterance_id=2), ev.SpeechEnded(utterance_id=2, completed=True))
    assert not world.state.read_back
    world.press("send")
    assert world.filed[0].text_source is TextSource.RECOGNISED


def test_words_without_a_recording_are_not_offered_to_be_played(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了")
    draft = replace(world.state.draft, attachments=())
    world.state = replace(world.state, draft=draft)
    assert "play" not in [button.id for button in screen(world.state, CONTEXT).buttons]
    assert "放一遍" not in words(world)
    assert "听听录音" not in ears(world.state).phrases


def test_place_and_topic_of_spoken_words_are_changed_where_everything_is_changed(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "换个地方")
    assert world.state.step == "change"
    say(world, "换个地方")
    assert world.state.step == "details"


def test_where_hearing_was_lost_nobody_is_told_to_say_the_last_sentence_again(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "改一改")
    assert "改最后一句" in words(world)
    world.happen(ev.HearingLost(code=FaultCode.RECOGNISER_MISSING))
    assert "改最后一句" not in words(world)


def test_saying_it_anew_puts_the_new_words_and_sound_in_the_place_of_the_old(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了")
    world.spoken = "水管漏了。"
    say(world, "重新说", "说完了")
    assert world.state.draft.text == "水管漏了。"
    assert len(world.state.draft.recordings) == 1


def test_saying_it_anew_without_a_word_keeps_what_was_there(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了")
    world.voiced = False
    say(world, "重新说", "说完了")
    assert world.state.draft.text == SPOKEN
    assert len(world.state.draft.recordings) == 1


def test_new_sound_of_which_no_words_are_made_does_not_keep_the_words_of_the_old(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了")
    world.spoken = ""
    say(world, "重新说", "说完了")
    assert world.state.step == "review_recording"
    assert (world.state.draft.text, len(world.state.draft.recordings)) == ("", 1)


def noise(world: World) -> ev.RecordingEnded:
    """A recording without a voice in it that was closed all the same."""
    sound = Attachment(id=world.recording_id(), kind=AttachmentKind.RECORDING, media_type="audio/ogg", seconds=20.0)
    return ev.RecordingEnded(recording_id=sound.id, attachments=(sound,))


@pytest.mark.parametrize("how", [("重新说",), ("改一改", "改最后一句")])
def test_the_noise_of_a_hall_takes_the_place_of_nothing_that_was_said(world: World, how: tuple[str, ...]) -> None:
    say(world, "反映问题", "开始说", "说完了")
    before = world.state.draft
    world.answering = False
    say(world, *how)
    world.happen(ev.RecordingStarted(recording_id=world.recording_id()))
    world.happen(ev.WordsHeard(recording_id=world.recording_id(), text="嗡嗡", settled=0))
    world.elapse("unheard")
    world.happen(noise(world))
    assert world.state.draft.text == before.text
    assert world.state.draft.recordings[:1] == before.recordings
    assert world.state.step == "review_heard"


@pytest.mark.parametrize("spoken", [SPOKEN, ""])
def test_words_that_were_typed_stay_when_what_was_said_behind_them_is_said_anew(world: World, spoken: str) -> None:
    world.press("type")
    world.happen(ev.TextEdited(text="三号楼的灯坏了"))
    world.press("done", "more", "done")
    assert world.state.draft.text == f"三号楼的灯坏了。{SPOKEN}"
    world.spoken = spoken
    world.press("again", "done")
    assert world.state.draft.text == ("三号楼的灯坏了。" + spoken if spoken else "三号楼的灯坏了")
    assert world.state.step == ("review_heard" if spoken else "review")
    assert len(world.state.draft.recordings) == 1


def test_words_that_were_typed_and_taken_away_again_do_not_come_back(world: World) -> None:
    world.press("type")
    world.happen(ev.TextEdited(text="三号楼"))
    world.press("done", "more", "done", "change", "type")
    world.happen(ev.TextEdited(text=""))
    world.press("done", "more", "done", "again", "done")
    assert world.state.draft.text == SPOKEN


def test_the_last_sentence_can_be_said_again_and_the_rest_stays(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "改一改")
    assert "晚上看不见台阶。" in words(world)
    world.spoken = "晚上看不见路。"
    say(world, "改最后一句", "说完了")
    assert world.state.draft.text == "楼道的灯坏了。晚上看不见路。"
    assert len(world.state.draft.recordings) == 2


def test_mending_that_is_left_halfway_loses_nothing_of_what_was_there(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "改一改", "改最后一句")
    world.happen(ev.CommandGiven(command=Command.BACK))
    assert world.state.draft.text.startswith(SPOKEN)


def test_where_hearing_was_lost_the_last_sentence_is_not_offered_to_be_said_again(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "改一改")
    world.happen(ev.HearingLost(code=FaultCode.RECOGNISER_MISSING))
    assert "last" not in [button.id for button in screen(world.state, CONTEXT).buttons]


def test_words_are_shown_as_they_come_and_which_of_them_may_still_change(world: World) -> None:
    world.answering = False
    say(world, "反映问题", "开始说")
    heard = ev.WordsHeard(recording_id=world.state.recording_id, text="楼道的灯坏", settled=2)
    world.happen(heard)
    shown = screen(world.state, CONTEXT)
    assert (shown.text, shown.unsure) == ("楼道的灯坏", 3)
    world.happen(replace(heard, recording_id="another", text="别人的话"))
    assert screen(world.state, CONTEXT).text == "楼道的灯坏"


def test_while_somebody_dictates_only_done_and_a_person_are_listened_for(world: World) -> None:
    say(world, "反映问题", "开始说")
    assert set(ears(world.state).phrases) == {"说完了", "我说完了", "就这些", "叫工作人员", "找工作人员"}
    miss(world, "说完了")
    assert world.state.misses == 0


def test_a_person_called_in_the_middle_of_dictating_keeps_what_was_said(world: World) -> None:
    say(world, "反映问题", "开始说", "叫工作人员")
    assert world.state.step == "call_staff"
    assert world.state.recorder is Recorder.OFF
    assert (world.state.draft.text, len(world.state.draft.recordings)) == (SPOKEN, 1)


def test_a_long_dictation_goes_on_in_another_part_with_all_its_words(world: World) -> None:
    world.state = replace(world.state, rules=replace(world.state.rules, part_seconds=1))
    say(world, "反映问题", "开始说")
    world.happen(ev.ScreenTouched())
    world.elapse("second")
    assert world.state.step == "recording"
    say(world, "说完了")
    assert world.state.draft.text == SPOKEN + SPOKEN


def test_a_part_that_begins_while_the_kiosk_asks_whether_it_is_done_hears_who_goes_on(world: World) -> None:
    world.state = replace(world.state, rules=replace(world.state.rules, part_seconds=1))
    say(world, "反映问题", "开始说")
    world.happen(ev.ScreenTouched(), ev.SilenceHeard(seconds=4), ev.SpeechStarted(utterance_id=2))
    world.elapse("second")
    assert world.state.recorder is Recorder.ON
    assert not world.state.speaking  # it was cut off, and nobody will say that it has ended
    world.happen(ev.SpeechHeard())
    assert "unheard" not in world.timers


def test_a_recording_that_is_lost_on_the_way_leaves_the_words_that_were_made_out(world: World) -> None:
    say(world, "反映问题", "开始说")
    world.answering = False
    world.happen(
        ev.SpeechHeard(), ev.WordsHeard(recording_id=world.state.recording_id, text=SPOKEN, settled=len(SPOKEN))
    )
    world.press("done")
    world.elapse("closing")
    assert world.state.draft.text == SPOKEN
    world.happen(ev.CommandGiven(command=Command.HELP))
    assert "录音会一起交" not in words(world)
    assert "只有字" in screen(world.state, CONTEXT).help


def test_where_sound_goes_along_the_help_says_so(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "怎么用")
    assert "录音会一起交" in words(world)


def test_without_a_recogniser_everything_is_as_it_was(world: World) -> None:
    world.happen(ev.HearingLost(code=FaultCode.RECOGNISER_MISSING))
    world.press("report", "start", "done")
    assert world.state.step == "review_recording"
    assert world.state.draft.text_source is TextSource.NONE


def test_done_said_to_a_neighbour_takes_no_number_from_the_screen(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "对提交", "办完了")
    assert world.state.step == "receipt_leave"
    say(world, "对")
    assert world.state.step == "receipt"
    say(world, "二号", "办完了", "我记下了")
    assert world.state.step == "session_ended"


@pytest.mark.parametrize("word", ["结束", "我走了", "首页"])
@pytest.mark.parametrize("over", ["声音和字", "叫工作人员", "念查询码", "?再听一遍", "?返回"])
def test_whatever_lies_over_a_receipt_no_single_word_takes_it_from_the_screen(
    world: World, over: str, word: str
) -> None:
    say(world, "反映问题", "开始说", "说完了", "对提交")
    if over.startswith("?"):
        world.happen(ev.SpeechEnded(utterance_id=1, completed=True))
        miss(world, over[1:])
    else:
        say(world, over)
    assert world.state.covered == ("receipt",)
    say(world, word)
    assert (world.state.step, world.state.covered) == ("receipt_leave", ("receipt",))
    say(world, "对")
    assert world.state.step == "receipt"
    assert world.state.receipt


def test_the_idle_warning_over_a_receipt_takes_no_single_word_either(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "对提交")
    world.elapse("idle")
    say(world, "我走了")
    assert world.state.step == "receipt_leave"
    say(world, "我记下了")
    assert world.state.step == "session_ended"


def test_a_question_that_is_asked_already_is_gone_back_to_and_not_piled_up(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "结束")
    world.happen(ev.SpeechEnded(utterance_id=1, completed=True))
    miss(world, "接着办")
    assert world.state.step == "did_you_mean"
    say(world, "结束")
    assert (world.state.step, world.state.covered) == ("confirm_leave", ("review_heard",))


def test_done_with_one_thing_asks_about_another_that_is_not_sent_yet(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "首页", "查进度")
    world.happen(ev.DigitsHeard(digits=NUMBER), ev.DigitsHeard(digits="123456"))
    world.press("finish")
    assert world.state.step == "confirm_leave"
    say(world, "对")
    assert world.state.draft.text == SPOKEN
    world.elapse("idle")
    say(world, "用完了")
    assert world.state.step == "confirm_leave"
    say(world, "清掉吧")
    assert world.state.draft.empty


def test_the_demonstration_voice_is_called_so_on_the_screen_and_a_real_one_is_not(world: World) -> None:
    assert "演示" not in screen(world.state, CONTEXT).body
    world.happen(ev.HearingFound(demonstration=True))
    assert "演示语音" in screen(world.state, CONTEXT).body
    say(world, "反映问题", "开始说", "说完了")
    assert "演示语音" in screen(world.state, CONTEXT).body
    world.happen(ev.HearingLost(code=FaultCode.RECOGNISER_MISSING))
    assert "演示" not in screen(world.state, CONTEXT).body


# -- what was not understood -------------------------------------------------------------------------------------------


def test_what_comes_near_is_asked_back_and_done_only_when_that_is_right(world: World) -> None:
    miss(world, "办到哪儿了")
    assert world.state.step == "did_you_mean"
    assert "您是说查进度，对吗？" in words(world)
    say(world, "对")
    assert world.state.step == "progress_number"


@pytest.mark.parametrize(
    "lost",
    [
        ev.HearingLost(code=FaultCode.RECOGNISER_MISSING),
        ev.MicrophoneLost(code=FaultCode.MICROPHONE_LOST),
    ],
)
def test_what_is_asked_back_can_be_answered_by_finger_when_nothing_is_heard_any_more(
    world: World, lost: ev.Event
) -> None:
    miss(world, "办到哪儿了")
    world.happen(lost)
    assert "查进度" in screen(world.state, CONTEXT).title
    world.press("yes")
    assert world.state.step == "progress_number"


def test_a_no_leads_back_and_asks_to_say_it_again(world: World) -> None:
    say(world, "查进度")
    miss(world, "没带回执")
    say(world, "不对")
    assert world.state.step == "progress_number"
    assert words(world) == "那请您再说一遍。"
    miss(world, "没带回执")
    assert world.state.step == "progress_number"
    assert "工作人员" in words(world)


@pytest.mark.parametrize("near", ["二号", "返回", "叫工作人员", "声音和字"])
def test_numbers_and_commands_are_asked_back_by_the_name_on_the_screen(world: World, near: str) -> None:
    say(world, "查进度", "没带回执")
    miss(world, near)
    assert world.state.step == "did_you_mean"
    assert f"「{'再反映一次' if near == '二号' else near}」" in screen(world.state, CONTEXT).title


def test_what_is_asked_back_over_an_overlay_leads_back_to_it(world: World) -> None:
    say(world, "调一调")
    miss(world, "字的大小")
    assert world.state.covered == ("welcome", "settings")
    say(world, "对")
    assert world.state.step == "settings_text"


def test_settings_asked_for_while_something_of_theirs_is_asked_back_lead_home_over_no_second_settings(
    world: World,
) -> None:
    say(world, "调一调")
    miss(world, "字的大小")
    say(world, "声音和字")
    assert (world.state.step, world.state.covered) == ("settings", ("welcome",))


@pytest.mark.parametrize("word", ["返回", "首页", "对", "不对"])
def test_what_was_asked_back_is_forgotten_however_the_question_is_left(world: World, word: str) -> None:
    say(world, "反映问题", "开始说", "说完了")
    miss(world, "接着说")
    miss_meant = world.state.meant
    world.happen(ev.CommandGiven(command=Command.CALL_STAFF), ev.CommandGiven(command=Command.BACK))
    assert world.state.meant == miss_meant == "接着说"
    say(world, word)
    assert world.state.meant == ""


def test_a_cough_before_the_reading_begins_does_not_take_its_place(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了")
    before = world.state
    world.happen(ev.PhraseMissed(near=""))
    assert world.state == before
    world.happen(ev.SpeechStarted(utterance_id=1))
    assert SPOKEN in words(world)
    assert "对提交" not in ears(world.state).phrases
    world.happen(ev.SpeechEnded(utterance_id=1, completed=True))
    assert world.state.read_back


def test_an_entry_on_another_page_is_still_meant_after_it_was_asked_back(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "改类别", "照片和别的", "是哪类事", "看别的")
    miss(world, "类别七")
    say(world, "对")
    assert world.state.draft.category == "topic-7"


@pytest.mark.parametrize("near", ["对提交", "一号", "结束", "不办了"])
def test_nothing_that_sends_or_ends_is_ever_asked_back(world: World, near: str) -> None:
    say(world, "反映问题", "开始说", "说完了")
    world.happen(ev.SpeechEnded(utterance_id=1, completed=True))
    miss(world, near)
    assert world.state.step == "review_heard"
    assert "对，提交" in words(world)
    assert not world.filed


def test_two_misses_in_a_row_offer_numbers_and_a_person_and_a_third_is_met_with_silence(world: World) -> None:
    miss(world)
    assert words(world) == "没听清，请再说一遍。"
    miss(world)
    assert "二号" in words(world)
    assert "叫工作人员" in words(world)
    before = said(world)
    miss(world)
    miss(world)
    assert said(world) == before


def test_anything_understood_makes_a_miss_the_first_one_again(world: World) -> None:
    miss(world)
    say(world, "查进度")
    miss(world)
    assert words(world) == "没听清，请再说一遍。"


def test_where_digits_are_said_a_second_miss_asks_for_digits(world: World) -> None:
    say(world, "查进度")
    miss(world)
    miss(world)
    assert "说数字就行" in words(world)


def test_long_after_anything_was_asked_a_single_miss_is_shown_and_not_answered_aloud(world: World) -> None:
    say(world, "查进度")
    world.elapse("attentive")
    before = said(world)
    miss(world, "没带回执")
    assert said(world) == before
    assert world.state.step == "progress_number"
    assert words(world) == "没听清，请再说一遍。"


def test_a_kiosk_that_nobody_stands_at_answers_no_talk_in_the_hall() -> None:
    world = World()
    world.state = replace(world.state, rules=replace(world.state.rules, listen_when_idle=True))
    world.happen(ev.HearingFound())
    assert listening(world.state)
    for near in ("", "查进度", "", ""):
        miss(world, near)
    assert world.state.step == "welcome"
    assert said(world) == []
    say(world, "查进度")
    assert world.state.step == "progress_number"


def test_what_is_not_understood_does_not_keep_a_visit_open(world: World) -> None:
    say(world, "查进度")
    before = len(world.done)
    miss(world)
    miss(world)
    assert not [e for e in world.done[before:] if isinstance(e, do.SetTimer) and e.name == "idle"]


def test_a_phrase_is_a_resident_who_is_still_there(world: World) -> None:
    say(world, "查进度")
    world.elapse("idle")
    assert world.state.step == "idle_warning"
    say(world, "我还在")
    assert world.state.step == "progress_number"


# -- digits ------------------------------------------------------------------------------------------------------------


def test_a_receipt_number_said_at_once_is_read_back_and_leads_on_and_the_code_is_not_said(world: World) -> None:
    say(world, "查进度")
    world.happen(ev.DigitsHeard(digits=NUMBER))
    assert world.state.step == "progress_code"
    assert NUMBER[:4] in words(world)
    world.happen(ev.DigitsHeard(digits="123"))
    assert words(world) == "有三位了。"
    world.happen(ev.DigitsHeard(digits="456"))
    assert world.state.step == "progress_result"
    assert "456" not in "".join(utterance(world.state, s, CONTEXT).text for s in said(world))


def test_digits_said_in_groups_are_put_together_and_said_back(world: World) -> None:
    say(world, "查进度")
    world.happen(ev.DigitsHeard(digits=NUMBER[:4]))
    assert utterance(world.state, world.state.saying, CONTEXT).spoken.startswith("幺零二三")
    world.happen(ev.DigitsHeard(digits=NUMBER[4:8]), ev.DigitsHeard(digits=NUMBER[8:]))
    assert world.state.step == "progress_code"


def test_a_number_that_cannot_be_right_is_asked_for_again(world: World) -> None:
    say(world, "查进度")
    world.happen(ev.DigitsHeard(digits=NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)))
    assert world.state.step == "wrong_number"


def test_the_pads_keys_can_be_said_and_what_is_left_is_said_back(world: World) -> None:
    say(world, "查进度")
    world.happen(ev.DigitsHeard(digits="1023"))
    say(world, "退一格")
    assert world.state.number_digits == "102"
    assert words(world) == "102，三位。"
    say(world, "清空")
    assert world.state.number_digits == ""
    assert words(world) == "现在一位也没有。"


def test_a_whole_number_said_again_takes_the_place_of_what_was_there(world: World) -> None:
    say(world, "查进度")
    world.happen(ev.DigitsHeard(digits="99"), ev.DigitsHeard(digits=NUMBER))
    assert world.state.number_digits == NUMBER


def test_too_many_digits_are_asked_for_again_and_change_nothing(world: World) -> None:
    say(world, "查进度")
    world.happen(ev.DigitsHeard(digits=NUMBER[:8]), ev.DigitsHeard(digits="123456"))
    assert world.state.number_digits == NUMBER[:8]
    assert words(world) == "没听清，请再说一遍。"


def test_a_telephone_number_said_aloud_is_read_back_before_it_is_sent(world: World) -> None:
    say(world, "反映问题", "开始说", "说完了", "留个电话")
    world.happen(ev.DigitsHeard(digits=PHONE))
    assert world.state.step == "contact_confirm"
    assert "138 0013 8000" in words(world)
    assert "对提交" not in ears(world.state).phrases
    say(world, "对提交")
    assert world.filed[0].phone == f"+86{PHONE}"


def test_digits_where_none_are_asked_for_change_nothing(world: World) -> None:
    before = replace(world.state, attentive=True)
    world.happen(ev.DigitsHeard(digits="123"))
    assert replace(world.state, attentive=True) == before


# -- ears ---------------------------------------------------------------------------------------------------------------


def test_only_looking_is_silent_for_misses_too(world: World) -> None:
    say(world, "反映问题", "只看不念")
    assert world.state.preferences.hush is Hush.SILENT
    before = said(world)
    miss(world)
    miss(world)
    assert said(world) == before
    assert "工作人员" in words(world)


def test_the_microphone_stays_open_from_screen_to_screen_of_a_visit(world: World) -> None:
    before = len(world.done)
    say(world, "反映问题", "返回", "查进度", "首页")
    assert not [e for e in world.done[before:] if isinstance(e, do.CloseMicrophone)]
    assert listening(world.state)
