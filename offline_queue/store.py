"""What the kiosk holds: the draft of this visit, recordings, the outbox, receipts, the cache of progress.

    state/                0700, on a local disk
      local.key           the key of everything below, bound to this machine (keys.py)
      enrolment.sealed    who this kiosk is (identity.py)
      catalogue.sealed    what the platform told it (catalogue.py)
      queue.db            state, encrypted (database.py)
      reached             how far numbers had been given out when ciphertext was last deleted (mending.py)
      outbox/             sealed petitions, events and attachments, each a file (folder.py)
      damaged/            databases that were set aside

A petition is filed in this order, and a power cut between any two lines loses nothing and promises nothing twice:

    attachments are sealed files already, durable before the draft refers to them
    begin; take a number; seal; write the envelope as `.part`; fsync it and the folder
    outbox row in, draft row and kiosk wraps out; commit        ← from here on there is a receipt
    rename `.part` away (a reader takes either name; `check` finishes what a power cut left)

A `.part` without a row was never promised and is discarded; an envelope without a row was, and is adopted. A database
that is new where it lies (made, rebuilt, copied, restored) can't tell the two apart: it adopts both, once, at open.
`lock` is held by whoever files, changes the enrolment or sets a database aside, and is always taken before the
database's own; so what is filed stands in the database that lies there.

Threads: a Store belongs to the thread that opened it. Open another for another thread; it takes a few milliseconds.
Only a SealedRecording may be handed elsewhere.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Self

from offline_queue import (
    audit,
    catalogue,
    codes,
    database,
    desk_pins,
    drafts,
    files,
    filing,
    folder,
    identity,
    mending,
    people,
    protocol,
    recording,
    sealing,
    tries,
)
from offline_queue.audit import Event
from offline_queue.catalogue import Held
from offline_queue.database import Database
from offline_queue.desk_pins import Holder, Trial, Unset
from offline_queue.drafts import DraftAttachment
from offline_queue.filing import Moment
from offline_queue.identity import Identity, LeasedBlock
from offline_queue.keys import LocalKey, local_key, machine_id
from offline_queue.mending import Mended, queued
from offline_queue.outbox import (
    WAITING,
    Accepted,
    Change,
    Declined,
    Delayed,
    Delivered,
    Depth,
    Item,
    State,
    Upload,
    UploadLost,
    UploadMoved,
    Wanted,
    from_stamp,
    stamp,
    utc_now,
)
from offline_queue.people import Known, People, SignInTrial
from offline_queue.protocol import Chain, ClockContent, EventKind, PersonRole, Type
from offline_queue.recording import Measured, SealedFile, SealedRecording
from offline_queue.tries import Ran, Shut, Standing
from petition import model, pins, receipt
from petition.errors import Bug, Fault, FaultCode
from petition.model import Attachment, AttachmentKind, Draft, Progress, ProgressStep
from petition.receipt import Receipt, Role

OUTBOX = "outbox"
CLOCK_TRUSTED_FOR = timedelta(days=7)
CLOCK_MAY_DIFFER = timedelta(minutes=2)

_READ_BYTES = 1024 * 1024
_MAX_FILE_BYTES = 60 * 1024 * 1024
_LISTED = (
    "SELECT id, type, number, made_at, digest, state, since, reason, attempts, refusals, urgent, own, kind, category,"
    " language, roles, clock_trusted, principal, agent, relation, until FROM outbox"
)


def open_store(
    directory: Path,
    *,
    clock: Callable[[], datetime] = utc_now,
    machine: Callable[[], str] = machine_id,
    ran: Callable[[], Ran] = tries.ran,
) -> "Store":
    """Open a state directory, making it on first use, for the calling thread.

    A database that can't be read is set aside and the queue rebuilt from the folder. Raises
    Fault(STATE_OF_ANOTHER_MACHINE: only `folder.copy_queue` and `folder.rescue` help there;
    STATE_DIRECTORY_UNUSABLE; DISK_FULL).
    """
    files.private_folder(directory)
    files.private_folder(directory / OUTBOX)
    with files.locked(directory):
        key = local_key(directory, machine=machine)
        try:
            opened = database.open_database(directory, key.derive("database"))
        except Fault as fault:
            if fault.code is not FaultCode.DATABASE_DAMAGED:
                raise
            opened = None
        store = Store(directory, key, opened, clock, ran)
        try:
            store.settle_in()
        except BaseException:
            store.close()
            raise
    return store


class Store:
    """An open state directory. Belongs to the thread that opened it."""

    def __init__(
        self,
        directory: Path,
        key: LocalKey,
        opened: Database | None,
        clock: Callable[[], datetime],
        ran: Callable[[], Ran],
    ) -> None:
        """Use open_store; without an open database, the damaged one is set aside."""
        self._directory = directory
        self._outbox = directory / OUTBOX
        self._key = key
        self._clock = clock
        self._ran = ran
        self._run = str(uuid.uuid4())
        self._measured: dict[str, Measured] = {}
        self._to_rename: list[Path] = []
        self._log_holds_wiped_rows = False
        self._identity_seen: tuple[tuple[int, int], Identity] | None = None
        self._mended_at_open = Mended()
        self._compared = False
        """Whether folder and database were compared since this database was opened."""
        if opened is not None:
            self._database = opened
        else:
            self._start_over()

    def settle_in(self) -> None:
        """Take everything in the folder into a database that was not settled where it lies.

        It is new or half rebuilt, or was copied or restored; then a new block of numbers is begun, too. One
        transaction: a database is settled when all of this is on the disk. The directory's lock is held.
        """
        try:
            self._settle()
        except Fault as fault:
            if fault.code is not FaultCode.DATABASE_DAMAGED:
                raise
            self._database.close()
            self._start_over()
            self._settle()

    def _settle(self, *, comparing: bool = False) -> None:
        """Settle in; `comparing` looks through the whole folder, which takes long where much waits."""
        here = str((self._directory / database.DATABASE).stat().st_ino)
        home = self._meta("home")
        # An older copy may have been written over the very same file: then the folder knows more, or went further.
        further = mending.reached_further(self._database, self._outbox)
        less = comparing and mending.knows_less(self._database, self._outbox)
        if home == here and not further and not less:
            return
        with files.storage_faults(), self._database.writing():
            self._set_meta("home", here)
            if (further or home not in {None, here}) and codes.close_blocks(self._database):
                audit.record(self._database, self._clock(), Event.BLOCK_CLOSED)
            if further:
                mending.learn_how_far(self._database, self._outbox)
            mended = self._reconcile(database_lost=True)
        self._mended_at_open = self._mended_at_open.then(mended)

    def close(self) -> None:
        """Close the database; nothing is lost by not calling it."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- who we are ---------------------------------------------------------------------------------------------------

    @property
    def key_kept_by(self) -> str:
        """How the local key is kept: `file` and `file-unbound` are worth a warning in the staff desk."""
        return self._key.kept_by

    def identity(self) -> Identity | None:
        """Return who this kiosk is, None before enrolment; raises Fault(STATE_DIRECTORY_UNUSABLE) on damage."""
        path = self._directory / identity.IDENTITY
        try:
            seen = path.stat()
        except FileNotFoundError:
            return None
        version = (seen.st_mtime_ns, seen.st_ino)
        if self._identity_seen is None or self._identity_seen[0] != version:
            found = identity.load(self._directory, self._key)
            if found is None:
                return None
            self._identity_seen = (version, found)
        return self._identity_seen[1]

    def enrolled(self) -> Identity:
        """Return who this kiosk is; raises Fault(NOT_ENROLLED)."""
        return _required(self.identity())

    def _reread_identity(self) -> Identity | None:
        """Return who this kiosk is from the disk; whoever writes it again holds the lock from before this on."""
        self._identity_seen = None
        return self.identity()

    def _reread_enrolled(self) -> Identity:
        return _required(self._reread_identity())

    def enrolling_key(self) -> bytes:
        """Return the private signing key of an enrolment under way, the same until it has worked.

        When the platform's answer gets lost, the code is spent for this key only: it must not be made anew.
        """
        path = self._directory / identity.ENROLLING
        try:
            found = identity.load_sealed(path, self._key)
        except Fault:
            found = None
        if found is None:
            found = sealing.new_signing_key().private
            identity.save_sealed(path, self._key, found)
        return found

    def become(self, enrolment: Identity) -> None:
        """Keep what an enrolment brought; blocks of an earlier one stay readable and are never begun again."""
        with self._in_place():
            try:
                before = self._reread_identity()
            except Fault:
                before = None
            if before is not None:
                old = (replace(block, opened=True) for block in before.blocks)
                enrolment = enrolment.with_leased(*old)
            identity.save(self._directory, self._key, enrolment)
            (self._directory / identity.ENROLLING).unlink(missing_ok=True)
            (self._directory / catalogue.CATALOGUE).unlink(missing_ok=True)
            with self._database.writing():
                codes.close_blocks(self._database)
                self._database.run("DELETE FROM meta WHERE name = 'cursor'")
                audit.record(self._database, self._clock(), Event.ENROLLED, enrolment.kiosk_id)

    def lease(self, chain: Chain) -> None:
        """Keep blocks of numbers the platform leased; raises Fault when they are not for this kiosk."""
        with self._in_place():
            now = self.trusted_now()
            known, body = catalogue.accepted_keys(self._reread_enrolled(), chain, Type.BLOCKS, now)
            blocks = protocol.read(protocol.Blocks, body)
            if (blocks.kiosk_id, blocks.request_id) != (known.kiosk_id, self.block_request()):
                raise Fault(FaultCode.PLATFORM_NOT_OURS, "the platform sent number blocks for another request")
            leased = (LeasedBlock(block=b.block, key=sealing.from_base64(b.key)) for b in blocks.blocks)
            identity.save(self._directory, self._key, known.with_leased(*leased))
            with self._database.writing():
                self._database.run("DELETE FROM meta WHERE name = 'block-request'")
                audit.record(self._database, self._clock(), Event.BLOCKS_LEASED)

    def wants_block(self) -> bool:
        """Tell whether the platform should be asked for another block of numbers."""
        return codes.wants_block(self._database, self.enrolled())

    def numbers_left(self) -> int:
        """Return how many petitions can be filed without the network."""
        return codes.numbers_left(self._database, self.enrolled())

    def block_request(self) -> str:
        """Return the id of the request for a block, the same until it is answered."""
        found = self._meta("block-request")
        if found is None:
            found = str(uuid.uuid4())
            with self._database.writing():
                self._set_meta("block-request", found)
        return found

    # --- what the platform told us ------------------------------------------------------------------------------------

    def catalogue(self) -> model.Catalogue:
        """Return the platform's catalogue as last accepted, an empty one before."""
        held = catalogue.load(self._directory, self._key)
        return catalogue.as_model(held.catalogue) if held else model.Catalogue()

    def catalogue_etag(self) -> str:
        """Return the ETag of the catalogue held, "" when there is none."""
        held = catalogue.load(self._directory, self._key)
        return held.etag if held else ""

    def accept_catalogue(self, chain: Chain, etag: str) -> None:
        """Keep a newer catalogue and the keys it came with; raises Fault and changes nothing when it is not ours."""
        with self._in_place():
            known = self._reread_enrolled()
            now = self.trusted_now()
            newer, body = catalogue.accepted_keys(known, chain, Type.CATALOGUE, now)
            before = catalogue.load(self._directory, self._key)
            found = catalogue.accepted_catalogue(body, before, now)
            if newer is not known:
                identity.save(self._directory, self._key, newer)
            catalogue.save(self._directory, self._key, Held(etag=etag, catalogue=found))
            with self._database.writing():
                if newer is not known:
                    audit.record(self._database, self._clock(), Event.KEYS_ACCEPTED, str(newer.keys.version))
                audit.record(self._database, self._clock(), Event.CATALOGUE_ACCEPTED, str(found.version))

    def confirm_clock(self, platform_time: datetime) -> None:
        """Remember how far this clock is from the platform's, as a signed message told it."""
        with self._database.writing():
            self._confirm_clock(platform_time, self._clock())

    def _confirm_clock(self, platform_time: datetime, now: datetime) -> None:
        told = self._meta("platform-time")
        if told is not None and platform_time < from_stamp(told):
            return  # an old message, shown again
        self._set_meta("platform-time", stamp(platform_time))
        self._set_meta("clock-offset", str(round((platform_time - now) / timedelta(milliseconds=1))))
        self._set_meta("clock-confirmed", stamp(now))

    def clock(self) -> ClockContent:
        """Return whether this clock can be trusted, and the platform's time minus this one's."""
        offset, confirmed = self._meta("clock-offset"), self._meta("clock-confirmed")
        if offset is None or confirmed is None:
            return ClockContent(trusted=False)
        age = self._clock() - from_stamp(confirmed)
        near = abs(int(offset)) <= CLOCK_MAY_DIFFER / timedelta(milliseconds=1)
        trusted = near and timedelta(0) <= age <= CLOCK_TRUSTED_FOR
        return ClockContent(trusted=trusted, offset_milliseconds=int(offset))

    def trusted_now(self) -> datetime | None:
        """Return the time to compare the platform's dates with, None when this clock is not to be trusted."""
        return self._clock() if self.clock().trusted else None

    # --- the draft ----------------------------------------------------------------------------------------------------

    def keep(self, draft: Draft) -> None:
        """Replace the kept copy of this visit's draft; on the disk, encrypted, when this returns."""
        self._follow()
        drafts.keep(self._database, self._run, self._clock(), draft)
        self._log_holds_wiped_rows = True

    def drop(self) -> None:
        """Wipe this visit's draft and every recording that was not filed, from the database, its log and memory."""
        drafts.drop(self._database, self._outbox, "run = ?", self._run)
        self._measured.clear()
        self._log_holds_wiped_rows = True
        self.tidy()
        with self._in_place():
            self._database.forget()

    def kept_draft(self) -> Draft | None:
        """Return the draft that an interrupted run left in the last 24 hours, recordings included, else None.

        For the staff desk only, behind the PIN. `keep` makes it this run's; `discard_interrupted` wipes it.
        """
        return drafts.interrupted(self._database, self._outbox, self._run, self._clock())

    def interrupted_at(self) -> datetime | None:
        """Return when the draft was kept that `kept_draft` returns, None where there is none."""
        left = drafts.newest(self._database, self._run, self._clock())
        return left.kept_at if left else None

    def note_resumed(self, desk_id: str) -> None:
        """Write down who had an interrupted draft shown."""
        with self._database.writing():
            audit.record(self._database, self._clock(), Event.DESK_RESUMED, desk_id)

    def discard_interrupted(self, desk_id: str) -> None:
        """Wipe the draft that `kept_draft` returns, with its recordings, and write down whose PIN it was."""
        left = drafts.newest(self._database, self._run, self._clock())
        if left is None:
            return
        drafts.drop(self._database, self._outbox, "petition_id = ?", left.petition_id)
        with self._database.writing():
            audit.record(self._database, self._clock(), Event.DESK_DISCARDED, desk_id)
        self._log_holds_wiped_rows = True
        self.tidy()

    def new_recording(self, petition_id: str, recording_id: str) -> SealedRecording:
        """Return where a recording of this visit goes, sealed as it is written; may be used from another thread.

        Raises Fault(NOT_ENROLLED) without a key to seal to, Fault(DISK_FULL).
        """
        made = DraftAttachment(
            id=recording_id,
            petition_id=petition_id,
            kind=AttachmentKind.RECORDING,
            media_type=recording.RECORDING_MEDIA_TYPE,
            key=b"",
        )
        file = self._new_file(made)
        file.make_durable()
        with files.storage_faults():
            files.fsync_folder(self._outbox)
        return SealedRecording(file, recording_id, self._measured.__setitem__)

    def add_file(
        self, petition_id: str, source: Path | bytes, kind: AttachmentKind, media_type: str, *, seconds: float = 0.0
    ) -> Attachment:
        """Seal a sound, picture or paper, its bytes unchanged, and return what the draft may refer to.

        Raises Fault(BAD_INPUT) for a file that can't be read or is too large, NOT_ENROLLED, DISK_FULL.
        """
        added = Attachment(id=str(uuid.uuid4()), kind=kind, media_type=media_type, seconds=seconds)
        self.add(petition_id, added, source)
        return added

    def add(self, petition_id: str, added: Attachment, source: Path | bytes) -> None:
        """Seal an attachment's bytes under its own id; durable when this returns. Raises as `add_file` does.

        Nothing is left of it when that fails: half a picture shows something else than a whole one.
        """
        made = DraftAttachment(
            id=added.id, petition_id=petition_id, kind=added.kind, media_type=added.media_type, key=b""
        )
        if self._database.one("SELECT 1 FROM draft_attachments WHERE id = ?", made.id) is not None:
            raise Bug("attachment-added-twice")
        try:
            with _pieces(source) as pieces:
                self._measured[made.id] = recording.write_file(self._new_file(made), pieces)
        except Fault:
            with suppress(Fault):  # its key goes with the draft's others, when it can't now
                self.remove(made.id)
            raise

    def _new_file(self, made: DraftAttachment) -> SealedFile:
        self._follow()
        _, platform_key = filing.platform_key(self.enrolled(), self._clock())
        return SealedFile(
            folder.attachment_path(self._outbox, made.petition_id, made.id),
            platform_key=platform_key,
            petition_id=made.petition_id,
            attachment_id=made.id,
            key_made=lambda key: drafts.add_attachment(
                self._database, self._run, self._clock(), replace(made, key=key)
            ),
        )

    def read_recording(self, attachment_id: str) -> bytes:
        """Return an attachment's plain bytes, until it is filed: then the kiosk can't any more.

        Raises Fault(SEALED_BYTES_DAMAGED) when it is unknown, filed or changed.
        """
        return drafts.read(self._outbox, drafts.attachment(self._database, attachment_id))

    def remove(self, *attachment_ids: str) -> None:
        """Wipe attachments of a draft (again, a retake)."""
        drafts.drop_attachments(self._database, self._outbox, attachment_ids)
        for attachment_id in attachment_ids:
            self._measured.pop(attachment_id, None)
        self._log_holds_wiped_rows = True

    def tidy(self) -> None:
        """Empty the database's log when wiped rows may still stand in it; cheap when not."""
        if self._log_holds_wiped_rows:
            self._log_holds_wiped_rows = not self._database.shrink_log()

    # --- filing -------------------------------------------------------------------------------------------------------

    def file(self, draft: Draft) -> Receipt:
        """Seal, store and commit a draft, and return its receipt; filing the same draft again returns the same one.

        Whoever was signed in and filed it for somebody stands in the audit log from then on. Raises Fault(NOT_ENROLLED,
        OUT_OF_NUMBERS, DISK_FULL, BAD_INPUT, SEALED_BYTES_DAMAGED): then nothing was filed and the draft is still
        there. Raises Bug for words that belong to another petition (`say_later` takes those),
        and for what was refused and is there all the same.
        """
        if draft.regarding is not None:
            raise Bug("filed-what-regards-another")
        with self._in_place():
            if not self._compared:  # a number must not be given twice, whatever was copied here: once, it takes long
                self._settle(comparing=True)
                self._compared = True
            try:
                return self._file(draft)
            except Fault as fault:
                match fault.code:
                    case FaultCode.DISK_FULL if self._make_room():
                        pass
                    case FaultCode.OUT_OF_NUMBERS:
                        pass  # the sync may have closed the block after it was found open: the next one, then
                    case _:
                        raise
            return self._file(draft)

    def _file(self, draft: Draft) -> Receipt:
        if draft.empty:
            raise Fault(FaultCode.BAD_INPUT, "there is nothing to file yet")
        known = self.enrolled()  # under the lock: nobody writes it meanwhile
        before = self.item(draft.petition_id)
        if before is not None:
            return _receipt(known, before, Role.OWN)
        attachments = tuple((attached, self._finished(attached, draft)) for attached in draft.attachments)
        moment = Moment(made_at=self._clock(), clock=self.clock())
        self._have_block(known)
        with self._promising():
            number = codes.take_number(self._database, known)
            raw, sealed = filing.sealed_petition(draft, number, attachments, known, moment)
            with self._promised(folder.sealed_path(self._outbox, draft.petition_id, Type.PETITION), raw):
                item = mending.insert_sealed(self._database, filing.filed_item(draft, sealed, moment))
                unlisted = self._wipe_draft(draft)
                mending.expect_uploads(self._database, sealed)
                audit.record(self._database, moment.made_at, Event.FILED, draft.petition_id)
                if draft.on_behalf is not None and (agent_id := draft.on_behalf.agent_id):
                    audit.record(self._database, moment.made_at, Event.AGENT_FILED, f"{agent_id} {number}")
        with suppress(Fault):  # it is filed: what can't be removed can't be read here either, and `check` removes it
            drafts.unlink(self._outbox, unlisted)
        for attached in draft.attachments:
            self._measured.pop(attached.id, None)
        self._log_holds_wiped_rows = True
        return _receipt(known, item, Role.OWN)

    def _finished(self, attached: Attachment, draft: Draft) -> Measured:
        """Return what an attachment came to, from memory where it was written whole in this run."""
        path = folder.attachment_path(self._outbox, draft.petition_id, attached.id)
        known = self._measured.get(attached.id)
        if known is not None and path.exists() and path.stat().st_size == known.length:
            return known
        return drafts.finish(self._outbox, drafts.attachment(self._database, attached.id))

    def _have_block(self, known: Identity) -> None:
        """Make sure that numbers can be taken, beginning the spare block where need be.

        `known` was read under the directory's lock, which is still held.

        The block's row comes first, then the enrolment file says durably that it was begun, then numbers are taken: so
        a failure in between costs nothing, and a database that comes back from a backup never begins it again.
        """
        block = codes.open_block(self._database, known)
        if block is None:
            spare = known.spare
            if spare is None:
                raise Fault(FaultCode.OUT_OF_NUMBERS, "no receipt numbers left: connect this kiosk to the network")
            with self._database.writing():
                block = codes.begin_block(self._database, spare.block)
                audit.record(self._database, self._clock(), Event.BLOCK_OPENED, block.block)
        if not known.begun(block.block):
            identity.save(self._directory, self._key, known.with_opened(block.block))

    @contextmanager
    def _promising(self) -> Iterator[None]:
        """Do everything inside in one transaction; what it promised has its final names when this ends."""
        self._to_rename.clear()  # of a commit that failed: nobody was promised that, and its number is free again
        with self._database.writing():
            yield
        self._finish_names()

    @contextmanager
    def _promised(self, path: Path, raw: bytes) -> Iterator[None]:
        """Write a sealed file under its `.part` name, durably, around the rows that promise it.

        It goes away when the rows fail. When the commit itself fails it stays: whether the rows are on the disk is then
        unknown, and `check` finishes or discards it by what it finds.
        """
        with files.storage_faults():
            part = files.write_part(path, raw)
        try:
            yield
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        self._to_rename.append(path)

    def _finish_names(self) -> None:
        """Give what was promised its final name.

        Not durably: a power cut that takes it back is mended by `check`, or by a new database should this one go.
        """
        with suppress(OSError):
            for path in self._to_rename:
                path.with_name(path.name + files.PART).rename(path)
        self._to_rename.clear()

    def _wipe_draft(self, draft: Draft) -> tuple[database.Row, ...]:
        """Delete the draft's rows and with them the kiosk's wraps; return the attachments that were not filed."""
        self._database.run("DELETE FROM drafts WHERE petition_id = ?", draft.petition_id)
        wraps = self._database.all(
            "DELETE FROM draft_attachments WHERE petition_id = ? RETURNING petition_id, id", draft.petition_id
        )
        listed = {attached.id for attached in draft.attachments}
        return tuple(row for row in wraps if row[1] not in listed)

    def add_event(
        self, number: str, tag: str, kind: EventKind, *, level: str = "", review: bool = False, words: str = ""
    ) -> str:
        """Queue what the holder of a receipt says later, sealed, and return its id.

        Raises Fault(WRONG_CODE) when this kiosk made the receipt and the tag doesn't fit, OWN_SLIP_NEEDED when it is
        the agent's and this is the person's own to say, AUTHORITY_ENDED when it is good for nothing any more; another
        kiosk's is for the platform to judge. Also BAD_INPUT, NOT_ENROLLED, DISK_FULL.
        """
        said = filing.Later(
            kind=kind,
            number=number,
            tag=tag,
            role=self._role_of(number, tag, kind),
            level=level,
            review=review,
            words=words,
        )
        with self._in_place():
            return self._queue(said)

    def say_later(self, later: model.Later, event_id: str = "") -> str:
        """Queue what the holder of a receipt says later, words and recordings, and return the id of its first event.

        `event_id` is that id, a UUID; what is queued under it already is not queued again. Without one it is random.

        Sounds travel inside events, each whole in one; where they need several, all of them are queued or none is. The
        draft they were recorded in stays, for the caller to wipe. Raises Fault as `add_event` does, BAD_INPUT for a
        recording that no event takes, and SEALED_BYTES_DAMAGED.
        """
        kind = EventKind(later.kind.value)
        said = filing.Later(
            kind=kind,
            number=later.number,
            tag=later.tag,
            role=self._role_of(later.number, later.tag, kind),
            level=later.level,
            review=later.review,
            words=later.words,
        )
        with self._in_place():
            if event_id and self.item(event_id) is not None:
                return event_id
            plain = ((recorded, self.read_recording(recorded.id)) for recorded in later.recordings)
            # One that was ended before its first sound must not keep back the others.
            sounds = tuple(filing.event_sound(recorded, sound) for recorded, sound in plain if sound)
            return self._queue(replace(said, sounds=sounds), event_id)

    def _role_of(self, number: str, tag: str, kind: EventKind) -> Role:
        """Return whose slip a tag is on; of another kiosk's receipt the holder's, which the platform will judge."""
        known = self.enrolled()
        role = codes.verified_role(known, number, tag) if known.block(number) is not None else Role.OWN
        if role is None:
            raise Fault(FaultCode.WRONG_CODE, "the tag does not fit the number")
        if receipt.parse_receipt_code(number + tag) is None:
            raise Fault(FaultCode.BAD_INPUT, "that is not a receipt number with its tag")
        if role is Role.AGENT and kind not in protocol.AGENT_MAY:
            raise Fault(FaultCode.OWN_SLIP_NEEDED, "this slip is the agent's: it takes the person's own")
        if role is Role.AGENT and self.authority_ended(number):
            raise Fault(FaultCode.AUTHORITY_ENDED, "the agent's slip is good for nothing any more")
        return role

    def authority_ended(self, number: str) -> bool:
        """Tell whether the agent's slip is good for nothing any more, by what was filed and said at this kiosk.

        The platform knows more: what was said elsewhere, whether the matter is closed, and on which day it ends where
        this kiosk's clock was not to be trusted when it was filed.
        """
        now, items = self.trusted_now(), self.items_of(number)
        dated = (item.until for item in items if item.clock_trusted)
        over = now is not None and any(until is not None and until < now for until in dated)
        ending = (EventKind.REVOKE_AUTHORITY.value, EventKind.WITHDRAW.value)
        return over or any(item.type is Type.EVENT and item.kind in ending for item in items)

    def withdrawn_on(self, number: str) -> date | None:
        """Return the day a petition was withdrawn at this kiosk, None when it was not, or the platform refused it."""
        for item in self.items_of(number):
            if item.type is Type.EVENT and item.kind == EventKind.WITHDRAW.value and item.state is not State.PARKED:
                return item.made_at.astimezone().date()
        return None

    def _queue(self, later: filing.Later, first_id: str = "") -> str:
        """Seal and queue the events of one occasion, holding the directory's lock; return the first one's id."""
        said = filing.in_events(later)
        ids = (first_id or str(uuid.uuid4()), *(str(uuid.uuid4()) for _ in said[1:]))
        events = tuple(zip(ids, said, strict=True))
        try:
            self._queue_events(events)
        except Fault as fault:
            if fault.code is not FaultCode.DISK_FULL or not self._make_room():
                raise
            self._queue_events(events)
        return events[0][0]

    def _queue_events(self, events: tuple[tuple[str, filing.Later], ...]) -> None:
        known = self.enrolled()
        moment = Moment(made_at=self._clock(), clock=self.clock())
        with self._promising(), ExitStack() as promised:
            for event_id, event in events:
                counter = int(self._meta("event-counter") or 0) + 1
                self._set_meta("event-counter", str(counter))
                raw, sealed = filing.sealed_event(event, event_id, counter, known, moment)
                promised.enter_context(self._promised(folder.sealed_path(self._outbox, event_id, Type.EVENT), raw))
                mending.insert_sealed(self._database, queued(sealed, moment.made_at, own=True))
                audit.record(self._database, moment.made_at, Event.EVENT_FILED, event_id)

    # --- receipts and progress ----------------------------------------------------------------------------------------

    def receipt(self, number: str, role: Role = Role.OWN) -> Receipt:
        """Return the receipt of a number again, for as long as its row is kept.

        Raises Fault(RECEIPT_UNKNOWN), and Fault(RECEIPT_OF_ANOTHER_KIOSK) when only its own kiosk can print it.
        """
        row = self._database.one(
            f"{_LISTED} WHERE number = ? AND type = ? ORDER BY own DESC", number, Type.PETITION.value
        )
        if row is None:
            raise Fault(FaultCode.RECEIPT_UNKNOWN, "this kiosk has no petition of that number")
        return _receipt(self.enrolled(), _item(row), role)

    def verify(self, number: str, tag_or_code: str) -> Role:
        """Return whose slip a tag or query code belongs to, offline.

        Raises Fault(BAD_INPUT, RECEIPT_OF_ANOTHER_KIOSK, WRONG_CODE, TOO_MANY_WRONG_CODES). Wrong query codes are
        counted, and the count survives restarts.
        """
        typed = len(tag_or_code) == receipt.CODE_DIGITS
        now = self._clock()
        if typed:
            codes.require_patience(self._database, now, number)
        role = codes.verified_role(self.enrolled(), number, tag_or_code)
        if role is not None:
            return role
        if typed:
            self.count_wrong_code(number)
        raise Fault(FaultCode.WRONG_CODE, "the code does not fit the number")

    def own_tag(self, number: str, role: Role) -> str:
        """Return the tag of a receipt that this kiosk made, "" where it made none of that number."""
        block = self.enrolled().block(number)
        return "" if block is None else receipt.receipt_tag(block.key, number, role)

    def require_patience(self, number: str) -> None:
        """Raise Fault(TOO_MANY_WRONG_CODES) while no query code may be tried; ask before an online lookup by code."""
        codes.require_patience(self._database, self._clock(), number)

    def count_wrong_code(self, number: str) -> None:
        """Count a query code that was wrong (the platform may be the one to say so)."""
        with self._database.writing():
            codes.count_wrong_code(self._database, self._clock(), number)

    def tries_left(self, number: str) -> int:
        """Return how many more wrong query codes this number takes before its code is closed for a day."""
        return codes.tries_left(self._database, self._clock(), number)

    def progress(self, number: str) -> Progress | None:
        """Return how far a petition is by what is known here; `as_of` tells how old that is. None when nothing is.

        Replies are not kept: they come from a lookup and stay with the visit.
        """
        cached = self._database.one("SELECT progress FROM progress WHERE number = ?", number)
        if cached is not None:
            return progress_of(protocol.read(protocol.Progress, cached[0].encode()))
        row = self._database.one(
            "SELECT state, since FROM outbox WHERE number = ? AND type = ? ORDER BY own DESC",
            number,
            Type.PETITION.value,
        )
        if row is None:
            return None
        if State(row[0]) in WAITING:
            known = self.enrolled()
            return Progress(number=number, on_its_way=True, from_kiosk=known.kiosk_name, as_of=self._clock())
        return Progress(number=number, as_of=from_stamp(row[1]))

    def remember_progress(self, told: protocol.Progress) -> None:
        """Keep what the platform said of a petition, without the reply; an older word never replaces a newer one."""
        kept = told.model_copy(update={"reply": "", "agent_slip": False})
        with self._database.writing():
            self._database.run(
                "INSERT INTO progress VALUES (?, ?, ?) ON CONFLICT (number) DO UPDATE"
                " SET as_of = excluded.as_of, progress = excluded.progress WHERE excluded.as_of >= as_of",
                kept.number,
                stamp(kept.as_of),
                protocol.write(kept).decode(),
            )

    # --- the queue ----------------------------------------------------------------------------------------------------

    def next_items(self, limit: int = 64) -> tuple[Item, ...]:
        """Return what is to be sent next: urgent first, envelopes before attachments, then by tries and age."""
        found: list[Item] = []
        for state in (State.SEALED, State.UPLOADING):
            rows = self._database.all(
                f"{_LISTED} WHERE state = ? ORDER BY urgent DESC, attempts, made_at LIMIT ?", state.value, limit
            )
            found += (_item(row) for row in rows)
        return tuple(sorted(found, key=lambda item: not item.urgent)[:limit])

    def waiting(self) -> tuple[Item, ...]:
        """Return everything that is not delivered yet, oldest first, with why."""
        rows = self._database.all(f"{_LISTED} WHERE state IN ('sealed', 'uploading', 'parked') ORDER BY made_at")
        return tuple(_item(row) for row in rows)

    def list(self) -> tuple[Item, ...]:
        """Return everything this kiosk remembers, oldest first."""
        return tuple(_item(row) for row in self._database.all(f"{_LISTED} ORDER BY made_at"))

    def item(self, item_id: str) -> Item | None:
        """Return one filed thing by its id."""
        row = self._database.one(f"{_LISTED} WHERE id = ?", item_id)
        return _item(row) if row else None

    def items_of(self, number: str) -> tuple[Item, ...]:
        """Return a petition and what was said about it later, by its receipt number."""
        rows = self._database.all(f"{_LISTED} WHERE number = ? ORDER BY made_at", number)
        return tuple(_item(row) for row in rows)

    def depth(self) -> Depth:
        """Return how much waits and since when."""
        counts, oldest = {}, []
        for state in WAITING:
            row = self._database.one("SELECT count(*), min(made_at) FROM outbox WHERE state = ?", state.value)
            counts[state] = row[0] if row else 0
            if row and row[1]:
                oldest.append(from_stamp(row[1]))
        return Depth(
            waiting=counts[State.SEALED] + counts[State.UPLOADING],
            parked=counts[State.PARKED],
            oldest=min(oldest, default=None),
        )

    def uploads(self, petition_id: str) -> tuple[Upload, ...]:
        """Return a petition's attachments and how far each is."""
        rows = self._database.all(
            "SELECT petition_id, id, length, sha256, location, offset FROM uploads WHERE petition_id = ? ORDER BY id",
            petition_id,
        )
        return tuple(
            Upload(petition_id=owner, id=part, length=length, sha256=sha256, location=location, offset=offset)
            for owner, part, length, sha256, location, offset in rows
        )

    def sealed_bytes(self, item: Item) -> bytes:
        """Return the exact bytes to send; raises Fault(SEALED_BYTES_DAMAGED) when they are not what was filed."""
        raw = folder.sealed_bytes(self._outbox, item.id, item.type)
        if protocol.digest_of(raw) != item.digest:
            raise Fault(FaultCode.SEALED_BYTES_DAMAGED, "a queued file has changed on the disk")
        return raw

    def attachment_path(self, upload: Upload) -> Path:
        """Return where a sealed attachment lies."""
        return folder.attachment_path(self._outbox, upload.petition_id, upload.id)

    def apply(self, *changes: Change) -> None:
        """Write down what became of things, all in one transaction."""
        now = self._clock()
        with self._database.writing():
            for change in changes:
                self._apply(change, now)

    def _apply(self, change: Change, now: datetime) -> None:
        run, at = self._database.run, stamp(now)
        match change:
            case Accepted():
                run(
                    "UPDATE outbox SET state = 'uploading', since = ?, reason = '' WHERE id = ? AND state = 'sealed'",
                    at,
                    change.id,
                )
                self._confirm_clock(change.at, now)
            case UploadMoved():
                run(
                    "UPDATE uploads SET location = ?, offset = ? WHERE petition_id = ? AND id = ?",
                    change.location,
                    change.offset,
                    change.petition_id,
                    change.id,
                )
            case Delivered():
                run("UPDATE outbox SET state = 'delivered', since = ?, reason = '' WHERE id = ?", at, change.id)
                audit.record(self._database, now, Event.DELIVERED, change.id)
                self._confirm_clock(change.at, now)
                if change.number_reused:
                    codes.close_blocks(self._database)
                    audit.record(self._database, now, Event.NUMBER_REUSED, change.id)
            case Delayed():
                run("UPDATE outbox SET attempts = attempts + 1, reason = ? WHERE id = ?", change.reason, change.id)
            case Declined():
                run(
                    "UPDATE outbox SET attempts = attempts + 1, refusals = refusals + 1, reason = ? WHERE id = ?",
                    change.reason,
                    change.id,
                )
                if change.park:
                    run("UPDATE outbox SET state = 'parked', since = ? WHERE id = ?", at, change.id)
                    audit.record(self._database, now, Event.PARKED, change.id)
            case Wanted():
                run(
                    "UPDATE outbox SET state = 'sealed', since = ?, attempts = 0, reason = 'resend'"
                    " WHERE id = ? AND state IN ('uploading', 'delivered')",
                    at,
                    change.id,
                )
                run("UPDATE uploads SET location = '', offset = 0 WHERE petition_id = ?", change.id)
                audit.record(self._database, now, Event.RESEND_ASKED, change.id)
            case UploadLost():
                run(
                    "UPDATE uploads SET location = '', offset = 0 WHERE petition_id = ? AND id = ?",
                    change.petition_id,
                    change.id,
                )

    def retry(self, id_or_number: str = "", *, desk_id: str = "") -> int:
        """Let parked things be tried again, all or one by id or number, and return how many wait anew.

        `desk_id` is whose PIN opened the staff desk, when they asked for it there.
        """
        now = self._clock()
        with self._database.writing():
            if desk_id:
                audit.record(self._database, now, Event.DESK_SENT_AGAIN, desk_id)
            rows = self._database.all(
                "UPDATE outbox SET state = CASE state WHEN 'parked' THEN 'sealed' ELSE state END,"
                " attempts = 0, refusals = 0, reason = '', since = ?"
                " WHERE state IN ('sealed', 'uploading', 'parked') AND (? IN ('', id, number)) RETURNING id",
                stamp(now),
                id_or_number,
            )
            for (row_id,) in rows:
                audit.record(self._database, now, Event.RETRIED, row_id)
        return len(rows)

    def cursor(self) -> str:
        """Return where updates go on, "" for the beginning."""
        return self._meta("cursor") or ""

    def set_cursor(self, cursor: str) -> None:
        """Remember where updates go on."""
        with self._database.writing():
            self._set_meta("cursor", cursor)

    # --- the staff desk -----------------------------------------------------------------------------------------------

    def own_petitions(self, limit: int) -> tuple[Item, ...]:
        """Return the petitions filed here whose receipts can be made again, the newest first."""
        rows = self._database.all(
            f"{_LISTED} WHERE type = ? AND own = 1 ORDER BY made_at DESC LIMIT ?", Type.PETITION.value, limit
        )
        return tuple(_item(row) for row in rows)

    def longest_waiting(self, limit: int) -> tuple[Item, ...]:
        """Return what has waited longest to be delivered, the oldest first."""
        rows = self._database.all(
            f"{_LISTED} WHERE state IN ('sealed', 'uploading', 'parked') ORDER BY made_at LIMIT ?", limit
        )
        return tuple(_item(row) for row in rows)

    def add_desk_pin(self, name: str, pin: str) -> str:
        """Give somebody a PIN for the staff desk and return the id that the audit log knows them by.

        Takes a while for each PIN there is. Raises Fault(BAD_INPUT) for a PIN that is weak or somebody else's, and for
        a name that has one.
        """
        if why := pins.weakness(pin):
            raise Fault(FaultCode.BAD_INPUT, why)
        self._follow()
        if desk_pins.holder_of(pin, desk_pins.hashes(self._database)):
            raise Fault(FaultCode.BAD_INPUT, "somebody has this PIN, and it tells who opened the desk: take another")
        kept, now = desk_pins.hashed(pin), self._clock()
        with self._database.writing():
            id_ = desk_pins.add(self._database, now, name, kept)
            audit.record(self._database, now, Event.DESK_PIN_ADDED, id_)
        return id_

    def remove_desk_pin(self, name: str) -> bool:
        """Wipe somebody's PIN; tell whether there was one of that name."""
        self._follow()
        now = self._clock()
        with self._database.writing():
            if id_ := desk_pins.remove(self._database, now, name):
                audit.record(self._database, now, Event.DESK_PIN_REMOVED, id_)
        self._log_holds_wiped_rows = True
        self.tidy()
        return bool(id_)

    def desk_holders(self) -> tuple[Holder, ...]:
        """Return everybody who has a PIN for the staff desk or had one."""
        return desk_pins.holders(self._database)

    def begin_desk_try(self) -> Trial | Shut | Unset:
        """Count a try at the staff desk as wrong and return what its PIN is to be compared with.

        Compare by `desk_pins.holder_of` on another thread, then tell `end_desk_try`.
        """
        self._follow()
        with self._database.writing():
            return desk_pins.begin_try(self._database, self._ran())

    def end_desk_try(self, desk_id: str) -> bool:
        """Write down whose PIN it was, "" for nobody's, and tell whether the desk is open to them."""
        now = self._clock()
        with self._database.writing():
            opened = bool(desk_id) and any(desk_id == id_ for id_, _ in desk_pins.hashes(self._database))
            if opened:
                desk_pins.forget_tries(self._database)
            audit.record(
                self._database, now, Event.DESK_OPENED if opened else Event.DESK_REFUSED, desk_id if opened else ""
            )
        return opened

    def unlock_desk(self) -> None:
        """Let PINs be tried again at once; for whoever may give them."""
        self._follow()
        with self._database.writing():
            desk_pins.forget_tries(self._database)
            audit.record(self._database, self._clock(), Event.DESK_UNLOCKED)

    def note_desk_print(self, desk_id: str, number: str) -> None:
        """Write down that a receipt was printed again at the staff desk."""
        with self._database.writing():
            audit.record(self._database, self._clock(), Event.DESK_PRINTED, f"{desk_id} {number}")

    def desk_log(self, limit: int) -> tuple[audit.Entry, ...]:
        """Return what the audit log tells of the staff desk, the newest first."""
        return audit.entries(self._database, audit.DESK_EVENTS, limit)

    # --- who files for several people ---------------------------------------------------------------------------------

    def people(self) -> People:
        """Return who may sign in here, as the platform's list says that is kept."""
        held, now = catalogue.load(self._directory, self._key), self._clock()
        if held is None:
            return People(now=now)
        return People(entries=held.catalogue.people, now=max(now, held.catalogue.made_at))

    def begin_sign_in(self, code: str) -> SignInTrial | Shut:
        """Count a code as wrong and return what it is to be compared with.

        Compare by `people.fits` on another thread, then tell `end_sign_in`.
        """
        self._follow()
        listed = self.people()
        with self._database.writing():
            return people.begin_try(self._database, self._ran(), listed, code)

    def end_sign_in(self, trial: SignInTrial, *, fits: bool) -> Known | None:
        """Write down whose code it was, and return them; None where it was nobody's."""
        listed = self.people()
        with self._database.writing():
            known = people.end_try(self._database, listed, trial) if fits else None
            self._note_sign_in(known)
        return known

    def sign_in_by_badge(self, badge: str) -> Known | None:
        """Write down whose badge it was, and return them; None where it was nobody's."""
        self._follow()
        known = self._whose_badge(badge)
        with self._database.writing():
            self._note_sign_in(known)
        return known

    def open_desk_by_badge(self, badge: str) -> str:
        """Write down whose badge it was; return the id of somebody of the staff, "" where it opens nothing."""
        self._follow()
        known = self._whose_badge(badge)
        opened = known is not None and not known.expired and known.person.role is PersonRole.STAFF
        id_ = known.person.id if known is not None else ""
        with self._database.writing():
            audit.record(self._database, self._clock(), Event.DESK_OPENED if opened else Event.DESK_REFUSED, id_)
        return id_ if opened else ""

    def desk_standing(self) -> Standing:
        """Return how it stands with PINs at the staff desk, and count nothing."""
        return tries.standing(self._database, self._ran(), desk_pins.DOOR)

    def sign_in_standing(self) -> Standing:
        """Return how it stands with codes of those who sign in, and count nothing."""
        return tries.standing(self._database, self._ran(), people.DOOR)

    def note_sign_out(self, person_id: str, filed: int) -> None:
        """Write down that somebody files for nobody any more, and how many they filed for."""
        with self._database.writing():
            audit.record(self._database, self._clock(), Event.AGENT_SIGNED_OUT, f"{person_id} {filed}")

    def unlock_sign_in(self) -> None:
        """Let codes be tried again at once."""
        self._follow()
        listed = self.people()
        with self._database.writing():
            people.forget_tries(self._database, (entry.id for entry in listed.entries))
            audit.record(self._database, self._clock(), Event.AGENT_UNLOCKED)

    def people_log(self, limit: int) -> tuple[audit.Entry, ...]:
        """Return what the audit log tells of who signed in and filed for others, the newest first."""
        return audit.entries(self._database, audit.AGENT_EVENTS, limit)

    def _whose_badge(self, badge: str) -> Known | None:
        listed = self.people()
        person = listed.of_badge(badge)
        return Known(person=person, expired=listed.expired(person)) if person is not None else None

    def _note_sign_in(self, known: Known | None) -> None:
        signed_in = known is not None and not known.expired
        event = Event.AGENT_SIGNED_IN if signed_in else Event.AGENT_REFUSED
        audit.record(self._database, self._clock(), event, known.person.id if known is not None else "")

    # --- care ---------------------------------------------------------------------------------------------------------

    def check(self) -> Mended:
        """Check every page of the database, make rows and files agree, and wipe drafts whose day is over.

        Run it at start, on the store's thread: it reads everything. A damaged database is set aside and the queue
        rebuilt from the folder; other open stores must then be opened again.
        """
        self._follow()
        if self._database.damage():
            with files.locked(self._directory):
                if self._database.in_place():
                    self._database.close()
                    self._start_over()
                    self.settle_in()
                else:
                    self._reopen()
        with self._in_place():
            with files.storage_faults(), self._database.writing():
                now_mended = self._reconcile(database_lost=False)
            self._compared = True
            already, self._mended_at_open = self._mended_at_open, Mended()
        mended = already.then(now_mended)
        expired = drafts.expire(self._database, self._outbox, self._run, self._clock())
        self.tidy()
        return replace(mended, expired=expired)

    def _start_over(self) -> None:
        """Set the damaged database aside and begin another, to settle in."""
        now = self._clock()
        database.set_aside(self._directory, now)
        self._database = database.open_database(self._directory, self._key.derive("database"))
        with self._database.writing():
            audit.record(self._database, now, Event.DATABASE_SET_ASIDE)
        self._mended_at_open = Mended(set_aside=True)

    def _reopen(self) -> None:
        """Open the database that lies in the directory now, holding its lock; a damaged one is set aside."""
        self._database.close()
        self._compared = False
        try:
            self._database = database.open_database(self._directory, self._key.derive("database"))
        except Fault as fault:
            if fault.code is not FaultCode.DATABASE_DAMAGED:
                raise
            self._start_over()
        self.settle_in()

    def _follow(self) -> None:
        """Go on with the database that lies in the directory now, when another program set ours aside."""
        if not self._database.in_place():
            with self._in_place():
                pass

    @contextmanager
    def _in_place(self) -> Iterator[None]:
        """Hold the directory's lock, with the database open that lies there: nobody sets it aside meanwhile.

        Not to be entered twice, nor in a transaction.
        """
        with files.locked(self._directory):
            if not self._database.in_place():
                self._reopen()
            yield

    def _reconcile(self, *, database_lost: bool) -> Mended:
        """Make rows and files agree, inside the caller's transaction."""
        try:
            known = self.identity()
        except Fault:
            known = None
        return mending.reconcile(self._database, self._outbox, known, self._clock(), database_lost=database_lost)

    def purge(self) -> int:
        """Delete ciphertext that was delivered a week ago and forget what was filed a month ago; return how many."""
        with self._in_place():
            return mending.purge(self._database, self._outbox, self._clock())

    def make_room(self) -> int:
        """Delete all delivered ciphertext, because the disk is short; return of how many things it was."""
        with self._in_place():
            return self._make_room()

    def _make_room(self) -> int:
        return mending.make_room(self._database, self._outbox, self._clock())

    def export(self, target: Path) -> int:
        """Copy everything undelivered to a folder (a USB stick), still sealed, and return how many.

        It stays in the queue here: the platform takes the same thing twice and counts it once.
        """
        count = folder.copy_queue(self._outbox, target, only=mending.waiting_ids(self._database))
        with self._database.writing():
            audit.record(self._database, self._clock(), Event.EXPORTED)
        return count

    def import_(self, source: Path) -> int:
        """Take the sealed things of a folder into this kiosk's queue and return how many are new.

        They travel under their own kiosk's signature. Damaged ones are left out: `folder.rescue` names them.
        """
        known = self.enrolled()
        now = self._clock()
        fresh = [
            found.sealed
            for found in folder.rescue(source)
            if found.sealed is not None and self.item(found.sealed.id) is None
        ]
        folder.copy_queue(source, self._outbox, only=frozenset(sealed.id for sealed in fresh))
        with self._database.writing():
            for sealed in fresh:
                if self._database.one("SELECT 1 FROM outbox WHERE id = ?", sealed.id) is None:
                    mending.insert_sealed(self._database, queued(sealed, now, own=sealed.kiosk_id == known.kiosk_id))
                    mending.expect_uploads(self._database, sealed)
                    audit.record(self._database, now, Event.IMPORTED, sealed.id)
        return len(fresh)

    def audit_head(self) -> str:
        """Return the hash of the audit log's last line."""
        return audit.head(self._database)

    def audit_unbroken(self) -> bool:
        """Tell whether the audit log is whole."""
        return audit.unbroken(self._database)

    def _meta(self, name: str) -> str | None:
        row = self._database.one("SELECT value FROM meta WHERE name = ?", name)
        return str(row[0]) if row else None

    def _set_meta(self, name: str, value: str) -> None:
        self._database.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value)


