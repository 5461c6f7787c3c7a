"""Vector pictures (Phosphor, bold): painted directly, so that they are sharp at any size."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtSvg import QSvgRenderer


def known_icon(name: str) -> bool:
    """Whether there is a picture of this name."""
    return files("assets").joinpath(f"icons/{name}-bold.svg").is_file()


@cache
def _source(name: str) -> bytes:
    return files("assets").joinpath(f"icons/{name}-bold.svg").read_bytes() if known_icon(name) else b""


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer | None:
    source = _source(name)
    return QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.encode()))) if source else None


def draw_icon(painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """Paint a picture into a square; an unknown name paints nothing (the audit names it)."""
    renderer = _renderer(name, colour.name())
    if renderer is not None:
        renderer.render(painter, box)
