"""The staff desk on the real screen, over a half-written petition: opened by a PIN, and nothing of the petition in it."""

import io
import random
import sys
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import numpy as np
import pytest
import zxingcpp

from gateway.desk import Tab, list_petitions
from gateway.serve import Served
from kiosk.configuration import Printer
from kiosk.journal import FOLDER, journal
from kiosk.printing.kept import kept_slip
from kiosk.slip import slip_of
from offline_queue.store import Store, open_store
from petition.danger import danger_in
from petition.events import DeskTold, ReceiptPrinted
from petition.journal import Entry
from petition.model import Draft, TextSource
from petition.ports import PrintOutcome
from petition.receipt import Receipt, Role, in_fours
from petition.script.phrases import PHRASES
from petition.slip import PaperReceipt
from petition.steps import Command
from tests.kiosk.commands_support import CommandLine
from tests.kiosk.marker_search import needles_of_letters, needles_of_text
from tests.kiosk.marker_words import Said, draw, stretches_of
from tests.kiosk.relay import Line, Relay
from tests.kiosk.visitor import Visitor, visiting
from tests.printing.receipt_printer import Dots, ReceiptPrinter, in_the_network
from tests.printing.slips import shows_dots
from ui.receipt_page import Paper

PIN, WRONG = "482913", "915037"


def drawn() -> Said:
    """Draw words that stand in none of our files, and that nobody need be called for."""
    chance = random.Random()  # noqa: S311 (no secret)
    while danger_in((said := draw(chance)).text) is not None:
        pass
    return said


HALF_WRITTEN = drawn()
"""What a resident was writing: in no line of the journal, no title of the window, and on no page of the desk."""


@pytest.fixture
def paper() -> Iterator[ReceiptPrinter]:
    paper = ReceiptPrinter()
    yield paper
    assert paper.strange == []


