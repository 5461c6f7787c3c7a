"""Enrolment, numbers, catalogue, health: how a machine becomes a kiosk and stays one."""

import json
import uuid
from importlib.resources import files

import pytest
import requests

from gateway import admin
from gateway.serve import Served
from offline_queue import protocol, sealing
from offline_queue.protocol import KeyUse, Type
from petition.errors import Fault
from tests.gateway.conftest import HandClock
from tests.gateway.sending import SendingKiosk, enrol, request_enrolment
from tests.gateway.test_petitions import code_of


def new_code(served: Served) -> str:
    return admin.make_enrolment_code(served.platform, kiosk_name="幸福社区 1 号机", place="xingfu")


def test_a_code_carries_the_root_keys_fingerprint(served: Served) -> None:
    _, fingerprint = protocol.split_enrolment_code(new_code(served))
    assert sealing.is_fingerprint_of(fingerprint, served.platform.keys.root.public)
    assert sealing.grouped(fingerprint) == admin.root_fingerprint(served.platform)


def test_a_code_works_once(served: Served, http: requests.Session) -> None:
    code = new_code(served)
    kiosk = enrol(served.url, code, http)
    assert kiosk.enrolment.kiosk_name == "幸福社区 1 号机"
    assert len({block.block for block in kiosk.enrolment.blocks}) == 2
    assert all(len(sealing.from_base64(block.key)) == 32 for block in kiosk.enrolment.blocks)
    answer = request_enrolment(served.url, code, sealing.new_signing_key(), http)
    assert (answer.status_code, code_of(answer)) == (403, "code-unknown")


def test_an_enrolment_whose_answer_was_lost_may_be_asked_again_with_the_same_key(
    served: Served, http: requests.Session
) -> None:
    code, key = new_code(served), sealing.new_signing_key()
    first, again = (
        protocol.read(protocol.Enrolment, request_enrolment(served.url, code, key, http).json()["message"]["body"])
        for _ in range(2)
    )
    assert (first.kiosk_id, first.blocks) == (again.kiosk_id, again.blocks)
    headers = {"Authorization": f"Bearer {first.token}"}
    assert http.get(served.url + protocol.UPDATES, headers=headers, timeout=30).status_code == 401
    headers = {"Authorization": f"Bearer {again.token}"}
    assert http.get(served.url + protocol.UPDATES, headers=headers, timeout=30).status_code == 200


def test_unknown_and_old_codes_are_refused(served: Served, http: requests.Session, clock: HandClock) -> None:
    code, key = new_code(served), sealing.new_signing_key()
    other = code[:-1] + ("0" if code[-1] != "0" else "1")
    wrong_one_time = ("0" if code[0] != "0" else "1") + code[1:]
    assert code_of(request_enrolment(served.url, wrong_one_time, key, http)) == "code-unknown"
    clock.pass_by(hours=73)
    assert code_of(request_enrolment(served.url, code, key, http)) == "code-unknown"
    assert other != code


def test_a_code_is_not_for_whoever_cannot_sign_with_the_key_they_bring(served: Served, http: requests.Session) -> None:
    one_time, _ = protocol.split_enrolment_code(new_code(served))
    request = protocol.EnrolmentRequest(code=one_time, public_key=sealing.to_base64(sealing.new_signing_key().public))
    forged = protocol.sign(sealing.new_signing_key(), Type.ENROLMENT_REQUEST, request)
    answer = http.post(served.url + protocol.ENROLMENTS, data=protocol.write(forged), timeout=30)
    assert (answer.status_code, code_of(answer)) == (403, "signature-invalid")


def test_codes_cannot_be_tried_quickly(served: Served, http: requests.Session, clock: HandClock) -> None:
    answers = [http.post(served.url + protocol.ENROLMENTS, data=b"{}", timeout=30) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429] * 2
    wait = int(answers[-1].headers["Retry-After"])
    clock.pass_by(seconds=wait)
    assert http.post(served.url + protocol.ENROLMENTS, data=b"{}", timeout=30).status_code == 400


