"""The self-guided visit: the real application, really spoken to, filed while the platform is away, and it arrives."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.tour.proof import problems
from kiosk.tour.voice_tour import TO_BE_MET
from voice.virtual_sound import available

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sound")]

TOUR_SECONDS = 280
SPOKEN_SECONDS = 1800
"""Five long conversations, on a machine that is busy; a test that passes never waits for it."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished tour, made once."""
    assert available(), "the tour needs pulseaudio and pulseaudio-utils: tools/packages lists them"
    out = tmp_path_factory.mktemp("tour")
    make("--out", str(out))
    return out


def make(*arguments: str, seconds: float = TOUR_SECONDS) -> None:
    """Make a tour, which may take so long."""
    command = [sys.executable, "-m", "kiosk", "tour", *arguments]
    if not os.environ.get("DISPLAY"):
        assert shutil.which("xvfb-run"), "the tour needs a display or xvfb: tools/packages lists it"
        command = ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", *command]
    # Tests of widgets run without a display; a tour is made on a real one.
    seen = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(command, env=seen, check=False, capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.timeout(TOUR_SECONDS + 20)
def test_what_was_spoken_is_what_the_platform_unsealed_and_it_was_filed_while_it_was_away(made: Path) -> None:
    assert problems(made) == []
    facts = json.loads((made / "facts.json").read_text("utf-8"))
    assert facts["progress_stage"] == "replied"


def test_the_page_shows_every_picture(made: Path) -> None:
    page = (made / "index.html").read_text("utf-8")
    pictures = sorted(path.name for path in made.glob("[0-9]*.png"))
    assert len(pictures) > 12
    assert any("call_answered" in name for name in pictures)
    assert [name for name in pictures if name not in page] == []
    assert "staff-petition.html" in page
    assert (made / "receipt.pdf").read_bytes().startswith(b"%PDF")


def test_a_tour_that_was_tampered_with_is_found_out(made: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tour"
    shutil.copytree(made, copy)
    spoken = bytearray((copy / "spoken.wav").read_bytes())
    spoken[1000:60000] = bytes(59000)
    (copy / "spoken.wav").write_bytes(spoken)
    assert problems(copy)


@pytest.mark.timeout(SPOKEN_SECONDS + 20)
def test_a_tour_by_voice_shows_what_was_said_and_that_it_arrived(tmp_path: Path) -> None:
    config, out = tmp_path / "kiosk.toml", tmp_path / "tour"
    config.write_text("[voice]\nrate = 2.0\n", "utf-8")
    make("--voice", "--out", str(out), "--config", str(config), seconds=SPOKEN_SECONDS)
    facts = json.loads((out / "facts-by-voice.json").read_text("utf-8"))
    assert facts["words_at_the_platform"] == facts["words_sent"] != ""
    assert facts["for_another_at_the_platform"]["words"] == facts["words_for_another"] != ""
    assert set(facts["steps_met"]) >= TO_BE_MET - set(facts["steps_not_met"])
    assert facts["later_at_the_platform"] == facts["said_later"]
    assert all(facts["said_later"])
    assert (facts["stage"], facts["touched"]) == ("replied", 0)
    page = (out / "index.html").read_text("utf-8")
    assert [path.name for path in out.glob("[0-9]*.png") if path.name not in page] == []
    assert "演示语音" in page
    said = (out / "transcript.txt").read_text("utf-8")
    assert all(words in said for words in ("居民：我要反映问题", "居民：对提交", "居民：查进度", "居民：补充情况"))
    assert said.index("居民：叫工作人员") < said.index("答应了") < said.index("居民：人来了")
    assert (out / "voices.ogg").stat().st_size > 50_000
