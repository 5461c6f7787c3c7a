"""Enrolling, sending and asking: what the platform says is told, and what is not the platform proves nothing."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from gateway import admin, desk
from gateway.desk import StepForm
from gateway.serve import Served
from petition.model import Stage
from petition.receipt import in_fours, receipt_number
from tests.kiosk.commands_support import MARKER, CommandLine, one_plain_line
from tests.kiosk.loopback import Quiet, serving

ROOT = Path(__file__).parents[2]


class Portal(Quiet):
    """The sign-in page of a hotel: 200 and HTML, whatever is asked."""

    def do_GET(self) -> None:  # noqa: N802 - http.server's name
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        page = "<html><h1>请登录网络</h1></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_PUT = do_POST = do_PATCH = do_HEAD = do_GET  # noqa: N815 - http.server's names


def points_to(kiosk: CommandLine, url: str) -> None:
    kiosk.config.write_text(f'[kiosk]\nstate_directory = "{kiosk.state}"\n[platform]\nurl = "{url}"\n', "utf-8")


# --- enrol -----------------------------------------------------------------------------------------------------------


def test_the_fingerprint_is_shown_and_nothing_is_done_before_it_was_compared(
    kiosk: CommandLine, served: Served
) -> None:
    code = admin.make_enrolment_code(served.platform, kiosk_name="1 号机")
    done = kiosk("enrol", served.url, code)
    assert done.code == 2
    assert admin.root_fingerprint(served.platform) in done.error
    assert kiosk("file", "--text", MARKER).code == 3
    assert kiosk("enrol", served.url, code, "--yes").code == 0
    assert kiosk("file", "--text", MARKER).code == 0


def test_enrolling_says_who_this_machine_is_now(kiosk: CommandLine, served: Served) -> None:
    code = admin.make_enrolment_code(served.platform, kiosk_name="1 号机")
    told = kiosk("enrol", served.url, code, "--yes", "--json").json
    assert (told["name"], told["url"]) == ("1 号机", served.url)


def test_what_cannot_be_enrolled_is_said_in_one_line(kiosk: CommandLine, served: Served) -> None:
    code = admin.make_enrolment_code(served.platform, kiosk_name="1 号机")
    mistyped = code[:-1] + ("A" if code[-1] != "A" else "B")
    wrong_fingerprint = kiosk("enrol", served.url, mistyped, "--yes")
    assert (wrong_fingerprint.code, one_plain_line(wrong_fingerprint.error)) == (3, True)
    assert "platform-not-ours" in wrong_fingerprint.error
    with serving(Portal) as not_the_platform:
        for url, expected in (
            ("http://127.0.0.1:9", 3),
            (not_the_platform, 3),
            ("http://petitions.example.org", 2),
            ("ftp://127.0.0.1", 2),
            (MARKER, 2),
        ):
            done = kiosk("enrol", url, code, "--yes")
            assert (done.code, one_plain_line(done.error)) == (expected, True), url
    used = kiosk("enrol", served.url, "1" * 24, "--yes")
    assert (used.code, one_plain_line(used.error)) == (3, True)
    nonsense = kiosk("enrol", served.url, MARKER, "--yes")
    assert (nonsense.code, one_plain_line(nonsense.error)) == (2, True)


# --- sync ------------------------------------------------------------------------------------------------------------


def test_a_page_of_html_with_200_delivers_nothing_and_loses_nothing(enrolled: CommandLine, served: Served) -> None:
    number = enrolled.file()["number"]
    with serving(Portal) as url:
        points_to(enrolled, url)
        done = enrolled("sync", "--once")
        assert done.code == 3
        assert one_plain_line(done.error)
        assert "not-the-platform" in done.error
        assert [item["number"] for item in enrolled.waiting()] == [number]
    points_to(enrolled, "")
    assert enrolled("sync", "--once").code == 0
    assert [listed.number for listed in desk.list_petitions(served.platform, desk.Tab.ALL)[0]] == [number]


def test_a_platform_that_is_not_there_loses_nothing(enrolled: CommandLine) -> None:
    number = enrolled.file()["number"]
    points_to(enrolled, "http://127.0.0.1:9")
    done = enrolled("sync", "--once")
    assert (done.code, one_plain_line(done.error)) == (3, True)
    assert [item["number"] for item in enrolled.waiting()] == [number]


def test_what_this_disk_lost_is_not_called_refused_by_the_platform(enrolled: CommandLine, served: Served) -> None:
    lost, well = enrolled.file()["number"], enrolled.file()["number"]
    item = next(item for item in enrolled.waiting() if item["number"] == lost)
    (enrolled.state / "outbox" / f"{item['id']}.petition").unlink()
    done = enrolled("sync", "--once")
    assert (done.code, one_plain_line(done.error)) == (3, True)
    assert "[sealed-bytes-damaged]" in done.error
    assert "platform" not in done.error
    assert "refused" not in done.out + done.error
    assert [listed.number for listed in desk.list_petitions(served.platform, desk.Tab.ALL)[0]] == [well]
    assert [(left["number"], left["reason"]) for left in enrolled.waiting()] == [(lost, "sealed-bytes-damaged")]


def test_a_platform_that_does_not_know_this_kiosk_any_more_refuses_and_loses_nothing(
    enrolled: CommandLine, tmp_path: Path, served: Served
) -> None:
    enrolled.file()
    served.stop()
    for path in (tmp_path / "gateway").iterdir():
        if path.suffix.startswith(".sqlite"):
            path.unlink()
    served.start()
    done = enrolled("sync", "--once")
    assert (done.code, one_plain_line(done.error)) == (3, True)
    assert len(enrolled.waiting()) == 1


def test_sync_goes_on_until_it_is_told_to_stop(enrolled: CommandLine, served: Served) -> None:
    enrolled.config.write_text(enrolled.config.read_text("utf-8") + "[platform]\nspread_seconds = 0\n", "utf-8")
    number = enrolled.file()["number"]
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "sync", "--json", "--config", str(enrolled.config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    told = b""
    while (line := process.stdout.readline()) and b'"parked": 0' not in told + line:
        told += line
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (0, b"")
    assert [listed.number for listed in desk.list_petitions(served.platform, desk.Tab.ALL)[0]] == [number]


# --- status ----------------------------------------------------------------------------------------------------------


def test_the_platform_tells_how_far_a_petition_is(enrolled: CommandLine, served: Served) -> None:
    receipt = enrolled.file()
    enrolled("sync", "--once")
    form = StepForm(stage=Stage.REPLIED, responsible="王师傅", expected=date(2027, 3, 31), reply="灯已经修好了。")
    admin.set_step(served.platform, receipt["number"], form)
    for proof in (receipt["tag"], receipt["query_code"]):
        told = enrolled("status", receipt["number"], proof, "--json").json
        assert (told["reply"], told["responsible"], told["from_cache"]) == ("灯已经修好了。", "王师傅", False)
        assert {step["stage"] for step in told["steps"] if step["state"] != "next"} >= {"accepted"}
    shown = enrolled("status", receipt["number"], receipt["tag"]).out
    assert "灯已经修好了。" in shown
    assert "王师傅" in shown


CLEARS = "\x1b[2J\x1b]0;x\a\x9b2J\u202e"
"""Clears a terminal, names its window, turns the writing around."""


def test_what_the_platform_says_cannot_steer_the_terminal(kiosk: CommandLine, served: Served) -> None:
    code = admin.make_enrolment_code(served.platform, kiosk_name=f"1{CLEARS} 号机")
    shown = kiosk("enrol", served.url, code, "--yes").out
    assert "1[2J]0;x2J 号机 (" in shown
    receipt = kiosk.file()
    kiosk("sync", "--once")
    said = f"修好{CLEARS}了。\n\n负责：别人\r\n"
    form = StepForm(stage=Stage.REPLIED, responsible=f"王{CLEARS}\n师傅", expected=None, reply=said)
    admin.set_step(served.platform, receipt["number"], form)
    shown += kiosk("status", receipt["number"], receipt["tag"]).out
    assert "\n答复：修好[2J]0;x2J了。\n      负责：别人\n" in shown
    assert "\n负责：王[2J]0;x2J 师傅\n" in shown
    told = kiosk("status", receipt["number"], receipt["tag"], "--json")
    assert told.json["reply"].strip() == said.strip()
    assert not [character for character in shown + told.out if character in CLEARS and not character.isprintable()]


def test_what_has_arrived_and_nobody_looked_at_yet_is_told_in_one_line(enrolled: CommandLine) -> None:
    receipt = enrolled.file()
    enrolled("sync", "--once")
    shown = enrolled("status", receipt["number"], receipt["tag"]).out
    assert shown.splitlines() == [in_fours(receipt["number"]), "送到了，一天之内会有人看。"]


def test_what_was_withdrawn_is_told_with_its_day_and_nothing_else(enrolled: CommandLine) -> None:
    receipt = enrolled.file()
    assert enrolled("withdraw", receipt["number"], receipt["tag"]).code == 0
    told = enrolled("status", receipt["number"], receipt["tag"], "--json").json
    shown = enrolled("status", receipt["number"], receipt["tag"]).out
    assert shown.splitlines() == [in_fours(receipt["number"]), f"这件撤回了  {told['withdrawn']}"]


def test_without_the_network_what_is_known_here_is_told_with_its_age(enrolled: CommandLine, served: Served) -> None:
    receipt = enrolled.file()
    served.stop()
    told = enrolled("status", receipt["number"], receipt["tag"], "--json")
    assert (told.code, told.json["on_its_way"], told.json["from_cache"]) == (0, True, True)
    assert "还在送来的路上" in enrolled("status", receipt["number"], receipt["tag"]).out


def test_a_wrong_code_and_a_strange_receipt_are_said_in_one_line(enrolled: CommandLine, served: Served) -> None:
    receipt = enrolled.file()
    wrong = f"{(int(receipt['query_code']) + 1) % 10**6:06d}"
    for number, proof, expected in (
        (receipt["number"], wrong, 2),
        (receipt["number"], "1" * 20, 2),
        (receipt_number("99999", 7), "1" * 20, 2),
        (receipt["number"][::-1], receipt["tag"], 2),
        ("12", receipt["tag"], 2),
        (receipt["number"], MARKER, 2),
        (MARKER, receipt["tag"], 2),
    ):
        done = enrolled("status", number, proof)
        assert (done.code, done.out, one_plain_line(done.error)) == (expected, "", True), (number, done)
    served.stop()
    another = enrolled("status", receipt_number("99999", 7), "1" * 20)
    assert (another.code, one_plain_line(another.error)) == (3, True)


def test_guessing_query_codes_ends_soon(enrolled: CommandLine) -> None:
    receipt = enrolled.file()
    wrong = (f"{(int(receipt['query_code']) + step) % 10**6:06d}" for step in range(1, 8))
    errors = [enrolled("status", receipt["number"], code).error for code in wrong]
    assert "too-many-wrong-codes" in errors[-1]
    assert "too-many-wrong-codes" in enrolled("status", receipt["number"], receipt["query_code"]).error
    assert enrolled("status", receipt["number"], receipt["tag"]).code == 0


def test_answers_for_programs_are_json(enrolled: CommandLine) -> None:
    receipt = enrolled.file()
    for arguments in (
        ("queue", "list", "--json"),
        ("queue", "show", receipt["number"], "--json"),
        ("queue", "retry", "--json"),
        ("sync", "--once", "--json"),
        ("status", receipt["number"], receipt["tag"], "--json"),
    ):
        done = enrolled(*arguments)
        assert done.code == 0, done.error
        json.loads(done.out)


@pytest.mark.parametrize(
    "arguments", [(), ("fly",), ("run", MARKER), ("tour",), ("tour", "--out", "a", "--verify", "b")]
)
def test_a_command_that_is_none_is_answered_with_one_line(kiosk: CommandLine, arguments: tuple[str, ...]) -> None:
    done = kiosk(*arguments)
    assert (done.code, done.out, one_plain_line(done.error)) == (2, "", True)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--nonsense",), "--nonsense"),
        (("-x",), "-x"),
        (("queue", "list", "--everything=1"), "--everything"),
        (("status", "--tag", "1"), "--tag"),
        (("file", "--txt", MARKER), "--txt"),
        (("file", "--text", "a", f"--{MARKER}"), "put a text in quotation marks"),
    ],
)
def test_an_option_nobody_knows_is_named(kiosk: CommandLine, arguments: tuple[str, ...], named: str) -> None:
    done = kiosk(*arguments)
    assert (done.code, one_plain_line(done.error)) == (2, True)
    assert named in done.error


def test_a_mistake_of_ours_is_one_line_too_and_names_only_the_place(
    kiosk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise KeyError(MARKER)

    monkeypatch.setattr("kiosk.commands.queue.with_store", broken)
    done = kiosk("queue", "list")
    assert (done.code, one_plain_line(done.error)) == (1, True)
    assert "KeyError at test_commands_platform:" in done.error


def test_a_reader_that_goes_away_is_no_error(enrolled: CommandLine) -> None:
    enrolled.file()
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m kiosk script --markdown --config {enrolled.config} | true"],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("text", "arguments", "code", "said"),
    [
        ("[screen]\nszie = 1", ("queue", "list"), 2, b"screen.szie"),
        ("[screen", ("sync", "--once"), 2, b"is not TOML"),
        ('[kiosk]\nstate_directory = "/proc/nowhere"', ("queue", "list"), 3, b"state-directory-unusable"),
        ('[kiosk]\nstate_directory = "/dev/null/x"', ("file", "--text", MARKER), 3, b"state-directory-unusable"),
    ],
)
def test_the_real_program_ends_with_one_line_and_its_code(
    tmp_path: Path, text: str, arguments: tuple[str, ...], code: int, said: bytes
) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(text, "utf-8")
    command = [sys.executable, "-m", "kiosk", *arguments, "--config", str(config)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr
    assert one_plain_line(done.stderr.decode())


def test_a_command_whose_output_is_closed_says_so(kiosk: CommandLine) -> None:
    script = '"$0" -m kiosk model list --config "$1" >&-'
    done = subprocess.run(
        ["sh", "-c", script, sys.executable, str(kiosk.config)], capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 3
    assert done.stderr == b"kiosk: a file or device can't be used: Bad file descriptor\n"


def test_no_file_takes_the_place_of_a_closed_stream(kiosk: CommandLine) -> None:
    program = (
        "import os, sys; from kiosk.cli import main; main(['model', 'list', '--config', sys.argv[1]]);"
        "sys.exit({os.readlink(f'/proc/self/fd/{n}') for n in range(3)} != {'/dev/null'})"
    )
    script = '"$0" -c "$1" "$2" <&- >&- 2>&-'
    done = subprocess.run(["sh", "-c", script, sys.executable, program, str(kiosk.config)], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_the_real_program_leaves_no_core_and_lets_nobody_look_in(kiosk: CommandLine) -> None:
    program = (
        "import ctypes, resource; from kiosk.hardening import harden; harden();"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.split(maxsplit=1) == [b"0", b"(0, 0)\n"]
