"""A camera reads slips while a step asks for one: here it is a film, for every machine has that."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.configuration import Scanner
from kiosk.scanning.camera import Camera
from kiosk.scanning.camera_child import look
from kiosk.scanning.scanners import Scanners
from kiosk.scanning.sighting import FOREIGN, event_of, line_of
from petition.events import ForeignCodeScanned, ReceiptScanned
from petition.machine import SCANNING
from petition.proxy import SIGNING_IN
from petition.scan import CAMERA_STEPS
from petition.steps import WELCOME
from tests.kiosk.events_box import Box
from tests.kiosk.scanner_support import NUMBER, PRIVATE, SLIP, TAG, seen

OURS = ReceiptScanned(number=NUMBER, tag=TAG)
FOR_EVER = 3600.0


def film(path: Path, *codes: str) -> Path:
    """Make a film in which these are held before a camera, one after the other."""
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 640, 480, "yuv420p", 4_000_000
        for picture in seen(*codes):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="gray")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def slip_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "slip.mkv", "", PRIVATE, "", SLIP, SLIP, "")


@pytest.fixture
def camera(slip_film: Path, box: Box) -> Iterator[Camera]:
    camera = Camera(str(slip_film), box.post, look_again_seconds=FOR_EVER)
    camera.launch()
    yield camera
    camera.shut_down()


def test_each_code_that_comes_into_sight_is_seen_once(slip_film: Path) -> None:
    assert list(look(str(slip_film))) == [PRIVATE, SLIP]


def test_of_a_code_that_is_not_ours_nothing_leaves_the_process_that_saw_it() -> None:
    assert line_of(PRIVATE) == FOREIGN
    assert line_of(SLIP) == f"{NUMBER} {TAG}"
    assert event_of(line_of(PRIVATE)) == ForeignCodeScanned()
    assert event_of(line_of(SLIP)) == OURS


@given(st.text())
def test_what_else_that_process_may_print_is_passed_over(line: str) -> None:
    assert event_of(line) is None or line in (FOREIGN, f"{NUMBER} {TAG}")


def test_what_is_held_before_the_camera_is_posted_while_it_looks(camera: Camera, box: Box) -> None:
    assert not camera.looking
    for _ in range(2):  # switched off and on again, it looks at once
        camera.look()
        assert box.wait(ForeignCodeScanned) == ForeignCodeScanned()
        assert box.wait(ReceiptScanned) == OURS
        camera.rest()


def test_a_child_that_dies_is_started_again_while_somebody_is_to_be_seen(slip_film: Path, box: Box) -> None:
    camera = Camera(str(slip_film), box.post, look_again_seconds=0.01)
    camera.launch()
    camera.look()
    for _ in range(2):  # a film ends, and so does its child
        assert box.wait(ReceiptScanned) == OURS
    camera.shut_down()
    assert not camera.looking


def test_a_camera_that_is_not_there_keeps_nothing_from_ending(tmp_path: Path, box: Box) -> None:
    camera = Camera(str(tmp_path / "none"), box.post, look_again_seconds=0.01)
    camera.launch()
    camera.look()
    camera.shut_down()
    assert not camera.looking
    assert box.events == []


def test_the_camera_looks_where_a_slip_is_asked_for_and_nowhere_else(slip_film: Path, box: Box) -> None:
    scanners = Scanners(Scanner.model_construct(camera=str(slip_film)), box.post)
    scanners.launch()
    scanners.follow(WELCOME)
    scanners.follow("describe")
    assert not scanners.camera_looks
    scanners.follow("progress_number")
    assert box.wait(ReceiptScanned) == OURS
    scanners.follow("progress_result")
    scanners.shut_down()
    assert not scanners.camera_looks


def test_a_camera_looks_only_where_what_it_sees_is_taken_and_never_at_who_only_passes_by() -> None:
    assert CAMERA_STEPS < SCANNING | SIGNING_IN
    assert WELCOME not in CAMERA_STEPS
