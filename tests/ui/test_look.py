"""Sizes and colours meet the numbers that the screens are measured against."""

import math

import pytest

from tests.ui.conftest import LANDSCAPE
from ui.audit import contrast, contrast_faults
from ui.look import Glass, Look, sizes, themes, tokens

POINTS_PER_INCH = 72


@pytest.mark.parametrize("theme", themes())
def test_every_pair_of_colours_that_meets_can_be_told_apart(theme: str) -> None:
    assert contrast_faults(theme) == []


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert math.isclose(contrast("#000000", "#FFFFFF"), 21)


def test_the_default_theme_has_text_at_ten_to_one_and_one_theme_at_twenty_one() -> None:
    colours = tokens()["themes"]
    assert contrast(colours["light"]["text"], colours["light"]["bg"]) >= 10
    assert contrast(colours["dark"]["text"], colours["dark"]["bg"]) == pytest.approx(21)


def test_the_four_sizes_have_the_cap_heights_that_were_promised() -> None:
    assert [tokens()["sizes"][size]["cap_mm"] for size in sizes()] == [4.7, 5.4, 6.8, 8.8]


@pytest.mark.parametrize("glass", [LANDSCAPE, Glass(width_px=3840, height_px=2160, diagonal_inch=31.5)])
def test_body_text_is_never_below_eighteen_points_and_goes_beyond_thirty(glass: Glass) -> None:
    points = [Look.for_glass(glass, size=size).em() / glass.px_per_mm / 25.4 * POINTS_PER_INCH for size in sizes()]
    assert min(points) >= 18 - 0.2
    assert max(points) >= 30


def test_an_unknown_theme_or_size_is_the_default_one() -> None:
    look = Look.for_glass(LANDSCAPE, theme="pink", size="tiny")
    assert (look.theme, look.size) == ("light", "larger")


def test_no_text_role_is_smaller_than_body() -> None:
    for size in sizes():
        look = Look.for_glass(LANDSCAPE, size=size)
        assert min(look.em(role) for role in ("label", "live", "title", "number")) >= look.em()


def test_line_spacing_is_one_and_a_half() -> None:
    assert Look.for_glass(LANDSCAPE).line_height() == 1.5
