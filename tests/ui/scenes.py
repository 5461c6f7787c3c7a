"""Drawn scenes, in the place of photographs: a dark staircase, a street with a hole in it, a letter, a signed paper."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen, QPolygonF

from petition.ports import Frame

WIDE, HIGH = 1280, 960


def scene(draw: Callable[[QPainter], None], wide: int = WIDE, high: int = HIGH) -> Frame:
    """Return a scene as a picture; it is drawn in a field of 1280 × 960."""
    image = QImage(wide, high, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(wide / WIDE, high / HIGH)
    draw(painter)
    painter.end()
    row = wide * 3
    bits, stride = image.constBits(), image.bytesPerLine()
    return Frame(
        width_px=wide, height_px=high, rgb=b"".join(bytes(bits[y * stride : y * stride + row]) for y in range(high))
    )


def staircase(painter: QPainter) -> None:
    """Steps that go up into the dark, a rail, and a lamp that is out."""
    wall = QLinearGradient(0, 0, WIDE, HIGH)
    wall.setColorAt(0, QColor("#4b4a46"))
    wall.setColorAt(1, QColor("#8d877b"))
    painter.fillRect(0, 0, WIDE, HIGH, wall)
    painter.fillRect(QRectF(0, 620, WIDE, 340), QColor("#6f6a60"))
    painter.setPen(Qt.PenStyle.NoPen)
    for n in range(8):
        left, top, wide = 180 + 70 * n, 860 - 82 * n, 900 - 78 * n
        shade = 168 - 13 * n
        painter.setBrush(QColor(shade, shade - 6, shade - 14))
        painter.drawRect(QRectF(left, top, wide, 46))
        painter.setBrush(QColor(shade - 38, shade - 44, shade - 50))
        painter.drawRect(QRectF(left, top + 46, wide, 40))
    painter.setPen(QPen(QColor("#2f2a25"), 14, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(150, 640), QPointF(690, 60))
    for n in range(6):
        painter.drawLine(QPointF(170 + 92 * n, 620 - 99 * n), QPointF(190 + 92 * n, 850 - 108 * n))
    painter.setPen(QPen(QColor("#1f1d1a"), 6))
    painter.drawLine(QPointF(980, 0), QPointF(980, 120))
    painter.setBrush(QColor("#3d3a35"))
    painter.drawEllipse(QPointF(980, 165), 62, 52)


def street(painter: QPainter) -> None:
    """A street under a grey sky, with a hole in it."""
    sky = QLinearGradient(0, 0, 0, 460)
    sky.setColorAt(0, QColor("#a9bccb"))
    sky.setColorAt(1, QColor("#dfe5e6"))
    painter.fillRect(0, 0, WIDE, 460, sky)
    painter.setPen(Qt.PenStyle.NoPen)
    for n, (high, colour) in enumerate(((240, "#b08d76"), (330, "#c7b299"), (280, "#9d8f86"), (360, "#b9a58d"))):
        painter.setBrush(QColor(colour))
        painter.drawRect(QRectF(n * 330 - 40, 460 - high, 300, high))
        painter.setBrush(QColor("#56605f"))
        for window in range(6):
            painter.drawRect(QRectF(n * 330 + (window % 3) * 90, 500 - high + window // 3 * 110, 46, 60))
    painter.fillRect(0, 460, WIDE, 500, QColor("#6d7072"))
    painter.setBrush(QColor("#d9d6cb"))
    for n in range(4):
        y, wide = 500 + 120 * n, 16 + 10 * n
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(640 - wide, y),
                    QPointF(640 + wide, y),
                    QPointF(646 + wide, y + 60),
                    QPointF(634 - wide, y + 60),
                ]
            )
        )
    painter.setBrush(QColor("#3a3836"))
    painter.drawEllipse(QPointF(850, 770), 210, 78)
    painter.setBrush(QColor("#4d6678"))
    painter.drawEllipse(QPointF(855, 782), 165, 52)


def letter(painter: QPainter) -> None:
    """A sheet with lines of writing on a table."""
    _sheet(painter, "#8a6a4a", "#f4f1e8", 0)


def paper(painter: QPainter) -> None:
    """A sheet with a few lines and a name beneath them."""
    _sheet(painter, "#5f6f66", "#fbfaf5", 5)
    painter.setPen(QPen(QColor("#1b2a6b"), 9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    points = ((700, 700), (760, 640), (770, 740), (830, 650), (850, 730), (905, 660), (930, 720))
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
    painter.drawLine(QPointF(690, 665), QPointF(960, 650))


def _sheet(painter: QPainter, table: str, sheet: str, lines: int) -> None:
    painter.fillRect(0, 0, WIDE, HIGH, QColor(table))
    painter.save()
    painter.translate(WIDE / 2, HIGH / 2)
    painter.rotate(-3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 60))
    painter.drawRect(QRectF(-420, -420, 860, 860))
    painter.setBrush(QColor(sheet))
    painter.drawRect(QRectF(-430, -430, 860, 860))
    painter.setBrush(QColor("#55524c"))
    for n in range(lines or 11):
        painter.drawRect(QRectF(-350, -330 + 66 * n, 700 if n % 4 != 3 else 420, 14))
    painter.restore()


SCENES = {"stair": staircase, "letter": letter, "paper": paper}
"""By the ids that the moments give them."""
FILES = (staircase, street, letter, paper, street, staircase, letter, street, paper)
