"""The on-screen keyboard: a placeholder for the seam, letters and digits only.

The seam that `ui/layouts/type_text.py` rests on: `edited` carries the whole committed text after every change, `composing`
the letters that are not text yet ("" when there are none), `set_text` takes a text from elsewhere, `take_key` a key of a real
keyboard, and the two measures say how much room the keys need.
"""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from petition.ports import TypingEngine
from ui.arrange import Part, column, leaf, row
from ui.look import Look
from ui.widgets.key import Key
from ui.words import word

ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


class Keyboard(QWidget):
    """Keys that write."""

    edited = Signal(str)
    composing = Signal(str)

    def __init__(self, parent: QWidget, look: Look, engine: TypingEngine | None = None) -> None:
        """Make the keys."""
        super().__init__(parent)
        self.look, self.engine, self._text = look, engine, ""
        gap = look.space("key")
        rows: list[Part] = [row(*(leaf(self._key(c, c), 1) for c in letters), gap=gap, share=1) for letters in ROWS]
        space = self._key(" ", word(look.language, "space"))
        delete = Key(self, look, "\b", icon="backspace", name=word(look.language, "delete"))
        delete.fired.connect(self._write)
        rows.append(row(leaf(space, 3), leaf(delete, 1), gap=gap, share=1))
        self._part = column(*rows, gap=gap)

    def _key(self, character: str, label: str) -> Key:
        key = Key(self, self.look, character, label, role="body")
        key.fired.connect(self._write)
        return key

    def _write(self, character: str) -> None:
        self._text = self._text[:-1] if character == "\b" else self._text + character
        self.edited.emit(self._text)

    def set_text(self, text: str) -> None:
        """Go on from this text."""
        self._text = text

    def take_key(self, event: QKeyEvent) -> bool:
        """Take a key of a real keyboard; return whether it was used."""
        if event.key() == Qt.Key.Key_Backspace:
            self._write("\b")
            return True
        if event.text().isprintable() and event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._write(event.text())
            return True
        return False

    def natural_width(self) -> int:
        """Return how wide the keys would like to be, in pixels."""
        return self._part.natural_width()

    def least_height(self, width: int) -> int:
        """Return how high the keys must be, in pixels."""
        return self._part.least_height(width)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002 (the keys take the whole widget)
        self._part.place(QRect(0, 0, self.width(), self.height()))
