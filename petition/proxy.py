"""How filing for somebody else goes: who agrees, by what it is shown, whose names are kept, and who is signed in for it."""

import re
from dataclasses import replace
from typing import Final

from petition import drafting
from petition import effects as do
from petition import events as ev
from petition.consents import answered
from petition.model import AttachmentKind, Authority, OnBehalf, Relation, Sensitive
from petition.pictures import drop, drop_evidence, take_evidence
from petition.state import Busy, Recorder, State
from petition.steps import AGREED, STAY, Field
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

_DISAGREES = re.compile(r"不(?:同意|愿意|答应)|别替")
_AGREES = re.compile(r"同意|愿意|答应")
_BY_WHOM = r"[由让请叫].{1,6}?(?:[替帮给]我)?(?:办|反映|说|弄|跑)(?:这件?事|吧|了)?"
_PLAINLY = re.compile(
    rf"(?:好的?|行|嗯|对|可以)?(?:我叫[^我]{{2,4}}我|我)?[也都]?(?:同意|愿意|答应)[了的啊]?(?:{_BY_WHOM})?"
)
"""A clause that says yes, and says it of oneself: 「我儿子同意」 is somebody else's, and 「同意才怪」 is none."""
_ASIDE = re.compile(rf"好的?|行|嗯|对|可以|我叫[^我]{{2,4}}|(?=.*[替帮给]我){_BY_WHOM}")
"""What may be said beside it; 「我儿子，同意」 is somebody else's with a pause."""
_DOUBTS = re.compile(r"[不没别谁吗怪]|拒绝|反对|难道")
"""Whoever has one of these in what they say is asked to press, whatever else they say."""
_CLAUSES = re.compile(r"[，。！？、,.!?\s]+")


def agrees(words: str) -> bool | None:
    """Return what words say that were made out of somebody's agreement: None where they say neither, or both."""
    refused, rest = _DISAGREES.search(words), _DISAGREES.sub("", words)
    if refused:
        return None if _AGREES.search(rest) else False
    said = [clause for clause in _CLAUSES.split(rest) if clause and not _ASIDE.fullmatch(clause)]
    plainly = bool(said) and all(_PLAINLY.fullmatch(clause) for clause in said)
    return True if plainly and not _DOUBTS.search(rest) else None


# -- for whom ----------------------------------------------------------------------------------------------------------


def set_relation(turn: Turn, relation: str) -> None:
    """Note who is filed for; nobody has agreed to anything yet, and nothing of anybody else goes along."""
    sign_out(turn)  # who says that they are family is nobody who signed in
    begin_anew(turn)
    turn.to(draft=replace(turn.state.draft, on_behalf=OnBehalf(relation=Relation(relation).value)))


def begin_for(turn: Turn) -> bool:
    """Begin for the next person, as who is signed in; tell whether they may."""
    agent = turn.state.agent
    if agent is None or exhausted(turn.state):
        return False
    relation = Relation.STAFF if agent.staff else Relation.VOLUNTEER
    behalf = OnBehalf(relation=relation.value, agent=agent.name, agent_id=agent.id)
    begin_anew(turn)
    turn.to(draft=replace(turn.state.draft, on_behalf=behalf))
    return True


def agree(turn: Turn, to: str, how: str) -> str:
    """Take 「我同意」 or 「我愿意」; return where it goes on.

    While it is being said the recording ends first: without a voice in it, it has been pressed and nothing else.
    """
    state = turn.state
    if state.step in CONSENTING:
        turn.to(agreed=True)
        return STAY
    if how == Authority.PRESSED:
        take_evidence(turn, Authority.PRESSED)
        return to
    take_evidence(turn, Authority.SPOKEN, *(a for a in state.draft.attachments if a.kind is AttachmentKind.CONSENT))
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
        # Nobody is taken at their silence where it was the microphone's, or the sound could not be kept.
        silent = not heard and state.microphone and not state.agreed
        return refuse(turn) if silent else "proxy_sign"
    if declared:
        take_evidence(turn, Authority.DECLARED, *sounds)
        return "proxy_name"
    drop_evidence(turn)
    said = agrees(words)
    if said is False and not state.agreed:
        drop(turn, *sounds)
        return refuse(turn)
    draft = turn.state.draft
    turn.to(draft=replace(draft, attachments=(*draft.attachments, *sounds)))
    if said or (state.agreed and said is None):
        turn.to(step="consent_check")
        return agree(turn, AGREED, "")
    return "consent_check"


def refuse(turn: Turn) -> str:
    """Keep nothing of what was said and written; return where that is told."""
    behalf = turn.state.draft.on_behalf
    begin_anew(turn)
    if behalf is not None:
        bare = OnBehalf(relation=behalf.relation, agent=behalf.agent, agent_id=behalf.agent_id)
        again = bare if behalf.agent_id else replace(bare, agent="")
        turn.to(draft=replace(turn.state.draft, on_behalf=again))
    return "proxy_refused"


def begin_anew(turn: Turn) -> None:
    """Have nothing stay that was said or written for somebody: who comes next, or speaks for themselves, begins clean."""
    draft = turn.state.draft
    drop(turn, *draft.attachments)
    drafting.begin(turn, draft.petition_id)
    turn.to(agreed=False, strokes=(), read_back=False)
    if turn.state.recorder is not Recorder.OFF:  # what is still being closed is nobody's petition: it is thrown away
        turn.to(recording_kind=AttachmentKind.CONSENT)


def forget_pending(turn: Turn) -> None:
    """Forget for whom it was to be where nobody has agreed yet."""
    behalf = turn.state.draft.on_behalf
    if behalf is not None and behalf.authority is Authority.NONE:
        begin_anew(turn)


# -- names -------------------------------------------------------------------------------------------------------------


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
    sign_out(turn)
    turn.to(busy=None, agent=event.agent, agent_filed=0, agent_code="")
    return "agent_ready"


def refused(turn: Turn, event: ev.SignInRefused) -> str:
    """Tell why nobody is signed in; return where."""
    if turn.state.busy is not Busy.SIGNING_IN:
        return STAY
    if event.fault is not None:
        why = "sign_in_fault"
    elif event.expired:
        why = "sign_in_expired"
    else:
        why = "sign_in_locked" if event.locked_minutes else "sign_in_again"
    turn.to(busy=None, agent_code="", sign_in_minutes=event.locked_minutes, sign_in_refused=why)
    return "agent_wrong"


def sign_out(turn: Turn) -> None:
    """Have nobody signed in any more."""
    state = turn.state
    if state.agent is not None:
        turn.do(do.SignOut(agent=state.agent, filed=state.agent_filed))
        turn.to(agent=None, said=())


def forget_code(turn: Turn) -> None:
    """Forget a number and PIN that were left half-way: who comes next could sign in with them."""
    if turn.state.agent_code and "agent_pin" not in (*turn.state.covered, turn.state.step):
        turn.to(agent_code="")


def exhausted(state: State) -> bool:
    """Whether who is signed in has filed for as many people as they may before they sign in anew."""
    return state.agent is not None and state.agent_filed >= state.agent.petitions
