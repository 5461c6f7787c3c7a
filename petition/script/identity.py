"""Who somebody is, only as far as they want: a name, a number of the identity card. Without either it is as good."""

from petition.model import Sensitive
from petition.script.answers import consent, decline, keyed, written
from petition.steps import (
    AGENT_NAME,
    IDENTITY,
    NAMED,
    REVIEW,
    STAY,
    Act,
    Choice,
    Field,
    Input,
    Journey,
    Layout,
    Privacy,
    Step,
    When,
)


def name_step(id_: str, field: Field, title: str, body: str, help_: str, back: str, *, journey: Journey) -> Step:
    """Return a step on which a name is written, somebody's own or another's; it may be left out."""
    return Step(
        id=id_,
        journey=journey,
        layout=Layout.TYPE,
        title=title,
        body=body,
        spoken=f"{title}{body}不想写，就{{choose}}：先不写。",
        help=help_,
        takes=Input.TEXT,
        writes=field,
        back=back,
        privacy=Privacy.MASKED,
        read_choices=False,
        choices=(
            written(NAMED, "我写完了 | 名字写完了"),
            Choice(id="skip", label="先不写", say="名字先不写", icon="arrow-right", act=Act.DROP_NAME, to=NAMED),
        ),
    )


STEPS = (
    Step(
        id="who",
        journey=Journey.REPORT_VOICE,
        layout=Layout.LIST,
        title="想留下姓名吗？",
        body="不留也行，一样有人看。",
        help="留了，有事好找您。想改，点一下那一样。",
        back="details",
        privacy=Privacy.MASKED,
        choices=(
            Choice(
                id="name",
                label="姓名",
                note="{name_note}",
                say="留个姓名",
                icon="user",
                to="own_name",
                when=When.FOR_ONESELF,
            ),
            Choice(
                id="principal",
                label="本人姓名",
                note="{principal_note}",
                icon="user",
                to="proxy_name",
                when=When.FOR_ANOTHER,
            ),
            Choice(
                id="agent",
                label="您的姓名",
                note="{agent_note}",
                say="代办的姓名",
                icon="users",
                to=AGENT_NAME,
                when=When.BY_FAMILY,
            ),
            Choice(
                id="id",
                label="身份证号",
                note="{id_note}",
                say="留身份证",
                icon="identification-card",
                to=IDENTITY,
            ),
            Choice(id="done", label="就这样", say="不改了 | 好了", icon="check", primary=True, to=REVIEW),
        ),
    ),
    name_step(
        "own_name",
        Field.NAME,
        "您怎么称呼？",
        "只给办事的人看。",
        "写个姓也行。不想留，点「先不写」。",
        "who",
        journey=Journey.REPORT_TYPING,
    ),
    Step(
        id="id_consent",
        journey=Journey.REPORT_VOICE,
        layout=Layout.MESSAGE,
        title="留身份证号，可以吗？",
        body="号码只给办事的人看，用来查对。\n办完再留{keep_time}，到期就删。\n不留，这件事一样能交。",
        spoken="号码只给办事的人看，用来查对。办完再留{keep_time}，到期就删。不留，这件事一样能交。",
        help="办有些事，要查对是不是本人。拿不准，就先不留。",
        icon="identification-card",
        back="who",
        privacy=Privacy.PRIVATE,
        choices=(
            consent(Sensitive.ID_NUMBER, "可以，我来留", "可以留", "id_number"),
            decline(Sensitive.ID_NUMBER, "不留号码", "我不留", "who"),
        ),
    ),
    Step(
        id="id_number",
        journey=Journey.REPORT_VOICE,
        layout=Layout.DIGITS,
        title="请按身份证号",
        body="{card_line}一共十八位，老证十五位。",
        spoken="请一位一位，{key}身份证号。不想留，就{choose}：不留了。",
        help="按错了，点「退一格」。最后一位是叉，点「末位是叉」。",
        takes=Input.DIGITS,
        writes=Field.ID_NUMBER,
        back="who",
        privacy=Privacy.MASKED,
        read_choices=False,
        choices=(
            keyed("who"),
            Choice(id="x", label="末位是叉", say="最后是叉", icon="x", act=Act.ADD_X, to=STAY),
            Choice(id="skip", label="不留了", say="我不留了", icon="arrow-right", act=Act.DROP_ID, to="who"),
        ),
    ),
)
