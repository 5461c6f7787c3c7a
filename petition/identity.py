"""Numbers of identity cards and people's names, as they are keyed: what is right with them, and what is not.

    018 signs   a citizen's number (GB 11643), a residence permit's of Hong Kong, Macau or Taiwan (81, 82, 83), or a
                foreigner's permanent one (9): region, year, month and day of birth, three digits, a check (ISO 7064)
    015 digits  a citizen's number of the cards before 2004: region, two digits of the year, month, day, three digits

Nobody is turned away for where they were registered: lists of regions begin in the eighties, and a county that was gone
by then stands in the numbers of the old. What the number does not have to be is told beside each finding.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from petition.receipt import masked

SIGNS, OLD_DIGITS = 18, 15
OLDEST_YEARS = 130
"""Nobody has lived longer."""
CLOCK_SHOWS_AT_LEAST = date(2026, 1, 1)
"""A clock that lost its battery may say 1970: nobody is told that they are not born yet because of it."""
REGIONS = frozenset(
    str(first) + last
    for first, lasts in {
        1: "12345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "123",
    }.items()
    for last in lasts
)
"""Provinces and their equals, by the first two digits; a foreigner's permanent number begins with 9 instead."""
WEIGHTS = tuple(2 ** (SIGNS - 1 - place) % 11 for place in range(SIGNS - 1))
CHECKS = "10X98765432"
CROSS = "X"
MOST_HANZI, MOST_LETTERS = 20, 60
MOST_TYPED = 500
"""Characters of which more is no name: what comes after is not looked at."""
MASK = "＊"
MASKED_SIGNS = 4

_CROSSES = dict.fromkeys(map(ord, "xXｘＸ×✕✖✗✘╳хХχΧ*＊"), CROSS)
"""What a cross is keyed as; keypads of telephones have a star in its place."""
_BETWEEN = re.compile(r"[\s\-‐-―−﹣－_.·,，、/()（）\[\]\u200b-\u200f\u2060\ufeff]+")
"""What people put between groups of digits."""
_OTHER_CARD = re.compile("(?!X[0-9])[A-Z]{1,3}[0-9]{6,12}[0-9A]?")
"""A passport's number, Hong Kong's or Taiwan's own identity card's, a travel permit's, an old permanent permit's."""
_HANZI = "〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003fffd"
_IS_HANZI = re.compile(f"[{_HANZI}]")
"""By place: the newest Hanzi are newer than Python's tables."""
_DOTS = re.compile(r"\s*[·•‧∙⋅・･●᛫﹒．]+\s*")
_DOT_OF_A_KEYBOARD = re.compile(rf"(?<=[{_HANZI}])\s*[.]\s*(?=[{_HANZI}])")
_GAP_OF_HANZI = re.compile(rf"(?<=[{_HANZI}·])\s+(?=[{_HANZI}·])")


class IdFinding(StrEnum):
    """What is found of a number."""

    FINE = "fine"
    OLD = "old"
    """Fifteen digits of an old card: they have no check, and are good."""
    UNKNOWN_REGION = "unknown_region"
    """Nothing is wrong but the first two digits, which no province has: taken, with a word."""
    EMPTY = "empty"
    TOO_SHORT = "too_short"
    CROSS_MISSING = "cross_missing"
    """Seventeen digits, and the last would be the cross."""
    TOO_LONG = "too_long"
    CROSS_WITHIN = "cross_within"
    """A cross stands elsewhere than at the end."""
    NO_NUMBER = "no_number"
    """There are signs that no number has."""
    NO_SUCH_DATE = "no_such_date"
    NOT_YET_BORN = "not_yet_born"
    TOO_LONG_AGO = "too_long_ago"
    WRONG_CHECK = "wrong_check"
    """One sign is off, or two stand in each other's place."""
    OTHER_CARD = "other_card"
    """The number of another paper, which nobody needs here."""

    @property
    def usable(self) -> bool:
        """Whether the number can be kept as it is."""
        return self in {IdFinding.FINE, IdFinding.OLD, IdFinding.UNKNOWN_REGION}


class NameFinding(StrEnum):
    """What is found of a name."""

    FINE = "fine"
    ONE_SIGN = "one_sign"
    """A single one: taken, with a word, for there are people who are called so."""
    EMPTY = "empty"
    DIGITS = "digits"
    MARKS = "marks"
    """Nothing of it is a letter."""
    TOO_LONG = "too_long"

    @property
    def usable(self) -> bool:
        """Whether the name can be kept as it is."""
        return self in {NameFinding.FINE, NameFinding.ONE_SIGN}


def normalised_id(typed: str) -> str:
    """Return a number as it stands on the card: digits and at most letters, nothing between them, a cross as X."""
    return "".join(map(_sign, _BETWEEN.sub("", typed.translate(_CROSSES))))