def _required(found: Identity | None) -> Identity:
    if found is None:
        raise Fault(FaultCode.NOT_ENROLLED, "this kiosk is not enrolled: run `kiosk enrol URL CODE`")
    return found


def _item(row: database.Row) -> Item:
    return Item(
        id=row[0],
        type=Type(row[1]),
        number=row[2],
        made_at=from_stamp(row[3]),
        digest=row[4],
        state=State(row[5]),
        since=from_stamp(row[6]),
        reason=row[7],
        attempts=row[8],
        refusals=row[9],
        urgent=bool(row[10]),
        own=bool(row[11]),
        kind=row[12],
        category=row[13],
        language=row[14],
        roles=tuple(row[15].split()),
        clock_trusted=bool(row[16]),
        principal=row[17],
        agent=row[18],
        relation=row[19],
        until=from_stamp(row[20]) if row[20] else None,
    )


def _receipt(known: Identity, filed: Item, role: Role) -> Receipt:
    if role.value not in filed.roles:
        raise Fault(FaultCode.RECEIPT_UNKNOWN, "there is no such slip")
    block = known.block(filed.number)
    if block is None:
        raise Fault(FaultCode.RECEIPT_OF_ANOTHER_KIOSK, "only the kiosk that made it can print it again")
    tag = receipt.receipt_tag(block.key, filed.number, role)
    return Receipt(
        number=filed.number,
        role=role,
        tag=tag,
        query_code=receipt.query_code(block.key, filed.number, role),
        url=known.receipt_url(filed.number, tag),
        made_at=filed.made_at,
        clock_trusted=filed.clock_trusted,
        kind=filed.kind,
        category=filed.category,
        language=filed.language,
        for_another=Role.AGENT.value in filed.roles,
        principal=filed.principal,
        agent=filed.agent,
        relation=filed.relation,
        until=filed.until,
    )


