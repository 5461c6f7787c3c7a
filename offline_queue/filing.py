"""From a draft to the exact bytes that are stored and sent: sealed to the platform, signed by the kiosk."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from offline_queue import protocol, sealing
from offline_queue.folder import Sealed, describe
from offline_queue.identity import Identity
from offline_queue.mending import queued
from offline_queue.outbox import Item
from offline_queue.protocol import (
    ClockContent,
    Envelope,
    EventContent,
    EventEnvelope,
    EventKind,
    EventSound,
    KeyUse,
    Type,
)
from offline_queue.recording import Measured
from petition.danger import danger_in, in_distress
from petition.errors import Bug, Fault, FaultCode
from petition.model import Attachment, AttachmentKind, Draft, OnBehalf, Relation, Scope, Sensitive
from petition.receipt import Role, masked

_CHARACTER_BYTES = 6
"""No character takes more in JSON."""
_AROUND_A_SOUND_BYTES = 512
"""What stands beside a sound's base64 in an event: its type, its length, and JSON's own marks."""
_MAX_CONTENT_BYTES = (protocol.MAX_ENVELOPE_BYTES - 8 * 1024) // 4 * 3
"""What words and sounds may come to: sealed they become base64, and ids, proof and signature want their room."""
MAX_SOUND_BYTES = (_MAX_CONTENT_BYTES - _AROUND_A_SOUND_BYTES) // 4 * 3 - 2
"""The longest sound that an event takes: some three minutes as the kiosk records."""

DISTRESS = "distress"
"""Among the signs: somebody sounds as if they can't bear it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is filed, and what the kiosk knows of its clock."""

    made_at: datetime
    clock: ClockContent


def roles(draft: Draft) -> tuple[Role, ...]:
    """Return whose slips a draft needs: the person's own, and the agent's where they may do more than file."""
    behalf = draft.on_behalf
    return (Role.OWN,) if behalf is None or Scope.FOLLOW_UP not in behalf.scope else (Role.OWN, Role.AGENT)


def platform_key(identity: Identity, now: datetime) -> tuple[str, bytes]:
    """Return (id, public key) to seal to; raises Fault(SIGNATURE_INVALID) when the platform has published none."""
    key = protocol.current_key(identity.keys, KeyUse.SEAL, now)
    return key.id, sealing.from_base64(key.public_key)


def sealed_petition(
    draft: Draft, number: str, attachments: tuple[tuple[Attachment, Measured], ...], identity: Identity, moment: Moment
) -> tuple[bytes, Sealed]:
    """Return a petition's envelope and what it says in clear; seal once: sealing again gives other bytes.

    Raises Fault(BAD_INPUT) for a draft the protocol can't carry (too long, say), naming the field; and Bug for one
    with anything in it that was refused: then nothing of it may leave this machine.
    """
    if there := refused_and_there(draft):
        raise Bug(f"filed-refused-{there[0].value}")
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
            "urgent": bool(signs(draft.text)),  # people see those first; nothing else is decided by it
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
        relation=behalf.relation if behalf and behalf.relation in tuple(Relation) else "",
        until=_until(behalf, moment) if behalf and Role.AGENT in roles(draft) else None,
    )


def signs(text: str) -> tuple[str, ...]:
    """Return what words sound like that people should see first: the name of a danger, distress."""
    danger = danger_in(text)
    return (*(() if danger is None else (danger.value,)), *((DISTRESS,) if in_distress(text) else ()))


def refused_and_there(draft: Draft) -> tuple[Sensitive, ...]:
    """Return what was refused and is in the draft all the same; of two answers about the same the later counts."""
    said = {consent.about: consent.given for consent in draft.consents}
    agreed = {consent.about for consent in draft.consents if consent.given}
    behalf, kinds = draft.on_behalf, {attached.kind for attached in draft.attachments}
    there = {
        Sensitive.ID_NUMBER: bool(draft.id_number),
        # The paper was photographed under a yes; that none is wanted of the matter afterwards takes it not back.
        Sensitive.PICTURE: AttachmentKind.PICTURE in kinds
        or (AttachmentKind.PAPER in kinds and Sensitive.PICTURE not in agreed),
        Sensitive.SIGNATURE: AttachmentKind.SIGNATURE in kinds,
        Sensitive.AGENT_DATA: behalf is not None and bool(behalf.agent or behalf.agent_phone),
    }
    return tuple(about for about, present in there.items() if present and said.get(about) is False)


