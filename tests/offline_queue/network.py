"""Networks that misbehave: a TCP proxy that cuts, and a server that answers what it likes."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence


class CuttingProxy:
    """Passes bytes on to a server and resets the line whenever so many bytes have gone up."""

    def __init__(self, to: tuple[str, int], cut_after_bytes: Sequence[int]) -> None:
        self._to = to
        self._cuts = sorted(cut_after_bytes)
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.sent_up = 0
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                below, _ = self._listening.accept()
            except OSError:
                return
            try:
                above = socket.create_connection(self._to)
            except OSError:
                _reset(below)
                continue
            for source, target, up in ((below, above, True), (above, below, False)):
                threading.Thread(target=self._pump, args=(source, target, up), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(16 * 1024):
                if up and self._is_cut(len(data)):
                    break
                target.sendall(data)
        _reset(source)
        _reset(target)

    def _is_cut(self, length: int) -> bool:
        with self._lock:
            self.sent_up += length
            if self._cuts and self.sent_up >= self._cuts[0]:
                self._cuts.pop(0)
                self.cuts += 1
                return True
        return False


def _reset(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
    line.close()


Answers = Callable[[bytes, int], bytes]
"""Takes a request's head and how many came before; returns the raw bytes to answer, b"" to hang up."""


@contextlib.contextmanager
def answering(answers: Answers) -> Iterator[str]:
    """Run a server that answers raw bytes to each request and hangs up; yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listening, answers), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def _serve(listening: socket.socket, answers: Answers) -> None:
    count = 0
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        with contextlib.suppress(OSError), line:
            line.settimeout(5)
            head, rest = _read_head(line)
            line.sendall(answers(head, count))
            line.shutdown(socket.SHUT_WR)
            _drain(line, head, rest)
        count += 1


def _read_head(line: socket.socket) -> tuple[bytes, bytes]:
    read = b""
    while b"\r\n\r\n" not in read:
        piece = line.recv(65536)
        if not piece:
            break
        read += piece
    head, _, rest = read.partition(b"\r\n\r\n")
    return head, rest


def _drain(line: socket.socket, head: bytes, rest: bytes) -> None:
    """Read what is still coming: closing over unread bytes resets the line, and the answer with it."""
    while line.recv(65536):
        pass


def http(status: str, body: bytes = b"", **headers: str) -> bytes:
    """Return an HTTP answer's bytes; header names with _ for -."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
