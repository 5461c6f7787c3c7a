"""How a thing is read aloud: numbers digit by digit in groups, dates and times as people say them.

An utterance keeps the displayed text and, beside it, what is spoken for stretches that sound different from how they look,
each tied to its place, so that the word being spoken can be marked on the screen.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from petition.receipt import in_fours

DIGITS = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
COUNTING = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the displayed text that is spoken differently."""

    start: int
    length: int
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One thing to be said, and how it looks."""

    text: str
    language: str = "zh_Hans"
    spans: tuple[Span, ...] = ()

    @property
    def spoken(self) -> str:
        """The text with every span replaced by what is said for it."""
        parts, at = [], 0
        for span in self.spans:
            parts += [self.text[at : span.start], span.spoken]
            at = span.start + span.length
        return "".join((*parts, self.text[at:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A value put into words: how it is written and how it sounds; `spoken` "" means as written."""

    written: str
    spoken: str = ""


def fill(template: str, values: Mapping[str, Said], language: str) -> Utterance:
    """Return the template with its `{names}` replaced, spoken forms tied to their places.

    An empty value takes the space beside it along: English lines stand apart, and a missing one leaves no gap.
    Raises KeyError for a name that has no value: a hole on the screen is a bug, not an empty string.
    """
    text, spans, at = "", [], 0
    for hole in re.finditer(r"\{(\w+)\}", template):
        text += template[at : hole.start()]
        said = values[hole[1]]
        if said.spoken and said.spoken != said.written:
            spans.append(Span(start=len(text), length=len(said.written), spoken=said.spoken))
        text += said.written
        at = hole.end()
        if not said.written:
            if text.endswith(" "):
                text = text[:-1]
            elif template.startswith(" ", at):
                at += 1
    return Utterance(text=text + template[at:], language=language, spans=tuple(spans))


def joined(parts: tuple[Utterance, ...], gap: str = "") -> Utterance:
    """Return utterances one after the other as one; the language is the first one's."""
    text, spans = "", []
    for part in parts:
        if text and part.text:
            text += gap
        spans += [Span(start=len(text) + s.start, length=s.length, spoken=s.spoken) for s in part.spans]
        text += part.text
    return Utterance(text=text, language=parts[0].language if parts else "zh_Hans", spans=tuple(spans))


def sentences(utterance: Utterance) -> tuple[tuple[int, str], ...]:
    """Return (start, sentence) pairs of the displayed text; marks stay with the sentence they end."""
    return tuple(
        (m.start(), m[0]) for m in re.finditer(r"[^。！？!?\n]+[。！？!?]*|[。！？!?]+", utterance.text) if m[0].strip()
    )


def spelled(digits: str, groups: tuple[int, ...], language: str) -> str:
    """Return digits one by one, in groups: `幺零二三，零零零幺，二三九二`; where Traditional is read, 1 is 一."""
    names = DIGITS | ({"1": "一"} if language == "zh_Hant" else {})
    told, at = [], 0
    for size in groups:
        group = digits[at : at + size]
        at += size
        if group:
            told.append(" ".join(group) if language == "en" else "".join(names.get(d, d) for d in group))
    return (", " if language == "en" else "，").join(told)


