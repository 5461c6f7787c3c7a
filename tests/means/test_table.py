"""The table of journeys and means says what is true: each cell is tried, is tried elsewhere, or says why not."""

import importlib
from pathlib import Path

import pytest

from petition.script.book import STEPS
from petition.steps import WELCOME
from tests.means.journeys import JOURNEYS, Choose
from tests.means.table import MEANS, PAGE, SOURCE, cells, page


def test_every_journey_has_every_means() -> None:
    assert [(cell.journey.id, cell.means) for cell in cells()] == [
        (journey.id, means) for journey in JOURNEYS for means in MEANS
    ]


@pytest.mark.parametrize(
    "entry",
    [
        '[[excluded]]\nmeans = "voice"\njourney = "type"\nwhy = " "\n',
        '[[excluded]]\nmeans = "voice"\njourney = "type"\n',
        '[[excluded]]\nmeans = "telepathy"\njourney = "type"\nwhy = "nobody can"\n',
        '[[broken]]\nmeans = "pad"\njourney = "fly"\nwhy = "no wings"\n',
        '[[forgotten]]\nmeans = "pad"\njourney = "type"\nwhy = "…"\n',
    ],
)
def test_a_cell_is_left_out_only_with_a_reason_and_only_if_there_is_such_a_cell(tmp_path: Path, entry: str) -> None:
    copy = tmp_path / "table.toml"
    copy.write_text(entry, "utf-8")
    with pytest.raises(ValueError, match=r"without its|no such cells"):
        cells(copy)


def test_what_is_said_to_be_tested_elsewhere_is_a_test_that_every_run_makes() -> None:
    named = [cell.test for cell in cells() if cell.test]
    assert named
    for name in named:
        path, _, function = name.partition("::")
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        found = getattr(module, function)
        marks = [*getattr(found, "pytestmark", []), *getattr(module, "pytestmark", [])]
        assert not {mark.name for mark in marks} & {"slow", "skip", "skipif", "xfail"}


def test_every_answer_of_the_welcome_screen_begins_a_journey_or_leads_where_another_does() -> None:
    begun = {
        (move.act.choice_id)
        for journey in JOURNEYS
        for writes in (True, False)
        for move in journey.moves(writes=writes)[:1]
        if isinstance(move.act, Choose)
    }
    reached = {choice.to for choice in STEPS[WELCOME].choices if choice.id in begun}
    offered = [choice for choice in STEPS[WELCOME].choices if choice.when is None]
    assert [choice.id for choice in offered if choice.id not in begun and choice.to not in reached] == []


def test_the_page_of_the_table_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), f"python -m tests.means.table writes it, from {SOURCE.name}"
