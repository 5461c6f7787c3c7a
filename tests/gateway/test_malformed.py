"""Whatever is sent, the answer is the protocol's: never 500, never an echo, always a code."""

import json
import logging
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import admin
from gateway.serve import Served, running
from gateway.settings import Settings
from offline_queue import protocol, sealing
from tests.gateway.sending import TUS, Part, Sealed, SendingKiosk, enrol

CANARY = "琉璃瓦上的第七只猫"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PATHS = (
    protocol.ENROLMENTS,
    protocol.BLOCKS,
    protocol.CATALOGUE,
    protocol.PETITION,
    protocol.ACKNOWLEDGEMENT,
    protocol.FILES,
    protocol.FILE,
    protocol.UPDATES,
    protocol.LOOKUPS,
    protocol.EVENT,
    protocol.CALL,
    protocol.HEALTH,
    "/r/{id}",
    "/staff",
    "/staff/sign-in",
    "/staff/petitions/{id}",
    "/staff/petitions/{id}/step",
    "/static/{id}",
    "/{id}",
)
MANY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(MANY, max_examples=60)
"""Where every example costs a password hash."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    directory: Path = tmp_path_factory.mktemp("gateway")
    # Limits out of the way: what is tried here is what lies behind them.
    with running(
        Settings(
            directory=directory,
            port=0,
            enrolments_per_minute=10**6,
            phone_pages_per_minute=10**6,
            sign_ins_per_minute=10**6,
        )
    ) as it:
        yield it


@pytest.fixture(scope="module")
def sender(gateway: Served) -> Iterator[SendingKiosk]:
    with requests.Session() as http:
        yield enrol(gateway.url, admin.make_enrolment_code(gateway.platform, kiosk_name="一号机"), http)


@pytest.fixture(scope="module")
def arrived(sender: SendingKiosk) -> Sealed:
    petition = sender.seal(parts=(Part(plain=b"x" * 1000),))
    assert sender.send(petition).complete
    return petition


def check(answer: requests.Response, sent: str = "") -> None:
    assert answer.status_code < 500, (answer.request.method, answer.request.url, answer.text)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"]
    if answer.status_code >= 400 and answer.request.method != "HEAD" and "/v1/" in str(answer.request.url):
        error = protocol.read(protocol.Error, answer.content)
        assert CANARY not in error.detail
        assert not sent or sent not in error.detail


words = st.text(max_size=40) | st.just(CANARY)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4), max_leaves=12
)


@MANY
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(PATHS),
    id_=st.uuids().map(str) | st.text(max_size=60) | st.from_regex(r"[0-9]{32}", fullmatch=True),
    query=st.dictionaries(st.sampled_from(["after", "tab", "older", "number", "said", "x"]), words, max_size=3),
    body=st.binary(max_size=300) | anything.map(lambda value: json.dumps(value).encode()),
    type_=st.sampled_from(
        ["application/json", protocol.PATCH_MEDIA_TYPE, "text/html", "application/x-www-form-urlencoded"]
    ),
    token=st.booleans(),
)
def test_any_request_at_any_address_is_answered_as_the_protocol_says(
    sender: SendingKiosk, method: str, path: str, id_: str, query: dict[str, str], body: bytes, type_: str, token: bool
) -> None:
    headers = {**(sender.token if token else {}), **TUS, "Content-Type": type_, "Upload-Offset": "0"}
    if method != "HEAD":
        headers[protocol.HEADER_DIGEST] = protocol.digest_header(body)
    address = path.replace("{id}", quote(id_, safe="")).replace("{digits}", quote(id_, safe=""))
    check(
        sender.http.request(
            method, sender.url + address, params=query, data=body, headers=headers, timeout=30, allow_redirects=False
        )
    )


def paths_of(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    yield here
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*here, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*here, index))


def replaced(value: Any, where: tuple[Any, ...], new: Any) -> Any:  # noqa: ANN401 - JSON
    if not where:
        return new
    copied = value.copy()
    copied[where[0]] = replaced(value[where[0]], where[1:], new)
    return copied


@MANY
@given(data=st.data(), new=anything, resign=st.booleans())
def test_a_petition_with_any_field_replaced_is_refused_or_taken_whole(
    sender: SendingKiosk, arrived: Sealed, data: st.DataObject, new: object, resign: bool
) -> None:
    value = json.loads(arrived.raw)
    where = data.draw(st.sampled_from(list(paths_of(value))))
    changed = replaced(value, where, new)
    if resign and isinstance(changed, dict) and isinstance(changed.get("body"), dict):
        # A kiosk of ours that went mad: the signature fits, what it signs is anything.
        try:
            changed = sealing.sign(sender.key, "petition", changed["body"])
        except ValueError:
            return
    raw = json.dumps(changed).encode("utf-8", "surrogatepass")
    for id_ in (arrived.id, str(uuid.uuid4())):
        answer = sender.put(Sealed(id=id_, number="", raw=raw, files={}))
        check(answer)


@MANY
@given(
    body=st.dictionaries(st.sampled_from(["number", "tag", "query_code", "kiosk_id", "made_at", "reason"]), anything)
)
def test_lookups_calls_and_health_of_anything_are_refused_in_the_protocols_words(
    sender: SendingKiosk, body: dict[str, object]
) -> None:
    raw = json.dumps(body).encode()
    own = sender.enrolment.kiosk_id
    for method, path in (
        ("POST", protocol.LOOKUPS),
        ("PUT", protocol.CALL.format(id=uuid.uuid4())),
        ("PUT", protocol.HEALTH.format(id=own)),
    ):
        check(sender.http.request(method, sender.url + path, data=raw, headers=sender.token, timeout=30))


@MANY
@given(
    length=st.text(alphabet="0123456789-+. ex²", max_size=24),
    metadata=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=120),
    offset=st.text(alphabet="0123456789-+. ex", max_size=24),
)
def test_upload_headers_of_any_kind_are_refused_in_the_protocols_words(
    sender: SendingKiosk, arrived: Sealed, length: str, metadata: str, offset: str
) -> None:
    def header(text: str) -> str:
        return text.encode("latin-1", "replace").decode("latin-1").strip()

    base = {**sender.token, **TUS}
    made = {**base, "Upload-Length": header(length), "Upload-Metadata": header(metadata)}
    check(sender.http.post(sender.url + protocol.FILES, headers=made, timeout=30))
    location = sender.announce(arrived, next(iter(arrived.files))).headers["Location"]
    patch = {**base, "Upload-Offset": header(offset), "Content-Type": protocol.PATCH_MEDIA_TYPE}
    check(sender.http.patch(sender.url + location, data=b"x", headers=patch, timeout=30))


@SOME
@given(
    fields=st.dictionaries(st.sampled_from(["account", "password", "form_token", "stage", "reply", "seen"]), words),
    header=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=80),
)
def test_forms_and_headers_of_any_kind_leave_the_door_standing(
    gateway: Served, fields: dict[str, str], header: str
) -> None:
    for name in ("Cookie", "Accept-Language", "Range", "Origin", "X-Refresh", "If-None-Match", "X-Forwarded-For"):
        check(requests.get(gateway.url + "/staff/sign-in", headers={name: header}, timeout=30))
    encoded = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    check(requests.post(gateway.url + "/staff/sign-in", data=encoded, timeout=30))
    form = {
        "account": b"nobody",
        "password": b"x",
        "form_token": b"t",
        **{n: v for n, v in encoded.items() if n == "account"},
    }
    check(requests.post(gateway.url + "/staff/sign-in", data=form, headers={"Cookie": "form=t"}, timeout=30))


def test_very_deep_json_is_refused(sender: SendingKiosk) -> None:
    for raw in (
        b"[" * 30_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"suite":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    ):
        check(sender.http.post(sender.url + protocol.LOOKUPS, data=raw, headers=sender.token, timeout=30))
        check(sender.put(Sealed(id=str(uuid.uuid4()), number="", raw=raw, files={})))


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00Z"])
def test_a_time_at_the_end_of_all_times_is_refused_whoever_sends_it(
    sender: SendingKiosk, arrived: Sealed, time: str
) -> None:
    value = replaced(json.loads(arrived.raw), ("body", "id"), str(uuid.uuid4()))
    body = replaced(value, ("body", "made_at"), time)["body"]
    for signed in ({**value, "body": body}, sealing.sign(sender.key, "petition", body)):
        answer = sender.put(Sealed(id=body["id"], number="", raw=json.dumps(signed).encode(), files={}))
        check(answer)
        assert answer.status_code == 400
    call = json.dumps({"kiosk_id": "k", "made_at": time})
    path = protocol.CALL.format(id=uuid.uuid4())
    assert sender.http.put(sender.url + path, data=call, headers=sender.token, timeout=30).status_code == 400


def test_bytes_that_are_no_http_do_not_disturb_the_next_one(gateway: Served, sender: SendingKiosk) -> None:
    there = urlsplit(gateway.url)
    for raw in (
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"PUT /v1/petitions/x HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    ):
        with socket.create_connection((there.hostname or "", there.port or 0), timeout=30) as line:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(65536)
        assert b" 500 " not in answer
    assert sender.updates().status_code == 200


def test_nothing_that_was_sent_stands_in_the_log(
    sender: SendingKiosk, gateway: Served, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    petition = sender.seal(text=CANARY)
    sender.send(petition)
    sender.look_up(petition.number, tag=sender.tag(petition.number))
    requests.get(f"{gateway.url}/r/{petition.number}{sender.tag(petition.number)}", timeout=30)
    sender.http.post(sender.url + protocol.LOOKUPS, data=json.dumps(CANARY), headers=sender.token, timeout=30)
    # And when our own code breaks in the middle of it.
    gateway.platform.settings.catalogue_path.write_text(
        json.dumps({"categories": [{"names": CANARY}]}), encoding="utf-8"
    )
    broken = sender.http.get(sender.url + protocol.CATALOGUE, headers=sender.token, timeout=30)
    assert broken.status_code == 503
    gateway.platform.settings.catalogue_path.unlink()
    captured = capfd.readouterr()
    own = [record.getMessage() for record in caplog.records if not record.name.startswith(("urllib3", "asyncio"))]
    written = "\n".join([*own, captured.out, captured.err])
    for secret in (CANARY, sender.tag(petition.number), sender.code(petition.number), sender.enrolment.token):
        assert secret not in written
