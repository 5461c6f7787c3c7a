"""Somebody files for another: sealed whole with its evidence, told by two slips, and held to what the agent may do."""

import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway import admin, desk
from gateway.serve import Served, running
from gateway.settings import Settings
from kiosk.inquiry import Found, NotFound, inquire
from offline_queue import database, filing
from offline_queue.client import PlatformClient
from offline_queue.enrolment import enrol
from offline_queue.outbox import State, utc_now
from offline_queue.protocol import PetitionContent
from offline_queue.store import Store, open_store
from offline_queue.sync import sync_once
from petition.errors import Bug, Fault, FaultCode
from petition.model import (
    AttachmentKind,
    Authority,
    Consent,
    Draft,
    Later,
    LaterKind,
    OnBehalf,
    Scope,
    Sensitive,
    Stage,
    TextSource,
)
from petition.receipt import Receipt, Role
from tests.offline_queue.platform import Clock, PlatformKeys, an_identity

VOICE = b"OggS" + os.urandom(30_000)
PAPER = b"\xff\xd8\xff" + os.urandom(9_000)
NAMES = ("王秀英", "李强", "+8613900001111", "+8613700002222", "11010519491231002X")
BEHALF = OnBehalf(
    principal=NAMES[0],
    principal_phone=NAMES[2],
    relation="parent",
    agent=NAMES[1],
    agent_phone=NAMES[3],
    authority=Authority.SPOKEN,
    words_version="5b1c09d2e7aa",
)
OWN_ONLY = (LaterKind.RATING, LaterKind.WITHDRAW, LaterKind.REVOKE)


def said(about: Sensitive, *, given: bool) -> Consent:
    return Consent(about=about, given=given, words_version="0c3f77e1b2d4")


def a_draft(**more: Any) -> Draft:  # noqa: ANN401 - as the draft has them
    plain = Draft(petition_id=str(uuid.uuid4()), text="我妈家漏水", text_source=TextSource.TYPED, on_behalf=BEHALF)
    return replace(plain, **more)


def with_evidence(store: Store, **more: Any) -> Draft:  # noqa: ANN401 - as the draft has them
    """A draft with the consent as it was recorded here, and the paper as it was photographed."""
    draft = a_draft(**more)
    sink = store.new_recording(draft.petition_id, str(uuid.uuid4()))
    sink.write(VOICE)
    consent = replace(sink.close(2.0), kind=AttachmentKind.CONSENT)
    paper = store.add_file(draft.petition_id, PAPER, AttachmentKind.PAPER, "image/jpeg")
    behalf = replace(BEHALF, evidence=(consent.id, paper.id))
    return replace(draft, attachments=(consent, paper), on_behalf=behalf)


def slips(store: Store, draft: Draft) -> tuple[Receipt, Receipt]:
    own = store.file(draft)
    return own, store.receipt(own.number, Role.AGENT)


def later(slip: Receipt, kind: LaterKind, **more: Any) -> Later:  # noqa: ANN401 - as the model has them
    return Later(kind=kind, number=slip.number, tag=slip.tag, level="good" * (kind is LaterKind.RATING), **more)


def refused(act: Callable[[], object]) -> FaultCode:
    with pytest.raises(Fault) as met:
        act()
    return met.value.code


# --- what is sealed, and what never is --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "there"),
    [
        (Sensitive.ID_NUMBER, {"id_number": NAMES[4]}),
        (Sensitive.PICTURE, {"kind": AttachmentKind.PICTURE}),
        (Sensitive.PICTURE, {"kind": AttachmentKind.PAPER}),
        (Sensitive.SIGNATURE, {"kind": AttachmentKind.SIGNATURE}),
        (Sensitive.AGENT_DATA, {"on_behalf": replace(BEHALF, agent="")}),
        (Sensitive.AGENT_DATA, {"on_behalf": replace(BEHALF, agent_phone="")}),
    ],
)
def test_what_was_refused_is_not_sealed_and_nothing_is_filed(
    store: Store, about: Sensitive, there: dict[str, Any]
) -> None:
    draft = a_draft(on_behalf=None)
    if (kind := there.pop("kind", None)) is not None:
        there["attachments"] = (store.add_file(draft.petition_id, PAPER, kind, "image/jpeg"),)
    draft = replace(draft, **there)
    asked_twice = (said(about, given=about is not Sensitive.PICTURE), said(about, given=False))
    with pytest.raises(Bug, match=f"filed-refused-{about.value}"):
        store.file(replace(draft, consents=asked_twice))
    assert store.list() == ()
    assert store.file(replace(draft, consents=(said(about, given=True),))).number
    assert len(store.list()) == 1


