"""What an examination finds: a part, how it is, and what a person should do, in Chinese and English."""

from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """How a part is."""

    OK = "ok"
    CARE = "care"
    """The kiosk serves, less well or less safely than it could."""
    MISSING = "missing"
    """Without it nobody can be served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part of the kiosk and how it is."""

    part: str
    condition: Condition
    chinese: str
    english: str


def ok(part: str, chinese: str, english: str) -> Finding:
    """A part that works."""
    return Finding(part=part, condition=Condition.OK, chinese=chinese, english=english)


def care(part: str, chinese: str, english: str) -> Finding:
    """A part that somebody should look after."""
    return Finding(part=part, condition=Condition.CARE, chinese=chinese, english=english)


def missing(part: str, chinese: str, english: str) -> Finding:
    """A part without which nobody can be served."""
    return Finding(part=part, condition=Condition.MISSING, chinese=chinese, english=english)
