"""Screens to try the view with: every step of the script, and a few that no step has yet."""

from dataclasses import replace
from functools import cache

from assets.words import load_translations
from petition.derive import Context, screen
from petition.model import Language
from petition.screen import Button, Screen
from petition.steps import Input, Layout
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


# -- screens with pictures, a signature and somebody signed in ---------------------------------------------------------

AGENT = {
    "zh_Hans": "代办员：王秀英（志愿者）",
    "zh_Hant": "代辦員：王秀英（志願者）",
    "en": "Signed in: Wang Xiuying, volunteer",
}
LOOKS = {"zh_Hans": "摄像头开着", "zh_Hant": "攝影機開著", "en": "Camera is on"}
OATH = "我叫张国强，我同意由志愿者王秀英替我反映和平里三号楼楼道灯坏了这件事，电话由她来接，处理结果也告诉她，我自己也可以来问。"
STROKES = (((100, 200), (200, 120), (300, 280)), ((400, 100), (400, 300)), ((600, 200),))


def _bare(layout: Layout, made: Screen, title: str, body: str, buttons: tuple[Button, ...]) -> Screen:
    nothing = replace(made, text="", facts=(), stops=(), slip=None, icon="", spoken_from=-1)
    return replace(nothing, step=layout, layout=layout, title=title, body=body, buttons=buttons)


def camera(*, size: str = "larger", theme: str = "light", language: str = "zh_Hans", seconds: int = 0) -> Screen:
    """Return the screen on which a picture is taken; or, seconds before it is, the one that counts them."""
    answers = (
        Button(id="take", label="拍照", icon="camera", number="1", primary=True),
        Button(id="stick", label="用U盘里的照片", icon="usb", number="2"),
        Button(id="none", label="不拍了", icon="x", number="3"),
    )
    made = shown("review", size=size, theme=theme, language=language)
    bare = _bare(Layout.CAMERA, made, "把要拍的放在镜头前", "拍材料、拍地方都行。", answers[2:] if seconds else answers)
    return replace(bare, camera=LOOKS[language], seconds_left=seconds, seconds_total=seconds)


def picture(id_: str = "one", *, size: str = "larger", theme: str = "light", language: str = "zh_Hans") -> Screen:
    """Return the screen that shows a picture that was taken."""
    answers = (
        Button(id="keep", label="就用这张", icon="check", number="1", primary=True),
        Button(id="again", label="重拍", icon="arrow-counter-clockwise", number="2"),
        Button(id="drop", label="不要了", icon="trash", number="3"),
    )
    made = shown("review", size=size, theme=theme, language=language)
    return replace(_bare(Layout.PICTURE, made, "这张行吗？", "", answers), picture=id_)


def pictures(count: int = 6, *, size: str = "larger", theme: str = "light", language: str = "zh_Hans") -> Screen:
    """Return the screen on which one of so many pictures is chosen."""
    shots = [Button(id=f"p{n}", label=f"第 {n} 张", number=str(n), picture=f"p{n}") for n in range(1, count + 1)]
    more = Button(id="more", label="看后面的", icon="caret-right", number=str(count + 1))
    none = Button(id="none", label="都不用", icon="x", number=str(count + 2))
    made = shown("review", size=size, theme=theme, language=language)
    return _bare(Layout.PICTURES, made, "要用哪张照片？", "点一张，或者按它的数字。", (*shots, more, none))


def signing(*, size: str = "larger", theme: str = "light", language: str = "zh_Hans", body: str = "") -> Screen:
    """Return the screen on which somebody signs."""
    answers = (
        Button(id="signed", label="签好了", icon="check", number="1", primary=True),
        Button(id="wipe", label="擦掉重写", icon="eraser", number="2"),
        Button(id="say", label="不会写，我来说", icon="microphone", number="3"),
    )
    made = shown("review", size=size, theme=theme, language=language)
    words = body or "我同意由王秀英替我反映这件事，电话由她来接。"
    return replace(_bare(Layout.SIGN, made, "请您签名", words, answers), takes=Input.SIGNATURE)


def reading_aloud(*, size: str = "larger", theme: str = "light", language: str = "zh_Hans") -> Screen:
    """Return a recording of a sentence that is read from the screen."""
    return replace(
        shown("recording", size=size, theme=theme, language=language), text="", title="请您念一遍", body=OATH
    )
