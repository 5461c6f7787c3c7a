"""The outbox folder and its file formats, read by code that trusts none of them."""

import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_queue import drafts, folder, keys
from offline_queue.protocol import Type
from offline_queue.store import Store, open_store
from petition.errors import Fault, FaultCode
from petition.model import Draft, TextSource
from tests.offline_queue.conftest import MACHINE
from tests.offline_queue.platform import PlatformKeys, an_identity


@given(st.binary(max_size=400))
def test_rubbish_in_the_folder_is_damaged_and_nothing_worse(rubbish: bytes) -> None:
    with pytest.raises(Fault):
        folder.read_sealed(rubbish)


@given(st.data())
def test_no_changed_byte_of_what_is_sealed_goes_unnoticed_or_changes_what_is_sealed(
    a_petition: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(a_petition) - 1))
    changed = bytearray(a_petition)
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        found = folder.read_sealed(bytes(changed))
    except Fault:
        return
    # What stands in clear is the signature's to guard; this reader has no key.
    assert found.digest != folder.read_sealed(a_petition).digest


@pytest.fixture(scope="module")
def a_petition(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with open_store(tmp_path_factory.mktemp("state"), machine=lambda: MACHINE) as store:
        store.become(an_identity(PlatformKeys()))
        draft = Draft(petition_id=str(uuid.uuid4()), text="灯坏了", text_source=TextSource.TYPED)
        store.file(draft)
        item = store.item(draft.petition_id)
        assert item is not None
        return store.sealed_bytes(item)


@given(st.text())
def test_only_our_own_names_are_taken_for_ours(name: str) -> None:
    assert folder.parse_name(name) is None


def test_names_are_taken_apart_as_they_are_put_together() -> None:
    one, two = str(uuid.uuid4()), str(uuid.uuid4())
    for path, attachment_id in (
        (folder.sealed_path(Path(), one, Type.PETITION), ""),
        (folder.sealed_path(Path(), one, Type.EVENT), ""),
        (folder.attachment_path(Path(), one, two), two),
    ):
        for part in (False, True):
            found = folder.parse_name(path.name + (".part" if part else ""))
            assert found == folder.Name(id=one, attachment_id=attachment_id, part=part)


@given(st.binary(max_size=200))
def test_whatever_a_recording_holds_its_length_is_a_number_of_seconds(raw: bytes) -> None:
    assert drafts.opus_seconds(raw + b"OggS" + raw) >= 0.0


@given(st.binary(max_size=200))
def test_a_key_file_of_rubbish_is_a_plain_fault(rubbish: bytes) -> None:
    with pytest.raises(Fault) as refused:
        _with_key_file(rubbish)
    assert refused.value.code in {FaultCode.STATE_DIRECTORY_UNUSABLE, FaultCode.STATE_OF_ANOTHER_MACHINE}


def _with_key_file(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / keys.KEY_FILE).write_bytes(raw)
        keys.local_key(Path(directory), machine=lambda: MACHINE)


def test_a_key_of_a_keeper_we_do_not_know_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / keys.KEY_FILE).write_text('{"kept_by": "tpm2", "machine": "", "secret": "AAAA"}')
    with pytest.raises(Fault, match="tpm2"):
        keys.local_key(tmp_path, machine=lambda: MACHINE)


def test_a_machine_without_an_id_keeps_its_state_and_says_that_it_is_not_bound(tmp_path: Path) -> None:
    first = keys.local_key(tmp_path, machine=lambda: "")
    assert first.kept_by == "file-unbound"
    assert keys.local_key(tmp_path, machine=lambda: MACHINE).raw == first.raw


def test_every_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    key = keys.local_key(tmp_path, machine=lambda: MACHINE)
    assert key.derive("database") != key.derive("enrolment.sealed") != key.raw
    assert repr(key.raw) not in repr(key)


def test_an_export_to_a_folder_that_is_none_says_so(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Fault, match="the folder can't be used"):
        store.export(tmp_path / "file")


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("offline_queue.protocol", ("requests", "sqlcipher3")),
        ("offline_queue.sealing", ("requests", "sqlcipher3", "pydantic")),
        ("offline_queue.store", ("requests",)),
    ],
)
def test_a_room_loads_only_what_it_needs(module: str, kept_out: tuple[str, ...]) -> None:
    program = f"import sys, {module}; sys.exit(any(name in sys.modules for name in {kept_out!r}))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
