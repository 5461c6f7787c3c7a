"""The conformance report: a page for people, a file for programs, and a picture of each worst place."""

import json
from pathlib import Path
from typing import Any

from kiosk.audit.criteria import Answer
from kiosk.audit.judgement import NO_RESIDENT, Report, Told, place
from kiosk.audit.ledger import Worst, Wrong
from kiosk.audit.page import as_html
from kiosk.audit.showing import picture
from kiosk.version import version
from petition.errors import Fault, FaultCode

HTML, JSON = "report.html", "report.json"


def prepare(out: Path) -> None:
    """Make the folder before the long work begins; raises Fault(BAD_INPUT) where nothing can be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / JSON).unlink(missing_ok=True)
        (out / HTML).write_text("", "utf-8")
    except OSError:
        raise Fault(FaultCode.BAD_INPUT, "nothing can be written to the folder after --out: name another") from None


def write(out: Path, made: Report) -> None:
    """Write page, file and pictures."""
    for spot, name in made.pictures.items():
        picture(spot, out / name)
    (out / JSON).write_text(json.dumps(as_json(made), ensure_ascii=False, indent=2) + "\n", "utf-8")
    (out / HTML).write_text(as_html(made), "utf-8")


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
        "exceptions": [{"row": one.row, "lets_pass": one.told, "reason": one.reason} for one in made.excepted],
        "exceptions_no_longer_needed": [one.told for one in made.unneeded],
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
