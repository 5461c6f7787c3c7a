"""The store's thread and the line to the platform, with a real store and a real gateway."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import admin
from gateway.serve import Served
from kiosk.configuration import Platform
from kiosk.line import Line
from kiosk.storekeeper import Storekeeper
from offline_queue.enrolment import enrol
from offline_queue.store import Store, open_store
from offline_queue.sync import SyncReport
from petition.effects import LookUp
from petition.errors import Fault, FaultCode
from petition.events import (
    CatalogueArrived,
    FilingFailed,
    LineChanged,
    LookUpFailed,
    PetitionFiled,
    ProgressFound,
)
from petition.model import Draft, TextSource
from tests.kiosk.events_box import Box

WORDS = "楼道灯不亮"


def draft(text: str = WORDS) -> Draft:
    return Draft(petition_id=str(uuid.uuid4()), text=text, text_source=TextSource.TYPED)


@pytest.fixture
def state(tmp_path: Path, served: Served) -> Path:
    """The state directory of an enrolled kiosk."""
    directory = tmp_path / "state"
    with open_store(directory) as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机"))
    return directory


@pytest.fixture
def line(state: Path, box: Box) -> Iterator[Line]:
    line = Line(state, box.post, Platform(spread_seconds=0))
    line.launch()
    yield line
    line.shut_down()


@pytest.fixture
def storekeeper(state: Path, box: Box, line: Line) -> Iterator[Storekeeper]:
    keeper = Storekeeper(lambda: open_store(state), box.post, filed=line.wake)
    keeper.launch()
    yield keeper
    keeper.shut_down()


def test_what_is_filed_arrives_and_can_be_asked_for(storekeeper: Storekeeper, line: Line, box: Box) -> None:
    box.wait(LineChanged, lambda e: e.up)
    storekeeper.file(draft())
    receipt = box.wait(PetitionFiled).receipt
    line.ask(LookUp(number=receipt.number, code=receipt.query_code))
    told = box.wait(ProgressFound)
    assert told.progress.number == receipt.number


def test_a_catalogue_is_told_at_once(line: Line, box: Box) -> None:
    assert box.wait(CatalogueArrived).catalogue.categories


def test_with_the_platform_away_a_receipt_is_given_and_found_on_its_way(
    storekeeper: Storekeeper, line: Line, box: Box, served: Served
) -> None:
    box.wait(LineChanged, lambda e: e.up)
    served.stop()
    storekeeper.file(draft())
    receipt = box.wait(PetitionFiled).receipt
    box.wait(LineChanged, lambda e: not e.up)
    line.ask(LookUp(number=receipt.number, tag=receipt.tag))
    told = box.wait(ProgressFound)
    assert told.from_cache
    assert told.progress.on_its_way
    served.start()
    line.hurry()
    box.wait(LineChanged, lambda e: e.up)


def test_a_kiosk_that_waits_for_its_turn_to_send_does_not_say_that_the_line_is_up(state: Path, box: Box) -> None:
    with open_store(state) as store:
        store.file(draft())
    line = Line(state, box.post, Platform(spread_seconds=3600))
    line.launch()
    assert not box.wait(LineChanged).up
    line.shut_down()


def test_a_fault_of_this_machine_says_nothing_about_the_line(state: Path, box: Box) -> None:
    line = Line(state, box.post, Platform())
    for report in (SyncReport(), SyncReport(fault="disk-full"), SyncReport(unreachable="no-connection")):
        line._told(report)
    assert [event.up for event in box.events if isinstance(event, LineChanged)] == [True, False]


def test_a_line_that_was_never_launched_can_be_shut_down(state: Path, box: Box) -> None:
    Line(state, box.post, Platform()).shut_down()


def test_a_wrong_code_says_how_many_tries_are_left_until_it_is_closed(
    storekeeper: Storekeeper, line: Line, box: Box
) -> None:
    storekeeper.file(draft())
    receipt = box.wait(PetitionFiled).receipt
    wrong = f"{(int(receipt.query_code) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1, 0):
        line.ask(LookUp(number=receipt.number, code=wrong))
        failed = box.wait(LookUpFailed)
        assert (failed.code, failed.tries_left) == (FaultCode.WRONG_CODE, left)
    line.ask(LookUp(number=receipt.number, code=receipt.query_code))
    assert box.wait(LookUpFailed).code is FaultCode.TOO_MANY_WRONG_CODES
    line.ask(LookUp(number=receipt.number, tag=receipt.tag))
    assert box.wait(ProgressFound).progress.number == receipt.number


def test_whatever_goes_wrong_with_one_question_it_is_answered_and_so_is_the_next(
    line: Line, box: Box, state: Path
) -> None:
    with open_store(state) as store:
        receipt = store.file(draft())
        asked = LookUp(number=receipt.number, code=receipt.query_code)
        store._database.run("ALTER TABLE wrong_codes RENAME TO not_there")  # what no Fault speaks of
        line.ask(asked)
        assert box.wait(LookUpFailed).code is FaultCode.STATE_DIRECTORY_UNUSABLE
        store._database.run("ALTER TABLE not_there RENAME TO wrong_codes")
    line.ask(asked)
    assert box.wait(ProgressFound).progress.number == receipt.number


def test_filing_nothing_fails_and_says_why(storekeeper: Storekeeper, box: Box) -> None:
    storekeeper.file(draft(text=""))
    assert box.wait(FilingFailed).code is FaultCode.BAD_INPUT


def test_filing_twice_gives_one_receipt(storekeeper: Storekeeper, box: Box) -> None:
    words = draft()
    storekeeper.file(words)
    storekeeper.file(words)
    assert box.wait(PetitionFiled).receipt == box.wait(PetitionFiled).receipt


def test_the_newest_draft_is_kept_and_a_filed_one_is_not(storekeeper: Storekeeper, box: Box, state: Path) -> None:
    words = draft()
    storekeeper.keep(draft("一"))
    storekeeper.keep(words)
    storekeeper.file(words)
    box.wait(PetitionFiled)
    with open_store(state) as store:
        assert store.kept_draft() is None


def test_sound_is_recorded_read_back_and_filed(storekeeper: Storekeeper, box: Box) -> None:
    petition_id, recording_id = str(uuid.uuid4()), str(uuid.uuid4())
    sink = storekeeper.open_recording(petition_id, recording_id)
    sink.write(b"page one")
    sink.write(b"page two")
    sound = sink.close(2.0)
    assert storekeeper.read_recording(recording_id) == b"page onepage two"
    storekeeper.file(Draft(petition_id=petition_id, attachments=(sound,)))
    box.wait(PetitionFiled)
    with pytest.raises(Fault, match="damaged"):
        storekeeper.read_recording(recording_id)


def test_a_store_that_cannot_be_opened_is_told_to_who_launches_it(tmp_path: Path, box: Box) -> None:
    (tmp_path / "state").write_text("a file where a folder should be", "utf-8")
    keeper = Storekeeper(lambda: open_store(tmp_path / "state"), box.post, filed=lambda: None)
    with pytest.raises(Fault) as met:
        keeper.launch()
    assert met.value.code is FaultCode.STATE_DIRECTORY_UNUSABLE


def test_a_database_that_is_damaged_while_the_kiosk_runs_costs_the_next_resident_nothing(state: Path, box: Box) -> None:
    opened: list[Store] = []

    def open_it() -> Store:
        opened.append(open_store(state))
        return opened[0]

    def read_the_disk_again(_: object) -> None:
        opened[0]._database.run("PRAGMA shrink_memory")

    keeper = Storekeeper(open_it, box.post, filed=lambda: None)
    keeper.launch()
    keeper.file(draft())
    first = box.wait(PetitionFiled).receipt
    database = state / "queue.db"
    for path in (database, database.with_name("queue.db-wal")):
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
    keeper.ask(read_the_disk_again)
    keeper.file(draft())
    second = box.wait(PetitionFiled).receipt
    keeper.shut_down()
    with open_store(state) as store:
        assert {item.number for item in store.waiting()} == {first.number, second.number}
