"""A receipt printer itself, by ESC/POS: network, serial line or USB. The slip goes to it as dots, not as text.

    how is it?  (DLE EOT)      → it does not answer, or is not well: nothing is sent
    a part of the slip         → and again how it is, before the next part
    cut; GS r                  → it answers when all before is on paper
    how is it?                 → printed

From the first part to the last answer, whatever goes wrong ends it, and whether a slip came out is unknown: no part is
sent twice. Each part is a whole command, so that a printer left in the middle takes the next slip for what it is.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtGui import QImage

from kiosk.printing.device import Ended, Told
from petition.ports import PrinterState, PrintOutcome
from petition.slip import PaperReceipt
from ui.receipt_page import PRINTED_DOTS, Paper, raster

if TYPE_CHECKING:
    from escpos.escpos import Escpos

SETTLING_SECONDS = 5.0
"""Longer than its memory takes to print. One that is well for so long, and knows no GS r, has printed."""
STALLED_SECONDS = 10.0
"""A printer that is printing may not answer for a while."""
PART_DOTS = 128
"""16 mm of paper."""

_SETTLED = b"\x1d\x72\x01"
_PRINTER, _CAUSE, _PAPER = b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04"
_WELL = {PrinterState.READY, PrinterState.PAPER_LOW}


def state_of(printer: int, cause: int, paper: int) -> PrinterState:
    """Return the answers to DLE EOT 1, 2 and 4 in our words, the worst of them."""
    if cause & 0x04:
        return PrinterState.COVER_OPEN
    if paper & 0x60 or cause & 0x20:
        return PrinterState.PAPER_OUT
    if printer & 0x08 or cause & 0x40:
        return PrinterState.UNKNOWN
    return PrinterState.PAPER_LOW if paper & 0x0C else PrinterState.READY


class Silent(Exception):
    """The printer did not answer in time, or the line broke."""


class EscposPrinter:
    """A receipt printer, as a Device."""

    def __init__(
        self,
        where: str,
        paper: Paper,
        *,
        baud: int = 9600,
        stalled_seconds: float = STALLED_SECONDS,
        settling_seconds: float = SETTLING_SECONDS,
    ) -> None:
        """Print on what the configuration calls `address` or `device`, a roll."""
        self._where, self._paper, self._baud = where, paper, baud
        self._stalled_seconds, self._settling_seconds = stalled_seconds, settling_seconds
        self._half_a_slip = False

    def state(self) -> PrinterState:
        """Return how it is; a second when it does not answer."""
        try:
            with self._line() as line:
                return line.state()
        except Silent:
            return PrinterState.OFFLINE

    def print_slip(self, slip: PaperReceipt, told: Told, leaving: threading.Event) -> Ended:
        """Print a slip once."""
        page = picture_of(raster(slip, self._paper))
        begun = False
        try:
            with self._line() as line:
                state = line.state()
                told(state)
                if state not in _WELL or leaving.is_set():
                    return Ended(outcome=PrintOutcome.NOT_PRINTED, state=state)
                begun = True
                ended = self._send(line, page, told)
                self._half_a_slip = ended.outcome is not PrintOutcome.PRINTED
                return ended
        except Silent:
            self._half_a_slip = self._half_a_slip or begun
            outcome = PrintOutcome.UNKNOWN if begun else PrintOutcome.NOT_PRINTED
            return Ended(outcome=outcome, state=PrinterState.OFFLINE)

    def withdraw_leftovers(self) -> None:
        """Have half a slip, which may stand in it, cut off before the next one: it has somebody else's number."""
        self._half_a_slip = True

    def _send(self, line: "_Line", page: Image.Image, told: Told) -> Ended:
        line.initialise()
        if self._half_a_slip:
            line.cut()
        for top in range(0, page.height, PART_DOTS):
            line.dots(page.crop((0, top, page.width, min(page.height, top + PART_DOTS))))
            state = line.state(self._stalled_seconds)
            told(state)
            if state not in _WELL:
                return Ended(outcome=PrintOutcome.UNKNOWN, state=state)
        line.cut()
        state = line.settled(self._settling_seconds, self._stalled_seconds)
        return Ended(outcome=PrintOutcome.PRINTED if state in _WELL else PrintOutcome.UNKNOWN, state=state)

    @contextmanager
    def _line(self) -> Iterator["_Line"]:
        """Open the way to the printer; raises Silent when there is none, or when it breaks."""
        from kiosk.printing.lines import CANNOT_OPEN, line_to

        try:
            line = line_to(self._where, self._baud, PRINTED_DOTS[self._paper])
            line.open()
        except CANNOT_OPEN:
            raise Silent from None
        try:
            yield _Line(line)
        except OSError:
            raise Silent from None
        finally:
            with suppress(OSError):
                line.close()


class _Line:
    """An open way to a printer. Raises Silent when nothing comes back, OSError when it breaks."""

    def __init__(self, line: "Escpos") -> None:
        self._line = line

    def initialise(self) -> None:
        self._line.hw("INIT")

    def dots(self, part: Image.Image) -> None:
        """Print black and white dots."""
        self._line.image(part, impl="bitImageRaster", fragment_height=part.height)

    def cut(self) -> None:
        """Feed to the knife, and cut: afterwards nothing stands in it."""
        self._line.cut()

    def state(self, patience_seconds: float = 0) -> PrinterState:
        """Ask how it is, for so long; a second at least. Answers that came late are not taken for those of now."""
        end = time.monotonic() + patience_seconds
        late = False
        while True:
            try:
                state = state_of(*(self._ask(question) for question in (_PRINTER, _CAUSE, _PAPER)))
            except Silent:
                if time.monotonic() >= end:
                    raise
                late = True
            else:
                if not late:
                    return state
                late = False
            while self._line.query_status(b""):
                pass

    def settled(self, seconds: float, stalled_seconds: float) -> PrinterState:
        """Wait until what was sent is on paper, or nothing is the matter for so long; return how it is then."""
        end = time.monotonic() + seconds
        heard = self._line.query_status(_SETTLED)
        while not _is_settled(heard) and time.monotonic() < end:
            state = self.state(stalled_seconds)
            if state not in _WELL:
                return state
            heard = self._line.query_status(b"")
        return self.state(stalled_seconds)

    def _ask(self, question: bytes) -> int:
        """Return the answer to a DLE EOT; what came before it, too late for another question, is passed over."""
        heard: bytes = self._line.query_status(question)
        while heard and not _is_status(heard):
            heard = self._line.query_status(b"")
        if not heard:
            raise Silent
        return heard[0]


def _is_status(heard: bytes) -> bool:
    """Tell an answer to DLE EOT by the bits that are the same in each."""
    return len(heard) == 1 and heard[0] & 0x93 == 0x12


def _is_settled(heard: bytes) -> bool:
    """Tell an answer to GS r, likewise."""
    return len(heard) == 1 and heard[0] & 0x90 == 0


def picture_of(image: QImage) -> Image.Image:
    """Return black and white dots of Qt as a picture of the same dots."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    size = (grey.width(), grey.height())
    return Image.frombuffer("L", size, bytes(grey.constBits()), "raw", "L", grey.bytesPerLine(), 1)
