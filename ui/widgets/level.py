"""How loud the voice is: bars that grow from the middle line, the newest at the right."""

from collections import deque

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.widgets.drawn import Drawn
from ui.words import word

NEWEST = 3


class Level(Drawn):
    """The last seconds of loudness."""

    def __init__(self, parent: QWidget, look: Look, high_mm: float = 16) -> None:
        """Make bars at most so high."""
        super().__init__(parent, look, look.mm(60), look.mm(high_mm))
        self.levels: deque[float] = deque(maxlen=300)
        self.setAccessibleName(word(look.language, "loudness"))

    def hear(self, level: float) -> None:
        """Add one bar: 0 … 1."""
        self.levels.append(min(1.0, max(0.0, level)))
        self.update()

    def draw(self, painter: QPainter) -> None:
        look = self.look
        painter.setPen(Qt.PenStyle.NoPen)
        pitch, bar = look.mm(3.6), look.mm(2.0)
        count = max(1, self.width() // pitch)
        heard = list(self.levels)[-count:]
        levels = [0.0] * (count - len(heard)) + heard
        high = min(self.height(), look.mm(48))
        for i, level in enumerate(levels):
            height = max(bar, level * high)
            if i < count - len(heard):
                painter.setBrush(look.colour("hair"))
            else:
                painter.setBrush(look.colour("seal" if i >= count - NEWEST else "badge"))
            painter.drawRoundedRect(QRectF(i * pitch, (self.height() - height) / 2, bar, height), bar / 2, bar / 2)
