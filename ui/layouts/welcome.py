"""WELCOME: one large tile and a column of others."""

from petition.screen import Screen
from ui.arrange import SPRING, Cells, Exactly, Part, abreast, column, leaf, sharing
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage, in_fewer_words
from ui.widgets.answer import Answer
from ui.widgets.hero import Hero

ROOMY_ROW_MM = 36


class Welcome:
    """What can be done here. The first answer is the tile."""

    body_in_heading = True

    def __init__(self, stage: Stage) -> None:
        """Make the tile and the others."""
        self.look, self.left = stage.look, stage.left
        self.hero = Choices(stage, stage.screen.buttons[:1], Hero)
        self.others = Choices(stage, stage.screen.buttons[1:], Answer)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return tile and others: side by side, or one above the other.

        For the left hand the others come to the left: they are small, and must be met. The tile is so large that its
        nearer edge is enough.
        """
        gap = self.look.space(room.gap)
        if not self.hero.answers:
            return SPRING
        hero = self.hero.answers[0]
        if self.look.glass.portrait:
            left = height - hero.least_height(width) - gap
            others = self.others.best(room, width, left, (1, 2))
            rows = -(-len(self.others.answers) // (others.columns if isinstance(others, Cells) else 1))
            roomy = rows * self.look.mm(ROOMY_ROW_MM) + (rows - 1) * gap
            return column(leaf(hero, 1), Exactly(inner=others, high=min(left, height // 2, roomy)), gap=gap)
        side = (width - gap) * 10 // 21
        others = self.others.best(room, side, height, (1, 2))
        return abreast(leaf(hero, 11), sharing(others, 10), gap=gap, turned=self.left)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:  # noqa: ARG002 (no words but the title)
        """Return tile and others in the lowest room there is for them."""
        for fewer in in_fewer_words(room):
            self.hero.suit(fewer)
            hands = self.arranged(fewer, width, reach)
            if hands.least_height(width) <= reach:
                break
        return Parted(words=SPRING, hands=Exactly(inner=hands, high=reach))

    def renew(self, screen: Screen) -> bool:
        """Take over which options are in force."""
        self.hero.choose(screen.buttons[:1])
        self.others.choose(screen.buttons[1:])
        return False
