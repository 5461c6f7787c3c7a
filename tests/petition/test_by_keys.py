"""Who sees nothing and presses keys hears what the keys have come to, before anything is pressed."""

from dataclasses import replace

from petition import effects as do
from petition import events as ev
from petition.derive import Context, utterance
from petition.offer import offered
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.state import Hush
from petition.steps import Command
from tests.petition.world import NOON, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)


def reached(world: World, act: ev.ChoicePressed | ev.CommandGiven) -> str:
    """Return what is said as keys come to something."""
    world.done.clear()
    world.happen(ev.ControlReached(act=act))
    said = [each.saying for each in world.done if isinstance(each, do.Say)]
    return "".join(utterance(world.state, saying, CONTEXT).text for saying in said)


def test_an_answer_is_named_with_its_number_and_all_that_stands_on_it() -> None:
    assert reached(World(), ev.ChoicePressed(choice_id="report")) == "1号，反映问题。您说，我帮您交上去。"


def test_a_command_is_named() -> None:
    assert reached(World(), ev.CommandGiven(command=Command.CALL_STAFF)) == "叫工作人员"


def test_what_is_chosen_already_is_told_to_be() -> None:
    world = World()
    world.happen(ev.CommandGiven(command=Command.SETTINGS))
    world.press("colour")
    chosen = {c.id: reached(world, ev.ChoicePressed(choice_id=c.id)) for c in offered(world.state)}
    assert [id_ for id_, words in chosen.items() if words.endswith("现在就是这个。")] == ["light"]


def test_every_answer_of_every_step_has_something_to_be_heard() -> None:
    world = World()
    for step in STEPS:
        world.state = replace(world.state, step=step)
        for choice in offered(world.state):
            words = utterance(world.state, Saying(told=Told.CHOICE, name=choice.id), CONTEXT).text
            assert words.strip(), (step, choice.id)


def test_coming_to_something_presses_nothing_and_ends_the_reading() -> None:
    world = World()
    before = world.state
    world.happen(ev.SpeechStarted(utterance_id=1), ev.ControlReached(act=ev.ChoicePressed(choice_id="report")))
    assert world.state.step == before.step
    assert world.state.draft == before.draft
    assert do.StopSpeech() in world.done


def test_nothing_is_said_into_a_recording_or_to_who_wants_silence() -> None:
    world = World()
    world.press("report", "start")
    assert reached(world, ev.ChoicePressed(choice_id="done")) == ""
    silent = World()
    silent.state = replace(silent.state, preferences=replace(silent.state.preferences, hush=Hush.SILENT))
    assert reached(silent, ev.ChoicePressed(choice_id="report")) == ""


def test_an_answer_that_has_gone_meanwhile_is_not_named() -> None:
    assert reached(World(), ev.ChoicePressed(choice_id="nothing-of-the-kind")) == ""
