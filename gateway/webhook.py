"""Passing calls on by one signed webhook: the message, its signature, and the thread that sends what is queued.

Nothing personal is in a message: which kiosk, why, since when, and where staff answer. It is signed as Standard
Webhooks has it, HMAC-SHA256 over `id.timestamp.body`; for DingTalk's robot, by its own `timestamp` and `sign` too.
"""

import base64
import binascii
import hashlib
import hmac
import json
import random
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

import requests
from jinja2 import FileSystemLoader, PackageLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from sqlalchemy import func, not_, or_, select
from sqlalchemy.orm import Session

from gateway import words
from gateway.calls import NO_DANGER, Reason, reason_of
from gateway.database import Call, Delivery, Kiosk
from gateway.journal import Happening, note, note_bug
from gateway.outbox import CallNews, choose_news
from gateway.platform import Platform
from gateway.settings import Settings
from petition.errors import Fault, FaultCode
from petition.model import Language

BUILT_IN = ("plain", "wecom", "dingtalk")
LOOK_SECONDS = 2.0
"""How often the queue is looked at when nobody says that it changed: another process may have written to it."""
FIRST_RETRY, LAST_RETRY = timedelta(seconds=2), timedelta(minutes=5)
LAST_RETRY_IN_DANGER = timedelta(minutes=1)
GIVE_UP = timedelta(hours=24)
CALM_CALLS_MAX, CALM_TIME = 3, timedelta(minutes=5)
"""So many calls for help one kiosk may have passed on in such a time: a robot takes only so many messages."""
TIMEOUT_GRACE_SECONDS = 2.0
ANSWER_BYTES_MAX = 64 * 1024
OK = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message as it goes out."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a message tells."""

    message_id: str
    news: CallNews
    call_id: str
    kiosk: str
    reason: str
    since: datetime
    at: datetime


class Webhook:
    """The receiver: its address, its secret and the form of its messages.

    Raises Fault(BAD_CONFIGURATION) for an address that is none, a missing secret, or a template that does not give
    JSON.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = settings.webhook_url
        if urlsplit(self._url).scheme not in ("http", "https") or not urlsplit(self._url).hostname:
            raise _wrong("its address is no http or https address")
        self._dingtalk = (settings.webhook_sign or settings.webhook_body) == "dingtalk"
        if settings.webhook_sign not in ("", "header", "dingtalk"):
            raise _wrong("it is signed by header or dingtalk")
        if not settings.webhook_secret and (self._dingtalk or settings.webhook_body != "wecom"):
            # A group's robot of WeCom has its key in the address and checks nothing else.
            raise _wrong("a secret is needed to sign its messages")
        self._secret = settings.webhook_secret.encode()
        self._key = _signing_key(settings.webhook_secret)
        self._template = _template(settings.webhook_body)
        self._zone = timezone(timedelta(hours=settings.utc_offset_hours))
        self._link = staff_address(settings)
        also = {CallNews(each) for each in settings.webhook_also if each in tuple(CallNews)}
        if len(also) < len(settings.webhook_also):
            raise _wrong("besides new calls it tells of answered and over, nothing else")
        self.wanted = frozenset({CallNews.CALLED, *also})
        sample = datetime(2027, 3, 8, 2, 20, tzinfo=UTC)
        self.outgoing(
            Told(
                message_id="msg_0", news=CallNews.CALLED, call_id="0", kiosk="1", reason="help", since=sample, at=sample
            ),
            sample,
        )

    def outgoing(self, told: Told, now: datetime) -> Outgoing:
        """Return a message, signed for this moment; raises Fault(BAD_CONFIGURATION) when the template gives no JSON."""
        try:
            body = self._template.render(**self._values(told)).encode()
            json.loads(body)
        except (TemplateError, ValueError, TypeError) as error:
            raise _wrong(f"its template does not give JSON: {type(error).__name__}") from None
        seconds = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "petition-gateway/1",
            "webhook-id": told.message_id,
            "webhook-timestamp": seconds,
        }
        if self._key:
            headers["webhook-signature"] = signature(self._key, told.message_id, seconds, body)
        url = dingtalk_address(self._url, self._secret, int(now.timestamp() * 1000)) if self._dingtalk else self._url
        return Outgoing(url=url, body=body, headers=headers)

    def _values(self, told: Told) -> dict[str, Any]:
        reason = reason_of(told.reason)
        urgent = reason.value != "help"
        since = f"{told.since.astimezone(self._zone):%H:%M}"
        happened = words.say(
            Language.SIMPLIFIED,
            f"webhook.{told.news.value}",
            kiosk=told.kiosk,
            reason=words.say(Language.SIMPLIFIED, f"call.reason.{reason.value}"),
        )
        lines = [
            words.say(Language.SIMPLIFIED, "webhook.urgent" if urgent else "webhook.plain", happened=happened),
            words.say(Language.SIMPLIFIED, "webhook.since", time=since),
            self._link,
        ]
        return {
            "type": f"call.{told.news.value}",
            "call_id": told.call_id,
            "kiosk": told.kiosk,
            "reason": reason.value,
            "urgent": urgent,
            "since": _iso(told.since),
            "at": _iso(told.at),
            "link": self._link,
            "text": "\n".join(lines),
        }


def signature(key: bytes, message_id: str, seconds: str, body: bytes) -> str:
    """Return the value of `webhook-signature`: `v1,` and base64 of HMAC-SHA256 over id, timestamp and body."""
    signed = hmac.digest(key, f"{message_id}.{seconds}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"


def dingtalk_address(url: str, secret: bytes, milliseconds: int) -> str:
    """Return the robot's address with `timestamp` and `sign`, which it takes for an hour."""
    signed = hmac.new(secret, f"{milliseconds}\n".encode() + secret, hashlib.sha256).digest()
    joint = "&" if urlsplit(url).query else "?"
    return f"{url}{joint}timestamp={milliseconds}&sign={quote_plus(base64.b64encode(signed))}"


