"""What a scanned code means: a slip or a badge of this kind of kiosk, a card's number, or somebody else's business."""

import re

from petition.badge import read_badge
from petition.events import BadgeScanned, CardRead, ForeignCodeScanned, ReceiptScanned
from petition.identity import is_id_number
from petition.receipt import NUMBER_DIGITS, TAG_DIGITS, parse_receipt_code

CAMERA_STEPS = frozenset({"progress_number", "progress_code", "wrong_number", "foreign_qr", "agent_sign_in"})
"""Where a camera looks for a slip or a badge. Not on the welcome screen, though a scanner is heard there: nobody has asked it yet."""
_ENDS_IN_DIGITS = re.compile(rf"(?:.*[^0-9])?([0-9]{{{NUMBER_DIGITS + TAG_DIGITS}}})", re.DOTALL)


def read_scan(code: str) -> ReceiptScanned | BadgeScanned | CardRead | ForeignCodeScanned:
    """Return what was scanned as an event. Of a code that is not ours nothing is in it.

    The last 32 digits decide, whatever stands before them: a scanner in keyboard mode has a keyboard layout and a
    Caps Lock of its own, and `https://` may arrive as `HTTPS&--`. Digits arrive as digits.

    A reader of identity cards that types the number is one more scanner. Nothing but eighteen signs with the right
    check and a date of birth is such a number.
    """
    found = _ENDS_IN_DIGITS.fullmatch(code.strip())
    ours = parse_receipt_code(found[1]) if found is not None else None
    if ours is not None:
        return ReceiptScanned(number=ours[0], tag=ours[1])
    if is_id_number(code.strip()):
        return CardRead(id_number=code.strip().upper())
    badge = read_badge(code)
    return BadgeScanned(badge=badge) if badge is not None else ForeignCodeScanned()
