"""A number being keyed: a place for every digit, filled or waiting, in groups as it is spoken.

A masked one shows dots. How long it will be may then be unknown: one line, along which the dots go.
"""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from ui.lines import Lines
from ui.look import Look
from ui.widgets.drawn import Drawn
from ui.words import word

LEAST_PLACES, LEAST_MASKED_PLACES = 4, 8
"""There is room for so many digits where it is not known how many there will be."""
DOT_EM = 0.52
"""How wide a dot is beside the digit whose place it takes."""


class Digits(Drawn):
    """Digits in their places."""

    def __init__(
        self, parent: QWidget, look: Look, digits: str, groups: tuple[int, ...], *, masked: bool = False
    ) -> None:
        """Make places for the groups."""
        super().__init__(parent, look, round(look.em() * 12), round(look.em() * 2.9))
        self.digits, self.groups, self.masked, self._endless = digits, groups, masked, False
        self.change(digits, groups, masked=masked)

    def change(self, digits: str, groups: tuple[int, ...], *, masked: bool = False) -> None:
        """Show other digits; the name a screen reader gives is how many there are, never which."""
        least = LEAST_MASKED_PLACES if masked else LEAST_PLACES
        self.digits, self.groups = digits, groups or (max(least, len(digits)),)
        self.masked, self._endless = masked, masked and not groups
        language = self.look.language
        self.setAccessibleName(
            word(language, "digits_keyed", count=len(digits)) if digits else word(language, "nothing_keyed")
        )
        self.update()

    def draw(self, painter: QPainter) -> None:
        look = self.look
        gap, group_gap = 0 if self._endless else look.space("hair"), look.space("m")
        count = max(1, sum(self.groups))
        room = self.width() - group_gap * (len(self.groups) - 1) - gap * (count - len(self.groups))
        cell = min(room / count, look.em() * 2.2)
        if self._endless:
            cell = math.floor(cell)  # else the line has seams
        font = look.font_of(round(min(cell * 1.45, look.em() * 2.2)), bold=True)
        used = cell * count + group_gap * (len(self.groups) - 1) + gap * (count - len(self.groups))
        x, i = (self.width() - used) // 2 if self._endless else (self.width() - used) / 2, 0
        for group in self.groups:
            for _ in range(group):
                filled, here = i < len(self.digits), i == len(self.digits)
                bar = look.mm(1.8 if here else 0.8)
                role = "seal" if here else "badge" if filled else "line"
                painter.fillRect(QRectF(x, self.height() - bar, cell, bar), look.colour(role))
                if filled:
                    self._fill(painter, i, QRectF(x, 0, cell, self.height() - look.mm(1.8)), font)
                x, i = x + cell + gap, i + 1
            x += group_gap - gap

    def _fill(self, painter: QPainter, place: int, box: QRectF, font: QFont) -> None:
        """Paint the digit, or the dot, that a place has."""
        if self.masked:
            radius = font.pixelSize() * DOT_EM / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.look.colour("text"))
            painter.drawEllipse(QPointF(box.center().x(), box.center().y()), radius, radius)
            return
        lines = Lines(self.digits[place], font, box.width() * 2, leading=1.2)
        y = (box.height() - lines.height) / 2
        left, across = box.x() - box.width() / 2, box.width() * 2
        lines.draw(painter, left, y, self.look.colour("text"), centred_in=across)
