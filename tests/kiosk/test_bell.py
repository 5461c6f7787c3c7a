"""A bell on a relay: it goes on and off, comes back when its board does, and never rings for ever."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.bell import NoBell, Relay, open_bell
from kiosk.configuration import Bell, Configuration
from kiosk.doctor import examinations, examine
from kiosk.examine.bell import bell
from kiosk.examine.finding import Condition
from tests.kiosk.serial_line import SerialLine

ON, OFF = b"\xa0\x01\x01\xa2", b"\xa0\x01\x00\xa1"


class Board(SerialLine):
    """The far end of a relay's serial line."""

    def told(self) -> bytes:
        """Wait for what it is told next."""
        said = b""
        while len(said) < len(ON):
            said += os.read(self.far, len(ON) - len(said))
        return said

    def wait(self, wanted: bytes) -> None:
        while self.told() != wanted:
            pass


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    board = Board(tmp_path / "ttyUSB0")
    yield board
    board.pull_out()


@contextmanager
def ringing(board: Board, *, renew: float = 600.0, repeat: float = 0.01) -> Iterator[Relay]:
    relay = Relay(str(board.place), on=ON, off=OFF, renew_seconds=renew, repeat_seconds=repeat)
    relay.launch()
    try:
        yield relay
    finally:
        relay.shut_down()
        assert not relay._thread.is_alive()


def test_it_is_off_when_the_kiosk_starts_and_goes_on_and_off_as_it_is_told(board: Board) -> None:
    with ringing(board, repeat=600.0) as relay:
        assert board.told() == OFF  # one that was killed may have left it on
        relay.sound(True)
        assert board.told() == ON
        relay.sound(False)
        assert board.told() == OFF
        relay.sound(True)
        assert board.told() == ON
    assert board.told() == OFF


def test_it_is_off_when_the_kiosk_ends_and_nothing_switches_it_on_afterwards(board: Board) -> None:
    with ringing(board, repeat=600.0) as relay:
        board.wait(OFF)
        relay.sound(True)
        board.wait(ON)
    board.wait(OFF)
    relay.sound(True)
    os.set_blocking(board.far, False)
    with pytest.raises(BlockingIOError):
        board.told()


def test_what_nobody_renews_falls_silent_by_itself(board: Board) -> None:
    with ringing(board, renew=0.2, repeat=600.0) as relay:
        board.wait(OFF)
        relay.sound(True)
        assert board.told() == ON
        assert board.told() == OFF


def test_a_board_that_was_pulled_out_rings_again_when_it_is_back(board: Board) -> None:
    with ringing(board) as relay:
        relay.sound(True)
        board.wait(ON)
        board.pull_out()
        board.plug_in()
        assert board.told() == ON
        relay.sound(False)
        board.wait(OFF)


def test_a_board_that_comes_later_is_switched_as_it_should_be_by_then(board: Board) -> None:
    board.pull_out()
    with ringing(board) as relay:
        relay.sound(True)
        relay.sound(False)
        relay.sound(True)
        board.plug_in()
        board.wait(ON)


@pytest.mark.parametrize("what", ["nothing", "a file", "a folder"])
def test_what_is_no_relay_keeps_nothing_from_going_on(tmp_path: Path, what: str) -> None:
    device = tmp_path / "device"
    if what == "a file":
        device.write_bytes(b"")
    if what == "a folder":
        device.mkdir()
    relay = Relay(str(device), on=ON, off=OFF)
    relay.launch()
    relay.sound(True)
    relay.sound(False)
    relay.shut_down()
    assert not relay._thread.is_alive()


def test_one_that_was_never_launched_can_be_rung_and_shut_down(tmp_path: Path) -> None:
    relay = Relay(str(tmp_path / "none"), on=ON, off=OFF)
    relay.sound(True)
    relay.shut_down()


def test_the_configuration_says_what_rings(board: Board) -> None:
    none = open_bell(Bell())
    assert isinstance(none, NoBell)
    none.launch()
    none.sound(True)
    none.shut_down()
    usual = open_bell(Bell(relay=board.device))
    usual.launch()
    assert board.told() == OFF
    usual.shut_down()
    other = open_bell(Bell(relay=board.device, on="A0 02 01 A3", off="a00200a2"))
    other.launch()
    assert board.told() == b"\xa0\x02\x00\xa2"
    other.sound(True)
    assert board.told() == b"\xa0\x02\x01\xa3"
    other.shut_down()


# --- what the doctor says ---------------------------------------------------------------------------------------------


def test_the_doctor_says_whether_the_relay_is_there_and_never_rings_it(board: Board) -> None:
    (found,) = bell(Bell(relay=board.device))
    assert (found.part, found.condition) == ("bell", Condition.OK)
    os.set_blocking(board.far, False)
    with pytest.raises(BlockingIOError):
        board.told()
    os.set_blocking(board.far, True)
    with ringing(board) as relay:
        relay.sound(True)
        board.wait(ON)
        (found,) = bell(Bell(relay=board.device))
        assert (found.condition, "in use" in found.english) == (Condition.OK, True)


def test_the_doctor_says_what_to_do_about_a_relay_that_is_missing() -> None:
    (found,) = bell(Bell(relay="/dev/serial/by-id/none"))
    assert (found.condition, "bell.relay" in found.english) == (Condition.CARE, True)
    (found,) = bell(Bell(relay="/dev/null"))
    assert found.condition is Condition.CARE


def test_where_nothing_rings_but_the_loudspeaker_the_doctor_has_nothing_to_say() -> None:
    assert examine({"bell": examinations(Configuration())["bell"]}) == ()
