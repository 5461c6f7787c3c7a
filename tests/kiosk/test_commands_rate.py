"""Rating from the command line: sealed, queued without the network, and at the platform after a sync."""

import pytest

from gateway import admin, desk
from gateway.desk import StepForm, Tab
from gateway.serve import Served
from offline_queue.catalogue import CATALOGUE
from petition.model import Stage
from tests.kiosk.commands_support import MARKER, CommandLine, one_plain_line


def test_a_rating_reaches_the_platform_with_its_comment_and_the_later_one_counts(
    enrolled: CommandLine, served: Served
) -> None:
    receipt = enrolled.file()
    enrolled("sync", "--once")
    form = StepForm(stage=Stage.REPLIED, responsible="王师傅", expected=None, reply="修好了。")
    admin.set_step(served.platform, receipt["number"], form)
    assert enrolled("rate", receipt["number"], receipt["tag"], "good").code == 0
    told = enrolled("rate", receipt["number"], receipt["tag"], "bad", "--review", "--comment", MARKER, "--json")
    assert told.json["number"] == receipt["number"]
    assert MARKER not in told.out
    assert enrolled("sync", "--once").code == 0
    listed, _ = desk.list_petitions(served.platform, Tab.ALL, digits=receipt["number"])
    opened = desk.open_petition(served.platform, listed[0].id, account="wang")
    assert [(e.content.level, e.content.review, e.content.words) for e in opened.events if e.content] == [
        ("good", False, ""),
        ("bad", True, MARKER),
    ]
    stages = enrolled("status", receipt["number"], receipt["tag"], "--json").json["steps"]
    assert [step["state"] for step in stages if step["stage"] == "rated"] == ["now"]


def test_a_rating_waits_here_while_the_platform_is_away(enrolled: CommandLine, served: Served) -> None:
    receipt = enrolled.file()
    enrolled("sync", "--once")
    before = len(enrolled.waiting())
    assert enrolled("rate", receipt["number"], receipt["tag"], "fair").code == 0
    assert len(enrolled.waiting()) == before + 1


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"level": "wonderful"}, "LEVEL is one of very_good, good, fair, bad"),
        ({"tag": "123456"}, "needs the tag's 20 digits"),
        ({"tag": "0" * 20}, "the tag does not fit the number"),
        ({"number": "102300012393"}, "no receipt number"),
        ({"comment": "长" * 100_000}, "--comment is too long"),
    ],
)
def test_what_can_not_be_a_rating_is_said_in_one_line(
    enrolled: CommandLine, served: Served, change: dict[str, str], remedy: str
) -> None:
    receipt = enrolled.file()
    enrolled("sync", "--once")
    asked = {"number": receipt["number"], "tag": receipt["tag"], "level": "good", "comment": "", **change}
    done = enrolled("rate", asked["number"], asked["tag"], asked["level"], "--comment", asked["comment"])
    assert (done.code, one_plain_line(done.error)) == (2, True)
    assert remedy in done.error


def test_before_the_levels_are_known_it_says_how_to_have_them(kiosk: CommandLine, served: Served) -> None:
    code = admin.make_enrolment_code(served.platform, kiosk_name="1 号机")
    assert kiosk("enrol", served.url, code, "--yes").code == 0
    (kiosk.state / CATALOGUE).unlink()
    receipt = kiosk.file()
    done = kiosk("rate", receipt["number"], receipt["tag"], "good")
    assert (done.code, one_plain_line(done.error)) == (2, True)
    assert "kiosk sync --once" in done.error
