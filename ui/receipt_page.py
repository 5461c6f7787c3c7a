"""The receipt on paper: an image for a receipt printer, a PDF for a page printer. The words come from the caller.

Everything is laid out in printer dots (203 to the inch) and drawn on the printer's own grid, so that all modules of the
QR code are the same size: 8 dots, 1 mm. No text is below 10 point, in large print none below 18. There is no petition
text on paper.

Any thread may draw a page, as long as the application is there: everything it draws with is its own.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from petition.slip import PaperReceipt
from ui.lines import Lines
from ui.look import tokens
from ui.qr import modules_of

DOTS_PER_INCH = 203
MM_PER_INCH = 25.4
LETTER_MARGIN = 60
"""Below everything on a letter: what many printers leave white."""
FINER = 3
"""A PDF is drawn on a grid so much finer than the dots, so that text is smooth and modules stay whole dots."""
LEAST_TEXT, LEAST_LARGE_TEXT = 29, 51
"""10 and 18 point in dots, rounded up."""
MODULE, MODULE_NARROW, MODULE_LETTER = 8, 7, 11
MODULE_LARGE, MODULE_LARGE_NARROW = 11, 9
PARTED_BY = " · "
_SENTENCE = re.compile(r".+?(?:[。！？]+|[.!?]+(?=\s)|$)")
_AROUND_A_NUMBER = re.compile(r"(?<=[0-9]) (?=[一-鿿])|(?<=[一-鿿]) (?=[0-9])")
INK = QColor("black")


class Paper(StrEnum):
    """What is printed on."""

    ROLL_80 = "80mm"
    ROLL_58 = "58mm"
    A4 = "A4"


PRINTED_DOTS = {Paper.ROLL_80: 576, Paper.ROLL_58: 384, Paper.A4: 1360}
"""How many dots across carry ink."""
ROLL_MM = {Paper.ROLL_80: 80.0, Paper.ROLL_58: 58.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measures:
    """How large everything on a page is, in dots."""

    desk: int
    title: int
    again: int
    label: int
    number: int
    """At most; it is smaller where it does not fit."""
    code: int
    fact: int
    promise: int
    scan: int
    module: int


_LARGE_ROLL = _Measures(
    desk=LEAST_LARGE_TEXT,
    title=80,
    again=LEAST_LARGE_TEXT,
    label=LEAST_LARGE_TEXT,
    number=150,
    code=130,
    fact=LEAST_LARGE_TEXT + 3,
    promise=LEAST_LARGE_TEXT + 5,
    scan=LEAST_LARGE_TEXT,
    module=MODULE_LARGE,
)
_ROLL = _Measures(
    desk=LEAST_TEXT,
    title=46,
    again=LEAST_TEXT,
    label=LEAST_TEXT,
    number=76,
    code=56,
    fact=LEAST_TEXT,
    promise=LEAST_TEXT + 2,
    scan=LEAST_TEXT,
    module=MODULE,
)
_MEASURES = {
    (Paper.ROLL_80, False): _ROLL,
    (Paper.ROLL_58, False): replace(_ROLL, title=38, module=MODULE_NARROW),
    (Paper.A4, False): _Measures(
        desk=44, title=76, again=46, label=42, number=120, code=84, fact=46, promise=48, scan=40, module=MODULE_LETTER
    ),
    (Paper.ROLL_80, True): _LARGE_ROLL,
    (Paper.ROLL_58, True): replace(
        _LARGE_ROLL,
        title=64,
        number=130,
        code=90,
        fact=LEAST_LARGE_TEXT,
        promise=LEAST_LARGE_TEXT,
        module=MODULE_LARGE_NARROW,
    ),
    (Paper.A4, True): _Measures(
        desk=52, title=90, again=52, label=52, number=160, code=120, fact=52, promise=52, scan=52, module=MODULE_LETTER
    ),
}


def raster(receipt: PaperReceipt, paper: Paper = Paper.ROLL_80) -> QImage:
    """Return the receipt as black and white dots for a receipt printer: 576 (80 mm) or 384 (58 mm) across."""
    width = PRINTED_DOTS[paper]
    image = QImage(width, _lay_out(_Sheet(receipt, width), paper), QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    _lay_out(_Sheet(receipt, width, painter), paper)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Mono, Qt.ImageConversionFlag.ThresholdDither)


def write_pdf(receipt: PaperReceipt | tuple[PaperReceipt, ...], path: Path, paper: Paper = Paper.A4) -> None:
    """Write the receipt, or each of its slips on a page of its own. Raises OSError when the file cannot be written."""
    path.write_bytes(pdf(receipt, paper))


def pdf(receipt: PaperReceipt | tuple[PaperReceipt, ...], paper: Paper = Paper.A4) -> bytes:
    """Return the receipt, or each of its slips on a page of its own, as a PDF with real text."""
    first, *others = receipt if isinstance(receipt, tuple) else (receipt,)
    written = QBuffer()
    written.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(written)
    writer.setTitle(first.title)
    writer.setCreator("")
    writer.setResolution(DOTS_PER_INCH * FINER)
    _lay_page(writer, first, paper)
    painter = QPainter(writer)
    _draw_page(painter, writer, first, paper)
    for another in others:
        _lay_page(writer, another, paper)
        writer.newPage()
        painter.resetTransform()
        _draw_page(painter, writer, another, paper)
    painter.end()
    return bytes(written.data().data())


def _lay_page(writer: QPdfWriter, receipt: PaperReceipt, paper: Paper) -> None:
    """Say how large the next page is: of a roll as long as it takes."""
    width = PRINTED_DOTS[paper] * FINER
    if paper is Paper.A4:
        size = QPageSize(QPageSize.PageSizeId.A4)
    else:
        long_mm = _lay_out(_Sheet(receipt, width, dot=FINER), paper) / FINER / DOTS_PER_INCH * MM_PER_INCH
        size = QPageSize(QSizeF(ROLL_MM[paper], long_mm), QPageSize.Unit.Millimeter)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))


def _draw_page(painter: QPainter, writer: QPdfWriter, receipt: PaperReceipt, paper: Paper) -> None:
    width = PRINTED_DOTS[paper] * FINER
    left = (writer.width() - width) // 2
    painter.translate(left, 0)
    if paper is Paper.A4:  # names as long as no catalogue should have them: a smaller page has all of them
        high = _lay_out(_Sheet(receipt, width, dot=FINER), paper)
        fits = min(1.0, (writer.height() - LETTER_MARGIN * FINER) / high)
        painter.scale(fits, fits)
    _lay_out(_Sheet(receipt, width, painter, dot=FINER), paper)


def _lay_out(sheet: "_Sheet", paper: Paper) -> int:
    """Draw the receipt, or only measure it; return its height on the sheet's grid."""
    large = sheet.receipt.large
    measures = _MEASURES[paper, large]
    if paper is not Paper.A4:
        return _roll(sheet, measures)
    return _large_page(sheet, measures) if large else _page(sheet, measures)


