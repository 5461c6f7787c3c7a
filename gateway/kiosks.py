"""Kiosks: enrolling them, knowing them by their token, leasing them numbers, hearing how they are."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.audit import Deed, record
from gateway.database import Block, EnrolmentCode, Kiosk
from gateway.platform import Platform
from gateway.refusal import Refusal, bad_request, come_back, not_found
from offline_queue import protocol, sealing
from offline_queue.protocol import ErrorCode, Type
from petition.receipt import BLOCK_DIGITS

BLOCKS_AT_ENROLMENT = 2
BLOCKS_PER_KIOSK_AND_DAY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKiosk:
    """An enrolled kiosk, as one request needs it."""

    id: str
    name: str
    place: str
    public_key: bytes


def make_enrolment_code(platform: Platform, *, kiosk_name: str, place: str = "", by: str = "") -> str:
    """Return a fresh one-time code for an installer, the root key's fingerprint in it; valid for some days."""
    now = platform.clock()
    secret = "".join(secrets.choice(sealing.CODE_ALPHABET) for _ in range(protocol.ONE_TIME_CODE_CHARACTERS))
    with platform.database.writing() as rows:
        rows.add(
            EnrolmentCode(
                secret_hash=_hash(secret),
                kiosk_name=kiosk_name,
                place=place,
                made_at=now,
                expires_at=now + timedelta(hours=platform.settings.enrolment_code_hours),
            )
        )
        record(rows, account=by, deed=Deed.MADE_ENROLMENT_CODE, now=now, detail=kiosk_name)
    return protocol.enrolment_code(secret, platform.keys.root.public)


def enrol(platform: Platform, signed: protocol.Signed, receipt_host: str) -> protocol.Chain:
    """Make a machine a kiosk: spend its code, give it an id, a token and two blocks of numbers.

    The same code with the same key again, within its time, is a repeat whose answer got lost: the kiosk gets a new
    token, everything else is as it was. Raises Refusal(CODE_UNKNOWN) for any other code that is not waiting.
    """
    # The key to check the signature with is in the body it signs: this proves that the sender holds its private half.
    request = protocol.read(protocol.EnrolmentRequest, signed.body)
    public_key = _signing_key(request.public_key)
    protocol.open_signed(signed, public_key, Type.ENROLMENT_REQUEST, protocol.EnrolmentRequest)
    now = platform.clock()
    token = secrets.token_urlsafe(32)
    with platform.database.writing() as rows:
        code = rows.get(EnrolmentCode, _hash(request.code))
        kiosk = None if code is None or code.kiosk_id is None else rows.get(Kiosk, code.kiosk_id)
        spent = kiosk is not None and kiosk.public_key != public_key
        if code is None or code.expires_at < now or spent:
            raise Refusal(
                status=403, code=ErrorCode.CODE_UNKNOWN, detail="this enrolment code is not valid, used, or too old"
            )
        if kiosk is None:
            kiosk = Kiosk(
                id=f"kiosk-{uuid.uuid4().hex[:12]}",
                name=code.kiosk_name,
                place=code.place,
                public_key=public_key,
                token_hash="",
                enrolled_at=now,
            )
            rows.add(kiosk)
            rows.flush()
            code.kiosk_id = kiosk.id
            for _ in range(BLOCKS_AT_ENROLMENT):
                _lease(rows, platform, kiosk.id)
            record(rows, account="", deed=Deed.ENROLLED_KIOSK, now=now, detail=kiosk.id)
        kiosk.token_hash = _hash(token)
        leased = rows.scalars(select(Block).where(Block.kiosk_id == kiosk.id).order_by(Block.leased_at, Block.block))
        blocks = tuple(_block(platform, lease.block) for lease in leased)
        enrolment = protocol.Enrolment(
            kiosk_id=kiosk.id,
            kiosk_name=kiosk.name,
            kiosk_public_key=sealing.to_base64(public_key),
            token=token,
            blocks=blocks,
            root_public_key=sealing.to_base64(platform.keys.root.public),
            receipt_host=receipt_host,
            time=now,
        )
    return platform.keys.publish(Type.ENROLMENT, enrolment)


