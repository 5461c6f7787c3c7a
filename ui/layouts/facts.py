"""Lines of name and value."""

from petition.screen import Fact
from ui.arrange import Column, column, leaf, row
from ui.layouts.stage import Stage
from ui.widgets.text import Text


class Named(Text):
    """The name in front of a value: as wide as the widest of its neighbours."""

    column_width = 0

    def own_width(self) -> int:
        """Return the width it needs itself."""
        return super().natural_width()

    def natural_width(self) -> int:
        return max(self.column_width, super().natural_width())


class Facts:
    """Names in one column, values in another."""

    def __init__(self, stage: Stage, facts: tuple[Fact, ...]) -> None:
        """Make the texts."""
        self.look = stage.look
        self.names = [Named(stage.paper, stage.look, fact.name, colour="text_soft") for fact in facts]
        self.values = [Text(stage.paper, stage.look, fact.value, bold=True) for fact in facts]

    def part(self, *, above: bool = False, shown: slice = slice(None)) -> Column:
        """Return the lines; `above` puts each name over its value."""
        pairs = list(zip(self.names, self.values, strict=True))[shown]
        if above:
            return column(*(column(leaf(n), leaf(v)) for n, v in pairs), gap=self.look.space("s"))
        widest = max((name.own_width() for name, _ in pairs), default=0)
        for name, _ in pairs:
            name.column_width = widest
        gap = self.look.space("l")
        return column(*(row(leaf(n), leaf(v, 1), gap=gap) for n, v in pairs), gap=self.look.space("hair"))
