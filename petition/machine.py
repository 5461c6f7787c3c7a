"""The rules of a visit: `advance(state, event) -> (state, effects)`. No clock, no I/O, no randomness, no words.

How one event is handled, in this order:
0. what was said is turned into what a finger would have done; what means nothing now changes nothing;
1. a resident's event stops the speech and ends the idle warning;
2. the event is handled by the function for its type, which returns a new state and effects;
3. leaving the recording step closes the recording, whatever led away from it;
4. a changed draft is kept; the idle clock is set anew or stopped, as the step says.

Answers that come late are for whom they were meant: each names what was asked, and is passed over when that is gone.
"""

from dataclasses import replace
from datetime import date

from petition import calling, desk, drafting, filing, follow_up, pictures, proxy, recording, writing
from petition import effects as do
from petition import events as ev
from petition.danger import danger_in
from petition.desk import DESK, DESK_SECONDS
from petition.ears import DIGITS_OF, OWN_WORDS, asked_back, listening, may_be_asked_back, meaning
from petition.errors import FaultCode
from petition.identity import CLOCK_SHOWS_AT_LEAST
from petition.model import AttachmentKind, Danger, Draft, Language, LaterKind, Place, SpokenLanguage
from petition.offer import guarded, offered, printable, review_step, target
from petition.ports import PrinterChanged, PrinterState, PrintOutcome
from petition.receipt import Role
from petition.recording import CLOSING, PAUSE, RECORDINGS, SECOND, UNHEARD
from petition.saying import Saying, Told
from petition.script.book import STEPS
from petition.state import RATES, SIZES, VOLUMES, Busy, Hush, Recorder, Rules, State
from petition.steps import (
    CALL,
    ENDED,
    PROXY,
    RETURN,
    REVIEW,
    STAY,
    WELCOME,
    Act,
    Choice,
    Command,
    Input,
    Journey,
    Source,
)
from petition.turn import Turn
from petition.writing import FELT_IN_EAR

IDLE, LEAVE = "idle", "leave"
ATTENTIVE = "attentive"
ATTENTIVE_SECONDS = 20
"""So long after something was said or pressed an answer is awaited; later, what is not understood may be no answer."""
MOST_ANSWERED_MISSES = 2
"""What is not understood more often in a row is answered no more: a television would be answered for ever."""
TRIES_OF_KEY = 3
"""The same key so often in a row leaves the step on which keys are tried."""
READINGS = frozenset({Told.STEP, Told.STEP_AGAIN, Told.TEXT, Told.IN_EAR})
"""What reads the petition back where it is reviewed."""
SCANNING = (
    frozenset({WELCOME})
    | {id_ for id_, step in STEPS.items() if step.journey in {"progress", "rating"} and step.takes is not Input.TEXT}
    | {"foreign_qr", "describe"}
)
"""Where a scanned slip is looked up; elsewhere it would throw somebody out of what they are doing."""
ASKING = (ev.ChoicePressed, ev.NumberPressed, ev.CommandGiven)
"""What asks for something: with headphones pulled out, nothing is said before."""
CALL_IDLE_SECONDS = 600
"""A call keeps the visit longer than anything else, and not for ever: what lies under it is somebody's."""
ALARMS = {
    Command.FIRE: Danger.FIRE,
    Command.MEDICAL: Danger.MEDICAL,
    Command.CRIME: Danger.CRIME,
    Command.DESPAIR: Danger.SELF,
    Command.DANGER: Danger.UNNAMED,
}
PRINTER_STEPS = {
    PrinterState.PAPER_OUT: "printer_no_paper",
    PrinterState.COVER_OPEN: "printer_cover_open",
}
"""What a resident is told when a slip did not come out; of other states that the printer is silent."""
NOT_PRINTED = frozenset({*PRINTER_STEPS.values(), "printer_silent", "printer_unknown"})
CALLING = frozenset({Act.RING, Act.ALARM, Act.END_CALL, Act.CALL_AGAIN, Act.RING_HERE, Act.NO_DANGER})
"""What can be asked for even while something is being stored: a disk that hangs must keep nobody from help."""
RECEIPTS = frozenset({"receipt", "receipt_offline"})
ASKED_ONCE_MORE = frozenset({"idle_warning", "confirm_leave", "receipt_leave", "did_you_mean"})
"""Questions that nothing comes between: whoever meant to answer them would answer something else."""


def begin(rules: Rules, petition_id: str, today: date = CLOCK_SHOWS_AT_LEAST) -> State:
    """Return the state of a kiosk that nobody stands at; `today` is by its own clock."""
    preferences = rules.preferences
    return State(
        rules=rules,
        preferences=preferences,
        draft=Draft(petition_id=petition_id, language=preferences.language),
        today=today,
    )


def advance(state: State, event: ev.Event) -> tuple[State, tuple[do.Effect, ...]]:
    """Return the visit after an event, and what is to be done, in order."""
    if isinstance(event, ev.PhraseHeard):
        meant = meaning(state, event.phrase)
        if meant is None:
            return state, ()  # said when something else stood here
        event = meant
    turn = Turn(state)
    somebody = isinstance(event, ev.RESIDENT)
    if isinstance(event, ASKING):
        turn.to(hushed=False)
    if somebody:
        turn.to(begun=state.begun or state.hearing, misses=0)
        _note_presence(turn)
    if somebody and (state.speaking or state.playing):
        turn.do(do.StopSpeech())
        turn.to(speaking=False, playing=False, heard_out=True)
    plugged = isinstance(event, ev.HeadphonesPlugged)
    means_something = isinstance(event, ev.HeadphonesPlugged | ev.ReceiptScanned | ev.ForeignCodeScanned)
    back_again = somebody and state.step == "idle_warning" and not _is_answer(event)
    if back_again:
        _go(turn, RETURN, say=not plugged)
    if means_something or not back_again:
        _handle(turn, event)
    _listen_for_danger(turn, state)
    _tell_of_call(turn)
    if turn.state.recorder is Recorder.ON and turn.state.step not in RECORDINGS:
        turn.to(replacing=False, mending=False)  # left half-way: what was there before stays, too
        recording.close(turn)
    _forget_question(turn)
    _leave_desk(turn, state)
    _forget_what_was_regarded(turn)
    proxy.forget_code(turn)
    pictures.look_where_wanted(turn, state)
    if turn.state.draft.text != state.draft.text:
        turn.to(read_back=turn.state.read_by_eye)
    if _draft_changed(state, turn.state):
        turn.do(do.KeepDraft(draft=turn.state.draft))
    if somebody or turn.state.step != state.step:
        _set_idle_clock(turn)
    if somebody or isinstance(event, ev.SpeechEnded):
        _await_answer(turn)
    return turn.state, tuple(turn.effects)


