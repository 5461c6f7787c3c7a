"""Picture files as people bring them, and as people who mean harm do; and a room of pictures with a real store."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
import numpy as np

from kiosk.configuration import Configuration, Pictures
from kiosk.pictures.decode_child import decoded
from kiosk.pictures.pixels import Pixels, _encoded, jpeg
from kiosk.pictures.room import PictureRoom
from kiosk.storekeeper import Storekeeper
from offline_queue.store import open_store
from tests.kiosk.events_box import Box
from tests.offline_queue.conftest import MACHINE
from tests.offline_queue.platform import Clock, PlatformKeys, an_identity

CAMERA = "lavfi:testsrc=size=640x480:rate=15"
PLACE = b"GPS 39.9042 N 116.4074 E; Wang Xiulan's telephone"
"""What a picture tells of its maker, in its EXIF."""
RED, GREEN, BLUE = (200, 30, 30), (30, 170, 30), (30, 30, 200)


def colours(width: int = 320, height: int = 240) -> Pixels:
    """Red, with green in the upper left and blue in the upper right corner."""
    pixels = np.full((height, width, 3), RED, np.uint8)
    pixels[: height // 2, : width // 4] = GREEN
    pixels[: height // 2, width - width // 4 :] = BLUE
    return pixels


def noise(width: int = 1000, height: int = 1000) -> Pixels:
    """What can't be made small."""
    made: Pixels = np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)
    return made


def corners(pixels: Pixels) -> list[int]:
    """Which of red, green, blue (0, 1, 2) is in each corner: from the upper left on, clockwise."""
    return [int(pixels[y, x].argmax()) for y, x in ((9, 9), (9, -9), (-9, -9), (-9, 9))]


def exif(orientation: int) -> bytes:
    """EXIF with an orientation and a place."""
    fields = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    fields += struct.pack(">HHII", 0x010E, 2, len(PLACE), 38)
    return b"MM\0*" + struct.pack(">IH", 8, 2) + fields + struct.pack(">I", 0) + PLACE


def jpeg_file(pixels: Pixels | None = None, *, orientation: int = 1) -> bytes:
    """A JPEG as a telephone makes it."""
    plain = jpeg(colours() if pixels is None else pixels)
    body = b"Exif\0\0" + exif(orientation)
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def file_of(kind: str) -> bytes:
    """A whole picture of each kind that is taken."""
    formats = {"png": "rgb24", "libwebp": "yuv420p", "bmp": "bgr24", "gif": "rgb8"}
    if kind == "mjpeg":
        return jpeg_file()
    codec = "libwebp" if kind == "webp" else kind
    frame = av.VideoFrame.from_ndarray(colours(), format="rgb24").reformat(format=formats[codec])
    return _encoded(codec, frame, 0)


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few bytes that says it has nine hundred million pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A room, its store and what it told."""

    room: PictureRoom
    storekeeper: Storekeeper
    box: Box
    state: Path
    stick: Path

    def plain(self, id_: str) -> bytes:
        """What is sealed under an id."""
        return self.storekeeper.read_recording(id_)

    def pixels(self, id_: str) -> Pixels:
        """The picture that is sealed under an id."""
        pixels = decoded(self.plain(id_), (4096, 4096))
        assert pixels is not None
        return pixels

    def on_disk(self, marker: bytes) -> bool:
        """Whether some bytes stand in any file of the state."""
        return any(marker in path.read_bytes() for path in self.state.rglob("*") if path.is_file())


@contextmanager
def a_room(folder: Path, camera: str = "") -> Iterator[Kept]:
    """A room of pictures over an enrolled store, launched."""
    state, stick, box = folder / "state", folder / "stick", Box()
    opened = partial(open_store, state, clock=Clock(), machine=lambda: MACHINE)
    with opened() as store:
        store.become(an_identity(PlatformKeys()))
    storekeeper = Storekeeper(opened, box.post, filed=lambda: None)
    storekeeper.launch()
    configuration = Configuration(pictures=Pictures(camera=camera, stick=[str(stick)]))
    room = PictureRoom(configuration, storekeeper, box.post)
    room.launch()
    try:
        yield Kept(room=room, storekeeper=storekeeper, box=box, state=state, stick=stick)
    finally:
        room.shut_down()
        storekeeper.shut_down()
