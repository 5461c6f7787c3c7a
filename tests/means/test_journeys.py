"""Who has one means only finishes every journey: each cell of the table of journeys and means, on a real kiosk."""

from contextlib import closing
from itertools import count
from typing import Any

import pytest

from gateway import desk
from gateway.serve import Served
from gateway.staff import OPERATOR
from petition.model import Draft
from tests.means.conftest import GRACE_SECONDS, Kiosk, Place
from tests.means.journeys import GIVEN, IN_DANGER, Move, Said
from tests.means.kiosk_child import given
from tests.means.means import PAD, SWITCHES
from tests.means.table import Cell, cells

JOURNEY_SECONDS = 180
SPOKEN_SECONDS = 480
"""A long conversation, on a machine that is busy; a test that passes never waits for it."""
AROUND_SECONDS = 120
"""To open a kiosk before, and to look afterwards at what has arrived."""
OF_A_PETITION = tuple(given(Draft(petition_id="")))
"""What was given, in a note of the visit."""


def _parameters(cell: Cell) -> Any:  # noqa: ANN401 (pytest does not name what it makes)
    sound = cell.journey.by_ear or cell.means == "voice"
    marks = [pytest.mark.xdist_group("sound" if sound else f"means-{cell.means}")]
    if cell.slow:
        marks.append(pytest.mark.slow)
    if cell.broken:
        # Somebody who is stuck waits long before they say so.
        marks += [pytest.mark.slow, pytest.mark.xfail(reason=cell.broken)]
    marks.append(pytest.mark.timeout(_seconds(cell) + GRACE_SECONDS + AROUND_SECONDS))
    return pytest.param((cell.means, sound), cell, id=f"{cell.journey.id}-{cell.means}", marks=marks)


def _seconds(cell: Cell) -> int:
    """Return how long the journey may take."""
    return SPOKEN_SECONDS if cell.means == "voice" else JOURNEY_SECONDS


# Means by means, so that those who share a kiosk come after one another.
TRIED = sorted((cell for cell in cells() if cell.tried), key=lambda cell: (cell.means, cell.journey.by_ear))


@pytest.mark.parametrize(("place", "cell"), [_parameters(cell) for cell in TRIED], indirect=["place"], scope="session")
def test_whoever_has_one_means_finishes_every_journey_with_it(place: Place, cell: Cell) -> None:
    with place.kiosk() as kiosk:
        _finishes(kiosk, cell)


def _finishes(kiosk: Kiosk, cell: Cell) -> None:
    moves = cell.journey.moves(writes=cell.means != "voice")
    before = _numbers(kiosk.served)
    told = kiosk.travel(cell.journey.id, _seconds(cell))
    given = _came_to_what_it_should(moves, told["notes"])
    _used_nothing_else(cell.means, told["keys"], told["touches"])
    kiosk.deliver()
    assert _filed(kiosk.served, _numbers(kiosk.served) - before) == ([given] if cell.journey.files else [])
    if cell.journey.said is not None:
        _has_heard(kiosk, cell.journey.said, given)


@pytest.mark.slow
@pytest.mark.xdist_group("means-keyboard")
def test_who_got_stuck_leaves_a_kiosk_that_nobody_else_has_to_use(
    served: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with closing(Place(served, tmp_path_factory, "keyboard", sound=False)) as place:
        with pytest.raises(AssertionError, match="the-journey-takes-too-long"), place.kiosk() as stuck:
            stuck.travel("person", 0)
        assert stuck.process.poll() is not None
        with place.kiosk() as another:
            assert another.travel("person", JOURNEY_SECONDS)["notes"]
        with place.kiosk() as once_more:
            assert once_more is another


def test_what_is_given_before_a_journey_is_needed_by_those_who_look_back() -> None:
    for cell in TRIED:
        if any(move.keeps for move in cell.journey.moves(writes=True)):
            assert {GIVEN, IN_DANGER} & set(cell.journey.parts)


def _came_to_what_it_should(moves: list[Move], notes: list[dict[str, Any]]) -> dict[str, Any]:
    """Every move led where it may, and what was given is still there where it should be; return what was given last."""
    assert len(notes) == len(moves)
    given: dict[str, Any] = {}
    for move, note in zip(moves, notes, strict=True):
        assert not move.to or note["step"] in move.to
        assert {name: note[name] for name, _ in move.shows} == dict(move.shows)
        if move.keeps:
            assert given
            assert {name: note[name] for name in OF_A_PETITION} == given
        elif note["text"] or note["recordings"]:
            given = {name: note[name] for name in OF_A_PETITION}
    return given


def _used_nothing_else(means: str, keys: list[int], touches: int) -> None:
    """What reached the window of the outer world came from these means."""
    match means:
        case "touch":
            assert (keys, touches > 0) == ([], True)
        case "keyboard":
            assert (bool(keys), touches) == (True, 0)
            assert not set(keys) & {*PAD, *SWITCHES}
        case "pad":
            assert (set(keys) <= set(PAD), bool(keys), touches) == (True, True, 0)
        case "switches":
            assert (set(keys), touches) == (set(SWITCHES), 0)
        case _:
            assert (keys, touches) == ([], 0)


def _numbers(served: Served) -> set[str]:
    numbers: set[str] = set()
    for page in count():
        listed, more = desk.list_petitions(served.platform, desk.Tab.ALL, page=page)
        numbers |= {each.number for each in listed}
        if not more:
            break
    return numbers


def _filed(served: Served, numbers: set[str]) -> list[dict[str, Any]]:
    """What the platform has under these numbers, unsealed."""
    found: list[dict[str, Any]] = []
    for number in numbers:
        (petition_id,) = desk.find_by_number(served.platform, number)
        content = desk.open_petition(served.platform, petition_id, account=OPERATOR).content
        assert content is not None
        found.append(given(content))
    return found


def _has_heard(kiosk: Kiosk, said: Said, given: dict[str, Any]) -> None:
    """What was said about a petition is at the platform, in order, once each, and the last of it has what was given."""
    (petition_id,) = desk.find_by_number(kiosk.served.platform, kiosk.receipts[f"{said.about}_number"])
    events = desk.open_petition(kiosk.served.platform, petition_id, account=OPERATOR).events
    contents = [event.content for event in events if event.content is not None]
    assert [(event.kind, event.content.level) for event in events if event.content is not None] == list(said.events)
    *before, last = [(content.words, len(content.sounds)) for content in contents]
    assert last == (given.get("text", ""), given.get("recordings", 0))
    assert before == [("", 0)] * len(before)
