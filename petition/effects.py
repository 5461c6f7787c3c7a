"""What is to be done: frozen, in the imperative, carried out by the session in the order given."""

from dataclasses import dataclass, field

from petition.model import Agent, AttachmentKind, Danger, Draft, Later
from petition.receipt import Role
from petition.saying import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say this, instead of whatever is being said; `petition.derive.utterance` puts it into words."""

    saying: Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSpeech:
    """Be silent at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneSpeech:
    """Speak at this rate (0.5 … 2.0) and volume (0 … 1) from now on."""

    rate: float
    volume: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewSpeech:
    """A visit is over: have a new voice, so that what the old one remembers of the last words is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayEarcon:
    """Play one of the short sounds."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareMicrophone:
    """Open the microphone so that recording can begin without losing a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecording:
    """Record under this id until told to stop."""

    petition_id: str
    recording_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRecording:
    """End the recording; RecordingEnded follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMicrophone:
    """Let go of the microphone: nobody listens any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayRecordings:
    """Play these recordings of the draft one after the other."""

    recording_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDraft:
    """Replace the encrypted copy of the draft."""

    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePetition:
    """Seal and store the petition; PetitionFiled or FilingFailed follows."""

    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepLater:
    """Seal and store what is said later; LaterKept or LaterFailed follows."""

    later: Later
    petition_id: str = ""
    """Of the draft that it was made of, which is gone as soon as it is stored; "" where there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStaff:
    """Have somebody come: CallChanged follows, as often as there is news, until the call is ended."""

    call: int
    reason: Danger | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall:
    """Nobody need come any more."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundBell:
    """Switch on or off whatever else rings here besides the loudspeaker: a lamp, a bell on a relay."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReceipts:
    """Print the slips of these receipts, one after the other; ReceiptPrinted follows for each."""

    numbers: tuple[str, ...]
    role: Role | None = None
    """Whose slip alone, where somebody filed for another; None for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDesk:
    """Look whether this is a staff PIN, or a staff member's badge; one is given. DeskTold or DeskRefused follows."""

    pin: str = field(default="", repr=False)
    badge: str = field(default="", repr=False)
    """What its QR code says: a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDesk:
    """Nobody is at the desk any more: the next one needs a PIN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDesk:
    """Find out anew what the desk shows; DeskTold follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeDraft:
    """Read what a power cut or a crash broke off; DraftResumed follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardDraft:
    """Wipe what a power cut or a crash broke off; DeskTold follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAgain:
    """Try everything that waits once more, what was put aside as well; DeskTold follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCamera:
    """Show through the viewfinder what the camera sees; CameraLost follows where there is none, or it goes away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCamera:
    """See nothing any more, and let go of the camera and of everything that was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePicture:
    """Keep what the camera sees, sealed, under this id; PictureTaken or PictureFailed follows."""

    petition_id: str
    picture_id: str
    kind: AttachmentKind = AttachmentKind.PICTURE


@dataclass(frozen=True, slots=True, kw_only=True)
class LookForPictures:
    """Look on a stick for pictures, until StopLooking; PicturesFound follows, again whenever it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLooking:
    """Look on no stick any more, and forget what was on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFile:
    """Keep a picture of the stick, sealed, under this id; PictureTaken or PictureFailed follows."""

    petition_id: str
    picture_id: str
    file_id: str
    kind: AttachmentKind = AttachmentKind.PICTURE


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSignature:
    """Keep what was drawn with a finger, sealed, as a picture under this id; PictureTaken or PictureFailed follows."""

    petition_id: str
    picture_id: str
    strokes: tuple[tuple[tuple[int, int], ...], ...]
    """Points from 0 to 1000 in width and 0 to 400 in height, as `events.Signed` brings them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropAttachments:
    """These are not wanted any more: what was sealed of them is deleted."""

    petition_id: str
    attachment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Look whose badge or code this is, exactly one of which is given; AgentSignedIn or SignInRefused follows."""

    badge: str = field(default="", repr=False)
    """What its QR code says: a secret."""
    code: str = field(default="", repr=False)
    """Number and PIN in one row of digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut:
    """They file for nobody any more; it is written down with how many they filed for."""

    agent: Agent
    filed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForCard:
    """Look for an identity card at a reader until told to stop; CardRead follows when one is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAskingForCard:
    """No card is wanted any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Ask how far a petition is; exactly one of tag and code is given. ProgressFound or LookUpFailed follows."""

    number: str
    tag: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """Post TimerElapsed(name) after so many seconds; setting it again starts it over."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimer:
    """Forget a timer."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wipe:
    """Forget the visit: draft, recordings not filed, widgets, clipboard, typing engine; VisitBegan follows."""


Effect = (
    Say
    | StopSpeech
    | TuneSpeech
    | RenewSpeech
    | PlayEarcon
    | PrepareMicrophone
    | StartRecording
    | StopRecording
    | CloseMicrophone
    | PlayRecordings
    | KeepDraft
    | FilePetition
    | KeepLater
    | CallStaff
    | EndCall
    | SoundBell
    | PrintReceipts
    | OpenDesk
    | CloseDesk
    | AskDesk
    | ResumeDraft
    | DiscardDraft
    | SendAgain
    | OpenCamera
    | CloseCamera
    | TakePicture
    | LookForPictures
    | StopLooking
    | TakeFile
    | KeepSignature
    | DropAttachments
    | SignIn
    | SignOut
    | AskForCard
    | StopAskingForCard
    | LookUp
    | SetTimer
    | CancelTimer
    | Wipe
)
