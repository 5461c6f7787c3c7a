"""Pads that the kiosk knows by name: every key of theirs does what it says, and what an operator writes comes first."""

import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from kiosk.configuration import load_configuration
from kiosk.pads import pad_names, pad_of
from petition.errors import Fault, FaultCode
from petition.events import ChoicePressed, ControlReached, HeadphonesPlugged, HeadphonesUnplugged
from petition.pad import Jack, Movement, pad_keys
from petition.steps import Command
from tests.ui.conftest import application, clock, new_window, posted
from tests.ui.screens import shown
from ui.window import KioskWindow

__all__ = ("application", "clock", "new_window", "posted")

F13_SCAN, F13_USAGE = 183, 0x68
USUAL = {
    "ez-access": {187: "help", 188: "previous", 189: "next", 190: "press", 191: "back", 193: "slower", 194: "faster"},
    "five-keys": {103: "previous", 105: "previous", 106: "next", 108: "next", 28: "press", 96: "press"},
    "two-switches": {57: "next", 28: "press"},
}


def keys_of(name: str) -> list[dict[str, int | str]]:
    return tomllib.loads((files("assets") / "pads" / f"{name}.toml").read_text("utf-8"))["key"]  # type: ignore[no-any-return]


def test_these_pads_are_known() -> None:
    assert {name: pad_of(name, {}) for name in pad_names()} == USUAL


@pytest.mark.parametrize("name", pad_names())
def test_every_pad_can_go_on_and_press(name: str) -> None:
    assert {Movement.NEXT, Movement.PRESS} <= set(pad_of(name, {}).values())


@pytest.mark.parametrize("name", pad_names())
def test_no_key_is_listed_twice_and_function_keys_lie_where_linux_has_them(name: str) -> None:
    keys = keys_of(name)
    assert len({key["scan"] for key in keys}) == len({key["usage"] for key in keys}) == len(keys)
    for key in keys:
        usage, scan = int(key["usage"]), int(key["scan"])
        if F13_USAGE <= usage < F13_USAGE + 12:
            assert scan - F13_SCAN == usage - F13_USAGE


def test_what_an_operator_writes_comes_before_what_the_pad_is_known_for() -> None:
    pad = pad_of("ez-access", {"193": "quieter", "183": "headphones_in", "184": "headphones_out"})
    assert pad[193] is Command.QUIETER
    assert (pad[183], pad[184], pad[189]) == (Jack.PLUGGED, Jack.UNPLUGGED, Movement.NEXT)


def test_without_a_device_only_what_is_written_means_something() -> None:
    assert pad_of("", {}) == {}
    assert pad_of("", {"59": "help"}) == {59: Command.HELP}


@pytest.mark.parametrize("name", ["audio", "EZ-ACCESS", "../pads/ez-access", "ez-access.toml", " "])
def test_a_pad_that_is_not_known_is_one_problem_that_lists_those_that_are(tmp_path: Path, name: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(f'[keys]\ndevice = "{name}"\n', "utf-8")
    with pytest.raises(Fault) as raised:
        load_configuration(path)
    assert raised.value.code is FaultCode.BAD_CONFIGURATION
    assert "keys.device must be one of ez-access, five-keys, two-switches" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


# --- at the window ---------------------------------------------------------------------------------------------------


def press(window: KioskWindow, scan_code: int, key: Qt.Key = Qt.Key.Key_unknown, text: str = "") -> None:
    """Press a key as a real one comes: to whatever has the focus."""
    nothing = Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, nothing, scan_code + 8, 0, 0, text)
        QApplication.sendEvent(QApplication.focusWidget() or window, event)


def test_a_box_that_types_space_and_enter_finds_and_presses_answers(
    new_window: Callable[..., KioskWindow], posted: list[object]
) -> None:
    window = new_window(pad=pad_of("two-switches", {}))
    window.show_screen(shown("kind"))
    press(window, 57, Qt.Key.Key_Space, " ")
    press(window, 57, Qt.Key.Key_Space, " ")
    press(window, 28, Qt.Key.Key_Return, "\r")
    first, second, pressed = posted
    assert isinstance(first, ControlReached)
    assert isinstance(second, ControlReached)
    assert isinstance(pressed, ChoicePressed)
    assert pressed == second.act
    assert pressed != first.act


def test_a_jack_tells_of_headphones_on_every_screen(
    new_window: Callable[..., KioskWindow], posted: list[object]
) -> None:
    window = new_window(pad=pad_keys({"183": "headphones_in", "184": "headphones_out"}))
    for step in ("welcome", "type_text", "receipt"):
        window.show_screen(shown(step))
        press(window, 183)
        press(window, 184)
    assert posted == [HeadphonesPlugged(), HeadphonesUnplugged()] * 3
