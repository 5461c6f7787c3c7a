"""One page: paper with heading and answers, above the counter with caption and footer.

Where hands can't reach high (`Screen.reach` is "low"), everything that can be pressed stands in the lower half of the
glass, words above it. A lying glass is not high enough for keys and caption there, so the caption goes to the top.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from petition.screen import Screen
from petition.steps import Layout as Kind
from petition.utterance import time_said
from ui.arrange import SPRING, Column, Framed, Part, column, leaf, row, widgets_of
from ui.keyboard import Typing
from ui.layouts.answer_list import AnswerList
from ui.layouts.countdown import RunningOut
from ui.layouts.digits import NumberPad
from ui.layouts.message import Message
from ui.layouts.progress import ProgressOfPetition
from ui.layouts.receipt import Receipt
from ui.layouts.record import Record
from ui.layouts.sheet import SheetOfWords
from ui.layouts.stage import LEFT, LOW, ROOMS, Layout, MarksWords, Room, Settles, ShowsLevel, Stage, TakesKeys
from ui.layouts.type_text import TypeText
from ui.layouts.welcome import Welcome
from ui.look import Look
from ui.widgets.caption import Caption
from ui.widgets.control import Control
from ui.widgets.foot import Foot
from ui.widgets.pictures import Icon, Sheet
from ui.widgets.seal import Seal
from ui.widgets.text import Text
from ui.words import word

LAYOUTS: dict[Kind, Callable[[Stage], Layout]] = {
    Kind.WELCOME: Welcome,
    Kind.LIST: AnswerList,
    Kind.SHEET: SheetOfWords,
    Kind.RECORD: Record,
    Kind.TYPE: TypeText,
    Kind.DIGITS: NumberPad,
    Kind.RECEIPT: Receipt,
    Kind.PROGRESS: ProgressOfPetition,
    Kind.MESSAGE: Message,
    Kind.COUNTDOWN: RunningOut,
}
MOST_TITLE_LINES = 2


class Page(QWidget):
    """Everything on the glass for one screen. It is built once and then kept up to date, or thrown away whole."""

    fired = Signal(object)

    def __init__(
        self, parent: QWidget, look: Look, screen: Screen, now: Callable[[], datetime], typing: Typing
    ) -> None:
        """Build the page for a screen; `now` tells the local time for the clock."""
        super().__init__(parent)
        self.look, self.screen_shown, self._now = look, screen, now
        self.resize(look.glass.width_px, look.glass.height_px)
        self._low = screen.reach == LOW
        self._told_bottom, self._counter_top = 0, 0
        self.room = ROOMS[0]
        # Made in reading order: that is the order in which a screen reader tells them.
        self.seal = Seal(self, look, word(look.language, "seal"), round(look.em() * 1.55))
        self.service = Text(self, look, screen.service_name, bold=True)
        self.where = Text(self, look, screen.where, colour="text_soft")
        self.title = Text(self, look, screen.title, "title", bold=True)
        self.body = Text(self, look, screen.body, colour="text_soft")
        self.help_sheet = Sheet(self, look, ground="notice", edge="line")
        self.help_icon = Icon(self, look, "question", colour="on_notice")
        self.help = Text(self, look, screen.help, colour="on_notice")
        stage = Stage(paper=self, look=look, screen=screen, fired=self.fired, rearrange=self.arrange, typing=typing)
        self.layout_shown = LAYOUTS[screen.layout](stage)
        self.caption = Caption(self, look)
        self.caption.tell(screen.caption)
        # For the left hand the row begins with the last, which calls somebody: nothing may be nearer to the only hand.
        footers = screen.footer[::-1] if screen.reach == LEFT else screen.footer
        self.feet = [Foot(self, look, footer) for footer in footers]
        for foot in self.feet:
            stage.wire(foot)
        self.clock = Text(self, look, colour="text_soft")
        self.tell_time()
        self.arrange()

    # -- what changes in place -------------------------------------------------------------------------------------

    def renew(self, screen: Screen) -> None:
        """Take a screen of the same structure."""
        again = self.layout_shown.renew(screen)
        again = self.caption.tell(screen.caption) or again
        self.screen_shown = screen
        if again:
            self.arrange()

    def mark(self, start: int, length: int) -> None:
        """Mark the word being said: on the sheet where it stands there, else in the caption, which follows anyway."""
        screen, sheet = self.screen_shown, self.layout_shown
        at = start - screen.spoken_from
        there = screen.spoken_from >= 0 and 0 <= at < len(screen.text) and isinstance(sheet, MarksWords)
        if isinstance(sheet, MarksWords) and screen.spoken_from >= 0:
            sheet.mark(*((at, length) if there else (0, 0)))
        beyond = max(0, min(at, screen.caption.left_out) - 1) if screen.caption.left_out else 0
        self.caption.sentence.mark(start - beyond, 0 if there else length)

    def hear(self, level: float) -> None:
        """Show how loud it is."""
        if isinstance(self.layout_shown, ShowsLevel):
            self.layout_shown.hear(level)

    def take_key(self, event: QKeyEvent) -> bool:
        """Let the layout have a key of a real keyboard first."""
        return isinstance(self.layout_shown, TakesKeys) and self.layout_shown.take_key(event)

    def settle(self) -> None:
        """Finish what is half done: letters that are no text yet."""
        if isinstance(self.layout_shown, Settles):
            self.layout_shown.settle()

    def tell_time(self) -> None:
        """Bring the clock up to date."""
        if self.clock.change(time_said(self._now(), self.look.language).written) and self.clock.isVisibleTo(self):
            self.arrange()

    def controls(self) -> list[Control]:
        """Return what can be pressed now, in reading order: answers, then the footer."""
        shown = [c for c in self.findChildren(Control) if c.isVisibleTo(self) and c.isEnabled()]
        feet = [c for c in shown if isinstance(c, Foot)]
        return [c for c in shown if not isinstance(c, Foot)] + feet

    # -- where things stand ----------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Place every part in the most generous room in which all of them fit, and can be reached."""
        near: Plan | None = None
        for room in ROOMS:
            plan = self._plan(room)
            if plan.fits and not plan.beyond:
                break
            if plan.fits and (near is None or plan.beyond < near.beyond):
                near = plan
        else:
            plan = self._plan(near.room) if near is not None else plan  # parts are made anew: the last try changed them
        self.room = plan.room
        standing = {id(widget) for part, _ in plan.parts for widget in widgets_of(part)}
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if id(child) not in standing and not child.isHidden():
                child.hide()
        for part, box in plan.parts:
            part.place(box)
        self._told_bottom, self._counter_top = plan.told_bottom, plan.counter_top
        self.update()

    def _plan(self, room: Room) -> "Plan":
        """Return where everything stands in a room, and whether it fits."""
        look = self.look
        x, width = look.margin, self.width() - 2 * look.margin
        margin, gap = look.space("page_y"), look.space("m")
        told, counter = self._told(room), self._counter(room, width)
        told_high = told.least_height(width) if told is not None else 0
        told_bottom = told_high + 2 * gap if told is not None else 0
        heading, counter_high = self._heading(room, width), counter.least_height(width)
        heading_high = heading.least_height(width)
        counter_top = self.height() - counter_high - gap - margin
        top = told_bottom + (gap if told is not None else margin)
        y = top + heading_high + look.space(room.gap)
        left = counter_top - gap - y
        content, beyond = self._content(room, width, left, counter_top - gap - -(-self.height() // 2))
        parts = [
            (heading, QRect(x, top, width, heading_high)),
            (content, QRect(x, y, width, left)),
            (counter, QRect(x, counter_top + gap, width, counter_high)),
        ]
        if told is not None:
            parts.append((told, QRect(x, gap, width, told_high)))
        fits = content.least_height(width) <= left and self._title_fits(room, width)
        return Plan(
            room=room,
            parts=tuple(parts),
            fits=fits,
            beyond=beyond,
            told_bottom=told_bottom,
            counter_top=counter_top,
        )

    def _content(self, room: Room, width: int, height: int, reach: int) -> tuple[Part, int]:
        """Return what stands between heading and counter, and by how many pixels it can be pressed above the middle."""
        if not self._low:
            return self.layout_shown.arranged(room, width, height), 0
        parted = self.layout_shown.parted(room, width, height, reach)
        content, beyond = parted.stacked(self.look.space(room.gap)), parted.hands.least_height(width) - reach
        if room is ROOMS[-1] and content.least_height(width) > height:  # words beside answers need the least height
            return self.layout_shown.arranged(room, width, height), height - reach
        return content, max(0, beyond)

    def _title_fits(self, room: Room, width: int) -> bool:
        return room.title == "label" or self.title.lines(width, even=False).count <= MOST_TITLE_LINES

    def _heading(self, room: Room, width: int) -> Column:
        gap = self.look.space("m")
        self.title.role = room.title
        parts: list[Part] = []
        if room.header:
            names = [leaf(t) for t in (self.service, self.where) if t.text()]
            if self.look.glass.portrait and len(names) > 1:
                names = names[1:]
            parts.append(row(leaf(self.seal), *names, SPRING, leaf(self.clock), gap=gap, centred=True))
        if room.title_with_help or not self.help.text():
            parts.append(leaf(self.title) if room.header else self._title_with_header(width, gap))
        if room.body and self.layout_shown.body_in_heading and self.body.text():
            parts.append(leaf(self.body))
        if self.help.text():
            line = row(leaf(self.help_icon), leaf(self.help, 1), gap=self.look.space("s"), centred=True)
            parts.append(
                Framed(frame=self.help_sheet, inner=line, pad=self.look.space("s" if room.gap == "key" else "m"))
            )
        return column(*parts, gap=self.look.space("s"))

    def _title_with_header(self, width: int, gap: int) -> Part:
        """Return the title, and beside it as much of the header as costs it no line."""
        count = self.title.lines(width, even=False).count
        for told in ((self.where, self.clock), (self.clock,)):
            texts = [text for text in told if text.text()]
            left = width - sum(text.natural_width() + gap for text in texts)
            if texts and left > 0 and self.title.lines(left, even=False).count == count:
                return row(leaf(self.title, 1), *map(leaf, texts), gap=gap, centred=True)
        return leaf(self.title)

    def _told(self, room: Room) -> Part | None:
        """Return the caption where it stands at the top; None where it is the counter's first line."""
        return self._caption(room) if self._low and not self.look.glass.portrait else None

    def _caption(self, room: Room) -> Part:
        told = self.caption
        told.sentence.most_lines = room.caption_lines
        return row(leaf(told.disc), leaf(told.word), leaf(told.sentence, 1), gap=self.look.space("m"))

    def _counter(self, room: Room, width: int) -> Column:
        look, gap = self.look, self.look.space("m")
        line = (self._caption(room),) if self._told(room) is None else ()
        key_gap = look.space("key") if look.glass.portrait else gap
        return column(*line, self._footer(width, key_gap), gap=gap if room.gap == "m" else look.space("key"))

    def _footer(self, width: int, gap: int) -> Part:
        for foot in self.feet:
            foot.stacked = False
        beside = row(*(leaf(foot, 1) for foot in self.feet), gap=gap)
        if beside.natural_width() <= width:
            return beside
        for foot in self.feet:
            foot.stacked = True
        over = row(*(leaf(foot, 1) for foot in self.feet), gap=gap)
        if over.natural_width() <= width:
            return over
        return row(*(_Narrow(foot) for foot in self.feet), gap=gap)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (paper and counter are two rectangles)
        painter, look, top = QPainter(self), self.look, self._counter_top
        painter.fillRect(self.rect(), look.colour("bg"))
        painter.fillRect(0, top, self.width(), self.height() - top, look.colour("strip"))
        edge = "line" if look.theme == "dark" else "hair"
        painter.fillRect(0, top, self.width(), look.line("hair"), look.colour(edge))
        if told := self._told_bottom:
            painter.fillRect(0, 0, self.width(), told, look.colour("strip"))
            painter.fillRect(0, told - look.line("hair"), self.width(), look.line("hair"), look.colour(edge))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where everything would stand in one room."""

    room: Room
    parts: tuple[tuple[Part, QRect], ...]
    fits: bool
    beyond: int
    """By how many pixels something to press stands above the middle of the glass, where it should not."""
    told_bottom: int
    """Where the strip at the top ends; 0 without one."""
    counter_top: int


class _Narrow:
    """A footer button that may set its word on two lines."""

    share = 1

    def __init__(self, foot: Foot) -> None:
        self.foot = foot

    def natural_width(self) -> int:
        return self.foot.narrow_width()

    def least_height(self, width: int) -> int:
        return self.foot.least_height(width)

    def place(self, box: QRect) -> None:
        self.foot.setGeometry(box)
        self.foot.show()

    def widgets(self) -> list[Foot]:
        return [self.foot]
