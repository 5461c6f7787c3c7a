"""The conformance report: how every row and clause stands, as a page for people and a file for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.audit.criteria import Answer, Table, answer, tables
from kiosk.audit.exceptions import Excepted, divided, unneeded
from kiosk.audit.fit import Fit
from kiosk.audit.ledger import Spot, Worst, Wrong
from kiosk.audit.rows import ROWS, Row, Verdict
from kiosk.audit.run import Audit
from kiosk.audit.showing import picture
from kiosk.version import version
from petition.errors import Fault, FaultCode
from ui.look import sizes

HTML, JSON = "report.html", "report.json"
NO_RESIDENT = (
    "No resident was tested. This is what a program can measure; whether people can use the kiosk, only people can "
    "show. docs/usability-protocol.md says how to try it with eight of them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A row as it is told."""

    row: Row
    verdict: Verdict
    figures: list[Worst]
    """The nearest to its limit first."""
    faults: list[Wrong]
    passed: list[Wrong]
    """What is beyond its limit and let pass, as the exceptions say."""
    screens: int
    pictured: Spot | None


@dataclass(slots=True, kw_only=True)
class Report:
    """Everything the page and the file tell."""

    audit: Audit
    made_on: date
    commit: str
    rows: list[Told]
    standards: list[tuple[Table, list[Answer]]]
    excepted: tuple[Excepted, ...]
    unneeded: list[Excepted]
    pictures: dict[Spot, str] = field(default_factory=dict)
    """The file of each screen that is shown or linked to."""

    @property
    def largest(self) -> dict[tuple[str, str], Fit]:
        """How the largest text fits, by (glass, language)."""
        found = self.audit.fits.of
        return {(glass, language): fit for (size, glass, language), fit in found.items() if size == sizes()[-1]}

    @property
    def failing(self) -> list[str]:
        """A line for each row that fails, and for each exception that nothing needs any more."""
        lines = [
            f"row {one.row.number} fails: {one.faults[0].what}; {place(one.faults[0].first)}{_more(one.faults)}"
            for one in self.rows
            if one.faults
        ]
        return lines + [
            f"row {one.row}: nothing needs the exception “{one.begins}” any more: take it out" for one in self.unneeded
        ]


def prepare(out: Path) -> None:
    """Make the folder before the long work begins; raises Fault(BAD_INPUT) where nothing can be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / JSON).unlink(missing_ok=True)
        (out / HTML).write_text("", "utf-8")
    except OSError:
        raise Fault(FaultCode.BAD_INPUT, "nothing can be written to the folder after --out: name another") from None


def report(audit: Audit, excepted: Sequence[Excepted], *, made_on: date, commit: str = "") -> Report:
    """Judge what was found. What a short audit did not meet may still be needed: only a full one says otherwise."""
    rows = [_told(row, audit, excepted) for row in ROWS]
    failing = {one.row.number for one in rows if one.faults}
    passed = [wrong for one in rows for wrong in one.passed]
    standards = [
        (table, [answer(criterion, audit.ledger, failing, passed) for criterion in table.criteria])
        for table in tables()
    ]
    made = Report(
        audit=audit,
        made_on=made_on,
        commit=commit,
        rows=rows,
        standards=standards,
        excepted=tuple(excepted),
        unneeded=[] if audit.quick else unneeded(audit.ledger, excepted),
    )
    worst = [answered.figures[0].spot for _, answers in standards for answered in answers if answered.figures]
    for spot in (*(one.pictured for one in rows), *worst):
        if spot is not None:
            made.pictures[spot] = file_of(spot)
    return made


def write(out: Path, made: Report) -> None:
    """Write page, file and pictures."""
    from kiosk.audit.page import as_html  # it tells what this module judges

    for spot, name in made.pictures.items():
        picture(spot, out / name)
    (out / JSON).write_text(json.dumps(as_json(made), ensure_ascii=False, indent=2) + "\n", "utf-8")
    (out / HTML).write_text(as_html(made), "utf-8")


def place(spot: Spot | None) -> str:
    """Return where something was met, in words."""
    return str(spot) if spot is not None else "in the script"


def file_of(spot: Spot) -> str:
    """Return the name of a screen's picture."""
    extra = [word for word, said in (("help", spot.help_shown), ("covered", spot.curtain)) if said]
    return "-".join((spot.step, *spot.way, *extra)) + ".png"


