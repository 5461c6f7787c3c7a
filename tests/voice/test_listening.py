"""What the ears make of what the listener heard."""

import pytest

from petition.ears import Ears
from petition.errors import FaultCode
from petition.events import DigitsHeard, HearingFound, HearingLost, PhraseHeard, PhraseMissed
from tests.virtual_sound import Posted
from voice import wire
from voice.listening import MOST_DEATHS, Listening
from voice.talk import GOES_ON_SECONDS

EARS = Ears(open=True, phrases=("查进度", "返回", "停一停"))


@pytest.fixture
def sent() -> list[wire.Message]:
    return []


@pytest.fixture
def listening(posted: Posted, sent: list[wire.Message]) -> Listening:
    listening = Listening(posted, sent.append)
    listening.listen(EARS, 1)
    return listening


def said(
    words: str, *, id: int = 1, seconds: float = 1.0, after_seconds: float = 5.0, over: bool = False
) -> wire.HeardWords:
    return wire.HeardWords(id=id, words=words, seconds=seconds, after_seconds=after_seconds, over=over)


def test_what_was_said_is_told_as_a_phrase_digits_or_a_miss(listening: Listening, posted: Posted) -> None:
    listening.hear(said("查 进度"))
    listening.hear(said("[unk] 查 进度"))
    listening.hear(said("[unk]"))
    listening.listen(Ears(open=True, digits=True), 2)
    listening.hear(said("一 幺 零", id=2))
    assert posted.all(object) == [
        PhraseHeard(phrase="查进度", listening_id=1),
        PhraseMissed(near="查进度", listening_id=1),
        PhraseMissed(listening_id=1),
        DigitsHeard(digits="110", listening_id=2),
    ]


def test_what_was_said_to_earlier_ears_reaches_nobody(listening: Listening, posted: Posted) -> None:
    listening.listen(EARS, 2)
    listening.hear(said("返回"))
    assert posted.all(object) == []


def test_over_its_own_voice_the_kiosk_is_told_nothing_but_to_be_silent(listening: Listening, posted: Posted) -> None:
    for words in ("返回", "[unk] 查 进度", "[unk]", "停 一 停"):
        listening.hear(said(words, over=True))
    assert posted.all(object) == [PhraseHeard(phrase="停一停", listening_id=1)]


def test_a_cough_is_not_something_that_was_not_understood(listening: Listening, posted: Posted) -> None:
    listening.hear(said("[unk]", seconds=0.2))
    listening.hear(said("", seconds=0.2))
    assert posted.all(object) == []


def test_a_phrase_in_the_middle_of_talk_is_asked_back(listening: Listening, posted: Posted) -> None:
    listening.hear(said("[unk]"))
    listening.hear(said("返回", after_seconds=0.6))
    assert posted.all(object) == [
        PhraseMissed(listening_id=1),
        PhraseMissed(near="返回", listening_id=1),
    ]


def test_talk_goes_on_after_what_was_asked_back(listening: Listening, posted: Posted) -> None:
    for words in ("[unk]", "返回", "查 进度"):
        listening.hear(said(words, after_seconds=0.6))
    assert PhraseHeard not in map(type, posted.all(object))


def test_nothing_that_sends_is_heard_or_asked_back_in_the_middle_of_talk(listening: Listening, posted: Posted) -> None:
    listening.listen(Ears(open=True, phrases=("提交",)), 1)
    for words in ("[unk]", "提交"):
        listening.hear(said(words, after_seconds=0.6))
    assert posted.all(object) == [PhraseMissed(listening_id=1)] * 2


@pytest.mark.parametrize("before", ["查 进度", "[unk]"])
def test_a_phrase_is_acted_on_after_another_phrase_or_after_a_pause(
    listening: Listening, posted: Posted, before: str
) -> None:
    listening.hear(said(before))
    listening.hear(said("返回", after_seconds=0.6 if before == "查 进度" else GOES_ON_SECONDS))
    assert posted.all(object)[-1] == PhraseHeard(phrase="返回", listening_id=1)


def test_a_cough_is_no_talk(listening: Listening, posted: Posted) -> None:
    listening.hear(said("[unk]", seconds=0.2))
    listening.hear(said("返回", after_seconds=0.6))
    assert posted.all(object) == [PhraseHeard(phrase="返回", listening_id=1)]


def test_in_the_middle_of_talk_too_the_kiosk_is_told_to_be_silent(listening: Listening, posted: Posted) -> None:
    listening.hear(said("[unk]"))
    listening.hear(said("停 一 停", after_seconds=0.6))
    assert posted.all(object)[-1] == PhraseHeard(phrase="停一停", listening_id=1)


def test_every_new_listener_is_told_what_is_listened_for(listening: Listening, sent: list[wire.Message]) -> None:
    listening.be_ready()
    assert sent == [wire.Listen(id=1, phrases=EARS.phrases)] * 2


def test_only_a_dictated_stretch_that_is_nothing_but_a_phrase_is_one(listening: Listening) -> None:
    assert listening.phrase("查 进度") == "查进度"
    assert listening.phrase("我 要 查 进度") == ""
    assert listening.phrase("[unk] 查 进度") == ""


def test_lost_and_found_hearing_is_told_once(listening: Listening, posted: Posted) -> None:
    for _ in range(2):
        listening.find()
        listening.find()
        listening.lose()
        listening.lose()
    lost = HearingLost(code=FaultCode.RECOGNISER_MISSING)
    assert posted.all(object) == [HearingFound(), lost, HearingFound(), lost]


def test_a_recogniser_that_made_something_out_is_not_to_blame_for_a_death(listening: Listening) -> None:
    listening.be_ready()
    deaths = [listening.die() for _ in range(MOST_DEATHS)]
    assert deaths == [False] * (MOST_DEATHS - 1) + [True]
    listening.hear(said("返回"))
    assert not listening.die()
