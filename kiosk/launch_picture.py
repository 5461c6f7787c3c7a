"""The welcome screen as it looked last time, shown while the kiosk is still being loaded.

A picture of the empty welcome screen is kept in the cache folder; nothing of a visit is on it, and no clock. It is seen
a few milliseconds after Qt is there, and the real screen takes its place half a second later. This module loads nothing
but Qt, or it would be pointless.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kiosk.folders import cache_directory

NAME = "launch picture"


def show_picture() -> QWidget | None:
    """Show the picture full screen, making the application for it; None without a display or a picture.

    Keep what it returns until `take_away`, or it is gone at once.
    """
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return None  # Qt would end the process here without a word of use; `run` says what is missing
    if QApplication.instance() is None:
        QApplication(sys.argv[:1])
    picture = QPixmap(str(_path()))
    if picture.isNull():
        return None
    shown = QLabel()
    shown.setObjectName(NAME)
    shown.setPixmap(picture)
    shown.showFullScreen()
    shown.repaint()
    QApplication.processEvents()
    return shown


def take_away() -> None:
    """Close the picture: the real screen is there."""
    for widget in QApplication.topLevelWidgets():
        if widget.objectName() == NAME:
            widget.close()


def keep_picture(window: QWidget, clock: QWidget | None = None) -> None:
    """Keep how a window looks now, without its clock; a disk that has no room for it is no fault."""
    if clock is not None:
        clock.hide()
    picture = window.grab()
    if clock is not None:
        clock.show()
    path = _path()
    part = path.with_suffix(".part")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        # BMP: nothing to unpack when every millisecond counts.
        if picture.save(str(part), "BMP"):
            part.replace(path)


def _path() -> Path:
    size = QGuiApplication.primaryScreen().size()
    return cache_directory() / f"welcome-{size.width()}x{size.height()}.bmp"
