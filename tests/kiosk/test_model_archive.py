"""Installing that is stopped half way leaves the kiosk its model; archives that can't be unpacked are to blame themselves."""

import io
import os
import shutil
import threading
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from kiosk.model_archive import DOWNLOAD_KEPT_SECONDS, discard, keep, restore, unpack
from offline_queue.files import locked
from petition.errors import FaultCode
from tests.kiosk.commands_support import Answer, CommandLine
from voice.models import DEMONSTRATION, installed_models

NAME = "model-of-tests"


@cache
def good() -> bytes:
    """Return an archive of the demonstration voice."""
    files = {f"{NAME}/{path.relative_to(DEMONSTRATION)}": path for path in DEMONSTRATION.rglob("*") if path.is_file()}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, path in files.items():
            writer.write(path, name)
    return archive.getvalue()


def packed(extra: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the demonstration voice, and more that is packed in this way."""
    archive = io.BytesIO(good())
    with zipfile.ZipFile(archive, "a", how) as writer:
        for name, content in extra.items():
            writer.writestr(f"{NAME}/{name}", content)
    return archive.getvalue()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A good archive."""
    archive = tmp_path / "given.zip"
    archive.write_bytes(good())
    return archive


def left(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir() if path.name != "lock")


# --- archives ---------------------------------------------------------------------------------------------------------


def misspelt() -> bytes:
    """An archive with a name that says it is UTF-8 and isn't."""
    return packed({"é": b""}).replace("é".encode(), b"\xdd\xdd")


def told_otherwise() -> bytes:
    """An archive whose list of names is right, and what stands before the file isn't."""
    content = packed({"é": b""})
    return content.replace("é".encode(), b"\xdd\xdd", 1)


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        (misspelt, "no whole zip"),
        (told_otherwise, "no whole zip"),
        (partial(packed, {"am": b""}), "clash"),
        (partial(packed, {"am/final.mdl/more": b""}), "clash"),
        (partial(packed, {"a" * 300: b""}), "too long"),
        (partial(packed, {"a/" * 1500 + "a": b""}), "too deep"),
        (partial(packed, {"more": b"more"}, how=zipfile.ZIP_LZMA), "unusual"),
        (partial(packed, {"more": b"more"}, how=zipfile.ZIP_BZIP2), "unusual"),
    ],
    ids=[
        "name",
        "local name",
        "file then folder",
        "folder then file",
        "long",
        "deep",
        "lzma",
        "bzip2",
    ],
)
def test_an_archive_that_can_not_be_unpacked_is_itself_to_blame(
    kiosk: CommandLine, tmp_path: Path, archive: Callable[[], bytes], said: str
) -> None:
    (tmp_path / "given.zip").write_bytes(archive())
    done = kiosk("model", "install", tmp_path / "given.zip")
    assert done.code == 2
    assert done.error.count("\n") == 1
    assert "this archive can't be used" in done.error
    assert said in done.error
    assert left(kiosk.state / "models") == []


# --- stopped half way -------------------------------------------------------------------------------------------------


class Stopped(type(Path())):  # type: ignore[misc]  # Path itself can't be derived from before Python 3.12
    """A path at which Ctrl-C is pressed: before or after the new model gets its name, or when the earlier one did."""

    when = ""

    def rename(self, target: Path) -> Path:
        begins = {"before": ".part", "after": ".part", "aside": NAME}.get(self.when, "nothing")
        stops = self.name.endswith(begins)
        if stops and self.when == "before":
            raise KeyboardInterrupt
        renamed: Path = super().rename(target)
        if stops:
            raise KeyboardInterrupt
        return renamed


