"""The staff desk's PINs: who may open it, how wrong ones shut it, and that no clock, restart or pulled plug helps."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from offline_queue import desk_pins, tries
from offline_queue.audit import Event
from offline_queue.desk_pins import Trial, Unset, holder_of
from offline_queue.store import Store
from offline_queue.tries import Shut
from petition.errors import Fault, FaultCode
from tests.offline_queue.platform import Clock, Kernel, PlatformKeys, an_identity
from tests.offline_queue.test_store import a_draft

PIN, OTHER, WRONG = "482913", "730264", "915037"


@pytest.fixture
def desk(reopened: Callable[[], Store]) -> Store:
    """A kiosk with one PIN."""
    store = reopened()
    store.add_desk_pin("王师傅", PIN)
    return store


def tried(store: Store, pin: str) -> Trial | Shut | Unset | str:
    """Try a PIN; return the id of whose it was, else what a wrong one left."""
    begun = store.begin_desk_try()
    if not isinstance(begun, Trial):
        return begun
    id_ = holder_of(pin, begun.hashes)
    return id_ if store.end_desk_try(id_) else begun


def shut_after_a_wrong_one(store: Store) -> int:
    """Count a wrong try without comparing anything, as when the plug is pulled; return how long the desk is shut."""
    begun = store.begin_desk_try()
    assert isinstance(begun, Trial), begun
    return begun.locked_minutes


def everything_in(store: Store) -> str:
    tables = [row[0] for row in store._database.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return repr([store._database.all(f"SELECT * FROM {table}") for table in tables])  # noqa: S608 - our own tables


def test_everybody_opens_the_desk_with_their_own_pin_and_the_log_says_who(desk: Store, clock: Clock) -> None:
    clock.pass_by(minutes=1)
    other = desk.add_desk_pin("小李", OTHER)
    wang, li = desk.desk_holders()
    assert (wang.name, li.name, li.id) == ("王师傅", "小李", other)
    assert tried(desk, OTHER) == li.id
    assert tried(desk, PIN) == wang.id
    assert isinstance(tried(desk, WRONG), Trial)
    assert [(line.event, line.subject) for line in desk.desk_log(10)] == [
        (Event.DESK_REFUSED, ""),
        (Event.DESK_OPENED, wang.id),
        (Event.DESK_OPENED, li.id),
        (Event.DESK_PIN_ADDED, li.id),
        (Event.DESK_PIN_ADDED, wang.id),
    ]
    assert desk.audit_unbroken()


def test_with_no_pin_nothing_is_counted_and_that_is_said(reopened: Callable[[], Store]) -> None:
    store = reopened()
    for _ in range(10):
        assert store.begin_desk_try() == Unset()
    store.add_desk_pin("王师傅", PIN)
    assert isinstance(tried(store, PIN), str)


def test_five_wrong_ones_shut_the_desk_for_a_minute_and_each_more_for_twice_as_long_up_to_an_hour(
    desk: Store, kernel: Kernel
) -> None:
    left = [desk.begin_desk_try() for _ in range(5)]
    assert [(each.tries_left, each.locked_minutes) for each in left if isinstance(each, Trial)] == [
        (4, 0),
        (3, 0),
        (2, 0),
        (1, 0),
        (0, 1),
    ]
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        assert desk.begin_desk_try() == Shut(locked_minutes=minutes)
        kernel.seconds += minutes * 60 - 1
        assert desk.begin_desk_try() == Shut(locked_minutes=1), "trying meanwhile makes it no longer"
        kernel.seconds += 1
        assert shut_after_a_wrong_one(desk) == min(minutes * 2, 60)


def test_the_right_one_sets_the_count_back_to_nothing(desk: Store, kernel: Kernel) -> None:
    for _ in range(3):
        for _ in range(4):
            assert shut_after_a_wrong_one(desk) == 0
        assert isinstance(tried(desk, PIN), str)
    for _ in range(5):
        shut_after_a_wrong_one(desk)
    assert desk.begin_desk_try() == Shut(locked_minutes=1), "not even the right one is looked at"
    kernel.seconds += 60
    assert isinstance(tried(desk, PIN), str)
    assert shut_after_a_wrong_one(desk) == 0


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_is_set_opens_nothing_and_shuts_nothing(
    desk: Store, clock: Clock, kernel: Kernel, days: int
) -> None:
    for _ in range(5):
        shut_after_a_wrong_one(desk)
    clock.pass_by(days=days)
    assert desk.begin_desk_try() == Shut(locked_minutes=1)
    kernel.seconds += 60
    assert isinstance(tried(desk, PIN), str)


def test_another_run_of_the_program_goes_on_counting(
    desk: Store, reopened: Callable[[], Store], kernel: Kernel
) -> None:
    for _ in range(4):
        shut_after_a_wrong_one(desk)
    desk.close()
    again = reopened()
    assert shut_after_a_wrong_one(again) == 1, "nobody had said that the earlier ones were wrong: the plug was pulled"
    again.close()
    kernel.seconds += 30
    assert reopened().begin_desk_try() == Shut(locked_minutes=1)


@pytest.mark.parametrize("boot_told", [True, False])
def test_a_restart_of_the_machine_wins_no_minute(desk: Store, kernel: Kernel, boot_told: bool) -> None:
    if not boot_told:
        kernel.boot = ""
    for _ in range(5):
        shut_after_a_wrong_one(desk)
    kernel.start_again(seconds=20)
    if not boot_told:
        kernel.boot = ""
    assert desk.begin_desk_try() == Shut(locked_minutes=1)
    kernel.seconds = 59
    assert desk.begin_desk_try() == Shut(locked_minutes=1)
    kernel.seconds = 60
    assert isinstance(tried(desk, PIN), str)


def test_after_a_restart_long_ago_the_desk_is_not_shut_again(desk: Store, kernel: Kernel) -> None:
    for _ in range(5):
        shut_after_a_wrong_one(desk)
    kernel.start_again(seconds=kernel.seconds + 1)
    assert isinstance(tried(desk, PIN), str)


def test_whoever_gives_pins_can_let_them_be_tried_again(desk: Store) -> None:
    for _ in range(5):
        shut_after_a_wrong_one(desk)
    desk.unlock_desk()
    assert isinstance(tried(desk, PIN), str)
    assert Event.DESK_UNLOCKED in {line.event for line in desk.desk_log(10)}


@pytest.mark.parametrize(
    "pin",
    [
        *("", "123", "123456789", "48291a", "４８２９１３", "482 91", "-48291"),
        *("000000", "7777", "123456", "654321", "890123", "4321"),
        *("121212", "123123", "4545", "112233", "147258", "5201314"),
    ],
)
def test_a_weak_pin_is_refused_in_one_sentence_and_not_kept(reopened: Callable[[], Store], pin: str) -> None:
    store = reopened()
    with pytest.raises(Fault) as refused:
        store.add_desk_pin("王师傅", pin)
    assert refused.value.code is FaultCode.BAD_INPUT
    assert len(refused.value.remedy) > 20
    assert store.begin_desk_try() == Unset()


@pytest.mark.parametrize("pin", ["4829", "482913", "48291375", "204680", "100001"])
def test_any_other_pin_of_four_to_eight_digits_is_taken(reopened: Callable[[], Store], pin: str) -> None:
    store = reopened()
    id_ = store.add_desk_pin("王师傅", pin)
    assert tried(store, pin) == id_


def test_a_pin_tells_one_person_from_another(desk: Store) -> None:
    with pytest.raises(Fault, match="somebody has this PIN"):
        desk.add_desk_pin("小李", PIN)
    with pytest.raises(Fault, match="there is a PIN of that name"):
        desk.add_desk_pin("王师傅", OTHER)
    assert len(desk.desk_holders()) == 1


def test_a_pin_that_is_removed_opens_nothing_and_its_hash_is_gone(desk: Store, clock: Clock) -> None:
    begun = desk.begin_desk_try()
    assert isinstance(begun, Trial)
    ((id_, kept),) = begun.hashes
    assert kept in everything_in(desk)
    clock.pass_by(days=1)
    assert desk.remove_desk_pin("王师傅")
    assert not desk.end_desk_try(id_), "removed while it was being compared"
    assert desk.begin_desk_try() == Unset()
    assert kept not in everything_in(desk)
    assert not desk.remove_desk_pin("王师傅")
    (gone,) = desk.desk_holders()
    assert (gone.id, gone.name, gone.removed_at) == (id_, "王师傅", clock.now), "the log names that id"
    assert desk.add_desk_pin("王师傅", PIN) != id_


def test_no_pin_is_anywhere_in_the_state(desk: Store, state: Path) -> None:
    tried(desk, PIN)
    tried(desk, WRONG)
    desk.note_desk_print(desk.desk_holders()[0].id, "102300012392")
    found = everything_in(desk)
    assert "argon2id" in found
    assert PIN not in found
    assert WRONG not in found
    for path in state.rglob("*"):
        if path.is_file():
            assert PIN.encode() not in path.read_bytes()
            assert b"argon2id" not in path.read_bytes(), "the database is encrypted"


def test_prints_and_retries_stand_in_the_log_with_whose_pin_it_was(desk: Store, platform: PlatformKeys) -> None:
    desk.become(an_identity(platform))
    number = desk.file(a_draft()).number
    wang = desk.desk_holders()[0].id
    desk.note_desk_print(wang, number)
    desk.retry(desk_id=wang)
    assert [(line.event, line.subject) for line in desk.desk_log(2)] == [
        (Event.DESK_SENT_AGAIN, wang),
        (Event.DESK_PRINTED, f"{wang} {number}"),
    ]
    assert desk.audit_unbroken()


def test_so_many_people_and_no_more(desk: Store, clock: Clock) -> None:
    with desk._database.writing():
        for number in range(desk_pins.PEOPLE_MAX - 1):
            desk_pins.add(desk._database, clock.now, f"第{number}位", "not a hash")
    with pytest.raises(Fault, match="20 people"), desk._database.writing():
        desk_pins.add(desk._database, clock.now, "再一位", "not a hash")
    assert isinstance(tried(desk, PIN), str), "a hash that can't be read keeps nobody else out"


def test_a_database_of_before_there_was_a_desk_gets_one(
    desk: Store, platform: PlatformKeys, reopened: Callable[[], Store]
) -> None:
    desk.become(an_identity(platform))
    number = desk.file(a_draft()).number
    for statement in (
        *("DROP TABLE desk_pins", "DROP TABLE tries", "PRAGMA user_version = 1"),
        *(f"ALTER TABLE outbox DROP COLUMN {column}" for column in ("relation", "until")),
    ):
        desk._database.run(statement)
    desk.close()
    store = reopened()
    assert [item.number for item in store.waiting()] == [number]
    id_ = store.add_desk_pin("王师傅", PIN)
    assert tried(store, PIN) == id_


def test_wrong_tries_of_before_doors_had_names_still_count(desk: Store, reopened: Callable[[], Store]) -> None:
    columns = "only_row INTEGER PRIMARY KEY, wrong INTEGER NOT NULL, boot TEXT NOT NULL, ran_seconds REAL NOT NULL"
    for statement in (
        f"CREATE TABLE desk_tries ({columns})",
        "INSERT INTO desk_tries VALUES (1, 5, 'first', 5000.0)",
        *("DROP TABLE tries", "PRAGMA user_version = 3"),
    ):
        desk._database.run(statement)
    desk.close()
    assert reopened().begin_desk_try() == Shut(locked_minutes=1)


def test_a_database_of_a_newer_version_is_left_alone(desk: Store, reopened: Callable[[], Store]) -> None:
    desk._database.run("PRAGMA user_version = 99")
    desk.close()
    with pytest.raises(Fault, match="newer version"):
        reopened()


def test_the_kernel_tells_how_long_this_machine_has_run() -> None:
    first, second = tries.ran(), tries.ran()
    assert first.boot == second.boot
    assert 0 < first.seconds <= second.seconds
    assert replace(first, seconds=0) == replace(second, seconds=0)
