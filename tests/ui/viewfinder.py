"""A viewfinder with pictures of plain colours, for trying the view with."""

from dataclasses import dataclass, field

from petition.ports import Frame

RED, GREEN, BLUE = (200, 40, 30), (40, 160, 60), (50, 80, 200)
Colour = tuple[int, int, int]


def frame(colour: Colour = GREEN, wide: int = 64, high: int = 48) -> Frame:
    """Return a picture of one colour."""
    return Frame(width_px=wide, height_px=high, rgb=bytes(colour) * (wide * high))


@dataclass(slots=True)
class Painted:
    """What the camera sees and which pictures there are, as the test says; and what was asked for."""

    seen: Frame | None = field(default_factory=frame)
    pictures: dict[str, Frame] = field(default_factory=dict)
    otherwise: Frame | None = None
    """Any other picture."""
    asked: list[str] = field(default_factory=list)

    def live(self) -> Frame | None:
        self.asked.append("live")
        return self.seen

    def picture(self, id_: str) -> Frame | None:
        self.asked.append(id_)
        return self.pictures.get(id_, self.otherwise)
