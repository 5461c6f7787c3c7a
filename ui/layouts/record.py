"""RECORD: the sheet that fills while somebody speaks: how long, how loud, and the words where they are heard live."""

from petition.proxy import CONSENTING
from petition.screen import Screen
from ui.arrange import SPRING, Framed, Part, Row, column, leaf, row
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage
from ui.layouts.words_on_sheet import WordsOnSheet
from ui.widgets.answer import Answer
from ui.widgets.level import Level
from ui.widgets.pictures import Dot, Sheet
from ui.widgets.text import Reading, Text
from ui.words import word

SECONDS_A_MINUTE = 60
TALLEST_LEVEL_MM = 52
LONG_WORDS = 64
"""A body of more than this many letters, or half as many hanzi, is there to be read aloud."""
ROLES = ("title", "live", "label", "body")


class Record:
    """A recording in progress. Where there are words to be read aloud, they stand on the sheet, large and whole."""

    body_in_heading = False

    def __init__(self, stage: Stage) -> None:
        """Make sheet, meter and answers."""
        look, screen, paper = stage.look, stage.screen, stage.paper
        self.look = look
        self.sheet = Sheet(paper, look)
        self.words = Reading(paper, look, screen.text, live=True)
        self.words.quiet, self.words.unsure = "text_soft", screen.unsure
        self.lead = Text(paper, look, screen.body, "label", colour="text_soft")
        self.dot = Dot(paper, look)
        self.time = Text(paper, look, bold=True, role="title")
        self.level = Level(paper, look)
        self.hint = Text(paper, look, screen.hint, "label", colour="text_soft")
        self.choices = Choices(stage, screen.buttons, Answer)
        self.said = screen.step in CONSENTING
        """Whether it is the words that stand there which are to be said: they stay while others are made out."""
        aloud = self.said or (_long(screen.body) and not screen.text)
        self.aloud = WordsOnSheet(stage, screen.body) if aloud and screen.body else None
        if self.aloud is not None:
            self.aloud.centred, self.aloud.roles = True, ROLES
        self._tick(screen.recording_seconds)

    def _tick(self, seconds: float) -> bool:
        """Show the elapsed time; return whether it needs more room than before."""
        minutes, rest = divmod(int(seconds), SECONDS_A_MINUTE)
        told = f"{minutes}:{rest:02d}"
        longer = len(told) != len(self.time.text())
        if self.time.change(told):
            self.time.setAccessibleName(word(self.look.language, "recorded", time=told))
        return longer

    def arranged(self, room: Room, width: int, height: int) -> Part:  # noqa: ARG002 (the sheet takes what there is)
        """Return the sheet with its meter, and the answers under it."""
        if self.aloud is not None:
            self.aloud.keys_apart = False
        return column(self._sheet(room), self.choices.actions(room, width), gap=self.look.space(room.gap))

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:
        """Return the same, the answers within reach, and the keys that turn the pages of very many words."""
        sheet, hands = self._sheet(room), self.choices.within(room, width, reach)
        if self.aloud is None:
            return Parted(words=sheet, hands=hands)
        gap = self.look.space(room.gap)
        left = height - hands.least_height(width) - gap
        self.aloud.keys_apart = not room.whole and not self.aloud.holds(width, left)
        if not self.aloud.keys_apart:
            return Parted(words=sheet, hands=hands)
        keys = self.aloud.pager.part(self.look.space("key"))
        hands = self.choices.within(room, width, reach - keys.least_height(width) - gap)
        return Parted(words=sheet, hands=column(keys, hands, gap=gap))

    def _meter_line(self, *parts: Part) -> Row:
        """Return time and loudness side by side."""
        return row(leaf(self.dot), leaf(self.time), *parts, leaf(self.hint), gap=self.look.space("m"), centred=True)

    def _sheet(self, room: Room) -> Part:
        if self.aloud is not None:
            self.time.role = "label"
            self.aloud.foot = self._meter_line(leaf(self.level, 1))
            return self.aloud.for_room(room)
        pad = self.look.space("xl" if room.header else "l")
        meter: tuple[Part, ...]
        if self.words.text():
            self.time.role = "label"
            line = self._meter_line(leaf(self.level, 1))
            meter = (leaf(self.words, 1, paged=2 * self.look.leading("live")), line)
        else:
            self.time.role = "title"
            line = self._meter_line(SPRING)
            lead = (leaf(self.lead),) if self.lead.text() and room.body else ()
            meter = (*lead, leaf(self.level, 1, most=self.look.mm(TALLEST_LEVEL_MM)), line)
        return Framed(frame=self.sheet, inner=column(*meter, gap=self.look.space("m")), pad=pad, share=1)

    def renew(self, screen: Screen) -> bool:
        """Take over words, time and loudness."""
        longer = self._tick(screen.recording_seconds)
        self.choices.choose(screen.buttons)
        first_words = bool(screen.text) != bool(self.words.text())
        if screen.text and not self.said:
            self.aloud = None
        self.words.change(screen.text)
        if screen.unsure != self.words.unsure:
            self.words.unsure = screen.unsure
            self.words.update()
        return self.hint.change(screen.hint) or first_words or longer

    def mark(self, start: int, length: int) -> None:
        """Mark a stretch of the words."""
        self.words.mark(start, length)

    def hear(self, level: float) -> None:
        """Show one more level."""
        self.level.hear(level)


def _long(words: str) -> bool:
    return sum(2 if letter >= "\u2e80" else 1 for letter in words) > LONG_WORDS
