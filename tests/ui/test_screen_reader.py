"""A screen reader finds everything by name and role, and can press it: tried over AT-SPI, as it does."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ui.screens import shown

ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"


def _missing() -> str:
    for program in ("xvfb-run", "dbus-run-session", SYSTEM_PYTHON):
        if not shutil.which(program):
            return program
    asked = [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0')"]
    return "" if subprocess.run(asked, check=False, capture_output=True).returncode == 0 else "gir1.2-atspi-2.0"


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What assistive technology met in a visit."""
    written = tmp_path_factory.mktemp("at-spi") / "met.json"
    if missing := _missing():
        pytest.skip(f"{missing} is not installed")
    display = ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", "dbus-run-session", "--"]
    walk = [SYSTEM_PYTHON, "-W", "ignore", str(ROOT / "tests/ui/at_spi_walk.py"), sys.executable, str(written)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # No pipes: the buses it starts outlive it, and would keep them open.
    with (written.parent / "log").open("w+") as log:
        done = subprocess.run(
            [*display, *walk], check=False, stdout=log, stderr=log, env=environment, timeout=120, cwd=ROOT
        )
        log.seek(0)
        assert done.returncode == 0, log.read()
    found: dict[str, Any] = json.loads(written.read_text("utf-8"))
    return found


def _names(nodes: list[dict[str, Any]], role: str) -> list[str]:
    return [node["name"] for node in nodes if role in node["role"]]


def test_the_window_is_a_frame_named_after_the_question(met: dict[str, Any]) -> None:
    assert _names(met["review"], "frame") == [shown("review").title]


def test_every_text_can_be_read(met: dict[str, Any]) -> None:
    made, told = shown("review"), "\n".join(_names(met["review"], "label"))
    for text in (made.title, made.text, made.body, made.caption.text, made.caption.word):
        assert text in told


def test_every_answer_and_command_is_a_button_with_its_name_and_note(met: dict[str, Any]) -> None:
    made = shown("review")
    buttons = {node["name"]: node for node in met["review"] if "button" in node["role"]}
    assert set(buttons) == {b.label for b in made.buttons} | {f.label for f in made.footer}
    for button in made.buttons:
        assert buttons[button.label]["description"] == button.note
        assert "Press" in buttons[button.label]["actions"]


def test_the_order_is_the_order_of_reading(met: dict[str, Any]) -> None:
    made, names = shown("review"), [node["name"] for node in met["review"]]
    order = [
        made.title,
        made.text,
        *(b.label for b in made.buttons),
        made.caption.text,
        *(f.label for f in made.footer),
    ]
    within = names[1:]  # the first is the window, named after the title
    places = [within.index(name, 1 if name == made.title else 0) for name in order]
    assert places == sorted(places)


def test_it_can_give_the_focus(met: dict[str, Any]) -> None:
    assert "念给我听" in met["focused"]


def test_the_caption_is_told_as_it_changes(met: dict[str, Any]) -> None:
    assert met["caption"] == "我念给您听。"


def test_pressing_over_the_action_interface_leads_on(met: dict[str, Any]) -> None:
    assert _names(met["receipt"], "frame") == [shown("receipt").title]
    assert "1023 0001 2392" in _names(met["receipt"], "label")


def test_beneath_the_curtain_everything_is_there_as_before_and_the_button_that_opens_it(met: dict[str, Any]) -> None:
    bare, covered = met["receipt"], met["covered"]
    assert covered[: len(bare)] == bare
    added = {node["name"] for node in covered[len(bare) :]}
    assert added >= {"屏幕遮住了，我念给您听。", "打开屏幕"}
    assert "打开屏幕" not in _names(met["open"], "button")


def test_of_a_masked_number_it_meets_how_many_digits_there_are_and_never_which(met: dict[str, Any]) -> None:
    told = [node[kind] for node in met["pin"] for kind in ("name", "description", "text")]
    assert "已按 4 位" in told
    assert "4826" not in "".join("".join(told).split())


def test_that_a_camera_looks_is_a_text_and_the_alarm_is_nothing_to_it(met: dict[str, Any]) -> None:
    assert "摄像头开着" in _names(met["pin"], "label")
    assert [node["name"] for node in met["pin"]].count("摄像头开着") == 1