def _roll(sheet: "_Sheet", measures: _Measures) -> int:
    """One column, everything in the middle: what can be torn off and put in a purse."""
    receipt = sheet.receipt
    sheet.skip(12)
    sheet.parted(receipt.desk, measures.desk, centred=True)
    sheet.skip(10)
    sheet.rule()
    sheet.skip(14)
    sheet.parted(receipt.title, measures.title, centred=True)
    sheet.text(receipt.again, measures.again, bold=True, centred=True)
    sheet.skip(10)
    sheet.text(receipt.number_label, measures.label, centred=True)
    if receipt.large:
        sheet.stacked(receipt.number, measures.number)
    else:
        sheet.fitted(receipt.number, measures.number)
    if receipt.code:
        sheet.skip(4)
        sheet.text(receipt.code_label, measures.label, centred=True)
        sheet.fitted(receipt.code, measures.code)
    sheet.skip(14)
    sheet.rule()
    sheet.skip(14)
    for name, value in receipt.facts:
        if receipt.large:
            sheet.text(name, measures.fact)
            sheet.text(value, measures.fact, bold=True)
            sheet.skip(10)
        else:
            sheet.fact(name, value, measures.fact)
    if receipt.promises:
        sheet.skip(14)
    for promise in receipt.promises:
        for sentence in _SENTENCE.findall(promise):
            sheet.text(sentence.strip(), measures.promise, bold=True)
        sheet.skip(14 if receipt.large else 8)
    if receipt.url:
        sheet.skip(14)
        sheet.code(measures.module)
        sheet.text(receipt.scan, measures.scan, centred=True)
    sheet.skip(40)
    return round(sheet.y)


