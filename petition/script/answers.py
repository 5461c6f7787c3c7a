"""Answers that several files of the script offer, named once; those of a single file are named there.

What one step offers otherwise, `dataclasses.replace` says: `replace(LOOK, primary=True)`. Those whose words differ from step
to step are made by a function.
"""

from petition.model import Sensitive
from petition.steps import ENDED, PROGRESS, STAY, WELCOME, Act, Choice, When

HOME = Choice(id="home", label="办别的", say="做别的事", icon="house-line", to=WELCOME)
FINISH = Choice(
    id="finish",
    label="办完了",
    say="没事了 | 谢谢再见",
    icon="door-open",
    primary=True,
    act=Act.FINISH,
    to=ENDED,
)
LOOK = Choice(id="look", label="看看进度", say="办到哪一步了", icon="magnifying-glass", to=PROGRESS)
MYSELF = Choice(
    id="myself",
    label="我想自己说",
    say="这件事我想自己说 | 我自己来说",
    icon="user",
    act=Act.STEP_ASIDE,
    to="describe",
)
NEXT_PAGE = Choice(
    id="next",
    label="看别的",
    say="往下看 | 翻一页",
    icon="arrow-right",
    act=Act.NEXT_PAGE,
    to=STAY,
    when=When.MORE_PAGES,
)
READ_NUMBER = Choice(
    id="read",
    label="念号码",
    say="号码再念念 | 我要记下来",
    icon="ear",
    act=Act.READ_NUMBER,
    to=STAY,
)
SHUTTER = Choice(
    id="shutter",
    label="拍照片",
    say="可以拍了 | 拍吧",
    icon="camera",
    primary=True,
    act=Act.SHUTTER,
    to=STAY,
)


def keyed(to: str, say: str = "号码按完了 | 号码说完了") -> Choice:
    """Return the answer that ends a number being keyed."""
    return Choice(id="done", label="按好了", say=say, icon="check", primary=True, act=Act.CONFIRM_DIGITS, to=to)


def written(to: str, say: str = "我写完了", *, act: Act = Act.CONFIRM_TEXT) -> Choice:
    """Return the answer that ends a text being written."""
    return Choice(id="done", label="写好了", say=say, icon="check", primary=True, act=act, to=to)


def consent(about: Sensitive, label: str, say: str, to: str) -> Choice:
    """Return the yes to a sentence of its own that says what something is kept for, and how long."""
    return Choice(id="yes", label=label, say=say, icon="check", primary=True, act=Act.CONSENT, value=about.value, to=to)


def decline(about: Sensitive, label: str, say: str, to: str, *, icon: str = "x") -> Choice:
    """Return the no to that sentence; everything goes on without it."""
    return Choice(id="no", label=label, say=say, icon=icon, act=Act.DECLINE, value=about.value, to=to)


def person(label: str, say: str, *, primary: bool = False) -> Choice:
    """Return the answer that rings for a person, in the words that fit what they are wanted for."""
    return Choice(
        id="person", label=label, say=say, icon="bell-ringing", primary=primary, act=Act.RING, to="call_staff"
    )
