"""A QR code: black on white with its quiet zone, in every theme."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.qr import modules_of
from ui.widgets.drawn import Drawn
from ui.words import word


class Code(Drawn):
    """A code that a telephone can read from the screen."""

    def __init__(self, parent: QWidget, look: Look, content: str, side: int) -> None:
        """Make a code of at most `side` pixels, whole pixels a module."""
        self.modules = modules_of(content)
        super().__init__(parent, look, side, side)
        self.fit(side)
        self.setAccessibleName(word(look.language, "code"))

    def fit(self, side: int) -> None:
        """Become as large as whole pixels a module allow within `side`."""
        whole = max(1, side // len(self.modules)) * len(self.modules)
        self.become(whole, whole)

    def draw(self, painter: QPainter) -> None:
        step = max(1, min(self.width(), self.height()) // len(self.modules))
        side = step * len(self.modules)
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRect(left, top, side, side), QColor("white"))
        for y, row in enumerate(self.modules):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(QRect(left + x * step, top + y * step, step, step), QColor("black"))
