"""Which of the catalogue's categories a petition is about, as far as its words tell: up to three, or none.

It learns from nothing but the catalogue: the names of the categories, and what their examples say. A piece is one or two
characters, or a foreign word. It speaks for a category as much as the category's examples have it more often than the
others do, and the less, the more of it is what everybody says about everything. What speaks for a category is added up;
what stands out of the rest is suggested. So every suggestion can be explained with the pieces that made it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from math import log

from petition.model import Catalogue, Named
from petition.simplified import simplified

MOST = 3
"""So many are suggested at most."""
ENOUGH = 2.1
"""So much more than the average of the others a category must have to be suggested."""
BESIDE = 0.25
"""So much of what the first one has a further one must have."""
EXPLAINED = 5
"""So many pieces explain a suggestion at most."""
_DOUBT = 0.5
"""Added to what was counted: what was met once may be chance."""

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+")
_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
COMMON = frozenset(
    "我你您他她它们咱俺的地得了着过是不没有在这那个些么什怎咋谁哪就都也还要又再才只很太真好老大小多少几"
    "一二三四五六七八九十百千万两半年月天日号点时候今昨明现来去到上下里外前后边人家事说话问看听想知道给把被让叫跟和同对从为因所以可能会用做"
    "吧吗呢啊呀嘛哎嗯喂哦啦谢请儿头面起出回次直总每别更最住先生姐妹阿姨叔伯奶爷孙爸妈闺女子伴"
)
"""Characters of any talk: a piece made of them says nothing about the matter."""
_SMALL_TALK = (
    "我跟你说啊，那个同志你好，我今年七十几了，我住这儿二十多年了，我老伴身体不好，我儿子闺女不在身边，孙子孙女上学去了，"
    "麻烦你们给看看，能不能帮帮忙，谢谢你们辛苦了，都说了好几回了，找了好几次都没用，这可怎么办呀，你说气人不气人，我也不知道找谁，"
    "我不会用手机，我腿脚不好，我耳朵背眼睛花，我年纪大了，昨天晚上，今天早上，前几天，这个月，一个多月了，三天两头，大家都有意见，"
    "我们几个老人都这么说，邻居也说，上次来过人看了一下就走了，到现在也没个准话，你们管不管，希望领导重视，我就想问问，听说，真是的，"
    "太不像话了，一点办法都没有，打了好几个电话，吓死人了，急死我了，我一个人在家，我们楼里的人，我们小区这边，我家那口子，天气冷了热了，"
    "吃饭了没有，回家吃饭睡觉，在家看电视听收音机，早上去买菜，买了两斤，做饭包饺子，出门遛弯，下楼，不好意思，好的知道了，再见，"
    "儿子在外地工作，以前在厂里上班，孙子上几年级，学习好，随便看看，我试试这个机器，这个怎么弄，不会弄，声音大一点，听不见，"
    "打牌下棋听戏唱歌跳舞，种花，花开了，吃药，贴膏药，有点疼，身体还好，下雨了带伞，今天星期几，什么意思，我姓王，电话号码多少，钥匙放哪儿"
)
"""What is said around every matter; it speaks for none."""
_GLOSSARY = {
    "物业": "property management manager caretaker",
    "电梯": "lift lifts elevator elevators",
    "楼道": "stairwell stairs staircase corridor hallway",
    "保安": "guard guards security",
    "大门": "gate gates",
    "路": "road roads street streets lane",
    "坑": "hole holes pothole potholes bumpy",
    "人行道": "pavement sidewalk footpath",
    "灯": "lamp lamps light lights lighting",
    "不亮": "dark",
    "井盖": "manhole",
    "轮椅": "wheelchair wheelchairs ramp",
    "水": "water",
    "水龙头": "tap taps faucet",
    "水管": "pipe pipes plumbing",
    "漏水": "leak leaks leaking leaked drips dripping",
    "电": "power electricity electric",
    "停电": "blackout outage",
    "电费": "bill bills",
    "电表": "meter",
    "燃气": "gas stove",
    "暖气": "heating radiator radiators heater",
    "供暖": "heated",
    "冷": "cold freezing",
    "吵": "noise noisy loud shouting",
    "睡不着": "sleep asleep awake",
    "音乐": "music",
    "跳舞": "dancing dance",
    "施工": "construction drilling",
    "装修": "renovation renovating decorating",
    "灰": "dust dusty",
    "垃圾": "rubbish garbage trash waste litter bin bins dustbin",
    "臭": "stinks stink smelly smell smells stench",
    "脏": "dirty filthy cleanliness clean",
    "老鼠": "rat rats mouse mice",
    "蟑螂": "cockroach cockroaches",
    "厕所": "toilet toilets lavatory",
    "下水道": "sewer sewers drain drains sewage",
    "看病": "doctor doctors medical treatment",
    "医院": "hospital hospitals clinic ward",
    "医保": "insurance insured",
    "报销": "reimburse reimbursed reimbursement",
    "药店": "pharmacy chemist",
    "药": "medicine medicines drug drugs pills prescription",
    "养老金": "pension pensions",
    "退休": "retired retirement",
    "高龄补贴": "allowance elderly",
    "养老院": "nursing",
    "拆迁": "demolish demolished demolition demolishing",
    "补偿": "compensation compensate compensated",
    "房子": "house houses housing flat apartment",
    "漏雨": "roof ceiling rain rains",
    "房东": "landlord tenant rent rented",
    "公交车": "bus buses transport",
    "出租车": "taxi taxis cab",
    "停车": "park parked parking",
    "车": "car cars traffic",
    "电动车": "scooter scooters moped",
    "红绿灯": "crossing junction",
    "买": "bought buy buying purchase shopping shop store",
    "退": "refund refunds refunded return",
    "假": "fake counterfeit",
    "秤": "scales",
    "骗": "cheat cheats cheated scam scammed fraud swindled swindler",
    "吃": "eat eating ate food meal",
    "饭菜": "rice dish dishes lunch dinner",
    "食堂": "canteen restaurant",
    "过期": "expired expiry stale",
    "拉肚子": "diarrhoea poisoned poisoning vomited sick",
    "狗": "dog dogs",
    "拴绳": "leash",
    "咬": "bit bite bites bitten",
    "邻居": "neighbour neighbours neighbor neighbors",
    "偷": "stole stolen steal thief thieves burglar",
    "打架": "fight fights fighting quarrel quarrels",
    "低保": "welfare",
    "困难": "poor poverty",
    "残疾": "disabled disability handicapped",
    "申请": "apply applying application",
    "救助": "relief",
    "学校": "school schools teacher teachers",
    "幼儿园": "kindergarten nursery",
    "工资": "wages wage salary paid boss employer",
    "找工作": "job jobs unemployed",
    "窗口": "counter counters clerk officer desk",
    "态度": "rude attitude polite impolite unfriendly",
    "服务": "service",
    "表扬": "thank thanks praise grateful kind",
    "排队": "queue queued queueing",
    "树": "tree trees greenery",
    "树枝": "branch branches",
    "草": "grass lawn lawns",
    "花坛": "flowers flower plants",
    "公园": "garden gardens bench benches",
}
"""English words by what the examples, which are Chinese, say instead."""
_ENGLISH = {word: chinese for chinese, words in _GLOSSARY.items() for word in words.split()}

Evidence = Mapping[str, Mapping[str, float]]
"""By piece, by category: how much the one speaks for the other; above 0."""


def suggestions(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return up to three ids of the catalogue's categories, best first; none where the words tell nothing."""
    evidence = _learnt(catalogue.categories)
    found: Counter[str] = Counter()
    for piece in dict.fromkeys(_pieces(text)):  # in order, so that a tie is always decided in one way
        found.update(evidence.get(piece, {}))
    best = found.most_common(MOST)
    most = best[0][1] if best else 0.0
    if most - (found.total() - most) / max(1, len(catalogue.categories) - 1) < ENOUGH:
        return ()
    return tuple(category for category, much in best if much >= BESIDE * most)


