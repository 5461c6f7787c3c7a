"""The conformance report: one table for people, one file for programs, a picture of each row's worst case."""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from kiosk.audit.ledger import Spot, Worst
from kiosk.audit.rows import ROWS, Row, Verdict
from kiosk.audit.run import Audit, picture
from kiosk.version import version
from petition.errors import Fault, FaultCode

HTML, JSON = "report.html", "report.json"
NO_RESIDENT = (
    "No resident was tested. This is what a program can measure; whether people can use the kiosk, only people can "
    "show. docs/usability-protocol.md says how to try it with eight of them."
)
MOST_FAULTS = 20
"""So many faults of a row stand in the table; the JSON has all of them."""
STYLE = """
body { margin: 0; background: #F6F0E4; color: #231C15; font: 18px/1.55 "Noto Sans", "Noto Sans CJK SC", sans-serif; }
main { max-width: 1400px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { font-size: 38px; line-height: 1.25; margin: 0 0 8px; }
p.lead { font-size: 21px; max-width: 60em; }
p.people { border-left: 8px solid #9C2A1E; background: #FFFCF6; padding: 12px 20px; max-width: 60em; font-weight: 700; }
table { border-collapse: collapse; width: 100%; background: #FFFCF6; table-layout: fixed; }
th, td { padding: 12px; border: 1px solid #80715C; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: #EADFCB; }
td ul { margin: 0; padding-left: 1.1em; }
td p { margin: 0 0 8px; }
img { width: 100%; border: 1px solid #80715C; display: block; }
small { font-size: 15px; }
.verdict { font-weight: 700; }
.fails { background: #9C2A1E; color: #FFF; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A row as it is told."""

    row: Row
    verdict: Verdict
    figures: list[Worst]
    faults: list[tuple[str, Spot | None, int]]
    screens: int
    picture: str = ""
    pictured: Spot | None = None


def prepare(out: Path) -> None:
    """Make the folder before the long work begins; raises Fault(BAD_INPUT) where nothing can be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / JSON).unlink(missing_ok=True)
        (out / HTML).write_text("", "utf-8")
    except OSError:
        raise Fault(FaultCode.BAD_INPUT, "nothing can be written to the folder after --out: name another") from None


def write(out: Path, audit: Audit) -> list[str]:
    """Write the report; return a line for each row that fails."""
    told = [_told(row, audit, out) for row in ROWS]
    (out / JSON).write_text(json.dumps(_as_json(audit, told), ensure_ascii=False, indent=2) + "\n", "utf-8")
    (out / HTML).write_text(_as_html(audit, told), "utf-8")
    return [
        f"row {one.row.number} fails: {one.faults[0][0]}; {_on(one.faults[0][1])}{_more(len(one.faults) - 1)}"
        for one in told
        if one.verdict is Verdict.DOES_NOT
    ]


def _on(spot: Spot | None) -> str:
    return str(spot) if spot is not None else "in the script"


def _more(count: int) -> str:
    return f", and {count} more" if count else ""


def _told(row: Row, audit: Audit, out: Path) -> Told:
    figures, faults = audit.ledger.figures(row.number), audit.ledger.faults_of(row.number)
    if faults:
        verdict = Verdict.DOES_NOT
    elif not figures:
        verdict = Verdict.NOT_MEASURED
    else:
        verdict = Verdict.PARTIALLY if row.not_measured else Verdict.SUPPORTS
    spots = [spot for _, spot, _ in faults if spot is not None]
    tightest = sorted((w for w in figures if w.spot is not None and w.measured.asked), key=_tightness)
    spot = spots[0] if spots else tightest[0].spot if tightest else None
    file = f"row-{row.number:02}.png" if spot is not None else ""
    if spot is not None:
        picture(spot, out / file)
    return Told(
        row=row,
        verdict=verdict,
        figures=figures,
        faults=faults,
        screens=audit.ledger.screens[row.number],
        picture=file,
        pictured=spot,
    )


def _tightness(worst: Worst) -> float:
    """How near to its limit a figure came, as a share of the limit; counts of nothing come last."""
    measured = worst.measured
    return measured.margin / measured.limit if measured.limit else float("inf")


def _as_json(audit: Audit, told: list[Told]) -> dict[str, Any]:
    return {
        "version": version(),
        "residents_tested": 0,
        "note": NO_RESIDENT,
        "quick": audit.quick,
        "ways": audit.ways,
        "screens": audit.screens,
        "screens_by_pixels": audit.sampled,
        "seconds": round(audit.seconds, 1),
        "rows": [
            {
                "row": one.row.number,
                "criterion": one.row.criterion,
                "source": one.row.source,
                "verdict": one.verdict.value,
                "screens": one.screens,
                "measured": one.row.measured,
                "not_measured": one.row.not_measured,
                "exceptions": list(one.row.exceptions),
                "picture": one.picture,
                "figures": [_figure(worst) for worst in one.figures],
                "faults": [{"what": what, "first": _on(spot), "times": times} for what, spot, times in one.faults],
            }
            for one in told
        ],
    }


def _figure(worst: Worst) -> dict[str, Any]:
    measured = worst.measured
    return {
        "name": measured.name,
        "worst": round(measured.value, 3),
        "limit": round(measured.limit, 3),
        "bound": "at most" if measured.at_most else "at least",
        "unit": measured.unit,
        "holds": measured.holds,
        "asked_by_the_table": measured.asked,
        "measured_times": worst.count,
        "on": measured.of,
        "screen": _on(worst.spot),
    }


def _as_html(audit: Audit, told: list[Told]) -> str:
    count = {verdict: sum(one.verdict is verdict for one in told) for verdict in Verdict}
    summary = ", ".join(f"{number} {verdict}" for verdict, number in count.items() if number)
    how = "any two choices together (--quick)" if audit.quick else "all of them with all"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Accessibility conformance report: the petition kiosk</title><style>{STYLE}</style></head>
<body><main>
<h1>Accessibility conformance report</h1>
<p class="lead">The petition kiosk (社区诉求服务台), version {escape(version())}: the rows of its table of reach, in
the manner of VPAT 2.5 and EN 301 549. Every step of the script, its help hidden and shown, in {audit.ways} ways
(sizes, themes, languages and glasses, {how}): {audit.screens} screens in {audit.seconds:.0f} s,
{audit.sampled} of them by their pixels.
Of {len(told)} rows: {escape(summary)}.</p>
<p class="people">{escape(NO_RESIDENT)}</p>
<p>“Partially supports”: everything that was measured holds, and the row says what of it was not measured.</p>
<table>
<colgroup><col style="width:5%"><col style="width:20%"><col style="width:11%"><col style="width:38%"><col></colgroup>
<thead><tr><th scope="col">Row</th><th scope="col">Criterion</th><th scope="col">Conformance</th>
<th scope="col">Measured: the worst of each figure</th><th scope="col">The screen nearest to a limit</th></tr></thead>
<tbody>
{"".join(map(_row, told))}
</tbody></table>
</main></body></html>
"""


