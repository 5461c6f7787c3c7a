"""The API's description, checked in, is the one the gateway has; the examples written by hand are answered as written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests

from gateway import admin, calls, desk, people
from gateway.__main__ import main
from gateway.app import create_app
from gateway.serve import Served
from gateway.settings import Settings
from offline_queue import protocol
from petition.model import AttachmentKind
from petition.receipt import Role
from tests.gateway.sending import Part, SendingKiosk, request_enrolment

ROOT = Path(__file__).parents[2]
CHECKED_IN = ROOT / "docs" / "api" / "openapi.json"
EXAMPLES = ROOT / "docs" / "api" / "examples"


def test_the_checked_in_description_is_not_stale(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "openapi"]) == 0
    described = capsys.readouterr().out
    assert CHECKED_IN.read_text(encoding="utf-8") == described, (
        "docs/api/openapi.json is stale: python -m gateway admin openapi > docs/api/openapi.json"
    )


def test_the_description_names_every_call_of_the_protocol_and_every_message(tmp_path: Path) -> None:
    described = json.loads(CHECKED_IN.read_text(encoding="utf-8"))
    assert described["openapi"].startswith("3.1")
    paths = {
        value
        for name, value in vars(protocol).items()
        if name.isupper() and isinstance(value, str) and value.startswith("/")
    }
    assert set(described["paths"]) == paths
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert referred <= set(described["components"]["schemas"])
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (path, method)
            assert "422" not in operation["responses"]


def test_the_description_is_served_too(served: Served) -> None:
    answer = requests.get(served.url + "/v1/openapi.json", timeout=30)
    assert answer.json() == json.loads(CHECKED_IN.read_text(encoding="utf-8"))


def exchanges(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))["exchanges"]
    return found


def shape(value: object) -> object:
    """Return what a message is made of: field names and kinds of values, not the values."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def assert_same(answer: requests.Response, example: dict[str, Any], *, loosely: tuple[str, ...] = ()) -> None:
    """Compare status, headers and the shape of the body; `loosely` names fields whose inside may differ."""
    assert answer.status_code == example["status"]
    for name in example.get("headers", {}):
        assert name in answer.headers, name
    body = example.get("body")
    if body is None or example["status"] == 304:
        assert answer.content == b""
        return
    if example["status"] >= 400:
        assert answer.json()["code"] == body["code"]
        assert set(answer.json()) == set(body)
        return
    given, written = shape(answer.json()), shape(body)
    for field in loosely:
        given, written = without(given, field), without(written, field)
    assert given == written


def without(value: object, field: str) -> object:
    if isinstance(value, dict):
        return {key: without(inner, field) for key, inner in value.items() if key != field}
    return value


def test_enrolment_is_answered_as_the_example_says(served: Served, http: requests.Session, kiosk: SendingKiosk) -> None:
    written = exchanges("enrolment")
    code = admin.make_enrolment_code(served.platform, kiosk_name="二号机")
    assert_same(request_enrolment(served.url, code, kiosk.key, http), written[0]["answer"])
    assert_same(request_enrolment(served.url, "0" * 8 + code[9:], kiosk.key, http), written[1]["answer"])


def test_the_catalogue_is_answered_as_the_example_says(kiosk: SendingKiosk, served: Served) -> None:
    full, unchanged = exchanges("catalogue")
    people.add_person(served.platform, name="王秀英", role=protocol.PersonRole.VOLUNTEER)
    answer = kiosk.http.get(kiosk.url + protocol.CATALOGUE, headers=kiosk.token, timeout=30)
    more = set(answer.json()["message"]["body"]) - set(full["answer"]["body"]["message"]["body"])
    # What this platform adds, as the protocol allows: kiosks ignore what they do not know.
    assert more == {"kinds", "consent"}
    assert_same(answer, full["answer"], loosely=(*more, "examples", "names", "notice", "keep_time"))
    again = kiosk.http.get(
        kiosk.url + protocol.CATALOGUE, headers={**kiosk.token, "If-None-Match": answer.headers["ETag"]}, timeout=30
    )
    assert_same(again, unchanged["answer"])


def test_a_petition_and_its_acknowledgement_are_answered_as_the_examples_say(kiosk: SendingKiosk) -> None:
    first, again, other = exchanges("petition")
    whole, unknown = exchanges("acknowledgement")
    petition = kiosk.seal(parts=(Part(plain=b"x" * 300),))
    assert_same(kiosk.put(petition), first["answer"])
    assert_same(kiosk.put(petition), again["answer"])
    changed = kiosk.seal(petition_id=petition.id, number=petition.number)
    assert_same(kiosk.put(changed), other["answer"])
    kiosk.send(petition)
    url = kiosk.url + protocol.ACKNOWLEDGEMENT
    assert_same(kiosk.http.get(url.format(id=petition.id), headers=kiosk.token, timeout=30), whole["answer"])
    nobody = unknown["request"]["path"].split("/")[3]
    assert_same(kiosk.http.get(url.format(id=nobody), headers=kiosk.token, timeout=30), unknown["answer"])


