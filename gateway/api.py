"""Platform API v1 over HTTP: thin: read, hand to the room that knows, write the answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from gateway import calls, catalogue, events, kiosks, lookups, petitions, uploads
from gateway.kiosks import KnownKiosk
from gateway.platform import Platform
from gateway.reading import body_up_to, pieces_of, whole_number
from gateway.refusal import Refusal, bad_request, come_back, too_large
from offline_queue import protocol
from offline_queue.protocol import (
    HEADER_DIGEST,
    HEADER_PROTOCOL,
    HEADER_TUS,
    HEADER_UPLOAD_LENGTH,
    HEADER_UPLOAD_METADATA,
    HEADER_UPLOAD_OFFSET,
    ErrorCode,
    Message,
)

BODY_BYTES_MAX = 64 * 1024


def _platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


def _kiosk(
    platform: Annotated[Platform, Depends(_platform)], authorization: Annotated[str, Header()] = ""
) -> KnownKiosk:
    scheme, _, token = authorization.partition(" ")
    return kiosks.kiosk_of(platform, token.strip() if scheme.lower() == "bearer" else "")


def _spoken_protocol(version: Annotated[str, Header(alias=HEADER_PROTOCOL)] = protocol.PROTOCOL_VERSION) -> None:
    if version != protocol.PROTOCOL_VERSION:
        raise bad_request(f"this platform speaks protocol {protocol.PROTOCOL_VERSION}")


def _spoken_tus(version: Annotated[str, Header(alias=HEADER_TUS)] = "") -> None:
    if version != protocol.TUS_VERSION:
        raise Refusal(
            status=412,
            code=ErrorCode.BAD_REQUEST,
            detail=f"{HEADER_TUS} must be {protocol.TUS_VERSION}",
            headers={"Tus-Version": protocol.TUS_VERSION},
        )


Id = Annotated[str, Path(pattern=protocol.UUID)]
KioskId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
FileId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
OpenPlatform = Annotated[Platform, Depends(_platform)]
Caller = Annotated[KnownKiosk, Depends(_kiosk)]
Body = Annotated[bytes, Depends(body_up_to(BODY_BYTES_MAX))]
EnvelopeBody = Annotated[bytes, Depends(body_up_to(protocol.MAX_ENVELOPE_BYTES))]
Digest = Annotated[str, Header(alias=HEADER_DIGEST)]
Tus = Depends(_spoken_tus)

ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": protocol.Error, "description": "No; `code` says why and is what programs act on."},
    "5XX": {"model": protocol.Error, "description": "Not now; come back after `Retry-After` seconds."},
}

router = APIRouter(dependencies=[Depends(_spoken_protocol)], responses=ERRORS)


def _takes(schema: str | dict[str, Any], media_type: str = protocol.JSON) -> dict[str, Any]:
    content = {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
    return {"requestBody": {"required": True, "content": {media_type: {"schema": content}}}}


def _signed(type_: protocol.Type, body: type[Message]) -> dict[str, Any]:
    """Return the schema of a signed object with this body."""
    return {
        "allOf": [
            {"$ref": "#/components/schemas/Signed"},
            {
                "properties": {
                    "type": {"const": type_.value},
                    "body": {"$ref": f"#/components/schemas/{body.__name__}"},
                }
            },
        ]
    }


def _chain(type_: protocol.Type, body: type[Message]) -> dict[str, Any]:
    """Return the schema of a chain that ends in this body."""
    return {
        "type": "object",
        "required": ["keys", "message"],
        "properties": {"keys": _signed(protocol.Type.KEYS, protocol.Keys), "message": _signed(type_, body)},
    }


def _gives(status: int, schema: str | dict[str, Any], description: str) -> dict[int | str, dict[str, Any]]:
    content = {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
    return {status: {"description": description, "content": {protocol.JSON: {"schema": content}}}}


def _json(message: Message, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(protocol.write(message), status_code=status, media_type=protocol.JSON, headers=headers)


def _empty(status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(status_code=status, headers=headers)


# --- enrolment and catalogue ------------------------------------------------------------------------------------------


@router.post(
    protocol.ENROLMENTS,
    status_code=201,
    tags=["kiosks"],
    summary="Make a machine a kiosk with a one-time code",
    responses=_gives(201, _chain(protocol.Type.ENROLMENT, protocol.Enrolment), "Enrolled"),
    openapi_extra=_takes(_signed(protocol.Type.ENROLMENT_REQUEST, protocol.EnrolmentRequest)),
)
def enrol(request: Request, platform: OpenPlatform, body: Body) -> Response:
    """Spend a one-time code: the answer brings id, token, two blocks of numbers, and the root key.

    The installer's code carries the root key's fingerprint; the kiosk compares it before it keeps anything. The same
    code with the same key again is answered again, with a new token.
    """
    wait = platform.enrolments.wait_seconds(address_of(request), platform.clock())
    if wait:
        raise come_back(wait)
    host = platform.settings.public_host or request.url.netloc
    chain = kiosks.enrol(platform, protocol.read(protocol.Signed, body), host)
    return _json(chain, 201, {"Cache-Control": "no-store"})


@router.post(
    protocol.BLOCKS,
    status_code=201,
    tags=["kiosks"],
    summary="Lease another block of receipt numbers",
    responses=_gives(201, _chain(protocol.Type.BLOCKS, protocol.Blocks), "Leased"),
    openapi_extra=_takes(_signed(protocol.Type.BLOCKS_REQUEST, protocol.BlocksRequest)),
)
def lease_block(platform: OpenPlatform, caller: Caller, id: KioskId, body: Body) -> Response:
    """Lease 100,000 more numbers. Asked again under the same `request_id`, the answer is the same block."""
    del caller
    return _json(kiosks.lease_block(platform, id, protocol.read(protocol.Signed, body)), 201)


@router.get(
    protocol.CATALOGUE,
    tags=["kiosks"],
    summary="The signed catalogue and keys",
    responses={
        **_gives(200, _chain(protocol.Type.CATALOGUE, catalogue.PublishedCatalogue), "The catalogue"),
        304: {"description": "Not changed since this ETag"},
    },
)
def get_catalogue(platform: OpenPlatform, caller: Caller, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return categories, places, contacts and privacy words, signed by a key that the root key vouches for."""
    published = catalogue.publish_catalogue(platform, place=caller.place)
    headers = {"ETag": published.etag, "Cache-Control": "private, no-cache"}
    if published.etag in {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}:
        return _empty(304, headers)
    return _json(published.chain, 200, headers)


