"""Receipt numbers: none twice, whatever happens to two kiosks of one platform; and no mistyped one reaches the network."""

import random
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway import admin
from gateway.database import Block, Kiosk, Petition
from gateway.serve import Served, running
from gateway.settings import Settings
from kiosk.commands import line
from offline_queue import files, folder, protocol
from offline_queue.client import PlatformClient
from offline_queue.database import DATABASE
from offline_queue.enrolment import enrol
from offline_queue.filing import Moment, sealed_petition
from offline_queue.identity import LeasedBlock
from offline_queue.outbox import Delivered, utc_now
from offline_queue.protocol import LookupRequest, Type
from offline_queue.store import Store, open_store
from offline_queue.sync import _Pass, sync_once
from petition import effects as do
from petition import events as ev
from petition.errors import Fault, FaultCode
from petition.model import Draft, TextSource
from petition.receipt import is_receipt_number, receipt_number
from tests.offline_queue import filing_child
from tests.offline_queue.platform import Clock
from tests.petition.world import World

ROOT = Path(__file__).parents[2]
SIDES = ("", "-wal", "-shm")
Reopen = Callable[[], Store]


@dataclass(slots=True)
class Calendar:
    """The platform's clock, which can be put on to another day: it leases a kiosk ten blocks a day."""

    days: int = 0

    def __call__(self) -> datetime:
        return utc_now() + timedelta(days=self.days)


@dataclass(slots=True, kw_only=True)
class Installation:
    """A kiosk of the platform, and everything that may happen to one."""

    served: Served
    calendar: Calendar
    state: Path
    machine: str
    given: dict[str, str]
    """Every number that anybody was ever given, with its petition; of all kiosks."""
    store: Store = field(init=False)
    copies: int = 0

    def __post_init__(self) -> None:
        self.store = self.opened()
        code = admin.make_enrolment_code(self.served.platform, kiosk_name=self.machine)
        enrol(self.store, self.served.url, code)

    def opened(self) -> Store:
        return open_store(self.state, machine=lambda: self.machine)

    def promise(self, number: str, petition_id: str) -> None:
        assert is_receipt_number(number)
        assert self.given.setdefault(number, petition_id) == petition_id, f"{number} was given twice"

    def file(self, count: int) -> None:
        for _ in range(count):
            draft = Draft(petition_id=str(uuid.uuid4()), text="灯坏了", text_source=TextSource.TYPED)
            self.promise(self.store.file(draft).number, draft.petition_id)

    def look(self) -> None:
        """Count what a killed program filed and could not tell any more."""
        for item in self.store.list():
            if item.type is Type.PETITION:
                self.promise(item.number, item.id)

    def restart(self) -> None:
        self.store.close()
        self.store = self.opened()

    def check(self) -> None:
        torn = {name.split(".")[0] for name in self.store.check().unreadable}
        assert torn.isdisjoint(self.given.values()), "what a kill tore was promised to nobody"

    def killed_while_another_files_too(self, rnd: random.Random) -> None:
        child = subprocess.Popen(
            [sys.executable, "-m", filing_child.__name__, str(self.state), self.machine],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(rnd.randint(1, 30))]
        self.file(rnd.randint(0, 5))
        time.sleep(rnd.uniform(0, 0.004))  # anywhere in what one petition takes
        child.kill()
        told += child.stdout.readlines()
        child.stdout.close()
        assert child.wait() < 0
        for receipt in told:
            if receipt.endswith("\n"):
                number, petition_id = receipt.split()
                self.promise(number, petition_id)

    def lose_the_database(self) -> None:
        self.have_a_spare_block()
        self.store.close()
        for side in SIDES:
            (self.state / f"{DATABASE}{side}").unlink(missing_ok=True)
        self.store = self.opened()

    def copy_the_database(self) -> Path:
        self.store.close()
        self.copies += 1
        copy = self.state.parent / f"{self.machine}-{self.copies}.db"
        shutil.copyfile(self.state / DATABASE, copy)
        self.store = self.opened()
        return copy

    def put_back(self, copy: Path, *, over_it: bool) -> None:
        self.have_a_spare_block()
        self.store.close()
        if not over_it:
            (self.state / DATABASE).unlink()
        shutil.copyfile(copy, self.state / DATABASE)
        self.store = self.opened()

    def lose_what_was_delivered(self) -> None:
        """Have everything taken by the platform, and its ciphertext deleted, as when the disk is short."""
        self.sync()
        self.store.make_room()

    def be_copied_to_another_machine(self) -> None:
        self.store.close()
        copy, stick = (self.state.parent / f"{what}-{uuid.uuid4()}" for what in ("copied", "stick"))
        shutil.copytree(self.state, copy)
        with pytest.raises(Fault) as refused:
            open_store(copy, machine=lambda: f"not {self.machine}")
        assert refused.value.code is FaultCode.STATE_OF_ANOTHER_MACHINE
        folder.copy_queue(copy, stick)
        assert readable(stick) == readable(self.state), "what waits there can be taken out all the same"
        shutil.rmtree(copy)
        shutil.rmtree(stick)
        self.store = self.opened()

    def have_a_spare_block(self) -> None:
        """Lease a block where there is none to begin, as a sync does that has sent everything."""
        with self.client() as client:
            for _ in range(2):  # an older database asks again what it had asked before: it gets the same block again
                if self.store.enrolled().spare is None:
                    self.calendar.days += 1
                    _Pass(store=self.store, client=client, go_on=lambda: True).lease_block()
        assert self.store.enrolled().spare is not None

    def sync(self) -> None:
        self.calendar.days += 1
        with self.client() as client:
            assert sync_once(self.store, client).unreachable == ""

    def client(self) -> PlatformClient:
        return PlatformClient(self.served.url, token=self.store.enrolled().token)


