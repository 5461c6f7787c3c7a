"""Getting the queue to the platform: a pure plan, a step that does one thing, a thread that repeats it.

    read the table → plan() → HTTP → one transaction → afterwards() → again, until plan() says wait

A petition is delivered when a valid, complete, signed acknowledgement of its id and digest is here, and by nothing
else. Waiting uses the monotonic clock. Against a herd after an outage: a spread before the first pass when something
waits, full jitter between tries, and the platform's Retry-After to the second.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from offline_queue import protocol
from offline_queue.client import NewCatalogue, Paused, PlatformClient, Refused, Sent, Unchanged, Unreachable
from offline_queue.identity import Identity
from offline_queue.outbox import (
    Accepted,
    Change,
    Declined,
    Delayed,
    Delivered,
    Item,
    State,
    Upload,
    UploadLost,
    UploadMoved,
    Wanted,
)
from offline_queue.protocol import (
    Acknowledgement,
    BlocksRequest,
    ErrorCode,
    EventAcknowledgement,
    Health,
    Keys,
    KeyUse,
    Signed,
    Type,
)
from offline_queue.store import Store
from petition.errors import Bug, Fault, FaultCode

SPREAD_SECONDS = 300.0
BASE_SECONDS = 2.0
CAP_SECONDS = 600.0
FLOOR_SECONDS = 1.0
PARK_AFTER_REFUSALS = 5
REFUSED_IN_A_ROW = 10
"""So many different things refused one after the other are not the things' fault."""
POLL_SECONDS = 60.0
CATALOGUE_SECONDS = 900.0
HEALTH_SECONDS = 300.0

BROKE = "sync-broke"
"""Reported for what should not happen; it says nothing of what it was about."""

_BATCH = 8
_MAX_PAGES = 100

# --- what to do next, without doing it --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How long waits are, all in seconds."""

    spread_seconds: float = SPREAD_SECONDS
    base_seconds: float = BASE_SECONDS
    cap_seconds: float = CAP_SECONDS
    poll_seconds: float = POLL_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the sync remembers between steps; times are the monotonic clock's."""

    platform_from: float = 0.0
    """Before this nothing is sent."""
    failures: int = 0
    """In a row, of the platform as a whole."""
    reason: str = ""
    """Why nothing is sent before that."""
    refused_in_a_row: int = 0
    item_from: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Before this an item is not tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Try this one now."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nothing to do for so long; None when nothing waits at all."""

    seconds: float | None


