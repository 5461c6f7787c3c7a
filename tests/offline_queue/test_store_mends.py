"""What happens between two programs, two power cuts and one bad file: nothing that was filed goes, nothing stands still."""

import errno
import json
import os
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from offline_queue import files, folder, identity, mending
from offline_queue.outbox import Delivered, from_stamp, stamp
from offline_queue.protocol import EventKind, Type
from offline_queue.store import Store, open_store
from petition.errors import Fault
from petition.model import AttachmentKind
from tests.offline_queue.conftest import MACHINE
from tests.offline_queue.platform import NOON, Clock, PlatformKeys, an_identity, some_blocks
from tests.offline_queue.test_store import a_draft

Reopen = Callable[[], Store]


def part_of(store: Store, petition_id: str) -> Path:
    """Undo the last rename of a filed petition, as a power cut does."""
    path = folder.sealed_path(store._outbox, petition_id, Type.PETITION)
    return path.rename(path.with_name(path.name + files.PART))


def lose_database(state: Path) -> None:
    for side in ("", "-wal", "-shm"):
        (state / f"queue.db{side}").unlink(missing_ok=True)


def spoil_database(state: Path) -> None:
    """Make it rubbish, under whoever has it open."""
    path = state / "queue.db"
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))


def test_a_filed_petition_whose_last_rename_was_lost_survives_the_loss_of_the_database(
    store: Store, state: Path, reopened: Reopen
) -> None:
    draft = a_draft()
    number = store.file(draft).number
    part_of(store, draft.petition_id)
    store.close()
    lose_database(state)
    again = reopened()
    assert [item.number for item in again.waiting()] == [number]
    mended = again.check()
    assert (mended.adopted, mended.discarded) == ((draft.petition_id,), ())
    assert again.file(a_draft()).number.startswith("10231"), "a lost database never continues a block"


