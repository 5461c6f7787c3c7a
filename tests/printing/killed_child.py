"""A kiosk that begins to print a receipt, and is killed in the middle by the test that started it.

killed_child.py CONFIGURATION STATE_DIRECTORY NUMBER
"""

import functools
import sys
import threading
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from kiosk.configuration import load_configuration
from kiosk.printing.room import PrintRoom
from kiosk.storekeeper import Storekeeper
from offline_queue.store import open_store


def main(configuration: str, directory: str, number: str) -> None:
    application = QGuiApplication(["kiosk", "-platform", "offscreen"])
    state = Path(directory)
    keeper = Storekeeper(functools.partial(open_store, state), lambda _event: None, filed=lambda: None)
    keeper.launch()
    room = PrintRoom(load_configuration(Path(configuration)), state, keeper, lambda _event: None)
    room.launch()
    room.print_receipts((number,))
    threading.Event().wait()
    del application


if __name__ == "__main__":
    main(*sys.argv[1:])
