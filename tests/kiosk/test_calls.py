"""Calls for a person, over a real line to a real gateway: they ring, are answered, and say so when they can't."""

import json
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway import admin
from gateway import calls as desk
from gateway.database import Call
from gateway.serve import Served
from kiosk.calls import NAME_CHARACTERS, Calls, Pacing
from kiosk.configuration import Platform
from kiosk.journal import FILE, FOLDER, journal
from offline_queue import client, protocol
from offline_queue.enrolment import enrol
from offline_queue.store import open_store
from petition.events import CallChanged
from petition.model import CallStanding, Danger
from tests.kiosk.events_box import WAIT_SECONDS, Box
from tests.kiosk.relay import Cut, Line, Relay
from tests.offline_queue.network import answering, http

BEGUN, RINGING, ANSWERED, UNREACHABLE = CallStanding
QUICK = Pacing(late=0.5, lost=0.5, poll=0.05, retry=0.02, longest_retry=0.1, longest_asked=1.0)
PATIENT = Pacing(late=600.0, lost=600.0, poll=0.05, retry=0.02, longest_retry=0.1)
"""Never gives anything up for lost: what it says comes from what it was told."""


def a_kiosk(folder: Path, served: Served, name: str = "一号机") -> Path:
    with open_store(folder) as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name=name))
    return folder


@pytest.fixture
def state(tmp_path: Path, served: Served) -> Path:
    """The state directory of an enrolled kiosk."""
    return a_kiosk(tmp_path / "state", served)


@contextmanager
def calling(state: Path, box: Box, url: str = "", pacing: Pacing = QUICK) -> Iterator[Calls]:
    calls = Calls(state, box.post, Platform(url=url), pacing=pacing)
    calls.launch()
    try:
        yield calls
    finally:
        calls.shut_down()
        assert not calls._thread.is_alive()


def told(box: Box, standing: CallStanding, call: int = 1) -> CallChanged:
    return box.wait(CallChanged, lambda event: event.call == call and event.standing is standing)


def at_the_desk(served: Served) -> list[Call]:
    """What the platform holds of calls, oldest first."""
    with served.platform.database.reading() as rows:
        return list(rows.scalars(select(Call).order_by(Call.received_at)))


def wait_for(what: Callable[[], object]) -> None:
    """Wait until the platform holds what a test expects of it: no event of the kiosk tells of that."""
    pause = threading.Event()
    for _ in range(int(WAIT_SECONDS / 0.02)):
        if what():
            return
        pause.wait(0.02)
    raise AssertionError("it never came to that")


# --- a good line ------------------------------------------------------------------------------------------------------


def test_a_call_rings_is_answered_and_then_asks_no_more(state: Path, box: Box, served: Served, relay: Relay) -> None:
    with calling(state, box, relay.url) as calls:
        calls.call(1)
        assert told(box, RINGING) == CallChanged(call=1, standing=RINGING)
        (call,) = at_the_desk(served)
        assert call.reason == "help"
        desk.answer_call(served.platform, call.id, account="wang", name="王师傅")
        assert told(box, ANSWERED) == CallChanged(call=1, standing=ANSWERED, by="王师傅")
        wait_for(lambda: calls._client is None)  # nobody is waited for any more
        asked = len(relay.requests)
        calls.call(2)
        told(box, RINGING, 2)
        assert not [line for line in relay.requests[asked:] if call.id.encode() in line]
    assert box.events == []


@pytest.mark.parametrize("danger", Danger)
def test_a_call_says_what_kind_of_danger_there_is_and_nothing_else(
    state: Path, box: Box, served: Served, relay: Relay, danger: Danger
) -> None:
    sent: list[bytes] = []
    relay.on_request = sent.append
    with calling(state, box, relay.url, PATIENT) as calls:
        calls.call(7, danger)
        told(box, RINGING, 7)
    (call,) = at_the_desk(served)
    assert call.reason == danger.value
    asked = b"".join(sent)
    body = json.loads(asked[asked.index(b"{") : asked.index(b"}") + 1])
    assert set(body) == {"kiosk_id", "reason", "made_at", "over"}
    assert body["over"] is False


