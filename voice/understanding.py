"""Makes words out of stretches of speech, on a thread of its own: a recogniser that loads or is slow holds up no page.

What is asked of it is done in order. While the model is still being read, speech that is being recorded waits for it;
commands don't, for their sound is not to be kept.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from petition.errors import Fault, FaultCode
from voice.grammar import Grammar
from voice.wire import Ended, Failed, HeardWords, Listen, Loaded, Message, Transcript

if TYPE_CHECKING:
    from voice.recogniser import Recogniser, Stretch

Samples = npt.NDArray[np.int16]

PARTIAL_SECONDS = 0.2
"""Of sound, between two looks at the words of a stretch that goes on."""
LATE_SECONDS = 3.0
"""So long a recording's end waits for its last words, and no longer."""
MOST_WAITING_SECONDS = 2.0
"""Of sound that is only listened to. A recogniser that is later than that is too slow for commands."""
HUNG_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Begin:
    sound: tuple[Samples, ...]
    after_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    seconds: float
    whole: bool


@dataclass(frozen=True, slots=True)
class _Drop:
    pass


@dataclass(frozen=True, slots=True)
class _Overlap:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dictate:
    id: int


_Job = Listen | _Dictate | _Begin | Samples | _End | _Drop | _Overlap | Ended | threading.Event


class Understanding:
    """Takes what a Cutter cuts, of one recording (`dictate` … `finish`) or of what is listened for (`listen`).

    Loaded or Failed tells once whether there is a recogniser, then HeardWords and Transcript what was said.
    """

    def __init__(self, report: Callable[[Message], None], model: Path, rate: int) -> None:
        self._report = report
        self._folder = model
        self._rate = rate
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._waiting = 0
        """Samples in the queue, as far as they were put there."""
        self._done = 0
        self._busy_since = 0.0
        self._hurry_at = float("inf")
        self.loaded = False
        """Whether words can be made out."""
        self._expected = Listen(id=0)
        self._grammar = Grammar(phrases=(), unheard=())
        self._dictating = 0
        self._stretch: Stretch | None = None
        self._over = False
        self._after_seconds = 0.0
        self._unlooked_samples = 0
        self._told = ""
        threading.Thread(target=self._work, name="understanding", daemon=True).start()

    # --- what it is asked, on the thread that hears ------------------------------------------------------------------

    @property
    def hung(self) -> bool:
        """Whether it has been at one piece of sound for seconds."""
        busy_since = self._busy_since
        return busy_since > 0.0 and time.monotonic() - busy_since > HUNG_SECONDS

    @property
    def late(self) -> bool:
        """Whether it is too far behind to listen for commands."""
        return not self.loaded or self._waiting - self._done > MOST_WAITING_SECONDS * self._rate

    def listen(self, expected: Listen) -> None:
        """Expect this from the next stretch on that is not dictated."""
        self._jobs.put(expected)

    def dictate(self, id: int) -> None:
        """Take the next stretches as words of a recording."""
        self._jobs.put(_Dictate(id=id))

    def begin(self, sound: tuple[Samples, ...], after_seconds: float) -> None:
        """Begin a stretch."""
        self._waiting += sum(map(len, sound))
        self._jobs.put(_Begin(sound=sound, after_seconds=after_seconds))

    def feed(self, sound: Samples) -> None:
        """Go on with a stretch."""
        self._waiting += len(sound)
        self._jobs.put(sound)

    def end(self, seconds: float, *, whole: bool) -> None:
        """End a stretch: its words follow."""
        self._jobs.put(_End(seconds=seconds, whole=whole))

    def drop(self) -> None:
        """Forget a stretch."""
        self._jobs.put(_Drop())

    def overlap(self) -> None:
        """Take note that the kiosk itself spoke during the stretch."""
        self._jobs.put(_Overlap())

    def finish(self, ended: Ended) -> None:
        """End the dictation and report this after its last word, or soon, if that takes long."""
        if self.loaded:
            self._hurry_at = time.monotonic() + LATE_SECONDS
            self._jobs.put(ended)
        else:
            self._jobs.put(_Dictate(id=0))
            self._report(ended)

    def wait(self) -> None:
        """Wait until all is done that was asked before, but not for long."""
        done = threading.Event()
        self._jobs.put(done)
        if self.loaded:
            done.wait(LATE_SECONDS)

    # --- everything below runs on its own thread ---------------------------------------------------------------------

    def _work(self) -> None:
        recogniser = self._load()
        if recogniser is None:
            self._report(Failed(code=FaultCode.RECOGNISER_MISSING))
            while True:  # what is said goes nowhere
                self._jobs.get()
        self.loaded = True
        self._report(Loaded())
        while True:
            job = self._jobs.get()
            self._busy_since = time.monotonic()
            self._do(recogniser, job)
            self._busy_since = 0.0

    def _load(self) -> "Recogniser | None":
        try:
            from voice.recogniser import Recogniser  # noqa: PLC0415 - slow, and raises OSError without its library

            return Recogniser(self._folder, self._rate)
        except (ImportError, OSError, Fault):
            return None

    def _do(self, recogniser: "Recogniser", job: _Job) -> None:
        match job:
            case Listen():
                self._expected = job
                self._grammar = recogniser.grammar(job.phrases, digits=job.digits)
            case _Dictate():
                self._dictating = job.id
                self._stretch = None
            case _Begin():
                self._begin(recogniser, job)
            case _End():
                self._end(job.seconds, whole=job.whole)
            case _Drop():
                self._stretch = None
            case _Overlap():
                self._over = True
            case Ended():
                self._end(0.0, whole=True)
                self._dictating = 0
                self._hurry_at = float("inf")
                self._report(job)
            case threading.Event():
                job.set()
            case _:
                self._hear(job)

    def _begin(self, recogniser: "Recogniser", job: _Begin) -> None:
        if self._dictating:
            self._stretch = recogniser.dictation()
        elif self._grammar.phrases:
            self._stretch = recogniser.expecting(self._grammar)
        self._after_seconds, self._over = job.after_seconds, False
        self._unlooked_samples, self._told = 0, ""
        for samples in job.sound:
            self._hear(samples)

    def _hear(self, samples: Samples) -> None:
        self._done += len(samples)
        if self._stretch is None or time.monotonic() > self._hurry_at:
            return
        self._stretch.feed(samples)
        self._unlooked_samples += len(samples)
        if self._dictating and self._unlooked_samples >= PARTIAL_SECONDS * self._rate and self._jobs.empty():
            self._unlooked_samples = 0
            self._tell(self._stretch.words(), settled=False)

    def _end(self, seconds: float, *, whole: bool) -> None:
        stretch, self._stretch = self._stretch, None
        if stretch is None:
            return
        if self._dictating:
            self._tell(stretch.finish(), settled=True, whole=whole)
        else:
            words = stretch.finish(seconds)
            self._report(
                HeardWords(
                    id=self._expected.id,
                    words=words,
                    seconds=seconds,
                    after_seconds=self._after_seconds,
                    over=self._over,
                )
            )

    def _tell(self, words: str, *, settled: bool, whole: bool = True) -> None:
        if settled or words != self._told:
            self._told = "" if settled else words  # what was said is kept no longer than it is looked at
            self._report(
                Transcript(
                    id=self._dictating,
                    words=words,
                    after_seconds=self._after_seconds,
                    settled=settled,
                    whole=whole,
                )
            )
