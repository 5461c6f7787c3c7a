"""One petition through the whole loop, the line cut at every request: nothing lost, nothing twice, and the truth told.

Every part is the real one: the store on a disk, the line's two threads, the gateway behind a relay that can be cut.
Where one request can break there are places that differ in what either side knows afterwards; the loop is driven
through each, and after each cut the kiosk is asked how far the petition is before the line comes back.
"""

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from gateway import admin, desk, words
from gateway.desk import Opened, OpenedEvent, Tab
from gateway.reviews import Outcome
from gateway.serve import Served
from kiosk.configuration import Platform
from kiosk.inquiry import Found, NotFound, inquire
from kiosk.line import Line
from offline_queue.client import PlatformClient
from offline_queue.enrolment import enrol
from offline_queue.outbox import State
from offline_queue.store import Store, open_store
from offline_queue.sync import sync_once
from petition.effects import LookUp
from petition.errors import FaultCode
from petition.events import LineChanged, ProgressFound
from petition.model import Attachment, AttachmentKind, Draft, Language, Later, LaterKind, Stage, StageState, TextSource
from petition.receipt import Receipt
from tests.kiosk.events_box import WAIT_SECONDS, Box
from tests.kiosk.relay import Cut, Relay
from tests.kiosk.relay import Line as Cable

PASSWORD = "feng-he-ri-li"
KIOSK = "幸福社区 1 号机"
OTHER_KIOSK = "和平社区 2 号机"
WORDS = "三号楼二单元的楼道灯坏了一个星期"
SOUND = bytes(range(256)) * 40
VOICE = bytes(reversed(range(256))) * 30
REPLY = "灯已经换好了，是声控的。"
SECOND_REPLY = "又去看了一次，换了更亮的。"
REVIEW_WORDS = "晚上还是看不清，请再看看。"

RATINGS = [
    ("rating", "bad", False, ""),
    ("rating", "bad", True, ""),
    ("rating", "bad", True, REVIEW_WORDS),
]

PUT_PETITION = b"PUT /v1/petitions/"
ANNOUNCE_FILE = b"POST /v1/files"
SEND_PIECE = b"PATCH /v1/files/"
ASK_ACKNOWLEDGEMENT = b"GET /v1/petitions/"
ASK_UPDATES = b"GET /v1/updates"
LOOK_UP = b"POST /v1/lookups"
PUT_EVENT = b"PUT /v1/events/"

LOOK_AGAIN_SECONDS = 0.02
NOTHING_ARRIVES = {Cut.BEFORE_SENT, Cut.MID_REQUEST}
"""Where the platform has not heard of it; with every other cut it has done what was asked."""


def cuts(*quick: Cut) -> list[Any]:
    """Every cut, those that are not `quick` with the slow tests only."""
    return [pytest.param(cut, id=cut.value, marks=() if cut in quick else pytest.mark.slow) for cut in Cut]


EVERY_CUT = cuts(Cut.BEFORE_SENT, Cut.BEFORE_ANSWER, Cut.MID_ANSWER)
ANSWER_LOST = cuts(Cut.BEFORE_ANSWER)
"""The one after which the two sides know least of each other."""


