"""The webhook against a receiver that really listens: signed, in order, once more when it must, and never in the way."""

import base64
import hashlib
import hmac
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from gateway import admin, calls, webhook
from gateway.__main__ import main
from gateway.database import Delivery
from gateway.outbox import CallNews
from gateway.serve import Served, running
from gateway.settings import Settings
from gateway.webhook import Told, Webhook, dingtalk_address
from petition.errors import Fault
from tests.gateway.browser import Browser
from tests.gateway.conftest import HandClock
from tests.gateway.sending import SendingKiosk, enrol

PATIENCE_SECONDS = 60
KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
ROBOT_SECRET = "SEC0123456789abcdef"


class Got(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


class Receiver:
    """An HTTP server that answers as the test says: a status, a body, a Retry-After, or nothing until it is let."""

    def __init__(self) -> None:
        self.got: Queue[Got] = Queue()
        self.status = 200
        self.body = b'{"errcode":0,"errmsg":"ok"}'
        self.headers: dict[str, str] = {}
        self.may_answer = threading.Event()
        self.may_answer.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, answer, more = receiver.status, receiver.body, receiver.headers
                receiver.got.put(Got(self.path, headers, body))
                receiver.may_answer.wait(PATIENCE_SECONDS)
                try:
                    self.send_response(status)
                    for name, value in more.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    pass  # who waited has gone

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._handler = Handler
        self._server: ThreadingHTTPServer | None = None
        self.port = 0

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        looking_seconds = 0.01  # how often it asks whether it is to stop, which every test waits for
        threading.Thread(target=self._server.serve_forever, args=(looking_seconds,), daemon=True).start()

    def stop(self) -> None:
        self.may_answer.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=robots-own-secret"

    def next(self) -> Got:
        return self.got.get(timeout=PATIENCE_SECONDS)

    @property
    def nothing_more(self) -> bool:
        try:
            self.got.get_nowait()
        except Empty:
            return True
        return False


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.start()
    yield receiver
    receiver.stop()


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver) -> Settings:
    return Settings(
        directory=tmp_path / "gateway",
        port=0,
        webhook_url=receiver.url,
        webhook_secret=SECRET,
        staff_url="https://desk.example/staff/calls",
    )


def verified(got: Got, key: bytes = KEY) -> Got:
    """Check a message as Standard Webhooks says, by hand."""
    signed = got.headers["webhook-id"] + "." + got.headers["webhook-timestamp"] + "." + got.body.decode()
    expected = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"
    return got


def settled(served: Served, done: Callable[[list[Delivery]], bool]) -> list[Delivery]:
    """Return the queue once `done` says so; the sender's thread is waited for by its table."""
    for _ in range(PATIENCE_SECONDS * 20):
        with served.platform.database.reading() as rows:
            queue = rows.query(Delivery).order_by(Delivery.id).all()
        if done(queue):
            return queue
        look(served)
        threading.Event().wait(0.05)
    pytest.fail("the queue did not come to rest")


def look(served: Served) -> None:
    """Let the sender look at the clock that a test has moved: by itself it would in two seconds."""
    served.platform.outbox_changed.set()


def all_taken(queue: list[Delivery]) -> bool:
    return bool(queue) and all(each.taken for each in queue)


def test_a_call_is_passed_on_signed_with_nothing_in_it_about_anybody(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock
) -> None:
    call = kiosk.call("medical")
    got = verified(receiver.next())
    assert got.headers["webhook-timestamp"] == str(int(clock.now.timestamp()))
    assert set(got.said) == {"type", "call", "kiosk", "reason", "urgent", "since", "at", "link"}
    assert (got.said["type"], got.said["call"], got.said["kiosk"]) == ("call.called", call, "幸福社区 1 号机")
    assert (got.said["reason"], got.said["urgent"]) == ("medical", True)
    assert got.said["link"] == "https://desk.example/staff/calls"
    with pytest.raises(AssertionError):
        verified(got._replace(body=got.body.replace(b"medical", b"help")))
    settled(served, all_taken)
    calls.answer_call(served.platform, call, account="wang", name="王师傅")
    kiosk.call(call_id=call, over=True)
    assert len(settled(served, all_taken)) == 1
    assert receiver.nothing_more


