"""What comes before everything else, and what only sounds like it."""

from dataclasses import replace

import pytest

from petition import events as ev
from petition.danger import danger_in
from petition.derive import Context, screen
from petition.model import CallStanding, Danger
from petition.script.book import STEPS
from petition.state import Recorder
from petition.steps import WELCOME, Command
from tests.petition.test_calling import CALL, ELSEWHERE, calls, ended, look_up, news, standing_at
from tests.petition.world import NOON, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)
STEP_OF = {
    Command.FIRE: ("danger_fire", Danger.FIRE),
    Command.MEDICAL: ("danger_medical", Danger.MEDICAL),
    Command.CRIME: ("danger_crime", Danger.CRIME),
    Command.DESPAIR: ("danger_self", Danger.SELF),
    Command.DANGER: ("danger_any", Danger.UNNAMED),
}
DANGER_STEPS = [step for step, _ in STEP_OF.values()]


@pytest.fixture
def world() -> World:
    return World()


def write(world: World, words: str) -> str:
    world.press("type")
    return world.happen(ev.TextEdited(text=words)).step


# -- what words sound like ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "danger"),
    [
        ("三号楼着火了", Danger.FIRE),
        ("三號樓著火了", Danger.FIRE),
        ("厨房 漏 煤气", Danger.FIRE),
        ("廚房漏煤氣", Danger.FIRE),
        ("屋里有煤气味", Danger.FIRE),
        ("天然气泄漏", Danger.FIRE),
        ("煤氣洩漏了", Danger.FIRE),
        ("燃气又漏了", Danger.FIRE),
        ("沿着火车道往南，那边着火了", Danger.FIRE),
        ("老人在楼梯上摔倒了", Danger.MEDICAL),
        ("我媽暈倒了", Danger.MEDICAL),
        ("她喘不過氣", Danger.MEDICAL),
        ("我胸口痛", Danger.MEDICAL),
        ("我爸中风了", Danger.MEDICAL),
        ("我家老大中风了", Danger.MEDICAL),
        ("楼下有人打人", Danger.CRIME),
        ("他天天打我", Danger.CRIME),
        ("他打我，还抢手机", Danger.CRIME),
        ("有人搶東西", Danger.CRIME),
        ("他说要杀了我", Danger.CRIME),
        ("我不想活了", Danger.SELF),
        ("他有輕生的念頭", Danger.SELF),
        ("The kitchen is on fire!", Danger.FIRE),
        ("There is a smell of gas", Danger.FIRE),
        ("My neighbour fell down and can't get up", Danger.MEDICAL),
        ("Help. She fell down the stairs", Danger.MEDICAL),
        ("I can’t breathe", Danger.MEDICAL),
        ("He is beating his wife", Danger.CRIME),
        ("I want to die", Danger.SELF),
    ],
)
def test_what_cannot_wait_is_found(words: str, danger: Danger) -> None:
    assert danger_in(words) is danger


@pytest.mark.parametrize(
    "words",
    [
        "",
        "楼道灯不亮",
        "煤气费算错了",
        "煤气灶打不着火",
        "我家没着火",
        "没有著火",
        "楼下对着火锅店，油烟大",
        "沿着火车道走",
        "我们一起火锅聚餐",
        "电线乱拉，容易引起火灾",
        "下雪路滑，老人容易摔倒",
        "天黑怕摔倒",
        "其中风险很大",
        "中風險地區",
        "老伴中风三年了，想装扶手",
        "收的是找零，打人民币到账上",
        "打人工电话没人接",
        "有消息请打我电话",
        "打我的手机",
        "打我办公室电话",
        "打我辦公室電話",
        "想装一个煤气泄漏报警器",
        "旧电线易着火",
        "小区要杀虫",
        "小區要殺蟲",
        "给年轻生意人留个摊位",
        "减轻生活负担",
        "老人不想活动",
        "A tile fell down from the roof",
        "Cars are parked on fire lanes",
        "They are beating the drums every night",
    ],
)
def test_what_is_certainly_something_else_is_passed_over(words: str) -> None:
    assert danger_in(words) is None


