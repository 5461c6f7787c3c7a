"""The client against servers that lie: only the protocol's own words count, and nobody sends it elsewhere."""

import contextlib
import gzip
import itertools
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_queue import client as client_module
from offline_queue import protocol
from offline_queue.client import PlatformClient, Refused, Sent, Unreachable, retry_after_seconds
from offline_queue.protocol import ErrorCode
from petition.errors import Fault
from tests.offline_queue.network import Answers, answering, http

PETITION_ID = "0b5c7f7e-4a52-4c7e-8d0e-3f2f5a6b7c81"
PORTAL = b"<html><body>Welcome to the hotel. Log in!</body></html>"


def put(answers: Answers) -> object:
    with answering(answers) as url, PlatformClient(url, token="a-token-0123456789") as client:
        return client.put_petition(PETITION_ID, b"{}")


def always(raw: bytes) -> Answers:
    return lambda _head, _count: raw


@pytest.mark.parametrize(
    "raw",
    [
        http("200 OK", PORTAL, Content_Type="text/html"),
        http("201 Created", b"{}"),
        http("200 OK", b"[]"),
        http("200 OK", b'{"suite": "x"}'),
        http("204 No Content"),
        http("302 Found", Location="http://127.0.0.1:1/login"),
        http("301 Moved", Location="https://platform.example/"),
        http("304 Not Modified"),
        http("403 Forbidden", PORTAL, Content_Type="text/html"),
        http("404 Not Found"),
        http("409 Conflict", b'{"code": "made-up"}'),
        http("511 Network Authentication Required", PORTAL),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 999 What\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\x01\x02",
        b"",
    ],
)
def test_an_answer_that_is_not_the_platforms_is_neither_a_success_nor_a_refusal(raw: bytes) -> None:
    assert isinstance(put(always(raw)), Unreachable)


@pytest.mark.parametrize(
    ("status", "code"),
    [("409 Conflict", "digest-differs"), ("400 Bad Request", "bad-request"), ("403 Forbidden", "signature-invalid")],
)
def test_a_refusal_in_the_protocols_words_is_a_refusal(status: str, code: str) -> None:
    answer = put(always(http(status, json.dumps({"code": code}).encode())))
    assert answer == Refused(code=ErrorCode(code))


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable", "500 Oh", "502 Bad Gateway"])
def test_a_busy_platform_is_waited_for_as_long_as_it_says(status: str) -> None:
    answer = put(always(http(status, PORTAL, Retry_After="37")))
    assert answer == Unreachable(reason="busy", retry_after_seconds=37.0)


def test_an_endless_answer_is_left_in_time() -> None:
    body = b"x" * (protocol.MAX_ANSWER_BYTES + 2)
    assert put(always(http("200 OK", body))) == Unreachable(reason="answer-too-large")


def test_a_dripping_answer_is_left_in_time() -> None:
    ticks = itertools.count(0.0, client_module.ANSWER_SECONDS / 2)
    with (
        answering(always(http("200 OK", b"x" * 300_000))) as url,
        PlatformClient(url, monotonic=lambda: next(ticks)) as client,
    ):
        assert client.updates("") == Unreachable(reason="timeout")


@contextlib.contextmanager
def dripping(head: bytes, drop: bytes) -> Iterator[str]:
    """A server that never stops answering, nor ever comes to an end within what a read may wait."""
    listening = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                line.sendall(head)
                while not stopped.wait(0.02):
                    line.sendall(drop)

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    # So that nothing hangs when the client does: it gets to see an end, which is not the outcome that is asked for.
    giving_up = threading.Timer(20, stopped.set)
    giving_up.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        giving_up.cancel()
        stopped.set()
        listening.close()
        serving.join(10)


@pytest.mark.parametrize("close", [b"", b"Connection: close\r\n"])
@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n%sTransfer-Encoding: chunked\r\n\r\n", b"0"),
        (b"HTTP/1.1 200 OK\r\n%sTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\n%sContent-Length: 100000\r\n\r\n", b"{"),
        (b"HTTP/1.1 200 OK\r\n%s\r\n", b"{"),
    ],
)
def test_whatever_a_server_drips_an_exchange_has_an_end(head: bytes, drop: bytes, close: bytes) -> None:
    whole = head % close if b"%s" in head else head
    with dripping(whole, drop) as host, PlatformClient(f"http://{host}", answer_seconds=0.2) as client:
        assert client.updates("") == Unreachable(reason="timeout")


