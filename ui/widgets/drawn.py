"""A widget that is only painted: nothing to press, a size of its own."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.look import Look


class Drawn(QWidget):
    """Something to look at; `wide` × `high` pixels unless its place says otherwise."""

    def __init__(self, parent: QWidget, look: Look, wide: int, high: int) -> None:
        """Make it; give it an accessible name where it says something that no text beside it says."""
        super().__init__(parent)
        self.hide()
        self.look, self.wide, self.high = look, wide, high

    def become(self, wide: int, high: int) -> None:
        """Take another size."""
        self.wide, self.high = wide, high

    def natural_width(self) -> int:
        """Return its width."""
        return self.wide

    def least_height(self, width: int) -> int:  # noqa: ARG002 (most pictures are as high whatever their width)
        """Return its height."""
        return self.high

    def sizeHint(self) -> QSize:
        return QSize(self.wide, self.high)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (the whole picture is painted)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """Paint the picture."""
        raise NotImplementedError
