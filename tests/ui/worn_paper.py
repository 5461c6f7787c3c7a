"""What becomes of a slip in a purse, and what a telephone then sees of it: a model, made by the same seed each time.

    paper       the head prints too much or too little, some of its dots are dead, blank lines where the paper was
                creased, smudges, black that has become grey, and the paper is not flat any more
    photograph  held askew and not quite still, out of focus, unevenly lit, with the noise of a small camera, as JPEG

`wear` scales all of it together: 0 is fresh, 0.4 a week in a purse, 0.6 a month, 2.0 what nobody should have to read. All
figures are guesses from looking at old receipts; measured is only what they lead to.
"""

import io

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from ui.receipt_page import DOTS_PER_INCH, MM_PER_INCH

Dots = np.ndarray[tuple[int, int], np.dtype[np.uint8]]

FINER = 2
"""Pixels of the model across one dot of the printer."""
PIXELS_PER_MM = FINER * DOTS_PER_INCH / MM_PER_INCH
CAMERA_PIXELS_PER_MM = 10.0
"""A telephone a hand's breadth away."""
WHITE = 240
CELL_MM = 6.0
"""Bumps of crumpled paper are about so large."""


def worn(dots: Dots, wear: float, random: np.random.Generator) -> Image.Image:
    """Return printed dots (1 for black) as grey paper after some time in a purse."""
    ink = Image.fromarray((dots * 255).astype(np.uint8)).resize(
        (dots.shape[1] * FINER, dots.shape[0] * FINER), Image.Resampling.NEAREST
    )
    ink = ink.filter(ImageFilter.GaussianBlur(0.5 * FINER))
    threshold = 128 - float(np.clip(random.normal(0, 45 * wear), -110, 110))
    ink = ink.point([round(float(np.clip(128 + (level - threshold) * 3, 0, 255))) for level in range(256)])
    draw = ImageDraw.Draw(ink)
    wide, high = ink.size
    for _ in range(random.poisson(0.7 * wear)):  # dots of the head that are dead
        x = int(random.integers(0, wide - FINER))
        draw.rectangle((x, 0, x + FINER - 1, high), fill=0)
    for _ in range(random.poisson(0.4 * wear)):  # creases
        ends = [(int(random.integers(0, wide)), int(random.integers(0, high))) for _ in range(2)]
        draw.line(ends, fill=int(random.integers(0, 90)), width=int(random.integers(FINER, 3 * FINER)))
    for _ in range(random.poisson(0.5 * wear)):  # smudges, dark ones and pale ones
        x, y = int(random.integers(0, wide)), int(random.integers(0, high))
        across, down = int(random.integers(5, 30)) * FINER // 2, int(random.integers(3, 13)) * FINER // 2
        mark = ink.copy()
        ImageDraw.Draw(mark).ellipse((x - across, y - down, x + across, y + down), fill=int(random.choice([0, 220])))
        ink = Image.blend(ink, mark, float(random.uniform(0.4, 0.95)))
        draw = ImageDraw.Draw(ink)
    black = float(random.uniform(10, 60 + 45 * wear))
    paper = ink.point([round(WHITE - (WHITE - black) * level / 255) for level in range(256)])
    return _crumpled(ImageOps.expand(paper, round(3 * PIXELS_PER_MM), WHITE), wear, random)


def _crumpled(paper: Image.Image, wear: float, random: np.random.Generator) -> Image.Image:
    """Move the paper's parts against each other, and put some into shadow."""
    wide, high = paper.size
    cells = max(2, round(high / PIXELS_PER_MM / CELL_MM))
    moved = random.normal(0, 0.22 * PIXELS_PER_MM * wear, (cells + 1, cells + 1, 2))
    moved[[0, -1]] = moved[:, [0, -1]] = 0  # there is nothing beyond the edge that could be moved in
    at = [[(wide * x / cells, high * y / cells) for x in range(cells + 1)] for y in range(cells + 1)]
    mesh = []
    for y in range(cells):
        for x in range(cells):
            corners = ((y, x), (y + 1, x), (y + 1, x + 1), (y, x + 1))
            quad = [float(at[j][i][k] + moved[j, i, k]) for j, i in corners for k in range(2)]
            box = (round(at[y][x][0]), round(at[y][x][1]), round(at[y + 1][x + 1][0]), round(at[y + 1][x + 1][1]))
            mesh.append((box, tuple(quad)))
    bent = paper.transform(paper.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    light = np.clip(200 * (1 + random.normal(0, 0.13 * wear, (cells, cells))), 0, 255).astype(np.uint8)
    shade = Image.fromarray(light).resize(paper.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(bent, shade.point([min(255, round(level * 255 / 200)) for level in range(256)]))


def photographed(paper: Image.Image, wear: float, random: np.random.Generator) -> Dots:
    """Return one frame of a telephone's camera, in grey."""
    margin = round(6 * PIXELS_PER_MM)
    framed = Image.new("L", (paper.width + 2 * margin, paper.height + 2 * margin), WHITE - 2)
    framed.paste(paper, (margin, margin))
    wide, high = framed.size
    scale = CAMERA_PIXELS_PER_MM / PIXELS_PER_MM
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], float)
    askew = corners + random.normal(0, (0.05 + 0.05 * wear) * 0.3, (4, 2)) * (wide, high)
    turn = np.deg2rad(random.uniform(-25, 25))
    askew = askew @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    askew = (askew - askew.min(axis=0)) * scale
    size = (int(askew[:, 0].max()) + 2, int(askew[:, 1].max()) + 2)
    framed = framed.filter(ImageFilter.GaussianBlur(0.2 / scale))
    seen = framed.transform(
        size, Image.Transform.PERSPECTIVE, _perspective(askew, corners), Image.Resampling.BICUBIC, fillcolor=150
    )
    seen = seen.filter(ImageFilter.GaussianBlur(float(random.uniform(0.5, 0.7 + 0.55 * wear))))
    if random.random() < 0.35 * wear:  # the hand moved
        far = int(random.integers(2, 3 + int(2 * wear)))
        direction = random.uniform(0, np.pi)
        shifts = [(round(np.cos(direction) * step), round(np.sin(direction) * step)) for step in range(far)]
        frames = [np.asarray(ImageChops.offset(seen, x, y), float) for x, y in shifts]
        pixels = np.mean(frames, axis=0)
    else:
        pixels = np.asarray(seen, float)
    high, wide = pixels.shape
    across = np.linspace(-1, 1, wide)[None] * random.normal(0, 0.15 * wear)
    down = np.linspace(-1, 1, high)[:, None] * random.normal(0, 0.15 * wear)
    lit = pixels * (random.uniform(0.45, 1.0) + across + down) + random.normal(0, 3 + 4 * wear, pixels.shape)
    kept = io.BytesIO()
    Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)).save(kept, "JPEG", quality=75)
    return np.asarray(Image.open(kept), np.uint8)


def _perspective(seen: np.ndarray, paper: np.ndarray) -> tuple[float, ...]:
    """Return the eight numbers that lead from what is seen back to the paper, by four corners."""
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, paper, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(number) for number in np.linalg.solve(np.array(rows), np.array(values)))
