"""Platform API v1 as kiosk and platform both read it: paths, headers, sizes, and every message as a model.

Signed messages travel as `Signed`, `{suite, type, key_id, body, signature}`: the body is verified as it came, then
read as the model of its type. What the platform signs comes as a `Chain`: the list of its keys, signed by the root
key that was compared at enrolment, and the message, signed by a key of that list. Unknown fields are ignored, so that
a message of v1 stays readable for years; times are UTC; keys, signatures and sealed bytes are base64, digests hex.

The models hold what anybody may have sent: `read` is the door in, and its errors never quote the input.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, ValidationError

from offline_queue import sealing
from offline_queue.sealing import KeyPair
from petition.errors import Fault, FaultCode
from petition.model import (
    AttachmentKind,
    Authority,
    Language,
    Scope,
    Sensitive,
    Stage,
    StageState,
    TextSource,
)
from petition.receipt import Role, is_receipt_number

PROTOCOL_VERSION = "1"

# --- paths ------------------------------------------------------------------------------------------------------------

ENROLMENTS = "/v1/enrolments"
BLOCKS = "/v1/kiosks/{id}/blocks"
CATALOGUE = "/v1/catalogue"
PETITION = "/v1/petitions/{id}"
ACKNOWLEDGEMENT = "/v1/petitions/{id}/acknowledgement"
FILES = "/v1/files"
FILE = "/v1/files/{id}"
UPDATES = "/v1/updates"
LOOKUPS = "/v1/lookups"
EVENT = "/v1/events/{id}"
CALL = "/v1/calls/{id}"
HEALTH = "/v1/kiosks/{id}/health"
RECEIPT_PAGE = "/r/{digits}"

# --- headers and media types ------------------------------------------------------------------------------------------

HEADER_PROTOCOL = "Petition-Protocol"
"""On every request: PROTOCOL_VERSION. The software's own version goes into User-Agent."""
HEADER_DIGEST = "Repr-Digest"
"""RFC 9530, `sha-256=:…:`, over the exact bytes of the envelope."""
HEADER_TUS = "Tus-Resumable"
HEADER_UPLOAD_LENGTH = "Upload-Length"
HEADER_UPLOAD_OFFSET = "Upload-Offset"
HEADER_UPLOAD_METADATA = "Upload-Metadata"
"""On creation: `petition`, `attachment` (ids) and `sha256` (hex), each base64 as tus has it."""
TUS_VERSION = "1.0.0"
JSON = "application/json"
ENVELOPE_MEDIA_TYPE = "application/vnd.petition-envelope+json"
PATCH_MEDIA_TYPE = "application/offset+octet-stream"

# --- sizes ------------------------------------------------------------------------------------------------------------

PATCH_BYTES = 256 * 1024
MAX_ENVELOPE_BYTES = 1024 * 1024
MAX_ATTACHMENT_BYTES = 64 * 1024 * 1024
MAX_ATTACHMENTS = 64
MAX_ANSWER_BYTES = 4 * 1024 * 1024
MAX_TEXT_CHARACTERS = 20_000
MAX_EVENT_SOUNDS = 8
MAX_CONSENTS = 16
MAX_SIGNS = 8
ONE_TIME_CODE_CHARACTERS = 8
MAX_PEOPLE = 500
EARLY = timedelta(days=1)
"""How much before its not_before something is still taken: clocks differ."""

# --- field types ------------------------------------------------------------------------------------------------------


_FIRST, _LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
"""Away from the ends of what a datetime can hold: in another zone, or a day later, it must still be one."""


def _utc(value: datetime) -> datetime:
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        utc = None
    if utc is None or not _FIRST <= utc <= _LAST:
        msg = "not a time of these millennia"
        raise ValueError(msg)
    return utc


def _number(value: str) -> str:
    if not is_receipt_number(value):
        msg = "not a receipt number"
        raise ValueError(msg)
    return value


