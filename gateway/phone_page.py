"""The page a phone shows behind a receipt's QR code: the five steps and their dates, nothing about anybody."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from gateway import catalogue
from gateway.api import OpenPlatform, address_of
from gateway.kiosks import block_owner
from gateway.lookups import tag_fits
from gateway.petitions import petition_of_number
from gateway.progress import progress_of
from gateway.render import page
from offline_queue import protocol
from petition.receipt import parse_receipt_code

router = APIRouter(tags=["phone"])


@router.get(
    protocol.RECEIPT_PAGE,
    summary="The page behind the QR code",
    responses={
        200: {"description": "Steps and dates, as HTML", "content": {"text/html": {"schema": {"type": "string"}}}},
        404: {"description": "Not a receipt of this platform", "content": {"text/html": {}}},
        429: {"description": "Too many looks from this address", "content": {"text/html": {}}},
    },
)
def receipt_page(request: Request, platform: OpenPlatform, digits: Annotated[str, Path(max_length=200)]) -> Response:
    """Show how far a petition is to whoever scanned its receipt: no name, no words, no reply."""
    phone = catalogue.hotline(platform)
    wait = platform.phone_pages.wait_seconds(address_of(request), platform.clock())
    if wait:
        answer = page(request, "phone_wait.html", 429, seconds=wait)
        answer.headers["Retry-After"] = str(wait)
        return answer
    scanned = parse_receipt_code(digits)
    with platform.database.reading() as rows:
        # A wrong tag and a number never given out look the same: the page tells nobody which numbers exist.
        if scanned is None or not tag_fits(rows, platform, *scanned):
            return page(request, "phone_unknown.html", 404, hotline=phone)
        number = scanned[0]
        petition = petition_of_number(rows, number)
        if petition is None:
            owner = block_owner(rows, number)
            return page(
                request,
                "phone_on_its_way.html",
                number=number,
                kiosk="" if owner is None else owner.name,
                hotline=phone,
            )
        progress = progress_of(rows, platform, petition)
        return page(
            request,
            "phone.html",
            number=number,
            progress=progress,
            stage=petition.stage,
            replied=bool(petition.reply_sealed),
            withdrawn=petition.withdrawn_at is not None,
            changed_at=petition.stage_changed_at,
            hotline=phone,
        )
