"""Screen, ears, mouth and keyboard: each is tried, in a process of its own where native code may crash."""

import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kiosk.examine.finding import Finding, care, missing, ok
from petition.errors import FaultCode
from voice import wire
from voice.speech import voice_arguments
from voice.supervisor import Died, Supervisor, python_module

ANSWER_SECONDS = 30.0
"""A slow machine reads Qt or a synthesizer from a cold disk."""
OPEN_SECONDS = 5.0
LISTEN_SECONDS = 1.5

_WAYS = {"strokes": ("笔画", "strokes"), "zhuyin": ("注音", "Zhuyin"), "cangjie": ("仓颉", "Cangjie")}
"""What each way of writing besides pinyin is called, in Chinese and English."""

_MODULES = (
    *("argon2", "av", "cryptography", "numpy", "phonenumbers", "pydantic", "pypinyin", "PySide6.QtWidgets", "pyttsx3"),
    *("qrcode", "requests", "serial", "sqlcipher3.dbapi2", "zxingcpp"),
)
_IMPORTING = (
    "import importlib, sys\nfor name in sys.argv[1:]:\n    print(name, flush=True)\n    importlib.import_module(name)"
)


def packages() -> Finding:
    """Load every package in a child: the last one it names before it ends is the one that doesn't load."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTING, *_MODULES], capture_output=True, timeout=2 * ANSWER_SECONDS, check=False
    )
    version = ".".join(map(str, sys.version_info[:3]))
    if done.returncode == 0:
        return ok("packages", f"Python {version} 和各个组件都在。", f"Python {version} and every package load.")
    named = (done.stdout.decode(errors="replace").split() or ["python"])[-1]
    return missing("packages", f"组件 {named} 装不上来：请重新运行 ./run。", f"{named} does not load: run ./run again.")


def fonts() -> Finding:
    """Draw nothing, but ask Qt for the fonts that screens are drawn with."""
    told = _tell("kiosk.examine.screen_child")
    if told is None:
        return missing(
            "fonts",
            "屏幕程序 Qt 打不开：请重新运行 ./run。",
            "Qt does not start: run ./run again, it installs what Qt needs.",
        )
    if told["missing_fonts"]:
        names = ", ".join(told["missing_fonts"])
        return missing(
            "fonts",
            f"缺少字体 {names}：请安装 fonts-noto-cjk。",
            f"fonts are missing ({names}): install fonts-noto-cjk.",
        )
    return ok("fonts", f"字体齐全，Qt {told['qt']}。", f"the fonts are there, Qt {told['qt']}.")


def display() -> Finding:
    """Look whether there is a screen to show a window on."""
    if any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")) or not sys.platform.startswith("linux"):
        return ok("display", "有显示屏。", "there is a display.")
    return care(
        "display",
        "这里没有显示屏：请在机器自己的桌面上运行。",
        "no display here: run the kiosk on the machine's own desktop (fine when you ask from afar).",
    )


def mouth(device: str, voices: Mapping[str, str] | None = None) -> list[Finding]:
    """Start the speaker process and hear from it what it can't do."""
    voices = voices or {}
    found = _ask((*_command("voice.speaker", device), *voice_arguments(voices)), wire.FROM_SPEAKER)
    absent: tuple[str, ...] = (FaultCode.SPEECH_ENGINE_MISSING, FaultCode.SPEAKER_MISSING)
    if isinstance(found, wire.Ready):
        absent = found.missing
    voice = (
        care(
            "voice",
            "语音引擎没有：请安装 espeak-ng。屏幕照常可用，但不出声。",
            "no voice: install espeak-ng. The screen works, but nothing is read aloud.",
        )
        if FaultCode.SPEECH_ENGINE_MISSING in absent
        else _voice_found(found.voices_missing if isinstance(found, wire.Ready) else (), voices)
    )
    speaker = (
        care(
            "loudspeaker",
            "找不到喇叭：请检查接线和配置里的 voice.speaker。",
            "no loudspeaker: look at its cable and at voice.speaker in the configuration.",
        )
        if FaultCode.SPEAKER_MISSING in absent
        else ok("loudspeaker", "喇叭打得开。", "the loudspeaker opens.")
    )
    return [voice, speaker]