def _page(sheet: "_Sheet", measures: _Measures) -> int:
    """A letter: number and facts at the left, the code at the right, above where it is folded."""
    receipt = sheet.receipt
    column, beside = _letter_head(sheet, measures)
    column.text(receipt.number_label, measures.label)
    column.fitted(receipt.number, measures.number, centred=False)
    if receipt.code:
        column.text(receipt.code_label, measures.label)
        column.fitted(receipt.code, measures.code, centred=False)
    _below(sheet, column, beside)
    for name, value in receipt.facts:
        sheet.fact(name, value, measures.fact)
    sheet.skip(16)
    _promises(sheet, measures)
    if receipt.seal:
        sheet.skip(20)
        sheet.stamp(receipt.seal)
    return round(sheet.y)


def _large_page(sheet: "_Sheet", measures: _Measures) -> int:
    """The same letter in large print: the facts beside the code, the number right across, the seal where it is free."""
    receipt = sheet.receipt
    column, beside = _letter_head(sheet, measures)
    for name, value in receipt.facts:
        column.fact(name, value, measures.fact)
    _below(sheet, column, beside)
    sheet.text(receipt.number_label, measures.label)
    sheet.fitted(receipt.number, measures.number, centred=False)
    left, right = sheet.narrowed(across=860), sheet.narrowed(across=460, left=900)
    if receipt.code:
        left.text(receipt.code_label, measures.label)
        left.fitted(receipt.code, measures.code, centred=False)
    if receipt.seal:
        right.skip(10)
        right.stamp(receipt.seal)
    sheet.y = max(left.y, right.y)
    sheet.skip(16)
    sheet.rule()
    sheet.skip(24)
    return _promises(sheet, measures)


def _letter_head(sheet: "_Sheet", measures: _Measures) -> tuple["_Sheet", "_Sheet"]:
    """Draw a letter's head; return what is left of the column below its title, and the one beside it, drawn already."""
    receipt = sheet.receipt
    sheet.skip(100)
    sheet.parted(receipt.desk, measures.desk)
    sheet.skip(14)
    sheet.rule()
    sheet.skip(20)
    column = sheet.narrowed(across=860)
    column.parted(receipt.title, measures.title)
    column.text(receipt.again, measures.again, bold=True)
    column.skip(16)
    beside = sheet.narrowed(across=460, left=900)
    if receipt.url:
        beside.code(measures.module)
        beside.text(receipt.scan, measures.scan, centred=True)
    return column, beside


def _below(sheet: "_Sheet", *columns: "_Sheet") -> None:
    """Go on across the whole sheet, below its columns."""
    sheet.y = max(column.y for column in columns)
    sheet.skip(20)
    sheet.rule()
    sheet.skip(24)


def _promises(sheet: "_Sheet", measures: _Measures) -> int:
    """Draw what happens next."""
    for promise in sheet.receipt.promises:
        sheet.text(promise, measures.promise, bold=True)
        sheet.skip(10)
    return round(sheet.y)


