"""The first thing to do here: a large tile with a voice going out in rings."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen

from ui.icons import draw_icon
from ui.lines import Lines
from ui.widgets.answer import Answer
from ui.widgets.control import draw_badge

OUTLINED_THEMES = ("dark", "low")
"""Who chooses these does so because of glare: the tile is an outline there, never a filled panel."""


class Hero(Answer):
    """The welcome screen's first answer. Its number and words are those of any other answer."""

    def _label(self, width: float) -> Lines:
        return self.set(self.text(), "title", width - 2 * self.look.space("l"), bold=True)

    def _note(self, width: float) -> Lines | None:
        return self.set(self.shown_note, "body", width - 2 * self.look.space("l")) if self.shown_note else None

    def natural_width(self) -> int:
        note = self._note(100_000)
        return max(self._label(100_000).width, note.width if note else 0) + 2 * self.look.space("l") + 2

    def least_height(self, width: int) -> int:
        note = self._note(width)
        words = self._label(width).height + (note.height if note else 0)
        return round(words + self.look.em() * 4.2 + 2 * self.look.space("l")) + self.look.lip

    def paint_body(self, painter: QPainter, face: QRectF) -> None:
        look, radius = self.look, self.look.radius("control")
        painter.setPen(Qt.PenStyle.NoPen)
        if not self.isDown():
            painter.setBrush(look.colour("hero_edge"))
            painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        edge = look.line("strong") if look.theme in OUTLINED_THEMES else 0
        painter.setBrush(look.colour("hero_edge"))
        painter.drawRoundedRect(face, radius, radius)
        painter.setBrush(look.colour("hero"))
        painter.drawRoundedRect(face.adjusted(edge, edge, -edge, -edge), radius - edge, radius - edge)

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        look, pad = self.look, self.look.space("l")
        label, note = self._label(self.width()), self._note(self.width())
        words = label.height + (note.height if note else 0)
        words_top = face.bottom() - pad - words
        room = words_top - face.top()
        disc = min(room * 0.38, face.width() * 0.22)
        centre = QPointF(face.center().x(), face.top() + room * 0.53)
        self._paint_rings(painter, face, centre, disc, words_top)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("hero_disc"))
        painter.drawEllipse(centre, disc, disc)
        half = disc * 0.61
        box = QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)
        draw_icon(painter, self.icon_name or "microphone", box, look.colour("on_hero_disc"))
        if self.number:
            side = self.badge_side
            corner = QRectF(face.left() + pad, face.top() + pad, side, side)
            draw_badge(painter, look, self.number, corner, "hero_disc", "on_hero_disc")
        label.draw(painter, face.left() + pad, words_top, look.colour("on_hero"))
        if note:
            note.draw(painter, face.left() + pad, words_top + label.height, look.colour("on_hero_soft"))

    def _paint_rings(self, painter: QPainter, face: QRectF, centre: QPointF, disc: float, words_top: float) -> None:
        """Rings that fade before they reach the words."""
        look = self.look
        edge = look.line("strong") if look.theme in OUTLINED_THEMES else 0
        inside = face.adjusted(edge, edge, -edge, -edge)
        path, radius = QPainterPath(), look.radius("control") - edge
        path.addRoundedRect(inside, radius, radius)
        painter.save()
        painter.setClipPath(path)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("ripple"), look.mm(1.1)))
        for ring in range(1, 9):
            reach = disc * (0.88 + 0.46 * ring)
            painter.drawEllipse(centre, reach, reach)
        ground = look.colour("hero")
        clear = QColor(ground)
        clear.setAlpha(0)
        fade_from = words_top - (words_top - face.top()) * 0.3
        fade = QLinearGradient(0, fade_from, 0, words_top)
        fade.setColorAt(0, clear)
        fade.setColorAt(1, ground)
        painter.fillRect(QRectF(inside.left(), fade_from, inside.width(), words_top - fade_from + 1), fade)
        painter.fillRect(QRectF(inside.left(), words_top, inside.width(), inside.bottom() - words_top), ground)
        painter.restore()
