"""What a key of a physical keyboard means to a typing engine: the keys of any pinyin keyboard, as residents know them.

With Zhuyin, they are its signs as on every keyboard in Taiwan.

Pure, and without a window system: a key arrives as the character it types. What stands in the way of text, like a key
that is an answer's, is for the screen to say.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Give this key to the engine."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Take this candidate of the shown page, from 0."""

    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Show the next page of candidates (1) or the one before (-1)."""

    step: int


Stroke = Press | Choose | Turn

_KEYS: Final = MappingProxyType(
    {"\b": "backspace", "\x7f": "backspace", "\r": "enter", "\n": "enter", "\x1b": "escape", " ": "space"}
)
_PAGES: Final = MappingProxyType({"-": -1, "=": 1})
_CHINESE: Final = MappingProxyType(
    {",": "，", ".": "。", "?": "？", "!": "！", ":": "：", ";": "；", "(": "（", ")": "）", "\\": "、"}
)
_SIGNS: Final = MappingProxyType(
    {
        **dict(
            zip(
                "1qaz2wsxedcrfv5tgbyhnujm8ik,9ol.0p;/-6347",
                "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄧㄨㄩㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦˊˇˋ˙",
                strict=True,
            )
        ),
        "<": "，",
        ">": "。",
    }
)
"""Where the signs stand on every keyboard in Taiwan (大千), with the marks that have to give way."""


def stroke_of(character: str, *, candidates: int, zhuyin: bool = False) -> Stroke | None:
    """What one typed character means while so many candidates are shown; None when it means nothing.

    A digit takes the candidate of that number, - and = turn the page, and punctuation comes out Chinese. Without
    candidates digits and signs are themselves. With `zhuyin`, most of these keys are its signs, the digits among them.
    """
    if zhuyin and character in _SIGNS:
        return Press(key=_SIGNS[character])
    if key := _KEYS.get(character):
        return Press(key=key)
    if len(character) != 1 or not character.isprintable():
        return None
    if candidates and character in "123456789" and int(character) <= candidates:
        return Choose(index=int(character) - 1)
    if candidates and character in _PAGES:
        return Turn(step=_PAGES[character])
    return Press(key=_CHINESE.get(character, character))
