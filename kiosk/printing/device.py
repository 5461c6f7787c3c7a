"""What both kinds of printers are to the thread that prints: something one waits for."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from petition.ports import PrinterState, PrintOutcome
from petition.slip import PaperReceipt

Told = Callable[[PrinterState], None]
"""Takes how the printer is, as often as it is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of one slip."""

    outcome: PrintOutcome
    state: PrinterState


class Device(Protocol):
    """A printer. Its methods wait for it, for a limited time, and none raises what it does to us."""

    def state(self) -> PrinterState:
        """Return how it is; seconds when it does not answer."""

    def print_slip(self, slip: PaperReceipt, told: Told, leaving: threading.Event) -> Ended:
        """Print a slip once and return what became of it; gives up as soon as `leaving` is set."""

    def withdraw_leftovers(self) -> None:
        """Have nothing of a slip come out later, or on another's paper, that a kiosk sent which ended meanwhile."""
