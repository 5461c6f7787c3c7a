"""Calls for staff: a resident asks for a person, and is told whether somebody answered."""

from dataclasses import dataclass

from sqlalchemy import select

from gateway.audit import Deed, record
from gateway.database import Call, Kiosk
from gateway.kiosks import KnownKiosk
from gateway.platform import Platform
from gateway.refusal import bad_request, not_found
from offline_queue import protocol

WAITING_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReceived:
    """What a PUT of a call is answered with."""

    created: bool
    answer: protocol.CallAnswer


def receive_call(platform: Platform, kiosk: KnownKiosk, call_id: str, request: protocol.CallRequest) -> CallReceived:
    """Take in a call; repeated, it is the same call, and the answer says whether anybody has come."""
    if request.kiosk_id != kiosk.id:
        raise bad_request("the call is another kiosk's")
    now = platform.clock()
    with platform.database.writing() as rows:
        call = rows.get(Call, call_id)
        if call is not None and call.kiosk_id != kiosk.id:
            raise not_found("no such call")
        created = call is None
        if call is None:
            call = Call(
                id=call_id,
                kiosk_id=kiosk.id,
                reason=request.reason,
                made_at=request.made_at,
                received_at=now,
                answered_by="",
            )
            rows.add(call)
        return CallReceived(created=created, answer=_answer(call))


def call_answer(platform: Platform, kiosk: KnownKiosk, call_id: str) -> protocol.CallAnswer:
    """Return whether a call was answered, and by whom."""
    with platform.database.reading() as rows:
        call = rows.get(Call, call_id)
        if call is None or call.kiosk_id != kiosk.id:
            raise not_found("no such call")
        return _answer(call)


def answer_call(platform: Platform, call_id: str, *, account: str, name: str) -> None:
    """Note that a person is on the way; the first to answer stays the one."""
    now = platform.clock()
    with platform.database.writing() as rows:
        call = rows.get(Call, call_id)
        if call is None:
            raise not_found("no such call")
        if call.answered_at is None:
            call.answered_by, call.answered_at = name, now
            record(rows, account=account, deed=Deed.ANSWERED_CALL, now=now, detail=call.id)


def waiting_calls(platform: Platform) -> list[tuple[Call, str]]:
    """Return the calls nobody has answered, oldest first, each with its kiosk's name."""
    with platform.database.reading() as rows:
        found = rows.execute(
            select(Call, Kiosk.name)
            .join(Kiosk, Kiosk.id == Call.kiosk_id)
            .where(Call.answered_at.is_(None))
            .order_by(Call.received_at)
            .limit(WAITING_MAX)
        )
        return [(call, name) for call, name in found]


def _answer(call: Call) -> protocol.CallAnswer:
    return protocol.CallAnswer(id=call.id, answered_by=call.answered_by, answered_at=call.answered_at)
