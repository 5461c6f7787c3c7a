"""Which of espeak-ng's voices speaks each language: the usual ones, and what an operator may choose instead.

A voice is named as espeak-ng does, by language or file, and after a plus may come a variant: `cmn-latn-pinyin+f3`,
`yue+m7`, `en-us`. `espeak-ng --voices` lists the first, `espeak-ng --voices=variant` the second.
"""

from collections.abc import Mapping

MANDARIN, CANTONESE, ENGLISH = "cmn-latn-pinyin", "yue", "en"

USUAL: Mapping[str, str] = {"cmn": MANDARIN, "yue": CANTONESE, "en": ENGLISH}
"""Spoken language → the voice it has unless another is chosen; the text is spelled for these."""

CRASHING = ("rob",)
"""Variants that bring espeak-ng 1.51 down."""


def refusal(language: str, voice: str) -> str:
    """Return why a voice can't speak a language, in words that go on after the key's name; "" when it may."""
    base, plus, variant = voice.partition("+")
    base = base.rpartition("/")[2].lower()
    if language not in USUAL:
        return f"knows no language {language}: there are {', '.join(USUAL)}"
    if variant in CRASHING:
        return f"can't be +{variant}: it makes espeak-ng crash"
    if plus and not variant:
        return "needs a variant after the plus"
    if language == "en":
        return "" if base == "en" or base.startswith("en-") else "must be one of espeak-ng's English voices, en or en-…"
    # The others of these languages read hanzi, or the wrong spelling, as English letters.
    return "" if base == USUAL[language] else f"must be {USUAL[language]}, or that with a variant: {USUAL[language]}+f3"


def installed(voice: str, voices: Mapping[str, str], variants: frozenset[str]) -> str | None:
    """Return a voice as espeak-ng's identifier, None where it is not installed.

    `voices` are the names and languages there are, in small letters, each with its identifier; `variants` their names.
    """
    base, plus, variant = voice.partition("+")
    identifier = voices.get(base.rpartition("/")[2].lower())
    if identifier is None or (plus and variant not in variants):
        return None
    return identifier + plus + variant
