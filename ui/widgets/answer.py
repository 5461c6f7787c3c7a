"""An answer on the paper: number, picture and words side by side; or, as a tile, one above the other."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from petition.events import ChoicePressed
from petition.screen import Button
from ui.icons import draw_icon
from ui.lines import Lines
from ui.look import Look
from ui.widgets.control import Control
from ui.widgets.faces import draw_face

SIZE_SHOWN_EM = 1.3
"""How large an answer that stands for a text size shows it, in that size's own em."""


class Answer(Control):
    """A choice: disc with its number, picture, label, and under it a quiet note."""

    def __init__(self, parent: QWidget, look: Look, button: Button) -> None:
        """Make the control for an answer of a screen."""
        super().__init__(
            parent,
            look,
            ChoicePressed(choice_id=button.id),
            button.label,
            number=button.number,
            icon=button.icon,
            primary=button.primary,
            chosen=button.chosen,
        )
        self.note, self.face, self._label_px = button.note, button.face, 0
        self.setAccessibleDescription(button.note)
        self.notes_shown = True
        """Notes step back first when room is short; they are still spoken and described."""
        self.icon_shown = True
        self.large = False
        """Whether the label is set in the larger role: where every answer of a screen has room for it."""
        self.centred = False
        self.disc_place = self.picture_place = 0
        """How wide the places of disc and picture are at the least, so that its words line up with other answers'."""
        self.in_its_row: Sequence[Answer] = ()
        """The answers beside it in a grid, itself among them."""

    def show_size(self, size: str) -> None:
        """Look as the text size it stands for."""
        self._label_px = round(replace(self.look, size=size).em() * SIZE_SHOWN_EM)

    def show_theme(self, theme: str) -> None:
        """Look as the theme it stands for."""
        self.look = replace(self.look, theme=theme)

    def font_of(self, role: str, *, bold: bool) -> QFont:
        if self._label_px and role == self.label_role:
            return self.look.font_of(self._label_px, bold=bold)
        return super().font_of(role, bold=bold)

    @property
    def shown_note(self) -> str:
        """The note, while there is room for it."""
        return self.note if self.notes_shown else ""

    @property
    def icon_side(self) -> int:
        """Side of the picture, larger beside two lines of words."""
        if not self.icon_name or not self.icon_shown:
            return 0
        return round(self.look.em(self.label_role) * (1.75 if self.shown_note else 1.3))

    @property
    def label_role(self) -> str:
        """The type role of the label."""
        return "live" if self.large else "label"

    def _places(self) -> tuple[int, int]:
        """Return how wide the places of disc and picture are; 0 for none."""
        disc, picture = max(self.badge_side, self.disc_place), self.icon_side
        return disc, max(picture, self.picture_place) if picture else 0

    @property
    def _ring_side(self) -> int:
        return round(self.look.em("label") * 1.15) if self.option else 0

    def _beside(self) -> int:
        """How much width goes to margins, disc, picture and ring."""
        gap = self.look.space("m")
        sides = sum(side + gap for side in (*self._places(), self._ring_side) if side)
        return 2 * self.look.space("l") + sides

    def _label(self, width: float) -> Lines:
        return self.set(self.text(), self.label_role, width - self._beside(), bold=True)

    def _note(self, width: float) -> Lines | None:
        return self.set(self.shown_note, "body", width - self._beside()) if self.shown_note else None

    def natural_width(self) -> int:
        wide = self._label(100_000).width
        if (note := self._note(100_000)) is not None:
            wide = max(wide, note.width)
        return wide + self._beside() + 2

    def narrowest(self) -> int:
        """Return the width below which a word would be cut."""
        texts = (
            (self.text(), self.label_role, True),
            *(((self.shown_note, "body", False),) if self.shown_note else ()),
        )
        return max(self.set(text, role, 1, bold=bold).width for text, role, bold in texts) + self._beside() + 2

    def least_height(self, width: int) -> int:
        note, words = self._note(width), self.words_height(width)
        pad = (
            self.look.space("s") if note or words <= 1.6 * self.look.leading(self.label_role) else self.look.space("m")
        )
        return max(self.least_face(), words + 2 * pad) + self.look.lip

    def words_height(self, width: int) -> int:
        """Return how high label and note are together."""
        note = self._note(width)
        return self._label(width).height + (note.height if note else 0)

    def all_lines(self) -> list[Lines]:
        note = self._note(self.width())
        return [self._label(self.width()), *([note] if note else [])]

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        look, gap, ink = self.look, self.look.space("m"), self.ink()
        label, note = self._label(self.width()), self._note(self.width())
        x = face.left() + look.space("l")
        if self.centred:
            wide = max(label.width, note.width if note else 0)
            x = face.left() + max(look.space("l"), (face.width() - (self._beside() - 2 * look.space("l") + wide)) / 2)
        middle, (disc, picture) = face.center().y(), self._places()
        if self.number:
            self.paint_badge(painter, x, middle - self.badge_side / 2)
        x += disc + gap if disc else 0
        if side := self.icon_side:
            draw_icon(painter, self.icon_name, QRectF(x + (picture - side) / 2, middle - side / 2, side, side), ink)
            x += picture + gap
        y = middle - self.words_height(self.width()) / 2
        label.draw(painter, x, y, ink)
        if note:
            note.draw(painter, x, y + label.height, look.colour("on_primary_soft" if self.primary else "text_soft"))
        if self.option:
            self._paint_ring(painter, face)

    def _paint_ring(self, painter: QPainter, face: QRectF) -> None:
        """One of several: a ring that fills when it is in force."""
        look, side = self.look, self._ring_side
        box = QRectF(face.right() - look.space("l") - side, face.center().y() - side / 2, side, side)
        painter.setPen(QPen(look.colour("badge" if self.isChecked() else "text"), look.line("control")))
        painter.setBrush(look.colour("badge") if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box)
        if self.isChecked():
            inset = side * 0.18
            draw_icon(painter, "check", box.adjusted(inset, inset, -inset, -inset), look.colour("on_badge"))


