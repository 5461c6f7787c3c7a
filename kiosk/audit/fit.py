"""How text fits at each size, on each glass, in each language: screens, what was clipped, the smallest letters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kiosk.audit.ledger import Fault, Found, Measured, Spot
from petition.screen import Screen
from ui.page import Page
from ui.widgets.answer import Answer

CAPITALS, STEPPED_BACK = "cap height, ", "parts that stepped back for want of room"
"""How the figures begin that are read here."""


@dataclass(slots=True)
class Fit:
    """What was met at one size, on one glass, in one language."""

    screens: int = 0
    clipped: int = 0
    """Whatever is wrong with the room that text has: row 2."""
    least_cap_mm: float = float("inf")
    stepped_back: int = 0
    """Parts that are not shown because larger letters took their room; no letter is made smaller for them."""


@dataclass(slots=True)
class Fits:
    """All of it, by (size, glass, language)."""

    of: dict[tuple[str, str, str], Fit] = field(default_factory=dict)

    def take(self, found: Iterable[Found], spot: Spot) -> None:
        """Count one screen."""
        way = spot.way
        fit = self.of.setdefault((way.size, way.glass, way.language), Fit())
        fit.screens += 1
        for one in found:
            if one.row == 2 and (isinstance(one, Fault) or (one.asked and not one.holds)):
                fit.clipped += 1
            elif isinstance(one, Measured) and one.name.startswith(CAPITALS):
                fit.least_cap_mm = min(fit.least_cap_mm, one.value)
            elif isinstance(one, Measured) and one.name == STEPPED_BACK:
                fit.stepped_back += round(one.value)

    def merge(self, other: "Fits") -> None:
        """Take over what was counted elsewhere."""
        for key, fit in other.of.items():
            mine = self.of.setdefault(key, Fit())
            mine.screens += fit.screens
            mine.clipped += fit.clipped
            mine.least_cap_mm = min(mine.least_cap_mm, fit.least_cap_mm)
            mine.stepped_back += fit.stepped_back


def stepped_back(page: Page, screen: Screen) -> Iterator[Found]:
    """Yield what has no room: name, title, line under it, words of a sign, and answers' notes, still told by ear."""
    heading = (
        *((page.service, screen.service_name), (page.title, screen.title), (page.body, screen.body)),
        (page.camera.words, screen.camera),
    )
    missing = sum(bool(words) and not text.isVisibleTo(page) for text, words in heading)
    for answer in page.controls():
        if isinstance(answer, Answer) and answer.note and not answer.notes_shown:
            missing += 1
            if answer.note not in answer.accessibleDescription():
                yield Fault(row=2, what=f"a note that has no room is told to nobody: {answer.text()}")
    yield Measured(row=2, name=STEPPED_BACK, value=missing, limit=0, at_most=True, asked=False)
