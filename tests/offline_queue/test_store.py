"""The store: what is filed stays filed, what is dropped is gone, what is damaged is mended."""

import os
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from offline_queue import folder, protocol, sealing
from offline_queue.audit import Event
from offline_queue.outbox import Declined, Delivered, State
from offline_queue.protocol import Envelope, EventKind, PetitionContent, Signed, Type
from offline_queue.store import Store, open_store
from petition.errors import Fault, FaultCode
from petition.model import Attachment, AttachmentKind, Draft, Language, OnBehalf, Place, TextSource
from petition.receipt import Role, is_receipt_number, parse_receipt_code, receipt_number
from tests.offline_queue.conftest import MACHINE
from tests.offline_queue.platform import NOON, Clock, PlatformKeys, a_catalogue, an_identity, some_blocks

Reopen = Callable[[], Store]
WORDS = "三号楼二单元的楼道灯坏了一个星期"


def a_draft(text: str = WORDS, **more: object) -> Draft:
    return replace(Draft(petition_id=str(uuid.uuid4()), text=text, text_source=TextSource.TYPED), **more)  # type: ignore[arg-type]


def opened(store: Store, petition_id: str, platform: PlatformKeys) -> tuple[Envelope, PetitionContent]:
    item = store.item(petition_id)
    known = store.enrolled()
    assert item is not None
    signed = protocol.read(Signed, store.sealed_bytes(item))
    envelope = protocol.open_signed(signed, known.signing_key.public, Type.PETITION, Envelope)
    return envelope, protocol.open_petition(envelope, platform.seal)


def test_a_filed_petition_opens_at_the_platform_with_everything_that_was_said(
    store: Store, platform: PlatformKeys
) -> None:
    draft = a_draft(
        kind="help",
        category="repair",
        place=Place(text="和芳社区", code="hefang"),
        phone="+8613800138000",
        language=Language.TRADITIONAL,
        notice_version="2027-02",
    )
    receipt = store.file(draft)
    envelope, content = opened(store, draft.petition_id, platform)
    assert (content.text, content.phone, content.place.code) == (draft.text, draft.phone, "hefang")
    assert (content.kind, content.category, content.language) == ("help", "repair", Language.TRADITIONAL)
    assert content.notice_version == "2027-02"
    assert (content.number, envelope.number) == (receipt.number, receipt.number)
    assert WORDS.encode() not in b"".join(path.read_bytes() for path in (store._outbox).iterdir())


@pytest.mark.parametrize(("words", "urgent"), [("楼道里有煤气味，快来人", True), ("煤气费怎么交", False)])
def test_words_that_cannot_wait_are_marked_for_people_to_see_first(
    store: Store,
    words: str,
    urgent: bool,
) -> None:
    filed = store.file(a_draft(words))
    (item,) = store.items_of(filed.number)
    assert item.urgent is urgent


def test_a_receipt_proves_itself_and_can_be_printed_again(store: Store, reopened: Reopen) -> None:
    receipt = store.file(a_draft())
    assert is_receipt_number(receipt.number)
    assert parse_receipt_code(receipt.url) == (receipt.number, receipt.tag)
    assert receipt.url.startswith("https://")
    again = reopened()
    assert again.receipt(receipt.number) == receipt
    assert again.verify(receipt.number, receipt.tag) is Role.OWN
    assert again.verify(receipt.number, receipt.query_code) is Role.OWN


def test_filing_for_another_makes_two_slips_that_never_tell_each_other(store: Store, platform: PlatformKeys) -> None:
    draft = a_draft(on_behalf=OnBehalf(principal="王秀英", relation="母子", agent="李强"))
    own = store.file(draft)
    agent = store.receipt(own.number, Role.AGENT)
    assert agent.number == own.number
    assert (agent.tag, agent.query_code) != (own.tag, own.query_code)
    assert store.verify(own.number, agent.tag) is Role.AGENT
    item = store.item(draft.petition_id)
    assert item is not None
    assert (item.principal, item.agent) == ("王＊＊", "李＊＊")
    _, content = opened(store, draft.petition_id, platform)
    assert content.on_behalf is not None
    assert content.on_behalf.principal == "王秀英"


