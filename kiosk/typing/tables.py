"""The tables typed with, for every way of writing: built once from the distribution's dictionaries, then only read.

Building takes some seconds and 300 MB, so it is done in a child process, by `kiosk doctor` or in the background, and
the result (20 to 25 MB) is kept in the cache under a name made of all it was made from. Nobody ever
typed any of it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

import kiosk
from kiosk.typing import bopomofo, codes
from kiosk.typing.cangjie import CANGJIE
from kiosk.typing.codes import Codes
from kiosk.typing.librime import PACKAGES, Folders, librime
from kiosk.typing.strokes import STROKES
from petition.errors import Fault, FaultCode

SHARED_DATA: Final = Path("/usr/share/rime-data")
"""Where Debian and its relatives install the dictionaries."""

SIMPLIFIED: Final = "kiosk_simplified"
TRADITIONAL: Final = "kiosk_traditional"

_NEEDED: Final = ("essay.txt", "luna_pinyin.dict.yaml", "pinyin.yaml")
_OPTIONAL: Final = (STROKES.dictionary, CANGJIE.dictionary, *bopomofo.DICTIONARIES)
_CODES: Final = (
    (SIMPLIFIED, STROKES, "t2s.json"),
    (TRADITIONAL, STROKES, "t2tw.json"),
    (TRADITIONAL, CANGJIE, "t2tw.json"),
)
"""Which tables of codes are written for which script, with OpenCC's conversion to it."""
_DICTIONARY: Final = Path(__file__).with_name("kiosk_pinyin.dict.yaml")
_PREFIX: Final = "typing-"
_BUILD_SECONDS: Final = 300
_ROOMS: Final = tuple(
    Path(__file__).with_name(name) for name in ("bopomofo.py", "cangjie.py", "codes.py", "strokes.py")
)
"""What the tables are made by, besides the schemas."""

# Our own schema and not a patch of theirs: a patch is ignored without a word when any file it rests on is missing, and
# this one must not be, for it is what switches the user dictionary off. No punctuation, no modes, no hotkeys: whatever
# is not a letter is the engine's business, so no stray key can leave a resident in a mode nobody explained.
_SCHEMA: Final = """\
schema:
  schema_id: {schema}
  name: {schema}
  version: "1"
switches:
  - name: script
    reset: 1
engine:
  processors: [speller, express_editor]
  segmentors: [abc_segmentor, fallback_segmentor]
  translators: [script_translator]
  filters: [simplifier, uniquifier]
speller:
  alphabet: zyxwvutsrqponmlkjihgfedcba
  delimiter: " '"
  algebra:
    __patch:
      - pinyin:/abbreviation
      - pinyin:/spelling_correction
      - pinyin:/key_correction
translator:
  dictionary: kiosk_pinyin
  prism: {schema}
  enable_user_dict: false
  preedit_format:
    - xform/([nl])v/$1ü/
    - xform/([nl])ue/$1üe/
    - xform/([jqxy])v/$1u/
simplifier:
  option_name: script
  opencc_config: {conversion}
"""

# The dictionary is in the old printers' Traditional: t2tw gives the forms that Taiwan writes (裡 for 裏, 為 for 爲).
SCHEMAS: Final[Mapping[str, str]] = MappingProxyType(
    {
        SIMPLIFIED: _SCHEMA.format(schema=SIMPLIFIED, conversion="t2s.json"),
        TRADITIONAL: _SCHEMA.format(schema=TRADITIONAL, conversion="t2tw.json"),
        bopomofo.SCHEMA_ID: bopomofo.SCHEMA,
    }
)


def codes_table(tables: Path, schema: str, writing: Codes) -> Path | None:
    """The table of codes that goes with a schema, None where there is none: its dictionary was not installed."""
    file = _codes_file(tables, schema, writing)
    return file if file.is_file() else None


def has_zhuyin(tables: Path) -> bool:
    """Whether there are tables of Zhuyin; not where its dictionary was not installed."""
    return (tables / f"{bopomofo.SCHEMA_ID}.table.bin").is_file()


def _codes_file(tables: Path, schema: str, writing: Codes) -> Path:
    return tables / f"{schema}.{writing.method}"


def find_tables(*, cache: Path, shared: Path = SHARED_DATA, schemas: Mapping[str, str] = SCHEMAS) -> Path | None:
    """The folder of finished tables for the librime and the dictionaries of today; None while they are to be built.

    Raises Fault when librime or a dictionary is not installed.
    """
    folder = cache / _name(shared, schemas)
    return folder if folder.is_dir() else None


_BUILDING = threading.Lock()
"""Simplified and Traditional are opened at once: the second waits for what the first builds."""