def _row(one: Told) -> str:
    fails = " fails" if one.verdict is Verdict.DOES_NOT else ""
    figures = "".join(f"<li>{escape(_line(worst))}</li>" for worst in one.figures)
    faults = "".join(
        f"<li>{escape(what)} <small>({escape(_on(spot))}; {times} ×)</small></li>"
        for what, spot, times in one.faults[:MOST_FAULTS]
    )
    remarks = [
        f"<p>{escape(one.row.measured)}</p>",
        f"<p><b>Wrong:</b></p><ul>{faults}</ul>" if faults else "",
        f"<ul>{figures}</ul>" if figures else "",
        f"<p><b>Not measured:</b> {escape(one.row.not_measured)}</p>" if one.row.not_measured else "",
        *(f"<p><b>Let pass:</b> {escape(exception)}</p>" for exception in one.row.exceptions),
    ]
    shown = (
        f'<img src="{one.picture}" alt="The screen {escape(_on(one.pictured))}" loading="lazy">'
        f"<small>{escape(_on(one.pictured))}</small>"
        if one.picture
        else ""
    )
    screens = f"<p><small>{one.screens} screens</small></p>" if one.screens else "<p><small>the script</small></p>"
    if one.verdict is Verdict.NOT_MEASURED:
        screens = ""
    return (
        f'<tr><th scope="row">{one.row.number}</th><td><p>{escape(one.row.criterion)}</p>'
        f"<small>{escape(one.row.source)}</small></td>"
        f'<td class="verdict{fails}"><p>{escape(one.verdict)}</p>{screens}</td>'
        f"<td>{''.join(remarks)}</td><td>{shown}</td></tr>\n"
    )


def _line(worst: Worst) -> str:
    measured = worst.measured
    unit = f" {measured.unit}" if measured.unit else ""
    bound = "at most" if measured.at_most else "at least"
    asked = "" if measured.asked else "; not asked for by the table"
    return f"{measured.name}: {measured.value:.4g}{unit} ({bound} {measured.limit:.4g}{asked}), {worst.count} ×"
