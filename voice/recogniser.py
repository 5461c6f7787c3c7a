"""Vosk, as the listener process uses it: a model, and recognisers that each hear one stretch of speech.

A new recogniser for every stretch costs less than a millisecond; a new grammar for one that runs ends the process. The
confidence it gives is of no use (wrong words come with 1.0), so it is not asked for: what counts is whether the words
are exactly those of a phrase. Nothing here keeps or prints what was heard.
"""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import vosk

from petition.errors import Fault, FaultCode
from voice.grammar import UNKNOWN, Grammar, grammar

vosk.SetLogLevel(-1)


class Recogniser:
    """A model, loaded and tried: it takes a while and some memory. Raises Fault where the folder holds none.

    A damaged model may also end the process; it does so here, not in somebody's first sentence.
    """

    def __init__(self, folder: Path, rate: int) -> None:
        self._rate = rate
        try:
            self._model = vosk.Model(str(folder))
        except Exception as problem:
            raise Fault(FaultCode.RECOGNISER_MISSING, "This folder holds no Vosk model.") from problem
        if not self.knows(UNKNOWN):
            raise Fault(FaultCode.RECOGNISER_MISSING, "This model can't say that it did not understand.")
        for trial in (self.dictation(), self.expecting(Grammar(phrases=((UNKNOWN,),), unheard=()))):
            trial.feed(np.zeros(rate // 10, dtype=np.int16))
            trial.finish()

    def knows(self, word: str) -> bool:
        """Tell whether a word is in the model's lexicon."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def grammar(self, phrases: tuple[str, ...], *, digits: bool) -> Grammar:
        """Return what to expect, in words of this model."""
        return grammar(phrases, digits=digits, knows=self.knows)

    def expecting(self, expected: Grammar) -> "Stretch":
        """Return what hears one stretch of speech and expects some phrases, of which there must be one."""
        return Stretch(vosk.KaldiRecognizer(self._model, self._rate, expected.json))

    def dictation(self) -> "Stretch":
        """Return what hears one stretch of speech and expects all words of the model."""
        return Stretch(vosk.KaldiRecognizer(self._model, self._rate))


class Stretch:
    """Hears one stretch of speech: feed it, look at `words` meanwhile, `finish` it."""

    def __init__(self, recogniser: vosk.KaldiRecognizer) -> None:
        self._recogniser = recogniser
        self._settled: list[str] = []

    def feed(self, samples: npt.NDArray[np.int16]) -> None:
        """Take more sound. Kaldi cuts where it likes, every 20 s at least: the pieces are joined."""
        if self._recogniser.AcceptWaveform(samples.tobytes()):
            self._settle(self._recogniser.Result())

    def words(self) -> str:
        """Return the words so far, with spaces between them; they may still change."""
        return self._joined(json.loads(self._recogniser.PartialResult())["partial"])

    def finish(self) -> str:
        """Return all words, with spaces between them; nothing can be fed after."""
        self._settle(self._recogniser.FinalResult())
        return self._joined()

    def _settle(self, result: str) -> None:
        self._settled.append(json.loads(result)["text"])

    def _joined(self, *rest: str) -> str:
        return " ".join(piece for piece in (*self._settled, *rest) if piece)
