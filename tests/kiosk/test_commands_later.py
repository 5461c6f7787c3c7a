"""Adding to a petition, urging and withdrawing from the command line: sealed, queued without the network, and arriving."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from gateway import admin, desk
from gateway.desk import StepForm, Tab
from gateway.serve import Served
from offline_queue import protocol, sealing
from offline_queue.protocol import EventContent
from petition.model import Stage
from tests.kiosk.commands_support import MARKER, CommandLine, a_sound, one_plain_line
from voice.opus import decode

KINDS = ("supplement", "urge", "withdraw")


def arrived(served: Served, number: str) -> list[tuple[str, EventContent]]:
    """Return what the platform holds about a petition besides itself, opened."""
    listed, _ = desk.list_petitions(served.platform, Tab.ALL, digits=number)
    opened = desk.open_petition(served.platform, listed[0].id, account="wang")
    return [(event.kind, event.content) for event in opened.events if event.content is not None]


def test_words_and_sounds_reach_the_platform_unchanged_and_leave_nothing_here(
    enrolled: CommandLine, served: Served, tmp_path: Path
) -> None:
    receipt, sounds = enrolled.file(), [a_sound(tmp_path / "a.wav"), a_sound(tmp_path / "b.wav", hertz=300)]
    served.stop()
    done = enrolled(
        "supplement", receipt["number"], receipt["tag"], "--text", MARKER, "--audio", sounds[0], "--audio", sounds[1]
    )
    assert (done.code, MARKER in done.out, done.error) == (0, False, "")
    assert len(enrolled.waiting()) == 2
    assert not list((enrolled.state / "outbox").glob("*.attachment"))
    served.start()
    assert enrolled("sync", "--once").code == 0
    ((kind, content),) = arrived(served, receipt["number"])
    assert (kind, content.words) == ("supplement", MARKER)
    assert [(sound.media_type, sound.milliseconds) for sound in content.sounds] == [("audio/wav", 500)] * 2
    assert [sealing.from_base64(sound.sound) for sound in content.sounds] == [path.read_bytes() for path in sounds]


def test_a_sound_too_large_for_an_event_is_made_smaller_as_the_kiosk_records_it(
    enrolled: CommandLine, served: Served, tmp_path: Path
) -> None:
    receipt, long = enrolled.file(), a_sound(tmp_path / "long.wav", seconds=30.0)
    assert enrolled("supplement", receipt["number"], receipt["tag"], "--audio", long).code == 0
    enrolled("sync", "--once")
    ((_, content),) = arrived(served, receipt["number"])
    (sound,) = content.sounds
    assert (sound.media_type, sound.milliseconds) == ("audio/ogg", 30_000)
    heard = np.concatenate(list(decode(sealing.from_base64(sound.sound), 16_000)))
    assert abs(len(heard) / 16_000 - 30) < 0.1
    spectrum = np.abs(np.fft.rfft(heard[:16_000]))
    assert abs(int(np.argmax(spectrum)) - 440) <= 1, "the same tone"


def test_what_is_too_long_even_then_is_said_in_one_line_and_nothing_is_queued(
    enrolled: CommandLine, tmp_path: Path
) -> None:
    receipt, endless = enrolled.file(), tmp_path / "endless.wav"
    noise = np.random.default_rng(1).integers(-9000, 9000, 8000 * 600, dtype=np.int16)
    with io.BytesIO() as made:
        with wave.open(made, "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(noise.tobytes())
        endless.write_bytes(made.getvalue())
    before = enrolled.waiting()
    done = enrolled("supplement", receipt["number"], receipt["tag"], "--text", MARKER, "--audio", endless)
    assert (done.code, one_plain_line(done.error), "too long" in done.error) == (2, True, True)
    assert enrolled.waiting() == before


def test_urging_and_withdrawing_reach_the_platform(enrolled: CommandLine, served: Served) -> None:
    receipt = enrolled.file()
    assert enrolled("urge", receipt["number"], receipt["tag"]).code == 0
    told = enrolled("withdraw", receipt["number"], receipt["tag"], "--json").json
    assert told["number"] == receipt["number"]
    assert enrolled("sync", "--once").code == 0
    assert [kind for kind, _ in arrived(served, receipt["number"])] == ["urge", "withdraw"]


def test_a_rating_can_be_spoken(enrolled: CommandLine, served: Served, tmp_path: Path) -> None:
    receipt, sound = enrolled.file(), a_sound(tmp_path / "a.wav")
    enrolled("sync", "--once")
    form = StepForm(stage=Stage.REPLIED, responsible="王师傅", expected=None, reply="修好了。")
    admin.set_step(served.platform, receipt["number"], form)
    assert enrolled("rate", receipt["number"], receipt["tag"], "bad", "--review", "--audio", sound).code == 0
    enrolled("sync", "--once")
    ((kind, content),) = arrived(served, receipt["number"])
    assert (kind, content.level, content.review) == ("rating", "bad", True)
    assert [sealing.from_base64(each.sound) for each in content.sounds] == [sound.read_bytes()]


@pytest.mark.parametrize("command", KINDS)
@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"tag": "123456"}, "needs the tag's 20 digits"),
        ({"tag": "0" * 20}, "the tag does not fit the number"),
        ({"number": "102300012393"}, "no receipt number"),
    ],
)
def test_each_needs_the_slip_and_says_so_in_one_line(
    enrolled: CommandLine, command: str, change: dict[str, str], remedy: str
) -> None:
    receipt = enrolled.file()
    before = enrolled.waiting()
    asked = {"number": receipt["number"], "tag": receipt["tag"], **change}
    done = enrolled(command, asked["number"], asked["tag"], *(["--text", MARKER] if command == "supplement" else []))
    assert (done.code, one_plain_line(done.error)) == (2, True)
    assert remedy in done.error
    assert enrolled.waiting() == before


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        ((), "there is nothing to add"),
        (("--text", " \u200b "), "there is nothing to add"),
        (("--text", "长" * (protocol.MAX_TEXT_CHARACTERS + 1)), "--text is too long"),
        (("--audio", "/nowhere/" + MARKER), "--audio names a file that is not there"),
        (("--audio", "/dev/zero"), "--audio names a pipe or a device"),
    ],
)
def test_what_can_not_be_added_is_said_in_one_line(
    enrolled: CommandLine, arguments: tuple[str, ...], remedy: str
) -> None:
    receipt = enrolled.file()
    done = enrolled("supplement", receipt["number"], receipt["tag"], *arguments)
    assert (done.code, one_plain_line(done.error)) == (2, True)
    assert remedy in done.error
