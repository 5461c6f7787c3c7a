"""The speaker process: says sentences, plays recordings and earcons, tells when each word is heard.

    python -m voice.speaker [--device NAME] [--voice LANGUAGE=NAME …] [--parent PID] [--standby]

One thread reads commands and hushes at once; one makes sound, in order; PortAudio's own plays it. A missing engine or
device is told in Ready and answers every command that needs it with Failed.
"""

import argparse
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING

from petition.errors import FaultCode
from voice.child import Link, settle
from voice.wire import (
    TO_SPEAKER,
    Failed,
    Finished,
    Hush,
    Message,
    Pause,
    Ping,
    PlayEarcon,
    PlayRecording,
    Pong,
    Quit,
    Ready,
    Resume,
    Say,
    SetVolume,
    Started,
    Word,
)

if TYPE_CHECKING:
    from voice.playback import Player, Samples
    from voice.synthesis import Synthesizer

Sounding = Say | PlayRecording | PlayEarcon

RATE = 22_050
"""Hertz: what espeak-ng makes."""
STALLED_SECONDS = 1.5
"""A device that asks for no samples this long has gone."""


def open_player(device: str | None, report: Callable[[Message], None]) -> "Player | None":
    """Return a playing stream, None where there is no device or no PortAudio."""
    try:
        from voice.playback import Player  # noqa: PLC0415 - raises without libportaudio2

        return Player(RATE, device, report)
    except Exception:  # noqa: BLE001 - whatever it was, there is nothing to play on
        return None


def open_synthesizer(voices: Mapping[str, str]) -> "Synthesizer | None":
    """Return a synthesizer that has spoken once, None where there is no engine."""
    try:
        from voice.synthesis import Synthesizer  # noqa: PLC0415 - raises without libespeak-ng

        synthesizer = Synthesizer(voices)
        if synthesizer.rate != RATE:
            return None
        synthesizer.speak("好", "cmn", 1.0)  # loads the dictionaries
        return synthesizer
    except Exception:  # noqa: BLE001 - whatever it was, there is no voice
        return None


