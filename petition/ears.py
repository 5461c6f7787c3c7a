"""What the kiosk listens for at one moment; derived from the state like the screen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What is being listened for. Equal ears need nothing done."""

    open: bool = False
    """Whether the microphone is open: seen on the screen as an ear, always."""
    phrases: tuple[str, ...] = ()
    """What can be said now, in Mandarin, without marks and spaces; nothing else is ever acted on."""
    digits: bool = False
    """Whether digits can be said, too, any number of them in a row."""
