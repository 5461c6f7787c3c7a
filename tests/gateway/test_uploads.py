"""Attachments arrive by tus: created once, continued where the line broke, checked against the envelope."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from gateway import admin, desk
from gateway.serve import Served
from offline_queue import protocol
from petition.errors import Fault
from tests.gateway.sending import TUS, Part, Sealed, SendingKiosk, enrol
from tests.gateway.test_petitions import code_of

SOUND = bytes(range(256)) * 3000


def with_sound(kiosk: SendingKiosk) -> tuple[Sealed, str]:
    part = Part(plain=SOUND)
    petition = kiosk.seal(parts=(part,))
    assert kiosk.put(petition).status_code == 201
    return petition, part.id


@contextmanager
def patching(kiosk: SendingKiosk, location: str, raw: bytes, **more: str) -> Iterator[socket.socket]:
    """A line on which all of a file was announced, and none of it sent."""
    there = urlsplit(kiosk.url)
    headers = {
        **kiosk.token,
        **TUS,
        **more,
        "Host": there.netloc,
        "Content-Type": protocol.PATCH_MEDIA_TYPE,
        "Upload-Offset": "0",
        "Content-Length": str(len(raw)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((there.hostname or "", there.port or 0), timeout=30) as line:
        line.sendall(f"PATCH {location} HTTP/1.1\r\n{head}\r\n".encode())
        yield line


def test_a_petition_is_complete_only_when_its_last_attachment_is_there(kiosk: SendingKiosk) -> None:
    parts = (Part(plain=SOUND), Part(plain=b"picture", media_type="image/png"))
    petition = kiosk.seal(parts=parts)
    first = kiosk.acknowledgement(kiosk.put(petition))
    assert (first.complete, first.received) == (False, ())
    kiosk.upload(petition, parts[0].id)
    half = kiosk.ask_acknowledgement(petition.id)
    assert (half.complete, [part.id for part in half.received]) == (False, [parts[0].id])
    kiosk.upload(petition, parts[1].id)
    whole = kiosk.ask_acknowledgement(petition.id)
    assert whole.complete
    assert {part.id: part.sha256 for part in whole.received} == {
        id_: protocol.digest_of(raw) for id_, raw in petition.files.items()
    }


def test_the_same_attachment_has_always_the_same_location(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    first, again = kiosk.announce(petition, sound), kiosk.announce(petition, sound)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == again.headers["Location"]
    kiosk.upload(petition, sound)
    done = kiosk.announce(petition, sound)
    assert done.headers["Location"] == first.headers["Location"]
    assert int(done.headers["Upload-Offset"]) == len(petition.files[sound])


def test_an_attachment_nobody_announced_waits_for_its_envelope(kiosk: SendingKiosk) -> None:
    part = Part(plain=SOUND)
    answer = kiosk.announce(kiosk.seal(parts=(part,)), part.id)
    assert (answer.status_code, code_of(answer)) == (404, "not-found")


def test_other_bytes_than_the_envelope_announced_are_refused_at_the_door(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    answer = kiosk.announce(petition, sound, sha256=protocol.digest_of(b"other"))
    assert (answer.status_code, code_of(answer)) == (409, "digest-differs")


def test_a_patch_at_the_wrong_place_is_told_the_right_one(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    raw = petition.files[sound]
    location = str(kiosk.announce(petition, sound).headers["Location"])
    assert kiosk.patch(location, raw[:1000], 0).headers["Upload-Offset"] == "1000"
    for wrong in (0, 999, 1001, len(raw)):
        answer = kiosk.patch(location, raw[:10], wrong)
        assert (answer.status_code, code_of(answer)) == (409, "offset-differs")
        assert answer.headers["Upload-Offset"] == "1000"
    assert kiosk.offset(location) == 1000


def test_the_bytes_before_a_broken_line_are_kept(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    raw = petition.files[sound]
    location = str(kiosk.announce(petition, sound).headers["Location"])
    with patching(kiosk, location, raw) as line:
        line.sendall(raw[:200_000])
        # Half a goodbye: the gateway sees the end in the middle of a body, and everything before it has been read.
        line.shutdown(socket.SHUT_WR)
        line.recv(1)
    kept = kiosk.offset(location)
    assert kept == 200_000
    assert kiosk.patch(location, raw[kept:], kept).status_code == 204
    assert kiosk.ask_acknowledgement(petition.id).complete


def test_an_upload_that_another_request_took_over_is_not_written_by_the_one_that_hangs(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    raw = petition.files[sound]
    location = str(kiosk.announce(petition, sound).headers["Location"])
    with patching(kiosk, location, raw, expect="100-continue") as hanging:
        assert b"100" in hanging.recv(4096)  # it is in the middle of reading the body now
        for start in range(0, len(raw), protocol.PATCH_BYTES):
            piece = raw[start : start + protocol.PATCH_BYTES]
            assert kiosk.patch(location, piece, start).status_code == 204
        hanging.sendall(os.urandom(len(raw)))
        answer = hanging.recv(4096)
    assert b" 409 " in answer.splitlines()[0]
    assert kiosk.ask_acknowledgement(petition.id).complete


def test_bytes_that_are_not_the_announced_ones_make_the_upload_begin_again(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    raw = petition.files[sound]
    location = str(kiosk.announce(petition, sound).headers["Location"])
    answer = kiosk.patch(location, os.urandom(len(raw)), 0)
    assert (answer.status_code, code_of(answer)) == (409, "digest-differs")
    assert kiosk.offset(location) == 0
    assert not kiosk.ask_acknowledgement(petition.id).complete
    kiosk.upload(petition, sound)
    assert kiosk.ask_acknowledgement(petition.id).complete


def test_more_bytes_than_announced_and_patches_beyond_their_bound_are_refused(
    kiosk: SendingKiosk, served: Served
) -> None:
    petition, sound = with_sound(kiosk)
    raw = petition.files[sound]
    location = str(kiosk.announce(petition, sound).headers["Location"])
    answer = kiosk.patch(location, raw + b"more", 0)
    assert (answer.status_code, code_of(answer)) == (400, "bad-request")
    answer = kiosk.patch(location, b" " * (served.settings.patch_bytes_max + 1), 0)
    assert (answer.status_code, code_of(answer)) == (413, "too-large")


def test_of_a_refused_patch_nothing_is_kept(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    raw = petition.files[sound]
    location = str(kiosk.announce(petition, sound).headers["Location"])
    assert kiosk.patch(location, raw[:1000], 0).status_code == 204
    junk = os.urandom(len(raw))
    for body in (junk, iter((junk[: len(raw) - 5000], junk))):
        headers = {**kiosk.token, **TUS, "Content-Type": protocol.PATCH_MEDIA_TYPE, "Upload-Offset": "1000"}
        answer = kiosk.http.patch(kiosk.url + location, data=body, headers=headers, timeout=30)
        assert (answer.status_code, code_of(answer)) == (400, "bad-request")
        assert kiosk.offset(location) == 1000
    assert kiosk.patch(location, raw[1000:], 1000).status_code == 204
    assert kiosk.ask_acknowledgement(petition.id).complete


def test_an_upload_is_there_only_for_a_kiosk_that_asked_for_it(kiosk: SendingKiosk, served: Served) -> None:
    petition, sound = with_sound(kiosk)
    raw = petition.files[sound]
    location = str(kiosk.announce(petition, sound).headers["Location"])
    other = enrol(served.url, admin.make_enrolment_code(served.platform, kiosk_name="二号机"), kiosk.http)
    answer = other.patch(location, os.urandom(1000), 0)
    assert (answer.status_code, code_of(answer)) == (404, "not-found")
    assert other.http.head(other.url + location, headers={**other.token, **TUS}, timeout=30).status_code == 404
    assert kiosk.patch(location, raw[:1000], 0).status_code == 204
    # Who carries the queue of a kiosk that died goes on where that one was, and neither is in the other's way.
    assert other.announce(petition, sound).headers["Location"] == location
    assert other.patch(location, raw[1000:2000], 1000).status_code == 204
    assert kiosk.patch(location, raw[2000:], 2000).status_code == 204
    assert kiosk.ask_acknowledgement(petition.id).complete


def test_a_finished_upload_takes_a_late_repeat_of_its_last_patch_calmly(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    location = kiosk.upload(petition, sound)
    length = len(petition.files[sound])
    answer = kiosk.patch(location, b"", length)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(length))
    assert kiosk.patch(location, petition.files[sound], 0).status_code == 409


def test_uploads_need_a_token_the_tus_version_and_the_right_type(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    location = str(kiosk.announce(petition, sound).headers["Location"])
    url = kiosk.url + location
    assert kiosk.http.head(url, headers=TUS, timeout=30).status_code == 401
    assert kiosk.http.head(url, headers=kiosk.token, timeout=30).status_code == 412
    headers = {**kiosk.token, **TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}
    assert kiosk.http.patch(url, data=b"x", headers=headers, timeout=30).status_code == 415
    options = kiosk.http.options(kiosk.url + protocol.FILES, timeout=30)
    assert (options.status_code, options.headers["Tus-Version"]) == (204, protocol.TUS_VERSION)
    answer = kiosk.http.head(kiosk.url + protocol.FILE.format(id="f" * 32), headers={**kiosk.token, **TUS}, timeout=30)
    assert answer.status_code == 404


def test_an_attachment_beyond_its_bound_is_refused_before_a_byte_is_sent(kiosk: SendingKiosk) -> None:
    petition, sound = with_sound(kiosk)
    headers = {**kiosk.token, **TUS, "Upload-Length": str(protocol.MAX_ATTACHMENT_BYTES + 1)}
    answer = kiosk.http.post(kiosk.url + protocol.FILES, headers=headers, timeout=30)
    assert (answer.status_code, code_of(answer)) == (413, "too-large")
    for length in ("", "-1", "1.5", "ten", "9" * 40):
        headers["Upload-Length"] = length
        assert kiosk.http.post(kiosk.url + protocol.FILES, headers=headers, timeout=30).status_code == 400
    assert petition.files[sound]


def test_an_attachment_file_that_was_cut_or_swapped_after_it_came_does_not_open(
    kiosk: SendingKiosk, served: Served
) -> None:
    parts = (Part(plain=SOUND), Part(plain=bytes(reversed(SOUND))))
    petition = kiosk.seal(parts=parts)
    locations = {part.id: "" for part in parts}
    assert kiosk.put(petition).status_code == 201
    for part in parts:
        locations[part.id] = kiosk.upload(petition, part.id)
    paths = [served.settings.files_path / locations[part.id].rpartition("/")[2] for part in parts]
    first, second = (path.read_bytes() for path in paths)
    for damaged in (first[:-1], first[: len(first) // 2], second, first[:-20] + bytes(20), b""):
        paths[0].write_bytes(damaged)
        with pytest.raises(Fault, match="sealed-bytes-damaged"):
            desk.open_attachment(served.platform, petition.id, parts[0].id, account="wang")
    paths[0].write_bytes(first)
    assert desk.open_attachment(served.platform, petition.id, parts[0].id, account="wang") == ("audio/ogg", SOUND)
