"""Headphones on a virtual sound server: what is said goes into them, and when they are pulled out nobody hears the rest."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from petition.events import HeadphonesPlugged, HeadphonesUnplugged, SpeechEnded, SpeechStarted
from petition.utterance import Utterance
from tests.virtual_sound import Posted, ends_in_silence, loud_seconds
from voice.headphones import Device, Headphones, Port, named_device, sockets, survey
from voice.speech import Speech
from voice.virtual_sound import SPEAKER, SPEAKER_RATE, VirtualSound

pytestmark = pytest.mark.xdist_group("sound")

PHONES = "usb_headset"
SHORT = Utterance(text="您好。")
LONG = Utterance(text="请在滴声后说说是什么事，说完停一停就行。慢慢说，不着急。我念给您听。" * 4)
SECOND = 2 * SPEAKER_RATE


def plug_in(sound: VirtualSound, name: str = PHONES, description: str = "Great-USB-Headset") -> str:
    """Plug a pair of headphones in; return what to pull out."""
    properties = f"sink_properties=device.description={description}"
    form = (f"rate={SPEAKER_RATE}", "channels=1")
    return sound.control("load-module", "module-null-sink", f"sink_name={name}", properties, *form).strip()


def pull_out(sound: VirtualSound, module: str) -> None:
    sound.control("unload-module", module)


class Visit:
    """What a visit does about headphones: it believes what it is told, and stops when they are pulled out."""

    def __init__(self, posted: Posted, speech: Speech) -> None:
        self._posted, self._speech = posted, speech
        self.private = False

    def post(self, event: object) -> None:
        if isinstance(event, HeadphonesPlugged):
            self.private = True
        if isinstance(event, HeadphonesUnplugged):
            self.private = False
            self._speech.stop()
        self._posted(event)


@contextmanager
def watching(visit: Visit, named: str = "usb-head", *, told: bool = False) -> Iterator[Headphones]:
    headphones = Headphones(visit.post, named=named, told=told, private=lambda: visit.private)
    headphones.launch()
    try:
        yield headphones
    finally:
        headphones.shut_down()
        assert not headphones._thread.is_alive()


@pytest.fixture
def visit(posted: Posted, speech: Speech) -> Visit:
    return Visit(posted, speech)


def more(sound: bytes, seconds: float) -> Callable[[bytes], bool]:
    """Return a test for so much more speech than there is."""
    before = len(sound)
    return lambda heard: loud_seconds(heard[before:]) > seconds


def test_headphones_that_are_plugged_in_while_it_speaks_take_the_rest(
    visit: Visit, speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    with watching(visit), virtual_sound.hearing() as loudspeaker:
        number = speech.say(LONG)
        loudspeaker.wait(lambda sound: loud_seconds(sound) > 0.5)
        plug_in(virtual_sound)
        posted.wait(HeadphonesPlugged)
        before = len(loudspeaker.sound)
        with virtual_sound.hearing(PHONES) as ears:
            ears.wait(lambda sound: loud_seconds(sound) > 1.0)
        assert loud_seconds(loudspeaker.sound[before:]) == 0
    assert posted.all(SpeechEnded) == []
    assert [each.utterance_id for each in posted.all(SpeechStarted)] == [number]


@pytest.mark.parametrize("rescued", [True, False], ids=["moved on by the server", "left behind"])
def test_pulled_out_while_it_speaks_nobody_hears_another_word_until_somebody_asks(
    visit: Visit, speech: Speech, posted: Posted, virtual_sound: VirtualSound, *, rescued: bool
) -> None:
    if rescued:
        virtual_sound.control("load-module", "module-rescue-streams")
    with watching(visit), virtual_sound.hearing() as loudspeaker:
        number = speech.say(LONG)
        posted.wait(SpeechStarted)
        module = plug_in(virtual_sound)
        posted.wait(HeadphonesPlugged)
        with virtual_sound.hearing(PHONES) as ears:
            ears.wait(lambda sound: loud_seconds(sound) > 0.5)
            before = len(loudspeaker.sound)
            pull_out(virtual_sound, module)
            posted.wait(HeadphonesUnplugged)
        assert posted.wait(SpeechEnded) == SpeechEnded(utterance_id=number, completed=False)
        # What is asked for now is heard from the loudspeaker, and nothing before it.
        heard = loudspeaker.wait(lambda sound: len(sound) > before + SECOND)
        assert loud_seconds(heard[before:]) == 0
        again = speech.say(SHORT)
        loudspeaker.wait(more(heard, 0.2))
        assert posted.wait(SpeechEnded, lambda event: event.completed).utterance_id == again


@pytest.mark.slow
def test_a_new_speaker_speaks_into_the_headphones_from_its_first_word(
    visit: Visit, speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    with watching(visit), virtual_sound.hearing() as loudspeaker:
        plug_in(virtual_sound)
        posted.wait(HeadphonesPlugged)
        with virtual_sound.hearing(PHONES) as ears:
            speech.say(LONG)
            ears.wait(lambda sound: loud_seconds(sound) > 0.3)
            before = len(loudspeaker.sound)
            os.kill(speech._speaker.process_id, signal.SIGKILL)
            silent = ears.wait(ends_in_silence(0.1))
            ears.wait(more(silent, 1.0))
        assert loud_seconds(loudspeaker.sound[before:]) == 0
    assert len(posted.all(HeadphonesPlugged)) == 1
    assert posted.all(HeadphonesUnplugged) == []


@pytest.mark.slow
def test_headphones_that_were_there_before_are_noticed_and_pulled_out_before_it_ever_spoke(
    visit: Visit, posted: Posted, virtual_sound: VirtualSound
) -> None:
    module = plug_in(virtual_sound)
    with watching(visit):
        posted.wait(HeadphonesPlugged)
        pull_out(virtual_sound, module)
        posted.wait(HeadphonesUnplugged)
        plug_in(virtual_sound)
        posted.wait(HeadphonesPlugged, times=2)


@pytest.mark.slow
def test_other_devices_that_come_and_go_are_nobodys_headphones(
    visit: Visit, speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    with watching(visit), virtual_sound.hearing() as loudspeaker:
        pull_out(virtual_sound, plug_in(virtual_sound, "hdmi", "Television"))
        plug_in(virtual_sound, "hdmi", "Television")
        speech.say(SHORT)
        posted.wait(SpeechEnded)
        loudspeaker.wait(lambda sound: loud_seconds(sound) > 0.2)
    assert posted.all(HeadphonesPlugged) == []
    assert posted.all(HeadphonesUnplugged) == []


def test_where_what_we_play_is_not_the_servers_nobody_is_told_that_only_they_hear_it(
    posted: Posted, virtual_sound: VirtualSound
) -> None:
    speech = Speech(posted)
    with watching(Visit(posted, speech)):
        plug_in(virtual_sound)
        assert posted.all(HeadphonesPlugged) == []
        speech.launch()  # now there is something to move
        posted.wait(HeadphonesPlugged)
    speech.shut_down()


def test_a_server_that_goes_away_takes_the_headphones_along(
    visit: Visit, posted: Posted, virtual_sound: VirtualSound
) -> None:
    plug_in(virtual_sound)
    with watching(visit):
        posted.wait(HeadphonesPlugged)
        virtual_sound.unplug()
        posted.wait(HeadphonesUnplugged)


def test_without_a_server_it_waits_and_ends_when_told(posted: Posted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/native")
    headphones = Headphones(posted, named="x", private=lambda: False)
    headphones.launch()
    headphones.shut_down()
    assert not headphones._thread.is_alive()
    assert posted.all(object) == []
    assert survey("x") is None


def test_the_loudspeaker_is_awake_again_when_the_kiosk_ends_with_headphones_in(
    visit: Visit, speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    with watching(visit):
        plug_in(virtual_sound)
        posted.wait(HeadphonesPlugged)
        assert asleep(virtual_sound)
    assert not asleep(virtual_sound)


def test_a_loudspeaker_that_sleeps_since_a_kiosk_died_is_woken(
    visit: Visit, speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    speech.say(SHORT)
    posted.wait(SpeechEnded)
    virtual_sound.control("suspend-sink", SPEAKER, "1")
    with watching(visit), virtual_sound.hearing() as loudspeaker:
        speech.say(SHORT)
        loudspeaker.wait(lambda sound: loud_seconds(sound) > 0.2)


def asleep(sound: VirtualSound) -> bool:
    (row,) = (row for row in sound.control("list", "short", "sinks").splitlines() if row.split()[1] == SPEAKER)
    return row.split()[-1] == "SUSPENDED"


# --- a pad whose device is always there ------------------------------------------------------------------------------


def test_a_pads_device_counts_only_while_its_key_says_so(
    visit: Visit, speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    plug_in(virtual_sound)
    with watching(visit, told=True) as headphones, virtual_sound.hearing() as loudspeaker:
        speech.say(SHORT)
        loudspeaker.wait(lambda sound: loud_seconds(sound) > 0.2)
        assert posted.all(HeadphonesPlugged) == []
        assert headphones.tell(plugged=True)
        posted.wait(HeadphonesPlugged)
        with virtual_sound.hearing(PHONES) as ears:
            speech.say(SHORT)
            ears.wait(lambda sound: loud_seconds(sound) > 0.2)
        assert not headphones.tell(plugged=False)  # who tells of that need not wait
        posted.wait(HeadphonesUnplugged)
        heard = loudspeaker.sound
        speech.say(LONG)  # its beginning is not heard: for a moment, all that may still come is kept back
        loudspeaker.wait(more(heard, 0.2))


def test_without_such_a_pad_what_a_key_tells_is_left_to_who_asked(posted: Posted) -> None:
    headphones = Headphones(posted, named="x", private=lambda: False)
    assert not headphones.tell(plugged=True)
    assert not headphones.tell(plugged=False)


# --- what counts -----------------------------------------------------------------------------------------------------


def test_a_name_is_found_in_names_and_descriptions_whatever_its_letters() -> None:
    card = Device(index=1, name="alsa_output.pci-0000_00_1f.3.analog-stereo", description="内置音频 模拟立体声")
    pad = Device(index=2, name="alsa_output.usb-Storm_AudioNav-00.analog-stereo", description="AudioNav")
    for wanted in ("audionav", "usb-Storm", "AUDIONAV"):
        assert named_device([card, pad], wanted) is pad
    assert named_device([card, pad], "模拟") is card
    assert named_device([card, pad], "headset") is None


def test_sockets_for_headphones_are_told_from_other_ways_out() -> None:
    names = {
        "analog-output-speaker": False,
        "analog-output-headphones": True,
        "[Out] Headphones": True,
        "headset-output": True,
        "headphone-output": True,
        "analog-output-lineout": False,
        "hdmi-output-0": False,
    }
    device = Device(index=0, name="card", ports=tuple(Port(name=name, plugged=True) for name in names))
    assert {port.name for port in sockets(device)} == {name for name, counts in names.items() if counts}


def test_a_survey_tells_what_the_server_has(virtual_sound: VirtualSound) -> None:
    before = survey("usb-head")
    assert before is not None
    assert (before.server, before.named, before.socket) == ("pulseaudio", "", False)
    plug_in(virtual_sound)
    after = survey("usb-head")
    assert after is not None
    assert after.named == PHONES