def until(fits: Callable[[], bool], what: str) -> None:
    """Look again and again until it is so: other threads make it so."""
    for _ in range(int(WAIT_SECONDS / LOOK_AGAIN_SECONDS)):
        if fits():
            return
        threading.Event().wait(LOOK_AGAIN_SECONDS)
    raise AssertionError(f"this never came: {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A kiosk whose line can be cut, its platform, and the one petition that goes through all of it."""

    served: Served
    relay: Relay
    store: Store
    line: Line
    box: Box
    draft: Draft
    receipt: Receipt

    # --- the kiosk's side --------------------------------------------------------------------------------------------

    def ask(self, *, code: bool = False) -> ProgressFound:
        """Ask as somebody with the slip does: with its QR code, or with what can be read on it."""
        receipt = self.receipt
        proof = {"code": receipt.query_code} if code else {"tag": receipt.tag}
        asked = LookUp(number=receipt.number, **proof)
        self.line.ask(asked)
        found = self.box.wait(ProgressFound, lambda event: event.asked == asked)
        assert found.progress.number == receipt.number
        assert found.tag == receipt.tag, "whoever may ask may rate"
        assert found.progress.as_of is not None
        assert found.progress.as_of <= datetime.now(UTC)
        return found

    def say(self, kind: LaterKind, **more: Any) -> str:  # noqa: ANN401 - as the model has them
        later = Later(kind=kind, number=self.receipt.number, tag=self.receipt.tag, **more)
        return self.store.say_later(later)

    def speak(self, sound: bytes) -> Attachment:
        """Record a voice as a visit does; it is not of the petition's own draft, which is filed."""
        sink = self.store.new_recording(str(uuid.uuid4()), str(uuid.uuid4()))
        sink.write(sound)
        return sink.close(2.0)

    def waiting(self) -> list[str]:
        return [item.id for item in self.store.waiting()]

    def cut(self, cut: Cut, request: bytes) -> None:
        """Break the next such request."""
        self.relay.cut_next(cut, request)
        self.line.hurry()
        assert self.relay.has_cut.wait(WAIT_SECONDS), request

    def lose_the_line(self) -> None:
        self.relay.become(Cable.GONE)
        self.line.hurry()
        self.box.wait(LineChanged, lambda event: not event.up)

    def cut_unexpectedly(self, cut: Cut, request: bytes) -> None:
        """The same while the kiosk believes that its line is good; go on when it has noticed."""
        self.cut(cut, request)
        self.box.wait(LineChanged, lambda event: not event.up)

    def mend(self) -> None:
        """The line is back, and what waited has been sent."""
        self.relay.become(Cable.GOOD)
        self.line.hurry()
        self.box.wait(LineChanged, lambda event: event.up)
        until(lambda: not self.waiting(), "an empty queue")

    # --- the platform's side -----------------------------------------------------------------------------------------

    def at_the_platform(self) -> list[desk.Listed]:
        return desk.list_petitions(self.served.platform, Tab.ALL)[0]

    def opened(self) -> Opened:
        [petition] = self.at_the_platform()
        return desk.open_petition(self.served.platform, petition.id, account="wang")

    def said(self) -> list[tuple[str, str, bool, str]]:
        """What the holder said later, in the order it was said: kind, level, review, words."""
        contents = [(event.kind, event.content) for event in self.opened().events]
        return [(kind, c.level, c.review, c.words) for kind, c in contents if c is not None]

    def heard(self, event: OpenedEvent) -> bytes:
        """What a person at the platform hears of an event, one sound after the other."""
        assert event.content is not None
        platform, petition = self.served.platform, self.draft.petition_id
        return b"".join(
            desk.open_event_sound(platform, petition, event.id, position, account="wang")[1]
            for position in range(len(event.content.sounds))
        )

    def set_step(self, stage: Stage, **form: Any) -> datetime:  # noqa: ANN401 - as the form has them
        """Set a step as a person at the platform does; return when."""
        before = admin.step_of(self.served.platform, self.receipt.number)
        changed = admin.with_changes(before, stage=stage.value, **form)
        admin.set_step(self.served.platform, self.receipt.number, changed)
        return self.opened().changed_at

    def phone_page(self) -> requests.Response:
        return phone_page(self.served, self.receipt)


def phone_page(served: Served, receipt: Receipt) -> requests.Response:
    """Look with a phone, which needs no kiosk's line."""
    code = f"{receipt.number}{receipt.tag}"
    return requests.get(f"{served.url}/r/{code}", headers={"Accept-Language": "zh-CN"}, timeout=WAIT_SECONDS)


def now_at(found: ProgressFound) -> Stage | None:
    """The step it is at, as the kiosk tells it; None before the first. The last one counts when it is done."""
    reached = [step.stage for step in found.progress.steps if step.state is not StageState.NEXT]
    return reached[-1] if reached else None


def a_draft() -> Draft:
    return Draft(petition_id=str(uuid.uuid4()), text=WORDS, text_source=TextSource.TYPED)


def enrolled(store: Store, served: Served, name: str) -> Store:
    enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name=name, place="xingfu"))
    return store