Time = Annotated[
    AwareDatetime,
    AfterValidator(_utc),
    PlainSerializer(lambda t: t.isoformat(timespec="milliseconds").replace("+00:00", "Z"), return_type=str),
]
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Uuid = Annotated[str, Field(pattern=UUID)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$")]
KioskId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Number = Annotated[str, Field(pattern=r"^[0-9]{12}$"), AfterValidator(_number)]
Short = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]
Phone = Annotated[str, Field(max_length=32)]
Sign = Annotated[str, Field(pattern=r"^[a-z-]{1,32}$")]
Count = Annotated[int, Field(ge=0, le=2**53)]


class Message(BaseModel):
    """A message, or a part of one: frozen, and deaf to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Type(StrEnum):
    """What a signed object is, so that one can't be taken for another."""

    ACKNOWLEDGEMENT = "acknowledgement"
    BLOCKS = "blocks"
    BLOCKS_REQUEST = "blocks-request"
    CATALOGUE = "catalogue"
    ENROLMENT = "enrolment"
    ENROLMENT_REQUEST = "enrolment-request"
    EVENT = "event"
    EVENT_ACKNOWLEDGEMENT = "event-acknowledgement"
    KEYS = "keys"
    PETITION = "petition"


class Signed(Message):
    """A signed object; `body` is read only after `sealing.verify` accepted it."""

    suite: str
    type: str
    key_id: str
    body: dict[str, Any]
    signature: str


class Chain(Message):
    """What the platform signs: its keys by the root key, and a message by one of those keys."""

    keys: Signed
    message: Signed


# --- the platform's keys ----------------------------------------------------------------------------------------------


class KeyUse(StrEnum):
    """What a key of the platform is for."""

    SEAL = "seal"
    """X25519: petitions are sealed to it."""
    ACKNOWLEDGE = "acknowledge"
    """Ed25519: signs acknowledgements of petitions and events."""
    PUBLISH = "publish"
    """Ed25519: signs the catalogue, enrolments and number blocks."""


class Key(Message):
    """One public key of the platform and when it is to be used."""

    id: KeyId
    use: KeyUse
    public_key: Base64
    not_before: Time
    not_after: Time


class Keys(Message):
    """The platform's public keys; signed by the root key."""

    version: Count
    """Rises with every change; an older list than the one known is refused."""
    made_at: Time
    keys: tuple[Key, ...]


# --- enrolment --------------------------------------------------------------------------------------------------------


class EnrolmentRequest(Message):
    """A new kiosk's request, signed by the key it brings."""

    code: Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{8}$")]
    """The one-time part of the code only; the fingerprint stays here."""
    public_key: Base64
    """Ed25519, freshly made."""
    software: Short = ""


class Block(Message):
    """100,000 receipt numbers leased to one kiosk, and the key their tags and query codes are made with."""

    block: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    key: Base64


class Enrolment(Message):
    """What makes a machine a kiosk of this platform."""

    kiosk_id: KioskId
    kiosk_name: Short
    kiosk_public_key: Base64
    """The request's own key back, so that an answer to somebody else doesn't fit."""
    token: Annotated[str, Field(min_length=16, max_length=200, pattern=r"^[A-Za-z0-9._~+/=-]+$")]
    blocks: Annotated[tuple[Block, ...], Field(min_length=2)]
    root_public_key: Base64
    receipt_host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:\[\]-]{1,200}$")]
    """The host of the address in receipt QR codes."""
    time: Time


class BlocksRequest(Message):
    """A kiosk's request for another block of numbers; the same request id is answered with the same block."""

    request_id: Uuid
    kiosk_id: KioskId


class Blocks(Message):
    """Another block of numbers."""

    request_id: Uuid
    kiosk_id: KioskId
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]


# --- catalogue --------------------------------------------------------------------------------------------------------

Translations = dict[Annotated[str, Field(max_length=16)], Words]
"""Words by language (zh_Hans, zh_Hant, en); the first is the fallback."""


