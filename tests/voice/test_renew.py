"""A new voice when nobody is there: the old one's memory is gone with its process."""

import pytest

from petition.events import SpeechEnded, SpeechLost, SpeechStarted
from petition.utterance import Utterance
from tests.virtual_sound import Posted
from voice.speech import Speech

pytestmark = pytest.mark.xdist_group("sound")


def say(speech: Speech, posted: Posted, times: int) -> int:
    """Say a word to its end and return which process said it."""
    speech.say(Utterance(text="好。"))
    posted.wait(SpeechStarted, times=times)
    speaker = speech._speaker.process_id
    posted.wait(SpeechEnded, times=times)
    return speaker


def test_the_next_word_is_said_by_another_process_and_nobody_is_told_of_a_loss(speech: Speech, posted: Posted) -> None:
    first = say(speech, posted, 1)
    speech.renew()
    assert say(speech, posted, 2) != first
    assert posted.all(SpeechLost) == []


def test_a_voice_that_is_speaking_is_left_to_speak(speech: Speech, posted: Posted) -> None:
    speech.say(Utterance(text="请在滴声后说说是什么事。"))
    posted.wait(SpeechStarted)
    speaker = speech._speaker.process_id
    speech.renew()
    assert posted.wait(SpeechEnded).completed
    assert speech._speaker.process_id == speaker
