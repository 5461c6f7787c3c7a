"""Which key stands where: the keyboard's rows for every page of it, as data.

Every page has the same places, ten units wide, so that nothing moves when a page is turned or capitals are asked for;
what all pages share stands where it always stands. Writing by strokes has five wide keys where the letters are, Zhuyin
three rows of fourteen in the order it is recited, Cangjie its shapes where the letters stand that they are known by.

Where there are two ways of writing Chinese a key leads to the other; where there are more, to a page that has them all.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

from petition.ports import Method
from ui.keyboard_words import SHAPES_OF_WAYS, STROKES, key_words, name_of, shape_name

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
    ZHUYIN = auto()
    CANGJIE = auto()
    ENGLISH = auto()
    WAYS = auto()
    """Shows all ways of writing, or goes back from there."""
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
    beside: str = ""
    """A letter that stands beside the label, smaller, where there is room for it."""
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
    latest: Method | None = None
    """How Chinese was written last, for the key that leads back to it from letters."""
    capitals: bool = False
    symbols: bool = False
    choosing: bool = False
    """Whether it shows the ways of writing to choose from."""

    @property
    def strokes(self) -> bool:
        """Whether it has the keys of strokes."""
        return self.method is Method.STROKES and not (self.symbols or self.choosing)

    @property
    def tells(self) -> bool:
        """Whether it has a line that tells how it is done."""
        return self.strokes or self.choosing


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
ZHUYIN_KEYS = ("ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒ", "ㄓㄔㄕㄖㄗㄘㄙㄧㄨㄩˊˇˋ˙", "ㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ")
ZHUYIN_UNITS = UNITS / 14
CANGJIE_KEYS = dict(zip("abcdefghijklmnopqrstuvwxy", "日月金木水火土竹戈十大中一弓人心手口尸廿山女田難卜", strict=True))
CANGJIE_SPARE = "："
"""What stands where the letter z does, which is no shape."""
METHOD_KEYS = {
    Method.ZHUYIN: (Does.ZHUYIN, "zhuyin"),
    Method.STROKES: (Does.STROKES, "strokes"),
    Method.CANGJIE: (Does.CANGJIE, "cangjie"),
    Method.PINYIN: (Does.PINYIN, "pinyin"),
}
"""In the order in which they are shown to choose from."""
ONE_KEY_MOST = 2
"""With more ways of writing Chinese than these, they have a page to choose from."""


def rows_of(page: KeyboardPage) -> tuple[tuple[Cap, ...], ...]:
    """Return the keys of a page from top to bottom; the first row, digits, gives way to candidates while composing."""
    digits, last = tuple(_writing(page.language, digit) for digit in DIGITS), _last_row(page)
    delete = _named(page.language, Does.DELETE, "delete", units=1.5, icon="backspace")
    if page.tells:
        tell = Cap(does=Does.TELL, units=UNITS - 3.0)
        keys = _ways(page) if page.choosing else _strokes(page.language)
        return digits, keys, (), (_corner(page), tell, delete), last
    if page.method is Method.ZHUYIN and not page.symbols:
        one, two, three = (
            tuple(_writing(page.language, sign, units=ZHUYIN_UNITS) for sign in row) for row in ZHUYIN_KEYS
        )
        return digits, one, two, (*three, replace(delete, units=ZHUYIN_UNITS)), last
    if page.symbols:
        top, middle, bottom = CHINESE_SIGNS[page.language] if page.method else ENGLISH_SIGNS
    else:
        top, middle, bottom = (row.upper() if page.capitals else row for row in LETTERS)

    def writes(characters: str) -> tuple[Cap, ...]:
        if page.method is Method.CANGJIE and not page.symbols:
            return tuple(_shape(page.language, character) for character in characters)
        return tuple(_writing(page.language, character) for character in characters)

    return digits, writes(top), writes(middle), (_corner(page), *writes(bottom), delete), last


def _strokes(language: str) -> tuple[Cap, ...]:
    """Return the five strokes, as wide together as the keyboard and two rows high."""
    told = {key: (drawn, *STROKES[drawn][language]) for key, drawn in STROKE_KEYS.items()}
    return tuple(
        Cap(does=Does.WRITE, character=key, label=drawn, note=note, name=name, units=UNITS / len(told), rows=2)
        for key, (drawn, note, name) in told.items()
    )


def longest_rows(page: KeyboardPage) -> tuple[tuple[Cap, ...], ...]:
    """Return rows with as many keys each as any page of these ways of writing has there."""
    ways = (replace(page, method=method, symbols=False, choosing=False) for method in page.methods)
    pages = [replace(page, symbols=True, choosing=False), *ways]
    return tuple(max(rows, key=len) for rows in zip(*(rows_of(one) for one in pages), strict=True))


def _ways(page: KeyboardPage) -> tuple[Cap, ...]:
    """Return a large key for each way of writing Chinese, the one in use marked; letters have a key in the last row."""
    methods = [method for method in METHOD_KEYS if method in page.methods]
    return tuple(
        replace(
            _named(page.language, *METHOD_KEYS[method], units=UNITS / len(methods), chosen=method is page.method),
            note=SHAPES_OF_WAYS[method.value],
            rows=2,
        )
        for method in methods
    )


def _last_row(page: KeyboardPage) -> tuple[Cap, ...]:
    """Return the row below the letters; the keys after the first lead to the other ways of writing."""
    language = page.language
    marks = CHINESE_MARKS if page.method else ENGLISH_MARKS
    comma, *others = (_writing(language, mark, units=MARK_UNITS) for mark in marks)
    if not page.symbols:
        turn = (Does.SYMBOLS, "symbols")
    else:
        turn = (Does.LETTERS, page.method.value if page.method else "letters")
    turns = tuple(_named(language, does, name, units=TURN_UNITS) for does, name in (turn, *_turns(page)))
    if page.choosing:
        turns = tuple(replace(cap, chosen=page.method is None) if cap.does is Does.ENGLISH else cap for cap in turns)
    newline = _named(language, Does.NEWLINE, "newline", units=NEWLINE_UNITS)
    space = "first_tone" if page.method is Method.ZHUYIN else "space"
    taken = sum(cap.units for cap in (*turns, comma, *others, newline))
    return (*turns, comma, _named(language, Does.SPACE, space, units=UNITS - taken), *others, newline)


def _turns(page: KeyboardPage) -> tuple[tuple[Does, str], ...]:
    """Return what leads to other ways of writing, at most two keys of the last row."""
    english, others = (Does.ENGLISH, "english"), [METHOD_KEYS[m] for m in page.methods if m is not page.method]
    if len(page.methods) <= ONE_KEY_MOST:
        return (english, *others) if page.method else tuple(others)
    if page.choosing:
        return english, (Does.WAYS, "no_other_way")
    back = METHOD_KEYS[page.latest if page.latest in page.methods else page.methods[0]]
    return english if page.method else back, (Does.WAYS, "ways")


def _corner(page: KeyboardPage) -> Cap:
    if page.method:
        return _writing(page.language, CHINESE_CORNER, units=1.5)
    if page.symbols or page.choosing:
        return _writing(page.language, ENGLISH_CORNER, units=1.5)
    return _named(page.language, Does.SHIFT, "shift", units=1.5, chosen=page.capitals)


def _writing(language: str, character: str, *, units: float = 1.0) -> Cap:
    name, written = name_of(language, character), DOUBLE.get(character, character)
    return Cap(does=Does.WRITE, character=written, label=character, name=name, units=units)


def _shape(language: str, letter: str) -> Cap:
    if letter not in CANGJIE_KEYS:
        return _writing(language, CANGJIE_SPARE)
    drawn = CANGJIE_KEYS[letter]
    return Cap(does=Does.WRITE, character=letter, label=drawn, beside=letter.upper(), name=shape_name(drawn))


def _named(language: str, does: Does, name: str, *, units: float, icon: str = "", chosen: bool | None = None) -> Cap:
    label, told = key_words(language, name)
    return Cap(does=does, label=label, name=told, icon=icon, units=units, chosen=chosen)
