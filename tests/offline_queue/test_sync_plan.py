"""The plan of the sync: what is sent when, and what an acknowledgement proves. No network, no clock, no disk."""

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from offline_queue import protocol, sealing
from offline_queue.client import Paused, Refused, Unreachable
from offline_queue.outbox import Item, State, Upload
from offline_queue.protocol import Acknowledgement, AttachmentReceived, ErrorCode, EventAcknowledgement, Type
from offline_queue.sync import (
    FLOOR_SECONDS,
    REFUSED_IN_A_ROW,
    Complete,
    Held,
    Incomplete,
    Kept,
    Outcome,
    Pace,
    Pacing,
    Progressed,
    Send,
    Wait,
    Worthless,
    afterwards,
    judge,
    plan,
)
from tests.offline_queue.platform import NOON, PlatformKeys

PLATFORM = PlatformKeys()
PACING = Pacing()
DIGEST = "d" * 64


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  jitter is no secret


def an_item(n: int = 0, **more: object) -> Item:
    item = Item(
        id=f"00000000-0000-4000-8000-{n:012d}",
        type=Type.PETITION,
        number="102300012392",
        made_at=NOON,
        digest=DIGEST,
        state=State.SEALED,
        since=NOON,
    )
    return replace(item, **more)  # type: ignore[arg-type]


ITEM = an_item()
UPLOADS = tuple(
    Upload(petition_id=ITEM.id, id=f"00000000-0000-4000-9000-{n:012d}", length=10, sha256=str(n) * 64) for n in (1, 2)
)
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.just(Progressed()),
    st.just(Held()),
    st.just(Kept()),
    st.just(Paused()),
    st.sampled_from(ErrorCode).map(lambda code: Refused(code=code)),
    st.none() | st.floats(0, 86400),
).map(lambda o: o if not isinstance(o, float | None) else Unreachable(reason="busy", retry_after_seconds=o))


def test_nothing_waiting_is_a_wait_without_end() -> None:
    assert plan([], 0.0, Pace()) == Wait(seconds=None)


def test_the_first_that_may_be_tried_is_tried() -> None:
    one, two = an_item(1), an_item(2)
    assert plan([one, two], 5.0, Pace()) == Send(item=one)
    assert plan([one, two], 5.0, Pace(item_from={one.id: 9.0})) == Send(item=two)
    assert plan([one, two], 5.0, Pace(item_from={one.id: 9.0, two.id: 7.5})) == Wait(seconds=2.5)
    assert plan([one, two], 5.0, Pace(platform_from=65.0)) == Wait(seconds=60.0)


def test_retry_after_is_honoured_to_the_second_and_nothing_is_sent_before() -> None:
    rnd = seeded(1)
    pace = afterwards(Pace(), ITEM, Unreachable(reason="busy", retry_after_seconds=37.0), 100.0, rnd)
    assert plan([ITEM], 136.5, pace) == Wait(seconds=0.5)
    assert plan([ITEM], 137.0, pace) == Send(item=ITEM)


def test_waits_double_in_full_jitter_up_to_a_cap_and_end_with_the_first_success() -> None:
    rnd = seeded(1)
    pace, tops = Pace(), []
    for failures in range(12):
        delays = [afterwards(pace, ITEM, Unreachable(reason="timeout"), 0.0, rnd).platform_from for _ in range(200)]
        top = min(PACING.cap_seconds, PACING.base_seconds * 2**failures)
        assert max(delays) <= max(top, FLOOR_SECONDS)
        assert max(delays) > top * 0.8
        assert min(delays) < max(top * 0.2, FLOOR_SECONDS * 1.01)
        tops.append(top)
        pace = afterwards(pace, ITEM, Unreachable(reason="timeout"), 0.0, rnd)
    assert tops[-1] == PACING.cap_seconds
    assert afterwards(pace, ITEM, Progressed(), 0.0, rnd) == Pace()


def test_a_refused_thing_holds_up_nobody_until_too_many_are_refused_in_a_row() -> None:
    rnd, pace = seeded(1), Pace()
    for n in range(REFUSED_IN_A_ROW - 1):
        pace = afterwards(pace, an_item(n), Refused(code=ErrorCode.BAD_REQUEST), 0.0, rnd)
        assert isinstance(plan([an_item(n), an_item(99)], 0.0, pace), Send)
    pace = afterwards(pace, an_item(50), Refused(code=ErrorCode.BAD_REQUEST), 0.0, rnd)
    assert isinstance(plan([an_item(99)], 0.0, pace), Wait)


def test_files_that_cannot_be_read_put_off_nobody_but_themselves() -> None:
    rnd, pace = seeded(1), Pace()
    for n in range(REFUSED_IN_A_ROW * 3):
        pace = afterwards(pace, an_item(n), Kept(), 0.0, rnd)
        assert isinstance(plan([an_item(n)], 0.0, pace), Wait)
    assert plan([an_item(n) for n in range(99)], 0.0, pace) == Send(item=an_item(REFUSED_IN_A_ROW * 3))


