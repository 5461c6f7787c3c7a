"""Petitions: taking them in as they are, sealed, and giving the signed word that ends the kiosk's care for them."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway.database import Attachment, Kiosk, Petition, Resend
from gateway.kiosks import block_owner
from gateway.later import link_earlier
from gateway.logbook import note_acknowledged
from gateway.platform import Platform
from gateway.refusal import Refusal, bad_request, come_back, not_found
from gateway.uploads import mark_complete
from offline_queue import protocol, sealing
from offline_queue.protocol import ErrorCode, Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a PUT is answered with."""

    created: bool
    """False when these very bytes were here already."""
    acknowledgement: protocol.Signed


def receive_petition(platform: Platform, petition_id: str, raw: bytes, digest_header: str) -> Received:
    """Take in one sealed envelope, exactly once, whatever is repeated.

    Raises Refusal: DIGEST_DIFFERS (409) when this id is here with other bytes, BAD_REQUEST, SIGNATURE_INVALID; and
    Fault(SUITE_UNKNOWN), which names the suite.
    """
    check_digest_header(raw, digest_header)
    digest = protocol.digest_of(raw)
    if (known := _already_here(platform, petition_id, digest)) is not None:
        return known
    signed = protocol.read(protocol.Signed, raw)
    sealing.require_suite(signed.suite)
    claimed = protocol.read(protocol.Envelope, signed.body)
    kiosk = signing_kiosk(platform, claimed.kiosk_id)
    envelope = protocol.open_signed(signed, kiosk.public_key, Type.PETITION, protocol.Envelope)
    _check_envelope(platform, petition_id, envelope)
    take_slot(platform)
    now = platform.clock()
    with platform.database.writing() as rows:
        here = rows.get(Petition, petition_id)
        if here is None:
            petition = Petition(
                id=petition_id,
                number=envelope.number,
                kiosk_id=kiosk.id,
                digest=digest,
                envelope=raw,
                kind=envelope.kind,
                category=envelope.category,
                urgent=envelope.urgent,
                made_at=envelope.made_at,
                received_at=now,
                stage="",
                stage_changed_at=now,
            )
            rows.add(petition)
            rows.flush()
            _expect_attachments(rows, petition, envelope)
            _flag_strange_number(rows, petition, kiosk)
            if petition_of_number(rows, petition.number) is petition:
                link_earlier(rows, platform, petition)
            note_acknowledged(platform, petition_id, kiosk.id)
    if here is not None:
        # Somebody was quicker by a moment: the answer is the one a repeat gets.
        known = _already_here(platform, petition_id, digest)
        if known is not None:
            return known
    return Received(created=True, acknowledgement=acknowledgement(platform, petition_id))


def acknowledgement(platform: Platform, petition_id: str) -> protocol.Signed:
    """Return the signed word on what of a petition is here; raises Refusal(404)."""
    with platform.database.reading() as rows:
        petition = rows.get(Petition, petition_id)
        if petition is None:
            raise not_found("no such petition")
        attachments = rows.scalars(
            select(Attachment).where(Attachment.petition_id == petition_id).order_by(Attachment.position)
        ).all()
        message = protocol.Acknowledgement(
            petition_id=petition_id,
            digest=petition.digest,
            received=tuple(
                protocol.AttachmentReceived(id=each.attachment_id, sha256=each.sha256)
                for each in attachments
                if each.complete_at is not None
            ),
            complete=petition.complete_at is not None,
            time=platform.clock(),
            number_reused=_number_reused(rows, petition),
        )
    return platform.keys.acknowledge(Type.ACKNOWLEDGEMENT, message)


def petition_of_number(rows: Session, number: str) -> Petition | None:
    """Return the petition behind a receipt number, the first one of the kiosk that the number was leased to.

    What others file under it nobody has a slip of: it is here, flagged, and nothing is told of it or tied to it.
    """
    owner = block_owner(rows, number)
    if owner is None:
        return None
    of_owner = select(Petition).where(Petition.number == number, Petition.kiosk_id == owner.id)
    return rows.scalars(of_owner.order_by(Petition.received_at).limit(1)).first()


