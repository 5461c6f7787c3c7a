"""The audit: shows every step in every way, measures it, and writes the report."""

import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from assets.words import load_translations
from kiosk.audit.conversation import anonymous, forgetting, speech, time_limits, words_to_say
from kiosk.audit.ledger import Fault, Found, Ledger, Measured, Spot
from kiosk.audit.matrix import FULL, GLASSES, PAIRWISE, Way
from kiosk.audit.measures import on_every_screen, on_some_screens
from kiosk.audit.moments import NOON, sample
from kiosk.audit.window import discard, strikes, wiped
from petition.derive import Context, screen
from petition.model import Language
from petition.screen import Screen
from petition.script.book import STEPS
from petition.state import RATES, VOLUMES, Rules
from ui.audit import contrast, contrast_faults
from ui.look import themes, tokens
from ui.window import KioskWindow

EVERY = 7
"""So many screens apart pixels are looked at: no divisor of the screens of a way, so that each step has its turn."""
DEFAULT_CONTRAST, MOST_CONTRAST = 10.0, 21.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit found, on how many screens, in how many seconds."""

    ledger: Ledger
    ways: int
    screens: int
    sampled: int
    seconds: float
    quick: bool


def shown(spot: Spot) -> Screen:
    """Return what a step shows in a way, in the middle of a visit."""
    way = spot.way
    state = sample(spot.step, Language(way.language), way.size, way.theme)
    context = Context(translate=load_translations(way.language), now=NOON)
    return screen(replace(state, help_shown=spot.help_shown), context)


@contextmanager
def a_window(glass: str) -> Iterator[KioskWindow]:
    """Give a window on a glass, and let go of it afterwards."""
    window = KioskWindow(lambda _: None, GLASSES[glass], now=lambda: NOON, reduced_motion=True)
    window.show()
    QApplication.processEvents()
    yield window
    discard(window)


def application() -> QApplication:
    """Return the application, drawing without a display: glasses may be larger than the one there is."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication([])


def audit(*, quick: bool) -> Audit:
    """Measure everything; `quick` shows a pairwise cover of the ways instead of all of them."""
    began = time.monotonic()
    application()
    ledger = Ledger()
    ways = PAIRWISE if quick else FULL
    for language in Language:
        ledger.take(words_to_say(language, load_translations(language)))
    for found in (speech(RATES, VOLUMES), time_limits(Rules()), forgetting(), anonymous(), theme_pairs()):
        ledger.take(found)
    way = Way("larger", "light", "zh_Hans", "landscape")
    ledger.take(strikes(shown(Spot(step="kind", way=way)), GLASSES[way.glass]))
    with a_window(way.glass) as window:
        for step in STEPS:
            spot = Spot(step=step, way=way)
            window.show_screen(shown(spot))
            ledger.take(wiped(window), spot)
    screens, sampled = _screens(ledger, ways)
    return Audit(
        ledger=ledger,
        ways=len(ways),
        screens=screens,
        sampled=sampled,
        seconds=time.monotonic() - began,
        quick=quick,
    )


def _screens(ledger: Ledger, ways: Collection[Way]) -> tuple[int, int]:
    """Show every step, its help hidden and shown, in every way; return how many screens, and of how many the pixels."""
    screens = sampled = 0
    for way in sorted(ways):
        with a_window(way.glass) as window:
            for step in STEPS:
                for help_shown in (False, True):
                    spot = Spot(step=step, way=way, help_shown=help_shown)
                    made = shown(spot)
                    window.show_screen(made)
                    screens += 1
                    found = [*on_every_screen(window, made)]
                    if screens % EVERY == 0:
                        sampled += 1
                        found += on_some_screens(window)
                    ledger.take(found, spot)
    return screens, sampled


def theme_pairs() -> Iterator[Found]:
    """Yield the contrasts of the themes by their colours."""
    for theme in themes():
        yield from (Fault(row=3, what=f"{theme}: {fault}") for fault in contrast_faults(theme))
        colours = tokens()["themes"][theme]
        body = contrast(colours["text"], colours["bg"])
        limit = {themes()[0]: DEFAULT_CONTRAST, "dark": MOST_CONTRAST}.get(theme, 7.0)
        yield Measured(row=3, name=f"body text of the theme {theme}", value=round(body, 2), limit=limit, unit=": 1")


def picture(spot: Spot, file: Path) -> None:
    """Keep a screen as a picture."""
    with a_window(spot.way.glass) as window:
        window.show_screen(shown(spot))
        if window.page is not None:
            window.page.grab().save(str(file))
