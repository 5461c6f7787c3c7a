"""The page behind the QR code: steps and dates for whoever holds the slip, nothing about anybody."""

import re
from datetime import date
from pathlib import Path

import pytest
import requests

from gateway import desk
from gateway.phone_page import office_in
from gateway.serve import Served
from gateway.settings import Settings
from offline_queue import protocol
from offline_queue.protocol import EventKind
from petition.receipt import Role
from tests.gateway.conftest import HandClock
from tests.gateway.sending import Sealed, SendingKiosk


@pytest.fixture
def arrived(kiosk: SendingKiosk) -> Sealed:
    petition = kiosk.seal(text="三号楼的楼道灯坏了", phone="+8613812345678")
    kiosk.send(petition)
    return petition


def look(kiosk: SendingKiosk, digits: str, language: str = "zh-CN,zh;q=0.9") -> requests.Response:
    return requests.get(f"{kiosk.url}/r/{digits}", headers={"Accept-Language": language}, timeout=30)


def test_the_page_shows_the_steps_and_no_word_of_the_petition_or_the_reply(
    kiosk: SendingKiosk, served: Served, arrived: Sealed
) -> None:
    form = desk.StepForm(stage="handling", responsible="张师傅", expected=date(2999, 3, 11), reply="灯修好了")
    desk.set_step(served.platform, arrived.id, form, account="wang", seen=None)
    answer = look(kiosk, arrived.number + kiosk.tag(arrived.number))
    assert answer.status_code == 200
    for shown in ("受理", "办理", "反馈", "评价", "改进", "正在办", "2999年3月11日", "12345"):
        assert shown in answer.text
    for hidden in ("张师傅", "灯修好了", "楼道灯", "13812345678", "三号楼", kiosk.tag(arrived.number)):
        assert hidden not in answer.text


def test_the_page_is_kept_by_nobody_and_found_by_no_search(kiosk: SendingKiosk, arrived: Sealed) -> None:
    answer = look(kiosk, arrived.number + kiosk.tag(arrived.number))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer", "the address opens the page again"
    assert '<meta name="referrer" content="no-referrer">' in answer.text
    assert 'content="noindex' in answer.text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        ("zh-CN", "zh-Hans", "送到了。一天之内会有人看。"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", "送到了。一天之內會有人看。"),
        ("zh-Hant-HK", "zh-Hant", "送到了。一天之內會有人看。"),
        ("en-GB,en;q=0.9", "en", "Delivered. Someone will look at it within a day."),
        ("fr,en;q=0.5,zh;q=0.4", "en", "Delivered. Someone will look at it within a day."),
        ("", "zh-Hans", "送到了。一天之内会有人看。"),
        ("en;q=x, *;q=0.1, ;;;", "zh-Hans", "送到了。一天之内会有人看。"),
    ],
)
def test_the_page_speaks_the_phones_language(
    kiosk: SendingKiosk, arrived: Sealed, asked: str, language: str, title: str
) -> None:
    answer = look(kiosk, arrived.number + kiosk.tag(arrived.number), asked)
    assert f'<html lang="{language}">' in answer.text
    assert title in answer.text
    assert answer.headers["Content-Language"] == language
    if language == "en":
        body = re.sub(r"<[^>]+>", "", answer.text)
        assert not re.search(r"[\u4e00-\u9fff]", body)


def test_the_agents_slip_works_too_until_the_authority_is_taken_back(kiosk: SendingKiosk) -> None:
    filed = kiosk.seal(roles=["own", "agent"], on_behalf={"principal": "王秀英", "relation": "parent"})
    kiosk.send(filed)
    slip = filed.number + kiosk.tag(filed.number, Role.AGENT)
    assert look(kiosk, slip).status_code == 200
    kiosk.put_event(filed.number, EventKind.REVOKE_AUTHORITY)
    answer = look(kiosk, slip)
    assert (answer.status_code, "这一联不能用了" in answer.text) == (403, True)
    assert "受理" not in answer.text
    assert look(kiosk, filed.number + kiosk.tag(filed.number)).status_code == 200


def test_a_petition_on_its_way_is_said_to_be_and_by_which_kiosk_it_was_taken(kiosk: SendingKiosk) -> None:
    number = kiosk.next_number()
    answer = look(kiosk, number + kiosk.tag(number))
    assert answer.status_code == 200
    assert "已登记，还在送来的路上" in answer.text
    assert "幸福社区 1 号机" in answer.text


def test_one_that_was_withdrawn_before_it_arrived_is_said_to_be_and_promises_nothing(
    kiosk: SendingKiosk, clock: HandClock
) -> None:
    petition = kiosk.seal()
    assert kiosk.put_event(petition.number, EventKind.WITHDRAW).ok
    told = protocol.read(protocol.Progress, kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).content)
    assert told.on_its_way
    assert told.withdrawn is not None
    page = look(kiosk, petition.number + kiosk.tag(petition.number)).text
    assert "您已经撤回了这件事" in page
    assert "路上" not in page
    assert look(kiosk, petition.number + kiosk.tag(petition.number, Role.AGENT)).status_code == 403
    clock.pass_by(days=2)
    kiosk.send(petition)
    later = protocol.read(protocol.Progress, kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).content)
    assert (later.on_its_way, later.withdrawn) == (False, told.withdrawn)


