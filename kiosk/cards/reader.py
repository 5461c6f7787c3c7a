"""A reader of resident cards on a serial line: looks for a card while it is asked to, on a thread of its own.

1. Nothing is opened, sent or posted before somebody is asked for their card, and nothing after.
2. While asked: find, select, read, one after the other, until a card answers. Each card is told once, however long it
   lies there; another one is told, too. Laying a card anew after `stop` and `ask` tells it again.
3. Every answer has its time; a reader that gives none, or is pulled out, is opened anew every few seconds. What is said
   to a reader is always heard to the end: what it answers late is never taken for the next card's.
4. Only name and number leave the place where a card's bytes were received. That place is overwritten after every card
   and at the end.
"""

import os
import select
import termios
import threading
import time
from typing import Self

import serial

from kiosk.cards.card_text import Person, person
from kiosk.cards.frames import DONE, FIND, FOUND, READ, SELECT, STATE, Answer, Frames, framed
from kiosk.configuration import Card, Configuration
from petition.events import CardRead
from petition.ports import Post

ANSWER_SECONDS = 3.0
"""Reading a card takes a second and more."""
GLANCE_SECONDS = 0.2
"""So often somebody who waits for an answer looks whether the kiosk ends."""
POLL_SECONDS = 0.3
LOOK_AGAIN_SECONDS = 3.0
WRITE_SECONDS = 1.0
JOIN_SECONDS = 2.0


class CardReader:
    """The reader that is configured, or none. `launch` it once, `shut_down` at the end. Nothing of it raises."""

    def __init__(
        self,
        configuration: Configuration,
        post: Post,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        poll_seconds: float = POLL_SECONDS,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        """`post` takes CardRead, from the reader's thread."""
        self._card, self._post = configuration.card, post
        self._answer_seconds, self._poll_seconds = answer_seconds, poll_seconds
        self._look_again_seconds = look_again_seconds
        self.there = threading.Event()
        """Whether a reader has answered since it was last asked for a card, and not been lost."""
        self._changed = threading.Condition()
        self._asking = 0
        """Which time it is being asked for a card; 0 while it is not."""
        self._asked = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="card reader", daemon=True)

    def launch(self) -> None:
        """Begin to wait for being asked; where no reader is configured, nothing begins."""
        if self._card.port:
            self._thread.start()

    def ask(self) -> None:
        """Look for a card from now on."""
        with self._changed:
            self._asked += 1
            self._asking = self._asked
            self._changed.notify_all()

    def stop(self) -> None:
        """Look for none any more: once this returns, no CardRead is posted until it is asked again."""
        with self._changed:
            self._asking = 0
            self._changed.notify_all()

    def shut_down(self) -> None:
        """Stop for good. One that was never launched has nothing to stop."""
        self.stop()
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asking or self._closing.is_set())
                asking = self._asking
            if self._closing.is_set():
                return
            try:
                with CardLine(self._card, self._closing, self._answer_seconds) as line:
                    self._attend(line, asking)
            except (OSError, ValueError, termios.error):  # SerialException is an OSError; ValueError: no such speed
                self.there.clear()
                self._rest(asking, self._look_again_seconds)

    def _attend(self, line: "CardLine", asking: int) -> None:
        """Look for cards until it is told to stop. Raises OSError when the reader is gone or gives no answer."""
        told: set[int] = set()
        lies_there = False
        while self._wanted(asking):
            found = line.finds()
            self.there.set()
            if not found:
                lies_there = False
            elif not lies_there:
                read = line.read()
                lies_there = read is not None
                if read is not None and hash(read) not in told:
                    told.add(hash(read))
                    self._tell(read, asking)
            self._rest(asking, self._poll_seconds)
        self.there.clear()

    def _tell(self, read: Person, asking: int) -> None:
        with self._changed:
            if self._asking == asking:
                self._post(CardRead(name=read.name, id_number=read.number))

    def _wanted(self, asking: int) -> bool:
        with self._changed:
            return self._asking == asking and not self._closing.is_set()

    def _rest(self, asking: int, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._asking != asking or self._closing.is_set(), seconds)


class CardLine:
    """A reader's serial line, open for this process alone, as long as it is needed."""

    def __init__(self, card: Card, closing: threading.Event, answer_seconds: float = ANSWER_SECONDS) -> None:
        """Open it; raises OSError, ValueError or termios.error. `closing` ends waiting for an answer."""
        self._closing, self._answer_seconds = closing, answer_seconds
        self._frames = Frames()
        self._line = serial.Serial(card.port, card.baud, timeout=0, write_timeout=WRITE_SECONDS, exclusive=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._frames.wipe()
        self._line.close()

    def state(self) -> int:
        """Return how the reader says it is: DONE when it is well."""
        return self._told(STATE).state

    def finds(self) -> bool:
        """Tell whether a card lies there. Most readers find the same card once, until it is lifted and laid anew."""
        return self._told(FIND).state == FOUND

    def read(self) -> Person | None:
        """Return whose card was found, None where it was lifted too soon or is no resident's."""
        if self._told(SELECT).state != DONE:
            return None
        answer = self._told(READ)
        try:
            return person(answer.data) if answer.state == DONE else None
        finally:
            self._frames.wipe()

    def _told(self, command: bytes) -> Answer:
        """Send a command and return the answer; raises OSError where none comes in time."""
        self._frames.wipe()
        self._line.reset_input_buffer()
        self._line.write(framed(command))
        until = time.monotonic() + self._answer_seconds
        while (left := until - time.monotonic()) > 0 and not self._closing.is_set():
            ready, _, _ = select.select([self._line.fileno()], [], [], min(left, GLANCE_SECONDS))
            if not ready:
                continue
            # Read here and not by pyserial, which makes copies of what it reads that nobody can overwrite.
            count = os.readv(self._line.fileno(), [self._frames.space()])
            if not count:
                raise OSError("the reader is gone")
            if (answer := self._frames.take(count)) is not None:
                return answer
        raise TimeoutError("the reader gives no answer")
