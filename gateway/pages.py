"""The staff pages: sign in, calls, the list, one petition, kiosks, who read what. Server-rendered, no framework."""

import hmac
import re
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from gateway import audit, calls, catalogue, desk, reviews, staff, webhook
from gateway.api import Id, OpenPlatform, address_of
from gateway.database import AuditEntry, Kiosk, Petition
from gateway.desk import Opened, StepForm, Tab
from gateway.platform import Platform
from gateway.reading import body_up_to, read_form
from gateway.refusal import Refusal, bad_request, come_back, not_found
from gateway.render import STATIC, language_of, page, static_bytes
from gateway.reviews import Outcome, ReviewForm, SameReply
from gateway.staff import OPERATOR, Person
from gateway.words import say
from offline_queue import protocol
from offline_queue.protocol import EventKind
from petition.model import AttachmentKind, Danger, Relation, Stage
from petition.receipt import masked

FORM_BYTES_MAX = 256 * 1024
"""A reply of the longest length, in Chinese, as browsers encode forms: nine bytes a character."""
READINGS_SHOWN = 200
SIGNS = frozenset({*Danger, "distress"})
PHONE_SHOWN, ID_NUMBER_SHOWN = 4, 2
"""So many of the last digits tell two people apart on a page where the others are marks."""
# What a browser shows by itself. Everything else is only ever saved: an attachment is a stranger's file.
SHOWN_TYPES = frozenset(
    {"audio/ogg", "audio/wav", "audio/x-wav", "audio/mpeg", "audio/flac", "image/jpeg", "image/png", "image/webp"}
)

router = APIRouter(include_in_schema=False)


class SignInNeeded(Exception):
    """Nobody is signed in on this browser."""


def is_page(path: str) -> bool:
    """Tell whether an address is looked at by a person rather than called by a program."""
    return path == "/" or path.startswith(("/staff", "/r/"))


def refusal_page(request: Request, refusal: Refusal) -> Response:
    """Return a refusal the way a person can read it."""
    key = "refused.not_found" if refusal.status == 404 else "refused.other"
    if isinstance(refusal, FormNotOurs):
        key = "refused.form"
    answer = page(request, "refused.html", refusal.status, message=key)
    answer.headers.update(refusal.headers)
    return answer


class FormNotOurs(Refusal):
    """A form that was not filled in on a page of this session."""

    def __init__(self) -> None:
        super().__init__(status=403, code=protocol.ErrorCode.BAD_REQUEST, detail="the form is not of this session")


# --- who asks ---------------------------------------------------------------------------------------------------------


def _cookie_name(platform: Platform, name: str) -> str:
    return f"__Host-{name}" if platform.settings.tls_in_front else name


def _person(request: Request, platform: OpenPlatform) -> Person:
    return _behind(request, platform, even_idle=False)


def _at_the_bell(request: Request, platform: OpenPlatform) -> Person:
    return _behind(request, platform, even_idle=True)


def _behind(request: Request, platform: Platform, *, even_idle: bool) -> Person:
    cookie = request.cookies.get(_cookie_name(platform, "staff"), "")
    by_themselves = request.headers.get("X-Refresh") is None
    person = staff.person_of(
        platform.database,
        platform.settings,
        cookie=cookie,
        now=platform.clock(),
        by_themselves=by_themselves,
        even_idle=even_idle,
    )
    if person is None:
        raise SignInNeeded
    return person


Somebody = Annotated[Person, Depends(_person)]
SomebodyAtTheBell = Annotated[Person, Depends(_at_the_bell)]
"""Signed in, be it long ago: calls tell nothing about anybody, and must be heard."""
FormBody = Annotated[bytes, Depends(body_up_to(FORM_BYTES_MAX))]


