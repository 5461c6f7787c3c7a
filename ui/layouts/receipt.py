"""RECEIPT: number, query code, QR code, the seal 收到."""

from petition.screen import Fact, Screen
from ui.arrange import SPRING, Framed, Part, column, leaf, row, sharing
from ui.layouts.choices import Choices
from ui.layouts.facts import Facts
from ui.layouts.stage import Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.code import Code
from ui.widgets.pictures import Sheet
from ui.widgets.seal import Seal
from ui.widgets.text import Number, Text
from ui.words import word

CODE_SIDES_MM = (82, 66, 52, 40)
"""What a telephone reads well from where one stands, down to where one holds it close."""


class Receipt:
    """The slip as it is shown: what to write down, what to scan."""

    body_in_heading = True

    def __init__(self, stage: Stage) -> None:
        """Make the slip and the answers."""
        look, paper, slip = stage.look, stage.paper, stage.screen.slip
        self.look = look
        self.sheet = Sheet(paper, look)
        labels = dict(slip.labels) if slip else {}
        self.caption = Text(paper, look, labels.get("number", ""), colour="text_soft")
        self.number = Number(paper, look, slip.number if slip else "")
        code = (Fact(name=labels.get("code", ""), value=slip.code),) if slip and slip.code else ()
        self.facts = Facts(stage, (*code, *(slip.facts if slip else ()), *stage.screen.facts))
        self.seal = Seal(paper, look, labels.get("seal", "") or word(look.language, "received"), look.mm(34), tilt=-7)
        self.code = Code(paper, look, slip.url, look.mm(CODE_SIDES_MM[0])) if slip and slip.url else None
        self.scan = Text(paper, look, labels.get("scan", ""), colour="text_soft", centred=True)
        self.choices = Choices(stage, stage.screen.buttons, Answer)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the slip and the answers, the code as large as there is room for."""
        actions = self.choices.actions(room, width)
        left = height - actions.least_height(width) - self.look.space(room.gap)
        slip = self._slip(room, self.code)
        if self.code is not None:
            for side in CODE_SIDES_MM:
                self.code.fit(self.look.mm(side))
                slip = self._slip(room, self.code)
                if slip.least_height(width) <= left:
                    break
        return column(slip, actions, gap=self.look.space(room.gap))

    def _slip(self, room: Room, code: Code | None) -> Framed:
        gap, pad = self.look.space("m"), self.look.space("l" if room.gap == "m" else "m")
        shown = slice(None) if room.whole else slice(1)  # the rest is said
        facts = row(sharing(self.facts.part(shown=shown), 1), leaf(self.seal), gap=gap, centred=True)
        smaller = 0 if room.whole else round(self.look.em("title") * self.look.line_height("number"))
        number = (leaf(self.caption), leaf(self.number, 3 if smaller else 0, paged=smaller))
        scan = (leaf(self.scan),) if self.scan.text() else ()
        if code is None:
            inner: Part = column(*number, SPRING, facts, SPRING)
        elif self.look.glass.portrait:
            middle = row(SPRING, leaf(code), SPRING)
            inner = column(*number, facts, SPRING, middle, *scan, SPRING, gap=self.look.space("s"))
        else:
            right = column(SPRING, row(SPRING, leaf(code), SPRING), *scan, SPRING)
            left = column(*number, SPRING, facts, SPRING)
            inner = row(sharing(left, 1), right, gap=self.look.space("xl"))
        return Framed(frame=self.sheet, inner=inner, pad=pad, share=1)

    def renew(self, screen: Screen) -> bool:
        """Take over which options are in force."""
        self.choices.choose(screen.buttons)
        return False
