"""What the slip of somebody who filed for another is good for: looking it up, adding to it, urging it, until it ends.

It ends when the person it was filed for takes the authority back, when its day is over, and with the matter: when that
is withdrawn, or rated or improved and no second look is open. Rating, withdrawing, taking back and having things erased
are the person's own, whatever the authority says. What was said while it was good counts, however late it arrives.

A kiosk that did not know what day it was could name no day: then the authority lasts as long as was agreed from the
moment its petition arrived.
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.database import Change, LaterEvent, Petition, Review
from gateway.kiosks import block_owner
from gateway.platform import Platform
from gateway.refusal import Refusal
from offline_queue import protocol
from offline_queue.protocol import AGENT_MAY, ErrorCode, EventKind
from petition.errors import Fault
from petition.model import Scope, Stage
from petition.receipt import BLOCK_DIGITS, Role, receipt_tag

CLOSING = (Stage.RATED.value, Stage.IMPROVED.value)

_LONGEST = timedelta(days=36525)
"""No kiosk's word makes an authority longer: a century on, it must still be a day that can be shown."""


def role_of_tag(rows: Session, platform: Platform, number: str, tag: str) -> Role | None:
    """Return whose slip a tag stands on, None when it was not made for this number."""
    if block_owner(rows, number) is None:
        return None
    key = platform.keys.block_key(number[:BLOCK_DIGITS])
    fitting = [role for role in Role if hmac.compare_digest(receipt_tag(key, number, role), tag)]
    return next(iter(fitting), None)


def open_content(platform: Platform, petition: Petition) -> protocol.PetitionContent | None:
    """Return what is inside a petition, for this moment only; None when it does not open.

    The day on which an authority ends is one of the platform's own clock where the kiosk's was not to be trusted.
    """
    envelope = protocol.read(protocol.Envelope, protocol.read(protocol.Signed, petition.envelope).body)
    key = platform.keys.seal_key(envelope.seal_key_id)
    try:
        content = None if key is None else protocol.open_petition(envelope, key)
    except Fault:
        # Signed by a kiosk of ours and yet not to be opened: a person has to see that it is there.
        return None
    behalf = None if content is None else content.on_behalf
    if content is None or content.clock.trusted or behalf is None or behalf.until is None:
        return content
    lasting = min(max(behalf.until - content.made_at, timedelta(0)), _LONGEST)
    ours = behalf.model_copy(update={"until": petition.received_at + lasting})
    return content.model_copy(update={"on_behalf": ours})


def require_authority(
    rows: Session,
    platform: Platform,
    petition: Petition | None,
    number: str,
    *,
    role: Role,
    at: datetime,
    kind: EventKind | None = None,
) -> None:
    """Refuse what an agent's slip is not good for; `kind` is what is said with it, None for asking how far it is.

    `petition` is None while it has not arrived; `at` is when it was said. The authority is in the sealed content, which
    is opened for this and forgotten. Raises Refusal(OWN_SLIP_NEEDED or AUTHORITY_ENDED, 403).
    """
    if role is Role.OWN:
        return
    if kind is not None and kind not in AGENT_MAY:
        raise _own_slip_needed()
    revoked = revoked_at(rows, number)
    if revoked is not None and revoked <= at:
        raise _ended()
    if petition is None:
        withdrawn = withdrawal_came_at(rows, number)
        if withdrawn is not None and withdrawn <= at:
            raise _ended()
        return
    content = open_content(platform, petition)
    behalf = None if content is None else content.on_behalf
    if behalf is None:
        raise _ended()  # nothing shows what they may do
    if Scope.FOLLOW_UP not in behalf.scope:
        raise _own_slip_needed()
    ends = [end for end in (behalf.until, closed_at(rows, petition)) if end is not None]
    if any(end <= at for end in ends):
        raise _ended()


def agent_may_ask(rows: Session, platform: Platform, petition: Petition, *, at: datetime) -> bool:
    """Return whether there is an agent's slip of a petition that is good for something still."""
    try:
        require_authority(rows, platform, petition, petition.number, role=Role.AGENT, at=at)
    except Refusal:
        return False
    return True


def revoked_at(rows: Session, number: str) -> datetime | None:
    """Return when the authority was first taken back: when that was said, and never later than it was heard here."""
    taken_back = select(LaterEvent.made_at, LaterEvent.received_at).where(
        LaterEvent.number == number,
        LaterEvent.kind == EventKind.REVOKE_AUTHORITY.value,
        LaterEvent.role == Role.OWN.value,
    )
    # A kiosk's clock may be ahead: what has arrived was said already.
    return min((moment for moments in rows.execute(taken_back) for moment in moments), default=None)


def withdrawal_came_at(rows: Session, number: str) -> datetime | None:
    """Return when it was first heard that a petition is withdrawn, whether it is here itself or not; else None."""
    withdrawal = (LaterEvent.number == number) & (LaterEvent.kind == EventKind.WITHDRAW.value)
    return rows.scalars(select(func.min(LaterEvent.received_at)).where(withdrawal)).one()


def closed_at(rows: Session, petition: Petition) -> datetime | None:
    """Return since when the matter is closed: withdrawn, or at its last steps with no second look open; else None."""
    if petition.withdrawn_at is not None:
        return petition.withdrawn_at
    if petition.stage not in CLOSING:
        return None
    looks = rows.scalars(select(Review.closed_at).where(Review.petition_id == petition.id)).all()
    if None in looks:
        return None
    since: datetime | None = None
    steps = rows.execute(select(Change.stage, Change.at).where(Change.petition_id == petition.id).order_by(Change.id))
    for stage, at in steps:
        since = (since or at) if stage in CLOSING else None
    ends = [end for end in (since or petition.stage_changed_at, *looks) if end is not None]
    return max(ends)


def _own_slip_needed() -> Refusal:
    return Refusal(
        status=403, code=ErrorCode.OWN_SLIP_NEEDED, detail="the agent's slip: this takes the slip of the person's own"
    )


def _ended() -> Refusal:
    return Refusal(status=403, code=ErrorCode.AUTHORITY_ENDED, detail="the agent's slip is good for nothing any more")
