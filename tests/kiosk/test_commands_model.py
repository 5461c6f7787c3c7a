"""Installing a model: fetched, checked, unpacked aside, tried in a child, and only then there; one plain line otherwise."""

import hashlib
import io
import json
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk import model_archive
from kiosk.model_archive import unpack
from petition.errors import Fault, FaultCode
from tests.kiosk.commands_support import Answer, CommandLine
from tests.kiosk.loopback import Quiet, serving
from voice.models import DEMONSTRATION, find_model, installed_models, looks_like_model

NAME = "model-of-tests"
SHAM = {"am/final.mdl": b"no model at all", "conf/mfcc.conf": b"", "graph/HCLr.fst": b"", "graph/Gr.fst": b""}
"""Looks like a model, and ends every process that loads it."""


def zipped(files: dict[str, bytes], *, under: str = NAME) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in files.items():
            writer.writestr(f"{under}/{name}" if under else name, content)
    return archive.getvalue()


def demonstration(under: str = NAME) -> bytes:
    files = {
        str(path.relative_to(DEMONSTRATION)): path.read_bytes() for path in DEMONSTRATION.rglob("*") if path.is_file()
    }
    return zipped(files, under=under)


@dataclass(slots=True)
class Shelf:
    """A server on loopback with one file, which it can hold back half of."""

    content: bytes = b""
    status: int = 200
    etag: str = '"one"'
    breaks_off: bool = False
    asked: list[str] = field(default_factory=list)
    """The ranges that were asked for."""
    url: str = ""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()

    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - http.server's name
            said = self.headers.get("Range", "")
            shelf.asked.append(said)
            begin = 0
            if (wanted := re.fullmatch(r"bytes=(\d+)-", said)) and self.headers.get("If-Range") == shelf.etag:
                begin = int(wanted[1])
            rest = shelf.content[begin:]
            self.send_response(206 if begin and shelf.status == 200 else shelf.status)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(shelf.content) - 1}/{len(shelf.content)}")
            self.send_header("ETag", shelf.etag)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest[: len(rest) // 2] if shelf.breaks_off else rest)

    with serving(Handler) as address:
        shelf.url = f"{address}/{NAME}.zip"
        yield shelf


@pytest.fixture
def install(kiosk: CommandLine, tmp_path: Path) -> Callable[..., Answer]:
    """Install an archive of these bytes from a file."""

    def install(content: bytes, *arguments: str) -> Answer:
        archive = tmp_path / "given.zip"
        archive.write_bytes(content)
        return kiosk("model", "install", archive, *arguments)

    return install


def models(kiosk: CommandLine) -> Path:
    return kiosk.state / "models"


def left(kiosk: CommandLine) -> list[str]:
    """What lies in the folder of models, its lock apart."""
    return sorted(path.name for path in models(kiosk).iterdir() if path.name != "lock")


def one_line(done: Answer) -> str:
    assert done.error.count("\n") == 1
    assert "Traceback" not in done.error
    return done.error


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- what is installed ------------------------------------------------------------------------------------------------


def test_a_model_from_a_file_is_installed_and_listened_with(kiosk: CommandLine, install: Callable[..., Answer]) -> None:
    content = demonstration()
    done = install(content, "--sha256", sha256(content).upper())
    assert (done.code, done.error) == (0, "")
    assert left(kiosk) == [NAME]
    assert find_model("", models(kiosk)) == models(kiosk) / NAME
    listed = kiosk("model", "list", "--json").json
    assert [(model["name"], model["in_use"], model["demonstration"]) for model in listed] == [
        (NAME, True, False),
        ("demo", False, True),
    ]
    assert f"* {NAME}" in kiosk("model", "list").out


def test_an_archive_without_a_folder_gives_its_own_name(kiosk: CommandLine, install: Callable[..., Answer]) -> None:
    assert install(demonstration(under="")).code == 0
    assert left(kiosk) == ["given"]


def test_installing_again_takes_the_place_of_the_earlier_one(
    kiosk: CommandLine, install: Callable[..., Answer]
) -> None:
    assert install(demonstration()).code == 0
    (models(kiosk) / NAME / "old").touch()
    assert install(demonstration()).code == 0
    assert left(kiosk) == [NAME]
    assert not (models(kiosk) / NAME / "old").exists()


def test_a_model_from_an_address_is_installed_and_nothing_of_the_way_is_left(kiosk: CommandLine, shelf: Shelf) -> None:
    shelf.content = demonstration()
    done = kiosk("model", "install", shelf.url, "--sha256", sha256(shelf.content))
    assert (done.code, done.error) == (0, "")
    assert left(kiosk) == [NAME]


def test_without_a_sum_an_address_is_warned_of_and_the_sum_is_told(kiosk: CommandLine, shelf: Shelf) -> None:
    shelf.content = demonstration()
    done = kiosk("model", "install", shelf.url)
    assert done.code == 0
    assert "without --sha256" in one_line(done)
    assert sha256(shelf.content) in done.out


def test_a_download_that_broke_off_goes_on_where_it_stopped(kiosk: CommandLine, shelf: Shelf) -> None:
    shelf.content, shelf.breaks_off = demonstration(), True
    done = kiosk("model", "install", shelf.url, "--sha256", sha256(shelf.content))
    assert (done.code, FaultCode.DOWNLOAD_FAILED.value in one_line(done)) == (3, True)
    assert not installed_models(models(kiosk))
    shelf.breaks_off = False
    assert kiosk("model", "install", shelf.url, "--sha256", sha256(shelf.content)).code == 0
    assert shelf.asked[0] == ""
    assert re.fullmatch(r"bytes=[1-9]\d*-", shelf.asked[1])
    assert left(kiosk) == [NAME]


def test_a_download_of_another_file_begins_anew(kiosk: CommandLine, shelf: Shelf) -> None:
    shelf.content, shelf.breaks_off = bytes(100_000), True
    assert kiosk("model", "install", shelf.url).code == 3
    shelf.content, shelf.breaks_off, shelf.etag = demonstration(), False, '"another"'
    assert kiosk("model", "install", shelf.url, "--sha256", sha256(shelf.content)).code == 0


# --- what is not ------------------------------------------------------------------------------------------------------


def test_a_wrong_sum_is_told_with_the_right_one_and_nothing_is_kept(kiosk: CommandLine, shelf: Shelf) -> None:
    shelf.content = zipped(SHAM)
    done = kiosk("model", "install", shelf.url, "--sha256", "0" * 64)
    assert done.code == 2
    assert sha256(shelf.content) in one_line(done)
    assert left(kiosk) == []


def test_a_sum_that_is_none_is_told_before_anything_is_fetched(kiosk: CommandLine, shelf: Shelf) -> None:
    done = kiosk("model", "install", shelf.url, "--sha256", "abc")
    assert (done.code, "64" in one_line(done), shelf.asked) == (2, True, [])


def test_a_model_that_does_not_load_is_undone(kiosk: CommandLine, install: Callable[..., Answer]) -> None:
    done = install(zipped(SHAM))
    assert done.code == 2
    assert "does not load" in one_line(done)
    assert left(kiosk) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no whole zip"),
        (b"PK\x03\x04 and no more", "no whole zip"),
        (zipped({"readme.txt": b"hello"}), "no Vosk model"),
        (zipped({"am/final.mdl": b""}), "conf/mfcc.conf"),
        (zipped({name: b"" for name in SHAM if "Gr" not in name}), "graph"),
        (zipped(SHAM | {"../../outside": b""}), "leads out"),
        (zipped(SHAM, under="..") + b"", "leads out"),
        (zipped({"/etc/am/final.mdl": b""}, under=""), "leads out"),
        (zipped({"C:\\am/final.mdl": b""}, under=""), "leads out"),
        (zipped(SHAM, under="名字"), "name"),
        (zipped({f"{name}/{file}": b"" for name in "ab" for file in SHAM}), "more than one"),
    ],
    ids=range(11),  # the archives hold the time: as names they would differ from process to process
)
def test_what_is_no_model_is_told_in_one_line_and_leaves_nothing(
    kiosk: CommandLine, install: Callable[..., Answer], content: bytes, said: str, tmp_path: Path
) -> None:
    done = install(content)
    assert done.code == 2
    assert said in one_line(done)
    assert left(kiosk) == []
    assert not (tmp_path / "outside").exists()


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(f"{NAME}/{name}")
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_device_in_an_archive_is_refused(
    kiosk: CommandLine, install: Callable[..., Answer], kind: int
) -> None:
    archive = io.BytesIO(zipped(SHAM))
    with zipfile.ZipFile(archive, "a") as writer:
        writer.writestr(entry("am/link", kind | 0o777), "/etc/passwd")
    done = install(archive.getvalue())
    assert (done.code, "link or device" in one_line(done), left(kiosk)) == (2, True, [])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_there_twice_is_refused(install: Callable[..., Answer]) -> None:
    archive = io.BytesIO(zipped(SHAM))
    with zipfile.ZipFile(archive, "a") as writer:
        writer.writestr(f"{NAME}/am/final.mdl", b"another")
    assert "twice" in one_line(install(archive.getvalue()))