def _more(faults: list[Wrong]) -> str:
    return f", and {len(faults) - 1} more" if len(faults) > 1 else ""


def _told(row: Row, audit: Audit, excepted: Sequence[Excepted]) -> Told:
    figures = sorted(audit.ledger.figures(row.number), key=lambda worst: worst.measured.tightness)
    faults, passed = divided(audit.ledger.faults_of(row.number), excepted)
    if faults:
        verdict = Verdict.DOES_NOT
    elif not figures:
        verdict = Verdict.NOT_MEASURED
    else:
        verdict = Verdict.PARTIALLY if row.not_measured or passed else Verdict.SUPPORTS
    let_pass = {wrong.figure for wrong in passed}
    nearest = [w.spot for w in figures if w.spot and w.measured.asked and w.measured.name not in let_pass]
    spots = [wrong.first for wrong in faults if wrong.first is not None] or nearest
    return Told(
        row=row,
        verdict=verdict,
        figures=figures,
        faults=faults,
        passed=passed,
        screens=audit.ledger.screens[row.number],
        pictured=spots[0] if spots else None,
    )


# -- for programs ------------------------------------------------------------------------------------------------------


def as_json(made: Report) -> dict[str, Any]:
    """Return everything as the file has it."""
    audit = made.audit
    return {
        "version": version(),
        "commit": made.commit,
        "date": made.made_on.isoformat(),
        "residents_tested": 0,
        "note": NO_RESIDENT,
        "quick": audit.quick,
        "ways": audit.ways,
        "screens": audit.screens,
        "screens_by_pixels": audit.sampled,
        "seconds": round(audit.seconds, 1),
        "rows": [_row(made, one) for one in made.rows],
        "text_at_the_largest_size": [
            {
                "glass": glass,
                "language": language,
                "screens": fit.screens,
                "clipped": fit.clipped,
                "least_cap_height_mm": round(fit.least_cap_mm, 2),
                "parts_that_stepped_back": fit.stepped_back,
            }
            for (glass, language), fit in sorted(made.largest.items())
        ],
        "exceptions": [{"row": one.row, "begins": one.begins, "reason": one.reason} for one in made.excepted],
        "exceptions_no_longer_needed": [one.begins for one in made.unneeded],
        "standards": [
            {
                "id": table.id,
                "title": table.title,
                "criteria": [_clause(made, answered) for answered in answers],
            }
            for table, answers in made.standards
        ],
    }


def _row(made: Report, one: Told) -> dict[str, Any]:
    return {
        "row": one.row.number,
        "criterion": one.row.criterion,
        "source": one.row.source,
        "verdict": one.verdict.value,
        "screens": one.screens,
        "measured": one.row.measured,
        "not_measured": one.row.not_measured,
        "picture": made.pictures[one.pictured] if one.pictured is not None else "",
        "figures": [_figure(worst) for worst in one.figures],
        "faults": [_wrong(wrong) for wrong in one.faults],
        "let_pass": [_wrong(wrong) for wrong in one.passed],
    }


def _clause(made: Report, answered: Answer) -> dict[str, Any]:
    spot = answered.figures[0].spot if answered.figures else None
    return {
        "clause": answered.criterion.clause,
        "name": answered.criterion.name,
        "verdict": answered.verdict.value,
        "rows": list(answered.criterion.rows),
        "remark": answered.criterion.remark,
        "tests": list(answered.criterion.tests),
        "figures": [worst.measured.name for worst in answered.figures],
        "picture": made.pictures[spot] if spot is not None else "",
    }


def _wrong(wrong: Wrong) -> dict[str, Any]:
    return {"what": wrong.what, "first": place(wrong.first), "times": wrong.times}


def _figure(worst: Worst) -> dict[str, Any]:
    measured = worst.measured
    return {
        "name": measured.name,
        "worst": round(measured.value, 3),
        "limit": round(measured.limit, 3),
        "bound": measured.bound,
        "unit": measured.unit,
        "holds": measured.holds,
        "asked_by_the_table": measured.asked,
        "measured_times": worst.count,
        "on": measured.of,
        "screen": place(worst.spot),
    }
