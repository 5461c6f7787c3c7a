"""The room of pictures, with a real store: a camera made of frames, a folder as a stick, a finger's strokes."""

import os
import resource
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.pictures import stick
from kiosk.pictures.camera import Camera
from kiosk.pictures.decode_child import decoded
from kiosk.pictures.decoding import Decoder
from kiosk.pictures.pixels import PICTURE_BYTES
from kiosk.pictures.signature import SIGNATURE_BYTES
from petition.errors import Fault, FaultCode
from petition.events import CameraFound, CameraLost, PictureFailed, PicturesFound, PictureTaken
from petition.model import AttachmentKind
from tests.kiosk.events_box import WAIT_SECONDS, Box
from tests.kiosk.picture_support import CAMERA, PLACE, Kept, a_room, bomb, colours, corners, jpeg_file, noise

PETITION = str(uuid.uuid4())


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with a_room(tmp_path) as kept:
        yield kept


def an_id() -> str:
    return str(uuid.uuid4())


def put(stick: Path, **files: bytes) -> None:
    """Put files on the stick, the last the newest."""
    stick.mkdir(exist_ok=True)
    for n, (name, content) in enumerate(files.items()):
        path = stick / name.replace("_", ".")
        path.write_bytes(content)
        os.utime(path, (1000 + n, 1000 + n))


def offered(kept: Kept, count: int) -> tuple[str, ...]:
    """The files that are offered, the newest first."""
    kept.room.look_for_pictures()
    found = kept.box.wait(PicturesFound, lambda event: len(event.files) == count)
    return tuple(file.id for file in found.files)


def taken(kept: Kept, file_id: str, kind: AttachmentKind = AttachmentKind.PICTURE) -> str:
    """Take a file and return the id that it is sealed under."""
    id_ = an_id()
    kept.room.take_file(PETITION, id_, file_id, kind)
    event = kept.box.wait(PictureTaken)
    assert (event.picture_id, event.attachment.id, event.attachment.kind) == (id_, id_, kind)
    assert event.attachment.media_type == "image/jpeg"
    return id_


def test_what_the_camera_sees_is_shown_taken_and_sealed(tmp_path: Path) -> None:
    with a_room(tmp_path, CAMERA) as kept:
        kept.box.wait(CameraFound)
        assert kept.room.live() is None
        kept.room.open_camera()
        id_ = an_id()
        kept.room.take(PETITION, id_)
        kept.room.close_camera()  # a shutter that was pressed is still answered
        event = kept.box.wait(PictureTaken)
        assert (event.picture_id, event.attachment.id) == (id_, id_)
        plain = kept.plain(id_)
        assert kept.pixels(id_).shape == (480, 640, 3)
        shown = kept.room.picture(id_)
        assert shown is not None
        assert (shown.width_px, shown.height_px, len(shown.rgb)) == (640, 480, 640 * 480 * 3)
        assert not kept.on_disk(plain[200:300])
        assert kept.room.live() is None
        kept.room.take(PETITION, an_id())
        assert kept.box.wait(PictureFailed).code is FaultCode.CAMERA_LOST
        kept.room.open_camera()
        while kept.room.live() is None:
            pass
        kept.room.forget()
        assert kept.room.live() is None
        assert kept.room.picture(id_) is None


def test_a_stick_that_hangs_keeps_neither_the_camera_nor_a_signature_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()

    def hanging(_found: stick.Found) -> Iterator[bytes]:
        let_go.wait()
        yield b""

    monkeypatch.setattr(stick, "pieces", hanging)  # no file of a disk that answers waits like this
    with a_room(tmp_path, CAMERA) as kept:
        kept.room._decoder = Decoder(seconds=10 * WAIT_SECONDS)
        put(kept.stick, a_jpg=jpeg_file(), b_jpg=jpeg_file())
        newest, _ = offered(kept, 2)
        assert kept.room.picture(newest) is None
        kept.room.take_file(PETITION, an_id(), newest)
        kept.room.open_camera()
        kept.room.take(PETITION, an_id())
        kept.room.keep_signature(PETITION, an_id(), (((100, 300), (500, 40)),))
        kinds = {kept.box.wait(PictureTaken).attachment.kind for _ in range(2)}
        assert kinds == {AttachmentKind.PICTURE, AttachmentKind.SIGNATURE}
        let_go.set()


