"""What was measured, row by row: the worst of each figure, where it was met, and what lies beyond its limit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from kiosk.audit.matrix import USUAL, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The screen on which something was measured."""

    step: str
    way: Way
    help_shown: bool = False
    curtain: bool = False

    def __str__(self) -> str:
        told = list(self.way[:4])
        told += [f"controls {self.way.reach}"] if self.way.reach != USUAL else []
        told += ["help shown"] if self.help_shown else []
        told += ["covered"] if self.curtain else []
        return f"{self.step} ({', '.join(told)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One figure: of a row, by a name, `limit` at least (or at most)."""

    row: int
    name: str
    value: float
    limit: float
    unit: str = ""
    at_most: bool = False
    of: str = ""
    """What it was measured on, for who has to mend it."""
    asked: bool = True
    """Whether the table asks for it; what it does not ask for is told and fails nothing."""

    @property
    def holds(self) -> bool:
        """Whether it keeps its limit."""
        return self.margin >= 0

    @property
    def margin(self) -> float:
        """How much of the limit is left over; the least is the worst."""
        return self.limit - self.value if self.at_most else self.value - self.limit

    @property
    def tightness(self) -> float:
        """How near to its limit it came, as a share of the limit, the nearest first; counts of nothing come last."""
        return self.margin / self.limit if self.limit else float("inf") if self.holds else float("-inf")

    @property
    def bound(self) -> str:
        """On which side of the limit it has to stay, in words."""
        return "at most" if self.at_most else "at least"

    @property
    def told(self) -> str:
        """The figure with its unit."""
        gap = "" if self.unit in {"×", ""} else " "
        return f"{self.value:.4g}{gap}{self.unit}"

    def __str__(self) -> str:
        return f"{self.name} {self.told} ({self.bound} {self.limit:.4g})" + (f": {self.of}" if self.of else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is wrong whatever its size."""

    row: int
    what: str


Found = Measured | Fault


@dataclass(slots=True, kw_only=True)
class Worst:
    """The worst of one figure so far."""

    measured: Measured
    spot: Spot | None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something that is wrong, with the first screen it was met on, and how often it was."""

    row: int
    what: str
    figure: str
    """The name of the figure that lies beyond its limit; "" for what has no figure."""
    first: Spot | None
    times: int


@dataclass(slots=True)
class Ledger:
    """Collects what is found; a fault met on many screens is told once, with the first of them and their number."""

    worst: dict[tuple[int, str], Worst] = field(default_factory=dict)
    faults: dict[tuple[int, str, str], Spot | None] = field(default_factory=dict)
    """By row, words and figure, the first screen."""
    times: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    screens: Counter[int] = field(default_factory=Counter)
    """How many screens each row was measured on."""

    def take(self, found: Iterable[Found], spot: Spot | None = None) -> None:
        """Take what was found on one screen, or in the script as a whole."""
        rows = set()
        for one in found:
            rows.add(one.row)
            if isinstance(one, Fault):
                self._fault((one.row, one.what, ""), spot)
                continue
            self._figure(Worst(measured=one, spot=spot))
            if one.asked and not one.holds:
                self._fault((one.row, str(one), one.name), spot)
        if spot is not None:
            self.screens.update(rows)

    def merge(self, other: "Ledger") -> None:
        """Take over all that another ledger holds; what was met first stays the first."""
        for worst in other.worst.values():
            self._figure(worst)
        for key, spot in other.faults.items():
            self._fault(key, spot, other.times[key])
        self.screens.update(other.screens)

    def _figure(self, new: Worst) -> None:
        key = (new.measured.row, new.measured.name)
        before = self.worst.get(key)
        if before is None:
            self.worst[key] = new
            return
        before.count += new.count
        if new.measured.margin < before.measured.margin:
            before.measured, before.spot = new.measured, new.spot

    def _fault(self, key: tuple[int, str, str], spot: Spot | None, times: int = 1) -> None:
        self.faults.setdefault(key, spot)
        self.times[key] += times

    def figures(self, row: int) -> list[Worst]:
        """Return the worst figures of a row."""
        return [worst for (of, _), worst in self.worst.items() if of == row]

    def faults_of(self, row: int) -> list[Wrong]:
        """Return all that is wrong in a row."""
        return [
            Wrong(row=row, what=what, figure=figure, first=spot, times=self.times[of, what, figure])
            for (of, what, figure), spot in self.faults.items()
            if of == row
        ]
