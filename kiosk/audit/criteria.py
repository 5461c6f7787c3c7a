"""The clauses of the standards, each answered by rows and figures of the audit."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from kiosk.audit.ledger import Ledger, Worst
from kiosk.audit.rows import Verdict

FILE = "criteria.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One clause, and what answers it."""

    clause: str
    name: str
    stands: Verdict
    """How it stands when nothing that it leans on fails."""
    rows: tuple[int, ...] = ()
    figures: tuple[str, ...] = ()
    """How the names of figures begin, in those rows."""
    tests: tuple[str, ...] = ()
    """Where else it is tried, as paths of the project."""
    remark: str = ""

    def figures_in(self, ledger: Ledger) -> list[Worst]:
        """Return its figures, the nearest to its limit first."""
        named = [
            worst for row in self.rows for worst in ledger.figures(row) if worst.measured.name.startswith(self.figures)
        ]
        return sorted(named, key=lambda worst: worst.measured.tightness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The clauses of one standard."""

    id: str
    short: str
    title: str
    note: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a clause stands, and its figures."""

    criterion: Criterion
    verdict: Verdict
    figures: list[Worst] = field(default_factory=list)


@cache
def tables() -> tuple[Table, ...]:
    """Return the clauses of every standard."""
    loaded = tomllib.loads(files("kiosk.audit").joinpath(FILE).read_text("utf-8"))
    return tuple(Table(**{**one, "criteria": tuple(map(_criterion, one["criteria"]))}) for one in loaded["table"])


def _criterion(told: Mapping[str, Any]) -> Criterion:
    lists = {name: tuple(told.get(name, ())) for name in ("rows", "figures", "tests")}
    return Criterion(
        clause=told["clause"], name=told["name"], stands=Verdict(told["stands"]), remark=told.get("remark", ""), **lists
    )


def answer(criterion: Criterion, ledger: Ledger, failing: Collection[int]) -> Answer:
    """Return how a clause stands when these rows fail."""
    figures = criterion.figures_in(ledger)
    verdict = criterion.stands
    if verdict in {Verdict.SUPPORTS, Verdict.PARTIALLY}:
        if any(row in failing for row in criterion.rows):
            verdict = Verdict.DOES_NOT
        elif not all(worst.measured.holds for worst in figures):  # let pass, or asked for by the clause alone
            verdict = Verdict.PARTIALLY
    return Answer(criterion=criterion, verdict=verdict, figures=figures)
