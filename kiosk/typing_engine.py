"""The door to typing: opens the best engine this machine has, and says what is missing for a better one."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from kiosk.typing.cangjie import CANGJIE
from kiosk.typing.codes import CodesEngine
from kiosk.typing.letters import LettersEngine
from kiosk.typing.librime import PACKAGES
from kiosk.typing.rime import RimeEngine
from kiosk.typing.strokes import STROKES
from kiosk.typing.tables import (
    SHARED_DATA,
    SIMPLIFIED,
    TRADITIONAL,
    build_tables,
    codes_table,
    find_tables,
    has_zhuyin,
)
from kiosk.typing.ways import Ways
from kiosk.typing.zhuyin import ZhuyinEngine
from petition.errors import Fault, FaultCode
from petition.ports import Composition, Method, TypingEngine

_PROOF = {False: "中国", True: "中國"}
"""The first candidate of "zhongguo": the dictionary is there, and the conversion of characters works."""
_ZHUYIN_PROOF = "ㄓㄨㄥㄍㄨㄛˊ"

PACKAGES_OF = {
    Method.STROKES: "rime-data-stroke",
    Method.ZHUYIN: "rime-data-bopomofo",
    Method.CANGJIE: "rime-data-cangjie5",
}
"""What apt must install for each way of writing that pinyin does not need."""


def open_engine(
    *, cache: Path, traditional: bool = False, shared: Path = SHARED_DATA, page_size: int = 6
) -> TypingEngine:
    """An engine to type Chinese with, at once: all ways of writing when the tables are built (6 ms), else letters.

    While the tables are still to be built, that happens in the background, and the engine types letters until it is
    done; `kiosk doctor` builds them, too, so that no resident need meet that. `cache` is a folder of our own for the
    tables, `shared` where the distribution keeps its dictionaries, `page_size` the number of candidates shown at
    once of pinyin. Never raises Fault: `find_fault` says what is missing. Of a way of
    writing whose dictionary is missing nothing is offered. Traditional begins with Zhuyin, Simplified with pinyin.
    """

    def open_ways(tables: Path) -> TypingEngine:
        ways: dict[Method, TypingEngine] = {}
        if traditional and (zhuyin := _open_zhuyin(tables, shared=shared, page_size=page_size)) is not None:
            ways[Method.ZHUYIN] = zhuyin
        ways[Method.PINYIN] = _open_rime(tables, shared=shared, traditional=traditional, page_size=page_size)
        schema, written = (TRADITIONAL, (STROKES, CANGJIE)) if traditional else (SIMPLIFIED, (STROKES,))
        for writing in written:
            if (table := codes_table(tables, schema, writing)) is not None:
                ways[writing.method] = CodesEngine(writing, table)
        return Ways(ways)

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


def find_missing(*, cache: Path, shared: Path = SHARED_DATA) -> tuple[Method, ...]:
    """The ways of writing that residents are not offered here. Raises Fault where they cannot type Chinese at all."""
    tables = build_tables(cache=cache, shared=shared)
    found = {
        Method.STROKES: all(codes_table(tables, schema, STROKES) for schema in (SIMPLIFIED, TRADITIONAL)),
        Method.ZHUYIN: _open_zhuyin(tables, shared=shared, page_size=1) is not None,
        Method.CANGJIE: codes_table(tables, TRADITIONAL, CANGJIE) is not None,
    }
    return tuple(method for method, there in found.items() if not there)


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


def _open_zhuyin(tables: Path, *, shared: Path, page_size: int) -> TypingEngine | None:
    """Zhuyin, None where its dictionary is missing or damaged, or where it would keep what is typed."""
    if not has_zhuyin(tables):
        return None
    engine = ZhuyinEngine(tables=tables, shared=shared, page_size=page_size)
    for sign in _ZHUYIN_PROOF:
        shown = engine.press(sign)
    if engine.remembers() or shown.candidates[:1] != (_PROOF[True],):
        return None
    engine.clear()
    return engine
