"""What moments have of people and pictures: who is filed for, by whom, what shows that they agree, who is signed in."""

from collections.abc import Callable
from dataclasses import replace

from petition.consents import answered
from petition.model import (
    Agent,
    Attachment,
    AttachmentKind,
    Authority,
    Draft,
    Language,
    OnBehalf,
    PictureFile,
    Relation,
    Sensitive,
)
from petition.pictures import CARDS
from petition.proxy import CONSENTING
from petition.script.book import STEPS
from petition.state import Recorder, State
from petition.steps import Journey, Layout

PRINCIPALS = {Language.SIMPLIFIED: "张玉兰", Language.TRADITIONAL: "張玉蘭", Language.ENGLISH: "Zhang Yulan"}
NEIGHBOURS = {Language.SIMPLIFIED: "陈国强", Language.TRADITIONAL: "陳國強", Language.ENGLISH: "Chen Guoqiang"}
VOLUNTEERS = {Language.SIMPLIFIED: "王秀英", Language.TRADITIONAL: "王秀英", Language.ENGLISH: "Wang Xiuying"}
ID_NUMBER = "11010519491231002X"
"""The one the standard has as an example (GB 11643), of nobody."""
CODE = "10234051"
"""A number of somebody who files for several people, and a PIN."""
PICTURES = tuple(
    Attachment(id=id_, kind=AttachmentKind.PICTURE, media_type="image/jpeg") for id_ in ("stair", "letter")
)
PAPER = Attachment(id="paper", kind=AttachmentKind.PAPER, media_type="image/jpeg")
VOICE = Attachment(id="voice", kind=AttachmentKind.CONSENT, media_type="audio/ogg", seconds=6)
FILES = tuple(PictureFile(id=f"file-{n}") for n in range(1, 10))
"""More than one screen shows."""
STROKES = (
    ((90, 120), (300, 105)),
    ((195, 40), (190, 230), (120, 330)),
    ((200, 200), (290, 320)),
    ((420, 60), (640, 50)),
    ((530, 50), (525, 190), (440, 300), (420, 250), (520, 220), (640, 300)),
    ((780, 90), (770, 330)),
    ((720, 180), (900, 160), (890, 320), (820, 340)),
)
"""Three signs of no script, drawn with a finger."""
BY_A_VOLUNTEER = frozenset(
    {"consent_recording", "consent_check", "describe", "review_recording", "agent_ready", "receipt_offline"}
)
"""Steps on which a volunteer is signed in; on the others of journey 4 it is a neighbour who files."""
FOR_SOMEBODY = frozenset({"who", "review", "review_heard", "said_before"})
"""Steps of the petition itself on which it is for somebody else."""
FOR_NOBODY_YET = frozenset({"proxy_relation", "agent_sign_in", "agent_pin", "agent_wrong", "agent_signed_out"})
FILED = frozenset({"receipt_offline", "agent_ready"})


def with_people(state: State) -> State:
    """Return the moment with whoever and whatever its step is about."""
    step = STEPS[state.step]
    state = replace(state, rules=replace(state.rules, cards=step.id in CARDS))
    if step.journey is Journey.PROXY or step.id in BY_A_VOLUNTEER | FOR_SOMEBODY:
        state = _for_another(state)
    if step.id in _MORE:
        state = _MORE[step.id](state)
    if step.layout is Layout.RECORD:
        state = replace(state, recorder=Recorder.ON)
    return _with_names(state)


def _for_another(state: State) -> State:
    language, volunteer = state.preferences.language, state.step in BY_A_VOLUNTEER
    nothing = Draft(petition_id=state.draft.petition_id, language=language, place=state.draft.place)
    said = state.step in FOR_SOMEBODY | {"review_recording"}
    draft = state.draft if said else nothing
    if volunteer:
        agent = Agent(id="1023", name=VOLUNTEERS[language])
        state = replace(state, agent=agent, agent_filed=2, filed_for_another=state.step in FILED)
    if state.step == "receipt_offline" and state.receipt is not None:
        state = replace(state, receipt=replace(state.receipt, for_another=True))
    if state.step in FILED | FOR_NOBODY_YET:
        return replace(state, draft=nothing)
    behalf = OnBehalf(
        relation=(Relation.VOLUNTEER if volunteer else Relation.NEIGHBOUR).value,
        principal=PRINCIPALS[language] if said else "",
        agent=(VOLUNTEERS if volunteer else NEIGHBOURS)[language],
        agent_id="1023" if volunteer else "",
        authority=Authority.SPOKEN if said or volunteer else Authority.NONE,
        evidence=(VOICE.id,) if said else (),
    )
    evidence = (VOICE,) if said else ()
    return replace(state, draft=replace(draft, on_behalf=behalf, attachments=(*draft.attachments, *evidence)))


def _with_names(state: State) -> State:
    """Return the moment with names and numbers half-way written."""
    language = state.preferences.language
    return replace(
        state,
        name_text=NEIGHBOURS[language],
        principal_text=PRINCIPALS[language],
        agent_text=NEIGHBOURS[language],
        principal_digits="13900139000",
        agent_digits="01085220000",
        id_digits=ID_NUMBER,
        agent_code=CODE,
    )


def _pictured(state: State) -> State:
    """Return the moment with two pictures in the petition, and every way to take more."""
    draft = replace(state.draft, attachments=(*state.draft.attachments, *PICTURES))
    allowed = answered(draft, Sensitive.PICTURE, given=True, step="picture_consent")
    return replace(state, draft=allowed, lens=True, rules=replace(state.rules, stick=True))


def _named(state: State) -> State:
    return replace(state, draft=replace(state.draft, id_number=ID_NUMBER))


_MORE: dict[str, Callable[[State], State]] = {
    "review": _pictured,
    "review_heard": _pictured,
    "review_recording": _pictured,
    "details": lambda s: replace(s, lens=True),
    "who": _named,
    "picture_source": _pictured,
    "picture_camera": _pictured,
    "picture_check": lambda s: replace(_pictured(s), picture=PICTURES[0]),
    "picture_usb": lambda s: replace(_pictured(s), stick=True, files=FILES),
    "picture_remove": _pictured,
    "proxy_absent": lambda s: replace(s, lens=True),
    "proxy_paper_check": lambda s: replace(s, picture=PAPER),
    "proxy_declare": lambda s: replace(s, strokes=STROKES),
    **dict.fromkeys(CONSENTING, lambda s: replace(s, recording_seconds=4)),
    "agent_wrong": lambda s: replace(s, sign_in_minutes=5, sign_in_refused="sign_in_locked"),
    "agent_signed_out": lambda s: replace(s, agent_filed=3),
}
