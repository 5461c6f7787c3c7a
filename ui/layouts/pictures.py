"""PICTURES: pictures as answers, and the other answers below them or, where that leaves them larger, beside them."""

import math

from petition.screen import Screen
from ui.arrange import SPRING, Cells, Exactly, Part, abreast, column, sharing
from ui.layouts.choices import Choices
from ui.layouts.message import Message
from ui.layouts.stage import Layout, Parted, Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.picture_answer import PictureAnswer

NARROWEST_SIDE, WIDEST_SIDE = 1 / 5, 2 / 5
"""How much of the width the other answers take beside the pictures."""


def pictures_to_choose(stage: Stage) -> Layout:
    """Return the layout for pictures; while there are none, what to do about it is told large, as a message is."""
    return PictureAnswers(stage) if any(button.picture for button in stage.screen.buttons) else Message(stage)


class PictureAnswers:
    """Pictures as large as they get, in rows of equal cells."""

    body_in_heading = True

    def __init__(self, stage: Stage) -> None:
        """Make the answers: first the pictures, then those in words."""
        self.look, self.left, buttons = stage.look, stage.left, stage.screen.buttons
        self.pictures = Choices(stage, tuple(b for b in buttons if b.picture), PictureAnswer)
        self.others = Choices(stage, tuple(b for b in buttons if not b.picture), Answer)
        for answer in self.pictures.answers:
            answer.viewfinder = stage.viewfinder

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return pictures and other answers."""
        below = self._over(room, width, height)
        if self.look.glass.portrait or not (self.pictures.answers and self.others.answers):
            return below
        between = self.look.space("l")
        wanted = max(answer.natural_width() for answer in self.others.answers)
        side = min(round(width * WIDEST_SIDE), max(round(width * NARROWEST_SIDE), wanted))
        left = width - between - side
        words = self.others.best(room, side, height, (1,))
        rows_of_words = self.others.within(room, width, height).least_height(width) + self.look.space(room.gap)
        larger = self._size(room, left, height) > self._size(room, width, height - rows_of_words)
        if not larger or words.least_height(side) > height:
            return self._over(room, width, height)
        words = self.others.best(room, side, height, (1,), most=self.look.target("primary_h"))
        pictures = sharing(self._grid(room, left, height), left)
        return abreast(pictures, sharing(column(sharing(words, 1)), side), gap=between, turned=self.left)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:  # noqa: ARG002 (no words but the title)
        """Return all of them in the lowest room there is for them."""
        hands = self._over(room, width, reach)
        return Parted(words=SPRING, hands=Exactly(inner=hands, high=reach) if self.pictures.answers else hands)

    def _over(self, room: Room, width: int, height: int) -> Part:
        """Return the pictures over the other answers."""
        gap = self.look.space(room.gap)
        if not self.pictures.answers:
            return self.others.within(room, width, height)
        if not self.others.answers:
            return self._grid(room, width, height)
        least = self._grid(room, width, 0).least_height(width)
        words = self.others.within(room, width, height - least - gap)
        pictures = self._grid(room, width, height - words.least_height(width) - gap)
        return column(sharing(pictures, 1), words, gap=gap)

    def _grid(self, room: Room, width: int, height: int) -> Cells:
        """Return the pictures in as many columns as make them largest."""
        for answer in self.pictures.answers:
            answer.roomy = room.header
        columns = range(len(self.pictures.answers), 0, -1)
        return max((self.pictures.grid(room, n) for n in columns), key=lambda grid: self._largest(grid, width, height))

    def _size(self, room: Room, width: int, height: int) -> float:
        """Return how large pictures get in a room of this size, as `_largest` does."""
        return self._largest(self._grid(room, width, height), width, height)

    def _largest(self, grid: Cells, width: int, height: int) -> float:
        """Return how large one is in a grid, for comparing; where they don't fit, by how much they don't, below 0."""
        least, rows = grid.least_height(width), len(grid.rows())
        short = max(0, least - height) + max(0, grid.natural_width() - width)
        if short:
            return -float(short)
        cell = (height - grid.gap * (rows - 1)) // rows
        place = self.pictures.answers[0].picture_in(grid.cell_width(width), cell)
        even = len(self.pictures.answers) / (rows * grid.columns)
        return place.width() * place.height() * math.sqrt(even)  # rows of which the last is short look unfinished

    def renew(self, screen: Screen) -> bool:
        """Take over which options are in force."""
        self.pictures.choose(tuple(b for b in screen.buttons if b.picture))
        self.others.choose(tuple(b for b in screen.buttons if not b.picture))
        return False

    def look_on(self, *, seen: bool) -> None:
        """Say whether anybody can see the pictures."""
        for answer in self.pictures.answers:
            answer.looking.look_on(seen=seen)

    def forget(self) -> None:
        """Let go of the pictures."""
        for answer in self.pictures.answers:
            answer.looking.forget()