def test_a_receiver_that_fails_is_asked_again_later_and_later_with_the_same_id(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock
) -> None:
    receiver.status = 500
    kiosk.call()
    ids, waits = set(), []
    for attempt in range(1, 5):
        got = verified(receiver.next())
        ids.add(got.headers["webhook-id"])
        [delivery] = settled(served, lambda queue, n=attempt: queue[0].attempts == n)  # type: ignore[misc]
        waits.append((delivery.due_at - clock.now).total_seconds())
        if attempt == 4:
            receiver.status = 200
        clock.now = delivery.due_at
        look(served)
    assert all(later > earlier for earlier, later in pairwise(waits))
    verified(receiver.next())
    [delivery] = settled(served, all_taken)
    assert (len(ids), delivery.attempts) == (1, 5)


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (302, b""), (200, b'{"errcode":45009,"errmsg":"api freq out of limit"}')]
)
def test_a_no_of_whatever_kind_is_a_no(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock, status: int, body: bytes
) -> None:
    receiver.status, receiver.body = status, body
    receiver.headers = {"Location": receiver.url} if status == 302 else {}
    kiosk.call()
    receiver.next()
    [delivery] = settled(served, lambda queue: queue[0].attempts == 1)
    assert not delivery.taken
    receiver.status, receiver.body = 200, b"ok"
    clock.now = delivery.due_at
    settled(served, all_taken)


@pytest.mark.parametrize(
    ("reason", "asked", "least", "most"),
    [
        ("help", "120", 120, 150),
        ("help", "99999", 300, 300),
        ("help", "999999999", 300, 300),
        ("fire", "30", 30, 37.5),
        ("fire", "99999", 60, 60),
        ("fire", "9" * 5000, 2, 2.5),
    ],
)
def test_retry_after_is_honoured_but_buries_no_call(
    kiosk: SendingKiosk,
    served: Served,
    receiver: Receiver,
    clock: HandClock,
    reason: str,
    asked: str,
    least: float,
    most: float,
) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": asked}
    kiosk.call(reason)
    [delivery] = settled(served, lambda queue: queue[0].attempts == 1)
    assert least <= (delivery.due_at - clock.now).total_seconds() <= most


def test_danger_goes_before_whatever_waits_already(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock
) -> None:
    receiver.stop()
    for_help = [kiosk.call() for _ in range(3)]
    settled(served, lambda queue: len(queue) == 3 and all(each.attempts == 1 for each in queue))
    receiver.may_answer.clear()
    receiver.start()
    clock.pass_by(minutes=10)
    look(served)
    assert receiver.next().said["call"] == for_help[0]
    # The first is being sent, and the others are due, when the danger comes.
    danger = [kiosk.call("fire"), kiosk.call("medical")]
    receiver.may_answer.set()
    assert [receiver.next().said["call"] for _ in range(4)] == [*danger, *for_help[1:]]
    settled(served, all_taken)


def test_one_kiosk_does_not_flood_the_group_and_is_not_silenced(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock, http: requests.Session
) -> None:
    made = [kiosk.call() for _ in range(8)]
    danger = [kiosk.call("crime") for _ in range(4)]
    other = enrolled(served, http).call()
    assert {call.id for call in calls.waiting_calls(served.platform)} == {*made, *danger, other}, "here all ring"
    # The other kiosk's call is the youngest: what is held back was passed over.
    assert {receiver.next().said["call"] for _ in range(8)} == {*made[:3], *danger, other}
    for passed_on, more in ((8, made[3:6]), (11, made[6:])):
        settled(served, lambda queue, n=passed_on: sum(each.taken for each in queue) == n)  # type: ignore[misc]
        assert receiver.nothing_more
        clock.pass_by(minutes=5)
        look(served)
        assert [receiver.next().said["call"] for _ in more] == more
    settled(served, all_taken)


def test_a_call_held_back_that_is_over_meanwhile_is_not_told_of(
    receiver: Receiver, settings: Settings, clock: HandClock, http: requests.Session
) -> None:
    with running(replace(settings, webhook_also=("answered", "over")), clock) as served:
        kiosk = enrolled(served, http)
        told = [kiosk.call() for _ in range(3)]
        assert [receiver.next().said["call"] for _ in told] == told
        for _ in range(10):
            kiosk.call(call_id=kiosk.call(), over=True)
        last = kiosk.call()
        kiosk.call(call_id=told[0], over=True)
        over = receiver.next().said
        assert (over["type"], over["call"]) == ("call.over", told[0])
        settled(served, lambda queue: sum(each.taken for each in queue) == 4)
        clock.pass_by(minutes=5)
        look(served)
        assert receiver.next().said["call"] == last
        queue = settled(served, lambda queue: all(each.done_at is not None for each in queue))
        assert sum(each.taken for each in queue) == 5
    assert receiver.nothing_more


