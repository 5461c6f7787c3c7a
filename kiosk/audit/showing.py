"""Shows the screens that are measured: the step of a spot in its way, in a window that draws without a display."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from PySide6.QtWidgets import QApplication

from assets.words import load_translations
from kiosk.audit.ledger import Spot
from kiosk.audit.matrix import GLASSES
from kiosk.audit.moments import NOON, sample
from kiosk.audit.window import discard
from petition.derive import Context, screen
from petition.model import Language
from petition.screen import Screen
from petition.state import State
from ui.window import KioskWindow


def application() -> QApplication:
    """Return the application, drawing without a display: glasses may be larger than the one there is."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication([])


@cache
def context(language: str) -> Context:
    """Return the words of a language, at noon."""
    return Context(translate=load_translations(language), now=NOON)


def state_of(spot: Spot) -> State:
    """Return the visit in the middle of the spot's step."""
    way = spot.way
    state = sample(spot.step, Language(way.language), way.size, way.theme)
    preferences = replace(state.preferences, reach=way.reach, curtain=spot.curtain)
    return replace(state, help_shown=spot.help_shown, preferences=preferences)


def shown(spot: Spot) -> Screen:
    """Return what a step shows in a way, in the middle of a visit."""
    return screen(state_of(spot), context(spot.way.language))


@contextmanager
def a_window(glass: str, post: Callable[[object], None] = lambda _: None) -> Iterator[KioskWindow]:
    """Give a window on a glass, and let go of it afterwards."""
    window = KioskWindow(post, GLASSES[glass], now=lambda: NOON, reduced_motion=True)
    window.show()
    QApplication.processEvents()
    yield window
    discard(window)


def picture(spot: Spot, file: Path) -> None:
    """Keep a screen as a picture."""
    with a_window(spot.way.glass) as window:
        window.show_screen(shown(spot))
        window.grab().save(str(file))
