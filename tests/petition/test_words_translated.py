"""The translations: whole, up to date, in their own script, and pointing at buttons that are there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.words import LANGUAGES, TRANSLATIONS, MissingTranslation, load_translations
from petition.script.book import STEPS, messages
from petition.script.phrases import COMMANDS, STAGE_STATES
from petition.steps import Step
from petition.utterance import Translate
from tests.petition.reading import HANZI, NAMED_IN_THEMSELVES, holes

ROOT = Path(__file__).resolve().parents[2]
SIMPLIFIED_TOO = "后里干几准松余谷丑术么"
"""Characters that Big5 has, too, but that Traditional writes otherwise in the words of a kiosk: 後 裡 乾 幾 準 …"""
EN_TITLE_LIMIT, EN_LABEL_LIMIT, EN_NOTE_LIMIT, EN_WORDS_A_SENTENCE = 52, 22, 34, 16
POINTED_AT = {"zh_Hans": r"「([^」{]+)」", "zh_Hant": r"「([^」{]+)」", "en": r"“([^”{]+)”"}
KEYS = {"退一格", "Delete"}


def translated(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield (context, source, translation) of every text; a missing one raises."""
    translate = load_translations(language, strict=True)
    for context, source in messages():
        yield context, source, translate(context, source)


def test_the_files_are_in_step_with_the_script() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "translations", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_a_missing_translation_shows_the_source_to_residents_and_fails_in_tests() -> None:
    assert load_translations("en")("no.such", "没有译文") == "没有译文"
    with pytest.raises(MissingTranslation, match="no such"):
        load_translations("en", strict=True)("no such", "没有译文")
    assert load_translations("zh_Hans", strict=True)("no such", "没有译文") == "没有译文"


def test_there_is_no_language_that_is_only_half_there() -> None:
    assert LANGUAGES == ("zh_Hans", "zh_Hant", "en")
    with pytest.raises(FileNotFoundError):
        load_translations("fr")


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_text_has_its_holes_in_every_language(language: str) -> None:
    assert [context for context, source, text in translated(language) if holes(source) != holes(text)] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_translation_has_stray_spaces_or_another_number_of_lines(language: str) -> None:
    for context, source, text in translated(language):
        assert text == text.strip(), context
        assert source.count("\n") == text.count("\n"), context
        assert "  " not in text, context


def test_english_has_no_hanzi_and_no_chinese_marks() -> None:
    strange = [
        (context, text)
        for context, _, text in translated("en")
        if re.search(rf"[{HANZI}\u3000-\u303f\uff00-\uffef]", text)
    ]
    assert {context for context, _ in strange} == NAMED_IN_THEMSELVES - {"settings_language.english.note"}


def test_traditional_has_no_simplified_character() -> None:
    wrong = [
        (context, character)
        for context, _, text in translated("zh_Hant")
        for character in text
        if not _in_big5(character) or character in SIMPLIFIED_TOO
    ]
    assert {context for context, _ in wrong} <= {"settings_language.simplified.note"}, wrong


def test_a_language_is_named_in_itself_whatever_language_the_screen_is_in() -> None:
    for language in TRANSLATIONS:
        for context, source, text in translated(language):
            assert context not in NAMED_IN_THEMSELVES or text == source


def test_traditional_reads_like_the_source_mark_for_mark() -> None:
    marks = re.compile(r"[，。、！？：；「」]")
    for context, source, text in translated("zh_Hant"):
        assert marks.findall(source) == marks.findall(text) or context == "settings_language.simplified", context


def test_english_stays_short_and_calm() -> None:
    for context, source, text in translated("en"):
        kind, step = context.rpartition(".")[2], STEPS.get(context.partition(".")[0])
        plain = re.sub(r"\{\w+\}", "", text)
        if kind == "title":
            assert len(plain) <= EN_TITLE_LIMIT, text
        if step and any((choice.id, choice.label) == (kind, source) for choice in step.choices):
            assert len(plain) <= EN_LABEL_LIMIT, text
        if kind == "note":
            assert len(plain) <= EN_NOTE_LIMIT, text
        if context != "phrase.privacy_long":
            for sentence in re.split(r"[.?!:\n]", plain):
                assert len(sentence.split()) <= EN_WORDS_A_SENTENCE, (context, sentence)
        assert "!" not in text, context
        assert not re.search(r"\b(?:please try|error|invalid|failed|must|sorry|click|press)\b", text, re.IGNORECASE), (
            text
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_words_point_at_bears_that_name_on_its_screen(language: str) -> None:
    translate = load_translations(language, strict=True)
    everywhere = {translate(f"command.{words.command}", words.label) for words in COMMANDS}
    everywhere |= {translate(f"stage-state.{state}", word) for state, word in STAGE_STATES.items()} | KEYS
    wrong = []
    for step in STEPS.values():
        known = everywhere | _labels(step, translate)
        for part in ("title", "body", "spoken", "help"):
            if source := getattr(step, part):
                pointed = re.findall(POINTED_AT[language], translate(f"{step.id}.{part}", source))
                wrong += [(step.id, part, name) for name in pointed if name not in known]
    assert wrong == []


def _labels(step: Step, translate: Translate) -> set[str]:
    labels = {translate(f"{step.id}.{choice.id}", choice.label) for choice in step.choices}
    return labels | {part.strip() for label in labels for part in re.split("[，,]", label)}


def _in_big5(character: str) -> bool:
    try:
        return bool(character.encode("big5hkscs"))
    except UnicodeEncodeError:
        return False
