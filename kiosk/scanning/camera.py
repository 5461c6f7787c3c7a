"""A camera that reads slips: on only while a step asks for one, in a child process that ends with the step.

1. `look` starts the child, `rest` ends it at once: no picture outlives the step, and none ever reaches this process.
2. Whatever the child says that is not a line of a slip or of a foreign code is passed over.
3. A child that ends by itself (no camera, one that was pulled out, a crash in a decoder) is started again after a
   while, as long as somebody is to be seen.
"""

import os
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from kiosk.scanning.sighting import event_of
from petition.ports import Post
from voice.supervisor import environment, python_module

LOOK_AGAIN_SECONDS = 3.0
MOST_BYTES = 64
JOIN_SECONDS = 2.0


def camera_command(device: str, *options: str) -> tuple[str, ...]:
    """Return the command line of the process that looks."""
    return python_module("kiosk.scanning.camera_child", "--device", device, *options)


class Camera:
    """One camera. `launch` it once, `look` and `rest` as the steps want it, `shut_down` at the end."""

    def __init__(self, device: str, post: Post, *, look_again_seconds: float = LOOK_AGAIN_SECONDS) -> None:
        """`device` is a path of Video4Linux."""
        self._command = camera_command(device)
        self._post, self._look_again_seconds = post, look_again_seconds
        self._changed = threading.Condition()
        self._wanted = self._closing = self._ended = False
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def launch(self) -> None:
        """Be ready to look."""
        self._thread.start()

    def look(self) -> None:
        """Switch the camera on; returns at once."""
        with self._changed:
            self._wanted = not self._closing
            self._changed.notify_all()

    def rest(self) -> None:
        """Switch the camera off; returns at once."""
        with self._changed:
            self._wanted, self._ended = False, True
            if self._child is not None:
                self._child.kill()
            self._changed.notify_all()

    def shut_down(self) -> None:
        """Switch the camera off for good. One that was never launched has nothing to end."""
        with self._changed:
            self._closing = True
        self.rest()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    @property
    def looking(self) -> bool:
        """Whether a child looks, or is about to."""
        return self._child is not None

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._closing)
                if self._closing:
                    return
                self._child, self._ended = (child := self._spawn()), False
            if child is not None:
                self._listen(child)
            with self._changed:
                self._child = None
                if not self._ended:  # by itself: something is wrong with it
                    self._changed.wait_for(lambda: self._ended, self._look_again_seconds)

    def _spawn(self) -> "subprocess.Popen[bytes] | None":
        with suppress(OSError):  # no memory, no processes left: tried again
            return subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parents[2],
                env=environment(dict(os.environ)),
            )
        return None

    def _listen(self, child: "subprocess.Popen[bytes]") -> None:
        with child:
            while child.stdout is not None and (line := child.stdout.readline(MOST_BYTES)):
                event = event_of(line.decode("ascii", "replace").strip())
                if event is not None and self._wanted:
                    self._post(event)
            child.kill()
