"""The audit finds nothing wrong with the kiosk, finds everything that is planted, and tells what it could not measure."""

import json
import os
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from kiosk.audit.criteria import answer, tables
from kiosk.audit.grey import KINDS
from kiosk.audit.ledger import Fault, Ledger, Measured
from kiosk.audit.matrix import GLASSES, LANGUAGES
from kiosk.audit.report import HTML, JSON
from kiosk.audit.rows import Verdict
from petition.script.book import STEPS
from tests.kiosk.commands_support import CommandLine, one_plain_line

pytestmark = [
    pytest.mark.timeout(900),  # a machine that does much else at the same time takes its time, too
    pytest.mark.xdist_group("audit"),  # what it wrote is read by many: two processes would make it twice
]
ROOT = Path(__file__).parents[2]
ROWS = range(1, 14)
COMMIT = "0f1e2d3c"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the audit in a process of its own: it draws without a display, whatever this one draws on."""
    line = [sys.executable, "-m", "kiosk", "audit", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    return subprocess.run(line, check=False, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=900)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a quick audit wrote."""
    written = tmp_path_factory.mktemp("audit")
    done = run("--quick", "--out", str(written), "--commit", COMMIT)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "0 fail of 13 rows" in done.stdout
    return written


@pytest.fixture(scope="module")
def told(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / JSON).read_text("utf-8"))
    return found


def test_no_row_fails_and_every_row_is_told(told: dict[str, Any]) -> None:
    assert [row["row"] for row in told["rows"]] == list(ROWS)
    assert [row["faults"] for row in told["rows"]] == [[]] * len(ROWS)
    assert "does not support" not in {row["verdict"] for row in told["rows"]}


def test_every_row_is_measured_and_what_was_not_is_said_with_why(told: dict[str, Any]) -> None:
    for row in told["rows"]:
        assert row["figures"], row["row"]
        assert bool(row["not_measured"] or row["let_pass"]) is (row["verdict"] != "supports"), row["row"]
        assert row["measured"]


def test_figures_come_from_the_screens(told: dict[str, Any]) -> None:
    figures = {figure["name"]: figure for row in told["rows"] for figure in row["figures"]}
    assert told["screens"] == told["ways"] * len(STEPS) * 2
    assert figures["painted text"]["measured_times"] > 1000
    assert 7 <= figures["painted text"]["worst"] <= 21
    assert 16 <= figures["target width"]["worst"] < 100
    assert figures["cap height, larger"]["worst"] == pytest.approx(6.8, abs=0.2)
    assert figures["body text of the theme dark"]["worst"] == 21


def test_places_of_controls_the_curtain_and_grey_are_measured(told: dict[str, Any]) -> None:
    figures = {figure["name"]: figure for row in told["rows"] for figure in row["figures"]}
    for glass in GLASSES:
        assert 0.4 < figures[f"highest control where they stand low, {glass} glass"]["worst"] < 1
    assert figures["pixels of a covered screen that tell what is beneath"]["measured_times"] == len(STEPS)
    assert figures["keys that say nothing to a sliding finger"]["measured_times"] == 2 * len(LANGUAGES)
    assert figures["controls the focus comes to in silence"]["measured_times"] > 100
    assert {f"{kind.name}: pixels in which two states differ in grey" for kind in KINDS} <= set(figures)


def test_the_largest_text_is_told_on_a_line_of_its_own(told: dict[str, Any], out: Path) -> None:
    lines = told["text_at_the_largest_size"]
    assert {line["glass"] for line in lines} == set(GLASSES)
    assert {line["language"] for line in lines} == set(LANGUAGES)
    assert sum(line["screens"] for line in lines) == told["screens"] / 4
    assert {line["clipped"] for line in lines} == {0}
    assert min(line["least_cap_height_mm"] for line in lines) >= 8.6
    page = (out / HTML).read_text("utf-8")
    assert "Text at the largest size" in page
    assert f"{sum(line['screens'] for line in lines):,} screens with the largest text: on none of them" in page