def test_a_camera_that_is_not_there_is_lost_each_time_it_is_opened(tmp_path: Path) -> None:
    with a_room(tmp_path, "/dev/video-none") as kept:
        kept.box.wait(CameraLost)
        kept.room.open_camera()
        kept.box.wait(CameraLost)
        kept.room.take(PETITION, an_id())
        assert kept.box.wait(PictureFailed).code is FaultCode.CAMERA_LOST


def test_without_a_camera_that_is_said_at_once(kept: Kept) -> None:
    kept.box.wait(CameraLost)
    kept.room.open_camera()
    kept.box.wait(CameraLost)


def test_a_picture_of_the_stick_is_kept_upright_and_without_a_word_about_its_maker(kept: Kept) -> None:
    put(kept.stick, a_jpg=jpeg_file(orientation=6))
    (file_id,) = offered(kept, 1)
    id_ = taken(kept, file_id)
    plain = kept.plain(id_)
    assert PLACE in (kept.stick / "a.jpg").read_bytes()
    assert PLACE not in plain
    assert not any(bytes((0xFF, mark)) in plain[:600] for mark in (*range(0xE0, 0xF0), 0xFE))
    assert kept.pixels(id_).shape == (320, 240, 3)
    assert corners(kept.pixels(id_)) == [0, 1, 2, 0]
    assert not kept.on_disk(PLACE)
    assert not kept.on_disk(plain[100:200])


def test_a_picture_that_is_hard_to_make_small_is_sent_small_all_the_same(kept: Kept) -> None:
    put(kept.stick, a_jpg=jpeg_file(noise()))
    (file_id,) = offered(kept, 1)
    assert len(kept.plain(taken(kept, file_id, AttachmentKind.PAPER))) <= PICTURE_BYTES


