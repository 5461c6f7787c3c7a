"""`kiosk run` and `kiosk tour`: the kiosk itself, and a visit that shows it."""

import argparse
import os
import sys

from kiosk.commands.line import folder
from kiosk.configuration import Configuration, state_directory
from kiosk.journal import journal, record
from kiosk.version import version
from petition.errors import Fault, FaultCode
from petition.journal import Entry


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", anywhere: argparse.ArgumentParser) -> None:
    """Add these commands to the line."""
    run = commands.add_parser("run", parents=[anywhere], help="open the kiosk")
    run.add_argument("--demo", action="store_true", help="on a demo platform of its own, on this machine")
    run.add_argument("--windowed", action="store_true", help="in a window")
    run.set_defaults(run=run_kiosk)
    tour = commands.add_parser("tour", parents=[anywhere], help="make a visit and show it in pictures")
    which = tour.add_mutually_exclusive_group(required=True)
    which.add_argument("--out", type=folder, metavar="DIR", help="make the visit and put what it shows there")
    which.add_argument("--verify", type=folder, metavar="DIR", help="compute again what an earlier visit claims")
    tour.add_argument("--voice", action="store_true", help="touch nothing: residents who only speak and listen")
    tour.set_defaults(run=make_tour)


def run_kiosk(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Run until the window is closed."""
    _require_display()
    from kiosk.app import run

    with journal(None if asked.demo else state_directory(configuration), terminal=sys.stderr):
        record(Entry.STARTED, version=version())
        try:
            return run(configuration, demo=asked.demo, windowed=asked.windowed)
        finally:
            record(Entry.STOPPED)


def make_tour(asked: argparse.Namespace, configuration: Configuration) -> int:
    """Make a self-guided visit, or verify one."""
    if asked.verify is not None:
        from kiosk.tour.proof import verify

        return verify(asked.verify)
    _require_display()
    if asked.voice:
        from kiosk.tour.voice_tour import voice_tour

        return voice_tour(configuration, asked.out)
    from kiosk.tour.visit import tour

    return tour(configuration, asked.out)


def _require_display() -> None:
    """Raise Fault where there is nothing to show a window on: Qt would end the process without a word of use."""
    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform.startswith("linux") and not shown:
        raise Fault(
            FaultCode.DISPLAY_MISSING,
            "there is no display here: start it on one, or under xvfb-run for a screen in memory",
        )
