r"""Sealing and signing: what makes a petition unreadable to everyone but the platform, and unforgeable to everyone.

One suite names everything used here. An object of another suite is refused by that name, so that another suite
(SM2/SM3/SM4 for a buyer who needs it) can be added without guessing what old bytes mean.

    envelope     HPKE (RFC 9180, base mode) to the platform's key; the ids it belongs to are bound through `info`
    attachment   a file of AES-256-GCM segments under a key of its own, wrapped by HPKE in the file's header:

                 "PTA1" | header length, 2 bytes | header, canonical JSON
                 then segments: word, 4 bytes (top bit: final; rest: plaintext length ≤ 65536) | ciphertext + 16

                 nonce = seven zero bytes | counter, 4 bytes | final, 1 byte; the header's hash and the word are
                 authenticated with every segment. A file that doesn't end with its final segment is incomplete: the
                 platform refuses it, the kiosk reads its whole segments and closes it with an empty final one.
    signature    Ed25519 over  suite \n type \n key id \n canonical JSON of the body

All integers are big-endian. Nothing here touches a disk, a clock or a network.
"""

import base64
import functools
import hashlib
import json
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from petition.errors import Fault, FaultCode

SUITE = "hpke-x25519-sha256-aes256gcm-ed25519/1"
SEGMENT_BYTES = 64 * 1024
TAG_BYTES = 16
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What codes and fingerprints are written in (Crockford's base 32): no I, L, O, U."""

_MAGIC = b"PTA1"
_MAX_HEADER_BYTES = 4096
_MAX_SEGMENTS = 2**32 - 1
_FINAL = 1 << 31
_HPKE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def damaged() -> Fault:
    """Return the fault of bytes that were cut, swapped or changed, or were sealed for somebody else."""
    return Fault(FaultCode.SEALED_BYTES_DAMAGED, "these sealed bytes are incomplete, changed, or belong elsewhere")


def require_suite(suite: object) -> None:
    """Accept this suite only; raises Fault(SUITE_UNKNOWN) that names the other."""
    if suite != SUITE:
        name = suite[:64] if isinstance(suite, str) and suite.isascii() and suite.isprintable() else "without a name"
        raise Fault(FaultCode.SUITE_UNKNOWN, f"this software does not know the suite {name}; it knows {SUITE}")


# --- bytes as text ----------------------------------------------------------------------------------------------------


def to_base64(raw: bytes) -> str:
    """Return standard base64 with padding, the way binary fields travel in JSON."""
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: str) -> bytes:
    """Return the bytes of standard base64; raises Fault(SEALED_BYTES_DAMAGED) for anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise damaged() from None


def canonical_json(value: object) -> bytes:
    """Return the one spelling of a JSON value: sorted keys, no spaces, UTF-8, no floats (as RFC 8785 for these values).

    Raises ValueError for floats, for integers beyond 2^53 and for text that is not valid Unicode: other languages
    would not read them back the same.
    """
    _only_exact(value)
    return _spelled(value)


def _spelled(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _only_exact(value: object) -> None:
    rest = [value]
    while rest:
        match rest.pop():
            case str() | bool() | None:
                pass
            case dict() as fields if all(isinstance(name, str) for name in fields):
                rest.extend(fields.values())
            case list() | tuple() as items:
                rest.extend(items)
            case int(number) if abs(number) <= 2**53:
                pass
            case _:
                msg = "signed and sealed JSON holds text, whole numbers, booleans, lists and objects only"
                raise ValueError(msg)


# --- keys -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A raw 32-byte private key and its public half, for signing or for sealing."""

    private: bytes = field(repr=False)
    public: bytes

    @property
    def id(self) -> str:
        """The public key's id."""
        return key_id(self.public)


def new_signing_key() -> KeyPair:
    """Return a fresh Ed25519 key pair."""
    return signing_key(Ed25519PrivateKey.generate().private_bytes_raw())


def signing_key(private: bytes) -> KeyPair:
    """Return the Ed25519 pair of 32 private bytes."""
    return KeyPair(
        private=private, public=Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    )


def new_seal_key() -> KeyPair:
    """Return a fresh X25519 key pair."""
    return seal_key(X25519PrivateKey.generate().private_bytes_raw())