def check_digest_header(raw: bytes, header: str) -> None:
    """Compare a body with its Repr-Digest (RFC 9530); raises Refusal(400)."""
    found = re.search(r"(?:^|[\s,])sha-256=:([A-Za-z0-9+/]{43}=):", header)
    if found is None:
        raise bad_request(f"{protocol.HEADER_DIGEST} with sha-256 is missing")
    if sealing.from_base64(found[1]) != hashlib.sha256(raw).digest():
        raise bad_request(f"the body is not what {protocol.HEADER_DIGEST} says; it was changed on the way")


def signing_kiosk(platform: Platform, kiosk_id: str) -> Kiosk:
    """Return the kiosk whose signature stands under something; the sender may be another."""
    with platform.database.reading() as rows:
        kiosk = rows.get(Kiosk, kiosk_id)
    if kiosk is None:
        raise Refusal(status=403, code=ErrorCode.SIGNATURE_INVALID, detail="no kiosk of this id was enrolled here")
    return kiosk


def check_sealed(platform: Platform, *, sealed: str, sealed_sha256: str, seal_key_id: str) -> None:
    """Refuse what could never be opened: torn bytes, or bytes sealed to a key that was never ours."""
    if protocol.digest_of(sealing.from_base64(sealed)) != sealed_sha256:
        raise bad_request("the sealed bytes are not those of sealed_sha256")
    if platform.keys.seal_key(seal_key_id) is None:
        raise bad_request("sealed to a key this platform does not have")


def take_slot(platform: Platform) -> None:
    """Count something that is about to be stored; raises Refusal(503) with a moment of its own to come back in.

    Only what a kiosk of ours signed is counted: strangers cannot use up the slots.
    """
    wait = platform.writes.wait_seconds(platform.clock())
    if wait:
        raise come_back(wait, status=503, code=ErrorCode.UNAVAILABLE)


def _already_here(platform: Platform, petition_id: str, digest: str) -> Received | None:
    with platform.database.reading() as rows:
        petition = rows.get(Petition, petition_id)
    if petition is None:
        return None
    if petition.digest != digest:
        raise Refusal(
            status=409, code=ErrorCode.DIGEST_DIFFERS, detail="this petition is here already, with other bytes"
        )
    return Received(created=False, acknowledgement=acknowledgement(platform, petition_id))


def _check_envelope(platform: Platform, petition_id: str, envelope: protocol.Envelope) -> None:
    if envelope.id != petition_id:
        raise bad_request("the envelope is another petition's")
    check_sealed(
        platform,
        sealed=envelope.sealed,
        sealed_sha256=envelope.sealed_sha256,
        seal_key_id=envelope.seal_key_id,
    )
    if len({part.id for part in envelope.attachments}) != len(envelope.attachments):
        raise bad_request("two attachments have one id")
    bytes_max = platform.settings.attachments_bytes_max
    if sum(part.length for part in envelope.attachments) > bytes_max:
        raise Refusal(status=413, code=ErrorCode.TOO_LARGE, detail=f"attachments have at most {bytes_max} bytes")


def _expect_attachments(rows: Session, petition: Petition, envelope: protocol.Envelope) -> None:
    for position, part in enumerate(envelope.attachments):
        rows.add(
            Attachment(
                file_id=secrets.token_hex(16),
                petition_id=petition.id,
                attachment_id=part.id,
                position=position,
                length=part.length,
                sha256=part.sha256,
            )
        )
    if not envelope.attachments:
        mark_complete(petition, petition.received_at)
        lost = rows.get(Resend, petition.id)
        if lost is not None:
            rows.delete(lost)


def _flag_strange_number(rows: Session, petition: Petition, kiosk: Kiosk) -> None:
    """Take it in whatever its number is, and let somebody look at the kiosk."""
    owner = block_owner(rows, petition.number)
    if owner is None or owner.id != kiosk.id:
        flag = "number-of-another-kiosk"
    elif _number_reused(rows, petition):
        flag = "number-reused"
    else:
        return
    rows.execute(update(Kiosk).where(Kiosk.id == kiosk.id).values(flagged=flag))


def _number_reused(rows: Session, petition: Petition) -> bool:
    """Return whether another petition has the same number; what others file is no fault of the block's own kiosk."""
    double = select(Petition.id).where(Petition.number == petition.number, Petition.id != petition.id)
    owner = block_owner(rows, petition.number)
    if owner is not None and owner.id == petition.kiosk_id:
        double = double.where(Petition.kiosk_id == owner.id)
    return rows.scalars(double.limit(1)).first() is not None
