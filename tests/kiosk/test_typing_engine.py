"""Opening an engine: at once, whatever is installed, and never one that remembers."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kiosk.folders import cache_directory
from kiosk.typing.letters import LettersEngine
from kiosk.typing.librime import PACKAGES, Folders, librime
from kiosk.typing.rime import RimeEngine
from kiosk.typing.tables import SCHEMAS, SHARED_DATA, build_tables, find_tables
from kiosk.typing_engine import LateEngine, find_fault, open_engine
from petition.errors import Bug, Fault, FaultCode
from petition.ports import Composition, Method, TypingEngine
from tests.kiosk.typing_support import LIGHT, tables_of_this_run, type_character


@pytest.fixture(scope="module")
def cache() -> Path:
    tables_of_this_run()
    return cache_directory()


def typed(engine: TypingEngine, keys: str) -> Composition:
    return [engine.press(key) for key in keys][-1]


def test_built_tables_open_at_once_in_either_script(cache: Path) -> None:
    assert not isinstance(open_engine(cache=cache), LateEngine | LettersEngine)
    assert typed(open_engine(cache=cache), "dianti").candidates[0] == "电梯"
    traditional = open_engine(cache=cache, traditional=True, page_size=3)
    assert typed(traditional, "ㄉㄧㄢˋㄊㄧ").candidates[0] == "電梯"
    traditional.clear()
    traditional.use(Method.PINYIN)
    assert typed(traditional, "dianti").candidates[0] == "電梯"
    assert len(typed(open_engine(cache=cache, page_size=3), "shi").candidates) == 3


def test_an_opened_engine_begins_with_nothing(cache: Path) -> None:
    assert open_engine(cache=cache).page(0) == Composition()


def test_without_dictionaries_letters_are_typed_and_the_fault_says_what_to_install(tmp_path: Path) -> None:
    engine = open_engine(cache=tmp_path, shared=tmp_path)
    assert isinstance(engine, LettersEngine)
    fault = find_fault(cache=tmp_path, shared=tmp_path)
    assert fault is not None
    assert fault.code is FaultCode.KEYBOARD_ENGINE_MISSING
    assert f"apt install {PACKAGES}" in fault.remedy


def test_without_librime_letters_are_typed_and_the_fault_says_what_to_install(tmp_path: Path) -> None:
    # In a process of its own: this one has found its librime already.
    code = """
import sys
from pathlib import Path
from kiosk.typing import librime
librime.LIBRARY = "librime-that-nobody-installed.so.1"
from kiosk.typing_engine import find_fault, open_engine
print(find_fault(cache=Path(sys.argv[1])).remedy)
print(open_engine(cache=Path(sys.argv[1])).press("n").committed)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"install it: apt install {PACKAGES}", "n"]


def test_with_everything_installed_there_is_no_fault(cache: Path) -> None:
    build_tables(cache=cache)
    assert find_fault(cache=cache) is None


def test_letters_are_typed_until_the_engine_is_open(cache: Path) -> None:
    may_open = threading.Event()

    def opening() -> TypingEngine:
        may_open.wait()
        return open_engine(cache=cache)

    engine = LateEngine(opening)
    assert engine.press("n") == Composition(committed="n")
    assert not engine.wait(0)
    assert engine.fault is None
    may_open.set()
    assert engine.wait(60)
    assert typed(engine, "nihao").candidates[0] == "你好"
    assert engine.choose(0).committed == "你好"


def test_letters_stay_when_the_engine_cannot_be_opened() -> None:
    def opening() -> TypingEngine:
        raise Fault(FaultCode.KEYBOARD_ENGINE_MISSING, "install it")

    engine = LateEngine(opening)
    assert engine.wait(60)
    assert engine.press("n") == Composition(committed="n")
    assert engine.fault is not None
    assert engine.fault.remedy == "install it"


def test_a_bug_while_opening_is_raised_where_keys_are_pressed() -> None:
    def opening() -> TypingEngine:
        raise Bug("of-ours")

    engine = LateEngine(opening)
    assert engine.wait(60)
    assert engine.fault is None
    with pytest.raises(Bug):
        engine.press("n")


