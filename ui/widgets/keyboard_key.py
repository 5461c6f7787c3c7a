"""A key of the on-screen keyboard."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from ui.keyboard_plan import Cap
from ui.lines import Lines
from ui.look import Look
from ui.widgets.key import Key

LEADING = 1.15
"""Line height of what stands on a key, in em: one line, with the key's own margins around it."""
LOWER_CASE_LIFT_EM = 0.1
"""Small letters hang below the middle of a line made for hanzi; so much higher they stand in the middle of a key."""
NOTE_RISE = 0.15
"""How far the note below a character stands above the key's edge, of its own height."""
STROKE_EM = 2
"""How large a stroke may be, in characters: it is a picture of what a hand does."""
STROKE_MIDDLE_EM = 0.38
"""How far above the line hanzi stand on their middle is."""
CHARACTER_OF_FACE = 0.5
"""How large a single character is, of the height of its face."""
STROKE_OF_FACE = 0.78
ICON_OF_WIDTH = 0.75
"""How wide a picture may be, of the width of its key."""
ASIDE_GAP_EM = 0.2
WIDEST_LETTER = "W"
"""Letters beside characters are shown on every key or on none: where this one has room."""


class KeyboardKey(Key):
    """One place of the keyboard: what it does and what stands on it changes with the keyboard's page."""

    typed_on_lift = told_at_rest = True

    def __init__(self, parent: QWidget, look: Look, cap: Cap) -> None:
        """Make a key."""
        super().__init__(parent, look, cap)
        self.cap = cap
        self.become(cap)

    def become(self, cap: Cap) -> None:
        """Do and show something else."""
        self.act, self.cap, self.icon_name, self._note = cap, cap, cap.icon, cap.note
        self.setText(cap.label)
        self.setAccessibleName(cap.name)
        self.setCheckable(cap.chosen is not None)
        self.setChecked(bool(cap.chosen))
        self._words.clear()
        self.update()

    def _label(self, width: float) -> Lines:
        text, room = self.text(), width - self._beside()
        key = (text, round(width) * 10_000 + self.height(), True)
        if key not in self._words:
            roles = ("live", "label", "body") if self._note else ("label", "body")
            sizes = [self._character_px()] if len(text) == 1 else [self.look.em(role) for role in roles]
            for px in sizes:
                made = Lines(text, self.look.font_of(px, bold=True), room, leading=LEADING, even=False)
                if made.count == 1 and made.width <= room:
                    break
            self._words[key] = made
        return self._words[key]

    def _below(self) -> Lines:
        font = self.look.font("body")
        return Lines(self._note, font, self.width() - self._beside(), leading=LEADING, even=False)

    def _aside(self) -> Lines | None:
        """Return the letter beside the character, None where there is none or no room for such a one."""
        if not self.cap.beside:
            return None
        font, gap = self.look.font("body"), self._aside_gap()
        taken = self._label(self.width()).width + gap + QFontMetricsF(font).horizontalAdvance(WIDEST_LETTER)
        if taken > self.width() - self._beside():
            return None
        return Lines(self.cap.beside, font, self.width(), leading=LEADING, even=False)

    def _aside_gap(self) -> int:
        return round(self.look.em() * ASIDE_GAP_EM)

    @property
    def _icon_side(self) -> int:
        """As for any key, but within a narrow one."""
        side = super()._icon_side
        return min(side, round(self.width() * ICON_OF_WIDTH)) if self.width() else side

    def all_lines(self) -> list[Lines]:
        aside = self._aside()
        return [*super().all_lines(), *([self._below()] if self._note else []), *([aside] if aside else [])]

    def _character_px(self) -> int:
        label, most, room = self.look.em("label"), self.look.em("live"), self.height() - self.look.lip
        if self._note:
            note = round(self.look.em() * LEADING)
            return max(label, min(STROKE_EM * most, round((room - note) * STROKE_OF_FACE)))
        return max(label, min(most, round(room * CHARACTER_OF_FACE)))

    def natural_width(self) -> int:
        words = self._label(100_000).width if self.text() else self._icon_side
        return max(words + self._beside() + 2 * self.look.space("s") + 2, self.look.target("min_w"))

    def least_height(self, width: int) -> int:  # noqa: ARG002 (one line at any width)
        words = round((self.look.em("label") + (self.look.em() if self._note else 0)) * LEADING)
        return max(self.least_face(), words) + self.look.lip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave up and down to the keyboard, which knows its rows."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        if self._note:
            note, name = self._below(), len(self.text()) != 1
            # A name and its note stand together in the middle; below a character, as large as can be, its note is low.
            spare = (face.height() - self._label(self.width()).height - note.height) / 2 if name else 0
            face = face.adjusted(0, max(0, spare), 0, -note.height - max(0, spare))
            rise = 0 if name and spare > 0 else note.height * NOTE_RISE
            note.draw(painter, face.x(), face.bottom() - rise, self.ink(), centred_in=face.width())
        if len(self.text()) != 1:
            super().paint_face(painter, face)
            return
        # A mark stands in a corner of its square: it is its ink that goes to the middle of the key.
        label, aside = self._label(self.width()), self._aside()
        ink = QFontMetricsF(label.font).tightBoundingRect(self.text())
        x = face.center().x() - (ink.center().x() if ink.width() else label.width / 2)
        y = face.center().y() - label.height / 2
        if self.text().islower():
            y -= label.font.pixelSize() * LOWER_CASE_LIFT_EM
        if self._note:  # strokes stand anywhere in their squares, upright too
            y -= ink.center().y() + label.font.pixelSize() * STROKE_MIDDLE_EM
        if aside is not None:
            gap = self._aside_gap()
            x = face.center().x() - (label.width + gap + aside.width) / 2
            aside.draw(painter, x + label.width + gap, face.center().y() - aside.height / 2, self.ink())
        label.draw(painter, x, y, self.ink())
