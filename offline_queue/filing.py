"""From a draft to the exact bytes that are stored and sent: sealed to the platform, signed by the kiosk."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from offline_queue import protocol, sealing
from offline_queue.folder import Sealed, describe
from offline_queue.identity import Identity
from offline_queue.mending import queued
from offline_queue.outbox import Item
from offline_queue.protocol import ClockContent, Envelope, EventContent, EventEnvelope, EventKind, KeyUse, Type
from offline_queue.recording import Measured
from petition.errors import Fault, FaultCode
from petition.model import Attachment, Draft
from petition.receipt import Role

_MASK = "＊"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is filed, and what the kiosk knows of its clock."""

    made_at: datetime
    clock: ClockContent


def roles(draft: Draft) -> tuple[Role, ...]:
    """Return whose slips a draft needs: the person's own, and the agent's when somebody files for another."""
    return (Role.OWN,) if draft.on_behalf is None else (Role.OWN, Role.AGENT)


def masked(name: str) -> str:
    """Return a name as a slip shows it: the first character and two marks."""
    name = name.strip()
    return name[:1] + _MASK * 2 if name else ""


def platform_key(identity: Identity, now: datetime) -> tuple[str, bytes]:
    """Return (id, public key) to seal to; raises Fault(SIGNATURE_INVALID) when the platform has published none."""
    key = protocol.current_key(identity.keys, KeyUse.SEAL, now)
    return key.id, sealing.from_base64(key.public_key)


def sealed_petition(
    draft: Draft, number: str, attachments: tuple[tuple[Attachment, Measured], ...], identity: Identity, moment: Moment
) -> tuple[bytes, Sealed]:
    """Return a petition's envelope and what it says in clear; seal once: sealing again gives other bytes.

    Raises Fault(BAD_INPUT) for a draft the protocol can't carry (too long, say), naming the field.
    """
    content = _content(draft, number, attachments, moment)
    key_id, key = platform_key(identity, moment.made_at)
    bound = protocol.petition_binding(draft.petition_id, identity.kiosk_id, number)
    sealed = sealing.seal_envelope(protocol.write(content), key, bound)
    envelope = protocol.read(
        Envelope,
        {
            "protocol": protocol.PROTOCOL_VERSION,
            "id": draft.petition_id,
            "kiosk_id": identity.kiosk_id,
            "number": number,
            "made_at": moment.made_at,
            "kind": draft.kind,
            "category": draft.category,
            "roles": roles(draft),
            "attachments": [
                {"id": attached.id, "length": measured.length, "sha256": measured.sha256}
                for attached, measured in attachments
            ],
            **_sealed_fields(key_id, sealed),
        },
    )
    raw = protocol.sign_and_write(identity.signing_key, Type.PETITION, envelope)
    if len(raw) > protocol.MAX_ENVELOPE_BYTES:
        raise Fault(FaultCode.BAD_INPUT, "the text is too long to be sent")
    return raw, describe(envelope, raw)


def filed_item(draft: Draft, sealed: Sealed, moment: Moment) -> Item:
    """Return a petition as the queue lists it: what stays readable here, names masked."""
    behalf = draft.on_behalf
    return replace(
        queued(sealed, moment.made_at, own=True),
        language=draft.language.value,
        clock_trusted=moment.clock.trusted,
        principal=masked(behalf.principal) if behalf else "",
        agent=masked(behalf.agent) if behalf else "",
    )


def _content(
    draft: Draft, number: str, attachments: tuple[tuple[Attachment, Measured], ...], moment: Moment
) -> protocol.PetitionContent:
    behalf = draft.on_behalf
    return protocol.read(
        protocol.PetitionContent,
        {
            "petition_id": draft.petition_id,
            "number": number,
            "text": draft.text,
            "text_source": draft.text_source,
            "kind": draft.kind,
            "category": draft.category,
            "place": {"text": draft.place.text, "code": draft.place.code},
            "phone": draft.phone,
            "on_behalf": behalf and {"principal": behalf.principal, "relation": behalf.relation, "agent": behalf.agent},
            "language": draft.language,
            "notice_version": draft.notice_version,
            "attachments": [
                {
                    "id": attached.id,
                    "kind": attached.kind,
                    "media_type": attached.media_type,
                    "milliseconds": round(attached.seconds * 1000),
                    "sha256": measured.plain_sha256,
                }
                for attached, measured in attachments
            ],
            "roles": roles(draft),
            "made_at": moment.made_at,
            "clock": moment.clock,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What the holder of a receipt says later."""

    event_id: str
    kind: EventKind
    number: str
    tag: str
    counter: int
    level: str = ""
    review: bool = False
    words: str = ""


def sealed_event(later: Later, identity: Identity, moment: Moment) -> tuple[bytes, Sealed]:
    """Return an event's envelope and what it says in clear; raises Fault(BAD_INPUT) for what can't be carried."""
    content = protocol.read(
        EventContent,
        {
            "event_id": later.event_id,
            "number": later.number,
            "level": later.level,
            "review": later.review,
            "words": later.words,
        },
    )
    key_id, key = platform_key(identity, moment.made_at)
    bound = protocol.event_binding(later.event_id, identity.kiosk_id, later.number)
    sealed = sealing.seal_envelope(protocol.write(content), key, bound)
    envelope = protocol.read(
        EventEnvelope,
        {
            "protocol": protocol.PROTOCOL_VERSION,
            "id": later.event_id,
            "kiosk_id": identity.kiosk_id,
            "kind": later.kind,
            "number": later.number,
            "proof": protocol.event_proof(later.tag, later.event_id),
            "made_at": moment.made_at,
            "counter": later.counter,
            **_sealed_fields(key_id, sealed),
        },
    )
    raw = protocol.sign_and_write(identity.signing_key, Type.EVENT, envelope)
    return raw, describe(envelope, raw)


def _sealed_fields(key_id: str, sealed: bytes) -> dict[str, Any]:
    return {
        "seal_key_id": key_id,
        "sealed_sha256": protocol.digest_of(sealed),
        "sealed": sealing.to_base64(sealed),
    }
