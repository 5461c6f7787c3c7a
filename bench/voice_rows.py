"""The kiosk's voice beside a bare PortAudio stream; how long voice and ears are gone when their process dies.

Request → first audible sample, stop → silence: both play on the same virtual loudspeaker, in turns; what counts is when
its monitor hears them. The kiosk's voice goes all its way: queue, pipe, pinyin, synthesis, playback in another process.

Recovery: the process is killed in mid-sentence, or while it listens, by SIGKILL and SIGSEGV in turns; what counts is
when the sentence sounds, or samples come and the model is loaded, again. The floor is a bare process that opens a
stream and does nothing else.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.row import Row
from petition.events import SpeechEnded, SpeechLost, WordSpoken
from petition.utterance import Utterance
from voice import wire
from voice.models import DEMONSTRATION
from voice.speech import Speech
from voice.supervisor import Died, Supervisor, python_module
from voice.virtual_sound import Monitor, VirtualSound

TURNS = 15
PROMPT = Utterance(text="请在滴声后说说是什么事，说完停一停就行。")
RATE = 22_050
LATENCY_SECONDS = 0.05
SOUNDING_SECONDS = 0.5
QUIET_SECONDS = 0.4
AUDIBLE = 150
LONGEST_SECONDS = 10.0
DEATHS = 10
SIGNALS = (signal.SIGKILL, signal.SIGSEGV)
LOADING_SECONDS = 3.0
"""Of a spare."""
ECHO_SECONDS = 0.15
BARE_SPEAKER = """
import numpy, sounddevice
tone = (12_000 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(22_050) / 22_050)).astype(numpy.int16)
sounddevice.play(tone, 22_050, latency=0.05, loop=True, blocking=True)
"""
BARE_LISTENER = """
import sounddevice
heard = sounddevice.RawInputStream(16_000, 480, channels=1, dtype="int16", latency=0.2)
heard.start()
heard.read(480)
print("heard", flush=True)
"""


class Bare:
    """The floor: one open stream, one ready buffer, one flag."""

    def __init__(self) -> None:
        import sounddevice  # noqa: PLC0415 - it looks for devices once, when it is loaded

        self._tone = (12_000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.int16)
        self._on = False
        self._place = 0
        self._stream = sounddevice.OutputStream(
            samplerate=RATE, channels=1, dtype="int16", latency=LATENCY_SECONDS, callback=self._fill
        )
        self._stream.start()

    def begin(self) -> None:
        """Sound."""
        self._on = True

    def stop(self) -> None:
        """Be silent."""
        self._on = False

    def close(self) -> None:
        """Let go of the device."""
        self._stream.abort()
        self._stream.close()

    def _fill(self, out: npt.NDArray[np.int16], frames: int, _when: Any, _status: Any) -> None:  # noqa: ANN401 - PortAudio structs
        places = (self._place + np.arange(frames)) % len(self._tone)
        out[:, 0] = self._tone[places] if self._on else 0
        self._place += frames


def _loud(monitor: Monitor, since: float) -> list[float]:
    """Return when audible pieces came, from a moment on."""
    pieces = [(came, piece) for came, piece in monitor.pieces[-4000:] if came >= since]
    return [
        came
        for came, piece in pieces
        if np.abs(np.frombuffer(piece[: len(piece) // 2 * 2], np.int16).astype(np.int32)).max(initial=0) > AUDIBLE
    ]


def _turn(monitor: Monitor, begin: Callable[[], object], stop: Callable[[], object]) -> tuple[float, float]:
    """Return milliseconds from begin to the first audible piece, and from stop to the last."""
    asked = time.monotonic()
    begin()
    while not (heard := _loud(monitor, asked)):
        if time.monotonic() - asked > LONGEST_SECONDS:
            raise RuntimeError("nothing sounded")
        time.sleep(0.002)
    time.sleep(SOUNDING_SECONDS)
    stopped = time.monotonic()
    stop()
    time.sleep(QUIET_SECONDS)
    last = max(_loud(monitor, stopped), default=stopped)
    time.sleep(QUIET_SECONDS)
    return (heard[0] - asked) * 1000, (last - stopped) * 1000


def rows() -> list[Row]:
    """Return row 2 of the design's section 8, and recovery; print what memory the children take."""
    before = dict(os.environ)
    with VirtualSound() as sound:
        os.environ.update(sound.environment)
        ours, floor = _measure(sound)
        speaking, bare_speaking = _speech_again(sound)
        samples, words, bare_hearing = _hearing_again(sound)
    os.environ.clear()
    os.environ.update(before)
    floor_name = "a bare PortAudio stream with a ready buffer"
    hearing_floor = "a bare process that opens a stream and reads from it"
    return [
        Row(
            name="request → first audible sample of the prompt",
            ours=[begin for begin, _ in ours],
            floor=[begin for begin, _ in floor],
            floor_name=floor_name,
            extra_bar=150,
        ),
        Row(
            name="stop → silence",
            ours=[end for _, end in ours],
            floor=[end for _, end in floor],
            floor_name=floor_name,
            extra_bar=50,
        ),
        Row(
            name="speaker killed → its sentence sounds again",
            ours=speaking,
            floor=bare_speaking,
            floor_name="a bare process that opens a stream and plays a tone",
            most_bar=1000,
        ),
        Row(
            name="listener killed → the microphone gives samples again",
            ours=samples,
            floor=bare_hearing,
            floor_name=hearing_floor,
            most_bar=1000,
        ),
        Row(
            name="listener killed → the demonstration's model is loaded again",
            ours=words,
            floor=bare_hearing,
            floor_name=hearing_floor,
            most_bar=1000,
        ),
    ]