def check_id_number(typed: str, today: date) -> IdFinding:
    """Tell what is right or wrong with a number, however it was keyed; where several things are, the plainest first."""
    number, today = normalised_id(typed), max(today, CLOCK_SHOWS_AT_LEAST)
    if not number:
        return IdFinding.EMPTY
    if _OTHER_CARD.fullmatch(number):
        return IdFinding.OTHER_CARD
    if not re.fullmatch("[0-9X]+", number):
        return IdFinding.NO_NUMBER
    if len(number) > SIGNS:
        return IdFinding.TOO_LONG
    if CROSS in number[:-1]:
        return IdFinding.CROSS_WITHIN
    if len(number) == OLD_DIGITS and number.isdigit():
        return _checked_old(number)
    if len(number) == SIGNS - 1 and number.isdigit() and _born(number) and check_sign(number) == CROSS:
        return IdFinding.CROSS_MISSING
    return IdFinding.TOO_SHORT if len(number) < SIGNS else _checked(number, today)


def is_id_number(text: str) -> bool:
    """Tell whether a text is exactly an eighteen-sign number: digits, a birth date that exists, the right check.

    For what machines read. Whether the date is in the past needs a clock, and is not asked here.
    """
    return bool(re.fullmatch("[0-9]{17}[0-9Xx]", text)) and bool(_born(text)) and check_sign(text) == text[-1].upper()


def missing_signs(typed: str) -> int:
    """Return how many signs a number lacks; below 0: so many it has too many."""
    return SIGNS - len(normalised_id(typed))


def check_sign(digits: str) -> str:
    """Return the eighteenth sign for seventeen digits, ISO 7064 MOD 11-2; more than seventeen are not looked at."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False)) % 11]


def masked_id(number: str) -> str:
    """Return a number as a screen may show it: its last four signs, and nothing of the birth date."""
    number = normalised_id(number)
    return MASK * MASKED_SIGNS + number[-MASKED_SIGNS:] if len(number) > MASKED_SIGNS else MASK * len(number)


def normalised_name(typed: str) -> str:
    """Return a name as it is kept: one space between words, none between Hanzi, one kind of middle dot."""
    shown = " ".join("".join(_shown(sign) for sign in typed[:MOST_TYPED]).split())
    dotted = _DOT_OF_A_KEYBOARD.sub("·", _DOTS.sub("·", shown))
    return _GAP_OF_HANZI.sub("", dotted).strip("· ")


def valid_name(typed: str) -> NameFinding:
    """Tell whether this can be somebody's name; whatever is not plainly none is one."""
    name = normalised_name(typed)
    if not "".join(typed.split()):
        return NameFinding.EMPTY
    if any(unicodedata.category(sign) in {"Nd", "No"} for sign in name):
        return NameFinding.DIGITS
    letters = sum(map(_is_letter, name))
    if not letters:
        return NameFinding.MARKS
    most = MOST_HANZI if any(map(_IS_HANZI.fullmatch, name)) else MOST_LETTERS
    if letters > most or len(name) > 2 * MOST_LETTERS:
        return NameFinding.TOO_LONG
    return NameFinding.ONE_SIGN if letters == 1 else NameFinding.FINE


def masked_name(name: str) -> str:
    """Return a name as others may see it: its first character and two marks, as on the slip."""
    return masked(normalised_name(name))


def _is_letter(sign: str) -> bool:
    """Tell whether a sign is one of a name's: cards have some rare Hanzi where no standard has them (Co)."""
    kind = unicodedata.category(sign)
    return kind[0] == "L" or kind in {"Nl", "Co"} or _IS_HANZI.fullmatch(sign) is not None


def _sign(typed: str) -> str:
    """Return a sign of a number: any digit as an ordinary one, any Latin letter as a capital."""
    value = unicodedata.decimal(typed, None)
    plain = unicodedata.normalize("NFKC", typed) if "Ａ" <= typed <= "ｚ" else typed
    return str(value) if value is not None else plain.upper() if plain.isascii() else plain


def _shown(sign: str) -> str:
    """Return a sign of a name: a full-width letter as an ordinary one, a space for any other, nothing for what is unseen."""
    kind = unicodedata.category(sign)
    if sign.isspace() or kind in {"Zs", "Cc"}:
        return " "
    if kind in {"Cf", "Cs"}:
        return ""
    return unicodedata.normalize("NFKC", sign) if "Ａ" <= sign <= "ｚ" else sign


def _born(number: str) -> date | None:
    """Return the birth date of an eighteen-sign number, as far as it exists."""
    return _date(number[6:10], number[10:12], number[12:14])


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _checked_old(number: str) -> IdFinding:
    if _date(f"19{number[6:8]}", number[8:10], number[10:12]):
        return IdFinding.OLD
    return IdFinding.TOO_SHORT if _born(number) else IdFinding.NO_SUCH_DATE  # eighteen, broken off before the end


def _checked(number: str, today: date) -> IdFinding:
    born = _born(number)
    if born is None:
        return IdFinding.NO_SUCH_DATE
    if born > today:
        return IdFinding.NOT_YET_BORN
    if (born.year + OLDEST_YEARS, born.month, born.day) < (today.year, today.month, today.day):
        return IdFinding.TOO_LONG_AGO
    if check_sign(number) != number[-1]:
        return IdFinding.WRONG_CHECK
    return IdFinding.FINE if number[0] == "9" or number[:2] in REGIONS else IdFinding.UNKNOWN_REGION
