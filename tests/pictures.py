"""Renders every step of the script to PNG, for looking at: `python -m tests.pictures OUT [--size … --theme … …]`.

With `--keys` the steps that take text are shown after these keys of a real keyboard.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assets.words import load_translations
from kiosk.typing_engine import LateEngine, open_engine
from petition.derive import Context, screen
from petition.model import Language
from petition.ports import TypingEngine
from petition.script.book import STEPS
from petition.steps import Input
from tests.samples import NOON, listening, sample
from tests.ui.scenes import FILES, SCENES, paper, scene, staircase
from tests.ui.viewfinder import Painted
from ui.look import Glass
from ui.window import KioskWindow

GLASSES = {
    "landscape": Glass(),
    "portrait": Glass(width_px=1080, height_px=1920),
    "small": Glass(width_px=1366, height_px=768, diagonal_inch=21.5),
}


def main() -> int:
    """Write one picture a step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--step", nargs="*", default=list(STEPS))
    parser.add_argument("--language", default="zh_Hans")
    parser.add_argument("--size", default="larger")
    parser.add_argument("--theme", default="light")
    parser.add_argument("--glass", default="landscape", choices=GLASSES)
    parser.add_argument("--reach", default="usual", choices=("usual", "low", "left"))
    parser.add_argument("--curtain", action="store_true", help="with the screen covered")
    parser.add_argument("--listening", action="store_true", help="with ears: words come in while recording")
    parser.add_argument("--seconds", type=int, default=0, help="so many until a picture is taken")
    parser.add_argument("--unsigned", action="store_true", help="nothing is drawn yet where one signs")
    parser.add_argument("--keys", default="", help="type these where text is taken")
    parser.add_argument("--press", nargs="*", default=[], help="press these keys of the screen first, by name: 笔画")
    options = parser.parse_args()
    application = QApplication([])
    context = Context(translate=load_translations(options.language), now=NOON)
    engines = _engines() if options.keys or options.press else {}
    window = KioskWindow(lambda _: None, GLASSES[options.glass], engines=engines, now=lambda: NOON, reduced_motion=True)
    finder = _viewfinder()
    window.set_viewfinder(finder)
    window.show()
    options.out.mkdir(parents=True, exist_ok=True)
    for step in options.step:
        state = sample(step, Language(options.language), options.size, options.theme)
        preferences = replace(state.preferences, reach=options.reach, curtain=options.curtain)
        state = replace(state, preferences=preferences)
        if options.listening:
            state = listening(state)
        finder.seen = scene(paper if step == "proxy_paper" else staircase)
        if options.unsigned:
            state = replace(state, strokes=())
        window.show_screen(screen(replace(state, shutter=options.seconds), context))
        if STEPS[step].takes is Input.TEXT:
            for name in options.press:
                _press(window, name)
            QTest.keyClicks(window, options.keys)
        for _ in range(3):
            application.processEvents()
        window.grab().save(str(options.out / f"{step}.png"))
    return 0


def _viewfinder() -> Painted:
    """Return drawn scenes where a camera's pictures would be."""
    drawn = {id_: scene(draw) for id_, draw in SCENES.items()}
    return Painted(pictures=drawn | {f"file-{n}": scene(draw, 640, 480) for n, draw in enumerate(FILES, 1)})


def _press(window: KioskWindow, name: str) -> None:
    controls = window.page.controls() if window.page is not None else []
    next(control for control in controls if name in (control.text(), control.accessibleName())).click()


def _engines() -> dict[str, TypingEngine]:
    cache = Path(tempfile.gettempdir()) / "petition-pictures"
    engines = {
        Language.SIMPLIFIED.value: open_engine(cache=cache),
        Language.TRADITIONAL.value: open_engine(cache=cache, traditional=True),
    }
    for engine in engines.values():
        if isinstance(engine, LateEngine):
            engine.wait(60)
    return engines


if __name__ == "__main__":
    sys.exit(main())
