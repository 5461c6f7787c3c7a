"""What the keys of a tactile pad, or two switches, are for: by scan code, for makers agree on nothing else.

Two are enough: `next` goes on to the next thing that can be pressed, and round again, and says its name; `press` presses it.
A pad with a jack of its own also tells like a key that something was plugged into it, or pulled out.
"""

from collections.abc import Mapping
from enum import StrEnum

from petition.steps import Command

MOST_SCAN_CODE = 767
"""Linux knows no higher one (KEY_MAX)."""


class Movement(StrEnum):
    """What a key of a pad does besides giving commands."""

    NEXT = "next"
    PREVIOUS = "previous"
    PRESS = "press"


class Jack(StrEnum):
    """What a pad tells about its own jack for headphones; it comes like a key."""

    PLUGGED = "headphones_in"
    UNPLUGGED = "headphones_out"


Meaning = Movement | Command | Jack
MEANINGS: Mapping[str, Meaning] = {str(each): each for kind in (Movement, Command, Jack) for each in kind}
"""By the name that it has in a configuration."""


def pad_keys(named: Mapping[str, str]) -> dict[int, Meaning]:
    """Return what each scan code means; ValueError, with what may stand there, for anything that is no scan code or name."""
    for code, name in named.items():
        if not code.isdecimal() or not 0 < int(code) <= MOST_SCAN_CODE:
            raise ValueError(f"must name keys by their scan codes, 1 to {MOST_SCAN_CODE}")
        if name not in MEANINGS:
            raise ValueError(f"must say what a key does: {', '.join(MEANINGS)}")
    return {int(code): MEANINGS[name] for code, name in named.items()}
