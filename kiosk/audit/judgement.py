"""How every row and clause stands, from what was found and what is let pass."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kiosk.audit.criteria import Answer, Table, answer, tables
from kiosk.audit.exceptions import Excepted, divided, unneeded
from kiosk.audit.fit import Fit
from kiosk.audit.ledger import Spot, Worst, Wrong
from kiosk.audit.rows import ROWS, Row, Verdict
from kiosk.audit.run import Audit
from ui.look import sizes

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
            f"row {one.row}: nothing needs the exception “{one.told}” any more: take it out" for one in self.unneeded
        ]


def report(audit: Audit, excepted: Sequence[Excepted], *, made_on: date, commit: str = "") -> Report:
    """Judge what was found. What a short audit did not meet may still be needed: only a full one says otherwise."""
    rows = [_told(row, audit, excepted) for row in ROWS]
    failing = {one.row.number for one in rows if one.faults}
    standards = [
        (table, [answer(criterion, audit.ledger, failing) for criterion in table.criteria]) for table in tables()
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
