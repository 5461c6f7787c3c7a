"""Seconds left, as a number and as a ring that empties."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.lines import Lines
from ui.look import Look
from ui.widgets.drawn import Drawn
from ui.words import word


class Countdown(Drawn):
    """A clock that runs out, calmly: no blinking, no red."""

    def __init__(self, parent: QWidget, look: Look, left: int, total: int, side: int) -> None:
        """Make a ring of `side` pixels."""
        super().__init__(parent, look, side, side)
        self.left, self.total = left, total
        self.change(left, total)

    def change(self, left: int, total: int) -> None:
        """Show other seconds."""
        self.left, self.total = left, max(1, total)
        self.setAccessibleName(word(self.look.language, "seconds_left", count=left))
        self.update()

    def draw(self, painter: QPainter) -> None:
        look, side = self.look, min(self.width(), self.height())
        painter.translate((self.width() - side) / 2, (self.height() - side) / 2)
        width = side * 0.075
        box = QRectF(0, 0, side, side).adjusted(width, width, -width, -width)
        painter.setPen(QPen(look.colour("hair"), width))
        painter.drawEllipse(box)
        painter.setPen(QPen(look.colour("badge"), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, 90 * 16, round(360 * 16 * self.left / self.total))
        number = Lines(str(self.left), look.font_of(round(side * 0.34), bold=True), side, leading=1.2)
        unit = Lines(word(look.language, "seconds"), look.font("body"), side)
        y = (side - number.height * 0.92 - unit.height) / 2
        number.draw(painter, 0, y, look.colour("text"), centred_in=side)
        unit.draw(painter, 0, y + number.height * 0.92, look.colour("text_soft"), centred_in=side)
