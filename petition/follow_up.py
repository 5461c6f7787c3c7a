"""What is asked and said of a petition that was filed: where it is, how it was, what is to be added or taken back."""

from dataclasses import replace

from petition import drafting
from petition import effects as do
from petition import events as ev
from petition.errors import FaultCode
from petition.model import Later, LaterKind, Regarding, TextSource
from petition.offer import rateable, revocable, sayable, withdrawable
from petition.receipt import Role
from petition.saying import Saying, Told
from petition.state import Busy, State
from petition.steps import PROGRESS, RATED, STAY, WELCOME, Act, Choice
from petition.turn import Turn

NO_REVIEW = "no-review"
LOOK_UP_FAULTS = {
    FaultCode.WRONG_CODE: "code_wrong",
    FaultCode.TOO_MANY_WRONG_CODES: "code_locked",
    FaultCode.RECEIPT_OF_ANOTHER_KIOSK: "other_kiosk",
    FaultCode.RECEIPT_UNKNOWN: "wrong_number",
    FaultCode.AUTHORITY_ENDED: "agent_slip_over",
}
AT_ONCE = {Act.URGE: LaterKind.URGE, Act.WITHDRAW: LaterKind.WITHDRAW, Act.REVOKE: LaterKind.REVOKE}
"""What is said later without words."""
SAYABLE = {LaterKind.URGE: sayable, LaterKind.WITHDRAW: withdrawable, LaterKind.REVOKE: revocable}
SAID = {
    LaterKind.SUPPLEMENT: "supplement_done",
    LaterKind.URGE: "urge_done",
    LaterKind.WITHDRAW: "withdraw_done",
    LaterKind.REVOKE: "authority_ended",
}
"""Where it is told that it was stored."""


def is_asking(state: State, asked: do.LookUp) -> bool:
    """Whether it is still waited for what was asked."""
    return state.busy is Busy.ASKING and state.look_up == asked


def look_up(turn: Turn, look_up: do.LookUp) -> None:
    """Ask for what became of a petition, and wait for it."""
    turn.to(
        busy=Busy.ASKING,
        look_up=look_up,
        number_digits=look_up.number,
        progress=None,
        saying=Saying(told=Told.PHRASE, name="asking"),
    )
    turn.do(look_up)


def show_progress(turn: Turn, event: ev.ProgressFound) -> str:
    """Take what was found; return where it is shown."""
    if event.progress.number != event.asked.number:
        return STAY
    wanted = turn.state.coming_to_rate
    turn.to(busy=None, progress=event.progress, reply_sentence=0, code_digits="")
    turn.to(
        tag=event.tag,
        role=event.role,
        from_cache=event.from_cache,
        coming_to_rate=False,
        level="",
        comment="",
        reviewed=False,
        later=None,
        said_later=frozenset(),
    )
    if event.progress.withdrawn or event.progress.on_its_way:  # neither can be rated
        return PROGRESS
    if wanted and rateable(turn.state):
        return "rating"
    if wanted and event.role is Role.AGENT:
        return "own_slip_needed"
    if wanted and event.progress.reply and not event.tag:
        turn.to(coming_to_rate=True)
        return "rating_elsewhere"
    return "rating_not_yet" if wanted and not event.from_cache else PROGRESS


def fail_look_up(turn: Turn, event: ev.LookUpFailed) -> str:
    """Return where it is told why nothing was found."""
    turn.to(busy=None, tries_left=event.tries_left, code_digits="")
    return LOOK_UP_FAULTS.get(event.code, "progress_unreachable")


def rate(turn: Turn, to: str, choice: Choice) -> str:
    """Have a rating stored and wait for it; without words there is nothing to add to the one that is stored.

    A second look that was asked for stays asked for, until it is taken back.
    """
    state = turn.state
    review = choice.act is Act.REVIEW or (state.reviewed and choice.value != NO_REVIEW)
    if state.progress is None or not rateable(state):
        return PROGRESS if state.progress else WELCOME
    words = state.comment.strip()
    if not words and state.step in {"review_reason", "rating_comment"} and review is state.reviewed:
        return to
    later = Later(
        kind=LaterKind.RATING,
        number=state.progress.number,
        tag=state.tag,
        level=state.level,
        review=review,
        words=words,
    )
    keep(turn, later)
    return STAY


def keep(turn: Turn, later: Later, petition_id: str = "") -> None:
    """Have something stored that is said later, and wait for it."""
    name = "storing_rating" if later.kind is LaterKind.RATING else "storing_later"
    turn.to(busy=Busy.FILING, later=later, saying=Saying(told=Told.PHRASE, name=name))
    turn.do(do.KeepLater(later=later, petition_id=petition_id))


def is_keeping(state: State, later: Later) -> bool:
    """Whether it is still waited for what is being stored."""
    return state.busy is Busy.FILING and state.later == later


def keep_later(turn: Turn, kind: LaterKind) -> str:
    """Have it stored that it is late, or not wanted any more."""
    state = turn.state
    if state.progress is None or not SAYABLE[kind](state):
        return PROGRESS if state.progress else WELCOME
    keep(turn, Later(kind=kind, number=state.progress.number, tag=state.tag))
    return STAY


def regard(turn: Turn, to: str, kind: LaterKind) -> str:
    """Begin to say more about what was found; what was begun and is not sent yet comes first."""
    state = turn.state
    if state.progress is None or not state.tag:
        return PROGRESS if state.progress else WELCOME
    if drafting.unsent(state) or drafting.agreed_for_another(state.draft):
        return "draft_first"
    number, tag = state.progress.number, state.tag
    regarding = Regarding(kind=kind, number=number, tag=tag)
    if kind is LaterKind.RATING:
        review = state.reviewed or state.step == "review_reason"
        regarding = replace(regarding, level=state.level, review=review)
    drafting.begin(turn, state.draft.petition_id, regarding)
    if kind is LaterKind.RATING and state.comment.strip():
        turn.to(draft=replace(turn.state.draft, text=state.comment.strip(), text_source=TextSource.TYPED), comment="")
    return to


def submit_later(turn: Turn, regarding: Regarding) -> None:
    """Have stored what was recorded or written about a petition that was filed."""
    draft = turn.state.draft
    later = Later(
        kind=regarding.kind,
        number=regarding.number,
        tag=regarding.tag,
        level=regarding.level,
        review=regarding.review,
        words=draft.text.strip(),
        recordings=draft.recordings,
    )
    keep(turn, later, draft.petition_id)


def kept(turn: Turn, event: ev.LaterKept) -> str:
    """Take it that something said later was stored; return where that is told."""
    later = event.later
    turn.to(busy=None, later=None, said_later=turn.state.said_later | {later.kind})
    turn.do(do.PlayEarcon(name="done"))
    if made_of_draft(turn.state, event):
        drafting.begin(turn, event.next_petition_id)
        turn.do(*(() if turn.state.hearing else (do.CloseMicrophone(),)))
    if later.kind is LaterKind.RATING:
        turn.to(reviewed=later.review)
        return _after_rating(turn.state, later)
    return SAID[later.kind]


def made_of_draft(state: State, event: ev.LaterKept | ev.LaterFailed) -> bool:
    """Whether it is the draft that was to be stored, and not something beside it."""
    return bool(event.petition_id) and event.petition_id == state.draft.petition_id


def _after_rating(state: State, later: Later) -> str:
    """Return where it goes on: to why, for who has just asked for a second look; to more words; else to thanks."""
    if state.step == "review_offer":
        return "review_reason"
    if later.review:
        return "review_done"
    said = bool(later.words or later.recordings)
    return "rating_done" if said or state.step == "review_reason" else RATED