@pytest.fixture
def store(tmp_path: Path, served: Served) -> Iterator[Store]:
    with open_store(tmp_path / "state") as store:
        yield enrolled(store, served, KIOSK)


@pytest.fixture
def loop(tmp_path: Path, served: Served, relay: Relay, store: Store) -> Iterator[Loop]:
    """Filed while the line is cut: so far only this kiosk knows of it."""
    admin.put_staff(served.platform, account="wang", name="王芳", password=PASSWORD)
    box = Box()
    line = Line(tmp_path / "state", box.post, Platform(url=relay.url, spread_seconds=0))
    relay.become(Cable.GONE)
    draft = a_draft()
    attached = store.add_file(draft.petition_id, SOUND, AttachmentKind.AUDIO_FILE, "audio/wav", seconds=3.0)
    draft = replace(draft, attachments=(attached,))
    receipt = store.file(draft)
    line.launch()
    box.wait(LineChanged, lambda event: not event.up)
    yield Loop(served=served, relay=relay, store=store, line=line, box=box, draft=draft, receipt=receipt)
    line.shut_down()


# --- the loop ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", EVERY_CUT)
def test_a_petition_goes_through_the_whole_loop_though_the_line_is_cut_at_every_step(loop: Loop, cut: Cut) -> None:
    is_taken_down_without_a_line(loop)
    arrives_in_spite_of_cuts(loop, cut)
    is_told_of(loop, cut, Stage.ACCEPTED, responsible="王师傅")
    is_told_of(loop, cut, Stage.HANDLING, responsible="电工班", expected=date(2999, 3, 11))
    is_told_of(loop, cut, Stage.REPLIED, reply=REPLY)
    is_looked_up(loop, cut)
    is_rated(loop, cut)
    is_to_be_looked_into_again(loop, cut)
    is_looked_into_again(loop, cut)
    [petition] = loop.at_the_platform()
    assert (petition.id, petition.number) == (loop.draft.petition_id, loop.receipt.number)
    assert [item.state for item in loop.store.list()] == [State.DELIVERED] * 4
    assert loop.said() == RATINGS
    assert [review.outcome for review in loop.opened().reviews] == [Outcome.NEW_REPLY]


def is_taken_down_without_a_line(loop: Loop) -> None:
    found = loop.ask()
    assert (found.from_cache, found.progress.on_its_way, found.progress.from_kiosk) == (True, True, KIOSK)
    assert found.progress.steps == ()
    assert loop.at_the_platform() == []


def arrives_in_spite_of_cuts(loop: Loop, cut: Cut) -> None:
    """The envelope, then its sound in two requests, then the word that all of it is there: four cuts."""
    loop.relay.become(Cable.GOOD)
    for request in (PUT_PETITION, ANNOUNCE_FILE, SEND_PIECE, ASK_ACKNOWLEDGEMENT):
        loop.cut(cut, request)
        assert loop.waiting() == [loop.draft.petition_id], "not delivered before it is acknowledged as complete"
        found = loop.ask()
        assert (found.from_cache, found.progress.on_its_way) == (True, True)
        has_come = request is not PUT_PETITION or cut not in NOTHING_ARRIVES
        assert len(loop.at_the_platform()) == has_come
        loop.relay.become(Cable.GOOD)
    loop.mend()
    found = loop.ask()
    assert (found.from_cache, found.progress.on_its_way, now_at(found)) == (False, False, None)
    opened = loop.opened()
    assert opened.content is not None
    assert (opened.content.text, opened.content.number) == (WORDS, loop.receipt.number)
    _, sound = desk.open_attachment(
        loop.served.platform, loop.draft.petition_id, loop.draft.attachments[0].id, account="wang"
    )
    assert sound == SOUND
    assert "送到了" in loop.phone_page().text


def is_told_of(loop: Loop, cut: Cut, stage: Stage, **form: Any) -> None:  # noqa: ANN401 - as the form has them
    """A person sets a step; the kiosk hears of it, or says how old its knowledge is."""
    until(lambda: known_stage(loop) == reached(loop), "the step before")
    changed_at = loop.set_step(stage, **form)
    is_told(loop, cut, stage, changed_at, **form)


