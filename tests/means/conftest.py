"""A gateway, and kiosks of it with somebody in front of each: one at a time, for as many journeys as go well on it."""

import io
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gateway import admin, calls, people
from gateway.desk import StepForm
from gateway.serve import Served, running
from gateway.settings import Settings
from kiosk.cli import answer
from kiosk.tour.proof import write_wav
from offline_queue.protocol import PersonRole
from offline_queue.store import open_store
from petition.model import Stage
from tests.kiosk.relay import Line, Relay
from tests.means.journeys import PIN, Elsewhere
from tests.virtual_screen import screen_and_bus
from tests.virtual_sound import speechlike

ROOT = Path(__file__).parents[2]
GLASS = "1366x768"
SECONDS = 60.0
OPENING_SECONDS = 120.0
"""Until a kiosk stands there; with nothing in its cache it builds its typing tables first."""
GRACE_SECONDS = 45.0
"""After a journey has taken too long: until whoever made it has noticed, or is taken for stuck."""
STAFF = "王师傅"
REPLIED = StepForm(stage=Stage.REPLIED, responsible=STAFF, expected=date(2099, 3, 31), reply="电梯已经修好了。")
LATE = StepForm(stage=Stage.HANDLING, responsible=STAFF, expected=date(2026, 1, 31), reply="")
THERE = {
    "filed": REPLIED,
    "rated": REPLIED,
    "rated_aloud": REPLIED,
    "supplemented": REPLIED,
    "late": LATE,
    "represented": REPLIED,
}
"""Petitions that were filed before, by the name their receipts go by, and how far each is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """A kiosk with somebody in front of it, in another process."""

    served: Served
    config: Path
    relay: Relay
    """Its line to the platform."""
    receipts: dict[str, str]
    """NAME_number and NAME_code of each petition that is THERE; and volunteer_code, by which somebody signs in."""
    process: "subprocess.Popen[str]"
    complaints: Path

    def travel(self, journey: str, seconds: float) -> dict[str, Any]:
        """Have a journey made in so many seconds, and return what was told of it; fails when somebody got stuck."""
        end = time.monotonic() + seconds + GRACE_SECONDS
        try:
            told = self._ask({"journey": journey, "receipts": self.receipts, "seconds": seconds}, end)
            while "elsewhere" in told:
                self._happen(Elsewhere(told["elsewhere"]))
                told = self._ask({}, end)
        finally:
            self.relay.become(Line.GOOD)
        assert "failed" not in told, f"{told['failed']}\n{told['notes'][-1]}"
        return told

    def deliver(self) -> None:
        """Have everything sent that waits."""
        _run(self.config, "sync", "--once")

    def next_answer(self, end: float) -> dict[str, Any]:
        """Return the next thing that it tells; fails when it has not by then, of the monotonic clock."""
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))[0]:
            self.process.send_signal(signal.SIGABRT)  # it writes down what it is at
            self.process.wait(SECONDS)
            raise TimeoutError(self.complaints.read_text("utf-8"))
        line = self.process.stdout.readline()
        assert line, self.complaints.read_text("utf-8")
        told: dict[str, Any] = json.loads(line)
        return told

    def _happen(self, what: Elsewhere) -> None:
        """Do what happens where the resident is not."""
        match what:
            case Elsewhere.ANSWER:
                for call in calls.waiting_calls(self.served.platform):
                    calls.answer_call(self.served.platform, call.id, account="wang", name=STAFF)
            case Elsewhere.CUT:
                self.relay.become(Line.GONE)
            case Elsewhere.MEND:
                self.relay.become(Line.GOOD)

    def _ask(self, asked: dict[str, Any], end: float) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self.next_answer(end)


class Place:
    """Where a kiosk stands for people with these means, and another one after somebody got stuck at it."""

    def __init__(self, served: Served, folders: pytest.TempPathFactory, means: str, *, sound: bool) -> None:
        self._served, self._folders, self._means, self._sound = served, folders, means, sound
        self._stack = ExitStack()
        self._kiosk: Kiosk | None = None

    @contextmanager
    def kiosk(self) -> Iterator[Kiosk]:
        """Give the kiosk to one test. When that fails, it costs the next one nothing but the time to open another."""
        if self._kiosk is None:
            folder = self._folders.mktemp(self._means)
            self._kiosk = self._stack.enter_context(standing(self._served, folder, self._means, sound=self._sound))
        try:
            yield self._kiosk
        except BaseException:
            self._kiosk = None
            self._stack.__exit__(*sys.exc_info())
            raise

    def close(self) -> None:
        """End the kiosk that stands there; fails when it does not end well."""
        self._kiosk = None
        self._stack.close()


def _run(config: Path, *arguments: str) -> str:
    """Run a command of the kiosk and return what it printed."""
    with redirect_stdout(io.StringIO()) as printed:
        assert answer([*arguments, "--config", str(config)]) == 0
    return printed.getvalue()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway that listens."""
    with running(Settings(directory=tmp_path_factory.mktemp("means") / "gateway", port=0)) as served:
        yield served


