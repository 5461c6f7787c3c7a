"""RECEIPT: number, query code, QR code, the seal 收到."""

from petition.screen import Screen
from ui.arrange import SPRING, Framed, Part, column, leaf, row, sharing
from ui.layouts.choices import Choices
from ui.layouts.facts import Facts
from ui.layouts.stage import Parted, Room, Stage
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
        told = {"number": slip.number, "code": slip.code} if slip else {}
        self.numbers = [
            (Text(paper, look, labels.get(role, ""), colour="text_soft"), Number(paper, look, number))
            for role, number in told.items()
            if number
        ]
        self.facts = Facts(stage, (*(slip.facts if slip else ()), *stage.screen.facts))
        self.seal = Seal(paper, look, labels.get("seal", "") or word(look.language, "received"), look.mm(34), tilt=-7)
        self.code = Code(paper, look, slip.url, look.mm(CODE_SIDES_MM[0])) if slip and slip.url else None
        self.scan = Text(paper, look, labels.get("scan", ""), colour="text_soft", centred=True)
        self.choices = Choices(stage, stage.screen.buttons, Answer)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the slip and the answers, the code as large as there is room for."""
        return self._over(room, width, height, self.choices.actions(room, width)).stacked(self.look.space(room.gap))

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:
        """Return the same, the answers within reach."""
        return self._over(room, width, height, self.choices.within(room, width, reach))

    def _over(self, room: Room, width: int, height: int, actions: Part) -> Parted:
        left = height - actions.least_height(width) - self.look.space(room.gap)
        slip = self._slip(room, self.code, width)
        if self.code is not None:
            for side in CODE_SIDES_MM:
                self.code.fit(self.look.mm(side))
                slip = self._slip(room, self.code, width)
                if slip.least_height(width) <= left:
                    break
        return Parted(words=slip, hands=actions)

    def _slip(self, room: Room, code: Code | None, width: int) -> Framed:
        look, gap, pad = self.look, self.look.space("m"), self.look.space("l" if room.gap == "m" else "m")
        facts: Part = leaf(self.seal)
        if room.whole:  # else the rest is said
            facts = row(sharing(self.facts.part(), 1), facts, gap=gap, centred=True)
        inside, between = width - 2 * pad, look.space("xl")
        scanned = (
            column(row(SPRING, leaf(code), SPRING), *((leaf(self.scan),) if self.scan.text() else ())) if code else None
        )
        beside = inside - (scanned.natural_width() + between if scanned else 0)
        blocks = [column(leaf(caption), leaf(number)) for caption, number in self.numbers]
        if look.glass.portrait:
            self._weigh_the_same(room, [inside, *[beside] * len(blocks)])
            rest = column(*blocks[1:], SPRING)
            below: Part = row(sharing(rest, 1), scanned, gap=between) if scanned else rest
            inner: Part = column(*blocks[:1], SPRING, below, SPRING, facts, SPRING, gap=look.space("s"))
        else:
            # Far from each other, so that nobody takes the two for one.
            shares = [number.natural_width() for _, number in self.numbers]
            numbers = row(*map(sharing, blocks, shares), gap=look.em("title") * 2)
            self._weigh_the_same(room, numbers.widths(beside))
            inner = column(numbers, SPRING, facts, SPRING)
            if scanned:
                inner = row(sharing(inner, 1), column(SPRING, scanned, SPRING), gap=between)
        return Framed(frame=self.sheet, inner=inner, pad=pad, share=1)

    def _weigh_the_same(self, room: Room, widths: list[int]) -> None:
        """Set all numbers in the type of the one with the least room: the number is of no use without its code."""
        numbers = [number for _, number in self.numbers]
        for number in numbers:
            number.most_px = 0 if room.whole else self.look.em("title")
        most = min((number.px_in(width) for number, width in zip(numbers, widths, strict=False)), default=0)
        for number in numbers:
            number.most_px = most

    def renew(self, screen: Screen) -> bool:
        """Take over which options are in force."""
        self.choices.choose(screen.buttons)
        return False
