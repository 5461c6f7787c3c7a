"""What the holder of a receipt says later: ratings, supplements, urging, withdrawing. Sealed, taken in exactly once."""

import hmac
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from gateway.authority import require_authority
from gateway.database import LaterEvent, Resend
from gateway.kiosks import block_owner
from gateway.later import apply
from gateway.logbook import note_acknowledged
from gateway.petitions import (
    check_digest_header,
    check_sealed,
    petition_of_number,
    signing_kiosk,
    take_slot,
)
from gateway.platform import Platform
from gateway.refusal import Refusal, bad_request
from offline_queue import protocol, sealing
from offline_queue.protocol import ErrorCode, Type
from petition.receipt import BLOCK_DIGITS, Role, receipt_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReceived:
    """What a PUT of an event is answered with."""

    created: bool
    acknowledgement: protocol.Signed


def receive_event(platform: Platform, event_id: str, raw: bytes, digest_header: str) -> EventReceived:
    """Take in one sealed event; same bytes again are fine, other bytes under the same id are 409.

    It is taken in before its petition arrives, too. Raises Refusal and Fault as receive_petition does, and
    Refusal(WRONG_CODE) when the proof shows that the sender did not hold the slip, OWN_SLIP_NEEDED when it was the
    agent's and this is the person's own to say, AUTHORITY_ENDED when that was good for nothing any more.
    """
    check_digest_header(raw, digest_header)
    digest = protocol.digest_of(raw)
    with platform.database.reading() as rows:
        known = rows.get(LaterEvent, event_id)
    if known is not None:
        return _answer(platform, known, digest)
    signed = protocol.read(protocol.Signed, raw)
    sealing.require_suite(signed.suite)
    claimed = protocol.read(protocol.EventEnvelope, signed.body)
    kiosk = signing_kiosk(platform, claimed.kiosk_id)
    envelope = protocol.open_signed(signed, kiosk.public_key, Type.EVENT, protocol.EventEnvelope)
    if envelope.id != event_id:
        raise bad_request("the envelope is another event's")
    check_sealed(
        platform, sealed=envelope.sealed, sealed_sha256=envelope.sealed_sha256, seal_key_id=envelope.seal_key_id
    )
    take_slot(platform)
    with platform.database.writing() as rows:
        role = _role_by_proof(rows, platform, envelope)
        known = rows.get(LaterEvent, event_id)
        if known is None:
            petition = petition_of_number(rows, envelope.number)
            said_at = min(envelope.made_at, platform.clock())  # a kiosk's clock may be ahead
            require_authority(rows, platform, petition, envelope.number, role=role, at=said_at, kind=envelope.kind)
            event = LaterEvent(
                id=event_id,
                number=envelope.number,
                petition_id=None if petition is None else petition.id,
                kiosk_id=kiosk.id,
                kind=envelope.kind.value,
                role=role.value,
                digest=digest,
                envelope=raw,
                made_at=envelope.made_at,
                counter=envelope.counter,
                received_at=platform.clock(),
            )
            rows.add(event)
            rows.flush()
            rows.execute(delete(Resend).where(Resend.petition_id == event_id))
            if petition is not None:
                apply(rows, platform, petition, event)
            note_acknowledged(platform, event_id, kiosk.id)
    if known is not None:
        return _answer(platform, known, digest)
    return EventReceived(created=True, acknowledgement=_acknowledgement(platform, event))


def _role_by_proof(rows: Session, platform: Platform, envelope: protocol.EventEnvelope) -> Role:
    """Return whose slip an event was said with: of another kiosk's receipt, the sender could not know it."""
    if block_owner(rows, envelope.number) is None:
        raise Refusal(status=404, code=ErrorCode.RECEIPT_UNKNOWN, detail="no receipt of this number was given out")
    key = platform.keys.block_key(envelope.number[:BLOCK_DIGITS])
    proofs = {role: protocol.event_proof(receipt_tag(key, envelope.number, role), envelope.id) for role in Role}
    fitting = [role for role, proof in proofs.items() if hmac.compare_digest(proof, envelope.proof)]
    if not fitting:
        raise Refusal(status=403, code=ErrorCode.WRONG_CODE, detail="the proof does not fit the receipt")
    return fitting[0]


def _answer(platform: Platform, event: LaterEvent, digest: str) -> EventReceived:
    if event.digest != digest:
        raise Refusal(status=409, code=ErrorCode.DIGEST_DIFFERS, detail="this event is here already, with other bytes")
    return EventReceived(created=False, acknowledgement=_acknowledgement(platform, event))


def _acknowledgement(platform: Platform, event: LaterEvent) -> protocol.Signed:
    message = protocol.EventAcknowledgement(event_id=event.id, digest=event.digest, time=platform.clock())
    return platform.keys.acknowledge(Type.EVENT_ACKNOWLEDGEMENT, message)