def is_told(loop: Loop, cut: Cut, stage: Stage, changed_at: datetime, **form: Any) -> None:  # noqa: ANN401 - as the form has them
    before = known_stage(loop)
    loop.cut_unexpectedly(cut, ASK_UPDATES)
    found = loop.ask()
    assert (found.from_cache, now_at(found), found.progress.reply) == (True, before, "")
    assert found.progress.as_of is not None
    assert found.progress.as_of <= changed_at, "older than what it does not know"
    assert not found.progress.on_its_way
    loop.mend()
    until(lambda: known_stage(loop) is stage, "the news")
    found = loop.ask()
    assert (found.from_cache, now_at(found)) == (False, stage)
    for name, value in form.items():
        assert getattr(found.progress, name) == value
    assert say_step(stage) in loop.phone_page().text


def known_stage(loop: Loop) -> Stage | None:
    """The step this kiosk's cache knows."""
    known = loop.store.progress(loop.receipt.number)
    reached = [step.stage for step in known.steps if step.state is not StageState.NEXT] if known else []
    return reached[-1] if reached else None


def reached(loop: Loop) -> Stage | None:
    stage = admin.step_of(loop.served.platform, loop.receipt.number).stage
    return Stage(stage) if stage else None


def say_step(stage: Stage) -> str:
    """The line in which the phone page says where it is."""
    return words.say(Language.SIMPLIFIED, "phone.all_done" if stage is Stage.IMPROVED else f"plain.{stage.value}")


def is_looked_up(loop: Loop, cut: Cut) -> None:
    """By number and query code; while the line is cut the reply is nowhere in this kiosk."""
    loop.relay.cut_next(cut, LOOK_UP)
    found = loop.ask(code=True)
    assert loop.relay.has_cut.is_set()
    assert (found.from_cache, now_at(found), found.progress.reply) == (True, Stage.REPLIED, "")
    loop.relay.become(Cable.GOOD)
    found = loop.ask(code=True)
    assert (found.from_cache, now_at(found), found.progress.reply) == (False, Stage.REPLIED, REPLY)


def is_rated(loop: Loop, cut: Cut) -> None:
    rating = loop.say(LaterKind.RATING, level="bad")
    loop.cut_unexpectedly(cut, PUT_EVENT)
    assert loop.waiting() == [rating]
    found = loop.ask()
    assert (found.from_cache, now_at(found)) == (True, Stage.REPLIED)
    assert loop.said() == ([] if cut in NOTHING_ARRIVES else RATINGS[:1])
    loop.mend()
    assert loop.said() == RATINGS[:1]
    assert now_at(loop.ask()) is Stage.RATED


def is_to_be_looked_into_again(loop: Loop, cut: Cut) -> None:
    """Asked for, and then why, as the screens do it: two events more, of which the last one counts."""
    for n, words_said in enumerate(("", REVIEW_WORDS), start=1):
        asked_for = loop.say(LaterKind.RATING, level="bad", review=True, words=words_said)
        loop.cut_unexpectedly(cut, PUT_EVENT)
        assert loop.waiting() == [asked_for]
        assert loop.said() == RATINGS[: n if cut in NOTHING_ARRIVES else n + 1]
        loop.mend()
        assert loop.said() == RATINGS[: n + 1]
        [counts] = [event for event in loop.opened().events if not event.replaced]
        assert counts.content is not None
        assert (counts.content.level, counts.content.review, counts.content.words) == ("bad", True, words_said)
        [waiting] = desk.list_petitions(loop.served.platform, Tab.REVIEW)[0]
        assert waiting.id == loop.draft.petition_id
        assert [review.closed_at for review in loop.opened().reviews] == [None], (
            "asked for twice, it is one second look"
        )


