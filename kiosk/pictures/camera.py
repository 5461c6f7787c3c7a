"""The camera of the pictures: on only while somebody looks through it, in a child process that ends with that.

1. `open` starts the child, `close` ends it: no picture that nobody took outlives the step.
2. A shutter is answered with the next full picture the child passes on, or with None when there is none to come.
   A camera that is closed right after a shutter stays on until that is answered.
3. A child that ends by itself, or passes on nothing for a while, is a camera that is gone: that is told, and it is not
   started again until somebody opens it, a device comes, or a minute has passed: what a slow moment or another
   program kept from working is not missed for the rest of the day.
4. When it is idle, it looks now and then whether the device is there, which takes no process and lights no lamp; only
   for a device that was not there before, or was lost, a picture is seen once, to find out whether it works.
"""

import math
import os
import select
import struct
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kiosk.pictures.child import begin
from petition.ports import Frame
from voice.supervisor import python_module

if TYPE_CHECKING:  # the first screen is shown before these are loaded
    from typing import IO

    from kiosk.pictures.pixels import Pixels

BUSY = 16
"""What a child leaves with when another program has the camera."""
FIRST_SECONDS = 15.0
"""A camera may take seconds until its first picture, and a slow machine some more to load what decodes it."""
NEXT_SECONDS = 5.0
SHOT_SECONDS = 10.0
"""So long a closed camera stays on for a shutter that is not answered yet."""
LOOK_SECONDS = 2.0
AGAIN_SECONDS = 60.0
"""So long a camera that was lost, and is plugged in still, is left alone before it is tried again."""
JOIN_SECONDS = 2.0
SHOWN_TAG, FULL_TAG, SHOTS_TAG = b"p", b"f", b"t"
"""What the child passes on, small and large, and what it is asked for the large ones with."""
HEAD = struct.Struct(">cHH")
_MOST_PX = 1920
_PIECE_BYTES = 1 << 18

Shot = Callable[["Pixels | None"], None]
"""Takes a full picture, or None where there was none; called on the camera's thread."""


def camera_command(device: str, *options: str) -> tuple[str, ...]:
    """Return the command line of the process that looks."""
    return python_module("kiosk.pictures.camera_child", "--device", device, *options)


def nodes(device: str) -> tuple[str, ...]:
    """Return which devices there are of those that are asked for; one that was pulled out and in again is another."""
    if device == "auto":
        found = sorted(Path("/dev").glob("video[0-9]*"))
    else:
        found = [Path(device)] if device.startswith("/") else []
    told = [device] if device.startswith("lavfi:") else []
    for each in found:
        with suppress(OSError):
            here = each.stat()
            told.append(f"{each} {here.st_rdev} {here.st_ino}")
    return tuple(told)


class _End(Enum):
    """How a child ended."""

    LET_GO = auto()
    """Nobody looks any more."""
    BUSY = auto()
    """Another program has the camera."""
    GONE = auto()


