"""States without colour: any two states of a thing are painted and compared when only light and dark are left."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.audit.ledger import Found, Measured
from kiosk.audit.pixels import Pixels, differing, pixels_of
from petition.model import StageState
from petition.screen import Button, CaptionState, Footer, Stop
from petition.steps import Command
from ui.audit import SHAPE_FLOOR
from ui.keyboard_plan import Cap, Does
from ui.look import Look
from ui.widgets.alarm import Alarm, wide_edge
from ui.widgets.answer import Answer
from ui.widgets.caption import Signs
from ui.widgets.control import Control
from ui.widgets.digits import Digits
from ui.widgets.focus_ring import FocusRing
from ui.widgets.foot import Foot
from ui.widgets.key import Key
from ui.widgets.keyboard_key import KeyboardKey
from ui.widgets.level import Level
from ui.widgets.text import Text
from ui.widgets.timeline import Timeline

LEAST_DIFFERING_PX = 30
"""So many pixels must differ by 3 : 1 without colour: a tick, a ring, a heavier edge, another picture."""
WIDE_MM, HIGH_MM, MARGIN_MM = 110, 100, 8
HEARD = 60
"""So many levels fill the meter."""

Make = Callable[["Ground", Look, str], QWidget]
"""Puts a thing in one of its states onto the ground."""


class Ground(QWidget):
    """What things stand on: paper or counter."""

    def __init__(self, look: Look, role: str) -> None:
        """Make a piece of it."""
        super().__init__()
        self._look, self._role = look, role
        self.resize(look.mm(WIDE_MM), look.mm(HIGH_MM))

    @property
    def middle(self) -> QRect:
        """The room there is for a thing, with space for a ring around it."""
        margin = self._look.mm(MARGIN_MM)
        return self.rect().adjusted(margin, margin, -margin, -margin)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (all of it is painted)
        QPainter(self).fillRect(self.rect(), self._look.colour(self._role))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A thing that shows states."""

    name: str
    states: tuple[str, ...]
    make: Make
    ground: str = "bg"


def painted(kind: Kind, look: Look) -> dict[str, Pixels]:
    """Return how a thing is painted in each of its states."""
    pictures = {}
    for state in kind.states:
        ground = Ground(look, kind.ground)
        thing = kind.make(ground, look, state)
        if not thing.width() or thing.geometry().topLeft().isNull():
            thing.setGeometry(ground.middle)
        thing.show()
        pictures[state] = pixels_of(ground)
        ground.deleteLater()
    return pictures


def states_of(kinds: Iterable[Kind], looks: Iterable[Look]) -> Iterator[Found]:
    """Yield by how many pixels any two states of a thing differ, when all colour is taken away."""
    kinds = tuple(kinds)
    for look in looks:
        for kind in kinds:
            for (one, before), (other, after) in combinations(painted(kind, look).items(), 2):
                yield Measured(
                    row=3,
                    name=f"{kind.name}: pixels in which two states differ in grey",
                    value=differing(before, after, SHAPE_FLOOR),
                    limit=LEAST_DIFFERING_PX,
                    unit="px",
                    of=f"{one} and {other}, {look.theme}, {look.size}",
                )


# -- the things --------------------------------------------------------------------------------------------------------

PLAIN, PRESSED, CHOSEN, FOCUSED = "at rest", "pressed", "chosen", "focused"


def _in_state(make: Callable[[Ground, Look], Control], ground: Ground, look: Look, state: str) -> Control:
    control = make(ground, look)
    control.setGeometry(ground.middle)
    control.setDown(state == PRESSED)
    control.choose(state == CHOSEN)
    if state == FOCUSED:
        control.show()
        FocusRing(ground, look).follow(control)
    return control


def _answer(ground: Ground, look: Look, *, primary: bool = False, option: bool = False) -> Control:
    chosen = False if option else None
    return Answer(ground, look, Button(id="a", label="字", icon="check", number="1", primary=primary, chosen=chosen))


def _foot(ground: Ground, look: Look) -> Control:
    return Foot(ground, look, Footer(command=Command.HELP, label="字", icon="question"))


def _key(ground: Ground, look: Look) -> Control:
    return Key(ground, look, "1", "1", role="title")


def _shift(ground: Ground, look: Look) -> Control:
    return KeyboardKey(ground, look, Cap(does=Does.SHIFT, label="字", name="字", chosen=False))


def _doing(ground: Ground, look: Look, state: str) -> QWidget:
    signs = Signs(ground, look)
    signs.state = CaptionState(state)
    return signs


def _ear(ground: Ground, look: Look, state: str) -> QWidget:
    signs = Signs(ground, look)
    signs.listening = state == "open"
    return signs


def _stage(ground: Ground, look: Look, state: str) -> QWidget:
    return Timeline(ground, look, (Stop(name="", word="", on="", state=StageState(state)),))


def _level(ground: Ground, look: Look, state: str) -> QWidget:
    level = Level(ground, look)
    for _ in range(HEARD):
        level.hear({"low": 0.05, "good": 0.4, "loud": 0.95}[state])
    return level


def _words(ground: Ground, look: Look, state: str) -> QWidget:
    text = Text(ground, look, "一二三四", "live")
    text.quiet = "text_soft"
    text.unsure = 2 if state == "may still change" else 0
    if state == "being said":
        text.mark(2, 2)
    return text


def _digits(ground: Ground, look: Look, state: str, *, masked: bool = False) -> QWidget:
    return Digits(ground, look, {"filled": "11", "the next": "1", "waiting": ""}[state], (2,), masked=masked)


def _alarm(ground: Ground, look: Look, state: str) -> QWidget:
    alarm = Alarm(ground, look, wide_edge(look), steady=True)
    alarm.lit = state == "lit"
    return alarm


KINDS = (
    *(
        Kind(name=name, states=states, make=partial(_in_state, make))
        for name, states, make in (
            ("an answer", (PLAIN, PRESSED, FOCUSED), _answer),
            ("the first answer", (PLAIN, PRESSED, FOCUSED), partial(_answer, primary=True)),
            ("an option", (PLAIN, PRESSED, CHOSEN, FOCUSED), partial(_answer, option=True)),
            ("a key", (PLAIN, PRESSED, FOCUSED), _key),
            ("a key that stays down", (PLAIN, PRESSED, CHOSEN, FOCUSED), _shift),
        )
    ),
    Kind(name="a footer button", states=(PLAIN, PRESSED, FOCUSED), make=partial(_in_state, _foot), ground="strip"),
    Kind(name="what the kiosk is doing", states=tuple(CaptionState), make=_doing, ground="strip"),
    Kind(name="the ear", states=("open", "closed"), make=_ear, ground="strip"),
    Kind(name="a stage of the petition", states=tuple(StageState), make=_stage),
    Kind(name="the level of the voice", states=("low", "good", "loud"), make=_level, ground="card"),
    Kind(name="words", states=("settled", "may still change", "being said"), make=_words, ground="card"),
    *(
        Kind(name=name, states=("filled", "the next", "waiting"), make=make, ground="card")
        for name, make in (("a digit's place", _digits), ("a masked digit's place", partial(_digits, masked=True)))
    ),
    Kind(name="the alarm", states=("lit", "unlit"), make=_alarm),
)
