"""The line between kiosk and platform, as bad as a test wants it: a captive portal, a hole, nobody there."""

import contextlib
import re
import socket
import struct
import threading
from collections.abc import Callable
from enum import Enum

PORTAL = "<html><body>请先登录无线网络</body></html>".encode()
PIECE_BYTES = 64 * 1024
REQUESTS = (b"GET ", b"PUT ", b"POST ", b"PATCH ", b"HEAD ")


class Line(Enum):
    """What a line does with what is sent over it."""

    GOOD = "good"
    PORTAL = "portal"
    """Answers everything with 200 and a page."""
    HOLE = "hole"
    """Takes everything and never answers; what was open stays open."""
    GONE = "gone"
    """Hangs up on everybody."""


class Cut(Enum):
    """Where in one request and its answer the line breaks."""

    BEFORE_SENT = "before-sent"
    """No byte of the request reaches the platform."""
    MID_REQUEST = "mid-request"
    """The platform gets a part of the request."""
    BEFORE_ANSWER = "before-answer"
    """The platform has done what was asked; no byte of its answer comes back."""
    MID_HEAD = "mid-head"
    """The answer breaks off in its headers."""
    MID_ANSWER = "mid-answer"
    """The headers come whole, the body in part, then a plain end, as if that were all. Without a body: MID_HEAD."""


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
        self.has_cut = threading.Event()
        """Set when what `cut_next` asked for has happened."""
        self._planned: tuple[Cut, bytes] | None = None
        self._spared = 0
        self._doomed: dict[socket.socket, Cut] = {}
        """Lines to the platform on which an answer comes that won't get through, or not whole."""
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

    def cut_next(self, cut: Cut, request: bytes, *, after: int = 0) -> None:
        """Break the next request that begins so, e.g. b"PUT /v1/events/"; from then on the line is gone.

        So many that begin so get through before.
        """
        with self._lock:
            self.has_cut.clear()
            self._planned, self._spared = (cut, request), after

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
        with contextlib.suppress(OSError):
            up = source.getsockname() == self._listening.getsockname()
            while data := source.recv(PIECE_BYTES):
                if up:
                    self._note(data)
                    self.on_request(data)
                    cut = self._take_plan(data)
                    if cut in {Cut.BEFORE_SENT, Cut.MID_REQUEST}:
                        target.sendall(data[: len(data) // 2 if cut is Cut.MID_REQUEST else 0])
                        self._break()
                        break
                    if cut is not None:
                        self._doomed[target] = cut
                elif source in self._doomed:
                    self._answer_in_part(self._doomed.pop(source), data, source, target)
                    break
                if self._line is not Line.HOLE:
                    target.sendall(data)
        _reset(source)
        _reset(target)

    def _take_plan(self, data: bytes) -> Cut | None:
        with self._lock:
            if self._planned is None or not data.startswith(self._planned[1]) or not data.startswith(REQUESTS):
                return None
            if self._spared:
                self._spared -= 1
                return None
            cut, self._planned = self._planned[0], None
            return cut

    def _answer_in_part(self, cut: Cut, data: bytes, above: socket.socket, below: socket.socket) -> None:
        """Pass on as much of an answer as a cut lets through, then lose the line."""
        while b"\r\n\r\n" not in data and (more := above.recv(PIECE_BYTES)):
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
        if cut is Cut.MID_ANSWER and length is not None and int(length[1]) > 1:
            body = body or above.recv(PIECE_BYTES)
            with self._lock:
                self._open.remove(below)  # this one ends in good order: nothing but the length tells that more was due
            self._break()
            below.sendall(head + b"\r\n\r\n" + body[: int(length[1]) // 2])
            below.shutdown(socket.SHUT_WR)
            below.close()
            return
        if cut is not Cut.BEFORE_ANSWER:
            below.sendall(head[: len(head) // 2])
        self._break()

    def _break(self) -> None:
        # Before anybody can notice: who is hung up on finds the line gone, and the test finds that it was this cut.
        with self._lock:
            self._line = Line.GONE
            self.has_cut.set()
        self.become(Line.GONE)

    def _note(self, data: bytes) -> None:
        if data.startswith(REQUESTS):
            self.requests.append(data.split(b"\r\n", 1)[0])


def _reset(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
    line.close()
