"""Journey 8: the staff desk. It lies over the visit, shows nothing that a resident said, and closes by itself.

It is touched and keyed, not spoken to: whoever stands in the hall must not open it or print by voice.
"""

from petition.script.answers import keyed
from petition.steps import (
    RETURN,
    STAY,
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

CLOSE = Choice(id="close", label="退出工作台", icon="door-open", primary=True, act=Act.CLOSE_DESK, to=RETURN)
BACK = Choice(id="desk", label="回工作台", icon="arrow-left", to="staff_home")


def _refused(id_: str, title: str, body: str, help_: str, *choices: Choice) -> Step:
    return Step(
        id=id_,
        journey=Journey.STAFF,
        layout=Layout.MESSAGE,
        title=title,
        body=body,
        help=help_,
        icon="warning",
        overlay=True,
        back=RETURN,
        may_idle=False,
        choices=choices,
    )


LEAVE = Choice(id="leave", label="回到居民那页", icon="arrow-right", primary=True, act=Act.CLOSE_DESK, to=RETURN)
AGAIN = Choice(id="again", label="重新按", icon="arrow-counter-clockwise", primary=True, to="staff_pin")

STEPS = (
    Step(
        id="staff_pin",
        journey=Journey.STAFF,
        layout=Layout.DIGITS,
        title="工作人员请按密码",
        body="居民请点「返回」。",
        help="按错了，点「退一格」。您不是工作人员，就点「返回」。",
        takes=Input.DIGITS,
        writes=Field.PIN,
        overlay=True,
        back=RETURN,
        privacy=Privacy.MASKED,
        read_choices=False,
        may_idle=False,
        choices=(
            keyed("staff_home", say=""),
            Choice(id="leave", label="不是工作人员", icon="arrow-left", act=Act.CLOSE_DESK, to=RETURN),
        ),
    ),
    _refused(
        "staff_wrong",
        "密码对不上",
        "还能试{tries}次，再错要等一等。",
        "密码是您自己的。忘了，请管理员重设。",
        AGAIN,
        Choice(id="leave", label="回到居民那页", icon="arrow-left", act=Act.CLOSE_DESK, to=RETURN),
    ),
    _refused(
        "staff_locked",
        "工作台先锁上了",
        "{minutes}分钟后再试。居民照常能用。",
        "密码错了几次，先锁一会儿。着急请找管理员。",
        LEAVE,
    ),
    _refused(
        "staff_unset",
        "还没有设密码",
        "请管理员先设一个，工作台才打得开。",
        "怎么设，安装说明里有。居民照常能用。",
        LEAVE,
    ),
    _refused(
        "staff_fault",
        "工作台现在打不开",
        "机器满了，或者出了毛病。请找管理员。",
        "不是密码的事，是机器的事。居民的事都在，丢不了。",
        LEAVE,
    ),
    Step(
        id="staff_home",
        journey=Journey.STAFF,
        layout=Layout.LIST,
        title="工作台",
        body="{waits_line}",
        help="居民那一页留着，退出就回去。两分钟没人用，会自己关上。",
        overlay=True,
        back=RETURN,
        may_idle=False,
        choices=(
            Choice(id="receipts", label="打回执", icon="printer", to="staff_receipts"),
            Choice(id="queue", label="等着送的", icon="hourglass-medium", to="staff_queue"),
            Choice(id="parts", label="机器好不好", icon="magnifying-glass", to="staff_parts"),
            CLOSE,
        ),
    ),
    Step(
        id="staff_receipts",
        journey=Journey.STAFF,
        layout=Layout.LIST,
        title="打哪几张回执？",
        body="{picked_line}",
        help="点一下选上，再点去掉，能选好几张。打过的再打，会印上是第几次补打。",
        overlay=True,
        back="staff_home",
        may_idle=False,
        read_choices=False,
        source=Source.RECEIPTS,
        choices=(
            Choice(id="next", label="看更早的", icon="arrow-right", act=Act.NEXT_PAGE, to=STAY, when=When.MORE_PAGES),
            Choice(id="number", label="按号码找", icon="magnifying-glass", to="staff_number"),
            BACK,
            Choice(
                id="print",
                label="打选好的",
                icon="printer",
                primary=True,
                act=Act.PRINT_PICKED,
                to=STAY,
                when=When.PICKED,
            ),
        ),
    ),
    Step(
        id="staff_number",
        journey=Journey.STAFF,
        layout=Layout.DIGITS,
        title="请按回执号码",
        body="在居民手里的纸上，一共十二位。",
        help="一组四位，慢慢按。没有号码，就按时间找。",
        takes=Input.DIGITS,
        writes=Field.DESK_NUMBER,
        overlay=True,
        back="staff_receipts",
        may_idle=False,
        read_choices=False,
        choices=(
            keyed("staff_receipts", say=""),
            Choice(id="list", label="按时间找", icon="arrow-left", to="staff_receipts"),
        ),
    ),
    _refused(
        "staff_no_receipt",
        "这里没有这张回执",
        "号码可能看岔了，或者是别的机器开的。",
        "三十天以前的，这里也不留了。再看看纸上的号码。",
        Choice(id="again", label="重新按", icon="arrow-counter-clockwise", primary=True, to="staff_number"),
        BACK,
    ),
    Step(
        id="staff_queue",
        journey=Journey.STAFF,
        layout=Layout.MESSAGE,
        title="等着送的",
        body="{waits_line}{queue_line}",
        help="这里只有号码和时间，看不见居民说的话。点「再送一次」，就都再试一遍。",
        overlay=True,
        back="staff_home",
        may_idle=False,
        read_choices=False,
        choices=(
            Choice(id="again", label="再送一次", icon="arrow-counter-clockwise", act=Act.SEND_AGAIN, to=STAY),
            BACK,
        ),
    ),
    Step(
        id="staff_parts",
        journey=Journey.STAFF,
        layout=Layout.MESSAGE,
        title="机器好不好",
        body="{parts_line}",
        help="每样都写着怎么弄。弄好了，点「再查一遍」。",
        overlay=True,
        back="staff_home",
        may_idle=False,
        read_choices=False,
        choices=(
            Choice(id="again", label="再查一遍", icon="arrow-counter-clockwise", act=Act.LOOK_AGAIN, to=STAY),
            BACK,
        ),
    ),
)
