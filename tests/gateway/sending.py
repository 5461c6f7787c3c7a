"""A kiosk in a few lines, made of the wire protocol alone: what tests send to a real gateway with."""

import io
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

import requests

from offline_queue import protocol, sealing
from offline_queue.protocol import KeyUse, Signed, Type
from offline_queue.sealing import KeyPair
from petition.model import AttachmentKind
from petition.receipt import Role, query_code, receipt_number, receipt_tag

BASE = {protocol.HEADER_PROTOCOL: protocol.PROTOCOL_VERSION, "User-Agent": "petition-kiosk/test"}
TUS = {protocol.HEADER_TUS: protocol.TUS_VERSION}


@dataclass(frozen=True, kw_only=True)
class Part:
    """An attachment before it is sealed."""

    plain: bytes
    media_type: str = "audio/ogg"
    kind: AttachmentKind = AttachmentKind.RECORDING
    milliseconds: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A petition as it travels."""

    id: str
    number: str
    raw: bytes
    files: dict[str, bytes]
    """Sealed attachments by id."""


@dataclass(kw_only=True)
class SendingKiosk:
    """An enrolled kiosk; `http` keeps its connection."""

    url: str
    key: KeyPair
    enrolment: protocol.Enrolment
    keys: protocol.Keys
    http: requests.Session
    serial: int = 0

    @property
    def block(self) -> protocol.Block:
        return self.enrolment.blocks[0]

    @property
    def block_key(self) -> bytes:
        return sealing.from_base64(self.block.key)

    @property
    def token(self) -> dict[str, str]:
        return {**BASE, "Authorization": f"Bearer {self.enrolment.token}"}

    @property
    def platform_key(self) -> tuple[str, bytes]:
        seal = protocol.current_key(self.keys, KeyUse.SEAL, datetime.now(UTC))
        return seal.id, sealing.from_base64(seal.public_key)

    def next_number(self) -> str:
        self.serial += 1
        return receipt_number(self.block.block, self.serial)

    def tag(self, number: str, role: Role = Role.OWN) -> str:
        return receipt_tag(self.block_key, number, role)

    def code(self, number: str, role: Role = Role.OWN) -> str:
        return query_code(self.block_key, number, role)

    def seal(
        self,
        *,
        text: str = "三号楼的楼道灯坏了",
        parts: tuple[Part, ...] = (),
        number: str = "",
        petition_id: str = "",
        urgent: bool = False,
        **content: object,
    ) -> Sealed:
        number = number or self.next_number()
        petition_id = petition_id or str(uuid.uuid4())
        key_id, public = self.platform_key
        now = datetime.now(UTC)
        files = {part.id: seal_part(part, public, petition_id) for part in parts}
        inside = protocol.PetitionContent.model_validate(
            {
                "petition_id": petition_id,
                "number": number,
                "text": text,
                "text_source": "typed" if text else "none",
                "kind": "help",
                "category": "housing_management",
                "place": {"text": "三号楼二单元", "code": "xingfu-3"},
                "notice_version": "2025-1",
                "attachments": [
                    {
                        "id": part.id,
                        "kind": part.kind,
                        "media_type": part.media_type,
                        "milliseconds": part.milliseconds,
                        "sha256": protocol.digest_of(part.plain),
                    }
                    for part in parts
                ],
                "roles": ["own"],
                "made_at": now,
                "clock": {"trusted": True},
                **content,
            }
        )
        bound = protocol.petition_binding(petition_id, self.enrolment.kiosk_id, number)
        sealed = sealing.seal_envelope(protocol.write(inside), public, bound)
        envelope = protocol.Envelope(
            protocol="1",
            id=petition_id,
            kiosk_id=self.enrolment.kiosk_id,
            number=number,
            made_at=now,
            kind=inside.kind,
            category=inside.category,
            urgent=urgent,
            roles=inside.roles,
            attachments=tuple(
                protocol.AttachmentPart(id=id_, length=len(raw), sha256=protocol.digest_of(raw))
                for id_, raw in files.items()
            ),
            seal_key_id=key_id,
            sealed_sha256=protocol.digest_of(sealed),
            sealed=sealing.to_base64(sealed),
        )
        return Sealed(
            id=petition_id,
            number=number,
            raw=protocol.write(protocol.sign(self.key, Type.PETITION, envelope)),
            files=files,
        )

    def put(self, petition: Sealed, **headers: str) -> requests.Response:
        return self.http.put(
            self.url + protocol.PETITION.format(id=petition.id),
            data=petition.raw,
            headers={
                **self.token,
                "Content-Type": protocol.ENVELOPE_MEDIA_TYPE,
                protocol.HEADER_DIGEST: protocol.digest_header(petition.raw),
                **headers,
            },
            timeout=30,
        )

    def acknowledgement(self, answer: requests.Response) -> protocol.Acknowledgement:
        signed = protocol.read(Signed, answer.content)
        public = protocol.public_key(self.keys, signed.key_id, KeyUse.ACKNOWLEDGE)
        return protocol.open_signed(signed, public, Type.ACKNOWLEDGEMENT, protocol.Acknowledgement)

    def ask_acknowledgement(self, petition_id: str) -> protocol.Acknowledgement:
        answer = self.http.get(
            self.url + protocol.ACKNOWLEDGEMENT.format(id=petition_id), headers=self.token, timeout=30
        )
        return self.acknowledgement(answer)

    def announce(self, petition: Sealed, attachment_id: str, **changed: str) -> requests.Response:
        raw = petition.files[attachment_id]
        metadata = {"petition": petition.id, "attachment": attachment_id, "sha256": protocol.digest_of(raw)} | changed
        return self.http.post(
            self.url + protocol.FILES,
            headers={
                **self.token,
                **TUS,
                protocol.HEADER_UPLOAD_LENGTH: str(len(raw)),
                protocol.HEADER_UPLOAD_METADATA: ",".join(
                    f"{name} {sealing.to_base64(value.encode())}" for name, value in metadata.items()
                ),
            },
            timeout=30,
        )

    def offset(self, location: str) -> int:
        answer = self.http.head(self.url + location, headers={**self.token, **TUS}, timeout=30)
        assert answer.status_code == 200
        return int(answer.headers[protocol.HEADER_UPLOAD_OFFSET])

    def patch(self, location: str, piece: bytes, offset: int) -> requests.Response:
        return self.http.patch(
            self.url + location,
            data=piece,
            headers={
                **self.token,
                **TUS,
                "Content-Type": protocol.PATCH_MEDIA_TYPE,
                protocol.HEADER_UPLOAD_OFFSET: str(offset),
            },
            timeout=30,
        )

    def upload(self, petition: Sealed, attachment_id: str) -> str:
        raw = petition.files[attachment_id]
        location = str(self.announce(petition, attachment_id).headers["Location"])
        for start in range(self.offset(location), len(raw), protocol.PATCH_BYTES):
            answer = self.patch(location, raw[start : start + protocol.PATCH_BYTES], start)
            assert answer.status_code == 204, answer.text
        return location

    def send(self, petition: Sealed) -> protocol.Acknowledgement:
        answer = self.put(petition)
        assert answer.status_code in (200, 201), answer.text
        for attachment_id in petition.files:
            self.upload(petition, attachment_id)
        return self.ask_acknowledgement(petition.id)

    def look_up(self, number: str, **shown: str) -> requests.Response:
        return self.http.post(
            self.url + protocol.LOOKUPS, json={"number": number, **shown}, headers=self.token, timeout=30
        )

    def updates(self, after: str = "") -> requests.Response:
        return self.http.get(self.url + protocol.UPDATES, params={"after": after}, headers=self.token, timeout=30)

    def put_event(
        self,
        number: str,
        kind: protocol.EventKind,
        *,
        event_id: str = "",
        proof: str = "",
        role: Role = Role.OWN,
        counter: int = 1,
        made_at: datetime | None = None,
        **content: object,
    ) -> requests.Response:
        event_id = event_id or str(uuid.uuid4())
        key_id, public = self.platform_key
        inside = protocol.EventContent.model_validate({"event_id": event_id, "number": number, **content})
        bound = protocol.event_binding(event_id, self.enrolment.kiosk_id, number)
        sealed = sealing.seal_envelope(protocol.write(inside), public, bound)
        envelope = protocol.EventEnvelope(
            protocol="1",
            id=event_id,
            kiosk_id=self.enrolment.kiosk_id,
            kind=kind,
            number=number,
            role=role,
            proof=proof or protocol.event_proof(self.tag(number, role), event_id),
            made_at=made_at or datetime.now(UTC),
            counter=counter,
            seal_key_id=key_id,
            sealed_sha256=protocol.digest_of(sealed),
            sealed=sealing.to_base64(sealed),
        )
        return self.put_raw_event(event_id, protocol.write(protocol.sign(self.key, Type.EVENT, envelope)))

    def call(self, reason: str = "help", *, call_id: str = "", over: bool = False) -> str:
        """Call for somebody, or say that nobody need come; return the call's id."""
        call_id = call_id or str(uuid.uuid4())
        body = {"kiosk_id": self.enrolment.kiosk_id, "reason": reason, "made_at": "2027-03-08T02:20:00Z", "over": over}
        url = self.url + protocol.CALL.format(id=call_id)
        answer = self.http.put(url, json=body, headers=self.token, timeout=30)
        assert answer.status_code in (200, 201), answer.text
        return call_id

    def answer_to(self, call_id: str) -> protocol.CallAnswer:
        answer = self.http.get(self.url + protocol.CALL.format(id=call_id), headers=self.token, timeout=30)
        return protocol.read(protocol.CallAnswer, answer.content)

    def put_raw_event(self, event_id: str, raw: bytes) -> requests.Response:
        return self.http.put(
            self.url + protocol.EVENT.format(id=event_id),
            data=raw,
            headers={
                **self.token,
                "Content-Type": protocol.ENVELOPE_MEDIA_TYPE,
                protocol.HEADER_DIGEST: protocol.digest_header(raw),
            },
            timeout=30,
        )


