"""Fingers for a real X server: keys and touches that come from outside of the application, by the XTEST extension.

Through Xlib, without bindings: libX11 and libXtst are there wherever at-spi2-core is.
"""

import ctypes
from collections.abc import Sequence
from types import TracebackType
from typing import Self

OFFSET = 8
"""X11 tells scan codes as eight more than Linux."""
SHIFT = 0xFFE1
LEFT_BUTTON = 1
KEYSYMS = {"\t": 0xFF09, "\r": 0xFF0D, "\x1b": 0xFF1B, "F1": 0xFFBE, "Home": 0xFF50}


class Fingers:
    """Presses keys and touches places of the display that DISPLAY names. Use it in a `with`."""

    def __init__(self) -> None:
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XKeysymToKeycode.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
        self._x11.XKeysymToKeycode.restype = ctypes.c_ubyte
        self._x11.XCloseDisplay.argtypes = (ctypes.c_void_p,)
        self._x11.XSync.argtypes = (ctypes.c_void_p, ctypes.c_int)
        after = (ctypes.c_int, ctypes.c_ulong)  # …, pressed, milliseconds to wait before
        self._test.XTestFakeKeyEvent.argtypes = (ctypes.c_void_p, ctypes.c_uint, *after)
        self._test.XTestFakeButtonEvent.argtypes = (ctypes.c_void_p, ctypes.c_uint, *after)
        self._test.XTestFakeMotionEvent.argtypes = (ctypes.c_void_p, *(ctypes.c_int,) * 3, ctypes.c_ulong)
        self._display: int | None = None

    def __enter__(self) -> Self:
        self._display = self._x11.XOpenDisplay(None)
        if not self._display:
            raise RuntimeError("there is no X display")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._x11.XCloseDisplay(self._display)

    def press(self, scan_code: int) -> None:
        """Press and release a key by its Linux scan code."""
        self._key(scan_code + OFFSET)

    def type(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key of the American keyboard: a character, or one of KEYSYMS."""
        keysym = KEYSYMS.get(key) or ord(key)
        held = self._keycode(SHIFT) if shift else 0
        if held:
            self._test.XTestFakeKeyEvent(self._display, held, 1, 0)
        self._key(self._keycode(keysym))
        if held:
            self._test.XTestFakeKeyEvent(self._display, held, 0, 0)
            self._x11.XSync(self._display, 0)

    def touch(self, x: int, y: int) -> None:
        """Touch a place of the display, in pixels, and let go."""
        self._test.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        for pressed in (1, 0):
            self._test.XTestFakeButtonEvent(self._display, LEFT_BUTTON, pressed, 0)
        self._x11.XSync(self._display, 0)

    def draw(self, line: Sequence[tuple[int, int]]) -> None:
        """Come down at the first of some places of the display, go on to the others, and lift at the last."""
        for place, (x, y) in enumerate(line):
            self._test.XTestFakeMotionEvent(self._display, -1, x, y, 0)
            if place == 0:
                self._test.XTestFakeButtonEvent(self._display, LEFT_BUTTON, 1, 0)
            self._x11.XSync(self._display, 0)
        self._test.XTestFakeButtonEvent(self._display, LEFT_BUTTON, 0, 0)
        self._x11.XSync(self._display, 0)

    def _keycode(self, keysym: int) -> int:
        return int(self._x11.XKeysymToKeycode(self._display, keysym))

    def _key(self, keycode: int) -> None:
        for pressed in (1, 0):
            self._test.XTestFakeKeyEvent(self._display, keycode, pressed, 0)
        self._x11.XSync(self._display, 0)