@router.put(
    protocol.HEALTH,
    status_code=204,
    tags=["kiosks"],
    summary="How a kiosk is",
    openapi_extra=_takes("Health"),
)
def put_health(platform: OpenPlatform, caller: Caller, id: KioskId, body: Body) -> Response:
    """Keep the kiosk's last report; nothing personal is in it."""
    health = protocol.read(protocol.Health, body)
    if id != caller.id:
        raise bad_request("the address is another kiosk's")
    kiosks.report_health(platform, caller, health)
    return _empty(204)


# --- petitions and events ---------------------------------------------------------------------------------------------


@router.put(
    protocol.PETITION,
    status_code=201,
    tags=["petitions"],
    summary="Send a sealed petition",
    responses={
        **_gives(200, _signed(protocol.Type.ACKNOWLEDGEMENT, protocol.Acknowledgement), "These bytes were here"),
        **_gives(201, _signed(protocol.Type.ACKNOWLEDGEMENT, protocol.Acknowledgement), "Received"),
    },
    openapi_extra=_takes(_signed(protocol.Type.PETITION, protocol.Envelope), protocol.ENVELOPE_MEDIA_TYPE),
)
def put_petition(platform: OpenPlatform, id: Id, body: EnvelopeBody, digest: Digest = "") -> Response:
    """Take in an envelope, exactly once. What authorises it is the kiosk's signature, so any road may bring it.

    First 201, the same bytes again 200, other bytes under the same id 409. The answer is signed; only a signed answer
    of this id and digest proves that the petition is here.
    """
    received = petitions.receive_petition(platform, id, body, digest)
    return _json(received.acknowledgement, 201 if received.created else 200)