def test_an_unknown_token_is_the_kiosks_trouble_and_not_the_petitions() -> None:
    pace = afterwards(Pace(), ITEM, Refused(code=ErrorCode.TOKEN_UNKNOWN), 0.0, seeded(1))
    assert pace.item_from == {}
    assert isinstance(plan([an_item(1)], 0.0, pace), Wait)


@given(st.lists(st.tuples(st.integers(0, 5), outcomes, st.floats(0.0, 50.0)), max_size=40), st.integers())
def test_whatever_happens_there_is_always_a_next_time_and_never_a_hot_loop(
    happened: list[tuple[int, Outcome, float]], seed: int
) -> None:
    rnd, pace, now = seeded(seed), Pace(), 0.0
    for n, outcome, passed in happened:
        now += passed
        pace = afterwards(pace, an_item(n), outcome, now, rnd)
        if not isinstance(outcome, Progressed | Paused):
            todo = plan([an_item(n)], now, pace)
            assert isinstance(todo, Wait)
            assert todo.seconds is not None
            assert todo.seconds >= FLOOR_SECONDS * 0.999
    todo = plan([an_item(n) for n in range(6)], now, pace)
    assert isinstance(todo, Send) or (todo.seconds is not None and todo.seconds <= 86400.0)


def an_ack(**more: object) -> protocol.Signed:
    ack = Acknowledgement(
        petition_id=ITEM.id,
        digest=DIGEST,
        received=tuple(AttachmentReceived(id=upload.id, sha256=upload.sha256) for upload in UPLOADS),
        complete=True,
        time=NOON,
    )
    return protocol.sign(PLATFORM.acknowledge, Type.ACKNOWLEDGEMENT, ack.model_copy(update=more))


def test_only_a_complete_signed_acknowledgement_of_this_id_and_digest_delivers() -> None:
    keys = PLATFORM.keys()
    assert judge(an_ack(), ITEM, UPLOADS, keys, NOON) == Complete(at=NOON)
    assert judge(an_ack(number_reused=True), ITEM, UPLOADS, keys, None) == Complete(at=NOON, number_reused=True)
    assert judge(an_ack(petition_id=an_item(7).id), ITEM, UPLOADS, keys, NOON) == Worthless()
    assert judge(an_ack(digest="e" * 64), ITEM, UPLOADS, keys, NOON) == Worthless()
    forged = an_ack(complete=False).model_copy(update={"body": an_ack().body})
    assert judge(forged, ITEM, UPLOADS, keys, NOON) == Worthless()
    stranger = protocol.sign(PlatformKeys().acknowledge, Type.ACKNOWLEDGEMENT, Acknowledgement(**an_ack().body))
    assert judge(stranger, ITEM, UPLOADS, keys, NOON) == Worthless(unknown_key=True)
    expired = NOON + timedelta(days=5000)
    assert judge(an_ack(), ITEM, UPLOADS, keys, expired) == Worthless(unknown_key=True)


def test_complete_is_believed_only_when_every_attachment_is_named_with_its_digest() -> None:
    keys = PLATFORM.keys()
    first, second = UPLOADS
    some = (AttachmentReceived(id=first.id, sha256=first.sha256),)
    other = (*some, AttachmentReceived(id=second.id, sha256="f" * 64))
    for received in (some, other):
        for complete in (True, False):
            ack = an_ack(received=received, complete=complete)
            assert judge(ack, ITEM, UPLOADS, keys, NOON) == Incomplete(at=NOON, missing=(second,))
    assert judge(an_ack(complete=False), ITEM, UPLOADS, keys, NOON) == Incomplete(at=NOON, missing=())


def test_the_seal_or_publish_key_acknowledges_nothing() -> None:
    ack = protocol.sign(PLATFORM.publish, Type.ACKNOWLEDGEMENT, Acknowledgement(**an_ack().body))
    assert judge(ack, ITEM, UPLOADS, PLATFORM.keys(), NOON) == Worthless(unknown_key=True)


def test_an_event_is_delivered_by_an_acknowledgement_of_events_only() -> None:
    event, keys = an_item(3, type=Type.EVENT), PLATFORM.keys()
    right = EventAcknowledgement(event_id=event.id, digest=DIGEST, time=NOON)
    signed = protocol.sign(PLATFORM.acknowledge, Type.EVENT_ACKNOWLEDGEMENT, right)
    assert judge(signed, event, (), keys, NOON) == Complete(at=NOON)
    assert judge(signed, ITEM, (), keys, NOON) == Worthless()
    assert judge(an_ack(), event, (), keys, NOON) == Worthless()
    other = right.model_copy(update={"digest": "0" * 64})
    assert (
        judge(protocol.sign(PLATFORM.acknowledge, Type.EVENT_ACKNOWLEDGEMENT, other), event, (), keys, NOON)
        == Worthless()
    )


@given(st.dictionaries(st.text(), st.text() | st.booleans(), max_size=5))
def test_rubbish_signed_by_the_right_key_is_still_rubbish(body: dict[str, object]) -> None:
    signed = sealing.sign(PLATFORM.acknowledge, Type.ACKNOWLEDGEMENT.value, body)
    assert judge(protocol.read(protocol.Signed, signed), ITEM, (), PLATFORM.keys(), NOON) == Worthless()
