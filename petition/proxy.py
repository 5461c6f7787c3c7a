"""How filing for somebody else goes: who agrees, by what it is shown, whose names are kept, and who is signed in for it."""

import re
from dataclasses import replace
from typing import Final

from petition import effects as do
from petition import events as ev
from petition.consents import answered
from petition.model import Attachment, AttachmentKind, Authority, Draft, OnBehalf, Relation, Sensitive
from petition.offer import with_evidence
from petition.pictures import drop
from petition.state import Busy, State
from petition.steps import STAY, Field
from petition.turn import Turn

CONSENTING: Final = frozenset({"consent_recording", "declare_recording"})
"""Where somebody's agreement or promise is recorded."""
CONSENT_SECONDS: Final = 60
"""Longer takes nobody to agree."""
CODE_DIGITS: Final = 8
"""Of a number and the shortest PIN behind it."""
NAMES: Final = {
    Field.NAME: "name_text",
    Field.PRINCIPAL_NAME: "principal_text",
    Field.AGENT_NAME: "agent_text",
}
"""The fields of the state in which names are being written."""
PHONES: Final = frozenset({Field.PRINCIPAL_PHONE, Field.AGENT_PHONE})
SIGNING_IN: Final = frozenset(
    {"welcome", "proxy_relation", "agent_sign_in", "agent_pin", "agent_wrong", "agent_ready", "agent_signed_out"}
)
"""Where a badge signs somebody in; elsewhere it would throw somebody out of what they are doing."""

_DISAGREES = re.compile(r"不[同意愿想要让]|别替|不行")
_AGREES = re.compile(r"同意|愿意|答应")


def agrees(words: str) -> bool | None:
    """Return what words say that were made out of somebody's agreement: None where they say neither."""
    if _DISAGREES.search(words):
        return False
    return True if _AGREES.search(words) else None


# -- for whom ----------------------------------------------------------------------------------------------------------


def set_relation(turn: Turn, relation: str) -> None:
    """Note who is filed for; nobody has agreed to anything yet."""
    turn.to(draft=replace(turn.state.draft, on_behalf=OnBehalf(relation=Relation(relation).value)))


def begin_for(turn: Turn) -> None:
    """Begin for the next person, as who is signed in."""
    agent = turn.state.agent
    if agent is None:
        return
    relation = Relation.STAFF if agent.staff else Relation.VOLUNTEER
    behalf = OnBehalf(relation=relation.value, agent=agent.name, agent_id=agent.id)
    turn.to(draft=replace(turn.state.draft, on_behalf=behalf))


def agree(turn: Turn, to: str, how: str) -> str:
    """Take 「我同意」 or 「我愿意」; return where it goes on.

    While it is being said the recording ends first: without a voice in it, it has been pressed and nothing else.
    """
    state = turn.state
    if state.step in CONSENTING:
        turn.to(agreed=True)
        return STAY
    pressed = how == Authority.PRESSED
    if pressed:
        _drop_evidence(turn)
    evidence = tuple(a for a in turn.state.draft.attachments if a.kind is AttachmentKind.CONSENT)
    authority = Authority.PRESSED if pressed else Authority.SPOKEN
    turn.to(draft=with_evidence(turn.state.draft, authority, evidence))
    return to


def recorded(turn: Turn, event: ev.RecordingEnded, *, heard: bool, words: str) -> str:
    """Go on after an agreement or a promise was recorded; return where. What nobody waits for is thrown away."""
    state = turn.state
    sounds = tuple(replace(sound, kind=AttachmentKind.CONSENT) for sound in event.attachments)
    if state.step not in CONSENTING or state.draft.on_behalf is None:
        drop(turn, *sounds)
        return STAY
    declared = state.step == "declare_recording"
    if not (sounds and heard):
        drop(turn, *sounds)
        if declared:
            return "proxy_absent"
        if state.agreed:
            return "proxy_sign"
        return refuse(turn)
    _drop_evidence(turn)
    if declared:
        turn.to(draft=with_evidence(turn.state.draft, Authority.DECLARED, sounds))
        return "proxy_name"
    said = agrees(words)
    if said is False and not state.agreed:
        drop(turn, *sounds)
        return refuse(turn)
    draft = turn.state.draft
    turn.to(draft=replace(draft, attachments=(*draft.attachments, *sounds)))
    if state.agreed or said:
        turn.to(step="consent_check")
        return agree(turn, "@agreed", "")
    return "consent_check"


def throw_away(turn: Turn, event: ev.RecordingEnded) -> None:
    """Have a recording deleted that another one takes the place of."""
    drop(turn, *event.attachments)


def refuse(turn: Turn) -> str:
    """Keep nothing of what was said and written; return where that is told."""
    behalf = turn.state.draft.on_behalf
    _begin_anew(turn)
    if behalf is not None:
        bare = OnBehalf(relation=behalf.relation, agent=behalf.agent, agent_id=behalf.agent_id)
        again = bare if behalf.agent_id else replace(bare, agent="")
        turn.to(draft=replace(turn.state.draft, on_behalf=again))
    return "proxy_refused"