@router.get(
    protocol.ACKNOWLEDGEMENT,
    tags=["petitions"],
    summary="What of a petition is here, signed",
    responses=_gives(200, _signed(protocol.Type.ACKNOWLEDGEMENT, protocol.Acknowledgement), "The signed word"),
)
def get_acknowledgement(platform: OpenPlatform, caller: Caller, id: Id) -> Response:
    """Return digest and received attachments; `complete` once everything the envelope announced is here."""
    del caller
    return _json(petitions.acknowledgement(platform, id), headers={"Cache-Control": "no-store"})


@router.put(
    protocol.EVENT,
    status_code=201,
    tags=["petitions"],
    summary="Send what a receipt's holder says later",
    responses={
        **_gives(200, _signed(protocol.Type.EVENT_ACKNOWLEDGEMENT, protocol.EventAcknowledgement), "Was here"),
        **_gives(201, _signed(protocol.Type.EVENT_ACKNOWLEDGEMENT, protocol.EventAcknowledgement), "Received"),
    },
    openapi_extra=_takes(_signed(protocol.Type.EVENT, protocol.EventEnvelope), protocol.ENVELOPE_MEDIA_TYPE),
)
def put_event(platform: OpenPlatform, id: Id, body: EnvelopeBody, digest: Digest = "") -> Response:
    """Take in a sealed rating, supplement, urging or withdrawal, exactly once; also before its petition is here."""
    received = events.receive_event(platform, id, body, digest)
    return _json(received.acknowledgement, 201 if received.created else 200)


# --- attachments: tus 1.0 ---------------------------------------------------------------------------------------------


@router.options(
    protocol.FILES, status_code=204, tags=["attachments"], summary="What this tus server can do", responses=ERRORS
)
def describe_uploads() -> Response:
    """Answer tus's discovery request."""
    return _empty(
        204,
        {
            HEADER_TUS: protocol.TUS_VERSION,
            "Tus-Version": protocol.TUS_VERSION,
            "Tus-Extension": "creation",
            "Tus-Max-Size": str(protocol.MAX_ATTACHMENT_BYTES),
        },
    )


@router.post(
    protocol.FILES,
    status_code=201,
    tags=["attachments"],
    summary="Begin or find the upload of an attachment",
    dependencies=[Tus],
)
def create_upload(
    platform: OpenPlatform,
    caller: Caller,
    length: Annotated[str, Header(alias=HEADER_UPLOAD_LENGTH)] = "",
    metadata: Annotated[str, Header(alias=HEADER_UPLOAD_METADATA)] = "",
) -> Response:
    """Return the Location of an attachment's upload: always the same for the same petition and attachment id."""
    size = whole_number(length, HEADER_UPLOAD_LENGTH)
    if size > protocol.MAX_ATTACHMENT_BYTES:
        raise too_large(protocol.MAX_ATTACHMENT_BYTES)
    upload = uploads.create_upload(platform, caller, length=size, metadata=metadata)
    return _empty(
        201,
        {
            HEADER_TUS: protocol.TUS_VERSION,
            "Location": protocol.FILE.format(id=upload.file_id),
            HEADER_UPLOAD_OFFSET: str(upload.offset),
        },
    )


@router.head(protocol.FILE, tags=["attachments"], summary="How far an upload is", dependencies=[Tus])
def get_upload(platform: OpenPlatform, caller: Caller, id: FileId) -> Response:
    """Return the next byte that is wanted."""
    upload = uploads.find_upload(platform, caller, id)
    return _empty(
        200,
        {
            HEADER_TUS: protocol.TUS_VERSION,
            HEADER_UPLOAD_OFFSET: str(upload.offset),
            HEADER_UPLOAD_LENGTH: str(upload.length),
            "Cache-Control": "no-store",
        },
    )


