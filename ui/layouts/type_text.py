"""TYPE: a text and the keyboard."""

from dataclasses import dataclass, replace

from PySide6.QtGui import QKeyEvent

from petition.events import KeyReached, TextEdited
from petition.screen import Screen
from petition.steps import Privacy
from ui.arrange import Column, Framed, Part, abreast, column, leaf, row, sharing
from ui.keyboard import Keyboard
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.pictures import Sheet
from ui.widgets.text import Reading

ONE_LINE, TWO_LINES, THREE_LINES = 1, 2, 3
KEYS_MM, KEYS_UPRIGHT_MM = 124, 140
"""Height of all keys where there is room."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A key was pressed that wrote no text yet: a sign of somebody all the same."""

    told: str
    """What has become of it, for who only hears: the word it may be, or what the key is for."""


class TypeText:
    """The text so far, its answers (* and #, because digits choose words here), the keys."""

    body_in_heading = True

    def __init__(self, stage: Stage) -> None:
        """Make sheet, answers and keyboard."""
        look, screen, paper = stage.look, stage.screen, stage.paper
        self.look, self.stage = look, stage
        self.sheet = Sheet(paper, look)
        self.words = Reading(paper, look, screen.text, live=True)
        self.words.role = "live" if screen.privacy is Privacy.MASKED else "label"  # a name is short, and read twice
        self.words.caret = True
        self.choices = Choices(stage, screen.buttons, Answer)
        self.keyboard = Keyboard(paper, look, stage.typing)
        self.keyboard.hide()
        self._text = screen.text
        self.keyboard.set_text(screen.text)
        self.keyboard.edited.connect(self._edited)
        self.keyboard.composing.connect(self._composing)
        self.keyboard.resume()
        self.keyboard.told.connect(self._told)
        self.keyboard.reached.connect(self._reached)

    def _edited(self, text: str) -> None:
        self._text = text
        self.words.change(text)
        self.stage.fired.emit(TextEdited(text=text))

    def _composing(self, preedit: str) -> None:
        self.words.unsure = len(preedit)
        self.words.change(self._text + preedit)

    def _told(self, told: str) -> None:
        self.stage.fired.emit(Composed(told))

    def _reached(self, name: str) -> None:
        self.stage.fired.emit(KeyReached(name=name))

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the sheet with the answers beside it, above the keys; upright, the answers below it.

        The sheet shows three lines where it can, two at the least; only the tightest room may show one. Keys are as
        high as is comfortable and no higher: the rest is the sheet's.
        """
        look, gap, key_gap = self.look, self.look.space(room.gap), self.look.space("key")
        self.choices.suit(replace(room, notes=False), columns=0 if look.glass.portrait else 1)
        if look.glass.portrait:
            upright = column(self._sheet(THREE_LINES, "m"), self.choices.actions(room, width), gap=gap, share=1)
            return self._above_keys(upright, width, height, gap)
        beside = column(*(leaf(a, 1) for a in self.choices.answers), gap=key_gap)
        answers = sharing(beside, 1) if beside.natural_width() <= (width - gap) // 3 else beside
        for lines in (THREE_LINES, TWO_LINES):
            beside_it = abreast(sharing(self._sheet(lines, "m"), 2), answers, gap=gap, turned=self.stage.left)
            stacked = self._above_keys(sharing(beside_it, 1), width, height, key_gap)
            if stacked.least_height(width) <= height:
                return stacked
        if room.body:
            return stacked
        self.choices.suit(replace(room, notes=False))
        in_line = row(*(leaf(a) for a in self.choices.answers), gap=key_gap)
        one_line = abreast(sharing(self._sheet(ONE_LINE, "s"), 1), in_line, gap=key_gap, turned=self.stage.left)
        return self._above_keys(sharing(one_line, 1), width, height, key_gap)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:
        """Return the sheet over the keys and, beside these, the answers; upright, the answers over the keys."""
        look, gap, key_gap = self.look, self.look.space(room.gap), self.look.space("key")
        self.choices.suit(replace(room, notes=False), columns=0 if look.glass.portrait else 1)
        if look.glass.portrait:
            answers = self.choices.actions(room, width)
            hands = self._above_keys(answers, width, reach, gap)
        else:
            beside = column(*(leaf(a, 1) for a in self.choices.answers), gap=key_gap)
            keys = leaf(self.keyboard, 2, least=min(look.mm(KEYS_MM), reach))
            side = sharing(beside, 1) if beside.natural_width() > (width - gap) // 3 else beside
            hands = column(row(keys, side, gap=gap))
        left = height - hands.least_height(width) - gap
        for lines, pad in ((THREE_LINES, "m"), (TWO_LINES, "m"), (ONE_LINE, "s")):
            sheet = self._sheet(lines, pad)
            if sheet.least_height(width) <= left or (lines == TWO_LINES and room.body):
                break
        return Parted(words=sheet, hands=hands)

    def _sheet(self, lines: int, pad: str) -> Part:
        words = leaf(self.words, 1, paged=lines * self.look.leading(self.words.role))
        return Framed(frame=self.sheet, inner=words, pad=self.look.space(pad), share=1)

    def _above_keys(self, top: Part, width: int, height: int, gap: int) -> Column:
        """Return a part above the keys, these as high as there is room for, up to what is comfortable."""
        comfortable = self.look.mm(KEYS_UPRIGHT_MM if self.look.glass.portrait else KEYS_MM)
        left = height - top.least_height(width) - gap
        return column(top, leaf(self.keyboard, least=min(comfortable, left)), gap=gap)

    def renew(self, screen: Screen) -> bool:
        """Take over a text that changed elsewhere."""
        self.choices.choose(screen.buttons)
        if screen.text != self._text:
            self._text = screen.text
            self.words.change(screen.text)
            self.words.unsure = 0
            self.keyboard.set_text(screen.text)
        return False

    def take_key(self, event: QKeyEvent) -> bool:
        """Let the keyboard have the keys of a real one, but for those that are answers' numbers."""
        if any(answer.number and answer.number == event.text() for answer in self.choices.answers):
            return False
        return self.keyboard.take_key(event)

    def settle(self) -> None:
        """Make text of letters that are still being composed."""
        self.keyboard.settle()
