"""The answers of a screen as parts: in rows of actions, in columns, and on pages when there are too many."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

from petition.screen import Button
from ui.arrange import Cells, Column, Part, Row, column, leaf, row
from ui.layouts.stage import Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.key import Key
from ui.words import word

A = TypeVar("A", bound=Answer)


class Turn(Enum):
    """Turning a page of the view; never leaves the view."""

    BACK = -1
    ON = 1


@dataclass(frozen=True, slots=True)
class Turned:
    """A page key was pressed."""

    turn: Turn


class Pager:
    """Two keys that turn pages: 上一页, 下一页."""

    def __init__(self, stage: Stage) -> None:
        """Make the keys; they show only where there is more than one page."""
        look = stage.look
        self.page, self.pages = 0, 1
        self._look, self._paper, self._rearrange = look, stage.paper, stage.rearrange
        self.back = Key(stage.paper, look, Turned(Turn.BACK), word(look.language, "previous_page"), icon="caret-left")
        self.on = Key(stage.paper, look, Turned(Turn.ON), word(look.language, "next_page"), icon="caret-right")
        for key in (self.back, self.on):
            key.fired.connect(self._turn)

    def _turn(self, turned: Turned) -> None:
        self.page = (self.page + turned.turn.value) % max(1, self.pages)
        self._rearrange()

    def follow(self, control: QWidget) -> None:
        """Come after another control in reading order, which keys follow: children are told in their order."""
        siblings = [child for child in self._paper.children() if isinstance(child, QWidget)]
        beyond = siblings[siblings.index(control) + 1]
        self.back.stackUnder(beyond)
        self.on.stackUnder(beyond)

    def of(self, pages: int) -> None:
        """Say how many pages there are."""
        self.pages = max(1, pages)
        self.page = min(self.page, self.pages - 1)
        told = word(self._look.language, "page_of", page=self.page + 1, pages=self.pages)
        for key in (self.back, self.on):
            key.setAccessibleDescription(told)

    def part(self, gap: int) -> Row:
        """Return the keys side by side."""
        return row(leaf(self.back, 1), leaf(self.on, 1), gap=gap)


def _plain(button: Button) -> Button:
    """Return a button as it is whether it is in force or not."""
    return replace(button, chosen=None if button.chosen is None else False)


class Choices(Generic[A]):
    """All answers of a screen, in their order."""

    def __init__(self, stage: Stage, buttons: tuple[Button, ...], kind: type[A]) -> None:
        """Make a control for each button."""
        self.stage, self.look = stage, stage.look
        self._kind = kind
        self._made = [(_plain(button), self._make(button)) for button in buttons]
        self.answers = [answer for _, answer in self._made]
        self._pager: Pager | None = None

    def _make(self, button: Button) -> A:
        answer = self._kind(self.stage.paper, self.look, button)
        self.stage.wire(answer)
        return answer

    def become(self, buttons: tuple[Button, ...]) -> bool:
        """Take over which answers there are, and which options are in force; return whether there are others.

        An answer that stays is the same control, where it was in reading order; those that come stand after it.
        """
        known = dict(self._made)
        if [known.get(_plain(button)) for button in buttons] == self.answers:
            self.choose(buttons)
            return False
        siblings = [child for child in self.stage.paper.children() if isinstance(child, QWidget)]
        beyond = siblings[siblings.index(self._made[-1][1]) + 1] if self._made else None
        self.answers = []
        for button in buttons:
            if (answer := known.get(_plain(button))) is None:
                answer = self._make(button)
                self._made.append((_plain(button), answer))
                if beyond is not None:
                    answer.stackUnder(beyond)  # children are told in their order
            self.answers.append(answer)
        self.choose(buttons)
        return True

    def suit(self, room: Room, *, large: bool = False, columns: int = 0) -> None:
        """Show of every answer what the room allows; `large` sets the labels in a larger role.

        In `columns` their words line up; in a single one also those of an answer without a number.
        """
        for answer in self.answers:
            answer.notes_shown, answer.icon_shown, answer.large = room.notes, room.icons, large
        disc = max((answer.badge_side for answer in self.answers), default=0) if columns == 1 else 0
        picture = max((answer.icon_side for answer in self.answers), default=0) if columns else 0
        for answer in self.answers:
            answer.disc_place, answer.picture_place = disc, picture

    def grid(self, room: Room, columns: int, *, most: int = 0, share: int = 1, large: bool = False) -> Cells:
        """Return the answers in equal cells."""
        self.suit(room, large=large, columns=columns)
        for first in range(0, len(self.answers), columns):
            in_a_row = self.answers[first : first + columns]
            for answer in in_a_row:
                answer.in_its_row = in_a_row
        parts = tuple(leaf(answer) for answer in self.answers)
        gap = self.look.space(room.gap)
        return Cells(parts=parts, columns=columns, gap=gap, share=share, most=most)

    def best(self, room: Room, width: int, height: int, columns: tuple[int, ...], *, most: int = 0) -> Part:
        """Return the first number of columns that fits; where none does and pages are allowed, a page.

        Labels are large where they can be.
        """
        for n in columns:
            grid = self.grid(room, n, most=most, large=True)
            if grid.least_height(width) <= height and grid.natural_width() <= width:
                return grid
        tried = [self.grid(room, n, most=most) for n in columns]
        narrowest = max((answer.narrowest() for answer in self.answers), default=0)
        uncut = [grid for grid in tried if grid.cell_width(width) >= narrowest] or tried[:1]
        fitting = [grid for grid in uncut if grid.least_height(width) <= height]
        neat = [grid for grid in fitting if grid.natural_width() <= width]
        if neat or fitting:
            return (neat or fitting)[0]
        if room.whole or not self.answers:
            return min(uncut, key=lambda grid: grid.least_height(width))
        return self._paged(room, width, height, uncut[-1].columns)

    def _paged(self, room: Room, width: int, height: int, columns: int) -> Part:
        if self._pager is None:
            self._pager = Pager(self.stage)
            self._pager.follow(self.answers[-1])
        pager, gap = self._pager, self.look.space(room.gap)
        foot = pager.part(gap).least_height(width) + gap
        self.suit(room)
        pages: list[list[A]] = []
        for first in range(0, len(self.answers), columns):
            taken = self.answers[first : first + columns]
            longer = [*(pages[-1] if pages else []), *taken]
            parts = tuple(leaf(answer) for answer in longer)
            fits = Cells(parts=parts, columns=columns, gap=gap).least_height(width) <= height - foot
            if pages and fits:
                pages[-1] = longer
            else:
                pages.append(taken)
        pager.of(len(pages))
        shown = tuple(leaf(answer) for answer in pages[pager.page])
        cells = Cells(parts=shown, columns=columns, gap=gap, share=1)
        return column(cells, pager.part(gap), gap=gap)

    def actions(self, room: Room, width: int, *, per_row: int = 0) -> Column:
        """Return the answers in as few rows as their words allow, the primary one the widest of its row."""
        gap, count = self.look.space(room.gap), len(self.answers)
        per_row = per_row or (2 if self.look.glass.portrait else 4)
        made = self._rows(1, gap)
        for rows in range(-(-count // per_row) or 1, count + 1):
            self.suit(room, columns=1 if rows == count else 0)
            made = self._rows(rows, gap)
            if all(one.natural_width() <= width for one in made):
                break
        highest = max(one.least_height(width) for one in made)
        return column(*(row(*one.parts, gap=gap, least=highest) for one in made), gap=gap)

    def within(self, room: Room, width: int, height: int, *, per_row: int = 0) -> Part:
        """Return the answers in rows as `actions` does; where that is higher than `height`, in columns or paged."""
        rows = self.actions(room, width, per_row=per_row)
        if rows.least_height(width) <= height:
            return rows
        return self.best(room, width, height, (2, 1, 3) if self.look.glass.portrait else (3, 4, 2))

    def _rows(self, rows: int, gap: int) -> list[Row]:
        made, left = [], list(self.answers)
        for remaining in range(rows, 0, -1):
            size = len(left) // remaining  # earlier rows are the shorter ones: the primary answer gets the room
            taken, left = left[:size], left[size:]
            wider = 5 if rows == 1 else 4  # in one row the primary answer is the widest; in several, columns line up
            made.append(row(*(leaf(a, wider if a.primary else 4) for a in taken), gap=gap))
        return made

    def choose(self, buttons: tuple[Button, ...]) -> None:
        """Take over which options are in force."""
        for answer, button in zip(self.answers, buttons, strict=True):
            answer.choose(button.chosen)