def seal_part(part: Part, platform_key: bytes, petition_id: str) -> bytes:
    out = io.BytesIO()
    writer = sealing.AttachmentWriter(out, platform_key=platform_key, petition_id=petition_id, attachment_id=part.id)
    writer.write(part.plain)
    writer.finish()
    return out.getvalue()


def request_enrolment(url: str, code: str, key: KeyPair, http: requests.Session) -> requests.Response:
    """Send the one-time part of a typed code; the fingerprint stays here."""
    one_time, _ = protocol.split_enrolment_code(code)
    request = protocol.EnrolmentRequest(
        code=one_time, public_key=sealing.to_base64(key.public), software="petition-kiosk/test"
    )
    return http.post(
        url + protocol.ENROLMENTS,
        data=protocol.write(protocol.sign(key, Type.ENROLMENT_REQUEST, request)),
        headers={**BASE, "Content-Type": protocol.JSON},
        timeout=30,
    )


def enrol(url: str, code: str, http: requests.Session) -> SendingKiosk:
    """Enrol as a kiosk does: compare the fingerprint before anything of the answer is believed."""
    key = sealing.new_signing_key()
    answer = request_enrolment(url, code, key, http)
    assert answer.status_code == 201, answer.text
    chain = protocol.read(protocol.Chain, answer.content)
    claimed = protocol.read(protocol.Enrolment, chain.message.body)
    root = sealing.from_base64(claimed.root_public_key)
    _, fingerprint = protocol.split_enrolment_code(code)
    assert sealing.is_fingerprint_of(fingerprint, root)
    opened = protocol.open_chain(chain, root, Type.ENROLMENT)
    return SendingKiosk(
        url=url, key=key, enrolment=protocol.read(protocol.Enrolment, opened.body), keys=opened.keys, http=http
    )


def swap_inside(kiosk: SendingKiosk, genuine: Sealed) -> Sealed:
    """Return a petition signed by this kiosk whose sealed bytes belong to another one."""
    envelope = protocol.read(protocol.Envelope, protocol.read(Signed, genuine.raw).body)
    other = envelope.model_copy(update={"id": str(uuid.uuid4()), "number": kiosk.next_number()})
    raw = protocol.write(protocol.sign(kiosk.key, Type.PETITION, other))
    return Sealed(id=other.id, number=other.number, raw=raw, files={})
