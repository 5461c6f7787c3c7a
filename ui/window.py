"""The kiosk's window: shows screens, and posts what is pressed, keyed and typed. It decides nothing."""

import gc
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import (
    QClipboard,
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from petition.events import (
    ChoicePressed,
    CommandGiven,
    ControlReached,
    DigitsEdited,
    HeadphonesPlugged,
    HeadphonesUnplugged,
    KeyReached,
    KeyTried,
    NumberPressed,
    ScreenTouched,
    Signed,
    TextEdited,
)
from petition.pad import Jack, Meaning, Movement
from petition.ports import TypingEngine, Viewfinder
from petition.screen import Screen
from petition.steps import Command, Input, Layout
from petition.wedge import Wedge
from ui.finger import Finger
from ui.frames import LateViewfinder
from ui.keyboard import Typing
from ui.layouts.type_text import Composed
from ui.look import Glass, Look, tokens
from ui.page import Page
from ui.scanner_keys import ScannerKeys
from ui.widgets.alarm import Alarm
from ui.widgets.control import Control
from ui.widgets.curtain import Curtain
from ui.widgets.focus_ring import FocusRing

CLOCK_MILLISECONDS = 5000
FIRST_LANGUAGE = "zh_Hans"
COMMAND_KEYS = {
    Qt.Key.Key_Escape: Command.BACK,
    Qt.Key.Key_Back: Command.BACK,
    Qt.Key.Key_Home: Command.HOME,
    Qt.Key.Key_HomePage: Command.HOME,
    Qt.Key.Key_F1: Command.HELP,
    Qt.Key.Key_Help: Command.HELP,
    Qt.Key.Key_VolumeUp: Command.LOUDER,
    Qt.Key.Key_VolumeDown: Command.QUIETER,
}
XKB_OFFSET = 8
"""Qt tells scan codes as X11 and Wayland do: eight more than Linux."""
ON_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Right)
BACK_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Left)
PRESS_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select)
MOVEMENTS: Mapping[Qt.Key, Movement] = {
    **dict.fromkeys((*ON_KEYS, Qt.Key.Key_Tab), Movement.NEXT),
    **dict.fromkeys((*BACK_KEYS, Qt.Key.Key_Backtab), Movement.PREVIOUS),
    **dict.fromkeys(PRESS_KEYS, Movement.PRESS),
}
"""What keys that every keyboard has are for, as it is told where keys are tried."""


def _local_time() -> datetime:
    return datetime.now().astimezone()


