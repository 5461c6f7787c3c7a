"""What the gateway logs: a closed list of happenings with ids and numbers, never anything that was sent."""

import logging
import traceback
from enum import StrEnum

logger = logging.getLogger("gateway")


class Happening(StrEnum):
    """Everything that can stand in the log."""

    STARTED = "started"
    STOPPED = "stopped"
    BROKE = "broke"
    WEBHOOK_SENT = "webhook-sent"
    WEBHOOK_FAILED = "webhook-failed"
    WEBHOOK_DROPPED = "webhook-dropped"


def note(happening: Happening, **facts: str | int) -> None:
    """Write one line: the happening and its facts, which are ids, codes and numbers."""
    logger.info("%s %s", happening.value, " ".join(f"{name}={value}" for name, value in facts.items()))


def note_bug(error: BaseException) -> None:
    """Write where our code broke: type and places only, because an error's text may quote what was sent."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    logger.error("%s type=%s at=%s", Happening.BROKE.value, type(error).__name__, places)
