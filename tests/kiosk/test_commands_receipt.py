"""The slip again, and the handbook: what is printed without a screen."""

import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from petition.receipt import receipt_number
from tests.kiosk.commands_support import MARKER, CommandLine, a_sound, one_plain_line

ROOT = Path(__file__).parents[2]


def printed(enrolled: CommandLine, number: str, path: Path, *more: str) -> str:
    """Run the real program, without a display, and return the text of the PDF."""
    command = [sys.executable, "-m", "kiosk", "receipt", number, "--pdf", str(path), *more]
    done = subprocess.run([*command, "--config", str(enrolled.config)], capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert path.read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext looks into the PDF: install poppler-utils")
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()


def test_the_slip_has_the_number_the_code_and_not_a_word_of_the_petition(enrolled: CommandLine, tmp_path: Path) -> None:
    receipt = enrolled.file()
    number, code = receipt["number"], receipt["query_code"]
    text = printed(enrolled, number, tmp_path / "slip.pdf")
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in text
    assert f"{code[:3]} {code[3:]}" in text
    assert MARKER[:6] not in text.replace("\n", "")
    printed(enrolled, number, tmp_path / "roll.pdf", "--paper", "58mm")


def test_the_one_who_filed_for_somebody_else_has_a_slip_of_their_own(enrolled: CommandLine, tmp_path: Path) -> None:
    consent = a_sound(tmp_path / "consent.wav")
    receipt = enrolled.file("--for", "李秀英", "--relation", "child", "--agent", "王小明", "--consent", consent)
    number, codes = receipt["number"], (receipt["query_code"], receipt["agent"]["query_code"])
    own, agent = (f"{code[:3]} {code[3:]}" for code in codes)
    both = printed(enrolled, number, tmp_path / "both.pdf")
    first, second, *rest = both.split("\f")
    assert rest == [""], "two pages"
    assert (own in first, agent in first, agent in second, own in second) == (True, False, True, False)
    alone = printed(enrolled, number, tmp_path / "own.pdf", "--own", "--paper", "58mm")
    assert (own in alone, agent in alone) == (True, False)
    alone = printed(enrolled, number, tmp_path / "agent.pdf", "--agent")
    assert (own in alone, agent in alone) == (False, True)
    for page in (unicodedata.normalize("NFKC", each).replace("*", "＊") for each in (first, second)):
        assert ("李＊＊" in page, "王＊＊" in page, "替儿女办" in page) == (True, True, True)
        assert "秀英" not in page
        assert "小明" not in page


def test_what_cannot_be_printed_is_said_in_one_line(enrolled: CommandLine, tmp_path: Path) -> None:
    number = enrolled.file()["number"]
    for arguments in (
        (MARKER, "--pdf", tmp_path / "a.pdf"),
        (receipt_number("99999", 7), "--pdf", tmp_path / "a.pdf"),
        (number, "--pdf", tmp_path / MARKER / "a.pdf"),
        (number, "--pdf", tmp_path / "a.pdf", "--paper", MARKER),
        (number, "--pdf", tmp_path / "a.pdf", "--agent"),
        (number,),
    ):
        done = enrolled("receipt", *arguments)
        assert (done.code, done.out, one_plain_line(done.error)) == (2, "", True), done
    assert not (tmp_path / "a.pdf").exists()


def test_the_handbook_is_printed_in_the_languages_asked_for(kiosk: CommandLine) -> None:
    everything, english = kiosk("script", "--markdown"), kiosk("script", "--markdown", "--language", "en")
    assert (everything.code, english.code) == (0, 0)
    assert everything.out.startswith("# ")
    assert len(english.out) < len(everything.out)
    wrong = kiosk("script", "--markdown", "--language", "fr")
    assert (wrong.code, one_plain_line(wrong.error)) == (2, True)
