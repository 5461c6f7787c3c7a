"""Files that people bring, decoded where they can do no harm: in a child process each, for a file of its own.

1. A child may wait, loaded, for the next file: whoever looks through a stick should not wait for Python to start.
2. The file is read on a thread of its own, for a stick that was pulled out may keep its reader waiting.
3. What comes out of the child is a size and so many pixels, or nothing. What takes too long is killed.
"""

import os
import select
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from kiosk.pictures.child import begin
from petition.errors import Fault, FaultCode
from voice.supervisor import python_module

if TYPE_CHECKING:  # the first screen is shown before these are loaded
    from typing import IO

    from kiosk.pictures.pixels import Pixels

SECONDS = 20.0
"""A slow stick takes ten for a large picture, a decoder one."""
KEPT_BOX = (2048, 2048)
"""What a picture is made to fit into before it is kept."""
MOST_PICTURES = 6
"""Of one petition; papers and signatures do not count."""
_SIZE = struct.Struct(">HH")
_PIECE_BYTES = 1 << 16

Feed = Callable[[], Iterator[bytes]]
"""Opens a file and yields what stands in it; OSError or Fault when it goes away or is refused."""


class Decoder:
    """Decodes one file after the other; `decode` belongs to one thread, the others may be called from any."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        """`seconds` is what one file may take, its reading included."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._ready: subprocess.Popen[bytes] | None = None
        self._at_work: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Have a child wait for the next file."""
        with self._lock:
            if self._ready is None or self._ready.poll() is not None:
                self._ready = _spawn()

    def rest(self) -> None:
        """Let the waiting child go."""
        with self._lock:
            ready, self._ready = self._ready, None
        if ready is not None:
            cast("IO[bytes]", ready.stdin).close()
            _end(ready)

    def cancel(self) -> None:
        """End what is being decoded, now."""
        with self._lock:
            if self._at_work is not None:
                self._at_work.kill()
        self.rest()

    def decode(self, feed: Feed, box: tuple[int, int]) -> "Pixels":
        """Return a picture, the right way up, no larger than a box; raises Fault(BAD_INPUT)."""
        import numpy as np

        with self._lock:
            child, self._ready = self._ready, None
            if child is not None and child.poll() is not None:
                cast("IO[bytes]", child.stdin).close()
                cast("IO[bytes]", child.stdout).close()
                child = None
            child = child or _spawn()
            self._at_work = child
        if child is None:
            raise _refused()
        try:
            told = self._converse(child, feed, box)
        finally:
            with self._lock:
                self._at_work = None
            _end(child)
        width, height = _SIZE.unpack_from(told)
        return np.frombuffer(told, np.uint8, offset=_SIZE.size).reshape(height, width, 3)

    def _converse(self, child: "subprocess.Popen[bytes]", feed: Feed, box: tuple[int, int]) -> bytearray:
        end = time.monotonic() + self._seconds
        threading.Thread(target=_feed, args=(child, feed, box), name="picture file", daemon=True).start()
        pipe = cast("IO[bytes]", child.stdout).fileno()
        told = bytearray()
        wanted = _SIZE.size
        while len(told) < wanted:
            piece = _read(pipe, wanted - len(told), end)
            if not piece:
                told[:] = bytes(len(told))
                raise _refused()
            told += piece
            if len(told) == wanted == _SIZE.size:
                width, height = _SIZE.unpack(told)
                if not (0 < width <= max(box) and 0 < height <= max(box)):
                    raise _refused()
                wanted += width * height * 3
        return told


def _spawn() -> "subprocess.Popen[bytes] | None":
    return begin(python_module("kiosk.pictures.decode_child"))  # without one it is refused, and asked for again


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End a child; its input is closed by who feeds it."""
    child.kill()
    child.wait()
    cast("IO[bytes]", child.stdout).close()


def _feed(child: "subprocess.Popen[bytes]", feed: Feed, box: tuple[int, int]) -> None:
    with cast("IO[bytes]", child.stdin) as pipe, suppress(BrokenPipeError):
        try:
            _write(pipe, _SIZE.pack(*box))
            for piece in feed():
                _write(pipe, piece)
        except BrokenPipeError:
            raise  # it has seen enough
        except (OSError, Fault):
            child.kill()  # before the end of the pipe is taken for the end of the file


def _write(pipe: "IO[bytes]", data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[pipe.write(view) :]


def _read(pipe: int, most: int, end: float) -> bytes:
    """Return what a child says, b"" when it says nothing any more or the time is over."""
    if not select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
        return b""
    return os.read(pipe, min(most, _PIECE_BYTES))


def _refused() -> Fault:
    return Fault(FaultCode.BAD_INPUT, "this is no picture that can be taken: it is broken, too large, or none")
