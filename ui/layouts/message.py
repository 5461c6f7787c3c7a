"""MESSAGE: one picture and a few words: a fault, a call, an end."""

from petition.screen import Screen
from ui.arrange import SPRING, Framed, Part, column, leaf, row, sharing
from ui.layouts.choices import Choices
from ui.layouts.facts import Facts
from ui.layouts.stage import Parted, Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.pictures import Medallion, Rule, Sheet
from ui.widgets.text import Text

GOING_OUT = frozenset({"bell-ringing"})
"""Pictures with rings around them: something goes out from here."""
TROUBLE = frozenset(
    {"warning", "wifi-slash", "printer", "cloud-slash", "question", "microphone", "speaker-none", "camera-slash"}
)
"""Pictures on the quiet warning colour."""
SIDES_MM = (64, 48, 36)
ROLES = ("live", "label", "body")


class Message:
    """What happened, what it means, what can be done now."""

    body_in_heading = False

    def __init__(self, stage: Stage) -> None:
        """Make picture, words and answers."""
        look, paper, screen = stage.look, stage.paper, stage.screen
        self.look = look
        self.sheet = Sheet(paper, look)
        self.picture = self._picture(stage, look.mm(SIDES_MM[0])) if screen.icon else None
        self.body = Text(paper, look, screen.body, "live")
        self.rule = Rule(paper, look)
        self.facts = Facts(stage, screen.facts)
        self.choices = Choices(stage, screen.buttons, Answer)

    def _picture(self, stage: Stage, side: int) -> Medallion:
        icon = stage.screen.icon
        if icon in GOING_OUT:
            return Medallion(stage.paper, stage.look, icon, side, rings=True)
        ground, ink = ("notice", "on_notice") if icon in TROUBLE else ("badge", "on_badge")
        return Medallion(stage.paper, stage.look, icon, side, ground=ground, ink=ink)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the largest picture and words that fit, and the answers under them."""
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
        return Parted(words=self._sheet(room, 0, ROLES[-1]), hands=actions)

    def _sheet(self, room: Room, side_mm: int, role: str) -> Framed:
        picture = self.picture if side_mm else None
        if picture is not None:
            side = self.look.mm(side_mm * (1.2 if picture.rings else 1) * (1.4 if self.look.glass.portrait else 1))
            picture.become(side, side)
        self.body.role, self.body.centred = role, self.look.glass.portrait
        gap = self.look.space("m")
        facts = (leaf(self.rule), self.facts.part()) if self.facts.names else ()
        words = column(SPRING, leaf(self.body), *facts, SPRING, gap=gap)
        pad = self.look.space("xl" if room.header else "l")
        if picture is None:
            inner: Part = words
        elif self.look.glass.portrait:
            centred = row(SPRING, leaf(picture), SPRING)
            inner = column(SPRING, centred, leaf(self.body), *facts, SPRING, gap=self.look.space("xl"))
        else:
            inner = row(column(SPRING, leaf(picture), SPRING), sharing(words, 1), gap=self.look.space("page_x"))
        return Framed(frame=self.sheet, inner=inner, pad=pad, share=1)

    def renew(self, screen: Screen) -> bool:
        """Take over which options are in force."""
        self.choices.choose(screen.buttons)
        return self.body.change(screen.body)
