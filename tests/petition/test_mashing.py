"""Whatever is pressed, in whatever order, with whatever going wrong: nobody is stuck and nothing is lost."""

import random
import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petition import effects as do
from petition import events as ev
from petition.derive import Context, screen, utterance
from petition.ears import ears, listening
from petition.errors import FaultCode
from petition.model import CallStanding, Draft, TextSource
from petition.offer import offered
from petition.pad import Movement
from petition.ports import PrinterChanged, PrinterState, PrintOutcome
from petition.receipt import receipt_number
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.state import Busy, Recorder, Rules
from petition.steps import WELCOME, Command, Field, Journey
from tests.petition.world import CATALOGUE, NOON, PIN, REPLY, World

pytestmark = pytest.mark.xdist_group("mashing")  # one test looks at what the other has seen

SEQUENCES = 2500
CONTEXT = Context(translate=lambda _, source: source, now=NOON)
NUMBER = receipt_number("10230", 1)
BROKEN_OFF = Draft(petition_id=str(uuid.UUID(int=3)), text="煤气表坏了", text_source=TextSource.TYPED)

SINGLE_EVENTS: list[ev.Event] = [
    *(ev.NumberPressed(number=n) for n in range(10)),
    *(ev.CommandGiven(command=c) for c in Command),
    *(ev.TextEdited(text=t) for t in ("", " ", "楼道灯不亮", "三号楼")),
    *(ev.DigitsEdited(digits=d) for d in ("", "1", "13800138000", "01012345678", NUMBER, NUMBER[::-1], "123456")),
    ev.ReceiptScanned(number=NUMBER, tag="0" * 20),
    ev.ForeignCodeScanned(),
    ev.BadgeScanned(badge="PKB1"),
    ev.CardRead(name="王秀英", id_number="11010519380312002X"),
    ev.Signed(strokes=(((10, 10), (500, 200)),)),
    ev.CameraFound(),
    ev.CameraFound(),
    ev.CameraLost(),
    ev.ScreenTouched(),
    ev.ControlReached(act=ev.ChoicePressed(choice_id="send")),
    ev.ControlReached(act=ev.CommandGiven(command=Command.FINISH)),
    ev.KeyReached(name="退格"),
    *(ev.KeyTried(key=str(m), meaning=m) for m in (Movement.NEXT, Command.HELP, 0, 7, None)),
    ev.HeadphonesPlugged(),
    ev.HeadphonesUnplugged(),
    ev.SpeechHeard(),
    ev.SilenceHeard(seconds=4),
    ev.LevelHeard(level=0.5),
    ev.MicrophoneLost(code=FaultCode.MICROPHONE_LOST),
    ev.MicrophoneLost(code=FaultCode.DISK_FULL),
    ev.MicrophoneFound(),
    ev.SpeechLost(code=FaultCode.SPEAKER_MISSING),
    ev.SpeechFound(),
    ev.SpeechStarted(utterance_id=1),
    ev.SpeechEnded(utterance_id=1, completed=True),
    *(ev.PhraseMissed(near=n) for n in ("", "查进度", "对提交", "二号", "返回", "结束", "说完了", "写好了")),
    *(ev.DigitsHeard(digits=d) for d in ("1", "0138", "13800138000", NUMBER, "123456")),
    *(ev.PhraseHeard(phrase=p) for p in ("对提交", "对", "不对", "一号", "三号", "返回", "退一格", "都不像")),
    ev.WordsHeard(recording_id="", text="灯坏了", settled=0),
    ev.HearingFound(),
    ev.HearingFound(),
    ev.HearingLost(code=FaultCode.RECOGNISER_MISSING),
    ev.CatalogueArrived(catalogue=replace(CATALOGUE, rating_levels=())),
    ev.CatalogueArrived(catalogue=CATALOGUE),
    ev.LineChanged(up=True),
    ev.LineChanged(up=False),
]
EVENTS = st.sampled_from(SINGLE_EVENTS)
"""Things that happen by themselves or by any hand."""