def request_block(kiosk: SendingKiosk, request_id: str) -> requests.Response:
    request = protocol.BlocksRequest(request_id=request_id, kiosk_id=kiosk.enrolment.kiosk_id)
    return kiosk.http.post(
        kiosk.url + protocol.BLOCKS.format(id=kiosk.enrolment.kiosk_id),
        data=protocol.write(protocol.sign(kiosk.key, Type.BLOCKS_REQUEST, request)),
        headers=kiosk.token,
        timeout=30,
    )


def test_another_block_is_leased_once_for_a_request(kiosk: SendingKiosk, served: Served) -> None:
    request_id = str(uuid.uuid4())
    answers = [request_block(kiosk, request_id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    root = served.platform.keys.root.public
    leased = [
        protocol.read(
            protocol.Blocks, protocol.open_chain(protocol.read(protocol.Chain, a.content), root, Type.BLOCKS).body
        )
        for a in answers
    ]
    assert leased[0].blocks == leased[1].blocks
    taken = {block.block for block in kiosk.enrolment.blocks}
    assert leased[0].blocks[0].block not in taken
    other = protocol.read(protocol.Blocks, request_block(kiosk, str(uuid.uuid4())).json()["message"]["body"])
    assert other.blocks != leased[0].blocks


def test_a_kiosk_cannot_burn_all_numbers(kiosk: SendingKiosk, clock: HandClock) -> None:
    answers = [request_block(kiosk, str(uuid.uuid4())) for _ in range(12)]
    assert answers[0].status_code == 201
    assert (answers[-1].status_code, code_of(answers[-1])) == (429, "too-many")
    clock.pass_by(days=1, seconds=1)
    assert request_block(kiosk, str(uuid.uuid4())).status_code == 201


def test_only_the_kiosks_own_key_leases_its_blocks(kiosk: SendingKiosk) -> None:
    kiosk.key = sealing.new_signing_key()
    answer = request_block(kiosk, str(uuid.uuid4()))
    assert (answer.status_code, code_of(answer)) == (403, "signature-invalid")


def get_catalogue(kiosk: SendingKiosk, etag: str = "") -> requests.Response:
    headers = kiosk.token | ({"If-None-Match": etag} if etag else {})
    return kiosk.http.get(kiosk.url + protocol.CATALOGUE, headers=headers, timeout=30)


def test_the_catalogue_is_signed_complete_and_for_this_kiosks_place(kiosk: SendingKiosk, served: Served) -> None:
    answer = get_catalogue(kiosk)
    opened = protocol.open_chain(
        protocol.read(protocol.Chain, answer.content), served.platform.keys.root.public, Type.CATALOGUE
    )
    catalogue = protocol.read(protocol.Catalogue, opened.body)
    assert len(catalogue.categories) == 17
    assert all(len(entry.examples) >= 4 for entry in catalogue.categories)
    assert {len(entry.names) for entry in (*catalogue.categories, *catalogue.places)} == {3}
    assert catalogue.home_place == "xingfu"
    assert catalogue.home_place in {place.id for place in catalogue.places}
    assert set(catalogue.notice) == {"zh_Hans", "zh_Hant", "en"}
    assert not any("{" in words for words in catalogue.notice.values())
    assert [entry["id"] for entry in opened.body["kinds"]] == [
        "ask",
        "help",
        "complain",
        "report",
        "suggest",
        "praise",
        "other",
    ]
    assert catalogue.not_before <= served.platform.clock() <= catalogue.not_after


def test_an_unchanged_catalogue_is_not_sent_again_and_a_changed_one_has_a_higher_version(
    kiosk: SendingKiosk, served: Served, clock: HandClock
) -> None:
    first = get_catalogue(kiosk)
    etag = first.headers["ETag"]
    again = get_catalogue(kiosk, etag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert get_catalogue(kiosk, f'W/{etag}, "other"').status_code == 304
    version = first.json()["message"]["body"]["version"]
    own = json.loads(files("gateway").joinpath("demo_catalogue.json").read_bytes())
    own["contact"] = "和芳社区 010 8765 4321"
    served.settings.catalogue_path.write_text(json.dumps(own), encoding="utf-8")
    changed = get_catalogue(kiosk, etag)
    assert changed.status_code == 200
    assert changed.json()["message"]["body"]["contact"] == "和芳社区 010 8765 4321"
    assert changed.json()["message"]["body"]["version"] > version
    clock.pass_by(days=91)
    renewed = get_catalogue(kiosk, changed.headers["ETag"])
    assert renewed.json()["message"]["body"]["version"] > changed.json()["message"]["body"]["version"]


def test_a_wrong_catalogue_file_is_an_honest_unavailable(kiosk: SendingKiosk, served: Served) -> None:
    for wrong in ("{", "[]", '{"categories": 3}'):
        served.settings.catalogue_path.write_text(wrong, encoding="utf-8")
        answer = get_catalogue(kiosk)
        assert (answer.status_code, code_of(answer)) == (503, "unavailable")


def test_a_renewed_key_reaches_the_kiosks_with_the_catalogue(kiosk: SendingKiosk, served: Served) -> None:
    etag = get_catalogue(kiosk).headers["ETag"]
    admin.renew_key(served.platform, KeyUse.SEAL)
    root = served.platform.keys.root.public
    served.stop()
    served.start()
    answer = get_catalogue(kiosk, etag)
    opened = protocol.open_chain(protocol.read(protocol.Chain, answer.content), root, Type.CATALOGUE)
    assert opened.keys.version == kiosk.keys.version + 1
    assert sum(key.use is KeyUse.SEAL for key in opened.keys.keys) == 2


def test_health_is_kept_for_the_kiosk_that_sends_it_and_no_other(kiosk: SendingKiosk) -> None:
    def report(address: str, name: str) -> requests.Response:
        health = {"kiosk_id": name, "software": "test", "made_at": "2027-03-08T02:30:00Z", "devices": {"printer": "ok"}}
        return kiosk.http.put(
            kiosk.url + protocol.HEALTH.format(id=address), json=health, headers=kiosk.token, timeout=30
        )

    own = kiosk.enrolment.kiosk_id
    assert report(own, own).status_code == 204
    assert report("kiosk-other", own).status_code == 400
    assert report(own, "kiosk-other").status_code == 400


def test_every_call_of_a_kiosk_needs_its_token(kiosk: SendingKiosk) -> None:
    for token in ("", "Bearer ", "Bearer wrong", "Basic " + kiosk.enrolment.token, kiosk.enrolment.token):
        for path in (protocol.CATALOGUE, protocol.UPDATES, protocol.CALL.format(id=uuid.uuid4())):
            answer = kiosk.http.get(kiosk.url + path, headers={"Authorization": token}, timeout=30)
            assert (answer.status_code, code_of(answer)) == (401, "token-unknown")


def test_another_protocol_version_is_refused_by_name(kiosk: SendingKiosk) -> None:
    headers = kiosk.token | {protocol.HEADER_PROTOCOL: "2"}
    answer = kiosk.http.get(kiosk.url + protocol.CATALOGUE, headers=headers, timeout=30)
    error = protocol.read(protocol.Error, answer.content)
    assert (answer.status_code, error.code.value) == (400, "bad-request")
    assert "protocol 1" in error.detail


def test_a_code_typed_for_another_platform_is_noticed_by_the_kiosk(served: Served, http: requests.Session) -> None:
    one_time, _ = protocol.split_enrolment_code(new_code(served))
    elsewhere = protocol.enrolment_code(one_time, sealing.new_signing_key().public)
    with pytest.raises(AssertionError):
        enrol(served.url, elsewhere, http)
    with pytest.raises(Fault):
        protocol.split_enrolment_code("1234")
