"""What the screen reader Orca says of the real kiosk: the question, the answers, which is chosen, and what changes."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("orca") is None, reason="orca is not installed"),
    pytest.mark.xdist_group("orca"),
]


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Orca said in a visit, and what it was asked to say."""
    written = tmp_path_factory.mktemp("orca") / "met.json"
    log = written.with_name("log")
    with log.open("w") as output:  # no pipes: the buses it starts outlive it, and would keep them open
        done = subprocess.run(
            [ROOT / "tools/screen-reader", written],
            check=False,
            stdout=output,
            stderr=output,
            env=os.environ,
            timeout=240,
        )
    assert done.returncode == 0, log.read_text("utf-8")
    found: dict[str, Any] = json.loads(written.read_text("utf-8"))
    return found


def test_orca_says_the_title_of_the_window_and_of_every_step(met: dict[str, Any]) -> None:
    said = met["said"]
    assert any(each.startswith("您好，要办什么事？") for each in said)
    places = [said.index(title) for title in ("请说说是什么事", "想调哪一样？", "字要多大？")]
    assert places == sorted(places)


def test_orca_says_what_can_be_pressed_and_the_note_below_it(met: dict[str, Any]) -> None:
    said = met["said"]
    at = next(place for place, each in enumerate(said) if each.startswith("反映问题") and "button" in each)
    assert said[at + 1].startswith("您说，我帮您交上去")


def test_orca_says_which_of_several_is_chosen(met: dict[str, Any]) -> None:
    chosen = {each.split()[0]: each for each in met["said"] if "check box" in each}
    assert "not checked" not in chosen["特大字"]
    assert "not checked" in chosen["最大的字"]


def test_a_screen_reader_is_asked_to_say_what_the_kiosk_would_say_itself(met: dict[str, Any]) -> None:
    announced = "\n".join(met["announced"])
    assert "滴一声，就请说是什么事" in announced
    assert "字要多大？" in announced
    assert "1号，反映问题。您说，我帮您交上去。" not in announced  # it has the focus: Orca says so itself


def test_without_a_loudspeaker_of_its_own_the_kiosk_misses_nothing(met: dict[str, Any]) -> None:
    assert not any("发不出声音" in each for each in met["said"] + met["announced"])
