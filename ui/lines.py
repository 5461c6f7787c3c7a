"""Setting text into lines: even lengths, no mark at a line's start, no single character left over.

Qt breaks lines where Unicode allows it and does nothing for how they look. What is added here: lines of titles and
short texts, and of every short paragraph, are evened out and end at a mark where they can; two marks in a row are set
half as wide, as Chinese typesetting asks; a number stays on one line with what it counts.
"""

import math
import re
from itertools import accumulate, pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

NEVER_FIRST = "，。！？；：、）》」』”’…,.!?;:)"
ENDS = "。！？；："
STOPS, OPENING, CLOSING = "，。！？；：、", "“‘（《「『", "”’）》」』"
EVENED_LINES = 3
PHRASE_REACH = 4
"""So many characters a line may be shorter when it ends at a mark then."""
SHORTEST_LAST_LINE = 4
SHORTEST_PART = 0.4
"""Two lines may part where a sentence or a clause ends when the shorter is at least so much of the longer."""
LONGEST_LINE_EM = 40
"""Longer lines are hard to come back from; measured in the width of a hanzi."""

_NUMBER_WITH_UNIT = re.compile(r"(?<=\d) (?=[\d\u4e00-\u9fff])|(?<=\w) (?=\d)")
_SENTENCE_ENDS, _CLAUSE_ENDS = re.compile(r"[。！？]+[”」]?"), re.compile(r"[，；：]+[”」]?")
_SENTENCE = r"(?:[^。！？!?.\n]|\.(?=\S))*[。！？!?.\n]*[”」]?\s*"
_CLAUSE = r"(?:[^，；：,;:]|[,:](?=\S))*[，；：,;:]*\s*"


