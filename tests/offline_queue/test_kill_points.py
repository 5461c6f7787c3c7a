"""A visit that is killed at every single write to the disk: what had a receipt is there, what had none is a draft."""

import functools
import os
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from offline_queue.store import Store, open_store
from petition.model import AttachmentKind, Draft, TextSource
from tests.offline_queue.children import Say, in_a_child
from tests.offline_queue.conftest import MACHINE
from tests.offline_queue.platform import Clock, PlatformKeys, an_identity

KILLED = 9
WRITES = ("open", "write", "fsync", "fdatasync", "rename", "unlink", "ftruncate")


def test_killed_at_any_write_a_receipt_means_filed_and_no_receipt_means_a_draft(
    tmp_path: Path, platform: PlatformKeys
) -> None:
    outcomes = set()
    for point in range(1, 200):
        state = tmp_path / f"state-{point}"
        with store_at(state) as store:
            store.become(an_identity(platform))
            earlier = store.file(a_draft("earlier"))
        status, told = in_a_child(functools.partial(visit, state, point))
        with store_at(state) as store:
            mended = store.check()
            assert not mended.set_aside
            assert not mended.unreadable
            numbers = {item.number: item.id for item in store.waiting()}
            assert earlier.number in numbers
            kept = store.kept_draft()
            filed = [number for number in numbers if number != earlier.number]
            outcomes.add((told[-1:], bool(filed)))
            if told.startswith("receipt"):
                assert filed == [told.split()[1]]
            if "kept" in told and not filed:
                assert kept is not None, "the words that were kept are still there"
                assert kept.text == "the words"
            if filed:
                assert kept is None, "what is filed is nobody's draft"
            after = store.file(a_draft("after"))
            assert after.number not in numbers
            assert all(store.sealed_bytes(item) for item in store.waiting())
        if status != KILLED:
            assert told.startswith("receipt")
            break
    else:
        pytest.fail("the visit never came to its end")
    assert len(outcomes) > 1, "some points lie before the promise and some behind it"


def a_draft(text: str) -> Draft:
    return Draft(petition_id=str(uuid.uuid4()), text=text, text_source=TextSource.TYPED)


def store_at(state: Path) -> Store:
    return open_store(state, clock=Clock(), machine=lambda: MACHINE)


def visit(state: Path, point: int, say: Say) -> None:
    """Keep a draft, add a picture, file, say the receipt; die at the n-th write of this process."""
    with store_at(state) as store:
        die_at(point)
        draft = a_draft("the words")
        store.keep(draft)
        say("kept")
        picture = store.add_file(draft.petition_id, b"picture", AttachmentKind.PICTURE, "image/jpeg")
        receipt = store.file(Draft(petition_id=draft.petition_id, text=draft.text, attachments=(picture,)))
        say(f"receipt {receipt.number}")
        store.drop()


def die_at(point: int) -> None:
    """Count this process's own writes and end it, like a power cut would, right before the n-th."""
    left = point

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                os._exit(KILLED)
            return real(*args, **kwargs)

        return call

    for name in WRITES:
        setattr(os, name, counted(getattr(os, name)))
