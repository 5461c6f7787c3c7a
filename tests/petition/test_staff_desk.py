"""The staff desk: it lies over a visit, is opened by a PIN and by hand, tells nothing of anybody, and leaves no trace."""

import uuid
from dataclasses import replace

import pytest

from petition import effects as do
from petition import events as ev
from petition.derive import Context, screen, utterance
from petition.ears import ears, meaning
from petition.errors import FaultCode
from petition.model import CallStanding, Desk, Draft, Language, TextSource
from petition.offer import offered
from petition.ports import PrinterState, PrintOutcome
from petition.receipt import in_fours, receipt_number
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.state import Busy, Preferences, State
from petition.steps import RETURN, WELCOME, Act, Command, Input, Journey
from tests.petition.test_calling import news
from tests.petition.world import NOON, PIN, World

CONTEXT = Context(translate=lambda _, source: source, now=NOON)
SECRET = "三号楼的王大爷被欠了工钱"
STAFF = sorted(id_ for id_, step in STEPS.items() if step.journey is Journey.STAFF)
OVER = sorted(
    id_
    for id_, step in STEPS.items()
    if step.journey not in {Journey.STAFF, Journey.CALL_STAFF} and not step.overlay and step.takes is not Input.SPEECH
)
"""Steps that the desk may lie over."""
SETTINGS, HOME, BACK, FINISH = (
    ev.CommandGiven(command=c) for c in (Command.SETTINGS, Command.HOME, Command.BACK, Command.FINISH)
)
NEWEST = receipt_number("10230", 9)
OLDEST = receipt_number("10230", 1)


@pytest.fixture
def world() -> World:
    """Somebody in the midst of writing, and staff beside them."""
    world = World(state=replace(World().state, printer=PrinterState.READY))
    world.press("type")
    world.happen(ev.TextEdited(text=SECRET))
    return world


def come(world: World) -> State:
    world.happen(SETTINGS)
    return world.press("desk")


def open_desk(world: World, *presses: str) -> State:
    come(world)
    world.happen(ev.DigitsEdited(digits=PIN))
    world.press("done", *presses)
    return world.state


def ids(world: World) -> list[str]:
    return [choice.id for choice in offered(world.state)]


def orders(world: World) -> list[tuple[str, ...]]:
    return [tuple(effect.numbers) for effect in world.done if isinstance(effect, do.PrintReceipts)]


def shut(state: State) -> bool:
    clean = (state.pin_digits, state.desk_digits, state.picked, state.desk_page, state.locked_minutes)
    beneath = any(step in STAFF for step in (*state.covered, state.step))
    return state.desk is None and clean == ("", "", (), 0, 0) and not beneath


def everything_told(state: State) -> str:
    """All that eye and ear can be told on a step."""
    told = [Told.STEP, Told.STEP_AGAIN, Told.HELP, Told.WHERE]
    said = [utterance(state, Saying(told=t), CONTEXT) for t in told] + [utterance(state, state.saying, CONTEXT)]
    return repr(screen(replace(state, help_shown=True), CONTEXT)) + repr(said)


# -- the PIN -----------------------------------------------------------------------------------------------------------


def test_the_right_pin_opens_it_and_is_kept_nowhere(world: World) -> None:
    assert come(world).step == "staff_pin"
    world.happen(ev.DigitsEdited(digits=PIN))
    assert world.press("done").step == "staff_home"
    assert PIN not in repr(world.state)


def test_a_pin_is_masked_and_neither_said_nor_named(world: World) -> None:
    come(world)
    for digit in PIN:
        world.happen(ev.KeyReached(name=digit), ev.NumberPressed(number=int(digit)))
        shown = screen(world.state, CONTEXT)
        assert shown.masked
        spoken = " ".join(utterance(world.state, e.saying, CONTEXT).spoken for e in world.done if isinstance(e, do.Say))
        assert world.state.pin_digits not in spoken.replace(" ", "") or len(world.state.pin_digits) < 2
        assert PIN not in shown.caption.text
        assert world.state.saying.told is not Told.KEY
    assert not [e for e in world.done if isinstance(e, do.Say) and e.saying == Saying(told=Told.KEY, name="4")]