def is_looked_into_again(loop: Loop, cut: Cut) -> None:
    """A person reads why, on the staff pages, and closes it with a fresh reply, which the holder of the slip gets."""
    until(lambda: known_stage(loop) is Stage.RATED, "the step before")
    with requests.Session() as browser:
        page = signed_in(browser, loop.served.url, f"/staff/petitions/{loop.draft.petition_id}")
        assert REVIEW_WORDS in page
        form = {"form_token": hidden(page, "form_token"), "seen": hidden(page, "seen"), "note": "路灯太暗"}
        closed = browser.post(
            f"{loop.served.url}/staff/petitions/{loop.draft.petition_id}/review",
            {**form, "outcome": Outcome.NEW_REPLY.value, "reply": SECOND_REPLY},
            timeout=WAIT_SECONDS,
        )
        assert closed.url.endswith("?said=reviewed")
    assert desk.list_petitions(loop.served.platform, Tab.REVIEW)[0] == []
    is_told(loop, cut, Stage.IMPROVED, loop.opened().changed_at, reply=SECOND_REPLY)


def signed_in(browser: requests.Session, url: str, path: str) -> str:
    """Sign in as a person at the platform does, and return a page."""
    door = browser.get(f"{url}/staff/sign-in", timeout=WAIT_SECONDS).text
    form = {"account": "wang", "password": PASSWORD, "form_token": hidden(door, "form_token")}
    assert browser.post(f"{url}/staff/sign-in", form, timeout=WAIT_SECONDS).ok
    page = browser.get(f"{url}{path}", timeout=WAIT_SECONDS)
    assert page.url.endswith(path)
    return page.text


def hidden(page: str, name: str) -> str:
    """The value of a form's hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, name
    return found[1]


# --- what else is said later ------------------------------------------------------------------------------------------

SAID_LATER = [
    (LaterKind.SUPPLEMENT, "四号楼的灯也坏了。"),
    (LaterKind.URGE, ""),
    (LaterKind.WITHDRAW, "邻居修好了，不用来了。"),
]


@pytest.mark.parametrize("cut", EVERY_CUT)
def test_more_words_urging_and_taking_back_arrive_once_each_though_each_is_cut(loop: Loop, cut: Cut) -> None:
    loop.mend()
    for n, (kind, said) in enumerate(SAID_LATER, start=1):
        recordings = (loop.speak(VOICE),) if kind is LaterKind.SUPPLEMENT else ()
        event = loop.say(kind, words=said, recordings=recordings)
        loop.cut_unexpectedly(cut, PUT_EVENT)
        assert loop.waiting() == [event]
        assert len(loop.said()) == (n - 1 if cut in NOTHING_ARRIVES else n)
        loop.mend()
        assert loop.said() == [(kind.value, "", False, said) for kind, said in SAID_LATER[:n]]
    [petition] = loop.at_the_platform()
    assert petition.withdrawn
    assert "撤回" in loop.phone_page().text
    supplement = loop.opened().events[0]
    assert loop.heard(supplement) == VOICE


@pytest.mark.parametrize("cut", ANSWER_LOST)
def test_a_voice_too_long_for_one_event_arrives_in_its_order_though_its_parts_are_cut(loop: Loop, cut: Cut) -> None:
    loop.mend()
    voices = [bytes([n]) * (400 * 1024) for n in range(3)]
    loop.say(LaterKind.SUPPLEMENT, words=SAID_LATER[0][1], recordings=tuple(map(loop.speak, voices)))
    parts = loop.waiting()
    assert len(parts) > 1
    loop.cut_unexpectedly(cut, PUT_EVENT)
    loop.relay.become(Cable.GOOD)
    loop.cut(cut, PUT_EVENT)
    loop.mend()
    events = loop.opened().events
    assert sorted(event.id for event in events) == sorted(parts)
    assert [event.content.words for event in events if event.content] == [SAID_LATER[0][1], *[""] * (len(parts) - 1)]
    assert b"".join(map(loop.heard, events)) == b"".join(voices)


@pytest.mark.parametrize("cut", ANSWER_LOST)
def test_what_was_said_before_the_petition_got_through_belongs_to_it_whatever_comes_first(loop: Loop, cut: Cut) -> None:
    for kind, said in SAID_LATER:
        loop.say(kind, words=said)
    assert len(loop.waiting()) == 4
    loop.relay.become(Cable.GOOD)
    loop.cut(cut, b"PUT /v1/")
    loop.relay.become(Cable.GOOD)
    loop.cut(cut, PUT_EVENT)
    loop.mend()
    assert loop.said() == [(kind.value, "", False, said) for kind, said in SAID_LATER]
    [petition] = loop.at_the_platform()
    assert petition.withdrawn


def test_a_rating_said_twice_without_a_line_counts_as_it_was_said_last(loop: Loop) -> None:
    loop.mend()
    loop.set_step(Stage.REPLIED, reply=REPLY)
    loop.lose_the_line()
    for level in ("bad", "good"):
        loop.say(LaterKind.RATING, level=level)
    loop.mend()
    assert loop.said() == [("rating", "bad", False, ""), ("rating", "good", False, "")]
    assert now_at(loop.ask()) is Stage.RATED


# --- a receipt that is faster than its petition -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere a receipt is shown: a kiosk and its line."""

    store: Store
    client: PlatformClient

    def asked(self, receipt: Receipt, *, code: bool = False) -> Found | NotFound:
        return inquire(self.store, self.client, receipt.number, receipt.query_code if code else receipt.tag)


