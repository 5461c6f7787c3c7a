"""Journeys without a touch: saying a petition with a correction, calling staff, asking how far it is, saying more.

And filing for somebody else: with who agrees beside one, or with a promise for who is absent; pictures and numbers.
"""

from collections.abc import Callable

from kiosk.tour.resident import Resident
from petition.model import CallStanding
from petition.offer import ENTRY, offered
from petition.receipt import Receipt
from petition.steps import ENDED, WELCOME

Look = Callable[[str], None]
"""Takes a picture, with what was done before it."""

FIRST = ("楼道灯坏了好几天了", "请尽快处理")
"""What is said first; the second sentence is then said otherwise."""
MENDED = "请派人来修"
COMMENT = "谢谢你们"
FORGOTTEN = "路灯坏了没人修"
PRINCIPAL = "本人"
BESIDE_THE_POINT = ("我今年八十二岁", "我腿脚不方便")
"""What is no agreement: whoever says this is asked once more."""
PROMISE = "我替老伴来办"
OWN = ("路灯不亮", "希望尽快解决")
ID_DIGITS = "31010519401010104"
"""All but the last sign, which is an X. No digit stands twice in a row, and there is no 2: both are misheard."""
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


# --- for somebody else ------------------------------------------------------------------------------------------------


def represent(resident: Resident, principal: str, look: Look = lambda _: None) -> tuple[Receipt, str]:
    """File for one's mother, who is there and speaks with another voice; return receipt and words as they were sent.

    She is asked again after 「不同意」, and when what she says is no agreement. A picture and the number of an identity
    card go along.
    """
    guide = resident.guide
    resident.say("替家人办", "proxy_relation")
    resident.say("我有工作证", "agent_sign_in")
    resident.say("按密码", "agent_pin")
    resident.say("我有工作证", "agent_sign_in")
    resident.say("我是家里人", "proxy_relation")
    look("说「替家人办」。")
    resident.say("父母老人", "proxy_consent")
    resident.say("不便说话", "proxy_sign")
    with resident.beside(PRINCIPAL, principal):
        resident.say("不同意", "proxy_refused")
        look("本人说「不同意」，就一样都不留。")
    resident.say("再问一次", "proxy_consent")
    look("再问一次，机器说给本人听：替她办什么，到什么时候。")
    resident.say("我来说", "consent_recording")
    with resident.beside(PRINCIPAL, principal):
        resident.dictate(*BESIDE_THE_POINT)
        resident.listen()
        look("本人说的不是同意，机器就再问。")
        resident.say("我同意", "describe")
    look("本人说「我同意」。")
    resident.say("开始说", "recording")
    _dictate(resident, *FIRST)
    _bring_pictures(resident, look)
    _give_names(resident, look)
    words = guide.state.draft.text
    resident.say("对提交", "receipt", "receipt_offline")
    receipt = guide.state.receipt
    assert receipt is not None  # noqa: S101 (the step shows it)
    look("说「对，提交」。回执两张，本人一张，代办的一张。")
    resident.listen()
    resident.say("办完了", "receipt_leave")
    resident.say("我记下了", ENDED)
    return receipt, words


def _bring_pictures(resident: Resident, look: Look) -> None:
    """Take a picture that goes along; look on a stick, and keep what is there."""
    _to_details(resident)
    resident.say("加张照片", "picture_consent")
    resident.say("可以加照片", "picture_source")
    resident.say("用优盘", "picture_usb")
    resident.say("都不要", "review_heard")
    _to_details(resident)
    resident.say("加张照片", "picture_source")
    resident.say("用镜头拍", "picture_camera")
    look("说「加张照片」，再说「用镜头拍」。")
    resident.say("拍照片", "picture_check")
    look("说「拍照片」，机器数三下就拍。")
    resident.say("还要一张", "picture_source")
    resident.say("去掉照片", "picture_remove")
    resident.say("对留着", "review_heard")


