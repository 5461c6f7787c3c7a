"""Utterances by the hundred, interrupted at random moments, the speaker killed at random ones: each ends exactly once."""

import gc
import os
import signal
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from petition.events import SpeechEnded, SpeechLost, SpeechStarted, WordSpoken
from petition.utterance import Utterance
from tests.virtual_sound import Posted
from voice.speech import Priority, Speech

pytestmark = pytest.mark.xdist_group("sound")

TEXTS = (
    "好。",
    "您好。",
    "请说。",
    "查进度，一号。",
    "帮助。",
    "Please speak.",
    "编号 1023。",
    "请在滴声后说说是什么事。",
)
LANGUAGES = ("zh_Hans", "yue", "en")
LONGER = Utterance(text="请在滴声后说说是什么事。")
UTTERANCES = [Utterance(text=text, language=language) for text in TEXTS for language in LANGUAGES]
MOST_GROWTH_BYTES = 5_000_000

how_often = pytest.mark.parametrize("times", [25, pytest.param(500, marks=pytest.mark.slow)])


def resident_bytes(process_id: int) -> int:
    gc.collect()
    return int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def wait_for(posted: Posted, id: int, words: int | None) -> None:
    """Wait until an utterance is over, or has begun and so many words of it have been heard; None: only until it ends."""

    def reached(event: object) -> bool:
        match event:
            case SpeechEnded(utterance_id=each):
                return each == id
            case SpeechStarted(utterance_id=each):
                return each == id and words == 0
            case WordSpoken(utterance_id=each):
                return each == id and words is not None and 0 < words <= len(of(posted, id))
        return False

    posted.wait(object, reached)


def of(posted: Posted, id: int) -> list[WordSpoken]:
    return [word for word in posted._events if isinstance(word, WordSpoken) and word.utterance_id == id]


def say_one_more(speech: Speech, posted: Posted, chance: Random) -> int:
    """Say something, let it be heard to some moment, and perhaps interrupt it in some way; return its number."""
    priority = chance.choices((Priority.NOW, Priority.NEXT, Priority.NORMAL), (8, 1, 1))[0]
    number = speech.say(chance.choice(UTTERANCES), priority=priority)
    match chance.randrange(12):
        case 0:
            wait_for(posted, number, None)
        case 1 | 2 | 3:
            wait_for(posted, number, chance.randrange(3))
    match chance.randrange(8):
        case 0 | 1:
            speech.stop()
        case 2:
            speech.pause()
            speech.resume()
        case 3:
            speech.set_rate(chance.choice((1.75, 2.0)))
        case 4:
            speech.play_earcon("done")
        case 5:
            speech.set_volume(chance.choice((0.5, 1.0)))
    return number


def ended_once(posted: Posted, ids: list[int]) -> bool:
    return Counter(event.utterance_id for event in posted.all(SpeechEnded)) == Counter(ids)


@how_often
def test_nothing_hangs_nothing_is_told_twice_and_no_memory_is_kept(speech: Speech, posted: Posted, times: int) -> None:
    chance = Random(times)  # noqa: S311 - to be the same every time
    ids = []
    for utterance in UTTERANCES:
        ids.append(speech.say(utterance, priority=Priority.NOW))
        wait_for(posted, ids[-1], 0)
    ids += [say_one_more(speech, posted, chance) for _ in range(10)]
    speaker = speech._speaker.process_id
    before = resident_bytes(speaker), resident_bytes(os.getpid())
    ids += [say_one_more(speech, posted, chance) for _ in range(times)]
    ids.append(speech.say(UTTERANCES[0]))
    wait_for(posted, ids[-1], None)
    assert ended_once(posted, ids)
    assert posted.all(SpeechLost) == []
    assert speech._speaker.process_id == speaker
    assert resident_bytes(speaker) - before[0] < MOST_GROWTH_BYTES
    assert resident_bytes(os.getpid()) - before[1] < MOST_GROWTH_BYTES


@pytest.mark.parametrize("times", [20, pytest.param(500, marks=pytest.mark.slow)])
def test_a_speaker_killed_at_random_moments_loses_no_utterance(speech: Speech, posted: Posted, times: int) -> None:
    chance = Random(times)  # noqa: S311 - to be the same every time
    ids = []
    for turn in range(times):
        if turn % 20 != 10:
            ids.append(say_one_more(speech, posted, chance))
            continue
        speech.stop()
        ids.append(speech.say(LONGER))
        wait_for(posted, ids[-1], chance.randrange(4))
        speaker = speech._speaker.process_id
        assert speaker  # 0 would be the tests themselves
        os.kill(speaker, chance.choice((signal.SIGKILL, signal.SIGSEGV)))
        wait_for(posted, ids[-1], None)
        assert posted.all(SpeechEnded)[-1] == SpeechEnded(utterance_id=ids[-1], completed=True)
        assert [word.start for word in of(posted, ids[-1])].count(0) <= 2
    ids.append(speech.say(UTTERANCES[0]))
    wait_for(posted, ids[-1], None)
    assert ended_once(posted, ids)
    assert posted.all(SpeechLost) == []
