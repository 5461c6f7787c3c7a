"""A demo platform of one's own: the real gateway on loopback, as a child process that ends with this one."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petition.errors import Fault, FaultCode

STOP_SECONDS = 10
ADMIN_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where a demo platform is and how to get in."""

    url: str
    staff_url: str
    account: str
    password: str
    enrolment_code: str
    volunteer: str


class DemoPlatform:
    """A gateway that can be stopped and started; it keeps its port and its data."""

    def __init__(self, directory: Path) -> None:
        """`directory` holds its database and keys; it is made when it is missing."""
        self._directory = directory
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Access:
        """Start it and wait until it answers; raises Fault when it does not come up."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gateway", "--demo", "--json", "--until-stdin-closes"),
                *("--directory", str(self._directory), "--port", str(self._port)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._process = process
        assert process.stdout is not None  # noqa: S101 (it was asked for above)
        told = process.stdout.readline()
        try:
            facts = json.loads(told)
        except ValueError:
            self.stop()
            raise Fault(
                FaultCode.PLATFORM_UNREACHABLE, "The demo platform does not start: try python -m gateway --demo."
            ) from None
        self._port = int(facts["url"].rsplit(":", 1)[1])
        names = Access.__dataclass_fields__
        return Access(**{name: facts[name] for name in names})

    def admin(self, *arguments: str) -> dict[str, Any]:
        """Do there what a person there does, by its own command line; returns what it answers."""
        command = [sys.executable, "-m", "gateway", "--json", "--directory", str(self._directory), "admin"]
        done = subprocess.run([*command, *arguments], check=True, capture_output=True, timeout=ADMIN_SECONDS)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def stop(self) -> None:
        """Stop it; what it was sent stays in its directory."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None  # noqa: S101 (it was asked for above)
        assert process.stdout is not None  # noqa: S101 (as above)
        process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def enrol_demo(directory: Path, access: Access) -> None:
    """Enrol a state directory at a demo platform, anew at every start: its port may be another."""
    from offline_queue.enrolment import enrol
    from offline_queue.store import open_store

    with open_store(directory) as store:
        enrol(store, access.url, access.enrolment_code)