def test_a_proxys_slips_are_answered_as_the_example_says(kiosk: SendingKiosk) -> None:
    filed, rated, revoked, asked = exchanges("proxy")
    inside = json.loads((EXAMPLES / "proxy.json").read_text(encoding="utf-8"))["content"]
    part = Part(plain=b"x" * 300, kind=AttachmentKind.CONSENT)
    petition = kiosk.seal(parts=(part,), on_behalf=inside["on_behalf"], roles=["own", "agent"])
    assert_same(kiosk.put(petition), filed["answer"])
    number, kinds = petition.number, protocol.EventKind
    assert_same(kiosk.put_event(number, kinds.RATING, role=Role.AGENT, level="satisfied"), rated["answer"])
    assert kiosk.look_up(number, tag=kiosk.tag(number), query_code="").json()["agent_slip"] is True
    assert_same(kiosk.put_event(number, kinds.REVOKE_AUTHORITY), revoked["answer"])
    assert_same(kiosk.look_up(number, tag=kiosk.tag(number, Role.AGENT), query_code=""), asked["answer"])
    assert kiosk.look_up(number, tag=kiosk.tag(number), query_code="").json()["agent_slip"] is False


def test_an_upload_is_answered_as_the_example_says(kiosk: SendingKiosk) -> None:
    created, first, head, wrong, last = exchanges("files")
    part = Part(plain=b"x" * 300)
    petition = kiosk.seal(parts=(part,))
    kiosk.put(petition)
    raw = petition.files[part.id]
    answer = kiosk.announce(petition, part.id)
    assert_same(answer, created["answer"])
    location = answer.headers["Location"]
    assert_same(kiosk.patch(location, raw[:100], 0), first["answer"])
    url = kiosk.url + location
    asked = kiosk.http.head(url, headers={**kiosk.token, "Tus-Resumable": "1.0.0"}, timeout=30)
    assert_same(asked, head["answer"])
    assert asked.headers["Upload-Offset"] == "100"
    assert_same(kiosk.patch(location, raw[:100], 0), wrong["answer"])
    assert_same(kiosk.patch(location, raw[100:], 100), last["answer"])


def test_lookups_and_updates_are_answered_as_the_examples_say(kiosk: SendingKiosk, served: Served) -> None:
    by_tag, on_its_way, wrong, unknown, closed = exchanges("lookups")
    news, expired = exchanges("updates")
    petition = kiosk.seal()
    kiosk.send(petition)
    number = petition.number
    start = kiosk.updates().json()["cursor"]
    form = desk.StepForm(stage="accepted", responsible="", expected=None, reply="")
    desk.set_step(served.platform, petition.id, form, account="wang", seen=None)
    later = admin.with_changes(
        form, stage="handling", responsible="物业 张师傅", expected=served.platform.clock().date(), reply="周四前修好。"
    )
    desk.set_step(served.platform, petition.id, later, account="wang", seen=None)
    assert_same(kiosk.look_up(number, tag=kiosk.tag(number), query_code=""), by_tag["answer"])
    assert_same(kiosk.updates(start), news["answer"])
    assert_same(kiosk.updates("c-0"), expired["answer"])
    travelling = kiosk.next_number()
    assert_same(kiosk.look_up(travelling, tag=kiosk.tag(travelling)), on_its_way["answer"])
    assert_same(kiosk.look_up("999990000706", query_code="123456"), unknown["answer"])
    wrong_code = "000000" if kiosk.code(number) != "000000" else "000001"
    for _ in range(5):
        assert_same(kiosk.look_up(number, query_code=wrong_code), wrong["answer"])
    assert_same(kiosk.look_up(number, query_code=wrong_code), closed["answer"])


def test_events_calls_and_health_are_answered_as_the_examples_say(kiosk: SendingKiosk, served: Served) -> None:
    [event] = exchanges("event")
    [supplement] = exchanges("supplement")
    called, answered, over = exchanges("call")
    healthy, stranger = exchanges("health")
    assert_same(kiosk.put_event(kiosk.next_number(), protocol.EventKind.RATING, level="good"), event["answer"])
    inside = json.loads((EXAMPLES / "supplement.json").read_text(encoding="utf-8"))["content"]
    said = {"words": inside["words"], "sounds": inside["sounds"]}
    added = kiosk.put_event(kiosk.next_number(), protocol.EventKind.SUPPLEMENT, **said)
    assert_same(added, supplement["answer"])
    path = kiosk.url + called["request"]["path"]
    body = {**called["request"]["body"], "kiosk_id": kiosk.enrolment.kiosk_id}
    assert_same(kiosk.http.put(path, json=body, headers=kiosk.token, timeout=30), called["answer"])
    waiting = kiosk.http.get(path, headers=kiosk.token, timeout=30)
    assert set(waiting.json()) == set(answered["answer"]["body"])
    calls.answer_call(served.platform, waiting.json()["id"], account="wang", name="小王")
    assert_same(kiosk.http.get(path, headers=kiosk.token, timeout=30), answered["answer"])
    ended = {**over["request"]["body"], "kiosk_id": kiosk.enrolment.kiosk_id}
    assert_same(kiosk.http.put(path, json=ended, headers=kiosk.token, timeout=30), over["answer"])
    health = {**healthy["request"]["body"], "kiosk_id": kiosk.enrolment.kiosk_id}
    url = kiosk.url + protocol.HEALTH.format(id=kiosk.enrolment.kiosk_id)
    assert_same(kiosk.http.put(url, json=health, headers=kiosk.token, timeout=30), healthy["answer"])
    token = stranger["request"]["headers"]["Authorization"]
    assert_same(kiosk.http.put(url, json=health, headers={"Authorization": token}, timeout=30), stranger["answer"])


def test_making_the_description_leaves_nothing_behind(settings: Settings) -> None:
    app = create_app(settings)
    assert app.openapi() == app.openapi()
    app.state.platform.close()
