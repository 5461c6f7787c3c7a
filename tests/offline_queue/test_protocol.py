"""The protocol's door: every message that doesn't fit is refused by field and kind, and never quoted."""

import functools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_queue import protocol, sealing
from offline_queue.protocol import Acknowledgement, Chain, Enrolment, Key, Keys, KeyUse, Message, Signed, Type
from petition.errors import Fault, FaultCode
from tests.offline_queue.platform import NOON, PlatformKeys, a_catalogue

MODELS = sorted(
    (model for model in Message.__subclasses__() if model.__module__ == protocol.__name__), key=lambda m: m.__name__
)
FIELDS = sorted({name for model in MODELS for name in model.model_fields})
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=6),
    max_leaves=20,
)
MARKER = "楼道灯坏了"


def outcome(call: Callable[[], object]) -> object:
    """Return what a call returns, or the fault it raises."""
    try:
        return call()
    except Fault as fault:
        return fault


@given(st.sampled_from(MODELS), json_values)
def test_whatever_json_comes_the_door_answers_a_message_or_a_fault(model: type[Message], value: object) -> None:
    found = outcome(lambda: protocol.read(model, json.dumps(value).encode()))
    if isinstance(found, Message):
        assert protocol.read(model, protocol.write(found)) == found
    else:
        assert isinstance(found, Fault)
        assert found.code is FaultCode.BAD_INPUT


@given(st.sampled_from(MODELS), st.binary(max_size=300))
def test_whatever_bytes_come_the_door_answers_a_fault_or_a_message(model: type[Message], raw: bytes) -> None:
    found = outcome(lambda: protocol.read(model, raw))
    assert isinstance(found, Message) or (isinstance(found, Fault) and found.code is FaultCode.BAD_INPUT)


def test_deeply_nested_json_is_refused_like_any_other() -> None:
    for raw in (b"[" * 100_000, b'{"body":' * 50_000, b'{"suite":"' + b"x" * 10_000_000):
        with pytest.raises(Fault, match="bad-input"):
            protocol.read(Signed, raw)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_a_refusal_never_quotes_what_was_sent(model: type[Message]) -> None:
    nested = {name: {MARKER: MARKER} for name in FIELDS}
    for value in (dict.fromkeys(FIELDS, MARKER), nested, {MARKER: [MARKER]}):
        raw = json.dumps(value, ensure_ascii=False).encode()
        found = outcome(functools.partial(protocol.read, model, raw))
        assert isinstance(found, Message) or MARKER not in str(found)


def test_an_acknowledgement_with_fields_of_tomorrow_still_counts_and_is_still_signed_as_a_whole() -> None:
    key = sealing.new_signing_key()
    body = {
        "petition_id": "00000000-0000-4000-8000-000000000000",
        "digest": "0" * 64,
        "complete": True,
        "time": "2030-01-01T00:00:00.000Z",
        "of_tomorrow": {"a": 1},
    }
    signed = protocol.read(Signed, sealing.sign(key, "acknowledgement", body))
    found = protocol.open_signed(signed, key.public, Type.ACKNOWLEDGEMENT, Acknowledgement)
    assert found.complete
    forged = signed.model_copy(update={"body": {**body, "of_tomorrow": {"a": 2}}})
    with pytest.raises(Fault, match="signature-invalid"):
        protocol.open_signed(forged, key.public, Type.ACKNOWLEDGEMENT, Acknowledgement)


def test_times_travel_in_utc_whatever_zone_they_came_in() -> None:
    eight = datetime(2027, 3, 8, 12, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=8)))
    call = protocol.CallRequest(kiosk_id="k", made_at=eight)
    assert json.loads(protocol.write(call))["made_at"] == "2027-03-08T04:00:00.123Z"
    with pytest.raises(Fault, match="made_at"):
        protocol.read(protocol.CallRequest, {"kiosk_id": "k", "made_at": "2027-03-08T12:00:00"})


@pytest.mark.parametrize(
    "time",
    [
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59Z",
        "9999-12-31T00:00:00+08:00",
        "0001-01-01T00:00:00Z",
        "0999-06-01T00:00:00Z",
    ],
)
def test_a_time_at_the_end_of_all_times_is_no_time(time: str) -> None:
    for model, field in ((protocol.CallRequest, "made_at"), (protocol.Progress, "as_of"), (Keys, "made_at")):
        said = {"kiosk_id": "k", "number": "102300012392", "version": 1, "keys": [], field: time}
        for raw in (said, json.dumps(said).encode()):
            with pytest.raises(Fault, match=f"bad-input: not a valid {model.__name__}: {field}"):
                protocol.read(model, raw)


