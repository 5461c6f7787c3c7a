"""A gateway, and kiosks of it with somebody in front of each: one at a time, for as many journeys as are tried on it."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
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

    def travel(self, journey: str) -> dict[str, Any]:
        """Have a journey made, and return what was told of it; fails when somebody got stuck."""
        try:
            told = self._ask({"journey": journey, "receipts": self.receipts})
            while "elsewhere" in told:
                self._happen(Elsewhere(told["elsewhere"]))
                told = self._ask({})
        finally:
            self.relay.become(Line.GOOD)
        assert "failed" not in told, f"{told['failed']}\n{told['notes'][-1]}"
        return told

    def deliver(self) -> None:
        """Have everything sent that waits."""
        _run(self.config, "sync", "--once")

    def next_answer(self) -> dict[str, Any]:
        """Return the next thing that it tells."""
        assert self.process.stdout is not None
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

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self.next_answer()


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
def kiosk(request: pytest.FixtureRequest, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    """A kiosk for somebody with these means, and with or without sound."""
    means, sound = request.param
    with standing(served, tmp_path_factory.mktemp(means), means, sound=sound) as kiosk:
        yield kiosk


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
        command = [sys.executable, "-m", "tests.means.kiosk_child", means, str(folder / "state"), relay.url]
        process = subprocess.Popen(
            [*command, *(["--sound"] if sound else [])],
            env={**os.environ, **screen, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
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
                assert kiosk.next_answer() == {"ready": True}
                yield kiosk
                process.stdin.close()  # type: ignore[union-attr]
                assert process.wait(SECONDS) == 0, complaints.read_text("utf-8")
            finally:
                process.kill()
                process.wait()
