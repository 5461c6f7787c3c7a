"""Quiet pictures: a sheet of paper, an icon, an icon in a disc, a hair line, the recording dot."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.icons import draw_icon, known_icon
from ui.look import Look
from ui.widgets.drawn import Drawn


class Sheet(Drawn):
    """A sheet of paper to read from: no lip, a hair line."""

    def __init__(self, parent: QWidget, look: Look, *, ground: str = "card", edge: str = "hair") -> None:
        """Make a sheet; ground and edge are colour roles."""
        super().__init__(parent, look, 0, 0)
        self.ground, self.edge = ground, edge
        self.lower()

    def draw(self, painter: QPainter) -> None:
        width, radius = self.look.line("hair"), self.look.radius("card")
        painter.setPen(QPen(self.look.colour(self.edge), width))
        painter.setBrush(self.look.colour(self.ground))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


class Icon(Drawn):
    """A small picture beside words."""

    def __init__(self, parent: QWidget, look: Look, icon: str, *, colour: str = "badge", em: float = 1.25) -> None:
        """Make a picture of so many em."""
        side = round(look.em() * em)
        super().__init__(parent, look, side, side)
        self.icon, self.colour = icon, colour

    def draw(self, painter: QPainter) -> None:
        draw_icon(painter, self.icon, QRectF(0, 0, self.wide, self.high), self.look.colour(self.colour))

    def faults(self) -> list[str]:
        """Return what is wrong with the picture."""
        return [] if known_icon(self.icon) else [f"no picture called {self.icon}"]


class Medallion(Drawn):
    """One large picture in a disc, with rings around it when something is going out from here."""

    def __init__(
        self,
        parent: QWidget,
        look: Look,
        icon: str,
        side: int,
        *,
        rings: bool = False,
        ground: str = "badge",
        ink: str = "on_badge",
    ) -> None:
        """Make it as large as `side` pixels; the disc is smaller when there are rings."""
        super().__init__(parent, look, side, side)
        self.icon, self.rings, self.ground, self.ink = icon, rings, ground, ink

    def draw(self, painter: QPainter) -> None:
        look, centre = self.look, QPointF(self.width() / 2, self.height() / 2)
        side = min(self.width(), self.height())
        disc = side * (0.27 if self.rings else 0.47)
        if self.rings:
            for reach, colour in ((0.355, "line"), (0.42, "hair"), (0.485, "hair")):
                painter.setPen(QPen(look.colour(colour), look.mm(0.9)))
                painter.drawEllipse(centre, side * reach, side * reach)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(self.ground))
        painter.drawEllipse(centre, disc, disc)
        if look.theme == "dark" and self.ground == "notice":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour(self.ink), look.line("strong")))
            painter.drawEllipse(centre, disc, disc)
        half = disc * 0.58
        draw_icon(
            painter, self.icon, QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half), look.colour(self.ink)
        )

    def faults(self) -> list[str]:
        """Return what is wrong with the picture."""
        return [] if known_icon(self.icon) else [f"no picture called {self.icon}"]


class Rule(Drawn):
    """A hair line between two things."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make a line."""
        super().__init__(parent, look, 0, look.line("hair"))

    def draw(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.look.colour("hair"))


class Dot(Drawn):
    """The red dot of a recording."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make a dot."""
        super().__init__(parent, look, look.em(), look.em())

    def draw(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour("seal"))
        side = min(self.width(), self.height())
        painter.drawEllipse(QPointF(self.width() / 2, self.height() / 2), side * 0.46, side * 0.46)
