"""What is listened for while nothing is recorded, and what came of it; the Recorder's part for words.

All of it happens on the supervisor's thread. Every answer carries the id of the ears it was said to: who asked for
other ears meanwhile knows by it that this is nobody's any more.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from petition.ears import Ears
from petition.errors import FaultCode
from petition.events import DigitsHeard, HearingFound, HearingLost, PhraseHeard, PhraseMissed
from petition.ports import Post
from petition.script.phrases import COMMANDS
from petition.steps import Command
from voice import wire
from voice.matching import Digits, Exact, Near, Nothing, exactly, match
from voice.talk import Talk

MOST_DEATHS = 3
"""Of listeners, one soon after the other and without a word made out: then the recogniser is to blame."""
SOON_SECONDS = 3.0
STOPS = frozenset(phrase for words in COMMANDS if words.command is Command.STOP_SPEECH for phrase in words.phrases)
"""The only phrases that are heard while the kiosk itself speaks, where any are."""


class Listening:
    """Tells what was heard of what is listened for, and whether anything can be."""

    def __init__(self, post: Post, send: Callable[[wire.Message], None]) -> None:
        self._post = post
        self._send = send
        self.ears = Ears()
        self._talk = Talk()
        self._id = 0
        self._able: bool | None = None
        self._deaths = 0
        self._ready_at = 0.0

    def listen(self, ears: Ears, id: int) -> None:
        """Listen for this from now on."""
        self.ears, self._id = ears, id
        self.tell_listener()

    def tell_listener(self) -> None:
        """Tell the listener, a new one perhaps, what to listen for."""
        if self._id:
            self._send(wire.Listen(id=self._id, phrases=self.ears.phrases, digits=self.ears.digits))

    # --- whether anything can be heard -------------------------------------------------------------------------------

    def be_ready(self) -> None:
        """Take note of a new listener."""
        self._ready_at = time.monotonic()
        self.tell_listener()

    def lose(self) -> None:
        """No words can be made out."""
        if self._able is not False:
            self._able = False
            self._post(HearingLost(code=FaultCode.RECOGNISER_MISSING))

    def find(self) -> None:
        """Words can be made out."""
        if not self._able:
            self._able = True
            self._post(HearingFound())

    def prove(self) -> None:
        """Take note that the recogniser made something out."""
        self._deaths = 0

    def die(self) -> bool:
        """Take note that the listener died; return whether it had better do without its recogniser."""
        lived_seconds = time.monotonic() - self._ready_at
        self._deaths = 1 if lived_seconds > SOON_SECONDS else self._deaths + 1
        return self._deaths >= MOST_DEATHS

    # --- what was said -----------------------------------------------------------------------------------------------

    def hear(self, said: wire.HeardWords) -> None:
        """Tell what was said, if it was said to the ears of now: others expected other words."""
        self.prove()
        if said.id != self._id:
            return
        found = match(said.words, self.ears)
        stops = isinstance(found, Exact) and found.phrase in STOPS
        if said.over and not stops:
            return
        match found if stops else self._talk.weigh(found, seconds=said.seconds, after_seconds=said.after_seconds):
            case Exact(phrase=phrase):
                self.tell(phrase)
            case Digits(digits=digits):
                self._post(DigitsHeard(digits=digits, listening_id=self._id))
            case Near(phrase=phrase):
                self._post(PhraseMissed(near=phrase, listening_id=self._id))
            case Nothing():
                self._post(PhraseMissed(listening_id=self._id))
            case None:
                pass

    def tell(self, phrase: str) -> None:
        """Tell that a phrase was said."""
        self._post(PhraseHeard(phrase=phrase, listening_id=self._id))

    def phrase(self, words: str) -> str:
        """Return the phrase that dictated words are exactly, "" where they are none."""
        found = exactly(words, replace(self.ears, digits=False))
        return found.phrase if isinstance(found, Exact) else ""
