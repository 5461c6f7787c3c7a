"""The on-screen keyboard, and what the keys of a real one do on a screen that takes text.

`edited` carries the whole committed text after every change, `composing` the letters that are not text yet ("" when
there are none). Both keyboards write through the same engine: a word begun on one may be finished on the other.

On the screen: keys for the other ways of writing (by pinyin, by strokes, in letters); where there are many, a key that
shows them all, until one is chosen or something is written. The row above the letters holds digits; while letters are
composed it holds the words they may become, each with the digit that chooses it. The space key takes the first word; a
mark, a new line or another way of writing takes it too; ⌫ takes back a letter or stroke, else the last character of the
text. No key deletes more than that at once. A stroke that no character goes on with is left out, and the line below the
strokes says so.

On a real keyboard: as on any pinyin keyboard; strokes are h, s, p, n and z, Cangjie's shapes their letters; Zhuyin's
signs are where every keyboard in Taiwan has them, so that only a pad's digits are digits then. Digits choose while
words are shown, else they are text; Enter keeps the letters as they are; Escape drops them; Page Up and Page Down, -
and = show other words.
# and * are the answers' keys, as the discs on them say, and so are never text there; the page of signs has both, for
who wants to write "3#".

What is still being composed when anything else is pressed becomes text first, as with the space key (`settle`).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, Qt, QTextBoundaryFinder, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from petition.keystrokes import Choose, Press, Turn, stroke_of
from petition.ports import Composition, Method, TypingEngine
from petition.writing import TEXT_LIMIT
from ui.keyboard_plan import METHOD_KEYS, UNITS, Cap, Does, KeyboardPage, longest_rows, rows_of
from ui.keyboard_words import HOW_TO_WRITE, NOT_WRITTEN, WHICH_WAY
from ui.look import Look
from ui.widgets.candidates import Candidates
from ui.widgets.control import Control
from ui.widgets.keyboard_key import KeyboardKey
from ui.widgets.text import Text

BOUNCE_SECONDS = 0.1
"""The same key again sooner than this is a finger that bounced. Any longer would eat the second n of sannian."""
LETTERS_MOST = 64
"""No engine composes more at once; a bound for taking all of it."""
NAMED_KEYS = {
    Qt.Key.Key_Backspace: "\b",
    Qt.Key.Key_Delete: "\b",
    Qt.Key.Key_Return: "\r",
    Qt.Key.Key_Enter: "\r",
    Qt.Key.Key_Escape: "\x1b",
}
NAMED_TEXT = {"space": " ", "enter": "\n"}
METHODS = {does: method for method, (does, _) in METHOD_KEYS.items()}
PASSED_BY = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """What a keyboard types with."""

    engine: TypingEngine | None = None
    """None types letters as they are."""
    clock: Callable[[], float] = time.monotonic
    """Seconds."""
    double_strike_seconds: float = 0.3
    """A word, or a digit where words stood, pressed sooner than this after a word was not meant: nobody read it."""


class Keyboard(QWidget):
    """Keys that write."""

    edited = Signal(str)
    composing = Signal(str)
    told = Signal(str)
    """A key was pressed that wrote no text: what somebody hears of it who doesn't see it."""
    reached = Signal(str)
    """The focus went up or down to a key of this name."""

    def __init__(self, parent: QWidget, look: Look, typing: Typing) -> None:
        """Make the keys: those of the engine's way of writing, or letters on an English screen."""
        super().__init__(parent)
        self.look, self._typing, self._text = look, typing, ""
        self._shown = Composition()
        first, *_ = methods = typing.engine.methods if typing.engine is not None else (Method.PINYIN,)
        chinese = look.language != "en" or first is not Method.PINYIN
        self._page = KeyboardPage(
            language=look.language,
            method=first if chinese else None,
            methods=tuple(method for method in Method if method in methods),
            latest=first,
        )
        self._last_key: tuple[Does, str] | None = None
        self._last_at = self._chosen_at = float("-inf")
        # Made from top to bottom: that is the order of focus and of a screen reader.
        self.bar = Candidates(self, look)
        self.bar.chosen.connect(self._choose_by_hand)
        self.bar.turned.connect(self._turn)
        self._rows = [[KeyboardKey(self, look, cap) for cap in caps] for caps in longest_rows(self._page)]
        self.tip = Text(self, look, centred=True, live=True)
        self.tip.middle = True
        for key in self.keys:
            key.fired.connect(self._pressed)
        self._turn_to(self._page)

    # -- what the layout asks and tells ----------------------------------------------------------------------------

    def set_text(self, text: str) -> None:
        """Go on from this text, which comes from elsewhere; what was being composed is dropped."""
        self._text = text
        engine = self._typing.engine
        if self._shown.preedit and engine is not None:
            self._show(engine.clear())
            if self._page.method is not None:
                engine.use(self._page.method)

    def resume(self) -> None:
        """Take up what the engine was composing when the keyboard was last seen."""
        if self._typing.engine is not None and (shown := self._typing.engine.page(0)).preedit:
            self._show(shown)

    def settle(self) -> None:
        """Make text of what is still being composed, as the space key would."""
        engine = self._typing.engine
        for _ in range(LETTERS_MOST):
            if engine is None or not self._shown.preedit:
                return
            self._choose(0)

    def take_key(self, event: QKeyEvent) -> bool:
        """Take a key of a real keyboard; return whether it was used."""
        key, composing = Qt.Key(event.key()), bool(self._shown.preedit)
        if event.modifiers() & PASSED_BY:
            return False
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._turn(1 if key == Qt.Key.Key_PageDown else -1)
            return composing
        if key == Qt.Key.Key_Escape and not composing:
            return False
        pad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
        return self._take_character(NAMED_KEYS.get(key, event.text()), pad=pad)

    def natural_width(self) -> int:
        """Return how wide the keys would like to be, in pixels."""
        return round(UNITS) * self.look.target("min_w") + (round(UNITS) - 1) * self.look.space("key")

    def least_height(self, width: int) -> int:
        """Return how high the keys must be, in pixels."""
        gap = self.look.space("key")
        rows = (-(-(key.least_height(width) + gap) // key.cap.rows) - gap for key in self.keys)
        row = max(self.bar.least_height(width), *rows)
        return len(self._rows) * row + (len(self._rows) - 1) * gap

    @property
    def keys(self) -> list[KeyboardKey]:
        """Every key but those of the bar, in reading order."""
        return [key for row in self._rows for key in row]

    # -- pressing --------------------------------------------------------------------------------------------------

    def _pressed(self, act: object) -> None:
        """A key of the screen was pressed."""
        if not isinstance(act, Cap) or self._unmeant(act):
            return
        before = self._text
        match act.does:
            case Does.WRITE:
                self._write(act.character)
            case Does.DELETE:
                self._delete()
            case Does.SPACE:
                self._write(" ")
            case Does.NEWLINE:
                self.settle()
                self._insert("\n")
                self._leave_choosing()
            case Does.SHIFT:
                self._turn_to(replace(self._page, capitals=not self._page.capitals))
            case Does.SYMBOLS | Does.LETTERS:
                self._turn_to(replace(self._page, symbols=act.does is Does.SYMBOLS, capitals=False, choosing=False))
            case Does.WAYS:
                self._turn_to(replace(self._page, choosing=not self._page.choosing, capitals=False))
            case _:
                self._write_by(METHODS.get(act.does))
        if self._text == before and not self._shown.preedit:
            self.told.emit(act.name)

    def _write_by(self, method: Method | None) -> None:
        """Turn to another way of writing, None for letters; what was being composed becomes text."""
        self.settle()
        if method is not None and self._typing.engine is not None:
            self._show(self._typing.engine.use(method))
        latest = method or self._page.latest
        self._turn_to(replace(self._page, method=method, latest=latest, symbols=False, capitals=False, choosing=False))

    def _leave_choosing(self) -> None:
        """Who goes on writing has chosen to write as before."""
        if self._page.choosing:
            self._turn_to(replace(self._page, choosing=False))

    def _unmeant(self, cap: Cap) -> bool:
        """Whether a finger bounced, or met a digit where a word stood a moment ago."""
        now, key = self._typing.clock(), (cap.does, cap.character)
        bounced = key == self._last_key and now - self._last_at < BOUNCE_SECONDS
        self._last_key, self._last_at = key, now
        return bounced or (cap.character.isdigit() and self._too_soon(now))

    def _too_soon(self, now: float) -> bool:
        return now - self._chosen_at < self._typing.double_strike_seconds

    def _choose_by_hand(self, place: int) -> None:
        now = self._typing.clock()
        if not self._too_soon(now):
            self._chosen_at = now
            self._choose(place)

    def _choose(self, place: int) -> None:
        """Take a candidate by its place on the engine's page."""
        if self._typing.engine is not None:
            spelled = bool(self._shown.candidates)
            self._show(self._typing.engine.choose(place) if spelled else self._typing.engine.press("space"))

    def _turn(self, step: int) -> None:
        """Show other candidates."""
        with self._focus_kept():
            turned = self.bar.turn(step)
        if turned:
            self.told.emit(self._first_word())
        if not turned and self._typing.engine is not None:
            before = self._shown.page
            shown = self._typing.engine.page(step)
            if shown.page != before:
                self._show(shown, last=step < 0)

    def _write(self, character: str) -> None:
        engine = self._typing.engine
        if engine is not None and self._page.method and len(character) == 1:
            self._compose(engine, "space" if character == " " else character)
        else:
            self.settle()
            self._insert(character)
        if self._page.capitals or self._page.choosing:
            self._turn_to(replace(self._page, capitals=False, choosing=False))

    def _compose(self, engine: TypingEngine, key: str) -> None:
        """Give a key to the engine, and say so when it was a stroke that is not taken."""
        if self._page.method is not None and engine.methods[0] is not self._page.method:
            engine.use(self._page.method)  # it was opened after these keys were shown, and begins otherwise
        before, shown = self._shown.preedit, engine.press(key)
        refused = bool(before) and shown.preedit == before and not shown.committed
        tip = (NOT_WRITTEN if refused else HOW_TO_WRITE)[self.look.language]
        self.tip.change(tip)
        self._show(shown, told=tip if refused else "")

    def _delete(self) -> None:
        if self._shown.preedit and self._typing.engine is not None:
            self._show(self._typing.engine.press("backspace"))
        elif self._text:
            self._text = without_last_character(self._text)
            self.edited.emit(self._text)

    def _take_character(self, character: str, *, pad: bool) -> bool:
        """Type one character of a real keyboard or its pad; false when it means nothing here."""
        engine, shown = self._typing.engine, self.bar.shown if self._shown.preedit else 0
        signs = self._page.method is Method.ZHUYIN and not pad
        match stroke_of(character, candidates=shown, zhuyin=signs):
            case None:
                return False
            case Choose(index=index):
                self._choose(self.bar.place_of(index))
            case Turn(step=step):
                self._turn(step)
            case Press(key="backspace"):
                self._delete()
            case Press(key=key) if self._page.method is None:
                self._insert(NAMED_TEXT.get(key, character))
            case Press(key=key) if engine is None:
                self._insert(NAMED_TEXT.get(key, key))
            case Press(key=key):
                self._compose(engine, key)
        self._leave_choosing()
        return True

    # -- text ------------------------------------------------------------------------------------------------------

    def _insert(self, text: str) -> None:
        grown = (self._text + text)[:TEXT_LIMIT]
        if grown != self._text:
            self._text = grown
            self.edited.emit(grown)

    def _show(self, shown: Composition, *, last: bool = False, told: str = "") -> None:
        """Insert what was committed, then show what is being composed; `told` is heard instead of its first word."""
        self._insert(shown.committed)
        self._shown = shown
        # Letters that spell nothing are a candidate themselves.
        words = shown.candidates or ((shown.preedit.replace(" ", ""),) if shown.preedit else ())
        with self._focus_kept():
            self.bar.tell(words, before=shown.page > 0, after=bool(words) and not shown.last_page, last=last)
            self.bar.setVisible(bool(words))
            for key in self._rows[0]:
                key.setVisible(not words)
        self.composing.emit(shown.preedit)
        if shown.preedit and not shown.committed:  # what is text now is told of where it goes
            self.told.emit(told or self._first_word())

    def _first_word(self) -> str:
        """Return what the space key takes now, by its name."""
        return next((control.accessibleName() for control in self.bar.controls()), "")

    # -- where things stand ----------------------------------------------------------------------------------------

    def _turn_to(self, page: KeyboardPage) -> None:
        """Show the keys of a page; a page with fewer leaves the others out."""
        self._page = page
        self.tip.change((WHICH_WAY if page.choosing else HOW_TO_WRITE)[page.language])
        self.tip.setVisible(page.tells)
        for number, (keys, row) in enumerate(zip(self._rows, rows_of(page), strict=True)):
            caps = [cap for cap in row if cap.does is not Does.TELL]
            for key, cap in zip(keys, caps, strict=False):
                key.become(cap)
            for at, key in enumerate(keys):
                key.setVisible(at < len(caps) and (number > 0 or self.bar.isHidden()))
        self._stand()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002 (the keys take the whole widget)
        self._stand()

    def _stand(self) -> None:
        """Put every key where its page has it."""
        gap = self.look.space("key")
        across, down = (self.width() + gap) / UNITS, (self.height() + gap) / len(self._rows)
        for number, (keys, caps) in enumerate(zip(self._rows, rows_of(self._page), strict=True)):
            top, remaining = int(number * down), iter(keys)
            at = (UNITS - sum(cap.units for cap in caps)) / 2
            for cap in caps:
                one = self.tip if cap.does is Does.TELL else next(remaining)
                left, right = int(at * across), int((at + cap.units) * across) - gap
                bottom = int((number + cap.rows) * down) - gap
                one.setGeometry(QRect(left, top, right - left, bottom - top))
                at += cap.units
        self.bar.setGeometry(QRect(0, 0, self.width(), int(down) - gap))

    # -- moving the focus ------------------------------------------------------------------------------------------

    def _top(self) -> list[Control]:
        """What stands above the letters now."""
        return [*self.bar.controls()] if not self.bar.isHidden() else [*self._rows[0]]

    @contextmanager
    def _focus_kept(self) -> Iterator[None]:
        """Keep the focus in the row above the letters while what stands there changes."""
        held = QApplication.focusWidget()
        if held not in self._top():
            yield
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        yield
        top = self._top()
        next((control for control in top if control is held), top[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go from row to row; from the outer rows on to what stands before and after the keyboard."""
        focused = QApplication.focusWidget()
        rows: list[list[Control]] = [self._top()]
        rows += [[key for key in keys if not key.isHidden()] for keys in self._rows[1:] if not keys[0].isHidden()]
        at = next((number for number, keys in enumerate(rows) if focused in keys), None)
        if at is None or focused is None or event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
            return
        step = 1 if event.key() == Qt.Key.Key_Down else -1
        if 0 <= at + step < len(rows):
            middle = focused.mapTo(self, focused.rect().center()).x()
            nearest = min(rows[at + step], key=lambda key: abs(key.mapTo(self, key.rect().center()).x() - middle))
            nearest.setFocus(Qt.FocusReason.TabFocusReason)
            self.reached.emit(nearest.accessibleName())
            return
        outermost: Control = rows[-1][-1] if step > 0 else rows[0][0]
        outermost.setFocus(Qt.FocusReason.TabFocusReason)
        self.window().focusNextPrevChild(step > 0)


def without_last_character(text: str) -> str:
    """Return a text without its last character, with all that is drawn as one: accents, joined emoji, rare hanzi."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    finder.toEnd()
    units = max(0, finder.toPreviousBoundary())
    left = text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "surrogatepass")
    # Qt parts the two halves of a character that is younger than itself.
    return left if text.startswith(left) else left[:-1]
