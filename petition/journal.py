"""What may stand in a log: a closed list of things that happen, each with a closed list of facts.

A fact is an id (a receipt number is one, its tag and code are not), an enum's value or a number. There is no room for free text, so nothing a resident said, typed, or is
called can get in, not even through an error's message. What doesn't fit is a Bug, found by the first test that runs it.
"""

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

from petition.errors import Bug


class Entry(StrEnum):
    """Everything that can stand in the log."""

    STARTED = "started"
    STOPPED = "stopped"
    COMMAND_ENDED = "command-ended"
    VISIT_BEGAN = "visit-began"
    VISIT_ENDED = "visit-ended"
    STEP_SHOWN = "step-shown"
    RECORDING_ENDED = "recording-ended"
    PETITION_FILED = "petition-filed"
    LOOKED_UP = "looked-up"
    FILING_FAILED = "filing-failed"
    STORE_FAULT = "store-fault"
    SYNC_ENDED = "sync-ended"
    PLATFORM_REACHED = "platform-reached"
    PLATFORM_LOST = "platform-lost"
    STORE_CHECKED = "store-checked"
    DATABASE_SET_ASIDE = "database-set-aside"
    QUEUE_EXPORTED = "queue-exported"
    QUEUE_IMPORTED = "queue-imported"
    ENROLLED = "enrolled"
    PART_STARTED = "part-started"
    PART_LOST = "part-lost"
    FAULT_MET = "fault-met"
    BUG_MET = "bug-met"
    LIBRARY_WARNED = "library-warned"


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
"""Names that programmers give: steps, parts, commands, error codes, loggers, types. No telephone number is one."""
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9a-z]{1,8}){0,3}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KIOSK = re.compile(r"kiosk-[0-9a-f]{1,32}")
_NUMBER = re.compile(r"[0-9]{12}")
_PLACES = re.compile(r"([A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*:[0-9]+)( < [A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*:[0-9]+)*")

FACTS: dict[str, re.Pattern[str] | None] = {
    # None: a number. A pattern: what a name or id of that kind looks like.
    "code": _NAME,
    "command": _NAME,
    "count": None,
    "error_number": None,
    "exit_code": None,
    "kiosk_id": _KIOSK,
    "level": None,
    "logger": _NAME,
    "number": _NUMBER,
    "offset_seconds": None,
    "parked": None,
    "part": _NAME,
    "petition_id": _ID,
    "reason": _NAME,
    "seconds": None,
    "places": _PLACES,
    "sent": None,
    "step": _NAME,
    "type": _NAME,
    "version": _VERSION,
    "visit": None,
    "waiting": None,
}
"""Every name a fact may have, and what its value must look like."""

Fact = str | int | float | Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a log."""

    event: Entry
    facts: tuple[tuple[str, str | int | float], ...] = ()


def entry(event: Entry, **facts: Fact) -> Line:
    """Return a line of the log; raises Bug for a fact whose name or value is not on the list."""
    return Line(event=event, facts=tuple((name, _checked(name, value)) for name, value in facts.items()))


def _checked(name: str, value: Fact) -> str | int | float:
    if isinstance(value, Enum):
        value = value.value
    if name in FACTS:
        match value, FACTS[name]:
            case int() | float(), None:
                return value
            case str(), re.Pattern() as pattern if pattern.fullmatch(value):
                return value
    raise Bug(f"fact-{name}")
