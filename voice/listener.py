"""The listener process.

    python -m voice.listener [--device NAME] [--model FOLDER] [--parent PID]

One thread reads commands, one carries them out (`voice.hearing`), one makes words of what is said. Without PortAudio
there is no microphone: Ready says so, and so does the answer to every command.
"""

import argparse
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from petition.errors import FaultCode
from voice.child import Link, settle
from voice.wire import TO_LISTENER, Failed, Message, OpenMicrophone, Ping, Pong, Quit, Ready, StartRecording

if TYPE_CHECKING:
    from voice.hearing import Listener


def open_listener(report: Callable[[Message], None], device: str | None, model: Path | None) -> "Listener | None":
    """Return what listens, None where the libraries for it are not installed."""
    try:
        from voice.hearing import Listener  # noqa: PLC0415 - raises OSError without libportaudio2
    except (ImportError, OSError):
        return None
    return Listener(report, device, model)


def refuse(commands: Iterator[Message], report: Callable[[Message], None]) -> None:
    """Answer everything that wants a microphone with Failed."""
    report(Ready(missing=(FaultCode.MICROPHONE_MISSING,)))
    for command in commands:
        match command:
            case Quit():
                return
            case Ping():
                report(Pong())
            case OpenMicrophone():
                report(Failed(code=FaultCode.MICROPHONE_MISSING))
            case StartRecording():
                report(Failed(id=command.id, code=FaultCode.MICROPHONE_MISSING))


def main() -> None:
    """Run until the kiosk closes the pipe or says so."""
    parser = argparse.ArgumentParser(prog="python -m voice.listener")
    parser.add_argument("--device", default=None, help="as PortAudio names it; the system's own otherwise")
    parser.add_argument("--model", type=Path, default=None, help="a Vosk model; without one no words are made out")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="leave when this process does")
    arguments = parser.parse_args()
    settle(arguments.parent)
    link = Link(TO_LISTENER)
    listener = open_listener(link.report, arguments.device, arguments.model)
    if listener is None:
        refuse(link.commands(), link.report)
        os._exit(0)
    threading.Thread(target=listener.work, name="listening", daemon=True).start()
    for command in link.commands():
        if isinstance(command, Quit):
            break
        listener.take(command)
    os._exit(0)  # PortAudio may wait for a device that has gone


if __name__ == "__main__":
    main()