def staff_address(settings: Settings) -> str:
    """Return where staff see the calls."""
    if settings.staff_url:
        return settings.staff_url
    scheme = "https" if settings.tls_in_front else "http"
    return f"{scheme}://{settings.public_host or f'{settings.host}:{settings.port}'}/staff/calls"


class WebhookSender:
    """The thread that delivers what is queued: again and again, later and later, in order for each call.

    What a receiver does can't be felt anywhere else: the queue is a table, and this thread the only one that waits.
    """

    def __init__(self, platform: Platform, webhook: Webhook) -> None:
        self._platform = platform
        self._webhook = webhook
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhook", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier run left is sent first."""
        choose_news(self._platform, self._webhook.wanted)
        self._thread.start()

    def stop(self) -> None:
        """End after the request that is under way; what was not answered in time is sent again by the next run."""
        self._stopping.set()
        self._platform.outbox_changed.set()
        self._thread.join(self._platform.settings.webhook_seconds + TIMEOUT_GRACE_SECONDS)

    def _run(self) -> None:
        with requests.Session() as http:
            while not self._stopping.is_set():
                self._platform.outbox_changed.clear()
                try:
                    self._round(http)
                except Exception as error:  # noqa: BLE001 - a full disk or a bug: calls must go on being passed on
                    note_bug(error)
                self._platform.outbox_changed.wait(LOOK_SECONDS)

    def _round(self, http: requests.Session) -> None:
        # Looked up anew after each message: danger may have come in while a slow receiver was waited for.
        while not self._stopping.is_set() and (delivery_id := self._next()) is not None:
            told = self._still_useful(delivery_id)
            if told is None:
                continue
            outcome = self._send(http, told)
            if not self._stopping.is_set() or outcome == OK:
                self._note(delivery_id, outcome)

    def _next(self) -> int | None:
        """Return what is to be sent now: danger first, then the oldest; of each call only what is next."""
        now = self._platform.clock()
        with self._platform.database.reading() as rows:
            first = select(func.min(Delivery.id)).where(Delivery.done_at.is_(None)).group_by(Delivery.call_id)
            untold = (Delivery.happening == CallNews.CALLED.value) & (Delivery.attempts == 0)
            held = NO_DANGER & untold & Call.kiosk_id.in_(_held_back(rows, now))
            query = select(Delivery.id).join(Call, Call.id == Delivery.call_id).order_by(NO_DANGER, Delivery.id)
            return rows.scalars(
                query.where(Delivery.id.in_(first), Delivery.due_at <= now, not_(held)).limit(1)
            ).first()

    def _still_useful(self, delivery_id: int) -> Told | None:
        """Return what there is to tell, or note that nobody needs to be told any more."""
        now = self._platform.clock()
        with self._platform.database.writing() as rows:
            delivery = rows.get_one(Delivery, delivery_id)
            call = rows.get_one(Call, delivery.call_id)
            only_new = self._webhook.wanted == {CallNews.CALLED}
            answered = call.answered_at is not None or call.over_at is not None
            nobody_knows = call.over_at is not None and _never_told(rows, call)
            if now - delivery.happened_at > GIVE_UP or (only_new and answered) or nobody_knows:
                # A call that somebody went to an hour ago would only make people run.
                delivery.done_at = now
                note(Happening.WEBHOOK_DROPPED, call=call.id, attempts=delivery.attempts)
                return None
            kiosk = rows.get_one(Kiosk, call.kiosk_id)
            return Told(
                message_id=delivery.message_id,
                news=CallNews(delivery.happening),
                call_id=call.id,
                kiosk=kiosk.name,
                reason=call.reason,
                since=call.received_at,
                at=delivery.happened_at,
            )

    def _send(self, http: requests.Session, told: Told) -> str:
        """Return OK, or a status or the name of an error; the answer's `Retry-After` follows a status by a space."""
        message = self._webhook.outgoing(told, self._platform.clock())
        try:
            with http.post(
                message.url,
                data=message.body,
                headers=message.headers,
                timeout=self._platform.settings.webhook_seconds,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code // 100 != 2:
                    return f"{answer.status_code} {answer.headers.get('Retry-After', '')}".strip()
                return _robots_word(next(answer.iter_content(ANSWER_BYTES_MAX), b""))
        except (requests.RequestException, OSError, ValueError) as error:
            # By its name only: its text would quote the address, and that holds a robot's key.
            return type(error).__name__

    def _note(self, delivery_id: int, outcome: str) -> None:
        now = self._platform.clock()
        with self._platform.database.writing() as rows:
            delivery = rows.get_one(Delivery, delivery_id)
            delivery.attempts += 1
            if outcome == OK:
                delivery.done_at, delivery.taken = now, True
                note(Happening.WEBHOOK_SENT, call=delivery.call_id, attempts=delivery.attempts)
                return
            status, _, asked = outcome.partition(" ")
            wait = min(FIRST_RETRY * 2 ** min(delivery.attempts - 1, 20), LAST_RETRY)
            if asked.isdecimal() and len(asked) < 10:
                wait = max(wait, timedelta(seconds=int(asked)))
            # Up to a quarter longer: two gateways that lost one receiver don't come back in step.
            wait *= 1 + random.random() / 4  # noqa: S311 - no secret is made of it
            # Whatever a receiver asks for, a call is not put off until nobody needs to be told any more.
            calm = reason_of(rows.get_one(Call, delivery.call_id).reason) is Reason.HELP
            delivery.due_at = now + min(wait, LAST_RETRY if calm else LAST_RETRY_IN_DANGER)
            note(Happening.WEBHOOK_FAILED, call=delivery.call_id, attempts=delivery.attempts, status=status)


def standing(rows: Session, call_id: str) -> str:
    """Return how far a call was passed on: "" not at all, "sent", "waiting" or "dropped"."""
    newest = select(Delivery).where(Delivery.call_id == call_id).order_by(Delivery.id.desc())
    delivery = rows.scalars(newest.limit(1)).first()
    if delivery is None:
        return ""
    if delivery.done_at is None:
        return "waiting"
    return "sent" if delivery.taken else "dropped"


def undelivered(platform: Platform) -> int:
    """Return how many messages were tried in vain and still wait: somebody should look at the webhook."""
    with platform.database.reading() as rows:
        query = select(func.count(Delivery.id)).where(Delivery.done_at.is_(None), Delivery.attempts > 1)
        return rows.scalars(query).one()


def _held_back(rows: Session, now: datetime) -> list[str]:
    """Return the kiosks whose further calls for help wait: enough of them were passed on lately, or are being tried."""
    tried = (Delivery.happening == CallNews.CALLED.value) & (Delivery.attempts > 0)
    lately = or_(Delivery.done_at.is_(None), Delivery.done_at > now - CALM_TIME)
    query = select(Call.kiosk_id).join(Delivery, Delivery.call_id == Call.id).where(NO_DANGER, tried, lately)
    return list(rows.scalars(query.group_by(Call.kiosk_id).having(func.count() >= CALM_CALLS_MAX)))


def _never_told(rows: Session, call: Call) -> bool:
    """Return whether a call for help waited so long that no message of it was ever tried."""
    tried = select(func.sum(Delivery.attempts)).where(Delivery.call_id == call.id)
    return reason_of(call.reason) is Reason.HELP and not rows.scalar(tried)


def _robots_word(body: bytes) -> str:
    """Return OK, or the errcode of a robot that says no with status 200."""
    with suppress(ValueError, RecursionError):
        said = json.loads(body)
        if isinstance(said, dict) and said.get("errcode") not in (None, 0):
            return f"errcode-{str(said['errcode'])[:12]}"
    return OK


def _signing_key(secret: str) -> bytes:
    """Return the bytes to sign with: base64 behind `whsec_`, as Standard Webhooks writes secrets, else the words."""
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("its secret is not base64 behind whsec_") from None


def _template(body: str) -> Template:
    """Return a template that ships with the gateway, or one's own file."""
    own = Path(body)
    loader = PackageLoader("gateway", "webhook_bodies") if body in BUILT_IN else FileSystemLoader(own.parent)
    environment = SandboxedEnvironment(loader=loader, undefined=StrictUndefined, autoescape=False)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    try:
        return environment.get_template(f"{body}.json.j2" if body in BUILT_IN else own.name)
    except (TemplateError, OSError, UnicodeError) as error:
        raise _wrong(f"its template cannot be read: {type(error).__name__}") from None


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _wrong(what: str) -> Fault:
    return Fault(FaultCode.BAD_CONFIGURATION, f"the webhook: {what}")
