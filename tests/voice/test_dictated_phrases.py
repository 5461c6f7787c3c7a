"""When words that are said into a recording are a command, and when they are what the recording is about."""

import sys
from collections.abc import Callable, Iterator

import pytest

from petition.ears import Ears
from petition.events import PhraseHeard, RecordingEnded, RecordingStarted, WordsHeard
from tests.virtual_sound import Posted, Sinks
from voice.recorder import Recorder

LISTENER = """
import sys, time
from voice.wire import *

def tell(message):
    sys.stdout.buffer.write(encode(message))
    sys.stdout.buffer.flush()

def settle(id, whole=True):
    tell(Transcript(id=id, words="说 完 了", after_seconds=1.0, settled=True, whole=whole))

tell(Ready())
for line in sys.stdin.buffer:
    match decode(line, TO_LISTENER):
        case OpenMicrophone():
            tell(Opened())
        case StartRecording(id=id):
            tell(Started(id=id))
            if sys.argv[1] != "when it stops":
                settle(id, whole=sys.argv[1] == "at once")
        case StopRecording():
            if sys.argv[1] == "when it stops":
                settle(id)
            tell(Ended(id=id, seconds=1.0))
        case Ping():
            tell(Pong())
        case Quit():
            break
"""
"""Hears the same command in every recording: at once, cut off by the kiosk's own voice, or when it stops."""


@pytest.fixture
def new_recorder(posted: Posted) -> Iterator[Callable[[str], Recorder]]:
    made: list[Recorder] = []

    def make(when: str) -> Recorder:
        recorder = Recorder(posted, Sinks(), command=(sys.executable, "-c", LISTENER, when))
        made.append(recorder)
        recorder.launch()
        recorder.listen(Ears(open=True, phrases=("说完了",)), 7)
        recorder.start("one")
        posted.wait(RecordingStarted)
        return recorder

    yield make
    for recorder in made:
        recorder.shut_down()


def test_a_phrase_alone_between_two_pauses_is_a_command(
    new_recorder: Callable[[str], Recorder], posted: Posted
) -> None:
    recorder = new_recorder("at once")
    assert posted.wait(PhraseHeard) == PhraseHeard(phrase="说完了", listening_id=7)
    recorder.stop()
    posted.wait(RecordingEnded)
    assert all(not words.text for words in posted.all(WordsHeard))


@pytest.mark.parametrize("when", ["cut off", "when it stops"])
def test_what_the_kiosk_itself_cut_off_or_what_comes_after_the_end_is_part_of_what_was_said(
    new_recorder: Callable[[str], Recorder], posted: Posted, when: str
) -> None:
    recorder = new_recorder(when)
    recorder.stop()
    posted.wait(RecordingEnded)
    assert posted.all(PhraseHeard) == []
    assert posted.all(WordsHeard)[-1].text.startswith("说完了")
