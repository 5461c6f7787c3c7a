"""What a reader of resident cards is told and answers on a serial line: the frames of GA 467. No device, no clock.

    AA AA AA 96 69 | length, 2 bytes | command, parameter            | check      to the reader
    AA AA AA 96 69 | length, 2 bytes | SW1, SW2, state, data …       | check      from it

The length counts what comes after it; the check is the XOR of everything between the preamble and itself.
"""

from dataclasses import dataclass
from functools import reduce
from operator import xor

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
FIND, SELECT, READ, STATE = b"\x20\x01", b"\x20\x02", b"\x30\x01", b"\x11\xff"
"""READ asks for the words and the photograph, in one frame; for fingerprints nobody asks."""
DONE, FOUND, NO_CARD, SELF_TEST_FAILED, NOT_AUTHORISED = 0x90, 0x9F, 0x80, 0x60, 0x66
HEAD_BYTES = len(PREAMBLE) + 2
STATUS_BYTES = 3
LEAST_LENGTH, MOST_LENGTH = STATUS_BYTES + 1, STATUS_BYTES + 4 + 256 + 1024 + 1
"""From a bare state to all that READ answers."""
MOST_BYTES = 2 * (HEAD_BYTES + MOST_LENGTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A frame from the reader, still where it was received: it is gone when that is wiped."""

    state: int
    data: memoryview


def framed(command: bytes) -> bytes:
    """Return a command as it is sent."""
    body = (len(command) + 1).to_bytes(2, "big") + command
    return PREAMBLE + body + bytes([reduce(xor, body)])


class Frames:
    """Collects bytes in one place of its own until a frame is whole. Whatever comes, nothing is raised.

    Nothing is copied out of that place, and `wipe` overwrites all of it.
    """

    def __init__(self) -> None:
        self._bytes = bytearray(MOST_BYTES)
        self._view = memoryview(self._bytes)
        self._filled = 0

    def space(self) -> memoryview:
        """Return where the next bytes belong; there is always room for one."""
        return self._view[self._filled :]

    def take(self, count: int) -> Answer | None:
        """Take so many bytes that were put there, and return the frame that is whole by now.

        Garbage before it, lengths that no frame has, and frames whose check is wrong are passed over. The answer is
        valid until `wipe`, which makes room for the next: a line answers once to each command.
        """
        self._filled += count
        while True:
            self._drop(self._begins())
            if self._filled < HEAD_BYTES:
                return None
            length = int.from_bytes(self._view[len(PREAMBLE) : HEAD_BYTES], "big")
            if LEAST_LENGTH <= length <= MOST_LENGTH:
                end = HEAD_BYTES + length
                if self._filled < end:
                    return None
                if reduce(xor, self._view[len(PREAMBLE) : end]) == 0:
                    status = HEAD_BYTES + STATUS_BYTES
                    return Answer(state=self._bytes[status - 1], data=self._view[status : end - 1])
            self._drop(1)

    def wipe(self) -> None:
        """Overwrite everything that came, and begin anew."""
        self._view[:] = bytes(MOST_BYTES)
        self._filled = 0

    def _begins(self) -> int:
        """Return where a frame begins or may be about to: all before it is garbage."""
        found = self._bytes.find(PREAMBLE, 0, self._filled)
        if found >= 0:
            return found
        for length in range(len(PREAMBLE) - 1, 0, -1):
            if self._bytes.endswith(PREAMBLE[:length], 0, self._filled):
                return self._filled - length
        return self._filled

    def _drop(self, count: int) -> None:
        """Move what comes after so many bytes to the front, within the same memory, and overwrite what is left over."""
        if count:
            left = self._filled - count
            self._view[:left] = self._view[count : self._filled]
            self._view[left : self._filled] = bytes(count)
            self._filled = left