@pytest.mark.parametrize("about", Sensitive)
def test_who_refuses_files_without_it(store: Store, about: Sensitive) -> None:
    nobody = replace(BEHALF, agent="", agent_phone="")
    assert store.file(a_draft(on_behalf=nobody, consents=(said(about, given=False),))).number


def test_a_paper_stays_under_the_yes_it_was_photographed_with(store: Store) -> None:
    answers = (said(Sensitive.PICTURE, given=True), said(Sensitive.PICTURE, given=False))
    assert filing.refused_and_there(with_evidence(store, consents=answers)) == ()


# --- two slips --------------------------------------------------------------------------------------------------------


def test_there_are_two_slips_with_a_tag_and_a_code_each_and_marks_for_names(store: Store, clock: Clock) -> None:
    own, agent = slips(store, a_draft())
    assert (own.role, agent.role) == (Role.OWN, Role.AGENT)
    assert len({own.tag, agent.tag}) == len({own.query_code, agent.query_code}) == 2
    for slip in (own, agent):
        assert (slip.for_another, slip.principal, slip.agent, slip.relation) == (True, "王＊＊", "李＊＊", "parent")
        assert slip.until == clock() + timedelta(days=180)
    assert replace(agent, role=own.role, tag=own.tag, query_code=own.query_code, url=own.url) == own


def test_who_may_only_file_has_no_slip(store: Store) -> None:
    own = store.file(a_draft(on_behalf=replace(BEHALF, scope=(Scope.FILING,))))
    assert (own.for_another, own.principal, own.until) == (False, "王＊＊", None)
    assert refused(lambda: store.receipt(own.number, Role.AGENT)) is FaultCode.RECEIPT_UNKNOWN


def test_other_words_for_the_relation_and_clear_names_are_kept_nowhere_in_clear(
    reopened: Callable[[], Store], store: Store
) -> None:
    store.file(a_draft(on_behalf=replace(BEHALF, relation="干女儿"), id_number=NAMES[4], name=NAMES[0]))
    (item,) = reopened().list()
    assert (item.relation, item.principal) == ("", "王＊＊")
    assert [name for name in (*NAMES, "干女儿") if name in repr(item)] == []


def test_a_queue_rebuilt_from_its_files_still_makes_both_slips_without_names(
    reopened: Callable[[], Store], store: Store, state: Path
) -> None:
    own, agent = slips(store, a_draft())
    store.close()
    (state / "queue.db").write_bytes(b"no database")
    for side in ("-wal", "-shm"):
        (state / f"queue.db{side}").unlink(missing_ok=True)
    rebuilt = reopened()
    rebuilt.check()
    forgotten = {"principal": "", "agent": "", "relation": "", "until": None}
    kept = {"category": "", "kind": "", "clock_trusted": True}
    for before, role in ((own, Role.OWN), (agent, Role.AGENT)):
        assert replace(rebuilt.receipt(own.number, role), **kept) == replace(before, **forgotten, **kept)  # type: ignore[arg-type]


# --- held to it at this kiosk, at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LaterKind)
def test_the_agents_slip_says_only_what_is_the_agents(store: Store, kind: LaterKind) -> None:
    own, agent = slips(store, a_draft())
    if kind in OWN_ONLY:
        assert refused(lambda: store.say_later(later(agent, kind))) is FaultCode.OWN_SLIP_NEEDED
        assert len(store.items_of(own.number)) == 1
    else:
        store.say_later(later(agent, kind, words="三楼也漏"))
    store.say_later(later(own, kind))


@pytest.mark.parametrize("ending", [LaterKind.REVOKE, LaterKind.WITHDRAW])
def test_after_it_was_taken_back_here_the_agents_slip_adds_nothing(store: Store, ending: LaterKind) -> None:
    own, agent = slips(store, a_draft())
    store.say_later(later(agent, LaterKind.URGE))
    store.say_later(later(own, ending))
    for kind in (LaterKind.SUPPLEMENT, LaterKind.URGE):
        assert refused(lambda kind=kind: store.say_later(later(agent, kind))) is FaultCode.AUTHORITY_ENDED  # type: ignore[misc]
        store.say_later(later(own, kind))


@pytest.mark.parametrize("trusted", [True, False])
def test_after_its_day_it_adds_nothing_where_the_clock_can_be_trusted(
    store: Store, clock: Clock, trusted: bool
) -> None:
    store.confirm_clock(clock())
    own, agent = slips(store, a_draft(on_behalf=replace(BEHALF, days=3)))
    clock.pass_by(days=4 if trusted else 40)
    if trusted:
        assert refused(lambda: store.say_later(later(agent, LaterKind.URGE))) is FaultCode.AUTHORITY_ENDED
    else:
        store.say_later(later(agent, LaterKind.URGE))
    store.say_later(later(own, LaterKind.URGE))


