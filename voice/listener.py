"""The listener process.

    python -m voice.listener [--device NAME] [--model FOLDER] [--parent PID] [--standby]

One thread reads commands, one carries them out (`voice.hearing`), one makes words of what is said. Without PortAudio
there is no microphone: Ready says so, and so does the answer to every command.
"""

import argparse
import os
import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from voice.child import Link, settle
from voice.wire import TO_LISTENER, Quit


def load(*, recogniser: bool) -> None:
    """Import all that takes long, but for PortAudio, which would know no device that is plugged in later.

    The model is not read: a spare that holds it costs twice its size, for good, to save a quarter of a second, once.
    """
    for module in ("voice.hearing", *(("voice.recogniser",) if recogniser else ())):
        with suppress(ImportError, OSError):  # told of when it is needed
            import_module(module)


def main() -> None:
    """Run until the kiosk closes the pipe or says so."""
    parser = argparse.ArgumentParser(prog="python -m voice.listener")
    parser.add_argument("--device", default=None, help="as PortAudio names it; the system's own otherwise")
    parser.add_argument("--model", type=Path, default=None, help="a Vosk model; without one no words are made out")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="leave when this process does")
    parser.add_argument("--standby", action="store_true", help="load; look for devices and read the model when asked")
    arguments = parser.parse_args()
    settle(arguments.parent)
    link = Link(TO_LISTENER)
    commands = link.commands()
    if arguments.standby:
        load(recogniser=arguments.model is not None)
        if next(commands, None) is None:
            os._exit(0)
    from voice.hearing import Listener  # noqa: PLC0415 - its libraries could print into the pipe before there is a Link

    listener = Listener(link.report, arguments.device, arguments.model)
    threading.Thread(target=listener.work, name="listening", daemon=True).start()
    for command in commands:
        if isinstance(command, Quit):
            break
        listener.take(command)
    os._exit(0)  # PortAudio may wait for a device that has gone


if __name__ == "__main__":
    main()
