"""What a camera sees and pictures that were taken: large, never stretched, asked for only while somebody can see them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kiosk.audit.matrix import GLASSES
from petition.events import ChoicePressed, ControlReached, NumberPressed
from petition.ports import Frame
from petition.proxy import CONSENTING
from petition.screen import Screen
from tests.ui.screens import AGENT, LONG_NOTICE, OATH, camera, picture, pictures, reading_aloud, shown, signing
from tests.ui.test_curtain import DRAWN
from tests.ui.test_window import control, page, texts
from tests.ui.viewfinder import BLUE, GREEN, RED, Colour, Painted, frame
from ui.audit import faults, highest_control
from ui.frames import Looking, image_of
from ui.layouts.choices import Turned
from ui.layouts.stage import LEFT, LOW
from ui.look import sizes, themes
from ui.widgets.photo import DARK, Photo
from ui.widgets.picture_answer import PictureAnswer
from ui.widgets.shutter import Shutter
from ui.widgets.text import Reading, Text
from ui.window import KioskWindow

MIDDLE = 0.5
ANYWHERE = ("usual", LOW, LEFT)


def samples(size: str, theme: str, language: str) -> Iterator[Screen]:
    """Yield every new layout at its fullest."""
    yield camera(size=size, theme=theme, language=language)
    yield camera(size=size, theme=theme, language=language, seconds=3)
    yield picture(size=size, theme=theme, language=language)
    yield from (pictures(count, size=size, theme=theme, language=language) for count in (1, 4, 6))
    yield signing(size=size, theme=theme, language=language)
    yield signing(size=size, theme=theme, language=language, body=OATH)
    yield reading_aloud(size=size, theme=theme, language=language)


def photo(window: KioskWindow) -> Photo:
    return next(found for found in page(window).findChildren(Photo) if found.isVisibleTo(page(window)))


def thumbnails(window: KioskWindow) -> list[PictureAnswer]:
    return [one for one in page(window).controls() if isinstance(one, PictureAnswer)]


def colour_in(window: KioskWindow, widget: QWidget, place: QPoint) -> Colour:
    seen = window.grab().toImage().pixelColor(widget.mapTo(window, place))
    return seen.red(), seen.green(), seen.blue()


def in_the_middle(window: KioskWindow) -> Colour:
    return colour_in(window, photo(window), photo(window).rect().center())


def again(looking: Looking) -> None:
    """Let the time pass after which it is asked again."""
    assert looking.active
    looking._again.timeout.emit()


@pytest.fixture
def seen(window: KioskWindow) -> Painted:
    viewfinder = Painted(pictures={"one": frame(BLUE), **{f"p{n}": frame(RED) for n in range(1, 7)}})
    window.set_viewfinder(viewfinder)
    return viewfinder


# -- where they stand --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_they_fit_everywhere_and_can_be_reached(new_window: Callable[..., KioskWindow], glass: str, size: str) -> None:
    window = new_window(GLASSES[glass])
    window.set_viewfinder(Painted())
    theme = themes()[sizes().index(size)]
    for reach, language in product(ANYWHERE, ("zh_Hans", "en")):
        for made in samples(size, theme, language):
            for agent in ("", AGENT[language]):
                window.show_screen(replace(made, reach=reach, agent=agent))
                assert faults(window) == [], (made.layout, reach)
                if reach == LOW:
                    assert highest_control(window) >= MIDDLE, made.layout


@pytest.mark.parametrize("count", [1, 4, 6])
@pytest.mark.parametrize("glass", GLASSES)
def test_any_number_of_answers_fits(new_window: Callable[..., KioskWindow], glass: str, count: int) -> None:
    window = new_window(GLASSES[glass])
    for made, reach in product((camera(size="largest"), picture(size="largest"), signing(size="largest")), ANYWHERE):
        first = made.buttons[0]
        more = tuple(replace(first, id=f"b{n}", number=str(n), primary=n == 1) for n in range(1, count + 1))
        window.show_screen(replace(made, buttons=more, reach=reach))
        assert faults(window) == [], (made.layout, reach)


@pytest.mark.parametrize("size", ["normal", "large", "larger"])
@pytest.mark.parametrize("glass", GLASSES)
def test_the_shutter_is_large(new_window: Callable[..., KioskWindow], glass: str, size: str) -> None:
    window = new_window(GLASSES[glass])
    window.show_screen(camera(size=size))
    shutter = control(window, "拍照")
    assert isinstance(shutter, Shutter)
    assert shutter.height() / GLASSES[glass].px_per_mm >= 30 - 0.2


@pytest.mark.parametrize("glass", GLASSES)
@pytest.mark.parametrize("size", sizes())
def test_a_picture_is_large(new_window: Callable[..., KioskWindow], glass: str, size: str) -> None:
    window = new_window(GLASSES[glass])
    for made in (camera(size=size), camera(size=size, seconds=3), picture(size=size)):
        window.show_screen(made)
        assert photo(window).place_of_picture().height() / GLASSES[glass].px_per_mm > 100, made.layout


@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("glass", GLASSES)
def test_words_to_read_aloud_are_all_there_and_large(
    new_window: Callable[..., KioskWindow], glass: str, size: str
) -> None:
    window = new_window(GLASSES[glass])
    for reach in ANYWHERE:
        window.show_screen(replace(reading_aloud(size=size), reach=reach))
        assert texts(window).count(OATH) == 1
        assert faults(window) == []
        assert not [c for c in page(window).controls() if isinstance(c.act, Turned)]


@pytest.mark.parametrize("glass", GLASSES)
def test_very_many_words_to_read_aloud_have_pages(new_window: Callable[..., KioskWindow], glass: str) -> None:
    window = new_window(GLASSES[glass])
    for reach in ANYWHERE:
        window.show_screen(replace(reading_aloud(size="largest"), body=LONG_NOTICE * 2, reach=reach))
        assert faults(window) == []
        assert len([c for c in page(window).controls() if isinstance(c.act, Turned)]) == 2


def test_words_that_are_made_out_take_the_place_of_those_to_be_read(window: KioskWindow) -> None:
    window.show_screen(reading_aloud())
    before = page(window)
    window.show_screen(replace(reading_aloud(), text="我叫张国强"))
    assert page(window) is before
    assert "我叫张国强" in texts(window)
    assert OATH not in texts(window)
    assert faults(window) == []


@pytest.mark.parametrize("step", sorted(CONSENTING))
def test_a_sentence_somebody_is_to_say_is_large_and_stays_while_words_are_made_out(
    window: KioskWindow, step: str
) -> None:
    made = shown(step)
    window.show_screen(made)
    said = next(found for found in page(window).findChildren(Reading) if found.text() == made.body)
    assert said.role == "title"
    window.show_screen(replace(made, text="我叫张国强"))
    assert said.isVisibleTo(page(window))
    assert "我叫张国强" not in texts(window)
    assert faults(window) == []


def test_before_a_stick_is_there_what_to_do_is_told_large_and_pictures_take_its_place(window: KioskWindow) -> None:
    made = shown("picture_usb")
    waiting = replace(made, body="请把优盘插上，照片会出来。", buttons=made.buttons[-1:])
    window.show_screen(waiting)
    told = [one for one in page(window).findChildren(Text) if one.text() == waiting.body]
    assert [one.role for one in told if one.isVisibleTo(page(window))] == ["live"]
    assert faults(window) == []
    window.show_screen(made)
    assert len(thumbnails(window)) == 6


def test_a_picture_whose_name_is_a_number_shows_the_number_of_its_key_and_no_other(window: KioskWindow) -> None:
    made = shown("picture_usb")
    window.show_screen(made)
    of_it = {one.text(): one.all_lines() for one in thumbnails(window)}
    assert of_it == {key: [] for key in "123456"}


# -- what they show ----------------------------------------------------------------------------------------------------


def test_what_the_camera_sees_is_shown_as_it_changes(window: KioskWindow, seen: Painted) -> None:
    window.show_screen(camera())
    assert in_the_middle(window) == GREEN
    seen.seen = frame(BLUE)
    again(photo(window).looking)
    assert in_the_middle(window) == BLUE
    seen.seen = None
    again(photo(window).looking)
    assert photo(window).picture.image is None


def test_before_there_is_a_viewfinder_its_place_is_dark(window: KioskWindow) -> None:
    window.show_screen(camera())
    corner = photo(window).place_of_picture().topLeft().toPoint() + QPoint(30, 30)
    assert QColor(*colour_in(window, photo(window), corner)) == DARK
    window.set_viewfinder(Painted())
    again(photo(window).looking)
    assert in_the_middle(window) == GREEN


@pytest.mark.parametrize(("wide", "high"), [(64, 48), (48, 64), (90, 20), (1, 1)])
def test_no_picture_is_stretched(window: KioskWindow, seen: Painted, wide: int, high: int) -> None:
    seen.seen = frame(GREEN, wide, high)
    window.show_screen(camera())
    place = photo(window).place_of_picture()
    assert place.width() / place.height() == pytest.approx(wide / high)
    assert photo(window).rect().contains(place.toRect())
    assert in_the_middle(window) == GREEN


@pytest.mark.parametrize(
    "broken",
    [
        Frame(width_px=64, height_px=48, rgb=b"short"),
        Frame(width_px=0, height_px=48, rgb=b""),
        Frame(width_px=-2, height_px=-2, rgb=bytes(12)),
        Frame(width_px=100_000, height_px=1, rgb=bytes(300_000)),
    ],
)
def test_bytes_that_are_no_picture_show_nothing(window: KioskWindow, seen: Painted, broken: Frame) -> None:
    seen.seen = broken
    assert image_of(broken) is None
    window.show_screen(camera())
    assert photo(window).picture.image is None


def test_seconds_count_over_the_picture_without_a_new_page(window: KioskWindow, seen: Painted) -> None:
    assert seen.seen is not None
    window.show_screen(camera(seconds=3))
    before, three = page(window), window.grab().toImage()
    assert in_the_middle(window) != GREEN
    assert photo(window).accessibleDescription() == "还有 3 秒"
    window.show_screen(replace(camera(seconds=3), seconds_left=2))
    assert page(window) is before
    assert window.grab().toImage() != three
    assert photo(window).accessibleDescription() == "还有 2 秒"
    window.show_screen(replace(camera(seconds=3), seconds_left=0))
    assert in_the_middle(window) == GREEN


def test_a_picture_is_asked_for_until_it_is_there(window: KioskWindow, seen: Painted) -> None:
    taken = seen.pictures.pop("one")
    window.show_screen(picture())
    again(photo(window).looking)
    assert photo(window).picture.image is None
    seen.pictures["one"] = taken
    again(photo(window).looking)
    assert in_the_middle(window) == BLUE
    assert not photo(window).looking.active, "nothing more is asked for"
    window.show_screen(picture("p1"))
    assert in_the_middle(window) == RED


def test_pictures_to_choose_from_come_one_by_one(window: KioskWindow, seen: Painted) -> None:
    late = seen.pictures.pop("p2")
    window.show_screen(pictures(3))
    first, second, _ = thumbnails(window)
    assert not first.looking.active
    assert colour_in(window, first, first.rect().center()) == RED
    assert second.picture.image is None
    seen.pictures["p2"] = late
    again(second.looking)
    assert colour_in(window, second, second.rect().center()) == RED
    assert not second.looking.active


# -- choosing ----------------------------------------------------------------------------------------------------------


def test_pictures_are_chosen_by_touch_number_and_focus(
    window: KioskWindow, seen: Painted, posted: list[object]
) -> None:
    assert seen.pictures
    window.show_screen(pictures(6))
    QTest.mouseClick(thumbnails(window)[1], Qt.MouseButton.LeftButton)
    QTest.keyClicks(window, "3")
    assert posted == [ChoicePressed(choice_id="p2"), NumberPressed(number=3)]
    posted.clear()
    for _ in range(8):
        QTest.keyClick(window, Qt.Key.Key_Tab)
    names = [event.act.choice_id for event in posted if isinstance(event, ControlReached)]  # type: ignore[union-attr]
    assert names == ["p1", "p2", "p3", "p4", "p5", "p6", "more", "none"]


def test_a_screen_reader_calls_them_by_their_labels(window: KioskWindow, seen: Painted) -> None:
    assert seen.pictures
    window.show_screen(pictures(6))
    for one in thumbnails(window):
        told = QAccessible.queryAccessibleInterface(one)
        assert told.text(QAccessible.Text.Name) == f"第 {one.number} 张"
        assert told.role() is QAccessible.Role.Button
    for made, name in ((camera(), "摄像头看到的画面"), (picture(), "照片")):
        window.show_screen(made)
        assert QAccessible.queryAccessibleInterface(photo(window)).text(QAccessible.Text.Name) == name


@pytest.mark.parametrize("glass", GLASSES)
def test_each_number_can_be_seen_on_its_picture(new_window: Callable[..., KioskWindow], glass: str) -> None:
    window = new_window(GLASSES[glass])
    window.set_viewfinder(Painted(pictures={f"p{n}": frame(RED) for n in range(1, 7)}))
    window.show_screen(pictures(6, size="largest"))
    for one in thumbnails(window):
        drawn = one.grab().toImage()
        one.number = ""
        assert one.grab().toImage() != drawn


# -- letting go --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [camera(), picture(), pictures(3)], ids=lambda made: str(made.layout))
def test_nothing_is_asked_for_or_kept_once_something_else_is_shown(
    window: KioskWindow, seen: Painted, made: Screen
) -> None:
    seen.pictures.clear()
    window.show_screen(made)
    looking = page(window).findChildren(Looking)
    assert looking
    assert all(one.active for one in looking)
    window.show_screen(shown("kind"))
    asked = len(seen.asked)
    assert not any(one.active for one in looking)
    assert len(seen.asked) == asked


@pytest.mark.parametrize("made", [camera(), picture(), pictures(3)], ids=lambda made: str(made.layout))
def test_after_a_wipe_no_picture_is_left(window: KioskWindow, seen: Painted, made: Screen) -> None:
    assert seen.pictures
    window.show_screen(made)
    window.grab()
    held = [one.picture for one in page(window).findChildren(Photo)] + [one.picture for one in thumbnails(window)]
    images = [one.image for one in held if one.image is not None]
    assert images
    window.wipe()
    assert all(one.image is None and one._smaller is None for one in held)
    assert all(image.pixelColor(1, 1) == QColor("black") for image in images), "their memory is blank, too"


def test_beneath_the_curtain_nothing_is_seen_or_asked_for(window: KioskWindow, seen: Painted) -> None:
    for made in (camera(), picture(), pictures(3), signing()):
        covered = replace(made, curtain=DRAWN["zh_Hans"], caption=shown("review").caption, camera="")
        window.show_screen(covered)
        plain = window.grab().toImage()
        asked = len(seen.asked)
        window.show_screen(replace(covered, seconds_left=2, agent=AGENT["zh_Hans"]))
        assert window.grab().toImage() == plain
        assert not any(one.active for one in page(window).findChildren(Looking))
        assert len(seen.asked) == asked
        window.show_screen(made)
        assert window.curtain is None
    window.show_screen(replace(camera(), curtain=DRAWN["zh_Hans"]))
    window.show_screen(camera())
    assert in_the_middle(window) == GREEN
