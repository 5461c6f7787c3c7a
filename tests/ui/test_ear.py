"""The ear on the screen: always there, open or closed, told apart without colour; and words as they come in."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from assets.words import load_translations
from petition.derive import Context, screen
from petition.model import Language
from petition.screen import Screen
from tests.samples import NOON, listening, sample
from tests.ui.screens import shown
from tests.ui.test_window import page
from ui.audit import faults
from ui.window import KioskWindow

THEMES = ("light", "dark", "medium", "low")


def heard(step: str, *, language: Language = Language.SIMPLIFIED, size: str = "larger", theme: str = "light") -> Screen:
    """Return what a step looks like while the microphone is open."""
    context = Context(translate=load_translations(language), now=NOON)
    return screen(listening(sample(step, language, size, theme)), context)


@pytest.mark.parametrize("theme", THEMES)
def test_an_open_ear_looks_otherwise_than_a_closed_one(window: KioskWindow, theme: str) -> None:
    pictures, made = [], heard("review", theme=theme)
    for open_ in (True, False):
        window.show_screen(replace(made, caption=replace(made.caption, listening=open_)))
        signs = page(window).caption.disc
        image = signs.grab().toImage().convertToFormat(signs.grab().toImage().Format.Format_Grayscale8)
        pictures.append(bytes(image.constBits()))
    assert pictures[0] != pictures[1]


def test_who_cannot_see_the_ear_is_told_in_words(window: KioskWindow) -> None:
    window.show_screen(shown("review"))
    assert page(window).caption.disc.accessibleName() == "话筒关着"
    window.show_screen(heard("review"))
    assert page(window).caption.disc.accessibleName() == "话筒开着，我在听"
    window.show_screen(heard("review", language=Language.ENGLISH))
    assert "Mandarin" in page(window).caption.disc.accessibleName()


def test_the_words_beside_it_tell_that_one_may_speak_only_while_it_is_open(window: KioskWindow) -> None:
    window.show_screen(replace(heard("welcome")))
    assert page(window).caption.word.text() == "请点或说"
    window.show_screen(heard("progress_number"))
    assert page(window).caption.word.text() == "请按或说"


def test_words_come_in_without_a_new_page_and_those_that_may_change_are_quieter(
    window: KioskWindow, application: QApplication
) -> None:
    made = heard("recording")
    window.show_screen(made)
    before = page(window)
    reading = before.layout_shown.words  # type: ignore[attr-defined]  # a recording has words
    assert (reading.text(), reading.unsure) == (made.text, made.unsure)
    assert reading.quiet == "text_soft"
    window.show_screen(replace(made, text=made.text + "谢谢。", unsure=3))
    application.processEvents()
    assert page(window) is before
    assert reading.unsure == 3
    assert faults(window) == []


@pytest.mark.parametrize("size", ["normal", "largest"])
@pytest.mark.parametrize("step", ["welcome", "recording", "review_heard", "change", "did_you_mean", "contact_phone"])
@pytest.mark.parametrize("language", list(Language))
def test_what_is_shown_while_listening_fits(window: KioskWindow, step: str, size: str, language: Language) -> None:
    window.show_screen(heard(step, language=language, size=size))
    assert faults(window) == []