class Lines:
    """A text set into lines of a width. Positions are pixels from its upper left corner."""

    def __init__(
        self, text: str, font: QFont, width: float, *, leading: float = 1.5, even: bool = True, phrases: bool = True
    ) -> None:
        """Set the text.

        `leading` is the line height in em; `even` asks for lines of even length; `phrases` lets a line end early at a
        mark that stands near its end (never for words still coming in: every line would jump).
        """
        # Same length as before, so that the place of a spoken word stays what it is.
        self.text = _NUMBER_WITH_UNIT.sub("\u00a0", text.replace("\n", "\u2028"))
        self.font = font
        self.leading = font.pixelSize() * leading
        self._phrases = phrases
        self._width = max(1.0, min(width, LONGEST_LINE_EM * font.pixelSize()))
        # A QTextLine outlives its collected layout as garbage: the layout lives as long as this.
        self._layout = QTextLayout(self.text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        self._layout.setTextOption(option)
        self._layout.setFormats(_half_width_marks(self.text, font))
        self._set(self._width)
        if even:
            self._even_out()

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._layout.lineCount()

    @property
    def height(self) -> int:
        """Height of all lines."""
        return math.ceil(self.leading * self.count)

    @property
    def width(self) -> int:
        """Width of the longest line."""
        return math.ceil(max((line.naturalTextWidth() for line in self._lines()), default=0.0))

    def strings(self) -> list[str]:
        """Return what stands on each line."""
        return [self.text[line.textStart() : line.textStart() + line.textLength()] for line in self._lines()]

    def line_of(self, place: int) -> int:
        """Return on which line, from 0, a character of the text stands."""
        for number, line in enumerate(self._lines()):
            if place < line.textStart() + line.textLength():
                return number
        return max(0, self.count - 1)

    def faults(self) -> list[str]:
        """Return what is wrong: a line that begins with a mark, one character left over, a word that is too wide."""
        texts = [text.strip("\u2028 ") for text in self.strings()]
        found = [f"line begins with {t[0]}: {t}" for t in texts[1:] if t and t[0] in NEVER_FIRST]
        for before, line in pairwise([*self.strings()[:-1], *(text + "\u2028" for text in self.strings()[-1:])]):
            left_over = line.endswith("\u2028") and not before.endswith("\u2028")
            if left_over and 0 < len(line.strip("\u2028 " + NEVER_FIRST)) < 2:
                found.append(f"one character left over: {line.strip()} of {self.text}")
        if self.width > self._width + 1:
            found.append(f"too wide by {self.width - self._width:.0f} px: {self.text}")
        return found

    def draw(
        self, painter: QPainter, x: float, y: float, colour: QColor, *, centred_in: float = 0, rows: slice = slice(None)
    ) -> None:
        """Paint at x, y; `centred_in` is a width to centre each line in, `rows` which lines, the first of them at y."""
        painter.setPen(colour)
        lines = self._lines()[rows]
        up = lines[0].y() - (self.leading - lines[0].height()) / 2 if lines else 0.0
        for line in lines:
            shift = (centred_in - line.naturalTextWidth()) / 2 if centred_in else 0.0
            line.draw(painter, QPointF(x + shift, y - up))

    def boxes(self, start: int, length: int, *, centred_in: float = 0) -> list[tuple[int, QRectF]]:
        """Return (line, box) for the characters start … start + length, one box a line."""
        found = []
        for number, line in enumerate(self._lines()):
            first = max(start, line.textStart())
            last = min(start + length, line.textStart() + line.textLength())
            if first < last:
                left, right = _x_of(line, first), _x_of(line, last)
                shift = (centred_in - line.naturalTextWidth()) / 2 if centred_in else 0.0
                found.append((number, QRectF(left + shift, number * self.leading, right - left, self.leading)))
        return found

    def end(self) -> QPointF:
        """Return where the next character would stand: right end of the last line, at its top."""
        lines = self._lines()
        if not lines:
            return QPointF(0, 0)
        return QPointF(lines[-1].naturalTextWidth(), (len(lines) - 1) * self.leading)

    def _lines(self) -> list[QTextLine]:
        return [self._layout.lineAt(i) for i in range(self._layout.lineCount())]

    def _set(self, width: float, ends: tuple[int, ...] = ()) -> int:
        """Set all lines to a width, up to one of `ends` where they reach it; return how many there are."""
        self._layout.beginLayout()
        y = 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            reached = (end - line.textStart() for end in ends if 0 < end - line.textStart() <= line.textLength())
            if keep := next(reached, 0) or self._better_end(line):
                line.setNumColumns(keep)
            line.setPosition(QPointF(0, y + (self.leading - line.height()) / 2))
            y += self.leading
        self._layout.endLayout()
        return self._layout.lineCount()

    def _better_end(self, line: QTextLine) -> int:
        """Return after how many characters a line should end instead; 0 for where it ends by itself."""
        start, length = line.textStart(), line.textLength()
        end = start + length
        if end >= len(self.text) or self.text[end - 1] in STOPS + CLOSING + "\u2028 ":
            return 0
        if self._phrases and "\u4e00" <= self.text[end] <= "\u9fff":
            reach = min(PHRASE_REACH, length // 4)
            for back in range(1, reach + 1):
                if self.text[end - back - 1] in STOPS + CLOSING and self.text[end - back] not in NEVER_FIRST:
                    return length - back
        if self.text[end - 1].isdigit() and self.text[end] not in NEVER_FIRST:  # 12 | 号 → | 12 号
            digits = len(self.text[start:end]) - len(self.text[start:end].rstrip("0123456789"))
            return length - digits if digits < length else 0
        return 0

    def _even_out(self) -> None:
        if "\u2028" in self.text:
            self._set(self._width, self._ends_of_paragraphs())
            return
        count = self.count
        if count < 2:
            return
        if count <= EVENED_LINES:
            low, high = self._width / 2, self._width
            while high - low > 2:
                middle = (low + high) / 2
                low, high = (low, middle) if self._set(middle) <= count else (middle, high)
            # A little wider where that lets lines end at a mark and keeps quoted words whole.
            widths = [high + step * (self._width - high) / 12 for step in range(13)]
            best = min(widths, key=lambda width: (self._awkward(width), width))
            awkward = self._awkward(best)
            if count > 2 or not (self._part_at(_SENTENCE_ENDS, awkward) or self._part_at(_CLAUSE_ENDS, awkward)):
                self._set(best)
            return
        for narrower in range(6):
            if self._set(self._width - narrower * self.font.pixelSize()) > count:
                break
            if len(self.strings()[-1]) >= SHORTEST_LAST_LINE:
                return
        self._set(self._width)

    def _ends_of_paragraphs(self) -> tuple[int, ...]:
        """Return where lines end when each paragraph is set as if it stood alone, but for its last."""
        found, at = [], 0
        for paragraph in self.text.split("\u2028"):
            alone = Lines(paragraph, self.font, self._width, phrases=self._phrases)
            lengths = accumulate(map(len, alone.strings()[:-1]))
            found += [at + length for length in lengths]
            at += len(paragraph) + 1
        return tuple(found)

    def _part_at(self, marks: re.Pattern[str], awkward: int) -> bool:
        """Set two lines that part after a mark, as near the middle as can be; return whether that is less awkward."""
        found = []
        for end in (match.end() for match in marks.finditer(self.text[:-1])):
            if self._set(self._width, (end,)) == 2 and self._lines()[0].textLength() == end and self._score() < awkward:
                short, long = sorted(line.naturalTextWidth() for line in self._lines())
                found.append((short / long, end))
        evenness, end = max(found, default=(0.0, 0))
        if evenness < SHORTEST_PART:
            return False
        self._set(self._width, (end,))
        return True

    def _awkward(self, width: float) -> int:
        """Return how badly lines of this width break."""
        self._set(width)
        return self._score()

    def _score(self) -> int:
        """Return how badly the lines break: at a comma 1, in mid phrase 3, inside quotes 3, a lone end 5."""
        texts = self.strings()
        score = 5 * (len(texts[-1].strip(NEVER_FIRST + " ")) < 2)
        before = ""
        for text in texts[:-1]:
            before += text
            last, closed = before.rstrip()[-1:], before.rstrip().rstrip(CLOSING)[-1:]
            score += 0 if last in ENDS or (last in CLOSING and closed in ENDS) else 1 if last in STOPS + CLOSING else 3
            score += 3 * (before.count("“") > before.count("”") or before.count("「") > before.count("」"))
        return score


def _x_of(line: QTextLine, place: int) -> float:
    found: tuple[float, int] | float = line.cursorToX(place)  # type: ignore[assignment]  # the stubs miss the pair
    return found[0] if isinstance(found, tuple) else found


def _half_width_marks(text: str, font: QFont) -> list[QTextLayout.FormatRange]:
    """Return formats that halve the first of two marks in a row; Qt does not do it by itself."""
    found: list[QTextLayout.FormatRange] = []
    narrow = QTextCharFormat()
    for i, (one, two) in enumerate(pairwise(text)):
        if (one in CLOSING and two in STOPS + CLOSING) or (one in STOPS and two in OPENING + CLOSING):
            if not found:
                half = QFont(font)
                half.setFeature(QFont.Tag("halt"), 1)
                narrow.setFont(half)
            squeezed = QTextLayout.FormatRange()
            squeezed.start, squeezed.length, squeezed.format = i, 1, narrow
            found.append(squeezed)
    return found


def stretches(text: str, font: QFont, width: float, most_lines: int) -> list[tuple[int, str]]:
    """Cut a text into (start, stretch) pairs that each fit into so many lines: sentences, else clauses, else words."""
    if Lines(text, font, width, even=False).count <= most_lines:
        return [(0, text)]
    pieces: list[tuple[int, str]] = []
    for start, piece in _cut(text, _SENTENCE):
        if Lines(piece.strip(), font, width, even=False).count <= most_lines:
            pieces.append((start, piece))
            continue
        for inner, clause in _cut(piece, _CLAUSE):
            if Lines(clause.strip(), font, width, even=False).count <= most_lines:
                pieces.append((start + inner, clause))
                continue
            at = start + inner
            rows = Lines(clause, font, width, even=False).strings()
            for first in range(0, len(rows), most_lines):
                length = sum(map(len, rows[first : first + most_lines]))
                pieces.append((at, text[at : at + length]))
                at += length
    told: list[tuple[int, str]] = []
    for start, piece in pieces:
        if told and Lines((told[-1][1] + piece).strip(), font, width, even=False).count <= most_lines:
            told[-1] = (told[-1][0], told[-1][1] + piece)
        elif piece.strip():
            told.append((start, piece))
    return told


def _cut(text: str, pattern: str) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in re.finditer(pattern, text) if match[0]]
