"""Answers that several files of the script offer, named once; those of a single file are named there.

Where only a word differs, `dataclasses.replace` says which: `replace(LOOK, primary=True)`.
"""

from petition.steps import ENDED, STAY, WELCOME, Act, Choice, When

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
LOOK = Choice(id="look", label="看看进度", say="办到哪一步了", icon="magnifying-glass", to="@progress")
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
