"""What a signed-in person does: see what came, open one, hear and see what belongs to it, set how far it is."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from gateway.alike import Alike, alike, remember
from gateway.audit import Deed, record, record_once
from gateway.authority import closed_at, open_content, revoked_at
from gateway.database import Attachment, AuditEntry, Kiosk, LaterEvent, Petition, Review
from gateway.later import MORE, latest_rating, said_of, unseal
from gateway.platform import Platform
from gateway.progress import add_change, progress_of, reply_of
from gateway.refusal import Refusal, bad_request, not_found
from gateway.reviews import ShownReview, reviews_of
from gateway.staff import OPERATOR
from gateway.uploads import file_path
from offline_queue import protocol, sealing
from offline_queue.protocol import ErrorCode, EventKind
from petition.errors import Fault, FaultCode
from petition.model import AttachmentKind, Stage
from petition.receipt import Role

PAGE = 50
SEEN = (AttachmentKind.PICTURE, AttachmentKind.PAPER, AttachmentKind.SIGNATURE)
"""What is looked at; everything else is listened to."""
ONE_READING = timedelta(minutes=5)
"""Opening the same again within this is one reading: reloads and the pieces of one sound are not new ones."""


class Tab(StrEnum):
    """Which petitions a list shows."""

    WAITING = "waiting"
    REVIEW = "review"
    """Somebody asked for a second look."""
    OPEN = "open"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the list: nothing a resident said."""

    id: str
    number: str
    received_at: datetime
    kind: str
    category: str
    kiosk: str
    stage: str
    expected: date | None
    urgent: bool
    withdrawn: bool
    urged: int
    """How often its holder urged and nothing was answered yet."""
    news: bool
    """Whether a supplement came, or anything after it was withdrawn, that nobody has opened."""
    review: bool
    """Whether a second look is open."""
    files_here: int
    files_expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAttachment:
    """A sound or picture of an open petition."""

    id: str
    kind: AttachmentKind | None
    """None while the petition itself does not open."""
    media_type: str
    seconds: int
    here: bool
    """Whether all of it has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEvent:
    """Something the holder of the receipt said later."""

    id: str
    kind: str
    made_at: datetime
    received_at: datetime
    content: protocol.EventContent | None
    """None when it does not open."""
    replaced: bool
    """Of a rating: whether a later one counts instead."""
    fresh: bool
    """Whether it came since somebody last opened the petition."""
    by_agent: bool
    """Whether it was said with the slip of the one who filed for somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who did what with a petition."""

    at: datetime
    account: str
    deed: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A petition, unsealed in memory for one person."""

    listed: Listed
    envelope: protocol.Envelope
    content: protocol.PetitionContent | None
    """None when it does not open."""
    attachments: tuple[OpenedAttachment, ...]
    events: tuple[OpenedEvent, ...]
    reviews: tuple[ShownReview, ...]
    progress: protocol.Progress
    changed_at: datetime
    readings: tuple[Reading, ...]
    clear: bool
    """Whether whoever opened it asked to see names and numbers, and not only their marks."""
    revoked_at: datetime | None
    """When the authority to act for the person was taken back."""
    authority_over: bool
    """Whether that authority is over, for whatever reason."""
    alike: tuple[Alike, ...] = ()
    """Other petitions that may tell the same matter."""

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        """Ids of the attachments that show with what authority it was filed for somebody else."""
        behalf = None if self.content is None else self.content.on_behalf
        return () if behalf is None else behalf.evidence

    @property
    def said_since(self) -> bool:
        """Whether more was said after it was withdrawn."""
        kinds = [event.kind for event in self.events]
        withdrawn = EventKind.WITHDRAW in kinds
        return withdrawn and any(kind in MORE for kind in kinds[kinds.index(EventKind.WITHDRAW) :])

    @property
    def anything_masked(self) -> bool:
        """Whether there is a name or a number of anybody in it."""
        content = self.content
        behalf = None if content is None else content.on_behalf
        own = () if content is None else (content.name, content.phone, content.id_number)
        theirs = () if behalf is None else (behalf.principal, behalf.principal_phone, behalf.agent, behalf.agent_phone)
        return any((*own, *theirs))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepForm:
    """What a person sets about a petition."""

    stage: str
    """A Stage, or "" for not looked at."""
    responsible: str
    expected: date | None
    reply: str


