"""What the keys of a physical keyboard mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.keystrokes import Choose, Press, Stroke, Turn, stroke_of


@pytest.mark.parametrize(
    ("character", "candidates", "stroke"),
    [
        ("a", 0, Press(key="a")),
        ("'", 6, Press(key="'")),
        ("A", 6, Press(key="A")),
        ("\b", 6, Press(key="backspace")),
        ("\x7f", 0, Press(key="backspace")),
        ("\r", 6, Press(key="enter")),
        ("\x1b", 6, Press(key="escape")),
        (" ", 6, Press(key="space")),
        ("1", 6, Choose(index=0)),
        ("6", 6, Choose(index=5)),
        ("7", 6, Press(key="7")),
        ("1", 0, Press(key="1")),
        ("0", 6, Press(key="0")),
        ("-", 6, Turn(step=-1)),
        ("=", 6, Turn(step=1)),
        ("-", 0, Press(key="-")),
        (",", 6, Press(key="，")),
        (".", 0, Press(key="。")),
        ("\t", 6, None),
        ("\x00", 6, None),
        ("", 6, None),
        ("ab", 6, None),
    ],
)
def test_a_key_means_what_it_means_on_any_pinyin_keyboard(
    character: str, candidates: int, stroke: Stroke | None
) -> None:
    assert stroke_of(character, candidates=candidates) == stroke


@given(character=st.text(max_size=2), candidates=st.integers(0, 9))
def test_a_digit_never_takes_what_is_not_shown(character: str, candidates: int) -> None:
    match stroke_of(character, candidates=candidates):
        case Choose(index=index):
            assert 0 <= index < candidates
        case Turn(step=step):
            assert candidates
            assert step in {-1, 1}
        case Press(key=key):
            assert key
        case None:
            assert len(character) != 1 or not character.isprintable()
