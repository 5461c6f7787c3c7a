"""The Internet Printing Protocol, as far as one job needs it (RFC 8010 and 8011): a request, its answer, no more.

CUPS speaks it on a socket of this machine. Programs like lpstat say less: they call a job that is finished and one that
was withdrawn by the same name (docs/decisions/0016-printing.md).
"""

import http.client
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

SOCKET = Path("/run/cups/cups.sock")
PORT = 631
ANSWER_SECONDS = 10.0
MOST_ANSWER_BYTES = 4 << 20

_VERSION = b"\x02\x00"
_END = 0x03
_GROUPS_END = 0x0F
"""Tags up to here begin a group of attributes, those above are kinds of values."""
_LOCALES = ((0x47, "attributes-charset", "utf-8"), (0x48, "attributes-natural-language", "en"))
_FIRST_ERROR = 0x0400
_REFUSED = 0x0401


class Operation(IntEnum):
    """What can be asked for."""

    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER = 0x000B
    LIST_PRINTERS = 0x4002


class Group(IntEnum):
    """What an attribute belongs to."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04


class Kind(IntEnum):
    """Kinds of values."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    MEDIA_TYPE = 0x49


_NUMBERS = {Kind.INTEGER, Kind.ENUM}
_TEXTS = {0x41, Kind.NAME, Kind.KEYWORD, Kind.URI, 0x46, 0x47, 0x48, Kind.MEDIA_TYPE}

Value = int | bool | str | bytes
Attribute = tuple[Kind, str, Value | Sequence[str]]
Attributes = dict[str, list[Value]]


class Unanswered(OSError):
    """Nobody answered, or not in this protocol; what was asked may have been done all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered: whether it was done, and the attributes, group by group."""

    status: int
    groups: tuple[tuple[int, Attributes], ...] = field(default=())

    @property
    def done(self) -> bool:
        """Whether what was asked was done."""
        return self.status < _FIRST_ERROR

    def each(self, group: Group) -> Iterator[Attributes]:
        """Yield the attributes of every such group."""
        return (attributes for tag, attributes in self.groups if tag == group)

    def one(self, group: Group) -> Attributes:
        """Return the attributes of the first such group, none when there is no such group."""
        return next(self.each(group), {})


def ask(
    operation: Operation,
    path: str,
    attributes: Sequence[Attribute],
    *,
    job: Sequence[Attribute] = (),
    document: bytes = b"",
) -> Answer:
    """Ask the printing system of this machine, or the one that CUPS_SERVER names; raises Unanswered.

    `path` is what is asked, "/printers/QUEUE"; `attributes` belong to the operation, `job` to the job.
    """
    message = encode(operation, (*_addressed(operation, path), *attributes), job) + document
    connection = _connection()
    try:
        connection.request("POST", path, message, {"Content-Type": "application/ipp"})
        answer = connection.getresponse()
        # Whoever is asked for a password is refused without a message, too.
        return (
            decode(answer.read(MOST_ANSWER_BYTES)) if answer.status == http.HTTPStatus.OK else Answer(status=_REFUSED)
        )
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unanswered(0, type(error).__name__) from error
    finally:
        connection.close()


def _addressed(operation: Operation, path: str) -> tuple[Attribute, ...]:
    if operation is Operation.LIST_PRINTERS:
        return ()
    return ((Kind.URI, "printer-uri", f"ipp://localhost{path}"),)


def encode(operation: int, attributes: Sequence[Attribute], job: Sequence[Attribute] = ()) -> bytes:
    """Return a request as bytes; a document follows it."""
    said = [_VERSION, struct.pack(">hi", operation, 1), bytes([Group.OPERATION])]
    said += [_attribute(tag, name, value) for tag, name, value in _LOCALES]
    said += [_attribute(kind, name, value) for kind, name, value in attributes]
    if job:
        said += [bytes([Group.JOB]), *(_attribute(kind, name, value) for kind, name, value in job)]
    return b"".join([*said, bytes([_END])])


def _attribute(tag: int, name: str, value: Value | Sequence[str]) -> bytes:
    values = [value] if isinstance(value, int | str | bytes) else list(value)
    said = b""
    for place, one in enumerate(values):
        named = b"" if place else name.encode("ascii")
        match one:
            case bool():
                packed = bytes([one])
            case int():
                packed = struct.pack(">i", one)
            case str():
                packed = one.encode("utf-8")
            case _:
                packed = one
        said += struct.pack(">BH", tag, len(named)) + named + struct.pack(">H", len(packed)) + packed
    return said


def decode(message: bytes) -> Answer:
    """Return an answer; raises ValueError for what is none."""
    if len(message) < 8:
        raise ValueError("too short")
    status = int.from_bytes(message[2:4], "big")
    groups: list[tuple[int, Attributes]] = []
    name, place = "", 8
    while True:
        tag, place = _take(message, place, 1)
        if tag[0] == _END:
            return Answer(status=status, groups=tuple(groups))
        if tag[0] <= _GROUPS_END:
            groups.append((tag[0], {}))
            name = ""
            continue
        named, place = _measured(message, place)
        value, place = _measured(message, place)
        name = named.decode("ascii") or name
        if not groups or not name:
            raise ValueError("a value that belongs to nothing")
        groups[-1][1].setdefault(name, []).append(_value(tag[0], value))


def _value(tag: int, packed: bytes) -> Value:
    if tag in _NUMBERS and len(packed) == 4:
        return int.from_bytes(packed, "big", signed=True)
    if tag == Kind.BOOLEAN and len(packed) == 1:
        return packed != b"\x00"
    return packed.decode("utf-8", "replace") if tag in _TEXTS else packed


def _measured(message: bytes, place: int) -> tuple[bytes, int]:
    length, place = _take(message, place, 2)
    return _take(message, place, int.from_bytes(length, "big"))


def _take(message: bytes, place: int, length: int) -> tuple[bytes, int]:
    end = place + length
    if end > len(message):
        raise ValueError("cut off")
    return message[place:end], end


class _OnSocket(http.client.HTTPConnection):
    """HTTP on a socket of this machine."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWER_SECONDS)
        self.sock.connect(self._path)


def _connection() -> http.client.HTTPConnection:
    server = os.environ.get("CUPS_SERVER", "")
    if server.startswith("/"):
        return _OnSocket(server)
    if server:
        host, _, port = server.partition(":")
        return http.client.HTTPConnection(host, int(port) if port.isdecimal() else PORT, timeout=ANSWER_SECONDS)
    if SOCKET.exists():
        return _OnSocket(str(SOCKET))
    return http.client.HTTPConnection("localhost", PORT, timeout=ANSWER_SECONDS)
