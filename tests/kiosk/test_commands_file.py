"""Filing without a screen: what goes in arrives, unchanged, once; what is wrong is said in one line."""

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import requests

from gateway import admin, desk
from gateway.serve import Served
from offline_queue.store import Store
from petition.errors import Fault, FaultCode
from petition.receipt import Receipt, is_receipt_number, parse_receipt_code
from tests.kiosk.commands_support import MARKER, CommandLine, a_sound, one_plain_line

ROOT = Path(__file__).parents[2]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unsealed(served: Served, number: str, folder: Path) -> dict[str, Any]:
    """What the platform reads of a petition; its attachments lie in the folder."""
    content: dict[str, Any] = json.loads(admin.export_petition(served.platform, number, folder).read_bytes())
    return content


def arrived(served: Served) -> list[str]:
    return [listed.number for listed in desk.list_petitions(served.platform, desk.Tab.ALL)[0]]


def test_the_receipt_of_a_demo_names_an_address_that_answers(enrolled: CommandLine, served: Served) -> None:
    url = enrolled.file()["url"]
    assert url.startswith(f"{served.url}/r/")
    assert requests.get(url, timeout=30).status_code == 200


def test_a_petition_filed_while_the_platform_is_down_arrives_exactly_once(
    enrolled: CommandLine, served: Served, tmp_path: Path
) -> None:
    sound = a_sound(tmp_path / "said.wav")
    served.stop()
    done = enrolled("file", "--text", MARKER, "--audio", sound, "--phone", "13800138000")
    assert (done.code, done.error) == (0, "")
    number = done.json["number"]
    assert is_receipt_number(number)
    offline = enrolled("sync", "--once")
    assert offline.code == 3
    assert one_plain_line(offline.error)
    assert [item["number"] for item in enrolled.waiting()] == [number]

    served.start()
    first, second = enrolled("sync", "--once", "--json"), enrolled("sync", "--once", "--json")

    assert (first.code, len(first.json["delivered"]), first.json["waiting"]) == (0, 1, 0)
    assert (second.code, second.json["delivered"], second.json["sent"]) == (0, [], 0)
    assert arrived(served) == [number]
    content = unsealed(served, number, tmp_path / "out")
    (attachment,) = content["attachments"]
    (carried,) = (path for path in (tmp_path / "out").iterdir() if path.suffix != ".json")
    assert carried.read_bytes() == sound.read_bytes()
    assert attachment["sha256"] == sha256(carried) == sha256(sound)
    assert (content["text"], content["phone"], attachment["milliseconds"]) == (MARKER, "+8613800138000", 500)
    assert enrolled.waiting() == []


def test_the_receipt_is_complete_and_its_code_can_be_scanned(enrolled: CommandLine) -> None:
    receipt = enrolled.file()
    assert set(receipt) == {"number", "query_code", "tag", "url", "made_at"}
    assert parse_receipt_code(receipt["url"]) == (receipt["number"], receipt["tag"])
    assert re.fullmatch(r"[0-9]{6}", receipt["query_code"])
    assert abs((datetime.fromisoformat(receipt["made_at"]) - datetime.now(UTC)).total_seconds()) < 3600


def test_what_is_said_of_a_petition_travels_with_it(enrolled: CommandLine, served: Served, tmp_path: Path) -> None:
    details = enrolled.file(
        "--kind", "report", "--category", "roads_and_lamps", "--place", "幸福社区", "--language", "en"
    )
    elsewhere = enrolled.file("--place", "河边的凉亭")
    enrolled("sync", "--once")
    content = unsealed(served, details["number"], tmp_path / "a")
    assert (content["kind"], content["category"], content["language"]) == ("report", "roads_and_lamps", "en")
    assert content["place"]["code"] == "xingfu"
    assert unsealed(served, elsewhere["number"], tmp_path / "b")["place"] == {"text": "河边的凉亭", "code": ""}


def test_without_a_place_it_is_about_this_community(enrolled: CommandLine, served: Served, tmp_path: Path) -> None:
    number = enrolled.file()["number"]
    enrolled("sync", "--once")
    assert unsealed(served, number, tmp_path / "out")["place"]["code"] == "xingfu"


def test_filing_for_somebody_else_carries_their_consent_and_makes_two_slips(
    enrolled: CommandLine, served: Served, tmp_path: Path
) -> None:
    consent = a_sound(tmp_path / "consent.wav", hertz=300)
    receipt = enrolled.file("--for", "李秀英", "--relation", "女儿", "--agent", "王小明", "--consent", consent)
    assert receipt["agent"]["number"] == receipt["number"]
    assert receipt["agent"]["tag"] != receipt["tag"]
    assert receipt["agent"]["query_code"] != receipt["query_code"]
    enrolled("sync", "--once")
    content = unsealed(served, receipt["number"], tmp_path / "out")
    (attachment,) = content["attachments"]
    behalf = content["on_behalf"]
    assert (behalf["principal"], behalf["relation"], behalf["agent"]) == ("李秀英", "女儿", "王小明")
    assert (behalf["authority"], behalf["evidence"]) == ("spoken", [attachment["id"]])
    ends = datetime.fromisoformat(behalf["until"]) - datetime.fromisoformat(content["made_at"])
    assert (ends, behalf["scope"]) == (timedelta(days=180), ["filing", "follow-up"])
    assert (attachment["kind"], attachment["sha256"]) == ("consent", sha256(consent))


