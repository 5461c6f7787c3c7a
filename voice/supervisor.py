"""Keeps one child process alive: starts it, feeds it, listens to it, kills it when it hangs, starts it anew.

Native sound and recognition code may crash or hang in the child; the kiosk notices no more than a sentence repeated.

What happens, in order, on one thread:
    1. The child is spawned with an environment of named variables only and no secrets in its arguments. What it prints
       on standard error goes nowhere: a traceback may quote what a resident said.
    2. Lines it writes become messages and are handed to `receive`; what is no message is passed over.
    3. Every `ping_seconds` it is asked whether it still works. Silence longer than `patience_seconds` gets it killed.
    4. When it is gone, `receive` gets Died, and after a rest that doubles with each failure it is spawned again.
    5. Where there is a `spare`, a second child waits, loaded but without a device. It takes the place of one that is
       gone at once, and the next spare is made when its successor has settled. What it is sent first is a Ping: until
       its turn comes it learns nothing. One that was started with another command than is wanted now has no turn.
    6. In between, the thread runs what was handed to `call`. So whoever owns a supervisor keeps all its state on this
       one thread, needs no locks, and makes nobody wait.

On Windows pipes can't be waited for like this; there a socket pair would do.
"""

import math
import os
import queue
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from voice.wire import Message, Ping, Quit, Ready, decode, encode

PING_SECONDS = 1.0
PATIENCE_SECONDS = 5.0
START_SECONDS = 30.0
"""Until Ready: a cold disk may have to read a model."""
HEALTHY_SECONDS = 2.0
"""A child that lived this long was started well: its end is the first failure, not the next."""
LEAVE_SECONDS = 1.0
SETTLED_SECONDS = 2.0
"""After Ready: then there is time to load a spare. A child that dies sooner has none, so nobody forks for ever."""
MOST_REPORT_BYTES = 1 << 20
"""A child that says more in one line has gone mad."""

