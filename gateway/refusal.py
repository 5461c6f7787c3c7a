"""The one way the platform says no: a status, a stable code, and a sentence for operators that quotes nobody."""

from offline_queue.protocol import ErrorCode
from petition.errors import Fault, FaultCode


class Refusal(Exception):
    """An answer from 400 up. `headers` go out with it, e.g. Retry-After."""

    def __init__(
        self, *, status: int, code: ErrorCode, detail: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(code.value)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}


def bad_request(detail: str) -> Refusal:
    """Return the answer to what cannot be read."""
    return Refusal(status=400, code=ErrorCode.BAD_REQUEST, detail=detail)


def not_found(detail: str = "there is nothing here") -> Refusal:
    """Return the answer to what is not there."""
    return Refusal(status=404, code=ErrorCode.NOT_FOUND, detail=detail)


def too_large(bytes_max: int) -> Refusal:
    """Return the answer to a body beyond its bound."""
    return Refusal(status=413, code=ErrorCode.TOO_LARGE, detail=f"at most {bytes_max} bytes are taken here")


def come_back(seconds: int, *, status: int = 429, code: ErrorCode = ErrorCode.TOO_MANY) -> Refusal:
    """Return the answer to whoever must wait; kiosks honour the seconds."""
    return Refusal(
        status=status, code=code, detail=f"come back in {seconds} s", headers={"Retry-After": str(max(1, seconds))}
    )


_OF_FAULT = {
    FaultCode.SUITE_UNKNOWN: (400, ErrorCode.SUITE_UNKNOWN),
    FaultCode.SIGNATURE_INVALID: (403, ErrorCode.SIGNATURE_INVALID),
    FaultCode.BAD_INPUT: (400, ErrorCode.BAD_REQUEST),
    FaultCode.SEALED_BYTES_DAMAGED: (400, ErrorCode.BAD_REQUEST),
    FaultCode.DISK_FULL: (503, ErrorCode.UNAVAILABLE),
}


def refusal_of(fault: Fault) -> Refusal:
    """Return the answer a fault in what was sent deserves; other faults are the platform's own: unavailable."""
    status, code = _OF_FAULT.get(fault.code, (503, ErrorCode.UNAVAILABLE))
    headers = {"Retry-After": "60"} if status == 503 else {}
    return Refusal(status=status, code=code, detail=fault.remedy, headers=headers)
