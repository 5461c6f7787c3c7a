"""The shutter of the camera: an answer like any other, but as large as there is room for."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from ui.widgets.answer import Answer, Tile


class Shutter(Tile):
    """Stands as a tile, its picture over its words, where it is high enough; else lies as an answer does."""

    stands = False

    def _beside(self) -> int:
        return super()._beside() if self.stands else super(Tile, self)._beside()

    @property
    def icon_side(self) -> int:
        return self._tile_side if self.stands else self._answer_side

    @property
    def _tile_side(self) -> int:
        return round(self.look.em() * 2.6) if self.icon_name and self.icon_shown else 0

    @property
    def _answer_side(self) -> int:
        return round(self.look.em(self.label_role) * 1.3) if self.icon_name and self.icon_shown else 0

    def natural_width(self) -> int:
        stood, self.stands = self.stands, False
        wide = Answer.natural_width(self)
        self.stands = stood
        return wide

    def least_height(self, width: int) -> int:
        stood, self.stands = self.stands, False
        high = Answer.least_height(self, width)
        self.stands = stood
        return high

    def setGeometry(self, box: QRect) -> None:  # type: ignore[override]  # parts are placed by a rectangle
        self.stands = self.large = self.centred = True
        self.stands = Tile.least_height(self, box.width()) <= box.height()
        super().setGeometry(box)

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        if self.stands:
            Tile.paint_face(self, painter, face)
        else:
            Answer.paint_face(self, painter, face)