def test_numbers_follow_each_other_and_filing_twice_gives_the_same_receipt(store: Store) -> None:
    first = a_draft()
    receipts = [store.file(first), store.file(a_draft()), store.file(first)]
    assert receipts[0].number[:10] == "1023000001"
    assert receipts[1].number[:10] == "1023000002"
    assert receipts[2] == receipts[0]
    assert len(store.waiting()) == 2


def test_nothing_is_filed_without_words_or_without_enrolment(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="bad-input"):
        store.file(a_draft(text="  "))
    with open_store(tmp_path / "fresh") as fresh, pytest.raises(Fault, match="not-enrolled"):
        fresh.file(a_draft())


def test_a_text_too_long_for_the_protocol_is_refused_without_quoting_it(store: Store) -> None:
    with pytest.raises(Fault) as refused:
        store.file(a_draft(text="长" * 20_001))
    assert refused.value.code is FaultCode.BAD_INPUT
    assert "长" not in str(refused.value)
    assert store.waiting() == ()
    assert store.file(a_draft()).number[:10] == "1023000001"


def test_a_recording_is_heard_until_it_is_filed_and_by_the_platform_only_afterwards(
    store: Store, platform: PlatformKeys
) -> None:
    draft = a_draft(text="")
    recording_id = str(uuid.uuid4())
    sink = store.new_recording(draft.petition_id, recording_id)
    for page in (b"OggS one", b"OggS two", b""):
        sink.write(page)
    assert store.read_recording(recording_id) == b"OggS oneOggS two"
    attached = sink.close(2.5)
    assert (attached.id, attached.seconds) == (recording_id, 2.5)
    assert store.read_recording(recording_id) == b"OggS oneOggS two"
    store.file(replace(draft, attachments=(attached,)))
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        store.read_recording(recording_id)
    envelope, content = opened(store, draft.petition_id, platform)
    (part,) = envelope.attachments
    path = folder.attachment_path(store._outbox, draft.petition_id, part.id)
    assert folder.digest_of_file(path) == (part.length, part.sha256)
    with path.open("rb") as file:
        pieces = sealing.open_attachment(file, platform.seal, petition_id=draft.petition_id, attachment_id=part.id)
        plain = b"".join(pieces)
    assert plain == b"OggS oneOggS two"
    assert content.attachments[0].sha256 == protocol.digest_of(plain)
    assert content.attachments[0].milliseconds == 2500


def test_a_file_is_carried_unchanged(store: Store, platform: PlatformKeys, tmp_path: Path) -> None:
    picture = os.urandom(300_000)
    (tmp_path / "picture.jpg").write_bytes(picture)
    draft = a_draft()
    one = store.add_file(draft.petition_id, tmp_path / "picture.jpg", AttachmentKind.PICTURE, "image/jpeg")
    two = store.add_file(draft.petition_id, picture, AttachmentKind.AUDIO_FILE, "audio/wav", seconds=1.5)
    store.file(replace(draft, attachments=(one, two)))
    _, content = opened(store, draft.petition_id, platform)
    assert [a.sha256 for a in content.attachments] == [protocol.digest_of(picture)] * 2
    for upload in store.uploads(draft.petition_id):
        with store.attachment_path(upload).open("rb") as file:
            pieces = sealing.open_attachment(
                file, platform.seal, petition_id=draft.petition_id, attachment_id=upload.id
            )
            assert b"".join(pieces) == picture


def test_a_file_that_is_not_there_is_a_fault_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="bad-input"):
        store.add_file(str(uuid.uuid4()), tmp_path / "nothing", AttachmentKind.PICTURE, "image/jpeg")
    with pytest.raises(Fault, match="bad-input"):
        store.add_file(str(uuid.uuid4()), tmp_path, AttachmentKind.PICTURE, "image/jpeg")
    assert list(store._outbox.iterdir()) == []


def test_what_is_dropped_is_gone_with_its_sound(store: Store, reopened: Reopen) -> None:
    draft = a_draft()
    sink = store.new_recording(draft.petition_id, recording_id := str(uuid.uuid4()))
    sink.write(b"sound")
    store.keep(replace(draft, attachments=(sink.close(1.0),)))
    store.drop()
    assert list(store._outbox.iterdir()) == []
    with pytest.raises(Fault):
        store.read_recording(recording_id)
    assert reopened().kept_draft() is None


