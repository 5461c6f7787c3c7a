"""What may stand in a log: a closed list of things that happen, each with a closed list of facts.

A fact is an id (a receipt number is one, its tag and code are not), an enum's value or a number. There is no room for
free text, so nothing a resident said, typed, or is called can get in, not even through an error's message. What doesn't
fit is a Bug, found by the first test that runs it.
"""

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

from petition.errors import Bug


class Entry(StrEnum):
    """Everything that can stand in the log."""

    STARTED = "started"
    STOPPED = "stopped"
    PETITION_FILED = "petition-filed"
    LOOKED_UP = "looked-up"
    RECEIPT_PRINTED = "receipt-printed"
    FILING_FAILED = "filing-failed"
    LATER_KEPT = "later-kept"
    LATER_FAILED = "later-failed"
    PICTURE_KEPT = "picture-kept"
    PICTURE_FAILED = "picture-failed"
    STORE_FAULT = "store-fault"
    PLATFORM_REACHED = "platform-reached"
    PLATFORM_LOST = "platform-lost"
    STORE_CHECKED = "store-checked"
    DATABASE_SET_ASIDE = "database-set-aside"
    FAULT_MET = "fault-met"
    BUG_MET = "bug-met"
    LIBRARY_WARNED = "library-warned"


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
"""Names that programmers give: error codes, loggers, types. No telephone number is one."""
_VERSION = re.compile(r"[0-9]{1,4}([.+][0-9a-z]{1,8}){0,4}")
_NUMBER = re.compile(r"[0-9]{12}")
_PLACES = re.compile(r"([A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*:[0-9]+)( < [A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*:[0-9]+)*")

FACTS: dict[str, re.Pattern[str] | None] = {
    # None: a number. A pattern: what a name or id of that kind looks like.
    "code": _NAME,
    "count": None,
    "level": None,
    "logger": _NAME,
    "number": _NUMBER,
    "places": _PLACES,
    "type": _NAME,
    "version": _VERSION,
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
