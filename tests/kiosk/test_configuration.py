"""One file decides; what is wrong in it is named in one line; the page about it says what the models say."""

import json
import os
import re
import tomllib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.configuration import (
    Configuration,
    keys,
    load_configuration,
    rules,
    state_directory,
)
from kiosk.folders import default_files, default_state_directory
from petition.errors import Fault, FaultCode
from petition.model import Language, SpokenLanguage
from petition.state import Rules

ROOT = Path(__file__).parents[2]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(text, "utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(Fault) as caught:
        load_configuration(path)
    assert caught.value.code is FaultCode.BAD_CONFIGURATION
    assert "\n" not in caught.value.remedy
    assert caught.value.remedy.startswith(f"{path}: ") or str(path) in caught.value.remedy
    return caught.value.remedy.removeprefix(f"{path}: ")


def test_without_a_file_the_defaults_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if not default_files()[1].exists():
        assert load_configuration() == Configuration()


def test_the_file_in_its_usual_place_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    usual = tmp_path / "petition-kiosk" / "kiosk.toml"
    usual.parent.mkdir()
    usual.write_text('[voice]\nmicrophone = "话筒"\n', "utf-8")
    assert load_configuration().voice.microphone == "话筒"


def test_the_defaults_are_those_of_the_heart() -> None:
    found = rules(Configuration())
    # A kiosk looks at sticks unless it is told not to; the heart alone has none, and nothing to salt with.
    assert found.stick
    assert replace(found, stick=False, salt=b"") == Rules()


def test_what_is_remembered_of_petitions_is_salted_anew_at_every_start() -> None:
    first, second = rules(Configuration()).salt, rules(Configuration()).salt
    assert len(first) >= 16
    assert first != second


def test_pictures_and_cards_are_offered_where_there_is_something_to_take_them_with(tmp_path: Path) -> None:
    nothing = rules(load_configuration(written(tmp_path, "[pictures]\nstick = []\n")))
    assert (nothing.stick, nothing.cards) == (False, False)
    both = '[pictures]\nstick = ["/media"]\n[card]\nport = "/dev/ttyUSB0"\n'
    found = rules(load_configuration(written(tmp_path, both)))
    assert (found.stick, found.cards) == (True, True)


def test_everything_that_can_be_set_reaches_the_heart(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[screen]\nsize = "largest"\ntheme = "dark"\nlanguage = "zh_Hant"\n'
        '[voice]\nspoken = "yue"\nrate = 0.8\nvolume = 1\nlisten_when_idle = true\n'
        "[time]\nidle_seconds = 120\nwarning_seconds = 60\npause_seconds = 5.5\nending_seconds = 10\n"
        '[platform]\nhotline = "0571-12345"\n',
    )
    found = rules(load_configuration(path))
    assert (found.hotline, found.idle_seconds, found.warning_seconds) == (
        "0571-12345",
        120,
        60,
    )
    assert (found.pause_seconds, found.ending_seconds, found.listen_when_idle) == (5.5, 10, True)
    preferences = found.preferences
    assert (preferences.size, preferences.theme, preferences.rate, preferences.volume) == ("largest", "dark", 0.8, 1)
    assert (preferences.language, preferences.spoken) == (Language.TRADITIONAL, SpokenLanguage.CANTONESE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[screen]\nsize = "big"', "screen.size must be one of normal, large, larger, largest"),
        ('[screen]\ntheme = "blue"', "screen.theme must be one of light, dark, medium, low"),
        ('[screen]\nlanguage = "fr"', "screen.language must be 'zh_Hans', 'zh_Hant' or 'en'"),
        ('[screen]\nszie = "large"', "screen.szie is not a key here: did you mean screen.size?"),
        ('size = "large"', "size is not a key here: did you mean screen.size?"),
        ("[scren]", "scren is not a key here: did you mean screen?"),
        (
            "[weather]\nsun = 1",
            (
                "weather is not a key here: the sections are kiosk, screen, voice, keys, printer, scanner, pictures, card, "
                "bell, time, platform"
            ),
        ),
        ("[kiosk]\ncolour_of_the_door = 1", "kiosk.colour_of_the_door is not a key here: [kiosk] has state_dir"),
        ("screen = 1", "screen must be a section: write [screen]"),
        ("[screen]\nwidth_px = 1920", "screen width_px and height_px go together: give both, or neither"),
        ('[screen]\nfull_screen = "yes"', "screen.full_screen should be a valid boolean"),
        ('[kiosk]\nstate_directory = "state"', "kiosk.state_directory must be a whole path, beginning with / or ~/"),
        ('[kiosk]\nstate_directory = "~nobody-here/x"', "kiosk.state_directory must be a whole path"),
        ("[voice]\nrate = 1.1", "voice.rate must be one of 0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 2.0"),
        ("[voice]\nrate = nan", "voice.rate should be a finite number"),
        ("[voice]\nvolume = 0.5", "voice.volume must be one of 0.1, 0.2, 0.35, 0.6, 1.0"),
        ('[voice]\nvoices = { cmn = "cmn-latn-pinyin+rob" }', "voice.voices can't be +rob: it makes espeak-ng crash"),
        ('[voice]\nvoices = { cmn = "zh" }', "voice.voices must be cmn-latn-pinyin, or that with a variant"),
        ('[voice]\nvoices = { fr = "fr" }', "voice.voices knows no language fr: there are cmn, yue, en"),
        ('[voice]\nmodel = "../x"', "voice.model must be the name of an installed model, or a whole path"),
        ("[voice]\nbarge_in = 1", "voice.barge_in should be a valid boolean"),
        ('[keys]\npad = { up = "next" }', "keys.pad must name keys by their scan codes, 1 to 767"),
        ('[keys]\npad = { 768 = "next" }', "keys.pad must name keys by their scan codes, 1 to 767"),
        ('[keys]\npad = { 28 = "send" }', "keys.pad must say what a key does: next, previous, press, back"),
        ('[bell]\non = "A0 01 1"', "bell.on must be bytes as two hexadecimal digits each"),
        ('[bell]\noff = ""', "bell.off must be bytes as two hexadecimal digits each"),
        ('[bell]\nrelay = "ttyUSB0"', "bell.relay must be a device, like /dev/ttyACM0"),
        ("[time]\nidle_seconds = 10", "time.idle_seconds should be greater than or equal to 120"),
        ("[time]\nwarning_seconds = 5", "time.warning_seconds should be greater than or equal to 20"),
        ("[time]\npause_seconds = 9", "time.pause_seconds should be less than or equal to 8"),
        ('[time]\nwarning_seconds = "30"', "time.warning_seconds should be a valid integer"),
        ('[platform]\nurl = "petitions.example.org"', "platform.url must be an address like https://"),
        ('[platform]\nurl = "http://petitions.example.org"', "platform.url must be an address like https://"),
        ('[platform]\nca_bundle = "/nowhere.pem"', "platform.ca_bundle must name a file that is there"),
        ('[platform]\nproxy = "here"', "platform.proxy must be an address like http://"),
        ('[platform]\nhotline = "call us"', "platform.hotline must be a telephone number"),
        ('[platform]\nurl = "https://["', "platform.url must be an address like https://"),
        ('[platform]\nurl = "https://a.example:99999"', "platform.url must be an address like https://"),
        ('[platform]\nurl = "https://a.example/ b"', "platform.url must be an address like https://"),
        ('[platform]\nurl = "https://a.exa\\tmple"', "platform.url must be an address like https://"),
        ('[platform]\nurl = "https://:443"', "platform.url must be an address like https://"),
        ('[platform]\nproxy = "http://["', "platform.proxy must be an address like http://"),
        ('[platform]\nproxy = "http://a.example:99999"', "platform.proxy must be an address like http://"),
        ('[platform]\nproxy = "http://a.example\\n"', "platform.proxy must be an address like http://"),
        ('[kiosk]\nstate_directory = "/x\\u0000y"', "kiosk.state_directory must be a path without control characters"),
        ('[kiosk]\nstate_directory = "~\\u0000y"', "kiosk.state_directory must be a path without control characters"),
        ('[platform]\nca_bundle = "/x\\u0000y"', "platform.ca_bundle must be a path without control characters"),
        ('[voice]\nmodel = "/x\\u0000y"', "voice.model must be a path without control characters"),
        pytest.param("a = " + "[" * 5000, "is not TOML: brackets in brackets, too many of them", id="brackets"),
        pytest.param("a = " + "9" * 5000, "is not TOML: there is a number with too many digits in it", id="digits"),
        ('"a\\nb\\u001b[31m" = 1', "a b[31m is not a key here"),
        pytest.param(f"{'k' * 900} = 1", f"{'k' * 60}… is not a key here", id="a long key"),
        ("a = ", "is not TOML: "),
        ("[voice]\nspeaker = 1\n[time]\nidle_seconds = 1", "voice.speaker should be a valid string; time.idle_seconds"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_its_remedy(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(written(tmp_path, text)).startswith(said)


def test_a_file_that_cannot_be_read_is_a_mistake_too(tmp_path: Path) -> None:
    assert "No such file" in complaint(tmp_path / "missing.toml")
    assert "directory" in complaint(tmp_path)
    (tmp_path / "latin.toml").write_bytes('[voice]\nspeaker = "é"'.encode("latin-1"))
    assert complaint(tmp_path / "latin.toml") == "is not UTF-8 text"


def test_of_many_mistakes_three_are_named(tmp_path: Path) -> None:
    said = complaint(written(tmp_path, "[screen]\n" + "".join(f"key_{n} = {n}\n" for n in range(3000))))
    assert said.count("is not a key here") == 3
    assert said.endswith("; and 2997 more")


def test_what_is_no_file_or_too_large_is_no_configuration(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert complaint(tmp_path / "pipe.toml") == "can't be read (it is a pipe or a device, not a file)"
    assert complaint(written(tmp_path, "#" * 1_000_001)) == "is larger than 1 MB: that is no configuration"
    assert load_configuration(written(tmp_path, "#" * 1_000_000)) == Configuration()


@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_at_all_gets_more_than_a_plain_answer(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    with suppress(Fault):
        load_configuration(path)  # anything but a Fault fails the test


@pytest.mark.skipif(os.name == "nt", reason="other folders there")
def test_the_state_lies_where_the_desktop_keeps_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_state_directory() == tmp_path / "petition-kiosk"
    monkeypatch.setenv("XDG_DATA_HOME", "not/whole")
    assert default_state_directory() == Path.home() / ".local/share/petition-kiosk"
    own = load_configuration(written(tmp_path, '[kiosk]\nstate_directory = "~/kiosk"'))
    assert state_directory(own) == Path.home() / "kiosk"


# --- the page and the example ----------------------------------------------------------------------------------------


def reference() -> str:
    """The table of docs/operators.md."""
    rows = ["| key | default | meaning |", "|---|---|---|"]
    for section, key, default, meaning in keys():
        shown = "" if default is None else f"`{json.dumps(default)}`"
        rows.append(f"| `{section}.{key}` | {shown} | {' '.join(meaning.split())} |")
    return "\n".join(rows) + "\n"


def test_the_page_for_operators_has_every_key_as_the_models_have_it() -> None:
    assert reference() in (ROOT / "docs/operators.md").read_text("utf-8")


def test_meanings_tell_what_a_key_may_be() -> None:
    for section, key, _, meaning in keys():
        setting = type(Configuration.model_fields[section].default).model_fields[key]
        bounds = [getattr(rule, end) for rule in setting.metadata for end in ("ge", "le") if hasattr(rule, end)]
        assert meaning, key
        assert all(str(bound) in re.findall(r"[0-9]+(?:\.[0-9]+)?", meaning) for bound in bounds), key


def test_the_example_has_every_key_with_its_default() -> None:
    text = (ROOT / "docs/examples/kiosk.toml").read_text("utf-8")
    assert load_configuration(ROOT / "docs/examples/kiosk.toml") == Configuration()
    everything = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE))
    assert {(section, key) for section, values in everything.items() for key in values} == {
        (section, key) for section, key, _, _ in keys()
    }


def test_the_page_for_operators_knows_every_fault_a_command_can_end_with() -> None:
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    seen_on_screen_only = {"microphone-lost"}
    inside = {"sealed-bytes-damaged", "signature-invalid", "suite-unknown"}
    told = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", page))
    assert {code.value for code in FaultCode} - told <= seen_on_screen_only | inside
