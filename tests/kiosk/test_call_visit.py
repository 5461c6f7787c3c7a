"""A person is called on the real screen: at the gateway's staff page, in this room, and where words cannot wait."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway import admin
from gateway.calls import Reason, waiting_calls
from gateway.database import Call
from gateway.serve import Served
from kiosk.configuration import Bell
from petition.steps import WELCOME, Command
from tests.gateway.browser import PASSWORD, Browser
from tests.kiosk.relay import Line, Relay
from tests.kiosk.test_bell import OFF, ON, Board
from tests.kiosk.visitor import Visitor, enrolled_at, visiting

KIOSK = "幸福社区 1 号机"
STRIP = "/staff/calls?part=strip"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    board = Board(tmp_path / "ttyUSB0")
    yield board
    board.pull_out()


@pytest.fixture
def visitor(tmp_path: Path, served: Served, relay: Relay, board: Board) -> Iterator[Visitor]:
    """Somebody before a kiosk with a bell of its own, and a line that can be cut."""
    state = enrolled_at(served, tmp_path / "state", kiosk=KIOSK)
    with visiting(state, url=relay.url, bell=Bell(relay=board.device)) as visitor:
        visitor.settle()
        visitor.wait_for_line(up=True)
        yield visitor


@pytest.fixture
def staff(served: Served) -> Iterator[Browser]:
    """王师傅, signed in at the staff page."""
    admin.put_staff(served.platform, account="wang", name="王师傅", password=PASSWORD)
    browser = Browser(served.url)
    with browser.http:
        assert browser.sign_in("wang").headers["Location"] == "/staff"
        yield browser


def edge_flashes(visitor: Visitor) -> bool:
    return visitor.app.window.alarm is not None


def call_at(served: Served) -> Call:
    """The newest call that the platform holds."""
    with served.platform.database.reading() as rows:
        return rows.scalars(select(Call).order_by(Call.received_at.desc())).first() or pytest.fail("no call")


def wait_until_over(visitor: Visitor, served: Served) -> None:
    visitor.wait(lambda: call_at(served).over_at is not None, "over at the gateway")
    assert waiting_calls(served.platform) == []


def test_who_is_called_answers_at_the_staff_page_and_the_kiosk_says_who_comes(
    visitor: Visitor, served: Served, staff: Browser
) -> None:
    words = visitor.write()
    visitor.command(Command.CALL_STAFF)
    visitor.wait_for_step("call_staff")
    assert visitor.title() == "正在叫工作人员"
    visitor.wait(lambda: KIOSK in staff.get(STRIP).text, "at the staff page")
    page = staff.get("/staff/calls").text
    (action,) = re.findall(r'action="(/staff/calls/[^"]+)"', page)
    assert words not in page
    assert staff.post(action, staff.fields("/staff/calls")).headers["Location"] == "/staff/calls"
    visitor.wait_for_step("call_answered")
    assert visitor.title() == "王师傅答应了"
    assert visitor.told()[1].startswith("王师傅答应了")
    visitor.press("here", "review")
    assert visitor.state.draft.text == words
    wait_until_over(visitor, served)


def test_with_the_line_cut_it_rings_here_and_says_so_until_it_rings_where_staff_sit(
    visitor: Visitor, served: Served, relay: Relay, board: Board
) -> None:
    relay.become(Line.GONE)
    visitor.command(Command.CALL_STAFF)
    visitor.wait_for_step("call_staff")
    assert not edge_flashes(visitor)
    visitor.wait_for_step("call_local_bell")
    assert visitor.title() == "这里在响铃"
    assert "线路断了，叫不到远处的人。" in visitor.told()[1]
    assert edge_flashes(visitor)
    board.wait(ON)
    relay.become(Line.GOOD)
    visitor.wait_for_step("call_staff")
    assert visitor.title() == "正在叫工作人员"
    assert not edge_flashes(visitor)
    board.wait(OFF)
    (call,) = waiting_calls(served.platform)
    assert (call.kiosk, call.reason) == (KIOSK, Reason.HELP)
    visitor.command(Command.FINISH)
    visitor.wait_for_step("session_ended")
    wait_until_over(visitor, served)
    visitor.press("again", WELCOME)


def test_words_that_cannot_wait_call_somebody_at_once_and_stay_as_they_were_written(
    visitor: Visitor, served: Served
) -> None:
    visitor.guide.wait_for_dictionaries()
    visitor.press("type", "type_text")
    visitor.key("zhaohuo")
    visitor.press("done", "danger_fire")
    assert "119" in visitor.title()
    visitor.wait(lambda: bool(waiting_calls(served.platform)), "at the gateway")
    (call,) = waiting_calls(served.platform)
    assert call.reason is Reason.FIRE
    assert visitor.state.draft.text == "着火"
    visitor.press("safe", "type_text")
    wait_until_over(visitor, served)
    visitor.press("done", "review")
    assert visitor.state.draft.text == "着火"
    assert "着火" in visitor.shown()