def test_hostile_files_are_refused_and_the_next_good_one_is_taken(kept: Kept) -> None:
    good = jpeg_file()
    bad = {"b_jpg": good[: len(good) // 2], "c_png": bomb(), "d_jpg": b"%PDF-1.7" + good, "e_gif": b"GIF89a"}
    put(kept.stick, a_jpg=good, **bad)
    *refused, file_id = offered(kept, 5)
    for each in refused:
        kept.room.take_file(PETITION, an_id(), each)
        assert kept.box.wait(PictureFailed).code is FaultCode.BAD_INPUT
    taken(kept, file_id)


def test_a_stick_that_is_pulled_out_is_told_and_its_pictures_are_refused(kept: Kept) -> None:
    put(kept.stick, a_jpg=jpeg_file(), b_jpg=jpeg_file())
    newest, _ = offered(kept, 2)
    for path in kept.stick.iterdir():
        path.unlink()
    kept.room.take_file(PETITION, an_id(), newest)
    assert kept.box.wait(PictureFailed).code is FaultCode.BAD_INPUT
    kept.room.stop_looking()
    kept.room.look_for_pictures()
    assert kept.box.wait(PicturesFound) == PicturesFound(stick=False)
    put(kept.stick, c_jpg=jpeg_file())
    assert kept.box.wait(PicturesFound).stick
    kept.room.take_file(PETITION, an_id(), "of before")
    assert kept.box.wait(PictureFailed).code is FaultCode.BAD_INPUT


def test_thumbnails_are_made_when_somebody_asks_and_forgotten_with_the_stick(kept: Kept) -> None:
    put(kept.stick, a_jpg=jpeg_file(colours(1600, 1200)))
    (file_id,) = offered(kept, 1)
    while (small := kept.room.picture(file_id)) is None:
        pass
    assert (small.width_px, small.height_px) == (480, 360)
    kept.room.stop_looking()
    assert kept.room.picture(file_id) is None


def test_links_and_hidden_files_are_not_offered(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(jpeg_file())
    put(kept.stick, a_jpg=jpeg_file(), b_txt=b"words")
    (kept.stick / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (kept.stick / "folder").symlink_to(tmp_path)
    (kept.stick / ".hidden.jpg").write_bytes(jpeg_file())
    (kept.stick / "pipe.jpg").unlink(missing_ok=True)
    os.mkfifo(kept.stick / "pipe.jpg")
    assert len(offered(kept, 1)) == 1


def test_a_name_written_with_a_finger_is_kept_as_a_small_picture(kept: Kept) -> None:
    id_ = an_id()
    kept.room.keep_signature(PETITION, id_, (((100, 300), (500, 40), (900, 300)), ((700, 350),)))
    event = kept.box.wait(PictureTaken)
    assert event.attachment.kind is AttachmentKind.SIGNATURE
    assert event.attachment.media_type == "image/png"
    assert len(kept.plain(id_)) <= SIGNATURE_BYTES
    pixels = kept.pixels(id_)
    assert pixels.shape == (400, 1000, 3)
    assert pixels[350, 700].max() == 0
    assert pixels[40, 500].max() < 60
    assert pixels[390, 10].min() == 255
    assert ((pixels[..., 0] > 0) & (pixels[..., 0] < 255)).sum() > 0
    kept.room.keep_signature(PETITION, an_id(), ())
    assert kept.box.wait(PictureFailed).code is FaultCode.BAD_INPUT


def test_no_more_than_six_pictures_go_with_a_petition_and_a_dropped_one_makes_room(kept: Kept) -> None:
    put(kept.stick, a_jpg=jpeg_file())
    (file_id,) = offered(kept, 1)
    *_, last = [taken(kept, file_id) for _ in range(6)]
    kept.room.take_file(PETITION, an_id(), file_id)
    assert kept.box.wait(PictureFailed).code is FaultCode.BAD_INPUT
    taken(kept, file_id, AttachmentKind.PAPER)
    kept.room.drop(PETITION, (last,))
    assert kept.room.picture(last) is None
    taken(kept, file_id)
    with pytest.raises(Fault):
        kept.plain(last)
    assert not any(last in path.name for path in kept.state.rglob("*"))


def test_what_is_forgotten_is_not_kept_and_what_was_kept_goes_with_the_draft(kept: Kept) -> None:
    put(kept.stick, a_jpg=jpeg_file())
    (file_id,) = offered(kept, 1)
    taken(kept, file_id)
    kept.room.take_file(PETITION, an_id(), file_id)
    kept.room.forget()
    kept.storekeeper.forget_draft(PETITION)
    with pytest.raises(Fault):
        kept.plain(an_id())  # asked after everything else
    outbox = [path for path in (kept.state / "outbox").iterdir() if path.is_file()]
    assert outbox == []
    assert not any(isinstance(event, PictureTaken) for event in kept.box.events)


def test_every_turn_that_a_telephone_can_be_held_in_is_undone() -> None:
    pictures = [decoded(jpeg_file(orientation=n), (999, 999)) for n in range(1, 9)]
    seen = [corners(pixels) for pixels in pictures if pixels is not None]
    assert seen == [
        [1, 2, 0, 0],
        [2, 1, 0, 0],
        [0, 0, 1, 2],
        [0, 0, 2, 1],
        [1, 0, 0, 2],
        [0, 1, 2, 0],
        [0, 2, 1, 0],
        [2, 0, 0, 1],
    ]


def test_on_a_full_disk_nothing_is_kept_and_that_is_said(kept: Kept) -> None:
    put(kept.stick, a_jpg=jpeg_file(noise()))
    (file_id,) = offered(kept, 1)
    before = sorted(path.name for path in (kept.state / "outbox").iterdir())
    room_for_rows = max(path.stat().st_size for path in kept.state.rglob("*")) + 60_000
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_for_rows, was[1]))
    try:
        kept.room.take_file(PETITION, an_id(), file_id)
        assert kept.box.wait(PictureFailed).code is FaultCode.DISK_FULL
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
        signal.signal(signal.SIGXFSZ, ignored)
    assert sorted(path.name for path in (kept.state / "outbox").iterdir()) == before
    taken(kept, file_id)


def test_a_camera_that_was_lost_for_a_moment_is_found_again_though_nobody_opens_it() -> None:
    box = Box()
    camera = Camera(
        CAMERA, lambda there: box.post(CameraFound() if there else CameraLost()), look_seconds=0.05, again_seconds=0.1
    )
    camera.launch()
    try:
        box.wait(CameraFound)
        camera.open()
        while (child := camera._child) is None or camera.live() is None:
            time.sleep(0.02)
        child.kill()
        box.wait(CameraLost)
        box.wait(CameraFound)
        while camera.looking:
            time.sleep(0.02)
        assert camera.live() is None
    finally:
        camera.shut_down()


def test_a_camera_that_goes_away_is_told_and_works_again_when_it_is_opened_next(tmp_path: Path) -> None:
    with a_room(tmp_path, CAMERA) as kept:
        for _ in range(2):
            kept.room.open_camera()
            kept.box.wait(CameraFound)
            child = kept.room._camera._child
            assert child is not None
            child.kill()  # as one that was pulled out ends
            kept.box.wait(CameraLost)
            assert kept.room.live() is None
