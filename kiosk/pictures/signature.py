"""A name written with a finger, as ink on paper: black on white, with smooth edges."""

import itertools
from collections.abc import Iterator

import numpy as np

from kiosk.pictures.pixels import Pixels, jpeg, png
from petition.errors import Fault, FaultCode

WIDTH_PX, HEIGHT_PX = 1000, 400
"""One pixel for each step that points are told in."""
SIGNATURE_BYTES = 60 * 1024
PEN_PX = 3.5
"""Half the width of a line."""
_PIECE_PX = 40.0
_NEAR_PX = 1.5
_INK_PX = 100_000.0
"""The longest line of all strokes together: a hundred times across is no name."""

Strokes = tuple[tuple[tuple[int, int], ...], ...]
Piece = tuple[float, float, float, float]


def encoded(grey: Pixels) -> tuple[bytes, str]:
    """Return (bytes, media type) of what was drawn."""
    found = png(grey)
    if len(found) <= SIGNATURE_BYTES:
        return found, "image/png"
    return jpeg(on_paper(grey), SIGNATURE_BYTES), "image/jpeg"


def on_paper(grey: Pixels) -> Pixels:
    """Return rows of grey as rows of red, green, blue."""
    return np.repeat(grey[..., None], 3, axis=2)


def drawn(strokes: Strokes) -> Pixels:
    """Return what was written, as rows of grey; raises Fault(BAD_INPUT) where that is nothing, or has no end."""
    ink = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
    written = 0.0
    for piece in itertools.chain.from_iterable(map(_pieces, strokes)):
        written += 1 + abs(piece[2] - piece[0]) + abs(piece[3] - piece[1])
        if written > _INK_PX:
            raise Fault(FaultCode.BAD_INPUT, "more was drawn than a name has")
        _draw(ink, piece)
    if not written:
        raise Fault(FaultCode.BAD_INPUT, "nothing was written")
    grey: Pixels = np.rint(255 * (1 - ink)).astype(np.uint8)
    return grey


def _pieces(stroke: tuple[tuple[int, int], ...]) -> Iterator[Piece]:
    """Yield short straight lines, at least one for a stroke that is a dot."""
    points = [(min(max(x, 0), WIDTH_PX), min(max(y, 0), HEIGHT_PX)) for x, y in stroke]
    if not points:
        return
    at_x, at_y = map(float, points[0])
    yield at_x, at_y, at_x, at_y
    for n, (x, y) in enumerate(points[1:], 2):
        length = float(np.hypot(x - at_x, y - at_y))
        if length < _NEAR_PX and n < len(points):
            continue
        cuts = max(1, int(np.ceil(length / _PIECE_PX)))
        way = [(at_x + (x - at_x) * cut / cuts, at_y + (y - at_y) * cut / cuts) for cut in range(cuts + 1)]
        yield from ((*start, *end) for start, end in itertools.pairwise(way))
        at_x, at_y = float(x), float(y)


def _draw(ink: np.ndarray[tuple[int, ...], np.dtype[np.float32]], piece: Piece) -> None:
    """Lay a straight line on the paper: all ink within the pen's width, and less within the next pixel."""
    x0, y0, x1, y1 = piece
    reach = PEN_PX + 1
    left, right = max(0, int(min(x0, x1) - reach)), min(WIDTH_PX, int(max(x0, x1) + reach) + 1)
    top, bottom = max(0, int(min(y0, y1) - reach)), min(HEIGHT_PX, int(max(y0, y1) + reach) + 1)
    y, x = np.mgrid[top:bottom, left:right].astype(np.float32) + np.float32(0.5)
    along_x, along_y = x1 - x0, y1 - y0
    length = along_x * along_x + along_y * along_y
    part = np.clip(((x - x0) * along_x + (y - y0) * along_y) / length, 0, 1) if length else 0.0
    away = np.hypot(x - x0 - part * along_x, y - y0 - part * along_y)
    here = ink[top:bottom, left:right]
    np.maximum(here, np.clip(PEN_PX + 0.5 - away, 0, 1), out=here, casting="same_kind")