def test_wrong_tags_and_wrong_numbers_look_the_same(kiosk: SendingKiosk, arrived: Sealed) -> None:
    known = arrived.number
    pages = {
        re.sub(r"\d{4} \d{4} \d{4}", "", look(kiosk, digits).text)
        for digits in (known + "0" * 20, kiosk.next_number() + "0" * 20, "1" * 32, "hello", known, "9" * 32, "%00")
    }
    assert len(pages) == 1
    assert "查不到这个号码" in pages.pop()


def test_looking_too_often_is_slowed_for_one_address(kiosk: SendingKiosk, arrived: Sealed, clock: HandClock) -> None:
    digits = arrived.number + kiosk.tag(arrived.number)
    answers = [look(kiosk, digits).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    slowed = look(kiosk, digits)
    assert "查得太勤了" in slowed.text
    clock.pass_by(seconds=int(slowed.headers["Retry-After"]))
    assert look(kiosk, digits).status_code == 200


def test_a_late_petition_says_so(kiosk: SendingKiosk, served: Served, arrived: Sealed, clock: HandClock) -> None:
    today = clock.now.astimezone(served.platform.time_zone).date()
    form = desk.StepForm(stage="handling", responsible="张师傅", expected=today, reply="")
    desk.set_step(served.platform, arrived.id, form, account="wang", seen=None)
    clock.pass_by(days=3)
    page = look(kiosk, arrived.number + kiosk.tag(arrived.number)).text
    assert "晚了3天" in page
    assert "有专人在办" in page


def test_a_petition_nobody_has_looked_at_promises_a_day_and_owns_up_after_it(
    kiosk: SendingKiosk, arrived: Sealed, clock: HandClock
) -> None:
    digits = arrived.number + kiosk.tag(arrived.number)
    clock.pass_by(hours=23)
    assert "一天之内会有人看" in look(kiosk, digits).text
    clock.pass_by(hours=26)
    page = look(kiosk, digits).text
    assert "一天之内会有人看" not in page
    assert "还没有人看" in page
    assert "已经2天了" in page


def test_a_petition_that_was_withdrawn_is_not_called_late(
    kiosk: SendingKiosk, served: Served, arrived: Sealed, clock: HandClock
) -> None:
    today = clock.now.astimezone(served.platform.time_zone).date()
    form = desk.StepForm(stage="handling", responsible="物业", expected=today, reply="")
    desk.set_step(served.platform, arrived.id, form, account="wang", seen=None)
    assert kiosk.put_event(arrived.number, EventKind.WITHDRAW).ok
    clock.pass_by(days=3)
    page = look(kiosk, arrived.number + kiosk.tag(arrived.number)).text
    assert "您已经撤回了这件事" in page
    assert f"{today.month}月{today.day}日撤回的" in page
    assert "步" not in page, "no steps: it goes no further"
    assert "晚了" not in page
    assert "在办" not in page


@pytest.mark.parametrize(
    ("responsible", "told"),
    [
        ("物业 张师傅", "物业"),
        ("幸福社区居委会", "幸福社区居委会"),
        ("物业公司维修队、李强", "物业公司维修队"),
        ("環衛所，陳小姐", "環衛所"),
        ("區政府辦公室", "區政府辦公室"),
        ("城管13812345678", ""),
        ("张师傅物业", ""),
        ("张师傅", ""),
        ("王登科", ""),
        ("物业张师傅", ""),
        ("", ""),
    ],
)
def test_of_who_is_responsible_the_office_is_told_and_never_the_person(responsible: str, told: str) -> None:
    assert office_in(responsible) == told


def test_the_office_is_on_the_page_and_the_person_is_not(kiosk: SendingKiosk, served: Served, arrived: Sealed) -> None:
    form = desk.StepForm(stage="handling", responsible="物业 张师傅", expected=None, reply="")
    desk.set_step(served.platform, arrived.id, form, account="wang", seen=None)
    page = look(kiosk, arrived.number + kiosk.tag(arrived.number)).text
    assert "物业在办" in page
    assert "张" not in page


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Behind a proxy of our own, which says who asks: so a test can ask from many addresses."""
    return Settings(directory=tmp_path / "gateway", port=0, trusted_proxy=True)


def looks(kiosk: SendingKiosk, digits: str, addresses: range) -> list[int]:
    """Look once from each address."""
    url = f"{kiosk.url}/r/{digits}"
    headers = [{"X-Forwarded-For": f"10.0.0.{n}"} for n in addresses]
    return [requests.get(url, headers=each, timeout=30).status_code for each in headers]


def test_looking_at_one_number_from_many_addresses_is_slowed_too(
    kiosk: SendingKiosk, arrived: Sealed, clock: HandClock
) -> None:
    number, other = arrived.number, kiosk.next_number()
    assert looks(kiosk, number + kiosk.tag(number), range(31)) == [200] * 30 + [429]
    assert looks(kiosk, other + kiosk.tag(other), range(1)) == [200]
    clock.pass_by(minutes=1)
    assert looks(kiosk, number + kiosk.tag(number), range(1)) == [200]


def test_whoever_guesses_at_a_number_does_not_shut_out_the_one_who_holds_its_slip(
    kiosk: SendingKiosk, arrived: Sealed
) -> None:
    forged = looks(kiosk, arrived.number + "0" * 20, range(31))
    assert forged == [404] * 30 + [429]
    assert looks(kiosk, kiosk.next_number() + "0" * 20, range(100, 131)) == forged, "a number not given out looks alike"
    assert looks(kiosk, arrived.number + kiosk.tag(arrived.number), range(50, 51)) == [200]