def step_aside(turn: Turn) -> None:
    """Have the person speak for themselves: nothing that was said or written for them stays."""
    _begin_anew(turn)


def _begin_anew(turn: Turn) -> None:
    draft = turn.state.draft
    drop(turn, *draft.attachments)
    turn.to(draft=Draft(petition_id=draft.petition_id, language=draft.language), typed="", agreed=False, strokes=())
    forget_names(turn)


def _drop_evidence(turn: Turn) -> None:
    draft = turn.state.draft
    kinds = {AttachmentKind.CONSENT, AttachmentKind.PAPER, AttachmentKind.SIGNATURE}
    old: tuple[Attachment, ...] = tuple(a for a in draft.attachments if a.kind in kinds)
    drop(turn, *old)
    turn.to(draft=replace(draft, attachments=tuple(a for a in draft.attachments if a not in old)))


def forget_pending(turn: Turn) -> None:
    """Forget for whom it was to be where nobody has agreed yet."""
    behalf = turn.state.draft.on_behalf
    if behalf is not None and behalf.authority is Authority.NONE:
        _begin_anew(turn)


# -- names -------------------------------------------------------------------------------------------------------------


def forget_names(turn: Turn) -> None:
    """Forget every name and number that is being written."""
    turn.to(name_text="", principal_text="", agent_text="", principal_digits="", agent_digits="", id_digits="")


def give_name(turn: Turn, field: Field, name: str) -> None:
    """Note a name; "" for none."""
    draft = turn.state.draft
    if field is Field.NAME:
        turn.to(draft=replace(draft, name=name))
    elif draft.on_behalf is not None:
        given = {"principal": name} if field is Field.PRINCIPAL_NAME else {"agent": name}
        turn.to(draft=replace(draft, on_behalf=replace(draft.on_behalf, **given)))  # type: ignore[arg-type]


def give_phone(turn: Turn, field: Field, phone: str) -> None:
    """Note a telephone number in E.164; "" for none."""
    draft = turn.state.draft
    if draft.on_behalf is not None:
        given = {"principal_phone": phone} if field is Field.PRINCIPAL_PHONE else {"agent_phone": phone}
        turn.to(draft=replace(draft, on_behalf=replace(draft.on_behalf, **given)))  # type: ignore[arg-type]


def consent(turn: Turn, about: str, *, given: bool) -> None:
    """Note the answer to one of the sentences that ask for something of its own."""
    state = turn.state
    draft = answered(state.draft, Sensitive(about), given=given, step=state.step)
    drop(turn, *(a for a in state.draft.attachments if a not in draft.attachments))
    turn.to(draft=draft)
    if not given and about == Sensitive.ID_NUMBER:
        turn.to(id_digits="")
    if not given and about == Sensitive.AGENT_DATA:
        turn.to(agent_text="", agent_digits="")


# -- signing in --------------------------------------------------------------------------------------------------------


def try_badge(turn: Turn, badge: str) -> None:
    """Have a badge looked at; nothing of it stays here."""
    turn.to(busy=Busy.SIGNING_IN)
    turn.do(do.SignIn(badge=badge))


def try_code(turn: Turn) -> None:
    """Have a number and PIN looked at; nothing of them stays here."""
    code = turn.state.agent_code
    if len(code) >= CODE_DIGITS:
        turn.to(busy=Busy.SIGNING_IN, agent_code="")
        turn.do(do.SignIn(code=code))


def signed_in(turn: Turn, event: ev.AgentSignedIn) -> str:
    """Note who files for several people now; return where they begin."""
    if turn.state.busy is not Busy.SIGNING_IN:
        turn.do(do.SignOut(agent=event.agent, filed=0))
        return STAY
    turn.to(busy=None, agent=event.agent, agent_filed=0, agent_code="", sign_in_minutes=0, sign_in_expired=False)
    return "agent_ready"


def refused(turn: Turn, event: ev.SignInRefused) -> str:
    """Tell why nobody is signed in; return where."""
    if turn.state.busy is not Busy.SIGNING_IN:
        return STAY
    turn.to(busy=None, agent_code="", sign_in_minutes=event.locked_minutes, sign_in_expired=event.expired)
    return "agent_wrong"


def sign_out(turn: Turn) -> None:
    """Have nobody signed in any more."""
    state = turn.state
    if state.agent is not None:
        turn.do(do.SignOut(agent=state.agent, filed=state.agent_filed))
        turn.to(agent=None, said=())


def exhausted(state: State) -> bool:
    """Whether who is signed in has filed for as many people as they may before they sign in anew."""
    return state.agent is not None and state.agent_filed >= state.agent.petitions