def _leave_desk(turn: Turn, before: State) -> None:
    """Close the desk when something else has taken its place, and does not only lie over it.

    A PIN that is still being looked at opens nothing for who has gone on to something else.
    """
    state = turn.state
    here = STEPS[state.step].journey is Journey.STAFF
    lies = here or any(STEPS[step].journey is Journey.STAFF for step in state.covered)
    something = state.desk is not None or bool(state.pin_digits or state.pin_tries_left or state.locked_minutes)
    left = not lies and something
    gave_up = not here and before.busy is Busy.OPENING and before.step == "staff_pin"
    if left or gave_up:
        desk.close(turn, uncover=False)


def _forget_what_was_regarded(turn: Turn) -> None:
    """Have nothing more to say about a petition where it was not begun, so that what comes next is one of its own."""
    state = turn.state
    there = STEPS[(*state.covered, state.step)[0]]
    elsewhere = there.id == WELCOME or there.journey in {Journey.PROGRESS, Journey.RATING}
    waits = state.recorder is not Recorder.OFF or state.busy is Busy.FILING
    if elsewhere and not waits and state.draft.empty and state.draft.regarding is not None:
        turn.to(draft=replace(state.draft, regarding=None))


def _forget_question(turn: Turn) -> None:
    """Forget what was being asked back, whatever led away from the question."""
    if turn.state.meant and "did_you_mean" not in (*turn.state.covered, turn.state.step):
        turn.to(meant="")


def _listen_for_danger(turn: Turn, before: State) -> None:
    """Offer what comes before everything else when the words that are there now cannot wait, once for each danger."""
    state = turn.state
    words = _words_there(state)
    if words == _words_there(before) or state.busy is Busy.FILING or _in_danger(state):
        return
    danger = danger_in(words, but=state.dangers)
    if danger is not None:
        _go(turn, calling.raise_alarm(turn, danger, quietly=state.silent))


def _tell_of_call(turn: Turn) -> None:
    """Tell how far the call is as soon as that takes nothing from under somebody's hands or voice."""
    if turn.state.call_news and _may_interrupt(turn.state):
        turn.to(call_news=False)
        _go(turn, calling.call_step(turn.state))


def _words_there(state: State) -> str:
    return "\n".join((state.draft.text, state.live_text[: state.live_settled], state.comment))


def _may_interrupt(state: State) -> bool:
    """Whether something may come up by itself without taking anything from under somebody's hands or voice."""
    journey = STEPS[state.step].journey
    writing = STEPS[state.step].takes in {Input.TEXT, Input.DIGITS}
    calm = state.recorder is Recorder.OFF and state.busy is None and state.step not in ASKED_ONCE_MORE
    return calm and not writing and journey is not Journey.STAFF and not _in_danger(state)


def _in_danger(state: State) -> bool:
    return state.step in calling.DANGER_STEPS.values()


def _note_presence(turn: Turn) -> None:
    """Note that the running recording is somebody's, and take back the question whether it is."""
    state = turn.state
    if state.recorder is Recorder.ON:
        asked = state.saying == Saying(told=Told.PHRASE, name="still_speaking")
        turn.to(present=True, saying=Saying() if asked else state.saying)


def _await_answer(turn: Turn) -> None:
    """Take what is said next for an answer, for a while."""
    if listening(turn.state):
        turn.to(attentive=True)
        turn.do(do.SetTimer(name=ATTENTIVE, seconds=ATTENTIVE_SECONDS))


def _draft_changed(before: State, after: State) -> bool:
    """Whether there is something else to keep; what is on its way into the outbox must not be kept behind it."""
    draft = after.draft
    return (
        draft is not before.draft
        and not (drafting.says_nothing(draft) and drafting.says_nothing(before.draft))
        and draft.petition_id == before.draft.petition_id
        and after.busy is not Busy.FILING
    )


def _is_answer(event: ev.Event) -> bool:
    match event:
        case ev.ChoicePressed() | ev.NumberPressed():
            return True
        case ev.CommandGiven(command=command):
            answers = {Command.CALL_STAFF, Command.FINISH, Command.BACK, Command.REPEAT, Command.HELP}
            return command in answers or command in ALARMS
        case _:
            return False


def _set_idle_clock(turn: Turn) -> None:
    state = turn.state
    if STEPS[state.step].journey is Journey.STAFF:
        turn.do(do.SetTimer(name=DESK, seconds=DESK_SECONDS))
    untouched = _blank(state) and state.preferences == state.rules.preferences and state.agent is None
    if STEPS[state.step].may_idle and not (state.step == WELCOME and untouched):
        seconds = CALL_IDLE_SECONDS if STEPS[state.step].journey is Journey.CALL_STAFF else state.rules.idle_seconds
        turn.do(do.SetTimer(name=IDLE, seconds=seconds))
    else:
        turn.do(do.CancelTimer(name=IDLE))


def _blank(state: State) -> bool:
    """Whether there is nothing of anybody in the visit, but how they want to see and hear."""
    clean = replace(
        _forgotten(state),
        draft=Draft(petition_id=state.draft.petition_id, language=state.draft.language),
        saying=state.saying,
        speaking=state.speaking,
        help_shown=state.help_shown,
        page=state.page,
    )
    return state == clean


def _forgotten(state: State) -> State:
    """Return the visit without anything somebody gave, got or did in it, but how they want to see and hear."""
    return State(
        rules=state.rules,
        catalogue=state.catalogue,
        preferences=state.preferences,
        line_up=state.line_up,
        microphone=state.microphone,
        room_for_sound=state.room_for_sound,
        speech=state.speech,
        hearing=state.hearing,
        demonstration=state.demonstration,
        headphones=state.headphones,
        calls_made=state.calls_made,
        printer=state.printer,
        lens=state.lens,
        agent=state.agent,
        agent_filed=state.agent_filed if state.agent else 0,
        said=filing.said_for_named(state),
        today=state.today,
        step=state.step,
    )


