"""The badge of a volunteer or of staff: what its QR code says, and how it is known again however a scanner types it.

    PKB1 4021 K7DMQ2X5RWNBG3TCY6FHJPLZVA TL
    mark number         secret         check

Digits and capital letters only: a QR code is small with them, and no keyboard layout or Caps Lock turns them into
something else, except for Y and Z, which some layouts swap. The check finds what was read or typed wrongly, so that a
misread badge is no badge rather than a stranger's; it protects nothing. The secret does: 130 random bits.
"""

import hashlib
import re
import secrets

MARK = "PKB1"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
SECRET_CHARACTERS, CHECK_CHARACTERS = 26, 2
CHARACTERS = len(MARK) + 4 + SECRET_CHARACTERS + CHECK_CHARACTERS

_BADGE = re.compile(rf"[Pp][Kk][Bb]1[0-9]{{4}}[A-Za-z2-7]{{{SECRET_CHARACTERS + CHECK_CHARACTERS}}}")
_SWAPPED = str.maketrans("YZ", "ZY")


def new_badge(number: str) -> str:
    """Return a new badge for whoever has this number of 4 digits; raises ValueError for another number."""
    if re.fullmatch("[0-9]{4}", number) is None:
        msg = "a person's number has 4 digits"
        raise ValueError(msg)
    body = MARK + number + "".join(secrets.choice(ALPHABET) for _ in range(SECRET_CHARACTERS))
    return body + _check(body)


def read_badge(text: str) -> str | None:
    """Return the badge that a scanned text ends in, as `new_badge` made it; None where there is none.

    What stands before it is the scanner's own business; blanks and line ends around it count for nothing.
    """
    found = _BADGE.fullmatch(text.strip()[-CHARACTERS:])
    if found is None:
        return None
    plain = found[0].upper()
    for badge in (plain, plain.translate(_SWAPPED)):
        if badge.endswith(_check(badge[:-CHECK_CHARACTERS])):
            return badge
    return None


def badge_sha256(badge: str) -> str:
    """Return by what a badge is known to kiosks, which have no other trace of it: hex SHA-256 of its characters."""
    return hashlib.sha256(badge.encode("ascii")).hexdigest()


def _check(body: str) -> str:
    bits = int.from_bytes(hashlib.sha256(body.encode("ascii")).digest()[:2], "big")
    return ALPHABET[bits >> 11] + ALPHABET[(bits >> 6) & 31]
