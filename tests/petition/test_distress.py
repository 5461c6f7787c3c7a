"""What marks a petition for people to see first, and what only sounds as if somebody were in distress."""

import tomllib
from pathlib import Path

import pytest

from petition.danger import danger_in, in_distress

DATA = Path(__file__).parent / "data"
SAID = {
    "despair": (
        "我真的不知道怎么办了",
        "走投无路了才来找你们",
        "这日子没法过了",
        "活着还有什么意思",
        "我现在一点盼头都没有",
        "我都快崩溃了",
        "有时候想想，死了算了",
        "老头子走了以后，我覺得活著沒意思",
        "我不晓得该咋办才好了，求求你们",
        "我不想活了",
    ),
    "crying": (
        "我天天哭，眼睛都哭坏了",
        "她一个人在屋里偷偷哭",
        "這半年我天天以淚洗面",
        "一说起来眼泪就往下掉",
    ),
    "fear": (
        "我现在不敢回家，怕他",
        "他威胁我，说要把我赶出去",
        "天天担惊受怕的，夜里门都要顶上",
        "兒子一喝酒我就害怕得發抖",
        "有人跟踪我好几天了",
    ),
    "loneliness": (
        "我一个人住，没人管我",
        "儿女都不管我，电话也不打一个",
        "没有人来看我，过年也是一个人",
        "一天到晚没人跟我说话",
        "孤零零的一个老婆子",
        "他们嫌我是累赘",
        "我就怕拖累孩子",
        "沒有人照顧我，病了也是自己熬",
        "我太孤独了",
    ),
    "abuse": (
        "儿子打我",
        "儿媳妇天天骂我老不死的",
        "保姆掐我，胳膊都青了",
        "女婿把我锁在屋里",
        "他把我的存折拿走了，一分钱不给",
        "孙子不给我饭吃",
        "養老院的人虐待老人",
        "老公家暴我三十年了",
        "闺女把我赶出来了",
        "儿子抢我的退休金去赌",
    ),
    "hunger": (
        "没钱吃饭了",
        "家里揭不开锅了",
        "已经饿了两天了",
        "一天就吃一顿，菜叶子都是捡的",
        "老两口沒錢買藥，就這麼拖著",
        "吃不上饭了",
    ),
    "the end of one's strength": (
        "我照顾老伴十年了，实在撑不下去了",
        "我熬不下去了",
        "我快要垮了",
        "伺候瘫痪的儿子，我这身子骨真的扛不住了",
        "我活得太累了",
        "我的命真苦啊",
    ),
    "English": (
        "I don't know what to do any more",
        "Nobody cares about me",
        "My son beats me",
        "I have no money for food",
        "I cry every night",
        "I am so lonely since my wife died",
        "I can’t go on like this",
        "I am afraid to go home",
        "My daughter locks me in my room",
        "I feel like a burden to my children",
    ),
    "told in other words": (
        "我这把老骨头没人要了",
        "孩子们都在外头，一年也不来一个电话，我心里难受",
        "儿媳妇不让我上桌吃饭",
        "他动手打我好几回了",
        "晚上睡不着就一个人掉眼泪",
        "我也不晓得还能撑几天",
        "米缸都空了",
        "老伴走了，我也不想过了",
        "我怕他打我，不敢吭声",
        "女儿把我的退休金卡拿走了，不还给我",
        "吃了上顿没下顿",
        "我活够了",
        "没有一个人关心我",
        "我要被逼疯了",
        "家里就剩我一个，冷清得很",
        "I feel so alone",
        "My husband hits me when he drinks",
        "He took all my pension and I have nothing to eat",
        "I can't cope any more",
        "我瘫在床上，一天都喝不上一口水",
        "儿子好几年没登过门了",
        "我这辈子算是完了",
        "没吃没喝的，咋活呀",
        "一个孤老婆子，死在屋里都没人知道",
        "他喝了酒就动手",
        "身上到处是伤，都是他打的",
        "我现在连买菜的钱都没有",
        "头发都愁白了",
        "家破人亡了",
        "心里苦，没处说",
        "我儿媳妇指着鼻子骂我，叫我去死",
        "没有一天是好过的",
        "我都跪下求他了",
        "天天躲着他，门都不敢开",
        "两个月没跟人说过一句话",
        "眼一闭就好了，省得受罪",
        "老伴打我打了一辈子",
        "孫子拿我的錢去賭，我沒錢吃飯",
        "兒女都不理我",
        "I have nobody in this world",
        "He hits me and takes my money",
        "I am scared of my son",
        "I have not eaten for two days",
        "我都八十多了，儿女一个都指望不上",
        "他们合起伙来欺负我一个老太婆",
        "我真是走到头了",
        "老伴病成那样，我也快不行了，谁来帮帮我",
        "天天吃剩馒头就咸菜",
        "我被亲儿子骗走了房子，现在没地方住",
        "没脸见人了",
        "夜里老觉得有人要害我",
        "孙女三天没回家了，我急得吃不下饭",
        "我儿子把我推倒在地上",
        "连个说话的人都没有",
        "每天对着四面墙",
        "他不让我出门，手机也收走了",
        "活着就是受罪",
        "我实在没办法了，一点力气都没有了",
        "儿子嫌我脏，不让我进屋",
        "媳妇给我吃馊饭",
        "I am frightened of my neighbour, he follows me",
        "Please help, I have no food left",
        "My carer slaps me",
    ),
}
NOT_SAID = (
    "电视里那个人就会卖哭惨",
    "花坛里的花都死了",
    "饿了么外卖的电动车乱停",
    "楼道灯坏了没人管",
    "没人管我们小区的垃圾",
    "没人管我家漏水的事",
    "反映了三次都没人理我",
    "打电话过去没人理我",
    "不知道怎么办理老年证",
    "残疾证不知道怎么办",
    "楼上孩子天天哭，吵得睡不着",
    "隔壁小孩整天哭闹",
    "噪音太大，实在受不了",
    "吵得我快疯了",
    "系统老是崩溃，办不了",
    "房梁撑不住了，快修",
    "生意撑不下去了，想问问减租",
    "孤独症孩子的补贴",
    "有人虐待流浪猫",
    "骗子天天打我电话",
    "他打我手机我没接着",
    "出租车嫌我老不拉",
    "井盖没了，太吓人",
    "老太太害怕走那条黑路",
    "柳絮太多，不敢开窗",
    "物业骂人，态度差",
    "没钱修电梯是物业的借口",
    "卡里没钱了，怎么充值",
    "学校的饭吃不饱",
    "孩子没吃的零食别带进来",
    "这个药吃不完能退吗",
    "一个人可以办几张老年卡",
    "我儿子在打工，女婿开车",
    "饿了就去老年食堂吃",
    "路灯杆快倒了",
    "我没用过这个机器",
    "邻居打孩子",
    "树快枯死了，没人浇水",
    "我想表扬小王，感动得我眼泪都出来了",
    "不知道这个月什么时候发养老金",
    "他骂我停车停得不对",
    "锅炉扛不住，一降温就停暖",
    "下水道堵了，快要崩溃的样子",
    "老房子快垮了，能不能修",
    "停水停得日子都不方便",
    "我不知道窗口在哪儿",
    "狗天天追我，吓了一跳",
    "小区没有活动室，老人没地方说话下棋",
    "拆迁办把我的材料拿走了，没给回执",
    "How do I apply for a bus card?",
    "Nobody repairs the lamp",
    "The lift is broken and I live alone on the ninth floor",
    "The baby next door cries every night",
    "I don't know what to do with the old batteries",
    "The dog next door is always hungry and barks",
    "The bus driver shouted at a passenger",
    "I have no money on my card",
)

