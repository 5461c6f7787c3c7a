"""A frame of paper to write one's name in with a finger, a pen or a mouse: no button, and nothing hangs on time."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEventPoint,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from ui.frames import fitted
from ui.icons import draw_icon
from ui.look import Look
from ui.strokes import HIGH, WIDE, Stroke, Writing
from ui.widgets.drawn import Drawn
from ui.words import word

LEAST_WIDE_MM, MOST_WIDE_MM = 100, 280
PEN_MM = 1.25
STILL_MM = 1.2
"""A finger that came down rolls so far without meaning to write."""
BALL_MM = 26
"""What is as wide as this is no finger tip."""
LINE_AT, LINE_FROM = 0.76, 0.06
"""Where the line to write on stands, as shares of the frame's height and width."""
QUIET = 110
"""How much of 255 the line has of the ink's strength."""
MOUSE = -1
"""The one finger of a mouse or a pen."""


class Signature(Drawn):
    """What was written so far, and what is being written.

    `touched` whenever something comes down in it, `written` when a stroke has ended.
    """

    touched = Signal()
    written = Signal()

    def __init__(self, parent: QWidget, look: Look, strokes: tuple[Stroke, ...]) -> None:
        """Make a frame with these strokes in it."""
        super().__init__(parent, look, look.mm(LEAST_WIDE_MM), self.height_at(look.mm(LEAST_WIDE_MM)))
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAccessibleName(word(look.language, "sign_here"))
        self.writing = Writing()
        self._ink: QImage | None = None
        """What was written, as it looks: only what is being written is drawn again and again."""
        self._told: tuple[Stroke, ...] = ()
        """What the last screen showed."""
        self._sent: list[tuple[Stroke, ...]] = []
        """What was written since, and no screen has shown yet."""
        self._show(strokes)
        self._told = strokes

    @staticmethod
    def height_at(width: int) -> int:
        """Return how high it is at a width."""
        return round(width * HIGH / WIDE)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """What is in the frame."""
        return self.writing.strokes

    def take(self, strokes: tuple[Stroke, ...]) -> None:
        """Show what a screen shows.

        One that was made before the last stroke was known does not take that stroke away again.
        """
        if strokes in self._sent:
            del self._sent[: self._sent.index(strokes) + 1]
        elif strokes != self._told:
            self._sent.clear()
            self._show(strokes)
        self._told = strokes

    def forget(self) -> None:
        """Let go of every stroke."""
        self._sent.clear()
        self._told = ()
        self._show(())

    def _dry(self) -> None:
        """Blot the ink: it is written anew, from the strokes, when the frame is painted next."""
        if self._ink is not None:
            self._ink.fill(0)
            self._ink = None

    def _show(self, strokes: tuple[Stroke, ...]) -> None:
        if not strokes:
            self.writing.let_go()
        self.writing.strokes = strokes
        self._dry()
        self._describe()
        self.update()

    def _describe(self) -> None:
        count, language = len(self.strokes), self.look.language
        self.setAccessibleDescription(
            word(language, "strokes_drawn", count=count) if count else word(language, "nothing_drawn")
        )

    # -- writing ---------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.TouchCancel:
            self.writing.let_go()
            self.update()
        elif isinstance(event, QTouchEvent):
            for point in event.points():
                self._follow(point)
        else:
            return super().event(event)
        event.accept()
        return True

    def _follow(self, point: QEventPoint) -> None:
        place = point.position()
        match point.state():
            case QEventPoint.State.Pressed:
                size = point.ellipseDiameters()
                wide = max(size.width(), size.height()) >= BALL_MM * self.look.glass.px_per_mm
                self._down(point.id(), place, wide=wide)
            case QEventPoint.State.Updated:
                self._move(point.id(), place)
            case QEventPoint.State.Released:
                self._move(point.id(), place)
                self._up(point.id())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._down(MOUSE, event.position(), wide=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(MOUSE, event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._up(MOUSE)

    def _down(self, finger: int, place: QPointF, *, wide: bool) -> None:
        at = self._measured(place)
        self.writing.still = STILL_MM * self.look.glass.px_per_mm / self._scale
        self.writing.down(finger, at.x(), at.y(), wide=wide)
        self.touched.emit()

    def _move(self, finger: int, place: QPointF) -> None:
        at = self._measured(place)
        if self.writing.move(finger, at.x(), at.y()):
            self._keep()
        elif self.writing.writes:
            self.update()

    def _up(self, finger: int) -> None:
        if self.writing.up(finger):
            self._keep()

    def _keep(self) -> None:
        """A stroke has ended."""
        if self._ink is not None:
            self._write(self._ink, self.strokes[-1:])
        self._sent.append(self.strokes)
        self._describe()
        self.update()
        self.written.emit()

    # -- measures and painting -------------------------------------------------------------------------------------

    @property
    def paper(self) -> QRectF:
        """Where the paper lies within the widget."""
        return fitted(QRectF(0, 0, WIDE, HIGH).size(), QRectF(self.rect()))

    @property
    def _scale(self) -> float:
        """How many pixels one of the frame's thousand is wide."""
        return max(1e-6, self.paper.width() / WIDE)

    def _measured(self, place: QPointF) -> QPointF:
        """Return a place on the widget in the frame's own measure."""
        return (place - self.paper.topLeft()) / self._scale

    def faults(self) -> list[str]:
        """Return what is wrong with the frame as it stands."""
        wide = self.paper.width() / self.look.glass.px_per_mm
        return [f"only {wide:.0f} mm to write in"] if wide < LEAST_WIDE_MM - 1 else []

    def colours(self) -> tuple[QColor, QColor]:
        """Return (paper, ink): in a dark theme, too, it is dark ink on light paper."""
        ink, paper = sorted((self.look.colour("card"), self.look.colour("text")), key=QColor.lightness)
        return paper, ink

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (the whole frame is painted)
        painter, look, place = QPainter(self), self.look, self.paper
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paper, ink = self.colours()
        edge, radius = look.line("control"), look.radius("card")
        painter.setPen(QPen(look.colour("line"), edge))
        painter.setBrush(paper)
        painter.drawRoundedRect(place.adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2), radius, radius)
        quiet = QColor(ink)
        quiet.setAlpha(QUIET)
        self._paint_line(painter, place, quiet)
        if self._ink is None:
            self._ink = QImage(self.size(), QImage.Format.Format_ARGB32_Premultiplied)
            self._ink.fill(0)
            self._write(self._ink, self.strokes)
        painter.drawImage(0, 0, self._ink)
        if self.writing.writes:
            self._draw_strokes(painter, (self.writing.begun,))

    def _write(self, image: QImage, strokes: tuple[Stroke, ...]) -> None:
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_strokes(painter, strokes)
        painter.end()

    def _draw_strokes(self, painter: QPainter, strokes: tuple[Stroke, ...]) -> None:
        _, ink = self.colours()
        painter.translate(self.paper.topLeft())
        painter.scale(self._scale, self._scale)
        wide = PEN_MM * self.look.glass.px_per_mm / self._scale
        round_ends = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(QPen(ink, wide, *round_ends))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setClipRect(QRectF(0, 0, WIDE, HIGH))
        for stroke in strokes:
            painter.drawPath(_curve(stroke))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dry()

    def _paint_line(self, painter: QPainter, place: QRectF, colour: QColor) -> None:
        """The line to write on, and while nothing is written a pen at its beginning."""
        left, y = place.left() + place.width() * LINE_FROM, place.top() + place.height() * LINE_AT
        painter.fillRect(
            QRectF(left, round(y), place.width() * (1 - 2 * LINE_FROM), self.look.line("control")),
            colour,
        )
        if not self.strokes and not self.writing.begun:
            side = place.height() * 0.2
            painter.setOpacity(colour.alphaF())
            draw_icon(painter, "pencil-simple", QRectF(left, y - side * 1.15, side, side), colour)
            painter.setOpacity(1)


def _curve(stroke: Stroke) -> QPainterPath:
    """Return a stroke as a line without corners, through the middles between its points."""
    if not stroke:
        return QPainterPath()
    points = [QPointF(*point) for point in stroke]
    path = QPainterPath(points[0])
    if len(points) == 1:
        path.lineTo(points[0] + QPointF(0.01, 0))  # a dot: the pen's round end
    for here, beyond in pairwise(points[1:]):
        path.quadTo(here, (here + beyond) / 2)
    path.lineTo(points[-1])
    return path
