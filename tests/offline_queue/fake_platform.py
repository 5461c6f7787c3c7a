"""A platform in memory behind the real client, with a network that fails on request."""

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import requests
import requests.adapters
import urllib3

from offline_queue import protocol
from offline_queue.client import PlatformClient
from offline_queue.protocol import Acknowledgement, AttachmentReceived, Envelope, Signed, Type
from tests.offline_queue.platform import NOON, PlatformKeys, a_catalogue


class Mishap(StrEnum):
    """What can happen to one request."""

    NONE = "none"
    LOST_ON_THE_WAY = "lost on the way there"
    ANSWER_LOST = "done, but the answer is lost"
    BUSY = "503"
    PORTAL = "a hotel answers 200"
    PORTAL_FORBIDS = "a hotel answers 403"
    REFUSED = "refused in the protocol's words"
    FORGED = "acknowledged by somebody else"


@dataclass(slots=True)
class Held:
    """What the platform has of one petition."""

    raw: bytes
    envelope: Envelope
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def received(self) -> tuple[AttachmentReceived, ...]:
        whole = (p for p in self.envelope.attachments if protocol.digest_of(self.files.get(p.id, b"")) == p.sha256)
        return tuple(AttachmentReceived(id=part.id, sha256=part.sha256) for part in whole)

    @property
    def complete(self) -> bool:
        return len(self.received) == len(self.envelope.attachments)


@dataclass(slots=True)
class FakePlatform:
    """Holds petitions; `mishaps` are used up one per request, then everything works."""

    keys: PlatformKeys = field(default_factory=PlatformKeys)
    petitions: dict[str, Held] = field(default_factory=dict)
    mishaps: list[Mishap] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    requests: int = 0
    forgotten: set[str] = field(default_factory=set)
    """Ids of petitions it lost and has not been sent again."""
    ever_taken: dict[str, set[str]] = field(default_factory=dict)
    """Digests of every envelope ever taken, by id."""

    def client(self) -> PlatformClient:
        client = PlatformClient("https://platform.example", token="a-token-0123456789")
        client._session.mount("https://", _InMemory(self))
        return client

    def forget(self, petition_id: str) -> None:
        """Be restored from a backup that doesn't have it, and ask for it again."""
        if self.petitions.pop(petition_id, None) is not None:
            self.wanted.append(petition_id)
            self.forgotten.add(petition_id)

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        self.requests += 1
        mishap = self.mishaps.pop(0) if self.mishaps else Mishap.NONE
        match mishap:
            case Mishap.LOST_ON_THE_WAY:
                raise requests.ConnectionError
            case Mishap.BUSY:
                return 503, {"Retry-After": "1"}, b""
            case Mishap.PORTAL:
                return 200, {"Content-Type": "text/html"}, b"<html>log in</html>"
            case Mishap.PORTAL_FORBIDS:
                return 403, {"Content-Type": "text/html"}, b"<html>log in</html>"
            case Mishap.REFUSED:
                return 400, {}, b'{"code": "bad-request"}'
            case Mishap.FORGED:
                return 200, {}, self._forged(path)
        answer = self._answer(method, path, headers, body)
        if mishap is Mishap.ANSWER_LOST:
            raise requests.ConnectionError
        return answer

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        parts = path.strip("/").split("/")
        match method, parts[1:]:
            case "GET", ["catalogue"]:
                return 200, {}, protocol.write(self.keys.chain(Type.CATALOGUE, a_catalogue()))
            case "PUT", ["petitions", id]:
                return self._put(id, body)
            case "GET", ["petitions", id, "acknowledgement"]:
                held = self.petitions.get(id)
                return (200, {}, self._acknowledge(id, held)) if held else (404, {}, b'{"code": "not-found"}')
            case "POST", ["files"]:
                return self._create(headers)
            case (("HEAD" | "PATCH"), ["files", name]):
                return self._file(method, name, headers, body)
            case "GET", ["updates"]:
                asked, self.wanted = self.wanted, []
                return 200, {}, json.dumps({"cursor": f"c{self.requests}", "resend": asked}).encode()
        return 404, {}, b'{"code": "not-found"}'

    def _put(self, id: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        held = self.petitions.get(id)
        if held is None:
            signed = protocol.read(Signed, body)
            held = self.petitions[id] = Held(raw=body, envelope=protocol.read(Envelope, signed.body))
            self.forgotten.discard(id)
            self.ever_taken.setdefault(id, set()).add(protocol.digest_of(body))
        elif held.raw != body:
            return 409, {}, b'{"code": "digest-differs"}'
        return 201, {}, self._acknowledge(id, held)

    def _acknowledge(self, id: str, held: Held) -> bytes:
        ack = Acknowledgement(
            petition_id=id,
            digest=protocol.digest_of(held.raw),
            received=held.received,
            complete=held.complete,
            time=NOON,
        )
        return protocol.write(protocol.sign(self.keys.acknowledge, Type.ACKNOWLEDGEMENT, ack))

    def _forged(self, path: str) -> bytes:
        parts = path.split("/")
        petition_id = parts[3] if parts[2] == "petitions" else "00000000-0000-4000-8000-000000000000"
        ack = Acknowledgement(petition_id=petition_id, digest="0" * 64, complete=True, time=NOON)
        return protocol.write(protocol.sign(PlatformKeys().acknowledge, Type.ACKNOWLEDGEMENT, ack))

    def _create(self, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        pairs = (pair.split(" ") for pair in headers[protocol.HEADER_UPLOAD_METADATA].split(","))
        said = {name: base64.b64decode(value).decode() for name, value in pairs}
        if said["petition"] not in self.petitions:
            return 404, _TUS, b'{"code": "not-found"}'
        self.petitions[said["petition"]].files.setdefault(said["attachment"], b"")
        return 201, {**_TUS, "Location": f"/v1/files/{said['petition']}~{said['attachment']}"}, b""

    def _file(
        self, method: str, name: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        petition_id, attachment_id = name.split("~")
        held = self.petitions.get(petition_id)
        if held is None or attachment_id not in held.files:
            return 404, _TUS, b'{"code": "not-found"}'
        there = len(held.files[attachment_id])
        if method == "HEAD":
            return 200, {**_TUS, protocol.HEADER_UPLOAD_OFFSET: str(there)}, b""
        if int(headers[protocol.HEADER_UPLOAD_OFFSET]) != there:
            return 409, _TUS, b'{"code": "offset-differs"}'
        held.files[attachment_id] += body
        return 204, {**_TUS, protocol.HEADER_UPLOAD_OFFSET: str(there + len(body))}, b""


_TUS = {protocol.HEADER_TUS: protocol.TUS_VERSION}


class _InMemory(requests.adapters.HTTPAdapter):
    """Hands requests to a FakePlatform instead of a socket."""

    def __init__(self, platform: FakePlatform) -> None:
        super().__init__()
        self._platform = platform

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        body = request.body or b""
        assert isinstance(body, bytes)
        path = (request.path_url or "").split("?")[0]
        status, headers, content = self._platform.answer(request.method or "", path, request.headers, body)
        raw = urllib3.HTTPResponse(
            body=io.BytesIO(content),
            headers=headers,
            status=status,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)
