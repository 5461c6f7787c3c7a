"""Words that cannot wait: what somebody says or writes sounds like fire, illness, violence, or despair.

Nothing is decided by it but what is offered first: the number to phone, and a person. Who tells of last month's fire says
so with one answer, and is not asked again. What is certainly something else is passed over: a hotpot place, a phone call
wanted, drums in the square; and so is what has not happened, such as ice on which somebody might fall.
"""

import re
from collections.abc import Collection

from petition.model import Danger

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
        f"{_NOT_SO}{_GAS}[在又正]?[泄洩]?漏(?!报警|警报|检测|探测|保护)",
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
_SIMPLIFIED = str.maketrans(
    "著煙氣暈過風藥殺搶東錯輕尋沒會預險減蟲價電話機車鍋爐災龍當臺後動產雞魚",
    "着烟气晕过风药杀抢东错轻寻没会预险减虫价电话机车锅炉灾龙当台后动产鸡鱼",
)
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
    plain = _NOT_YET.sub("", "".join(words.translate(_SIMPLIFIED).split()))
    lowered = words.lower()
    for danger, sounds in _CHINESE_WORDS.items():
        found = sounds.search(plain) or _ENGLISH_WORDS[danger].search(lowered)
        if found and danger not in but:
            return danger
    return None
