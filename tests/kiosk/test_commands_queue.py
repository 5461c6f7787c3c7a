"""The queue by hand: what waits can be seen, tried again, carried away and brought in, and damage loses none of it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import admin, desk
from gateway.serve import Served
from offline_queue.keys import KEY_FILE
from tests.kiosk.commands_support import MARKER, CommandLine, a_sound, one_plain_line


def arrived(served: Served) -> set[str]:
    return {listed.number for listed in desk.list_petitions(served.platform, desk.Tab.ALL)[0]}


def test_what_waits_is_listed_without_a_word_of_it(enrolled: CommandLine) -> None:
    receipt = enrolled.file()
    listed = enrolled("queue", "list")
    number = receipt["number"]
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in listed.out
    assert "sealed" in listed.out
    assert MARKER not in listed.out
    assert [(item["number"], item["state"]) for item in enrolled.waiting()] == [(number, "sealed")]


def test_an_item_is_found_by_its_number_as_it_is_printed_and_by_its_id(enrolled: CommandLine) -> None:
    number = enrolled.file()["number"]
    (item,) = enrolled.waiting()
    by_number = enrolled("queue", "show", f"{number[:4]} {number[4:8]} {number[8:]}", "--json").json
    assert by_number == enrolled("queue", "show", item["id"], "--json").json
    assert enrolled("queue", "show", number).code == 0


def test_what_was_delivered_stays_in_the_list_of_all(enrolled: CommandLine) -> None:
    number = enrolled.file()["number"]
    enrolled("sync", "--once")
    assert enrolled.waiting() == []
    (item,) = enrolled("queue", "list", "--all", "--json").json
    assert (item["number"], item["state"]) == (number, "delivered")


def test_what_one_kiosk_exports_another_one_brings_in_and_sends(
    enrolled: CommandLine, served: Served, tmp_path: Path
) -> None:
    number = enrolled.file("--audio", a_sound(tmp_path / "a.wav"))["number"]
    stick = tmp_path / "stick"
    assert enrolled("queue", "export", stick, "--json").json == {"exported": 1}
    assert {item["number"] for item in enrolled.waiting()} == {number}  # it stays until the platform has it
    other = CommandLine(config=tmp_path / "other.toml", state=tmp_path / "other", capsys=enrolled.capsys)
    other.config.write_text(f'[kiosk]\nstate_directory = "{other.state}"\n', "utf-8")
    code = admin.make_enrolment_code(served.platform, kiosk_name="2 号机")
    assert other("enrol", served.url, code, "--yes").code == 0
    assert other("queue", "import", stick, "--json").json == {"imported": 1, "damaged": []}
    assert other("queue", "import", stick, "--json").json == {"imported": 0, "damaged": []}
    assert other("sync", "--once").code == 0
    assert arrived(served) == {number}
    assert enrolled("sync", "--once").code == 0  # the same thing twice is taken once
    assert arrived(served) == {number}


def test_the_queue_of_a_dead_kiosk_is_read_without_any_key(enrolled: CommandLine, tmp_path: Path) -> None:
    number = enrolled.file("--audio", a_sound(tmp_path / "a.wav"))["number"]
    (enrolled.state / KEY_FILE).unlink()
    (enrolled.state / "queue.db").unlink()
    (found,) = enrolled("queue", "rescue", enrolled.state, "--json").json
    assert (found["number"], found["whole"], found["type"]) == (number, True, "petition")
    next((enrolled.state / "outbox").glob("*.attachment")).unlink()
    (found,) = enrolled("queue", "rescue", enrolled.state, "--json").json
    assert (found["whole"], len(found["missing"])) == (False, 1)
    assert "attachments missing" in enrolled("queue", "rescue", enrolled.state).out


def test_a_state_directory_of_another_machine_still_gives_its_queue_away(enrolled: CommandLine, tmp_path: Path) -> None:
    number = enrolled.file()["number"]
    key = enrolled.state / KEY_FILE
    key.write_text(key.read_text().replace('"machine": "', '"machine": "elsewhere'))
    refused = enrolled("file", "--text", MARKER)
    assert refused.code == 3
    assert "state-of-another-machine" in refused.error
    assert enrolled("queue", "export", tmp_path / "stick", "--json").json == {"exported": 1}
    (found,) = enrolled("queue", "rescue", tmp_path / "stick", "--json").json
    assert found["number"] == number


def test_a_kiosk_whose_key_is_damaged_is_told_how_to_save_its_queue_and_can(
    enrolled: CommandLine, served: Served
) -> None:
    number = enrolled.file()["number"]
    (enrolled.state / "local.key").write_bytes(b"{")
    done = enrolled("queue", "list")
    assert done.code == 3
    assert one_plain_line(done.error)
    assert "local.key can't be read: move the state directory away and enrol anew" in done.error

    old = enrolled.state.rename(enrolled.state.with_name("old"))
    code = admin.make_enrolment_code(served.platform, kiosk_name="1 号机")
    assert enrolled("enrol", served.url, code, "--yes").code == 0
    assert "1 of 1 whole" in enrolled("queue", "rescue", old).out
    assert enrolled("queue", "import", old, "--json").json["imported"] == 1
    assert len(enrolled("sync", "--once", "--json").json["delivered"]) == 1
    assert [listed.number for listed in desk.list_petitions(served.platform, desk.Tab.ALL)[0]] == [number]


@pytest.mark.parametrize("damage", ["nonsense", "first-page", "cut", "empty-of-tables"])
def test_a_damaged_database_is_set_aside_and_nothing_filed_is_lost(
    enrolled: CommandLine, served: Served, damage: str
) -> None:
    numbers = {enrolled.file()["number"] for _ in range(3)}
    database = enrolled.state / "queue.db"
    whole = database.read_bytes()
    match damage:
        case "nonsense":
            database.write_bytes(MARKER.encode() * 2000)
        case "first-page":
            database.write_bytes(os.urandom(4096) + whole[4096:])
        case "cut":
            database.write_bytes(whole[: len(whole) // 2])
        case _:
            database.write_bytes(os.urandom(len(whole)))
    first = enrolled("queue", "list", "--json")
    assert first.code == 0
    assert one_plain_line(first.error)
    assert "damaged" in first.error
    assert {item["number"] for item in first.json} == numbers
    assert list((enrolled.state / "damaged").iterdir())
    assert enrolled("queue", "list").error == ""
    later = enrolled.file()["number"]
    assert later not in numbers
    assert enrolled("sync", "--once").code == 0
    assert arrived(served) == numbers | {later}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_full_disk_is_said_plainly_and_what_was_filed_before_is_sent_later(
    kiosk: CommandLine, served: Served, small_disk: Path, tmp_path: Path
) -> None:
    kiosk.config.write_text(f'[kiosk]\nstate_directory = "{small_disk}/state"\n', "utf-8")
    code = admin.make_enrolment_code(served.platform, kiosk_name="1 号机")
    assert kiosk("enrol", served.url, code, "--yes").code == 0
    numbers = {kiosk.file()["number"]}
    long_sound = a_sound(tmp_path / "long.wav", seconds=40)
    refused = kiosk("file", "--text", MARKER, "--audio", long_sound)
    assert (refused.code, refused.out) == (3, "")
    assert one_plain_line(refused.error)
    assert "disk-full" in refused.error
    (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    refused = kiosk("file", "--text", MARKER)
    assert refused.code == 3
    assert one_plain_line(refused.error)
    (small_disk / "filler").unlink()
    numbers.add(kiosk.file()["number"])
    assert kiosk("sync", "--once").code == 0
    assert arrived(served) == numbers


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "1"),
        ("show", MARKER),
        ("retry", MARKER),
        ("import", f"/nowhere/{MARKER}"),
        ("rescue", f"/nowhere/{MARKER}"),
        ("export", "/proc/nowhere"),
        ("show",),
        (MARKER,),
        (),
    ],
    ids=str,
)
def test_nonsense_is_answered_with_one_line(kiosk: CommandLine, arguments: tuple[str, ...]) -> None:
    done = kiosk("queue", *arguments)
    assert done.code in {2, 3}
    assert done.out == ""
    assert one_plain_line(done.error), done.error
