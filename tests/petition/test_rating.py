"""Journey 6: how somebody finds what was done, review for who is not content, and what can go wrong on the way."""

import functools
from dataclasses import replace

import pytest

from petition import events as ev
from petition.errors import FaultCode
from petition.model import Later, LaterKind, Named
from petition.receipt import Role, receipt_number, receipt_tag
from petition.state import State
from petition.steps import WELCOME, Command
from tests.petition.world import KEY, World

NUMBER = receipt_number("10230", 7)
TAG = receipt_tag(KEY, NUMBER, Role.OWN)
rated = functools.partial(Later, kind=LaterKind.RATING)


@pytest.fixture
def world() -> World:
    return World()


def come_to_rate(world: World) -> State:
    """Go from the welcome screen to the levels by number and query code."""
    world.press("rate")
    world.happen(ev.DigitsEdited(digits=NUMBER))
    if world.state.step == "progress_code":
        world.happen(ev.DigitsEdited(digits="123456"))
    return world.state


def test_a_content_resident_rates_in_two_answers_and_is_thanked(world: World) -> None:
    assert come_to_rate(world).step == "rating"
    assert world.press("entry-good").step == "rating_confirm"
    assert world.later == []
    assert world.press("yes").step == "rating_comment"
    assert world.later == [rated(number=NUMBER, tag=TAG, level="good")]
    assert world.press("no").step == "rating_done"
    assert len(world.later) == 1


def test_words_are_sent_with_the_same_level_and_replace_what_was_sent_before(world: World) -> None:
    come_to_rate(world)
    world.press("entry-very_good", "yes")
    world.happen(ev.TextEdited(text=" 来得很快。 "))
    assert world.press("done").step == "rating_done"
    assert world.later[-1] == rated(number=NUMBER, tag=TAG, level="very_good", words="来得很快。")


@pytest.mark.parametrize("words", ["", "灯又坏了"])
def test_who_is_not_content_is_offered_a_review_and_may_say_why(world: World, words: str) -> None:
    come_to_rate(world)
    assert world.press("entry-bad", "yes").step == "review_offer"
    assert world.later == [rated(number=NUMBER, tag=TAG, level="bad")]
    world.press("yes")
    world.happen(ev.TextEdited(text=words))
    assert world.press("done").step == "review_done"
    assert world.later[-1] == rated(number=NUMBER, tag=TAG, level="bad", review=True, words=words)


def test_a_review_is_nobodys_duty(world: World) -> None:
    come_to_rate(world)
    world.press("entry-bad", "yes")
    assert world.press("no").step == "rating_comment"
    assert not world.later[-1].review


def test_a_rating_is_changed_from_where_it_was_thanked_for(world: World) -> None:
    come_to_rate(world)
    world.press("entry-bad", "yes", "no", "no", "change", "entry-fair", "yes")
    assert [rating.level for rating in world.later] == ["bad", "fair"]


def test_what_was_chosen_by_mistake_is_not_sent(world: World) -> None:
    come_to_rate(world)
    assert world.press("entry-bad", "no").step == "rating"
    world.happen(ev.CommandGiven(command=Command.HOME))
    assert world.later == []


def test_from_how_far_it_is_and_from_the_reply_it_is_one_answer_to_the_levels(world: World) -> None:
    world.happen(ev.ReceiptScanned(number=NUMBER, tag=TAG))
    assert world.press("reply", "rate").step == "rating"
    assert world.press("later", "rate", "entry-good", "yes").step == "rating_comment"
    assert world.later[-1].tag == TAG


def test_without_a_reply_there_is_nothing_to_rate_yet(world: World) -> None:
    world.reply = ""
    assert come_to_rate(world).step == "rating_not_yet"
    assert world.press("look").step == "progress_result"
    assert world.press("rate").step == "progress_result"


def test_another_kiosks_receipt_by_number_is_rated_once_it_is_scanned(world: World) -> None:
    world.elsewhere = True
    assert come_to_rate(world).step == "rating_elsewhere"
    assert world.happen(ev.ReceiptScanned(number=NUMBER, tag=TAG)).step == "rating"


def test_a_rating_that_could_not_be_stored_is_said_so_and_tried_again_as_it_was(world: World) -> None:
    come_to_rate(world)
    world.press("entry-bad", "yes", "yes")
    world.happen(ev.TextEdited(text="灯又坏了"))
    world.later_fault = FaultCode.DISK_FULL
    assert world.press("done").step == "later_not_kept"
    world.later_fault = None
    assert world.press("retry").step == "review_done"
    assert world.later[-1] == rated(number=NUMBER, tag=TAG, level="bad", review=True, words="灯又坏了")