def _handle(turn: Turn, event: ev.Event) -> None:  # noqa: C901, PLR0912, PLR0915 (one flat table of all events reads best)
    match event:
        case ev.VisitBegan(petition_id=petition_id, today=today):
            turn.to(draft=Draft(petition_id=petition_id, language=turn.state.preferences.language))
            turn.to(today=today or turn.state.today)
        case ev.VisitBroken():
            _end(turn, WELCOME)
        case ev.ChoicePressed(choice_id=choice_id):
            _choose_by_id(turn, choice_id)
        case ev.NumberPressed(number=number):
            _press_number(turn, number)
        case ev.CommandGiven(command=command):
            _command(turn, command)
        case ev.ControlReached(act=act):
            _name(turn, act)
        case ev.KeyReached(name=name):
            _feel(turn, Told.KEY, name)
        case ev.KeyTried():
            _try_key(turn, event)
        case ev.HeadphonesPlugged():
            turn.to(headphones=True)
            _tune(turn)
            if turn.state.recorder is Recorder.OFF:
                turn.say(Told.IN_EAR)
        case ev.HeadphonesUnplugged():
            _unplug(turn)
        case ev.PhraseMissed(near=near):
            _miss(turn, near)
        case ev.DigitsHeard(digits=digits):
            _move(turn, writing.take_spoken_digits(turn, digits))
        case ev.HearingLost():
            turn.to(hearing=False, demonstration=False)
        case ev.HearingFound(demonstration=demonstration):
            turn.to(hearing=True, demonstration=demonstration)
        case ev.TextEdited(text=text):
            writing.edit_text(turn, text)
        case ev.DigitsEdited(digits=digits):
            _move(turn, writing.edit_digits(turn, digits))
        case ev.ReceiptScanned(number=number, tag=tag):
            if turn.state.desk is not None and STEPS[turn.state.step].journey is Journey.STAFF:
                _go(turn, desk.find(turn, number))
            elif _takes_scan(turn.state) and turn.state.busy is not Busy.FILING:
                follow_up.look_up(turn, do.LookUp(number=number, tag=tag))
        case ev.ForeignCodeScanned():
            if _takes_scan(turn.state) and turn.state.busy is None:
                _go(turn, "foreign_qr")
        case ev.BadgeScanned(badge=badge):
            _take_badge(turn, badge)
        case ev.CardRead():
            writing.take_card(turn, event)
        case ev.Signed(strokes=strokes):
            if STEPS[turn.state.step].takes is Input.SIGNATURE and turn.state.busy is None:
                turn.to(strokes=strokes)
        case ev.ScreenTouched():
            pass
        case ev.TimerElapsed(name=name):
            _timer(turn, name)
        case (
            ev.RecordingStarted()
            | ev.LevelHeard()
            | ev.SpeechHeard()
            | ev.SilenceHeard()
            | ev.WordsHeard()
            | ev.RecordingEnded()
        ):
            _go_on(turn, recording.hear(turn, event))
        case ev.MicrophoneLost(code=code):
            _go(turn, recording.lose_microphone(turn, code))
        case ev.MicrophoneFound():
            turn.to(microphone=True, room_for_sound=True)
        case ev.SpeechStarted():
            turn.to(speaking=True)
        case ev.WordSpoken() | ev.PhraseHeard():
            pass
        case ev.SpeechEnded(completed=completed):
            _end_speech(turn, completed=completed)
        case ev.SpeechLost():
            _lose_speech(turn)
        case ev.SpeechFound():
            turn.to(speech=True)
        case ev.PetitionFiled(petition_id=petition_id) if filing.is_filing(turn.state, petition_id):
            _go_beneath_call(turn, filing.filed(turn, event))
        case ev.FilingFailed(petition_id=petition_id, code=code) if filing.is_filing(turn.state, petition_id):
            turn.to(busy=None)
            _go_beneath_call(turn, "disk_full" if code is FaultCode.DISK_FULL else "not_stored")
        case ev.ProgressFound(asked=asked) if follow_up.is_asking(turn.state, asked):
            _go(turn, follow_up.show_progress(turn, event))
        case ev.LookUpFailed(asked=asked) if follow_up.is_asking(turn.state, asked):
            _go(turn, follow_up.fail_look_up(turn, event))
        case ev.LineChanged(up=up):
            turn.to(line_up=up)
            _look_at_desk(turn)
            if not up:  # it was not as near as it seemed: the promise must be the true one
                turn.to(covered=tuple("receipt_offline" if s == "receipt" else s for s in turn.state.covered))
                if turn.state.step == "receipt":
                    _go(turn, "receipt_offline")
        case ev.CatalogueArrived(catalogue=catalogue):
            levels = turn.state.catalogue.rating_levels if turn.state.level else catalogue.rating_levels
            turn.to(catalogue=replace(catalogue, rating_levels=levels))  # who is rating goes on with what was read
        case ev.LaterKept(later=later) if follow_up.is_keeping(turn.state, later):
            _go_beneath_call(turn, follow_up.kept(turn, event))
        case ev.LaterFailed(later=later) if follow_up.is_keeping(turn.state, later):
            turn.to(busy=None)
            _go_beneath_call(turn, "not_stored" if follow_up.made_of_draft(turn.state, event) else "later_not_kept")
        case ev.CallChanged():
            calling.call_changed(turn, event)
        case PrinterChanged(state=printer):
            _printer_changed(turn, printer)
        case ev.ReceiptPrinted():
            _printed(turn, event)
        case ev.CameraFound():
            turn.to(lens=True)
        case ev.CameraLost():
            turn.to(lens=False)
            if turn.state.busy is Busy.TAKING and turn.state.step in pictures.SHOOTING:
                turn.to(busy=None)  # it is told once that there is none, and what comes late is thrown away
            if turn.state.step in pictures.SHOOTING:
                _go(turn, "camera_missing")
        case ev.PicturesFound(stick=stick, files=files):
            turn.to(stick=stick, files=files if turn.state.step == pictures.FROM_STICK else turn.state.files)
        case ev.PictureTaken():
            _go(turn, pictures.taken(turn, event))
        case ev.PictureFailed():
            _go(turn, pictures.failed(turn, event))
        case ev.AgentSignedIn():
            _go(turn, proxy.signed_in(turn, event))
        case ev.SignInRefused():
            _go(turn, proxy.refused(turn, event))
        case ev.DeskTold():
            _go(turn, desk.told(turn, event))
        case ev.DraftResumed():
            _resume(turn, event)
        case ev.DeskRefused():
            _go(turn, desk.refused(turn, event))
        case (
            ev.PetitionFiled()
            | ev.FilingFailed()
            | ev.LaterKept()
            | ev.LaterFailed()
            | ev.ProgressFound()
            | ev.LookUpFailed()
        ):
            pass  # the answer to somebody who has gone


def _end_speech(turn: Turn, *, completed: bool) -> None:
    state = turn.state
    read = completed and not state.playing and state.step == "review_heard" and state.saying.told is not Told.PHRASE
    turn.to(
        speaking=False,
        playing=False,
        heard_out=True,
        read_back=state.read_back or (read and state.saying.told in READINGS),
    )


def _take_badge(turn: Turn, badge: str) -> None:
    """Sign somebody in, or open the staff desk, with what their badge says."""
    state = turn.state
    if state.step == "staff_pin" and state.busy is None:
        desk.try_badge(turn, badge)
    elif state.step in proxy.SIGNING_IN and state.busy is None:
        if drafting.unsent(state):
            _go(turn, "draft_first")
        else:
            proxy.try_badge(turn, badge)


