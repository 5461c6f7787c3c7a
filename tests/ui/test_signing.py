"""A name is written with a finger, a pen or a mouse; what lies beside it on the glass neither writes nor presses."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import product

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QPointingDevice, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.audit.matrix import GLASSES
from petition.events import ChoicePressed, ScreenTouched, Signed
from petition.model import Language
from petition.state import REACHES
from tests.ui.screens import STROKES, shown, signing
from tests.ui.test_curtain import DRAWN
from tests.ui.test_window import control, page
from ui.audit import contrast, faults
from ui.look import sizes, themes
from ui.widgets.foot import Foot
from ui.widgets.signature import Signature
from ui.window import KioskWindow

Place = tuple[int, int]
"""In the frame's own measure."""


@dataclass(slots=True)
class Writer:
    """Fingers on the frame of a window: real touches, as Qt gets them from the glass."""

    window: KioskWindow
    posted: list[object]
    device: QPointingDevice = field(default_factory=QTest.createTouchDevice)

    @property
    def frame(self) -> Signature:
        return page(self.window).findChild(Signature)  # type: ignore[return-value]  # there is one

    def on_glass(self, place: Place | QPoint) -> QPoint:
        if isinstance(place, QPoint):
            return place
        paper = self.frame.paper
        scale = paper.width() / 1000
        return self.frame.mapTo(
            self.window, QPoint(round(paper.x() + place[0] * scale), round(paper.y() + place[1] * scale))
        )

    def touch(self, how: str, place: Place | QPoint, finger: int = 0, *, resting: tuple[int, ...] = ()) -> None:
        event = QTest.touchEvent(self.window.windowHandle(), self.device)
        for other in resting:
            event.stationary(other)
        getattr(event, how)(finger, self.on_glass(place)).commit()
        QApplication.processEvents()

    def write(self, *places: Place | QPoint, finger: int = 0, resting: tuple[int, ...] = ()) -> None:
        self.touch("press", places[0], finger, resting=resting)
        for place in places[1:]:
            self.touch("move", place, finger, resting=resting)
        self.touch("release", places[-1], finger, resting=resting)

    def signed(self) -> list[Signed]:
        return [event for event in self.posted if isinstance(event, Signed)]


@pytest.fixture
def writer(window: KioskWindow, posted: list[object]) -> Writer:
    window.show_screen(signing())
    QApplication.processEvents()
    return Writer(window, posted)


def near(stroke: tuple[Place, ...], *places: Place) -> bool:
    """Whether a stroke goes from place to place, to within the pixels of the glass."""
    return len(stroke) == len(places) and all(
        abs(x - u) <= 2 and abs(y - v) <= 2 for (x, y), (u, v) in zip(stroke, places, strict=True)
    )


# -- writing -----------------------------------------------------------------------------------------------------------


def test_each_stroke_is_posted_with_those_before_it(writer: Writer) -> None:
    writer.write((100, 100), (200, 200), (300, 100))
    writer.write((500, 100), (500, 300))
    first, second = writer.signed()
    assert near(first.strokes[0], (100, 100), (200, 200), (300, 100))
    assert second.strokes[0] == first.strokes[0]
    assert near(second.strokes[1], (500, 100), (500, 300))
    assert {type(event) for event in writer.posted} == {ScreenTouched, Signed}


def test_somebody_who_writes_slowly_is_there_from_the_first_touch(writer: Writer) -> None:
    writer.touch("press", (100, 100))
    assert writer.posted == [ScreenTouched()]


def test_a_mouse_writes_too(writer: Writer) -> None:
    glass, none = writer.window.windowHandle(), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(glass, Qt.MouseButton.LeftButton, none, writer.on_glass((100, 100)))
    QTest.mouseMove(glass, writer.on_glass((200, 100)))
    QTest.mouseMove(glass, writer.on_glass((300, 100)))
    QTest.mouseRelease(glass, Qt.MouseButton.LeftButton, none, writer.on_glass((300, 100)))
    assert near(writer.signed()[-1].strokes[0], (100, 100), (200, 100), (300, 100))


def test_a_second_finger_does_not_write(writer: Writer) -> None:
    writer.touch("press", (100, 100), 0)
    writer.touch("move", (200, 100), 0)
    writer.write((600, 100), (700, 300), finger=1, resting=(0,))
    writer.touch("release", (300, 100), 0)
    assert len(writer.signed()) == 1
    assert near(writer.frame.strokes[0], (100, 100), (200, 100), (300, 100))


