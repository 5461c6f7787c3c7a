"""Start → first painted screen: the kiosk's welcome beside a bare PySide6 window with one label in the same font.

Each is a fresh Python process on the same display, in turns; the clock starts before the process and stops when the
window has painted for the first time. Two rows: the picture of the welcome screen, which is what somebody sees first,
and the screen itself, which answers touches.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bench.row import Row
from kiosk.folders import FOLDER
from kiosk.scrubbing import ALLOCATOR, OVERWRITING, TUNABLES
from kiosk.typing.tables import build_tables
from petition.errors import Fault

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
AS_BY_RUN = {ALLOCATOR[0]: ALLOCATOR[1], TUNABLES: OVERWRITING}
"""What `./run` sets for the kiosk."""
PICTURE = """
from kiosk.launch_picture import show_picture
picture = show_picture()
print("painted" if picture else "no picture", flush=True)
"""
KIOSK = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from kiosk.app import App
from kiosk.configuration import Configuration
application = QApplication(sys.argv)
app = App(Configuration(), directory=Path("nothing-is-written-here"))
app.open(full_screen=True)
app.window.repaint()
application.processEvents()
app.keep_picture()
print("painted", flush=True)
"""


def _start(program: str, cache: str, **own: str) -> float:
    """Return milliseconds until a program says that it has painted; `own` is added to its environment."""
    environment = {"QT_QPA_PLATFORM": "" if os.environ.get("DISPLAY") else "offscreen", **os.environ}
    environment |= {"XDG_CACHE_HOME": cache, **own}
    begin = time.perf_counter()
    command = [sys.executable, "-c", program]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None  # noqa: S101 (it was asked for above)
        said = process.stdout.readline()
        took = (time.perf_counter() - begin) * 1000
        os.killpg(process.pid, signal.SIGKILL)  # with whatever it has started
    if said.strip() != "painted":
        raise RuntimeError("the window did not come up")
    return took


def rows() -> list[Row]:
    """Return row 1 of the design's section 8."""
    floor, seen, answering = [], [], []
    with tempfile.TemporaryDirectory() as cache:
        with suppress(Fault):  # as on any kiosk that has been on before: building them is no part of a start
            build_tables(cache=Path(cache) / FOLDER)
        for turn in range(TURNS + 1):
            times = _start(BARE, cache), _start(KIOSK, cache, **AS_BY_RUN), _start(PICTURE, cache, **AS_BY_RUN)
            if turn:  # the first fills the disk's cache, and keeps the picture
                floor.append(times[0])
                answering.append(times[1])
                seen.append(times[2])
    bare = "a bare PySide6 window with one label"
    return [
        Row(name="start → first painted welcome screen", ours=seen, floor=floor, floor_name=bare, ratio_bar=1.3),
        Row(name="start → welcome screen that answers", ours=answering, floor=floor, floor_name=bare),
    ]