def test_a_receiver_that_does_not_answer_is_in_nobodys_way(
    kiosk: SendingKiosk, served: Served, receiver: Receiver
) -> None:
    receiver.may_answer.clear()
    first = kiosk.call()
    receiver.next()
    # The sender waits for its answer; kiosks and staff don't.
    second = kiosk.call("fire")
    assert [call.id for call in calls.waiting_calls(served.platform)] == [second, first]
    calls.answer_call(served.platform, first, account="wang", name="王师傅")
    assert kiosk.answer_to(first).answered_by == "王师傅"
    receiver.may_answer.set()
    assert receiver.next().said["call"] == second
    settled(served, all_taken)


def test_an_answer_that_comes_too_late_means_once_more_under_the_same_id(
    receiver: Receiver, settings: Settings, clock: HandClock, http: requests.Session
) -> None:
    receiver.may_answer.clear()
    with running(replace(settings, webhook_seconds=0.3), clock) as served:
        kiosk = enrolled(served, http)
        kiosk.call()
        [delivery] = settled(served, lambda queue: bool(queue) and queue[0].attempts == 1)
        receiver.may_answer.set()
        clock.now = delivery.due_at
        settled(served, all_taken)
    assert receiver.next().headers["webhook-id"] == receiver.next().headers["webhook-id"] == delivery.message_id


def test_what_was_not_delivered_is_after_a_restart(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock
) -> None:
    receiver.stop()
    made = [kiosk.call(), kiosk.call("crime")]
    settled(served, lambda queue: len(queue) == 2 and all(each.attempts == 1 for each in queue))
    assert webhook.undelivered(served.platform) == 0
    served.stop()
    clock.pass_by(minutes=10)
    receiver.start()
    served.start()
    assert {verified(receiver.next()).said["call"] for _ in made} == set(made)
    settled(served, all_taken)


def test_who_was_helped_long_ago_is_not_called_for(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock
) -> None:
    receiver.stop()
    answered, over, waiting = kiosk.call(), kiosk.call(), kiosk.call()
    settled(served, lambda queue: len(queue) == 3 and all(each.attempts == 1 for each in queue))
    calls.answer_call(served.platform, answered, account="wang", name="王师傅")
    kiosk.call(call_id=over, over=True)
    receiver.start()
    clock.pass_by(minutes=10)
    queue = settled(served, lambda queue: all(each.done_at is not None for each in queue))
    assert [each.taken for each in queue] == [False, False, True]
    assert receiver.next().said["call"] == waiting
    assert receiver.nothing_more
    told = admin.waiting_calls(served.platform)
    assert [told[each]["webhook"] for each in (answered, over, waiting)] == ["dropped", "dropped", "sent"]


def test_in_the_end_it_is_given_up(kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock) -> None:
    receiver.stop()
    kiosk.call()
    settled(served, lambda queue: bool(queue) and queue[0].attempts == 1)
    clock.pass_by(hours=25)
    [delivery] = settled(served, lambda queue: queue[0].done_at is not None)
    assert not delivery.taken
    receiver.start()
    assert len(calls.waiting_calls(served.platform)) == 1, "here it rings on"


def test_staff_see_that_their_group_was_not_reached(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock, staff_account: str
) -> None:
    receiver.stop()
    kiosk.call()
    for attempt in (1, 2):
        [delivery] = settled(served, lambda queue, n=attempt: queue[0].attempts == n)  # type: ignore[misc]
        clock.now = delivery.due_at if attempt == 1 else clock.now
    browser = Browser(served.url)
    with browser.http:
        browser.sign_in(staff_account)
        assert "通知没送到外面的群里（1 条）" in browser.get("/staff/calls").text
    receiver.start()


def enrolled(served: Served, http: requests.Session) -> SendingKiosk:
    return enrol(served.url, admin.make_enrolment_code(served.platform, kiosk_name="幸福社区 1 号机"), http)


def test_asked_for_it_tells_the_whole_story_in_order(
    receiver: Receiver, settings: Settings, clock: HandClock, http: requests.Session
) -> None:
    receiver.status = 503
    with running(replace(settings, webhook_also=("answered", "over")), clock) as served:
        kiosk = enrolled(served, http)
        call = kiosk.call()
        settled(served, lambda queue: bool(queue) and queue[0].attempts == 1)
        calls.answer_call(served.platform, call, account="wang", name="王师傅")
        kiosk.call(call_id=call, over=True)
        receiver.next()
        receiver.status = 200
        clock.pass_by(minutes=1)
        settled(served, lambda queue: len(queue) == 3 and all_taken(queue))
    told = [verified(receiver.next()) for _ in range(3)]
    assert [each.said["type"] for each in told] == ["call.called", "call.answered", "call.over"]
    assert all("王" not in each.body.decode() for each in told), "who works here is nobody's business elsewhere"


