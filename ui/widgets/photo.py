"""A photograph on a mount of paper: what the camera sees now, or a picture that was taken.

It is asked for only while it can be seen, and nothing of it is kept once it cannot.
"""

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from petition.ports import Frame, Viewfinder
from ui.frames import Looking, Picture, fitted
from ui.icons import draw_icon
from ui.lines import Lines
from ui.look import Look
from ui.widgets.drawn import Drawn
from ui.words import word

LIVE_MILLISECONDS = 66
"""Fifteen times a second."""
ASK_AGAIN_MILLISECONDS = 200
LEAST_HIGH_MM = 45
USUAL_SHAPE = QSizeF(4, 3)
"""Until there is a picture, its place looks as if it had this shape."""
DARK, ON_DARK = QColor("#24211D"), QColor("#B4AB9C")
"""A place without a picture is the same in every theme."""
FIGURE, ON_FIGURE = QColor(20, 17, 14, 190), QColor("#FFFFFF")
SIGN_SHARE, LARGEST_SIGN_MM = 0.26, 34
FIGURE_SHARE = 0.62


class Photo(Drawn):
    """A picture, whole and as large as its place allows; before there is one, a dark place with a calm sign."""

    def __init__(self, parent: QWidget, look: Look, name: str, sign: str, milliseconds: int) -> None:
        """`name` is what a screen reader calls it, `sign` the icon that stands there without a picture."""
        super().__init__(parent, look, round(look.mm(LEAST_HIGH_MM) * 4 / 3), look.mm(LEAST_HIGH_MM))
        self.picture, self.sign = Picture(), sign
        self.side = 0
        """Where the picture stands in a place that is wider: at the left (-1), in the middle, at the right (1)."""
        self.setAccessibleName(name)
        self.looking = Looking(self, milliseconds, self.ask, lambda: self.hold(None))

    def ask(self) -> bool:
        """Ask for the picture; return whether it need not be asked for again."""
        raise NotImplementedError

    def hold(self, frame: Frame | None) -> None:
        """Show a frame, or the dark place."""
        self.picture.hold(frame)
        self.update()

    def best_height(self, width: int) -> int:
        """Return how high it is when it fills a width."""
        pad = 2 * self.look.space("s")
        return round((width - pad) * USUAL_SHAPE.height() / USUAL_SHAPE.width()) + pad

    def best_width(self, height: int) -> int:
        """Return how wide it is when it fills a height."""
        pad = 2 * self.look.space("s")
        return round((height - pad) * USUAL_SHAPE.width() / USUAL_SHAPE.height()) + pad

    # -- painting --------------------------------------------------------------------------------------------------

    def place_of_picture(self) -> QRectF:
        """Return where the picture stands within the widget: what is beside it is the page's."""
        pad = self.look.space("s")
        room = QRectF(self.rect()).adjusted(pad, pad, -pad, -pad)
        place = fitted(shape_of(self.picture), room)
        return place.translated(self.side * (room.width() - place.width()) / 2, 0)

    def draw(self, painter: QPainter) -> None:
        look, place, pad = self.look, self.place_of_picture(), self.look.space("s")
        radius, hair = look.radius("card"), look.line("hair")
        painter.setPen(QPen(look.colour("line"), hair))
        painter.setBrush(look.colour("card"))
        reach = pad - hair / 2
        painter.drawRoundedRect(place.adjusted(-reach, -reach, reach, reach), radius, radius)
        draw_photo(painter, look, self.picture, place, sign=self.sign)


class Seen(Photo):
    """What the camera sees now; over it, before a picture is taken, the seconds."""

    def __init__(self, parent: QWidget, look: Look, viewfinder: Viewfinder, seconds: int) -> None:
        """`seconds` until a picture is taken; 0 while nobody has asked for one."""
        super().__init__(parent, look, word(look.language, "camera_sees"), "camera", LIVE_MILLISECONDS)
        self._viewfinder, self.seconds = viewfinder, 0
        self._shown: Frame | None = None
        self.count(seconds)

    def count(self, seconds: int) -> None:
        """Show other seconds."""
        if seconds != self.seconds:
            self.seconds = seconds
            left = word(self.look.language, "seconds_left", count=seconds) if seconds > 0 else ""
            self.setAccessibleDescription(left)
            self.update()

    def ask(self) -> bool:
        frame = self._viewfinder.live()
        if frame is not self._shown:
            self.hold(frame)
        return False

    def hold(self, frame: Frame | None) -> None:
        super().hold(frame)
        self._shown = frame

    def draw(self, painter: QPainter) -> None:
        super().draw(painter)
        if self.seconds > 0:
            place = self.place_of_picture()
            side = min(place.width(), place.height()) * FIGURE_SHARE
            disc = QRectF(place.center().x() - side / 2, place.center().y() - side / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(FIGURE)
            painter.drawEllipse(disc)
            figure = Lines(str(self.seconds), self.look.font_of(round(side * 0.66), bold=True), side, leading=1.2)
            figure.draw(painter, disc.x(), disc.center().y() - figure.height / 2, ON_FIGURE, centred_in=side)


class Taken(Photo):
    """A picture that was taken or is on a stick: asked for until it is there."""

    def __init__(self, parent: QWidget, look: Look, viewfinder: Viewfinder, id_: str) -> None:
        """`id_` says which one; "" for none, which is never asked for."""
        self._viewfinder, self.id = viewfinder, id_
        super().__init__(parent, look, word(look.language, "picture"), "image", ASK_AGAIN_MILLISECONDS)

    def ask(self) -> bool:
        frame = self._viewfinder.picture(self.id) if self.id else None
        if frame is not None:
            self.hold(frame)
        return frame is not None or not self.id


def shape_of(picture: Picture) -> QSizeF:
    """Return the shape of a picture; before there is one, the usual."""
    return QSizeF(picture.image.size()) if picture.image is not None else USUAL_SHAPE


def draw_photo(painter: QPainter, look: Look, picture: Picture, place: QRectF, *, sign: str) -> None:
    """Paint a picture with rounded corners into its place; without one, the dark and a sign."""
    corners = QPainterPath()
    corners.addRoundedRect(place, look.radius("chip"), look.radius("chip"))
    painter.save()
    if picture.image is None:
        painter.fillPath(corners, DARK)
        side = min(place.height() * SIGN_SHARE, place.width() * SIGN_SHARE, look.mm(LARGEST_SIGN_MM))
        middle = place.center()
        draw_icon(painter, sign, QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side), ON_DARK)
    else:
        painter.setClipPath(corners)
        picture.paint(painter, place)
    painter.restore()
