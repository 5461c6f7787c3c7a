"""Pictures as the view holds them: from a camera's or a stick's bytes to something to paint, and how large it fits."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from petition.ports import Frame, Viewfinder

BYTES_A_PIXEL = 3
LARGEST_SIDE_PX = 4096
MUCH_SMALLER = 1.5
"""What is made smaller than this is smoothed over all its pixels, not over the nearest four."""


class LateViewfinder:
    """A viewfinder that sees nothing until there is one: the camera's room comes up after the first screen."""

    def __init__(self) -> None:
        """See nothing."""
        self._found: Viewfinder | None = None

    def found(self, viewfinder: Viewfinder) -> None:
        """From now on see through this one."""
        self._found = viewfinder

    def live(self) -> Frame | None:
        """Return what the camera sees now."""
        return self._found.live() if self._found is not None else None

    def picture(self, id_: str) -> Frame | None:
        """Return a picture that was taken, or None while it is not ready."""
        return self._found.picture(id_) if self._found is not None else None


class Picture:
    """One picture that is shown, or none. Its pixels are made black before their memory is let go."""

    def __init__(self) -> None:
        """Hold none."""
        self.image: QImage | None = None
        self._smaller: QImage | None = None

    def hold(self, frame: Frame | None) -> None:
        """Show this one from now on; none where the bytes are not what the frame says."""
        for image in (self.image, self._smaller):
            if image is not None:
                image.fill(0)
        self.image = image_of(frame) if frame is not None else None
        self._smaller = None

    def paint(self, painter: QPainter, place: QRectF) -> None:
        """Paint it into a place of its shape; one that becomes much smaller is made so once, and well."""
        if self.image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = place.size().toSize()
        if size.width() * MUCH_SMALLER >= self.image.width():
            painter.drawImage(place, self.image)
            return
        if self._smaller is None or self._smaller.size() != size:
            keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._smaller = self.image.scaled(size, keep, smooth)
        painter.drawImage(place, self._smaller)


def image_of(frame: Frame) -> QImage | None:
    """Return a frame as an image of its own; None for one whose bytes are not what its size says."""
    wide, high = frame.width_px, frame.height_px
    sound = 0 < wide <= LARGEST_SIDE_PX and 0 < high <= LARGEST_SIDE_PX
    if not sound or len(frame.rgb) != wide * high * BYTES_A_PIXEL:
        return None
    seen = QImage(frame.rgb, wide, high, wide * BYTES_A_PIXEL, QImage.Format.Format_RGB888)
    return seen.convertToFormat(QImage.Format.Format_RGB32)  # a copy: the frame's bytes are not the image's to keep


class Looking(QObject):
    """Asks for something again and again while a widget can be seen, and lets go of it when it no longer can."""

    def __init__(
        self, widget: QWidget, milliseconds: int, ask: Callable[[], bool], let_go: Callable[[], object]
    ) -> None:
        """`ask` is called at once and every so often until it returns that there is nothing more to ask for."""
        super().__init__(widget)
        self._widget, self._ask, self._let_go = widget, ask, let_go
        self._seen = True
        self._again = QTimer(self)
        self._again.setInterval(milliseconds)
        self._again.timeout.connect(self._look)
        widget.installEventFilter(self)

    @property
    def active(self) -> bool:
        """Whether its timer runs."""
        return self._again.isActive()

    def look_on(self, *, seen: bool) -> None:
        """Say whether anybody can see the widget: beneath the curtain nobody does."""
        self._seen = seen
        if seen and self._widget.isVisible():
            self._begin()
        else:
            self._end()

    def forget(self) -> None:
        """Let go of it for good."""
        self._seen = False
        self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt tells both)
        if event.type() is QEvent.Type.Show and self._seen:
            self._begin()
        elif event.type() is QEvent.Type.Hide:
            self._end()
        return False

    def _begin(self) -> None:
        if not self._again.isActive():
            self._again.start()
            self._look()

    def _end(self) -> None:
        self._again.stop()
        self._let_go()

    def _look(self) -> None:
        if self._ask():
            self._again.stop()


def fitted(shape: QSizeF, box: QRectF) -> QRectF:
    """Return the largest box of a shape within another, in its middle: never stretched, never cut."""
    if shape.isEmpty() or box.isEmpty():
        return QRectF(box.center(), QSizeF(0, 0))
    scale = min(box.width() / shape.width(), box.height() / shape.height())
    wide, high = shape.width() * scale, shape.height() * scale
    return QRectF(box.center().x() - wide / 2, box.center().y() - high / 2, wide, high)
