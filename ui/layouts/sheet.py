"""SHEET: words to read on a sheet, answers beside it or, upright, under it."""

from petition.screen import Screen
from ui.arrange import Part, column, row, sharing
from ui.layouts.choices import Choices
from ui.layouts.stage import Room, Stage
from ui.layouts.words_on_sheet import WordsOnSheet


class SheetOfWords:
    """The petition being read back, a notice, an answer that came."""

    body_in_heading = False

    def __init__(self, stage: Stage) -> None:
        """Make the sheet and the answers. Without a text of the resident's, the body is what stands on the sheet."""
        self.look, screen = stage.look, stage.screen
        told = "\n".join(f"{fact.name} {fact.value}" for fact in screen.facts)
        beneath = "\n".join(t for t in ((screen.body if screen.text else ""), told) if t)
        self.words = WordsOnSheet(stage, screen.text or screen.body, beneath)
        self.choices = Choices(stage, screen.buttons)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return sheet and answers."""
        words, gap = self.words.for_room(room), self.look.space(room.gap)
        if self.look.glass.portrait:
            return column(words, self._under(room, width), gap=gap)
        between = self.look.space("l")
        side = (width - between) * 9 // 20
        answers = self._beside(room, side, height)
        if answers.least_height(side) > height:
            under = self._under(room, width)
            whole = column(words, under, gap=gap)
            if whole.least_height(width) <= height or not room.whole:
                return self._last_resort(whole, room, side, height) if whole.least_height(width) > height else whole
        return row(sharing(words, 11), sharing(answers, 9), gap=between)

    def _beside(self, room: Room, width: int, height: int) -> Part:
        """One column; where that is too high, two beneath the primary answer."""
        gap = self.look.space(room.gap)
        one = self.choices.grid(room, 1, most=self.look.target("primary_h") + self.look.lip)
        if one.least_height(width) <= height or not self.choices.wide_enough(width, 2):
            return one
        return self.choices.actions(room, width, per_row=2) if gap else one

    def _under(self, room: Room, width: int) -> Part:
        return self.choices.actions(room, width, per_row=2 if self.look.glass.portrait else 3)

    def _last_resort(self, whole: Part, room: Room, side: int, height: int) -> Part:
        paged = self.choices.best(room, side, height, (1,))
        return row(sharing(self.words, 11), sharing(paged, 9), gap=self.look.space("l")) if paged else whole

    def renew(self, screen: Screen) -> bool:
        """Take over the words and which options are in force."""
        self.choices.choose(screen.buttons)
        return self.words.reading.change(screen.text or screen.body)

    def mark(self, start: int, length: int) -> None:
        """Mark the word being said on the sheet."""
        self.words.mark(start, length)