def test_a_text_can_come_through_a_pipe_where_nobody_can_list_it(enrolled: CommandLine) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "file", "--text", "-", "--config", str(enrolled.config)],
        input=MARKER.encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert [item["number"] for item in enrolled.waiting()] == [json.loads(done.stdout)["number"]]


@pytest.mark.parametrize(
    ("redirection", "code"), [("> /dev/full", 0), (">&-", 0), ("| true", 0), (">&- 2>&-", 3), ("> /dev/full 2>&-", 3)]
)
def test_what_is_filed_is_said_to_be_filed_even_where_its_receipt_cannot_be_written(
    enrolled: CommandLine, redirection: str, code: int
) -> None:
    script = f'("$0" -m kiosk file --text x --config "$1"; echo $? >"$2") {redirection}'
    left = enrolled.state / "code"
    done = subprocess.run(
        ["sh", "-c", script, sys.executable, str(enrolled.config), str(left)],
        capture_output=True,
        cwd=ROOT,
        check=False,
        text=True,
    )
    (filed,) = enrolled.waiting()
    assert left.read_text().strip() == str(code)
    assert done.stdout == ""
    if code == 0:
        assert one_plain_line(done.stderr)
        assert f"it IS filed, don't file it again: its number is {filed['number']}" in done.stderr


