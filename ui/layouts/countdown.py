"""COUNTDOWN: seconds that run out, with the way to stop them."""

from petition.screen import Screen
from ui.arrange import SPRING, Framed, Part, column, leaf, row, sharing
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.countdown import Countdown
from ui.widgets.pictures import Sheet
from ui.widgets.text import Text

SIDES_MM = (86, 66, 50)
ROLES = ("live", "label", "body")


class RunningOut:
    """A ring that empties, calmly, beside what happens then."""

    body_in_heading = False

    def __init__(self, stage: Stage) -> None:
        """Make ring, words and answers."""
        look, paper, screen = stage.look, stage.paper, stage.screen
        self.look = look
        self.sheet = Sheet(paper, look)
        left, total = screen.seconds_left, screen.seconds_total
        self.ring = Countdown(paper, look, left, total, look.mm(SIDES_MM[0]))
        self.body = Text(paper, look, screen.body, "live")
        self.choices = Choices(stage, screen.buttons, Answer)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the largest ring and words that fit, and the answers under them."""
        return self._over(room, width, height, self.choices.actions(room, width)).stacked(self.look.space(room.gap))

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:
        """Return the same, the answers within reach."""
        return self._over(room, width, height, self.choices.within(room, width, reach))

    def _over(self, room: Room, width: int, height: int, actions: Part) -> Parted:
        left = height - actions.least_height(width) - self.look.space(room.gap)
        for role in ROLES:
            for side in SIDES_MM:
                sheet = self._sheet(room, side, role)
                if sheet.least_height(width) <= left:
                    return Parted(words=sheet, hands=actions)
        return Parted(words=self._sheet(room, SIDES_MM[-1], ROLES[-1]), hands=actions)

    def _sheet(self, room: Room, side_mm: int, role: str) -> Framed:
        self.body.role, self.body.centred, ring = role, self.look.glass.portrait, self.ring
        side = self.look.mm(side_mm * (1.3 if self.look.glass.portrait else 1))
        ring.become(side, side)
        if self.look.glass.portrait:
            inner: Part = column(
                SPRING, row(SPRING, leaf(ring), SPRING), leaf(self.body), SPRING, gap=self.look.space("xl")
            )
        else:
            words = column(SPRING, leaf(self.body), SPRING)
            inner = row(column(SPRING, leaf(ring), SPRING), sharing(words, 1), gap=self.look.space("page_x"))
        return Framed(frame=self.sheet, inner=inner, pad=self.look.space("xl" if room.header else "l"), share=1)

    def renew(self, screen: Screen) -> bool:
        """Take over the seconds."""
        self.ring.change(screen.seconds_left, screen.seconds_total)
        self.choices.choose(screen.buttons)
        return self.body.change(screen.body)
