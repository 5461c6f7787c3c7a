"""Sounds into Hanzi, whole sentences at once, by librime: pinyin; Zhuyin is built on it."""

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kiosk.typing.letters import text_of
from kiosk.typing.librime import PACKAGES, Folders, Librime, librime
from kiosk.typing.tables import SHARED_DATA, SIMPLIFIED
from petition.errors import Fault, FaultCode
from petition.ports import Composition, Method

LETTERS_MAX: Final = 48
"""As many letters are composed at once (some 16 Hanzi). A resting hand that types "shshsh…" costs librime 0.5 ms more
with every letter, and this runs on the thread that paints."""

_SYLLABLE_MAX: Final = 6
_BACKSPACE: Final = 0xFF08  # keysyms of X11
_EDITING: Final = {"backspace": _BACKSPACE, "enter": 0xFF0D, "escape": 0xFF1B}
_SCRATCH: Final = "kiosk-typing-"

_starting = threading.Lock()


class RimeEngine:
    """A TypingEngine on librime, with one session of its own.

    It types with whatever tables it is given and trusts them; `open_engine` refuses those that remember. Once made, it
    is used by one thread. Raises Fault when librime is missing or has no such schema.
    """

    methods: tuple[Method, ...] = (Method.PINYIN,)
    keysyms: Mapping[str, int] = MappingProxyType({letter: ord(letter) for letter in "abcdefghijklmnopqrstuvwxyz'"})
    """What composes, and as which key librime is told of it."""
    shown_as: Mapping[int, str] = MappingProxyType({})
    """What librime's letters are written as where they are not text of its own: a table for `str.translate`."""

    def __init__(
        self, *, tables: Path, shared: Path = SHARED_DATA, schema: str = SIMPLIFIED, page_size: int = 6
    ) -> None:
        if not (tables / f"{schema}.schema.yaml").is_file():  # librime would take any name, and type nothing
            raise Fault(FaultCode.KEYBOARD_ENGINE_MISSING, f"no {schema} in {tables}; delete that folder")
        self._rime = _started(shared, tables)
        self._schema = schema
        self._page_size = page_size
        self._page = 0
        self._session = self._open_session()

    def remembers(self) -> bool:
        """Whether what is typed is kept anywhere, as these tables were built."""
        return self._rime.remembers(self._schema)

    def use(self, method: Method) -> Composition:  # noqa: ARG002 there is no other
        return self._composition()

    def press(self, key: str) -> Composition:
        rime, session = self._rime, self._session
        letters = rime.letters(session)
        after = ""
        if key == "'" and letters.endswith("'"):  # one parts syllables; a second would end the word before it
            return self._composition()
        if key in self.keysyms and (letters or key != "'"):
            if len(letters) >= LETTERS_MAX:
                self._make_room(letters)
            rime.press(session, self.keysyms[key])
        elif not letters:
            after = text_of(key)
        elif key in _EDITING:
            rime.press(session, _EDITING[key])
        elif key == "space":
            self._take(0)
        elif text := text_of(key):
            rime.commit(session)
            after = text
        else:  # a key nobody knows
            return self._composition()
        self._page = 0
        return self._composition(after)

    def choose(self, index: int) -> Composition:
        if 0 <= index < len(self._candidates(self._page_size)):
            self._take(index)
            self._page = 0
        return self._composition()

    def page(self, step: int) -> Composition:
        onward = 1 if step > 0 else -1
        for _ in range(abs(step)):
            self._page += onward
            if self._page < 0 or not self._candidates(1):
                self._page -= onward
                break
        return self._composition()

    def clear(self) -> Composition:
        # The new session is made first: the tables stay mapped, which makes this 0.2 ms and not 2.
        session, self._session = self._session, self._open_session()
        self._rime.close_session(session)
        self._page = 0
        return Composition()

    def _open_session(self) -> int:
        session = self._rime.open_session(self._schema)
        if not session:
            raise Fault(
                FaultCode.KEYBOARD_ENGINE_MISSING, f"librime opens no session; apt install --reinstall {PACKAGES}"
            )
        return session

    def _candidates(self, count: int) -> tuple[str, ...]:
        return self._rime.candidates(self._session, self._page * self._page_size, count)

    def _take(self, index: int) -> None:
        if not self._rime.choose(self._session, self._page * self._page_size + index):
            self._rime.commit(self._session)  # letters that spell nothing have no candidates: they are text as they are

    def _make_room(self, letters: str) -> None:
        """Turn all but the last syllable into text, for that one may not be finished."""
        rime, session = self._rime, self._session
        tail = len(rime.preedit(session).rpartition(" ")[2])
        kept = letters[-tail:] if 0 < tail <= _SYLLABLE_MAX else ""
        for _ in kept:
            rime.press(session, _BACKSPACE)
        rime.commit(session)
        for letter in kept:
            rime.press(session, ord(letter))

    def _composition(self, after: str = "") -> Composition:
        committed = self._rime.committed(self._session).translate(self.shown_as) + after
        preedit = self._rime.preedit(self._session).translate(self.shown_as)
        rows = self._candidates(self._page_size + 1) if preedit else ()
        return Composition(
            preedit=preedit,
            candidates=rows[: self._page_size],
            committed=committed,
            page=self._page,
            last_page=len(rows) <= self._page_size,
        )


def _started(shared: Path, tables: Path) -> Librime:
    """The process's librime, set up for these folders; it can be set up only once."""
    rime = librime()
    with _starting:
        if rime.folders is None:
            scratch = _make_scratch()
            atexit.register(_leave, rime, scratch)
            rime.start(Folders(shared=shared, tables=tables, scratch=scratch))
        elif (rime.folders.shared, rime.folders.tables) != (shared, tables):
            raise Fault(FaultCode.KEYBOARD_ENGINE_MISSING, "librime has other tables; start the kiosk again")
    return rime


def _make_scratch() -> Path:
    """A folder in memory, for us alone, that librime may call its user's home."""
    for place in filter(None, (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm")):  # noqa: S108 mkdtemp is private
        try:
            folder = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}{os.getpid()}-", dir=place))
        except OSError:
            continue
        _sweep(folder)
        return folder
    return Path(tempfile.mkdtemp(prefix=_SCRATCH))


def _sweep(own: Path) -> None:
    """Remove what kiosks that were killed left beside our folder."""
    for folder in own.parent.glob(f"{_SCRATCH}*-*"):
        process = folder.name.removeprefix(_SCRATCH).partition("-")[0]
        if process.isdigit() and not Path("/proc", process).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _leave(rime: Librime, scratch: Path) -> None:
    rime.stop()
    shutil.rmtree(scratch, ignore_errors=True)
