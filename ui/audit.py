"""What is wrong with a page as it stands: clipped or overlapping parts, small targets, narrow gaps, weak contrast.

Used by tests over every screen, size, theme and language; reads, never changes.
"""

from itertools import combinations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from ui.arrange import visible_boxes
from ui.look import Look, tokens
from ui.widgets.control import Control
from ui.widgets.focus_ring import FocusRing
from ui.widgets.pictures import Sheet
from ui.window import KioskWindow

LEAST_GAP_MM = 2.54
TEXT_FLOOR, LARGE_TEXT_FLOOR, SHAPE_FLOOR = 7.0, 4.5, 3.0

TEXT_PAIRS = (
    *(
        ("text", "bg"),
        ("text", "card"),
        ("text", "strip"),
        ("text_soft", "bg"),
        ("text_soft", "card"),
        ("text_soft", "strip"),
    ),
    *(("on_primary", "primary"), ("on_primary_soft", "primary"), ("on_hero", "hero"), ("on_hero_soft", "hero")),
    *(("on_hero_disc", "hero_disc"), ("on_control", "control"), ("on_control", "pressed"), ("text", "chosen")),
    *(("on_badge", "badge"), ("on_seal", "seal"), ("on_mark", "mark"), ("on_notice", "notice")),
)
LARGE_TEXT_PAIRS = (("seal", "bg"), ("seal", "card"), ("on_disabled", "disabled"))
SHAPE_PAIRS = (
    *(
        ("line", "bg"),
        ("line", "card"),
        ("line", "strip"),
        ("control_lip", "bg"),
        ("primary", "bg"),
        ("hero_edge", "bg"),
    ),
    *(
        ("hero_disc", "hero"),
        ("badge", "card"),
        ("badge", "chosen"),
        ("badge", "bg"),
        ("badge", "strip"),
        ("seal", "strip"),
        ("focus_inner", "focus_outer"),
    ),
)


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def contrast_faults(theme: str) -> list[str]:
    """Return the pairs of a theme that lie below their floor; the ring is seen if either tone stands out."""
    colours = tokens()["themes"][theme]
    pairs = [(*pair, TEXT_FLOOR) for pair in TEXT_PAIRS]
    pairs += [(*pair, LARGE_TEXT_FLOOR) for pair in LARGE_TEXT_PAIRS]
    pairs += [(*pair, SHAPE_FLOOR) for pair in SHAPE_PAIRS]
    found = [
        f"{a} on {b}: {contrast(colours[a], colours[b]):.1f}"
        for a, b, floor in pairs
        if contrast(colours[a], colours[b]) < floor
    ]
    for ground in ("bg", "card", "primary", "control", "chosen", "strip"):
        seen = max(contrast(colours["focus_inner"], colours[ground]), contrast(colours["focus_outer"], colours[ground]))
        if seen < SHAPE_FLOOR:
            found.append(f"focus ring on {ground}: {seen:.1f}")
    return found


def faults(window: KioskWindow) -> list[str]:
    """Return everything that is wrong with what a window shows, in words; an empty list is a page that fits."""
    sheets = [sheet for sheet in (window.page, window.curtain) if sheet is not None]
    within = window.alarm.within if window.alarm is not None else None
    return [fault for sheet in sheets for fault in _faults_of(sheet, sheet.look, within or sheet.rect())]


def _faults_of(sheet: QWidget, look: Look, within: QRect) -> list[str]:
    found: list[str] = []
    for widget, box in visible_boxes(sheet, QWidget):
        if isinstance(widget, FocusRing):
            continue
        name = _name(widget)
        if not sheet.rect().contains(box):
            found.append(f"beyond the glass: {name} at {box.getRect()}")
        elif not within.contains(box):
            found.append(f"under the alarm: {name} at {box.getRect()}")
        own = getattr(widget, "faults", None)
        if own is not None:
            found += own()
    return found + _overlaps(sheet) + _narrow_gaps(sheet, look)


def highest_control(window: KioskWindow) -> float:
    """Return how high the highest control stands: the top of its face, as a share of the glass from above.

    0.5 is the middle of the glass: what `Screen.reach` "low" asks for. 1.0 where nothing can be pressed. Where the
    curtain is drawn, it is what can be pressed on the curtain.
    """
    sheet = window.curtain or window.page
    tops = [box.top() for _, box in visible_boxes(sheet, Control)] if sheet is not None else []
    return min(tops, default=window.height()) / max(1, window.height())


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return f"{type(widget).__name__} {text() if callable(text) else widget.accessibleName()}".strip()


def _overlaps(page: QWidget) -> list[str]:
    """Parts that lie on each other. Sheets carry other parts; a part lies on its parent."""
    boxes = [(w, b) for w, b in visible_boxes(page, QWidget) if not isinstance(w, Sheet | FocusRing)]
    found = []
    for (one, a), (two, b) in combinations(boxes, 2):
        if a.intersects(b) and not one.isAncestorOf(two) and not two.isAncestorOf(one):
            found.append(f"{_name(one)} lies on {_name(two)}")
    return found


def _narrow_gaps(page: QWidget, look: Look) -> list[str]:
    found = []
    for (one, a), (two, b) in combinations(visible_boxes(page, Control), 2):
        millimetres = gap(a, b) / look.glass.px_per_mm
        if millimetres < LEAST_GAP_MM:
            found.append(f"gap of {millimetres:.1f} mm between {_name(one)} and {_name(two)}")
    return found


def gap(a: QRect, b: QRect) -> int:
    """Return the free pixels between two boxes; negative where they overlap."""
    across = max(a.left() - b.right(), b.left() - a.right()) - 1
    down = max(a.top() - b.bottom(), b.top() - a.bottom()) - 1
    return max(across, down)
