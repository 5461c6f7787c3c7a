"""Which key stands where: the keyboard's rows for every page of it, as data.

Every page has the same places, ten units wide, so that nothing moves when a page is turned or capitals are asked for;
what all pages share stands where it always stands. Writing by strokes has five wide keys where the letters are.
"""

from dataclasses import dataclass
from enum import Enum, auto

from petition.ports import Method
from ui.keyboard_words import STROKES, key_words, name_of

UNITS = 10.0
TURN_UNITS, MARK_UNITS, NEWLINE_UNITS = 1.1, 0.9, 1.4
"""Widths in the last row; the space key has what is left."""


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
    STROKES = auto()
    ENGLISH = auto()
    EARLIER = auto()
    MORE = auto()
    TELL = auto()
    """No key: the place of a line that tells how it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """What one key does and what stands on it."""

    does: Does
    character: str = ""
    """What it writes; one character, or one mark that is set twice. What composes is the engine's letter."""
    label: str = ""
    note: str = ""
    """What stands below the label, smaller."""
    name: str = ""
    """What a screen reader calls it."""
    icon: str = ""
    units: float = 1.0
    """How wide it is; a unit is a tenth of the keyboard, with its gap."""
    rows: int = 1
    """How many rows it takes."""
    chosen: bool | None = None
    """Whether it is in force, for a key that stays down; None for all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyboardPage:
    """What the keyboard shows."""

    language: str
    """The screen's."""
    method: Method | None
    """How Chinese is written; None for letters that are text at once."""
    methods: tuple[Method, ...] = tuple(Method)
    """The ways of writing Chinese there are."""
    capitals: bool = False
    symbols: bool = False

    @property
    def strokes(self) -> bool:
        """Whether it has the keys of strokes."""
        return self.method is Method.STROKES and not self.symbols


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
"""What stands to the left of the third row where it is not Shift."""
DOUBLE = {"…": "……", "—": "——"}
"""Marks that Chinese sets twice."""
STROKE_KEYS = {"h": "一", "s": "丨", "p": "丿", "n": "丶", "z": "乛"}
METHOD_KEYS = {Method.PINYIN: (Does.PINYIN, "pinyin"), Method.STROKES: (Does.STROKES, "strokes")}


def rows_of(page: KeyboardPage) -> tuple[tuple[Cap, ...], ...]:
    """Return the keys of a page from top to bottom; the first row, digits, gives way to candidates while composing."""
    digits, last = tuple(_writing(page.language, digit) for digit in DIGITS), _last_row(page)
    delete = _named(page.language, Does.DELETE, "delete", units=1.5, icon="backspace")
    if page.strokes:
        tell = Cap(does=Does.TELL, units=UNITS - 3.0)
        return digits, _strokes(page.language), (), (_corner(page), tell, delete), last
    if page.symbols:
        top, middle, bottom = CHINESE_SIGNS[page.language] if page.method else ENGLISH_SIGNS
    else:
        top, middle, bottom = (row.upper() if page.capitals else row for row in LETTERS)

    def writes(characters: str) -> tuple[Cap, ...]:
        return tuple(_writing(page.language, character) for character in characters)

    return digits, writes(top), writes(middle), (_corner(page), *writes(bottom), delete), last


def _strokes(language: str) -> tuple[Cap, ...]:
    """Return the five strokes, as wide together as the keyboard and two rows high."""
    told = {key: (drawn, *STROKES[drawn][language]) for key, drawn in STROKE_KEYS.items()}
    return tuple(
        Cap(does=Does.WRITE, character=key, label=drawn, note=note, name=name, units=UNITS / len(told), rows=2)
        for key, (drawn, note, name) in told.items()
    )


def _last_row(page: KeyboardPage) -> tuple[Cap, ...]:
    """Return the row below the letters; its second key on always lead to the other ways of writing."""
    language = page.language
    marks = CHINESE_MARKS if page.method else ENGLISH_MARKS
    comma, *others = (_writing(language, mark, units=MARK_UNITS) for mark in marks)
    if not page.symbols:
        turn = (Does.SYMBOLS, "symbols")
    else:
        turn = (Does.LETTERS, page.method.value if page.method else "letters")
    ways = [METHOD_KEYS[method] for method in page.methods if method is not page.method]
    if page.method:
        ways.insert(0, (Does.ENGLISH, "english"))
    turns = tuple(_named(language, does, name, units=TURN_UNITS) for does, name in (turn, *ways))
    newline = _named(language, Does.NEWLINE, "newline", units=NEWLINE_UNITS)
    taken = sum(cap.units for cap in (*turns, comma, *others, newline))
    return (*turns, comma, _named(language, Does.SPACE, "space", units=UNITS - taken), *others, newline)


def _corner(page: KeyboardPage) -> Cap:
    if page.method:
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
