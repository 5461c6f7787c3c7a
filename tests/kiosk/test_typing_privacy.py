"""Nothing typed is found anywhere afterwards; and each search is shown to find it when it is there."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.folders import cache_directory
from kiosk.typing import bopomofo
from tests.kiosk.typing_support import tables_of_this_run, typist

KEYS = "zuotianyoulaorenzaiqiaoshangdiaolegaomaozi"
PIECES = ("在桥上掉了高帽子", "在橋上掉了高帽子", "qiaoshangdiaolegao", "qiao shang diao le gao")
"""Long enough to be in no dictionary; in both scripts, for librime's own is Traditional."""
SIGNS = "ㄗㄨㄛˊㄊㄧㄢㄧㄡˇㄌㄠˇㄖㄣˊㄗㄞˋㄑㄧㄠˊㄕㄤˋㄉㄧㄠˋㄌㄜ˙ㄍㄠㄇㄠˋㄗ˙"
ZHUYIN = "".join(bopomofo.LETTERS[bopomofo.SIGNS.index(sign)] for sign in SIGNS)
ZHUYIN_PIECES = (
    "橋上掉了高帽子",
    "ㄑㄧㄠˊㄕㄤˋㄉㄧㄠˋㄌㄜ˙",
    "ㄑㄧㄠˊ ㄕㄤˋ ㄉㄧㄠˋ ㄌㄜ˙",
    "qiO2SK4diO4le5",
    "qiO2 SK4 diO4 le5",
    "qiao2 shang4 diao4 le5",
)
"""The signs, what librime is given for them, and what its dictionary has for that."""
WAYS = {"pinyin": KEYS, "zhuyin": ZHUYIN}
STROKES = "nppnznppnhszhnp"
SHAPES = "yrqm"
"""No character is written so, but some begin so: the tables hold these only with more keys behind them."""
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "utf-32-le")
STROKES_MARKER = STROKES.encode() + b"\0"
SHAPES_MARKER = bytes(4) + SHAPES.encode() + b"\0"
"""A string that is still held: of a block that was freed glibc overwrites all but the last eight bytes, and so few
letters lie in just these, behind overwritten ones, until the block is used again."""
MARKERS = frozenset(piece.encode(encoding) for piece in (*PIECES, *ZHUYIN_PIECES) for encoding in ENCODINGS)

# Freed memory is overwritten at once, and Python's own small objects are freed like everybody's.
SCRUBBING = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0",
}