class Entry(Message):
    """A category, a kind or a place, with its name by language and, for categories, what people say about it."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    names: Annotated[Translations, Field(min_length=1)]
    examples: tuple[Short, ...] = ()


class PersonRole(StrEnum):
    """What somebody may do at every kiosk."""

    VOLUNTEER = "volunteer"
    """File for several people, one after the other."""
    STAFF = "staff"
    """The same, and open the staff desk with the badge."""


_ARGON2ID = re.compile(
    r"\$argon2id\$v=19\$m=([0-9]{1,6}),t=([0-9]{1,2}),p=([0-9]{1,2})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}"
)
_MOST_KIBIBYTES, _MOST_ROUNDS, _MOST_LANES = 131_072, 16, 16


def _verifier(value: str) -> str:
    """Refuse what is no Argon2id verifier, or one that a kiosk's memory or patience would not be enough for."""
    found = _ARGON2ID.fullmatch(value)
    if value and (
        found is None
        or int(found[1]) > _MOST_KIBIBYTES
        or not 1 <= int(found[2]) <= _MOST_ROUNDS
        or not 1 <= int(found[3]) <= _MOST_LANES
    ):
        msg = "not a verifier of Argon2id"
        raise ValueError(msg)
    return value


class PersonEntry(Message):
    """Somebody who may file for several people, one after the other, and what shows that it is them."""

    id: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    role: PersonRole
    badge_sha256: Sha256
    """Of the badge's secret as `petition.badge.read_badge` returns it, in ASCII."""
    pin_verifier: Annotated[str, AfterValidator(_verifier)] = ""
    """Argon2id of number and PIN in one row of digits, in its usual encoding; "" for somebody without a PIN."""
    not_after: Time
    petitions: Annotated[int, Field(ge=1, le=1000)] = 20
    """So many they may file before they sign in anew."""


class Catalogue(Message):
    """What the platform tells its kiosks; valid from not_before to not_after, never replaced by an older version."""

    version: Count
    made_at: Time
    not_before: Time
    not_after: Time
    categories: tuple[Entry, ...] = ()
    places: tuple[Entry, ...] = ()
    """Communities and buildings."""
    home_place: str = ""
    """The id of the kiosk's own community among `places`, or ""."""
    contact: Short = ""
    """Whom to call, as printed on the receipt."""
    notice_version: Short = ""
    notice: Translations = {}
    """The operator's own privacy words."""
    keep_time: Translations = {}
    """How long what is kept, in words."""
    rating_levels: tuple[Entry, ...] = ()
    """How somebody may find what was done, best first."""
    people: Annotated[tuple[PersonEntry, ...], Field(max_length=MAX_PEOPLE)] = ()
    """Who may sign in at a kiosk."""


# --- petitions --------------------------------------------------------------------------------------------------------


class AttachmentPart(Message):
    """An attachment as the envelope lists it: its sealed bytes."""

    id: Uuid
    length: Annotated[int, Field(gt=0, le=MAX_ATTACHMENT_BYTES)]
    sha256: Sha256


class Envelope(Message):
    """A sealed petition: what anyone may read, and the sealed rest. Its file is the canonical JSON of its Signed."""

    protocol: Literal["1"]
    id: Uuid
    kiosk_id: KioskId
    number: Number
    made_at: Time
    kind: Annotated[str, Field(max_length=64)] = ""
    category: Annotated[str, Field(max_length=64)] = ""
    urgent: bool = False
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=2)]
    """Whose slips were printed: own, or own and agent."""
    attachments: Annotated[tuple[AttachmentPart, ...], Field(max_length=MAX_ATTACHMENTS)] = ()
    seal_key_id: KeyId
    sealed_sha256: Sha256
    """Of the sealed bytes: tells anyone, without a key, whether they are whole."""
    sealed: Base64
    """PetitionContent, sealed."""


class PlaceContent(Message):
    """Where it is about."""

    text: Words = ""
    code: Annotated[str, Field(max_length=64)] = ""


