"""What a receipt's holder says later, with their voice: whole inside sealed events, all of it queued or none."""

import functools
import json
import os
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import admin, desk
from gateway.serve import running
from gateway.settings import Settings
from offline_queue import protocol, sealing
from offline_queue.enrolment import enrol
from offline_queue.filing import MAX_SOUND_BYTES
from offline_queue.protocol import EventContent, EventEnvelope, Signed, Type
from offline_queue.sealing import KeyPair
from offline_queue.store import Store, open_store
from petition.errors import Bug, Fault, FaultCode
from petition.model import Attachment, Draft, Later, LaterKind, OnBehalf, Regarding, TextSource
from petition.receipt import Receipt, Role, receipt_number, receipt_tag
from tests.offline_queue.children import Say, in_a_child
from tests.offline_queue.platform import PlatformKeys, an_identity, block_key
from tests.offline_queue.syncing import syncing
from tests.offline_queue.test_kill_points import KILLED, die_at, store_at

Reopen = Callable[[], Store]
LONGEST_OF_THE_SCREENS = 360_000
"""Bytes of 120 s as the kiosk records."""


@pytest.fixture
def receipt(store: Store) -> Receipt:
    return store.file(Draft(petition_id=str(uuid.uuid4()), text="灯坏了", text_source=TextSource.TYPED))


def more_about(receipt: Receipt, **more: object) -> Later:
    later = Later(kind=LaterKind.SUPPLEMENT, number=receipt.number, tag=receipt.tag)
    return replace(later, **more)  # type: ignore[arg-type]


def recorded(store: Store, petition_id: str, sound: bytes, seconds: float = 1.0) -> Attachment:
    sink = store.new_recording(petition_id, str(uuid.uuid4()))
    for start in range(0, len(sound), 50_000):
        sink.write(sound[start : start + 50_000])
    return sink.close(seconds)


def events(store: Store, number: str, seal_key: KeyPair) -> list[tuple[EventEnvelope, EventContent]]:
    """Return what was said later about a petition, opened with the platform's key, in the kiosk's order."""
    opened = []
    for item in store.items_of(number):
        if item.type is Type.EVENT:
            raw = store.sealed_bytes(item)
            assert len(raw) <= protocol.MAX_ENVELOPE_BYTES
            signed = protocol.read(Signed, raw)
            envelope = protocol.open_signed(signed, store.enrolled().signing_key.public, Type.EVENT, EventEnvelope)
            opened.append((envelope, protocol.open_event(envelope, seal_key)))
    return sorted(opened, key=lambda each: (each[0].made_at, each[0].counter))


def sounds(opened: list[tuple[EventEnvelope, EventContent]]) -> list[bytes]:
    return [sealing.from_base64(sound.sound) for _, content in opened for sound in content.sounds]


def test_words_and_voice_travel_together_and_the_draft_stays(
    store: Store, receipt: Receipt, platform: PlatformKeys
) -> None:
    draft_id, voice = str(uuid.uuid4()), os.urandom(40_000)
    attached = recorded(store, draft_id, voice, seconds=13.25)
    event_id = store.say_later(more_about(receipt, words="还有一盏", recordings=(attached,)))
    ((envelope, content),) = events(store, receipt.number, platform.seal)
    assert (envelope.id, envelope.kind.value, envelope.role) == (event_id, "supplement", Role.OWN)
    assert envelope.proof == protocol.event_proof(receipt.tag, event_id)
    assert (content.words, content.level) == ("还有一盏", "")
    assert [(s.media_type, s.milliseconds, sealing.from_base64(s.sound)) for s in content.sounds] == [
        ("audio/ogg", 13_250, voice)
    ]
    assert store.read_recording(attached.id) == voice, "the caller wipes the draft, when it knows that all is kept"
    raw = b"".join(path.read_bytes() for path in store._outbox.iterdir())
    assert voice[:60] not in raw
    assert sealing.to_base64(voice)[:60].encode() not in raw


def test_more_than_one_event_takes_goes_into_several_each_sound_whole_and_in_order(
    store: Store, receipt: Receipt, platform: PlatformKeys
) -> None:
    voices = [os.urandom(length) for length in (LONGEST_OF_THE_SCREENS, 100_000, LONGEST_OF_THE_SCREENS, 7)]
    attached = tuple(recorded(store, "d", voice) for voice in voices)
    store.say_later(more_about(receipt, words="还有", recordings=attached))
    found = events(store, receipt.number, platform.seal)
    assert [len(content.sounds) for _, content in found] == [2, 2]
    assert [content.words for _, content in found] == ["还有", ""]
    assert sounds(found) == voices
    assert len({envelope.made_at for envelope, _ in found}) == 1, "one occasion"
    assert [envelope.counter for envelope, _ in found] == [1, 2]


