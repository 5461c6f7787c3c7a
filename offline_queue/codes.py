"""Receipt numbers and codes at the kiosk: taking the next number, telling a slip from a guess."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from offline_queue.database import Database
from offline_queue.identity import Identity
from offline_queue.outbox import from_stamp, stamp
from petition.errors import Fault, FaultCode
from petition.receipt import (
    CODE_DIGITS,
    LAST_SERIAL,
    TAG_DIGITS,
    Role,
    is_receipt_number,
    query_code,
    receipt_number,
    receipt_tag,
)

WRONG_PER_NUMBER = 5
CLOSED_FOR = timedelta(hours=24)
WRONG_PER_HOUR = 10
SLOWED_TO = timedelta(minutes=1)
FULL_AT = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBlock:
    """The block the next number comes from."""

    block: str
    next_serial: int


def open_block(database: Database, identity: Identity) -> OpenBlock | None:
    """Return the block this database has begun and not filled, None when it must begin another."""
    row = database.one("SELECT block, next_serial FROM blocks WHERE closed = 0")
    if row is None or row[1] > LAST_SERIAL or all(block.block != row[0] for block in identity.blocks):
        return None
    return OpenBlock(block=row[0], next_serial=row[1])


def begin_block(database: Database, block: str) -> OpenBlock:
    """Close what was open and begin a block, inside the caller's transaction."""
    close_blocks(database)
    database.run("INSERT INTO blocks VALUES (?, 1, 0) ON CONFLICT (block) DO UPDATE SET closed = 0", block)
    row = database.one("SELECT next_serial FROM blocks WHERE block = ?", block)
    return OpenBlock(block=block, next_serial=row[0] if row else 1)


def close_blocks(database: Database) -> int:
    """Never take a number of the open block again, inside the caller's transaction; return how many were open."""
    return database.run("UPDATE blocks SET closed = 1 WHERE closed = 0")


def take_number(database: Database, identity: Identity) -> str:
    """Return the next number of the open block, inside the transaction that files under it.

    Raises Fault(OUT_OF_NUMBERS) when another program has just taken the last one.
    """
    block = open_block(database, identity)
    if block is None:
        raise Fault(FaultCode.OUT_OF_NUMBERS, "the block of receipt numbers is full: try again")
    database.run("UPDATE blocks SET next_serial = ? WHERE block = ?", block.next_serial + 1, block.block)
    return receipt_number(block.block, block.next_serial)


def numbers_left(database: Database, identity: Identity) -> int:
    """Return how many petitions can be filed before another block must come."""
    block = open_block(database, identity)
    spare = sum(not leased.opened for leased in identity.blocks)
    return int((LAST_SERIAL + 1 - block.next_serial if block else 0) + spare * LAST_SERIAL)


def wants_block(database: Database, identity: Identity) -> bool:
    """Tell whether to ask the platform for another block: no spare left, or one spare and the open one 80 % full."""
    block = open_block(database, identity)
    spare = sum(not leased.opened for leased in identity.blocks)
    filling = block is not None and block.next_serial > LAST_SERIAL * FULL_AT
    return spare == 0 or (filling and spare == 1)


def tries_left(database: Database, now: datetime, number: str) -> int:
    """Return how many more wrong query codes this number takes before its code is closed for a day."""
    wrong = database.one(
        "SELECT count(*) FROM wrong_codes WHERE number = ? AND at > ?", number, stamp(now - CLOSED_FOR)
    )
    return max(0, WRONG_PER_NUMBER - (int(wrong[0]) if wrong else 0))


def verified_role(identity: Identity, number: str, tag_or_code: str) -> Role | None:
    """Return whose slip a tag (20 digits) or query code (6 digits) belongs to, None when it fits neither.

    Raises Fault(BAD_INPUT) for what is no receipt number or code, and Fault(RECEIPT_OF_ANOTHER_KIOSK).
    """
    if not is_receipt_number(number) or not (tag_or_code.isascii() and tag_or_code.isdigit()):
        raise Fault(FaultCode.BAD_INPUT, "that is not a receipt number with its code")
    block = identity.block(number)
    if block is None:
        raise Fault(FaultCode.RECEIPT_OF_ANOTHER_KIOSK, "another kiosk made this receipt: it can be asked for online")
    match len(tag_or_code):
        case n if n == TAG_DIGITS:
            made = receipt_tag
        case n if n == CODE_DIGITS:
            made = query_code
        case _:
            raise Fault(FaultCode.BAD_INPUT, "a receipt's tag has 20 digits, its query code 6")
    fitting = [role for role in Role if hmac.compare_digest(made(block.key, number, role), tag_or_code)]
    return fitting[0] if fitting else None


def require_patience(database: Database, now: datetime, number: str) -> None:
    """Raise Fault(TOO_MANY_WRONG_CODES) while this number's code is closed or the whole kiosk is slowed.

    Query codes only: six digits can be guessed, the 20 of a QR code can't.
    """
    wrong = database.one(
        "SELECT count(*) FROM wrong_codes WHERE number = ? AND at > ?", number, stamp(now - CLOSED_FOR)
    )
    if wrong and wrong[0] >= WRONG_PER_NUMBER:
        raise Fault(FaultCode.TOO_MANY_WRONG_CODES, "five wrong codes: closed for a day; the QR code still works")
    recent = database.one("SELECT count(*), max(at) FROM wrong_codes WHERE at > ?", stamp(now - timedelta(hours=1)))
    if recent and recent[0] >= WRONG_PER_HOUR and now - from_stamp(recent[1]) < SLOWED_TO:
        raise Fault(FaultCode.TOO_MANY_WRONG_CODES, "many wrong codes at this kiosk: wait a minute")


def count_wrong_code(database: Database, now: datetime, number: str) -> None:
    """Remember a wrong query code across restarts, inside the caller's transaction."""
    database.run("DELETE FROM wrong_codes WHERE at <= ?", stamp(now - CLOSED_FOR))
    database.run("INSERT INTO wrong_codes VALUES (?, ?)", stamp(now), number)
