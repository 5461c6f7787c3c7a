"""The receipt on paper, as data: what stands on it and in which order. Nothing of the petition's words is on it."""

from dataclasses import dataclass

from petition.derive import Context
from petition.model import Catalogue
from petition.receipt import Receipt, in_fours
from petition.screen import Fact
from petition.script.phrases import PHRASES
from petition.utterance import date_said, time_said


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSlip:
    """A slip in one language; `ui/receipt_page.py` gives it its shape."""

    language: str
    issuer: str
    title: str
    number_label: str
    number: str
    """In fours."""
    code_label: str
    code: str
    """In threes."""
    url: str
    facts: tuple[Fact, ...]
    next_label: str
    paragraphs: tuple[str, ...]
    """What happens next and by when, how to look it up, what this paper does not say."""


def printed_slip(
    receipt: Receipt, catalogue: Catalogue, context: Context, *, hotline: str, arrived: bool
) -> PrintedSlip:
    """Return what a slip says; `context.translate` gives words in `receipt.language`.

    `arrived` is whether the platform has it: the promise counts from then.
    """

    def phrase(name: str) -> str:
        return context.translate(f"phrase.{name}", PHRASES[name])

    language = receipt.language
    local = receipt.made_at.astimezone(context.now.tzinfo)
    moment = f"{date_said(local.date(), context.now.date(), language).written} {time_said(local, language).written}"
    topics = (entry.name(language) for entry in catalogue.categories if entry.id == receipt.category)
    facts = (
        Fact(name=phrase("slip_time"), value=moment),
        *(Fact(name=phrase("about"), value=topic) for topic in topics),
        Fact(name=phrase("whom_to_ask"), value=hotline),
    )
    promise = phrase("slip_promise" if arrived else "slip_promise_offline")
    clock = () if receipt.clock_trusted else (phrase("clock_line"),)
    home = next((place.name(language) for place in catalogue.places if place.id == catalogue.home_place.code), "")
    return PrintedSlip(
        language=language,
        issuer=home or catalogue.home_place.text or context.translate("service.name", "社区诉求服务台"),
        title=phrase("slip_title"),
        number_label=phrase("your_number"),
        number=in_fours(receipt.number),
        code_label=phrase("your_code"),
        code=f"{receipt.query_code[:3]} {receipt.query_code[3:]}",
        url=receipt.url,
        facts=facts,
        next_label=phrase("slip_next"),
        paragraphs=(promise, *clock, phrase("slip_check"), phrase("slip_keep")),
    )
