"""A scanner on a serial line (RS-232, or USB that looks like it): reads codes on a thread of its own and posts them.

1. The device is opened for this process alone; one that is not there is looked for again every few seconds, for ever.
2. A code ends with its line, or with silence after it.
3. What comes right after a code belongs to nobody: a scanner that is held over a slip repeats it. Of several codes
   that came at once, the slip or the badge counts.
4. Nothing of a code is written anywhere; of one that is not ours, not even the event has anything.
"""

import termios
import threading
import time
from collections.abc import Callable

import serial

from kiosk.scanning.code_lines import CodeLines
from petition.events import BadgeScanned, ReceiptScanned
from petition.ports import Post
from petition.scan import read_scan

LOOK_AGAIN_SECONDS = 3.0
SILENCE_SECONDS = 0.2
REPEAT_SECONDS = 0.5
CHUNK_BYTES = 4096
JOIN_SECONDS = 2.0


class SerialScanner:
    """One scanner. `launch` it once, `shut_down` at the end."""

    def __init__(
        self,
        device: str,
        post: Post,
        *,
        baud: int = 9600,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`device` is a path; `baud` means nothing to USB. `clock` is monotonic, in seconds."""
        self._device, self._baud, self._post, self._clock = device, baud, post, clock
        self._look_again_seconds = look_again_seconds
        self.there = threading.Event()
        """Whether the device is open now."""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="serial scanner", daemon=True)

    def launch(self) -> None:
        """Begin to read; a device that is not there yet is waited for."""
        self._thread.start()

    def shut_down(self) -> None:
        """Stop reading. One that was never launched has nothing to stop."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with open_serial(self._device, self._baud) as line:
                    self.there.set()
                    self._read(line)
            except (OSError, ValueError, termios.error):  # SerialException is an OSError; ValueError: no such speed
                self.there.clear()
                self._closing.wait(self._look_again_seconds)

    def _read(self, line: serial.Serial) -> None:
        """Read until the device is gone (OSError) or the kiosk ends."""
        codes, quiet_until = CodeLines(), float("-inf")
        while not self._closing.is_set():
            data = line.read(1)
            if data:
                data += line.read(min(line.in_waiting, CHUNK_BYTES))
            found = codes.feed(data) if data else codes.rest()
            if self._clock() < quiet_until:
                codes.forget()
            elif found:
                quiet_until = self._clock() + REPEAT_SECONDS
                codes.forget()
                events = [read_scan(code) for code in found]
                ours = (event for event in events if isinstance(event, ReceiptScanned | BadgeScanned))
                self._post(next(ours, events[0]))


def open_serial(device: str, baud: int) -> serial.Serial:
    """Open a serial line, for this process alone; raises OSError or ValueError."""
    return serial.Serial(device, baud, timeout=SILENCE_SECONDS, exclusive=True)
