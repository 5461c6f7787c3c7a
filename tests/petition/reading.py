"""The script as its tests read it: every text with its place, holes filled with examples, cut into sentences."""

import re
from collections.abc import Iterator

from petition.script.book import STEPS
from petition.script.phrases import COMMANDS, PHRASES
from petition.steps import Step

NAMED_IN_THEMSELVES = {
    f"settings_language.{choice.id}.note" for choice in STEPS["settings_language"].choices if choice.note
}
"""Texts that are the same in every language, so that whoever is lost in one finds their own."""

HANZI = "\u4e00-\u9fff"

EXAMPLES = {
    "age": "三小时",
    "category": "小区物业",
    "own_slip_line": "这张是给本人的，帮忙的另有一张。",
    "agent_slip_line": "",
    "clock_line": "时间以平台登记为准。",
    "contact_line": "电话尾号五六七八。",
    "contact_note": "电话尾号五六七八",
    "count": "十一",
    "day": "三月六号",
    "days": "两",
    "demonstration_line": "现在是演示语音，我听懂的话不多。",
    "digits_so_far": "幺三八",
    "key": "按",
    "meant": "查进度",
    "phone_said": "幺三八，零零幺三，八零零零",
    "choose": "点",
    "duration": "四十秒",
    "expected": "三月六号",
    "expected_line": "说好三月六号前给您答复。",
    "hotline": "幺二三四五",
    "fire_line": "幺幺九",
    "medical_line": "幺二零",
    "crime_line": "幺幺零",
    "care_line": "幺二三五六",
    "staff": "王师傅",
    "broken_off": "今天上午九点二十",
    "minutes": "四",
    "waits_line": "等着送的有三件。",
    "queue_line": "线路通了，它们自己会走。",
    "parts_line": "都好着呢。",
    "picked_line": "点一下要打的。",
    "picked": "三",
    "waits": "三",
    "unreached_line": "线路断了，叫不到远处的人。",
    "called_line": "叫了一分钟了。我接着叫。",
    "number_said": "号码是：幺零二三，零零零幺，二三九二。",
    "moment": "今天上午九点",
    "why": "线路没通",
    "journey": "反映问题",
    "keep_time": "两年",
    "kind": "投诉",
    "kiosk": "幸福社区一号机",
    "label": "反映问题",
    "level": "非常满意",
    "number": "一",
    "place": "幸福社区",
    "place_line": "地方是幸福社区。",
    "category_line": "像是「小区物业」的事。",
    "responsible": "城管科李科长",
    "responsible_line": "管这事的是城管科李科长。",
    "withdrawn": "三月六号",
    "withdrawn_line": "三月六号撤回的，不再办了。想办，随时再反映。",
    "misheard_line": "字听错了不要紧，录音会一起交。",
    "play_line": "想听录音，就点：放一遍。",
    "sound_line": "还有录音四十秒。",
    "stage_plain": "正在办",
    "tail": "五六七八",
    "title": "请说说是什么事",
    "tries": "两",
    "agent_name": "王芳",
    "agent_note": "王＊＊",
    "agent_word": "女儿",
    "card_line": "有身份证，放上去就行。",
    "extra": "两",
    "filed": "三",
    "filed_line": "办好了三位。",
    "for_line": "这是替老人办的。",
    "id_note": "＊＊＊＊",
    "missing": "两",
    "name_note": "王＊＊",
    "picture_count": "两",
    "picture_line": "照片两张。",
    "principal": "老人",
    "principal_note": "王＊＊",
    "sign_in_line": "这张证或这个密码，我没认出来。",
    "stick_line": "点一张看看。",
}
"""What stands in a hole while a text is measured."""
OTHERS_WORDS = {"privacy_long", "text", "last_sentence", "reply", "reply_sentence", "receipt_number", "query_code"}
"""Holes that are not measured: the operator's own words, what others wrote, and digits read in groups."""


def filled(text: str) -> str:
    """Return a text with its holes filled by examples; a hole without one is a KeyError, and so a failing test."""
    return re.sub(r"\{(\w+)\}", lambda hole: "" if hole[1] in OTHERS_WORDS else EXAMPLES[hole[1]], text)


def holes(text: str) -> list[str]:
    """Return the names of a text's holes in alphabetical order, as often as they stand there."""
    return sorted(re.findall(r"\{(\w+)\}", text))


def length(text: str) -> int:
    """Return the characters a reader counts: no marks, no spaces."""
    return len(re.findall(rf"[{HANZI}A-Za-z0-9]", text))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, marks left out."""
    return [part.strip() for part in re.split(r"[。？！\n]", text) if re.search(rf"[{HANZI}]", part)]


def spoken(step: Step) -> str:
    """Return what the ear gets when a step comes up."""
    return step.spoken or f"{step.title}\n{step.body}"


def texts() -> Iterator[tuple[str, str]]:
    """Yield (place, text) for everything that is shown or said, the service's own name excepted."""
    for step in STEPS.values():
        for name in ("title", "body", "spoken", "help"):
            yield f"{step.id}.{name}", getattr(step, name)
        for choice in step.choices:
            yield f"{step.id}.{choice.id}", choice.label
            yield f"{step.id}.{choice.id}.note", choice.note
    for words in COMMANDS:
        yield f"command.{words.command}", words.label
    for name, text in PHRASES.items():
        yield f"phrase.{name}", text
