"""Somebody filed for another: what their slip is good for, when it ends, and what staff see of all of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from gateway import admin, desk
from gateway.database import AuditEntry
from gateway.desk import StepForm
from gateway.serve import Served
from gateway.settings import Settings
from offline_queue import protocol
from offline_queue.protocol import AGENT_MAY, EventKind
from petition.model import AttachmentKind, Stage
from petition.receipt import Role
from tests.gateway.browser import Browser
from tests.gateway.conftest import HandClock
from tests.gateway.sending import Part, Sealed, SendingKiosk

CONSENT = Part(plain=b"OggS" + bytes(range(256)) * 8, kind=AttachmentKind.CONSENT, milliseconds=2100)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PAPER = Part(plain=PNG, media_type="image/png", kind=AttachmentKind.PAPER)
DRAWN = Part(plain=b"<svg onload='alert(1)'/>", media_type="image/svg+xml", kind=AttachmentKind.SIGNATURE)
ALONE = sorted(set(EventKind) - AGENT_MAY)
PageOf = Callable[..., str]


def behalf(**more: object) -> dict[str, object]:
    return {
        "principal": "王秀英",
        "principal_phone": "+8613900001111",
        "relation": "parent",
        "agent": "李强",
        "agent_phone": "+8613700002222",
        "authority": "spoken",
        "evidence": [CONSENT.id],
        "until": datetime.now(UTC) + timedelta(days=180),
        "words_version": "2027-1",
        **more,
    }


def file(kiosk: SendingKiosk, *parts: Part, **more: Any) -> Sealed:  # noqa: ANN401 - as the content has them
    given = {"roles": ["own", "agent"], "on_behalf": behalf(), **more}
    petition = kiosk.seal(parts=parts, **given)
    kiosk.send(petition)
    return petition


def asked(kiosk: SendingKiosk, number: str, role: Role, *, by_code: bool = False) -> requests.Response:
    shown = {"query_code": kiosk.code(number, role)} if by_code else {"tag": kiosk.tag(number, role)}
    return kiosk.look_up(number, **shown)


def refused(answer: requests.Response, code: str) -> bool:
    return (answer.status_code, answer.json()["code"], set(answer.json())) == (403, code, {"code", "detail"})


def set_stage(served: Served, petition: Sealed, stage: Stage) -> None:
    form = StepForm(stage=stage, responsible="", expected=None, reply="修好了")
    desk.set_step(served.platform, petition.id, form, account="wang", seen=None)


# --- what it is good for ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_code", [False, True], ids=["tag", "code"])
def test_who_asks_with_the_agents_slip_is_told_and_that_it_is_the_agents(kiosk: SendingKiosk, by_code: bool) -> None:
    number = file(kiosk).number
    for role in Role:
        told = asked(kiosk, number, role, by_code=by_code)
        assert (told.status_code, told.json()["role"]) == (200, role)


@pytest.mark.parametrize("kind", sorted(AGENT_MAY))
def test_the_agent_adds_and_urges(kiosk: SendingKiosk, kind: EventKind, served: Served) -> None:
    petition = file(kiosk)
    assert kiosk.put_event(petition.number, kind, role=Role.AGENT, words="三楼也坏了").status_code == 201
    opened = desk.open_petition(served.platform, petition.id, account="wang")
    assert [(event.kind, event.by_agent) for event in opened.events] == [(kind, True)]


@pytest.mark.parametrize("kind", ALONE)
@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "on-its-way"])
def test_what_is_the_persons_own_is_refused_with_the_agents_slip_and_changes_nothing(
    kiosk: SendingKiosk, kind: EventKind, served: Served, arrived: bool
) -> None:
    number = file(kiosk).number if arrived else kiosk.next_number()
    assert refused(kiosk.put_event(number, kind, role=Role.AGENT, level="good"), "own-slip-needed")
    assert admin.said_later(served.platform, number) == [] if arrived else True
    assert asked(kiosk, number, Role.AGENT).status_code == 200, "it was not taken for a revocation or a withdrawal"
    assert kiosk.put_event(number, kind, level="good").status_code == 201


@pytest.mark.parametrize("kind", [EventKind.RATING, EventKind.SUPPLEMENT])
def test_the_proof_says_whose_slip_it_was_and_not_the_sender(kiosk: SendingKiosk, kind: EventKind) -> None:
    number, event_id = file(kiosk).number, "5d0e8c7a-1f0b-4a53-9a3f-2b7e9f6c1d20"
    proof = protocol.event_proof(kiosk.tag(number, Role.AGENT), event_id)
    answer = kiosk.put_event(number, kind, event_id=event_id, proof=proof, role=Role.OWN)
    assert answer.status_code == 201 if kind in AGENT_MAY else refused(answer, "own-slip-needed")


def test_who_may_only_file_may_not_even_ask(kiosk: SendingKiosk) -> None:
    number = file(kiosk, on_behalf=behalf(scope=["filing"])).number
    assert refused(asked(kiosk, number, Role.AGENT), "own-slip-needed")
    assert refused(kiosk.put_event(number, EventKind.URGE, role=Role.AGENT), "own-slip-needed")
    assert asked(kiosk, number, Role.OWN).status_code == 200


# --- when it ends -----------------------------------------------------------------------------------------------------


def assert_over(kiosk: SendingKiosk, number: str) -> None:
    """The agent's slip is told nothing, adds nothing, and says nothing; the person's own does as ever."""
    for by_code in (False, True):
        assert refused(asked(kiosk, number, Role.AGENT, by_code=by_code), "authority-ended")
        assert asked(kiosk, number, Role.OWN, by_code=by_code).status_code == 200
    for kind in AGENT_MAY:
        assert refused(kiosk.put_event(number, kind, role=Role.AGENT, made_at=later(1)), "authority-ended")
        assert kiosk.put_event(number, kind, made_at=later(1)).status_code == 201


def later(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "on-its-way"])
def test_it_ends_when_the_person_takes_it_back(kiosk: SendingKiosk, arrived: bool) -> None:
    number = file(kiosk).number if arrived else kiosk.next_number()
    assert kiosk.put_event(number, EventKind.REVOKE_AUTHORITY).status_code == 201
    assert_over(kiosk, number)


def test_what_was_said_before_it_was_taken_back_counts_however_late_it_comes(kiosk: SendingKiosk) -> None:
    number = file(kiosk).number
    kiosk.put_event(number, EventKind.REVOKE_AUTHORITY, made_at=later(0))
    late = kiosk.put_event(number, EventKind.SUPPLEMENT, role=Role.AGENT, made_at=later(-2), words="早上说的")
    assert late.status_code == 201


def test_it_ends_on_its_day(kiosk: SendingKiosk, clock: HandClock) -> None:
    number = file(kiosk, on_behalf=behalf(until=later(0.5))).number
    assert asked(kiosk, number, Role.AGENT).status_code == 200
    clock.pass_by(minutes=31)
    assert_over(kiosk, number)


@pytest.mark.parametrize("years", [-6, 6], ids=["behind", "ahead"])
def test_where_the_kiosk_did_not_know_the_day_it_lasts_as_long_from_when_its_petition_came(
    kiosk: SendingKiosk, served: Served, clock: HandClock, years: int
) -> None:
    made_at = datetime.now(UTC) + timedelta(days=365 * years)
    given = {"made_at": made_at, "clock": {"trusted": False}}
    petition = file(kiosk, on_behalf=behalf(until=made_at + timedelta(hours=2)), **given)
    content = desk.open_petition(served.platform, petition.id, account="wang").content
    assert content is not None
    assert content.on_behalf is not None
    assert content.on_behalf.until is not None
    assert abs(content.on_behalf.until - clock() - timedelta(hours=2)) < timedelta(milliseconds=2)
    assert asked(kiosk, petition.number, Role.AGENT).status_code == 200
    for at in (made_at, later(0)):  # before the clock was set right, and after
        said = kiosk.put_event(petition.number, EventKind.SUPPLEMENT, role=Role.AGENT, made_at=at, words="四楼也漏")
        assert said.status_code == 201
    clock.pass_by(hours=3)
    assert refused(asked(kiosk, petition.number, Role.AGENT), "authority-ended")


@pytest.mark.parametrize(("since", "until"), [(1000, 9999), (9999, 1000)], ids=["for-ever", "never"])
def test_no_kiosks_calendar_keeps_a_petition_from_being_opened(
    kiosk: SendingKiosk, signed_in: Browser, since: int, until: int
) -> None:
    began, ended = (datetime(year, 12, 1, tzinfo=UTC) for year in (since, until))
    petition = file(kiosk, on_behalf=behalf(until=ended), made_at=began, clock={"trusted": False})
    assert asked(kiosk, petition.number, Role.AGENT).status_code == (200 if began < ended else 403)
    assert signed_in.get(f"/staff/petitions/{petition.id}").status_code == 200


@pytest.mark.parametrize("stage", [Stage.RATED, Stage.IMPROVED])
def test_it_ends_with_the_matter_and_not_before(kiosk: SendingKiosk, served: Served, stage: Stage) -> None:
    petition = file(kiosk)
    set_stage(served, petition, Stage.REPLIED)
    told = asked(kiosk, petition.number, Role.AGENT)
    assert (told.status_code, told.json()["reply"]) == (200, "修好了")
    set_stage(served, petition, stage)
    assert_over(kiosk, petition.number)


def test_while_a_second_look_is_open_the_matter_is_not_closed(kiosk: SendingKiosk, served: Served) -> None:
    petition = file(kiosk)
    set_stage(served, petition, Stage.REPLIED)
    kiosk.put_event(petition.number, EventKind.RATING, level="bad", review=True)
    assert admin.step_of(served.platform, petition.number).stage == Stage.RATED
    assert asked(kiosk, petition.number, Role.AGENT).status_code == 200


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "on-its-way"])
def test_it_ends_when_the_matter_is_withdrawn(kiosk: SendingKiosk, clock: HandClock, arrived: bool) -> None:
    number = file(kiosk).number if arrived else kiosk.next_number()
    clock.pass_by(hours=1)
    assert kiosk.put_event(number, EventKind.WITHDRAW).status_code == 201
    assert_over(kiosk, number)
    before = kiosk.put_event(number, EventKind.SUPPLEMENT, role=Role.AGENT, made_at=later(0), words="早上说的")
    assert before.status_code == 201, "what was said while it was good counts"


def test_what_an_agent_said_beyond_it_before_the_petition_came_adds_nothing(
    kiosk: SendingKiosk, served: Served
) -> None:
    number = kiosk.next_number()
    assert kiosk.put_event(number, EventKind.URGE, role=Role.AGENT, words="催").status_code == 201
    assert kiosk.put_event(number, EventKind.SUPPLEMENT, counter=2, words="本人补充").status_code == 201
    petition = file(kiosk, number=number, on_behalf=behalf(scope=["filing"]))
    opened = desk.open_petition(served.platform, petition.id, account="wang")
    assert [(event.kind, event.by_agent) for event in opened.events] == [("supplement", False)]
    assert opened.listed.urged == 0


def test_a_petition_that_does_not_open_shows_no_authority(kiosk: SendingKiosk) -> None:
    damaged = kiosk.seal(roles=["own", "agent"], on_behalf=behalf())
    envelope = protocol.read(protocol.Envelope, protocol.read(protocol.Signed, damaged.raw).body)
    other = envelope.model_copy(update={"number": kiosk.next_number()})
    raw = protocol.write(protocol.sign(kiosk.key, protocol.Type.PETITION, other))
    assert kiosk.put(Sealed(id=damaged.id, number=other.number, raw=raw, files={})).status_code == 201
    assert refused(asked(kiosk, other.number, Role.AGENT), "authority-ended")


def test_an_envelope_of_before_is_as_valid_as_ever(kiosk: SendingKiosk, served: Served) -> None:
    petition = file(kiosk, on_behalf={"principal": "王秀英", "relation": "母子", "agent": "李强"})
    content = desk.open_petition(served.platform, petition.id, account="wang").content
    assert content is not None
    assert content.on_behalf is not None
    assert (content.on_behalf.until, content.consents, content.signs) == (None, (), ())
    assert asked(kiosk, petition.number, Role.AGENT).status_code == 200


# --- what staff see ---------------------------------------------------------------------------------------------------


@pytest.fixture
def page_of(signed_in: Browser) -> PageOf:
    return lambda petition, **headers: signed_in.get(f"/staff/petitions/{petition.id}", **headers).text


def test_staff_see_for_whom_by_whom_with_what_authority_and_until_when(kiosk: SendingKiosk, page_of: PageOf) -> None:
    consents = [
        {"about": "id-number", "given": False, "words_version": "aaaaaaaaaaaa"},
        {"about": "agent-data", "given": True, "words_version": "bbbbbbbbbbbb"},
    ]
    until = datetime(2031, 5, 6, 4, tzinfo=UTC)
    petition = file(kiosk, CONSENT, on_behalf=behalf(until=until, agent_id="0042"), consents=consents, signs=["fire"])
    page = page_of(petition)
    for shown in (
        "替父母或长辈办",
        "本人亲口同意，有录音",
        "查进度、补充情况、催一催",
        "2031年5月6日",
        "用语版本 2027-1",
        "名单编号 0042",
        "着火、煤气",
        "本人同意的录音",
    ):
        assert shown in page, shown
    answers = re.findall(r"<dt>([^<]+)</dt><dd>(不?同意) <span class=\"soft\">用语版本 (\w+)", page)
    assert answers == [("身份证号", "不同意", "aaaaaaaaaaaa"), ("代办人的姓名和电话", "同意", "bbbbbbbbbbbb")]
    english = page_of(petition, **{"Accept-Language": "en"})
    assert "for a parent or elder" in english


def test_names_and_numbers_are_marks_until_somebody_asks_and_that_is_written_down(
    kiosk: SendingKiosk,
    page_of: PageOf,
    signed_in: Browser,
    served: Served,
) -> None:
    petition = file(kiosk, name="王秀英", phone="+8613812345678", id_number="11010519491231002X")
    hidden = ("王秀英", "李强", "13900001111", "13700002222", "13812345678", "11010519491231002X")
    page = page_of(petition)
    assert [each for each in hidden if each in page] == []
    assert ("王＊＊" in page, "＊2X" in page) == (True, True)
    path = f"/staff/petitions/{petition.id}"
    assert signed_in.post(f"{path}/names", {"form_token": "guessed"}).status_code == 403
    clear = signed_in.post(f"{path}/names", signed_in.fields(path))
    assert [each for each in hidden if each not in clear.text] == []
    assert clear.headers["Cache-Control"] == "no-store"
    with served.platform.database.reading() as rows:
        deeds = [(e.account, e.petition_id) for e in rows.query(AuditEntry) if e.deed == "saw-names"]
    assert deeds == [("wang", petition.id)]
    assert [each for each in hidden if each in page_of(petition)] == [], "and marks again the next time"


def test_nobody_sees_names_or_evidence_without_signing_in(kiosk: SendingKiosk, browser: Browser) -> None:
    petition = file(kiosk, CONSENT, PAPER)
    path = f"/staff/petitions/{petition.id}"
    assert browser.post(f"{path}/names", {}).headers["Location"] == "/staff/sign-in"
    for part in (CONSENT, PAPER):
        assert browser.get(f"{path}/attachments/{part.id}").headers["Location"] == "/staff/sign-in"


def test_evidence_is_heard_and_seen_unchanged_and_each_opening_is_written_down(
    kiosk: SendingKiosk,
    page_of: PageOf,
    signed_in: Browser,
    served: Served,
) -> None:
    evidence = [CONSENT.id, PAPER.id, DRAWN.id, "00000000-0000-4000-8000-000000000000"]
    petition = file(kiosk, CONSENT, PAPER, DRAWN, on_behalf=behalf(evidence=evidence))
    path = f"/staff/petitions/{petition.id}"
    page = page_of(petition)
    assert page.index("授权的证据") < page.index(CONSENT.id)
    assert "有一份证据没有附上" in page
    assert "<img" not in page, "a signed paper shows a name: it is looked at when somebody asks"
    for part, type_, shown in (
        (CONSENT, "audio/ogg", "inline"),
        (PAPER, "image/png", "inline"),
        (DRAWN, "application/octet-stream", "attachment"),
    ):
        answer = signed_in.get(f"{path}/attachments/{part.id}")
        assert (answer.content, answer.headers["Content-Type"]) == (part.plain, type_)
        assert answer.headers["Content-Disposition"].startswith(shown)
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    with served.platform.database.reading() as rows:
        opened = [(e.deed, e.detail) for e in rows.query(AuditEntry) if e.deed in ("heard", "saw")]
    assert opened == [("heard", CONSENT.id), ("saw", PAPER.id), ("saw", DRAWN.id)]


def test_a_revocation_stands_on_the_page(kiosk: SendingKiosk, page_of: PageOf) -> None:
    petition = file(kiosk)
    assert "本人收回了" not in page_of(petition)
    kiosk.put_event(petition.number, EventKind.REVOKE_AUTHORITY)
    assert "本人收回了" in page_of(petition)


def test_what_is_written_down_names_nobody(kiosk: SendingKiosk, page_of: PageOf, settings: Settings) -> None:
    page_of(file(kiosk, name="王秀英", id_number="11010519491231002X"))
    stored = b"".join(path.read_bytes() for path in settings.directory.rglob("*") if path.is_file())
    for name in ("王秀英", "李强", "13900001111", "11010519491231002X"):
        assert name.encode() not in stored
