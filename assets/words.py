"""The script's words in the language of a visit, from the compiled translations beside this module."""

import gettext
from collections.abc import Callable
from functools import cache
from importlib import resources

SOURCE = "zh_Hans"
"""The language the script is written in: its words are their own translation."""
TRANSLATIONS = ("zh_Hant", "en")
LANGUAGES = (SOURCE, *TRANSLATIONS)


class MissingTranslation(LookupError):
    """A text of the script has no translation; a test let go out what it should have held back."""


class _NothingMissing(gettext.NullTranslations):
    def pgettext(self, context: str, message: str) -> str:
        raise MissingTranslation(f"{context}: {message}")


@cache
def load_translations(language: str, *, strict: bool = False) -> Callable[[str, str], str]:
    """Return what puts (context, source text) into a language: `zh_Hans`, `zh_Hant` or `en`.

    A text without a translation stays in the source language, which a resident can at least ask somebody to read;
    with `strict`, as tests want it, it raises MissingTranslation. Raises FileNotFoundError for another language.
    """
    if language == SOURCE:
        return _as_it_is
    with (resources.files("assets") / "translations" / language / "kiosk.mo").open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    if strict:
        translations.add_fallback(_NothingMissing())
    return translations.pgettext


def _as_it_is(_context: str, source: str) -> str:
    return source
