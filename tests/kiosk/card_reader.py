"""A reader of resident cards made of software: the far end of a pty answers what the standard says, or worse."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from operator import xor
from pathlib import Path

from petition.identity import check_sign
from tests.kiosk.serial_line import SerialLine

PREAMBLE = bytes.fromhex("AAAAAA9669")
FIND, SELECT, READ, STATE = b"\x20\x01", b"\x20\x02", b"\x30\x01", b"\x11\xff"
ADDRESS, BIRTH, ISSUER = "幸福市春天区花园路一百号", "19380229", "幸福市公安局春天分局"
PHOTO = b"PHOTOGRAPH" * 102 + b"DONE"


def made_up(body: str) -> str:
    """Return seventeen digits with their check: a number that nobody has."""
    return body + check_sign(body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A card that lies on the reader."""

    name: str = "王小明"
    number: str = made_up("11010519491231000")
    kind: str = ""
    latin: str = ""

    def text(self) -> bytes:
        """What is written on it, 256 bytes."""
        if self.kind == "I":
            fields = [(self.latin, 120), ("1", 2), ("BRA123481121012", 30), ("BRA", 6), (self.name, 30)]
            fields += [("20170601", 16), ("20270601", 16), (BIRTH, 16), ("01", 4), ("1500", 8), ("I", 2), ("", 6)]
        else:
            fields = [(self.name, 30), ("1", 2), ("01", 4), (BIRTH, 16), (self.latin or ADDRESS, 70)]
            fields += [(self.number, 36), (ISSUER, 30), ("20100101", 16), ("长期", 16), ("", 18), ("", 4), ("", 6)]
            fields += [(self.kind, 2), ("", 6)]
        return b"".join((words.encode("utf-16-le") + b" \0" * size)[:size] for words, size in fields)

    def data(self) -> bytes:
        """What a reader answers to READ after the state."""
        text = self.text()
        return len(text).to_bytes(2, "big") + len(PHOTO).to_bytes(2, "big") + text + PHOTO


def answer(state: int, data: bytes = b"") -> bytes:
    """Return a frame as a reader sends it."""
    body = (len(data) + 4).to_bytes(2, "big") + bytes([0, 0, state]) + data
    return PREAMBLE + body + bytes([reduce(xor, body)])


class FakeReader(SerialLine):
    """The far end of a reader's serial line.

    `says` may change what is answered: it gets the command and the right answer, and returns the bytes that are sent.
    """

    def __init__(self, place: Path) -> None:
        self.card: Laid | None = None
        self.finds_again = True
        """Whether it finds a card that it has read, while that lies there; most don't."""
        self.says: Callable[[bytes, bytes], bytes] = lambda _, right: right
        self.well = 0x90
        self._changed = threading.Condition()
        self._heard: list[bytes] = []
        self._read: Laid | None = None
        super().__init__(place)

    def plug_in(self) -> None:
        super().plug_in()
        threading.Thread(target=self._serve, args=(self.far,), daemon=True).start()

    def pull_out(self) -> None:
        super().pull_out()
        with self._changed:
            self._heard.clear()

    def wait_for(self, command: bytes, times: int = 1) -> None:
        """Wait until a command has come so many times since the last `wait_for`; its answer is on its way."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._heard.count(command) >= times, 30.0):
                raise AssertionError(f"it was told {self._heard}")
            self._heard.clear()

    @property
    def heard(self) -> list[bytes]:
        with self._changed:
            return list(self._heard)

    def _serve(self, far: int) -> None:
        begun = b""
        with suppress(OSError):
            while data := os.read(far, 4096):
                begun += data
                while len(begun) >= 10:
                    assert begun.startswith(PREAMBLE)
                    assert reduce(xor, begun[5:10]) == 0
                    command, begun = begun[7:9], begun[10:]
                    said = self.says(command, self._answer(command))
                    with self._changed:
                        self._heard.append(command)
                        self._changed.notify_all()
                    while said:
                        said = said[os.write(far, said) :]

    def _answer(self, command: bytes) -> bytes:
        card = self.card
        if command == STATE:
            return answer(self.well)
        if card is None:
            self._read = None
            return answer(0x80 if command == FIND else 0x81 if command == SELECT else 0x41)
        if command == FIND:
            known = card is self._read and not self.finds_again
            return answer(0x80) if known else answer(0x9F, b"\0\0\0\0")
        if command == SELECT:
            return answer(0x90, bytes(8))
        self._read = card
        return answer(0x90, card.data())
