"""Doors between rooms: what one room needs of another, as Protocols of one to three methods.

The real thing and its fake pass the same contract tests. Nothing here is imported for its behaviour.
"""

from collections.abc import Callable
from typing import Protocol

from petition.model import Attachment, Draft
from petition.receipt import Receipt

Post = Callable[[object], None]
"""The one door back to the main thread: takes an event, returns at once, may be called from any thread."""


class RecordingSink(Protocol):
    """Where encoded sound goes while it is being recorded."""

    def write(self, page: bytes) -> None:
        """Append one page of sound; it survives a power cut once this returns."""

    def close(self, seconds: float) -> Attachment:
        """End the recording and return what the draft may refer to."""


class DraftKeeper(Protocol):
    """Keeps an encrypted copy of a draft, so that a power cut costs less than a second of it."""

    def keep(self, draft: Draft) -> None:
        """Replace the kept copy."""

    def drop(self) -> None:
        """Wipe the kept copy and every recording that was not filed."""


class Filer(Protocol):
    """Turns a draft into a sealed petition that no power cut and no thief can take."""

    def file(self, draft: Draft) -> Receipt:
        """Seal, store and commit; only then is there a receipt. Raises Fault when nothing was stored."""
