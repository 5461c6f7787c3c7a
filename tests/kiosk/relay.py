"""The line between kiosk and platform, as bad as a test wants it: a captive portal, a hole, nobody there."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from enum import Enum

PORTAL = "<html><body>请先登录无线网络</body></html>".encode()
PIECE_BYTES = 64 * 1024


class Line(Enum):
    """What a line does with what is sent over it."""

    GOOD = "good"
    PORTAL = "portal"
    """Answers everything with 200 and a page."""
    HOLE = "hole"
    """Takes everything and never answers; what was open stays open."""
    GONE = "gone"
    """Hangs up on everybody."""


class Relay:
    """A port that leads to a platform, for as long as the line is good."""

    def __init__(self, to: str) -> None:
        """`to` is the platform's address, http://127.0.0.1:PORT."""
        host, port = to.removeprefix("http://").split(":")
        self._to = (host, int(port))
        self._lock = threading.Lock()
        self._line = Line.GOOD
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.on_request: Callable[[bytes], None] = lambda _: None
        """Told of what goes up before it is passed on, on a thread of its own."""
        self.requests: list[bytes] = []
        """First lines of what came, whatever became of it."""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def become(self, line: Line) -> None:
        """Change the line. Into a hole everything falls silently; any other change cuts what is open."""
        with self._lock:
            self._line = line
            cut, self._open = ([], self._open) if line is Line.HOLE else (self._open, [])
        for each in cut:
            _reset(each)

    def close(self) -> None:
        """Hang up for good."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # else the thread goes on waiting in it
        self._listening.close()
        self.become(Line.GONE)

    def _accept(self) -> None:
        while True:
            try:
                below, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                line = self._line
                self._open.append(below)
            threading.Thread(target=self._serve, args=(below, line), daemon=True).start()

    def _serve(self, below: socket.socket, line: Line) -> None:
        with contextlib.suppress(OSError):
            match line:
                case Line.GONE:
                    _reset(below)
                case Line.PORTAL:
                    self._answer(below)
                case Line.HOLE:
                    while data := below.recv(PIECE_BYTES):
                        self._note(data)
                case Line.GOOD:
                    self._pass_on(below)

    def _answer(self, below: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
        self._note(below.recv(PIECE_BYTES))
        below.sendall(head + b"Content-Length: %d\r\n\r\n" % len(PORTAL) + PORTAL)
        below.shutdown(socket.SHUT_WR)
        while below.recv(PIECE_BYTES):  # closing over unread bytes would reset the line, and the answer with it
            pass
        below.close()

    def _pass_on(self, below: socket.socket) -> None:
        try:
            above = socket.create_connection(self._to)
        except OSError:
            _reset(below)
            return
        with self._lock:
            self._open.append(above)
        threading.Thread(target=self._pump, args=(above, below), daemon=True).start()
        self._pump(below, above)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        up = source.getsockname() == self._listening.getsockname()
        with contextlib.suppress(OSError):
            while data := source.recv(PIECE_BYTES):
                if up:
                    self._note(data)
                    self.on_request(data)
                if self._line is not Line.HOLE:
                    target.sendall(data)
        _reset(source)
        _reset(target)

    def _note(self, data: bytes) -> None:
        if data.split(b" ", 1)[0] in {b"GET", b"PUT", b"POST", b"PATCH", b"HEAD"}:
            self.requests.append(data.split(b"\r\n", 1)[0])


def _reset(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
    line.close()