def _takes_scan(state: State) -> bool:
    """Whether a slip may be looked up: here, or beneath what lies over it, such as a call for whoever is to scan it."""
    if STEPS[state.step].journey is Journey.STAFF:
        return False
    return state.step in SCANNING or bool(state.covered and STEPS[state.step].overlay and state.covered[0] in SCANNING)


# -- moving ------------------------------------------------------------------------------------------------------------


def _go(turn: Turn, to: str, *, say: bool = True) -> None:
    """Move to a target and say what stands there."""
    if to == STAY:
        return
    state = turn.state
    here = STEPS[state.step]
    returning = to == RETURN
    to, covered, page = _road(state, to)
    turn.to(step=to, covered=covered, help_shown=False, page=page, tried_key="", tries_of_key=0)
    if to in RECORDINGS:
        _go(turn, recording.begin(turn))
        return
    if to in {"agent_ready", "agent_signed_out"} and not returning:
        _make_room(turn, signed_out=to == "agent_signed_out")
    if to == "progress_reply" and not returning:
        turn.to(reply_sentence=0)
    if STEPS[to].leaves_after_seconds:
        turn.do(do.SetTimer(name=LEAVE, seconds=STEPS[to].leaves_after_seconds))
    elif here.leaves_after_seconds:
        turn.do(do.CancelTimer(name=LEAVE))
    if here.leaves_after_seconds and state.step != to:  # a visit is over; who comes next may come at once
        turn.do(do.RenewSpeech())
    if to == "idle_warning":
        turn.to(seconds_left=state.rules.warning_seconds)
        turn.do(do.PlayEarcon(name="attention"), do.SetTimer(name=SECOND, seconds=1))
    if to == "describe":
        turn.do(do.PrepareMicrophone())
    elif to == WELCOME:
        if not listening(turn.state):
            turn.do(do.CloseMicrophone())
        _put_away(turn)
        proxy.forget_pending(turn)
    if say:
        turn.say()


def _move(turn: Turn, move: writing.Move) -> None:
    """Move to a target and say what is said there instead."""
    _go(turn, move.to, say=not move.phrase)
    if move.phrase:
        turn.say(Told.PHRASE, move.phrase)


def _go_on(turn: Turn, to: str) -> None:
    """Go on after a recording, or send what somebody wanted to send while it was still being put away."""
    if turn.state.submitting and turn.state.recorder is Recorder.OFF:
        turn.to(submitting=False)
        to = filing.submit(turn)
    _go(turn, to)


def _go_beneath_call(turn: Turn, to: str) -> None:
    """Go on where something was stored; a call or danger that came up meanwhile stays, and leads back there."""
    step = turn.state.step
    if STEPS[step].journey is Journey.CALL_STAFF and STEPS[step].overlay:
        _go(turn, to, say=False)
        _go(turn, step)
    else:
        _go(turn, to)


def _make_room(turn: Turn, *, signed_out: bool) -> None:
    """Have nothing of anybody left where the next one sits down, whichever way who is signed in came there."""
    if not any(isinstance(effect, do.Wipe) for effect in turn.effects):
        _forget(turn, but_call=not signed_out)  # who comes with a badge may not be who was called
    if signed_out:
        proxy.sign_out(turn)
    proxy.begin_anew(turn)
    _reset_preferences(turn)


def _road(state: State, to: str) -> tuple[str, tuple[str, ...], int]:
    """Return (step, steps beneath, page) of a target.

    Overlays of one journey replace each other, others pile up; what is asked back lies over whatever it is about. One
    that lies in the pile already is gone back to.
    """
    if to == RETURN:
        return (state.covered[-1], state.covered[:-1], state.page) if state.covered else (WELCOME, (), 0)
    to = target(state, to)
    here, there = STEPS[state.step], STEPS[to]
    if not there.overlay:
        return to, (), 0
    if to in state.covered:
        return to, state.covered[: state.covered.index(to)], state.page
    if not here.overlay:
        return to, (state.step,), state.page
    piled = here.journey != there.journey or to == "did_you_mean"
    return to, (*state.covered, state.step) if piled else state.covered, state.page


def _put_away(turn: Turn) -> None:
    """Forget what one number and code gave out: whoever comes to the welcome screen next may be somebody else.

    A number that was only keyed stays, and the draft: nobody loses an answer by going home.
    """
    if turn.state.look_up is not None:
        turn.to(number_digits="")
    turn.to(receipt=None, look_up=None, progress=None, code_digits="", reply_sentence=0, tries_left=0)
    turn.to(tag="", role=Role.OWN, from_cache=False, coming_to_rate=False, level="", comment="", reviewed=False)
    if turn.state.busy is not Busy.FILING:  # what is being stored is waited for, wherever somebody goes
        turn.to(later=None)
    turn.to(said_later=frozenset(), printed=frozenset(), filed_for_another=False)
    turn.to(keyed=turn.state.keyed and bool(turn.state.number_digits))
    turn.to(said=filing.said_for_named(turn.state), agent_code="")
    turn.to(sign_in_minutes=0, agent_filed=turn.state.agent_filed if turn.state.agent else 0)


def _name(turn: Turn, act: ev.ChoicePressed | ev.CommandGiven) -> None:
    """Say what the keys have come to."""
    match act:
        case ev.ChoicePressed(choice_id=choice_id):
            _feel(turn, Told.CHOICE, choice_id)
        case ev.CommandGiven(command=command):
            _feel(turn, Told.COMMAND, command)


def _feel(turn: Turn, told: Told, name: str) -> None:
    """Say what somebody has come to who finds their way by ear, but not into a recording."""
    turn.to(feeling=True)
    if told is Told.KEY and STEPS[turn.state.step].writes in FELT_IN_EAR and not turn.state.headphones:
        return  # a digit at a time it would be told to everybody
    if turn.state.recorder is Recorder.OFF and turn.state.busy is None:
        turn.say(told, name)


def _try_key(turn: Turn, event: ev.KeyTried) -> None:
    """Say what a key is for; the same one again and again leads back, whichever keys there are."""
    state = turn.state
    if STEPS[state.step].takes is not Input.KEYS:
        return
    times = state.tries_of_key + 1 if event.key == state.tried_key else 1
    if times >= TRIES_OF_KEY:
        _go(turn, STEPS[state.step].back)
        return
    turn.to(tried_key=event.key, tries_of_key=times)
    match event.meaning:
        case 0:
            turn.say(Told.KEY_USE, Command.CALL_STAFF)
        case int():
            turn.say(Told.KEY_USE, "digit")
        case None:
            turn.say(Told.KEY_USE, "other")
        case meaning:
            turn.say(Told.KEY_USE, meaning)


def _sends(state: State) -> bool:
    """Whether something can be given out of the resident's hands here, or agreed to."""
    return any(choice.act in OWN_WORDS for choice in offered(state))


