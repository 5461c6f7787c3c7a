"""The receipt on paper can be read by eyes, telephones and programs."""

import re
import shutil
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PySide6.QtGui import QImage

from assets.words import load_translations
from petition.derive import Context
from petition.model import Language
from petition.receipt import Role
from petition.slip import PaperReceipt, paper_receipt
from tests.samples import NOON, catalogue
from tests.samples import receipt as sample_receipt
from ui.qr import QUIET_ZONE, modules_of
from ui.receipt_page import (
    DOTS_PER_INCH,
    LEAST_LARGE_TEXT,
    LEAST_TEXT,
    MM_PER_INCH,
    MODULE,
    MODULE_LARGE,
    MODULE_LARGE_NARROW,
    MODULE_NARROW,
    Paper,
    pdf,
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


POPPLER = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed")
LARGE = pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
LETTER_DOTS = 2374
"""Height of A4."""

Pixels = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def pixels(image: QImage) -> Pixels:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


def decoded(picture: Pixels) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def longest(language: Language, *, large: bool) -> PaperReceipt:
    """A slip with everything that can stand on one."""
    context = Context(translate=load_translations(language), now=NOON)
    made = replace(
        sample_receipt(),
        role=Role.AGENT,
        language=language,
        category="id-0",
        clock_trusted=False,
        for_another=True,
        principal="王＊＊",
        agent="李＊＊",
        relation="volunteer",
        until=NOON + timedelta(days=400),
    )
    return paper_receipt(made, catalogue(language), context, hotline="12345", arrived=False, again=2, large=large)


def rendered(pdf: Path, dpi: int = 203) -> Pixels:
    subprocess.run(["pdftoppm", "-gray", "-r", str(dpi), str(pdf), str(pdf.with_suffix(""))], check=True)
    (picture,) = pdf.parent.glob("*.pgm")
    return pixels(QImage(str(picture)))


@LARGE
@pytest.mark.parametrize(("paper", "dots"), [(Paper.ROLL_80, 576), (Paper.ROLL_58, 384)])
def test_a_telephone_reads_the_code_from_the_roll(paper: Paper, dots: int, large: bool) -> None:
    image = raster(replace(RECEIPT, large=large), paper)
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
    assert (side * MODULE_LARGE <= 576, side * MODULE_LARGE_NARROW <= 384) == (True, True)


@LARGE
@pytest.mark.parametrize("paper", [Paper.ROLL_80, Paper.ROLL_58])
def test_a_longer_address_has_smaller_modules_and_is_read_too(paper: Paper, large: bool) -> None:
    far = replace(RECEIPT, url=URL.replace("example", "a-very-long-name-of-a-platform." * 3 + "example"), large=large)
    assert decoded(pixels(raster(far, paper))) == far.url


def test_the_quiet_zone_is_white() -> None:
    modules = modules_of(URL)
    edge = [*modules[:QUIET_ZONE], *modules[-QUIET_ZONE:], *([row[:QUIET_ZONE] for row in modules])]
    assert not any(any(row) for row in edge)


@POPPLER
@LARGE
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("paper", list(Paper))
def test_no_text_is_below_ten_point_and_in_large_print_none_below_eighteen(
    tmp_path: Path, paper: Paper, language: Language, large: bool
) -> None:
    pdf = tmp_path / "receipt.pdf"
    write_pdf(longest(language, large=large), pdf, paper)
    said = subprocess.run(
        ["pdftohtml", "-xml", "-stdout", "-i", "-zoom", "1", str(pdf)], check=True, capture_output=True, text=True
    ).stdout
    points = [int(size) for size in re.findall(r'<fontspec [^>]*size="([0-9]+)"', said)]
    assert len(points) > 3
    assert min(points) >= (18 if large else 10)
    assert LEAST_TEXT / DOTS_PER_INCH * 72 >= 10, "pdftohtml tells whole points"
    assert LEAST_LARGE_TEXT / DOTS_PER_INCH * 72 >= 18


@POPPLER
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


@POPPLER
@pytest.mark.parametrize(("paper", "lines"), [(Paper.A4, ["回执·代办人联"]), (Paper.ROLL_58, ["回执", "代办人联"])])
def test_what_parts_a_title_never_ends_a_line(tmp_path: Path, paper: Paper, lines: list[str]) -> None:
    pdf = tmp_path / "receipt.pdf"
    write_pdf(longest(Language.SIMPLIFIED, large=True), pdf, paper)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    told = ["".join(unicodedata.normalize("NFKC", line).split()) for line in text.splitlines()]
    first = next(place for place, line in enumerate(told) if line.startswith("回执"))
    assert [line for line in told[first:] if line][: len(lines)] == lines


@POPPLER
@LARGE
def test_the_code_on_a_letter_is_not_where_letters_are_folded(tmp_path: Path, large: bool) -> None:
    pdf = tmp_path / "receipt.pdf"
    write_pdf(replace(RECEIPT, large=large), pdf, Paper.A4)
    (found,) = zxingcpp.read_barcodes(rendered(pdf, 100))
    top, bottom = found.position.top_left.y / 100 * MM_PER_INCH, found.position.bottom_left.y / 100 * MM_PER_INCH
    assert not [fold for fold in (99, 148.5, 198) if top - 3 < fold < bottom + 3]


@POPPLER
@LARGE
@pytest.mark.parametrize("language", Language)
def test_everything_stands_on_one_letter(tmp_path: Path, language: Language, large: bool) -> None:
    slip = longest(language, large=large)
    for name, more in (("long", slip), ("longer", replace(slip, promises=slip.promises * 4))):
        (tmp_path / name).mkdir()
        written = tmp_path / name / "receipt.pdf"
        write_pdf(more, written, Paper.A4)
        picture = rendered(written)
        assert abs(picture.shape[0] - LETTER_DOTS) <= 2
        assert picture[-50:].min() == 255, "what many printers leave white"
        assert decoded(picture) == slip.url


@POPPLER
@pytest.mark.parametrize("paper", list(Paper))
def test_two_slips_are_two_pages_each_as_it_is_alone(tmp_path: Path, paper: Paper) -> None:
    own, agent = RECEIPT, replace(longest(Language.SIMPLIFIED, large=False), url=URL[:-1] + "4")
    write_pdf((own, agent), tmp_path / "both.pdf", paper)
    subprocess.run(["pdfseparate", str(tmp_path / "both.pdf"), str(tmp_path / "page-%d.pdf")], check=True)
    assert sorted(path.name for path in tmp_path.glob("page-*.pdf")) == ["page-1.pdf", "page-2.pdf"]
    for number, slip in enumerate((own, agent), 1):
        for name in (f"page-{number}", f"alone-{number}"):
            (tmp_path / name).mkdir()
        page = (tmp_path / f"page-{number}.pdf").rename(tmp_path / f"page-{number}" / "slip.pdf")
        alone = tmp_path / f"alone-{number}" / "slip.pdf"
        write_pdf(slip, alone, paper)
        together, apart = rendered(page), rendered(alone)
        assert decoded(together) == slip.url
        assert (together.shape, (together != apart).mean() < 0.001) == (apart.shape, True)


@LARGE
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("paper", [Paper.ROLL_80, Paper.ROLL_58])
def test_nothing_runs_over_the_edge(language: Language, paper: Paper, large: bool) -> None:
    longer = longest(language, large=large)
    longer = replace(longer, facts=(*longer.facts, ("Whom to ask", "Neighbourhood administration")))
    picture = pixels(raster(longer, paper))
    rows = (picture[:, -1] == 0).sum()
    assert rows == 4, "only the two rules reach the edge"


@pytest.mark.parametrize(
    ("paper", "large"),
    [
        pytest.param(Paper.ROLL_80, True, id="80mm-large"),
        pytest.param(Paper.ROLL_58, False, id="58mm-usual"),
        pytest.param(Paper.ROLL_80, False, id="80mm-usual", marks=pytest.mark.slow),
        pytest.param(Paper.ROLL_58, True, id="58mm-large", marks=pytest.mark.slow),
    ],
)
def test_any_thread_may_draw_while_others_do(paper: Paper, large: bool) -> None:
    slips = [longest(language, large=large) for language in Language] * 4

    def drawn(slip: PaperReceipt) -> tuple[Pixels, int]:
        return pixels(raster(slip, paper)), len(pdf(slip, paper))

    def same(one: tuple[Pixels, int], other: tuple[Pixels, int]) -> bool:
        # Qt draws a glyph a little otherwise when it has drawn it before: some twenty dots.
        return one[0].shape == other[0].shape and (one[0] != other[0]).mean() < 0.001 and one[1] == other[1]

    here = [drawn(slip) for slip in slips]
    with ThreadPoolExecutor(4) as threads:
        there = threads.map(drawn, slips)
        meanwhile = [drawn(slip) for slip in slips]
    assert all(map(same, there, here))
    assert all(map(same, meanwhile, here))


def test_a_receipt_without_code_or_address_is_printed_too() -> None:
    image = raster(replace(RECEIPT, code="", url="", facts=(), promises=(), seal=""))
    assert image.height() > 100


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="receipt"):
        write_pdf(RECEIPT, tmp_path / "missing" / "receipt.pdf")
