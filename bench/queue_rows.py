"""A commit beside a bare script that makes the same bytes as durable, in turns on the same disk; a long queue.

Ours is `Store.file` with a recording that was sealed while it was spoken, as in a visit. The floor makes an envelope of
the same fields and length (JSON, HPKE, base64, Ed25519), writes, fsyncs, renames, fsyncs the folder, and inserts one
row into an encrypted database with WAL and synchronous=FULL: nothing less survives a power cut.

Two more rows are of a state directory in which 100,000 petitions wait: opening it, and asking what is to be sent next.
Their floor is one row of that database by its key, with and without opening it.
"""

import base64
import hashlib
import json
import os
import secrets
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3.dbapi2 as sqlcipher
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from bench.row import Row
from offline_queue import folder, mending, protocol, sealing
from offline_queue.database import DATABASE, Database, open_database
from offline_queue.identity import Identity, LeasedBlock
from offline_queue.keys import local_key
from offline_queue.outbox import Item, State, utc_now
from offline_queue.protocol import Envelope, Key, Keys, KeyUse, Signed, Type
from offline_queue.sealing import KeyPair
from offline_queue.store import OUTBOX, Store, open_store
from petition.model import Draft, TextSource
from petition.receipt import receipt_number

T = TypeVar("T")

TURNS = 60
WORDS = "三号楼二单元的楼道灯坏了一个星期，晚上看不见台阶，上周有位老人差点摔倒。请尽快派人来修。" * 5
RECORDING_BYTES = 183_000
"""A minute of speech."""
WAITING = 100_000
OPENINGS = 30
HPKE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def rows() -> list[Row]:
    """Return the rows of the design's section 8 that are about the queue alone."""
    return [_commit(), *_long_queue()]


def _commit() -> Row:
    platform = sealing.new_seal_key()
    ours: list[float] = []
    floor: list[float] = []
    with (
        tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIRECTORY")) as directory,
        open_store(Path(directory) / "state") as store,
    ):
        store.become(_identity(platform.public))
        warm = Draft(petition_id=str(uuid.uuid4()), text=WORDS, text_source=TextSource.TYPED)
        store.file(warm)
        with closing(_bare_database(Path(directory) / "bare.db")) as database:
            bare = _Bare(
                directory=Path(directory),
                database=database,
                seal_key=platform.public,
                signing_key=Ed25519PrivateKey.generate(),
            )
            for _ in range(TURNS):
                draft = _spoken(store)
                store.keep(draft)
                ours.append(_milliseconds(partial(store.file, draft)))
                store.drop()
                floor.append(_milliseconds(partial(_bare_commit, bare, *_opened(store, draft, platform))))
    return Row(
        name="commit of a petition",
        ours=ours,
        floor=floor,
        floor_name="the same bytes sealed, written, fsynced, renamed, inserted by a bare script",
        ratio_bar=1.5,
    )


def _long_queue() -> list[Row]:
    opening: list[float] = []
    bare_opening: list[float] = []
    asking: list[float] = []
    bare_asking: list[float] = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIRECTORY")) as directory:
        state = Path(directory) / "state"
        with open_store(state) as store:
            store.become(_identity(sealing.new_seal_key().public))
        key = local_key(state).derive("database")
        one = _fill(state, key)
        for _ in range(OPENINGS):
            took, store = _timed(partial(open_store, state))
            opening.append(took)
            with store:
                asking.append(_milliseconds(partial(store.next_items, 1)))
            took, database = _timed(partial(Database, state / DATABASE, key))
            bare_opening.append(took)
            with closing(database):
                bare_asking.append(_milliseconds(partial(database.one, "SELECT digest FROM outbox WHERE id = ?", one)))
    waiting = f"with {WAITING:,} waiting"
    by_key = "one of its rows, by its id"
    return [
        Row(
            name=f"open a queue {waiting}",
            ours=opening,
            floor=bare_opening,
            floor_name="the database alone, with its key",
            extra_bar=50,
        ),
        Row(name=f"what is next {waiting}", ours=asking, floor=bare_asking, floor_name=by_key, extra_bar=1),
    ]


def _fill(state: Path, key: bytes) -> str:
    """Let petitions wait in a state directory, their files empty, for nobody opens them; return one's id."""
    now = utc_now()
    with closing(open_database(state, key)) as database:
        with database.writing():
            for serial in range(1, WAITING + 1):
                item = Item(
                    id=str(uuid.uuid4()),
                    type=Type.PETITION,
                    number=receipt_number("10230", serial % 100_000),
                    made_at=now + timedelta(seconds=serial),
                    digest="0" * 64,
                    state=State.SEALED,
                    since=now,
                )
                mending.insert_sealed(database, item)
                folder.sealed_path(state / OUTBOX, item.id, Type.PETITION).touch()
        database.shrink_log()
    return item.id


def _spoken(store: Store) -> Draft:
    """Return a draft with a minute of sound, sealed while it was spoken."""
    draft = Draft(petition_id=str(uuid.uuid4()), text=WORDS, text_source=TextSource.RECOGNISED)
    sink = store.new_recording(draft.petition_id, str(uuid.uuid4()))
    sink.write(secrets.token_bytes(RECORDING_BYTES))
    return replace(draft, attachments=(sink.close(60.0),))


def _opened(store: Store, draft: Draft, platform: KeyPair) -> tuple[bytes, dict[str, Any]]:
    """Return what was sealed and what stood around it, for the bare script to make as many bytes of."""
    item = store.item(draft.petition_id)
    if item is None:
        raise RuntimeError("what was filed is not in the queue")
    envelope = protocol.read(Envelope, protocol.read(Signed, store.sealed_bytes(item)).body)
    bound = protocol.petition_binding(envelope.id, envelope.kiosk_id, envelope.number)
    plain = sealing.open_envelope(sealing.from_base64(envelope.sealed), platform, bound)
    return plain, protocol.body_of(envelope)


def _milliseconds(work: Callable[[], object]) -> float:
    return _timed(work)[0]


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return how many milliseconds something took, and what came of it."""
    begin = time.perf_counter()
    came = work()
    return (time.perf_counter() - begin) * 1000, came


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bare:
    """A bare script's folder, database and keys."""

    directory: Path
    database: Any
    seal_key: bytes
    signing_key: Ed25519PrivateKey


def _bare_commit(bare: _Bare, plain: bytes, header: dict[str, Any]) -> None:
    petition_id = str(uuid.uuid4())
    to = X25519PublicKey.from_public_bytes(bare.seal_key)
    sealed = HPKE.encrypt(plain, to, info=petition_id.encode())
    body = {
        **header,
        "id": petition_id,
        "sealed": base64.b64encode(sealed).decode(),
        "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
    }
    written = json.dumps(body)
    signature = base64.b64encode(bare.signing_key.sign(written.encode())).decode()
    raw = f'{{"body":{written},"signature":"{signature}"}}'.encode()
    path = bare.directory / f"{petition_id}.petition"
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(descriptor, raw)
    os.fsync(descriptor)
    os.close(descriptor)
    part.rename(path)
    folder = os.open(bare.directory, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    digest = hashlib.sha256(raw).hexdigest()
    bare.database.execute("INSERT INTO outbox VALUES (?, ?, 'sealed', ?)", (petition_id, digest, header["made_at"]))
