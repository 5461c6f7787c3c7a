"""Loads a recognition model, listens with it for a moment, and says as JSON what came of it.

    python -m voice.model_child MODEL     reads a JSON list of phrases, answers {"library", "loads", "unheard"}

A process of its own: Kaldi ends its process over a damaged model, and answers nothing then.
"""

import json
import os
import sys
from collections.abc import Callable

from voice.child import settle

RATE = 16_000
UNKNOWN = "[unk]"


def main() -> None:
    """Answer on standard output, which no library gets to print into."""
    settle(os.getppid())
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    phrases = [str(phrase) for phrase in json.load(sys.stdin)]
    answers.write(json.dumps(_try(sys.argv[1], phrases)))


def _try(path: str, phrases: list[str]) -> dict[str, object]:
    try:
        import vosk  # noqa: PLC0415 - raises OSError where its library doesn't load
    except (ImportError, OSError):
        return {"library": False, "loads": False, "unheard": []}
    vosk.SetLogLevel(-1)
    try:
        model = vosk.Model(path)
    except Exception:  # noqa: BLE001 - vosk raises a plain one
        return {"library": True, "loads": False, "unheard": []}
    split = {phrase: _split(phrase, lambda word: model.vosk_model_find_word(word) >= 0) for phrase in phrases}
    heard = [" ".join(words) for words in split.values() if words]
    recogniser = vosk.KaldiRecognizer(model, RATE, json.dumps([*heard, UNKNOWN], ensure_ascii=False))
    recogniser.AcceptWaveform(bytes(RATE))
    recogniser.FinalResult()
    return {"library": True, "loads": True, "unheard": [phrase for phrase, words in split.items() if not words]}


def _split(phrase: str, known: Callable[[str], bool]) -> list[str]:
    """Return a phrase as words of the model, the longest first; none where it can't be made of them."""
    for end in range(len(phrase), 0, -1):
        if known(phrase[:end]):
            rest = _split(phrase[end:], known)
            if rest or end == len(phrase):
                return [phrase[:end], *rest]
    return []


if __name__ == "__main__":
    main()
