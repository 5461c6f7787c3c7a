"""The key of what lies on this machine, and how well it is kept.

Today: a random secret in a file of mode 0600, mixed with the machine's id, so that the state directory opens only on
the machine it was made on. Whoever takes the disk and knows the machine's id has the key: staff see a warning until
the key lies in a TPM or in systemd's credentials. The file names its keeper, so that other keepers can be added.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from offline_queue import files
from offline_queue.sealing import from_base64, to_base64
from petition.errors import Fault, FaultCode

KEY_FILE = "local.key"
WITHOUT_IT = (
    "move the state directory away and enrol anew; what waits needs no key: "
    "kiosk queue rescue OLD_DIRECTORY shows it, kiosk queue import OLD_DIRECTORY takes it in"
)

_MACHINE_ID_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
"""Not the mainboard's id: only root may read it, and a state must not change machines with its user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalKey:
    """32 secret bytes and how they are kept."""

    raw: bytes = field(repr=False)
    kept_by: str
    """`file` (0600 file bound to the machine) or `file-unbound` (this machine has no id)."""

    @property
    def weak(self) -> bool:
        """Whether staff must be warned: a stolen disk is enough to read drafts."""
        return self.kept_by.startswith("file")

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose; one never tells another."""
        return hmac.digest(self.raw, f"petition-local\n{purpose}".encode(), "sha256")


def machine_id() -> str:
    """Return this machine's id, or "" when it has none."""
    for path in _MACHINE_ID_FILES:
        try:
            found = path.read_text("ascii").strip()
        except (OSError, ValueError):
            continue
        if found and found != "uninitialized":
            return found
    return ""


def local_key(directory: Path, *, machine: Callable[[], str] = machine_id) -> LocalKey:
    """Return the key of a state directory, making it on first use.

    Raises Fault(STATE_OF_ANOTHER_MACHINE) in a directory that was made on another machine, and
    Fault(STATE_DIRECTORY_UNUSABLE) when the key file can't be read.
    """
    path = directory / KEY_FILE
    here = machine()
    with files.storage_faults():
        if not path.exists():
            secret = os.urandom(32)
            fields = {
                "kept_by": "file" if here else "file-unbound",
                "machine": _shown(here),
                "secret": to_base64(secret),
            }
            files.write_durably(path, json.dumps(fields).encode())
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        raw = path.read_bytes()
    try:
        kept = json.loads(raw)
        kept_by, bound_to, secret = str(kept["kept_by"]), str(kept["machine"]), from_base64(str(kept["secret"]))
    except (ValueError, KeyError, TypeError, Fault):
        raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, f"{KEY_FILE} can't be read: {WITHOUT_IT}") from None
    if kept_by not in {"file", "file-unbound"}:
        raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, f"{KEY_FILE} is kept by {kept_by[:32]!a}, unknown here")
    if bound_to != _shown(here if kept_by == "file" else ""):
        raise Fault(
            FaultCode.STATE_OF_ANOTHER_MACHINE,
            "this state was made on another machine: export its queue, then enrol this machine with a new directory",
        )
    mixed = hmac.digest(secret, f"petition-machine\n{here if kept_by == 'file' else ''}".encode(), "sha256")
    return LocalKey(raw=mixed, kept_by=kept_by)


def _shown(machine: str) -> str:
    """Return what the key file tells of a machine's id: enough to see that it differs, not the id itself."""
    return hashlib.sha256(f"petition-machine-shown\n{machine}".encode()).hexdigest()[:16] if machine else ""
