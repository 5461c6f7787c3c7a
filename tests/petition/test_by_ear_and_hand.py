"""Who finds their way by keys, by a sliding finger or in headphones hears what they come to and what they write, and nobody else does."""

from dataclasses import replace

import pytest

from petition import effects as do
from petition import events as ev
from petition.derive import Context, screen, utterance
from petition.ears import DIGITS_OF
from petition.errors import FaultCode
from petition.pad import Movement
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.state import REACHES, Hush, Preferences
from petition.steps import WELCOME, Command, Input
from petition.writing import UNSPOKEN
from tests.petition.world import NOON, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)
PHONE = "13800138000"


def said(world: World, *events: ev.Event) -> list[str]:
    """Return what is said because of events, one after the other."""
    world.done.clear()
    world.happen(*events)
    return [utterance(world.state, each.saying, CONTEXT).text for each in world.done if isinstance(each, do.Say)]


def at(step: str, **changes: object) -> World:
    """Return a visit on a step."""
    world = World()
    world.state = replace(world.state, step=step, **changes)  # type: ignore[arg-type]  # fields of State
    return world


def hushed(world: World, hush: Hush) -> World:
    world.state = replace(world.state, preferences=replace(world.state.preferences, hush=hush))
    return world


# -- keys of the keyboard on the screen --------------------------------------------------------------------------------


def test_a_key_that_is_come_to_is_named_and_writes_nothing() -> None:
    world = at("type_text")
    assert said(world, ev.KeyReached(name="退格")) == ["退格"]
    assert world.state.draft.empty
    assert screen(world.state, CONTEXT).caption.text == "退格"


def test_coming_to_a_key_ends_the_reading() -> None:
    world = at("type_text")
    said(world, ev.SpeechStarted(utterance_id=1), ev.KeyReached(name="n"))
    assert world.done.index(do.StopSpeech()) < world.done.index(do.Say(saying=Saying(told=Told.KEY, name="n")))


def test_no_key_is_named_into_a_recording_or_while_something_is_stored() -> None:
    world = World()
    world.press("report", "start")
    assert said(world, ev.KeyReached(name="退格")) == []
    busy = at("type_text", draft=replace(World().state.draft, text="灯坏了"))
    busy.answering = False
    busy.press("done", "send")
    assert busy.state.busy is not None
    assert said(busy, ev.KeyReached(name="退格")) == []


def test_no_key_is_named_to_who_wants_silence() -> None:
    assert said(hushed(at("type_text"), Hush.SILENT), ev.KeyReached(name="n")) == []


@pytest.mark.parametrize(
    "reached",
    [
        ev.KeyReached(name="n"),
        ev.ControlReached(act=ev.ChoicePressed(choice_id="done")),
        ev.ControlReached(act=ev.CommandGiven(command=Command.BACK)),
    ],
)
def test_what_is_typed_is_said_to_who_finds_their_way_by_ear_alone(reached: ev.Event) -> None:
    world = at("type_text")
    assert said(world, ev.TextEdited(text="楼道")) == []
    world.happen(reached)
    assert said(world, ev.TextEdited(text="楼道灯不亮")) == ["灯不亮"]
    assert said(world, ev.TextEdited(text="楼道灯不")) == ["去掉了。"]
    assert said(world, ev.TextEdited(text="楼道灯不")) == []
    assert world.state.draft.text == "楼道灯不"


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("，", "逗号"),
        ("……", "省略号"),
        (" ", "空格"),
        ("\n", "换行"),
        ("？！", "问号，感叹号"),
        ("好，", "好，"),
        ("n", "n"),
        ("7", "7"),
    ],
)
def test_a_mark_that_is_typed_is_said_by_its_name_and_shown_as_it_is(typed: str, heard: str) -> None:
    world = at("type_text", feeling=True)
    world.happen(ev.TextEdited(text=typed))
    words = utterance(world.state, world.state.saying, CONTEXT)
    assert (words.text, words.spoken) == (typed, heard)


def test_a_place_that_is_typed_is_said_too() -> None:
    world = at("place_text", feeling=True)
    assert said(world, ev.TextEdited(text="三号楼"), ev.TextEdited(text="三号")) == ["三号楼", "去掉了。"]


def test_what_found_its_way_by_ear_is_not_said_to_the_next() -> None:
    world = at("type_text", feeling=True)
    world.happen(ev.TextEdited(text="楼道灯不亮"), ev.CommandGiven(command=Command.FINISH))
    world.press("clear")
    world.state = replace(world.state, step="type_text")
    assert said(world, ev.TextEdited(text="电梯坏了")) == []