def test_a_pin_is_not_taken_from_what_is_said(world: World) -> None:
    world.happen(ev.HearingFound())
    come(world)
    assert not ears(world.state).digits
    world.happen(ev.DigitsHeard(digits=PIN), ev.PhraseHeard(phrase="一号"))
    assert world.state.pin_digits == ""
    assert world.state.step == "staff_pin"


@pytest.mark.parametrize("digits", ["", "4", "405"])
def test_less_than_a_pin_is_not_tried(world: World, digits: str) -> None:
    come(world)
    world.happen(ev.DigitsEdited(digits=digits))
    assert world.press("done").step == "staff_pin"
    assert not [e for e in world.done if isinstance(e, do.OpenDesk)]


def test_a_wrong_one_is_said_so_with_the_tries_that_are_left(world: World) -> None:
    come(world)
    world.happen(ev.DigitsEdited(digits="111111"))
    assert world.press("done").step == "staff_wrong"
    assert "还能试四次" in screen(world.state, CONTEXT).body
    assert world.press("again").step == "staff_pin"
    assert world.state.pin_digits == ""
    world.happen(ev.DigitsEdited(digits=PIN))
    assert world.press("done").step == "staff_home"


@pytest.mark.parametrize(
    ("refused", "step"),
    [
        (ev.DeskRefused(tries_left=3), "staff_wrong"),
        (ev.DeskRefused(locked_minutes=5), "staff_locked"),
        (ev.DeskRefused(unset=True), "staff_unset"),
        (ev.DeskRefused(fault=FaultCode.DISK_FULL), "staff_fault"),
    ],
)
def test_whyever_it_stays_shut_the_visit_goes_on(world: World, refused: ev.DeskRefused, step: str) -> None:
    world.answering = False
    come(world)
    world.happen(ev.DigitsEdited(digits=PIN))
    assert world.press("done").busy is Busy.OPENING
    assert world.happen(refused).step == step
    assert world.state.busy is None
    if refused.locked_minutes:
        assert "五分钟" in screen(world.state, CONTEXT).body
    assert world.press("leave").step == "type_text"
    assert world.state.draft.text == SECRET
    assert shut(world.state)


@pytest.mark.parametrize("how", [BACK, HOME, FINISH, SETTINGS, ev.CommandGiven(command=Command.CALL_STAFF)])
def test_a_pin_that_is_still_looked_at_opens_nothing_for_who_has_gone_on(world: World, how: ev.Event) -> None:
    world.answering = False
    come(world)
    world.happen(ev.DigitsEdited(digits=PIN))
    world.press("done")
    world.happen(how)
    assert do.CloseDesk() in world.done
    step = world.state.step
    assert world.catch_up().step == step or how == ev.CommandGiven(command=Command.CALL_STAFF)
    assert world.state.desk is None
    assert world.state.busy is None


def test_what_the_desk_tells_opens_it_for_nobody_who_did_not_ask(world: World) -> None:
    before = world.state
    assert world.happen(world.desk(), ev.DeskRefused(tries_left=1)) == before
    come(world)
    assert world.happen(world.desk()).step == "staff_pin"


@pytest.mark.parametrize("step", [s for s in STAFF if s not in {"staff_pin", "staff_number"}])
def test_nothing_at_the_desk_is_pressed_by_voice(step: str) -> None:
    world = World()
    state = replace(world.state, hearing=True, begun=True, desk=Desk(receipts=world.desk().desk.receipts))
    world.state = replace(state, step=step, covered=(WELCOME,), picked=(NEWEST,))
    for phrase in ("一号", "二号", *(choice.label for choice in offered(world.state))):
        assert world.happen(ev.PhraseHeard(phrase=phrase)).step == step
    assert orders(world) == []


# -- over a visit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", OVER)
def test_it_lies_over_any_visit_and_leaves_it_as_it_was(step: str) -> None:
    world = World()
    draft = Draft(petition_id=world.state.draft.petition_id, text=SECRET)
    page = 1
    world.state = replace(world.state, step=step, draft=draft, phone_digits="138", page=page)
    before = world.state
    assert open_desk(world, "receipts").step == "staff_receipts"
    world.press(ids(world)[0], "next", "desk", "close")
    assert world.state.step == step
    assert shut(world.state)
    unsaid = {"saying": before.saying, "heard_out": before.heard_out, "attentive": before.attentive}
    unsaid |= {"stick": False, "files": ()}  # what is on a stick is found out anew
    assert replace(world.state, **unsaid) == replace(before, begun=world.state.begun)  # type: ignore[arg-type]


