"""What becomes of picture files, whole and hostile: the process that decodes them, the stick, the command line."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gateway import admin, desk
from gateway.database import Petition
from gateway.serve import Served
from kiosk.configuration import Configuration, Pictures, load_configuration
from kiosk.doctor import examinations, examine
from kiosk.examine.finding import Condition
from kiosk.pictures import decode_child, stick
from kiosk.pictures.decoding import Decoder
from kiosk.pictures.headers import kind_of, orientation, whole
from kiosk.pictures.signature import drawn
from petition.errors import Fault
from petition.model import AttachmentKind
from tests.kiosk.commands_support import CommandLine, one_plain_line
from tests.kiosk.picture_support import CAMERA, PLACE, bomb, corners, file_of, jpeg_file

KINDS = ["mjpeg", "png", "webp", "bmp", "gif"]
BOX = (2048, 2048)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_taken_whole_and_refused_cut_short(kind: str) -> None:
    data = file_of(kind)
    assert kind_of(data) == kind
    pixels = decode_child.decoded(data, BOX)
    assert pixels is not None
    assert corners(pixels) == [1, 2, 0, 0]
    for part in (0.02, 0.2, 0.5, 0.8, 0.98):
        assert decode_child.decoded(data[: int(len(data) * part)], BOX) is None


@given(st.sampled_from(KINDS), st.data())
@settings(max_examples=60, deadline=None)
def test_a_file_with_any_bytes_changed_is_a_picture_or_none(kind: str, data: st.DataObject) -> None:
    content = bytearray(file_of(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    pixels = decode_child.decoded(bytes(content), (64, 64))
    assert pixels is None or max(pixels.shape[:2]) <= 64


@given(st.sampled_from([b"", *(file_of(kind)[:24] for kind in KINDS)]), st.binary(max_size=200))
def test_headers_of_any_bytes_are_read_without_a_fall(start: bytes, rest: bytes) -> None:
    assert whole(start + rest) in {True, False}
    assert 1 <= orientation(start + rest) <= 8


@pytest.mark.parametrize(
    "content",
    [b"", bomb(), b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"#EXTM3U\n/etc/passwd\n", bytes(5000)],
    ids=["empty", "bomb", "pdf", "svg", "playlist", "zeros"],
)
def test_what_is_no_picture_is_refused_by_the_process_that_decodes(content: bytes) -> None:
    with pytest.raises(Fault, match="bad-input"):
        Decoder().decode(lambda: iter([content]), BOX)


def test_a_file_that_is_never_read_to_its_end_is_given_up() -> None:
    reader, writer = os.pipe()  # a stick that was pulled out and keeps its reader waiting
    with pytest.raises(Fault, match="bad-input"):
        Decoder(seconds=0.2).decode(lambda: iter([os.read(reader, 1)]), BOX)
    os.close(writer)
    os.close(reader)


def test_a_confined_process_opens_nothing_and_reaches_nobody(tmp_path: Path) -> None:
    tried = (
        "import socket, sys\n"
        "from kiosk.pictures.decode_child import confine\n"
        "confine()\n"
        "def fails(what):\n"
        "    try: what()\n"
        "    except OSError: return 1\n"
        "    return 0\n"
        f"print(fails(lambda: open({str(tmp_path / 'x')!r}, 'w')), fails(lambda: open('/etc/passwd')),"
        " fails(socket.socket))\n"
        "try: bytearray(2**31)\n"
        "except MemoryError: print('small')\n"
    )
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "1", "1", "small"]


def test_only_what_can_be_pulled_out_is_looked_through_below_the_folders(tmp_path: Path) -> None:
    """Mount points and devices as the kernel tells them, in files of the test's own."""
    media, sys_dev = tmp_path / "media", tmp_path / "block"
    for name, number, device in (("STICK", "8:17", "usb1/sdb/sdb1"), ("DATA DISK", "8:33", "ata1/sdc/sdc1")):
        (media / name).mkdir(parents=True)
        (media / name / "a.jpg").write_bytes(jpeg_file())
        (tmp_path / device).mkdir(parents=True)
        sys_dev.mkdir(exist_ok=True)
        (sys_dev / number).symlink_to(tmp_path / device)
    lines = [
        f"30 1 {number} / {kernel} rw - vfat /dev/x rw"
        for number, kernel in (("8:17", f"{media}/STICK"), ("8:33", rf"{media}/DATA\040DISK"))
    ]
    (tmp_path / "mounts").write_text("\n".join(["nonsense", *lines]), "utf-8")
    tops = list(stick._tops([str(media)], tmp_path / "mounts", sys_dev))
    assert tops == [(media, False), (media / "STICK", True)]