# -- digits: masked, so never over the loudspeaker ---------------------------------------------------------------------

DIGIT_STEPS = [id_ for id_, step in STEPS.items() if step.takes is Input.DIGITS]


@pytest.mark.parametrize("step", DIGIT_STEPS)
def test_digits_are_counted_where_all_can_hear_and_read_back_in_headphones(step: str) -> None:
    world = at(step, feeling=True)
    aloud = "".join(said(world, ev.DigitsEdited(digits=digits))[0] for digits in ("138", "1380"))
    assert aloud == "有三位了。有四位了。"
    if STEPS[step].writes in UNSPOKEN:
        assert said(at(step, feeling=True, headphones=True), ev.DigitsEdited(digits="138")) == ["有三位了。"]
        return
    in_ear = said(at(step, feeling=True, headphones=True), ev.DigitsEdited(digits="138"))
    spoken = [
        utterance(
            at(step, **dict.fromkeys(DIGITS_OF.values(), "138")).state,
            Saying(told=Told.PHRASE, name="digits_back"),
            CONTEXT,
        ).text
    ]
    assert in_ear == spoken


@pytest.mark.parametrize("step", DIGIT_STEPS)
def test_a_finger_that_keys_digits_is_not_talked_to(step: str) -> None:
    assert said(at(step), ev.DigitsEdited(digits="138")) == []


def test_taking_the_last_digit_away_is_said() -> None:
    world = at("contact_phone", feeling=True, phone_digits="1")
    assert said(world, ev.DigitsEdited(digits="")) == [
        utterance(world.state, Saying(told=Told.PHRASE, name="digits_none"), CONTEXT).text
    ]


# -- keys that are tried -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        (Movement.NEXT, "这个键：去下一个。"),
        (Movement.PREVIOUS, "这个键：回前一个。"),
        (Movement.PRESS, "这个键：就选它。"),
        (Command.HELP, "这个键：怎么用。"),
        (Command.BACK, "这个键：返回。"),
        (0, "这个键：叫工作人员。"),
        (1, "数字键：答案前面是几，就按几。"),
        (9, "数字键：答案前面是几，就按几。"),
        (None, "这个键是写字用的。"),
    ],
)
def test_a_key_that_is_tried_is_told_of_and_does_nothing(meaning: Movement | Command | int | None, words: str) -> None:
    world = at("settings_keys", covered=("kind",))
    assert said(world, ev.KeyTried(key="k", meaning=meaning)) == [words]
    assert (world.state.step, world.state.help_shown) == ("settings_keys", False)


@pytest.mark.parametrize("command", Command)
def test_every_command_that_a_key_may_give_has_words(command: Command) -> None:
    (words,) = said(at("settings_keys"), ev.KeyTried(key="k", meaning=command))
    assert len(words) > len("这个键：。")


def test_the_same_key_three_times_leads_back_and_others_do_not() -> None:
    world = at("settings_keys", covered=("kind",))
    for key in ("a", "a", "b", "a", "a"):
        world.happen(ev.KeyTried(key=key, meaning=None))
        assert world.state.step == "settings_keys"
    world.happen(ev.KeyTried(key="a", meaning=None))
    assert (world.state.step, world.state.covered) == ("settings_reach", ("kind",))


def test_keys_are_counted_anew_each_time() -> None:
    world = at("settings_keys", covered=("kind",))
    world.happen(*(ev.KeyTried(key="a", meaning=None),) * 2)
    world.press("done", "keys")
    world.happen(*(ev.KeyTried(key="a", meaning=None),) * 2)
    assert world.state.step == "settings_keys"


def test_where_keys_are_tried_everything_else_is_as_everywhere() -> None:
    assert at("settings_keys").press("done").step == "settings_reach"
    assert (
        at("settings_keys", covered=("kind",)).happen(ev.CommandGiven(command=Command.CALL_STAFF)).step == "call_staff"
    )
    assert at("settings_keys", covered=("kind",)).happen(ev.CommandGiven(command=Command.BACK)).step == "settings_reach"


@pytest.mark.parametrize(
    "step", [id_ for id_, step in STEPS.items() if step.takes is not Input.KEYS and id_ != "idle_warning"]
)
def test_elsewhere_a_key_that_is_tried_means_nothing(step: str) -> None:
    world = at(step)
    assert said(world, *(ev.KeyTried(key="a", meaning=Command.FINISH),) * 3) == []
    assert world.state.step == step


