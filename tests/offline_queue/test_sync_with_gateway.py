"""The queue against the real gateway in this process: what is filed offline arrives, once, whole, and is told back."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from gateway import admin, desk
from gateway.database import LaterEvent, Petition, Resend
from gateway.serve import Served, running
from gateway.settings import Settings
from kiosk.inquiry import Found, NotFound, inquire
from offline_queue import folder, protocol
from offline_queue.client import PlatformClient, Refused, Sent, Unreachable
from offline_queue.enrolment import enrol
from offline_queue.identity import save_sealed
from offline_queue.outbox import Accepted, State, utc_now
from offline_queue.protocol import CallRequest, ErrorCode, EventKind, LookupRequest
from offline_queue.store import Store, open_store
from offline_queue.sync import health_of, sync_once
from petition.errors import Fault, FaultCode
from petition.model import (
    AttachmentKind,
    Authority,
    Draft,
    Later,
    LaterKind,
    OnBehalf,
    Relation,
    Stage,
    TextSource,
)
from petition.receipt import Role
from tests.offline_queue.network import CuttingProxy
from tests.offline_queue.syncing import NO_SPREAD, syncing

WORDS = "三号楼二单元的楼道灯坏了一个星期"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with running(Settings(directory=tmp_path / "gateway", port=0)) as served:
        yield served


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "kiosk"


@pytest.fixture
def store(served: Served, state: Path) -> Iterator[Store]:
    with open_store(state) as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机"))
        yield store


@pytest.fixture
def client(served: Served, store: Store) -> Iterator[PlatformClient]:
    with PlatformClient(served.url, token=store.enrolled().token) as client:
        yield client


def a_draft(**more: object) -> Draft:
    return replace(Draft(petition_id=str(uuid.uuid4()), text=WORDS, text_source=TextSource.TYPED), **more)  # type: ignore[arg-type]


def arrived(served: Served) -> list[tuple[str, str]]:
    with served.platform.database.reading() as rows:
        return [(petition.id, petition.digest) for petition in rows.scalars(select(Petition))]


def test_enrolment_compares_the_fingerprint_before_anything_is_kept(served: Served, state: Path) -> None:
    code = admin.make_enrolment_code(served.platform, kiosk_name="一号机")
    forged = code[:-1] + ("0" if code[-1] != "0" else "1")
    with open_store(state) as store:
        with pytest.raises(Fault, match="platform-not-ours"):
            enrol(store, served.url, forged)
        assert store.identity() is None
        with pytest.raises(Fault, match="platform-refused"):
            enrol(store, served.url, "0000-0000" + code[9:])
        with pytest.raises(Fault, match="bad-input"):
            enrol(store, served.url, "not a code")
        with pytest.raises(Fault, match="bad-configuration"):
            enrol(store, "http://platform.example", code)
        with pytest.raises(Fault, match="platform-unreachable"):
            enrol(store, "http://127.0.0.1:9", code)
        with pytest.raises(Fault, match="platform-unreachable"):
            enrol(store, served.url, code, proxy="http://127.0.0.1:9")
        become = enrol(store, served.url, code.lower().replace("-", " "))
        assert store.enrolled() == become
        assert store.clock().trusted
        assert store.catalogue().categories
        assert len(become.blocks) == 2


def test_an_enrolment_whose_answer_got_lost_can_be_repeated_with_the_same_code(served: Served, state: Path) -> None:
    code = admin.make_enrolment_code(served.platform, kiosk_name="一号机")
    with open_store(state) as store:
        key = store.enrolling_key()
        first = enrol(store, served.url, code)
        identity_file = state / "enrolment.sealed"
        identity_file.unlink()
        assert store.identity() is None
        # The same key again, as a kiosk whose answer got lost still has it.
        save_sealed(state / "enrolling.sealed", store._key, key)
        again = enrol(store, served.url, code)
        assert (again.kiosk_id, again.blocks) == (first.kiosk_id, first.blocks)


def test_what_was_filed_offline_arrives_exactly_once_and_a_second_run_sends_nothing(
    served: Served, store: Store, client: PlatformClient
) -> None:
    served.stop()
    draft = a_draft(category="repair")
    receipt = store.file(draft)
    report = sync_once(store, client)
    assert (report.delivered, report.unreachable, report.waiting) == ((), "no-connection", 1)
    served.start()
    report = sync_once(store, client)
    assert (report.delivered, report.waiting) == ((draft.petition_id,), 0)
    again = sync_once(store, client)
    assert (again.sent, again.delivered, again.catalogue) == (0, (), "unchanged")
    item = store.item(draft.petition_id)
    assert item is not None
    assert arrived(served) == [(draft.petition_id, item.digest)]
    admin.put_staff(served.platform, account="wang", name="王芳", password="feng-he-ri-li")
    opened = desk.open_petition(served.platform, draft.petition_id, account="wang")
    assert opened.content is not None
    assert (opened.content.text, opened.content.number) == (WORDS, receipt.number)


def test_attachments_arrive_with_the_digest_of_the_envelope_and_open_to_the_same_bytes(
    served: Served, store: Store, client: PlatformClient
) -> None:
    sound = bytes(range(256)) * 3000
    draft = a_draft()
    sink = store.new_recording(draft.petition_id, str(uuid.uuid4()))
    for start in range(0, 6000, 600):
        sink.write(sound[start : start + 600])
    recorded = sink.close(2.0)
    attached = store.add_file(draft.petition_id, sound, AttachmentKind.AUDIO_FILE, "audio/wav", seconds=8.0)
    store.file(replace(draft, attachments=(recorded, attached)))
    report = sync_once(store, client)
    assert report.delivered == (draft.petition_id,)
    admin.put_staff(served.platform, account="wang", name="王芳", password="feng-he-ri-li")
    for attachment_id, plain in ((attached.id, sound), (recorded.id, sound[:6000])):
        _, unsealed = desk.open_attachment(served.platform, draft.petition_id, attachment_id, account="wang")
        assert unsealed == plain


def test_five_cuts_in_twenty_megabytes_resend_at_most_five_percent(served: Served, store: Store, state: Path) -> None:
    length = 20_000_000
    draft = a_draft()
    attached = store.add_file(draft.petition_id, bytes(length), AttachmentKind.AUDIO_FILE, "audio/wav")
    store.file(replace(draft, attachments=(attached,)))
    address = urlsplit(served.url)
    assert address.hostname is not None
    assert address.port is not None
    cuts = [int(length * part) for part in (0.12, 0.31, 0.52, 0.66, 0.9)]
    proxy = CuttingProxy((address.hostname, address.port), cuts)
    with PlatformClient(proxy.url, token=store.enrolled().token) as client:
        reports = [sync_once(store, client) for _ in range(6)]
    proxy.close()
    assert proxy.cuts == 5
    assert [report.unreachable for report in reports] == ["no-connection"] * 5 + [""]
    assert reports[-1].delivered == (draft.petition_id,)
    assert proxy.sent_up <= length * 1.05


def test_an_answer_lost_after_the_platform_committed_makes_no_second_petition(served: Served, store: Store) -> None:
    draft = a_draft()
    store.file(draft)
    item = store.item(draft.petition_id)
    assert item is not None
    with PlatformClient(served.url, token=store.enrolled().token) as client:
        assert isinstance(client.put_petition(item.id, store.sealed_bytes(item)), Sent)
        report = sync_once(store, client)
    assert report.delivered == (draft.petition_id,)
    assert len(arrived(served)) == 1


def test_progress_and_replies_come_back_to_the_holder_of_the_slip(
    served: Served, store: Store, client: PlatformClient
) -> None:
    draft = a_draft()
    receipt = store.file(draft)
    on_its_way = client.lookup(LookupRequest(number=receipt.number, tag=receipt.tag))
    assert isinstance(on_its_way, Sent)
    assert (on_its_way.value.on_its_way, on_its_way.value.from_kiosk) == (True, "一号机")
    sync_once(store, client)
    admin.put_staff(served.platform, account="wang", name="王芳", password="feng-he-ri-li")
    desk.set_step(
        served.platform,
        draft.petition_id,
        desk.StepForm(stage=Stage.HANDLING.value, responsible="张师傅", expected=None, reply="周四前修好"),
        account="wang",
        seen=None,
    )
    assert sync_once(store, client).updates >= 1
    cached = store.progress(receipt.number)
    assert cached is not None
    assert (cached.responsible, cached.reply) == ("张师傅", "")
    told = client.lookup(LookupRequest(number=receipt.number, query_code=receipt.query_code))
    assert isinstance(told, Sent)
    assert told.value.reply == "周四前修好"
    wrong = client.lookup(LookupRequest(number=receipt.number, tag="0" * 20))
    assert wrong == Refused(code=ErrorCode.WRONG_CODE)


def test_a_code_closed_by_guesses_elsewhere_is_told_as_closed_and_not_where_its_slip_was_made(
    served: Served, store: Store, client: PlatformClient, tmp_path: Path
) -> None:
    receipt = store.file(a_draft())
    sync_once(store, client)
    wrong = (f"{(int(receipt.query_code) + step) % 10**6:06d}" for step in range(1, 6))
    with open_store(tmp_path / "another") as another:
        enrol(another, served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"))
        with PlatformClient(served.url, token=another.enrolled().token) as theirs:
            for code in wrong:
                theirs.lookup(LookupRequest(number=receipt.number, query_code=code))
            told = inquire(another, theirs, receipt.number, receipt.query_code)
            by_tag = inquire(another, theirs, receipt.number, receipt.tag)
    assert isinstance(told, NotFound)
    assert told.code is FaultCode.TOO_MANY_WRONG_CODES
    at_home = inquire(store, client, receipt.number, receipt.query_code)
    for found in (by_tag, at_home):
        assert isinstance(found, Found)
        assert not found.from_cache


def test_events_calls_health_and_blocks_reach_the_platform(
    served: Served, store: Store, client: PlatformClient
) -> None:
    receipt = store.file(a_draft())
    event_id = store.add_event(receipt.number, receipt.tag, EventKind.RATING, level="satisfied")
    assert set(sync_once(store, client).delivered) >= {event_id}
    with served.platform.database.reading() as rows:
        assert rows.get(LaterEvent, event_id) is not None
    kiosk_id = store.enrolled().kiosk_id
    call_id = str(uuid.uuid4())
    assert isinstance(client.call(call_id, CallRequest(kiosk_id=kiosk_id, made_at=utc_now())), Sent)
    answer = client.call_answer(call_id)
    assert isinstance(answer, Sent)
    assert answer.value.answered_by == ""
    assert client.health(health_of(store, "test", {"printer": "ok"}, utc_now())) == Sent(value=None)
    store._database.run("UPDATE blocks SET next_serial = 99999")
    sync_once(store, client)
    assert len(store.enrolled().blocks) == 3


def test_a_bundle_travels_through_another_kiosk(served: Served, store: Store, tmp_path: Path) -> None:
    draft = a_draft()
    attached = store.add_file(draft.petition_id, b"picture", AttachmentKind.PICTURE, "image/jpeg")
    store.file(replace(draft, attachments=(attached,)))
    store.export(tmp_path / "stick")
    with open_store(tmp_path / "other") as other:
        enrol(other, served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"))
        other.import_(tmp_path / "stick")
        with PlatformClient(served.url, token=other.enrolled().token) as client:
            assert sync_once(other, client).delivered == (draft.petition_id,)
    with PlatformClient(served.url, token=store.enrolled().token) as client:
        assert sync_once(store, client).delivered == (draft.petition_id,)
    assert len(arrived(served)) == 1


def test_a_token_the_platform_does_not_know_costs_no_petition_and_parks_nothing(served: Served, store: Store) -> None:
    draft = a_draft()
    attached = store.add_file(draft.petition_id, b"picture", AttachmentKind.PICTURE, "image/jpeg")
    store.file(replace(draft, attachments=(attached,)))
    with PlatformClient(served.url, token="of-nobody-at-all") as client:
        reports = [sync_once(store, client) for _ in range(8)]
    assert {report.unreachable for report in reports} == {"token-unknown"}
    assert (store.depth().waiting, store.depth().parked) == (1, 0)
    assert len(arrived(served)) == 1, "the envelope is authorised by its signature"


def test_other_bytes_under_a_known_id_are_parked_after_five_refusals(
    served: Served, store: Store, client: PlatformClient
) -> None:
    draft = a_draft()
    store.file(draft)
    sync_once(store, client)
    path = folder.sealed_path(store._outbox, draft.petition_id, protocol.Type.PETITION)
    other = a_draft()
    store.file(other)
    sync_once(store, client)
    raw = folder.sealed_path(store._outbox, other.petition_id, protocol.Type.PETITION).read_bytes()
    path.write_bytes(raw)
    store._database.run(
        "UPDATE outbox SET state = 'sealed', digest = ? WHERE id = ?", protocol.digest_of(raw), draft.petition_id
    )
    for _ in range(6):
        sync_once(store, client)
    item = store.item(draft.petition_id)
    assert item is not None
    assert (item.state, item.reason) == (State.PARKED, "digest-differs")


def test_a_changed_file_in_the_queue_is_parked_with_its_reason(store: Store, client: PlatformClient) -> None:
    draft, well = a_draft(), a_draft()
    store.file(draft)
    store.file(well)
    path = folder.sealed_path(store._outbox, draft.petition_id, protocol.Type.PETITION)
    path.write_bytes(path.read_bytes()[:-1])
    report = sync_once(store, client)
    assert report.delivered == (well.petition_id,)
    assert report.kept == ((draft.petition_id, "sealed-bytes-damaged"),)
    assert report.refused == ()
    assert store.depth().parked == 1


def test_a_file_that_cannot_be_read_now_is_kept_and_the_rest_is_sent(store: Store, client: PlatformClient) -> None:
    unreadable, without_sound, well = (a_draft() for _ in range(3))
    store.file(unreadable)
    attached = store.add_file(without_sound.petition_id, b"picture", AttachmentKind.PICTURE, "image/jpeg")
    store.file(replace(without_sound, attachments=(attached,)))
    store.file(well)
    paths = (
        folder.sealed_path(store._outbox, unreadable.petition_id, protocol.Type.PETITION),
        folder.attachment_path(store._outbox, without_sound.petition_id, attached.id),
    )
    elsewhere = [path.rename(path.with_suffix(".elsewhere")) for path in paths]
    # What a dying disk answers with EIO: for a name that leads to itself, every system answers an error, too.
    for path in paths:
        path.symlink_to(path.name)
    report = sync_once(store, client)
    assert report.delivered == (well.petition_id,)
    kept_back = dict(report.kept)
    assert set(kept_back) == {unreadable.petition_id, without_sound.petition_id}
    assert kept_back[without_sound.petition_id] == "state-directory-unusable"
    item = store.item(without_sound.petition_id)
    assert item is not None
    assert (item.state, item.reason, item.attempts) == (State.UPLOADING, "state-directory-unusable", 1)
    for path, whole in zip(paths, elsewhere, strict=True):
        path.unlink()
        whole.rename(path)
    store.retry()
    assert set(sync_once(store, client).delivered) == {unreadable.petition_id, without_sound.petition_id}


def test_a_platform_restored_from_a_backup_asks_for_what_it_lost_and_gets_it(
    served: Served, store: Store, client: PlatformClient
) -> None:
    draft = a_draft()
    store.file(draft)
    sync_once(store, client)
    with served.platform.database.writing() as rows:
        petition = rows.get(Petition, draft.petition_id)
        assert petition is not None
        rows.delete(petition)
        rows.add(Resend(petition_id=draft.petition_id, kiosk_id=store.enrolled().kiosk_id))
    assert sync_once(store, client).delivered == ()
    assert sync_once(store, client).delivered == (draft.petition_id,)
    assert len(arrived(served)) == 1


def test_what_was_said_after_the_backup_is_asked_for_again_and_a_slip_taken_back_stays_so(
    served: Served, store: Store, client: PlatformClient, tmp_path: Path
) -> None:
    behalf = OnBehalf(
        principal="王秀英",
        relation=Relation.PARENT,
        agent="李强",
        authority=Authority.PRESSED,
        words_version="5b1c09d2e7aa",
    )
    own = store.file(draft := a_draft(on_behalf=behalf))
    agents = store.receipt(own.number, Role.AGENT)
    sync_once(store, client)
    database, backup = served.settings.database_path, tmp_path / "backup.sqlite"
    with closing(sqlite3.connect(database)) as running_one, closing(sqlite3.connect(backup)) as copy:
        running_one.backup(copy)
    said = [
        store.say_later(Later(kind=kind, number=own.number, tag=own.tag, words=words))
        for kind, words in ((LaterKind.SUPPLEMENT, "四楼也坏了"), (LaterKind.REVOKE, ""))
    ]
    assert set(sync_once(store, client).delivered) == set(said)

    served.stop()
    for more in ("-wal", "-shm"):
        database.with_name(database.name + more).unlink(missing_ok=True)
    shutil.copyfile(backup, database)
    served.start()
    assert admin.after_restore(served.platform) == 2
    sync_once(store, client)
    assert set(sync_once(store, client).delivered) == set(said)
    opened = desk.open_petition(served.platform, draft.petition_id, account="wang")
    assert [event.kind for event in opened.events] == ["supplement", "revoke-authority"]
    asked = client.lookup(LookupRequest(number=own.number, tag=agents.tag))
    assert isinstance(asked, Refused)
    assert asked.code is ErrorCode.AUTHORITY_ENDED
    assert sync_once(store, client).delivered == ()
    assert admin.after_restore(served.platform) == 0


def test_a_platform_that_forgets_between_envelope_and_attachments_is_sent_both_again(
    served: Served, store: Store, client: PlatformClient
) -> None:
    draft = a_draft()
    attached = store.add_file(draft.petition_id, b"picture", AttachmentKind.PICTURE, "image/jpeg")
    store.file(replace(draft, attachments=(attached,)))
    item = store.item(draft.petition_id)
    assert item is not None
    store.apply(Accepted(id=item.id, at=utc_now()))
    for _ in range(3):
        report = sync_once(store, client)
    assert report.waiting == 0
    assert len(arrived(served)) == 1


def test_the_worker_delivers_what_is_filed_while_it_runs(served: Served, store: Store, state: Path) -> None:
    first, second = a_draft(), a_draft()
    store.file(first)
    with syncing(state) as at_work:
        at_work.wait_until_sent(first.petition_id)
        store.file(second)
        at_work.worker.wake()
        at_work.wait_until_sent(second.petition_id)


def test_a_disk_that_fails_is_not_called_a_line_that_is_down(state: Path) -> None:
    def full() -> Store:
        raise Fault(FaultCode.DISK_FULL, "no room")

    with syncing(state, opened=full) as at_work:
        at_work.wait(bool)
    assert (at_work.reports[0].fault, at_work.reports[0].unreachable) == ("disk-full", "")


def test_nothing_that_breaks_ends_the_worker_and_nothing_of_it_is_told(
    served: Served, store: Store, state: Path
) -> None:
    breaking = [OSError(5, WORDS), OverflowError(WORDS), KeyError(WORDS)]

    def break_too() -> None:
        raise RuntimeError(WORDS)

    def break_first() -> Store:
        if breaking:
            raise breaking.pop()
        return open_store(state)

    draft = a_draft()
    store.file(draft)
    with syncing(state, opened=break_first, pacing=replace(NO_SPREAD, poll_seconds=0.0), note=break_too) as at_work:
        at_work.wait_until_sent(draft.petition_id)
    assert [report.fault for report in at_work.reports[:4]] == ["sync-broke"] * 3 + [""]


def test_the_worker_goes_on_when_the_platform_comes_back(served: Served, store: Store, state: Path) -> None:
    draft = a_draft()
    store.file(draft)
    served.stop()
    with syncing(state) as at_work:
        at_work.wait(lambda reports: any(report.unreachable for report in reports))
        served.start()
        at_work.worker.hurry()
        at_work.wait_until_sent(draft.petition_id)


def test_a_client_asks_nobody_in_the_clear_but_this_machine() -> None:
    for url in ("http://10.0.0.1", "ftp://127.0.0.1", "https://", "https://user@host", "https://host/?a=b", "", "::"):
        with pytest.raises(Fault, match="bad-configuration"):
            PlatformClient(url)
    assert isinstance(PlatformClient("https://host/base/").updates(""), Unreachable | Refused)
