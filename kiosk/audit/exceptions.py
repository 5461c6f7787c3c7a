"""What is let pass: a short list with reasons, kept beside this file, and what it may never hold."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from kiosk.audit.ledger import Ledger, Wrong

FILE = "exceptions.toml"
MOST = 5
NEVER = frozenset({3, 4, 5, 7, 8, 11})
"""Rows without exceptions: contrast, targets, hearing, time, reaching everything, and forgetting."""
LEAST_REASON = 20
"""Characters: a word is no reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excepted:
    """One thing that is let pass."""

    row: int
    begins: str
    """How the fault is told, from its first character on."""
    reason: str
    ends: str = ""
    """And how it ends: what it was met on."""

    def covers(self, wrong: Wrong) -> bool:
        """Whether it lets this pass."""
        return wrong.row == self.row and wrong.what.startswith(self.begins) and wrong.what.endswith(self.ends)

    @property
    def told(self) -> str:
        """What it lets pass, in words."""
        return f"{self.begins}: {self.ends}" if self.ends else self.begins


def exceptions(text: str | None = None) -> tuple[Excepted, ...]:
    """Return what a file lets pass, by default the one beside this module; ValueError for what it may not hold."""
    told = files("kiosk.audit").joinpath(FILE).read_text("utf-8") if text is None else text
    found = tuple(Excepted(**one) for one in tomllib.loads(told).get("exception", ()))
    if len(found) > MOST:
        raise ValueError(f"{FILE} lets {len(found)} things pass: at most {MOST}")
    for one in found:
        if one.row in NEVER:
            raise ValueError(f"{FILE} lets something pass in row {one.row}: never in that row")
        if not one.begins or len(one.reason) < LEAST_REASON:
            raise ValueError(f"{FILE}, row {one.row}: says neither what it lets pass nor why")
    return found


def divided(wrong: Sequence[Wrong], excepted: Sequence[Excepted]) -> tuple[list[Wrong], list[Wrong]]:
    """Return (what fails, what is let pass)."""
    passed = [one for one in wrong if any(exception.covers(one) for exception in excepted)]
    return [one for one in wrong if one not in passed], passed


def unneeded(ledger: Ledger, excepted: Sequence[Excepted]) -> list[Excepted]:
    """Return exceptions from which nothing that was measured needs to be excepted."""
    return [one for one in excepted if not any(one.covers(wrong) for wrong in ledger.faults_of(one.row))]
