"""The receipt on paper: an image for a receipt printer, a PDF for a page printer. The words come from the caller.

Everything is laid out in printer dots (203 to the inch) and drawn on the printer's own grid, so that all modules of the
QR code are the same size: 8 dots, 1 mm. No text is below 10 point. There is no petition text on paper.
"""

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
FINER = 3
"""A PDF is drawn on a grid so much finer than the dots, so that text is smooth and modules stay whole dots."""
LEAST_TEXT = 29
"""10 point in dots, rounded up."""
MODULE, MODULE_NARROW, MODULE_LETTER = 8, 7, 11
INK = QColor("black")


class Paper(StrEnum):
    """What is printed on."""

    ROLL_80 = "80mm"
    ROLL_58 = "58mm"
    A4 = "A4"


PRINTED_DOTS = {Paper.ROLL_80: 576, Paper.ROLL_58: 384, Paper.A4: 1360}
"""How many dots across carry ink."""
ROLL_MM = {Paper.ROLL_80: 80.0, Paper.ROLL_58: 58.0}


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


def write_pdf(receipt: PaperReceipt, path: Path, paper: Paper = Paper.A4) -> None:
    """Write the receipt as a one-page PDF with real text. Raises OSError when the file cannot be written."""
    path.write_bytes(pdf(receipt, paper))


def pdf(receipt: PaperReceipt, paper: Paper = Paper.A4) -> bytes:
    """Return the receipt as a one-page PDF with real text."""
    width = PRINTED_DOTS[paper] * FINER
    written = QBuffer()
    written.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(written)
    writer.setTitle(receipt.title)
    writer.setCreator("")
    writer.setResolution(DOTS_PER_INCH * FINER)
    if paper is Paper.A4:
        size = QPageSize(QPageSize.PageSizeId.A4)
    else:
        long_mm = _lay_out(_Sheet(receipt, width, dot=FINER), paper) / FINER / DOTS_PER_INCH * MM_PER_INCH
        size = QPageSize(QSizeF(ROLL_MM[paper], long_mm), QPageSize.Unit.Millimeter)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    painter = QPainter(writer)
    left = (writer.width() - width) // 2
    painter.translate(left, 0)
    _lay_out(_Sheet(receipt, width, painter, dot=FINER), paper)
    painter.end()
    return bytes(written.data().data())


def _lay_out(sheet: "_Sheet", paper: Paper) -> int:
    """Draw the receipt, or only measure it; return its height on the sheet's grid."""
    return _page(sheet) if paper is Paper.A4 else _roll(sheet)


def _roll(sheet: "_Sheet") -> int:
    """One column, everything in the middle: what can be torn off and put in a purse."""
    receipt, narrow = sheet.receipt, sheet.across < PRINTED_DOTS[Paper.ROLL_80]
    sheet.skip(12)
    sheet.text(receipt.desk, LEAST_TEXT, bold=True, centred=True)
    sheet.skip(10)
    sheet.rule()
    sheet.skip(14)
    sheet.text(receipt.title, 38 if narrow else 46, bold=True, centred=True)
    sheet.text(receipt.again, LEAST_TEXT, bold=True, centred=True)
    sheet.skip(10)
    sheet.text(receipt.number_label, LEAST_TEXT, centred=True)
    sheet.fitted(receipt.number, 76)
    if receipt.code:
        sheet.skip(4)
        sheet.text(receipt.code_label, LEAST_TEXT, centred=True)
        sheet.fitted(receipt.code, 56)
    sheet.skip(14)
    sheet.rule()
    sheet.skip(14)
    for name, value in receipt.facts:
        sheet.fact(name, value)
    if receipt.promises:
        sheet.skip(8)
    for promise in receipt.promises:
        sheet.text(promise, LEAST_TEXT + 2, bold=True)
    if receipt.url:
        sheet.skip(14)
        sheet.code(MODULE_NARROW if narrow else MODULE)
        sheet.text(receipt.scan, LEAST_TEXT, centred=True)
    sheet.skip(40)
    return round(sheet.y)


def _page(sheet: "_Sheet") -> int:
    """A letter: number and facts at the left, the code at the right, above where it is folded."""
    receipt = sheet.receipt
    sheet.skip(100)
    sheet.text(receipt.desk, 44, bold=True)
    sheet.skip(14)
    sheet.rule()
    sheet.skip(20)
    top = sheet.y
    column = sheet.narrowed(across=860)
    column.text(receipt.title, 76, bold=True)
    column.text(receipt.again, 46, bold=True)
    column.skip(16)
    column.text(receipt.number_label, 42)
    column.fitted(receipt.number, 120, centred=False)
    if receipt.code:
        column.text(receipt.code_label, 42)
        column.fitted(receipt.code, 84, centred=False)
    beside = sheet.narrowed(across=460, left=900)
    if receipt.url:
        beside.code(MODULE_LETTER)
        beside.text(receipt.scan, 40, centred=True)
    sheet.y = max(column.y, beside.y, top)
    sheet.skip(20)
    sheet.rule()
    sheet.skip(24)
    for name, value in receipt.facts:
        sheet.fact(name, value, size=46)
    sheet.skip(16)
    for promise in receipt.promises:
        sheet.text(promise, 48, bold=True)
    if receipt.seal:
        sheet.skip(20)
        sheet.stamp(receipt.seal)
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
        if self.receipt.language == "en":
            font.setFeature(QFont.Tag("pwid"), 1)
        return font

    def text(self, text: str, size: float, *, bold: bool = False, centred: bool = False) -> None:
        """Print a text, as many lines as it takes."""
        if text:
            self._lines(Lines(text, self._font(size, bold=bold), self.width, leading=1.4), centred=centred)

    def fitted(self, text: str, most: float, *, centred: bool = True) -> None:
        """Print a number on one line, as large as it fits."""
        wide = Lines(text, self._font(most, bold=True), 1e6, leading=1.2, even=False).width
        size = min(most, most * self.width / max(1, wide) * 0.98)
        self._lines(Lines(text, self._font(size, bold=True), self.width, leading=1.2, even=False), centred=centred)

    def _lines(self, lines: Lines, *, centred: bool) -> None:
        if self.painter is not None:
            lines.draw(self.painter, self.left, self.y, INK, centred_in=self.width if centred else 0)
        self.y += lines.height

    def fact(self, name: str, value: str, size: float = LEAST_TEXT) -> None:
        """Print a name and its value beside it, under it where the value is long."""
        named = Lines(name, self._font(size, bold=False), self.width, leading=1.4, even=False)
        indent = max(self._names_width(size), float(named.width)) + size * self.dot * 0.7
        valued = Lines(value, self._font(size, bold=True), self.width - indent, leading=1.4)
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
        """Print the QR code in the middle, its modules whole dots, white around it."""
        modules, side = self._modules, module * self.dot
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
        if self.painter is not None and not characters.isascii():
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
