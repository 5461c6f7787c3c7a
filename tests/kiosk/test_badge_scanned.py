"""Every kind of scanner knows a badge, and of a badge that is none nothing is told."""

from pathlib import Path

import pytest

from kiosk.scanning.serial_scanner import SerialScanner
from kiosk.scanning.sighting import FOREIGN, event_of, line_of
from petition.badge import new_badge
from petition.events import BadgeScanned, ForeignCodeScanned
from tests.kiosk.events_box import Box
from tests.kiosk.scanner_support import PRIVATE
from tests.kiosk.serial_line import SerialLine


def test_a_badge_before_the_camera_is_told_as_it_is() -> None:
    badge = new_badge("4021")
    assert event_of(line_of(f" {badge.lower()}\n")) == BadgeScanned(badge=badge)
    misread = badge[:-1] + ("A" if badge[-1] != "A" else "B")
    assert line_of(misread) == FOREIGN


@pytest.mark.parametrize(
    "line",
    ["PKB1", "badge", new_badge("4021") + "A", new_badge("4021")[:-1], "A" * 36],
    ids=["its beginning", "a word", "too long", "too short", "letters"],  # badges are random, names of tests are not
)
def test_what_else_the_cameras_process_may_print_is_no_badge(line: str) -> None:
    assert event_of(line) is None


@pytest.mark.parametrize("others", ["", PRIVATE + "\r"])
def test_a_badge_over_a_serial_line_is_posted_even_when_something_else_came_with_it(
    others: str, tmp_path: Path, box: Box
) -> None:
    line, badge = SerialLine(tmp_path / "scanner"), new_badge("4021")
    scanner = SerialScanner(str(line.place), box.post, look_again_seconds=0.01)
    scanner.launch()
    try:
        assert scanner.there.wait(10)
        line.send(f"{others}{badge}\r".encode())
        assert box.wait(BadgeScanned) == BadgeScanned(badge=badge)
        assert not any(isinstance(event, ForeignCodeScanned) for event in box.events)
    finally:
        scanner.shut_down()
        line.pull_out()