def _measure(sound: VirtualSound) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    spoke = threading.Event()
    speech = Speech(lambda event: spoke.set() if isinstance(event, SpeechEnded | SpeechLost) else None)
    speech.launch()
    speech.say(Utterance(text="好"))
    if not spoke.wait(LONGEST_SECONDS):
        raise RuntimeError("the voice did not come up")
    bare = Bare()
    time.sleep(2.0)  # a new stream is not steady at once
    ours, floor = [], []
    with sound.hearing() as monitor:
        for _ in range(TURNS):
            floor.append(_turn(monitor, bare.begin, bare.stop))
            ours.append(_turn(monitor, lambda: speech.say(PROMPT), speech.stop))
    bare.close()
    speech.shut_down()
    return ours, floor


def _speech_again(sound: VirtualSound) -> tuple[list[float], list[float]]:
    """Return milliseconds from the speaker's death, and from the start of a bare process, to sound."""
    words: list[WordSpoken] = []
    speech = Speech(lambda event: words.append(event) if isinstance(event, WordSpoken) else None)
    supervisor = speech._speaker  # noqa: SLF001 - which processes there are is nobody else's business
    speech.launch()
    ours, floor = [], []
    with sound.hearing() as monitor:
        for turn in range(DEATHS):
            began = time.monotonic()
            with _bare(BARE_SPEAKER):
                floor.append((_first_loud(monitor, began) - began) * 1000)
            time.sleep(QUIET_SECONDS)
            _await_spare(supervisor)
            words.clear()
            speech.say(PROMPT)
            _until(lambda: len(words) > 2)
            died = time.monotonic()
            os.kill(supervisor.process_id, SIGNALS[turn % 2])
            # What the sound server had taken already sounds for a moment longer.
            ours.append((_first_loud(monitor, died + ECHO_SECONDS) - died) * 1000)
            speech.stop()
            time.sleep(QUIET_SECONDS)
    print(f"Memory of the speaker: {_spared_megabytes(supervisor)}.")
    speech.shut_down()
    return ours, floor


def _hearing_again(sound: VirtualSound) -> tuple[list[float], list[float], list[float]]:
    """Return milliseconds from the listener's death to samples and to a model, and of a bare process to samples."""
    levels: list[float] = []
    loaded: list[float] = []
    deaths: list[float] = []

    def receive(message: wire.Message | Died) -> None:
        match message:
            case wire.Ready():
                supervisor.send(wire.OpenMicrophone())
            case wire.Level():
                levels.append(time.monotonic())
            case wire.Loaded():
                loaded.append(time.monotonic())
            case Died():
                levels.clear()
                loaded.clear()
                deaths.append(time.monotonic())

    command = python_module("voice.listener", "--model", str(DEMONSTRATION))
    supervisor = Supervisor(command, wire.FROM_LISTENER, receive, spare="--standby")
    samples, words, floor = [], [], []
    # A real microphone is always at work; this one sleeps for up to two seconds where nobody listens.
    with sound.listening():
        supervisor.start()
        for turn in range(DEATHS):
            began = time.monotonic()
            with _bare(BARE_LISTENER) as bare:
                if bare.stdout is None or not bare.stdout.readline():
                    raise RuntimeError("nothing was heard")
                floor.append((time.monotonic() - began) * 1000)
            _await_spare(supervisor)
            deaths.clear()
            died = time.monotonic()
            os.kill(supervisor.process_id, SIGNALS[turn % 2])
            _until(lambda: bool(deaths and levels and loaded))
            samples.append((levels[0] - died) * 1000)
            words.append((loaded[0] - died) * 1000)
        print(f"Memory of the listener, with the demonstration's model: {_spared_megabytes(supervisor)}.")
        supervisor.close()
    return samples, words, floor


@contextmanager
def _bare(program: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        yield process
        process.kill()


def _first_loud(monitor: Monitor, since: float) -> float:
    _until(lambda: bool(_loud(monitor, since)))
    return _loud(monitor, since)[0]


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while not reached():
        if time.monotonic() > end:
            raise RuntimeError("what was waited for did not happen")
        time.sleep(0.002)


def _await_spare(supervisor: Supervisor) -> int:
    """Return the spare's process, once it has loaded."""
    _until(lambda: supervisor._spare is not None)  # noqa: SLF001 - which processes there are is nobody else's business
    time.sleep(LOADING_SECONDS)
    spare = supervisor._spare  # noqa: SLF001 - as above
    return spare.pid if spare else 0


def _spared_megabytes(supervisor: Supervisor) -> str:
    spare = _await_spare(supervisor)
    return f"{_megabytes(supervisor.process_id)}; of its spare: {_megabytes(spare)}"


def _megabytes(process_id: int) -> str:
    """Return what memory a process takes, its own and its share of what several have (Linux)."""
    if not process_id:
        return "no process"
    try:
        told = Path(f"/proc/{process_id}/smaps_rollup").read_text()
    except OSError:  # the children let nobody look in but root
        return "only root can see it"
    return " ".join(
        f"{name} {int(value) / 1000:.0f} MB" for name, value in re.findall(r"^(Rss|Pss): +(\d+)", told, re.MULTILINE)
    )
