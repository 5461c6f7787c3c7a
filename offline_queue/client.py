"""The platform over HTTP. Every answer is hostile until a signature says otherwise.

No redirect is followed, no answer is read beyond its bound, no compressed body is unpacked, no password file and no
proxy of the environment is used. A captive portal's 200 with a page proves nothing, and neither does its 403: only a
JSON body of the protocol is a refusal, and only a signed acknowledgement of this id and digest is a success.

Outcomes are values:

    Sent          the platform answered as the protocol says
    Refused       the platform said no, with a code of the protocol
    Unreachable   nobody there, not the platform, or not now; `retry_after_seconds` when it named a time
"""

import os
import re
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, Self, TypeVar

import requests
import requests.adapters
import requests.auth
import urllib3
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection

from offline_queue import protocol, sealing
from offline_queue.protocol import (
    CallAnswer,
    CallRequest,
    Chain,
    Error,
    ErrorCode,
    Health,
    LookupRequest,
    Message,
    Progress,
    Signed,
    UpdatesPage,
)
from petition.errors import Fault, FaultCode

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
ANSWER_SECONDS = 120.0
"""How long a whole exchange may take, however steadily it drips; what is sent has its own time on top."""
SLOWEST_BYTES_PER_SECOND = 1024
"""A line slower than this is none: so much longer may an exchange take that brings something."""
CALL_SECONDS = 8.0
"""Likewise for a call for a person: who calls is standing there, so it is tried anew rather than waited for."""
MAX_RETRY_AFTER_SECONDS = 24 * 3600.0

_MAX_HOPS = 3
"""How often in a row the platform may say that an upload is elsewhere."""
_PIECE_BYTES = 64 * 1024
_LOCATION = re.compile(r"/v1/files/[A-Za-z0-9._~-]{1,200}")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}

T = TypeVar("T")
M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Generic[T]):
    """The platform took it; `value` is its answer."""

    value: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform said no."""

    code: ErrorCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """It didn't get to the platform, or the platform can't take it now."""

    reason: str
    """`no-connection`, `timeout`, `certificate`, `not-the-platform`, `answer-too-large`, `busy`, `too-many`."""
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """An upload stopped between two patches, because something more urgent came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The catalogue is the one the kiosk has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCatalogue:
    """A catalogue to be verified, and its ETag."""

    chain: Chain
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class _BearerToken(requests.auth.AuthBase):
    """The token, set here so that no password file of the user is asked for one."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Line(requests.adapters.HTTPAdapter):
    """Connections that can be cut in mid-exchange: a time limit of requests is one for the next byte only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._over = threading.Event()
        self._pools = {
            "http": _watched(urllib3.HTTPConnectionPool, HTTPConnection, self._opened),
            "https": _watched(urllib3.HTTPSConnectionPool, HTTPSConnection, self._opened),
        }
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - as inherited
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **more: Any) -> urllib3.PoolManager:  # noqa: ANN401 - as inherited
        manager: urllib3.PoolManager = super().proxy_manager_for(proxy, **more)
        if not proxy.lower().startswith("socks"):  # these bring pools of their own
            manager.pool_classes_by_scheme = self._pools
        return manager

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[threading.Event]:
        """Allow one exchange so much time; the event tells whether that was too little."""
        self._over = over = threading.Event()
        timer = threading.Timer(seconds, self._cut, (over,))
        timer.daemon = True
        timer.start()
        try:
            yield over
        finally:
            timer.cancel()
            with self._lock:
                while self._open:
                    self._open.pop().close()

    def close(self) -> None:
        """Let go of all lines, and cut what is in mid-exchange on another thread."""
        self._cut(self._over)
        super().close()

    def _opened(self, line: socket.socket) -> None:
        # A second descriptor of the same line: TLS takes the first one away, and a closing answer lets go of it early.
        twin = socket.socket(fileno=os.dup(line.fileno()))
        with self._lock:
            self._open.append(twin)
        if self._over.is_set():
            self._cut(self._over)

    def _cut(self, over: threading.Event) -> None:
        with self._lock:
            if over is not self._over:
                return
            over.set()
            for line in self._open:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


