"""`python -m gateway people`: numbers, badges and PINs are told once, kept as hashes, and told to kiosks signed."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import zxingcpp
from argon2 import PasswordHasher

from gateway import audit, people
from gateway.__main__ import main
from gateway.badges import MODULE_PIXELS
from gateway.catalogue import catalogue_version, publish_catalogue
from gateway.database import AuditEntry
from gateway.platform import Platform, open_platform
from gateway.serve import Served
from gateway.settings import Settings
from offline_queue import protocol
from offline_queue.protocol import Catalogue, PersonRole
from petition.badge import badge_sha256, read_badge
from petition.errors import Fault
from petition.pins import new_pin, weakness
from tests.gateway.conftest import HandClock
from tests.gateway.sending import SendingKiosk

Run = Callable[..., dict[str, object]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command and read what it prints."""

    def typed(*words: str) -> dict[str, object]:
        assert main(["--directory", str(tmp_path / "data"), "--json", "people", *words]) == 0, capsys.readouterr().err
        told: dict[str, object] = json.loads(capsys.readouterr().out)
        return told

    return typed


@pytest.fixture
def platform(settings: Settings, clock: HandClock) -> Platform:
    return open_platform(settings, clock)


def published(platform: Platform) -> Catalogue:
    return protocol.read(Catalogue, publish_catalogue(platform, place="").chain.message.body)


