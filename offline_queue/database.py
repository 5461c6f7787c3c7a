"""The encrypted database of the queue's state: SQLCipher with a raw key, WAL, synchronous=FULL.

One fdatasync a commit, and a committed row survives a power cut (docs/decisions/0003-sqlcipher-wal-full.md). A
connection belongs to the thread that opened it; opening another takes a millisecond. What lies here is state only:
every sealed petition is a file of its own (offline_queue/folder.py), so a damaged database loses nothing that was
filed. It is set aside, never deleted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from offline_queue import files
from petition.errors import Bug, Fault, FaultCode

DATABASE = "queue.db"
SET_ASIDE = "damaged"
_SIDES = ("", "-wal", "-shm")
_BUSY_MILLISECONDS = 10_000

_QUEUE = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE blocks (
  block TEXT PRIMARY KEY,
  next_serial INTEGER NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE drafts (
  petition_id TEXT PRIMARY KEY,
  run TEXT NOT NULL,      -- the run of the program that kept it; another run's draft was interrupted
  kept_at TEXT NOT NULL,
  draft TEXT NOT NULL     -- the resident's words: this row is wiped in the transaction that files them
) STRICT, WITHOUT ROWID;

CREATE TABLE draft_attachments (
  id TEXT PRIMARY KEY,
  petition_id TEXT NOT NULL,
  run TEXT NOT NULL,
  made_at TEXT NOT NULL,
  kind TEXT NOT NULL,
  media_type TEXT NOT NULL,
  kiosk_wrap BLOB NOT NULL -- the file's key: with this row goes the kiosk's power to play the recording
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,     -- petition or event
  number TEXT NOT NULL,
  made_at TEXT NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL,    -- sealed, uploading, delivered, purged, parked
  since TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  refusals INTEGER NOT NULL DEFAULT 0,
  urgent INTEGER NOT NULL DEFAULT 0,
  own INTEGER NOT NULL DEFAULT 1,  -- filed here, not brought by an import
  kind TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT 'zh_Hans',
  roles TEXT NOT NULL DEFAULT 'own',
  clock_trusted INTEGER NOT NULL DEFAULT 1,
  principal TEXT NOT NULL DEFAULT '',  -- masked
  agent TEXT NOT NULL DEFAULT ''       -- masked
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_next ON outbox (state, urgent DESC, attempts, made_at);
CREATE INDEX outbox_number ON outbox (number);

CREATE TABLE uploads (
  petition_id TEXT NOT NULL,
  id TEXT NOT NULL,
  length INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  location TEXT NOT NULL DEFAULT '',
  offset INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (petition_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE progress (
  number TEXT PRIMARY KEY,
  as_of TEXT NOT NULL,
  progress TEXT NOT NULL  -- without the reply
) STRICT, WITHOUT ROWID;

CREATE TABLE wrong_codes (at TEXT NOT NULL, number TEXT NOT NULL) STRICT;
CREATE INDEX wrong_codes_at ON wrong_codes (at);

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  event TEXT NOT NULL,
  subject TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
"""

_STAFF_DESK = """
CREATE TABLE desk_pins (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,               -- whose it is; stays when the PIN is removed, for the audit log names the id
  added_at TEXT NOT NULL,
  hash TEXT NOT NULL,               -- Argon2id; "" once it is removed
  removed_at TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_tries (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  wrong INTEGER NOT NULL,           -- in a row
  boot TEXT NOT NULL,               -- when the last one was: the machine's start, and how long it had run
  ran_seconds REAL NOT NULL
) STRICT;
"""

_PROXIES = """
ALTER TABLE outbox ADD COLUMN relation TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN until TEXT NOT NULL DEFAULT '';
"""
"""The relation is one of a list, never anybody's words; until is when the agent's authority ends."""

_TRIES = """
CREATE TABLE tries (
  door TEXT PRIMARY KEY,
  wrong INTEGER NOT NULL,           -- in a row
  boot TEXT NOT NULL,               -- when the last one was: the machine's start, and how long it had run
  ran_seconds REAL NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO tries SELECT 'desk', wrong, boot, ran_seconds FROM desk_tries;
DROP TABLE desk_tries;
"""

_SCHEMAS = (_QUEUE, _STAFF_DESK, _PROXIES, _TRIES)
"""What each version added: a database that an earlier one made gets the rest when it is opened."""

Row = tuple[Any, ...]


