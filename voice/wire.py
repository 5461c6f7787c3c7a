"""What the kiosk and its two child processes say to each other: one JSON object a line.

A message is a frozen dataclass; on the wire it is its fields and its name under "message", sound as base64. Whatever
else turns up on a pipe (a library that prints, a child that dies in the middle of a line) is no message, and decode
says so by returning None: it never raises.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import get_args, get_origin, get_type_hints

MOST_BYTES = 64 * 1024 * 1024
"""Longest line that is read: ten minutes of sound as base64 are 3 MB."""


class Message:
    """Anything that crosses a pipe; its subclasses are all there is."""

    __slots__ = ()


# --- both ways --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping(Message):
    """Ask a child whether it still gets things done; it answers from the thread that does the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong(Message):
    """A child still gets things done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit(Message):
    """Ask a child to leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(Message):
    """A child has started; `missing` holds the fault codes of what it cannot do."""

    missing: tuple[str, ...] = ()
    voices_missing: tuple[str, ...] = ()
    """Languages whose chosen voice is not installed, so that their usual one speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Message):
    """A command could not be carried out, or a device went away. `id` is the command's, 0 where there is none."""

    id: int = 0
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Message):
    """What a command asked for sounds from here on, or is recorded."""

    id: int


# --- to the speaker ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Message):
    """Speak one sentence after what is already queued."""

    id: int
    text: str
    language: str
    """A SpokenLanguage, or a screen language, which is then spoken in its usual voice."""
    rate: float = 1.0
    """0.5 to 2.0; pitch stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayRecording(Message):
    """Play encoded sound after what is already queued."""

    id: int
    sound: bytes
    """Ogg/Opus, or any container FFmpeg knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayEarcon(Message):
    """Play one of the kiosk's own short sounds after what is already queued."""

    id: int
    name: str
    loud: bool = False
    """At once, over whatever sounds, as loud as can be; no Hush, Pause or SetVolume is for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush(Message):
    """Fall silent at once and forget what is queued, but for what is loud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Message):
    """Fall silent and keep the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Message):
    """Go on where Pause stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVolume(Message):
    """Change the loudness, of what sounds now too."""

    volume: float
    """0 (silent) to 1."""


# --- from the speaker -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Message):
    """A word can be heard; where it stands in the sentence, in characters."""

    id: int
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Message):
    """The last sample of a command has been heard, or it was hushed (`completed` False)."""

    id: int
    completed: bool


# --- to the listener --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMicrophone(Message):
    """Begin to hear: Opened once samples come, Failed when there is no microphone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMicrophone(Message):
    """Stop hearing; ends a recording first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecording(Message):
    """Encode from here on, and the last `preroll_seconds` (0 to 0.5) before."""

    id: int
    preroll_seconds: float = 0.0
    spoken: bool = False
    """Whether somebody spoke before, in an earlier part: then silence counts from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRecording(Message):
    """End the recording with what was said until now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreSpeech(Message):
    """Whether what is heard is the kiosk's own voice: recorded all the same, but neither speech nor its end."""

    ignore: bool
    through: bool = False
    """Whether what is said over it is made out all the same, while nothing is recorded: with headphones, say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen(Message):
    """Make words out of what is said from here on, while nothing is recorded: only these, nothing where there are none.

    What is being said at the moment belongs to nobody: it began before anybody listened for this.
    """

    id: int
    phrases: tuple[str, ...] = ()
    digits: bool = False
    """Whether single digits are expected, too."""


# --- from the listener ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Message):
    """The microphone gives samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Message):
    """The microphone is off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Message):
    """The loudest sample of the last fifteenth of a second, 0 to 1."""

    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke(Message):
    """Somebody began to speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(Message):
    """Nobody has spoken since that many seconds, after somebody did."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded(Message):
    """Words can be made out of sound from here on; where they can't, Failed says so (recogniser-missing)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWords(Message):
    """Somebody said something, while nothing was recorded."""

    id: int
    """Of the Listen that it was heard with."""
    words: str
    """With spaces between them; `[unk]` is what could not be made out."""
    seconds: float
    """How long it took to say."""
    after_seconds: float
    """Nobody had spoken for so long before."""
    over: bool = False
    """Whether the kiosk itself spoke meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript(Message):
    """What is being said into a recording, from one pause to the next; the last one of a stretch is settled."""

    id: int
    words: str
    """All of the stretch, with spaces between them."""
    after_seconds: float
    """How long nobody had spoken before it."""
    settled: bool
    whole: bool = True
    """Whether the stretch ended with a pause, not because the kiosk itself began to speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Message):
    """The next whole Ogg pages of a recording."""

    id: int
    sound: bytes
    seconds: float
    """How much of the recording there is with these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Message):
    """A recording is complete: every page and every word of it has been sent."""

    id: int
    seconds: float


TO_SPEAKER = (Say, PlayRecording, PlayEarcon, Hush, Pause, Resume, SetVolume, Ping, Quit)
FROM_SPEAKER = (Ready, Started, Word, Finished, Failed, Pong)
TO_LISTENER = (OpenMicrophone, CloseMicrophone, StartRecording, StopRecording, IgnoreSpeech, Listen, Ping, Quit)
FROM_LISTENER = (
    *(Ready, Loaded, Opened, Closed, Started, Level, Spoke, Silent, HeardWords, Transcript, Page, Ended, Failed, Pong),
)


_HINTS: dict[str, dict[str, object]] = {
    kind.__name__: get_type_hints(kind) for kind in {*TO_SPEAKER, *FROM_SPEAKER, *TO_LISTENER, *FROM_LISTENER}
}


def encode(message: Message) -> bytes:
    """Return a message as one line, newline included."""
    plain: dict[str, object] = {"message": type(message).__name__}
    for name, hint in _HINTS[type(message).__name__].items():
        value = getattr(message, name)
        plain[name] = base64.b64encode(value).decode() if hint is bytes else value
    return json.dumps(plain, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes, known: tuple[type[Message], ...]) -> Message | None:
    """Return the message of a line, None where it is none of the known ones or not whole."""
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(plain, dict):
        return None
    name = plain.pop("message", None)
    kind = next((kind for kind in known if kind.__name__ == name), None)
    if kind is None:
        return None
    try:
        return kind(**{name: _checked(value, _HINTS[kind.__name__][name]) for name, value in plain.items()})
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _checked(value: object, hint: object) -> object:
    if hint is bytes:
        if not isinstance(value, str):
            raise TypeError
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as problem:
            raise ValueError from problem
    if hint is float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        number = float(value)
        if number - number != 0.0:  # infinite or not a number
            raise ValueError
        return number
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        if not isinstance(value, list):
            raise TypeError
        return tuple(_checked(each, item) for each in value)
    if not isinstance(hint, type) or type(value) is not hint:
        raise TypeError
    return value