def test_who_rests_a_hand_on_the_glass_can_write(writer: Writer) -> None:
    paper = QPoint(5, writer.window.height() // 2)
    writer.touch("press", paper, 0)
    writer.write((100, 100), (300, 100), finger=1, resting=(0,))
    writer.touch("release", paper, 0)
    assert near(writer.frame.strokes[0], (100, 100), (300, 100))


def test_a_hand_that_rests_on_an_answer_while_somebody_writes_does_not_press_it(writer: Writer) -> None:
    answer = control(writer.window, "擦掉重写")
    ball = answer.mapTo(writer.window, answer.rect().center())
    writer.touch("press", ball, 0)
    writer.write((100, 100), (300, 100), finger=1, resting=(0,))
    writer.touch("release", ball, 0)
    assert not [event for event in writer.posted if isinstance(event, ChoicePressed)]
    writer.write(ball)
    assert writer.posted[-1] == ChoicePressed(choice_id="wipe")


def test_a_stroke_that_leaves_the_frame_ends_there_and_presses_and_names_nothing(writer: Writer) -> None:
    answer = control(writer.window, "签好了")
    writer.write((800, 100), (900, 100), answer.mapTo(writer.window, answer.rect().center()))
    assert near(writer.frame.strokes[0], (800, 100), (900, 100))
    assert {type(event) for event in writer.posted} == {ScreenTouched, Signed}


def test_a_touch_beside_the_frame_draws_nothing(writer: Writer) -> None:
    writer.write((-30, 100), (300, 100), (500, 100))
    assert writer.posted == [ScreenTouched()]
    assert writer.frame.strokes == ()


def test_a_touch_that_the_glass_takes_back_leaves_nothing(writer: Writer) -> None:
    writer.touch("press", (100, 100))
    writer.touch("move", (300, 100))
    QApplication.sendEvent(writer.frame, QTouchEvent(QEvent.Type.TouchCancel, writer.device))
    writer.touch("release", (300, 100))
    assert writer.frame.strokes == ()
    assert writer.signed() == []


# -- what a screen shows -----------------------------------------------------------------------------------------------


def test_what_the_screen_has_is_shown_and_an_empty_one_wipes(writer: Writer) -> None:
    empty = writer.window.grab().toImage()
    writer.window.show_screen(replace(signing(), strokes=STROKES))
    assert writer.frame.strokes == STROKES
    assert writer.window.grab().toImage() != empty
    writer.window.show_screen(signing())
    assert writer.window.grab().toImage() == empty


def test_a_screen_made_before_the_last_stroke_was_known_takes_nothing_away(writer: Writer) -> None:
    writer.write((100, 100), (300, 100))
    first = writer.frame.strokes
    writer.window.show_screen(signing())  # made before anything was written
    assert writer.frame.strokes == first
    writer.write((500, 100), (500, 300))
    both = writer.frame.strokes
    writer.window.show_screen(replace(signing(), strokes=first))
    assert writer.frame.strokes == both
    writer.window.show_screen(replace(signing(), strokes=both))
    writer.window.show_screen(signing())
    assert writer.frame.strokes == ()


def test_a_stroke_that_is_being_written_goes_on_while_screens_come(writer: Writer) -> None:
    writer.touch("press", (100, 100))
    writer.touch("move", (200, 100))
    made = signing()
    writer.window.show_screen(replace(made, caption=replace(made.caption, text="慢慢写。")))
    writer.touch("move", (300, 100))
    writer.touch("release", (300, 100))
    assert near(writer.frame.strokes[0], (100, 100), (200, 100), (300, 100))


@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_answers_that_come_with_the_first_stroke_leave_the_frame_where_it_is(
    new_window: Callable[..., KioskWindow], glass: str, size: str
) -> None:
    window = new_window(GLASSES[glass])
    for language, reach in product(Language, REACHES):
        signed = replace(shown("proxy_declare", language=language, size=size), reach=reach)
        empty = replace(signed, strokes=(), buttons=signed.buttons[:2])
        window.show_screen(empty)
        frame = page(window).findChild(Signature)
        assert isinstance(frame, Signature)
        stood = frame.geometry()
        for made in (signed, empty, signed):
            window.show_screen(made)
            assert page(window).findChild(Signature) is frame, (language, reach)
            assert frame.geometry() == stood, (language, reach)
            assert faults(window) == []
            names = [c.text() for c in page(window).controls() if not isinstance(c, Foot)]
            assert names == [button.label for button in made.buttons]


def test_a_stroke_goes_on_while_answers_come(writer: Writer, posted: list[object]) -> None:
    signed = shown("proxy_declare")
    writer.window.show_screen(replace(signed, strokes=(), buttons=signed.buttons[:2]))
    writer.write((100, 100), (300, 100))
    writer.touch("press", (100, 200))
    writer.touch("move", (200, 200))
    writer.window.show_screen(replace(signed, strokes=writer.frame.strokes))
    writer.touch("move", (300, 200))
    writer.touch("release", (300, 200))
    assert near(writer.frame.strokes[1], (100, 200), (200, 200), (300, 200))
    control(writer.window, "签完了").click()
    assert posted[-1] == ChoicePressed(choice_id="done")


@pytest.mark.parametrize("theme", themes())
def test_it_is_dark_ink_on_light_paper_in_every_theme(window: KioskWindow, theme: str) -> None:
    window.show_screen(replace(signing(theme=theme), strokes=(((100, 100), (900, 100)),)))
    frame = page(window).findChild(Signature)
    assert isinstance(frame, Signature)
    drawn, scale = frame.grab().toImage(), frame.paper.width() / 1000
    x = round(frame.paper.x() + 500 * scale)
    line = [drawn.pixelColor(x, y) for y in range(round(70 * scale), round(130 * scale))]
    paper, ink = frame.colours()
    assert (line[0], min(line, key=lambda colour: colour.lightness())) == (paper, ink)
    assert paper.lightness() > 180
    assert ink.lightness() < 80
    assert contrast(paper.name(), ink.name()) >= 7


@pytest.mark.parametrize("glass", GLASSES)
def test_the_pen_is_as_thick_as_a_pen(new_window: Callable[..., KioskWindow], glass: str) -> None:
    window = new_window(GLASSES[glass])
    window.show_screen(replace(signing(), strokes=(((100, 100), (900, 100)),)))
    frame = page(window).findChild(Signature)
    assert isinstance(frame, Signature)
    drawn, scale = frame.grab().toImage(), frame.paper.width() / 1000
    x, (paper, ink) = round(frame.paper.x() + 500 * scale), frame.colours()
    column = (drawn.pixelColor(x, y).lightness() for y in range(round(70 * scale), round(130 * scale)))
    covered = sum((paper.lightness() - light) / (paper.lightness() - ink.lightness()) for light in column)
    assert 1.0 <= covered / GLASSES[glass].px_per_mm <= 1.5


@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_there_is_room_for_a_hand(new_window: Callable[..., KioskWindow], glass: str, size: str) -> None:
    window = new_window(GLASSES[glass])
    for reach in ("usual", "low", "left"):
        window.show_screen(replace(signing(size=size), reach=reach))
        paper = Writer(window, []).frame.paper
        assert paper.width() / GLASSES[glass].px_per_mm >= 100 - 0.3
        assert paper.width() / paper.height() == pytest.approx(2.5, rel=0.01)


def test_a_screen_reader_is_told_what_it_is_and_how_much_is_written(writer: Writer) -> None:
    def told(kind: QAccessible.Text) -> str:
        return QAccessible.queryAccessibleInterface(writer.frame).text(kind)

    assert told(QAccessible.Text.Name) == "签名的地方"
    assert told(QAccessible.Text.Description) == "还没有写"
    writer.write((100, 100), (300, 100))
    assert told(QAccessible.Text.Description) == "写了 1 笔"


# -- letting go --------------------------------------------------------------------------------------------------------


def test_nothing_that_was_written_is_left_after_a_wipe(writer: Writer) -> None:
    writer.window.show_screen(replace(signing(), strokes=STROKES))
    writer.write((100, 100), (300, 100))
    writer.touch("press", (500, 100))
    writer.touch("move", (600, 300))
    frame = writer.frame
    frame.grab()
    ink, dark = frame._ink, writer.on_glass((200, 100)) - frame.mapTo(writer.window, QPoint())
    assert ink is not None
    assert ink.pixelColor(dark).alpha() == 255
    writer.window.wipe()
    assert frame.strokes == ()
    assert frame.writing.begun == ()
    assert (frame._ink, frame._sent, frame._told) == (None, [], ())
    assert ink.pixelColor(dark).alpha() == 0, "its memory is blank, too"
    writer.touch("release", QPoint(5, 5))
    assert len(writer.signed()) == 1


def test_nothing_is_written_through_the_curtain(writer: Writer) -> None:
    places = [writer.on_glass((100, 100)), writer.on_glass((300, 100))]
    writer.window.show_screen(replace(signing(), curtain=DRAWN["zh_Hans"], caption=shown("review").caption))
    writer.write(*places)
    assert writer.frame.strokes == ()
    assert writer.signed() == []
