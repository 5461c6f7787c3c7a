"""Numbers in free text, as a person reads them aloud: what a resident wrote, or an office replied.

The kiosk's own numbers come with their spoken form (`petition.utterance`); this finds the rest. Numbers of identity
cards go in 6-8-4, of mobile telephones in 3-4-4, of receipts in fours, digit by digit with 幺 for 1. Dates, times,
percentages and amounts are counted. What is none of these is read digit by digit from three digits on.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from petition.utterance import COUNTING, Span, Utterance, count_in_hanzi, spelled

TWO_OF = frozenset("个次天块元位件年周小分人户间张份遍回条家辆袋箱吨公米斤棵台根处米桶")
"""Before these 2 is 两."""
AMOUNT_OF = TWO_OF | frozenset("角毛平度秒克升岁毫厘倍万亿")
"""Before these even a long number is an amount."""

NUMBER = re.compile(
    r"""
      (?P<identity>(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z]))
    | (?P<receipt>(?<!\d)\d{4}[ ]\d{4}[ ]\d{4}(?!\d)|(?<!\d)\d{12}(?!\d))
    | (?P<mobile>(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d))
    | (?P<telephone>(?<!\d)(?:0\d{2,3})-\d{5,8}(?!\d))
    | (?P<date>(?<!\d)(?:\d{4}[ ]?年[ ]?)?\d{1,2}[ ]?月(?:[ ]?\d{1,2}[ ]?[日号號])?|(?<!\d)\d{4}[ ]?年
        |(?<!\d)\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d))
    | (?P<time>(?<![\d:：])(?:[01]?\d|2[0-3])[:：][0-5]\d(?::[0-5]\d)?(?![\d:：]))
    | (?P<percent>(?<![\d.])\d{1,8}(?:\.\d+)?[%％])
    | (?P<decimal>(?<![\d.])\d{1,8}\.\d+(?![\d.]))
    | (?P<whole>\d+)
    """,
    re.VERBOSE,
)


def with_numbers_said(utterance: Utterance) -> Utterance:
    """Return an utterance in which the numbers that had no spoken form have one, each tied to its place."""
    edges = [0, *(edge for s in utterance.spans for edge in (s.start, s.start + s.length)), len(utterance.text)]
    free = list(pairwise(edges))[::2]
    found = [
        Span(start=match.start(), length=len(match[0]), spoken=spoken)
        for start, end in free
        for match in NUMBER.finditer(utterance.text, start, end)
        if (spoken := _said(match, utterance)) != match[0]
    ]
    return replace(utterance, spans=tuple(sorted((*utterance.spans, *found), key=lambda span: span.start)))


def _said(match: re.Match[str], utterance: Utterance) -> str:
    kind, written = str(match.lastgroup), match[0]
    digits = "".join(str(int(character)) for character in written if character.isdecimal())
    # Where Traditional is read, and in Cantonese, nobody says 幺.
    language = (
        "en" if utterance.language == "en" else "zh_Hant" if utterance.language in ("zh_Hant", "yue") else "zh_Hans"
    )
    groups = _groups(kind, digits)
    if groups:
        last = ("" if written[-1].isdigit() else " X" if language == "en" else "叉") if kind == "identity" else ""
        return spelled(digits, groups, language) + last
    if language == "en":  # the English voice reads the rest well enough
        return spelled(digits, (len(digits),), "en") if kind == "whole" and len(digits) > 4 else written
    match kind:
        case "date":
            return _date(written)
        case "time":
            hour, minute, *_ = (int(part) for part in re.split("[:：]", written))
            told = f"{'两' if hour == 2 else count_in_hanzi(hour)}点"
            return told + (f"{'零' if minute < 10 else ''}{count_in_hanzi(minute)}分" if minute else "")
        case "percent":
            return f"百分之{_decimal(written[:-1])}"
        case "decimal":
            return _decimal(written)
    following = utterance.text[match.end() : match.end() + 2].lstrip()[:1]
    return _whole(digits, following, language)


def _groups(kind: str, digits: str) -> tuple[int, ...]:
    fixed: dict[str, Callable[[], tuple[int, ...]]] = {
        "identity": lambda: (6, 8, 4),
        "receipt": lambda: (4, 4, 4),
        "mobile": lambda: (3, 4, 4),
        "telephone": lambda: (3 if digits.startswith(("01", "02")) else 4, *_in_halves(digits)),
    }
    return fixed[kind]() if kind in fixed else ()


def _in_halves(digits: str) -> tuple[int, ...]:
    own = len(digits) - (3 if digits.startswith(("01", "02")) else 4)
    return (own,) if own < 7 else (own - 4, 4)


def _date(written: str) -> str:
    parts = re.findall(r"\d+|[年月日号號]", written.replace("-", "月").replace("/", "月"))
    if re.fullmatch(r"\d{4}[-/].*", written):
        year, _, month, _, day = parts
        return f"{_one_by_one(year)}年{count_in_hanzi(int(month))}月{count_in_hanzi(int(day))}号"
    return "".join(
        part if not part.isdigit() else _one_by_one(part) if len(part) == 4 else count_in_hanzi(int(part))
        for part in parts
    )


def _decimal(written: str) -> str:
    whole, point, rest = written.partition(".")
    return _amount(int(whole)) + ("点" + _one_by_one(rest) if point else "")


def _whole(digits: str, following: str, language: str) -> str:
    counted = not (len(digits) > 1 and digits.startswith("0"))
    if counted and len(digits) <= 8 and (len(digits) < 3 or following in AMOUNT_OF):
        number = int(digits)
        return ("兩" if language == "zh_Hant" else "两") if number == 2 and following in TWO_OF else _amount(number)
    size = 4 if len(digits) > 8 else len(digits)
    return spelled(digits, (size,) * ((len(digits) + size - 1) // size), language)


def _one_by_one(digits: str) -> str:
    return "".join(COUNTING[int(digit)] for digit in digits)


def _amount(number: int) -> str:
    """Return 0 … 99,999,999 as it is counted: 12 → 十二, 10500 → 一万零五百."""
    ten_thousands, rest = divmod(number, 10_000)
    if not ten_thousands:
        return count_in_hanzi(rest)
    gap = "零" if 0 < rest < 1000 else ""
    ones = count_in_hanzi(rest) if rest else ""
    return f"{count_in_hanzi(ten_thousands)}万{gap}{'一' if 10 <= rest < 20 else ''}{ones}"