ASKING_FAULTS: list[dict[str, object]] = [{"asking_fault": code} for code in FaultCode]
FATE_LIST: list[dict[str, object]] = [
    {"voiced": False},
    {"voiced": True},
    {"filing_fault": FaultCode.DISK_FULL},
    {"filing_fault": FaultCode.OUT_OF_NUMBERS},
    {"filing_fault": None},
    *ASKING_FAULTS,
    {"asking_fault": None},
    {"from_cache": True},
    {"from_cache": False},
    {"on_its_way": True},
    {"on_its_way": False},
    {"reply": ""},
    {"agents": True},
    {"agents": False},
    {"filed_by_another": True},
    {"taken_back": True},
    {"taken_back": False},
    {"elsewhere": True},
    {"elsewhere": False},
    {"later_fault": FaultCode.DISK_FULL},
    {"later_fault": None},
    {"call_standing": CallStanding.RINGING},
    {"call_standing": CallStanding.ANSWERED, "call_by": "王师傅"},
    {"call_standing": CallStanding.UNREACHABLE},
    {"print_outcome": PrintOutcome.PRINTED, "printer": PrinterState.READY},
    {"print_outcome": PrintOutcome.UNKNOWN, "printer": PrinterState.UNKNOWN},
    {"print_outcome": PrintOutcome.NOT_PRINTED, "printer": PrinterState.PAPER_OUT},
    {"print_outcome": PrintOutcome.NOT_PRINTED, "printer": PrinterState.COVER_OPEN},
    {"print_outcome": PrintOutcome.NOT_PRINTED, "printer": PrinterState.OFFLINE},
    {"picture_fault": FaultCode.DISK_FULL},
    {"picture_fault": FaultCode.BAD_INPUT},
    {"picture_fault": FaultCode.CAMERA_LOST},
    {"picture_fault": None},
    {"stick": False},
    {"stick": True},
    {"sign_in": ev.SignInRefused(tries_left=2)},
    {"sign_in": None},
    {"withdrawn": date(2026, 3, 6)},
    {"withdrawn": None},
    {"overdue": True},
    {"overdue": False},
    {"answering": False},
    {"answering": True},
]
FATES = st.sampled_from(FATE_LIST)
TIMER_NAMES = (
    "shutter",
    "idle",
    "second",
    "leave",
    "pause",
    "unheard",
    "closing",
    "attentive",
    "unanswered",
    "bell",
    "desk",
)
TIMERS = st.sampled_from(TIMER_NAMES)
CHOICES = st.integers(0, 8)
"""The place of an answer, so that every sequence presses something that is there most of the time."""
MOVE = st.one_of(
    CHOICES.map(lambda n: ("choose", n)),
    CHOICES.map(lambda n: ("fill in", n)),
    CHOICES.map(lambda n: ("speak", n)),
    EVENTS.map(lambda e: ("event", e)),
    TIMERS.map(lambda t: ("timer", t)),
    FATES.map(lambda f: ("fate", f)),
)
MOVES = st.lists(MOVE, min_size=1, max_size=30)
HABITS = (
    "choose",
    "choose",
    "choose",
    "fill in",
    "fill in",
    "speak",
    "speak",
    "speak unclearly",
    "event",
    "timer",
    "fate",
    "ask",
    "rate",
    "say later",
    "go to the desk",
    "print",
    "file for",
    "sign in",
    "add",
    "call",
    "send",
    "say more",
    "be away",
)
"""What a walk does how often: mostly it presses what is there."""


def walk(seed: int) -> list[tuple[str, object]]:
    """Return a long walk of one seed: hypothesis' own lists are short and alike."""
    chance = random.Random(seed)  # noqa: S311 (a test's dice)
    made: list[tuple[str, object]] = []
    for _ in range(chance.randrange(30, 90)):
        match chance.choice(HABITS):
            case "event":
                made.append(("event", chance.choice(SINGLE_EVENTS)))
            case "timer":
                made.append(("timer", chance.choice(TIMER_NAMES)))
            case "fate":
                made.append(("fate", chance.choice(FATE_LIST)))
            case habit:
                made.append((habit, chance.randrange(99)))
    return made


