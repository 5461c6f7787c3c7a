"""The visits by voice, of which every word is understood at once: what is said is listened for, and leads where it should."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import cast

from kiosk.tour import by_voice
from kiosk.tour.resident import Resident
from kiosk.tour.voice_tour import TO_BE_MET, UNMET
from petition import events as ev
from petition.ears import ears
from petition.model import Authority, LaterKind
from petition.recording import RECORDINGS
from petition.state import Rules, State
from petition.steps import ENDED, WELCOME
from tests.petition.world import World


@dataclass(slots=True)
class Understood:
    """A resident of whom every word is understood at once, by the rules alone: no sound, no screen, nothing to wait for."""

    world: World = field(default_factory=World)
    met: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    """Who else has spoken."""

    def __post_init__(self) -> None:
        rules = Rules(listen_when_idle=True, stick=True)
        self.world.state = replace(self.world.state, hearing=True, lens=True, rules=rules)

    def begin_anew(self) -> None:
        """Have the next one come to the welcome screen."""
        self.world.elapse("leave")

    @property
    def guide(self) -> "Understood":
        return self

    @property
    def state(self) -> State:
        self.met.add(self.world.state.step)
        return self.world.state

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        assert condition(), what

    def listen(self) -> None:
        """Hear the kiosk out: it has said its piece."""
        self.world.happen(ev.SpeechStarted(utterance_id=1), ev.SpeechEnded(utterance_id=1, completed=True))

    def say(self, phrase: str, *steps: str) -> None:
        self.insist(phrase, lambda: self.state.step in steps, f"{phrase} on {self.state.step}")

    def insist(self, phrase: str, done: Callable[[], bool], what: str) -> None:
        self.listen()
        assert phrase in ears(self.state).phrases, what
        self.world.happen(ev.PhraseHeard(phrase=phrase))
        while "shutter" in self.world.timers:
            self.world.elapse("shutter")
        assert done(), what

    def dictate(self, *words: str, look: Callable[[], None] = lambda: None) -> None:
        self.world.spoken = "".join(words)
        self.insist("说完了", lambda: self.state.step not in RECORDINGS, "说完了")

    def tell_digits(self, digits: str, written: Callable[[], str], done: Callable[[], bool]) -> None:
        self.listen()
        assert ears(self.state).digits
        self.world.happen(ev.DigitsHeard(digits=digits))
        assert done()

    @contextmanager
    def beside(self, who: str, variant: str) -> Iterator[None]:
        self.others.add(variant)
        yield


def test_who_files_for_somebody_else_by_voice_alone_meets_every_step_there_is_for_it() -> None:
    understood = Understood()
    resident = cast("Resident", understood)
    receipt, words = by_voice.represent(resident, "another voice")
    assert (understood.state.step, understood.others) == (ENDED, {"another voice"})
    (filed,) = understood.world.filed
    assert filed.text == words == "".join(by_voice.FIRST)
    assert filed.id_number == f"{by_voice.ID_DIGITS}X"
    assert filed.on_behalf is not None
    assert (filed.on_behalf.authority, filed.on_behalf.relation) == (Authority.SPOKEN, "parent")
    assert (len(filed.pictures), len(filed.on_behalf.evidence)) == (1, 1)
    understood.begin_anew()
    assert by_voice.promise(resident) == "".join(by_voice.OWN)
    assert understood.state.step == WELCOME
    assert [draft.on_behalf for draft in understood.world.filed[1:]] == [None]
    understood.world.filed_by_another = True
    by_voice.end_authority(resident, receipt.number, receipt.query_code)
    assert [later.kind for later in understood.world.later] == [LaterKind.REVOKE]
    assert TO_BE_MET - understood.met == set(UNMET)
