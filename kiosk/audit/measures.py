"""What a program can measure on a screen as it is shown: rows 1 to 5 and 8 of the table in `kiosk/audit/rows.py`."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.audit.by_ear import may_speak, said_by, sayable, unsaid
from kiosk.audit.fit import CAPITALS, stepped_back
from kiosk.audit.grey import LEAST_DIFFERING_PX
from kiosk.audit.ledger import Fault, Found, Measured, Spot
from kiosk.audit.pixels import Pixels, differing, ink_contrast, luminances, pixels_of, ratio
from kiosk.audit.showing import state_of
from petition.events import ChoicePressed, CommandGiven
from petition.screen import Screen
from petition.script.book import STEPS
from petition.steps import Input
from petition.writing import FELT_IN_EAR
from ui.arrange import visible_boxes
from ui.audit import LEAST_GAP_MM, SHAPE_FLOOR, TEXT_FLOOR, faults, gap
from ui.layouts.choices import Turned
from ui.lines import Lines
from ui.look import MM_PER_INCH, Look, tokens
from ui.page import Page
from ui.widgets.control import LEAST_HEIGHT_MM, LEAST_WIDTH_MM, Control
from ui.widgets.curtain import Curtain
from ui.widgets.focus_ring import FocusRing
from ui.widgets.foot import Foot
from ui.widgets.hero import Hero
from ui.widgets.text import Text
from ui.window import KioskWindow

MM_PER_DP = MM_PER_INCH / 160
LEAST_DP = 60
POINTS_PER_MM = 72 / MM_PER_INCH
LEAST_POINTS = {"normal": 18.0, "large": 18.0, "larger": 18.0, "largest": 30.0}
LEAST_LINE_SPACING = 1.3
MOST_HANZI, MOST_LETTERS = 40, 80
SPECIMENS = "settings_text"
"""The step on which each answer is written in the size it stands for."""
LEAST_RING_PX = 2
ROW_OF = {"target of": 4, "gap of": 4, "a control without": 8}
"""Rows of what `ui.audit.faults` tells, by how it begins; all else is about fitting: row 2."""


def on_every_screen(window: KioskWindow, spot: Spot, screen: Screen) -> Iterator[Found]:
    """Yield what is measured on each and every screen; `screen` is what the spot shows."""
    page = window.page
    if page is None:
        return
    for fault in faults(window):
        yield Fault(row=next((row for begins, row in ROW_OF.items() if fault.startswith(begins)), 2), what=fault)
    yield from letters(page)
    yield from targets(page)
    yield from stepped_back(page, screen)
    yield from unsaid(page, spot)
    yield from names(page, screen)


def on_some_screens(window: KioskWindow, spot: Spot, posted: list[object]) -> Iterator[Found]:
    """Yield what takes longer: pixels, and the way of the focus. Leaves the focus where it ends.

    `posted` is where the window's events come in.
    """
    page = window.page
    if page is None:
        return
    yield from contrasts(page)
    yield from states_without_colour(page)
    yield from focus_order(window, spot, posted)
    yield from focus_ring(window)


# -- rows 1 and 2 ------------------------------------------------------------------------------------------------------


def _texts(page: Page) -> Iterator[tuple[str, Lines, bool]]:
    """Yield (name, lines, whether it is a specimen of another size) for every text that is shown."""
    for text, _ in visible_boxes(page, Text):
        if isinstance(text, Text) and text.text():
            yield text.text(), text.lines(text.width()), False
    sizes_offered = page.screen_shown.step == SPECIMENS
    for control in page.controls():
        for lines in control.all_lines():
            if lines.text:
                yield lines.text, lines, sizes_offered and control.option


def letters(page: Page) -> Iterator[Found]:
    """Yield cap heights, points, line spacing and line lengths."""
    look = page.look
    declared = float(tokens()["sizes"][look.size]["cap_mm"])
    pixel = 1 / look.glass.px_per_mm
    for name, lines, specimen in _texts(page):
        font = lines.font
        points = font.pixelSize() * pixel * POINTS_PER_MM
        if specimen:
            limit = LEAST_POINTS["normal"] - pixel / 2 * POINTS_PER_MM
            yield Measured(row=1, name="type of the sizes' specimens", value=points, limit=limit, unit="pt", of=name)
            limit = LEAST_POINTS[look.size] - pixel / 2 * POINTS_PER_MM
            beside = f"specimens beside type, {look.size}"
            yield Measured(row=1, name=beside, value=points, limit=limit, unit="pt", of=name)
        else:
            capital, limit = QFontMetricsF(font).capHeight() * pixel, declared - pixel / 2
            yield Measured(row=1, name=f"{CAPITALS}{look.size}", value=capital, limit=limit, unit="mm", of=name)
            limit = LEAST_POINTS[look.size] - pixel / 2 * POINTS_PER_MM
            yield Measured(row=1, name=f"type, {look.size}", value=points, limit=limit, unit="pt", of=name)
        if lines.count > 1:
            yield Measured(
                row=2,
                name="line spacing",
                value=lines.leading / font.pixelSize(),
                limit=LEAST_LINE_SPACING,
                unit="em",
                of=name,
            )
        for line in lines.strings():
            hanzi = sum(character >= "\u2e80" for character in line)
            yield Measured(row=2, name="hanzi a line", value=hanzi, limit=MOST_HANZI, at_most=True, of=line)
            if not hanzi:
                letters = len(line.rstrip())
                yield Measured(
                    row=2, name="letters a line", value=letters, limit=MOST_LETTERS, at_most=True, of=line, asked=False
                )


# -- row 3 -------------------------------------------------------------------------------------------------------------


def contrasts(page: Page | Curtain) -> Iterator[Found]:
    """Yield the contrast of texts with what is painted beneath them, and of controls' edges with the paper."""
    ring = page.findChild(FocusRing)
    if ring is not None:
        ring.hide()  # it comes back with the next move of the focus
    painted = pixels_of(page)
    for text, box in visible_boxes(page, Text):
        if isinstance(text, Text) and text.text().strip():
            contrast = ink_contrast(_cut(painted, box & page.rect()))
            yield _text_contrast(text.text(), contrast)
    for control in _controls(page):
        if control.text().strip():
            yield _text_contrast(control.text(), ink_contrast(_words_of(control)))
        box = QRect(control.mapTo(page, QPoint()), control.size())
        edge = _edge_contrast(painted, box, page.look)
        yield Measured(
            row=3, name="controls against the paper", value=edge, limit=SHAPE_FLOOR, unit=": 1", of=_name(control)
        )