def _watched(
    pool: type[urllib3.HTTPConnectionPool], connection: type[HTTPConnection], opened: Callable[[socket.socket], None]
) -> type[urllib3.HTTPConnectionPool]:
    """Return a kind of pool that shows every line, new or used before, ahead of what goes over it."""

    class Connection(connection):  # type: ignore[valid-type, misc]
        def _new_conn(self) -> socket.socket:
            line: socket.socket = super()._new_conn()
            opened(line)
            return line

        def request(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - as inherited
            if self.sock is not None:
                opened(self.sock)
            super().request(*args, **more)

    return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


def platform_url(url: str) -> str:
    """Return a platform's address without a slash at its end.

    Raises Fault(BAD_CONFIGURATION) unless it is https, or http to this machine itself.
    """
    try:
        parts = urllib.parse.urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urllib.parse.urlsplit("")
    allowed = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not (allowed and host) or parts.query or parts.fragment or parts.username is not None or port == 0:
        raise Fault(FaultCode.BAD_CONFIGURATION, "the platform's address must begin with https:// and name a host")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


class PlatformClient:
    """A connection to one platform; for one thread. `close` from another thread ends what it is doing."""

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        software: str = "petition-kiosk",
        ca_bundle: Path | None = None,
        proxy: str = "",
        monotonic: Callable[[], float] = time.monotonic,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._url = platform_url(url)
        self._auth = _BearerToken(token)
        self._monotonic = monotonic
        self._answer_seconds = answer_seconds
        self._line = _Line()
        self._session = requests.Session()
        self._session.mount("https://", self._line)
        self._session.mount("http://", self._line)
        self._session.trust_env = False
        self._session.verify = str(ca_bundle) if ca_bundle else True
        self._session.proxies = {"https": proxy, "http": proxy} if proxy else {}
        self._session.headers.clear()
        self._session.headers.update(
            {"User-Agent": software, protocol.HEADER_PROTOCOL: protocol.PROTOCOL_VERSION, "Accept-Encoding": "identity"}
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- calls --------------------------------------------------------------------------------------------------------

    def enrol(self, request: Signed) -> Sent[Chain] | Refused | Unreachable:
        """Ask to become a kiosk; the answer is to be verified against the fingerprint of the typed code."""
        return self._json("POST", protocol.ENROLMENTS, Chain, protocol.write(request))

    def blocks(self, kiosk_id: str, request: Signed) -> Sent[Chain] | Refused | Unreachable:
        """Ask for another block of receipt numbers."""
        return self._json("POST", protocol.BLOCKS.format(id=kiosk_id), Chain, protocol.write(request))

    def catalogue(self, etag: str = "") -> Sent[NewCatalogue | Unchanged] | Refused | Unreachable:
        """Fetch the catalogue and the platform's keys, unless they are those of the ETag."""
        answer = self._ask("GET", protocol.CATALOGUE, headers={"If-None-Match": etag} if etag else {})
        match answer:
            case _Answer(status=304) if etag:
                return Sent(value=Unchanged())
            case _Answer():
                read = _read(answer, Chain)
                if not isinstance(read, Sent):
                    return read
                found = answer.headers.get("ETag", "")
                usable = found if len(found) <= 200 and found.isascii() and found.isprintable() else ""
                return Sent(value=NewCatalogue(chain=read.value, etag=usable))
        return answer

    def put_petition(self, petition_id: str, envelope: bytes) -> Sent[Signed] | Refused | Unreachable:
        """Send an envelope's exact bytes; the answer is an acknowledgement to be verified."""
        return self._put_sealed(protocol.PETITION.format(id=petition_id), envelope)

    def put_event(self, event_id: str, envelope: bytes) -> Sent[Signed] | Refused | Unreachable:
        """Send an event's exact bytes; the answer is an acknowledgement to be verified."""
        return self._put_sealed(protocol.EVENT.format(id=event_id), envelope)

    def acknowledgement(self, petition_id: str) -> Sent[Signed] | Refused | Unreachable:
        """Ask what the platform holds of a petition; the answer is to be verified."""
        return self._json("GET", protocol.ACKNOWLEDGEMENT.format(id=petition_id), Signed)

    def updates(self, cursor: str) -> Sent[UpdatesPage] | Refused | Unreachable:
        """Ask what changed since a cursor, "" for everything."""
        after = urllib.parse.quote(cursor, safe="")
        return self._json("GET", f"{protocol.UPDATES}?after={after}", UpdatesPage)

    def lookup(self, request: LookupRequest) -> Sent[Progress] | Refused | Unreachable:
        """Ask how far a petition is, as the holder of its receipt.

        Refused(TOO_MANY) while no query code is taken for its number or at this kiosk: nobody waits for that here.
        """
        found = self._json("POST", protocol.LOOKUPS, Progress, protocol.write(request))
        match found:
            case Sent(value=told) if told.number != request.number:
                return _not_the_platform()
            case Unreachable(reason=ErrorCode.TOO_MANY):
                return Refused(code=ErrorCode.TOO_MANY)
        return found

    def call(self, call_id: str, request: CallRequest) -> Sent[CallAnswer] | Refused | Unreachable:
        """Call for a person, or say that nobody need come any more; may be repeated."""
        return self._called(call_id, "PUT", protocol.write(request))

    def call_answer(self, call_id: str) -> Sent[CallAnswer] | Refused | Unreachable:
        """Ask whether somebody answered a call."""
        return self._called(call_id, "GET")

    def _called(self, call_id: str, method: str, body: bytes | None = None) -> Sent[CallAnswer] | Refused | Unreachable:
        seconds = min(self._answer_seconds, CALL_SECONDS)
        answer = self._json(method, protocol.CALL.format(id=call_id), CallAnswer, body, seconds=seconds)
        if isinstance(answer, Sent) and answer.value.id != call_id:
            return _not_the_platform()
        return answer

    def health(self, health: Health) -> Sent[None] | Refused | Unreachable:
        """Tell how this kiosk is."""
        answer = self._ask(
            "PUT", protocol.HEALTH.format(id=health.kiosk_id), protocol.write(health), {"Content-Type": protocol.JSON}
        )
        if isinstance(answer, _Answer):
            return Sent(value=None) if answer.status == 204 else _failure(answer)
        return answer

    # --- tus ----------------------------------------------------------------------------------------------------------

    def upload(
        self,
        petition_id: str,
        attachment_id: str,
        path: Path,
        *,
        length: int,
        sha256: str,
        location: str = "",
        moved: Callable[[str, int], None] = lambda _location, _offset: None,
        go_on: Callable[[], bool] = lambda: True,
    ) -> Sent[None] | Refused | Unreachable | Paused:
        """Send a sealed attachment, going on where the platform has it; `moved(location, offset)` after each step.

        Asks `go_on` before each patch. Raises Fault(SEALED_BYTES_DAMAGED) when the file isn't there in its length, and
        OSError when it can't be read.
        """
        try:
            there = path.stat().st_size
        except FileNotFoundError:
            there = None
        if there != length:
            raise Fault(FaultCode.SEALED_BYTES_DAMAGED, "a queued attachment is missing or has changed on the disk")
        at = self._offset(location, length) if location else None
        if at is None or (isinstance(at, Refused) and at.code is ErrorCode.NOT_FOUND):
            created = self._create(petition_id, attachment_id, length, sha256)
            if not isinstance(created, Sent):
                return created
            location = created.value
            moved(location, 0)
            at = self._offset(location, length)
        if not isinstance(at, Sent):
            return at
        return self._patches(path, location, at.value, length, moved, go_on)

    def _patches(
        self,
        path: Path,
        location: str,
        offset: int,
        length: int,
        moved: Callable[[str, int], None],
        go_on: Callable[[], bool],
    ) -> Sent[None] | Refused | Unreachable | Paused:
        hops = 0
        with path.open("rb") as file:
            while offset < length:
                if not go_on():
                    return Paused()
                file.seek(offset)
                piece = file.read(protocol.PATCH_BYTES)
                done = self._patch(location, offset, piece)
                if isinstance(done, Refused) and done.code is ErrorCode.OFFSET_DIFFERS and hops < _MAX_HOPS:
                    hops += 1
                    done = self._offset(location, length)
                if not isinstance(done, Sent):
                    return done
                offset = done.value
                moved(location, offset)
        return Sent(value=None)

    def _create(
        self, petition_id: str, attachment_id: str, length: int, sha256: str
    ) -> Sent[str] | Refused | Unreachable:
        fields = {"petition": petition_id, "attachment": attachment_id, "sha256": sha256}
        metadata = ",".join(f"{name} {sealing.to_base64(value.encode())}" for name, value in fields.items())
        answer = self._tus(
            "POST",
            protocol.FILES,
            {protocol.HEADER_UPLOAD_LENGTH: str(length), protocol.HEADER_UPLOAD_METADATA: metadata},
        )
        if not isinstance(answer, _Answer):
            return answer
        if answer.status not in {200, 201}:
            return _failure(answer)
        location = self._own_path(answer.headers.get("Location", ""))
        return Sent(value=location) if location else _not_the_platform()

    def _own_path(self, location: str) -> str:
        """Return a Location as a path of this platform's files, "" for anything else: nobody is sent elsewhere."""
        try:
            parts = urllib.parse.urlsplit(urllib.parse.urljoin(f"{self._url}/", location))
        except ValueError:
            return ""
        base = urllib.parse.urlsplit(self._url)
        path = parts.path.removeprefix(base.path)
        same = (parts.scheme, parts.netloc) == (base.scheme, base.netloc)
        return path if same and not parts.query and _LOCATION.fullmatch(path) else ""

    def _offset(self, location: str, length: int) -> Sent[int] | Refused | Unreachable:
        if not _LOCATION.fullmatch(location):
            return Refused(code=ErrorCode.NOT_FOUND)
        answer = self._tus("HEAD", location, {})
        if not isinstance(answer, _Answer):
            return answer
        if answer.status in {404, 410}:
            return Refused(code=ErrorCode.NOT_FOUND)
        offset = _whole_number(answer.headers.get(protocol.HEADER_UPLOAD_OFFSET, ""))
        if answer.status not in {200, 204} or offset is None or offset > length:
            return _failure(answer)
        return Sent(value=offset)

    def _patch(self, location: str, offset: int, piece: bytes) -> Sent[int] | Refused | Unreachable:
        headers = {protocol.HEADER_UPLOAD_OFFSET: str(offset), "Content-Type": protocol.PATCH_MEDIA_TYPE}
        answer = self._tus("PATCH", location, headers, piece)
        if not isinstance(answer, _Answer):
            return answer
        reached = _whole_number(answer.headers.get(protocol.HEADER_UPLOAD_OFFSET, ""))
        if answer.status != 204 or reached is None:
            return _failure(answer)
        return Sent(value=reached) if offset < reached <= offset + len(piece) else _not_the_platform()

    def _tus(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> _Answer | Unreachable:
        answer = self._ask(method, path, body, {protocol.HEADER_TUS: protocol.TUS_VERSION, **headers})
        if isinstance(answer, _Answer) and answer.status < 300 and protocol.HEADER_TUS not in answer.headers:
            return _not_the_platform()
        return answer

    # --- one request --------------------------------------------------------------------------------------------------

    def _put_sealed(self, path: str, envelope: bytes) -> Sent[Signed] | Refused | Unreachable:
        headers = {
            "Content-Type": protocol.ENVELOPE_MEDIA_TYPE,
            protocol.HEADER_DIGEST: protocol.digest_header(envelope),
        }
        answer = self._ask("PUT", path, envelope, headers)
        return _read(answer, Signed)

    def _json(
        self, method: str, path: str, model: type[M], body: bytes | None = None, *, seconds: float | None = None
    ) -> Sent[M] | Refused | Unreachable:
        headers = {"Content-Type": protocol.JSON} if body is not None else {}
        return _read(self._ask(method, path, body, headers, seconds=seconds), model)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        *,
        seconds: float | None = None,
    ) -> _Answer | Unreachable:
        seconds = (seconds or self._answer_seconds) + len(body or b"") / SLOWEST_BYTES_PER_SECOND
        with self._line.cut_after(seconds) as over:
            answer = self._exchange(method, path, body, headers, seconds)
        # What was cut short looks like an end, or like a certificate's trouble: it is neither.
        return Unreachable(reason="timeout") if over.is_set() else answer

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], seconds: float
    ) -> _Answer | Unreachable:
        deadline = self._monotonic() + seconds
        try:
            with self._session.request(
                method,
                self._url + path,
                data=body,
                headers=dict(headers),
                auth=self._auth,
                timeout=(min(CONNECT_SECONDS, seconds), min(READ_SECONDS, seconds)),
                allow_redirects=False,
                stream=True,
            ) as response:
                # Cookies would let a network between us follow this kiosk, and would be the only state of a session.
                self._session.cookies.clear()
                answered = dict(response.headers)
                content = b"" if method == "HEAD" else self._content(response, deadline)
        except _TooMuch as too_much:
            return Unreachable(reason=too_much.reason)
        except requests.exceptions.SSLError:
            return Unreachable(reason="certificate")
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
            return Unreachable(reason="timeout")
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            return Unreachable(reason="no-connection")
        return _Answer(status=response.status_code, headers=CaseInsensitiveDict(answered), body=content)

    def _content(self, response: requests.Response, deadline: float) -> bytes:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise _TooMuch("not-the-platform")
        pieces: list[bytes] = []
        length = 0
        while piece := response.raw.read1(_PIECE_BYTES, decode_content=False):
            length += len(piece)
            if length > protocol.MAX_ANSWER_BYTES:
                raise _TooMuch("answer-too-large")
            if self._monotonic() > deadline:
                raise _TooMuch("timeout")
            pieces.append(piece)
        return b"".join(pieces)