seen: set[str] = set()


def make(world: World, move: tuple[str, object]) -> None:  # noqa: C901, PLR0912, PLR0915 (one flat table of all moves)
    match move:
        case ("choose", int(place)):
            choices = offered(world.state)
            if choices:
                world.press(choices[place % len(choices)].id)
        case ("fill in", int(place)):
            fill_in(world)
            make(world, ("choose", place))
        case ("speak" | "speak unclearly" as how, int(place)):
            speak(world, place, clearly=how == "speak")
        case ("send", int(seed)):
            faults = (None, FaultCode.DISK_FULL, FaultCode.OUT_OF_NUMBERS)
            world.filing_fault = faults[seed % len(faults)]
            world.happen(ev.LineChanged(up=bool(seed % 2)), ev.CommandGiven(command=Command.HOME))
            world.press("resume", "send")
        case ("say more", int(seed)):
            world.happen(ev.CommandGiven(command=Command.HOME))
            world.press("resume")
            if world.state.step == "review_heard":
                world.press("change")
            world.press("details", *(("place",), ("place", "write"), ("category",), ("kind",))[seed % 4])
        case ("be away", _):
            for name in ("idle", "second", "second"):
                world.elapse(name)
        case ("ask", int(seed)):
            fates = [f for f in FATE_LIST if "asking_fault" in f or "from_cache" in f or "on_its_way" in f]
            make(world, ("fate", fates[seed % len(fates)]))
            world.happen(ev.CommandGiven(command=Command.HOME), ev.ReceiptScanned(number=NUMBER, tag="0" * 20))
        case ("rate", int(seed)):
            make(world, ("fate", {"asking_fault": None, "on_its_way": False, "from_cache": False}))
            make(world, ("fate", {"reply": "" if seed % 3 == 0 else REPLY, "elsewhere": seed % 4 == 1}))
            make(world, ("fate", {"withdrawn": None}))
            world.happen(ev.CommandGiven(command=Command.HOME))
            world.press("rate")
            world.happen(ev.DigitsEdited(digits=NUMBER))
            make(world, ("choose", 0))
            world.happen(ev.DigitsEdited(digits="123456"))
            seen.add(world.state.step)
            make(world, ("choose", seed % 4))
            world.later_fault = FaultCode.DISK_FULL if seed % 7 == 0 else None
            make(world, ("choose", 0))
            seen.add(world.state.step)
            if world.state.step == "review_offer" and seed % 3:
                world.press("yes")
                seen.add(world.state.step)
                make(world, ("fill in", 0))
                seen.add(world.state.step)
        case ("say later", int(seed)):
            make(world, ("fate", {"asking_fault": None, "on_its_way": False, "from_cache": False, "elsewhere": False}))
            make(world, ("fate", {"reply": "", "overdue": seed % 2 == 0, "taken_back": False, "withdrawn": None}))
            make(world, ("fate", {"agents": seed % 5 == 0, "filed_by_another": seed % 6 == 0}))
            world.happen(ev.CommandGiven(command=Command.HOME), ev.ReceiptScanned(number=NUMBER, tag="0" * 20))
            world.press("say")
            seen.add(world.state.step)
            world.later_fault = FaultCode.DISK_FULL if seed % 7 == 0 else None
            if seed % 6 == 0:
                world.press("revoke")
                seen.add(world.state.step)
                world.press("revoke")
                return
            make(world, ("choose", seed % 3))
            make(world, ("choose", seed % 2))
        case ("go to the desk", int(seed)):
            world.happen(ev.CommandGiven(command=Command.SETTINGS))
            if seed % 9 == 0:
                world.press("reach", "keys")
                return
            world.press("desk")
            refused = [
                ev.DeskRefused(locked_minutes=2),
                ev.DeskRefused(unset=True),
                ev.DeskRefused(tries_left=3),
                ev.DeskRefused(fault=FaultCode.DISK_FULL),
            ]
            world.answering = True
            world.catch_up()
            if seed % 4:
                world.happen(ev.DigitsEdited(digits=PIN), ev.ChoicePressed(choice_id="done"))
                world.press(*(("receipts",), ("receipts", "number"), ("queue",), ("parts",))[seed % 4])
                if seed % 5 == 0:
                    world.interrupted = BROKEN_OFF
                    world.happen(world.desk())
                    world.press("desk", "interrupted")
                    seen.add(world.state.step)
                    world.press(*(("resume",), ("discard",), ("discard", "discard"))[seed // 5 % 3])
            else:
                world.answering = False
                world.happen(ev.DigitsEdited(digits=PIN), ev.ChoicePressed(choice_id="done"))
                world.pending.clear()
                world.happen(refused[seed // 4 % 4])
                world.answering = True
        case ("print", int(seed)):
            state = list(PrinterState)[seed % len(PrinterState)]
            world.state = replace(world.state, rules=replace(world.state.rules, residents_print=True))
            well = state in {PrinterState.READY, PrinterState.PAPER_LOW}
            outcome = PrintOutcome.PRINTED if well else PrintOutcome.NOT_PRINTED
            world.answering, world.filing_fault = True, None
            world.catch_up()
            world.happen(ev.CommandGiven(command=Command.HOME))
            world.press("type")
            world.happen(ev.TextEdited(text="楼道灯不亮"))
            world.press("done", "send")
            world.printer, world.print_outcome = state, PrintOutcome.UNKNOWN if seed % 5 == 0 else outcome
            world.happen(PrinterChanged(state=state))
            world.press("print")
        case ("call", int(seed)):
            fates = [f for f in FATE_LIST if "call_standing" in f]
            make(world, ("fate", fates[seed % len(fates)]))
            world.happen(ev.CommandGiven(command=Command.CALL_STAFF))
            if seed % 3 == 0:
                world.elapse("unanswered")
        case ("file for" | "sign in", int(seed)):
            file_for(world, seed, signed_in=move[0] == "sign in")
        case ("add", int(seed)):
            add(world, seed)
        case ("event", event):
            world.happen(event)  # type: ignore[arg-type]
        case ("timer", str(name)):
            world.elapse(name)
        case ("fate", dict(fate)):
            for name, value in fate.items():
                setattr(world, name, value)
            if world.answering:
                world.catch_up()
        case _:
            raise AssertionError(move)


def speak(world: World, place: int, *, clearly: bool) -> None:
    """Say something that is listened for; unclearly only where ears are open, or it would hardly ever be."""
    if not clearly:
        world.happen(ev.HearingFound(), ev.ScreenTouched(), ev.SpeechEnded(utterance_id=1, completed=False))
    if phrases := ears(world.state).phrases:
        phrase = phrases[place % len(phrases)]
        world.happen(ev.PhraseHeard(phrase=phrase) if clearly else ev.PhraseMissed(near=phrase))


def file_for(world: World, seed: int, *, signed_in: bool) -> None:
    """Begin to file for somebody else, in one of the ways there are, and go on for a while."""
    world.answering, world.picture_fault = True, None
    world.voiced, world.spoken = seed % 3 != 0, ("我同意由女儿替我办", "嗯啊", "我不同意")[seed % 3]
    refused = seed % 11 == 0
    world.sign_in = ev.SignInRefused(locked_minutes=2, expired=seed % 2 == 0) if refused else None
    world.catch_up()
    if world.state.agent is None or not signed_in:
        world.happen(ev.CommandGiven(command=Command.HOME), ev.CameraFound())
        world.press("proxy")
    if signed_in:
        world.press("out") if seed % 13 == 0 else None
        world.press("volunteer")
        seen.add(world.state.step)
        world.press("pin")
        seen.add(world.state.step)
        world.happen(ev.DigitsEdited(digits="1007246810"), ev.ChoicePressed(choice_id="done"))
        seen.add(world.state.step)
    world.press(("parent", "neighbour")[seed % 2], ("begin", "absent")[seed // 2 % 2])
    ways: tuple[tuple[str, ...], ...] = (
        ("speak", "agree"),
        ("speak", "done", "agree"),
        ("cannot", "agree"),
        ("absent", "paper", "yes", "shutter"),
        ("absent", "promise", "yes"),
        ("absent", "promise", "no", "done", "skip"),
    )
    for choice in ways[seed // 4 % len(ways)]:
        world.press(choice)
        seen.add(world.state.step)
    for _ in range(3):
        world.elapse("shutter")
    seen.add(world.state.step)
    world.happen(ev.Signed(strokes=(((10, 10), (500, 200)),)))
    world.press("use", "done")
    for _ in range(seed % 6):
        seen.add(world.state.step)
        fill_in(world)
        world.press(*(("skip",) if seed % 5 == 0 else ("yes", "done")))
    seen.add(world.state.step)


def add(world: World, seed: int) -> None:
    """Add a picture, a name or a number to a petition, and send it, perhaps twice."""
    world.answering, world.filing_fault = True, None
    world.picture_fault = (None, None, FaultCode.BAD_INPUT, FaultCode.CAMERA_LOST)[seed % 4]
    world.catch_up()
    world.state = replace(world.state, rules=replace(world.state.rules, stick=seed % 2 == 0))
    world.happen(ev.CameraFound(), ev.CommandGiven(command=Command.HOME))
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"))
    world.press("done", "details")
    roads: tuple[tuple[str, ...], ...] = (
        ("picture", "yes", "camera", "shutter"),
        ("picture", "yes", "stick", "entry-1"),
        ("picture", "yes", "stick"),
        ("who", "name"),
        ("who", "id", "yes"),
        ("who", "principal"),
        ("who", "agent"),
    )
    for choice in roads[seed % len(roads)]:
        world.press(choice)
        seen.add(world.state.step)
    for _ in range(3):
        world.elapse("shutter")
    seen.add(world.state.step)
    world.press("use")
    if seed % 3 == 0:
        world.press("details", "picture", "remove")
        seen.add(world.state.step)
    if seed % 4 == 0:
        world.happen(ev.CommandGiven(command=Command.HOME))
        world.press("resume", "send", "another", "type")
        world.happen(ev.TextEdited(text="楼道灯不亮"))
        world.press("done", "send")
        seen.add(world.state.step)


def fill_in(world: World) -> None:
    """Do what the step asks for."""
    match STEPS[world.state.step].writes:
        case Field.TEXT | Field.PLACE | Field.COMMENT:
            world.happen(ev.TextEdited(text="楼道灯不亮"))
        case Field.PHONE:
            world.happen(ev.DigitsEdited(digits="13800138000"))
        case Field.NUMBER:
            world.happen(ev.DigitsEdited(digits=NUMBER))
        case Field.CODE:
            world.happen(ev.DigitsEdited(digits="123456"))
        case Field.PIN:
            world.happen(ev.DigitsEdited(digits=PIN))
        case Field.DESK_NUMBER:
            world.happen(ev.DigitsEdited(digits=NUMBER))
        case Field.NAME | Field.PRINCIPAL_NAME | Field.AGENT_NAME:
            world.happen(ev.TextEdited(text="王秀英"))
        case Field.PRINCIPAL_PHONE | Field.AGENT_PHONE:
            world.happen(ev.DigitsEdited(digits="13800138000"))
        case Field.ID_NUMBER:
            world.happen(ev.DigitsEdited(digits="110105380312002"))
        case Field.AGENT_CODE:
            world.happen(ev.DigitsEdited(digits="1007246810"))
        case None:
            pass


def given_so_far(draft: Draft) -> tuple[str, object, object, object, object, tuple[object, ...]]:
    return draft.text, draft.kind, draft.category, draft.place, draft.phone, draft.recordings


def settle(world: World) -> None:
    """Let what is pending happen, and let nothing go wrong from here on."""
    world.voiced, world.answering = True, True
    world.filing_fault = world.asking_fault = world.later_fault = world.picture_fault = None
    world.catch_up()
    if world.state.busy is Busy.FILING:
        raise AssertionError("still filing after everything has answered")


def check_back_loses_nothing(world: World) -> None:
    twin = replace_world(world)
    before = given_so_far(twin.state.draft)
    had_receipt = twin.state.step == "receipt_leave"
    twin.happen(ev.CommandGiven(command=Command.BACK))
    after = given_so_far(twin.state.draft)
    if not had_receipt:
        assert after[0].startswith(before[0])  # a recording that is left half-way adds its words
        assert after[1:-1] == before[1:-1]
        assert set(before[-1]) <= set(after[-1])


def replace_world(world: World) -> World:
    return replace(
        world,
        timers=dict(world.timers),
        filed=list(world.filed),
        later=list(world.later),
        slips=list(world.slips),
        done=list(world.done),
        pending=list(world.pending),
    )


def check_home_is_reachable(world: World) -> None:
    for _ in range(12):
        if world.state.step == WELCOME:
            return
        world.happen(ev.CommandGiven(command=Command.BACK))
        world.elapse("leave")
    raise AssertionError(world.state.step)


def check_submit_is_reachable(world: World) -> None:
    filed, later = len(world.filed), len(world.later)
    draft = world.state.draft
    if draft.regarding is not None and not draft.empty:  # it belongs to a petition that was filed before
        world.press("resume", "send")
        assert (len(world.filed), len(world.later)) == (filed, later + 1)
        assert STEPS[world.state.step].journey in {Journey.PROGRESS, Journey.RATING}
        return
    world.press("type")
    if draft.on_behalf is not None:  # what was begun for somebody else comes first
        world.press("draft", "type")
        if world.state.step != "type_text":
            world.press("more", "type") if world.state.step == "describe" else world.press("change", "type")
    world.happen(ev.TextEdited(text="门口的路灯坏了"))
    world.press("done", "send")
    assert len(world.filed) == filed + 1
    assert world.state.step in {"receipt", "receipt_offline"}


@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.one_of(MOVES, st.integers(0, 2**32).map(walk)))
def test_wherever_mashing_leads_home_and_sending_are_near_and_back_loses_nothing(
    moves: list[tuple[str, object]],
) -> None:
    world = World()
    world.state = replace(world.state, rules=Rules(warning_seconds=2))
    for move in moves:
        make(world, move)
        seen.add(world.state.step)
        state = world.state
        assert screen(state, CONTEXT).title
        assert screen(state, CONTEXT).caption.listening == (listening(state) or state.recorder is Recorder.ON)
        for told in (Told.STEP, Told.STEP_AGAIN, Told.HELP, Told.WHERE):
            utterance(state, Saying(told=told), CONTEXT)
        assert len({*state.covered, state.step}) == len(state.covered) + 1
        assert not state.meant or "did_you_mean" in {*state.covered, state.step}
        if state.receipt is None:
            assert "receipt" not in state.step or state.step not in {"receipt", "receipt_offline"}
    settle(world)
    check_back_loses_nothing(world)
    check_home_is_reachable(world)
    check_submit_is_reachable(world)


def test_every_step_of_the_script_is_reached_by_mashing() -> None:
    if not seen:
        test_wherever_mashing_leads_home_and_sending_are_near_and_back_loses_nothing()
    assert sorted(set(STEPS) - seen) == []


def test_no_draft_survives_a_wipe_in_what_is_kept() -> None:
    world = World()
    world.press("type")
    world.happen(ev.TextEdited(text="楼道灯不亮"), ev.CommandGiven(command=Command.FINISH))
    world.press("clear")
    assert world.kept is None
    assert isinstance(next(e for e in reversed(world.done) if isinstance(e, do.Wipe | do.KeepDraft)), do.Wipe)