def test_many_short_sounds_are_no_more_for_one_event_than_the_protocol_has_room_for(
    store: Store, receipt: Receipt, platform: PlatformKeys
) -> None:
    voices = [f"sound {n}".encode() for n in range(protocol.MAX_EVENT_SOUNDS * 2 + 1)]
    store.say_later(more_about(receipt, recordings=tuple(recorded(store, "d", voice) for voice in voices)))
    found = events(store, receipt.number, platform.seal)
    assert [len(content.sounds) for _, content in found] == [8, 8, 1]
    assert sounds(found) == voices


def test_every_part_of_a_rating_rates_the_same_so_that_the_last_undoes_nothing(
    store: Store, receipt: Receipt, platform: PlatformKeys
) -> None:
    attached = tuple(recorded(store, "d", os.urandom(LONGEST_OF_THE_SCREENS)) for _ in range(3))
    store.say_later(
        more_about(receipt, kind=LaterKind.RATING, level="bad", review=True, words="灯又坏了", recordings=attached)
    )
    found = events(store, receipt.number, platform.seal)
    assert [(content.level, content.review) for _, content in found] == [("bad", True)] * 3
    assert {envelope.kind.value for envelope, _ in found} == {"rating"}


@pytest.mark.parametrize("words", ["", "\x01" * protocol.MAX_TEXT_CHARACTERS, "长" * protocol.MAX_TEXT_CHARACTERS])
def test_the_longest_words_and_the_longest_sound_still_fit_and_one_byte_more_is_refused(
    store: Store, receipt: Receipt, platform: PlatformKeys, words: str
) -> None:
    longest = recorded(store, "d", os.urandom(MAX_SOUND_BYTES))
    store.say_later(more_about(receipt, words=words, recordings=(longest,)))
    found = events(store, receipt.number, platform.seal)
    assert "".join(content.words for _, content in found) == words
    assert [len(sound) for sound in sounds(found)] == [MAX_SOUND_BYTES]
    before = store.list()
    too_long = recorded(store, "d", os.urandom(MAX_SOUND_BYTES + 3))
    with pytest.raises(Fault) as refused:
        store.say_later(more_about(receipt, words=words, recordings=(longest, too_long)))
    assert (refused.value.code, "too long" in refused.value.remedy) == (FaultCode.BAD_INPUT, True)
    assert store.list() == before
    assert len(store.read_recording(too_long.id)) == MAX_SOUND_BYTES + 3


def test_a_recording_ended_before_its_first_sound_keeps_nothing_back(
    store: Store, receipt: Receipt, platform: PlatformKeys
) -> None:
    store.say_later(
        more_about(receipt, words="还有", recordings=(recorded(store, "d", b""), recorded(store, "d", b"OggS")))
    )
    assert sounds(events(store, receipt.number, platform.seal)) == [b"OggS"]


def test_a_damaged_recording_is_a_fault_and_nothing_is_sent_without_it(store: Store, receipt: Receipt) -> None:
    attached = recorded(store, "d", os.urandom(5000))
    (path,) = store._outbox.glob("*.attachment")
    raw = bytearray(path.read_bytes())
    raw[-100] ^= 1
    path.write_bytes(raw)
    with pytest.raises(Fault, match="sealed-bytes-damaged"):
        store.say_later(more_about(receipt, words="还有", recordings=(attached,)))
    assert [item.type for item in store.items_of(receipt.number)] == [Type.PETITION]


@pytest.mark.parametrize("kind", LaterKind)
def test_every_kind_needs_the_slip(store: Store, receipt: Receipt, kind: LaterKind) -> None:
    with pytest.raises(Fault, match="wrong-code"):
        store.say_later(more_about(receipt, kind=kind, tag="0" * 20))
    with pytest.raises(Fault, match="bad-input"):
        store.say_later(more_about(receipt, kind=kind, number="102300000100"))
    number = receipt_number("77777", 1)
    assert store.say_later(
        more_about(receipt, kind=kind, number=number, tag=receipt_tag(block_key("77777"), number, Role.OWN))
    )


def test_who_filed_for_somebody_else_speaks_with_the_slip_they_have(store: Store, platform: PlatformKeys) -> None:
    draft = Draft(petition_id=str(uuid.uuid4()), text="灯坏了", on_behalf=OnBehalf(principal="王秀英", relation="母子"))
    agent = store.receipt(store.file(draft).number, Role.AGENT)
    store.say_later(more_about(agent, words="我妈妈问", kind=LaterKind.URGE))
    ((envelope, _),) = events(store, agent.number, platform.seal)
    assert envelope.role is Role.AGENT
    assert envelope.proof == protocol.event_proof(agent.tag, envelope.id)


def test_a_draft_about_another_petition_is_never_filed_as_one(store: Store, receipt: Receipt) -> None:
    regarding = Regarding(kind=LaterKind.SUPPLEMENT, number=receipt.number, tag=receipt.tag)
    draft = Draft(petition_id=str(uuid.uuid4()), text="还有一盏", regarding=regarding)
    before = store.list()
    with pytest.raises(Bug):
        store.file(draft)
    assert store.list() == before


