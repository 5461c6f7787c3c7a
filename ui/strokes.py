"""What fingers write in a frame: strokes, and which finger is the one that writes.

Places are in the frame's own measure, 0 … 1000 in width and 0 … 400 in height, whatever the glass. Nothing here hangs
on time: a finger may rest, or lift and come back, as long as it likes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDE, HIGH = 1000, 400
MOST_STROKES, MOST_POINTS = 200, 400
SPACING = 3.0
"""Points stand no nearer to each other: what is nearer is the trembling of a hand, or of the glass."""

Point = tuple[int, int]
Stroke = tuple[Point, ...]


@dataclass(slots=True)
class _Finger:
    """One finger in the frame, since it came down or in again."""

    points: list[tuple[float, float]] = field(default_factory=list)
    rests: bool = False
    """Whether it is part of a hand that lies there: it never writes."""


class Writing:
    """The strokes so far, and the one being written.

    Of several fingers the first that moves is the one that writes. The others are a hand that rests on the glass, until
    they lift; so is whatever is as wide as the ball of a hand.
    """

    def __init__(self, still: float = 0.0) -> None:
        """`still` is how far a finger may roll, in the frame's measure, before it counts as moving."""
        self.strokes: tuple[Stroke, ...] = ()
        self.still = still
        self._fingers: dict[int, _Finger] = {}
        self._writer: int | None = None

    @property
    def writes(self) -> bool:
        """Whether a stroke is being written."""
        return self._writer is not None

    @property
    def begun(self) -> Stroke:
        """The stroke being written; nothing while nobody writes."""
        return thinned(self._fingers[self._writer].points) if self._writer is not None else ()

    @property
    def full(self) -> bool:
        """Whether there are as many strokes as there may be."""
        return len(self.strokes) >= MOST_STROKES

    def down(self, finger: int, x: float, y: float, *, wide: bool = False) -> bool:
        """Take a finger that comes down; return whether it may write."""
        self._fingers.pop(finger, None)
        if self._writer == finger:
            self._writer = None
        if not _within(x, y):
            return False
        rests = wide or self.full or self._writer is not None
        self._fingers[finger] = _Finger([(x, y)], rests=rests)
        return not rests

    def move(self, finger: int, x: float, y: float) -> bool:
        """Take a finger that moves on; return whether that ended a stroke: it does at the frame's edge."""
        known = self._fingers.get(finger)
        if known is None or known.rests:
            return False
        if not _within(x, y):
            ended = self._writer == finger and self._end(finger, known)
            self._fingers[finger] = _Finger()  # it may come back
            return ended
        if not known.points:
            known.points, known.rests = [(x, y)], self._writer is not None or self.full
            return False
        known.points.append((x, y))
        if self._writer is None and math.dist(known.points[0], (x, y)) > self.still:
            self._writer = finger
            for other, its in self._fingers.items():
                its.rests = other != finger
        return False

    def up(self, finger: int) -> bool:
        """Take a finger that lifts; return whether that ended a stroke."""
        known = self._fingers.pop(finger, None)
        return known is not None and self._end(finger, known)

    def let_go(self) -> None:
        """Forget every finger, and the stroke that was begun."""
        self._fingers.clear()
        self._writer = None

    def _end(self, finger: int, known: _Finger) -> bool:
        """Keep the stroke of the one that writes, or the dot of one that came down alone and did not move."""
        if self._writer == finger:
            self._writer = None
            self.strokes = (*self.strokes, thinned(known.points))
            return True
        alone = self._writer is None and not any(other != finger for other in self._fingers)
        if known.points and not known.rests and alone:
            self.strokes = (*self.strokes, thinned(known.points[:1]))
            return True
        return False


def _within(x: float, y: float) -> bool:
    return 0 <= x <= WIDE and 0 <= y <= HIGH


def thinned(points: Sequence[tuple[float, float]]) -> Stroke:
    """Return a stroke in whole points, at most MOST_POINTS of them, the first and the last where they were."""
    spacing = SPACING
    while len(kept := _spaced(points, spacing)) > MOST_POINTS:
        spacing *= 1.5
    return kept


def _spaced(points: Sequence[tuple[float, float]], spacing: float) -> Stroke:
    kept: list[Point] = []
    for x, y in points:
        if not kept or math.dist(kept[-1], (x, y)) >= spacing:
            kept.append((round(x), round(y)))
    if points:
        last = (round(points[-1][0]), round(points[-1][1]))
        if kept[-1] != last:
            if len(kept) > 1 and math.dist(kept[-1], last) < spacing:
                kept.pop()
            kept.append(last)
    return tuple(kept)
