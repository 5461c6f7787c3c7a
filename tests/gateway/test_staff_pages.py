"""The staff pages by HTTP: the door, the forms nobody else may send, the sound, and the record of who read what."""

import re

import pytest

from gateway import audit
from gateway.database import AuditEntry
from gateway.serve import Served
from petition.model import AttachmentKind
from tests.gateway.browser import PASSWORD, Browser
from tests.gateway.conftest import HandClock
from tests.gateway.sending import Part, Sealed, SendingKiosk, swap_inside


@pytest.fixture
def petition(kiosk: SendingKiosk) -> Sealed:
    sound = Part(plain=bytes(range(256)) * 400, media_type="audio/ogg; codecs=opus", milliseconds=3200)
    file = Part(plain=b"<script>alert(1)</script>", media_type="text/html")
    petition = kiosk.seal(text="三号楼的<b>楼道灯</b>坏了", parts=(sound, file), phone="+8613812345678")
    kiosk.send(petition)
    return petition


def test_nobody_sees_anything_without_signing_in(browser: Browser, petition: Sealed) -> None:
    for path in (
        "/staff",
        "/staff/kiosks",
        "/staff/record",
        f"/staff/petitions/{petition.id}",
        f"/staff/petitions/{petition.id}/attachments/{next(iter(petition.files))}",
    ):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/sign-in")
        assert browser.get(path, **{"X-Refresh": "1"}).status_code == 401
    answer = browser.post(f"/staff/petitions/{petition.id}/step", {"stage": "improved"})
    assert answer.headers["Location"] == "/staff/sign-in"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser, staff_account: str) -> None:
    cookies = browser.sign_in(staff_account).headers["Set-Cookie"].lower()
    assert "httponly" in cookies
    assert "samesite=strict" in cookies


def test_a_person_sees_the_list_and_opens_a_petition_and_that_is_written_down(
    signed_in: Browser, petition: Sealed, served: Served
) -> None:
    number = f"{petition.number[:4]} {petition.number[4:8]} {petition.number[8:]}"
    listed = signed_in.get("/staff").text
    for shown in (number, "求助", "小区物业", "幸福社区 1 号机", "都到了（2）", "1 件等人看"):
        assert shown in listed
    assert "楼道灯" not in listed
    opened = signed_in.get(f"/staff/petitions/{petition.id}").text
    assert "三号楼的&lt;b&gt;楼道灯&lt;/b&gt;坏了" in opened
    for shown in ("＊＊5678", "三号楼二单元", number):
        assert shown in opened
    assert "+8613812345678" not in opened
    record = signed_in.get("/staff/record").text
    assert "打开看了" in record
    assert number in record
    assert "记录是完整的" in record
    with served.platform.database.reading() as rows:
        read = [(e.account, e.deed) for e in rows.query(AuditEntry) if e.petition_id == petition.id]
    assert read == [("wang", "opened")]


@pytest.mark.parametrize("source", ["recognised", "confirmed"])
def test_words_a_machine_made_point_to_the_recording_only_where_there_is_one(
    signed_in: Browser, kiosk: SendingKiosk, source: str
) -> None:
    file = Part(plain=b"a file", media_type="text/plain", kind=AttachmentKind.PICTURE)
    for parts, told in (((Part(plain=b"OggS"), file), "以录音为准"), ((file,), "没有录音"), ((), "没有录音")):
        petition = kiosk.seal(text="楼道灯坏了", text_source=source, parts=parts)
        kiosk.send(petition)
        opened = signed_in.get(f"/staff/petitions/{petition.id}").text
        assert [words for words in ("以录音为准", "没有录音") if words in opened] == [told]


