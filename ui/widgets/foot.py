"""The five buttons that are always there, at the bottom of the counter."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from petition.events import CommandGiven
from petition.screen import Footer
from ui.icons import draw_icon
from ui.lines import Lines
from ui.look import Look
from ui.widgets.control import Control


class Foot(Control):
    """A command that can be given everywhere: picture beside its word, above it where the counter is narrow."""

    def __init__(self, parent: QWidget, look: Look, footer: Footer) -> None:
        """Make the control for a footer entry of a screen."""
        act = CommandGiven(command=footer.command)
        super().__init__(parent, look, act, footer.label, number=footer.number, icon=footer.icon)
        self.stacked = False

    def least_face(self) -> int:
        return self.look.target("footer_h")

    @property
    def icon_side(self) -> int:
        """Side of the picture."""
        return round(self.look.em() * 1.25) if self.icon_name else 0

    def _beside(self) -> int:
        gap, pad = self.look.space("s"), self.look.space("s")
        if self.stacked:
            return 2 * self.look.space("hair")
        return 2 * pad + sum(side + gap for side in (self.badge_side, self.icon_side) if side)

    def _label(self, width: float) -> Lines:
        return self.set(self.text(), "body", width - self._beside(), bold=True)

    def natural_width(self) -> int:
        return self._label(100_000).width + self._beside() + 2

    def narrow_width(self) -> int:
        """Return the width of its label on two lines, or on one where there is nothing to break."""
        return max(
            self._label(self.natural_width() * 0.62 + self._beside()).width + self._beside() + 2,
            self.look.target("min_w"),
        )

    def least_height(self, width: int) -> int:
        words, pad = self._label(width).height, self.look.space("s")
        content = words + self.icon_side + self.look.space("hair") if self.stacked else words
        return max(self.least_face(), content + 2 * pad) + self.look.lip

    def all_lines(self) -> list[Lines]:
        return [self._label(self.width())]

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        look, side, ink = self.look, self.icon_side, self.ink()
        label, gap = self._label(self.width()), look.space("s")
        middle = face.center()
        if self.stacked:
            y = middle.y() - (side + look.space("hair") + label.height) / 2
            draw_icon(painter, self.icon_name, QRectF(middle.x() - side / 2, y, side, side), ink)
            label.draw(painter, face.left(), y + side + look.space("hair"), ink, centred_in=face.width())
            return
        x = middle.x() - (self._beside() - 2 * gap + label.width) / 2
        if self.number:
            self.paint_badge(painter, x, middle.y() - self.badge_side / 2)
            x += self.badge_side + gap
        draw_icon(painter, self.icon_name, QRectF(x, middle.y() - side / 2, side, side), ink)
        label.draw(painter, x + side + gap, middle.y() - label.height / 2, ink)
