"""What is sent to be said: sentences, each knowing where its words stand in the text on the screen."""

import re
from dataclasses import dataclass

from petition.utterance import Utterance
from voice.numbers import with_numbers_said

LONGEST = 80
"""Characters of a sentence; a longer one is cut at a comma, so that it starts soon and can be repeated."""

SENTENCE = re.compile(r".+?(?:[。！？!?；;…\n]+[」』”’）)]*|\.[\")]*(?=\s)|$)", re.DOTALL)
DICTATED = re.compile("(?:[零幺一二三四五六七八九][，, ]*){6,}|(?:[0-9][, ]+){5,}[0-9]")
CUT = re.compile(r".*[，,、：:\s]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A stretch of what is spoken."""

    text: str
    places: tuple[tuple[int, int], ...]
    """For each character of `text`: start and end of what stands for it on the screen."""

    @property
    def dictates(self) -> bool:
        """Whether it says a number that somebody may want to write down: it is read slowly."""
        return DICTATED.search(self.text) is not None

    def displayed(self, start: int, length: int) -> tuple[int, int]:
        """Return start and length on the screen of a stretch of `text`."""
        places = self.places[start : start + max(1, length)]
        if not places:
            return (self.places[-1][1], 0) if self.places else (0, 0)
        return places[0][0], places[-1][1] - places[0][0]


def sentences(utterance: Utterance) -> tuple[Sentence, ...]:
    """Cut an utterance, spans and numbers expanded, into sentences in order; blank ones are left out."""
    utterance = with_numbers_said(utterance)
    places = _places(utterance)
    spoken = utterance.spoken
    found = []
    for match in SENTENCE.finditer(spoken):
        for start, end in _cut(spoken, match.start(), match.end()):
            if spoken[start:end].strip():
                found.append(Sentence(text=spoken[start:end], places=tuple(places[start:end])))
    return tuple(found)


def _places(utterance: Utterance) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    at = 0
    for span in utterance.spans:
        places += [(place, place + 1) for place in range(at, span.start)]
        at = span.start + span.length
        places += [(span.start, at)] * len(span.spoken)
    return places + [(place, place + 1) for place in range(at, len(utterance.text))]


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    while end - start > LONGEST:
        comma = CUT.match(text, start, start + LONGEST)
        middle = comma.end() if comma else start + LONGEST
        pieces.append((start, middle))
        start = middle
    return [*pieces, (start, end)]
