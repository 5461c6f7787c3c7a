"""Petitions arrive exactly once, are acknowledged by a signature, and stay sealed where they lie."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from gateway import admin, desk
from gateway.database import Kiosk, Petition
from gateway.serve import Served
from gateway.settings import Settings
from offline_queue import protocol, sealing
from offline_queue.protocol import EventKind, Type
from petition.errors import Fault
from tests.gateway.sending import Part, Sealed, SendingKiosk, enrol


def code_of(answer: requests.Response) -> str:
    return protocol.read(protocol.Error, answer.content).code.value


def test_a_petition_is_taken_in_once_and_the_same_bytes_again_get_the_same_word(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal()
    first, again = kiosk.put(petition), kiosk.put(petition)
    assert (first.status_code, again.status_code) == (201, 200)
    for answer in (first, again):
        word = kiosk.acknowledgement(answer)
        assert (word.petition_id, word.digest) == (petition.id, protocol.digest_of(petition.raw))
        assert word.complete
        assert not word.number_reused


def test_one_petition_sent_by_many_at_once_is_taken_in_once_and_many_at_once_are_all_taken_in(
    kiosk: SendingKiosk,
) -> None:
    same, others = kiosk.seal(), [kiosk.seal() for _ in range(30)]

    def put(petition: Sealed) -> int:
        return requests.put(
            kiosk.url + protocol.PETITION.format(id=petition.id),
            data=petition.raw,
            headers={**kiosk.token, protocol.HEADER_DIGEST: protocol.digest_header(petition.raw)},
            timeout=60,
        ).status_code

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(put, [same] * 12)) == [200] * 11 + [201]
        assert list(pool.map(put, others)) == [201] * 30


def test_other_bytes_under_a_known_id_are_refused_and_change_nothing(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal()
    kiosk.put(petition)
    answer = kiosk.put(kiosk.seal(petition_id=petition.id, number=petition.number))
    assert (answer.status_code, code_of(answer)) == (409, "digest-differs")
    assert kiosk.ask_acknowledgement(petition.id).digest == protocol.digest_of(petition.raw)


def test_a_changed_petition_is_refused_whoever_changed_it(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal()
    changed = replace(petition, raw=petition.raw.replace(b'"urgent":false', b'"urgent":true'))
    assert changed.raw != petition.raw
    answer = kiosk.put(changed)
    assert (answer.status_code, code_of(answer)) == (403, "signature-invalid")


def test_a_petition_without_a_token_is_taken_in_because_the_signature_is_what_counts(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal()
    answer = requests.put(
        kiosk.url + protocol.PETITION.format(id=petition.id),
        data=petition.raw,
        headers={protocol.HEADER_DIGEST: protocol.digest_header(petition.raw)},
        timeout=30,
    )
    assert answer.status_code == 201


def test_a_petition_of_a_stranger_is_refused(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal()
    kiosk.key = sealing.new_signing_key()
    forged = kiosk.seal()
    assert code_of(kiosk.put(forged)) == "signature-invalid"
    kiosk.enrolment = kiosk.enrolment.model_copy(update={"kiosk_id": "kiosk-nobody"})
    assert code_of(kiosk.put(kiosk.seal())) == "signature-invalid"
    assert petition.id != forged.id


def test_an_unknown_suite_is_refused_by_its_name(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal()
    other = replace(petition, raw=petition.raw.replace(sealing.SUITE.encode(), b"sm2-sm3-sm4/1"))
    answer = kiosk.put(other)
    error = protocol.read(protocol.Error, answer.content)
    assert (answer.status_code, error.code) == (400, protocol.ErrorCode.SUITE_UNKNOWN)
    assert "sm2-sm3-sm4/1" in error.detail


def test_a_body_that_is_not_the_one_of_its_digest_is_refused(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal()
    for header in (protocol.digest_header(b"other"), "", "sha-256=:!:", "md5=:AAAA:"):
        answer = kiosk.put(petition, **{protocol.HEADER_DIGEST: header})
        assert (answer.status_code, code_of(answer)) == (400, "bad-request")


def test_a_petition_sealed_to_somebody_else_is_refused(kiosk: SendingKiosk) -> None:
    foreign = sealing.new_seal_key()
    key = protocol.current_key(kiosk.keys, protocol.KeyUse.SEAL, kiosk.enrolment.time)
    wrong = key.model_copy(update={"id": foreign.id, "public_key": sealing.to_base64(foreign.public)})
    kiosk.keys = kiosk.keys.model_copy(update={"keys": (wrong, *kiosk.keys.keys[1:])})
    answer = kiosk.put(kiosk.seal())
    assert (answer.status_code, code_of(answer)) == (400, "bad-request")


def test_an_envelope_beyond_its_bound_is_refused_unread(kiosk: SendingKiosk) -> None:
    raw = b" " * (protocol.MAX_ENVELOPE_BYTES + 1)
    answer = kiosk.put(Sealed(id=str(uuid.uuid4()), number="", raw=raw, files={}))
    assert (answer.status_code, code_of(answer)) == (413, "too-large")

    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * 65536

    try:
        streamed = requests.put(kiosk.url + protocol.PETITION.format(id=uuid.uuid4()), data=endless(), timeout=30)
    except requests.ConnectionError:
        return  # the gateway hung up in the middle: as good an answer
    assert streamed.status_code == 413


def test_a_number_seen_under_two_ids_is_accepted_twice_and_the_kiosk_is_told_and_flagged(
    kiosk: SendingKiosk, served: Served
) -> None:
    first, second = kiosk.seal(number=(number := kiosk.next_number())), kiosk.seal(number=number)
    assert not kiosk.send(first).number_reused
    assert kiosk.send(second).number_reused
    with served.platform.database.reading() as rows:
        row = rows.get(Kiosk, kiosk.enrolment.kiosk_id)
        assert row is not None
        assert row.flagged == "number-reused"


def test_the_number_of_another_kiosk_is_accepted_and_flagged_and_its_holder_still_finds_their_own(
    kiosk: SendingKiosk, served: Served, http: requests.Session
) -> None:
    other = enrol(served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"), http)
    number = kiosk.next_number()
    squatted = other.seal(number=number)
    assert other.put(squatted).status_code == 201
    own = kiosk.seal(number=number)
    assert kiosk.put(own).status_code == 201
    desk.set_step(
        served.platform,
        own.id,
        desk.StepForm(stage="handling", responsible="物业 张师傅", expected=None, reply=""),
        account="wang",
        seen=None,
    )
    progress = protocol.read(protocol.Progress, kiosk.look_up(number, tag=kiosk.tag(number)).content)
    assert progress.responsible == "物业 张师傅"


def test_what_another_kiosk_files_under_a_number_takes_no_events_and_closes_no_block(
    kiosk: SendingKiosk, served: Served, http: requests.Session
) -> None:
    other = enrol(served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"), http)
    number = kiosk.next_number()
    own, squatted = kiosk.seal(number=number), other.seal(number=number)
    assert other.put(squatted).status_code == 201
    assert kiosk.put_event(number, EventKind.SUPPLEMENT).status_code == 201
    asked = protocol.read(protocol.Progress, kiosk.look_up(number, tag=kiosk.tag(number)).content)
    assert (asked.on_its_way, asked.from_kiosk) == (True, "幸福社区 1 号机")
    step = desk.StepForm(stage="accepted", responsible="物业 张师傅", expected=None, reply="")
    with pytest.raises(Fault, match="no petition of this number"):
        admin.set_step(served.platform, number, step)
    assert not kiosk.send(own).number_reused
    said = {
        each.id: [event.kind for event in desk.open_petition(served.platform, each.id, account="wang").events]
        for each in (own, squatted)
    }
    assert said == {own.id: ["supplement"], squatted.id: []}
    assert other.ask_acknowledgement(squatted.id).number_reused
    admin.set_step(served.platform, number, step)
    with served.platform.database.reading() as rows:
        assert [rows.get_one(Petition, each.id).stage for each in (own, squatted)] == ["accepted", ""]
    with served.platform.database.reading() as rows:
        flagged = [rows.get_one(Kiosk, each.enrolment.kiosk_id).flagged for each in (kiosk, other)]
    assert flagged == ["", "number-of-another-kiosk"]


def test_an_acknowledgement_of_a_petition_that_is_not_here_is_404(kiosk: SendingKiosk) -> None:
    answer = kiosk.http.get(
        kiosk.url + protocol.ACKNOWLEDGEMENT.format(id=uuid.uuid4()), headers=kiosk.token, timeout=30
    )
    assert (answer.status_code, code_of(answer)) == (404, "not-found")


def test_what_was_said_lies_nowhere_in_the_directory_but_opens_for_a_person(
    kiosk: SendingKiosk, served: Served, settings: Settings
) -> None:
    marker = "琉璃瓦上的第七只猫"
    sound = marker.encode() * 5000
    part = Part(plain=sound, media_type="audio/wav")
    petition = kiosk.seal(text=marker, parts=(part,), phone="+8613812345678")
    assert kiosk.send(petition).complete
    desk.set_step(
        served.platform,
        petition.id,
        desk.StepForm(stage="replied", responsible="", expected=None, reply=f"答复：{marker}"),
        account="wang",
        seen=None,
    )
    opened = desk.open_petition(served.platform, petition.id, account="wang")
    assert opened.content is not None
    assert (opened.content.text, opened.content.phone) == (marker, "+8613812345678")
    assert desk.open_attachment(served.platform, petition.id, part.id, account="wang") == ("audio/wav", sound)
    assert opened.progress.reply == f"答复：{marker}"
    forms = [marker.encode(form) for form in ("utf-8", "utf-16-le", "gb18030")] + [b"13812345678"]
    files = [path for path in Path(settings.directory).rglob("*") if path.is_file()]
    assert len(files) >= 3
    for path in files:
        content = path.read_bytes()
        assert not any(form in content for form in forms), path.name


def test_the_private_keys_lie_in_a_file_of_their_own_that_only_its_owner_reads(
    kiosk: SendingKiosk, served: Served, settings: Settings
) -> None:
    kiosk.send(kiosk.seal())
    assert settings.keys_path.stat().st_mode & 0o777 == 0o600
    assert settings.directory.stat().st_mode & 0o777 == 0o700
    private = [served.platform.keys.root.private, *(key.pair.private for key in served.platform.keys.keys)]
    block_key = kiosk.block_key
    for path in settings.directory.glob("gateway.sqlite*"):
        assert path.stat().st_mode & 0o777 == 0o600
        content = path.read_bytes()
        for secret in (*private, block_key):
            assert secret not in content
            assert sealing.to_base64(secret).encode() not in content


def test_a_database_without_its_key_file_is_not_given_new_keys(settings: Settings, served: Served) -> None:
    served.stop()
    settings.keys_path.unlink()
    with pytest.raises(Fault, match="restore it"):
        served.start()
    assert not settings.keys_path.exists()


def test_stopped_and_started_it_comes_back_on_the_same_port_with_everything(
    kiosk: SendingKiosk, served: Served
) -> None:
    petition = kiosk.seal()
    url = served.url
    served.stop()
    with pytest.raises(requests.ConnectionError):
        kiosk.put(petition)
    served.start()
    assert served.url == url
    assert kiosk.put(petition).status_code == 201
    served.stop()
    served.start()
    assert kiosk.put(petition).status_code == 200
    with served.platform.database.reading() as rows:
        assert rows.get(Petition, petition.id) is not None


def test_petitions_sealed_to_a_key_that_was_renewed_since_still_open(kiosk: SendingKiosk, served: Served) -> None:
    petition = kiosk.seal(text="用旧钥匙封的")
    admin.renew_key(served.platform, protocol.KeyUse.SEAL)
    served.stop()
    served.start()
    assert kiosk.put(petition).status_code == 201
    opened = desk.open_petition(served.platform, petition.id, account="wang")
    assert opened.content is not None
    assert opened.content.text == "用旧钥匙封的"


def test_a_signed_object_of_another_type_is_not_a_petition(kiosk: SendingKiosk) -> None:
    petition = kiosk.seal()
    signed = protocol.read(protocol.Signed, petition.raw)
    envelope = protocol.read(protocol.Envelope, signed.body)
    other = replace(petition, raw=protocol.write(protocol.sign(kiosk.key, Type.EVENT, envelope)))
    assert code_of(kiosk.put(other)) == "signature-invalid"


def test_when_more_come_than_can_be_taken_each_is_given_its_own_moment_to_come_back(
    kiosk: SendingKiosk, served: Served
) -> None:
    slots = served.platform.writes
    now = served.platform.clock()
    while not slots.wait_seconds(now):
        pass
    waits = [slots.wait_seconds(now) for _ in range(1000)]
    assert waits == sorted(waits)
    assert max(waits) >= 4  # 1000 more at 200 a second are spread over five seconds
    answer = kiosk.put(kiosk.seal())
    assert (answer.status_code, code_of(answer)) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 5