HANDED_ON = ("PATH", "HOME", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "DBUS_SESSION_BUS_ADDRESS", "SYSTEMROOT")
HANDED_ON_PREFIXES = ("LANG", "LC_", "XDG_", "PULSE_", "PIPEWIRE_", "ALSA_", "JACK", "PA_", "ESPEAK", "PYTHON", "GLIBC")
"""The environment variables that a child may need to find its libraries and its devices, and to scrub its memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Died:
    """The child is gone, and with it whatever it was doing. A new one follows."""


Receive = Callable[[Message | Died], None]


def python_module(module: str, *arguments: str) -> tuple[str, ...]:
    """Return the command line that runs a module of ours with the Python that runs now."""
    return (sys.executable, "-m", module, "--parent", str(os.getpid()), *arguments)


def rest_seconds(failures: int) -> float:
    """Return how long to wait before the next start after so many failures in a row (from 1)."""
    return min(30.0, 0.1 * 2.0 ** min(16, failures - 1))


def environment(own: dict[str, str]) -> dict[str, str]:
    """Return what of our environment a child gets."""
    return {name: value for name, value in own.items() if name in HANDED_ON or name.startswith(HANDED_ON_PREFIXES)}


class Supervisor:
    """One child process under care. `receive` and calls run on the supervisor's own thread, one at a time."""

    def __init__(
        self,
        command: Sequence[str],
        known: tuple[type[Message], ...],
        receive: Receive,
        *,
        ping_seconds: float = PING_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
        start_seconds: float = START_SECONDS,
        spare: str = "",
        settled_seconds: float = SETTLED_SECONDS,
    ) -> None:
        """Care for a command. `spare` is the argument with which it loads, and begins at the first line it reads."""
        self._spare_argument = spare
        self._settled_seconds = settled_seconds
        self._spare: subprocess.Popen[bytes] | None = None
        self.command = tuple(command)
        """What the next child is started with; may be changed in `receive` and in calls."""
        self._known = known
        self._receive = receive
        self._ping_seconds = ping_seconds
        self._patience_seconds = patience_seconds
        self._start_seconds = start_seconds
        self._waiting = bytearray()
        self._replace_at = math.inf
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._wake_reader, self._waker = socket.socketpair()
        self._wake_reader.settimeout(0.0)
        self._waker.settimeout(0.0)
        self._thread = threading.Thread(target=self._run, name=f"supervisor of {self.command[-1]}", daemon=True)
        self.process_id = 0
        """Of the child that lives now, 0 where none does."""

    def start(self) -> None:
        """Spawn the child and keep one alive until close; returns at once."""
        self._thread.start()

    def call(self, function: Callable[[], None]) -> None:
        """Have a function run on the supervisor's thread, after those before it; may be called from any thread."""
        self._calls.put(function)
        self._wake()

    def close(self) -> None:
        """Let the child leave, or make it; after this nothing is received or called any more."""
        self._closing.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join(3 * LEAVE_SECONDS)
        self._waker.close()
        self._wake_reader.close()

    def _wake(self) -> None:
        with suppress(OSError):  # it will wake anyway: full of other calls, or closed
            self._waker.send(b"!")

    # --- for use in `receive` and in calls -----------------------------------------------------------------------

    def send(self, message: Message) -> None:
        """Write a message to the child as soon as it reads. Without a child it is dropped."""
        if self.process_id:
            self._waiting += encode(message)

    def replace(self, after_seconds: float) -> None:
        """Put a new child in this one's place after a while: only a new process sees a device that was plugged in."""
        self._replace_at = time.monotonic() + after_seconds

    # --- everything below runs on the supervisor's thread ----------------------------------------------------------

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            began = time.monotonic()
            replaced = self._live()
            self._run_calls()  # what was asked of the dead one is asked of nobody
            if self._closing.is_set():
                self._drop_spare()
                return
            self._receive(Died())
            lived = time.monotonic() - began
            failures = 0 if replaced else 1 if lived > HEALTHY_SECONDS else failures + 1
            if failures and self._spare is None:
                self._rest(rest_seconds(failures))
        self._drop_spare()
        self._run_calls()

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while not self._closing.is_set() and (left := end - time.monotonic()) > 0:
                if selector.select(left):
                    self._run_calls()

    def _run_calls(self) -> None:
        with suppress(OSError):
            while self._wake_reader.recv(4096):
                pass
        with suppress(queue.Empty):
            while True:
                self._calls.get_nowait()()

    def _live(self) -> bool:
        """Run one child to its end. Returns whether we ended it to have a new one."""
        spare, self._spare = self._spare, None
        # It may have died while it waited, or wait for another device, or with a recogniser that is done without.
        if spare is not None and (spare.poll() is not None or spare.args != (*self.command, self._spare_argument)):
            with spare:
                spare.kill()
            spare = None
        process = spare or self._spawn()
        if process is None:
            return False
        with process:
            to_child, from_child = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            os.set_blocking(to_child.fileno(), False)
            os.set_blocking(from_child.fileno(), False)
            self._waiting.clear()
            if spare is not None:
                self._waiting += encode(Ping())
            self._replace_at = math.inf
            self.process_id = process.pid
            try:
                return self._converse(to_child, from_child)
            finally:
                self.process_id = 0
                if self._closing.is_set():
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(LEAVE_SECONDS)
                process.kill()

    def _spawn(self, *arguments: str) -> subprocess.Popen[bytes] | None:
        try:
            return subprocess.Popen(
                (*self.command, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd=Path(__file__).parent.parent,
                env=environment(dict(os.environ)),
            )
        except OSError:  # no memory, no processes left: as good as dead
            return None

    def _drop_spare(self) -> None:
        spare, self._spare = self._spare, None
        if spare is not None:
            with spare:
                spare.kill()

    def _converse(self, to_child: IO[bytes], from_child: IO[bytes]) -> bool:
        """Carry messages to and fro. Returns whether the child is to be replaced, rather than dead or hung."""
        received = bytearray()
        ready = leaving = False
        heard_at = pinged_at = time.monotonic()
        spare_at = math.inf
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            selector.register(from_child, selectors.EVENT_READ)
            while True:
                self._run_calls()
                now = time.monotonic()
                if now >= self._replace_at:
                    return True
                if self._closing.is_set() and not leaving:
                    leaving = True
                    self.send(Quit())
                elif ready and now - pinged_at >= self._ping_seconds:
                    pinged_at = now
                    self.send(Ping())
                    if now >= spare_at:
                        spare_at = math.inf
                        self._spare = self._spawn(self._spare_argument)
                if self._waiting and not self._write(to_child):
                    return False
                if leaving and not self._waiting:
                    return False
                self._watch_writing(selector, to_child)
                rest = min(self._ping_seconds, self._replace_at - now)
                happened = {key.fileobj for key, _ in selector.select(rest)}
                if from_child in happened:
                    messages = self._read(from_child, received)
                    if messages is None:
                        return False
                    for message in messages:
                        if isinstance(message, Ready) and not ready:
                            ready = True
                            spare_at = time.monotonic() + self._settled_seconds if self._spare_argument else math.inf
                        self._receive(message)
                    heard_at = time.monotonic()  # not before: what receives may have been slow, the child was not
                elif time.monotonic() - heard_at > self._patience(ready=ready):
                    return False

    def _patience(self, *, ready: bool) -> float:
        if self._closing.is_set():
            return LEAVE_SECONDS
        return self._patience_seconds if ready else self._start_seconds

    def _watch_writing(self, selector: selectors.BaseSelector, to_child: IO[bytes]) -> None:
        """Be woken when the pipe takes more, as long as there is more."""
        if bool(self._waiting) == (to_child in selector.get_map()):
            return
        if self._waiting:
            selector.register(to_child, selectors.EVENT_WRITE)
        else:
            selector.unregister(to_child)

    def _write(self, to_child: IO[bytes]) -> bool:
        """Write what the pipe takes; return whether there still is a reader."""
        try:
            del self._waiting[: os.write(to_child.fileno(), self._waiting[: 1 << 16])]
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True

    def _read(self, from_child: IO[bytes], received: bytearray) -> list[Message] | None:
        """Return the messages that are whole now, None when the child has gone."""
        try:
            piece = os.read(from_child.fileno(), 1 << 18)
        except BlockingIOError:
            return []
        if not piece or len(received) > MOST_REPORT_BYTES:
            return None
        received += piece
        *lines, rest = received.split(b"\n")
        received[:] = rest
        return [message for line in lines if (message := decode(bytes(line), self._known)) is not None]