def test_a_file_that_is_exchanged_for_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "stick" / "DCIM"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg_file())
    (found,) = stick.look([str(tmp_path / "stick")]).files
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotADirectoryError):
        list(stick.pieces(found))


def test_strokes_without_end_are_no_name() -> None:
    with pytest.raises(Fault, match="bad-input"):
        drawn((((0, 0), (1000, 400)) * 200,) * 200)


def test_the_doctor_sees_a_camera_or_says_what_to_do() -> None:
    assert examine({"camera": examinations(Configuration())["camera"]}) == ()
    (sees,) = examine({"camera": examinations(Configuration(pictures=Pictures(camera=CAMERA)))["camera"]})
    assert sees.condition is Condition.OK
    (gone,) = examine({"camera": examinations(Configuration(pictures=Pictures(camera="/dev/video-none")))["camera"]})
    assert (gone.condition, "pictures.camera" in gone.english) == (Condition.CARE, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('camera = "video0"', "pictures.camera must be a device"),
        ('stick = ["media"]', "pictures.stick must be a whole path"),
        ('stick = "/media"', "pictures.stick should be a valid list"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"[pictures]\n{text}", "utf-8")
    with pytest.raises(Fault) as met:
        load_configuration(path)
    assert said in str(met.value.remedy)


def test_a_picture_on_the_command_line_arrives_at_the_desk_without_its_place(
    enrolled: CommandLine, served: Served, tmp_path: Path
) -> None:
    path = tmp_path / "home.jpg"
    path.write_bytes(jpeg_file(orientation=6))
    enrolled.file("--picture", path, "--picture", path)
    assert enrolled("sync", "--once").code == 0
    admin.put_staff(served.platform, account="wang", name="王芳", password="feng-he-ri-li")
    with served.platform.database.reading() as rows:
        (petition_id,) = rows.scalars(select(Petition.id))
    opened = desk.open_petition(served.platform, petition_id, account="wang")
    assert [each.kind for each in opened.attachments] == [AttachmentKind.PICTURE] * 2
    media_type, plain = desk.open_attachment(served.platform, petition_id, opened.attachments[0].id, account="wang")
    pixels = decode_child.decoded(plain, BOX)
    assert pixels is not None
    assert (media_type, corners(pixels), PLACE in plain) == ("image/jpeg", [0, 1, 2, 0], False)


def test_a_hostile_file_on_the_command_line_is_refused_in_one_line(enrolled: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / f"{uuid.uuid4()}.jpg"
    for content in (b"%PDF-1.7\n", bomb(), jpeg_file()[:900]):
        path.write_bytes(content)
        refused = enrolled("file", "--text", "灯坏了", "--picture", path)
        assert (refused.code, one_plain_line(refused.error)) == (2, True)
        assert path.name not in refused.error
    many = [argument for _ in range(7) for argument in ("--picture", path)]
    assert "no more than 6" in enrolled("file", "--text", "灯坏了", *many).error
    assert enrolled("file", "--text", "灯坏了", "--picture", tmp_path / "none.jpg").code == 2
    assert enrolled.waiting() == []