def counts(platform: Platform) -> dict[Tab, int]:
    """Return how many petitions each tab has."""
    with platform.database.reading() as rows:
        return {tab: rows.scalars(select(func.count(Petition.id)).where(_of(tab))).one() for tab in Tab}


def list_petitions(platform: Platform, tab: Tab, *, digits: str = "", page: int = 0) -> tuple[list[Listed], bool]:
    """Return a page of petitions and whether there are more; `digits` are of a number.

    Those that were urged come first, the most often urged before the others; then urgent ones; then the newest.
    """
    here = select(func.count()).where(Attachment.petition_id == Petition.id, Attachment.complete_at.is_not(None))
    expected = select(func.count()).where(Attachment.petition_id == Petition.id)
    urged = _urged()
    query = (
        select(Petition, Kiosk.name, here.scalar_subquery(), expected.scalar_subquery(), urged, _in_review())
        .join(Kiosk, Kiosk.id == Petition.kiosk_id)
        .where(_of(tab))
    )
    if digits:
        query = query.where(Petition.number.contains(digits, autoescape=True))
    waiting_and_urgent = case(((Petition.stage == "") & Petition.urgent, 0), else_=1)
    query = query.order_by(urged.desc(), waiting_and_urgent, Petition.received_at.desc(), Petition.id)
    with platform.database.reading() as rows:
        found = rows.execute(query.offset(page * PAGE).limit(PAGE + 1)).all()
        listed = [_listed(petition, kiosk, tuple(counted)) for petition, kiosk, *counted in found]
    return listed[:PAGE], len(listed) > PAGE


def open_petition(
    platform: Platform, petition_id: str, *, account: str, by_themselves: bool = True, clear: bool = False
) -> Opened:
    """Unseal a petition for a person and write down that they read it; raises Refusal(404).

    `by_themselves` is off for what an open page asks for: a supplement that came meanwhile is not on it. `clear` is
    whether they asked for names and numbers in clear, which is written down, too.
    """
    now = platform.clock()
    with platform.database.writing() as rows:
        petition = _petition(rows, petition_id)
        record_once(
            rows, account=account, deed=Deed.OPENED, now=now, petition_id=petition.id, detail="", within=ONE_READING
        )
        if clear:
            record_once(
                rows,
                account=account,
                deed=Deed.SAW_NAMES,
                now=now,
                petition_id=petition.id,
                detail="",
                within=ONE_READING,
            )
        news_at = petition.news_at
        if by_themselves and account != OPERATOR:
            petition.news_at = None
        kiosk = rows.get_one(Kiosk, petition.kiosk_id)
        envelope = _envelope(petition)
        content = open_content(platform, petition)
        revoked = revoked_at(rows, petition.number)
        behalf = None if content is None else content.on_behalf
        ends = (revoked, closed_at(rows, petition), None if behalf is None else behalf.until)
        arrived = rows.scalars(
            select(Attachment).where(Attachment.petition_id == petition.id).order_by(Attachment.position)
        ).all()
        later = said_of(rows, petition.id)
        rating = latest_rating(later)
        read_by = rows.scalars(
            select(AuditEntry).where(AuditEntry.petition_id == petition.id).order_by(AuditEntry.id.desc()).limit(50)
        ).all()
        progress = progress_of(rows, platform, petition, with_reply=True)
        if content is not None:
            remember(rows, platform, petition, content.text)
        opened = Opened(
            listed=_listed(
                petition,
                kiosk.name,
                (
                    sum(each.complete_at is not None for each in arrived),
                    len(arrived),
                    *rows.execute(select(_urged(), _in_review()).where(Petition.id == petition.id)).one(),
                ),
            ),
            envelope=envelope,
            content=content,
            attachments=tuple(_attachment(each, content) for each in arrived),
            events=tuple(
                _event(platform, each, news_at, replaced=each.kind == EventKind.RATING and each is not rating)
                for each in later
            ),
            reviews=reviews_of(rows, platform, petition, kiosk.name),
            progress=progress,
            changed_at=petition.stage_changed_at,
            readings=tuple(
                Reading(at=each.at, account=each.account, deed=each.deed, detail=each.detail) for each in read_by
            ),
            clear=clear,
            revoked_at=revoked,
            authority_over=any(end is not None and end <= now for end in ends),
        )
    return opened if content is None else replace(opened, alike=alike(platform, petition_id, content.text))


