"""Cinnabar seals: the mark of the desk, and of a thing received."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.lines import Lines
from ui.look import Look
from ui.widgets.drawn import Drawn


class Seal(Drawn):
    """A seal with one or two characters, one above the other; `tilt` in degrees, as pressed by hand."""

    def __init__(self, parent: QWidget, look: Look, characters: str, side: int, *, tilt: float = 0) -> None:
        """Make a seal `side` pixels high."""
        self.latin = characters.isascii()
        self._latin_px = round(side * 0.36)
        wide = side if len(characters) == 1 else round(side * 0.62)
        if self.latin:
            lines = Lines(characters, look.font_of(self._latin_px, bold=True), 100_000, even=False)
            wide, side = round(lines.width * 1.16 + side * 0.4), round(side * 0.78)
        super().__init__(parent, look, wide, side)
        self.characters, self.tilt = characters, tilt

    def draw(self, painter: QPainter) -> None:
        look, width, height = self.look, float(self.wide), float(self.high)
        painter.translate((self.width() - width) / 2, (self.height() - height) / 2)
        if self.tilt:  # turned a little, and small enough to stay inside
            painter.translate(width / 2, height / 2)
            painter.rotate(self.tilt)
            painter.scale(0.88, 0.88)
            painter.translate(-width / 2, -height / 2)
        self._draw_field(painter, width, height)
        if self.latin:
            lines = Lines(self.characters, look.font_of(self._latin_px, bold=True), width, leading=1.2)
            lines.draw(painter, 0, (height - lines.height) / 2, look.colour("on_seal"), centred_in=width)
            return
        inset = height * 0.065
        cell = (height - 3 * inset) / len(self.characters)
        painter.setFont(look.seal_font(round(cell * (0.76 if len(self.characters) == 1 else 0.92))))
        painter.setPen(look.colour("on_seal"))
        for i, character in enumerate(self.characters):
            painter.drawText(QRectF(0, inset * 1.5 + i * cell, width, cell), Qt.AlignmentFlag.AlignCenter, character)

    def _draw_field(self, painter: QPainter, width: float, height: float) -> None:
        """The red field, and the line inside its edge."""
        look = self.look
        corner, inset = height * 0.12, height * 0.065
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("seal"))
        painter.drawRoundedRect(QRectF(0, 0, width, height), corner, corner)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("on_seal"), max(1.5, height * 0.022)))
        painter.drawRoundedRect(QRectF(inset, inset, width - 2 * inset, height - 2 * inset), corner * 0.6, corner * 0.6)
