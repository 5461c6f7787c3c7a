"""Prints, as JSON, every text that assistive technology gets of what runs on this bus.

Run by `test_marker.py` with the system's Python, which has the bindings (gir1.2-atspi-2.0). The bus must be private: all
applications on it are walked.
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
Node = Any
"""An Atspi.Accessible; its bindings have no types."""


def texts(node: Node) -> Iterator[str]:
    Atspi.Accessible.clear_cache(node)
    yield from (node.get_name(), node.get_description())
    if (text := node.get_text_iface()) is not None:
        yield Atspi.Text.get_text(text, 0, -1)
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from texts(child)


def main() -> None:
    Atspi.init()
    desktop = Atspi.get_desktop(0)
    end = time.monotonic() + PATIENCE_SECONDS
    while desktop.get_child_count() == 0 and time.monotonic() < end:
        time.sleep(0.1)  # the first who asks starts the service, and what runs makes itself known to it
    told = [text for i in range(desktop.get_child_count()) for text in texts(desktop.get_child_at_index(i)) if text]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
