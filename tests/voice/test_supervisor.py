"""Keeping a child process alive, with children that misbehave in every way."""

import os
import re
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_sound import NO_DEVICE, WAIT_SECONDS, Posted
from voice.supervisor import Died, Supervisor, environment, python_module, rest_seconds
from voice.wire import FROM_SPEAKER, Finished, Pong, Ready, Say, Started

ROOT = Path(__file__).parents[2]
READY = 'print(\'{"message":"Ready"}\', flush=True)\n'
WORKING = (
    "import json, os, sys\n"
    + READY
    + """
for line in sys.stdin:
    message = json.loads(line)
    if message["message"] == "Ping": print('{"message":"Pong"}', flush=True)
    if message["message"] == "Quit": break
    if message["message"] == "Say":
        print('{"message":"Started","id":%d}' % message["id"], flush=True)
        if message["text"] == "die": os._exit(3)
        if message["text"] == "hang":
            import time
            time.sleep(600)
        print('{"message":"Finished","id":%d,"completed":true}' % message["id"], flush=True)
"""
)
KIOSK = f"""
import threading
from voice.supervisor import *
from voice.wire import *
def receive(message):
    print(supervisor.process_id, flush=True)
supervisor = Supervisor(python_module("voice.listener", "--device", "{NO_DEVICE}"), FROM_LISTENER, receive)
supervisor.start()
threading.Event().wait()
"""

Care = Callable[[str], tuple[Supervisor, Posted]]


@contextmanager
def caring(**how: Any) -> Iterator[Care]:  # noqa: ANN401 - as a supervisor takes it
    supervisors = []

    def begin(program: str) -> tuple[Supervisor, Posted]:
        received = Posted()
        supervisor = Supervisor((sys.executable, "-c", program), FROM_SPEAKER, received, ping_seconds=0.05, **how)
        supervisors.append(supervisor)
        supervisor.start()
        return supervisor, received

    yield begin
    for supervisor in supervisors:
        supervisor.close()


@pytest.fixture
def care() -> Iterator[Care]:
    with caring(patience_seconds=2.0) as care:
        yield care


SPARE = (
    "import sys\nif '--standby' in sys.argv and '\"Ping\"' in sys.stdin.readline():\n"
    '    print(\'{"message":"Finished","id":99,"completed":true}\', flush=True)\n'
)


@pytest.fixture
def spared() -> Iterator[Care]:
    """Care with a spare that says so when its turn has come."""
    with caring(spare="--standby", settled_seconds=0.05) as care:
        yield care


def the_spare(supervisor: Supervisor, received: Posted) -> subprocess.Popen[bytes]:
    """Return the spare, once there is one."""
    for times in range(1, 1000):
        received.wait(Pong, times=times)
        if supervisor._spare is not None:
            return supervisor._spare
    raise AssertionError


def say(supervisor: Supervisor, id: int, text: str) -> None:
    supervisor.call(lambda: supervisor.send(Say(id=id, text=text, language="cmn")))


def test_a_child_gets_what_is_sent_and_is_asked_whether_it_works(care: Care) -> None:
    supervisor, received = care(WORKING)
    received.wait(Ready)
    say(supervisor, 7, "x" * 3_000_000)
    assert received.wait(Finished).id == 7
    received.wait(Pong, times=3)


def test_a_child_that_dies_is_told_of_and_followed_by_another(care: Care) -> None:
    supervisor, received = care(WORKING)
    received.wait(Ready)
    say(supervisor, 1, "die")
    received.wait(Died)
    received.wait(Ready, times=2)
    say(supervisor, 2, "live")
    assert received.wait(Finished).id == 2


def test_a_spare_takes_the_place_of_a_child_that_dies_and_has_a_spare_itself(spared: Care) -> None:
    supervisor, received = spared(SPARE + WORKING)
    first = the_spare(supervisor, received)
    say(supervisor, 1, "die")
    received.wait(Died)
    assert received.wait(Finished).id == 99
    say(supervisor, 2, "live")
    received.wait(Finished, lambda message: message.id == 2)
    assert supervisor.process_id == first.pid
    received.wait(Ready, times=2)
    asked = len(received.all(Pong))
    received.wait(Pong, times=asked + 10)
    assert the_spare(supervisor, received).pid != first.pid


def test_a_spare_that_died_while_it_waited_is_not_used(spared: Care) -> None:
    supervisor, received = spared(SPARE + WORKING)
    spare = the_spare(supervisor, received)
    spare.kill()
    os.waitid(os.P_PID, spare.pid, os.WEXITED | os.WNOWAIT)

    def ask() -> None:
        for number, text in enumerate(("die", "lost"), 1):
            supervisor.send(Say(id=number, text=text, language="cmn"))

    supervisor.call(ask)
    received.wait(Ready, times=2)
    assert len(received.all(Died)) == 1
    assert received.all(Finished) == []


def test_a_spare_that_was_started_with_another_command_has_no_turn(spared: Care) -> None:
    supervisor, received = spared(SPARE + WORKING)
    spare = the_spare(supervisor, received)
    supervisor.call(lambda: setattr(supervisor, "command", (sys.executable, "-c", WORKING)))
    say(supervisor, 1, "die")
    received.wait(Ready, times=2)
    assert supervisor.process_id != spare.pid
    assert spare.poll() is not None
    assert received.all(Finished) == []


