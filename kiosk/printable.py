"""Text from elsewhere on a terminal: nothing in it may steer the terminal, or turn around what is read."""

import re

_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters but line ends and tabs, and the marks that change the direction of writing."""


def harmless(text: str) -> str:
    """Return a text, its lines as they are, without what steers a terminal."""
    return _STEERS.sub("", text)


def printable(text: str, *, longest: int | None = None) -> str:
    """Return a text from elsewhere as one line without what steers a terminal; after `longest` characters comes "…"."""
    line = harmless(" ".join(text.split()))
    return line if longest is None or len(line) <= longest else f"{line[:longest]}…"


def escaped(json: str) -> str:
    """Return JSON that means the same, with what steers a terminal written as escapes."""
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", json)
