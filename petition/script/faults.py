"""When a part fails: what happened, what it means for you, what you can do now, in that order."""

from dataclasses import replace

from petition.script.answers import HOME, READ_NUMBER, person
from petition.steps import RETURN, REVIEW, STAY, Act, Choice, Journey, Layout, Privacy, Step, When

PERSON = person("请人来帮忙", "帮我写 | 请人代写")

STEPS = (
    Step(
        id="no_microphone",
        journey=Journey.FAULT,
        layout=Layout.MESSAGE,
        title="话筒没反应",
        body="我现在听不见。说好的、写好的都在，不怕丢。请打字，或者叫人来。",
        help="不是您的问题，是话筒的事。写下来一样管用。",
        icon="microphone",
        choices=(
            Choice(id="type", label="打字写", say="我要打字 | 写下来", icon="keyboard", primary=True, to="type_text"),
            Choice(
                id="retry",
                label="再试一次",
                say="再来试试",
                icon="arrow-counter-clockwise",
                act=Act.BEGIN_RECORDING,
                to="recording",
            ),
            Choice(id="kept", label="看看录好的", say="刚才录的", icon="check", to=REVIEW, when=When.DRAFT_BEGUN),
            PERSON,
        ),
    ),
    Step(
        id="disk_full",
        journey=Journey.FAULT,
        layout=Layout.MESSAGE,
        title="暂时收不下新的了",
        body="交过的都在，丢不了。\n这一件还没交上去。\n请人帮您记。也可以打 {hotline}。",
        spoken="这台机器满了，暂时收不下新的。交过的都在，丢不了。这一件还没交上去。请工作人员帮您记。也可以打 {hotline}。",
        help="不是您的问题，是这台机器满了。腾出地方，就又能收了。",
        icon="warning",
        back=REVIEW,
        choices=(
            person("请人记下", "帮我写", primary=True),
            Choice(id="retry", label="再试一次", say="再来试试", icon="arrow-counter-clockwise", to=REVIEW),
            HOME,
        ),
    ),
    Step(
        id="not_stored",
        journey=Journey.FAULT,
        layout=Layout.MESSAGE,
        title="还没交上去",
        body="您说的、写的都还留着。\n再交一次试试。还不行，就叫人来。\n也可以打 {hotline}。",
        spoken="机器出了点毛病，还没交上去。您说的、写的都还留着。再交一次试试。还不行，就叫人来。也可以打 {hotline}。",
        help="不是您的问题，是机器的事。再交一次，也不会变成两件。",
        icon="warning",
        back=REVIEW,
        choices=(
            Choice(id="retry", label="再交一次", say="再试一次", icon="check", primary=True, to=REVIEW),
            PERSON,
        ),
    ),
    Step(
        id="no_speech",
        journey=Journey.FAULT,
        layout=Layout.MESSAGE,
        title="现在发不出声音",
        body="字都在屏幕上，您接着办。看不清字，请叫人来。",
        help="先看屏幕上的字办。看不见，就叫工作人员。",
        icon="speaker-none",
        overlay=True,
        back=RETURN,
        choices=(
            Choice(id="ok", label="接着办", say="看得见", icon="arrow-right", primary=True, to=RETURN),
            PERSON,
        ),
    ),
    *(
        Step(
            id=id_,
            journey=Journey.FAULT,
            layout=Layout.MESSAGE,
            title=title,
            body=body,
            spoken=spoken,
            help=help_,
            icon="printer",
            overlay=True,
            back=RETURN,
            privacy=Privacy.MASKED,
            read_choices=False,
            choices=(
                replace(READ_NUMBER, primary=True),
                person("请人来弄", "请人加纸"),
                Choice(
                    id="print",
                    label="再打一次",
                    say="再试一次 | 再来试试",
                    icon="arrow-counter-clockwise",
                    act=Act.PRINT,
                    to=STAY,
                    when=When.PRINTS,
                ),
                Choice(id="ok", label="不用纸了", say="不要纸了 | 我记下了", icon="check", to=RETURN),
            ),
        )
        for id_, title, body, spoken, help_ in (
            (
                "printer_no_paper",
                "打印机没纸了",
                "您的事收好了，不受影响。号码我念给您听，您记一下。",
                "打印机没纸了，号码我念给您听。{number_said}您的事收好了，不受影响。",
                "没有纸，号码也管用。加了纸，还能再打。",
            ),
            (
                "printer_cover_open",
                "打印机盖子开着",
                "您的事收好了，不受影响。合上盖子才能打。号码我念给您听。",
                "打印机的盖子开着，号码我念给您听。{number_said}您的事收好了，不受影响。",
                "盖子请工作人员来合。等不及，就记下号码。",
            ),
            (
                "printer_silent",
                "打印机没反应",
                "您的事收好了，不受影响。号码我念给您听，您记一下。",
                "打印机没反应，号码我念给您听。{number_said}您的事收好了，不受影响。",
                "没有纸，号码也管用。想要纸的，请工作人员来看看。",
            ),
            (
                "printer_unknown",
                "不知道打好没有",
                "您的事收好了，不受影响。请看看出纸的地方。没有纸，号码我念给您听。",
                "请看看打印机，纸出来没有。没有，号码我念给您听。{number_said}您的事收好了，不受影响。",
                "纸也许已经出来了。没有就记号码，或者叫人。",
            ),
        )
    ),
)
