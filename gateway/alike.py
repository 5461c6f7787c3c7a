"""Which petitions may tell the same matter: marked for staff, told to nobody at a kiosk or behind a QR code.

A fingerprint is made when somebody opens a petition, which is written down: nothing is unsealed for it alone. It lies
encrypted in the database for 90 days, made with a secret of the key file, so a stolen database tells nothing of it.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gateway.database import Likeness, Petition
from gateway.platform import Platform
from petition.likeness import fingerprint, near

KEPT = timedelta(days=90)
COMPARED_MAX = 2000
"""So many of the newest are looked through."""
SHARED_MIN = 0.5
"""Near is whoever told a matter a moment ago; of two people's petitions half of the shorter one must be in both."""
SHOWN_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another petition that may tell the same matter."""

    id: str
    number: str


def remember(rows: Session, platform: Platform, petition: Petition, text: str) -> None:
    """Keep what a petition's words may be known by again; nothing for one without words."""
    now = platform.clock()
    rows.execute(delete(Likeness).where(Likeness.made_at < now - KEPT))
    pieces = fingerprint(text, _salt(platform))
    if pieces and rows.get(Likeness, petition.id) is None and petition.received_at >= now - KEPT:
        hidden = platform.keys.hide(json.dumps(sorted(pieces)), about=_about(petition.id))
        rows.add(Likeness(petition_id=petition.id, made_at=petition.received_at, sealed=hidden))


def alike(platform: Platform, petition_id: str, text: str) -> tuple[Alike, ...]:
    """Return opened petitions that may tell the same, the likest first, at most three; withdrawn ones are none."""
    mine = fingerprint(text, _salt(platform))
    if not mine:
        return ()
    newest = (
        select(Petition.id, Petition.number, Likeness.sealed)
        .join(Petition, Petition.id == Likeness.petition_id)
        .where(Likeness.petition_id != petition_id, Petition.withdrawn_at.is_(None))
        .order_by(Likeness.made_at.desc())
        .limit(COMPARED_MAX)
    )
    found: list[tuple[float, str, Alike]] = []
    with platform.database.reading() as rows:
        for other_id, number, sealed in rows.execute(newest):
            theirs = frozenset(json.loads(platform.keys.reveal(sealed, about=_about(other_id))))
            shared = len(mine & theirs) / min(len(mine), len(theirs))
            if near(mine, theirs) and shared >= SHARED_MIN:
                found.append((-shared, number, Alike(id=other_id, number=number)))
    return tuple(each for _, _, each in sorted(found, key=lambda known: known[:2])[:SHOWN_MAX])


def _salt(platform: Platform) -> bytes:
    return platform.keys.secret_for("likeness")


def _about(petition_id: str) -> str:
    return f"likeness|{petition_id}"