def test_nothing_that_a_resident_gave_is_on_any_screen_of_it(world: World) -> None:
    world.press("done", "phone")
    world.happen(ev.DigitsEdited(digits="13800138000"))
    world.press("done")
    world.interrupted = cut_off(text=SECRET)
    open_desk(world)
    seen = {world.state.step}
    for presses in (("receipts",), ("receipts", ids_of_first(), "number"), ("queue",), ("parts",), ("interrupted",)):
        world.happen(BACK)
        open_desk(world, *presses)
        seen.add(world.state.step)
        told = everything_told(world.state)
        assert SECRET not in told
        assert "13800138000" not in told
        assert "8000" not in told
    for step in STAFF:
        told = everything_told(replace(world.state, step=step))
        assert SECRET not in told
        assert "13800138000" not in told
    assert {"staff_home", "staff_receipts", "staff_number", "staff_queue", "staff_parts", "staff_interrupted"} <= seen


CUT = "煤气表坏了，没人来修"


def cut_off(**draft: object) -> Draft:
    given = {"text": CUT, "text_source": TextSource.TYPED, "language": Language.TRADITIONAL, **draft}
    return Draft(petition_id=str(uuid.UUID(int=99)), **given)  # type: ignore[arg-type]


def test_what_a_power_cut_broke_off_is_brought_back_by_staff_and_goes_on() -> None:
    world = World(interrupted=cut_off())
    told = everything_told(open_desk(world))
    assert CUT not in told
    told = everything_told(world.press("interrupted"))
    assert "没来得及交" in told
    assert CUT not in told
    heard = len(world.told)
    assert world.press("resume").step == "review"
    assert shut(world.state)
    assert world.told[heard:] == []
    assert world.state.preferences.language is Language.TRADITIONAL
    assert world.kept is not None
    assert world.kept.text == CUT
    recording = world.press("more").recording_id
    world.press("done")
    assert recording != str(uuid.uuid5(uuid.UUID(int=99), "recording/1"))
    world.press("send")
    assert [(draft.text[: len(CUT)], len(draft.recordings)) for draft in world.filed] == [(CUT, 1)]
    open_desk(world)
    assert "interrupted" not in ids(world)


def test_nothing_is_brought_into_what_somebody_has_begun(world: World) -> None:
    world.interrupted = cut_off()
    open_desk(world, "interrupted", "resume")
    assert world.state.step == "staff_interrupted"
    assert world.state.saying == Saying(told=Told.PHRASE, name="resume_first")
    assert world.press("desk", "close").draft.text == SECRET
    assert world.interrupted is not None


def test_nor_where_somebody_has_begun_meanwhile() -> None:
    world = World(interrupted=cut_off())
    open_desk(world, "interrupted")
    world.answering = False
    world.press("resume", "desk", "close", "type")
    world.answering = True
    assert world.catch_up().step == "type_text"
    assert world.state.draft.empty
    assert world.interrupted is not None


@pytest.mark.parametrize("broken", [None, cut_off(text="", text_source=TextSource.NONE)])
def test_what_is_not_there_any_more_is_told_so(broken: Draft | None) -> None:
    world = World(interrupted=cut_off())
    open_desk(world, "interrupted")
    world.interrupted = broken
    assert world.press("resume").step == "staff_interrupted"
    assert world.state.saying == Saying(told=Told.PHRASE, name="resume_none")


def test_nothing_of_it_is_read_out_and_nothing_is_sent_by_voice_before_somebody_asks_to_hear_it() -> None:
    world = World(interrupted=cut_off(text_source=TextSource.RECOGNISED))
    world.happen(ev.HearingFound())
    open_desk(world, "interrupted")
    heard = len(world.told)
    assert world.press("resume").step == "review_heard"
    assert world.told[heard:] == []
    assert meaning(world.state, "对提交") is None
    world.happen(ev.CommandGiven(command=Command.REPEAT))
    assert world.told[-1][1].told is Told.STEP_AGAIN
    world.happen(ev.SpeechEnded(utterance_id=1, completed=True))
    assert meaning(world.state, "对提交") is not None


