"""Text that sets its own lines, never clips, and can mark the word being said now."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from ui.lines import Lines
from ui.look import Look


class Text(QLabel):
    """A label whose text is exactly what a screen reader gets; `role` names its size."""

    def __init__(
        self,
        parent: QWidget,
        look: Look,
        text: str = "",
        role: str = "body",
        *,
        bold: bool = False,
        colour: str = "text",
        centred: bool = False,
        live: bool = False,
    ) -> None:
        """Make a text; `live` is for words still coming in: their lines are not evened, or every line would jump."""
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()
        self.look, self.bold, self.colour, self.centred, self.live = look, bold, colour, centred, live
        self.role = role
        self.fitted_px = 0
        """For numbers: a type size of its own instead of the role's."""
        self.middle = False
        """Whether the lines stand in the middle of the height there is."""
        self.caret = False
        self.unsure = 0
        """How many of the last characters are still being composed or recognised."""
        self.quiet = colour
        """The ink of those characters."""
        self._mark = (0, 0)
        self._set: dict[tuple[str, int, bool], Lines] = {}

    def change(self, text: str) -> bool:
        """Show another text; return whether it is another one."""
        if text == self.text():
            return False
        self.setText(text)
        self._set.clear()
        self._mark = (0, 0)
        self.update()
        return True

    def mark(self, start: int, length: int) -> None:
        """Mark the stretch of the text that is being said; length 0 marks nothing."""
        if (start, length) != self._mark:
            self._mark = (start, length)
            self.update()

    def type(self) -> QFont:
        """Return the font it is set in."""
        px = self.fitted_px or self.look.em(self.role)
        return self.look.font_of(px, bold=self.bold)

    def lines(self, width: int, *, even: bool | None = None) -> Lines:
        """Return the text set to a width."""
        even = not self.live if even is None else even
        key = (f"{self.role}{self.fitted_px}", width, even)
        if key not in self._set:
            leading = self.look.line_height(self.role)
            self._set[key] = Lines(self.text(), self.type(), width, leading=leading, even=even, phrases=not self.live)
        return self._set[key]

    def natural_width(self) -> int:
        """Return the width at which the text needs no second line, as far as a line may be long."""
        return self.lines(100_000, even=False).width + 1

    def least_height(self, width: int) -> int:
        """Return the height of all lines at a width."""
        return self.lines(width, even=False).height

    def sizeHint(self) -> QSize:
        return QSize(self.natural_width(), self.least_height(100_000))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def faults(self) -> list[str]:
        """Return what is wrong with the text as it stands."""
        lines = self.lines(self.width())
        found = [] if self.live else lines.faults()
        if lines.height > self.height() + 1:
            found.append(f"clipped by {lines.height - self.height()} px: {self.text()}")
        return found

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (the whole text is painted)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lines = self.lines(self.width())
        y = max(0.0, (self.height() - lines.height) / 2) if self.middle else 0.0
        self.paint_lines(painter, lines, y, slice(None))

    def paint_lines(self, painter: QPainter, lines: Lines, y: float, rows: slice) -> None:
        """Paint some of the lines, the first at y, with mark, wavering line and caret."""
        look, centred_in = self.look, float(self.width()) if self.centred else 0.0
        first, last, _ = rows.indices(lines.count)
        up = y - first * lines.leading
        unsure = [
            box.translated(0, up)
            for number, box in lines.boxes(len(lines.text) - self.unsure, self.unsure)
            if first <= number < last
        ]
        self._paint_words(painter, lines, y, rows, unsure)
        for number, box in lines.boxes(*self._mark, centred_in=centred_in):
            if first <= number < last:
                self._paint_mark(painter, lines, box.translated(0, up), y, rows)
        if self.unsure:
            pen = QPen(look.colour("line"), look.line("hair") * 1.6, Qt.PenStyle.DashLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            for box in unsure:
                base = box.bottom() - lines.font.pixelSize() * 0.1
                painter.drawLine(QPointF(box.left(), base), QPointF(box.right(), base))
        if self.caret:
            at, em = lines.end(), lines.font.pixelSize()
            bar = QRectF(
                at.x() + em * 0.06, at.y() + up + (lines.leading - em * 1.1) / 2, look.line("control"), em * 1.1
            )
            painter.fillRect(bar, look.colour("badge"))

    def _paint_words(self, painter: QPainter, lines: Lines, y: float, rows: slice, unsure: list[QRectF]) -> None:
        """What may still change is quieter: softer ink, over the dashes that say the same without colour."""
        centred_in = float(self.width()) if self.centred else 0.0
        quiet = QPainterPath()
        for box in unsure:
            quiet.addRect(box)
        if not unsure or self.quiet == self.colour:
            lines.draw(painter, 0, y, self.look.colour(self.colour), centred_in=centred_in, rows=rows)
            return
        everything = QPainterPath()
        everything.addRect(QRectF(self.rect()))
        for path, colour in ((everything.subtracted(quiet), self.colour), (quiet, self.quiet)):
            painter.save()
            painter.setClipPath(path)
            lines.draw(painter, 0, y, self.look.colour(colour), centred_in=centred_in, rows=rows)
            painter.restore()

    def _paint_mark(self, painter: QPainter, lines: Lines, box: QRectF, y: float, rows: slice) -> None:
        """A marker block and a bar beneath, so that it does not hang on colour."""
        em = lines.font.pixelSize()
        block = QRectF(box.left() - em * 0.08, box.center().y() - em * 0.64, box.width() + em * 0.16, em * 1.26)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour("mark"))
        painter.drawRoundedRect(block, em * 0.12, em * 0.12)
        painter.save()
        painter.setClipRect(block)
        centred_in = float(self.width()) if self.centred else 0.0
        lines.draw(painter, 0, y, self.look.colour("on_mark"), centred_in=centred_in, rows=rows)
        painter.restore()
        bar = max(3, round(em * 0.09))
        painter.fillRect(QRectF(block.left(), block.bottom(), block.width(), bar), self.look.colour("text"))


