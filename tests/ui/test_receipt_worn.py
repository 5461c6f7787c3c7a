"""A telephone still reads the code of a slip that was in a purse for a month."""

from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from PySide6.QtGui import QImage

from petition.slip import PaperReceipt
from tests.ui.worn_paper import Dots, photographed, worn
from ui.receipt_page import Paper, raster

pytestmark = pytest.mark.usefixtures("application")

URL = "https://petition.example.gov.cn/r/10230001239218446744073709551615"
SLIP = PaperReceipt(
    language="zh_Hans",
    desk="和平里社区 · 社区诉求服务台",
    title="回执",
    number_label="您的号码",
    number="1023 0001 2392",
    code_label="查询码",
    code="604 918",
    promises=("一天之内会有人看。",),
    scan="用手机扫一扫，看办到哪一步",
    url=URL,
)
FRAMES = 5
"""So many pictures a telephone takes in half a second."""
MARGIN_DOTS = 24
READABLE = 0.99
SEED = 20261122


def the_code(paper: Paper, *, large: bool) -> Dots:
    """The part of a printed slip with the code, and what stands around it."""
    image = raster(replace(SLIP, large=large), paper).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(image.height(), image.bytesPerLine())
    page = np.ascontiguousarray(rows[:, : image.width()])
    (found,) = zxingcpp.read_barcodes(page)
    corners = found.position
    top = max(0, corners.top_left.y - MARGIN_DOTS)
    left = max(0, corners.top_left.x - MARGIN_DOTS)
    part = page[top : corners.bottom_right.y + MARGIN_DOTS, left : corners.bottom_right.x + MARGIN_DOTS]
    black: Dots = (part == 0).astype(np.uint8)
    return black


def is_read(dots: Dots, wear: float, place: int) -> bool:
    """Whether a telephone reads one print, worn so much, before it has taken five pictures."""
    random = np.random.default_rng([SEED, round(wear * 100), place])
    paper = worn(dots, wear, random)
    for _ in range(FRAMES):
        for found in zxingcpp.read_barcodes(photographed(paper, wear, random)):
            assert found.text == URL, "a wrong number would lead to somebody else"
            return True
    return False


def part_that_is_read(paper: Paper, wear: float, prints: int, *, large: bool) -> float:
    dots = the_code(paper, large=large)
    return sum(is_read(dots, wear, place) for place in range(prints)) / prints


@pytest.mark.parametrize("wear", [0.4, 0.6])
@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("paper", [Paper.ROLL_80, Paper.ROLL_58])
def test_a_worn_slip_is_read(paper: Paper, large: bool, wear: float) -> None:
    assert part_that_is_read(paper, wear, 10, large=large) >= READABLE


@pytest.mark.slow
@pytest.mark.parametrize("wear", [0.4, 0.6])
@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("paper", [Paper.ROLL_80, Paper.ROLL_58])
def test_of_three_hundred_worn_slips_hardly_one_is_not_read(paper: Paper, large: bool, wear: float) -> None:
    assert part_that_is_read(paper, wear, 300, large=large) >= READABLE


@pytest.mark.parametrize("prints", [2, pytest.param(8, marks=pytest.mark.slow)])
@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("paper", [Paper.ROLL_80, Paper.ROLL_58])
def test_a_slip_that_is_worn_out_is_not_read_so_this_test_can_fail(paper: Paper, large: bool, prints: int) -> None:
    assert part_that_is_read(paper, 2.0, prints, large=large) < READABLE
