"""What is to be done: frozen, in the imperative, carried out by the session in the order given."""

from dataclasses import dataclass

from petition.model import Danger, Draft, Later
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDesk:
    """Look whether this is a staff PIN; DeskTold or DeskRefused follows."""

    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDesk:
    """Nobody is at the desk any more: the next one needs a PIN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDesk:
    """Find out anew what the desk shows; DeskTold follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAgain:
    """Try everything that waits once more, what was put aside as well; DeskTold follows."""


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
    | SendAgain
    | LookUp
    | SetTimer
    | CancelTimer
    | Wipe
)