NEVER_TUNED_WITH = {
    True: (
        "我一个老太婆，饭都做不动了，三天两头饿着",
        "儿子把房子卖了，我没地方住了",
        "他天天打骂我，我这日子怎么过啊",
        "老伴去世以后家里就我一个人，静得吓人，我害怕",
        "两个儿子踢皮球，谁也不肯养我",
        "我现在吃药的钱都凑不出来",
        "闺女说我死了才干净",
        "我心里憋得慌，没个人说说",
        "被人骗光了积蓄，我真想一头撞死",
        "护工嫌我尿床，用绳子把我绑在床上",
        "我怕活不到过年了，没人给我收尸",
        "隔壁那个男的半夜敲我门，我吓得不敢睡",
        "媳妇当着面说我是吃白饭的",
        "我跪着求他们别赶我走",
        "孙子有病，我一个人拉扯他，实在没力气了",
        "他把我的手机摔了，不准我跟人联系",
        "我好几天没吃上一顿热饭",
        "人老了就是遭罪，还不如早点走",
        "天天以泪洗面，谁来可怜可怜我",
        "我一想起来就掉眼泪，吃不下睡不着",
        "兒子好久不來看我，我心裡好難過",
        "我老公一喝酒就打我",
        "屋企得我一個人，好孤單",
        "冇錢食飯，餓咗兩日",
        "媳婦不給我吃飯，還罵我",
        "I feel hopeless and alone",
        "My son took my pension and I have no money for food",
        "My husband threatens me every day",
        "Nobody visits me, I talk to the walls",
        "I just cannot cope with this any longer",
    ),
    False: (
        "老伴骂我买菜买贵了，你们管管菜价",
        "儿子给我买的手机不会用",
        "孩子在学校没人管，老师不负责",
        "我怕狗，能不能让他们拴绳",
        "楼上打孩子，孩子哭得厉害",
        "打我们社区的电话没人接",
        "我家没人，快递放哪儿",
        "水管冻裂了，没地方接水",
        "这个政策太复杂了，我看不懂",
        "公园没地方坐，老人站着累",
        "食堂的饭不够吃，去晚了就没了",
        "心里话想跟你们书记说说",
        "买的鱼死了，不给退",
        "他拿我的钱没开发票",
        "门锁坏了，不敢出门",
        "工地打桩打得我头疼",
        "没钱也能上老年大学吗",
        "儿女孝顺，我就想表扬社区",
        "孤寡老人体检怎么报名",
        "暖气冷得要命",
        "排队等得我快饿死了",
        "路太黑，吓得我一跳",
        "活动室天天关门，没意思",
        "网络不好，急得很",
        "邻居家狗死了，埋在花坛里",
        "把我家的车位占了",
        "隔壁吵架打人，影响我们睡觉",
        "The bus driver would not let me sit down",
        "I am alone at the counter, where is the clerk?",
        "My dog cries when I go out",
    ),
}
"""Written when the words stood, and not looked at since: what is found of what nobody thought of."""


