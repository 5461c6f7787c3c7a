"""A serial line made of software: what is found at a place, as a device is, and the far end of it."""

import os
import tty
from contextlib import suppress
from pathlib import Path


class SerialLine:
    """A line that is plugged in; `far` is the end that a device would be at."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.far = self._near = -1
        self.plug_in()

    @property
    def device(self) -> str:
        """As a configuration may name it."""
        return os.ttyname(self._near)

    def plug_in(self) -> None:
        self.far, self._near = os.openpty()  # both are held: a line that nobody has open has a hung-up other end
        tty.setraw(self._near)
        self.place.unlink(missing_ok=True)
        self.place.symlink_to(self.device)

    def pull_out(self) -> None:
        """Take the device away: whoever has it open gets an error."""
        self.place.unlink(missing_ok=True)
        ends, self._near, self.far = (self._near, self.far), -1, -1
        for end in ends:
            with suppress(OSError):
                os.close(end)

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.far, data) :]