def test_the_tables_are_built_once_and_those_of_other_versions_dropped(tmp_path: Path) -> None:
    other = tmp_path / "typing-0123456789abcdef"
    left_over = tmp_path / "typing-part-of-a-kiosk-that-was-switched-off"
    for folder in (other, left_over):
        folder.mkdir()
    os.utime(left_over, (0, 0))
    assert find_tables(cache=tmp_path, schemas=LIGHT) is None
    tables = build_tables(cache=tmp_path, schemas=LIGHT)
    assert find_tables(cache=tmp_path, schemas=LIGHT) == tables
    assert list(tmp_path.iterdir()) == [tables]
    before = {file: file.stat().st_mtime_ns for file in tables.iterdir()}
    assert build_tables(cache=tmp_path, schemas=LIGHT) == tables
    assert {file: file.stat().st_mtime_ns for file in tables.iterdir()} == before


def test_two_that_build_at_once_end_with_the_same_tables(tmp_path: Path) -> None:
    built: list[Path] = []
    threads = [
        threading.Thread(target=lambda: built.append(build_tables(cache=tmp_path, schemas=LIGHT))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built[0] == built[1]
    assert list(tmp_path.iterdir()) == built[:1]


def test_changed_dictionaries_ask_for_new_tables(cache: Path, tmp_path: Path) -> None:
    for name in ("essay.txt", "luna_pinyin.dict.yaml", "pinyin.yaml"):
        (tmp_path / name).symlink_to(SHARED_DATA / name)
    assert find_tables(cache=cache) is not None
    assert find_tables(cache=cache, shared=tmp_path) is None


def test_a_schema_librime_cannot_build_is_a_fault_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Fault) as raised:
        build_tables(cache=tmp_path, schemas={"broken": "schema: [\n"})
    assert raised.value.code is FaultCode.KEYBOARD_ENGINE_MISSING
    assert list(tmp_path.iterdir()) == []


def test_dictionaries_that_are_damaged_are_found_by_trying_them(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    for name in ("essay.txt", "pinyin.yaml"):
        (shared / name).symlink_to(SHARED_DATA / name)
    (shared / "luna_pinyin.dict.yaml").write_text("---\nname: [\n", encoding="utf-8")
    # In a process of its own: this one has its librime already, with the good ones.
    code = """
import sys
from pathlib import Path
from kiosk.typing_engine import find_fault, open_engine
folder = Path(sys.argv[1])
print(find_fault(cache=folder / "cache", shared=folder / "shared").remedy)
print(type(open_engine(cache=folder / "cache", shared=folder / "shared")).__name__)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"damaged dictionaries; apt install --reinstall {PACKAGES} libopencc-data",
        "LettersEngine",
    ]
    assert done.stderr == ""


def test_a_cache_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    cache = tmp_path / "file"
    cache.touch()
    fault = find_fault(cache=cache)
    assert fault is not None
    assert fault.code is FaultCode.STATE_DIRECTORY_UNUSABLE


def test_librime_is_set_up_once_a_process(cache: Path, tmp_path: Path) -> None:
    assert typed(open_engine(cache=cache), "ni").preedit == "ni"
    with pytest.raises(Fault):
        RimeEngine(tables=tmp_path)
    with pytest.raises(Bug):
        librime().start(Folders(shared=SHARED_DATA, tables=tmp_path, scratch=tmp_path))


def test_an_unknown_schema_is_a_fault(cache: Path) -> None:
    tables = find_tables(cache=cache)
    assert tables is not None
    with pytest.raises(Fault):
        RimeEngine(tables=tables, schema="no_such_schema")
    assert librime().remembers("no_such_schema")


def test_a_thousand_visits_open_no_files_and_threads(cache: Path) -> None:
    # In a process of its own: in this one, what earlier tests left behind may be closed in the meantime.
    code = """
import os, sys, threading
from pathlib import Path
from kiosk.typing_engine import open_engine

def opened():
    return len(os.listdir("/proc/self/fd")), threading.active_count()

engine = open_engine(cache=Path(sys.argv[1]))
engine.clear()
print(type(engine).__name__, *opened())
for _ in range(1000):
    engine.press("n")
    engine.clear()
print(type(engine).__name__, *opened())
"""
    done = subprocess.run([sys.executable, "-c", code, str(cache)], capture_output=True, text=True, check=True)
    before, after = done.stdout.splitlines()
    assert before.startswith("Ways ")
    assert after == before


def test_every_schema_of_ours_switches_the_user_dictionary_off() -> None:
    assert all("enable_user_dict: false" in text for text in SCHEMAS.values())


def test_a_physical_keyboard_types_and_chooses(cache: Path) -> None:
    engine = open_engine(cache=cache)
    shown, text = Composition(), ""
    for character in "dianti2hao-5lou=-,dengbuliang ,\b":
        shown = type_character(engine, shown, character)
        text += shown.committed
    assert shown == Composition()
    assert text.endswith("，灯不亮，")
