"""The alarm: the edge of the whole glass, lit and unlit in turn, so that it is seen from afar that somebody is called.

It lies in a margin that pages keep free for it, takes no touches, and says nothing: the caption says that the bell
rings. Where a page would have to leave something out for so wide a margin, the edge is a narrow one.
"""

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.look import Look, tokens

EDGE_MM, NARROW_MM = 8, 4
PHASE_MILLISECONDS = 500
"""Half a second lit, half a second not: one flash a second, of the three that harm nobody (WCAG 2.3.1)."""


def wide_edge(look: Look) -> int:
    """Return how wide the edge is where a page has room for it, in pixels; at the sides margins are wide enough."""
    return min(look.mm(EDGE_MM), look.margin - _ring(look))


def narrow_edge(look: Look) -> int:
    """Return how wide it is where margins stay as they are."""
    return look.mm(NARROW_MM)


def kept_clear(look: Look) -> int:
    """Return how high a margin a wide edge needs above and below, in pixels: room for a focus ring beside it."""
    return wide_edge(look) + _ring(look)


def _ring(look: Look) -> int:
    focus = tokens()["focus_mm"]
    return look.mm(focus["inner"]) + look.mm(focus["outer"])


class Alarm(QWidget):
    """The edge of its parent. There is one only while somebody is called, so that no timer runs without need."""

    def __init__(self, parent: QWidget, look: Look, edge: int, *, steady: bool = False) -> None:
        """Light an edge of so many pixels; `steady` keeps it lit, for who asked that nothing moves."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._look, self.edge, self.lit = look, edge, True
        self._turn = QTimer(self)
        self._turn.setInterval(PHASE_MILLISECONDS)
        self._turn.timeout.connect(self.turn)
        if not steady:
            self._turn.start()
        self.fit(look, edge)

    @property
    def flashing(self) -> bool:
        """Whether its timer runs."""
        return self._turn.isActive()

    @property
    def within(self) -> QRect:
        """What it leaves free of its parent, in pixels."""
        return self.rect().adjusted(self.edge, self.edge, -self.edge, -self.edge)

    def fit(self, look: Look, edge: int) -> None:
        """Lie above everything else there is now, in another look or width; it goes on in the same time."""
        self._look, self.edge = look, edge
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self._cut_out()
        self.raise_()
        self.show()
        self.update()

    def turn(self) -> None:
        """Go out, or light up again."""
        self.lit = not self.lit
        self.update()

    def _cut_out(self) -> None:
        """Be nothing but edge: what lies within is not painted anew with every turn."""
        self.setMask(QRegion(self.rect()) - QRegion(self.within))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut_out()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (four bars)
        """Unlit, a line is left of it: one sees where it was, and that it will be back."""
        painter, colour = QPainter(self), self._look.colour("seal")
        if self.lit:
            painter.fillRect(self.rect(), colour)
            return
        line = self._look.line("strong")
        outline = QRegion(self.within.adjusted(-line, -line, line, line)) - QRegion(self.within)
        painter.setClipRegion(outline)
        painter.fillRect(self.rect(), colour)
