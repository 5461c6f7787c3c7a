"""Calls for staff over real HTTP: what rings, for whom, who goes, and when nobody need come any more."""

import io
import re
import wave

import pytest

from gateway import admin, calls
from gateway.database import AuditEntry
from gateway.serve import Served
from offline_queue import protocol
from tests.gateway.browser import Browser
from tests.gateway.conftest import HandClock
from tests.gateway.sending import SendingKiosk, enrol

REFRESH = {"X-Refresh": "1"}


def ringing(served: Served) -> list[str]:
    return [call.id for call in calls.waiting_calls(served.platform)]


def ring_of(page: str) -> str:
    found = re.search(r'data-ring="(\w*)"', page)
    assert found is not None
    return found[1]


def test_a_call_that_is_over_rings_no_more_and_stays_over_whatever_comes_late(
    kiosk: SendingKiosk, served: Served
) -> None:
    call = kiosk.call()
    assert ringing(served) == [call]
    for _ in range(2):
        assert kiosk.call(call_id=call, over=True) == call
        assert ringing(served) == []
    kiosk.call(call_id=call)
    assert ringing(served) == []
    assert kiosk.answer_to(call).answered_at is None
    calls.answer_call(served.platform, call, account="wang", name="王师傅")
    assert kiosk.answer_to(call).answered_by == ""


def test_a_call_first_heard_of_when_it_is_over_never_rings(kiosk: SendingKiosk, served: Served) -> None:
    kiosk.call("fire", over=True)
    assert ringing(served) == []


def test_who_answered_stays_told_when_the_call_is_over(kiosk: SendingKiosk, served: Served) -> None:
    call = kiosk.call()
    assert calls.answer_call(served.platform, call, account="wang", name="王师傅") == "王师傅"
    kiosk.call(call_id=call, over=True)
    assert kiosk.answer_to(call).answered_by == "王师傅"


def test_danger_comes_first_then_who_has_waited_longest(kiosk: SendingKiosk, served: Served, clock: HandClock) -> None:
    made = {}
    for reason in ("help", "medical", "something-new", "fire"):
        made[reason] = kiosk.call(reason)
        clock.pass_by(seconds=1)
    assert ringing(served) == [made["medical"], made["fire"], made["help"], made["something-new"]]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("fire", ("紧急", "着火", "119")),
        ("medical", ("紧急", "摔了", "120")),
        ("crime", ("紧急", "打人", "110")),
        ("self", ("紧急", "不想活了", "陪着")),
    ],
)
def test_danger_is_told_in_plain_words_with_what_to_do_and_rings_differently(
    signed_in: Browser, kiosk: SendingKiosk, reason: str, told: tuple[str, ...]
) -> None:
    assert ring_of(signed_in.get("/staff/calls").text) == ""
    kiosk.call()
    plain = signed_in.get("/staff/calls").text
    assert ring_of(plain) == "plain"
    assert "紧急" not in plain
    kiosk.call(reason)
    page = signed_in.get("/staff/calls").text
    assert ring_of(page) == "urgent"
    assert page.index("紧急") < page.index("有人在叫</p>")
    for words in told:
        assert words in page


