"""Calls for a person: they ring where staff sit, and what becomes of them is told.

1. Each call gets a random id of its own, which says nothing about whose it is, and is sent at once; nothing of a
   petition goes with it but the kind of danger that words sounded like, where they did.
2. RINGING is posted when the platform has it, ANSWERED with a name when somebody comes. In between it is asked every
   two seconds.
3. UNREACHABLE is posted when it hasn't got through in five seconds, or nothing was heard of one that rings for
   fifteen: then whatever rings in this room has to do. It is tried on and on all the same, and RINGING follows when it
   gets through.
4. A call that is ended is told to be over, for a few minutes and in the background, so that nobody runs in vain. One
   that never left this machine is forgotten.
5. When the kiosk ends, what rings goes on ringing: whoever called is still there. So it does when a visit ends without
   a word about its call; that is asked after less often from five minutes on, and after half an hour no more. Nor is
   one that has not got through by then tried again: it would ring for somebody who has gone.

One thread does what may take time, with a connection of its own that is there only while there are calls. It never
waits long for one of them: the newest that is not over comes first.
"""

import math
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kiosk.configuration import Platform
from kiosk.connection import open_client
from kiosk.journal import record, record_error
from kiosk.printable import printable
from offline_queue.client import PlatformClient, Refused, Sent, Unreachable
from offline_queue.protocol import CallAnswer, CallRequest, ErrorCode
from offline_queue.store import open_store
from petition.errors import Fault
from petition.events import CallChanged
from petition.journal import Entry
from petition.model import CallStanding, Danger
from petition.ports import Post

HELP = "help"
"""The reason of a call by somebody who is in no danger, as far as was said."""
JOIN_SECONDS = 2.0
NAME_CHARACTERS = 40
"""More of a name is neither shown nor said."""

_Outcome = Sent[CallAnswer] | Refused | Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How long the room waits for what, in seconds."""

    late: float = 5.0
    """A call that has not got through by then counts as one that can't."""
    lost: float = 15.0
    """One that rings, and of which nothing was heard for so long, counts likewise: nobody would know of an answer."""
    poll: float = 2.0
    """From one question whether somebody comes to the next, a quarter more or less."""
    old: float = 300.0
    """A call that has been made so long ago"""
    old_poll: float = 10.0
    """is asked after so often."""
    forgotten: float = 1800.0
    """And this long ago, no more."""
    retry: float = 0.5
    """After the first failure; twice as much after each that follows."""
    longest_retry: float = 5.0
    longest_asked: float = 60.0
    """So long a platform, or whatever says to be one, may ask for patience."""
    over: float = 300.0
    """So long it is tried to say that a call is over."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Call:
    number: int
    reason: str
    began_at: float
    """Monotonic, as all times here."""
    due: float
    """When there is something to do about it; infinite when there is not."""
    heard_at: float
    """When the platform last answered; at first, when it was made."""
    late: threading.Timer
    """Says that it hasn't got through, whatever the thread is waiting for."""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    tried: bool = False
    """Whether the platform may know of it."""
    taken: bool = False
    """Whether it does."""
    failures: int = 0
    over_until: float | None = None
    """None while somebody is to come; else, until when that is taken back."""
    standing: CallStanding = CallStanding.BEGUN
    by: str = ""


