"""Who is signed in: a picture of a badge, and words. It stands on a strip of its own, on every screen."""

from PySide6.QtWidgets import QWidget

from ui.arrange import Part, leaf, row
from ui.look import Look
from ui.widgets.pictures import Icon
from ui.widgets.text import Text


class Agent:
    """Picture and words; `part` puts them side by side."""

    def __init__(self, parent: QWidget, look: Look, words: str) -> None:
        """Without words nobody is signed in, and there is no strip."""
        self.look = look
        self.badge = Icon(parent, look, "identification-badge", colour="badge")
        self.words = Text(parent, look, words, bold=True)

    @property
    def there(self) -> bool:
        """Whether anybody is signed in."""
        return bool(self.words.text())

    def tell(self, words: str) -> bool:
        """Show other words, or none; return whether they are others."""
        return self.words.change(words)

    def part(self) -> Part:
        """Return the strip's line; long words take more than one."""
        return row(leaf(self.badge), leaf(self.words, 1), gap=self.look.space("s"), centred=True)
