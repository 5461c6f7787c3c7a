"""Words that cannot wait: what somebody says or writes sounds like fire, illness, violence, or despair.

Nothing is decided by it but what is offered first: the number to phone, and a person. Who tells of last month's fire says
so with one answer, and is not asked again. What is certainly something else is passed over: a hotpot place, a phone call
wanted, drums in the square; and so is what has not happened, such as ice on which somebody might fall.
"""

import re
from collections.abc import Collection

from petition.model import Danger
from petition.simplified import simplified

_NOT_SO = "(?<!没)(?<!没有)(?<!不是)(?<!怕)(?<!易)(?<!会不会)(?<!防止)(?<!避免)(?<!预防)(?<!差点)(?<!差点儿)(?<!以防)"
"""Before a word: it has not happened."""
_NOT_FIRE = "(?!车|锅|炉|腿|灾|烧店|龙果)"
"""After 火: another word begins with it, 沿着火车道, 对着火锅店, 引起火灾."""
_GAS = "(?:煤气|天然气|燃气|瓦斯)"
_WHOSE = "(?:家|家里|办公室|单位|儿子|女儿|老伴|这个)"

SOUNDS_LIKE = {
    Danger.FIRE: (
        f"(?<!不)(?<!打){_NOT_SO}[着起失]火{_NOT_FIRE}",
        f"{_NOT_SO}冒烟",
        f"(?<!不)漏{_GAS}",
        f"{_NOT_SO}{_GAS}[在又正]?泄?漏(?!报警|警报|检测|探测|保护)",
        f"{_GAS}味",
        f"{_GAS}中毒",
    ),
    Danger.MEDICAL: (
        f"{_NOT_SO}[摔跌]倒",
        f"{_NOT_SO}[晕昏]倒",
        "昏过去",
        "喘不过气",
        "喘不上气",
        "[胸心]口[疼痛]",
        "吐血",
        f"(?<![其空当]){_NOT_SO}中风(?!险|筝|格|景|向|后|多年|好[几多]|[一二三四五六七八九十几两]+年)",
        "吃错药",
        "喝农药",
        "触电",
        f"{_NOT_SO}昏迷",
        "倒在地上",
        "心脏病犯",
        "[摔跌]了.{0,4}起不来",
    ),
    Danger.CRIME: (
        "(?<!不)(?<!不要)(?<!不许)(?<!不准)(?<!不能)(?<!别)打人(?![工民])",
        f"打我(?!{_WHOSE}?的?(?:电话|手机|座机|号码))",
        "拿刀",
        "抢劫",
        "抢东西",
        "要杀(?![虫毒菌鼠蟑价草鸡鱼])",
    ),
    Danger.SELF: (
        "不想活(?!动)",
        "自杀",
        "活不下去",
        "想死(?!你|我)",
        "跳楼(?!价|机|甩)",
        "割腕",
        "(?<![年减])轻生(?![活意产])",
        "寻死",
    ),
    Danger.UNNAMED: ("救命(?!恩|钱|稻草|药|之恩)",),
}
"""In Simplified characters, as regular expressions; what is written in Traditional ones is turned first."""
_THINGS = (
    "trees?|walls?|tiles?|signs?|branch(?:es)?|fences?|boards?|lights?|lamps?|bricks?|poles?|roofs?|ceilings?|plaster|posts?|"
    "bikes?|bicycles?|shelves|shelf|railings?"
)
_ENGLISH = {
    Danger.FIRE: (
        r"\bon fire\b(?!\W+(?:lanes?|escapes?|exits?|roads?|doors?|routes?|access|safety|drills?|hydrants?|engines?))",
        "gas leak",
        "gas is leaking",
        "smell gas",
        "smell of gas",
    ),
    Danger.MEDICAL: (
        "cannot breathe",
        "can['’]t breathe",
        "chest pain",
        r"\bfainted\b",
        rf"(?:^|[^\w\s]\s*|\b(?!(?:{_THINGS})\b)\w+\s+)fell down\b",
    ),
    Danger.CRIME: (
        r"\brobbed\b",
        "has a knife",
        r"\bhits? me\b",
        r"\bbeating\b(?!\W+(?:(?:the|a|of|on|their)\W+)*(?:drum|gong|carpet|rug|egg))",
    ),
    Danger.SELF: ("kill myself", r"\bsuicide\b(?! prevention)", "want to die"),
    Danger.UNNAMED: (r"\bhelp me\b.{0,3}!",),
}
_NOT_YET = re.compile("(?:怕|担心|防止|以免|免得|避免|小心).{0,5}?[摔跌晕昏滑]倒")
"""What somebody fears for later is a petition, not a call."""
_CHINESE_WORDS = {danger: re.compile("|".join(sounds)) for danger, sounds in SOUNDS_LIKE.items()}
_ENGLISH_WORDS = {danger: re.compile("|".join(sounds), re.MULTILINE) for danger, sounds in _ENGLISH.items()}