@pytest.fixture
def visitor(
    enrolled: CommandLine, relay: Relay, paper: ReceiptPrinter, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visitor]:
    """Somebody before a kiosk whose line is cut; 王师傅 has a PIN, and there is a printer."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PIN}\n"))
    assert enrolled("desk", "add", "王师傅").code == 0
    relay.become(Line.GONE)
    with in_the_network(paper) as address:
        printer = Printer(kind="escpos", address=address)
        with journal(enrolled.state), visiting(enrolled.state, url=relay.url, printer=printer) as visitor:
            visitor.settle()
            visitor.wait_for_line(up=False)
            yield visitor


def go_to_desk(visitor: Visitor) -> None:
    """Go where staff are let in."""
    visitor.command(Command.SETTINGS)
    visitor.wait_for_step("settings")
    visitor.press("desk", "staff_pin")


def half_write(visitor: Visitor) -> str:
    """Write half a petition, go where staff are let in, and return the words."""
    visitor.guide.wait_for_dictionaries()
    visitor.press("type", "type_text")
    visitor.key(HALF_WRITTEN.letters)
    go_to_desk(visitor)
    words = visitor.state.draft.text
    assert len(words) == len(HALF_WRITTEN.text)
    return words


def try_pin(visitor: Visitor, pin: str, step: str) -> None:
    visitor.key(pin)
    visitor.press("done", step)


def write_on(visitor: Visitor) -> str:
    """Close the desk and return what stands on the page that was half written."""
    visitor.press("close", "type_text")
    assert visitor.state.desk is None
    visitor.press("done", "review")
    return visitor.state.draft.text


def filed_before(visitor: Visitor) -> list[Receipt]:
    """File what earlier residents said; return their receipts, the oldest first."""

    def file(store: Store) -> Receipt:
        return store.file(Draft(petition_id=str(uuid4()), text="路灯不亮", text_source=TextSource.TYPED))

    return [visitor.ask_store(file) for _ in range(3)]


def printed(visitor: Visitor, *receipts: Receipt) -> None:
    """Choose these receipts, have them printed, and wait until they are."""
    before = len(visitor.all(ReceiptPrinted))
    for receipt in receipts:
        choice = f"entry-{receipt.number}"
        visitor.press(choice)
        visitor.wait(lambda: receipt.number in visitor.state.picked, "chosen")  # noqa: B023 (waited for at once)
    visitor.press("print")
    visitor.wait_for(ReceiptPrinted, times=before + len(receipts))
    told = visitor.all(ReceiptPrinted)[before:]
    assert [(one.number, one.outcome) for one in told] == [(r.number, PrintOutcome.PRINTED) for r in receipts]


def slip(visitor: Visitor, receipt: Receipt, *, again: int) -> PaperReceipt:
    """What should stand on the paper of a receipt."""
    kept = visitor.ask_store(lambda store: kept_slip(store, receipt.number, Role.OWN))
    now = datetime.now().astimezone()
    return slip_of(kept.receipt, kept.catalogue, hotline="12345", arrived=kept.arrived, now=now, again=again)


def code_on(dots: Dots) -> str:
    """What the code on a slip says."""
    (code,) = zxingcpp.read_barcodes(np.ascontiguousarray((1 - dots) * 255))
    return code.text


def traces(words: str, *texts: str) -> list[str]:
    """Where what was half written can be read, in whatever spelling."""
    needles = [*needles_of_text(stretches_of(words)), *needles_of_letters((HALF_WRITTEN.letters,), "keys")]
    return [needle.spelling for needle in needles for text in texts if needle.raw in text.encode()]


def journal_of(kiosk: CommandLine) -> str:
    text = "".join(path.read_text("utf-8") for path in (kiosk.state / FOLDER).iterdir())
    assert Entry.BUG_MET not in text, text  # the journal takes what Qt would have complained of
    return text


def test_only_a_pin_opens_the_desk_and_after_five_wrong_ones_none_does(visitor: Visitor, enrolled: CommandLine) -> None:
    words = half_write(visitor)
    try_pin(visitor, WRONG, "staff_wrong")
    for _ in range(3):  # each is counted as wrong until it turns out to be right
        visitor.ask_store(lambda store: store.begin_desk_try())
    visitor.press("again", "staff_pin")
    try_pin(visitor, WRONG, "staff_locked")
    visitor.press("leave", "type_text")
    go_to_desk(visitor)
    try_pin(visitor, PIN, "staff_locked")
    assert visitor.all(DeskTold) == []
    assert enrolled("desk", "unlock").code == 0
    visitor.press("leave", "type_text")
    go_to_desk(visitor)
    try_pin(visitor, PIN, "staff_home")
    assert write_on(visitor) == words
    assert not traces(words, journal_of(enrolled))


def test_staff_print_what_residents_were_given_and_the_second_time_it_says_so(
    visitor: Visitor, enrolled: CommandLine, paper: ReceiptPrinter
) -> None:
    first, second, third = filed_before(visitor)
    words = half_write(visitor)
    try_pin(visitor, PIN, "staff_home")
    visitor.press("receipts", "staff_receipts")
    pages = [visitor.shown()]
    assert all(in_fours(receipt.number) in pages[0] for receipt in (first, second, third))
    printed(visitor, third, first)
    assert [code_on(dots) for dots in paper.slips] == [third.url, first.url]
    assert shows_dots(paper.slips[1], slip(visitor, first, again=0), Paper.ROLL_80)
    printed(visitor, first)
    assert code_on(paper.slips[2]) == first.url
    assert shows_dots(paper.slips[2], slip(visitor, first, again=1), Paper.ROLL_80)
    visitor.wait(lambda: "打过两次" in visitor.shown(), "how often it was printed")
    pages.append(visitor.shown())
    visitor.press("desk", "staff_home")
    paper.paper = "out"
    visitor.press("parts", "staff_parts")
    visitor.press("again")
    visitor.wait(lambda: PHRASES["part_printer_paper-out"] in visitor.shown(), "paper out")
    pages.append(visitor.shown())
    visitor.press("desk", "staff_home")
    pages.append(visitor.shown())
    assert not traces(words, journal_of(enrolled), *pages)
    assert write_on(visitor) == words
    log = enrolled("desk", "log", "--json").json
    assert [line["number"] for line in log if line["number"]] == [first.number, first.number, third.number]


def test_what_a_power_cut_broke_off_is_brought_back_and_sent(
    visitor: Visitor, enrolled: CommandLine, served: Served, relay: Relay
) -> None:
    with open_store(enrolled.state) as before:
        before.keep(Draft(petition_id=str(uuid4()), text=HALF_WRITTEN.text, text_source=TextSource.TYPED))
    go_to_desk(visitor)
    try_pin(visitor, PIN, "staff_home")
    visitor.press("interrupted", "staff_interrupted")
    assert not traces(HALF_WRITTEN.text, visitor.shown())
    visitor.press("resume", "review")
    assert visitor.state.draft.text == HALF_WRITTEN.text
    relay.become(Line.GOOD)
    receipt = visitor.send()
    visitor.rooms.line.hurry()
    visitor.wait(lambda: receipt.number in [p.number for p in list_petitions(served.platform, Tab.ALL)[0]], "sent")
    assert visitor.ask_store(lambda store: store.interrupted_at()) is None
    assert not traces(HALF_WRITTEN.text, journal_of(enrolled))


def test_what_waits_is_shown_and_goes_when_the_line_is_back(
    visitor: Visitor, enrolled: CommandLine, served: Served, relay: Relay
) -> None:
    receipts = filed_before(visitor)
    words = half_write(visitor)
    try_pin(visitor, PIN, "staff_home")
    assert "等着送的有三件" in visitor.shown()
    visitor.press("queue", "staff_queue")
    page = visitor.shown()
    assert all(in_fours(receipt.number) in page for receipt in receipts)
    assert PHRASES["waiting_line"] in page
    relay.become(Line.GOOD)
    visitor.press("again")
    visitor.wait(lambda: PHRASES["waits_none"] in visitor.shown(), "sent")
    there = [petition.number for petition in list_petitions(served.platform, Tab.ALL)[0]]
    assert sorted(there) == sorted(receipt.number for receipt in receipts)
    visitor.press("desk", "staff_home")
    assert not traces(words, journal_of(enrolled), page, visitor.shown())
    assert write_on(visitor) == words