@pytest.fixture
def here(store: Store, relay: Relay) -> Iterator[Place]:
    """The kiosk that makes the receipts."""
    with PlatformClient(relay.url, token=store.enrolled().token) as client:
        yield Place(store=store, client=client)


@pytest.fixture
def elsewhere(tmp_path: Path, served: Served, relay: Relay) -> Iterator[Place]:
    """Another kiosk, on the same line."""
    with open_store(tmp_path / "elsewhere") as store:
        enrolled(store, served, OTHER_KIOSK)
        with PlatformClient(relay.url, token=store.enrolled().token) as client:
            yield Place(store=store, client=client)


@pytest.mark.parametrize("code", [False, True], ids=["scanned", "typed"])
def test_a_receipt_faster_than_its_petition_gets_the_true_answer_everywhere(
    here: Place, elsewhere: Place, served: Served, relay: Relay, *, code: bool
) -> None:
    relay.become(Cable.GONE)
    receipt = here.store.file(a_draft())

    # Nobody has a line: its own kiosk knows its receipt, the other one can't know it, and says so.
    answer = here.asked(receipt, code=code)
    assert isinstance(answer, Found)
    assert (answer.from_cache, answer.progress.on_its_way, answer.progress.from_kiosk) == (True, True, KIOSK)
    assert elsewhere.asked(receipt, code=code) == NotFound(code=FaultCode.RECEIPT_OF_ANOTHER_KIOSK)

    # The line is back and the petition not yet sent: the platform knows the receipt, and whose it is.
    relay.become(Cable.GOOD)
    for place, may_rate in ((here, True), (elsewhere, not code)):
        answer = place.asked(receipt, code=code)
        assert isinstance(answer, Found)
        assert (answer.from_cache, answer.progress.on_its_way, answer.progress.from_kiosk) == (False, True, KIOSK)
        assert bool(answer.tag) == may_rate
        assert answer.progress.steps == ()
    page = phone_page(served, receipt)
    assert page.status_code == 200
    assert "已登记，还在送来的路上" in page.text
    assert KIOSK in page.text

    # It has arrived: nobody says any more that it is on its way.
    assert sync_once(here.store, here.client).waiting == 0
    for place in (here, elsewhere):
        answer = place.asked(receipt, code=code)
        assert isinstance(answer, Found)
        assert (answer.from_cache, answer.progress.on_its_way) == (False, False)
        assert [step.state for step in answer.progress.steps] == [StageState.NEXT] * 5
    assert "送到了" in phone_page(served, receipt).text