def test_every_call_has_an_id_of_its_own_and_ends_no_other(state: Path, box: Box, served: Served) -> None:
    with calling(state, box, pacing=PATIENT) as calls:
        calls.call(1)
        calls.call(2, Danger.FIRE)
        calls.call(1, Danger.FIRE)  # already called
        told(box, RINGING, 2)
        wait_for(lambda: len(at_the_desk(served)) == 2)
        first, second = sorted(at_the_desk(served), key=lambda call: call.reason, reverse=True)
        assert (first.reason, second.reason) == ("help", "fire")
        assert first.id != second.id
        assert not first.over_at
        desk.answer_call(served.platform, second.id, account="li", name="李姐")
        assert told(box, ANSWERED, 2).by == "李姐"
        desk.answer_call(served.platform, first.id, account="wang", name="王师傅")
        assert told(box, ANSWERED, 1).by == "王师傅"
    assert len(at_the_desk(served)) == 2


def test_a_call_that_is_ended_is_over_where_staff_sit_and_nothing_more_is_told(
    state: Path, box: Box, served: Served
) -> None:
    with calling(state, box) as calls:
        calls.call(1)
        told(box, RINGING)
        calls.end(1)
        wait_for(lambda: at_the_desk(served)[0].over_at)
        calls.end(1)
        calls.end(2)  # there never was one
        assert desk.waiting_calls(served.platform) == []
        wait_for(lambda: not calls._calls)
    assert box.events == []


def test_an_answered_call_can_be_ended_too(state: Path, box: Box, served: Served) -> None:
    with calling(state, box) as calls:
        calls.call(1)
        told(box, RINGING)
        desk.answer_call(served.platform, at_the_desk(served)[0].id, account="wang", name="王师傅")
        told(box, ANSWERED)
        calls.end(1)
        wait_for(lambda: at_the_desk(served)[0].over_at)


def test_two_kiosks_know_nothing_of_each_others_calls(tmp_path: Path, state: Path, box: Box, served: Served) -> None:
    other, others = a_kiosk(tmp_path / "other", served, "二号机"), Box()
    with calling(state, box, pacing=PATIENT) as here, calling(other, others, pacing=PATIENT) as there:
        here.call(1)
        there.call(1)
        told(box, RINGING)
        told(others, RINGING)
        mine, theirs = at_the_desk(served)
        assert mine.kiosk_id != theirs.kiosk_id
        with open_store(state) as store:
            own = store.enrolled().kiosk_id
        own_call = mine if mine.kiosk_id == own else theirs
        desk.answer_call(served.platform, own_call.id, account="wang", name="王师傅")
        told(box, ANSWERED)
        here.end(1)
        wait_for(lambda: sum(bool(call.over_at) for call in at_the_desk(served)) == 1)
        (rings,) = [call for call in at_the_desk(served) if not call.over_at]
        assert rings.id != own_call.id
        desk.answer_call(served.platform, rings.id, account="li", name="李姐")
        assert told(others, ANSWERED).by == "李姐"


# --- a bad one --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [Line.GONE, Line.HOLE, Line.PORTAL])
def test_a_call_without_a_line_says_so_and_rings_as_soon_as_there_is_one(
    state: Path, box: Box, served: Served, relay: Relay, bad: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "CALL_SECONDS", 2.0)  # what fell into a hole is tried anew sooner
    relay.become(bad)
    with calling(state, box, relay.url) as calls:
        calls.call(1)
        assert box.wait(CallChanged) == CallChanged(call=1, standing=UNREACHABLE)
        assert at_the_desk(served) == []
        relay.become(Line.GOOD)
        assert box.wait(CallChanged) == CallChanged(call=1, standing=RINGING)
        (call,) = at_the_desk(served)
        desk.answer_call(served.platform, call.id, account="wang", name="王师傅")
        assert box.wait(CallChanged).standing is ANSWERED


