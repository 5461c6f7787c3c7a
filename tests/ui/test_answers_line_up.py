"""Words and pictures of answers that stand one under another, or side by side, line up."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF

from tests.ui.conftest import LANDSCAPE
from tests.ui.screens import shown
from tests.ui.test_window import page
from ui.widgets.answer import Answer, Tile
from ui.window import KioskWindow


def answers(window: KioskWindow) -> list[Answer]:
    return [one for one in page(window).controls() if isinstance(one, Answer)]


def before_the_words(answer: Answer) -> int:
    """Return how much of its width is not for words."""
    return answer.natural_width() - max(lines.width for lines in answer.all_lines())


@pytest.mark.parametrize("step", ["id_number", "proxy_consent", "settings"])
def test_words_begin_under_each_other_whatever_stands_before_them(
    new_window: Callable[..., KioskWindow], step: str
) -> None:
    window = new_window(LANDSCAPE)
    window.show_screen(shown(step))
    found = [answer for answer in answers(window) if answer.icon_side and not (step == "settings" and answer.primary)]
    assert len({(bool(answer.number), answer.icon_side) for answer in found}) > 1
    assert len({before_the_words(answer) for answer in found}) == 1


def test_a_tile_without_a_note_has_its_picture_beside_the_others(window: KioskWindow) -> None:
    window.show_screen(shown("danger_any"))
    tiles = [answer for answer in answers(window) if isinstance(answer, Tile)]
    assert {bool(tile.shown_note) for tile in tiles} == {True, False}
    boxes = [tile.picture_box(QRectF(tile.rect())) for tile in tiles]
    assert len({(box.y(), box.height()) for box in boxes}) == 1
