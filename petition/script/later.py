"""What can still be said about a petition, with its slip in hand: more about it, that it is late, that it is not wanted."""

from petition.script.progress import HOME, PERSON
from petition.script.rating import DONE
from petition.steps import (
    REVIEW,
    STAY,
    Act,
    Choice,
    Journey,
    Layout,
    Step,
    When,
)

BACK = Choice(id="look", label="看看进度", say="办到哪一步了", icon="magnifying-glass", to="@progress")

STEPS = (
    Step(
        id="progress_say",
        journey=Journey.PROGRESS,
        layout=Layout.LIST,
        title="想说什么？",
        body="跟这件事放在一起。",
        help="没说清的，能补上。不想办了，也能撤回。",
        back="@progress",
        choices=(
            Choice(id="more", label="补充情况", say="我要补充 | 还有没说的", icon="microphone", to="supplement"),
            Choice(
                id="urge",
                label="催一催",
                say="太慢了 | 催催他们",
                icon="hourglass-medium",
                act=Act.URGE,
                to=STAY,
                when=When.OVERDUE,
            ),
            Choice(id="withdraw", label="撤回这件", say="我要撤回 | 这件不办了", icon="x", to="withdraw_ask"),
            Choice(id="none", label="没有要说的", say="不说了", icon="arrow-left", primary=True, to="@progress"),
        ),
    ),
    Step(
        id="supplement",
        journey=Journey.PROGRESS,
        layout=Layout.MESSAGE,
        title="还有什么要补充？",
        body="您的话会录下来，跟原来那件放在一起。每次最多两分钟。",
        help="想起什么说什么。不想录音，就点「打字写」。",
        icon="plus",
        back="progress_say",
        choices=(
            Choice(
                id="start",
                label="开始说",
                say="我来说 | 我开始说了",
                icon="microphone",
                primary=True,
                act=Act.SUPPLEMENT,
                to="recording",
            ),
            Choice(
                id="type", label="打字写", say="我要打字 | 写下来", icon="keyboard", act=Act.SUPPLEMENT, to="type_text"
            ),
            Choice(id="none", label="先不补充", say="不补充了", icon="arrow-left", to="@progress"),
        ),
    ),
    Step(
        id="draft_first",
        journey=Journey.PROGRESS,
        layout=Layout.MESSAGE,
        title="您还有一件没交",
        body="先把那件交了，再来说这件。那件一个字也没丢。",
        help="点「去交那件」，接着办。不急的话，点「先看进度」。",
        icon="question",
        back="@progress",
        choices=(
            Choice(id="draft", label="去交那件", say="先交那件", icon="arrow-right", primary=True, to=REVIEW),
            Choice(id="look", label="先看进度", say="回去看进度", icon="magnifying-glass", to="@progress"),
        ),
    ),
    Step(
        id="supplement_done",
        journey=Journey.PROGRESS,
        layout=Layout.MESSAGE,
        title="补上了",
        body="跟原来那件放在一起。送到后，一天之内会有人看。",
        help="还用原来的回执查。线路断了也不要紧，通了就送。",
        icon="check",
        choices=(DONE, BACK, HOME),
    ),
    Step(
        id="urge_done",
        journey=Journey.PROGRESS,
        layout=Layout.MESSAGE,
        title="替您催了",
        body="比说好的晚了，是我们的不是。送到后，一天之内会有人看。",
        help="还用原来的回执查。过几天没有动静，再来催。",
        icon="check",
        choices=(DONE, BACK, PERSON),
    ),
    Step(
        id="withdraw_ask",
        journey=Journey.PROGRESS,
        layout=Layout.MESSAGE,
        title="还接着办，对吗？",
        body="撤回以后，这件事就不办了。",
        spoken="撤回以后，这件事就不办了。您还是接着办，对吗？",
        help="点「对，接着办」，什么都不变。不想办了，就点「不对，撤回」。",
        icon="question",
        back="progress_say",
        read_choices=False,
        choices=(
            Choice(
                id="keep", label="对，接着办", say="对 | 对的 | 还是要办", icon="check", primary=True, to="@progress"
            ),
            Choice(id="withdraw", label="不对，撤回", say="不对 | 我要撤回", icon="x", to="withdraw_sure"),
        ),
    ),
    Step(
        id="withdraw_sure",
        journey=Journey.PROGRESS,
        layout=Layout.MESSAGE,
        title="再问一遍：撤回吗？",
        body="撤回了，要办就得重新反映。",
        spoken="再问您一遍。撤回了，要办就得重新反映。还是要办，就{choose}：不撤了，接着办。不办了，就{choose}：真的撤回。",
        help="点「不撤了，接着办」，什么都不变。真不办了，就点「真的撤回」。",
        icon="question",
        back="withdraw_ask",
        read_choices=False,
        choices=(
            Choice(id="keep", label="不撤了，接着办", say="还是要办", icon="check", primary=True, to="@progress"),
            Choice(id="withdraw", label="真的撤回", say="真的不办了", icon="x", act=Act.WITHDRAW, to=STAY),
        ),
    ),
    Step(
        id="withdraw_done",
        journey=Journey.PROGRESS,
        layout=Layout.MESSAGE,
        title="撤回记下了",
        body="送到后，这件事就不再办了。想办，随时再来。",
        help="后悔了也不要紧，再反映一次就行。也可以叫工作人员。",
        icon="check",
        choices=(DONE, HOME),
    ),
    Step(
        id="later_not_kept",
        journey=Journey.FAULT,
        layout=Layout.MESSAGE,
        title="还没记上",
        body="机器出了点毛病。请再试一次。还不行，就叫人来。",
        help="不是您的问题，是机器的事。再试一次，也不会记成两个。",
        icon="warning",
        back="@progress",
        choices=(
            Choice(
                id="retry",
                label="再试一次",
                say="再来试试",
                icon="arrow-counter-clockwise",
                primary=True,
                act=Act.KEEP_AGAIN,
                to=STAY,
            ),
            PERSON,
        ),
    ),
)