def test_a_draft_survives_the_run_that_kept_it_for_a_day(store: Store, reopened: Reopen, clock: Clock) -> None:
    draft = a_draft(kind="help")
    store.keep(a_draft("first words"))
    store.drop()
    store.keep(draft)
    assert store.kept_draft() is None, "a run is not offered its own draft"
    other = reopened()
    assert other.kept_draft() == draft
    clock.pass_by(hours=23)
    assert other.kept_draft() == draft
    clock.pass_by(hours=1, seconds=1)
    assert other.kept_draft() is None
    assert other.check().expired == 1


def test_a_new_visit_does_not_push_out_an_interrupted_one(store: Store, reopened: Reopen) -> None:
    interrupted = a_draft("broken off")
    store.keep(interrupted)
    now = reopened()
    now.keep(a_draft("somebody else"))
    now.drop()
    assert now.kept_draft() == interrupted
    now.keep(interrupted)
    now.drop()
    assert reopened().kept_draft() is None


def test_staff_learn_when_something_was_broken_off_and_wipe_just_that(
    store: Store, reopened: Reopen, clock: Clock
) -> None:
    older, newer = a_draft("first"), a_draft("second")
    store.keep(older)
    clock.pass_by(minutes=5)
    second = reopened()
    assert second.interrupted_at() == clock() - timedelta(minutes=5)
    second.keep(newer)
    third = reopened()
    assert third.interrupted_at() == clock()
    third.discard_interrupted("7")
    assert third.kept_draft() == older
    third.note_resumed("7")
    third.keep(older)
    assert third.interrupted_at() is None
    third.discard_interrupted("7")
    assert [(entry.event, entry.subject) for entry in third.desk_log(9)] == [
        (Event.DESK_RESUMED, "7"),
        (Event.DESK_DISCARDED, "7"),
    ]


def test_an_interrupted_recording_comes_back_with_the_draft_and_can_be_filed(
    store: Store, reopened: Reopen, platform: PlatformKeys
) -> None:
    draft = a_draft("")
    page = b"OggS\x00\x00" + (48_000 * 3).to_bytes(8, "little") + bytes(13) + b"sound"
    store.keep(draft)
    sink = store.new_recording(draft.petition_id, recording_id := str(uuid.uuid4()))
    sink.write(page)
    sink._file.give_up()
    part = next(store._outbox.glob("*.part"))
    with part.open("ab") as torn:
        torn.write(b"\x00\x00\x01\x00 torn by the power cut")
    after = reopened()
    found = after.kept_draft()
    assert found is not None
    assert found.attachments == (
        Attachment(id=recording_id, kind=AttachmentKind.RECORDING, media_type="audio/ogg", seconds=3.0),
    )
    assert after.read_recording(recording_id) == page
    after.keep(found)
    after.file(found)
    _, content = opened(after, draft.petition_id, platform)
    assert content.attachments[0].sha256 == protocol.digest_of(page)


def test_a_recording_that_was_made_again_does_not_travel(store: Store) -> None:
    draft = a_draft()
    first = store.new_recording(draft.petition_id, str(uuid.uuid4()))
    first.write(b"first try")
    first.close(1.0)
    second = store.new_recording(draft.petition_id, str(uuid.uuid4()))
    second.write(b"second try")
    store.file(replace(draft, attachments=(second.close(1.0),)))
    assert len(list(store._outbox.glob("*.attachment"))) == 1


def test_a_changed_attachment_is_never_filed_as_if_it_were_whole(store: Store, reopened: Reopen) -> None:
    draft = a_draft()
    attached = store.add_file(draft.petition_id, b"picture" * 100, AttachmentKind.PICTURE, "image/jpeg")
    (path,) = store._outbox.glob("*.attachment")
    raw = bytearray(path.read_bytes())
    raw[-30] ^= 1
    path.write_bytes(raw)
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        reopened().file(replace(draft, attachments=(attached,)))