def lease_block(platform: Platform, kiosk_id: str, signed: protocol.Signed) -> protocol.Chain:
    """Give a kiosk another block of numbers; asked again under the same request id it is the same block."""
    now = platform.clock()
    with platform.database.writing() as rows:
        kiosk = rows.get(Kiosk, kiosk_id)
        if kiosk is None:
            raise not_found("no such kiosk")
        request = protocol.open_signed(signed, kiosk.public_key, Type.BLOCKS_REQUEST, protocol.BlocksRequest)
        if request.kiosk_id != kiosk_id:
            raise bad_request("the request names another kiosk")
        lease = rows.scalars(select(Block).where(Block.request_id == request.request_id)).first()
        if lease is None:
            lately = select(func.count()).where(Block.kiosk_id == kiosk_id, Block.leased_at > now - timedelta(days=1))
            if rows.scalars(lately).one() >= BLOCKS_PER_KIOSK_AND_DAY:
                # A kiosk that burns a million numbers a day is broken or stolen; the blocks are for everybody.
                raise come_back(3600)
            lease = _lease(rows, platform, kiosk_id, request.request_id)
        elif lease.kiosk_id != kiosk_id:
            raise bad_request("another kiosk used this request id")
        block = _block(platform, lease.block)
    return platform.keys.publish(
        Type.BLOCKS, protocol.Blocks(request_id=request.request_id, kiosk_id=kiosk_id, blocks=(block,))
    )


def kiosk_of(platform: Platform, token: str) -> KnownKiosk:
    """Return the kiosk behind a token; raises Refusal(TOKEN_UNKNOWN)."""
    with platform.database.reading() as rows:
        kiosk = rows.scalars(select(Kiosk).where(Kiosk.token_hash == _hash(token))).first() if token else None
        if kiosk is None:
            raise Refusal(
                status=401,
                code=ErrorCode.TOKEN_UNKNOWN,
                detail="this call needs a kiosk's token",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return KnownKiosk(id=kiosk.id, name=kiosk.name, place=kiosk.place, public_key=kiosk.public_key)


def report_health(platform: Platform, kiosk: KnownKiosk, health: protocol.Health) -> None:
    """Keep a kiosk's last word on how it is."""
    if health.kiosk_id != kiosk.id:
        raise bad_request("the report is another kiosk's")
    with platform.database.writing() as rows:
        row = rows.get(Kiosk, kiosk.id)
        if row is not None:
            row.health = protocol.write(health).decode()
            row.seen_at = platform.clock()


def block_owner(rows: Session, number: str) -> Kiosk | None:
    """Return the kiosk that a number's block is leased to."""
    block = rows.get(Block, number[:BLOCK_DIGITS])
    return None if block is None else rows.get(Kiosk, block.kiosk_id)


def _lease(rows: Session, platform: Platform, kiosk_id: str, request_id: str | None = None) -> Block:
    taken = set(rows.scalars(select(Block.block)))
    # At random, so that a platform restored from an old backup hardly ever leases a block it leased before.
    free = [block for block in range(10_000, 100_000) if f"{block}" not in taken]
    if not free:
        raise come_back(3600, status=503, code=ErrorCode.UNAVAILABLE)
    lease = Block(block=f"{secrets.choice(free)}", kiosk_id=kiosk_id, leased_at=platform.clock(), request_id=request_id)
    rows.add(lease)
    rows.flush()
    return lease


def _block(platform: Platform, block: str) -> protocol.Block:
    return protocol.Block(block=block, key=sealing.to_base64(platform.keys.block_key(block)))


def _signing_key(text: str) -> bytes:
    raw = sealing.from_base64(text)
    if len(raw) != 32:
        raise bad_request("public_key is not an Ed25519 key")
    return raw


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
