"""The words of a recording, as they come stretch by stretch: one text with marks at the pauses."""

from dataclasses import dataclass, replace

from voice.grammar import UNKNOWN

SENTENCE_SECONDS = 1.0
"""A pause this long ends a sentence; a shorter one is a comma."""
SHORT, LONG = "，", "。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictation:
    """What was dictated so far. Every method returns what it is then."""

    settled: str = ""
    """Won't change any more."""
    running: str = ""
    """The stretch that is being said, with the mark before it."""

    @property
    def text(self) -> str:
        """All of it."""
        return self.settled + self.running

    def going_on(self, words: str, after_seconds: float) -> "Dictation":
        """Take the words so far of the stretch that is being said, that long after the one before."""
        said = joined(words)
        mark = LONG if after_seconds >= SENTENCE_SECONDS else SHORT
        return replace(self, running=(mark if self.settled and said else "") + said)

    def settle(self) -> "Dictation":
        """Take the stretch that is being said as it is."""
        return Dictation(settled=self.text)

    def dropped(self) -> "Dictation":
        """Forget the stretch that is being said."""
        return replace(self, running="")

    def finished(self) -> "Dictation":
        """End the last sentence."""
        return Dictation(settled=self.text + LONG if self.text else "")


def joined(words: str) -> str:
    """Return recognised words as they are written: without spaces, but for those between letters."""
    text = ""
    for word in words.split():
        if word != UNKNOWN:
            text += " " + word if text[-1:].isascii() and text and word[0].isascii() else word
    return text