class OnBehalfContent(Message):
    """Who is filed for, by whom, and with what authority."""

    principal: Short = ""
    """Their name as it was written; "" where only their voice says it."""
    principal_phone: Phone = ""
    relation: Short
    """One of `petition.model.Relation`, or other words."""
    agent: Short = ""
    agent_phone: Phone = ""
    agent_id: Annotated[str, Field(max_length=64)] = ""
    """Of who signed in as a volunteer or as staff: their id in the catalogue's list."""
    authority: Authority = Authority.NONE
    evidence: Annotated[tuple[Uuid, ...], Field(max_length=MAX_ATTACHMENTS)] = ()
    """Ids of the attachments that show it."""
    scope: Annotated[tuple[Scope, ...], Field(max_length=len(Scope))] = (Scope.FILING, Scope.FOLLOW_UP)
    """What the agent may do; whatever it says, rating, withdrawing and revoking are the person's own."""
    until: Time | None = None
    """When it ends at the latest; None ends with the matter."""
    words_version: Short = ""
    """Of the sentences that were shown and spoken before they agreed."""


class ConsentContent(Message):
    """An answer to the sentence about something that is given only after a yes of its own."""

    about: Sensitive
    given: bool
    words_version: Short
    """Of the sentence that stood there."""


class AttachmentContent(Message):
    """What an attachment is, once it is open."""

    id: Uuid
    kind: AttachmentKind
    media_type: Short
    milliseconds: Count = 0
    sha256: Sha256
    """Of the plain bytes."""


class ClockContent(Message):
    """What the kiosk knew about its clock when it wrote `made_at`."""

    trusted: bool
    offset_milliseconds: int = 0
    """Platform's time minus the kiosk's, when last compared."""


class PetitionContent(Message):
    """What is inside a petition's envelope."""

    petition_id: Uuid
    number: Number
    text: Words = ""
    text_source: TextSource = TextSource.NONE
    kind: Annotated[str, Field(max_length=64)] = ""
    category: Annotated[str, Field(max_length=64)] = ""
    place: PlaceContent = PlaceContent()
    phone: Phone = ""
    """E.164, or "" for anonymous."""
    name: Short = ""
    """As they wrote it, or "" for anonymous."""
    id_number: Annotated[str, Field(pattern=r"^([0-9A-Za-z]{15}|[0-9A-Za-z]{18})?$")] = ""
    """As it stands on their card, or "" for not given."""
    on_behalf: OnBehalfContent | None = None
    consents: Annotated[tuple[ConsentContent, ...], Field(max_length=MAX_CONSENTS)] = ()
    """Their answers in the order they were given; of two about the same the later counts."""
    signs: Annotated[tuple[Sign, ...], Field(max_length=MAX_SIGNS)] = ()
    """What the words sound like, for people who see it first: a danger's name, distress. It decides nothing else."""
    language: Language = Language.SIMPLIFIED
    notice_version: Short = ""
    attachments: Annotated[tuple[AttachmentContent, ...], Field(max_length=MAX_ATTACHMENTS)] = ()
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=2)]
    made_at: Time
    clock: ClockContent


class AttachmentReceived(Message):
    """An attachment the platform holds in full, by the digest of its sealed bytes."""

    id: Uuid
    sha256: Sha256


class Acknowledgement(Message):
    """The platform's signed word that it holds exactly these bytes. Only this ends the kiosk's care for them."""

    petition_id: Uuid
    digest: Sha256
    """SHA-256 of the envelope's exact bytes."""
    received: tuple[AttachmentReceived, ...] = ()
    complete: bool
    """Whether every attachment of the envelope is there."""
    time: Time
    number_reused: bool = False
    """The platform knows this number under another petition id: it holds both, and the kiosk must change its block."""


# --- progress ---------------------------------------------------------------------------------------------------------


class Step(Message):
    """One stage of the loop."""

    stage: Stage
    state: StageState
    on: date | None = None


class Progress(Message):
    """How far a petition is; `reply` is told to holders of the receipt only, never in updates."""

    number: Number
    role: Role = Role.OWN
    """Whose slip was shown by who asked; in updates nobody's, and it says own."""
    agent_slip: bool = False
    """Whether somebody filed it for its person, and their slip is good for something still; told to the person only."""
    on_its_way: bool = False
    from_kiosk: Short = ""
    withdrawn: date | None = None
    """The day its holder took it back: nothing more is done about it, whatever its steps say; None when nobody did."""
    steps: tuple[Step, ...] = ()
    responsible: Short = ""
    expected: date | None = None
    reply: Words = ""
    as_of: Time


