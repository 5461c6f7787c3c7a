"""The receipt on paper can be read by eyes, telephones and programs."""

import shutil
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PySide6.QtGui import QImage

from petition.slip import PaperReceipt
from ui.qr import QUIET_ZONE, modules_of
from ui.receipt_page import (
    DOTS_PER_INCH,
    LEAST_TEXT,
    MM_PER_INCH,
    MODULE,
    MODULE_NARROW,
    Paper,
    raster,
    write_pdf,
)

pytestmark = pytest.mark.usefixtures("application")

URL = "https://petition.example.gov.cn/r/10230001239218446744073709551615"
RECEIPT = PaperReceipt(
    language="zh_Hans",
    desk="和平里社区 · 社区诉求服务台",
    title="您的事收到了",
    number_label="您的号码",
    number="1023 0001 2392",
    code_label="查询码",
    code="604 918",
    facts=(("时间", "2026 年 11 月 22 日 上午 9:41"), ("类别", "小区物业"), ("问谁", "李敏，社区物业科，打 12345")),
    promises=("一天之内会有人看。", "凭这张回执，随时能查办到哪一步了。"),
    scan="用手机扫一扫，看办到哪一步",
    url=URL,
    seal="收到",
)


Pixels = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def pixels(image: QImage) -> Pixels:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


def decoded(picture: Pixels) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def rendered(pdf: Path, dpi: int = 203) -> Pixels:
    subprocess.run(["pdftoppm", "-gray", "-r", str(dpi), str(pdf), str(pdf.with_suffix(""))], check=True)
    (picture,) = pdf.parent.glob("*.pgm")
    return pixels(QImage(str(picture)))


@pytest.mark.parametrize(("paper", "dots"), [(Paper.ROLL_80, 576), (Paper.ROLL_58, 384)])
def test_a_telephone_reads_the_code_from_the_roll(paper: Paper, dots: int) -> None:
    image = raster(RECEIPT, paper)
    assert image.width() == dots
    assert decoded(pixels(image)) == URL


def test_the_roll_is_black_and_white_only() -> None:
    assert set(np.unique(pixels(raster(RECEIPT)))) == {0, 255}


def test_modules_are_whole_dots_and_large_enough_for_a_worn_print() -> None:
    assert min(MODULE, MODULE_NARROW) >= 7
    side = len(modules_of(URL))
    millimetres = MODULE / DOTS_PER_INCH * MM_PER_INCH
    assert millimetres >= 0.9
    assert (side - 2 * QUIET_ZONE) * millimetres >= 28
    assert side * MODULE_NARROW <= 384, "with its quiet zone on the narrow roll too"


def test_the_quiet_zone_is_white() -> None:
    modules = modules_of(URL)
    edge = [*modules[:QUIET_ZONE], *modules[-QUIET_ZONE:], *([row[:QUIET_ZONE] for row in modules])]
    assert not any(any(row) for row in edge)


def test_no_text_is_below_ten_point() -> None:
    assert LEAST_TEXT / DOTS_PER_INCH * 72 >= 10


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed")
@pytest.mark.parametrize("paper", list(Paper))
def test_a_pdf_has_real_text_and_a_code_that_can_be_read(tmp_path: Path, paper: Paper) -> None:
    pdf = tmp_path / "receipt.pdf"
    write_pdf(RECEIPT, pdf, paper)
    assert decoded(rendered(pdf)) == URL
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    for part in ("1023", "0001", "2392", "604", "918", "一天之内会有人看"):
        assert part in unicodedata.normalize("NFKC", text), "Qt writes 一 as the radical that shares its glyph"
    pages = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert [line.split()[-1] for line in pages.splitlines() if line.startswith("Pages")] == ["1"]


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed")
def test_the_code_on_a_letter_is_not_where_letters_are_folded(tmp_path: Path) -> None:
    pdf = tmp_path / "receipt.pdf"
    write_pdf(RECEIPT, pdf, Paper.A4)
    (found,) = zxingcpp.read_barcodes(rendered(pdf, 100))
    top, bottom = found.position.top_left.y / 100 * MM_PER_INCH, found.position.bottom_left.y / 100 * MM_PER_INCH
    assert not [fold for fold in (99, 148.5, 198) if top - 3 < fold < bottom + 3]


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "en"])
@pytest.mark.parametrize("paper", [Paper.ROLL_80, Paper.ROLL_58])
def test_nothing_runs_over_the_edge(language: str, paper: Paper) -> None:
    long = replace(
        RECEIPT,
        language=language,
        title="Your petition has been received",
        promises=("Someone will look at it within a day. " * 3,),
    )
    picture = pixels(raster(long, paper))
    assert picture[:, :1].min() >= 0
    assert (picture[:, -1] == 0).sum() <= 4, "only the rules reach the edge"


def test_a_receipt_without_code_or_address_is_printed_too() -> None:
    image = raster(replace(RECEIPT, code="", url="", facts=(), promises=(), seal=""))
    assert image.height() > 100


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="receipt"):
        write_pdf(RECEIPT, tmp_path / "missing" / "receipt.pdf")