def explanation(text: str, catalogue: Catalogue, category: str) -> tuple[str, ...]:
    """Return the pieces of a text that speak most for a category, strongest first; in Simplified characters."""
    evidence = _learnt(catalogue.categories)
    speaking = {piece: evidence.get(piece, {}).get(category, 0.0) for piece in _pieces(text)}
    strongest = sorted(filter(speaking.get, speaking), key=lambda piece: -speaking[piece])[: 4 * EXPLAINED]
    whole = [piece for piece in strongest if not any(piece != other and piece in other for other in strongest)]
    return tuple(whole[:EXPLAINED])


@lru_cache(maxsize=2)
def _learnt(categories: tuple[Named, ...]) -> Evidence:
    """Return what the examples of the categories teach."""
    counts: dict[str, Counter[str]] = {}
    for category in categories:
        for said in (*dict(category.names).values(), *category.examples):
            for piece in set(_pieces(said)):
                counts.setdefault(piece, Counter())[category.id] += 1
    talk = Counter(_pieces(_SMALL_TALK))
    others = max(1, len(categories) - 1)
    evidence: dict[str, dict[str, float]] = {}
    for piece, by_category in counts.items():
        everywhere = by_category.total()
        weight = sum(character not in COMMON for character in piece) / len(piece)
        speaks = {
            category: weight * log((count + _DOUBT) / ((everywhere - count) / others + talk[piece] + _DOUBT))
            for category, count in by_category.items()
        }
        evidence[piece] = {category: much for category, much in speaks.items() if much > 0}
    return evidence


def _pieces(text: str) -> Iterator[str]:
    for run in _RUN.findall(_GAP.sub("", simplified(text.lower()))):
        word = _ENGLISH.get(run, run)
        if word[0] < "\u3400":
            yield word
        else:
            yield from word
            yield from map("".join, pairwise(word))
