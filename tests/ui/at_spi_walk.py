"""Uses a kiosk window as assistive technology does, over AT-SPI, and writes down what it met as JSON.

Run by `test_screen_reader.py` with the system's Python, which has the bindings (gir1.2-atspi-2.0), inside a virtual display
and a session bus of its own; the arguments are the Python that has the kiosk, and the file to write.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import gi  # the system's Python has it

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402 (the version is asked for first)

LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
PATIENCE_SECONDS = 30.0
Node = Any
"""An Atspi.Accessible; its bindings have no types."""
Found = TypeVar("Found")


def wait_for(find: Callable[[], Found | None]) -> Found:
    """Return the first thing that `find` returns, asking until patience ends."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = find()
        if found is not None:
            return found
        time.sleep(0.1)
    sys.exit(f"not found in time: {find}")


def application() -> Node | None:
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(i)
        if child is not None and child.get_name() == "petition-kiosk" and child.get_child_count():
            return child
    return None


def nodes(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it, as it is now."""
    Atspi.Accessible.clear_cache(node)
    yield node
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from nodes(child)


def told(node: Node) -> dict[str, Any]:
    states = [state.value_nick for state in node.get_state_set().get_states()]
    action = node.get_action_iface()
    actions = (
        [Atspi.Action.get_action_name(action, i) for i in range(Atspi.Action.get_n_actions(action))] if action else []
    )
    text = node.get_text_iface()
    return {
        "text": Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)) if text else "",
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "actions": actions,
        "states": states,
    }


def seen(app: Node) -> list[dict[str, Any]]:
    return [told(node) for node in nodes(app) if "showing" in told(node)["states"]]


def named(app: Node, name: str) -> Node | None:
    return next((node for node in nodes(app) if node.get_name() == name and "button" in node.get_role_name()), None)


def press(app: Node, name: str) -> None:
    node = wait_for(lambda: named(app, name))
    action = node.get_action_iface()
    for i in range(Atspi.Action.get_n_actions(action)):
        if Atspi.Action.get_action_name(action, i).lower() == "press":
            Atspi.Action.do_action(action, i)
            return


def texts(app: Node) -> list[str]:
    return [node.get_name() for node in nodes(app) if node.get_role_name() in ("label", "static")]


def focused(app: Node) -> list[str]:
    return [node.get_name() for node in nodes(app) if {"focused", "focusable"} <= set(told(node)["states"])]


def main() -> None:
    python = sys.argv[1]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    launcher = next(path for path in LAUNCHERS if Path(path).exists())
    started = [subprocess.Popen([launcher, "--launch-immediately"])]
    try:
        Atspi.init()
        started.append(subprocess.Popen([python, "-m", "tests.ui.at_spi_app"], env=environment))
        app = wait_for(application)
        met: dict[str, Any] = {"review": seen(app)}
        button = wait_for(lambda: named(app, "念给我听"))
        button.get_component_iface().grab_focus()
        met["focused"] = wait_for(lambda: focused(app) or None)
        press(app, "念给我听")
        met["caption"] = wait_for(lambda: "我念给您听。" if "我念给您听。" in texts(app) else None)
        time.sleep(0.5)  # a second press sooner than this would be taken for a trembling hand
        press(app, "对，提交")
        wait_for(lambda: named(app, "办完了"))
        met["receipt"] = seen(app)
        time.sleep(0.5)
        press(app, "念号码")
        wait_for(lambda: named(app, "打开屏幕"))
        met["covered"] = seen(app)
        time.sleep(0.5)
        press(app, "打开屏幕")
        wait_for(lambda: named(app, "反映问题"))
        met["open"] = seen(app)
        time.sleep(0.5)
        press(app, "查进度")
        wait_for(lambda: named(app, "按好了"))
        met["pin"] = seen(app)
    finally:
        for process in reversed(started):
            process.kill()
    Path(sys.argv[2]).write_text(json.dumps(met, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
