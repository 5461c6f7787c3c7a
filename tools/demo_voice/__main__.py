"""`python -m tools.demo_voice OUT`: makes the demonstration voice for the script as it is now.

OUT becomes a Vosk model directory with a README and a manifest. The same script, vocabulary and seed make the same
speech; the sums of training differ in their last digits from one processor to another.
"""

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tools.demo_voice import network
from tools.demo_voice.model import Tuning, write_model
from tools.demo_voice.scoring import Score, score
from tools.demo_voice.speech import HELD_OUT
from tools.demo_voice.training import Trained, train
from tools.demo_voice.utterances import lexicon, phone_names, utterances
from tools.demo_voice.vocabulary import Vocabulary, digest, script_phrases, vocabulary
from voice.grammar import UNKNOWN

WIDTH = 192
README = """\
# Demonstration voice

A Vosk model that hears the kiosk's own commands, spoken digits and a small vocabulary of petitions, in Mandarin.

**It is a demonstration.** It was trained on synthesized speech only (espeak-ng) by `tools/demo_voice`, in this project,
and has never heard a person. It shows and tests real recognition without any download; for residents, install a real
model: `kiosk model install`.

Scored when it was made, in {voices} synthesized voices that never taught it:

- commands heard exactly: {clean:.0%}; with many voices or a fan 10 dB below them: {noisy:.0%}
- sentences of petitions written down without a mistake: {sentences:.0%}
- taken for a command in {minutes:.0f} minutes of other talk: {accepts} times

These figures say nothing about residents. `python -m bench hearing` says more, and measures any other model.

Apache-2.0, as the rest of the project. `manifest.json` says which phrases it was made for.
"""


def main(arguments: list[str]) -> int:
    """Make the voice; return the exit code."""
    parser = argparse.ArgumentParser(prog="tools/demo_voice/make", description="Makes the demonstration voice.")
    parser.add_argument("out", type=Path, help="the model directory, such as assets/voice/demo")
    parser.add_argument("--utterances", type=int, default=9000, help="how much is said to learn from")
    parser.add_argument("--epochs", type=float, default=6.0, help="how often it is gone through")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2, help="how many speak at the same time")
    parser.add_argument(
        "--keep", type=Path, help="keep what was learnt in this file; read it where it is there already"
    )
    asked = parser.parse_args(arguments)
    words = vocabulary()
    lexicon_of_words = lexicon(words)
    names = phone_names(lexicon_of_words)
    print(f"{len(words.words)} words, {len(words.phrases)} phrases, {len(names)} phones", flush=True)
    if asked.keep and asked.keep.exists():
        trained = _read(asked.keep)
    else:
        heard = []
        for utterance in utterances(names, count=asked.utterances, seed=asked.seed, processes=asked.processes):
            heard.append(utterance)
            if len(heard) % 1000 == 0:
                print(f"{len(heard)} of {asked.utterances} utterances", flush=True)
        trained = train(heard, len(names), width=WIDTH, epochs=asked.epochs, seed=asked.seed)
        if asked.keep:
            _write(asked.keep, trained)
    write_model(asked.out, lexicon_of_words, names, trained, _texts(words, asked.seed), Tuning())
    result = score(asked.out, words, seed=asked.seed + 1)
    print(result)
    _describe(asked.out, words, result, asked)
    return 0


def _texts(words: Vocabulary, seed: int) -> list[tuple[str, ...]]:
    """Return what follows what in dictation: sentences most of all, and phrases, digits, and what is not known."""
    rng = np.random.default_rng(seed)
    texts = [words.split(words.sentence(rng)) for _ in range(8000)]
    texts += [words.split(sentence) for sentence in words.sentences] * 10
    texts += [words.split(phrase) for phrase in words.phrases] * 6
    texts += [words.split(words.digits(rng)) for _ in range(300)]
    return texts + [(UNKNOWN,)] * 100


def _describe(out: Path, words: Vocabulary, result: Score, asked: argparse.Namespace) -> None:
    manifest = {
        "phrases_sha256": digest(script_phrases()),
        "phrases": len(script_phrases()),
        "words": words.words,
        "language": "cmn",
        "seed": asked.seed,
        "utterances": asked.utterances,
        "epochs": asked.epochs,
        "held_out_variants": HELD_OUT,
        "score": dataclasses.asdict(result),
    }
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    text = README.format(
        voices=len(HELD_OUT),
        clean=result.commands,
        noisy=result.noisy_commands,
        sentences=result.sentences,
        accepts=result.false_accepts,
        minutes=result.talk_minutes,
    )
    (out / "README.md").write_text(text, "utf-8")


def _write(path: Path, trained: Trained) -> None:
    arrays: dict[str, Any] = {"priors": trained.priors, "accuracy": trained.accuracy}
    for place, (weights, bias) in enumerate(trained.layers):
        arrays |= {f"w{place}": weights, f"b{place}": bias}
    np.savez(path, **arrays)


def _read(path: Path) -> Trained:
    with np.load(path) as kept:
        layers = [(kept[f"w{place}"], kept[f"b{place}"]) for place in range(network.LAYERS + 1)]
        return Trained(layers=layers, priors=kept["priors"], accuracy=float(kept["accuracy"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
