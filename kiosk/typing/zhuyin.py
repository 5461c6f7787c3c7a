"""Zhuyin into Hanzi, whole sentences at once: librime with the signs of `bopomofo`."""

from pathlib import Path
from types import MappingProxyType

from kiosk.typing.bopomofo import FIRST_TONE, LETTERS, SCHEMA_ID, SIGNS, TONES
from kiosk.typing.rime import RimeEngine
from kiosk.typing.tables import SHARED_DATA
from petition.ports import Composition, Method


class ZhuyinEngine(RimeEngine):
    """A TypingEngine that composes the signs of Zhuyin.

    The space key is the first tone while the last syllable has none, as on every such keyboard; else it takes the first
    word. So does `enter`, for signs are no text that anybody wants. Raises Fault like its base.
    """

    methods = (Method.ZHUYIN,)
    keysyms = MappingProxyType({sign: ord(letter) for sign, letter in zip(SIGNS, LETTERS, strict=True)})
    shown_as = MappingProxyType({ord(letter): sign for sign, letter in zip(SIGNS, LETTERS, strict=True)})

    def __init__(self, *, tables: Path, shared: Path = SHARED_DATA, page_size: int = 6) -> None:
        super().__init__(tables=tables, shared=shared, schema=SCHEMA_ID, page_size=page_size)

    def press(self, key: str) -> Composition:
        if key == "space" and self._page == 0 and (toned := self._with_first_tone()) is not None:
            return toned
        return super().press("space" if key == "enter" and self.page(0).preedit else key)

    def _with_first_tone(self) -> Composition | None:
        """Return what is composed with the first tone at its end, None where that is no syllable or has its tone."""
        before = self.page(0)
        if not before.candidates or before.preedit[-1] in TONES:
            return None
        after = super().press(FIRST_TONE)
        read = not self._rime.preedit(self._session).endswith(LETTERS[SIGNS.index(FIRST_TONE)])
        if read and len(after.preedit) == len(before.preedit) + 1:  # else a syllable was cut in two for it
            return after
        super().press("backspace")
        return None
