"""The doctor tries every part: what works, what doesn't, and what to do; a patient never takes it along."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from gateway.serve import Served
from kiosk.configuration import Configuration, load_configuration
from kiosk.doctor import can_serve, examinations, examine
from kiosk.examine import devices, machine, recogniser, state
from kiosk.examine.finding import Condition, Finding, care, missing, ok
from kiosk.folders import cache_directory
from tests.kiosk.commands_support import MARKER, CommandLine, one_plain_line
from tests.virtual_sound import NO_DEVICE, speechlike, virtual_sound
from voice.virtual_sound import VirtualSound

__all__ = ["virtual_sound"]


def by_part(found: list[Finding] | tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.part: finding for finding in found}


# --- the verdict -----------------------------------------------------------------------------------------------------


def test_every_part_is_examined_and_explained_in_both_languages(kiosk: CommandLine) -> None:
    done = kiosk("doctor", "--json")
    assert done.code == 3  # not enrolled
    told = done.json
    assert told["can_serve"] is False
    parts = {finding["part"]: finding for finding in told["findings"]}
    assert {
        "packages",
        "fonts",
        "display",
        "voice",
        "loudspeaker",
        "microphone",
        "recogniser",
        "keyboard",
        "state",
    } <= set(parts)
    assert {"disk", "enrolment", "print-jobs", "swap", "core-dumps"} <= set(parts)
    assert parts["enrolment"]["condition"] == "missing"
    for finding in parts.values():
        assert any("\u4e00" <= character <= "\u9fff" for character in finding["chinese"])
        assert finding["english"].isprintable()


def test_an_enrolled_kiosk_can_serve_and_says_so_with_exit_code_0(enrolled: CommandLine) -> None:
    enrolled.file()
    done = enrolled("doctor")
    assert (done.code, done.error) == (0, ""), done.out
    assert "The kiosk can serve." in done.out
    told = {finding["part"]: finding["condition"] for finding in enrolled("doctor", "--json").json["findings"]}
    assert {
        part: told[part] for part in ("state", "database", "enrolment", "platform", "clock", "queue", "numbers")
    } == dict.fromkeys(("state", "database", "enrolment", "platform", "clock", "queue", "numbers"), "ok")


def test_a_kiosk_that_nobody_can_tell_anything_to_cannot_serve() -> None:
    typing, hearing = care("keyboard", "", ""), care("microphone", "", "")
    assert can_serve([typing, ok("microphone", "", "")])
    assert can_serve([ok("keyboard", "", ""), hearing])
    assert not can_serve([typing, hearing])
    assert not can_serve([ok("keyboard", "", ""), missing("fonts", "", "")])


def test_an_examination_that_breaks_is_a_finding_and_quotes_nothing() -> None:
    def broken() -> Finding:
        raise KeyError(MARKER)

    found = by_part(examine({"first": broken, "second": lambda: ok("second", "好", "well")}))
    assert found["first"].condition is Condition.CARE
    assert "KeyError at test_doctor:" in found["first"].english
    assert MARKER not in found["first"].english + found["first"].chinese
    assert found["second"].condition is Condition.OK


def test_every_examination_has_a_name_of_its_own() -> None:
    assert len(examinations(Configuration())) == 17


# --- ears and mouth --------------------------------------------------------------------------------------------------


@pytest.mark.xdist_group("sound")
def test_a_microphone_that_hears_is_well(virtual_sound: VirtualSound) -> None:
    sound = speechlike(8.0).tobytes()
    threading.Thread(target=virtual_sound.speak, args=(sound,), daemon=True).start()  # the rest of it is nobody's
    assert devices.ear("").condition is Condition.OK


@pytest.mark.xdist_group("sound")
def test_a_muted_microphone_is_named_as_such(virtual_sound: VirtualSound) -> None:
    found = devices.ear("")
    assert found.condition is Condition.CARE
    assert "muted" in found.english


@pytest.mark.xdist_group("sound")
def test_voice_and_loudspeaker_are_well_where_they_are(virtual_sound: VirtualSound) -> None:
    found = by_part(devices.mouth(""))
    assert {part: finding.condition for part, finding in found.items()} == {
        "voice": Condition.OK,
        "loudspeaker": Condition.OK,
    }


@pytest.mark.xdist_group("sound")
def test_a_chosen_voice_that_is_not_installed_is_named_with_its_key(virtual_sound: VirtualSound) -> None:
    found = by_part(devices.mouth("", {"cmn": "cmn-latn-pinyin+nobody", "en": "en-us"}))
    assert found["voice"].condition is Condition.CARE
    assert "cmn-latn-pinyin+nobody is not installed" in found["voice"].english
    assert "voice.voices" in found["voice"].english


def test_a_device_that_nobody_has_is_missed_and_its_key_is_named() -> None:
    assert "voice.microphone" in devices.ear(NO_DEVICE).english
    found = by_part(devices.mouth(NO_DEVICE))
    assert found["loudspeaker"].condition is Condition.CARE
    assert "voice.speaker" in found["loudspeaker"].english


# --- the recogniser --------------------------------------------------------------------------------------------------


def test_a_machine_without_a_model_is_told_how_to_get_one(tmp_path: Path) -> None:
    found = by_part(recogniser.recogniser("no-such-model", tmp_path))
    assert found["recogniser"].condition is Condition.CARE
    assert "kiosk model install" in found["recogniser"].english


def test_a_model_that_does_not_load_is_named_and_takes_nothing_along(tmp_path: Path) -> None:
    for name in ("am/final.mdl", "conf/mfcc.conf", "graph/HCLG.fst"):
        (tmp_path / "broken" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "broken" / name).write_bytes(b"nothing")
    found = by_part(recogniser.recogniser("broken", tmp_path))
    assert found["recogniser"].condition is Condition.CARE
    assert "broken does not load" in found["recogniser"].english


def test_the_demonstration_voice_knows_every_phrase_and_is_called_what_it_is(tmp_path: Path) -> None:
    found = by_part(recogniser.recogniser("demo", tmp_path))
    assert "not made for residents" in found["recogniser"].english
    assert "演示" in found["recogniser"].chinese
    assert found["phrases"].condition is Condition.OK, found["phrases"].english


def test_a_model_of_other_words_is_told_with_the_first_phrases_it_lacks() -> None:
    found = recogniser.phrases_heard(
        ("返回", "首页", "重听", "帮助", "快点", "慢点"), ("返回", "首页", "重听", "帮助", "快点", "慢点")
    )
    assert found.condition is Condition.CARE
    assert "6 of 6" in found.english
    assert "快点" in found.english
    assert "慢点" not in found.english


# --- the state directory ---------------------------------------------------------------------------------------------


def of_state(kiosk: CommandLine) -> dict[str, Finding]:
    return by_part(state.examine_state(load_configuration(kiosk.config), kiosk.state))


def test_a_machine_nobody_has_enrolled_is_told_how(kiosk: CommandLine) -> None:
    found = of_state(kiosk)
    assert found["enrolment"].condition is Condition.MISSING
    assert "kiosk enrol URL CODE" in found["enrolment"].english
    assert not kiosk.state.exists()  # looking makes nothing


def test_a_platform_that_is_away_is_cared_for_and_keeps_nobody_from_being_served(
    enrolled: CommandLine, served: Served
) -> None:
    served.stop()
    found = of_state(enrolled)
    assert found["platform"].condition is Condition.CARE
    assert can_serve(list(found.values()))


def test_a_damaged_database_is_found_and_left_for_the_next_start(enrolled: CommandLine) -> None:
    database = enrolled.state / "queue.db"
    database.write_bytes(os.urandom(database.stat().st_size))
    before = database.read_bytes()
    found = of_state(enrolled)
    assert found["database"].condition is Condition.CARE
    assert "nothing filed is lost" in found["database"].english
    assert database.read_bytes() == before


def test_a_damaged_enrolment_cannot_serve(enrolled: CommandLine) -> None:
    (enrolled.state / "enrolment.sealed").write_bytes(os.urandom(200))
    assert of_state(enrolled)["enrolment"].condition is Condition.MISSING
    done = enrolled("file", "--text", MARKER)
    assert (done.code, one_plain_line(done.error)) == (3, True)


def test_a_state_directory_of_another_machine_cannot_serve(enrolled: CommandLine) -> None:
    key = enrolled.state / "local.key"
    key.write_text(key.read_text().replace('"machine": "', '"machine": "elsewhere'))
    assert of_state(enrolled)["key"].condition is Condition.MISSING


def test_a_key_that_is_only_a_file_is_warned_of(enrolled: CommandLine) -> None:
    assert of_state(enrolled)["key"].condition is Condition.CARE


def test_a_folder_that_others_may_look_into_is_noticed(enrolled: CommandLine) -> None:
    enrolled.state.chmod(0o755)
    assert of_state(enrolled)["state"].condition is Condition.CARE


def test_what_the_platform_refused_is_pointed_at(enrolled: CommandLine, tmp_path: Path, served: Served) -> None:
    enrolled.file()
    served.stop()
    shutil.rmtree(tmp_path / "gateway")
    served.start()
    for _ in range(6):
        enrolled("sync", "--once")
    assert of_state(enrolled)["platform"].condition is Condition.CARE


def test_a_network_disk_is_told_from_a_local_one(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\nserver:/x /srv nfs4 rw 0 0\n", "utf-8")
    assert state.filesystem(Path("/srv/kiosk"), mounts) == "nfs4"
    assert state.filesystem(Path("/home/kiosk"), mounts) == "ext4"
    assert state.filesystem(Path("/home/kiosk"), tmp_path / "nowhere") == ""


# --- the machine -----------------------------------------------------------------------------------------------------


def test_swap_in_memory_or_encrypted_is_well_and_bare_swap_is_not(tmp_path: Path) -> None:
    swaps, blocks = tmp_path / "swaps", tmp_path / "block"
    head = "Filename\tType\tSize\tUsed\tPriority\n"
    bare = tmp_path / "swapfile"
    bare.touch()
    swaps.write_text(f"{head}/dev/zram0 partition 1 0 100\n", "utf-8")
    assert machine.swap(swaps, blocks).condition is Condition.OK
    swaps.write_text(f"{head}{bare} file 1 0 -2\n", "utf-8")
    assert machine.swap(swaps, blocks).condition is Condition.CARE
    device = bare.stat().st_dev
    mapped = blocks / f"{os.major(device)}:{os.minor(device)}" / "dm"
    mapped.mkdir(parents=True)
    (mapped / "uuid").write_text("CRYPT-LUKS2-0123", "ascii")
    assert machine.swap(swaps, blocks).condition is Condition.OK
    (mapped / "uuid").write_text("LVM-0123", "ascii")
    assert machine.swap(swaps, blocks).condition is Condition.CARE
    assert machine.swap(tmp_path / "nowhere", blocks).condition is Condition.OK


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("", Condition.CARE),
        ("PreserveJobFiles Yes\n", Condition.CARE),
        ("PreserveJobFiles 3600\n", Condition.CARE),
        ("# PreserveJobFiles No\n", Condition.CARE),
        ("PreserveJobFiles No\n", Condition.OK),
        ("LogLevel warn\n  preservejobfiles  no\n", Condition.OK),
    ],
)
def test_a_printing_system_that_keeps_jobs_is_warned_of(tmp_path: Path, text: str, condition: Condition) -> None:
    (tmp_path / "cupsd.conf").write_text(text, "utf-8")
    assert machine.print_jobs(tmp_path / "cupsd.conf").condition is condition


def test_no_printing_system_keeps_nothing(tmp_path: Path) -> None:
    assert machine.print_jobs(tmp_path / "cupsd.conf").condition is Condition.OK


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "_MODULES", ("json", "a_package_nobody_has", "re"))
    found = devices.packages()
    assert found.condition is Condition.MISSING
    assert "a_package_nobody_has" in found.english


def test_dictionaries_that_are_missing_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert devices.keyboard(tmp_path / "file" / "cache").condition is Condition.CARE


def test_every_way_of_writing_is_tried() -> None:
    found = devices.keyboard(cache_directory())
    assert found.english == "pinyin, strokes, Zhuyin and Cangjie can be typed."
    assert found.chinese == "能打拼音、笔画、注音和仓颉。"


def test_a_way_of_writing_that_is_missing_is_named_with_its_package() -> None:
    some = devices.typing_found({"remedy": "", "missing": {"zhuyin": "rime-data-bopomofo", "cangjie": "rime-data-x"}})
    assert some.condition is Condition.CARE
    assert some.english == "pinyin can be typed, but not Zhuyin, Cangjie: apt install rime-data-bopomofo rime-data-x"
    assert "不能打注音、仓颉" in some.chinese
    none = devices.typing_found({"remedy": "install it", "missing": {}})
    assert none.english == "Chinese can't be typed: install it"
    assert devices.typing_found(None).condition is Condition.CARE