# -- headphones --------------------------------------------------------------------------------------------------------


def test_with_headphones_in_it_is_said_that_nobody_else_hears_and_then_the_step() -> None:
    world = at("kind")
    (words,) = said(world, ev.HeadphonesPlugged())
    step = utterance(world.state, Saying(told=Told.STEP_AGAIN), CONTEXT).text
    assert words == "耳机插好了，只有您听得见。" + step
    assert world.state.headphones


def test_headphones_are_not_spoken_of_into_a_recording_but_used() -> None:
    world = World()
    world.press("report", "start")
    assert said(world, ev.HeadphonesPlugged()) == []
    assert world.state.headphones


def test_headphones_end_the_warning_like_any_other_hand() -> None:
    world = at("kind")
    world.happen(ev.ScreenTouched())
    world.elapse("idle")
    assert world.state.step == "idle_warning"
    (words,) = said(world, ev.HeadphonesPlugged())
    assert (world.state.step, world.state.headphones) == ("kind", True)
    assert words.startswith("耳机插好了")


@pytest.mark.parametrize("hush", Hush)
def test_in_headphones_nothing_is_hushed(hush: Hush) -> None:
    world = hushed(at("kind"), hush)
    assert said(world, ev.HeadphonesPlugged()) != []
    volume = world.state.preferences.volume
    assert do.TuneSpeech(rate=1.0, volume=volume) in world.done
    world.done.clear()
    world.happen(ev.HeadphonesUnplugged())
    before = hushed(World(), hush).state.voice_volume
    assert do.TuneSpeech(rate=1.0, volume=before) in world.done
    assert (before < volume) == (hush is not Hush.ALOUD)


def test_what_is_read_back_into_headphones_is_read_back() -> None:
    spoken = World()
    spoken.happen(ev.HearingFound())
    spoken.press("report", "start", "done")
    assert spoken.state.step == "review_heard"
    spoken.happen(ev.HeadphonesPlugged(), ev.SpeechStarted(utterance_id=1))
    assert not spoken.state.read_back
    spoken.happen(ev.SpeechEnded(utterance_id=1, completed=True))
    assert spoken.state.read_back


def test_pulling_headphones_out_silences_at_once_and_says_nothing() -> None:
    world = at("kind", headphones=True, speaking=True)
    assert said(world, ev.HeadphonesUnplugged()) == []
    assert world.done[0] == do.StopSpeech()
    assert not world.state.speaking
    assert screen(world.state, CONTEXT).caption.text == "耳机拔了，我先不出声。想听，就点「再听一遍」。"


def test_after_pulling_them_out_what_is_asked_for_is_said_and_can_be_answered() -> None:
    world = at("kind", headphones=True, speaking=True, heard_out=False)
    world.happen(ev.HeadphonesUnplugged())
    assert world.state.heard_out, "who pulled them out has stopped the reading"
    assert said(world, ev.CommandGiven(command=Command.REPEAT)) != []


def test_headphones_stay_in_for_the_next_and_nothing_else_does() -> None:
    world = at("review", headphones=True, feeling=True, draft=replace(World().state.draft, text="灯坏了"))
    world.happen(ev.CommandGiven(command=Command.FINISH))
    world.press("clear")
    assert world.state.headphones
    assert not world.state.feeling


# -- where buttons stand, and the curtain ------------------------------------------------------------------------------


@pytest.mark.parametrize("reach", REACHES)
def test_where_buttons_stand_is_chosen_shown_and_told(reach: str) -> None:
    world = at("settings_reach", covered=("kind",))
    world.press(reach)
    made = screen(world.state, CONTEXT)
    assert made.reach == world.state.preferences.reach == reach
    assert [button.id for button in made.buttons if button.chosen] == [reach]
    assert world.state.step == "settings_reach"


def test_the_curtain_is_drawn_told_and_opened_again() -> None:
    world = at("settings_reach", covered=("kind",))
    assert said(world, ev.ChoicePressed(choice_id="curtain")) == ["屏幕遮住了，我念给您听。"]
    curtain = screen(world.state, CONTEXT).curtain
    assert curtain is not None
    assert (curtain.text, curtain.label) == ("屏幕遮住了，我念给您听。", "打开屏幕")
    assert said(world, ev.CommandGiven(command=Command.SHOW_SCREEN)) == ["屏幕打开了。"]
    assert screen(world.state, CONTEXT).curtain is None
    assert world.state.step == "settings_reach"


