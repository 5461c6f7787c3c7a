"""Who this kiosk is and whom it trusts: what its enrolment brought, in a file of its own, sealed under the local key.

It lies outside the database, so that a damaged database costs no enrolment. Whether a block of numbers was ever
opened stands here as well: a fresh or restored database never continues a block it doesn't know.
"""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, ValidationError

from offline_queue import files, sealing
from offline_queue.keys import LocalKey
from offline_queue.protocol import Keys
from offline_queue.sealing import KeyPair, from_base64, to_base64
from petition.errors import Fault, FaultCode
from petition.receipt import receipt_url

IDENTITY = "enrolment.sealed"
ENROLLING = "enrolling.sealed"
"""The signing key of an enrolment that is under way."""
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedBlock:
    """100,000 numbers and the key of their tags and query codes."""

    block: str
    key: bytes = field(repr=False)
    opened: bool = False
    """Whether any database of this kiosk ever began it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An enrolled kiosk's name, keys, token and numbers."""

    url: str
    """The platform's address, no slash at the end."""
    kiosk_id: str
    kiosk_name: str
    signing_key: KeyPair
    token: str = field(repr=False)
    root_public_key: bytes
    receipt_host: str
    blocks: tuple[LeasedBlock, ...]
    keys: Keys
    """The platform's, verified against the root key when they came."""

    def block(self, number: str) -> LeasedBlock | None:
        """Return the block a receipt number comes from, None when it isn't one of this kiosk's."""
        return next((block for block in self.blocks if number.startswith(block.block)), None)

    @property
    def spare(self) -> LeasedBlock | None:
        """The next block that nobody has begun."""
        return next((block for block in self.blocks if not block.opened), None)

    def begun(self, block: str) -> bool:
        """Tell whether a block was ever begun."""
        return any(leased.block == block and leased.opened for leased in self.blocks)

    def receipt_url(self, number: str, tag: str) -> str:
        """Return what a receipt's QR code says: https, but http for a demo, which only this machine can reach."""
        url = receipt_url(self.receipt_host, number, tag)
        return url.replace("https://", "http://", 1) if self.url == f"http://{self.receipt_host}" else url

    def with_opened(self, block: str) -> "Identity":
        """Return the identity with one block begun."""
        blocks = (replace(b, opened=True) if b.block == block else b for b in self.blocks)
        return replace(self, blocks=tuple(blocks))

    def with_leased(self, *leased: LeasedBlock) -> "Identity":
        """Return the identity with blocks added that it didn't have."""
        known = {block.block for block in self.blocks}
        return replace(self, blocks=self.blocks + tuple(block for block in leased if block.block not in known))


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid")
    block: str
    key: str
    opened: bool


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: str
    kiosk_id: str
    kiosk_name: str
    signing_key: str
    token: str
    root_public_key: str
    receipt_host: str
    blocks: tuple[_Block, ...]
    keys: Keys


def save(directory: Path, key: LocalKey, identity: Identity) -> None:
    """Write the identity durably, replacing the one before; raises Fault(DISK_FULL or STATE_DIRECTORY_UNUSABLE)."""
    plain = _File(
        url=identity.url,
        kiosk_id=identity.kiosk_id,
        kiosk_name=identity.kiosk_name,
        signing_key=to_base64(identity.signing_key.private),
        token=identity.token,
        root_public_key=to_base64(identity.root_public_key),
        receipt_host=identity.receipt_host,
        blocks=tuple(_Block(block=b.block, key=to_base64(b.key), opened=b.opened) for b in identity.blocks),
        keys=identity.keys,
    )
    save_sealed(directory / IDENTITY, key, plain.model_dump_json().encode())


def load(directory: Path, key: LocalKey) -> Identity | None:
    """Return who this kiosk is, None before enrolment.

    Raises Fault(STATE_DIRECTORY_UNUSABLE) when the file is damaged: the machine must be enrolled again.
    """
    plain = load_sealed(directory / IDENTITY, key)
    if plain is None:
        return None
    try:
        kept = _File.model_validate_json(plain)
        return Identity(
            url=kept.url,
            kiosk_id=kept.kiosk_id,
            kiosk_name=kept.kiosk_name,
            signing_key=sealing.signing_key(from_base64(kept.signing_key)),
            token=kept.token,
            root_public_key=from_base64(kept.root_public_key),
            receipt_host=kept.receipt_host,
            blocks=tuple(LeasedBlock(block=b.block, key=from_base64(b.key), opened=b.opened) for b in kept.blocks),
            keys=kept.keys,
        )
    except (ValidationError, ValueError, Fault):
        raise _unreadable(IDENTITY) from None


def save_sealed(path: Path, key: LocalKey, plain: bytes) -> None:
    """Write a small file sealed under the local key, durably; raises Fault(DISK_FULL or STATE_DIRECTORY_UNUSABLE)."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key.derive(path.name)).encrypt(nonce, plain, path.name.encode())
    with files.storage_faults():
        files.write_durably(path, nonce + sealed)


def load_sealed(path: Path, key: LocalKey) -> bytes | None:
    """Return what save_sealed wrote, None when there is no file; raises Fault(STATE_DIRECTORY_UNUSABLE) on damage."""
    with files.storage_faults():
        if not path.exists():
            return None
        raw = path.read_bytes()
    try:
        return AESGCM(key.derive(path.name)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], path.name.encode())
    except (InvalidTag, ValueError):
        raise _unreadable(path.name) from None


def _unreadable(name: str) -> Fault:
    return Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, f"{name} is damaged: enrol this kiosk again")
