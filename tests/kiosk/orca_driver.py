"""A visit with the screen reader Orca, as tools/screen-reader has it made: run by the system's Python, on a display of its own.

/usr/bin/python3 tests/kiosk/orca_driver.py PYTHON OUT     writes what Orca said, in order, as JSON
"""

import json
import os
import pty
import re
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable
from functools import partial
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - as gi wants it

PATIENCE_SECONDS = 60.0
SETTLE_SECONDS = 2.0
QUIET_SECONDS = 1.0
"""Orca writes down all it does. When it has written nothing for so long, it has come to an end."""
TAB, RETURN = 0xFF09, 0xFF0D
APPLICATION = "petition-kiosk"
SPOKEN = re.compile(r"SPEECH OUTPUT: '(.*)' ?\{")
CONFIGURATION = """\
[screen]
width_px = 1366
height_px = 768
diagonal_inch = 21.5
[voice]
screen_reader = true
microphone = "none here"
speaker = "none here"
"""


class Visit:
    """Orca, the kiosk, and somebody at its keyboard."""

    def __init__(self, python: str, folder: Path) -> None:
        self.root = Path(__file__).parents[2]
        # Into a file Orca writes in blocks of 8 kB; into what it takes for a terminal, line by line.
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self._log = bytearray()
        threading.Thread(target=self._read, daemon=True).start()
        self.announced: list[str] = []
        self._folder, self._python = folder, python
        self._children: list[subprocess.Popen[bytes]] = []

    def begin(self) -> None:
        """Start Orca, then the kiosk, and wait until it is in front and Orca has said so."""
        environment = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        self._start(["orca", "--debug-file", os.ttyname(self._slave)], environment)
        self.wait(lambda: bool(self.said()), "Orca")
        self._listener = Atspi.EventListener.new(lambda event: self.announced.append(str(event.any_data)))
        self._listener.register("object:announcement")
        config = self._folder / "kiosk.toml"
        config.write_text(CONFIGURATION, "utf-8")
        command = [self._python, "-m", "kiosk", "--config", str(config), "run", "--demo", "--windowed"]
        self._start(command, environment | {"PYTHONPATH": str(self.root)})
        self.wait(lambda: self.find("反映问题") is not None, "kiosk")
        self.let_orca_finish()

    def end(self) -> None:
        """End the kiosk, then Orca."""
        for child in reversed(self._children):
            child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()

    def said(self) -> list[str]:
        """Everything that Orca has said so far."""
        return SPOKEN.findall(bytes(self._log).decode("utf-8", "replace"))

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something is so; what the buses have to say is heard meanwhile."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"{what}; Orca said {self.said()}; announced {self.announced}")
            GLib.MainContext.default().iteration(False)
            time.sleep(0.02)

    def let_orca_finish(self) -> None:
        """Wait until Orca is done with what there was.

        It takes the title that it sees at the end of one thing for said: who is at the next one before that, as no
        person is, never hears the title of that.
        """
        length, end = -1, 0.0

        def quiet() -> bool:
            nonlocal length, end
            if len(self._log) != length:
                length, end = len(self._log), time.monotonic() + QUIET_SECONDS
            return time.monotonic() > end

        self.wait(quiet, "quiet")

    def hear(self, words: str, before: int) -> None:
        """Wait until Orca has said something with these words in it, after so many sayings."""
        self.wait(lambda: any(words in each for each in self.said()[before:]), words)

    def find(self, name: str) -> Atspi.Accessible | None:
        """Return what can be pressed under this name, if it is shown."""
        desktop = Atspi.get_desktop(0)
        for at in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(at)
            if application is not None and application.get_name() == APPLICATION:
                return _within(application, name)
        return None

    def press(self, name: str, title: str) -> None:
        """Press something as assistive technology does, and wait until Orca says what comes then."""
        self.wait(lambda: self.find(name) is not None, name)
        self.let_orca_finish()
        before, found = len(self.said()), self.find(name)
        if found is not None:
            found.get_action_iface().do_action(0)
        self.hear(title, before)

    def press_key_and_hear(self, title: str) -> None:
        """Press what has the focus with the keyboard, and wait until Orca says what comes then."""
        before = len(self.said())
        self.key(RETURN)
        self.hear(title, before)

    def settle(self) -> None:
        """Take note of what is still on its way."""
        end = time.monotonic() + SETTLE_SECONDS
        self.wait(lambda: time.monotonic() > end, "time")

    def key(self, keysym: int) -> None:
        """Press a key of the keyboard."""
        Atspi.generate_keyboard_event(keysym, None, Atspi.KeySynthType.SYM)

    def go_to(self, name: str, most: int = 40) -> None:
        """Go on with Tab until Orca says this name."""
        for _ in range(most):
            before = len(self.said())
            self.key(TAB)
            self.wait(partial(self._reached, before), "what has the focus")
            self.let_orca_finish()
            if any(name in each for each in self.said()[before:]):
                return
        raise LookupError(name)

    def _reached(self, before: int) -> bool:
        return any(each.strip() != "tab" for each in self.said()[before:])

    def _read(self) -> None:
        while piece := os.read(self._master, 1 << 16):
            self._log += piece

    def _start(self, command: list[str], environment: dict[str, str]) -> None:
        self._children.append(subprocess.Popen(command, env=environment, cwd=self._folder))


def _within(top: Atspi.Accessible, name: str) -> Atspi.Accessible | None:
    try:
        if top.get_name() == name and top.get_role_name() in ("push button", "button", "check box", "radio button"):
            return top
        for at in range(top.get_child_count()):
            below = top.get_child_at_index(at)
            if below is not None and (found := _within(below, name)) is not None:
                return found
    except GLib.Error:  # gone meanwhile
        return None
    return None


def main() -> int:
    """Make the visit."""
    python, out = sys.argv[1], Path(sys.argv[2])
    visit = Visit(python, out.parent)
    try:
        visit.begin()
        visit.go_to("打字写")
        visit.go_to("反映问题")
        visit.press_key_and_hear("请说说是什么事")
        visit.press("声音和字", "想调哪一样？")
        visit.press("字的大小", "字要多大？")
        for name in ("特大字", "最大的字"):
            visit.go_to(name)
        visit.settle()
    finally:
        visit.end()
    met = {"said": visit.said(), "announced": visit.announced}
    out.write_text(json.dumps(met, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
