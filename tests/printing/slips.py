"""What the printing tests share: a slip, what becomes of it, and how paper is read back."""

import queue
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import numpy as np
import zxingcpp
from PySide6.QtGui import QImage

from petition.ports import PrintEnded, PrinterChanged, PrinterState
from petition.slip import PaperReceipt
from tests.printing.receipt_printer import Dots
from ui.receipt_page import PARTED_BY, Paper, raster

WAIT_SECONDS = 30.0
SAME_DOTS = 0.0005
URL = "https://petition.example.gov.cn/r/10230001239218446744073709551615"
SLIP = PaperReceipt(
    language="zh_Hans",
    desk="和平里社区 · 社区诉求服务台",
    title="回执",
    again="补打（第1次）",
    number_label="您的号码",
    number="1023 0001 2392",
    code_label="查询码",
    code="604 918",
    facts=(("交的时间", "2026 年 11 月 22 日 上午 9:41"), ("类别", "小区物业"), ("问谁", "12345")),
    promises=("一天之内会有人看。", "想知道办到哪儿了，拿这张纸来查。"),
    scan="用手机扫一扫，看办到哪一步",
    url=URL,
    seal="收到",
)


class Posted:
    """Takes what a printer posts, from any thread."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.states: list[PrinterState] = []
        """Everything the printer was, in order."""
        self.ended: list[PrintEnded] = []

    def __call__(self, event: object) -> None:
        self._events.put(event)

    def until_ended(self) -> PrintEnded:
        """Wait for the next slip to be done with."""
        while True:
            match self._next():
                case PrintEnded() as ended:
                    return ended

    def until(self, state: PrinterState) -> None:
        """Wait until the printer is like this."""
        while self._next() != PrinterChanged(state=state):
            pass

    def once_each(self) -> bool:
        """Whether no slip ended twice; what was posted until now need not be waited for any more."""
        while not self._events.empty():
            self._next()
        return len(self.ended) == len({ended.job for ended in self.ended})

    def _next(self) -> object:
        event = self._events.get(timeout=WAIT_SECONDS)
        match event:
            case PrinterChanged(state=state):
                self.states.append(state)
            case PrintEnded():
                self.ended.append(event)
        return event


def page_dots(slip: PaperReceipt, paper: Paper) -> Dots:
    """The page as it should stand on a roll: 1 for black."""
    raster(slip, paper)  # Qt draws a glyph it has drawn before a little otherwise: some twenty dots
    image = raster(slip, paper).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(image.height(), image.bytesPerLine())
    black: Dots = (rows[:, : image.width()] == 0).astype(np.uint8)
    return black


def read_back(pdf: Path) -> tuple[str, str]:
    """Return a PDF's words, without blanks, and what its QR code says."""
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    subprocess.run(["pdftoppm", "-gray", "-r", "203", "-singlefile", str(pdf), str(pdf.with_suffix(""))], check=True)
    picture = QImage(str(pdf.with_suffix(".pgm"))).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(bytes(picture.constBits()), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    (code,) = zxingcpp.read_barcodes(np.ascontiguousarray(rows[:, : picture.width()]))
    return run_together(text), code.text


def run_together(text: str) -> str:
    """Return a text without blanks, in the usual characters: Qt writes 一 as the radical that shares its glyph."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def words_of(slip: PaperReceipt) -> list[str]:
    """Everything that stands on a slip."""
    facts = [part for fact in slip.facts for part in fact]
    lines = (
        *slip.desk.split(PARTED_BY),
        slip.title,
        slip.again,
        slip.number_label,
        slip.number,
        slip.code_label,
        slip.code,
        slip.scan,
    )
    return [run_together(words) for words in (*lines, *facts, *slip.promises)]


def shows_words(pdf: bytes, slip: PaperReceipt) -> bool:
    """Whether a PDF is this slip: every word, the code, and no mark of a reprint that does not belong there."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "printed.pdf"
        path.write_bytes(pdf)
        text, code = read_back(path)
    return code == slip.url and all(words in text for words in words_of(slip)) and ("补打" in text) is bool(slip.again)


def shows_dots(dots: Dots, slip: PaperReceipt, paper: Paper) -> bool:
    """Whether dots on a roll are this slip, but for the few that Qt draws otherwise on another thread."""
    page = page_dots(slip, paper)
    return dots.shape == page.shape and bool((dots != page).mean() < SAME_DOTS)
