"""A handheld scanner in keyboard mode at the real kiosk: it looks up a slip, and gets into nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gateway import admin
from gateway.serve import Served
from offline_queue.enrolment import enrol
from offline_queue.store import open_store
from petition.events import (
    ChoicePressed,
    DigitsEdited,
    ForeignCodeScanned,
    NumberPressed,
    ProgressFound,
    ReceiptScanned,
    TextEdited,
)
from petition.steps import WELCOME
from tests.kiosk.scanner_support import NUMBER, PRIVATE, SCANNER_MILLISECONDS, SLIP, TAG, Keyboard
from tests.kiosk.visitor import LETTERS, Visitor, visiting

DIGITS = "13800138000"
SHOWN = ("progress_on_its_way", "progress_result", "progress_cached")


@pytest.fixture
def visitor(tmp_path: Path, served: Served) -> Iterator[Visitor]:
    with open_store(tmp_path / "state") as store:
        enrol(store, served.url, admin.make_enrolment_code(served.platform, kiosk_name="一号机", place="xingfu"))
    with visiting(tmp_path / "state") as visitor:
        visitor.settle()
        yield visitor


@pytest.fixture
def keyboard(visitor: Visitor) -> Keyboard:
    return Keyboard(visitor.app.window)


def pressed(visitor: Visitor) -> list[object]:
    """Everything that keys have brought about but scans."""
    return [e for e in visitor.events if isinstance(e, ChoicePressed | NumberPressed | TextEdited | DigitsEdited)]


def touch(visitor: Visitor, choice_id: str) -> None:
    """Touch an answer as the window system tells of it."""
    window = visitor.app.window
    control = next(c for c in visitor.page.controls() if c.act == ChoicePressed(choice_id=choice_id))
    handle = window.windowHandle()
    assert handle is not None
    where = control.mapTo(window, control.rect().center())
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)


def type_petition(visitor: Visitor) -> None:
    """Go from the welcome screen to where a petition is typed."""
    visitor.press("report", "describe")
    visitor.press("start", "no_microphone")
    visitor.press("type", "type_text")


def test_a_slip_under_the_scanner_shows_how_far_it_is_and_any_other_code_is_told_plainly(
    visitor: Visitor, keyboard: Keyboard
) -> None:
    keyboard.scan(PRIVATE)
    visitor.wait_for_step("foreign_qr")
    assert visitor.app.window.windowTitle() == "这不是这里的回执"
    assert pressed(visitor) == []
    visitor.press("home", WELCOME)

    type_petition(visitor)
    visitor.key("65")
    visitor.press("done", "review")
    receipt = visitor.send()
    visitor.go()
    keyboard.scan(receipt.url, 0)
    visitor.wait_for_step(*SHOWN)
    assert visitor.all(ReceiptScanned) == [ReceiptScanned(number=receipt.number, tag=receipt.tag)]
    assert visitor.wait_for(ProgressFound).progress.number == receipt.number


def test_nothing_of_a_code_gets_into_what_is_being_typed_and_a_fast_typist_gets_every_letter(
    visitor: Visitor, keyboard: Keyboard
) -> None:
    type_petition(visitor)
    before = pressed(visitor)
    for times, code in enumerate((PRIVATE, DIGITS, "BEGIN:VCARD\rN:Wang\r1\r2\rEND:VCARD"), start=1):
        keyboard.scan(code)
        visitor.wait_for(ForeignCodeScanned, times=times)
    keyboard.scan(SLIP.upper(), 0)
    assert visitor.wait_for(ReceiptScanned) == ReceiptScanned(number=NUMBER, tag=TAG)
    assert (visitor.state.step, pressed(visitor)) == ("type_text", before)
    keyboard.type(LETTERS, 40)
    touch(visitor, "done")  # at once, while the last letter is still held back: it might begin a code
    visitor.wait_for_step("review")
    assert visitor.state.draft.text in ("电梯坏了", LETTERS)  # with and without an input method

    visitor.press("phone", "contact_phone")
    before = pressed(visitor)
    keyboard.scan(DIGITS)
    visitor.wait_for(ForeignCodeScanned, times=4)
    assert (visitor.state.step, pressed(visitor)) == ("contact_phone", before)
    keyboard.type(DIGITS, 40)
    visitor.wait(lambda: visitor.state.phone_digits == DIGITS, "telephone number")


def test_a_persons_digit_presses_its_answer_and_none_of_a_code_does_even_when_the_visit_is_wiped_in_the_middle(
    visitor: Visitor, keyboard: Keyboard
) -> None:
    keyboard.type("1")
    visitor.wait_for_step("describe")
    before = pressed(visitor)
    keyboard.scan(DIGITS)
    visitor.wait_for(ForeignCodeScanned)
    assert (visitor.state.step, pressed(visitor)) == ("foreign_qr", before)  # 以前报过，就扫一下那张回执

    keyboard.type(PRIVATE[:12], SCANNER_MILLISECONDS)
    visitor.app.window.wipe()
    keyboard.go_on(DIGITS + "\r", SCANNER_MILLISECONDS)
    keyboard.scan(SLIP)
    visitor.wait_for(ReceiptScanned)
    assert visitor.all(ForeignCodeScanned) == [ForeignCodeScanned()]
    assert pressed(visitor) == before
