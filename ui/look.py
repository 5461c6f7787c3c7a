"""The look made concrete: theme × text size × glass × language become colours, pixels and fonts.

Widgets ask for roles and millimetres, never for colours and pixels. The values stand in `assets/look/tokens.json`.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from PySide6.QtGui import QColor, QFont

MM_PER_INCH = 25.4


@cache
def tokens() -> dict[str, Any]:
    """Return the design tokens; lengths are millimetres, colours #RRGGBB."""
    loaded: dict[str, Any] = json.loads(files("assets").joinpath("look/tokens.json").read_text("utf-8"))
    return loaded


def themes() -> tuple[str, ...]:
    """Return the ids of the themes, the default first."""
    return tuple(tokens()["themes"])


def sizes() -> tuple[str, ...]:
    """Return the ids of the text sizes, smallest first."""
    return tuple(tokens()["sizes"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """The screen a kiosk has, as declared in its configuration: pixels and the diagonal it is sold by."""

    width_px: int = 1920
    height_px: int = 1080
    diagonal_inch: float = 23.8

    @property
    def portrait(self) -> bool:
        """Whether it stands upright."""
        return self.height_px > self.width_px

    @property
    def px_per_mm(self) -> float:
        """Pixels in one millimetre of glass."""
        return math.hypot(self.width_px, self.height_px) / (self.diagonal_inch * MM_PER_INCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What every widget draws with."""

    theme: str
    size: str
    language: str
    glass: Glass

    @classmethod
    def for_glass(cls, glass: Glass, *, theme: str = "", size: str = "", language: str = "zh_Hans") -> "Look":
        """Return the look for a screen; an unknown or empty theme or size means the default one."""
        return cls(
            theme=theme if theme in themes() else themes()[0],
            size=size if size in sizes() else tokens()["default_size"],
            language=language,
            glass=glass,
        )

    def mm(self, length: float) -> int:
        """Return millimetres on the glass as pixels, at least one."""
        return max(1, round(length * self.glass.px_per_mm))

    def space(self, name: str) -> int:
        """Return a distance of the spacing scale in pixels."""
        return self.mm(tokens()["space_mm"][name])

    def target(self, name: str) -> int:
        """Return a height or width of something to press in pixels."""
        return self.mm(tokens()["target_mm"][name])

    def radius(self, name: str) -> int:
        """Return a corner radius in pixels."""
        return self.mm(tokens()["radius_mm"][name])

    def line(self, name: str) -> int:
        """Return a line width in pixels."""
        return self.mm(tokens()["line_mm"][name])

    @property
    def lip(self) -> int:
        """How far a button stands up from the paper, in pixels."""
        return self.mm(tokens()["lip_mm"])

    @property
    def margin(self) -> int:
        """The paper's margin at the left and right, in pixels."""
        return self.space("xl") if self.glass.portrait else self.space("page_x")

    def colour(self, role: str) -> QColor:
        """Return the colour of a role in this theme."""
        return _colour(tokens()["themes"][self.theme][role])

    def em(self, role: str = "body") -> int:
        """Return the type size of a role in pixels; body is the smallest there is."""
        size = tokens()["sizes"][self.size]
        body = size["cap_mm"] / tokens()["font"]["cap_height_em"] * self.glass.px_per_mm
        return round(float(body) * float(size.get(role, 1.0)))

    @staticmethod
    def line_height(role: str = "body") -> float:
        """Return the line height of a role in em."""
        return float(tokens()["font"]["line_height_number" if role == "number" else "line_height"])

    def leading(self, role: str = "body") -> int:
        """Return the line height of a role in pixels."""
        return round(self.em(role) * self.line_height(role))

    def font(self, role: str = "body", *, bold: bool = False) -> QFont:
        """Return the font of a role."""
        return self.font_of(self.em(role), bold=bold)

    def font_of(self, pixels: int, *, bold: bool = False) -> QFont:
        """Return the text face at a size of its own: numbers that fill their place."""
        return _font(tokens()["font"]["families"][self.language], pixels, bold=bold, narrow_marks=self.language == "en")

    def seal_font(self, pixels: int) -> QFont:
        """Return the face that seals are cut in."""
        return _font(tokens()["font"]["seal_families"][self.language], pixels, bold=True, narrow_marks=False)


@cache
def _colour(value: str) -> QColor:
    return QColor(value)


@cache
def _font(family: str, pixels: int, *, bold: bool, narrow_marks: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if narrow_marks:  # else a CJK face sets “ ” and … as wide as a hanzi in English
        font.setFeature(QFont.Tag("pwid"), 1)
    return font
