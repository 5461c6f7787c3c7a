"""The page a phone shows behind a receipt's QR code: the five steps and their dates, nothing about anybody.

Whoever picks up a slip can look, so it tells only how far a matter is. Of who is responsible it tells the office, never
a person: the kiosk tells those who hold the slip more.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from gateway import catalogue
from gateway.api import OpenPlatform, address_of
from gateway.authority import require_authority, role_of_tag
from gateway.kiosks import block_owner
from gateway.petitions import petition_of_number
from gateway.progress import progress_of, withdrawn_early
from gateway.refusal import Refusal
from gateway.render import page
from offline_queue import protocol
from petition.receipt import parse_receipt_code

router = APIRouter(tags=["phone"])

# How offices are called; never by one character alone, with which a person's name may end, too.
_OFFICE = re.compile(
    r"(?:物[业業]|公司|中心|社[区區]|街道|[居村业業]委[会會]|[办辦]公室|派出所|(?:管理|服[务務]|工作|[环環][卫衛])[处處所站局]"
    r"|(?:[维維]修|[抢搶]修|[电電]工|保[洁潔]|施工|工程|[执執]法)[队隊班组組]|城管|消防|[环環][卫衛]|水[务務]|供[电電]局|燃[气氣])$"
)
_PERSON = re.compile(r"师傅|師傅|先生|女士|小姐|主任|[经經]理|[书書]记|書記|同志|老[师師]|警官|[队隊][长長]|[0-9]{4}")


@router.get(
    protocol.RECEIPT_PAGE,
    summary="The page behind the QR code",
    responses={
        200: {"description": "Steps and dates, as HTML", "content": {"text/html": {"schema": {"type": "string"}}}},
        403: {"description": "An agent's slip that is good for nothing any more", "content": {"text/html": {}}},
        404: {"description": "Not a receipt of this platform", "content": {"text/html": {}}},
        429: {"description": "Too many looks from this address", "content": {"text/html": {}}},
    },
)
def receipt_page(request: Request, platform: OpenPlatform, digits: Annotated[str, Path(max_length=200)]) -> Response:
    """Show how far a petition is to whoever scanned its receipt: no name, no words, no reply."""
    answer = _answer(request, platform, digits)
    # Its address opens the page again: neither the style sheet's nor anybody else's log is to hold it.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def office_in(responsible: str) -> str:
    """Return what names an office in who is responsible, "" where only a person is named: 物业 张师傅 → 物业."""
    parts = re.split(r"[\s,，、/;；]+", responsible)
    return " ".join(part for part in parts if _OFFICE.search(part) and not _PERSON.search(part))


def _answer(request: Request, platform: OpenPlatform, digits: str) -> Response:
    hotline = catalogue.hotline(platform)
    now = platform.clock()
    wait = platform.phone_pages.wait_seconds(address_of(request), now)
    scanned = parse_receipt_code(digits)
    with platform.database.reading() as rows:
        role = None if scanned is None else role_of_tag(rows, platform, *scanned)
        if scanned is not None and not wait:
            # Counted apart: whoever guesses at a number does not shut out the one who holds its slip.
            wait = platform.phone_pages.wait_seconds(f"number|{scanned[0]}|{role is not None}", now)
        if wait:
            answer = page(request, "phone_wait.html", 429, seconds=wait, hotline=hotline)
            answer.headers["Retry-After"] = str(wait)
            return answer
        # A wrong tag and a number never given out look the same: the page tells nobody which numbers exist.
        if scanned is None or role is None:
            return page(request, "phone_unknown.html", 404, hotline=hotline)
        number = scanned[0]
        petition = petition_of_number(rows, number)
        try:
            require_authority(rows, platform, petition, number, role=role, at=now)
        except Refusal as refusal:
            return page(request, "phone_ended.html", refusal.status, hotline=hotline)
        if petition is None:
            owner = block_owner(rows, number)
            kiosk = "" if owner is None else owner.name
            withdrawn = withdrawn_early(rows, platform, number)
            return page(
                request, "phone_on_its_way.html", number=number, kiosk=kiosk, withdrawn=withdrawn, hotline=hotline
            )
        return page(
            request,
            "phone.html",
            number=number,
            progress=progress_of(rows, platform, petition),
            stage=petition.stage,
            office=office_in(petition.responsible),
            waited_days=(now - petition.received_at).days,
            replied=bool(petition.reply_sealed),
            changed_at=petition.stage_changed_at,
            hotline=hotline,
        )
