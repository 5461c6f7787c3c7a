"""The table of journeys and means: which test finishes which journey by which means, and why some need not.

python -m tests.means.table      writes docs/means.md
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.means.journeys import JOURNEYS, Journey

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("table.toml")
PAGE = ROOT / "docs/means.md"
MEANS = {
    "touch": "touch",
    "keyboard": "keyboard",
    "pad": "5-key pad",
    "switches": "two switches",
    "voice": "voice",
    "reader": "screen reader",
}
"""By the name that tests use."""
HEADING = """\
# Journeys and means

Everybody finishes every journey with the one means they have. ✓ stands for a test that does it, on the real window of a
real kiosk with a real platform, and looks afterwards at what was filed, what was shown, and that nothing else was used.
This page is written by `.venv/bin/python -m tests.means.table`.

What each of the six may do:

- **touch**: a finger comes down on the glass, at one place at a time.
- **keyboard**: an ordinary keyboard; digits choose answers, Tab and Enter reach everything else, letters write.
- **5-key pad**: previous, next, press, back and help, by the scan codes in the configuration. Words are written and
  numbers given on the keys of the screen.
- **two switches**: next and press, likewise.
- **voice**: what is said into the microphone, after what is heard. Where a petition is needed, it is spoken.
- **screen reader**: names and roles in the tree of AT-SPI, and their actions, from another program.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One journey by one means."""

    means: str
    journey: Journey
    test: str = ""
    """The test that finishes it where tests/means does not."""
    excluded: str = ""
    """Why it need not be finished."""
    broken: str = ""
    """Why it can't be finished yet."""
    slow: bool = field(init=False)
    """Whether it takes so long that only ./test --all tries it."""

    def __post_init__(self) -> None:
        always = self.journey.always
        seldom = always is not None and self.means not in always
        object.__setattr__(self, "slow", self.means == "voice" or self.journey.slow or seldom)

    @property
    def tried(self) -> bool:
        """Whether tests/means tries it."""
        return not (self.test or self.excluded)

    @property
    def mark(self) -> str:
        """What stands in the table."""
        return "–" if self.excluded else "not yet" if self.broken else "✓"


def cells(source: Path = SOURCE) -> list[Cell]:
    """Return every cell, journey by journey; raises ValueError for an entry that gives no cell or no reason."""
    told = tomllib.loads(source.read_text("utf-8"))
    entries: dict[tuple[str, str], dict[str, str]] = {}
    for kind, name in (("elsewhere", "test"), ("excluded", "why"), ("broken", "why")):
        for entry in told.pop(kind, []):
            place = (entry["means"], entry["journey"])
            if place in entries or not entry.get(name, "").strip():
                raise ValueError(f"{kind} {place} stands there twice, or without its {name}")
            entries[place] = {"test" if kind == "elsewhere" else kind: entry[name]}
    made = [
        Cell(means=means, journey=journey, **entries.pop((means, journey.id), {}))
        for journey in JOURNEYS
        for means in MEANS
    ]
    if told or entries:
        raise ValueError(f"no such cells: {[*told, *entries]}")
    return made


def page() -> str:
    """Return docs/means.md."""
    made = cells()
    lines = ["| journey |" + "".join(f" {name} |" for name in MEANS.values()), "|---|" + ":-:|" * len(MEANS)]
    lines += [
        f"| {journey.name} |" + "".join(f" {cell.mark} |" for cell in made if cell.journey is journey)
        for journey in JOURNEYS
    ]
    why = [
        f"- {cell.journey.name}, by {MEANS[cell.means]}: {cell.excluded or cell.broken}."
        for cell in made
        if cell.excluded or cell.broken
    ]
    where = [f"- {cell.journey.name}, by {MEANS[cell.means]}: `{cell.test}`" for cell in made if cell.test]
    slow = ["by voice", *(f"“{journey.name}”" for journey in JOURNEYS if journey.slow)]
    told = f"The others are `tests/means/test_journeys.py`; run by `./test --all` only: {', '.join(slow)}."
    told += "".join(f" By other means than {_named(means)}, too: {', '.join(names)}." for means, names in _seldom())
    return "\n".join(
        [HEADING, *lines, "", "Where there is no ✓:", "", *why, "", "Tested elsewhere:", "", *where, "", told, ""]
    )


def _seldom() -> Iterator[tuple[frozenset[str], list[str]]]:
    """Yield means, and the journeys that every run makes by those alone."""
    for means in dict.fromkeys(journey.always for journey in JOURNEYS if journey.always is not None):
        yield means, [f"“{journey.name}”" for journey in JOURNEYS if journey.always == means]


def _named(means: frozenset[str]) -> str:
    return " and ".join(name for each, name in MEANS.items() if each in means)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
