"""What the camera's process says of a code: a line with number and tag of a slip, or only that it was another."""

import re

from petition.events import ForeignCodeScanned, ReceiptScanned
from petition.scan import read_scan

FOREIGN = "foreign"


def line_of(code: str) -> str:
    """Return the line that a code is told in; of one that is not ours nothing is in it."""
    event = read_scan(code)
    return f"{event.number} {event.tag}" if isinstance(event, ReceiptScanned) else FOREIGN


def event_of(line: str) -> ReceiptScanned | ForeignCodeScanned | None:
    """Return what a line tells, None where it tells nothing."""
    if line == FOREIGN:
        return ForeignCodeScanned()
    event = read_scan(line.replace(" ", "")) if re.fullmatch("[0-9]{12} [0-9]{20}", line) else None
    return event if isinstance(event, ReceiptScanned) else None
