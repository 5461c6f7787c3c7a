"""A scanner on a serial line: whatever comes over it, codes are read, and one that was pulled out is found again."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanning.code_lines import LEAST_CHARACTERS, MOST_BYTES, CodeLines
from kiosk.scanning.serial_scanner import SerialScanner
from petition.events import ForeignCodeScanned, ReceiptScanned
from tests.kiosk.events_box import WAIT_SECONDS, Box
from tests.kiosk.scanner_support import NUMBER, PRIVATE, SLIP, TAG
from tests.kiosk.serial_line import SerialLine

OURS = ReceiptScanned(number=NUMBER, tag=TAG)


# -- cutting bytes into codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\x03", b"\r\r\n\n"])
def test_a_code_ends_with_its_line(end: bytes) -> None:
    lines = CodeLines()
    assert lines.feed(SLIP.encode() + end + PRIVATE.encode() + end) == [SLIP, PRIVATE]
    assert lines.rest() == []


def test_a_code_without_a_line_end_is_there_when_it_is_asked_for() -> None:
    lines = CodeLines()
    assert lines.feed(SLIP.encode()) == []
    assert lines.rest() == [SLIP]
    assert lines.rest() == []


def test_noise_and_what_is_longer_than_any_code_are_passed_over() -> None:
    lines = CodeLines()
    noise = b"x" * (LEAST_CHARACTERS - 1) + b"\r"
    flood = b"9" * (MOST_BYTES + 1)
    assert lines.feed(noise + flood) == []
    assert lines.feed(flood + b"\r" + SLIP.encode() + b"\r") == [SLIP]


@given(st.lists(st.binary(max_size=40)))
def test_whatever_comes_the_next_code_is_read(pieces: list[bytes]) -> None:
    lines = CodeLines()
    for piece in pieces:
        lines.feed(piece)
    assert lines.feed(b"\r" + SLIP.encode() + b"\r")[-1] == SLIP


@given(st.binary(), st.integers(1, 9))
def test_it_does_not_matter_how_bytes_come_in_pieces(data: bytes, size: int) -> None:
    whole, pieces = CodeLines(), CodeLines()
    cut = [data[i : i + size] for i in range(0, len(data), size)]
    assert whole.feed(data) == [code for piece in cut for code in pieces.feed(piece)]
    assert whole.rest() == pieces.rest()


# -- a line ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def line(tmp_path: Path) -> Iterator[SerialLine]:
    line = SerialLine(tmp_path / "ttyACM0")
    yield line
    line.pull_out()


@pytest.fixture
def scanner(line: SerialLine, box: Box) -> Iterator[SerialScanner]:
    """A scanner whose every code comes long after the last."""
    hours = itertools.count(0.0, 3600.0)
    scanner = SerialScanner(str(line.place), box.post, look_again_seconds=0.01, clock=hours.__next__)
    scanner.launch()
    assert scanner.there.wait(WAIT_SECONDS)
    yield scanner
    scanner.shut_down()


@pytest.mark.usefixtures("scanner")
def test_slips_and_other_codes_are_posted_with_any_line_end_and_none(line: SerialLine, box: Box) -> None:
    for end in (b"\r", b"\n", b"\r\n", b""):
        line.send(SLIP.encode() + end)
        assert box.wait(ReceiptScanned) == OURS
        line.send(PRIVATE.encode() + end)
        assert box.wait(ForeignCodeScanned) == ForeignCodeScanned()


@pytest.mark.usefixtures("scanner")
def test_bytes_that_are_no_text_are_survived(line: SerialLine, box: Box) -> None:
    line.send(bytes(range(256)) * 20 + b"\xff\xfe\r\n" + SLIP.encode() + b"\r")
    line.send(SLIP.encode() + b"\r")
    assert box.wait(ReceiptScanned) == OURS


def test_a_scanner_that_was_pulled_out_is_found_again(line: SerialLine, box: Box, scanner: SerialScanner) -> None:
    for _ in range(3):
        line.send(SLIP.encode() + b"\r")
        assert box.wait(ReceiptScanned) == OURS
        line.pull_out()
        while scanner.there.is_set():
            os.sched_yield()
        line.plug_in()
        assert scanner.there.wait(WAIT_SECONDS)


def test_a_scanner_that_is_not_there_keeps_nothing_from_ending(tmp_path: Path, box: Box) -> None:
    scanner = SerialScanner(str(tmp_path / "none"), box.post)
    scanner.launch()
    scanner.shut_down()
    assert not scanner.there.is_set()
    assert box.events == []


def test_of_several_codes_on_one_paper_the_slip_counts(line: SerialLine, box: Box) -> None:
    scanner = SerialScanner(str(line.place), box.post, clock=lambda: 0.0)
    scanner.launch()
    assert scanner.there.wait(WAIT_SECONDS)
    line.send(f"{PRIVATE}\r{SLIP}\r{PRIVATE}\r".encode())
    assert box.wait(object) == OURS
    scanner.shut_down()


def test_a_slip_that_is_held_under_the_scanner_is_one(line: SerialLine, box: Box) -> None:
    scanner = SerialScanner(str(line.place), box.post, clock=lambda: 0.0)
    scanner.launch()
    assert scanner.there.wait(WAIT_SECONDS)
    line.send((SLIP.encode() + b"\r") * 5)
    assert box.wait(ReceiptScanned) == OURS
    scanner.shut_down()
    assert box.events == []
