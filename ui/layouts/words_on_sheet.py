"""Words on a sheet: as large as they can be whole, else page by page."""

from PySide6.QtCore import QRect

from ui.arrange import Measured, Part, column, leaf, widgets_of
from ui.layouts.choices import Pager
from ui.layouts.stage import Room, Stage
from ui.widgets.pictures import Sheet
from ui.widgets.text import Reading, Text

ROLES = ("live", "label", "body")
LEAST_ROWS, LEAST_ROWS_APART, LEAST_LINE_EM = 3, 2, 8


class WordsOnSheet:
    """A sheet with the words to read, and under them a quieter line or two; a part of its own."""

    share = 1

    def __init__(self, stage: Stage, words: str, beneath: str = "") -> None:
        """Make the sheet; `beneath` are facts about the words: length, place, kind."""
        self.stage, self.look = stage, stage.look
        self.sheet = Sheet(stage.paper, stage.look)
        self.reading = Reading(stage.paper, stage.look, words)
        self.beneath = Text(stage.paper, stage.look, beneath, colour="text_soft")
        self.pager = Pager(stage)
        self.whole = self.with_beneath = True
        self.roles: tuple[str, ...] = ROLES
        self.foot: Part | None = None
        """What stands at the bottom of the sheet whatever the words are."""
        self.centred = False
        """Whether short words stand in the middle of the sheet's height."""
        self.keys_apart = False
        """Whether the keys that turn pages stand elsewhere."""
        self._paged = False

    def for_room(self, room: Room) -> "WordsOnSheet":
        """Say how much room there is; return the part."""
        self.whole, self.with_beneath = room.whole, True
        return self

    @property
    def _pad(self) -> int:
        return self.look.space("l")

    def natural_width(self) -> int:
        """Return the width of a short line: words take as many lines as there are, whatever they were set in last."""
        return LEAST_LINE_EM * self.look.em() + 2 * self._pad

    def narrowest(self) -> int:
        """Return the width below which the keys that turn its pages don't fit on it."""
        return self.pager.part(self.look.space("key")).natural_width() + 2 * self._pad

    def _beneath_height(self, width: int) -> int:
        parts = (*((leaf(self.beneath),) if self._beneath_shown else ()), *((self.foot,) if self.foot else ()))
        return sum(part.least_height(width) + self.look.space("m") for part in parts)

    @property
    def _beneath_shown(self) -> bool:
        return self.with_beneath and bool(self.beneath.text())

    def _height_in(self, role: str, width: int) -> int:
        was, self.reading.role = self.reading.role, role
        height = self.reading.least_height(width)
        self.reading.role = was
        return height

    def _role(self, width: int, height: int) -> str:
        """Return the largest role in which all the words are seen, no line of them a lonely character; "" for none."""
        fitting = [role for role in self.roles if self._height_in(role, width) <= height]
        return next((role for role in fitting if not self._torn(role, width)), fitting[0] if fitting else "")

    def _torn(self, role: str, width: int) -> bool:
        """Whether the words in a role break where they shouldn't."""
        was, self.reading.role = self.reading.role, role
        faults = self.reading.lines(width).faults()
        self.reading.role = was
        return bool(faults)

    def least_height(self, width: int) -> int:
        """Return the height of all the words in the smallest role, or of a page of them."""
        inner = width - 2 * self._pad
        rest = self._beneath_height(inner) + 2 * self._pad
        whole = self._height_in("body", inner) + rest
        if self.whole:
            return whole
        paged = (
            (LEAST_ROWS_APART if self.keys_apart else LEAST_ROWS) * self.look.leading("body")
            + self._keys_height(inner)
            + rest
        )
        return min(whole, paged)

    def best_height(self, width: int, height: int) -> int:
        """Return how high a sheet at most this high need be for the words, in the largest letters that it holds."""
        inner = width - 2 * self._pad
        rest = self._beneath_height(inner) + 2 * self._pad
        role = self._role(inner, height - rest)
        return self._height_in(role, inner) + rest if role else height

    def holds(self, width: int, height: int, role: str = "body") -> bool:
        """Whether a sheet of this size shows all the words at once, in letters of a role."""
        inner = width - 2 * self._pad
        return self._height_in(role, inner) + self._beneath_height(inner) + 2 * self._pad <= height

    def _keys_height(self, width: int) -> int:
        if self.keys_apart:
            return 0
        return self.pager.part(self.look.space("key")).least_height(width) + self.look.space("m")

    def place(self, box: QRect) -> None:
        """Set the words as large as the sheet holds them whole; else page them."""
        self.sheet.setGeometry(box)
        self.sheet.show()
        self._inner(box).place(box.adjusted(self._pad, self._pad, -self._pad, -self._pad))

    def _inner(self, box: QRect) -> Part:
        width, height = box.width() - 2 * self._pad, box.height() - 2 * self._pad
        for_words = height - self._beneath_height(width)
        role = self._role(width, for_words)
        self._paged = not role
        self.reading.role = role or "body"
        parts: list[Part] = []
        if role:
            self.pager.of(1)
            self.reading.page = 0
            parts.append(leaf(self.reading, 1, most=self._height_in(role, width) if self.centred else 0))
        else:
            for_words -= self._keys_height(width)
            self.pager.of(self.reading.pages(width, for_words))
            self.reading.page = self.pager.page
            parts.append(leaf(self.reading, 1, paged=self.look.leading("body")))
        if self._beneath_shown:
            parts.append(leaf(self.beneath))
        if self._paged and not self.keys_apart:
            parts.append(self.pager.part(self.look.space("key")))
        if self.foot is not None:
            parts.append(self.foot)
        return column(*parts, gap=self.look.space("m"))

    def widgets(self) -> list[Measured]:
        """Return every widget that stands on it now."""
        found: list[Measured] = [self.sheet, self.reading]
        if self._beneath_shown:
            found.append(self.beneath)
        if self._paged and not self.keys_apart:
            found += [self.pager.back, self.pager.on]
        if self.foot is not None:
            found += widgets_of(self.foot)
        return found

    def mark(self, start: int, length: int) -> None:
        """Mark a stretch of the words, and turn to its page."""
        self.reading.mark(start, length)
        if self._paged and length and (page := self.reading.page_of(start)) != self.pager.page:
            self.pager.page = page
            self.stage.rearrange()
