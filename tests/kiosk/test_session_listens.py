"""What the session has the ears listen for: the grammar of the screen that is shown, and nothing once a visit is over."""

from typing import Any

from petition import events as ev
from petition.ears import Ears
from petition.errors import FaultCode
from petition.steps import Command
from tests.kiosk.test_session_forgets import Kiosk, kiosk, unconnected

__all__ = ("kiosk", "unconnected")


def told(kiosk: Kiosk) -> list[tuple[Ears, int]]:
    """Everything the ears were told, in order."""
    return [(call[1], call[2]) for call in kiosk.asked.named("recorder.listen")]


def test_without_anything_that_makes_words_out_of_sound_nobody_is_listened_to(kiosk: Kiosk) -> None:
    kiosk.press("report", "start")
    assert told(kiosk) == []


def test_every_screen_has_its_own_grammar_under_a_rising_number(kiosk: Kiosk) -> None:
    kiosk.session.handle(ev.HearingFound())
    assert told(kiosk) == []
    kiosk.press("progress")
    kiosk.session.handle(ev.PhraseHeard(phrase="没带回执"))
    assert kiosk.session.state.step == "progress_lost"
    (number, first), (lost, second) = told(kiosk)
    assert (number.open, number.digits, lost.open, lost.digits) == (True, True, True, False)
    assert "没带回执" in number.phrases
    assert "没带回执" not in lost.phrases
    assert first < second


def test_what_changes_nothing_in_the_grammar_is_not_told(kiosk: Kiosk) -> None:
    kiosk.session.handle(ev.HearingFound())
    kiosk.press("progress")
    before = told(kiosk)
    for event in (ev.DigitsEdited(digits="102"), ev.LevelHeard(level=0.3), ev.LineChanged(up=True)):
        kiosk.session.handle(event)
    assert told(kiosk) == before


def test_a_phrase_of_the_screen_before_changes_nothing(kiosk: Kiosk) -> None:
    kiosk.session.handle(ev.HearingFound())
    kiosk.press("progress")
    before = kiosk.session.state
    kiosk.session.handle(ev.PhraseHeard(phrase="反映问题"))
    assert kiosk.session.state is before


def test_when_a_visit_is_over_the_ears_are_told_to_close(kiosk: Kiosk) -> None:
    kiosk.session.handle(ev.HearingFound())
    kiosk.press("report")
    kiosk.command(Command.FINISH)
    assert told(kiosk)[-1][0] == Ears()
    closed = len(told(kiosk))
    kiosk.session.handle(ev.PhraseHeard(phrase="再办一件"))
    assert kiosk.session.state.step == "session_ended"
    assert len(told(kiosk)) == closed


def test_when_words_can_no_longer_be_made_out_the_ears_close_and_the_visit_goes_on(kiosk: Kiosk) -> None:
    kiosk.session.handle(ev.HearingFound())
    kiosk.press("report")
    kiosk.session.handle(ev.HearingLost(code=FaultCode.RECOGNISER_MISSING))
    assert told(kiosk)[-1][0] == Ears()
    assert kiosk.session.state.step == "describe"


def test_a_visit_that_broke_leaves_no_ear_open(kiosk: Kiosk) -> None:
    kiosk.session.handle(ev.HearingFound())
    kiosk.press("report")
    kiosk.session.handle(ev.VisitBroken())
    last: Any = told(kiosk)[-1][0]
    assert last == Ears()
