"""The gateway as a web application: the API, the staff pages, the phone page, and what holds for every answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic.json_schema import models_json_schema
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import api, pages, phone_page
from gateway.journal import Happening, note, note_bug
from gateway.outbox import choose_news
from gateway.platform import Clock, open_platform, utc_now
from gateway.refusal import Refusal, bad_request, come_back, refusal_of
from gateway.settings import Settings
from gateway.webhook import Webhook, WebhookSender
from offline_queue import protocol
from offline_queue.protocol import ErrorCode
from petition.errors import Fault

ABOUT = """\
What kiosks and the central platform say to each other. Petitions arrive sealed (HPKE) and signed (Ed25519); answers
that matter are signed. `docs/integrators.md` explains the order of calls, `docs/api/examples/` shows every message.
"""

TAGS = [
    {"name": "kiosks", "description": "Enrolment, numbers, catalogue, health"},
    {"name": "petitions", "description": "Sealed petitions and what is said later"},
    {"name": "attachments", "description": "Sealed sounds and pictures, by tus 1.0"},
    {"name": "progress", "description": "How far a petition is"},
    {"name": "calls", "description": "Calls for staff"},
    {"name": "phone", "description": "The page behind the receipt's QR code"},
]


def create_app(settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """Return the application on a directory; raises Fault(STATE_DIRECTORY_UNUSABLE) when that cannot be used.

    Raises Fault(BAD_CONFIGURATION) when the webhook cannot be used as it is configured.

    `app.state.platform` is the open platform, for `gateway.admin` and tests. It is closed when the server stops.
    """
    webhook = Webhook(settings) if settings.webhook_url else None
    platform = open_platform(settings, clock)
    sender = None if webhook is None else WebhookSender(platform, webhook)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        note(Happening.STARTED)
        if sender is None:
            choose_news(platform, frozenset())
        else:
            sender.start()
        yield
        if sender is not None:
            await run_in_threadpool(sender.stop)
        note(Happening.STOPPED)
        platform.close()

    app = FastAPI(
        title="Petition platform API",
        version="1.0.0",
        summary="Kiosk to central platform, version 1",
        description=ABOUT,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=TAGS,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.platform = platform
    app.state.leases = {}
    app.include_router(api.router)
    app.include_router(phone_page.router)
    app.include_router(pages.router)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(pages.SignInNeeded, _to_the_door)
    app.add_exception_handler(Fault, _fault)
    app.add_exception_handler(OperationalError, _database_busy)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _no_such_route)
    app.add_middleware(_Guard)
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]  # as FastAPI says to
    return app


class _Guard:
    """Around every request: the headers every answer has, and an honest answer when our own code broke."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in _HEADERS if name not in present),
                ]
            await send(message)

        try:
            await self.app(scope, receive, send_guarded)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last door: whatever broke, the log must not quote it
            note_bug(error)
            if not begun:
                broke = Refusal(
                    status=500, code=ErrorCode.UNAVAILABLE, detail="the platform broke; it was written down"
                )
                await _answer(broke)(scope, receive, send_guarded)


_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    # Not no-referrer: with it browsers send `Origin: null` and a form could not be told from a stranger's.
    (b"referrer-policy", b"same-origin"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


def _answer(refusal: Refusal) -> Response:
    body = protocol.write(protocol.Error(code=refusal.code, detail=refusal.detail[:200]))
    return Response(body, status_code=refusal.status, media_type=protocol.JSON, headers=refusal.headers)


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else bad_request("")
    if pages.is_page(request.url.path):
        return pages.refusal_page(request, refusal)
    answer = _answer(refusal)
    if request.url.path.startswith(protocol.FILES):
        answer.headers[protocol.HEADER_TUS] = protocol.TUS_VERSION
    return answer


async def _fault(request: Request, error: Exception) -> Response:
    return await _refused(request, refusal_of(error) if isinstance(error, Fault) else bad_request(""))


async def _to_the_door(request: Request, error: Exception) -> Response:
    del error
    if request.headers.get("X-Refresh") is not None:
        # The page's own script asks: it goes to the door by itself, so that no half page is put into a whole one.
        return Response(status_code=401)
    over = "?said=session_over" if "staff" in " ".join(request.cookies) else ""
    return RedirectResponse(f"/staff/sign-in{over}", 303)


async def _database_busy(request: Request, error: Exception) -> Response:
    # Locked for longer than the busy timeout, or the disk is full: nothing was stored, the kiosk keeps its copy.
    note_bug(error)
    return await _refused(request, come_back(30, status=503, code=ErrorCode.UNAVAILABLE))


async def _unreadable(request: Request, error: Exception) -> Response:
    where = ""
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        where = f"{first['loc'][0]} {first['loc'][-1]}: {first['type']}"
    return await _refused(request, bad_request(where))


async def _no_such_route(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    code = ErrorCode.NOT_FOUND if status == 404 else ErrorCode.BAD_REQUEST
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return await _refused(
        request, Refusal(status=status, code=code, detail="no such address or method here", headers=headers)
    )


def _describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description, with every message of the protocol in it."""
    if app.openapi_schema is None:
        described = FastAPI.openapi(app)
        _, definitions = models_json_schema(
            [(model, "validation") for model in api.schemas()], ref_template="#/components/schemas/{model}"
        )
        components = described.setdefault("components", {})
        # The validation errors FastAPI describes are not the ones this application answers with.
        components["schemas"] = dict(sorted(definitions["$defs"].items()))
        components["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "The kiosk's token, from its enrolment"}
        }
        for path, operations in described["paths"].items():
            for operation in operations.values():
                operation["responses"].pop("422", None)
                if path not in _WITHOUT_TOKEN:
                    operation["security"] = [{"token": []}]
                    operation["parameters"] = [
                        each for each in operation.get("parameters", []) if each["name"] != "authorization"
                    ]
        app.openapi_schema = described
    return app.openapi_schema


_WITHOUT_TOKEN = (protocol.ENROLMENTS, protocol.PETITION, protocol.EVENT, protocol.RECEIPT_PAGE)
