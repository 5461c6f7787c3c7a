"""Which key stands where: the keyboard's rows for every page of it, as data.

Every page has the same places, ten units wide, so that nothing moves when a page is turned or capitals are asked for;
what all pages share stands where it always stands.
"""

from dataclasses import dataclass
from enum import Enum, auto

from ui.keyboard_words import key_words, name_of

UNITS = 10.0


class Does(Enum):
    """What a key is for."""

    WRITE = auto()
    DELETE = auto()
    SPACE = auto()
    NEWLINE = auto()
    SHIFT = auto()
    SYMBOLS = auto()
    LETTERS = auto()
    PINYIN = auto()
    ENGLISH = auto()
    EARLIER = auto()
    MORE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """What one key does and what stands on it."""

    does: Does
    character: str = ""
    """What it writes; one character, or one mark that is set twice."""
    label: str = ""
    name: str = ""
    """What a screen reader calls it."""
    icon: str = ""
    units: float = 1.0
    """How wide it is; a unit is a tenth of the keyboard, with its gap."""
    chosen: bool | None = None
    """Whether it is in force, for a key that stays down; None for all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyboardPage:
    """What the keyboard shows."""

    language: str
    """The screen's."""
    pinyin: bool
    """Whether letters compose Hanzi; else they are text at once."""
    capitals: bool = False
    symbols: bool = False


DIGITS = "1234567890"
LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
CHINESE_SIGNS = {
    "zh_Hans": ("；：“”‘’（）《》", "#*@%+-/=￥", "…—～·℃㎡."),
    "zh_Hant": ("；：「」『』（）《》", "#*@%+-/=￥", "…—～·℃㎡."),
    "en": ("；：“”‘’（）《》", "#*@%+-/=￥", "…—～·℃㎡."),
}
ENGLISH_SIGNS = ('!:;"()-/&@', "#*%+=_$£€", "¥°²[]<>")
CHINESE_MARKS, ENGLISH_MARKS = "，。？！", ",.?'"
CHINESE_CORNER, ENGLISH_CORNER = "、", "~"
"""What stands to the left of the third row where it is not Shift; another way of input will want this place."""
DOUBLE = {"…": "……", "—": "——"}
"""Marks that Chinese sets twice."""


def rows_of(page: KeyboardPage) -> tuple[tuple[Cap, ...], ...]:
    """Return the keys of a page from top to bottom; the first row, digits, gives way to candidates while composing."""
    if page.symbols:
        top, middle, bottom = CHINESE_SIGNS[page.language] if page.pinyin else ENGLISH_SIGNS
    else:
        top, middle, bottom = (row.upper() if page.capitals else row for row in LETTERS)

    def writes(characters: str) -> tuple[Cap, ...]:
        return tuple(_writing(page.language, character) for character in characters)

    return (
        writes(DIGITS),
        writes(top),
        writes(middle),
        (_corner(page), *writes(bottom), _named(page.language, Does.DELETE, "delete", units=1.5, icon="backspace")),
        _last_row(page),
    )


def _last_row(page: KeyboardPage) -> tuple[Cap, ...]:
    language = page.language
    comma, stop, question, fourth = (_writing(language, c) for c in (CHINESE_MARKS if page.pinyin else ENGLISH_MARKS))
    if not page.symbols:
        signs = _named(language, Does.SYMBOLS, "symbols", units=1.25)
    else:
        signs = _named(language, Does.LETTERS, "pinyin" if page.pinyin else "letters", units=1.25)
    if page.pinyin:
        tongue = _named(language, Does.ENGLISH, "english", units=1.25)
    else:
        tongue = _named(language, Does.PINYIN, "pinyin", units=1.25)
    space = _named(language, Does.SPACE, "space", units=2.0)
    return (signs, tongue, comma, space, stop, question, fourth, _named(language, Does.NEWLINE, "newline", units=1.5))


def _corner(page: KeyboardPage) -> Cap:
    if page.pinyin:
        return _writing(page.language, CHINESE_CORNER, units=1.5)
    if page.symbols:
        return _writing(page.language, ENGLISH_CORNER, units=1.5)
    return _named(page.language, Does.SHIFT, "shift", units=1.5, chosen=page.capitals)


def _writing(language: str, character: str, *, units: float = 1.0) -> Cap:
    name, written = name_of(language, character), DOUBLE.get(character, character)
    return Cap(does=Does.WRITE, character=written, label=character, name=name, units=units)


def _named(language: str, does: Does, name: str, *, units: float, icon: str = "", chosen: bool | None = None) -> Cap:
    label, told = key_words(language, name)
    return Cap(does=does, label=label, name=told, icon=icon, units=units, chosen=chosen)