def _unplug(turn: Turn) -> None:
    """Be silent at once, and stay it until something is asked for: the next word would be heard by everybody."""
    said = Saying(told=Told.PHRASE, name="headphones_out")
    turn.to(headphones=False, hushed=True, speaking=False, playing=False, heard_out=not _sends(turn.state), saying=said)
    turn.do(do.StopSpeech())
    _tune(turn)
    _open_where_silent(turn)


def _end(turn: Turn, step: str) -> None:
    """Forget the visit and show an end; how somebody wants to see it stays until the welcome screen is back.

    Who says that they are done needs nobody any more; who has only fallen silent may need somebody the more.
    """
    if step == ENDED:
        calling.end_call(turn)
    else:
        proxy.sign_out(turn)
    _forget(turn)
    if turn.state.agent is not None:  # the next one begins clean, in their own colours and language
        _reset_preferences(turn)
        step = "agent_signed_out" if proxy.exhausted(turn.state) else "agent_ready"
    _go(turn, step)


def _forget(turn: Turn, *, but_call: bool = False) -> None:
    """Forget everything but how somebody wants to see and hear, and have the rooms forget it, too.

    `but_call`: a call goes on here, too.
    """
    state = turn.state
    if state.recorder is Recorder.ON:
        turn.do(do.StopRecording())
    if not but_call:
        calling.forget_call(turn)
    if state.desk is not None:
        desk.close(turn)
    turn.state = _forgotten(turn.state)
    if but_call:
        turn.to(call=state.call, call_news=state.call_news, bell=state.bell)
    turn.do(*(do.CancelTimer(name=name) for name in (SECOND, PAUSE, UNHEARD, CLOSING, ATTENTIVE)))
    turn.do(do.StopSpeech(), do.CloseMicrophone(), do.Wipe())


def _reset_preferences(turn: Turn) -> None:
    preferences = turn.state.rules.preferences
    if turn.state.preferences != preferences:
        turn.to(preferences=preferences, draft=replace(turn.state.draft, language=preferences.language))
        _tune(turn)


def _tune(turn: Turn) -> None:
    state = turn.state
    turn.do(do.TuneSpeech(rate=state.preferences.rate, volume=state.voice_volume))


def _leave(turn: Turn) -> None:
    """End the visit, asking once more where something would be lost."""
    state = turn.state
    if state.agent is not None and state.step in {WELCOME, "agent_ready"} and state.draft.empty:
        _go(turn, "agent_signed_out")
    elif guarded(state) is not None:
        _ask_before_leaving(turn)
    elif not state.draft.empty and state.step != "confirm_leave":
        _go(turn, "confirm_leave")
    elif (
        state.step not in {WELCOME, ENDED, "session_timed_out"}
        or not _blank(state)
        or state.preferences != state.rules.preferences
    ):
        _end(turn, ENDED)


def _ask_before_leaving(turn: Turn) -> None:
    """Put away what lies over a step that is asked about before it goes from sight, and ask."""
    place = guarded(turn.state)
    if place is not None:
        piled = (*turn.state.covered, turn.state.step)
        turn.to(step=piled[place], covered=piled[:place])
        _go(turn, STEPS[piled[place]].leaving)


# -- answers -----------------------------------------------------------------------------------------------------------


def _press_number(turn: Turn, number: int) -> None:
    step = STEPS[turn.state.step]
    if step.takes is Input.DIGITS and step.writes in DIGITS_OF:
        _move(turn, writing.edit_digits(turn, getattr(turn.state, DIGITS_OF[step.writes]) + str(number)))
    elif number == 0:
        _command(turn, Command.CALL_STAFF)
    else:
        choices = offered(turn.state)
        if number <= len(choices):
            _choose(turn, choices[number - 1])


def _choose_by_id(turn: Turn, choice_id: str) -> None:
    for choice in offered(turn.state):
        if choice.id == choice_id:
            _choose(turn, choice)
            return


