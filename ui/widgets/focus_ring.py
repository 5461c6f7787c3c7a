"""One focus ring for the whole window: light inside, dark outside, so that it shows on anything."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.look import Look, tokens
from ui.widgets.control import Control
from ui.widgets.drawn import Drawn


class FocusRing(Drawn):
    """A ring outside the control that has the focus; it takes no touches."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make a ring that shows nowhere yet."""
        super().__init__(parent, look, 0, 0)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._radius = "control"

    def follow(self, control: Control | None) -> None:
        """Stand around a control, or nowhere."""
        if control is None:
            self.hide()
            return
        focus = tokens()["focus_mm"]
        reach = self.look.mm(focus["inner"]) + self.look.mm(focus["outer"])
        page = self.parentWidget()
        corner = control.mapTo(page, control.rect().topLeft()) if page else control.pos()
        self._radius = control.rounded
        self.setGeometry(QRect(corner, control.size()).adjusted(-reach, -reach, reach, reach))
        self.raise_()
        self.show()

    def draw(self, painter: QPainter) -> None:
        look, focus = self.look, tokens()["focus_mm"]
        outer, inner = look.mm(focus["outer"]), look.mm(focus["inner"])
        radius = look.radius(self._radius) + inner + outer
        for role, width, inset in (("focus_outer", outer, outer / 2), ("focus_inner", inner, outer + inner / 2)):
            painter.setPen(QPen(look.colour(role), width))
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, radius - inset, radius - inset)
