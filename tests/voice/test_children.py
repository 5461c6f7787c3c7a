"""The two child processes as such: started by hand, fed with garbage, without their libraries and devices."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from petition.errors import FaultCode
from tests.virtual_sound import NO_DEVICE
from voice.virtual_sound import VirtualSound
from voice.wire import (
    FROM_LISTENER,
    FROM_SPEAKER,
    Failed,
    Finished,
    Message,
    OpenMicrophone,
    Ping,
    PlayEarcon,
    PlayRecording,
    Pong,
    Quit,
    Ready,
    Say,
    StartRecording,
    decode,
    encode,
)

ROOT = Path(__file__).parents[2]
LOADED = """
import sys
from voice.listener import load
load(recogniser=True)
print("voice.hearing" in sys.modules, "vosk" in sys.modules, flush=True)
input()
from voice.microphone import missing
print(missing(None))
"""
"""What a spare listener does until its first line, and the first thing it does then."""


class ByHand:
    """A child on two pipes."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._known = tuple({*FROM_SPEAKER, *FROM_LISTENER})
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def write(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def send(self, *messages: Message) -> None:
        self.write(b"".join(map(encode, messages)))

    def receive(self) -> Message:
        assert self.process.stdout is not None
        message = decode(self.process.stdout.readline(), self._known)
        assert message is not None, "a child writes nothing but messages"
        return message


@pytest.fixture
def speaker() -> Iterator[ByHand]:
    child = ByHand("voice.speaker", "--device", NO_DEVICE)
    with child.process:
        yield child
        child.process.kill()


@pytest.fixture
def listener() -> Iterator[ByHand]:
    child = ByHand("voice.listener", "--device", NO_DEVICE)
    with child.process:
        yield child
        child.process.kill()


def test_a_speaker_without_a_device_says_so_and_refuses_every_sound(speaker: ByHand) -> None:
    assert speaker.receive() == Ready(missing=(FaultCode.SPEAKER_MISSING,))
    speaker.send(
        Say(id=1, text="您好", language="cmn"), PlayRecording(id=2, sound=b""), PlayEarcon(id=3, name="begin"), Ping()
    )
    refused = [Failed(id=number, code=FaultCode.SPEAKER_MISSING) for number in (1, 2, 3)]
    assert [speaker.receive() for _ in range(4)] == [*refused, Pong()]


def test_a_listener_without_a_device_says_so_and_refuses_to_record(listener: ByHand) -> None:
    assert listener.receive() == Ready(missing=(FaultCode.MICROPHONE_MISSING,))
    listener.send(OpenMicrophone(), StartRecording(id=1), Ping())
    missing = FaultCode.MICROPHONE_MISSING
    assert [listener.receive() for _ in range(3)] == [Failed(code=missing), Failed(id=1, code=missing), Pong()]


@pytest.mark.parametrize("child", ["speaker", "listener"])
def test_garbage_on_the_pipe_is_passed_over(child: str, request: pytest.FixtureRequest) -> None:
    by_hand: ByHand = request.getfixturevalue(child)
    by_hand.receive()
    chance = Random(7)  # noqa: S311 - to be the same every time
    for _ in range(50):
        by_hand.write(chance.randbytes(chance.randrange(2000)) + b"\n")
    by_hand.write(b'{"message":"Say"}\n[' + b"[" * 10_000 + b"\nnull\n")
    by_hand.send(Ping())
    assert by_hand.receive() == Pong()


@pytest.mark.parametrize("child", ["speaker", "listener"])
def test_a_child_leaves_when_it_is_told_to_and_when_the_pipe_ends(child: str, request: pytest.FixtureRequest) -> None:
    by_hand: ByHand = request.getfixturevalue(child)
    by_hand.receive()
    by_hand.send(Quit())
    assert by_hand.process.wait(30) == 0
    another = ByHand(f"voice.{child}", "--device", NO_DEVICE)
    with another.process:
        another.receive()
        assert another.process.stdin is not None
        another.process.stdin.close()
        assert another.process.wait(30) == 0


@pytest.mark.parametrize("child", ["speaker", "listener"])
def test_a_spare_says_nothing_until_its_first_line_and_leaves_when_there_is_none(child: str) -> None:
    spares = [ByHand(f"voice.{child}", "--device", NO_DEVICE, "--standby") for _ in range(2)]
    begun, ended = (spare.process for spare in spares)
    with begun, ended:
        answer, _ = ended.communicate(timeout=30)
        assert (answer, ended.returncode) == (b"", 0)
        spares[0].send(Ping(), Ping())
        assert isinstance(spares[0].receive(), Ready)
        assert spares[0].receive() == Pong()
        begun.kill()


@pytest.mark.xdist_group("sound")
def test_a_spare_listener_finds_a_microphone_that_was_plugged_in_while_it_waited(virtual_sound: VirtualSound) -> None:
    virtual_sound.unplug()
    with subprocess.Popen(
        [sys.executable, "-c", LOADED], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as spare:
        assert spare.stdout is not None
        assert spare.stdout.readline() == "True True\n"
        virtual_sound.plug_in()
        assert spare.communicate("go on\n", timeout=30)[0] == "False\n"


def test_without_its_libraries_each_child_is_ready_for_less(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for library in ("libespeak-ng.so.1", "libespeak.so.1", "libportaudio.so.2"):
        (tmp_path / library).write_text("no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    for module, missing in (
        ("voice.speaker", (FaultCode.SPEECH_ENGINE_MISSING, FaultCode.SPEAKER_MISSING)),
        ("voice.listener", (FaultCode.MICROPHONE_MISSING,)),
    ):
        child = ByHand(module)
        with child.process:
            assert child.receive() == Ready(missing=missing)
            child.send(Say(id=1, text="您好", language="cmn"), OpenMicrophone(), StartRecording(id=2), Ping())
            answers = []
            while not isinstance(answer := child.receive(), Pong):
                answers.append(answer)
            assert answers
            assert all(isinstance(answer, Failed) for answer in answers)
            assert not any(isinstance(answer, Finished) for answer in answers)
            child.send(Quit())
