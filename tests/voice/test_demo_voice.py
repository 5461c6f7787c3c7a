"""The demonstration voice hears what the script listens for, as it is now."""

import json
from pathlib import Path

import numpy as np
import pytest

from petition.script.book import STEPS
from tools.demo_voice.scoring import heard_by, held_out_manner, said, sixteen_bit
from tools.demo_voice.sound import RATE
from tools.demo_voice.speech import HELD_OUT, TRAINED, Espeak, Manner
from tools.demo_voice.vocabulary import catalogue_names, digest, phrases_of, script_phrases, vocabulary
from voice.recogniser import Recogniser

DEMO = Path(__file__).resolve().parents[2] / "assets" / "voice" / "demo"
MANIFEST = json.loads((DEMO / "manifest.json").read_text("utf-8"))
AGAIN = "the demonstration voice must be trained again: tools/demo_voice/make"


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(DEMO, RATE)


@pytest.fixture(scope="module")
def espeak() -> Espeak:
    return Espeak()


def test_it_was_trained_for_the_script_as_it_is_now() -> None:
    assert MANIFEST["phrases_sha256"] == digest(script_phrases()), AGAIN


def test_every_phrase_of_the_script_can_be_said_in_its_words(recogniser: Recogniser) -> None:
    phrases = (*script_phrases(), *catalogue_names())

    assert recogniser.grammar(phrases, digits=True).unheard == (), AGAIN


def test_it_knows_the_words_that_it_says_it_knows(recogniser: Recogniser) -> None:
    assert all(recogniser.knows(word) for word in MANIFEST["words"])
    assert not recogniser.knows("红烧肉")


def test_the_voices_that_score_it_never_taught_it() -> None:
    assert not set(HELD_OUT) & set(TRAINED)
    assert MANIFEST["held_out_variants"] == list(HELD_OUT)


def test_on_every_step_voices_it_never_heard_are_heard_exactly(recogniser: Recogniser, espeak: Espeak) -> None:
    rng, said_so_far, missed = np.random.default_rng(3), 0, list[tuple[str, str, str]]()
    for step in STEPS.values():
        grammar = recogniser.grammar(phrases_of(step.id), digits=False)
        for choice in step.choices:
            phrase = str(rng.choice(choice.phrases))
            heard = heard_by(
                recogniser.expecting(grammar), sixteen_bit(said(espeak, phrase, held_out_manner(rng)))
            ).replace(" ", "")
            said_so_far += 1
            if heard != phrase:
                missed.append((step.id, phrase, heard))

    assert len(missed) <= said_so_far / 10, missed


def test_other_talk_is_no_command(recogniser: Recogniser, espeak: Espeak) -> None:
    rng, taken = np.random.default_rng(4), list[tuple[str, str]]()
    for step, text in zip(STEPS, vocabulary().unheard, strict=False):
        grammar = recogniser.grammar(phrases_of(step), digits=False)
        samples = sixteen_bit(said(espeak, text[: int(rng.integers(3, len(text)))], held_out_manner(rng)))
        heard = heard_by(recogniser.expecting(grammar), samples).replace(" ", "")
        if heard in phrases_of(step):
            taken.append((text, heard))

    assert len(taken) <= 1, taken


def test_silence_and_a_fan_are_no_words(recogniser: Recogniser) -> None:
    rng = np.random.default_rng(5)
    rushing = np.cumsum(rng.standard_normal(3 * RATE))
    fan = sixteen_bit((rushing - np.convolve(rushing, np.ones(400) / 400, "same")) * 100)
    grammar = recogniser.grammar(phrases_of("welcome"), digits=True)

    for samples in (np.zeros(3 * RATE, np.int16), fan):
        assert heard_by(recogniser.expecting(grammar), samples) in ("", "[unk]")


def test_spoken_digits_are_digits(recogniser: Recogniser, espeak: Espeak) -> None:
    grammar = recogniser.grammar(phrases_of("contact_phone"), digits=True)
    samples = said(espeak, "一三八零二四", Manner(variant="f4", words_per_minute=140))

    assert heard_by(recogniser.expecting(grammar), sixteen_bit(samples)) == "一 三 八 零 二 四"


def test_a_petition_is_written_down(recogniser: Recogniser, espeak: Espeak) -> None:
    samples = said(espeak, "我家楼道灯坏了，请尽快处理", Manner(variant="m5", words_per_minute=150))

    assert heard_by(recogniser.dictation(), sixteen_bit(samples)).replace(" ", "") == "我家楼道灯坏了请尽快处理"