def test_drafts_of_before_there_was_anything_to_regard_and_of_now_both_come_back(
    store: Store, reopened: Reopen, receipt: Receipt
) -> None:
    regarding = Regarding(kind=LaterKind.RATING, number=receipt.number, tag=receipt.tag, level="bad", review=True)
    now = Draft(petition_id=str(uuid.uuid4()), text="还有一盏", text_source=TextSource.TYPED, regarding=regarding)
    store.keep(now)
    assert reopened().kept_draft() == now
    ((kept,),) = store._database.all("SELECT draft FROM drafts")
    before = json.loads(kept)
    del before["regarding"]
    store._database.run("UPDATE drafts SET draft = ?", json.dumps(before))
    assert reopened().kept_draft() == replace(now, regarding=None)


def test_killed_at_any_write_all_of_it_is_queued_or_the_draft_is_there(tmp_path: Path, platform: PlatformKeys) -> None:
    voices = [os.urandom(300_000) for _ in range(3)]
    outcomes = set()
    for point in range(1, 200):
        state = tmp_path / f"state-{point}"
        with store_at(state) as store:
            store.become(an_identity(platform))
            receipt = store.file(Draft(petition_id=str(uuid.uuid4()), text="the petition"))
        status, told = in_a_child(functools.partial(say_more, state, point, receipt, voices))
        with store_at(state) as store:
            mended = store.check()
            assert not mended.set_aside
            assert not mended.unreadable
            found, kept = events(store, receipt.number, platform.seal), store.kept_draft()
            outcomes.add((told[-1:], len(found)))
            assert len(found) in {0, 3}, "never a part of it"
            if found:
                assert (found[0][1].words, sounds(found)) == ("the words", voices)
                assert told in {"kept", "said"}
            else:
                assert told == "kept"
                assert kept is not None
                assert (kept.text, kept.regarding is not None) == ("the words", True)
                assert [store.read_recording(recording.id) for recording in kept.recordings] == voices
            assert all(store.sealed_bytes(item) for item in store.waiting())
        if status != KILLED:
            assert (told, kept, len(found)) == ("said", None, 3)
            break
    else:
        pytest.fail("the visit never came to its end")
    assert {("t", 0), ("t", 3), ("d", 3)} <= outcomes, (
        "points lie before the commit, between it and the word, and behind"
    )


def say_more(state: Path, point: int, receipt: Receipt, voices: list[bytes], say: Say) -> None:
    """Keep a draft that regards a petition, send it, wipe it; die at the n-th write after it was kept."""
    with store_at(state) as store:
        petition_id = str(uuid.uuid4())
        recordings = tuple(recorded(store, petition_id, voice) for voice in voices)
        regarding = Regarding(kind=LaterKind.SUPPLEMENT, number=receipt.number, tag=receipt.tag)
        store.keep(Draft(petition_id=petition_id, text="the words", attachments=recordings, regarding=regarding))
        say("kept")
        die_at(point)
        store.say_later(more_about(receipt, words="the words", recordings=recordings))
        say("said")
        store.drop()


def test_words_and_two_recordings_arrive_at_the_platform_and_open_there_to_the_same_bytes(tmp_path: Path) -> None:
    state = tmp_path / "kiosk"
    voices = [os.urandom(LONGEST_OF_THE_SCREENS), os.urandom(LONGEST_OF_THE_SCREENS)]
    with running(Settings(directory=tmp_path / "gateway", port=0)) as served, open_store(state) as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机"))
        petition_id = str(uuid.uuid4())
        receipt = store.file(Draft(petition_id=petition_id, text="灯坏了", text_source=TextSource.TYPED))
        recordings = tuple(recorded(store, "more", voice, seconds=120.0) for voice in voices)
        store.say_later(more_about(receipt, words="还有一盏", recordings=recordings))
        store.drop()
        with syncing(state) as at_work:
            at_work.wait(lambda reports: sum(len(report.delivered) for report in reports) == 3)
        admin.put_staff(served.platform, account="wang", name="王芳", password="feng-he-ri-li")
        opened = desk.open_petition(served.platform, petition_id, account="wang")
        contents = [event.content for event in opened.events if event.content is not None]
        assert [(content.words, len(content.sounds)) for content in contents] == [("还有一盏", 1), ("", 1)]
        arrived = [sound for content in contents for sound in content.sounds]
        assert [sealing.from_base64(sound.sound) for sound in arrived] == voices
        assert {(sound.media_type, sound.milliseconds) for sound in arrived} == {("audio/ogg", 120_000)}
        assert store.waiting() == ()


def test_what_is_said_again_under_the_same_id_is_the_same(store: Store, receipt: Receipt) -> None:
    """A commit may be on the disk and say that it is not; who tries again means the same."""
    said, event_id = more_about(receipt, words="还有一盏"), str(uuid.uuid4())
    assert store.say_later(said, event_id) == store.say_later(said, event_id) == event_id
    assert [item.id for item in store.items_of(receipt.number) if item.type == "event"] == [event_id]
