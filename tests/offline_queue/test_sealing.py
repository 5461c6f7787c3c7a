"""Sealing: opens to the same bytes for the right reader in the right place, and to nobody else anywhere."""

import io
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_queue import sealing
from offline_queue.sealing import AttachmentWriter, KeyPair
from petition.errors import Fault, FaultCode

PLATFORM = sealing.new_seal_key()
KIOSK = sealing.new_signing_key()
BOUND = {"petition": "p-1", "kiosk": "k-1"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


def sealed_file(pieces: list[bytes], *, finish: bool = True) -> tuple[bytes, bytes, list[int]]:
    """Return (file, key, offsets where segments end)."""
    out = io.BytesIO()
    writer = AttachmentWriter(out, platform_key=PLATFORM.public, petition_id="p-1", attachment_id="a-1")
    ends = [writer.length]
    for piece in pieces:
        writer.write(piece)
        ends.append(writer.length)
    if finish:
        writer.finish()
    assert writer.length == len(out.getvalue())
    return out.getvalue(), writer.key, ends


def opened(raw: bytes, key: KeyPair = PLATFORM, petition_id: str = "p-1", attachment_id: str = "a-1") -> bytes:
    pieces = sealing.open_attachment(io.BytesIO(raw), key, petition_id=petition_id, attachment_id=attachment_id)
    return b"".join(pieces)


@given(st.binary(max_size=2000))
def test_an_envelope_opens_to_the_same_bytes_for_the_platform_only(plain: bytes) -> None:
    sealed = sealing.seal_envelope(plain, PLATFORM.public, BOUND)
    assert sealing.open_envelope(sealed, PLATFORM, BOUND) == plain
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        sealing.open_envelope(sealed, sealing.new_seal_key(), BOUND)


@given(st.data())
def test_no_changed_byte_of_an_envelope_opens(data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal_envelope(b"words", PLATFORM.public, BOUND))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        sealing.open_envelope(bytes(sealed), PLATFORM, BOUND)


@pytest.mark.parametrize(
    "elsewhere", [{**BOUND, "petition": "p-2"}, {**BOUND, "kiosk": "k-2"}, {"petition": "p-1"}, {**BOUND, "x": ""}]
)
def test_an_envelope_opens_under_its_own_ids_only(elsewhere: dict[str, str]) -> None:
    sealed = sealing.seal_envelope(b"words", PLATFORM.public, BOUND)
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        sealing.open_envelope(sealed, PLATFORM, elsewhere)


@given(st.binary(max_size=200))
def test_rubbish_never_opens_and_never_breaks_the_reader(rubbish: bytes) -> None:
    with pytest.raises(Fault):
        sealing.open_envelope(rubbish, PLATFORM, BOUND)
    with pytest.raises(Fault):
        opened(rubbish)
    with pytest.raises(Fault):
        opened(b"PTA1" + rubbish)


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_an_attachment_opens_to_what_was_written_at_both_ends(pieces: list[bytes]) -> None:
    raw, key, _ = sealed_file(pieces)
    assert opened(raw) == b"".join(pieces)
    assert b"".join(sealing.read_attachment(io.BytesIO(raw), key)) == b"".join(pieces)


@pytest.mark.parametrize("length", [0, 1, 65535, 65536, 65537, 200_000])
def test_long_pieces_are_cut_into_segments(length: int) -> None:
    plain = bytes(i % 251 for i in range(length))
    raw, _, _ = sealed_file([plain])
    assert opened(raw) == plain


@given(st.data())
def test_a_cut_attachment_is_refused_by_the_platform_wherever_it_is_cut(data: st.DataObject) -> None:
    raw, _, _ = sealed_file([b"one" * 40, b"two" * 50, b"three"])
    cut = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(Fault):
        opened(raw[:cut])


@given(st.data())
def test_no_changed_byte_of_an_attachment_opens(data: st.DataObject) -> None:
    raw, key, _ = sealed_file([b"one" * 40, b"two" * 50])
    changed = bytearray(raw)
    at = data.draw(st.integers(0, len(raw) - 1))
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Fault):
        opened(bytes(changed))
    with pytest.raises(Fault):
        b"".join(sealing.read_attachment(io.BytesIO(changed), key))


def test_swapped_repeated_and_appended_segments_are_refused() -> None:
    raw, _, ends = sealed_file([b"same length 1", b"same length 2"])
    header, one, two, end = raw[: ends[0]], raw[ends[0] : ends[1]], raw[ends[1] : ends[2]], raw[ends[2] :]
    assert opened(header + one + two + end) == b"same length 1same length 2"
    for forged in (
        header + two + one + end,
        header + one + one + end,
        header + two + end,
        header + one + end,
        header + end,
        header + one + two + end + b"\0",
        header + one + two + end + end,
    ):
        with pytest.raises(Fault):
            opened(forged)