class Reading(Text):
    """Words on a sheet that may be more than the sheet holds: shown page by page, or their end while they grow."""

    def __init__(
        self, parent: QWidget, look: Look, text: str = "", *, live: bool = False, colour: str = "text"
    ) -> None:
        """Make a reading text; a live one always shows its end."""
        super().__init__(parent, look, text, "live", live=live, colour=colour)
        self.page = 0

    def rows_in(self, height: int) -> int:
        """Return how many whole lines a height holds, at least one."""
        return max(1, math.floor((height + 1) / (self.type().pixelSize() * self.look.line_height())))

    def pages(self, width: int, height: int) -> int:
        """Return how many pages the text takes."""
        return max(1, math.ceil(self.lines(width).count / self.rows_in(height)))

    def page_of(self, place: int) -> int:
        """Return the page on which a character stands, as it is placed now."""
        return self.lines(self.width()).line_of(place) // self.rows_in(self.height())

    def rows(self) -> slice:
        """Return the lines that are shown."""
        count, fit = self.lines(self.width()).count, self.rows_in(self.height())
        if self.live:
            return slice(max(0, count - fit), count)
        first = min(self.page, max(0, math.ceil(count / fit) - 1)) * fit
        return slice(first, min(first + fit, count))

    def faults(self) -> list[str]:
        found = [] if self.live else self.lines(self.width()).faults()
        if self.lines(self.width()).leading > self.height() + 1:
            found.append(f"not one line fits: {self.text()}")
        return found

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (the whole page is painted)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_lines(painter, self.lines(self.width()), 0, self.rows())


class Number(Text):
    """A number that must be read from afar: as large as its place allows, on one line."""

    def __init__(self, parent: QWidget, look: Look, text: str, *, centred: bool = False) -> None:
        """Make a number; its size is chosen when it is placed."""
        super().__init__(parent, look, text, "number", bold=True, centred=centred)
        self.middle = True
        self.most_px = 0
        """Never larger than this, for numbers that weigh the same; 0 for as large as a number may be."""

    def natural_width(self) -> int:
        """Return the width it has at label size: less is never needed."""
        return round(Lines(self.text(), self.look.font("label", bold=True), 100_000, even=False).width) + 2

    def least_height(self, width: int) -> int:
        """Return its height when it fills a width."""
        return round(self.px_in(width) * self.look.line_height("number")) + 1

    def fit(self, width: int, height: int) -> None:
        """Take the largest type that the room holds."""
        self.fitted_px = self.px_in(width, height)
        self._set.clear()

    def px_in(self, width: int, height: int = 10_000) -> int:
        """Return the largest type that a room holds."""
        most = self.look.em("number")
        at_most = Lines(self.text(), self.look.font_of(most, bold=True), 100_000, even=False).width + 2
        by_height = round(height / self.look.line_height("number"))
        return max(self.look.em("label"), min(self.most_px or most, most * width // at_most, by_height))

    def setGeometry(self, *box: object) -> None:
        super().setGeometry(*box)  # type: ignore[call-overload]  # Qt takes a rectangle or four numbers
        self.fit(self.width(), self.height())
