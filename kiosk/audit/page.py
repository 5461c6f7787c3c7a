"""The report as a page: for who buys kiosks, and for who has to mend one."""

from html import escape
from importlib.resources import files

from kiosk.audit.criteria import Answer, Table
from kiosk.audit.judgement import NO_RESIDENT, Report, Told, place
from kiosk.audit.ledger import Spot, Worst, Wrong
from kiosk.audit.matrix import GLASSES
from kiosk.audit.rows import Verdict
from kiosk.version import version

CSS = "report.css"
MOST_FAULTS = 20
"""So many faults of a row stand on the page; the file has all of them."""
NEAREST = 3
"""So many figures of a row stand in the first table, those that came nearest to their limits."""
LANGUAGES = {"zh_Hans": "Simplified Chinese", "zh_Hant": "Traditional Chinese", "en": "English"}
MARKS = {Verdict.SUPPORTS: "supports", Verdict.PARTIALLY: "partially", Verdict.DOES_NOT: "does"}


def as_html(made: Report) -> str:
    """Return the whole page."""
    style = files("kiosk.audit").joinpath(CSS).read_text("utf-8")
    standards = "".join(_standard(made, table, answers) for table, answers in made.standards)
    links = "".join(f'<a href="#{table.id}">{escape(table.short)}</a>' for table, _ in made.standards)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Accessibility conformance report: the petition kiosk</title><style>{style}</style></head>
<body><main>
{_head(made)}
<nav><a href="#rows">The rows</a><a href="#largest">The largest text</a><a href="#exceptions">Exceptions</a>{links}
<a href="#figures">Every figure</a></nav>
{_rows(made)}
{_largest(made)}
{_exceptions(made)}
{standards}
<h2 id="figures">Every figure</h2>
<p>Of each figure the worst that was met, where, and how often it was measured. Figures that came nearest to their
limits stand first; those that no row asks for say so.</p>
{"".join(map(_details, made.rows))}
<footer><p>Made by <code>kiosk audit --out DIR</code>, which anybody can repeat; <code>kiosk audit --self-test</code>
plants faults and sees that each is found. The same as a file for programs: <a href="report.json">report.json</a>.
In the manner of VPAT 2.5; “supports”, “partially supports”, “does not support” and “not applicable” are meant as
there.</p></footer>
</main></body></html>
"""


def _head(made: Report) -> str:
    audit = made.audit
    commit = f", commit {escape(made.commit)}" if made.commit else ""
    failing = sum(bool(one.faults) for one in made.rows)
    figures = sum(worst.count for one in made.rows for worst in one.figures)
    sums = (
        (f"{len(made.rows) - failing} of {len(made.rows)}", "rows of which nothing that was measured fails"),
        (f"{audit.screens:,}", f"screens, in {audit.ways} ways of showing them"),
        (f"{figures:,}", f"measurements; the pixels of {audit.sampled:,} screens"),
        (str(len(made.excepted)), "exceptions, of at most 5"),
    )
    told = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(number)}</dd></div>" for number, what in sums)
    how = (
        "A short audit (--quick): any two choices of size, colour, language, glass and place of the buttons together."
        if audit.quick
        else "Every step of the script, its help hidden and shown, in every size, colour theme and language on every "
        "glass; and where buttons stand lower or at the left, in every size and language on every glass."
    )
    return f"""<header><h1>Accessibility conformance report</h1>
<p class="of">The petition kiosk 社区诉求服务台, version {escape(version())}{commit} · {made.made_on.isoformat()}</p>
</header>
<p class="people">{escape(NO_RESIDENT)}</p>
<dl class="sum">{told}</dl>
<p class="note" style="margin-top:20px">{how} “Partially supports”: everything that was measured holds, and what was not
measured, or is let pass, is said.</p>"""


def _verdict(verdict: Verdict) -> str:
    return f'<span class="verdict {MARKS.get(verdict, "other")}">{escape(verdict)}</span>'


# -- the rows ----------------------------------------------------------------------------------------------------------


def _rows(made: Report) -> str:
    return f"""<h2 id="rows">The rows of reach</h2>
