"""The command line itself: how it is read, what is answered, and what is never repeated.

What stands on the line may be a resident's words, so no complaint quotes it: it names the option and how to mend it.
"""

import argparse
import errno
import json
import os
import re
import sys
import unicodedata
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, Protocol

from kiosk.configuration import Configuration
from kiosk.printable import escaped, harmless, printable
from petition.errors import Fault, FaultCode
from petition.receipt import is_receipt_number

DONE, BUG, BAD_INPUT, MISSING, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; our own mistake; bad usage or input; a device or service is missing; stopped by Ctrl-C."""

_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that show nothing."""
_INPUT = {
    FaultCode.BAD_CONFIGURATION,
    FaultCode.BAD_INPUT,
    FaultCode.RECEIPT_UNKNOWN,
    FaultCode.TOO_MANY_WRONG_CODES,
    FaultCode.WRONG_CODE,
}


class Command(Protocol):
    """What a command does: takes what was asked and returns its exit code; raises Fault."""

    def __call__(self, asked: argparse.Namespace, configuration: Configuration) -> int: ...


class Parser(argparse.ArgumentParser):
    """Reads a command line; what is wrong with it is one line that repeats nothing of what was typed."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - handed on to argparse as they are
        super().__init__(allow_abbrev=False, **settings)
        self._typed: Sequence[str] = ()

    def parse_known_args(  # type: ignore[override]  # argparse gives the same in several overloads
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read a line as argparse does, and keep it for `error`."""
        self._typed = sys.argv[1:] if args is None else args
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise Fault(BAD_INPUT) with what to mend."""
        unknown = _unknown_option(message, self._typed, self._option_string_actions)
        said = f"there is no option {unknown} here" if unknown else _said(message)
        raise Fault(FaultCode.BAD_INPUT, f"{said}; see: {self.prog} --help")


def _unknown_option(message: str, typed: Sequence[str], known: Collection[str]) -> str:
    """Return an option nobody knows, "" for none; what merely begins like one may be somebody's words."""
    if message.startswith("unrecognized arguments: "):
        words, known = message.split()[2:], ()
    elif message.startswith("the following arguments are required: "):
        words = list(typed)
    else:
        return ""
    options = (re.match(r"(-[a-z]|--[a-z][a-z-]{1,30})(=|$)", word) for word in words)
    return next((option[1] for option in options if option and option[1] not in known), "")


def _said(message: str) -> str:
    option = re.match(r"argument ([A-Za-z0-9/,\[\] -]+?): ", message)
    choices = re.search(r"\(choose from (.*)\)$", message)
    match message:
        case _ if message.startswith("the following arguments are required: "):
            return f"missing: {message.partition(': ')[2]}"
        case _ if option and choices:
            return f"{option[1]} is one of {choices[1].replace(chr(39), '')}"
        case _ if option and re.search(r": (expected .*|not allowed with .*)$", message):
            return f"{option[1]} {message.partition(': ')[2]}"
        case _ if option:
            return f"{option[1]} can't be read"
        case _ if message.startswith("one of the arguments "):
            return message
        case _:
            return "there is more on the line than this command takes: put a text in quotation marks"


def exit_code(fault: Fault) -> int:
    """Return whether it is for the person at the keyboard to mend (2), or something isn't there (3)."""
    return BAD_INPUT if fault.code in _INPUT else MISSING


def show(*lines: str) -> None:
    """Write lines for people; raises OSError when nobody can read them."""
    _write("".join(f"{harmless(line)}\n" for line in lines))


def show_json(value: object) -> None:
    """Write a value for programs; raises OSError when nobody can read it."""
    _write(escaped(json.dumps(value, ensure_ascii=False, indent=2)) + "\n")


def _write(text: str) -> None:
    if sys.stdout is None:  # it was closed before the command began
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    sys.stdout.write(text)


def let_go_of_output() -> None:
    """Let what could not be written go, so that the end of the process does not try it again."""
    with suppress(OSError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - as long as the process


def utc(moment: datetime) -> str:
    """Return a moment of UTC as programs read it: `2026-03-02T08:15:09Z`."""
    return moment.isoformat().replace("+00:00", "Z")


def tell(line: str) -> bool:
    """Say something beside the answer, on standard error; return whether that was possible."""
    try:
        sys.stderr.write(f"kiosk: {printable(line)}\n")
        sys.stderr.flush()
    except (OSError, AttributeError):  # it has no reader, or was closed before the command began
        return False
    return True


def receipt_number(typed: str) -> str:
    """Return the 12 digits of a number as it is printed, in fours or not; raises Fault(BAD_INPUT)."""
    digits = re.sub(r"[\s-]", "", typed)
    if not is_receipt_number(digits):
        raise Fault(FaultCode.BAD_INPUT, "that is no receipt number: it has 12 digits, as printed on the slip")
    return digits


def tag_or_code(typed: str) -> str:
    """Return a tag's 20 digits or a query code's 6; raises Fault(BAD_INPUT)."""
    digits = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(r"[0-9]{6}|[0-9]{20}", digits):
        raise Fault(FaultCode.BAD_INPUT, "that is neither a query code (6 digits) nor a receipt's tag (20 digits)")
    return digits


def folder(typed: str) -> Path:
    """Return a folder as typed; raises Fault(BAD_INPUT) for the home of somebody who is not there."""
    try:
        return Path(typed).expanduser()
    except RuntimeError:
        raise Fault(FaultCode.BAD_INPUT, "nobody of the name after ~ has a home on this machine") from None


def words(option: str, given: str, longest: int) -> str:
    """Return words without blanks around them, "" when nothing of them can be seen; raises Fault(BAD_INPUT)."""
    kept = given.strip()
    if len(kept) > longest:
        raise Fault(FaultCode.BAD_INPUT, f"{option} is too long: it takes {longest:,} characters")
    return kept if any(map(_visible, kept)) else ""


def _visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"} and character not in _BLANKS
