"""The gateway's tables, and the two ways into them: reading and writing.

Petitions, events and attachments lie here as they arrived, sealed. In clear stand only what a list needs and what
staff wrote about the progress; replies and block keys are under a key of the key file, so that a stolen database
tells times, numbers and stages, and no more.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    Index,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
    event,
    select,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from petition.errors import Fault, FaultCode

SCHEMA = "2"
"""Another number means another layout: a gateway leaves a database alone that it would misread."""
FROM_EARLIER = {
    "1": (
        "ALTER TABLE petitions ADD COLUMN news_at DATETIME",
        "ALTER TABLE calls ADD COLUMN over_at DATETIME",
        "ALTER TABLE calls ADD COLUMN answered_account VARCHAR NOT NULL DEFAULT ''",
    )
}
"""What makes each earlier layout this one; tables that are new come by themselves."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept as UTC: SQLite itself forgets time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into SQLite's naive one."""
        del dialect
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - as inherited
        """Turn SQLite's naive moment into an aware one."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    """What SQLAlchemy asks every table to start from."""

    metadata = MetaData()
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Fact(Table):
    """One named fact about this database: schema version, epoch."""

    __tablename__ = "facts"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class EnrolmentCode(Table):
    """A one-time code an installer types into a new kiosk; only its hash is kept."""

    __tablename__ = "enrolment_codes"
    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    kiosk_name: Mapped[str]
    place: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    kiosk_id: Mapped[str | None] = mapped_column(ForeignKey("kiosks.id"))
    """The kiosk that used it."""


class Kiosk(Table):
    """A kiosk that was enrolled."""

    __tablename__ = "kiosks"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    place: Mapped[str]
    public_key: Mapped[bytes]
    token_hash: Mapped[str] = mapped_column(unique=True)
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    health: Mapped[str] = mapped_column(default="")
    """The last health report, JSON; nothing personal is in it."""
    flagged: Mapped[str] = mapped_column(default="")
    """Why somebody should look at this kiosk, e.g. two petitions under one number."""


class Block(Table):
    """Five digits leased to one kiosk for good. Its HMAC key is derived from the key file, never stored."""

    __tablename__ = "blocks"
    block: Mapped[str] = mapped_column(String(5), primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosks.id"), index=True)
    leased_at: Mapped[datetime]
    request_id: Mapped[str | None] = mapped_column(unique=True)
    """The request that asked for it; None at enrolment."""


class Petition(Table):
    """One petition, sealed, and how far it is."""

    __tablename__ = "petitions"
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), index=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosks.id"), index=True)
    digest: Mapped[str]
    envelope: Mapped[bytes]
    kind: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    urgent: Mapped[bool]
    made_at: Mapped[datetime]
    """By the kiosk's clock."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    complete_at: Mapped[datetime | None]
    """When the last attachment had arrived."""
    stage: Mapped[str] = mapped_column(default="")
    """A petition.model.Stage, or "" while nobody has looked at it."""
    responsible: Mapped[str] = mapped_column(default="")
    expected: Mapped[date | None]
    reply_sealed: Mapped[bytes] = mapped_column(default=b"")
    """Under the storage key of the key file; b"" for none."""
    stage_changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    news_at: Mapped[datetime | None]
    """Since when something said later waits that nobody has opened yet: a supplement, or anything after it was
    withdrawn."""


class Likeness(Table):
    """What the words of an opened petition may be known by again, under the storage key."""

    __tablename__ = "likenesses"
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    """When the petition came."""
    sealed: Mapped[bytes]


class Attachment(Table):
    """One sealed attachment a petition announced; its bytes lie in a file of their own."""

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("petition_id", "attachment_id"),)
    file_id: Mapped[str] = mapped_column(primary_key=True)
    """Random; the last part of the upload's address."""
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"))
    attachment_id: Mapped[str]
    position: Mapped[int]
    length: Mapped[int]
    sha256: Mapped[str]
    complete_at: Mapped[datetime | None]


class UploadHolder(Table):
    """A kiosk that asked for an upload, and so may go on with it: the one that filed, or one that carries its queue."""

    __tablename__ = "upload_holders"
    file_id: Mapped[str] = mapped_column(ForeignKey("attachments.file_id", ondelete="CASCADE"), primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosks.id"), primary_key=True)


class Change(Table):
    """One stage a petition reached, in the order they happened; kiosks read them by cursor."""

    __tablename__ = "changes"
    __table_args__ = (Index("changes_of_kiosk", "kiosk_id", "id"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), index=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    at: Mapped[datetime]
    stage: Mapped[str]
    responsible: Mapped[str]
    expected: Mapped[date | None]
    by: Mapped[str]
    """Staff account, or "" for the platform itself."""


class Resend(Table):
    """A petition or event that was acknowledged once and is not here any more: its kiosk is asked to send it again."""

    __tablename__ = "resends"
    petition_id: Mapped[str] = mapped_column(primary_key=True)
    """Or an event's id."""
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosks.id"), index=True)


class LaterEvent(Table):
    """One sealed thing the holder of a receipt said later."""

    __tablename__ = "later_events"
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), index=True)
    petition_id: Mapped[str | None] = mapped_column(ForeignKey("petitions.id"), index=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    kind: Mapped[str]
    role: Mapped[str]
    digest: Mapped[str]
    envelope: Mapped[bytes]
    made_at: Mapped[datetime]
    counter: Mapped[int]
    received_at: Mapped[datetime]


class Review(Table):
    """A second look that the holder of a receipt asked for; that it was asked for, not why, stands in clear."""

    __tablename__ = "reviews"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), index=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("later_events.id"), unique=True)
    """The rating that asked for it."""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_by: Mapped[str] = mapped_column(default="")
    """Staff account, or the operator."""
    outcome: Mapped[str] = mapped_column(default="")
    """A gateway.reviews.Outcome, or "" while it is open."""
    note_sealed: Mapped[bytes] = mapped_column(default=b"")
    """What its reader wrote for colleagues, under the storage key; b"" for nothing."""


