"""How far a petition is: steps, lookups by tag and code, updates by cursor, events, calls."""

import uuid
from datetime import date

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from gateway import admin, calls, desk
from gateway.database import Change, LaterEvent, Petition, Resend
from gateway.progress import steps_of
from gateway.serve import Served
from offline_queue import protocol
from offline_queue.protocol import EventKind
from petition.model import Stage, StageState
from petition.receipt import Role, receipt_number
from tests.gateway.conftest import HandClock
from tests.gateway.sending import Part, Sealed, SendingKiosk, enrol
from tests.gateway.test_petitions import code_of


def set_stage(served: Served, petition: Sealed, stage: str, **more: object) -> None:
    form = desk.StepForm(stage=stage, responsible="", expected=None, reply="")
    desk.set_step(served.platform, petition.id, admin.with_changes(form, **more), account="wang", seen=None)


def progress_in(answer: requests.Response) -> protocol.Progress:
    assert answer.status_code == 200, answer.text
    return protocol.read(protocol.Progress, answer.content)


@given(st.sampled_from(["", *Stage]))
def test_one_step_is_now_from_the_first_look_until_all_are_done(stage: str) -> None:
    steps = steps_of(stage, {})
    assert [step.stage for step in steps] == list(Stage)
    states = [step.state for step in steps]
    assert states == sorted(states, key=[StageState.DONE, StageState.NOW, StageState.NEXT].index)
    assert states.count(StageState.NOW) == (0 if stage in ("", Stage.IMPROVED) else 1)


def test_the_holder_of_the_slip_is_told_steps_person_date_and_reply(
    kiosk: SendingKiosk, served: Served, clock: HandClock
) -> None:
    petition = kiosk.seal()
    kiosk.send(petition)
    number, tag = petition.number, kiosk.tag(petition.number)
    arrived = progress_in(kiosk.look_up(number, tag=tag))
    assert {step.state for step in arrived.steps} == {StageState.NEXT}
    assert {step.on for step in arrived.steps} == {None}
    set_stage(served, petition, "accepted")
    clock.pass_by(days=1)
    set_stage(served, petition, "handling", responsible="物业 张师傅", expected=date(2027, 3, 11))
    clock.pass_by(days=1)
    set_stage(served, petition, "replied", responsible="物业 张师傅", expected=date(2027, 3, 11), reply="灯修好了。")
    told = progress_in(kiosk.look_up(number, tag=tag))
    assert [step.state.value for step in told.steps] == ["done", "done", "now", "next", "next"]
    days = [step.on for step in told.steps[:3]]
    assert all(days)
    assert days == sorted(days, key=str)
    assert len(set(days)) == 3
    assert (told.responsible, told.expected, told.reply) == ("物业 张师傅", date(2027, 3, 11), "灯修好了。")
    assert progress_in(kiosk.look_up(number, query_code=kiosk.code(number))).reply == "灯修好了。"


