"""Receipt numbers, tags, query codes and the address behind the QR code: everything a resident takes home.

A number is a block (5 digits, leased by the platform) + a serial (5 digits) + an ISO 7064 MOD 97-10 check (2 digits).
The tag and the query code are derived from the block's key, each by its own label, so that one never tells the other.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BLOCK_DIGITS = 5
SERIAL_DIGITS = 5
NUMBER_DIGITS = 12
TAG_DIGITS = 20
CODE_DIGITS = 6
LAST_SERIAL = 10**SERIAL_DIGITS - 1
_MASK = "＊"


class Role(StrEnum):
    """Whose slip it is: the person the matter belongs to, or somebody who filed for them."""

    OWN = "own"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the kiosk promises in exchange for a petition; made here, offline, after the commit."""

    number: str
    """12 digits."""
    role: Role
    tag: str
    """20 digits: proves, unread by people, that the holder has the slip."""
    query_code: str
    """6 digits: what a person types instead of scanning."""
    url: str
    """The QR code's content."""
    made_at: datetime
    """UTC, by this kiosk's clock."""
    clock_trusted: bool = True
    """Whether the platform has confirmed this clock lately; if not, the slip says that the platform's time counts."""
    kind: str = ""
    category: str = ""
    language: str = "zh_Hans"
    for_another: bool = False
    """Whether somebody filed it for the person the matter belongs to: then there are two slips."""
    principal: str = ""
    """Whose matter it is, masked: 王＊＊; "" where only their voice says it."""
    agent: str = ""
    """Who filed it for them, masked, or ""."""
    relation: str = ""
    """A `petition.model.Relation`, or "" for other words, which are not kept."""
    until: datetime | None = None
    """When the agent's slip is good for nothing any more, at the latest; None where it is not known any more."""


def masked(name: str) -> str:
    """Return a name as a slip shows it: the first character and two marks; "" for none."""
    name = name.strip()
    return name[:1] + _MASK * 2 if name else ""


def check_digits(block_and_serial: str) -> str:
    """Return the two ISO 7064 MOD 97-10 check digits of 10 digits."""
    return f"{98 - int(block_and_serial) * 100 % 97:02d}"


def receipt_number(block: str, serial: int) -> str:
    """Return the 12 digits of one serial of a block.

    Raises ValueError when the block is not 5 digits or the serial not 0 … 99999.
    """
    if not re.fullmatch(r"[0-9]{5}", block) or not 0 <= serial <= LAST_SERIAL:
        msg = "a block has 5 digits and a serial lies between 0 and 99999"
        raise ValueError(msg)
    body = f"{block}{serial:05d}"
    return body + check_digits(body)


def is_receipt_number(number: str) -> bool:
    """Tell whether 12 ASCII digits carry the right check; misses no single, swapped or jump-swapped digit."""
    return re.fullmatch(r"[0-9]{12}", number) is not None and int(number) % 97 == 1


def in_fours(number: str) -> str:
    """Return a number the way it is printed and spoken: `1023 0001 2392`."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def _mac(block_key: bytes, label: str, number: str, role: Role) -> bytes:
    return hmac.digest(block_key, f"{label}|{number}|{role.value}".encode(), "sha256")


def receipt_tag(block_key: bytes, number: str, role: Role) -> str:
    """Return the 20 zero-padded digits of the first 8 bytes of HMAC-SHA256(block key, "tag|" + number + "|" + role)."""
    return f"{int.from_bytes(_mac(block_key, 'tag', number, role)[:8]):0{TAG_DIGITS}d}"


def query_code(block_key: bytes, number: str, role: Role) -> str:
    """Return the six digits of HMAC-SHA256(block key, "code|" + number + "|" + role) mod 10⁶."""
    return f"{int.from_bytes(_mac(block_key, 'code', number, role)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def receipt_url(host: str, number: str, tag: str) -> str:
    """Return the QR code's content; digits only after the host keep the symbol at version 3 to 4."""
    return f"https://{host}/r/{number}{tag}"


def parse_receipt_code(scanned: str) -> tuple[str, str] | None:
    """Return (number, tag) from a scanned QR code or 32 bare digits, or None when it is not one of ours.

    The host is not looked at: two platforms may share a kiosk's hall, and the tag is what proves the slip.
    """
    found = re.fullmatch(r"(?:https?://[A-Za-z0-9.:\[\]-]+/r/)?([0-9]{12})([0-9]{20})", scanned.strip())
    if found is None or not is_receipt_number(found[1]) or int(found[2]) >= 2**64:
        return None
    return found[1], found[2]