def test_an_attachment_belongs_to_its_petition_and_its_id() -> None:
    raw, _, _ = sealed_file([b"words"])
    for elsewhere in (("p-2", "a-1"), ("p-1", "a-2")):
        with pytest.raises(Fault):
            opened(raw, petition_id=elsewhere[0], attachment_id=elsewhere[1])
    renamed = raw.replace(b'"p-1"', b'"p-2"')
    with pytest.raises(Fault):
        opened(renamed, petition_id="p-2")
    with pytest.raises(Fault):
        opened(raw, key=sealing.new_seal_key())


@given(st.lists(st.binary(min_size=1, max_size=80), min_size=1, max_size=5), st.data())
def test_a_power_cut_costs_at_most_the_segment_being_written_and_the_rest_can_be_closed(
    pieces: list[bytes], data: st.DataObject
) -> None:
    raw, key, ends = sealed_file(pieces, finish=False)
    cut = data.draw(st.integers(ends[0], len(raw)))
    rubbish = data.draw(st.sampled_from([b"", b"\0" * 50, b"\0\0\0\x01" + b"x" * 30, b"\xff" * 9]))
    whole = sum(end <= cut for end in ends[1:])
    file = io.BytesIO(raw[:cut] + (rubbish if cut == ends[whole] else b""))
    expected = b"".join(pieces[:whole])
    assert b"".join(sealing.read_attachment(file, key, must_be_complete=False)) == expected
    file.seek(0)
    sealing.close_interrupted_attachment(file, key)
    assert opened(file.getvalue()) == expected
    file.seek(0)
    sealing.close_interrupted_attachment(file, key)
    assert opened(file.getvalue()) == expected


def test_a_header_of_another_suite_is_refused_by_its_name() -> None:
    raw, _, ends = sealed_file([b"words"])
    fields = json.loads(raw[6 : ends[0]])
    clear = sealing.canonical_json({**fields, "suite": "sm2-sm4gcm-sm3/1"})
    with pytest.raises(Fault, match="sm2-sm4gcm-sm3/1") as refused:
        opened(b"PTA1" + struct.pack(">H", len(clear)) + clear + raw[ends[0] :])
    assert refused.value.code is FaultCode.SUITE_UNKNOWN


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), json_values, max_size=5))
def test_what_was_signed_verifies_after_any_trip_through_json(body: dict[str, object]) -> None:
    signed = sealing.sign(KIOSK, "petition", body)
    travelled = json.loads(json.dumps(signed, indent=3))
    assert sealing.verify(travelled, KIOSK.public, "petition") == body


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), json_values, max_size=5))
def test_signing_and_writing_in_one_go_is_the_same_bytes(body: dict[str, object]) -> None:
    assert sealing.signed_json(KIOSK, "petition", body) == sealing.canonical_json(sealing.sign(KIOSK, "petition", body))


@given(st.data())
def test_a_signature_fits_nothing_else(data: st.DataObject) -> None:
    signed = sealing.sign(KIOSK, "petition", {"id": "p-1", "urgent": False})
    name, value = data.draw(
        st.sampled_from(
            [
                ("type", "acknowledgement"),
                ("key_id", "0" * 16),
                ("body", {"id": "p-1", "urgent": 0}),
                ("body", {"id": "p-1"}),
                ("body", {"id": "p-1", "urgent": False, "more": None}),
                ("body", []),
                ("signature", "AAAA"),
                ("signature", None),
                ("signature", "é"),
                ("suite", "other/1"),
                ("suite", None),
            ]
        )
    )
    with pytest.raises(Fault) as refused:
        sealing.verify({**signed, name: value}, KIOSK.public, "petition")
    assert refused.value.code in {FaultCode.SIGNATURE_INVALID, FaultCode.SUITE_UNKNOWN}


def test_a_signed_body_with_a_float_is_refused_before_anybody_reads_it_differently() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        sealing.sign(KIOSK, "petition", {"seconds": 1.5})
    signed = sealing.sign(KIOSK, "petition", {"seconds": 1})
    with pytest.raises(Fault, match="signature-invalid"):
        sealing.verify({**signed, "body": {"seconds": 1.0}}, KIOSK.public, "petition")


@pytest.mark.parametrize("suite", ["sm2-sm4gcm-sm3/1", "x\n" * 100, "", 7, None, "汉"])
def test_an_unknown_suite_is_refused_without_echoing_rubbish(suite: object) -> None:
    with pytest.raises(Fault) as refused:
        sealing.require_suite(suite)
    assert refused.value.code is FaultCode.SUITE_UNKNOWN
    assert str(refused.value).isprintable()


@given(st.binary(min_size=32, max_size=32))
def test_fingerprints_survive_being_written_down_and_typed(public: bytes) -> None:
    shown = sealing.grouped(sealing.fingerprint(public))
    assert len(shown) == 19
    for typed in (shown.lower(), shown.replace("-", " "), shown.replace("0", "O").replace("1", "l")):
        assert sealing.is_fingerprint_of(typed, public)
    assert not sealing.is_fingerprint_of(shown[:-1], public)
    assert not sealing.is_fingerprint_of("", public)


def test_private_keys_do_not_show_in_what_is_printed() -> None:
    assert KIOSK.private.hex() not in repr(KIOSK)
    assert repr(KIOSK.private) not in repr(KIOSK)