def test_five_wrong_codes_close_a_numbers_code_for_a_day_but_not_its_tag(
    store: Store, reopened: Reopen, clock: Clock
) -> None:
    receipt = store.file(a_draft())
    wrong = f"{(int(receipt.query_code) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises(Fault, match="wrong-code"):
            store.verify(receipt.number, wrong)
        clock.pass_by(minutes=10)
    again = reopened()
    with pytest.raises(Fault, match="too-many-wrong-codes"):
        again.verify(receipt.number, receipt.query_code)
    assert again.verify(receipt.number, receipt.tag) is Role.OWN
    clock.pass_by(hours=24)
    assert again.verify(receipt.number, receipt.query_code) is Role.OWN


def test_ten_wrong_codes_in_an_hour_slow_the_whole_kiosk(store: Store, clock: Clock) -> None:
    receipts = [store.file(a_draft()) for _ in range(4)]
    for turn in range(10):
        receipt = receipts[turn % 3]
        with pytest.raises(Fault, match="wrong-code"):
            store.verify(receipt.number, f"{(int(receipt.query_code) + 1) % 10**6:06d}")
    with pytest.raises(Fault, match="too-many-wrong-codes"):
        store.verify(receipts[3].number, receipts[3].query_code)
    clock.pass_by(minutes=1)
    assert store.verify(receipts[3].number, receipts[3].query_code) is Role.OWN


def test_a_receipt_of_another_kiosk_is_told_apart_from_a_wrong_one(store: Store) -> None:
    with pytest.raises(Fault, match="receipt-of-another-kiosk"):
        store.verify(receipt_number("99999", 1), "0" * 20)
    with pytest.raises(Fault, match="bad-input"):
        store.verify("102300000100", "0" * 20)
    with pytest.raises(Fault, match="receipt-unknown"):
        store.receipt(receipt_number("10230", 77))


def test_progress_is_on_its_way_until_delivered_then_what_the_platform_last_said(store: Store, clock: Clock) -> None:
    draft = a_draft()
    number = store.file(draft).number
    found = store.progress(number)
    assert found is not None
    assert (found.on_its_way, found.from_kiosk) == (True, "和芳社区服务中心")
    store.apply(Delivered(id=draft.petition_id, at=NOON))
    found = store.progress(number)
    assert found is not None
    assert not found.on_its_way
    told = protocol.Progress(
        number=number, responsible="张师傅", reply="secret words", withdrawn=NOON.date(), as_of=NOON
    )
    store.remember_progress(told)
    store.remember_progress(told.model_copy(update={"responsible": "older", "as_of": NOON.replace(year=2026)}))
    found = store.progress(number)
    assert found is not None
    assert (found.responsible, found.reply, found.withdrawn) == ("张师傅", "", NOON.date())
    assert store.progress(receipt_number("99999", 1)) is None


def test_parked_things_wait_for_staff_and_hold_up_nobody(store: Store) -> None:
    parked, other = a_draft(), a_draft()
    number = store.file(parked).number
    store.file(other)
    store.apply(Declined(id=parked.petition_id, reason="bad-request", park=True))
    assert [item.id for item in store.next_items()] == [other.petition_id]
    item = store.item(parked.petition_id)
    assert item is not None
    assert (item.state, item.reason) == (State.PARKED, "bad-request")
    assert store.depth().parked == 1
    assert store.retry(number) == 1
    assert {item.id for item in store.next_items()} == {parked.petition_id, other.petition_id}


def test_delivered_ciphertext_goes_after_a_week_and_its_row_after_a_month(store: Store, clock: Clock) -> None:
    draft = a_draft()
    attached = store.add_file(draft.petition_id, b"picture", AttachmentKind.PICTURE, "image/jpeg")
    number = store.file(replace(draft, attachments=(attached,))).number
    store.apply(Delivered(id=draft.petition_id, at=NOON))
    clock.pass_by(days=6)
    assert store.purge() == 0
    clock.pass_by(days=1)
    assert store.purge() == 1
    assert list(store._outbox.iterdir()) == []
    assert store.receipt(number).number == number
    clock.pass_by(days=30)
    store.purge()
    assert store.list() == ()


def test_undelivered_ciphertext_is_never_purged(store: Store, clock: Clock) -> None:
    draft = a_draft()
    store.file(draft)
    clock.pass_by(days=3650)
    store.purge()
    assert [item.id for item in store.waiting()] == [draft.petition_id]