def _same_origin(request: Request) -> None:
    """Refuse a form sent from a page of somebody else's."""
    origin, host = request.headers.get("Origin"), request.headers.get("Host", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in ("same-origin", "none") or (origin is not None and urlsplit(origin).netloc != host):
        raise FormNotOurs


def _own_form(request: Request, person: Person, body: bytes) -> dict[str, str]:
    """Return the fields of a form of this session; raises FormNotOurs for any other."""
    _same_origin(request)
    form = read_form(body)
    if not hmac.compare_digest(form.get("form_token", "").encode(), person.form_token.encode()):
        raise FormNotOurs
    return form


def _room(
    request: Request, platform: Platform, person: Person, template: str, status: int = 200, /, **values: object
) -> Response:
    """Return a page of somebody who is signed in; calls are on every one of them."""
    return page(
        request, template, status, person=person, calls=calls.calls_on_every_page(platform), wait=_wait, **values
    )


def _wait(call: calls.ShownCall, now: datetime) -> int:
    """Return for how many whole minutes a call has waited."""
    return max(0, int((now - call.since).total_seconds() // 60))


def _set_cookie(answer: Response, platform: Platform, name: str, value: str, *, hours: float | None = None) -> None:
    answer.set_cookie(
        _cookie_name(platform, name),
        value,
        max_age=None if hours is None else int(hours * 3600),
        path="/",
        secure=platform.settings.tls_in_front,
        httponly=True,
        samesite="strict",
    )


# --- signing in and out -----------------------------------------------------------------------------------------------


@router.get("/")
def front_door() -> Response:
    """Lead a person who typed the address to the staff pages."""
    return RedirectResponse("/staff", 303)


@router.get("/staff/sign-in")
def sign_in_page(
    request: Request, platform: OpenPlatform, said: Annotated[str, Query(pattern=r"^(signed_out|session_over)?$")] = ""
) -> Response:
    """Show the door."""
    return _door(request, platform, said, 200)


def _door(request: Request, platform: Platform, said: str, status: int, **values: str) -> Response:
    token = request.cookies.get(_cookie_name(platform, "form"), "") or secrets.token_urlsafe(24)
    answer = page(request, "sign_in.html", status, said=said, form_token=token, time=values.get("time", ""))
    _set_cookie(answer, platform, "form", token)
    return answer


@router.post("/staff/sign-in")
def sign_in(request: Request, platform: OpenPlatform, body: FormBody) -> Response:
    """Check the password; five wrong ones close the account for a while."""
    _same_origin(request)
    form = read_form(body)
    # Before there is a session its form token lives in a cookie: a page elsewhere can't sign somebody in as another.
    token = request.cookies.get(_cookie_name(platform, "form"), "")
    if not token or not hmac.compare_digest(form.get("form_token", "").encode(), token.encode()):
        raise FormNotOurs
    wait = platform.sign_ins.wait_seconds(address_of(request), platform.clock())
    if wait:
        raise come_back(wait)
    match staff.sign_in(
        platform.database,
        platform.settings,
        account=form.get("account", "").strip()[:200],
        password=form.get("password", ""),
        now=platform.clock(),
    ):
        case staff.SignedIn(cookie=cookie):
            answer: Response = RedirectResponse("/staff", 303)
            _set_cookie(answer, platform, "staff", cookie, hours=platform.settings.staff_session_hours)
            return answer
        case staff.WrongPassword():
            return _door(request, platform, "wrong_password", 403)
        case staff.LockedOut(until=until):
            time = f"{until.astimezone(platform.time_zone):%H:%M}"
            return _door(request, platform, "locked_out", 429, time=time)


@router.post("/staff/sign-out")
def sign_out(request: Request, platform: OpenPlatform, person: Somebody, body: FormBody) -> Response:
    """End the session."""
    _own_form(request, person, body)
    staff.sign_out(
        platform.database,
        cookie=request.cookies.get(_cookie_name(platform, "staff"), ""),
        account=person.account,
        now=platform.clock(),
    )
    answer = RedirectResponse("/staff/sign-in?said=signed_out", 303)
    answer.delete_cookie(_cookie_name(platform, "staff"), path="/")
    return answer


# --- the list ---------------------------------------------------------------------------------------------------------


@router.get("/staff")
def petitions_page(
    request: Request,
    platform: OpenPlatform,
    person: Somebody,
    tab: Tab | None = None,
    number: Annotated[str, Query(max_length=40)] = "",
    older: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """List what came: times, numbers, kinds; nothing anybody said."""
    counts = desk.counts(platform)
    digits = re.sub(r"\D", "", number, flags=re.ASCII)[:12]
    chosen = tab or (Tab.ALL if digits else Tab.WAITING if counts[Tab.WAITING] else Tab.ALL)
    listed, more = desk.list_petitions(platform, chosen, digits=digits, page=older)
    language = language_of(request).value
    template = "list.html" if request.headers.get("X-Refresh") is None else "_list.html"
    return _room(
        request,
        platform,
        person,
        template,
        room="list",
        counts=counts,
        tab=chosen,
        tabs=tuple(Tab),
        listed=listed,
        more=more,
        older=older,
        digits=digits,
        kinds=catalogue.names(platform, "kinds", language),
        categories=catalogue.names(platform, "categories", language),
    )


# --- calls ------------------------------------------------------------------------------------------------------------


@router.get("/staff/calls")
def calls_page(
    request: Request,
    platform: OpenPlatform,
    person: SomebodyAtTheBell,
    part: Annotated[str, Query(pattern=r"^(strip)?$")] = "",
) -> Response:
    """Show who calls, and ring. Every page asks for the strip of it; the page of its own is to be left open."""
    again = "_calls.html" if part else "_board.html"
    return _room(
        request,
        platform,
        person,
        "calls.html" if request.headers.get("X-Refresh") is None else again,
        room="calls",
        waiting=calls.waiting_calls(platform),
        past=calls.calls_of_the_day(platform),
        undelivered=webhook.undelivered(platform),
    )


@router.post("/staff/calls/{id}")
def answer_call(
    request: Request, platform: OpenPlatform, person: SomebodyAtTheBell, id: Id, body: FormBody
) -> Response:
    """Tell a kiosk, and everybody here, that somebody is coming."""
    _own_form(request, person, body)
    calls.answer_call(platform, id, account=person.account, name=person.name)
    return RedirectResponse("/staff/calls", 303)


# --- one petition -----------------------------------------------------------------------------------------------------


@router.get("/staff/petitions/{id}")
def petition_page(
    request: Request,
    platform: OpenPlatform,
    person: Somebody,
    id: Id,
    said: Annotated[str, Query(pattern=r"^(saved|reviewed)?$")] = "",
) -> Response:
    """Open one petition: unsealed in memory for this page, written down as read by this person."""
    by_themselves = request.headers.get("X-Refresh") is None
    opened = desk.open_petition(platform, id, account=person.account, by_themselves=by_themselves)
    template = "petition.html" if by_themselves else "_attachments.html"
    words = {"saved": "step.saved", "reviewed": "review.saved"}
    return _petition_page(request, platform, person, opened, template, words.get(said, ""))


@router.post("/staff/petitions/{id}/names")
def show_names(request: Request, platform: OpenPlatform, person: Somebody, id: Id, body: FormBody) -> Response:
    """Show a petition with names and numbers in clear; that it was asked for is written down."""
    _own_form(request, person, body)
    opened = desk.open_petition(platform, id, account=person.account, clear=True)
    return _petition_page(request, platform, person, opened, "petition.html", "")


def _petition_page(
    request: Request,
    platform: Platform,
    person: Person,
    opened: Opened,
    template: str,
    said: str,
    status: int = 200,
    wrote: StepForm | ReviewForm | None = None,
) -> Response:
    """Return the page of a petition; what somebody `wrote` and could not be saved stays in its form."""
    language = language_of(request).value
    places = catalogue.names(platform, "places", language)
    counting = [event for event in opened.events if event.kind == EventKind.RATING and not event.replaced]
    rating = counting[0].content if counting else None
    return _room(
        request,
        platform,
        person,
        template,
        status,
        room="petition",
        opened=opened,
        said=said,
        stages=("", *Stage),
        form=wrote
        if isinstance(wrote, StepForm)
        else StepForm(
            stage=opened.listed.stage,
            responsible=opened.progress.responsible,
            expected=opened.progress.expected,
            reply=opened.progress.reply,
        ),
        review_form=wrote if isinstance(wrote, ReviewForm) else ReviewForm(outcome=Outcome.NEW_REPLY),
        outcomes=tuple(Outcome),
        still_asked=rating is None or rating.review,
        place=_place(opened, places),
        kinds=catalogue.names(platform, "kinds", language),
        categories=catalogue.names(platform, "categories", language),
        levels=catalogue.names(platform, "rating_levels", language),
        who=_who(request, platform),
        shown=SHOWN_TYPES,
        named=(AttachmentKind.PAPER, AttachmentKind.SIGNATURE),
        signs=SIGNS,
        relations=tuple(Relation),
        local_day=lambda moment: moment.astimezone(platform.time_zone).date(),
        name=lambda text: text if opened.clear else masked(text),
        phone=lambda text: text if opened.clear else _last_of(text, PHONE_SHOWN),
        id_number=lambda text: text if opened.clear else _last_of(text, ID_NUMBER_SHOWN),
    )


def _last_of(text: str, shown: int) -> str:
    """Return a number with marks for all but its last characters; how long it is isn't told either."""
    return "＊＊＊＊" + text[-shown:] if len(text) > shown else "＊" * len(text)


def _place(opened: Opened, places: dict[str, str]) -> str:
    if opened.content is None:
        return ""
    named = places.get(opened.content.place.code, "")
    text = opened.content.place.text
    return text if not named or named in text else f"{named} {text}".strip()


@router.post("/staff/petitions/{id}/step")
def set_step(request: Request, platform: OpenPlatform, person: Somebody, id: Id, body: FormBody) -> Response:
    """Set stage, responsible person, expected date and reply."""
    form = _own_form(request, person, body)
    try:
        expected = date.fromisoformat(form["expected"]) if form.get("expected") else None
        seen = datetime.fromisoformat(form["seen"])
    except (KeyError, ValueError):
        raise bad_request("a date is not a date") from None
    step = StepForm(
        stage=form.get("stage", ""),
        responsible=form.get("responsible", "").strip(),
        expected=expected,
        reply=form.get("reply", "").replace("\r\n", "\n").strip(),
    )
    if len(step.responsible) > 200 or len(step.reply) > protocol.MAX_TEXT_CHARACTERS:
        raise bad_request("a field is too long")
    try:
        desk.set_step(platform, id, step, account=person.account, seen=seen)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        # What the person wrote stays in the form; the page shows what the other one made of it.
        opened = desk.open_petition(platform, id, account=person.account)
        return _petition_page(request, platform, person, opened, "petition.html", "step.changed_meanwhile", 409, step)
    return RedirectResponse(f"/staff/petitions/{id}?said=saved", 303)


@router.post("/staff/petitions/{id}/review")
def close_review(request: Request, platform: OpenPlatform, person: Somebody, id: Id, body: FormBody) -> Response:
    """Close the second look that is open, with or without a fresh reply."""
    form = _own_form(request, person, body)
    try:
        seen = datetime.fromisoformat(form["seen"])
    except (KeyError, ValueError):
        raise bad_request("a date is not a date") from None
    review = ReviewForm(
        outcome=reviews.outcome_of(form.get("outcome", "")),
        reply=form.get("reply", "").replace("\r\n", "\n").strip(),
        note=form.get("note", "").replace("\r\n", "\n").strip(),
    )
    if max(len(review.reply), len(review.note)) > protocol.MAX_TEXT_CHARACTERS:
        raise bad_request("a field is too long")
    try:
        reviews.close_review(platform, id, review, account=person.account, seen=seen)
    except Refusal as refusal:
        same = isinstance(refusal, SameReply)
        if refusal.status != 409 and not same:
            raise
        opened = desk.open_petition(platform, id, account=person.account)
        said = "review.same_reply" if same else "step.changed_meanwhile"
        return _petition_page(request, platform, person, opened, "petition.html", said, refusal.status, review)
    return RedirectResponse(f"/staff/petitions/{id}?said=reviewed", 303)


@router.get("/staff/petitions/{id}/attachments/{attachment_id}")
def get_attachment(
    request: Request,
    platform: OpenPlatform,
    person: Somebody,
    id: Id,
    attachment_id: Id,
) -> Response:
    """Unseal one sound or picture in memory and send it, or the part of it the player asks for."""
    media_type, plain = desk.open_attachment(platform, id, attachment_id, account=person.account)
    return _strangers_file(request, media_type, plain, attachment_id)


@router.get("/staff/petitions/{id}/events/{event_id}/sounds/{position}")
def get_event_sound(
    request: Request,
    platform: OpenPlatform,
    person: Somebody,
    id: Id,
    event_id: Id,
    position: Annotated[int, Path(ge=0, le=protocol.MAX_EVENT_SOUNDS)],
) -> Response:
    """Unseal what was said later and send one sound of it, or the part of it the player asks for."""
    media_type, plain = desk.open_event_sound(platform, id, event_id, position, account=person.account)
    return _strangers_file(request, media_type, plain, f"{event_id}-{position}")


def _strangers_file(request: Request, media_type: str, plain: bytes, name: str) -> Response:
    """Return a file of somebody we don't know: played and shown where that is safe, else only ever saved."""
    shown = media_type.partition(";")[0].strip().lower()
    headers = {
        # Were it a page in disguise, it would have no origin, no scripts and nothing to load.
        "Content-Security-Policy": "sandbox; default-src 'none'; media-src 'self'; img-src 'self'",
        "Content-Disposition": "inline" if shown in SHOWN_TYPES else f'attachment; filename="{name}"',
    }
    type_ = shown if shown in SHOWN_TYPES else "application/octet-stream"
    return _whole_or_part(request, plain, type_, headers)


def _whole_or_part(request: Request, content: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """Return bytes, or of them what a player's Range asks for: without parts it could not play them again."""
    headers = {**headers, "Accept-Ranges": "bytes"}
    wanted = _range(request.headers.get("Range", ""), len(content))
    if wanted is None:
        return Response(content, media_type=media_type, headers=headers)
    first, last = wanted
    if first > last:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, media_type=media_type, headers=headers)


def _range(header: str, length: int) -> tuple[int, int] | None:
    """Return (first, last) byte of a one-part Range, first > last where there is nothing, None for everything."""
    found = re.fullmatch(r"bytes=([0-9]{0,15})-([0-9]{0,15})", header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return max(0, length - int(found[2])), length - 1
    last = int(found[2]) if found[2] else length - 1
    return int(found[1]), min(last, length - 1)


# --- kiosks, and who read what ----------------------------------------------------------------------------------------


@router.get("/staff/kiosks")
def kiosks_page(request: Request, platform: OpenPlatform, person: Somebody) -> Response:
    """Show every kiosk and how it was when it last said so."""
    with platform.database.reading() as rows:
        enrolled = rows.scalars(select(Kiosk).order_by(Kiosk.enrolled_at)).all()
    places = catalogue.names(platform, "places", language_of(request).value)
    known = [
        (kiosk, protocol.read(protocol.Health, kiosk.health.encode()) if kiosk.health else None) for kiosk in enrolled
    ]
    return _room(request, platform, person, "kiosks.html", room="kiosks", kiosks=known, places=places)


@router.get("/staff/record")
def record_page(request: Request, platform: OpenPlatform, person: Somebody) -> Response:
    """Show who read what, newest first, and whether the record is whole."""
    with platform.database.reading() as rows:
        entries = rows.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(READINGS_SHOWN)).all()
        broken = audit.first_broken(rows)
        read = {entry.petition_id for entry in entries if entry.petition_id}
        petitions = rows.execute(select(Petition.id, Petition.number).where(Petition.id.in_(read)))
        numbers = {petition.id: petition.number for petition in petitions}
    return _room(
        request,
        platform,
        person,
        "record.html",
        room="record",
        entries=entries,
        broken=broken,
        who=_who(request, platform),
        numbers=numbers,
    )


def _who(request: Request, platform: Platform) -> Callable[[str], str]:
    """Return how an account is called on a page: the person's name, the operator, or the platform itself."""
    language = language_of(request)
    names = {
        "": say(language, "record.platform"),
        OPERATOR: say(language, "record.operator"),
        **dict(staff.accounts(platform.database)),
    }
    return lambda account: names.get(account, account)


@router.get("/static/{name}")
def static_file(request: Request, name: Annotated[str, Path(max_length=40)]) -> Response:
    """Serve style sheets, scripts and the bell; their address changes with their content."""
    try:
        content = static_bytes(name)
    except KeyError:
        raise not_found() from None
    for_ever = {"Cache-Control": "public, max-age=31536000, immutable"}
    return _whole_or_part(request, content, STATIC[name], for_ever)
