"""Somebody files for who is not there, at the real kiosk and platform: a signature, a picture, two slips, and an end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gateway import desk
from gateway.desk import Tab
from gateway.serve import Served
from kiosk.configuration import Pictures
from offline_queue.store import open_store
from petition.events import LaterKept, ReceiptScanned
from petition.model import AttachmentKind, Authority, Relation, Sensitive
from petition.receipt import Role
from petition.steps import WELCOME
from tests.kiosk.picture_support import CAMERA
from tests.kiosk.visitor import Visitor, enrolled_at, visiting
from ui.widgets.signature import Signature

FILED = ("receipt", "receipt_offline")


@pytest.fixture
def visitor(tmp_path: Path, served: Served) -> Iterator[Visitor]:
    directory = enrolled_at(served, tmp_path / "state")
    with visiting(directory, pictures=Pictures(camera=CAMERA, stick=[])) as visitor:
        visitor.settle()
        visitor.wait(lambda: visitor.state.lens, "camera")
        yield visitor


def sign(visitor: Visitor) -> None:
    """Draw two strokes with a finger."""
    field = visitor.app.window.findChild(Signature)
    assert field is not None
    for across in (0.3, 0.6):
        points = [QPoint(int(field.width() * across) + 4 * n, int(field.height() * 0.3) + 3 * n) for n in range(12)]
        QTest.mousePress(field, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points:
            QTest.mouseMove(field, point)
        QTest.mouseRelease(field, Qt.MouseButton.LeftButton, pos=points[-1])
    QApplication.processEvents()


def promise(visitor: Visitor) -> None:
    """Go from the welcome screen to where the petition of an absent mother is told."""
    visitor.press("proxy", "proxy_relation")
    visitor.press("parent", "proxy_consent")
    visitor.press("absent", "proxy_absent")
    visitor.press("promise", "signature_consent")
    visitor.press("yes", "proxy_declare")
    sign(visitor)
    visitor.press("done", "proxy_name")
    visitor.key("wangxiulan ")
    visitor.press("done", "proxy_phone")
    visitor.key("13800138001")
    visitor.press("done", "agent_consent")
    visitor.press("no", "describe")


def test_a_daughter_files_for_her_mother_who_may_end_it_with_her_own_slip(
    visitor: Visitor, served: Served, tmp_path: Path
) -> None:
    promise(visitor)
    assert visitor.state.draft.on_behalf is not None
    principal = visitor.state.draft.on_behalf.principal
    assert principal
    words = visitor.write()
    visitor.press("details", "details")
    visitor.press("picture", "picture_consent")
    visitor.press("yes", "picture_camera")
    visitor.press("shutter", "picture_check")
    visitor.press("use", "review")
    receipt = visitor.send()
    assert receipt.role is Role.AGENT, "who files for somebody absent sees their own slip alone"
    with open_store(tmp_path / "state") as store:
        own = store.receipt(receipt.number)
    shown = visitor.shown()
    assert receipt.query_code in shown.replace(" ", "")
    assert own.query_code not in shown.replace(" ", "")
    visitor.go()

    visitor.wait(lambda: bool(desk.list_petitions(served.platform, Tab.ALL, digits=own.number)[0]), "at the platform")
    listed = desk.list_petitions(served.platform, Tab.ALL, digits=own.number)[0][0]
    visitor.wait(
        lambda: all(a.here for a in desk.open_petition(served.platform, listed.id, account="wang").attachments),
        "pictures at the platform",
    )
    opened = desk.open_petition(served.platform, listed.id, account="wang", clear=True)
    assert opened.content is not None
    behalf = opened.content.on_behalf
    assert behalf is not None
    assert opened.content.text == words
    assert (behalf.relation, behalf.authority, behalf.agent) == (Relation.PARENT, Authority.DECLARED, "")
    assert (behalf.principal, behalf.principal_phone) == (principal, "+8613800138001")
    kinds = {attached.id: attached.kind for attached in opened.attachments}
    assert sorted(kinds.values(), key=str) == [AttachmentKind.PICTURE, AttachmentKind.SIGNATURE]
    assert [kinds[id_] for id_ in behalf.evidence] == [AttachmentKind.SIGNATURE]
    given = {consent.about: consent.given for consent in opened.content.consents}
    assert given == {Sensitive.SIGNATURE: True, Sensitive.AGENT_DATA: False, Sensitive.PICTURE: True}

    visitor.app.post(ReceiptScanned(number=own.number, tag=own.tag))
    visitor.wait_for_step("progress_result")
    visitor.press("say", "progress_say")
    visitor.press("revoke", "authority_end")
    visitor.press("revoke", "authority_ended")
    assert visitor.all(LaterKept)
    visitor.press("finish", "session_ended")
    visitor.press("again", WELCOME)
    visitor.app.post(ReceiptScanned(number=receipt.number, tag=receipt.tag))
    visitor.wait_for_step("agent_slip_over")
