"""Faces for ratings: one shape, one colour, only the mouth differs."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from ui.look import Look

OPEN_MOUTH = 0.9


def draw_face(painter: QPainter, look: Look, box: QRectF, mood: float) -> None:
    """Paint a face into a square; `mood` runs from -1 (unhappy) to 1 (very happy) and bends the mouth."""
    ink, width = look.colour("badge"), box.width() * 0.065
    painter.setPen(QPen(ink, width))
    painter.setBrush(look.colour("card" if look.theme == "dark" else "chosen"))
    painter.drawEllipse(box.adjusted(width / 2, width / 2, -width / 2, -width / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    eye = box.width() * 0.058
    for side in (-1, 1):
        x = box.center().x() + side * box.width() * 0.17
        painter.drawEllipse(QPointF(x, box.top() + box.height() * 0.4), eye, eye * 1.25)
    half, bend = box.width() * 0.24, box.height() * 0.17 * mood
    y = box.top() + box.height() * (0.66 - 0.03 * mood)
    path = QPainterPath(QPointF(box.center().x() - half, y - bend / 2))
    path.quadTo(QPointF(box.center().x(), y + bend * 1.5), QPointF(box.center().x() + half, y - bend / 2))
    painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    if mood > OPEN_MOUTH:
        path.closeSubpath()
        painter.setBrush(ink)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
