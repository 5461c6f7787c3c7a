"""Words that cannot wait: what somebody says or writes sounds like fire, illness, violence, or despair.

Nothing is decided by it but what is offered first: the number to phone, and a person. Who tells of last month's fire says
so with one answer, and is not asked again.
"""

from petition.model import Danger

SOUNDS_LIKE = {
    Danger.FIRE: (
        "着火",
        "起火",
        "失火",
        "冒烟",
        "漏煤气",
        "煤气漏",
        "煤气味",
        "煤气中毒",
        "漏天然气",
        "天然气漏",
        "瓦斯漏",
        "漏瓦斯",
    ),
    Danger.MEDICAL: (
        "摔倒",
        "晕倒",
        "昏倒",
        "昏过去",
        "喘不过气",
        "喘不上气",
        "胸口疼",
        "胸口痛",
        "心口疼",
        "吐血",
        "中风",
        "吃错药",
    ),
    Danger.CRIME: ("打人", "打我", "拿刀", "抢劫", "抢东西", "要杀"),
    Danger.SELF: ("不想活", "自杀", "活不下去", "轻生", "寻死"),
}
"""In Simplified characters; what is written in Traditional ones is turned first."""
_SIMPLIFIED = str.maketrans("著煙氣暈過風藥殺搶東錯輕尋", "着烟气晕过风药杀抢东错轻寻")
_ENGLISH = {
    Danger.FIRE: ("on fire", "gas leak", "smell gas", "smell of gas"),
    Danger.MEDICAL: ("cannot breathe", "can't breathe", "chest pain", "fainted", "fell down"),
    Danger.CRIME: ("robbed", "has a knife", "beating"),
    Danger.SELF: ("kill myself", "suicide", "want to die"),
}


def danger_in(words: str) -> Danger | None:
    """Return what words sound like, None for nothing that cannot wait."""
    plain = "".join(words.translate(_SIMPLIFIED).split())
    lowered = words.lower()
    for danger in Danger:
        if any(sound in plain for sound in SOUNDS_LIKE.get(danger, ())):
            return danger
        if any(sound in lowered for sound in _ENGLISH.get(danger, ())):
            return danger
    return None