class Camera:
    """One camera. `launch` it once, `open` and `close` as the steps want it, `shut_down` at the end."""

    def __init__(
        self,
        device: str,
        told: Callable[[bool], None],
        *,
        first_seconds: float = FIRST_SECONDS,
        next_seconds: float = NEXT_SECONDS,
        look_seconds: float = LOOK_SECONDS,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        """`device` is a path, `auto`, `lavfi:…` or "" for none; `told` hears whether there is a camera, on a thread."""
        self._device, self._told = device, told
        self._first_seconds, self._next_seconds, self._look_seconds = first_seconds, next_seconds, look_seconds
        self._again_seconds, self._again_at = again_seconds, math.inf
        self._changed = threading.Condition()
        self._wanted = self._closing = self._let_go = False
        self._trying = True
        """Whether a picture is to be seen once, to find out whether there is a camera."""
        self._there: bool | None = None
        """What was told last."""
        self._nodes: tuple[str, ...] = ()
        self._shots: deque[Shot] = deque()
        self._stay_until = 0.0
        self._child: subprocess.Popen[bytes] | None = None
        self._live: Frame | None = None
        self._thread = threading.Thread(target=self._run, name="pictures camera", daemon=True)

    def launch(self) -> None:
        """Find out whether there is a camera; `told` hears it."""
        if self._device:
            self._thread.start()
        else:
            self._told(False)

    def open(self) -> None:
        """Look; returns at once. Where there is nothing to be seen, `told` hears that."""
        if not self._device:
            self._told(False)
            return
        with self._changed:
            self._wanted = not self._closing
            self._changed.notify_all()

    def close(self) -> None:
        """Look no more; returns at once. What was shown is forgotten."""
        with self._changed:
            self._wanted, self._live = False, None
            self._stay_until = time.monotonic() + SHOT_SECONDS
            if not self._needed():
                self._end_child()
            self._changed.notify_all()

    def shoot(self, shot: Shot) -> None:
        """Take a full picture of what is seen; returns at once."""
        with self._changed:
            wanted = self._wanted
            if wanted:
                self._shots.append(shot)
                self._ask(1)
        if not wanted:
            shot(None)

    def forget(self) -> None:
        """Look no more, and take nothing that was asked for; returns at once."""
        with self._changed:
            self._shots.clear()
        self.close()

    def live(self) -> Frame | None:
        """Return what is seen now."""
        return self._live

    @property
    def looking(self) -> bool:
        """Whether a child looks, or is about to."""
        return self._child is not None or self._wanted

    def shut_down(self) -> None:
        """Switch the camera off for good. One that was never launched has nothing to end."""
        with self._changed:
            self._closing, self._trying = True, False
        self.forget()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def _needed(self) -> bool:
        return self._wanted or self._trying or (bool(self._shots) and time.monotonic() < self._stay_until)

    def _end_child(self) -> None:
        if self._child is not None:
            self._let_go = True
            self._child.kill()

    def _ask(self, shots: int) -> None:
        """Have the child take so many pictures."""
        if self._child is not None:
            with suppress(OSError):  # it is gone, and so is the camera
                os.write(cast("IO[bytes]", self._child.stdin).fileno(), SHOTS_TAG * shots)

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        self._nodes = nodes(self._device)
        while True:
            with self._changed:
                while not (self._needed() or self._closing):
                    stale = self._shots.popleft() if self._shots else None
                    if stale is not None:
                        stale(None)
                        continue
                    self._changed.wait(self._look_seconds)
                    self._look_for_devices()
                if self._closing:
                    return
                self._let_go = False
                self._child = child = begin(camera_command(self._device))  # None is as good as no camera
                self._ask(len(self._shots))
            end = self._listen(child) if child is not None else _End.GONE
            self._put_away(child, end)

    def _look_for_devices(self) -> None:
        """Find out whether a camera was plugged in or pulled out."""
        now = nodes(self._device)
        if now == self._nodes:
            if time.monotonic() >= self._again_at:
                self._trying, self._again_at = bool(now), math.inf
            return
        self._nodes = now
        self._trying = bool(now)
        if not now and self._there:
            self._tell(there=False)

    def _put_away(self, child: "subprocess.Popen[bytes] | None", end: _End) -> None:
        """Tell what became of a child's camera; who waits for a picture of it gets none."""
        with self._changed:
            self._child = self._live = None
            in_use = end is _End.BUSY and not self._wanted  # by the reader of slips, maybe: there is one
            if end is not _End.LET_GO:
                self._wanted = self._trying = False
                self._stay_until = 0.0
            failed = [] if self._needed() else list(self._shots)
            if failed:
                self._shots.clear()
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with suppress(OSError):
                    cast("IO[bytes]", pipe).close()
        for shot in failed:
            shot(None)
        if end is not _End.LET_GO and not self._closing:
            self._again_at = math.inf if in_use else time.monotonic() + self._again_seconds
            self._tell(there=in_use)

    def _tell(self, *, there: bool) -> None:
        if not there or not self._there:
            self._there = there
            self._told(there)

    def _listen(self, child: "subprocess.Popen[bytes]") -> _End:
        pipe = cast("IO[bytes]", child.stdout).fileno()
        seconds = self._first_seconds
        while (message := _message(pipe, time.monotonic() + seconds)) is not None:
            seconds = self._next_seconds
            self._take(*message)
            with self._changed:
                if not self._needed():
                    return _End.LET_GO
        with self._changed:
            if self._let_go:
                return _End.LET_GO
        with suppress(subprocess.TimeoutExpired):
            return _End.BUSY if child.wait(JOIN_SECONDS) == BUSY else _End.GONE
        return _End.GONE

    def _take(self, tag: bytes, width: int, height: int, told: bytearray) -> None:
        """Pass on a picture that the child sees."""
        shot: Shot | None = None
        with self._changed:
            self._trying = False
            if tag == FULL_TAG and self._shots:
                shot = self._shots.popleft()
            elif tag == SHOWN_TAG and self._wanted:
                self._live = Frame(width_px=width, height_px=height, rgb=bytes(told))
        self._tell(there=True)
        if shot is not None:
            import numpy as np

            shot(np.frombuffer(told, np.uint8).reshape(height, width, 3))


def _message(pipe: int, end: float) -> tuple[bytes, int, int, bytearray] | None:
    """Return one picture that a child passes on, None when there is none in time or it talks nonsense."""
    head = _exactly(pipe, HEAD.size, end)
    if head is None:
        return None
    tag, width, height = HEAD.unpack(head)
    if tag not in (SHOWN_TAG, FULL_TAG) or not (0 < width <= _MOST_PX and 0 < height <= _MOST_PX):
        return None
    told = _exactly(pipe, width * height * 3, end)
    return None if told is None else (tag, width, height, told)


def _exactly(pipe: int, length: int, end: float) -> bytearray | None:
    told = bytearray()
    while len(told) < length:
        if not select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
            return None
        piece = os.read(pipe, min(length - len(told), _PIECE_BYTES))
        if not piece:
            return None
        told += piece
    return told
