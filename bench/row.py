"""One line of the table: what was measured, against what, in the same run."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure of ours beside its bare floor, measured in turns in one run; milliseconds."""

    name: str
    ours: Sequence[float]
    floor: Sequence[float]
    floor_name: str
    ratio_bar: float | None = None
    """Ours may be so many times the floor …"""
    extra_bar: float | None = None
    """… or so many milliseconds more than it …"""
    most_bar: float | None = None
    """… or so many in all, whatever the floor is."""

    @property
    def held(self) -> bool:
        """Whether the median keeps within the bar."""
        ours, floor = statistics.median(self.ours), statistics.median(self.floor)
        if self.ratio_bar is not None:
            return ours <= self.ratio_bar * floor
        if self.most_bar is not None:
            return ours <= self.most_bar
        return self.extra_bar is None or ours <= floor + self.extra_bar


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table; medians, with the spread from the 10th to the 90th percentile."""
    lines = ["| what | ours, ms | floor, ms | floor is | ratio | bar | held |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        ours, floor = statistics.median(row.ours), statistics.median(row.floor)
        bar = _bar(row)
        ratio = f"{ours / floor:.2f}" if floor else "–"
        held = "yes" if row.held else "**no**"
        cells = (row.name, _spread(row.ours), _spread(row.floor), row.floor_name, ratio, bar, held)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _bar(row: Row) -> str:
    if row.ratio_bar is not None:
        return f"≤ {row.ratio_bar:g} × floor"
    if row.most_bar is not None:
        return f"≤ {row.most_bar:g} ms"
    return f"≤ floor + {row.extra_bar:g} ms" if row.extra_bar is not None else "none"


def _spread(values: Sequence[float]) -> str:
    if len(values) < 2:
        return f"{statistics.median(values):.1f}"
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    return f"{statistics.median(values):.1f} ({tenths[0]:.1f}–{tenths[-1]:.1f})"
