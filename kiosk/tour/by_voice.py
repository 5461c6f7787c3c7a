"""Journeys without a touch: saying a petition with a correction, calling staff, asking how far it is, saying more."""

from collections.abc import Callable

from kiosk.tour.resident import Resident
from petition.model import CallStanding
from petition.offer import ENTRY, offered
from petition.receipt import Receipt
from petition.steps import ENDED

Look = Callable[[str], None]
"""Takes a picture, with what was done before it."""

FIRST = ("楼道灯坏了好几天了", "请尽快处理")
"""What is said first; the second sentence is then said otherwise."""
MENDED = "请派人来修"
COMMENT = "谢谢你们"
FORGOTTEN = "路灯坏了没人修"
LEVEL = "very_good"
MOST_DICTATIONS = 3


def report(resident: Resident, look: Look = lambda _: None) -> tuple[Receipt, str]:
    """Say a petition, say its last sentence otherwise, send it; return the receipt and the words as they were sent."""
    guide = resident.guide
    resident.say("我要反映问题", "describe")
    look("说「我要反映问题」。")
    resident.say("开始说", "recording")
    _dictate(resident, *FIRST, look=lambda: look("说「开始说」，滴一声，就说。说的话马上写出来。"))
    look(f"说「{'，'.join(FIRST)}」，停一停，说「说完了」。机器念出来。")
    for _ in range(MOST_DICTATIONS):
        if has_words(guide.state.draft.text, FIRST[0], MENDED):
            break
        resident.say("不对", "change")
        resident.say("改最后一句", "recording")
        resident.dictate(MENDED)
        resident.listen()
    words = guide.state.draft.text
    look(f"说「不对」，再说「改最后一句」，滴一声，说「{MENDED}」。")
    resident.say("对提交", "receipt", "receipt_offline")
    receipt = guide.state.receipt
    assert receipt is not None  # noqa: S101 (the step shows it)
    look("听完了，说「对，提交」。")
    return receipt, words


def note_down(resident: Resident, look: Look = lambda _: None) -> None:
    """Have the query code read out, and go."""
    resident.say("念查询码", "receipt_code")
    resident.say("念出来", "receipt", "receipt_offline")
    resident.listen()
    resident.say("办完了", "receipt_leave")
    resident.say("我记下了", ENDED)
    look("说「念查询码」，记下来了，说「办完了」，再说「我记下了」。")


def call(resident: Resident, answer: Callable[[], None], look: Look = lambda _: None) -> None:
    """Call staff from wherever one is, hear who comes once `answer` has somebody say so, and go on."""
    guide = resident.guide
    before = guide.state.step
    resident.say("叫工作人员", "call_staff", "call_answered")
    guide.wait(lambda: guide.state.call is not None and guide.state.call.standing is CallStanding.RINGING, "ringing")
    look("说「叫工作人员」。")
    answer()
    guide.wait(lambda: guide.state.step == "call_answered", "answer")
    resident.listen()
    look("平台那头有人答应了，机器说是谁。")
    resident.say("人来了", before)


def _dictate(resident: Resident, *sentences: str, look: Callable[[], None] = lambda: None) -> None:
    """Speak into the recording that was asked for, and once more if something else was understood."""
    guide = resident.guide
    resident.dictate(*sentences, look=look)
    resident.listen()
    for _ in range(MOST_DICTATIONS):
        if has_words(guide.state.draft.text, *sentences):
            break
        resident.say("我再说说" if guide.state.step == "silent" else "重新说", "recording")
        resident.dictate(*sentences)
        resident.listen()


def has_words(text: str, *sentences: str) -> bool:
    """Whether a text is made of these sentences and nothing else, whatever marks stand between them."""
    return "".join(character for character in text if character.isalnum()) == "".join(sentences)


def ask(resident: Resident, number: str, code: str, look: Look = lambda _: None) -> str:
    """Ask how far a petition is by its number and code, hear the reply; return the stage that was told."""
    guide = resident.guide
    resident.say("查进度", "progress_number")
    look("说「查进度」。")
    resident.tell_digits(number, lambda: guide.state.number_digits, lambda: guide.state.step == "progress_code")
    look("一组四位，说回执号码。")
    resident.tell_digits(code, lambda: guide.state.code_digits, lambda: guide.state.step == "progress_result")
    resident.listen()
    look("说查询码。机器念办到哪一步了。")
    told = guide.state.progress
    resident.say("念答复", "progress_reply")
    resident.listen()
    look("说「念答复」。")
    now = [step.stage.value for step in told.steps if step.state.value == "now"] if told else []
    return now[0] if now else ""


def hear_out(resident: Resident, look: Look = lambda _: None) -> None:
    """Hear the reply to its end."""
    while any(choice.id == "next" for choice in offered(resident.guide.state)):
        before = resident.guide.state.reply_sentence
        resident.insist("下一句", lambda so_far=before: resident.guide.state.reply_sentence > so_far, "next")  # type: ignore[misc]
        resident.listen()
    resident.say("听完了", "progress_result")
    look("说「下一句」，再说「听完了」。")


def rate(resident: Resident, look: Look = lambda _: None) -> str:
    """Rate how it was done and say why; return the words that went along."""
    guide = resident.guide
    resident.say("打分", "rating")
    level = next(choice for choice in offered(guide.state) if choice.id == f"{ENTRY}{LEVEL}")
    resident.say(level.phrases[0], "rating_confirm")
    resident.say("就打这个分", "rating_comment")
    resident.say("我来说", "recording")
    _dictate(resident, COMMENT)
    words = guide.state.draft.text
    look(f"说「打分」，说「{level.label}」，再说「我来说」，说两句。")
    resident.say("对提交", "rating_done")
    resident.listen()
    look("说「对，提交」。打分记下了。")
    return words


def add(resident: Resident, look: Look = lambda _: None) -> str:
    """Go back from the rating to the petition, say what was forgotten, and go; return its words."""
    guide = resident.guide
    resident.say("改一改打分", "rating")
    resident.say("先不打分", "progress_result")
    resident.say("有话要说", "progress_say")
    resident.say("补充情况", "supplement")
    look("说「有话要说」，再说「补充情况」。")
    resident.say("开始说", "recording")
    _dictate(resident, FORGOTTEN)
    words = guide.state.draft.text
    resident.say("对提交", "supplement_done")
    resident.listen()
    look(f"说「{FORGOTTEN}」，说「对，提交」。补上了。")
    resident.say("办完了", ENDED)
    look("说「办完了」。慢走。")
    return words