def _controls(page: QWidget) -> list[Control]:
    """Return what can be pressed, in the order in which it was made."""
    return [one for one, _ in visible_boxes(page, Control) if isinstance(one, Control) and one.isEnabled()]


def _text_contrast(text: str, contrast: float) -> Measured:
    return Measured(row=3, name="painted text", value=contrast, limit=TEXT_FLOOR, unit=": 1", of=text)


def _words_of(control: Control) -> Pixels:
    """Return how the words of a control are painted, without its picture and number, whose colours are others."""
    number, icon = control.number, control.icon_name
    control.number, control.icon_name = "", ""
    try:
        painted = pixels_of(control)
    finally:
        control.number, control.icon_name = number, icon
    look, (high, wide) = control.look, painted.shape[:2]
    edge = look.line("strong") + look.line("control")
    if isinstance(control, Hero):  # its words stand at the bottom, under the picture
        words = sum(lines.height for lines in control.all_lines())
        bottom = high - look.lip - look.space("l")
        return painted[bottom - words : bottom, look.space("l") : wide - look.space("l")]
    right = look.space("l") + round(look.em("label") * 1.15) if control.option else 0
    return painted[edge : high - look.lip - edge, edge : max(edge + 1, wide - edge - right)]


def _edge_contrast(painted: Pixels, box: QRect, look: Look) -> float:
    """Return how far the edge or the face of a control stands out from what is left of it."""
    y, inside = box.center().y(), look.line("strong") + look.line("control")
    outside = max(0, box.left() - 2)
    lights = luminances(painted[y : y + 1, outside : box.left() + inside + 1])[0]
    return max(ratio(float(lights[0]), float(light)) for light in lights)


