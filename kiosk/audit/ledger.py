"""What was measured, row by row: the worst of each figure, where it was met, and what lies beyond its limit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from kiosk.audit.matrix import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The screen on which something was measured."""

    step: str
    way: Way
    help_shown: bool = False

    def __str__(self) -> str:
        return f"{self.step} ({', '.join((*self.way, *(('help shown',) if self.help_shown else ())))})"


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

    def __str__(self) -> str:
        bound = "at most" if self.at_most else "at least"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.name} {self.value:.4g}{unit} ({bound} {self.limit:.4g})" + (f": {self.of}" if self.of else "")


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


@dataclass(slots=True)
class Ledger:
    """Collects what is found; a fault met on many screens is told once, with the first of them and their number."""

    worst: dict[tuple[int, str], Worst] = field(default_factory=dict)
    faults: dict[tuple[int, str], Spot | None] = field(default_factory=dict)
    times: Counter[tuple[int, str]] = field(default_factory=Counter)
    screens: Counter[int] = field(default_factory=Counter)
    """How many screens each row was measured on."""

    def take(self, found: Iterable[Found], spot: Spot | None = None) -> None:
        """Take what was found on one screen, or in the script as a whole."""
        rows = set()
        for one in found:
            rows.add(one.row)
            if isinstance(one, Fault):
                self._fault(one.row, one.what, spot)
                continue
            key = (one.row, one.name)
            before = self.worst.get(key)
            if before is None:
                self.worst[key] = Worst(measured=one, spot=spot)
            else:
                before.count += 1
                if one.margin < before.measured.margin:
                    before.measured, before.spot = one, spot
            if one.asked and not one.holds:
                self._fault(one.row, str(one), spot)
        if spot is not None:
            self.screens.update(rows)

    def _fault(self, row: int, what: str, spot: Spot | None) -> None:
        self.faults.setdefault((row, what), spot)
        self.times[row, what] += 1

    def figures(self, row: int) -> list[Worst]:
        """Return the worst figures of a row."""
        return [worst for (of, _), worst in self.worst.items() if of == row]

    def faults_of(self, row: int) -> list[tuple[str, Spot | None, int]]:
        """Return (what, the first screen, how often) for all that is wrong in a row."""
        return [(what, spot, self.times[of, what]) for (of, what), spot in self.faults.items() if of == row]