def test_a_day_that_a_wrong_clock_named_ends_nothing_when_the_clock_is_set_right(store: Store, clock: Clock) -> None:
    _, agent = slips(store, a_draft())
    clock.pass_by(days=6 * 365)
    store.confirm_clock(clock())
    assert store.say_later(later(agent, LaterKind.SUPPLEMENT, words="四楼也漏"))


# --- with the platform --------------------------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with running(Settings(directory=tmp_path / "gateway", port=0)) as served:
        yield served


Kiosk = tuple[Store, PlatformClient]


@pytest.fixture
def another(served: Served, tmp_path: Path) -> Iterator[Callable[[str], Kiosk]]:
    """Enrol another kiosk."""
    opened: list[Kiosk] = []

    def make(name: str) -> Kiosk:
        store = open_store(tmp_path / name)
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name=name))
        opened.append((store, PlatformClient(served.url, token=store.enrolled().token)))
        return opened[-1]

    yield make
    for store, client in opened:
        client.close()
        store.close()


@pytest.fixture
def kiosk(another: Callable[[str], Kiosk]) -> Kiosk:
    return another("one")


def opened(served: Served, draft: Draft) -> PetitionContent:
    content = desk.open_petition(served.platform, draft.petition_id, account="wang").content
    assert content is not None
    return content


def parked(kiosk: Kiosk, event_id: str) -> str:
    """Send until the platform was asked often enough; return why the event waits for a person."""
    store, client = kiosk
    for _ in range(20):
        sync_once(store, client)
        item = store.item(event_id)
        assert item is not None
        if item.state is State.PARKED:
            return item.reason
    return "it is still tried"


def test_everything_arrives_as_it_was_said_and_the_consent_is_the_one_that_was_recorded(
    served: Served, kiosk: Kiosk
) -> None:
    store, client = kiosk
    consents = (said(Sensitive.AGENT_DATA, given=True), said(Sensitive.PICTURE, given=True))
    draft = with_evidence(store, consents=consents, name=NAMES[0], id_number=NAMES[4], phone=NAMES[2])
    assert draft.on_behalf is not None
    made = store.file(draft)
    sync_once(store, client)
    content, behalf = opened(served, draft), draft.on_behalf
    assert content.on_behalf is not None
    told = content.on_behalf.model_dump(exclude={"until"})
    assert told == {name: getattr(behalf, name) for name in told}
    assert content.on_behalf.until == made.until == made.made_at + timedelta(days=180)
    assert [(each.about, each.given, each.words_version) for each in content.consents] == [
        (each.about, each.given, each.words_version) for each in consents
    ]
    assert (content.name, content.id_number, content.phone) == (NAMES[0], NAMES[4], NAMES[2])
    assert content.roles == (Role.OWN, Role.AGENT)
    for described, plain in zip(content.attachments, (VOICE, PAPER), strict=True):
        type_, sound = desk.open_attachment(served.platform, draft.petition_id, described.id, account="wang")
        assert (sound, described.sha256, type_) == (plain, hashlib.sha256(plain).hexdigest(), described.media_type)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("三楼的灯坏了", ()),
        ("我家着火了", ("fire",)),
        ("我一个人没人管我，天天哭", ("distress",)),
        ("我不想活了", ("self", "distress")),
    ],
)
def test_what_the_words_sound_like_is_sealed_with_them_and_outside_only_that_it_is_urgent(
    served: Served, kiosk: Kiosk, text: str, signs: tuple[str, ...]
) -> None:
    store, client = kiosk
    draft = a_draft(text=text)
    store.file(draft)
    sync_once(store, client)
    found = desk.open_petition(served.platform, draft.petition_id, account="wang")
    assert found.content is not None
    assert found.content.signs == signs
    assert found.envelope.urgent is found.listed.urgent is bool(signs)
    clear = found.envelope.model_dump_json(exclude={"sealed"})
    assert [sign for sign in ("fire", "distress", "self") if sign in clear] == []