@pytest.mark.parametrize("cut", EVERY_CUT)
def test_a_question_cut_off_is_answered_with_what_is_known_here(
    here: Place, elsewhere: Place, relay: Relay, cut: Cut
) -> None:
    receipt = here.store.file(a_draft())
    for place in (here, elsewhere):
        relay.become(Cable.GOOD)
        relay.cut_next(cut, LOOK_UP)
        answer = place.asked(receipt)
        assert relay.has_cut.is_set()
        if place is elsewhere:
            assert isinstance(answer, NotFound)
            assert answer.code is FaultCode.RECEIPT_OF_ANOTHER_KIOSK, "not: unknown"
        else:
            assert isinstance(answer, Found)
            assert (answer.from_cache, answer.progress.on_its_way) == (True, True)


def test_a_kiosk_that_was_told_on_its_way_does_not_say_so_once_it_knows_better(here: Place, relay: Relay) -> None:
    """Asked while it waited, then delivered, then the line is cut before any news came: it has arrived."""
    receipt = here.store.file(a_draft())
    answer = here.asked(receipt)
    assert isinstance(answer, Found)
    assert answer.progress.on_its_way
    relay.cut_next(Cut.BEFORE_SENT, ASK_UPDATES)
    assert len(sync_once(here.store, here.client).delivered) == 1
    assert relay.has_cut.is_set()
    answer = here.asked(receipt)
    assert isinstance(answer, Found)
    assert (answer.from_cache, answer.progress.on_its_way) == (True, False)


def test_what_was_withdrawn_is_told_so_before_the_platform_has_heard_of_it_and_after(
    here: Place, elsewhere: Place, relay: Relay
) -> None:
    receipt = here.store.file(a_draft())
    here.store.say_later(Later(kind=LaterKind.WITHDRAW, number=receipt.number, tag=receipt.tag))
    for line, from_cache in ((Cable.GONE, True), (Cable.GOOD, False)):
        relay.become(line)
        answer = here.asked(receipt)
        assert isinstance(answer, Found)
        assert (answer.from_cache, answer.progress.on_its_way) == (from_cache, True)
        assert answer.progress.withdrawn is not None
    assert sync_once(here.store, here.client).waiting == 0
    for place in (here, elsewhere):
        answer = place.asked(receipt)
        assert isinstance(answer, Found)
        assert not answer.progress.on_its_way
        assert answer.progress.withdrawn is not None


def test_what_was_withdrawn_at_another_kiosk_is_known_here_though_the_line_is_down_and_is_never_late(
    here: Place, elsewhere: Place, served: Served, relay: Relay
) -> None:
    receipt = here.store.file(a_draft())
    sync_once(here.store, here.client)
    form = desk.StepForm(stage=Stage.HANDLING, responsible="物业", expected=date(2020, 1, 1), reply="")
    admin.set_step(served.platform, receipt.number, form)
    answer = here.asked(receipt)
    assert isinstance(answer, Found)
    assert (answer.progress.withdrawn, answer.progress.overdue) == (None, True)
    elsewhere.store.say_later(Later(kind=LaterKind.WITHDRAW, number=receipt.number, tag=receipt.tag))
    assert sync_once(elsewhere.store, elsewhere.client).waiting == 0
    sync_once(here.store, here.client)
    relay.become(Cable.GONE)
    answer = here.asked(receipt)
    assert isinstance(answer, Found)
    assert (answer.from_cache, answer.progress.overdue) == (True, False)
    assert answer.progress.withdrawn is not None


@pytest.mark.parametrize("cut", ANSWER_LOST)
def test_what_is_said_at_another_kiosk_before_the_petition_is_there_waits_for_it(
    here: Place, elsewhere: Place, served: Served, relay: Relay, cut: Cut
) -> None:
    receipt = here.store.file(a_draft())
    for kind, said in SAID_LATER:
        later = Later(kind=kind, number=receipt.number, tag=receipt.tag, words=said)
        elsewhere.store.say_later(later)
    relay.cut_next(cut, PUT_EVENT)
    assert sync_once(elsewhere.store, elsewhere.client).waiting == len(SAID_LATER)
    relay.become(Cable.GOOD)
    assert sync_once(elsewhere.store, elsewhere.client).waiting == 0
    assert desk.find_by_number(served.platform, receipt.number) == []
    page = phone_page(served, receipt).text
    assert "您已经撤回了这件事" in page, "the last of what was said"
    assert "一天之内" not in page
    known = elsewhere.asked(receipt)
    assert isinstance(known, Found)
    assert known.progress.on_its_way, "what was said about it makes no petition of it"
    assert known.progress.withdrawn is not None
    assert sync_once(here.store, here.client).waiting == 0
    [petition_id] = desk.find_by_number(served.platform, receipt.number)
    opened = desk.open_petition(served.platform, petition_id, account="wang")
    assert [(e.kind, e.content.words) for e in opened.events if e.content] == [(k.value, w) for k, w in SAID_LATER]
    assert opened.listed.withdrawn


