"""What everything that can be pressed shares: a face with a lip that it sinks onto, a number in a disc, a name.

What has a lip can be pressed; nothing else has one.
"""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.icons import known_icon
from ui.lines import Lines
from ui.look import Look

LEAST_WIDTH_MM, LEAST_HEIGHT_MM = 16.0, 12.7


class Control(QAbstractButton):
    """Something to press. `act` is what it stands for; it goes out with `fired`."""

    fired = Signal(object)

    rounded = "control"

    typed_on_lift = False
    """Whether a finger that has slid here types it as it lifts."""
    told_at_rest = False
    """Whether a finger that rests on it hears its name."""

    def __init__(
        self,
        parent: QWidget,
        look: Look,
        act: object,
        label: str = "",
        *,
        number: str = "",
        icon: str = "",
        primary: bool = False,
        chosen: bool | None = None,
    ) -> None:
        """Make a control; `chosen` is whether an option is in force, None for plain actions."""
        super().__init__(parent)
        self.hide()
        self.look, self.act, self.number, self.icon_name, self.primary = look, act, number, icon, primary
        self.setText(label)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(chosen is not None)
        self.setChecked(bool(chosen))
        self.clicked.connect(self._fire)
        self.toggled.connect(self._turned)
        self._words: dict[tuple[str, int, bool], Lines] = {}

    def choose(self, chosen: bool | None) -> None:  # noqa: FBT001 (it is the value itself)
        """Show whether this option is in force."""
        self.setChecked(bool(chosen))
        self.update()

    def nextCheckState(self) -> None:
        """Pressing does not choose: what is in force comes with the next screen."""

    def setChecked(self, chosen: bool) -> None:  # noqa: FBT001 (Qt's own)
        """Show whether this option is in force, which presses nothing."""
        self.blockSignals(True)
        super().setChecked(chosen)
        self.blockSignals(False)

    def _turned(self, chosen: bool) -> None:  # noqa: FBT001 (Qt tells it so)
        """Press what assistive technology has turned: over AT-SPI that is all that can be done with an option."""
        self.setChecked(not chosen)
        self.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave every key to the window: it alone knows what those of a pad mean, of whatever kind they are."""
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave fingers to the window, which follows them from one control to another (`ui.finger`)."""
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def _fire(self) -> None:
        self.fired.emit(self.act)

    # -- measures --------------------------------------------------------------------------------------------------

    @property
    def option(self) -> bool:
        """Whether it is one of several of which one is in force."""
        return self.isCheckable()

    @property
    def badge_side(self) -> int:
        """Diameter of the number's disc; 0 without a number."""
        return round(self.look.em() * 1.5) if self.number else 0

    def least_face(self) -> int:
        """Return how high its face must be, whatever stands on it."""
        return self.look.target("primary_h" if self.primary else "choice_h")

    def font_of(self, role: str, *, bold: bool) -> QFont:
        """Return the font that a role is set in here."""
        return self.look.font(role, bold=bold)

    def set(self, text: str, role: str, width: float, *, bold: bool = False) -> Lines:
        """Return words of this control set to a width."""
        key = (text + "\0" + role, round(width), bold)
        if key not in self._words:
            self._words[key] = Lines(text, self.font_of(role, bold=bold), width)
        return self._words[key]

    def natural_width(self) -> int:
        """Return the width at which nothing needs a second line."""
        raise NotImplementedError

    def least_height(self, width: int) -> int:
        """Return the height it needs at a width."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        width = self.natural_width()
        return QSize(width, self.least_height(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def faults(self) -> list[str]:
        """Return what is wrong with the control as it stands."""
        name = self.text() or self.accessibleName()
        found = [fault for lines in self.all_lines() for fault in lines.faults()]
        if self.least_height(self.width()) > self.height() + 1:
            found.append(f"clipped by {self.least_height(self.width()) - self.height()} px: {name}")
        width, height = self.width() / self.look.glass.px_per_mm, self.height() / self.look.glass.px_per_mm
        if width < LEAST_WIDTH_MM or height < LEAST_HEIGHT_MM:
            found.append(f"target of {width:.1f} × {height:.1f} mm: {name}")
        if self.icon_name and not known_icon(self.icon_name):
            found.append(f"no picture called {self.icon_name}")
        if not name:
            found.append("a control without a name")
        return found

    def all_lines(self) -> list[Lines]:
        """Return every text on it as it is set now."""
        return []

    # -- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (the whole face is painted)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QRectF(self.rect()).adjusted(0, 0, 0, -self.look.lip)
        if self.isDown():
            face.translate(0, self.look.lip)
        self.paint_body(painter, face)
        self.paint_face(painter, face)

    def paint_body(self, painter: QPainter, face: QRectF) -> None:
        """Paint lip and face, without what stands on it."""
        look, radius = self.look, self.look.radius(self.rounded)
        painter.setPen(Qt.PenStyle.NoPen)
        if not self.isDown():
            painter.setBrush(look.colour("primary_lip" if self.primary else "control_lip"))
            painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setBrush(look.colour(self.ground()))
        if self.primary:
            painter.drawRoundedRect(face, radius, radius)
            return
        edge = look.line("strong" if self.isChecked() else "hair" if self.rounded == "key" else "control")
        painter.setPen(QPen(look.colour("badge" if self.isChecked() else "line"), edge))
        inset = edge / 2
        painter.drawRoundedRect(face.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)

    def ground(self) -> str:
        """Return the colour role of its face."""
        if self.primary:
            return "primary"
        if self.isDown():
            return "pressed"
        return "chosen" if self.isChecked() else "control"

    def ink(self) -> QColor:
        """Return the colour of words on its face."""
        return self.look.colour("on_primary" if self.primary else "on_control")

    def paint_face(self, painter: QPainter, face: QRectF) -> None:
        """Paint what stands on the face."""

    def paint_badge(self, painter: QPainter, x: float, y: float) -> None:
        """Paint the number in its disc, reversed on a primary control."""
        disc, digit = ("on_primary", "primary") if self.primary else ("badge", "on_badge")
        draw_badge(painter, self.look, self.number, QRectF(x, y, self.badge_side, self.badge_side), disc, digit)


def draw_badge(painter: QPainter, look: Look, number: str, box: QRectF, disc: str, digit: str) -> None:
    """Paint a number in a disc; `disc` and `digit` are colour roles."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(disc))
    painter.drawEllipse(box)
    lines = Lines(number, look.font("body", bold=True), box.width())
    drop = look.em() * 0.14 if number == "*" else 0  # the star of a face hangs above the middle
    lines.draw(painter, box.x(), box.center().y() - lines.height / 2 + drop, look.colour(digit), centred_in=box.width())