def test_the_sound_comes_whole_and_in_parts_and_listening_is_written_down_once(
    signed_in: Browser, petition: Sealed, served: Served
) -> None:
    sound = bytes(range(256)) * 400
    path = f"/staff/petitions/{petition.id}/attachments/{next(iter(petition.files))}"
    whole = signed_in.get(path)
    assert (whole.status_code, whole.content, whole.headers["Content-Type"]) == (200, sound, "audio/ogg")
    for asked, first, last in (
        ("bytes=0-", 0, 102_399),
        ("bytes=1000-1999", 1000, 1999),
        ("bytes=-100", 102_300, 102_399),
    ):
        part = signed_in.get(path, Range=asked)
        assert (part.status_code, part.content) == (206, sound[first : last + 1])
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/102400"
    for beyond in ("bytes=102400-", "bytes=5-1", "bytes=-0"):
        assert signed_in.get(path, Range=beyond).status_code == 416
    for odd in ("bytes=-", "lines=1-2", "bytes=1-2,5-6", "bytes=a-b"):
        assert signed_in.get(path, Range=odd).status_code == 200
    with served.platform.database.reading() as rows:
        heard = [e for e in rows.query(AuditEntry) if e.deed == "heard"]
    assert len(heard) == 1


def test_a_page_in_disguise_is_only_ever_saved(signed_in: Browser, petition: Sealed) -> None:
    _, file = petition.files
    answer = signed_in.get(f"/staff/petitions/{petition.id}/attachments/{file}")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def step_form(browser: Browser, petition: Sealed, **fields: str) -> dict[str, str]:
    hidden = browser.fields(f"/staff/petitions/{petition.id}")
    return {
        "stage": "handling",
        "responsible": "物业 张师傅",
        "expected": "2027-03-11",
        "reply": "",
        **hidden,
        **fields,
    }


def test_a_step_set_on_the_page_reaches_the_holder_of_the_slip(
    signed_in: Browser, petition: Sealed, kiosk: SendingKiosk
) -> None:
    path = f"/staff/petitions/{petition.id}"
    answer = signed_in.post(f"{path}/step", step_form(signed_in, petition, reply="第一行\r\n第二行"))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?said=saved")
    assert "记下了" in signed_in.get(f"{path}?said=saved").text
    told = kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()
    assert (told["responsible"], told["expected"], told["reply"]) == ("物业 张师傅", "2027-03-11", "第一行\n第二行")
    assert kiosk.updates().json()["updates"][0]["petition_id"] == petition.id


def test_forms_that_are_not_of_this_session_change_nothing(
    signed_in: Browser, petition: Sealed, kiosk: SendingKiosk
) -> None:
    path = f"/staff/petitions/{petition.id}/step"
    form = step_form(signed_in, petition)
    refused = [
        signed_in.post(path, {**form, "form_token": ""}),
        signed_in.post(path, {**form, "form_token": "guessed"}),
        signed_in.post(path, {name: value for name, value in form.items() if name != "form_token"}),
        signed_in.post(path, form, Origin="https://evil.example"),
        signed_in.post(path, form, Origin="null"),
        signed_in.post(path, form, **{"Sec-Fetch-Site": "cross-site"}),
        signed_in.post("/staff/sign-out", {**form, "form_token": "guessed"}),
        signed_in.post("/staff/sign-in", {"form_token": "guessed", "account": "wang", "password": PASSWORD}),
    ]
    assert [answer.status_code for answer in refused] == [403] * 8
    assert all("请回去再做一次" in answer.text for answer in refused)
    assert kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()["responsible"] == ""
    assert signed_in.get("/staff").status_code == 200


def test_two_people_at_one_petition_do_not_overwrite_each_other(
    signed_in: Browser, petition: Sealed, kiosk: SendingKiosk, clock: HandClock
) -> None:
    path = f"/staff/petitions/{petition.id}/step"
    late = step_form(signed_in, petition, reply="晚的那位写的")
    clock.pass_by(seconds=5)
    assert signed_in.post(path, step_form(signed_in, petition, reply="早的那位写的")).status_code == 303
    answer = signed_in.post(path, late)
    assert answer.status_code == 409
    assert "刚才有人改过" in answer.text
    assert "晚的那位写的" in answer.text
    assert kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()["reply"] == "早的那位写的"


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "finished"},
        {"expected": "soon"},
        {"expected": "2027-13-45"},
        {"seen": "yesterday"},
        {"responsible": "长" * 201},
        {"reply": "长" * 20_001},
    ],
)
def test_a_wrong_field_saves_nothing(
    signed_in: Browser, petition: Sealed, kiosk: SendingKiosk, wrong: dict[str, str]
) -> None:
    answer = signed_in.post(f"/staff/petitions/{petition.id}/step", step_form(signed_in, petition) | wrong)
    assert answer.status_code == 400
    assert "什么都没改" in answer.text
    assert kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()["responsible"] == ""


