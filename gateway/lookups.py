"""How far a petition is, told to whoever holds the receipt; and what is new, told to the kiosk that filed it."""

import hmac
import secrets
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.authority import agent_may_ask, require_authority, role_of_tag
from gateway.database import Change, Fact, Petition, Resend, WrongCodes
from gateway.kiosks import KnownKiosk, block_owner
from gateway.petitions import petition_of_number
from gateway.platform import Platform
from gateway.progress import progress_of, withdrawn_early
from gateway.refusal import Refusal, bad_request, come_back
from offline_queue import protocol
from offline_queue.protocol import ErrorCode
from petition.receipt import BLOCK_DIGITS, Role, query_code

EPOCH = "epoch"


def look_up(platform: Platform, kiosk: KnownKiosk, request: protocol.LookupRequest) -> protocol.Progress:
    """Return how far a petition is, to somebody who shows the tag or the query code.

    A genuine receipt whose petition has not arrived is `on_its_way`. Raises Refusal: RECEIPT_UNKNOWN (404),
    WRONG_CODE (403), TOO_MANY (429) with the seconds until codes are taken again for this number or at this kiosk; of
    an agent's slip that is good for nothing any more AUTHORITY_ENDED (403), and nothing else is told.
    """
    if bool(request.tag) == bool(request.query_code):
        raise bad_request("give the tag or the query code, one of the two")
    if request.tag:
        with platform.database.reading() as rows:
            role = role_of_tag(rows, platform, request.number, request.tag)
            if role is None:
                raise _unknown_or_wrong(rows, request.number)
            return _told(rows, platform, request.number, role)
    with platform.database.writing() as rows:
        by_code = _role_of_code(rows, platform, kiosk, request)
    # Raised outside of the transaction: the count of wrong codes must stay.
    if isinstance(by_code, Refusal):
        raise by_code
    with platform.database.reading() as rows:
        return _told(rows, platform, request.number, by_code)


def updates_after(platform: Platform, kiosk: KnownKiosk, cursor: str) -> protocol.UpdatesPage:
    """Return what got further since a cursor, oldest change first, a page at a time.

    Raises Refusal(CURSOR_EXPIRED, 410) when the cursor is of another database: the kiosk starts over with "".
    """
    epoch = epoch_of(platform)
    expired = Refusal(status=410, code=ErrorCode.CURSOR_EXPIRED, detail="this cursor is not known; start over")
    known_epoch, _, position = (cursor or f"{epoch}.0").partition(".")
    if known_epoch != epoch or not position.isdecimal() or len(position) > 18:
        raise expired
    page = platform.settings.page_of_updates
    with platform.database.reading() as rows:
        if int(position) > (rows.scalars(select(func.max(Change.id))).one() or 0):
            raise expired
        changes = rows.execute(
            select(Change.id, Change.petition_id)
            .where(Change.kiosk_id == kiosk.id, Change.id > int(position))
            .order_by(Change.id)
            .limit(page + 1)
        ).all()
        more = len(changes) > page
        changes = changes[:page]
        # One petition that changed several times is told once, as it is now.
        ids = dict.fromkeys(petition_id for _, petition_id in changes)
        petitions = [petition for each in ids if (petition := rows.get(Petition, each)) is not None]
        # Drawn by lot: what the kiosk has wiped meanwhile is never sent, and must not fill every page.
        lost = select(Resend.petition_id).where(Resend.kiosk_id == kiosk.id).order_by(func.random())
        resend = rows.scalars(lost.limit(page)).all()
        return protocol.UpdatesPage(
            cursor=f"{epoch}.{changes[-1][0] if changes else int(position)}",
            more=more,
            updates=tuple(
                protocol.Update(petition_id=petition.id, progress=progress_of(rows, platform, petition))
                for petition in petitions
            ),
            resend=tuple(resend),
        )


def epoch_of(platform: Platform) -> str:
    """Return the name of this database's line of changes; a restored one gets another, so that cursors expire."""
    with platform.database.reading() as rows:
        fact = rows.get(Fact, EPOCH)
    if fact is not None:
        return fact.value
    return begin_epoch(platform)


def begin_epoch(platform: Platform) -> str:
    """Make every cursor that was given out expire, e.g. after the database was restored from a backup."""
    value = secrets.token_hex(6)
    with platform.database.writing() as rows:
        fact = rows.get(Fact, EPOCH)
        if fact is None:
            rows.add(Fact(name=EPOCH, value=value))
        else:
            fact.value = value
    return value


def _told(rows: Session, platform: Platform, number: str, role: Role) -> protocol.Progress:
    petition = petition_of_number(rows, number)
    require_authority(rows, platform, petition, number, role=role, at=platform.clock())
    if petition is not None:
        told = progress_of(rows, platform, petition, with_reply=True)
        own = role is Role.OWN
        agents = own and agent_may_ask(rows, platform, petition, at=platform.clock())
        return told.model_copy(update={"role": role, "agent_slip": agents})
    owner = block_owner(rows, number)
    return protocol.Progress(
        number=number,
        role=role,
        on_its_way=True,
        from_kiosk="" if owner is None else owner.name,
        withdrawn=withdrawn_early(rows, platform, number),
        as_of=platform.clock(),
    )


def _role_of_code(
    rows: Session, platform: Platform, kiosk: KnownKiosk, request: protocol.LookupRequest
) -> Role | Refusal:
    """Return whose slip a query code stands on, else what is to be said, with the try counted."""
    settings, now = platform.settings, platform.clock()
    if block_owner(rows, request.number) is None:
        return _unknown_or_wrong(rows, request.number)
    of_number = _count(rows, f"number|{request.number}", timedelta(hours=settings.wrong_code_hours), platform)
    of_kiosk = _count(rows, f"kiosk|{kiosk.id}", timedelta(hours=1), platform)
    for each in (of_number, of_kiosk):
        if each.locked_until is not None and each.locked_until > now:
            return come_back(int((each.locked_until - now).total_seconds()) + 1)
    key = platform.keys.block_key(request.number[:BLOCK_DIGITS])
    fits = [role for role in Role if hmac.compare_digest(query_code(key, request.number, role), request.query_code)]
    if fits:
        if fits[0] is Role.OWN:  # with an agent's slip, good or not any more, nobody earns tries at the person's own
            rows.delete(of_number)
        return fits[0]
    of_number.count += 1
    of_kiosk.count += 1
    if of_number.count >= settings.wrong_codes_max:
        of_number.locked_until = now + timedelta(hours=settings.wrong_code_hours)
    if of_kiosk.count >= settings.wrong_codes_per_kiosk_max:
        of_kiosk.locked_until = of_kiosk.first_at + timedelta(hours=1)
    return _wrong_code()


def _count(rows: Session, subject: str, memory: timedelta, platform: Platform) -> WrongCodes:
    now = platform.clock()
    found = rows.get(WrongCodes, subject)
    if found is None:
        found = WrongCodes(subject=subject, count=0, first_at=now, locked_until=None)
        rows.add(found)
        rows.flush()
    elif now >= (found.locked_until or found.first_at + memory):
        found.count, found.first_at, found.locked_until = 0, now, None
    return found


def _unknown_or_wrong(rows: Session, number: str) -> Refusal:
    if block_owner(rows, number) is None:
        return Refusal(status=404, code=ErrorCode.RECEIPT_UNKNOWN, detail="no receipt of this number was given out")
    return _wrong_code()


def _wrong_code() -> Refusal:
    return Refusal(status=403, code=ErrorCode.WRONG_CODE, detail="the code does not fit the number")