class _TooMuch(Exception):
    """An answer that is no answer of the protocol, or doesn't end."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _read(answer: _Answer | Unreachable, model: type[M]) -> Sent[M] | Refused | Unreachable:
    """Return what a successful answer says; a success without a message of the protocol is somebody else's."""
    if not isinstance(answer, _Answer):
        return answer
    if answer.status not in {200, 201}:
        return _failure(answer)
    try:
        return Sent(value=protocol.read(model, answer.body))
    except Fault:
        return _not_the_platform()


def _failure(answer: _Answer) -> Refused | Unreachable:
    """Return what an answer that isn't a success means.

    Only the protocol's own errors are refusals, and of these only the ones that another try won't change.
    """
    retry_after = retry_after_seconds(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
    try:
        code = protocol.read(Error, answer.body).code
    except Fault:
        code = None
    if code is ErrorCode.TOO_MANY:
        return Unreachable(reason=code.value, retry_after_seconds=retry_after)
    if answer.status in {408, 425, 429} or answer.status >= 500 or code is ErrorCode.UNAVAILABLE:
        return Unreachable(reason="busy", retry_after_seconds=retry_after)
    return Refused(code=code) if code is not None and 400 <= answer.status < 500 else _not_the_platform()


def _not_the_platform() -> Unreachable:
    return Unreachable(reason="not-the-platform")


def retry_after_seconds(header: str, date: str = "") -> float | None:
    """Return Retry-After as seconds from now, to the second; None when it is absent or makes no sense.

    A date counts from the answer's own Date, so that a wrong clock here doesn't matter. A day at most.
    """
    header = header.strip()
    if (seconds := _whole_number(header)) is not None:
        return float(min(seconds, MAX_RETRY_AFTER_SECONDS))
    until, since = _http_date(header), _http_date(date)
    if until is None or since is None:
        return None
    return min(max(0.0, (until - since).total_seconds()), MAX_RETRY_AFTER_SECONDS)


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _whole_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None