class Call(Table):
    """A call for staff from a kiosk."""

    __tablename__ = "calls"
    id: Mapped[str] = mapped_column(primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosks.id"))
    reason: Mapped[str]
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    answered_by: Mapped[str] = mapped_column(default="")
    """The name residents hear: who is coming."""
    answered_account: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    """Since when nobody need come any more."""


class Delivery(Table):
    """Something about a call that is to be passed on by the webhook; written in the same transaction as the call."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("deliveries_open", "done_at", "due_at"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    """The same at every attempt, so that a receiver can tell a repeat."""
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), index=True)
    happening: Mapped[str]
    """A gateway.outbox.CallNews."""
    happened_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    """Not before this."""
    done_at: Mapped[datetime | None]
    """When it was taken, or when there was no more use in it."""
    taken: Mapped[bool] = mapped_column(default=False)


class WrongCodes(Table):
    """Wrong query codes for one number, or at one kiosk; survives restarts."""

    __tablename__ = "wrong_codes"
    subject: Mapped[str] = mapped_column(primary_key=True)
    """`number|…` or `kiosk|…`."""
    count: Mapped[int]
    first_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Staff(Table):
    """A person who may sign in."""

    __tablename__ = "staff"
    account: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    made_at: Mapped[datetime]
    disabled: Mapped[bool] = mapped_column(default=False)


class WrongPasswords(Table):
    """Wrong passwords for one account name, known or not; survives restarts."""

    __tablename__ = "wrong_passwords"
    account_hash: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    locked_until: Mapped[datetime | None]
    last_at: Mapped[datetime]


class StaffSession(Table):
    """A signed-in browser; only the hash of its cookie is kept."""

    __tablename__ = "staff_sessions"
    cookie_hash: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("staff.account"))
    form_token: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ListedPerson(Table):
    """Somebody who may file for several people at the kiosks, or did once; neither badge nor PIN is kept in clear."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(String(4), primary_key=True)
    """Given once, and to nobody else."""
    name: Mapped[str]
    role: Mapped[str]
    """A protocol.PersonRole."""
    badge_sha256: Mapped[str]
    pin_verifier: Mapped[str]
    """Argon2id, or "" for somebody without a PIN."""
    not_after: Mapped[datetime]
    petitions: Mapped[int]
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    """From then on badge and PIN are wiped; number and name stay, for kiosks' logs name the number."""


class AuditEntry(Table):
    """Who read or did what; each entry carries the hash of the one before, so a removed one shows."""

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account: Mapped[str]
    deed: Mapped[str]
    petition_id: Mapped[str | None] = mapped_column(index=True)
    detail: Mapped[str]
    """An id or a stage, never anything a resident said."""
    previous_hash: Mapped[str]
    hash: Mapped[str]


class Database:
    """The open database: `with database.reading() as rows:` or `with database.writing() as rows:`."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; raises Fault(DATABASE_DAMAGED) when it cannot be read, and leaves it as it is.

        Raises Fault(STATE_DIRECTORY_UNUSABLE) when another version of this software made it.
        """
        # Made before SQLite makes it: its write-ahead log takes over the mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self.engine: Engine = create_engine(f"sqlite:///{path}", pool_size=16, max_overflow=32)
        event.listen(self.engine, "connect", _set_pragmas)
        event.listen(self.engine, "begin", _begin)
        try:
            with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                other = not _lay_out(connection)
        except DatabaseError:
            self.engine.dispose()
            raise Fault(
                FaultCode.DATABASE_DAMAGED, f"{path.name} is not readable as a database; restore it from a backup"
            ) from None
        if other:
            self.engine.dispose()
            raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, f"{path.name} was made by another version of this software")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view; what is changed in it is thrown away."""
        with self.engine.connect() as connection, Session(connection) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that holds the write lock from its start, so it never fails half-way for being late."""
        with (
            self.engine.connect().execution_options(writes=True) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.commit()
            connection.commit()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _lay_out(connection: Connection) -> bool:
    """Make the tables, bring those of an earlier version up to this one; False for a database of another version."""
    made_as = SCHEMA
    if connection.dialect.has_table(connection, Fact.__tablename__):
        known = connection.execute(select(Fact.value).where(Fact.name == "schema")).scalar()
        made_as = SCHEMA if known is None else known
    if made_as != SCHEMA and made_as not in FROM_EARLIER:
        return False
    for change in FROM_EARLIER.get(made_as, ()):
        connection.exec_driver_sql(change)
    Table.metadata.create_all(connection)
    connection.exec_driver_sql("INSERT OR REPLACE INTO facts (name, value) VALUES ('schema', ?)", (SCHEMA,))
    return True


def _set_pragmas(connection: Any, record: object) -> None:  # noqa: ANN401 - the DBAPI's own connection
    del record
    # An acknowledgement lets the kiosk forget: what was committed must outlive a power cut, so FULL and not NORMAL.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
