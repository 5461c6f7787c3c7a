"""What the resident says, through a virtual microphone into a recording: all of it, whatever dies on the way."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from petition.errors import Fault, FaultCode
from petition.events import (
    LevelHeard,
    MicrophoneFound,
    MicrophoneLost,
    RecordingEnded,
    RecordingStarted,
    SilenceHeard,
    SpeechEnded,
    SpeechHeard,
)
from petition.utterance import Utterance
from tests.virtual_sound import NO_DEVICE, Posted, Sinks, speechlike, tone_seconds
from voice.likeness import correlation
from voice.opus import decode
from voice.recorder import Recorder
from voice.speech import Speech
from voice.virtual_sound import MICROPHONE_FEED, MICROPHONE_RATE, SPEAKER, VirtualSound

pytestmark = pytest.mark.xdist_group("sound")

SAID, SAID_LATER = speechlike(2.0), speechlike(2.0, seed=2)


@pytest.fixture
def sinks() -> Sinks:
    return Sinks()


@pytest.fixture
def recorder(virtual_sound: VirtualSound, posted: Posted, sinks: Sinks) -> Iterator[Recorder]:
    recorder = Recorder(posted, sinks)
    recorder.launch()
    yield recorder
    recorder.shut_down()


def heard(sinks: Sinks, id: str) -> npt.NDArray[np.int16]:
    return np.concatenate(list(decode(sinks.opened[id].sound, MICROPHONE_RATE)))


def kill_listener(recorder: Recorder) -> None:
    assert recorder._listener.process_id  # 0 would be the tests themselves
    os.kill(recorder._listener.process_id, signal.SIGKILL)


def test_what_is_spoken_into_the_microphone_comes_out_of_the_recording(
    recorder: Recorder, posted: Posted, sinks: Sinks, virtual_sound: VirtualSound
) -> None:
    recorder.prepare()
    recorder.start("one")
    assert posted.wait(RecordingStarted).recording_id == "one"
    virtual_sound.speak(SAID.tobytes())
    posted.wait(SilenceHeard)
    recorder.stop()
    ended = posted.wait(RecordingEnded)
    (attachment,) = ended.attachments
    assert (ended.recording_id, attachment.id) == ("one", "one")
    assert sinks.opened["one"].closed
    assert attachment.seconds == pytest.approx(len(heard(sinks, "one")) / MICROPHONE_RATE, abs=0.01)
    assert correlation(SAID, heard(sinks, "one")) > 0.9
    assert correlation(SAID_LATER, heard(sinks, "one")) < 0.3
    assert posted.all(SpeechHeard)
    assert all(0.0 <= each.level <= 1.0 for each in posted.all(LevelHeard))
    assert max(each.level for each in posted.all(LevelHeard)) > 0.2


def test_silence_is_told_in_steps_of_half_a_second_after_somebody_spoke(
    recorder: Recorder, posted: Posted, virtual_sound: VirtualSound
) -> None:
    recorder.start("one")
    posted.wait(RecordingStarted)
    virtual_sound.speak(SAID.tobytes())
    posted.wait(SilenceHeard, lambda event: event.seconds >= 2.0)
    assert [event.seconds for event in posted.all(SilenceHeard)][-4:] == [0.5, 1.0, 1.5, 2.0]


def test_the_beep_that_says_speak_now_is_not_in_the_recording(
    recorder: Recorder, posted: Posted, sinks: Sinks, virtual_sound: VirtualSound
) -> None:
    air = (f"source={SPEAKER}.monitor", f"sink={MICROPHONE_FEED}", "latency_msec=10")
    virtual_sound.control("load-module", "module-loopback", *air)
    spoken = Posted()
    speech = Speech(spoken)
    speech.launch()
    recorder.prepare()
    speech.say(Utterance(text="好"))
    spoken.wait(SpeechEnded)
    posted.wait(LevelHeard, lambda event: event.level > 0.1)  # the microphone does hear the loudspeaker
    recorder.start("one", on_cue=True)
    speech.play_earcon("begin", lambda: recorder.cue("one"))
    posted.wait(RecordingStarted)
    posted.wait(LevelHeard, times=len(posted.all(LevelHeard)) + 15)
    recorder.stop()
    posted.wait(RecordingEnded)
    speech.shut_down()
    assert len(heard(sinks, "one")) > MICROPHONE_RATE / 2
    assert tone_seconds(heard(sinks, "one"), 880.0, MICROPHONE_RATE) <= 0.02


def test_what_was_said_just_before_is_in_the_recording_when_it_is_asked_for(
    recorder: Recorder, posted: Posted, sinks: Sinks, virtual_sound: VirtualSound
) -> None:
    recorder.prepare()
    posted.wait(LevelHeard, times=15)
    recorder.start("one", preroll_seconds=0.5)
    recorder.stop()
    posted.wait(RecordingEnded)
    assert len(heard(sinks, "one")) > 0.45 * MICROPHONE_RATE


def test_a_listener_killed_in_mid_recording_costs_no_page_and_goes_on_as_a_second_part(
    recorder: Recorder, posted: Posted, sinks: Sinks, virtual_sound: VirtualSound
) -> None:
    recorder.start("one")
    posted.wait(RecordingStarted)
    virtual_sound.speak(SAID.tobytes())
    posted.wait(SilenceHeard, lambda event: event.seconds >= 1.0)
    before = len(posted.all(LevelHeard))
    kill_listener(recorder)
    posted.wait(LevelHeard, times=before + 30)
    virtual_sound.speak(SAID_LATER.tobytes())
    posted.wait(SilenceHeard, lambda event: event.seconds >= 1.0, times=2)
    recorder.stop()
    first, second = posted.wait(RecordingEnded).attachments
    assert first.id == "one"
    assert correlation(SAID, heard(sinks, first.id)) > 0.9
    assert correlation(SAID_LATER, heard(sinks, second.id)) > 0.9
    assert len(posted.all(RecordingStarted)) == 1
    assert posted.all(MicrophoneLost) == []


@pytest.mark.slow
def test_a_spare_listener_goes_on_with_the_recording(
    recorder: Recorder, posted: Posted, sinks: Sinks, virtual_sound: VirtualSound
) -> None:
    recorder.start("one")
    posted.wait(RecordingStarted)
    posted.wait(LevelHeard, lambda _: recorder._listener._spare is not None)
    spare = recorder._listener._spare
    before = len(posted.all(LevelHeard))
    kill_listener(recorder)
    posted.wait(LevelHeard, times=before + 30)
    assert spare is not None
    assert recorder._listener.process_id == spare.pid
    virtual_sound.speak(SAID.tobytes())
    posted.wait(SilenceHeard)
    recorder.stop()
    _, second = posted.wait(RecordingEnded).attachments
    assert correlation(SAID, heard(sinks, second.id)) > 0.9
    assert posted.all(MicrophoneLost) == []


def test_a_listener_that_dies_while_it_is_stopping_ends_the_recording(
    recorder: Recorder, posted: Posted, sinks: Sinks, virtual_sound: VirtualSound
) -> None:
    recorder.start("one")
    posted.wait(RecordingStarted)
    virtual_sound.speak(SAID.tobytes())
    posted.wait(SpeechHeard)
    os.kill(recorder._listener.process_id, signal.SIGSTOP)
    recorder.stop()
    recorder._listener.call(lambda: kill_listener(recorder))
    assert len(posted.wait(RecordingEnded).attachments) == 1


@pytest.mark.slow
def test_a_microphone_that_is_unplugged_leaves_what_was_said_and_is_found_again(
    recorder: Recorder, posted: Posted, sinks: Sinks, virtual_sound: VirtualSound
) -> None:
    recorder.start("one")
    posted.wait(RecordingStarted)
    virtual_sound.speak(SAID.tobytes())
    posted.wait(SilenceHeard)
    virtual_sound.unplug()
    assert posted.wait(MicrophoneLost).code is FaultCode.MICROPHONE_LOST
    assert len(posted.wait(RecordingEnded).attachments) == 1
    assert correlation(SAID, heard(sinks, "one")) > 0.9
    virtual_sound.plug_in()
    posted.wait(MicrophoneFound)
    recorder.start("two")
    posted.wait(RecordingStarted, times=2)
    recorder.stop()
    posted.wait(RecordingEnded, times=2)


def test_without_a_microphone_every_recording_ends_with_nothing(posted: Posted, sinks: Sinks) -> None:
    recorder = Recorder(posted, sinks, device=NO_DEVICE)
    recorder.prepare()
    recorder.start("early")
    recorder.launch()
    assert posted.wait(MicrophoneLost).code is FaultCode.MICROPHONE_MISSING
    recorder.start("late")
    posted.wait(RecordingEnded, times=2)
    recorder.shut_down()
    assert posted.all(RecordingEnded) == [RecordingEnded(recording_id="early"), RecordingEnded(recording_id="late")]
    assert sinks.opened == {}


def test_a_listener_that_never_gets_ready_counts_as_no_microphone(posted: Posted, sinks: Sinks) -> None:
    recorder = Recorder(posted, sinks, command=("/nowhere",))
    recorder.launch()
    recorder.start("one")
    assert posted.wait(MicrophoneLost).code is FaultCode.MICROPHONE_MISSING
    assert posted.wait(RecordingEnded) == RecordingEnded(recording_id="one")
    recorder.shut_down()


@pytest.mark.slow
def test_when_pages_cannot_be_kept_it_is_told_why_and_the_recording_ends(
    recorder: Recorder, posted: Posted, sinks: Sinks
) -> None:
    sinks.fault = Fault(FaultCode.DISK_FULL)
    recorder.start("one")
    assert posted.wait(MicrophoneLost).code is FaultCode.DISK_FULL
    assert posted.wait(RecordingEnded) == RecordingEnded(recording_id="one")
    sinks.fault = None
    posted.wait(MicrophoneFound)
    recorder.start("two")
    posted.wait(RecordingStarted, lambda event: event.recording_id == "two")


def test_a_recording_in_which_nobody_said_anything_has_no_attachment(
    recorder: Recorder, posted: Posted, sinks: Sinks
) -> None:
    recorder.start("one")
    posted.wait(LevelHeard, times=10)
    recorder.stop()
    assert posted.wait(RecordingEnded) == RecordingEnded(recording_id="one")
    assert sinks.opened["one"].closed


def test_a_recording_stopped_before_the_microphone_was_open_ends_all_the_same(
    recorder: Recorder, posted: Posted, sinks: Sinks
) -> None:
    recorder.start("one")
    recorder.stop()
    assert posted.wait(RecordingEnded) == RecordingEnded(recording_id="one")
    assert sinks.opened == {}


def test_a_recording_stopped_before_its_cue_ends_with_nothing_and_a_late_cue_starts_nothing(
    recorder: Recorder, posted: Posted, sinks: Sinks
) -> None:
    recorder.start("one", on_cue=True)
    posted.wait(LevelHeard)
    recorder.stop()
    recorder.cue("one")
    assert posted.wait(RecordingEnded) == RecordingEnded(recording_id="one")
    recorder.start("two")
    posted.wait(RecordingStarted, lambda event: event.recording_id == "two")
    recorder.stop()
    posted.wait(RecordingEnded, times=2)
    assert list(sinks.opened) == ["two"]


@pytest.mark.slow
def test_the_kiosks_own_voice_is_recorded_but_is_nobodys_speech(
    recorder: Recorder, posted: Posted, sinks: Sinks, virtual_sound: VirtualSound
) -> None:
    recorder.ignore_speech(ignore=True)
    recorder.start("one")
    posted.wait(RecordingStarted)
    virtual_sound.speak(SAID.tobytes())
    before = len(posted.all(LevelHeard))
    posted.wait(LevelHeard, times=before + 10)
    assert posted.all(SpeechHeard) == []
    recorder.ignore_speech(ignore=False)
    posted.wait(LevelHeard, times=before + 20)
    virtual_sound.speak(SAID_LATER.tobytes())
    posted.wait(SpeechHeard)
    recorder.stop()
    posted.wait(RecordingEnded)
    assert correlation(SAID, heard(sinks, "one")) > 0.9


def test_a_closed_microphone_is_let_go_of_and_opens_again(
    recorder: Recorder, posted: Posted, virtual_sound: VirtualSound
) -> None:
    assert virtual_sound.control("list", "short", "source-outputs").count("PortAudio") == 0
    recorder.start("one")
    posted.wait(RecordingStarted)
    listeners = len(virtual_sound.control("list", "short", "source-outputs").splitlines())
    recorder.close()
    posted.wait(RecordingEnded)
    recorder.start("two")
    posted.wait(RecordingStarted, times=2)
    recorder.close()
    posted.wait(RecordingEnded, times=2)
    recorder.shut_down()
    assert len(virtual_sound.control("list", "short", "source-outputs").splitlines()) < listeners
