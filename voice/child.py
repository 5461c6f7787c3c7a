"""What both child processes do first and last: keep no core, die with the kiosk, talk in whole lines."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import BinaryIO

from voice.wire import MOST_BYTES, Message, decode, encode

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4


def settle(parent: int) -> None:
    """Leave no core dump, let no other process look in, and die when the process `parent` does (Linux).

    An exception in any thread ends the process: half a child answers half the commands.
    """
    threading.excepthook = _leave
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - exists on Unix only

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(0)


def _leave(problem: threading.ExceptHookArgs) -> None:
    threading.__excepthook__(problem)  # seen where the child is run by hand; the supervisor lets it vanish
    os._exit(1)


class Link:
    """The child's end of its two pipes. Standard output becomes private to it, so that no library can print into it."""

    def __init__(self, known: tuple[type[Message], ...]) -> None:
        self._known = known
        self._lock = threading.Lock()
        self._commands: BinaryIO = sys.stdin.buffer
        self._reports: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)

    def report(self, message: Message) -> None:
        """Send a message to the kiosk, whole, from any thread. Without a kiosk there is nothing left to do: leave."""
        line = memoryview(encode(message))
        try:
            with self._lock:
                while line:
                    line = line[self._reports.write(line) :]
        except OSError:
            os._exit(0)

    def commands(self) -> Iterator[Message]:
        """Yield what the kiosk asks for, until it closes the pipe. What is no command is passed over."""
        while line := self._commands.readline(MOST_BYTES):
            message = decode(line, self._known)
            if message is not None:
                yield message
