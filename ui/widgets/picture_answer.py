"""A picture as an answer: the picture on the face, its number in the corner, its words below where there is room."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from petition.ports import Frame, Viewfinder
from petition.screen import Button
from ui.frames import LateViewfinder, Looking, Picture, fitted
from ui.icons import draw_icon
from ui.lines import Lines
from ui.look import Look
from ui.widgets.answer import Answer
from ui.widgets.photo import ASK_AGAIN_MILLISECONDS, USUAL_SHAPE, draw_photo, shape_of

LEAST_HIGH_MM, LEAST_WIDE_MM = 18, 24
"""A picture as small as this still says which one it is."""
ROOMY_HIGH_MM, ROOMY_WIDE_MM = 36, 48
"""It is at least so large before the page's header steps back for it."""


class PictureAnswer(Answer):
    """A picture to choose. `viewfinder` has it, sooner or later."""

    def __init__(self, parent: QWidget, look: Look, button: Button) -> None:
        """Make the control."""
        super().__init__(parent, look, button)
        self.viewfinder: Viewfinder = LateViewfinder()
        self.id, self.picture = button.picture, Picture()
        self.roomy = True
        """Whether there is still something on the page that can step back."""
        self.looking = Looking(self, ASK_AGAIN_MILLISECONDS, self._ask, lambda: self._hold(None))

    def _ask(self) -> bool:
        frame = self.viewfinder.picture(self.id)
        if frame is not None:
            self._hold(frame)
        return frame is not None

    def _hold(self, frame: Frame | None) -> None:
        self.picture.hold(frame)
        self.update()

    # -- measures --------------------------------------------------------------------------------------------------

    @property
    def _pad(self) -> int:
        return self.look.space("s")

    def _label_below(self, width: float) -> Lines | None:
        """Return what stands below the picture; it steps back with the notes of other answers.

        A name that is a number and nothing else stays unseen: beside the key's number it would be a second one.
        """
        shown = self.notes_shown and not self.text().isdecimal()
        return self.set(self.text(), "body", width - 2 * self._pad, bold=True) if shown else None

    def natural_width(self) -> int:
        words = self._label_below(100_000)
        least = max(self.look.mm(ROOMY_WIDE_MM if self.roomy else LEAST_WIDE_MM), 2 * self.badge_side)
        return max(least, words.width + 2 if words is not None else 0) + 2 * self._pad

    def narrowest(self) -> int:
        return self.natural_width()

    def least_height(self, width: int) -> int:
        least = max(self.look.mm(ROOMY_HIGH_MM if self.roomy else LEAST_HIGH_MM), self.badge_side)
        return least + self._beneath(width) + 2 * self._pad + self.look.lip

    def _beneath(self, width: float) -> int:
        words = self._label_below(width)
        return words.height if words is not None else 0

    def picture_in(self, width: int, height: int) -> QRectF:
        """Return where the picture stands on a control of this size: as large as it gets."""
        pad = self._pad
        room = QRectF(pad, pad, width - 2 * pad, height - self.look.lip - 2 * pad - self._beneath(width))
        shape = shape_of(self.picture) if self.picture.image is not None else USUAL_SHAPE
        return fitted(shape, room)

    def all_lines(self) -> list[Lines]:
        words = self._label_below(self.width())
        return [words] if words is not None else []

    # -- painting --------------------------------------------------------------------------------------------------

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        look, place = self.look, self.picture_in(self.width(), self.height()).translated(face.topLeft())
        draw_photo(painter, look, self.picture, place, sign="image")
        if (words := self._label_below(self.width())) is not None:
            y = face.bottom() - self._pad - words.height
            words.draw(painter, face.left() + self._pad, y, self.ink(), centred_in=face.width() - 2 * self._pad)
        corner = face.topLeft()
        if self.number:
            inset = self._pad
            box = QRectF(corner.x() + inset, corner.y() + inset, self.badge_side, self.badge_side)
            self._paint_rim(painter, box)
            self.paint_badge(painter, box.x(), box.y())
        if self.option and self.isChecked():
            side, inset = self._ring_side, self._pad
            box = QRectF(face.right() - inset - side, face.top() + inset, side, side)
            self._paint_rim(painter, box)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("badge"))
            painter.drawEllipse(box)
            draw_icon(
                painter,
                "check",
                box.adjusted(side * 0.18, side * 0.18, -side * 0.18, -side * 0.18),
                look.colour("on_badge"),
            )

    def _paint_rim(self, painter: QPainter, box: QRectF) -> None:
        """What keeps a disc apart from any picture beneath it."""
        rim = self.look.line("strong")
        painter.setPen(QPen(self.look.colour("on_badge"), rim))
        painter.setBrush(self.look.colour("on_badge"))
        painter.drawEllipse(box.adjusted(-rim / 2, -rim / 2, rim / 2, rim / 2))
