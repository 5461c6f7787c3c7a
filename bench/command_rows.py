"""A spoken command → the screen it leads to, painted; the whole kiosk is real, sound card and resident are not.

A voice that the demonstration's never learnt from speaks into the virtual microphone; what counts is from the end of
the pause that ends a command (the last audible sample, as another program hears the same microphone, and
END_SECONDS) until the window has painted. In between: PortAudio, the listener process and its recogniser, a pipe, the
machine, the page. The endpointer is off by some hundredths of a second, either way, and so are these figures. The
floor is a bare recogniser fed with the same sound from memory: from its last sample to its words. Synthetic voices
only; says nothing about residents.
"""

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import vosk

from bench.row import Row
from kiosk.app import App
from kiosk.configuration import Configuration, Platform, Screen, Voice
from kiosk.demo import DemoPlatform, enrol_demo
from kiosk.tour.guide import Guide, opened
from kiosk.tour.resident import Resident
from kiosk.tour.spoken import VARIANTS
from petition.ears import ears
from petition.events import PhraseHeard
from petition.steps import WELCOME
from voice.grammar import grammar
from voice.models import DEMONSTRATION
from voice.stretches import END_SECONDS
from voice.virtual_sound import MICROPHONE, MICROPHONE_RATE, VirtualSound

TURNS = 7
"""There and back again."""
THERE, BACK = ("查进度", "progress_number"), ("返回", WELCOME)
AUDIBLE = 150
BYTES = 2
BLOCK_SAMPLES = 480
LONGEST_SECONDS = 10.0
HOMES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
QUICK = Voice(model="demo", listen_when_idle=True, rate=2.0)
"""Sooner done with its own sentences."""


class Tap:
    """Another program at the same microphone: int16 mono as it comes, each piece with its monotonic time."""

    def __init__(self, sound: VirtualSound) -> None:
        self._pieces: list[tuple[float, bytes]] = []
        self._recorder = subprocess.Popen(
            [
                *("parec", f"--device={MICROPHONE}", "--format=s16le", f"--rate={MICROPHONE_RATE}", "--channels=1"),
                *("--latency-msec=10", "--raw"),
            ],
            env={**os.environ, **sound.environment},
            stdout=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def between(self, begin: float, end: float) -> bytes:
        """Return what came between two moments."""
        return b"".join(piece for came, piece in list(self._pieces) if begin <= came <= end)

    def last_audible(self, begin: float, end: float) -> float:
        """Return when the last audible sample came between two moments. ValueError: there was none."""
        moments = []
        for came, piece in list(self._pieces):
            samples = np.frombuffer(piece, np.int16).astype(np.int32)
            loud = np.flatnonzero(np.abs(samples) > AUDIBLE)
            if begin <= came <= end and len(loud):
                moments.append(came - (len(samples) - 1 - int(loud[-1])) / MICROPHONE_RATE)
        return max(moments)

    def close(self) -> None:
        """Listen no more."""
        self._recorder.kill()
        self._recorder.wait()
        self._reader.join()

    def _read(self) -> None:
        pipe, rest = self._recorder.stdout, b""
        while pipe is not None and (piece := os.read(pipe.fileno(), 4096)):
            whole = rest + piece
            length = len(whole) // BYTES * BYTES
            self._pieces.append((time.monotonic(), whole[:length]))
            rest = whole[length:]
        if pipe is not None:
            pipe.close()


@dataclass(slots=True)
class Painted:
    """Watches the kiosk: when it had painted what a phrase brought about."""

    app: App
    phrases: list[tuple[str, float]] = field(default_factory=list)

    def __call__(self, event: object) -> None:
        """Take note of an event that the kiosk has handled."""
        if isinstance(event, PhraseHeard):
            self.app.window.repaint()
            self.phrases.append((event.phrase, time.monotonic()))


def rows() -> list[Row]:
    """Return the row of spoken commands of the design's section 8."""
    before = dict(os.environ)
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        with tempfile.TemporaryDirectory() as folder, VirtualSound() as sound:
            os.environ.update(sound.environment | {name: str(Path(folder) / name.lower()) for name in HOMES})
            with _open_kiosk(Path(folder)) as app:
                ours, floor = _measure(app, sound)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return [
        Row(
            name="end of a spoken command (after its pause) → its screen painted",
            ours=ours,
            floor=floor,
            floor_name="a bare recogniser, the same sound: last sample → words",
            extra_bar=150,
        )
    ]


@contextmanager
def _open_kiosk(folder: Path) -> Iterator[App]:
    platform = DemoPlatform(folder / "platform")
    enrol_demo(folder / "state", platform.start())
    configuration = Configuration(
        screen=Screen(width_px=1920, height_px=1080, diagonal_inch=21.5),
        platform=Platform(spread_seconds=0),
        voice=QUICK,
    )
    try:
        with opened(configuration, folder / "state") as app:
            yield app
    finally:
        platform.stop()


def _measure(app: App, sound: VirtualSound) -> tuple[list[float], list[float]]:
    """Return milliseconds from the end of each command's pause to its screen, and of the bare recogniser."""
    guide, painted, tap = Guide(app, Path()), Painted(app), Tap(sound)
    resident = Resident(guide, sound, VARIANTS[0])
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(DEMONSTRATION))
    ours, floor = [], []

    def knows(word: str) -> bool:
        return bool(model.vosk_model_find_word(word) >= 0)

    try:
        guide.wait(lambda: guide.state.hearing, "hearing")
        app.watchers.append(painted)
        for phrase, step in (THERE, BACK) * TURNS:
            resident.listen()
            expected = grammar(ears(guide.state).phrases, digits=False, knows=knows)
            painted.phrases.clear()
            resident.say(phrase, step)
            heard, shown = painted.phrases[-1]
            if heard != phrase:
                continue  # asked back, and agreed to: that was another command
            began = resident.uttered[-1][0]
            ours.append((shown - tap.last_audible(began, shown) - END_SECONDS) * 1000)
            floor.append(_bare(model, expected.json, tap.between(began, shown)))
    finally:
        tap.close()
        resident.leave()
    print(f"Commands: {len(ours)} understood of {len(resident.uttered)} times that something was said.")
    return ours[2:], floor[2:]  # the first time on each screen warms it up


def _bare(model: vosk.Model, phrases: str, sound: bytes) -> float:
    """Return the milliseconds from the last sample to the words, without anything of ours."""
    recogniser = vosk.KaldiRecognizer(model, MICROPHONE_RATE, phrases)
    for start in range(0, len(sound), BLOCK_SAMPLES * BYTES):
        recogniser.AcceptWaveform(sound[start : start + BLOCK_SAMPLES * BYTES])
    ended = time.perf_counter()
    json.loads(recogniser.FinalResult())
    return (time.perf_counter() - ended) * 1000
