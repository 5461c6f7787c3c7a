"""A disk without room: one plain fault, nothing half done, nothing lost, and filing again as soon as there is room."""

import functools
import os
import resource
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from offline_queue.outbox import Delivered
from offline_queue.store import Store, open_store
from offline_queue.sync import sync_once
from petition.errors import Fault, FaultCode
from petition.model import AttachmentKind, Draft, TextSource
from petition.ports import RecordingSink
from tests.offline_queue.children import Say, in_a_child
from tests.offline_queue.conftest import MACHINE
from tests.offline_queue.fake_platform import FakePlatform
from tests.offline_queue.platform import NOON, Clock, PlatformKeys, an_identity

SMALL_DISK_BYTES = 3 * 1024 * 1024


def a_draft(text: str = "灯坏了") -> Draft:
    return Draft(petition_id=str(uuid.uuid4()), text=text, text_source=TextSource.TYPED)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes of its own."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES},mode=0700", "tmpfs", str(where)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs root; the limit of file sizes is tested below instead")
    try:
        yield where
    finally:
        subprocess.run(["umount", str(where)], check=True)


def fill(disk: Path, leave_bytes: int = 0) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        file.write(bytes(max(0, free - leave_bytes)))
    return filler


@pytest.fixture
def store(small_disk: Path, platform: PlatformKeys) -> Iterator[Store]:
    with open_store(small_disk / "state", clock=Clock(), machine=lambda: MACHINE) as store:
        store.become(an_identity(platform))
        yield store


@pytest.mark.parametrize("leave_kib", [0, 4, 8, 16, 32, 48, 64, 96])
def test_filing_on_a_full_disk_is_one_plain_fault_and_works_again_with_room(
    store: Store, small_disk: Path, leave_kib: int
) -> None:
    first = store.file(a_draft())
    filler = fill(small_disk, leave_kib * 1024)
    draft = a_draft("长" * 10_000)
    try:
        filed = store.file(draft).number
    except Fault as full:
        assert full.code is FaultCode.DISK_FULL  # noqa: PT017  with some room left either is right
        filed = ""
    assert {item.number for item in store.waiting()} == {first.number, *([filed] if filed else [])}
    filler.unlink()
    receipt = store.file(draft)
    assert receipt.number[:10] == f"{int(first.number[:10]) + 1}", "no number was lost to the full disk"
    assert filed in {"", receipt.number}
    assert not store.check().set_aside
    assert len(store.waiting()) == 2
    assert all(store.sealed_bytes(item) for item in store.waiting())


@pytest.mark.parametrize("leave_kib", [40, 44, 48, 52, 56, 60, 64])
def test_what_a_full_disk_refused_is_never_taken_up_later_under_a_number_that_went_to_the_next(
    store: Store, small_disk: Path, leave_kib: int
) -> None:
    first = store.file(a_draft())
    filler = fill(small_disk, leave_kib * 1024)
    filed = {first.number}
    with suppress(Fault):  # with some room left either is right: the room may end at the file or at the commit
        filed.add(store.file(a_draft("长" * 10_000)).number)
    filler.unlink()
    filed.add(store.file(a_draft("the next")).number)
    assert store.check().adopted == ()
    assert sorted(item.number for item in store.waiting()) == sorted(filed)


def test_delivered_ciphertext_is_the_first_to_go_when_the_disk_is_short(store: Store, small_disk: Path) -> None:
    delivered = a_draft()
    attached = store.add_file(delivered.petition_id, bytes(1_000_000), AttachmentKind.PICTURE, "image/jpeg")
    store.file(replace(delivered, attachments=(attached,)))
    store.apply(Delivered(id=delivered.petition_id, at=NOON))
    fill(small_disk)
    receipt = store.file(a_draft("长" * 10_000))
    assert [item.number for item in store.waiting()] == [receipt.number]


def test_a_recording_on_a_full_disk_stops_and_what_was_said_before_is_kept(store: Store, small_disk: Path) -> None:
    draft = a_draft("")
    sink = store.new_recording(draft.petition_id, recording_id := str(uuid.uuid4()))
    sink.write(b"said before")
    filler = fill(small_disk)
    with pytest.raises(Fault, match="disk-full"):
        speak(sink, pages=100)
    with pytest.raises(Fault, match="disk-full"):
        sink.write(b"no more")
    attached = sink.close(1.0)
    assert store.read_recording(recording_id).startswith(b"said before")
    filler.unlink()
    store.file(replace(draft, attachments=(attached,)))
    platform = FakePlatform(keys=PlatformKeys())
    with platform.client() as client:
        sync_once(store, client)
    assert len(store.waiting()) == 1, "another platform's acknowledgement delivers nothing"


def speak(sink: RecordingSink, pages: int) -> None:
    for _ in range(pages):
        sink.write(bytes(1000))


def test_a_fresh_state_on_a_full_disk_says_so(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(Fault, match="disk-full"):
        open_store(small_disk / "state", machine=lambda: MACHINE)


def test_an_old_state_on_a_full_disk_says_so_too_and_is_whole_when_there_is_room(
    small_disk: Path, platform: PlatformKeys
) -> None:
    state = small_disk / "state"
    with open_store(state, clock=Clock(), machine=lambda: MACHINE) as store:
        store.become(an_identity(platform))
        filed = store.file(a_draft())
    filler = fill(small_disk)
    with pytest.raises(Fault, match="disk-full"):
        open_store(state, clock=Clock(), machine=lambda: MACHINE)
    filler.unlink()
    with open_store(state, clock=Clock(), machine=lambda: MACHINE) as store:
        assert [item.number for item in store.waiting()] == [filed.number]


def test_a_limit_of_file_sizes_is_a_fault_too_and_loses_nothing(tmp_path: Path, platform: PlatformKeys) -> None:
    state = tmp_path / "state"
    with open_store(state, clock=Clock(), machine=lambda: MACHINE) as store:
        store.become(an_identity(platform))
        first = store.file(a_draft())
        store.tidy()
    assert in_a_child(functools.partial(limited, state)) == (0, "ended")
    with open_store(state, clock=Clock(), machine=lambda: MACHINE) as store:
        mended = store.check()
        assert (mended.set_aside, mended.unreadable) == (False, ())
        assert first.number in {item.number for item in store.waiting()}
        store.file(a_draft())


def limited(state: Path, say: Say) -> None:
    """File with ever more room; every failure is a plain fault."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    plain = {FaultCode.DISK_FULL, FaultCode.STATE_DIRECTORY_UNUSABLE}
    for kib in (0, 1, 2, 4, 8, 16, 32, 64):
        resource.setrlimit(resource.RLIMIT_FSIZE, (kib * 1024, resource.RLIM_INFINITY))
        try:
            with open_store(state, clock=Clock(), machine=lambda: MACHINE) as store:
                store.file(a_draft("长" * 4000))
        except Fault as fault:
            if fault.code not in plain:
                raise
    say("ended")