def _until(behalf: OnBehalf, moment: Moment) -> datetime:
    return moment.made_at + timedelta(days=behalf.days)


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
            "name": draft.name,
            "id_number": draft.id_number,
            "on_behalf": behalf
            and {
                "principal": behalf.principal,
                "principal_phone": behalf.principal_phone,
                "relation": behalf.relation,
                "agent": behalf.agent,
                "agent_phone": behalf.agent_phone,
                "agent_id": behalf.agent_id,
                "authority": behalf.authority,
                "evidence": behalf.evidence,
                "scope": behalf.scope,
                "until": _until(behalf, moment),
                "words_version": behalf.words_version,
            },
            "consents": [
                {"about": consent.about, "given": consent.given, "words_version": consent.words_version}
                for consent in draft.consents
            ],
            "signs": signs(draft.text),
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
    """What the holder of a receipt says later, or as much of it as one event takes."""

    kind: EventKind
    number: str
    tag: str
    role: Role = Role.OWN
    """Whose slip the tag is on."""
    level: str = ""
    review: bool = False
    words: str = ""
    sounds: tuple[EventSound, ...] = ()


def event_sound(recorded: Attachment, plain: bytes) -> EventSound:
    """Return a recording as an event carries it, its bytes unchanged; raises Fault(BAD_INPUT) for an empty one."""
    return protocol.read(
        EventSound,
        {
            "media_type": recorded.media_type,
            "milliseconds": round(recorded.seconds * 1000),
            "sound": sealing.to_base64(plain),
        },
    )


def in_events(later: Later) -> tuple[Later, ...]:
    """Spread what is said over as many events as it needs, in its order: the words come with the first.

    Each has the level and the review, so that of a rating every part rates the same and none undoes another.
    Raises Fault(BAD_INPUT) for a sound that is too long for any event.
    """
    if not all(_fits(replace(later, words="", sounds=(sound,))) for sound in later.sounds):
        raise Fault(
            FaultCode.BAD_INPUT, f"a sound is too long: no more than {MAX_SOUND_BYTES // 1024} KiB each go here"
        )
    events = [replace(later, sounds=())]
    for sound in later.sounds:
        longer = replace(events[-1], sounds=(*events[-1].sounds, sound))
        if _fits(longer):
            events[-1] = longer
        else:
            events.append(replace(later, words="", sounds=(sound,)))
    return tuple(events)


def _fits(event: Later) -> bool:
    words = len(event.words) * _CHARACTER_BYTES
    sounds = sum(len(sound.sound) + _AROUND_A_SOUND_BYTES for sound in event.sounds)
    return len(event.sounds) <= protocol.MAX_EVENT_SOUNDS and words + sounds <= _MAX_CONTENT_BYTES


def sealed_event(later: Later, event_id: str, counter: int, identity: Identity, moment: Moment) -> tuple[bytes, Sealed]:
    """Return an event's envelope and what it says in clear; raises Fault(BAD_INPUT) for what can't be carried."""
    content = protocol.read(
        EventContent,
        {
            "event_id": event_id,
            "number": later.number,
            "level": later.level,
            "review": later.review,
            "words": later.words,
            "sounds": later.sounds,
        },
    )
    key_id, key = platform_key(identity, moment.made_at)
    bound = protocol.event_binding(event_id, identity.kiosk_id, later.number)
    sealed = sealing.seal_envelope(protocol.write(content), key, bound)
    envelope = protocol.read(
        EventEnvelope,
        {
            "protocol": protocol.PROTOCOL_VERSION,
            "id": event_id,
            "kiosk_id": identity.kiosk_id,
            "kind": later.kind,
            "number": later.number,
            "role": later.role,
            "proof": protocol.event_proof(later.tag, event_id),
            "made_at": moment.made_at,
            "counter": counter,
            **_sealed_fields(key_id, sealed),
        },
    )
    raw = protocol.sign_and_write(identity.signing_key, Type.EVENT, envelope)
    if len(raw) > protocol.MAX_ENVELOPE_BYTES:
        raise Fault(FaultCode.BAD_INPUT, "what is said is too long to be sent")
    return raw, describe(envelope, raw)


def _sealed_fields(key_id: str, sealed: bytes) -> dict[str, Any]:
    return {
        "seal_key_id": key_id,
        "sealed_sha256": protocol.digest_of(sealed),
        "sealed": sealing.to_base64(sealed),
    }
