"""Contrast as it is painted: the colours of pixels, not those of a table."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

Pixels = NDArray[np.uint8]
"""Rows × columns × (red, green, blue)."""
LEAST_PIXELS = 3
"""A colour that fewer pixels have is an accident of smoothing."""


def pixels_of(widget: QWidget) -> Pixels:
    """Return how a widget is painted now, with what stands on it."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    widget.render(image, QPoint())
    flat = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return flat[:, : image.width(), 2::-1].copy()


def luminances(pixels: Pixels) -> NDArray[np.float64]:
    """Return the relative luminance of every pixel (WCAG 2.2)."""
    parts = pixels / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    weighed: NDArray[np.float64] = linear @ np.array((0.2126, 0.7152, 0.0722))
    return weighed


def colours(pixels: Pixels) -> tuple[Pixels, NDArray[np.int64]]:
    """Return the colours of a part, and how many pixels have each, the commonest first."""
    packed = pixels.reshape(-1, 3).astype(np.uint32) @ np.array((65536, 256, 1), dtype=np.uint32)
    found, counts = np.unique(packed, return_counts=True)
    order = np.argsort(-counts)
    found = found[order]
    split = np.stack(((found >> 16) & 255, (found >> 8) & 255, found & 255), axis=-1).astype(np.uint8)
    return split, counts[order]


def ratio(one: float, other: float) -> float:
    """Return the contrast of two luminances, 1 to 21."""
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)


def ink_contrast(pixels: Pixels) -> float:
    """Return how far the strongest ink of a part stands out from its ground: its commonest colour."""
    found, counts = colours(pixels)
    lights = luminances(found)
    inks = lights[1:][counts[1:] >= LEAST_PIXELS]
    return max((ratio(float(light), float(lights[0])) for light in inks), default=1.0)


def differing(one: Pixels, other: Pixels, floor: float) -> int:
    """Return how many pixels differ by at least a contrast when all colour is taken away."""
    a, b = luminances(one) + 0.05, luminances(other) + 0.05
    return int(np.count_nonzero(np.maximum(a, b) / np.minimum(a, b) >= floor))