<p>What the kiosk asks of every screen, and how near the worst screen came to each limit.</p>
<table><thead><tr><th class="no" scope="col">Row</th><th class="req" scope="col">Requirement</th>
<th class="stands" scope="col">Conformance</th><th scope="col">Nearest to a limit</th>
<th class="shot" scope="col">Its screen</th></tr></thead>
<tbody>{"".join(_brief(made, one) for one in made.rows)}</tbody></table>"""


def _brief(made: Report, one: Told) -> str:
    passed = {wrong.figure for wrong in one.passed}
    near = [worst for worst in one.figures if worst.measured.asked and worst.measured.name not in passed][:NEAREST]
    told = "".join(f"<li>{_figure(worst)}</li>" for worst in near)
    wrong = "".join(
        f'<p class="wrong">{escape(fault.what)}; {escape(place(fault.first))}</p>' for fault in one.faults[:NEAREST]
    )
    missing = f"<p><small>Not measured: {escape(one.row.not_measured)}</small></p>" if one.row.not_measured else ""
    excepted = [each for each in made.excepted if any(each.covers(wrong) for wrong in one.passed)]
    passes = "".join(f"<p><small>Let pass: {escape(each.told)}, see Exceptions</small></p>" for each in excepted)
    screens = f"{one.screens:,} screens" if one.screens else "the script"
    return (
        f'<tr id="row-{one.row.number}"><th scope="row">{one.row.number}</th><td><p>{escape(one.row.criterion)}</p>'
        f"<small>{escape(one.row.source)}</small></td><td>{_verdict(one.verdict)}<br><small>{screens}</small></td>"
        f"<td>{wrong}<ul>{told}</ul>{passes}{missing}</td><td>{_shot(made, one.pictured)}</td></tr>\n"
    )


def _figure(worst: Worst) -> str:
    measured = worst.measured
    return f"{escape(measured.name)}: <b>{escape(measured.told)}</b> ({measured.bound} {measured.limit:.4g})"


def _shot(made: Report, spot: Spot | None) -> str:
    if spot is None:
        return "<small>none: told by the script, or by a window of its own</small>"
    name = made.pictures[spot]
    upright = ' class="upright"' if GLASSES[spot.way.glass].portrait else ""
    return (
        f'<a href="{name}"><img{upright} src="{name}" alt="The screen {escape(str(spot))}"></a>'
        f"<small>{escape(str(spot))}</small>"
    )


# -- the largest text, and what is let pass ----------------------------------------------------------------------------


def _largest(made: Report) -> str:
    lines = []
    for (name, language), fit in sorted(made.largest.items()):
        glass = GLASSES[name]
        lines.append(
            f'<tr><th scope="row">{glass.width_px} × {glass.height_px}</th><td>{LANGUAGES[language]}</td>'
            f'<td class="n">{fit.screens:,}</td><td class="n">{fit.clipped}</td>'
            f'<td class="n">{fit.least_cap_mm:.2f} mm</td><td class="n">{fit.stepped_back:,}</td></tr>'
        )
    screens = sum(fit.screens for fit in made.largest.values())
    clipped = sum(fit.clipped for fit in made.largest.values())
    return f"""<h2 id="largest">Text at the largest size</h2>
<p>{screens:,} screens with the largest text: on {clipped or "none"} of them anything is clipped, lies on something else
or beyond the glass. No letter is made smaller to fit: the smallest capital that was met is told beside the 8.8 mm that
are asked for (half a pixel is within the measure). What has no room steps back instead (the desk's name, the line under
the title, notes of answers), and is said and described all the same; how often it did is told, too.</p>
<table><thead><tr><th scope="col">Glass</th><th scope="col">Language</th><th class="n" scope="col">Screens</th>
<th class="n" scope="col">With anything clipped</th><th class="n" scope="col">Smallest capital</th>
<th class="n" scope="col">Parts that stepped back</th></tr></thead><tbody>{"".join(lines)}</tbody></table>"""


def _exceptions(made: Report) -> str:
    lines = "".join(
        f'<tr><th scope="row">{one.row}</th><td>{escape(one.told)}</td><td>{escape(one.reason)}'
        + ('<p class="wrong">Nothing needs it any more.</p>' if one in made.unneeded else "")
        + "</td></tr>"
        for one in made.excepted
    )
    table = (
        '<table><thead><tr><th class="no" scope="col">Row</th><th class="req" scope="col">What is let pass</th>'
        f'<th scope="col">Why</th></tr></thead><tbody>{lines}</tbody></table>'
        if lines
        else "<p><b>There are none.</b></p>"
    )
    return f"""<h2 id="exceptions">Exceptions</h2>
