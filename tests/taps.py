"""How many taps a sentence takes on the on-screen keyboard, by each way of writing: `python -m tests.taps`.

Every tap is a press of a key that is really there, by somebody who knows pinyin without tones, Zhuyin with them, the
order of strokes as it is taught in school, or Cangjie's codes, and looks at the words after every tap.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from kiosk.typing_engine import LateEngine, open_engine
from petition.events import TextEdited
from petition.ports import Method, TypingEngine
from petition.screen import Screen
from tests.samples import NOON
from tests.ui.screens import shown
from ui.look import Glass
from ui.widgets.candidates import Candidate
from ui.window import KioskWindow

SENTENCE, TRADITIONAL_SENTENCE = "楼道灯不亮，请尽快修", "樓道燈不亮，請儘快修"
SOUNDS = ("loudaodengbuliang", "，", "qingjinkuaixiu", "空格")
SIGNS = "ㄌㄡˊㄉㄠˋㄉㄥㄅㄨˋㄌㄧㄤˋ，ㄑㄧㄥˇㄐㄧㄣˇㄎㄨㄞˋㄒㄧㄡ"
STROKES = {
    "楼": "hspnnphspnzph",
    "道": "nphpszhhhnzn",
    "灯": "nppnhs",
    "不": "hpsn",
    "亮": "nhszhnzpz",
    "请": "nzhhshszhh",
    "尽": "zhpnnn",
    "快": "nnszhpn",
    "修": "psspznppp",
}
TRADITIONAL_STROKES = {
    "樓": "hspnszhhszhszph",
    "道": "nphpszhhhnzn",
    "燈": "nppnznppnhszhnph",
    "不": "hpsn",
    "亮": "nhszhnzpz",
    "請": "nhhhszhhhshszhh",
    "儘": "pszhhshnnnnszssh",
    "快": "nnszhpn",
    "修": "psspznppp",
}
SHAPES = {
    "樓": "木中中女",
    "道": "卜廿竹山",
    "燈": "火弓人廿",
    "不": "一火",
    "亮": "卜口月弓",
    "請": "卜口手一月",
    "儘": "人中一廿",
    "快": "心木大",
    "修": "人中竹竹",
}
NAMES = {"h": "横", "s": "竖", "p": "撇", "n": "点", "z": "折"}
GLASSES = {"landscape": Glass(), "portrait": Glass(width_px=1080, height_px=1920)}


class Hand:
    """A hand at a window that shows the question for words."""

    def __init__(self, engine: TypingEngine, glass: Glass, size: str, language: str = "zh_Hans") -> None:
        """Open the window; `size` is the size of text."""
        self.taps = 0
        self._seconds = 0.0
        self.screen: Screen = replace(shown("type_text", language=language, size=size), text="")
        self.window = KioskWindow(
            self._post, glass, engines={language: engine}, now=lambda: NOON, clock=self._time, reduced_motion=True
        )
        self.window.show()
        self.window.show_screen(self.screen)
        QApplication.processEvents()

    def words(self) -> list[str]:
        """Return the words to choose from that are seen."""
        controls = self.window.page.controls() if self.window.page is not None else []
        return [control.text() for control in controls if isinstance(control, Candidate)]

    def first(self) -> str:
        """Return the word that the space key takes."""
        return self.words()[0]

    def tap(self, name: str) -> None:
        """Press what is called so."""
        controls = self.window.page.controls() if self.window.page is not None else []
        next(control for control in controls if name in (control.text(), control.accessibleName())).click()
        self.taps += 1

    def close(self) -> None:
        """Leave nothing behind."""
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()

    def _post(self, event: object) -> None:
        if isinstance(event, TextEdited):  # as the session does
            self.screen = replace(self.screen, text=event.text)
            self.window.show_screen(self.screen)

    def _time(self) -> float:
        self._seconds += 1.0  # a calm hand
        return self._seconds


def by_sounds(hand: Hand) -> None:
    """Write the sentence by pinyin."""
    for part in SOUNDS:
        for key in part if part.isascii() else (part,):
            hand.tap(key)


def by_strokes(hand: Hand) -> None:
    """Write the sentence by strokes, each character as soon as it is seen."""
    hand.tap("笔画")
    for character in SENTENCE:
        for stroke in STROKES.get(character, ""):
            hand.tap(NAMES[stroke])
            if character in hand.words():
                break
        hand.tap(character)


def by_zhuyin(hand: Hand) -> None:
    """Write the Traditional sentence by Zhuyin, with its tones."""
    for sign in SIGNS:
        hand.tap(sign)
    hand.tap(hand.first())


def by_pinyin_on_traditional(hand: Hand) -> None:
    """Write the Traditional sentence by pinyin."""
    hand.tap("寫法")
    hand.tap("拼音")
    by_sounds(hand)


def by_strokes_on_traditional(hand: Hand) -> None:
    """Write the Traditional sentence by strokes."""
    hand.tap("寫法")
    hand.tap("筆畫")
    names = {**NAMES, "h": "橫", "s": "豎", "n": "點"}
    _write_one_by_one(hand, {one: [names[key] for key in keys] for one, keys in TRADITIONAL_STROKES.items()})


def by_cangjie(hand: Hand) -> None:
    """Write the Traditional sentence by Cangjie."""
    hand.tap("寫法")
    hand.tap("倉頡")
    _write_one_by_one(hand, {one: [*shapes] for one, shapes in SHAPES.items()})


def _write_one_by_one(hand: Hand, keys: Mapping[str, list[str]]) -> None:
    for character in TRADITIONAL_SENTENCE:
        for key in keys.get(character, []):
            hand.tap(key)
            if character in hand.words():
                break
        hand.tap(character)


WAYS: dict[Method, Callable[[Hand], None]] = {Method.PINYIN: by_sounds, Method.STROKES: by_strokes}
TRADITIONAL_WAYS: dict[Method, Callable[[Hand], None]] = {
    Method.ZHUYIN: by_zhuyin,
    Method.PINYIN: by_pinyin_on_traditional,
    Method.STROKES: by_strokes_on_traditional,
    Method.CANGJIE: by_cangjie,
}


def counts(engine: TypingEngine, *, traditional: bool = False) -> Iterator[tuple[Method, str, str, int, str]]:
    """Yield way, glass, size of text, taps and what was written."""
    language = "zh_Hant" if traditional else "zh_Hans"
    for method, write in (TRADITIONAL_WAYS if traditional else WAYS).items():
        for glass, size in (("landscape", "larger"), ("portrait", "largest")):
            engine.clear()
            hand = Hand(engine, GLASSES[glass], size, language)
            write(hand)
            yield method, glass, size, hand.taps, hand.screen.text
            hand.close()


def main() -> int:
    """Print a line for each way."""
    application = QApplication([])
    for traditional in (False, True):
        engine = open_engine(cache=Path(tempfile.gettempdir()) / "petition-pictures", traditional=traditional)
        if isinstance(engine, LateEngine):
            engine.wait(60)
        for method, glass, size, taps, text in counts(engine, traditional=traditional):
            sys.stdout.write(f"{text}  {method}  {taps} taps  ({glass}, {size})\n")
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