class Update(Message):
    """A petition of this kiosk that got further."""

    petition_id: Uuid
    progress: Progress


class UpdatesPage(Message):
    """What changed since a cursor."""

    cursor: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9._~-]*$")]
    """What to ask after next time."""
    more: bool = False
    updates: tuple[Update, ...] = ()
    resend: tuple[Uuid, ...] = ()
    """Petitions the platform acknowledged once and does not hold any more (restored from a backup)."""


class LookupRequest(Message):
    """A receipt's holder asks: with the tag (from the QR code) or else with the query code."""

    number: Number
    tag: Annotated[str, Field(pattern=r"^([0-9]{20})?$")] = ""
    query_code: Annotated[str, Field(pattern=r"^([0-9]{6})?$")] = ""


# --- events, calls, health --------------------------------------------------------------------------------------------


class EventKind(StrEnum):
    """What the holder of a receipt says later."""

    RATING = "rating"
    SUPPLEMENT = "supplement"
    URGE = "urge"
    WITHDRAW = "withdraw"
    REVOKE_AUTHORITY = "revoke-authority"
    ERASE_REQUEST = "erase-request"


AGENT_MAY = frozenset({EventKind.SUPPLEMENT, EventKind.URGE})
"""What the agent's slip says besides asking how far it is; everything else needs the person's own."""


class EventEnvelope(Message):
    """A sealed event, addressed by a receipt number and proved by its tag."""

    protocol: Literal["1"]
    id: Uuid
    kiosk_id: KioskId
    kind: EventKind
    number: Number
    role: Role = Role.OWN
    """Whose slip it is said to be. A kiosk can't know it of another kiosk's receipt: the proof decides."""
    proof: Sha256
    """event_proof(tag, id): whoever made this held the slip, and the slip can't be made from it."""
    made_at: Time
    counter: Count
    """Rises at the kiosk; of two events the later (made_at, counter) counts."""
    seal_key_id: KeyId
    sealed_sha256: Sha256
    sealed: Base64
    """EventContent, sealed."""


class EventSound(Message):
    """The holder's own voice; short enough to travel inside the event."""

    media_type: Short
    milliseconds: Count = 0
    sound: Base64


class EventContent(Message):
    """What is inside an event."""

    event_id: Uuid
    number: Number
    level: Short = ""
    """Of a rating: the platform's own levels."""
    review: bool = False
    """不满意: have it reviewed."""
    words: Words = ""
    sounds: Annotated[tuple[EventSound, ...], Field(max_length=MAX_EVENT_SOUNDS)] = ()


class EventAcknowledgement(Message):
    """The platform's signed word that it holds this event."""

    event_id: Uuid
    digest: Sha256
    time: Time


class CallRequest(Message):
    """A resident asks for a person."""

    kiosk_id: KioskId
    reason: Annotated[str, Field(pattern=r"^[a-z-]{1,32}$")] = "help"
    """help, or what somebody's words sounded like: fire, medical, crime, self; danger when they said only that."""
    made_at: Time
    over: bool = False
    """Whether nobody need come any more; a call that is over stays so."""


class CallAnswer(Message):
    """Whether somebody answered the call, and who."""

    id: Uuid
    answered_by: Short = ""
    answered_at: Time | None = None


class Health(Message):
    """How a kiosk is; nothing personal."""

    kiosk_id: KioskId
    software: Short
    made_at: Time
    devices: dict[Short, Short] = {}
    """Device to state, both short stable names."""
    waiting: Count = 0
    parked: Count = 0
    oldest_seconds: Count = 0
    numbers_left: Count = 0
    audit_head: Sha256 | Literal[""] = ""
    state_key: Short = ""
    """How the local key is kept."""