def test_a_full_block_goes_on_with_the_spare_and_asks_for_another(store: Store, platform: PlatformKeys) -> None:
    assert not store.wants_block()
    store.file(a_draft())
    store._database.run("UPDATE blocks SET next_serial = 99999")
    assert store.wants_block(), "the open block is 80 % full"
    assert store.file(a_draft()).number.startswith("1023099999")
    assert store.file(a_draft()).number.startswith("1023100001")
    assert store.wants_block()
    store._database.run("UPDATE blocks SET next_serial = 100000 WHERE closed = 0")
    with pytest.raises(Fault, match="out-of-numbers"):
        store.file(a_draft())
    store.lease(platform.chain(Type.BLOCKS, some_blocks("hefang-1", store.block_request(), "10299")))
    assert store.file(a_draft()).number.startswith("1029900001")


def test_blocks_for_another_kiosk_or_request_are_refused(store: Store, platform: PlatformKeys) -> None:
    for blocks in (
        some_blocks("hefang-2", store.block_request(), "10299"),
        some_blocks("hefang-1", str(uuid.uuid4()), "10299"),
    ):
        with pytest.raises(Fault, match="platform-not-ours"):
            store.lease(platform.chain(Type.BLOCKS, blocks))


def test_a_number_seen_twice_at_the_platform_closes_the_block(store: Store) -> None:
    draft = a_draft()
    store.file(draft)
    store.apply(Delivered(id=draft.petition_id, at=NOON, number_reused=True))
    assert store.file(a_draft()).number.startswith("10231")


def test_a_catalogue_is_taken_from_the_root_only_and_never_an_older_one(store: Store, platform: PlatformKeys) -> None:
    store.accept_catalogue(platform.chain(Type.CATALOGUE, a_catalogue(3)), '"3"')
    assert store.catalogue().version == 3
    assert store.catalogue().home_place == Place(text="和芳社区", code="hefang")
    assert store.catalogue().notice[0] == ("zh_Hans", "交给谁")
    with pytest.raises(Fault, match="platform-not-ours"):
        store.accept_catalogue(platform.chain(Type.CATALOGUE, a_catalogue(2)), '"2"')
    with pytest.raises(Fault, match="signature-invalid"):
        store.accept_catalogue(PlatformKeys().chain(Type.CATALOGUE, a_catalogue(4)), '"4"')
    assert (store.catalogue().version, store.catalogue_etag()) == (3, '"3"')


def test_rotated_keys_are_taken_and_older_ones_refused(store: Store, platform: PlatformKeys) -> None:
    newer = platform.rotated()
    store.accept_catalogue(newer.chain(Type.CATALOGUE, a_catalogue(3)), "")
    draft = a_draft()
    store.file(draft)
    _, content = opened(store, draft.petition_id, newer)
    assert content.text == WORDS
    with pytest.raises(Fault, match="platform-not-ours"):
        store.accept_catalogue(platform.chain(Type.CATALOGUE, a_catalogue(4)), "")


def test_dates_of_a_catalogue_count_only_when_the_clock_is_trusted(
    store: Store, platform: PlatformKeys, clock: Clock
) -> None:
    chain = platform.chain(Type.CATALOGUE, a_catalogue(1))
    clock.pass_by(days=365)
    store.accept_catalogue(chain, "")
    store.confirm_clock(clock.now)
    with pytest.raises(Fault, match="platform-not-ours"):
        store.accept_catalogue(chain, "")


def test_a_clock_is_trusted_for_a_week_after_the_platform_confirmed_it(store: Store, clock: Clock) -> None:
    assert not store.clock().trusted
    assert not store.file(a_draft()).clock_trusted
    store.confirm_clock(clock.now)
    assert store.file(a_draft()).clock_trusted
    clock.pass_by(days=8)
    assert not store.clock().trusted
    clock.pass_by(days=-9)
    assert not store.clock().trusted, "a clock before its own confirmation was set back"
    store.confirm_clock(clock.now.replace(year=2030))
    assert not store.clock().trusted