def test_what_an_agent_says_at_another_kiosk_is_judged_by_the_platform_and_waits_for_a_person_when_refused(
    served: Served, kiosk: Kiosk, another: Callable[[str], Kiosk]
) -> None:
    own, agent = slips(kiosk[0], draft := a_draft())
    sync_once(*kiosk)
    elsewhere = another("two")
    told = inquire(*elsewhere, agent.number, agent.tag)
    assert isinstance(told, Found)
    assert (told.role, told.tag, told.progress.agent_slip) == (Role.AGENT, agent.tag, False)
    added = elsewhere[0].say_later(later(agent, LaterKind.SUPPLEMENT, words="三楼也漏"))
    rated = elsewhere[0].say_later(later(agent, LaterKind.RATING))
    assert parked(elsewhere, rated) == "own-slip-needed"
    item = elsewhere[0].item(added)
    assert item is not None
    assert item.state is State.DELIVERED
    assert [event.kind for event in desk.open_petition(served.platform, draft.petition_id, account="w").events] == [
        "supplement"
    ]
    theirs = inquire(*elsewhere, own.number, own.tag)
    assert isinstance(theirs, Found)
    assert theirs.progress.agent_slip
    elsewhere[0].say_later(later(own, LaterKind.REVOKE))
    sync_once(*elsewhere)
    late = elsewhere[0].say_later(later(agent, LaterKind.URGE))
    assert parked(elsewhere, late) == "authority-ended"
    assert inquire(*elsewhere, agent.number, agent.tag) == NotFound(code=FaultCode.AUTHORITY_ENDED, tries_left=5)
    theirs = inquire(*elsewhere, own.number, own.tag)
    assert isinstance(theirs, Found)
    assert not theirs.progress.agent_slip


def test_at_its_own_kiosk_the_agent_is_told_with_tag_or_code_until_it_is_taken_back_even_without_the_line(
    served: Served, kiosk: Kiosk
) -> None:
    store, client = kiosk
    own, agent = slips(store, a_draft())
    sync_once(store, client)
    for proof in (agent.tag, agent.query_code):
        told = inquire(store, client, agent.number, proof)
        assert isinstance(told, Found)
        assert (told.role, told.tag) == (Role.AGENT, agent.tag)
    told = inquire(store, client, own.number, own.query_code)
    assert isinstance(told, Found)
    assert (told.role, told.tag, told.progress.agent_slip) == (Role.OWN, own.tag, True)
    served.stop()
    told = inquire(store, client, agent.number, agent.tag)
    assert isinstance(told, Found)
    assert (told.from_cache, told.role) == (True, Role.AGENT)
    store.say_later(later(own, LaterKind.REVOKE))
    for proof in (agent.tag, agent.query_code):
        assert inquire(store, client, agent.number, proof) == NotFound(code=FaultCode.AUTHORITY_ENDED)
    told = inquire(store, client, own.number, own.tag)
    assert isinstance(told, Found)


def test_what_is_added_when_a_clock_that_was_behind_is_set_right_arrives(served: Served, tmp_path: Path) -> None:
    clock = Clock(utc_now() - timedelta(days=6 * 365))
    with open_store(tmp_path / "behind", clock=clock) as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="behind"))
        _, agent = slips(store, draft := a_draft())
        clock.now = utc_now()
        added = store.say_later(later(agent, LaterKind.SUPPLEMENT, words="四楼也漏"))
        with PlatformClient(served.url, token=store.enrolled().token) as client:
            sync_once(store, client)
            told = inquire(store, client, agent.number, agent.tag)
        item = store.item(added)
    assert item is not None
    assert item.state is State.DELIVERED
    assert [event.kind for event in desk.open_petition(served.platform, draft.petition_id, account="w").events] == [
        "supplement"
    ]
    assert isinstance(told, Found)


def test_when_the_matter_is_closed_the_platform_tells_the_agent_so(served: Served, kiosk: Kiosk) -> None:
    store, client = kiosk
    own, agent = slips(store, draft := a_draft())
    sync_once(store, client)
    form = desk.StepForm(stage=Stage.IMPROVED, responsible="", expected=None, reply="修好了")
    desk.set_step(served.platform, draft.petition_id, form, account="wang", seen=None)
    assert inquire(store, client, agent.number, agent.tag) == NotFound(code=FaultCode.AUTHORITY_ENDED, tries_left=5)
    told = inquire(store, client, own.number, own.tag)
    assert isinstance(told, Found)
    assert told.progress.reply == "修好了"


def test_a_database_of_before_there_were_proxies_is_brought_up_to_date(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(database, "_SCHEMAS", database._SCHEMAS[:2])
        with open_store(state) as store:
            store.become(an_identity(PlatformKeys()))
    with open_store(state) as store:
        own, agent = slips(store, a_draft())
        assert (own.until, own.relation) == (agent.until, "parent")