class KioskWindow(QMainWindow):
    """The one window. `post` takes events; `show_screen` takes what to show."""

    def __init__(  # noqa: PLR0913 (a keyword for each thing that an operator decides)
        self,
        post: Callable[[object], None],
        glass: Glass,
        *,
        engines: Mapping[str, TypingEngine] | None = None,
        now: Callable[[], datetime] = _local_time,
        clock: Callable[[], float] = time.monotonic,
        double_strike_seconds: float = 0.3,
        same_key_seconds: float = 0,
        reduced_motion: bool = False,
        pad: Mapping[int, Meaning] = MappingProxyType({}),
    ) -> None:
        """Make the window, as large as the glass.

        `engines` are what a screen of each language types with; where a language has none of its own, the Simplified
        one or any other serves, and without any, letters are typed as they are.
        `now` is the local time for the clock on the screen, `clock` a monotonic one in seconds; a second press of the
        same thing within `double_strike_seconds`, or of what came in its place, is not meant and is not posted; for
        letters, digits and keys that move on it is `same_key_seconds`. A key that is held down counts once.
        `pad`: what keys beside the screen mean, by scan code.
        """
        super().__init__()
        self._post, self._glass, self._now, self._clock = post, glass, now, clock
        self._double_strike_seconds, self._reduced_motion = double_strike_seconds, reduced_motion
        self._same_key_seconds = same_key_seconds
        self._last_key: tuple[object, float] = (None, float("-inf"))
        self._pad = pad
        self._engines = dict(engines or {})
        self._typed_on = ""
        """The step that was typed on last: letters being composed there are never gone on with on another."""
        self._typed_with: TypingEngine | None = None
        self._viewfinder = LateViewfinder()
        self._page: Page | None = None
        self._screen: Screen | None = None
        self._last_press: tuple[object, float] = (None, float("-inf"))
        self._page_changed = False
        self._by_keys = False
        self._by_ear = False
        """Whether anybody has looked around by keys or with a sliding finger in this visit."""
        self._named = ""
        """What keys have come to, by its name then: only that is pressed by a pad."""
        self._ring: FocusRing | None = None
        self._curtain: Curtain | None = None
        self._fade: Fade | None = None
        self._alarm: Alarm | None = None
        self._scanner_keys: ScannerKeys | None = None
        self._desk = QWidget(self)
        self.setCentralWidget(self._desk)
        self._finger = Finger(self, self._feel, clock, same_key_seconds)
        self.resize(glass.width_px, glass.height_px)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]  # there is one
        self._minute = QTimer(self)
        self._minute.setInterval(CLOCK_MILLISECONDS)
        self._minute.timeout.connect(self._tell_time)
        self._minute.start()
        # Pages hold each other, and the words on them, until somebody collects them: once Qt lets go of them, and
        # only once however many wipes there were.
        self._collect = QTimer(self)
        self._collect.setSingleShot(True)
        self._collect.timeout.connect(gc.collect)

    @property
    def page(self) -> Page | None:
        """What is shown; None before the first screen and after a wipe."""
        return self._page

    @property
    def curtain(self) -> Curtain | None:
        """What covers the page; None while the page can be seen."""
        return self._curtain

    @property
    def alarm(self) -> Alarm | None:
        """The lit edge of the glass; None while nobody is called."""
        return self._alarm

    def tell_scanner_from_typing(self, wedge: Wedge[QKeyEvent]) -> None:
        """From now on post what a scanner in keyboard mode types, and give its keys to nothing on the page."""
        self._scanner_keys = ScannerKeys(self, wedge, self._post, self._clock, self._jacks())
        self._scanner_keys.watch()

    def set_viewfinder(self, viewfinder: Viewfinder) -> None:
        """From now on show what its camera sees, and its pictures; until then their places are dark."""
        self._viewfinder.found(viewfinder)

    def _jacks(self) -> frozenset[int]:
        """Return the native scan codes by which a pad tells of its headphones."""
        return frozenset(code + XKB_OFFSET for code, meaning in self._pad.items() if isinstance(meaning, Jack))

    # -- showing ---------------------------------------------------------------------------------------------------

    def show_screen(self, screen: Screen) -> None:
        """Show a screen: in place when only words, digits, time or choices changed; else as a new page."""
        before, self._screen = self._screen, screen
        if before is not None and self._page is not None and _structure(before) == _structure(screen):
            self._page.renew(screen)
            self._cover()
            self._light()
            self._follow_focus()
            return
        self._build(fade=before is not None and (before.step, before.title) != (screen.step, screen.title))

    def mark_word(self, start: int, length: int) -> None:
        """Mark the word being said, in the caption or on the sheet; length 0 marks nothing."""
        if self._page is not None:
            self._page.mark(start, length)

    def show_level(self, level: float) -> None:
        """Show how loud it is: 0 … 1."""
        if self._page is not None:
            self._page.hear(level)

    def wipe(self) -> None:
        """Forget everything that was shown: page, fading picture, clipboard, what is being composed."""
        if self._scanner_keys is not None:
            self._scanner_keys.forget()
        self._drop_fade()
        self._drop_page()
        self._put_out()
        self._screen = None
        self._by_keys = self._by_ear = False
        self._typed_on, self._typed_with = "", None
        for engine in self._engines.values():
            engine.clear()
        for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
            QGuiApplication.clipboard().clear(mode)
        self.setWindowTitle("")
        self.update()
        self._collect.start()

    def _build(self, *, fade: bool) -> None:
        screen = self._screen
        if screen is None:
            return
        glass = Glass(
            width_px=max(1, self._desk.width()),
            height_px=max(1, self._desk.height()),
            diagonal_inch=self._glass.diagonal_inch,
        )
        look = Look.for_glass(glass, theme=screen.theme, size=screen.size, language=screen.language)
        focused, covered = self._focused_act(), self._curtain is not None or screen.curtain is not None
        picture = (
            self._page.grab()
            if fade and self._page is not None and not self._reduced_motion and self.isVisible() and not covered
            else None
        )
        self._drop_fade()
        self._finger.let_go()
        old = self._page
        page = Page(self._desk, look, screen, self._now, self._typing(screen), self._viewfinder)
        page.fired.connect(self._fired)
        page.arranged.connect(self._light)
        page.setGeometry(self._desk.rect())
        self._page = page
        self._ring = FocusRing(page, look)
        self.setWindowTitle(screen.title)
        page.show()
        if old is not None:
            # Else Qt, hiding what has the focus, moves it on as the Tab key does: and that says that somebody is there.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            _throw_away(old)
        self._page_changed = True
        self._cover()
        self._restore_focus(focused)
        if picture is not None:
            self._fade = Fade(self._desk, picture)
        self._light()

    def _typing(self, screen: Screen) -> Typing:
        """Return what to type with; letters that were left over elsewhere are forgotten."""
        engines, language = self._engines, screen.language
        engine = engines.get(language) or engines.get(FIRST_LANGUAGE) or next(iter(engines.values()), None)
        if screen.takes is Input.TEXT:
            method = self._typed_with.methods[0] if self._typed_with is not None else None
            for other in engines.values():
                if other is not engine or screen.step != self._typed_on:
                    other.clear()
            before = self._typed_with
            # Who writes by strokes does so on the next screen, too; but the first way of one language is not another's.
            chosen = engine is before or (before is not None and method is not before.methods[0])
            if engine is not None and method is not None and chosen:
                engine.use(method)
            self._typed_on, self._typed_with = screen.step, engine
        return Typing(engine=engine, clock=self._clock, double_strike_seconds=self._double_strike_seconds)

    def _cover(self) -> None:
        """Draw the curtain over the page, tell it what it shows now, or take it away.

        The page beneath stays as it is: whoever goes by ear works with its controls.
        """
        screen, page = self._screen, self._page
        if page is not None:
            page.look_on(seen=screen is None or screen.curtain is None)
        if screen is None or page is None or screen.curtain is None:
            self._drop_curtain()
            return
        self._drop_fade()
        if self._curtain is None or not self._curtain.suits(page.look, screen.curtain):
            focused = self._focused_act()
            self._drop_curtain()
            self._finger.let_go()
            self._curtain = Curtain(self._desk, page.look, screen.curtain)
            self._curtain.fired.connect(self._fired)
            if focused == self._curtain.button.act:
                self._curtain.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._curtain.tell(screen)
        self._curtain.raise_()
        self._curtain.show()

    def _drop_curtain(self) -> None:
        if self._curtain is None:
            return
        curtain, self._curtain = self._curtain, None
        here = curtain.isAncestorOf(QApplication.focusWidget() or self)
        self._finger.let_go()
        _throw_away(curtain)
        if here:
            self._restore_focus(None)

    def _light(self) -> None:
        """Light the edge of the glass above everything else, or put it out."""
        screen, page = self._screen, self._page
        if screen is None or page is None or not screen.alarm:
            self._put_out()
        elif self._alarm is None:
            self._alarm = Alarm(self._desk, page.look, page.edge, steady=self._reduced_motion)
        else:
            self._alarm.fit(page.look, page.edge)

    def _put_out(self) -> None:
        if self._alarm is not None:
            _throw_away(self._alarm)
            self._alarm = None

    def _drop_page(self) -> None:
        self._drop_curtain()
        self._finger.let_go()
        if self._page is not None:
            _throw_away(self._page)
        self._page, self._ring = None, None

    def _drop_fade(self) -> None:
        if self._fade is not None:
            self._fade.drop()
            self._fade = None

    def _tell_time(self) -> None:
        if self._page is not None:
            self._page.tell_time()

    # -- pressing --------------------------------------------------------------------------------------------------

    def _fired(self, act: object) -> None:
        """Something was pressed: post it, unless an unsteady hand pressed twice."""
        match act:
            case Composed(told=told):
                self._post(KeyReached(name=told) if self._by_ear else ScreenTouched())
                return
            case KeyReached(name=name):
                self._by_ear, self._named = True, name
                self._post(act)
                return
            case DigitsEdited() | TextEdited() | Signed():
                self._post(act)
                return
            case ScreenTouched():  # somebody writes: what else lies on the glass is the same hand
                self._by_keys = False
                self._finger.let_go()
                self._follow_focus()
                self._post(act)
                return
        now = self._clock()
        before, at = self._last_press
        if now - at < self._double_strike_seconds and (before == act or self._page_changed):
            return
        self._last_press, self._page_changed = (act, now), False
        if self._page is not None:
            self._page.settle()
        self._post(act)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A finger comes down. On nothing it still says that somebody is there."""
        self._by_keys = False
        self._follow_focus()
        place = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or not self._finger.press(place):
            self._post(ScreenTouched())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._finger.move(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._finger.lift(event.position().toPoint())

    def _feel(self, control: Control | None) -> None:
        """A finger that looks around has come to something, or to nothing."""
        if control is not None:
            self._name(control)
        self._follow_focus()

    def _name(self, control: Control) -> None:
        """Have it said what somebody has come to."""
        if isinstance(control.act, ChoicePressed | CommandGiven):
            self._by_ear, self._named = True, control.accessibleName()
            self._post(ControlReached(act=control.act))
        else:
            self._fired(KeyReached(name=control.accessibleName()))

    # -- keys ------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        here = QApplication.focusWidget() in (self, None)  # else a control had it first
        return (here and self._takes_first(event)) or super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See keys before the control that has the focus does: Qt lets Tab move on without asking anybody."""
        return self._takes_first(event) or super().eventFilter(watched, event)

    def _takes_first(self, event: QEvent) -> bool:
        """Take a key that is held down or bounces: it counts once; one of a pad; and every one where keys are tried."""
        if not isinstance(event, QKeyEvent) or event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return False
        tried = self._screen is not None and self._screen.takes is Input.KEYS
        known = self._pad.get(event.nativeScanCode() - XKB_OFFSET) is not None
        again = event.isAutoRepeat() or (event.type() == QEvent.Type.KeyPress and self._bounced(event))
        if event.type() == QEvent.Type.KeyPress and not again:
            if tried:
                self._try_key(event)
            elif known:
                self.keyPressEvent(event)
        return again or tried or known

    def _bounced(self, event: QKeyEvent) -> bool:
        now, key = self._clock(), _which(event)
        last, at = self._last_key
        self._last_key = (key, now)
        return key == last and now - at < self._same_key_seconds

    def _try_key(self, event: QKeyEvent) -> None:
        """Tell which key was pressed and what it does elsewhere; here it does nothing."""
        key = Qt.Key(event.key())
        digit = int(event.text()) if event.text() and event.text() in "0123456789" else None
        meaning = self._pad.get(event.nativeScanCode() - XKB_OFFSET)
        if isinstance(meaning, Jack):
            self.keyPressEvent(event)  # no key, though it comes like one
            return
        self._by_keys = True
        does = meaning or MOVEMENTS.get(key) or COMMAND_KEYS.get(key)
        self._fired(KeyTried(key=_which(event), meaning=digit if does is None else does))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no control took."""
        if self._page is None:
            return
        key, focused = Qt.Key(event.key()), QApplication.focusWidget()
        meaning = self._pad.get(event.nativeScanCode() - XKB_OFFSET)
        if isinstance(meaning, Jack):
            self._post(HeadphonesPlugged() if meaning is Jack.PLUGGED else HeadphonesUnplugged())
        elif meaning is not None:
            self._press_pad(meaning)
        elif key in PRESS_KEYS and isinstance(focused, Control):
            focused.click()
        elif self._takes_text() and self._page.take_key(event):
            self._leave_controls()
        elif key in COMMAND_KEYS:
            self._fired(CommandGiven(command=COMMAND_KEYS[key]))
        elif event.text() and event.text() in "*#" and (control := self._numbered(event.text())) is not None:
            control.click()
        elif key in ON_KEYS or key in BACK_KEYS:
            self._move_focus(1 if key in ON_KEYS else -1)
        elif event.text() and event.text() in "0123456789":
            number = int(event.text())
            self._fired(NumberPressed(number=number) if number else CommandGiven(command=Command.CALL_STAFF))
        else:
            self._post(ScreenTouched())

    def _press_pad(self, meaning: Movement | Command) -> None:
        """Do what a key of the pad means."""
        focused = QApplication.focusWidget()
        match meaning:
            case Movement.NEXT:
                self._move_focus(1)
            case Movement.PREVIOUS:
                self._move_focus(-1)
            case Movement.PRESS if isinstance(focused, Control) and self._by_keys:
                if focused.accessibleName() == self._named:
                    focused.click()
                else:  # what stood there when it was said has made way for something else
                    self._name(focused)
            case Movement.PRESS:
                self._move_focus(1)
            case Command.HELP if self._screen is not None and self._screen.help:
                self._fired(CommandGiven(command=Command.CALL_STAFF))  # asked for twice: words did not help
            case Command():
                self._fired(CommandGiven(command=meaning))

    def _takes_text(self) -> bool:
        return self._screen is not None and self._screen.takes in (Input.TEXT, Input.DIGITS)

    def _numbered(self, number: str) -> Control | None:
        controls = self._page.controls() if self._page is not None else []
        return next((control for control in controls if control.number == number), None)

    # -- focus -----------------------------------------------------------------------------------------------------

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: FBT001 (Qt's own name)
        self._move_focus(1 if next else -1)
        return True

    def _move_focus(self, step: int) -> None:
        """Go on to the next control in reading order; after the last comes the first: no end to get stuck at."""
        controls = self._controls()
        if not controls:
            return
        self._by_keys = True
        focused = QApplication.focusWidget()
        at = next((i for i, control in enumerate(controls) if control is focused), -1 if step > 0 else 0)
        reached = controls[(at + step) % len(controls)]
        reached.setFocus(Qt.FocusReason.TabFocusReason)
        self._follow_focus()
        self._name(reached)

    def _leave_controls(self) -> None:
        """Who writes on a real keyboard is not at a control: the space key must write, not press what had the focus."""
        if (
            self._screen is not None
            and self._screen.takes is Input.TEXT
            and isinstance(QApplication.focusWidget(), Control)
        ):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._by_keys = False
            self._follow_focus()

    def _controls(self) -> list[Control]:
        """Return what keys come to: what the page has, covered or not, and last what opens the curtain."""
        controls = self._page.controls() if self._page is not None else []
        return [*controls, self._curtain.button] if self._curtain is not None else controls

    def _focused_act(self) -> object:
        focused = QApplication.focusWidget()
        return focused.act if isinstance(focused, Control) else None

    def _restore_focus(self, act: object) -> None:
        """After a new page: for who uses keys, the same control, else the first answer; for touch, none.

        None where keys are tried, too: no key presses anything there.
        """
        controls = self._controls()
        tried = self._screen is not None and self._screen.takes is Input.KEYS
        if not self._by_keys or not controls or tried:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        same = next((control for control in controls if act is not None and control.act == act), controls[0])
        self._named = same.accessibleName() if same.act == act else ""  # what is new is said before a pad presses it
        same.setFocus(Qt.FocusReason.TabFocusReason)
        self._follow_focus()

    def _focus_moved(self, before: QWidget | None, after: QWidget | None) -> None:  # noqa: ARG002 (Qt tells both)
        here = isinstance(after, Control) and self._page is not None and self._page.isAncestorOf(after)
        if isinstance(after, Control) and (here or (self._curtain is not None and after is self._curtain.button)):
            after.installEventFilter(self)
            self._by_keys = True
            self._follow_focus()

    def _follow_focus(self) -> None:
        """Put the ring around what a finger looks at, else around what has the focus of who uses keys."""
        if self._ring is None or self._page is None:
            return
        focused = QApplication.focusWidget()
        by_keys = focused if isinstance(focused, Control) and self._by_keys and focused.isVisible() else None
        reached = self._finger.looks_at or by_keys
        self._ring.follow(reached if reached is not None and self._page.isAncestorOf(reached) else None)
        if self._curtain is not None:
            self._curtain.ring.follow(reached if reached is self._curtain.button else None)

    # -- the window itself -----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._scanner_keys is not None:
            self._scanner_keys.watch()  # what keys come in by is made when the window is first shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._page is not None and self._page.size() != self._desk.size():
            self._build(fade=False)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._minute.stop()
        self.wipe()
        super().closeEvent(event)


def _structure(screen: Screen) -> tuple[object, ...]:
    """Return what a page is built from; the rest of a screen is brought up to date in place.

    Where somebody signs, that goes for the answers, too: nothing takes the frame from under a finger.
    """
    buttons = tuple(
        (b.id, b.label, b.note, b.icon, b.number, b.primary, b.chosen is None, b.face, b.picture)
        for b in (screen.buttons if screen.layout is not Layout.SIGN else ())
    )
    return (
        *(
            screen.step,
            screen.language,
            screen.size,
            screen.theme,
            screen.reach,
            screen.layout,
            screen.takes,
            screen.where,
            screen.title,
        ),
        *(screen.body, screen.help, buttons, screen.footer, screen.icon, screen.facts),
        *(screen.stops, screen.slip, screen.service_name, screen.picture),
    )


def _which(event: QKeyEvent) -> str:
    """Return which key it is: by its place where that is known, for pads send what they like."""
    code = event.nativeScanCode()
    return f"scan code {code}" if code else f"key {event.key()}"


def _throw_away(shown: Page | Curtain | Alarm) -> None:
    focused = QApplication.focusWidget()
    if focused is not None and shown.isAncestorOf(focused):  # else Qt moves it on, as if somebody had
        shown.window().setFocus(Qt.FocusReason.OtherFocusReason)
    if isinstance(shown, Page):
        shown.forget()
    shown.hide()
    shown.setParent(None)
    shown.deleteLater()


class Fade(QWidget):
    """The page before, fading away over the new one."""

    def __init__(self, parent: QWidget, picture: QPixmap) -> None:
        """Cover the parent with a picture of what was, and begin to fade."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture: QPixmap | None = picture
        self._opacity = 1.0
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(1.0)
        self._animation.setEndValue(0.0)
        self._animation.setDuration(tokens()["motion_ms"]["screen"])
        self._animation.valueChanged.connect(self._step)
        self._animation.finished.connect(self.drop)
        self.setGeometry(parent.rect())
        self.show()
        self._animation.start()

    def _step(self, opacity: float) -> None:
        self._opacity = float(opacity)
        self.update()

    def drop(self) -> None:
        """Let go of the picture at once."""
        if self._picture is not None:
            self._picture = None
            self._animation.stop()
            self.hide()
            self.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (the whole picture fades)
        if self._picture is not None:
            painter = QPainter(self)
            painter.setOpacity(self._opacity)
            painter.drawPixmap(0, 0, self._picture)