def _give_names(resident: Resident, look: Look) -> None:
    """Give no name, which has to be written, but the number of an identity card."""
    _to_details(resident)
    resident.say("姓名证件", "who")
    resident.say("本人姓名", "proxy_name")
    resident.say("名字先不写", "proxy_phone")
    resident.say("没有电话", "who")
    resident.say("您的姓名", "agent_consent")
    resident.say("可以留", "proxy_agent")
    resident.say("名字先不写", "proxy_agent_phone")
    resident.say("没有电话", "who")
    look("姓名说不了，就先不写。")
    resident.say("身份证号", "id_consent")
    resident.say("可以留", "id_number")

    def digits() -> str:
        return resident.guide.state.id_digits

    resident.tell_digits(ID_DIGITS, digits, lambda: digits() == ID_DIGITS)
    resident.insist("末位是叉", lambda: digits() == f"{ID_DIGITS}X", "x")
    resident.say("号码说完了", "who")
    look("身份证号也能说，旁边的人听不到回念。")
    resident.say("就这样", "review_heard")


def promise(resident: Resident, look: Look = lambda _: None) -> str:
    """Promise for a neighbour who is absent that they agree; they come after all and speak for themselves.

    They say it twice, and are asked about that. Return the words that they sent.
    """
    guide = resident.guide
    resident.say("替家人办", "proxy_relation")
    resident.say("邻居朋友", "proxy_consent")
    resident.say("本人没来", "proxy_absent")
    resident.say("拍签字的纸", "paper_consent")
    resident.say("可以拍", "proxy_paper")
    resident.say("拍照片", "proxy_paper_check")
    look("本人没来，带了他签字的纸，就拍下来。")
    resident.say("不对重拍", "proxy_paper")
    resident.say("我来保证", "signature_consent")
    resident.say("我来签名", "proxy_declare")
    resident.say("签不了", "declare_recording")
    resident.dictate(PROMISE)
    guide.wait(lambda: guide.state.step == "proxy_name", "promise")
    look("签不了名，就说一句保证。")
    resident.say("名字先不写", "proxy_phone")
    resident.say("没有电话", "agent_consent")
    resident.say("我不留名", "describe")
    resident.insist("我想自己说", lambda: guide.state.draft.on_behalf is None, "myself")
    look("邻居自己来了，就自己说。替他说的都不留。")
    resident.say("开始说", "recording")
    _dictate(resident, *OWN)
    _to_details(resident)
    resident.say("姓名证件", "who")
    resident.say("留个姓名", "own_name")
    resident.say("名字先不写", "who")
    resident.say("就这样", "review_heard")
    words = guide.state.draft.text
    resident.say("对提交", "receipt", "receipt_offline")
    resident.listen()
    resident.say("还有一件", "describe")
    resident.say("开始说", "recording")
    _dictate(resident, *OWN)
    resident.say("对提交", "said_before")
    look("同一件事又说一遍，机器问是不是同一件。")
    resident.say("是同一件", WELCOME)
    return words


def end_authority(resident: Resident, number: str, code: str, look: Look = lambda _: None) -> None:
    """With one's own slip, end that somebody acts for one."""
    guide = resident.guide
    resident.say("查进度", "progress_number")
    resident.tell_digits(number, lambda: guide.state.number_digits, lambda: _is_at(resident, "progress_code"))
    resident.tell_digits(code, lambda: guide.state.code_digits, lambda: _is_at(resident, "progress_result"))
    resident.say("有话要说", "progress_say")
    resident.say("不让代办了", "authority_end")
    look("本人拿自己那张回执，说「不让代办了」。")
    resident.say("不让代办了", "authority_ended")
    resident.listen()
    resident.say("办完了", ENDED)


def _to_details(resident: Resident) -> None:
    resident.say("改一改", "change")
    resident.say("照片和别的", "details")


def _is_at(resident: Resident, step: str) -> bool:
    return resident.guide.state.step == step
