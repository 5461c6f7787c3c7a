"""The counter's first line: what the kiosk is doing, by picture and word, and the sentence it says."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

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


class StateDisc(Drawn):
    """The picture of what the kiosk is doing, in a disc."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make the disc."""
        side = round(look.em() * 1.9)
        super().__init__(parent, look, side, side)
        self.state = CaptionState.WAITING

    def draw(self, painter: QPainter) -> None:
        icon, disc, ink = PICTURES[self.state]
        side = self.wide
        top = (self.height() - side) / 2
        box, inner = QRectF(0, top, side, side), side * 0.6
        if self.state is CaptionState.RECORDING:  # a ring around it: told by shape too, where themes have one accent
            line = self.look.line("control")
            painter.setPen(QPen(self.look.colour(disc), line))
            painter.drawEllipse(box.adjusted(line, line, -line, -line))
            inset, inner = side * 0.12, side * 0.5
            box = box.adjusted(inset, inset, -inset, -inset)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour(disc))
        painter.drawEllipse(box)
        box = QRectF((side - inner) / 2, top + (side - inner) / 2, inner, inner)
        draw_icon(painter, icon, box, self.look.colour(ink))


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
    """Disc, state word and sentence; `parts` of the counter that stand in one row."""

    def __init__(self, parent: QWidget, look: Look) -> None:
        """Make an empty caption."""
        self.disc = StateDisc(parent, look)
        self.word = Text(parent, look, bold=True)
        self.word.middle = True
        self.sentence = Sentence(parent, look)

    def tell(self, told: Told) -> bool:
        """Show what a screen's caption says; return whether the state word, and so its width, changed."""
        self.disc.state = told.state
        self.disc.update()
        self.sentence.say(told.text)
        return self.word.change(told.word)
