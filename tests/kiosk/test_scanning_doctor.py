"""What the doctor says of scanners: what is there, what is not, and what to do about it."""

import fcntl
import os
import tty
from pathlib import Path

from kiosk.configuration import Configuration, Scanner
from kiosk.doctor import examinations, examine
from kiosk.examine.finding import Condition, Finding
from kiosk.examine.scanners import camera, scanners, serial_line


def test_a_kiosk_without_devices_of_its_own_still_knows_a_scanner_that_types() -> None:
    (found,) = examine({"scanner": examinations(Configuration())["scanner"]})
    assert found.condition is Condition.OK
    (off,) = scanners(Scanner(keyboard=False))
    assert off.condition is Condition.CARE


def test_a_serial_scanner_is_there_in_use_or_missing() -> None:
    far, near = os.openpty()
    tty.setraw(near)
    device = os.ttyname(near)
    assert serial_line(device, 9600).condition is Condition.OK
    fcntl.flock(near, fcntl.LOCK_EX)
    assert "in use" in serial_line(device, 9600).english
    os.close(near)
    os.close(far)
    gone = scanners(Scanner(device="/dev/serial/by-id/none"))[1]
    assert (gone.condition, "scanner.device" in gone.english) == (Condition.CARE, True)


def test_what_is_no_serial_line_is_no_scanner(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert serial_line(str(tmp_path / "file"), 9600).condition is Condition.CARE


def test_a_camera_that_is_missing_is_told_and_kills_nobody() -> None:
    found: Finding = scanners(Scanner(camera="/dev/video-none"))[1]
    assert (found.part, found.condition) == ("scanner-camera", Condition.CARE)
    assert camera("/dev/null").condition is Condition.CARE
