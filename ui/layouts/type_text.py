"""TYPE: a text and the keyboard."""

from dataclasses import replace

from PySide6.QtGui import QKeyEvent

from petition.events import ScreenTouched, TextEdited
from petition.screen import Screen
from ui.arrange import Framed, Part, column, leaf, row, sharing
from ui.keyboard import Keyboard
from ui.layouts.choices import Choices
from ui.layouts.stage import Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.pictures import Sheet
from ui.widgets.text import Reading

KEYS_UPRIGHT_MM = 140


class TypeText:
    """The text so far, its answers (* and #, because digits choose words here), the keys."""

    body_in_heading = True

    def __init__(self, stage: Stage) -> None:
        """Make sheet, answers and keyboard."""
        look, screen, paper = stage.look, stage.screen, stage.paper
        self.look, self.stage = look, stage
        self.sheet = Sheet(paper, look)
        self.words = Reading(paper, look, screen.text, live=True)
        self.words.role = "label"
        self.words.caret = True
        self.choices = Choices(stage, screen.buttons, Answer)
        self.keyboard = Keyboard(paper, look, stage.typing)
        self.keyboard.hide()
        self._text = screen.text
        self.keyboard.set_text(screen.text)
        self.keyboard.edited.connect(self._edited)
        self.keyboard.composing.connect(self._composing)
        self.keyboard.resume()
        self.keyboard.composing.connect(self._touched)

    def _edited(self, text: str) -> None:
        self._text = text
        self.words.change(text)
        self.stage.fired.emit(TextEdited(text=text))

    def _composing(self, preedit: str) -> None:
        self.words.unsure = len(preedit)
        self.words.change(self._text + preedit)

    def _touched(self, preedit: str) -> None:
        """Letters that are no text yet are a sign of somebody all the same."""
        if preedit:
            self.stage.fired.emit(ScreenTouched())

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the sheet with the answers beside it, above the keyboard; where that is too high, all three in one line."""
        gap, key_gap = self.look.space(room.gap), self.look.space("key")
        sheet = Framed(frame=self.sheet, inner=leaf(self.words, 1, paged=2 * self.look.leading("label")), pad=self.look.space("m"), share=1)
        keys = leaf(self.keyboard, 1, most=self.look.mm(150))
        self.choices.suit(replace(room, notes=False))
        if self.look.glass.portrait:
            keys = leaf(self.keyboard, least=self.look.mm(KEYS_UPRIGHT_MM))
            return column(sheet, self.choices.actions(room, width), keys, gap=gap)
        beside = column(*(leaf(a, 1) for a in self.choices.answers), gap=key_gap)
        top = row(sharing(sheet, 12), sharing(beside, 6), gap=gap)
        stacked = column(top, keys, gap=key_gap)
        if stacked.least_height(width) <= height:
            return stacked
        one_line = leaf(self.words, 1, paged=self.look.leading("label"))
        sheet = Framed(frame=self.sheet, inner=one_line, pad=self.look.space("s"), share=1)
        return column(row(sheet, *(leaf(answer) for answer in self.choices.answers), gap=key_gap), keys, gap=key_gap)

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