class Calls:
    """Calls staff. `launch` it once, `shut_down` at the end; what becomes of calls is told through `post`."""

    def __init__(self, directory: Path, post: Post, platform: Platform, *, pacing: Pacing | None = None) -> None:
        """`directory` is the state directory, `platform` what the configuration says of the other side."""
        self._directory = directory
        self._post = post
        self._platform = platform
        self._pacing = pacing or Pacing()
        self._random = random.Random()  # noqa: S311  jitter is no secret
        self._changed = threading.Condition()
        """Holds everything below together; never held while something takes time."""
        self._calls: dict[int, _Call] = {}
        self._client: tuple[str, PlatformClient] | None = None
        """The kiosk's id there, and the connection."""
        self._closing = False
        self._fault = ""
        self._thread = threading.Thread(target=self._run, name="calls", daemon=True)

    def launch(self) -> None:
        """Begin to send; what was called before is sent then."""
        self._thread.start()

    def shut_down(self) -> None:
        """Stop, in the middle of whatever it is; what rings goes on ringing. One never launched has nothing to stop."""
        with self._changed:
            self._closing = True
            for each in self._calls.values():
                each.late.cancel()
            client = self._client
            self._changed.notify_all()
        if client is not None:
            client[1].close()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def call(self, call: int, reason: Danger | None = None) -> None:
        """Have somebody come: CallChanged follows as often as there is news, until it is ended. Returns at once."""
        with self._changed:
            if self._closing or call in self._calls:
                return
            now = time.monotonic()
            late = threading.Timer(self._pacing.late, self._say_late, (call,))
            late.daemon = True
            self._calls[call] = _Call(
                number=call,
                reason=reason.value if reason else HELP,
                began_at=now,
                due=now,
                heard_at=now,
                late=late,
            )
            late.start()
            self._changed.notify_all()

    def end(self, call: int) -> None:
        """Nobody need come any more; nothing more is told of this call. Returns at once."""
        with self._changed:
            ended = self._calls.get(call)
            if ended is None or ended.over_until is not None:
                return
            ended.late.cancel()
            if ended.tried:
                now = time.monotonic()
                ended.due, ended.over_until, ended.failures = now, now + self._pacing.over, 0
                self._changed.notify_all()
            else:
                del self._calls[call]

    # --- the thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (call := self._next()) is not None:
            over, outcome = self._attend(call)
            self._settle(call, outcome, over=over)
        self._let_go()

    def _next(self) -> _Call | None:
        """Wait until there is something to do, and return for which call; None when the kiosk ends."""
        while True:
            with self._changed:
                now = time.monotonic()
                waiting = [each for each in self._calls.values() if each.due < math.inf]
                due = [each for each in waiting if each.due <= now]
                if self._closing:
                    return None
                if due:
                    return max(due, key=lambda each: (each.over_until is None, each.number))
                if waiting:
                    self._changed.wait(min(each.due for each in waiting) - now)
                    continue
                if self._client is None:
                    self._changed.wait()
                    continue
            self._let_go()

    def _attend(self, call: _Call) -> tuple[bool, _Outcome | None]:
        """Send or ask; return whether it was that the call is over, and what came of it: None for a trouble of ours."""
        over = call.over_until is not None
        try:
            kiosk_id, client = self._reach()
            if call.taken and not over:
                return over, client.call_answer(call.id)
            with self._changed:
                call.tried, over = True, call.over_until is not None
            asked = CallRequest(kiosk_id=kiosk_id, reason=call.reason, made_at=call.made_at, over=over)
            return over, client.call(call.id, asked)
        except Fault as fault:
            if fault.code != self._fault:  # once, not every few seconds
                self._fault = fault.code
                record(Entry.FAULT_MET, code=fault.code)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next call must find somebody here
            record_error(error)
        return over, None

    def _reach(self) -> tuple[str, PlatformClient]:
        """Return who this kiosk is and its connection; raises Fault where it has none."""
        if self._client is None:
            with open_store(self._directory) as store:
                known = store.enrolled()
            opened = known.kiosk_id, open_client(self._platform, known)
            with self._changed:
                self._client = opened
            self._fault = ""
        return self._client

    def _let_go(self) -> None:
        with self._changed:
            client, self._client = self._client, None
        if client is not None:
            client[1].close()

    def _settle(self, call: _Call, outcome: _Outcome | None, *, over: bool) -> None:
        """Note what came of it, tell what is new, and say when this call has its next turn."""
        if outcome is None or isinstance(outcome, Refused):
            self._let_go()  # the next time the store is asked anew: it may be another kiosk's by then
        with self._changed:
            if self._calls.get(call.number) is not call:
                return
            match outcome:
                case Sent() | Refused() if over:
                    del self._calls[call.number]
                case Sent(value=answer):
                    self._note(call, answer)
                case Refused(code=ErrorCode.NOT_FOUND) if call.taken:
                    call.taken = False  # the platform has lost it: it rings again
                    self._put_off(call)
                case Refused() | None:
                    self._tell(call, CallStanding.UNREACHABLE)
                    self._put_off(call)
                case Unreachable(retry_after_seconds=asked):
                    if time.monotonic() - call.heard_at > self._pacing.lost:
                        self._tell(call, CallStanding.UNREACHABLE)
                    self._put_off(call, asked or 0.0)
            if call.over_until is not None and not over:  # ended in the meantime
                call.due = time.monotonic()
            elif over and call.due > (call.over_until or 0.0):
                self._calls.pop(call.number, None)
            elif not over and call.due - call.began_at > self._pacing.forgotten:
                call.due = math.inf

    def _note(self, call: _Call, answer: CallAnswer) -> None:
        call.taken, call.failures, call.heard_at = True, 0, time.monotonic()
        if answer.answered_at is not None:
            self._tell(call, CallStanding.ANSWERED, printable(answer.answered_by, longest=NAME_CHARACTERS))
            call.due = math.inf
        else:
            self._tell(call, CallStanding.RINGING)
            old = call.heard_at - call.began_at > self._pacing.old
            poll = self._pacing.old_poll if old else self._pacing.poll
            call.due = call.heard_at + poll * self._random.uniform(0.75, 1.25)

    def _put_off(self, call: _Call, asked: float = 0.0) -> None:
        """Give a call its next turn after a while; `asked` is what the platform asked for, in seconds."""
        wait = min(self._pacing.longest_retry, self._pacing.retry * 2.0 ** min(16, call.failures))
        call.failures += 1
        wait = max(wait * self._random.uniform(0.5, 1.0), min(asked, self._pacing.longest_asked))
        call.due = time.monotonic() + wait

    def _say_late(self, number: int) -> None:
        with self._changed:
            call = self._calls.get(number)
            if call is not None and call.standing is CallStanding.BEGUN:
                self._tell(call, CallStanding.UNREACHABLE)

    def _tell(self, call: _Call, standing: CallStanding, by: str = "") -> None:
        """Post what is new of a call that somebody still waits for."""
        if self._closing or call.over_until is not None or (call.standing, call.by) == (standing, by):
            return
        call.standing, call.by = standing, by
        if standing is not CallStanding.BEGUN:
            call.late.cancel()
        self._post(CallChanged(call=call.number, standing=standing, by=by))