def test_somebody_is_added_listed_renewed_and_removed_and_each_makes_a_new_catalogue(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added = run("add", " 王  芳 ", "--role", "volunteer", "--days", "30", "--pin")
    assert set(added) == {"id", "name", "role", "until", "badge", "pin", "catalogue_version"}
    id_ = str(added["id"])
    assert re.fullmatch("[1-9][0-9]{3}", id_)
    assert read_badge(str(added["badge"])) == added["badge"]
    assert str(added["badge"])[4:8] == id_
    assert weakness(str(added["pin"])) == ""
    assert (added["name"], added["role"]) == ("王 芳", "volunteer")
    other = run("add", "小李", "--role", "staff", "--petitions", "5")
    listed = run("list")
    assert set(listed) == {id_, other["id"]}
    assert listed[id_] == {
        "name": "王 芳",
        "role": "volunteer",
        "until": added["until"],
        "over": False,
        "has_pin": True,
        "petitions": 20,
    }
    renewed = run("renew", id_, "--days", "60")
    assert str(renewed["until"]) > str(added["until"])
    removed = run("remove", id_)
    assert set(run("list")) == {other["id"]}
    versions = [int(str(told["catalogue_version"])) for told in (added, other, renewed, removed)]
    assert versions == sorted(set(versions))
    assert main(["--directory", str(tmp_path / "data"), "people", "list"]) == 0
    assert "小李" in capsys.readouterr().out


def test_no_badge_and_no_pin_is_kept_and_the_record_names_the_number(run: Run, tmp_path: Path) -> None:
    added = run("add", "王芳", "--role", "staff", "--pin")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert str(added["badge"]).encode() not in kept
    assert str(added["badge"])[8:34].encode() not in kept
    assert badge_sha256(str(added["badge"])).encode() in kept
    run("renew", str(added["id"]))
    run("remove", str(added["id"]))
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert badge_sha256(str(added["badge"])).encode() not in kept
    platform = open_platform(Settings(directory=tmp_path / "data"))
    with platform.database.reading() as rows:
        entries = [
            (entry.account, entry.deed, entry.detail) for entry in rows.query(AuditEntry).order_by(AuditEntry.id)
        ]
        assert audit.first_broken(rows) is None
    platform.close()
    deeds = ("added-person", "renewed-person", "removed-person")
    assert entries == [("operator", deed, added["id"]) for deed in deeds]


def test_the_verifier_is_argon2id_of_number_and_pin_with_the_parameters_kiosks_expect(platform: Platform) -> None:
    added = people.add_person(platform, name="王芳", role=PersonRole.VOLUNTEER, pin=True)
    assert added.entry.pin_verifier.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PasswordHasher().verify(added.entry.pin_verifier, added.entry.id + added.pin)
    without = people.add_person(platform, name="小李", role=PersonRole.VOLUNTEER)
    assert (without.pin, without.entry.pin_verifier) == ("", "")
    platform.close()


def test_kiosks_are_told_at_once_and_signed(served: Served, kiosk: SendingKiosk) -> None:
    url, headers = kiosk.url + protocol.CATALOGUE, kiosk.token
    first = kiosk.http.get(url, headers=headers, timeout=30)
    same = kiosk.http.get(url, headers={**headers, "If-None-Match": first.headers["ETag"]}, timeout=30)
    assert same.status_code == 304
    added = people.add_person(served.platform, name="王芳", role=PersonRole.STAFF)
    answer = kiosk.http.get(url, headers={**headers, "If-None-Match": first.headers["ETag"]}, timeout=30)
    chain = protocol.read(protocol.Chain, answer.content)
    root = served.platform.keys.root.public
    opened = protocol.open_chain(chain, root, protocol.Type.CATALOGUE)
    told = protocol.read(Catalogue, opened.body)
    assert told.people == (added.entry,)
    assert told.version > protocol.read(Catalogue, first.json()["message"]["body"]).version
    forged = json.loads(answer.content)
    forged["message"]["body"]["people"][0]["not_after"] = "2099-01-01T00:00:00.000Z"
    with pytest.raises(Fault):
        protocol.open_chain(protocol.read(protocol.Chain, forged), root, protocol.Type.CATALOGUE)


def test_the_last_day_is_the_whole_of_a_day_here_and_who_is_over_is_still_told(
    platform: Platform, clock: HandClock
) -> None:
    added = people.add_person(platform, name="王芳", role=PersonRole.VOLUNTEER, days=0)
    last = added.entry.not_after.astimezone(platform.time_zone)
    assert last.date() == clock.now.astimezone(platform.time_zone).date()
    assert (last.hour, last.minute) == (23, 59)
    clock.pass_by(days=2)
    assert published(platform).people == (added.entry,), "the kiosk says that it is over"
    people.renew_person(platform, added.entry.id, days=1)
    (renewed,) = published(platform).people
    assert renewed.not_after > clock.now
    assert renewed.model_copy(update={"not_after": added.entry.not_after}) == added.entry
    platform.close()


def test_a_number_is_never_given_twice_and_the_list_has_an_end(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "NUMBERS", range(1000, 1003))
    given = [people.add_person(platform, name="某", role=PersonRole.VOLUNTEER).entry.id for _ in range(3)]
    assert sorted(given) == ["1000", "1001", "1002"]
    people.remove_person(platform, given[0])
    with pytest.raises(Fault, match="2 people are on the list"):
        people.add_person(platform, name="某", role=PersonRole.VOLUNTEER)
    for gone in (given[0], "9999", ""):
        with pytest.raises(Fault, match="nobody on the list"):
            people.remove_person(platform, gone)
        with pytest.raises(Fault, match="nobody on the list"):
            people.renew_person(platform, gone)
    platform.close()


@pytest.mark.parametrize(
    "words",
    [
        ("add", "", "--role", "staff"),
        ("add", "王" * 41, "--role", "staff"),
        ("add", "王\u202e芳", "--role", "staff"),
        ("add", "王芳", "--role", "staff", "--days", "-1"),
        ("add", "王芳", "--role", "staff", "--days", "99999"),
        ("add", "王芳", "--role", "staff", "--petitions", "0"),
        ("add", "王芳", "--role", "staff", "--badge", "badge.gif"),
        ("add", "王芳", "--role", "staff", "--badge", "no/such/folder/badge.png"),
        ("renew", "4021"),
        ("remove", "王芳"),
    ],
)
def test_what_can_not_be_is_refused_in_one_line_and_nobody_is_added(
    words: tuple[str, ...], run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--directory", str(tmp_path / "data"), "people", *words]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert run("list") == {}


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_badge_that_is_printed_is_read_again(ending: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / f"badge.{ending}"
    added = run("add", "王芳", "--role", "volunteer", "--badge", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert [code.text for code in zxingcpp.read_barcodes(seen(file))] == [added["badge"]]


def test_a_file_that_is_there_is_left_alone(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "badge.png"
    file.write_text("a photograph")
    command = ["--directory", str(tmp_path / "data"), "people", "add", "王芳", "--role", "staff", "--badge", str(file)]
    assert main(command) == 2
    assert "there already" in capsys.readouterr().err
    assert file.read_text() == "a photograph"
    assert run("list") == {}


def seen(file: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return a file as a camera sees it: rows of grey."""
    if file.suffix == ".svg":
        text = file.read_text()
        side = int(re.findall(r'viewBox="0 0 ([0-9]+)', text)[0])
        picture = np.full((side, side), 255, np.uint8)
        for x, y in re.findall(r"M([0-9]+) ([0-9]+)h1v1h-1z", text):
            picture[int(y), int(x)] = 0
        return picture.repeat(MODULE_PIXELS, 0).repeat(MODULE_PIXELS, 1)
    if file.suffix == ".pdf":
        drawn = file.read_bytes().split(b"stream\n")[1].decode()
        at = re.findall(r"([0-9]+) ([0-9]+) 1 1 re", drawn)
        side = max(int(y) for _, y in at) + 5
        picture = np.full((side, side), 255, np.uint8)
        for x, y in at:
            picture[side - 1 - int(y), int(x)] = 0
        return picture.repeat(MODULE_PIXELS, 0).repeat(MODULE_PIXELS, 1)
    with av.open(str(file)) as opened:
        return next(opened.decode(video=0)).to_ndarray(format="gray").astype(np.uint8)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="nothing here shows PDF")
def test_a_program_that_shows_pdf_shows_the_badge(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "badge.pdf"
    added = run("add", "王芳", "--role", "volunteer", "--badge", str(file))
    subprocess.run(["pdftoppm", "-r", "200", "-gray", str(file), str(tmp_path / "shown")], check=True)
    (shown,) = tmp_path.glob("shown*.pgm")
    assert [code.text for code in zxingcpp.read_barcodes(seen(shown))] == [added["badge"]]


def test_a_pin_is_never_one_that_is_guessed_first() -> None:
    made = {new_pin() for _ in range(2000)}
    assert len(made) > 1900
    assert all(re.fullmatch("[0-9]{6}", pin) and not weakness(pin) for pin in made)


def test_a_version_stays_while_nothing_changes_and_rises_when_somebody_is_gone_again(
    platform: Platform, clock: HandClock
) -> None:
    first = catalogue_version(platform)
    clock.pass_by(hours=1)
    assert catalogue_version(platform) == first == published(platform).version
    added = people.add_person(platform, name="王芳", role=PersonRole.STAFF)
    second = catalogue_version(platform)
    assert second > first
    people.remove_person(platform, added.entry.id)
    assert catalogue_version(platform) > second
    platform.close()
