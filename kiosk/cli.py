"""The command `kiosk`: what scripts, staff and tests drive it with.

Exit codes: 0 done · 2 bad usage or input, one line says what and how to mend · 3 a device or service is missing, one
line says which · 1 a mistake of ours, one line says where. There is never a traceback, because it may quote anything.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.commands import audit, care, desk, filing, later, model, people, platform, queue, receipt, screen, suggest
from kiosk.commands.line import BUG, INTERRUPTED, MISSING, Command, Parser, exit_code, tell
from kiosk.configuration import load_configuration
from kiosk.hardening import harden
from kiosk.journal import places
from kiosk.version import version
from petition.errors import Bug, Fault

GROUPS = (screen, filing, receipt, later, queue, platform, desk, people, model, suggest, care, audit)


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line; no command's own room is loaded for it."""
    anywhere = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    anywhere.add_argument("--config", type=Path, metavar="F", help="the configuration, a TOML file")
    top = Parser(prog="kiosk", description="The petition kiosk (社区诉求服务台).", parents=[anywhere])
    top.add_argument("--version", action="version", version=f"kiosk {version()}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for group in GROUPS:
        group.add(commands, anywhere)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command in a process that leaves no core dump; return its exit code."""
    harden()
    _occupy_standard_descriptors()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese
    return answer(arguments)


def _occupy_standard_descriptors() -> None:
    """Put nothing where a standard stream is closed: else a file takes its number, and gets what libraries print."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def answer(arguments: Sequence[str] | None) -> int:
    """Run one command and return its exit code; never raises, and never shows what was typed."""
    try:
        asked = parser().parse_args(arguments)
        command: Command = asked.run
        code = command(asked, load_configuration(getattr(asked, "config", None)))
        if sys.stdout is not None:  # closed before the command began
            sys.stdout.flush()
        return code
    except Fault as fault:
        tell(f"{fault.remedy} [{fault.code.value}]" if fault.remedy else fault.code.value)
        return exit_code(fault)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read this has read enough
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        tell(f"a file or device can't be used: {os.strerror(error.errno) if error.errno else type(error).__name__}")
        return MISSING
    except Exception as error:  # noqa: BLE001 - a traceback would show what was typed
        name = error.code if isinstance(error, Bug) else type(error).__name__
        tell(f"this should not happen; please report this line: {name} at {places(error)}")
        return BUG
