"""`kiosk desk …`: PINs from the terminal or standard input, never from the line; what the desk shows; who did what."""

import io
import json
import os
import pty
import select
import subprocess
import sys
import time

import pytest

from gateway.serve import Served
from offline_queue.store import open_store
from tests.kiosk.commands_support import MARKER, CommandLine, one_plain_line

PIN = "482913"
ANSWER_SECONDS = 60.0


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


@pytest.fixture
def desk(kiosk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A kiosk, enrolled or not, with one PIN."""
    type_in(monkeypatch, f"{PIN}\n")
    assert kiosk("desk", "add", "王师傅").code == 0
    return kiosk


def test_a_pin_is_given_listed_and_taken_away(kiosk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "kiosk desk add" in kiosk("desk", "list").out
    type_in(monkeypatch, f"{PIN}\r\nmore\n")
    added = kiosk("desk", "add", "王师傅", "--json")
    assert added.json["name"] == "王师傅"
    assert "王师傅" in kiosk("desk", "list").out
    listed = kiosk("desk", "list", "--json")
    assert [(each["id"], each["removed_at"]) for each in listed.json] == [(added.json["id"], None)]
    assert kiosk("desk", "remove", "王师傅").code == 0
    assert "王师傅" not in kiosk("desk", "list").out
    assert kiosk("desk", "list", "--json").json[0]["removed_at"] is not None
    again = kiosk("desk", "remove", "王师傅")
    assert (again.code, one_plain_line(again.error)) == (2, True)
    log = kiosk("desk", "log", "--json").json
    assert [(line["event"], line["name"]) for line in log] == [
        ("desk-pin-removed", "王师傅"),
        ("desk-pin-added", "王师傅"),
    ]
    assert PIN not in json.dumps([listed.json, log])


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("", "no PIN came"),
        ("\n", "no PIN came"),
        ("123456\n", "digits in a row"),
        ("000000\n", "the same digit"),
        ("12\n", "a PIN has 6 digits"),
        (f"{MARKER}\n", "a PIN has 6 digits"),
    ],
)
def test_what_is_no_good_pin_is_said_in_one_line_that_does_not_repeat_it(
    kiosk: CommandLine, monkeypatch: pytest.MonkeyPatch, typed: str, remedy: str
) -> None:
    type_in(monkeypatch, typed)
    done = kiosk("desk", "add", "王师傅")
    assert (done.code, one_plain_line(done.error)) == (2, True)
    assert remedy in done.error
    assert kiosk("desk", "list", "--json").json == []


@pytest.mark.parametrize(("name", "remedy"), [("  ", "NAME is whose"), ("长" * 41, "NAME is too long")])
def test_a_pin_has_a_name(kiosk: CommandLine, monkeypatch: pytest.MonkeyPatch, name: str, remedy: str) -> None:
    type_in(monkeypatch, f"{PIN}\n")
    done = kiosk("desk", "add", name)
    assert done.code == 2
    assert remedy in done.error


def test_a_pin_is_no_argument(kiosk: CommandLine) -> None:
    done = kiosk("desk", "add", "王师傅", PIN)
    assert done.code == 2
    assert PIN not in done.error


def test_on_a_terminal_it_is_asked_for_twice_and_not_shown(kiosk: CommandLine) -> None:
    assert "two different PINs" in _typed_on_a_terminal(kiosk, PIN, "482914")
    told = _typed_on_a_terminal(kiosk, PIN, PIN)
    assert "can open the staff desk now" in told
    assert told.count(": ") == 2, "it was asked for twice"
    assert PIN not in told
    assert [each["name"] for each in kiosk("desk", "list", "--json").json] == ["王师傅"]


def _typed_on_a_terminal(kiosk: CommandLine, *answers: str) -> str:
    """Run the command on a terminal of its own, answer what it asks, and return all that was to be seen."""
    above, below = pty.openpty()
    command = [sys.executable, "-m", "kiosk", "desk", "add", "王师傅", "--config", str(kiosk.config)]
    with subprocess.Popen(command, stdin=below, stdout=below, stderr=below, start_new_session=True) as child:
        os.close(below)
        seen, left = "", list(answers)
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            if not select.select([above], [], [], 1.0)[0]:
                continue
            try:
                data = os.read(above, 4096)
            except OSError:  # the child has gone
                break
            if not data:
                break
            seen += data.decode(errors="replace")
            if left and seen.count(": ") > len(answers) - len(left):
                os.write(above, f"{left.pop(0)}\n".encode())
        child.wait(ANSWER_SECONDS)
    os.close(above)
    return seen


def test_the_desk_is_shown_without_a_word_of_anybodys_petition(enrolled: CommandLine, served: Served) -> None:
    first, second = enrolled.file("--phone", "13800138000"), enrolled.file()
    shown = enrolled("desk", "show", "--json")
    told = shown.json
    assert {each["number"] for each in told["receipts"]} == {first["number"], second["number"]}
    assert [each["printed"] for each in told["receipts"]] == [0, 0]
    assert {(each["why"], each["parked"]) for each in told["waiting"]} == {("turn", False)}
    assert told["waits"] == 2
    assert told["parts"]["line"] == "well"
    assert told["parts"]["printer"] == told["parts"]["scanner"] == "absent"
    assert "microphone" not in told["parts"], "only the running kiosk knows"
    for text in (shown.out, enrolled("desk", "show").out):
        assert MARKER not in text
        assert "13800138000" not in text
    served.stop()
    told = enrolled("desk", "show", "--json").json
    assert told["parts"]["line"] == "down"
    assert {each["why"] for each in told["waiting"]} == {"line"}


def test_a_desk_that_is_shut_can_be_opened_by_the_operator(desk: CommandLine) -> None:
    with open_store(desk.state) as store:
        for _ in range(5):
            store.begin_desk_try()
        shut = store.begin_desk_try()
        assert desk("desk", "unlock").code == 0
        assert type(store.begin_desk_try()) is not type(shut)
    assert desk("desk", "log", "--json").json[0]["event"] == "desk-unlocked"


def test_the_log_names_who_printed_which_receipt(desk: CommandLine) -> None:
    with open_store(desk.state) as store:
        store.note_desk_print(store.desk_holders()[0].id, "102300012392")
    line = desk("desk", "log").out.splitlines()[0]
    assert "desk-printed" in line
    assert "王师傅" in line
    assert "1023 0001 2392" in line


def test_giving_a_pin_loads_no_screen(kiosk: CommandLine) -> None:
    program = (
        "import sys; from kiosk.cli import answer; code = answer(sys.argv[1:]);"
        " print(code, any(name.startswith('PySide6') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "desk", "add", "王师傅", "--config", str(kiosk.config)],
        input=f"{PIN}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0 False"
