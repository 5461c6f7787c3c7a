"""A handheld scanner and a person's hands on the keys of a window, each key at a time of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from petition.receipt import receipt_number, receipt_url
from ui.qr import modules_of

NUMBER = receipt_number("10230", 1)
TAG = "09876543210123456789"
SLIP = receipt_url("platform.example", NUMBER, TAG)
PRIVATE = "https://health.example/u/13800138000-wang"
SCANNER_MILLISECONDS, PERSON_MILLISECONDS = 4, 60
KEYS = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, " ": Qt.Key.Key_Space}


@dataclass(slots=True)
class Keyboard:
    """Keys of one window, as they come from the window system."""

    window: QWidget
    milliseconds: int = 1_000_000

    def scan(self, code: str, apart_milliseconds: int = SCANNER_MILLISECONDS) -> None:
        """Hold a scanner over a code."""
        self.type(code + "\r", apart_milliseconds)

    def type(self, text: str, apart_milliseconds: int = PERSON_MILLISECONDS) -> None:
        """Press and let go of a key for each character, Shift for capital letters before; after a rest."""
        self.milliseconds += 1000
        self.go_on(text, apart_milliseconds)

    def go_on(self, text: str, apart_milliseconds: int) -> None:
        """Type more, without a rest."""
        before = ""
        for character in text:
            self.milliseconds += apart_milliseconds
            if character.isupper():
                self._key(Qt.Key.Key_Shift, "")
            # X11 takes what goes up and down again within one millisecond for a key that is held down.
            repeated = character == before and not apart_milliseconds
            self._key(KEYS.get(character) or Qt.Key(ord(character.upper())), character, repeated=repeated)
            before = character

    def _key(self, key: Qt.Key, text: str, *, repeated: bool = False) -> None:
        handle = self.window.windowHandle()
        assert handle is not None
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text, repeated)
            event.setTimestamp(self.milliseconds)
            QApplication.sendEvent(handle, event)


Picture = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def picture_of(code: str, *, dots: int = 6, width: int = 640, height: int = 480) -> Picture:
    """Return what a camera sees of a code: grey, in the middle, on a grey ground; nothing of an empty one."""
    picture = np.full((height, width), 170, np.uint8)
    if code:
        modules = np.array(modules_of(code), dtype=bool)
        printed = np.kron(np.where(modules, 40, 230), np.ones((dots, dots))).astype(np.uint8)
        top, left = (height - printed.shape[0]) // 2, (width - printed.shape[1]) // 2
        picture[top : top + printed.shape[0], left : left + printed.shape[1]] = printed
    return picture


def seen(*codes: str, frames: int = 3) -> Iterator[Picture]:
    """Yield the pictures of a film: each code for some frames, "" for nothing."""
    for code in codes:
        yield from [picture_of(code)] * frames
