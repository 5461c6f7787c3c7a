"""The audit: shows every step in every way, measures it, and hands over what it found."""

import multiprocessing
import multiprocessing.connection
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import product

from kiosk.audit.by_ear import headphones, practice, repeated, whereabouts
from kiosk.audit.conversation import anonymous, forgetting, speech, time_limits, words_to_say
from kiosk.audit.fit import Fits
from kiosk.audit.grey import KINDS, states_of
from kiosk.audit.ledger import Fault, Found, Ledger, Measured, Spot
from kiosk.audit.matrix import FULL, GLASSES, PAIRWISE, Way
from kiosk.audit.measures import on_every_screen, on_some_screens
from kiosk.audit.places import CURTAINS, covered, standing
from kiosk.audit.showing import a_window, application, context, shown
from kiosk.audit.window import by_one_finger, explored, lifted, strikes, wiped
from petition.model import Language
from petition.script.book import STEPS
from petition.state import RATES, VOLUMES, Rules
from ui.audit import contrast, contrast_faults
from ui.look import Look, sizes, themes, tokens

EVERY = 7
"""So many screens apart pixels are looked at: no divisor of the screens of a way, so that each step has its turn."""
MOST_PROCESSES = 2
"""More would be in the way of whatever else the machine does; each holds its screens and pixels."""
DEFAULT_CONTRAST, MOST_CONTRAST = 10.0, 21.0
PLAIN = Way("larger", "light", "zh_Hans", "landscape")


@dataclass(slots=True)
class Sweep:
    """What was found on some ways' screens."""

    ledger: Ledger = field(default_factory=Ledger)
    fits: Fits = field(default_factory=Fits)
    screens: int = 0
    sampled: int = 0

    def merge(self, other: "Sweep") -> None:
        """Take over what was found on other ways' screens."""
        self.ledger.merge(other.ledger)
        self.fits.merge(other.fits)
        self.screens += other.screens
        self.sampled += other.sampled


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit found, on how many screens, in how many seconds."""

    ledger: Ledger
    fits: Fits
    ways: int
    screens: int
    sampled: int
    seconds: float
    quick: bool


def audit(*, quick: bool) -> Audit:
    """Measure everything; `quick` shows a pairwise cover of the ways, by this process alone, instead of all of them."""
    began = time.monotonic()
    application()
    ways = sorted(PAIRWISE if quick else FULL)
    swept = Sweep()
    for found in _in_the_script():
        swept.ledger.take(found)
    _on_windows(swept.ledger, CURTAINS[:1] if quick else CURTAINS)
    if quick:
        swept.merge(sweep(tuple(enumerate(ways))))
    else:
        _share(tuple(enumerate(ways)), swept)
    return Audit(
        ledger=swept.ledger,
        fits=swept.fits,
        ways=len(ways),
        screens=swept.screens,
        sampled=swept.sampled,
        seconds=time.monotonic() - began,
        quick=quick,
    )


def _in_the_script() -> Iterator[Iterator[Found]]:
    """Yield what is measured without a screen."""
    for language in Language:
        yield words_to_say(language, context(language).translate)
    yield speech(RATES, VOLUMES)
    yield time_limits(Rules())
    measures: tuple[Callable[[], Iterator[Found]], ...]
    measures = (forgetting, anonymous, theme_pairs, headphones, repeated, whereabouts, practice)
    for measure in measures:
        yield measure()


def _on_windows(ledger: Ledger, curtains: Sequence[Way]) -> None:
    """Take what is measured on a window or a widget of its own, or with the curtain drawn in some ways."""
    glass = GLASSES[PLAIN.glass]
    ledger.take(strikes(shown(Spot(step="kind", way=PLAIN)), glass))
    ledger.take(lifted(shown(Spot(step="kind", way=PLAIN)), glass))
    ledger.take(by_one_finger(shown(Spot(step="type_text", way=PLAIN._replace(language="en"))), glass))
    for step in ("type_text", "progress_code"):
        for language in Language:
            ledger.take(explored(shown(Spot(step=step, way=PLAIN._replace(language=language))), glass))
    # What is smallest has the fewest pixels to differ in.
    smallest = [Look(theme=t, size=sizes()[0], language=PLAIN.language, glass=GLASSES["small"]) for t in themes()]
    ledger.take(states_of(KINDS, smallest))
    for spot, found in covered(curtains):
        ledger.take(found, spot)
    with a_window(PLAIN.glass) as window:
        for step in STEPS:
            spot = Spot(step=step, way=PLAIN)
            window.show_screen(shown(spot))
            ledger.take(wiped(window), spot)


def _share(ways: Sequence[tuple[int, Way]], swept: Sweep) -> None:
    """Sweep the ways by as many processes as there are processors, two at most."""
    count = min(MOST_PROCESSES, os.cpu_count() or 1)
    shares = [ways[first::count] for first in range(count)]
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=_end_with_the_parent) as pool:
        for part in pool.map(sweep, shares):
            swept.merge(part)


def _end_with_the_parent() -> None:
    """Leave no process at work for an audit that was ended."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            multiprocessing.connection.wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, name="end with the parent", daemon=True).start()


def sweep(ways: Sequence[tuple[int, Way]]) -> Sweep:
    """Show every step, its help hidden and shown, in some ways, each with its place among all ways."""
    application()
    swept = Sweep()
    spots_of_a_way = 2 * len(STEPS)
    for place, way in ways:
        posted: list[object] = []
        with a_window(way.glass, posted.append) as window:
            for at, (step, help_shown) in enumerate(product(STEPS, (False, True))):
                spot = Spot(step=step, way=way, help_shown=help_shown)
                made = shown(spot)
                window.show_screen(made)
                swept.screens += 1
                found = [*on_every_screen(window, spot, made), *standing(window, spot)]
                if (place * spots_of_a_way + at + 1) % EVERY == 0:
                    swept.sampled += 1
                    found += on_some_screens(window, spot, posted)
                swept.ledger.take(found, spot)
                swept.fits.take(found, spot)
    return swept


def theme_pairs() -> Iterator[Found]:
    """Yield the contrasts of the themes by their colours."""
    for theme in themes():
        yield from (Fault(row=3, what=f"{theme}: {fault}") for fault in contrast_faults(theme))
        colours = tokens()["themes"][theme]
        body = contrast(colours["text"], colours["bg"])
        limit = {themes()[0]: DEFAULT_CONTRAST, "dark": MOST_CONTRAST}.get(theme, 7.0)
        yield Measured(row=3, name=f"body text of the theme {theme}", value=round(body, 2), limit=limit, unit=": 1")
