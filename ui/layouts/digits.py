"""DIGITS: a number being keyed, and the number pad."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from petition.events import DigitsEdited
from petition.screen import Screen
from ui.arrange import SPRING, Cells, Exactly, Framed, Part, abreast, column, leaf, row, sharing
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.digits import Digits
from ui.widgets.key import Key
from ui.widgets.pictures import Sheet
from ui.widgets.text import Text
from ui.words import word

MOST_DIGITS = 20
KEY_MM, KEY_UPRIGHT_MM = 40, 32
KEY_ROLES = ("title", "live", "label", "body")
"""How large the digits on the keys may be, where the keys must be low."""
DELETE, CLEAR = "delete", "clear"


class NumberPad:
    """Places for the digits, what they are for, twelve keys, and answers that carry * and #."""

    body_in_heading = False

    def __init__(self, stage: Stage) -> None:
        """Make places, keys and answers."""
        look, screen, paper = stage.look, stage.screen, stage.paper
        self.look, self.stage = look, stage
        self.groups, self.masked = screen.groups, screen.masked
        self.sheet = Sheet(paper, look)
        self.digits = Digits(paper, look, screen.digits, screen.groups, masked=screen.masked)
        self.body = Text(paper, look, screen.body, colour="text_soft", centred=True)
        # Made in reading order, which keys follow: upright, the keys stand above the answers.
        if look.glass.portrait:
            self.keys = self._made_keys()
            self.choices = Choices(stage, screen.buttons, Answer)
        else:
            self.choices = Choices(stage, screen.buttons, Answer)
            self.keys = self._made_keys()

    def _made_keys(self) -> list[Key]:
        look, paper = self.look, self.stage.paper
        keys = [Key(paper, look, digit, digit, role="title") for digit in "123456789"]
        keys.append(Key(paper, look, CLEAR, word(look.language, "clear")))
        keys.append(Key(paper, look, "0", "0", role="title"))
        keys.append(Key(paper, look, DELETE, icon="backspace", role="title", name=word(look.language, "delete")))
        for key in keys:
            key.typed_on_lift = True  # but never told at rest: who only presses slowly must not have it said aloud
            key.fired.connect(self._press)
        return keys

    @property
    def _longest(self) -> int:
        return sum(self.groups) or MOST_DIGITS

    def _press(self, what: str) -> None:
        now = self.digits.digits
        if what == DELETE:
            now = now[:-1]
        elif what == CLEAR:
            now = ""
        else:
            now = (now + what)[: self._longest]
        if now != self.digits.digits:
            self.digits.change(now, self.groups, masked=self.masked)
        self.stage.fired.emit(DigitsEdited(digits=now))

    def arranged(self, room: Room, width: int, height: int) -> Part:  # noqa: ARG002 (keys take what there is)
        """Return number and answers beside the keys; upright, above them."""
        gap = self.look.space(room.gap)
        sheet = self._sheet(room)
        if self.look.glass.portrait:
            keys = tuple(leaf(key, least=self.look.mm(KEY_UPRIGHT_MM)) for key in self.keys)
            return column(sheet, Cells(parts=keys, columns=3, gap=gap), self.choices.actions(room, width), gap=gap)
        side = column(
            sheet, self.choices.actions(room, (width - gap) * 11 // 20, per_row=1 if room.header else 2), gap=gap
        )
        pad = self._pad(gap)
        return abreast(sharing(side, 11), sharing(pad, 9), gap=self.look.space("l"), turned=self.stage.left)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:  # noqa: ARG002 (as above)
        """Return the number over the keys and, beside these, the answers; upright, the answers under them."""
        gap, between = self.look.space(room.gap), self.look.space("l")
        upright = self.look.glass.portrait
        answers = self.choices.actions(room, width) if upright else self.choices.grid(room, 1)
        pad, most = self._pad(gap), reach - (answers.least_height(width) + gap if upright else 0)
        for role in KEY_ROLES:
            self._write_keys(role)
            if pad.least_height(width) <= most:
                break
        tallest = 4 * self.look.mm(KEY_UPRIGHT_MM if upright else KEY_MM) + 3 * gap
        high = min(most, tallest)
        if upright:
            hands: Part = column(Exactly(inner=pad, high=high), answers, gap=gap)
        else:
            hands = Exactly(inner=row(sharing(answers, 11), sharing(pad, 9), gap=between), high=high)
        return Parted(words=self._sheet(room), hands=hands)

    def _pad(self, gap: int) -> Cells:
        keys = tuple(leaf(key) for key in self.keys)
        return Cells(parts=keys, columns=3, gap=gap, share=1, most=self.look.mm(KEY_MM))

    def _write_keys(self, role: str) -> None:
        """Set the digits in a role; the one word among the keys is never larger than a label."""
        for key in self.keys:
            key.role = role if key.act != CLEAR or role == "body" else "label"

    def _sheet(self, room: Room) -> Framed:
        told = (leaf(self.body),) if self.body.text() and room.body else ()
        inner = column(SPRING, leaf(self.digits), *told, SPRING, gap=self.look.space("m"))
        return Framed(frame=self.sheet, inner=inner, pad=self.look.space("l" if room.header else "m"), share=1)

    def renew(self, screen: Screen) -> bool:
        """Take over a number that changed elsewhere."""
        self.choices.choose(screen.buttons)
        self.groups, self.masked = screen.groups, screen.masked
        told, shown = (screen.digits, screen.groups, screen.masked), self.digits
        if told != (shown.digits, shown.groups, shown.masked):
            shown.change(screen.digits, screen.groups, masked=screen.masked)
        return False

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits write, Backspace takes the last one back."""
        if event.key() == Qt.Key.Key_Backspace:
            self._press(DELETE)
            return True
        if event.text() and event.text() in "0123456789":
            self._press(event.text())
            return True
        return False
