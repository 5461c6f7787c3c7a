"""What stands on the screen and is said aloud: short, plain, kind, and true."""

import re

from petition.script.book import STEPS
from petition.script.phrases import COMMANDS, PHRASES, STAGE_STATES
from tests.petition.reading import NAMED_IN_THEMSELVES, filled, length, sentences, spoken, texts

TITLE_LIMIT, TITLE_GOAL, TITLES_OVER_GOAL = 24, 14, 2
LABEL_LIMIT = 8
NOTE_LIMIT = 12
SENTENCE_LIMIT = 20

NEVER = re.compile(
    # of the trade
    "同步|上传|下载|网络|超时|系统|服务器|识别|引擎|接口|数据|缓存|终端|异常|故障|报错|无效|非法|请求|加载|登录|初始化|参数|授权|委托"
    "|语音输入|二维码|端口|页面|界面"
    # officialese
    "|敬请|尚未|予以|进行|相关|该事项|贵方|均应|如需|请勿|诉求|鉴于|上述|您的业务|特此|兹"
    # blame
    "|您错|输错|输入错误|操作错误|操作不当|您没有|您忘|不正确|您说得不|请正确"
    # pressure and advertising
    "|必须|务必|赶紧|立即|立刻|否则|逾期|推荐|优惠|免费|最佳|首选|强烈|抓紧|错过"
    # promises nobody can keep
    "|保证解决|一定解决|肯定|一定会|马上就来|很快|包您|放心吧|立马"
)
"""Words a resident should never meet."""

TIME_PROMISE = re.compile(r"[0-9一二三四五六七八九十两半]+个?(?:天|小时|分钟|工作日)之?内")
THE_ONE_PROMISE = "一天之内"
KEYS = {"退一格"}
"""Keys of the pad and the keyboard that words may point at."""


def test_titles_are_short() -> None:
    measured = {step.id: length(filled(step.title)) for step in STEPS.values()}
    assert {id_: n for id_, n in measured.items() if n > TITLE_LIMIT} == {}
    assert len([n for n in measured.values() if n > TITLE_GOAL]) <= TITLES_OVER_GOAL


def test_labels_and_notes_are_short() -> None:
    labels = [c.label for step in STEPS.values() for c in step.choices] + [words.label for words in COMMANDS]
    assert [label for label in labels if length(filled(label)) > LABEL_LIMIT] == []
    notes = [c.note for step in STEPS.values() for c in step.choices]
    assert [note for note in notes if length(filled(note)) > NOTE_LIMIT] == []


def test_what_is_said_comes_in_short_sentences() -> None:
    said = [(step.id, sentence) for step in STEPS.values() for sentence in sentences(filled(spoken(step)))]
    said += [(name, sentence) for name, text in PHRASES.items() for sentence in sentences(filled(text))]
    assert [(where, sentence) for where, sentence in said if length(sentence) > SENTENCE_LIMIT] == []


def test_help_is_two_short_sentences() -> None:
    helps = {step.id: sentences(filled(step.help)) for step in STEPS.values()}
    assert {id_: told for id_, told in helps.items() if len(told) != 2} == {}
    assert [(id_, s) for id_, told in helps.items() for s in told if length(s) > SENTENCE_LIMIT] == []


def test_who_could_not_send_is_told_so_and_what_to_do() -> None:
    for step in (STEPS["disk_full"], STEPS["not_stored"]):
        for told in (step.title + step.body, step.spoken):
            assert "还没交上去" in told, step.id
            assert "{hotline}" in told, step.id
            assert "人" in told, step.id


def test_who_comes_back_too_late_is_told_what_was_cleared_what_is_safe_and_how_to_go_on() -> None:
    step = STEPS["session_timed_out"]
    assert "清" not in step.title
    assert [word in step.body for word in ("没交的", "交过的都在", "「重新办」")] == [True] * 3


def test_before_a_visit_runs_out_the_screen_says_that_it_will_be_cleared_and_what_is_lost() -> None:
    step = STEPS["idle_warning"]
    for told in (step.body, step.spoken):
        assert "屏幕会清干净。没交的也清掉" in told


def test_no_word_of_the_trade_no_officialese_no_blame_no_pressure_no_empty_promise() -> None:
    assert [(where, word) for where, text in texts() for word in NEVER.findall(text)] == []


def test_only_the_one_promise_of_time_is_made() -> None:
    promises = [(where, promise) for where, text in texts() for promise in TIME_PROMISE.findall(text)]
    assert [(where, promise) for where, promise in promises if promise != THE_ONE_PROMISE] == []
    assert promises


def test_people_are_addressed_politely() -> None:
    assert [(where, text) for where, text in texts() if "你" in text] == []


def test_no_foreign_letters_and_only_simplified_characters() -> None:
    foreign = [where for where, text in texts() if re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", text))]
    assert set(foreign) <= NAMED_IN_THEMSELVES
    other_script = [
        (where, c) for where, text in texts() for c in text if "\u4e00" <= c <= "\u9fff" and not _in_gb2312(c)
    ]
    assert {where for where, _ in other_script} <= NAMED_IN_THEMSELVES, other_script


def test_chinese_words_have_chinese_marks() -> None:
    # A date or a number may stand before a full-width mark; a half-width one is a slip of the keyboard.
    slips = [
        (where, text) for where, text in texts() if re.search(r"[,;:!?()\"']|\.(?=[^\d])", re.sub(r"\{\w+\}", "", text))
    ]
    assert slips == []


def test_what_the_words_point_at_is_there_to_be_touched() -> None:
    commands = {words.label for words in COMMANDS}
    wrong = []
    for step in STEPS.values():
        labels = {part for choice in step.choices for part in (choice.label, *choice.label.split("，"))}
        for text in (step.title, step.body, step.spoken, step.help):
            pointed = re.findall(r"(?:点|\{choose\})「([^」]+)」", text)
            pointed += re.findall(r"(?:点|\{choose\})：([^。]+)。", text)
            wrong += [(step.id, label) for label in pointed if label not in labels | commands | KEYS]
            quoted = re.findall(r"(?<!点)(?<!\{choose\})「([^」{]+)」", text)
            wrong += [(step.id, label) for label in quoted if label not in STAGE_STATES.values()]
    assert wrong == []


def test_nobody_is_told_to_say_what_may_not_be_listened_for() -> None:
    # {choose} becomes 说 only while the ears are open; what answers something that was said is only said then.
    answers = {"did_you_mean.title", "phrase.miss_send"}
    told = [where for where, text in texts() if re.search(r"就说[：「]|请说[：「]|(?<!再)说「(?!完)", text)]
    assert set(told) == answers


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
