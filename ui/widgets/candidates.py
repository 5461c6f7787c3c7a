"""The bar of words that the letters typed so far may become."""

from itertools import pairwise

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.keyboard_plan import UNITS, Cap, Does
from ui.keyboard_words import candidate_name, key_words
from ui.lines import Lines
from ui.look import Look
from ui.widgets.control import Control
from ui.widgets.keyboard_key import LEADING, KeyboardKey

MOST = 9
"""As many as there are digits to choose with."""
BADGE_EM = 1.2
TURNING_UNITS = 1.5
STRETCH = 1.6
"""A candidate is never wider than so many times what it needs: a word alone on the bar would look like a street."""


class Candidate(Control):
    """A word to choose, with the digit that chooses it."""

    rounded = "key"
    typed_on_lift = told_at_rest = True

    def __init__(self, parent: QWidget, look: Look, index: int) -> None:
        """Make the candidate of a place of the bar, from 0."""
        super().__init__(parent, look, index, number=str(index + 1))
        self._first = index == 0
        self._label = self._set_in(0)

    def become(self, text: str) -> None:
        """Be another word; "" for none."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(candidate_name(self.look.language, int(self.number), text) if text else "")

    def stand(self, box: QRect) -> None:
        """Take a place on the bar and set the word into it."""
        self.setGeometry(box)
        self._label = self._set_in(box.width() - self._beside())
        self.update()

    def _set_in(self, room: int) -> Lines:
        """Set the word on one line: where it is too long, smaller, and at last without its middle."""
        text, look = self.text(), self.look
        for role in ("label", "body"):
            lines = Lines(text, look.font(role, bold=True), 100_000, leading=LEADING, even=False)
            if lines.width <= room:
                return lines
        font = look.font("body", bold=True)
        short = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        return Lines(short, font, 100_000, leading=LEADING, even=False)

    @property
    def badge_side(self) -> int:
        return round(self.look.em() * BADGE_EM)

    def _beside(self) -> int:
        return self.badge_side + self.look.space("s") + 2 * self.look.space("s")

    def width_with(self, text: str) -> int:
        """Return how wide it would like to be with a word on it, in pixels."""
        wide = QFontMetricsF(self.look.font("label", bold=True)).horizontalAdvance(text)
        return max(round(wide) + self._beside() + 2, self.look.target("min_w"))

    def natural_width(self) -> int:
        return self.width_with(self.text())

    def least_face(self) -> int:
        return self.look.target("min_h")

    def least_height(self, width: int) -> int:  # noqa: ARG002 (one line at any width)
        return max(self.least_face(), round(self.look.em("label") * LEADING)) + self.look.lip

    def all_lines(self) -> list[Lines]:
        return [self._label]

    def ground(self) -> str:
        """Tint the first: it is what the space key takes."""
        return "chosen" if self._first and not self.isDown() else super().ground()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave up and down to the keyboard, which knows its rows."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        label, gap = self._label, self.look.space("s")
        x = face.center().x() - (self.badge_side + gap + label.width) / 2
        self.paint_badge(painter, x, face.center().y() - self.badge_side / 2)
        label.draw(painter, x + self.badge_side + gap, face.center().y() - label.height / 2, self.ink())


class Candidates(QWidget):
    """As many candidates of a page as fit side by side, numbered from 1, and keys for those before and after."""

    chosen = Signal(int)
    """A candidate was pressed; carries its place on the engine's page, from 0."""
    turned = Signal(int)
    """Other candidates are asked for: 1 for those after, -1 for those before."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make an empty bar."""
        super().__init__(parent)
        self.hide()
        self.look = look
        self._words: tuple[str, ...] = ()
        self._before = self._after = False
        self._starts: list[int] = [0]
        """Where on the page each group begins that is shown at once."""
        self._group = 0
        self._places = [Candidate(self, look, index) for index in range(MOST)]
        self._earlier = KeyboardKey(self, look, _turning(look.language, Does.EARLIER))
        self._more = KeyboardKey(self, look, _turning(look.language, Does.MORE))
        for control in (*self._places, self._earlier, self._more):
            control.fired.connect(self._pressed)

    @property
    def shown(self) -> int:
        """How many candidates are shown."""
        return self._end() - self._starts[self._group]

    def tell(self, words: tuple[str, ...], *, before: bool, after: bool, last: bool = False) -> None:
        """Show an engine's page of words, from its first or from its last; whether there are pages before and after."""
        self._words, self._before, self._after = words, before, after
        self._starts = self._divide()
        self._group = len(self._starts) - 1 if last else 0
        self._arrange()

    def forget(self) -> None:
        """Hold no word any more."""
        self.tell((), before=False, after=False)

    def place_of(self, index: int) -> int:
        """Return the place on the engine's page of a candidate that is shown, both from 0."""
        return self._starts[self._group] + index

    def turn(self, step: int) -> bool:
        """Show other words of this page; return false where it has no more, and the engine must turn."""
        if 0 <= self._group + step < len(self._starts):
            self._group += step
            self._arrange()
            return True
        return False

    def controls(self) -> list[Control]:
        """Return what is shown, from left to right."""
        return [control for control in (*self._places, self._earlier, self._more) if not control.isHidden()]

    def least_height(self, width: int) -> int:
        """Return how high the bar must be, in pixels."""
        return self._places[0].least_height(width)

    def _pressed(self, act: object) -> None:
        match act:
            case int(index):
                self.chosen.emit(self.place_of(index))
            case Cap(does=Does.MORE):
                self.turned.emit(1)
            case _:
                self.turned.emit(-1)

    def _end(self) -> int:
        return (*self._starts, len(self._words))[self._group + 1]

    def _divide(self) -> list[int]:
        gap = self.look.space("key")
        naturals = [self._places[0].width_with(word) for word in self._words]
        earlier, more = self._wide(self._earlier) + gap, self._wide(self._more) + gap
        first_room = self.width() - earlier * self._before
        if not self._after and len(naturals) <= MOST and sum(naturals) + gap * (len(naturals) - 1) <= first_room:
            return [0]
        return groups(naturals, gap, first_room - more, self.width() - earlier - more)

    def _wide(self, key: KeyboardKey) -> int:
        """Return how wide a key that turns is: as wide as ⌫ below it, but upright, where words need the room."""
        if self.look.glass.portrait:
            return key.natural_width()
        gap = self.look.space("key")
        return max(key.natural_width(), round((self.width() + gap) * TURNING_UNITS / UNITS) - gap)

    def _arrange(self) -> None:
        first, end, gap, high = self._starts[self._group], self._end(), self.look.space("key"), self.height()
        right = self.width()
        turns = ((self._more, self._after or end < len(self._words)), (self._earlier, self._before or first > 0))
        for key, wanted in turns:
            if wanted:
                wide = self._wide(key)
                key.setGeometry(QRect(right - wide, 0, wide, high))
                right -= wide + gap
            key.setVisible(wanted)
        for index, place in enumerate(self._places):
            place.become(self._words[first + index] if first + index < end else "")
        shown = self._places[: end - first]
        edges = spread([place.natural_width() for place in shown], right, gap)
        for place, (left, next_left) in zip(shown, pairwise(edges), strict=True):
            place.stand(QRect(left, 0, next_left - gap - left, high))
        for place in self._places:
            place.setVisible(bool(place.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002 (the words are placed anew)
        self.tell(self._words, before=self._before, after=self._after)


def groups(naturals: list[int], gap: int, first_room: int, room: int) -> list[int]:
    """Return where each group begins of things side by side in a room; each holds one at least, and MOST at most."""
    starts, used = [0], 0
    for index, wide in enumerate(naturals):
        full = index - starts[-1] >= MOST or used + gap + wide > (first_room if len(starts) == 1 else room)
        if index > starts[-1] and full:
            starts.append(index)
        used = wide if index == starts[-1] else used + gap + wide
    return starts


def spread(naturals: list[int], room: int, gap: int) -> list[int]:
    """Return where each thing begins, and where one after the last would: spare room is shared, a lack is too."""
    spare = room - sum(naturals) - gap * (len(naturals) - 1)
    edges = [0]
    for i, natural in enumerate(naturals):
        more = min(spare // (len(naturals) - i), round(natural * (STRETCH - 1)))
        spare -= more
        edges.append(edges[-1] + natural + more + gap)
    return edges


def _turning(language: str, does: Does) -> Cap:
    label, name = key_words(language, does.name.lower())
    return Cap(does=does, label=label, name=name)