def test_both_slips_of_a_proxy_petition_work(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal(roles=("own", "agent"), on_behalf={"principal": "王秀英", "relation": "parent"})
    kiosk.send(petition)
    for role in Role:
        assert kiosk.look_up(petition.number, tag=kiosk.tag(petition.number, role)).status_code == 200
        assert kiosk.look_up(petition.number, query_code=kiosk.code(petition.number, role)).status_code == 200


def test_a_genuine_receipt_whose_petition_is_still_on_its_way_is_never_unknown(kiosk: SendingKiosk) -> None:
    number = kiosk.next_number()
    for shown in ({"tag": kiosk.tag(number)}, {"query_code": kiosk.code(number)}):
        told = progress_in(kiosk.look_up(number, **shown))
        assert (told.on_its_way, told.from_kiosk, told.steps) == (True, "幸福社区 1 号机", ())


def test_another_kiosk_may_ask_for_a_receipt_too(kiosk: SendingKiosk, served: Served) -> None:
    petition = kiosk.seal()
    kiosk.send(petition)
    with requests.Session() as http:
        other = enrol(served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"), http)
        assert other.look_up(petition.number, tag=kiosk.tag(petition.number)).status_code == 200


def test_wrong_tags_wrong_codes_and_unknown_numbers_are_told_apart(kiosk: SendingKiosk) -> None:
    number = kiosk.next_number()
    wrong = kiosk.look_up(number, tag="0" * 20)
    assert (wrong.status_code, code_of(wrong)) == (403, "wrong-code")
    wrong = kiosk.look_up(number, query_code="000000" if kiosk.code(number) != "000000" else "000001")
    assert (wrong.status_code, code_of(wrong)) == (403, "wrong-code")
    taken = {block.block for block in kiosk.enrolment.blocks}
    nobodys = next(block for block in ("10000", "10001", "10002") if block not in taken)
    for shown in ({"tag": "0" * 20}, {"query_code": "000000"}):
        unknown = kiosk.look_up(receipt_number(nobodys, 1), **shown)
        assert (unknown.status_code, code_of(unknown)) == (404, "receipt-unknown")


def test_a_lookup_shows_either_tag_or_code(kiosk: SendingKiosk) -> None:
    number = kiosk.next_number()
    assert kiosk.look_up(number).status_code == 400
    assert kiosk.look_up(number, tag=kiosk.tag(number), query_code=kiosk.code(number)).status_code == 400
    assert kiosk.look_up(number[:-1] + str((int(number[-1]) + 1) % 10), tag=kiosk.tag(number)).status_code == 400


def wrong_code(kiosk: SendingKiosk, number: str, turn: int) -> str:
    right = {int(kiosk.code(number, role)) for role in Role}
    guess = turn
    while guess in right:
        guess += 100
    return f"{guess:06d}"


def test_five_wrong_codes_close_a_number_for_a_day_but_the_tag_still_works(
    kiosk: SendingKiosk, served: Served, clock: HandClock
) -> None:
    number = kiosk.next_number()
    answers = [kiosk.look_up(number, query_code=wrong_code(kiosk, number, turn)) for turn in range(6)]
    assert [code_of(answer) for answer in answers] == ["wrong-code"] * 5 + ["too-many"]
    closed = kiosk.look_up(number, query_code=kiosk.code(number))
    assert (closed.status_code, code_of(closed)) == (429, "too-many")
    assert 86_000 < int(closed.headers["Retry-After"]) <= 86_401
    assert kiosk.look_up(number, tag=kiosk.tag(number)).status_code == 200
    served.stop()
    served.start()
    assert kiosk.look_up(number, query_code=kiosk.code(number)).status_code == 429
    clock.pass_by(hours=24, seconds=1)
    assert kiosk.look_up(number, query_code=kiosk.code(number)).status_code == 200


def test_the_own_code_forgives_the_wrong_ones_before_it(kiosk: SendingKiosk, clock: HandClock) -> None:
    number = kiosk.next_number()
    for _ in range(3):
        for turn in range(3):
            kiosk.look_up(number, query_code=wrong_code(kiosk, number, turn))
        clock.pass_by(hours=2)  # the kiosk's own hour is over
        assert kiosk.look_up(number, query_code=kiosk.code(number)).status_code == 200


def test_the_agents_code_wins_no_tries_at_the_persons_own(kiosk: SendingKiosk) -> None:
    number = kiosk.next_number()
    for turn in range(4):
        assert code_of(kiosk.look_up(number, query_code=wrong_code(kiosk, number, turn))) == "wrong-code"
    assert kiosk.look_up(number, query_code=kiosk.code(number, Role.AGENT)).json()["role"] == Role.AGENT
    assert code_of(kiosk.look_up(number, query_code=wrong_code(kiosk, number, 4))) == "wrong-code"
    assert code_of(kiosk.look_up(number, query_code=wrong_code(kiosk, number, 5))) == "too-many"


def test_ten_wrong_codes_in_an_hour_at_one_kiosk_slow_its_lookups_by_code(
    kiosk: SendingKiosk, clock: HandClock
) -> None:
    for _ in range(10):
        number = kiosk.next_number()
        assert code_of(kiosk.look_up(number, query_code=wrong_code(kiosk, number, 7))) == "wrong-code"
    fresh = kiosk.next_number()
    slowed = kiosk.look_up(fresh, query_code=kiosk.code(fresh))
    assert code_of(slowed) == "too-many"
    assert int(slowed.headers["Retry-After"]) <= 3601
    assert kiosk.look_up(fresh, tag=kiosk.tag(fresh)).status_code == 200
    clock.pass_by(hours=1, seconds=1)
    assert kiosk.look_up(fresh, query_code=kiosk.code(fresh)).status_code == 200


def page_of(answer: requests.Response) -> protocol.UpdatesPage:
    assert answer.status_code == 200, answer.text
    return protocol.read(protocol.UpdatesPage, answer.content)


def test_updates_tell_each_kiosk_what_is_new_of_its_own_and_never_the_reply(
    kiosk: SendingKiosk, served: Served
) -> None:
    with requests.Session() as http:
        other = enrol(served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"), http)
        own, foreign = kiosk.seal(), other.seal()
        kiosk.send(own)
        other.send(foreign)
        start = page_of(kiosk.updates())
        assert start.updates == ()
        set_stage(served, own, "accepted")
        set_stage(served, foreign, "accepted")
        set_stage(served, own, "replied", reply="灯修好了。", responsible="张师傅")
        news = page_of(kiosk.updates(start.cursor))
        assert [update.petition_id for update in news.updates] == [own.id]
        told = news.updates[0].progress
        assert (told.steps[2].state, told.responsible, told.reply) == (StageState.NOW, "张师傅", "")
        assert page_of(kiosk.updates(news.cursor)).updates == ()
        assert page_of(other.updates()).updates[0].petition_id == foreign.id


def test_many_updates_come_in_pages_and_none_is_lost(kiosk: SendingKiosk, served: Served) -> None:
    petitions = [kiosk.seal() for _ in range(7)]
    for petition in petitions:
        kiosk.send(petition)
    for stage in ("accepted", "handling"):
        for petition in petitions:
            set_stage(served, petition, stage)
    served.stop()
    object.__setattr__(served.settings, "page_of_updates", 3)
    served.start()
    seen: dict[str, StageState] = {}
    cursor, more, rounds = "", True, 0
    while more:
        page = page_of(kiosk.updates(cursor))
        seen |= {update.petition_id: update.progress.steps[1].state for update in page.updates}
        cursor, more, rounds = page.cursor, page.more, rounds + 1
    assert seen == {petition.id: StageState.NOW for petition in petitions}
    assert rounds == 5


@pytest.mark.parametrize("cursor", ["nonsense", "abc.1", "000000000000.0", "~", "1.2.3", "." * 200])
def test_a_cursor_of_elsewhere_expires(kiosk: SendingKiosk, cursor: str) -> None:
    answer = kiosk.updates(cursor)
    assert (answer.status_code, code_of(answer)) == (410, "cursor-expired")


def test_after_a_restore_cursors_expire_and_lost_petitions_are_asked_for_until_they_are_back(
    kiosk: SendingKiosk, served: Served
) -> None:
    kept, lost, torn = kiosk.seal(), kiosk.seal(), kiosk.seal(parts=(Part(plain=b"x" * 1000),))
    for petition in (kept, lost, torn):
        kiosk.send(petition)
    cursor = page_of(kiosk.updates()).cursor
    with served.platform.database.writing() as rows:
        rows.delete(rows.get_one(Petition, lost.id))
    next(served.settings.files_path.iterdir()).unlink()
    assert admin.after_restore(served.platform) == 2
    assert code_of(kiosk.updates(cursor)) == "cursor-expired"
    assert set(page_of(kiosk.updates()).resend) == {lost.id, torn.id}
    assert not kiosk.ask_acknowledgement(torn.id).complete
    for petition in (lost, torn):
        assert kiosk.send(petition).complete
    assert page_of(kiosk.updates()).resend == ()
    assert admin.after_restore(served.platform) == 0


def test_what_was_committed_is_asked_for_after_a_restore_though_the_gateway_died_that_moment(
    kiosk: SendingKiosk, served: Served
) -> None:
    petition, event_id = kiosk.seal(), str(uuid.uuid4())

    def die(session: Session) -> None:
        if any(isinstance(each, Petition | LaterEvent) for each in session):
            raise SystemError

    event.listen(Session, "after_commit", die)
    try:
        assert kiosk.put(petition).status_code == 500
        assert kiosk.put_event(petition.number, EventKind.URGE, event_id=event_id).status_code == 500
    finally:
        event.remove(Session, "after_commit", die)
    assert kiosk.put(petition).status_code == 200, "it was committed"
    with served.platform.database.writing() as rows:
        rows.delete(rows.get_one(LaterEvent, event_id))
        rows.flush()
        rows.delete(rows.get_one(Petition, petition.id))
    assert admin.after_restore(served.platform) == 2
    assert set(page_of(kiosk.updates()).resend) == {petition.id, event_id}


def test_what_a_kiosk_cannot_send_again_keeps_nothing_else_from_being_asked_for(
    kiosk: SendingKiosk, served: Served
) -> None:
    object.__setattr__(served.settings, "page_of_updates", 1)
    lost = [str(uuid.uuid4()) for _ in range(3)]
    with served.platform.database.writing() as rows:
        rows.add_all(Resend(petition_id=each, kiosk_id=kiosk.enrolment.kiosk_id) for each in lost)
    asked: set[str] = set()
    for _ in range(200):  # the lot leaves one out two hundred times once in 10 to the 35
        asked |= set(page_of(kiosk.updates()).resend)
        if len(asked) == len(lost):
            break
    assert asked == set(lost)


def test_a_rating_moves_a_replied_petition_on_and_is_taken_in_once(kiosk: SendingKiosk, served: Served) -> None:
    petition = kiosk.seal()
    kiosk.send(petition)
    early = kiosk.put_event(petition.number, EventKind.RATING, level="good")
    assert early.status_code == 201
    set_stage(served, petition, "replied", reply="好了")
    event_id = str(uuid.uuid4())
    first = kiosk.put_event(petition.number, EventKind.RATING, event_id=event_id, counter=2, level="bad", review=True)
    assert first.status_code == 201
    word = protocol.read(protocol.Signed, first.content)
    public = protocol.public_key(kiosk.keys, word.key_id, protocol.KeyUse.ACKNOWLEDGE)
    acknowledged = protocol.open_signed(
        word, public, protocol.Type.EVENT_ACKNOWLEDGEMENT, protocol.EventAcknowledgement
    )
    assert acknowledged.event_id == event_id
    with served.platform.database.reading() as rows:
        raw = rows.get_one(LaterEvent, event_id).envelope
    again = kiosk.put_raw_event(event_id, raw)
    assert again.status_code == 200
    other = kiosk.put_event(petition.number, EventKind.RATING, event_id=event_id, level="good")
    assert (other.status_code, code_of(other)) == (409, "digest-differs")
    told = progress_in(kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)))
    assert told.steps[3].state is StageState.NOW
    opened = desk.open_petition(served.platform, petition.id, account="wang")
    assert [(event.kind, event.content and event.content.level) for event in opened.events] == [
        ("rating", "good"),
        ("rating", "bad"),
    ]


def test_what_is_said_later_waits_for_its_petition(kiosk: SendingKiosk, served: Served) -> None:
    petition = kiosk.seal()
    assert kiosk.put_event(petition.number, EventKind.SUPPLEMENT, words="四楼的灯也坏了").status_code == 201
    assert kiosk.put_event(petition.number, EventKind.WITHDRAW, counter=2).status_code == 201
    kiosk.send(petition)
    opened = desk.open_petition(served.platform, petition.id, account="wang")
    assert [event.kind for event in opened.events] == ["supplement", "withdraw"]
    assert opened.events[0].content is not None
    assert opened.events[0].content.words == "四楼的灯也坏了"
    assert opened.listed.withdrawn


def test_a_withdrawal_is_told_to_who_asks_and_to_the_kiosk_with_its_day_and_the_steps_stay(
    kiosk: SendingKiosk, served: Served, clock: HandClock
) -> None:
    petition = kiosk.seal()
    kiosk.send(petition)
    set_stage(served, petition, "handling", responsible="物业")
    before = progress_in(kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)))
    assert before.withdrawn is None
    cursor = protocol.read(protocol.UpdatesPage, kiosk.updates().content).cursor
    clock.pass_by(days=1)
    day = clock.now.astimezone(served.platform.time_zone).date()
    assert kiosk.put_event(petition.number, EventKind.WITHDRAW).status_code == 201
    clock.pass_by(days=1)
    assert kiosk.put_event(petition.number, EventKind.WITHDRAW, counter=2).status_code == 201
    told = progress_in(kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)))
    assert (told.withdrawn, told.steps) == (day, before.steps), "the first withdrawal counts"
    [update] = protocol.read(protocol.UpdatesPage, kiosk.updates(cursor).content).updates
    assert (update.petition_id, update.progress.withdrawn) == (petition.id, day)