@pytest.mark.parametrize("words", [words for group in SAID.values() for words in group])
def test_what_people_should_see_first_is_marked(words: str) -> None:
    assert in_distress(words)


@pytest.mark.parametrize("words", NOT_SAID)
def test_what_only_sounds_like_it_is_not(words: str) -> None:
    assert not in_distress(words)


def test_about_half_is_found_of_what_nobody_thought_of_and_little_is_marked_in_error() -> None:
    found = {right: sum(map(in_distress, texts)) for right, texts in NEVER_TUNED_WITH.items()}

    assert found[True] >= 12  # 14 of 30 when it was written
    assert found[False] <= 6  # 4 of 30, and those were chosen to be taken for it


def test_hardly_any_common_petition_is_marked() -> None:
    held_out = tomllib.loads((DATA / "held_out_petitions.toml").read_text("utf-8"))
    marked = [
        text for texts in (held_out["nothing"], *held_out["fits"].values()) for text in texts if in_distress(text)
    ]

    assert 1 <= len(marked) <= 8  # 3 of 408: two of them rightly


def test_marks_blanks_and_what_stands_around_change_nothing() -> None:
    assert in_distress("物业费涨了，楼道灯也不亮。还有啊，我 一个 人，没 人 管 我。路灯也坏了")
    assert not in_distress("")
    assert not in_distress("没钱，吃饭的地方太远")  # two thoughts are not read as one


def test_a_hostile_text_takes_no_time_to_speak_of() -> None:
    assert not in_distress("儿子天天" * 5_000)
    assert not in_distress("儿子" + "动不动就老是喝酒就" * 2_000)
    assert not in_distress("电话" * 10_000)


def test_distress_is_not_danger_and_offers_no_number() -> None:
    assert danger_in("儿女都不管我，我天天哭") is None