@pytest.mark.parametrize("bad", [Line.GONE, Line.PORTAL])
def test_a_line_that_is_lost_while_it_rings_is_told_and_the_answer_is_heard_afterwards(
    state: Path, box: Box, served: Served, relay: Relay, bad: Line
) -> None:
    with calling(state, box, relay.url) as calls:
        calls.call(1)
        assert box.wait(CallChanged).standing is RINGING
        relay.become(bad)
        assert box.wait(CallChanged).standing is UNREACHABLE
        desk.answer_call(served.platform, at_the_desk(served)[0].id, account="wang", name="王师傅")
        relay.become(Line.GOOD)
        assert box.wait(CallChanged) == CallChanged(call=1, standing=ANSWERED, by="王师傅")
        relay.become(bad)  # nothing is asked any more, so nothing is missed
        calls.end(1)
        relay.become(Line.GOOD)
        wait_for(lambda: at_the_desk(served)[0].over_at)
    assert len(at_the_desk(served)) == 1
    assert box.events == []


def test_a_line_that_is_lost_for_a_moment_is_not_told(state: Path, box: Box, served: Served, relay: Relay) -> None:
    with calling(state, box, relay.url, PATIENT) as calls:
        calls.call(1)
        assert box.wait(CallChanged).standing is RINGING
        relay.become(Line.GONE)
        wait_for(lambda: calls._calls[1].failures > 1)
        relay.become(Line.GOOD)
        desk.answer_call(served.platform, at_the_desk(served)[0].id, account="wang", name="王师傅")
        assert box.wait(CallChanged).standing is ANSWERED


def test_a_platform_that_is_started_anew_is_found_again(state: Path, box: Box, served: Served) -> None:
    served.stop()
    with calling(state, box) as calls:
        calls.call(1)
        assert box.wait(CallChanged).standing is UNREACHABLE
        served.start()
        assert box.wait(CallChanged).standing is RINGING


def test_an_end_gets_through_when_the_line_is_back(state: Path, box: Box, served: Served, relay: Relay) -> None:
    with calling(state, box, relay.url) as calls:
        calls.call(1)
        told(box, RINGING)
        relay.become(Line.GONE)
        calls.end(1)
        calls.call(2)
        told(box, UNREACHABLE, 2)
        relay.become(Line.GOOD)
        told(box, RINGING, 2)
        wait_for(lambda: sum(bool(call.over_at) for call in at_the_desk(served)) == 1)


def test_a_call_of_which_the_platform_may_know_is_ended_even_though_it_never_answered(
    state: Path, box: Box, served: Served, relay: Relay
) -> None:
    relay.cut_next(Cut.BEFORE_ANSWER, b"PUT /v1/calls/")
    with calling(state, box, relay.url, PATIENT) as calls:
        calls.call(1)
        assert relay.has_cut.wait(WAIT_SECONDS)
        assert len(desk.waiting_calls(served.platform)) == 1
        calls.end(1)
        relay.become(Line.GOOD)
        wait_for(lambda: not calls._calls)
        assert desk.waiting_calls(served.platform) == []
    assert box.events == []


def test_an_end_is_given_up_after_a_while_and_a_call_that_never_left_is_forgotten_at_once(
    state: Path, box: Box, relay: Relay
) -> None:
    relay.become(Line.GONE)
    with calling(state, box, relay.url, Pacing(late=0.1, retry=0.02, longest_retry=0.05, over=0.2)) as calls:
        calls.call(1)
        told(box, UNREACHABLE)
        calls.end(1)
        wait_for(lambda: not calls._calls)
    waiting = Calls(state, box.post, Platform())
    waiting.call(1)
    waiting.end(1)
    assert waiting._calls == {}
    waiting.shut_down()


def test_a_call_that_no_visit_waits_for_any_more_is_let_be_and_can_still_be_ended(
    state: Path, box: Box, served: Served, relay: Relay
) -> None:
    pacing = Pacing(late=600.0, poll=0.05, old=0.1, old_poll=0.1, forgotten=0.3)
    with calling(state, box, relay.url, pacing) as calls:
        calls.call(1)
        told(box, RINGING)
        wait_for(lambda: calls._client is None)
        (call,) = desk.waiting_calls(served.platform)  # there it rings on
        asked = len(relay.requests)
        calls.end(1)
        wait_for(lambda: not calls._calls)
        assert [line.split()[0] for line in relay.requests[asked:]] == [b"PUT"]
        assert at_the_desk(served)[0].over_at
    assert call.id == at_the_desk(served)[0].id


