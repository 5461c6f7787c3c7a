"""What is said, before it is put into words: the machine knows what to say, the derivation knows how it is said."""

from dataclasses import dataclass
from enum import StrEnum


class Told(StrEnum):
    """Kinds of things that are said."""

    STEP = "step"
    """What a step says when it comes up."""
    STEP_AGAIN = "step-again"
    """The step once more, with its answers read out."""
    CHOICE = "choice"
    """One of the step's answers; `name` is its id."""
    COMMAND = "command"
    """Something that can be asked for everywhere; `name` says what."""
    IN_EAR = "in-ear"
    """That only who wears the headphones hears it, and then the step with its answers."""
    KEY = "key"
    """A key of the keyboard on the screen; `name` is what it is called in the visit's language."""
    KEY_USE = "key-use"
    """What a key beside the screen is for: `name` is a movement's or a command's, or that of a phrase."""
    TYPED = "typed"
    """What was just written; `name` is it."""
    HELP = "help"
    WHERE = "where"
    PHRASE = "phrase"
    """One of the phrases; `name` says which."""
    TEXT = "text"
    """The petition's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Something to be said."""

    told: Told = Told.STEP
    name: str = ""