class _Sheet:
    """Paper that is filled from the top. Without a painter it only measures. All measures are dots."""

    def __init__(
        self, receipt: PaperReceipt, width: int, painter: QPainter | None = None, *, dot: int = 1, left: float = 0
    ) -> None:
        self.receipt, self.painter, self.dot = receipt, painter, dot
        self.width, self.left = float(width), left
        self.y = 0.0

    @property
    def across(self) -> float:
        """Its width in dots."""
        return self.width / self.dot

    def narrowed(self, *, across: int, left: int = 0) -> "_Sheet":
        """Return a part of this sheet, from here downwards."""
        part = _Sheet(self.receipt, across * self.dot, self.painter, dot=self.dot, left=self.left + left * self.dot)
        part.y = self.y
        return part

    def skip(self, dots: float) -> None:
        self.y += dots * self.dot

    def _font(self, size: float, *, bold: bool, seal: bool = False) -> QFont:
        families = tokens()["font"]["seal_families" if seal else "families"]
        font = QFont(families[self.receipt.language])
        font.setPixelSize(round(size * self.dot))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        # Beside Latin letters these fonts have figures of the same look that a PDF doesn't know the meaning of: they
        # could not be searched, copied or read aloud.
        font.setFeature(QFont.Tag("locl"), 0)
        if self.receipt.language == "en":
            font.setFeature(QFont.Tag("pwid"), 1)
        return font

    def text(self, text: str, size: float, *, bold: bool = False, centred: bool = False) -> None:
        """Print a text, as many lines as it takes; smaller where one of its words is wider than the paper."""
        if text:
            lines = Lines(text, self._font(size, bold=bold), self.width, leading=1.4)
            if lines.width > self.width + 1:  # a day may part where a number ends, rather than be small
                closer = _AROUND_A_NUMBER.sub("", text)
                lines = Lines(closer, self._font(size, bold=bold), self.width, leading=1.4)
            if lines.width > self.width + 1:
                smaller = max(LEAST_TEXT, size * self.width / lines.width * 0.98)
                lines = Lines(text, self._font(smaller, bold=bold), self.width, leading=1.4)
            self._lines(lines, centred=centred)

    def parted(self, text: str, size: float, *, centred: bool = False) -> None:
        """Print a text on one line, else each of its parts on lines of their own."""
        one_line = Lines(text, self._font(size, bold=True), 1e6, even=False).width <= self.width
        for part in (text,) if one_line else text.split(PARTED_BY):
            self.text(part, size, bold=True, centred=centred)

    def fitted(self, text: str, most: float, *, centred: bool = True) -> None:
        """Print a number on one line, as large as it fits."""
        wide = Lines(text, self._font(most, bold=True), 1e6, leading=1.2, even=False).width
        font = self._font(min(most, most * self.width / max(1, wide) * 0.98), bold=True)
        self._lines(Lines(text, font, self.width, leading=1.2, even=False), centred=centred)

    def stacked(self, text: str, most: float, *, centred: bool = True) -> None:
        """Print a number's parts below each other, as it is said."""
        for part in text.split():
            self.fitted(part, most, centred=centred)

    def _lines(self, lines: Lines, *, centred: bool) -> None:
        if self.painter is not None:
            lines.draw(self.painter, self.left, self.y, INK, centred_in=self.width if centred else 0)
        self.y += lines.height

    def fact(self, name: str, value: str, size: float) -> None:
        """Print a name and its value beside it, under it where the value is long."""
        named = Lines(name, self._font(size, bold=False), self.width, leading=1.4, even=False)
        indent = max(self._names_width(size), float(named.width)) + size * self.dot * 0.7
        valued = Lines(value, self._font(size, bold=True), self.width - indent, leading=1.4)
        if valued.width > self.width - indent:  # a word that is too long to stand beside it
            self.text(name, size)
            self.text(value, size, bold=True)
            return
        if self.painter is not None:
            named.draw(self.painter, self.left, self.y, INK)
            valued.draw(self.painter, self.left + indent, self.y, INK)
        self.y += max(named.height, valued.height)

    def _names_width(self, size: float) -> float:
        font = self._font(size, bold=False)
        return max((Lines(name, font, 1e6, even=False).width for name, _ in self.receipt.facts), default=0)

    def rule(self) -> None:
        """Print a line across."""
        if self.painter is not None:
            self.painter.fillRect(QRectF(self.left, round(self.y), self.width, 2 * self.dot), INK)
        self.skip(2)

    @cached_property
    def _modules(self) -> list[list[bool]]:
        return modules_of(self.receipt.url)

    def code(self, module: int) -> None:
        """Print the QR code in the middle, its modules whole dots, white around it; smaller ones for a long address."""
        modules = self._modules
        side = min(module, int(self.across) // len(modules)) * self.dot
        if self.painter is not None:
            x = round((self.width - side * len(modules)) / 2 / self.dot) * self.dot + self.left
            y = round(self.y / self.dot) * self.dot
            for down, row in enumerate(modules):
                for over, dark in enumerate(row):
                    if dark:
                        self.painter.fillRect(QRectF(x + over * side, y + down * side, side, side), INK)
        self.y += side * len(modules)

    def stamp(self, characters: str) -> None:
        """Print the seal at the right, below everything else."""
        high = 200.0 * self.dot
        wide = high if len(characters) == 1 else high * 0.62
        if characters.isascii():  # a seal has hanzi
            return
        if self.painter is not None:
            red = QColor(tokens()["themes"]["light"]["seal"])
            box = QRectF(self.left + self.width - wide, self.y, wide, high)
            self.painter.save()
            self.painter.setPen(QPen(red, 5 * self.dot))
            self.painter.drawRoundedRect(box, high * 0.1, high * 0.1)
            cell = high * 0.86 / len(characters)
            self.painter.setFont(self._font(cell / self.dot * 0.9, bold=True, seal=True))
            for i, character in enumerate(characters):
                cell_box = QRectF(box.x(), box.y() + high * 0.07 + i * cell, wide, cell)
                self.painter.drawText(cell_box, Qt.AlignmentFlag.AlignCenter, character)
            self.painter.restore()
        self.y += high
