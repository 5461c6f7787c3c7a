"""The counter's first line: what the kiosk is doing, by picture and word, whether it listens, and what it says."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from petition.screen import Caption as Told
from petition.screen import CaptionState
from ui.icons import draw_icon
from ui.lines import Lines, stretches
from ui.look import Look
from ui.widgets.drawn import Drawn
from ui.widgets.text import Text

PICTURES = {
    CaptionState.SPEAKING: ("speaker-high", "badge", "on_badge"),
    CaptionState.WAITING: ("hand-pointing", "badge", "on_badge"),
    CaptionState.RECORDING: ("microphone", "seal", "on_seal"),
    CaptionState.PLAYING: ("play", "badge", "on_badge"),
    CaptionState.WORKING: ("hourglass-medium", "text", "bg"),
}

BESIDE_A_NAME = 10
"""Characters: a number, and what stands between it, a name and a note."""


class Signs(Drawn):
    """Two pictures: what the kiosk is doing, in a disc, and the ear: whether the microphone is open."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make disc and ear."""
        self.side, self.between = round(look.em() * 1.9), look.space("s")
        super().__init__(parent, look, 2 * self.side + self.between, self.side)
        self.state = CaptionState.WAITING
        self.listening = False

    def draw(self, painter: QPainter) -> None:
        top = (self.height() - self.side) / 2
        self._draw_state(painter, QRectF(0, top, self.side, self.side))
        self._draw_ear(painter, QRectF(self.side + self.between, top, self.side, self.side))

    def _draw_state(self, painter: QPainter, box: QRectF) -> None:
        icon, disc, ink = PICTURES[self.state]
        inner = box.width() * 0.6
        if self.state is CaptionState.RECORDING:  # a ring around it: told by shape too, where themes have one accent
            box, inner = self._ringed(painter, box, disc), box.width() * 0.5
        self._disc(painter, box, disc)
        draw_icon(painter, icon, _middle(box, inner), self.look.colour(ink))

    def _draw_ear(self, painter: QPainter, box: QRectF) -> None:
        """An open ear in a ringed disc, or a closed one in a thin ring, crossed out: told by shape, not by colour."""
        look, inner = self.look, box.width() * 0.56
        if self.listening:
            box = self._ringed(painter, box, "badge")
            self._disc(painter, box, "badge")
            draw_icon(painter, "ear", _middle(box, inner), look.colour("on_badge"))
            return
        thin, cross = look.line("hair"), look.line("control")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("line"), thin))
        painter.drawEllipse(box.adjusted(thin, thin, -thin, -thin))
        draw_icon(painter, "ear", _middle(box, inner), look.colour("text_soft"))
        reach = box.width() * 0.30
        low = box.center() + QPointF(-reach, reach)
        high = box.center() + QPointF(reach, -reach)
        for width, colour in ((3.2 * cross, "strip"), (cross, "text_soft")):  # its edge keeps it apart from the ear
            painter.setPen(QPen(look.colour(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(low, high)

    def _ringed(self, painter: QPainter, box: QRectF, colour: str) -> QRectF:
        """Draw a ring; return the room within it."""
        line, inset = self.look.line("control"), box.width() * 0.12
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.look.colour(colour), line))
        painter.drawEllipse(box.adjusted(line, line, -line, -line))
        return box.adjusted(inset, inset, -inset, -inset)

    def _disc(self, painter: QPainter, box: QRectF, colour: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour(colour))
        painter.drawEllipse(box)


def _middle(box: QRectF, side: float) -> QRectF:
    return QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)


class Sentence(Text):
    """What is said. Of a text that is longer than its lines, the stretch that is being said now."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make an empty sentence."""
        super().__init__(parent, look)
        self.middle = True
        self.most_lines = 2
        self._cut: tuple[int, int, list[tuple[int, str]]] = (0, 0, [])
        self._said = 0
        self._at = (0, 0)

    def say(self, text: str) -> bool:
        """Show another text from its beginning; return whether it is another one."""
        if not self.change(text):
            return False
        self._said, self._at, self._cut = 0, (0, 0), (0, 0, [])
        return True

    def mark(self, start: int, length: int) -> None:
        self._said, self._at = start, (start, length)
        self.update()

    def stretch(self) -> tuple[int, str]:
        """Return (start, text) of what stands in the caption now."""
        if self._cut[:2] != (self.width(), self.most_lines):
            cut = stretches(self.text(), self.type(), self.width(), self.most_lines)
            self._cut = (self.width(), self.most_lines, cut)
        shown = (0, "")
        for start, text in self._cut[2]:
            if start <= self._said or not shown[1]:
                shown = (start, text)
        return shown

    def least_height(self, width: int) -> int:  # noqa: ARG002 (the place is kept whatever is said)
        return self.most_lines * self.look.leading()

    def faults(self) -> list[str]:
        return []

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 (the whole sentence is painted)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        start, text = self.stretch()
        stripped = text.lstrip()
        lines = self.lines_of(stripped.rstrip())
        mark, length = self._at
        super().mark(mark - start - (len(text) - len(stripped)), length)
        self.paint_lines(painter, lines, max(0.0, (self.height() - lines.height) / 2), slice(None))

    def lines_of(self, text: str) -> Lines:
        """Return a stretch set to the width there is."""
        return Lines(text, self.type(), self.width())


class Caption:
    """Disc and ear, state word and sentence; `parts` of the counter that stand in one row."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make an empty caption."""
        self.disc = Signs(parent, look)
        self.word = Text(parent, look, bold=True)
        self.word.middle = True
        self.sentence = Sentence(parent, look)

    def tell(self, told: Told) -> bool:
        """Show what a screen's caption says; return whether the state word, and so its width, changed."""
        self.disc.state, self.disc.listening = told.state, told.listening
        self.disc.setAccessibleName(told.ear)
        self.disc.update()
        if self.sentence.say(told.text):
            self._announce(told.text)
        return self.word.change(told.word)

    def _announce(self, text: str) -> None:
        """Have a screen reader say what is said here; the name of what has the focus it says by itself."""
        if text and QAccessible.isActive() and not _names(QApplication.focusWidget(), text):
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.sentence, text))


def _names(focused: QWidget | None, text: str) -> bool:
    """Tell whether a text says what has the focus, with its number and its note, and nothing besides."""
    name, note = (focused.accessibleName(), focused.accessibleDescription()) if focused is not None else ("", "")
    return bool(name) and name in text and len(text) <= len(name) + len(note) + BESIDE_A_NAME
