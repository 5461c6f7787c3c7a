"""What the session has the ears listen for: the grammar of the screen that is shown, and nothing once a visit is over."""

from typing import Any

from kiosk.session import SoundsRead
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


def test_what_was_said_to_the_screen_before_does_nothing_on_this_one(kiosk: Kiosk) -> None:
    kiosk.session.handle(ev.HearingFound())
    kiosk.press("progress")
    (_, before) = told(kiosk)[-1]
    kiosk.press("lost")
    (_, now) = told(kiosk)[-1]
    state = kiosk.session.state
    for event in (
        ev.PhraseHeard(phrase="首页", listening_id=before),
        ev.DigitsHeard(digits="1", listening_id=before),
        ev.PhraseMissed(near="首页", listening_id=before),
    ):
        kiosk.session.handle(event)
        assert kiosk.session.state is state
    kiosk.session.handle(ev.PhraseHeard(phrase="首页", listening_id=now))
    assert kiosk.session.state.step == "welcome"


def test_while_any_part_of_a_recording_is_played_back_nobody_is_listened_to(kiosk: Kiosk) -> None:
    kiosk.session.handle(ev.HearingFound())
    recording = kiosk.record()
    kiosk.press("done")
    kiosk.end_recording(recording)
    kiosk.press("play")
    kiosk.session.handle(SoundsRead(recording_ids=(recording,), sounds=(b"one", b"two")))
    first, last = (n for n, call in enumerate(kiosk.asked.calls, 1) if call[0] == "speech.play_recording")
    ignored = len(kiosk.asked.named("recorder.ignore_speech"))
    for event in (
        ev.SpeechStarted(utterance_id=first),
        ev.SpeechEnded(utterance_id=first, completed=True),
        ev.SpeechStarted(utterance_id=last),
        ev.SpeechEnded(utterance_id=last, completed=True),
    ):
        kiosk.session.handle(event)
    told_so = [dict(call[1:])["ignore"] for call in kiosk.asked.named("recorder.ignore_speech")[ignored:]]
    assert told_so == [True, True, False]
    assert not kiosk.session.state.playing
