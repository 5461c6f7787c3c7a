"""Second looks (复核): asked for with a rating, open until a person closes them, and how they were closed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.audit import Deed, record
from gateway.database import Kiosk, LaterEvent, Petition, Review
from gateway.platform import Platform
from gateway.progress import add_change, reply_of
from gateway.refusal import Refusal, bad_request, not_found
from offline_queue.protocol import ErrorCode
from petition.model import Stage


class Outcome(StrEnum):
    """How a second look ended."""

    NEW_REPLY = "new-reply"
    UNCHANGED = "unchanged"
    """Looked into again; the reply stands."""
    TAKEN_BACK = "taken-back"
    """Whoever asked for it does not want it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """What a person writes to close a review."""

    outcome: Outcome
    reply: str = ""
    """The fresh reply, for NEW_REPLY."""
    note: str = ""
    """What was found, for colleagues; residents don't see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReview:
    """A second look as staff see it."""

    petition_id: str
    number: str
    kiosk: str
    event_id: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str
    outcome: str
    note: str


class SameReply(Refusal):
    """A fresh reply was promised, and none or the old one was written."""

    def __init__(self) -> None:
        super().__init__(status=400, code=ErrorCode.BAD_REQUEST, detail="the reply is not a fresh one")


def open_review(rows: Session, platform: Platform, petition: Petition, event: LaterEvent) -> None:
    """Open a second look, unless one is open or this very rating has had its one."""
    known = select(Review.id).where(
        (Review.event_id == event.id) | ((Review.petition_id == petition.id) & Review.closed_at.is_(None))
    )
    if rows.scalars(known.limit(1)).first() is None:
        rows.flush()
        rows.add(Review(petition_id=petition.id, event_id=event.id, opened_at=platform.clock(), closed_at=None))


def close_review(
    platform: Platform, petition_id: str, form: ReviewForm, *, account: str, seen: datetime | None
) -> None:
    """Close the open second look of a petition; a fresh reply moves its step on.

    After a reply was given before, the step goes to 改进; where there was none yet, to 反馈. `seen` is as in
    desk.set_step. Raises Refusal: 404 when none is open, 409 when somebody changed the petition meanwhile, SameReply.
    """
    now = platform.clock()
    with platform.database.writing() as rows:
        petition = rows.get(Petition, petition_id)
        review = rows.scalars(
            select(Review).where(Review.petition_id == petition_id, Review.closed_at.is_(None))
        ).first()
        if petition is None or review is None:
            raise not_found("no review of this petition is open")
        if seen is not None and petition.stage_changed_at != seen:
            raise Refusal(status=409, code=ErrorCode.BAD_REQUEST, detail="somebody changed this meanwhile")
        if form.outcome is Outcome.NEW_REPLY:
            if not form.reply or form.reply == reply_of(platform, petition):
                raise SameReply
            petition.reply_sealed = platform.keys.hide(form.reply, about=f"reply|{petition.id}")
            replied = petition.stage in (Stage.REPLIED, Stage.RATED, Stage.IMPROVED)
            petition.stage = (Stage.IMPROVED if replied else Stage.REPLIED).value
            add_change(rows, platform, petition, by=account)
        review.closed_at, review.closed_by, review.outcome = now, account, form.outcome.value
        review.note_sealed = platform.keys.hide(form.note, about=_about(review))
        record(
            rows,
            account=account,
            deed=Deed.CLOSED_REVIEW,
            now=now,
            petition_id=petition.id,
            detail=form.outcome.value,
        )


def outcome_of(text: str) -> Outcome:
    """Return an outcome by its name; raises Refusal(400)."""
    if text not in tuple(Outcome):
        raise bad_request("no such outcome")
    return Outcome(text)


def reviews_of(rows: Session, platform: Platform, petition: Petition, kiosk: str) -> tuple[ShownReview, ...]:
    """Return the second looks of a petition, the first one first."""
    found = rows.scalars(select(Review).where(Review.petition_id == petition.id).order_by(Review.id))
    return tuple(_shown(platform, review, petition.number, kiosk) for review in found)


def open_reviews(platform: Platform) -> list[ShownReview]:
    """Return every second look that is open, the one waiting longest first."""
    with platform.database.reading() as rows:
        found = rows.execute(
            select(Review, Petition.number, Kiosk.name)
            .join(Petition, Petition.id == Review.petition_id)
            .join(Kiosk, Kiosk.id == Petition.kiosk_id)
            .where(Review.closed_at.is_(None))
            .order_by(Review.id)
        )
        return [_shown(platform, review, number, kiosk) for review, number, kiosk in found]


def _shown(platform: Platform, review: Review, number: str, kiosk: str) -> ShownReview:
    return ShownReview(
        petition_id=review.petition_id,
        number=number,
        kiosk=kiosk,
        event_id=review.event_id,
        opened_at=review.opened_at,
        closed_at=review.closed_at,
        closed_by=review.closed_by,
        outcome=review.outcome,
        note=platform.keys.reveal(review.note_sealed, about=_about(review)),
    )


def _about(review: Review) -> str:
    return f"review|{review.event_id}"