@router.patch(
    protocol.FILE,
    status_code=204,
    tags=["attachments"],
    summary="Go on with an upload",
    openapi_extra=_takes({"type": "string", "format": "binary"}, protocol.PATCH_MEDIA_TYPE),
    dependencies=[Tus],
)
async def patch_upload(
    request: Request,
    platform: OpenPlatform,
    caller: Caller,
    id: FileId,
    offset: Annotated[str, Header(alias=HEADER_UPLOAD_OFFSET)] = "",
) -> Response:
    """Append bytes at the offset; what came before a line broke is kept. Kiosks send 256 KiB at a time."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != protocol.PATCH_MEDIA_TYPE:
        raise Refusal(
            status=415, code=ErrorCode.BAD_REQUEST, detail=f"the body's type must be {protocol.PATCH_MEDIA_TYPE}"
        )
    announced = request.headers.get("Content-Length", "0")
    if whole_number(announced, "Content-Length") > platform.settings.patch_bytes_max:
        raise too_large(platform.settings.patch_bytes_max)
    reached = await uploads.append(
        platform,
        caller,
        request.app.state.leases,
        id,
        offset=whole_number(offset, HEADER_UPLOAD_OFFSET),
        pieces=pieces_of(request),
    )
    return _empty(204, {HEADER_TUS: protocol.TUS_VERSION, HEADER_UPLOAD_OFFSET: str(reached)})


# --- progress and calls -----------------------------------------------------------------------------------------------


@router.get(
    protocol.UPDATES,
    tags=["progress"],
    summary="What got further since a cursor",
    responses=_gives(200, "UpdatesPage", "A page of updates; 410 means: start over without a cursor"),
)
def get_updates(
    platform: OpenPlatform,
    caller: Caller,
    after: Annotated[str, Query(max_length=200, pattern=r"^[A-Za-z0-9._~-]*$")] = "",
) -> Response:
    """Return the news of the calling kiosk's petitions. Replies are never in it."""
    return _json(lookups.updates_after(platform, caller, after), headers={"Cache-Control": "no-store"})


@router.post(
    protocol.LOOKUPS,
    tags=["progress"],
    summary="How far a petition is, for the holder of its receipt",
    responses=_gives(200, "Progress", "How far it is; `on_its_way` while the petition itself has not arrived"),
    openapi_extra=_takes("LookupRequest"),
)
def look_up(platform: OpenPlatform, caller: Caller, body: Body) -> Response:
    """Return steps, responsible person, expected date and reply, for number and tag, or number and query code.

    Five wrong codes close the code of a number for 24 hours; the tag still works.
    """
    progress = lookups.look_up(platform, caller, protocol.read(protocol.LookupRequest, body))
    return _json(progress, headers={"Cache-Control": "no-store"})


@router.put(
    protocol.CALL,
    status_code=201,
    tags=["calls"],
    summary="Call for staff",
    responses={**_gives(200, "CallAnswer", "Known"), **_gives(201, "CallAnswer", "Taken in")},
    openapi_extra=_takes("CallRequest"),
)
def put_call(platform: OpenPlatform, caller: Caller, id: Id, body: Body) -> Response:
    """Take in a call for a person; repeated, it is the same call."""
    received = calls.receive_call(platform, caller, id, protocol.read(protocol.CallRequest, body))
    return _json(received.answer, 201 if received.created else 200)


@router.get(
    protocol.CALL,
    tags=["calls"],
    summary="Whether somebody answered a call",
    responses=_gives(200, "CallAnswer", "Who, and when; empty while nobody has"),
)
def get_call(platform: OpenPlatform, caller: Caller, id: Id) -> Response:
    """Return who is coming, if anybody."""
    return _json(calls.call_answer(platform, caller, id), headers={"Cache-Control": "no-store"})


def address_of(request: Request) -> str:
    """Return whose request this is: the address, or what our own proxy says it is."""
    platform: Platform = request.app.state.platform
    forwarded = request.headers.get("X-Forwarded-For", "")
    if platform.settings.trusted_proxy and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return request.client.host if request.client else ""


def schemas() -> list[type[Message]]:
    """Return every message of the API, for its description."""
    found: list[type[Message]] = [
        getattr(protocol, name)
        for name in dir(protocol)
        if isinstance(getattr(protocol, name), type)
        and issubclass(getattr(protocol, name), Message)
        and getattr(protocol, name) is not Message
    ]
    return [*found, catalogue.PublishedCatalogue]