def test_a_forged_slip_is_no_petition_on_its_way(here: Place, elsewhere: Place, served: Served) -> None:
    receipt = here.store.file(a_draft())
    forged = replace(receipt, tag="0" * 20)
    for place in (here, elsewhere):
        answer = place.asked(forged)
        assert isinstance(answer, NotFound)
        assert answer.code is FaultCode.WRONG_CODE
    page = phone_page(served, forged)
    assert page.status_code == 404
    assert KIOSK not in page.text


# --- every request of the whole loop, one after the other -------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("cut", list(Cut))
def test_whichever_request_of_the_loop_is_cut_the_platform_holds_everything_once(
    here: Place, served: Served, relay: Relay, cut: Cut
) -> None:
    tried = 0
    while True:
        relay.cut_next(cut, b"", after=tried)
        receipt = goes_through(here, served, relay)
        [petition_id] = desk.find_by_number(served.platform, receipt.number)
        opened = desk.open_petition(served.platform, petition_id, account="wang")
        assert (opened.listed.files_here, opened.listed.files_expected) == (1, 1)
        said = [(e.kind, e.content.level, e.content.review, e.content.words) for e in opened.events if e.content]
        assert said == RATINGS
        assert opened.progress.steps[-1].state is StageState.DONE
        if not relay.has_cut.is_set():
            break
        tried += 1
    assert tried >= 15, "so many requests are the loop"
    assert len(desk.list_petitions(served.platform, Tab.ALL)[0]) == min(tried + 1, desk.PAGE)


def goes_through(here: Place, served: Served, relay: Relay) -> Receipt:
    """Drive one petition through the loop, mending the line whenever it broke."""
    draft = a_draft()
    attached = here.store.add_file(draft.petition_id, SOUND, AttachmentKind.AUDIO_FILE, "audio/wav", seconds=3.0)
    receipt = here.store.file(replace(draft, attachments=(attached,)))
    sent(here, relay)
    for stage in (Stage.ACCEPTED, Stage.HANDLING, Stage.REPLIED):
        form = admin.with_changes(admin.step_of(served.platform, receipt.number), stage=stage.value, reply=REPLY)
        admin.set_step(served.platform, receipt.number, form)
        sent(here, relay)
        assert told(here, relay, receipt) is stage
    for _, level, review, said in RATINGS:
        later = Later(
            kind=LaterKind.RATING, number=receipt.number, tag=receipt.tag, level=level, review=review, words=said
        )
        here.store.say_later(later)
        sent(here, relay)
        assert told(here, relay, receipt) is Stage.RATED
    admin.set_step(
        served.platform,
        receipt.number,
        admin.with_changes(admin.step_of(served.platform, receipt.number), stage=Stage.IMPROVED.value),
    )
    sent(here, relay)
    assert told(here, relay, receipt) is Stage.IMPROVED
    return receipt


def sent(here: Place, relay: Relay) -> None:
    """Empty the queue; one break of the line costs one more try and no more."""
    if sync_once(here.store, here.client).unreachable:
        relay.become(Cable.GOOD)
        assert sync_once(here.store, here.client).unreachable == ""
    assert here.store.waiting() == ()


def told(here: Place, relay: Relay, receipt: Receipt) -> Stage:
    answer = here.asked(receipt)
    assert isinstance(answer, Found)
    if answer.from_cache:
        relay.become(Cable.GOOD)
        answer = here.asked(receipt)
        assert isinstance(answer, Found)
    assert not answer.from_cache
    return [step.stage for step in answer.progress.steps if step.state is not StageState.NEXT][-1]
