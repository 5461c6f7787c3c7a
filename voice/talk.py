"""Tells a command from talk that goes on: who tells a neighbour about house number two says 二号, too."""

from voice.matching import Digits, Exact, Near, Nothing, asked_back

GOES_ON_SECONDS = 1.5
"""Who goes on talking seldom pauses for longer.

Measured with the demonstration voice in two hours of talk, with pauses as people make them (half of them above 0.65 s,
one in ten above 1.4 s): eleven phrases were heard in it, ten of them so soon after other talk.
"""
SHORTEST_SPEECH_SECONDS = 0.3
"""Less is a cough: nobody is told that it was not understood."""


class Talk:
    """What was said before, as far as it matters for what is said now."""

    def __init__(self) -> None:
        self._was_none = False
        """Whether what was said last was no command."""

    def weigh(
        self, found: Exact | Digits | Near | Nothing, *, seconds: float, after_seconds: float
    ) -> Exact | Digits | Near | Nothing | None:
        """Return what it amounts to here: a command in the middle of talk is asked back, a cough is None.

        `seconds`: so long it was; `after_seconds`: nobody had spoken for so long before.
        """
        if found == Nothing() and seconds < SHORTEST_SPEECH_SECONDS:
            return None
        goes_on = self._was_none and after_seconds < GOES_ON_SECONDS
        if goes_on and isinstance(found, Exact):
            return asked_back(found.phrase)
        self._was_none = not isinstance(found, Exact | Digits)
        return found
