"""How a petition is sent, once, and what is remembered of it so that nobody sends the same again unasked."""

from dataclasses import replace
from hashlib import blake2b

from petition import drafting, follow_up, recording
from petition import effects as do
from petition import events as ev
from petition.likeness import fingerprint, near
from petition.model import TextSource
from petition.offer import machine_made, review_step
from petition.saying import Saying, Told
from petition.state import Busy, Recorder, State
from petition.steps import RECEIPT, STAY
from petition.turn import Turn

MOST_SAID = 40
"""So many petitions of a visit are remembered by what they resemble."""


def submit(turn: Turn, *, again: bool = False) -> str:
    """Have the petition stored; return where it goes on where it is not.

    `again` is whether somebody said that it is another one than the one it resembles.
    """
    state = turn.state
    if state.recorder is not Recorder.OFF:
        turn.to(submitting=True)
        recording.close(turn)
        return STAY
    if state.draft.wordless or drafting.agreement_awaited(state.draft):
        return review_step(state)
    if not again and _said_before(state):
        return "said_before"
    if state.draft.regarding is not None:
        follow_up.submit_later(turn, state.draft.regarding)
        return STAY
    draft = state.draft
    if not draft.place.text:
        draft = replace(draft, place=state.catalogue.home_place)
    draft = replace(draft, notice_version=state.catalogue.notice_version)
    if machine_made(draft.text_source):
        draft = replace(draft, text_source=TextSource.CONFIRMED if state.read_back else TextSource.RECOGNISED)
    turn.to(busy=Busy.FILING, draft=draft, saying=Saying(told=Told.PHRASE, name="storing"))
    turn.do(do.FilePetition(draft=draft))
    return STAY


def filed(turn: Turn, event: ev.PetitionFiled) -> str:
    """Take it that a petition was stored, and begin with nothing said; return where the receipt is."""
    state = turn.state
    if (whose := _whose(state)) is not None and state.draft.text.strip():
        turn.to(said=(*state.said, (whose, _likeness(state)))[-MOST_SAID:])
    turn.to(filed_for_another=state.draft.on_behalf is not None)
    if state.agent is not None and state.draft.on_behalf is not None:
        turn.to(agent_filed=state.agent_filed + 1)
    turn.to(busy=None, receipt=event.receipt)
    drafting.begin(turn, event.next_petition_id)
    turn.do(*(() if turn.state.hearing else (do.CloseMicrophone(),)), do.PlayEarcon(name="done"))
    return RECEIPT


def is_filing(state: State, petition_id: str) -> bool:
    """Whether it is still waited for a petition that is being stored."""
    return state.busy is Busy.FILING and state.draft.petition_id == petition_id


def said_for_named(state: State) -> tuple[tuple[str, frozenset[int]], ...]:
    """Return what was filed for people who are known by name, while who files for them is signed in.

    Who spoke for themselves is known by nothing: the next one who does is somebody else.
    """
    return tuple(one for one in state.said if one[0]) if state.agent is not None else ()


def _said_before(state: State) -> bool:
    """Whether the same person has filed nearly the same in this visit, or with who is signed in."""
    whose = _whose(state)
    if whose is None or state.draft.regarding is not None or not state.draft.text.strip():
        return False
    likeness = _likeness(state)
    return any(whose == who and near(likeness, before) for who, before in state.said)


def _whose(state: State) -> str | None:
    """Return whose petition it is, None where that is not known: of two who are not known nobody is asked about both.

    "" stands for who speaks for themselves; of who is filed for stays a keyed hash, for the next one is somebody else.
    """
    behalf = state.draft.on_behalf
    if behalf is None:
        return ""
    if not (behalf.principal or behalf.principal_phone):
        return None
    who = f"{behalf.principal}/{behalf.principal_phone}"
    return blake2b(who.encode(), digest_size=16, key=state.rules.salt).hexdigest()


def _likeness(state: State) -> frozenset[int]:
    return fingerprint(state.draft.text, state.rules.salt)
