"""How pictures go: looked for, taken after a count of three, looked at, and made part of the petition or thrown away."""

import uuid
from dataclasses import replace

from petition import effects as do
from petition import events as ev
from petition.consents import unproven
from petition.errors import FaultCode
from petition.model import Attachment, AttachmentKind, Authority
from petition.offer import MOST_PICTURES, with_evidence
from petition.saying import Saying, Told
from petition.state import Busy, State
from petition.steps import STAY
from petition.turn import Turn

SHUTTER = "shutter"
EVIDENCE = frozenset({AttachmentKind.CONSENT, AttachmentKind.PAPER, AttachmentKind.SIGNATURE})
"""What shows that somebody agrees."""
COUNT = 3
"""Seconds between 「拍照片」 and the picture: for hands to be still."""
SHOOTING = {"picture_camera": AttachmentKind.PICTURE, "proxy_paper": AttachmentKind.PAPER}
"""Where the camera is on, and what its pictures are of."""
CHECKING = {AttachmentKind.PICTURE: "picture_check", AttachmentKind.PAPER: "proxy_paper_check"}
"""Where they are looked at."""
FROM_STICK = "picture_usb"
CARDS = frozenset({"own_name", "proxy_name", "id_number"})
"""Where a card may be laid on a reader."""


def press_shutter(turn: Turn) -> str:
    """Begin to count; return the phrase that is said."""
    if turn.state.shutter == 0 and turn.state.busy is None:
        turn.to(shutter=COUNT)
        turn.do(do.SetTimer(name=SHUTTER, seconds=1))
    return "count_down"


def count(turn: Turn) -> None:
    """Count on, and take the picture at the end."""
    state = turn.state
    if state.step not in SHOOTING or state.shutter == 0:
        return
    turn.to(shutter=state.shutter - 1)
    if turn.state.shutter:
        turn.do(do.SetTimer(name=SHUTTER, seconds=1))
        return
    id_ = _new_id(turn)
    turn.do(
        do.TakePicture(petition_id=state.draft.petition_id, picture_id=id_, kind=SHOOTING[state.step]),
    )


def take_file(turn: Turn, file_id: str) -> None:
    """Have a picture of the stick kept."""
    id_ = _new_id(turn)
    turn.do(do.TakeFile(petition_id=turn.state.draft.petition_id, picture_id=id_, file_id=file_id))


def keep_signature(turn: Turn) -> None:
    """Have what is drawn kept."""
    strokes = turn.state.strokes
    id_ = _new_id(turn)
    turn.do(do.KeepSignature(petition_id=turn.state.draft.petition_id, picture_id=id_, strokes=strokes))


def _new_id(turn: Turn) -> str:
    state = turn.state
    made = state.pictures_made + 1
    id_ = str(uuid.uuid5(uuid.UUID(state.draft.petition_id), f"picture/{made}"))
    turn.to(pictures_made=made, picture_id=id_, busy=Busy.TAKING, saying=Saying(told=Told.PHRASE, name="taking"))
    return id_


def taken(turn: Turn, event: ev.PictureTaken) -> str:
    """Show what was kept; return where. What nobody waits for any more is thrown away."""
    state, attachment = turn.state, event.attachment
    if state.busy is not Busy.TAKING or event.picture_id != state.picture_id:
        drop(turn, attachment)
        return STAY
    turn.to(busy=None, strokes=())
    turn.do(do.PlayEarcon(name="done"))
    if attachment.kind is AttachmentKind.SIGNATURE:
        take_evidence(turn, Authority.DECLARED, attachment)
        return "proxy_name"
    turn.to(picture=attachment)
    return CHECKING[attachment.kind]


def failed(turn: Turn, event: ev.PictureFailed) -> str:
    """Tell why nothing was kept; return where. A signature that is none is asked for anew."""
    if turn.state.busy is not Busy.TAKING or event.picture_id != turn.state.picture_id:
        return STAY
    signing = bool(turn.state.strokes)
    turn.to(busy=None, strokes=())
    match event.code:
        case FaultCode.DISK_FULL:
            return "disk_full"
        case _ if signing:
            return "proxy_declare"
        case FaultCode.CAMERA_LOST:
            return "camera_missing"
        case _:
            return "picture_bad"


def use(turn: Turn) -> None:
    """Make the picture that is looked at part of the petition."""
    state = turn.state
    if state.picture is None:
        return
    if state.picture.kind is AttachmentKind.PAPER:
        take_evidence(turn, Authority.PAPER, state.picture)
    elif len(state.draft.pictures) < MOST_PICTURES:
        turn.to(draft=replace(state.draft, attachments=(*state.draft.attachments, state.picture)))
    else:
        drop(turn, state.picture)
    turn.to(picture=None)


def take_evidence(turn: Turn, authority: Authority, *evidence: Attachment) -> None:
    """Have this show that the person agrees, and nothing that was to show it before."""
    drop_evidence(turn, but=evidence)
    turn.to(draft=with_evidence(turn.state.draft, authority, evidence))


def drop_evidence(turn: Turn, *, but: tuple[Attachment, ...] = ()) -> None:
    """Have what was to show that the person agrees deleted: until something else shows it, they do not."""
    draft = turn.state.draft
    old = tuple(a for a in draft.attachments if a.kind in EVIDENCE and a not in but)
    drop(turn, *old)
    turn.to(draft=unproven(replace(draft, attachments=tuple(a for a in draft.attachments if a not in old))))


def drop(turn: Turn, *attachments: Attachment) -> None:
    """Have what was kept of these deleted."""
    if attachments:
        ids = tuple(attachment.id for attachment in attachments)
        turn.do(do.DropAttachments(petition_id=turn.state.draft.petition_id, attachment_ids=ids))


def drop_all(turn: Turn) -> None:
    """Have the petition go without pictures."""
    draft = turn.state.draft
    drop(turn, *draft.pictures)
    turn.to(draft=replace(draft, attachments=tuple(a for a in draft.attachments if a not in draft.pictures)))


def look_where_wanted(turn: Turn, before: State) -> None:
    """Open and close camera, stick and card reader as their steps come and go; what was left half-way is thrown away."""
    state = turn.state
    now, then = state.step, before.step
    if now != then:
        if (now in SHOOTING) != (then in SHOOTING):
            turn.do(do.OpenCamera() if now in SHOOTING else do.CloseCamera())
        if (now == FROM_STICK) != (then == FROM_STICK):
            turn.do(do.LookForPictures() if now == FROM_STICK else do.StopLooking())
        if (now in CARDS) != (then in CARDS):
            turn.do(do.AskForCard() if now in CARDS else do.StopAskingForCard())
    if state.shutter and now not in SHOOTING:
        turn.to(shutter=0)
        turn.do(do.CancelTimer(name=SHUTTER))
    there = {now, *state.covered}
    if state.picture is not None and not there & set(CHECKING.values()):
        drop(turn, state.picture)
        turn.to(picture=None)
    if state.strokes and "proxy_declare" not in there:
        turn.to(strokes=())