def _choose(turn: Turn, choice: Choice) -> None:  # noqa: C901, PLR0912, PLR0915 (one flat table of all acts reads best)
    state = turn.state
    storing, calls = state.busy is Busy.FILING, choice.act in CALLING
    if (storing or state.submitting) and choice.to != RETURN and not calls:
        return  # it is on its way: whatever is pressed now must not begin something beside it
    if state.busy is Busy.TAKING and choice.act in {Act.SHUTTER, Act.KEEP_SIGNATURE}:
        return  # whoever presses again, or says it again, must not wait for another one
    if choice.to == RETURN and storing and not calls:
        _go(turn, RETURN)  # 「我还在」, and it is still on its way
        return
    if not storing:
        turn.to(busy=None)
    to = choice.to
    if state.step == WELCOME and _would_mix(state, to):
        to = "draft_first"
    match choice.act:
        case None:
            pass
        case Act.BEGIN_RECORDING | Act.BEGIN_AGAIN | Act.MEND_LAST:
            turn.to(replacing=choice.act is Act.BEGIN_AGAIN, mending=choice.act is Act.MEND_LAST)
        case Act.BEGIN_CONSENT:
            turn.to(replacing=False, mending=False, agreed=False)
        case Act.MEANT:
            _do_as_meant(turn)
            to = STAY
        case Act.NOT_MEANT:
            _go(turn, RETURN, say=False)
            turn.to(misses=1)
            turn.say(Told.PHRASE, "not_meant")
            to = STAY
        case Act.FINISH_RECORDING:
            recording.close(turn)
            to = STAY
        case Act.READ_ALOUD:
            turn.say(Told.TEXT)
        case Act.PLAY_BACK:
            turn.to(playing=True)
            turn.do(do.PlayRecordings(recording_ids=tuple(a.id for a in state.draft.recordings)))
        case Act.PLAY_CONSENT:
            turn.to(playing=True)
            consents = (a.id for a in state.draft.attachments if a.kind is AttachmentKind.CONSENT)
            turn.do(do.PlayRecordings(recording_ids=tuple(consents)))
        case Act.READ_NUMBER:
            turn.say(Told.PHRASE, "number_said")
        case Act.READ_CODE:
            _go(turn, RETURN, say=False)
            turn.say(Told.PHRASE, "code_said")
            to = STAY
        case Act.SUBMIT | Act.SUBMIT_ANYWAY:
            to = filing.submit(turn, again=choice.act is Act.SUBMIT_ANYWAY)
        case Act.DROP_DRAFT:
            proxy.begin_anew(turn)
            to = "agent_ready" if state.agent else to
        case Act.SUPPLEMENT | Act.SPEAK_COMMENT:
            to = follow_up.regard(turn, to, LaterKind.SUPPLEMENT if choice.act is Act.SUPPLEMENT else LaterKind.RATING)
        case Act.URGE | Act.WITHDRAW | Act.REVOKE:
            to = follow_up.keep_later(turn, follow_up.AT_ONCE[choice.act])
        case Act.KEEP_AGAIN:
            if state.later is not None:
                follow_up.keep(turn, state.later)
        case Act.PRINT:
            to = _print(turn)
        case Act.COME_TO_RATE:
            turn.to(coming_to_rate=bool(state.catalogue.rating_levels))
            if not state.catalogue.rating_levels:
                to = "ask_person"
        case Act.SET_LEVEL:
            turn.to(level=choice.value, later=None)
        case Act.RATE | Act.REVIEW:
            to = follow_up.rate(turn, to, choice)
        case Act.FINISH if not state.draft.empty and state.step not in {"confirm_leave", "idle_warning"}:
            to = "confirm_leave"  # it was another thing that is done with: what is not sent is asked about
        case Act.FINISH:
            _end(turn, ENDED)
            to = STAY
        case Act.SET_HUSH:
            _prefer(turn, hush=Hush.ALOUD if state.preferences.hush == choice.value else Hush(choice.value))
            _open_where_silent(turn)
        case Act.SET_SIZE:
            _prefer(turn, size=choice.value)
        case Act.SET_THEME:
            _prefer(turn, theme=choice.value)
        case Act.SET_REACH:
            _prefer(turn, reach=choice.value)
        case Act.DRAW_CURTAIN:
            _draw_curtain(turn, drawn=not state.preferences.curtain)
        case Act.SET_LANGUAGE:
            script, voice = choice.value.split("/")
            _prefer(turn, language=Language(script), spoken=SpokenLanguage(voice))
            turn.to(draft=replace(turn.state.draft, language=Language(script)))
            turn.say()
        case Act.SET_KIND:
            turn.to(draft=replace(state.draft, kind=choice.value))
        case Act.SET_CATEGORY:
            turn.to(draft=replace(state.draft, category=choice.value))
        case Act.SET_PLACE:
            turn.to(draft=replace(state.draft, place=Place(text=choice.label, code=choice.value)), place_text="")
        case Act.CONFIRM_TEXT:
            to = writing.confirm_text(turn, to)
        case Act.CONFIRM_DIGITS:
            _move(turn, writing.confirm_digits(turn))
            to = STAY
        case Act.CLEAR_DIGITS:
            writing.clear_digits(turn, to)
        case Act.DROP_PHONE if STEPS[state.step].writes in proxy.PHONES:
            turn.to(**{DIGITS_OF[STEPS[state.step].writes]: ""})  # type: ignore[index]
            proxy.give_phone(turn, STEPS[state.step].writes, "")  # type: ignore[arg-type]
        case Act.DROP_PHONE:
            turn.to(phone_digits="", draft=replace(state.draft, phone=""))
        case Act.DROP_NAME:
            writes = STEPS[state.step].writes
            if writes in proxy.NAMES:
                turn.to(**{proxy.NAMES[writes]: ""})
                proxy.give_name(turn, writes, "")
        case Act.DROP_ID:
            turn.to(id_digits="", draft=replace(state.draft, id_number=""))
        case Act.ADD_X:
            writing.add_x(turn)
        case Act.NEXT_PAGE:
            if STEPS[state.step].source is Source.RECEIPTS:
                turn.to(desk_page=state.desk_page + 1)
            else:
                turn.to(page=state.page + 1)
            turn.say()
        case Act.NEXT_SENTENCE | Act.PREVIOUS_SENTENCE:
            turn.to(reply_sentence=state.reply_sentence + (1 if choice.act is Act.NEXT_SENTENCE else -1))
            turn.say()
        case Act.LOOK_UP:
            if state.look_up:
                follow_up.look_up(turn, state.look_up)
        case Act.RING:
            to = STAY if state.step == calling.call_step(state) else CALL
            calling.call_for(turn)
        case Act.CALL_AGAIN:
            to = calling.call_again(turn)
        case Act.RING_HERE:
            calling.ring_here(turn, on=True)
            turn.do(do.PlayEarcon(name="bell"))
        case Act.END_CALL:
            calling.end_call(turn)
        case Act.ALARM:
            to = calling.raise_alarm(turn, Danger(choice.value))
        case Act.NO_DANGER:
            calling.no_danger(turn)
        case Act.PICK_RECEIPT:
            desk.pick(turn, choice.value)
        case Act.PRINT_PICKED:
            turn.say(Told.PHRASE, desk.print_picked(turn))
        case Act.LOOK_AGAIN:
            turn.do(do.AskDesk())
            turn.say(Told.PHRASE, "looked_again")
        case Act.RESUME_DRAFT if _somebody_is_there(state):
            turn.say(Told.PHRASE, "resume_first")
        case Act.RESUME_DRAFT:
            turn.do(do.ResumeDraft())
        case Act.DISCARD_DRAFT:
            turn.do(do.DiscardDraft())
        case Act.SEND_AGAIN:
            turn.do(do.SendAgain())
            turn.say(Told.PHRASE, "sent_again")
        case Act.CLOSE_DESK:
            desk.close(turn)
        case Act.LOUDER | Act.QUIETER | Act.FASTER | Act.SLOWER:
            _adjust_speech(turn, choice.act)
        case Act.SHUTTER:
            turn.say(Told.PHRASE, pictures.press_shutter(turn))
        case Act.PICK_PICTURE:
            pictures.take_file(turn, choice.value)
        case Act.KEEP_SIGNATURE:
            pictures.keep_signature(turn)
        case Act.USE_PICTURE:
            pictures.use(turn)
        case Act.DROP_PICTURES:
            pictures.drop_all(turn)
        case Act.DROP_PICTURE:
            pass  # it is thrown away as soon as nobody looks at it
        case Act.SKIP_CAMERA:
            to = "proxy_absent" if drafting.agreement_awaited(state.draft) else to
        case Act.ERASE_SIGNATURE:
            turn.to(strokes=())
            turn.say(Told.PHRASE, "taken_back")
        case Act.CONSENT | Act.DECLINE:
            proxy.consent(turn, choice.value, given=choice.act is Act.CONSENT)
        case Act.SET_RELATION:
            proxy.set_relation(turn, choice.value)
        case Act.BEGIN_FOR:
            to = to if proxy.begin_for(turn) else "agent_signed_out"
        case Act.AGREE:
            to = proxy.agree(turn, to, choice.value)
            if to == STAY:
                recording.close(turn)
        case Act.REFUSE:
            to = proxy.refuse(turn)
        case Act.ASK_CONSENT_AGAIN:
            to = to if state.draft.on_behalf else PROXY
        case Act.STEP_ASIDE:
            proxy.begin_anew(turn)
    _go(turn, to)


def _somebody_is_there(state: State) -> bool:
    """Whether somebody has begun something, has a receipt before them, or may file for others.

    Nothing of anybody else is brought in then.
    """
    draft = state.draft
    begun = draft.on_behalf is not None or draft.regarding is not None or not drafting.says_nothing(draft)
    return begun or state.agent is not None or drafting.unsent(state) or guarded(state) is not None