def files_under(folder: Path, *, since: float = 0.0) -> Iterator[Path]:
    """Regular files, those changed since a time; what other tests keep (pytest-of-…) is theirs."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith("pytest-of-")]
        for name in names:
            file = Path(place, name)
            try:
                if file.is_file() and not file.is_symlink() and file.stat().st_mtime >= since:
                    yield file
            except OSError:
                continue


def marked(files: Iterator[Path]) -> list[Path]:
    found = []
    for file in files:
        try:
            content = file.read_bytes()
        except OSError:
            continue
        if any(marker in content for marker in MARKERS):
            found.append(file)
    return found


@pytest.mark.parametrize(
    ("remember", "way"),
    [
        pytest.param(False, "pinyin", id="dictionary off-pinyin"),
        pytest.param(True, "pinyin", id="dictionary on-pinyin"),
        pytest.param(False, "zhuyin", id="dictionary off-zhuyin"),
        # That the search finds what is written down is shown by the way that most people write.
        pytest.param(True, "zhuyin", id="dictionary on-zhuyin", marks=pytest.mark.slow),
    ],
)
def test_what_was_typed_and_committed_is_in_no_file_unless_the_user_dictionary_is_on(
    remember: bool, way: str, tmp_path: Path
) -> None:
    cache = tmp_path / "cache" if remember else cache_directory()
    home, memory, temporary = (tmp_path / name for name in ("home", "memory", "temporary"))
    for folder in (home, memory, temporary):
        folder.mkdir(mode=0o700)
    environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(memory), "TMPDIR": str(temporary)}
    start = time.time() - 0.1  # file systems keep coarse time
    options = (way, "choose", "clear", *(("remember",) if remember else ()))
    with typist(cache=cache, keys=WAYS[way], options=options, environment=environment):
        assert len(list(memory.iterdir())) == 1
        while_typing = [*marked(files_under(tmp_path)), *marked(files_under(cache))]
        elsewhere = [
            file
            for folder in ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 they are searched, not used
            for file in marked(files_under(Path(folder), since=start))
        ]
    assert bool(while_typing) == remember
    assert elsewhere == []
    assert list(memory.iterdir()) == []
    assert marked(files_under(tmp_path)) == []


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
@pytest.mark.parametrize(
    ("options", "is_there"), [((), True), (("clear",), False), (("choose", "clear"), False)], ids=str
)
@pytest.mark.parametrize("way", WAYS)
def test_a_cleared_engine_has_nothing_typed_in_memory(way: str, options: tuple[str, ...], is_there: bool) -> None:
    cache = cache_directory()
    with typist(cache=cache, keys=WAYS[way], options=(way, *options), environment=SCRUBBING) as process:
        found = {marker for marker in MARKERS for piece in writable_memory(process) if marker in piece}
    assert bool(found) == is_there


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
@pytest.mark.parametrize(
    ("options", "is_there"),
    [((), True), (("clear",), False), (("choose",), False), (("choose", "clear"), False)],
    ids=str,
)
@pytest.mark.parametrize(
    ("way", "keys", "marker"), [("strokes", STROKES, STROKES_MARKER), ("cangjie", SHAPES, SHAPES_MARKER)]
)
def test_strokes_and_shapes_are_not_in_memory_once_they_are_text_or_cleared(
    way: str, keys: str, marker: bytes, options: tuple[str, ...], is_there: bool
) -> None:
    with typist(cache=cache_directory(), keys=keys, options=(way, *options), environment=SCRUBBING) as process:
        assert any(marker in piece for piece in writable_memory(process)) == is_there


@pytest.mark.parametrize(("way", "keys"), [("strokes", STROKES), ("cangjie", SHAPES)])
def test_who_writes_by_strokes_or_shapes_leaves_no_file_at_all(way: str, keys: str, tmp_path: Path) -> None:
    cache = cache_directory()
    tables_of_this_run()
    before = {file: file.stat().st_mtime_ns for file in files_under(cache)}
    environment = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "TMPDIR"), str(tmp_path))
    with typist(cache=cache, keys=keys, options=(way, "choose", "clear"), environment=environment):
        assert list(files_under(tmp_path)) == []
    assert {file: file.stat().st_mtime_ns for file in files_under(cache)} == before


def writable_memory(process: subprocess.Popen[str]) -> Iterator[bytes]:
    proc = Path("/proc", str(process.pid))
    with (proc / "mem").open("rb", buffering=0) as memory:
        for line in (proc / "maps").read_text().splitlines():
            row = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if row and "[v" not in line:
                start, end = (int(number, 16) for number in row.groups())
                memory.seek(start)
                yield memory.read(end - start)


def test_the_folder_librime_calls_home_is_in_memory_and_ours_alone(tmp_path: Path) -> None:
    left_behind = tmp_path / "kiosk-typing-999999999-x"
    left_behind.mkdir()
    cache = cache_directory()
    with typist(cache=cache, keys="nihao", environment={"XDG_RUNTIME_DIR": str(tmp_path)}):
        (scratch,) = tmp_path.iterdir()
        assert scratch.name != left_behind.name
        assert scratch.stat().st_mode & 0o777 == 0o700
        # librime 1.13 notes when it last opened which schema; 1.8 notes nothing.
        assert {file.name for file in files_under(scratch)} <= {"user.yaml"}
    assert list(tmp_path.iterdir()) == []