def test_nothing_of_a_rating_outlasts_going_home(world: World) -> None:
    come_to_rate(world)
    world.press("entry-bad", "yes", "yes")
    world.happen(ev.TextEdited(text="灯又坏了"))
    world.happen(ev.CommandGiven(command=Command.HOME))
    assert world.state.step == WELCOME
    assert "灯又坏了" not in repr(world.state)
    assert TAG not in repr(world.state)


def test_a_level_is_said_asked_about_and_sent_by_voice(world: World) -> None:
    world.state = replace(world.state, hearing=True, begun=True)
    come_to_rate(world)
    assert world.happen(ev.PhraseHeard(phrase="不满意")).step == "rating_confirm"
    world.happen(ev.PhraseHeard(phrase="对记下来"))
    assert world.later == []  # not before it was read out
    world.happen(ev.SpeechEnded(utterance_id=1, completed=True), ev.PhraseHeard(phrase="对记下来"))
    assert world.later[-1].level == "bad"


def test_who_asks_for_a_second_look_has_it_before_a_word_is_written(world: World) -> None:
    come_to_rate(world)
    assert world.press("entry-bad", "yes", "yes").step == "review_reason"
    assert world.later[-1] == rated(number=NUMBER, tag=TAG, level="bad", review=True)
    assert world.press("no").step == "rating_done"
    assert not world.later[-1].review


def test_a_second_look_stays_asked_for_when_the_level_is_changed(world: World) -> None:
    come_to_rate(world)
    world.press("entry-bad", "yes", "yes", "done", "change", "entry-fair", "yes")
    assert world.later[-1] == rated(number=NUMBER, tag=TAG, level="fair", review=True)


def test_the_next_slip_that_is_scanned_is_the_one_that_is_rated(world: World) -> None:
    come_to_rate(world)
    world.press("entry-good", "yes", "no")
    other = receipt_number("10230", 8)
    assert world.happen(ev.ReceiptScanned(number=other, tag=TAG)).step == "progress_result"
    world.press("rate", "entry-bad", "yes")
    assert world.later[-1].number == other


def test_a_slip_is_scanned_by_whoever_was_called_for_it(world: World) -> None:
    world.elsewhere = True
    come_to_rate(world)
    assert world.press("person").step == "call_staff"
    assert world.happen(ev.ReceiptScanned(number=NUMBER, tag=TAG)).step == "rating"


def test_levels_that_change_meanwhile_are_those_of_the_next_rating(world: World) -> None:
    come_to_rate(world)
    world.press("entry-bad")
    world.happen(ev.CatalogueArrived(catalogue=replace(world.state.catalogue, rating_levels=())))
    world.press("yes")
    assert world.later[-1].level == "bad"


def test_without_levels_a_person_is_asked(world: World) -> None:
    world.state = replace(world.state, catalogue=replace(world.state.catalogue, rating_levels=()))
    assert world.press("rate").step == "ask_person"


@pytest.mark.parametrize(("levels", "content"), [(2, 1), (3, 2), (4, 3), (5, 3)])
def test_the_worst_of_any_number_of_levels_is_offered_a_second_look(world: World, levels: int, content: int) -> None:
    made = tuple(Named(id=f"l{n}", names=(("zh_Hans", f"第{n}档"),)) for n in range(levels))
    world.state = replace(world.state, catalogue=replace(world.state.catalogue, rating_levels=made))
    come_to_rate(world)
    offered_to = []
    for n in range(levels):
        world.press(f"entry-l{n}", "yes")
        offered_to.append(world.state.step == "review_offer")
        world.press("no", "no", "change") if world.state.step == "review_offer" else world.press("no", "change")
    assert offered_to == [n >= content for n in range(levels)]


def test_words_that_are_written_while_it_is_stored_change_nothing(world: World) -> None:
    come_to_rate(world)
    world.press("entry-good", "yes")
    world.happen(ev.TextEdited(text="很好"))
    world.answering = False
    world.press("done")
    assert world.happen(ev.TextEdited(text="很好啊")).comment == "很好"


def test_from_old_news_one_comes_back_to_old_news(world: World) -> None:
    world.from_cache = True
    world.happen(ev.ReceiptScanned(number=NUMBER, tag=TAG))
    assert world.press("reply", "ok").step == "progress_cached"
