"""Where things stand for who cannot reach high, or uses the left hand; and what a covered screen still shows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QWidget

from kiosk.audit.ledger import Fault, Found, Measured, Spot
from kiosk.audit.matrix import USUAL, Way
from kiosk.audit.measures import contrasts, targets
from kiosk.audit.pixels import Pixels, pixels_of
from kiosk.audit.showing import a_window, shown
from petition.script.book import STEPS
from petition.steps import Layout
from ui.arrange import visible_boxes
from ui.audit import highest_control
from ui.widgets.control import Control
from ui.window import KioskWindow

LOW, LEFT = "low", "left"
MIDDLE = 0.5
CURTAINS = (
    Way("largest", "dark", "en", "small"),
    Way("larger", "light", "zh_Hans", "landscape"),
    Way("largest", "low", "zh_Hant", "portrait"),
    Way("normal", "medium", "en", "landscape", LOW),
)


def standing(window: KioskWindow, spot: Spot) -> Iterator[Found]:
    """Yield how high the highest control stands where all should stand low, and how far left where that was asked."""
    page, reach, glass = window.page, spot.way.reach, spot.way.glass
    if page is None or reach == USUAL:
        return
    if reach == LOW:
        name = f"highest control where they stand low, {glass} glass"
        limit = (page.height() // 2 - 1) / page.height()  # a pixel is within the measure
        of = f"a {page.screen_shown.layout} screen"
        yield Measured(row=13, name=name, value=highest_control(window), limit=limit, unit="of the height", of=of)
        return
    boxes = [box for _, box in visible_boxes(page, Control)]
    area = sum(box.width() * box.height() for box in boxes)
    middle = sum(box.width() * box.height() * box.center().x() for box in boxes) / max(1, area) / page.width()
    name = f"middle of the controls where they stand at the left, {glass} glass"
    unit = "of the width"
    yield Measured(row=13, name=name, value=middle, limit=MIDDLE, unit=unit, at_most=True, asked=False)


# -- the curtain -------------------------------------------------------------------------------------------------------


def covered(ways: Iterable[Way]) -> Iterator[tuple[Spot, list[Found]]]:
    """Cover every step in some ways; yield what still shows through, and what its button is like."""
    for way in ways:
        before: dict[object, Pixels] = {}
        with a_window(way.glass) as window:
            for step in STEPS:
                spot = Spot(step=step, way=way, curtain=True)
                window.show_screen(shown(spot))
                seen = len(before)
                found = [*through(window, spot, before)]
                yield spot, [*found, *_its_button(window)] if len(before) > seen else found


def through(window: KioskWindow, spot: Spot, before: dict[object, Pixels]) -> Iterator[Found]:
    """Compare a covered screen with those before on which the kiosk does the same: only that may be seen.

    `before` holds how they were painted, and takes this one.
    """
    made = shown(spot)
    if made.curtain is None:
        return
    warning = spot.step if made.layout is Layout.COUNTDOWN else ""
    alike = (made.caption.state, made.caption.word, made.caption.ear, warning, made.alarm, made.camera)
    painted = pixels_of(window)
    other = before.setdefault(alike, painted)
    differing = 0 if np.array_equal(painted, other) else int((painted != other).any(axis=-1).sum())
    name = "pixels of a covered screen that tell what is beneath"
    yield Measured(row=11, name=name, value=differing, limit=0, at_most=True, unit="px")
    if window.curtain is None:
        yield Fault(row=11, what=f"{spot.step} is shown though it should be covered")


def _its_button(window: KioskWindow) -> Iterator[Found]:
    """Yield contrast, size, words and room of what stands on the curtain."""
    curtain = window.curtain
    if curtain is None:
        return
    named = (*contrasts(curtain), *targets(curtain))
    yield from (replace(one, name=f"{one.name}, on the curtain") if isinstance(one, Measured) else one for one in named)
    for widget, box in visible_boxes(curtain, QWidget):
        own = getattr(widget, "faults", None)
        if not curtain.rect().contains(box):
            yield Fault(row=2, what=f"beyond the curtain: {type(widget).__name__}")
        if own is not None:
            yield from (Fault(row=2, what=fault) for fault in own())
