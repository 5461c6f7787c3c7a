"""Templates to HTML: the one place that turns values into a page, and the headers pages have."""

import hashlib
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from gateway import bell, words
from gateway.platform import Platform
from petition.model import Language
from petition.receipt import in_fours

STATIC = {
    "gateway.css": "text/css",
    "gateway.js": "text/javascript",
    "bell.js": "text/javascript",
    "tick.js": "text/javascript",
    "chime.wav": "audio/wav",
    "alarm.wav": "audio/wav",
    "phone.css": "text/css",
    "seal.svg": "image/svg+xml",
}

_environment = Environment(
    loader=PackageLoader("gateway"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["fours"] = in_fours

# Nothing from elsewhere, nothing inline: a petition's text that slipped through the escaping still could not run.
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:  # noqa: ANN401 - a page's own values
    """Return a page in the language the browser asks for."""
    platform: Platform = request.app.state.platform
    language = words.best_language(request.headers.get("Accept-Language", ""))
    now = platform.clock()

    def say(key: str, **filled: object) -> str:
        return words.say(language, key, **filled)

    def moment(value: datetime) -> str:
        return words.moment(language, value, now, platform.time_zone)

    def day(value: date) -> str:
        return words.day(language, value, now.astimezone(platform.time_zone).date())

    html = _environment.get_template(template).render(
        say=say,
        moment=moment,
        day=day,
        now=now,
        today=now.astimezone(platform.time_zone).date(),
        language=words.html_language(language),
        static=static_address,
        demo=platform.settings.demo,
        **values,
    )
    return HTMLResponse(
        html,
        status,
        headers={
            "Content-Security-Policy": CSP,
            "Content-Language": words.html_language(language),
            "Vary": "Accept-Language, Cookie",
            "Cache-Control": "no-store",
        },
    )


def language_of(request: Request) -> Language:
    """Return the language a page is answered in."""
    return words.best_language(request.headers.get("Accept-Language", ""))


@cache
def static_bytes(name: str) -> bytes:
    """Return one of the files pages refer to; raises KeyError for any other name."""
    if name not in STATIC:
        raise KeyError(name)
    if name in bell.SOUNDS:
        return bell.sound(name)
    return files("gateway").joinpath("static", name).read_bytes()


@cache
def static_address(name: str) -> str:
    """Return a file's address, which changes with its content, so that browsers may keep it for long."""
    return f"/static/{name}?{hashlib.sha256(static_bytes(name)).hexdigest()[:12]}"
