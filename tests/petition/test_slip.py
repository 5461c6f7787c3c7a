"""What stands on the paper a resident takes home."""

from dataclasses import astuple, replace

import pytest

from assets.words import load_translations
from petition.derive import Context
from petition.model import Language
from petition.slip import paper_receipt
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
