"""Where the log goes: JSON lines in the state directory, a few files of limited size, and on the terminal for people.

    {"at": "2026-03-02T08:15:09.120Z", "event": "petition-filed", "petition_id": "…"}

Only entries of `petition.journal` get in. What libraries log, what Python warns of, and errors that nobody caught
become entries that say where it was and never what was said: their text may quote anything.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from petition.errors import Bug, Fault
from petition.journal import Entry, Fact, Line, entry

FOLDER = "journal"
FILE = "kiosk.jsonl"
BYTES_MAX = 1024 * 1024
FILES_KEPT = 5
FRAMES_TOLD = 6

_ROOT = Path(__file__).parent.parent
_ROOMS = {"petition", "ui", "voice", "offline_queue", "kiosk"}

_logger = logging.getLogger("kiosk.journal")


def record(event: Entry, **facts: Fact) -> None:
    """Write one line; raises Bug for what may not stand in a log. Any thread may call it."""
    _logger.info(entry(event, **facts))


def record_error(error: BaseException) -> None:
    """Write that something went wrong: a Fault's or Bug's code, anything else's type, and where our code was."""
    match error:
        case Fault():
            record(Entry.FAULT_MET, code=error.code)
        case Bug():
            record(Entry.BUG_MET, code=error.code, places=places(error))
        case _:
            record(Entry.BUG_MET, type=_plain(type(error).__name__), places=places(error))


def places(error: BaseException) -> str:
    """Return the innermost places an error came through, as `module:line < module:line`; no text of it."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_TOLD:]
    return " < ".join(f"{_module(frame.filename)}:{frame.lineno}" for frame in reversed(frames)) or "nowhere:0"


@contextmanager
def journal(directory: Path | None = None, *, terminal: TextIO | None = None) -> Iterator[None]:
    """Send the log to files in a state directory and to a terminal, as long as the block runs.

    Files that can't be written are done without: the kiosk serves all the same.
    """
    handlers: list[logging.Handler] = []
    if directory is not None:
        with suppress(OSError):
            (directory / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
            path = directory / FOLDER / FILE
            handlers.append(_Files(path, maxBytes=BYTES_MAX, backupCount=FILES_KEPT, encoding="utf-8"))
    if terminal is not None:
        handlers.append(_Terminal(terminal))
    for handler in handlers:
        handler.setFormatter(_Lines())
    root = logging.getLogger()
    before = root.handlers[:], sys.excepthook, threading.excepthook, sys.unraisablehook
    root.handlers[:] = [_Libraries(logging.WARNING)]
    _logger.handlers[:] = handlers
    _logger.propagate = False
    _logger.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _uncaught_in_thread
    try:
        yield
    finally:
        root.handlers[:], sys.excepthook, threading.excepthook, sys.unraisablehook = before
        logging.captureWarnings(capture=False)
        _logger.handlers[:] = []
        for handler in handlers:
            with suppress(OSError):  # a full disk does not take the last line, and must not hide what happened
                handler.close()


class _Lines(logging.Formatter):
    """Turns an entry into one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = record.msg
        if not isinstance(line, Line):
            raise Bug("not-a-line-of-the-journal")
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        return json.dumps({"at": at, "event": line.event.value, **dict(line.facts)})


class _Files(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk costs the line and nothing else."""


class _Terminal(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:
        """Nobody reads this terminal any more."""


class _Libraries(logging.Handler):
    """Takes what libraries log and passes on that they did, not what they said."""

    def emit(self, logged: logging.LogRecord) -> None:
        record(Entry.LIBRARY_WARNED, logger=_plain(logged.name), level=logged.levelno)


def _uncaught(_type: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    record_error(error)
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        # Python keeps these for a debugger: every variable on the way, and in them what somebody said.
        if hasattr(sys, name):
            delattr(sys, name)


def _uncaught_in_thread(problem: "threading.ExceptHookArgs | sys.UnraisableHookArgs") -> None:
    if problem.exc_value is not None:
        record_error(problem.exc_value)


def _module(filename: str) -> str:
    """Return a file as a module of ours (`offline_queue.store`), other people's by its own name."""
    path = Path(filename).with_suffix("")
    inside = path.relative_to(_ROOT).parts if path.is_relative_to(_ROOT) else ()
    return _plain(".".join(inside) if inside[:1] and inside[0] in _ROOMS else path.name)


def _plain(name: str) -> str:
    """Return a programmer's name with nothing in it that a log has no room for."""
    return re.sub(r"[^A-Za-z0-9_.]", "_", name)[:64]