def test_a_rebuild_that_breaks_off_is_done_again_at_the_next_open(
    store: Store, state: Path, reopened: Reopen, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, other = a_draft(), a_draft()
    store.file(draft)
    store.file(other)
    part_of(store, draft.petition_id)
    store.close()
    (state / "queue.db").write_bytes(os.urandom(8192))

    def no_room(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as broken:
        broken.setattr(mending, "reconcile", no_room)
        with pytest.raises(Fault, match="disk-full"):
            reopened()
    again = reopened()
    assert {item.id for item in again.waiting()} == {draft.petition_id, other.petition_id}
    assert again.check().discarded == ()
    assert len(again.waiting()) == 2


@pytest.mark.parametrize("date", ["9999-12-31T23:59:59-23:59", "0026-03-08T04:00:00Z", "2027-02-30T00:00:00Z"])
def test_an_unreadable_file_is_named_and_the_others_are_taken(
    store: Store, state: Path, reopened: Reopen, tmp_path: Path, date: str
) -> None:
    good, bad, dated = a_draft(), a_draft(), a_draft()
    for draft in (good, bad, dated):
        store.file(draft)
    store.close()
    folder_instead = folder.sealed_path(state / "outbox", bad.petition_id, Type.PETITION)
    folder_instead.unlink()
    folder_instead.mkdir()
    redated(folder.sealed_path(state / "outbox", dated.petition_id, Type.PETITION), date)
    sound = folder.attachment_path(state / "outbox", bad.petition_id, str(uuid.uuid4()))
    sound.write_bytes(b"sealed")
    os.utime(sound, (0, 0))
    (state / "outbox" / f"{uuid.uuid4()}.petition.part").mkdir()
    (state / "outbox" / f"{uuid.uuid4()}.{uuid.uuid4()}.attachment").mkdir()
    spoil_database(state)
    for _ in range(2):
        again = reopened()
        mended = again.check()
        assert [item.id for item in again.waiting()] == [good.petition_id]
        assert {folder_instead.name, f"{dated.petition_id}.petition"} < set(mended.unreadable)
    assert sound.exists(), "the sound of a petition that can't be read now is not swept away"
    assert again.export(tmp_path / "stick") == 1
    found = folder.rescue(state)
    assert sorted(each.sealed is not None for each in found) == [False, False, False, True]
    assert folder.copy_queue(state, tmp_path / "all") == 2, "what is damaged is copied, what can't be read is not"


def test_a_petition_is_filed_though_what_was_not_filed_with_it_cannot_be_removed_yet(store: Store, state: Path) -> None:
    draft = a_draft()
    taken_back = store.add_file(draft.petition_id, b"x" * 100, AttachmentKind.RECORDING, "audio/ogg")
    path = folder.attachment_path(state / "outbox", draft.petition_id, taken_back.id)
    sealed = path.read_bytes()
    path.unlink()
    path.mkdir()  # a disk that removes nothing now
    number = store.file(draft).number
    assert [item.number for item in store.waiting()] == [number]
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        store.read_recording(taken_back.id)
    path.rmdir()
    path.write_bytes(sealed)
    os.utime(path, (0, 0))
    store.check()
    assert not path.exists()


@pytest.mark.parametrize(
    "date", ["1001-03-08T04:00:00Z", "1970-01-01T00:00:00Z", "2219-03-08T04:00:00Z", "9999-12-28T23:59:59Z"]
)
def test_a_petition_of_a_wrong_clock_is_in_nobodys_way(
    store: Store, state: Path, reopened: Reopen, date: str, tmp_path: Path
) -> None:
    odd, other = a_draft(), a_draft()
    store.file(odd)
    store.file(other)
    store.close()
    redated(folder.sealed_path(state / "outbox", odd.petition_id, Type.PETITION), date)
    lose_database(state)
    again = reopened()
    found = {item.id: item.made_at for item in (*again.waiting(), *again.next_items(), *again.list())}
    assert set(found) == {odd.petition_id, other.petition_id}
    assert found[odd.petition_id] == datetime.fromisoformat(date)
    for hours in (-12, 14):
        found[odd.petition_id].astimezone(timezone(timedelta(hours=hours)))
    assert again.depth().waiting == 2
    assert again.export(tmp_path / "stick") == 2
    assert again.retry() == 2
    again.check()
    again.file(a_draft())


def test_a_stamp_has_four_digits_of_a_year_and_an_older_one_is_read_all_the_same() -> None:
    early = datetime(26, 3, 8, 4, tzinfo=UTC)
    assert stamp(early) == "0026-03-08T04:00:00.000000Z"
    assert from_stamp("26-03-08T04:00:00.000000Z") == early
    assert stamp(NOON) == "2027-03-08T04:00:00.000000Z"
    assert from_stamp(stamp(NOON)) == NOON


def redated(path: Path, date: str) -> None:
    message = json.loads(path.read_bytes())
    message["body"]["made_at"] = date
    path.write_text(json.dumps(message))


def test_numbers_that_are_leased_while_somebody_files_stay(state: Path, platform: PlatformKeys, clock: Clock) -> None:
    leased = threading.Event()

    def lease() -> None:
        with open_store(state, clock=clock, machine=lambda: MACHINE) as other:
            other.lease(platform.chain(Type.BLOCKS, some_blocks("hefang-1", other.block_request(), "10299")))
        leased.set()

    meanwhile = [threading.Thread(target=lease)]

    def now() -> datetime:
        if store is not None and meanwhile:  # once, in the midst of filing
            meanwhile[0].start()
            started.append(meanwhile.pop())
            leased.wait(0.3)
        return clock.now

    started: list[threading.Thread] = []
    store: Store | None = None
    with open_store(state, clock=clock, machine=lambda: MACHINE) as first:
        first.become(an_identity(platform))
    with open_store(state, clock=now, machine=lambda: MACHINE) as opened:
        store = opened
        opened.file(a_draft())
        started[0].join()
        known = opened.enrolled()
        assert [(block.block, block.opened) for block in known.blocks] == [
            ("10230", True),
            ("10231", False),
            ("10299", False),
        ]


def test_a_block_that_is_closed_under_a_filing_costs_nobody_a_receipt(
    store: Store, reopened: Reopen, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = reopened()
    real = identity.save

    def save_and_close(*args: object) -> None:
        monkeypatch.setattr(identity, "save", real)
        real(*args)  # type: ignore[arg-type]
        other.apply(Delivered(id=str(uuid.uuid4()), at=NOON, number_reused=True))

    monkeypatch.setattr(identity, "save", save_and_close)
    assert store.file(a_draft()).number.startswith("10231")


def test_whoever_has_a_database_open_that_another_set_aside_goes_on_with_the_new_one(
    store: Store, state: Path, reopened: Reopen
) -> None:
    before = a_draft()
    filed = store.file(before)
    attached = store.add_file((draft := a_draft()).petition_id, b"picture", AttachmentKind.PICTURE, "image/jpeg")
    spoil_database(state)
    other = reopened()
    assert other.check().set_aside
    after = store.file(draft)
    event = store.add_event(filed.number, filed.tag, EventKind.RATING, level="satisfied")
    store.keep(a_draft("kept"))
    assert attached.id
    assert {item.id for item in other.waiting()} == {before.petition_id, draft.petition_id, event}
    assert after.number.startswith("10231")
    assert not store.check().set_aside, "a healthy database is never set aside for the one before"
    assert len(list((state / "damaged").glob("*.db"))) == 1
    last = reopened()
    assert last.check().discarded == ()
    assert len(last.waiting()) == 3
    kept = last.kept_draft()
    assert kept is not None
    assert kept.text == "kept"


def test_a_database_that_was_taken_away_under_a_running_kiosk_costs_nothing(store: Store, state: Path) -> None:
    first, second = a_draft(), a_draft()
    store.file(first)
    lose_database(state)
    store.file(second)
    assert {item.id for item in store.waiting()} == {first.petition_id, second.petition_id}


def test_two_that_find_the_same_damage_set_one_database_aside(store: Store, state: Path, reopened: Reopen) -> None:
    store.file(a_draft())
    other = reopened()
    store.tidy()
    spoil_database(state)
    with suppress(Fault):
        other._database.forget()
    mended = [store.check().set_aside, other.check().set_aside]
    assert mended == [True, False]
    assert len(other.waiting()) == 1


def test_a_program_that_is_frozen_at_work_there_does_not_freeze_the_others(state: Path) -> None:
    state.mkdir(exist_ok=True)
    with (
        files.locked(state),
        pytest.raises(Fault, match="another program is at work there"),
        files.locked(state, seconds=0.0),
    ):
        pass
    with files.locked(state, seconds=0.0):
        pass
