"""What follows from what the holder of a receipt says later, whichever came first: it or its petition."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
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

MORE = (EventKind.SUPPLEMENT, EventKind.URGE)
"""What tells, said after a withdrawal, that it may be wanted after all."""
_NEVER = datetime.max.replace(tzinfo=UTC)


def said_of(rows: Session, petition_id: str) -> list[LaterEvent]:
    """Return all that was said later about a petition, in the order it was said."""
    return in_order(rows.scalars(select(LaterEvent).where(LaterEvent.petition_id == petition_id)).all())


def in_order(events: Sequence[LaterEvent]) -> list[LaterEvent]:
    """Return events in the order they were said, whenever they arrived, by clocks that may be wrong.

    Of one kiosk the later (made_at, counter) was said later; where its clock was ahead and is so no more, the counter
    tells. Between kiosks the later made_at: but what has arrived was said already, and all its kiosk said before it.
    """
    said: dict[str, tuple[datetime, datetime, int, str]] = {}
    for kiosk_id in {event.kiosk_id for event in events}:
        of_kiosk = sorted((each for each in events if each.kiosk_id == kiosk_id), key=lambda each: each.counter)
        made: list[tuple[datetime, int, str, datetime]] = []
        set_right = heard = _NEVER
        for event in reversed(of_kiosk):
            ahead = event.made_at > event.received_at
            made_at = min(event.made_at, set_right) if ahead else event.made_at
            set_right = set_right if ahead else min(set_right, made_at)
            made.append((made_at, event.counter, event.id, event.received_at))
        for made_at, counter, event_id, received_at in sorted(made, reverse=True):
            heard = min(heard, made_at, received_at)
            said[event_id] = (heard, made_at, counter, event_id)
    return sorted(events, key=lambda event: said[event.id])


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
    said = in_order(rows.scalars(waiting).all())
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
            said = said_of(rows, petition.id)
            since = said[said.index(event) :]  # what was added until then is taken back with it, and no more than that
            petition.news_at = min((each.received_at for each in since if each.kind in MORE), default=None)
            add_change(rows, platform, petition, by="")
        case _:
            pass


def _make_new(petition: Petition, event: LaterEvent) -> None:
    petition.news_at = min(petition.news_at or event.received_at, event.received_at)


def counts(rows: Session, rating: LaterEvent) -> bool:
    """Tell whether no rating of the same petition was said after this one, whenever either arrived."""
    return rating.petition_id is not None and rating is latest_rating(said_of(rows, rating.petition_id))


def latest_rating(said: Sequence[LaterEvent]) -> LaterEvent | None:
    """Return the rating that counts, of all that was said in its order."""
    return next((event for event in reversed(said) if event.kind == EventKind.RATING), None)