def plan(items: Sequence[Item], now: float, pace: Pace) -> Send | Wait:
    """Return what to do next with what waits, best first."""
    if not items:
        return Wait(seconds=None)
    due = min(pace.item_from.get(item.id, 0.0) for item in items)
    begin = max(due, pace.platform_from)
    if begin > now:
        return Wait(seconds=begin - now)
    return Send(item=next(item for item in items if pace.item_from.get(item.id, 0.0) <= now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """The platform took something; the item is a step further or done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """This one item did not get further, the platform itself is well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Its own file, on this machine, is gone, changed or can't be read now; that says nothing of the platform."""


Outcome = Progressed | Held | Kept | Refused | Unreachable | Paused


def afterwards(
    pace: Pace, item: Item, outcome: Outcome, now: float, rnd: random.Random, pacing: Pacing | None = None
) -> Pace:
    """Return the pace after an outcome: full jitter that doubles, or the time the platform named."""
    pacing = pacing or Pacing()
    match outcome:
        case Progressed():
            later = {other: at for other, at in pace.item_from.items() if other != item.id and at > now}
            return Pace(item_from=MappingProxyType(later))
        case Paused():
            return pace
        case Unreachable():
            return put_off(pace, outcome, now, rnd, pacing)
        case Refused(code=ErrorCode.TOKEN_UNKNOWN):
            return put_off(pace, Unreachable(reason=outcome.code.value), now, rnd, pacing)
        case Refused() | Held() | Kept():
            until = now + max(_jitter(item.attempts, rnd, pacing), FLOOR_SECONDS)
            pace = replace(pace, item_from=MappingProxyType({**pace.item_from, item.id: until}))
            if isinstance(outcome, Kept):
                return pace
            pace = replace(pace, refused_in_a_row=pace.refused_in_a_row + 1)
            if pace.refused_in_a_row < REFUSED_IN_A_ROW:
                return pace
            return put_off(pace, Unreachable(reason="refuses-everything"), now, rnd, pacing)


def put_off(pace: Pace, why: Unreachable, now: float, rnd: random.Random, pacing: Pacing) -> Pace:
    """Return the pace that leaves the platform alone for the time it named, else for full jitter that doubles."""
    named = why.retry_after_seconds
    seconds = _jitter(pace.failures, rnd, pacing) if named is None else named
    return replace(
        pace,
        platform_from=now + max(seconds, FLOOR_SECONDS),
        failures=pace.failures + 1,
        reason=why.reason,
        refused_in_a_row=0,
    )


def _jitter(failures: int, rnd: random.Random, pacing: Pacing) -> float:
    return rnd.uniform(0.0, min(pacing.cap_seconds, pacing.base_seconds * 2 ** min(failures, 30)))


# --- what an acknowledgement proves -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """The platform holds everything."""

    at: datetime
    number_reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """The platform holds the envelope; these attachments are missing."""

    at: datetime
    missing: tuple[Upload, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worthless:
    """It proves nothing: another key's, another petition's, other bytes', or malformed."""

    unknown_key: bool = False


def judge(
    signed: Signed, item: Item, uploads: Sequence[Upload], keys: Keys, now: datetime | None
) -> Complete | Incomplete | Worthless:
    """Return what a signed acknowledgement proves about an item; `now` is None when the clock can't be trusted."""
    try:
        public = protocol.public_key(keys, signed.key_id, KeyUse.ACKNOWLEDGE, now)
    except Fault:
        return Worthless(unknown_key=True)
    try:
        if item.type is Type.EVENT:
            told = protocol.open_signed(signed, public, Type.EVENT_ACKNOWLEDGEMENT, EventAcknowledgement)
            right = (told.event_id, told.digest) == (item.id, item.digest)
            return Complete(at=told.time) if right else Worthless()
        ack = protocol.open_signed(signed, public, Type.ACKNOWLEDGEMENT, Acknowledgement)
    except Fault:
        return Worthless()
    if (ack.petition_id, ack.digest) != (item.id, item.digest):
        return Worthless()
    received = {(part.id, part.sha256) for part in ack.received}
    missing = tuple(upload for upload in uploads if (upload.id, upload.sha256) not in received)
    if ack.complete and not missing:
        return Complete(at=ack.time, number_reused=ack.number_reused)
    return Incomplete(at=ack.time, missing=missing)


# --- one step ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a pass did."""

    sent: int = 0
    """Requests that carried something of the queue and were taken."""
    delivered: tuple[str, ...] = ()
    """Ids."""
    refused: tuple[tuple[str, str], ...] = ()
    """(id, reason): what the platform said no to."""
    kept: tuple[tuple[str, str], ...] = ()
    """(id, code): what could not be sent for its own file; damaged ones are parked, unreadable ones tried again."""
    unreachable: str = ""
    """Why nothing more could be sent, "" when all was."""
    fault: str = ""
    """The code of what failed on this machine, its disk or its store; nothing is known of the line then."""
    catalogue: str = ""
    """`new`, `unchanged`, `refused`, or ""."""
    updates: int = 0
    waiting: int = 0
    parked: int = 0


@dataclass(slots=True, kw_only=True)
class _Pass:
    """One pass over the queue with one store and one connection."""

    store: Store
    client: PlatformClient
    go_on: Callable[[], bool]
    report: SyncReport = field(default_factory=SyncReport)
    unreachable: Unreachable | None = None
    """What stopped the pass."""

    def step(self, item: Item) -> Outcome:
        """Try one item once and write down what became of it."""
        try:
            outcome = self._envelope(item) if item.state is State.SEALED else self._attachments(item)
        except Fault as fault:
            if fault.code is not FaultCode.SEALED_BYTES_DAMAGED:
                raise
            return self._keep(item, Declined(id=item.id, reason=fault.code.value, park=True))
        except OSError:
            # The store's own troubles are Faults and the line's are outcomes: this is one file, and the rest can go.
            return self._keep(item, Delayed(id=item.id, reason=FaultCode.STATE_DIRECTORY_UNUSABLE.value))
        match outcome:
            case Refused(code=ErrorCode.TOKEN_UNKNOWN):
                self._apply(Delayed(id=item.id, reason=outcome.code.value))
                self._note_unreachable(Unreachable(reason=outcome.code.value))
            case Refused():
                reason, park = outcome.code.value, item.refusals + 1 >= PARK_AFTER_REFUSALS
                self._apply(Declined(id=item.id, reason=reason, park=park))
                self.report = replace(self.report, refused=(*self.report.refused, (item.id, reason)))
            case Unreachable():
                self._apply(Delayed(id=item.id, reason=outcome.reason))
                self._note_unreachable(outcome)
            case _:
                pass
        return outcome

    def _keep(self, item: Item, change: Declined | Delayed) -> Kept:
        self._apply(change)
        self.report = replace(self.report, kept=(*self.report.kept, (item.id, change.reason)))
        return Kept()

    def _envelope(self, item: Item) -> Outcome:
        try:
            raw = self.store.sealed_bytes(item)
        except Fault as fault:
            if fault.code is not FaultCode.STATE_DIRECTORY_UNUSABLE:
                raise
            return self._keep(item, Delayed(id=item.id, reason=fault.code.value))
        put = self.client.put_event if item.type is Type.EVENT else self.client.put_petition
        answer = put(item.id, raw)
        if not isinstance(answer, Sent):
            return answer
        return self._acknowledged(item, answer.value)

    def _attachments(self, item: Item) -> Outcome:
        for upload in self.store.uploads(item.id):
            if upload.location and upload.offset == upload.length:
                continue
            outcome = self.client.upload(
                item.id,
                upload.id,
                self.store.attachment_path(upload),
                length=upload.length,
                sha256=upload.sha256,
                location=upload.location,
                moved=self._mover(upload),
                go_on=self.go_on,
            )
            match outcome:
                case Sent():
                    self.report = replace(self.report, sent=self.report.sent + 1)
                case Refused(code=ErrorCode.NOT_FOUND):
                    return self._begin_again(item)
                case Refused(code=ErrorCode.DIGEST_DIFFERS):
                    self._apply(UploadLost(petition_id=upload.petition_id, id=upload.id))
                    return outcome
                case _:
                    return outcome
        answer = self.client.acknowledgement(item.id)
        match answer:
            case Sent():
                return self._acknowledged(item, answer.value)
            case Refused(code=ErrorCode.NOT_FOUND):
                return self._begin_again(item)
        return answer

    def _begin_again(self, item: Item) -> Outcome:
        """The platform took the envelope once and doesn't know it now."""
        self._apply(Wanted(id=item.id), Delayed(id=item.id, reason="lost-by-platform"))
        return Held()

    def _mover(self, upload: Upload) -> Callable[[str, int], None]:
        def moved(location: str, offset: int) -> None:
            # On the way only the place is worth a write: where to go on, the platform knows best.
            if offset in {0, upload.length}:
                self._apply(UploadMoved(petition_id=upload.petition_id, id=upload.id, location=location, offset=offset))

        return moved

    def _acknowledged(self, item: Item, signed: Signed) -> Outcome:
        known = self.store.enrolled()
        uploads = self.store.uploads(item.id)
        now = self.store.trusted_now()
        proved = judge(signed, item, uploads, known.keys, now)
        if isinstance(proved, Worthless) and proved.unknown_key and self.refresh_catalogue(force=True):
            proved = judge(signed, item, uploads, self.store.enrolled().keys, now)
        match proved:
            case Complete():
                self._apply(Delivered(id=item.id, at=proved.at, number_reused=proved.number_reused))
                self.report = replace(
                    self.report, sent=self.report.sent + 1, delivered=(*self.report.delivered, item.id)
                )
                return Progressed()
            case Incomplete() if item.state is State.SEALED:
                self._apply(Accepted(id=item.id, at=proved.at))
                self.report = replace(self.report, sent=self.report.sent + 1)
                return Progressed()
            case Incomplete():
                lost: list[Change] = [UploadLost(petition_id=u.petition_id, id=u.id) for u in proved.missing]
                self._apply(*lost, Delayed(id=item.id, reason="incomplete"))
                return Held()
        return Unreachable(reason="not-the-platform")

    def refresh_catalogue(self, *, force: bool = False) -> bool:
        """Fetch the catalogue and keys; False when the platform isn't there or what it sent is not to be taken."""
        answer = self.client.catalogue("" if force else self.store.catalogue_etag())
        match answer:
            case Sent(value=Unchanged()):
                self.report = replace(self.report, catalogue="unchanged")
            case Sent(value=NewCatalogue() as found):
                try:
                    self.store.accept_catalogue(found.chain, found.etag)
                except Fault as fault:
                    if fault.code in {FaultCode.DISK_FULL, FaultCode.STATE_DIRECTORY_UNUSABLE}:
                        raise
                    self.report = replace(self.report, catalogue="refused")
                    return False
                self.report = replace(self.report, catalogue="new")
            case Unreachable():
                self._note_unreachable(answer)
                return False
            case _:
                self.report = replace(self.report, catalogue="refused")
                return False
        return True

    def lease_block(self) -> None:
        """Ask for another block of numbers when one is wanted; next time when it doesn't work."""
        if not self.store.wants_block():
            return
        known = self.store.enrolled()
        request = BlocksRequest(request_id=self.store.block_request(), kiosk_id=known.kiosk_id)
        answer = self.client.blocks(known.kiosk_id, protocol.sign(known.signing_key, Type.BLOCKS_REQUEST, request))
        if isinstance(answer, Sent):
            try:
                self.store.lease(answer.value)
            except Fault as fault:
                if fault.code in {FaultCode.DISK_FULL, FaultCode.STATE_DIRECTORY_UNUSABLE}:
                    raise

    def fetch_updates(self) -> None:
        """Take in what became of this kiosk's petitions since last time."""
        for _ in range(_MAX_PAGES):
            answer = self.client.updates(self.store.cursor())
            match answer:
                case Refused(code=ErrorCode.CURSOR_EXPIRED) if self.store.cursor():
                    self.store.set_cursor("")
                    continue
                case Sent():
                    page = answer.value
                case Unreachable():
                    self._note_unreachable(answer)
                    return
                case _:
                    return
            for update in page.updates:
                known = self.store.item(update.petition_id)
                if known is not None and known.number == update.progress.number:
                    self.store.remember_progress(update.progress)
                    self.report = replace(self.report, updates=self.report.updates + 1)
            self._apply(*(Wanted(id=wanted) for wanted in page.resend if self._is_delivered(wanted)))
            same = page.cursor == self.store.cursor()
            self.store.set_cursor(page.cursor)
            if not page.more or same:
                return

    def _is_delivered(self, petition_id: str) -> bool:
        found = self.store.item(petition_id)
        return found is not None and found.state is State.DELIVERED

    def _apply(self, *changes: Change) -> None:
        if changes:
            self.store.apply(*changes)

    def _note_unreachable(self, why: Unreachable) -> None:
        self.unreachable = why
        self.report = replace(self.report, unreachable=why.reason)


def run_pass(
    store: Store,
    client: PlatformClient,
    pace: Pace,
    *,
    rnd: random.Random,
    pacing: Pacing | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    go_on: Callable[[], bool] = lambda: True,
    with_catalogue: bool = True,
) -> tuple[Pace, SyncReport]:
    """Send everything that may be sent now, then take in what the platform has to tell; return how to go on.

    `go_on` is asked between requests; False ends the pass early. Raises Fault(NOT_ENROLLED) and what the disk can do.
    """
    pacing = pacing or Pacing()
    work = _Pass(store=store, client=client, go_on=go_on)
    store.enrolled()
    store.purge()
    if monotonic() < pace.platform_from:
        work.report = replace(work.report, unreachable=pace.reason)
    elif with_catalogue and not work.refresh_catalogue() and work.unreachable:
        pace = put_off(pace, work.unreachable, monotonic(), rnd, pacing)
    while go_on():
        items = store.next_items(_BATCH + len(pace.item_from))
        todo = plan(items, monotonic(), pace)
        if isinstance(todo, Wait):
            break
        outcome = work.step(todo.item)
        pace = afterwards(pace, todo.item, outcome, monotonic(), rnd, pacing)
    if go_on() and not work.report.unreachable and monotonic() >= pace.platform_from:
        work.lease_block()
        work.fetch_updates()
        if work.unreachable:
            pace = put_off(pace, work.unreachable, monotonic(), rnd, pacing)
        else:
            pace = replace(pace, failures=0, reason="")
    depth = store.depth()
    return pace, replace(work.report, waiting=depth.waiting, parked=depth.parked)


def sync_once(store: Store, client: PlatformClient) -> SyncReport:
    """Send what waits, each thing at most as far as it goes now, and report; a second run finds nothing to send.

    Raises Fault(NOT_ENROLLED) and what the disk can do.
    """
    _, report = run_pass(store, client, Pace(), rnd=random.Random())  # noqa: S311  jitter is no secret
    return report


# --- again and again --------------------------------------------------------------------------------------------------


def health_of(store: Store, software: str, devices: Mapping[str, str], now: datetime) -> Health:
    """Return how this kiosk is, nothing personal."""
    known, depth = store.enrolled(), store.depth()
    return Health(
        kiosk_id=known.kiosk_id,
        software=software,
        made_at=now,
        devices=dict(devices),
        waiting=depth.waiting,
        parked=depth.parked,
        oldest_seconds=max(0, int((now - depth.oldest).total_seconds())) if depth.oldest else 0,
        numbers_left=store.numbers_left(),
        audit_head=store.audit_head(),
        state_key=store.key_kept_by,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What the sync thread needs of the rest of the house; each is called on its thread."""

    open_store: Callable[[], Store]
    open_client: Callable[[Identity], PlatformClient]
    report: Callable[[SyncReport], None] = lambda _report: None
    """Told after each pass; hand it to the one door back to the main thread."""
    devices: Callable[[], Mapping[str, str]] = dict
    """Device to state, for the health report."""
    software: str = "petition-kiosk"


class SyncWorker:
    """The thread that empties the queue; opens a store of its own for each pass."""

    def __init__(
        self,
        doors: Doors,
        *,
        pacing: Pacing | None = None,
        rnd: random.Random | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._doors = doors
        self._pacing = pacing or Pacing()
        self._rnd = rnd or random.Random()  # noqa: S311  jitter is no secret
        self._monotonic = monotonic
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._hurried = threading.Event()
        self._pace: Pace | None = None
        self._catalogue_from = 0.0
        self._health_from = 0.0

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something was filed; it is sent as soon as the pace allows."""
        self._woken.set()

    def hurry(self) -> None:
        """Try everything now, whatever waits were planned (staff pressed "send now")."""
        self._hurried.set()
        self._woken.set()

    def stop(self, timeout_seconds: float = 5.0) -> bool:
        """End after the request that is under way; tell whether that was in time."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        client: tuple[Identity, PlatformClient] | None = None
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                with self._doors.open_store() as store:
                    client = self._client(store, client)
                    seconds, report = self._pass(store, client[1])
            except (Fault, Bug) as error:
                seconds, report = self._pacing.poll_seconds, SyncReport(fault=str(error.code))
            except Exception:  # noqa: BLE001 - a queue that nobody empties any more is worse; its text may quote anybody
                seconds, report = self._pacing.poll_seconds, SyncReport(fault=BROKE)
            with suppress(Exception):  # whoever is told has doors of his own for what breaks there
                self._doors.report(report)
            if not self._stopping.is_set():
                self._woken.wait(seconds)
        if client is not None:
            client[1].close()

    def _client(self, store: Store, before: tuple[Identity, PlatformClient] | None) -> tuple[Identity, PlatformClient]:
        known = store.enrolled()
        if before is not None:
            if (before[0].url, before[0].token) == (known.url, known.token):
                return before
            before[1].close()
        return known, self._doors.open_client(known)

    def _pass(self, store: Store, client: PlatformClient) -> tuple[float, SyncReport]:
        now = self._monotonic()
        self._pace, report = run_pass(
            store,
            client,
            self._pace_now(store, now),
            rnd=self._rnd,
            pacing=self._pacing,
            monotonic=self._monotonic,
            go_on=lambda: not (self._woken.is_set() or self._stopping.is_set()),
            with_catalogue=now >= self._catalogue_from,
        )
        if report.catalogue:
            self._catalogue_from = now + CATALOGUE_SECONDS
        if not report.unreachable and now >= self._health_from:
            self._health_from = now + HEALTH_SECONDS
            client.health(health_of(store, self._doors.software, self._doors.devices(), datetime.now(UTC)))
        return self._seconds_until_next(store, self._pace), report

    def _pace_now(self, store: Store, now: float) -> Pace:
        if self._hurried.is_set():
            self._hurried.clear()
            return Pace()
        if self._pace is not None:
            return self._pace
        # The first pass after a start: where thousands of kiosks got their power back together, each waits a while.
        spread = self._rnd.uniform(0.0, self._pacing.spread_seconds) if store.depth().waiting else 0.0
        return Pace(platform_from=now + spread, reason="not-asked-yet")

    def _seconds_until_next(self, store: Store, pace: Pace) -> float:
        now = self._monotonic()
        todo = plan(store.next_items(_BATCH + len(pace.item_from)), now, pace)
        if isinstance(todo, Send):
            return 0.0
        if todo.seconds is not None:
            return max(0.0, todo.seconds)
        poll = self._rnd.uniform(0.5, 1.0) * self._pacing.poll_seconds
        return max(poll, pace.platform_from - now)