def test_a_time_that_is_one_can_be_compared_and_shown_in_any_zone() -> None:
    for time in ("1000-01-01T00:00:00Z", "9999-12-28T23:59:59Z"):
        read = protocol.read(protocol.CallRequest, {"kiosk_id": "k", "made_at": time}).made_at
        for hours in (-23, 23):
            assert (read - protocol.EARLY).astimezone(timezone(timedelta(hours=hours))) < read
            assert read.astimezone(timezone(timedelta(hours=hours))) == read


def test_a_chain_leads_to_its_own_root_and_no_other(platform: PlatformKeys) -> None:
    chain = platform.chain(Type.CATALOGUE, a_catalogue())
    assert protocol.open_chain(chain, platform.root.public, Type.CATALOGUE, NOON).keys == platform.keys()
    with pytest.raises(Fault, match="signature-invalid"):
        protocol.open_chain(chain, PlatformKeys().root.public, Type.CATALOGUE)
    with pytest.raises(Fault, match="signature-invalid"):
        protocol.open_chain(chain, platform.root.public, Type.ENROLMENT)
    stranger = Chain(keys=chain.keys, message=PlatformKeys().chain(Type.CATALOGUE, a_catalogue()).message)
    with pytest.raises(Fault, match="signature-invalid"):
        protocol.open_chain(stranger, platform.root.public, Type.CATALOGUE)


def test_a_key_signs_only_what_it_is_for_and_only_in_its_time(platform: PlatformKeys) -> None:
    keys = platform.keys()
    assert protocol.public_key(keys, platform.seal.id, KeyUse.SEAL, NOON) == platform.seal.public
    for wrong_id, use, now in (
        (platform.acknowledge.id, KeyUse.PUBLISH, NOON),
        (platform.publish.id, KeyUse.ACKNOWLEDGE, NOON),
        (platform.publish.id, KeyUse.PUBLISH, NOON + timedelta(days=800)),
        (platform.publish.id, KeyUse.PUBLISH, NOON - timedelta(days=40)),
        ("0" * 16, KeyUse.PUBLISH, NOON),
    ):
        with pytest.raises(Fault, match="signature-invalid"):
            protocol.public_key(keys, wrong_id, use, now)


def test_a_listed_key_that_is_not_the_one_its_id_names_is_no_key(platform: PlatformKeys) -> None:
    keys = platform.keys()
    renamed = keys.model_copy(
        update={"keys": tuple(key.model_copy(update={"id": platform.seal.id}) for key in keys.keys)}
    )
    with pytest.raises(Fault, match="signature-invalid"):
        protocol.public_key(renamed, platform.seal.id, KeyUse.PUBLISH)


def test_filing_has_a_key_to_seal_to_whatever_the_clock_says() -> None:
    older, newer = (
        Key(
            id=sealing.key_id(bytes([n]) * 32),
            use=KeyUse.SEAL,
            public_key=sealing.to_base64(bytes([n]) * 32),
            not_before=NOON + timedelta(days=n),
            not_after=NOON + timedelta(days=n + 10),
        )
        for n in (1, 5)
    )
    keys = Keys(version=1, made_at=NOON, keys=(newer, older))
    assert protocol.current_key(keys, KeyUse.SEAL, NOON + timedelta(days=2)) == older
    assert protocol.current_key(keys, KeyUse.SEAL, NOON + timedelta(days=7)) == newer
    for wrong in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)):
        assert protocol.current_key(keys, KeyUse.SEAL, wrong) == newer
    with pytest.raises(Fault, match="signature-invalid"):
        protocol.current_key(keys, KeyUse.ACKNOWLEDGE, NOON)


@given(st.text())
def test_whatever_is_typed_as_an_enrolment_code_is_taken_apart_or_refused(typed: str) -> None:
    found = outcome(lambda: protocol.split_enrolment_code(typed))
    if isinstance(found, tuple):
        assert [len(part) for part in found] == [8, 16]
    else:
        assert isinstance(found, Fault)
        assert found.code is FaultCode.BAD_INPUT


def test_only_a_json_object_is_read_as_a_message() -> None:
    for raw in (b"[]", b"1", b"", b"\xff", b'{"a":'):
        with pytest.raises(Fault, match="bad-input"):
            protocol.read(protocol.Signed, raw)


def test_the_token_of_an_enrolment_can_stand_in_a_header() -> None:
    for token in ("with space and more", "line\nbreak-0123456789", "ünïcode-0123456789", "short"):
        with pytest.raises(Fault, match=r"token"):
            protocol.read(
                Enrolment,
                {
                    "kiosk_id": "k",
                    "kiosk_name": "k",
                    "kiosk_public_key": "AAAA",
                    "token": token,
                    "blocks": [{"block": "10230", "key": "AAAA"}] * 2,
                    "root_public_key": "AAAA",
                    "receipt_host": "h",
                    "time": "2027-01-01T00:00:00Z",
                },
            )
