"""The stages of a petition: what is done, what is being done, what comes."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from petition.model import StageState
from petition.screen import Stop
from ui.icons import draw_icon
from ui.lines import Lines
from ui.look import Look
from ui.widgets.drawn import Drawn


class Timeline(Drawn):
    """Stages side by side, or one below the other where that fits better."""

    def __init__(self, parent: QWidget, look: Look, stops: tuple[Stop, ...]) -> None:
        """Make a timeline; `upright` says which way it runs."""
        super().__init__(parent, look, 0, 0)
        self.stops, self.upright = stops, False
        self.disc = round(look.em() * 1.9)
        self.setAccessibleName("；".join("，".join(t for t in (s.name, s.word, s.on) if t) for s in stops))

    # -- measures --------------------------------------------------------------------------------------------------

    def _texts(self, stop: Stop) -> tuple[tuple[str, str, bool, str], ...]:
        now = stop.state is StageState.NOW
        told = (
            (stop.name, "label", True, "text"),
            (stop.word, "body", now, "seal" if now else "text_soft"),
            (stop.on, "body", False, "text_soft"),
        )
        return tuple(t for t in told if t[0])

    def _width_of(self, text: str, role: str, *, bold: bool) -> int:
        return Lines(text, self.look.font(role, bold=bold), 100_000, even=False).width

    def natural_width(self) -> int:
        if self.upright:
            columns = self._columns()
            return self.disc + self.look.space("m") + sum(columns) + self.look.space("l") * (len(columns) - 1) + 2
        widest = max(self._columns(), default=0)
        return (widest + self.look.space("m")) * len(self.stops)

    def _columns(self) -> list[int]:
        """Return how wide names, words and dates are when they stand in columns."""
        rows = [
            [self._width_of(text, role, bold=bold) for text, role, bold, _ in self._texts(stop)] for stop in self.stops
        ]
        return [max(row[i] for row in rows if len(row) > i) for i in range(max(map(len, rows), default=0))]

    @property
    def pitch(self) -> int:
        """Distance from one stage to the next when upright."""
        return max(self.disc + self.look.space("s"), self.look.leading("label"))

    def least_height(self, width: int) -> int:  # noqa: ARG002 (its rows never wrap)
        if self.upright:
            return self.pitch * len(self.stops)
        rows = 2 if any(stop.on for stop in self.stops) else 1
        return self.disc + self.look.space("s") + self.look.leading("label") + rows * self.look.leading("body")

    def faults(self) -> list[str]:
        """Return what is wrong with the timeline as it stands."""
        return ["timeline too narrow"] if self.natural_width() > self.width() + 2 else []

    # -- painting --------------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        if self.upright:
            self._draw_upright(painter)
        else:
            self._draw_across(painter)

    def _draw_across(self, painter: QPainter) -> None:
        look, disc, step = self.look, self.disc, self.width() / max(1, len(self.stops))
        top = (self.height() - self.least_height(self.width())) / 2
        for i, stop in enumerate(self.stops):
            centre = QPointF(step * (i + 0.5), top + disc / 2)
            if i:
                reach = disc / 2 + look.space("s")
                self._draw_way(
                    painter,
                    stop,
                    QPointF(centre.x() - step + reach, centre.y()),
                    QPointF(centre.x() - reach, centre.y()),
                )
            self._draw_disc(painter, stop, centre)
            y = top + disc + look.space("s")
            for text, role, bold, colour in self._texts(stop):
                lines = Lines(text, look.font(role, bold=bold), step)
                lines.draw(painter, step * i, y, look.colour(colour), centred_in=step)
                y += lines.height

    def _draw_upright(self, painter: QPainter) -> None:
        look, disc = self.look, self.disc
        pitch = min(self.height() / max(1, len(self.stops)), self.pitch * 2.6)
        top = (self.height() - pitch * len(self.stops)) / 2
        columns = self._columns()
        for i, stop in enumerate(self.stops):
            centre = QPointF(disc / 2, top + pitch * (i + 0.5))
            if i:
                reach = disc / 2 + look.space("hair")
                self._draw_way(
                    painter,
                    stop,
                    QPointF(centre.x(), centre.y() - pitch + reach),
                    QPointF(centre.x(), centre.y() - reach),
                )
            self._draw_disc(painter, stop, centre)
            x = float(disc + look.space("m"))
            for at, (text, role, bold, colour) in enumerate(self._texts(stop)):
                lines = Lines(text, look.font(role, bold=bold), 100_000, even=False)
                lines.draw(painter, x, centre.y() - lines.height / 2, look.colour(colour))
                x += columns[at] + look.space("l")

    def _draw_way(self, painter: QPainter, stop: Stop, start: QPointF, end: QPointF) -> None:
        look, gone = self.look, stop.state is not StageState.NEXT
        pen = QPen(look.colour("badge" if gone else "line"), look.mm(1.4 if gone else 0.8))
        if not gone:
            pen.setDashPattern([2, 2.2])
        painter.setPen(pen)
        painter.drawLine(start, end)

    def _draw_disc(self, painter: QPainter, stop: Stop, centre: QPointF) -> None:
        look, disc = self.look, self.disc
        if stop.state is StageState.DONE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("badge"))
            painter.drawEllipse(centre, disc / 2, disc / 2)
            half = disc * 0.3
            draw_icon(
                painter,
                "check",
                QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half),
                look.colour("on_badge"),
            )
        elif stop.state is StageState.NOW:
            painter.setPen(QPen(look.colour("seal"), look.mm(1.6)))
            painter.setBrush(look.colour("card"))
            painter.drawEllipse(centre, disc / 2 - look.mm(0.8), disc / 2 - look.mm(0.8))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("seal"))
            painter.drawEllipse(centre, disc * 0.25, disc * 0.25)
        else:
            painter.setPen(QPen(look.colour("line"), look.mm(0.8)))
            painter.setBrush(look.colour("bg"))
            painter.drawEllipse(centre, disc / 2 - look.mm(0.4), disc / 2 - look.mm(0.4))