class Tile(Answer):
    """An answer as a tile: picture or face above, words below, the number in the corner."""

    def _beside(self) -> int:
        return 2 * self.look.space("m")

    @property
    def icon_side(self) -> int:
        if self.face is not None:
            return round(self.look.em() * 3.4)
        return round(self.look.em() * 2.6) if self.icon_name and self.icon_shown else 0

    def least_height(self, width: int) -> int:
        words = self.words_height(width)
        over = self.badge_side * 0.5 if self.icon_side + self.badge_side * 2 > width - 2 * self.look.space("m") else 0
        content = self.icon_side + words + self.look.space("s") + 2 * self.look.space("m") + over
        return max(self.least_face(), round(content)) + self.look.lip

    def picture_box(self, face: QRectF) -> QRectF:
        """Return where its picture stands on a face; over the words, as those of the tiles beside it do."""
        words = max(answer.words_height(self.width()) for answer in self.in_its_row or (self,))
        gap, pad = self.look.space("s"), self.look.space("m")
        side = min(
            self.icon_side * 2.1, face.height() - words - gap - 2 * pad, face.width() - 2 * pad - self.badge_side
        )
        side = max(side, self.icon_side)
        return QRectF(face.center().x() - side / 2, face.center().y() - (side + gap + words) / 2, side, side)

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        look, pad, picture = self.look, self.look.space("m"), self.picture_box(face)
        label, note = self._label(self.width()), self._note(self.width())
        if self.face is not None:
            draw_face(painter, look, picture, self.face)
        elif self.icon_side:
            inset = picture.width() * 0.12
            draw_icon(
                painter,
                self.icon_name,
                picture.adjusted(inset, inset, -inset, -inset),
                look.colour("on_primary" if self.primary else "badge"),
            )
        y = picture.bottom() + look.space("s")
        label.draw(painter, face.left() + pad, y, self.ink(), centred_in=face.width() - 2 * pad)
        if note:
            soft = look.colour("on_primary_soft" if self.primary else "text_soft")
            note.draw(painter, face.left() + pad, y + label.height, soft, centred_in=face.width() - 2 * pad)
        if self.number:
            self.paint_badge(painter, face.left() + pad, face.top() + pad)