def progress_of(told: protocol.Progress) -> Progress:
    """Return the platform's word on a petition as the rest of the house knows it."""
    return Progress(
        number=told.number,
        agent_slip=told.agent_slip,
        on_its_way=told.on_its_way,
        from_kiosk=told.from_kiosk,
        withdrawn=told.withdrawn,
        steps=tuple(ProgressStep(stage=step.stage, state=step.state, on=step.on) for step in told.steps),
        responsible=told.responsible,
        expected=told.expected,
        reply=told.reply,
        as_of=told.as_of,
    )


@contextmanager
def _pieces(source: Path | bytes) -> Iterator[Iterator[bytes]]:
    if isinstance(source, bytes):
        if len(source) > _MAX_FILE_BYTES:
            raise _too_large()
        yield iter((source,))
        return
    try:
        file = source.open("rb")
    except OSError:
        raise Fault(FaultCode.BAD_INPUT, "the file can't be read") from None
    with file:
        yield _read_in_pieces(file)


def _read_in_pieces(file: BinaryIO) -> Iterator[bytes]:
    length = 0
    while True:
        try:
            piece = file.read(_READ_BYTES)
        except OSError:
            raise Fault(FaultCode.BAD_INPUT, "the file can't be read") from None
        if not piece:
            return
        length += len(piece)
        if length > _MAX_FILE_BYTES:
            raise _too_large()
        yield piece


def _too_large() -> Fault:
    return Fault(FaultCode.BAD_INPUT, f"the file is larger than {_MAX_FILE_BYTES // 2**20} MiB")