def build_tables(*, cache: Path, shared: Path = SHARED_DATA, schemas: Mapping[str, str] = SCHEMAS) -> Path:
    """Build the tables unless they are there, drop those of other versions, and return their folder.

    Takes a second to a minute. Safe to call from any thread, and from several processes at once. Raises Fault when
    something is not installed, or librime could not build.
    """
    name = _name(shared, schemas)
    finished = cache / name
    with _BUILDING:
        if finished.is_dir():
            return finished
        try:
            cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}part-", dir=cache) as part:
                _run_build(shared, Path(part), schemas)
                _move(Path(part) / "tables", finished)
        except OSError:
            raise Fault(FaultCode.STATE_DIRECTORY_UNUSABLE, "the cache folder cannot be written") from None
    for other in cache.glob(f"{_PREFIX}*"):
        # A part is somebody's who is building now, or was left by a kiosk that was switched off meanwhile.
        if other.name != name and not (other.name.startswith(f"{_PREFIX}part-") and _age(other) < _BUILD_SECONDS):
            shutil.rmtree(other, ignore_errors=True)
    return finished


def _age(path: Path) -> float:
    """Return seconds since something in a folder changed, 0 when it is gone."""
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0


def build_here(shared: Path, part: Path) -> bool:
    """What the child process does: build every schema of `part/scratch` into `part/tables`, and the tables of codes.

    Pinyin must succeed; what else can't be built, its dictionary being damaged or missing, is left out.
    """
    folders = Folders(shared=shared, tables=part / "tables", scratch=part / "scratch")
    rime = librime()
    rime.start(folders, build=True)
    built = rime.build_configuration("default.yaml") and all(
        rime.build_schema(file) or file.name == f"{bopomofo.SCHEMA_ID}.schema.yaml"
        for file in sorted(folders.scratch.glob("*.schema.yaml"))
    )
    for schema, writing, conversion in _CODES:
        with suppress(OSError, ValueError):
            codes.write_table(writing, shared, _codes_file(folders.tables, schema, writing), conversion=conversion)
    return built


def _name(shared: Path, schemas: Mapping[str, str]) -> str:
    """The folder's name: a digest of the library's version, the dictionaries' sizes and dates, and the schemas."""
    if missing := [name for name in _NEEDED if not (shared / name).is_file()]:
        raise Fault(FaultCode.KEYBOARD_ENGINE_MISSING, f"no {missing[0]} in {shared}; apt install {PACKAGES}")
    digest = hashlib.sha256(librime().version().encode())
    optional = [name for name in _OPTIONAL if (shared / name).is_file()]
    for file in (shared / name for name in (*_NEEDED, *optional)):
        status = file.stat()
        digest.update(f"{file}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    for source in (_DICTIONARY, *_ROOMS):
        digest.update(source.read_bytes())
    for schema, text in sorted(schemas.items()):
        digest.update(f"{schema}|{text}\n".encode())
    return _PREFIX + digest.hexdigest()[:16]


def _run_build(shared: Path, part: Path, schemas: Mapping[str, str]) -> None:
    (part / "tables").mkdir()
    scratch = part / "scratch"
    scratch.mkdir()
    if not all((shared / name).is_file() for name in bopomofo.DICTIONARIES):
        schemas = {schema: text for schema, text in schemas.items() if schema != bopomofo.SCHEMA_ID}
    listed = "".join(f"  - schema: {schema}\n" for schema in schemas)
    # librime throws a user's default.yaml away when the shared one has a higher version.
    (scratch / "default.yaml").write_text(f'config_version: "9999"\nschema_list:\n{listed}', encoding="utf-8")
    shutil.copy(_DICTIONARY, scratch)
    zhuyin = bopomofo.dictionary_of(_DICTIONARY)
    (scratch / f"{bopomofo.SCHEMA_ID}.dict.yaml").write_text(zhuyin, encoding="utf-8")
    for schema, text in schemas.items():
        (scratch / f"{schema}.schema.yaml").write_text(text, encoding="utf-8")
    source = str(Path(kiosk.__file__).parent.parent)
    paths = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
    try:
        subprocess.run(
            [sys.executable, "-m", "kiosk.typing.build", str(shared), str(part), str(os.getpid())],
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_BUILD_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError:
        raise Fault(
            FaultCode.KEYBOARD_ENGINE_MISSING, f"librime could not build its tables; apt install --reinstall {PACKAGES}"
        ) from None


def _move(built: Path, finished: Path) -> None:
    try:
        built.rename(finished)
    except OSError:
        if not finished.is_dir():  # else another process was quicker, with the same tables
            raise