def test_what_is_added_gets_ids_that_nothing_had_before_however_often_it_breaks_off() -> None:
    made: list[str] = []
    broken = cut_off(text="", text_source=TextSource.NONE)
    for _ in range(3):
        world = World(interrupted=broken)
        if made:
            world._resumed = 1000 * len(made)
            open_desk(world, "interrupted", "resume", "more")
        else:
            world.state = replace(world.state, draft=broken)
            world.press("report", "start")
        world.press("done")
        made.append(world.recording_id())
        broken = world.state.draft
    assert len(set(made)) == len(made) == len(broken.recordings)


def test_a_disk_that_does_not_let_it_be_read_is_told_so_and_it_stays() -> None:
    world = World(interrupted=cut_off())
    open_desk(world, "interrupted")
    world.happen(ev.DraftResumed(fault=FaultCode.DISK_FULL))
    assert world.state.step == "staff_interrupted"
    assert world.state.saying == Saying(told=Told.PHRASE, name="resume_fault")


def test_a_receipt_that_somebody_has_before_them_is_not_taken_from_them() -> None:
    world = World(interrupted=cut_off())
    world.press("type")
    world.happen(ev.TextEdited(text=SECRET))
    world.press("done", "send")
    open_desk(world, "interrupted", "resume")
    assert world.state.saying == Saying(told=Told.PHRASE, name="resume_first")
    assert world.press("desk", "close").step in {"receipt", "receipt_offline"}


def test_what_was_typed_stays_typed_when_it_is_brought_back() -> None:
    both = f"{CUT}。说的话。"
    world = World(interrupted=cut_off(text=both, text_source=TextSource.RECOGNISED, typed=CUT))
    world.happen(ev.HearingFound())
    open_desk(world, "interrupted", "resume")
    world.spoken = "新的话"
    world.press("again", "done")
    assert world.state.draft.text == f"{CUT}。新的话"


def test_it_is_wiped_only_by_who_was_asked_once_more() -> None:
    world = World(interrupted=cut_off())
    open_desk(world, "interrupted")
    assert world.press("discard").step == "staff_discard"
    assert world.press("keep").step == "staff_interrupted"
    assert not [e for e in world.done if isinstance(e, do.DiscardDraft)]
    assert world.press("discard", "discard").step == "staff_home"
    assert world.interrupted is None
    assert "interrupted" not in ids(world)


def ids_of_first() -> str:
    return f"entry-{NEWEST}"


def test_nobody_is_asked_there_whether_they_are_still_there_and_it_closes_by_itself(world: World) -> None:
    assert "idle" in world.timers
    open_desk(world)
    assert "idle" not in world.timers
    assert world.timers["desk"] == 120
    world.elapse("desk")
    assert world.state.step == "type_text"
    assert shut(world.state)
    assert do.CloseDesk() in world.done
    assert world.state.draft.text == SECRET
    assert "idle" in world.timers


def test_nobody_is_recorded_when_it_closes_by_itself_over_somebody_who_was_speaking() -> None:
    world = World()
    world.press("report", "start")
    open_desk(world)
    recordings = [e for e in world.done if isinstance(e, do.StartRecording)]
    assert world.elapse("desk").step == "review_recording"
    assert [e for e in world.done if isinstance(e, do.StartRecording)] == recordings
    assert len(world.state.draft.recordings) == 1
    open_desk(world)
    assert world.press("close").step == "review_recording"


@pytest.mark.parametrize("presses", [(), ("receipts",), ("receipts", "number"), ("queue",), ("parts",)])
def test_wherever_staff_left_it_it_closes(world: World, presses: tuple[str, ...]) -> None:
    open_desk(world, *presses)
    world.elapse("desk")
    assert world.state.step == "type_text"
    assert shut(world.state)


def test_a_half_keyed_pin_is_forgotten_as_well(world: World) -> None:
    come(world)
    world.happen(ev.DigitsEdited(digits="405"))
    world.elapse("desk")
    assert world.state.step == "type_text"
    assert shut(world.state)