<p>At most five, kept in <code>kiosk/audit/exceptions.toml</code>, and never any in rows 3, 4, 5, 7, 8 and 11.</p>
{table}"""


# -- the standards -----------------------------------------------------------------------------------------------------


def _standard(made: Report, table: Table, answers: list[Answer]) -> str:
    count = {verdict: sum(one.verdict is verdict for one in answers) for verdict in Verdict}
    summary = " · ".join(f"{number} {verdict}" for verdict, number in count.items() if number)
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    return f"""<h2 id="{table.id}">{escape(table.title)}</h2>{note}<p>{escape(summary)}</p>
<table><thead><tr><th class="clause" scope="col">Clause</th><th class="req" scope="col">Criterion</th>
<th class="stands" scope="col">Conformance</th><th scope="col">Measured, with the worst place; remarks</th></tr></thead>
<tbody>{"".join(_answer(made, one) for one in answers)}</tbody></table>"""


def _answer(made: Report, one: Answer) -> str:
    criterion, parts = one.criterion, []
    if one.figures:
        worst = one.figures[0]
        where = (
            f'<a href="{made.pictures[worst.spot]}">{escape(str(worst.spot))}</a>' if worst.spot else "in the script"
        )
        rows = ", ".join(f'<a href="#row-{row}">{row}</a>' for row in criterion.rows)
        parts.append(f"<p>{_figure(worst)} <small>{where}; row {rows}</small></p>")
    if criterion.remark:
        parts.append(f"<p>{escape(criterion.remark)}</p>")
    if criterion.tests:
        parts.append(f"<p><small>Tried by {escape(', '.join(criterion.tests))}</small></p>")
    return (
        f'<tr><th scope="row">{escape(criterion.clause)}</th><td>{escape(criterion.name)}</td>'
        f"<td>{_verdict(one.verdict)}</td><td>{''.join(parts)}</td></tr>\n"
    )


# -- every figure ------------------------------------------------------------------------------------------------------


def _details(one: Told) -> str:
    figures = "".join(map(_line, one.figures))
    wrong = _list("Wrong", one.faults) + _list("Let pass", one.passed)
    return f"""<h3>{one.row.number}. {escape(one.row.criterion)}</h3>
<p><b>How it is measured.</b> {escape(one.row.measured)}</p>{wrong}
<table class="figures"><thead><tr><th class="req" scope="col">Figure</th><th class="n" scope="col">Worst</th>
<th class="n" scope="col">Limit</th><th class="n" scope="col">Times</th><th scope="col">Where</th></tr></thead>
<tbody>{figures}</tbody></table>"""


def _line(worst: Worst) -> str:
    measured = worst.measured
    asked = "" if measured.asked else " <small>(not asked for)</small>"
    where = " · ".join(filter(None, (measured.of, str(worst.spot) if worst.spot else "")))
    return (
        f'<tr><th scope="row">{escape(measured.name)}{asked}</th><td class="n">{escape(measured.told)}</td>'
        f'<td class="n">{measured.bound} {measured.limit:.4g}</td><td class="n">{worst.count:,}</td>'
        f"<td>{escape(where) or 'in the script'}</td></tr>"
    )


def _list(title: str, wrong: list[Wrong]) -> str:
    if not wrong:
        return ""
    lines = "".join(
        f"<li>{escape(one.what)} <small>({escape(place(one.first))}; {one.times} ×)</small></li>"
        for one in wrong[:MOST_FAULTS]
    )
    return f'<p class="wrong">{title}:</p><ul>{lines}</ul>'