def test_every_page_of_staff_shows_who_calls_and_then_who_goes(
    signed_in: Browser, kiosk: SendingKiosk, served: Served, clock: HandClock
) -> None:
    petition = kiosk.seal()
    kiosk.send(petition)
    call = kiosk.call()
    clock.pass_by(minutes=3)
    pages = ("/staff", f"/staff/petitions/{petition.id}", "/staff/kiosks", "/staff/record", "/staff/calls")
    for path in pages:
        page = signed_in.get(path).text
        for shown in (
            "幸福社区 1 号机",
            "等了 3 分钟",
            "我这就来",
            f'action="/staff/calls/{call}"',
            "data-bell-button",
        ):
            assert shown in page, (path, shown)
    answer = signed_in.post(f"/staff/calls/{call}", signed_in.fields("/staff"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/calls")
    for path in pages:
        page = signed_in.get(path).text
        assert ring_of(page) == ""
        assert re.search("王芳 (这就)?去", page), path
    assert kiosk.answer_to(call).answered_by == "王芳"
    clock.pass_by(minutes=11)
    assert "王芳 这就去" not in signed_in.get("/staff").text
    assert "王芳 去了" in signed_in.get("/staff/calls").text
    with served.platform.database.reading() as rows:
        assert [(e.account, e.detail) for e in rows.query(AuditEntry) if e.deed == "answered-call"] == [("wang", call)]


def test_what_the_script_asks_for_is_the_part_that_changes(signed_in: Browser, kiosk: SendingKiosk) -> None:
    kiosk.call()
    strip = signed_in.get("/staff/calls?part=strip", **REFRESH).text
    board = signed_in.get("/staff/calls", **REFRESH).text
    for part in (strip, board):
        assert "<html" not in part
        assert part.lstrip().startswith('<div class="calls')
        assert "我这就来" in part
        # The same until something happens: only what is new is put in, and a screen reader hears it once.
    assert strip == signed_in.get("/staff/calls?part=strip", **REFRESH).text
    assert board == signed_in.get("/staff/calls", **REFRESH).text
    assert signed_in.get("/staff/calls?part=everything").status_code == 400


def test_without_scripts_the_page_of_calls_comes_again_by_itself(signed_in: Browser) -> None:
    page = signed_in.get("/staff/calls").text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "没有铃声" in page


def test_the_bell_goes_on_at_a_desk_nobody_touches_and_shows_nothing_else_there(
    signed_in: Browser, kiosk: SendingKiosk, clock: HandClock
) -> None:
    petition = kiosk.seal()
    kiosk.send(petition)
    signed_in.get("/staff/calls")
    form = signed_in.fields("/staff/calls")
    clock.pass_by(hours=2)
    assert signed_in.get(f"/staff/petitions/{petition.id}").status_code == 303
    call = kiosk.call()
    assert "我这就来" in signed_in.get("/staff/calls", **REFRESH).text
    assert "我这就来" in signed_in.get("/staff/calls").text
    assert signed_in.post(f"/staff/calls/{call}", {**form, **signed_in.fields("/staff/calls")}).status_code == 303
    assert kiosk.answer_to(call).answered_by == "王芳"
    # Ringing woke nothing: petitions want the password again, and after the day's hours calls do, too.
    assert signed_in.get(f"/staff/petitions/{petition.id}").status_code == 303
    clock.pass_by(hours=7)
    assert signed_in.get("/staff/calls", **REFRESH).status_code == 401


def test_only_a_form_of_this_session_answers_a_call(signed_in: Browser, kiosk: SendingKiosk, served: Served) -> None:
    call = kiosk.call()
    path = f"/staff/calls/{call}"
    form = signed_in.fields("/staff/calls")
    assert signed_in.post(path, {"form_token": "guessed"}).status_code == 403
    assert signed_in.post(path, form, Origin="https://evil.example").status_code == 403
    assert ringing(served) == [call]
    nobody = Browser(served.url)
    with nobody.http:
        assert nobody.post(path, form).headers["Location"].startswith("/staff/sign-in")
        assert nobody.get("/staff/calls", **REFRESH).status_code == 401
    assert ringing(served) == [call]


def test_a_kiosks_name_is_words_on_the_page_and_nothing_else(signed_in: Browser, served: Served) -> None:
    name = "<script>alert(1)</script>"
    code = admin.make_enrolment_code(served.platform, kiosk_name=name)
    enrol(served.url, code, signed_in.http).call("fire")
    for path in ("/staff", "/staff/calls"):
        page = signed_in.get(path)
        assert name not in page.text
        assert "&lt;script&gt;" in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_chime_and_alarm_are_sounds_a_player_can_play_over_and_over(signed_in: Browser) -> None:
    page = signed_in.get("/staff/calls").text
    lengths = set()
    for name in ("chime.wav", "alarm.wav"):
        address = re.search(rf'"(/static/{name}\?\w+)"', page)
        assert address is not None
        answer = signed_in.get(address[1])
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/wav")
        with wave.open(io.BytesIO(answer.content)) as sound:
            frames = sound.readframes(sound.getnframes())
            lengths.add(sound.getnframes() / sound.getframerate())
        samples = memoryview(frames).cast("h")
        assert 8000 < max(samples) < 32_767
        assert max(map(abs, samples[-100:])) == 0, "its end clicks"
        part = signed_in.get(address[1], Range="bytes=100-199")
        assert (part.status_code, part.content) == (206, answer.content[100:200])
    assert lengths == {4.0, 2.4}


def test_calls_speak_three_languages(signed_in: Browser, kiosk: SendingKiosk) -> None:
    for reason in calls.Reason:
        kiosk.call(reason.value)
    english = signed_in.get("/staff/calls", **{"Accept-Language": "en"}).text
    own = re.sub(r"<[^>]+>", " ", english).replace("王芳", "").replace("幸福社区 1 号机", "")
    assert not re.search(r"[\u4e00-\u9fff]", own)
    assert "聽起來像" in signed_in.get("/staff/calls", **{"Accept-Language": "zh-TW"}).text


def test_the_call_itself_is_as_the_protocol_says(kiosk: SendingKiosk) -> None:
    call = kiosk.call("self")
    url = kiosk.url + protocol.CALL.format(id=call)
    body = {"kiosk_id": kiosk.enrolment.kiosk_id, "reason": "FIRE!", "made_at": "2027-03-08T02:20:00Z"}
    assert kiosk.http.put(url, json=body, headers=kiosk.token, timeout=30).status_code == 400
    assert kiosk.answer_to(call) == protocol.CallAnswer(id=call)
