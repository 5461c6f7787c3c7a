"""The loop closes on the real screen: sent, answered, rated with the line cut, and at the platform when it is back."""

from pathlib import Path

from gateway import admin, desk
from gateway.desk import StepForm, Tab
from gateway.serve import Served
from offline_queue.enrolment import enrol
from offline_queue.store import open_store
from petition.events import LaterKept
from petition.model import Stage
from petition.steps import WELCOME
from tests.kiosk.relay import Line, Relay
from tests.kiosk.visitor import Visitor, visiting


def sent_and_answered(visitor: Visitor, served: Served) -> tuple[str, str]:
    """Send a petition and have it answered; return its number and query code."""
    visitor.write()
    receipt = visitor.send()
    visitor.go()
    visitor.wait(lambda: bool(petitions(served, receipt.number)), "at the platform")
    form = StepForm(stage=Stage.REPLIED, responsible="王师傅", expected=None, reply="灯修好了。")
    admin.set_step(served.platform, receipt.number, form)
    return receipt.number, receipt.query_code


def petitions(served: Served, number: str) -> list[desk.Listed]:
    return desk.list_petitions(served.platform, Tab.ALL, digits=number)[0]


def ratings(served: Served, number: str) -> list[tuple[str, bool, str]]:
    opened = desk.open_petition(served.platform, petitions(served, number)[0].id, account="wang")
    return [(e.content.level, e.content.review, e.content.words) for e in opened.events if e.content]


def test_a_petition_is_answered_rated_and_looked_into_again_though_the_line_is_cut(
    tmp_path: Path, served: Served
) -> None:
    directory = tmp_path / "state"
    relay = Relay(served.url)
    with open_store(directory) as store:
        code = admin.make_enrolment_code(served.platform, kiosk_name="1 号机", place="xingfu")
        enrol(store, served.url, code, software="test")
    with visiting(directory, url=relay.url) as visitor:
        visitor.settle()
        visitor.wait(lambda: bool(visitor.state.catalogue.rating_levels), "catalogue")
        number, query_code = sent_and_answered(visitor, served)
        visitor.press("rate", "progress_number")
        visitor.key(number)
        visitor.wait_for_step("progress_code")
        visitor.key(query_code)
        visitor.wait_for_step("rating")
        relay.become(Line.GONE)
        visitor.press("entry-bad", "rating_confirm")
        visitor.press("yes", "review_offer")
        visitor.press("yes", "review_reason")
        visitor.key("lailema")
        visitor.press("done", "review_done")
        words = visitor.all(LaterKept)[-1].later.words
        assert words
        visitor.press("finish", "session_ended")
        visitor.press("again", WELCOME)
        assert ratings(served, number) == []
        relay.become(Line.GOOD)
        visitor.rooms.line.hurry()
        visitor.wait(lambda: len(ratings(served, number)) == 3, "ratings")
        assert ratings(served, number) == [("bad", False, ""), ("bad", True, ""), ("bad", True, words)]
    relay.close()
