"""What the tests of typing share: tables built once a run, and a child process that types and then holds still."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kiosk.folders import cache_directory
from kiosk.typing import bopomofo
from kiosk.typing.tables import SCHEMAS, SIMPLIFIED, build_tables
from petition.keystrokes import Choose, Press, Turn, stroke_of
from petition.ports import Composition, TypingEngine

# On the distribution's own dictionary, which Debian ships built: the tables are there in a quarter of a second.
LIGHT: Mapping[str, str] = {SIMPLIFIED: SCHEMAS[SIMPLIFIED].replace("kiosk_pinyin", "luna_pinyin")}
REMEMBERING: Mapping[str, str] = {
    SIMPLIFIED: LIGHT[SIMPLIFIED].replace("enable_user_dict: false", "enable_user_dict: true")
}
"""A schema as it must never be: librime writes down what is typed."""
REMEMBERING_ZHUYIN: Mapping[str, str] = {
    bopomofo.SCHEMA_ID: bopomofo.SCHEMA.replace("enable_user_dict: false", "enable_user_dict: true")
}

_HIDE = 0x5A


def tables_of_this_run() -> Path:
    return build_tables(cache=cache_directory())


@contextmanager
def typist(
    *, cache: Path, keys: str, options: tuple[str, ...] = (), environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process that has opened an engine, typed, and done what its options say, for as long as the context lasts.

    The keys are handed over in disguise, so that what is found in its memory or on disk was put there by typing.
    """
    hidden = bytes(byte ^ _HIDE for byte in keys.encode()).hex()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.kiosk.typing_child", str(cache), hidden, *options],
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "typed\n"
        yield process
        process.stdin.close()
    assert process.returncode == 0


def keys_of(hidden: str) -> Iterator[str]:
    """The keys in plain, one by one: the whole of them is never in memory."""
    return (chr(byte ^ _HIDE) for byte in bytes.fromhex(hidden))


def type_character(engine: TypingEngine, shown: Composition, character: str) -> Composition:
    """Give an engine one character of a physical keyboard, as `stroke_of` reads it; `shown` is its last answer."""
    match stroke_of(character, candidates=len(shown.candidates)):
        case Press(key=key):
            return engine.press(key)
        case Choose(index=index):
            return engine.choose(index)
        case Turn(step=step):
            return engine.page(step)
        case None:
            return engine.page(0)
