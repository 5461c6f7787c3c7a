"""What a receipt's holder says later, as staff meet it: in order, heard, urged first, looked into again, withdrawn."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from gateway import admin, desk, reviews
from gateway.__main__ import main
from gateway.database import AuditEntry, Review
from gateway.desk import StepForm, Tab
from gateway.reviews import Outcome, ReviewForm, SameReply
from gateway.serve import Served
from offline_queue import protocol, sealing
from offline_queue.protocol import EventKind
from petition.model import Stage
from tests.gateway.browser import Browser
from tests.gateway.conftest import HandClock
from tests.gateway.sending import Sealed, SendingKiosk, enrol

SOUND = bytes(range(256)) * 40
MORNING = datetime(2025, 3, 8, 2, 0, tzinfo=UTC)


def sound(plain: bytes = SOUND, media_type: str = "audio/ogg; codecs=opus") -> dict[str, object]:
    return {"media_type": media_type, "milliseconds": 4200, "sound": sealing.to_base64(plain)}


@pytest.fixture
def petition(kiosk: SendingKiosk) -> Sealed:
    petition = kiosk.seal()
    kiosk.send(petition)
    return petition


def set_stage(served: Served, petition: Sealed, stage: str, reply: str = "") -> None:
    form = StepForm(stage=stage, responsible="", expected=None, reply=reply)
    desk.set_step(served.platform, petition.id, form, account="wang", seen=None)


def stage_of(served: Served, petition: Sealed) -> str:
    return admin.step_of(served.platform, petition.number).stage


def listed(served: Served, tab: Tab) -> list[str]:
    return [each.id for each in desk.list_petitions(served.platform, tab)[0]]


def one(served: Served, petition: Sealed) -> desk.Listed:
    return next(each for each in desk.list_petitions(served.platform, Tab.ALL)[0] if each.id == petition.id)


def said(answer: object) -> None:
    assert getattr(answer, "status_code", 0) == 201, getattr(answer, "text", "")


# --- all of it on the page --------------------------------------------------------------------------------------------


def test_everything_said_later_stands_in_order_with_the_levels_words_and_a_sound_to_play(
    kiosk: SendingKiosk, signed_in: Browser, petition: Sealed, served: Served
) -> None:
    set_stage(served, petition, "replied", "修好了")
    at = [MORNING + timedelta(hours=n) for n in range(4)]
    said(kiosk.put_event(petition.number, EventKind.URGE, made_at=at[3], counter=4, words="快一点"))
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=at[0], counter=1, level="good"))
    said(
        kiosk.put_event(
            petition.number,
            EventKind.RATING,
            made_at=at[1],
            counter=2,
            level="bad",
            review=True,
            words="<b>又坏了</b>",
            sounds=[sound()],
        )
    )
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, made_at=at[2], counter=3, words="四楼也坏了"))
    page = signed_in.get(f"/staff/petitions/{petition.id}").text
    later = page[page.index("后来说的") : page.index("</ol>", page.index("后来说的"))]
    places = [later.index(words) for words in ("满意", "后来改了", "不满意", "又坏了", "四楼也坏了", "快一点")]
    assert places == sorted(places)
    assert "&lt;b&gt;又坏了&lt;/b&gt;" in later
    assert later.count("请人再查") == 1
    [source] = re.findall(r'<audio controls preload="none" src="([^"]+)"', later)
    heard = signed_in.get(source)
    assert (heard.content, heard.headers["Content-Type"]) == (SOUND, "audio/ogg")
    assert "sandbox" in heard.headers["Content-Security-Policy"]
    assert signed_in.get(source, Range="bytes=10-19").content == SOUND[10:20]
    with served.platform.database.reading() as rows:
        entries = [e for e in rows.query(AuditEntry) if e.deed == "heard"]
    assert [(e.account, e.petition_id) for e in entries] == [("wang", petition.id)]
    assert signed_in.get(source.replace("/sounds/0", "/sounds/1")).status_code == 404
    assert signed_in.get(source.replace("/sounds/0", "/sounds/99")).status_code == 400
    other = kiosk.seal()
    kiosk.send(other)
    assert signed_in.get(source.replace(petition.id, other.id)).status_code == 404
    assert Browser(served.url).get(source).status_code == 303


def test_a_page_in_disguise_is_only_ever_saved(kiosk: SendingKiosk, signed_in: Browser, petition: Sealed) -> None:
    page = b"<script>alert(1)</script>"
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, sounds=[sound(page, "text/html")]))
    found = re.search(r'href="([^"]+/sounds/0)" download', signed_in.get(f"/staff/petitions/{petition.id}").text)
    assert found is not None
    answer = signed_in.get(found[1])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("plain_bytes", "status"), [(500_000, 201), (580_000, 201), (600_000, 413)])
def test_an_event_of_900_kilobytes_gets_in_and_one_beyond_the_bound_is_told_so(
    kiosk: SendingKiosk, signed_in: Browser, petition: Sealed, plain_bytes: int, status: int
) -> None:
    # Base64 inside of sealed inside of base64: sixteen ninths of the sound.
    answer = kiosk.put_event(petition.number, EventKind.SUPPLEMENT, sounds=[sound(bytes(plain_bytes))])
    assert answer.status_code == status
    page = signed_in.get(f"/staff/petitions/{petition.id}").text
    assert ("/sounds/0" in page) is (status == 201)


# --- ratings and second looks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("morning", [MORNING, MORNING.replace(year=2099)], ids=["past", "ahead"])
def test_a_late_older_rating_changes_nothing(
    kiosk: SendingKiosk, served: Served, petition: Sealed, clock: HandClock, morning: datetime
) -> None:
    set_stage(served, petition, "replied", "修好了")
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=morning, counter=5, level="good"))
    assert stage_of(served, petition) == Stage.RATED
    set_stage(served, petition, "replied", "又修了一次")
    clock.pass_by(seconds=5)
    before = morning - timedelta(minutes=1)
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=before, counter=9, level="bad"))
    clock.pass_by(seconds=5)
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=morning, counter=4, level="bad"))
    assert stage_of(served, petition) == Stage.REPLIED
    assert reviews.open_reviews(served.platform) == []
    told = admin.said_later(served.platform, petition.number)
    assert [(each["level"], each["replaced"]) for each in told] == [("bad", True), ("bad", True), ("good", False)]
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=morning, counter=6, level="bad", review=True))
    assert stage_of(served, petition) == Stage.RATED
    assert [each.number for each in reviews.open_reviews(served.platform)] == [petition.number]


def test_a_rating_of_a_clock_that_is_ahead_counts_until_the_next_one(
    kiosk: SendingKiosk, served: Served, petition: Sealed, clock: HandClock
) -> None:
    set_stage(served, petition, "replied", "修好了")
    ahead = clock() + timedelta(days=6 * 365)
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=ahead, counter=9, level="good"))
    clock.pass_by(hours=1)
    bad: dict[str, Any] = {"level": "bad", "review": True, "words": "还是漏"}
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=clock(), counter=10, **bad))
    told = admin.said_later(served.platform, petition.number)
    assert {each["level"]: each["replaced"] for each in told} == {"good": True, "bad": False}
    assert listed(served, Tab.REVIEW) == [petition.id]


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "on-its-way"])
@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(hours=8)], ids=["minutes", "hours"])
def test_of_two_ratings_of_a_clock_that_is_ahead_the_later_one_counts_in_whichever_order_they_come(
    kiosk: SendingKiosk, served: Served, clock: HandClock, ahead: timedelta, *, arrived: bool
) -> None:
    petition = kiosk.seal()
    if arrived:
        kiosk.send(petition)
        set_stage(served, petition, "replied", "修好了")
    good, bad = clock() + ahead - timedelta(seconds=30), clock() + ahead
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=bad, counter=2, level="bad"))
    clock.pass_by(minutes=3)  # it was tried again: of a clock two minutes ahead this one is not ahead any more
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=good, counter=1, level="good"))
    kiosk.send(petition)
    told = admin.said_later(served.platform, petition.number)
    assert [(each["level"], each["replaced"]) for each in told] == [("good", True), ("bad", False)]


def test_what_another_kiosk_said_after_that_is_not_overwritten_by_it(
    kiosk: SendingKiosk, served: Served, petition: Sealed, clock: HandClock, http: requests.Session
) -> None:
    other = enrol(served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"), http)
    ahead = clock() + timedelta(hours=8)
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=ahead, counter=2, level="bad"))
    clock.pass_by(minutes=1)
    there = uuid.uuid4()
    proof = protocol.event_proof(kiosk.tag(petition.number), str(there))
    fair = other.put_event(
        petition.number, EventKind.RATING, event_id=str(there), proof=proof, made_at=clock(), level="fair"
    )
    said(fair)
    clock.pass_by(minutes=1)
    before = ahead - timedelta(minutes=1)
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=before, counter=1, level="good"))
    told = admin.said_later(served.platform, petition.number)
    assert [(each["level"], each["replaced"]) for each in told] == [("good", True), ("bad", True), ("fair", False)]


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "on-its-way"])
def test_a_second_look_is_opened_however_far_behind_the_clock_is_where_it_is_asked_for(
    kiosk: SendingKiosk, served: Served, clock: HandClock, *, arrived: bool
) -> None:
    petition = kiosk.seal()
    if arrived:
        kiosk.send(petition)
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=clock(), counter=7, level="good"))
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=MORNING, counter=1, level="bad", review=True))
    kiosk.send(petition)
    assert listed(served, Tab.REVIEW) == [petition.id]


def ask_review(kiosk: SendingKiosk, petition: Sealed, counter: int = 1, **content: Any) -> None:  # noqa: ANN401 - as the event has it
    said(
        kiosk.put_event(
            petition.number,
            EventKind.RATING,
            made_at=MORNING + timedelta(minutes=counter),
            counter=counter,
            level="bad",
            review=True,
            **content,
        )
    )


def test_a_review_has_a_tab_of_its_own_until_a_person_closes_it_with_a_fresh_reply(
    kiosk: SendingKiosk, signed_in: Browser, served: Served, petition: Sealed
) -> None:
    set_stage(served, petition, "replied", "修好了")
    assert "现在没有要复核的" in signed_in.get("/staff?tab=review").text
    ask_review(kiosk, petition)
    ask_review(kiosk, petition, 2, words="没人来过")
    assert listed(served, Tab.REVIEW) == [petition.id]
    page = signed_in.get("/staff?tab=review").text
    assert f"/staff/petitions/{petition.id}" in page
    assert "要复核的 <b>1</b>" in page
    path = f"/staff/petitions/{petition.id}"
    form = {**signed_in.fields(path), "outcome": "new-reply", "note": "线路老化", "reply": "修好了"}
    same = signed_in.post(f"{path}/review", form)
    assert same.status_code == 400
    assert "请写新的答复" in same.text
    assert "线路老化" in same.text, "what was written stays"
    assert listed(served, Tab.REVIEW) == [petition.id]
    answer = signed_in.post(f"{path}/review", {**form, "reply": "换了线，\r\n灯全亮了"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?said=reviewed")
    assert listed(served, Tab.REVIEW) == []
    page = signed_in.get(f"{path}?said=reviewed").text
    for shown in ("复核记下了", "给新的答复", "线路老化", "王芳", "复核好了：给新的答复"):
        assert shown in page
    told = kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()
    assert told["reply"] == "换了线，\n灯全亮了"
    assert [step["state"] for step in told["steps"]] == ["done"] * 5
    assert "线路老化" not in str(told)
    with served.platform.database.reading() as rows:
        [review] = rows.query(Review).all()
        assert (review.closed_by, review.outcome) == ("wang", "new-reply")
        assert "线路".encode() not in review.note_sealed
    assert signed_in.post(f"{path}/review", form).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "stage", "becomes"),
    [
        (Outcome.NEW_REPLY, Stage.HANDLING, Stage.REPLIED),
        (Outcome.NEW_REPLY, Stage.REPLIED, Stage.IMPROVED),
        (Outcome.NEW_REPLY, Stage.RATED, Stage.IMPROVED),
        (Outcome.NEW_REPLY, Stage.IMPROVED, Stage.IMPROVED),
        (Outcome.UNCHANGED, Stage.RATED, Stage.RATED),
        (Outcome.TAKEN_BACK, Stage.RATED, Stage.RATED),
    ],
)
def test_how_a_review_ends_decides_where_the_petition_goes(
    kiosk: SendingKiosk, served: Served, petition: Sealed, outcome: Outcome, stage: Stage, becomes: Stage
) -> None:
    ask_review(kiosk, petition)
    set_stage(served, petition, stage.value, "原来的答复")
    form = ReviewForm(outcome=outcome, reply="新的答复", note="")
    reviews.close_review(served.platform, petition.id, form, account="wang", seen=None)
    step = admin.step_of(served.platform, petition.number)
    assert step.stage == becomes
    assert step.reply == ("新的答复" if outcome is Outcome.NEW_REPLY else "原来的答复")


def test_two_people_do_not_close_a_review_over_each_other(
    kiosk: SendingKiosk, signed_in: Browser, served: Served, petition: Sealed, clock: HandClock
) -> None:
    ask_review(kiosk, petition)
    path = f"/staff/petitions/{petition.id}"
    late = {**signed_in.fields(path), "outcome": "new-reply", "reply": "晚的那位写的"}
    clock.pass_by(seconds=5)
    set_stage(served, petition, "replied", "早的那位写的")
    answer = signed_in.post(f"{path}/review", late)
    assert answer.status_code == 409
    assert "刚才有人改过" in answer.text
    assert "晚的那位写的" in answer.text
    assert listed(served, Tab.REVIEW) == [petition.id]
    for wrong in ({"outcome": "burnt"}, {"seen": "yesterday"}, {"note": "长" * 20_001}):
        assert signed_in.post(f"{path}/review", {**late, **wrong}).status_code == 400
    assert signed_in.post(f"{path}/review", {**late, "form_token": "guessed"}).status_code == 403


def test_a_better_rating_later_does_not_close_a_review_by_itself(
    kiosk: SendingKiosk, signed_in: Browser, served: Served, petition: Sealed
) -> None:
    ask_review(kiosk, petition)
    later = MORNING + timedelta(hours=1)
    said(kiosk.put_event(petition.number, EventKind.RATING, made_at=later, counter=2, level="good"))
    assert listed(served, Tab.REVIEW) == [petition.id]
    assert "后来的评价没有再请人查" in signed_in.get(f"/staff/petitions/{petition.id}").text


def test_after_one_review_another_can_be_asked_for(kiosk: SendingKiosk, served: Served, petition: Sealed) -> None:
    ask_review(kiosk, petition)
    form = ReviewForm(outcome=Outcome.UNCHANGED)
    reviews.close_review(served.platform, petition.id, form, account="wang", seen=None)
    assert listed(served, Tab.REVIEW) == []
    ask_review(kiosk, petition, 2)
    assert listed(served, Tab.REVIEW) == [petition.id]
    with pytest.raises(SameReply):
        admin.close_review(served.platform, petition.number, ReviewForm(outcome=Outcome.NEW_REPLY))


# --- urging, supplements, withdrawing ---------------------------------------------------------------------------------


def test_the_urged_come_first_until_they_are_answered(
    kiosk: SendingKiosk, signed_in: Browser, served: Served, clock: HandClock
) -> None:
    calm, once, twice, urgent = kiosk.seal(), kiosk.seal(), kiosk.seal(), kiosk.seal(urgent=True)
    for each in (once, twice, calm, urgent):
        kiosk.send(each)
        clock.pass_by(seconds=1)
    said(kiosk.put_event(once.number, EventKind.URGE, counter=1))
    for counter in (2, 3):
        said(kiosk.put_event(twice.number, EventKind.URGE, counter=counter))
    for tab in (Tab.ALL, Tab.WAITING):
        assert listed(served, tab) == [twice.id, once.id, urgent.id, calm.id]
    assert "催过 2 次" in signed_in.get("/staff").text
    assert "催过 2 次" in signed_in.get(f"/staff/petitions/{twice.id}").text
    clock.pass_by(seconds=1)
    set_stage(served, twice, "replied", "修好了")
    assert listed(served, Tab.ALL)[0] == once.id
    assert "催过 2 次" not in signed_in.get("/staff?tab=all").text
    clock.pass_by(seconds=1)
    said(kiosk.put_event(twice.number, EventKind.URGE, counter=4))
    assert one(served, twice).urged == 1, "what is urged after an answer counts anew"


def test_a_withdrawn_petition_is_marked_and_waits_for_nobody(
    kiosk: SendingKiosk, signed_in: Browser, served: Served, petition: Sealed
) -> None:
    said(kiosk.put_event(petition.number, EventKind.URGE, counter=1))
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, counter=2))
    assert listed(served, Tab.WAITING) == [petition.id]
    said(kiosk.put_event(petition.number, EventKind.WITHDRAW, counter=3))
    assert listed(served, Tab.WAITING) == []
    assert desk.counts(served.platform)[Tab.WAITING] == 0
    assert one(served, petition).urged == 0
    assert "本人撤回了" in signed_in.get("/staff?tab=all").text
    assert "不用再办" in signed_in.get(f"/staff/petitions/{petition.id}").text


@pytest.mark.parametrize("stage", ["", "handling"])
@pytest.mark.parametrize("kind", [EventKind.SUPPLEMENT, EventKind.URGE])
def test_what_is_said_after_a_withdrawal_waits_until_somebody_opens_it(
    kiosk: SendingKiosk,
    signed_in: Browser,
    served: Served,
    petition: Sealed,
    clock: HandClock,
    stage: str,
    kind: EventKind,
) -> None:
    if stage:
        set_stage(served, petition, stage)
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, counter=1))
    said(kiosk.put_event(petition.number, EventKind.WITHDRAW, counter=2))
    assert listed(served, Tab.WAITING) == []
    clock.pass_by(seconds=1)
    said(kiosk.put_event(petition.number, kind, counter=3, words="我还是想办"))
    assert listed(served, Tab.WAITING) == [petition.id]
    page = signed_in.get(f"/staff/petitions/{petition.id}").text
    assert "后来又有话说" in page
    assert "不用再办" not in page
    assert page.count('<span class="chip seal-chip">新的</span>') == 1, "not what was taken back with it"
    assert listed(served, Tab.WAITING) == []


def test_what_was_said_before_a_withdrawal_and_comes_after_it_waits_too(
    kiosk: SendingKiosk, signed_in: Browser, served: Served, petition: Sealed
) -> None:
    said(kiosk.put_event(petition.number, EventKind.WITHDRAW, counter=2, made_at=MORNING))
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, counter=1, made_at=MORNING - timedelta(hours=1)))
    assert listed(served, Tab.WAITING) == [petition.id]
    assert "不用再办" in signed_in.get(f"/staff/petitions/{petition.id}").text


@pytest.mark.parametrize("kind", [EventKind.SUPPLEMENT, EventKind.URGE])
def test_a_withdrawal_that_arrives_late_hides_what_was_said_before_it_and_nothing_else(
    kiosk: SendingKiosk, signed_in: Browser, served: Served, petition: Sealed, clock: HandClock, kind: EventKind
) -> None:
    set_stage(served, petition, "handling")
    at = [MORNING + timedelta(hours=n) for n in range(3)]
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, counter=1, made_at=at[0]))
    clock.pass_by(seconds=1)
    said(kiosk.put_event(petition.number, kind, counter=3, made_at=at[2], words="我还是想办"))
    clock.pass_by(seconds=1)
    said(kiosk.put_event(petition.number, EventKind.WITHDRAW, counter=2, made_at=at[1]))
    assert listed(served, Tab.WAITING) == [petition.id]
    page = signed_in.get(f"/staff/petitions/{petition.id}").text
    assert "后来又有话说" in page
    assert page.count('<span class="chip seal-chip">新的</span>') == 1, "not what was taken back with it"
    assert listed(served, Tab.WAITING) == []


def test_what_was_said_after_a_withdrawal_waits_though_all_of_it_came_before_its_petition(
    kiosk: SendingKiosk, served: Served
) -> None:
    petition = kiosk.seal()
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, counter=2, made_at=MORNING, words="还是想办"))
    said(kiosk.put_event(petition.number, EventKind.WITHDRAW, counter=1, made_at=MORNING))
    kiosk.send(petition)
    assert listed(served, Tab.WAITING) == [petition.id]


def test_a_supplement_makes_a_petition_new_again_until_somebody_opens_it(
    kiosk: SendingKiosk, signed_in: Browser, served: Served, petition: Sealed
) -> None:
    set_stage(served, petition, "handling")
    assert listed(served, Tab.WAITING) == []
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, counter=1, words="四楼也坏了"))
    assert listed(served, Tab.WAITING) == [petition.id]
    assert "有新补充" in signed_in.get("/staff").text
    admin.said_later(served.platform, petition.number)
    assert one(served, petition).news, "a look of the machine's operator is no reader's"
    signed_in.get(f"/staff/petitions/{petition.id}", **{"X-Refresh": "1"})
    assert one(served, petition).news, "what an open page asks for is nobody's look"
    opened = signed_in.get(f"/staff/petitions/{petition.id}").text
    assert '<span class="chip seal-chip">新的</span>' in opened
    assert not one(served, petition).news
    assert '<span class="chip seal-chip">新的</span>' not in signed_in.get(f"/staff/petitions/{petition.id}").text
    assert listed(served, Tab.WAITING) == []


def test_what_came_before_its_petition_counts_when_the_petition_comes(kiosk: SendingKiosk, served: Served) -> None:
    petition = kiosk.seal()
    said(kiosk.put_event(petition.number, EventKind.SUPPLEMENT, counter=2, made_at=MORNING))
    said(kiosk.put_event(petition.number, EventKind.URGE, counter=3, made_at=MORNING))
    ask_review(kiosk, petition, 4)
    said(kiosk.put_event(petition.number, EventKind.RATING, counter=1, made_at=MORNING, level="good"))
    kiosk.send(petition)
    shown = one(served, petition)
    assert (shown.news, shown.urged, shown.review) == (True, 1, True)
    assert [each["kind"] for each in admin.said_later(served.platform, petition.number)] == [
        "rating",
        "supplement",
        "urge",
        "rating",
    ]


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_an_operator_lists_reviews_closes_them_and_reads_what_was_said_later(
    kiosk: SendingKiosk, served: Served, petition: Sealed, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ask_review(kiosk, petition, words="没人来过", sounds=[sound()])
    base = ["--directory", str(served.settings.directory), "--json", "admin"]
    assert main([*base, "reviews"]) == 0
    assert petition.number in capsys.readouterr().out
    out = tmp_path / "out"
    assert main([*base, "open", petition.number, "--out", str(out)]) == 0
    assert "没人来过" in (out / "later.json").read_text(encoding="utf-8")
    [ogg] = out.glob("*.ogg")
    assert ogg.read_bytes() == SOUND
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    close = [*base, "close-review", petition.number, "--outcome", "new-reply"]
    assert main(close) == 2
    assert main([*close, "--reply", "换了线", "--as", "nobody"]) == 2
    capsys.readouterr()
    assert main([*close, "--reply", "换了线"]) == 0
    assert main([*base, "close-review", petition.number, "--outcome", "unchanged"]) == 2
    capsys.readouterr()
    assert main([*base, "reviews"]) == 0
    assert capsys.readouterr().out == "{}\n"
    assert main([*base, "later", petition.number]) == 0
    assert '"sounds": [4200]' in capsys.readouterr().out
