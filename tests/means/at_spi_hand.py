"""Presses what it is told to, over AT-SPI, knowing nothing but names and roles: as assistive technology does.

Run by `kiosk_child.py` with the system's Python, which has the bindings (gir1.2-atspi-2.0). A line of JSON on standard
input names a button; the answer, a line too, says whether it was pressed and what was there to press.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import gi  # the system's Python has it

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402 (the version is asked for first)

PATIENCE_SECONDS = 20.0
TURN_SECONDS = 0.05
PRESSING = ("press", "toggle")
Node = Any
"""An Atspi.Accessible; its bindings have no types."""


def nodes(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it."""
    yield node
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from nodes(child)


def buttons(desktop: Node) -> Iterator[Node]:
    """Yield what can be pressed now."""
    for i in range(desktop.get_child_count()):
        application = desktop.get_child_at_index(i)
        if application is None:
            continue
        Atspi.Accessible.clear_cache(application)  # what was there before is not believed
        for node in nodes(application):
            states = node.get_state_set()
            usable = states.contains(Atspi.StateType.SHOWING) and states.contains(Atspi.StateType.SENSITIVE)
            if usable and node.get_role_name() in {"push button", "button", "toggle button", "check box"}:
                yield node


def press(node: Node) -> bool:
    """Press a button by the first of its actions that says so."""
    actions = node.get_action_iface()
    for i in range(Atspi.Action.get_n_actions(actions)):
        if Atspi.Action.get_action_name(actions, i).lower() in PRESSING:
            return bool(Atspi.Action.do_action(actions, i))
    return False


def press_named(desktop: Node, name: str) -> bool:
    """Press the button of a name once it is there; false when it does not come."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = next((node for node in buttons(desktop) if node.get_name() == name), None)
        if found is not None:
            return press(found)
        time.sleep(TURN_SECONDS)
    return False


def main() -> None:
    Atspi.init()
    desktop = Atspi.get_desktop(0)
    for line in sys.stdin:
        done = press_named(desktop, json.loads(line))
        there = [] if done else [node.get_name() for node in buttons(desktop)]
        json.dump({"pressed": done, "there": there}, sys.stdout)
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
