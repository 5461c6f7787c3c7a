"""Screens to try the view with: every step of the script, and a few that no step has yet."""

from dataclasses import replace
from functools import cache

from assets.words import load_translations
from petition.derive import Context, screen
from petition.model import Language
from petition.screen import Button, Screen
from petition.utterance import Translate
from tests.samples import NOON, sample

LONG_NOTICE = (
    "谁听：只有办这件事的人。\n留多久：办完再留两年，到期就删，谁也听不到。\n不想录音：可以打字写，也可以请工作人员代写。\n"
    * 6
)


@cache
def _translations(language: str) -> Translate:
    return load_translations(language)


def shown(
    step: str, *, language: str = "zh_Hans", size: str = "larger", theme: str = "light", help_shown: bool = False
) -> Screen:
    """Return what a step looks like in the middle of a visit."""
    state = replace(sample(step, Language(language), size, theme), help_shown=help_shown)
    return screen(state, Context(translate=_translations(language), now=NOON))


def rating(*, size: str = "larger", theme: str = "light") -> Screen:
    """Return a rating with faces, and one more answer."""
    labels = (("非常满意", 1.0), ("满意", 0.7), ("基本满意", 0.0), ("不满意", -0.75), ("还想说几句", None))
    buttons = tuple(
        Button(id=f"level-{n}", label=label, number=str(n), face=face) for n, (label, face) in enumerate(labels, 1)
    )
    return replace(shown("kind", size=size, theme=theme), title="这件事办得怎么样？", body="", buttons=buttons)


def with_answers(made: Screen, count: int) -> Screen:
    """Return the screen with so many answers, the first the primary one."""
    more = [made.buttons[i % len(made.buttons)] for i in range(count)]
    buttons = tuple(replace(b, id=f"b{i}", number=str(i + 1), primary=not i) for i, b in enumerate(more))
    return replace(made, buttons=buttons)
