"""The platform's own keys: one file of mode 0600 beside the database, never inside it.

root             Ed25519; signs the list of the other keys; its fingerprint is what an installer compares
seal             X25519; kiosks seal to its public half; older ones are kept to open older petitions
acknowledge      Ed25519; signs "these bytes have arrived"
publish          Ed25519; signs enrolments, number blocks and the catalogue
storage secret   32 bytes; what the platform derives and hides itself with: block keys, replies at rest
"""

import hmac
import json
import os
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from offline_queue import protocol, sealing
from offline_queue.protocol import KeyUse
from offline_queue.sealing import KeyPair
from petition.errors import Fault, FaultCode

KEY_LIFETIME = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformKey:
    """One private key that the root key vouches for."""

    use: KeyUse
    pair: KeyPair
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, kw_only=True)
class PlatformKeys:
    """Every private key of one platform."""

    root: KeyPair
    keys: tuple[PlatformKey, ...]
    """In the order they were made: of one use, the last is the current one."""
    version: int
    made_at: datetime
    storage_secret: bytes = field(repr=False)

    def current(self, use: KeyUse) -> KeyPair:
        """Return the key that signs or is sealed to now."""
        return [key.pair for key in self.keys if key.use is use][-1]

    def seal_key(self, key_id: str) -> KeyPair | None:
        """Return the seal key with this id, however old, or None when it was never ours."""
        return next((key.pair for key in self.keys if key.use is KeyUse.SEAL and key.pair.id == key_id), None)

    @cached_property
    def signed_list(self) -> protocol.Signed:
        """The public halves, signed by the root key: what kiosks verify everything else with."""
        public = protocol.Keys(
            version=self.version,
            made_at=self.made_at,
            keys=tuple(
                protocol.Key(
                    id=key.pair.id,
                    use=key.use,
                    public_key=sealing.to_base64(key.pair.public),
                    not_before=key.not_before,
                    not_after=key.not_after,
                )
                for key in self.keys
            ),
        )
        return protocol.sign(self.root, protocol.Type.KEYS, public)

    def publish(self, type_: protocol.Type, message: protocol.Message) -> protocol.Chain:
        """Return a message signed for kiosks, with the keys that let them check it."""
        signed = protocol.sign(self.current(KeyUse.PUBLISH), type_, message)
        return protocol.Chain(keys=self.signed_list, message=signed)

    def acknowledge(self, type_: protocol.Type, message: protocol.Message) -> protocol.Signed:
        """Return a signed acknowledgement; the kiosk has the keys to check it from its catalogue."""
        return protocol.sign(self.current(KeyUse.ACKNOWLEDGE), type_, message)

    def block_key(self, block: str) -> bytes:
        """Return the 32-byte HMAC key of a block of numbers; derived, so that the database holds none."""
        return hmac.digest(self.storage_secret, f"block|{block}".encode(), "sha256")

    def secret_for(self, use: str) -> bytes:
        """Return 32 bytes that only this platform has, other ones for every use."""
        return hmac.digest(self.storage_secret, f"use|{use}".encode(), "sha256")

    def hide(self, words: str, about: str) -> bytes:
        """Encrypt what staff wrote, for the database; `about` ties it to its place. No words give no bytes."""
        if not words:
            return b""
        nonce = os.urandom(12)
        return nonce + AESGCM(self._storage_key).encrypt(nonce, words.encode(), about.encode())

    def reveal(self, hidden: bytes, about: str) -> str:
        """Return what `hide` was given; raises Fault(SEALED_BYTES_DAMAGED) when the bytes are not its work."""
        if not hidden:
            return ""
        try:
            return AESGCM(self._storage_key).decrypt(hidden[:12], hidden[12:], about.encode()).decode()
        except (InvalidTag, ValueError):
            raise sealing.damaged() from None

    @cached_property
    def _storage_key(self) -> bytes:
        return hmac.digest(self.storage_secret, b"storage", "sha256")


def new_platform_keys(now: datetime) -> PlatformKeys:
    """Return fresh keys for a platform."""
    now = now.replace(microsecond=0)
    made = (
        (KeyUse.SEAL, sealing.new_seal_key()),
        (KeyUse.ACKNOWLEDGE, sealing.new_signing_key()),
        (KeyUse.PUBLISH, sealing.new_signing_key()),
    )
    return PlatformKeys(
        root=sealing.new_signing_key(),
        keys=tuple(_lasting(use, pair, now) for use, pair in made),
        version=1,
        made_at=now,
        storage_secret=os.urandom(32),
    )


def with_new_key(keys: PlatformKeys, use: KeyUse, now: datetime) -> PlatformKeys:
    """Return the keys with a fresh one for one use; the older ones stay, to open and check what they made."""
    now = now.replace(microsecond=0)
    pair = sealing.new_seal_key() if use is KeyUse.SEAL else sealing.new_signing_key()
    return replace(keys, keys=(*keys.keys, _lasting(use, pair, now)), version=keys.version + 1, made_at=now)


def write_platform_keys(path: Path, keys: PlatformKeys) -> None:
    """Write the key file, readable by its owner only; it survives a power cut once this returns."""
    content = {
        "root": sealing.to_base64(keys.root.private),
        "keys": [
            {
                "use": key.use.value,
                "private": sealing.to_base64(key.pair.private),
                "not_before": key.not_before.isoformat(),
                "not_after": key.not_after.isoformat(),
            }
            for key in keys.keys
        ],
        "version": keys.version,
        "made_at": keys.made_at.isoformat(),
        "storage_secret": sealing.to_base64(keys.storage_secret),
    }
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_directory(path.parent)


def read_platform_keys(path: Path) -> PlatformKeys:
    """Read the key file; raises Fault(STATE_DIRECTORY_UNUSABLE) when it is unreadable or not one of ours."""
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        return PlatformKeys(
            root=sealing.signing_key(sealing.from_base64(content["root"])),
            keys=tuple(_read_key(entry) for entry in content["keys"]),
            version=int(content["version"]),
            made_at=datetime.fromisoformat(content["made_at"]),
            storage_secret=sealing.from_base64(content["storage_secret"]),
        )
    except (OSError, ValueError, KeyError, TypeError, Fault):
        raise Fault(
            FaultCode.STATE_DIRECTORY_UNUSABLE, f"the key file {path.name} is missing or damaged; restore it"
        ) from None


def sync_directory(path: Path) -> None:
    """Make the names in a directory survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lasting(use: KeyUse, pair: KeyPair, now: datetime) -> PlatformKey:
    return PlatformKey(use=use, pair=pair, not_before=now, not_after=now + KEY_LIFETIME)


def _read_key(entry: dict[str, str]) -> PlatformKey:
    use = KeyUse(entry["use"])
    private = sealing.from_base64(entry["private"])
    return PlatformKey(
        use=use,
        pair=sealing.seal_key(private) if use is KeyUse.SEAL else sealing.signing_key(private),
        not_before=datetime.fromisoformat(entry["not_before"]),
        not_after=datetime.fromisoformat(entry["not_after"]),
    )
