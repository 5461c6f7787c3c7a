"""Journey 6: how somebody finds what was done, and 复核 for who is not content."""

from dataclasses import replace

from petition.script.answers import FINISH, HOME, LOOK, person, written
from petition.steps import (
    Act,
    Choice,
    Field,
    Input,
    Journey,
    Layout,
    Privacy,
    Source,
    Step,
    When,
)

SPEAK = Choice(
    id="speak",
    label="我来说",
    say="还是说吧 | 打字太慢",
    icon="microphone",
    act=Act.SPEAK_COMMENT,
    to="recording",
    when=When.MICROPHONE_THERE,
)
CHANGE = Choice(id="change", label="改一改打分", say="打错分了 | 我要改打分", icon="pencil-simple", to="rating")

STEPS = (
    Step(
        id="rating",
        journey=Journey.RATING,
        layout=Layout.LIST,
        title="这件事办得怎样？",
        body="照实说就好。",
        help="好就说好，不好就说不好。打多少分，都不影响您再来。",
        back="@progress",
        source=Source.LEVELS,
        choices=(Choice(id="later", label="先不打分", say="以后再打分", icon="arrow-left", to="@progress"),),
    ),
    Step(
        id="rating_confirm",
        journey=Journey.RATING,
        layout=Layout.MESSAGE,
        title="打「{level}」，对吗？",
        body="记下以后，办结前还能改。",
        spoken="您打的是：{level}。对不对？",
        help="对，就点「对，记下来」。不对，再选一次。",
        back="rating",
        icon="star",
        choices=(
            Choice(
                id="yes", label="对，记下来", say="就打这个分", icon="check", primary=True, act=Act.RATE, to="@rated"
            ),
            Choice(id="no", label="不对，重选", say="打得不对 | 重新打分", icon="arrow-counter-clockwise", to="rating"),
        ),
    ),
    Step(
        id="review_offer",
        journey=Journey.RATING,
        layout=Layout.MESSAGE,
        title="请人再查一遍吗？",
        body="打分记下了。这件事，可以换个人再查一遍。",
        help="这叫复核，是换个人再查。要不要都随您。",
        back="rating_comment",
        icon="users",
        choices=(
            Choice(
                id="yes",
                label="要，再查一遍",
                say="要再查 | 请人再查",
                icon="check",
                primary=True,
                act=Act.REVIEW,
                to="review_reason",
            ),
            Choice(id="no", label="不用查了", say="不查了", icon="arrow-right", to="rating_comment"),
        ),
    ),
    Step(
        id="review_reason",
        journey=Journey.RATING,
        layout=Layout.TYPE,
        title="哪里没办好？",
        body="写一句就行，不写也能查。",
        help="写好了，点「写好了」。不想写，也点「写好了」，一样请人再查。",
        takes=Input.TEXT,
        writes=Field.COMMENT,
        back="review_offer",
        privacy=Privacy.PRIVATE,
        choices=(
            written("review_done", act=Act.REVIEW),
            SPEAK,
            Choice(id="no", label="不用查了", say="不查了", act=Act.RATE, value="no-review", to="rating_done"),
        ),
    ),
    Step(
        id="rating_comment",
        journey=Journey.RATING,
        layout=Layout.TYPE,
        title="还想写两句吗？",
        body="打分记下了。好在哪里，差在哪里，都行。",
        help="写好了，点「写好了」。不想写，点「不写了」。",
        takes=Input.TEXT,
        writes=Field.COMMENT,
        back="rating_done",
        privacy=Privacy.PRIVATE,
        choices=(
            written("rating_done", act=Act.RATE),
            SPEAK,
            Choice(id="no", label="不写了", say="没什么写的 | 没什么说的", to="rating_done"),
        ),
    ),
    Step(
        id="rating_done",
        journey=Journey.RATING,
        layout=Layout.MESSAGE,
        title="打分记下了",
        body="谢谢您。办结前还能改。",
        help="想改，再拿回执来。线路断了也不要紧，通了就送。",
        icon="check",
        choices=(FINISH, CHANGE, HOME),
    ),
    Step(
        id="review_done",
        journey=Journey.RATING,
        layout=Layout.MESSAGE,
        title="记下了，请人再查",
        body="送到后，一天之内会有人看。",
        help="还用原来的回执查。线路断了也不要紧，通了就送。",
        icon="check",
        choices=(FINISH, CHANGE, HOME),
    ),
    Step(
        id="rating_not_yet",
        journey=Journey.RATING,
        layout=Layout.MESSAGE,
        title="还没答复，先不打分",
        body="等有了答复，再请您打分。",
        help="现在可以看看办到哪儿了。有话要说，再反映一次也行。",
        icon="hourglass-medium",
        choices=(
            replace(LOOK, primary=True),
            HOME,
        ),
    ),
    Step(
        id="rating_elsewhere",
        journey=Journey.RATING,
        layout=Layout.MESSAGE,
        title="请扫一扫回执上的码",
        body="这张是别处开的回执。扫了上面的码，就能打分。",
        help="不会扫，就请工作人员来。码在回执上，方方的。",
        icon="qr-code",
        choices=(
            person("请人来扫", "请人帮我扫", primary=True),
            HOME,
        ),
    ),
)
