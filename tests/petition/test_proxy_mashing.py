"""Whatever is pressed while somebody files for somebody else: nothing of one person is kept for, filed for or said of the next."""

import random
from dataclasses import replace

import pytest

from petition import effects as do
from petition import events as ev
from petition.derive import Context, utterance
from petition.errors import FaultCode
from petition.model import AttachmentKind, Authority, Draft
from petition.offer import offered
from petition.script.book import STEPS
from petition.state import Busy, Recorder, Rules
from petition.steps import WELCOME, Act, Command, Field, Input, Journey
from tests.petition.world import AGENT, NOON, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)
SPOKEN = ("我同意", "我不同意", "阿拉讲勿清爽", "", "电梯坏了")
NAMES = tuple(f"{family}秀{given}" for family in "赵钱孙李周吴郑王" for given in "英兰珍")
PHONES = tuple(f"1380013{n:04d}" for n in range(20))
ID = "11010519380312002X"
BADGES = (ev.BadgeScanned(badge="PKB1 one"), ev.BadgeScanned(badge="PKB1 another"))
COMMANDS = (Command.BACK, Command.BACK, Command.HOME, Command.FINISH, Command.SETTINGS, Command.CALL_STAFF)
EVENTS: tuple[ev.Event, ...] = (
    *BADGES,
    ev.CardRead(name="冯秀莲", id_number=ID),
    ev.Signed(strokes=(((1, 1), (300, 300)),)),
    ev.CameraFound(),
    ev.CameraLost(),
    ev.HeadphonesPlugged(),
    ev.HeadphonesUnplugged(),
    ev.HearingFound(),
    ev.MicrophoneLost(code=FaultCode.MICROPHONE_LOST),
    ev.MicrophoneFound(),
    ev.MicrophoneFound(),
)
LIKELY = {
    "proxy",
    "agree",
    "use",
    "shutter",
    "paper",
    "begin",
    "absent",
    "speak",
    "promise",
    "yes",
    "type",
    "send",
    "here",
    "stay",
    "done",
}
"""What leads on: else most of it would begin and never be filed."""
TIMERS = ("shutter", "shutter", "shutter", "second", "idle", "leave", "pause", "unheard", "closing")
EVIDENCE = {
    Authority.SPOKEN: {AttachmentKind.CONSENT},
    Authority.PRESSED: set(),
    Authority.PAPER: {AttachmentKind.PAPER},
    Authority.DECLARED: {AttachmentKind.SIGNATURE, AttachmentKind.CONSENT},
}
"""What may show each, and what else is no part of a petition."""
ALL_EVIDENCE = {AttachmentKind.CONSENT, AttachmentKind.PAPER, AttachmentKind.SIGNATURE}


def step_on(world: World, rng: random.Random) -> None:
    """Let one thing happen, most often a press of something that is there."""
    state = world.state
    writes = STEPS[state.step].writes
    match rng.choice(("press",) * 12 + ("write",) * 4 + ("command", "event", "event", "timer", "fate", "catch up")):
        case "press":
            choices = [c.id for c in offered(state) if not (c.act is Act.BEGIN_AGAIN or c.act is Act.MEND_LAST)]
            on = LIKELY - {"type"} if state.step == WELCOME else LIKELY
            likely = [id_ for id_ in choices if id_ in on] if rng.random() < 0.6 else []
            world.press(*([rng.choice(likely or choices)] if choices else []))
            while world.state.shutter and rng.random() < 0.9:
                world.elapse("shutter")
        case "write" if STEPS[state.step].takes is Input.TEXT:
            name = writes in {Field.NAME, Field.PRINCIPAL_NAME, Field.AGENT_NAME}
            world.happen(ev.TextEdited(text=rng.choice(NAMES) if name else rng.choice(("电梯坏了三天", "路灯不亮"))))
            world.press("done")
        case "write" if STEPS[state.step].takes is Input.DIGITS:
            digits = ID if writes is Field.ID_NUMBER else rng.choice(PHONES)
            world.happen(ev.DigitsEdited(digits=digits))
            world.press("done")
        case "write":
            world.press("proxy")
        case "command":
            world.happen(ev.CommandGiven(command=rng.choice(COMMANDS)))
        case "event":
            world.happen(rng.choice(EVENTS))
        case "timer":
            world.elapse(rng.choice(TIMERS))
        case "fate":
            world.spoken, world.voiced = rng.choice(SPOKEN), rng.random() < 0.8
            world.answering = rng.random() < 0.7
            world.picture_fault = rng.choice((None, None, FaultCode.BAD_INPUT, FaultCode.CAMERA_LOST))
            world.sign_in = rng.choice((None, None, ev.SignInRefused(tries_left=2)))
        case _:
            world.answering = True
            world.catch_up()