def _resume(turn: Turn, event: ev.DraftResumed) -> None:
    """Go on with what was broken off, where staff have asked for it and nobody has begun anything meanwhile.

    Nothing of it is read out before somebody asks for that: whose it is may have wanted it read to nobody.
    """
    state, draft = turn.state, event.draft
    if state.desk is None or state.step != "staff_interrupted" or _somebody_is_there(state):
        return  # it stays kept
    if draft is None or draft.empty or drafting.agreement_awaited(draft):
        turn.say(Told.PHRASE, "resume_fault" if event.fault else "resume_none")
        return
    desk.close(turn)
    _go(turn, WELCOME, say=False)
    drafting.resume(turn, draft, event.counted_from)
    turn.to(hushed=True)
    _go(turn, REVIEW)


def _would_mix(state: State, to: str) -> bool:
    """Whether something would be begun here that must not become part of what was begun before."""
    adds = state.draft.regarding is not None and not state.draft.empty
    if to == PROXY:
        return drafting.unsent(state)
    return to in {"describe", "type_text"} and (adds or state.draft.on_behalf is not None)


def _prefer(turn: Turn, **changes: object) -> None:
    turn.to(preferences=replace(turn.state.preferences, **changes))  # type: ignore[arg-type]  # as above
    _tune(turn)


def _open_where_silent(turn: Turn) -> None:
    """Open the curtain where nothing is said any more: black and mute at once there is no way on."""
    if turn.state.silent:
        turn.to(preferences=replace(turn.state.preferences, curtain=False))


def _draw_curtain(turn: Turn, *, drawn: bool) -> None:
    """Cover the screen, for who listens; where nothing can be said it stays open, or there would be no way on."""
    if drawn and not turn.state.speech:
        _go(turn, "no_speech")
        return
    _prefer(turn, curtain=drawn, hush=Hush.ALOUD if drawn and turn.state.silent else turn.state.preferences.hush)
    turn.say(Told.PHRASE, "curtain_drawn" if drawn else "curtain_open")


def _adjust_speech(turn: Turn, act: Act) -> None:
    preferences = turn.state.preferences
    up = act in {Act.LOUDER, Act.FASTER}
    if act in {Act.LOUDER, Act.QUIETER}:
        _prefer(turn, volume=_neighbour(VOLUMES, preferences.volume, up=up), hush=Hush.ALOUD)
        turn.say(Told.PHRASE, "louder_said")
    else:
        _prefer(turn, rate=_neighbour(RATES, preferences.rate, up=up))
        turn.say(Told.PHRASE, "faster_said")


def _neighbour(steps: tuple[float, ...], here: float, *, up: bool) -> float:
    nearest = min(range(len(steps)), key=lambda i: abs(steps[i] - here))
    return steps[min(max(nearest + (1 if up else -1), 0), len(steps) - 1)]


def _command(turn: Turn, command: Command) -> None:  # noqa: C901, PLR0912 (one flat table of all commands reads best)
    state = turn.state
    if state.busy is Busy.FILING and command is not Command.CALL_STAFF and command not in ALARMS:
        return
    match command:
        case Command.BACK:
            turn.to(busy=None)
            _back(turn)
        case Command.HOME:
            turn.to(busy=None)
            if guarded(state) is not None:
                _ask_before_leaving(turn)
            elif state.step != WELCOME:
                _go(turn, WELCOME)
        case Command.FINISH:
            turn.to(busy=None)
            if STEPS[state.step].journey is Journey.STAFF:  # the visit is ended, or asked about, without the desk
                desk.close(turn)
                _go(turn, RETURN, say=False)
            _leave(turn)
        case Command.REPEAT:
            turn.say(Told.STEP_AGAIN)
        case Command.HELP:
            turn.to(help_shown=True)
            turn.say(Told.HELP)
        case Command.WHERE_AM_I:
            turn.say(Told.WHERE)
        case Command.STOP_SPEECH:
            turn.do(do.StopSpeech())
            turn.to(heard_out=True)
        case Command.LOUDER | Command.QUIETER | Command.FASTER | Command.SLOWER:
            _adjust_speech(turn, Act(command.value))
        case Command.TEXT_LARGER | Command.TEXT_SMALLER:
            at = SIZES.index(state.preferences.size) + (1 if command is Command.TEXT_LARGER else -1)
            _prefer(turn, size=SIZES[min(max(at, 0), len(SIZES) - 1)])
        case Command.SHOW_SCREEN:
            _draw_curtain(turn, drawn=False)
        case Command.SETTINGS:
            if not state.step.startswith("settings"):
                _go(turn, "settings")
        case Command.LANGUAGE:
            if not state.step.startswith("settings"):
                _go(turn, "settings_language")
        case Command.CALL_STAFF:
            _make_way(turn)
            to = calling.call_for(turn)
            if state.step != calling.call_step(turn.state):
                _go(turn, to)
        case Command.FIRE | Command.MEDICAL | Command.CRIME | Command.DESPAIR | Command.DANGER:
            _make_way(turn)
            _go(turn, calling.raise_alarm(turn, ALARMS[command]))


def _make_way(turn: Turn) -> None:
    """Have nothing come between somebody and the call: no answer to what they asked, and no doubt that they are there."""
    if turn.state.busy is not Busy.FILING:  # what is being stored is stored all the same
        turn.to(busy=None)
    if turn.state.step == "idle_warning":
        _go(turn, RETURN, say=False)


def _back(turn: Turn) -> None:
    back = STEPS[turn.state.step].back
    if back == RETURN and STEPS[turn.state.step].journey is Journey.STAFF:
        desk.close(turn)
    if back == ENDED:
        _end(turn, ENDED)
    elif back:
        _go(turn, back)


# -- what was said -----------------------------------------------------------------------------------------------------


def _miss(turn: Turn, near: str) -> None:
    """Answer what was not understood: ask back once, then offer another way, then be quiet until something is.

    Where no answer is awaited a single miss is only shown: it may have been a cough, or somebody else's talk. Before
    the kiosk has begun to speak it is passed over: it answers nothing that stands here, and would take the place of
    the reading that must be heard before anything is sent by voice.
    """
    state = turn.state
    if not listening(state) or STEPS[state.step].takes is Input.SPEECH or state.busy is Busy.FILING:
        return
    if not state.heard_out and not state.speaking:
        return
    misses = min(state.misses + 1, MOST_ANSWERED_MISSES + 1)
    turn.to(misses=misses)
    if misses == 1 and near and state.attentive and _may_ask_back(state, near):
        turn.to(meant=near)
        _go(turn, "did_you_mean")
    elif misses <= MOST_ANSWERED_MISSES and state.begun:
        name = _after_miss(state, misses)
        if state.attentive or misses == MOST_ANSWERED_MISSES:
            turn.say(Told.PHRASE, name)
        else:
            turn.to(saying=Saying(told=Told.PHRASE, name=name))


