"""What the audit lets pass: few things, each with a reason, none in the rows nobody does without, none for longer than needed."""

from datetime import date

import pytest

from kiosk.audit.exceptions import MOST, NEVER, Excepted, divided, exceptions, unneeded
from kiosk.audit.fit import Fits
from kiosk.audit.judgement import report
from kiosk.audit.ledger import Fault, Ledger, Measured
from kiosk.audit.rows import ROWS, Verdict
from kiosk.audit.run import Audit

REASON = "The machine that prints it can set no other type."
SMALL = Measured(row=1, name="type, largest", value=20, limit=30, unit="pt", of="号码")
EXCEPTED = Excepted(row=1, begins="type, largest", reason=REASON)


def listed(row: int, *, begins: str = "type", reason: str = REASON, times: int = 1) -> str:
    return f'[[exception]]\nrow = {row}\nbegins = "{begins}"\nreason = "{reason}"\n' * times


def audit_of(*found: Measured | Fault, quick: bool = False) -> Audit:
    """An audit that found nothing else."""
    ledger = Ledger()
    ledger.take([Measured(row=row.number, name="something", value=1, limit=1) for row in ROWS])
    ledger.take(found)
    return Audit(ledger=ledger, fits=Fits(), ways=1, screens=1, sampled=1, seconds=1, quick=quick)


def test_the_list_is_short_and_keeps_out_of_the_rows_nobody_does_without() -> None:
    assert len(exceptions()) <= MOST == 5
    assert {one.row for one in exceptions()}.isdisjoint(NEVER)
    assert frozenset({3, 4, 5, 7, 8, 11}) == NEVER


@pytest.mark.parametrize("row", sorted(NEVER))
def test_nothing_is_let_pass_in_a_row_nobody_does_without(row: int) -> None:
    with pytest.raises(ValueError, match=f"row {row}: never"):
        exceptions(listed(row))


def test_more_than_five_are_refused() -> None:
    assert len(exceptions(listed(1, times=5))) == 5
    with pytest.raises(ValueError, match="at most 5"):
        exceptions(listed(1, times=6))


@pytest.mark.parametrize("told", [listed(1, reason="because"), listed(1, begins="")])
def test_one_without_a_reason_or_a_subject_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        exceptions(told)


def test_what_is_let_pass_fails_nothing_and_is_told() -> None:
    made = report(audit_of(SMALL), [EXCEPTED], made_on=date(2026, 3, 6))
    assert made.failing == []
    row = made.rows[0]
    assert row.verdict is Verdict.PARTIALLY
    assert [wrong.what for wrong in row.passed] == ["type, largest 20 pt (at least 30): 号码"]
    clause = next(one for _, answers in made.standards for one in answers if one.criterion.clause == "5.1.4")
    assert clause.verdict is Verdict.PARTIALLY


def test_what_is_not_listed_fails() -> None:
    made = report(audit_of(SMALL, Fault(row=1, what="too small to see")), [EXCEPTED], made_on=date(2026, 3, 6))
    assert [wrong.what for wrong in made.rows[0].faults] == ["too small to see"]
    assert len(made.failing) == 1
    assert made.failing[0].startswith("row 1 fails: too small to see")


def test_one_that_nothing_needs_any_more_fails_the_full_audit_and_only_that() -> None:
    assert unneeded(audit_of().ledger, [EXCEPTED]) == [EXCEPTED]
    whole = report(audit_of(), [EXCEPTED], made_on=date(2026, 3, 6))
    assert whole.failing == ["row 1: nothing needs the exception “type, largest” any more: take it out"]
    assert report(audit_of(quick=True), [EXCEPTED], made_on=date(2026, 3, 6)).failing == []


def test_an_exception_covers_its_own_row_only() -> None:
    other = audit_of(Fault(row=2, what="type, largest of all")).ledger.faults_of(2)
    assert divided(other, [EXCEPTED]) == (other, [])