def open_attachment(platform: Platform, petition_id: str, attachment_id: str, *, account: str) -> tuple[str, bytes]:
    """Return (media type, plain bytes) of an attachment, whole and checked, and write down who fetched it.

    Raises Refusal(404) when it is not here in full, and Fault(SEALED_BYTES_DAMAGED) when it does not open.
    """
    now = platform.clock()
    with platform.database.writing() as rows:
        petition = _petition(rows, petition_id)
        attachment = rows.scalars(
            select(Attachment).where(Attachment.petition_id == petition_id, Attachment.attachment_id == attachment_id)
        ).first()
        if attachment is None or attachment.complete_at is None:
            raise not_found("this attachment is not here yet")
        content = open_content(platform, petition)
        described = next((part for part in content.attachments if part.id == attachment_id), None) if content else None
        if described is None:
            raise sealing.damaged()
        picture = described.kind in SEEN
        record_once(
            rows,
            account=account,
            deed=Deed.SAW if picture else Deed.HEARD,
            now=now,
            petition_id=petition_id,
            detail=attachment_id,
            within=ONE_READING,
        )
    plain = _plain_bytes(platform, attachment)
    if hashlib.sha256(plain).hexdigest() != described.sha256:
        raise sealing.damaged()
    return described.media_type, plain


def open_event_sound(
    platform: Platform, petition_id: str, event_id: str, position: int, *, account: str
) -> tuple[str, bytes]:
    """Return (media type, bytes) of a sound that was said later, and write down who fetched it.

    Raises Refusal(404) when there is none, and Fault(SEALED_BYTES_DAMAGED) when it does not open.
    """
    now = platform.clock()
    with platform.database.writing() as rows:
        event = rows.get(LaterEvent, event_id)
        if event is None or event.petition_id != petition_id:
            raise not_found("no such event")
        content = unseal(platform, event)
        if content is None:
            raise sealing.damaged()
        if position >= len(content.sounds):
            raise not_found("no such sound")
        record_once(
            rows,
            account=account,
            deed=Deed.HEARD,
            now=now,
            petition_id=petition_id,
            detail=f"{event_id}/{position}",
            within=ONE_READING,
        )
    sound = content.sounds[position]
    return sound.media_type, sealing.from_base64(sound.sound)


def set_step(platform: Platform, petition_id: str, form: StepForm, *, account: str, seen: datetime | None) -> None:
    """Set how far a petition is; its kiosk hears of it with the next updates.

    `seen` is `Opened.changed_at` as the person saw it: when somebody changed it meanwhile nothing is saved and
    Refusal(409) is raised. None does not look.
    """
    if form.stage and form.stage not in tuple(Stage):
        raise bad_request("no such stage")
    now = platform.clock()
    with platform.database.writing() as rows:
        petition = _petition(rows, petition_id)
        if seen is not None and petition.stage_changed_at != seen:
            raise Refusal(status=409, code=ErrorCode.BAD_REQUEST, detail="somebody changed this meanwhile")
        before = (petition.stage, petition.responsible, petition.expected, reply_of(platform, petition))
        if before == (form.stage, form.responsible, form.expected, form.reply):
            return
        petition.stage = form.stage
        petition.responsible = form.responsible
        petition.expected = form.expected
        petition.reply_sealed = platform.keys.hide(form.reply, about=f"reply|{petition.id}")
        add_change(rows, platform, petition, by=account)
        record(rows, account=account, deed=Deed.CHANGED_STEP, now=now, petition_id=petition.id, detail=form.stage)


