"""One page: paper with heading and answers, above the counter with caption and footer.

Where hands can't reach high (`Screen.reach` is "low"), everything that can be pressed stands in the lower half of the
glass, words above it. A lying glass is not high enough for keys and caption there, so the caption goes to the top.

Who is signed in stands on a strip at the top, whatever else steps back.

That a camera looks stands in the header; where the header steps back, beside the title, or with the caption.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from petition.ports import Viewfinder
from petition.screen import Screen
from petition.steps import Layout as Kind
from petition.utterance import time_said
from ui.arrange import SPRING, Column, Framed, Part, Row, Space, column, leaf, row, widgets_of
from ui.keyboard import Typing
from ui.layouts.answer_list import AnswerList
from ui.layouts.countdown import RunningOut
from ui.layouts.digits import NumberPad
from ui.layouts.message import Message
from ui.layouts.photograph import BeforeTheCamera, PictureTaken
from ui.layouts.pictures import pictures_to_choose
from ui.layouts.progress import ProgressOfPetition
from ui.layouts.receipt import Receipt
from ui.layouts.record import Record
from ui.layouts.sheet import SheetOfWords
from ui.layouts.sign import SignHere
from ui.layouts.stage import (
    LEFT,
    LOW,
    ROOMS,
    Forgets,
    Layout,
    MarksWords,
    Room,
    Settles,
    ShowsLevel,
    ShowsPictures,
    Stage,
    TakesKeys,
)
from ui.layouts.type_text import TypeText
from ui.layouts.welcome import Welcome
from ui.look import Look
from ui.widgets.agent import Agent
from ui.widgets.alarm import kept_clear, narrow_edge, wide_edge
from ui.widgets.camera import Camera
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
    Kind.CAMERA: BeforeTheCamera,
    Kind.PICTURE: PictureTaken,
    Kind.PICTURES: pictures_to_choose,
    Kind.SIGN: SignHere,
    Kind.COUNTDOWN: RunningOut,
}
MOST_TITLE_LINES = 2
LEAST_SAID_EM, LEAST_SAID_ON_ONE_LINE_EM = 8, 16
"""What is said keeps so much room beside the sign of a camera, or the sign gets a line of its own."""


class Page(QWidget):
    """Everything on the glass for one screen. It is built once and then kept up to date, or thrown away whole."""

    fired = Signal(object)
    arranged = Signal()
    """Everything stands where it will, and `edge` tells how much of its margin is free."""

    def __init__(
        self,
        parent: QWidget,
        look: Look,
        screen: Screen,
        now: Callable[[], datetime],
        typing: Typing,
        viewfinder: Viewfinder,
    ) -> None:
        """Build the page for a screen; `now` tells the local time for the clock, pictures come from `viewfinder`."""
        super().__init__(parent)
        self.look, self.screen_shown, self._now = look, screen, now
        self.resize(look.glass.width_px, look.glass.height_px)
        self._low = screen.reach == LOW
        self._strip_bottom, self._told_bottom, self._counter_top = 0, 0, 0
        self.edge = narrow_edge(look)
        """Nothing stands so near to the edge of the glass, in pixels, and no focus ring: the alarm may."""
        self.room = ROOMS[0]
        # Made in reading order: that is the order in which a screen reader tells them.
        self.agent = Agent(self, look, screen.agent)
        self.seal = Seal(self, look, word(look.language, "seal"), round(look.em() * 1.55))
        self.service = Text(self, look, screen.service_name, bold=True)
        self.where = Text(self, look, screen.where, colour="text_soft")
        self.camera = Camera(self, look, screen.camera)
        self.title = Text(self, look, screen.title, "title", bold=True)
        self.body = Text(self, look, screen.body, colour="text_soft")
        self.help_sheet = Sheet(self, look, ground="notice", edge="line")
        self.help_icon = Icon(self, look, "question", colour="on_notice")
        self.help = Text(self, look, screen.help, colour="on_notice")
        stage = Stage(
            paper=self,
            look=look,
            screen=screen,
            fired=self.fired,
            rearrange=self.arrange,
            typing=typing,
            viewfinder=viewfinder,
        )
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
        again = self.camera.tell(screen.camera) or again
        again = self.agent.tell(screen.agent) or again
        again = screen.alarm is not self.screen_shown.alarm or again
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

    def look_on(self, *, seen: bool) -> None:
        """Say whether the page can be seen: nobody asks for pictures that nobody sees."""
        if isinstance(self.layout_shown, ShowsPictures):
            self.layout_shown.look_on(seen=seen)

    def forget(self) -> None:
        """Let go of pictures and of what was drawn: the page is thrown away, and may be collected much later."""
        if isinstance(self.layout_shown, Forgets):
            self.layout_shown.forget()

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
        """Place every part in the most generous room in which all of them fit, and can be reached.

        An alarm gets a wide margin where nothing steps back for it.
        """
        plan = self._best()
        self.edge = narrow_edge(self.look)
        if self.screen_shown.alarm:
            within = self._best(kept_clear(self.look))
            if (within.room, within.fits, within.beyond) == (plan.room, plan.fits, plan.beyond):
                plan, self.edge = within, wide_edge(self.look)
            else:
                plan = self._best()  # parts are made anew: the other try changed them
        self.room = plan.room
        standing = {id(widget) for part, _ in plan.parts for widget in widgets_of(part)}
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if id(child) not in standing and not child.isHidden():
                child.hide()
        for part, box in plan.parts:
            part.place(box)
        self.camera.name_picture()
        self._strip_bottom, self._told_bottom = plan.strip_bottom, plan.told_bottom
        self._counter_top = plan.counter_top
        self.update()
        self.arranged.emit()

    def _best(self, clear: int = 0) -> "Plan":
        """Return the plan for the most generous room, with at least so many pixels free above and below."""
        near: Plan | None = None
        for room in ROOMS:
            plan = self._plan(room, clear)
            if plan.fits and not plan.beyond:
                return plan
            if plan.fits and (near is None or plan.beyond < near.beyond):
                near = plan
        # Parts are made anew: the last try changed them.
        return self._plan(near.room, clear) if near is not None else plan

    def _plan(self, room: Room, clear: int) -> "Plan":
        """Return where everything stands in a room, and whether it fits."""
        look, x = self.look, self.look.margin
        width, gap = self.width() - 2 * x, look.space("m")
        strip, strip_top, strip_bottom = self._strip(width, clear)
        margin = max(look.space("page_y"), clear)
        told_top = strip_bottom + gap if strip is not None else max(gap, clear)
        heading, signed = self._heading(room, width)
        told, counter = self._told(room, width, signed=signed), self._counter(room, width, signed=signed)
        told_high = told.least_height(width) if told is not None else 0
        told_bottom = told_top + told_high + gap if told is not None else 0
        counter_high = counter.least_height(width)
        heading_high = heading.least_height(width)
        counter_top = self.height() - counter_high - gap - margin
        top = (told_bottom or strip_bottom) + (gap if told is not None or strip is not None else margin)
        y = top + heading_high + look.space(room.gap)
        left = counter_top - gap - y
        content, beyond = self._content(room, width, left, counter_top - gap - -(-self.height() // 2))
        parts = [
            (heading, QRect(x, top, width, heading_high)),
            (content, QRect(x, y, width, left)),
            (counter, QRect(x, counter_top + gap, width, counter_high)),
        ]
        if told is not None:
            parts.append((told, QRect(x, told_top, width, told_high)))
        if strip is not None:
            parts.append((strip, QRect(x, strip_top, width, strip.least_height(width))))
        fits = content.least_height(width) <= left and self._title_fits(room, width)
        return Plan(
            room=room,
            parts=tuple(parts),
            fits=fits,
            beyond=beyond,
            strip_bottom=strip_bottom,
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

    def _heading(self, room: Room, width: int) -> tuple[Column, bool]:
        """Return what stands above the content, and whether it tells that a camera looks, where one does."""
        gap = self.look.space("m")
        self.title.role = room.title
        parts: list[Part] = []
        signed = room.header or not self.camera.looks
        if room.header:
            parts += self._header(width, gap)
        if room.title_with_help or not self.help.text():
            title, beside = (leaf(self.title), False) if room.header else self._title_with_header(width, gap)
            parts.append(title)
            signed = signed or beside
        if room.body and self.layout_shown.body_in_heading and self.body.text():
            parts.append(leaf(self.body))
        if self.help.text():
            line = row(leaf(self.help_icon), leaf(self.help, 1), gap=self.look.space("s"), centred=True)
            parts.append(
                Framed(frame=self.help_sheet, inner=line, pad=self.look.space("s" if room.gap == "key" else "m"))
            )
        return column(*parts, gap=self.look.space("s")), signed

    def _header(self, width: int, gap: int) -> list[Part]:
        """Return the first line; that a camera looks takes the names' place, or a line of its own."""
        names = [leaf(t) for t in (self.service, self.where) if t.text()]
        if self.look.glass.portrait and len(names) > 1:
            names = names[1:]
        sign = (Space(), self.camera.part(), Space()) if self.camera.looks else ()  # twice the gap to its neighbours

        def line(names: Sequence[Part], sign: Sequence[Part]) -> Row:
            return row(leaf(self.seal), *names, SPRING, *sign, leaf(self.clock), gap=gap, centred=True)

        for shown in (names, names[1:], names[2:]) if sign else ():
            if (found := line(shown, sign)).natural_width() <= width:
                return [found]
        return [line(names, ()), *((self.camera.part(share=1),) if sign else ())]

    def _title_with_header(self, width: int, gap: int) -> tuple[Part, bool]:
        """Return the title with as much of the header as costs it no line, and whether a camera's sign is in it."""
        count = self.title.lines(width, even=False).count
        texts = [leaf(text) for text in (self.where, self.clock) if text.text()]
        told: list[tuple[Sequence[Part], bool]] = [(texts, False), (texts[-1:], False)]
        if self.camera.looks:
            sign, apart = self.camera.part(), Space()
            with_clock = (apart, sign, apart, *texts[-1:])
            told = [((*texts[:-1], *with_clock), True), (with_clock, True), ((sign,), True), *told]
        for parts, signed in told:
            left = width - sum(part.natural_width() + gap for part in parts)
            if parts and left > 0 and self.title.lines(left, even=False).count == count:
                return row(leaf(self.title, 1), *parts, gap=gap, centred=True), signed
        return leaf(self.title), False

    def _strip(self, width: int, clear: int) -> tuple[Part | None, int, int]:
        """Return who is signed in, and where the strip's words begin and it ends; None and nought for nobody."""
        if not self.agent.there:
            return None, 0, 0
        pad = self.look.space("s")
        top = max(pad, clear, self.edge if self.screen_shown.alarm else 0)
        part = self.agent.part()
        return part, top, top + part.least_height(width) + pad

    def _told(self, room: Room, width: int, *, signed: bool) -> Part | None:
        """Return the caption where it stands at the top; None where it is the counter's first line."""
        return self._caption(room, width, signed=signed) if self._low and not self.look.glass.portrait else None

    def _caption(self, room: Room, width: int, *, signed: bool) -> Part:
        """Return what is done and said; unless it is signed elsewhere, with the sign that a camera looks."""
        told, gap = self.caption, self.look.space("m")
        told.sentence.most_lines = room.caption_lines
        disc, word, sentence = leaf(told.disc), leaf(told.word), leaf(told.sentence, 1)
        if signed:
            return row(disc, word, sentence, gap=gap)
        sign = self.camera.part()
        under = row(disc, column(word, sign), sentence, gap=gap)
        beside = row(disc, word, sign, sentence, gap=gap)
        tried = [(beside, LEAST_SAID_ON_ONE_LINE_EM)] if room.caption_lines == 1 else []
        for line, least in [*tried, (under, LEAST_SAID_EM)]:
            if line.widths(width)[-1] >= least * self.look.em():
                return line
        if not room.body:  # in the tightest rooms its picture must do
            return row(disc, leaf(self.camera.lens), word, sentence, gap=gap)
        return column(self.camera.part(share=1), row(disc, word, sentence, gap=gap))

    def _counter(self, room: Room, width: int, *, signed: bool) -> Column:
        look, gap = self.look, self.look.space("m")
        above = self._low and not look.glass.portrait
        line = () if above else (self._caption(room, width, signed=signed),)
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
        if strip := self._strip_bottom:
            painter.fillRect(0, 0, self.width(), strip, look.colour("chosen"))
            painter.fillRect(0, strip - look.line("control"), self.width(), look.line("control"), look.colour("badge"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where everything would stand in one room."""

    room: Room
    parts: tuple[tuple[Part, QRect], ...]
    fits: bool
    beyond: int
    """By how many pixels something to press stands above the middle of the glass, where it should not."""
    strip_bottom: int
    """Where the strip ends that says who is signed in; 0 without one."""
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
