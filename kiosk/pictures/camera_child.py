"""Looks through a camera in a process of its own and passes on what it sees, small, and large if asked.

python -m kiosk.pictures.camera_child --device /dev/video0 --parent PID

Standard output: `p` (as shown) or `f` (full size), width and height, two bytes each, then rows of red, green, blue.
Standard input: one `t` for each full picture that is wanted.

It leaves with BUSY when another program has the camera, with 1 when there is none or it went away.
"""

import argparse
import errno
import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
import av.container

from kiosk.pictures.camera import BUSY, FULL_TAG, HEAD, SHOTS_TAG, SHOWN_TAG
from kiosk.pictures.pixels import Pixels, fitting, rgb
from voice.child import settle

SHOWN = (960, 720)
FULL = (1920, 1440)
AUTO = "auto"
LAVFI = "lavfi:"
SHOWN_A_SECOND = 12
BUSY_SECONDS = 2.0
"""So long a camera is waited for that another program may be about to let go of: the reader of slips, for one."""
BLIND_FRAMES = 5
"""Its first pictures are thrown away: light and sharpness have to settle."""
_BROKEN_IN_A_ROW = 30
_WISHES: tuple[dict[str, str], ...] = (
    {"input_format": "mjpeg", "video_size": "1920x1440"},
    {"video_size": "1920x1080"},
    {},
)
"""What a camera is asked for, one after the other; its driver takes the nearest size that it has."""


def devices(device: str) -> list[str]:
    """Return what is tried, in its order."""
    if device != AUTO:
        return [device]
    numbered = ((found.name.removeprefix("video"), found) for found in Path("/dev").glob("video*"))
    return [str(found) for number, found in sorted((int(n), path) for n, path in numbered if n.isdecimal())]


def open_camera(device: str) -> "av.container.InputContainer":
    """Open one camera; av.FFmpegError where there is none, or it is in use."""
    if device.startswith(LAVFI):
        return av.open(device.removeprefix(LAVFI), format="lavfi")
    for wish in _WISHES[:-1]:
        try:
            return av.open(device, format="video4linux2,v4l2", options=dict(wish))
        except av.FFmpegError as error:
            if error.errno in (errno.EBUSY, errno.ENOENT, errno.EACCES, errno.ENODEV, errno.ENXIO):
                raise
    return av.open(device, format="video4linux2,v4l2")


def seen(device: str) -> Iterator[av.VideoFrame]:
    """Yield what the first camera sees that sees something; av.FFmpegError when there is none, or it went away."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        met: av.FFmpegError | None = None
        for each in devices(device):
            try:
                camera = open_camera(each)
            except av.FFmpegError as error:
                met = error if met is None or error.errno == errno.EBUSY else met
                continue
            with camera:
                if camera.streams.video:
                    yield from _frames(camera, paced=each.startswith(LAVFI))
                    return
        if met is None or met.errno != errno.EBUSY or time.monotonic() > end:
            raise met or av.FFmpegError(errno.ENODEV, "there is no camera")
        time.sleep(0.1)


def _frames(camera: "av.container.InputContainer", *, paced: bool) -> Iterator[av.VideoFrame]:
    """Yield what one camera sees. Some pictures of a real one are broken; one that has nothing else is, too."""
    broken = 0
    while broken < _BROKEN_IN_A_ROW:
        try:
            for frame in camera.decode(video=0):
                broken = 0
                yield frame
                if paced:
                    time.sleep(1 / SHOWN_A_SECOND)
        except av.error.InvalidDataError:
            broken += 1
        else:
            return


def look(device: str, shots: "queue.SimpleQueue[None]") -> Iterator[tuple[bytes, Pixels]]:
    """Yield what is passed on: whatever was asked for by `shots`, and else what is shown, a few times a second."""
    next_at = 0.0
    for n, frame in enumerate(seen(device)):
        if n < BLIND_FRAMES:
            continue
        with suppress(queue.Empty):
            shots.get_nowait()
            yield FULL_TAG, rgb(frame, fitting(frame.width, frame.height, FULL))
        if (now := time.monotonic()) >= next_at:
            next_at = now + 0.9 / SHOWN_A_SECOND
            yield SHOWN_TAG, rgb(frame, fitting(frame.width, frame.height, SHOWN))


def _hear(shots: "queue.SimpleQueue[None]") -> None:
    while asked := os.read(0, 1):
        if asked == SHOTS_TAG:
            shots.put(None)
    os._exit(0)


def main() -> None:
    """Look until the kiosk ends this process, or the camera is gone."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.pictures.camera_child")
    parser.add_argument("--device", required=True)
    parser.add_argument("--parent", type=int, default=os.getppid(), help="leave when this process does")
    parser.add_argument("--once", action="store_true", help="see one picture, throw it away, and leave")
    arguments = parser.parse_args()
    settle(arguments.parent)
    av.logging.set_level(None)
    shots: queue.SimpleQueue[None] = queue.SimpleQueue()
    if not arguments.once:
        threading.Thread(target=_hear, args=(shots,), daemon=True).start()
    try:
        for tag, pixels in look(arguments.device, shots):
            if arguments.once:
                return
            sys.stdout.buffer.write(HEAD.pack(tag, pixels.shape[1], pixels.shape[0]))
            sys.stdout.buffer.write(pixels.tobytes())
            sys.stdout.buffer.flush()
    except av.FFmpegError as error:
        sys.exit(BUSY if error.errno == errno.EBUSY else 1)
    sys.exit(1)  # a camera does not come to an end; one that does is gone


if __name__ == "__main__":
    main()