def test_a_state_of_another_machine_refuses_to_open_but_its_queue_can_be_taken_out(
    store: Store, state: Path, tmp_path: Path, platform: PlatformKeys
) -> None:
    number = store.file(a_draft()).number
    store.close()
    with pytest.raises(Fault, match="state-of-another-machine"):
        open_store(state, machine=lambda: "another machine")
    assert folder.copy_queue(state, tmp_path / "stick") == 1
    with open_store(tmp_path / "other", machine=lambda: "another machine") as other:
        other.become(an_identity(platform, blocks=("20000", "20001")))
        assert other.import_(tmp_path / "stick") == 1
        assert other.import_(tmp_path / "stick") == 0
        assert [item.number for item in other.waiting()] == [number]
        with pytest.raises(Fault, match="receipt-of-another-kiosk"):
            other.receipt(number)


def test_a_copied_state_never_continues_a_block(store: Store, state: Path, tmp_path: Path, clock: Clock) -> None:
    store.file(a_draft())
    store.close()
    copy = tmp_path / "copy"
    copy.mkdir(mode=0o700)
    os.system(f"cp -r {state}/. {copy}")  # noqa: S605
    with open_store(copy, clock=clock, machine=lambda: MACHINE) as restored:
        assert restored.file(a_draft()).number.startswith("10231")


def test_export_copies_what_waits_and_rescue_reads_it_anywhere_without_a_key(store: Store, tmp_path: Path) -> None:
    waiting, delivered = a_draft(), a_draft()
    attached = store.add_file(waiting.petition_id, b"picture", AttachmentKind.PICTURE, "image/jpeg")
    number = store.file(replace(waiting, attachments=(attached,))).number
    store.file(delivered)
    store.apply(Delivered(id=delivered.petition_id, at=NOON))
    assert store.export(tmp_path / "stick") == 1
    assert store.export(tmp_path / "stick") == 1
    (found,) = folder.rescue(tmp_path / "stick")
    assert found.whole
    assert found.sealed is not None
    assert (found.sealed.number, found.sealed.id) == (number, waiting.petition_id)
    next((tmp_path / "stick").glob("*.attachment")).unlink()
    (found,) = folder.rescue(tmp_path / "stick")
    assert found.missing == (attached.id,)


def test_rescue_names_damaged_files_and_goes_on(store: Store, tmp_path: Path) -> None:
    store.file(a_draft())
    damaged = folder.sealed_path(store._outbox, str(uuid.uuid4()), Type.PETITION)
    damaged.write_bytes(b"{}")
    flipped = folder.sealed_path(store._outbox, str(uuid.uuid4()), Type.PETITION)
    flipped.write_bytes(next(store._outbox.glob("*.petition")).read_bytes())
    found = folder.rescue(store._outbox)
    assert [r.sealed is not None for r in found] == [True, False, False]
    with pytest.raises(Fault, match="bad-input"):
        folder.rescue(tmp_path / "nowhere")


