"""Who files for several people: a real gateway's list, a real store, real threads; one answer to everything asked."""

import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from gateway import admin, people
from gateway.people import Added
from gateway.serve import Served
from kiosk.agents import AgentRoom
from kiosk.configuration import Configuration
from kiosk.desk import DeskRoom, Parts
from kiosk.storekeeper import Storekeeper
from offline_queue.client import PlatformClient
from offline_queue.enrolment import enrol
from offline_queue.protocol import PersonRole
from offline_queue.store import Store, open_store
from offline_queue.sync import sync_once
from petition.badge import new_badge
from petition.errors import FaultCode
from petition.events import AgentSignedIn, DeskRefused, DeskTold, PetitionFiled, SignInRefused
from petition.model import Agent, Draft, OnBehalf
from tests.kiosk.events_box import Box
from tests.kiosk.test_desk import spoil

NUMBER = "102300012392"
NAME = "诸葛青云"


class NoLine:
    """A kiosk that no platform is reached from."""

    up = False

    def hurry(self) -> None:
        """Nobody is there."""


@pytest.fixture
def volunteer(served: Served) -> Added:
    return people.add_person(served.platform, name=NAME, role=PersonRole.VOLUNTEER, pin=True, petitions=7)


@pytest.fixture
def staff(served: Served) -> Added:
    return people.add_person(served.platform, name="王师傅", role=PersonRole.STAFF)


@pytest.fixture
def state(tmp_path: Path, served: Served, volunteer: Added, staff: Added) -> Path:
    """The state directory of a kiosk that was enrolled after they were added, and can't reach the platform any more."""
    assert volunteer.entry.id != staff.entry.id
    with open_store(tmp_path / "state") as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机"))
    served.stop()
    return tmp_path / "state"


@pytest.fixture
def storekeeper(state: Path, box: Box) -> Iterator[Storekeeper]:
    keeper = Storekeeper(lambda: open_store(state), box.post, filed=lambda: None)
    keeper.launch()
    yield keeper
    keeper.shut_down()


@pytest.fixture
def room(storekeeper: Storekeeper, box: Box) -> Iterator[AgentRoom]:
    room = AgentRoom(storekeeper, box.post)
    yield room
    room.shut_down()


@pytest.fixture
def desk(storekeeper: Storekeeper, box: Box, state: Path) -> DeskRoom:
    return DeskRoom(storekeeper, NoLine(), box.post, Configuration(), state, parts=Parts)


def agent_of(added: Added) -> Agent:
    entry = added.entry
    return Agent(id=entry.id, name=entry.name, staff=entry.role is PersonRole.STAFF, petitions=entry.petitions)


def code_of(added: Added) -> str:
    return added.entry.id + added.pin


def wrong(added: Added) -> str:
    return added.entry.id + ("915037" if added.pin != "915037" else "730264")


def settled(storekeeper: Storekeeper) -> None:
    """Wait until the store has done everything it was asked so far."""
    with suppress(Exception):
        storekeeper.read_recording("none")


def people_log(state: Path) -> list[tuple[str, str]]:
    with open_store(state) as store:
        assert store.audit_unbroken()
        return [(entry.event.value, entry.subject) for entry in store.people_log(50)]


def answers(box: Box) -> list[object]:
    return [event for event in box.events if isinstance(event, AgentSignedIn | SignInRefused)]


def test_without_a_line_a_badge_or_a_code_tells_who_it_is_and_what_they_file_is_written_down_by_number(
    room: AgentRoom, storekeeper: Storekeeper, box: Box, state: Path, volunteer: Added, staff: Added
) -> None:
    agent = agent_of(volunteer)
    room.sign_in(badge=volunteer.badge)
    assert box.wait(AgentSignedIn) == AgentSignedIn(agent=agent)
    room.sign_in(code=code_of(volunteer))
    assert box.wait(AgentSignedIn) == AgentSignedIn(agent=agent)
    behalf = OnBehalf(relation="volunteer", agent=agent.name, agent_id=agent.id)
    storekeeper.file(Draft(petition_id=str(uuid.uuid4()), text="灯坏了", on_behalf=behalf))
    number = box.wait(PetitionFiled).receipt.number
    room.sign_out(agent, 1)
    room.sign_in(badge=staff.badge)
    assert box.wait(AgentSignedIn) == AgentSignedIn(agent=agent_of(staff))
    settled(storekeeper)
    assert people_log(state) == [
        ("agent-signed-in", staff.entry.id),
        ("agent-signed-out", f"{agent.id} 1"),
        ("agent-filed", f"{agent.id} {number}"),
        ("agent-signed-in", agent.id),
        ("agent-signed-in", agent.id),
    ]
    assert NAME not in repr(people_log(state))


def test_wrong_codes_are_refused_until_no_code_is_looked_at_and_badges_still_are(
    room: AgentRoom, box: Box, state: Path, volunteer: Added
) -> None:
    left = []
    for code in (wrong(volunteer), "0000" + volunteer.pin, "", volunteer.entry.id, wrong(volunteer)):
        room.sign_in(code=code)
        refused = box.wait(SignInRefused)
        left.append((refused.tries_left, refused.locked_minutes))
    assert left == [(4, 0), (3, 0), (2, 0), (1, 0), (0, 1)]
    room.sign_in(code=code_of(volunteer))
    assert box.wait(SignInRefused) == SignInRefused(locked_minutes=1)
    room.sign_in(badge=new_badge(volunteer.entry.id))
    assert box.wait(SignInRefused) == SignInRefused(locked_minutes=1)
    room.sign_in(badge=volunteer.badge.lower())
    assert box.wait(AgentSignedIn).agent == agent_of(volunteer)
    assert [event for event, _ in people_log(state)] == ["agent-signed-in", *["agent-refused"] * 6]