def _may_ask_back(state: State, near: str) -> bool:
    return state.step not in {"did_you_mean", "idle_warning"} and may_be_asked_back(state, near)


def _after_miss(state: State, misses: int) -> str:
    """Return the phrase that answers a miss."""
    if misses < MOST_ANSWERED_MISSES:
        submits = any(choice.act is Act.SUBMIT for choice in offered(state))
        return "miss_send" if submits else "miss_once"
    match STEPS[state.step].takes:
        case Input.DIGITS:
            return "miss_twice_digits"
        case Input.TEXT:
            return "miss_twice_text"
        case _:
            return "miss_twice"


def _do_as_meant(turn: Turn) -> None:
    """Do what was asked back, on the step it was said on."""
    meant = asked_back(turn.state)
    _go(turn, RETURN, say=False)
    if meant is None:
        turn.say()  # the answer went away meanwhile
    else:
        _handle(turn, meant)


# -- text and digits ---------------------------------------------------------------------------------------------------


# -- recording ---------------------------------------------------------------------------------------------------------


def _lose_speech(turn: Turn) -> None:
    state = turn.state
    turn.to(speech=False, speaking=False, playing=False, heard_out=True)
    turn.to(preferences=replace(state.preferences, curtain=False))  # who can't hear must see
    tellable = state.step not in {WELCOME, *RECORDINGS, "idle_warning", "no_speech"} and STEPS[state.step].may_idle
    if state.speech and tellable and state.busy is None and not state.rules.screen_reader:
        _go(turn, "no_speech")


# -- printing, waiting -----------------------------------------------------------------------------------------------


def _print(turn: Turn) -> str:
    """Have the slip printed; return where that is waited for."""
    receipt = turn.state.receipt
    if receipt is None or not printable(turn.state):
        return STAY
    turn.to(printing=turn.state.printing | {receipt.number})
    # Who files for somebody absent gets their own slip; the person's is staff's to hand over.
    role = Role.AGENT if receipt.role is Role.AGENT else None
    turn.do(do.PrintReceipts(numbers=(receipt.number,), role=role))
    if turn.state.step not in RECEIPTS:
        _go(turn, RETURN, say=False)
    turn.say(Told.PHRASE, "printing")
    return STAY


def _look_at_desk(turn: Turn) -> None:
    """Have what the desk shows found out anew, where it is open: what it told is not so any more."""
    if turn.state.desk is not None:
        turn.do(do.AskDesk())


def _printer_changed(turn: Turn, printer: PrinterState) -> None:
    """Note how the printer is; who waits for a slip that it can't print now is told at once, and not kept waiting."""
    state = turn.state
    turn.to(printer=printer)
    if printer is not state.printer:
        _look_at_desk(turn)
    waits = state.receipt is not None and state.receipt.number in state.printing and state.desk is None
    if waits and printer in PRINTER_STEPS and state.step in RECEIPTS:
        _go(turn, PRINTER_STEPS[printer])


def _printed(turn: Turn, event: ev.ReceiptPrinted) -> None:
    """Tell what became of a slip: to staff at the desk, to the resident whose it is, to nobody else."""
    state = turn.state
    turn.to(printing=state.printing - {event.number})
    printed = event.outcome is PrintOutcome.PRINTED
    if state.receipt is not None and state.receipt.number == event.number and printed:
        turn.to(printed=state.printed | {event.number})
    if state.desk is not None:
        turn.do(do.AskDesk())
        turn.say(Told.PHRASE, desk.printed_phrase(event))
    elif _waits_for_slip(state, event.number):
        unknown = event.outcome is PrintOutcome.UNKNOWN
        to = PRINTER_STEPS.get(event.state, "printer_unknown" if unknown else "printer_silent")
        if printed:
            if state.step in NOT_PRINTED:  # the paper has come meanwhile
                _go(turn, RETURN, say=False)
            turn.say(Told.PHRASE, "printed")
        elif to != state.step:
            _go(turn, to)


def _waits_for_slip(state: State, number: str) -> bool:
    """Whether the resident whose slip it is stands there, or at something over it that may be interrupted."""
    lies_over = bool(RECEIPTS & set(state.covered)) and _may_interrupt(state)
    return state.receipt is not None and state.receipt.number == number and (state.step in RECEIPTS or lies_over)


def _timer(turn: Turn, name: str) -> None:  # noqa: C901 (one flat table of all timers reads best)
    state = turn.state
    match name:  # the names above, as literals: a bare name would match anything
        case "idle":
            if state.step == WELCOME and state.draft.empty:
                proxy.sign_out(turn)
                _forget(turn)
                _reset_preferences(turn)
                turn.do(do.RenewSpeech())
            elif STEPS[state.step].may_idle and state.step != "idle_warning":
                _go(turn, "idle_warning")
        case "second":
            _second(turn)
        case "leave":
            if STEPS[state.step].leaves_after_seconds:
                _reset_preferences(turn)
                _go(turn, WELCOME, say=False)
        case "attentive":
            turn.to(attentive=False)
        case "shutter":
            pictures.count(turn)
        case "desk":
            _close_unattended_desk(turn)
        case "unanswered":
            calling.nobody_answered(turn)
        case "bell":
            calling.sound_bell(turn, quiet=state.recorder is not Recorder.OFF or state.speaking)
        case "pause" | "unheard":
            if state.step in RECORDINGS:
                recording.close(turn)
        case "closing":
            _go_on(turn, recording.give_up_waiting(turn))
        case _:
            pass


def _close_unattended_desk(turn: Turn) -> None:
    """Go back to the visit from a desk that nobody uses; what lies over it leads back there, too."""
    state = turn.state
    if STEPS[state.step].journey is Journey.STAFF:
        desk.close(turn)
        nobody_speaks = (
            turn.state.covered[:1] and turn.state.covered[0] in RECORDINGS
        )  # whoever comes by would be recorded
        _go(turn, review_step(turn.state) if nobody_speaks else RETURN)
        return
    places = [place for place, step in enumerate(state.covered) if STEPS[step].journey is Journey.STAFF]
    if places:
        turn.to(covered=(*state.covered[:1], *state.covered[places[-1] + 1 :]))
        desk.close(turn, uncover=False)


def _second(turn: Turn) -> None:
    state = turn.state
    if state.step == "idle_warning":
        if state.seconds_left <= 1:
            _end(turn, "session_timed_out")
        else:
            turn.to(seconds_left=state.seconds_left - 1)
            turn.do(do.SetTimer(name=SECOND, seconds=1))
    elif state.recorder is Recorder.ON:
        recording.count(turn)
