"""SIGN: words to read, a frame to write one's name in with a finger, and the answers.

Answers come with the first stroke, while the next one may be being written: so the frame is the same one, and stands
where it stood.
"""

from petition.events import ScreenTouched, Signed
from petition.screen import Screen
from ui.arrange import SPRING, AsWide, Exactly, Part, Row, abreast, column, leaf, row, sharing
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage
from ui.layouts.words_on_sheet import WordsOnSheet
from ui.widgets.answer import Answer
from ui.widgets.signature import LEAST_WIDE_MM, MOST_WIDE_MM, Signature

WIDTHS_MM = (MOST_WIDE_MM, 240, 200, 175, 150, 125, LEAST_WIDE_MM)
ROOMY_MM = 150
"""A frame as wide as this is not made smaller for words to be larger."""
ROLES = ("title", "live", "label", "body")
SIDE = 9 / 20
"""How much of the width the answers take, whichever they are."""
ROWS = 2


class SignHere:
    """The words over the frame, the answers beside them or, upright, below."""

    body_in_heading = False

    def __init__(self, stage: Stage) -> None:
        """Make words, frame and answers."""
        self.look, self.left, self.stage = stage.look, stage.left, stage
        self.words = WordsOnSheet(stage, stage.screen.body)
        self.words.centred, self.words.roles = True, ROLES
        self.frame = Signature(stage.paper, stage.look, stage.screen.strokes)
        self.frame.touched.connect(self._touched)
        self.frame.written.connect(self._written)
        self.choices = Choices(stage, stage.screen.buttons, Answer)

    def _touched(self) -> None:
        self.stage.fired.emit(ScreenTouched())

    def _written(self) -> None:
        self.stage.fired.emit(Signed(strokes=self.frame.strokes))

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return words and frame with the answers."""
        gap, between = self.look.space(room.gap), self.look.space("l")
        if not self.choices.answers:
            return self._paper(room, width, height)
        if self.look.glass.portrait:
            actions = self._below(room, width, height - self._least_paper(room, width) - gap)
            paper = self._paper(room, width, height - actions.least_height(width) - gap)
            return column(sharing(paper, 1), actions, gap=gap)
        answers, side = self._answers(room, width - between, height)
        left = width - between - side
        paper = self._paper(room, left, height)
        if 0 < left - self.frame.wide <= width // 4:  # words and frame are equally wide
            narrower = self.frame.wide
            paper = self._paper(room, narrower, height)
            if self.frame.wide == narrower:
                left, side = narrower, width - between - narrower
            else:
                paper = self._paper(room, left, height)
        return abreast(AsWide(inner=paper, wide=left), AsWide(inner=answers, wide=side), gap=between, turned=self.left)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:  # noqa: ARG002 (the words take it)
        """Return the words over frame and answers: one writes with the hand that presses."""
        gap, between = self.look.space(room.gap), self.look.space("l")
        if not self.choices.answers:
            hands: Part = self._frame(width, reach)
        elif self.look.glass.portrait:
            least = self.frame.height_at(self.look.mm(LEAST_WIDE_MM))
            actions = self._below(room, width, reach - least - gap)
            frame = self._frame(width, reach - actions.least_height(width) - gap)
            hands = column(frame, actions, gap=gap)
        else:
            answers, side = self._answers(room, width - between, reach)
            left = width - between - side
            frame = self._frame(left, reach)
            hands = abreast(
                AsWide(inner=frame, wide=left), AsWide(inner=answers, wide=side), gap=between, turned=self.left
            )
        if not self._has_words:
            return Parted(words=SPRING, hands=hands)
        words = self.words.for_room(room)
        return Parted(words=words, hands=hands)

    def _below(self, room: Room, width: int, height: int) -> Part:
        """Return the answers in rows: a few in as many as they will be once something is written."""
        if len(self.choices.answers) <= ROWS:
            self.choices.suit(room)
            least = self.look.target("primary_h") + self.look.lip
            high = max(least, *(answer.least_height(width) for answer in self.choices.answers))
            rows = (row(leaf(answer, 1), gap=0, least=high) for answer in self.choices.answers)
            stacked = column(*rows, gap=self.look.space(room.gap))
            if stacked.least_height(width) <= height:
                return stacked
        return self.choices.within(room, width, height)

    def _answers(self, room: Room, width: int, height: int) -> tuple[Part, int]:
        """Return the answers beside the frame and how wide they are: in one column, in two, or on pages."""
        most = width - self.look.mm(LEAST_WIDE_MM)
        side, gap = min(most, round(width * SIDE)), self.look.space(room.gap)
        tallest = self.look.target("primary_h") + 2 * self.look.space("s")
        twice = len(self.choices.answers) <= ROWS  # as many will come once something is written
        one = self.choices.grid(room, 1, most=tallest)
        high = one.least_height(side)
        if (2 * high + gap if twice else high) <= height:
            return one, side
        two = self.choices.grid(room, 2, most=tallest)
        wide = max(side, two.natural_width())
        if wide <= most and two.least_height(wide) <= height:
            return two, wide
        return (one, side) if room.whole else (self.choices.best(room, side, height, (1,)), side)

    @property
    def _has_words(self) -> bool:
        return bool(self.words.reading.text())

    def _least_paper(self, room: Room, width: int) -> int:
        least = self.frame.height_at(self.look.mm(LEAST_WIDE_MM))
        if not self._has_words:
            return least
        return least + self.words.for_room(room).least_height(width) + self.look.space(room.gap)

    def _paper(self, room: Room, width: int, height: int) -> Part:
        """Return the words over the frame: this as large as it can be while all the words are seen, and seen well."""
        gap = self.look.space(room.gap)
        if not self._has_words:
            return column(SPRING, self._frame(width, height), *(() if self.look.glass.portrait else (SPRING,)))
        words = self.words.for_room(room)
        for role, least_mm in (("label", ROOMY_MM), ("body", LEAST_WIDE_MM)):
            for wide in (min(width, self.look.mm(mm)) for mm in WIDTHS_MM if mm >= least_mm):
                left = height - self.frame.height_at(wide) - gap
                if words.holds(width, left, role):
                    return self._over(self._frame(wide, height), words, words.best_height(width, left), gap)
        return column(words, self._frame(self.look.mm(LEAST_WIDE_MM), height), gap=gap)

    def _over(self, frame: Part, words: WordsOnSheet, high: int, gap: int) -> Part:
        """Return words and frame; upright, the frame stands low, where the hands are, and the words have the rest."""
        if self.look.glass.portrait:
            return column(words, frame, gap=gap)
        return column(sharing(Exactly(inner=words, high=high), 0), frame, SPRING, gap=gap)

    def _frame(self, width: int, height: int) -> Row:
        """Return the frame as large as it gets within a room, at the edge of the paper."""
        least, most = self.look.mm(LEAST_WIDE_MM), self.look.mm(MOST_WIDE_MM)
        wide = max(least, min(most, width, height * 5 // 2))
        self.frame.become(wide, self.frame.height_at(wide))
        parts = (leaf(self.frame), SPRING)
        return row(*(parts[::-1] if self.left and not self.look.glass.portrait else parts), centred=True)

    def renew(self, screen: Screen) -> bool:
        """Take over what was written, and which answers there are."""
        self.frame.take(screen.strokes)
        return self.choices.become(screen.buttons)

    def forget(self) -> None:
        """Let go of what was written."""
        self.frame.forget()