def states_without_colour(page: Page) -> Iterator[Found]:
    """Yield by how many pixels a chosen option differs from one that isn't, when all colour is taken away."""
    for control in page.controls():
        if control.option:
            before = control.isChecked()
            control.choose(False)
            off = pixels_of(control)
            control.choose(True)
            on = pixels_of(control)
            control.choose(before)
            yield Measured(
                row=3,
                name="pixels in which a chosen option differs in grey",
                value=differing(off, on, SHAPE_FLOOR),
                limit=LEAST_DIFFERING_PX,
                unit="px",
                of=_name(control),
            )


# -- row 4 -------------------------------------------------------------------------------------------------------------


def targets(page: Page | Curtain) -> Iterator[Found]:
    """Yield widths, heights and gaps of what can be pressed."""
    scale = page.look.glass.px_per_mm
    boxes = visible_boxes(page, Control)
    for control, box in boxes:
        name = _name(control)
        wide, high = box.width() / scale, box.height() / scale
        yield Measured(row=4, name="target width", value=wide, limit=LEAST_WIDTH_MM, unit="mm", of=name)
        yield Measured(row=4, name="target height", value=high, limit=LEAST_HEIGHT_MM, unit="mm", of=name)
        smaller = min(wide, high) / MM_PER_DP
        yield Measured(row=4, name="target's smaller side", value=smaller, limit=LEAST_DP, unit="dp", of=name)
    for (one, a), (two, b) in combinations(boxes, 2):
        between = gap(a, b) / scale
        of = f"{_name(one)} and {_name(two)}"
        yield Measured(row=4, name="gap", value=between, limit=LEAST_GAP_MM, unit="mm", of=of)


# -- row 8 -------------------------------------------------------------------------------------------------------------


def names(page: Page, screen: Screen) -> Iterator[Found]:
    """Yield what assistive technology would miss: names, roles, states, and answers that no control stands for."""
    controls = page.controls()
    nameless = strangers = 0
    for control in controls:
        told = QAccessible.queryAccessibleInterface(control)
        what = f"{type(control).__name__} at {control.geometry().getRect()}"
        if not told.isValid():
            yield Fault(row=8, what=f"not in the accessibility tree: {what}")
            continue
        name, role, state = told.text(QAccessible.Text.Name), told.role(), told.state()
        nameless += not name
        if role not in (QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton):
            yield Fault(row=8, what=f"its role is {role.name}, not that of something to press: {name or what}")
        if not state.focusable:
            yield Fault(row=8, what=f"not told as focusable: {name or what}")
        label = control.text().strip()
        if isinstance(control.act, ChoicePressed | CommandGiven) and label not in name:
            strangers += 1
            yield Fault(row=8, what=f"called {name!r}, not what stands on it: {label}")
        if control.option and bool(state.checked) is not control.isChecked():
            yield Fault(row=8, what=f"not told whether it is chosen: {name or what}")
    yield Measured(row=8, name="controls without a name", value=nameless, limit=0, at_most=True)
    yield Measured(row=8, name="labels that are not in the name", value=strangers, limit=0, at_most=True)
    acts = [control.act for control in controls]
    wanted = [ChoicePressed(choice_id=button.id) for button in screen.buttons]
    if any(isinstance(act, Turned) for act in acts):
        wanted = []  # answers that stand on several pages: a key that is measured itself turns them
    for act in (*wanted, *(CommandGiven(command=footer.command) for footer in screen.footer)):
        if act not in acts:
            yield Fault(row=8, what=f"nothing on the screen that can be reached stands for {act}")


