"""Visits driven only by sound: nothing is touched; the real listener hears voices that it never learnt from."""

from datetime import date

import pytest

from gateway import admin, desk
from gateway.desk import StepForm
from gateway.serve import Served
from kiosk.configuration import Voice
from kiosk.tour import by_voice
from kiosk.tour.resident import KIOSK, RESIDENT, Resident
from kiosk.tour.spoken import VARIANTS
from petition.model import Stage, TextSource
from petition.receipt import Receipt
from tests.kiosk.commands_support import CommandLine
from tests.kiosk.visitor import Visitor, visiting
from tests.virtual_sound import virtual_sound
from tools.demo_voice.speech import HELD_OUT
from voice.virtual_sound import VirtualSound

__all__ = ["virtual_sound"]

pytestmark = [
    pytest.mark.xdist_group("sound"),
]

QUICK = Voice(model="demo", listen_when_idle=True, rate=2.0)
"""It speaks twice as fast, so that the tests do."""
REPLY = "电梯已经修好了。"


def stand_before(visitor: Visitor, sound: VirtualSound, variant: str) -> Resident:
    """Come to a kiosk whose platform and ears are there."""
    visitor.wait(lambda: bool(visitor.state.catalogue.categories), "catalogue")
    visitor.wait(lambda: visitor.state.hearing, "hearing")
    return Resident(visitor.guide, sound, variant)


def test_no_resident_here_has_a_voice_that_the_demonstration_voice_learnt_from() -> None:
    assert set(VARIANTS) <= set(HELD_OUT)


def test_a_petition_is_spoken_corrected_and_sent_by_voice_alone(
    enrolled: CommandLine, served: Served, virtual_sound: VirtualSound
) -> None:
    with visiting(enrolled.state, voice=QUICK) as visitor:
        resident = stand_before(visitor, virtual_sound, VARIANTS[0])
        receipt, words = by_voice.report(resident)
        opened = _delivered(visitor, served, receipt)
    assert opened.content is not None
    assert (opened.content.text, opened.content.text_source) == (words, TextSource.CONFIRMED)
    assert by_voice.has_words(words, by_voice.FIRST[0], by_voice.MENDED)
    assert len(opened.attachments) == 2  # the sound of both, for the sound is the evidence
    assert {line.who for line in resident.lines} == {RESIDENT, KIOSK}


def test_progress_is_asked_and_heard_by_voice_alone(
    enrolled: CommandLine, served: Served, virtual_sound: VirtualSound
) -> None:
    filed = enrolled.file()
    assert enrolled("sync", "--once").code == 0
    form = StepForm(stage=Stage.REPLIED, responsible="王师傅", expected=date(2027, 3, 31), reply=REPLY)
    admin.set_step(served.platform, filed["number"], form)
    with visiting(enrolled.state, voice=QUICK) as visitor:
        resident = stand_before(visitor, virtual_sound, VARIANTS[1])
        assert by_voice.ask(resident, filed["number"], filed["query_code"]) == Stage.REPLIED
    assert any(REPLY in line.said for line in resident.lines if line.who == KIOSK)


@pytest.mark.slow
def test_what_was_typed_is_heard_read_out_and_sent_by_voice_alone(
    enrolled: CommandLine, served: Served, virtual_sound: VirtualSound
) -> None:
    with visiting(enrolled.state, voice=QUICK) as visitor:
        resident = stand_before(visitor, virtual_sound, VARIANTS[0])
        visitor.press("report", "describe")
        typed = visitor.write()
        resident.insist("念给我听", lambda: _was_read_out(resident, typed), "reading")
        resident.say("对提交", "receipt", "receipt_offline")
        opened = _delivered(visitor, served, visitor.receipt)
    assert opened.content is not None
    assert (opened.content.text, opened.content.text_source) == (typed, TextSource.TYPED)


def _was_read_out(resident: Resident, words: str) -> bool:
    return any(words in line.said for line in resident.lines if line.who == KIOSK)


def _delivered(visitor: Visitor, served: Served, receipt: Receipt) -> desk.Opened:
    """Return a petition as it came to the platform, once all of it is there."""
    visitor.rooms.line.hurry()
    visitor.wait(lambda: _is_complete(served, receipt.number), "delivery")
    (petition_id,) = desk.find_by_number(served.platform, receipt.number)
    return desk.open_petition(served.platform, petition_id, account="operator")


def _is_complete(served: Served, number: str) -> bool:
    listed, _ = desk.list_petitions(served.platform, desk.Tab.ALL, digits=number)
    return any(each.files_here == each.files_expected for each in listed)
