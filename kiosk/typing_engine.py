"""The door to typing: opens the best engine this machine has, and says what is missing for a better one."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from kiosk.typing.letters import LettersEngine
from kiosk.typing.librime import PACKAGES
from kiosk.typing.rime import RimeEngine
from kiosk.typing.strokes import StrokesEngine
from kiosk.typing.tables import SHARED_DATA, SIMPLIFIED, TRADITIONAL, build_tables, find_tables, strokes_table
from kiosk.typing.ways import Ways
from petition.errors import Fault, FaultCode
from petition.ports import Composition, Method, TypingEngine

_PROOF = {False: "中国", True: "中國"}
"""The first candidate of "zhongguo": the dictionary is there, and the conversion of characters works."""


def open_engine(
    *, cache: Path, traditional: bool = False, shared: Path = SHARED_DATA, page_size: int = 6
) -> TypingEngine:
    """An engine to type Chinese with, at once: pinyin and strokes when the tables are built (3 ms), else letters.

    While the tables are still to be built, that happens in the background, and the engine types letters until it is
    done; `kiosk doctor` builds them, too, so that no resident need meet that. `cache` is a folder of our own for the
    tables, `shared` where the distribution keeps its dictionaries, `page_size` the number of candidates shown at
    once of pinyin. Never raises Fault: `find_fault` says what is missing. Without the dictionary of strokes pinyin is
    the only way.
    """

    def open_ways(tables: Path) -> TypingEngine:
        pinyin = _open_rime(tables, shared=shared, traditional=traditional, page_size=page_size)
        strokes = strokes_table(tables, TRADITIONAL if traditional else SIMPLIFIED)
        return pinyin if strokes is None else Ways({Method.PINYIN: pinyin, Method.STROKES: StrokesEngine(strokes)})

    try:
        tables = find_tables(cache=cache, shared=shared)
        if tables is not None:
            return open_ways(tables)
    except Fault:
        return LettersEngine()
    return LateEngine(lambda: open_ways(build_tables(cache=cache, shared=shared)))


def find_fault(*, cache: Path, shared: Path = SHARED_DATA) -> Fault | None:
    """What keeps residents from typing Chinese, None for nothing; found by trying, for which tables may be built."""
    try:
        tables = build_tables(cache=cache, shared=shared)
        for traditional in _PROOF:
            _open_rime(tables, shared=shared, traditional=traditional, page_size=1)
    except Fault as fault:
        return fault
    return None


def has_strokes(*, cache: Path, shared: Path = SHARED_DATA) -> bool:
    """Whether residents can write by strokes, too. Raises Fault where they cannot type Chinese at all."""
    tables = build_tables(cache=cache, shared=shared)
    return all(strokes_table(tables, schema) for schema in (SIMPLIFIED, TRADITIONAL))


class LateEngine:
    """A TypingEngine from its first moment: letters until the real one is open, then that one.

    `opening` runs in a thread of its own. When it ends in a Fault the letters stay, and `fault` is that.
    """

    def __init__(self, opening: Callable[[], TypingEngine]) -> None:
        self._engine: TypingEngine = LettersEngine()
        self._future: Future[TypingEngine] = Future()
        # A daemon: a kiosk that is told to stop does not wait for a dictionary.
        threading.Thread(target=self._open, args=(opening,), name="open typing engine", daemon=True).start()

    @property
    def fault(self) -> Fault | None:
        """Why there is no real engine; None while it may still come, and when it is there."""
        failure = self._future.exception() if self._future.done() else None
        return failure if isinstance(failure, Fault) else None

    def wait(self, seconds: float) -> bool:
        """Wait until the real engine is there or is known not to come; false when time ran out before."""
        try:
            self._future.exception(timeout=seconds)
        except TimeoutError:
            return False
        return True

    @property
    def methods(self) -> tuple[Method, ...]:
        return self._current().methods

    def use(self, method: Method) -> Composition:
        return self._current().use(method)

    def press(self, key: str) -> Composition:
        return self._current().press(key)

    def choose(self, index: int) -> Composition:
        return self._current().choose(index)

    def page(self, step: int) -> Composition:
        return self._current().page(step)

    def clear(self) -> Composition:
        return self._current().clear()

    def _open(self, opening: Callable[[], TypingEngine]) -> None:
        try:
            self._future.set_result(opening())
        except BaseException as failure:  # noqa: BLE001 a Bug is raised where the keys are pressed
            self._future.set_exception(failure)

    def _current(self) -> TypingEngine:
        # Letters compose nothing, so there is never anything to carry over.
        if self._future.done() and self.fault is None:
            self._engine = self._future.result()
        return self._engine


def _open_rime(tables: Path, *, shared: Path, traditional: bool, page_size: int) -> TypingEngine:
    engine = RimeEngine(
        tables=tables, shared=shared, schema=TRADITIONAL if traditional else SIMPLIFIED, page_size=page_size
    )
    if engine.remembers():
        raise Fault(FaultCode.KEYBOARD_ENGINE_MISSING, f"librime would keep what is typed; delete {tables}")
    for letter in "zhongguo":
        shown = engine.press(letter)
    if shown.candidates[:1] != (_PROOF[traditional],):
        raise Fault(
            FaultCode.KEYBOARD_ENGINE_MISSING,
            f"damaged dictionaries; apt install --reinstall {PACKAGES} libopencc-data",
        )
    engine.clear()
    return engine