class Speaker:
    """Carries out commands; everything it says goes to `report`."""

    def __init__(
        self,
        report: Callable[[Message], None],
        device: str | None,
        open_synthesizer: Callable[[], "Synthesizer | None"],
    ) -> None:
        """Open device and engine at the same time, then report Ready."""
        self._report = report
        self._lock = threading.Lock()
        self._work: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._outstanding: list[int] = []
        """Commands that were taken and are neither finished nor failed, in order."""
        self._ringing: set[int] = set()
        """Loud ones that sound or wait for one that does."""
        self._stalled_since = (0, time.monotonic())
        with ThreadPoolExecutor(1) as opening:
            player = opening.submit(open_player, device, self._heard)
            self._synthesizer = open_synthesizer()
            self._player = player.result()
        missing = (
            *((FaultCode.SPEECH_ENGINE_MISSING,) if self._synthesizer is None else ()),
            *((FaultCode.SPEAKER_MISSING,) if self._player is None else ()),
        )
        voices_missing = () if self._synthesizer is None else self._synthesizer.voices_missing
        report(Ready(missing=missing, voices_missing=voices_missing))
        threading.Thread(target=self._make_sound, name="synthesis", daemon=True).start()

    def take(self, command: Message) -> None:
        """Carry out a command, or hand it to the thread that makes sound."""
        match command:
            case PlayEarcon(loud=True):
                self._ring(command)
            case Say() | PlayRecording() | PlayEarcon():
                with self._lock:
                    self._outstanding.append(command.id)
                self._work.put(command)
            case Ping():
                self._work.put(command)
            case Hush():
                with self._lock:
                    if self._player is not None:
                        self._player.stop()
                    hushed, self._outstanding = self._outstanding, []
                for id in hushed:  # noqa: A001 - the wire's name
                    self._report(Finished(id=id, completed=False))
            case _ if self._player is None:
                pass
            case Pause():
                self._player.pause()
            case Resume():
                self._player.resume()
            case SetVolume():
                self._player.set_volume(command.volume)

    def _ring(self, command: PlayEarcon) -> None:
        """Play an earcon at once: neither what waits for its sound to be made nor a Hush concerns it."""
        if self._player is None:
            self._report(Failed(id=command.id, code=FaultCode.SPEAKER_MISSING))
            return
        from voice import earcons  # noqa: PLC0415 - needs numpy

        try:
            samples = earcons.samples(earcons.Earcon(command.name), RATE, loud=True)
        except ValueError:
            self._report(Failed(id=command.id, code=FaultCode.BAD_INPUT))
            return
        with self._lock:
            self._ringing.add(command.id)
        heard = Started(id=command.id), Finished(id=command.id, completed=True)
        self._player.ring(samples, [(0, heard[0]), (len(samples), heard[1])])

    def _heard(self, message: Message) -> None:
        """Pass on what can be heard, unless it was hushed in the meantime."""
        match message:
            case Started() | Finished() if message.id in self._ringing:
                if isinstance(message, Finished):
                    with self._lock:
                        self._ringing.remove(message.id)
            case Finished():
                with self._lock:
                    if message.id not in self._outstanding:
                        return
                    self._outstanding.remove(message.id)
            case Started() | Word() if message.id not in self._outstanding:
                return
        self._report(message)

    def _make_sound(self) -> None:
        while True:
            command = self._work.get()
            match command:
                case Ping():
                    self._answer()
                case Say() | PlayRecording() | PlayEarcon():
                    code = self._make(command)
                    if code is not None:
                        self._fail(command.id, code)

    def _make(self, command: Sounding) -> FaultCode | None:
        """Queue a command's sound and marks; return why that can't be done."""
        if self._player is None:
            return FaultCode.SPEAKER_MISSING
        if isinstance(command, Say) and self._synthesizer is None:
            return FaultCode.SPEECH_ENGINE_MISSING
        marks: list[tuple[int, Message]] = [(0, Started(id=command.id))]
        try:
            for samples, words in self._pieces(command):
                self._play(command.id, samples, [*marks, *words])
                marks = []
        except KeyError:
            return FaultCode.SPEECH_ENGINE_MISSING
        except ValueError:
            return FaultCode.BAD_INPUT
        self._play(command.id, None, [*marks, (0, Finished(id=command.id, completed=True))])
        return None

    def _pieces(self, command: Sounding) -> Iterator[tuple["Samples", list[tuple[int, Message]]]]:
        """Yield a command's sound. Raises KeyError for a language without a voice, ValueError for what is no sound."""
        match command:
            case Say(id=id) if self._synthesizer is not None:
                speech = self._synthesizer.speak(command.text, command.language, command.rate)
                yield speech.samples, [(m.sample, Word(id=id, start=m.start, length=m.length)) for m in speech.marks]
            case PlayRecording():
                from voice.opus import decode  # noqa: PLC0415 - FFmpeg takes 0.2 s to load, few visits need it

                for samples in decode(command.sound, RATE):
                    yield samples, []
            case PlayEarcon():
                from voice import earcons  # noqa: PLC0415 - needs numpy

                yield earcons.samples(earcons.Earcon(command.name), RATE), []

    def _play(self, id: int, samples: "Samples | None", marks: list[tuple[int, Message]]) -> None:
        with self._lock:
            if self._player is not None and id in self._outstanding:
                self._player.add(samples, marks)

    def _fail(self, id: int, code: FaultCode) -> None:
        with self._lock:
            if id not in self._outstanding:
                return
            self._outstanding.remove(id)
        self._report(Failed(id=id, code=code))

    def _answer(self) -> None:
        """Say that work gets done, or leave when the device asks for nothing any more."""
        if self._player is not None:
            played, since = self._stalled_since
            now = time.monotonic()
            if self._player.played != played:
                self._stalled_since = (self._player.played, now)
            elif now - since > STALLED_SECONDS:
                self._report(Failed(code=FaultCode.SPEAKER_MISSING))
                os._exit(1)
        self._report(Pong())


def main() -> None:
    """Run until the kiosk closes the pipe or says so."""
    parser = argparse.ArgumentParser(prog="python -m voice.speaker")
    parser.add_argument("--device", default=None, help="as PortAudio names it; the system's own otherwise")
    parser.add_argument("--voice", action="append", default=[], help="LANGUAGE=NAME: cmn=cmn-latn-pinyin+f3")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="leave when this process does")
    parser.add_argument("--standby", action="store_true", help="load; open the device at the first command, not before")
    arguments = parser.parse_args()
    settle(arguments.parent)
    link = Link(TO_SPEAKER)
    commands = link.commands()
    voices = {language: name for language, _, name in (each.partition("=") for each in arguments.voice)}
    opening = cache(partial(open_synthesizer, voices))
    if arguments.standby:
        opening()
        if next(commands, None) is None:
            os._exit(0)
    speaker = Speaker(link.report, arguments.device, opening)
    for command in commands:
        if isinstance(command, Quit):
            break
        speaker.take(command)
    os._exit(0)  # PortAudio may wait for a device that has gone


if __name__ == "__main__":
    main()