class Database:
    """An open connection; raises Fault for what disk and damage can do, Bug for what can't happen."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._connect = partial(_connect, path, key)
        self._connection = self._connect()
        self._file = _file_at(path)

    def all(self, sql: str, *values: object) -> list[Row]:
        """Run a statement and return its rows."""
        with _faults():
            rows: list[Row] = self._connection.execute(sql, values).fetchall()
            return rows

    def one(self, sql: str, *values: object) -> Row | None:
        """Run a statement and return its first row."""
        with _faults():
            row: Row | None = self._connection.execute(sql, values).fetchone()
            return row

    def run(self, sql: str, *values: object) -> int:
        """Run a statement and return how many rows it changed."""
        with _faults():
            changed: int = self._connection.execute(sql, values).rowcount
            return changed

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Do everything inside in one transaction, which is on the disk when this ends, or not at all."""
        with _faults():
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        try:
            with _faults():
                self._connection.execute("COMMIT")
        except Fault:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            with _faults():
                self._connection.execute("ROLLBACK")

    def shrink_log(self) -> bool:
        """Move the write-ahead log into the database and empty it, so that wiped rows are gone from both.

        False while another connection is in the way: try again later.
        """
        found = self.one("PRAGMA wal_checkpoint(TRUNCATE)")
        return found is not None and found[0] == 0

    def damage(self) -> str:
        """Return what an integrity check of every page finds, "" when all is well."""
        try:
            found = [str(row[0]) for row in self.all("PRAGMA cipher_integrity_check")]
            found += [str(row[0]) for row in self.all("PRAGMA quick_check(1)") if row[0] != "ok"]
        except Fault as fault:
            if fault.code is not FaultCode.DATABASE_DAMAGED:
                raise
            return "unreadable"
        return "; ".join(found[:1])

    def forget(self) -> None:
        """Let go of what pages and statements hold in memory of rows that are gone; takes a millisecond."""
        before, self._connection = self._connection, self._connect()
        self._file = _file_at(self._path)
        before.close()

    def in_place(self) -> bool:
        """Tell whether what is open still lies at its path: another program may have set it aside."""
        return self._file is not None and self._file == _file_at(self._path)

    def close(self) -> None:
        """Close the connection; the last one empties the write-ahead log."""
        self._file = None
        self._connection.close()


def _file_at(path: Path) -> tuple[int, int] | None:
    with files.storage_faults():
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
    return found.st_dev, found.st_ino


def _connect(path: Path, key: bytes) -> Any:  # noqa: ANN401  sqlcipher3 ships no types
    with files.storage_faults():
        if not path.exists():
            path.touch(mode=0o600)
            files.fsync_folder(path.parent)
    with _faults():
        connection = sqlcipher.connect(str(path), isolation_level=None)
    try:
        with _faults():
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version != len(_SCHEMAS):
                _create(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _create(connection: Any) -> None:  # noqa: ANN401  as above
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < len(_SCHEMAS):
        for statement in "".join(_SCHEMAS[version:]).split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(_SCHEMAS)}")
    connection.execute("COMMIT")
    if version > len(_SCHEMAS):
        raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "the state was written by a newer version of this software")


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except sqlcipher.Error as error:
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:
            case sqlcipher.SQLITE_FULL:
                raise files.disk_full() from None
            case sqlcipher.SQLITE_CORRUPT | sqlcipher.SQLITE_NOTADB:
                raise Fault(FaultCode.DATABASE_DAMAGED, "the queue's database is damaged") from None
            case sqlcipher.SQLITE_IOERR | sqlcipher.SQLITE_CANTOPEN | sqlcipher.SQLITE_READONLY:
                raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "the queue's database can't be written") from None
            case sqlcipher.SQLITE_BUSY | sqlcipher.SQLITE_LOCKED:
                raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "another program holds the queue's database") from None
        raise Bug(f"database-{getattr(error, 'sqlite_errorname', 'misuse').lower()}") from None


def open_database(directory: Path, key: bytes) -> Database:
    """Open the database of a state directory, making it on first use; raises Fault(DATABASE_DAMAGED) and others."""
    try:
        return Database(directory / DATABASE, key)
    except Fault as fault:
        # SQLite does not tell a disk without room for its index from a broken one.
        if fault.code is FaultCode.STATE_DIRECTORY_UNUSABLE and files.is_full(directory):
            raise files.disk_full() from None
        raise


def set_aside(directory: Path, now: datetime) -> None:
    """Move a damaged database out of the way, for somebody to look at; nothing is deleted."""
    with files.storage_faults():
        target = files.private_folder(directory / SET_ASIDE)
        stamp = now.strftime("%Y%m%dT%H%M%S%f")
        for side in reversed(_SIDES):
            source = directory / f"{DATABASE}{side}"
            if source.exists():
                source.rename(target / f"{stamp}-{DATABASE}{side}")
        files.fsync_folder(target)
        files.fsync_folder(directory)
