"""CAMERA and PICTURE: a picture as large as it gets, answers at the right or, upright, below."""

from petition.screen import Screen
from ui.arrange import SPRING, Exactly, Part, abreast, column, leaf, row, sharing
from ui.layouts.choices import Choices
from ui.layouts.stage import Parted, Room, Stage
from ui.widgets.answer import Answer
from ui.widgets.photo import Photo, Seen, Taken
from ui.widgets.shutter import Shutter

SHUTTER_MM, TALLEST_SHUTTER_MM = 30, 80
ROOMY_MM, ROOMY_ABOVE_MM = 112, 70
"""A picture is at least so high before other things step back for it; less where all that is pressed stands below."""
NARROWEST_SIDE, WIDEST_SIDE = 3 / 10, 11 / 20
"""How much of the width the answers take: what the picture can't use, within these."""


class Photograph:
    """A picture and its answers; the first answer may be a large one."""

    body_in_heading = True

    def __init__(self, stage: Stage, photo: Photo, *, shutter: bool) -> None:
        """`shutter`: whether the first answer, when it is the primary one, is to be large."""
        self.look, self.left, buttons = stage.look, stage.left, stage.screen.buttons
        self.photo = photo
        self._split = int(shutter and bool(buttons) and buttons[0].primary)
        self.shutter = Choices(stage, buttons[: self._split], Shutter)
        self.choices = Choices(stage, buttons[self._split :], Answer)

    def arranged(self, room: Room, width: int, height: int) -> Part:
        """Return the picture with its answers."""
        gap = self.look.space(room.gap)
        if not self.shutter.answers and not self.choices.answers:
            return self._picture(room, 1)
        self.photo.side = 0 if self.look.glass.portrait else 1 if self.left else -1
        if self.look.glass.portrait:
            below = self._below(room, width, height)
            return column(self._picture(room, 1), below, gap=gap)
        between = self.look.space("l")
        least, most = round((width - between) * NARROWEST_SIDE), round((width - between) * WIDEST_SIDE)
        side = min(most, max(least, width - between - self.photo.best_width(height)))
        column_of_answers = self._in_a_column(room, side, height)
        if column_of_answers.least_height(side) > height and side < most:
            side, column_of_answers = most, self._in_a_column(room, most, height)
        picture = self._picture(room, width - between - side)
        return abreast(picture, sharing(column_of_answers, side), gap=between, turned=self.left)

    def parted(self, room: Room, width: int, height: int, reach: int) -> Parted:  # noqa: ARG002 (the picture takes all)
        """Return the picture over its answers, these within reach."""
        self.photo.side = 0
        return Parted(words=column(self._picture(room, 1, ROOMY_ABOVE_MM)), hands=self._in_rows(room, width, reach))

    def _picture(self, room: Room, share: int, roomy_mm: float = ROOMY_MM) -> Part:
        return leaf(self.photo, share, least=self.look.mm(roomy_mm) if room.body else 0)

    def _in_a_column(self, room: Room, width: int, height: int) -> Part:
        """Return the shutter over the other answers, all of them in the middle of the height."""
        gap = self.look.space(room.gap)
        tallest = self.look.target("primary_h") + 2 * self.look.space("s")
        if not self.choices.answers:
            others: Part | None = None
        elif not self.shutter.answers:
            answers = self.choices.best(room, width, height, (1, 2), most=tallest)
            return column(SPRING, sharing(answers, 0), SPRING)
        else:
            usual = self._shutter(room, width, 0)
            left = height - usual.least_height(width) - gap
            others = self.choices.best(room, width, left, (1, 2))
        below = others.least_height(width) + gap if others is not None else 0
        high = min(self.look.mm(TALLEST_SHUTTER_MM), height - below)
        first = self._shutter(room, width, max(high, 0))
        parts = (first,) if others is None else (first, sharing(others, 0))
        return column(SPRING, *parts, SPRING, gap=gap)

    def _below(self, room: Room, width: int, height: int) -> Part:
        """Return the answers below the picture; the shutter has all the room that the picture can't use."""
        gap = self.look.space(room.gap)
        unused = height - self.photo.best_height(width) - gap
        if self.shutter.answers and self.choices.answers:
            others = self.choices.within(room, width, unused)
            high = min(self.look.mm(TALLEST_SHUTTER_MM), unused - others.least_height(width) - gap)
            first = self._shutter(room, width, 0)
            if high > first.least_height(width):
                return column(self._shutter(room, width, high), others, gap=gap)
        return self._in_rows(room, width, height - self.photo.least_height(width) - gap)

    def _shutter(self, room: Room, width: int, high: int) -> Part:
        """Return the shutter, at least as high as it must be, or as high as this."""
        self.shutter.suit(room, large=True)
        answer = self.shutter.answers[0]
        least = self.look.mm(SHUTTER_MM) if room.gap == "m" else 0
        return Exactly(inner=leaf(answer, least=least), high=max(high, answer.least_height(width)))

    def _in_rows(self, room: Room, width: int, height: int) -> Part:
        """Return the shutter beside the other answers where all fit into one row, else over them."""
        gap = self.look.space(room.gap)
        if not self.shutter.answers:
            return self.choices.within(room, width, height)
        first = self._shutter(room, width, 0)
        if not self.choices.answers:
            return first
        self.choices.suit(room)
        beside = row(sharing(first, 3), *(leaf(a, 2) for a in self.choices.answers), gap=gap)
        if beside.natural_width() <= width:
            return beside
        left = height - first.least_height(width) - gap
        return column(first, self.choices.within(room, width, left), gap=gap)

    def renew(self, screen: Screen) -> bool:
        """Take over which options are in force."""
        self.shutter.choose(screen.buttons[: self._split])
        self.choices.choose(screen.buttons[self._split :])
        return False

    def look_on(self, *, seen: bool) -> None:
        """Say whether anybody can see the picture."""
        self.photo.looking.look_on(seen=seen)

    def forget(self) -> None:
        """Let go of the picture."""
        self.photo.looking.forget()


class BeforeTheCamera(Photograph):
    """CAMERA: what the camera sees, and a large shutter."""

    def __init__(self, stage: Stage) -> None:
        """Make picture and answers."""
        screen = stage.screen
        self.seen = Seen(stage.paper, stage.look, stage.viewfinder, screen.seconds_left)
        super().__init__(stage, self.seen, shutter=True)

    def renew(self, screen: Screen) -> bool:
        """Take over the seconds, too."""
        self.seen.count(screen.seconds_left)
        return super().renew(screen)


class PictureTaken(Photograph):
    """PICTURE: one that was taken."""

    def __init__(self, stage: Stage) -> None:
        """Make picture and answers."""
        photo = Taken(stage.paper, stage.look, stage.viewfinder, stage.screen.picture)
        super().__init__(stage, photo, shutter=False)