class ErrorCode(StrEnum):
    """Why the platform says no; kiosks act on the code, never on the words."""

    AUTHORITY_ENDED = "authority-ended"
    """The agent's slip is good for nothing any more: revoked, over, or the matter is closed."""
    BAD_REQUEST = "bad-request"
    CODE_UNKNOWN = "code-unknown"
    """The enrolment code was never given out, was used, or is too old."""
    CURSOR_EXPIRED = "cursor-expired"
    DIGEST_DIFFERS = "digest-differs"
    NOT_FOUND = "not-found"
    OFFSET_DIFFERS = "offset-differs"
    OWN_SLIP_NEEDED = "own-slip-needed"
    """The agent's slip was shown for what is the person's own."""
    RECEIPT_UNKNOWN = "receipt-unknown"
    SIGNATURE_INVALID = "signature-invalid"
    SUITE_UNKNOWN = "suite-unknown"
    TOKEN_UNKNOWN = "token-unknown"  # noqa: S105  a name, not a token
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"
    WRONG_CODE = "wrong-code"


class Error(Message):
    """The body of every answer from 400 up; `detail` is for operators' eyes and quotes nobody."""

    code: ErrorCode
    detail: Short = ""


# --- reading and writing ----------------------------------------------------------------------------------------------

M = TypeVar("M", bound=Message)


def read(model: type[M], raw: bytes | Mapping[str, Any]) -> M:
    """Return a message from JSON bytes (or what they held), refusing what doesn't fit.

    Raises Fault(BAD_INPUT) that names the field and never quotes the input.
    """
    try:
        if isinstance(raw, bytes):
            return model.model_validate_json(raw)
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or part in _FIELD_NAMES)
        remedy = f"not a valid {model.__name__}: {where or 'the whole'}: {first['type']}"
    except (ValueError, RecursionError):
        remedy = f"not a valid {model.__name__}"
    raise Fault(FaultCode.BAD_INPUT, remedy)


def body_of(message: Message) -> dict[str, Any]:
    """Return a message as the JSON object that is signed, sealed or sent."""
    return message.model_dump(mode="json")


def write(message: Message) -> bytes:
    """Return a message as canonical JSON bytes."""
    return sealing.canonical_json(body_of(message))


def sign(key: KeyPair, type_: Type, message: Message) -> Signed:
    """Sign a message."""
    return Signed.model_validate(sealing.sign(key, type_.value, body_of(message)))


def sign_and_write(key: KeyPair, type_: Type, message: Message) -> bytes:
    """Sign a message and return the canonical JSON of its Signed."""
    return sealing.signed_json(key, type_.value, body_of(message))


def open_signed(signed: Signed, public_key: bytes, type_: Type, model: type[M]) -> M:
    """Return the message a key signed.

    Raises Fault(SUITE_UNKNOWN, SIGNATURE_INVALID or BAD_INPUT).
    """
    return read(model, sealing.verify(signed.model_dump(), public_key, type_.value))


class OpenedChain(NamedTuple):
    """A message of the platform and the keys it came with, both verified."""

    keys: Keys
    body: dict[str, Any]


def open_chain(chain: Chain, root_public_key: bytes, type_: Type, now: datetime | None = None) -> OpenedChain:
    """Return what the platform signed, verified up to the root key; with `now`, by a key that is valid now.

    Versions are the caller's to compare: that needs its memory.
    Raises Fault(SUITE_UNKNOWN, SIGNATURE_INVALID or BAD_INPUT).
    """
    keys = open_signed(chain.keys, root_public_key, Type.KEYS, Keys)
    public = public_key(keys, chain.message.key_id, KeyUse.PUBLISH, now)
    return OpenedChain(keys, sealing.verify(chain.message.model_dump(), public, type_.value))


def public_key(keys: Keys, id: str, use: KeyUse, now: datetime | None = None) -> bytes:
    """Return one of the platform's keys by id and use; with `now`, only when it is valid now.

    Raises Fault(SIGNATURE_INVALID) when the list has no such key.
    """
    for key in keys.keys:
        raw = sealing.from_base64(key.public_key)
        valid = now is None or key.not_before - EARLY <= now <= key.not_after
        if key.id == id and key.use is use and valid and len(raw) == 32 and sealing.key_id(raw) == id:
            return raw
    raise Fault(FaultCode.SIGNATURE_INVALID, f"the platform's list has no valid key of this id to {use.value}")


