"""Faults that are planted, one at a time, to see that each is reported: finding nothing proves nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from assets.words import load_translations
from kiosk.audit.conversation import speech, time_limits, words_to_say
from kiosk.audit.grey import KINDS, Ground, Kind, states_of
from kiosk.audit.ledger import Found, Ledger, Spot
from kiosk.audit.matrix import GLASSES, Way
from kiosk.audit.measures import MM_PER_DP, on_every_screen, on_some_screens
from kiosk.audit.pixels import Pixels
from kiosk.audit.places import LOW, standing, through
from kiosk.audit.showing import a_window, application, shown
from kiosk.audit.window import wiped
from petition.model import Language
from petition.state import RATES, VOLUMES, Rules
from ui.look import Look
from ui.page import Page
from ui.widgets.control import Control
from ui.widgets.drawn import Drawn
from ui.widgets.focus_ring import FocusRing
from ui.widgets.key import Key
from ui.window import KioskWindow

SPOT = Spot(step="kind", way=Way("larger", "light", "zh_Hans", "landscape"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A fault: the row it belongs to, what the report must say of it, and how it is planted."""

    name: str
    row: int
    tells: str
    plant: Callable[[KioskWindow, Page], None]
    spot: Spot = SPOT


EQUALLY_LIGHT = ("#B00020", "#006B3C", "#2A5DB0", "#7A4B9E", "#8A5A00")
"""Red, green, blue, violet and brown; no two of them are as far apart as 1.5 : 1."""


class ColourOnly(Control):
    """An option that shows by nothing but a faint colour that it is chosen."""

    def natural_width(self) -> int:
        return self.look.target("min_w")

    def least_height(self, width: int) -> int:  # noqa: ARG002 (nothing on it needs a line)
        return self.look.target("min_h")

    def paint_body(self, painter: QPainter, face: QRectF) -> None:
        painter.fillRect(face, self.look.colour("chosen" if self.isChecked() else "control"))


class Coloured(Drawn):
    """A patch of one colour."""

    def __init__(self, parent: QWidget, look: Look, colour: str) -> None:
        super().__init__(parent, look, 0, 0)
        self._colour = QColor(colour)

    def draw(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._colour)


def _answers(page: Page) -> list[Control]:
    return page.controls()


def _weak_words(_: KioskWindow, page: Page) -> None:
    page.title.colour = "hair"


def _small_target(_: KioskWindow, page: Page) -> None:
    answer = _answers(page)[0]
    answer.resize(round(59 * MM_PER_DP * page.look.glass.px_per_mm), answer.height())


