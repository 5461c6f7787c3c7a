"""How far is it? Asked with a receipt's number and its tag or query code: here, then the platform, then the cache.

Who may know is decided before anything is told: by this kiosk's own keys for receipts of its own, by the platform for
those of others. Without the platform, what is known here is told with its age.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from kiosk.journal import record
from offline_queue.client import PlatformClient, Refused, Sent
from offline_queue.protocol import ErrorCode, LookupRequest
from offline_queue.store import Store, progress_of
from petition.errors import Fault, FaultCode
from petition.journal import Entry
from petition.model import Progress, Stage, StageState
from petition.receipt import CODE_DIGITS, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How far it is; `from_cache` when the platform could not be asked."""

    progress: Progress
    from_cache: bool = False
    tag: str = ""
    """Of the slip that was shown; "" where it is known elsewhere only."""
    role: Role = Role.OWN
    """Whose slip was shown: with an agent's they may add to it and urge it, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """Why nothing can be told."""

    code: FaultCode
    tries_left: int = 0


ANSWERED = frozenset({Stage.REPLIED, Stage.RATED, Stage.IMPROVED})
REFUSALS = {
    ErrorCode.AUTHORITY_ENDED: FaultCode.AUTHORITY_ENDED,
    ErrorCode.OWN_SLIP_NEEDED: FaultCode.OWN_SLIP_NEEDED,
    ErrorCode.WRONG_CODE: FaultCode.WRONG_CODE,
    ErrorCode.TOO_MANY: FaultCode.TOO_MANY_WRONG_CODES,
    ErrorCode.RECEIPT_UNKNOWN: FaultCode.RECEIPT_UNKNOWN,
    ErrorCode.NOT_FOUND: FaultCode.RECEIPT_UNKNOWN,
}


def inquire(
    store: Store, client: PlatformClient, number: str, proof: str, *, today: date | None = None
) -> Found | NotFound:
    """Ask how far a petition is; `proof` is a tag (20 digits) or a query code (6), `today` the day it is here.

    Raises Fault when this kiosk is not enrolled or its disk fails.
    """
    typed = len(proof) == CODE_DIGITS
    today = today or datetime.now().astimezone().date()
    own, role, tag = True, Role.OWN, "" if typed else proof
    try:
        role = store.verify(number, proof)
        tag = store.own_tag(number, role)
        if role is Role.AGENT and store.authority_ended(number):
            return NotFound(code=FaultCode.AUTHORITY_ENDED)
    except Fault as fault:
        match fault.code:
            case FaultCode.RECEIPT_OF_ANOTHER_KIOSK:
                own = False
            case FaultCode.WRONG_CODE | FaultCode.TOO_MANY_WRONG_CODES:
                return NotFound(code=fault.code, tries_left=store.tries_left(number))
            case FaultCode.BAD_INPUT:
                return NotFound(code=FaultCode.RECEIPT_UNKNOWN)
            case _:
                raise
    # What a code of this kiosk's own opens was decided here: that strangers' guesses closed it elsewhere is in no way.
    asked = LookupRequest(number=number, tag=tag) if tag else LookupRequest(number=number, query_code=proof)
    answer = client.lookup(asked)
    record(Entry.LOOKED_UP, type=type(answer).__name__)
    match answer:
        case Sent(value=told) if told.number == number:
            if own and not told.on_its_way:  # that is known here anyway, and true only until it has arrived
                store.remember_progress(told)
            progress = _aged(_followed(store, progress_of(told), own=own), today)
            return Found(progress=progress, tag=tag, role=role if own else told.role)
        case Refused(code=code) if code in REFUSALS:
            if code is ErrorCode.WRONG_CODE and typed and not own:
                store.count_wrong_code(number)
            return NotFound(code=REFUSALS[code], tries_left=store.tries_left(number))
    if not own:
        return NotFound(code=FaultCode.RECEIPT_OF_ANOTHER_KIOSK)
    known = store.progress(number)
    if known is None:
        return NotFound(code=FaultCode.PLATFORM_UNREACHABLE)
    return Found(progress=_aged(_followed(store, known, own=own), today), from_cache=True, tag=tag, role=role)


def _followed(store: Store, progress: Progress, *, own: bool) -> Progress:
    """Return how far it is, with what was said here of receipts of this kiosk, whether the platform has it yet or not.

    That is whether it was withdrawn, and whether an agent's slip is good still.
    """
    if not own:
        return progress
    progress = replace(progress, withdrawn=progress.withdrawn or store.withdrawn_on(progress.number))
    try:
        there = store.receipt(progress.number).for_another
    except Fault:  # its row is gone: the platform knows better
        return progress
    return replace(progress, agent_slip=there and not store.authority_ended(progress.number))


def _aged(progress: Progress, today: date) -> Progress:
    """Return how far it is, with whether the day is over for which a reply was promised that is not there yet."""
    late = progress.expected is not None and progress.expected < today
    answered = any(step.stage in ANSWERED and step.state is not StageState.NEXT for step in progress.steps)
    awaited = not (progress.reply or answered or progress.withdrawn)
    return replace(progress, overdue=late and awaited)