def current_key(keys: Keys, use: KeyUse, now: datetime) -> Key:
    """Return the newest key of a use that is valid now; where the clock fits none, the newest of all.

    Filing never fails on a wrong clock: the platform keeps the private keys for as long as it accepts envelopes.
    Raises Fault(SIGNATURE_INVALID) when there is no key of this use.
    """
    usable = [key for key in keys.keys if key.use is use]
    if not usable:
        raise Fault(FaultCode.SIGNATURE_INVALID, f"the platform's list of keys has no key to {use.value}")
    valid = [key for key in usable if key.not_before <= now <= key.not_after]
    return max(valid or usable, key=lambda key: (key.not_before, key.id))


def petition_binding(envelope_id: str, kiosk_id: str, number: str) -> dict[str, str]:
    """Return the ids a petition's sealed bytes are bound to."""
    return {"petition": envelope_id, "kiosk": kiosk_id, "number": number}


def event_binding(event_id: str, kiosk_id: str, number: str) -> dict[str, str]:
    """Return the ids an event's sealed bytes are bound to."""
    return {"event": event_id, "kiosk": kiosk_id, "number": number}


def open_petition(envelope: Envelope, key: KeyPair) -> PetitionContent:
    """Return what is inside a verified envelope; raises Fault(SEALED_BYTES_DAMAGED or BAD_INPUT)."""
    bound = petition_binding(envelope.id, envelope.kiosk_id, envelope.number)
    content = read(PetitionContent, sealing.open_envelope(sealing.from_base64(envelope.sealed), key, bound))
    if (content.petition_id, content.number) != (envelope.id, envelope.number):
        raise sealing.damaged()
    return content


def open_event(envelope: EventEnvelope, key: KeyPair) -> EventContent:
    """Return what is inside a verified event; raises Fault(SEALED_BYTES_DAMAGED or BAD_INPUT)."""
    bound = event_binding(envelope.id, envelope.kiosk_id, envelope.number)
    content = read(EventContent, sealing.open_envelope(sealing.from_base64(envelope.sealed), key, bound))
    if (content.event_id, content.number) != (envelope.id, envelope.number):
        raise sealing.damaged()
    return content


def event_proof(tag: str, event_id: str) -> str:
    """Return hex HMAC-SHA256(tag's 20 digits, "event|" + id): shows that the tag was known without showing it."""
    return hmac.digest(tag.encode(), f"event|{event_id}".encode(), "sha256").hex()


def digest_of(raw: bytes) -> str:
    """Return the hex SHA-256 by which envelopes and events are acknowledged."""
    return hashlib.sha256(raw).hexdigest()


def digest_header(raw: bytes) -> str:
    """Return the Repr-Digest header of exact bytes."""
    return f"sha-256=:{sealing.to_base64(hashlib.sha256(raw).digest())}:"


def enrolment_code(one_time_code: str, root_public_key: bytes) -> str:
    """Return the code an installer types: the one-time part and the root key's fingerprint, in groups of four."""
    return sealing.grouped(one_time_code + sealing.fingerprint(root_public_key))


def split_enrolment_code(typed: str) -> tuple[str, str]:
    """Return (one-time part, fingerprint) of a typed enrolment code; raises Fault(BAD_INPUT) for another form."""
    plain = sealing.plain_characters(typed)
    if re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{24}", plain) is None:
        raise Fault(FaultCode.BAD_INPUT, "an enrolment code has 24 letters and digits; no U")
    return plain[:ONE_TIME_CODE_CHARACTERS], plain[ONE_TIME_CODE_CHARACTERS:]


def _field_names(model: type[BaseModel]) -> set[str]:
    names = set(model.model_fields)
    for child in model.__subclasses__():
        names |= _field_names(child)
    return names


_FIELD_NAMES = _field_names(Message)
