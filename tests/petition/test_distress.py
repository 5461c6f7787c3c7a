"""What marks a petition for people to see first, and what only sounds as if somebody were in distress."""

import pytest

from petition.danger import danger_in, in_distress

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


@pytest.mark.parametrize("words", [words for group in SAID.values() for words in group])
def test_what_people_should_see_first_is_marked(words: str) -> None:
    assert in_distress(words)


@pytest.mark.parametrize("words", NOT_SAID)
def test_what_only_sounds_like_it_is_not(words: str) -> None:
    assert not in_distress(words)


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