def test_every_clause_is_answered_with_figures_tests_or_a_reason(told: dict[str, Any], out: Path) -> None:
    page = (out / HTML).read_text("utf-8")
    clauses = {table["id"]: table["criteria"] for table in told["standards"]}
    assert set(clauses) == {"en", "en11", "us", "cn"}
    for clause in chain.from_iterable(clauses.values()):
        assert f'<th scope="row">{clause["clause"]}</th>' in page
        if clause["verdict"] in {"supports", "partially supports"}:
            assert clause["figures"] or clause["tests"], clause["clause"]
        if clause["verdict"] in {"does not support", "not applicable"}:
            assert clause["remark"], clause["clause"]
        if clause["picture"]:
            assert (out / clause["picture"]).read_bytes().startswith(b"\x89PNG")


def test_clauses_lean_on_figures_and_tests_that_there_are(told: dict[str, Any]) -> None:
    names = {row["row"]: [figure["name"] for figure in row["figures"]] for row in told["rows"]}
    for table in tables():
        for one in table.criteria:
            there = [name for row in one.rows for name in names[row]]
            assert [start for start in one.figures if not any(name.startswith(start) for name in there)] == []
            assert [path for path in one.tests if not (ROOT / path).exists()] == []


def test_a_row_that_fails_makes_its_clauses_fail() -> None:
    criterion = next(one for table in tables() for one in table.criteria if one.clause == "11.1.4.3")
    assert answer(criterion, Ledger(), ()).verdict is Verdict.SUPPORTS
    assert answer(criterion, Ledger(), (3,)).verdict is Verdict.DOES_NOT


def test_the_report_shows_every_row_and_says_that_no_resident_was_tested(told: dict[str, Any], out: Path) -> None:
    page = (out / HTML).read_text("utf-8")
    assert all(f'<tr id="row-{row}">' in page for row in ROWS)
    assert told["residents_tested"] == 0
    assert page.index("No resident was tested") < page.index("<table")
    assert "docs/usability-protocol.md" in page
    assert told["commit"] == COMMIT
    assert f"commit {COMMIT} · {told['date']}" in page
    for row in told["rows"]:
        if row["picture"]:
            assert row["picture"] in page
            assert (out / row["picture"]).read_bytes().startswith(b"\x89PNG")


def test_every_planted_fault_is_reported() -> None:
    done = run("--self-test")
    lines = done.stdout.splitlines()
    assert len(lines) >= 12
    assert [line for line in lines if not line.startswith("found ")] == []
    assert done.returncode == 0


@pytest.mark.slow
def test_no_row_fails_in_any_way_and_every_exception_is_needed(tmp_path: Path) -> None:
    done = run("--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    found = json.loads((tmp_path / JSON).read_text("utf-8"))
    assert found["exceptions_no_longer_needed"] == []
    assert len(found["text_at_the_largest_size"]) == len(GLASSES) * len(LANGUAGES)


def test_a_figure_beyond_its_limit_is_a_fault_told_once() -> None:
    ledger = Ledger()
    for value in (17.0, 15.0, 15.0):
        ledger.take([Measured(row=4, name="target width", value=value, limit=16, unit="mm", of="返回")])
    ledger.take([Fault(row=4, what="another")])
    assert ledger.figures(4)[0].measured.value == 15
    assert [(wrong.what, wrong.times) for wrong in ledger.faults_of(4)] == [
        ("target width 15 mm (at least 16): 返回", 2),
        ("another", 1),
    ]


def test_what_the_table_does_not_ask_for_fails_nothing() -> None:
    ledger = Ledger()
    ledger.take([Measured(row=2, name="letters a line", value=90, limit=80, at_most=True, asked=False)])
    assert ledger.faults_of(2) == []
    assert not ledger.figures(2)[0].measured.holds


@pytest.mark.parametrize("arguments", [["--quick"], ["--out"], ["--out", "x", "--self-test"]])
def test_what_it_needs_is_said_in_one_line(kiosk: CommandLine, arguments: list[str]) -> None:
    done = kiosk("audit", *arguments)
    assert done.code == 2
    assert one_plain_line(done.error)


def test_a_folder_that_cannot_be_written_is_said_in_one_line_before_anything_is_measured(
    kiosk: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = kiosk("audit", "--out", tmp_path / "file" / "report")
    assert done.code == 2
    assert one_plain_line(done.error)
    assert done.out == ""