def _voice_found(absent: tuple[str, ...], voices: Mapping[str, str]) -> Finding:
    names = ", ".join(voices[language] for language in absent if language in voices)
    if names:
        return care(
            "voice",
            f"没有装 {names} 这个声音，用的是平常的声音：请看看配置里的 voice.voices。",
            f"{names} is not installed, the usual voice speaks: look at voice.voices in the configuration.",
        )
    return ok("voice", "会说话。", "the voice speaks.")


def ear(device: str) -> Finding:
    """Open the microphone in the listener process and listen for a moment; nothing is kept."""

    def open_it(message: wire.Message, send: Callable[[wire.Message], None]) -> wire.Message | None:
        match message:
            case wire.Ready(missing=()):
                send(wire.OpenMicrophone())
            case wire.Ready() | wire.Failed():
                return message
            case wire.Level(level=level) if level > 0:
                return message
        return None

    found = _ask(_command("voice.listener", device), wire.FROM_LISTENER, open_it, OPEN_SECONDS + LISTEN_SECONDS)
    match found:
        case wire.Level():
            return ok("microphone", "话筒听得见。", "the microphone hears.")
        case None:
            return care(
                "microphone",
                "话筒开着，但一点声音也没有：请看看是不是静音了。",
                "the microphone opens but is silent: look whether it is muted.",
            )
    return care(
        "microphone",
        "找不到话筒：请检查接线和配置里的 voice.microphone。还可以打字。",
        "no microphone: look at its cable and at voice.microphone in the configuration. Typing still works.",
    )


def keyboard(cache: Path) -> Finding:
    """Type a word with the input method."""
    return typing_found(_tell("kiosk.examine.keyboard_child", str(cache)))


def typing_found(told: Mapping[str, Any] | None) -> Finding:
    """Return what the child told, None when it crashed, as a finding."""
    remedy = "librime crashes" if told is None else told["remedy"]
    if remedy or told is None:
        return care("keyboard", f"不能打汉字：{remedy}", f"Chinese can't be typed: {remedy}")
    if absent := told["missing"]:
        remedy = "apt install " + " ".join(absent.values())
        chinese = "、".join(_WAYS[way][0] for way in absent)
        english = ", ".join(_WAYS[way][1] for way in absent)
        return care(
            "keyboard", f"能打拼音，不能打{chinese}：{remedy}", f"pinyin can be typed, but not {english}: {remedy}"
        )
    *first, last = _WAYS.values()
    return ok(
        "keyboard",
        f"能打拼音、{'、'.join(name for name, _ in first)}和{last[0]}。",
        f"pinyin, {', '.join(name for _, name in first)} and {last[1]} can be typed.",
    )


def _tell(module: str, *arguments: str) -> dict[str, Any] | None:
    """Run a module of ours in a process of its own and return the JSON it prints, None when it doesn't get that far."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        timeout=2 * ANSWER_SECONDS,
        check=False,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return found


def _command(module: str, device: str) -> tuple[str, ...]:
    return python_module(module, *(("--device", device) if device else ()))


def _first(message: wire.Message, _send: Callable[[wire.Message], None]) -> wire.Message | None:
    return message


def _ask(
    command: tuple[str, ...],
    known: tuple[type[wire.Message], ...],
    answer: Callable[[wire.Message, Callable[[wire.Message], None]], wire.Message | None] = _first,
    seconds: float = ANSWER_SECONDS,
) -> wire.Message | Died | None:
    """Start a child and return its first answer that counts, Died when it ends before, None when none comes in time."""
    heard: queue.SimpleQueue[wire.Message | Died] = queue.SimpleQueue()
    child = Supervisor(command, known, heard.put)
    child.start()
    end = time.monotonic() + ANSWER_SECONDS
    try:
        while True:
            message = heard.get(timeout=max(0.0, end - time.monotonic()))
            if isinstance(message, Died):
                return message
            if isinstance(message, wire.Ready):
                end = time.monotonic() + seconds
            if (found := answer(message, lambda out: child.call(lambda: child.send(out)))) is not None:
                return found
    except queue.Empty:
        return None
    finally:
        child.close()