def test_a_greeting_that_drips_before_encryption_begins_has_an_end_too() -> None:
    hello = b"\x16\x03\x03\x40\x00"
    with dripping(hello, b"x") as host, PlatformClient(f"https://{host}", answer_seconds=0.2) as client:
        assert client.updates("") == Unreachable(reason="timeout")
    with (
        dripping(b"HTTP/1.1 ", b"2") as host,
        PlatformClient("https://platform.example", proxy=f"http://{host}", answer_seconds=0.2) as client,
    ):
        assert client.updates("") == Unreachable(reason="timeout")


def test_a_line_that_was_used_before_is_cut_like_a_new_one_and_the_next_request_is_not() -> None:
    page = json.dumps({"cursor": "a"}).encode()
    good = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                for answers in ((good, b"HTTP/1.1 200 OK\r\nX: "), (good,)):
                    line, _ = listening.accept()
                    with line:
                        for answer in answers:
                            line.recv(65536)
                            line.sendall(answer)
                        line.recv(65536)

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with PlatformClient(url, answer_seconds=2.0) as client:
            assert isinstance(client.updates(""), Sent)
            assert client.updates("") == Unreachable(reason="timeout")
            assert isinstance(client.updates(""), Sent)


def test_closing_ends_what_is_being_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = PlatformClient(f"http://127.0.0.1:{listening.getsockname()[1]}")
        outcomes: list[object] = []
        asking = threading.Thread(target=lambda: outcomes.append(client.updates("")))
        asking.start()
        line, _ = listening.accept()
        with line:
            line.recv(65536)  # asked, and never answered
            client.close()
            asking.join(client_module.READ_SECONDS / 2)
            assert outcomes == [Unreachable(reason="timeout")]


def test_an_answer_about_another_call_is_none() -> None:
    other = json.dumps({"id": PETITION_ID.replace("0", "1"), "answered_by": "x"}).encode()
    with answering(always(http("200 OK", other))) as url, PlatformClient(url) as client:
        assert client.call_answer(PETITION_ID) == Unreachable(reason="not-the-platform")


def test_a_compressed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert put(always(http("200 OK", bomb, Content_Encoding="gzip"))) == Unreachable(reason="not-the-platform")


def test_no_request_follows_a_redirect_or_brings_back_a_cookie() -> None:
    heads: list[bytes] = []

    def answers(head: bytes, _count: int) -> bytes:
        heads.append(head)
        return http("307 Temporary", Location="/elsewhere", Set_Cookie="follow=me")

    with answering(answers) as url, PlatformClient(url, token="a-token-0123456789") as client:
        client.put_petition(PETITION_ID, b"{}")
        client.updates("")
    assert [head.split(b" ")[1] for head in heads] == [f"/v1/petitions/{PETITION_ID}".encode(), b"/v1/updates?after="]
    assert not any(b"follow=me" in head for head in heads)


def test_every_request_says_what_it_speaks_and_whose_it_is() -> None:
    heads: list[bytes] = []

    def answers(head: bytes, _count: int) -> bytes:
        heads.append(head)
        return b""

    with answering(answers) as url, PlatformClient(url, token="a-token-0123456789", software="kiosk/9") as client:
        client.put_petition(PETITION_ID, b"{}")
    head = heads[0].decode().lower()
    for line in (
        "petition-protocol: 1",
        "user-agent: kiosk/9",
        "authorization: bearer a-token-0123456789",
        f"repr-digest: {protocol.digest_header(b'{}').lower()}",
        "accept-encoding: identity",
    ):
        assert line in head


def tus(offset: int | str, status: str = "204 No Content") -> bytes:
    return http(status, b"", Tus_Resumable="1.0.0", Upload_Offset=str(offset))


@pytest.fixture
def attachment(tmp_path: Path) -> Path:
    path = tmp_path / "a.attachment"
    path.write_bytes(b"x" * 1000)
    return path


def upload(url: str, path: Path, location: str = "") -> object:
    with PlatformClient(url) as client:
        return client.upload(
            PETITION_ID, PETITION_ID, path, length=1000, sha256="0" * 64, location=location, moved=lambda *_: None
        )


@pytest.mark.parametrize(
    "location",
    [
        "http://evil.example/v1/files/x",
        "//evil.example/v1/files/x",
        "/v1/petitions/x",
        "/v1/files/../../etc",
        "/v1/files/a?b=c",
        "/v1/files/" + "x" * 300,
        "",
        "http://[",
    ],
)
def test_a_location_elsewhere_is_not_followed(attachment: Path, location: str) -> None:
    created = http("201 Created", Location=location, Tus_Resumable="1.0.0")
    with answering(always(created)) as url:
        assert upload(url, attachment) == Unreachable(reason="not-the-platform")