def seal_key(private: bytes) -> KeyPair:
    """Return the X25519 pair of 32 private bytes."""
    return KeyPair(private=private, public=X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())


def key_id(public: bytes) -> str:
    """Return 16 hex digits that name a public key; a name, not a proof."""
    return hashlib.sha256(b"petition-key-id\n" + public).hexdigest()[:16]


def fingerprint(public: bytes) -> str:
    """Return 80 bits of a public key's hash as 16 letters and digits a person can compare (no I, L, O, U)."""
    bits = int.from_bytes(hashlib.sha256(b"petition-fingerprint\n" + public).digest()[:10])
    return "".join(CODE_ALPHABET[bits >> shift & 31] for shift in range(75, -1, -5))


def is_fingerprint_of(typed: str, public: bytes) -> bool:
    """Tell whether a typed fingerprint (any case, spaces and dashes ignored, O as 0, I and L as 1) is this key's."""
    return plain_characters(typed) == fingerprint(public)


def plain_characters(typed: str) -> str:
    """Return typed letters and digits as the alphabet of fingerprints and codes has them."""
    kept = "".join(c for c in typed.upper() if c.isascii() and c.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def grouped(characters: str) -> str:
    """Return letters and digits in groups of four: `7K2M-9QXA-…`."""
    return "-".join(characters[i : i + 4] for i in range(0, len(characters), 4))


# --- signed objects ---------------------------------------------------------------------------------------------------


def _signed_bytes(type_: str, by: str, canonical_body: bytes) -> bytes:
    return b"\n".join((SUITE.encode(), type_.encode(), by.encode(), canonical_body))


def sign(key: KeyPair, type_: str, body: Mapping[str, object]) -> dict[str, object]:
    """Return the signed object `{suite, type, key_id, body, signature}` of a JSON body.

    `type_` says what is signed (a petition, an acknowledgement …), so that one is never taken for another.
    """
    return {"body": dict(body), **_seal_of_author(key, type_, canonical_json(body))}


def signed_json(key: KeyPair, type_: str, body: Mapping[str, object]) -> bytes:
    """Return the canonical JSON of `sign` in one go."""
    written = canonical_json(body)
    around = _spelled({"body": None, **_seal_of_author(key, type_, written)})
    return b'{"body":' + written + around.removeprefix(b'{"body":null')


def _seal_of_author(key: KeyPair, type_: str, canonical_body: bytes) -> dict[str, object]:
    by = key.id
    raw = _loaded(key.private).sign(_signed_bytes(type_, by, canonical_body))
    return {"suite": SUITE, "type": type_, "key_id": by, "signature": to_base64(raw)}


@functools.lru_cache(maxsize=4)
def _loaded(private: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private)


def verify(signed: Mapping[str, object], public: bytes, type_: str) -> dict[str, object]:
    """Return the body of a signed object of this type by this key.

    Raises Fault(SUITE_UNKNOWN) for another suite and Fault(SIGNATURE_INVALID) for everything else.
    """
    require_suite(signed.get("suite"))
    body, signature = signed.get("body"), signed.get("signature")
    by = key_id(public)
    invalid = Fault(FaultCode.SIGNATURE_INVALID, "the signature does not fit the object or comes from another key")
    if (
        signed.get("type") != type_
        or signed.get("key_id") != by
        or not isinstance(body, dict)
        or not isinstance(signature, str)
    ):
        raise invalid
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(raw, _signed_bytes(type_, by, canonical_json(body)))
    except (InvalidSignature, ValueError, RecursionError):
        raise invalid from None
    return body


# --- envelopes --------------------------------------------------------------------------------------------------------


def _info(what: str, bound: Mapping[str, str]) -> bytes:
    return b"\n".join((SUITE.encode(), what.encode(), canonical_json(dict(bound))))


def seal_envelope(plaintext: bytes, platform_key: bytes, bound: Mapping[str, str]) -> bytes:
    """Seal bytes to the platform's public key; they open only together with the same bound ids.

    Sealing twice gives different bytes: seal once and keep the result.
    """
    return _HPKE.encrypt(plaintext, X25519PublicKey.from_public_bytes(platform_key), info=_info("envelope", bound))


def open_envelope(sealed: bytes, key: KeyPair, bound: Mapping[str, str]) -> bytes:
    """Open what seal_envelope made; raises Fault(SEALED_BYTES_DAMAGED) if anything differs."""
    return _open(sealed, key, _info("envelope", bound))


def _open(sealed: bytes, key: KeyPair, info: bytes) -> bytes:
    try:
        return _HPKE.decrypt(sealed, X25519PrivateKey.from_private_bytes(key.private), info=info)
    except (InvalidTag, ValueError):
        raise damaged() from None


# --- attachments ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentHeader:
    """What stands in clear before an attachment's sealed segments."""

    petition_id: str
    attachment_id: str
    seal_key_id: str
    wrapped_key: bytes
    """The file's key, sealed to the platform."""
    raw: bytes
    """The header as it lies in the file, from the magic on; authenticated with every segment."""


class AttachmentWriter:
    """Seals one attachment into an open binary file, segment by segment; flushing and fsync are the caller's.

    `key` is the file's own random key, for the kiosk's own wrap until the petition is filed. `length` counts the
    sealed bytes written so far.
    """

    def __init__(self, out: BinaryIO, *, platform_key: bytes, petition_id: str, attachment_id: str) -> None:
        self.key = os.urandom(32)
        bound = {"petition": petition_id, "attachment": attachment_id}
        wrapped = _HPKE.encrypt(
            self.key, X25519PublicKey.from_public_bytes(platform_key), info=_info("attachment", bound)
        )
        clear = canonical_json(
            {"suite": SUITE, **bound, "seal_key": key_id(platform_key), "wrapped_key": to_base64(wrapped)}
        )
        header = _MAGIC + struct.pack(">H", len(clear)) + clear
        self.length = 0
        self._sealed_hash, self._plain_hash = hashlib.sha256(), hashlib.sha256()
        self._out = out
        self._segments = _Segments(self.key, header)
        self._next = 0
        self._write(header)

    def write(self, data: bytes) -> None:
        """Append data as whole segments at once: what was written is readable without what follows."""
        for start in range(0, len(data), SEGMENT_BYTES):
            self._append(data[start : start + SEGMENT_BYTES], final=False)

    def finish(self) -> None:
        """Append the empty final segment, without which the platform refuses the file."""
        self._append(b"", final=True)

    @property
    def sealed_sha256(self) -> str:
        """Hex digest of the sealed bytes written so far."""
        return self._sealed_hash.hexdigest()

    @property
    def plain_sha256(self) -> str:
        """Hex digest of the plain bytes written so far."""
        return self._plain_hash.hexdigest()

    def _append(self, data: bytes, *, final: bool) -> None:
        self._write(self._segments.seal(self._next, data, final=final))
        self._plain_hash.update(data)
        self._next += 1

    def _write(self, sealed: bytes) -> None:
        self._out.write(sealed)
        self._sealed_hash.update(sealed)
        self.length += len(sealed)


class _Segments:
    """The cipher of one file's segments."""

    def __init__(self, key: bytes, header: bytes) -> None:
        self._cipher = AESGCM(key)
        self._header_hash = hashlib.sha256(header).digest()

    def seal(self, counter: int, data: bytes, *, final: bool) -> bytes:
        word = struct.pack(">I", len(data) | (_FINAL if final else 0))
        return word + self._cipher.encrypt(_nonce(counter, final=final), data, self._header_hash + word)

    def open(self, counter: int, word: bytes, ciphertext: bytes, *, final: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(counter, final=final), ciphertext, self._header_hash + word)
        except InvalidTag:
            raise damaged() from None


def _nonce(counter: int, *, final: bool) -> bytes:
    return bytes(7) + struct.pack(">IB", counter, final)


def read_attachment_header(source: BinaryIO) -> AttachmentHeader:
    """Read an attachment's header from its beginning; raises Fault(SEALED_BYTES_DAMAGED or SUITE_UNKNOWN)."""
    start = source.read(6)
    if len(start) != 6 or start[:4] != _MAGIC:
        raise damaged()
    length = int.from_bytes(start[4:])
    clear = source.read(length) if length <= _MAX_HEADER_BYTES else b""
    try:
        fields = json.loads(clear)
    except (ValueError, RecursionError):
        raise damaged() from None
    if not isinstance(fields, dict):
        raise damaged()
    require_suite(fields.get("suite"))
    values = [fields.get(name) for name in ("petition", "attachment", "seal_key", "wrapped_key")]
    petition_id, attachment_id, seal_key_id, wrapped = (v if isinstance(v, str) else "" for v in values)
    if not (petition_id and attachment_id and seal_key_id and wrapped):
        raise damaged()
    return AttachmentHeader(
        petition_id=petition_id,
        attachment_id=attachment_id,
        seal_key_id=seal_key_id,
        wrapped_key=from_base64(wrapped),
        raw=start + clear,
    )


def unwrap_attachment_key(header: AttachmentHeader, key: KeyPair) -> bytes:
    """Return the file's key, opened by the platform's private key; raises Fault(SEALED_BYTES_DAMAGED)."""
    bound = {"petition": header.petition_id, "attachment": header.attachment_id}
    raw = _open(header.wrapped_key, key, _info("attachment", bound))
    if len(raw) != 32:
        raise damaged()
    return raw


def open_attachment(source: BinaryIO, key: KeyPair, *, petition_id: str, attachment_id: str) -> Iterator[bytes]:
    """Yield an attachment's plaintext at the platform, piece by piece.

    Raises Fault(SEALED_BYTES_DAMAGED) when the file belongs to other ids, was changed, reordered, cut or lengthened.
    Pieces come before the end is known to be there: use them only after the last one.
    """
    header = read_attachment_header(source)
    if (header.petition_id, header.attachment_id) != (petition_id, attachment_id):
        raise damaged()
    yield from _pieces(source, _Segments(unwrap_attachment_key(header, key), header.raw))


def read_attachment(source: BinaryIO, file_key: bytes, *, must_be_complete: bool = True) -> Iterator[bytes]:
    """Yield an attachment's plaintext at the kiosk, by the file's own key.

    Raises Fault(SEALED_BYTES_DAMAGED). With `must_be_complete` off, reading ends quietly at the first segment that
    doesn't open: a recording that is being written, or that a power cut interrupted.
    """
    header = read_attachment_header(source)
    segments = _Segments(file_key, header.raw)
    if must_be_complete:
        yield from _pieces(source, segments)
        return
    for _, piece in _whole_segments(source, segments):
        yield piece


def close_interrupted_attachment(file: BinaryIO, file_key: bytes) -> None:
    """Cut a torn end off a file opened for reading and writing, and append the final segment it lacks.

    Never appends data again: a segment's number is used for data once and for the end once.
    """
    header = read_attachment_header(file)
    segments = _Segments(file_key, header.raw)
    end, count, finished = len(header.raw), 0, False
    for final, piece in _whole_segments(file, segments):
        end += 4 + len(piece) + TAG_BYTES
        count += 1
        finished = final
    file.truncate(end)
    file.seek(end)
    if not finished:
        file.write(segments.seal(count, b"", final=True))


def _pieces(source: BinaryIO, segments: _Segments) -> Iterator[bytes]:
    for counter in range(_MAX_SEGMENTS):
        word = source.read(4)
        final, length = _read_word(word)
        ciphertext = source.read(length + TAG_BYTES)
        yield segments.open(counter, word, ciphertext, final=final)
        if final:
            break
    if source.read(1):
        raise damaged()


def _whole_segments(source: BinaryIO, segments: _Segments) -> Iterator[tuple[bool, bytes]]:
    """Yield (final, plaintext) until the end or the first segment that doesn't open.

    What a power cut leaves after the last fsync may be short, zeros, or anything.
    """
    for counter in range(_MAX_SEGMENTS):
        word = source.read(4)
        try:
            final, length = _read_word(word)
            piece = segments.open(counter, word, source.read(length + TAG_BYTES), final=final)
        except Fault:
            return
        yield final, piece
        if final:
            return


def _read_word(word: bytes) -> tuple[bool, int]:
    value = int.from_bytes(word)
    length = value & ~_FINAL
    if len(word) != 4 or length > SEGMENT_BYTES:
        raise damaged()
    return bool(value & _FINAL), length
