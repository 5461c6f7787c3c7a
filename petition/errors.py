"""What can go wrong, sorted by whose move it is next.

    Exception
    ├── Fault   the environment: no microphone, disk full, platform refuses. The resident is told what to do next.
    └── Bug     ours: something that cannot happen did. The visit is wiped and the kiosk starts again.

Both carry a stable code and never a word a resident said or typed. Outcomes that are part of the plan (the platform is
unreachable, a petition is refused) are return values, not exceptions.
"""

from enum import StrEnum


class FaultCode(StrEnum):
    """Stable names of what the environment can do to us; they appear in logs, health reports and tests."""

    AUTHORITY_ENDED = "authority-ended"
    BAD_CONFIGURATION = "bad-configuration"
    BAD_INPUT = "bad-input"
    CAMERA_LOST = "camera-lost"
    DATABASE_DAMAGED = "database-damaged"
    DISK_FULL = "disk-full"
    DISPLAY_MISSING = "display-missing"
    DOWNLOAD_FAILED = "download-failed"
    KEYBOARD_ENGINE_MISSING = "keyboard-engine-missing"
    MICROPHONE_MISSING = "microphone-missing"
    MICROPHONE_LOST = "microphone-lost"
    NOT_ENROLLED = "not-enrolled"
    NOT_PRINTED = "not-printed"
    OUT_OF_NUMBERS = "out-of-numbers"
    OWN_SLIP_NEEDED = "own-slip-needed"
    PLATFORM_NOT_OURS = "platform-not-ours"
    PLATFORM_REFUSED = "platform-refused"
    PLATFORM_UNREACHABLE = "platform-unreachable"
    PRINTED_OR_NOT = "printed-or-not"
    RECEIPT_OF_ANOTHER_KIOSK = "receipt-of-another-kiosk"
    RECEIPT_UNKNOWN = "receipt-unknown"
    RECOGNISER_MISSING = "recogniser-missing"
    SEALED_BYTES_DAMAGED = "sealed-bytes-damaged"
    SIGNATURE_INVALID = "signature-invalid"
    SPEAKER_MISSING = "speaker-missing"
    SPEECH_ENGINE_MISSING = "speech-engine-missing"
    STATE_DIRECTORY_UNUSABLE = "state-directory-unusable"
    STATE_OF_ANOTHER_MACHINE = "state-of-another-machine"
    SUITE_UNKNOWN = "suite-unknown"
    TOO_MANY_WRONG_CODES = "too-many-wrong-codes"
    WRONG_CODE = "wrong-code"


class Fault(Exception):
    """The environment does not let us go on; `code` says why, `remedy` what a person can do about it.

    `remedy` is one plain sentence for staff and operators. It never quotes what a resident said.
    """

    def __init__(self, code: FaultCode, remedy: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.code.value}: {self.remedy}" if self.remedy else self.code.value


class Bug(Exception):
    """Something that cannot happen did. `code` is a short stable name; nothing of the visit is in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
