"""Which finger writes, and what becomes of what it writes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.strokes import HIGH, MOST_POINTS, MOST_STROKES, SPACING, WIDE, Writing, thinned

STILL = 8.0
ONE, TWO, THREE = 1, 2, 3
places = st.tuples(st.floats(-200, WIDE + 200), st.floats(-200, HIGH + 200))
lines = st.lists(st.tuples(st.floats(0, WIDE), st.floats(0, HIGH)), min_size=1, max_size=900)


def write(writing: Writing, finger: int, *points: tuple[float, float]) -> None:
    writing.down(finger, *points[0])
    for point in points[1:]:
        writing.move(finger, *point)
    writing.up(finger)


def test_a_finger_that_moves_writes_a_stroke() -> None:
    writing = Writing(STILL)
    write(writing, ONE, (100, 100), (150, 110), (200, 100))
    assert writing.strokes == (((100, 100), (150, 110), (200, 100)),)


def test_a_finger_that_only_comes_down_makes_a_dot() -> None:
    writing = Writing(STILL)
    write(writing, ONE, (100, 100), (103, 102))
    assert writing.strokes == (((100, 100),),)


def test_the_one_that_moves_first_writes_and_the_others_are_a_hand_that_rests() -> None:
    writing = Writing(STILL)
    writing.down(ONE, 700, 300)
    writing.down(TWO, 100, 100)
    for x in (110, 150, 200):
        writing.move(TWO, x, 100)
        writing.move(ONE, 700 + x, 300)
    begun = writing.begun
    assert begun == ((100, 100), (110, 100), (150, 100), (200, 100))
    assert writing.up(TWO)
    writing.move(ONE, 800, 390)
    begun = writing.begun
    assert not begun, "a hand does not begin to write because the finger has lifted"
    assert not writing.up(ONE)
    assert len(writing.strokes) == 1
    write(writing, THREE, (500, 50), (600, 50))
    assert len(writing.strokes) == 2


def test_a_finger_that_comes_down_while_another_writes_is_nobodys() -> None:
    writing = Writing(STILL)
    writing.down(ONE, 100, 100)
    writing.move(ONE, 200, 100)
    assert not writing.down(TWO, 300, 100)
    writing.move(TWO, 400, 200)
    assert not writing.up(TWO)
    assert writing.up(ONE)
    assert writing.strokes == (((100, 100), (200, 100)),)


def test_two_that_rest_make_no_dots() -> None:
    writing = Writing(STILL)
    writing.down(ONE, 100, 100)
    writing.down(TWO, 300, 100)
    assert not writing.up(ONE)
    writing.down(THREE, 500, 100)
    assert not writing.up(TWO)
    assert writing.strokes == ()


def test_what_is_as_wide_as_a_hand_never_writes() -> None:
    writing = Writing(STILL)
    assert not writing.down(ONE, 500, 300, wide=True)
    writing.move(ONE, 600, 300)
    write(writing, TWO, (100, 100), (200, 100))
    assert not writing.up(ONE)
    assert writing.strokes == (((100, 100), (200, 100)),)


def test_a_stroke_ends_at_the_edge_and_another_begins_where_the_finger_comes_back() -> None:
    writing = Writing(STILL)
    writing.down(ONE, 900, 100)
    assert not writing.move(ONE, 950, 100)
    assert writing.move(ONE, 1050, 100)
    writing.move(ONE, 980, 200)
    writing.move(ONE, 900, 200)
    assert writing.up(ONE)
    assert writing.strokes == (((900, 100), (950, 100)), ((980, 200), (900, 200)))


def test_what_comes_down_outside_writes_nothing_even_when_it_comes_in() -> None:
    writing = Writing(STILL)
    write(writing, ONE, (-10, 100), (100, 100), (300, 100))
    assert writing.strokes == ()


def test_a_finger_that_slips_out_without_having_written_leaves_nothing() -> None:
    writing = Writing(STILL)
    write(writing, ONE, (998, 100), (1003, 100))
    assert writing.strokes == ()


def test_a_lost_finger_is_forgotten_when_it_comes_again() -> None:
    writing = Writing(STILL)
    writing.down(ONE, 100, 100)
    writing.move(ONE, 200, 100)
    write(writing, ONE, (300, 300), (400, 300))
    assert writing.strokes == (((300, 300), (400, 300)),)


def test_there_is_an_end_to_strokes() -> None:
    writing = Writing(STILL)
    for n in range(MOST_STROKES + 5):
        write(writing, ONE, (n, 100), (n + 50, 100))
    assert len(writing.strokes) == MOST_STROKES
    assert writing.full


@pytest.mark.parametrize("turns", [1, 40])
def test_a_long_stroke_is_thinned_and_keeps_its_shape(turns: int) -> None:
    circle = [
        (500 + 180 * math.cos(n / 2000 * turns * math.tau), 200 + 180 * math.sin(n / 2000 * turns * math.tau))
        for n in range(2001)
    ]
    kept = thinned(circle)
    assert 30 < len(kept) <= MOST_POINTS
    assert kept[0] == kept[-1] == (680, 200)
    assert all(abs(math.dist(point, (500, 200)) - 180) < 1 for point in kept)


@given(points=lines)
def test_any_stroke_is_within_what_an_event_may_bring(points: list[tuple[float, float]]) -> None:
    kept = thinned(points)
    assert 1 <= len(kept) <= MOST_POINTS
    assert all(0 <= x <= WIDE and 0 <= y <= HIGH for x, y in kept)
    assert kept[0] == tuple(map(round, points[0])) or len(kept) == 1 or math.dist(kept[0], points[0]) < SPACING
    assert math.dist(kept[-1], points[-1]) <= 1


@given(
    done=st.lists(st.tuples(st.sampled_from(["down", "move", "up", "let go"]), st.integers(0, 4), places), max_size=80)
)
def test_whatever_fingers_do_strokes_only_grow_and_only_by_one(
    done: list[tuple[str, int, tuple[float, float]]],
) -> None:
    writing = Writing(STILL)
    for what, finger, place in done:
        before = writing.strokes
        match what:
            case "down":
                writing.down(finger, *place)
            case "move":
                writing.move(finger, *place)
            case "up":
                writing.up(finger)
            case _:
                writing.let_go()
        assert writing.strokes[: len(before)] == before
        assert len(writing.strokes) <= len(before) + 1
        assert all(0 <= x <= WIDE and 0 <= y <= HIGH for stroke in writing.strokes for x, y in stroke)
