"""A screen in memory and a message bus, for tests in which the real window stands on a real display."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

STOP_SECONDS = 60.0


@contextmanager
def screen_and_bus(environment: dict[str, str], size: str = "1920x1080") -> Iterator[dict[str, str]]:
    """A screen in memory and a message bus that nobody else uses; what it starts finds its folders in `environment`."""
    for program in ("Xvfb", "dbus-daemon"):
        assert shutil.which(program), f"{program} is missing: tools/packages lists it"
    with ExitStack() as stack:
        reader, writer = os.pipe()
        display = [*("Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp")]
        quiet: dict[str, Any] = {"stderr": subprocess.DEVNULL}
        stack.callback(_end, subprocess.Popen(display, pass_fds=[writer], stdout=subprocess.DEVNULL, **quiet))
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        screen = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        bus = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        started = {**os.environ, **environment, **screen}
        daemon = subprocess.Popen(bus, env=started, stdout=subprocess.PIPE, text=True, **quiet)
        stack.callback(_end, daemon)
        assert daemon.stdout is not None
        yield {
            **screen,
            "DBUS_SESSION_BUS_ADDRESS": daemon.stdout.readline().strip(),
        }


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    process.wait(STOP_SECONDS)
    if process.stdout is not None:
        process.stdout.close()
