"""Looks through a camera for codes, in a process of its own, and prints what it saw.

A line is `NUMBER TAG` of a slip, a badge, or `foreign`:

python -m kiosk.scanning.camera_child --device /dev/video0 --parent PID

Pictures and what other codes say live in this process only, as long as a step asks for a slip, and end with it.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator

import av
import numpy as np
import zxingcpp

from kiosk.scanning.sighting import line_of
from voice.child import settle

Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
"""Rows of grey."""
SECONDS_AWAY = 2.0
"""A code that was out of sight for so long is shown anew, and told anew."""
LIVE = {"framerate": "10", "video_size": "1280x720"}
"""What a camera is asked for; it gives what it can."""


def pictures(device: str) -> Iterator[Picture]:
    """Yield what the camera sees, grey; av.error.FFmpegError when there is no camera or it went away.

    What is no device is a film, and seen to its end.
    """
    live = device.startswith("/dev/")
    with av.open(device, format="v4l2" if live else None, options=LIVE if live else {}) as camera:
        for frame in camera.decode(video=0):
            yield frame.to_ndarray(format="gray").astype(np.uint8, copy=False)


def look(device: str) -> Iterator[str]:
    """Yield what each code says that comes into sight; errors as in `pictures`."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    seen: dict[str, float] = {}
    for picture in pictures(device):
        now = time.monotonic()
        seen = {code: at for code, at in seen.items() if now - at < SECONDS_AWAY}
        for found in zxingcpp.read_barcodes(picture, formats=formats, try_invert=False):
            if found.text not in seen:
                yield found.text
            seen[found.text] = now


def main() -> None:
    """Look until the kiosk ends this process, or the camera is gone."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.scanning.camera_child")
    parser.add_argument("--device", required=True)
    parser.add_argument("--parent", type=int, default=os.getppid(), help="leave when this process does")
    parser.add_argument("--once", action="store_true", help="see one picture, throw it away, and leave")
    arguments = parser.parse_args()
    settle(arguments.parent)
    if arguments.once:
        next(pictures(arguments.device))
        return
    for code in look(arguments.device):
        sys.stdout.write(line_of(code) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