def test_the_answer_that_draws_the_curtain_opens_it_too() -> None:
    world = at("settings_reach", covered=("kind",))
    world.press("curtain")
    assert said(world, ev.ChoicePressed(choice_id="curtain")) == ["屏幕打开了。"]
    assert not world.state.preferences.curtain


def test_after_the_visit_buttons_stand_as_usual_and_nothing_is_covered() -> None:
    world = at("settings_reach", covered=("kind",))
    world.press("low", "curtain")
    world.happen(ev.CommandGiven(command=Command.FINISH))
    assert world.state.step == "session_ended"
    world.elapse("leave")
    assert world.state.step == WELCOME
    assert world.state.preferences == Preferences() == world.state.rules.preferences
    made = screen(world.state, CONTEXT)
    assert (made.reach, made.curtain) == ("usual", None)


def test_a_lost_voice_opens_the_curtain() -> None:
    world = World()
    world.happen(ev.CommandGiven(command=Command.SETTINGS))
    assert world.press("reach", "curtain").preferences.curtain
    assert not world.happen(ev.SpeechLost(code=FaultCode.SPEAKER_MISSING)).preferences.curtain


def test_a_curtain_is_not_drawn_where_nothing_can_be_heard() -> None:
    world = World()
    world.happen(ev.SpeechLost(code=FaultCode.SPEAKER_MISSING), ev.CommandGiven(command=Command.SETTINGS))
    after = world.press("reach", "curtain")
    assert (after.step, after.preferences.curtain) == ("no_speech", False)


def test_who_draws_the_curtain_is_read_to_though_only_the_screen_was_wanted_before() -> None:
    world = World()
    assert world.press("report", "silent").silent
    world.happen(ev.CommandGiven(command=Command.SETTINGS))
    assert not world.press("reach", "curtain").silent
    assert do.Say(saying=world.state.saying) in world.done


def test_after_headphones_are_pulled_out_nothing_is_said_until_something_is_asked_for() -> None:
    world = World()
    world.happen(ev.HearingFound(), ev.HeadphonesPlugged())
    world.press("report", "start")
    world.happen(ev.HeadphonesUnplugged())
    before = len(world.done)
    world.happen(ev.SilenceHeard(seconds=3))
    world.elapse("pause")
    assert world.state.step == "review_heard"
    assert [effect for effect in world.done[before:] if isinstance(effect, do.Say)] == []
    assert world.happen(ev.PhraseHeard(phrase="对提交")).step == "review_heard"  # nobody heard it read
    world.happen(ev.CommandGiven(command=Command.REPEAT))
    assert do.Say(saying=Saying(told=Told.STEP_AGAIN)) in world.done


@pytest.mark.parametrize("road", ["silent", "unplugged"])
def test_black_and_mute_at_once_there_is_no_screen(road: str) -> None:
    world = World()
    if road == "unplugged":
        world.press("report", "silent")
        world.happen(ev.HeadphonesPlugged(), ev.CommandGiven(command=Command.HOME))
    world.happen(ev.CommandGiven(command=Command.SETTINGS))
    assert world.press("reach", "curtain").preferences.curtain
    if road == "unplugged":
        world.happen(ev.HeadphonesUnplugged())
    else:
        world.happen(ev.CommandGiven(command=Command.HOME))
        world.press("report", "silent")
    assert not (world.state.silent and world.state.preferences.curtain)


def test_keyed_digits_are_only_counted_where_others_hear_though_some_are_taken_back_or_said() -> None:
    world = World()
    world.state = replace(world.state, step="contact_phone", hearing=True, begun=True)
    world.happen(ev.DigitsEdited(digits="1380013800"), ev.DigitsEdited(digits="138001380"))
    assert world.state.saying.name == "digits_counted"
    world.happen(ev.DigitsHeard(digits="00"))
    assert world.state.saying.name != "phone_back"


def test_who_waits_for_the_kiosk_and_is_still_there_says_so_and_goes_on_waiting() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="灯坏了"))
    world.press("done")
    world.answering = False
    world.press("send")
    assert world.elapse("idle").step == "idle_warning"
    assert world.press("here").step == "review"
    world.answering = True
    assert world.catch_up().step == "receipt"