@pytest.fixture(scope="session")
def place(request: pytest.FixtureRequest, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place for a kiosk for people with these means, and with or without sound."""
    means, sound = request.param
    with closing(Place(served, tmp_path_factory, means, sound=sound)) as place:
        yield place


@contextmanager
def standing(served: Served, folder: Path, means: str, *, sound: bool) -> Iterator[Kiosk]:
    """Enrol a kiosk, file something at it, open it on a screen of its own, and put somebody in front of it."""
    config = folder / "kiosk.toml"
    config.write_text(f'[kiosk]\nstate_directory = "{folder}/state"\n', "utf-8")
    volunteer = people.add_person(served.platform, name="李大姐", role=PersonRole.VOLUNTEER, pin=True)
    _run(config, "enrol", served.url, admin.make_enrolment_code(served.platform, kiosk_name=means), "--yes")
    agreement = folder / "agreement.wav"
    write_wav(agreement, speechlike(1.0))
    behalf = ["--for", "王秀兰", "--relation", "parent", "--consent", str(agreement)]
    filed = {
        name: json.loads(_run(config, "file", "--text", "电梯坏了", *(behalf if name == "represented" else [])))
        for name in THERE
    }
    _run(config, "sync", "--once")
    for name, step in THERE.items():
        admin.set_step(served.platform, filed[name]["number"], step)
    with open_store(folder / "state") as store:
        store.add_desk_pin(STAFF, PIN)
    complaints = folder / "complaints"
    with screen_and_bus({}, GLASS) as screen, complaints.open("w") as file, closing(Relay(served.url)) as relay:
        child = [sys.executable, "-X", "faulthandler", "-m", "tests.means.kiosk_child"]
        process = subprocess.Popen(
            [*child, means, str(folder / "state"), relay.url, *(["--sound"] if sound else [])],
            env={**os.environ, **screen, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            start_new_session=True,
        )
        with closing(process.stdin), closing(process.stdout):  # type: ignore[type-var]  # both are pipes
            kiosk = Kiosk(
                served=served,
                config=config,
                relay=relay,
                receipts={
                    **{f"{name}_number": receipt["number"] for name, receipt in filed.items()},
                    **{f"{name}_code": receipt["query_code"] for name, receipt in filed.items()},
                    "volunteer_code": volunteer.entry.id + volunteer.pin,
                },
                process=process,
                complaints=complaints,
            )
            try:
                assert kiosk.next_answer(time.monotonic() + OPENING_SECONDS) == {"ready": True}
                yield kiosk
                process.stdin.close()  # type: ignore[union-attr]
                assert process.wait(SECONDS) == 0, complaints.read_text("utf-8")
            finally:
                if process.poll() != 0:  # what it started, a sound server for one, does not outlive it
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                process.wait()
