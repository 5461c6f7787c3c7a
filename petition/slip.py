"""The receipt on paper, as data: what stands on it and in which order. Nothing of the petition's words is on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from petition.model import Catalogue
from petition.receipt import Receipt, Role, in_fours
from petition.script.phrases import PHRASES, SERVICE_NAME
from petition.utterance import Translate, date_said, moment_written, query_code_said


class Context(Protocol):
    """What is needed of `petition.derive.Context`, which rests on more than a slip does."""

    @property
    def translate(self) -> Translate:
        """What puts words into the slip's language."""

    @property
    def now(self) -> datetime:
        """Local time, with its zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReceipt:
    """What stands on a receipt, in one language; `ui/receipt_page.py` gives it its shape."""

    language: str
    desk: str
    """Whose it is: 和平里社区 · 社区诉求服务台."""
    title: str
    again: str = ""
    """On a slip that was printed before: the how manieth again it is."""
    number_label: str
    number: str
    """In fours."""
    code_label: str
    code: str
    """In threes."""
    facts: tuple[tuple[str, str], ...] = ()
    """Time, category, whom to call."""
    promises: tuple[str, ...] = ()
    """What happens next and by when, how to look it up, what this paper does not say."""
    scan: str = ""
    url: str = ""
    seal: str = ""
    large: bool = False
    """Whether it is set in large print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyWords:
    """What a slip says, on paper and on the screen, of somebody who filed for another."""

    title: str
    """Whose slip it is: 回执 · 本人联."""
    facts: tuple[tuple[str, str], ...] = ()
    """Both names, masked, and the relation, as far as they are known here."""
    may: str = ""
    """What the agent's slip is good for, and until when."""
    own_only: str = ""
    """What takes the person's own."""


def proxy_words(receipt: Receipt, context: Context) -> ProxyWords | None:
    """Return what a slip says of who filed for whom; None where everybody filed for themselves.

    `context.translate` gives words in `receipt.language`. After the kiosk's database was rebuilt, names, relation and
    day are not known any more: then they are left out.
    """
    if not receipt.for_another:
        return None

    def phrase(name: str) -> str:
        return context.translate(f"phrase.{name}", PHRASES[name])

    today = context.now.date()
    known_until = receipt.until if receipt.clock_trusted else None  # a clock that may be wrong names no day
    until = known_until and date_said(known_until.astimezone(context.now.tzinfo).date(), today, receipt.language)
    known = (
        ("slip_principal", receipt.principal),
        ("slip_agent", receipt.agent),
        ("slip_relation", receipt.relation and phrase(f"slip_relation_{receipt.relation}")),
    )
    return ProxyWords(
        title=phrase("slip_title_agent" if receipt.role is Role.AGENT else "slip_title_own"),
        facts=tuple((phrase(name), value) for name, value in known if value),
        may=phrase("slip_agent_may").format(day=until.written) if until else phrase("slip_agent_may_open"),
        own_only=phrase("slip_own_only"),
    )


def paper_receipt(
    receipt: Receipt,
    catalogue: Catalogue,
    context: Context,
    *,
    hotline: str,
    arrived: bool,
    again: int = 0,
    large: bool = False,
) -> PaperReceipt:
    """Return what a slip says; `context.translate` gives words in `receipt.language`.

    `arrived` is whether the platform has it: the promise counts from then. `again` is how many times it was printed,
    `large` whether it is set in large print.
    """

    def phrase(name: str) -> str:
        return context.translate(f"phrase.{name}", PHRASES[name])

    language = receipt.language
    local = receipt.made_at.astimezone(context.now.tzinfo)
    moment = moment_written(local, context.now.date(), language)
    topics = (entry.name(language) for entry in catalogue.categories if entry.id == receipt.category)
    home = next((place.name(language) for place in catalogue.places if place.id == catalogue.home_place.code), "")
    service = context.translate("service.name", SERVICE_NAME)
    clock = () if receipt.clock_trusted else (phrase("clock_line"),)
    proxy = proxy_words(receipt, context)
    return PaperReceipt(
        language=language,
        desk=f"{home} · {service}" if home else service,
        title=proxy.title if proxy else phrase("slip_title"),
        again=phrase("slip_again").format(count=again) if again else "",
        number_label=phrase("your_number"),
        number=in_fours(receipt.number),
        code_label=phrase("your_code"),
        code=query_code_said(receipt.query_code, language).written,
        facts=(
            *(proxy.facts if proxy else ()),
            (phrase("slip_time"), moment),
            *((phrase("about"), topic) for topic in topics),
            (phrase("whom_to_ask"), hotline),
        ),
        promises=(
            phrase("slip_promise" if arrived else "slip_promise_offline"),
            *clock,
            phrase("slip_check"),
            *((proxy.may, proxy.own_only) if proxy else ()),
            phrase("slip_keep"),
        ),
        scan=phrase("scan_me"),
        url=receipt.url,
        seal=phrase("seal"),
        large=large,
    )