def danger_in(words: str, but: Collection[Danger] = ()) -> Danger | None:
    """Return what words sound like, None for nothing that cannot wait, or nothing else than what was offered (`but`)."""
    plain = _NOT_YET.sub("", "".join(simplified(words).split()))
    lowered = words.lower()
    for danger, sounds in _CHINESE_WORDS.items():
        found = sounds.search(plain) or _ENGLISH_WORDS[danger].search(lowered)
        if found and danger not in but:
            return danger
    return None


_KIN = (
    "(?:儿子|儿媳|媳妇|女儿|闺女|女婿|老公|丈夫|老婆|老头|老伴|孙子|孙女|子女|儿女|孩子|亲戚|保姆|护工|家里人|养老院)"
)
_NEAR = "[^，。！？；]{0,6}"
"""In the same breath."""
_GIVES_WAY = "(?:梁|墙|杆|树|房子|楼|桥|炉|电池|生意|店|公司|系统|软件|网站|程序)"
_NOT_OF_PEOPLE = re.compile(
    f"(?:电话|投诉|反映|热线|窗口|物业|社区){_NEAR}没有?人(?:理|管|问)我"
    "|(?:孩子|小孩|娃|宝宝|婴儿)(?:天天|整天|老是?|半夜)哭"
    f"|[吵闹震热]得{_NEAR}(?:崩溃|疯)"
    f"|{_GIVES_WAY}{_NEAR}(?:[撑熬扛顶]不|崩溃|垮|不行了)"
    "|崩溃的样子"
)
"""What is said of a neighbour's child, of a beam, or of an office that doesn't answer."""
_DISTRESS_WORDS = {
    "despair": (
        *SOUNDS_LIKE[Danger.SELF],
        "不(?:知道|晓得)该?(?:怎么|咋个?|怎样)办(?:了|才好|是好)",
        "走投无路|绝望|生不如死|心灰意冷|家破人亡|抑郁|跪下|没脸见人|活[够腻]了|不想过了|受罪|眼一闭|等死",
        f"死了(?:算了|干净|拉倒)|[快要]崩溃|[没无]有?(?:活路|盼头|指望)|(?:盼头|指望)都没|这辈子{_NEAR}完了|走到头了",
        "活着(?:还|真)?(?:没|有)?(?:什么|啥)?(?:意思|劲)|日子(?:真|实在)?(?:没法|过不下去|咋过|怎么过)",
        f"没有?一天{_NEAR}(?:好|安生|舒心)|[叫让盼咒等]我(?:去|早点?)?死|死在(?:屋|家|床)|愁[死白]|救救我(?!们)",
        "心里(?:难受|难过|堵得|苦|憋屈|委屈|害怕)",
    ),
    "tears": (
        "(?:天天|整天|老是|夜里|偷偷|一个人|自己)(?:在[^，。！？；]{1,3})?哭|想哭|以泪洗面|哭了(?:一|半|好几)[天夜晚宿]",
        "眼泪就?(?:往下|直|止不住)|[掉抹]眼?泪",
    ),
    "fear": (
        "不敢(?:回家|进家|在家|一个人)|门都不敢|担惊受怕|提心吊胆过|怕得发抖|害怕得|躲着[他她儿女]|逼疯|逼得我",
        f"(?:威胁|恐吓|跟踪|害死?|害了)我(?!们)|[追逼]着?债|高利贷|要债的{_NEAR}我",
    ),
    "loneliness": (
        "没有?(?:个|一个)?人来?(?:管|要|理|疼|陪|问|看|照顾|照看|伺候)(?:我|俺)(?!们(?!老)|家|的|反映|投诉|说)",
        "没有?(?:个|一个)?人(?:疼|关心|心疼|在乎|惦记|搭理)|(?:骨头|老了|婆子|老头)没人要|没人送终|死了都?没人",
        "没有?(?:个|一个)?人[跟和陪同]我说|没[跟和]别?人说过?[一半]?[句个]?话|说话的人都没|没个说话|四面墙",
        "(?:就|只)剩下?(?:我|俺)(?:一个|自己|孤)|冷冷清清|冷清得|孤零零|孤苦|孤单|寂寞|孤独(?!症)|无依无靠",
        f"(?:{_KIN}|他们?){_NEAR}[不没](?:管|要|养|赡养|来看)(?:我|俺)|{_KIN}{_NEAR}(?:不理我|指望不上)|没登过?门",
        "累赘|(?:拖累|连累)(?:孩子|儿|女|家|他|你|老)",
        "无家可归|没地方住|没地方去了|睡(?:大街|桥洞|马路)",
    ),
    "abuse": (
        "打(?:我|俺)(?!们|家|[^，。！？；]{0,8}(?:电话|手机|座机|号码))|[他她儿子媳妇]打的|打得我|挨[了过]?打|挨骂",
        f"酒{_NEAR}动手|身上{_NEAR}是伤|家暴|虐待(?!动物|小动物|[^，。！？；]{{0,2}}[猫狗])",
        f"(?:{_KIN}|他们?|她){_NEAR}(?:掐|踢|推|饿|欺负|糟践|赶|锁|绑)(?:我|俺)|{_KIN}{_NEAR}(?:骂|嫌)(?:我|俺)",
        f"(?:{_KIN}|他们?|她){_NEAR}把(?:我|俺){_NEAR}(?:锁|关|绑|赶|推|打)|我[被让]{_NEAR}{_KIN}{_NEAR}[打骂骗赶锁推]",
        f"(?:{_KIN}|他们?|她){_NEAR}[把抢拿骗占]{_NEAR}我的?(?:存折|退休金|养老金|养老钱|工资卡|钱|房子)",
        f"不让我(?:吃|上桌|进门|进屋|出门|回家)|看[儿媳女他]{_NEAR}脸色",
    ),
    "hunger": (
        "没有?钱(?:吃饭|买米|买菜|看病|治病|买药|过冬)|(?:买菜|买米|吃饭|看病|买药)的?钱都没",
        "揭不开锅|没米下锅|断粮|没吃没喝|上顿没下顿|饿肚子|饿了[一二两三几好]+[天顿餐]|饿得(?:慌|头|睡|没|发)",
        f"不给我?(?:饭吃|吃饭|吃的)|吃不[上起]饭|[天日][就只]+吃[得到]?一[顿餐]|没有?(?:饭吃|吃的了)|米缸{_NEAR}空",
        f"喝不上{_NEAR}水|就(?:着)?咸菜|剩馒头|给我吃{_NEAR}[剩馊]",
    ),
    "no strength left": (
        "[撑熬]不(?:下去|了多|过去|到)|[撑熬]几天|扛不住|[我快](?:都|快要?|要)?垮了|我[也都]?快不行了",
        f"活得[太真好]*[累苦]|命[太真好]*苦|[我人][都也]?[快要]+疯了|力气都没|没有?力气(?:活|过|撑)|[急愁]得{_NEAR}吃不下",
    ),
}
"""In Simplified characters, as regular expressions."""
_DISTRESS_ENGLISH = re.compile(
    r"don['’]?t know what (?:else )?to do(?: any ?more|\s*(?:[.!]|$))"
    r"|\bno(?:body|\s?one) (?:cares (?:about|for)|looks after|takes care of|visits|talks to|comes to see|wants) me\b"
    r"|\b(?:i am|i['’]m|feel|so) (?:so |very |all )?(?:lonely|alone|desperate|hopeless|starving)\b|\ball alone\b"
    r"|\bi (?:\w+ )?cry (?:every|all)|\bi can(?:['’]?t|not) (?:go on|take (?:it|this) any ?more|cope)"
    r"|\b(?:took|takes|taken|steals?|stole) (?:all )?my (?:pension|savings)|\bhave (?:nobody|no one)\b"
    r"|\bno (?:money (?:for|to buy) (?:food|medicine|rent)|food left)|\bnothing to eat\b|\bha(?:ve|d|s) not eaten\b"
    r"|\b(?:i|we) (?:go|are going|am|are) hungry\b|\bhaven['’]?t eaten\b|\babused by\b|\bfollows me\b"
    r"|\b(?:beats?|hits?|slaps?|kicks?|abuses?|threatens?|locks?|starves?) me\b|\bburden (?:to|on) (?:my|them|every)"
    r"|\b(?:afraid|scared|frightened) (?:to go home|at home|of my)\b|\bend of my (?:rope|tether|strength)\b"
    r"|kill myself|\bwant to die\b",
    re.MULTILINE,
)
_DISTRESS = re.compile("|".join(sign for signs in _DISTRESS_WORDS.values() for sign in signs))


def in_distress(words: str) -> bool:
    """Return whether words sound of despair, fear, loneliness, abuse, hunger, or of somebody who can't go on.

    It is for people to look at such a petition first; nothing else follows from it. Immediate danger is `danger_in`'s,
    but who despairs of life is in distress as well.
    """
    plain = _NOT_OF_PEOPLE.sub("", "".join(simplified(words).split()))
    return bool(_DISTRESS.search(plain) or _DISTRESS_ENGLISH.search(words.lower()))
