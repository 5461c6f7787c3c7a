"""Cuts what a serial scanner sends into codes: bytes in, codes out. No device, no clock."""

import re

LEAST_CHARACTERS = 8
"""What is shorter is noise on the line: no code on a slip is."""
MOST_BYTES = 8192
"""More than fits into any code."""
_ENDS = re.compile(rb"[\r\n\x00\x02\x03\x04]")
"""CR, LF, and the frames that some scanners are set to."""


class CodeLines:
    """Collects bytes until a line ends. Whatever comes, nothing is raised and no more than one code is kept."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._too_long = False

    def feed(self, data: bytes) -> list[str]:
        """Return the codes that have ended with these bytes, in order."""
        *ended, rest = _ENDS.split(data)
        codes = []
        for piece in ended:
            self._add(piece)
            codes += self.rest()
        self._add(rest)
        return codes

    def rest(self) -> list[str]:
        """Return the code that was begun, if it is one: some scanners end it with nothing but silence."""
        begun, too_long = self._begun.decode("utf-8", "replace").strip(), self._too_long
        self.forget()
        return [begun] if len(begun) >= LEAST_CHARACTERS and not too_long else []

    def forget(self) -> None:
        """Drop what was begun."""
        self._begun.clear()
        self._too_long = False

    def _add(self, piece: bytes) -> None:
        if len(self._begun) + len(piece) > MOST_BYTES:
            self._too_long = True
            self._begun.clear()
        elif not self._too_long:
            self._begun += piece
