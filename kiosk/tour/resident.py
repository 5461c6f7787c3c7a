"""A resident who only speaks and listens: synthesized words go into the virtual microphone, and nothing is touched.

Waits until the kiosk has said its piece and has its ears open, speaks, and sees what comes of it. Not understood, a
person says it again, answers 「您是说…吗？」, and gives up after a few times; so does this one.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kiosk.tour.guide import Guide
from kiosk.tour.spoken import sentences
from petition import derive
from petition.ears import ears
from petition.errors import Bug
from petition.events import DigitsHeard, PhraseHeard, PhraseMissed, RecordingEnded, RecordingStarted, SpeechStarted
from petition.offer import offered
from petition.recording import RECORDINGS
from petition.script.phrases import CLEAR
from petition.steps import Act
from voice.virtual_sound import MICROPHONE_RATE, VirtualSound

PACES = (1.0, 0.85, 1.1, 0.8, 0.9)
"""How fast a thing is said, the first time and when it was not understood: nobody says it twice alike."""
MOST_TIMES = len(PACES)
"""So often a thing is said before this resident would look for a person."""
AT_ONCE = (4, 4, 2, 1, 1)
"""So many digits are said together at a place, the first time and when they were not understood there."""
BREATH_SECONDS = 0.3
"""Before speaking: for 0.3 s after its own voice the kiosk hears nobody, and who begins too soon is cut off."""
ANSWER_SECONDS = 6.0
"""No answer for so long after something was said means that it was not heard at all."""
LONG_SECONDS = 60.0
"""The kiosk may read a whole petition before it is somebody's turn."""
ASKED_BACK = "did_you_mean"
ENDINGS = ("说完了", "就这些")
AS_SAID = str.maketrans("0123456789", "零幺二三四五六七八九")
AS_SAID_AGAIN = str.maketrans("0123456789", "零幺两三四五六七八九")
"""Once digits weren't understood. 二 is but a vowel: it comes out as 八, or two of it as one. 两 is understood."""
RESIDENT, KIOSK = "居民", "服务台"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the conversation."""

    who: str
    said: str
    at: float
    """By the monotonic clock."""


@dataclass(slots=True)
class Resident:
    """Somebody with a voice of espeak-ng, in front of a kiosk that hears."""

    guide: Guide
    sound: VirtualSound
    variant: str
    """One the demonstration voice never learnt from."""
    who: str = RESIDENT
    """As the transcript has them."""
    words_a_minute: int = 165
    lines: list[Line] = field(default_factory=list)
    """What both have said, in order."""
    uttered: list[tuple[float, npt.NDArray[np.int16]]] = field(default_factory=list)
    """What went into the microphone, with the monotonic time it began at."""
    _answers: list[object] = field(default_factory=list)
    """What the kiosk made of what it heard."""
    _recording: bool = False
    """Whether a recording has begun and not ended yet."""

    def __post_init__(self) -> None:
        self.guide.app.watchers.append(self._watch)

    def leave(self) -> None:
        """Hear and be heard no more."""
        self.guide.app.watchers.remove(self._watch)

    @contextmanager
    def beside(self, who: str, variant: str) -> Iterator[None]:
        """Have somebody else who is there speak instead."""
        before = self.who, self.variant
        self.who, self.variant = who, variant
        try:
            yield
        finally:
            self.who, self.variant = before

    # --- what a resident does ------------------------------------------------------------------------------------

    def say(self, phrase: str, *steps: str) -> None:
        """Say a phrase, as the script has it, until it leads to one of these steps; raises Bug when it does not."""
        self.insist(phrase, lambda: self.guide.state.step in steps, steps[0])

    def insist(self, phrase: str, done: Callable[[], bool], what: str) -> None:
        """Say a phrase, again if need be, until something is done; raises Bug when it is not."""
        for pace in PACES:
            self.listen()
            if done():
                return
            asked_back = self.guide.state.step == ASKED_BACK
            said = ("对的" if self.guide.state.meant == phrase else "不对") if asked_back else phrase
            if self._was_done(said, self._speak(said, pace=pace), done):
                return
        raise Bug(f"tour-not-understood-{what}-on-{self.guide.state.step}")

    def dictate(self, *words: str, look: Callable[[], None] = lambda: None) -> None:
        """Speak into the recording that was asked for, with pauses between the sentences, and say that it was all.

        `look` is called when the first sentence can be seen. Not understood, a person says otherwise that it was all:
        it stands among the words of a petition, where nothing is asked back.
        """
        self.guide.wait(lambda: self._recording, "recording")
        said = self._speak(*words, ENDINGS[0])
        with suppress(Bug):
            self.guide.wait(lambda: self._is_recorded() or bool(self.guide.state.live_settled), "words", LONG_SECONDS)
            look()
        if not self._was_done(ENDINGS[0], said, self._is_recorded):
            self.insist(ENDINGS[1], self._is_recorded, "end-of-recording")

    def tell_digits(self, digits: str, written: Callable[[], str], done: Callable[[], bool]) -> None:
        """Say digits in fours, as printed; anew, otherwise and fewer at that place when they came out wrong.

        Raises Bug when the digits at one place are never understood.
        """
        misses: Counter[int] = Counter()
        said_at, should_be = 0, ""
        while max(misses.values(), default=0) < MOST_TIMES:
            self.listen()
            if done():
                return
            there = written()
            if should_be and there != should_be:
                misses[said_at] += 1
            should_be = ""
            if self._has_taken_back(digits, written, done):
                continue
            if there == digits:
                self.guide.wait(done, "what-digits-lead-to", LONG_SECONDS)
                return
            said_at, missed = len(there), misses[len(there)]
            group = digits[said_at:][: min(4 - said_at % 4, AT_ONCE[missed])]
            should_be = there + group
            said = self._speak(group.translate(AS_SAID_AGAIN if misses else AS_SAID), pace=PACES[missed])
            self._was_done("", said, lambda before=there: done() or written() != before)  # type: ignore[misc]
        raise Bug(f"tour-digits-not-understood-on-{self.guide.state.step}")

    def listen(self) -> None:
        """Wait until the kiosk has said its piece and hears."""
        self.guide.wait(lambda: self._is_my_turn() and self.sound.heard and self._is_my_turn(), "my-turn", LONG_SECONDS)

    # --- how -----------------------------------------------------------------------------------------------------

    def _has_taken_back(self, digits: str, written: Callable[[], str], done: Callable[[], bool]) -> bool:
        """Take back what digits should not have come to; return whether there was such a thing."""

        def takes_digits() -> bool:
            return ears(self.guide.state).digits or done()

        again = next((choice for choice in offered(self.guide.state) if choice.act is Act.CLEAR_DIGITS), None)
        if self.guide.state.step == ASKED_BACK:  # they sounded like a phrase
            self.insist("不对", takes_digits, "digits")
        elif again is not None:  # they were all there, and led on
            self.insist(again.phrases[0], takes_digits, again.id)
        elif not digits.startswith(written()):
            self.insist(CLEAR[0], lambda: not written() or done(), "empty-number")
        else:
            return False
        return True

    def _is_my_turn(self) -> bool:
        state = self.guide.state
        silent = state.heard_out and not state.speaking and not state.playing
        waits = state.busy is not None or bool(state.shutter)
        return silent and not waits and ears(state).open

    def _is_recorded(self) -> bool:
        return self.guide.state.step not in RECORDINGS

    def _speak(self, *said: str, pace: float = 1.0) -> int:
        """Begin to speak into the microphone; return how many answers there were before."""
        self.lines += [Line(who=self.who, said=sentence, at=time.monotonic()) for sentence in said]
        words_a_minute = round(pace * self.words_a_minute)
        breath = np.zeros(round(BREATH_SECONDS * MICROPHONE_RATE), dtype=np.int16)
        voice = sentences(*said, variant=self.variant, words_a_minute=words_a_minute)
        samples = np.concatenate([breath, voice])
        threading.Thread(target=self.sound.speak, args=(samples.tobytes(),), daemon=True).start()
        self.uttered.append((time.monotonic(), samples))
        return len(self._answers)

    def _was_done(self, phrase: str, before: int, done: Callable[[], bool]) -> bool:
        """Whether something was done soon after it was said, and as soon as the kiosk can, when it was understood."""

        def answered() -> bool:
            return done() or len(self._answers) > before

        def understood() -> bool:
            return PhraseHeard(phrase=phrase) in self._answers[before:]

        with suppress(Bug):
            self.guide.wait(answered, "answer", ANSWER_SECONDS + len(self.uttered[-1][1]) / MICROPHONE_RATE)
            if understood():
                self.guide.wait(done, "what-was-understood", LONG_SECONDS)
        return done()

    def _watch(self, event: object) -> None:
        match event:
            case PhraseHeard() | PhraseMissed() | DigitsHeard():
                self._answers.append(event)
            case RecordingStarted():
                self._recording = True
            case RecordingEnded():
                self._recording = False
            case SpeechStarted() if self.guide.state.speaking and not self.guide.state.playing:
                state = self.guide.state
                said = derive.utterance(state, state.saying, self.guide.app.session.context())
                self.lines.append(Line(who=KIOSK, said=said.text, at=time.monotonic()))
            case _:
                pass
