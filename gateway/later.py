"""What follows from what the holder of a receipt says later, whichever came first: it or its petition."""

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from gateway import reviews
from gateway.authority import require_authority
from gateway.database import LaterEvent, Petition
from gateway.platform import Platform
from gateway.progress import add_change
from gateway.refusal import Refusal
from offline_queue import protocol
from offline_queue.protocol import EventKind
from petition.errors import Fault
from petition.model import Stage
from petition.receipt import Role

SAID_AT = func.min(LaterEvent.made_at, LaterEvent.received_at)
"""A kiosk's clock may be ahead: what has arrived was said already."""


def unseal(platform: Platform, event: LaterEvent) -> protocol.EventContent | None:
    """Return what is inside an event, or None when it does not open."""
    envelope = protocol.read(protocol.EventEnvelope, protocol.read(protocol.Signed, event.envelope).body)
    key = platform.keys.seal_key(envelope.seal_key_id)
    try:
        return None if key is None else protocol.open_event(envelope, key)
    except Fault:
        # Signed by a kiosk of ours and yet not to be opened: a person has to see that it is there.
        return None


def link_earlier(rows: Session, platform: Platform, petition: Petition) -> None:
    """Tie what was said before the petition arrived to it, in the order it was said.

    What an agent said beyond their authority, which nobody could know until now, stays untied: it adds nothing.
    """
    waiting = select(LaterEvent).where(LaterEvent.number == petition.number, LaterEvent.petition_id.is_(None))
    said = rows.scalars(waiting.order_by(SAID_AT, LaterEvent.counter)).all()
    events = [event for event in said if _within_authority(rows, platform, petition, event)]
    for event in events:
        event.petition_id = petition.id
    rows.flush()
    for event in events:
        apply(rows, platform, petition, event)


def _within_authority(rows: Session, platform: Platform, petition: Petition, event: LaterEvent) -> bool:
    kind, role, at = EventKind(event.kind), Role(event.role), min(event.made_at, event.received_at)
    try:
        require_authority(rows, platform, petition, event.number, role=role, at=at, kind=kind)
    except Refusal:
        return False
    return True


def apply(rows: Session, platform: Platform, petition: Petition, event: LaterEvent) -> None:
    """Do what an event asks for. Urging is counted where lists are made, so nothing is done for it here.

    Whoever asks for a second look gets one, also with a rating that does not count: a clock that is behind makes the
    newest rating look like an old one, and a person sees which it is.
    """
    match EventKind(event.kind):
        case EventKind.RATING:
            if petition.stage == Stage.REPLIED and counts(rows, event):
                petition.stage = Stage.RATED.value
                add_change(rows, platform, petition, by="")
            content = unseal(platform, event)
            if content is not None and content.review:
                reviews.open_review(rows, platform, petition, event)
        case EventKind.SUPPLEMENT:
            _make_new(petition, event)
        case EventKind.URGE if petition.withdrawn_at is not None:  # counted no more, and yet somebody is to see it
            _make_new(petition, event)
        case EventKind.WITHDRAW if petition.withdrawn_at is None:
            petition.withdrawn_at = event.received_at
            petition.news_at = None  # what was added until now is taken back with it
            add_change(rows, platform, petition, by="")
        case _:
            pass


def _make_new(petition: Petition, event: LaterEvent) -> None:
    petition.news_at = min(petition.news_at or event.received_at, event.received_at)


def counts(rows: Session, rating: LaterEvent) -> bool:
    """Tell whether no rating of the same petition was said after this one, whenever either arrived."""
    said_at = min(rating.made_at, rating.received_at)
    later = tuple_(SAID_AT, LaterEvent.counter, LaterEvent.id) > (said_at, rating.counter, rating.id)
    same = (LaterEvent.petition_id == rating.petition_id) & (LaterEvent.kind == EventKind.RATING.value)
    return rows.scalars(select(LaterEvent.id).where(same, later).limit(1)).first() is None
