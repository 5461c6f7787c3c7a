"""A key of a keyboard or number pad, and the small controls of the view itself."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.icons import draw_icon
from ui.lines import Lines
from ui.look import Look
from ui.widgets.control import Control


class Key(Control):
    """A word or a picture on a key; `name` is what a screen reader calls it when the face shows a picture."""

    rounded = "key"

    def __init__(
        self,
        parent: QWidget,
        look: Look,
        act: object,
        label: str = "",
        *,
        role: str = "label",
        icon: str = "",
        name: str = "",
    ) -> None:
        """Make a key."""
        super().__init__(parent, look, act, label, icon=icon)
        self.role = role
        if name:
            self.setAccessibleName(name)

    def least_face(self) -> int:
        return self.look.target("min_h")

    @property
    def _icon_side(self) -> int:
        return round(self.look.em(self.role) * 1.25) if self.icon_name else 0

    def _beside(self) -> int:
        beside = self._icon_side + self.look.space("s") if self.icon_name and self.text() else 0
        return 2 * self.look.space("hair") + beside

    def _label(self, width: float) -> Lines:
        return self.set(self.text(), self.role, width - self._beside(), bold=True)

    def natural_width(self) -> int:
        words = self._label(100_000).width if self.text() else self._icon_side
        return max(words + self._beside() + 2 * self.look.space("hair") + 2, self.look.target("min_w"))

    def least_height(self, width: int) -> int:
        words = self._label(width).height if self.text() else self._icon_side
        return max(self.least_face(), words) + self.look.lip

    def all_lines(self) -> list[Lines]:
        return [self._label(self.width())] if self.text() else []

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        middle, gap, side = face.center(), self.look.space("s"), self._icon_side
        if not self.text():
            box = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
            draw_icon(painter, self.icon_name, box, self.ink())
            return
        label = self._label(self.width())
        x = middle.x() - (self._beside() - 2 * self.look.space("hair") + label.width) / 2
        if self.icon_name:
            draw_icon(painter, self.icon_name, QRectF(x, middle.y() - side / 2, side, side), self.ink())
            x += side + gap
        label.draw(painter, x, middle.y() - label.height / 2, self.ink(), centred_in=label.width)