@pytest.mark.parametrize("damage", ["header", "middle", "emptied"])
def test_a_damaged_database_is_set_aside_and_the_queue_rebuilt_from_the_folder(
    store: Store, state: Path, reopened: Reopen, damage: str
) -> None:
    drafts = [a_draft(f"{WORDS}{n}") for n in range(30)]
    for draft in drafts:
        store.file(draft)
    store.close()
    raw = bytearray((state / "queue.db").read_bytes())
    where = {"header": 100, "middle": len(raw) // 2, "emptied": 0}[damage]
    raw[where : where + 3000] = os.urandom(3000)
    (state / "queue.db").write_bytes(raw if damage != "emptied" else b"no database at all")
    again = reopened()
    mended = again.check()
    assert mended.set_aside
    assert set(mended.adopted) == {draft.petition_id for draft in drafts}
    assert {item.id for item in again.next_items(100)} == {draft.petition_id for draft in drafts}
    assert len(list((state / "damaged").iterdir())) >= 1
    assert again.file(a_draft()).number.startswith("10231"), "a lost database never continues a block"
    assert not again.check().set_aside


def test_a_database_from_a_backup_takes_up_what_was_filed_since_and_closes_its_block(
    store: Store, state: Path, reopened: Reopen
) -> None:
    old, new = a_draft(), a_draft()
    store.file(old)
    store.tidy()
    backup = (state / "queue.db").read_bytes()
    number = store.file(new).number
    store.close()
    (state / "queue.db").write_bytes(backup)
    again = reopened()
    assert again.check().adopted == (new.petition_id,)
    numbers = {item.number for item in again.waiting()}
    assert number in numbers
    assert again.file(a_draft()).number not in numbers


def test_an_unpromised_envelope_is_discarded_and_a_promised_one_finished(store: Store, reopened: Reopen) -> None:
    promised, other = a_draft(), a_draft()
    store.file(promised)
    path = folder.sealed_path(store._outbox, promised.petition_id, Type.PETITION)
    path.rename(path.with_name(path.name + ".part"))
    store.file(other)
    raw = folder.sealed_path(store._outbox, other.petition_id, Type.PETITION).read_bytes()
    ghost = folder.sealed_path(store._outbox, str(uuid.uuid4()), Type.PETITION)
    ghost.with_name(ghost.name + ".part").write_bytes(raw)
    item = store.item(promised.petition_id)
    assert item is not None
    assert protocol.digest_of(store.sealed_bytes(item)) == item.digest, "a reader takes either name"
    again = reopened()
    assert again.check().discarded == (ghost.name.removesuffix(".petition"),)
    assert path.exists()
    assert {i.id for i in again.waiting()} == {promised.petition_id, other.petition_id}


def test_the_audit_log_shows_when_a_line_is_changed_or_taken_out(store: Store) -> None:
    for _ in range(3):
        store.file(a_draft())
    assert store.audit_unbroken()
    assert len(store.audit_head()) == 64
    store._database.run("UPDATE audit SET subject = 'x' WHERE seq = 2")
    assert not store.audit_unbroken()
    store._database.run("DELETE FROM audit WHERE seq = 2")
    assert not store.audit_unbroken()


def test_an_event_needs_the_slip_and_is_sealed_to_the_platform(store: Store, platform: PlatformKeys) -> None:
    receipt = store.file(a_draft())
    with pytest.raises(Fault, match="wrong-code"):
        store.add_event(receipt.number, "0" * 20, EventKind.RATING, level="satisfied")
    event_id = store.add_event(receipt.number, receipt.tag, EventKind.RATING, level="satisfied", words="很好")
    item = store.item(event_id)
    assert item is not None
    assert item.type is Type.EVENT
    signed = protocol.read(Signed, store.sealed_bytes(item))
    known = store.enrolled()
    envelope = protocol.open_signed(signed, known.signing_key.public, Type.EVENT, protocol.EventEnvelope)
    content = protocol.open_event(envelope, platform.seal)
    assert (content.level, content.words, envelope.counter) == ("satisfied", "很好", 1)
    assert envelope.proof == protocol.event_proof(receipt.tag, event_id)
    assert receipt.tag.encode() not in store.sealed_bytes(item)


def test_a_withdrawal_that_the_platform_refused_is_none_until_staff_send_it_again(store: Store) -> None:
    receipt = store.file(a_draft())
    event_id = store.add_event(receipt.number, receipt.tag, EventKind.WITHDRAW)
    day = store.withdrawn_on(receipt.number)
    assert day is not None
    store.apply(Declined(id=event_id, reason="bad-request", park=True))
    assert store.withdrawn_on(receipt.number) is None
    assert store.retry(event_id) == 1
    assert store.withdrawn_on(receipt.number) == day


def test_enrolling_again_keeps_what_waits_and_old_receipts(store: Store, platform: PlatformKeys) -> None:
    receipt = store.file(a_draft())
    store.become(an_identity(platform, blocks=("20000", "20001")))
    assert store.verify(receipt.number, receipt.tag) is Role.OWN
    assert store.file(a_draft()).number.startswith("20000")
    assert len(store.waiting()) == 2


def test_a_damaged_enrolment_says_so_and_loses_nothing(store: Store, state: Path, platform: PlatformKeys) -> None:
    store.file(a_draft())
    (state / "enrolment.sealed").write_bytes(b"damaged")
    with pytest.raises(Fault, match="state-directory-unusable"):
        store.file(a_draft())
    store.become(an_identity(platform, blocks=("20000", "20001")))
    store.file(a_draft())
    assert len(store.waiting()) == 2


def test_the_state_directory_is_for_its_owner_only(store: Store, state: Path) -> None:
    store.file(a_draft())
    assert state.stat().st_mode & 0o777 == 0o700
    for path in state.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path.name
    assert store.key_kept_by.startswith("file")
