"""How to reach a person: the call and how far it is, and what comes before everything else where there is danger.

Nobody is said to come before somebody has said so. What was being done stays as it is under all of this.
"""

from petition.script.answers import HOME
from petition.steps import CALL, RETURN, STAY, Act, Choice, Journey, Layout, Step

RESUME = Choice(
    id="resume",
    label="边等边办",
    say="接着办我的 | 我接着办",
    icon="arrow-right",
    primary=True,
    to=RETURN,
)
CANCEL = Choice(
    id="cancel", label="不用叫了", say="我自己会了 | 别叫人了", icon="x", act=Act.END_CALL, to="call_cancelled"
)
HERE = Choice(id="here", label="人来了", say="来人了 | 人已经到了", icon="hand-waving", act=Act.END_CALL, to=RETURN)
RING_HERE = Choice(
    id="bell", label="在这儿响铃", say="按铃吧 | 响铃叫", icon="bell-ringing", act=Act.RING_HERE, to=CALL
)
SEE_CALL = Choice(
    id="call", label="看人来不来", say="叫到人没有 | 快来人", icon="bell-ringing", primary=True, act=Act.RING, to=CALL
)
SAFE = Choice(id="safe", label="现在没危险", say="是以前的事 | 没事没事", icon="check", act=Act.NO_DANGER, to=RETURN)


def _danger(id_: str, title: str, body: str, spoken: str, help_: str, icon: str = "warning") -> Step:
    return Step(
        id=id_,
        journey=Journey.CALL_STAFF,
        layout=Layout.MESSAGE,
        title=title,
        body=body,
        spoken=spoken,
        help=help_,
        icon=icon,
        overlay=True,
        back=RETURN,
        read_choices=False,
        choices=(SEE_CALL, SAFE),
    )


def _alarm(id_: str, label: str, note: str, say: str, icon: str) -> Choice:
    return Choice(id=id_, label=label, note=note, say=say, icon=icon, act=Act.ALARM, value=id_, to=CALL)


STEPS = (
    Step(
        id="call_staff",
        journey=Journey.CALL_STAFF,
        layout=Layout.MESSAGE,
        title="正在叫工作人员",
        body="还没有人答应。有人答应，我就告诉您。您办的事都留着。",
        spoken="我在叫工作人员。还没有人答应，有人答应我就说。您办的事都留着。",
        help="一边等，一边能接着办。着急就请旁边的人帮您找。",
        icon="bell-ringing",
        overlay=True,
        back=RETURN,
        choices=(
            RESUME,
            Choice(id="ring", label="再响一次", say="再响铃 | 再叫一次", icon="bell-ringing", act=Act.RING, to=STAY),
            Choice(id="danger", label="有危险", say="很急很急 | 要出人命", icon="warning", to="danger_any"),
            CANCEL,
        ),
    ),
    Step(
        id="call_answered",
        journey=Journey.CALL_STAFF,
        layout=Layout.MESSAGE,
        title="{staff}答应了",
        body="说马上过来。您办的事都留着。",
        spoken="{staff}答应了，说马上过来。您办的事都留着。",
        help="您坐着等就好。一边等，一边能接着办。",
        icon="hand-waving",
        overlay=True,
        back=RETURN,
        choices=(
            RESUME,
            HERE,
            Choice(
                id="again",
                label="还没来，再叫",
                say="怎么还没来 | 没有人来",
                icon="bell-ringing",
                act=Act.CALL_AGAIN,
                to=CALL,
            ),
        ),
    ),
    Step(
        id="call_no_answer",
        journey=Journey.CALL_STAFF,
        layout=Layout.MESSAGE,
        title="还没有人答应",
        body="{called_line}也可以打 {hotline}。",
        help="可以一边等，一边接着办。着急就请旁边的人帮您找。",
        icon="bell-ringing",
        overlay=True,
        back=RETURN,
        choices=(RESUME, RING_HERE, CANCEL),
    ),
    Step(
        id="call_local_bell",
        journey=Journey.CALL_STAFF,
        layout=Layout.MESSAGE,
        title="这里在响铃",
        body="{unreached_line}附近有人，就听得见。也可以打 {hotline}。",
        spoken="{unreached_line}我就在这儿响铃。附近有人，就听得见。也可以打 {hotline}。您办的事都留着。",
        help="铃响着，您办的事都留着。没有人来，请旁边的人帮您找。",
        icon="bell-ringing",
        overlay=True,
        back=RETURN,
        choices=(
            RESUME,
            HERE,
            Choice(
                id="cancel",
                label="把铃关掉",
                say="不要响了 | 关掉铃声",
                icon="x",
                act=Act.END_CALL,
                to="call_cancelled",
            ),
        ),
    ),
    Step(
        id="call_cancelled",
        journey=Journey.CALL_STAFF,
        layout=Layout.MESSAGE,
        title="不叫了",
        body="刚才办的事都在。",
        help="想再叫，就点「叫工作人员」。什么时候叫都行。",
        icon="check",
        overlay=True,
        back=RETURN,
        choices=(
            Choice(id="resume", label="接着办", say="接着办我的", icon="arrow-right", primary=True, to=RETURN),
            HOME,
        ),
    ),
    _danger(
        "danger_fire",
        "着火、煤气：出去打 {fire_line}",
        "人先出去，到外面再打电话。别开灯，别打火。我已经在叫人。",
        "像是着火，或是煤气。人先离开，到外面打：{fire_line}。我已经在叫工作人员。没有危险，就{choose}：现在没危险。",
        "有手机，到外面打 {fire_line}。没有危险，就点「现在没危险」。",
    ),
    _danger(
        "danger_medical",
        "人不舒服：打 {medical_line}",
        "别动他，等医生。我已经在叫人。",
        "像是有人不舒服。请打急救电话：{medical_line}。我已经在叫工作人员。没有危险，就{choose}：现在没危险。",
        "打 {medical_line}，说清在哪里、怎么了。没有危险，就点「现在没危险」。",
    ),
    _danger(
        "danger_crime",
        "有人伤人：打 {crime_line}",
        "先躲开，再打电话。我已经在叫人。",
        "像是有人要伤人。先躲到安全的地方，再打：{crime_line}。我已经在叫工作人员。没有危险，就{choose}：现在没危险。",
        "打 {crime_line}，说清在哪里。没有危险，就点「现在没危险」。",
    ),
    _danger(
        "danger_self",
        "我叫人来陪您",
        "您先坐一会儿，我在叫人。也可以打 {care_line}，有人听您说。",
        "您的话，我听见了。您先坐一会儿，我在叫工作人员来。也可以打 {care_line}，有人听您说。身子难受，就打：{medical_line}。",
        "不想说话也可以。坐着等一等，我在叫人。",
        icon="heart",
    ),
    Step(
        id="danger_any",
        journey=Journey.CALL_STAFF,
        layout=Layout.LIST,
        title="有危险，先打电话",
        body="我已经在叫人。",
        spoken="着火，打：{fire_line}。病了、摔了，打：{medical_line}。有人伤人，打：{crime_line}。我在叫工作人员。",
        help="有手机，就打这三个号。没有手机，等一等，我在叫人。",
        overlay=True,
        back=RETURN,
        choices=(
            _alarm("fire", "着火或煤气", "打 {fire_line}", "着火了", "warning"),
            _alarm("medical", "人不舒服", "打 {medical_line}", "有人病了", "heart"),
            _alarm("crime", "有人伤人", "打 {crime_line}", "有人打人", "users"),
            SAFE,
        ),
    ),
)
