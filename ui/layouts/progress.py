"""PROGRESS: the five stages, who is responsible, by when."""

from petition.screen import Screen
from ui.arrange import SPRING, Framed, Part, abreast, column, leaf, row, sharing
from ui.layouts.choices import Choices, Pager
from ui.layouts.facts import Facts
from ui.layouts.stage import Parted, Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.pictures import Sheet
from ui.widgets.timeline import Timeline


class ProgressOfPetition:
    """The timeline runs across where there is width, downwards where there is height; facts stand on a sheet."""

    body_in_heading = True

    def __init__(self, stage: Stage) -> None:
        """Make timeline, facts and answers."""
        look, paper, screen = stage.look, stage.paper, stage.screen
        self.look, self.left = look, stage.left
        self.timeline = Timeline(paper, look, screen.stops)
        self.sheet = Sheet(paper, look)
        self.facts = Facts(stage, screen.facts)
        self.choices = Choices(stage, screen.buttons, Answer)
        self.pager = Pager(stage)
        self.timeline.setVisible(False)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the first of: across with facts under it, upright beside the facts, facts page by page."""
        gap = self.look.space(room.gap)
        actions = self.choices.actions(room, width)
        across = self._across(room, width, height - actions.least_height(width) - gap)
        if across is not None:
            return column(sharing(across, 1), actions, gap=gap)
        return self._beside(room, width, height, gap)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:
        """Return the same with all answers, and the keys that turn to the next fact, under what is read."""
        gap = self.look.space(room.gap)
        actions = self.choices.within(room, width, reach)
        left = height - actions.least_height(width) - gap
        across = self._across(room, width, left)
        if across is not None:
            return Parted(words=across, hands=actions)
        between = self.look.space("l")
        line = min(self.timeline.natural_width(), (width - between) * 11 // 20)
        side = width - between - line
        facts: Part = self._all_facts(side) if self.facts.names else SPRING
        if self.facts.names and not room.whole and facts.least_height(side) > left:
            keys = self.pager.part(self.look.space("key"))
            actions = self.choices.within(room, width, reach - keys.least_height(width) - gap)
            facts, actions = self._one_fact(keys=False), column(keys, actions, gap=gap)
        return Parted(words=row(leaf(self.timeline), sharing(facts, 1), gap=between), hands=actions)

    def _across(self, room: Room, width: int, left: int) -> Part | None:
        """Return the timeline over its facts, None where it must stand upright beside them."""
        sheet = Framed(frame=self.sheet, inner=self.facts.part(), pad=self.look.space("l" if room.header else "m"))
        self.timeline.upright = self.look.glass.portrait
        spring = () if self.timeline.upright else (SPRING,)
        facts = (sheet,) if self.facts.names else ()
        line = leaf(self.timeline, 1 if self.timeline.upright else 0)
        across = column(*spring, line, *spring, *facts, gap=self.look.space("hair"))
        fits = self.timeline.natural_width() <= width and across.least_height(width) <= left
        if fits or (
            room.header and not self.timeline.upright
        ):  # a dense screen: the header steps back before the line turns
            return across
        self.timeline.upright = True
        return None

    def _beside(self, room: Room, width: int, height: int, gap: int) -> Part:
        """The timeline upright at the left; at the right the facts over the answers."""
        between = self.look.space("l")
        line = min(self.timeline.natural_width(), (width - between) * 11 // 20)
        side = width - between - line
        actions: Part = self.choices.grid(room, 1, share=0)
        if actions.least_height(side) + gap > height * 2 // 3:
            actions = self.choices.grid(room, 2, share=0)
        if not room.whole:
            actions = self.choices.best(room, side, height - self._one_fact().least_height(side) - gap, (1, 2))
        left = height - actions.least_height(side) - gap
        whole = self._all_facts(side)
        if not self.facts.names:
            facts: Part = SPRING
        elif whole.least_height(side) <= left or room.whole:
            facts = whole
        else:
            facts = self._one_fact()
        pressed = sharing(column(facts, actions, gap=gap), 1)
        return abreast(leaf(self.timeline), pressed, gap=between, turned=self.left)

    def _all_facts(self, width: int) -> Part:
        above = all(v.natural_width() > width * 0.6 for v in self.facts.values)
        return Framed(frame=self.sheet, inner=self.facts.part(above=above), pad=self.look.space("m"), share=1)

    def _one_fact(self, *, keys: bool = True) -> Part:
        """One fact at a time, with the keys that turn to the next unless these stand elsewhere."""
        self.pager.of(len(self.facts.names))
        at = self.pager.page
        fact = self.facts.part(above=True, shown=slice(at, at + 1))
        turning = (self.pager.part(self.look.space("key")),) if keys else ()
        inner = column(fact, SPRING, *turning, gap=self.look.space("s"))
        return Framed(frame=self.sheet, inner=inner, pad=self.look.space("m"), share=1)

    def renew(self, screen: Screen) -> bool:
        """Take over which options are in force."""
        self.choices.choose(screen.buttons)
        return False
