"""Making the database and the outbox folder agree again, after a power cut, a lost database, a restored backup."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from offline_queue import audit, codes, files, folder
from offline_queue.audit import Event
from offline_queue.database import Database, Row
from offline_queue.folder import Name, Sealed
from offline_queue.identity import Identity
from offline_queue.outbox import WAITING, Item, State, stamp
from offline_queue.protocol import Type
from petition.receipt import BLOCK_DIGITS, SERIAL_DIGITS

DELIVERED_KEPT = timedelta(days=7)
ROWS_KEPT = timedelta(days=30)
REACHED = "reached"
"""Beside the database: the block and the next serial when ciphertext was last deleted. What lies in the folder shows
how far numbers were given out, also to a database that was put back from a copy; this goes on showing it."""
_ORPHANS_KEPT_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What `check` found and did."""

    set_aside: bool = False
    """The database was damaged: it lies in `damaged/`, and the queue was rebuilt from the folder."""
    adopted: tuple[str, ...] = ()
    """Ids of filed things the database did not know."""
    discarded: tuple[str, ...] = ()
    """Ids of things that were never promised to anybody."""
    unreadable: tuple[str, ...] = ()
    """Names of damaged files; they stay where they are."""
    expired: int = 0
    """Drafts and recordings that were wiped because their day was over."""

    def then(self, later: "Mended") -> "Mended":
        """Return both together; what is unreadable was read again by the later one."""
        return Mended(
            set_aside=self.set_aside or later.set_aside,
            adopted=self.adopted + later.adopted,
            discarded=self.discarded + later.discarded,
            unreadable=later.unreadable,
            expired=self.expired + later.expired,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    path: Path
    name: Name


def reconcile(
    database: Database, outbox: Path, identity: Identity | None, now: datetime, *, database_lost: bool
) -> Mended:
    """Make rows and files agree, inside the caller's transaction (nobody files meanwhile).

    With `database_lost`, what was not yet promised is adopted as well: nobody can tell it from what was, and nothing a
    resident said is ever lost. A file that can't be read is named, and is in nobody's way.
    """
    states = {row[0]: State(row[1]) for row in database.all("SELECT id, state FROM outbox")}
    adopted: list[str] = []
    discarded: list[str] = []
    unreadable: list[str] = []
    found = list(_files(outbox))
    for file in sorted(found, key=lambda f: f.name.part):
        if file.name.attachment_id:
            continue
        match states.get(file.name.id):
            case None:
                sealed = folder.read_file(file.path)
                promised = not file.name.part or (database_lost and _number_is_free(database, sealed))
                if not promised and _removed(file.path):
                    discarded.append(file.name.id)
                elif not promised or sealed is None:
                    unreadable.append(file.path.name)
                else:
                    _adopt(database, identity, sealed, now)
                    adopted.append(file.name.id)
                    states[file.name.id] = State.SEALED
                if promised and file.name.part and not _whole(file.path).exists():
                    _finish_rename(file.path)
            case State.PURGED:
                _removed(file.path)
            case _ if file.name.part:
                _finish_rename(file.path)
            case _:
                pass
    # An envelope that can't be read now may be mended, or read later: its sound stays with it.
    spared = {name.split(".")[0] for name in unreadable}
    _sweep_attachments(database, [file for file in found if file.name.attachment_id and file.name.id not in spared])
    files.fsync_folder(outbox)
    for subject in adopted:
        audit.record(database, now, Event.FILE_ADOPTED, subject)
    for subject in discarded:
        audit.record(database, now, Event.FILE_DISCARDED, subject)
    return Mended(adopted=tuple(adopted), discarded=tuple(discarded), unreadable=tuple(unreadable))


def _files(outbox: Path) -> Iterator[_Found]:
    for path in outbox.iterdir():
        name = folder.parse_name(path.name)
        if name is not None:
            yield _Found(path=path, name=name)


def _finish_rename(part: Path) -> None:
    """Take `.part` away, where the disk lets us: a reader takes either name."""
    whole = _whole(part)
    with suppress(OSError):
        if whole.exists():
            part.unlink()
        else:
            part.rename(whole)


def _whole(part: Path) -> Path:
    return part.with_name(part.name.removesuffix(files.PART))


def _removed(path: Path) -> bool:
    """Remove a file and tell whether the disk let us."""
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _number_is_free(database: Database, sealed: Sealed | None) -> bool:
    """Tell whether an unpromised file's number was not given to somebody later; nobody knows of one without."""
    if sealed is None:
        return True
    taken = database.one("SELECT 1 FROM outbox WHERE number = ? AND type = ?", sealed.number, Type.PETITION.value)
    return sealed.type is Type.EVENT or taken is None


def _adopt(database: Database, identity: Identity | None, sealed: Sealed, now: datetime) -> None:
    """Take a sealed file into the queue."""
    own = identity is not None and sealed.kiosk_id == identity.kiosk_id
    insert_sealed(database, queued(sealed, now, own=own))
    expect_uploads(database, sealed)
    if identity is not None:
        _close_block_behind(database, identity, sealed, now)


def queued(sealed: Sealed, now: datetime, *, own: bool) -> Item:
    """Return a sealed file as the queue lists it."""
    return Item(
        id=sealed.id,
        type=sealed.type,
        number=sealed.number,
        made_at=sealed.made_at,
        digest=sealed.digest,
        state=State.SEALED,
        since=now,
        urgent=sealed.urgent,
        own=own,
        kind=sealed.kind,
        category=sealed.category,
        roles=sealed.roles,
    )


def insert_sealed(database: Database, item: Item) -> Item:
    """Put a sealed file that lies in the folder into the queue, inside the caller's transaction, and return it."""
    database.run(
        "INSERT INTO outbox (id, type, number, made_at, digest, state, since, urgent, own, kind, category, language,"
        " roles, clock_trusted, principal, agent, relation, until)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        item.id,
        item.type.value,
        item.number,
        stamp(item.made_at),
        item.digest,
        item.state.value,
        stamp(item.since),
        item.urgent,
        item.own,
        item.kind,
        item.category,
        item.language,
        " ".join(item.roles),
        item.clock_trusted,
        item.principal,
        item.agent,
        item.relation,
        stamp(item.until) if item.until else "",
    )
    return item


def expect_uploads(database: Database, sealed: Sealed) -> None:
    """Queue a petition's attachments, inside the caller's transaction."""
    for part in sealed.attachments:
        database.run(
            "INSERT OR IGNORE INTO uploads (petition_id, id, length, sha256) VALUES (?, ?, ?, ?)",
            sealed.id,
            part.id,
            part.length,
            part.sha256,
        )


def _close_block_behind(database: Database, identity: Identity, sealed: Sealed, now: datetime) -> None:
    """Close the open block when numbers of ours went further than this database knows: it was restored."""
    block, serial = sealed.number[:BLOCK_DIGITS], int(sealed.number[BLOCK_DIGITS:][:SERIAL_DIGITS])
    if (
        identity.block(sealed.number) is not None
        and _next_serial(database, block) <= serial
        and codes.close_blocks(database)
    ):
        audit.record(database, now, Event.BLOCK_CLOSED, block)


def _next_serial(database: Database, block: str) -> int:
    """Return the serial a block goes on with by this database's word, 0 where it never heard of the block."""
    row = database.one("SELECT next_serial FROM blocks WHERE block = ?", block)
    return int(row[0]) if row else 0


def knows_less(database: Database, outbox: Path) -> bool:
    """Tell whether the folder has something filed that the database never heard of, as after an older one came back.

    What can't be read tells nothing. To be asked while nobody files.
    """
    known = {row[0] for row in database.all("SELECT id FROM outbox")}
    filed = (file for file in _files(outbox) if not (file.name.part or file.name.attachment_id))
    return any(file.name.id not in known and folder.read_file(file.path) is not None for file in filed)


def reached_further(database: Database, outbox: Path) -> bool:
    """Tell whether numbers once went further than this database knows, by what a deletion of ciphertext left."""
    block, serial = _reached(outbox)
    return _next_serial(database, block) < serial


def learn_how_far(database: Database, outbox: Path) -> None:
    """Have the database know what `reached_further` found, inside the caller's transaction: it is found once."""
    block, serial = _reached(outbox)
    database.run(
        "INSERT INTO blocks VALUES (?, ?, 1) ON CONFLICT (block) DO UPDATE SET next_serial = excluded.next_serial",
        block,
        serial,
    )


def _reached(outbox: Path) -> tuple[str, int]:
    """Return a block and the serial it had come to, ("", 0) where nothing was written: it is replaced as one step."""
    try:
        block, serial = (outbox.parent / REACHED).read_text("ascii").split()
        return block, int(serial)
    except (OSError, ValueError):
        return "", 0


def _keep_what_it_showed(database: Database, outbox: Path) -> None:
    """Before ciphertext is deleted, write down how far numbers went, and remove what was never promised under one."""
    _drop_unpromised(database, outbox)
    row = database.one("SELECT block, next_serial FROM blocks WHERE closed = 0")
    if row is not None:
        with files.storage_faults():
            files.write_durably(outbox.parent / REACHED, f"{row[0]} {row[1]}\n".encode())


def _drop_unpromised(database: Database, outbox: Path) -> None:
    """Remove what a kill left before its commit: its number went to the next, and a new database could not tell."""
    known = {row[0] for row in database.all("SELECT id FROM outbox")}
    for file in list(_files(outbox)):
        if file.name.part and not file.name.attachment_id and file.name.id not in known:
            _removed(file.path)


def _sweep_attachments(database: Database, found: list[_Found]) -> None:
    """Remove attachments that nothing refers to; young ones may belong to an import that is under way."""
    known = {tuple(row) for row in database.all("SELECT petition_id, id FROM uploads")}
    known |= {tuple(row) for row in database.all("SELECT petition_id, id FROM draft_attachments")}
    for file in found:
        if (file.name.id, file.name.attachment_id) in known:
            continue
        with suppress(OSError):
            if time.time() - file.path.stat().st_mtime > _ORPHANS_KEPT_SECONDS:
                file.path.unlink()


def purge(database: Database, outbox: Path, now: datetime, *, kept: timedelta = DELIVERED_KEPT) -> int:
    """Delete the ciphertext of what was delivered long enough ago, and rows of what was purged a month after it came.

    Returns how many petitions and events lost their ciphertext. Rows change first: a file that stays behind is
    removed by the next check. Nobody files meanwhile.
    """
    with database.writing():
        gone = database.all(
            "UPDATE outbox SET state = ?, since = ? WHERE state = ? AND since <= ? RETURNING id, type",
            State.PURGED.value,
            stamp(now),
            State.DELIVERED.value,
            stamp(now - kept),
        )
        attachments: list[Row] = []
        for gone_id, _ in gone:
            attachments += database.all("DELETE FROM uploads WHERE petition_id = ? RETURNING petition_id, id", gone_id)
            audit.record(database, now, Event.PURGED, gone_id)
        forgotten = database.all(
            "DELETE FROM outbox WHERE state = ? AND made_at <= ? RETURNING number",
            State.PURGED.value,
            stamp(now - ROWS_KEPT),
        )
        for (number,) in forgotten:
            database.run("DELETE FROM progress WHERE number = ?", number)
    if gone:
        _keep_what_it_showed(database, outbox)
    _unlink(outbox, gone, attachments)
    return len(gone)


def make_room(database: Database, outbox: Path, now: datetime) -> int:
    """Delete all delivered ciphertext at once and return of how many things it was.

    Files go first here: on a disk without room no row can change before. Nobody files meanwhile.
    """
    gone = database.all("SELECT id, type FROM outbox WHERE state = ?", State.DELIVERED.value)
    attachments = database.all(
        "SELECT petition_id, id FROM uploads WHERE petition_id IN (SELECT id FROM outbox WHERE state = ?)",
        State.DELIVERED.value,
    )
    _drop_unpromised(database, outbox)
    _unlink(outbox, gone, attachments)
    return purge(database, outbox, now, kept=timedelta(0))


def _unlink(outbox: Path, sealed: list[Row], attachments: list[Row]) -> None:
    with files.storage_faults():
        for gone_id, type_ in sealed:
            path = folder.sealed_path(outbox, gone_id, Type(type_))
            path.unlink(missing_ok=True)
            path.with_name(path.name + files.PART).unlink(missing_ok=True)
        for petition_id, attachment_id in attachments:
            folder.attachment_path(outbox, petition_id, attachment_id).unlink(missing_ok=True)


def waiting_ids(database: Database) -> frozenset[str]:
    """Return the ids of everything that is not delivered yet."""
    marks = ", ".join("?" * len(WAITING))
    rows = database.all(f"SELECT id FROM outbox WHERE state IN ({marks})", *(s.value for s in WAITING))  # noqa: S608  marks only
    return frozenset(row[0] for row in rows)
