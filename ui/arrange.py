"""Where things stand: parts in columns and rows, measured before anything is placed.

Qt's layouts lose height-for-width when nested and clip without a word. Here a part says how high it must be at a width,
so a page knows whether it fits before it is shown, and can try a plainer arrangement when it does not.
"""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget


class Part(Protocol):
    """Something that takes up room on the paper."""

    @property
    def share(self) -> int:
        """How much of the spare room it takes in its row or column; 0 for none."""

    def natural_width(self) -> int:
        """Return how wide it would like to be, in pixels."""

    def least_height(self, width: int) -> int:
        """Return how high it must be at this width, in pixels."""

    def place(self, box: QRect) -> None:
        """Take this room."""


class Measured(Protocol):
    """A widget that knows its measures."""

    def natural_width(self) -> int:
        """Return how wide it would like to be, in pixels."""

    def least_height(self, width: int) -> int:
        """Return how high it must be at this width, in pixels."""

    def setGeometry(self, box: QRect, /) -> None:
        """Take this place on the page."""

    def show(self) -> None:
        """Be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One widget."""

    widget: Measured
    share: int = 0
    least: int = 0
    """At least so high."""
    most: int = 0
    """Never higher than this, 0 for no limit; what is left over stands above and below it."""
    paged: int = 0
    """For words that scroll or have pages: this height is enough, however many they are."""

    def natural_width(self) -> int:
        """Return the widget's own width."""
        return self.widget.natural_width()

    def least_height(self, width: int) -> int:
        """Return the widget's own height, or `least`; `paged` where the rest is on other pages."""
        return self.paged or max(self.least, self.widget.least_height(width))

    def place(self, box: QRect) -> None:
        """Place and show the widget."""
        if self.most and box.height() > self.most:
            high = max(self.most, self.least_height(box.width()))
            box = QRect(box.x(), box.y() + (box.height() - high) // 2, box.width(), high)
        self.widget.setGeometry(box)
        self.widget.show()


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Nothing."""

    size: int = 0
    share: int = 0

    def natural_width(self) -> int:
        """Return its size."""
        return self.size

    def least_height(self, width: int) -> int:  # noqa: ARG002 (every part is asked for a width)
        """Return its size."""
        return self.size

    def place(self, box: QRect) -> None:
        """Leave the room empty."""


SPRING = Space(share=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Parts from top to bottom."""

    parts: tuple[Part, ...]
    gap: int = 0
    share: int = 0

    def natural_width(self) -> int:
        """Return the widest part's width."""
        return max((part.natural_width() for part in self.parts), default=0)

    def least_height(self, width: int) -> int:
        """Return all heights and the gaps between."""
        return sum(part.least_height(width) for part in self.parts) + self.gap * max(0, len(self.parts) - 1)

    def place(self, box: QRect) -> None:
        """Place the parts; spare room goes to those that take a share of it."""
        heights = [part.least_height(box.width()) for part in self.parts]
        spare = box.height() - sum(heights) - self.gap * max(0, len(self.parts) - 1)
        _spread(heights, [part.share for part in self.parts], spare)
        y = box.y()
        for part, height in zip(self.parts, heights, strict=True):
            part.place(QRect(box.x(), y, box.width(), height))
            y += height + self.gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Parts from left to right. Those without a share are as wide as they like, the others divide the rest."""

    parts: tuple[Part, ...]
    gap: int = 0
    share: int = 0
    centred: bool = False
    """Whether parts keep their own height and stand in the middle, instead of all being as high as the row."""
    least: int = 0
    """At least so high."""

    def natural_width(self) -> int:
        """Return all widths and the gaps between."""
        return sum(part.natural_width() for part in self.parts) + self.gap * max(0, len(self.parts) - 1)

    def least_height(self, width: int) -> int:
        """Return the highest part's height."""
        widths = self.widths(width)
        return max(self.least, *(part.least_height(w) for part, w in zip(self.parts, widths, strict=True)), 0)

    def widths(self, width: int) -> list[int]:
        """Return how wide each part is in a row of this width."""
        naturals = [part.natural_width() for part in self.parts]
        shares = [part.share for part in self.parts]
        room = width - self.gap * max(0, len(self.parts) - 1)
        fixed = sum(n for n, share in zip(naturals, shares, strict=True) if not share)
        return _divide(naturals, shares, room, fixed)

    def fits(self, width: int) -> bool:
        """Whether every part has the width it would like."""
        return all(w >= part.natural_width() for part, w in zip(self.parts, self.widths(width), strict=True))

    def place(self, box: QRect) -> None:
        """Place the parts side by side."""
        x = box.x()
        for part, width in zip(self.parts, self.widths(box.width()), strict=True):
            height = min(box.height(), part.least_height(width)) if self.centred else box.height()
            part.place(QRect(x, box.y() + (box.height() - height) // 2, width, height))
            x += width + self.gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """A part on a sheet of its own, with a margin around."""

    frame: Measured
    inner: Part
    pad: int
    share: int = 0

    def natural_width(self) -> int:
        """Return the inner part's width and the margins."""
        return self.inner.natural_width() + 2 * self.pad

    def least_height(self, width: int) -> int:
        """Return the inner part's height and the margins."""
        return self.inner.least_height(width - 2 * self.pad) + 2 * self.pad

    def place(self, box: QRect) -> None:
        """Place the sheet, and the part on it."""
        self.frame.setGeometry(box)
        self.frame.show()
        self.inner.place(box.adjusted(self.pad, self.pad, -self.pad, -self.pad))


def _spread(sizes: list[int], shares: list[int], spare: int) -> None:
    """Give spare pixels to those with a share, to the last pixel."""
    if spare > 0 and any(shares):
        for i, portion in enumerate(_portions(spare, shares)):
            sizes[i] += portion


def _portions(whole: int, shares: list[int]) -> list[int]:
    """Divide pixels by share, to the last pixel."""
    portions, total = [], sum(shares)
    for share in shares:
        portion = whole * share // total if total else 0
        portions.append(portion)
        whole, total = whole - portion, total - share
    return portions


def _divide(naturals: list[int], shares: list[int], room: int, fixed: int) -> list[int]:
    """Divide a row: by share, but nobody gets less than its natural width while that is possible."""
    wanting = [i for i, share in enumerate(shares) if share]
    left = room - fixed
    if sum(naturals[i] for i in wanting) > left:
        given = dict(zip(wanting, _portions(left, [shares[i] for i in wanting]), strict=True))
        return [given.get(i, naturals[i]) for i in range(len(shares))]
    given = dict.fromkeys(wanting, 0)
    open_ones = list(wanting)
    while open_ones:
        total = sum(shares[i] for i in open_ones)
        short = [i for i in open_ones if left * shares[i] / total < naturals[i]]
        if not short:
            given |= zip(open_ones, _portions(left, [shares[i] for i in open_ones]), strict=True)
            break
        for i in short:
            given[i] = naturals[i]
            left -= naturals[i]
            open_ones.remove(i)
    return [given[i] if share else naturals[i] for i, share in enumerate(shares)]


def leaf(widget: Measured, share: int = 0, *, least: int = 0, most: int = 0, paged: int = 0) -> Leaf:
    """Return a widget as a part."""
    return Leaf(widget=widget, share=share, least=least, most=most, paged=paged)


def column(*parts: Part, gap: int = 0, share: int = 0) -> Column:
    """Return parts from top to bottom."""
    return Column(parts=parts, gap=gap, share=share)


def row(*parts: Part, gap: int = 0, share: int = 0, centred: bool = False, least: int = 0) -> Row:
    """Return parts from left to right."""
    return Row(parts=parts, gap=gap, share=share, centred=centred, least=least)


def abreast(one: Part, other: Part, *, gap: int, turned: bool) -> Row:
    """Return two groups side by side; `turned` changes them about, for who presses with the left hand.

    Only groups change sides: within a group answers keep their order, because their numbers are read from the left.
    """
    return row(*((other, one) if turned else (one, other)), gap=gap)


def visible_boxes(page: QWidget, kind: type[QWidget]) -> list[tuple[QWidget, QRect]]:
    """Return widgets of a kind that are shown on a page, with where they stand on it."""
    return [
        (w, QRect(w.mapTo(page, w.rect().topLeft()), w.size())) for w in page.findChildren(kind) if w.isVisibleTo(page)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Parts in rows of equal cells, so that they line up."""

    parts: tuple[Part, ...]
    columns: int
    gap: int
    share: int = 0
    most: int = 0
    """Cells are never higher than this, 0 for no limit."""

    def rows(self) -> list[tuple[Part, ...]]:
        """Return the parts row by row."""
        return [self.parts[i : i + self.columns] for i in range(0, len(self.parts), self.columns)]

    def natural_width(self) -> int:
        """Return the widest part's width in every column, and the gaps."""
        widest = max((part.natural_width() for part in self.parts), default=0)
        return widest * self.columns + self.gap * (self.columns - 1)

    def cell_width(self, width: int) -> int:
        """Return how wide one cell is."""
        return (width - self.gap * (self.columns - 1)) // self.columns

    def least_height(self, width: int) -> int:
        """Return all rows' heights and the gaps between."""
        rows = self.rows()
        return sum(self._heights(width)) + self.gap * max(0, len(rows) - 1)

    def _heights(self, width: int) -> list[int]:
        cell = self.cell_width(width)
        return [max(part.least_height(cell) for part in row) for row in self.rows()]

    def place(self, box: QRect) -> None:
        """Place the cells; rows share the spare room up to `most`."""
        heights = self._heights(box.width())
        spare = box.height() - sum(heights) - self.gap * max(0, len(heights) - 1)
        if self.share:
            _spread(heights, [1] * len(heights), spare)
            even = sum(heights) // max(1, len(heights))
            least = self._heights(box.width())
            if all(even >= low for low in least):
                heights = [even] * len(heights)
            if self.most:
                heights = [max(low, min(self.most, high)) for low, high in zip(least, heights, strict=True)]
        cells, y = _portions(box.width() - self.gap * (self.columns - 1), [1] * self.columns), box.y()
        for parts, height in zip(self.rows(), heights, strict=True):
            x = box.x()
            for part, cell in zip(parts, cells, strict=False):
                part.place(QRect(x, y, cell, height))
                x += cell + self.gap
            y += height + self.gap


def widgets_of(part: Part) -> list[Measured]:
    """Return every widget that stands in a part."""
    match part:
        case Leaf():
            return [part.widget]
        case Framed():
            return [part.frame, *widgets_of(part.inner)]
        case Column() | Row() | Cells():
            return [widget for inner in part.parts for widget in widgets_of(inner)]
        case _:
            inner = getattr(part, "widgets", None)
            return list(inner()) if inner else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """A part that takes another share of its row or column than it would by itself."""

    inner: Part
    share: int

    def natural_width(self) -> int:
        """Return the inner part's width."""
        return self.inner.natural_width()

    def least_height(self, width: int) -> int:
        """Return the inner part's height."""
        return self.inner.least_height(width)

    def place(self, box: QRect) -> None:
        """Place the inner part."""
        self.inner.place(box)

    def widgets(self) -> list[Measured]:
        """Return the inner part's widgets."""
        return widgets_of(self.inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactly:
    """A part that is exactly so high."""

    inner: Part
    high: int
    share: int = 0

    def natural_width(self) -> int:
        """Return the inner part's width."""
        return self.inner.natural_width()

    def least_height(self, width: int) -> int:
        """Return its height, but never less than the inner part's."""
        return max(self.high, self.inner.least_height(width))

    def place(self, box: QRect) -> None:
        """Place the inner part."""
        self.inner.place(box)

    def widgets(self) -> list[Measured]:
        """Return the inner part's widgets."""
        return widgets_of(self.inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsWide:
    """A part that is exactly so wide in its row, whatever it would like to be."""

    inner: Part
    wide: int
    share: int = 0

    def natural_width(self) -> int:
        """Return its width."""
        return self.wide

    def least_height(self, width: int) -> int:
        """Return the inner part's height."""
        return self.inner.least_height(width)

    def place(self, box: QRect) -> None:
        """Place the inner part."""
        self.inner.place(box)

    def widgets(self) -> list[Measured]:
        """Return the inner part's widgets."""
        return widgets_of(self.inner)


def sharing(part: Part, share: int) -> Sharing:
    """Return a part with another share."""
    return Sharing(inner=part, share=share)
