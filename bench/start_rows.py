"""Start → first painted screen: the kiosk's welcome beside a bare PySide6 window with one label in the same font.

Each is a fresh Python process on the same display, in turns; the clock starts before the process and stops when the window
has painted for the first time.
"""

import os
import subprocess
import sys
import time

from bench.row import Row

TURNS = 7
BARE = """
import sys
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
application = QApplication(sys.argv)
window = QMainWindow()
label = QLabel("您好，要办什么事？", window)
font = QFont("Noto Sans CJK SC")
font.setPixelSize(63)
label.setFont(font)
window.setCentralWidget(label)
window.resize(1920, 1080)
window.show()
window.repaint()
application.processEvents()
print("painted", flush=True)
"""
KIOSK = """
import sys
import tempfile
from pathlib import Path
from PySide6.QtWidgets import QApplication
from kiosk.app import App
from kiosk.configuration import Configuration
application = QApplication(sys.argv)
app = App(Configuration(), directory=Path(tempfile.gettempdir()) / "nothing-is-written-here")
app.open(full_screen=False)
app.window.repaint()
application.processEvents()
print("painted", flush=True)
"""


def _start(program: str) -> float:
    """Return milliseconds until a program says that it has painted."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    begin = time.perf_counter()
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 (it was asked for above)
        said = process.stdout.readline()
        took = (time.perf_counter() - begin) * 1000
        process.kill()
    if said.strip() != "painted":
        raise RuntimeError("the window did not come up")
    return took


def rows() -> list[Row]:
    """Return row 1 of the design's section 8."""
    _start(BARE), _start(KIOSK)  # the disk's cache is warm for both
    floor, ours = [], []
    for _ in range(TURNS):
        floor.append(_start(BARE))
        ours.append(_start(KIOSK))
    return [
        Row(
            name="start → first painted welcome screen",
            ours=ours,
            floor=floor,
            floor_name="a bare PySide6 window with one label",
            ratio_bar=1.3,
        )
    ]