def test_a_call_that_did_not_get_through_in_time_rings_for_nobody_who_has_gone(
    state: Path, box: Box, served: Served, relay: Relay
) -> None:
    relay.become(Line.GONE)
    pacing = Pacing(late=0.1, retry=0.02, longest_retry=0.05, poll=0.05, forgotten=0.3)
    with calling(state, box, relay.url, pacing) as calls:
        calls.call(1)
        told(box, UNREACHABLE)
        wait_for(lambda: calls._calls[1].due == math.inf)
        relay.become(Line.GOOD)
        calls.call(2)
        told(box, RINGING, 2)
        assert len(at_the_desk(served)) == 1


# --- answers that are none ---------------------------------------------------------------------------------------------

ID = "0b5c7f7e-4a52-4c7e-8d0e-3f2f5a6b7c81"
SIGN_IN = "<html>请先登录无线网络</html>".encode()


@pytest.mark.parametrize(
    "answer",
    [
        http("200 OK", SIGN_IN, Content_Type="text/html"),
        http("200 OK", json.dumps({"id": ID, "answered_by": "骗子", "answered_at": "2027-03-08T04:00:00Z"}).encode()),
        http("200 OK", b"{}"),
        http("204 No Content"),
        http("302 Found", Location="http://127.0.0.1:1/"),
        http("403 Forbidden", SIGN_IN),
        http("503 Busy", Retry_After="86400"),
        b"\x00\x01",
        b"",
    ],
)
def test_whatever_else_answers_is_not_somebody_who_comes(state: Path, box: Box, answer: bytes) -> None:
    with answering(lambda _head, _count: answer) as url, calling(state, box, url) as calls:
        calls.call(1)
        assert box.wait(CallChanged) == CallChanged(call=1, standing=UNREACHABLE)
        calls.end(1)
    assert box.events == []


@pytest.mark.parametrize("code", ["token-unknown", "bad-request"])
def test_a_platform_that_says_no_is_one_that_cannot_be_reached_and_is_asked_again(
    state: Path, box: Box, code: str
) -> None:
    again = threading.Event()

    def answer(_head: bytes, count: int) -> bytes:
        if count > 2:
            again.set()
        return http("403 Forbidden", json.dumps({"code": code}).encode())

    with answering(answer) as url, calling(state, box, url, PATIENT) as calls:
        calls.call(1)
        assert box.wait(CallChanged).standing is UNREACHABLE
        assert again.wait(WAIT_SECONDS)
        calls.end(1)
        wait_for(lambda: not calls._calls)
    assert box.events == []


def taken(head: bytes, **more: str) -> bytes:
    call_id = head.split(b" ")[1].rpartition(b"/")[2].decode()
    return http("200 OK", json.dumps({"id": call_id, **more}).encode())


def test_a_platform_that_has_lost_a_call_gets_it_again(state: Path, box: Box) -> None:
    methods: list[bytes] = []
    again = threading.Event()

    def answer(head: bytes, _count: int) -> bytes:
        methods.append(head.split(b" ")[0])
        if methods == [b"PUT", b"GET", b"PUT"]:
            again.set()
        if methods == [b"PUT", b"GET"]:
            return http("404 Not Found", json.dumps({"code": "not-found"}).encode())
        return taken(head)

    with answering(answer) as url, calling(state, box, url, PATIENT) as calls:
        calls.call(1)
        assert again.wait(WAIT_SECONDS)
    assert [event.standing for event in box.events if isinstance(event, CallChanged)] == [RINGING]


