"""Pinyin becomes the sentence that was meant."""

import pytest

from kiosk.typing.rime import LETTERS_MAX, RimeEngine
from kiosk.typing.tables import SIMPLIFIED, TRADITIONAL
from petition.ports import Composition
from tests.kiosk.typing_support import tables_of_this_run


@pytest.fixture(scope="module")
def simplified() -> RimeEngine:
    return RimeEngine(tables=tables_of_this_run(), schema=SIMPLIFIED)


@pytest.fixture(scope="module")
def traditional() -> RimeEngine:
    return RimeEngine(tables=tables_of_this_run(), schema=TRADITIONAL)


def typed(engine: RimeEngine, keys: str) -> Composition:
    engine.clear()
    return [engine.press(key) for key in keys][-1]


SENTENCES = {
    "loudaodengbuliang": ("楼道灯不亮", "樓道燈不亮"),
    "woyaofanyingloudaodengbuliang": ("我要反映楼道灯不亮", "我要反映樓道燈不亮"),
    "womenloudediantihuailehaojitianmeirenxiu": ("我们楼的电梯坏了好几天没人修", "我們樓的電梯壞了好幾天沒人修"),
    "xiashuidaodulewushuiwangshangmao": ("下水道堵了污水往上冒", "下水道堵了汙水往上冒"),
    "zilaishuitinglesantian": ("自来水停了三天", "自來水停了三天"),
    "lajimeirendaoweidaohenda": ("垃圾没人倒味道很大", "垃圾沒人倒味道很大"),
    "wuyefeitaigui": ("物业费太贵", "物業費太貴"),
    "loushangloushuibawojiadeqiangpaohuaile": ("楼上漏水把我家的墙泡坏了", "樓上漏水把我家的牆泡壞了"),
    "louxiadeguangchangwutaichao": ("楼下的广场舞太吵", "樓下的廣場舞太吵"),
    "wanshangshuibuzhao": ("晚上睡不着", "晚上睡不著"),
    "yanglaojinmeiyoudaozhang": ("养老金没有到账", "養老金沒有到賬"),
    "laobanwochuangbuqixiangshenqinghulibutie": ("老伴卧床不起想申请护理补贴", "老伴臥床不起想申請護理補貼"),
    "xiwangjinkuaixiuhaoxiexie": ("希望尽快修好谢谢", "希望儘快修好謝謝"),
    "wodetuijiaobufangbian": ("我的腿脚不方便", "我的腿腳不方便"),
    "nver": ("女儿", "女兒"),
    "xi'an": ("西安", "西安"),
}


@pytest.mark.parametrize("keys", SENTENCES)
def test_a_sentence_is_among_the_first_candidates_in_both_scripts(
    keys: str, simplified: RimeEngine, traditional: RimeEngine
) -> None:
    expected_simplified, expected_traditional = SENTENCES[keys]
    assert expected_simplified in typed(simplified, keys).candidates
    assert expected_traditional in typed(traditional, keys).candidates


def test_space_takes_the_first_candidate_of_the_shown_page(simplified: RimeEngine) -> None:
    first = typed(simplified, "louti").candidates[0]
    assert simplified.press("space") == Composition(committed=first)
    typed(simplified, "lou")
    second_page = simplified.page(1)
    assert simplified.press("space").committed == second_page.candidates[0]


def test_a_sentence_can_be_chosen_word_by_word(simplified: RimeEngine) -> None:
    shown = typed(simplified, "loudaodengbuliang")
    shown = simplified.choose(shown.candidates.index("楼道"))
    assert shown.preedit.startswith("楼道")
    assert shown.committed == ""
    shown = simplified.choose(shown.candidates.index("等"))
    assert simplified.choose(shown.candidates.index("不亮")).committed == "楼道等不亮"


def test_punctuation_ends_the_sentence(simplified: RimeEngine) -> None:
    typed(simplified, "loudaodengbuliang")
    assert simplified.press("，") == Composition(committed="楼道灯不亮，")


def test_letters_that_spell_nothing_are_text_as_they_are(simplified: RimeEngine) -> None:
    assert typed(simplified, "uvi").candidates == ()
    assert simplified.press("space") == Composition(committed="uvi")


def test_a_sentence_without_end_loses_nothing(simplified: RimeEngine) -> None:
    keys = "womenloudedengbuliangle" * 6
    simplified.clear()
    text, shown = "", Composition()
    for key in keys:
        shown = simplified.press(key)
        text += shown.committed
        assert len(shown.preedit.replace(" ", "")) <= LETTERS_MAX
    text += simplified.press("space").committed
    assert text == "我们楼的灯不亮了" * 6


def test_two_engines_do_not_disturb_each_other(simplified: RimeEngine, traditional: RimeEngine) -> None:
    typed(simplified, "loudao")
    typed(traditional, "dianti")
    simplified.clear()
    assert traditional.press("space").committed == "電梯"