def receipt_number_said(number: str, language: str) -> Said:
    """Return a receipt number in fours, spoken digit by digit with a rest between the groups."""
    return Said(written=in_fours(number), spoken=spelled(number, (4,) * ((len(number) + 3) // 4), language))


def query_code_said(code: str, language: str) -> Said:
    """Return a query code in threes."""
    return Said(written=f"{code[:3]} {code[3:]}", spoken=spelled(code, (3, 3), language))


def phone_tail_said(phone: str, language: str) -> Said:
    """Return the last four digits of a phone number, the only part the loudspeaker says."""
    tail = phone[-4:]
    return Said(written=tail, spoken=spelled(tail, (4,), language))


def hotline_said(hotline: str, language: str) -> Said:
    """Return a service number digit by digit: 12345 is not read as twelve thousand."""
    return Said(written=hotline, spoken=spelled(hotline, (len(hotline),), language))


def count_in_hanzi(number: int) -> str:
    """Return 0 … 9999 as it is counted: 12 → 十二, 205 → 二百零五."""
    if not 0 <= number <= 9999:
        return str(number)
    if number < 10:
        return COUNTING[number]
    told, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            told += ("零" if zero else "") + COUNTING[digit] + unit
            zero = False
        elif told and number % power:
            zero = True
    return told.removeprefix("一") if told.startswith("一十") else told


def duration_said(seconds: float, language: str) -> Said:
    """Return a length of sound: 40 秒, 1 分 20 秒."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    if language == "en":
        parts = [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest or not minutes)
        told = [f"{minutes} minutes" if minutes > 1 else "one minute"] * bool(minutes) + [
            f"{rest} seconds" if rest != 1 else "one second"
        ] * bool(rest)
        return Said(written=" ".join(parts), spoken=" ".join(told))
    minute = "分" if rest else ("分鐘" if language == "zh_Hant" else "分钟")
    written = (f" {minutes} {minute}" if minutes else "") + (f" {rest} 秒" if rest or not minutes else "")
    spoken = (counted(minutes, language) + minute if minutes else "") + (
        count_in_hanzi(rest) + "秒" if rest or not minutes else ""
    )
    return Said(written=written.strip(), spoken=spoken)


def counted(number: int, language: str) -> str:
    """Return a number as it stands before what is counted: 两次, 十二天."""
    if number == 2:
        return "兩" if language == "zh_Hant" else "两"
    return count_in_hanzi(number)


def date_said(day: date, today: date, language: str) -> Said:
    """Return a day without its year when that is this year's: 11 月 12 日, spoken 十一月十二号."""
    this_year = day.year == today.year
    if language == "en":
        written = f"{day:%B} {day.day}" + ("" if this_year else f", {day.year}")
        return Said(written=written)
    year = "" if this_year else f"{day.year} 年 "
    spoken_year = "" if this_year else "".join(COUNTING[int(d)] for d in str(day.year)) + "年"
    day_word = "號" if language == "zh_Hant" else "号"
    return Said(
        written=f"{year}{day.month} 月 {day.day} 日",
        spoken=f"{spoken_year}{count_in_hanzi(day.month)}月{count_in_hanzi(day.day)}{day_word}",
    )


PARTS_OF_DAY = (
    (5, "夜里", "夜裡"),
    (8, "早上", "早上"),
    (12, "上午", "上午"),
    (13, "中午", "中午"),
    (18, "下午", "下午"),
    (23, "晚上", "晚上"),
    (24, "夜里", "夜裡"),
)


def time_said(moment: datetime, language: str) -> Said:
    """Return a time of day in the moment's own zone: 下午 2:05, spoken 下午两点零五分."""
    hour, minute = moment.hour, moment.minute
    if language == "en":
        return Said(written=f"{(hour + 11) % 12 + 1}:{minute:02d} {'am' if hour < 12 else 'pm'}")
    part = next(name[1 if language == "zh_Hant" else 0] for until, *name in PARTS_OF_DAY if hour < until)
    clock = hour if hour <= 12 else hour - 12
    clock = 12 if clock == 0 else clock
    point = "點" if language == "zh_Hant" else "点"
    spoken = f"{part}{counted(clock, language)}{point}"
    if minute:
        spoken += f"{'零' if minute < 10 else ''}{count_in_hanzi(minute)}分"
    return Said(written=f"{part} {clock}:{minute:02d}", spoken=spoken)


def moment_written(moment: datetime, today: date, language: str) -> str:
    """Return a day with its time, in the moment's own zone: 11 月 12 日 下午 2:05; it is never spoken."""
    day, time = date_said(moment.date(), today, language).written, time_said(moment, language).written
    return f"{day}, {time}" if language == "en" else f"{day} {time}"


Translate = Callable[[str, str], str]
"""(context, source text) → the text in the visit's language."""
