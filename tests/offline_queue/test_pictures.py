"""Pictures in the store: sealed whole or not at all, found again after a power cut, and gone with their draft."""

import os
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import admin, desk
from gateway.serve import running
from gateway.settings import Settings
from offline_queue import files, folder
from offline_queue.client import PlatformClient
from offline_queue.enrolment import enrol
from offline_queue.store import Store, open_store
from offline_queue.sync import sync_once
from petition.errors import Bug, Fault
from petition.model import Attachment, AttachmentKind, Draft, TextSource

PLAIN = b"\xff\xd8 the marker of a picture \xff\xd9" + os.urandom(200_000)
PETITION = str(uuid.uuid4())
DRAFT = Draft(petition_id=PETITION, text="灯坏了", text_source=TextSource.TYPED)


def a_picture(kind: AttachmentKind = AttachmentKind.PICTURE) -> Attachment:
    return Attachment(id=str(uuid.uuid4()), kind=kind, media_type="image/jpeg")


def outbox(state: Path) -> list[Path]:
    return list((state / "outbox").iterdir())


def test_a_picture_is_sealed_under_its_own_id_and_nothing_of_it_is_in_clear(store: Store, state: Path) -> None:
    picture = a_picture()
    store.add(PETITION, picture, PLAIN)
    assert store.read_recording(picture.id) == PLAIN
    assert not any(b"the marker of a picture" in path.read_bytes() for path in state.rglob("*") if path.is_file())
    with pytest.raises(Bug):
        store.add(PETITION, picture, PLAIN)
    assert store.read_recording(picture.id) == PLAIN


def test_pictures_go_one_by_one_and_all_of_them_with_their_draft(store: Store, state: Path) -> None:
    pictures = [a_picture() for _ in range(3)]
    for picture in pictures:
        store.add(PETITION, picture, PLAIN)
    store.remove(pictures[0].id, pictures[1].id)
    assert len(outbox(state)) == 1
    store.drop()
    assert outbox(state) == []
    with pytest.raises(Fault):
        store.read_recording(pictures[2].id)


def test_after_a_power_cut_pictures_of_the_petition_are_found_again_and_what_nobody_said_yes_to_is_not(
    store: Store, state: Path, reopened: Callable[[], Store]
) -> None:
    known, unknown, half = a_picture(), a_picture(AttachmentKind.SIGNATURE), a_picture()
    store.add(PETITION, known, PLAIN)
    store.keep(replace(DRAFT, attachments=(known,)))
    for picture in (unknown, half):
        store.add(PETITION, picture, PLAIN)
    whole = folder.attachment_path(state / "outbox", PETITION, half.id)
    part = whole.with_name(whole.name + files.PART)
    whole.rename(part)
    part.write_bytes(part.read_bytes()[:70_000])
    found = reopened().kept_draft()
    assert found is not None
    assert found.attachments == (known,)


def test_a_picture_that_can_not_be_written_leaves_nothing(store: Store, state: Path) -> None:
    picture = a_picture()
    with pytest.raises(Fault, match="bad-input"):
        store.add(PETITION, picture, state / "gone")
    assert outbox(state) == []
    with pytest.raises(Fault):
        store.read_recording(picture.id)


def test_pictures_of_every_kind_arrive_at_the_platform_as_they_were_sealed(tmp_path: Path) -> None:
    with running(Settings(directory=tmp_path / "gateway", port=0)) as served, open_store(tmp_path / "state") as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机"))
        kinds = (AttachmentKind.PICTURE, AttachmentKind.PAPER, AttachmentKind.SIGNATURE)
        pictures = tuple(map(a_picture, kinds))
        for picture in pictures:
            store.add(PETITION, picture, PLAIN)
        store.file(replace(DRAFT, attachments=pictures))
        with PlatformClient(served.url, token=store.enrolled().token) as client:
            assert sync_once(store, client).delivered == (PETITION,)
        admin.put_staff(served.platform, account="wang", name="王芳", password="feng-he-ri-li")
        for picture in pictures:
            told = desk.open_attachment(served.platform, PETITION, picture.id, account="wang")
            assert told == ("image/jpeg", PLAIN)
