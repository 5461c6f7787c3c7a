"""An ESC/POS printer that listens in the network, or on a serial line: it answers how it is, and keeps what it printed.

It takes what the kiosk may send and nothing else: an unknown command makes `strange` non-empty, and fails the test.
"""

import os
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

Receive = Callable[[], bytes]
Send = Callable[[bytes], object]
Dots = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


@dataclass(slots=True, kw_only=True)
class ReceiptPrinter:
    """What it is like just now, and what came out."""

    paper: str = "full"
    """full, low or out"""
    cover_open: bool = False
    broken: bool = False
    """Its knife is stuck."""
    silent: bool = False
    """It takes what it is sent and says nothing: hung, or not there."""
    holds_back: bool = False
    """Its next answer comes together with the one after it."""
    knows_gs_r: bool = True
    breaks_after: int | None = None
    """After so many parts, what `then` says happens."""
    then: str = ""
    """line-cut, paper-out, cover-open, silent or busy"""
    rows: list[Dots] = field(default_factory=list)
    """What stands on the paper in it."""
    slips: list[Dots] = field(default_factory=list)
    """What was cut off."""
    strange: list[bytes] = field(default_factory=list)
    parts: int = 0
    _held: bytes = b""

    def status(self, question: int) -> bytes:
        """Return the answer to DLE EOT."""
        out = self.paper == "out"
        stopped = 0x08 if self.cover_open or out or self.broken else 0
        cause = (0x04 if self.cover_open else 0) | (0x20 if out else 0) | (0x40 if self.broken else 0)
        sensor = {"full": 0, "low": 0x0C, "out": 0x6C}[self.paper]
        return bytes([0x12 | {1: stopped, 2: cause, 4: sensor}[question]])

    def ready_to_say(self, said: bytes) -> bytes:
        """Return what goes out on the line when this is to be said."""
        self._held += said
        if self.silent:
            self._held = b""
        if self.holds_back:
            self.holds_back = False
            return b""
        ready, self._held = self._held, b""
        return ready

    @property
    def halted(self) -> bool:
        return self.cover_open or self.paper == "out" or self.broken

    def on_paper(self, dots: Dots) -> None:
        """Print dots; raises ConnectionAbortedError where the line is to break."""
        self.rows.append(dots)
        self.parts += 1
        if self.breaks_after == self.parts:
            match self.then:
                case "line-cut":
                    raise ConnectionAbortedError
                case "paper-out":
                    self.paper = "out"
                case "cover-open":
                    self.cover_open = True
                case "silent":
                    self.silent = True
                case "busy":
                    self.holds_back = True

    def cut(self) -> None:
        if self.rows:  # else it is a blank piece
            self.slips.append(np.vstack(self.rows))
        self.rows.clear()


class _Stream:
    """Bytes as they come, from a line whose `receive` returns b"" at its end."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._waiting = receive, b""

    def take(self, count: int) -> bytes:
        """Return so many bytes; raises EOFError at the end."""
        while len(self._waiting) < count:
            if not (more := self._receive()):
                raise EOFError
            self._waiting += more
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken


def serve_one(printer: ReceiptPrinter, receive: Receive, send: Send) -> None:
    """Be the printer at the end of one line, until it ends."""
    stream = _Stream(receive)

    def answer(said: bytes) -> None:
        if ready := printer.ready_to_say(said):
            send(ready)

    while True:
        match stream.take(1):
            case b"\x10":  # DLE EOT n
                if stream.take(1) != b"\x04":
                    printer.strange.append(b"\x10")
                answer(printer.status(stream.take(1)[0]))
            case b"\x1b":
                match stream.take(1):
                    case b"\x40":  # ESC @: begin anew
                        pass
                    case b"\x64":  # ESC d n: feed lines
                        stream.take(1)
                    case other:
                        printer.strange.append(b"\x1b" + other)
            case b"\x1d":
                match stream.take(1):
                    case b"\x76":  # GS v 0 m xL xH yL yH: dots
                        _, _, x_low, x_high, y_low, y_high = stream.take(6)
                        across, down = x_low + 256 * x_high, y_low + 256 * y_high
                        packed = np.frombuffer(stream.take(across * down), np.uint8).reshape(down, across)
                        printer.on_paper(np.unpackbits(packed, axis=1))
                    case b"\x56":  # GS V m: cut
                        stream.take(1)
                        printer.cut()
                    case b"\x72":  # GS r n: told when all before is printed
                        stream.take(1)
                        if printer.knows_gs_r and not printer.halted:
                            answer(b"\x00")
                    case other:
                        printer.strange.append(b"\x1d" + other)
            case other:
                printer.strange.append(other)


@contextmanager
def in_the_network(printer: ReceiptPrinter) -> Iterator[str]:
    """Listen on this machine as long as the block runs; yield the address."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                try:
                    serve_one(printer, partial(line.recv, 65536), line.sendall)
                except (EOFError, OSError):
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@contextmanager
def on_a_serial_line(printer: ReceiptPrinter) -> Iterator[str]:
    """Be at the other end of a serial line as long as the block runs; yield its path."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    path = os.ttyname(theirs)

    def serve() -> None:
        try:
            serve_one(printer, lambda: os.read(ours, 65536), lambda said: os.write(ours, said))
        except (EOFError, OSError):
            return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield path
    finally:
        os.close(theirs)
        thread.join()
        os.close(ours)