def test_a_call_answered_on_the_command_line_is_passed_on_by_the_gateway_that_runs(
    receiver: Receiver,
    settings: Settings,
    http: requests.Session,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with running(replace(settings, webhook_also=("answered",))) as served:
        admin.put_staff(served.platform, account="wang", name="王师傅")
        call = enrolled(served, http).call()
        assert receiver.next().said["type"] == "call.called"
        base = ["--directory", str(settings.directory), "--json", "admin"]
        assert main([*base, "answer", call, "--as", "wang"]) == 0
        assert json.loads(capsys.readouterr().out) == {"answered_by": "王师傅"}
        assert receiver.next().said["type"] == "call.answered"
        settled(served, all_taken)
        assert main([*base, "answer", call, "--as", "nobody"]) == 2
        assert main([*base, "calls"]) == 0
        assert json.loads(capsys.readouterr().out)[call]["webhook"] == "sent"
        assert main([*base[:2], "admin", "calls"]) == 0
        assert "王师傅, 幸福社区 1 号机" in capsys.readouterr().out


def test_wecom_gets_a_text_of_its_robots_and_everybody_is_named_only_in_danger(
    receiver: Receiver, settings: Settings, clock: HandClock, http: requests.Session
) -> None:
    with running(replace(settings, webhook_body="wecom", webhook_secret=""), clock) as served:
        kiosk = enrolled(served, http)
        kiosk.call()
        plain = receiver.next()
        assert plain.path == "/hook?key=robots-own-secret"
        assert "webhook-signature" not in plain.headers
        assert plain.said["msgtype"] == "text"
        assert plain.said["text"]["mentioned_list"] == []
        content = plain.said["text"]["content"]
        assert content.startswith("社区诉求服务台呼叫　幸福社区 1 号机：有人在叫\n")
        assert content.endswith("https://desk.example/staff/calls")
        settled(served, all_taken)
        kiosk.call("fire")
        urgent = receiver.next()
        assert urgent.said["text"]["mentioned_list"] == ["@all"]
        assert "【紧急】" in urgent.said["text"]["content"]
        assert len(urgent.said["text"]["content"].encode()) < 2048
        settled(served, all_taken)


def test_dingtalk_gets_its_timestamp_and_sign(
    receiver: Receiver, settings: Settings, clock: HandClock, http: requests.Session
) -> None:
    with running(replace(settings, webhook_body="dingtalk", webhook_secret=ROBOT_SECRET), clock) as served:
        enrolled(served, http).call("self")
        got = verified(receiver.next(), ROBOT_SECRET.encode())
        settled(served, all_taken)
    query = parse_qs(urlsplit(got.path).query, strict_parsing=True)
    assert query["key"] == ["robots-own-secret"]
    [timestamp], [sign] = query["timestamp"], query["sign"]
    assert timestamp == str(int(clock.now.timestamp() * 1000))
    expected = hmac.new(ROBOT_SECRET.encode(), f"{timestamp}\n{ROBOT_SECRET}".encode(), hashlib.sha256).digest()
    assert base64.b64decode(sign, validate=True) == expected
    assert got.said["msgtype"] == "text"
    assert "不想活了" in got.said["text"]["content"]
    assert got.said["at"] == {"isAtAll": True}


def test_the_sign_is_the_one_dingtalks_own_example_makes() -> None:
    # timestamp and secret of their Python example, worked out with openssl:
    # printf '1577262236757\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64
    address = dingtalk_address("https://oapi.dingtalk.com/robot/send?access_token=X", b"this is secret", 1577262236757)
    assert address.endswith("&timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D")


def test_a_template_of_ones_own_is_filled_in_whatever_a_kiosk_is_called(
    receiver: Receiver, settings: Settings, clock: HandClock, http: requests.Session, tmp_path: Path
) -> None:
    own = tmp_path / "own.json"
    own.write_text('{"title": {{ kiosk|tojson }}, "text": {{ text|tojson }}}', encoding="utf-8")
    name = '一号"机\\\n</script>{{ call_id }}'
    with running(replace(settings, webhook_body=str(own)), clock) as served:
        code = admin.make_enrolment_code(served.platform, kiosk_name=name)
        enrol(served.url, code, http).call()
        got = verified(receiver.next())
        settled(served, all_taken)
    assert got.said["title"] == name


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"webhook_url": "ftp://example.org/x"}, "no http"),
        ({"webhook_url": "example.org"}, "no http"),
        ({"webhook_secret": ""}, "secret is needed"),
        ({"webhook_body": "dingtalk", "webhook_secret": ""}, "secret is needed"),
        ({"webhook_secret": "whsec_***"}, "base64"),
        ({"webhook_body": "/nonexistent/own.json"}, "cannot be read"),
        ({"webhook_sign": "rot13"}, "signed by"),
        ({"webhook_also": ("everything",)}, "answered and over"),
    ],
)
def test_a_webhook_that_cannot_work_is_told_at_the_start(
    settings: Settings, changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(Fault, match="bad-configuration") as caught:
        Webhook(replace(settings, **changed))
    assert told in caught.value.remedy
    assert "robots-own-secret" not in str(caught.value)


@pytest.mark.parametrize("template", ["{{ kiosk }}", "{{ nobody }}", "{% for %}", "{{ ''.__class__.__mro__ }}"])
def test_a_template_that_gives_no_json_is_told_at_the_start(settings: Settings, tmp_path: Path, template: str) -> None:
    own = tmp_path / "own.json"
    own.write_text(f'{{"text": "{template}"' if template == "{{ kiosk }}" else template, encoding="utf-8")
    with pytest.raises(Fault, match="template"):
        Webhook(replace(settings, webhook_body=str(own)))


def test_the_command_line_reads_the_secret_from_its_file_and_says_what_is_wrong_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["--directory", str(tmp_path / "data"), "--port", "0", "--webhook-url", "https://example.org/hook"]
    secret = tmp_path / "secret"
    for arguments, line in (
        ([], "a secret is needed"),
        (["--webhook-secret-file", str(secret)], "cannot be read"),
        (["--webhook-body", "dingtalk"], "a secret is needed"),
    ):
        assert main([*base, *arguments]) == 2
        captured = capsys.readouterr()
        assert line in captured.err
        assert len(captured.err.strip().splitlines()) == 1


def test_the_log_names_the_call_and_never_the_address(
    kiosk: SendingKiosk, served: Served, receiver: Receiver, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="gateway")
    receiver.stop()
    call = kiosk.call()
    [delivery] = settled(served, lambda queue: queue[0].attempts == 1)
    receiver.start()
    clock.now = delivery.due_at
    settled(served, all_taken)
    assert f"webhook-failed call={call} attempts=1 status=ConnectionError" in caplog.text
    assert f"webhook-sent call={call} attempts=2" in caplog.text
    assert "robots-own-secret" not in caplog.text


def test_without_a_webhook_nothing_is_queued(tmp_path: Path, http: requests.Session) -> None:
    with running(Settings(directory=tmp_path / "silent", port=0)) as served:
        call = enrolled(served, http).call()
        with served.platform.database.reading() as rows:
            assert rows.query(Delivery).count() == 0
        assert admin.waiting_calls(served.platform)[call]["webhook"] == ""


def test_the_link_leads_to_where_staff_are(settings: Settings) -> None:
    by_host = replace(settings, staff_url="", public_host="desk.example.org", tls_in_front=True)
    told = Told(
        message_id="msg_1",
        news=CallNews.CALLED,
        call_id="1",
        kiosk="1",
        reason="help",
        since=HandClock().now,
        at=HandClock().now,
    )
    for run, link in (
        (settings, "https://desk.example/staff/calls"),
        (by_host, "https://desk.example.org/staff/calls"),
        (replace(settings, staff_url="", port=8600), "http://127.0.0.1:8600/staff/calls"),
    ):
        assert json.loads(Webhook(run).outgoing(told, HandClock().now).body)["link"] == link


def test_a_gateway_started_as_the_page_says_passes_calls_on(
    receiver: Receiver, tmp_path: Path, http: requests.Session
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n", encoding="ascii")
    command = [sys.executable, "-m", "gateway", "--demo", "--json", "--until-stdin-closes", "--port", "0"]
    command += ["--directory", str(tmp_path / "data"), "--staff-url", "https://desk.example.org/staff/calls"]
    command += ["--webhook-url", receiver.url, "--webhook-secret-file", str(secret), "--webhook-also", "over"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        kiosk = enrol(told["url"], told["enrolment_code"], http)
        call = kiosk.call("crime")
        assert verified(receiver.next()).said["link"] == "https://desk.example.org/staff/calls"
        kiosk.call(call_id=call, over=True)
        assert verified(receiver.next()).said["type"] == "call.over"
        _, complaints = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 0
    assert "Traceback" not in complaints
    assert "robots-own-secret" not in complaints
