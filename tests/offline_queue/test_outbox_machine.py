"""The outbox as a whole, driven by hypothesis: whatever fails in whatever order, what was filed arrives exactly once."""

import os
import shutil
import tempfile
import uuid
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from offline_queue.outbox import State
from offline_queue.store import Store, open_store
from offline_queue.sync import sync_once
from petition.model import AttachmentKind, Draft, TextSource
from petition.receipt import Receipt
from tests.offline_queue.conftest import MACHINE
from tests.offline_queue.fake_platform import FakePlatform, Mishap
from tests.offline_queue.platform import Clock, an_identity

MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  order is tested here, not the disk
mishaps = st.lists(st.sampled_from(Mishap), max_size=12)


class Outbox(RuleBasedStateMachine):
    """One kiosk, one platform, and everything between them that can go wrong."""

    @initialize()
    def set_up(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.clock = Clock()
        self.platform = FakePlatform()
        self.receipts: dict[str, Receipt] = {}
        self.draft: Draft | None = None
        self.store = self.opened()
        self.store.become(an_identity(self.platform.keys, blocks=tuple(f"{b}" for b in range(10230, 10260))))

    def opened(self) -> Store:
        return open_store(self.folder / "state", clock=self.clock, machine=lambda: MACHINE)

    @rule(attachments=st.lists(st.binary(max_size=50), max_size=2))
    def begin(self, attachments: list[bytes]) -> None:
        draft = Draft(petition_id=str(uuid.uuid4()), text="灯坏了", text_source=TextSource.TYPED)
        added = tuple(
            self.store.add_file(draft.petition_id, data, AttachmentKind.PICTURE, "image/jpeg") for data in attachments
        )
        self.draft = replace(draft, attachments=added)
        self.store.keep(self.draft)

    @precondition(lambda self: self.draft is not None)
    @rule()
    def submit(self) -> None:
        assert self.draft is not None
        self.receipts[self.draft.petition_id] = self.store.file(self.draft)
        self.draft = None

    @precondition(lambda self: self.draft is not None)
    @rule()
    def go_away(self) -> None:
        self.store.drop()
        self.draft = None

    @rule(happening=mishaps)
    def sync(self, happening: list[Mishap]) -> None:
        self.platform.mishaps = list(happening)
        with self.platform.client() as client:
            sync_once(self.store, client)
        self.platform.mishaps = []

    @rule()
    def crash_and_start_again(self) -> None:
        self.store.close()
        self.store = self.opened()
        self.store.check()
        self.draft = None

    @rule()
    def lose_the_database(self) -> None:
        self.store.close()
        path = self.folder / "state" / "queue.db"
        path.write_bytes(os.urandom(5000))
        self.store = self.opened()
        assert self.store.check().set_aside
        self.draft = None

    @precondition(lambda self: self.platform.petitions)
    @rule(data=st.data())
    def restore_the_platform_from_a_backup(self, data: st.DataObject) -> None:
        self.platform.forget(data.draw(st.sampled_from(sorted(self.platform.petitions))))

    @rule()
    def carry_the_queue_away_and_back(self) -> None:
        stick = self.folder / f"stick-{uuid.uuid4()}"
        self.store.export(stick)
        self.store.import_(stick)

    @rule()
    def let_staff_retry(self) -> None:
        self.store.retry()

    @rule(hours=st.integers(1, 100))
    def let_time_pass(self, hours: int) -> None:
        self.clock.pass_by(hours=hours)

    @invariant()
    def nothing_filed_is_anywhere_but_in_the_queue_or_at_the_platform(self) -> None:
        waiting = {item.id for item in self.store.waiting()}
        for petition_id in self.receipts:
            held = self.platform.petitions.get(petition_id)
            arrived = held is not None and held.complete
            assert petition_id in waiting or arrived or petition_id in self.platform.forgotten

    @invariant()
    def no_petition_was_ever_sealed_twice_and_no_number_given_twice(self) -> None:
        assert all(len(digests) == 1 for digests in self.platform.ever_taken.values())
        numbers = [receipt.number for receipt in self.receipts.values()]
        assert len(numbers) == len(set(numbers))

    @invariant()
    def only_what_was_filed_ever_travels(self) -> None:
        assert set(self.platform.ever_taken) <= set(self.receipts)

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        self.store.retry()
        with self.platform.client() as client:
            for _ in range(6):
                sync_once(self.store, client)
            seen = self.platform.requests
            report = sync_once(self.store, client)
        assert report.sent == 0
        assert self.platform.requests - seen <= 2, "the catalogue and the updates are all that is asked for"
        assert self.store.waiting() == ()
        for petition_id in self.receipts:
            item = self.store.item(petition_id)
            if item is not None and item.state is State.DELIVERED:
                assert self.platform.petitions[petition_id].complete
        self.store.close()
        shutil.rmtree(self.folder)


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