def test_damage_that_is_met_after_filing_does_not_file_it_again(
    enrolled: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt_of = Store.receipt
    met: list[Any] = []

    def damaged_once(*asked: Any) -> Receipt:  # noqa: ANN401 - handed on as it is
        if not met:
            met.append(asked)
            raise Fault(FaultCode.DATABASE_DAMAGED)
        return receipt_of(*asked)

    monkeypatch.setattr(Store, "receipt", damaged_once)
    consent = a_sound(tmp_path / "consent.wav")
    number = enrolled.file("--for", "李秀英", "--relation", "女儿", "--consent", consent)["number"]
    assert met
    assert [item["number"] for item in enrolled.waiting()] == [number]
    assert len(enrolled("sync", "--once", "--json").json["delivered"]) == 1


def test_a_sound_alone_is_a_petition(enrolled: CommandLine, tmp_path: Path) -> None:
    done = enrolled("file", "--audio", a_sound(tmp_path / "a.wav"), "--audio", a_sound(tmp_path / "b.wav"))
    assert done.code == 0
    (shown,) = enrolled("queue", "show", done.json["number"], "--json").json
    assert len(shown["attachments"]) == 2


WRONG: dict[str, tuple[str, ...]] = {
    "nothing to file": ("--phone", "13800138000"),
    "an empty text": ("--text", "   "),
    "a text nobody sees": ("--text", "\u200b\u200b \u200f\u202b\u2060\ufe0f\u3164"),
    "a person nobody sees": ("--text", MARKER, "--for", "\u200b", "--relation", "x", "--consent", "SOUND"),
    "no telephone number": ("--text", MARKER, "--phone", "12"),
    "a kind there is none of": ("--text", MARKER, "--kind", MARKER),
    "a category there is none of": ("--text", MARKER, "--category", MARKER),
    "a language there is none of": ("--text", MARKER, "--language", "xx"),
    "a sound file that is not there": ("--text", MARKER, "--audio", f"/nowhere/{MARKER}.wav"),
    "a folder for a sound file": ("--text", MARKER, "--audio", "/"),
    "a relation to nobody": ("--text", MARKER, "--relation", MARKER),
    "a person without consent": ("--text", MARKER, "--for", MARKER, "--relation", "女儿"),
    "an agent of nobody": ("--text", MARKER, "--by", MARKER),
    "a text without quotation marks": ("--text", "三号楼", MARKER),
    "an option that does not exist": ("--text", MARKER, f"--{MARKER}"),
    "a text that is too long": ("--text", MARKER * 2000),
    "a name that is too long": ("--text", MARKER, "--for", MARKER * 2000, "--relation", "x", "--consent", "SOUND"),
    "a text that is not UTF-8": ("--text", "\udcff\udcfe"),
}


def test_what_cannot_be_filed_is_said_in_one_line_and_nothing_is_kept(enrolled: CommandLine, tmp_path: Path) -> None:
    sound = str(a_sound(tmp_path / "consent.wav"))
    for name, arguments in WRONG.items():
        done = enrolled("file", *(sound if argument == "SOUND" else argument for argument in arguments))
        assert (done.code, done.out) == (2, ""), name
        assert one_plain_line(done.error), (name, done.error)
    assert enrolled.waiting() == []
    assert list((enrolled.state / "outbox").iterdir()) == []


TOO_LONG = {
    "--text is too long: it takes 20,000 characters": ("--text", "好" * 20_001),
    "--place is too long: it takes 20,000 characters": ("--text", "x", "--place", "好" * 20_001),
    "--for is too long: it takes 200 characters": ("--text", "x", "--for", "好" * 201),
    "--relation is too long: it takes 200 characters": ("--text", "x", "--relation", "好" * 201),
    "--agent is too long: it takes 200 characters": ("--text", "x", "--agent", "好" * 201),
}


@pytest.mark.parametrize("said", TOO_LONG)
def test_what_is_too_long_is_named_with_its_limit(enrolled: CommandLine, said: str) -> None:
    done = enrolled("file", *TOO_LONG[said])
    assert (done.code, done.error) == (2, f"kiosk: {said} [bad-input]\n")


def test_what_is_as_long_as_it_may_be_is_filed(enrolled: CommandLine, tmp_path: Path) -> None:
    name, words = "好" * 200, "𰻝" * 20_000
    consent = a_sound(tmp_path / "consent.wav")
    enrolled.file(
        *("--place", words, "--for", name, "--relation", name, "--by", name, "--consent", consent), text=words
    )


def test_of_a_long_catalogue_some_categories_are_named(enrolled: CommandLine, served: Served) -> None:
    own = json.loads(files("gateway").joinpath("demo_catalogue.json").read_bytes())
    own["categories"] = [{"id": f"kind\x1b[2J_{n}", "names": {"zh_Hans": "路"}} for n in range(40)]
    served.platform.settings.catalogue_path.write_text(json.dumps(own), "utf-8")
    enrolled("sync", "--once")
    done = enrolled("file", "--text", MARKER, "--category", "zz")
    named = ", ".join(f"kind[2J_{n}" for n in range(10))
    assert (done.code, done.error) == (2, f"kiosk: --category is one of {named}, … [bad-input]\n")


NO_SOUND = {
    "empty": b"",
    "cut": b"RIFF",
    "a head only": b"RIFF\x24\0\0\0WAVEfmt ",
    "ogg of zeros": b"OggS" + bytes(200),
    "mp3 of zeros": b"ID3" + bytes(500),
    "mp4 of zeros": bytes(4) + b"ftypM4A " + bytes(300),
    "a play list": b"#EXTM3U\nhttp://127.0.0.1:9/a.wav\n",
    "words": MARKER.encode() * 9,
    "zeros": bytes(64),
}


def test_a_file_that_holds_no_sound_is_refused_and_leaves_nothing_behind(enrolled: CommandLine, tmp_path: Path) -> None:
    for name, content in NO_SOUND.items():
        path = tmp_path / "broken.wav"
        path.write_bytes(content)
        done = enrolled("file", "--text", MARKER, "--audio", path)
        assert done.code == 2, name
        assert one_plain_line(done.error), (name, done.error)
    assert list((enrolled.state / "outbox").iterdir()) == []


def test_a_pipe_for_a_sound_file_is_refused_at_once(enrolled: CommandLine, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    done = enrolled("file", "--text", MARKER, "--audio", tmp_path / "pipe.wav")
    assert (done.code, done.error) == (2, "kiosk: --audio names a pipe or a device: name a sound file [bad-input]\n")


def test_a_sound_file_that_is_too_large_is_refused_before_it_is_read(enrolled: CommandLine, tmp_path: Path) -> None:
    sound = a_sound(tmp_path / "said.wav")
    os.truncate(sound, 60 * 2**20 + 1)
    done = enrolled("file", "--text", MARKER, "--audio", sound)
    assert (done.code, done.error) == (2, "kiosk: --audio is larger than 60 MiB: give less [bad-input]\n")
    os.truncate(sound, 2**40)  # nobody could read it to its end
    assert enrolled("file", "--text", MARKER, "--audio", sound).code == 2


def test_a_sound_that_was_sealed_for_a_petition_that_failed_is_wiped(enrolled: CommandLine, tmp_path: Path) -> None:
    done = enrolled("file", "--text", MARKER * 2000, "--audio", a_sound(tmp_path / "a.wav"))
    assert done.code == 2
    assert list((enrolled.state / "outbox").iterdir()) == []


def test_a_kiosk_that_belongs_to_no_platform_says_how_to_enrol(kiosk: CommandLine) -> None:
    done = kiosk("file", "--text", MARKER)
    assert done.code == 3
    assert "kiosk enrol" in done.error
    assert one_plain_line(done.error)


@pytest.mark.parametrize(
    "arguments", [("file", "--text", "x"), ("queue", "list"), ("sync", "--once"), ("doctor", "-h")]
)
def test_commands_without_a_screen_never_load_qt(kiosk: CommandLine, arguments: tuple[str, ...]) -> None:
    program = (
        "import sys; from kiosk.cli import answer; answer(sys.argv[1:]) if '-h' not in sys.argv else None;"
        "sys.exit(any(name.partition('.')[0] in ('PySide6', 'ui', 'sounddevice') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments, "--config", str(kiosk.config)],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
