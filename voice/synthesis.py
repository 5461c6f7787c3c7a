"""Text to samples: a sentence in any of the kiosk's languages, and when each of its words sounds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyttsx3

import voice.espeak_driver  # noqa: F401 - makes the driver known to pyttsx3
from voice.pronunciation import Segment, segments
from voice.voices import USUAL, installed

WORDS_A_MINUTE = 160
"""espeak-ng's unit, at rate 1.0: so 0.5 is just its slowest, 80."""
JOINT_SECONDS = 0.06
"""Rest where the voice changes inside a sentence."""
REST_SECONDS = 0.35
"""Rest after a sentence, at rate 1.0."""
INAUDIBLE = 60
"""Samples below this at the end are espeak-ng's own rest, of changing length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMark:
    """A word's place in the sentence, in characters, and its first sample."""

    sample: int
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A sentence as sound."""

    samples: npt.NDArray[np.int16]
    marks: tuple[WordMark, ...]


class Synthesizer:
    """pyttsx3 with espeak-ng. Raises RuntimeError when made without an engine; not for two threads at once."""

    def __init__(self, voices: Mapping[str, str] | None = None) -> None:
        """Speak each language with the voice named for it, else, or where that is not installed, with its usual one."""
        self._engine = pyttsx3.init("kiosk")
        self._engine.connect("synthesized", self._take)
        self._engine.connect("error", self._fail)
        self._samples = b""
        self._words: list[tuple[int, int, int]] = []
        self._error: Exception | None = None
        self.rate: int = self._engine.getProperty("sample_rate")
        """Hertz."""
        self._engine.setProperty("volume", 1.0)
        chosen = {
            language: installed(name, self._engine.getProperty("voices"), self._engine.getProperty("variants"))
            for language, name in (voices or {}).items()
        }
        self.voices_missing: tuple[str, ...] = tuple(language for language, found in chosen.items() if found is None)
        """Languages whose chosen voice is not installed."""
        self._voices = {USUAL[language]: found for language, found in chosen.items() if found is not None}

    def speak(self, text: str, language: str, rate: float) -> Speech:
        """Synthesize a sentence at 0.5 to 2.0 times the usual rate. Raises KeyError for a language without a voice."""
        rate = min(2.0, max(0.5, rate))
        sounds: list[npt.NDArray[np.int16]] = []
        marks: list[WordMark] = []
        length = 0
        for segment in segments(text, language):
            if sounds:
                sounds.append(self._rest(JOINT_SECONDS))
                length += len(sounds[-1])
            sounds.append(self._pronounce(segment, rate))
            marks.extend(self._marks(segment, length))
            length += len(sounds[-1])
        sounds.append(self._rest(REST_SECONDS / rate if sounds else 0.0))
        return Speech(samples=np.concatenate(sounds), marks=tuple(marks))

    def _rest(self, seconds: float) -> npt.NDArray[np.int16]:
        return np.zeros(int(seconds * self.rate), dtype=np.int16)

    def _pronounce(self, segment: Segment, rate: float) -> npt.NDArray[np.int16]:
        self._samples, self._words, self._error = b"", [], None
        self._engine.setProperty("voice", self._voices.get(segment.voice, segment.voice))
        self._engine.setProperty("rate", WORDS_A_MINUTE * rate)
        self._engine.say(segment.text)
        self._engine.runAndWait()
        if self._error is not None:
            raise self._error
        samples = np.frombuffer(self._samples, dtype=np.int16)
        audible = np.flatnonzero((samples > INAUDIBLE) | (samples < -INAUDIBLE))
        return samples[: audible[-1] + 1 if len(audible) else 0]

    def _marks(self, segment: Segment, offset: int) -> list[WordMark]:
        marks: list[WordMark] = []
        last = None
        for sample, position, _ in self._words:
            word = segment.place(position)
            if word is not None and word != last:  # a word of several syllables is several of espeak-ng's
                marks.append(WordMark(sample=offset + sample, start=word.start, length=word.length))
                last = word
        return marks

    def _take(self, *, name: str | None, samples: bytes, words: list[tuple[int, int, int]]) -> None:
        del name
        self._samples, self._words = samples, words

    def _fail(self, *, name: str | None, exception: Exception) -> None:
        del name
        self._error = exception