def test_an_archive_that_unpacks_without_end_is_refused(
    install: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_archive, "MOST_BYTES", 10_000)
    assert "too large" in one_line(install(zipped(SHAM | {"big": bytes(10_001)})))
    monkeypatch.setattr(model_archive, "MOST_FILES", 3)
    assert "too many files" in one_line(install(zipped(SHAM)))


def test_a_damaged_archive_leaves_nothing(kiosk: CommandLine, install: Callable[..., Answer]) -> None:
    content = bytearray(zipped(SHAM | {"am/noise": bytes(range(256)) * 100}))
    middle = content.index(b"am/noise") + 30
    content[middle : middle + 20] = bytes(20)
    done = install(bytes(content))
    assert (done.code, "no whole zip" in one_line(done), left(kiosk)) == (2, True, [])


def test_a_disk_without_room_is_told_before_anything_is_written(
    kiosk: CommandLine, install: Callable[..., Answer], shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_archive, "SPARE_BYTES", 2**60)
    done = install(zipped(SHAM))
    assert (done.code, FaultCode.DISK_FULL.value in one_line(done), left(kiosk)) == (3, True, [])
    shelf.content = zipped(SHAM)
    done = kiosk("model", "install", shelf.url, "--sha256", sha256(shelf.content))
    assert (done.code, FaultCode.DISK_FULL.value in one_line(done)) == (3, True)


