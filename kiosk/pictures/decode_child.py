"""Decodes one picture that somebody brought, in a process of its own that can do nothing else, and leaves.

python -m kiosk.pictures.decode_child --parent PID

Standard input: width and height of the box to fit it into, two bytes each, then the file's bytes, then the end.
Standard output: width and height, two bytes each, then rows of red, green, blue; nothing for what is no whole picture.

From before the first byte is read it can open no file and no connection, write no file, and have only so much memory
and time. Whatever a decoder is tricked into, it finds nothing here but the picture, and what comes out is pixels.
"""

import argparse
import os
import resource
import struct
import sys
from typing import cast

import av
import numpy as np  # noqa: F401 - loaded before nothing can be opened any more

from kiosk.pictures.headers import kind_of, orientation, whole
from kiosk.pictures.pixels import Pixels, fitting, rgb, turned
from voice.child import settle

FILE_BYTES = 30_000_000
PIXELS_MOST = 60_000_000
MEMORY_BYTES = 1536 * 2**20
"""Sixty million pixels at eight bytes each are 480 MB, and a decoder may hold two of them."""
CPU_SECONDS = 12
SIZE = struct.Struct(">HH")
_TURNED_OVER = 5
"""From this orientation on, what was the picture's width is its height."""


def decoded(data: bytes, box: tuple[int, int]) -> Pixels | None:
    """Return a picture in a box, the right way up; None for what is none, is broken, or is too large."""
    kind = kind_of(data)
    if not kind or not whole(data) or len(data) > FILE_BYTES:
        return None
    decoder = cast("av.VideoCodecContext", av.CodecContext.create(kind, "r"))
    decoder.thread_count = 1
    # The decoder asks for no memory before it has held the size in the header against this.
    decoder.options = {"max_pixels": str(PIXELS_MOST), "err_detect": "explode+crccheck+bitstream+buffer"}
    try:
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    except (av.FFmpegError, ValueError, MemoryError):
        return None
    if not frames or frames[0].is_corrupt or frames[0].width * frames[0].height > PIXELS_MOST:
        return None
    held = orientation(data)
    frame = frames[0]
    if held >= _TURNED_OVER:
        box = box[1], box[0]
    return turned(rgb(frame, fitting(frame.width, frame.height, box)), held)


def confine() -> None:
    """Give up everything but memory, time and the pipes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def main() -> None:
    """Decode one picture."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.pictures.decode_child")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="leave when this process does")
    settle(parser.parse_args().parent)
    av.logging.set_level(None)
    confine()
    head = sys.stdin.buffer.read(SIZE.size)
    if len(head) < SIZE.size:
        return  # nobody wanted it
    pixels = decoded(sys.stdin.buffer.read(FILE_BYTES + 1), SIZE.unpack(head))
    if pixels is not None:
        sys.stdout.buffer.write(SIZE.pack(pixels.shape[1], pixels.shape[0]))
        sys.stdout.buffer.write(pixels.tobytes())
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
