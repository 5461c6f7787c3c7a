"""What set-up promises of the machine: the parts that pip can't install are there, and Qt works with them."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WINDOW = """
import sys
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

application = QApplication(sys.argv)
window = QMainWindow()
window.setCentralWidget(QLabel("社区诉求服务台"))
window.show()
application.processEvents()
print(application.platformName(), "Noto Sans CJK SC" in QFontDatabase.families(), window.grab().toImage().isNull())
"""

# PySide6 6.12.0 loses references to None, True or False on Python 3.11, where they are not immortal: it runs for hours,
# and then the interpreter dies.
CONSTANTS = """
import sys
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

class Sender(QObject):
    happened = Signal(object)

def round_trip():
    page = QWidget(None)
    column = QVBoxLayout(page)
    label, button = QLabel("a"), QPushButton("b")
    column.addWidget(label)
    column.addWidget(button)
    sender = Sender(None)
    sender.happened.connect(lambda value: None)
    sender.happened.emit(None)
    button.clicked.connect(lambda: None)
    button.click()
    label.setProperty("nothing", None)
    label.property("nothing")
    label.parent().parent()
    label.setParent(None)
    QTimer.singleShot(0, lambda: None)
    application.processEvents()

application = QApplication(sys.argv)
for _ in range(50):
    round_trip()
before = [sys.getrefcount(constant) for constant in (None, True, False)]
for _ in range(500):
    round_trip()
print(*(count - sys.getrefcount(constant) for count, constant in zip(before, (None, True, False))))
"""


def run(script: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("library", ["libespeak-ng.so.1", "libportaudio.so.2", "librime.so.1"])
def test_libraries_load(library: str) -> None:
    ctypes.CDLL(library)


@pytest.mark.parametrize(
    "file",
    [
        *("default.yaml", "essay.txt", "luna_pinyin_simp.schema.yaml", "luna_pinyin.dict.yaml", "stroke.dict.yaml"),
        *("zhuyin.yaml", "terra_pinyin.dict.yaml", "cangjie5.dict.yaml"),
    ],
)
def test_typing_has_its_dictionaries_and_its_language_model(file: str) -> None:
    assert Path("/usr/share/rime-data", file).is_file()


def test_a_window_opens_on_x11_with_noto_sans() -> None:
    assert run(WINDOW, "-platform", "xcb") == "xcb True False\n"


def test_qt_keeps_its_references_to_none_true_and_false() -> None:
    lost = [int(count) for count in run(CONSTANTS, "-platform", "offscreen").split()]
    assert max(lost) < 100, f"references to None, True and False lost in 500 rounds: {lost}"