def test_a_slow_platform_is_unreachable_first_and_rings_then(state: Path, box: Box) -> None:
    answers = threading.Event()

    def answer(head: bytes, _count: int) -> bytes:
        answers.wait(WAIT_SECONDS)
        return taken(head)

    with answering(answer) as url, calling(state, box, url) as calls:
        calls.call(1)
        assert box.wait(CallChanged).standing is UNREACHABLE
        answers.set()
        assert box.wait(CallChanged).standing is RINGING


def test_a_name_is_one_short_line_whatever_the_platform_sends(state: Path, box: Box) -> None:
    def answer(head: bytes, _count: int) -> bytes:
        return taken(head, answered_by="王\u202e\n师傅" + "啊" * 150, answered_at="2027-03-08T04:00:00Z")

    with answering(answer) as url, calling(state, box, url) as calls:
        calls.call(1)
        by = box.wait(CallChanged).by
    assert by.startswith("王 师傅啊")
    assert len(by) == NAME_CHARACTERS + 1


def test_a_platform_that_asks_for_patience_gets_it(state: Path, box: Box) -> None:
    def wait_of(retry_after: str) -> float:
        busy = http("503 Busy", Retry_After=retry_after)
        with answering(lambda _head, _count: busy) as url, calling(state, box, url, PATIENT) as calls:
            calls.call(1)
            wait_for(lambda: calls._calls[1].failures)
            with calls._changed:
                made = calls._calls[1]
                return made.due - made.heard_at

    assert wait_of("30") >= 30
    assert 60 <= wait_of("86400") < 120


# --- this machine -------------------------------------------------------------------------------------------------------


def test_a_kiosk_that_is_not_enrolled_says_at_once_that_nobody_can_be_reached(tmp_path: Path, box: Box) -> None:
    with journal(tmp_path), calling(tmp_path / "state", box, pacing=PATIENT) as calls:
        calls.call(1)
        assert box.wait(CallChanged) == CallChanged(call=1, standing=UNREACHABLE)
        wait_for(lambda: calls._calls[1].failures > 2)
        calls.end(1)
        assert calls._calls == {}
    lines = (tmp_path / FOLDER / FILE).read_text("utf-8").splitlines()
    assert [json.loads(line)["code"] for line in lines] == ["not-enrolled"]  # once


def test_a_store_that_cannot_be_opened_keeps_nobody_waiting(tmp_path: Path, box: Box) -> None:
    (tmp_path / "state").write_text("a file where a folder should be", "utf-8")
    with calling(tmp_path / "state", box, pacing=PATIENT) as calls:
        calls.call(1)
        assert box.wait(CallChanged).standing is UNREACHABLE


def test_a_kiosk_that_is_enrolled_while_somebody_calls_rings(tmp_path: Path, box: Box, served: Served) -> None:
    with calling(tmp_path / "state", box) as calls:
        calls.call(1)
        assert box.wait(CallChanged).standing is UNREACHABLE
        a_kiosk(tmp_path / "state", served)
        assert box.wait(CallChanged).standing is RINGING


def test_the_end_of_the_kiosk_waits_for_no_line_and_what_rings_goes_on_ringing(
    state: Path, box: Box, served: Served, relay: Relay
) -> None:
    with calling(state, box, relay.url) as calls:
        calls.call(1)
        told(box, RINGING)
        relay.become(Line.HOLE)
        asked = len(relay.requests)
        wait_for(lambda: len(relay.requests) > asked)
    (call,) = at_the_desk(served)
    assert not call.over_at
    calls.call(2)
    assert calls._calls.keys() == {1}
    assert box.events == []


def test_what_was_never_launched_still_says_that_nobody_comes_and_can_be_shut_down(state: Path, box: Box) -> None:
    calls = Calls(state, box.post, Platform(), pacing=QUICK)
    calls.call(1)
    assert box.wait(CallChanged).standing is UNREACHABLE
    calls.shut_down()


def test_every_danger_is_a_reason_of_the_protocol() -> None:
    for danger in Danger:
        asked = {"kiosk_id": "x", "reason": danger.value, "made_at": "2027-03-08T04:00:00Z"}
        assert protocol.read(protocol.CallRequest, asked).reason == danger.value
