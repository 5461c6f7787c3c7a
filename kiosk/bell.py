"""What rings besides the loudspeaker: a lamp or a bell on a USB relay, switched over a serial line.

The usual boards (LCUS-1 and its relatives, with a CH340) take four bytes at 9600 baud and answer nothing:
A0, the number of the relay, 01 or 00, and the sum of these three. Other bytes can be configured.

1. One thread has the line; it is open while the bell is on, and closed otherwise.
2. While it is on, that is said again every few seconds: a board that was pulled out and plugged in comes back off.
3. It is switched off when the kiosk starts (one that was killed may have left it on), when it ends, and when nobody has
   renewed it for ten minutes: a bell that nobody can stop would be pulled out, and be missing the next time.
4. A board that is not there is looked for again every few seconds. Nobody waits for it, and nobody is told: the doctor
   says what is wrong with it.
"""

import termios
import threading
import time
from contextlib import suppress
from typing import Protocol

import serial

from kiosk import configuration

BAUD = 9600
RENEW_SECONDS = 600.0
REPEAT_SECONDS = 3.0
WRITE_SECONDS = 1.0
JOIN_SECONDS = 2.0


class Bell(Protocol):
    """Something that rings until it is told to stop. Nothing of it waits, and nothing of it raises."""

    def launch(self) -> None: ...
    def shut_down(self) -> None: ...
    def sound(self, on: bool) -> None: ...  # noqa: FBT001 - on and off are what it says


class NoBell:
    """Where nothing rings but the loudspeaker."""

    def launch(self) -> None:
        """Nothing to launch."""

    def shut_down(self) -> None:
        """Nothing to stop."""

    def sound(self, on: bool) -> None:  # noqa: FBT001 - as Bell has it
        """Nothing to hear."""


class Relay:
    """A relay on a serial line. `launch` it once, `shut_down` at the end."""

    def __init__(
        self,
        device: str,
        *,
        on: bytes,
        off: bytes,
        renew_seconds: float = RENEW_SECONDS,
        repeat_seconds: float = REPEAT_SECONDS,
    ) -> None:
        """`device` is a path, `on` and `off` are what switches it."""
        self._device = device
        self._bytes = {True: on, False: off}
        self._renew_seconds, self._repeat_seconds = renew_seconds, repeat_seconds
        self._changed = threading.Condition()
        self._on_until = 0.0
        """Monotonic: it is on until then."""
        self._closing = False
        self._line: serial.Serial | None = None
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)

    def launch(self) -> None:
        """Begin, by switching it off."""
        self._thread.start()

    def shut_down(self) -> None:
        """Switch it off. One that was never launched has nothing to stop."""
        with self._changed:
            self._on_until, self._closing = 0.0, True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def sound(self, on: bool) -> None:  # noqa: FBT001 - as Bell has it
        """Switch it on, for ten minutes more, or off."""
        with self._changed:
            if not self._closing:
                self._on_until = time.monotonic() + self._renew_seconds if on else 0.0
                self._changed.notify_all()

    def _run(self) -> None:
        done: bool | None = None
        """What it was last told; None while it is not known how it is."""
        while True:
            with self._changed:
                closing, left = self._closing, self._on_until - time.monotonic()
            on = left > 0
            if on or done is not False:
                done = on if self._switch(on=on) else None
            if closing:
                return
            if on:
                rest: float | None = min(left, self._repeat_seconds)
            else:
                rest = self._repeat_seconds if done is None else None  # what is off stays so
            with self._changed:
                if (self._on_until > time.monotonic()) is on and not self._closing:
                    self._changed.wait(rest)

    def _switch(self, *, on: bool) -> bool:
        """Write what switches it; return whether the line took it."""
        try:
            if self._line is None:
                self._line = open_relay(self._device)
            self._line.write(self._bytes[on])  # closing waits until it is out; flush could wait for ever
        except (OSError, ValueError, termios.error):  # SerialException is an OSError
            self._hang_up()
            return False
        if not on:
            self._hang_up()
        return True

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, termios.error):
                line.close()


def open_relay(device: str) -> serial.Serial:
    """Open a relay's serial line, for this process alone; raises OSError or ValueError."""
    return serial.Serial(device, BAUD, timeout=0, write_timeout=WRITE_SECONDS, exclusive=True)


def open_bell(bell: configuration.Bell) -> Bell:
    """Return what the configuration says that rings; nothing of it runs before `launch`."""
    if not bell.relay:
        return NoBell()
    return Relay(bell.relay, on=bytes.fromhex(bell.on), off=bytes.fromhex(bell.off))
