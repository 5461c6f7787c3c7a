"""Who may sign in here: the platform's list, read from what is kept, and how wrong codes shut the door to codes only."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from offline_queue import catalogue, protocol, sealing
from offline_queue.audit import Event
from offline_queue.identity import save_sealed
from offline_queue.people import Known, SignInTrial, fits
from offline_queue.protocol import Catalogue, PersonEntry, PersonRole, Type
from offline_queue.store import Store
from offline_queue.tries import Shut, Standing
from petition.badge import badge_sha256, new_badge
from petition.errors import Fault, FaultCode
from petition.model import Draft, OnBehalf
from tests.offline_queue.platform import NOON, Clock, Kernel, PlatformKeys, a_catalogue

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WANG, LI, SUN = "4021", "7350", "1188"
PIN = "482913"
BADGES = {id_: new_badge(id_) for id_ in (WANG, LI, SUN)}


def a_person(id_: str, *, role: PersonRole = PersonRole.VOLUNTEER, pin: str = PIN, days: float = 30) -> PersonEntry:
    return PersonEntry(
        id=id_,
        name=f"第{id_}位",
        role=role,
        badge_sha256=badge_sha256(BADGES[id_]),
        pin_verifier=QUICK.hash(id_ + pin) if pin else "",
        not_after=NOON + timedelta(days=days),
    )


PEOPLE = (a_person(WANG), a_person(LI, role=PersonRole.STAFF, pin=""), a_person(SUN, days=-1))


def listing(people: tuple[PersonEntry, ...], version: int = 1) -> Catalogue:
    return a_catalogue(version).model_copy(update={"people": people})


def accept(store: Store, platform: PlatformKeys, people: tuple[PersonEntry, ...], version: int = 1) -> None:
    store.accept_catalogue(platform.chain(Type.CATALOGUE, listing(people, version)), f'"{version}"')


@pytest.fixture
def store(store: Store, platform: PlatformKeys) -> Store:
    """A kiosk that knows three people."""
    accept(store, platform, PEOPLE)
    return store


def tried(store: Store, code: str) -> Known | SignInTrial | Shut:
    """Try a code; return whose it was, else what a wrong one left."""
    begun = store.begin_sign_in(code)
    if isinstance(begun, Shut):
        return begun
    return store.end_sign_in(begun, fits=fits(code, begun)) or begun


def is_over(known: Known | SignInTrial | Shut | None) -> bool:
    assert isinstance(known, Known)
    return known.expired


def whose(answer: Known | SignInTrial | Shut | None) -> str:
    return answer.person.id if isinstance(answer, Known) else ""


def a_wrong_one(store: Store, code: str = "9999000000") -> SignInTrial:
    """Count a wrong try without comparing anything, as when the plug is pulled."""
    begun = store.begin_sign_in(code)
    assert isinstance(begun, SignInTrial), begun
    return begun


def test_badge_and_code_tell_who_it_is_and_the_log_says_so_by_number(store: Store) -> None:
    assert whose(store.sign_in_by_badge(BADGES[WANG].lower())) == WANG
    assert whose(tried(store, WANG + PIN)) == WANG
    assert store.sign_in_by_badge(new_badge(WANG)) is None
    draft = Draft(petition_id=str(uuid.uuid4()), text="灯坏了", on_behalf=OnBehalf(relation="volunteer", agent_id=WANG))
    number = store.file(draft).number
    assert store.file(draft).number == number, "which files nothing, and is written down by nobody"
    store.file(Draft(petition_id=str(uuid.uuid4()), text="灯坏了", on_behalf=OnBehalf(relation="parent")))
    store.note_sign_out(WANG, 1)
    assert [(line.event, line.subject) for line in store.people_log(10)] == [
        (Event.AGENT_SIGNED_OUT, f"{WANG} 1"),
        (Event.AGENT_FILED, f"{WANG} {number}"),
        (Event.AGENT_REFUSED, ""),
        (Event.AGENT_SIGNED_IN, WANG),
        (Event.AGENT_SIGNED_IN, WANG),
    ]
    assert store.audit_unbroken()


@pytest.mark.parametrize(
    "code",
    [WANG + "482914", "9999" + PIN, LI + PIN, PIN, "", WANG, LI, WANG + PIN + "0", "４０２１" + PIN, WANG + "\0" + PIN],
)
def test_any_other_code_is_nobodys_and_counted(store: Store, code: str) -> None:
    left = tried(store, code)
    assert isinstance(left, SignInTrial)
    assert (left.tries_left, left.locked_minutes) == (4, 0)
    assert [(line.event, line.subject) for line in store.people_log(1)] == [(Event.AGENT_REFUSED, "")]


def test_a_number_that_is_nobodys_is_compared_with_a_hash_that_costs_what_the_platforms_cost(store: Store) -> None:
    for code in ("9999" + PIN, LI + PIN, "abc"):
        begun = a_wrong_one(store, code)
        assert begun.verifier.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert begun.id == ""
        assert begun.verifier not in repr(begun)
        store.unlock_sign_in()


def test_somebody_whose_last_day_is_over_is_told_so_by_badge_or_right_code_and_by_nothing_else(store: Store) -> None:
    by_badge, by_code = store.sign_in_by_badge(BADGES[SUN]), tried(store, SUN + PIN)
    assert is_over(by_badge)
    assert is_over(by_code)
    assert isinstance(tried(store, SUN + "482914"), SignInTrial)
    assert [line.event for line in store.people_log(10)] == [Event.AGENT_REFUSED] * 3


def test_a_last_day_comes_without_a_line_and_a_clock_that_went_back_undoes_none(store: Store, clock: Clock) -> None:
    assert not is_over(store.sign_in_by_badge(BADGES[WANG]))
    clock.pass_by(days=31)
    assert is_over(store.sign_in_by_badge(BADGES[WANG]))
    clock.pass_by(days=-4000)
    assert is_over(store.sign_in_by_badge(BADGES[SUN])), "it was over when the list was made"


def test_five_wrong_codes_shut_the_door_to_codes_through_a_restart_and_not_to_badges(
    store: Store, reopened: Callable[[], Store], kernel: Kernel
) -> None:
    left = [a_wrong_one(store) for _ in range(5)]
    assert [(each.tries_left, each.locked_minutes) for each in left] == [(4, 0), (3, 0), (2, 0), (1, 0), (0, 1)]
    store.close()
    kernel.start_again(seconds=20)
    again = reopened()
    assert again.begin_sign_in(WANG + PIN) == Shut(locked_minutes=1)
    assert again.sign_in_standing() == Standing(tries_left=0, locked_minutes=1)
    assert whose(again.sign_in_by_badge(BADGES[WANG])) == WANG
    assert again.begin_sign_in(WANG + PIN) == Shut(locked_minutes=1), "a badge opens nothing to codes"
    kernel.seconds = 60
    assert again.sign_in_standing() == Standing(tries_left=1, locked_minutes=0)
    assert whose(tried(again, WANG + PIN)) == WANG
    assert again.sign_in_standing() == Standing(tries_left=5, locked_minutes=0)


def test_the_doors_of_the_desk_and_of_codes_are_two(store: Store) -> None:
    store.add_desk_pin("王师傅", PIN)
    for _ in range(5):
        a_wrong_one(store)
    assert not isinstance(store.begin_desk_try(), Shut)
    for _ in range(4):
        store.begin_desk_try()
    assert isinstance(store.begin_desk_try(), Shut)
    store.unlock_sign_in()
    assert whose(tried(store, WANG + PIN)) == WANG
    assert isinstance(store.begin_desk_try(), Shut)


def test_who_has_a_code_can_not_guess_anothers_between_their_own(
    store: Store, platform: PlatformKeys, kernel: Kernel
) -> None:
    accept(store, platform, (a_person(WANG), a_person(LI)), version=2)
    guesses = 0
    for _ in range(4):
        for _ in range(4):
            begun = store.begin_sign_in(LI + "915037")
            guesses += isinstance(begun, SignInTrial)
        assert whose(tried(store, WANG + PIN)) == WANG
    assert guesses == 5
    assert store.begin_sign_in(LI + PIN) == Shut(locked_minutes=1)
    kernel.seconds += 60
    assert whose(tried(store, LI + PIN)) == LI


def test_whoever_is_taken_off_the_list_or_gets_another_pin_while_a_code_is_compared_is_not_let_in(
    store: Store, platform: PlatformKeys
) -> None:
    code = WANG + PIN
    begun = a_wrong_one(store, code)
    assert fits(code, begun)
    accept(store, platform, (a_person(WANG, pin="730264"),), version=2)
    assert store.end_sign_in(begun, fits=True) is None
    accept(store, platform, (), version=3)
    assert store.end_sign_in(begun, fits=True) is None
    assert store.sign_in_by_badge(BADGES[WANG]) is None
    assert store.end_sign_in(a_wrong_one(store, code), fits=False) is None


def test_only_a_badge_of_the_staff_that_is_still_good_opens_the_desk(
    store: Store, platform: PlatformKeys, clock: Clock
) -> None:
    assert store.open_desk_by_badge(BADGES[LI]) == LI
    assert store.open_desk_by_badge(BADGES[WANG]) == ""
    assert store.open_desk_by_badge(new_badge(LI)) == ""
    assert store.open_desk_by_badge("") == ""
    clock.pass_by(days=31)
    assert store.open_desk_by_badge(BADGES[LI]) == ""
    assert [(line.event, line.subject) for line in store.desk_log(10)] == [
        (Event.DESK_REFUSED, LI),
        (Event.DESK_REFUSED, ""),
        (Event.DESK_REFUSED, ""),
        (Event.DESK_REFUSED, WANG),
        (Event.DESK_OPENED, LI),
    ]


def test_before_there_is_a_catalogue_nobody_can_sign_in(reopened: Callable[[], Store]) -> None:
    store = reopened()
    assert store.sign_in_by_badge(BADGES[WANG]) is None
    assert isinstance(tried(store, WANG + PIN), SignInTrial)


def test_no_badge_and_no_pin_is_anywhere_in_the_state(store: Store, state: Path) -> None:
    store.sign_in_by_badge(BADGES[WANG])
    tried(store, WANG + PIN)
    for path in (path for path in state.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        assert BADGES[WANG].encode() not in raw
        assert badge_sha256(BADGES[WANG]).encode() not in raw, "the list is encrypted"
        assert b"argon2id" not in raw


# -- the list as it travels --------------------------------------------------------------------------------------------


def test_a_catalogue_of_before_there_were_people_is_valid_and_fetched_once_more(
    store: Store, platform: PlatformKeys, state: Path
) -> None:
    body = protocol.body_of(listing(PEOPLE, version=2))
    del body["people"]
    assert protocol.read(Catalogue, body).people == ()
    held = catalogue.load(state, store._key)
    assert held is not None
    old = catalogue.Held(etag='"1"', catalogue=Catalogue.model_validate(body))
    catalogue.save(state, store._key, old)
    assert store.catalogue_etag() == '"1"', "this platform has no people"
    without = {**old.catalogue.model_dump(mode="json")}
    del without["people"]
    save_sealed(state / catalogue.CATALOGUE, store._key, sealing.canonical_json({"etag": '"1"', "catalogue": without}))
    assert store.catalogue().categories
    assert store.catalogue_etag() == "", "an earlier version of this software may have dropped them"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "402"),
        ("id", "４０２１"),
        ("name", ""),
        ("name", "王" * 41),
        ("role", "operator"),
        ("badge_sha256", "no digest"),
        ("pin_verifier", PIN),
        ("pin_verifier", "$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21l$" + "A" * 43),
        ("pin_verifier", "$argon2id$v=19$m=999999,t=3,p=4$c29tZXNhbHRzb21l$" + "A" * 43),
        ("pin_verifier", "$argon2id$v=19$m=65536,t=99,p=4$c29tZXNhbHRzb21l$" + "A" * 43),
        ("not_after", "2027-03-08T04:00:00"),
        ("petitions", 0),
    ],
)
def test_an_entry_that_is_none_is_refused_without_a_word_of_it(field: str, value: object) -> None:
    body = {**protocol.body_of(PEOPLE[0]), field: value}
    with pytest.raises(Fault) as refused:
        protocol.read(PersonEntry, body)
    assert refused.value.code is FaultCode.BAD_INPUT
    assert str(value) not in str(refused.value) or value in {"", 0}


def test_more_than_five_hundred_people_are_refused() -> None:
    entry = protocol.body_of(PEOPLE[0])
    body = protocol.body_of(a_catalogue())
    assert len(protocol.read(Catalogue, {**body, "people": [entry] * 500}).people) == 500
    with pytest.raises(Fault):
        protocol.read(Catalogue, {**body, "people": [entry] * 501})
