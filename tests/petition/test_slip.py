"""What stands on the paper a resident takes home."""

from dataclasses import astuple, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assets.words import load_translations
from petition.derive import Context
from petition.model import Language, Relation
from petition.receipt import Role
from petition.slip import PaperReceipt, paper_receipt, proxy_words
from tests.samples import NOON, NUMBER, catalogue, receipt


@pytest.mark.parametrize("language", Language)
def test_the_slip_speaks_the_receipts_language(language: Language) -> None:
    context = Context(translate=load_translations(language, strict=True), now=NOON)
    made = replace(receipt(), language=language, category="id-0")
    slip = paper_receipt(made, catalogue(language), context, hotline="12345", arrived=True)
    assert slip.number.replace(" ", "") == NUMBER
    assert slip.code.replace(" ", "") == made.query_code
    assert "12345" in [value for _, value in slip.facts]
    assert len(slip.promises) == 3


def test_the_promise_counts_from_arrival_and_an_unsure_clock_is_told() -> None:
    context = Context(translate=load_translations("zh_Hans"), now=NOON)
    made = replace(receipt(), clock_trusted=False)
    slip = paper_receipt(made, catalogue(Language.SIMPLIFIED), context, hotline="12345", arrived=False)
    assert "送到后" in slip.promises[0]
    assert any("平台登记" in paragraph for paragraph in slip.promises)


def test_the_tag_is_on_the_paper_only_inside_the_code() -> None:
    context = Context(translate=load_translations("zh_Hans"), now=NOON)
    made = receipt()
    slip = paper_receipt(made, catalogue(Language.SIMPLIFIED), context, hotline="12345", arrived=True)
    assert made.tag not in str(astuple(replace(slip, url="")))


@pytest.mark.parametrize("language", Language)
def test_what_is_printed_again_says_how_often_it_was_before(language: Language) -> None:
    context = Context(translate=load_translations(language, strict=True), now=NOON)
    made = replace(receipt(), language=language)
    first = paper_receipt(made, catalogue(language), context, hotline="12345", arrived=True)
    third = paper_receipt(made, catalogue(language), context, hotline="12345", arrived=True, again=2)
    assert first.again == ""
    assert "2" in third.again
    assert replace(third, again="") == first


PROXIED: dict[str, Any] = {"for_another": True, "principal": "王＊＊", "agent": "李＊＊", "relation": "parent"}
UNTIL = datetime(2027, 9, 5, 4, tzinfo=UTC)


def proxied(role: Role, **more: Any) -> PaperReceipt:  # noqa: ANN401 - as the receipt has them
    context = Context(translate=load_translations("zh_Hans"), now=NOON)
    made = replace(receipt(), role=role, **{**PROXIED, "until": UNTIL, **more})
    return paper_receipt(made, catalogue(Language.SIMPLIFIED), context, hotline="12345", arrived=True)


def test_both_slips_say_whose_they_are_for_whom_by_whom_and_what_each_is_good_for() -> None:
    own, agent = (proxied(role) for role in Role)
    assert ("本人联" in own.title, "代办人联" in agent.title) == (True, True)
    for slip in (own, agent):
        assert slip.facts[:3] == (("本人", "王＊＊"), ("代办人", "李＊＊"), ("关系", "替父母或长辈办"))
        may, own_only = slip.promises[2:4]
        assert ("查进度、补充情况、催一催" in may, "2027 年 9 月 5 日" in may) == (True, True)
        assert "打分、撤回、不再让人代办" in own_only
    assert own.facts == agent.facts
    assert own.promises == agent.promises


@pytest.mark.parametrize("relation", Relation)
def test_every_relation_has_its_words(relation: Relation) -> None:
    assert proxied(Role.OWN, relation=relation.value).facts[2][1]


def test_what_is_not_known_any_more_is_left_out_and_it_still_says_whose_it_is() -> None:
    slip = proxied(Role.AGENT, principal="", agent="", relation="", until=None)
    assert [name for name, _ in slip.facts] == ["交的时间", "找人问"]
    assert "代办人联" in slip.title
    assert "最晚" not in "".join(slip.promises)


def test_a_clock_that_may_be_wrong_names_no_last_day() -> None:
    slip = proxied(Role.AGENT, clock_trusted=False)
    assert "查进度、补充情况、催一催" in "".join(slip.promises)
    assert "最晚" not in "".join(slip.promises)


def test_who_files_for_themselves_reads_nothing_of_it() -> None:
    context = Context(translate=load_translations("zh_Hans"), now=NOON)
    assert proxy_words(receipt(), context) is None
    slip = paper_receipt(receipt(), catalogue(Language.SIMPLIFIED), context, hotline="12345", arrived=True)
    assert "联" not in str(astuple(slip))
