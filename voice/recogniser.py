"""Vosk, as the listener process uses it: a model, and recognisers that each hear one stretch of speech.

A new recogniser for every stretch costs less than a millisecond; a new grammar for one that runs ends the process. The
confidence it gives is of no use (wrong words come with 1.0), so it is not asked for: what counts is whether the words
are exactly those of a phrase. Nothing here keeps or prints what was heard.
"""

import json
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import vosk

from petition.errors import Fault, FaultCode
from voice.grammar import UNKNOWN, Grammar, grammar
from voice.stretches import END_SECONDS

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
        recogniser = vosk.KaldiRecognizer(self._model, self._rate, expected.json)
        recogniser.SetWords(True)  # noqa: FBT003 - vosk's
        return Stretch(recogniser, self._rate)

    def dictation(self) -> "Stretch":
        """Return what hears one stretch of speech and expects all words of the model."""
        return Stretch(vosk.KaldiRecognizer(self._model, self._rate), self._rate)


class Stretch:
    """Hears one stretch of speech: feed it, look at `words` meanwhile, `finish` it."""

    def __init__(self, recogniser: vosk.KaldiRecognizer, rate: int) -> None:
        self._recogniser = recogniser
        self._rate = rate
        self._samples = 0
        self._settled: list[str] = []
        self._unknown: list[tuple[int, float]] = []
        """Place among the words, and middle in seconds, of each `[unk]`; only where phrases are expected."""

    def feed(self, samples: npt.NDArray[np.int16]) -> None:
        """Take more sound. Kaldi cuts where it likes, every 20 s at least: the pieces are joined."""
        self._samples += len(samples)
        if self._recogniser.AcceptWaveform(samples.tobytes()):
            self._settle(self._recogniser.Result())

    def words(self) -> str:
        """Return the words so far, with spaces between them; they may still change."""
        return self._joined(json.loads(self._recogniser.PartialResult())["partial"])

    def finish(self, spoken_seconds: float = math.inf) -> str:
        """Return all words, with spaces between them; nothing can be fed after.

        Where it is known how long somebody spoke before the pause at the end, `[unk]` outside of that is left out: it
        is what the room sounds like. Words of phrases stay, wherever they were heard.
        """
        self._settle(self._recogniser.FinalResult())
        if math.isinf(spoken_seconds):
            return self._joined()
        end = self._samples / self._rate - END_SECONDS
        room = {place for place, middle in self._unknown if not 0.0 <= end - middle <= spoken_seconds}
        return " ".join(word for place, word in enumerate(self._joined().split()) if place not in room)

    def _settle(self, result: str) -> None:
        told = json.loads(result)
        before = len(self._joined().split())
        self._settled.append(told["text"])
        for place, word in enumerate(told.get("result", ()), before):
            if word["word"] == UNKNOWN:
                self._unknown.append((place, (word["start"] + word["end"]) / 2))

    def _joined(self, *rest: str) -> str:
        return " ".join(piece for piece in (*self._settled, *rest) if piece)
