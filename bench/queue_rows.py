"""Commit of a petition beside a bare script that makes the same bytes as durable, in turns on the same disk.

Ours is `Store.file` with a recording that was sealed while it was spoken, as in a visit. The floor seals the same
text, writes, fsyncs, renames, fsyncs the folder, and inserts one row into an encrypted database with WAL and
synchronous=FULL: nothing less survives a power cut.
"""

import os
import secrets
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from bench.row import Row
from offline_queue import protocol, sealing
from offline_queue.identity import Identity, LeasedBlock
from offline_queue.outbox import utc_now
from offline_queue.protocol import Key, Keys, KeyUse
from offline_queue.store import open_store
from petition.model import Draft, TextSource

TURNS = 60
WORDS = "三号楼二单元的楼道灯坏了一个星期，晚上看不见台阶，上周有位老人差点摔倒。请尽快派人来修。" * 5
PAGE_BYTES = 610
PAGES = 300
"""A minute of speech in pages of 0.2 s."""


def rows() -> list[Row]:
    """Return row 4 of the design's section 8."""
    platform = sealing.new_seal_key()
    ours: list[float] = []
    floor: list[float] = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIRECTORY")) as directory:
        with open_store(Path(directory) / "state") as store:
            store.become(_identity(platform.public))
            warm = Draft(petition_id=str(uuid.uuid4()), text=WORDS, text_source=TextSource.TYPED)
            store.file(warm)
            item = store.item(warm.petition_id)
            assert item is not None  # noqa: S101  it was filed above
            length = len(store.sealed_bytes(item))
            with closing(_bare_database(Path(directory) / "bare.db")) as bare:
                for _ in range(TURNS):
                    draft = Draft(petition_id=str(uuid.uuid4()), text=WORDS, text_source=TextSource.RECOGNISED)
                    sink = store.new_recording(draft.petition_id, str(uuid.uuid4()))
                    for _ in range(PAGES // 100):
                        sink.write(secrets.token_bytes(PAGE_BYTES * 100))
                    spoken = sink.close(60.0)
                    complete = Draft(
                        petition_id=draft.petition_id, text=WORDS, text_source=draft.text_source, attachments=(spoken,)
                    )
                    store.keep(complete)
                    ours.append(_milliseconds(partial(store.file, complete)))
                    store.drop()
                    floor.append(_milliseconds(lambda: _bare_commit(Path(directory), bare, platform.public, length)))
    return [
        Row(
            name="commit of a petition",
            ours=ours,
            floor=floor,
            floor_name="the same bytes sealed, written, fsynced, renamed, inserted by a bare script",
            ratio_bar=1.5,
        )
    ]


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def _identity(seal_public_key: bytes) -> Identity:
    now = utc_now()
    seal = Key(
        id=sealing.key_id(seal_public_key),
        use=KeyUse.SEAL,
        public_key=sealing.to_base64(seal_public_key),
        not_before=now - timedelta(days=1),
        not_after=now + timedelta(days=1),
    )
    return Identity(
        url="http://127.0.0.1:9",
        kiosk_id="bench",
        kiosk_name="bench",
        signing_key=sealing.new_signing_key(),
        token="of-a-bench-0123456789",  # noqa: S106  opens nothing
        root_public_key=sealing.new_signing_key().public,
        receipt_host="su.example.cn",
        blocks=(LeasedBlock(block="10230", key=secrets.token_bytes(32)),),
        keys=Keys(version=1, made_at=now, keys=(seal,)),
    )


def _bare_database(path: Path) -> Any:  # noqa: ANN401  sqlcipher3 ships no types
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{secrets.token_hex(32)}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE outbox (id TEXT PRIMARY KEY, digest TEXT, state TEXT, made_at TEXT)")
    return connection


def _bare_commit(directory: Path, database: Any, public_key: bytes, length: int) -> None:  # noqa: ANN401  as above
    petition_id = str(uuid.uuid4())
    sealed = sealing.seal_envelope(WORDS.encode(), public_key, {"petition": petition_id})
    raw = sealed.ljust(length, b" ")
    path = directory / f"{petition_id}.petition"
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(descriptor, raw)
    os.fsync(descriptor)
    os.close(descriptor)
    part.rename(path)
    folder = os.open(directory, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    database.execute(
        "INSERT INTO outbox VALUES (?, ?, 'sealed', ?)", (petition_id, protocol.digest_of(raw), utc_now().isoformat())
    )
