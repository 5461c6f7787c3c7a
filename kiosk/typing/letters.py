"""Typing without librime: every letter is text at once, so that nobody is left with a dead keyboard."""

from typing import Final

from petition.ports import Composition, Method

_NAMED: Final = {"space": " ", "enter": "\n"}


def text_of(key: str) -> str:
    """What a key is as text when nothing is being composed: one printable character, or nothing."""
    return _NAMED.get(key) or (key if len(key) == 1 and key.isprintable() else "")


class LettersEngine:
    """A TypingEngine that composes nothing: what is pressed is committed."""

    methods: Final = (Method.PINYIN,)

    def use(self, method: Method) -> Composition:  # noqa: ARG002 there is no other
        return Composition()

    def press(self, key: str) -> Composition:
        return Composition(committed=text_of(key))

    def choose(self, index: int) -> Composition:  # noqa: ARG002 there is nothing to choose
        return Composition()

    def page(self, step: int) -> Composition:  # noqa: ARG002 nor to turn
        return Composition()

    def clear(self) -> Composition:
        return Composition()