@pytest.mark.parametrize("command", [Command.CALL_STAFF, Command.FIRE, Command.SETTINGS])
def test_it_closes_under_what_lies_over_it_and_that_leads_back_to_the_visit(world: World, command: Command) -> None:
    open_desk(world)
    over = world.happen(ev.CommandGiven(command=command)).step
    world.elapse("desk")
    assert world.state.step == over
    assert shut(world.state)
    world.press(next(c.id for c in offered(world.state) if c.to == RETURN))
    assert world.state.step == "type_text"
    assert world.state.draft.text == SECRET


def test_back_and_the_last_answer_lead_to_the_visit(world: World) -> None:
    open_desk(world)
    assert world.happen(BACK).step == "type_text"
    assert shut(world.state)
    open_desk(world)
    assert world.press("close").step == "type_text"
    assert shut(world.state)
    assert "desk" not in world.timers


def test_home_closes_it_and_what_was_written_is_still_there(world: World) -> None:
    open_desk(world)
    assert world.happen(HOME).step == WELCOME
    assert shut(world.state)
    assert world.press("resume").step == "review"
    assert world.state.draft.text == SECRET


def test_ending_the_visit_from_there_closes_it_before_it_asks(world: World) -> None:
    open_desk(world)
    assert world.happen(FINISH).step == "confirm_leave"
    assert shut(world.state)
    assert world.happen(BACK).step == "type_text"
    assert world.state.draft.text == SECRET


def test_a_receipt_beneath_is_asked_about_before_it_goes_from_sight(world: World) -> None:
    world.press("done", "send")
    open_desk(world)
    assert world.happen(HOME).step == "receipt_leave"
    assert shut(world.state)


def test_who_finishes_with_nothing_begun_leaves_nothing() -> None:
    world = World()
    world.press("progress")
    open_desk(world)
    assert world.happen(FINISH).step == "session_ended"
    assert shut(world.state)


def test_news_of_a_call_waits_for_staff_and_is_told_then(world: World) -> None:
    world.happen(ev.CommandGiven(command=Command.CALL_STAFF))
    world.press("resume")
    open_desk(world)
    assert news(world, CallStanding.ANSWERED, by="王师傅") == "staff_home"
    world.elapse("desk")
    assert world.state.step == "type_text"  # nor under somebody's writing hands
    assert world.press("done").step == "call_answered"
    assert world.press("resume").step == "review"


def test_how_somebody_wants_to_see_is_not_changed_by_staff(world: World) -> None:
    open_desk(world)
    world.elapse("desk")
    assert world.state.preferences == Preferences()


# -- what is done there ------------------------------------------------------------------------------------------------


def test_receipts_are_chosen_and_printed_together(world: World) -> None:
    open_desk(world, "receipts")
    assert "print" not in ids(world)
    world.press(f"entry-{NEWEST}", f"entry-{receipt_number('10230', 8)}", f"entry-{NEWEST}", f"entry-{NEWEST}")
    assert list(world.state.picked) == [receipt_number("10230", 8), NEWEST]
    world.press("print")
    assert orders(world) == [(receipt_number("10230", 8), NEWEST)]
    assert not world.state.picked
    assert world.state.saying.name == "printed"
    notes = {button.id: button.note for button in screen(world.state, CONTEXT).buttons}
    assert "打过一次" in notes[f"entry-{NEWEST}"]


def test_what_is_being_printed_is_not_ordered_twice(world: World) -> None:
    open_desk(world, "receipts")
    world.answering = False
    world.press(f"entry-{NEWEST}", "print", f"entry-{NEWEST}", "print", "print")
    assert orders(world) == [(NEWEST,)]
    world.answering = True
    world.catch_up()
    world.press(f"entry-{NEWEST}", "print")
    assert len(orders(world)) == 2


@pytest.mark.parametrize(
    ("outcome", "state", "phrase"),
    [
        (PrintOutcome.NOT_PRINTED, PrinterState.PAPER_OUT, "print_paper_out"),
        (PrintOutcome.NOT_PRINTED, PrinterState.COVER_OPEN, "print_cover_open"),
        (PrintOutcome.NOT_PRINTED, PrinterState.OFFLINE, "print_silent"),
        (PrintOutcome.UNKNOWN, PrinterState.UNKNOWN, "print_unknown"),
    ],
)
def test_staff_are_told_why_nothing_came_out(
    world: World, outcome: PrintOutcome, state: PrinterState, phrase: str
) -> None:
    world.print_outcome, world.printer = outcome, state
    open_desk(world, "receipts")
    assert world.press(f"entry-{NEWEST}", "print").step == "staff_receipts"
    assert world.state.saying.name == phrase


