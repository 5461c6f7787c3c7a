"""SHEET: words to read on a sheet, answers beside it or, upright, under it."""

from dataclasses import replace

from petition.screen import Screen
from ui.arrange import AsWide, Cells, Column, Part, abreast, column, leaf
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage
from ui.layouts.words_on_sheet import WordsOnSheet
from ui.widgets.answer import Answer

WIDEST_SIDE, NARROWEST_SIDE, WIDEST_BESIDE_PAGES = 9 / 20, 7 / 20, 13 / 20
"""How much of the width the answers take: as little as their words allow."""


class SheetOfWords:
    """The petition being read back, a notice, an answer that came."""

    body_in_heading = False

    def __init__(self, stage: Stage) -> None:
        """Make the sheet and the answers. Without a text of the resident's, the body is what stands on the sheet."""
        self.look, self.left, screen = stage.look, stage.left, stage.screen
        told = "\n".join(f"{fact.name} {fact.value}" for fact in screen.facts)
        beneath = "\n".join(t for t in ((screen.body if screen.text else ""), told) if t)
        self.words = WordsOnSheet(stage, screen.text or screen.body, beneath)
        self.choices = Choices(stage, screen.buttons, Answer)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return sheet and answers."""
        words, gap = self.words.for_room(room), self.look.space(room.gap)
        self.choices.suit(room)
        under = column(words, self.choices.actions(room, width, per_row=2 if self.look.glass.portrait else 3), gap=gap)
        if self.look.glass.portrait or not self.choices.answers:
            return under
        between = self.look.space("l")
        least, most = round((width - between) * NARROWEST_SIDE), round((width - between) * WIDEST_SIDE)
        wanted = max(answer.natural_width() for answer in self.choices.answers)
        side = min(most, max(least, wanted))
        part: Part = self._one_column(room)
        if part.least_height(side) > height and (two := self._two_columns(room)).natural_width() <= most:
            part, side = two, most
        if part.least_height(side) > height and under.least_height(width) <= height:
            return under
        if part.least_height(side) > height and not room.whole:
            two, wide = self._two_columns(room), round((width - between) * WIDEST_BESIDE_PAGES)
            wide = min(wide, width - between - words.narrowest())
            if two.natural_width() <= wide and two.least_height(wide) <= height:
                part, side = two, two.natural_width()  # all the answers before all the words
            else:
                part, side = self.choices.best(room, most, height, (1, 2)), most
        beside = AsWide(inner=words, wide=width - between - side)
        return abreast(beside, AsWide(inner=part, wide=side), gap=between, turned=self.left)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:
        """Return sheet and answers; the keys that turn the sheet's pages stand over the answers."""
        words, gap = self.words.for_room(room), self.look.space(room.gap)
        per_row = 2 if self.look.glass.portrait else 3
        actions = self.choices.within(room, width, reach, per_row=per_row)
        words.keys_apart = not room.whole and not words.holds(width, height - actions.least_height(width) - gap)
        if not words.keys_apart:
            return Parted(words=words, hands=actions)
        words.with_beneath = room.body  # in the tightest rooms it is only said
        keys = words.pager.part(self.look.space("key"))
        left, all_of_them = reach - keys.least_height(width) - gap, replace(room, whole=True)  # one pair of such keys
        actions = self.choices.within(all_of_them, width, left, per_row=per_row)
        return Parted(words=words, hands=column(keys, actions, gap=gap))

    @property
    def _tallest(self) -> int:
        return self.look.target("primary_h") + 2 * self.look.space("s")

    def _one_column(self, room: Room) -> Cells:
        return self.choices.grid(room, 1, most=self._tallest)

    def _two_columns(self, room: Room) -> Column:
        """The primary answer over the others in two columns."""
        gap = self.look.space(room.gap)
        self.choices.suit(room)
        first = [answer for answer in self.choices.answers[:1] if answer.primary]
        rest = self.choices.answers[len(first) :]
        two = Cells(parts=tuple(leaf(answer) for answer in rest), columns=2, gap=gap, share=1, most=self._tallest)
        return column(*(leaf(answer) for answer in first), two, gap=gap)

    def renew(self, screen: Screen) -> bool:
        """Take over the words and which options are in force."""
        self.choices.choose(screen.buttons)
        return self.words.reading.change(screen.text or screen.body)

    def mark(self, start: int, length: int) -> None:
        """Mark the word being said on the sheet."""
        self.words.mark(start, length)