def test_a_badge_that_is_nobodys_counts_for_nothing(room: AgentRoom, box: Box, volunteer: Added) -> None:
    for _ in range(7):
        room.sign_in(badge=new_badge(volunteer.entry.id))
        assert box.wait(SignInRefused) == SignInRefused(tries_left=5)
    room.sign_in(code=code_of(volunteer))
    box.wait(AgentSignedIn)


def test_who_is_over_is_told_so_and_who_was_removed_is_a_stranger(
    room: AgentRoom, storekeeper: Storekeeper, box: Box, state: Path, served: Served, volunteer: Added, staff: Added
) -> None:
    served.start()
    people.renew_person(served.platform, volunteer.entry.id, days=0)
    people.remove_person(served.platform, staff.entry.id)
    with open_store(state) as store, PlatformClient(served.url, token=store.enrolled().token) as client:
        sync_once(store, client)
    storekeeper.ask(tomorrow)  # type: ignore[arg-type]  # it is the real one
    for ask in ({"badge": volunteer.badge}, {"code": code_of(volunteer)}):
        room.sign_in(**ask)
        assert box.wait(SignInRefused) == SignInRefused(expired=True)
    room.sign_in(code=wrong(volunteer))
    assert box.wait(SignInRefused) == SignInRefused(tries_left=4)
    room.sign_in(badge=staff.badge)
    assert box.wait(SignInRefused) == SignInRefused(tries_left=4)


def tomorrow(store: Store) -> None:
    """Set the clock of whoever has the store open to two days later."""
    before = store._clock
    store._clock = lambda: before() + timedelta(days=2)


def test_who_has_left_while_a_code_was_looked_at_lets_nobody_in(
    room: AgentRoom, storekeeper: Storekeeper, box: Box, state: Path, volunteer: Added
) -> None:
    room.sign_in(code=code_of(volunteer))
    room.sign_in(badge=volunteer.badge)
    room.leave()
    while len(people_log(state)) < 2:
        settled(storekeeper)
    settled(storekeeper)
    assert answers(box) == []
    room.sign_in(badge=volunteer.badge)
    box.wait(AgentSignedIn)
    assert answers(box) == []


def test_a_damaged_database_is_mended_and_the_answer_is_one(
    room: AgentRoom, storekeeper: Storekeeper, box: Box, state: Path, volunteer: Added
) -> None:
    for ask in ({"badge": volunteer.badge}, {"code": code_of(volunteer)}):
        storekeeper.ask(lambda store: spoil(state, store))  # type: ignore[arg-type]  # it is the real one
        room.sign_in(**ask)
        assert box.wait(AgentSignedIn).agent.id == volunteer.entry.id, "the list lies in a file of its own"
    settled(storekeeper)
    assert answers(box) == []


def test_a_store_that_fails_is_told_as_a_fault(room: AgentRoom, storekeeper: Storekeeper, box: Box) -> None:
    storekeeper.ask(lose_tables)  # type: ignore[arg-type]  # it is the real one
    room.sign_in(badge="PKB1")
    assert box.wait(SignInRefused) == SignInRefused(fault=FaultCode.STATE_DIRECTORY_UNUSABLE)
    room.sign_out(Agent(id="4021", name=NAME), 1)
    room.sign_in(code="4021482913")
    assert box.wait(SignInRefused) == SignInRefused(fault=FaultCode.STATE_DIRECTORY_UNUSABLE)


def lose_tables(store: Store) -> None:
    for table in ("audit", "tries"):
        store._database.run(f"DROP TABLE {table}")


# -- the staff desk ----------------------------------------------------------------------------------------------------


def test_the_badge_of_the_staff_opens_the_desk_and_the_log_says_whose_it_was(
    desk: DeskRoom, storekeeper: Storekeeper, box: Box, state: Path, staff: Added
) -> None:
    desk.open(badge=staff.badge)
    box.wait(DeskTold)
    desk.note_print(NUMBER)
    desk.look()
    box.wait(DeskTold)
    desk.leave()
    desk.look()
    assert box.wait(DeskRefused) == DeskRefused()
    with open_store(state) as store:
        log = [(entry.event.value, entry.subject) for entry in store.desk_log(5)]
    assert log == [("desk-printed", f"{staff.entry.id} {NUMBER}"), ("desk-opened", staff.entry.id)]


def test_no_other_badge_opens_the_desk_and_shut_to_pins_it_opens_to_badges(
    desk: DeskRoom, box: Box, state: Path, volunteer: Added, staff: Added
) -> None:
    for badge in (volunteer.badge, new_badge(staff.entry.id), volunteer.badge[:-1], "0"):
        desk.open(badge=badge)
        assert box.wait(DeskRefused) == DeskRefused(tries_left=5), "badges are not counted"
    with open_store(state) as store:
        store.add_desk_pin("王师傅", "482913")
        for _ in range(5):
            store.begin_desk_try()
    desk.open(badge=volunteer.badge)
    assert box.wait(DeskRefused) == DeskRefused(locked_minutes=1)
    desk.open(badge=staff.badge)
    box.wait(DeskTold)


def test_a_badge_that_is_still_being_looked_at_opens_nothing_for_who_has_left(
    desk: DeskRoom, storekeeper: Storekeeper, box: Box, staff: Added
) -> None:
    desk.open(badge=staff.badge)
    desk.leave()
    settled(storekeeper)
    desk.look()
    assert box.wait(DeskRefused) == DeskRefused()
    assert not any(isinstance(event, DeskTold) for event in box.events)