def test_without_a_printer_nothing_is_ordered(world: World) -> None:
    world.state = replace(world.state, printer=None)
    open_desk(world, "receipts")
    world.press(f"entry-{NEWEST}", "print")
    assert world.state.saying.name == "print_none"
    assert orders(world) == []


def test_what_staff_printed_is_not_told_to_the_resident_who_comes_back(world: World) -> None:
    open_desk(world, "receipts")
    world.answering = False
    world.press(f"entry-{NEWEST}", "print", "desk", "close")
    before = world.state
    world.catch_up()
    assert world.state.saying == before.saying
    assert world.state.step == "type_text"


def test_a_receipt_is_found_by_its_number_on_the_page_it_is_on(world: World) -> None:
    open_desk(world, "receipts", "number")
    assert world.happen(ev.DigitsEdited(digits=OLDEST)).step == "staff_receipts"
    assert f"entry-{OLDEST}" in ids(world)
    assert world.state.picked == (OLDEST,)
    assert world.state.desk_digits == ""


@pytest.mark.parametrize("number", [OLDEST[::-1], receipt_number("10230", 77), "1023"])
def test_a_number_that_is_not_here_is_said_so(world: World, number: str) -> None:
    open_desk(world, "receipts", "number")
    world.happen(ev.DigitsEdited(digits=number))
    if world.state.step == "staff_number":
        world.press("done")
    assert world.state.step == "staff_no_receipt"
    assert world.state.picked == ()
    assert world.press("again").step == "staff_number"


def test_a_scanned_slip_is_chosen_at_the_desk_and_looked_up_for_nobody(world: World) -> None:
    open_desk(world)
    assert world.happen(ev.ReceiptScanned(number=OLDEST, tag="0" * 20)).step == "staff_receipts"
    assert world.state.picked == (OLDEST,)
    assert not [e for e in world.done if isinstance(e, do.LookUp)]


def test_a_slip_that_is_scanned_at_the_pin_does_nothing() -> None:
    world = World()
    come(world)
    world.happen(ev.ReceiptScanned(number=OLDEST, tag="0" * 20), ev.ForeignCodeScanned())
    assert world.state.step == "staff_pin"
    assert not [e for e in world.done if isinstance(e, do.LookUp)]


def test_receipts_begin_with_the_newest_however_far_somebody_had_turned_their_own_pages(world: World) -> None:
    world.state = replace(world.state, step="category", page=2)
    open_desk(world, "receipts")
    assert ids(world)[0] == f"entry-{NEWEST}"
    world.press("next")
    assert f"entry-{NEWEST}" not in ids(world)
    world.press("desk", "close")
    assert (world.state.step, world.state.page) == ("category", 2)


def test_what_waits_is_sent_again_and_how_the_machine_is_found_out_anew(world: World) -> None:
    open_desk(world, "queue")
    assert in_fours(NEWEST) in repr(screen(world.state, CONTEXT).facts)
    world.press("again")
    assert do.SendAgain() in world.done
    assert world.state.saying.name == "sent_again"
    world.press("desk", "parts", "again")
    assert do.AskDesk() in world.done
    assert [fact.name for fact in screen(world.state, CONTEXT).facts] == ["线路", "打印机"]


def test_what_was_chosen_and_is_kept_no_longer_is_chosen_no_longer(world: World) -> None:
    open_desk(world, "receipts")
    world.press(f"entry-{NEWEST}")
    told = world.desk().desk
    world.happen(ev.DeskTold(desk=replace(told, receipts=told.receipts[1:])))
    assert world.state.picked == ()
    assert world.state.step == "staff_receipts"


def test_every_answer_at_the_desk_that_leaves_it_says_so_to_what_keeps_it() -> None:
    leaving = [(s, c.id) for s in STAFF for c in STEPS[s].choices if c.to == RETURN and c.act is not Act.CLOSE_DESK]
    assert leaving == []