def test_a_server_that_has_no_such_file_is_told(kiosk: CommandLine, shelf: Shelf) -> None:
    shelf.status = 404
    done = kiosk("model", "install", shelf.url, "--sha256", "0" * 64)
    assert (done.code, "404" in one_line(done), left(kiosk)) == (3, True, [])


def test_a_server_that_is_not_there_is_told(kiosk: CommandLine, shelf: Shelf) -> None:
    done = kiosk("model", "install", "http://127.0.0.1:9/model.zip", "--sha256", "0" * 64)
    assert (done.code, "can't be reached" in one_line(done)) == (3, True)
    assert "127.0.0.1" not in done.error


@pytest.mark.parametrize("source", ["ftp://example.org/x.zip", "https://", "https://you:secret@example.org/x.zip"])
def test_what_is_no_address_is_told(kiosk: CommandLine, source: str) -> None:
    done = kiosk("model", "install", source, "--sha256", "0" * 64)
    assert (done.code, "https://" in one_line(done), "secret" in done.error) == (2, True, False)


def test_a_file_that_is_not_there_is_told(kiosk: CommandLine, tmp_path: Path) -> None:
    done = kiosk("model", "install", tmp_path / "nothing.zip")
    assert (done.code, "no such file" in one_line(done)) == (2, True)


@given(content=st.binary(max_size=400), at=st.integers(0, 300))
@example(content=b"\x00\x00\x00", at=299)  # a file in it without a name
def test_no_archive_at_all_gets_more_than_a_plain_answer(
    content: bytes, at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = zipped(SHAM)
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "any.zip").write_bytes(whole[:at] + content + whole[at + len(content) :])
    with suppress(Fault):  # anything but a Fault fails the test
        assert looks_like_model(unpack(folder / "any.zip", folder / "models", name="any"))
        return
    assert not list((folder / "models").glob(".*"))


# --- which one is taken ---------------------------------------------------------------------------------------------


def sham(place: Path) -> Path:
    for name, content in SHAM.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def test_the_one_installed_last_is_taken_unless_another_is_named(tmp_path: Path) -> None:
    first, second = sham(tmp_path / "first"), sham(tmp_path / "second")
    os.utime(first, (2, 2))
    os.utime(second, (1, 1))
    assert find_model("", tmp_path) == first
    assert find_model("second", tmp_path) == second
    assert find_model(str(second), tmp_path / "nowhere") == second
    assert find_model("third", tmp_path) is None
    (second / "conf" / "mfcc.conf").unlink()
    assert find_model("second", tmp_path) is None
    assert installed_models(tmp_path) == (first,)


def test_without_any_the_demonstration_voice_is_taken(tmp_path: Path) -> None:
    assert find_model("", tmp_path / "nowhere") == find_model("demo", tmp_path) == DEMONSTRATION


def test_a_name_in_the_configuration_that_nobody_installed_is_told_in_the_list(kiosk: CommandLine) -> None:
    with kiosk.config.open("a", encoding="utf-8") as config:
        config.write('[voice]\nmodel = "another"\n')
    assert "voice.model" in kiosk("model", "list").out
    assert not any(model["in_use"] for model in json.loads(kiosk("model", "list", "--json").out))