def check_filed(world: World, draft: Draft, agent: str) -> None:
    """What was filed shows who agrees by what belongs to it, and nothing else."""
    shown = {a.id: a.kind for a in draft.attachments if a.kind in ALL_EVIDENCE}
    if draft.on_behalf is None:
        assert shown == {}
        return
    behalf = draft.on_behalf
    assert behalf.authority is not Authority.NONE
    assert set(behalf.evidence) == set(shown)
    assert set(shown.values()) <= EVIDENCE[behalf.authority]
    assert bool(shown) is (behalf.authority is not Authority.PRESSED)
    assert behalf.words_version
    assert behalf.agent_id == agent
    assert draft.name == ""


def check(world: World, filed: int, agent: str, told: int) -> None:
    """Look at a moment of it; `filed` and `told` are how much was looked at before, `agent` who was signed in then."""
    state = world.state
    for draft in world.filed[filed:]:
        check_filed(world, draft, agent)
    for at, saying in world.told[told:]:
        said = utterance(at, saying, CONTEXT)
        words = said.text + said.spoken
        assert at.headphones or not any(private in words for private in (*NAMES, *PHONES, ID, "002X", "冯秀莲"))
    nothing_on_its_way = state.recorder is Recorder.OFF and state.busy is not Busy.TAKING and not world.pending
    if nothing_on_its_way:
        there = {a.id for a in state.draft.attachments} | ({state.picture.id} if state.picture else set())
        assert world.sealed == there
    if state.step in {WELCOME, "agent_ready", "agent_signed_out"}:
        behalf = state.draft.on_behalf
        assert behalf is None or behalf.authority is not Authority.NONE
        assert state.agent_code == ""
    if state.step in {"agent_ready", "agent_signed_out"}:
        bare = Draft(petition_id=state.draft.petition_id, language=state.draft.language)
        assert state.draft == bare
        written = (state.name_text, state.principal_text, state.agent_text, state.principal_digits, state.id_digits)
        assert not any(written)
        assert not any(name in repr(state.said) for name in (*NAMES, *PHONES))
    if STEPS[state.step].journey is Journey.PROXY and "agent" not in state.step and state.step != "proxy_relation":
        assert state.draft.on_behalf is not None


def mash(seed: int, moves: int) -> World:
    rng = random.Random(seed)  # noqa: S311 (repeatable, nothing secret)
    world = World(state=replace(World().state, rules=Rules(stick=True, cards=True)))
    world.happen(ev.CameraFound())
    for _ in range(moves):
        filed, told = len(world.filed), len(world.told)
        agent = world.state.agent.id if world.state.agent else ""
        step_on(world, rng)
        check(world, filed, agent, told)
    return world


@pytest.mark.parametrize("block", range(4))
def test_whatever_is_pressed_nothing_of_one_person_reaches_the_next(block: int) -> None:
    worlds = [mash(seed, 60) for seed in range(block * 100, block * 100 + 40)]
    assert any(draft.on_behalf for world in worlds for draft in world.filed)
    assert any(isinstance(effect, do.DropAttachments) for world in worlds for effect in world.done)
    assert any(id_ == AGENT.id for world in worlds for id_, _ in world.signed_out)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(3))
def test_nor_does_it_however_long_it_goes_on(block: int) -> None:
    worlds = [mash(seed, 150) for seed in range(10_000 + block * 1000, 10_000 + block * 1000 + 300)]
    authorities = {draft.on_behalf.authority for world in worlds for draft in world.filed if draft.on_behalf}
    assert authorities == set(EVIDENCE)
