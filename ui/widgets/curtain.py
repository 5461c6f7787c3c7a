"""The curtain: an opaque sheet over the whole glass, for who listens and wants nobody to read along.

It shows nothing that anybody said, chose or was told: that the screen is covered, whether the microphone is open and a
camera looks, the seconds of the idle warning, and the one button that opens it. The page stays where it is, beneath.
"""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from petition.events import CommandGiven
from petition.screen import Button, Screen
from petition.screen import Curtain as Told
from petition.steps import Command, Layout
from ui.arrange import SPRING, Exactly, Part, column, leaf, row, widgets_of
from ui.look import Look
from ui.widgets.alarm import kept_clear
from ui.widgets.answer import Answer
from ui.widgets.camera import Camera
from ui.widgets.caption import Signs
from ui.widgets.countdown import Countdown
from ui.widgets.focus_ring import FocusRing
from ui.widgets.pictures import Medallion
from ui.widgets.text import Text

COVERED = "eye-slash"
PICTURE_MM, RING_MM = (64, 44, 28), (96, 84, 72)
ROLES = ("title", "label", "body")
BUTTON_MM, BUTTON_WIDE_MM = 34, 250


class Curtain(QWidget):
    """The sheet, its button, and what may be seen by everybody."""

    fired = Signal(object)

    def __init__(self, parent: QWidget, look: Look, told: Told) -> None:
        """Cover the parent."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # Qt paints nothing of what lies beneath
        self.look, self.told = look, told
        self._strip_top = 0
        self._warning = self._alarm = False
        self.picture = Medallion(self, look, COVERED, look.mm(PICTURE_MM[0]), ground="strip", ink="text_soft")
        self.words = Text(self, look, told.text, centred=True)
        self.seconds = Countdown(self, look, 0, 1, look.mm(RING_MM[0]))
        self.title = Text(self, look, bold=True, centred=True)
        self.body = Text(self, look, centred=True)
        self.button = Answer(self, look, Button(id="", label=told.label, icon=told.icon, primary=True))
        self.button.act = CommandGiven(command=Command.SHOW_SCREEN)
        self.button.large = self.button.centred = True
        self.button.fired.connect(self.fired)
        self.signs = Signs(self, look)
        self.word = Text(self, look, bold=True)
        self.ear = Text(self, look)
        for text in (self.word, self.ear):
            text.middle = True
        self.camera = Camera(self, look, "")
        self.ring = FocusRing(self, look)
        self.setGeometry(parent.rect())

    def suits(self, look: Look, told: Told) -> bool:
        """Whether it is the curtain for this look and these words."""
        return (self.look, self.told) == (look, told)

    def tell(self, screen: Screen) -> None:
        """Show what the caption says of itself, but not what it says; and of an idle warning all there is."""
        caption, self._warning = screen.caption, screen.layout is Layout.COUNTDOWN
        self.signs.state, self.signs.listening = caption.state, caption.listening
        self.signs.update()
        self.word.change(caption.word)
        self.ear.change(caption.ear)
        self.camera.tell(screen.camera)
        self._alarm = screen.alarm
        if self._warning:
            self.seconds.change(screen.seconds_left, screen.seconds_total)
        self.title.change(screen.title if self._warning else "")
        self.body.change(screen.body if self._warning else "")
        self.arrange()

    def arrange(self) -> None:
        """Place everything, picture and words as large as there is room for; the button stands low, for every hand."""
        look, x = self.look, self.look.margin
        width, gap = self.width() - 2 * x, look.space("m")
        edge = max(look.space("page_y"), kept_clear(look) if self._alarm else 0)
        counter = self._counter(width, gap)
        counter_high = counter.least_height(width)
        self._strip_top = self.height() - counter_high - gap - edge
        opener = Exactly(inner=leaf(self.button, 1), high=look.mm(BUTTON_MM))
        wide = min(width, look.mm(BUTTON_WIDE_MM))
        opener_high = opener.least_height(wide)
        opener_top = self._strip_top - look.space("l") - opener_high
        above = self._above(width, opener_top - look.space("l") - edge)
        standing = {id(widget) for part in (counter, above) for widget in widgets_of(part)} | {id(self.button)}
        for widget in (self.picture, self.words, self.seconds, self.title, self.body, *self.camera.widgets):
            if id(widget) not in standing:
                widget.hide()
        above.place(QRect(x, edge, width, opener_top - look.space("l") - edge))
        opener.place(QRect((self.width() - wide) // 2, opener_top, wide, opener_high))
        counter.place(QRect(x, self._strip_top + gap, width, counter_high))
        self.update()

    def _counter(self, width: int, gap: int) -> Part:
        """Return what the kiosk is doing, the ear, and whether a camera looks: on one line, if that can be."""
        parts = (leaf(self.signs), leaf(self.word), leaf(self.ear, 1))
        if not self.camera.looks:
            return row(*parts, gap=gap)
        line = row(*parts, self.camera.part(), gap=gap)
        if line.natural_width() <= width:
            return line
        return column(self.camera.part(share=1), row(*parts, gap=gap), gap=self.look.space("s"))

    def _above(self, width: int, height: int) -> Part:
        """Return the largest picture and words that fit."""
        for role, picture_mm, ring_mm in zip(ROLES, PICTURE_MM, RING_MM, strict=True):
            part = self._told(role, self.look.mm(ring_mm if self._warning else picture_mm))
            if part.least_height(width) <= height:
                break
        return part

    def _told(self, role: str, side: int) -> Part:
        self.words.role = self.title.role = role
        self.body.role = "body" if role == "body" else "label"
        picture = self.seconds if self._warning else self.picture
        picture.become(side, side)
        words = (leaf(self.title), leaf(self.body)) if self._warning else (leaf(self.words),)
        return column(
            SPRING,
            row(SPRING, leaf(picture), SPRING),
            column(*words, gap=self.look.space("s")),
            SPRING,
            gap=self.look.space("l"),
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (paper and counter are two rectangles)
        painter, look, top = QPainter(self), self.look, self._strip_top
        painter.fillRect(self.rect(), look.colour("bg"))
        painter.fillRect(0, top, self.width(), self.height() - top, look.colour("strip"))
        edge = "line" if look.theme == "dark" else "hair"
        painter.fillRect(0, top, self.width(), look.line("hair"), look.colour(edge))