def test_an_event_of_somebody_without_the_slip_is_refused(kiosk: SendingKiosk) -> None:
    number = kiosk.next_number()
    answer = kiosk.put_event(number, EventKind.WITHDRAW, proof="0" * 64)
    assert (answer.status_code, code_of(answer)) == (403, "wrong-code")
    taken = {block.block for block in kiosk.enrolment.blocks}
    nobodys = next(block for block in ("10000", "10001", "10002") if block not in taken)
    answer = kiosk.put_event(receipt_number(nobodys, 1), EventKind.WITHDRAW)
    assert (answer.status_code, code_of(answer)) == (404, "receipt-unknown")


def test_a_call_is_taken_in_once_and_says_who_comes(kiosk: SendingKiosk, served: Served) -> None:
    path = kiosk.url + protocol.CALL.format(id=uuid.uuid4())
    body = {"kiosk_id": kiosk.enrolment.kiosk_id, "reason": "help", "made_at": "2027-03-08T02:20:00Z"}
    first = kiosk.http.put(path, json=body, headers=kiosk.token, timeout=30)
    again = kiosk.http.put(path, json=body, headers=kiosk.token, timeout=30)
    assert (first.status_code, again.status_code) == (201, 200)
    waiting = calls.waiting_calls(served.platform)
    assert [(call.reason, call.kiosk) for call in waiting] == [("help", "幸福社区 1 号机")]
    assert kiosk.http.get(path, headers=kiosk.token, timeout=30).json()["answered_by"] == ""
    calls.answer_call(served.platform, waiting[0].id, account="wang", name="王芳")
    calls.answer_call(served.platform, waiting[0].id, account="li", name="李敏")
    assert kiosk.http.get(path, headers=kiosk.token, timeout=30).json()["answered_by"] == "王芳"
    assert calls.waiting_calls(served.platform) == []


def test_a_call_is_its_own_kiosks_business(kiosk: SendingKiosk, served: Served) -> None:
    path = kiosk.url + protocol.CALL.format(id=uuid.uuid4())
    body = {"kiosk_id": "kiosk-other", "made_at": "2027-03-08T02:20:00Z"}
    assert kiosk.http.put(path, json=body, headers=kiosk.token, timeout=30).status_code == 400
    body["kiosk_id"] = kiosk.enrolment.kiosk_id
    assert kiosk.http.put(path, json=body, headers=kiosk.token, timeout=30).status_code == 201
    with requests.Session() as http:
        other = enrol(served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"), http)
        assert http.get(path, headers=other.token, timeout=30).status_code == 404
        body["kiosk_id"] = other.enrolment.kiosk_id
        assert http.put(path, json=body, headers=other.token, timeout=30).status_code == 404


def test_setting_the_same_again_is_no_news(kiosk: SendingKiosk, served: Served) -> None:
    petition = kiosk.seal()
    kiosk.send(petition)
    for _ in range(3):
        set_stage(served, petition, "accepted", responsible="张师傅")
    with served.platform.database.reading() as rows:
        assert rows.query(Change).count() == 1
        assert rows.get_one(Petition, petition.id).responsible == "张师傅"