@pytest.mark.parametrize("when", ["before", "after", "aside"])
def test_ctrl_c_while_a_model_takes_the_place_of_another_leaves_one_of_them(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    models = tmp_path / "models"
    place = keep(unpack(model, models, name=NAME))
    (place / "earlier").touch()
    monkeypatch.setattr(Stopped, "when", when)
    with pytest.raises(KeyboardInterrupt):
        keep(Stopped(unpack(model, models, name=NAME)))
    assert installed_models(models) == (place,)
    assert (place / "earlier").exists() == (when != "after")


@pytest.fixture
def cut_off(kiosk: CommandLine, model: Path) -> Path:
    """The folder of models after a power cut between the two renames."""
    models = kiosk.state / "models"
    keep(unpack(model, models, name=NAME)).rename(models / f".{NAME}.old")
    (models / f".{NAME}.old" / "earlier").touch()
    unpack(model, models, name=NAME)
    return models


def test_a_model_set_aside_by_a_power_cut_is_back_when_models_are_listed(kiosk: CommandLine, cut_off: Path) -> None:
    assert NAME in kiosk("model", "list").out
    assert (cut_off / NAME / "earlier").exists()


def test_a_model_set_aside_by_a_power_cut_outlives_an_installation_that_fails(
    kiosk: CommandLine, cut_off: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    assert kiosk("model", "install", tmp_path / "bad.zip").code == 2
    assert left(cut_off) == [NAME]


def test_nothing_is_put_back_under_the_hands_of_who_installs(cut_off: Path) -> None:
    with locked(cut_off):
        restore(cut_off)
        assert not installed_models(cut_off)
    restore(cut_off)
    assert installed_models(cut_off) == (cut_off / NAME,)


def test_looking_at_models_makes_no_folder_for_them(kiosk: CommandLine) -> None:
    assert kiosk("model", "list").code == 0
    assert not (kiosk.state / "models").exists()


def test_a_link_in_place_of_a_model_is_replaced_and_what_it_leads_to_stays(
    kiosk: CommandLine, model: Path, tmp_path: Path
) -> None:
    models = kiosk.state / "models"
    models.mkdir(parents=True)
    shutil.copytree(DEMONSTRATION, tmp_path / "elsewhere")
    for target in ("elsewhere", "nowhere"):
        discard(models / NAME)
        (models / NAME).symlink_to(tmp_path / target)
        assert kiosk("model", "install", model).code == 0
        assert not (models / NAME).is_symlink()
        assert left(models) == [NAME]
    assert (tmp_path / "elsewhere" / "am" / "final.mdl").is_file()


def test_ctrl_c_while_a_model_is_tried_leaves_nothing(
    kiosk: CommandLine, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(path: Path) -> None:
        assert path.is_dir()
        raise KeyboardInterrupt

    monkeypatch.setattr("voice.models.try_model", stopped)
    assert kiosk("model", "install", model).code == 130
    assert left(kiosk.state / "models") == []


def test_what_killed_installations_left_is_swept_by_the_next(kiosk: CommandLine, model: Path) -> None:
    models = kiosk.state / "models"
    models.mkdir(parents=True)
    (models / ".another.part" / "am").mkdir(parents=True)
    earlier = models / ".given.old"
    earlier.mkdir()
    (models / "given").mkdir()
    fresh, stale, untagged, whole = (f".{digit * 16}.zip" for digit in "abcd")
    for name in (f"{fresh}.part", f"{fresh}.etag", f"{stale}.part", f"{stale}.etag", f"{untagged}.part", whole):
        (models / name).write_bytes(b"x")
    (models / f"{untagged}.etag").touch()
    long_ago = (models / f"{stale}.part").stat().st_mtime - DOWNLOAD_KEPT_SECONDS - 60
    os.utime(models / f"{stale}.part", (long_ago, long_ago))
    assert kiosk("model", "install", model).code == 0
    assert left(models) == [f"{fresh}.etag", f"{fresh}.part", "given", NAME]


def test_who_installs_while_another_does_is_told_and_waits(
    kiosk: CommandLine, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = kiosk.state / "models"
    models.mkdir(parents=True)
    holds, told = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(models):
            holds.set()
            told.wait(30)

    another = threading.Thread(target=hold)
    another.start()
    assert holds.wait(30)
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        told.set()

    monkeypatch.setattr("kiosk.commands.model.tell", tell)
    done: Answer = kiosk("model", "install", model)
    another.join()
    assert (done.code, left(models)) == (0, [NAME])
    assert ["another model is being installed" in line for line in lines] == [True]


def test_an_archive_that_can_not_be_read_is_told_as_such(
    kiosk: CommandLine, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise OSError(5, "a bad stick")

    monkeypatch.setattr(zipfile.ZipExtFile, "read", broken)
    done = kiosk("model", "install", model)
    assert (done.code, "it can't be read (EIO)" in done.error) == (2, True)
    assert FaultCode.BAD_INPUT.value in done.error
    assert left(kiosk.state / "models") == []


def test_the_home_of_nobody_is_told_in_one_line(kiosk: CommandLine) -> None:
    done = kiosk("model", "install", "~nobody-of-this-name/model.zip")
    assert (done.code, done.error.count("\n"), "home" in done.error) == (2, 1, True)