def test_closing_ends_the_spare_too(spared: Care) -> None:
    supervisor, received = spared(SPARE + WORKING)
    spare = the_spare(supervisor, received)
    supervisor.close()
    assert spare.poll() is not None


def test_a_child_that_hangs_is_killed_and_followed_by_another(care: Care) -> None:
    supervisor, received = care(WORKING)
    received.wait(Ready)
    say(supervisor, 1, "hang")
    received.wait(Started)
    received.wait(Ready, times=2)


def test_a_child_that_stops_reading_makes_nobody_wait_and_is_killed(care: Care) -> None:
    supervisor, received = care(READY + "import time; time.sleep(600)")
    received.wait(Ready)
    for number in range(100):
        say(supervisor, number, "x" * 100_000)
    received.wait(Died)


@pytest.mark.parametrize(
    "garbage",
    [
        r"b'\xff\xfe\x00 no message\n' * 1000",
        "b'[' * 900_000 + b'\\n'",
        'b\'{"message":"Started"}\\n{"message":\\n\'',
        "__import__('random').Random(1).randbytes(500_000)",
    ],
)
def test_garbage_from_a_child_is_passed_over(care: Care, garbage: str) -> None:
    _, received = care(f"import sys\nsys.stdout.buffer.write({garbage} + b'\\n')\n" + WORKING)
    received.wait(Ready)
    received.wait(Pong)
    assert received.all(Died) == []


def test_a_child_that_never_ends_its_line_is_ended(care: Care) -> None:
    _, received = care(READY + "import sys\nwhile True: sys.stdout.write('x' * 100_000)")
    received.wait(Died)


def test_what_a_child_prints_on_standard_error_neither_blocks_it_nor_shows(
    care: Care, capfd: pytest.CaptureFixture[str]
) -> None:
    _, received = care("import sys\nsys.stderr.write('what a resident said\\n' * 100_000)\n" + WORKING)
    received.wait(Pong)
    assert capfd.readouterr() == ("", "")


def test_a_program_that_is_not_there_is_a_child_that_dies() -> None:
    received = Posted()
    supervisor = Supervisor(("/nowhere",), FROM_SPEAKER, received)
    supervisor.start()
    received.wait(Died, times=2)
    supervisor.close()


def test_calls_run_in_order_on_one_thread_even_while_there_is_no_child(care: Care) -> None:
    supervisor, received = care("import sys; sys.exit(1)")
    received.wait(Died)
    order: list[tuple[int, str]] = []
    done = threading.Event()
    for number in range(100):
        supervisor.call(lambda number=number: order.append((number, threading.current_thread().name)))  # type: ignore[misc]
    supervisor.call(done.set)
    assert done.wait(WAIT_SECONDS)
    assert [number for number, _ in order] == list(range(100))
    assert len({name for _, name in order}) == 1


def test_closing_leaves_no_process_no_thread_and_no_file_open() -> None:
    before = (threading.active_count(), len(list(Path("/proc/self/fd").iterdir())))
    for _ in range(3):
        received = Posted()
        supervisor = Supervisor((sys.executable, "-c", WORKING), FROM_SPEAKER, received)
        supervisor.start()
        received.wait(Ready)
        child = supervisor.process_id
        supervisor.close()
        assert not Path(f"/proc/{child}").exists()
    assert (threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))) == before


def test_a_child_does_not_outlive_a_kiosk_that_was_killed() -> None:
    kiosk = subprocess.Popen([sys.executable, "-c", KIOSK], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with kiosk:
        assert kiosk.stdout is not None
        try:
            gone = os.pidfd_open(int(kiosk.stdout.readline()))
        finally:
            kiosk.kill()
    assert select.select([gone], [], [], WAIT_SECONDS)[0] == [gone]
    os.close(gone)


def test_a_child_gets_no_secret_from_the_environment() -> None:
    own = {"PATH": "/bin", "LANG": "zh_CN.UTF-8", "KIOSK_PIN": "1234", "SSH_AUTH_SOCK": "x", "XDG_RUNTIME_DIR": "/run"}
    assert environment(own) == {"PATH": "/bin", "LANG": "zh_CN.UTF-8", "XDG_RUNTIME_DIR": "/run"}


@given(st.integers(1, 10_000))
def test_the_rest_before_a_new_start_doubles_up_to_half_a_minute(failures: int) -> None:
    assert 0.1 <= rest_seconds(failures) <= rest_seconds(failures + 1) <= 30.0
    assert rest_seconds(failures + 1) <= 2 * rest_seconds(failures)


@pytest.mark.parametrize("module", ["voice.speaker", "voice.listener"])
def test_the_children_keep_no_core(module: str) -> None:
    received = Posted()
    supervisor = Supervisor(python_module(module, "--device", NO_DEVICE), (Ready,), received)
    supervisor.start()
    received.wait(Ready)
    limits = Path(f"/proc/{supervisor.process_id}/limits").read_text()
    supervisor.close()
    assert re.search(r"Max core file size +0 +0 ", limits)


def test_a_child_that_has_settled_lets_no_other_process_look_in() -> None:
    asks = "import ctypes, os; from voice.child import settle; settle(os.getppid()); print(ctypes.CDLL(None).prctl(3))"
    answer = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, check=True, text=True)
    assert answer.stdout.strip() == "0"
