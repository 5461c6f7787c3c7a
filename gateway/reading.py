"""Reading a request's body: never more than it may have, never parsed by anybody but us."""

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qsl

from fastapi import Request

from gateway.refusal import bad_request, too_large

FORM_FIELDS_MAX = 20


async def read_body(request: Request, bytes_max: int) -> bytes:
    """Return the whole body; raises Refusal(413) as soon as it is too large, whatever Content-Length says."""
    announced = request.headers.get("Content-Length", "0")
    if not announced.isdecimal() or int(announced) > bytes_max:
        raise too_large(bytes_max)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > bytes_max:
            raise too_large(bytes_max)
    return bytes(body)


def body_up_to(bytes_max: int) -> Callable[[Request], Awaitable[bytes]]:
    """Return a dependency that reads a body of at most so many bytes."""

    async def read(request: Request) -> bytes:
        return await read_body(request, bytes_max)

    return read


async def pieces_of(request: Request) -> AsyncIterator[bytes]:
    """Yield a body as it comes in."""
    async for piece in request.stream():
        if piece:
            yield piece


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of an urlencoded form; raises Refusal(400)."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=FORM_FIELDS_MAX
        )
    except ValueError:
        raise bad_request("not a form") from None
    return dict(pairs)


def whole_number(text: str, name: str) -> int:
    """Return a header's whole number, at most 15 digits; raises Refusal(400)."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise bad_request(f"{name} is not a whole number")
    return int(text)
