"""`kiosk people`: who may sign in, what they did, and letting codes be tried again."""

import uuid

from gateway import admin, people
from gateway.serve import Served
from offline_queue.protocol import PersonRole
from offline_queue.store import open_store
from offline_queue.tries import Shut
from petition.model import Draft, OnBehalf
from tests.kiosk.commands_support import CommandLine


def test_the_list_and_the_log_name_people_and_no_badge(kiosk: CommandLine, served: Served) -> None:
    assert "people add" in kiosk("people", "list").out
    assert "Nobody has signed in" in kiosk("people", "log").out
    wang = people.add_person(served.platform, name="王芳", role=PersonRole.STAFF, pin=True)
    code = admin.make_enrolment_code(served.platform, kiosk_name="一号机")
    assert kiosk("enrol", served.url, code, "--yes").code == 0
    (listed,) = kiosk("people", "list", "--json").json
    assert (listed["id"], listed["name"], listed["role"]) == (wang.entry.id, "王芳", "staff")
    assert (listed["has_pin"], listed["over"], listed["petitions"]) == (True, False, 20)
    with open_store(kiosk.state) as store:
        assert store.sign_in_by_badge(wang.badge) is not None
        behalf = OnBehalf(relation="volunteer", agent_id=wang.entry.id)
        number = store.file(Draft(petition_id=str(uuid.uuid4()), text="灯坏了", on_behalf=behalf)).number
        store.note_sign_out(wang.entry.id, 3)
        assert store.open_desk_by_badge(wang.badge) == wang.entry.id
    log = kiosk("people", "log", "--json").json
    assert [(line["event"], line["id"], line["name"], line["number"], line["filed"]) for line in log] == [
        ("agent-signed-out", wang.entry.id, "王芳", "", "3"),
        ("agent-filed", wang.entry.id, "王芳", number, ""),
        ("agent-signed-in", wang.entry.id, "王芳", "", ""),
    ]
    (opened,) = kiosk("desk", "log", "--json").json
    assert (opened["event"], opened["name"]) == ("desk-opened", "王芳")
    told = kiosk("people", "list").out + kiosk("people", "log").out
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in told
    for secret in (wang.badge, wang.pin, wang.entry.badge_sha256, "argon2"):
        assert secret not in told


def test_the_operator_lets_codes_be_tried_again(kiosk: CommandLine) -> None:
    with open_store(kiosk.state) as store:
        for _ in range(5):
            store.begin_sign_in("4021482913")
        assert isinstance(store.begin_sign_in("4021482913"), Shut)
        assert kiosk("people", "unlock").code == 0
        assert store.sign_in_standing().tries_left == 5
