"""Headphones at the real kiosk: plugged in, only they hear it; pulled out, it is silent until somebody asks."""

from dataclasses import replace

import pytest

from kiosk.configuration import Voice
from kiosk.examine.finding import Condition
from kiosk.examine.headphones import headphones, headphones_found
from petition import events as ev
from petition.errors import FaultCode
from petition.script.phrases import PHRASES
from petition.steps import Command
from tests.kiosk.commands_support import CommandLine
from tests.kiosk.test_session_forgets import Kiosk, unconnected
from tests.kiosk.visitor import visiting
from tests.virtual_sound import loud_seconds, virtual_sound
from voice.headphones import Survey
from voice.virtual_sound import SPEAKER_RATE, VirtualSound

__all__ = ("unconnected", "virtual_sound")

pytestmark = pytest.mark.xdist_group("sound")

SECOND = 2 * SPEAKER_RATE
PRIVATE = Voice(model="none-installed", headphones="headset")


def plug_in(sound: VirtualSound) -> str:
    form = (f"rate={SPEAKER_RATE}", "channels=1")
    return sound.control("load-module", "module-null-sink", "sink_name=usb_headset", *form).strip()


def test_a_visit_moves_into_the_headphones_and_back_without_a_word_for_others(
    enrolled: CommandLine, virtual_sound: VirtualSound
) -> None:
    virtual_sound.control("load-module", "module-rescue-streams")
    with visiting(enrolled.state, voice=PRIVATE) as visitor:
        visitor.press("report", "describe")
        visitor.wait_for(ev.SpeechStarted)
        with virtual_sound.hearing() as loudspeaker:
            module = plug_in(virtual_sound)
            visitor.wait(lambda: visitor.state.headphones, "headphones")
            before = len(loudspeaker.sound)
            with virtual_sound.hearing("usb_headset") as ears:
                visitor.wait(lambda: loud_seconds(ears.sound) > 1.0, "words in the headphones")
                virtual_sound.control("unload-module", module)
                visitor.wait(lambda: not visitor.state.headphones, "no headphones")
            visitor.wait(lambda: len(loudspeaker.sound) > before + SECOND, "a second of the room")
            assert loud_seconds(loudspeaker.sound[before:]) == 0
            assert visitor.told()[1] == PHRASES["headphones_out"]
            visitor.command(Command.REPEAT)
            visitor.wait(lambda: loud_seconds(loudspeaker.sound[before:]) > 0.5, "what was asked for")


# --- it can be spoken to while it speaks -----------------------------------------------------------------------------


def ignored(kiosk: Kiosk) -> list[bool]:
    """What the ears were told about the kiosk's own voice, in order."""
    return [dict(call[1:])["ignore"] for call in kiosk.asked.named("recorder.ignore_speech")]


def test_with_headphones_the_kiosk_goes_on_hearing_while_it_speaks(unconnected: Kiosk) -> None:
    kiosk = unconnected
    kiosk.session.connect(kiosk.asked.rooms())
    kiosk.session.handle(ev.HearingFound())
    kiosk.session.handle(ev.HeadphonesPlugged())
    kiosk.press("report")
    before = len(ignored(kiosk))
    kiosk.session.handle(ev.SpeechStarted(utterance_id=kiosk.session._sounding[-1]))
    assert ignored(kiosk)[before:] == [False]
    kiosk.session.handle(ev.HeadphonesUnplugged())
    assert ignored(kiosk)[before:] == [False, False]


# --- where a screen reader speaks ------------------------------------------------------------------------------------


def test_where_a_screen_reader_speaks_the_kiosk_says_nothing_and_beeps_all_the_same(unconnected: Kiosk) -> None:
    kiosk = unconnected
    kiosk.session.state = replace(kiosk.session.state, rules=replace(kiosk.session.state.rules, screen_reader=True))
    kiosk.session.connect(kiosk.asked.rooms())
    kiosk.session.handle(ev.HeadphonesPlugged())
    recording = kiosk.record()
    assert recording
    assert kiosk.asked.named("speech.play_earcon")
    assert kiosk.asked.named("speech.say") == []
    assert kiosk.session.state.voice_volume > 0
    kiosk.press("done")
    kiosk.end_recording(recording)
    kiosk.session.handle(ev.SpeechLost(code=FaultCode.SPEAKER_MISSING))
    assert kiosk.session.state.step != "no_speech"


# --- the doctor ------------------------------------------------------------------------------------------------------


def test_the_doctor_says_what_becomes_of_headphones(virtual_sound: VirtualSound) -> None:
    assert headphones("", told=False).condition is Condition.OK
    assert "not plugged in now" in headphones("headset", told=False).english
    plug_in(virtual_sound)
    assert "usb_headset (pulseaudio)" in headphones("HEADSET", told=True).english


def test_the_doctor_minds_a_missing_server_and_a_missing_pad() -> None:
    nothing = Survey(server="PulseAudio (on PipeWire 1.2.7)", named="", socket=False)
    assert headphones_found(None, "", told=False).condition is Condition.CARE
    assert headphones_found(nothing, "AudioNav", told=True).condition is Condition.CARE
    assert headphones_found(nothing, "AudioNav", told=False).condition is Condition.OK
    jack = Survey(server="pulseaudio", named="", socket=True)
    assert "watches it" in headphones_found(jack, "", told=False).english
