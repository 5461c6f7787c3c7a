"""A number being keyed: a place for every digit, filled or waiting, in groups as it is spoken."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.lines import Lines
from ui.look import Look
from ui.widgets.drawn import Drawn
from ui.words import word


class Digits(Drawn):
    """Digits in their places."""

    def __init__(self, parent: QWidget, look: Look, digits: str, groups: tuple[int, ...]) -> None:
        """Make places for the groups."""
        super().__init__(parent, look, round(look.em() * 12), round(look.em() * 2.9))
        self.digits, self.groups = digits, groups
        self.change(digits, groups)

    def change(self, digits: str, groups: tuple[int, ...]) -> None:
        """Show other digits; the name a screen reader gives is how many there are, never which."""
        self.digits, self.groups = digits, groups or (max(4, len(digits)),)
        language = self.look.language
        self.setAccessibleName(
            word(language, "digits_keyed", count=len(digits)) if digits else word(language, "nothing_keyed")
        )
        self.update()

    def draw(self, painter: QPainter) -> None:
        look = self.look
        gap, group_gap = look.space("hair"), look.space("m")
        count = max(1, sum(self.groups))
        room = self.width() - group_gap * (len(self.groups) - 1) - gap * (count - len(self.groups))
        cell = min(room / count, look.em() * 2.2)
        font = look.font_of(round(min(cell * 1.45, look.em() * 2.2)), bold=True)
        used = cell * count + group_gap * (len(self.groups) - 1) + gap * (count - len(self.groups))
        x, i = (self.width() - used) / 2, 0
        for group in self.groups:
            for _ in range(group):
                filled, here = i < len(self.digits), i == len(self.digits)
                bar = look.mm(1.8 if here else 0.8)
                role = "seal" if here else "badge" if filled else "line"
                painter.fillRect(QRectF(x, self.height() - bar, cell, bar), look.colour(role))
                if filled:
                    lines = Lines(self.digits[i], font, cell * 2, leading=1.2)
                    y = (self.height() - look.mm(1.8) - lines.height) / 2
                    lines.draw(painter, x - cell / 2, y, look.colour("text"), centred_in=cell * 2)
                x, i = x + cell + gap, i + 1
            x += group_gap - gap