@pytest.mark.parametrize("offset", ["0", "5000", "-1", "x", "", "9" * 30])
def test_an_offset_that_goes_nowhere_ends_the_upload_instead_of_looping(attachment: Path, offset: str) -> None:
    asked: list[bytes] = []

    def answers(head: bytes, count: int) -> bytes:
        asked.append(head)
        assert count < 10
        if head.startswith(b"POST"):
            return http("201 Created", Location="/v1/files/f1", Tus_Resumable="1.0.0")
        return tus(0, "200 OK") if head.startswith(b"HEAD") else tus(offset)

    with answering(answers) as url:
        assert isinstance(upload(url, attachment), Unreachable)
    assert len(asked) <= 4


def test_a_platform_that_always_says_elsewhere_is_asked_a_few_times_only(attachment: Path) -> None:
    asked: list[bytes] = []

    def answers(head: bytes, _count: int) -> bytes:
        asked.append(head)
        if head.startswith(b"HEAD"):
            return tus(0, "200 OK")
        return http("409 Conflict", b'{"code": "offset-differs"}', Tus_Resumable="1.0.0")

    with answering(answers) as url:
        assert upload(url, attachment, "/v1/files/f1") == Refused(code=ErrorCode.OFFSET_DIFFERS)
    assert len(asked) < 12


def test_an_upload_goes_on_where_the_platform_has_it_and_is_made_anew_when_it_is_gone(attachment: Path) -> None:
    sent: list[tuple[str, str]] = []

    def answers(head: bytes, _count: int) -> bytes:
        method, path = head.decode().split(" ")[:2]
        sent.append((method, path))
        if path == "/v1/files/gone":
            return http("404 Not Found")
        if method == "POST":
            return http("201 Created", Location="/v1/files/new", Tus_Resumable="1.0.0")
        if method == "HEAD":
            return tus(400, "200 OK")
        offset = int(re.findall(rb"upload-offset: (\d+)", head.lower())[0])
        length = int(re.findall(rb"content-length: (\d+)", head.lower())[0])
        assert (offset, length) == (400, 600)
        return tus(1000)

    with answering(answers) as url:
        assert upload(url, attachment, "/v1/files/gone") == Sent(value=None)
    assert sent == [
        ("HEAD", "/v1/files/gone"),
        ("POST", "/v1/files"),
        ("HEAD", "/v1/files/new"),
        ("PATCH", "/v1/files/new"),
    ]


def test_an_attachment_that_has_changed_its_length_is_not_sent(attachment: Path) -> None:
    attachment.write_bytes(b"short")
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        upload("http://127.0.0.1:9", attachment)


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("37", "", 37.0),
        ("0", "", 0.0),
        ("99999999", "", 86400.0),
        ("-5", "", None),
        ("3.5", "", None),
        ("", "", None),
        ("soon", "", None),
        ("Mon, 08 Mar 2027 04:00:30 GMT", "Mon, 08 Mar 2027 04:00:00 GMT", 30.0),
        ("Mon, 08 Mar 2027 03:00:00 GMT", "Mon, 08 Mar 2027 04:00:00 GMT", 0.0),
        ("Mon, 08 Mar 2027 04:00:30 GMT", "", None),
    ],
)
def test_retry_after_is_read_to_the_second(header: str, date: str, seconds: float | None) -> None:
    assert retry_after_seconds(header, date) == seconds


@given(st.text(), st.text())
def test_whatever_retry_after_says_it_is_a_bounded_wait_or_none(header: str, date: str) -> None:
    found = retry_after_seconds(header, date)
    assert found is None or 0.0 <= found <= 86400.0


def test_a_lookup_answered_for_another_number_is_not_an_answer() -> None:
    body = {"number": "102300012392", "as_of": "2027-01-01T00:00:00Z"}
    with answering(always(http("200 OK", json.dumps(body).encode()))) as url, PlatformClient(url) as client:
        right = client.lookup(protocol.LookupRequest(number="102300012392", tag="0" * 20))
        wrong = client.lookup(protocol.LookupRequest(number="102300000170", tag="0" * 20))
    assert isinstance(right, Sent)
    assert wrong == Unreachable(reason="not-the-platform")