def test_what_was_offered_already_hides_nothing_else() -> None:
    words = "上个月着火了，今天有人打人"
    assert danger_in(words) is Danger.FIRE
    assert danger_in(words, but={Danger.FIRE}) is Danger.CRIME
    assert danger_in(words, but={Danger.FIRE, Danger.CRIME}) is None


# -- where it leads ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ELSEWHERE)
@pytest.mark.parametrize("command", STEP_OF)
def test_from_every_step_a_call_for_help_leads_there_at_once_and_calls_with_the_reason(
    step: str, command: Command
) -> None:
    world = standing_at(step)
    words = world.state.draft.text
    told, reason = STEP_OF[command]
    assert world.happen(ev.CommandGiven(command=command)).step == told
    assert [call.reason for call in calls(world)] == [reason]
    assert world.state.draft.text == words
    assert world.press("safe").step == (WELCOME if step == "idle_warning" else step)  # whoever calls is still there


@pytest.mark.parametrize("command", STEP_OF)
def test_every_call_for_help_can_be_said(command: Command) -> None:
    said = {
        Command.FIRE: "着火了",
        Command.MEDICAL: "有人摔倒了",
        Command.CRIME: "有人打人",
        Command.DESPAIR: "我不想活了",
        Command.DANGER: "救命啊",
    }
    world = World()
    world.happen(ev.HearingFound())
    world.press("progress")
    world.happen(ev.SpeechEnded(utterance_id=1, completed=True))
    assert world.happen(ev.PhraseHeard(phrase=said[command])).step == STEP_OF[command][0]


@pytest.mark.parametrize("step", DANGER_STEPS)
def test_a_danger_step_has_the_number_to_phone_written_on_it(step: str) -> None:
    world = World()
    command = next(c for c, (to, _) in STEP_OF.items() if to == step)
    world.happen(ev.CommandGiven(command=command))
    told = screen(world.state, CONTEXT)
    emergency = world.state.rules.emergency
    numbers = {
        "danger_fire": [emergency.fire],
        "danger_medical": [emergency.medical],
        "danger_crime": [emergency.crime],
        "danger_self": [emergency.care],
        "danger_any": [emergency.fire, emergency.medical, emergency.crime],
    }
    written = " ".join((told.title, told.body, *(button.note for button in told.buttons)))
    assert all(number in written for number in numbers[step])
    assert world.timers["idle"] == 600


def test_what_is_written_leads_there_while_it_is_written_and_stays_written(world: World) -> None:
    assert write(world, "三号楼着火了") == "danger_fire"
    assert [call.reason for call in calls(world)] == [Danger.FIRE]
    assert world.press("safe").step == "type_text"
    assert world.state.draft.text == "三号楼着火了"
    assert world.kept is not None
    assert world.kept.text == "三号楼着火了"


def test_what_is_dictated_leads_there_before_it_is_said_to_the_end_and_the_sound_is_kept(world: World) -> None:
    world.happen(ev.HearingFound())
    world.spoken = "我妈晕倒了。在二楼。"
    world.press("report", "start")
    heard = ev.WordsHeard(recording_id=world.recording_id(), text="我妈晕倒", settled=0)
    assert world.happen(heard).step == "recording"  # it may yet turn out to be something else
    assert world.happen(replace(heard, settled=4)).step == "danger_medical"
    assert world.state.recorder is Recorder.OFF
    assert len(world.state.draft.recordings) == 1
    assert world.state.draft.text == "我妈晕倒了。在二楼。"
    assert world.press("safe").step == "recording"
    assert [call.reason for call in calls(world)] == [Danger.MEDICAL]