def readable(queue: Path) -> set[str]:
    """Return the ids of what is whole in a folder."""
    return {found.sealed.id for found in folder.rescue(queue) if found.sealed is not None}


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def served(tmp_path: Path, calendar: Calendar) -> Iterator[Served]:
    with running(Settings(directory=tmp_path / "gateway", port=0), calendar) as served:
        yield served


@contextmanager
def two_installations(served: Served, calendar: Calendar, where: Path) -> Iterator[tuple[Installation, Installation]]:
    given: dict[str, str] = {}

    def made(machine: str) -> Installation:
        return Installation(served=served, calendar=calendar, state=where / machine, machine=machine, given=given)

    one, two = made("one"), made("two")
    try:
        yield one, two
    finally:
        one.store.close()
        two.store.close()


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])])
def test_no_number_is_given_twice_by_two_kiosks_over_kills_lost_and_restored_databases_and_copied_states(
    served: Served, calendar: Calendar, tmp_path: Path, count: int
) -> None:
    rnd = random.Random(count)  # noqa: S311  chance of a test
    with two_installations(served, calendar, tmp_path) as both:
        given, copies = both[0].given, {kiosk.machine: [kiosk.copy_the_database()] for kiosk in both}
        happenings: list[Callable[[Installation], object]] = [
            lambda kiosk: kiosk.restart(),
            lambda kiosk: kiosk.check(),
            lambda kiosk: kiosk.killed_while_another_files_too(rnd),
            lambda kiosk: kiosk.killed_while_another_files_too(rnd),
            lambda kiosk: kiosk.lose_the_database(),
            lambda kiosk: copies[kiosk.machine].append(kiosk.copy_the_database()),
            lambda kiosk: kiosk.put_back(rnd.choice(copies[kiosk.machine]), over_it=False),
            lambda kiosk: kiosk.put_back(rnd.choice(copies[kiosk.machine]), over_it=True),
            lambda kiosk: kiosk.be_copied_to_another_machine(),
            lambda kiosk: kiosk.lose_what_was_delivered(),
        ]
        while len(given) < count:
            # Each happens in turn, none is forgotten in a short run; to whom and after how many petitions is chance.
            for happening in rnd.sample(happenings, len(happenings)):
                kiosk = rnd.choice(both)
                happening(kiosk)
                kiosk.file(rnd.randint(1, 8 + count // 70))
                kiosk.look()
        for kiosk in both:
            kiosk.check()
            kiosk.sync()
            # An older database has waiting what was delivered and deleted since: that is parked, and is there.
            assert kiosk.store.depth().waiting == 0
        with served.platform.database.reading() as rows:
            arrived = {petition.number: petition.id for petition in rows.scalars(select(Petition))}
            ids = set(rows.scalars(select(Petition.id)))
            assert set(rows.scalars(select(Kiosk.flagged))) == {""}, "the platform saw no number twice either"
        assert len(arrived) == len(ids)
        assert arrived == given, "what was given a number is there, under that number, and nothing else is"


def test_an_older_database_copied_over_the_newer_one_is_noticed_before_it_gives_a_number(
    store: Store, state: Path, reopened: Reopen
) -> None:
    given = [filed(store)]
    store.close()
    shutil.copyfile(state / DATABASE, state.parent / "copy")
    with reopened() as newer:
        given += [filed(newer), filed(newer)]
    shutil.copyfile(state.parent / "copy", state / DATABASE)  # over it: it is the same file to the file system
    older = reopened()
    given.append(filed(older))
    assert [number[:10] for number in given] == ["1023000001", "1023000002", "1023000003", "1023100001"]
    assert {item.number for item in older.waiting()} == set(given)


def test_it_is_noticed_even_when_everything_was_delivered_and_deleted_and_costs_one_block_only(
    store: Store, state: Path, reopened: Reopen, clock: Clock
) -> None:
    given = [filed(store)]
    store.close()
    shutil.copyfile(state / DATABASE, state.parent / "copy")
    with reopened() as newer:
        given += [filed(newer), filed(newer)]
        newer.apply(*(Delivered(id=item.id, at=clock.now) for item in newer.waiting()))
        clock.pass_by(days=8)
        assert newer.purge() == 3
    assert list((state / "outbox").iterdir()) == []
    shutil.copyfile(state.parent / "copy", state / DATABASE)
    for expected in ("1023100001", "1023100002", "1023100003"):
        with reopened() as older:
            given.append(filed(older))
        assert given[-1].startswith(expected)


def test_what_a_kill_left_under_a_number_never_comes_back_when_that_number_went_to_the_next(
    store: Store, state: Path, reopened: Reopen, clock: Clock
) -> None:
    number = filed(store)
    killed = Draft(petition_id=str(uuid.uuid4()), text="灯坏了", text_source=TextSource.TYPED)
    moment = Moment(made_at=clock.now, clock=store.clock())
    raw, _ = sealed_petition(killed, number, (), store.enrolled(), moment)
    # As if it had been killed right before its commit, and the other had come then.
    files.write_part(folder.sealed_path(state / "outbox", killed.petition_id, Type.PETITION), raw)
    store.apply(*(Delivered(id=item.id, at=clock.now) for item in store.waiting()))
    assert store.make_room() == 1
    store.close()
    for side in SIDES:
        (state / f"{DATABASE}{side}").unlink(missing_ok=True)
    again = reopened()
    assert again.waiting() == (), "its number is somebody's already"
    assert filed(again).startswith("10231")


def test_two_kiosks_that_lease_at_the_same_time_never_get_the_same_block(
    served: Served, calendar: Calendar, tmp_path: Path
) -> None:
    leased: dict[str, list[str]] = {"one": [], "two": []}
    both_ready = threading.Barrier(2, timeout=60)

    def lease(machine: str) -> None:
        code = admin.make_enrolment_code(served.platform, kiosk_name=machine)
        with open_store(tmp_path / machine, machine=lambda: machine) as store:
            enrol(store, served.url, code)
            with PlatformClient(served.url, token=store.enrolled().token) as client:
                for _ in range(8):
                    store.become(replace(store.enrolled(), blocks=opened(store.enrolled().blocks)))  # all are begun
                    both_ready.wait()
                    _Pass(store=store, client=client, go_on=lambda: True).lease_block()
            leased[machine] = [block.block for block in store.enrolled().blocks]

    threads = [threading.Thread(target=lease, args=(machine,)) for machine in leased]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(set(blocks)) for blocks in leased.values()] == [10, 10]
    assert not set(leased["one"]) & set(leased["two"])
    with served.platform.database.reading() as rows:
        assert {block.block for block in rows.scalars(select(Block))} == {*leased["one"], *leased["two"]}


def opened(blocks: tuple[LeasedBlock, ...]) -> tuple[LeasedBlock, ...]:
    return tuple(replace(block, opened=True) for block in blocks)


def filed(store: Store) -> str:
    return store.file(Draft(petition_id=str(uuid.uuid4()), text="灯坏了", text_source=TextSource.TYPED)).number


def mistyped(number: str) -> set[str]:
    """Return a number with every single wrong digit, every two neighbours swapped, every two around a third."""
    wrong = {number[:at] + digit + number[at + 1 :] for at in range(len(number)) for digit in "0123456789"}
    for apart in (1, 2):
        for at in range(len(number) - apart):
            digits = list(number)
            digits[at], digits[at + apart] = digits[at + apart], digits[at]
            wrong.add("".join(digits))
    return wrong - {number}


def some_numbers(count: int) -> list[str]:
    rnd = random.Random(97)  # noqa: S311  any numbers do
    edges = [receipt_number(block, serial) for block in ("10000", "99999") for serial in (1, 2, 99_998, 99_999)]
    return edges + [receipt_number(f"{rnd.randint(10_000, 99_999)}", rnd.randint(1, 99_999)) for _ in range(count)]


def test_no_mistyped_number_gets_into_a_question_to_the_platform() -> None:
    for number in some_numbers(300):
        assert line.receipt_number(number) == number
        wrong = mistyped(number)
        assert len(wrong) > 9 * len(number)
        for typed in wrong:
            assert not is_receipt_number(typed)
            with pytest.raises(Fault, match="bad-input"):
                line.receipt_number(typed)
            with pytest.raises(Fault, match="bad-input"):
                protocol.read(LookupRequest, {"number": typed, "query_code": "123456"})


def test_a_mistyped_number_is_told_on_the_screen_before_anybody_is_asked() -> None:
    for number in some_numbers(2):
        world = World()
        world.press("progress")
        asking = world.state
        for typed in mistyped(number):
            world.state = asking
            assert world.happen(ev.DigitsEdited(digits=typed)).step == "wrong_number"
        assert not any(isinstance(effect, do.LookUp) for effect in world.done)
        world.state = asking
        world.happen(ev.DigitsEdited(digits=number))
        world.happen(ev.DigitsEdited(digits="123456"))
        assert any(isinstance(effect, do.LookUp) for effect in world.done), "the right one is asked for"
