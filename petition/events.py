"""What has happened: frozen, in the past tense, the only thing that changes a visit.

Residents' events come from touch, keys, scanner and voice; the others from the rooms that carry out effects.
"""

from dataclasses import dataclass, field
from datetime import date

from petition.effects import LookUp
from petition.errors import FaultCode
from petition.model import Agent, Attachment, CallStanding, Catalogue, Desk, Draft, Later, PictureFile, Progress
from petition.pad import Movement
from petition.ports import PrinterChanged, PrinterState, PrintOutcome
from petition.receipt import Receipt, Role
from petition.steps import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBegan:
    """Everything of the visit before is gone; the next petition will carry this id."""

    petition_id: str
    today: date | None = None
    """By this kiosk's clock; None where nobody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBroken:
    """A mistake of ours: nobody knows what state this visit is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePressed:
    """An answer of the current step was chosen, by whatever means."""

    choice_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPressed:
    """A digit key or spoken number chose the answer that stands at this place, from 1; on digit steps it is a digit."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven:
    """Something that can be asked for everywhere was asked for."""

    command: Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlReached:
    """Keys moved on to what would do this when pressed."""

    act: ChoicePressed | CommandGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReached:
    """Keys or a sliding finger came to a key of the keyboard on the screen, or to a word that it offers."""

    name: str
    """What it is called in the visit's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTried:
    """A key beside the screen was pressed where keys are only told what they are for."""

    key: str
    """Which one it was; only whether it is the one before matters."""
    meaning: Movement | Command | int | None
    """What it does elsewhere: a digit as a number; None for nothing but letters, if that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadphonesPlugged:
    """From now on only who wears them hears what is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadphonesUnplugged:
    """From now on everybody in the room hears what is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEdited:
    """The text on a typing step now reads so."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitsEdited:
    """The number on a digit step now reads so (digits only)."""

    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptScanned:
    """A code of ours was read by scanner or camera."""

    number: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCodeScanned:
    """A code that is not ours was read; what it says was thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeScanned:
    """The badge of a volunteer or of staff was read by scanner or camera."""

    badge: str = field(repr=False)
    """What it says: a secret, told to nobody but who looks whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRead:
    """An identity card was read; what else stands on it was thrown away."""

    name: str = field(default="", repr=False)
    """ "" where the reader tells only the number."""
    id_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What is drawn in the frame for a signature now looks like this; empty when it was wiped."""

    strokes: tuple[tuple[tuple[int, int], ...], ...]
    """Points from 0 to 1000 in width and 0 to 400 in height, stroke by stroke; at most 200 strokes of 400 points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenTouched:
    """A finger or key did something that is no answer; it still says that somebody is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerElapsed:
    """A timer that an effect set has run out."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted:
    """Sound is being recorded under this id."""

    recording_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechHeard:
    """Somebody is speaking into the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceHeard:
    """It has been quiet for so long, after something was said."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelHeard:
    """How loud it is, 0 … 1, at most 15 times a second."""

    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingEnded:
    """A recording is closed and on disk, in one part or, after a mishap, several; none when nothing was said in it."""

    recording_id: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrophoneLost:
    """There is no sound to be had from the microphone."""

    code: FaultCode


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrophoneFound:
    """The microphone works (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseHeard:
    """Somebody said one of the phrases that were listened for, exactly."""

    phrase: str
    listening_id: int = 0
    """Which ears it was said to; 0 for those of this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitsHeard:
    """Somebody said digits and nothing else, where digits were listened for."""

    digits: str
    """0 to 9; 幺 is 1, 两 is 2."""
    listening_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseMissed:
    """Somebody said something else."""

    near: str = ""
    """The phrase it came near to, to be asked back; never acted on."""
    listening_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsHeard:
    """What a recording's words are so far, as the machine makes them out."""

    recording_id: str
    text: str
    """All of them, not only the new ones."""
    settled: int
    """So many characters won't change any more. All of them before the recording's RecordingEnded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingLost:
    """No words can be made out of sound at the moment; recording goes on without."""

    code: FaultCode


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingFound:
    """Words can be made out of sound (again)."""

    demonstration: bool = False
    """Whether by the demonstration voice, which knows few words: the screen says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted:
    """An utterance begins to sound."""

    utterance_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSpoken:
    """This stretch of the utterance's displayed text is being said now."""

    utterance_id: int
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEnded:
    """An utterance, or a recording being played back, has ended or was stopped."""

    utterance_id: int
    completed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechLost:
    """Nothing can be said aloud at the moment."""

    code: FaultCode


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechFound:
    """The voice works (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionFiled:
    """The petition is sealed, stored and committed: from here on nothing of it can be lost."""

    petition_id: str
    """Whose receipt it is: by now somebody else may stand there."""
    receipt: Receipt
    next_petition_id: str
    """The id of the petition that may follow; random, so that nobody can tell that two came from one visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingFailed:
    """Nothing was stored; what the resident gave is still in the draft."""

    petition_id: str
    code: FaultCode


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterKept:
    """What was said later is sealed, stored and committed."""

    later: Later
    petition_id: str = ""
    """Of the draft that it was made of; "" where there was none. By now there may be another draft."""
    next_petition_id: str
    """The id of the petition that may follow; random, as with PetitionFiled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterFailed:
    """Nothing of what was said later was stored; its draft is still there."""

    later: Later
    code: FaultCode
    petition_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallChanged:
    """There is news of a call."""

    call: int
    standing: CallStanding
    by: str = ""
    """Who answered, as the platform calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPrinted:
    """The slips of a receipt are done with; nothing of them is tried again."""

    number: str
    outcome: PrintOutcome
    state: PrinterState
    """How the printer was at the end: why it did not print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFound:
    """There is a camera that pictures can be taken with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraLost:
    """There is none, or it went away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesFound:
    """What is on the stick now."""

    stick: bool
    """Whether there is a stick at all."""
    files: tuple[PictureFile, ...] = ()
    """The newest first, at most 60."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTaken:
    """A picture is on disk, sealed, and small enough to be sent."""

    picture_id: str
    """The one it was asked for with."""
    attachment: Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFailed:
    """Nothing was kept: no picture, a broken one, too large a one, or no room."""

    picture_id: str
    code: FaultCode
    """BAD_INPUT for what is no picture or one that is refused; CAMERA_LOST, DISK_FULL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedIn:
    """A volunteer or somebody of the staff may file for several people now."""

    agent: Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused:
    """It was nobody's badge or code, or too many were nobody's before it."""

    tries_left: int = 0
    locked_minutes: int = 0
    """So long none is looked at; rounded up."""
    expired: bool = False
    """Whether it was theirs once, and is not any more."""
    fault: FaultCode | None = None
    """What kept it from being found out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTold:
    """The staff desk is open, and this is what it shows."""

    desk: Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftResumed:
    """What a power cut or a crash broke off, for whoever was in the midst of it."""

    draft: Draft | None = None
    """None where it is not there any more, or was kept by another version of this program."""
    counted_from: int = 0
    """Another number each time: recordings and pictures that are added are counted on from here."""
    fault: FaultCode | None = None
    """What kept it from being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRefused:
    """It was no staff PIN, or too many were none before it."""

    tries_left: int = 0
    locked_minutes: int = 0
    """So long none is looked at; 0 when the next one is. Rounded up."""
    unset: bool = False
    """Whether nobody has a PIN: the operator gives one with `kiosk desk add`."""
    fault: FaultCode | None = None
    """What kept it from being found out: the disk is full or can't be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressFound:
    """The platform told how far a petition is, or the cache did (`from_cache`)."""

    asked: LookUp
    """The question it answers: by now somebody else may have asked another."""
    progress: Progress
    from_cache: bool = False
    tag: str = ""
    """Of the slip that was shown, where it is known: 20 digits."""
    role: Role = Role.OWN
    """Whose slip it was: an agent may add to it and urge it, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpFailed:
    """Nothing can be told about that number."""

    asked: LookUp
    code: FaultCode
    tries_left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged:
    """The platform can be reached, or no longer."""

    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueArrived:
    """A newer, verified catalogue is in force."""

    catalogue: Catalogue


Event = (
    VisitBegan
    | VisitBroken
    | ChoicePressed
    | NumberPressed
    | CommandGiven
    | ControlReached
    | KeyReached
    | KeyTried
    | HeadphonesPlugged
    | HeadphonesUnplugged
    | TextEdited
    | DigitsEdited
    | ReceiptScanned
    | ForeignCodeScanned
    | BadgeScanned
    | CardRead
    | Signed
    | ScreenTouched
    | TimerElapsed
    | RecordingStarted
    | SpeechHeard
    | SilenceHeard
    | LevelHeard
    | RecordingEnded
    | MicrophoneLost
    | MicrophoneFound
    | PhraseHeard
    | DigitsHeard
    | PhraseMissed
    | WordsHeard
    | HearingLost
    | HearingFound
    | SpeechStarted
    | WordSpoken
    | SpeechEnded
    | SpeechLost
    | SpeechFound
    | PetitionFiled
    | FilingFailed
    | LaterKept
    | LaterFailed
    | CallChanged
    | PrinterChanged
    | ReceiptPrinted
    | CameraFound
    | CameraLost
    | PicturesFound
    | PictureTaken
    | PictureFailed
    | AgentSignedIn
    | SignInRefused
    | DeskTold
    | DraftResumed
    | DeskRefused
    | ProgressFound
    | LookUpFailed
    | LineChanged
    | CatalogueArrived
)

RESIDENT = (
    ChoicePressed,
    NumberPressed,
    CommandGiven,
    ControlReached,
    KeyReached,
    KeyTried,
    HeadphonesPlugged,
    TextEdited,
    DigitsEdited,
    ReceiptScanned,
    ForeignCodeScanned,
    BadgeScanned,
    CardRead,
    Signed,
    ScreenTouched,
    PhraseHeard,
    DigitsHeard,
)
"""Events that say somebody is there."""
