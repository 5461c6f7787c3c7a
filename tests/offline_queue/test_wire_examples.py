"""The hand-written examples of docs/api, read by the same models that client and gateway use."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from offline_queue import protocol, sealing
from offline_queue.protocol import (
    Acknowledgement,
    Blocks,
    BlocksRequest,
    Catalogue,
    Chain,
    Enrolment,
    EnrolmentRequest,
    Envelope,
    EventAcknowledgement,
    EventEnvelope,
    KeyUse,
    Message,
    Signed,
    Type,
)
from offline_queue.sealing import KeyPair
from petition import receipt
from petition.badge import badge_sha256, read_badge
from petition.receipt import Role
from voice.opus import decode

API = Path(__file__).parents[2] / "docs" / "api"
EXAMPLES = sorted(path.stem for path in (API / "examples").glob("*.json") if path.stem != "keys")
SIGNED_BY: dict[Type, tuple[str, type[Message]]] = {
    Type.ACKNOWLEDGEMENT: ("acknowledge", Acknowledgement),
    Type.BLOCKS: ("publish", Blocks),
    Type.BLOCKS_REQUEST: ("kiosk", BlocksRequest),
    Type.CATALOGUE: ("publish", Catalogue),
    Type.ENROLMENT: ("publish", Enrolment),
    Type.ENROLMENT_REQUEST: ("kiosk", EnrolmentRequest),
    Type.EVENT: ("kiosk", EventEnvelope),
    Type.EVENT_ACKNOWLEDGEMENT: ("acknowledge", EventAcknowledgement),
    Type.KEYS: ("root", protocol.Keys),
    Type.PETITION: ("kiosk", Envelope),
}


def example(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((API / "examples" / f"{name}.json").read_bytes())
    return loaded


def key(name: str) -> KeyPair:
    made = sealing.seal_key if name == "seal" else sealing.signing_key
    return made(sealing.from_base64(example("keys")[name]["private_key"]))


def signed_objects(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        nested = [found for item in value.values() for found in signed_objects(item)]
        return [value] if {"suite", "signature"} <= value.keys() else nested
    if isinstance(value, list):
        return [found for item in value for found in signed_objects(item)]
    return []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_signed_object_of_the_examples_verifies_and_loses_nothing_in_the_models(name: str) -> None:
    for found in signed_objects(example(name)):
        signer, model = SIGNED_BY[Type(found["type"])]
        signed = protocol.read(Signed, found)
        message: Message = protocol.open_signed(signed, key(signer).public, Type(found["type"]), model)
        assert protocol.body_of(message) == found["body"]


@pytest.mark.parametrize(
    ("name", "index", "side", "model"),
    [
        ("updates", 0, "answer", protocol.UpdatesPage),
        ("updates", 1, "answer", protocol.Error),
        ("lookups", 0, "request", protocol.LookupRequest),
        ("lookups", 0, "answer", protocol.Progress),
        ("lookups", 1, "answer", protocol.Progress),
        ("lookups", 2, "answer", protocol.Error),
        ("lookups", 3, "answer", protocol.Error),
        ("lookups", 4, "answer", protocol.Error),
        ("call", 0, "request", protocol.CallRequest),
        ("call", 0, "answer", protocol.CallAnswer),
        ("call", 1, "answer", protocol.CallAnswer),
        ("health", 0, "request", protocol.Health),
        ("health", 1, "answer", protocol.Error),
        ("petition", 2, "answer", protocol.Error),
        ("files", 3, "answer", protocol.Error),
        ("enrolment", 1, "answer", protocol.Error),
        ("proxy", 1, "answer", protocol.Error),
        ("proxy", 3, "request", protocol.LookupRequest),
        ("proxy", 3, "answer", protocol.Error),
    ],
)
def test_unsigned_messages_of_the_examples_survive_the_models_unchanged(
    name: str, index: int, side: str, model: type[Message]
) -> None:
    body = example(name)["exchanges"][index][side]["body"]
    assert protocol.body_of(protocol.read(model, body)) == body


@pytest.mark.parametrize("name", ["enrolment", "blocks", "catalogue"])
def test_chains_of_the_examples_lead_to_the_root(name: str) -> None:
    message = example(name)["exchanges"][0]["answer"]["body"]
    chain = protocol.read(Chain, message)
    opened = protocol.open_chain(chain, key("root").public, Type(message["message"]["type"]))
    assert opened.body == message["message"]["body"]
    assert protocol.public_key(opened.keys, key("seal").id, KeyUse.SEAL) == key("seal").public


def test_badges_and_a_pin_of_the_examples_are_those_of_the_people_in_the_catalogue() -> None:
    shown = example("catalogue")
    listed = protocol.read(Catalogue, shown["exchanges"][0]["answer"]["body"]["message"]["body"]).people
    assert {person.id for person in listed} == set(shown["people"])
    for person in listed:
        told = shown["people"][person.id]
        assert read_badge(told["badge"]) == told["badge"]
        assert badge_sha256(told["badge"]) == person.badge_sha256
        assert bool(person.pin_verifier) == ("pin" in told)
        if "pin" in told:
            assert PasswordHasher().verify(person.pin_verifier, person.id + told["pin"])


def test_the_typed_enrolment_code_carries_the_root_keys_fingerprint() -> None:
    code, fingerprint = protocol.split_enrolment_code(example("enrolment")["typed_code"])
    assert code == "7K2M9QXA"
    assert sealing.is_fingerprint_of(fingerprint, key("root").public)
    assert protocol.enrolment_code(code, key("root").public) == example("enrolment")["typed_code"]


@pytest.mark.parametrize("name", ["petition", "proxy"])
def test_the_petitions_of_the_examples_open_to_their_content_and_their_digests_are_the_acknowledged_ones(
    name: str,
) -> None:
    shown = example(name)
    request, answer = shown["exchanges"][0]["request"], shown["exchanges"][0]["answer"]
    raw = sealing.canonical_json(request["body"])
    signed = protocol.read(Signed, raw)
    envelope = protocol.open_signed(signed, key("kiosk").public, Type.PETITION, Envelope)
    assert protocol.write(signed) == raw
    opened = protocol.body_of(protocol.open_petition(envelope, key("seal")))
    # The first one was sealed before there were names, consents and signs: it opens as it was, without any of them.
    later = {} if name == "proxy" else {"name": "", "id_number": "", "consents": [], "signs": []}
    assert opened == {**shown["content"], **later}
    assert protocol.digest_header(raw) == request["headers"][protocol.HEADER_DIGEST]
    assert protocol.digest_of(raw) == answer["body"]["body"]["digest"]


def test_the_slips_of_a_proxys_example_have_their_own_tags_and_what_was_said_with_them_fits() -> None:
    shown = example("proxy")
    (block,) = {v["block_key_hex"] for v in json.loads((API / "vectors.json").read_bytes())["receipts"][:1]}
    number = shown["content"]["number"]
    assert shown["tags"] == {role: receipt.receipt_tag(bytes.fromhex(block), number, role) for role in Role}
    _, rated, revoked, asked = shown["exchanges"]
    for said in (rated, revoked):
        body = said["request"]["body"]["body"]
        assert body["proof"] == protocol.event_proof(shown["tags"][body["role"]], body["id"])
    assert asked["request"]["body"]["tag"] == shown["tags"]["agent"]
    event = protocol.read(EventEnvelope, revoked["request"]["body"]["body"])
    assert protocol.body_of(protocol.open_event(event, key("seal"))) == shown["revocation"]
    assert (
        protocol.digest_of(sealing.canonical_json(revoked["request"]["body"]))
        == (revoked["answer"]["body"]["body"]["digest"])
    )


def test_the_attachment_of_the_examples_opens() -> None:
    shown, envelope = example("files"), example("petition")["exchanges"][0]["request"]["body"]["body"]
    raw, part = sealing.from_base64(shown["sealed_base64"]), envelope["attachments"][0]
    assert (len(raw), protocol.digest_of(raw)) == (part["length"], part["sha256"])
    pieces = sealing.open_attachment(io.BytesIO(raw), key("seal"), petition_id=envelope["id"], attachment_id=part["id"])
    assert b"".join(pieces) == sealing.from_base64(shown["plain_base64"])


@pytest.mark.parametrize("name", ["event", "supplement"])
def test_the_events_of_the_examples_open_and_their_proof_fits_the_tag(name: str) -> None:
    shown = example(name)
    request, answer = shown["exchanges"][0]["request"], shown["exchanges"][0]["answer"]
    raw = sealing.canonical_json(request["body"])
    signed = protocol.read(Signed, raw)
    event = protocol.open_signed(signed, key("kiosk").public, Type.EVENT, EventEnvelope)
    assert protocol.body_of(protocol.open_event(event, key("seal"))) == shown["content"]
    assert protocol.event_proof(shown["tag"], event.id) == event.proof
    assert protocol.digest_header(raw) == request["headers"][protocol.HEADER_DIGEST]
    assert protocol.digest_of(raw) == answer["body"]["body"]["digest"]


def test_the_voice_of_the_examples_can_be_heard() -> None:
    (sound,) = example("supplement")["content"]["sounds"]
    heard = sum(len(samples) for samples in decode(sealing.from_base64(sound["sound"]), 48_000))
    assert abs(heard / 48 - sound["milliseconds"]) < 20


def test_receipt_vectors_made_with_other_code_agree() -> None:
    vectors = json.loads((API / "vectors.json").read_bytes())
    for v in vectors["receipts"]:
        block_key, role = bytes.fromhex(v["block_key_hex"]), Role(v["role"])
        number = receipt.receipt_number(v["block"], v["serial"])
        assert number == v["number"]
        assert receipt.in_fours(number) == v["printed"]
        assert receipt.receipt_tag(block_key, number, role) == v["tag"]
        assert receipt.query_code(block_key, number, role) == v["query_code"]
        assert receipt.receipt_url("su.example.cn", number, v["tag"]) == v["url"]
        assert receipt.parse_receipt_code(v["url"]) == (number, v["tag"])
    assert not any(receipt.is_receipt_number(number) for number in vectors["not_numbers"])
    for v in vectors["event_proofs"]:
        assert protocol.event_proof(v["tag"], v["event_id"]) == v["proof"]
    for v in vectors["fingerprints"]:
        public = sealing.from_base64(v["public_key"])
        assert (sealing.key_id(public), sealing.fingerprint(public)) == (v["key_id"], v["fingerprint"])
        assert sealing.grouped(v["fingerprint"]) == v["printed"]