def test_what_is_written_with_a_rating_leads_there_too(world: World) -> None:
    look_up(world)
    world.press("rate", "entry-good", "yes")
    assert world.happen(ev.TextEdited(text="有人打我")).step == "danger_crime"
    world.press("safe")
    assert world.state.comment == "有人打我"


def test_words_that_come_after_somebody_has_called_tell_who_is_called_what_it_is(world: World) -> None:
    world.happen(ev.HearingFound())
    world.spoken = "厨房着火了。"
    world.press("report", "start")
    assert world.happen(CALL).step == "danger_fire"
    assert [call.reason for call in calls(world)] == [None, Danger.FIRE]
    assert ended(world) == [1]


# -- no danger after all -----------------------------------------------------------------------------------------------


def test_where_there_is_none_the_call_is_taken_back_and_it_is_not_asked_again(world: World) -> None:
    write(world, "上个月着火了")
    world.press("safe")
    assert world.state.call is None
    assert ended(world) == [1]
    assert world.happen(ev.TextEdited(text="上个月着火了，窗户还没修")).step == "type_text"
    world.press("done")
    assert world.state.step == "review"
    world.press("send")
    assert world.filed[0].text == "上个月着火了，窗户还没修"


def test_another_danger_in_the_same_words_is_asked_about(world: World) -> None:
    write(world, "上个月着火了")
    world.press("safe")
    assert world.happen(ev.TextEdited(text="上个月着火了，有人拿刀")).step == "danger_crime"
    assert calls(world)[-1].reason is Danger.CRIME


def test_who_was_wanted_before_may_still_come(world: World) -> None:
    world.happen(CALL)
    world.press("resume")
    write(world, "上个月着火了")
    assert ended(world) == [1]
    assert world.press("safe").step == "type_text"
    assert [call.reason for call in calls(world)] == [None, Danger.FIRE, None]
    assert world.state.call is not None
    assert ended(world) == [1, 2]


def test_who_is_called_for_no_danger_is_not_sent_away_by_who_only_looked(world: World) -> None:
    world.happen(CALL)
    assert world.press("danger").step == "danger_any"
    assert [call.reason for call in calls(world)] == [None]
    assert world.press("safe").step == WELCOME
    assert world.state.call is not None
    assert ended(world) == []


def test_which_danger_it_is_is_told_as_soon_as_it_is_known(world: World) -> None:
    world.happen(ev.CommandGiven(command=Command.DANGER))
    assert world.press("fire").step == "danger_fire"
    assert [call.reason for call in calls(world)] == [Danger.UNNAMED, Danger.FIRE]
    assert world.press("safe").step == WELCOME
    assert world.state.call is None


def test_who_is_coming_to_a_danger_is_not_called_off_to_be_told_which(world: World) -> None:
    world.happen(ev.CommandGiven(command=Command.DANGER))
    news(world, CallStanding.ANSWERED, by="王师傅")
    world.press("medical")
    assert len(calls(world)) == 1
    assert ended(world) == []


def test_news_does_not_take_the_number_to_phone_from_sight(world: World) -> None:
    world.happen(ev.CommandGiven(command=Command.FIRE))
    assert news(world, CallStanding.UNREACHABLE) == "danger_fire"
    assert world.state.bell
    assert world.press("call").step == "call_local_bell"
    assert len(calls(world)) == 1


def test_the_answer_to_a_question_does_not_take_it_from_sight_either() -> None:
    world = World(answering=False)
    look_up(world)
    world.happen(ev.CommandGiven(command=Command.FIRE))
    assert world.catch_up().step == "danger_fire"


def test_somebody_who_comes_next_is_asked_about_their_own_danger(world: World) -> None:
    write(world, "上个月着火了")
    world.press("safe")
    world.happen(ev.CommandGiven(command=Command.FINISH))
    world.press("clear", "again")
    assert write(world, "着火了") == "danger_fire"


def test_all_that_a_danger_step_offers_fits_under_the_keys() -> None:
    for step in DANGER_STEPS:
        assert len(STEPS[step].choices) <= 4
