"""Calls for staff: a resident asks for a person, and is told whether somebody answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, or_, select

from gateway.audit import Deed, record
from gateway.database import Call, Kiosk
from gateway.kiosks import KnownKiosk
from gateway.outbox import CallNews, pass_on
from gateway.platform import Platform
from gateway.refusal import bad_request, not_found
from offline_queue import protocol

LISTED_MAX = 50
STILL_SHOWN = timedelta(minutes=10)
"""So long an answered call stays where everybody sees it: colleagues learn who went."""
GONE_TO_MAX = 3
DAY = timedelta(hours=24)


class Reason(StrEnum):
    """Why somebody is called: help, or what a resident's words sounded like."""

    HELP = "help"
    FIRE = "fire"
    MEDICAL = "medical"
    CRIME = "crime"
    SELF = "self"
    DANGER = "danger"


NO_DANGER: ColumnElement[bool] = Call.reason.not_in([reason.value for reason in Reason if reason is not Reason.HELP])
"""Whether a call is for help only, as reason_of has it; ordered by this, danger comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReceived:
    """What a PUT of a call is answered with."""

    created: bool
    answer: protocol.CallAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCall:
    """A call as staff see it; nothing a resident said is in it."""

    id: str
    kiosk: str
    reason: Reason
    since: datetime
    """When it came in here."""
    answered_by: str
    answered_at: datetime | None
    over_at: datetime | None

    @property
    def urgent(self) -> bool:
        """Whether somebody may be in danger."""
        return self.reason is not Reason.HELP

    @property
    def rings(self) -> bool:
        """Whether nobody has answered it yet, and somebody should."""
        return self.answered_at is None and self.over_at is None


def reason_of(sent: str) -> Reason:
    """Return the reason a kiosk gave; one that is not known here is a call for help."""
    return Reason(sent) if sent in tuple(Reason) else Reason.HELP


def receive_call(platform: Platform, kiosk: KnownKiosk, call_id: str, request: protocol.CallRequest) -> CallReceived:
    """Take in a call; repeated, it is the same call, and the answer says whether anybody has come.

    A call that was over once stays over, in whatever order its messages come.
    """
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
            rows.flush()
            if not request.over:
                pass_on(rows, call.id, CallNews.CALLED, now)
        if request.over and call.over_at is None:
            call.over_at = now
            if not created:
                pass_on(rows, call.id, CallNews.OVER, now)
        received = CallReceived(created=created, answer=_answer(call))
    platform.outbox_changed.set()
    return received


def call_answer(platform: Platform, kiosk: KnownKiosk, call_id: str) -> protocol.CallAnswer:
    """Return whether a call was answered, and by whom."""
    with platform.database.reading() as rows:
        call = rows.get(Call, call_id)
        if call is None or call.kiosk_id != kiosk.id:
            raise not_found("no such call")
        return _answer(call)


def answer_call(platform: Platform, call_id: str, *, account: str, name: str) -> str:
    """Note that a person is on the way; the first to answer stays the one. Return who that is.

    Of a call that is over nothing is noted: "" is returned when nobody had answered it.
    """
    now = platform.clock()
    with platform.database.writing() as rows:
        call = rows.get(Call, call_id)
        if call is None:
            raise not_found("no such call")
        if call.answered_at is None and call.over_at is None:
            call.answered_by, call.answered_account, call.answered_at = name, account, now
            record(rows, account=account, deed=Deed.ANSWERED_CALL, now=now, detail=call.id)
            pass_on(rows, call.id, CallNews.ANSWERED, now)
        answered_by = call.answered_by
    platform.outbox_changed.set()
    return answered_by


def waiting_calls(platform: Platform) -> list[ShownCall]:
    """Return the calls nobody has answered and somebody should: those in danger first, then the oldest."""
    rings = Call.answered_at.is_(None) & Call.over_at.is_(None)
    return _shown(platform, rings, NO_DANGER, Call.received_at)


def calls_on_every_page(platform: Platform) -> list[ShownCall]:
    """Return the calls that ring, and those a colleague has just answered, until they are over."""
    lately = platform.clock() - STILL_SHOWN
    gone_to = Call.over_at.is_(None) & (Call.answered_at > lately)
    return [*waiting_calls(platform), *_shown(platform, gone_to, Call.answered_at.desc())[:GONE_TO_MAX]]


def calls_of_the_day(platform: Platform) -> list[ShownCall]:
    """Return the calls of the last 24 hours that ring no more, newest first."""
    done = or_(Call.answered_at.is_not(None), Call.over_at.is_not(None))
    return _shown(platform, done & (Call.received_at > platform.clock() - DAY), Call.received_at.desc())


def _shown(platform: Platform, which: ColumnElement[bool], *order: SQLColumnExpression[Any]) -> list[ShownCall]:
    query = select(Call, Kiosk.name).join(Kiosk, Kiosk.id == Call.kiosk_id).where(which).order_by(*order)
    with platform.database.reading() as rows:
        return [
            ShownCall(
                id=call.id,
                kiosk=name,
                reason=reason_of(call.reason),
                since=call.received_at,
                answered_by=call.answered_by,
                answered_at=call.answered_at,
                over_at=call.over_at,
            )
            for call, name in rows.execute(query.limit(LISTED_MAX))
        ]


def _answer(call: Call) -> protocol.CallAnswer:
    return protocol.CallAnswer(id=call.id, answered_by=call.answered_by, answered_at=call.answered_at)
