"""Loads a recognition model, listens with it for a moment, and says as JSON what came of it.

    python -m voice.model_child MODEL     reads a JSON list of phrases, answers {"library", "loads", "unheard"}

A process of its own: Kaldi ends its process over a damaged model, and answers nothing then.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

from petition.errors import Fault
from voice.child import settle

RATE = 16_000


def main() -> None:
    """Answer on standard output, which no library gets to print into."""
    settle(os.getppid())
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    phrases = tuple(str(phrase) for phrase in json.load(sys.stdin))
    answers.write(json.dumps(_try(Path(sys.argv[1]), phrases)))


def _try(folder: Path, phrases: tuple[str, ...]) -> dict[str, object]:
    try:
        from voice.recogniser import Recogniser  # noqa: PLC0415 - raises OSError where its library doesn't load
    except (ImportError, OSError):
        return {"library": False, "loads": False, "unheard": []}
    try:
        recogniser = Recogniser(folder, RATE)
    except Fault:
        return {"library": True, "loads": False, "unheard": []}
    expected = recogniser.grammar(phrases, digits=True)
    stretches = [recogniser.dictation(), *([recogniser.expecting(expected)] if expected.phrases else [])]
    for stretch in stretches:
        stretch.feed(np.zeros(RATE, dtype=np.int16))
        stretch.finish()
    return {"library": True, "loads": True, "unheard": expected.unheard}


if __name__ == "__main__":
    main()
