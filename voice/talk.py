"""Tells a command from talk that goes on: who tells a neighbour about house number two says 二号, too."""

from voice.matching import Digits, Exact, Near, Nothing, asked_back

GOES_ON_SECONDS = 1.5
"""Who goes on talking seldom pauses for longer.

Measured with the demonstration voice in two hours of talk, with pauses as people make them (half of them above 0.65 s,
one in ten above 1.4 s): eleven phrases were heard in it, ten of them so soon after other talk.
"""


class Talk:
    """What was said before, as far as it matters for what is said now."""

    def __init__(self) -> None:
        self._was_none = False
        """Whether what was said last was no command."""

    def weigh(self, found: Exact | Digits | Near | Nothing, *, after_seconds: float) -> Exact | Digits | Near | Nothing:
        """Return what it amounts to here: a command in the middle of talk is asked back, and not acted on.

        `after_seconds`: nobody had spoken for so long.
        """
        goes_on = self._was_none and after_seconds < GOES_ON_SECONDS
        if goes_on and isinstance(found, Exact):
            return asked_back(found.phrase)
        self._was_none = not isinstance(found, Exact | Digits)
        return found
