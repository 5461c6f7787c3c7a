"""A real CUPS of the tests' own: on a socket in a folder of its own, with a printer that is made of files.

Nothing of the machine's own CUPS is touched. Started by root, the printing system does its work as the user lp, who has
no way into pytest's folders: hence a folder in /tmp.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CUPSD = Path("/usr/sbin/cupsd")
PROGRAMS = Path("/usr/lib/cups")
QUEUE, NOBODY_THERE, STOPPED = "slips", "nobody-there", "stopped"
"""A printer made of files; one at an address where nothing answers; one that somebody stopped."""
START_SECONDS = 30.0

CUPSD_CONF = """\
Listen {root}/cups.sock
Browsing No
WebInterface No
DefaultAuthType None
LogLevel warn
PreserveJobFiles No
PreserveJobHistory {history}
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit CUPS-Add-Modify-Printer Pause-Printer Resume-Printer>
    Require user @SYSTEM
    Order deny,allow
  </Limit>
  <Limit Cancel-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
FILES_CONF = """\
ServerRoot {root}/etc
ServerBin {root}/programs
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/run
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
SystemGroup root
"""
PRINTERS_CONF = """\
<Printer {queue}>
DeviceURI kiosktest:{root}/out
State Idle
Accepting Yes
ErrorPolicy retry-current-job
</Printer>
<Printer {nobody_there}>
DeviceURI ipp://127.0.0.1:{closed_port}/ipp/print
State Idle
Accepting Yes
ErrorPolicy retry-current-job
</Printer>
<Printer {stopped}>
DeviceURI kiosktest:{root}/out
State Stopped
StateMessage Paused
Reason paused
Accepting Yes
ErrorPolicy retry-current-job
</Printer>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCups:
    """A running CUPS; CUPS_SERVER is where it listens."""

    root: Path

    @property
    def server(self) -> str:
        return str(self.root / "cups.sock")

    def make_it(self, reasons: str) -> None:
        """Have the printer say what is the matter with it; "" when all is well."""
        changed = self.root / "out/state.part"
        changed.write_text(reasons, "ascii")
        changed.rename(self.root / "out/state")

    def printed(self) -> list[bytes]:
        """What came out of the printer, in order."""
        papers = sorted((self.root / "out").glob("printed-*"), key=lambda path: int(path.name.split("-")[1]))
        return [path.read_bytes() for path in papers]

    def spooled(self) -> list[str]:
        """What is left in the spool: d00001-001 is a document, c00001 who printed it and when."""
        return sorted(path.name for path in (self.root / "spool").iterdir() if path.is_file())


@contextmanager
def private_cups(*, history: str = "Yes") -> Iterator[PrivateCups]:
    """Run a CUPS as long as the block runs."""
    root = Path(tempfile.mkdtemp(prefix="kiosk-tests-cups-"))
    try:
        cups = _laid_out(root, history)
        # A copy: the rules that a distribution has for the program's own place forbid it other folders.
        command = (root / "cupsd", "-f", "-c", root / "etc/cupsd.conf", "-s", root / "etc/cups-files.conf")
        with (root / "log/output").open("wb") as output:
            running = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            _wait_for(cups, running)
            yield cups
        finally:
            running.terminate()
            running.wait()
    finally:
        shutil.rmtree(root)


def _laid_out(root: Path, history: str) -> PrivateCups:
    for folder in ("etc/ppd", "spool/tmp", "cache", "run", "log", "out", "programs/backend"):
        (root / folder).mkdir(parents=True)
    for program in PROGRAMS.iterdir():
        if program.name != "backend":
            (root / "programs" / program.name).symlink_to(program)
    (root / "programs/backend/ipp").symlink_to(PROGRAMS / "backend/ipp")
    shutil.copy(Path(__file__).with_name("cups_backend"), root / "programs/backend/kiosktest")
    shutil.copy(CUPSD, root / "cupsd")
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        closed_port = closed_soon.getsockname()[1]
    names = {"queue": QUEUE, "nobody_there": NOBODY_THERE, "stopped": STOPPED}
    (root / "etc/cupsd.conf").write_text(CUPSD_CONF.format(root=root, history=history))
    (root / "etc/cups-files.conf").write_text(FILES_CONF.format(root=root))
    (root / "etc/printers.conf").write_text(PRINTERS_CONF.format(root=root, closed_port=closed_port, **names))
    (root / "out/state").write_text("")
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    (root / "out").chmod(0o777)
    if os.getuid() == 0:
        for path in (root, *root.rglob("*")):
            if not path.is_symlink() and path.name != "kiosktest":
                shutil.chown(path, group="lp")
        (root / "spool/tmp").chmod(0o1770)
    return PrivateCups(root=root)


def _wait_for(cups: PrivateCups, running: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as knocking:
                knocking.connect(cups.server)
            return
        except OSError:
            if running.poll() is not None or time.monotonic() > end:
                said = (cups.root / "log/output").read_text() + (cups.root / "log/error").read_text()
                raise RuntimeError(f"CUPS does not start: {said}") from None
        time.sleep(0.05)
