"""The audit finds nothing wrong with the kiosk, finds everything that is planted, and tells what it could not measure."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.audit.ledger import Fault, Ledger, Measured
from kiosk.audit.report import HTML, JSON
from petition.script.book import STEPS
from tests.kiosk.commands_support import CommandLine, one_plain_line

ROOT = Path(__file__).parents[2]
ROWS = range(1, 13)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the audit in a process of its own: it draws without a display, whatever this one draws on."""
    line = [sys.executable, "-m", "kiosk", "audit", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    return subprocess.run(line, check=False, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=200)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a quick audit wrote."""
    written = tmp_path_factory.mktemp("audit")
    done = run("--quick", "--out", str(written))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "0 rows fail" in done.stdout
    return written


@pytest.fixture(scope="module")
def told(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / JSON).read_text("utf-8"))
    return found


def test_no_row_fails_and_every_row_is_told(told: dict[str, Any]) -> None:
    assert [row["row"] for row in told["rows"]] == list(ROWS)
    assert [row["faults"] for row in told["rows"]] == [[]] * len(ROWS)
    assert "does not support" not in {row["verdict"] for row in told["rows"]}


def test_what_was_not_measured_is_said_with_why(told: dict[str, Any]) -> None:
    for row in told["rows"]:
        assert bool(row["figures"]) is (row["verdict"] != "not measured"), row["row"]
        assert bool(row["not_measured"]) is (row["verdict"] != "supports"), row["row"]
        assert row["measured"]


def test_figures_come_from_the_screens(told: dict[str, Any]) -> None:
    figures = {figure["name"]: figure for row in told["rows"] for figure in row["figures"]}
    assert told["screens"] == told["ways"] * len(STEPS) * 2
    assert figures["painted text"]["measured_times"] > 1000
    assert 7 <= figures["painted text"]["worst"] <= 21
    assert 16 <= figures["target width"]["worst"] < 100
    assert figures["cap height, larger"]["worst"] == pytest.approx(6.8, abs=0.2)
    assert figures["body text of the theme dark"]["worst"] == 21


def test_the_report_shows_every_row_and_says_that_no_resident_was_tested(told: dict[str, Any], out: Path) -> None:
    page = (out / HTML).read_text("utf-8")
    assert page.count('<th scope="row">') == len(ROWS)
    assert told["residents_tested"] == 0
    assert "No resident was tested" in page
    assert "docs/usability-protocol.md" in page
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


def test_a_figure_beyond_its_limit_is_a_fault_told_once() -> None:
    ledger = Ledger()
    for value in (17.0, 15.0, 15.0):
        ledger.take([Measured(row=4, name="target width", value=value, limit=16, unit="mm", of="返回")])
    ledger.take([Fault(row=4, what="another")])
    assert ledger.figures(4)[0].measured.value == 15
    assert [(what, times) for what, _, times in ledger.faults_of(4)] == [
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
