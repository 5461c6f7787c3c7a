"""What the camera's process says of a code: a slip's number and tag, a badge, or only that it was another."""

import re

from petition.badge import CHARACTERS
from petition.events import BadgeScanned, ForeignCodeScanned, ReceiptScanned
from petition.scan import read_scan

FOREIGN = "foreign"
_OURS = re.compile(rf"[0-9]{{12}} [0-9]{{20}}|[A-Z0-9]{{{CHARACTERS}}}")


def line_of(code: str) -> str:
    """Return the line that a code is told in; of one that is not ours nothing is in it."""
    match read_scan(code):
        case ReceiptScanned(number=number, tag=tag):
            return f"{number} {tag}"
        case BadgeScanned(badge=badge):
            return badge
    return FOREIGN


def event_of(line: str) -> ReceiptScanned | BadgeScanned | ForeignCodeScanned | None:
    """Return what a line tells, None where it tells nothing."""
    if line == FOREIGN:
        return ForeignCodeScanned()
    event = read_scan(line.replace(" ", "")) if _OURS.fullmatch(line) else None
    return event if isinstance(event, ReceiptScanned | BadgeScanned) else None
