"""LIST: a question and its answers, as tiles where every answer has a picture, else in one or two columns."""

from petition.events import ChoicePressed
from petition.screen import Button, Screen
from ui.arrange import SPRING, Cells, Exactly, Part, column, sharing
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage, in_fewer_words
from ui.look import sizes, themes
from ui.widgets.answer import Answer, Tile

TILES_IN_A_ROW = {2: 2, 3: 3, 4: 4, 6: 3}
TALLEST_TILE_MM, TALLEST_ROW_MM, TALLEST_ROW_UPRIGHT_MM = 150, 50, 72

FEW = 3
"""So many answers stand one below the other."""


class AnswerList:
    """Answers below the title. A primary answer that ends the list (就这样) stands apart at the bottom."""

    body_in_heading = True

    def __init__(self, stage: Stage) -> None:
        """Make the answers."""
        self.look = stage.look
        buttons = stage.screen.buttons
        ends = len(buttons) > 2 and buttons[-1].primary
        rated = [b for b in buttons if b.face is not None]
        split = len(rated) if rated else len(buttons) - ends
        self._split = split
        picture_book = bool(rated) or _is_picture_book(buttons[:split])
        landscape_tiles = picture_book and (bool(rated) or not stage.look.glass.portrait)
        self.tiles = Choices(stage, buttons[:split], Tile) if landscape_tiles else None
        self.rows = Choices(stage, buttons[:split], Answer)
        _show_themselves(self.rows.answers)
        self.last = Choices(stage, buttons[split:], Answer)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the answers, growing with the room up to a size that is still a button."""
        gap = self.look.space(room.gap)
        below = self.last.actions(room, width) if self.last.answers else None
        left = height - (below.least_height(width) + gap if below else 0)
        above = self._above(room, width, left)
        if self.look.glass.portrait:  # answers stand above the counter, where hands are
            high = min(left, self._high(room, above, width))
            above = column(SPRING, Exactly(inner=above, high=high), share=1)
        if below is None:
            return above
        return column(sharing(above, 1), below, gap=gap)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:  # noqa: ARG002 (no words but the title)
        """Return the answers in the lowest room there is for them."""
        for fewer in in_fewer_words(room):
            hands = self._low(fewer, width, reach)
            if hands.least_height(width) <= reach:
                break
        return Parted(words=SPRING, hands=hands)

    def _low(self, room: Room, width: int, reach: int) -> Part:
        gap = self.look.space(room.gap)
        below = self.last.within(room, width, reach) if self.last.answers else None
        left = reach - (below.least_height(width) + gap if below else 0)
        above = self._above(room, width, left, more=(3, 4))
        high = min(left, self._high(room, above, width))
        hands = Exactly(inner=above, high=high)
        return hands if below is None else column(hands, below, gap=gap)

    def _high(self, room: Room, above: Part, width: int) -> int:
        """Return how high the answers may grow before they are no buttons any more."""
        if not isinstance(above, Cells):
            return above.least_height(width)
        tallest = self.look.mm(TALLEST_TILE_MM * 2 // 3 if above.columns > 1 else TALLEST_ROW_UPRIGHT_MM)
        if above.most:
            tallest = min(tallest, above.most)
        rows, gap = len(above.rows()), self.look.space(room.gap)
        return max(above.least_height(width), rows * tallest + (rows - 1) * gap)

    def _above(self, room: Room, width: int, height: int, *, more: tuple[int, ...] = ()) -> Part:
        """Return the answers as tiles or rows; `more` are numbers of columns that may be tried after the usual ones."""
        if self.tiles is not None:
            count = len(self.tiles.answers)
            wide = 2 if self.look.glass.portrait else TILES_IN_A_ROW.get(count, min(count, 5))
            for large in (True, False):
                grid = self.tiles.grid(room, wide, most=self.look.mm(TALLEST_TILE_MM), large=large)
                if grid.least_height(width) <= height and grid.natural_width() <= width:
                    return grid
        few = len(self.rows.answers) <= FEW
        columns: tuple[int, ...] = (1, 2) if few or self.look.glass.portrait else (2, 1, 3)
        most = TALLEST_ROW_UPRIGHT_MM if self.look.glass.portrait else TALLEST_ROW_MM
        columns += tuple(n for n in more if n not in columns)
        return self.rows.best(room, width, height, columns, most=self.look.mm(most))

    def renew(self, screen: Screen) -> bool:
        """Take over which options are in force."""
        if self.tiles is not None:
            self.tiles.choose(screen.buttons[: self._split])
        self.rows.choose(screen.buttons[: self._split])
        self.last.choose(screen.buttons[self._split :])
        return False


def _show_themselves(answers: list[Answer]) -> None:
    """Let sizes of text and themes be seen before they are chosen."""
    options = {a.act.choice_id: a for a in answers if a.option and isinstance(a.act, ChoicePressed)}
    for name, answer in options.items():
        if set(options) <= set(sizes()):
            answer.show_size(name)
        elif set(options) <= set(themes()):
            answer.show_theme(name)


def _is_picture_book(buttons: tuple[Button, ...]) -> bool:
    return len(buttons) in TILES_IN_A_ROW and all(b.icon and b.chosen is None for b in buttons)
