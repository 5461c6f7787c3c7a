"""How a call for a person goes: it rings where people are, else here; nobody is said to come before somebody said so."""

from dataclasses import replace

from petition import effects as do
from petition import events as ev
from petition.model import Call, CallStanding, Danger
from petition.state import State
from petition.steps import CALL
from petition.turn import Turn

UNANSWERED, BELL = "unanswered", "bell"
UNANSWERED_SECONDS = 60
"""So long a call goes on before it is said that nobody has answered yet, and the bell here is offered."""
BELL_SECONDS, FAR_BELL_SECONDS = 4.0, 30.0
"""How often the bell sounds: where it is what stands on the screen, and where somebody goes on with their matter."""

DANGER_STEPS = {
    Danger.FIRE: "danger_fire",
    Danger.MEDICAL: "danger_medical",
    Danger.CRIME: "danger_crime",
    Danger.SELF: "danger_self",
    Danger.UNNAMED: "danger_any",
}


def call_for(turn: Turn, reason: Danger | None = None, *, quietly: bool = False) -> str:
    """Call a person, or ring once more where one is called already; return where it is told how far that is.

    `quietly` is for who asked for silence and did not ask for the bell: whom they fear may stand beside them.
    """
    call = turn.state.call
    if not quietly:
        turn.do(do.PlayEarcon(name="bell"))
    if call is None or _more_pressing(call, reason):
        end_call(turn)
        _begin(turn, reason, wanted_before=call is not None and (call.reason is None or call.wanted_before))
    return CALL


def _more_pressing(call: Call, reason: Danger | None) -> bool:
    """Whether who is called has to know more than they do: that there is danger, or which, unless they are coming."""
    if reason is None:
        return False
    named_now = call.reason is Danger.UNNAMED and reason is not Danger.UNNAMED
    return call.reason is None or (named_now and call.standing is not CallStanding.ANSWERED)


def call_again(turn: Turn) -> str:
    """Call once more, for whoever said that they were coming has not come."""
    call = turn.state.call
    end_call(turn)
    turn.do(do.PlayEarcon(name="bell"))
    _begin(turn, call.reason if call else None, wanted_before=call is not None and call.wanted_before)
    return CALL


def _begin(turn: Turn, reason: Danger | None, *, wanted_before: bool = False) -> None:
    number = turn.state.calls_made + 1
    call = Call(number=number, reason=reason, wanted_before=wanted_before)
    turn.to(call=call, calls_made=number, call_news=False)
    turn.do(do.CallStaff(call=number, reason=reason), do.SetTimer(name=UNANSWERED, seconds=UNANSWERED_SECONDS))


def raise_alarm(turn: Turn, danger: Danger, *, quietly: bool = False) -> str:
    """Call a person at once, and return where it is told whom to phone."""
    call_for(turn, danger, quietly=quietly)
    turn.to(dangers=turn.state.dangers | {danger})
    return DANGER_STEPS[danger]


def no_danger(turn: Turn) -> None:
    """Nobody need come for that; who was called for help before still may."""
    call = turn.state.call
    if call is not None and call.reason is not None:
        end_call(turn)
        if call.wanted_before:
            _begin(turn, None)


def end_call(turn: Turn) -> None:
    """Nobody need come any more."""
    if turn.state.call is not None:
        turn.do(do.EndCall(call=turn.state.call.number))
    forget_call(turn)


def forget_call(turn: Turn) -> None:
    """Have nothing of a call in the visit; where it rings, it goes on."""
    ring_here(turn, on=False)
    turn.to(call=None, call_news=False)
    turn.do(do.CancelTimer(name=UNANSWERED))


def ring_here(turn: Turn, *, on: bool) -> None:
    """Have the bell ring that is heard around here, or have it stop."""
    if turn.state.bell is on:
        return
    turn.to(bell=on)
    turn.do(do.SoundBell(on=on))
    turn.do(do.SetTimer(name=BELL, seconds=BELL_SECONDS) if on else do.CancelTimer(name=BELL))


def call_changed(turn: Turn, event: ev.CallChanged) -> None:
    """Note how far the call is; whoever called is told as soon as that interrupts nothing."""
    call = turn.state.call
    if call is None or call.number != event.call or call.standing is CallStanding.ANSWERED:
        return
    before = call_step(turn.state)
    turn.to(call=replace(call, standing=event.standing, by=event.by))
    if event.standing is CallStanding.ANSWERED:
        turn.do(do.CancelTimer(name=UNANSWERED))
    if event.standing is CallStanding.UNREACHABLE:
        ring_here(turn, on=call.reason is None or not turn.state.silent)  # silence was asked for, the bell was not
    elif event.standing is CallStanding.ANSWERED or call.standing is CallStanding.UNREACHABLE:
        ring_here(turn, on=False)  # a bell that was asked for rings on until somebody answers
    if call.standing is CallStanding.UNREACHABLE and event.standing is CallStanding.RINGING:
        turn.do(do.SetTimer(name=UNANSWERED, seconds=UNANSWERED_SECONDS))
    turn.to(call_news=call_step(turn.state) != before)


def nobody_answered(turn: Turn) -> None:
    """It has rung for long."""
    call = turn.state.call
    if call is not None and call.standing in {CallStanding.BEGUN, CallStanding.RINGING}:
        before = call_step(turn.state)
        turn.to(call=replace(call, unanswered=True))
        turn.to(call_news=call_step(turn.state) != before)


def sound_bell(turn: Turn, *, quiet: bool) -> None:
    """Let the bell sound once more, unless something must not be disturbed, and again after a while."""
    if turn.state.bell:
        here = turn.state.step == "call_local_bell"
        turn.do(*(() if quiet else (do.PlayEarcon(name="bell"),)))
        turn.do(do.SoundBell(on=True), do.SetTimer(name=BELL, seconds=BELL_SECONDS if here else FAR_BELL_SECONDS))


def call_step(state: State) -> str:
    """Return the step that tells how far the call is."""
    call = state.call
    if call is None:
        return "call_cancelled"
    if call.standing is CallStanding.ANSWERED:
        return "call_answered"
    if state.bell:
        return "call_local_bell"
    return "call_no_answer" if call.unanswered or call.standing is CallStanding.UNREACHABLE else "call_staff"
