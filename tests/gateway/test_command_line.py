"""`python -m gateway` and `python -m gateway admin`: what operators and the demo type."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from argon2 import PasswordHasher

from gateway import calls, people
from gateway.__main__ import main
from gateway.admin import DEMO_KIOSK
from gateway.platform import open_platform
from gateway.serve import Served, running
from gateway.settings import Settings
from offline_queue import protocol
from petition.receipt import in_fours
from tests.gateway.sending import Part, SendingKiosk, enrol


@contextmanager
def demo(directory: Path, port: int = 0) -> Iterator[tuple[dict[str, str], subprocess.Popen[bytes]]]:
    """Run the demo platform as the kiosk runs it: a child that stops when its input closes."""
    command = [
        sys.executable,
        "-m",
        "gateway",
        "--demo",
        "--json",
        "--until-stdin-closes",
        "--directory",
        str(directory),
    ]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline()), child
        _, complaints = child.communicate(timeout=30)
        assert child.returncode == 0, complaints.decode()
        assert b"Traceback" not in complaints


def test_the_demo_platform_starts_enrols_stops_with_its_parent_and_comes_back(
    tmp_path: Path, http: requests.Session
) -> None:
    with demo(tmp_path / "data") as (told, _):
        kiosk = enrol(told["url"], told["enrolment_code"], http)
        assert kiosk.enrolment.kiosk_name == DEMO_KIOSK
        petition = kiosk.seal()
        assert kiosk.send(petition).complete
        page = http.get(told["staff_url"] + "/sign-in", timeout=30).text
        assert "演示平台" in page
        port = int(told["url"].rsplit(":", 1)[1])
    with pytest.raises(requests.ConnectionError):
        kiosk.put(petition)
    with demo(tmp_path / "data", port) as (again, _):
        assert again["url"] == told["url"]
        same = ("account", "password", "volunteer")
        assert [again[name] for name in same] == [told[name] for name in same]
        assert again["enrolment_code"] != told["enrolment_code"]
        assert kiosk.put(petition).status_code == 200
    for secret in ("demo-password", "demo-volunteer"):
        assert (tmp_path / "data" / secret).stat().st_mode & 0o777 == 0o600
    listed = people.listed_people(open_platform(Settings(directory=tmp_path / "data")))
    (volunteer,) = listed
    assert PasswordHasher().verify(volunteer.pin_verifier, told["volunteer"])
    assert told["volunteer"].startswith(volunteer.id)


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path, http: requests.Session) -> None:
    command = [
        sys.executable,
        "-m",
        "gateway",
        "--demo",
        "--json",
        "--directory",
        str(tmp_path / "data"),
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        kiosk = enrol(told["url"], told["enrolment_code"], http)
        part = Part(plain=bytes(300_000))
        petition = kiosk.seal(parts=(part,))
        assert kiosk.send(petition).complete
        child.kill()
    with demo(tmp_path / "data") as (again, _):
        kiosk.url = again["url"]
        assert kiosk.put(petition).status_code == 200
        assert kiosk.ask_acknowledgement(petition.id).complete


def run(capsys: pytest.CaptureFixture[str], served: Served, *task: str) -> dict[str, str]:
    served_directory = str(served.settings.directory)
    assert main(["--directory", served_directory, "--json", "admin", *task]) == 0
    found: dict[str, str] = json.loads(capsys.readouterr().out)
    return found


def test_an_operator_makes_codes_and_accounts_lists_opens_and_sets_steps(
    served: Served, kiosk: SendingKiosk, http: requests.Session, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = run(capsys, served, "code", "--kiosk", "晨光社区 1 号机", "--place", "chenguang")["enrolment_code"]
    assert enrol(served.url, code, http).enrolment.kiosk_name == "晨光社区 1 号机"
    assert run(capsys, served, "init")["root_fingerprint"] in code
    made = run(capsys, served, "staff", "li", "--name", "李敏")
    assert len(made["password"]) == 19
    secret = tmp_path / "password"
    secret.write_text("feng-he-ri-li\n", encoding="utf-8")
    assert run(capsys, served, "staff", "li", "--password-file", str(secret))["password"] == "as given"

    part = Part(plain=b"RIFF" + bytes(1000), media_type="audio/wav")
    petition = kiosk.seal(text="三号楼的楼道灯坏了", parts=(part,))
    kiosk.send(petition)
    listed: dict[str, dict[str, object]] = run(capsys, served, "list")  # type: ignore[assignment]
    assert listed[petition.number]["complete"] is True
    run(capsys, served, "step", petition.number, "--stage", "handling", "--responsible", "张师傅")
    run(capsys, served, "step", petition.number, "--expected", "2027-03-11", "--reply", "周四前修好。")
    told = kiosk.look_up(petition.number, tag=kiosk.tag(petition.number)).json()
    assert (told["responsible"], told["expected"], told["reply"]) == ("张师傅", "2027-03-11", "周四前修好。")
    assert told["steps"][1]["state"] == "now"

    out = tmp_path / "opened"
    run(capsys, served, "open", petition.number, "--out", str(out))
    content = protocol.read(protocol.PetitionContent, (out / "petition.json").read_bytes())
    assert content.text == "三号楼的楼道灯坏了"
    assert (out / f"{part.id}.wav").read_bytes() == part.plain
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert run(capsys, served, "new-key", "seal")["version"] == 2  # type: ignore[comparison-overlap]
    assert run(capsys, served, "after-restore")["asked_for_again"] == 0  # type: ignore[comparison-overlap]


def test_without_json_the_list_is_a_table_people_can_read(
    served: Served, kiosk: SendingKiosk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.desk.PAGE", 1)
    list_them = ["--directory", str(served.settings.directory), "admin", "list"]
    assert main(list_them) == 0
    assert capsys.readouterr().out == "No petition is here yet.\n"
    first, second = kiosk.seal(), kiosk.seal()
    kiosk.send(first)
    kiosk.send(second)
    assert main(list_them) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("number ")
    assert {line[:14] for line in lines} == {in_fours(first.number), in_fours(second.number)}
    assert all("{" not in line and line.endswith(kiosk.enrolment.kiosk_name) for line in lines)


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["admin", "open", "123456789012", "--out", "x"], 3, "receipt-unknown"),
        (["admin", "step", "123456789012", "--stage", "handling"], 3, "receipt-unknown"),
        (["admin", "staff", "li", "--password-file", "/nonexistent"], 2, "nonexistent"),
        (["admin", "staff", "operator"], 2, "name of its own"),
        (["--port", "1", "--host", "203.0.113.7"], 2, "cannot be listened on"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, line: str
) -> None:
    assert main(["--directory", str(tmp_path / "data"), *arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert line in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_a_directory_that_cannot_be_used_is_one_plain_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for directory in (tmp_path / "file", Path("/proc/nothing")):
        assert main(["--directory", str(directory), "--port", "0"]) == 3
        assert "state-directory-unusable" in capsys.readouterr().err


def test_a_damaged_database_is_one_plain_line_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--directory", str(tmp_path), "admin", "init"]) == 0
    capsys.readouterr()
    for path in tmp_path.glob("gateway.sqlite-*"):
        path.unlink()
    (tmp_path / "gateway.sqlite").write_bytes(b"not a database" * 1000)
    assert main(["--directory", str(tmp_path), "--port", "0"]) == 3
    assert "database-damaged" in capsys.readouterr().err
    assert (tmp_path / "gateway.sqlite").read_bytes() == b"not a database" * 1000


def test_the_database_of_another_version_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--directory", str(tmp_path), "admin", "init"]) == 0
    capsys.readouterr()
    with closing(sqlite3.connect(tmp_path / "gateway.sqlite")) as database, database:
        database.execute("UPDATE facts SET value = '99' WHERE name = 'schema'")
    assert main(["--directory", str(tmp_path), "--port", "0"]) == 3
    assert "another version" in capsys.readouterr().err


def test_a_database_of_the_version_before_is_brought_up_to_this_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--directory", str(tmp_path), "admin", "init"]) == 0
    with closing(sqlite3.connect(tmp_path / "gateway.sqlite")) as database, database:
        for table, columns in (("petitions", ("news_at",)), ("calls", ("over_at", "answered_account"))):
            for column in columns:
                database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        for table in ("reviews", "deliveries"):
            database.execute(f"DROP TABLE {table}")
        database.execute("UPDATE facts SET value = '1' WHERE name = 'schema'")
        database.execute("INSERT INTO kiosks VALUES ('k', '1 号机', '', x'', 'h', '2027-03-08', NULL, '', '')")
        database.execute("INSERT INTO calls VALUES ('c', 'k', 'help', '2027-03-08', '2027-03-08', '', NULL)")
    capsys.readouterr()
    with running(Settings(directory=tmp_path, port=0)) as served:
        assert [call.kiosk for call in calls.waiting_calls(served.platform)] == ["1 号机"]
        assert calls.answer_call(served.platform, "c", account="wang", name="王师傅") == "王师傅"
    with closing(sqlite3.connect(tmp_path / "gateway.sqlite")) as database:
        assert database.execute("SELECT value FROM facts WHERE name = 'schema'").fetchone() == ("2",)
