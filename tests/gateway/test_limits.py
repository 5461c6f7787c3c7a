"""How often somebody may ask: properties of the bucket and of the slots, with time as an argument."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.limits import ADDRESSES_MAX, Lookers, Slots

START = datetime(2027, 3, 8, tzinfo=UTC)


@given(st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=80))
def test_an_address_gets_no_more_than_its_share_and_a_told_wait_is_enough(pauses: list[float]) -> None:
    lookers = Lookers(per_minute=6)
    now, taken = START, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        wait = lookers.wait_seconds("a", now)
        taken += wait == 0
        assert taken <= 6 + (now - START).total_seconds() / 10 + 1e-6
        if wait:
            now += timedelta(seconds=wait)
            assert lookers.wait_seconds("a", now) == 0
            taken += 1


def test_addresses_do_not_share_and_a_million_of_them_take_no_more_room() -> None:
    lookers = Lookers(per_minute=1)
    assert [lookers.wait_seconds(f"{n}", START) for n in range(ADDRESSES_MAX + 500)] == [0] * (ADDRESSES_MAX + 500)
    assert len(lookers._buckets) == ADDRESSES_MAX
    assert lookers.wait_seconds(f"{ADDRESSES_MAX + 499}", START) > 0


def test_a_clock_that_goes_back_gives_nobody_more_and_locks_nobody_out() -> None:
    lookers = Lookers(per_minute=2)
    assert lookers.wait_seconds("a", START) == 0
    assert lookers.wait_seconds("a", START - timedelta(hours=1)) == 0
    assert 0 < lookers.wait_seconds("a", START - timedelta(hours=2)) <= 60


def test_a_herd_that_comes_back_in_its_slots_is_taken_at_the_even_rate() -> None:
    slots = Slots(per_second=100, burst=100)
    waiting = [(START, kiosk) for kiosk in range(5000)]
    taken_in_second: dict[int, int] = {}
    rounds = 0
    while waiting:
        waiting.sort()
        again = []
        for at, kiosk in waiting:
            wait = slots.wait_seconds(at)
            if wait:
                again.append((at + timedelta(seconds=wait), kiosk))
            else:
                second = int((at - START).total_seconds())
                taken_in_second[second] = taken_in_second.get(second, 0) + 1
        waiting = again
        rounds += 1
        assert rounds < 10
    assert sum(taken_in_second.values()) == 5000
    assert max(taken_in_second.values()) <= 201
    assert max(taken_in_second) <= 70
