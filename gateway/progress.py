"""How far a petition is: the five stages as people, kiosks and phones are told them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.authority import withdrawal_came_at
from gateway.database import Change, Petition
from gateway.platform import Platform
from offline_queue import protocol
from petition.model import Stage, StageState

STAGES = tuple(Stage)


def add_change(rows: Session, platform: Platform, petition: Petition, *, by: str) -> None:
    """Write down that what people are told about a petition is new, so that its kiosk hears of it."""
    now = platform.clock()
    petition.stage_changed_at = now
    rows.add(
        Change(
            petition_id=petition.id,
            kiosk_id=petition.kiosk_id,
            at=now,
            stage=petition.stage,
            responsible=petition.responsible,
            expected=petition.expected,
            by=by,
        )
    )


def steps_of(stage: str, reached: dict[str, date]) -> tuple[protocol.Step, ...]:
    """Return the five steps: the stage it is at is `now`, those before it `done`.

    While nobody has looked at a petition ("") all are `next`; at the last stage all are `done`.
    """
    here = STAGES.index(Stage(stage)) if stage else -1
    return tuple(
        protocol.Step(
            stage=each, state=_state(position, here), on=reached.get(each.value) if position <= here else None
        )
        for position, each in enumerate(STAGES)
    )


def _state(position: int, here: int) -> StageState:
    if position < here or here == len(STAGES) - 1:
        return StageState.DONE
    return StageState.NOW if position == here else StageState.NEXT


def progress_of(
    rows: Session, platform: Platform, petition: Petition, *, with_reply: bool = False
) -> protocol.Progress:
    """Return how far a petition is. The reply is for holders of the receipt only."""
    reached: dict[str, date] = {}
    changes = rows.execute(select(Change.stage, Change.at).where(Change.petition_id == petition.id).order_by(Change.id))
    for stage, at in changes:
        reached.setdefault(stage, at.astimezone(platform.time_zone).date())
    return protocol.Progress(
        number=petition.number,
        withdrawn=petition.withdrawn_at and petition.withdrawn_at.astimezone(platform.time_zone).date(),
        steps=steps_of(petition.stage, reached),
        responsible=petition.responsible,
        expected=petition.expected,
        reply=reply_of(platform, petition) if with_reply else "",
        as_of=platform.clock(),
    )


def withdrawn_early(rows: Session, platform: Platform, number: str) -> date | None:
    """Return the day a petition was withdrawn that has not arrived itself, None when it was not."""
    at = withdrawal_came_at(rows, number)
    return at and at.astimezone(platform.time_zone).date()


def reply_of(platform: Platform, petition: Petition) -> str:
    """Return the reply staff wrote, or ""."""
    return platform.keys.reveal(petition.reply_sealed, about=f"reply|{petition.id}")
