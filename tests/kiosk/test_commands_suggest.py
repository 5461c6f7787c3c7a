"""`kiosk suggest`: what a petition may be about and why, and the measuring of it."""

import io
import sys
from pathlib import Path

import pytest

from tests.kiosk.commands_support import MARKER, CommandLine, one_plain_line

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "gateway" / "demo_catalogue.json"
HELD_OUT = ROOT / "tests" / "petition" / "data" / "held_out_petitions.toml"


def test_words_are_given_categories_and_what_spoke_for_them(kiosk: CommandLine) -> None:
    done = kiosk("suggest", MARKER, "--catalogue", CATALOGUE, "--json")

    assert done.code == 0, done.error
    assert done.json[0]["category"] == "housing_management"
    assert done.json[0]["name"] == "小区物业"
    assert "楼道" in done.json[0]["because"]
    assert "楼道" in kiosk("suggest", MARKER, "--catalogue", CATALOGUE).out.splitlines()[0]


def test_the_words_may_come_by_standard_input(kiosk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("暖气不热，屋里太冷".encode())))
    done = kiosk("suggest", "-", "--catalogue", CATALOGUE, "--json")

    assert done.json[0]["category"] == "heating"


def test_where_nothing_fits_it_says_so(kiosk: CommandLine) -> None:
    assert "Nothing" in kiosk("suggest", "你好", "--catalogue", CATALOGUE).out
    assert kiosk("suggest", "你好", "--catalogue", CATALOGUE, "--json").json == []


def test_without_a_file_the_platforms_catalogue_is_used(enrolled: CommandLine) -> None:
    assert enrolled("sync", "--once").code == 0

    assert enrolled("suggest", "养老金没到账", "--json").json[0]["category"] == "pension"


def test_measuring_tells_each_category_what_is_confused_and_what_fits_nothing(kiosk: CommandLine) -> None:
    asked = ("suggest", "--measure", HELD_OUT, "--catalogue", CATALOGUE)
    told = kiosk(*asked, "--json").json
    shown = kiosk(*asked).out

    assert told["nothing"]["petitions"] >= 30
    for category, fared in told["fits"].items():
        assert fared["first"] <= fared["among"] <= fared["petitions"]
        assert fared["first"] + fared["none"] + sum(fared["confused"].values()) == fared["petitions"]
        assert category in shown
    assert "together" in shown
    assert "Another one first" in shown


def test_a_small_file_is_counted_as_it_is(kiosk: CommandLine, tmp_path: Path) -> None:
    measured = tmp_path / "some.toml"
    measured.write_text(
        'nothing = ["你好", "电梯坏了物业不管"]\n[fits]\nheating = ["暖气不热，屋里太冷", "电梯坏了物业不管", "嗯"]\n',
        "utf-8",
    )
    told = kiosk("suggest", "--measure", measured, "--catalogue", CATALOGUE, "--json").json

    assert told["nothing"] == {"petitions": 2, "suggested": 1}
    heating = told["fits"]["heating"]
    assert heating == {"petitions": 3, "first": 1, "among": 1, "none": 1, "confused": {"housing_management": 1}}
    assert told["fits"]["pension"]["petitions"] == 0
    assert " -" in kiosk("suggest", "--measure", measured, "--catalogue", CATALOGUE).out


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"nothing = 1",
        b"[fits]\nheating = 3",
        b"[fits]\nheating = [3]",
        b"fits = 1",
        b"[fits]\nunheard_of = ['x']",
    ],
)
def test_a_file_that_is_no_measure_gets_one_plain_line(kiosk: CommandLine, tmp_path: Path, content: bytes) -> None:
    measured = tmp_path / "wrong.toml"
    measured.write_bytes(content)
    done = kiosk("suggest", "--measure", measured, "--catalogue", CATALOGUE)

    assert done.code == 2
    assert "--measure" in done.error
    assert one_plain_line(done.error)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"categories": [{}]}',
        b'{"categories": 1}',
        b'{"categories": [1]}',
        b"[" * 100_000,
        b'{"categories": []}',
    ],
)
def test_a_file_that_is_no_catalogue_gets_one_plain_line(kiosk: CommandLine, tmp_path: Path, content: bytes) -> None:
    catalogue = tmp_path / "wrong.json"
    catalogue.write_bytes(content)
    done = kiosk("suggest", MARKER, "--catalogue", catalogue)

    assert done.code == 2
    assert one_plain_line(done.error)


@pytest.mark.parametrize("arguments", [(), (MARKER, "--measure", HELD_OUT), (MARKER * 2000,)])
def test_what_is_missing_or_too_much_is_told_and_never_repeated(
    kiosk: CommandLine, arguments: tuple[str | Path, ...]
) -> None:
    done = kiosk("suggest", *arguments, "--catalogue", CATALOGUE)

    assert done.code == 2
    assert one_plain_line(done.error)


def test_a_kiosk_that_belongs_to_no_platform_asks_for_a_catalogue(kiosk: CommandLine) -> None:
    done = kiosk("suggest", MARKER)

    assert done.code in {2, 3}
    assert one_plain_line(done.error)