def test_five_wrong_passwords_close_the_door_for_a_while_even_to_the_right_one(
    browser: Browser, staff_account: str, clock: HandClock, served: Served
) -> None:
    answers = [browser.sign_in(staff_account, "wrong-password") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [403] * 4 + [429]
    assert "账号或者密码不对" in answers[0].text
    served.stop()
    served.start()
    assert browser.sign_in(staff_account).status_code == 429
    clock.pass_by(minutes=16)
    assert browser.sign_in(staff_account).status_code == 303


def test_an_unknown_account_is_answered_like_a_wrong_password(browser: Browser, staff_account: str) -> None:
    unknown, known = browser.sign_in("nobody", "wrong-password"), browser.sign_in(staff_account, "wrong-password")
    assert unknown.status_code == known.status_code
    assert re.sub(r'value="[^"]+"', "", unknown.text) == re.sub(r'value="[^"]+"', "", known.text)
    assert [browser.sign_in("nobody", "x").status_code for _ in range(4)][-1] == 429
    assert browser.sign_in("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "密" * 300).status_code == 403


def test_passwords_cannot_be_tried_quickly_from_one_address(browser: Browser, clock: HandClock) -> None:
    answers = [browser.sign_in(f"account-{n}", "wrong-password").status_code for n in range(21)]
    assert answers == [403] * 20 + [429]
    clock.pass_by(seconds=4)
    assert browser.sign_in("account", "wrong-password").status_code == 403


def test_signing_out_ends_the_session_everywhere(signed_in: Browser) -> None:
    cookie = signed_in.http.cookies["staff"]
    form = signed_in.fields("/staff")
    assert signed_in.post("/staff/sign-out", form).headers["Location"] == "/staff/sign-in?said=signed_out"
    assert "退出好了" in signed_in.get("/staff/sign-in?said=signed_out").text
    signed_in.http.cookies.set("staff", cookie)
    assert signed_in.get("/staff").status_code == 303


def test_an_idle_session_ends_and_the_pages_own_refreshing_does_not_keep_it_awake(
    signed_in: Browser, clock: HandClock
) -> None:
    for _ in range(3):
        clock.pass_by(minutes=20)
        assert signed_in.get("/staff").status_code == 200
    for _ in range(2):
        clock.pass_by(minutes=16)
        last = signed_in.get("/staff", **{"X-Refresh": "1"})
    assert last.status_code == 401
    assert signed_in.get("/staff").headers["Location"] == "/staff/sign-in?said=session_over"


def test_a_refresh_gives_the_part_of_the_page_that_changes(signed_in: Browser, petition: Sealed) -> None:
    part = signed_in.get("/staff", **{"X-Refresh": "1"}).text
    assert "<html" not in part
    assert petition.number[:4] in part
    part = signed_in.get(f"/staff/petitions/{petition.id}", **{"X-Refresh": "1"}).text
    assert "<html" not in part
    assert "<audio" in part


def test_a_sound_still_arriving_is_said_to_be(signed_in: Browser, kiosk: SendingKiosk) -> None:
    part = Part(plain=b"x" * 100_000)
    petition = kiosk.seal(text="", parts=(part,))
    kiosk.put(petition)
    assert "还在送来 0/1" in signed_in.get("/staff").text
    page = signed_in.get(f"/staff/petitions/{petition.id}").text
    assert "还在送来" in page
    assert "没有文字，请听录音" in page
    assert "data-refresh" in page
    path = f"/staff/petitions/{petition.id}/attachments/{part.id}"
    assert signed_in.get(path).status_code == 404
    kiosk.upload(petition, part.id)
    assert signed_in.get(path).content == part.plain


def test_urgent_petitions_come_first_and_lists_can_be_searched(signed_in: Browser, kiosk: SendingKiosk) -> None:
    urgent = kiosk.seal(urgent=True)
    plain = [kiosk.seal() for _ in range(3)]
    for each in (urgent, *plain):
        kiosk.send(each)
    page = signed_in.get("/staff").text
    order = re.findall(r"/staff/petitions/([0-9a-f-]{36})", page)
    assert order[0] == urgent.id
    found = signed_in.get(f"/staff?number={plain[0].number[:4]}+{plain[0].number[4:]}").text
    assert re.findall(r"/staff/petitions/([0-9a-f-]{36})", found) == [plain[0].id]
    assert "这里还没有" in signed_in.get("/staff?tab=open").text


def test_pages_speak_three_languages_and_english_has_no_hanzi_of_its_own(signed_in: Browser) -> None:
    for path in ("/staff", "/staff/record", "/staff/kiosks", "/staff/sign-in"):
        english = signed_in.get(path, **{"Accept-Language": "en"}).text
        own = re.sub(r"<[^>]+>", " ", english).replace("王芳", "")
        assert not re.search(r"[\u4e00-\u9fff]", own.replace("幸福社区 1 号机", "")), path
        assert 'lang="zh-Hant"' in signed_in.get(path, **{"Accept-Language": "zh-TW"}).text


def test_a_call_shows_on_top_of_the_list_and_can_be_answered(signed_in: Browser, kiosk: SendingKiosk) -> None:
    call = "/v1/calls/1c7f0e6a-94c4-4a57-9a53-0a5c6d7e8f90"
    body = {"kiosk_id": kiosk.enrolment.kiosk_id, "made_at": "2027-03-08T02:20:00Z"}
    kiosk.http.put(kiosk.url + call, json=body, headers=kiosk.token, timeout=30)
    assert "我这就来" in signed_in.get("/staff").text
    form = signed_in.fields("/staff")
    assert signed_in.post(call.replace("/v1/", "/staff/"), form).status_code == 303
    assert "我这就来" not in signed_in.get("/staff").text
    assert "王芳 这就去" in signed_in.get("/staff").text
    answer = kiosk.http.get(kiosk.url + call, headers=kiosk.token, timeout=30).json()
    assert answer["answered_by"] == "王芳"


def test_a_removed_line_of_the_record_shows(signed_in: Browser, petition: Sealed, served: Served) -> None:
    signed_in.get(f"/staff/petitions/{petition.id}")
    signed_in.get("/staff/petitions/" + petition.id + "/attachments/" + next(iter(petition.files)))
    with served.platform.database.writing() as rows:
        assert audit.first_broken(rows) is None
        opened = rows.query(AuditEntry).filter_by(deed="opened").one()
        rows.delete(opened)
    assert "记录被人动过" in signed_in.get("/staff/record").text


def test_pages_that_are_not_there_say_so_kindly(signed_in: Browser) -> None:
    for path in (
        "/staff/petitions/0b5c7f7e-4a52-4c7e-8d0e-3f2f5a6b7c81",
        "/staff/nothing",
        "/static/../settings.py",
        "/static/words.json",
    ):
        assert signed_in.get(path).status_code == 404
    assert "这里没有这一页" in signed_in.get("/staff/nothing").text
    assert signed_in.get("/staff/petitions/not-an-id").status_code == 400


def test_a_petition_whose_inside_is_damaged_is_shown_as_that(signed_in: Browser, kiosk: SendingKiosk) -> None:
    genuine = kiosk.seal()
    petition = swap_inside(kiosk, genuine)
    assert kiosk.put(petition).status_code == 201
    page = signed_in.get(f"/staff/petitions/{petition.id}")
    assert page.status_code == 200
    assert "这一件打不开" in page.text