def _clipped(_: KioskWindow, page: Page) -> None:
    page.title.resize(page.title.width(), page.title.height() // 2)


def _nameless(_: KioskWindow, page: Page) -> None:
    answer = _answers(page)[0]
    answer.setText("")
    answer.setAccessibleName("")


def _narrow_gap(_: KioskWindow, page: Page) -> None:
    one, two = page.feet[:2]
    two.move(one.geometry().right() + 1 + page.look.mm(1.0), two.y())


def _overlap(_: KioskWindow, page: Page) -> None:
    page.title.move(_answers(page)[0].pos())


def _trap(_: KioskWindow, page: Page) -> None:
    first, second = _answers(page)[:2]
    second.setFocusProxy(first)


def _small_letters(_: KioskWindow, page: Page) -> None:
    page.body.fitted_px = page.look.em() // 2


def _tight_lines(_: KioskWindow, page: Page) -> None:
    text, narrow = page.title, 4 * page.look.em(page.title.role)
    text.resize(narrow, text.height())
    made = text.lines(narrow)
    made.leading = made.font.pixelSize()


def _no_ring(window: KioskWindow, page: Page) -> None:  # noqa: ARG001 (every fault is planted alike)
    ring = page.findChild(FocusRing)
    if ring is not None:
        ring.setMaximumSize(0, 0)


def _out_of_reach(_: KioskWindow, page: Page) -> None:
    _answers(page)[1].setEnabled(False)


def _colour_alone(_: KioskWindow, page: Page) -> None:
    option = ColourOnly(page, page.look, None, "一", chosen=False)
    option.setGeometry(QRect(0, 0, 200, 200))
    option.show()


def _unsaid(_: KioskWindow, page: Page) -> None:
    key = Key(page, page.look, "mute", "…", name="…")
    key.setGeometry(QRect(0, 0, 200, 200))
    key.show()


def _misnamed(_: KioskWindow, page: Page) -> None:
    _answers(page)[0].setAccessibleName("选一")


def _against_the_order(_: KioskWindow, page: Page) -> None:
    one, two = _answers(page)[:2]
    above, below = one.geometry(), two.geometry()
    one.setGeometry(below)
    two.setGeometry(above)


def _above_the_middle(_: KioskWindow, page: Page) -> None:
    answer = _answers(page)[0]
    answer.move(answer.x(), page.height() // 5)


def _beyond(_: KioskWindow, page: Page) -> None:
    page.title.move(-40, page.title.y())


LOW_SPOT = Spot(step="kind", way=Way("larger", "light", "zh_Hans", "portrait", LOW))
ON_A_SCREEN = (
    Planted(name="low contrast", row=3, tells="painted text", plant=_weak_words),
    Planted(name="state by colour alone", row=3, tells="differs in grey", plant=_colour_alone),
    Planted(name="a target of 59 dp", row=4, tells="target's smaller side 5", plant=_small_target),
    Planted(name="a narrow gap", row=4, tells="gap of 1", plant=_narrow_gap),
    Planted(name="a clipped label", row=2, tells="clipped by", plant=_clipped),
    Planted(name="overlapping parts", row=2, tells="lies on", plant=_overlap),
    Planted(name="words beyond the glass", row=2, tells="beyond the glass", plant=_beyond),
    Planted(name="lines too close", row=2, tells="line spacing", plant=_tight_lines),
    Planted(name="small letters", row=1, tells="cap height", plant=_small_letters),
    Planted(name="a nameless control", row=8, tells="controls without a name", plant=_nameless),
    Planted(name="a focus trap", row=8, tells="the focus never comes to", plant=_trap),
    Planted(name="no focus ring", row=8, tells="focus ring", plant=_no_ring),
    Planted(name="an answer out of reach", row=8, tells="can be reached", plant=_out_of_reach),
    Planted(
        name="a focus against the reading order", row=8, tells="against the reading order", plant=_against_the_order
    ),
    Planted(name="a name without the label", row=8, tells="not what stands on it", plant=_misnamed),
    Planted(name="a silent stop of the focus", row=5, tells="nothing is said when the focus comes to", plant=_unsaid),
    Planted(name="a control too high", row=13, tells="stand low", plant=_above_the_middle, spot=LOW_SPOT),
    Planted(name="a control of which nothing is said", row=5, tells="nothing is said of Key", plant=_unsaid),
)


def self_test() -> Iterator[tuple[str, bool]]:
    """Plant each fault on a fresh screen; yield its name, and whether it was told then and not before."""
    application()
    for planted in ON_A_SCREEN:
        posted: list[object] = []
        with a_window(planted.spot.way.glass, posted.append) as window:
            screen = shown(planted.spot)
            window.show_screen(screen)
            clean = not _reported(_all(window, planted.spot, posted), planted.row, planted.tells)
            window.wipe()
            window.show_screen(screen)
            if window.page is not None:
                planted.plant(window, window.page)
            found = _reported(_all(window, planted.spot, posted), planted.row, planted.tells)
            yield planted.name, clean and found
    yield from _in_colour_alone()
    yield from _in_the_script()
    yield from _behind_the_curtain()
    with a_window(SPOT.way.glass) as window:
        window.show_screen(shown(SPOT))
        QLabel("left", window)
        yield "words left after a wipe", _reported(wiped(window), 11, "texts the window holds")


def _behind_the_curtain() -> Iterator[tuple[str, bool]]:
    """Cover two steps, the second with a curtain on which its title stands."""
    one, other = (replace(SPOT, step=step, curtain=True) for step in ("kind", "category"))
    before: dict[object, Pixels] = {}
    tells = "tell what is beneath"
    with a_window(SPOT.way.glass) as window:
        window.show_screen(shown(one))
        clean = not _reported(through(window, one, before), 11, tells)
        window.show_screen(shown(other))
        clean = clean and not _reported(through(window, other, before), 11, tells)
        title = QLabel(shown(other).title, window.curtain)
        title.show()
        yield "words that a curtain shows", clean and _reported(through(window, other, before), 11, tells)


def _in_colour_alone() -> Iterator[tuple[str, bool]]:
    """Show the states of each thing by nothing but colours that are equally light."""
    look = Look(theme="light", size="larger", language="zh_Hans", glass=GLASSES[SPOT.way.glass])
    for kind in KINDS:
        coloured = replace(kind, make=partial(_coloured, kind))
        clean = not _reported(states_of([kind], [look]), 3, kind.name)
        yield f"colour alone: {kind.name}", clean and _reported(states_of([coloured], [look]), 3, kind.name)


def _coloured(kind: Kind, ground: Ground, look: Look, state: str) -> QWidget:
    return Coloured(ground, look, EQUALLY_LIGHT[kind.states.index(state)])


def _all(window: KioskWindow, spot: Spot, posted: list[object]) -> Iterator[Found]:
    yield from on_every_screen(window, spot, shown(spot))
    yield from standing(window, spot)
    yield from on_some_screens(window, spot, posted)


def _in_the_script() -> Iterator[tuple[str, bool]]:
    translate = load_translations(Language.SIMPLIFIED)

    def wordless(place: str, source: str) -> str:
        return "" if place.startswith("kind.help") else translate(place, source)

    cases: tuple[tuple[str, Iterable[Found], int, str], ...] = (
        ("a step without words to say", words_to_say(Language.SIMPLIFIED, wordless), 5, "no words to say"),
        ("a warning of 10 s", time_limits(replace(Rules(), warning_seconds=10)), 7, "warning 10"),
        ("a volume step of 20 dB", speech(RATES, (VOLUMES[0], VOLUMES[-1])), 6, "step of the volume 20"),
    )
    for name, found, row, tells in cases:
        yield name, _reported(found, row, tells)


def _reported(found: Iterable[Found], row: int, tells: str) -> bool:
    ledger = Ledger()
    ledger.take(found, SPOT)
    beyond = [str(one.measured) for one in ledger.figures(row) if not one.measured.holds]
    return any(tells in told for told in (*beyond, *(wrong.what for wrong in ledger.faults_of(row))))
