"""After the database came back from a backup: finding what was acknowledged and is gone, and asking for it again."""

from sqlalchemy import select

from gateway.database import Attachment, Kiosk, LaterEvent, Petition, Resend
from gateway.logbook import acknowledged
from gateway.lookups import begin_epoch
from gateway.platform import Platform
from gateway.uploads import file_path


def ask_again(platform: Platform) -> int:
    """Ask the kiosks for every petition, attachment and event that is gone; return how many things are asked for.

    Every cursor expires too: kiosks read their updates from the start.
    """
    begin_epoch(platform)
    with platform.database.writing() as rows:
        here = {*rows.scalars(select(Petition.id)), *rows.scalars(select(LaterEvent.id))}
        gone = {id_: kiosk_id for id_, kiosk_id in acknowledged(platform).items() if id_ not in here}
        for attachment in rows.scalars(select(Attachment).where(Attachment.complete_at.is_not(None))):
            path = file_path(platform, attachment.file_id)
            if not path.is_file() or path.stat().st_size != attachment.length:
                attachment.complete_at = None
                petition = rows.get_one(Petition, attachment.petition_id)
                petition.complete_at = None
                gone[petition.id] = petition.kiosk_id
        known = set(rows.scalars(select(Kiosk.id)))
        asked = [(filed_id, kiosk_id) for filed_id, kiosk_id in gone.items() if kiosk_id in known]
        for filed_id, kiosk_id in asked:
            rows.merge(Resend(petition_id=filed_id, kiosk_id=kiosk_id))
    return len(asked)
