"""The staff desk's room: a real store, a real gateway, real threads; one answer to everything that is asked of it."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway import admin
from gateway.serve import Served
from kiosk.configuration import Configuration, Platform, Printer, Scanner
from kiosk.desk import PRINTERS, DeskRoom, Parts, desk, disk, scanner
from kiosk.line import Line
from kiosk.printing.count import count_print
from kiosk.storekeeper import Storekeeper
from offline_queue.desk_pins import Trial
from offline_queue.enrolment import enrol
from offline_queue.outbox import Declined
from offline_queue.protocol import EventKind
from offline_queue.store import Store, open_store
from petition.errors import FaultCode
from petition.events import DeskRefused, DeskTold, DraftResumed, LineChanged
from petition.model import Condition, Draft, OnBehalf, Part, Place, TextSource, WaitingFor
from petition.ports import PrinterState
from petition.receipt import Role
from tests.kiosk.events_box import Box

PIN, WRONG = "482913", "915037"
MARKER = "三号楼二单元的楼道灯坏了三个月没有人修"
NAME, PHONE = "诸葛青云", "13912345678"
SMALL_DISK_BYTES = 4 * 1024 * 1024


def draft(text: str = MARKER) -> Draft:
    return Draft(petition_id=str(uuid.uuid4()), text=text, text_source=TextSource.TYPED, phone=PHONE, category="repair")


def enrolled_state(directory: Path, served: Served) -> Path:
    """The state directory of an enrolled kiosk with one PIN."""
    with open_store(directory) as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机"))
        store.add_desk_pin("王师傅", PIN)
    return directory


@pytest.fixture
def state(tmp_path: Path, served: Served) -> Path:
    return enrolled_state(tmp_path / "state", served)


@pytest.fixture
def line(state: Path, box: Box) -> Iterator[Line]:
    line = Line(state, box.post, Platform(spread_seconds=0))
    line.launch()
    box.wait(LineChanged, lambda e: e.up)
    yield line
    line.shut_down()


@pytest.fixture
def storekeeper(state: Path, box: Box, line: Line) -> Iterator[Storekeeper]:
    keeper = Storekeeper(lambda: open_store(state), box.post, filed=line.wake)
    keeper.launch()
    yield keeper
    keeper.shut_down()


def a_room(storekeeper: Storekeeper, line: Line, box: Box, state: Path, parts: Parts | None = None) -> DeskRoom:
    told = parts or Parts(microphone=True, hearing=True, speech=True)
    return DeskRoom(storekeeper, line, box.post, Configuration(), state, parts=lambda: told)


@pytest.fixture
def room(storekeeper: Storekeeper, line: Line, box: Box, state: Path) -> DeskRoom:
    return a_room(storekeeper, line, box, state)


def answers(box: Box) -> list[object]:
    return [event for event in box.events if isinstance(event, DeskTold | DeskRefused)]


def settled(storekeeper: Storekeeper) -> None:
    """Wait until the store has done everything it was asked so far."""
    with suppress(Exception):
        storekeeper.read_recording("none")


def log_of(state: Path) -> list[tuple[str, str]]:
    with open_store(state) as store:
        return [(entry.event.value, entry.subject) for entry in store.desk_log(50)]


def test_the_right_pin_opens_the_desk_and_it_tells_of_receipts_queue_and_parts(
    room: DeskRoom, box: Box, state: Path, served: Served, line: Line
) -> None:
    served.stop()
    with open_store(state) as store:
        first, second = store.file(draft()), store.file(draft())
        later = store.add_event(first.number, first.tag, EventKind.RATING, level="bad", words=MARKER)
        assert later
    for role in (Role.OWN, Role.AGENT, Role.OWN):
        count_print(state, first.number, role, datetime.now(UTC).date())
    line.hurry()
    box.wait(LineChanged, lambda e: not e.up)
    room.open(PIN)
    told = box.wait(DeskTold).desk
    assert [(each.number, each.category, each.printed) for each in told.receipts] == [
        (second.number, "repair", 0),
        (first.number, "repair", 3),
    ]
    assert [(each.number, each.why) for each in told.waiting] == [
        (first.number, WaitingFor.LINE),
        (second.number, WaitingFor.LINE),
        (first.number, WaitingFor.LINE),
    ]
    assert told.waiting[0].since == first.made_at
    assert told.waits == 3
    assert dict(told.parts) | {Part.DISK: Condition.WELL} == {
        Part.LINE: Condition.DOWN,
        Part.PRINTER: Condition.ABSENT,
        Part.MICROPHONE: Condition.WELL,
        Part.HEARING: Condition.WELL,
        Part.SPEECH: Condition.WELL,
        Part.SCANNER: Condition.ABSENT,
        Part.DISK: Condition.WELL,
        Part.CLOCK: Condition.WELL,
        Part.KEY: Condition.POOR,
    }


def test_nothing_that_a_resident_said_is_in_what_the_desk_tells(room: DeskRoom, box: Box, state: Path) -> None:
    with open_store(state) as store:
        store.file(
            replace(
                draft(), place=Place(text=MARKER), on_behalf=OnBehalf(principal=NAME, relation="neighbour", agent=NAME)
            )
        )
        store.keep(draft())
    room.open(PIN)
    told = repr(box.wait(DeskTold))
    assert MARKER not in told
    for private in (NAME, NAME[0], PHONE, PHONE[-4:], PIN):
        assert private not in told


def test_what_was_broken_off_is_read_and_wiped_by_who_is_inside_alone(
    storekeeper: Storekeeper, room: DeskRoom, box: Box, state: Path
) -> None:
    broken = draft()
    with open_store(state) as before:
        before.keep(broken)
    room.resume()
    assert isinstance(box.wait(DeskRefused), DeskRefused)
    room.open(PIN)
    told = box.wait(DeskTold).desk
    assert told.interrupted is not None
    assert MARKER not in repr(told)
    room.resume()
    assert box.wait(DraftResumed).draft == broken
    room.discard()
    box.wait(DeskTold, lambda e: e.desk.interrupted is None)
    room.resume()
    box.wait(DraftResumed, lambda e: e.draft is None)
    settled(storekeeper)
    assert [event for event, _ in log_of(state)] == ["desk-discarded", "desk-resumed", "desk-opened", "desk-pin-added"]


def test_a_wrong_pin_is_refused_until_the_desk_is_shut_and_the_right_one_with_it(
    room: DeskRoom, box: Box, state: Path
) -> None:
    left = []
    for _ in range(5):
        room.open(WRONG)
        refused = box.wait(DeskRefused)
        left.append((refused.tries_left, refused.locked_minutes))
    assert left == [(4, 0), (3, 0), (2, 0), (1, 0), (0, 1)]
    room.open(PIN)
    assert box.wait(DeskRefused) == DeskRefused(locked_minutes=1)
    assert [event for event, _ in log_of(state)] == ["desk-refused"] * 5 + ["desk-pin-added"]


def test_with_no_pin_set_that_is_what_is_told(room: DeskRoom, box: Box, state: Path) -> None:
    with open_store(state) as store:
        store.remove_desk_pin("王师傅")
    room.open(PIN)
    assert box.wait(DeskRefused) == DeskRefused(unset=True)


def test_what_was_put_aside_is_sent_when_staff_say_so(
    room: DeskRoom, box: Box, state: Path, served: Served, line: Line
) -> None:
    served.stop()
    with open_store(state) as store:
        receipt = store.file(draft())
        (item,) = store.waiting()
        store.apply(Declined(id=item.id, reason="too-large", park=True))
    line.hurry()
    box.wait(LineChanged, lambda e: not e.up)
    room.open(PIN)
    (waiting,) = box.wait(DeskTold).desk.waiting
    assert (waiting.number, waiting.why, waiting.parked) == (receipt.number, WaitingFor.PERSON, True)
    served.start()
    room.send_again()
    (waiting,) = box.wait(DeskTold).desk.waiting
    assert not waiting.parked
    box.wait(LineChanged, lambda e: e.up)
    assert line.up
    with open_store(state) as store:
        while store.depth().waiting:
            room.look()
            box.wait(DeskTold)
    room.look()
    told = box.wait(DeskTold).desk
    assert (told.waiting, told.waits) == ((), 0)
    assert dict(told.parts)[Part.LINE] is Condition.WELL
    wang = log_of(state)[-1][1]
    assert log_of(state)[:2] == [("desk-sent-again", wang), ("desk-opened", wang)]


def test_what_is_printed_at_the_desk_is_written_down_with_whose_pin_it_was(
    room: DeskRoom, storekeeper: Storekeeper, box: Box, state: Path
) -> None:
    room.note_print("102300012392")
    room.open(PIN)
    box.wait(DeskTold)
    room.note_print("102300012392")
    room.leave()
    room.note_print("102300012392")
    settled(storekeeper)
    wang = log_of(state)[-1][1]
    assert log_of(state)[:2] == [("desk-printed", f"{wang} 102300012392"), ("desk-opened", wang)]


def test_who_has_left_is_told_nothing_more(room: DeskRoom, storekeeper: Storekeeper, box: Box, state: Path) -> None:
    room.look()
    assert box.wait(DeskRefused) == DeskRefused()
    room.open(PIN)
    box.wait(DeskTold)
    room.leave()
    for ask in (room.look, room.send_again):
        ask()
        assert box.wait(DeskRefused) == DeskRefused()
    settled(storekeeper)
    assert "desk-sent-again" not in dict(log_of(state))


def test_a_pin_that_is_still_being_looked_at_opens_nothing_for_who_has_left(
    room: DeskRoom, storekeeper: Storekeeper, box: Box, state: Path
) -> None:
    room.open(PIN)
    room.leave()
    while ("desk-opened", log_of(state)[-1][1]) not in log_of(state):
        settled(storekeeper)
    settled(storekeeper)
    assert answers(box) == []
    room.look()
    assert box.wait(DeskRefused) == DeskRefused()
    with open_store(state) as store:
        begun = store.begin_desk_try()
    assert isinstance(begun, Trial)
    assert begun.tries_left == 4, "the right one has set the count back"


def test_a_damaged_database_is_mended_and_the_answer_is_one(
    room: DeskRoom, storekeeper: Storekeeper, box: Box, state: Path
) -> None:
    with open_store(state) as store:
        number = store.file(draft()).number
    room.open(PIN)
    box.wait(DeskTold)
    storekeeper.ask(lambda store: spoil(state, store))  # type: ignore[arg-type]  # it is the real one
    room.look()
    assert [each.number for each in box.wait(DeskTold).desk.receipts] == [number], "whoever is inside stays there"
    room.leave()
    room.open(PIN)
    assert box.wait(DeskRefused) == DeskRefused(unset=True), "PINs lay in that database"
    settled(storekeeper)
    assert answers(box) == []


def spoil(state: Path, store: Store) -> None:
    """Make the database rubbish under whoever has it open, and have what memory holds of it forgotten."""
    store._database.run("PRAGMA cache_size = 0")
    store._database.run("PRAGMA shrink_memory")
    for path in state.glob("queue.db*"):
        if not path.name.endswith("-shm"):
            with path.open("r+b") as file:
                file.write(os.urandom(max(4096, path.stat().st_size)))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes of its own."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES},mode=0700", "tmpfs", str(where)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    try:
        yield where
    finally:
        subprocess.run(["umount", str(where)], check=True)


def fill(where: Path) -> Path:
    filler = where / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return filler


def test_on_a_full_disk_the_answer_is_one_and_says_so(small_disk: Path, served: Served, box: Box) -> None:
    state = enrolled_state(small_disk / "state", served)
    line = Line(state, box.post, Platform(spread_seconds=0))
    keeper = Storekeeper(lambda: open_store(state), box.post, filed=line.wake)
    keeper.launch()
    room = a_room(keeper, line, box, state)
    room.open(PIN)
    box.wait(DeskTold)
    filler = fill(small_disk)
    room.open(PIN)
    assert box.wait(DeskRefused) == DeskRefused(fault=FaultCode.DISK_FULL)
    for ask in (room.look, room.send_again):
        ask()
        assert dict(box.wait(DeskTold).desk.parts)[Part.DISK] is Condition.DOWN
    filler.unlink()
    room.open(PIN)
    box.wait(DeskTold)
    settled(keeper)
    assert answers(box) == []
    keeper.shut_down()


def test_a_kiosk_that_was_started_on_a_full_disk_says_so_too(small_disk: Path, served: Served, box: Box) -> None:
    state = enrolled_state(small_disk / "state", served)
    line = Line(state, box.post, Platform(spread_seconds=0))
    filler = fill(small_disk)
    keeper = Storekeeper(lambda: open_store(state), box.post, filed=line.wake)
    keeper.launch()
    room = a_room(keeper, line, box, state)
    room.open(PIN)
    assert box.wait(DeskRefused) == DeskRefused(fault=FaultCode.DISK_FULL)
    filler.unlink()
    room.open(PIN)
    box.wait(DeskTold)
    keeper.shut_down()


@pytest.fixture
def store(state: Path) -> Iterator[Store]:
    with open_store(state) as store:
        yield store


def parts_of(store: Store, state: Path, configuration: Configuration, parts: Parts) -> dict[Part, Condition]:
    return dict(desk(store, state, configuration, parts=parts, line_up=None).parts)


@pytest.mark.parametrize("state_of_printer", [None, *PrinterState])
def test_a_printer_is_as_it_was_last_found(store: Store, state: Path, state_of_printer: PrinterState | None) -> None:
    configured = Configuration(printer=Printer(kind="cups", queue="slips"))
    found = parts_of(store, state, configured, Parts(printer=state_of_printer))[Part.PRINTER]
    assert found is (Condition.POOR if state_of_printer is None else PRINTERS[state_of_printer])
    assert parts_of(store, state, Configuration(), Parts())[Part.PRINTER] is Condition.ABSENT


def test_every_state_of_a_printer_has_its_condition() -> None:
    assert set(PRINTERS) == set(PrinterState)
    assert {state for state, condition in PRINTERS.items() if condition is Condition.WELL} == {PrinterState.READY}


def test_ears_and_voice_are_told_as_others_know_them(store: Store, state: Path) -> None:
    deaf = parts_of(store, state, Configuration(), Parts(microphone=False, hearing=False, speech=False))
    assert {deaf[part] for part in (Part.MICROPHONE, Part.HEARING, Part.SPEECH)} == {Condition.DOWN}
    shown = parts_of(store, state, Configuration(), Parts(hearing=True, demonstration=True))
    assert shown[Part.HEARING] is Condition.POOR
    assert Part.SPEECH not in shown, "what nobody knows is not told"


def test_before_the_platform_was_tried_the_line_is_neither_well_nor_down(store: Store, state: Path) -> None:
    store.file(draft())
    told = desk(store, state, Configuration(), parts=Parts(), line_up=None)
    assert dict(told.parts)[Part.LINE] is Condition.POOR
    assert [each.why for each in told.waiting] == [WaitingFor.TURN]


def test_a_clock_nobody_has_confirmed_is_poor(tmp_path: Path) -> None:
    with open_store(tmp_path / "new") as store:
        assert parts_of(store, tmp_path / "new", Configuration(), Parts())[Part.CLOCK] is Condition.POOR


def test_a_scanner_is_there_when_its_device_is(tmp_path: Path) -> None:
    assert scanner(Scanner()) is Condition.ABSENT
    assert scanner(Scanner(device="/dev/null")) is Condition.WELL
    assert scanner(Scanner(device="/dev/null", camera="/dev/no-such-camera")) is Condition.DOWN


@pytest.mark.parametrize(
    ("free_mebibytes", "condition"),
    [(99, Condition.DOWN), (100, Condition.POOR), (1023, Condition.POOR), (1024, Condition.WELL)],
)
def test_the_disk_is_told_by_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_mebibytes: int, condition: Condition
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=free_mebibytes * 2**20))
    assert disk(tmp_path) is condition


def test_a_disk_that_can_not_be_asked_is_down(tmp_path: Path) -> None:
    assert disk(tmp_path / "gone") is Condition.DOWN


def test_no_more_is_told_than_a_screen_can_take(store: Store, state: Path) -> None:
    for number in range(55):
        store.file(draft(f"第{number}件"))
    told = desk(store, state, Configuration(), parts=Parts(), line_up=True)
    assert len(told.waiting) == 50
    assert told.waits == len(told.receipts) == 55
    assert [each.since for each in told.waiting] == sorted(each.since for each in told.waiting)
    assert [each.made_at for each in told.receipts] == sorted((each.made_at for each in told.receipts), reverse=True)
