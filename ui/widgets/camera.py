"""The sign that a camera looks: a picture of one, and words. It stands wherever there is room, but always somewhere."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from ui.arrange import Part, leaf, row
from ui.look import Look
from ui.widgets.drawn import Drawn
from ui.widgets.text import Text

SIDE_EM = 1.55
"""As large as the seal, which may stand on the same line."""


class Lens(Drawn):
    """A camera in a ringed disc, as the open ear is in one: somebody hears, somebody sees."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make the picture; the words beside it say the same."""
        side = round(look.em() * SIDE_EM)
        super().__init__(parent, look, side, side)

    def draw(self, painter: QPainter) -> None:
        look, line = self.look, self.look.line("control")
        box = QRectF(0, (self.height() - self.high) / 2, self.wide, self.high)
        painter.setPen(QPen(look.colour("badge"), line))
        painter.drawEllipse(box.adjusted(line, line, -line, -line))
        inset = box.width() * 0.12
        disc = box.adjusted(inset, inset, -inset, -inset)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("badge"))
        painter.drawEllipse(disc)
        half = disc.width() * 0.34
        painter.translate(disc.center() - QPointF(half, half))
        painter.scale(2 * half, 2 * half)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rounded = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(QPen(look.colour("on_badge"), 0.1, *rounded))
        painter.drawPath(_camera())


def _camera() -> QPainterPath:
    """Return a camera in a square of one: its case with the finder on top, and the lens."""
    case = QPainterPath(QPointF(0.3, 0.26))
    for x, y in ((0.38, 0.12), (0.62, 0.12), (0.7, 0.26), (0.95, 0.26), (0.95, 0.86), (0.05, 0.86), (0.05, 0.26)):
        case.lineTo(x, y)
    case.closeSubpath()
    case.addEllipse(QPointF(0.5, 0.55), 0.16, 0.16)
    return case


class Camera:
    """Picture and words; `part` puts them side by side."""

    def __init__(self, parent: QWidget, look: Look, words: str) -> None:
        """Make the sign; without words, no camera looks and there is none."""
        self.look = look
        self.lens = Lens(parent, look)
        self.words = Text(parent, look, words, bold=True)
        self.words.middle = True

    @property
    def looks(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.words.text())

    @property
    def widgets(self) -> tuple[Lens, Text]:
        """What it is made of."""
        return self.lens, self.words

    def tell(self, words: str) -> bool:
        """Show other words, or none; return whether they are others."""
        return self.words.change(words)

    def name_picture(self) -> None:
        """Let the picture say what the words say, where it stands without them."""
        alone = self.words.isHidden() and not self.lens.isHidden()
        self.lens.setAccessibleName(self.words.text() if alone else "")

    def part(self, share: int = 0) -> Part:
        """Return the sign on one line; with a share, on as many as its words need."""
        return row(leaf(self.lens), leaf(self.words, share), gap=self.look.space("s"), centred=True, share=share)
