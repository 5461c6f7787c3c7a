"""What is said aloud, through a virtual microphone and the real recogniser: commands, digits, dictation."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import pytest

from petition.ears import Ears
from petition.errors import FaultCode
from petition.events import (
    DigitsHeard,
    HearingFound,
    HearingLost,
    LevelHeard,
    MicrophoneLost,
    PhraseHeard,
    PhraseMissed,
    RecordingEnded,
    RecordingStarted,
    SilenceHeard,
    WordsHeard,
)
from tests.virtual_sound import Posted, Sinks
from voice.models import DEMONSTRATION
from voice.recorder import Recorder
from voice.synthesis import Synthesizer
from voice.virtual_sound import VirtualSound

pytestmark = pytest.mark.xdist_group("sound")

EARS = Ears(open=True, phrases=("返回", "首页", "一号", "二号", "帮助", "说完了"))
LEVELS_A_SECOND = 15


@pytest.fixture
def sinks() -> Sinks:
    return Sinks()


@pytest.fixture
def recorder(virtual_sound: VirtualSound, posted: Posted, sinks: Sinks) -> Iterator[Recorder]:
    """Ears that hear, with the microphone open."""
    recorder = Recorder(posted, sinks, model=DEMONSTRATION)
    recorder.launch()
    recorder.prepare()
    posted.wait(HearingFound)
    posted.wait(LevelHeard, times=2)
    yield recorder
    recorder.shut_down()


@cache
def synthesizer() -> Synthesizer:
    return Synthesizer()


PAUSE_SECONDS = 1.3


def say(virtual_sound: VirtualSound, *texts: str) -> AbstractContextManager[None]:
    """Say something in Mandarin into the microphone while the block runs, with pauses between."""
    pause = bytes(2 * int(synthesizer().rate * PAUSE_SECONDS))
    spoken = [synthesizer().speak(text, "cmn", 1.0).samples.tobytes() for text in texts]
    return virtual_sound.speaking(pause.join(spoken), synthesizer().rate)


def hear_on(posted: Posted, seconds: float) -> None:
    """Wait until the microphone has heard so much more."""
    posted.wait(LevelHeard, times=len(posted.all(LevelHeard)) + round(seconds * LEVELS_A_SECOND))


def kill_listener(recorder: Recorder, with_signal: int) -> None:
    assert recorder._listener.process_id  # 0 would be the tests themselves
    os.kill(recorder._listener.process_id, with_signal)


def test_a_phrase_that_is_listened_for_is_heard_and_talk_is_not(
    recorder: Recorder, posted: Posted, virtual_sound: VirtualSound
) -> None:
    recorder.listen(EARS, 1)
    with say(virtual_sound, "返回", "昨天晚上的足球比赛你看了没有", "首页，首页"):
        posted.wait(PhraseHeard, times=2)
    recorder.listen(Ears(open=True, phrases=("返回",), digits=True), 2)
    with say(virtual_sound, "三五八"):
        posted.wait(DigitsHeard)
    assert [each.phrase for each in posted.all(PhraseHeard)] == ["返回", "首页"]
    assert [each.digits for each in posted.all(DigitsHeard)] == ["358"]
    assert posted.all(PhraseMissed)


def test_nothing_is_heard_while_the_kiosk_speaks(
    recorder: Recorder, posted: Posted, virtual_sound: VirtualSound
) -> None:
    recorder.listen(EARS, 1)
    recorder.ignore_speech(ignore=True)
    with say(virtual_sound, "返回"):
        pass
    hear_on(posted, 1.0)
    recorder.ignore_speech(ignore=False)
    hear_on(posted, 1.5)  # what begins sooner may have begun while it spoke
    with say(virtual_sound, "首页"):
        assert posted.wait(PhraseHeard).phrase == "首页"
    assert posted.all(PhraseMissed) == []


def test_dictated_words_come_as_they_are_said_and_all_of_them_before_the_recording_ends(
    recorder: Recorder, posted: Posted, virtual_sound: VirtualSound
) -> None:
    recorder.listen(EARS, 1)
    recorder.start("one")
    posted.wait(RecordingStarted)
    with say(virtual_sound, "我们小区路灯不亮", "请尽快处理", "说完了"):
        assert posted.wait(PhraseHeard).phrase == "说完了"
    recorder.stop()
    posted.wait(RecordingEnded)
    words = posted.all(WordsHeard)
    assert words[-1].text == "我们小区路灯不亮。请尽快处理。"
    assert words[-1].settled == len(words[-1].text)
    assert {each.recording_id for each in words} == {"one"}
    assert len(words) > 4
    assert [type(each) for each in posted.all(object) if isinstance(each, WordsHeard | RecordingEnded)][-2:] == [
        WordsHeard,
        RecordingEnded,
    ]
    assert posted.all(PhraseMissed) == []


@pytest.mark.slow
def test_a_listener_that_crashes_in_mid_dictation_costs_neither_words_nor_more_than_a_second(
    recorder: Recorder, posted: Posted, virtual_sound: VirtualSound
) -> None:
    recorder.start("one")
    posted.wait(RecordingStarted)
    heard_before = len(posted.all(LevelHeard))
    said = ("我们小区路灯不亮", "请尽快处理", "物业不管")
    for part, (text, with_signal) in enumerate(zip(said, (signal.SIGKILL, signal.SIGSEGV, None), strict=True), 1):
        whole = "，".join(said[:part])
        with say(virtual_sound, text):
            posted.wait(WordsHeard, lambda event, whole=whole: event.text.replace("。", "，") == whole)  # type: ignore[misc]
            if with_signal is not None:
                kill_listener(recorder, with_signal)
                hear_on(posted, 0.5)
    recorder.stop()
    parts = posted.wait(RecordingEnded).attachments
    heard_seconds = (len(posted.all(LevelHeard)) - heard_before) / LEVELS_A_SECOND
    assert len(parts) == 3
    assert sum(part.seconds or 0.0 for part in parts) > heard_seconds - 2.0
    assert (posted.all(MicrophoneLost), posted.all(HearingLost)) == ([], [])


def test_without_a_recogniser_it_is_told_and_recording_works(
    virtual_sound: VirtualSound, posted: Posted, sinks: Sinks
) -> None:
    recorder = Recorder(posted, sinks)
    recorder.launch()
    assert posted.wait(HearingLost).code is FaultCode.RECOGNISER_MISSING
    recorder.listen(EARS, 1)
    recorder.start("one")
    posted.wait(RecordingStarted)
    with say(virtual_sound, "返回"):
        posted.wait(SilenceHeard)
    recorder.stop()
    assert len(posted.wait(RecordingEnded).attachments) == 1
    recorder.shut_down()
    assert (posted.all(WordsHeard), posted.all(PhraseHeard), posted.all(PhraseMissed)) == ([], [], [])


def test_a_folder_that_holds_no_model_is_no_recogniser(posted: Posted, sinks: Sinks, tmp_path: Path) -> None:
    recorder = Recorder(posted, sinks, model=tmp_path)
    recorder.launch()
    assert posted.wait(HearingLost).code is FaultCode.RECOGNISER_MISSING
    recorder.shut_down()


def test_a_recogniser_that_ends_its_process_again_and_again_is_done_without(
    virtual_sound: VirtualSound, posted: Posted, sinks: Sinks, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(DEMONSTRATION, damaged)
    (damaged / "graph" / "Gr.fst").write_bytes(b"damaged")
    recorder = Recorder(posted, sinks, model=damaged)
    recorder.launch()
    recorder.start("one")
    assert posted.wait(HearingLost).code is FaultCode.RECOGNISER_MISSING
    hear_on(posted, 0.5)  # the one without it has yet to open the microphone
    with say(virtual_sound, "返回"):
        posted.wait(SilenceHeard)
    recorder.stop()
    assert posted.wait(RecordingEnded).attachments
    recorder.shut_down()
    assert posted.all(MicrophoneLost) == []