def focus_order(window: KioskWindow, spot: Spot, posted: list[object]) -> Iterator[Found]:
    """Press Tab until the focus is back; yield controls it never reached or in silence, and whether it came round.

    Of a PIN, a name or an ID number the keys are named in headphones alone, or everybody would hear it.
    Where keys are tried, Tab too only says what it is for: row 10 measures how any key leads on from there.
    """
    page = window.page
    if page is None or page.screen_shown.takes is Input.KEYS:
        return
    controls = _controls(page)
    reached: list[object] = []
    state = state_of(spot)
    in_ear = STEPS[spot.step].writes in FELT_IN_EAR  # there alone it is said
    silent, state = 0, replace(state, headphones=state.headphones or in_ear)
    for _ in range(len(controls) + 1):
        del posted[:]
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(QApplication.focusWidget() or window, event)
        reached.append(QApplication.focusWidget())
        if may_speak(state) and not any(sayable(said_by(state, event)) for event in posted):
            silent += 1
            yield Fault(row=5, what=f"nothing is said when the focus comes to {_name(reached[-1])}")
    yield Measured(row=5, name="controls the focus comes to in silence", value=silent, limit=0, at_most=True)
    missed = [control for control in controls if control not in reached]
    if missed:
        around = _name(QApplication.focusWidget())
        yield Fault(row=8, what=f"the focus never comes to {_name(missed[0])}: it stays around {around}")
    elif reached[-1] is not reached[0]:
        yield Fault(row=8, what="the focus does not come round")
    yield Measured(row=8, name="controls the focus does not come to", value=len(missed), limit=0, at_most=True)
    yield from reading_order([(c, QRect(c.mapTo(page, QPoint()), c.size())) for c in controls if c in reached], reached)


def reading_order(boxes: list[tuple[Control, QRect]], reached: list[object]) -> Iterator[Found]:
    """Yield moves of the focus against the reading order: up or back along a line, but not on to another column."""
    order = sorted(boxes, key=lambda pair: reached.index(pair[0]))
    start = next((at for at, (control, _) in enumerate(order) if control is boxes[0][0]), 0)
    round_trip = order[start:] + order[:start]
    moves: list[str] = []
    for at, ((one, before), (other, after)) in enumerate(pairwise(round_trip), 1):
        up = after.bottom() < before.top() and after.left() <= before.right()
        along = before.top() <= after.center().y() <= before.bottom() and after.right() < before.left()
        if (up or along) and not _goes_to_the_next_column(round_trip, at):
            moves.append(f"from {_name(one)} to {_name(other)}")
    name = "moves of the focus against the reading order"
    of = ", ".join(moves)
    yield Measured(row=8, name=name, value=len(moves), limit=0, at_most=True, of=of)


def _goes_to_the_next_column(order: list[tuple[Control, QRect]], at: int) -> bool:
    """Whether all that is still to come above the footer stands at the left of all that was: for the left hand."""
    before = [box for _, box in order[:at]]
    after = [box for control, box in order[at:] if not isinstance(control, Foot)]
    return bool(after) and max(box.right() for box in after) < min(box.left() for box in before)


def focus_ring(window: KioskWindow) -> Iterator[Found]:
    """Yield the ring of the control that has the focus: both its tones as painted, their widths and contrast."""
    page, focused = window.page, QApplication.focusWidget()
    if page is None or not isinstance(focused, Control):
        return
    look, ring = page.look, page.findChild(FocusRing)
    inner, outer = look.colour("focus_inner"), look.colour("focus_outer")
    box = QRect(focused.mapTo(page, QPoint()), focused.size())
    painted = pixels_of(page)
    reach = look.mm(tokens()["focus_mm"]["inner"]) + look.mm(tokens()["focus_mm"]["outer"])
    beside = painted[box.center().y(), max(0, box.left() - reach) : box.left()]
    for name, colour in (("inner", inner), ("outer", outer)):
        wide = int(np.count_nonzero((beside == _rgb(colour)).all(axis=-1)))
        of = "" if ring is not None and ring.isVisible() else "no ring is shown"
        yield Measured(row=8, name=f"focus ring, {name} tone", value=wide, limit=LEAST_RING_PX, unit="px", of=of)
    lights = luminances(np.array([_rgb(inner), _rgb(outer)], dtype=np.uint8))
    tones = ratio(float(lights[0]), float(lights[1]))
    yield Measured(row=3, name="the ring's two tones", value=tones, limit=SHAPE_FLOOR, unit=": 1")


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


# -- what is shown -----------------------------------------------------------------------------------------------------


def _cut(painted: Pixels, box: QRect) -> Pixels:
    return painted[box.top() : box.bottom() + 1, box.left() : box.right() + 1]


def _name(widget: object) -> str:
    if isinstance(widget, Control):
        return widget.text() or widget.accessibleName() or type(widget).__name__
    return type(widget).__name__
