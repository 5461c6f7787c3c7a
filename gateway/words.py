"""The words of the staff pages and the phone page, in three languages, and how dates are written in them."""

import json
from datetime import date, datetime, timezone
from functools import cache
from importlib.resources import files

from petition.model import Language


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Return every entry of words.json: key, then language, then words."""
    words: dict[str, dict[str, str]] = json.loads(files("gateway").joinpath("words.json").read_text(encoding="utf-8"))
    return words


def say(language: Language, key: str, **values: object) -> str:
    """Return the words of a key in a language, with {values} filled in; raises KeyError for an unknown key."""
    words = all_words()[key][language.value]
    return words.format(**values) if values else words


def best_language(accepted: str) -> Language:
    """Return the language an Accept-Language header likes best among ours; Simplified Chinese when it names none."""
    ranked: list[tuple[float, int, Language]] = []
    for position, part in enumerate(accepted[:500].split(",")):
        tag, _, weight = part.strip().partition(";")
        language = _language_of(tag.strip().lower())
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            quality = 0.0
        if language is not None and quality > 0:
            ranked.append((-quality, position, language))
    return min(ranked)[2] if ranked else Language.SIMPLIFIED


def _language_of(tag: str) -> Language | None:
    if tag == "en" or tag.startswith("en-"):
        return Language.ENGLISH
    if tag.startswith("zh") and any(part in tag.split("-") for part in ("hant", "tw", "hk", "mo")):
        return Language.TRADITIONAL
    if tag == "zh" or tag.startswith("zh-"):
        return Language.SIMPLIFIED
    return None


def html_language(language: Language) -> str:
    """Return the tag browsers choose fonts and voices by."""
    return {Language.SIMPLIFIED: "zh-Hans", Language.TRADITIONAL: "zh-Hant", Language.ENGLISH: "en"}[language]


def day(language: Language, value: date, today: date) -> str:
    """Return a date as people write it; the year stands there only when it is not this one."""
    key = "date" if value.year == today.year else "date_year"
    return say(language, key, year=value.year, month=value.month, day=value.day)


def moment(language: Language, value: datetime, now: datetime, zone: timezone) -> str:
    """Return a moment as people write it: today, yesterday, or the date, and the time of day."""
    local, here = value.astimezone(zone), now.astimezone(zone)
    time = f"{local:%H:%M}"
    days = (here.date() - local.date()).days
    if days in (0, 1):
        return say(language, "today" if days == 0 else "yesterday", time=time)
    return f"{day(language, local.date(), here.date())} {time}"
