"""What the kiosk says, on a virtual loudspeaker: it is heard, it stops, it survives its speaker's death."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from petition.errors import FaultCode
from petition.events import SpeechEnded, SpeechFound, SpeechLost, SpeechStarted, WordSpoken
from petition.utterance import Span, Utterance
from tests.virtual_sound import (
    NO_DEVICE,
    WAIT_SECONDS,
    Posted,
    ends_in_silence,
    loud_seconds,
    noise,
    samples,
    tone_seconds,
)
from voice.likeness import correlation
from voice.opus import Encoder
from voice.speech import Priority, Speech
from voice.virtual_sound import MICROPHONE_RATE, SPEAKER_RATE, VirtualSound

pytestmark = pytest.mark.xdist_group("sound")

ROOT = Path(__file__).parents[2]
SHORT = Utterance(text="您好。")
LONG = Utterance(text="请在滴声后说说是什么事，说完停一停就行。慢慢说，不着急。我念给您听。")


def recording(seconds: float) -> bytes:
    encoder = Encoder(MICROPHONE_RATE)
    return encoder.encode(noise(seconds)) + encoder.finish()


def kill_speaker(speech: Speech) -> None:
    assert speech._speaker.process_id  # 0 would be the tests themselves
    os.kill(speech._speaker.process_id, signal.SIGKILL)


def test_what_is_said_sounds_and_every_word_of_it_is_marked(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    with virtual_sound.hearing() as monitor:
        number = speech.say(Utterance(text="编号 1023。记好！", spans=(Span(start=3, length=4, spoken="幺零二三"),)))
        assert posted.wait(SpeechEnded) == SpeechEnded(utterance_id=number, completed=True)
        assert loud_seconds(monitor.wait(ends_in_silence(0.2))) > 0.5
    assert posted.all(SpeechStarted) == [SpeechStarted(utterance_id=number)]
    assert [(word.start, word.length) for word in posted.all(WordSpoken)] == [(0, 2), (3, 4), (8, 1), (9, 1)]


def test_stopping_is_silence_and_nothing_that_waited_is_said(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    with virtual_sound.hearing() as monitor:
        ids = [speech.say(LONG) for _ in range(3)]
        monitor.wait(lambda sound: loud_seconds(sound) > 0.3)
        speech.stop()
        posted.wait(SpeechEnded, times=3)
        heard = monitor.wait(ends_in_silence(1.0))
    assert posted.all(SpeechEnded) == [SpeechEnded(utterance_id=number, completed=False) for number in ids]
    assert [each.utterance_id for each in posted.all(SpeechStarted)] == ids[:1]
    assert loud_seconds(heard) < 3.0  # all three take 18 seconds


def test_next_is_said_before_what_waits_and_now_instead_of_it(speech: Speech, posted: Posted) -> None:
    first = speech.say(SHORT)
    posted.wait(SpeechStarted)
    waiting = speech.say(SHORT)
    following = speech.say(SHORT, priority=Priority.NEXT)
    posted.wait(SpeechEnded, lambda event: event.completed, times=3)
    assert [each.utterance_id for each in posted.all(SpeechStarted)] == [first, following, waiting]
    dropped = [speech.say(LONG), speech.say(LONG)]
    posted.wait(SpeechStarted, times=4)
    now = speech.say(SHORT, priority=Priority.NOW)
    assert posted.wait(SpeechEnded, lambda event: event.utterance_id == now).completed
    assert [e.utterance_id for e in posted.all(SpeechEnded) if not e.completed] == dropped


def test_an_earcon_is_heard_whole_before_what_follows_it_happens(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    speech.say(SHORT)
    posted.wait(SpeechStarted)
    done = threading.Event()
    with virtual_sound.hearing() as monitor:
        speech.play_earcon("begin", done.set)
        assert done.wait(WAIT_SECONDS)
        assert posted.all(SpeechEnded)
        monitor.wait(lambda sound: tone_seconds(samples(sound), 880.0) > 0.1)


def test_now_lets_an_earcon_end_and_stop_forgets_it_and_what_follows(speech: Speech, posted: Posted) -> None:
    speech.say(SHORT)
    posted.wait(SpeechEnded)
    order = Posted()
    speech.play_earcon("done", lambda: order("earcon"))
    speech.say(SHORT, priority=Priority.NOW)
    order.wait(str)
    posted.wait(SpeechEnded, lambda event: event.completed, times=2)
    speech.say(LONG)
    speech.play_earcon("done", lambda: order("never"))
    speech.stop()
    speech.play_earcon("done", lambda: order("after"))
    order.wait(str, lambda event: event == "after")
    assert order.all(str) == ["earcon", "after"]


def test_a_recording_played_back_is_the_recording(speech: Speech, posted: Posted, virtual_sound: VirtualSound) -> None:
    with virtual_sound.hearing() as monitor:
        number = speech.play_recording(recording(2.0))
        assert posted.wait(SpeechEnded) == SpeechEnded(utterance_id=number, completed=True)
        heard = samples(monitor.wait(ends_in_silence(0.2)))
    assert correlation(noise(2.0), heard[:: SPEAKER_RATE // MICROPHONE_RATE]) > 0.85


def test_a_broken_recording_ends_at_once_and_the_voice_goes_on(speech: Speech, posted: Posted) -> None:
    broken, after = speech.play_recording(b"no sound"), speech.say(SHORT)
    posted.wait(SpeechEnded, times=2)
    assert posted.all(SpeechEnded) == [
        SpeechEnded(utterance_id=broken, completed=False),
        SpeechEnded(utterance_id=after, completed=True),
    ]
    assert posted.all(SpeechLost) == []


def test_a_pause_is_silent_and_keeps_the_place(speech: Speech, posted: Posted, virtual_sound: VirtualSound) -> None:
    with virtual_sound.hearing() as monitor:
        speech.say(LONG)
        monitor.wait(lambda sound: loud_seconds(sound) > 0.3)
        speech.pause()
        monitor.wait(ends_in_silence(1.0))
        assert posted.all(SpeechEnded) == []
        marked = len(posted.all(WordSpoken))
        speech.resume()
        posted.wait(WordSpoken, times=marked + 1)
    words = [word.start for word in posted.all(WordSpoken)]
    assert words == sorted(set(words))


@pytest.mark.slow
def test_a_new_rate_is_heard_from_the_beginning_of_the_sentence(speech: Speech, posted: Posted) -> None:
    speech.say(LONG)
    posted.wait(WordSpoken, times=3)
    speech.set_rate(1.5)
    posted.wait(WordSpoken, lambda word: word.start == 0, times=2)
    assert posted.wait(SpeechEnded).completed
    assert len(posted.all(SpeechStarted)) == 1


def test_without_volume_nothing_sounds_and_words_go_on(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    with virtual_sound.hearing() as monitor:
        speech.set_volume(0.0)
        speech.say(SHORT)
        posted.wait(SpeechEnded)
        assert loud_seconds(monitor.sound) == 0.0
    assert len(posted.all(WordSpoken)) == 2


def test_a_new_volume_is_heard_in_what_sounds_now(speech: Speech, posted: Posted, virtual_sound: VirtualSound) -> None:
    def loudest(sound: bytes, since: int) -> int:
        return int(np.abs(samples(sound[since:]).astype(np.int32)).max(initial=0))

    speech.set_volume(0.1)
    with virtual_sound.hearing() as monitor:
        speech.say(LONG)
        quiet = monitor.wait(lambda sound: loud_seconds(sound) > 0.4)
        speech.set_volume(1.0)
        monitor.wait(lambda sound: loudest(sound, len(quiet)) > 4 * loudest(quiet, 0))
        assert posted.all(SpeechEnded) == []


def loudest(sound: bytes) -> int:
    return int(np.abs(samples(sound).astype(np.int32)).max(initial=0))


@pytest.mark.slow
def test_a_loud_bell_is_as_loud_whatever_volume_was_set(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    def heard(*, volume: float, loud: bool) -> int:
        done = threading.Event()
        speech.set_volume(volume)
        with virtual_sound.hearing() as monitor:
            speech.play_earcon("bell", done.set, loud=loud)
            assert done.wait(WAIT_SECONDS)
            return loudest(monitor.sound)

    speech.say(SHORT)
    posted.wait(SpeechEnded)
    quiet, usual = heard(volume=0.1, loud=False), heard(volume=1.0, loud=False)
    assert 0 < quiet < usual
    bells = [heard(volume=volume, loud=True) for volume in (0.0, 0.1, 1.0)]
    assert min(bells) > 2 * usual > 10 * quiet
    assert max(bells) - min(bells) < 0.1 * max(bells)
    assert max(bells) <= 32767


def test_a_loud_bell_waits_for_nothing_and_nothing_cuts_it_short(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    first, second = 659.3, 523.3
    done = threading.Event()
    speech.set_volume(0.1)  # the bell is to be told from what is said
    with virtual_sound.hearing() as monitor:
        said = speech.say(LONG)
        posted.wait(SpeechStarted)
        speech.play_earcon("bell", done.set, loud=True)
        monitor.wait(lambda sound: loudest(sound) > 20_000)
        assert posted.all(SpeechEnded) == []  # in the midst of it
        speech.stop()
        assert posted.wait(SpeechEnded) == SpeechEnded(utterance_id=said, completed=False)
        assert done.wait(WAIT_SECONDS)
        heard = samples(monitor.wait(ends_in_silence(0.2)))
    assert tone_seconds(heard, first) > 0.2
    assert tone_seconds(heard, second) > 0.4


@pytest.mark.slow
def test_a_loud_bell_is_heard_in_a_pause_and_what_was_being_said_goes_on_where_it_was(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    done = threading.Event()
    with virtual_sound.hearing() as monitor:
        number = speech.say(LONG)
        posted.wait(WordSpoken, times=3)
        speech.pause()
        monitor.wait(ends_in_silence(0.3))
        before = len(monitor.sound)
        speech.play_earcon("bell", done.set, loud=True)
        assert done.wait(WAIT_SECONDS)
        assert loudest(monitor.sound[before:]) > 20_000
        assert posted.all(SpeechEnded) == []
        speech.resume()
        assert posted.wait(SpeechEnded) == SpeechEnded(utterance_id=number, completed=True)
    words = [word.start for word in posted.all(WordSpoken)]
    assert words == sorted(set(words))


@pytest.mark.slow
def test_bells_follow_one_another_and_what_is_said_meanwhile_is_said_to_its_end(speech: Speech, posted: Posted) -> None:
    rung = Posted()
    speech.say(LONG)
    posted.wait(SpeechStarted)
    speech.play_earcon("no earcon of ours", lambda: rung(-1), loud=True)
    for n in range(3):
        speech.play_earcon("bell", lambda n=n: rung(n), loud=True)  # type: ignore[misc]
    rung.wait(int, times=4)
    assert rung.all(int) == [-1, 0, 1, 2]
    assert posted.wait(SpeechEnded).completed


def test_a_bell_that_is_rung_before_there_is_a_speaker_rings_as_soon_as_there_is_one(
    virtual_sound: VirtualSound, posted: Posted
) -> None:
    speech = Speech(posted)
    done = threading.Event()
    with virtual_sound.hearing() as monitor:
        speech.play_earcon("bell", done.set, loud=True)
        speech.launch()
        assert done.wait(WAIT_SECONDS)
        assert loudest(monitor.sound) > 20_000
    speech.shut_down()


def test_a_bell_that_cannot_be_heard_ends_all_the_same(posted: Posted) -> None:
    speech = Speech(posted, device=NO_DEVICE)
    early, late = threading.Event(), threading.Event()
    speech.play_earcon("bell", early.set, loud=True)
    speech.launch()
    assert early.wait(WAIT_SECONDS)
    assert posted.wait(SpeechLost).code is FaultCode.SPEAKER_MISSING
    speech.play_earcon("bell", late.set, loud=True)
    assert late.wait(WAIT_SECONDS)
    speech.shut_down()


def test_a_bell_dies_with_its_speaker_and_the_next_one_rings(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    speech.say(SHORT)
    posted.wait(SpeechEnded)
    gone, rings = threading.Event(), threading.Event()
    with virtual_sound.hearing() as monitor:
        speech.play_earcon("bell", gone.set, loud=True)
        monitor.wait(lambda sound: loudest(sound) > 20_000)
        kill_speaker(speech)
        assert gone.wait(WAIT_SECONDS)
        before = len(monitor.wait(ends_in_silence(0.1)))
        speech.play_earcon("bell", rings.set, loud=True)
        assert rings.wait(WAIT_SECONDS)
        assert loudest(monitor.sound[before:]) > 20_000


def test_a_speaker_killed_in_mid_sentence_is_followed_by_one_that_says_it_again(speech: Speech, posted: Posted) -> None:
    number = speech.say(LONG)
    second = LONG.text.index("慢")
    posted.wait(WordSpoken, lambda word: word.start > second)
    kill_speaker(speech)
    assert posted.wait(SpeechEnded) == SpeechEnded(utterance_id=number, completed=True)
    starts = [word.start for word in posted.all(WordSpoken)]
    assert starts.count(0) == 1
    assert starts.count(second) == 2
    assert starts[-1] == LONG.text.rindex("听")
    assert len(posted.all(SpeechStarted)) == 1


@pytest.mark.slow
def test_a_sentence_that_kills_its_speaker_twice_is_given_up_and_the_next_is_said(
    speech: Speech, posted: Posted
) -> None:
    deadly, after = speech.say(LONG), speech.say(SHORT)
    for deaths in (1, 2):
        posted.wait(WordSpoken, lambda word: word.start == 0, times=deaths)
        kill_speaker(speech)
    posted.wait(SpeechEnded, times=2)
    assert posted.all(SpeechEnded) == [
        SpeechEnded(utterance_id=deadly, completed=False),
        SpeechEnded(utterance_id=after, completed=True),
    ]


def test_a_language_without_a_voice_ends_its_utterance_and_no_other(speech: Speech, posted: Posted) -> None:
    foreign, own = speech.say(Utterance(text="bonjour", language="fr")), speech.say(SHORT)
    posted.wait(SpeechEnded, times=2)
    assert {(e.utterance_id, e.completed) for e in posted.all(SpeechEnded)} == {(foreign, False), (own, True)}


@pytest.mark.parametrize("language", ["zh_Hant", "yue", "en"])
def test_every_language_sounds(language: str, speech: Speech, posted: Posted, virtual_sound: VirtualSound) -> None:
    text = "Please speak now." if language == "en" else "請說。"
    with virtual_sound.hearing() as monitor:
        speech.say(Utterance(text=text, language=language))
        assert posted.wait(SpeechEnded).completed
        assert loud_seconds(monitor.wait(ends_in_silence(0.2))) > 0.2
    assert len(posted.all(WordSpoken)) == (3 if language == "en" else 2)


def test_without_a_device_everything_ends_at_once_and_it_is_told_once(posted: Posted) -> None:
    speech = Speech(posted, device=NO_DEVICE)
    early = speech.say(SHORT)
    speech.launch()
    assert posted.wait(SpeechLost).code is FaultCode.SPEAKER_MISSING
    late = speech.say(SHORT)
    assert posted.wait(SpeechEnded, times=2) == SpeechEnded(utterance_id=late, completed=False)
    done = threading.Event()
    speech.play_earcon("begin", done.set)
    assert done.wait(WAIT_SECONDS)
    speech.shut_down()
    assert posted.all(SpeechEnded)[0] == SpeechEnded(utterance_id=early, completed=False)
    assert len(posted.all(SpeechLost)) == 1


def test_without_an_engine_earcons_and_recordings_still_sound(
    virtual_sound: VirtualSound, posted: Posted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for library in ("libespeak-ng.so.1", "libespeak.so.1"):
        (tmp_path / library).write_text("no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    speech = Speech(posted)
    speech.launch()
    assert posted.wait(SpeechLost).code is FaultCode.SPEECH_ENGINE_MISSING
    said, played = speech.say(SHORT), speech.play_recording(recording(0.5))
    posted.wait(SpeechEnded, times=2)
    assert posted.all(SpeechEnded) == [
        SpeechEnded(utterance_id=said, completed=False),
        SpeechEnded(utterance_id=played, completed=True),
    ]
    with virtual_sound.hearing() as monitor:
        speech.play_earcon("begin")
        monitor.wait(lambda sound: tone_seconds(samples(sound), 880.0) > 0.1)
    speech.shut_down()


@pytest.mark.slow
def test_a_loudspeaker_that_is_unplugged_and_comes_back_is_noticed(
    speech: Speech, posted: Posted, virtual_sound: VirtualSound
) -> None:
    speech.say(SHORT)
    posted.wait(SpeechEnded)
    virtual_sound.unplug()
    assert posted.wait(SpeechLost).code is FaultCode.SPEAKER_MISSING
    virtual_sound.plug_in()
    posted.wait(SpeechFound)
    speech.say(SHORT)
    posted.wait(SpeechEnded, lambda event: event.completed, times=2)


def test_a_speaker_that_dies_before_it_is_ready_counts_as_no_voice(posted: Posted) -> None:
    speech = Speech(posted, command=("/nowhere",))
    speech.launch()
    number = speech.say(SHORT)
    assert posted.wait(SpeechLost).code is FaultCode.SPEECH_ENGINE_MISSING
    assert posted.wait(SpeechEnded) == SpeechEnded(utterance_id=number, completed=False)
    speech.shut_down()


def test_nothing_heavy_is_loaded_in_the_kiosks_own_process() -> None:
    asks = (
        "import sys, voice.speech, voice.recorder; print({'numpy', 'sounddevice', 'av', 'pypinyin'} & {*sys.modules})"
    )
    answer = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, check=True, text=True)
    assert answer.stdout.strip() == "set()"


def test_the_samples_of_a_sound_are_its_sound() -> None:
    assert np.array_equal(samples(noise(0.1).tobytes() + b"x"), noise(0.1))