def find_by_number(platform: Platform, number: str) -> list[str]:
    """Return the ids of the petitions under a receipt number, first received first."""
    with platform.database.reading() as rows:
        found = rows.scalars(select(Petition.id).where(Petition.number == number).order_by(Petition.received_at))
        return list(found)


def _of(tab: Tab) -> ColumnElement[bool]:
    match tab:
        case Tab.WAITING:
            # What was said after a withdrawal was promised a reader, too.
            return or_((Petition.stage == "") & Petition.withdrawn_at.is_(None), Petition.news_at.is_not(None))
        case Tab.REVIEW:
            return _in_review()
        case Tab.OPEN:
            return Petition.stage.not_in(("", Stage.IMPROVED.value))
        case Tab.ALL:
            return true()


def _petition(rows: Session, petition_id: str) -> Petition:
    petition = rows.get(Petition, petition_id)
    if petition is None:
        raise not_found("no such petition")
    return petition


def _listed(petition: Petition, kiosk: str, counted: tuple[int, ...]) -> Listed:
    files_here, files_expected, urged, in_review = counted
    return Listed(
        id=petition.id,
        number=petition.number,
        received_at=petition.received_at,
        kind=petition.kind,
        category=petition.category,
        kiosk=kiosk,
        stage=petition.stage,
        expected=petition.expected,
        urgent=petition.urgent,
        withdrawn=petition.withdrawn_at is not None,
        urged=urged,
        news=petition.news_at is not None,
        review=bool(in_review),
        files_here=files_here,
        files_expected=files_expected,
    )


def _urged() -> ScalarSelect[int]:
    """Count how often a petition was urged; an answer, or whatever was told since, is what urging asked for."""
    unanswered = Petition.stage.in_(("", Stage.ACCEPTED.value, Stage.HANDLING.value))
    urging = (LaterEvent.petition_id == Petition.id) & (LaterEvent.kind == EventKind.URGE.value)
    return (
        select(func.count(LaterEvent.id))
        .where(urging, Petition.withdrawn_at.is_(None))
        .where(or_(unanswered, LaterEvent.received_at > Petition.stage_changed_at))
        .correlate(Petition)
        .scalar_subquery()
    )


def _in_review() -> ColumnElement[bool]:
    return exists().where(Review.petition_id == Petition.id, Review.closed_at.is_(None)).correlate(Petition)


def _envelope(petition: Petition) -> protocol.Envelope:
    """Return the envelope as it was verified when it came."""
    return protocol.read(protocol.Envelope, protocol.read(protocol.Signed, petition.envelope).body)


def _attachment(attachment: Attachment, content: protocol.PetitionContent | None) -> OpenedAttachment:
    described = [part for part in content.attachments if part.id == attachment.attachment_id] if content else []
    return OpenedAttachment(
        id=attachment.attachment_id,
        kind=described[0].kind if described else None,
        media_type=described[0].media_type if described else "",
        seconds=round(described[0].milliseconds / 1000) if described else 0,
        here=attachment.complete_at is not None,
    )


def _event(platform: Platform, event: LaterEvent, news_at: datetime | None, *, replaced: bool) -> OpenedEvent:
    return OpenedEvent(
        id=event.id,
        kind=event.kind,
        made_at=event.made_at,
        received_at=event.received_at,
        content=unseal(platform, event),
        replaced=replaced,
        fresh=event.kind in MORE and news_at is not None and event.received_at >= news_at,
        by_agent=event.role == Role.AGENT,
    )


def _plain_bytes(platform: Platform, attachment: Attachment) -> bytes:
    path = file_path(platform, attachment.file_id)
    try:
        with path.open("rb") as file:
            key = platform.keys.seal_key(sealing.read_attachment_header(file).seal_key_id)
            if key is None:
                raise sealing.damaged()
            file.seek(0)
            pieces = sealing.open_attachment(
                file, key, petition_id=attachment.petition_id, attachment_id=attachment.attachment_id
            )
            # All of it before any of it: only the last piece shows that nothing was cut off.
            return b"".join(pieces)
    except OSError:
        raise Fault(FaultCode.SEALED_BYTES_DAMAGED, "the file of this attachment is gone") from None
