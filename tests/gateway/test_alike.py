"""Petitions that may tell the same matter are marked for staff, and for nobody else."""

from datetime import timedelta

import pytest

from gateway import alike, desk
from gateway.alike import SHOWN_MAX, Alike
from gateway.database import AuditEntry, Likeness
from gateway.serve import Served
from gateway.settings import Settings
from offline_queue.protocol import EventKind
from petition.errors import Fault
from petition.likeness import fingerprint
from tests.gateway.browser import Browser
from tests.gateway.conftest import HandClock
from tests.gateway.sending import Sealed, SendingKiosk

LAMP = "三号楼二单元的楼道灯坏了快两个星期了，晚上看不见台阶"
LAMP_AGAIN = "我们三号楼二单元楼道灯坏了两个星期，看不见台阶，快来修"
NOISE = "楼下的广场舞每天晚上放音乐放到十点，孩子睡不着觉"


def told(kiosk: SendingKiosk, text: str) -> Sealed:
    petition = kiosk.seal(text=text)
    kiosk.send(petition)
    return petition


def opened(served: Served, petition: Sealed) -> tuple[Alike, ...]:
    return desk.open_petition(served.platform, petition.id, account="wang").alike


def test_two_that_tell_the_same_are_marked_and_another_is_not(
    kiosk: SendingKiosk, signed_in: Browser, served: Served
) -> None:
    lamp, noise = told(kiosk, LAMP), told(kiosk, NOISE)
    for petition in (lamp, noise):
        assert "是同一件事" not in signed_in.get(f"/staff/petitions/{petition.id}").text
    again = told(kiosk, LAMP_AGAIN)
    page = signed_in.get(f"/staff/petitions/{again.id}").text
    number = f"{lamp.number[:4]} {lamp.number[4:8]} {lamp.number[8:]}"
    assert f'<a href="/staff/petitions/{lamp.id}">可能和 {number} 是同一件事</a>' in page
    assert noise.id not in page
    assert opened(served, lamp) == (Alike(id=again.id, number=again.number),)


def test_nobody_but_staff_is_told(kiosk: SendingKiosk, served: Served) -> None:
    lamp, again = told(kiosk, LAMP), told(kiosk, LAMP_AGAIN)
    assert opened(served, lamp) == ()
    assert opened(served, again)
    tag = kiosk.tag(again.number)
    phone = kiosk.http.get(f"{kiosk.url}/r/{again.number}{tag}", timeout=30).text
    for answer in (phone, kiosk.look_up(again.number, tag=tag).text, kiosk.updates().text):
        assert lamp.number not in answer.replace(" ", "")
        assert "同一件事" not in answer


def test_what_nobody_has_opened_is_not_looked_into(kiosk: SendingKiosk, served: Served) -> None:
    told(kiosk, LAMP)
    again = told(kiosk, LAMP_AGAIN)
    assert opened(served, again) == ()
    with served.platform.database.reading() as rows:
        assert [each.petition_id for each in rows.query(Likeness)] == [again.id]
        assert {entry.petition_id for entry in rows.query(AuditEntry) if entry.deed == "opened"} == {again.id}


def test_the_stored_numbers_open_only_with_the_platforms_secret_and_at_their_own_petition(
    kiosk: SendingKiosk, served: Served, settings: Settings
) -> None:
    lamp = told(kiosk, LAMP)
    opened(served, lamp)
    keys = served.platform.keys
    with served.platform.database.reading() as rows:
        sealed = rows.get_one(Likeness, lamp.id).sealed
    assert keys.reveal(sealed, about=f"likeness|{lamp.id}").startswith("[")
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        keys.reveal(sealed, about=f"likeness|{lamp.id[::-1]}")
    stored = b"".join(path.read_bytes() for path in settings.directory.rglob("gateway.sqlite*"))
    pieces = fingerprint(LAMP, keys.secret_for("likeness"))
    assert [piece for piece in pieces if str(piece).encode() in stored] == []
    assert keys.secret_for("likeness") != keys.secret_for("another")


def test_withdrawn_ones_and_those_of_long_ago_are_none(kiosk: SendingKiosk, served: Served, clock: HandClock) -> None:
    gone, old = told(kiosk, LAMP), told(kiosk, LAMP)
    for petition in (gone, old):
        opened(served, petition)
    again = told(kiosk, LAMP_AGAIN)
    assert {each.id for each in opened(served, again)} == {gone.id, old.id}
    kiosk.put_event(gone.number, EventKind.WITHDRAW)
    assert [each.id for each in opened(served, again)] == [old.id]
    clock.pass_by(days=alike.KEPT / timedelta(days=1) + 1)
    newest = told(kiosk, LAMP)
    assert opened(served, newest) == ()
    with served.platform.database.reading() as rows:
        assert [each.petition_id for each in rows.query(Likeness)] == [newest.id]


def test_the_likest_come_first_and_not_more_than_can_be_read(kiosk: SendingKiosk, served: Served) -> None:
    shorter, likest = [told(kiosk, LAMP[:12]) for _ in range(SHOWN_MAX)], told(kiosk, LAMP_AGAIN)
    for petition in (likest, *shorter):
        opened(served, petition)
    found = opened(served, told(kiosk, LAMP_AGAIN))
    assert (len(found), found[0].id) == (SHOWN_MAX, likest.id)
    assert opened(served, told(kiosk, "")) == ()
